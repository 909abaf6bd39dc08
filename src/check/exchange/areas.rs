//! The other areas of a GP Connect record: allergies, problems, vaccinations, the diary, what is confidential; and errors.

use crate::check::{Checker, shorten};
use crate::exchange::gpconnect;
use crate::issue::ExchangeProblem;
use crate::tree::NodeId;

impl<'c> Checker<'c> {
    /// Checks an allergy.
    pub(super) fn gp_allergy(&mut self, node: NodeId) {
        let tree = self.tree;
        for reaction in tree.named(node, "reaction") {
            for name in ["substance", "note", "onset"] {
                if let Some(at) = tree.child(reaction, name) {
                    self.tell_at_name(at, ExchangeProblem::GpcAllergyUnused { name: format!("reaction.{name}") });
                }
            }
        }
    }

    /// Checks a problem.
    pub(super) fn gp_problem(&mut self, node: NodeId) {
        let tree = self.tree;
        if let Some(at) = tree.child(node, "clinicalStatus")
            && let Some(status) = tree.text(at).filter(|status| !matches!(*status, "active" | "inactive"))
        {
            self.tell(at, ExchangeProblem::GpcProblemStatus { status: shorten(status) });
        }
        for name in ["severity", "verificationStatus", "stage", "evidence"] {
            if let Some(at) = tree.child(node, name) {
                self.tell_at_name(at, ExchangeProblem::GpcProblemUnused { name });
            }
        }
        for extension in tree.named(node, "extension") {
            let Some(value) = tree.child(extension, "valueReference") else { continue };
            let says_so = tree
                .child_text(value, "display")
                .is_some_and(|text| text.contains("not supported by the provider system"));
            if says_so && tree.child(value, "reference").is_some() {
                self.tell(value, ExchangeProblem::GpcUnsupportedLink);
            }
        }
    }

    /// Checks a vaccination.
    pub(super) fn gp_immunisation(&mut self, node: NodeId) {
        let tree = self.tree;
        if tree.child_text(node, "notGiven") != Some("true") {
            return;
        }
        for name in ["site", "route", "doseQuantity", "lotNumber"] {
            if let Some(at) = tree.child(node, name) {
                self.tell_at_name(at, ExchangeProblem::GpcNotGiven { name: name.to_owned() });
            }
        }
    }

    /// The mark of what is not for disclosure to the patient, where it is not looked for.
    pub(super) fn gp_confidential(&mut self, node: NodeId, type_name: &str) {
        let tree = self.tree;
        let marks = tree.child(node, "meta").into_iter().flat_map(|meta| tree.named(meta, "security"));
        let mut marks = marks.filter(|mark| tree.child_text(*mark, "code") == Some("NOPAT"));
        if let Some(at) = marks.next() {
            self.tell(at, ExchangeProblem::GpcConfidentialPlace { name: type_name.to_owned() });
        }
    }

    /// A concept whose code stands for one that could not be carried over, without the words that say what it was.
    pub(in crate::check) fn degraded_concept(&mut self, node: NodeId) {
        let tree = self.tree;
        for coding in tree.named(node, "coding") {
            let Some(code) = tree.child_text(coding, "code").filter(|code| code.starts_with("1964")) else { continue };
            let Some((_, words)) = gpconnect::DEGRADED.iter().find(|(known, _)| *known == code) else { continue };
            let text = tree.child_text(node, "text").unwrap_or_default().trim();
            if text.is_empty() || text.eq_ignore_ascii_case(words) {
                self.tell(node, ExchangeProblem::GpcDegradedText { words });
            }
        }
    }

    /// Checks an error that GP Connect gives back.
    pub(super) fn gp_outcome(&mut self, node: NodeId) {
        let tree = self.tree;
        for issue in tree.named(node, "issue") {
            let codings = tree.child(issue, "details").into_iter().flat_map(|details| tree.named(details, "coding"));
            for coding in codings {
                if tree.child_text(coding, "system") != Some(gpconnect::SPINE_ERRORS) {
                    continue;
                }
                let Some(code) = tree.child_text(coding, "code") else { continue };
                if let Some(expected) = gpconnect::issue_type(code)
                    && let Some(at) = tree.child(issue, "code")
                    && let Some(found) = tree.text(at).filter(|found| *found != expected)
                {
                    let found = shorten(found);
                    self.tell(at, ExchangeProblem::OutcomeIssueType { code: code.to_owned(), expected, found });
                }
                if gpconnect::needs_diagnostics(code) && tree.child(issue, "diagnostics").is_none() {
                    self.tell_at_name(issue, ExchangeProblem::OutcomeDiagnostics { code: code.to_owned() });
                }
            }
        }
    }
}
