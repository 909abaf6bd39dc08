//! Results: what is outside of its range, each test over time, and the reports as they came.

use super::contradictions;
use super::gather::{is_comment, targets};
use super::model::{Area, AreaGroup, Block, Entry, Layout, Word};
use super::row::{Cell, newest_first};
use super::values::{self, Place};
use super::{Maker, flat, lines};
use crate::render::model::{Piece, Style};
use crate::render::views::select;
use crate::tree::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// How deep groups of results inside groups are followed.
const GROUPS: usize = 6;
/// How many values of a test stand beside each other.
const COLUMNS: usize = 6;

const RESULT: &[(&str, &str)] =
    &[("Test", ""), ("Result", ""), ("Range", "range"), ("Previous", "previous"), ("Comment", "comment")];

/// One numeric result, for the tables over time.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub node: NodeId,
    pub date: Option<String>,
    /// Whether its number can be compared with others.
    pub counts: bool,
}

impl Maker<'_, '_> {
    pub(super) fn results(&mut self) -> Option<Area> {
        let nodes = self.all.of("results");
        if nodes.is_empty() && !self.has_list("results") {
            return None;
        }
        let mut area = self.area("results", "Results");
        let tree = self.context.tree;
        let observations: Vec<NodeId> =
            nodes.iter().copied().filter(|node| tree.resource_type(*node) == Some("Observation")).collect();
        let series = self.series(&observations);
        let previous = previous(&series);
        let comments = self.comments(&observations);
        let (outside, cumulative) = self.over_time(&series, &previous);
        let mut reports: Vec<(Option<String>, NodeId)> = nodes
            .iter()
            .copied()
            .filter(|node| tree.resource_type(*node) == Some("DiagnosticReport"))
            .map(|node| (self.peek(node, "issued").or_else(|| self.peek(node, "effective[x]")), node))
            .collect();
        newest_first(&mut reports);
        let flagged = outside.len();
        area.headline = match reports.first() {
            Some((Some(_), node)) => {
                let day = lines::day(self.context, *node, "issued")
                    .or_else(|| lines::day(self.context, *node, "effective[x]"));
                let count = reports.len().to_string();
                self.fill("{} reports, newest {}", &[&count, &day.unwrap_or_default()])
            }
            _ => self.fill("{} results", &[&observations.len().to_string()]),
        };
        if flagged > 0 {
            area.headline +=
                &format!(", {}", self.fill("{} results flagged or outside the range", &[&flagged.to_string()]));
        }
        self.not_final(&reports, &mut area);
        let mut shown: FxHashSet<NodeId> = FxHashSet::default();
        let mut rows = Vec::new();
        for (_, report) in reports {
            rows.push(self.report(report, &previous, &comments, &mut shown));
        }
        if let Some(first) = rows.first_mut() {
            first.open = true;
        }
        let mut single = Vec::new();
        let mut alone: Vec<(Option<String>, NodeId)> = observations
            .iter()
            .copied()
            .filter(|node| !shown.contains(node) && !is_comment(self.context, *node))
            .map(|node| (self.date_of(node), node))
            .collect();
        newest_first(&mut alone);
        for (_, node) in alone {
            self.result(node, 0, &previous, &comments, &mut shown, &mut single);
        }
        for node in nodes {
            // A sample, a request or a comment that no report shows.
            if tree.resource_type(node) != Some("DiagnosticReport") && shown.insert(node) {
                let line = lines::short(self.context, node);
                let text = self.cell(node, "comment");
                let words = self.words(node);
                single.push(self.entry(
                    &[node],
                    vec![vec![Piece::plain(line)], Cell::new(), Cell::new(), Cell::new(), text],
                    words,
                ));
            }
        }
        if !outside.is_empty() {
            let columns = [("Test", ""), ("Result", ""), ("Range", "range"), ("Date", ""), ("Previous", "previous")];
            let title = self.say("Newest results flagged by the laboratory or outside the range");
            area.groups.push(self.group("outside", title, &columns, outside));
        }
        if !cumulative.is_empty() {
            let columns = [
                ("Test", ""),
                ("Newest", ""),
                ("Range", "range"),
                ("2nd", "before"),
                ("3rd", ""),
                ("4th", ""),
                ("5th", ""),
                ("6th", ""),
            ];
            let mut group = self.group("cumulative", self.say("Each test over time"), &columns, cumulative);
            group.notes.retain(|_| false);
            let many = group.rows.len() > 8;
            if many {
                group = self.fold(group, None);
                group.summary = self.fill("{} tests, newest value first", &[&group.rows.len().to_string()]);
            }
            area.groups.push(group);
        }
        if !rows.is_empty() {
            let columns = [
                ("Report", ""),
                ("Issued", "issued"),
                ("Sample", "sample"),
                ("Laboratory", "from"),
                ("Conclusion", "conclusion"),
            ];
            let older = rows.split_off(rows.len().min(10));
            for (key, title, rows) in [("reports", "Reports", rows), ("reports-older", "Older reports", older)] {
                if rows.is_empty() {
                    continue;
                }
                let mut group = self.group(key, self.say(title), &columns, rows);
                group.notes.clear();
                group.layout = Layout::Blocks;
                if key == "reports-older" {
                    group = self.fold(group, None);
                }
                area.groups.push(group);
            }
        }
        if !single.is_empty() {
            area.groups.push(self.group("single", self.say("Results without a report"), RESULT, single));
        }
        Some(area)
    }

