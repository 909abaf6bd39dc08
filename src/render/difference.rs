//! Two versions of a resource as one display: what was added, removed and changed, in words.

use super::format::plain;
use super::language::Language;
use super::model::{Display, Group, Importance, Piece, Row, Style, Warning};
use super::sanitise;
use crate::limits;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The lists of a difference. Each row has the rank of what it is about: what is clinical is read first.
#[derive(Default)]
struct Lists {
    changed: Vec<(usize, Row)>,
    added: Vec<(usize, Row)>,
    removed: Vec<(usize, Row)>,
    /// What differs between any two extracts of one record: ids and times of the extract.
    technical: Vec<Row>,
    same: usize,
}

/// Where the rows at hand stand.
#[derive(Clone, Copy)]
struct At<'p> {
    /// The resource inside of the whole; empty for the whole.
    place: &'p str,
    /// Its type.
    kind: &'p str,
    language: Language,
}

impl At<'_> {
    fn rank(self) -> usize {
        CLINICAL.iter().position(|kind| *kind == self.kind).unwrap_or(CLINICAL.len())
    }
}

/// Types in the order in which what changed of them is read; all others come after these.
const CLINICAL: &[&str] = &[
    "AllergyIntolerance",
    "MedicationStatement",
    "MedicationRequest",
    "Medication",
    "Condition",
    "Flag",
    "Composition",
    "Observation",
    "DiagnosticReport",
    "Procedure",
    "Immunization",
    "Patient",
    "Encounter",
];

/// Elements that say when or under which number something was sent, by type; none of a patient's identifiers.
const OF_EXTRACT: &[(&str, &[&str])] = &[
    ("List", &["date", "identifier"]),
    ("Bundle", &["identifier", "timestamp", "signature"]),
    ("MessageHeader", &["timestamp"]),
    ("Patient", &[]),
    ("", &["identifier", "lastUpdated", "versionId"]),
];

/// Whether a row says when or under which number the extract was made.
fn is_of_extract(kind: &str, row: &Row) -> bool {
    let named = OF_EXTRACT.iter().find(|(of, _)| *of == kind).or_else(|| OF_EXTRACT.last());
    let mut steps = row.pointer.rsplit('/').filter(|step| step.parse::<usize>().is_err());
    named.is_some_and(|(_, names)| steps.next().is_some_and(|step| names.contains(&step)))
}

/// The display of what became of `old` in `new`; both are whole displays of full models. Pointers of what was removed
/// are those of the older version.
pub fn difference(old: &Display, new: &Display, language: Language) -> Display {
    let mut lists = Lists::default();
    displays(old, new, "", language, &mut lists);
    let Lists { changed, added, removed, technical, same } = lists;
    let [changed, added, removed] = [changed, added, removed].map(|mut rows| {
        crate::order::sort_by_key(&mut rows, |(rank, _)| *rank);
        rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>()
    });
    let nothing = changed.is_empty() && added.is_empty() && removed.is_empty();
    let counts = [(changed.len(), "{} changed"), (added.len(), "{} added"), (removed.len(), "{} removed")];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, phrase)| language.fill(phrase, &[&count.to_string()]))
        .collect();
    let headline = match nothing {
        true if !technical.is_empty() => {
            language.fill("No difference but in ids and times of the extract: {}", &[&new.headline])
        }
        true => language.fill("No difference: {}", &[&new.headline]),
        false => format!("{}: {}", language.fill("Differences ({})", &[&counts.join(", ")]), new.headline),
    };
    let mut warnings = new.warnings.clone();
    if (&old.resource_type, &old.id) != (&new.resource_type, &new.id) {
        let name = |display: &Display| format!("{} {}", display.resource_type, display.id.as_deref().unwrap_or("?"));
        let text = language.fill("These are not two versions of one resource: {} and {}", &[&name(old), &name(new)]);
        warnings.insert(0, Warning { text, pointer: new.pointer.clone() });
    }
    let still: BTreeSet<&str> = new.warnings.iter().map(|warning| &*warning.text).collect();
    for gone in old.warnings.iter().filter(|warning| !still.contains(&*warning.text)) {
        let text = language.fill("No longer so: {}", &[&gone.text]);
        warnings.push(Warning { text, pointer: gone.pointer.clone() });
    }
    let mut groups = Vec::new();
    for (title, rows) in [("Changed", changed), ("Added", added), ("Removed", removed)] {
        if !rows.is_empty() {
            groups.push(Group { title: language.say(title), rows, ..Group::default() });
        }
    }
    let value = vec![Piece::plain(language.fill("{} values are the same in both", &[&same.to_string()]))];
    let rows = vec![Row { label: language.say("Unchanged"), value, pointer: new.pointer.clone(), ..Row::default() }];
    groups.push(Group { title: language.say("Unchanged"), rows, ..Group::default() });
    Display {
        incomplete: None,
        summary: format!("{}: {headline}", new.title),
        headline,
        warnings,
        groups,
        pointer: new.pointer.clone(),
        resource_type: new.resource_type.clone(),
        id: new.id.clone(),
        title: new.title.clone(),
        entered_in_error: new.entered_in_error,
        notice: None,
        technical,
        keys: Vec::new(),
        nested: Vec::new(),
        appendix: Vec::new(),
    }
}

