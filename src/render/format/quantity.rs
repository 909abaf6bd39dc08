//! Quantities, ranges and ratios: the number as written, the comparator in words, the unit always.

use super::coded;
use crate::render::context::Context;
use crate::render::language::Language;
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
fn comparator(language: Language, code: &str) -> String {
    let words = words::code_words(language, "comparator", code);
    if matches!(code, "<" | "<=" | ">=" | ">") { words } else { language.fill("(comparator {})", &[&words]) }
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
    ("ug", &["microgram", "micrograms", "mcg", "\u{b5}g", "\u{3bc}g"]),
    ("ng", &["nanogram", "nanograms"]),
    ("kg", &["kilogram", "kilograms", "kgs"]),
    ("ml", &["millilitre", "millilitres", "milliliter"]),
    ("l", &["litre", "litres"]),
    ("cm", &["centimetre", "centimetres"]),
    ("mm", &["millimetre", "millimetres"]),
    ("m", &["metre", "metres"]),
    ("mmol", &["millimole", "millimoles"]),
    ("mg/m2", &["milligrampersquaremetre"]),
    ("l/min", &["litreperminute", "literperminute", "litresperminute", "l/minute"]),
    ("kg/m2", &["kg/m\u{b2}", "kilogrampersquaremetre"]),
    ("cel", &["degrees c", "c", "\u{b0}c", "degreesc", "degreescelsius"]),
    ("/min", &["beats/minute", "breaths/minute", "bpm", "beats/min", "breaths/min", "perminute"]),
    ("10*9/l", &["10^9/l", "x10^9/l", "\u{d7}10^9/l", "10\u{2079}/l"]),
    ("10*12/l", &["10^12/l", "x10^12/l", "\u{d7}10^12/l"]),
    ("umol/l", &["\u{b5}mol/l", "\u{3bc}mol/l"]),
    ("iu/l", &["iu/l", "u/l"]),
    ("iu", &["internationalunit", "internationalunits", "iu", "unit", "units", "u"]),
    ("u", &["unit", "units", "u"]),
    ("%", &["percent", "percentage"]),
];

/// Whether a unit and its code are two spellings of the same.
fn same_unit(unit: &str, code: &str) -> bool {
    let (unit, code) = (bare(unit), bare(code));
    unit == code || UNITS.iter().any(|(known, names)| *known == code && names.contains(&unit.as_str()))
}

/// Abbreviations of units that have been misread, `10 U` as 100 and `ug` as `mg`: how they are written for one and for many
/// (NHS dose syntax; BNF, Prescription writing).
const MISREAD: &[(&str, &str, &str)] = &[
    ("U", "unit", "units"),
    ("u", "unit", "units"),
    ("IU", "international unit", "international units"),
    ("iu", "international unit", "international units"),
    ("I.U.", "international unit", "international units"),
    ("i.u.", "international unit", "international units"),
    ("[iU]", "international unit", "international units"),
    ("[IU]", "international unit", "international units"),
    ("ug", "microgram", "micrograms"),
    ("\u{b5}g", "microgram", "micrograms"),
    ("\u{3bc}g", "microgram", "micrograms"),
    ("mcg", "microgram", "micrograms"),
    ("mcgm", "microgram", "micrograms"),
    ("microg", "microgram", "micrograms"),
    ("ng", "nanogram", "nanograms"),
];

/// A unit in full, where its abbreviation has been misread: alone, or before a stroke in what a medicine is given by.
fn in_full(context: &Context<'_>, node: NodeId, unit: &str, count: &str) -> Option<String> {
    let (first, rest) = unit.split_once('/').map_or((unit, None), |(first, rest)| (first, Some(rest)));
    let (_, one, many) = MISREAD.iter().find(|(known, ..)| *known == first.trim())?;
    let kind = context.tree.resource_type(context.tree.resource_of(node)).unwrap_or("");
    // Results have their units as the laboratory writes them.
    if rest.is_some() && !(kind.starts_with("Medication") || kind == "Immunization") {
        return None;
    }
    let words = context.say(if matches!(count, "1" | "1.0") { one } else { many });
    Some(rest.map_or_else(|| words.clone(), |rest| format!("{words}/{}", words::visible(rest))))
}

