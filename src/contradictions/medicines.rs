//! Medicines that are current and ended at once, and issues that do not add up.

use super::input::{Input, finding, ranked};
use super::words::{day, shorten};
use super::{Finding, Rank, Rule, Side};
use crate::primitive::DateTime;
use crate::tree::NodeId;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::collections::BTreeMap;

pub(super) fn find(input: &Input<'_>, found: &mut Vec<Finding>) {
    let capture = capture(input);
    medicines(input, capture, found);
    last_issues(input, capture, found);
    repeats(input, found);
}

/// When the record was taken: the latest date of its lists, or of its Composition.
fn capture(input: &Input<'_>) -> Option<DateTime> {
    let tree = input.tree;
    let dated = |kind: &'static str| {
        let dates = input.of_type(kind).filter_map(|node| DateTime::parse(tree.child_text(node, "date")?));
        dates.reduce(|one, other| if one.compare(&other) == Some(Ordering::Less) { other } else { one })
    };
    dated("List").or_else(|| dated("Composition"))
}

/// Medicines that are recorded as active, and as ended or stopped.
fn medicines(input: &Input<'_>, capture: Option<DateTime>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let text = |node: NodeId| tree.text(node).map(|text| Side { node, quote: shorten(text) });
    let product = |node: NodeId| -> Option<(String, String)> {
        let concept = tree.child(node, "medicationCodeableConcept");
        let code = concept.or_else(|| tree.child(input.linked(node, "medicationReference")?, "code"))?;
        let said = input.said(code)?.quote;
        let coded = tree.named(code, "coding").find_map(|coding| tree.child_text(coding, "code"));
        Some((coded.map_or_else(|| said.to_lowercase(), str::to_owned), said))
    };
    let mut stopped: BTreeMap<(Option<NodeId>, String), NodeId> = BTreeMap::new();
    for node in input.of_type("MedicationStatement") {
        if tree.child_text(node, "status") == Some("stopped")
            && let Some((key, _)) = product(node)
        {
            stopped.entry((input.patient(node), key)).or_insert(node);
        }
    }
    for node in input.of_type("MedicationStatement") {
        let Some(status) = tree.child(node, "status").filter(|status| tree.text(*status) == Some("active")) else {
            continue;
        };
        let Some((key, name)) = product(node) else { continue };
        let Some(active) = text(status) else { continue };
        let plan = input.linked(node, "basedOn");
        let plan_status = plan.and_then(|plan| tree.child(plan, "status"));
        if let Some(other) = plan_status.filter(|status| tree.text(*status) == Some("stopped")).and_then(text) {
            let values = vec![name.clone()];
            found.push(finding(Rule::PlanStopped, 0, status, [active.clone(), other], values));
            continue;
        }
        let period = tree.child(node, "effectivePeriod");
        let end = period.and_then(|period| tree.child(period, "end"));
        if let Some(end) = end.and_then(text)
            && let Some(moment) = DateTime::parse(&end.quote)
            && capture
                .is_some_and(|capture| moment.date.day.is_some() && moment.compare(&capture) == Some(Ordering::Less))
        {
            let is_acute = plan.is_some_and(|plan| {
                tree.named(plan, "extension")
                    .filter(|extension| {
                        tree.child_text(*extension, "url").is_some_and(|url| url.contains("PrescriptionType"))
                    })
                    .filter_map(|extension| tree.child(extension, "valueCodeableConcept"))
                    .any(|concept| input.has_code(concept, &["acute", "acute-handwritten"]))
            });
            let values = vec![name.clone(), day(&end.quote)];
            let rank = if is_acute { Rank::Info } else { Rank::Note };
            found.push(ranked(finding(Rule::Ended, 0, status, [active.clone(), end], values), rank));
        }
        if let Some(other) = stopped.get(&(input.patient(node), key)) {
            let start = period.and_then(|period| tree.child_text(period, "start")).and_then(DateTime::parse);
            let at = tree.child(*other, "effectivePeriod").and_then(|period| tree.child(period, "end"));
            let stop = at.and_then(text);
            let Some(stop) = stop else { continue };
            // Stopped and begun again is no contradiction.
            let is_later = DateTime::parse(&stop.quote)
                .zip(start)
                .is_some_and(|(stop, start)| start.compare(&stop) == Some(Ordering::Less));
            if is_later {
                let values = vec![name, day(&stop.quote)];
                found.push(finding(Rule::AlsoStopped, 0, status, [active, stop], values));
            }
        }
    }
}

