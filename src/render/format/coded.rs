//! Coded values and references.

use super::plain;
use crate::nhs;
use crate::render::context::{Context, Mark};
use crate::render::labels::type_label;
use crate::render::language::Language;
use crate::render::model::{Piece, Style};
use crate::render::{systems, views, words};
use crate::tree::NodeId;
use std::collections::BTreeSet;

/// Code of data-absent-reason or v3 NullFlavor, words.
const ABSENT: &[(&str, &str)] = &[
    ("unknown", "it is unknown"),
    ("UNK", "it is unknown (UNK)"),
    ("asked", "it was asked for and is not known (asked)"),
    ("asked-unknown", "it was asked for and is not known (asked)"),
    ("ASKU", "it was asked for and is not known (ASKU)"),
    ("temp", "it is not known at the moment (temp)"),
    ("temp-unknown", "it is not known at the moment (temp)"),
    ("NAV", "it is not known at the moment (NAV)"),
    ("not-asked", "it was not asked for"),
    ("NASK", "it was not asked for (NASK)"),
    ("masked", "it is hidden for reasons of privacy or security (masked)"),
    ("MSK", "it is hidden for reasons of privacy or security (MSK)"),
    ("unsupported", "the sending system does not support it (unsupported)"),
    ("astext", "it is given in the text (astext)"),
    ("as-text", "it is given in the text (as-text)"),
    ("error", "there was an error in measuring or in the system (error)"),
    ("NaN", "it is not a number (NaN)"),
    ("not-a-number", "it is not a number (NaN)"),
    ("not-performed", "it was not done (not-performed)"),
    ("NI", "there is no information (NI)"),
    ("NA", "it does not apply (NA)"),
    ("not-applicable", "it does not apply"),
    ("OTH", "of another reason (OTH)"),
];

/// The words for a reason why there is no value, to go after "because".
pub fn absent_words(language: Language, code: &str) -> String {
    match ABSENT.iter().find(|(known, _)| *known == code) {
        Some((_, words)) => language.say(words),
        None => words::uncapitalise(&words::code_words(language, "", code)),
    }
}

/// Why there is no value, by a CodeableConcept: its code's words, or else its own.
pub fn absent_because(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let coding = context.child(node, "coding");
    let code = match coding {
        Some(coding) if context.peek(coding, "system").is_some_and(nhs::says_why_absent) => {
            context.peek(coding, "code")
        }
        Some(_) => None,
        None => context.tree.text(node),
    };
    match code.filter(|code| ABSENT.iter().any(|(known, _)| known == code)) {
        Some(code) if context.child(node, "text").is_none() => Some(absent_words(context.options.language, code)),
        _ => concept_words(context, node).map(|words| words::uncapitalise(&words)),
    }
}

/// Code of list-empty-reason, words.
const EMPTY: &[(&str, &str)] = &[
    ("nilknown", "none are known (nilknown)"),
    ("notasked", "nobody has asked (notasked)"),
    ("withheld", "its content is withheld (withheld)"),
    ("unavailable", "the information is not available (unavailable)"),
    ("notstarted", "work on it has not started (notstarted)"),
    ("closed", "it is closed (closed)"),
    ("no-content-recorded", "no content is recorded (no-content-recorded)"),
    ("noContent", "no content is recorded (noContent)"),
];

/// Why a list or section is empty: the words that came with it, or else its code's.
pub fn empty_because(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let coding = context.child(node, "coding").unwrap_or(node);
    let code = context.peek(coding, "code");
    let said = context.child(node, "text").is_some();
    match EMPTY.iter().find(|(known, _)| Some(*known) == code).filter(|_| !said) {
        Some((_, words)) => Some(context.say(words)),
        None => concept_words(context, node).map(|words| words::uncapitalise(&words)),
    }
}

/// SNOMED CT codes that stand for a record whose own code was lost in a transfer between systems: drug allergy,
/// medication, record entry.
const DEGRADED: &[&str] = &["196461000000101", "196421000000109", "196411000000103"];