    /// That reports are not final is said before any of them: by name where they are few.
    fn not_final(&mut self, reports: &[(Option<String>, NodeId)], area: &mut Area) {
        const NAMED: usize = 3;
        let is_open = |this: &Self, node: NodeId| {
            matches!(this.context.peek(node, "status"), Some("registered" | "partial" | "preliminary"))
        };
        let open: Vec<NodeId> = reports.iter().map(|(_, node)| *node).filter(|node| is_open(self, *node)).collect();
        if open.is_empty() {
            return;
        }
        let named = |node: &NodeId| {
            let name = self.context.unmarked(|context| lines::first(context, *node, &["code", "category"]));
            name.unwrap_or_else(|| self.context.say("not named"))
        };
        let names: Vec<String> = open.iter().take(NAMED).map(named).collect();
        let mut names = names.join(", ");
        if open.len() > NAMED {
            let more = (open.len() - NAMED).to_string();
            names = format!("{names}, {}", self.fill("and {} more", &[&more]));
        }
        area.warnings.push(self.fill("Preliminary or not complete, not final: {}", &[&names]));
        area.cautions.push(self.fill("{} reports are not final", &[&open.len().to_string()]));
    }

    /// The date of an observation, as recorded.
    pub(super) fn date_of(&self, node: NodeId) -> Option<String> {
        self.peek(node, "effective[x]").or_else(|| self.peek(node, "issued"))
    }

    /// What tells one test from another: its codes, else its words; and its unit.
    pub(super) fn test_key(&self, node: NodeId) -> Option<(String, String)> {
        let codes = select(self.context, node, "code.coding");
        let degraded = self
            .context
            .child(node, "code")
            .is_some_and(|code| crate::render::format::coded::is_degraded(self.context, code));
        let snomed =
            codes.iter().find(|coding| self.context.peek(**coding, "system") == Some("http://snomed.info/sct"));
        let code = snomed.or(codes.first()).filter(|_| !degraded).and_then(|coding| self.context.peek(*coding, "code"));
        let text = self.peek(node, "code.text").or_else(|| self.peek(node, "code.coding.display"));
        let key = code.map(str::to_owned).or(text)?;
        let unit = values::unit(self.context, node).unwrap_or_else(|| match self.context.child(node, "component") {
            Some(_) => "components".to_owned(),
            None => "none".to_owned(),
        });
        // In a file about several patients, a series is of one of them.
        let whose = if self.all.patients.len() > 1 { self.subject_of(node) } else { None };
        let key = whose.map_or_else(|| key.clone(), |whose| format!("{key} {}", whose.0));
        Some((key, unit))
    }

    /// What a test is called.
    pub(super) fn test_name(&self, node: NodeId) -> String {
        self.peek(node, "code.text").or_else(|| self.peek(node, "code.coding.display")).unwrap_or_default()
    }

