//! The text of a dosage against its structure: how much, how often, for how long.

use super::dose::{self, Dose, Measure, Unit, is_same};
use super::input::{Input, finding};
use super::words::shorten;
use super::{Finding, Rule, Side};
use crate::tree::{NodeId, Tree};

pub(super) fn find(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    for resource in &input.resources {
        let Some(kind) = tree.resource_type(*resource) else { continue };
        let name = match kind {
            "MedicationStatement" | "MedicationAdministration" => "dosage",
            "MedicationRequest" | "MedicationDispense" => "dosageInstruction",
            _ => continue,
        };
        for dosage in tree.named(*resource, name) {
            compare(input, *resource, dosage, found);
        }
    }
}

fn compare(input: &Input<'_>, resource: NodeId, dosage: NodeId, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let Some(at) = tree.child(dosage, "text") else { return };
    let dose = tree.child(dosage, "doseQuantity").or_else(|| tree.child(dosage, "doseRange"));
    let timing = tree.child(dosage, "timing");
    if dose.is_none() && timing.is_none() {
        return;
    }
    let text = Side { node: at, quote: shorten(tree.text(at).unwrap_or_default()) };
    let said = dose::read(tree.text(at).unwrap_or_default());
    // What is taken as required is still so much each time; how often is open.
    if said.unknown > 0 {
        return;
    }
    let structured = timing.and_then(|timing| Some((timing, per_day(tree, timing)?)));
    let product = product(input, resource);
    if let Some(node) = dose
        && let Some(measure) = measure(tree, node)
    {
        let often = structured.map(|(_, often)| often);
        amounts(tree, (node, measure), &said, often, product.as_deref(), &text, found);
    }
    let is_required = tree.child_text(dosage, "asNeededBoolean") == Some("true")
        || tree.child(dosage, "asNeededCodeableConcept").is_some();
    if said.is_open || is_required {
        return;
    }
    if let (Some((node, (low, high))), [(least, most)]) = (structured, &said.per_day[..])
        && (*least > high * 1.02 || low > *most * 1.02)
        && !is_total(&said, dose.and_then(|dose| measure(tree, dose)), low)
    {
        let (form, words) = timing_words(tree, node);
        let other = Side { node, quote: words.join(" ") };
        let values = std::iter::once(text.quote.clone()).chain(words).collect();
        found.push(finding(Rule::DoseFrequency, form, node, [text.clone(), other], values));
    }
    let request = tree.child(resource, "dispenseRequest");
    if let [days] = said.days[..] {
        let repeat = timing.and_then(|timing| tree.child(timing, "repeat"));
        let bounds = repeat.and_then(|repeat| tree.child(repeat, "boundsDuration"));
        let supply = request.and_then(|request| tree.child(request, "expectedSupplyDuration"));
        for (form, node) in [bounds, supply].into_iter().enumerate() {
            let Some((node, length)) = node.and_then(|node| Some((node, length(tree, node)?))) else { continue };
            if !is_same(days, length) {
                let other = Side { node, quote: quantity_words(tree, node) };
                let values = vec![text.quote.clone(), other.quote.clone()];
                found.push(finding(Rule::DoseLength, form, node, [text.clone(), other], values));
            }
        }
        let quantity = request.and_then(|request| tree.child(request, "quantity"));
        let measures = quantity.zip(dose).and_then(|(quantity, dose)| {
            Some((quantity, measure(tree, quantity)?, measure(tree, dose)?, structured?.1))
        });
        if let Some((node, supplied, each, often)) = measures
            && matches!(each.unit, Some(Unit::Piece(_)))
            && supplied.unit == each.unit
            && is_another_supply(supplied.low, (each.low * often.0 * days, each.high * often.1 * days))
        {
            let other = Side { node, quote: quantity_words(tree, node) };
            let values = vec![text.quote.clone(), other.quote.clone()];
            found.push(finding(Rule::DoseSupply, 0, node, [text, other], values));
        }
    }
}

/// Whether what is supplied is too little for the time, or more than twice as much: whole packs are supplied.
fn is_another_supply(supplied: f64, (least, most): (f64, f64)) -> bool {
    supplied < least * 0.98 || supplied > most * 2.02
}

/// "Four tablets daily" may be about all that is taken on a day.
fn is_total(said: &Dose, structured: Option<Measure>, often: f64) -> bool {
    match (&said.amounts[..], structured) {
        ([amount], Some(structured)) if said.is_bare => {
            let of_a_day = Measure { low: structured.low * often, high: structured.high * often, ..structured };
            let like = |one: Measure| one.is_like(of_a_day) && one.agrees(of_a_day);
            // "Two 100 mg tablets daily" are 200 mg a day.
            let by_strength = said.strengths.iter().any(|strength| {
                like(Measure { low: amount.low * strength.low, high: amount.high * strength.high, ..*strength })
            });
            let bare = Measure { unit: None, ..*amount }.agrees(Measure { unit: None, ..of_a_day });
            let is_counted = amount.unit.zip(structured.unit).is_none_or(|(one, other)| one.is_like(other));
            like(*amount) || by_strength || bare && is_counted
        }
        // Without an amount to multiply, "daily" may be once or about the whole.
        _ => said.is_bare && (said.amounts.is_empty() || structured.is_none()),
    }
}

