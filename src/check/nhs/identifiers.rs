//! Identifiers: the NHS number and its verification, ODS, SDS and professional registers, duplicates.

use crate::check::{Checker, shorten};
use crate::definitions::UrlKind;
use crate::issue::NhsProblem;
use crate::nhs::{self, NhsNumberFault, SystemKind};
use crate::tree::NodeId;
use crate::typed::ElementRef;
use std::collections::{BTreeMap, BTreeSet};

/// The NHS number's object identifier, which documents of HL7 version 3 use.
const NHS_NUMBER_OID: &str = "urn:oid:2.16.840.1.113883.2.1.4.1";
/// What the extension for the verification status has in its URL, in whichever family.
const STATUS: &str = "NHSNumberVerificationStatus";

impl<'c> Checker<'c> {
    pub(super) fn nhs_identifier(&mut self, node: NodeId, elements: &[ElementRef<'c>]) {
        let tree = self.tree;
        let Some(system_node) = tree.child(node, "system") else { return };
        let Some(system) = tree.text(system_node) else { return };
        let kind = match nhs::system(system) {
            Some(known) => known.kind,
            None if system == NHS_NUMBER_OID => SystemKind::NhsNumber,
            None if self.is_fixed(elements, "system", system) => SystemKind::Local,
            None => match self.nhs_url(system_node, system, UrlKind::Identifier).and_then(nhs::system) {
                Some(meant) => meant.kind,
                None => return,
            },
        };
        if kind == SystemKind::NhsNumber {
            self.nhs_number(node, elements);
        } else if let Some(value_node) = tree.child(node, "value")
            && let Some(value) = tree.text(value_node)
            && let Some(problem) = wrong_form(kind, value)
        {
            self.found(value_node, problem);
        }
    }

    fn nhs_number(&mut self, node: NodeId, elements: &[ElementRef<'c>]) {
        let tree = self.tree;
        let value_node = tree.child(node, "value");
        let value = value_node.and_then(|value| tree.text(value).map(|text| (value, text)));
        if let Some((at, value)) = value {
            match nhs::nhs_number(value) {
                Err(NhsNumberFault::Separators) => self.found(at, NhsProblem::NumberSpaces),
                Err(NhsNumberFault::Form) => {
                    self.found(at, NhsProblem::NumberForm { found: value.chars().count() });
                }
                Err(NhsNumberFault::SameDigits) => self.found(at, NhsProblem::NumberSameDigits),
                Err(NhsNumberFault::CheckDigit) => self.found(at, NhsProblem::NumberCheckDigit),
                Ok(()) if self.options.test_numbers && nhs::is_in_test_range(value) => {
                    self.found(at, NhsProblem::NumberTest);
                }
                Ok(()) => {
                    if let Some(nation) = nhs::nhs_number_nation(value) {
                        self.found(at, NhsProblem::NumberNation { nation });
                    }
                }
            }
        }
        let Some(holder) = tree.parent(node).filter(|_| tree.name(node) == "identifier") else { return };
        let Some(resource) = tree.resource_type(holder) else { return };
        match resource {
            "Patient" => self.nhs_number_status(node, value.is_some(), elements),
            "RelatedPerson" | "Person" => {}
            other => {
                let resource = other.to_owned();
                self.found_at_name(node, NhsProblem::NumberOnOther { resource });
            }
        }
    }

    /// Whether the verification status of a patient's NHS number is there, and agrees with the number.
    fn nhs_number_status(&mut self, node: NodeId, has_value: bool, elements: &[ElementRef<'c>]) {
        let tree = self.tree;
        let is_status = |extension: &NodeId| tree.child_text(*extension, "url").is_some_and(|url| url.contains(STATUS));
        let Some(extension) = tree.named(node, "extension").find(is_status) else {
            if has_value && !self.has_ended(node) && !self.demands_status(elements) && self.is_nhs(node) {
                self.found_at_name(node, NhsProblem::NumberStatusMissing);
            }
            return;
        };
        let Some(concept) = self.choice_of(extension, "value") else { return };
        for coding in tree.named(concept, "coding") {
            let status = match tree.child_text(coding, "code") {
                Some("01") => "Number present and verified",
                Some("02") => "Number present but not traced",
                Some("07") => "Number not present and trace not required",
                _ => continue,
            };
            let is_present = status.starts_with("Number present");
            if is_present != has_value {
                let found = if has_value { "a number" } else { "no number" };
                self.found(extension, NhsProblem::NumberStatusConflict { status, found });
            }
        }
    }

    /// Whether an identifier says when it went out of use.
    fn has_ended(&self, identifier: NodeId) -> bool {
        self.tree.child(identifier, "period").is_some_and(|period| self.tree.child(period, "end").is_some())
    }

    /// Whether a profile in force demands the verification status, and so has reported that it is missing.
    fn demands_status(&self, elements: &[ElementRef<'c>]) -> bool {
        let is_status = |slice: ElementRef<'c>| {
            let types = &slice.element.types;
            slice.element.min > 0
                && types.iter().any(|candidate| candidate.profiles.iter().any(|url| url.contains(STATUS)))
        };
        let slices = |element: ElementRef<'c>| {
            let slicing = element.element.slicing.as_ref();
            slicing.is_some_and(|slicing| slicing.slices.iter().filter_map(|at| element.at(*at)).any(is_status))
        };
        elements.iter().any(|element| element.children().any(slices))
    }

    /// The same identifier twice in one resource.
    pub(super) fn nhs_duplicate_identifiers(&mut self, node: NodeId) {
        let tree = self.tree;
        let mut identifiers = tree.named(node, "identifier");
        let (Some(first), Some(second)) = (identifiers.next(), identifiers.next()) else { return };
        let mut known = BTreeSet::new();
        for identifier in [first, second].into_iter().chain(identifiers) {
            let (Some(system), Some(value)) =
                (tree.child_text(identifier, "system"), tree.child_text(identifier, "value"))
            else {
                continue;
            };
            if !known.insert((system, value)) {
                self.found(identifier, NhsProblem::IdentifierDuplicate { system: shorten(system) });
            }
        }
    }

    /// Several NHS numbers of one patient.
    pub(super) fn nhs_patient_numbers(&mut self, node: NodeId) {
        let tree = self.tree;
        let mut first = None;
        for identifier in tree.named(node, "identifier") {
            let is_number = tree.child_text(identifier, "system") == Some(nhs::NHS_NUMBER);
            if !is_number || self.has_ended(identifier) {
                continue;
            }
            let Some(value) = tree.child_text(identifier, "value") else { continue };
            if *first.get_or_insert(value) != value {
                self.found(identifier, NhsProblem::NumberSeveral);
            }
        }
    }

    /// Two patients of one Bundle under one NHS number. A history has the same patient many times.
    pub(super) fn nhs_shared_numbers(&mut self, node: NodeId) {
        let tree = self.tree;
        if tree.child_text(node, "type") == Some("history") {
            return;
        }
        let mut known: BTreeMap<&str, NodeId> = BTreeMap::new();
        for entry in tree.named(node, "entry") {
            let Some(resource) = tree.child(entry, "resource") else { continue };
            if tree.resource_type(resource) != Some("Patient") {
                continue;
            }
            for identifier in tree.named(resource, "identifier") {
                if tree.child_text(identifier, "system") != Some(nhs::NHS_NUMBER) {
                    continue;
                }
                let Some(value) = tree.child_text(identifier, "value") else { continue };
                let first = *known.entry(value).or_insert(resource);
                if first != resource {
                    let other = self.typed.location(tree, first);
                    self.found(identifier, NhsProblem::IdentifierShared { other });
                }
            }
        }
    }
}

/// What is wrong with a value of a system, by its form.
fn wrong_form(kind: SystemKind, value: &str) -> Option<NhsProblem> {
    let text = || shorten(value);
    let is_form = match kind {
        SystemKind::NhsNumber | SystemKind::Local => true,
        SystemKind::OdsOrganisation | SystemKind::OdsSite => nhs::is_ods_code(value),
        SystemKind::SdsUser | SystemKind::SdsRoleProfile => nhs::is_sds_id(value),
        SystemKind::Ubrn => nhs::is_ubrn(value),
        SystemKind::Uprn => nhs::is_uprn(value),
        _ => nhs::is_registration(kind, value),
    };
    if is_form {
        return None;
    }
    let is_a = |kind| nhs::is_registration(kind, value);
    Some(match kind {
        SystemKind::OdsOrganisation | SystemKind::OdsSite => {
            let tidy = value.trim().to_ascii_uppercase();
            let is_tidy = nhs::is_ods_code(&tidy) && tidy.bytes().any(|byte| byte.is_ascii_digit());
            let hint = if is_tidy { " Write it in upper case, without spaces." } else { "" };
            NhsProblem::OdsCode { value: text(), hint }
        }
        SystemKind::SdsUser => NhsProblem::SdsUserId { value: text() },
        SystemKind::SdsRoleProfile => NhsProblem::SdsRoleProfileId { value: text() },
        SystemKind::Gmc => {
            let hint = match is_a(SystemKind::Gmp) {
                true => " This is a GMP code, whose system is 'https://fhir.hl7.org.uk/Id/gmp-number'.",
                false => "",
            };
            NhsProblem::GmcNumber { value: text(), hint }
        }
        SystemKind::Gmp => {
            let hint = match is_a(SystemKind::Gmc) {
                true => " This looks like a GMC number, whose system is 'https://fhir.hl7.org.uk/Id/gmc-number'.",
                false => "",
            };
            NhsProblem::GmpCode { value: text(), hint }
        }
        SystemKind::Din => NhsProblem::DinNumber { value: text() },
        SystemKind::Nmc => NhsProblem::NmcPin { value: text() },
        SystemKind::Gphc => NhsProblem::GphcNumber { value: text() },
        SystemKind::Hcpc => NhsProblem::HcpcNumber { value: text() },
        SystemKind::Gdc => NhsProblem::GdcNumber { value: text() },
        SystemKind::Goc => NhsProblem::GocNumber { value: text() },
        SystemKind::Ubrn => NhsProblem::Ubrn { value: text() },
        SystemKind::Uprn => NhsProblem::Uprn { value: text() },
        SystemKind::NhsNumber | SystemKind::Local => return None,
    })
}
