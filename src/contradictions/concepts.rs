//! Sides and names within one resource: the text beside the code.

use super::attested::names::{self, Kind, keys};
use super::input::{Input, finding, ranked};
use super::words::{Token, shorten, tokens};
use super::{Finding, Rank, Rule, Side};
use crate::tree::NodeId;

/// Codes that a transfer between systems leaves where the real one was lost: the text says what is meant.
const DEGRADED: &[&str] = &[
    "196421000000109",
    "196461000000101",
    "196471000000108",
    "196411000000103",
    "196401000000100",
    "196431000000106",
    "196441000000102",
    "196451000000104",
];

/// Medicines whose British name was changed to the international one (MHRA, changes to names of medicines, 2003 and 2013),
/// as [`keys`] gives them.
const CHANGED: &[(&str, &str)] = &[
    ("adrenaline", "epinephrine"),
    ("amoxycillin", "amoxicillin"),
    ("beclomethasone", "beclometasone"),
    ("bendrofluazide", "bendroflumethiazide"),
    ("cephalexin", "cefalexin"),
    ("chlormethiazole", "clomethiazole"),
    ("cholecalciferol", "colecalciferol"),
    ("cyclosporin", "ciclosporin"),
    ("dothiepin", "dosulepin"),
    ("frusemide", "furosemide"),
    ("hydroxyurea", "hydroxycarbamide"),
    ("lignocaine", "lidocaine"),
    ("mitozantrone", "mitoxantrone"),
    ("noradrenaline", "norepinephrine"),
    ("oestradiol", "estradiol"),
    ("paracetamol", "acetaminophen"),
    ("phenobarbitone", "phenobarbital"),
    ("salbutamol", "albuterol"),
    ("sulphasalazine", "sulfasalazine"),
    ("thyroxine", "levothyroxine"),
    ("trimeprazine", "alimemazine"),
];

pub(super) fn find(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    for resource in &input.resources {
        let resource = *resource;
        let kind = match tree.resource_type(resource) {
            Some("Condition") => Kind::Condition,
            Some("Procedure" | "ProcedureRequest" | "ReferralRequest") => Kind::Procedure,
            Some("AllergyIntolerance") => Kind::Allergy,
            Some(
                "Medication"
                | "MedicationRequest"
                | "MedicationStatement"
                | "MedicationDispense"
                | "MedicationAdministration",
            ) => Kind::Medicine,
            Some("Immunization") => Kind::Vaccine,
            Some("Observation" | "Specimen" | "ImagingStudy") => Kind::Other,
            _ => continue,
        };
        if input.is_void(resource) {
            continue;
        }
        sides(input, resource, found);
        for name in ["code", "medicationCodeableConcept", "vaccineCode"] {
            if let Some(concept) = tree.child(resource, name)
                && kind != Kind::Other
            {
                names_of(input, concept, kind, found);
            }
        }
    }
}

