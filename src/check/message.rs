//! Messages against the MessageDefinition of their event (STU3 2.34): what they are about, how many, by which profiles, and
//! into the Bundles inside.

use super::target::{Asks, Miss};
use super::{Checker, shorten};
use crate::issue::Problem;
use crate::model::message::{Focus, MessageDefinition};
use crate::plan::Rule;
use crate::report::UncheckedKind;
use crate::terminology::Lookup;
use crate::tree::NodeId;
use crate::typed::ElementRef;
use std::sync::Arc;

/// A resource that a message is about: where the header names it, what it is, and the resource, if it is in the input.
struct Named {
    at: NodeId,
    type_name: String,
    resource: Option<NodeId>,
}

impl<'c> Checker<'c> {
    /// Checks a message Bundle, whose first resource is `header`, against what its event's definition asks for.
    pub(super) fn message(&mut self, bundle: NodeId, header: NodeId, by: ElementRef<'c>) {
        let candidates = self.message_definitions(header, by);
        let Some(first) = candidates.first() else { return };
        // NHS England lists as focus whatever a message may hold, and not what its header says that it is about.
        if !self.definitions.version().differences().message_focus {
            let reason = "What a MessageDefinition of R4 asks of a message is not checked yet.".to_owned();
            self.leave_out(header, UncheckedKind::Definition, &first.url, reason);
            return;
        }
        let named = self.focuses(header);
        // Several definitions of one event: a message keeps one of them.
        let tried = candidates.into_iter().map(|definition| (self.against(header, &named, &definition), definition));
        let best = tried.min_by_key(|(faults, _)| faults.len());
        let Some((faults, definition)) = best else { return };
        for (at, problem) in faults {
            self.find_name(at, Some(by), problem);
        }
        self.focus_profiles(bundle, by, &named, &definition);
        self.assets(bundle, by, &named, &definition);
    }

    /// The definitions of a message: the one that its header names, or else those of its event that are not retired.
    fn message_definitions(&mut self, header: NodeId, by: ElementRef<'c>) -> Vec<Arc<MessageDefinition>> {
        let tree = self.tree;
        let all = self.definitions.messages();
        // STU3 has a Coding, R4 a Coding or a URI.
        let event = ["event", "eventCoding", "eventUri"].into_iter().find_map(|name| tree.child(header, name));
        let Some(event) = event else { return Vec::new() };
        let system = tree.child_text(event, "system").unwrap_or_default();
        let code = tree.text(event).or_else(|| tree.child_text(event, "code")).unwrap_or_default();
        // ITK3 names it in a part of its extension for the handling of messages.
        let extensions = tree.named(header, "extension").flat_map(|outer| tree.named(outer, "extension"));
        let naming = extensions.filter(|part| tree.child_text(*part, "url") == Some("MessageDefinition"));
        let url = naming
            .filter_map(|part| tree.child(part, "valueReference"))
            .find_map(|reference| Some((reference, tree.child_text(reference, "reference")?)));
        let own = tree.child(header, "definition").and_then(|node| Some((node, tree.text(node)?)));
        let url = url.or(own);
        if let Some((at, url)) = url {
            let bare = crate::definitions::split_canonical(url).0;
            match all.iter().rev().find(|known| known.url == bare) {
                Some(definition) => {
                    // A definition for any event has a code there that is none.
                    let is_event = matches!(
                        self.definitions.lookup(&definition.event_system, &definition.event_code),
                        Lookup::Known { .. }
                    );
                    if is_event && (definition.event_system != system || definition.event_code != code) {
                        let problem = Problem::MessageDefinitionEvent {
                            definition: definition.url.clone(),
                            expected: definition.event_code.clone(),
                            found: shorten(code),
                        };
                        self.find(event, Some(by), problem);
                    }
                    return vec![definition.clone()];
                }
                None => {
                    let reason = "The MessageDefinition that the header names is not loaded.".to_owned();
                    self.leave_out(at, UncheckedKind::Definition, url, reason);
                }
            }
        }
        let of_event = |known: &&Arc<MessageDefinition>| known.event_system == system && known.event_code == code;
        let mut found: Vec<Arc<MessageDefinition>> = all.iter().filter(of_event).cloned().collect();
        if found.iter().any(|known| known.status != "retired") {
            found.retain(|known| known.status != "retired");
        }
        if found.is_empty() && url.is_none() && !code.is_empty() {
            let reason = "No MessageDefinition of this event is loaded.".to_owned();
            self.leave_unchecked(event, UncheckedKind::Definition, "", (system, code), reason);
        }
        found
    }

    /// What a header says that the message is about.
    fn focuses(&self, header: NodeId) -> Vec<Named> {
        let tree = self.tree;
        let named = |at: NodeId| {
            let reference = tree.child_text(at, "reference")?;
            let resource = self.resolve(at, reference);
            let found = match resource {
                Some(resource) => tree.resource_type(resource),
                None => super::reference::type_in_url(reference, |name| self.is_resource_type(name)),
            };
            Some(Named { at, type_name: found?.to_owned(), resource })
        };
        tree.named(header, "focus").filter_map(named).collect()
    }

