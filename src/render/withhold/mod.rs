//! What a patient is not to see, taken out of the tree before anything is made of it: so nothing can count it, number its
//! gap, name it or refer to it (GP Connect's label NOPAT; RECORD view for patients).
//!
//! In doubt it is withheld: a label that cannot be read counts as one, a reference is followed by every way in which it may
//! be meant, a text beside what is withheld goes with it. What is left out in one of two versions is in the other too.

mod label;
mod mention;
mod names;

pub(super) use label::is_restricted;

use super::Types;
use super::model::{Coverage, Withheld};
use crate::tree::{NodeId, Tree};
use names::Names;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Why a value is not displayed to a patient.
pub const REASON: &str = "not to be disclosed to the patient (NOPAT, or what would betray it)";

/// What patients are told in every output, whether anything is withheld or not.
pub const NOTICE: &str = "Some information may not be shown here. Ask your GP practice.";

/// How often a set is looked through again for what it takes with it.
const ROUNDS: usize = 12;

/// A tree without what its patient is not to see.
#[derive(Debug)]
pub struct Kept<'a> {
    /// The tree that was read.
    whole: &'a Tree,
    types: &'a dyn Types,
    /// What is left of it, if anything was taken.
    part: Option<Tree>,
    /// The node of the whole tree for each of the part.
    origin: Vec<NodeId>,
    /// Whether nothing is left.
    pub nothing: bool,
}

impl std::fmt::Debug for dyn Types + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Types")
    }
}

impl Types for Kept<'_> {
    fn type_name<'t>(&'t self, _: &'t Tree, node: NodeId) -> Option<&'t str> {
        self.types.type_name(self.whole, self.of(node))
    }
}

impl<'a> Kept<'a> {
    /// The tree to display.
    pub fn tree(&self) -> &Tree {
        self.part.as_ref().unwrap_or(self.whole)
    }

    /// The node of the whole tree.
    fn of(&self, node: NodeId) -> NodeId {
        match self.part {
            Some(_) => self.origin.get(node.0 as usize).copied().unwrap_or(node),
            None => node,
        }
    }

    /// The coverage of the whole tree, from that of what is left of it: places are those of the input, and what was taken
    /// out is withheld.
    pub fn coverage(&self, ended: &[(NodeId, super::context::Mark)]) -> Coverage {
        let mut coverage = Coverage::default();
        let mut seen = FxHashSet::default();
        for (node, mark) in ended {
            let node = self.of(*node);
            seen.insert(node);
            coverage.add(self.whole.pointer(node), *mark);
        }
        if self.part.is_none() {
            return coverage;
        }
        for node in self.whole.all() {
            let is_leaf = self.whole.text(node).is_some() || self.whole.children(node).next().is_none();
            if is_leaf && !seen.contains(&node) && node != self.whole.root() {
                coverage.leaves += 1;
                coverage.withheld.push(Withheld { pointer: self.whole.pointer(node), reason: REASON });
            }
        }
        coverage
    }
}

/// A tree that is to be displayed to its patient.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The tree.
    pub tree: &'a Tree,
    /// The types of its nodes.
    pub types: &'a dyn Types,
    /// Whether it could not be read to its end, so that a label may be missing.
    pub is_cut_off: bool,
}

/// What is left of one input.
pub fn kept(input: Input<'_>) -> Kept<'_> {
    let mut held = Held::new(input);
    held.find(&BTreeSet::new());
    held.kept(input)
}

/// What is left of a tree without these nodes, and what is in them.
pub fn without<'a>(input: Input<'a>, cut: &FxHashSet<NodeId>) -> Kept<'a> {
    let (whole, types) = (input.tree, input.types);
    if cut.contains(&whole.root()) {
        let part = Tree::new(String::new(), whole.names().clone());
        return Kept { whole, types, part: Some(part), origin: vec![whole.root()], nothing: true };
    }
    if cut.is_empty() {
        return Kept { whole, types, part: None, origin: Vec::new(), nothing: false };
    }
    let (part, origin) = whole.without(cut);
    Kept { whole, types, part: Some(part), origin, nothing: false }
}

