//! Rows: what their cells take of a resource, the words that change how they are read, and the rest as details.

use super::model::{AreaGroup, Column, Detail, Entry, Word};
use super::{Maker, forced};
use crate::render::build;
use crate::render::format::{self, coded};
use crate::render::model::{Piece, Style};
use crate::render::modifiers::{self, Level};
use crate::render::shape::Shape;
use crate::render::views::{self, select};
use crate::tree::NodeId;

/// A cell.
pub(super) type Cell = Vec<Piece>;

impl Maker<'_, '_> {
    /// The values at a path in one cell, as words. What they show completely is not repeated among the details.
    pub(super) fn cell(&mut self, node: NodeId, path: &str) -> Cell {
        let mut cell = Cell::new();
        for found in select(self.context, node, path) {
            let pieces = self.value(found);
            if !pieces.is_empty() {
                if !cell.is_empty() {
                    cell.push(Piece::plain("; "));
                }
                cell.extend(pieces);
            }
        }
        cell
    }

    /// The first of several paths that says something.
    pub(super) fn first(&mut self, node: NodeId, paths: &[&str]) -> Cell {
        for path in paths {
            let cell = self.cell(node, path);
            if !cell.is_empty() {
                return cell;
            }
        }
        Cell::new()
    }

    /// A value as words.
    pub(super) fn value(&mut self, node: NodeId) -> Cell {
        let context = &mut *self.context;
        match context.shape(node) {
            Shape::Concept | Shape::Coding => match coded::concept_words(context, node) {
                Some(words) => vec![Piece::plain(words)],
                None => Cell::new(),
            },
            Shape::Extension => match context.choice(node, "value") {
                Some(value) => self.value(value),
                None => Cell::new(),
            },
            Shape::Reference => self.name_of(node),
            Shape::Parts | Shape::Resource | Shape::Narrative => Cell::new(),
            _ => {
                let pieces = format::inline(context, node);
                if !context.has_unmarked(node) {
                    context.claim(node);
                }
                pieces
            }
        }
    }

    /// What a reference means, as short as can be.
    pub(super) fn name_of(&mut self, reference: NodeId) -> Cell {
        let context = &mut *self.context;
        let target = context.peek(reference, "reference").and_then(|text| context.resolve(reference, text));
        if let Some(target) = target {
            let line = match context.places.get(&target) {
                Some((_, line)) => line.clone(),
                None => views::bare_line(context, target),
            };
            return vec![Piece::plain(line)];
        }
        match context.take_child(reference, "display") {
            Some(display) => vec![Piece::plain(display)],
            None => context.unmarked(|context| format::inline(context, reference)),
        }
    }

    /// Dates at a path, without the time.
    pub(super) fn day(&mut self, node: NodeId, path: &str) -> Cell {
        let context = &mut *self.context;
        let Some(found) = select(context, node, path).into_iter().next() else { return Cell::new() };
        let found = match context.shape(found) {
            Shape::Period => context.child(found, "start"),
            Shape::Extension => context.choice(found, "value"),
            _ => Some(found),
        };
        let Some(found) = found else { return Cell::new() };
        let Some(text) = context.tree.text(found) else { return self.value(found) };
        if !context.for_patient() && !text.contains('T') {
            return self.value(found);
        }
        match format::date::Moment::parse(text) {
            // A time of midnight says nothing; any other is in the details.
            Some(moment) => {
                let shown = match context.for_patient() {
                    true => moment.patient_date(context.options.language),
                    false => moment.clinical_date(),
                };
                let is_bare = moment
                    .clock
                    .as_ref()
                    .is_none_or(|clock| clock.hour == 0 && clock.minute == 0 && clock.second.unwrap_or(0) == 0);
                if is_bare {
                    context.mark(found);
                    context.claim(found);
                }
                vec![Piece { text: shown, style: Style::Date, note: Some(text.to_owned()), lang: None }]
            }
            None => self.value(found),
        }
    }

    /// The text of the first value at a path, for comparing; nothing is marked.
    pub(super) fn peek(&self, node: NodeId, path: &str) -> Option<String> {
        let found = select(self.context, node, path).into_iter().next()?;
        let text = |node: NodeId| self.context.tree.text(node).map(str::to_owned);
        match self.context.shape(found) {
            Shape::Period => self.context.child(found, "start").and_then(text),
            Shape::Extension => self.context.choice(found, "value").and_then(text),
            _ => text(found),
        }
    }

    /// What changes the meaning of a resource, but for what says nothing in GP Connect.
    pub(super) fn words(&mut self, node: NodeId) -> Vec<Word> {
        let found = modifiers::find(self.context, node);
        let mut words = Vec::new();
        for found in found {
            if found.level == Level::Summary || forced::is_forced(self.context, found.node) {
                continue;
            }
            let first = matches!(found.level, Level::Worst | Level::Negation);
            words.push(Word { text: found.words, first, ..Word::default() });
        }
        words
    }

    /// The details of resources: whatever no cell has shown.
    pub(super) fn details(&mut self, nodes: &[NodeId]) -> Vec<Detail> {
        let mut details = Vec::new();
        for node in nodes {
            if self.context.for_patient() {
                build::withhold(self.context, *node, "codes, ids and details are not in the form for patients");
                continue;
            }
            let title = views::title(self.context, *node);
            let rows = build::details(self.context, *node);
            if !rows.is_empty() {
                details.push(Detail { title, pointer: self.context.pointer(*node), rows });
            }
        }
        details
    }