/// Units' codes that stand alone and would be misread, and how they are written; the code stands beside them.
const WRITTEN: &[(&str, &str)] = &[
    ("[degF]", "\u{b0}F"),
    ("Cel", "\u{b0}C"),
    ("mm[Hg]", "mmHg"),
    ("/min", "per minute"),
    ("10*9/L", "\u{d7}10^9/L"),
    ("10*12/L", "\u{d7}10^12/L"),
];

/// Units of time: code, one, many.
const TIMES: &[(&str, &str, &str)] = &[
    ("s", "second", "seconds"),
    ("min", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("d", "day", "days"),
    ("wk", "week", "weeks"),
    ("mo", "month", "months"),
    ("a", "year", "years"),
];

/// A unit of time in words for this number of it; a code that is none stays as it is.
pub fn time_unit(language: Language, code: &str, count: &str) -> String {
    match TIMES.iter().find(|(known, ..)| *known == code) {
        Some((_, one, many)) => language.say(if matches!(count, "1" | "1.0") { one } else { many }),
        None if code.is_empty() => language.say("(unit not recorded)"),
        None => words::visible(code),
    }
}

/// The unit of time that a recorded unit names: `day` and `days` are `d`.
fn time_code(unit: &str) -> Option<&'static str> {
    TIMES.iter().find(|(code, one, many)| [*code, *one, *many].contains(&unit)).map(|(code, ..)| *code)
}

/// The number, comparator before it, and the unit after it, each in its style.
struct Parts {
    comparator: Option<String>,
    value: Piece,
    unit: Vec<Piece>,
    /// What the unit is, for comparing two of them.
    key: String,
}

fn parts(context: &mut Context<'_>, node: NodeId) -> Parts {
    let language = context.options.language;
    let comparator = context.take_child(node, "comparator").map(|code| comparator(language, &code));
    let number = context.take_child(node, "value");
    let value = match &number {
        Some(value) => Piece::new(Style::Strong, grouped(value)),
        None => Piece::secondary(context.say("Amount not recorded")),
    };
    let recorded = context.take_child(node, "unit");
    let code = context.peek(node, "code").map(words::visible);
    let key = format!("{}|{}", recorded.as_deref().unwrap_or(""), code.as_deref().unwrap_or(""));
    // The patient's rule has no space between the amount and a unit's symbol.
    let is_symbol = |unit: &str| unit.len() <= 3 && unit.chars().all(char::is_alphabetic);
    let for_patient = context.for_patient();
    let space = |unit: &str| if for_patient && is_symbol(unit) { "" } else { " " };
    let mut unit = Vec::new();
    // Time is counted in words: a recorded "day" is "days" after 21.
    let time = recorded.as_deref().and_then(time_code).filter(|time| code.as_deref().is_none_or(|code| code == *time));
    match (recorded, code) {
        (Some(_), _) if time.is_some() => {
            let words = time_unit(language, time.unwrap_or(""), number.as_deref().unwrap_or(""));
            unit.push(Piece::new(Style::Strong, format!(" {words}")));
        }
        (Some(text), code) => {
            let full = in_full(context, node, &text, number.as_deref().unwrap_or(""));
            let written = full.map_or_else(|| format!("{}{text}", space(&text)), |full| format!(" {full}"));
            unit.push(Piece::new(Style::Strong, written));
            // A number is a code of SNOMED CT or dm+d: it says what the unit's own words say.
            let is_readable = |code: &String| !code.bytes().all(|b| b.is_ascii_digit());
            if let Some(code) = code.filter(|code| is_readable(code) && !same_unit(&text, code)) {
                context.take_child(node, "code");
                unit.push(Piece::secondary(format!(" ({})", context.fill("unit code {}", &[&code]))));
            }
        }
        // UCUM writes "no unit" as 1, which beside a number reads as part of it.
        (None, Some(code)) if code == "1" => {
            context.take_child(node, "code");
            unit.push(Piece::secondary(format!(" ({})", context.say("no unit"))));
        }
        (None, Some(code)) if time_code(&code).is_some() => {
            // The code itself is a technical detail: its unit is in words.
            let words = time_unit(language, &code, number.as_deref().unwrap_or(""));
            unit.push(Piece::new(Style::Strong, format!(" {words}")));
        }
        (None, Some(code)) => {
            context.take_child(node, "code");
            if let Some(full) = in_full(context, node, &code, number.as_deref().unwrap_or("")) {
                unit.push(Piece::new(Style::Strong, format!(" {full}")));
            } else if let Some((_, written)) = WRITTEN.iter().find(|(known, _)| *known == code) {
                unit.push(Piece::new(Style::Strong, format!(" {}", context.say(written))));
                unit.push(Piece::secondary(format!(" ({code})")));
            } else {
                let inner = code.strip_prefix('{').and_then(|code| code.strip_suffix('}')).unwrap_or(&code);
                unit.push(Piece::new(Style::Strong, format!("{}{inner}", space(inner))));
            }
        }
        (None, None) => unit.extend(quantity_text(context, node)),
    }
    Parts { comparator, value, unit, key }
}

