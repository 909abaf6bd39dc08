//! Medicines: quantities, what a statement is based on, the medicine's code against its form.

use super::SNOMED;
use crate::check::{Checker, shorten};
use crate::issue::NhsProblem;
use crate::tree::NodeId;

/// The forms of medicines as a name or a form has them; words in one row mean the same.
const FORMS: &[&[&str]] = &[
    &["tablet", "tablets"],
    &["capsule", "capsules"],
    &["cream"],
    &["ointment"],
    &["gel"],
    &["lotion"],
    &["suspension"],
    &["solution", "liquid", "elixir", "syrup", "linctus"],
    &[
        "injection",
        "infusion",
        "ampoule",
        "ampoules",
        "vial",
        "vials",
        "cartridge",
        "cartridges",
        "pen",
        "syringe",
        "syringes",
    ],
    &["patch", "patches"],
    &["inhaler", "inhalers", "inhalation", "inhalations"],
    &["suppository", "suppositories"],
    &["pessary", "pessaries"],
    &["drop", "drops"],
    &["lozenge", "lozenges"],
    &["granule", "granules", "sachet", "sachets", "powder", "powders"],
    &["spray", "sprays"],
    &["enema", "enemas"],
    &["dressing", "dressings"],
];

/// The units in which packs are counted, at the end of a pack's name.
const PACKED: &[&str] =
    &["tablet", "capsule", "ml", "gram", "dose", "sachet", "patch", "suppository", "pessary", "lozenge", "g"];

impl<'c> Checker<'c> {
    /// A Medication: its code against its form.
    pub(super) fn nhs_medication(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(code) = tree.child(node, "code") else { return };
        self.nhs_pack(code);
        let Some(form_node) = tree.child(node, "form") else { return };
        let form = tree.named(form_node, "coding").find_map(|coding| tree.child_text(coding, "display"));
        let Some(form) = form.or_else(|| tree.child_text(form_node, "text")) else { return };
        let Some(display) = self.product(code).and_then(|coding| tree.child_text(coding, "display")) else { return };
        let (of_form, of_name) = (forms(form), forms(display));
        if of_form != 0 && of_name != 0 && of_form & of_name == 0 {
            self.found(form_node, NhsProblem::DmdForm { form: shorten(form), display: shorten(display) });
        }
    }

    /// The coding of SNOMED CT or dm+d.
    fn product(&self, concept: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        let is_it = |coding: &NodeId| matches!(tree.child_text(*coding, "system"), Some(SNOMED | "https://dmd.nhs.uk"));
        tree.named(concept, "coding").find(is_it)
    }

    /// A pack where a product to be taken is meant.
    fn nhs_pack(&mut self, concept: NodeId) {
        let Some(coding) = self.product(concept) else { return };
        let tree = self.tree;
        let display = tree.child(coding, "display");
        let code = tree.child_text(coding, "code");
        // A release knows; without one the display tells, as far as packs' names have a form of their own.
        match code.and_then(|code| Some((code, self.definitions.terminology().dmd_level(code)?))) {
            Some((code, Some(level))) if level.is_pack() => {
                let name = display.and_then(|display| tree.text(display)).unwrap_or(code);
                self.found(display.unwrap_or(coding), NhsProblem::DmdPack { display: shorten(name) });
            }
            Some((code, None)) => self.found(coding, NhsProblem::DmdProduct { code: shorten(code) }),
            Some(_) => {}
            None => {
                let Some((at, name)) = display.and_then(|at| Some((at, tree.text(at)?))) else { return };
                if is_pack(name) {
                    self.found(at, NhsProblem::DmdPack { display: shorten(name) });
                }
            }
        }
    }