    /// The results of each test, newest first. Only what has a value is of a series.
    pub(super) fn series(&mut self, nodes: &[NodeId]) -> Vec<((String, String), Vec<Point>)> {
        let mut at: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut series: Vec<((String, String), Vec<Point>)> = Vec::new();
        let mut names = Names::default();
        for node in nodes {
            let has = self.context.choice(*node, "value").is_some() || self.context.child(*node, "component").is_some();
            let status = self.context.peek(*node, "status").unwrap_or("");
            if !has || is_comment(self.context, *node) || matches!(status, "entered-in-error" | "cancelled") {
                continue;
            }
            let Some(key) = self.test_key(*node) else { continue };
            let key = names.apart(key, &self.test_name(*node));
            let counts = !contradictions::is_unsuitable(self.context, *node);
            let point = Point { node: *node, date: self.date_of(*node), counts };
            let place = *at.entry(key.clone()).or_insert_with(|| {
                series.push((key, Vec::new()));
                series.len() - 1
            });
            if let Some((_, points)) = series.get_mut(place) {
                points.push(point);
            }
        }
        for (_, points) in &mut series {
            crate::order::sort_by_key(points, |point| std::cmp::Reverse(point.date.clone()));
        }
        series
    }

    /// The comments with which the practice filed results, by what they are about.
    fn comments(&self, nodes: &[NodeId]) -> FxHashMap<NodeId, Vec<NodeId>> {
        let mut comments: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        for node in nodes.iter().filter(|node| is_comment(self.context, **node)) {
            for target in targets(self.context, *node, "related.target") {
                comments.entry(target).or_default().push(*node);
            }
        }
        comments
    }

    /// The newest of each test that is flagged or outside, and every test over time.
    fn over_time(
        &mut self,
        series: &[((String, String), Vec<Point>)],
        previous: &FxHashMap<NodeId, NodeId>,
    ) -> (Vec<Entry>, Vec<Entry>) {
        let (mut outside, mut cumulative) = (Vec::new(), Vec::new());
        for ((_, unit), points) in series {
            let points: Vec<&Point> = points.iter().filter(|point| point.counts).collect();
            let Some(newest) = points.first() else { continue };
            let is_out = values::is_flagged(self.context, newest.node)
                || matches!(values::place(self.context, newest.node), Some(Place::Above | Place::Below));
            let name = self
                .context
                .unmarked(|context| lines::first(context, newest.node, &["code"]))
                .unwrap_or_else(|| self.say("not named"));
            if is_out {
                let mut row = self.seen(newest.node, &name);
                let day = lines::day(self.context, newest.node, "effective[x]")
                    .or_else(|| lines::day(self.context, newest.node, "issued"));
                row.cells.push(day.map(Piece::plain).into_iter().collect());
                row.cells.push(self.previous_cell(newest.node, previous));
                outside.push((newest.date.clone(), row));
            }
            if unit == "none" && points.len() < 2 {
                continue;
            }
            let range = self.context.unmarked(|context| flat(&values::range(context, newest.node)));
            let changed = points.iter().skip(1).take(COLUMNS - 1).any(|point| {
                let other = self.context.unmarked(|context| flat(&values::range(context, point.node)));
                !other.is_empty() && other != range
            });
            let mut cells = vec![vec![self.link_to(Some(newest.node), name.clone())]];
            for (at, point) in points.iter().take(COLUMNS).enumerate() {
                let mut cell = self.context.unmarked(|context| values::value(context, point.node));
                if let Some(day) = lines::day(self.context, point.node, "effective[x]")
                    .or_else(|| lines::day(self.context, point.node, "issued"))
                {
                    cell.push(Piece::secondary(format!(" {day}")));
                }
                cells.push(cell);
                if at == 0 {
                    let mut cell: Cell = if range.is_empty() { Cell::new() } else { vec![Piece::plain(range.clone())] };
                    if changed {
                        cell.push(Piece::new(Style::Warning, format!(" ({})", self.say("range changed"))));
                    }
                    cells.push(cell);
                }
            }
            cells.resize(COLUMNS + 2, Cell::new());
            if points.len() > COLUMNS {
                let more = self.fill("and {} more", &[&(points.len() - COLUMNS).to_string()]);
                if let Some(last) = cells.last_mut() {
                    last.push(Piece::secondary(format!(" ({more})")));
                }
            }
            let sources = points.iter().map(|point| self.context.pointer(point.node)).collect();
            let trend = self.trend(&name, &points);
            cumulative.push((name.to_lowercase(), Entry { cells, sources, trend, ..Entry::default() }));
        }
        newest_first(&mut outside);
        crate::order::sort_by_key(&mut cumulative, |(name, _)| name.clone());
        (outside.into_iter().map(|(_, row)| row).collect(), cumulative.into_iter().map(|(_, row)| row).collect())
    }