/// Compares two displays; `place` names the resource inside the whole, and is empty for the whole.
fn displays(old: &Display, new: &Display, place: &str, language: Language, lists: &mut Lists) {
    let at = At { place, kind: &new.resource_type, language };
    if old.headline != new.headline && new.resource_type != "Bundle" {
        let label = placed(place, &language.say("Headline"));
        let pointer = new.pointer.clone();
        let row = Row {
            label,
            value: was_now(language, Piece::plain(&old.headline), Piece::plain(&new.headline)),
            pointer,
            importance: Importance::Critical,
            ..Row::default()
        };
        lists.changed.push((at.rank(), row));
    }
    let of = |display: &Display| -> Vec<Row> {
        let groups = display.groups.iter().chain(&display.appendix).flat_map(|group| group.rows.iter());
        groups.cloned().collect()
    };
    let sort_out = |rows: Vec<Row>| -> (Vec<Row>, Vec<Row>) {
        rows.into_iter().partition(|row| !is_of_extract(&new.resource_type, row))
    };
    let ((old_rows, old_times), (new_rows, new_times)) = (sort_out(of(old)), sort_out(of(new)));
    rows(&old_rows, &new_rows, at, lists);
    let mut technical = Lists::default();
    let whole = |times: Vec<Row>, display: &Display| [times, display.technical.clone()].concat();
    rows(&whole(old_times, old), &whole(new_times, new), at, &mut technical);
    lists.same += technical.same;
    for (word, rows) in [("was", technical.removed), ("now", technical.added)] {
        for (_, mut row) in rows {
            row.value.insert(0, Piece::secondary(format!("{} ", language.say(word))));
            lists.technical.push(row);
        }
    }
    lists.technical.extend(technical.changed.into_iter().map(|(_, row)| row));
    nested(old, new, place, language, lists);
}

/// The resources inside, each matched with what it was: by the address of its entry, by type and id, by an identifier, and
/// last by what it says, since extracts name the same record anew.
fn nested(old: &Display, new: &Display, place: &str, language: Language, lists: &mut Lists) {
    let name = |display: &Display| format!("{}: {}", display.title, display.headline);
    let mut left: Vec<Option<&Display>> = old.nested.iter().map(Some).collect();
    let mut found: Vec<Option<&Display>> = vec![None; new.nested.len()];
    for step in 0..KEYS {
        let mut by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, before) in left.iter().enumerate().rev() {
            for key in before.iter().flat_map(|before| keys(before, step)) {
                by_key.entry(key).or_default().push(at);
            }
        }
        for (slot, inner) in found.iter_mut().zip(&new.nested).filter(|(slot, _)| slot.is_none()) {
            for key in keys(inner, step) {
                let Some(candidates) = by_key.get_mut(key) else { continue };
                while let Some(at) = candidates.pop() {
                    let same = |before: &Display| before.resource_type == inner.resource_type;
                    if let Some(before) = left.get_mut(at).and_then(|one| one.take_if(|one| same(one))) {
                        *slot = Some(before);
                        break;
                    }
                }
                if slot.is_some() {
                    break;
                }
            }
        }
    }
    for (before, inner) in found.into_iter().zip(&new.nested) {
        let rank = At { place, kind: &inner.resource_type, language }.rank();
        match before {
            Some(before) => displays(before, inner, &placed(place, &inner.headline), language, lists),
            None => lists.added.push((rank, whole(language, inner, &placed(place, &name(inner))))),
        }
    }
    for gone in left.into_iter().flatten() {
        let rank = At { place, kind: &gone.resource_type, language }.rank();
        lists.removed.push((rank, whole(language, gone, &placed(place, &name(gone)))));
    }
}

