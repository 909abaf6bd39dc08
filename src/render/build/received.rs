//! Text that came with a resource: cleaned, with what was removed from it.

use super::Builder;
use crate::render::As;
use crate::render::context::Mark;
use crate::render::model::{Piece, Row};
use crate::render::sanitise;
use crate::tree::NodeId;

/// `Narrative.status`, the label of the text; where the label says the status, it need not be said again.
const STATUSES: &[(&str, &str)] = &[
    ("generated", "Text (generated from the data by the sender)"),
    ("extensions", "Text (generated from the data and its extensions by the sender)"),
    ("additional", "Author\u{2019}s text (additional: may say more than the data)"),
    ("empty", "Text (marked empty by the sender)"),
];

impl Builder<'_, '_> {
    /// A Narrative: the label says what it is, then the text.
    pub(super) fn narrative(&mut self, node: NodeId, row: &mut Row) {
        let context = &mut *self.context;
        let parent = context.tree.parent(node);
        let own = parent.is_some_and(|parent| context.tree.resource_type(parent).is_some());
        let status = context.peek(node, "status").unwrap_or("");
        if parent == Some(context.tree.root()) && context.options.as_ == As::Narrative {
            // Nothing is said of it here: this text is to take its place, and would then be speaking of itself. That of a
            // resource inside stays where it is, and is shown.
            for name in ["status", "div"] {
                if let Some(part) = context.child(node, name) {
                    let reason = "the text that is made takes the place of the one that came with the resource";
                    context.mark_as(part, Mark::Withheld(reason));
                }
            }
            return self.left_over(node, &mut row.rows, 1);
        }
        row.label = match STATUSES.iter().find(|(known, _)| *known == status) {
            Some((_, label)) => {
                if let Some(status) = context.child(node, "status") {
                    context.mark(status);
                }
                context.say(label)
            }
            None => context.say(if own { "Text" } else { "Author\u{2019}s text" }),
        };
        let div = context.child(node, "div");
        if div.is_none_or(|div| context.tree.text(div).is_none()) {
            row.value.push(Piece::secondary(context.say("There is no text.")));
        }
        if let Some(div) = div
            && let Some(source) = context.tree.text(div)
        {
            let prefix = format!("n{}-", div.0);
            let cleaned = sanitise::clean(source, &prefix, context.options.language);
            context.mark(div);
            if sanitise::to_text(&cleaned.markup, context.options.language).trim().is_empty() {
                row.value.push(Piece::secondary(context.say("The text is empty.")));
            }
            row.markup = cleaned.markup;
            for removed in cleaned.removed {
                let value = vec![Piece::secondary(context.options.language.retell(&removed))];
                let pointer = context.pointer(div);
                row.rows.push(Row { label: context.say("Made safe"), value, pointer, ..Row::default() });
            }
        }
        self.left_over(node, &mut row.rows, 1);
    }
}
