//! The resources of an input, and what their references lead to.

use super::words::shorten;
use super::{Contradiction, Finding, Rank, Rule, Side};
use crate::links::Links;
use crate::tree::{NodeId, Tree};
use rustc_hash::FxHashSet;

/// An input with its resources and references.
pub(super) struct Input<'t> {
    pub(super) tree: &'t Tree,
    links: &'t Links<'t>,
    /// Every resource but Bundles, contained ones too, in the order of the input.
    pub(super) resources: Vec<NodeId>,
    /// Those that count as not being there.
    left_out: FxHashSet<NodeId>,
}

impl<'t> Input<'t> {
    pub(super) fn new(tree: &'t Tree, links: &'t Links<'t>, is_left_out: &dyn Fn(NodeId) -> bool) -> Self {
        let is_one = |node: &NodeId| tree.resource_type(*node).is_some_and(|kind| kind != "Bundle");
        let (left_out, resources): (Vec<_>, Vec<_>) = tree.all().filter(is_one).partition(|node| is_left_out(*node));
        Input { tree, links, resources, left_out: left_out.into_iter().collect() }
    }

    /// The resources of one type.
    pub(super) fn of_type(&self, kind: &'static str) -> impl Iterator<Item = NodeId> + '_ {
        self.resources.iter().copied().filter(move |node| self.tree.resource_type(*node) == Some(kind))
    }

    /// The resource that an element of type Reference leads to, if it is in the input and only one can be meant.
    pub(super) fn referred(&self, reference: NodeId) -> Option<NodeId> {
        let literal = self.tree.child(reference, "reference")?;
        let found = self.links.find(literal, self.tree.text(literal)?).certain();
        found.filter(|resource| !self.left_out.contains(resource))
    }

    /// The resource that a child of type Reference leads to.
    pub(super) fn linked(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.tree.child(node, name).and_then(|reference| self.referred(reference))
    }

    /// The patient that a resource is about, where that is in the input.
    pub(super) fn patient(&self, node: NodeId) -> Option<NodeId> {
        self.linked(node, "subject").or_else(|| self.linked(node, "patient"))
    }

    /// What a CodeableConcept says: its text, or the display that was chosen, or the first.
    pub(super) fn said(&self, concept: NodeId) -> Option<Side> {
        let tree = self.tree;
        let is_full = |node: &NodeId| tree.text(*node).is_some_and(|text| !text.trim().is_empty());
        let text = tree.child(concept, "text").filter(is_full);
        let chosen = || {
            let codings = || tree.named(concept, "coding").filter(|coding| tree.child(*coding, "display").is_some());
            let chosen = codings().find(|coding| tree.child_text(*coding, "userSelected") == Some("true"));
            chosen.or_else(|| codings().next()).and_then(|coding| tree.child(coding, "display")).filter(is_full)
        };
        let node = text.or_else(chosen)?;
        Some(Side { node, quote: shorten(tree.text(node)?) })
    }

    /// Whether a CodeableConcept has a code of SNOMED CT that is one of these.
    pub(super) fn has_code(&self, concept: NodeId, codes: &[&str]) -> bool {
        self.tree
            .named(concept, "coding")
            .filter_map(|coding| self.tree.child_text(coding, "code"))
            .any(|code| codes.contains(&code))
    }

    /// Whether a resource was entered in error, or refuted.
    pub(super) fn is_void(&self, node: NodeId) -> bool {
        ["status", "verificationStatus"]
            .iter()
            .any(|name| matches!(self.tree.child_text(node, name), Some("entered-in-error" | "refuted")))
    }
}

/// The same with another rank than the rule's own.
pub(super) fn ranked(finding: Finding, rank: Rank) -> Finding {
    Finding { rank, ..finding }
}

/// A finding of a rule at a node, in one of the rule's forms of words.
pub(super) fn finding(rule: Rule, form: usize, at: NodeId, sides: [Side; 2], values: Vec<String>) -> Finding {
    Finding { says: Contradiction { rule, form, values }, rank: rule.rank(), at, sides }
}
