//! Everything that no other area takes: measurements over time, then entries newest first; and vital signs.

use super::model::{Area, Entry, Word};
use super::results::{Names, Point};
use super::row::{Cell, newest_first};
use super::{Maker, flat, lines, values};
use crate::render::model::Piece;
use crate::render::news2;
use crate::tree::NodeId;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// How many entries are open; the rest is folded by year.
const OPEN: usize = 25;

/// How many kinds of measurement are open.
const MEASURED_OPEN: usize = 15;

const MEASURED: &[(&str, &str)] = &[
    ("Measurement", ""),
    ("Newest", ""),
    ("Range", "range"),
    ("Previous", "previous"),
    ("Recorded", ""),
    ("Text", ""),
];
const ENTRIES: &[(&str, &str)] = &[("Entry", ""), ("Date", ""), ("Value", ""), ("Text", "")];

impl Maker<'_, '_> {
    pub(super) fn other_entries(&mut self) -> Option<Area> {
        let nodes = self.all.of("other-entries");
        if nodes.is_empty() && !self.has_list("other-entries") {
            return None;
        }
        let mut area = self.area("other-entries", "Other entries");
        let tree = self.context.tree;
        let (observations, others): (Vec<NodeId>, Vec<NodeId>) =
            nodes.into_iter().partition(|node| tree.resource_type(*node) == Some("Observation"));
        let (mut measured, mut rest) = self.measurements(&observations);
        rest.extend(others);
        let mut dated: Vec<(Option<String>, NodeId)> =
            rest.into_iter().map(|node| (self.any_date(node), node)).collect();
        newest_first(&mut dated);
        let newest = dated.first().and_then(|(date, _)| date.clone());
        let count = (dated.len() + measured.len()).to_string();
        area.headline = match &newest {
            Some(date) => {
                let day = crate::render::format::date_text(self.context, date.get(..10).unwrap_or(date));
                self.fill("{} entries, newest {}", &[&dated.len().to_string(), &day])
            }
            None => self.fill("{} entries", &[&count]),
        };
        if !measured.is_empty() {
            area.headline += &format!("; {}", self.fill("{} kinds of measurement", &[&measured.len().to_string()]));
            // Those of long ago are folded, so that the newest are not buried among them.
            let older = measured.split_off(measured.len().min(MEASURED_OPEN));
            area.groups.push(self.group("measurements", self.say("Measurements, newest first"), MEASURED, measured));
            if !older.is_empty() {
                let group = self.group("measurements-older", self.say("Older measurements"), MEASURED, older);
                area.groups.push(self.fold(group, None));
            }
        }
        let merged = self.merged(dated);
        let mut open: Vec<Entry> = Vec::new();
        let mut years: Vec<(String, Vec<Entry>)> = Vec::new();
        for (date, nodes) in merged {
            let row = self.other_entry(&nodes);
            if open.len() < OPEN {
                open.push(row);
                continue;
            }
            let year = date.as_deref().and_then(|date| date.get(..4)).unwrap_or("").to_owned();
            match years.last_mut() {
                Some((last, rows)) if *last == year => rows.push(row),
                _ => years.push((year, vec![row])),
            }
        }
        if !open.is_empty() {
            area.groups.push(self.group("entries", self.say("Entries, newest first"), ENTRIES, open));
        }
        for (year, rows) in years {
            let (key, title) = match year.as_str() {
                "" => ("undated".to_owned(), self.say("Entries without a date")),
                _ => (year.clone(), self.fill("Entries of {}", &[&year])),
            };
            let group = self.group(&key, title, ENTRIES, rows);
            area.groups.push(self.fold(group, None));
        }
        Some(area)
    }

    fn any_date(&self, node: NodeId) -> Option<String> {
        let paths = [
            "effective[x]",
            "issued",
            "performed[x]",
            "period",
            "authored",
            "date",
            "recordedDate",
            "authoredOn",
            "created",
            "sent",
            "whenHandedOver",
            "started",
            "dateTime",
            "occurrence[x]",
        ];
        paths.iter().find_map(|path| self.peek(node, path))
    }

