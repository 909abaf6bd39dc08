//! Codes: SNOMED CT identifiers and descriptions, Read codes, ICD-10, OPCS-4, dm+d.

use super::SNOMED;
use crate::check::{Checker, shorten};
use crate::definitions::UrlKind;
use crate::issue::NhsProblem;
use crate::nhs::snomed::{Component, Fault, Sctid};
use crate::nhs::{self, ReadVersion};
use crate::tree::NodeId;
use crate::typed::ElementRef;
use std::collections::BTreeSet;

/// Read codes version 2 and Clinical Terms Version 3, as GP Connect names them.
const READ_V2: &str = "http://read.info/readv2";
const CTV3: &str = "http://read.info/ctv3";
/// SNOMED CT's object identifier.
const SNOMED_OID: &str = "urn:oid:2.16.840.1.113883.6.96";

impl<'c> Checker<'c> {
    pub(super) fn nhs_coding(&mut self, node: NodeId, elements: &[ElementRef<'c>]) {
        let tree = self.tree;
        let Some(system_node) = tree.child(node, "system") else { return };
        let Some(system) = tree.text(system_node) else { return };
        let code = tree.child(node, "code").and_then(|at| Some((at, tree.text(at)?)));
        match system {
            SNOMED => {
                if let Some((at, code)) = code {
                    self.nhs_concept_id(at, code);
                }
                self.nhs_description(node);
            }
            READ_V2 | CTV3 => {
                let (version, system) = match system {
                    CTV3 => (ReadVersion::Ctv3, "CTV3"),
                    _ => (ReadVersion::V2, "Read v2"),
                };
                if let Some((at, code)) = code.filter(|(_, code)| !nhs::is_read_code(version, code)) {
                    self.found(at, NhsProblem::ReadForm { code: shorten(code), system });
                }
            }
            "http://hl7.org/fhir/sid/icd-10" => {
                if let Some((at, code)) = code.filter(|(_, code)| !nhs::is_icd10(code)) {
                    self.found(at, NhsProblem::Icd10Form { code: shorten(code) });
                }
            }
            "https://fhir.hl7.org.uk/Id/opcs-4" => {
                if let Some((at, code)) = code.filter(|(_, code)| !nhs::is_opcs4(code)) {
                    self.found(at, NhsProblem::Opcs4Form { code: shorten(code) });
                }
            }
            "https://dmd.nhs.uk" => {
                if let Some((at, code)) = code.filter(|(_, code)| !nhs::snomed::is_concept_id(code)) {
                    self.found(at, NhsProblem::DmdCode { code: shorten(code) });
                }
            }
            _ if is_meant_for_snomed(system) => {
                self.found(system_node, NhsProblem::SnomedSystem { system: shorten(system) });
            }
            _ if nhs::is_nhs_host(system)
                && nhs::system(system).is_none()
                && !self.is_fixed(elements, "system", system) =>
            {
                self.nhs_url(system_node, system, UrlKind::CodeSystem);
            }
            _ => {}
        }
    }

    /// A code of SNOMED CT is a concept. Expressions made of several are left to a terminology server.
    fn nhs_concept_id(&mut self, at: NodeId, code: &str) {
        if code.contains([':', '+', '=', '|', '{', '(']) {
            return;
        }
        let text = || shorten(code);
        let problem = match Sctid::parse(code).map(Sctid::component) {
            Ok(Component::Concept) => return,
            Ok(Component::Description) => NhsProblem::SnomedDescription { code: text() },
            Ok(Component::Relationship) => NhsProblem::SnomedRelationship { code: text() },
            Err(Fault::Form) if nhs::snomed::is_rt_code(code) => NhsProblem::SnomedRt { code: text() },
            Err(Fault::Form) => NhsProblem::SnomedForm { code: text() },
            Err(Fault::CheckDigit) => NhsProblem::SnomedCheckDigit { code: text() },
            Err(Fault::Partition) => NhsProblem::SnomedPartition { code: text() },
        };
        self.found(at, problem);
    }

    /// The extension for the description that was chosen.
    fn nhs_description(&mut self, coding: NodeId) {
        let tree = self.tree;
        for extension in tree.named(coding, "extension") {
            let is_it = |url: &str| url.to_ascii_lowercase().ends_with("sctdescid");
            if !tree.child_text(extension, "url").is_some_and(is_it) {
                continue;
            }
            for part in tree.named(extension, "extension") {
                let Some(value) = self.choice_of(part, "value") else { continue };
                let Some(text) = tree.text(value) else { continue };
                match tree.child_text(part, "url") {
                    Some("descriptionId") => match Sctid::parse(text).map(Sctid::component) {
                        Ok(Component::Description) => {}
                        Ok(Component::Concept) => {
                            self.found(value, NhsProblem::SnomedConceptAsDescription { code: shorten(text) });
                        }
                        _ => self.found(value, NhsProblem::SnomedDescriptionId { code: shorten(text) }),
                    },
                    Some("descriptionDisplay") => {
                        let Some(display) = tree.child_text(coding, "display") else { continue };
                        if !share_a_word(text, display) {
                            let (extension, display) = (shorten(text), shorten(display));
                            self.found(value, NhsProblem::SnomedDescriptionDisplay { extension, display });
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// The codings of one concept beside one another.
    pub(super) fn nhs_concept(&mut self, node: NodeId) {
        let tree = self.tree;
        let (mut read, mut has_snomed) = (None, false);
        let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
        for coding in tree.named(node, "coding") {
            let Some(system) = tree.child_text(coding, "system") else { continue };
            match system {
                SNOMED => has_snomed = true,
                READ_V2 => read = read.or(Some((coding, "Read v2"))),
                CTV3 => read = read.or(Some((coding, "CTV3"))),
                _ if is_meant_for_snomed(system) => has_snomed = true,
                _ => {}
            }
            let Some(code) = tree.child_text(coding, "code") else { continue };
            if !known.insert((system, code)) {
                self.found(coding, NhsProblem::CodingDuplicate { code: shorten(code) });
            }
        }
        if let Some((coding, system)) = read.filter(|_| !has_snomed) {
            self.found(coding, NhsProblem::ReadWithoutSnomed { system });
        }
    }
}

/// Whether a system is SNOMED CT by intention, and is not its URI.
fn is_meant_for_snomed(system: &str) -> bool {
    let trimmed = system.trim();
    let rest = trimmed.split_once("://").map_or(trimmed, |(_, rest)| rest);
    let starts = |start: &str| rest.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start));
    starts("snomed.info")
        || starts("www.snomed.info")
        || trimmed == SNOMED_OID
        || trimmed.eq_ignore_ascii_case("snomed")
        || starts("snomed ct")
        || starts("snomed-ct")
        || starts("snomedct")
}

/// Whether two terms have a word in common, or the start of one. Terms of one concept nearly always do, and those of two
/// may: what has none is worth a look.
fn share_a_word(one: &str, other: &str) -> bool {
    const START: usize = 4;
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    let start = |word: &str| word.chars().take(START).collect::<String>();
    let others: Vec<String> = words(&other).iter().map(|word| start(word)).collect();
    let initials: String = others.iter().filter_map(|word| word.chars().next()).collect();
    words(&one).iter().filter(|word| !word.is_empty()).any(|word| others.contains(&start(word)) || initials == **word)
}