/// The unit that GP Connect sends beside the number, as an extension: `100` with `tablet`.
fn quantity_text(context: &mut Context<'_>, node: NodeId) -> Option<Piece> {
    let extension = context
        .children(node, "extension")
        .into_iter()
        .find(|extension| context.peek(*extension, "url").is_some_and(|url| url.contains("MedicationQuantityText")))?;
    let value = context.choice(extension, "value")?;
    let text = context.tree.text(value).filter(|text| text.starts_with(char::is_alphabetic))?;
    context.mark(value);
    context.has_extensions = true;
    Some(Piece::new(Style::Strong, format!(" {}", words::visible(text))))
}

/// A Quantity: `less than (<) 5 mmol/L`. That there is no unit is said of a result: nobody is to think the usual one.
pub fn quantity(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let parts = parts(context, node);
    let mut pieces = Vec::new();
    if let Some(words) = parts.comparator {
        pieces.push(Piece::new(Style::Warning, format!("{words} ")));
    }
    pieces.push(parts.value);
    let is_bare = parts.unit.is_empty() && context.tree.name(node) == "valueQuantity";
    pieces.extend(parts.unit);
    if is_bare && context.peek(node, "value").is_some() {
        pieces.push(Piece::secondary(format!(" ({})", context.say("no unit given"))));
    }
    pieces
}

