//! Consultations, newest first, with what they contain nested as it was sent.

use super::gather::{Purpose, targets};
use super::model::{Area, Block, Entry, Layout, Word};
use super::row::{Cell, newest_first};
use super::{Maker, flat, lines};
use crate::render::model::{Piece, Style};
use crate::render::views::select;
use crate::tree::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// How many consultations are open, and how many more are seen as closed lines.
const OPEN: usize = 3;
const CLOSED: usize = 7;

/// How deep lists inside lists are followed; GP Connect has three levels.
const DEEP: usize = 6;

const COLUMNS: &[(&str, &str)] =
    &[("Date", ""), ("Type", ""), ("Clinician", ""), ("Where", "at"), ("Problem", "problem"), ("Content", "")];

impl Maker<'_, '_> {
    pub(super) fn consultations(&mut self) -> Option<Area> {
        let nodes = self.all.of("consultations");
        if nodes.is_empty() && !self.has_list("consultations") {
            return None;
        }
        let mut area = self.area("consultations", "Consultations");
        let tree = self.context.tree;
        let encounters: Vec<NodeId> =
            nodes.iter().copied().filter(|node| tree.resource_type(*node) == Some("Encounter")).collect();
        // The lists of a consultation, by their encounter; those that another one names are inside of it.
        let mut of: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        let mut inner: FxHashSet<NodeId> = FxHashSet::default();
        let lists: Vec<NodeId> =
            self.all.lists.iter().filter(|list| list.purpose == Purpose::Consultation).map(|list| list.node).collect();
        for list in self.all.lists.iter().filter(|list| list.purpose == Purpose::Consultation) {
            inner.extend(list.items.iter().copied());
        }
        let mut apart = Vec::new();
        for list in &lists {
            match targets(self.context, *list, "encounter").first() {
                Some(encounter) => of.entry(*encounter).or_default().push(*list),
                None if !inner.contains(list) => apart.push(*list),
                None => {}
            }
        }
        let mut dated: Vec<(Option<String>, NodeId)> =
            encounters.into_iter().map(|node| (self.peek(node, "period"), node)).collect();
        newest_first(&mut dated);
        area.headline = match dated.first() {
            Some((Some(_), node)) => {
                let day = lines::day(self.context, *node, "period").unwrap_or_default();
                self.fill("{}, newest {}", &[&dated.len().to_string(), &day])
            }
            _ => dated.len().to_string(),
        };
        let newest: Vec<Option<String>> = dated.iter().map(|(date, _)| date.clone()).collect();
        let mut rows = Vec::new();
        let mut placed = apart.clone();
        for (_, node) in dated {
            let lists = of.remove(&node).unwrap_or_default();
            let tops: Vec<NodeId> = lists.iter().copied().filter(|list| !inner.contains(list)).collect();
            placed.extend(&tops);
            let mut all = lists;
            for list in tops.iter().flat_map(|list| self.with_inner(*list)) {
                if !all.contains(&list) {
                    all.push(list);
                }
            }
            rows.push(self.consultation(node, &tops, &all));
        }
        let mut rest = rows;
        for (key, title, count) in [
            ("recent", "Newest consultations", OPEN),
            ("more", "Earlier consultations", CLOSED),
            ("older", "Older consultations", usize::MAX),
        ] {
            if rest.is_empty() {
                break;
            }
            let later = rest.split_off(count.min(rest.len()));
            let from = newest.len() - later.len() - rest.len();
            let mut of = std::mem::replace(&mut rest, later);
            of.iter_mut().for_each(|row| row.open = key == "recent");
            let mut group = self.group(key, self.say(title), COLUMNS, of);
            group.notes.clear();
            group.layout = Layout::Blocks;
            if key == "older" {
                group = self.fold(group, newest.get(from).cloned().flatten().as_deref());
            }
            area.groups.push(group);
        }
        apart.extend(self.not_reached(&lists, placed));
        if !apart.is_empty() {
            let mut rows = Vec::new();
            for list in apart {
                let title = self.first(list, &["title", "code"]);
                let mut seen = FxHashSet::default();
                let body = self.blocks(&[list], 0, &mut seen);
                let mut row = self.entry(&self.with_inner(list), vec![title], Vec::new());
                row.body = body;
                rows.push(row);
            }
            let mut group = self.group("apart", self.say("Content without a consultation"), &[("Title", "")], rows);
            group.layout = Layout::Blocks;
            area.groups.push(group);
        }
        Some(area)
    }

