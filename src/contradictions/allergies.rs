//! Allergies beside the statement that there are none.

use super::input::{Input, finding};
use super::words::{shorten, tokens};
use super::{Finding, Rule, Side};
use crate::tree::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};

/// What a statement of no allergies is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoneOf {
    /// Any allergy.
    All,
    /// Those to drugs.
    Drugs,
    /// Those to something else: food, animals, latex.
    Else,
}

/// SNOMED CT: no known allergy, its older form, and no known drug allergy.
const NONE: &[&str] = &["716186003", "160244002"];
const NO_DRUG: &[&str] = &["409137002", "1003774007"];
/// SNOMED CT: no known allergy to food, to something in the environment, to latex, to animals.
const NO_OTHER: &[&str] = &["429625007", "428607008", "1003755004", "1003751008"];

/// GP Connect's list of allergies that have ended.
const ENDED: &str = "1103671000000101";

/// What a concept says that there is no allergy to.
pub(super) fn none_of(input: &Input<'_>, concept: NodeId) -> Option<NoneOf> {
    if input.has_code(concept, NONE) {
        return Some(NoneOf::All);
    }
    if input.has_code(concept, NO_DRUG) {
        return Some(NoneOf::Drugs);
    }
    if input.has_code(concept, NO_OTHER) {
        return Some(NoneOf::Else);
    }
    none_in(&input.said(concept)?.quote)
}

/// The same of words: "No known drug allergies", "nil known allergies", "NKDA".
pub(super) fn none_in(text: &str) -> Option<NoneOf> {
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().filter_map(|token| token.word()).collect();
    match words[..] {
        ["nkda"] => return Some(NoneOf::Drugs),
        ["nka"] => return Some(NoneOf::All),
        _ => {}
    }
    let negation = words.iter().position(|word| matches!(*word, "no" | "nil" | "not" | "none" | "without"))?;
    if negation > 3 {
        return None;
    }
    let rest = words.get(negation + 1..)?;
    let named = rest.iter().take(8).position(|word| {
        word.starts_with("allerg") || matches!(*word, "sensitivity" | "sensitivities" | "intolerance" | "intolerances")
    });
    let (Some(named), Some(_)) = (
        named,
        rest.iter().take(8).find(|word| {
            matches!(**word, "known" | "recorded" | "reported" | "any" | "history") || word.starts_with("allerg")
        }),
    ) else {
        return None;
    };
    let between = rest.get(..named + 1)?;
    let of = rest.get(named + 1..).unwrap_or_default();
    let names = |wanted: &[&str]| {
        between.iter().any(|word| wanted.contains(word))
            || of.first().is_some_and(|word| *word == "to") && of.iter().take(3).any(|word| wanted.contains(word))
    };
    if names(&["drug", "drugs", "medication", "medications", "medicine", "medicines", "medicinal"]) {
        return Some(NoneOf::Drugs);
    }
    // "No allergy to latex" is about latex.
    let plain = |word: &&&str| {
        !matches!(
            **word,
            "known"
                | "recorded"
                | "reported"
                | "any"
                | "other"
                | "or"
                | "and"
                | "adverse"
                | "reaction"
                | "reactions"
                | "history"
                | "of"
                | "drug"
                | "are"
                | "were"
                | "there"
                | "have"
                | "been"
                | "has"
                | "had"
        ) && !word.starts_with("allerg")
            && !word.starts_with("intoleran")
            && !word.starts_with("sensitiv")
    };
    let is_narrow = between.iter().any(|word| plain(&word)) || of.first() == Some(&"to") && of.get(1) != Some(&"any");
    Some(if is_narrow { NoneOf::Else } else { NoneOf::All })
}

/// Whether an allergy is recorded as current: not ended, not refuted, not entered in error.
pub(super) fn is_current(input: &Input<'_>, node: NodeId) -> bool {
    let status = input.tree.child_text(node, "clinicalStatus");
    !matches!(status, Some("inactive" | "resolved")) && !input.is_void(node)
}

/// Whether an allergy is certainly not to a drug.
pub(super) fn is_no_drug(input: &Input<'_>, node: NodeId) -> bool {
    let mut categories = input.tree.named(node, "category").filter_map(|category| input.tree.text(category)).peekable();
    categories.peek().is_some() && categories.all(|category| category != "medication" && category != "biologic")
}

