//! The people and organisations named, and the technical details: both closed until they are asked for.

use super::model::{Area, AreaGroup, Entry};
use super::row::Cell;
use super::{Maker, lines};
use crate::render::build;
use crate::render::model::{Piece, Row};
use crate::render::words;
use crate::tree::NodeId;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The most values of one kind in one row of the technical details.
const VALUES: usize = 5000;

impl Maker<'_, '_> {
    pub(super) fn people(&mut self) -> Option<Area> {
        let nodes = self.all.of("people");
        if nodes.is_empty() {
            return None;
        }
        let mut area = self.area("people", "People and organisations");
        area.folded = true;
        area.headline = nodes.len().to_string();
        let mut named: FxHashMap<NodeId, usize> = FxHashMap::default();
        let tree = self.context.tree;
        for node in tree.all().filter(|node| tree.name(*node) == "reference") {
            if let Some(target) = tree.text(node).and_then(|text| self.context.resolve(node, text)) {
                *named.entry(target).or_default() += 1;
            }
        }
        let mut rows = Vec::new();
        for node in nodes {
            let name = self.context.unmarked(|context| lines::short(context, node));
            let kind = crate::render::views::title(self.context, node);
            let count = named.get(&node).copied().unwrap_or(0);
            let times = self.fill("named {} times", &[&count.to_string()]);
            let words = self.words(node);
            rows.push(self.entry(
                &[node],
                vec![vec![Piece::plain(name)], vec![Piece::plain(kind)], vec![Piece::plain(times)]],
                words,
            ));
        }
        let columns = [("Name", ""), ("What", ""), ("Named", "")];
        area.groups.push(self.group("all", self.say("People and organisations"), &columns, rows));
        Some(area)
    }

    /// Lists, messages, whatever the bundle says itself; then every id, address and code system once, with how often.
    pub(super) fn technical(&mut self) {
        let mut area = Area { key: "technical", title: self.say("Technical details"), folded: true, ..Area::default() };
        area.groups = self.technical_groups();
        area.headline = self.say("lists, ids, addresses and code systems");
        if !area.groups.is_empty() {
            self.record.areas.push(area);
        }
    }

    /// The groups of technical details.
    pub(super) fn technical_groups(&mut self) -> Vec<AreaGroup> {
        let mut groups = Vec::new();
        let mut rows = Vec::new();
        let done = self.record.view == "letter";
        let counted = self.all.lists.iter().map(|list| (list.node, list.items.len() + list.lost.len()));
        let counts: FxHashMap<NodeId, usize> = counted.collect();
        for node in self.all.of("technical").into_iter().filter(|_| !done) {
            if self.context.for_patient() {
                build::withhold(self.context, node, "codes, ids and details are not in the form for patients");
                continue;
            }
            let name = self.context.unmarked(|context| lines::short(context, node));
            let kind = crate::render::views::title(self.context, node);
            let count: Cell = counts
                .get(&node)
                .map(|count| Piece::plain(self.fill("{} entries", &[&count.to_string()])))
                .into_iter()
                .collect();
            let row = self.entry(&[node], vec![vec![Piece::plain(name)], vec![Piece::plain(kind)], count], Vec::new());
            rows.push(row);
        }
        // Every resource has its place by now: the bundle names them no more.
        let bundles = self.all.bundles.clone();
        for node in bundles.iter().chain(&self.all.resources.clone()) {
            self.context.claim(*node);
        }
        for bundle in bundles {
            if self.context.for_patient() {
                build::withhold(self.context, bundle, "codes, ids and details are not in the form for patients");
                continue;
            }
            let details = build::details(self.context, bundle);
            if !details.is_empty() {
                let title = self.say("Bundle");
                let pointer = self.context.pointer(bundle);
                let detail = super::model::Detail { title: title.clone(), pointer: pointer.clone(), rows: details };
                rows.push(Entry {
                    id: format!("r{}", bundle.0),
                    cells: vec![vec![Piece::plain(title.clone())], vec![Piece::plain(title)]],
                    details: vec![detail],
                    sources: vec![pointer],
                    ..Entry::default()
                });
            }
        }
        if !rows.is_empty() {
            let columns = [("Name", ""), ("What", ""), ("Entries", "")];
            groups.push(self.group("lists", self.say("Lists and messages"), &columns, rows));
        }
        let technical = std::mem::take(&mut self.context.technical);
        if self.context.for_patient() {
            return groups;
        }
        let rows = self.technical_rows(technical);
        if !rows.is_empty() {
            let columns = [("Kind", ""), ("Values", "")];
            groups.push(self.group("values", self.say("Ids, addresses and code systems"), &columns, rows));
        }
        groups
    }

    /// Each kind of value in a row, each value once, with how often it stands.
    fn technical_rows(&self, technical: Vec<Row>) -> Vec<Entry> {
        let mut kinds: Vec<(String, Vec<(String, usize)>)> = Vec::new();
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        let mut values: BTreeMap<(usize, String), usize> = BTreeMap::new();
        for row in technical {
            // What the value is goes before where it stands: the last step of its path.
            let label = row.label.rsplit(", ").next().unwrap_or(&row.label).to_owned();
            let label = words::capitalise(&label);
            let text = crate::render::format::plain(&row.value);
            let mut kind = *at.entry(label.clone()).or_insert_with(|| {
                kinds.push((label.clone(), Vec::new()));
                kinds.len() - 1
            });
            if kinds.get(kind).is_some_and(|(_, values)| values.len() >= VALUES) {
                kinds.push((label.clone(), Vec::new()));
                kind = kinds.len() - 1;
                at.insert(label, kind);
            }
            let Some((_, list)) = kinds.get_mut(kind) else { continue };
            match values.get(&(kind, text.clone())).and_then(|place| list.get_mut(*place)) {
                Some((_, count)) => *count += 1,
                None => {
                    values.insert((kind, text.clone()), list.len());
                    list.push((text, 1));
                }
            }
        }
        let mut rows = Vec::new();
        for (label, list) in kinds {
            let texts: Vec<String> = list
                .into_iter()
                .map(|(text, count)| if count > 1 { format!("{text} \u{d7} {count}") } else { text })
                .collect();
            rows.push(Entry {
                cells: vec![vec![Piece::plain(label)], vec![Piece::plain(texts.join("; "))]],
                ..Entry::default()
            });
        }
        rows
    }
}
