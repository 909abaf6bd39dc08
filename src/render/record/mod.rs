//! A whole record, laid out by clinical area: what is urgent and what is missing first, a row for each thing that a clinician
//! looks for, everything else folded into its row.
//!
//! It is built from the input alone. What is worked out (an age, a count, the time of capture, "above the range") says so.

mod allergies;
mod codes;
mod consultations;
mod contradictions;
mod entries;
pub(in crate::render) mod forced;
mod gather;
mod head;
mod immunisations;
mod index;
mod letter;
mod lines;
pub(in crate::render) mod links;
mod markdown;
mod medicines;
pub mod model;
mod modes;
mod panel;
mod plans;
mod problems;
mod prsb;
mod rest;
mod results;
mod row;
mod text;
mod values;
mod withhold;

pub(super) use markdown::markdown;
pub(super) use text::text;
pub(super) use values::shape_of_trend;

use super::context::Context;
use super::model::Piece;
use super::views::select;
use super::{As, Mode, View};
use crate::tree::NodeId;
use gather::{Gathered, gather};
use model::{Area, Record};
use rustc_hash::FxHashMap;

/// The keys of the areas, in their order.
pub(super) const AREAS: &[&str] = &[
    "allergies",
    "medicines",
    "problems",
    "immunisations",
    "consultations",
    "results",
    "other-entries",
    "referrals",
    "documents",
    "recalls",
    "appointments",
    "family-history",
    "vital-signs",
    "people",
    "technical",
];

/// Which view an input gets. A narrative and a difference are of resources, never of records.
pub(super) fn chosen(context: &Context<'_>) -> View {
    if context.options.as_ == As::Narrative || context.options.mode == Mode::Diff {
        return View::Entries;
    }
    let tree = context.tree;
    let root = tree.root();
    if tree.resource_type(root) != Some("Bundle") {
        return View::Entries;
    }
    if context.options.view != View::Auto {
        return context.options.view;
    }
    let resources = select(context, root, "entry.resource");
    let is = |kind: &str| resources.iter().any(|node| tree.resource_type(*node) == Some(kind));
    if is_letter(context, root, 0) {
        return View::Letter;
    }
    match context.peek(root, "type").unwrap_or("") {
        "collection" | "searchset" if is("Patient") || resources.len() > 1 => View::Record,
        "message" if is("Patient") && resources.len() > 2 => View::Record,
        _ => View::Entries,
    }
}

/// Whether a Bundle is a document, or a message that carries one.
fn is_letter(context: &Context<'_>, bundle: NodeId, depth: usize) -> bool {
    let tree = context.tree;
    let resources = select(context, bundle, "entry.resource");
    let is = |node: &NodeId, kind: &str| tree.resource_type(*node) == Some(kind);
    match context.peek(bundle, "type").unwrap_or("") {
        "document" => resources.first().is_some_and(|first| is(first, "Composition")),
        "message" => {
            resources.iter().any(|node| is(node, "Composition"))
                || depth < 3 && resources.iter().any(|node| is(node, "Bundle") && is_letter(context, *node, depth + 1))
        }
        _ => false,
    }
}

/// What the parts of one record share while it is made.
struct Maker<'c, 'a> {
    context: &'c mut Context<'a>,
    all: Gathered,
    /// What each list names.
    items: FxHashMap<NodeId, Vec<NodeId>>,
    record: Record,
    /// The practice that the record is from.
    practice: Option<NodeId>,
    /// Documents that were left out.
    missing_documents: usize,
    /// The rows of medicines.
    joined: Vec<medicines::Joined>,
    /// What is said at the other side of an alert, by its resource.
    others: FxHashMap<NodeId, Vec<String>>,
}

