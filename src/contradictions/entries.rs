//! What of a record is current and ended at once, given and not, and who it is about.

use super::dates;
use super::input::{Input, finding};
use super::words::{Token, day, shorten, tokens};
use super::{Finding, Rule, Side};
use crate::nhs::nhs_number;
use crate::tree::NodeId;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

pub(super) fn find(input: &Input<'_>, found: &mut Vec<Finding>) {
    problems(input, found);
    vaccinations(input, found);
    births(input, found);
    duplicates(input, found);
    patients(input, found);
}

/// Problems that are active, with a date on which they ended.
fn problems(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    for node in input.of_type("Condition") {
        let Some(status) = tree.child(node, "clinicalStatus") else { continue };
        if !matches!(tree.text(status), Some("active" | "recurrence")) || input.is_void(node) {
            continue;
        }
        let ended = ["abatementDateTime", "abatementPeriod"].iter().find_map(|name| tree.child(node, name));
        let ended = ended.map(|node| tree.child(node, "start").unwrap_or(node));
        let Some((at, date)) = ended.and_then(|node| Some((node, tree.text(node)?))) else { continue };
        let name =
            tree.child(node, "code").and_then(|code| input.said(code)).map(|side| side.quote).unwrap_or_default();
        let sides = [
            Side { node: status, quote: shorten(tree.text(status).unwrap_or_default()) },
            Side { node: at, quote: shorten(date) },
        ];
        found.push(finding(Rule::ProblemEnded, 0, status, sides, vec![name, day(date)]));
    }
}

/// Vaccinations and procedures recorded as not done, whose words say that they were; and the reverse.
fn vaccinations(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    for (kind, flag, words) in [("Immunization", "notGiven", true), ("Procedure", "notDone", false)] {
        for node in input.of_type(kind) {
            let Some(at) = tree.child(node, flag) else { continue };
            let Some(is_not) = tree.text(at).map(|text| text == "true") else { continue };
            if input.is_void(node) {
                continue;
            }
            let mut concepts: Vec<NodeId> = Vec::new();
            if words {
                let of = |extension: &NodeId| {
                    tree.child_text(*extension, "url").is_some_and(|url| url.contains("VaccinationProcedure"))
                };
                concepts.extend(
                    tree.named(node, "extension").filter(of).filter_map(|one| tree.child(one, "valueCodeableConcept")),
                );
            } else {
                concepts.extend(tree.child(node, "code"));
            }
            for side in concepts.into_iter().filter_map(|concept| input.said(concept)) {
                let Some(said) = done(&tokens(&side.quote)) else { continue };
                if said != is_not {
                    continue;
                }
                let other = Side { node: at, quote: format!("{flag} {is_not}") };
                let values = vec![side.quote.clone(), other.quote.clone()];
                found.push(finding(Rule::Done, 0, at, [side, other], values));
            }
        }
    }
}

/// Whether words say that something was done; `Some(false)` that it was not.
fn done(tokens: &[Token]) -> Option<bool> {
    let words: Vec<&str> = tokens.iter().filter_map(Token::word).collect();
    let is_done = |word: &str| matches!(word, "given" | "administered" | "performed" | "done" | "carried");
    for (at, word) in words.iter().enumerate() {
        if matches!(*word, "declined" | "refused" | "contraindicated") {
            return Some(false);
        }
        if is_done(word) {
            let before = words.get(at.saturating_sub(2)..at).unwrap_or_default();
            return Some(!before.iter().any(|word| matches!(*word, "not" | "never" | "no")));
        }
    }
    None
}

/// A time of birth on another day than the date of birth.
fn births(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    for patient in input.of_type("Patient") {
        let Some(birth) = tree.child(patient, "birthDate") else { continue };
        let Some(date) = tree.text(birth) else { continue };
        let is_time = |extension: &NodeId| {
            tree.child_text(*extension, "url").is_some_and(|url| url.ends_with("/patient-birthTime"))
        };
        let times = tree
            .named(birth, "extension")
            .filter(is_time)
            .filter_map(|extension| tree.child(extension, "valueDateTime"));
        for time in times {
            let Some(value) = tree.text(time) else { continue };
            let written = dates::dates(&tokens(date));
            let [written] = written[..] else { continue };
            if dates::agrees(written, value) == Some(false) {
                let sides = [Side { node: birth, quote: shorten(date) }, Side { node: time, quote: shorten(value) }];
                found.push(finding(Rule::BirthTime, 0, time, sides, vec![date.to_owned(), shorten(value)]));
            }
        }
    }
}

