//! What is checked of a resource as a whole: its type, the profiles it claims, its id where it is contained.

use super::{Checker, did_you_mean, later, shorten};
use crate::definitions::{BASE, Found, UrlKind};
use crate::issue::Problem;
use crate::model::StructureKind;
use crate::plan::Plan;
use crate::report::UncheckedKind;
use crate::tree::NodeId;
use crate::typed::ElementRef;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

impl<'c> Checker<'c> {
    /// Checks the whole input.
    pub(super) fn root(&mut self) {
        let root = self.tree.root();
        let Some(resource) = self.tree.resource_type_id(root) else { return };
        let mut elements = Vec::new();
        if let Some(base) = self.definitions.base(resource).and_then(ElementRef::root) {
            elements.push(base);
        }
        for asked in &self.options.profiles {
            let named = self.definitions.profile_named(asked);
            self.profile(root, root, named.as_deref().unwrap_or(asked), &mut elements);
        }
        if elements.is_empty() || self.typed.get(root).is_none() {
            self.resource_type(root);
            return;
        }
        self.walk(root, elements);
        self.element_ids();
        let compares = self.definitions.version().differences().contradictions;
        if self.watched.is_none() && compares && !self.options.rules.are_off(crate::issue::Rule::RULES) {
            self.contradictions();
        }
    }

    /// The id of an element is unique within its resource (Element.id); a resource inside has ids of its own.
    fn element_ids(&mut self) {
        let tree = self.tree;
        let Some(name) = tree.names().get("id") else { return };
        let mut seen = FxHashSet::default();
        for node in tree.all().filter(|node| tree.name_id(*node) == name) {
            let Some(element) = tree.parent(node).filter(|element| tree.resource_type_id(*element).is_none()) else {
                continue;
            };
            let Some(id) = tree.text(node).filter(|id| !id.is_empty()) else { continue };
            if id.contains(char::is_whitespace) {
                self.find(node, None, Problem::ElementIdSpace { id: shorten(id) });
            }
            if !seen.insert((self.id_scope(element), id)) {
                self.find(node, None, Problem::ElementIdDuplicate { id: shorten(id) });
            }
        }
    }

    /// Within what an element's id is unique: its resource; of a StructureDefinition the snapshot and the differential each
    /// (sdf-16, sdf-17), as an element's id follows from its path and both have the same elements.
    fn id_scope(&self, element: NodeId) -> NodeId {
        let tree = self.tree;
        let resource = tree.resource_of(element);
        if tree.resource_type(resource) != Some("StructureDefinition") {
            return resource;
        }
        let mut at = element;
        while let Some(parent) = tree.parent(at).filter(|parent| *parent != resource) {
            at = parent;
        }
        if matches!(tree.name(at), "snapshot" | "differential") { at } else { resource }
    }

    fn resource_type(&mut self, node: NodeId) -> bool {
        let Some(name) = self.tree.resource_type(node) else { return false };
        let is_resource = |plan: &Plan| plan.kind == StructureKind::Resource && !plan.is_constraint;
        match self.definitions.base_named(name) {
            Some(plan) if is_resource(plan) && !plan.is_abstract => true,
            Some(plan) if is_resource(plan) => {
                self.find(node, None, Problem::ResourceTypeAbstract { name: name.to_owned() });
                false
            }
            _ => {
                let problem = later::type_problem(name).unwrap_or_else(|| {
                    let names = self.definitions.profile_urls().filter_map(|url| url.strip_prefix(BASE));
                    let hint = did_you_mean(name, names.filter(|name| self.is_resource_type(name)));
                    Problem::ResourceTypeUnknown { name: name.to_owned(), hint }
                });
                self.find(node, None, problem);
                false
            }
        }
    }

    /// Checks a resource, and adds the profiles that it claims to what applies to it. Says whether to look inside.
    pub(super) fn resource(&mut self, node: NodeId, elements: &mut Vec<ElementRef<'c>>) -> bool {
        if self.is_trial() {
            return true;
        }
        if !self.resource_type(node) {
            return false;
        }
        if let Some(known) = self.typed.get(node) {
            self.profiles.push(known.content().plan.canonical());
        }
        self.fhir_version(node);
        self.allowed_resource(node, elements);
        if let Some(meta) = self.tree.child(node, "meta") {
            let claims: Vec<NodeId> = self.tree.named(meta, "profile").collect();
            for claim in claims {
                if let Some(url) = self.tree.text(claim) {
                    self.profile(node, claim, url, elements);
                }
            }
        }
        let options = self.options;
        let own_type = self.tree.resource_type(node).unwrap_or_default();
        for asked in options.asked_of(own_type) {
            let named = self.definitions.profile_named(asked);
            // The caller says it, and no part of the resource.
            self.profile(node, self.tree.root(), named.as_deref().unwrap_or(asked), elements);
        }
        if self.tree.name(node) == "contained" {
            self.contained(node);
        }
        true
    }

