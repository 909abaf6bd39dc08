//! What a row of a record does not show of its resource: every value that no cell has taken.

use super::Builder;
use crate::render::context::{Context, Mark};
use crate::render::format::plain;
use crate::render::model::{Display, Markup, Row};
use crate::render::{html, modifiers, record, views, words};
use crate::tree::NodeId;

/// Resources inside resources deeper than this are listed value by value.
const DEEP: usize = 8;

/// The rows of everything in a resource that is not claimed yet. Technical values go to `context.technical`.
pub(in crate::render) fn details(context: &mut Context<'_>, node: NodeId) -> Vec<Row> {
    let found = modifiers::find(context, node);
    let changed: Vec<NodeId> =
        found.into_iter().map(|found| found.node).filter(|node| !record::forced::is_forced(context, *node)).collect();
    let before = context.marking.replace(Mark::Listed);
    let foreign = context.foreign;
    let mut builder = Builder { context, inside: Vec::new(), changed };
    let rows = builder.everything(node, 0);
    context.marking = before;
    context.foreign = foreign;
    rows
}

/// The rows of a patient's banner.
pub(in crate::render) fn banner_rows(context: &mut Context<'_>, patient: NodeId) -> Vec<Row> {
    Builder { context, inside: Vec::new(), changed: Vec::new() }.banner_rows(patient)
}

/// The text of a section, cleaned; what was removed from it is said in it.
pub(in crate::render) fn author_text(context: &mut Context<'_>, node: NodeId) -> Vec<Markup> {
    let mut row = Row::default();
    let mut builder = Builder { context, inside: Vec::new(), changed: Vec::new() };
    builder.context.claim(node);
    builder.narrative(node, &mut row);
    let said = row.rows.iter().map(|row| format!("{}: {}", row.label, plain(&row.value)));
    let said: Vec<Markup> = said.map(|text| html::element("p", &[], vec![Markup::Text(text)])).collect();
    let mut markup = row.markup;
    markup.extend(said);
    markup
}

/// Counts what is not shown of a resource as withheld.
pub(in crate::render) fn withhold(context: &mut Context<'_>, node: NodeId, reason: &'static str) {
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        if context.is_leaf(at) {
            context.mark_as(at, Mark::Withheld(reason));
        }
        context.claim(at);
        for child in context.tree.children(at) {
            if context.tree.resource_type(child).is_none() || !context.places.contains_key(&child) {
                open.push(child);
            }
        }
    }
}

/// Lists what is not shown of a node as technical.
pub(in crate::render) fn technical(context: &mut Context<'_>, node: NodeId) {
    Builder { context, inside: Vec::new(), changed: Vec::new() }.technical(node);
}

impl Builder<'_, '_> {
    fn everything(&mut self, node: NodeId, depth: usize) -> Vec<Row> {
        let kind = self.context.tree.resource_type(node).unwrap_or("").to_owned();
        let outer = std::mem::take(&mut self.inside);
        let mut display = Display::default();
        self.first(node, &mut display);
        for group in views::groups(&kind) {
            let mut rows = Vec::new();
            for spec in group.rows {
                for child in views::select(self.context, node, spec.path) {
                    rows.extend(self.claimed(child, Some(spec), 0));
                }
            }
            self.push_group(&mut display, group.title, rows);
        }
        self.rest(node, &kind, &mut display);
        let inside = std::mem::replace(&mut self.inside, outer);
        let mut rows: Vec<Row> = display.groups.into_iter().flat_map(|group| group.rows).collect();
        let mut nothing = Vec::new();
        self.empty(node, &mut nothing);
        if !nothing.is_empty() {
            let label = views::title(self.context, node);
            rows.push(Row { label, value: nothing, pointer: self.context.pointer(node), ..Row::default() });
        }
        for inner in inside {
            // Another row of the record may be about it.
            if self.context.places.contains_key(&inner) {
                continue;
            }
            if depth >= DEEP {
                self.flat(inner, &mut rows);
                continue;
            }
            let parts = self.everything(inner, depth + 1);
            if !parts.is_empty() {
                let label = words::visible(&views::title(self.context, inner));
                let pointer = self.context.pointer(inner);
                rows.push(Row { label, rows: parts, pointer, ..Row::default() });
            }
        }
        rows
    }
}
