//! The value of an observation as one cell: number, unit, comparator, the sender's flag, the word worked out from the range,
//! the status; and the range beside it.

use super::contradictions;
use super::row::Cell;
use crate::primitive::Decimal;
use crate::render::build;
use crate::render::context::Context;
use crate::render::format::{self, coded};
use crate::render::model::{Piece, Style};
use crate::render::shape::Shape;
use crate::render::views::select;
use crate::tree::NodeId;

/// Where a number lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Below,
    Within,
    Above,
}

/// What a value is to its range.
pub(super) fn place(context: &Context<'_>, node: NodeId) -> Option<Place> {
    let value = context.child(node, "valueQuantity")?;
    let number = decimal(context, value)?;
    let ranges = context.children(node, "referenceRange");
    let [range] = ranges.as_slice() else { return None };
    if context.child(*range, "appliesTo").is_some() || context.child(*range, "age").is_some() {
        return None;
    }
    let (low, high) = (context.child(*range, "low"), context.child(*range, "high"));
    if low.is_none() && high.is_none() {
        return None;
    }
    for end in low.into_iter().chain(high) {
        if !same_unit(context, value, end) || context.child(end, "comparator").is_some() {
            return None;
        }
    }
    let low = low.map(|low| decimal(context, low));
    let high = high.map(|high| decimal(context, high));
    if matches!(low, Some(None)) || matches!(high, Some(None)) {
        return None;
    }
    let (low, high) = (low.flatten(), high.flatten());
    let is = |one: &Decimal, two: &Decimal| one.cmp(two);
    use std::cmp::Ordering::{Greater, Less};
    let (below, above) = (
        low.as_ref().is_some_and(|low| is(&number, low) == Less),
        high.as_ref().is_some_and(|high| is(&number, high) == Greater),
    );
    match context.peek(value, "comparator") {
        None => Some(match (below, above) {
            (true, _) => Place::Below,
            (_, true) => Place::Above,
            _ => Place::Within,
        }),
        // "<5" is below a range from 5; "<8" against 6 to 9 decides nothing.
        Some("<") => low.as_ref().filter(|low| is(&number, low) != Greater).map(|_| Place::Below),
        Some(">") => high.as_ref().filter(|high| is(&number, high) != Less).map(|_| Place::Above),
        Some("<=") if below => Some(Place::Below),
        Some(">=") if above => Some(Place::Above),
        Some(_) => None,
    }
}

/// A Quantity's number.
pub(super) fn decimal(context: &Context<'_>, quantity: NodeId) -> Option<Decimal> {
    Decimal::parse(context.peek(quantity, "value")?.trim())
}

/// Whether a range is in the unit of its value; one without a unit is meant in the value's (all of TPP's are).
fn same_unit(context: &Context<'_>, value: NodeId, end: NodeId) -> bool {
    let of = |node: NodeId| {
        let text = |name: &str| context.peek(node, name).map(str::trim).filter(|text| !text.is_empty());
        text("unit").into_iter().chain(text("code")).map(plain_unit).collect::<Vec<_>>()
    };
    let (value, end) = (of(value), of(end));
    end.is_empty() || end.iter().any(|one| value.iter().any(|two| one == two))
}

/// A unit without what senders write in different ways: case is kept, as mg is not Mg.
fn plain_unit(text: &str) -> String {
    text.replace(['\u{b5}', '\u{3bc}'], "u").replace("10*", "10^").replace(' ', "")
}

/// The unit of a value, for telling which results can stand in one row.
pub(super) fn unit(context: &Context<'_>, node: NodeId) -> Option<String> {
    let value = context.child(node, "valueQuantity")?;
    let text = |name: &str| context.peek(value, name).map(str::trim).filter(|text| !text.is_empty());
    Some(text("unit").or_else(|| text("code")).map(plain_unit).unwrap_or_default())
}

/// The flag that the sender gave, as sent.
pub(super) fn flag(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let found = context.child(node, "interpretation")?;
    coded::concept_words(context, found).map(|text| match text.as_str() {
        "OR" => context.say("outside the range (OR)"),
        "PA" => context.say("potentially abnormal (PA)"),
        _ => text,
    })
}