/// Left in one place and right in another.
fn sides(input: &Input<'_>, resource: NodeId, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let mut sites: Vec<NodeId> = Vec::new();
    for name in ["bodySite", "site", "location"] {
        sites.extend(tree.named(resource, name));
    }
    // Several sites may be both sides.
    if sites.len() > 1 {
        return;
    }
    let concepts = tree.child(resource, "code").into_iter().chain(sites);
    let mut seen: Vec<(&'static str, Side)> = Vec::new();
    for concept in concepts {
        let displays = tree.named(concept, "coding").filter_map(|coding| tree.child(coding, "display"));
        for node in tree.child(concept, "text").into_iter().chain(displays).take(8) {
            let text = tree.text(node).unwrap_or_default();
            let tokens = tokens(text);
            if is_both(&tokens) {
                return;
            }
            if let Some(side) = names::side(&tokens) {
                seen.push((side, Side { node, quote: shorten(text) }));
            }
        }
    }
    let notes = ["note", "comment", "description"].iter().flat_map(|name| tree.named(resource, name));
    for note in notes.take(8) {
        let node = tree.child(note, "text").unwrap_or(note);
        let text = tree.text(node).unwrap_or_default();
        if let Some(side) = body_side(&tokens(text)) {
            seen.push((side, Side { node, quote: shorten(text) }));
        }
    }
    let Some((first, one)) = seen.first().cloned() else { return };
    if let Some((_, other)) = seen.iter().find(|(side, _)| *side != first) {
        let values = vec![one.quote.clone(), other.quote.clone()];
        found.push(finding(Rule::Sides, 0, other.node, [one, other.clone()], values));
    }
}

fn is_both(tokens: &[Token]) -> bool {
    let has = |wanted: &str| tokens.iter().filter_map(Token::word).any(|word| word == wanted);
    has("bilateral") || has("both") || has("left") && has("right")
}

/// The side in prose: only with a part of the body within three words, and only if it is one alone.
fn body_side(tokens: &[Token]) -> Option<&'static str> {
    const BODY: &[&str] = &[
        "ankle",
        "arm",
        "breast",
        "calf",
        "carotid",
        "cheek",
        "chest",
        "coronary",
        "ear",
        "elbow",
        "eye",
        "femur",
        "finger",
        "foot",
        "forearm",
        "groin",
        "hand",
        "heel",
        "hip",
        "iliac",
        "jaw",
        "kidney",
        "knee",
        "leg",
        "lung",
        "nostril",
        "ovary",
        "shoulder",
        "side",
        "temple",
        "testicle",
        "testis",
        "thigh",
        "thumb",
        "toe",
        "tonsil",
        "ureter",
        "wrist",
        "hemisphere",
    ];
    if is_both(tokens) {
        return None;
    }
    let words: Vec<&str> = tokens.iter().filter_map(Token::word).collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let side = match *word {
            "left" => "left",
            "right" => "right",
            _ => return None,
        };
        let after = words.get(at + 1..(at + 4).min(words.len())).unwrap_or_default();
        after.iter().any(|word| BODY.contains(&super::words::stem(word))).then_some(side)
    })
}

/// A concept's text that shares no word with what its code is called.
fn names_of(input: &Input<'_>, concept: NodeId, kind: Kind, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let Some(node) = tree.child(concept, "text") else { return };
    let Some(text) = tree.text(node).filter(|text| !text.trim().is_empty()) else { return };
    let lower = text.to_lowercase();
    if input.has_code(concept, DEGRADED) || lower.contains("original text") || lower.contains("transfer-degraded") {
        return;
    }
    let own = keys(text, kind);
    if own.is_empty() {
        return;
    }
    let mut first: Option<Side> = None;
    for coding in tree.named(concept, "coding").take(8) {
        let Some(display) = tree.child(coding, "display") else { continue };
        let quote = shorten(tree.text(display).unwrap_or_default());
        let other = keys(&quote, kind);
        if other.is_empty() || quote.to_lowercase().contains("transfer-degraded") {
            return;
        }
        let shares = other.iter().any(|word| own.iter().any(|known| is_alike(known, word)));
        let initials = |name: &str, words: &[String]| {
            let initials = names::initials(name);
            !initials.is_empty() && words.contains(&initials)
        };
        if shares || initials(&quote, &own) || initials(text, &other) {
            return;
        }
        first = first.or(Some(Side { node: display, quote }));
    }
    let Some(other) = first else { return };
    let one = Side { node, quote: shorten(text) };
    // A brand and its substance share no word; names that look alike, or strengths that differ, are no brand and substance.
    let strengths = |text: &str| super::attested::items::strengths(names::plain(text));
    let is_near = own.iter().any(|word| keys(&other.quote, kind).iter().any(|known| looks_like(word, known)));
    let is_other_strength =
        kind == Kind::Medicine && super::attested::items::differ(&strengths(text), &strengths(&other.quote));
    let rank = match kind {
        // Carbamazepine and carbimazole: names that look alike are how the wrong medicine is given.
        Kind::Medicine if is_near => Rank::Alert,
        Kind::Medicine if is_other_strength => Rank::Note,
        Kind::Allergy if is_near => Rank::Note,
        _ => Rank::Info,
    };
    let values = vec![one.quote.clone(), other.quote.clone()];
    found.push(ranked(finding(Rule::Names, 0, node, [one, other], values), rank));
}

/// Whether two words are one, or one has the other's stem.
fn is_alike(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short == long
        || short.len() >= 4 && long.starts_with(short)
        || CHANGED.iter().any(|(old, new)| one == *old && other == *new || one == *new && other == *old)
}

/// Whether two names begin alike, and are not the same.
fn looks_like(one: &str, other: &str) -> bool {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    same >= 4 && one != other && !is_alike(one, other)
}
