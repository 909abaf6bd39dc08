//! Quantities, ranges and ratios: the number as written, the comparator in words, the unit always.

use crate::render::context::Context;
use crate::render::model::{Piece, Style};
use crate::render::words;
use crate::tree::NodeId;

/// A whole number of 1,000 or more with commas (MEDi-017); anything else as written.
pub fn grouped(text: &str) -> String {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() < 4 || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return words::visible(text);
    }
    let mut out = String::from(if digits.len() < text.len() { "-" } else { "" });
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A comparator in words with its sign.
fn comparator(code: &str) -> String {
    let words = words::code_words("comparator", code);
    if matches!(code, "<" | "<=" | ">=" | ">") { words } else { format!("(comparator {words})") }
}

/// The letters and digits of a unit, to see whether the unit and its code say the same.
fn bare(unit: &str) -> String {
    unit.chars().filter(|c| !matches!(c, '[' | ']' | '{' | '}' | ' ' | '.')).collect::<String>().to_lowercase()
}

/// A unit's code and its usual names, so that "milligram" and "mg" are not shown as a disagreement.
const UNITS: &[(&str, &[&str])] = &[
    ("a", &["year", "years", "yr", "yrs"]),
    ("mo", &["month", "months"]),
    ("wk", &["week", "weeks"]),
    ("d", &["day", "days"]),
    ("h", &["hour", "hours", "hr", "hrs"]),
    ("min", &["minute", "minutes", "mins"]),
    ("s", &["second", "seconds", "sec"]),
    ("mg", &["milligram", "milligrams"]),
    ("g", &["gram", "grams"]),
    ("ug", &["microgram", "micrograms", "mcg"]),
    ("kg", &["kilogram", "kilograms", "kgs"]),
    ("ml", &["millilitre", "millilitres", "milliliter"]),
    ("l", &["litre", "litres"]),
    ("cm", &["centimetre", "centimetres"]),
    ("cel", &["degrees c", "c", "\u{b0}c", "degrees celsius"]),
    ("/min", &["beats/minute", "breaths/minute", "bpm", "beats/min", "breaths/min", "perminute"]),
];

/// Whether a unit and its code are two spellings of the same.
fn same_unit(unit: &str, code: &str) -> bool {
    let (unit, code) = (bare(unit), bare(code));
    unit == code || UNITS.iter().any(|(known, names)| *known == code && names.contains(&unit.as_str()))
}

/// A Quantity: `less than (<) 5 mmol/L`.
pub fn quantity(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if let Some(code) = context.take_child(node, "comparator") {
        pieces.push(Piece::new(Style::Warning, format!("{} ", comparator(&code))));
    }
    match context.take_child(node, "value") {
        Some(value) => pieces.push(Piece::new(Style::Strong, grouped(&value))),
        None => pieces.push(Piece::secondary("Amount not recorded")),
    }
    let unit = context.take_child(node, "unit");
    let code = context.peek(node, "code").map(str::to_owned);
    // The patient's rule has no space between the amount and a unit's symbol.
    let is_symbol = |unit: &str| unit.len() <= 3 && unit.chars().all(char::is_alphabetic);
    let for_patient = context.for_patient();
    let space = |unit: &str| if for_patient && is_symbol(unit) { "" } else { " " };
    match (unit, code) {
        (Some(unit), code) => {
            pieces.push(Piece::new(Style::Strong, format!("{}{unit}", space(&unit))));
            if let Some(code) = code.filter(|code| !same_unit(&unit, code)) {
                context.take_child(node, "code");
                pieces.push(Piece::secondary(format!(" (unit code {})", words::visible(&code))));
            }
        }
        (None, Some(code)) => {
            context.take_child(node, "code");
            let code = words::visible(&code);
            pieces.push(Piece::new(Style::Strong, format!("{}{code}", space(&code))));
        }
        (None, None) => {}
    }
    pieces
}

/// A Range: `5 to 10 mg`.
pub fn range(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let part =
        |context: &mut Context<'_>, name: &str| context.child(node, name).map(|child| super::inline(context, child));
    let low = part(context, "low");
    let high = part(context, "high");
    match (low, high) {
        (Some(mut low), Some(high)) => {
            low.push(Piece::plain(" to "));
            low.extend(high);
            low
        }
        (Some(mut low), None) => {
            low.push(Piece::plain(" or more"));
            low
        }
        (None, Some(high)) => std::iter::once(Piece::plain("up to ")).chain(high).collect(),
        (None, None) => Vec::new(),
    }
}

/// A Ratio: `30 mL per 1 hour`.
pub fn ratio(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let part =
        |context: &mut Context<'_>, name: &str| context.child(node, name).map(|child| super::inline(context, child));
    let mut pieces = part(context, "numerator").unwrap_or_else(|| vec![Piece::secondary("Amount not recorded")]);
    if let Some(denominator) = part(context, "denominator") {
        pieces.push(Piece::plain(" per "));
        pieces.extend(denominator);
    }
    pieces
}