/// The sender's flag as a side of the range, where it is one.
fn flag_place(context: &Context<'_>, node: NodeId) -> Option<Place> {
    let said = ["interpretation.coding.code", "interpretation.coding.display", "interpretation.text"];
    said.iter().flat_map(|path| select(context, node, path)).find_map(|found| {
        let text = context.tree.text(found)?.trim().to_ascii_lowercase();
        // "LO - Below low reference limit" is how some senders write both.
        Some(match text.split(" - ").next().unwrap_or("") {
            "h" | "hi" | "hh" | "high" | "hu" | "above high reference limit" => Place::Above,
            "l" | "lo" | "ll" | "low" | "lu" | "below low reference limit" => Place::Below,
            "n" | "normal" => Place::Within,
            _ => return None,
        })
    })
}

/// Whether a flag says that the value is not as it should be.
pub(super) fn is_flagged(context: &Context<'_>, node: NodeId) -> bool {
    let codes = select(context, node, "interpretation.coding.code");
    context.child(node, "interpretation").is_some()
        && !codes.iter().any(|code| matches!(context.tree.text(*code), Some("N" | "NR" | "NEG" | "ND")))
        && flag_place(context, node) != Some(Place::Within)
}

/// Value, unit, flag, worked-out word, status.
pub(super) fn value(context: &mut Context<'_>, node: NodeId) -> Cell {
    let mut cell = bare(context, node);
    let place = place(context, node);
    if let Some(flag) = flag(context, node) {
        cell.push(Piece::plain(" "));
        cell.push(Piece::new(Style::Warning, flag));
        if let Some(words) = contradictions::of_flag(context, node) {
            cell.push(Piece::new(Style::Warning, format!(" ({})", words.trim_end_matches('.'))));
        }
    }
    // The laboratory's flag goes first, and agrees: nothing is worked out beside it. A patient is shown the range alone.
    if !context.for_patient() && context.child(node, "interpretation").is_none() {
        if let Some(words) = place.and_then(|place| worked_out(context, node, place)) {
            cell.push(Piece::plain(" "));
            cell.push(Piece::new(Style::Warning, words));
        }
    }
    cell.extend(status(context, node));
    cell
}

/// `below the range (worked out: 0.1 is less than 1)`: the two numbers that were compared, by value.
fn worked_out(context: &Context<'_>, node: NodeId, place: Place) -> Option<String> {
    let (phrase, end) = match place {
        Place::Below => ("below the range (worked out: {} is less than {})", "low"),
        Place::Above => ("above the range (worked out: {} is more than {})", "high"),
        Place::Within => return None,
    };
    let value = context.child(node, "valueQuantity")?;
    let range = context.child(node, "referenceRange")?;
    let comparator = context.peek(value, "comparator").unwrap_or("");
    let number = by_value(&decimal(context, value)?);
    let limit = by_value(&decimal(context, context.child(range, end)?)?);
    if !comparator.is_empty() {
        let phrase = if end == "low" { "below the range (worked out)" } else { "above the range (worked out)" };
        return Some(context.say(phrase));
    }
    Some(context.fill(phrase, &[&number, &limit]))
}

/// A number without zeros that only show how exactly it was measured.
fn by_value(number: &Decimal) -> String {
    let plain = number.to_plain();
    match plain.split_once('.') {
        Some((whole, fraction)) => match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            fraction => format!("{whole}.{fraction}"),
        },
        None => plain,
    }
}

/// The status in the value's own cell, where it is one that counts.
fn status(context: &mut Context<'_>, node: NodeId) -> Option<Piece> {
    let words = match context.peek(node, "status")? {
        "preliminary" => "PRELIMINARY",
        "registered" => "no result yet",
        "amended" => "AMENDED",
        "corrected" => "CORRECTED",
        "cancelled" => "CANCELLED",
        "entered-in-error" => "ENTERED IN ERROR",
        _ => return None,
    };
    Some(Piece::new(Style::Warning, format!(" {}", context.say(words))))
}

/// The value alone, or why there is none; of an observation in parts, its parts, a blood pressure as `120/80`.
pub(super) fn bare(context: &mut Context<'_>, node: NodeId) -> Cell {
    let mut cell = Cell::new();
    for found in select(context, node, "value[x]") {
        let pieces = match context.shape(found) {
            Shape::Concept => coded::concept_words(context, found).map(Piece::plain).into_iter().collect(),
            Shape::Quantity => quantity(context, found),
            _ => format::inline(context, found),
        };
        if !context.has_unmarked(found) {
            context.claim(found);
        }
        cell.extend(pieces);
    }
    if cell.is_empty()
        && let Some(reason) = context.child(node, "dataAbsentReason")
        && let Some(because) = coded::absent_because(context, reason)
    {
        cell.push(Piece::new(Style::Warning, context.fill("No value, because {}", &[&because])));
    }
    let components = context.children(node, "component");
    if let Some(pressure) = pressure(context, &components) {
        cell.push(pressure);
        return cell;
    }
    for component in components {
        if !cell.is_empty() {
            cell.push(Piece::plain("; "));
        }
        if let Some(code) = context.child(component, "code")
            && let Some(words) = coded::concept_words(context, code)
        {
            cell.push(Piece::plain(format!("{words} ")));
        }
        let value = bare(context, component);
        cell.extend(if value.is_empty() { vec![Piece::secondary(context.say("not recorded"))] } else { value });
        if let Some(flag) = flag(context, component) {
            cell.push(Piece::new(Style::Warning, format!(" {flag}")));
        }
    }
    cell
}