/// One resource that comes twice with different content. Versions that each say which they are may stand side by side, as
/// bdl-7 has it, and so may the resources of two servers.
fn duplicates(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    // The first with each id, whatever its version, and the first with each id and version.
    let mut first: BTreeMap<_, NodeId> = BTreeMap::new();
    let mut of_version: BTreeMap<_, NodeId> = BTreeMap::new();
    let mut contents: FxHashMap<NodeId, u64> = FxHashMap::default();
    for node in &input.resources {
        if tree.name(*node) != "resource" {
            continue;
        }
        let (Some(kind), Some(id)) = (tree.resource_type(*node), tree.child_text(*node, "id")) else { continue };
        let entry = tree.parent(*node);
        let bundle = entry.and_then(|entry| tree.parent(entry));
        // A history has every version.
        if bundle.is_some_and(|bundle| tree.child_text(bundle, "type") == Some("history")) {
            continue;
        }
        let url = entry.and_then(|entry| tree.child_text(entry, "fullUrl"));
        let server = url.filter(|url| url.starts_with("http")).and_then(|url| url.strip_suffix(id));
        let version = tree.child(*node, "meta").and_then(|meta| tree.child_text(meta, "versionId"));
        let key = (bundle, server, kind, id);
        let other = match version {
            None => first.get(&key),
            Some(_) => of_version.get(&(key, version)).or_else(|| of_version.get(&(key, None))),
        };
        let other = other.copied();
        first.entry(key).or_insert(*node);
        of_version.entry((key, version)).or_insert(*node);
        let Some(other) = other else { continue };
        let mut content = |node: NodeId| *contents.entry(node).or_insert_with(|| content(input, node));
        if content(*node) != content(other) {
            let name = format!("{kind}/{}", shorten(id));
            let sides = [Side { node: other, quote: name.clone() }, Side { node: *node, quote: name.clone() }];
            found.push(finding(Rule::Twice, 0, *node, sides, vec![name]));
        }
    }
}

/// A number for what a resource says, whatever the order; `meta` and the narrative do not count.
fn content(input: &Input<'_>, resource: NodeId) -> u64 {
    use std::hash::{Hash, Hasher};
    let tree = input.tree;
    let mut sum = 1_u64;
    // Each value counts with the names of the elements that it stands in.
    let mut open: Vec<(NodeId, u64)> = tree
        .children(resource)
        .filter(|child| !matches!(tree.name(*child), "meta" | "text" | "resourceType"))
        .map(|child| (child, 0))
        .collect();
    while let Some((node, path)) = open.pop() {
        let mut hasher = rustc_hash::FxHasher::default();
        (path, tree.name(node), tree.text(node), tree.resource_type(node)).hash(&mut hasher);
        let here = hasher.finish();
        if tree.text(node).is_some() {
            sum = sum.wrapping_add(here | 1);
        }
        let mut hasher = rustc_hash::FxHasher::default();
        (path, tree.name(node)).hash(&mut hasher);
        let inside = hasher.finish();
        open.extend(tree.children(node).map(|child| (child, inside)));
    }
    sum
}

/// References that name another person than the patient they lead to.
fn patients(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let mut names: FxHashMap<NodeId, Vec<String>> = FxHashMap::default();
    let mut said: Vec<(NodeId, String)> = Vec::new();
    let mut only = input.of_type("Patient");
    let single = only.next().filter(|_| only.next().is_none());
    let number = single.and_then(|patient| {
        let is_number =
            |node: &NodeId| tree.child_text(*node, "system").is_some_and(|system| system.ends_with("nhs-number"));
        tree.named(patient, "identifier").find(is_number).and_then(|identifier| tree.child(identifier, "value"))
    });
    for resource in &input.resources {
        for name in ["subject", "patient"] {
            let Some(reference) = tree.child(*resource, name) else { continue };
            // An NHS number in the address of the reference.
            if let Some(at) = tree.child(reference, "reference")
                && let Some(last) = tree.text(at).and_then(|text| text.rsplit('/').next())
                && nhs_number(last).is_ok()
                && let Some(known) = number
                && tree.text(known).is_some_and(|known| known.chars().filter(char::is_ascii_digit).ne(last.chars()))
                && input.referred(reference).is_none()
            {
                let sides = [Side { node: at, quote: String::new() }, Side { node: known, quote: String::new() }];
                found.push(finding(Rule::OtherNumber, 0, at, sides, Vec::new()));
            }
            let Some(display) = tree.child(reference, "display") else { continue };
            let Some(patient) = input.referred(reference).filter(|node| tree.resource_type(*node) == Some("Patient"))
            else {
                continue;
            };
            let known = names.entry(patient).or_insert_with(|| all_names(input, patient));
            let quote = shorten(tree.text(display).unwrap_or_default());
            if said.iter().any(|(of, text)| *of == patient && *text == quote) {
                continue;
            }
            let words: Vec<String> = tokens(&quote)
                .iter()
                .filter_map(Token::word)
                .filter(|word| word.len() > 1 && !is_title(word))
                .map(str::to_owned)
                .collect();
            if words.is_empty() || known.is_empty() || words.iter().any(|word| known.contains(word)) {
                continue;
            }
            if said.len() < 20 {
                said.push((patient, quote.clone()));
            }
            let name = shorten(&known.join(" "));
            let sides = [Side { node: display, quote: quote.clone() }, Side { node: patient, quote: name.clone() }];
            found.push(finding(Rule::OtherName, 0, display, sides, vec![quote, name]));
        }
    }
}

fn all_names(input: &Input<'_>, patient: NodeId) -> Vec<String> {
    let tree = input.tree;
    let mut out: Vec<String> = Vec::new();
    for name in tree.named(patient, "name") {
        for part in tree.children(name).filter(|part| matches!(tree.name(*part), "family" | "given" | "text")) {
            for word in tokens(tree.text(part).unwrap_or_default()).iter().filter_map(Token::word) {
                if !out.iter().any(|known| known == word) && !is_title(word) {
                    out.push(word.to_owned());
                }
            }
        }
    }
    out
}

fn is_title(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs" | "ms" | "miss" | "dr" | "prof" | "sir" | "lady" | "rev" | "patient" | "baby" | "master"
    )
}
