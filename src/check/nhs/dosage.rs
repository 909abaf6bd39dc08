//! How far a dosage can be computed with. Its text against its structure is for [`crate::contradictions`].

use super::{SNOMED, UCUM};
use crate::check::Checker;
use crate::issue::NhsProblem;
use crate::tree::NodeId;

impl<'c> Checker<'c> {
    /// How far a medicine's dosage can be computed with: medicine, dose, timing and route, each coded or not.
    pub(super) fn nhs_computable(&mut self, dosage: NodeId, medicine: Option<bool>) {
        let tree = self.tree;
        let mut reasons = Vec::new();
        let mut of = 3;
        if let Some(is_coded) = medicine {
            of += 1;
            if !is_coded {
                reasons.push("the medicine has no code of SNOMED CT or dm+d");
            }
        }
        let is_coded = |quantity: NodeId| {
            tree.child(quantity, "value").is_some()
                && tree.child(quantity, "code").is_some()
                && tree.child_text(quantity, "system").is_some_and(|system| system == SNOMED || system == UCUM)
        };
        // R4 has dose and rate inside of an element, STU3 beside the others.
        let amounts = tree.child(dosage, "doseAndRate").unwrap_or(dosage);
        let dose = tree.child(amounts, "doseQuantity");
        match (dose, tree.child(amounts, "doseRange").or_else(|| self.choice_of(amounts, "rate"))) {
            (Some(quantity), _) if is_coded(quantity) => {}
            (Some(_), _) => reasons.push("the dose's unit has no code"),
            (None, Some(_)) => {}
            (None, None) => reasons.push("the dose is text only"),
        }
        let timing = tree.child(dosage, "timing");
        let has_timing = timing.is_some_and(|timing| {
            tree.child(timing, "repeat").is_some()
                || tree.child(timing, "event").is_some()
                || tree.child(timing, "code").is_some_and(|code| tree.child(code, "coding").is_some())
        });
        if !has_timing {
            reasons.push("the timing is text only");
        }
        let route = tree.child(dosage, "route");
        if route.is_none_or(|route| tree.child(route, "coding").is_none()) {
            reasons.push("the route has no code");
        }
        if !reasons.is_empty() {
            let score = of - reasons.len() as u8;
            self.found_at_name(dosage, NhsProblem::DosageComputable { score, of, reasons: reasons.join(", ") });
        }
    }
}
