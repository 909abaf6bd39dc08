//! The coded content of transfers of care: what their guides forbid or ask of lists, allergies, medicines, diagnoses,
//! procedures, attachments and the GP practice.

use crate::check::{Checker, shorten};
use crate::exchange::documents::{self, Kind, list, section};
use crate::issue::ExchangeProblem;
use crate::nhs::{self, SystemKind};
use crate::tree::NodeId;
use rustc_hash::FxHashMap;

impl<'c> Checker<'c> {
    /// Checks the resources of a transfer of care.
    pub(super) fn coded_content(&mut self, bundle: NodeId, composition: NodeId, kind: &'static Kind) {
        let tree = self.tree;
        let resources: Vec<NodeId> = self.entries(bundle).collect();
        // The list that each statement stands in.
        let mut lists: FxHashMap<NodeId, &str> = FxHashMap::default();
        for resource in &resources {
            if tree.resource_type(*resource) == Some("List") {
                self.medication_list(*resource, &mut lists);
            }
        }
        for resource in resources {
            match tree.resource_type(resource) {
                Some("AllergyIntolerance") => self.sent_allergy(resource),
                Some("MedicationStatement") => self.sent_medicine(resource, kind, lists.get(&resource).copied()),
                Some("MedicationDispense") => {
                    if let Some((at, status)) = self.other_than(resource, "status", &["completed"]) {
                        self.tell(at, ExchangeProblem::TocDispenseStatus { status });
                    }
                }
                Some("Condition" | "Procedure") => {
                    for name in ["severity", "bodySite"] {
                        if let Some(at) = tree.child(resource, name) {
                            self.tell_at_name(at, ExchangeProblem::TocDetail { name: name.to_owned() });
                        }
                    }
                }
                Some("Binary") => self.attached(resource),
                Some("Patient") => self.sent_patient(resource),
                _ => {}
            }
        }
        for part in tree.named(composition, "section") {
            match self.snomed_code(part, "code") {
                Some(section::GP_PRACTICE) => self.gp_practice(part),
                Some(code @ (section::MEDICATIONS | section::ALLERGIES)) if tree.child(part, "entry").is_none() => {
                    self.tell_at_name(part, ExchangeProblem::TocTextOnly { heading: documents::heading(code) });
                }
                _ => {}
            }
        }
    }

    /// A child's value where it is there and is none of those allowed.
    fn other_than(&self, node: NodeId, name: &str, allowed: &[&str]) -> Option<(NodeId, String)> {
        let at = self.tree.child(node, name)?;
        let text = self.tree.text(at).filter(|text| !text.is_empty() && !allowed.contains(text))?;
        Some((at, shorten(text)))
    }

    fn sent_allergy(&mut self, node: NodeId) {
        let tree = self.tree;
        let status = tree.child(node, "verificationStatus");
        if let Some(at) = status
            && let Some(text) = tree.text(at).filter(|text| matches!(*text, "refuted" | "entered-in-error"))
        {
            self.tell(at, ExchangeProblem::TocAllergyStatus { status: text.to_owned() });
        }
        if let Some((at, status)) = self.other_than(node, "clinicalStatus", &["active"]) {
            self.tell(at, ExchangeProblem::TocAllergyClinical { status });
        }
        for reaction in tree.named(node, "reaction") {
            for note in tree.named(reaction, "note") {
                self.tell_at_name(note, ExchangeProblem::TocReactionNote);
            }
            if let Some(substance) = tree.child(reaction, "substance") {
                self.tell_at_name(substance, ExchangeProblem::TocReactionSubstance);
            }
        }
    }

    /// A list of medications, whose items go into `lists`.
    fn medication_list(&mut self, node: NodeId, lists: &mut FxHashMap<NodeId, &'c str>) {
        let tree = self.tree;
        let Some(code) = self.snomed_code(node, "code") else { return };
        if code != list::ACTIVE_MEDICATIONS && code != list::STOPPED_MEDICATIONS {
            return;
        }
        if let Some(reason) = tree.child(node, "emptyReason") {
            self.tell_at_name(reason, ExchangeProblem::TocMedicationListEmpty { name: "emptyReason" });
        }
        for entry in tree.named(node, "entry") {
            if let Some(flag) = tree.child(entry, "flag") {
                self.tell_at_name(flag, ExchangeProblem::TocMedicationListEmpty { name: "flag" });
            }
            if let Some(item) = self.linked(entry, "item") {
                lists.insert(item, code);
            }
        }
    }

