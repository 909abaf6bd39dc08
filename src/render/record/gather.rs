//! What is in a record: its resources by area, its lists and what they name, found in one walk.

use super::codes;
use crate::render::context::Context;
use crate::render::views::select;
use crate::tree::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};

/// What a list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The list of an area.
    Primary(&'static str),
    /// One of what consultations or problems contain: of this area, in that one.
    Secondary(&'static str, &'static str),
    /// The content of a consultation: itself, a topic, a heading.
    Consultation,
    /// Any other.
    Other,
}

/// A list.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    pub node: NodeId,
    pub purpose: Purpose,
    /// What it names, where that is in the input.
    pub items: Vec<NodeId>,
    /// The entries' items that lead nowhere.
    pub lost: Vec<NodeId>,
}

/// Everything found.
#[derive(Default)]
pub(super) struct Gathered {
    /// Every resource of the input's bundles, in file order; not the bundles themselves.
    pub resources: Vec<NodeId>,
    /// The bundles.
    pub bundles: Vec<NodeId>,
    pub lists: Vec<Listing>,
    /// The area of each resource, and of each contained one that has a row of its own.
    pub area: FxHashMap<NodeId, &'static str>,
    /// Resources that a list names, by the list's area.
    pub listed: FxHashMap<NodeId, Vec<&'static str>>,
    /// Resources that a reference leads to.
    pub reached: FxHashSet<NodeId>,
    /// References that lead nowhere.
    pub unresolved: Vec<NodeId>,
    /// Resources that a report shows.
    pub of_report: FxHashSet<NodeId>,
    /// What each list is for.
    pub purpose: FxHashMap<NodeId, Purpose>,
    /// The patients.
    pub patients: Vec<NodeId>,
}

impl Gathered {
    /// The resources of an area, in file order.
    pub fn of(&self, area: &str) -> Vec<NodeId> {
        let contained = self.lists.iter().flat_map(|list| list.items.iter().copied());
        let mut seen = FxHashSet::default();
        let all = self.resources.iter().copied().chain(contained);
        all.filter(|node| self.area.get(node) == Some(&area) && seen.insert(*node)).collect()
    }

    /// The lists of an area.
    pub fn lists_of(&self, area: &'static str) -> impl Iterator<Item = &Listing> {
        self.lists.iter().filter(move |list| list.purpose == Purpose::Primary(area))
    }
}

/// The targets of a path of references, in order.
pub(super) fn targets(context: &Context<'_>, node: NodeId, path: &str) -> Vec<NodeId> {
    let path = format!("{path}.reference");
    let found = select(context, node, &path);
    found.into_iter().filter_map(|text| context.resolve(text, context.tree.text(text)?)).collect()
}

/// Walks the input once.
pub(super) fn gather(context: &Context<'_>) -> Gathered {
    let mut all = Gathered::default();
    bundle(context, context.tree.root(), &mut all, 0);
    let tree = context.tree;
    for node in tree.all() {
        if !matches!(tree.name(node), "reference" | "valueUri") {
            continue;
        }
        let Some(text) = tree.text(node) else { continue };
        match context.resolve(node, text) {
            Some(target) => {
                all.reached.insert(target);
            }
            None if tree.name(node) == "reference" && !text.is_empty() => all.unresolved.push(node),
            None => {}
        }
    }
    for node in all.resources.clone() {
        if tree.resource_type(node) == Some("List") {
            let listing = listing(context, node);
            if let Purpose::Primary(area) | Purpose::Secondary(area, _) = listing.purpose {
                for item in &listing.items {
                    let areas = all.listed.entry(*item).or_default();
                    if !areas.contains(&area) {
                        areas.push(area);
                    }
                }
            }
            all.purpose.insert(node, listing.purpose);
            all.lists.push(listing);
        }
    }
    reports(context, &mut all);
    for node in all.resources.clone() {
        let area = area(context, &all, node);
        all.area.insert(node, area);
    }
    // What a list contains itself, such as ended allergies, has a row like any other.
    let contained: Vec<NodeId> = all.lists.iter().flat_map(|list| list.items.iter().copied()).collect();
    for node in contained {
        if !all.area.contains_key(&node) {
            let area = area(context, &all, node);
            all.area.insert(node, area);
        }
    }
    all
}

