//! Dosage and Timing as words, in the order and phrases of the NHS dose syntax implementation guidance. The words are
//! made from the structured parts and stand beside `Dosage.text`, never in its place.

use super::{coded, date_piece, plain, quantity};
use crate::render::context::Context;
use crate::render::model::{Piece, Style};
use crate::render::shape::Shape;
use crate::render::words;
use crate::tree::NodeId;

/// Code, words before a number of one, words otherwise.
const UNITS: &[(&str, &str, &str)] = &[
    ("s", "second", "seconds"),
    ("min", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("d", "day", "days"),
    ("wk", "week", "weeks"),
    ("mo", "month", "months"),
    ("a", "year", "years"),
];

/// The words of `Timing.repeat.when`.
const WHEN: &[(&str, &str)] = &[
    ("MORN", "in the morning"),
    ("MORN.early", "in the early morning"),
    ("MORN.late", "in the late morning"),
    ("NOON", "at noon"),
    ("AFT", "in the afternoon"),
    ("AFT.early", "in the early afternoon"),
    ("AFT.late", "in the late afternoon"),
    ("EVE", "in the evening"),
    ("EVE.early", "in the early evening"),
    ("EVE.late", "in the late evening"),
    ("NIGHT", "at night"),
    ("PHS", "after sleep"),
    ("HS", "before sleep"),
    ("WAKE", "upon waking"),
    ("C", "at a meal"),
    ("CM", "at breakfast"),
    ("CD", "at lunch"),
    ("CV", "at dinner"),
    ("AC", "before a meal"),
    ("ACM", "before breakfast"),
    ("ACD", "before lunch"),
    ("ACV", "before dinner"),
    ("PC", "after a meal"),
    ("PCM", "after breakfast"),
    ("PCD", "after lunch"),
    ("PCV", "after dinner"),
];

fn unit(code: &str, count: &str) -> String {
    match UNITS.iter().find(|(known, ..)| *known == code) {
        Some((_, one, many)) => if count == "1" { *one } else { *many }.to_owned(),
        None => words::visible(code),
    }
}

/// A Timing: its events, its repeat and its code.
pub fn timing(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let (before, after) = timing_parts(context, node);
    let all: Vec<String> = before.into_iter().chain(after).collect();
    if all.is_empty() { Vec::new() } else { vec![Piece::plain(all.join(" - "))] }
}

/// What goes before the route and what goes after "as required".
fn timing_parts(context: &mut Context<'_>, node: NodeId) -> (Vec<String>, Vec<String>) {
    let mut before = Vec::new();
    let mut after = Vec::new();
    if let Some(repeat) = context.child(node, "repeat") {
        duration(context, repeat, &mut before);
        frequency(context, repeat, &mut before);
        when(context, repeat, &mut before);
        bounds(context, repeat, &mut after);
        let count = context.take_child(repeat, "count");
        let most = context.take_child(repeat, "countMax");
        match (count, most) {
            (Some(count), Some(most)) => after.push(format!("take {count} to {most} times")),
            (Some(count), None) if count == "1" => after.push("take once".to_owned()),
            (Some(count), None) => after.push(format!("take {count} times")),
            (None, Some(most)) => after.push(format!("take up to {most} times")),
            (None, None) => {}
        }
    }
    let events: Vec<String> = context
        .children(node, "event")
        .into_iter()
        .filter_map(|event| date_piece(context, event).map(|piece| piece.text))
        .collect();
    if !events.is_empty() {
        after.push(format!("on {}", words::list(&events)));
    }
    if let Some(code) = context.child(node, "code") {
        let text = plain(&coded::concept(context, code));
        if !text.is_empty() {
            before.push(text);
        }
    }
    (before, after)
}

fn duration(context: &mut Context<'_>, repeat: NodeId, out: &mut Vec<String>) {
    let length = context.take_child(repeat, "duration");
    let most = context.take_child(repeat, "durationMax");
    let code = context.take_child(repeat, "durationUnit").unwrap_or_default();
    match (length, most) {
        (Some(length), None) => out.push(format!("over {length} {}", unit(&code, &length))),
        (Some(length), Some(most)) => {
            out.push(format!("over {length} {} (maximum {most} {})", unit(&code, &length), unit(&code, &most)));
        }
        (None, Some(most)) => out.push(format!("over at most {most} {}", unit(&code, &most))),
        (None, None) if !code.is_empty() => out.push(format!("duration unit {}", unit(&code, "1"))),
        (None, None) => {}
    }
}

fn frequency(context: &mut Context<'_>, repeat: NodeId, out: &mut Vec<String>) {
    let least = context.take_child(repeat, "frequency");
    let most = context.take_child(repeat, "frequencyMax");
    let period = context.take_child(repeat, "period");
    let period_most = context.take_child(repeat, "periodMax");
    let code = context.take_child(repeat, "periodUnit").unwrap_or_default();
    let times = match (least.as_deref(), most.as_deref()) {
        (Some("1"), None) => Some("once".to_owned()),
        (Some("2"), None) => Some("twice".to_owned()),
        (Some(least), None) => Some(format!("{least} times")),
        (Some(least), Some(most)) => Some(format!("{least} to {most} times")),
        (None, Some("1")) => Some("up to once".to_owned()),
        (None, Some(most)) => Some(format!("up to {most} times")),
        (None, None) => None,
    };
    let every = match (period.as_deref(), period_most.as_deref()) {
        (Some("1"), None) => Some((true, unit(&code, "1"))),
        (Some(period), None) => Some((false, format!("{period} {}", unit(&code, period)))),
        (Some(period), Some(most)) => Some((false, format!("{period} to {most} {}", unit(&code, most)))),
        (None, Some(most)) => Some((false, format!("up to {most} {}", unit(&code, most)))),
        (None, None) if !code.is_empty() => Some((false, unit(&code, "1"))),
        (None, None) => None,
    };
    let text = match (times, every) {
        (Some(times), Some((true, unit))) => {
            let article = if unit.starts_with("hour") { "an" } else { "a" };
            format!("{times} {article} {unit}")
        }
        (Some(times), Some((false, every))) if times == "once" => format!("every {every}"),
        (Some(times), Some((false, every))) => format!("{times} every {every}"),
        (Some(times), None) => times,
        (None, Some((_, every))) => format!("every {every}"),
        (None, None) => return,
    };
    out.push(text);
}

fn when(context: &mut Context<'_>, repeat: NodeId, out: &mut Vec<String>) {
    let texts = |context: &mut Context<'_>, name: &str| -> Vec<String> {
        let nodes = context.children(repeat, name);
        nodes.into_iter().filter_map(|node| context.take(node)).collect()
    };
    let offset = context.take_child(repeat, "offset");
    let when: Vec<String> = texts(context, "when")
        .into_iter()
        .map(|code| {
            let known = WHEN.iter().find(|(known, _)| *known == code);
            known.map_or_else(|| code.clone(), |(_, words)| (*words).to_owned())
        })
        .collect();
    let mut phrase = words::list(&when);
    if let Some(offset) = offset {
        let minutes = format!("{offset} {}", unit("min", &offset));
        phrase = if phrase.is_empty() { format!("offset {minutes}") } else { format!("{minutes} {phrase}") };
    }
    if !phrase.is_empty() {
        out.push(phrase);
    }
    let days: Vec<String> =
        texts(context, "dayOfWeek").iter().map(|code| words::code_words("dayOfWeek", code)).collect();
    let times: Vec<String> = texts(context, "timeOfDay")
        .iter()
        .map(|text| super::date::Clock::parse(text).map_or_else(|| text.clone(), |clock| clock.clinical()))
        .collect();
    match (days.is_empty(), times.is_empty()) {
        (false, false) => out.push(format!("on {} at {}", words::list(&days), words::list(&times))),
        (false, true) => out.push(format!("on {}", words::list(&days))),
        (true, false) => out.push(format!("at {}", words::list(&times))),
        (true, true) => {}
    }
}