/// Whether a concept's code only says that the record was degraded in a transfer: its text is all there is.
pub fn is_degraded(context: &Context<'_>, node: NodeId) -> bool {
    context.children(node, "coding").into_iter().any(|coding| {
        context.peek(coding, "code").is_some_and(|code| DEGRADED.contains(&code))
            || context.peek(coding, "display").is_some_and(|text| text.starts_with("Transfer-degraded"))
    })
}

/// Whether every code of a concept only says why there is none.
pub fn is_unknown(context: &Context<'_>, node: NodeId) -> bool {
    let codings = context.children(node, "coding");
    !codings.is_empty()
        && codings.iter().all(|coding| context.peek(*coding, "system").is_some_and(nhs::says_why_absent))
}

/// One Coding as `display (SNOMED CT 73211009)`; the code stands alone where its system is FHIR's own and it says the
/// same as the display.
///
/// Patients read the words alone: a code tells them nothing, and with no words they are told that there are none.
pub fn coding(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let display = context.take_child(node, "display");
    let code = context.take_child(node, "code");
    let system = context.peek(node, "system").unwrap_or("").to_owned();
    let name = systems::short_name(&system).map(|name| context.say(name));
    let looked_up = match (&display, &code) {
        // Reasons for no value have words of their own: HL7's displays ("Asked") leave out what matters.
        (None, Some(code)) if !system.is_empty() && !nhs::says_why_absent(&system) => {
            context.labels.display(&system, code).map(|text| words::visible(&text))
        }
        _ => None,
    };
    let mut pieces = Vec::new();
    let beside = match (&display, &looked_up, &code) {
        (Some(display), _, Some(code)) => {
            pieces.push(Piece::plain(display.clone()));
            Some(code)
        }
        (Some(display), _, None) => {
            pieces.push(Piece::plain(display.clone()));
            None
        }
        (None, Some(found), Some(code)) => {
            pieces.push(Piece::plain(found.clone()));
            Some(code)
        }
        (None, _, Some(code)) => {
            let words = if nhs::says_why_absent(&system) {
                context.fill("Because {}", &[&absent_words(context.options.language, code)])
            } else if systems::is_unspoken(&system) {
                words::code_words(context.options.language, "", code)
            } else {
                code.clone()
            };
            if name.is_some() && context.for_patient() {
                return vec![Piece::secondary(context.say("no description was given"))];
            }
            pieces.push(Piece::plain(words));
            if let Some(name) = &name {
                pieces.push(Piece::secondary(format!(" ({})", context.fill("{} code, no display given", &[name]))));
            }
            None
        }
        (None, _, None) => {
            pieces.push(Piece::secondary(context.say("No code or display given")));
            None
        }
    };
    if let Some(code) = beside.filter(|_| !context.for_patient()) {
        let same = plain(&pieces).to_lowercase() == code.to_lowercase().replace('-', " ");
        match name {
            Some(name) => pieces.push(Piece::secondary(format!(" ({name} {code})"))),
            None if same => {}
            None => pieces.push(Piece::secondary(format!(" ({code})"))),
        }
    }
    if context.take_child(node, "userSelected").is_some_and(|text| text == "true") && !context.for_patient() {
        pieces.push(Piece::secondary(format!(" [{}]", context.say("chosen by the user: yes"))));
    }
    pieces
}

