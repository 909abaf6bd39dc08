//! A snapshot while it is made: a tree, in which slices hang on the element that they slice.

use crate::model::{Base, ElementDefinition};

/// An element, what is inside of it, and its slices.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// The last step of the path: `identifier`, `value[x]`.
    pub name: String,
    /// The facts; path and id are made when the tree is written out.
    pub element: ElementDefinition,
    pub children: Vec<Node>,
    /// Whether `children` is everything that the type has.
    pub unfolded: bool,
    pub slices: Vec<Node>,
    /// A choice of which the differential named only the types, as `valueQuantity`: no other type is allowed.
    pub only_slices: bool,
}

impl Node {
    pub fn new(name: &str, element: ElementDefinition) -> Self {
        Node { name: name.to_owned(), element, ..Node::default() }
    }

    /// How many elements there are.
    pub fn size(&self) -> usize {
        1 + self.children.iter().chain(&self.slices).map(Node::size).sum::<usize>()
    }

    /// The child of this name, as an index.
    pub fn child(&self, name: &str) -> Option<usize> {
        self.children.iter().position(|child| child.name == name)
    }

    /// The choice of which `name` is one type, as an index, with the type: `value[x]`, `Quantity` for `valueQuantity`.
    pub fn choice(&self, name: &str) -> Option<(usize, String)> {
        self.children.iter().enumerate().find_map(|(at, child)| Some((at, child.type_of_choice(name)?)))
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
            let exact = |slice: &Node| slice.element.slice_name.as_deref() == Some(name);
            if let Some(found) = node.slices.iter().position(exact) {
                at.push(found);
                return Some(at);
            }
            let around = |slice: &Node| {
                let own = slice.element.slice_name.as_deref();
                own.is_some_and(|own| name.strip_prefix(own).is_some_and(|rest| rest.starts_with('/')))
            };
            let found = node.slices.iter().position(around)?;
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
        for child in children {
            let (path, id) = (format!("{path}.{}", child.name), format!("{id}.{}", child.name));
            child.flatten(&path, &id, out);
        }
        for slice in slices {
            let name = slice.element.slice_name.clone().unwrap_or_default();
            slice.flatten(path, &format!("{stem}:{name}"), out);
        }
    }

    /// A choice of which only types were named allows no others, and with one type it is as often there as that.
    pub fn finish_choices(&mut self) {
        for node in self.children.iter_mut().chain(&mut self.slices) {
            node.finish_choices();
        }
        if !self.only_slices || self.slices.is_empty() {
            return;
        }
        let slices = &self.slices;
        self.element.types = slices.iter().flat_map(|slice| slice.element.types.iter().cloned()).collect();
        if let [only] = slices.as_slice() {
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
        for child in &mut self.children {
            child.fill(&format!("{path}.{}", child.name), url);
        }
        for slice in &mut self.slices {
            slice.fill(path, url);
        }
    }
}
