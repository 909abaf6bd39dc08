//! What the specification asks of single data types beyond what their definitions can say.

use super::Checker;
use super::extension::is_absolute;
use super::shorten;
use crate::issue::Problem;
use crate::tree::NodeId;
use crate::typed::ElementRef;

impl<'c> Checker<'c> {
    /// Checks a node by its data type.
    pub(super) fn datatype(&mut self, node: NodeId) {
        let Some(known) = self.typed.get(node) else { return };
        let by = known.content();
        match self.definitions.names().text(known.code) {
            "Coding" => self.coding(node, by),
            "Identifier" => self.identifier(node, by),
            "Bundle" => self.bundle(node, by),
            "xhtml" => self.narrative(node, by),
            _ => {}
        }
    }

    fn identifier(&mut self, node: NodeId, by: ElementRef<'c>) {
        let Some(system) = self.tree.child_text(node, "system").filter(|system| !system.is_empty()) else { return };
        if !is_absolute(system.trim()) {
            self.find(node, Some(by), Problem::SystemRelative { system: shorten(system) });
        }
    }

    /// The entries of a Bundle have absolute URLs (STU3 2.36.4).
    fn bundle(&mut self, node: NodeId, by: ElementRef<'c>) {
        let entries: Vec<NodeId> = self.tree.named(node, "entry").collect();
        for entry in entries {
            let Some(at) = self.tree.child(entry, "fullUrl") else { continue };
            let Some(url) = self.tree.text(at).filter(|url| !url.is_empty()) else { continue };
            if !is_absolute(url) {
                self.find(at, Some(by), Problem::FullUrlRelative { url: shorten(url) });
            }
        }
    }
}
