//! What is checked of a definition once it is compiled: invariants, bindings, discriminators.

use super::paths::{self, End};
use super::{Finding, Hints, Own, faults};
use crate::check::did_you_mean;
use crate::definitions::Definitions;
use crate::fhirpath::Expression;
use crate::issue::Problem;
use crate::model::StructureDefinition;
use crate::tree::{NodeId, Tree};
use crate::typed::ElementRef;
use std::sync::Arc;

/// Checks one StructureDefinition.
pub(super) fn check(
    definitions: &Definitions,
    tree: &Tree,
    own: &Own<Arc<StructureDefinition>>,
    hints: &Hints,
    findings: &mut Vec<Finding>,
) {
    let root = definitions.plan(&own.value.url).and_then(ElementRef::root);
    for invariant in tree.named(own.node, "contextInvariant") {
        if let Some(text) = tree.text(invariant) {
            expression(invariant, "contextInvariant", text, findings);
        }
    }
    for element in faults::elements(tree, own.node) {
        for constraint in tree.named(element, "constraint") {
            check_constraint(tree, constraint, findings);
        }
        if let Some(binding) = tree.child(element, "binding") {
            check_binding(definitions, tree, binding, hints, findings);
        }
        if let (Some(slicing), Some(root)) = (tree.child(element, "slicing"), root) {
            check_slicing(definitions, tree, element, slicing, root, findings);
        }
    }
}

fn check_constraint(tree: &Tree, constraint: NodeId, findings: &mut Vec<Finding>) {
    let key = tree.child_text(constraint, "key").unwrap_or_default();
    let node = tree.child(constraint, "expression");
    if let Some((node, text)) = node.and_then(|node| Some((node, tree.text(node)?))) {
        if !text.trim().is_empty() {
            expression(node, key, text, findings);
        }
    }
}

fn expression(node: NodeId, key: &str, text: &str, findings: &mut Vec<Finding>) {
    if let Err(error) = Expression::parse(text) {
        let at = text.get(..error.offset).map_or(error.offset, |before| before.chars().count()) + 1;
        let (key, expected, found) = (key.to_owned(), error.expected, error.found);
        findings.push(Finding {
            node,
            problem: Arc::new(Problem::DefinitionInvariant { key, at, expected, found }.bounded()),
        });
    }
}

fn check_binding(definitions: &Definitions, tree: &Tree, binding: NodeId, hints: &Hints, findings: &mut Vec<Finding>) {
    // The codes of an example are not checked.
    if tree.child_text(binding, "strength") == Some("example") {
        return;
    }
    let reference = tree.child(binding, "valueSetReference").and_then(|reference| tree.child(reference, "reference"));
    let Some(node) = reference.or_else(|| tree.child(binding, "valueSetUri")) else { return };
    check_value_set_url(definitions, tree, node, hints, findings);
}

/// Checks that the value sets which a ValueSet is made of are there.
pub(super) fn check_value_set(
    definitions: &Definitions,
    tree: &Tree,
    root: NodeId,
    hints: &Hints,
    findings: &mut Vec<Finding>,
) {
    for compose in tree.named(root, "compose") {
        for part in tree.named(compose, "include").chain(tree.named(compose, "exclude")) {
            for node in tree.named(part, "valueSet") {
                check_value_set_url(definitions, tree, node, hints, findings);
            }
        }
    }
}

fn check_value_set_url(
    definitions: &Definitions,
    tree: &Tree,
    node: NodeId,
    hints: &Hints,
    findings: &mut Vec<Finding>,
) {
    let Some(url) = tree.text(node).map(str::trim).filter(|url| !url.is_empty() && !url.starts_with('#')) else {
        return;
    };
    if !definitions.has_value_set(url) {
        let urls = || definitions.terminology().value_set_urls();
        let hint = if hints.take() { did_you_mean(url, urls().into_iter()) } else { String::new() };
        findings.push(Finding {
            node,
            problem: Arc::new(Problem::DefinitionValueSetUnknown { url: url.to_owned(), hint }.bounded()),
        });
    }
}

fn check_slicing(
    definitions: &Definitions,
    tree: &Tree,
    element: NodeId,
    slicing: NodeId,
    root: ElementRef<'_>,
    findings: &mut Vec<Finding>,
) {
    let path = tree.child_text(element, "path").unwrap_or_default().trim();
    let last = path.rsplit('.').next().unwrap_or_default();
    let mut is_told_apart = matches!(last, "extension" | "modifierExtension") || last.ends_with("[x]");
    for discriminator in tree.named(slicing, "discriminator") {
        is_told_apart = true;
        // Before 3.0 a discriminator was a bare path.
        let node = tree.child(discriminator, "path").unwrap_or(discriminator);
        let Some(text) = tree.text(node) else { continue };
        let text = text.trim();
        let stem = text.strip_suffix("@type").or_else(|| text.strip_suffix("@profile")).unwrap_or(text);
        let start = paths::at(definitions, root, path);
        if start.is_empty() {
            continue;
        }
        if let End::Nowhere { name } = paths::follow(definitions, start, stem.trim_end_matches('.')) {
            let (text, parent) = (text.to_owned(), path.to_owned());
            findings.push(Finding {
                node,
                problem: Arc::new(Problem::DefinitionDiscriminator { path: text, name, parent }.bounded()),
            });
        }
    }
    if !is_told_apart {
        findings.push(Finding { node: slicing, problem: Arc::new(Problem::DefinitionNoDiscriminator) });
    }
}