/// What is left of two versions of one resource: what is withheld in one of them is in both.
pub fn kept_of_both<'a>(older: Input<'a>, newer: Input<'a>) -> (Kept<'a>, Kept<'a>) {
    let (mut old, mut new) = (Held::new(older), Held::new(newer));
    let mut names = BTreeSet::new();
    for _ in 0..ROUNDS {
        let before = names.len();
        old.find(&names);
        names.extend(old.held_names());
        new.find(&names);
        names.extend(new.held_names());
        if names.len() == before {
            break;
        }
    }
    let words: Vec<String> = old.words.iter().chain(&new.words).cloned().collect();
    old.words.clone_from(&words);
    new.words = words;
    (old.kept(older), new.kept(newer))
}

/// What is found to be withheld in one tree.
struct Held<'a> {
    tree: &'a Tree,
    names: Names<'a>,
    /// The resources that are withheld.
    resources: FxHashSet<NodeId>,
    /// What they are called in words, in small letters.
    words: Vec<String>,
}

impl<'a> Held<'a> {
    fn new(input: Input<'a>) -> Self {
        let names = Names::new(input.tree);
        let mut held = Held { tree: input.tree, names, resources: FxHashSet::default(), words: Vec::new() };
        if input.is_cut_off {
            held.resources.insert(input.tree.root());
        }
        held
    }

    /// The names of what is withheld, for the other version.
    fn held_names(&self) -> Vec<String> {
        self.resources.iter().flat_map(|resource| self.names.identities(*resource)).collect()
    }

    /// Finds what is labelled, what has one of these names, and what goes with it.
    fn find(&mut self, elsewhere: &BTreeSet<String>) {
        let mut open: Vec<NodeId> = Vec::new();
        for resource in self.names.resources().to_vec() {
            let named = || self.names.identities(resource).iter().any(|name| elsewhere.contains(name));
            if label::is_withheld(self.tree, resource) || named() {
                open.push(resource);
            }
        }
        self.hold(open);
        for name in elsewhere {
            self.names.betray(name);
        }
        for _ in 0..ROUNDS {
            let more = self.names.taken_along(self.tree, &self.resources);
            if more.is_empty() {
                break;
            }
            self.hold(more);
        }
    }

    /// Withholds resources, what is in them, and what bears the same identity.
    fn hold(&mut self, mut open: Vec<NodeId>) {
        while let Some(resource) = open.pop() {
            if !self.resources.insert(resource) {
                continue;
            }
            mention::words(self.tree, resource, &mut self.words);
            self.names.betray_all(resource);
            open.extend(self.names.same(resource));
            open.extend(self.names.inside(resource));
        }
    }

    /// Cuts it all out.
    fn kept(self, input: Input<'a>) -> Kept<'a> {
        let tree = self.tree;
        let mut cut: FxHashSet<NodeId> = FxHashSet::default();
        if self.resources.contains(&tree.root()) {
            cut.insert(tree.root());
            return without(input, &cut);
        }
        for resource in &self.resources {
            cut.insert(holder(tree, *resource));
            if let Some(bundle) = tree.parent(holder(tree, *resource)) {
                // It counts what is not shown.
                cut.extend(tree.named(bundle, "total"));
                mention::around(tree, bundle, &mut cut);
            }
        }
        mention::references(tree, &self.names, &self.resources, &mut cut);
        mention::texts(tree, &self.words, &mut cut);
        label::parts(tree, &mut cut);
        mention::emptied(tree, &mut cut);
        without(input, &cut)
    }
}

/// The element that is there for a resource alone: a Bundle's entry, a parameter, the resource itself.
fn holder(tree: &Tree, resource: NodeId) -> NodeId {
    match tree.parent(resource) {
        Some(parent) if tree.resource_type(parent).is_none() && tree.parent(parent).is_some() => parent,
        _ => resource,
    }
}
