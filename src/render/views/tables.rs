//! Facts that are read across: the parts of an observation, the results of a report.

use super::super::context::Context;
use super::super::format::{self, coded};
use super::super::model::{Piece, Style, Table};
use super::super::news2;
use super::{is_kept_from_patients, select, words_of};
use crate::tree::NodeId;
use rustc_hash::FxHashSet;

/// How deep groups of results inside groups are followed.
const GROUPS: usize = 4;

/// The tables of a resource, each worked out from what is listed below it.
pub fn tables(context: &mut Context<'_>, node: NodeId) -> Vec<Table> {
    context.unmarked(|context| match context.tree.resource_type(node) {
        Some("Observation") => components(context, node).into_iter().chain(members(context, node)).collect(),
        Some("DiagnosticReport") => results(context, node).into_iter().collect(),
        _ => Vec::new(),
    })
}

/// Every value of a path in one cell.
fn cell(context: &mut Context<'_>, node: NodeId, path: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for found in select(context, node, path) {
        if !pieces.is_empty() {
            pieces.push(Piece::plain(", "));
        }
        match words_of(context, found) {
            Some(words) => pieces.push(Piece::plain(words)),
            None => pieces.extend(format::inline(context, found)),
        }
    }
    pieces
}

fn or(context: &Context<'_>, pieces: Vec<Piece>, words: &str) -> Vec<Piece> {
    if pieces.is_empty() { vec![Piece::secondary(context.say(words))] } else { pieces }
}

/// A value, or why there is none; of an observation in parts, its parts.
fn value(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let value = cell(context, node, "value[x]");
    if !value.is_empty() {
        return value;
    }
    if let Some(reason) = context.child(node, "dataAbsentReason")
        && let Some(because) = coded::absent_because(context, reason)
    {
        return vec![Piece::new(Style::Warning, context.fill("No value, because {}", &[&because]))];
    }
    let mut pieces = Vec::new();
    for component in select(context, node, "component") {
        if !pieces.is_empty() {
            pieces.push(Piece::plain("\n"));
        }
        pieces.extend(cell(context, component, "code"));
        pieces.push(Piece::plain(": "));
        let part = self::value(context, component);
        pieces.extend(or(context, part, "No value"));
    }
    pieces
}

/// Reference ranges, one after another.
fn range(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for range in select(context, node, "referenceRange") {
        if !pieces.is_empty() {
            pieces.push(Piece::plain("; "));
        }
        pieces.extend(format::quantity::reference_range(context, range));
    }
    pieces
}

fn components(context: &mut Context<'_>, node: NodeId) -> Option<Table> {
    let components = context.children(node, "component");
    if components.len() < 2 {
        return None;
    }
    let mut lines = Vec::new();
    for component in components {
        let (name, value) = (cell(context, component, "code"), value(context, component));
        let (range, flag) = (range(context, component), cell(context, component, "interpretation"));
        lines.push(vec![
            or(context, name, "Not named"),
            or(context, value, "No value"),
            or(context, range, "None given"),
            or(context, flag, "None given"),
        ]);
    }
    table(context, "Results at a glance", &["Measured", "Result", "Reference range", "Interpretation"], lines)
}

/// A table without the columns in which nothing is recorded, except for the first two.
fn table(context: &Context<'_>, caption: &str, columns: &[&str], lines: Vec<Vec<Vec<Piece>>>) -> Option<Table> {
    let none = context.say("None given");
    let is_none =
        |cell: &Vec<Piece>| matches!(&cell[..], [only] if only.text == none && only.style == Style::Secondary);
    let kept: Vec<bool> = (0..columns.len())
        .map(|at| at < 2 || lines.iter().any(|line| line.get(at).is_some_and(|cell| !is_none(cell))))
        .collect();
    let keep = |at: &usize| kept.get(*at).copied().unwrap_or(true);
    let columns = columns.iter().enumerate().filter(|(at, _)| keep(at)).map(|(_, column)| context.say(column));
    let lines: Vec<Vec<Vec<Piece>>> = lines
        .into_iter()
        .map(|line| line.into_iter().enumerate().filter(|(at, _)| keep(at)).map(|(_, cell)| cell).collect())
        .collect();
    (!lines.is_empty()).then(|| Table { caption: context.say(caption), columns: columns.collect(), lines })
}