    /// The measurements as rows, one for each test and unit, and the observations that are none.
    fn measurements(&mut self, nodes: &[NodeId]) -> (Vec<Entry>, Vec<NodeId>) {
        let series = self.series(nodes);
        let mut taken: FxHashSet<NodeId> = FxHashSet::default();
        let mut rows = Vec::new();
        for ((_, unit), points) in &series {
            if unit == "none" {
                continue;
            }
            taken.extend(points.iter().map(|point| point.node));
            let name = self.context.unmarked(|context| match points.first() {
                Some(point) => lines::first(context, point.node, &["code"]).unwrap_or_default(),
                None => String::new(),
            });
            let newest = points.first().and_then(|point| point.date.clone());
            let day = newest.map(|date| date.get(..10).unwrap_or(&date).to_owned());
            rows.push(((std::cmp::Reverse(day), name.to_lowercase()), self.measurement(points)));
        }
        crate::order::sort_by_key(&mut rows, |(key, _)| key.clone());
        let rest = nodes.iter().copied().filter(|node| !taken.contains(node)).collect();
        (rows.into_iter().map(|(_, row)| row).collect(), rest)
    }

    fn measurement(&mut self, points: &[Point]) -> Entry {
        let Some(newest) = points.first() else { return Entry::default() };
        let node = newest.node;
        let name = self.cell(node, "code");
        let name = self.or(name, "not named");
        let mut value = values::value(self.context, node);
        let date = self.first_day(node, &["effective[x]", "issued"]);
        value.push(Piece::plain(" "));
        value.extend(self.or(date, "date not recorded"));
        let range = values::range(self.context, node);
        let previous = match points.get(1) {
            Some(before) => {
                let map = std::iter::once((node, before.node)).collect();
                self.previous_cell(node, &map)
            }
            None => Cell::new(),
        };
        let count = self.earlier(points);
        let text = self.cell(node, "comment");
        let words = self.result_words(node);
        let nodes: Vec<NodeId> = points.iter().map(|point| point.node).collect();
        let refs: Vec<&Point> = points.iter().collect();
        let mut row = self.entry(&nodes, vec![name.clone(), value, range, previous, count, text], words);
        row.trend = self.trend(&flat(&name), &refs);
        row
    }

    /// How often it was measured, and what came before the previous one.
    fn earlier(&mut self, points: &[Point]) -> Cell {
        const SHOWN: usize = 2;
        if points.len() < 2 {
            return Cell::new();
        }
        let mut cell = vec![Piece::plain(self.fill("{} times", &[&points.len().to_string()]))];
        for (at, point) in points.iter().skip(2).take(SHOWN).enumerate() {
            let value = self.context.unmarked(|context| values::value(context, point.node));
            let day = lines::day(self.context, point.node, "effective[x]")
                .or_else(|| lines::day(self.context, point.node, "issued"))
                .unwrap_or_else(|| self.say("date not recorded"));
            cell.push(Piece::plain(if at == 0 { format!("; {} ", self.say("earlier")) } else { "; ".to_owned() }));
            cell.extend(value);
            cell.push(Piece::secondary(format!(" {day}")));
        }
        let more = points.len().saturating_sub(2 + SHOWN);
        if more > 0 {
            cell.push(Piece::secondary(format!("; {}", self.fill("and {} more", &[&more.to_string()]))));
        }
        cell
    }

    /// Entries of the same code in one row with the newest, where the earlier ones say nothing further.
    fn merged(&mut self, dated: Vec<(Option<String>, NodeId)>) -> Vec<(Option<String>, Vec<NodeId>)> {
        let mut rows: Vec<(Option<String>, Vec<NodeId>)> = Vec::new();
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        let mut names = Names::default();
        for (date, node) in dated {
            let is_plain = self.context.tree.resource_type(node) == Some("Observation")
                && ["comment", "component", "related", "interpretation", "dataAbsentReason"]
                    .iter()
                    .all(|name| self.context.child(node, name).is_none())
                && self.context.choice(node, "value").is_none()
                && self.words(node).is_empty();
            let key = self.test_key(node).filter(|_| is_plain).map(|key| names.apart(key, &self.test_name(node)).0);
            match key.as_ref().and_then(|key| at.get(key)).and_then(|place| rows.get_mut(*place)) {
                Some((_, nodes)) => nodes.push(node),
                None => {
                    if let Some(key) = key {
                        at.insert(key, rows.len());
                    }
                    rows.push((date, vec![node]));
                }
            }
        }
        rows
    }

