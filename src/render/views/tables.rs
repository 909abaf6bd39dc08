//! Facts that are read across: the parts of an observation, the results of a report.

use super::super::context::Context;
use super::super::format::{self, coded};
use super::super::model::{Piece, Style, Table};
use super::super::news2;
use super::{is_kept_from_patients, select, words_of};
use crate::primitive::Decimal;
use crate::tree::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;

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

/// What stands in the cell of a result: its value, the sender's flag, which side of its range it is on where the sender says
/// nothing of that, and a status without which the value would be read as what it is not.
fn result_cell(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut pieces = value(context, node);
    let status = match context.peek(node, "status") {
        Some("entered-in-error") => "ENTERED IN ERROR",
        Some("preliminary") => "PRELIMINARY",
        Some("registered") => "no result yet",
        Some("amended") => "AMENDED",
        Some("corrected") => "CORRECTED",
        Some("cancelled") => "CANCELLED",
        _ => "",
    };
    let side =
        if context.for_patient() || context.child(node, "interpretation").is_some() { "" } else { side(context, node) };
    let flag = cell(context, node, "interpretation");
    if !flag.is_empty() && !pieces.is_empty() {
        pieces.push(Piece::plain(" "));
        pieces.push(Piece::new(Style::Warning, format::plain(&flag)));
    }
    for words in [side, status].into_iter().filter(|words| !words.is_empty()) {
        pieces.push(Piece::plain(if pieces.is_empty() { "" } else { " " }));
        pieces.push(Piece::new(Style::Warning, context.say(words)));
    }
    pieces
}

/// Which side of its range a value is on: only where there is one number, one range that is for everybody, in one unit.
/// A comparator must decide it: `<5` is below 5 to 9, `<8` may be either.
fn side(context: &Context<'_>, node: NodeId) -> &'static str {
    let (below, above) = ("below the range (worked out)", "above the range (worked out)");
    let number = |of: NodeId| Decimal::parse(context.peek(of, "value")?.trim());
    let Some(quantity) = context.child(node, "valueQuantity") else { return "" };
    let ranges = context.children(node, "referenceRange");
    let (Some(value), [range]) = (number(quantity), ranges.as_slice()) else { return "" };
    let range = *range;
    let is_for_some = ["appliesTo", "age"].iter().any(|name| context.child(range, name).is_some());
    let ends = [context.child(range, "low"), context.child(range, "high")];
    let same = |end: &NodeId| {
        context.child(*end, "comparator").is_none() && format::quantity::are_same_unit(context, quantity, *end)
    };
    if is_for_some || !ends.iter().flatten().all(same) {
        return "";
    }
    let [low, high] = ends.map(|end| end.and_then(number));
    let compared = |end: &Option<Decimal>| end.as_ref().map(|end| value.cmp(end));
    match (context.peek(quantity, "comparator"), compared(&low), compared(&high)) {
        (None | Some("<="), Some(Ordering::Less), _) | (Some("<"), Some(Ordering::Less | Ordering::Equal), _) => below,
        (None | Some(">="), _, Some(Ordering::Greater)) | (Some(">"), _, Some(Ordering::Greater | Ordering::Equal)) => {
            above
        }
        _ => "",
    }
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
        let (name, value) = (cell(context, component, "code"), result_cell(context, component));
        let range = range(context, component);
        lines.push(vec![
            or(context, name, "Not named"),
            or(context, value, "No value"),
            or(context, range, "None given"),
        ]);
    }
    table(context, "Results at a glance", &["Measured", "Result", "Reference range"], lines)
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

const COLUMNS: &[&str] = &["Test", "Result", "Reference range", "Status", "Comment"];

/// The code of an Observation that holds a comment and no value (GP Connect, filing comments).
const COMMENT: &str = "37331000000100";

/// Whether an observation is a comment.
fn is_comment(context: &Context<'_>, node: NodeId) -> bool {
    let codes = select(context, node, "code.coding.code");
    context.choice(node, "value").is_none() && codes.into_iter().any(|code| context.tree.text(code) == Some(COMMENT))
}

/// The comments that say that they are about an observation.
fn filed_for(context: &Context<'_>, node: NodeId) -> Vec<NodeId> {
    context.comments.get(&node).cloned().unwrap_or_default()
}

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
    let shown: FxHashSet<NodeId> = targets.iter().chain(&grouped).copied().collect();
    let mut lines = Vec::new();
    // A comment stands with the result that it is about.
    let has_place =
        |node: &NodeId| is_comment(context, *node) && about(context, *node).iter().any(|one| shown.contains(one));
    let targets: Vec<NodeId> = targets.into_iter().filter(|target| !has_place(target)).collect();
    for target in targets.into_iter().filter(|target| !grouped.contains(target)) {
        result(context, target, "", 0, &mut lines);
    }
    table(context, "Results at a glance", COLUMNS, lines)
}

/// What a comment is about.
pub(in crate::render) fn about(context: &Context<'_>, comment: NodeId) -> Vec<NodeId> {
    let related = select(context, comment, "related.target.reference");
    related.into_iter().filter_map(|reference| context.resolve(reference, context.tree.text(reference)?)).collect()
}

/// The comments of an input, by what they are about.
pub(in crate::render) fn comments(context: &Context<'_>) -> FxHashMap<NodeId, Vec<NodeId>> {
    let mut out: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
    for node in context.tree.all() {
        if context.tree.resource_type(node) == Some("Observation") && is_comment(context, node) {
            for target in about(context, node) {
                out.entry(target).or_default().push(node);
            }
        }
    }
    out
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
    let (value, range) = (result_cell(context, node), range(context, node));
    let status = cell(context, node, "status");
    let mut comment = cell(context, node, "comment");
    for filed in filed_for(context, node) {
        // What was said when the result was filed is read beside it.
        if !comment.is_empty() {
            comment.push(Piece::plain("; "));
        }
        comment.extend(cell(context, filed, "comment"));
    }
    let absent = if members.is_empty() { "No value" } else { "Group of results" };
    lines.push(vec![
        vec![Piece::plain(path.clone())],
        or(context, value, absent),
        or(context, range, "None given"),
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
