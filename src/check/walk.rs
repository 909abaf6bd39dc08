//! The walk: each node with the elements that apply to it, its rules, its children grouped by element.

use super::{Checker, Finding, did_you_mean};
use crate::issue::Problem;
use crate::model::StructureKind;
use crate::name::NameId;
use crate::plan::{Rule, Type};
use crate::source::Span;
use crate::tree::{Flags, Kind, NodeId};
use crate::typed::ElementRef;
use std::sync::Arc;

/// A child of the node at hand.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) node: NodeId,
    name: NameId,
    /// The name of the choice that it belongs to: `value` for `valueQuantity`.
    base: Option<NameId>,
}

/// The elements that apply to each child: the child's place among its siblings, and the element.
pub(super) type Assigned<'c> = Vec<(usize, ElementRef<'c>)>;

/// Whether nothing is asked of what is inside an element of a primitive type.
fn is_bare(by: ElementRef<'_>) -> bool {
    by.plan.kind == StructureKind::Primitive || by.element.children.is_empty()
}

impl<'c> Checker<'c> {
    /// Checks `start` and everything inside it. `elements` apply to `start` itself.
    ///
    /// The stack is explicit, so that the depth of the input costs memory and never the machine's stack. The elements of
    /// the nodes still to visit lie behind one another in one pool.
    pub(super) fn walk(&mut self, start: NodeId, elements: Vec<ElementRef<'c>>) {
        let mut pool = elements;
        let mut open = vec![(start, 0)];
        let mut mine = Vec::new();
        let mut members = Vec::new();
        let mut assigned: Assigned<'c> = Vec::new();
        while let Some((node, from)) = open.pop() {
            mine.clear();
            mine.extend(pool.drain(from..));
            if !self.spend(1 + mine.len()) {
                return;
            }
            let goes_on = self.node(node, &mut mine);
            if !self.is_trial()
                && let Some((watched, found)) = &mut self.watched
                && *watched == node
            {
                found.clone_from(&mine);
            }
            if !goes_on {
                continue;
            }
            self.members(node, &mut members);
            // Most values have no extensions, and no profile asks for any.
            let is_primitive = self.is_primitive(node);
            if is_primitive && members.is_empty() && mine.iter().all(|by| is_bare(*by)) {
                continue;
            }
            assigned.clear();
            if !self.spend(members.len() * mine.len()) {
                return;
            }
            for at in 0..mine.len() {
                for element in mine[at].children() {
                    // A primitive's own value is no child of it.
                    if is_primitive && self.definitions.names().text(element.element.name) == "value" {
                        continue;
                    }
                    self.group(node, &mine[..at], element, &members, &mut assigned);
                }
            }
            self.unknown_members(node, &members);
            crate::order::sort_by_key(&mut assigned, |(child, _)| *child);
            let mut rest = &assigned[..];
            for (at, member) in members.iter().enumerate() {
                let count = rest.iter().take_while(|(child, _)| *child == at).count();
                let (its, after) = rest.split_at(count);
                rest = after;
                let Some(known) = self.typed.get(member.node) else { continue };
                let from = pool.len();
                pool.extend(its.iter().map(|(_, element)| *element));
                if let Some(root) = known.type_root
                    && !pool[from..].iter().any(|other| other.is(root))
                {
                    pool.push(root);
                }
                open.push((member.node, from));
            }
        }
    }

    fn members(&self, node: NodeId, members: &mut Vec<Member>) {
        members.clear();
        for child in self.tree.children(node) {
            if self.tree.flags(child).has(Flags::DUPLICATE) {
                continue;
            }
            let base = self.typed.choice(self.tree, child);
            members.push(Member { node: child, name: self.tree.name_id(child), base });
        }
    }

    fn is_primitive(&self, node: NodeId) -> bool {
        self.typed.get(node).is_some_and(|known| known.content().plan.kind == StructureKind::Primitive)
    }

