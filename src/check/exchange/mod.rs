//! The rules of whole documents and messages, a file for each family. They run in the same walk as all others, at the Bundle
//! or the resource that they are about, and look through references at what is in the same input.
//!
//! What they need to know of the NHS's guides is in `crate::exchange`. A rule is asked of a resource by its profile, its
//! event or its place in such a document, never by its type alone.

mod appointments;
mod areas;
mod coded;
mod documents;
mod events;
mod medicines;
mod messages;
mod packed;
mod pointers;
mod record;
mod responses;

use super::Checker;
use crate::exchange::{gpconnect, name_in};
use crate::issue::{ExchangeProblem, Problem};
use crate::nhs;
use crate::tree::NodeId;

/// SNOMED CT's URI.
const SNOMED: &str = "http://snomed.info/sct";

/// What the rules of documents and messages remember during one check.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Whether it was said that ITK3 writes UUIDs in a way of its own: once in an input is enough.
    uuid_system_said: bool,
    /// Whether all of these rules are off, once that has been looked up.
    is_off: Option<bool>,
}

impl<'c> Checker<'c> {
    /// Checks a resource by the rules of documents and messages.
    pub(super) fn exchange(&mut self, node: NodeId, type_name: &str) {
        // What is packed is checked by all rules.
        if type_name == "Binary" {
            self.packed(node);
        }
        if *self.exchanged.is_off.get_or_insert_with(|| self.options.rules.are_off(ExchangeProblem::RULES)) {
            return;
        }
        match type_name {
            "Bundle" => self.exchange_bundle(node),
            "List" if self.is_of_gp_connect(node, "List-1") => self.gp_list(node),
            "MedicationStatement" if self.is_of_gp_connect(node, "MedicationStatement-1") => self.gp_statement(node),
            "MedicationRequest" if self.is_of_gp_connect(node, "MedicationRequest-1") => self.gp_request(node),
            "AllergyIntolerance" if self.is_of_gp_connect(node, "AllergyIntolerance-1") => self.gp_allergy(node),
            "Condition" if self.is_of_gp_connect(node, "ProblemHeader-Condition-1") => self.gp_problem(node),
            "Immunization" if self.is_of_gp_connect(node, "Immunization-1") => self.gp_immunisation(node),
            "OperationOutcome" if self.is_of_profile(node, "GPConnect-OperationOutcome-1") => self.gp_outcome(node),
            "Appointment" if self.is_of_profile(node, "GPConnect-Appointment-1") => self.gp_appointment(node),
            "DocumentReference" if self.is_of_profile(node, "NRL-DocumentReference-1") => self.nrl_pointer(node),
            "Parameters" => self.nrl_patch(node),
            "Subscription" if self.is_of_profile(node, "EMS-Subscription-1") => self.subscription(node),
            _ => {}
        }
        if matches!(type_name, "Bundle" | "List" | "Binary") {
            self.gp_confidential(node, type_name);
        }
    }

    fn exchange_bundle(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(head) = tree.child(node, "entry").and_then(|entry| tree.child(entry, "resource")) else { return };
        match (tree.child_text(node, "type"), tree.resource_type(head)) {
            (Some("document"), Some("Composition")) => self.exchange_document(node, head),
            (Some("message"), Some("MessageHeader")) => {
                self.exchange_message(node, head);
                self.event_message(node, head);
            }
            _ if self.is_gp_record(node) => self.gp_record(node),
            _ => {}
        }
    }

    /// Whether a UUID under the URL of the document that defines UUIDs is as ITK3's guides have it; that is said once.
    pub(super) fn is_uuid_of_itk(&mut self, identifier: NodeId) -> bool {
        let tree = self.tree;
        let mut at = Some(identifier);
        while let Some(inside) = at {
            let resource = tree.resource_of(inside);
            if self.profile_names(resource).any(|name| name.starts_with("ITK-") || name.starts_with("CareConnect-ITK-"))
            {
                if !self.exchanged.uuid_system_said {
                    self.exchanged.uuid_system_said = true;
                    self.tell(identifier, ExchangeProblem::UuidSystem);
                }
                return true;
            }
            at = tree.parent(resource);
        }
        false
    }

    /// Whether a Bundle is a record of GP Connect: by its profile, or, where it claims none, by those of what is in it.
    pub(super) fn is_gp_record(&self, bundle: NodeId) -> bool {
        if self.profile_names(bundle).next().is_some() {
            return self.is_of_profile(bundle, gpconnect::RECORD);
        }
        let is_of_gp_connect = |resource| self.profile_names(resource).any(|name| name.starts_with("CareConnect-GPC-"));
        self.tree.child_text(bundle, "type") == Some("collection") && self.entries(bundle).any(is_of_gp_connect)
    }

    /// Records what a rule found at a node.
    fn tell(&mut self, node: NodeId, problem: ExchangeProblem) {
        self.find(node, None, Problem::Exchange(problem));
    }

    /// Records what a rule found to be missing from a node, whose name is what should be looked at.
    fn tell_at_name(&mut self, node: NodeId, problem: ExchangeProblem) {
        self.find_name(node, None, Problem::Exchange(problem));
    }

    /// The names of the profiles that a resource claims.
    fn profile_names(&self, node: NodeId) -> impl Iterator<Item = &'c str> + use<'c> {
        let tree = self.tree;
        let claims = tree.child(node, "meta").into_iter().flat_map(move |meta| tree.named(meta, "profile"));
        claims.filter_map(move |claim| tree.text(claim)).map(name_in)
    }

    /// Whether a resource claims a profile of this name.
    fn is_of_profile(&self, node: NodeId, name: &str) -> bool {
        self.profile_names(node).any(|claimed| claimed == name)
    }

    /// Whether a resource claims a profile of GP Connect's records, by what follows 'CareConnect-GPC-'.
    fn is_of_gp_connect(&self, node: NodeId, name: &str) -> bool {
        self.profile_names(node).any(|claimed| claimed.strip_prefix("CareConnect-GPC-") == Some(name))
    }

    /// The resources of a Bundle's entries, in order.
    fn entries(&self, bundle: NodeId) -> impl Iterator<Item = NodeId> + use<'c> {
        let tree = self.tree;
        tree.named(bundle, "entry").filter_map(move |entry| tree.child(entry, "resource"))
    }

    /// The SNOMED CT codes of a concept.
    fn snomed_codes(&self, concept: NodeId) -> impl Iterator<Item = &'c str> + use<'c> {
        let tree = self.tree;
        let codings =
            tree.named(concept, "coding").filter(move |coding| tree.child_text(*coding, "system") == Some(SNOMED));
        codings.filter_map(move |coding| tree.child_text(coding, "code"))
    }

    /// The first SNOMED CT code of the child `name`, a concept.
    fn snomed_code(&self, node: NodeId, name: &str) -> Option<&'c str> {
        self.tree.child(node, name).and_then(|concept| self.snomed_codes(concept).next())
    }

    /// A patient's NHS number, as it is written.
    fn number_of(&self, patient: NodeId) -> Option<&'c str> {
        let tree = self.tree;
        let is_number = |identifier: &NodeId| tree.child_text(*identifier, "system") == Some(nhs::NHS_NUMBER);
        tree.named(patient, "identifier").filter(is_number).find_map(|identifier| tree.child_text(identifier, "value"))
    }

    /// A value as a message repeats it: shortened, or 'nothing' where there is none.
    fn said(&self, node: NodeId, name: &str) -> String {
        self.tree.child_text(node, name).map_or_else(|| "nothing".to_owned(), super::shorten)
    }
}