    /// The first cells of a result that has its own row elsewhere: name with a link there, value, range.
    fn seen(&mut self, node: NodeId, name: &str) -> Entry {
        let (value, range) =
            self.context.unmarked(|context| (values::value(context, node), values::range(context, node)));
        let cells = vec![vec![self.link_to(Some(node), name.to_owned())], value, range];
        Entry { cells, sources: vec![self.context.pointer(node)], ..Entry::default() }
    }

    pub(super) fn previous_cell(&mut self, node: NodeId, previous: &FxHashMap<NodeId, NodeId>) -> Cell {
        let Some(before) = previous.get(&node).copied() else { return Cell::new() };
        let mut cell = self.context.unmarked(|context| values::bare(context, before));
        cell.iter_mut().for_each(|piece| piece.style = Style::Plain);
        if let Some(flag) = self.context.unmarked(|context| values::flag(context, before)) {
            cell.push(Piece::plain(format!(" {flag}")));
        }
        if let Some(day) =
            lines::day(self.context, before, "effective[x]").or_else(|| lines::day(self.context, before, "issued"))
        {
            cell.push(Piece::secondary(format!(" {day}")));
        }
        cell
    }

    /// A report: its head as a row, its results inside.
    fn report(
        &mut self,
        node: NodeId,
        previous: &FxHashMap<NodeId, NodeId>,
        comments: &FxHashMap<NodeId, Vec<NodeId>>,
        shown: &mut FxHashSet<NodeId>,
    ) -> Entry {
        let results = targets(self.context, node, "result");
        let members: FxHashSet<NodeId> = results.iter().flat_map(|result| self.members(*result)).collect();
        let tops: Vec<NodeId> = results.into_iter().filter(|result| !members.contains(result)).collect();
        // GP Connect's code is the same for all reports: what was tested names it.
        let generic = self.peek(node, "code.coding.code").as_deref() == Some("721981007");
        let mut title = if generic { self.cell(node, "code.text") } else { self.cell(node, "code") };
        if title.is_empty() {
            let mut names: Vec<String> = Vec::new();
            let mut known: BTreeSet<String> = BTreeSet::new();
            for top in &tops {
                let name = self.context.unmarked(|context| lines::first(context, *top, &["code"]));
                if let Some(name) = name.filter(|name| !is_comment(self.context, *top) && known.insert(name.clone())) {
                    names.push(name);
                }
            }
            let more = names.len().saturating_sub(4);
            names.truncate(4);
            let mut text = names.join(", ");
            if more > 0 {
                text.push_str(&format!(", {}", self.fill("and {} more", &[&more.to_string()])));
            }
            title = if text.is_empty() { vec![Piece::plain(self.say("Report"))] } else { vec![Piece::plain(text)] };
        }
        let issued = self.first(node, &["issued", "effective[x]"]);
        let specimens = targets(self.context, node, "specimen");
        let mut sample = Cell::new();
        for specimen in &specimens {
            if !sample.is_empty() {
                sample.push(Piece::plain("; "));
            }
            sample.extend(self.cell(*specimen, "type"));
            let collected = self.day(*specimen, "collection.collected[x]");
            if !collected.is_empty() {
                sample.push(Piece::plain(format!(" {} ", self.say("collected"))));
                sample.extend(collected);
            }
            let note = self.cell(*specimen, "note");
            if !note.is_empty() {
                sample.push(Piece::plain(". "));
                sample.extend(note);
            }
        }
        let laboratory = self.first(node, &["performer.actor", "performer"]);
        let conclusion = self.first(node, &["conclusion", "codedDiagnosis"]);
        let mut rows = Vec::new();
        for top in &tops {
            self.result(*top, 0, previous, comments, shown, &mut rows);
        }
        let mut block = Block::default();
        let mut nodes = vec![node];
        for specimen in specimens {
            if shown.insert(specimen) {
                nodes.push(specimen);
            }
        }
        for request in targets(self.context, node, "basedOn") {
            let asked = self.first(request, &["note", "reasonCode"]);
            if !asked.is_empty() {
                let mut line = vec![Piece::secondary(format!("{} ", self.say("Requested because:")))];
                line.extend(asked);
                block.lines.push(line);
            }
            if shown.insert(request) {
                nodes.push(request);
            }
        }
        for comment in comments.get(&node).cloned().unwrap_or_default() {
            let line = self.filing_comment(comment, "");
            block.lines.push(line);
            if shown.insert(comment) {
                nodes.push(comment);
            }
        }
        if !rows.is_empty() {
            let group = self.group("", String::new(), RESULT, rows);
            block.table = Some(AreaGroup { notes: Vec::new(), ..group });
        }
        let mut words = self.words(node);
        // How far a report has come goes before what it is.
        words.iter_mut().for_each(|word| word.first = true);
        let mut row = self.entry(&nodes, vec![title, issued, sample, laboratory, conclusion], words);
        if !block.lines.is_empty() || block.table.is_some() {
            row.body.push(block);
        }
        row
    }