    fn other_entry(&mut self, nodes: &[NodeId]) -> Entry {
        let Some(node) = nodes.first().copied() else { return Entry::default() };
        if self.context.tree.resource_type(node) != Some("Observation") {
            return self.any_entry(node);
        }
        let mut what = self.cell(node, "code");
        if what.is_empty() {
            what = self.or(what, "not named");
        }
        let date = self.first_day(node, &["effective[x]", "issued"]);
        let date = self.or(date, "date not recorded");
        let value = values::value(self.context, node);
        let mut text = self.cell(node, "comment");
        let members = self.members(node);
        if !members.is_empty() {
            self.claim_members(node);
            if !text.is_empty() {
                text.push(Piece::plain("; "));
            }
            text.push(Piece::secondary(format!("{} ", self.say("contains"))));
            for (at, member) in members.into_iter().enumerate() {
                if at > 0 {
                    text.push(Piece::plain("; "));
                }
                let name =
                    self.context.unmarked(|context| lines::first(context, member, &["code"])).unwrap_or_default();
                text.push(self.link_to(Some(member), name));
            }
        }
        if nodes.len() > 1 {
            let days: Vec<String> = nodes
                .iter()
                .skip(1)
                .map(|node| {
                    lines::day(self.context, *node, "effective[x]")
                        .or_else(|| lines::day(self.context, *node, "issued"))
                        .unwrap_or_else(|| self.say("date not recorded"))
                })
                .collect();
            let count = days.len().to_string();
            let earlier = self.fill("{} earlier: {}", &[&count, &days.join(", ")]);
            text.push(Piece::secondary(format!("{}(+ {earlier})", if text.is_empty() { "" } else { " " })));
        }
        let words = self.result_words(node);
        self.entry(nodes, vec![what, date, value, text], words)
    }

    /// A resource of any other type.
    fn any_entry(&mut self, node: NodeId) -> Entry {
        let kind = crate::render::views::title(self.context, node);
        let what = self.first(node, &["code", "description", "title", "type", "name", "identifier.value"]);
        let mut name = vec![Piece::plain(kind)];
        if !what.is_empty() {
            name.push(Piece::plain(": "));
            name.extend(what);
        }
        for path in ["bodySite", "extension:Laterality"] {
            let site = self.cell(node, path);
            if !site.is_empty() {
                name.push(Piece::plain(", "));
                name.extend(site);
            }
        }
        let date = self.first_day(
            node,
            &[
                "performed[x]",
                "period",
                "authored",
                "date",
                "recordedDate",
                "authoredOn",
                "created",
                "sent",
                "started",
                "occurrence[x]",
            ],
        );
        let value = self.first(node, &["status", "outcome"]);
        let text = self.first(node, &["note", "comment", "summary"]);
        let mut words = self.words(node);
        if self.context.tree.resource_type(node) == Some("Flag") {
            words.insert(0, Word { text: self.say("FLAG"), first: true, ..Word::default() });
        }
        self.entry(&[node], vec![name, date, value, text], words)
    }

    pub(super) fn vital_signs(&mut self) -> Option<Area> {
        let nodes = self.all.of("vital-signs");
        if nodes.is_empty() {
            return None;
        }
        let mut area = self.area("vital-signs", "Vital signs");
        let totals: Vec<NodeId> = nodes.iter().copied().filter(|node| news2::is_total(self.context, *node)).collect();
        let mut scores = Vec::new();
        let mut dated: Vec<(Option<String>, NodeId)> = totals.iter().map(|node| (self.date_of(*node), *node)).collect();
        newest_first(&mut dated);
        for (_, node) in dated {
            let what = self.cell(node, "code");
            let date = self.first_day(node, &["effective[x]", "issued"]);
            let mut value = values::value(self.context, node);
            for words in news2::headline(self.context, node).into_iter().chain(news2::notes(self.context, node)) {
                value.push(Piece::plain(format!("; {words}")));
            }
            let mut text = Vec::new();
            for part in news2::parts(self.context, node) {
                if !text.is_empty() {
                    text.push(Piece::plain("; "));
                }
                text.extend(self.line_of(part));
            }
            let words = self.result_words(node);
            scores.push(self.entry(&[node], vec![what, date, value, text], words));
        }
        let totals: FxHashSet<NodeId> = totals.into_iter().collect();
        let rest: Vec<NodeId> = nodes.into_iter().filter(|node| !totals.contains(node)).collect();
        let (rows, rest) = self.measurements(&rest);
        area.headline = (rows.len() + rest.len() + scores.len()).to_string();
        if !scores.is_empty() {
            area.groups.push(self.group("scores", self.say("Early warning scores"), ENTRIES, scores));
        }
        if !rows.is_empty() {
            area.groups.push(self.group("measurements", self.say("Measurements, newest first"), MEASURED, rows));
        }
        let rows: Vec<Entry> = rest.into_iter().map(|node| self.other_entry(&[node])).collect();
        if !rows.is_empty() {
            area.groups.push(self.group("entries", self.say("Entries, newest first"), ENTRIES, rows));
        }
        Some(area)
    }
}
