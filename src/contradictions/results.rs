//! Results whose flag, range and comment do not fit.

use super::input::{Input, finding, ranked};
use super::words::{Token, shorten, tokens};
use super::{Finding, Rank, Rule, Side};
use crate::tree::NodeId;

/// What a flag says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flag {
    Low,
    High,
    Normal,
    Abnormal,
}

pub(super) fn find(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    for node in input.of_type("Observation") {
        if input.is_void(node) {
            continue;
        }
        flag(input, node, found);
        let Some(quantity) = tree.child(node, "valueQuantity") else { continue };
        unsuitable(input, node, quantity, found);
    }
}

/// The flag of an interpretation, as codes and words have it.
fn interpretation(input: &Input<'_>, node: NodeId) -> Option<(Flag, Side)> {
    let tree = input.tree;
    let concept = tree.child(node, "interpretation")?;
    let codes = tree.named(concept, "coding").filter_map(|coding| tree.child(coding, "code"));
    let displays = tree.named(concept, "coding").filter_map(|coding| tree.child(coding, "display"));
    let nodes: Vec<NodeId> = codes.chain(displays).chain(tree.child(concept, "text")).collect();
    let flag = nodes.iter().find_map(|node| {
        // "LO - Below low reference limit": the first word is the flag.
        let tokens = tokens(tree.text(*node)?);
        Some(match tokens.first()?.word()? {
            "l" | "ll" | "lo" | "low" | "lx" | "below" => Flag::Low,
            "h" | "hh" | "hi" | "high" | "hx" | "above" => Flag::High,
            "n" | "normal" => Flag::Normal,
            "a" | "aa" | "abnormal" => Flag::Abnormal,
            _ => return None,
        })
    })?;
    let said = input.said(concept).or_else(|| {
        let node = *nodes.first()?;
        Some(Side { node, quote: shorten(tree.text(node)?) })
    })?;
    Some((flag, said))
}

/// A flag against the only range that applies.
fn flag(input: &Input<'_>, node: NodeId, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let Some((flag, said)) = interpretation(input, node) else { return };
    let Some(quantity) = tree.child(node, "valueQuantity") else { return };
    if tree.child(quantity, "comparator").is_some() {
        return;
    }
    let number = |node: NodeId| tree.child_text(node, "value")?.parse::<f64>().ok().filter(|value| value.is_finite());
    let Some(value) = number(quantity) else { return };
    let ranges: Vec<NodeId> = tree.named(node, "referenceRange").collect();
    let [range] = ranges[..] else { return };
    if tree.child(range, "appliesTo").is_some() || tree.child(range, "age").is_some() {
        return;
    }
    let unit = |node: NodeId| tree.child_text(node, "unit").or_else(|| tree.child_text(node, "code"));
    let bound = |name: &str| {
        let bound = tree.child(range, name)?;
        let is_same = unit(bound).zip(unit(quantity)).is_none_or(|(one, other)| one.eq_ignore_ascii_case(other));
        number(bound).filter(|_| is_same)
    };
    let (low, high) = (bound("low"), bound("high"));
    if tree.child(range, "low").is_some() && low.is_none() || tree.child(range, "high").is_some() && high.is_none() {
        return;
    }
    if low.is_none() && high.is_none() {
        return;
    }
    let is_below = low.is_some_and(|low| value < low);
    let is_above = high.is_some_and(|high| value > high);
    let place = if is_below {
        "below"
    } else if is_above {
        "above"
    } else {
        "within"
    };
    let differs = match flag {
        Flag::Low => !is_below && (low.is_some() || is_above),
        Flag::High => !is_above && (high.is_some() || is_below),
        Flag::Normal => is_below || is_above,
        Flag::Abnormal => !is_below && !is_above && low.is_some() && high.is_some(),
    };
    if !differs {
        return;
    }
    let text = |node: Option<NodeId>| node.and_then(|node| tree.child_text(node, "value")).unwrap_or_default();
    let (from, to) = (text(tree.child(range, "low")), text(tree.child(range, "high")));
    let limits = match (from, to) {
        ("", to) => format!("\u{2264} {to}"),
        (from, "") => format!("\u{2265} {from}"),
        (from, to) => format!("{from}\u{2013}{to}"),
    };
    let value = text(Some(quantity)).to_owned();
    let other = Side { node: range, quote: limits.clone() };
    let form = match place {
        "below" => 1,
        "above" => 2,
        _ => 0,
    };
    let values = vec![said.quote.clone(), value, limits];
    found.push(finding(Rule::Flag, form, said.node, [said.clone(), other], values));
}

/// A number beside a comment that there is none.
fn unsuitable(input: &Input<'_>, node: NodeId, quantity: NodeId, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let Some(value) = tree.child(quantity, "value") else { return };
    let Some(number) = tree.text(value) else { return };
    let Some(comment) = tree.child(node, "comment") else { return };
    let Some(text) = tree.text(comment) else { return };
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().filter_map(Token::word).collect();
    let Some(at) = words
        .iter()
        .position(|word| {
            matches!(
                *word,
                "unsuitable"
                    | "insufficient"
                    | "haemolysed"
                    | "hemolysed"
                    | "hemolyzed"
                    | "clotted"
                    | "unlabelled"
                    | "mislabelled"
            )
        })
        .or_else(|| words.windows(2).position(|pair| matches!(pair, ["not", "processed" | "analysed" | "tested"])))
    else {
        return;
    };
    let before = words.get(at.saturating_sub(3)..at).unwrap_or_default();
    if before.iter().any(|word| matches!(*word, "not" | "no" | "if" | "unless")) && words.get(at) != Some(&"not") {
        return;
    }
    let is_slight = before.iter().any(|word| matches!(*word, "slightly" | "mildly" | "may" | "possibly"));
    let is_zero = number.parse::<f64>().is_ok_and(|number| number == 0.0);
    let rank = match () {
        () if is_slight => Rank::Info,
        () if is_zero => Rank::Alert,
        () => Rank::Note,
    };
    let unit = tree.child_text(quantity, "unit").or_else(|| tree.child_text(quantity, "code")).unwrap_or_default();
    let recorded = shorten(&format!("{number} {unit}"));
    let sides = [Side { node: value, quote: recorded.clone() }, Side { node: comment, quote: shorten(text) }];
    let values = vec![recorded, shorten(text)];
    found.push(ranked(finding(Rule::Unsuitable, 0, value, sides, values), rank));
}
