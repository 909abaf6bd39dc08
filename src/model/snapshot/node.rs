//! A snapshot while it is made: a tree, in which slices hang on the element that they slice.

use crate::model::{Base, ElementDefinition};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

/// An element, what is inside of it, and its slices.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// The last step of the path: `identifier`, `value[x]`.
    pub name: String,
    /// The facts; path and id are made when the tree is written out.
    pub element: ElementDefinition,
    pub children: Nodes,
    /// Whether `children` is everything that the type has.
    pub unfolded: bool,
    pub slices: Nodes,
    /// A choice of which the differential named only the types, as `valueQuantity`: no other type is allowed.
    pub only_slices: bool,
}

/// Nodes in their order, with an index by what they are asked for where they are many: elements by their names, slices by
/// theirs. What is asked for does not change once a node is here.
#[derive(Clone, Debug, Default)]
pub(super) struct Nodes {
    all: Vec<Node>,
    places: BTreeMap<Box<str>, usize>,
}

/// As many are looked through one by one.
const FEW: usize = 32;
/// No name is longer that means a type of a choice or a slice of a slice.
const LONGEST: usize = 300;

fn name_of_slice(node: &Node) -> &str {
    node.element.slice_name.as_deref().unwrap_or_default()
}

impl Nodes {
    fn push(&mut self, node: Node, name: fn(&Node) -> &str) {
        if self.all.len() == FEW {
            for (at, node) in self.all.iter().enumerate() {
                self.places.entry(name(node).into()).or_insert(at);
            }
        }
        if self.all.len() >= FEW {
            self.places.entry(name(&node).into()).or_insert(self.all.len());
        }
        self.all.push(node);
    }

    pub fn push_element(&mut self, node: Node) {
        self.push(node, |node| &node.name);
    }

    pub fn push_slice(&mut self, node: Node) {
        self.push(node, name_of_slice);
    }

    pub fn clear(&mut self) {
        *self = Nodes::default();
    }

    pub fn into_vec(self) -> Vec<Node> {
        self.all
    }

    fn are_few(&self) -> bool {
        self.all.len() <= FEW
    }

    /// The first that is asked for by this.
    fn place(&self, wanted: &str, name: fn(&Node) -> &str) -> Option<usize> {
        match self.are_few() {
            true => self.all.iter().position(|node| name(node) == wanted),
            false => self.places.get(wanted).copied(),
        }
    }
}

impl Deref for Nodes {
    type Target = [Node];

    fn deref(&self) -> &[Node] {
        &self.all
    }
}

impl DerefMut for Nodes {
    fn deref_mut(&mut self) -> &mut [Node] {
        &mut self.all
    }
}

impl Node {
    pub fn new(name: &str, element: ElementDefinition) -> Self {
        Node { name: name.to_owned(), element, ..Node::default() }
    }

    /// How many elements there are.
    pub fn size(&self) -> usize {
        1 + self.children.iter().chain(self.slices.iter()).map(Node::size).sum::<usize>()
    }

    /// The child of this name, as an index.
    pub fn child(&self, name: &str) -> Option<usize> {
        self.children.place(name, |child| &child.name)
    }

    /// The choice of which `name` is one type, as an index, with the type: `value[x]`, `Quantity` for `valueQuantity`.
    pub fn choice(&self, name: &str) -> Option<(usize, String)> {
        let of_type = |at: usize| Some((at, self.children.get(at)?.type_of_choice(name)?));
        if self.children.are_few() {
            return (0..self.children.len()).find_map(of_type);
        }
        let stems = name.char_indices().skip(1).take_while(|(end, _)| *end <= LONGEST);
        let named = stems.filter_map(|(end, _)| self.child(&format!("{}[x]", name.get(..end)?)));
        named.filter_map(of_type).min()
    }

    /// The type that `name` means for this choice: `Quantity` for `valueQuantity` of `value[x]`.
    pub fn type_of_choice(&self, name: &str) -> Option<String> {
        let suffix = name.strip_prefix(self.name.strip_suffix("[x]")?)?;
        let kind = self.element.types.iter().find(|kind| crate::model::shape::capital(&kind.code) == suffix)?;
        Some(kind.code.clone())
    }

