//! What is said of a Bundle as a whole: whose it is, and what nothing in a document refers to.

use super::Builder;
use crate::render::context::Context;
use crate::render::model::{Display, Group, Piece, Row};
use crate::render::views;
use crate::tree::NodeId;
use rustc_hash::FxHashSet;

/// The title of what stands in a document without a reason that it gives.
const UNREFERENCED: &str = "In the document, but not referred to by it";

/// The one patient of a document, message or other Bundle; `None` where there is none, or more than one (PAB-0015).
pub(super) fn patient(context: &Context<'_>, node: NodeId) -> Option<NodeId> {
    if context.tree.resource_type(node) != Some("Bundle") {
        return None;
    }
    let entries = views::select(context, node, "entry.resource");
    let mut patients = entries.into_iter().filter(|inner| context.tree.resource_type(*inner) == Some("Patient"));
    patients.next().filter(|_| patients.next().is_none())
}

impl Builder<'_, '_> {
    /// The banner of a Bundle about one patient.
    pub(super) fn banner(&mut self, node: NodeId, display: &mut Display) {
        let Some(patient) = self.context.banner.filter(|_| patient(self.context, node).is_some()) else { return };
        if views::is_kept_from_patients(self.context, patient) {
            return;
        }
        let rows = self.banner_rows(patient);
        self.push_group(display, "Patient", rows);
        if let Some(banner) = display.groups.last_mut() {
            banner.deceased = views::people::is_dead(self.context, patient);
        }
    }

    /// Name, birth, gender, NHS number and death of a patient.
    pub(super) fn banner_rows(&mut self, patient: NodeId) -> Vec<Row> {
        let rows: Vec<Row> = self.context.unmarked(|context| {
            let rows = [
                ("name", "Name"),
                ("birthDate", "Born"),
                ("gender", "Gender"),
                ("identifier:nhs", "NHS No."),
                ("deceased[x]", "Died"),
            ];
            rows.into_iter()
                .filter_map(|(path, label)| {
                    let best = views::people::best_name(context, patient).filter(|_| path == "name");
                    let found = best.or_else(|| views::select(context, patient, path).into_iter().next())?;
                    let value = crate::render::format::inline(context, found);
                    Some(Row { label: context.say(label), value, pointer: context.pointer(found), ..Row::default() })
                })
                .collect()
        });
        let rows = rows.into_iter().map(|mut row| {
            let path = if row.pointer.ends_with("/birthDate") { "birthDate" } else { "deceased[x]" };
            let dated = views::select(self.context, patient, path).into_iter().next();
            if let Some(node) = dated.filter(|node| self.context.pointer(*node) == row.pointer) {
                self.age(node, &mut row);
            }
            row
        });
        rows.collect()
    }

    /// Resources of a document that nothing in it refers to: an appendix, as nobody signed what they are for.
    pub(super) fn unreferenced(&mut self, node: NodeId, display: &mut Display) {
        if self.context.tree.resource_type(node) != Some("Bundle")
            || self.context.peek(node, "type") != Some("document")
        {
            return;
        }
        let resources = views::select(self.context, node, "entry.resource");
        let mut named: FxHashSet<NodeId> = resources.first().copied().into_iter().collect();
        let mut open: Vec<NodeId> = resources.first().copied().into_iter().collect();
        while let Some(at) = open.pop() {
            let tree = self.context.tree;
            if matches!(tree.name(at), "reference" | "valueUri")
                && let Some(target) = tree.text(at).and_then(|text| self.context.resolve(at, text))
                && named.insert(target)
            {
                open.push(target);
            }
            open.extend(tree.children(at));
        }
        let rest: Vec<NodeId> = resources.into_iter().filter(|resource| !named.contains(resource)).collect();
        if rest.is_empty() {
            return;
        }
        let mut rows = Vec::new();
        for resource in rest {
            let value = vec![Piece::plain(views::one_line(self.context, resource))];
            let pointer = self.context.pointer(resource);
            rows.push(Row { label: self.context.say("Resource"), value, pointer, ..Row::default() });
        }
        let title = self.context.say(UNREFERENCED);
        display.groups.push(Group { title, rows, ..Group::default() });
    }

    /// Of a document the reader wants the document: the list of its parts goes behind it.
    pub(super) fn appendix(&self, node: NodeId, display: &mut Display) {
        if self.context.tree.resource_type(node) != Some("Bundle")
            || self.context.peek(node, "type") != Some("document")
        {
            return;
        }
        let lists = ["Bundle", "Contents", UNREFERENCED].map(|title| self.context.say(title));
        let (appendix, groups) =
            std::mem::take(&mut display.groups).into_iter().partition(|group| lists.contains(&group.title));
        (display.appendix, display.groups) = (appendix, groups);
    }
}