/// The record of the input.
pub(super) fn record(context: &mut Context<'_>, view: View) -> Record {
    context.gp_connect = is_gp_connect(context);
    let mut all = gather(context);
    withhold::withhold(context, &mut all);
    context.banner = match all.patients.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let record = Record::default();
    let items = all.lists.iter().map(|list| (list.node, list.items.clone())).collect();
    let mut maker = Maker {
        context,
        all,
        items,
        record,
        practice: None,
        missing_documents: 0,
        joined: Vec::new(),
        others: FxHashMap::default(),
    };
    let composition = letter::composition(&maker.all, maker.context.tree).filter(|_| view == View::Letter);
    maker.record.view = if composition.is_some() { "letter" } else { "record" };
    maker.captured();
    maker.places();
    maker.contradictions();
    maker.head();
    match composition {
        Some(composition) => {
            maker.letter(composition);
            maker.panel();
        }
        None => {
            maker.areas();
            maker.panel();
            maker.technical();
        }
    }
    maker.finish()
}

/// Whether the input is GP Connect's: by its profiles or by its lists.
fn is_gp_connect(context: &Context<'_>) -> bool {
    let tree = context.tree;
    let root = tree.root();
    let says = |path: &str, wanted: &dyn Fn(&str) -> bool| {
        select(context, root, path).into_iter().any(|node| tree.text(node).is_some_and(wanted))
    };
    let is_ours = |text: &str| text.contains("GPConnect-") || text.contains("CareConnect-GPC-");
    says("meta.profile", &is_ours)
        || says("entry.resource.meta.profile", &is_ours)
        || context.peek(root, "type") == Some("collection")
            && says("entry.resource.code.coding.code", &|code| {
                matches!(codes::purpose(code), Some(gather::Purpose::Primary(_) | gather::Purpose::Consultation))
            })
}

impl Maker<'_, '_> {
    /// Where each resource is shown, so that references can lead there.
    fn places(&mut self) {
        let nodes: Vec<NodeId> = AREAS.iter().flat_map(|area| self.all.of(area)).collect();
        for node in nodes {
            let line = self.context.unmarked(|context| lines::short(context, node));
            self.context.places.insert(node, (format!("r{}", node.0), line));
        }
        // What was authorised and issued stands in the row of its medicine.
        self.joined = self.join_medicines();
        for row in &self.joined {
            let parts = row.plan.iter().chain(&row.issues).chain(&row.before).chain(&row.products);
            for part in parts {
                if let Some((id, _)) = self.context.places.get_mut(part) {
                    *id = format!("r{}", row.main.0);
                }
            }
        }
    }

    fn areas(&mut self) {
        let areas = [
            self.allergies(),
            self.medicines(),
            self.problems(),
            self.immunisations(),
            self.consultations(),
            self.results(),
            self.other_entries(),
            self.referrals(),
            self.documents(),
            self.recalls(),
            self.appointments(),
            self.family_history(),
            self.vital_signs(),
            self.people(),
        ];
        self.record.areas = areas.into_iter().flatten().collect();
    }

    /// The area of a key with what its lists say: warnings, notes, and why it is empty. `None` where there is nothing of it.
    fn area(&mut self, key: &'static str, title: &str) -> Area {
        // What patients call it; for clinicians the title begins with the word of the key.
        let title = match key {
            _ if !self.context.for_patient() => title,
            "problems" => "Health conditions",
            "immunisations" => "Vaccinations",
            "results" => "Test results",
            "consultations" => "Appointments and notes",
            _ => title,
        };
        let mut area = Area { key, title: self.say(title), ..Area::default() };
        for list in self.all.lists_of(key).cloned().collect::<Vec<_>>() {
            self.list_words(&list, &mut area);
        }
        area
    }

    fn say(&self, phrase: &str) -> String {
        self.context.say(phrase)
    }

    fn fill(&self, phrase: &str, values: &[&str]) -> String {
        self.context.fill(phrase, values)
    }

    /// Whether the input has the list of an area.
    fn has_list(&self, key: &'static str) -> bool {
        self.all.lists_of(key).next().is_some()
    }

    fn finish(mut self) -> Record {
        let mut record = std::mem::take(&mut self.record);
        modes::apply(&self, &mut record);
        index::add(&self, &mut record);
        links::keep_those_that_lead_somewhere(&mut record);
        record.derived = vec!["age", "count", "capture", "supply-until", "ended-not-stopped", "range", "previous"];
        record
    }
}

/// The text of pieces with line ends as spaces.
pub(super) fn flat(pieces: &[Piece]) -> String {
    super::format::plain(pieces).replace('\n', " ")
}
