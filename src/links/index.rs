//! The look-ups: sorted lists, since a hash of what a sender chose can be made to collide.

use crate::tree::{NodeId, Tree};
use std::ops::Range;

/// Resources by what references call them.
#[derive(Debug)]
pub(super) struct Index<'t> {
    tree: &'t Tree,
    /// For each node its place in the order of the source, and the place after the last node inside it. A node's number
    /// does not say that: what JSON merges or repeats comes late.
    places: Vec<(u32, u32)>,
    /// Contained resources by container and id.
    contained: Vec<(NodeId, &'t str, NodeId)>,
    /// Resources of entries by `fullUrl` and Bundle.
    urls: Vec<(&'t str, NodeId, NodeId)>,
    /// Resources, contained ones apart, by id, type and the Bundle that they are in (the root where there is none).
    ids: Vec<(&'t str, &'t str, NodeId, NodeId)>,
    /// The bases of entries' `fullUrl`, by entry: `https://server/` of `https://server/Patient/1`.
    bases: Vec<(NodeId, &'t str)>,
    /// The texts `#id`, by id and place.
    pointers: Vec<(&'t str, u32)>,
}

impl<'t> Index<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        let mut index = Index {
            tree,
            places: places(tree),
            contained: Vec::new(),
            urls: Vec::new(),
            ids: Vec::new(),
            bases: Vec::new(),
            pointers: Vec::new(),
        };
        let (reference, contained) = (tree.find_name("reference"), tree.find_name("contained"));
        for node in tree.all() {
            let name = Some(tree.name_id(node));
            if name == reference
                && let Some(id) = tree.text(node).and_then(|text| text.strip_prefix('#'))
            {
                index.pointers.push((id, index.place(node)));
            }
            let parent = tree.parent(node);
            if let Some(parent) = parent.filter(|_| name == contained) {
                if let Some(id) = tree.child_text(node, "id") {
                    index.contained.push((parent, super::bare_id(id), node));
                }
            } else if let Some(type_name) = tree.resource_type(node) {
                if let Some(id) = tree.child_text(node, "id") {
                    let scope = index.scopes(node).next().unwrap_or(tree.root());
                    index.ids.push((id, type_name, scope, node));
                }
                if type_name == "Bundle" {
                    index.bundle(node);
                }
            }
        }
        crate::order::sort(&mut index.contained);
        crate::order::sort(&mut index.urls);
        crate::order::sort(&mut index.ids);
        crate::order::sort(&mut index.bases);
        crate::order::sort(&mut index.pointers);
        index
    }

    /// Notes the entries of a Bundle that have a `fullUrl` and a resource.
    fn bundle(&mut self, bundle: NodeId) {
        let tree = self.tree;
        for entry in tree.named(bundle, "entry") {
            let Some(url) = tree.child_text(entry, "fullUrl") else { continue };
            let Some(resource) = tree.child(entry, "resource") else { continue };
            self.urls.push((url, bundle, resource));
            let base = || {
                let base = url.strip_suffix(tree.child_text(resource, "id")?)?.strip_suffix('/')?;
                base.strip_suffix(tree.resource_type(resource)?)
            };
            self.bases.extend(base().map(|base| (entry, base)));
        }
    }

    /// The base of the entry around a node.
    pub(super) fn base(&self, from: NodeId) -> Option<&'t str> {
        let tree = self.tree;
        let mut around = std::iter::successors(Some(from), |at| tree.parent(*at));
        let is_bundle = |node: NodeId| tree.resource_type(node) == Some("Bundle");
        let entry = around.find(|at| tree.name(*at) == "entry" && tree.parent(*at).is_some_and(is_bundle))?;
        run(&self.bases, |(own, _)| own.cmp(&entry)).next().map(|(_, base)| *base)
    }

    /// A node's place in the order of the source.
    pub(super) fn place(&self, node: NodeId) -> u32 {
        self.inside(node).start
    }

    /// The places of a node and what is inside it.
    pub(super) fn inside(&self, node: NodeId) -> Range<u32> {
        self.places.get(node.0 as usize).map_or(0..0, |(start, end)| *start..*end)
    }

    /// The Bundles around a node, the innermost first.
    fn scopes(&self, node: NodeId) -> impl Iterator<Item = NodeId> + use<'t> {
        let tree = self.tree;
        let outer = std::iter::successors(tree.parent(node), |at| tree.parent(*at));
        outer.filter(|at| tree.resource_type(*at) == Some("Bundle"))
    }

    pub(super) fn contained(&self, container: NodeId, id: &str) -> impl Iterator<Item = NodeId> {
        run(&self.contained, move |(other, own, _)| (*other, *own).cmp(&(container, id))).map(|(_, _, node)| *node)
    }

    pub(super) fn by_url<'s>(&'s self, url: &'s str) -> impl Iterator<Item = NodeId> + Clone + use<'s, 't> {
        run(&self.urls, move |(own, _, _)| (*own).cmp(url)).map(|(_, _, node)| *node)
    }

    pub(super) fn by_id<'s>(
        &'s self,
        type_name: &'s str,
        id: &'s str,
    ) -> impl Iterator<Item = NodeId> + Clone + use<'s, 't> {
        run(&self.ids, move |(own, of, _, _)| (*own, *of).cmp(&(id, type_name))).map(|(_, _, _, node)| *node)
    }

    /// As [`Index::by_url`], but only those of the innermost Bundle around `from` that has one.
    pub(super) fn nearest_url<'s>(&'s self, from: NodeId, url: &'s str) -> impl Iterator<Item = NodeId> + Clone + 's {
        let of = move |scope: NodeId| run(&self.urls, move |(own, other, _)| (*own, *other).cmp(&(url, scope)));
        let scope = match self.by_url(url).nth(1) {
            None => None,
            Some(_) => self.scopes(from).find(|scope| of(*scope).next().is_some()),
        };
        let its = scope.map(of).unwrap_or_else(|| run(&self.urls, move |(own, _, _)| (*own).cmp(url)));
        its.map(|(_, _, node)| *node)
    }

    /// As [`Index::by_id`], but only those of the innermost Bundle around `from` that has one.
    pub(super) fn nearest_id<'s>(
        &'s self,
        from: NodeId,
        type_name: &'s str,
        id: &'s str,
    ) -> impl Iterator<Item = NodeId> + Clone + 's {
        let of = move |scope: NodeId| {
            run(&self.ids, move |(own, of, other, _)| (*own, *of, *other).cmp(&(id, type_name, scope)))
        };
        let scope = match self.by_id(type_name, id).nth(1) {
            None => None,
            Some(_) => self.scopes(from).find(|scope| of(*scope).next().is_some()),
        };
        let all = || run(&self.ids, move |(own, of, _, _)| (*own, *of).cmp(&(id, type_name)));
        scope.map(of).unwrap_or_else(all).map(|(_, _, _, node)| *node)
    }

    /// How many references `#id` stand in a range of places.
    pub(super) fn pointers(&self, id: &str, inside: Range<u32>) -> usize {
        let before = |place: u32| self.pointers.partition_point(|(own, at)| (*own, *at) < (id, place));
        before(inside.end).saturating_sub(before(inside.start))
    }
}

/// The items of a sorted list that compare as equal.
fn run<'s, T>(all: &'s [T], compare: impl Fn(&T) -> std::cmp::Ordering) -> std::slice::Iter<'s, T> {
    let from = all.partition_point(|item| compare(item).is_lt());
    let rest = all.get(from..).unwrap_or_default();
    let to = rest.partition_point(|item| compare(item).is_eq());
    rest.get(..to).unwrap_or_default().iter()
}

/// Numbers the nodes in the order of the source, parents before their children, and says where each one ends.
fn places(tree: &Tree) -> Vec<(u32, u32)> {
    let mut places = vec![(0, 0); tree.len()];
    let mut next = 0;
    let mut open = vec![(tree.root(), false)];
    while let Some((node, is_over)) = open.pop() {
        let Some(place) = places.get_mut(node.0 as usize) else { continue };
        if is_over {
            place.1 = next;
            continue;
        }
        place.0 = next;
        next += 1;
        open.push((node, true));
        let first = open.len();
        open.extend(tree.children(node).map(|child| (child, false)));
        if let Some(children) = open.get_mut(first..) {
            children.reverse();
        }
    }
    places
}
