//! Extensions (STU3 2.27): which one it is, whether it is known, where it stands.

use super::{Checker, did_you_mean};
use crate::issue::Problem;
use crate::tree::NodeId;
use crate::typed::ElementRef;

/// Whether a URL names something on its own: it has a scheme.
pub(super) fn is_absolute(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let mut letters = scheme.chars();
    !rest.is_empty()
        && letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))
}

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
            let hint = did_you_mean(&url, self.definitions.profile_urls());
            self.leave(node, &url, "", "", "The extension's definition is not loaded.".to_owned());
            let problem = match is_modifier {
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
        if !elements.iter().any(|other| other.is(root)) {
            elements.push(root);
        }
    }
}