#[allow(clippy::collapsible_match, reason = "a pair of units that agrees is not to be tried as another pair")]
fn amounts(
    tree: &Tree,
    (node, structured): (NodeId, Measure),
    said: &Dose,
    often: Option<(f64, f64)>,
    product: Option<&str>,
    text: &Side,
    found: &mut Vec<Finding>,
) {
    let [amount] = said.amounts[..] else { return };
    let quote = quantity_words(tree, node);
    let other = Side { node, quote: quote.clone() };
    let differs = |found: &mut Vec<Finding>| {
        let values = vec![text.quote.clone(), quote.clone()];
        found.push(finding(Rule::DoseNumber, 0, node, [text.clone(), other.clone()], values));
    };
    match (amount.unit, structured.unit) {
        (Some(one), Some(two)) if one.is_like(two) => {
            if !amount.agrees(structured) && !is_total(said, Some(structured), often.map_or(1.0, |(low, _)| low)) {
                differs(found);
            }
        }
        (None, Some(Unit::Piece(_))) => {
            let bare = Measure { unit: None, ..structured };
            if !amount.agrees(bare) && !is_total(said, Some(bare), often.map_or(1.0, |(low, _)| low)) {
                differs(found);
            }
        }
        (Some(Unit::Piece(one)), Some(Unit::Piece(two))) => {
            if is_kind_of_product(one) && is_kind_of_product(two) {
                let values = vec![text.quote.clone(), quote.clone()];
                found.push(finding(Rule::DoseUnit, 0, node, [text.clone(), other.clone()], values));
            }
        }
        // "One 75mg tablet" is 75 mg.
        (Some(Unit::Piece(_)) | None, Some(two)) => {
            if let [strength] = said.strengths[..]
                && strength.unit.is_some_and(|unit| unit.is_like(two))
            {
                let whole = Measure { low: amount.low * strength.low, high: amount.high * strength.high, ..strength };
                if !whole.agrees(structured) && !strength.agrees(structured) {
                    differs(found);
                }
            }
        }
        // 5 mg and 5 ml are the same only of what has 1 mg in 1 ml.
        (Some(Unit::Mass(_)), Some(Unit::Volume(_))) | (Some(Unit::Volume(_)), Some(Unit::Mass(_))) => {
            let is_liquid = product.is_some_and(|name| {
                let read = dose::read(name);
                read.strengths.iter().chain(&read.amounts).any(|one| matches!(one.unit, Some(Unit::Volume(_))))
                    || name.contains("/ml")
                    || name.contains("/mL")
            });
            if is_same(amount.low, structured.low) && said.strengths.is_empty() && !is_liquid {
                differs(found);
            }
        }
        _ => {}
    }
}

/// Whether a piece is a form of a product, so that another one is another product.
fn is_kind_of_product(piece: &str) -> bool {
    matches!(
        piece,
        "tablet" | "capsule" | "puff" | "drop" | "sachet" | "patch" | "suppository" | "spray" | "lozenge" | "pessary"
    )
}

/// The dose of a Quantity or Range.
fn measure(tree: &Tree, node: NodeId) -> Option<Measure> {
    let number = |node: NodeId| tree.child_text(node, "value")?.parse::<f64>().ok().filter(|value| value.is_finite());
    let unit = |node: NodeId| {
        let words = tree.child_text(node, "unit").or_else(|| tree.child_text(node, "code"))?;
        Unit::of_phrase(&words.to_lowercase())
    };
    if let Some(value) = number(node) {
        return Some(Measure { low: value, high: value, unit: Some(unit(node)?) });
    }
    let (low, high) = (tree.child(node, "low")?, tree.child(node, "high")?);
    Some(Measure { low: number(low)?, high: number(high)?, unit: Some(unit(low)?) })
}

/// The name of the medicine.
fn product(input: &Input<'_>, resource: NodeId) -> Option<String> {
    let tree = input.tree;
    let concept = tree.child(resource, "medicationCodeableConcept");
    let code = concept.or_else(|| tree.child(input.linked(resource, "medicationReference")?, "code"));
    let display = || tree.child(tree.child(resource, "medicationReference")?, "display");
    match code.and_then(|code| input.said(code)) {
        Some(side) => Some(side.quote),
        None => display().and_then(|node| tree.text(node)).map(str::to_owned),
    }
}

