//! The view of each resource type: what it is about, and which elements come first, under which labels.
//!
//! A view never hides: what it does not name is listed after it.

mod care;
mod clinical;
mod documents;
mod facts;
mod medication;
pub(crate) mod people;
pub mod tables;

use super::context::Context;
use super::format::{self, coded, person};
use super::labels::{extension_name, type_label};
use super::modifiers::{self, Found};
use super::shape::Shape;
use super::{systems, words};
use crate::limits;
use crate::tree::NodeId;

/// A row of a view.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// `code`, `value[x]`, `explanation.reasonNotGiven`, `extension:EthnicCategory` (the name in its URL), or
    /// `identifier:nhs` (those that are NHS numbers).
    pub path: &'static str,
    /// The row's label.
    pub label: &'static str,
    /// How much it matters.
    pub weight: Weight,
    /// The rows of what it is made of, in reading order.
    pub parts: &'static [Spec],
}

/// How much a row of a view matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// An ordinary row.
    Normal,
    /// Safety-critical: it is in the one-line summary too.
    Critical,
    /// Safety-critical, and said by the headline already.
    Headline,
    /// What a part is mainly about: it stands as the value of the part itself.
    Lead,
}

/// Rows under one heading.
#[derive(Clone, Copy, Debug)]
pub struct GroupSpec {
    /// The heading.
    pub title: &'static str,
    /// The rows in reading order.
    pub rows: &'static [Spec],
}

/// Where the words for what a resource is about come from.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// The first of these paths that says something.
    Paths(&'static [&'static str]),
    /// Made from several elements.
    Made(fn(&mut Context<'_>, NodeId) -> Option<String>),
}

/// The view of a type.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The type.
    pub of: &'static str,
    /// What the resource is about, in a few words.
    pub subject: Subject,
    /// The groups in reading order.
    pub groups: &'static [GroupSpec],
}

const fn spec(path: &'static str, label: &'static str, weight: Weight, parts: &'static [Spec]) -> Spec {
    Spec { path, label, weight, parts }
}

/// A safety-critical row.
const fn c(path: &'static str, label: &'static str) -> Spec {
    spec(path, label, Weight::Critical, &[])
}

/// A safety-critical row that the headline says.
const fn h(path: &'static str, label: &'static str) -> Spec {
    spec(path, label, Weight::Headline, &[])
}

/// An ordinary row.
const fn r(path: &'static str, label: &'static str) -> Spec {
    spec(path, label, Weight::Normal, &[])
}

/// The row that stands as the value of what it is a part of.
const fn l(path: &'static str) -> Spec {
    spec(path, "", Weight::Lead, &[])
}

/// An ordinary row made of parts.
const fn n(path: &'static str, label: &'static str, parts: &'static [Spec]) -> Spec {
    spec(path, label, Weight::Normal, parts)
}

/// A safety-critical row made of parts.
const fn nc(path: &'static str, label: &'static str, parts: &'static [Spec]) -> Spec {
    spec(path, label, Weight::Critical, parts)
}

const fn g(title: &'static str, rows: &'static [Spec]) -> GroupSpec {
    GroupSpec { title, rows }
}

/// The parts of a parameter, and of a part of one.
pub use documents::PARAMETER;

/// A security label of `meta`.
pub const SECURITY: Spec = spec("meta.security", "Security label", Weight::Critical, &[]);
/// A tag of `meta`.
pub const TAG: Spec = spec("meta.tag", "Tag", Weight::Normal, &[]);
/// What a section's entries are called.
pub const CODED_DATA: &str = "Coded data in this section";
/// The parts of a document's section.
pub const SECTION: &[Spec] = &[
    c("mode", "Mode"),
    c("emptyReason", "Empty because"),
    r("text", ""),
    r("entry", CODED_DATA),
    r("code", "Kind of section"),
    r("orderedBy", "Ordered by"),
    r("section", ""),
];

const FAMILIES: &[&[View]] = &[people::VIEWS, clinical::VIEWS, medication::VIEWS, care::VIEWS, documents::VIEWS];

fn find(kind: &str) -> Option<&'static View> {
    FAMILIES.iter().flat_map(|family| family.iter()).find(|view| view.of == kind)
}