/// SNOMED CT and LOINC codes of the two halves of a blood pressure.
const SYSTOLIC: &[&str] = &["72313002", "271649006", "8480-6", "407554009", "407556006"];
const DIASTOLIC: &[&str] = &["1091811000000102", "271650006", "8462-4", "407555005", "407557002"];

/// `120/80 mmHg`; a half without a value is said to be missing.
fn pressure(context: &mut Context<'_>, components: &[NodeId]) -> Option<Piece> {
    let half = |codes: &[&str]| {
        components.iter().copied().find(|component| {
            select(context, *component, "code.coding.code")
                .into_iter()
                .any(|code| context.tree.text(code).is_some_and(|code| codes.contains(&code)))
        })
    };
    let (systolic, diastolic) = (half(SYSTOLIC), half(DIASTOLIC));
    if systolic.is_none() && diastolic.is_none() || components.len() > 2 {
        return None;
    }
    let number = |context: &mut Context<'_>, component: Option<NodeId>| {
        let value = component.and_then(|component| context.child(component, "valueQuantity"))?;
        let comparator = context.take_child(value, "comparator").unwrap_or_default();
        let number = context.take_child(value, "value")?;
        Some(format!("{comparator}{number}"))
    };
    let (high, low) = (number(context, systolic), number(context, diastolic));
    // Each half has a unit of its own, which are the same or both are said.
    let mut units: Vec<String> = Vec::new();
    for component in systolic.into_iter().chain(diastolic) {
        let Some(value) = context.child(component, "valueQuantity") else { continue };
        let unit = context.take_child(value, "unit").or_else(|| context.take_child(value, "code"));
        units.extend(unit.filter(|unit| !units.contains(unit)));
    }
    let unit = match units.join(" / ") {
        unit if unit.is_empty() => format!(" ({})", context.say("no unit given")),
        unit => format!(" {unit}"),
    };
    let said = match (high, low) {
        (Some(high), Some(low)) => format!("{high}/{low}{unit}"),
        // One half alone must not be read as the other.
        (high, low) => {
            let half = |context: &mut Context<'_>, name: &str, number: Option<String>, component: Option<NodeId>| {
                let name = context.say(name);
                match number {
                    Some(number) => format!("{name} {number}{unit}"),
                    None => {
                        let reason = component.and_then(|component| context.child(component, "dataAbsentReason"));
                        match reason.and_then(|reason| coded::absent_because(context, reason)) {
                            Some(because) => {
                                format!("{name} {}", context.fill("not recorded, because {}", &[&because]))
                            }
                            None => format!("{name} {}", context.say("not recorded")),
                        }
                    }
                }
            };
            let high = half(context, "systolic", high, systolic);
            format!("{high}, {}", half(context, "diastolic", low, diastolic))
        }
    };
    Some(Piece::new(Style::Strong, said))
}

/// A Quantity as laboratories print it: `<0.1 10*9/L`; in words for patients.
fn quantity(context: &mut Context<'_>, node: NodeId) -> Cell {
    let is_plain = context
        .tree
        .children(node)
        .all(|child| matches!(context.tree.name(child), "value" | "comparator" | "unit" | "system" | "code"));
    if context.for_patient() || !is_plain || context.child(node, "value").is_none() {
        return format::inline(context, node);
    }
    let comparator = context.take_child(node, "comparator").unwrap_or_default();
    let value = context.take_child(node, "value").unwrap_or_default();
    let unit = context.take_child(node, "unit").or_else(|| context.take_child(node, "code"));
    // What is left is the address of the units and their code.
    if context.marking.is_some() {
        build::technical(context, node);
    }
    let number = Piece::new(Style::Strong, format!("{comparator}{value}"));
    // Nobody is to think the usual unit: that none was given is said of every result.
    let unit = match unit.filter(|unit| !unit.trim().is_empty()) {
        // UCUM writes "no unit" as 1, which beside a number reads as part of it.
        Some(unit) if unit == "1" || unit == "{unitless}" => Piece::secondary(format!(" ({})", context.say("no unit"))),
        Some(unit) => Piece::plain(format!(" {unit}")),
        None => Piece::secondary(format!(" ({})", context.say("no unit given"))),
    };
    vec![number, unit]
}

