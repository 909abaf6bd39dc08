//! The chain of a medicine in GP Connect: its statement, its authorisation (the plan), and its issues (the orders).

use crate::check::{Checker, shorten};
use crate::exchange::gpconnect;
use crate::issue::ExchangeProblem;
use crate::tree::NodeId;

/// Where a reference of the chain leads.
enum Leads {
    /// To nothing that can be judged: there is no record around it.
    Unknown,
    /// To nothing in the record.
    Nowhere,
    /// To a MedicationRequest of this intent.
    To(NodeId, Intent),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Intent {
    Plan,
    Other,
}

impl<'c> Checker<'c> {
    /// Checks a statement of a medicine.
    pub(super) fn gp_statement(&mut self, node: NodeId) {
        let tree = self.tree;
        self.gp_medication_status(node);
        if let Some(at) = tree.child(node, "taken")
            && let Some(taken) = tree.text(at).filter(|taken| *taken != "unk")
        {
            self.tell(at, ExchangeProblem::GpcTaken { taken: shorten(taken) });
        }
        let period = tree.child(node, "effectivePeriod");
        if tree.child_text(node, "status") == Some("active")
            && let Some(end) = period.and_then(|period| tree.child(period, "end"))
        {
            self.tell(end, ExchangeProblem::GpcActiveEnd);
        }
        // That a statement refers to nothing, or to nothing in the record, is another rule's matter (nhs-statement-…).
        let Some(reference) = tree.child(node, "basedOn") else { return };
        let plan = match self.leads_to(reference) {
            Leads::Unknown | Leads::Nowhere => return,
            Leads::To(_, Intent::Other) => {
                let problem = "The statement refers to an issue, not to an authorisation";
                self.tell(reference, ExchangeProblem::GpcStatementPlan { problem });
                return;
            }
            Leads::To(plan, Intent::Plan) => plan,
        };
        if let (Some(at), Some(of_plan)) = (tree.child(node, "status"), tree.child_text(plan, "status"))
            && let Some(status) = tree.text(at).filter(|status| *status != of_plan)
        {
            self.tell(at, ExchangeProblem::GpcStatusDiffers { status: shorten(status), plan: shorten(of_plan) });
        }
        self.same_medicine(node, plan);
        self.same_dosage(tree.child(node, "dosage"), plan);
        let validity = tree.child(plan, "dispenseRequest").and_then(|request| tree.child(request, "validityPeriod"));
        if let (Some(period), Some(validity)) = (period, validity) {
            for name in ["start", "end"] {
                let (Some(at), Some(of_plan)) = (tree.child(period, name), tree.child_text(validity, name)) else {
                    continue;
                };
                let day = |text: &str| text.get(..10).unwrap_or(text).to_owned();
                if tree.text(at).is_some_and(|text| day(text) != day(of_plan)) {
                    self.tell(at, ExchangeProblem::GpcValidity { name });
                }
            }
        }
    }

    /// Checks an authorisation or an issue.
    pub(super) fn gp_request(&mut self, node: NodeId) {
        let tree = self.tree;
        self.gp_medication_status(node);
        let reason = self.extension_at(node, "MedicationStatusReason-1");
        let repeat = self.extension_at(node, "MedicationRepeatInformation-1");
        if let Some(request) = tree.child(node, "dispenseRequest")
            && let Some(quantity) = tree.child(request, "quantity")
            && tree.child(quantity, "value").is_some()
            && let Some(at) = self.extension_at(quantity, "MedicationQuantityText-1")
        {
            self.tell_at_name(at, ExchangeProblem::GpcQuantity);
        }
        if let Some(group) = tree.child(node, "groupIdentifier")
            && let Some(at) = tree.child(group, "system")
            && let Some(system) =
                tree.text(at).filter(|system| *system != "https://fhir.nhs.uk/Id/prescription-order-number")
        {
            self.tell(at, ExchangeProblem::GpcPrescriptionNumber { system: shorten(system) });
        }
        match tree.child_text(node, "intent") {
            Some("plan") => self.gp_plan(node, reason, repeat),
            Some("order") => self.gp_order(node, reason, repeat),
            _ => {}
        }
    }

    fn gp_plan(&mut self, node: NodeId, reason: Option<NodeId>, repeat: Option<NodeId>) {
        let tree = self.tree;
        match (tree.child_text(node, "status"), reason) {
            (Some("stopped"), None) => {
                let problem = "The authorisation was stopped, but does not say why";
                self.tell_at_name(node, ExchangeProblem::GpcStatusReason { problem });
            }
            (Some("active" | "completed"), Some(at)) => {
                let problem = "The authorisation was not stopped, but says why it was";
                self.tell_at_name(at, ExchangeProblem::GpcStatusReason { problem });
            }
            _ => {}
        }
        let kind = self
            .extension_at(node, "PrescriptionType-1")
            .and_then(|extension| tree.child(extension, "valueCodeableConcept"));
        let kind =
            kind.and_then(|concept| tree.child(concept, "coding")).and_then(|coding| tree.child_text(coding, "code"));
        match (kind, repeat) {
            (Some("repeat" | "repeat-dispensing"), None) => {
                let problem = "The authorisation of a repeat prescription does not say how often it may be issued";
                self.tell_at_name(node, ExchangeProblem::GpcRepeat { problem });
            }
            (Some("acute" | "delayed-prescribing"), Some(at)) => {
                let problem = "An authorisation that is not repeated says how often it may be issued";
                self.tell_at_name(at, ExchangeProblem::GpcRepeat { problem });
            }
            _ => {}
        }
    }