/// A CodeableConcept: the text as it was entered first, then each coding; the one that the user chose goes before the
/// others (rule 8 of the modifier rules).
pub fn concept(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let text = context.take_child(node, "text");
    let mut codings = context.children(node, "coding");
    crate::order::sort_by_key(&mut codings, |coding| context.peek(*coding, "userSelected") != Some("true"));
    let mut all: Vec<Vec<Piece>> = Vec::new();
    for node in codings {
        all.push(coding(context, node));
    }
    let mut pieces = Vec::new();
    match text {
        Some(text) => {
            let first = all.first().and_then(|pieces| pieces.first()).map(|piece| piece.text.trim().to_owned());
            if first.as_deref() == Some(text.trim()) {
                // The text and the first coding say the same: once is enough.
                if let Some(piece) = all.first_mut().and_then(|pieces| pieces.first_mut()) {
                    piece.style = Style::Strong;
                }
            } else {
                pieces.push(Piece::new(Style::Strong, text));
            }
        }
        None => {
            if let Some(piece) = all.first_mut().and_then(|pieces| pieces.first_mut()) {
                piece.style = Style::Strong;
            }
        }
    }
    let beside = !pieces.is_empty();
    for (at, coding) in all.into_iter().enumerate() {
        // For a patient other words for the same are no more than that.
        if context.for_patient() && (beside || at > 0) {
            continue;
        }
        if beside || at > 0 {
            let phrase = context.say(if at == 0 { "coded as" } else { "also coded as" });
            pieces.push(Piece::secondary(format!("; {phrase} ")));
        }
        pieces.extend(coding);
    }
    pieces
}

/// A concept within a sentence: its text, and each display that says something else. Codes are technical details there.
pub fn concept_line(context: &mut Context<'_>, node: NodeId) -> String {
    let text = context.take_child(node, "text");
    let same = |words: &str| words.trim().to_lowercase();
    let mut known: BTreeSet<String> = text.iter().map(|text| same(text)).collect();
    let mut said: Vec<String> = text.into_iter().collect();
    let mut codings = context.children(node, "coding");
    crate::order::sort_by_key(&mut codings, |coding| context.peek(*coding, "userSelected") != Some("true"));
    for coding in codings {
        let words = match context.take_child(coding, "display") {
            Some(display) => display,
            None => plain(&self::coding(context, coding)),
        };
        if known.insert(same(&words)) {
            said.push(words);
        }
    }
    let mut said = said.into_iter();
    let first = said.next().unwrap_or_default();
    let rest: Vec<String> = said.collect();
    if rest.is_empty() { first } else { format!("{first} ({})", context.fill("coded as {}", &[&rest.join(", ")])) }
}

/// The headline form of a concept: its text, or else the first coding's display, or its code.
pub fn concept_words(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    if context.tree.text(node).is_some() {
        return context.take(node);
    }
    if let Some(text) = context.take_child(node, "text") {
        return Some(text);
    }
    let mut codings = context.children(node, "coding");
    crate::order::sort_by_key(&mut codings, |coding| context.peek(*coding, "userSelected") != Some("true"));
    let of = |context: &mut Context<'_>, coding: NodeId| {
        let display = context.take_child(coding, "display");
        display.or_else(|| {
            let pieces = self::coding(context, coding);
            context.peek(coding, "code").map(|_| plain(&pieces))
        })
    };
    if codings.is_empty() {
        return of(context, node);
    }
    codings.into_iter().find_map(|coding| of(context, coding))
}