/// The results that an observation has as its members: the scores of an early warning score, the tests of a group.
fn members(context: &mut Context<'_>, node: NodeId) -> Option<Table> {
    let mut lines = Vec::new();
    for member in linked(context, node) {
        result(context, member, "", 1, &mut lines);
    }
    table(context, "Members at a glance", COLUMNS, lines)
}

const COLUMNS: &[&str] = &["Test", "Result", "Reference range", "Interpretation", "Status", "Comment"];

/// The results of a report, those in groups under the name of their group and not once more by themselves.
fn results(context: &mut Context<'_>, node: NodeId) -> Option<Table> {
    let targets: Vec<NodeId> = select(context, node, "result.reference")
        .into_iter()
        .filter_map(|reference| context.resolve(reference, context.tree.text(reference)?))
        .collect();
    // One that is named again is not shown again.
    let mut named = FxHashSet::default();
    let targets: Vec<NodeId> = targets.into_iter().filter(|target| named.insert(*target)).collect();
    let grouped: FxHashSet<NodeId> = targets.iter().flat_map(|target| linked(context, *target)).collect();
    let mut lines = Vec::new();
    for target in targets.into_iter().filter(|target| !grouped.contains(target)) {
        result(context, target, "", 0, &mut lines);
    }
    table(context, "Results at a glance", COLUMNS, lines)
}

/// The observations that one has as its members.
fn linked(context: &Context<'_>, node: NodeId) -> Vec<NodeId> {
    if news2::is_total(context, node) {
        return news2::parts(context, node);
    }
    let related = select(context, node, "related");
    let members = related.into_iter().filter(|one| context.peek(*one, "type") == Some("has-member"));
    members
        .filter_map(|one| {
            let reference = select(context, one, "target.reference").into_iter().next()?;
            context.resolve(reference, context.tree.text(reference)?)
        })
        .filter(|target| *target != node)
        .collect()
}

fn result(context: &mut Context<'_>, node: NodeId, group: &str, depth: usize, lines: &mut Vec<Vec<Vec<Piece>>>) {
    if lines.len() > 400 || context.room == 0 || context.tree.resource_type(node) != Some("Observation") {
        return;
    }
    if is_kept_from_patients(context, node) {
        let kept = Piece::secondary(context.say(super::KEPT_FROM_PATIENTS));
        let mut line = vec![vec![kept]];
        line.resize(COLUMNS.len(), vec![Piece::secondary(context.say("None given"))]);
        return lines.push(line);
    }
    let name = format::plain(&cell(context, node, "code"));
    let name = if name.is_empty() { context.say("Not named") } else { name };
    let path = if group.is_empty() { name } else { format!("{group} \u{203a} {name}") };
    let members = linked(context, node);
    let (value, range) = (value(context, node), range(context, node));
    let (flag, status) = (cell(context, node, "interpretation"), cell(context, node, "status"));
    let comment = cell(context, node, "comment");
    let absent = if members.is_empty() { "No value" } else { "Group of results" };
    lines.push(vec![
        vec![Piece::plain(path.clone())],
        or(context, value, absent),
        or(context, range, "None given"),
        or(context, flag, "None given"),
        or(context, status, "None given"),
        or(context, comment, "None given"),
    ]);
    // What one observation says is shown again for each that it is a member of.
    let said = lines.last().into_iter().flatten().flatten().map(|piece: &Piece| piece.text.len() + 40).sum();
    context.room = context.room.saturating_sub(said);
    if depth < GROUPS {
        for member in members {
            result(context, member, &path, depth + 1, lines);
        }
    }
}