    /// Checks one node by itself; `elements` gains what its own content calls for. Says whether to look inside.
    fn node(&mut self, node: NodeId, elements: &mut Vec<ElementRef<'c>>) -> bool {
        if !self.is_trial() && !self.shape(node) {
            return false;
        }
        if self.tree.resource_type_id(node).is_some() && !self.resource(node, elements) {
            return false;
        }
        let mut at = 0;
        while at < elements.len() {
            let by = elements[at];
            self.add_type_profiles(node, by, elements);
            at += 1;
        }
        self.extension(node, elements);
        let mut is_code_wrong = false;
        if !self.is_trial() {
            self.datatype(node, elements);
        }
        for at in 0..elements.len() {
            let by = elements[at];
            for rule in by.rules() {
                match rule {
                    Rule::Fixed(sample) => self.fixed(node, by, sample),
                    Rule::Pattern(sample) => self.pattern(node, by, sample),
                    Rule::Binding(binding) => {
                        let same = |other: &Rule| matches!(other, Rule::Binding(other) if other == binding);
                        if !is_code_wrong && !elements[..at].iter().any(|earlier| earlier.rules().any(same)) {
                            is_code_wrong = self.binding(node, by, binding);
                        }
                    }
                    Rule::MaxLength(max) => self.max_length(node, by, *max),
                    Rule::MinValue(sample) => self.bound(node, by, sample, true),
                    Rule::MaxValue(sample) => self.bound(node, by, sample, false),
                    Rule::Invariant(invariant) => self.invariant(node, by, invariant, elements, at),
                }
            }
            self.reference(node, by);
        }
        true
    }

    /// Adds the roots of the profiles that an element's type has (`type.profile`).
    fn add_type_profiles(&mut self, node: NodeId, by: ElementRef<'c>, elements: &mut Vec<ElementRef<'c>>) {
        let types = &by.element.types;
        if types.iter().all(|candidate| candidate.profiles.is_empty()) {
            return;
        }
        let name = self.tree.name_id(node);
        let resource = self.tree.resource_type_id(node);
        let fits = |candidate: &&Type| match resource {
            Some(resource) => {
                candidate.code_id == resource || matches!(&*candidate.code, "Resource" | "DomainResource")
            }
            None => candidate.element_name == name,
        };
        let mut roots: Vec<ElementRef<'c>> = Vec::new();
        let mut others: Vec<String> = Vec::new();
        let Some(candidate_code) = self.typed.get(node).map(|known| known.code) else { return };
        for candidate in types.iter().filter(fits) {
            if candidate.profiles.is_empty() {
                // The type is also allowed as it is.
                return;
            }
            for profile in &candidate.profiles {
                let Some(plan) = self.definitions.plan(profile) else { return };
                let is_type = match resource {
                    Some(resource) => plan.type_id == resource,
                    None => plan.type_id == candidate.code_id || plan.kind != StructureKind::Resource,
                };
                match ElementRef::root(plan).filter(|_| is_type) {
                    Some(root) => roots.push(root),
                    None => others.push(plan.canonical()),
                }
            }
        }
        let fitting = match roots[..] {
            [] if resource.is_none() && !others.is_empty() => {
                let found = self.definitions.names().text(candidate_code).to_owned();
                let problem = Problem::ProfileOfOtherType { profiles: others.join(", "), found };
                self.find_name(node, Some(by), problem);
                return;
            }
            [] => return,
            [only] => Some(only),
            _ => roots.iter().find(|root| self.conforms(node, **root)).copied(),
        };
        match fitting {
            Some(root) if elements.iter().any(|other| other.is(root)) => {}
            Some(root) => elements.push(root),
            None => {
                let profiles = roots.iter().map(|root| root.plan.canonical()).collect::<Vec<_>>().join(", ");
                self.find_name(node, Some(by), Problem::ProfileNoMatch { profiles });
            }
        }
    }