/// A Range: `5 to 10 mg`; where the two ends have different units, each with its own.
pub fn range(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let low = context.child(node, "low");
    let high = context.child(node, "high");
    match (low, high) {
        (Some(low), Some(high)) => {
            let (low, high) = (parts(context, low), parts(context, high));
            let mut pieces = Vec::new();
            pieces.extend(low.comparator.map(|words| Piece::new(Style::Warning, format!("{words} "))));
            pieces.push(low.value);
            if low.key != high.key || high.comparator.is_some() {
                pieces.extend(low.unit);
            }
            pieces.push(Piece::plain(format!(" {} ", context.say("to"))));
            pieces.extend(high.comparator.map(|words| Piece::new(Style::Warning, format!("{words} "))));
            pieces.push(high.value);
            pieces.extend(high.unit);
            pieces
        }
        (Some(low), None) => {
            let mut pieces = super::inline(context, low);
            pieces.push(Piece::plain(format!(" {}", context.say("or more"))));
            pieces
        }
        (None, Some(high)) => {
            let high = super::inline(context, high);
            std::iter::once(Piece::plain(format!("{} ", context.say("up to")))).chain(high).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// A reference range of an Observation: `2.0 to 20.0 nmol/L (normal range)`. Where its unit is not that of the value, the
/// reader is told: the two numbers cannot be compared.
pub fn reference_range(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut pieces = range(context, node);
    let text = context.take_child(node, "text");
    match text {
        Some(text) if pieces.is_empty() => pieces.push(Piece::plain(text)),
        Some(text) => pieces.push(Piece::plain(format!(" ({text})"))),
        None => {}
    }
    let kind = context.child(node, "type");
    for concept in kind.into_iter().chain(context.children(node, "appliesTo")) {
        pieces.push(Piece::plain(format!(
            "{}{}",
            if pieces.is_empty() { "" } else { ", " },
            coded::concept_line(context, concept)
        )));
    }
    if let Some(age) = context.child(node, "age") {
        let age = super::plain(&range(context, age));
        pieces.push(Piece::plain(context.fill(" at the age of {}", &[&age])));
    }
    if units_differ(context, node) {
        pieces.push(Piece::new(Style::Warning, format!(" ({})", context.say("in another unit than the value"))));
    }
    pieces
}

/// Whether one quantity is in the unit of another; one without a unit is meant in the other's.
pub fn are_same_unit(context: &Context<'_>, value: NodeId, end: NodeId) -> bool {
    let of = |node: NodeId| {
        let text = |name: &str| context.peek(node, name).map(str::trim).filter(|text| !text.is_empty());
        text("code").into_iter().chain(text("unit")).map(str::to_owned).collect::<Vec<_>>()
    };
    let (value, end) = (of(value), of(end));
    end.is_empty() || end.iter().any(|one| value.iter().any(|two| same_unit(one, two) || same_unit(two, one)))
}

/// Whether the units of a range and of the value that it is for are both known and not the same.
fn units_differ(context: &Context<'_>, range: NodeId) -> bool {
    let unit = |node: NodeId| {
        let text = |name: &str| context.peek(node, name).map(str::trim).filter(|text| !text.is_empty());
        text("code").into_iter().chain(text("unit")).map(str::to_owned).collect::<Vec<_>>()
    };
    let Some(parent) = context.tree.parent(range) else { return false };
    let Some(value) = context.child(parent, "valueQuantity").map(unit).filter(|unit| !unit.is_empty()) else {
        return false;
    };
    ["low", "high"].iter().filter_map(|name| context.child(range, name)).any(|end| {
        let end = unit(end);
        !end.is_empty() && !end.iter().any(|one| value.iter().any(|two| same_unit(one, two) || same_unit(two, one)))
    })
}

/// A Ratio: `30 mL per hour`, `12 mg in 24 hours` where it is a limit over a time, and `1:128` where neither has a unit.
pub fn ratio(context: &mut Context<'_>, node: NodeId, joined: &str) -> Vec<Piece> {
    let unitless = |context: &Context<'_>, name: &str| {
        let part = context.child(node, name)?;
        let has = ["unit", "code", "comparator"].iter().any(|name| context.child(part, name).is_some());
        context.child(part, "value").filter(|_| !has)
    };
    if let Some((numerator, denominator)) = unitless(context, "numerator").zip(unitless(context, "denominator"))
        && let Some((numerator, denominator)) = context.take(numerator).zip(context.take(denominator))
    {
        return vec![Piece::new(Style::Strong, format!("{numerator}:{denominator}"))];
    }
    let mut pieces = match context.child(node, "numerator") {
        Some(part) => super::inline(context, part),
        None => vec![Piece::secondary(context.say("Amount not recorded"))],
    };
    if let Some(denominator) = context.child(node, "denominator") {
        let parts = parts(context, denominator);
        let is_one = parts.value.text == "1" && parts.comparator.is_none() && !parts.unit.is_empty();
        pieces.push(Piece::plain(format!(" {} ", context.say(if is_one { "per" } else { joined }))));
        pieces.extend(parts.comparator.map(|words| Piece::new(Style::Warning, format!("{words} "))));
        if is_one {
            // "per hour", not "per 1 hour".
            let mut unit = parts.unit.into_iter();
            pieces.extend(unit.next().map(|piece| Piece { text: piece.text.trim_start().to_owned(), ..piece }));
            pieces.extend(unit);
        } else {
            pieces.push(parts.value);
            pieces.extend(parts.unit);
        }
    }
    pieces
}