fn bounds(context: &mut Context<'_>, repeat: NodeId, out: &mut Vec<String>) {
    let Some(bounds) = context.choice(repeat, "bounds") else { return };
    let text = super::inline_text(context, bounds);
    if !text.is_empty() {
        out.push(if context.shape(bounds) == Shape::Period { text } else { format!("for {text}") });
    }
}

/// The structured part of a Dosage as a line; empty where there is none.
fn line(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut dose = String::new();
    if let Some(method) = context.child(node, "method") {
        dose = plain(&coded::concept(context, method));
    }
    if let Some(amount) = context.choice(node, "dose") {
        let amount = super::inline_text(context, amount);
        dose = if dose.is_empty() { amount } else { format!("{dose} {amount}") };
    }
    let mut parts: Vec<Piece> = Vec::new();
    let mut push = |style: Style, text: String| {
        if !text.is_empty() {
            if !parts.is_empty() {
                parts.push(Piece::plain(" - "));
            }
            parts.push(Piece::new(style, text));
        }
    };
    push(Style::Strong, dose);
    if let Some(rate) = context.choice(node, "rate") {
        push(Style::Plain, format!("at a rate of {}", super::inline_text(context, rate)));
    }
    let mut after = Vec::new();
    if let Some(timing) = context.child(node, "timing") {
        let parts = timing_parts(context, timing);
        parts.0.into_iter().for_each(|text| push(Style::Plain, text));
        after = parts.1;
    }
    for name in ["route", "site"] {
        if let Some(part) = context.child(node, name) {
            push(Style::Plain, plain(&coded::concept(context, part)));
        }
    }
    if let Some(needed) = context.choice(node, "asNeeded") {
        if context.shape(needed) == Shape::Boolean {
            let text = context.take(needed).unwrap_or_default();
            let words = if text == "false" { "not as required: take regularly" } else { "as required" };
            push(Style::Plain, words.to_owned());
        } else {
            push(Style::Plain, format!("as required for {}", super::inline_text(context, needed)));
        }
    }
    after.into_iter().for_each(|text| push(Style::Plain, text));
    if let Some(most) = context.child(node, "maxDosePerPeriod") {
        push(Style::Warning, format!("up to a maximum of {}", plain(&quantity::ratio(context, most))));
    }
    for (name, words) in [("maxDosePerAdministration", "per administration"), ("maxDosePerLifetime", "in a lifetime")] {
        if let Some(most) = context.child(node, name) {
            push(Style::Warning, format!("up to a maximum of {} {words}", plain(&quantity::quantity(context, most))));
        }
    }
    for note in context.children(node, "additionalInstruction") {
        push(Style::Plain, plain(&coded::concept(context, note)));
    }
    if let Some(text) = context.take_child(node, "patientInstruction") {
        push(Style::Plain, format!("instruction for the patient: {text}"));
    }
    parts
}

