//! What a patient is not shown, before anything is counted: no placeholder, no number, no link tells that there was something.

use super::gather::{Gathered, targets};
use crate::render::context::{Context, Mark};
use crate::render::views::{self, NOPAT};
use crate::tree::NodeId;
use rustc_hash::FxHashMap;

const DRAFT: &str = "a consultation that is not finished is not for the patient";
const DIARY: &str = "the practice\u{2019}s own diary is not for the patient";

/// Takes what is not for the patient out of what was gathered.
pub(super) fn withhold(context: &mut Context<'_>, all: &mut Gathered) {
    if !context.for_patient() {
        return;
    }
    let tree = context.tree;
    let kind = |node: NodeId| tree.resource_type(node).unwrap_or("");
    let mut kept: FxHashMap<NodeId, &'static str> = FxHashMap::default();
    for node in &all.resources {
        let is_draft =
            context.gp_connect && kind(*node) == "Encounter" && context.peek(*node, "status") == Some("unknown");
        let is_diary =
            context.gp_connect && kind(*node) == "ProcedureRequest" && all.area.get(node) == Some(&"recalls");
        if views::is_kept_from_patients(context, *node) {
            kept.insert(*node, NOPAT);
        } else if is_draft {
            kept.insert(*node, DRAFT);
        } else if is_diary {
            kept.insert(*node, DIARY);
        }
    }
    // Whatever was recorded in a consultation goes with it, and what its lists hold.
    for node in &all.resources {
        let encounter = ["context", "encounter"].iter().flat_map(|path| targets(context, *node, path)).next();
        let reason = encounter.filter(|at| kind(*at) == "Encounter").and_then(|at| kept.get(&at).copied());
        if let Some(reason) = reason {
            kept.entry(*node).or_insert(reason);
        }
    }
    if kept.is_empty() {
        return;
    }
    for (node, reason) in &kept {
        let mut open = vec![*node];
        while let Some(at) = open.pop() {
            context.claim(at);
            if context.is_leaf(at) {
                context.mark_as(at, Mark::Withheld(reason));
            }
            open.extend(tree.children(at));
        }
    }
    // A reference to it, and what it is called there, would betray it.
    for node in tree.all().filter(|node| tree.name(*node) == "reference") {
        let target = tree.text(node).and_then(|text| context.resolve(node, text));
        let Some(reason) = target.and_then(|target| kept.get(&target).copied()) else { continue };
        let Some(parent) = tree.parent(node) else { continue };
        for part in tree.children(parent).collect::<Vec<_>>() {
            context.mark_as(part, Mark::Withheld(reason));
            context.claim(part);
        }
        context.claim(parent);
        // An entry of a list that holds nothing else is none.
        if let Some(up) = tree.parent(parent).filter(|up| !context.has_unmarked(*up)) {
            context.claim(up);
        }
    }
    all.resources.retain(|node| !kept.contains_key(node));
    all.patients.retain(|node| !kept.contains_key(node));
    for list in &mut all.lists {
        list.items.retain(|node| !kept.contains_key(node));
    }
    all.lists.retain(|list| !kept.contains_key(&list.node));
    all.area.retain(|node, _| !kept.contains_key(node));
    all.unresolved.retain(|node| !kept.contains_key(&tree.resource_of(*node)));
}
