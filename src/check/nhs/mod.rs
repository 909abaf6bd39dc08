//! The rules of the NHS, a file for each family. They run in the same walk as all others, dispatched by type, and look
//! through references at what is in the same input.
//!
//! They judge what is there by what its owner publishes, whichever packs are loaded. Where a rule is only right for the
//! NHS's own data (postcodes, telephone numbers, who must be named), it asks for a profile of the NHS or HL7 UK.

mod coding;
mod contact;
mod dates;
mod dosage;
mod identifiers;
mod medication;
mod news2;
mod observation;
mod pathology;
mod scheduling;
mod staff;
mod urls;

use super::Checker;
use crate::definitions::UrlKind;
use crate::issue::{NhsProblem, Problem};
use crate::links::{By, Found};
use crate::nhs;
use crate::plan::Rule;
use crate::primitive::{DateTime, Decimal};
use crate::tree::{NodeId, Tree};
use crate::typed::ElementRef;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// SNOMED CT's URI.
const SNOMED: &str = "http://snomed.info/sct";
/// UCUM's URI.
const UCUM: &str = "http://unitsofmeasure.org";

/// What the rules of the NHS remember during one check.
#[derive(Debug, Default)]
pub(super) struct Memory<'c> {
    /// What unknown URLs are meant to be: an input may repeat one many times.
    meant: BTreeMap<(UrlKind, &'c str), Option<&'c str>>,
    /// How many unknown URLs have been looked for among those that they may be meant to be.
    looked_for: u32,
    /// Whether a resource claims a profile of the NHS or HL7 UK; it is asked for each of its identifiers.
    claims: RefCell<FxHashMap<NodeId, bool>>,
    /// URLs that have been reported as wrong: once in an input is enough.
    urls: BTreeSet<&'c str>,
    /// Patients of whom an event before their birth has been reported: once is enough.
    early: FxHashSet<NodeId>,
}

