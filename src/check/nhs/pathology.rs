//! Laboratory reports: what they are linked with, units and reference ranges.

use super::{UCUM, unit};
use crate::check::{Checker, quantity, shorten};
use crate::issue::NhsProblem;
use crate::tree::NodeId;
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// What is written for a unit, in lower case without white space, and its code in UCUM.
const UCUM_CODES: &[(&str, &str)] = &[
    ("mmol/l", "mmol/L"),
    ("umol/l", "umol/L"),
    ("µmol/l", "umol/L"),
    ("micromol/l", "umol/L"),
    ("nmol/l", "nmol/L"),
    ("pmol/l", "pmol/L"),
    ("g/l", "g/L"),
    ("g/dl", "g/dL"),
    ("mg/l", "mg/L"),
    ("mg/dl", "mg/dL"),
    ("ug/l", "ug/L"),
    ("µg/l", "ug/L"),
    ("ng/l", "ng/L"),
    ("ng/ml", "ng/mL"),
    ("pg", "pg"),
    ("fl", "fL"),
    ("%", "%"),
    ("l/l", "L/L"),
    ("10*9/l", "10*9/L"),
    ("10^9/l", "10*9/L"),
    ("x10^9/l", "10*9/L"),
    ("x10*9/l", "10*9/L"),
    ("10e9/l", "10*9/L"),
    ("10*12/l", "10*12/L"),
    ("10^12/l", "10*12/L"),
    ("x10^12/l", "10*12/L"),
    ("x10*12/l", "10*12/L"),
    ("iu/l", "[iU]/L"),
    ("u/l", "U/L"),
    ("miu/l", "m[iU]/L"),
    ("mu/l", "mU/L"),
    ("kiu/l", "k[iU]/L"),
    ("iu/ml", "[iU]/mL"),
    ("mm/hr", "mm/h"),
    ("mm/h", "mm/h"),
    ("ml/min", "mL/min"),
    ("mmol/mol", "mmol/mol"),
    ("mg/mmol", "mg/mmol"),
    ("ml/min/1.73m2", "mL/min/{1.73_m2}"),
    ("ml/min/1.73m*2", "mL/min/{1.73_m2}"),
    ("s", "s"),
    ("sec", "s"),
    ("mosm/kg", "mosm/kg"),
];

impl<'c> Checker<'c> {
    pub(super) fn nhs_report(&mut self, node: NodeId) {
        let tree = self.tree;
        let has = |name: &str| tree.child(node, name).is_some();
        let is_final = matches!(tree.child_text(node, "status"), Some("final" | "amended" | "corrected" | "appended"));
        if is_final
            && !["result", "conclusion", "codedDiagnosis", "presentedForm", "image", "imagingStudy"]
                .iter()
                .any(|n| has(n))
        {
            self.found_at_name(node, NhsProblem::ReportNoResult);
        }
        let subject = tree.child(node, "subject");
        let specimens: Vec<Option<NodeId>> = tree.named(node, "specimen").map(|at| self.referred(at)).collect();
        for (reference, specimen) in tree.named(node, "specimen").zip(&specimens) {
            if specimen.is_some_and(|specimen| self.are_different(subject, tree.child(specimen, "subject"))) {
                self.found(reference, NhsProblem::ReportSubject { other: "Specimen" });
            }
        }
        let named: FxHashSet<NodeId> = specimens.iter().flatten().copied().collect();
        let all_named = !named.is_empty() && specimens.iter().all(Option::is_some);
        let mut has_result_specimen = false;
        for reference in tree.named(node, "result") {
            let Some(result) = self.referred(reference) else { continue };
            if self.are_different(subject, tree.child(result, "subject")) {
                self.found(reference, NhsProblem::ReportSubject { other: "Observation" });
            }
            if let Some(specimen) = tree.child(result, "specimen") {
                has_result_specimen = true;
                let specimen = self.referred(specimen);
                if all_named && specimen.is_some_and(|specimen| !named.contains(&specimen)) {
                    self.found(reference, NhsProblem::ReportSpecimen);
                }
            }
            self.nhs_result_unit(result);
        }
        let is_laboratory = self.is_laboratory(node);
        if is_laboratory && is_final && specimens.is_empty() && !has_result_specimen {
            self.found_at_name(node, NhsProblem::ReportNoSpecimen);
        }
        if is_laboratory && is_final && !has("basedOn") && self.is_nhs(node) {
            self.found_at_name(node, NhsProblem::ReportNoRequest);
        }
        for reference in tree.named(node, "basedOn") {
            let Some(request) = self.referred(reference) else { continue };
            if tree.resource_type(request) == Some("ProcedureRequest") && tree.child(request, "requester").is_none() {
                self.found_at_name(request, NhsProblem::RequestNoRequester);
            }
        }
    }

