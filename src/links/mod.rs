//! The references of a resource: what each leads to in the same input, by which rule, and what leads to a resource.
//!
//! Whoever follows a reference asks here, so that a check, a rule of the NHS and a display mean the same resource. The
//! index is made in one pass over the tree and two sorts; a look-up is a binary search, whatever the input repeats. The
//! graph (who refers to whom) is made when it is first asked for.
//!
//! ```text
//! Links::new(&tree)          resources by container and id, by fullUrl, by type and id
//!   .resolve(from, text)     the resource by FHIR's rules alone: what a check may hold against the sender
//!   .find(from, text)        the same, and what senders mean: says by which rule, and whether it is ambiguous
//!   .all(), .inside(node)    the references of the input, or of a part of it
//!   .to(resource)            the references that lead to a resource
//! ```

mod index;
#[cfg(test)]
mod tests;

use crate::primitive::is_absolute;
use crate::tree::{NodeId, Tree};
use index::Index;
use std::cell::OnceCell;

/// The rule by which a reference leads to a resource, the strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// FHIR's own: `#id` within the container (STU3 2.26.0.4), `fullUrl` in a Bundle (STU3 2.36.4.1).
    Strict,
    /// A relative reference, `Patient/1`, by type and id alone: GP Connect's Bundles have no `fullUrl`.
    Id,
    /// An address whose last two steps are a type and an id, since senders mix absolute and relative ones in one Bundle;
    /// and `#id` of a resource further out. Right for a display, too weak to hold against anybody.
    Tail,
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// To one resource.
    One(NodeId, By),
    /// To several that have what it names; the first of them in the source. Nothing says which is meant.
    Several(NodeId, By),
    /// To nothing: a `#id` that no contained resource has.
    Nothing,
    /// To what is not in the input.
    Outside,
}

impl Found {
    /// The resource, or the first of several.
    pub fn node(self) -> Option<NodeId> {
        match self {
            Found::One(node, _) | Found::Several(node, _) => Some(node),
            Found::Nothing | Found::Outside => None,
        }
    }

    /// The resource, where it is certain which one is meant.
    pub fn certain(self) -> Option<NodeId> {
        match self {
            Found::One(node, _) => Some(node),
            _ => None,
        }
    }

    /// The rule by which it was found.
    pub fn by(self) -> Option<By> {
        match self {
            Found::One(_, by) | Found::Several(_, by) => Some(by),
            Found::Nothing | Found::Outside => None,
        }
    }

    /// The resource, or the first of several, if it was found by FHIR's own rules.
    pub fn strict(self) -> Option<NodeId> {
        self.node().filter(|_| self.by() == Some(By::Strict))
    }

    /// This, or what `other` finds where this finds nothing.
    fn or_else(self, other: impl FnOnce() -> Found) -> Found {
        match self.node() {
            Some(_) => self,
            None => other(),
        }
    }
}

/// One reference of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The element of type Reference.
    pub from: NodeId,
    /// Its `reference`, which has the text.
    pub literal: NodeId,
    /// Where it leads.
    pub found: Found,
}

/// Who refers to whom.
#[derive(Debug, Default)]
struct Graph {
    /// In the order of the source, as [`Index::place`] counts.
    links: Vec<Link>,
    /// The resources that they lead to, each with the number of the link; sorted.
    targets: Vec<(NodeId, u32)>,
}

/// The resources of a tree as references name them, and its references.
#[derive(Debug)]
pub struct Links<'t> {
    tree: &'t Tree,
    index: Index<'t>,
    graph: OnceCell<Graph>,
}

impl<'t> Links<'t> {
    /// Looks through a tree once.
    pub fn new(tree: &'t Tree) -> Self {
        Links { tree, index: Index::new(tree), graph: OnceCell::new() }
    }

    /// The outermost resource that a node is in short of a Bundle or Parameters: for one in a contained resource, the
    /// resource that contains it, through all levels.
    pub fn holder(&self, node: NodeId) -> NodeId {
        let tree = self.tree;
        let mut holder = tree.resource_of(node);
        while tree.name(holder) == "contained"
            && let Some(parent) = tree.parent(holder)
        {
            holder = tree.resource_of(parent);
        }
        holder
    }

