//! Dosage and Timing as words, in the order and phrases of the NHS dose syntax implementation guidance. The words are
//! made from the structured parts and stand beside `Dosage.text`, never in its place.

use super::date::Clock;
use super::quantity::time_unit;
use super::{coded, date_piece, plain, quantity};
use crate::render::context::Context;
use crate::render::model::{Piece, Style};
use crate::render::shape::Shape;
use crate::render::{views, words};
use crate::tree::NodeId;

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

/// Codes of v3 GTSAbbreviation that come without a display, in words.
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("QD", "every day"),
    ("QOD", "every other day"),
    ("BID", "two times a day"),
    ("TID", "three times a day"),
    ("QID", "four times a day"),
    ("Q4H", "every 4 hours"),
    ("Q6H", "every 6 hours"),
    ("AM", "every morning"),
    ("PM", "every afternoon"),
];

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
            (Some(count), Some(most)) => after.push(context.fill("take {} to {} times", &[&count, &most])),
            (Some(count), None) if count == "1" => after.push(context.say("take once")),
            (Some(count), None) => after.push(context.fill("take {} times", &[&count])),
            (None, Some(most)) => after.push(context.fill("take up to {} times", &[&most])),
            (None, None) => {}
        }
    }
    let events: Vec<String> = context
        .children(node, "event")
        .into_iter()
        .filter_map(|event| date_piece(context, event).map(|piece| piece.text))
        .collect();
    if !events.is_empty() {
        after.push(context.fill("on {}", &[&words::list(context.options.language, &events)]));
    }
    if let Some(code) = context.child(node, "code") {
        let bare = ["text", "coding.display"].iter().all(|path| views::select(context, code, path).is_empty());
        let known = views::select(context, code, "coding.code").into_iter().find_map(|node| {
            let text = context.tree.text(node)?;
            ABBREVIATIONS.iter().find(|(known, _)| *known == text).map(|(_, words)| (node, context.say(words)))
        });
        let text = match known.filter(|_| bare) {
            Some((node, words)) => context.take(node).map(|code| format!("{words} ({code})")).unwrap_or_default(),
            None => coded::concept_line(context, code),
        };
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
    let unit = |count: &str| format!("{count} {}", time_unit(context.options.language, &code, count));
    match (length, most) {
        (Some(length), None) => out.push(context.fill("over {}", &[&unit(&length)])),
        (Some(length), Some(most)) => {
            out.push(context.fill("over {} (maximum {})", &[&unit(&length), &unit(&most)]));
        }
        (None, Some(most)) => out.push(context.fill("over at most {}", &[&unit(&most)])),
        (None, None) if !code.is_empty() => {
            out.push(context.fill("duration unit {}", &[&time_unit(context.options.language, &code, "1")]));
        }
        (None, None) => {}
    }
}

/// `once a day`, `4 times a day`, `every 8 hours`, `2 to 3 times every 8 hours`.
fn frequency(context: &mut Context<'_>, repeat: NodeId, out: &mut Vec<String>) {
    let least = context.take_child(repeat, "frequency");
    // A range of one number is that number: `every 1 to 1 day` would only make the reader look twice.
    let most = context.take_child(repeat, "frequencyMax").filter(|most| least.as_deref() != Some(most));
    let period = context.take_child(repeat, "period");
    let period_most = context.take_child(repeat, "periodMax").filter(|most| period.as_deref() != Some(most));
    let code = context.take_child(repeat, "periodUnit").unwrap_or_default();
    let unit = |count: &str| time_unit(context.options.language, &code, count);
    let once = (least.as_deref(), most.as_deref()) == (Some("1"), None);
    let times = match (least.as_deref(), most.as_deref()) {
        (Some("1"), None) => Some(context.say("once")),
        (Some("2"), None) => Some(context.say("twice")),
        (Some(least), None) => Some(context.fill("{} times", &[least])),
        (Some(least), Some(most)) => Some(context.fill("{} to {} times", &[least, most])),
        (None, Some("1")) => Some(context.say("up to once")),
        (None, Some(most)) => Some(context.fill("up to {} times", &[most])),
        (None, None) => None,
    };
    let every = match (period.as_deref(), period_most.as_deref()) {
        (Some("1"), None) => Some((true, unit("1"))),
        (Some(period), None) => Some((false, format!("{period} {}", unit(period)))),
        (Some(period), Some(most)) => Some((false, context.fill("{} to {} {}", &[period, most, &unit(most)]))),
        (None, Some(most)) => Some((false, context.fill("up to {} {}", &[most, &unit(most)]))),
        (None, None) if !code.is_empty() => Some((false, unit("1"))),
        (None, None) => None,
    };
    let text = match (times, every) {
        (Some(times), Some((true, unit))) if code == "h" => context.fill("{} an {}", &[&times, &unit]),
        (Some(times), Some((true, unit))) => context.fill("{} a {}", &[&times, &unit]),
        (Some(_), Some((false, every))) if once => context.fill("every {}", &[&every]),
        (Some(times), Some((false, every))) => context.fill("{} every {}", &[&times, &every]),
        (Some(times), None) => times,
        (None, Some((_, every))) => context.fill("every {}", &[&every]),
        (None, None) => return,
    };
    out.push(text);
}