    fn gp_order(&mut self, node: NodeId, reason: Option<NodeId>, repeat: Option<NodeId>) {
        let tree = self.tree;
        if let Some(at) = reason {
            let problem = "An issue says why it was stopped";
            self.tell_at_name(at, ExchangeProblem::GpcStatusReason { problem });
        }
        if let Some(at) = repeat {
            let problem = "An issue says how often it may be issued";
            self.tell_at_name(at, ExchangeProblem::GpcRepeat { problem });
        }
        let Some(reference) = tree.child(node, "basedOn") else {
            let problem = "The issue refers to no authorisation";
            self.tell_at_name(node, ExchangeProblem::GpcOrderPlan { problem });
            return;
        };
        match self.leads_to(reference) {
            Leads::Unknown => {}
            Leads::Nowhere => {
                let problem = "The authorisation that the issue refers to is not in the record";
                self.tell(reference, ExchangeProblem::GpcOrderPlan { problem });
            }
            Leads::To(_, Intent::Other) => {
                let problem = "The issue refers to something that is not an authorisation";
                self.tell(reference, ExchangeProblem::GpcOrderPlan { problem });
            }
            Leads::To(plan, Intent::Plan) => {
                self.same_medicine(node, plan);
                self.same_dosage(tree.child(node, "dosageInstruction"), plan);
            }
        }
    }

    fn gp_medication_status(&mut self, node: NodeId) {
        let tree = self.tree;
        if let Some(at) = tree.child(node, "status")
            && let Some(status) = tree.text(at).filter(|status| !matches!(*status, "active" | "completed" | "stopped"))
        {
            self.tell(at, ExchangeProblem::GpcMedicationStatus { status: shorten(status) });
        }
    }

    /// The extension of a node whose URL ends so.
    pub(super) fn extension_at(&self, node: NodeId, end: &str) -> Option<NodeId> {
        let tree = self.tree;
        let is_it = |extension: &NodeId| tree.child_text(*extension, "url").is_some_and(|url| url.ends_with(end));
        tree.named(node, "extension").find(is_it)
    }

    fn leads_to(&self, reference: NodeId) -> Leads {
        let tree = self.tree;
        let Some(target) = self.referred(reference) else {
            let is_written = tree.child_text(reference, "reference").is_some_and(|text| !text.is_empty());
            let root = tree.root();
            return match is_written && tree.resource_type(root) == Some("Bundle") && self.is_gp_record(root) {
                true => Leads::Nowhere,
                false => Leads::Unknown,
            };
        };
        let is_plan = tree.resource_type(target) == Some("MedicationRequest")
            && tree.child_text(target, "intent") == Some("plan");
        Leads::To(target, if is_plan { Intent::Plan } else { Intent::Other })
    }

    /// The concept that says which medicine it is, looked for through a reference.
    fn medicine_of(&self, node: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        match tree.child(node, "medicationCodeableConcept") {
            Some(concept) => Some(concept),
            None => self.linked(node, "medicationReference").and_then(|medicine| tree.child(medicine, "code")),
        }
    }

    /// Whether a statement or issue is of the same medicine as its authorisation, as far as codes can tell.
    fn same_medicine(&mut self, node: NodeId, plan: NodeId) {
        let tree = self.tree;
        let (Some(own), Some(of_plan)) = (self.medicine_of(node), self.medicine_of(plan)) else { return };
        if own == of_plan {
            return;
        }
        let is_same = match (self.snomed_codes(own).next(), self.snomed_codes(of_plan).next()) {
            (Some(_), Some(_)) => {
                self.snomed_codes(own).any(|code| self.snomed_codes(of_plan).any(|other| other == code))
            }
            (None, None) => match (tree.child_text(own, "text"), tree.child_text(of_plan, "text")) {
                (Some(own), Some(other)) => is_same_text(own, other),
                _ => true,
            },
            _ => true,
        };
        // A code that stands for one which could not be carried over says nothing of which medicine it is.
        let texts = (tree.child_text(own, "text"), tree.child_text(of_plan, "text"));
        let is_other_text = matches!(texts, (Some(own), Some(other)) if !is_same_text(own, other));
        let is_degraded = self.snomed_codes(own).any(|code| code == gpconnect::DEGRADED_MEDICATION);
        if is_same && !(is_degraded && is_other_text) {
            return;
        }
        if let Some(at) =
            tree.child(node, "medicationReference").or_else(|| tree.child(node, "medicationCodeableConcept"))
        {
            self.tell(at, ExchangeProblem::GpcMedicineDiffers);
        }
    }

    /// Whether a dosage is the authorisation's, in words.
    fn same_dosage(&mut self, dosage: Option<NodeId>, plan: NodeId) {
        let tree = self.tree;
        let Some(at) = dosage.and_then(|dosage| tree.child(dosage, "text")) else { return };
        let of_plan = tree.child(plan, "dosageInstruction").and_then(|dosage| tree.child_text(dosage, "text"));
        if let (Some(text), Some(of_plan)) = (tree.text(at), of_plan)
            && !is_same_text(text, of_plan)
        {
            self.tell(at, ExchangeProblem::GpcDosageDiffers);
        }
    }
}

/// Whether two texts say the same but for case, white space and a full stop.
fn is_same_text(one: &str, other: &str) -> bool {
    let words =
        |text: &str| text.trim_end_matches(['.', ' ']).to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    words(one) == words(other)
}
