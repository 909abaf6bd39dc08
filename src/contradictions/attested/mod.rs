//! The text of a document's sections against their coded entries: each coded item is looked for in its own section's text
//! (known item search), and where the text names it, what stands beside it under a label is compared with what is coded.
//! Prose alone is not judged.

mod allergies;
mod fields;
pub(super) mod items;
pub(super) mod names;
mod patient;
pub(super) mod text;

use super::input::Input;
use super::words::shorten;
use super::{Finding, Side};
use crate::tree::NodeId;
use std::collections::{BTreeMap, BTreeSet};
use text::Line;

/// A section with its text and its coded entries.
struct Section {
    node: NodeId,
    title: String,
    /// The narrative's `div`.
    div: NodeId,
    lines: Vec<Line>,
    /// The coded entries, those of Lists among them.
    items: Vec<Coded>,
    /// The words of each line, each without the ending of its plural.
    words: Vec<BTreeSet<String>>,
}

/// A coded entry of a section.
#[derive(Clone, Copy, Debug)]
struct Coded {
    resource: NodeId,
    /// The code of the List that names it, where one does.
    list: Option<NodeId>,
}

impl Section {
    /// The lines of one item, or all: the numbers of items only grow.
    fn of(&self, record: Option<u32>) -> &[Line] {
        let Some(record) = record else { return &self.lines };
        let start = self.lines.partition_point(|line| line.record < record);
        let end = self.lines.partition_point(|line| line.record <= record);
        self.lines.get(start..end).unwrap_or_default()
    }

    /// A side of a finding: a line of the text.
    fn side(&self, line: &Line) -> Side {
        Side { node: self.div, quote: shorten(&line.text) }
    }
}

/// A document: its Composition and sections.
struct Document<'i, 't> {
    input: &'i Input<'t>,
    composition: NodeId,
    sections: Vec<Section>,
    /// In which sections' lines a word stands, as far as it is not everywhere.
    places: BTreeMap<String, Vec<(usize, usize)>>,
}

/// Words that stand in more lines than this tell nothing of where something is said.
const MOST_PLACES: usize = 64;
/// More entries of one section are not compared: no letter has as many.
const MOST_ITEMS: usize = 2_000;
/// Nor are more entries of all the documents of an input, in all their sections.
const MOST_IN_ALL: usize = 50_000;
/// How many resources of a kind a section is about, where the whole of its text is compared with each.
const MOST_WHOLE: usize = 20;

pub(super) fn find(input: &Input<'_>, found: &mut Vec<Finding>) {
    let mut left = MOST_IN_ALL;
    for composition in input.of_type("Composition") {
        let document = Document::new(input, composition, &mut left);
        for at in 0..document.sections.len() {
            document.section(at, found);
        }
    }
}

impl<'i, 't> Document<'i, 't> {
    fn new(input: &'i Input<'t>, composition: NodeId, left: &mut usize) -> Self {
        let tree = input.tree;
        let mut document = Document { input, composition, sections: Vec::new(), places: BTreeMap::new() };
        let mut open: Vec<NodeId> = tree.named(composition, "section").collect();
        open.reverse();
        while let Some(node) = open.pop() {
            let inner: Vec<NodeId> = tree.named(node, "section").collect();
            open.extend(inner.into_iter().rev());
            let Some(div) = tree.child(node, "text").and_then(|text| tree.child(text, "div")) else { continue };
            let lines = text::lines(tree.text(div).unwrap_or_default());
            if lines.is_empty() {
                continue;
            }
            let title = tree.child_text(node, "title").map(shorten).unwrap_or_else(|| "\u{2026}".to_owned());
            let words = lines.iter().map(line_words).collect();
            let mut items = document.items(node);
            items.truncate(*left);
            *left -= items.len();
            document.sections.push(Section { node, title, div, lines, items, words });
        }
        for (at, section) in document.sections.iter().enumerate() {
            for (line, words) in section.words.iter().enumerate() {
                for word in words {
                    let places = document.places.entry(word.clone()).or_default();
                    if places.len() < MOST_PLACES {
                        places.push((at, line));
                    }
                }
            }
        }
        document
    }

