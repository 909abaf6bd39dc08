//! The header of a document: what it must have, who it is about, who wrote it, and when.

use crate::cda::header::{all, attribute, attribute_node, first, inside, patients};
use crate::cda::{self, Identifier};
use crate::check::{Checker, shorten};
use crate::issue::{CdaProblem, NhsProblem};
use crate::nhs::{self, Postcode};
use crate::primitive::DateTime;
use crate::tree::NodeId;
use std::cmp::Ordering;

/// What every document has, and what it is for.
const MUST: &[(&str, &str)] = &[
    ("typeId", "which says that this is CDA"),
    ("id", "by which a receiver tells documents apart"),
    ("code", "which says what kind of document this is"),
    ("effectiveTime", "the time at which the document was written"),
    ("confidentialityCode", "which says who may see it"),
    ("recordTarget", "so that it does not say whose document it is"),
    ("author", "so that it does not say who wrote it"),
    ("custodian", "so that nobody is named who keeps the original"),
];

impl<'c> Checker<'c> {
    pub(super) fn cda_header(&mut self, document: NodeId) {
        let tree = self.tree;
        for (name, why) in MUST {
            if first(tree, document, name).is_none() {
                self.found_cda_at_name(document, CdaProblem::HeaderMissing { name, why });
            }
        }
        self.cda_identity(document);
        let records = all(tree, document, "recordTarget");
        if let (Some(second), patients) = (records.get(1), records.len()) {
            self.found_cda_at_name(*second, CdaProblem::PatientSeveral { patients });
        }
        for role in patients(tree, document) {
            self.cda_patient(document, role);
        }
        for record in records.into_iter().filter(|record| first(tree, *record, "patientRole").is_none()) {
            let (name, why) = ("patientRole", "so that it does not say whose document it is");
            self.found_cda_at_name(record, CdaProblem::HeaderMissing { name, why });
        }
        for author in all(tree, document, "author.assignedAuthor") {
            let is_named = ["assignedPerson.name", "assignedAuthoringDevice", "representedOrganization.name"]
                .iter()
                .any(|path| first(tree, author, path).is_some());
            if !is_named && attribute(tree, author, "nullFlavor").is_none() {
                self.found_cda_at_name(author, CdaProblem::AuthorEmpty);
            }
        }
        for keeper in all(tree, document, "custodian.assignedCustodian.representedCustodianOrganization") {
            let is_named = first(tree, keeper, "id").is_some_and(|id| attribute(tree, id, "nullFlavor").is_none())
                || first(tree, keeper, "name").is_some_and(|name| tree.text(name).is_some());
            if !is_named {
                self.found_cda_at_name(keeper, CdaProblem::CustodianEmpty);
            }
        }
        self.cda_times(document);
    }

    /// What the document is by its own numbers and codes.
    fn cda_identity(&mut self, document: NodeId) {
        let tree = self.tree;
        if let Some(kind) = first(tree, document, "typeId") {
            let is_cda = attribute(tree, kind, "root") == Some("2.16.840.1.113883.1.3")
                && attribute(tree, kind, "extension") == Some("POCD_HD000040");
            if !is_cda {
                self.found_cda_at_name(kind, CdaProblem::TypeId);
            }
        }
        let own = first(tree, document, "id");
        for id in own.into_iter().chain(first(tree, document, "setId")) {
            if let Some(root) = attribute_node(tree, id, "root")
                && let Some(text) = tree.text(root)
                && !is_unique(text)
            {
                self.found_cda(root, CdaProblem::Id { root: shorten(text) });
            }
        }
        let identity = |id: NodeId| {
            let part = |name: &str| attribute(tree, id, name).unwrap_or_default().to_ascii_lowercase();
            (part("root"), part("extension"))
        };
        if let Some(own) = own.map(identity) {
            for parent in all(tree, document, "relatedDocument.parentDocument.id") {
                if identity(parent) == own {
                    self.found_cda_at_name(parent, CdaProblem::ReplacesItself);
                }
            }
        }
        let pair = [("setId", "versionNumber"), ("versionNumber", "setId")];
        for (name, other) in pair {
            if let Some(there) = first(tree, document, name).filter(|_| first(tree, document, other).is_none()) {
                self.found_cda_at_name(there, CdaProblem::Version { name, other });
            }
        }
        if let Some(code) =
            first(tree, document, "confidentialityCode").and_then(|found| attribute_node(tree, found, "code"))
        {
            let text = tree.text(code).unwrap_or_default();
            if !matches!(text, "N" | "R" | "V") {
                self.found_cda(code, CdaProblem::Confidentiality { code: shorten(text) });
            }
        }
        if let Some(code) =
            first(tree, document, "messageType").and_then(|found| attribute_node(tree, found, "extension"))
        {
            let text = tree.text(code).unwrap_or_default();
            if cda::message_type(text).is_none() {
                self.found_cda(code, CdaProblem::MessageType { code: shorten(text) });
            }
        }
    }

