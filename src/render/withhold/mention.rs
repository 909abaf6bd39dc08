//! What would betray that something is withheld: references to it, texts beside it, words that name it, and what is left of
//! that when it is taken away.

use super::names::Names;
use crate::render::language::Language;
use crate::render::sanitise;
use crate::tree::{NodeId, Tree};
use rustc_hash::FxHashSet;

/// Elements in which a resource says in its own words, or by other codes, what it says by its references.
const FREE: &[&str] = &[
    "text",
    "note",
    "comment",
    "conclusion",
    "codedDiagnosis",
    "presentedForm",
    "description",
    "summary",
    "reasonCode",
    "reason",
    "indication",
];

/// Types whose codes say of which kind they are, not what is in them.
const KINDS: &[&str] = &["List", "Composition", "Encounter", "Bundle", "Patient", "DocumentReference", "Appointment"];

/// With more words than this to look for, every free text goes.
const WORDS: usize = 64;

/// A text in the form in which words are looked for.
fn plain(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Adds what a resource says it is about, as it may be written elsewhere.
pub(super) fn words(tree: &Tree, resource: NodeId, out: &mut Vec<String>) {
    if KINDS.contains(&tree.resource_type(resource).unwrap_or("")) {
        return;
    }
    for child in tree.children(resource) {
        let name = tree.name(child);
        if !matches!(name, "code" | "vaccineCode" | "medicationCodeableConcept" | "valueCodeableConcept") {
            continue;
        }
        let mut open = vec![child];
        while let Some(at) = open.pop() {
            if matches!(tree.name(at), "text" | "display")
                && let Some(text) = tree.text(at).map(plain)
                && text.chars().count() >= 4
                && text.chars().any(char::is_alphabetic)
                && out.len() <= WORDS
                && !out.contains(&text)
            {
                out.push(text);
            }
            open.extend(tree.children(at));
        }
    }
}

/// Takes out what a resource says in its own words beside a reference to what is withheld.
pub(super) fn around(tree: &Tree, resource: NodeId, cut: &mut FxHashSet<NodeId>) {
    if tree.resource_type(resource).is_some() {
        cut.extend(tree.children(resource).filter(|child| FREE.contains(&tree.name(*child))));
    }
}

/// Takes out the references to what is withheld, and what is there for their sake.
pub(super) fn references(tree: &Tree, names: &Names<'_>, held: &FxHashSet<NodeId>, cut: &mut FxHashSet<NodeId>) {
    let mut owners = FxHashSet::default();
    for (mention, betrayed) in names.mentions() {
        if betrayed && !held.contains(&mention.owner) {
            reference(tree, mention.element, cut);
            owners.insert(mention.owner);
        }
    }
    for owner in owners {
        around(tree, owner, cut);
    }
}

/// Takes out one reference: the part that is about it, the extension that it is in, the entry of a Bundle that it asks for.
fn reference(tree: &Tree, element: NodeId, cut: &mut FxHashSet<NodeId>) {
    let owner = tree.resource_of(element);
    let mut extension = None;
    let mut top = element;
    let mut at = element;
    while at != owner {
        if matches!(tree.name(at), "extension" | "modifierExtension") {
            extension = Some(at);
        }
        top = at;
        let Some(up) = tree.parent(at) else { break };
        at = up;
    }
    if tree.resource_type(owner) == Some("Bundle") && tree.name(top) == "entry" {
        cut.insert(top);
        return;
    }
    if let Some(extension) = extension {
        cut.insert(extension);
        return;
    }
    let parent = tree.parent(element).unwrap_or(owner);
    match tree.name(parent) {
        _ if parent == owner => cut.insert(element),
        "section" => {
            section(tree, parent, cut);
            cut.insert(element)
        }
        "answer" => cut.insert(tree.parent(parent).filter(|item| *item != owner).unwrap_or(parent)),
        _ => cut.insert(parent),
    };
}

/// Takes out the text of a section and of those around it: it says what its entries say.
fn section(tree: &Tree, section: NodeId, cut: &mut FxHashSet<NodeId>) {
    let mut at = Some(section).filter(|at| tree.name(*at) == "section");
    while let Some(section) = at {
        cut.extend(tree.named(section, "text"));
        at = tree.parent(section).filter(|up| tree.name(*up) == "section");
    }
}

/// Takes out texts that name what is withheld.
pub(super) fn texts(tree: &Tree, words: &[String], cut: &mut FxHashSet<NodeId>) {
    if words.is_empty() {
        return;
    }
    let too_many = words.len() > WORDS;
    let mut open = vec![tree.root()];
    while let Some(node) = open.pop() {
        if cut.contains(&node) {
            continue;
        }
        if let Some(text) = tree.text(node)
            && text.len() >= 4
            && let Some(part) = named(tree, node, text, words, too_many)
        {
            cut.insert(part);
            section(tree, tree.parent(part).unwrap_or(part), cut);
        }
        open.extend(tree.children(node));
    }
}

/// The part to take out with a text, if it names one of the words.
fn named(tree: &Tree, node: NodeId, text: &str, words: &[String], too_many: bool) -> Option<NodeId> {
    let name = tree.name(node);
    let parent = tree.parent(node)?;
    let contains = |text: &str| words.iter().any(|word| text.contains(word.as_str()));
    if name == "div" {
        let cleaned = sanitise::clean(text, "", Language::English);
        let said = plain(&sanitise::to_text(&cleaned.markup, Language::English));
        return (too_many || contains(&said)).then_some(parent);
    }
    let owner = tree.resource_of(node);
    // A concept of another record is that record's own; one that gives a reason for it is not.
    let concept = match name {
        "display" if tree.name(parent) == "coding" => tree.parent(parent),
        "text" if tree.child(parent, "coding").is_some() => Some(parent),
        _ => None,
    };
    if let Some(concept) = concept {
        let mut top = concept;
        while let Some(up) = tree.parent(top).filter(|up| *up != owner) {
            top = up;
        }
        return (FREE.contains(&tree.name(top)) && words.contains(&plain(text))).then_some(concept);
    }
    if matches!(name, "code" | "system" | "url" | "reference" | "fullUrl" | "id" | "data" | "status") {
        return None;
    }
    let top = parent == owner;
    let own = top && matches!(name, "name" | "title") || tree.name(parent) == "coding";
    let is_concept = name == "text" && top_is_code(tree, parent);
    if own || is_concept || !(contains(&plain(text)) || too_many && matches!(name, "comment" | "note" | "description"))
    {
        return None;
    }
    Some(match tree.name(parent) {
        _ if top => node,
        "section" if name == "title" => parent,
        "section" => node,
        _ => parent,
    })
}

/// Whether an element is what its resource is about.
fn top_is_code(tree: &Tree, element: NodeId) -> bool {
    matches!(
        tree.name(element),
        "code" | "vaccineCode" | "medicationCodeableConcept" | "valueCodeableConcept" | "type" | "item"
    )
}

/// Takes out what has nothing left in it, or nothing but a heading.
pub(super) fn emptied(tree: &Tree, cut: &mut FxHashSet<NodeId>) {
    if cut.is_empty() {
        return;
    }
    for at in (1..tree.len()).rev() {
        let node = NodeId(at as u32);
        if cut.contains(&node) || tree.resource_type(node).is_some() || tree.text(node).is_some() {
            continue;
        }
        let (mut lost, mut left) = (false, false);
        for child in tree.children(node) {
            if cut.contains(&child) {
                lost = true;
            } else {
                left |= match tree.name(node) {
                    "section" => {
                        !matches!(tree.name(child), "title" | "code" | "id" | "mode" | "orderedBy" | "emptyReason")
                    }
                    "extension" => tree.name(child) != "url",
                    _ => true,
                };
            }
        }
        if lost && !left {
            cut.insert(node);
        }
    }
}