/// The reference ranges.
pub(super) fn range(context: &mut Context<'_>, node: NodeId) -> Cell {
    let mut cell = Cell::new();
    for range in context.children(node, "referenceRange") {
        if !cell.is_empty() {
            cell.push(Piece::plain("; "));
        }
        cell.extend(format::quantity::reference_range(context, range));
        if !context.has_unmarked(range) {
            context.claim(range);
        }
    }
    cell
}

/// A date that is this many days after another, `2026-02-28`.
pub(super) fn days_after(start: &str, days: u32) -> Option<String> {
    let moment = format::date::Moment::parse(start)?;
    let (mut year, mut month, mut day) = (moment.year, moment.month?, moment.day?.checked_add(days.min(4000))?);
    loop {
        let length = match month {
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            _ => 31,
        };
        if day <= length {
            return Some(format!("{year:04}-{month:02}-{day:02}"));
        }
        day -= length;
        month += 1;
        if month > 12 {
            month = 1;
            year += 1;
        }
    }
}

/// The trend of numbers, oldest first, each with its date.
pub(super) fn trend(
    context: &Context<'_>,
    name: &str,
    numbers: &[(String, String)],
    range: Option<(Option<String>, Option<String>)>,
) -> Option<super::model::Trend> {
    let (first, last) = (numbers.first()?, numbers.last()?);
    let number = |text: &String| Decimal::parse(text);
    let lowest = numbers.iter().min_by_key(|(_, text)| number(text))?;
    let highest = numbers.iter().max_by_key(|(_, text)| number(text))?;
    let day = |text: &str| format::date_text(context, text);
    let title = context.fill(
        "{}: {} results {} to {}; lowest {}, highest {}, newest {}",
        &[name, &numbers.len().to_string(), &day(&first.0), &day(&last.0), &lowest.1, &highest.1, &last.1],
    );
    let start = format::date::Moment::parse(&first.0)?;
    let points: Option<Vec<(i64, String)>> = numbers
        .iter()
        .map(|(date, text)| Some((format::date::Moment::parse(date)?.days_since(&start)?, text.clone())))
        .collect();
    Some(super::model::Trend { title, points: points?, range })
}

/// Where the points of a trend lie in a picture of 120 by 32, and the band of its range.
pub(in crate::render) struct TrendShape {
    /// Points, the newest on the right.
    pub points: Vec<(i64, i64)>,
    /// Top and height.
    pub band: Option<(i64, i64)>,
}

/// A number as a whole count of its smallest place, so that no arithmetic is done in floating point.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let decimal = Decimal::parse(text)?;
    let plain = decimal.to_plain();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let fraction = format!("{fraction:0<places$}");
    format!("{whole}{}", fraction.get(..places)?).parse().ok()
}

/// The shape of a trend.
pub(in crate::render) fn shape_of_trend(trend: &super::model::Trend) -> TrendShape {
    let places =
        trend.points.iter().filter_map(|(_, text)| Some(Decimal::parse(text)?.places())).max().unwrap_or(0).min(6);
    let numbers: Vec<(i64, i64)> =
        trend.points.iter().filter_map(|(day, text)| Some((*day, scaled(text, places)?))).collect();
    let end = |text: &Option<String>| text.as_ref().and_then(|text| scaled(text, places));
    let (low, high) = trend.range.as_ref().map_or((None, None), |(low, high)| (end(low), end(high)));
    let all = || numbers.iter().map(|(_, number)| *number).chain(low).chain(high);
    let (bottom, top) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    let days = numbers.last().map_or(1, |(day, _)| (*day).max(1));
    let span = top.saturating_sub(bottom).max(1);
    // The picture keeps 3 units free at each side for the points themselves.
    let y = |number: i64| 29 - number.saturating_sub(bottom).saturating_mul(26) / span;
    let points = numbers.iter().map(|(day, number)| (3 + day.saturating_mul(114) / days, y(*number))).collect();
    let band = (low.is_some() || high.is_some()).then(|| {
        let from = y(high.unwrap_or(top));
        (from, (y(low.unwrap_or(bottom)) - from).max(1))
    });
    TrendShape { points, band }
}