    /// The children that an element is about: how many there are, and what applies to each. `earlier` are the elements of
    /// the node that have been looked at before.
    fn group(
        &mut self,
        node: NodeId,
        earlier: &[ElementRef<'c>],
        by: ElementRef<'c>,
        members: &[Member],
        assigned: &mut Assigned<'c>,
    ) {
        let element = by.element;
        let first = assigned.len();
        let mut present = 0;
        let mut wrong = 0;
        let mut excess = None;
        for (at, member) in members.iter().enumerate() {
            let is_it = member.name == element.name || element.is_choice && member.base == Some(element.name);
            if !is_it {
                continue;
            }
            assigned.push((at, by));
            if self.tree.kind(member.node) == Kind::Null {
                continue;
            }
            if element.is_choice
                && element.max > 0
                && !element.types.iter().any(|candidate| candidate.element_name == member.name)
            {
                self.type_not_allowed(member.node, by);
                wrong += 1;
            }
            present += 1;
            // One fault, one issue: a value of a type that it cannot have is not one too many as well.
            if present - wrong == element.max.saturating_add(1) {
                excess = Some(member.node);
            }
        }
        if present < element.min {
            self.too_few(node, earlier, by, present);
        }
        if let Some(at) = excess {
            let first = assigned.get(first).map(|(first, _)| members[*first].node);
            self.too_many(at, earlier, by, present, first);
        }
        // One fault, one issue: a value of a type that is not allowed is in no slice either.
        if element.slicing.is_some() && element.max > 0 && wrong == 0 {
            let matched: Vec<(usize, NodeId)> =
                assigned[first..].iter().map(|(at, _)| (*at, members[*at].node)).collect();
            self.slices(node, by, &matched, assigned);
        }
    }

    fn too_few(&mut self, node: NodeId, earlier: &[ElementRef<'c>], by: ElementRef<'c>, found: u32) {
        // One fault, one issue: the base says it already.
        let is_said = |other: ElementRef<'c>| other.element.name == by.element.name && found < other.element.min;
        // An extension without its url is reported as such.
        let is_url = &*by.plan.type_name == "Extension" && self.definitions.names().text(by.element.name) == "url";
        if is_url && !self.is_trial() {
            return;
        }
        if earlier.iter().any(|parent| parent.children().any(is_said)) {
            return;
        }
        let name = self.display_name(by);
        let min = by.element.min;
        let problem =
            if min == 1 { Problem::RequiredElement { name } } else { Problem::MinCardinality { name, min, found } };
        self.find_name(node, Some(by), problem);
    }

    fn too_many(
        &mut self,
        at: NodeId,
        earlier: &[ElementRef<'c>],
        by: ElementRef<'c>,
        found: u32,
        first: Option<NodeId>,
    ) {
        let is_said = |other: ElementRef<'c>| other.element.name == by.element.name && found > other.element.max;
        if earlier.iter().any(|parent| parent.children().any(is_said)) {
            return;
        }
        let name = self.display_name(by);
        let max = by.element.max;
        let first = first.unwrap_or(at);
        let problem = if max == 0 {
            Problem::ProhibitedElement { name }
        } else if by.element.is_choice && self.tree.name_id(first) != self.tree.name_id(at) {
            Problem::SecondChoice { name: self.tree.name(at).to_owned(), first: self.tree.name(first).to_owned() }
        } else if !by.element.repeats && self.tree.flags(at).has(Flags::IN_ARRAY) {
            // An array for an element that does not repeat has been reported as such.
            return;
        } else {
            Problem::MaxCardinality { name, max, found }
        };
        self.find_name(at, Some(by), problem);
    }

    fn type_not_allowed(&mut self, node: NodeId, by: ElementRef<'c>) {
        let Some((_, found)) = self.definitions.choice(self.tree.name_id(node)) else { return };
        let mut allowed: Vec<&str> = by.element.types.iter().map(|candidate| &*candidate.code).collect();
        allowed.dedup();
        let problem = Problem::TypeNotAllowed {
            name: self.display_name(by),
            found: self.definitions.names().text(found).to_owned(),
            allowed: allowed.join(", "),
        };
        self.find_name(node, Some(by), problem);
    }

    /// Children that the base type does not have.
    fn unknown_members(&mut self, node: NodeId, members: &[Member]) {
        let Some(known) = self.typed.get(node).filter(|_| !self.is_trial()) else { return };
        for member in members {
            let flags = self.tree.flags(member.node);
            let name = self.tree.name(member.node);
            // The reader has said what it found odd itself.
            let is_second = self.tree.resource_type_id(member.node).is_some() && name.starts_with(char::is_uppercase);
            let is_said = flags.has(Flags::FOREIGN) || flags.has(Flags::ATTRIBUTE) || name == "_" || is_second;
            // Of an array the first item stands for all.
            if is_said || self.tree.index(member.node) > 0 || self.typed.get(member.node).is_some() {
                continue;
            }
            let names = known.content().children().flat_map(|child| {
                let (own, types) = match child.element.is_choice {
                    true => (None, &child.element.types[..]),
                    false => (Some(child.element.name), &[][..]),
                };
                own.into_iter().chain(types.iter().map(|candidate| candidate.element_name))
            });
            let hint = did_you_mean(name, names.map(|name| self.definitions.names().text(name)));
            let parent = match known.type_root {
                Some(root) => root.plan.type_name.to_string(),
                None => known.element.element.id.to_string(),
            };
            let problem = Problem::UnknownElement { name: name.to_owned(), parent, hint };
            let span = Span { start: self.tree.key_start(member.node), end: self.tree.span(member.node).end };
            let (problem, by) = (Arc::new(problem.bounded()), Some(known.content()));
            self.push(Finding { node: member.node, member: None, span, problem, by });
        }
    }

    /// The element's name as people write it: `value[x]` for a choice.
    pub(super) fn display_name(&self, by: ElementRef<'c>) -> String {
        let name = self.definitions.names().text(by.element.name);
        if by.element.is_choice { format!("{name}[x]") } else { name.to_owned() }
    }
}
