//! GP Connect's records as wholes, and their lists: warnings, empty lists, titles, ended allergies, consultations.

use crate::check::{Checker, shorten};
use crate::exchange::gpconnect;
use crate::issue::ExchangeProblem;
use crate::tree::NodeId;

/// The end of the URL of the extension for a list's warnings.
const WARNING: &str = "ListWarningCode-1";

impl<'c> Checker<'c> {
    /// Checks a record.
    pub(super) fn gp_record(&mut self, bundle: NodeId) {
        let tree = self.tree;
        let mut urls = tree.named(bundle, "entry").filter_map(|entry| tree.child(entry, "fullUrl"));
        if let Some(url) = urls.next().filter(|_| self.is_of_profile(bundle, gpconnect::RECORD)) {
            self.tell_at_name(url, ExchangeProblem::GpcFullUrl);
        }
        let resources: Vec<NodeId> = self.entries(bundle).collect();
        let patients = resources.iter().filter(|resource| tree.resource_type(**resource) == Some("Patient"));
        let patients: Vec<NodeId> = patients.copied().collect();
        if let [_, second, ..] = patients[..] {
            self.tell_at_name(second, ExchangeProblem::DocPatientsSeveral { patients: patients.len() });
        }
        if let [patient] = patients[..] {
            for resource in &resources {
                self.same_patient(*resource, patient);
                self.absent_patient(*resource, patient);
            }
        }
        for resource in resources {
            let is_over = tree.child(resource, "clinicalStatus").filter(|at| tree.text(*at) == Some("resolved"));
            if tree.resource_type(resource) == Some("AllergyIntolerance")
                && let Some(at) = is_over
            {
                let problem = "An allergy that has ended is among the record's entries";
                self.tell(at, ExchangeProblem::GpcEndedAllergy { problem });
            }
        }
    }

    /// A record has its patient: whose `Patient/…` is not in it is somebody else's, or nobody's.
    fn absent_patient(&mut self, resource: NodeId, patient: NodeId) {
        let tree = self.tree;
        for name in ["subject", "patient"] {
            let Some(reference) = tree.child(resource, name) else { continue };
            let is_relative = tree.child_text(reference, "reference").is_some_and(|text| text.starts_with("Patient/"));
            if is_relative && self.referred(reference).is_none() {
                let subject = self.typed.location(tree, patient);
                self.tell(reference, ExchangeProblem::DocPatientMismatch { name: name.to_owned(), subject });
            }
        }
    }

    /// Checks a list of a record.
    pub(super) fn gp_list(&mut self, node: NodeId) {
        match self.snomed_code(node, "code") {
            Some(code @ (gpconnect::CONSULTATION | gpconnect::TOPIC | gpconnect::HEADING)) => {
                self.gp_consultation(node, code)
            }
            Some(code) => self.gp_primary_list(node, code),
            None => self.gp_secondary_list(node),
        }
    }

    fn gp_primary_list(&mut self, node: NodeId, code: &str) {
        let tree = self.tree;
        let note = self.note_of(node);
        self.gp_warnings(node, &note);
        let Some(title) = gpconnect::list_title(code) else { return };
        if let Some(at) = tree.child(node, "title")
            && let Some(text) = tree.text(at).filter(|text| !text.trim().eq_ignore_ascii_case(title))
        {
            let problem =
                ExchangeProblem::GpcListTitle { title: shorten(text), expected: title, code: code.to_owned() };
            self.tell(at, problem);
        }
        if tree.child(node, "entry").is_none() {
            if tree.child(node, "emptyReason").is_none() {
                self.tell_at_name(node, ExchangeProblem::GpcListEmptyReason { title });
            } else if !note.contains(gpconnect::NOT_AVAILABLE) {
                self.tell_at_name(node, ExchangeProblem::GpcListEmptyNote { title });
            }
        }
        match code {
            gpconnect::ALLERGIES => self.active_allergies(node),
            gpconnect::ENDED_ALLERGIES => self.ended_allergies(node),
            _ => {}
        }
    }

    fn gp_secondary_list(&mut self, node: NodeId) {
        let tree = self.tree;
        let codings = tree.child(node, "code").into_iter().flat_map(|code| tree.named(code, "coding"));
        let mut systems = codings.filter_map(|coding| tree.child_text(coding, "system"));
        if !systems.any(|system| system == gpconnect::SECONDARY_LISTS) {
            return;
        }
        let note = self.note_of(node);
        self.gp_warnings(node, &note);
        if tree.child(node, "entry").is_none() && self.list_warnings(node).next().is_none() {
            self.tell_at_name(node, ExchangeProblem::GpcSecondaryEmpty);
        }
    }

    /// The words of a list's notes, in lower case, with each run of white space as one space.
    fn note_of(&self, node: NodeId) -> String {
        let tree = self.tree;
        let notes = tree.named(node, "note").filter_map(|note| tree.child_text(note, "text"));
        notes.flat_map(str::split_whitespace).map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    }

