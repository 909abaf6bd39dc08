//! Target profiles of references (STU3 2.26, `ElementDefinition.type.targetProfile`): what a reference in the input leads
//! to must conform to one of them.
//!
//! One root cause, one issue: what is wrong with the target and is reported there is not said again at each reference, and
//! many references to one target are one issue.

use super::findings::Fault;
use super::{Checker, Said};
use crate::issue::Problem;
use crate::model::message::MessageDefinition;
use crate::plan::Element;
use crate::report::UncheckedKind;
use crate::tree::NodeId;
use crate::typed::ElementRef;
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;
use std::sync::Arc;

/// A resource that conforms to none of the profiles asked for.
pub(super) struct Miss<'c> {
    /// Where that is to be said: the reference, for one.
    pub(super) at: NodeId,
    pub(super) by: ElementRef<'c>,
    /// The resource.
    pub(super) target: NodeId,
    /// Each profile, with what the resource does not keep of it.
    pub(super) profiles: Vec<(ElementRef<'c>, Rc<[Fault]>)>,
    pub(super) asks: Asks,
}

/// Who asks for a profile of a resource elsewhere.
#[derive(Clone)]
pub(super) enum Asks {
    /// The type of a reference.
    Reference,
    /// A message's definition, of what the message is about.
    Focus(Arc<MessageDefinition>),
    /// A message's definition, of what the message is made of.
    Asset(Arc<MessageDefinition>),
}

impl<'c> Checker<'c> {
    /// Checks what a reference leads to against the profiles that its type has there. `missing` is a target profile that
    /// is not loaded.
    pub(super) fn target(
        &mut self,
        reference: NodeId,
        by: ElementRef<'c>,
        target: NodeId,
        profiles: Vec<ElementRef<'c>>,
        missing: Option<&str>,
    ) {
        // What the target claims to be is checked where it stands.
        if profiles.iter().any(|profile| self.claims(target, *profile)) {
            return;
        }
        let mut tried = Vec::new();
        for profile in profiles {
            let faults = self.faults(target, profile);
            if faults.is_empty() {
                return;
            }
            tried.push((profile, faults));
        }
        if let Some(url) = missing {
            if !self.is_trial() && self.missing_targets.insert(url.to_owned()) {
                let reason = "The profile of the reference's target is not loaded.".to_owned();
                self.leave_out(reference, UncheckedKind::Profile, url, reason);
            }
            return;
        }
        if self.is_trial() {
            let Some((profile, faults)) = tried.into_iter().min_by_key(|(_, faults)| faults.len()) else { return };
            let miss = Miss { at: reference, by, target, profiles: Vec::new(), asks: Asks::Reference };
            let problem = self.miss(&miss, &[profile.plan.canonical()], faults.first(), 0);
            self.find(reference, Some(by), problem);
            return;
        }
        self.misses.push(Miss { at: reference, by, target, profiles: tried, asks: Asks::Reference });
    }

    /// Whether a resource conforms to one of some profiles; if not, `miss` is kept, to be reported.
    pub(super) fn must_conform(&mut self, miss: Miss<'c>, profiles: Vec<ElementRef<'c>>) -> bool {
        if profiles.iter().any(|profile| self.claims(miss.target, *profile)) {
            return true;
        }
        let tried: Vec<_> = profiles.into_iter().map(|profile| (profile, self.faults(miss.target, profile))).collect();
        let conforms = tried.iter().any(|(_, faults)| faults.is_empty());
        if !conforms {
            self.misses.push(Miss { profiles: tried, ..miss });
        }
        conforms
    }

    /// Whether a resource claims a profile in `meta.profile`, or one that is derived from it.
    fn claims(&self, resource: NodeId, profile: ElementRef<'c>) -> bool {
        /// Longer chains of bases are circles.
        const LONGEST: usize = 20;
        let Some(meta) = self.tree.child(resource, "meta") else { return false };
        let asked = (resource, std::ptr::from_ref(profile.plan));
        if let Some(known) = self.claimed.borrow().get(&asked) {
            return *known;
        }
        let does = self.tree.named(meta, "profile").filter_map(|claim| self.tree.text(claim)).any(|url| {
            let mut plan = self.definitions.plan(url);
            for _ in 0..LONGEST {
                let Some(known) = plan else { return false };
                if std::ptr::eq(known, profile.plan) {
                    return true;
                }
                plan = known.base.as_deref().and_then(|base| self.definitions.plan(base));
            }
            false
        });
        self.claimed.borrow_mut().insert(asked, does);
        does
    }