    /// A list and those that it leads to.
    fn with_inner(&self, list: NodeId) -> Vec<NodeId> {
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        let (mut out, mut open) = (Vec::new(), vec![list]);
        while let Some(list) = open.pop() {
            if let Some(items) = self.items.get(&list)
                && seen.insert(list)
            {
                out.push(list);
                open.extend(items);
            }
        }
        out
    }

    /// The lists that none of those placed leads to: of an encounter that is none, or in a circle. The first of each stands
    /// for what it leads to.
    fn not_reached(&self, lists: &[NodeId], placed: Vec<NodeId>) -> Vec<NodeId> {
        let mut reached = FxHashSet::default();
        self.reach(placed, &mut reached);
        let mut out = Vec::new();
        for list in lists {
            if !reached.contains(list) {
                out.push(*list);
                self.reach(vec![*list], &mut reached);
            }
        }
        out
    }

    fn reach(&self, mut open: Vec<NodeId>, reached: &mut FxHashSet<NodeId>) {
        while let Some(list) = open.pop() {
            if reached.insert(list) {
                open.extend(self.items.get(&list).into_iter().flatten());
            }
        }
    }

    /// Whether an encounter is a draft: GP Connect sends status unknown for what is not finished.
    pub(super) fn is_draft(&self, encounter: NodeId) -> bool {
        self.context.gp_connect && self.context.peek(encounter, "status") == Some("unknown")
    }

    fn consultation(&mut self, node: NodeId, tops: &[NodeId], lists: &[NodeId]) -> Entry {
        let date = match self.context.child(node, "period") {
            Some(period) => match self.context.child(period, "start") {
                Some(start) => self.value(start),
                None => self.value(period),
            },
            None => Cell::new(),
        };
        let date = self.or(date, "date not recorded");
        let kind = self.first(node, &["type", "class"]);
        let clinician = self.clinician(node);
        let place = self.place_name(node);
        let mut problems = Cell::new();
        let mut named: BTreeSet<String> = BTreeSet::new();
        for list in lists {
            for path in [
                "extension:RelatedProblemHeader.extension:target.valueReference",
                "extension:RelatedProblemHeader.valueReference",
            ] {
                for found in select(self.context, *list, path) {
                    let text = flat(&self.name_of(found));
                    if named.insert(text.clone()) {
                        if !problems.is_empty() {
                            problems.push(Piece::plain("; "));
                        }
                        problems.push(self.link(found, text));
                    }
                }
            }
        }
        let mut seen = FxHashSet::default();
        let body = self.blocks(tops, 0, &mut seen);
        let mut first = Vec::new();
        first_lines(&body, &mut first);
        let mut content = first.join("; ");
        if content.chars().count() > 160 {
            content = content.chars().take(157).collect::<String>() + "\u{2026}";
        }
        let content = if content.is_empty() { Cell::new() } else { vec![Piece::secondary(content)] };
        let mut words = self.words(node);
        if self.is_draft(node) {
            let unknown = self.say("Status unknown");
            words.retain(|word| word.text != unknown);
            words.insert(0, Word { text: self.say("DRAFT, not finished"), first: false, ..Word::default() });
        }
        let mut nodes = vec![node];
        nodes.extend_from_slice(lists);
        let mut row = self.entry(&nodes, vec![date, kind, clinician, place, problems, content], words);
        row.body = body;
        row
    }