pub(super) fn find(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let ended = ended(input);
    notes(input, &ended, found);
    let mut none: Vec<(NodeId, NodeId, NoneOf)> = Vec::new();
    // The allergies of each patient: all, those that may be to a drug, and the first of either.
    let mut current: FxHashMap<Option<NodeId>, [Vec<NodeId>; 2]> = FxHashMap::default();
    for node in input.of_type("AllergyIntolerance") {
        if !is_current(input, node) || ended.contains(&node) {
            continue;
        }
        let Some(code) = tree.child(node, "code") else { continue };
        match none_of(input, code) {
            Some(of) => none.push((node, code, of)),
            None => {
                let all = current.entry(input.patient(node)).or_default();
                all[0].push(code);
                if !is_no_drug(input, node) {
                    all[1].push(code);
                }
            }
        }
    }
    for (node, code, of) in none {
        let Some(all) = current.get(&input.patient(node)) else { continue };
        let beside = match of {
            NoneOf::All => &all[0],
            NoneOf::Drugs => &all[1],
            NoneOf::Else => continue,
        };
        let (Some(statement), Some(first)) = (input.said(code), beside.first()) else { continue };
        let other = input.said(*first).unwrap_or(Side { node: *first, quote: "\u{2026}".to_owned() });
        let date = tree.child_text(node, "assertedDate").and_then(|date| date.get(..10));
        let date = date.map_or(String::new(), |date| format!(" ({date})"));
        let (form, second) = match beside.len() {
            1 => (0, other.quote.clone()),
            many => (1, many.to_string()),
        };
        let values = vec![statement.quote.clone(), date, second];
        found.push(finding(Rule::NoneKnown, form, statement.node, [statement, other], values));
    }
}

/// The allergies that a list of ended ones names.
fn ended(input: &Input<'_>) -> FxHashSet<NodeId> {
    let tree = input.tree;
    let is_ended = |list: &NodeId| tree.child(*list, "code").is_some_and(|code| input.has_code(code, &[ENDED]));
    let mut out = FxHashSet::default();
    for list in input.of_type("List").filter(is_ended) {
        let items = tree.named(list, "entry").filter_map(|entry| input.linked(entry, "item"));
        out.extend(items);
        out.extend(tree.named(list, "contained"));
    }
    out
}

/// Current allergies whose note says that they have ended.
fn notes(input: &Input<'_>, ended: &FxHashSet<NodeId>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    for node in input.of_type("AllergyIntolerance") {
        if !is_current(input, node) || ended.contains(&node) {
            continue;
        }
        let Some(name) = tree.child(node, "code").and_then(|code| input.said(code)) else { continue };
        for note in tree.named(node, "note") {
            let Some(text) = tree.child(note, "text") else { continue };
            let quote = tree.text(text).unwrap_or_default();
            let Some(said) = says_ended(quote) else { continue };
            let side = Side { node: text, quote: shorten(said) };
            let status = tree.child(node, "clinicalStatus").unwrap_or(node);
            let recorded = Side { node: status, quote: tree.text(status).unwrap_or_default().to_owned() };
            let values = vec![side.quote.clone(), name.quote.clone()];
            found.push(finding(Rule::NoteEnded, 0, text, [side, recorded], values));
        }
    }
}

/// The sentence of a note that says that an allergy has ended: "Episodicity : Ended", "tolerated since 2019".
fn says_ended(note: &str) -> Option<&str> {
    note.split(['\n', ';', '.', ',']).find(|part| {
        let tokens = tokens(part);
        let words: Vec<&str> = tokens.iter().filter_map(|token| token.word()).collect();
        let is_symptom = |word: &&&str| {
            matches!(
                **word,
                "rash" | "symptom" | "symptoms" | "reaction" | "swelling" | "episode" | "course" | "treatment"
            )
        };
        if words.iter().any(|word| matches!(*word, "not" | "never" | "if" | "until"))
            || words.iter().any(|word| is_symptom(&word))
        {
            return false;
        }
        let pair = |one: &[&str]| words.windows(one.len()).any(|found| found == one);
        match words[..] {
            ["episodicity", ref rest @ ..] => rest.contains(&"ended"),
            ["ended" | "resolved", ..] => words.len() <= 4,
            _ => {
                pair(&["allergy", "ended"])
                    || pair(&["allergy", "resolved"])
                    || pair(&["no", "longer", "allergic"])
                    || pair(&["tolerated", "since"])
                    || pair(&["now", "tolerates"])
                    || pair(&["now", "tolerated"])
                    || pair(&["outgrown"])
                    || pair(&["grown", "out", "of"])
            }
        }
    })
}