    /// Where the slice of this name is: an index for each level of slices. `a/b` is looked for in the slice `a` too.
    pub fn slice(&self, name: &str) -> Option<Vec<usize>> {
        let mut at = Vec::new();
        let mut node = self;
        loop {
            if let Some(found) = node.slices.place(name, name_of_slice) {
                at.push(found);
                return Some(at);
            }
            let ends = name.match_indices('/').map(|(end, _)| end).take_while(|end| *end <= LONGEST);
            let around = ends.filter_map(|end| node.slices.place(name.get(..end)?, name_of_slice));
            let found = around.min()?;
            at.push(found);
            node = node.slices.get(found)?;
        }
    }

    /// The slice that `name` is a slice of, for `a/b` the slice `a`; empty where it slices the element itself.
    pub fn parent_of_slice(&self, name: &str) -> Vec<usize> {
        let prefix = name.rfind('/').and_then(|at| name.get(..at));
        prefix.and_then(|prefix| self.slice(prefix)).unwrap_or_default()
    }

    /// The slice at such a place.
    pub fn slice_mut(&mut self, at: &[usize]) -> Option<&mut Node> {
        let mut node = self;
        for index in at {
            node = node.slices.get_mut(*index)?;
        }
        Some(node)
    }

    /// The same to read.
    pub fn slice_at(&self, at: &[usize]) -> Option<&Node> {
        at.iter().try_fold(self, |node, index| node.slices.get(*index))
    }

    /// The descendant at a path of names, slices left aside.
    pub fn descendant<'a>(&self, names: impl Iterator<Item = &'a str>) -> Option<&Node> {
        let mut node = self;
        for name in names {
            node = node.children.get(node.child(name)?)?;
        }
        Some(node)
    }

    /// Writes the elements out in the order of a snapshot: an element, its content, its slices.
    pub fn flatten(self, path: &str, id: &str, out: &mut Vec<ElementDefinition>) {
        let Node { mut element, children, slices, .. } = self;
        element.path = path.to_owned();
        element.id = id.to_owned();
        let stem = match &element.slice_name {
            Some(name) => id.strip_suffix(&format!(":{name}")).unwrap_or(id).to_owned(),
            None => id.to_owned(),
        };
        out.push(element);
        for child in children.into_vec() {
            let (path, id) = (format!("{path}.{}", child.name), format!("{id}.{}", child.name));
            child.flatten(&path, &id, out);
        }
        for slice in slices.into_vec() {
            let name = slice.element.slice_name.clone().unwrap_or_default();
            slice.flatten(path, &format!("{stem}:{name}"), out);
        }
    }

    /// A choice of which only types were named allows no others, and with one type it is as often there as that.
    pub fn finish_choices(&mut self) {
        for node in self.children.iter_mut().chain(self.slices.iter_mut()) {
            node.finish_choices();
        }
        if !self.only_slices || self.slices.is_empty() {
            return;
        }
        let slices = &self.slices;
        self.element.types = slices.iter().flat_map(|slice| slice.element.types.iter().cloned()).collect();
        if let [only] = &**slices {
            self.element.min = only.element.min;
            self.element.max = only.element.max.clone();
        }
    }

    /// Notes on every element without a base that it is defined here, and on every constraint without a source that
    /// `url` states it.
    pub fn fill(&mut self, path: &str, url: &str) {
        for constraint in &mut self.element.constraints {
            if constraint.source.is_empty() {
                constraint.source = url.to_owned();
            } else if !constraint.source.contains([':', '/']) {
                // HL7's own definitions name a base type by its name alone.
                constraint.source.insert_str(0, super::BASE);
            }
        }
        if self.element.base.is_none() {
            self.element.base = Some(Base {
                path: path.to_owned(),
                min: self.element.min.unwrap_or(0),
                max: self.element.max.clone().unwrap_or_else(|| "*".to_owned()),
            });
        }
        for child in self.children.iter_mut() {
            child.fill(&format!("{path}.{}", child.name), url);
        }
        for slice in self.slices.iter_mut() {
            slice.fill(path, url);
        }
    }
}
