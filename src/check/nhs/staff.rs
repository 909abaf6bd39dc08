//! Who gives care, where and as what: practitioners, their roles, organisations. The NHS's own data only.

use crate::check::Checker;
use crate::issue::NhsProblem;
use crate::nhs::{self, SystemKind};
use crate::tree::NodeId;
use crate::typed::ElementRef;

impl<'c> Checker<'c> {
    /// A practitioner has a number that is known nationally.
    pub(super) fn nhs_practitioner(&mut self, node: NodeId, elements: &[ElementRef<'c>]) {
        let is_national = |kind: SystemKind| !matches!(kind, SystemKind::Local);
        if !self.has_identifier(node, is_national) && !self.is_demanded(elements, "identifier") && self.is_nhs(node) {
            self.found_at_name(node, NhsProblem::PractitionerNoIdentifier);
        }
    }

    /// A role is held by someone, somewhere, and is one of the SDS's.
    pub(super) fn nhs_role(&mut self, node: NodeId, elements: &[ElementRef<'c>]) {
        let tree = self.tree;
        if !self.is_nhs(node) {
            return;
        }
        let lacks = |name: &str| tree.child(node, name).is_none() && !self.is_demanded(elements, name);
        let (no_organisation, no_practitioner) = (lacks("organization"), lacks("practitioner"));
        if no_organisation {
            self.found_at_name(node, NhsProblem::RoleNoOrganisation);
        }
        if no_practitioner {
            self.found_at_name(node, NhsProblem::RoleNoPractitioner);
        }
        let is_job_role = |system: &str| system.contains("SDSJobRoleName");
        let has_job_role = tree.named(node, "code").any(|concept| {
            tree.named(concept, "coding").any(|coding| tree.child_text(coding, "system").is_some_and(is_job_role))
        });
        if !has_job_role && !self.is_demanded(elements, "code") {
            self.found_at_name(node, NhsProblem::RoleNoJobRole);
        }
    }

    /// An organisation has its ODS code.
    pub(super) fn nhs_organisation(&mut self, node: NodeId, elements: &[ElementRef<'c>]) {
        let is_ods = |kind: SystemKind| matches!(kind, SystemKind::OdsOrganisation | SystemKind::OdsSite);
        if !self.has_identifier(node, is_ods) && !self.is_demanded(elements, "identifier") && self.is_nhs(node) {
            self.found_at_name(node, NhsProblem::OrganisationNoOds);
        }
    }

    fn has_identifier(&self, node: NodeId, is_kind: impl Fn(SystemKind) -> bool) -> bool {
        let tree = self.tree;
        let systems = tree.named(node, "identifier").filter_map(|identifier| tree.child_text(identifier, "system"));
        systems.filter_map(nhs::system).any(|system| is_kind(system.kind))
    }
}
