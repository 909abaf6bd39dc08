//! Documents as wholes: one patient, the sections that a guide asks for, what a document says of itself.

use crate::check::datatype::is_uuid;
use crate::check::{Checker, shorten};
use crate::exchange::documents::{self, Kind, section};
use crate::issue::ExchangeProblem;
use crate::tree::NodeId;

/// The code of the section that says who the patient is.
const DEMOGRAPHICS: &str = "886731000000109";

impl<'c> Checker<'c> {
    /// Checks a document. `composition` is its first entry's resource.
    pub(super) fn exchange_document(&mut self, bundle: NodeId, composition: NodeId) {
        if self.is_social_care(composition) {
            self.tell_at_name(composition, ExchangeProblem::SocialCareDstu2);
            return;
        }
        let kind = self.document_kind(composition);
        if kind.is_none() && !self.is_nhs(composition) {
            return;
        }
        self.patients_of_document(bundle, composition, kind);
        self.replaced(composition);
        let Some(kind) = kind else { return };
        self.document_says(composition, kind);
        self.sections_of_document(composition, kind);
        if kind.is_transfer {
            self.coded_content(bundle, composition, kind);
        }
    }

    /// The kind of a document, by the profile of its Composition.
    pub(super) fn document_kind(&self, composition: NodeId) -> Option<&'static Kind> {
        self.profile_names(composition).find_map(documents::by_profile)
    }

    /// Whether a resource claims a profile of the social care notices, which are FHIR DSTU2.
    pub(super) fn is_social_care(&self, node: NodeId) -> bool {
        self.claims_profile(node, documents::SOCIAL_CARE_PROFILES)
    }

    /// Everything that says whose it is says the same as the Composition.
    fn patients_of_document(&mut self, bundle: NodeId, composition: NodeId, kind: Option<&'static Kind>) {
        let tree = self.tree;
        let resources: Vec<NodeId> = self.entries(bundle).collect();
        let is_patient = |node: &NodeId| tree.resource_type(*node) == Some("Patient");
        let patients: Vec<NodeId> = resources.iter().copied().filter(is_patient).collect();
        if kind.is_some()
            && let [_, second, ..] = patients[..]
        {
            self.tell_at_name(second, ExchangeProblem::DocPatientsSeveral { patients: patients.len() });
        }
        let Some(subject) = self.linked(composition, "subject").filter(is_patient) else { return };
        for resource in resources {
            self.same_patient(resource, subject);
        }
        for part in tree.named(composition, "section") {
            if self.snomed_code(part, "code") == Some(DEMOGRAPHICS) {
                for entry in tree.named(part, "entry") {
                    self.is_patient_meant(entry, subject);
                }
            }
        }
    }

    /// Checks a resource's own words for whose it is, and those of the resources in it.
    pub(super) fn same_patient(&mut self, resource: NodeId, subject: NodeId) {
        let tree = self.tree;
        for name in ["subject", "patient"] {
            for reference in tree.named(resource, name) {
                self.is_patient_meant(reference, subject);
            }
        }
        for inside in tree.named(resource, "contained") {
            for name in ["subject", "patient"] {
                for reference in tree.named(inside, name) {
                    self.is_patient_meant(reference, subject);
                }
            }
        }
    }

    /// Checks that a reference to a patient is to `subject`. Two resources of one person are another rule's matter.
    fn is_patient_meant(&mut self, reference: NodeId, subject: NodeId) {
        let Some(target) = self.referred(reference) else { return };
        if target == subject || self.tree.resource_type(target) != Some("Patient") {
            return;
        }
        if self.number_of(target).is_some_and(|number| self.number_of(subject) == Some(number)) {
            return;
        }
        let name = self.tree.name(reference).to_owned();
        let subject = self.typed.location(self.tree, subject);
        self.tell(reference, ExchangeProblem::DocPatientMismatch { name, subject });
    }

    /// A document that replaces itself.
    fn replaced(&mut self, composition: NodeId) {
        let tree = self.tree;
        let own = tree.child(composition, "identifier").and_then(|own| tree.child_text(own, "value"));
        for relation in tree.named(composition, "relatesTo") {
            let named = tree.child(relation, "targetIdentifier");
            let value = named.and_then(|target| tree.child_text(target, "value"));
            let is_own_value = value.is_some() && value == own;
            let is_itself = || self.linked(relation, "targetReference") == Some(composition);
            if is_own_value || is_itself() {
                let at = named.or_else(|| tree.child(relation, "targetReference")).unwrap_or(relation);
                self.tell(at, ExchangeProblem::DocReplacesItself);
            }
        }
    }

    /// What a Composition says of the document.
    fn document_says(&mut self, composition: NodeId, kind: &'static Kind) {
        let tree = self.tree;
        if tree.child(composition, "custodian").is_none() {
            self.tell_at_name(composition, ExchangeProblem::DocCustodianMissing { kind: kind.name });
        }
        if tree.child(composition, "encounter").is_none() {
            self.tell_at_name(composition, ExchangeProblem::DocEncounterMissing { kind: kind.name });
        }
        if let Some(status) = tree.child(composition, "status")
            && let Some(text) =
                tree.text(status).filter(|text| matches!(*text, "preliminary" | "amended" | "entered-in-error"))
        {
            self.tell(status, ExchangeProblem::DocNotFinal { status: text.to_owned() });
        }
        if let Some(value) = tree.child(composition, "identifier").and_then(|own| tree.child(own, "value"))
            && let Some(text) = tree.text(value).filter(|text| !text.is_empty())
            && !is_uuid(text.strip_prefix("urn:uuid:").unwrap_or(text))
        {
            self.tell(value, ExchangeProblem::DocIdentifierUuid);
        }
        let (expected, words) = kind.document_type;
        if let Some(concept) = tree.child(composition, "type")
            && let Some(found) = self.snomed_codes(concept).next()
            && !self.snomed_codes(concept).any(|code| code == expected)
            && !expected.is_empty()
            && (kind.is_only_type || documents::type_words(found).is_some())
        {
            let found = match documents::type_words(found) {
                Some(words) => format!("{found} ({words})"),
                None => shorten(found),
            };
            self.tell(concept, ExchangeProblem::DocTypeProfile { kind: kind.name, expected, words, found });
        }
        if let Some(title) = tree.child(composition, "title")
            && let Some(text) = tree.text(title)
            && documents::type_in_title(text).is_some_and(|code| code != expected)
        {
            self.tell(title, ExchangeProblem::DocTitleType { kind: kind.name, title: shorten(text) });
        }
    }

    /// The sections that a guide asks for, and those that it has and the profile has not.
    fn sections_of_document(&mut self, composition: NodeId, kind: &'static Kind) {
        let tree = self.tree;
        let sections: Vec<NodeId> = tree.named(composition, "section").collect();
        let mut codes: Vec<&str> = Vec::new();
        let mut odd: Vec<(NodeId, &'static str)> = Vec::new();
        for part in sections {
            if kind.is_transfer {
                self.lists_of_section(part);
            }
            let codings = tree.child(part, "code").into_iter().flat_map(|code| tree.named(code, "coding"));
            for code in codings.filter_map(|coding| tree.child_text(coding, "code")) {
                codes.push(code);
                if code == section::LEGAL || section::CONTACTS.contains(&code) {
                    odd.push((part, documents::heading(code)));
                }
            }
        }
        for code in kind.mandatory {
            if !codes.contains(code) {
                let heading = documents::heading(code);
                self.tell_at_name(composition, ExchangeProblem::DocSectionMandatory { kind: kind.name, code, heading });
            }
        }
        if kind.is_at_odds
            && let Some((first, _)) = odd.first()
        {
            let headings: Vec<String> = odd.iter().map(|(_, heading)| format!("'{heading}'")).collect();
            let headings = headings.join(" and ");
            self.tell_at_name(*first, ExchangeProblem::DocSectionGuideConflict { kind: kind.name, headings });
        }
    }

    /// The lists of a section are about the same as it.
    fn lists_of_section(&mut self, part: NodeId) {
        let tree = self.tree;
        let Some(section) = self.snomed_code(part, "code") else { return };
        for entry in tree.named(part, "entry") {
            let Some(list) = self.referred(entry).filter(|list| tree.resource_type(*list) == Some("List")) else {
                continue;
            };
            let code = self.snomed_code(list, "code");
            if let Some(list) = code.and_then(|code| documents::list_of_another_section(code, section)) {
                let heading = documents::heading(section);
                self.tell(entry, ExchangeProblem::DocSectionList { list, heading });
            }
        }
    }
}