/// How often a day a Timing says: the least and the most.
fn per_day(tree: &Tree, timing: NodeId) -> Option<(f64, f64)> {
    let number = |node: NodeId, name: &str| {
        tree.child_text(node, name)?.parse::<f64>().ok().filter(|value| value.is_finite() && *value > 0.0)
    };
    if let Some(repeat) = tree.child(timing, "repeat") {
        if tree.child(repeat, "count").is_some() {
            return None;
        }
        let times = tree.named(repeat, "timeOfDay").count().max(tree.named(repeat, "when").count());
        let weekdays = tree.named(repeat, "dayOfWeek").count();
        let low = number(repeat, "frequency");
        let high = number(repeat, "frequencyMax").or(low);
        let days = match tree.child_text(repeat, "periodUnit") {
            Some("min") => 1.0 / 1440.0,
            Some("h") => 1.0 / 24.0,
            Some("d") => 1.0,
            Some("wk") => 7.0,
            Some("mo") => 30.0,
            Some("a") => 365.0,
            _ => 0.0,
        };
        let period = number(repeat, "period");
        let longest = number(repeat, "periodMax").or(period);
        if weekdays > 0 {
            // The days of the week count where nothing else says how often in the week.
            let is_daily = period.is_none() || days == 1.0 && period == Some(1.0);
            let each = low.unwrap_or(if times > 0 { times as f64 } else { 1.0 });
            return is_daily.then_some((each * weekdays as f64 / 7.0, each * weekdays as f64 / 7.0));
        }
        return match (period, longest) {
            (Some(period), Some(longest)) if days > 0.0 => {
                let least = low.unwrap_or(if times > 0 { times as f64 } else { 1.0 });
                let most = high.unwrap_or(least);
                Some((least / (longest * days), most / (period * days)))
            }
            _ if times > 0 && period.is_none() => Some((times as f64, times as f64)),
            _ => None,
        };
    }
    let code = tree.child(timing, "code")?;
    let coded = tree.named(code, "coding").find_map(|coding| tree.child_text(coding, "display"));
    match dose::read(tree.child_text(code, "text").or(coded)?).per_day[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// A Timing as the forms of words of the rule have it, with its numbers as recorded.
fn timing_words(tree: &Tree, timing: NodeId) -> (usize, Vec<String>) {
    let Some(repeat) = tree.child(timing, "repeat") else {
        let code = tree.child(timing, "code");
        let display = |code: NodeId| tree.named(code, "coding").find_map(|coding| tree.child_text(coding, "display"));
        let said = code.and_then(|code| tree.child_text(code, "text").or_else(|| display(code)));
        return (3, vec![shorten(said.unwrap_or_default())]);
    };
    let text = |name: &str| tree.child_text(repeat, name);
    let weekdays: Vec<&str> = tree.named(repeat, "dayOfWeek").filter_map(|day| tree.text(day)).collect();
    if !weekdays.is_empty() {
        return (4, vec![shorten(&weekdays.join(", "))]);
    }
    let times = tree.named(repeat, "timeOfDay").count().max(tree.named(repeat, "when").count());
    let counted = times.to_string();
    let least = text("frequency").unwrap_or(if times > 0 { &counted } else { "1" });
    let often = text("frequencyMax").map_or(least.to_owned(), |most| format!("{least}\u{2013}{most}"));
    let (period, unit) = (text("period").unwrap_or("1"), text("periodUnit").unwrap_or("d"));
    match (period, unit) {
        ("1", "d") if often == "1" => (0, Vec::new()),
        ("1", "d") => (1, vec![often]),
        _ => (2, vec![often, period.to_owned(), unit.to_owned()]),
    }
}

/// A Quantity or Range as recorded.
fn quantity_words(tree: &Tree, node: NodeId) -> String {
    let words = |node: NodeId| {
        let unit = tree.child_text(node, "unit").or_else(|| tree.child_text(node, "code")).unwrap_or_default();
        format!("{} {unit}", tree.child_text(node, "value").unwrap_or_default())
    };
    match (tree.child(node, "low"), tree.child(node, "high")) {
        (Some(low), Some(high)) => shorten(&format!("{}\u{2013}{}", words(low), words(high))),
        _ => shorten(&words(node)),
    }
}

/// A Duration in days.
fn length(tree: &Tree, node: NodeId) -> Option<f64> {
    let value: f64 = tree.child_text(node, "value")?.parse().ok()?;
    let days = match tree.child_text(node, "code").or_else(|| tree.child_text(node, "unit"))? {
        "d" | "day" | "days" => 1.0,
        "wk" | "week" | "weeks" => 7.0,
        "mo" | "month" | "months" => 30.0,
        _ => return None,
    };
    Some(value * days)
}