    /// A row of these cells, made of these resources.
    pub(super) fn entry(&mut self, nodes: &[NodeId], cells: Vec<Cell>, mut words: Vec<Word>) -> Entry {
        if let Some(word) = nodes.first().and_then(|node| self.whose(*node)) {
            words.insert(0, word);
        }
        let id = nodes.first().map(|node| format!("r{}", node.0)).unwrap_or_default();
        for word in self.contradicting(nodes) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let mut details = self.details(nodes);
        self.contradicting_details(nodes, &mut details);
        let sources = nodes.iter().map(|node| self.context.pointer(*node)).collect();
        Entry { id, cells, words, details, sources, ..Entry::default() }
    }

    /// The patient that a resource names, where that is in the input.
    pub(super) fn subject_of(&self, node: NodeId) -> Option<NodeId> {
        let found = ["subject", "patient"].iter().find_map(|name| self.context.child(node, name))?;
        let text = self.context.child(found, "reference")?;
        self.context.resolve(text, self.context.tree.text(text)?)
    }

    /// Whose a row is, where that does not go without saying: several patients, or another than the one in the banner.
    fn whose(&self, node: NodeId) -> Option<Word> {
        let found = ["subject", "patient"].iter().find_map(|name| self.context.child(node, name));
        let name = |node: NodeId| self.context.places.get(&node).map(|(_, line)| line.clone()).unwrap_or_default();
        let (text, first) = match (self.context.banner, found, found.and_then(|_| self.subject_of(node))) {
            (Some(banner), Some(_), Some(subject)) if subject == banner => return None,
            (Some(_), Some(_), Some(subject)) => (self.fill("ANOTHER PATIENT: {}", &[&name(subject)]), true),
            // One that is not in the file may be the same under another address.
            (Some(_), Some(found), None) if self.context.child(found, "reference").is_some() => {
                (self.say("patient named is not in this file"), false)
            }
            (None, _, Some(subject)) if self.all.patients.len() > 1 => {
                (self.fill("Patient: {}", &[&name(subject)]), true)
            }
            (None, Some(_), None) if self.all.patients.len() > 1 => {
                (self.say("patient named is not in this file"), false)
            }
            _ => return None,
        };
        Some(Word { text, first, ..Word::default() })
    }

    /// "not recorded" for an empty cell.
    pub(super) fn or(&self, cell: Cell, words: &str) -> Cell {
        if cell.is_empty() { vec![Piece::secondary(self.say(words))] } else { cell }
    }

    /// Columns: title, label where there are no headings.
    pub(super) fn columns(&self, columns: &[(&str, &str)]) -> Vec<Column> {
        let of = |(title, label): &(&str, &str)| Column { title: self.say(title), label: self.or_empty(label) };
        columns.iter().map(of).collect()
    }

    fn or_empty(&self, phrase: &str) -> String {
        if phrase.is_empty() { String::new() } else { self.say(phrase) }
    }

    /// A group of rows. Columns in which nothing is recorded are left out, and that is said once.
    pub(super) fn group(&self, key: &str, title: String, columns: &[(&str, &str)], rows: Vec<Entry>) -> AreaGroup {
        let mut group = AreaGroup { key: key.to_owned(), title, ..AreaGroup::default() };
        group.columns = self.columns(columns);
        group.rows = rows;
        let empty: Vec<usize> = (1..group.columns.len())
            .filter(|at| group.rows.iter().all(|row| row.cells.get(*at).is_none_or(Vec::is_empty)))
            .collect();
        let names: Vec<String> = empty
            .iter()
            .filter_map(|at| group.columns.get(*at))
            .map(|column| crate::render::words::uncapitalise(&column.title))
            .collect();
        if !names.is_empty() && !group.rows.is_empty() {
            let names = crate::render::words::list(self.context.options.language, &names);
            group.notes.push(self.fill("Not recorded for any of these: {}.", &[&names]));
            let keep = |at: &usize| !empty.contains(at);
            group.columns = kept(std::mem::take(&mut group.columns), keep);
            for row in &mut group.rows {
                row.cells = kept(std::mem::take(&mut row.cells), keep);
            }
        }
        self.shared_words(&mut group);
        group
    }

    /// A word that all of several rows have is said once.
    fn shared_words(&self, group: &mut AreaGroup) {
        if group.rows.len() < 4 {
            return;
        }
        let of_first: Vec<String> = group
            .rows
            .first()
            .map(|row| row.words.iter().filter(|word| !word.first).map(|word| word.text.clone()).collect())
            .unwrap_or_default();
        for text in of_first {
            if group.rows.iter().all(|row| row.words.iter().any(|word| word.text == text)) {
                group.rows.iter_mut().for_each(|row| row.words.retain(|word| word.text != text));
                group.notes.push(self.fill("All of these: {}.", &[&text]));
            }
        }
    }

    /// Folds a group: its summary is how many rows there are, and the newest date.
    pub(super) fn fold(&self, mut group: AreaGroup, newest: Option<&str>) -> AreaGroup {
        group.folded = true;
        let count = group.rows.len().to_string();
        group.summary = match newest {
            Some(date) => {
                let date = date.get(..10).unwrap_or(date);
                self.fill("{}, newest {}", &[&count, &format::date_text(self.context, date)])
            }
            None => count,
        };
        group
    }
}

/// The items at the places that are kept.
fn kept<T>(items: Vec<T>, keep: impl Fn(&usize) -> bool) -> Vec<T> {
    items.into_iter().enumerate().filter(|(at, _)| keep(at)).map(|(_, item)| item).collect()
}

/// Puts rows in order by a date as recorded, newest first; undated last, ties in file order.
pub(super) fn newest_first<T>(items: &mut [(Option<String>, T)]) {
    crate::order::sort_by_key(items, |(date, _)| std::cmp::Reverse(date.clone()));
}