    /// Whether the element allows a resource of this type.
    fn allowed_resource(&mut self, node: NodeId, elements: &[ElementRef<'c>]) {
        let Some(resource) = self.tree.resource_type_id(node) else { return };
        for by in elements {
            let types = &by.element.types;
            let fits = |code: &str| matches!(code, "Resource" | "DomainResource" | "*");
            if types.is_empty() || types.iter().any(|candidate| candidate.code_id == resource || fits(&candidate.code))
            {
                continue;
            }
            let allowed = types.iter().map(|candidate| &*candidate.code).collect::<Vec<_>>().join(", ");
            let problem = Problem::TypeNotAllowed {
                name: self.display_name(*by),
                found: self.tree.resource_type(node).unwrap_or_default().to_owned(),
                allowed,
            };
            self.find_name(node, Some(*by), problem);
            return;
        }
    }

    /// Adds a profile that `node` must conform to; `claim` is where that is said.
    fn profile(&mut self, node: NodeId, claim: NodeId, url: &str, elements: &mut Vec<ElementRef<'c>>) {
        let plan = match self.definitions.find(url) {
            Found::Exact(plan) => plan,
            Found::OtherVersion(plan) => {
                let problem = Problem::ProfileVersion { profile: url.to_owned(), used: plan.version.to_string() };
                self.find(claim, None, problem);
                plan
            }
            Found::Missing => {
                let (mut hint, profile) = (self.profile_hint(url), url.to_owned());
                let problem = match self.tree.parent(claim) {
                    Some(_) => Problem::ProfileUnknown { profile, hint },
                    None => {
                        // What the caller asks for is not in the resource, where the rules of the NHS would offer the right URL.
                        if let Some(right) = self.right_nhs_url(UrlKind::Profile, url).filter(|_| hint.is_empty()) {
                            hint = format!(" Did you mean '{right}'?");
                        }
                        Problem::ProfileAskedUnknown { profile, hint }
                    }
                };
                self.find(claim, None, problem);
                let reason = "The profile is not loaded.".to_owned();
                self.leave_out(claim, UncheckedKind::Profile, url, reason);
                return;
            }
        };
        let found = self.tree.resource_type(node).unwrap_or_default();
        let is_general = matches!(&*plan.type_name, "Resource" | "DomainResource");
        if !is_general && *plan.type_name != *found {
            let problem = Problem::ProfileWrongType {
                profile: url.to_owned(),
                expected: plan.type_name.to_string(),
                found: found.to_owned(),
            };
            self.find(node, None, problem);
            return;
        }
        self.profiles.push(plan.canonical());
        if let Some(root) = ElementRef::root(plan)
            && !elements.iter().any(|other| other.is(root))
        {
            elements.push(root);
        }
    }

    /// Whether the narrative shows a contained resource, or an attachment of the resource (in R4 any URL) names it, by its id. One inside of
    /// the contained resource itself does not count.
    fn is_pictured(&mut self, contained: NodeId, id: &str) -> bool {
        let Some(holder) = self.tree.parent(contained) else { return false };
        if !self.pictured.contains_key(&holder) {
            let found = self.pictured_in(holder);
            self.pictured.insert(holder, found);
        }
        let places = self.pictured.get(&holder).and_then(|found| found.get(id));
        places.is_some_and(|places| places.iter().any(|place| *place != contained))
    }

    /// What a resource's narrative and attachments name by an id within it, each with the child of the resource that does.
    fn pictured_in(&self, holder: NodeId) -> BTreeMap<String, Vec<NodeId>> {
        let tree = self.tree;
        let mut found: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
        let mut add = |url: &str, place: NodeId| {
            if let Some(id) = url.strip_prefix('#') {
                found.entry(id.to_owned()).or_default().push(place);
            }
        };
        let div = tree.child(holder, "text").and_then(|text| tree.child_text(text, "div")).unwrap_or_default();
        for url in super::narrative::pictures(div) {
            add(&url, holder);
        }
        let by_url = self.definitions.version().differences().refers_by_url;
        let mut open: Vec<(NodeId, NodeId)> = tree.children(holder).map(|child| (child, child)).collect();
        while let Some((next, place)) = open.pop() {
            let kind = self.typed.type_name(next);
            if by_url
                && matches!(kind, Some("canonical" | "uri" | "url"))
                && let Some(url) = tree.text(next)
            {
                add(url, place);
            }
            if kind == Some("Attachment")
                && let Some(url) = tree.child_text(next, "url")
            {
                add(url, place);
            }
            open.extend(tree.children(next).map(|child| (child, place)));
        }
        found
    }

    fn contained(&mut self, node: NodeId) {
        let Some(id) = self.tree.child_text(node, "id") else {
            if self.tree.child(node, "id").is_none() {
                self.find_name(node, None, Problem::ContainedNoId);
            }
            return;
        };
        if !self.links().is_referred_to(node, id) && !self.is_pictured(node, id) {
            self.find_name(node, None, Problem::ContainedOrphan { id: shorten(id) });
        }
        let Some(parent) = self.tree.parent(node) else { return };
        if self.links().contained(parent, id).is_some_and(|first| first != node) {
            self.find_name(node, None, Problem::ContainedDuplicateId { id: id.to_owned() });
        }
    }
}