/// How many kinds of keys there are.
const KEYS: usize = 4;

/// What a resource is known by: the kinds of its keys in the order in which they are tried.
fn keys(display: &Display, step: usize) -> Vec<&str> {
    let starts = ["url:", "id:", "identifier:", "says:"];
    let wanted = starts.get(step).copied().unwrap_or("?");
    display.keys.iter().filter(|key| key.starts_with(wanted)).map(String::as_str).collect()
}

/// A whole resource that came or went, with everything in it.
fn whole(language: Language, display: &Display, label: &str) -> Row {
    let mut rows: Vec<Row> =
        display.groups.iter().chain(&display.appendix).flat_map(|group| group.rows.iter()).cloned().collect();
    rows.extend(display.technical.iter().cloned());
    rows.extend(display.nested.iter().map(|inner| whole(language, inner, &inner.headline)));
    let value = vec![Piece::plain(language.say("the whole resource"))];
    Row { label: label.to_owned(), value, pointer: display.pointer.clone(), rows, ..Row::default() }
}

/// Places of what is called alike, in their order.
struct Queues<K>(BTreeMap<K, VecDeque<usize>>);

impl<K> Default for Queues<K> {
    fn default() -> Self {
        Queues(BTreeMap::new())
    }
}

impl<K: Ord> Queues<K> {
    fn add(&mut self, key: K, at: usize) {
        self.0.entry(key).or_default().push_back(at);
    }

    fn next(&mut self, key: &K) -> Option<usize> {
        self.0.get_mut(key)?.pop_front()
    }
}

/// A label with the place before it, which is said at each row and so must not be long.
fn placed(place: &str, label: &str) -> String {
    const MOST: usize = 300;
    let mut place = place.to_owned();
    limits::shorten_middle(&mut place, MOST);
    if place.is_empty() { label.to_owned() } else { format!("{place} \u{203a} {label}") }
}

/// `Was 5 mg. Now 10 mg.`, each with its own words before it.
fn was_now(language: Language, old: Piece, new: Piece) -> Vec<Piece> {
    vec![
        Piece::secondary(format!("{} ", language.say("was"))),
        old,
        Piece::secondary(format!("\n{} ", language.say("now"))),
        Piece { style: Style::Strong, ..new },
    ]
}

/// A text longer than this is shown by the words that changed, with those around them.
const LONG: usize = 100;
/// How many words are shown before and after those that changed.
const AROUND: usize = 4;

/// What changed of a text: all of a short one, of a long one the lines or words that are not the same.
fn changes(language: Language, was: &str, now: &str) -> Vec<Piece> {
    if was.len().max(now.len()) <= LONG {
        return was_now(language, Piece::plain(was), Piece::plain(now));
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (was.lines().collect(), now.lines().collect());
    let (old, new) = differing(&old, &new, 0);
    let mut pieces = Vec::new();
    let mut push = |word: &str, pieces_of: Vec<Piece>| {
        let line = if pieces.is_empty() { "" } else { "\n" };
        pieces.push(Piece::secondary(format!("{line}{} ", language.say(word))));
        pieces.extend(pieces_of);
    };
    if old.len() == new.len() {
        for (old, new) in old.iter().zip(new).filter(|(old, new)| old != new) {
            let (old, new) = words_of(old, new);
            push("was", old);
            push("now", new);
        }
        return pieces;
    }
    let joined = |lines: &[&str]| match lines {
        [] => vec![Piece::secondary(language.say("nothing"))],
        lines => vec![Piece::new(Style::Strong, lines.join("\n"))],
    };
    push("was", joined(old));
    push("now", joined(new));
    pieces
}

/// What stands between the parts at the start and the end that are the same, with some of those around.
fn differing<'t, T: PartialEq>(old: &'t [T], new: &'t [T], around: usize) -> (&'t [T], &'t [T]) {
    let start = old.iter().zip(new).take_while(|(one, two)| one == two).count();
    let end =
        old.iter().skip(start).rev().zip(new.iter().skip(start).rev()).take_while(|(one, two)| one == two).count();
    let cut = |all: &'t [T]| {
        let from = start.saturating_sub(around);
        let to = (all.len() - end + around).min(all.len());
        all.get(from..to).unwrap_or_default()
    };
    (cut(old), cut(new))
}