    pub(super) fn nhs_medicine(&mut self, node: NodeId, type_name: &str) {
        let tree = self.tree;
        let concept = tree.child(node, "medicationCodeableConcept");
        if let Some(concept) = concept.filter(|_| type_name != "MedicationDispense") {
            self.nhs_pack(concept);
        }
        let medication = self.linked(node, "medicationReference");
        // Whether the medicine is coded is not known where the Medication is elsewhere.
        let code = concept.or_else(|| medication.and_then(|medication| tree.child(medication, "code")));
        let medicine = match (concept, medication) {
            (None, None) => None,
            _ => Some(code.is_some_and(|code| self.product(code).is_some())),
        };
        let name = if type_name == "MedicationRequest" || type_name == "MedicationDispense" {
            "dosageInstruction"
        } else {
            "dosage"
        };
        for dosage in tree.named(node, name) {
            for part in ["doseQuantity", "maxDosePerAdministration", "maxDosePerLifetime", "dose"] {
                self.nhs_quantity(tree.child(dosage, part));
            }
            if type_name == "MedicationRequest" {
                self.nhs_computable(dosage, medicine);
            }
        }
        self.nhs_quantity(tree.child(node, "quantity"));
        self.nhs_quantity(tree.child(node, "dispenseRequest").and_then(|request| tree.child(request, "quantity")));
        match type_name {
            "MedicationStatement" => self.nhs_statement(node),
            "MedicationDispense" => self.nhs_same_patient(node, "authorizingPrescription", "MedicationRequest"),
            "MedicationRequest" => self.nhs_same_patient(node, "basedOn", "MedicationRequest"),
            _ => {}
        }
    }

    /// A quantity of medicine has a unit.
    fn nhs_quantity(&mut self, quantity: Option<NodeId>) {
        let tree = self.tree;
        let Some(quantity) = quantity else { return };
        let Some(value) = tree.child_text(quantity, "value") else { return };
        // GP Connect's suppliers put the unit in an extension where it is free text.
        let is_there = |name: &str| tree.child_text(quantity, name).is_some_and(|text| !text.trim().is_empty());
        if !is_there("unit") && !is_there("code") && tree.child(quantity, "extension").is_none() {
            self.found(quantity, NhsProblem::QuantityNoUnit { value: shorten(value) });
        }
    }

    /// A MedicationStatement of GP Connect comes with the MedicationRequest that authorises it.
    fn nhs_statement(&mut self, node: NodeId) {
        let tree = self.tree;
        self.nhs_same_patient(node, "basedOn", "MedicationRequest");
        if !self.claims_profile(node, "CareConnect-GPC-MedicationStatement") {
            return;
        }
        let mut is_based = false;
        for reference in tree.named(node, "basedOn") {
            is_based = true;
            let Some(text) = tree.child_text(reference, "reference") else { continue };
            // Alone, without a Bundle, a statement brings nothing with it.
            if tree.resource_type(tree.root()) == Some("Bundle") && self.referred(reference).is_none() {
                self.found(reference, NhsProblem::StatementRequestMissing { reference: shorten(text) });
            }
        }
        if !is_based {
            self.found_at_name(node, NhsProblem::StatementNoRequest);
        }
    }

    /// Linked resources are about one patient.
    fn nhs_same_patient(&mut self, node: NodeId, link: &str, other: &'static str) {
        let tree = self.tree;
        let subject = tree.child(node, "subject");
        for reference in tree.named(node, link) {
            let Some(target) = self.referred(reference) else { continue };
            if self.are_different(subject, tree.child(target, "subject")) {
                self.found(reference, NhsProblem::MedicationSubject { other });
            }
        }
    }
}

/// The forms that a text names, a bit each.
fn forms(text: &str) -> u32 {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphabetic());
    words.filter_map(|word| FORMS.iter().position(|row| row.contains(&word))).fold(0, |forms, at| forms | 1 << at)
}

/// Whether a term ends with a number and a unit of packs after the product's own form: "… 500mg tablets 32 tablet".
fn is_pack(display: &str) -> bool {
    let words: Vec<&str> = display.split_whitespace().collect();
    let [before @ .., count, unit] = &words[..] else { return false };
    PACKED.contains(&unit.to_lowercase().as_str())
        && count.bytes().all(|byte| byte.is_ascii_digit())
        && before.iter().any(|word| forms(word) != 0)
}
