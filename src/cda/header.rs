//! Where the header of a document has what: the same for checking it and for showing it.

use crate::tree::{Flags, NodeId, Tree};

/// How deep inside of envelopes a document may stand.
const DEEPEST: usize = 12;

/// The documents of an input, in order: the outermost element, or what envelopes hold.
pub fn documents(tree: &Tree) -> Vec<NodeId> {
    let root = tree.root();
    if tree.resource_type(root) == Some("ClinicalDocument") {
        return vec![root];
    }
    let mut found = Vec::new();
    let mut open = vec![(root, 0)];
    while let Some((node, depth)) = open.pop() {
        if tree.name(node) == "ClinicalDocument" {
            found.push(node);
        } else if depth < DEEPEST {
            open.extend(tree.children(node).map(|child| (child, depth + 1)));
        }
    }
    crate::order::sort(&mut found);
    found
}

/// The payloads of ITK2's envelopes that are packed as text: Base64, by what it decodes to.
pub fn packed_payloads(tree: &Tree) -> Vec<NodeId> {
    let is_payload = |node: &NodeId| tree.name(*node) == "payload" && tree.text(*node).is_some();
    let mut open = vec![(tree.root(), 0)];
    let mut found = Vec::new();
    while let Some((node, depth)) = open.pop() {
        if is_payload(&node) {
            found.push(node);
        } else if depth < DEEPEST && tree.name(node) != "ClinicalDocument" {
            open.extend(tree.children(node).map(|child| (child, depth + 1)));
        }
    }
    crate::order::sort(&mut found);
    found
}

/// A node and all that is in it, in the order of the source: the nodes of an element stand together.
pub fn inside(tree: &Tree, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
    (node.0..tree.len() as u32).map(NodeId).take_while(move |at| tree.is_within(*at, node))
}

/// All that a path of element names leads to, in the order of the source.
pub fn all(tree: &Tree, from: NodeId, path: &str) -> Vec<NodeId> {
    let mut at = vec![from];
    for name in path.split('.') {
        at = at.into_iter().flat_map(|node| tree.named(node, name).filter(|child| is_element(tree, *child))).collect();
    }
    at
}

/// The first that a path of element names leads to.
pub fn first(tree: &Tree, from: NodeId, path: &str) -> Option<NodeId> {
    all(tree, from, path).into_iter().next()
}

/// Whether a node is an element, not an attribute of one.
pub fn is_element(tree: &Tree, node: NodeId) -> bool {
    !tree.flags(node).has(Flags::ATTRIBUTE)
}

/// The node of an attribute.
pub fn attribute_node(tree: &Tree, node: NodeId, name: &str) -> Option<NodeId> {
    tree.named(node, name).find(|child| tree.flags(*child).has(Flags::ATTRIBUTE))
}

/// The value of an attribute.
pub fn attribute<'t>(tree: &'t Tree, node: NodeId, name: &str) -> Option<&'t str> {
    attribute_node(tree, node, name).and_then(|found| tree.text(found))
}

/// The value of an attribute of the first element that a path leads to.
pub fn attribute_at<'t>(tree: &'t Tree, from: NodeId, path: &str, name: &str) -> Option<&'t str> {
    first(tree, from, path).and_then(|node| attribute(tree, node, name))
}

/// The elements that say who the patient is; one, but for documents of groups.
pub fn patients(tree: &Tree, document: NodeId) -> Vec<NodeId> {
    all(tree, document, "recordTarget.patientRole")
}

/// The sections of a body or of another section, in order.
pub fn sections(tree: &Tree, around: NodeId) -> Vec<NodeId> {
    all(tree, around, "component.section")
}

/// A text as one line, without white space around it.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