    fn sent_medicine(&mut self, node: NodeId, kind: &'static Kind, stands_in: Option<&str>) {
        let tree = self.tree;
        let mut has_dosage = false;
        for dosage in tree.named(node, "dosage") {
            has_dosage |= tree.child_text(dosage, "text").is_some_and(|text| !text.trim().is_empty());
            for name in ["timing", "method"] {
                if let Some(at) = tree.child(dosage, name) {
                    self.tell_at_name(at, ExchangeProblem::TocDosageCoded { name: format!("dosage.{name}") });
                }
            }
        }
        if !has_dosage {
            self.tell_at_name(node, ExchangeProblem::TocDosageText);
        }
        for name in ["reasonCode", "reasonNotTaken"] {
            if let Some(at) = tree.child(node, name) {
                self.tell_at_name(at, ExchangeProblem::TocStatementReason { name: name.to_owned() });
            }
        }
        if let Some((at, taken)) = self.other_than(node, "taken", &["unk", "na"]) {
            self.tell(at, ExchangeProblem::TocStatementTaken { taken });
        }
        let expected = match stands_in {
            Some(list::ACTIVE_MEDICATIONS) => Some(("active", "active")),
            Some(list::STOPPED_MEDICATIONS) => Some(("discontinued", "stopped")),
            _ => None,
        };
        if let Some((list, expected)) = expected
            && let Some((at, status)) = self.other_than(node, "status", &[expected])
        {
            self.tell(at, ExchangeProblem::TocStatementList { status, list, expected });
        }
        let expected = if kind.event == "ITK006D" { "outpatient" } else { "inpatient" };
        let category = tree.child(node, "category").and_then(|category| tree.child(category, "coding"));
        if let Some(coding) = category
            && let Some((at, category)) = self.other_than(coding, "code", &[expected])
        {
            self.tell(at, ExchangeProblem::TocStatementCategory { category, expected, kind: kind.name });
        }
    }

    /// The kind of file of an attachment.
    fn attached(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(at) = tree.child(node, "contentType") else { return };
        let Some(text) = tree.text(at) else { return };
        let media = text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase();
        if !media.is_empty() && !documents::ATTACHMENT_TYPES.contains(&&*media) {
            self.tell(at, ExchangeProblem::TocAttachmentType { found: shorten(text) });
        }
    }

    /// The practice that a section names, by its code.
    fn gp_practice(&mut self, part: NodeId) {
        let tree = self.tree;
        for entry in tree.named(part, "entry") {
            let Some(practice) = self.referred(entry) else { continue };
            if tree.resource_type(practice) != Some("Organization") {
                continue;
            }
            let mut codes = Vec::new();
            for identifier in tree.named(practice, "identifier") {
                let kind = tree.child_text(identifier, "system").and_then(nhs::system).map(|system| system.kind);
                if matches!(kind, Some(SystemKind::OdsOrganisation | SystemKind::OdsSite)) {
                    codes.extend(tree.child_text(identifier, "value").filter(|value| !value.trim().is_empty()));
                }
            }
            if codes.is_empty() {
                self.tell_at_name(practice, ExchangeProblem::TocGpPracticeOds);
            }
            let text = tree.child(part, "text").and_then(|text| tree.child(text, "div"));
            let is_in = |text: &str| codes.iter().any(|code| has_word(text, code));
            if let Some(at) = text
                && tree.text(at).is_some_and(is_in)
            {
                self.tell_at_name(at, ExchangeProblem::TocGpPracticeText);
            }
        }
    }

    /// Who a patient is, where the NHS number does not say it.
    fn sent_patient(&mut self, node: NodeId) {
        let tree = self.tree;
        if self.number_of(node).is_some() {
            return;
        }
        let has = |name: &str, part: &str| tree.named(node, name).any(|at| tree.child(at, part).is_some());
        let wanted = [
            ("the family name", has("name", "family")),
            ("the given name", has("name", "given")),
            ("the birth date", tree.child(node, "birthDate").is_some()),
            ("the gender", tree.child(node, "gender").is_some()),
            ("the address", tree.child(node, "address").is_some()),
            ("the postcode", has("address", "postalCode")),
        ];
        let missing: Vec<&str> = wanted.iter().filter(|(_, has)| !has).map(|(name, _)| *name).collect();
        if let Some((last, others)) = missing.split_last() {
            let missing = match others {
                [] => format!("{last} is"),
                _ => format!("{} and {last} are", others.join(", ")),
            };
            self.tell_at_name(node, ExchangeProblem::TocPatientUnidentified { missing });
        }
    }
}

/// Whether a text has a word, between characters that are no letters or digits.
fn has_word(text: &str, word: &str) -> bool {
    let is_edge = |letter: Option<char>| !letter.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
            is_edge(before) && is_edge(after)
        })
}
