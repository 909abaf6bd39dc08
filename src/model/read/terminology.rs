//! CodeSystem and ValueSet from a tree.

use super::{Fault, FaultKind, Read, Reader};
use crate::model::{CodeSystem, Concept, ConceptSet, ValueSet};
use crate::tree::{NodeId, Tree};
use std::collections::BTreeMap;

/// A CodeSystem from its tree, in JSON or XML.
pub fn code_system(tree: &Tree) -> Read<CodeSystem> {
    code_system_at(tree, tree.root())
}

/// A CodeSystem that stands in another resource, such as an entry of a Bundle.
pub fn code_system_at(tree: &Tree, root: NodeId) -> Read<CodeSystem> {
    let mut reader = Reader::new(tree, root, "CodeSystem");
    let mut value = CodeSystem {
        url: reader.required(root, "url"),
        version: reader.text(root, "version"),
        name: reader.text(root, "name"),
        status: reader.required(root, "status"),
        value_set: reader.optional(root, "valueSet"),
        // Left out, nothing says that case matters, and a code may not be called wrong for it.
        case_sensitive: reader.flag(root, "caseSensitive").unwrap_or(false),
        content: reader.required(root, "content"),
        supplements: reader.optional(root, "supplements"),
        ..CodeSystem::default()
    };
    // STU3 has no such content and says it by an extension; R4 has both properties.
    if let Some(url) = reader.extension_text(root, "codesystem-supplements") {
        (value.content, value.supplements) = ("supplement".to_owned(), Some(url));
    }
    for identifier in tree.named(root, "identifier") {
        value.identifiers.extend(reader.optional(identifier, "value"));
    }
    let mut more_parents: Vec<(String, u32)> = Vec::new();
    let mut own_parents: Vec<(u32, String)> = Vec::new();
    // An explicit stack, so that parents come before children in the order of the source.
    let mut stack: Vec<(NodeId, Option<u32>)> = tree.named(root, "concept").map(|node| (node, None)).collect();
    stack.reverse();
    while let Some((node, parent)) = stack.pop() {
        let code = reader.required(node, "code");
        let at = value.concepts.len() as u32;
        let mut concept = Concept { code, display: reader.text(node, "display"), ..Concept::default() };
        concept.parents.extend(parent);
        for designation in tree.named(node, "designation") {
            if let Some(text) = reader.optional(designation, "value") {
                concept.designations.push((reader.text(designation, "language"), text));
            }
        }
        for property in tree.named(node, "property") {
            let Some(code) = reader.optional(property, "code") else { continue };
            let Some(held) = tree.children(property).find(|child| tree.name(*child).starts_with("value")) else {
                continue;
            };
            let text = tree.text(held).map(str::to_owned).or_else(|| reader.optional(held, "code"));
            match text {
                Some(text) if code == "parent" => own_parents.push((at, text)),
                Some(text) => concept.properties.push((code, text)),
                None => {}
            }
        }
        for extension in tree.named(node, "extension").chain(tree.named(node, "modifierExtension")) {
            let url = reader.text(extension, "url");
            match url.rsplit('/').next() {
                Some("codesystem-subsumes") => {
                    more_parents.extend(reader.optional(extension, "valueCode").map(|code| (code, at)));
                }
                Some("codesystem-deprecated") if tree.child_text(extension, "valueBoolean") == Some("true") => {
                    concept.properties.push(("deprecated".to_owned(), "true".to_owned()));
                }
                _ => {}
            }
        }
        if concept.code.is_empty() {
            continue;
        }
        value.concepts.push(concept);
        let start = stack.len();
        stack.extend(tree.named(node, "concept").map(|child| (child, Some(at))));
        if let Some(added) = stack.get_mut(start..) {
            added.reverse();
        }
    }
    let index: BTreeMap<String, u32> =
        value.concepts.iter().enumerate().map(|(at, concept)| (concept.code.clone(), at as u32)).collect();
    let from_children = own_parents.into_iter().map(|(at, code)| (Some(at), index.get(&code).copied()));
    let from_parents = more_parents.into_iter().map(|(code, parent)| (index.get(&code).copied(), Some(parent)));
    for (child, parent) in from_children.chain(from_parents) {
        let (Some(child), Some(parent)) = (child, parent) else { continue };
        if let Some(concept) = value.concepts.get_mut(child as usize) {
            if child != parent && !concept.parents.contains(&parent) {
                concept.parents.push(parent);
            }
        }
    }
    Read { value, faults: reader.faults }
}

/// A ValueSet from its tree, in JSON or XML. One that has an expansion and no composition is what the expansion lists.
pub fn value_set(tree: &Tree) -> Read<ValueSet> {
    value_set_at(tree, tree.root())
}

/// A ValueSet that stands in another resource, such as an entry of a Bundle.
pub fn value_set_at(tree: &Tree, root: NodeId) -> Read<ValueSet> {
    let mut reader = Reader::new(tree, root, "ValueSet");
    let mut value = ValueSet {
        url: reader.required(root, "url"),
        version: reader.text(root, "version"),
        name: reader.text(root, "name"),
        status: reader.required(root, "status"),
        ..ValueSet::default()
    };
    for compose in tree.named(root, "compose") {
        value.is_active_only |= reader.flag(compose, "inactive") == Some(false);
        value.include.extend(tree.named(compose, "include").filter_map(|node| reader.concept_set(node)));
        value.exclude.extend(tree.named(compose, "exclude").filter_map(|node| reader.concept_set(node)));
    }
    if value.include.is_empty() {
        value.include = tree.child(root, "expansion").map_or_else(Vec::new, |node| expanded(&reader, node));
    }
    Read { value, faults: reader.faults }
}

fn expanded(reader: &Reader, expansion: NodeId) -> Vec<ConceptSet> {
    let tree = reader.tree;
    let mut sets: BTreeMap<String, ConceptSet> = BTreeMap::new();
    let mut stack: Vec<NodeId> = tree.named(expansion, "contains").collect();
    stack.reverse();
    while let Some(node) = stack.pop() {
        let (system, code) = (reader.text(node, "system"), reader.text(node, "code"));
        if !code.is_empty() && tree.child_text(node, "abstract") != Some("true") {
            let set = sets.entry(system.clone()).or_default();
            set.system = Some(system).filter(|system| !system.is_empty());
            set.concepts.push((code, reader.text(node, "display")));
        }
        let start = stack.len();
        stack.extend(tree.named(node, "contains"));
        if let Some(added) = stack.get_mut(start..) {
            added.reverse();
        }
    }
    sets.into_values().collect()
}

impl Reader<'_> {
    fn concept_set(&mut self, node: NodeId) -> Option<ConceptSet> {
        let tree = self.tree;
        let mut set = ConceptSet {
            system: self.optional(node, "system"),
            version: self.optional(node, "version"),
            value_sets: self.list(node, "valueSet"),
            ..ConceptSet::default()
        };
        for concept in tree.named(node, "concept") {
            let code = self.required(concept, "code");
            if !code.is_empty() {
                set.concepts.push((code, self.text(concept, "display")));
            }
        }
        for filter in tree.named(node, "filter") {
            let parts = (self.required(filter, "property"), self.required(filter, "op"), self.text(filter, "value"));
            if parts.0.is_empty() || parts.1.is_empty() {
                // Left out, a filter would widen the set to the whole system.
                return None;
            }
            set.filters.push(parts);
        }
        if set.system.is_none() && set.value_sets.is_empty() {
            self.faults.push(Fault { node, kind: FaultKind::Missing { name: "system" } });
            return None;
        }
        Some(set)
    }
}
