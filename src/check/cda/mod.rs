//! CDA documents, HL7's older standard: the header by CDA's own rules and the NHS's, what texts name and refer to, and the
//! envelope around it. All else of it is not validated, and that is said.

mod body;
mod envelope;
mod header;

use super::Checker;
use crate::cda::header::{attribute, attribute_node};
use crate::cda::{self, Root};
use crate::issue::{CdaProblem, NhsProblem, Problem};
use crate::model::StructureKind;
use crate::nhs::snomed::{Component, Fault, Sctid};
use crate::nhs::{self, NhsNumberFault};
use crate::parse::Parsed;
use crate::report::UncheckedKind;
use crate::tree::{Flags, NodeId};

/// What of a document is not checked, as the verdict's reason says it.
const NOT_CHECKED: &str = "the body and coded entries of a CDA document";

impl<'c> Checker<'c> {
    /// Checks an input whose outermost element is of CDA.
    pub(super) fn cda(&mut self, root: Root) {
        let tree = self.tree;
        if root == Root::Envelope {
            self.cda_envelope();
        }
        for document in cda::header::documents(tree) {
            self.find_name(document, None, Problem::Cda(CdaProblem::NotValidated));
            let reason = "It is HL7 version 3, not FHIR: its header is checked, the rest is not validated.".to_owned();
            self.leave_out(document, UncheckedKind::Content, NOT_CHECKED, reason);
            self.cda_header(document);
            self.cda_body(document);
        }
        self.cda_values();
    }

    /// Whether an input is XML that is not FHIR at all; that is said then, and nothing else of it.
    pub(super) fn is_foreign(&mut self, parsed: &Parsed) -> bool {
        let root = self.tree.root();
        let Some(name) = self.tree.resource_type(root) else { return false };
        let is_type = self.definitions.base_named(name).is_some_and(|plan| plan.kind == StructureKind::Resource);
        if is_type || !self.tree.flags(root).has(Flags::FOREIGN) || super::later::type_problem(name).is_some() {
            return false;
        }
        let problem = Problem::NotFhir { name: super::shorten(name), what: cda::foreign(name) };
        let span =
            parsed.faults.iter().find(|fault| fault.node == root).map_or(self.tree.span(root), |fault| fault.span);
        self.find_at(root, span, problem);
        true
    }

    /// What is checked wherever it stands: points in time, NHS numbers, ODS codes, SNOMED CT codes.
    fn cda_values(&mut self) {
        let tree = self.tree;
        for node in tree.all().filter(|node| cda::header::is_element(tree, *node)) {
            self.cda_time(node);
            if let Some(system) = attribute(tree, node, "codeSystem").filter(|system| cda::is_snomed(system)) {
                self.cda_snomed(node, system);
            }
            if tree.name(node) == "id" {
                self.cda_identifier(node);
            }
        }
    }

    fn cda_time(&mut self, node: NodeId) {
        let tree = self.tree;
        let is_time = |node: NodeId| {
            let name = tree.name(node);
            name.ends_with("Time") || name == "time"
        };
        let of_time = || matches!(tree.name(node), "low" | "high" | "center") && tree.parent(node).is_some_and(is_time);
        if !is_time(node) && !of_time() {
            return;
        }
        // What says how often something is done is no point in time.
        let kind = attribute(tree, node, "xsi:type").unwrap_or_default();
        if matches!(kind.rsplit(':').next(), Some("PIVL_TS" | "EIVL_TS" | "PQ")) {
            return;
        }
        let Some(at) = attribute_node(tree, node, "value") else { return };
        let found = tree.text(at).unwrap_or_default();
        if let Err(expected) = cda::time::read(found) {
            self.found_cda(at, CdaProblem::Time { found: super::shorten(found), expected });
        }
    }

    /// An identifier whose root is known.
    fn cda_identifier(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some((kind, _)) = attribute(tree, node, "root").and_then(cda::identifier) else { return };
        let Some(at) = attribute_node(tree, node, "extension") else { return };
        let value = tree.text(at).unwrap_or_default();
        match kind {
            cda::Identifier::NhsNumber | cda::Identifier::Unverified => self.cda_number(at, value),
            cda::Identifier::Organisation if !nhs::is_ods_code(value) => {
                self.found_nhs(at, NhsProblem::OdsCode { value: super::shorten(value), hint: "" });
            }
            cda::Identifier::Site if !nhs::is_ods_code(value) => {
                self.found_nhs(at, NhsProblem::OdsCode { value: super::shorten(value), hint: "" });
            }
            cda::Identifier::Site if value.len() < 5 => {
                self.found_cda(at, CdaProblem::SiteCode { value: super::shorten(value) });
            }
            cda::Identifier::SdsUser if !nhs::is_sds_id(value) => {
                self.found_nhs(at, NhsProblem::SdsUserId { value: super::shorten(value) });
            }
            cda::Identifier::SdsRole if !nhs::is_sds_id(value) => {
                self.found_nhs(at, NhsProblem::SdsRoleProfileId { value: super::shorten(value) });
            }
            _ => {}
        }
    }

    fn cda_number(&mut self, at: NodeId, value: &str) {
        let problem = match nhs::nhs_number(value) {
            Err(NhsNumberFault::Separators) => NhsProblem::NumberSpaces,
            Err(NhsNumberFault::Form) => NhsProblem::NumberForm { found: value.chars().count() },
            Err(NhsNumberFault::SameDigits) => NhsProblem::NumberSameDigits,
            Err(NhsNumberFault::CheckDigit) => NhsProblem::NumberCheckDigit,
            Ok(()) if self.options.test_numbers && nhs::is_in_test_range(value) => NhsProblem::NumberTest,
            Ok(()) => return,
        };
        self.found_nhs(at, problem);
    }

    fn cda_snomed(&mut self, node: NodeId, _system: &str) {
        let tree = self.tree;
        let Some(at) = attribute_node(tree, node, "code") else { return };
        let text = tree.text(at).unwrap_or_default();
        // An expression is put together of codes, and is not taken apart here.
        if text.contains([':', '+', '|', '=']) {
            return;
        }
        let code = super::shorten(text);
        let problem = match Sctid::parse(text).map(Sctid::component) {
            Ok(Component::Concept) => return,
            Ok(Component::Description) => NhsProblem::SnomedDescription { code },
            Ok(Component::Relationship) => NhsProblem::SnomedRelationship { code },
            Err(Fault::Form) => NhsProblem::SnomedForm { code },
            Err(Fault::CheckDigit) => NhsProblem::SnomedCheckDigit { code },
            Err(Fault::Partition) => NhsProblem::SnomedPartition { code },
        };
        self.found_nhs(at, problem);
    }

    fn found_cda(&mut self, node: NodeId, problem: CdaProblem) {
        self.find(node, None, Problem::Cda(problem));
    }

    fn found_cda_at_name(&mut self, node: NodeId, problem: CdaProblem) {
        self.find_name(node, None, Problem::Cda(problem));
    }

    fn found_nhs(&mut self, node: NodeId, problem: NhsProblem) {
        self.find(node, None, Problem::Nhs(problem));
    }
}