    /// Who saw the patient: the one who did it, else the first named.
    fn clinician(&mut self, node: NodeId) -> Cell {
        let participants = self.context.children(node, "participant");
        let did = participants.iter().copied().find(|one| {
            select(self.context, *one, "type.coding.code")
                .into_iter()
                .any(|code| self.context.tree.text(code) == Some("PPRF"))
        });
        match did.or_else(|| participants.first().copied()) {
            Some(one) => self.cell(one, "individual"),
            None => Cell::new(),
        }
    }

    /// Where it was, unless at the practice itself.
    fn place_name(&mut self, node: NodeId) -> Cell {
        let practice = self.practice;
        let provider = targets(self.context, node, "serviceProvider").first().copied();
        let mut cell =
            if provider.is_some() && provider == practice { Cell::new() } else { self.cell(node, "serviceProvider") };
        let place = self.cell(node, "location.location");
        if !place.is_empty() {
            if !cell.is_empty() {
                cell.push(Piece::plain(", "));
            }
            cell.extend(place);
        }
        cell
    }

    /// A link to what a reference means, or its words alone.
    pub(super) fn link(&self, reference: NodeId, text: String) -> Piece {
        let target = self.context.peek(reference, "reference").and_then(|text| self.context.resolve(reference, text));
        self.link_to(target, text)
    }

    pub(super) fn link_to(&self, target: Option<NodeId>, text: String) -> Piece {
        match target.and_then(|target| self.context.places.get(&target)) {
            Some((id, _)) => Piece { text, style: Style::Link, note: Some(format!("#{id}")), lang: None },
            None => Piece::plain(text),
        }
    }

    /// What lists contain: topics and headings with their titles, items as lines.
    fn blocks(&mut self, lists: &[NodeId], depth: usize, seen: &mut FxHashSet<NodeId>) -> Vec<Block> {
        let mut blocks = Vec::new();
        for list in lists {
            if depth > DEEP || !seen.insert(*list) {
                continue;
            }
            let mut block = Block::default();
            let title = self.cell(*list, "title");
            block.title = flat(&title);
            for item in select(self.context, *list, "entry.item") {
                let target = self
                    .context
                    .child(item, "reference")
                    .and_then(|text| self.context.resolve(text, self.context.tree.text(text)?));
                match target {
                    Some(inner) if self.context.for_patient() && !self.all.area.contains_key(&inner) => {}
                    Some(inner) if self.all.purpose.get(&inner) == Some(&Purpose::Consultation) => {
                        block.blocks.extend(self.blocks(&[inner], depth + 1, seen));
                    }
                    Some(inner) => {
                        let line = self.line_of(inner);
                        block.lines.push(line);
                    }
                    None if self.context.for_patient() => {}
                    None => {
                        let line = self.context.unmarked(|context| crate::render::format::inline(context, item));
                        block.lines.push(line);
                    }
                }
            }
            let note = self.cell(*list, "note");
            if !note.is_empty() {
                block.lines.push(note);
            }
            // A level without a title and with one thing inside adds nothing.
            if block.title.is_empty() && block.lines.is_empty() {
                blocks.append(&mut block.blocks);
            } else {
                blocks.push(block);
            }
        }
        blocks
    }

    /// A resource as a linked line, with the words that change it.
    pub(super) fn line_of(&mut self, node: NodeId) -> Vec<Piece> {
        let text = match self.context.places.get(&node) {
            Some((_, line)) => line.clone(),
            None => self.context.unmarked(|context| lines::short(context, node)),
        };
        vec![self.link_to(Some(node), text)]
    }
}

/// The first two lines.
fn first_lines(blocks: &[Block], out: &mut Vec<String>) {
    for block in blocks {
        for line in &block.lines {
            if out.len() < 2 {
                out.push(flat(line));
            }
        }
        first_lines(&block.blocks, out);
    }
}