/// The numbers in a text, for comparing two ways of saying a dose.
fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
        .map(|number| number.replace(',', ""))
        .map(|number| number.trim_matches('.').to_owned())
        .filter(|number| !number.is_empty())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// A Dosage: its text as written, then what the structured parts say. Where the structured amount is a number that the
/// text does not have, the reader is told.
pub fn dosage(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let text = context.take_child(node, "text");
    let amount = context.choice(node, "dose").map(|dose| context.unmarked(|context| super::inline_text(context, dose)));
    let sequence = context.take_child(node, "sequence");
    let line = line(context, node);
    let mut pieces = Vec::new();
    if let Some(sequence) = sequence {
        pieces.push(Piece::secondary(format!("Step {sequence}: ")));
    }
    match (text, line.is_empty()) {
        (Some(text), true) => pieces.push(Piece::new(Style::Strong, text)),
        (Some(text), false) => {
            let said = numbers(&text);
            let differs = !said.is_empty()
                && amount.is_some_and(|amount| numbers(&amount).iter().any(|number| !said.contains(number)));
            pieces.push(Piece::new(Style::Strong, text));
            pieces.push(Piece::secondary("\nStructured dose: "));
            pieces.extend(line);
            if differs {
                pieces.push(Piece::new(Style::Warning, "\nThe structured dose has a number that the text does not."));
            }
        }
        (None, false) => pieces.extend(line),
        (None, true) => pieces.push(Piece::secondary("No dose given")),
    }
    pieces
}