    /// Whether `node` is `ancestor` or inside it.
    pub fn is_within(&self, node: NodeId, ancestor: NodeId) -> bool {
        self.index.inside(ancestor).contains(&self.index.place(node))
    }

    /// The first resource with this id directly in the `contained` of `container`.
    pub fn contained(&self, container: NodeId, id: &str) -> Option<NodeId> {
        self.index.contained(container, id).next()
    }

    /// The resources of Bundles whose `fullUrl` this is, the Bundles in the order of the source.
    pub fn by_url<'s>(&'s self, url: &'s str) -> impl Iterator<Item = NodeId> + use<'s, 't> {
        self.index.by_url(url)
    }

    /// The resources of a type with an id, contained ones apart.
    pub fn by_id<'s>(&'s self, type_name: &'s str, id: &'s str) -> impl Iterator<Item = NodeId> + use<'s, 't> {
        self.index.by_id(type_name, id)
    }

    /// The resource that a text means as a reference at `from`, by FHIR's rules alone; of several the first.
    pub fn resolve(&self, from: NodeId, text: &str) -> Option<NodeId> {
        self.strict(from, text).node()
    }

    /// The same, and whether it is the only one.
    pub fn strict(&self, from: NodeId, text: &str) -> Found {
        if let Some(id) = text.strip_prefix('#') {
            let holder = self.holder(from);
            if id.is_empty() {
                return Found::One(holder, By::Strict);
            }
            return found(self.index.contained(holder, id), By::Strict).unwrap_or(Found::Nothing);
        }
        let (plain, version) = split_version(text);
        let by_url = |url: &str| self.of_version(self.index.nearest_url(from, url), version, By::Strict);
        by_url(plain).or_else(|| {
            if is_absolute(plain) {
                return Found::Outside;
            }
            // A relative reference is relative to the base of the entry that it stands in.
            let Some(base) = self.index.base(from) else { return Found::Outside };
            by_url(&format!("{base}{plain}"))
        })
    }

    /// What a text means as a reference at `from`, by FHIR's rules or, if these find nothing, by what senders mean.
    pub fn find(&self, from: NodeId, text: &str) -> Found {
        let text = text.trim();
        self.strict(from, text).or_else(|| match text.strip_prefix('#') {
            Some(id) => self.further_out(from, id),
            None => self.by_tail(from, text),
        })
    }

    /// What a text means as a reference, by FHIR's rules or, in a relative one, by type and id alone.
    pub fn find_by_id(&self, from: NodeId, text: &str) -> Found {
        match self.find(from, text) {
            found if found.by() == Some(By::Tail) => Found::Outside,
            found => found,
        }
    }

    /// `#id` of a resource around the one that should have it.
    fn further_out(&self, from: NodeId, id: &str) -> Found {
        let tree = self.tree;
        let mut at = Some(tree.resource_of(from));
        while let Some(resource) = at.filter(|_| !id.is_empty()) {
            if let Some(found) = found(self.index.contained(resource, id), By::Tail) {
                return found;
            }
            at = tree.parent(resource).map(|parent| tree.resource_of(parent)).filter(|outer| *outer != resource);
        }
        Found::Nothing
    }

    /// By the type and the id at the end of an address.
    fn by_tail(&self, from: NodeId, text: &str) -> Found {
        let path = text.split(['?', '#']).next().unwrap_or(text);
        let (plain, version) = split_version(path);
        let mut steps = plain.trim_end_matches('/').rsplitn(3, '/');
        let (Some(id), Some(type_name)) = (steps.next(), steps.next()) else { return Found::Outside };
        let by = if steps.next().is_none() && path == text { By::Id } else { By::Tail };
        self.of_version(self.index.nearest_id(from, type_name, id), version, by)
    }

    /// Of several resources, the one of a version where a reference names it.
    fn of_version(&self, mut all: impl Iterator<Item = NodeId> + Clone, version: Option<&str>, by: By) -> Found {
        /// More that are called the same are no longer told apart.
        const MOST: usize = 100;
        let Some(all_found) = found(all.clone(), by) else { return Found::Outside };
        if version.is_none() {
            return all_found;
        }
        let own = |node: NodeId| {
            let meta = self.tree.child(node, "meta");
            meta.and_then(|meta| self.tree.child_text(meta, "versionId"))
        };
        if let Some(node) = all.clone().take(MOST).find(|node| own(*node) == version) {
            return Found::One(node, by);
        }
        // Another version is another thing; one that does not say may be it.
        found(all.by_ref().take(MOST).filter(|node| own(*node).is_none()), by).unwrap_or(Found::Outside)
    }

    fn graph(&self) -> &Graph {
        self.graph.get_or_init(|| {
            let tree = self.tree;
            let Some(name) = tree.find_name("reference") else { return Graph::default() };
            let literals = tree.all().filter(|node| tree.name_id(*node) == name);
            let link = |literal: NodeId| {
                let text = tree.text(literal).filter(|text| !text.is_empty())?;
                Some(Link { from: tree.parent(literal)?, literal, found: self.find(literal, text) })
            };
            let mut links: Vec<Link> = literals.filter_map(link).collect();
            crate::order::sort_by_key(&mut links, |link| self.index.place(link.literal));
            let targets = links.iter().enumerate().filter_map(|(at, link)| Some((link.found.node()?, at as u32)));
            let mut targets: Vec<(NodeId, u32)> = targets.collect();
            crate::order::sort(&mut targets);
            Graph { links, targets }
        })
    }

    /// Every reference of the input that has a text, in the order of the source.
    pub fn all(&self) -> &[Link] {
        &self.graph().links
    }

    /// The references inside a node, itself included.
    pub fn inside(&self, node: NodeId) -> &[Link] {
        let places = self.index.inside(node);
        let links = self.all();
        let at = |place: u32| links.partition_point(|link| self.index.place(link.literal) < place);
        links.get(at(places.start)..at(places.end)).unwrap_or_default()
    }

    /// Where an element of type Reference leads; `None` if it has no text to follow.
    pub fn of(&self, reference: NodeId) -> Option<&Link> {
        self.inside(reference).iter().find(|link| link.from == reference)
    }

    /// The references that lead to a resource, in the order of the source. One that could mean several is given for the
    /// first of them.
    pub fn to(&self, resource: NodeId) -> impl Iterator<Item = &Link> {
        let graph = self.graph();
        let from = graph.targets.partition_point(|(target, _)| *target < resource);
        let its = graph.targets.get(from..).unwrap_or_default().iter().take_while(move |(to, _)| *to == resource);
        its.filter_map(|(_, at)| graph.links.get(*at as usize))
    }

    /// Whether something outside of a contained resource refers to it by its id, or it refers to what contains it
    /// (dom-3).
    pub fn is_referred_to(&self, contained: NodeId, id: &str) -> bool {
        let holder = self.holder(contained);
        let id = bare_id(id);
        let count = |id: &str, within: NodeId| self.index.pointers(id, self.index.inside(within));
        count(id, holder) > count(id, contained) || count("", contained) > 0
    }
}

/// The id of a contained resource, which some write as in a reference to it: `#p` for `p`.
fn bare_id(id: &str) -> &str {
    id.strip_prefix('#').unwrap_or(id)
}

/// A reference and the version that it names: `Patient/1/_history/2`.
fn split_version(text: &str) -> (&str, Option<&str>) {
    text.split_once("/_history/").map_or((text, None), |(plain, version)| (plain, Some(version)))
}

/// What an iterator has: one or several; `None` if nothing.
fn found(mut all: impl Iterator<Item = NodeId>, by: By) -> Option<Found> {
    let first = all.next()?;
    Some(if all.next().is_some() { Found::Several(first, by) } else { Found::One(first, by) })
}