    /// The results that one has as its members.
    pub(super) fn members(&self, node: NodeId) -> Vec<NodeId> {
        let related = select(self.context, node, "related");
        let members = related.into_iter().filter(|one| self.context.peek(*one, "type") == Some("has-member"));
        members.flat_map(|one| targets(self.context, one, "target")).filter(|target| *target != node).collect()
    }

    fn filing_comment(&mut self, node: NodeId, about: &str) -> Vec<Piece> {
        let by = self.context.unmarked(|context| lines::first(context, node, &["performer"])).unwrap_or_default();
        let day = lines::day(self.context, node, "effective[x]")
            .or_else(|| lines::day(self.context, node, "issued"))
            .unwrap_or_default();
        let who = [by, day].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let label = match about {
            "" => self.fill("Filing comment by the practice ({}):", &[&who]),
            _ => self.fill("Filing comment by the practice on {} ({}):", &[about, &who]),
        };
        let mut line = vec![Piece::secondary(format!("{label} "))];
        line.extend(self.first(node, &["comment", "valueString"]));
        line
    }

    /// A result and what is in its group.
    fn result(
        &mut self,
        node: NodeId,
        depth: usize,
        previous: &FxHashMap<NodeId, NodeId>,
        comments: &FxHashMap<NodeId, Vec<NodeId>>,
        shown: &mut FxHashSet<NodeId>,
        rows: &mut Vec<Entry>,
    ) {
        if self.context.tree.resource_type(node) != Some("Observation") {
            return;
        }
        if !shown.insert(node) {
            // Two reports name it: it has its row in the first.
            let name = self.context.unmarked(|context| lines::first(context, node, &["code"])).unwrap_or_default();
            let row = self.seen(node, &name);
            rows.push(row);
            return;
        }
        let filed = comments.get(&node).cloned().unwrap_or_default();
        if is_comment(self.context, node) {
            let line = self.filing_comment(node, "");
            rows.push(self.entry(&[node], vec![line], Vec::new()));
            return;
        }
        let members = self.members(node);
        self.claim_members(node);
        let name = self.cell(node, "code");
        let name = self.or(name, "not named");
        let title = flat(&name);
        let value = values::value(self.context, node);
        let range = values::range(self.context, node);
        let before = self.previous_cell(node, previous);
        let mut comment = self.cell(node, "comment");
        let mut nodes = vec![node];
        let is_group = !members.is_empty();
        let mut filed_lines = Vec::new();
        for filed in &filed {
            if shown.insert(*filed) {
                nodes.push(*filed);
            }
            let line = self.filing_comment(*filed, if is_group { &title } else { "" });
            if is_group {
                filed_lines.push(line);
                continue;
            }
            if !comment.is_empty() {
                comment.push(Piece::plain("\n"));
            }
            comment.extend(line);
        }
        let words = self.result_words(node);
        let value = match (value.is_empty(), is_group) {
            (true, true) => vec![Piece::secondary(self.say("group of results"))],
            (true, false) => vec![Piece::secondary(self.say("no value"))],
            _ => value,
        };
        rows.push(self.entry(&nodes, vec![name, value, range, before, comment], words));
        if depth < GROUPS {
            for member in members {
                self.result(member, depth + 1, previous, comments, shown, rows);
            }
        }
        if is_group {
            for (line, filed) in filed_lines.into_iter().zip(filed) {
                rows.push(Entry { cells: vec![line], sources: vec![self.context.pointer(filed)], ..Entry::default() });
            }
        }
    }