fn when(context: &mut Context<'_>, repeat: NodeId, out: &mut Vec<String>) {
    let language = context.options.language;
    let texts = |context: &mut Context<'_>, name: &str| -> Vec<String> {
        let nodes = context.children(repeat, name);
        nodes.into_iter().filter_map(|node| context.take(node)).collect()
    };
    let offset = context.take_child(repeat, "offset");
    let when: Vec<String> = texts(context, "when")
        .into_iter()
        .map(|code| {
            let known = WHEN.iter().find(|(known, _)| *known == code);
            known.map_or_else(|| code.clone(), |(_, words)| language.say(words))
        })
        .collect();
    let mut phrase = words::list(language, &when);
    if let Some(offset) = offset {
        let minutes = format!("{offset} {}", time_unit(language, "min", &offset));
        phrase = if phrase.is_empty() { context.fill("offset {}", &[&minutes]) } else { format!("{minutes} {phrase}") };
    }
    if !phrase.is_empty() {
        out.push(phrase);
    }
    let days: Vec<String> =
        texts(context, "dayOfWeek").iter().map(|code| words::code_words(language, "dayOfWeek", code)).collect();
    let for_patient = context.for_patient();
    let times: Vec<String> = texts(context, "timeOfDay")
        .iter()
        .map(|text| match Clock::parse(text) {
            Some(clock) if for_patient => clock.patient(language),
            Some(clock) => clock.clinical(),
            None => text.clone(),
        })
        .collect();
    let (days_list, times_list) = (words::list(language, &days), words::list(language, &times));
    match (days.is_empty(), times.is_empty()) {
        (false, false) => out.push(context.fill("on {} at {}", &[&days_list, &times_list])),
        (false, true) => out.push(context.fill("on {}", &[&days_list])),
        (true, false) => out.push(context.fill("at {}", &[&times_list])),
        (true, true) => {}
    }
}

fn bounds(context: &mut Context<'_>, repeat: NodeId, out: &mut Vec<String>) {
    let Some(bounds) = context.choice(repeat, "bounds") else { return };
    let text = super::inline_text(context, bounds);
    if !text.is_empty() {
        let is_period = context.shape(bounds) == Shape::Period;
        out.push(if is_period { text } else { context.fill("for {}", &[&text]) });
    }
}

/// The structured part of a Dosage as a line; empty where there is none.
fn line(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut dose = String::new();
    if let Some(method) = context.child(node, "method") {
        dose = coded::concept_line(context, method);
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
        let rate = super::inline_text(context, rate);
        push(Style::Plain, context.fill("at a rate of {}", &[&rate]));
    }
    let mut after = Vec::new();
    if let Some(timing) = context.child(node, "timing") {
        let parts = timing_parts(context, timing);
        parts.0.into_iter().for_each(|text| push(Style::Plain, text));
        after = parts.1;
    }
    for name in ["route", "site"] {
        if let Some(part) = context.child(node, name) {
            push(Style::Plain, coded::concept_line(context, part));
        }
    }
    if let Some(needed) = context.choice(node, "asNeeded") {
        if context.shape(needed) == Shape::Boolean {
            let text = context.take(needed).unwrap_or_default();
            let words = if text == "false" { "not as required: take regularly" } else { "as required" };
            push(Style::Plain, context.say(words));
        } else {
            let reason = coded::concept_line(context, needed);
            push(Style::Plain, context.fill("as required for {}", &[&reason]));
        }
    }
    after.into_iter().for_each(|text| push(Style::Plain, text));
    if let Some(most) = context.child(node, "maxDosePerPeriod") {
        let most = plain(&quantity::ratio(context, most, "in"));
        push(Style::Warning, context.fill("up to a maximum of {}", &[&most]));
    }
    for (name, phrase) in [
        ("maxDosePerAdministration", "up to a maximum of {} per dose"),
        ("maxDosePerLifetime", "up to a maximum of {} for the lifetime of the patient"),
    ] {
        if let Some(most) = context.child(node, name) {
            let most = plain(&quantity::quantity(context, most));
            push(Style::Warning, context.fill(phrase, &[&most]));
        }
    }
    for note in context.children(node, "additionalInstruction") {
        push(Style::Plain, coded::concept_line(context, note));
    }
    if let Some(text) = context.take_child(node, "patientInstruction") {
        push(Style::Plain, context.fill("instruction for the patient: {}", &[&text]));
    }
    parts
}