impl<'c> Checker<'c> {
    /// Checks a node by its type. `elements` are those that apply to it.
    pub(super) fn nhs(&mut self, node: NodeId, type_name: &str, elements: &[ElementRef<'c>]) {
        match type_name {
            "Coding" => self.nhs_coding(node, elements),
            "CodeableConcept" => self.nhs_concept(node),
            "Identifier" => self.nhs_identifier(node, elements),
            "Extension" => self.nhs_extension_url(node),
            "Meta" => self.nhs_profile_urls(node),
            "ContactPoint" => self.nhs_contact_point(node),
            "Address" => self.nhs_address(node),
            _ if self.tree.resource_type_id(node).is_some() => self.nhs_resource(node, type_name, elements),
            _ => {}
        }
    }

    fn nhs_resource(&mut self, node: NodeId, type_name: &str, elements: &[ElementRef<'c>]) {
        self.nhs_duplicate_identifiers(node);
        match type_name {
            "Patient" => {
                self.nhs_patient_numbers(node);
                self.nhs_life(node);
            }
            "Bundle" => self.nhs_shared_numbers(node),
            "Observation" => self.nhs_observation(node),
            "DiagnosticReport" => self.nhs_report(node),
            "Medication" => self.nhs_medication(node),
            "MedicationRequest" | "MedicationStatement" | "MedicationDispense" | "MedicationAdministration" => {
                self.nhs_medicine(node, type_name);
            }
            "Appointment" => self.nhs_appointment(node),
            "Slot" => self.nhs_slot(node),
            "Practitioner" => self.nhs_practitioner(node, elements),
            "PractitionerRole" => self.nhs_role(node, elements),
            "Organization" => self.nhs_organisation(node, elements),
            _ => {}
        }
        self.nhs_events(node, type_name);
    }

    /// Whether a rule is written for the forms of the release that this is.
    fn is_asked(&self, problem: &NhsProblem) -> bool {
        !self.definitions.version().differences().not_asked.contains(&problem.rule())
    }

    /// Records what a rule found at a node.
    fn found(&mut self, node: NodeId, problem: NhsProblem) {
        if !self.is_asked(&problem) {
            return;
        }
        self.find(node, None, Problem::Nhs(problem));
    }

    /// Records what a rule found to be missing from a node, whose name is what should be looked at.
    fn found_at_name(&mut self, node: NodeId, problem: NhsProblem) {
        if !self.is_asked(&problem) {
            return;
        }
        self.find_name(node, None, Problem::Nhs(problem));
    }

    /// Whether a resource, or one that it is in, claims a profile of the NHS or HL7 UK, or one was asked for.
    pub(super) fn is_nhs(&self, node: NodeId) -> bool {
        if self.options.profiles.iter().any(|url| nhs::is_nhs_host(url)) {
            return true;
        }
        let tree = self.tree;
        let mut at = Some(node);
        while let Some(inside) = at {
            let resource = tree.resource_of(inside);
            let known = self.memory.claims.borrow().get(&resource).copied();
            let claims_one = known.unwrap_or_else(|| {
                let claims = tree.child(resource, "meta").into_iter().flat_map(|meta| tree.named(meta, "profile"));
                let mut asked = self.options.asked_of(tree.resource_type(resource).unwrap_or_default());
                let claims_one = claims.filter_map(|claim| tree.text(claim)).any(nhs::is_nhs_host)
                    || asked.any(|url| nhs::is_nhs_host(url));
                self.memory.claims.borrow_mut().insert(resource, claims_one);
                claims_one
            });
            if claims_one {
                return true;
            }
            at = tree.parent(resource);
        }
        false
    }

    /// Whether a resource claims a profile with this in its URL.
    pub(super) fn claims_profile(&self, node: NodeId, part: &str) -> bool {
        let Some(meta) = self.tree.child(node, "meta") else { return false };
        self.tree.named(meta, "profile").filter_map(|claim| self.tree.text(claim)).any(|url| url.contains(part))
    }

    /// Whether one of the elements demands a child of this name, so that its absence has been reported already.
    fn is_demanded(&self, elements: &[ElementRef<'c>], name: &str) -> bool {
        let Some(name) = self.tree.find_name(name) else { return false };
        let demands = |child: ElementRef<'c>| child.element.name == name && child.element.min > 0;
        elements.iter().any(|element| element.children().any(demands))
    }

    /// Whether one of the elements fixes the child `name` to this value, so that the value is what a profile asks for.
    fn is_fixed(&self, elements: &[ElementRef<'c>], name: &str, value: &str) -> bool {
        let Some(name) = self.tree.find_name(name) else { return false };
        let fixes = |rule: &Rule| match rule {
            Rule::Fixed(sample) => sample.tree.child_text(sample.tree.root(), "value") == Some(value),
            _ => false,
        };
        let is_it = |child: ElementRef<'c>| child.element.name == name && child.element.rules.iter().any(fixes);
        elements.iter().any(|element| element.children().any(is_it))
    }

    /// The resource in this input that an element of type Reference points to; by type and id alone where FHIR's rules find
    /// none, since GP Connect's Bundles have no fullUrl.
    pub(super) fn referred(&self, reference: NodeId) -> Option<NodeId> {
        let text = self.tree.child_text(reference, "reference")?;
        match self.links().find_by_id(reference, text) {
            // Of two with one id nobody knows which is meant.
            Found::Several(_, By::Id) => None,
            found => found.node(),
        }
    }

    /// The resource that the child `name` of a node points to.
    pub(super) fn linked(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.tree.child(node, name).and_then(|reference| self.referred(reference))
    }

    /// Whether two references to a patient certainly point to different ones: both are in this input and not the same.
    fn are_different(&self, one: Option<NodeId>, other: Option<NodeId>) -> bool {
        match (one.and_then(|one| self.referred(one)), other.and_then(|other| self.referred(other))) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        }
    }

    /// The child of a choice, whichever type it has: `value` gives `valueQuantity`.
    pub(super) fn choice_of(&self, node: NodeId, name: &str) -> Option<NodeId> {
        let name = self.tree.find_name(name)?;
        self.tree.children(node).find(|child| self.typed.choice(self.tree, *child) == Some(name))
    }

    /// The moment that an element tells: of a dateTime itself, of a Period its start.
    pub(super) fn moment(&self, node: NodeId) -> Option<(NodeId, DateTime)> {
        let at = match self.tree.text(node) {
            Some(_) => node,
            None => self.tree.child(node, "start")?,
        };
        Some((at, DateTime::parse(self.tree.text(at)?)?))
    }

    /// The date and time of a child.
    pub(super) fn date(&self, node: NodeId, name: &str) -> Option<(NodeId, DateTime)> {
        let at = self.tree.child(node, name)?;
        Some((at, DateTime::parse(self.tree.text(at)?)?))
    }

    /// Whether a concept has one of these codes of SNOMED CT or LOINC.
    pub(super) fn has_code(&self, concept: NodeId, systems: &[&str], codes: &[&str]) -> bool {
        let tree = self.tree;
        tree.named(concept, "coding").any(|coding| {
            tree.child_text(coding, "code").is_some_and(|code| codes.contains(&code))
                && tree.child_text(coding, "system").is_some_and(|system| systems.contains(&system))
        })
    }
}

/// Whether one moment is certainly before another, as far as both are precise.
pub(super) fn is_before(one: &DateTime, other: &DateTime) -> bool {
    one.compare(other) == Some(Ordering::Less)
}

/// A decimal value as a number, for comparing with tables; no result is made of it.
fn number(tree: &Tree, node: NodeId) -> Option<f64> {
    let text = tree.text(node)?;
    Decimal::parse(text)?;
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A quantity's value as a number.
fn amount(tree: &Tree, quantity: NodeId) -> Option<f64> {
    number(tree, tree.child(quantity, "value")?)
}

/// What a quantity's unit is called: `unit`, or `code` where there is none.
fn unit(tree: &Tree, quantity: NodeId) -> Option<&str> {
    let given = |name| tree.child_text(quantity, name).filter(|text| !text.trim().is_empty());
    given("unit").or_else(|| given("code"))
}