    /// What the number and the types of what a message is about lack.
    fn against(&self, header: NodeId, named: &[Named], definition: &MessageDefinition) -> Vec<(NodeId, Problem)> {
        let mut faults = Vec::new();
        let name = || definition.url.clone();
        for focus in definition.focuses.iter().filter(|focus| !self.is_whole(focus)) {
            let its: Vec<&Named> = named.iter().filter(|named| named.type_name == focus.code).collect();
            let found = its.len() as u32;
            if found < focus.min {
                let problem =
                    Problem::MessageFocusMin { code: focus.code.clone(), min: focus.min, found, definition: name() };
                faults.push((header, problem));
            }
            if let Some(max) = focus.max.filter(|max| found > *max)
                && let Some(excess) = its.get(max as usize)
            {
                let problem = Problem::MessageFocusMax { code: focus.code.clone(), max, found, definition: name() };
                faults.push((excess.at, problem));
            }
        }
        let is_any = |code: &str| code == "Resource" || code.is_empty();
        let mut allowed: Vec<&str> = definition.focuses.iter().map(|focus| focus.code.as_str()).collect();
        allowed.dedup();
        if !allowed.is_empty() && !allowed.iter().any(|code| is_any(code)) {
            for other in named.iter().filter(|named| !allowed.contains(&named.type_name.as_str())) {
                let problem = Problem::MessageFocusType {
                    found: other.type_name.clone(),
                    allowed: allowed.join(", "),
                    definition: name(),
                };
                faults.push((other.at, problem));
            }
        }
        faults
    }

    /// Whether the profile of a focus is one of the whole message, as ITK3's definitions have it: a Bundle whose type is
    /// `message`, though what an ITK3 message is about is the Bundle inside.
    fn is_whole(&self, focus: &Focus) -> bool {
        let Some(root) = self.profile_root(&focus.profile) else { return false };
        focus.code == "Bundle"
            && root.children().filter(|child| self.definitions.names().text(child.element.name) == "type").any(
                |child| {
                    child.element.rules.iter().any(|rule| match rule {
                        Rule::Fixed(sample) => sample.tree.text(super::value::sample_value(sample)) == Some("message"),
                        _ => false,
                    })
                },
            )
    }

    fn profile_root(&self, url: &str) -> Option<ElementRef<'c>> {
        self.definitions.plan(url).and_then(ElementRef::root)
    }

    /// What a message is about conforms to the profiles that its definition gives.
    fn focus_profiles(
        &mut self,
        bundle: NodeId,
        by: ElementRef<'c>,
        named: &[Named],
        definition: &Arc<MessageDefinition>,
    ) {
        let asks = || Asks::Focus(definition.clone());
        for focus in &definition.focuses {
            if self.is_whole(focus)
                && let Some(root) = self.profile_root(&focus.profile)
            {
                self.must_conform(
                    Miss { at: bundle, by, target: bundle, profiles: Vec::new(), asks: asks() },
                    vec![root],
                );
            }
        }
        for about in named {
            let Some(resource) = about.resource else { continue };
            let its = definition.focuses.iter().filter(|focus| focus.code == about.type_name && !self.is_whole(focus));
            let its: Vec<&Focus> = its.collect();
            // One without a profile takes the type as it is.
            if its.is_empty() || its.iter().any(|focus| focus.profile.is_empty()) {
                continue;
            }
            let roots: Vec<ElementRef<'c>> = its.iter().filter_map(|focus| self.profile_root(&focus.profile)).collect();
            if roots.len() < its.len() {
                let missing = its.iter().find(|focus| self.profile_root(&focus.profile).is_none());
                let url = missing.map(|focus| focus.profile.clone()).unwrap_or_default();
                let reason = "The profile of what the message is about is not loaded.".to_owned();
                self.leave_out(about.at, UncheckedKind::Profile, &url, reason);
                continue;
            }
            self.must_conform(Miss { at: about.at, by, target: resource, profiles: Vec::new(), asks: asks() }, roots);
        }
    }

    /// The resources of a message, and of the Bundles that it is about, are of the profiles that its definition lists for
    /// their type. Of each type the first that is not is reported.
    fn assets(&mut self, bundle: NodeId, by: ElementRef<'c>, named: &[Named], definition: &Arc<MessageDefinition>) {
        let roots = definition.assets.iter().filter_map(|url| self.profile_root(url));
        let roots: Vec<ElementRef<'c>> = roots.filter(|root| &*root.plan.type_name != "Bundle").collect();
        if roots.is_empty() {
            return;
        }
        let tree = self.tree;
        let inner = named.iter().filter_map(|about| about.resource);
        let bundles = [bundle].into_iter().chain(inner.filter(|node| tree.resource_type(*node) == Some("Bundle")));
        let entries = bundles.flat_map(|bundle| tree.named(bundle, "entry"));
        let resources: Vec<NodeId> = entries.filter_map(|entry| tree.child(entry, "resource")).collect();
        let mut said: Vec<&str> = Vec::new();
        for resource in resources {
            let Some(type_name) = tree.resource_type(resource).filter(|name| !said.contains(name)) else { continue };
            let its: Vec<ElementRef<'c>> =
                roots.iter().filter(|root| &*root.plan.type_name == type_name).copied().collect();
            let asks = Asks::Asset(definition.clone());
            let miss = Miss { at: resource, by, target: resource, profiles: Vec::new(), asks };
            if !its.is_empty() && !self.must_conform(miss, its) {
                said.push(type_name);
            }
        }
    }
}