/// Every view, for those who want to know what is shown of each type.
pub fn all() -> impl Iterator<Item = &'static View> {
    FAMILIES.iter().flat_map(|family| family.iter())
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
                        && tree.child_text(child, "url").is_some_and(|url| extension_name(url) == wanted)
                } else if let Some(wanted) = step.strip_suffix(":nhs") {
                    name == wanted && tree.child_text(child, "system").is_some_and(systems::is_nhs_number)
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
        Shape::Parts if context.tree.name(node) == "referenceRange" => {
            format::plain(&format::quantity::reference_range(context, node))
        }
        Shape::Reference => reference_words(context, node)?,
        Shape::Name => {
            let line = person::name_line(context, node);
            if line.is_empty() { context.take_child(node, "text")? } else { line }
        }
        Shape::Identifier if context.peek(node, "system").is_some_and(systems::is_nhs_number) => {
            format!("{} {}", context.say("NHS No."), format::inline_text(context, node))
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

/// The words of a value, and of a coded one every display too.
pub(super) fn said(context: &mut Context<'_>, node: NodeId) -> Vec<String> {
    let mut all: Vec<String> = words_of(context, node).into_iter().collect();
    for display in select(context, node, "coding.display") {
        all.extend(context.take(display));
    }
    all
}

/// What a reference means in a few words: the subject of its target, its display, or that it is not in the file.
fn reference_words(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let target = context.peek(node, "reference").and_then(|text| context.resolve(node, text));
    if let Some(target) = target {
        return Some(bare_line(context, target));
    }
    if let Some(display) = context.take_child(node, "display") {
        return Some(display);
    }
    Some(format::inline_text(context, node)).filter(|text| !text.is_empty())
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
    let own = ["title", "name", "code", "description", "type", "event", "action"];
    if let Some(words) = first(context, node, &own) {
        return Some(words);
    }
    if let Some(whom) = first(context, node, &["subject", "patient"]) {
        return Some(context.fill("about {}", &[&whom]));
    }
    first(context, node, &["identifier", "url", "category"])
}

/// What a resource is about: `Influenza vaccine`, `SMITH, John (Mr)`.
pub fn subject(context: &mut Context<'_>, node: NodeId) -> String {
    let kind = context.tree.resource_type(node).unwrap_or("");
    let found = match find(kind).map(|view| view.subject) {
        Some(Subject::Paths(paths)) => first(context, node, paths).or_else(|| generic(context, node)),
        Some(Subject::Made(made)) => made(context, node),
        None => generic(context, node),
    };
    found.unwrap_or_else(|| {
        let label = type_label(context.options.language, kind);
        context.fill("{} without a description", &[&label])
    })
}

/// What a resource is about, with what its headline must have beside that: the reaction to a substance, the end of a course.
pub fn headline_subject(context: &mut Context<'_>, node: NodeId) -> String {
    let subject = subject(context, node);
    let facts = facts::always(context, node);
    if facts.is_empty() { subject } else { format!("{subject}: {}", facts.join(", ")) }
}

/// What a resource is called: its type in words, or what its profile makes of it.
pub fn title(context: &Context<'_>, node: NodeId) -> String {
    let kind = context.tree.resource_type(node).unwrap_or("");
    if kind == "MedicationRequest" && is_authorisation(context, node) {
        // In GP Connect a plan is what allows a medicine to be issued, and its orders are the issues.
        let type_of = select(context, node, "extension:PrescriptionType.valueCodeableConcept.coding.code");
        return context.say(match type_of.first().and_then(|code| context.tree.text(*code)) {
            Some("repeat") => "Authorised as repeat medication",
            Some("repeat-dispensing") => "Authorised for repeat dispensing",
            Some("acute") => "Authorised as acute medication",
            _ => "Medication authorisation",
        });
    }
    if kind == "Condition" && !select(context, node, "extension:ProblemSignificance").is_empty() {
        return context.say("Problem");
    }
    type_label(context.options.language, kind)
}

/// Whether a resource claims a profile of GP Connect.
pub(in crate::render) fn is_gp_connect(context: &Context<'_>, node: NodeId) -> bool {
    let profiles = select(context, node, "meta.profile");
    profiles.into_iter().any(|profile| context.tree.text(profile).is_some_and(|url| url.contains("CareConnect-GPC-")))
}

/// Whether a MedicationRequest is GP Connect's authorisation of a medicine: its intent is `plan` there by definition.
pub(super) fn is_authorisation(context: &Context<'_>, node: NodeId) -> bool {
    context.peek(node, "intent") == Some("plan") && is_gp_connect(context, node)
}

/// The headline and every safety-critical value in one line.
pub fn summary(context: &mut Context<'_>, node: NodeId, headline: &str, found: &[Found]) -> String {
    let kind = context.tree.resource_type(node).unwrap_or("");
    let title = title(context, node);
    let mut parts = vec![if headline.contains(&title) { headline.to_owned() } else { format!("{title}: {headline}") }];
    let mut more = 0;
    match find(kind) {
        Some(view) => {
            for spec in view.groups.iter().flat_map(|group| group.rows) {
                critical(context, node, spec, &mut parts, &mut more);
            }
        }
        None => critical(context, node, &c("status", "Status"), &mut parts, &mut more),
    }
    if more > 0 {
        parts.push(context.fill("and {} more", &[&more.to_string()]));
    }
    parts.extend(modifiers::notes(context.options.language, found));
    if kind == "Bundle" && context.peek(node, "type") == Some("document") {
        // What its document says of its sections holds for the whole.
        let first = select(context, node, "entry.resource").into_iter().next();
        let inner = first.map(|document| modifiers::find(context, document)).unwrap_or_default();
        parts.extend(modifiers::notes(context.options.language, &inner));
    }
    let mut line = String::new();
    for part in parts {
        if !line.is_empty() {
            line.push_str(if line.ends_with(['.', '!', '?']) { " " } else { ". " });
        }
        line.push_str(part.trim());
    }
    line
}

/// Adds what a safety-critical row and its parts say to the summary, unless that is in it already. A boolean that
/// changes something is among the modifiers; one that does not says nothing.
fn critical(context: &mut Context<'_>, node: NodeId, spec: &Spec, parts: &mut Vec<String>, more: &mut usize) {
    /// A line with more than this is no summary.
    const MOST: usize = 40;
    for found in select(context, node, spec.path) {
        for part in spec.parts {
            critical(context, found, part, parts, more);
        }
        let worth = spec.weight == Weight::Critical && spec.parts.is_empty() && context.shape(found) != Shape::Boolean;
        if worth && let Some(words) = words_of(context, found) {
            // What stands further on in a part is not read as a summary.
            let is_known = |known: String| {
                parts.iter().any(|part| limits::shorten(part, limits::TEXT).to_lowercase().contains(&known))
            };
            if parts.len() >= MOST {
                *more += 1;
            } else if !is_known(words.to_lowercase()) {
                let label = context.say(spec.label);
                parts.push(if words.starts_with(&label) { words } else { format!("{label}: {words}") });
            }
        }
    }
}

/// Whether the patient must not see a resource: it, or what it is in, has GP Connect's label NOPAT.
pub fn is_kept_from_patients(context: &Context<'_>, node: NodeId) -> bool {
    context.for_patient()
        && std::iter::successors(Some(node), |at| {
            context.tree.parent(*at).map(|parent| context.tree.resource_of(parent)).filter(|up| up != at)
        })
        .any(|resource| {
            let labelled = || {
                let codes = select(context, resource, "meta.security.code");
                codes.into_iter().any(|code| context.tree.text(code) == Some("NOPAT"))
            };
            *context.labelled.borrow_mut().entry(resource).or_insert_with(labelled)
        })
}

/// Why what is kept from the patient is.
pub const NOPAT: &str = "not to be disclosed to the patient (NOPAT)";

/// What is said in place of a resource that is kept from the patient.
pub const KEPT_FROM_PATIENTS: &str = "Not shown: marked as not to be disclosed to the patient";

/// A resource in one line, for references to it: its headline and type. What it refers to in turn is followed only two
/// steps, so that circles end.
pub fn one_line(context: &mut Context<'_>, node: NodeId) -> String {
    let line = bare_line(context, node);
    let label = title(context, node);
    if line.contains(&label) { line } else { format!("{line} ({})", words::uncapitalise(&label)) }
}

/// The same without the type, where that goes without saying.
pub fn bare_line(context: &mut Context<'_>, node: NodeId) -> String {
    let key = (node, context.following);
    if let Some(known) = context.summaries.get(&key) {
        return known.clone();
    }
    if is_kept_from_patients(context, node) {
        return context.say(KEPT_FROM_PATIENTS);
    }
    if context.following >= 2 {
        let label = title(context, node);
        return match context.peek(node, "id") {
            Some(id) => format!("{label} {}", words::visible(id)),
            None => label,
        };
    }
    context.following += 1;
    let line = context.unmarked(|context| {
        let found = modifiers::find(context, node);
        let subject = subject(context, node);
        let identity = if context.banner == Some(node) { None } else { identity(context, node) };
        // It is said at every reference, so that it must not be long; what changes its meaning comes first.
        let line = limits::shorten(&modifiers::headline(&found, &subject), limits::LINE);
        match identity.or_else(|| facts::facts(context, node)) {
            Some(facts) => format!("{line}, {}", limits::shorten(&facts, limits::LINE)),
            None => line,
        }
    });
    context.following -= 1;
    context.summaries.insert(key, line.clone());
    line
}

/// What tells one patient from another beside the name: birth date and NHS number.
fn identity(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    if context.tree.resource_type(node) != Some("Patient") {
        return None;
    }
    let mut parts = Vec::new();
    if let Some(born) = first(context, node, &["birthDate"]) {
        parts.push(context.fill("born {}", &[&born]));
    }
    parts.extend(first(context, node, &["identifier:nhs"]));
    (!parts.is_empty()).then(|| parts.join(", "))
}