    /// The coded entries of a section, and of the Lists among them.
    fn items(&self, section: NodeId) -> Vec<Coded> {
        let (input, tree) = (self.input, self.input.tree);
        let mut out = Vec::new();
        for entry in tree.named(section, "entry") {
            let Some(resource) = input.referred(entry) else { continue };
            if tree.resource_type(resource) != Some("List") {
                out.push(Coded { resource, list: None });
                continue;
            }
            for item in tree.named(resource, "entry") {
                if tree.child_text(item, "deleted") == Some("true") {
                    continue;
                }
                let Some(inner) = input.linked(item, "item") else { continue };
                out.push(Coded { resource: inner, list: tree.child(resource, "code") });
            }
        }
        out.truncate(MOST_ITEMS);
        out.retain(|item| !input.is_void(item.resource));
        out
    }

    fn section(&self, at: usize, found: &mut Vec<Finding>) {
        let Some(section) = self.sections.get(at) else { return };
        let tree = self.input.tree;
        self.ages(section, found);
        self.completed(section, found);
        let kind = |item: &Coded| tree.resource_type(item.resource).unwrap_or_default();
        let of = |kinds: &[&str]| -> Vec<Coded> {
            section.items.iter().filter(|item| kinds.contains(&kind(item))).copied().collect()
        };
        let allergies = of(&["AllergyIntolerance"]);
        if !allergies.is_empty() {
            self.allergies(section, &allergies, found);
        }
        self.medicines(
            section,
            &of(&["MedicationStatement", "MedicationRequest", "MedicationDispense", "MedicationAdministration"]),
            found,
        );
        let mut vaccinations = of(&["Immunization"]);
        vaccinations.truncate(MOST_WHOLE);
        self.vaccines(section, &vaccinations, found);
        self.concepts(section, &of(&["Condition"]), names::Kind::Condition, found);
        self.concepts(section, &of(&["Procedure"]), names::Kind::Procedure, found);
        for item in of(&["Observation"]) {
            self.value(section, item.resource, found);
        }
        for item in of(&["Encounter"]).into_iter().take(MOST_WHOLE) {
            self.fields(section, item.resource, fields::ENCOUNTER, None, "", found);
        }
        let mut patients = of(&["Patient"]);
        patients.dedup_by_key(|item| item.resource);
        if let [patient] = patients[..] {
            self.patient(section, patient.resource, found);
        }
    }

    /// The lines of a section in which a word stands.
    fn places(&self, section: &Section, word: &str) -> Vec<usize> {
        let all = self.places.get(word).into_iter().flatten();
        let here = all.filter(|(at, _)| self.sections.get(*at).is_some_and(|other| other.node == section.node));
        here.map(|(_, line)| *line).collect()
    }

    /// Another section of which a line has all of these words: one with the same entry before others.
    fn elsewhere(&self, section: &Section, resource: NodeId, keys: &[String]) -> Option<&Section> {
        let places =
            keys.iter().map(|key| self.places.get(key).map_or(&[][..], Vec::as_slice)).min_by_key(|at| at.len())?;
        let said = places.iter().filter_map(|(at, line)| {
            let other = self.sections.get(*at).filter(|other| other.node != section.node)?;
            let words = other.words.get(*line)?;
            keys.iter().all(|key| words.contains(key)).then_some(other)
        });
        let has_it = |other: &&Section| other.items.iter().any(|item| item.resource == resource);
        let mut first = None;
        for other in said {
            if has_it(&other) {
                return Some(other);
            }
            first = first.or(Some(other));
        }
        first
    }
}

/// The words of a line; those before a colon may be a name, or part of one: "Penicillin: rash", "ECG: inferior ischaemia".
fn line_words(line: &Line) -> BTreeSet<String> {
    let mut words = names::stems(&line.tokens);
    words.extend(line.label_words.iter().cloned());
    words
}