/// Two versions of a line, the words that changed set off from those around them.
fn words_of(was: &str, now: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (was.split(' ').collect(), now.split(' ').collect());
    let start = old.iter().zip(&new).take_while(|(one, two)| one == two).count();
    let end =
        old.iter().skip(start).rev().zip(new.iter().skip(start).rev()).take_while(|(one, two)| one == two).count();
    let of = |all: &[&str]| {
        let from = start.saturating_sub(AROUND);
        let middle = all.len() - end;
        let to = (middle + AROUND).min(all.len());
        let words = |from: usize, to: usize| all.get(from..to).unwrap_or_default().join(" ");
        let before = format!("{}{}", if from > 0 { "\u{2026} " } else { "" }, words(from, start));
        let after = format!("{}{}", words(middle, to), if to < all.len() { " \u{2026}" } else { "" });
        let mut pieces = vec![Piece::plain(before)];
        if middle > start {
            pieces.push(Piece::plain(" "));
            pieces.push(Piece::new(Style::Strong, words(start, middle)));
        }
        pieces.push(Piece::plain(format!(" {after}").trim_end().to_owned()));
        pieces.retain(|piece| !piece.text.is_empty());
        pieces
    };
    (of(&old), of(&new))
}

/// What a row says by itself.
fn text(row: &Row, language: Language) -> String {
    let mut text = plain(&row.value);
    if !row.markup.is_empty() {
        text.push_str(&sanitise::to_text(&row.markup, language));
    }
    text
}

/// What a row says with everything below it.
fn deep(row: &Row, language: Language) -> String {
    let mut out = format!("{}\u{1}{}", row.label, text(row, language));
    for part in &row.rows {
        out.push('\u{2}');
        out.push_str(&deep(part, language));
        out.push('\u{3}');
    }
    out
}

/// How many values a row has.
fn count(row: &Row, language: Language) -> usize {
    usize::from(!text(row, language).is_empty()) + row.rows.iter().map(|part| count(part, language)).sum::<usize>()
}

/// Rows of one label belong together: those that say the same first, the others in order.
fn rows(old: &[Row], new: &[Row], at: At<'_>, lists: &mut Lists) {
    let At { place, language, .. } = at;
    let mut left: Vec<Option<&Row>> = old.iter().map(Some).collect();
    let mut open: Vec<&Row> = Vec::new();
    let mut by_content: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, row) in old.iter().enumerate().rev() {
        by_content.entry(deep(row, language)).or_default().push(at);
    }
    for row in new {
        match by_content.get_mut(&deep(row, language)).and_then(Vec::pop).and_then(|at| left.get_mut(at)) {
            Some(found) => {
                *found = None;
                lists.same += count(row, language);
            }
            None => open.push(row),
        }
    }
    let mut labelled = Queues::default();
    for (at, row) in left.iter().enumerate().filter_map(|(at, row)| Some((at, (*row)?))) {
        labelled.add(&*row.label, at);
    }
    for row in open {
        let before = labelled.next(&&*row.label).and_then(|at| left.get_mut(at)).and_then(Option::take);
        let label = placed(place, &row.label);
        let Some(before) = before else {
            lists.added.push((at.rank(), Row { label, ..row.clone() }));
            continue;
        };
        let (was, now) = (text(before, language), text(row, language));
        if was != now {
            let or_none = |text: String| if text.is_empty() { language.say("nothing") } else { text };
            let changed = Row {
                label: label.clone(),
                value: changes(language, &or_none(was), &or_none(now)),
                pointer: row.pointer.clone(),
                importance: row.importance,
                code: row.code.clone(),
                ..Row::default()
            };
            lists.changed.push((at.rank(), changed));
        } else {
            lists.same += usize::from(!was.is_empty());
        }
        rows(&before.rows, &row.rows, At { place: &label, ..at }, lists);
    }
    for gone in left.into_iter().flatten() {
        lists.removed.push((at.rank(), Row { label: placed(place, &gone.label), ..gone.clone() }));
    }
}
