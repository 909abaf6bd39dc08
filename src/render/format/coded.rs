//! Coded values and references.

use super::plain;
use crate::render::context::Context;
use crate::render::labels::type_label;
use crate::render::model::{Piece, Style};
use crate::render::{systems, views, words};
use crate::tree::NodeId;

/// The words for a reason why there is no value: data-absent-reason and v3 NullFlavor.
pub fn absent_words(code: &str) -> String {
    let words = match code {
        "unknown" | "UNK" => "unknown",
        "asked" | "asked-unknown" | "ASKU" => "asked but not known",
        "temp" | "temp-unknown" | "NAV" => "not known at the moment",
        "not-asked" | "NASK" => "not asked",
        "masked" | "MSK" => "hidden for reasons of privacy or security (masked)",
        "unsupported" => "not supported by the sending system (unsupported)",
        "astext" | "as-text" => "given in the text (astext)",
        "error" => "an error in measuring or in the system",
        "NaN" | "not-a-number" => "not a number (NaN)",
        "NI" => "no information",
        "NA" | "not-applicable" => "not applicable",
        "OTH" => "other",
        _ => return words::code_words("", code),
    };
    if words.contains(code) || code.contains('-') || code == "unknown" {
        words.to_owned()
    } else {
        format!("{words} ({code})")
    }
}

/// Whether a code system's codes are reasons for no value.
fn is_absence(system: &str) -> bool {
    system.ends_with("/data-absent-reason") || system.ends_with("/v3/NullFlavor") || system.ends_with("/v3-NullFlavor")
}

/// One Coding as `display (SNOMED CT 73211009)`; the code stands alone where its system is FHIR's own and it says the
/// same as the display.
pub fn coding(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let display = context.take_child(node, "display");
    let code = context.take_child(node, "code");
    let system = context.peek(node, "system").unwrap_or("").to_owned();
    let name = systems::short_name(&system);
    let looked_up = match (&display, &code) {
        // Reasons for no value have words of their own: HL7's displays ("Asked") leave out what matters.
        (None, Some(code)) if !system.is_empty() && !is_absence(&system) => {
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
            let words = if is_absence(&system) {
                words::capitalise(&absent_words(code))
            } else if systems::is_unspoken(&system) {
                words::code_words("", code)
            } else {
                code.clone()
            };
            pieces.push(Piece::plain(words));
            if let Some(name) = name {
                pieces.push(Piece::secondary(format!(" ({name} code, no display given)")));
            }
            None
        }
        (None, _, None) => {
            pieces.push(Piece::secondary("No code or display given"));
            None
        }
    };
    if let Some(code) = beside {
        let same = plain(&pieces).to_lowercase() == code.to_lowercase().replace('-', " ");
        match name {
            Some(name) => pieces.push(Piece::secondary(format!(" ({name} {code})"))),
            None if same => {}
            None => pieces.push(Piece::secondary(format!(" ({code})"))),
        }
    }
    if context.take_child(node, "userSelected").is_some_and(|text| text == "true") {
        pieces.push(Piece::secondary(" [chosen by the user: yes]"));
    }
    pieces
}

/// A CodeableConcept: the text as it was entered first, then each coding; the one that the user chose goes before the
/// others (rule 8 of the modifier rules).
pub fn concept(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let text = context.take_child(node, "text");
    let mut codings = context.children(node, "coding");
    codings.sort_by_key(|coding| context.peek(*coding, "userSelected") != Some("true"));
    let mut all: Vec<Vec<Piece>> = Vec::new();
    for node in codings {
        all.push(coding(context, node));
    }
    let mut pieces = Vec::new();
    match text {
        Some(text) => {
            let first = all.first().and_then(|pieces| pieces.first()).map(|piece| piece.text.clone());
            if first.as_deref() == Some(text.as_str()) {
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
        if beside || at > 0 {
            pieces.push(Piece::secondary(if at == 0 { "; coded as " } else { "; also coded as " }));
        }
        pieces.extend(coding);
    }
    pieces
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
    codings.sort_by_key(|coding| context.peek(*coding, "userSelected") != Some("true"));
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
    let display = context.take_child(node, "display");
    let literal = context.child(node, "reference");
    let text = literal.and_then(|literal| context.tree.text(literal)).map(str::to_owned);
    let mut pieces = Vec::new();
    match &text {
        Some(text) => match context.resolve(node, text) {
            Some(target) => {
                let summary = views::one_line(context, target);
                pieces.push(Piece::plain(summary.clone()));
                if let Some(display) = display.filter(|display| *display != summary) {
                    pieces.push(Piece::secondary(format!(" (named as \u{201c}{display}\u{201d})")));
                }
                // The id itself is a technical detail: what it means is shown.
            }
            None => {
                if let Some(literal) = literal {
                    context.mark(literal);
                }
                let kind = reference_type(text);
                match display {
                    Some(display) => {
                        pieces.push(Piece::plain(display));
                        pieces.push(Piece::secondary(format!(" (not in this file: {})", words::visible(text))));
                    }
                    None => {
                        pieces.push(Piece::plain(kind.map_or_else(|| "Resource".to_owned(), type_label)));
                        pieces.push(Piece::secondary(format!(" not in this file ({})", words::visible(text))));
                    }
                }
            }
        },
        None => {
            if let Some(display) = display {
                pieces.push(Piece::plain(display));
                pieces.push(Piece::secondary(" (not supplied, display only)"));
            }
        }
    }
    if let Some(identifier) = context.child(node, "identifier") {
        if !pieces.is_empty() {
            pieces.push(Piece::plain(", "));
        }
        let label = context.peek(identifier, "system").and_then(systems::identifier_label).unwrap_or("identifier");
        pieces.push(Piece::secondary(format!("{label} ")));
        pieces.extend(super::inline(context, identifier));
    }
    if pieces.is_empty() {
        pieces.push(Piece::secondary("Reference without content"));
    }
    pieces
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