    fn cda_patient(&mut self, document: NodeId, role: NodeId) {
        let tree = self.tree;
        let mut number: Option<(NodeId, &str)> = None;
        let mut is_verified = false;
        for id in all(tree, role, "id") {
            let kind = attribute(tree, id, "root").and_then(cda::identifier).map(|(kind, _)| kind);
            let Some(Identifier::NhsNumber | Identifier::Unverified) = kind else { continue };
            let Some(value) = attribute(tree, id, "extension") else { continue };
            is_verified |= kind == Some(Identifier::NhsNumber);
            if number.is_some_and(|(_, first)| first != value) {
                self.found_nhs(id, NhsProblem::NumberSeveral);
            }
            number.get_or_insert((id, value));
        }
        match number {
            None => self.found_cda_at_name(role, CdaProblem::NumberMissing),
            Some((at, _)) if !is_verified => self.found_cda_at_name(at, CdaProblem::NumberUnverified),
            Some(_) => {}
        }
        let person = first(tree, role, "patient");
        for (name, words) in [("name", "name"), ("birthTime", "time of birth"), ("administrativeGenderCode", "gender")]
        {
            if person.is_none_or(|person| first(tree, person, name).is_none()) {
                self.found_cda_at_name(person.unwrap_or(role), CdaProblem::PatientIncomplete { name: words });
            }
        }
        if let Some(person) = person
            && let Some(gender) = first(tree, person, "administrativeGenderCode")
            && let (Some(at), Some(system)) =
                (attribute_node(tree, gender, "code"), attribute(tree, gender, "codeSystem"))
        {
            let code = tree.text(at).unwrap_or_default();
            if cda::gender(system, code).is_err() {
                self.found_cda(at, CdaProblem::Gender { code: shorten(code) });
            }
        }
        for address in all(tree, role, "addr") {
            self.cda_address(address);
        }
        self.cda_contacts(role);
        let born = person.and_then(|person| self.cda_moment(person, "birthTime"));
        let written = self.cda_moment(document, "effectiveTime");
        if let (Some((at, born)), Some((_, written))) = (born, written)
            && born.compare(&written) == Some(Ordering::Greater)
        {
            self.found_cda(at, CdaProblem::BirthAfter);
        }
    }

    fn cda_address(&mut self, address: NodeId) {
        let tree = self.tree;
        if first(tree, address, "country").is_some() {
            return;
        }
        for code in all(tree, address, "postalCode") {
            let Some(text) = tree.text(code) else { continue };
            match nhs::postcode(text.trim()) {
                Postcode::Right => {}
                Postcode::Untidy(right) => self.found_nhs(code, NhsProblem::PostcodeLayout { right }),
                _ => self.found_nhs(code, NhsProblem::Postcode),
            }
        }
    }

    fn cda_contacts(&mut self, role: NodeId) {
        let tree = self.tree;
        for contact in all(tree, role, "telecom") {
            let Some(at) = attribute_node(tree, contact, "value") else { continue };
            let Some((scheme, value)) = tree.text(at).and_then(|text| text.split_once(':')) else { continue };
            match scheme {
                "tel" | "fax" if !nhs::is_telephone(value) => self.found_nhs(at, NhsProblem::Telephone),
                "mailto" if !nhs::is_email(value) => self.found_nhs(at, NhsProblem::Email),
                _ => {}
            }
        }
    }

    /// A time of the header and where it stands.
    fn cda_moment(&self, around: NodeId, name: &str) -> Option<(NodeId, DateTime)> {
        let tree = self.tree;
        let at = first(tree, around, name).and_then(|time| attribute_node(tree, time, "value"))?;
        let moment = cda::time::read(tree.text(at)?).ok().and_then(|text| DateTime::parse(&text))?;
        Some((at, moment))
    }

    /// Times that end before they start: of what the document is about, and of entries.
    fn cda_times(&mut self, document: NodeId) {
        let tree = self.tree;
        for time in inside(tree, document).filter(|node| tree.name(*node) == "effectiveTime") {
            let (Some((_, low)), Some((at, high))) = (self.cda_moment(time, "low"), self.cda_moment(time, "high"))
            else {
                continue;
            };
            if low.compare(&high) == Some(Ordering::Greater) {
                self.found_cda(at, CdaProblem::TimesReversed);
            }
        }
    }
}

/// Whether the root of an identifier can be unique in the world: a UUID or an object identifier.
fn is_unique(root: &str) -> bool {
    let is_uuid = || {
        let mut lengths = root.split('-').map(str::len);
        [8, 4, 4, 4, 12].iter().all(|length| lengths.next() == Some(*length))
            && lengths.next().is_none()
            && root.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
    };
    let is_oid = || {
        root.len() <= 255
            && root.contains('.')
            && root.split('.').all(|arc| {
                !arc.is_empty()
                    && arc.bytes().all(|byte| byte.is_ascii_digit())
                    && (arc == "0" || !arc.starts_with('0'))
            })
    };
    is_uuid() || is_oid()
}

#[cfg(test)]
mod tests {
    use super::is_unique;

    #[test]
    fn a_root_is_a_uuid_or_an_object_identifier() {
        for root in ["2.16.840.1", "0E1B1DC6-0F5E-4C83-9C4F-3F9E8B6B1C52", "1.0.3"] {
            assert!(is_unique(root), "{root}");
        }
        for root in ["", "2", "2..1", "2.016", "urn:uuid:0E1B1DC6-0F5E-4C83-9C4F-3F9E8B6B1C52", "0E1B1DC6-0F5E", "x.y"]
        {
            assert!(!is_unique(root), "{root}");
        }
    }
}
