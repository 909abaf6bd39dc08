//! The lines under an area in the index: what is in it, where that is little, so that nobody has to look for it.

use super::Maker;
use super::model::{Area, AreaGroup, IndexLine, Record};
use crate::render::model::Style;
use crate::tree::NodeId;
use std::collections::BTreeMap;

/// How many lines an area has at most; one with more has none, as half a list reads like the whole.
const FEW: usize = 4;
/// Allergies are what is looked for first.
const ALLERGIES: usize = 8;

/// For the id of a row, each resource that it shows, with its pointer and its line.
type Lines<'m> = BTreeMap<&'m str, BTreeMap<NodeId, (String, &'m str)>>;

/// Adds the lines of each area.
pub(super) fn add(maker: &Maker<'_, '_>, record: &mut Record) {
    if record.view != "record" {
        return;
    }
    // What is joined to a row has the row's id too, and a line of its own: the row's is that of its first source.
    let mut lines: Lines<'_> = BTreeMap::new();
    for (node, (id, line)) in &maker.context.places {
        lines.entry(id).or_default().insert(*node, (maker.context.pointer(*node), line));
    }
    for area in &mut record.areas {
        if matches!(area.key, "people" | "technical") {
            continue;
        }
        let most = if area.key == "allergies" { ALLERGIES } else { FEW };
        area.lines = of(area, &lines, |_| true, most);
        if area.lines.is_empty() && area.key == "results" {
            // The newest that need a look go before how many there are in all.
            area.lines = of(area, &lines, |group| group.key == "outside", most);
        }
    }
}

fn of(area: &Area, lines: &Lines<'_>, is_meant: impl Fn(&AreaGroup) -> bool, most: usize) -> Vec<IndexLine> {
    let mut out: Vec<IndexLine> = Vec::new();
    for row in area.groups.iter().filter(|group| is_meant(group)).flat_map(|group| &group.rows) {
        // A row that only points to another has that one's id in its link.
        let link = row.cells.first().and_then(|cell| cell.iter().find(|piece| piece.style == Style::Link));
        let link = link.and_then(|piece| piece.note.as_deref()?.strip_prefix('#'));
        let id = if row.id.is_empty() { link } else { Some(row.id.as_str()) };
        let Some((id, shown)) = id.and_then(|id| Some((id, lines.get(id)?))) else { continue };
        let own = shown.values().find(|(pointer, _)| row.sources.first() == Some(pointer));
        let Some((_, line)) = own.or_else(|| shown.values().next()) else { continue };
        if out.iter().any(|line| line.id == id) {
            continue;
        }
        if out.len() == most {
            return Vec::new();
        }
        out.push(IndexLine { id: id.to_owned(), text: (*line).to_owned() });
    }
    out
}
