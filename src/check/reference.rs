//! References (STU3 2.29): their form, what they point to in the same input, and whether that is allowed.

use super::Checker;
use super::extension::is_absolute;
use crate::issue::Problem;
use crate::tree::NodeId;
use crate::typed::ElementRef;
use rustc_hash::FxHashMap;

/// The resources of the input that a reference can point to, by URL.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// `fullUrl` of a Bundle's entry to its resource.
    by_url: FxHashMap<String, NodeId>,
}

/// The resource type that a URL such as `Patient/1`, `https://server/Patient/1` or `Patient/1/_history/2` names.
pub(super) fn type_in_url<'u>(url: &'u str, is_type: impl Fn(&str) -> bool) -> Option<&'u str> {
    let path = url.split(['?', '#']).next()?.trim_end_matches('/');
    let path = path.split_once("/_history/").map_or(path, |(before, _)| before);
    let mut parts = path.rsplit('/');
    let _id = parts.next()?;
    parts.next().filter(|name| is_type(name))
}

impl<'c> Checker<'c> {
    pub(super) fn is_resource_type(&self, name: &str) -> bool {
        self.definitions
            .base_named(name)
            .is_some_and(|plan| plan.kind == crate::model::StructureKind::Resource && !plan.is_constraint)
    }

    fn targets(&self) -> &Targets {
        let tree = self.tree;
        self.targets.get_or_init(|| {
            let mut by_url = FxHashMap::default();
            let bundles = tree.all().filter(|node| tree.resource_type(*node) == Some("Bundle"));
            for entry in bundles.flat_map(|bundle| tree.named(bundle, "entry")) {
                if let Some(url) = tree.child_text(entry, "fullUrl")
                    && let Some(resource) = tree.child(entry, "resource")
                {
                    by_url.entry(url.to_owned()).or_insert(resource);
                }
            }
            Targets { by_url }
        })
    }

    /// The resource in the input that a reference at `from` points to (STU3 2.36.4.1).
    pub(super) fn resolve(&self, from: NodeId, reference: &str) -> Option<NodeId> {
        let tree = self.tree;
        if let Some(id) = reference.strip_prefix('#') {
            let mut holder = tree.resource_of(from);
            while tree.name(holder) == "contained" {
                holder = tree.resource_of(tree.parent(holder)?);
            }
            if id.is_empty() {
                return Some(holder);
            }
            return tree.named(holder, "contained").find(|inner| tree.child_text(*inner, "id") == Some(id));
        }
        let reference = reference.split_once("/_history/").map_or(reference, |(before, _)| before);
        if let Some(found) = self.targets().by_url.get(reference) {
            return Some(*found);
        }
        if is_absolute(reference) {
            return None;
        }
        // A relative reference is relative to the base of the entry that it stands in.
        let mut entry = from;
        while tree.name(entry) != "entry" || tree.resource_type(tree.parent(entry)?) != Some("Bundle") {
            entry = tree.parent(entry)?;
        }
        let url = tree.child_text(entry, "fullUrl")?;
        let resource = tree.child(entry, "resource")?;
        let own = format!("{}/{}", tree.resource_type(resource)?, tree.child_text(resource, "id")?);
        let base = url.strip_suffix(&own)?;
        let absolute = format!("{base}{reference}");
        self.targets().by_url.get(&absolute).copied()
    }

    /// Checks a reference against the types that an element allows.
    pub(super) fn reference(&mut self, node: NodeId, by: ElementRef<'c>) {
        if self.typed.type_name(node) != Some("Reference") {
            return;
        }
        let Some(known) = self.typed.get(node) else { return };
        let Some(reference) = self.tree.child_text(node, "reference").filter(|text| !text.is_empty()) else { return };
        let is_base = known.element.is(by);
        let resolved = self.resolve(node, reference);
        let found = match resolved {
            Some(resource) => self.tree.resource_type(resource),
            None => type_in_url(reference, |name| self.is_resource_type(name)),
        };
        if is_base && !self.is_trial() {
            if reference.starts_with('#') && resolved.is_none() {
                self.find(node, Some(by), Problem::ReferenceContained { reference: reference.to_owned() });
                return;
            }
            let is_query = reference.contains('?');
            if !is_absolute(reference) && !reference.starts_with('#') && found.is_none() && !is_query {
                self.find(node, Some(by), Problem::ReferenceForm { reference: super::shorten(reference) });
                return;
            }
        }
        let Some(found) = found else { return };
        let name = self.tree.name_id(node);
        let types = by.element.types.iter().filter(|candidate| candidate.element_name == name);
        let mut allowed: Vec<&str> = Vec::new();
        for target in types.flat_map(|candidate| &candidate.targets) {
            let type_name = match self.definitions.plan(target) {
                Some(plan) => &*plan.type_name,
                None => match target.strip_prefix(crate::definitions::BASE) {
                    Some(name) => name,
                    None => return,
                },
            };
            if type_name == "Resource" || type_name == found {
                return;
            }
            if !allowed.contains(&type_name) {
                allowed.push(type_name);
            }
        }
        if !allowed.is_empty() {
            let problem = Problem::ReferenceType { found: found.to_owned(), allowed: allowed.join(", ") };
            self.find(node, Some(by), problem);
        }
    }
}