    /// Reports the references whose targets conform to no profile asked for, once the rest is known.
    pub(super) fn say_misses(&mut self) {
        let mut misses = std::mem::take(&mut self.misses);
        crate::order::sort_by_key(&mut misses, |miss| miss.at);
        let references: FxHashSet<NodeId> = misses.iter().map(|miss| miss.at).collect();
        // Each with the other references that miss the same.
        let mut groups: Vec<(Miss<'c>, Vec<NodeId>)> = Vec::new();
        let mut places: FxHashMap<(NodeId, Vec<*const Element>), usize> = FxHashMap::default();
        for miss in misses {
            let profiles = miss.profiles.iter().map(|(profile, _)| std::ptr::from_ref(profile.element)).collect();
            let at = *places.entry((miss.target, profiles)).or_insert(groups.len());
            match groups.get_mut(at) {
                Some((first, _)) if first.at == miss.at => {}
                Some((_, others)) => others.push(miss.at),
                None => groups.push((miss, Vec::new())),
            }
        }
        if groups.is_empty() {
            return;
        }
        let mut said: Said<NodeId> = Said::default();
        for finding in &self.findings {
            said.add(finding.node, &finding.problem);
        }
        let is_found = |fault: &Fault| said.has(fault.node, &fault.problem);
        let leads_on = |fault: &Fault| {
            matches!(*fault.problem, Problem::ReferenceTargetProfile { .. }) && references.contains(&fault.node)
        };
        let is_said = |fault: &&Fault| leads_on(fault) || is_found(fault);
        // The profile that the target is nearest to tells most.
        let nearest = |miss: &Miss<'c>| {
            let faults = miss.profiles.iter().map(|(_, faults)| Rc::clone(faults));
            faults.min_by_key(|faults| faults.iter().filter(|fault| !is_said(fault)).count()).unwrap_or_default()
        };
        // What only leads on to another miss is told with that one, so long as that one is told.
        let mut open: Vec<NodeId> = Vec::new();
        let mut reported = Vec::new();
        let mut waiting = Vec::new();
        let mut leading: FxHashMap<NodeId, Vec<usize>> = FxHashMap::default();
        for (miss, others) in groups {
            let faults = nearest(&miss);
            if let Some(fault) = faults.iter().find(|fault| !is_said(fault)) {
                open.extend(others.iter().copied().chain([miss.at]));
                reported.push((miss, others, fault.clone()));
            } else if faults.iter().any(is_found) {
                open.extend(others.iter().copied().chain([miss.at]));
            } else {
                for fault in faults.iter() {
                    leading.entry(fault.node).or_default().push(waiting.len());
                }
                waiting.push(Some((miss, others, faults)));
            }
        }
        for first in 0..=waiting.len() {
            while let Some(told) = open.pop() {
                for place in leading.remove(&told).unwrap_or_default() {
                    if let Some((miss, others, _)) = waiting.get_mut(place).and_then(Option::take) {
                        open.extend(others.into_iter().chain([miss.at]));
                    }
                }
            }
            // Those that are left lead on to each other: the first stands for all that lead to it.
            let Some((miss, others, faults)) = waiting.get_mut(first).and_then(Option::take) else { continue };
            open.extend(others.iter().copied().chain([miss.at]));
            if let Some(fault) = faults.first().cloned() {
                reported.push((miss, others, fault));
            }
        }
        crate::order::sort_by_key(&mut reported, |(miss, _, _)| miss.at);
        for (miss, others, fault) in reported {
            let profiles: Vec<String> = miss.profiles.iter().map(|(profile, _)| profile.plan.canonical()).collect();
            let problem = self.miss(&miss, &profiles, Some(&fault), others.len());
            self.find(miss.at, Some(miss.by), problem);
        }
    }

    fn miss(&self, miss: &Miss<'c>, profiles: &[String], fault: Option<&Fault>, others: usize) -> Problem {
        let profiles = match profiles {
            [only] => only.clone(),
            several => format!("one of {}", several.join(", ")),
        };
        /// What a target's target lacks is told within its words, and so on.
        const LONGEST: usize = 500;
        let fault = fault.map_or(String::new(), |fault| {
            let message: String = fault.problem.message().chars().take(LONGEST).collect();
            format!(" At {}: {message}", self.typed.location(self.tree, fault.node))
        });
        let others = match others {
            0 => String::new(),
            1 => " One more reference leads there.".to_owned(),
            others => format!(" {others} more references lead there."),
        };
        let target = self.typed.location(self.tree, miss.target);
        match &miss.asks {
            Asks::Reference => Problem::ReferenceTargetProfile { target, profiles, fault, others },
            Asks::Focus(definition) => {
                let definition = definition.url.clone();
                Problem::MessageFocusProfile { target, profiles, definition, fault }
            }
            Asks::Asset(definition) => Problem::MessageAsset { profiles, definition: definition.url.clone(), fault },
        }
    }
}