fn bundle(context: &Context<'_>, node: NodeId, all: &mut Gathered, depth: usize) {
    let tree = context.tree;
    all.bundles.push(node);
    let mut found = select(context, node, "entry.resource");
    if tree.resource_type(node) == Some("Parameters") {
        found = select(context, node, "parameter.resource");
    }
    for inner in found {
        match tree.resource_type(inner) {
            Some("Bundle") if depth < 8 => bundle(context, inner, all, depth + 1),
            Some(kind) => {
                if kind == "Patient" {
                    all.patients.push(inner);
                }
                all.resources.push(inner);
            }
            None => {}
        }
    }
}

fn listing(context: &Context<'_>, node: NodeId) -> Listing {
    let tree = context.tree;
    let texts = select(context, node, "code.coding.code");
    let purpose = texts.iter().filter_map(|code| codes::purpose(tree.text(*code)?)).next().unwrap_or(Purpose::Other);
    let mut listing = Listing { node, purpose, items: Vec::new(), lost: Vec::new() };
    for item in select(context, node, "entry.item") {
        let reference = context.child(item, "reference");
        match reference.and_then(|text| context.resolve(text, tree.text(text)?)) {
            Some(target) => listing.items.push(target),
            None => listing.lost.push(item),
        }
    }
    listing
}

/// Marks what reports show: their results, what is related to these, samples and requests.
fn reports(context: &Context<'_>, all: &mut Gathered) {
    let tree = context.tree;
    let mut open: Vec<NodeId> = Vec::new();
    for node in &all.resources {
        if tree.resource_type(*node) == Some("DiagnosticReport") {
            open.push(*node);
        }
    }
    while let Some(at) = open.pop() {
        for path in ["result", "related.target", "specimen", "basedOn", "imagingStudy"] {
            for target in targets(context, at, path) {
                let kind = tree.resource_type(target).unwrap_or("");
                let fits = matches!(kind, "Observation" | "Specimen" | "ProcedureRequest" | "ImagingStudy");
                if fits && all.of_report.insert(target) {
                    open.push(target);
                }
            }
        }
    }
    // A filing comment names what it is about, and not the other way round.
    for node in all.resources.clone() {
        if tree.resource_type(node) == Some("Observation")
            && !all.of_report.contains(&node)
            && is_comment(context, node)
            && targets(context, node, "related.target")
                .iter()
                .any(|target| all.of_report.contains(target) || tree.resource_type(*target) == Some("DiagnosticReport"))
        {
            all.of_report.insert(node);
        }
    }
}

/// Whether an observation is the comment with which a practice filed a result.
pub(super) fn is_comment(context: &Context<'_>, node: NodeId) -> bool {
    select(context, node, "code.coding.code").into_iter().any(|code| context.tree.text(code) == Some("37331000000100"))
}

/// The area of a resource.
fn area(context: &Context<'_>, all: &Gathered, node: NodeId) -> &'static str {
    let tree = context.tree;
    let listed = |area: &str| all.listed.get(&node).is_some_and(|areas| areas.contains(&area));
    match tree.resource_type(node).unwrap_or("") {
        "AllergyIntolerance" => "allergies",
        "Medication"
        | "MedicationStatement"
        | "MedicationRequest"
        | "MedicationDispense"
        | "MedicationAdministration" => "medicines",
        "Condition" => "problems",
        "Immunization" | "ImmunizationRecommendation" => "immunisations",
        "Encounter" => "consultations",
        "DiagnosticReport" | "Specimen" | "ImagingStudy" => "results",
        "ReferralRequest" => "referrals",
        "DocumentReference" | "DocumentManifest" | "Binary" => "documents",
        "Appointment" | "AppointmentResponse" | "Slot" | "Schedule" => "appointments",
        "FamilyMemberHistory" => "family-history",
        "Patient" | "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "HealthcareService"
        | "RelatedPerson" | "Person" | "Device" | "CareTeam" | "Group" => "people",
        "List" => match all.purpose.get(&node) {
            Some(Purpose::Consultation) => "consultations",
            _ => "technical",
        },
        "OperationOutcome" | "MessageHeader" | "Provenance" | "AuditEvent" | "Endpoint" => "technical",
        "ProcedureRequest" if all.of_report.contains(&node) => "results",
        "ProcedureRequest" => "recalls",
        "Observation" if listed("immunisations") => "immunisations",
        "Observation" if all.of_report.contains(&node) || listed("results") => "results",
        "Observation" if !context.gp_connect && codes::is_laboratory(context, node) => "results",
        "Observation" if !context.gp_connect && codes::is_vital_sign(context, node) => "vital-signs",
        _ => "other-entries",
    }
}