    /// A list's extensions for warnings.
    fn list_warnings(&self, node: NodeId) -> impl Iterator<Item = NodeId> + use<'c> {
        let tree = self.tree;
        let is_warning =
            move |extension: &NodeId| tree.child_text(*extension, "url").is_some_and(|url| url.ends_with(WARNING));
        tree.named(node, "extension").filter(is_warning)
    }

    /// The codes of a list's warnings and their words come together.
    fn gp_warnings(&mut self, node: NodeId, note: &str) {
        let tree = self.tree;
        let mut given = Vec::new();
        for extension in self.list_warnings(node).collect::<Vec<_>>() {
            let Some(code) = tree.child_text(extension, "valueCode") else { continue };
            let Some((code, words)) = gpconnect::WARNINGS.iter().find(|(known, _)| *known == code) else { continue };
            given.push(*code);
            if !words.iter().any(|words| note.contains(words)) {
                let words = words.first().copied().unwrap_or_default();
                self.tell_at_name(extension, ExchangeProblem::GpcWarningNote { code, words });
            }
        }
        for (code, words) in gpconnect::WARNINGS {
            if !given.contains(code)
                && words.iter().any(|words| note.contains(words))
                && let Some(at) = tree.child(node, "note")
            {
                self.tell_at_name(at, ExchangeProblem::GpcNoteWarning { code });
            }
        }
    }

    /// No allergy in the list of those that the patient has is over. What stands among the record's entries is said there.
    fn active_allergies(&mut self, node: NodeId) {
        let tree = self.tree;
        for entry in tree.named(node, "entry") {
            let Some(item) = self.linked(entry, "item").filter(|item| tree.name(*item) == "contained") else {
                continue;
            };
            if let Some(at) = tree.child(item, "clinicalStatus").filter(|at| tree.text(*at) == Some("resolved")) {
                let problem = "An allergy that has ended is in the list of current allergies";
                self.tell(at, ExchangeProblem::GpcEndedAllergy { problem });
            }
        }
    }

    /// Ended allergies are contained in their list, resolved, and say when and why they ended.
    fn ended_allergies(&mut self, node: NodeId) {
        let tree = self.tree;
        for entry in tree.named(node, "entry") {
            let Some(reference) = tree.child(entry, "item") else { continue };
            let Some(item) = self.referred(reference) else { continue };
            let status = tree.child(item, "clinicalStatus");
            let is_resolved = status.is_some_and(|at| tree.text(at) == Some("resolved"));
            if tree.name(item) != "contained" {
                // One that is over is reported where it stands.
                if !is_resolved {
                    let problem = "A current allergy is in the list of ended allergies";
                    self.tell(reference, ExchangeProblem::GpcEndedAllergy { problem });
                }
                continue;
            }
            if !is_resolved {
                let problem = "An allergy in the list of ended allergies is not 'resolved'";
                self.tell(status.unwrap_or(item), ExchangeProblem::GpcEndedAllergy { problem });
            }
            let ends = |extension: &NodeId| {
                tree.child_text(*extension, "url").is_some_and(|url| url.ends_with("AllergyIntoleranceEnd-1"))
            };
            let end = tree.named(item, "extension").find(ends);
            let says = |name: &str| {
                let mut parts = end.into_iter().flat_map(|end| tree.named(end, "extension"));
                parts.any(|part| tree.child_text(part, "url") == Some(name))
            };
            let missing = match (says("endDate"), says("reasonEnded")) {
                (true, true) => continue,
                (true, false) => "the reason ('reasonEnded') is",
                (false, true) => "the date ('endDate') is",
                (false, false) => "both are",
            };
            self.tell_at_name(item, ExchangeProblem::GpcAllergyEnd { missing });
        }
    }

    /// The lists of a consultation: what each refers to, and what they do not have.
    fn gp_consultation(&mut self, node: NodeId, code: &str) {
        let tree = self.tree;
        for name in ["note", "identifier"] {
            if let Some(at) = tree.child(node, name) {
                self.tell_at_name(at, ExchangeProblem::GpcConsultationUnused { name });
            }
        }
        let warning = self.list_warnings(node).next();
        if let Some(at) = warning {
            self.tell_at_name(at, ExchangeProblem::GpcConsultationUnused { name: "ListWarningCode" });
        }
        let mut first: Option<bool> = None;
        let mut is_mixed = false;
        for entry in tree.named(node, "entry") {
            for name in ["flag", "deleted", "date"] {
                if let Some(at) = tree.child(entry, name) {
                    self.tell_at_name(at, ExchangeProblem::GpcConsultationUnused { name });
                }
            }
            let Some(reference) = tree.child(entry, "item") else { continue };
            let Some(item) = self.referred(reference) else { continue };
            let its = match tree.resource_type(item) {
                Some("List") => self.snomed_code(item, "code"),
                _ => None,
            };
            let is_heading = its == Some(gpconnect::HEADING);
            let problem = match code {
                gpconnect::CONSULTATION if its != Some(gpconnect::TOPIC) => {
                    "A consultation refers to something that is not a topic"
                }
                gpconnect::TOPIC if matches!(its, Some(gpconnect::TOPIC | gpconnect::CONSULTATION)) => {
                    "A topic refers to a consultation or another topic"
                }
                gpconnect::TOPIC if !is_mixed && *first.get_or_insert(is_heading) != is_heading => {
                    is_mixed = true;
                    "A topic refers to headings and to what was recorded"
                }
                gpconnect::HEADING
                    if matches!(its, Some(gpconnect::TOPIC | gpconnect::CONSULTATION | gpconnect::HEADING)) =>
                {
                    "A heading refers to another list of the consultation"
                }
                _ => continue,
            };
            self.tell(entry, ExchangeProblem::GpcConsultation { problem });
        }
    }
}
