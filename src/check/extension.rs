//! Extensions (STU3 2.27): which one it is, whether it is known, where it stands.

use super::Checker;
use crate::issue::Problem;
pub(super) use crate::primitive::is_absolute;
use crate::report::UncheckedKind;
use crate::tree::NodeId;
use crate::typed::ElementRef;

impl<'c> Checker<'c> {
    /// Checks a node that is an extension, and adds its definition to what applies to it.
    pub(super) fn extension(&mut self, node: NodeId, elements: &mut Vec<ElementRef<'c>>) {
        let name = self.tree.name(node);
        let is_modifier = name == "modifierExtension";
        if !is_modifier && name != "extension" || self.typed.type_name(node) != Some("Extension") {
            return;
        }
        let Some(url) = self.tree.child_text(node, "url").filter(|url| !url.is_empty()) else {
            if !self.is_trial() {
                self.find_name(node, elements.first().copied(), Problem::ExtensionNoUrl);
            }
            return;
        };
        let inside = self.tree.parent(node).is_some_and(|parent| self.typed.type_name(parent) == Some("Extension"));
        if !is_absolute(url) {
            if !inside && !self.is_trial() {
                self.find_name(node, elements.first().copied(), Problem::ExtensionUrlRelative { url: url.to_owned() });
            }
            return;
        }
        let plan = self.definitions.plan(url).filter(|plan| &*plan.type_name == "Extension");
        let Some(root) = plan.and_then(ElementRef::root) else {
            if self.is_trial() {
                return;
            }
            let url = url.to_owned();
            let hint = self.profile_hint(&url);
            let reason = "The extension's definition is not loaded.".to_owned();
            self.leave_out(node, UncheckedKind::Extension, &url, reason);
            let is_example = url.starts_with("http://example.org/do-not-use/");
            let problem = match is_modifier {
                true if is_example => Problem::ModifierExtensionExample { url },
                true => Problem::ModifierExtensionUnknown { url, hint },
                false => Problem::ExtensionUnknown { url, hint },
            };
            self.find_name(node, None, problem);
            return;
        };
        if root.element.is_modifier != is_modifier && !self.is_trial() {
            let expected = if root.element.is_modifier { "modifierExtension" } else { "extension" };
            self.find_name(node, Some(root), Problem::ExtensionModifier { url: url.to_owned(), expected });
        }
        if !self.is_trial() && !elements.iter().any(|by| by.element.slice_name.is_some()) {
            self.context(node, root);
        }
        if !self.is_trial() {
            self.context_invariants(node, root);
        }
        if !elements.iter().any(|other| other.is(root)) {
            elements.push(root);
        }
    }

    /// Whether an extension stands where its definition provides for it (STU3 5.1.0.18). A profile that names the extension
    /// at the place has the last word, and one report for each kind of place is enough.
    fn context(&mut self, node: NodeId, root: ElementRef<'c>) {
        let plan = root.plan;
        let Some(parent) = self.tree.parent(node) else { return };
        let Some(known) = self.typed.get(parent) else { return };
        if plan.contexts.is_empty() {
            return;
        }
        let path = self.path(parent);
        // An element that shares the content of another (`Questionnaire.item.item`) is also a place for what is meant for
        // that one, and the value of a choice for what is meant for its type alone.
        let shared = known.element.element.content.and_then(|at| known.element.at(at));
        let of_type = known.element.element.is_choice.then(|| {
            let holder = known.element.element.id.rsplit_once('.').map_or("", |(holder, _)| holder);
            format!("{holder}.{}", self.tree.name(parent))
        });
        let is_place = |context: &str| {
            if of_type.as_deref() == Some(context) || shared.is_some_and(|shared| &*shared.element.id == context) {
                return true;
            }
            let context = context.trim_end_matches("[x]");
            // Contexts of later tools have a slice's name, which says more than is needed here.
            let context = context.split_once(':').map_or(context, |(before, _)| before);
            let is_resource = known.content().plan.kind == crate::model::StructureKind::Resource;
            context == path
                || context == known.element.element.id.trim_end_matches("[x]")
                || context == self.definitions.names().text(known.code)
                || self.is_kind_of(known.code, context)
                || matches!(context, "*" | "Element")
                || is_resource && matches!(context, "Resource" | "DomainResource")
                || context == "BackboneElement" && known.type_root.is_none()
        };
        let is_allowed = match plan.context_type.as_deref() {
            Some("extension") => {
                let outer = self.tree.child_text(parent, "url").unwrap_or_default();
                plan.contexts.iter().any(|context| &**context == outer)
            }
            _ => plan.contexts.iter().any(|context| is_place(context)),
        };
        if is_allowed || !self.places.insert((plan.url.to_string(), path)) {
            return;
        }
        let problem = Problem::ExtensionContext { url: plan.url.to_string(), allowed: plan.contexts.join(", ") };
        self.find_name(node, Some(root), problem);
    }

    /// Whether a type is this one, or derived from it: `Age` is a `Quantity`.
    fn is_kind_of(&self, code: crate::name::NameId, wanted: &str) -> bool {
        /// Longer chains are circles.
        const LONGEST: usize = 8;
        let mut plan = self.definitions.base(code);
        let is_it = |plan: &crate::plan::Plan| &*plan.type_name == wanted || &*plan.name == wanted;
        for _ in 0..LONGEST {
            let Some(known) = plan else { return false };
            if is_it(known) {
                return true;
            }
            plan = known.base.as_deref().and_then(|base| self.definitions.plan(base));
        }
        false
    }

    /// The path of an element from its resource, without indexes: `Patient.identifier.type`.
    fn path(&self, node: NodeId) -> String {
        let mut names = Vec::new();
        let mut at = node;
        while self.tree.resource_type_id(at).is_none() {
            let name = self.typed.choice(self.tree, at).unwrap_or(self.tree.name_id(at));
            names.push(self.tree.name_text(name));
            match self.tree.parent(at) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        names.push(self.tree.resource_type(at).unwrap_or_default());
        names.reverse();
        names.join(".")
    }
}