/// A Reference: the summary of the resource if it is in the input, its display otherwise, with its state in words.
pub fn reference(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let literal = context.child(node, "reference");
    let text = literal.and_then(|literal| context.tree.text(literal)).map(str::to_owned);
    let target = text.as_deref().and_then(|text| context.resolve(node, text));
    let kept = target.is_some_and(|target| views::is_kept_from_patients(context, target));
    if let Some(display) = context.child(node, "display").filter(|_| kept) {
        // What a resource is called says what is in it.
        context.mark_as(display, Mark::Withheld(views::NOPAT));
    }
    let display = if kept { None } else { context.take_child(node, "display") };
    let mut pieces = Vec::new();
    match &text {
        Some(text) => match target {
            Some(target) if context.places.contains_key(&target) => {
                // In a record, what is referred to has its own row.
                let (id, line) = context.places.get(&target).cloned().unwrap_or_default();
                if let Some(display) = display.filter(|display| !line.contains(display.as_str())) {
                    pieces.push(Piece::secondary(context.fill("named as \u{201c}{}\u{201d}: ", &[&display])));
                }
                pieces.push(Piece { text: line, style: Style::Link, note: Some(format!("#{id}")), lang: None });
            }
            Some(target) => {
                let summary = views::one_line(context, target);
                pieces.push(Piece::plain(summary.clone()));
                let bare = views::bare_line(context, target);
                if let Some(display) = display.filter(|display| *display != summary && *display != bare) {
                    pieces.push(Piece::secondary(context.fill(" (named as \u{201c}{}\u{201d})", &[&display])));
                }
                // The id itself is a technical detail: what it means is shown.
            }
            None => {
                if let Some(literal) = literal {
                    context.mark(literal);
                }
                let language = context.options.language;
                let address = words::visible(text);
                let named = named_by_address(context, text);
                match display.or(named) {
                    Some(display) if context.for_patient() => pieces.push(Piece::plain(display)),
                    Some(display) => {
                        pieces.push(Piece::plain(display));
                        let state = context.fill("not in this file: {}", &[&address]);
                        pieces.push(Piece::secondary(format!(" ({state})")));
                    }
                    None => {
                        let kind = reference_type(text)
                            .map_or_else(|| context.say("Resource"), |kind| type_label(language, kind));
                        pieces.push(Piece::plain(kind));
                        if context.for_patient() {
                            return pieces;
                        }
                        pieces.push(Piece::secondary(context.fill(" not in this file ({})", &[&address])));
                    }
                }
            }
        },
        None => {
            if let Some(display) = display {
                pieces.push(Piece::plain(display));
                if !context.for_patient() {
                    let state = context.say("not supplied, display only");
                    pieces.push(Piece::secondary(format!(" ({state})")));
                }
            }
        }
    }
    if let Some(identifier) = context.child(node, "identifier") {
        if context.for_patient() && !pieces.is_empty() {
            return pieces;
        }
        if !pieces.is_empty() {
            pieces.push(Piece::plain(", "));
        }
        let label = context.peek(identifier, "system").and_then(systems::identifier_label).unwrap_or("identifier");
        pieces.push(Piece::secondary(format!("{} ", context.say(label))));
        pieces.extend(super::inline(context, identifier));
    }
    if pieces.is_empty() {
        pieces.push(Piece::secondary(context.say("Reference without content")));
    }
    pieces
}

/// Who is meant by the address of a national service, which ends with the number or code by which everybody knows them: the
/// NHS number of a patient, the ODS code of an organisation (NRL; Spine directory).
fn named_by_address(context: &Context<'_>, text: &str) -> Option<String> {
    let plain = text.split(['?', '#', '|']).next()?.split("/_history/").next()?;
    let (_, path) = plain.split_once("://")?;
    let host = path.split('/').next()?;
    let mut steps = path.trim_end_matches('/').rsplit('/');
    let (id, kind) = (steps.next()?, steps.next()?);
    let is_national =
        host == "spineservices.nhs.uk" || host.ends_with(".spineservices.nhs.uk") || host.ends_with("fhir.nhs.uk");
    let of = |label: &str, value: &str| {
        Some(format!("{}, {} {value}", type_label(context.options.language, kind), context.say(label)))
    };
    match kind {
        "Patient" if nhs::nhs_number(id).is_ok() => of("NHS No.", &super::person::nhs_number(id)),
        "Organization" if is_national => of("ODS code", &words::visible(id)),
        _ => None,
    }
}

/// The resource type in a reference such as `Patient/1`.
fn reference_type(text: &str) -> Option<&str> {
    let plain = text.split("/_history/").next()?;
    let mut steps = plain.rsplit('/');
    let _id = steps.next()?;
    steps.next().filter(|step| {
        step.bytes().next().is_some_and(|b| b.is_ascii_uppercase()) && step.bytes().all(|b| b.is_ascii_alphabetic())
    })
}