    /// Whether a report's category says that a laboratory made it.
    fn is_laboratory(&self, node: NodeId) -> bool {
        // HL7 version 2's table of diagnostic services: laboratory, and the sections of one.
        const SECTIONS: &[&str] = &["LAB", "CH", "HM", "MB", "BLB", "IMM", "TX", "VR", "SP", "PAT", "laboratory"];
        let tree = self.tree;
        tree.named(node, "category").any(|category| {
            tree.named(category, "coding")
                .any(|coding| tree.child_text(coding, "code").is_some_and(|code| SECTIONS.contains(&code)))
        })
    }

    /// A laboratory result's unit is a code of UCUM.
    fn nhs_result_unit(&mut self, result: NodeId) {
        let tree = self.tree;
        let Some(quantity) = tree.child(result, "valueQuantity") else { return };
        if tree.child(quantity, "code").is_some() {
            return;
        }
        let Some(text) = tree.child_text(quantity, "unit").filter(|text| !text.trim().is_empty()) else { return };
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        let code = UCUM_CODES.iter().find(|(written, _)| *written == plain).map(|(_, code)| *code);
        let hint = code.map(|code| format!(" '{code}'")).unwrap_or_default();
        self.found(quantity, NhsProblem::ResultUnitCode { unit: shorten(text), hint });
    }

    /// The limits of reference ranges against the unit of the value.
    pub(super) fn nhs_reference_ranges(&mut self, holder: NodeId) {
        let tree = self.tree;
        let mut ranges = tree.named(holder, "referenceRange").peekable();
        if ranges.peek().is_none() {
            return;
        }
        let value = tree.child(holder, "valueQuantity");
        let of_value = value.and_then(|value| Some((value, unit(tree, value)?)));
        for range in ranges {
            for limit in ["low", "high"].iter().filter_map(|name| tree.child(range, name)) {
                let Some((value, of_value)) = of_value else { continue };
                match unit(tree, limit) {
                    None if tree.child(limit, "value").is_some() => {
                        self.found(range, NhsProblem::ReferenceRangeUnit);
                        break;
                    }
                    Some(of_limit) if !self.is_same_unit(limit, value) => {
                        let (range, value) = (shorten(of_limit), shorten(of_value));
                        self.found(limit, NhsProblem::ReferenceRangeOtherUnit { range, value });
                        break;
                    }
                    _ => {}
                }
            }
            if let (Some(low), Some(high)) = (tree.child(range, "low"), tree.child(range, "high"))
                && quantity::compare((tree, low), (tree, high)) == Some(Ordering::Greater)
            {
                let words = |limit| shorten(&quantity::words(tree, limit));
                self.found(low, NhsProblem::ReferenceRangeReversed { low: words(low), high: words(high) });
            }
        }
    }

    /// Whether two quantities are in the same unit, by their codes where both have one of UCUM, else by their names.
    fn is_same_unit(&self, one: NodeId, other: NodeId) -> bool {
        let tree = self.tree;
        let code = |quantity| {
            let code = tree.child_text(quantity, "code")?;
            (tree.child_text(quantity, "system") == Some(UCUM)).then_some(code)
        };
        if let (Some(one), Some(other)) = (code(one), code(other)) {
            return one == other;
        }
        let plain = |quantity| {
            let text = unit(tree, quantity).unwrap_or_default();
            text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect::<String>()
        };
        plain(one) == plain(other) || code(one).is_some_and(|code| plain(other) == code.to_lowercase())
    }
}