/// The last date of issue of a medicine, and the newest of its issues in the same input. The time for which an issue is
/// valid counts, not when it was authored; issues for the days to come do not.
fn last_issues(input: &Input<'_>, capture: Option<DateTime>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let Some(capture) = capture else { return };
    let mut newest: FxHashMap<NodeId, (DateTime, NodeId)> = FxHashMap::default();
    for node in input.of_type("MedicationRequest") {
        if tree.child_text(node, "intent") != Some("order") || input.is_void(node) {
            continue;
        }
        let valid = tree.child(node, "dispenseRequest").and_then(|request| tree.child(request, "validityPeriod"));
        let Some((plan, start)) = input.linked(node, "basedOn").zip(valid.and_then(|valid| tree.child(valid, "start")))
        else {
            continue;
        };
        let Some(moment) = tree.text(start).and_then(DateTime::parse).filter(|moment| moment.date.day.is_some()) else {
            continue;
        };
        if moment.compare(&capture) == Some(Ordering::Greater) {
            continue;
        }
        let known = newest.entry(plan).or_insert((moment, start));
        if known.0.compare(&moment) == Some(Ordering::Less) {
            *known = (moment, start);
        }
    }
    for node in input.of_type("MedicationStatement") {
        let Some((_, issue)) = input.linked(node, "basedOn").and_then(|plan| newest.get(&plan)).copied() else {
            continue;
        };
        let extension = tree.named(node, "extension").find(|extension| {
            tree.child_text(*extension, "url").is_some_and(|url| url.contains("MedicationStatementLastIssueDate"))
        });
        let last = extension
            .and_then(|extension| ["valueDateTime", "valueDate"].iter().find_map(|name| tree.child(extension, name)));
        let Some((last, recorded)) = last.and_then(|last| Some((last, tree.text(last)?))) else { continue };
        let Some(issued) = tree.text(issue) else { continue };
        // Whole days are compared as they are written; a part of a date is no other date.
        let is_other = recorded.get(..10).zip(issued.get(..10)).is_some_and(|(one, other)| one != other);
        if is_other {
            let sides = [Side { node: last, quote: shorten(recorded) }, Side { node: issue, quote: shorten(issued) }];
            found.push(finding(Rule::LastIssue, 0, last, sides, vec![day(recorded), day(issued)]));
        }
    }
}

/// More issues of a repeat than were authorised.
fn repeats(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    for node in input.of_type("MedicationRequest") {
        for extension in tree.named(node, "extension") {
            if !tree.child_text(extension, "url").is_some_and(|url| url.contains("MedicationRepeatInformation")) {
                continue;
            }
            let number = |name: &str| {
                let part =
                    tree.named(extension, "extension").find(|part| tree.child_text(*part, "url") == Some(name))?;
                let value = tree.child(part, "valuePositiveInt").or_else(|| tree.child(part, "valueUnsignedInt"))?;
                Some((value, tree.text(value)?.parse::<u32>().ok()?))
            };
            if let Some((at, issued)) = number("numberOfRepeatPrescriptionsIssued")
                && let Some((most, allowed)) = number("numberOfRepeatPrescriptionsAllowed")
                && issued > allowed
            {
                let values = vec![issued.to_string(), allowed.to_string()];
                let sides =
                    [Side { node: at, quote: issued.to_string() }, Side { node: most, quote: allowed.to_string() }];
                found.push(finding(Rule::Repeats, 0, at, sides, values));
            }
        }
    }
}
