//! The National Early Warning Score 2 of the Royal College of Physicians: what a total means, and what is missing from
//! it. A score is never worked out here.

use super::context::Context;
use super::views::select;
use super::words;
use crate::tree::NodeId;

/// The SNOMED CT code of the total score.
const TOTAL: &str = "1104051000000101";
/// The oxygen saturation score by scale 2, which is for patients with hypercapnic respiratory failure.
const SCALE_2: &str = "1104321000000108";
const AIR_OR_OXYGEN: &str = "1104331000000105";
const CONSCIOUSNESS: &str = "1104361000000100";

/// The seven parts of a score: their codes, one of which is there, and what they measure.
const PARTS: &[(&[&str], &str)] = &[
    (&["1104301000000104"], "respiration rate"),
    (&["1104311000000102", SCALE_2], "oxygen saturation"),
    (&[AIR_OR_OXYGEN], "air or oxygen"),
    (&["1104341000000101"], "systolic blood pressure"),
    (&["1104351000000103"], "pulse"),
    (&[CONSCIOUSNESS], "consciousness"),
    (&["1104371000000107"], "temperature"),
];

/// Whether an observation has one of these codes.
fn has_code(context: &Context<'_>, node: NodeId, codes: &[&str]) -> bool {
    let found = select(context, node, "code.coding.code");
    found.into_iter().any(|code| context.tree.text(code).is_some_and(|text| codes.contains(&text.trim())))
}

/// The value of a score as a whole number.
fn value(context: &Context<'_>, node: NodeId) -> Option<u32> {
    let found = ["valueQuantity.value", "valueInteger"]
        .iter()
        .find_map(|path| select(context, node, path).into_iter().next())?;
    context.tree.text(found)?.trim().trim_end_matches(".0").parse().ok()
}

/// The scores that a total is made of, as far as they are in the input. Senders link them in several ways.
pub fn parts(context: &Context<'_>, node: NodeId) -> Vec<NodeId> {
    /// A score has seven; more than this are no parts of one.
    const MOST: usize = 50;
    ["related.target.reference", "related.reference"]
        .iter()
        .flat_map(|path| select(context, node, path))
        .filter_map(|reference| context.resolve(reference, context.tree.text(reference)?))
        .filter(|target| *target != node)
        .take(MOST)
        .collect()
}

/// Whether a resource is a total score.
pub fn is_total(context: &Context<'_>, node: NodeId) -> bool {
    context.tree.resource_type(node) == Some("Observation") && has_code(context, node, &[TOTAL])
}

/// What the reader of a total score must know in the headline: its band, and what the score leaves out.
pub fn headline(context: &Context<'_>, node: NodeId) -> Vec<String> {
    let mut out = Vec::new();
    let parts = parts(context, node);
    let band = value(context, node).map(|total| match total {
        0..=4 if parts.iter().any(|part| value(context, *part) == Some(3)) => {
            "LOW TO MEDIUM RISK (a single part at its highest)"
        }
        0..=4 => "Low risk by the total",
        5 | 6 => "MEDIUM RISK by the total",
        _ => "HIGH RISK by the total",
    });
    out.extend(band.map(|words| context.say(words)));
    if !parts.is_empty() {
        let missing: Vec<String> = PARTS
            .iter()
            .filter(|(codes, _)| !parts.iter().any(|part| has_code(context, *part, codes)))
            .map(|(_, name)| context.say(name))
            .collect();
        if !missing.is_empty() {
            let missing = words::list(context.options.language, &missing);
            out.push(context.fill("SCORE INCOMPLETE, without {}", &[&missing]));
        }
    }
    out
}

/// What the parts of a total score say that changes how it is read.
pub fn notes(context: &Context<'_>, node: NodeId) -> Vec<String> {
    let parts = parts(context, node);
    let of = |codes: &[&str]| parts.iter().find(|part| has_code(context, **part, codes)).copied();
    let mut out = Vec::new();
    if of(&[SCALE_2]).is_some() {
        out.push(context.say("oxygen saturation by scale 2"));
    } else if of(PARTS.get(1).map_or(&[][..], |(codes, _)| *codes)).is_some() {
        out.push(context.say("oxygen saturation by scale 1"));
    }
    match of(&[AIR_OR_OXYGEN]).and_then(|part| value(context, part)) {
        Some(0) => out.push(context.say("breathing air")),
        Some(_) => out.push(context.say("ON OXYGEN")),
        None => {}
    }
    match of(&[CONSCIOUSNESS]).and_then(|part| value(context, part)) {
        Some(0) => out.push(context.say("alert")),
        Some(_) => out.push(context.say("NOT FULLY ALERT (confusion, voice, pain or unresponsive)")),
        None => {}
    }
    out
}