/// Numbers that prescriptions write in letters.
const NUMBERS: &[(&str, &str)] = &[
    ("half", "0.5"),
    ("one", "1"),
    ("two", "2"),
    ("twice", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("twelve", "12"),
];

/// The numbers in a text, for comparing two ways of saying a dose; `2.50` is `2.5`, and `TWO` is `2`.
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == ',')) {
        let lower = word.trim_matches(['.', ',']).to_ascii_lowercase();
        if let Some((_, digits)) = NUMBERS.iter().find(|(known, _)| *known == lower) {
            found.push((*digits).to_owned());
            continue;
        }
        for number in word.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')) {
            let number = number.trim_matches(['.', ',']).replace(',', "");
            if number.is_empty() {
                continue;
            }
            let is_fraction = number.contains('.');
            let number = if is_fraction { number.trim_end_matches('0').trim_end_matches('.') } else { &number };
            found.push(number.to_owned());
        }
    }
    crate::order::sort(&mut found);
    found.dedup();
    found
}

/// Where the text and the structured amount and frequency have numbers that the other has not, both are named.
fn difference(context: &mut Context<'_>, node: NodeId, text: &str) -> Option<String> {
    let said = numbers(text);
    if said.is_empty() {
        return None;
    }
    let (amount, often) = context.unmarked(|context| {
        let amount = context.choice(node, "dose").map(|dose| super::inline_text(context, dose));
        let mut often = Vec::new();
        if let Some(repeat) = views::select(context, node, "timing.repeat").first() {
            frequency(context, *repeat, &mut often);
        }
        (amount, often.join(" "))
    });
    let mut structured = numbers(amount.as_deref().unwrap_or(""));
    let only_structured: Vec<String> = structured.iter().filter(|number| !said.contains(number)).cloned().collect();
    structured.extend(numbers(&often));
    let only_text: Vec<String> = said.into_iter().filter(|number| !structured.contains(number)).collect();
    (!only_structured.is_empty()).then(|| {
        let language = context.options.language;
        let structured = words::list(language, &only_structured);
        if only_text.is_empty() {
            context.fill("The structured dose has a number that the text does not: {}.", &[&structured])
        } else {
            let text = words::list(language, &only_text);
            context.fill(
                "The numbers differ: only the structured dose has {}; only the text has {}.",
                &[&structured, &text],
            )
        }
    })
}

/// How a dosage follows the one before it: steps of one sequence number are taken together, others one after another.
fn step(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let number = context.take_child(node, "sequence")?;
    let tree = context.tree;
    let all: Vec<NodeId> =
        tree.parent(node).map(|parent| tree.named(parent, tree.name(node)).collect()).unwrap_or_default();
    let before = all.iter().position(|one| *one == node).and_then(|at| all.get(at.checked_sub(1)?));
    let phrase = match before.and_then(|before| context.peek(*before, "sequence")) {
        Some(earlier) if earlier == number => "and in the same step {}: ",
        Some(_) => "then step {}: ",
        None => "Step {}: ",
    };
    Some(context.fill(phrase, &[&number]))
}

/// A Dosage: its text as written, then what the structured parts say. Where the structured amount is a number that the
/// text does not have, the reader is told.
pub fn dosage(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let text = context.take_child(node, "text");
    let step = step(context, node);
    let line = line(context, node);
    let mut pieces: Vec<Piece> = step.map(Piece::secondary).into_iter().collect();
    match (text, line.is_empty()) {
        (Some(text), true) => pieces.push(Piece::new(Style::Strong, text)),
        (Some(text), false) => {
            let differs = difference(context, node, &text);
            pieces.push(Piece::new(Style::Strong, text));
            pieces.push(Piece::secondary(format!("\n{}: ", context.say("Structured dose"))));
            pieces.extend(line);
            pieces.extend(differs.map(|words| Piece::new(Style::Warning, format!("\n{words}"))));
        }
        (None, false) => pieces.extend(line),
        (None, true) => pieces.push(Piece::secondary(context.say("No dose given"))),
    }
    pieces
}