    /// The words of a result that its value's cell does not say.
    pub(super) fn result_words(&mut self, node: NodeId) -> Vec<Word> {
        let status = self.context.child(node, "status").map(|status| self.context.pointer(status));
        let tree = self.context.tree;
        let mut words = Vec::new();
        for found in crate::render::modifiers::find(self.context, node) {
            let level = found.level;
            let said = Some(self.context.pointer(found.node)) == status
                && matches!(
                    tree.text(found.node),
                    Some("preliminary" | "registered" | "amended" | "corrected" | "cancelled" | "entered-in-error")
                );
            let name = tree.name(found.node);
            if level == crate::render::modifiers::Level::Summary
                || said
                || matches!(name, "comparator" | "interpretation" | "dataAbsentReason")
                || super::forced::is_forced(self.context, found.node)
            {
                continue;
            }
            words.push(Word {
                text: found.words,
                first: matches!(
                    level,
                    crate::render::modifiers::Level::Worst | crate::render::modifiers::Level::Negation
                ),
                ..Word::default()
            });
        }
        words
    }

    /// That a group has its members is seen from the rows below it.
    pub(super) fn claim_members(&mut self, node: NodeId) {
        for one in select(self.context, node, "related") {
            if self.context.peek(one, "type") != Some("has-member") {
                continue;
            }
            let target = self.context.child(one, "target").and_then(|target| self.context.child(target, "reference"));
            let Some(target) = target else { continue };
            let resolved = self.context.tree.text(target).and_then(|text| self.context.resolve(target, text));
            if resolved.is_some() {
                crate::render::build::technical(self.context, target);
                if let Some(kind) = self.context.child(one, "type") {
                    self.context.mark(kind);
                }
                if !self.context.has_unmarked(one) {
                    self.context.claim(one);
                }
            }
        }
    }

    /// The numbers of a test over time, where there are at least three that can be compared.
    pub(super) fn trend(&self, name: &str, points: &[&Point]) -> Option<super::model::Trend> {
        if !self.context.options.trends {
            return None;
        }
        let mut numbers: Vec<(String, String)> = Vec::new();
        for point in points {
            let value = self.context.child(point.node, "valueQuantity")?;
            let status = self.context.peek(point.node, "status").unwrap_or("final");
            let date = point.date.as_deref().and_then(|date| date.get(..10));
            let Some(date) = date else { continue };
            if self.context.child(value, "comparator").is_some()
                || !matches!(status, "final" | "unknown" | "amended" | "corrected")
            {
                continue;
            }
            values::decimal(self.context, value)?;
            numbers.push((date.to_owned(), self.context.peek(value, "value")?.trim().to_owned()));
        }
        if numbers.len() < 3 {
            return None;
        }
        numbers.reverse();
        let range = points.first().and_then(|point| {
            let ranges = self.context.children(point.node, "referenceRange");
            let [range] = ranges.as_slice() else { return None };
            let end = |name: &str| {
                let end = self.context.child(*range, name)?;
                values::decimal(self.context, end)?;
                self.context.peek(end, "value").map(|text| text.trim().to_owned())
            };
            values::place(self.context, point.node).map(|_| (end("low"), end("high")))
        });
        values::trend(self.context, name, &numbers, range)
    }
}

/// What each code has been called so far. Senders that give one code to everything would have a sodium before a potassium.
#[derive(Default)]
pub(super) struct Names(BTreeMap<(String, String), Vec<String>>);

impl Names {
    /// The key of a test, with a mark where its name shares no word with those that had the key before.
    pub(super) fn apart(&mut self, (code, unit): (String, String), name: &str) -> (String, String) {
        const COMMON: &[&str] =
            &["serum", "plasma", "blood", "level", "test", "result", "measurement", "total", "count"];
        let words = |text: &str| -> Vec<String> {
            let lower = text.to_lowercase();
            let all = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            all.filter(|word| !COMMON.contains(word)).map(str::to_owned).collect()
        };
        let own = words(name);
        let known = self.0.entry((code.clone(), unit.clone())).or_default();
        let at = known.iter().position(|other| {
            let other = words(other);
            own.is_empty() || other.is_empty() || own.iter().any(|word| other.contains(word))
        });
        let at = at.unwrap_or_else(|| {
            known.push(name.to_owned());
            known.len() - 1
        });
        (if at == 0 { code } else { format!("{code} {at}") }, unit)
    }
}

/// For each result the one before it.
pub(super) fn previous(series: &[((String, String), Vec<Point>)]) -> FxHashMap<NodeId, NodeId> {
    let mut previous = FxHashMap::default();
    for (_, points) in series {
        let points: Vec<&Point> = points.iter().filter(|point| point.counts).collect();
        for pair in points.windows(2) {
            if let [newer, older] = pair {
                previous.insert(newer.node, older.node);
            }
        }
    }
    previous
}
