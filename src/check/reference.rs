//! References (STU3 2.29): their form, what they point to in the same input, and whether that is allowed.

use super::datatype::is_uuid;
use super::extension::is_absolute;
use super::{Checker, did_you_mean, later, shorten};
use crate::definitions::BASE;
use crate::issue::Problem;
use crate::links::Links;
use crate::tree::NodeId;
use crate::typed::ElementRef;

/// The resource type that a URL such as `Patient/1`, `https://server/Patient/1` or `Patient/1/_history/2` names.
pub(super) fn type_in_url(url: &str, is_type: impl Fn(&str) -> bool) -> Option<&str> {
    let path = url.split(['?', '#']).next()?.trim_end_matches('/');
    let path = path.split_once("/_history/").map_or(path, |(before, _)| before);
    let mut parts = path.rsplit('/');
    let _id = parts.next()?;
    parts.next().filter(|name| is_type(name))
}

/// Whether a text is an OID: numbers with dots between them.
fn is_oid(text: &str) -> bool {
    text.contains('.') && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

impl<'c> Checker<'c> {
    pub(super) fn is_resource_type(&self, name: &str) -> bool {
        self.definitions
            .base_named(name)
            .is_some_and(|plan| plan.kind == crate::model::StructureKind::Resource && !plan.is_constraint)
    }

    /// The references of the input, looked through when they are first asked for.
    pub(super) fn links(&self) -> &Links<'c> {
        self.shared.links.get_or_init(|| Links::new(self.tree))
    }

    /// The resource in the input that a reference at `from` points to (STU3 2.36.4.1).
    pub(super) fn resolve(&self, from: NodeId, reference: &str) -> Option<NodeId> {
        self.links().resolve(from, reference)
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
            // One of a type that nobody has is at fault itself.
            Some(resource) => self.tree.resource_type(resource).filter(|name| self.is_resource_type(name)),
            None => type_in_url(reference, |name| self.is_resource_type(name)),
        };
        if is_base && !self.is_trial() {
            // '#' alone is what a contained resource calls the one around it.
            let is_contained = || self.tree.name(self.tree.resource_of(node)) == "contained";
            if reference.starts_with('#') && (resolved.is_none() || reference == "#" && !is_contained()) {
                self.find(node, Some(by), Problem::ReferenceContained { reference: reference.to_owned() });
                return;
            }
            if !self.reference_form(node, by, reference, resolved.is_some()) {
                return;
            }
        }
        self.aggregation(node, by, reference, resolved);
        let Some(found) = found else { return };
        let name = self.tree.name_id(node);
        let types = by.element.types.iter().filter(|candidate| candidate.element_name == name);
        let mut allowed: Vec<&str> = Vec::new();
        let mut profiles: Vec<ElementRef<'c>> = Vec::new();
        let mut missing: Option<&'c str> = None;
        for target in types.flat_map(|candidate| &candidate.targets) {
            let plan = self.definitions.plan(target);
            let type_name = match plan {
                Some(plan) => &*plan.type_name,
                None => match target.strip_prefix(BASE) {
                    Some(name) => name,
                    None => {
                        missing = missing.or(Some(target));
                        continue;
                    }
                },
            };
            if type_name == "Resource" || type_name == found {
                match plan.filter(|plan| plan.is_constraint).and_then(ElementRef::root) {
                    Some(root) => profiles.push(root),
                    // The type is allowed as it is.
                    None => return,
                }
            }
            if !allowed.contains(&type_name) {
                allowed.push(type_name);
            }
        }
        if !profiles.is_empty() || missing.is_some() {
            if let Some(target) = resolved {
                self.target(node, by, target, profiles, missing);
            }
            return;
        }
        if !allowed.is_empty() {
            let problem = Problem::ReferenceType { found: found.to_owned(), allowed: allowed.join(", ") };
            self.find(node, Some(by), problem);
        }
    }

    /// Whether a reference's text has a form that FHIR knows; if not, that is reported.
    fn reference_form(&mut self, node: NodeId, by: ElementRef<'c>, reference: &str, is_here: bool) -> bool {
        // No URI has these; most come of a template that was not filled in.
        let is_odd = |letter: char| letter.is_whitespace() || "<>\"{}\\^`".contains(letter);
        let is_broken = reference.contains(is_odd)
            || reference.strip_prefix("urn:uuid:").is_some_and(|uuid| !is_uuid(uuid))
            || reference.strip_prefix("urn:oid:").is_some_and(|oid| !is_oid(oid));
        if is_broken {
            self.find(node, Some(by), Problem::ReferenceForm { reference: shorten(reference) });
            return false;
        }
        if is_here || is_absolute(reference) || reference.starts_with('#') {
            return true;
        }
        if let Some((type_name, search)) = reference.split_once('?') {
            let is_search = self.is_resource_type(type_name) && !search.is_empty();
            if is_search && self.is_in_transaction(node) {
                return true;
            }
            let reference = shorten(reference);
            let problem = match is_search {
                true => Problem::ReferenceConditional { reference },
                false => Problem::ReferenceForm { reference },
            };
            self.find(node, Some(by), problem);
            return false;
        }
        let named = type_in_url(reference, |name| self.is_resource_type(name)).is_some();
        if named {
            // `Type/id`, and perhaps a version; what stands before may be a path of the server.
            let path = reference.split('#').next().unwrap_or_default().trim_end_matches('/');
            let (path, version) =
                path.split_once("/_history/").map_or((path, None), |(path, version)| (path, Some(version)));
            let id = path.rsplit('/').next().unwrap_or_default();
            let is_id = |id: &str| crate::primitive::check("id", id).is_ok();
            if id.is_empty() || version.is_some_and(|version| !is_id(version)) {
                self.find(node, Some(by), Problem::ReferenceForm { reference: shorten(reference) });
                return false;
            }
            // Of a resource that is here it is said that its id is none; what refers to it has no fault of its own.
            if !is_id(id) && self.links().find_by_id(node, reference).node().is_none() {
                self.find(node, Some(by), Problem::ReferenceId { reference: shorten(reference) });
            }
            return true;
        }
        // It is said of an extension that is not known that its content is not checked.
        if self.is_in_unknown_extension(node) {
            return false;
        }
        let mut parts = reference.split('/');
        let name = parts.next().unwrap_or_default();
        if name.starts_with(|letter: char| letter.is_ascii_uppercase())
            && parts.next().is_some_and(|id| !id.is_empty())
            && !self.is_resource_type(name)
        {
            let hint = later::type_hint(name).unwrap_or_else(|| {
                let names = self.definitions.profile_urls().filter_map(|url| url.strip_prefix(BASE));
                did_you_mean(name, names.filter(|name| self.is_resource_type(name)))
            });
            self.find(node, Some(by), Problem::ReferenceTypeUnknown { reference: shorten(reference), hint });
        } else if self.tree.parent(node).is_some_and(|parent| self.typed.type_name(parent) == Some("Extension")) {
            self.find(node, Some(by), Problem::ReferenceFormExtension { reference: shorten(reference) });
        } else {
            self.find(node, Some(by), Problem::ReferenceForm { reference: shorten(reference) });
        }
        false
    }

    /// The Bundle that a node is in.
    fn bundle_around(&self, node: NodeId) -> Option<NodeId> {
        let mut at = self.tree.parent(node)?;
        while self.tree.resource_type(at) != Some("Bundle") {
            at = self.tree.parent(at)?;
        }
        Some(at)
    }

    /// Whether a node is in a transaction, where a search may stand for a reference (STU3 3.1.0.11.2).
    fn is_in_transaction(&self, node: NodeId) -> bool {
        let kind = self.bundle_around(node).and_then(|bundle| self.tree.child_text(bundle, "type"));
        matches!(kind, Some("transaction" | "batch"))
    }

    fn is_in_unknown_extension(&self, node: NodeId) -> bool {
        let mut at = Some(node);
        while let Some(inner) = at {
            let url = self.tree.child_text(inner, "url").filter(|url| is_absolute(url));
            if self.typed.type_name(inner) == Some("Extension")
                && url.is_some_and(|url| self.definitions.plan(url).is_none())
            {
                return true;
            }
            at = self.tree.parent(inner);
        }
        false
    }

    /// Whether the target is supplied in a way that the element's types allow (`type.aggregation`).
    fn aggregation(&mut self, node: NodeId, by: ElementRef<'c>, reference: &str, resolved: Option<NodeId>) {
        let name = self.tree.name_id(node);
        let mut modes: Vec<&str> = Vec::new();
        for candidate in by.element.types.iter().filter(|candidate| candidate.element_name == name) {
            if candidate.aggregation.is_empty() {
                return;
            }
            modes.extend(candidate.aggregation.iter().map(|mode| &**mode));
        }
        // A resource that stands alone may come from a Bundle, so that its neighbours are not known.
        let (fits, found): (&[&str], _) = match (reference.starts_with('#'), resolved) {
            (true, _) => (&["contained"], "contained in the resource"),
            (false, Some(_)) => (&["bundled", "referenced"], "another resource of the Bundle"),
            (false, None) if self.bundle_around(node).is_some() => (&["referenced"], "not in the Bundle"),
            (false, None) => (&["bundled", "referenced"], "outside of what was given"),
        };
        if modes.is_empty() || fits.iter().any(|fit| modes.contains(fit)) {
            return;
        }
        crate::order::sort(&mut modes);
        modes.dedup();
        let problem = Problem::ReferenceAggregation { found, allowed: modes.join(", ") };
        self.find(node, Some(by), problem);
    }
}
