//! The view of each resource type: what it is about, and which elements come first, under which labels.
//!
//! A view never hides: what it does not name is listed after it.

mod care;
mod clinical;
mod documents;
mod medication;
mod people;

use super::context::Context;
use super::format::{self, coded, person};
use super::labels::{extension_name, type_label};
use super::model::{Piece, Table};
use super::modifiers::{self, Found};
use super::shape::Shape;
use super::words;
use crate::tree::NodeId;

/// A row of a view.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// `code`, `value[x]`, `explanation.reasonNotGiven`, or `extension:EthnicCategory` (the name in its URL).
    pub path: &'static str,
    /// The row's label.
    pub label: &'static str,
    /// Whether it is safety-critical.
    pub critical: bool,
}

/// Rows under one heading.
#[derive(Clone, Copy, Debug)]
pub struct GroupSpec {
    /// The heading.
    pub title: &'static str,
    /// The rows in reading order.
    pub rows: &'static [Spec],
}

/// The view of a type.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The type.
    pub of: &'static str,
    /// What the resource is about, in a few words.
    pub subject: fn(&mut Context<'_>, NodeId) -> Option<String>,
    /// Values that go into the one-line summary: path, and the label that goes before the value.
    pub key: &'static [(&'static str, &'static str)],
    /// The groups in reading order.
    pub groups: &'static [GroupSpec],
}

/// A safety-critical row.
const fn c(path: &'static str, label: &'static str) -> Spec {
    Spec { path, label, critical: true }
}

/// An ordinary row.
const fn r(path: &'static str, label: &'static str) -> Spec {
    Spec { path, label, critical: false }
}

const fn g(title: &'static str, rows: &'static [Spec]) -> GroupSpec {
    GroupSpec { title, rows }
}

const FAMILIES: &[&[View]] = &[people::VIEWS, clinical::VIEWS, medication::VIEWS, care::VIEWS, documents::VIEWS];

fn find(kind: &str) -> Option<&'static View> {
    FAMILIES.iter().flat_map(|family| family.iter()).find(|view| view.of == kind)
}

/// The groups of a type's view; empty for a type without a view of its own.
pub fn groups(kind: &str) -> &'static [GroupSpec] {
    find(kind).map_or(&[], |view| view.groups)
}

/// The nodes that a path names, in the order of the source.
pub fn select(context: &Context<'_>, node: NodeId, path: &str) -> Vec<NodeId> {
    let tree = context.tree;
    let mut at = vec![node];
    for step in path.split('.') {
        let mut next = Vec::new();
        for parent in at {
            for child in tree.children(parent) {
                let name = tree.name(child);
                let fits = if let Some(wanted) = step.strip_prefix("extension:") {
                    name == "extension"
                        && tree
                            .child_text(child, "url")
                            .is_some_and(|url| extension_name(url) == wanted || url == wanted)
                } else if let Some(stem) = step.strip_suffix("[x]") {
                    name.strip_prefix(stem)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_uppercase()))
                } else {
                    name == step
                };
                if fits {
                    next.push(child);
                }
            }
        }
        at = next;
    }
    at
}

/// A node's value in a few words, for headlines.
fn words_of(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let text = match context.shape(node) {
        Shape::Concept | Shape::Coding => coded::concept_words(context, node)?,
        Shape::Reference => reference_words(context, node)?,
        Shape::Name => {
            let line = person::name_line(context, node);
            if line.is_empty() { context.take_child(node, "text")? } else { line }
        }
        Shape::Identifier => context.take_child(node, "value")?,
        Shape::Extension => {
            let value = context.choice(node, "value")?;
            words_of(context, value)?
        }
        _ => format::inline_text(context, node),
    };
    let text = text.replace('\n', " ");
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// What a reference means in a few words: the subject of its target, or its display.
fn reference_words(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let target = context.peek(node, "reference").and_then(|text| context.resolve(node, text));
    match target {
        Some(target) => Some(one_line(context, target)),
        None => context.take_child(node, "display").or_else(|| context.take_child(node, "reference")).or_else(|| {
            let identifier = context.child(node, "identifier")?;
            words_of(context, identifier)
        }),
    }
}

/// The first of these paths that says something.
fn first(context: &mut Context<'_>, node: NodeId, paths: &[&str]) -> Option<String> {
    for path in paths {
        for found in select(context, node, path) {
            if let Some(words) = words_of(context, found) {
                return Some(words);
            }
        }
    }
    None
}

/// What a resource of any type is about.
fn generic(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    first(
        context,
        node,
        &[
            "title",
            "name",
            "code",
            "description",
            "type",
            "event",
            "action",
            "subject",
            "patient",
            "identifier",
            "url",
            "category",
        ],
    )
}

/// What a resource is about: `Influenza vaccine`, `SMITH, John (Mr)`.
pub fn subject(context: &mut Context<'_>, node: NodeId) -> String {
    let kind = context.tree.resource_type(node).unwrap_or("");
    let found = match find(kind) {
        Some(view) => (view.subject)(context, node),
        None => generic(context, node),
    };
    found.unwrap_or_else(|| format!("{}, content not described", type_label(kind)))
}

/// The headline, the status and the safety-critical values in one line.
pub fn summary(context: &mut Context<'_>, node: NodeId, headline: &str, found: &[Found]) -> String {
    let kind = context.tree.resource_type(node).unwrap_or("");
    let mut parts = vec![format!("{}: {headline}", type_label(kind))];
    let status = select(context, node, "status").into_iter().next();
    if let Some(status) = status
        && let Some(words) = words_of(context, status)
    {
        parts.push(format!("status {}", words::uncapitalise(&words)));
    }
    for (path, label) in find(kind).map_or(&[][..], |view| view.key) {
        for found in select(context, node, path) {
            if let Some(words) = words_of(context, found) {
                parts.push(if label.is_empty() { words } else { format!("{label} {words}") });
            }
        }
    }
    parts.extend(modifiers::notes(found));
    parts.join(". ").replace("..", ".")
}

/// A resource in one line, for references to it: its headline and type. What it refers to in turn is followed only two
/// steps, so that circles end.
pub fn one_line(context: &mut Context<'_>, node: NodeId) -> String {
    let key = (node, context.following);
    if let Some(known) = context.summaries.get(&key) {
        return known.clone();
    }
    let kind = context.tree.resource_type(node).unwrap_or("");
    let label = type_label(kind);
    if context.following >= 2 {
        return match context.peek(node, "id") {
            Some(id) => format!("{label} {}", words::visible(id)),
            None => label,
        };
    }
    context.following += 1;
    let line = context.unmarked(|context| {
        let found = modifiers::find(context, node);
        let subject = subject(context, node);
        modifiers::headline(&found, &subject)
    });
    context.following -= 1;
    let line = if line.contains(&label) { line } else { format!("{line} ({})", words::uncapitalise(&label)) };
    context.summaries.insert(key, line.clone());
    line
}

/// The table of a type that is read across: the components of an Observation.
pub fn tables(context: &mut Context<'_>, node: NodeId) -> Option<Table> {
    if context.tree.resource_type(node) != Some("Observation") {
        return None;
    }
    let components = context.children(node, "component");
    if components.len() < 2 {
        return None;
    }
    context.unmarked(|context| {
        let mut lines = Vec::new();
        for component in components {
            let cell = |context: &mut Context<'_>, path: &str| -> Vec<Piece> {
                let mut pieces = Vec::new();
                for found in select(context, component, path) {
                    if !pieces.is_empty() {
                        pieces.push(Piece::plain(", "));
                    }
                    match words_of(context, found) {
                        Some(words) => pieces.push(Piece::plain(words)),
                        None => pieces.extend(format::inline(context, found)),
                    }
                }
                pieces
            };
            let or = |pieces: Vec<Piece>, words: &str| {
                if pieces.is_empty() { vec![Piece::secondary(words)] } else { pieces }
            };
            let mut value = cell(context, "value[x]");
            if value.is_empty() {
                value = cell(context, "dataAbsentReason");
                if !value.is_empty() {
                    value.insert(0, Piece::plain("No value: "));
                }
            }
            lines.push(vec![
                or(cell(context, "code"), "Not named"),
                or(value, "No value"),
                or(cell(context, "interpretation"), "None given"),
            ]);
        }
        let columns = ["Measured", "Result", "Interpretation"].map(str::to_owned).to_vec();
        Some(Table { caption: "Results at a glance".to_owned(), columns, lines })
    })
}
