//! Values of HL7 version 3 in words, by their data types, and rows for all that has no place of its own, so that nothing that
//! was recorded is left out.

use crate::cda;
use crate::cda::header::{attribute, attribute_node, first, is_element, squeezed};
use crate::render::context::{Context, Mark};
use crate::render::format::{date_text, person};
use crate::render::model::{Piece, Row, Style};
use crate::render::words::{self, visible};
use crate::tree::{Flags, Kind, NodeId};

/// Elements inside of elements deeper than this are listed in one row.
const DEEPEST: usize = 40;
/// Why a patient is not shown what is for machines.
const FOR_MACHINES: &str = "a technical detail, which a patient's display does not have";

/// What addresses and numbers are for (HL7 AddressUse, TelecommunicationAddressUse).
const USES: &[(&str, &str)] = &[
    ("H", "home"),
    ("HP", "home"),
    ("HV", "temporary"),
    ("WP", "work"),
    ("MC", "mobile"),
    ("TMP", "temporary"),
    ("BAD", "no longer right"),
    ("EC", "in an emergency"),
];

/// The value of an element in words, marked as shown; nothing where it has none of its own.
pub(super) fn value(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let tree = context.tree;
    let mut pieces = Vec::new();
    if take(context, node, "negationInd").as_deref() == Some("true") {
        pieces.push(Piece::new(Style::Warning, format!("{}: ", context.say("NOT"))));
        // What is not so stands in the same line.
        if let Some(code) = first(tree, node, "code") {
            pieces.extend(coded(context, code));
        }
    }
    let name = tree.name(node);
    match name {
        "name" => pieces.extend(plain(person_name(context, node))),
        "addr" => pieces.extend(plain(address(context, node))),
        "telecom" => pieces.extend(plain(telecom(context, node))),
        "id" => pieces.extend(identifier(context, node)),
        _ if is_time(context, node) => pieces.extend(time(context, node)),
        _ => {
            pieces.extend(coded(context, node));
            pieces.extend(quantity(context, node));
        }
    }
    if attribute(tree, node, "representation") == Some("B64") && tree.text(node).is_some() {
        pieces.push(Piece::secondary(context.say("content included, not shown here")));
        return pieces;
    }
    let own = context.take(node).map(|text| squeezed_lines(&text)).filter(|_| tree.kind(node) != Kind::Xhtml);
    let beside = context.take_child(node, "#text").map(|text| squeezed_lines(&text));
    for text in own.into_iter().chain(beside).filter(|text| !text.is_empty()) {
        let space = if pieces.is_empty() { "" } else { " " };
        pieces.push(Piece::plain(format!("{space}{text}")));
    }
    if let Some(code) = take(context, node, "nullFlavor") {
        let words = cda::null_flavour(&code).map_or(code, |words| context.say(words));
        let space = if pieces.is_empty() { "" } else { " " };
        pieces.push(Piece::new(Style::Warning, format!("{space}{words}")));
    }
    pieces
}

fn plain(text: String) -> Option<Piece> {
    (!text.is_empty()).then(|| Piece::plain(text))
}

/// Text with its lines, each without needless white space.
fn squeezed_lines(text: &str) -> String {
    let lines: Vec<String> = text.trim().lines().map(squeezed).collect();
    lines.join("\n")
}

/// Elements whose names do not say what they are to a reader.
const LABELS: &[(&str, &str)] = &[
    ("administrativeGenderCode", "Gender"),
    ("birthTime", "Born"),
    ("functionCode", "Role"),
    ("effectiveTime", "Time"),
    ("addr", "Address"),
    ("telecom", "Contact"),
    ("id", "Identifier"),
    ("code", "Kind"),
    ("statusCode", "Status"),
    ("#text", "Text"),
];

/// What an element is called.
fn label(context: &Context<'_>, name: &str) -> String {
    match LABELS.iter().find(|(known, _)| *known == name) {
        Some((_, label)) => context.say(label),
        None => context.say(&words::humanise(&visible(name))),
    }
}

/// The value of an attribute, marked as shown.
pub(super) fn take(context: &mut Context<'_>, node: NodeId, name: &str) -> Option<String> {
    let found = attribute_node(context.tree, node, name)?;
    let text = context.take(found)?;
    (!text.trim().is_empty()).then_some(text)
}

/// A person's or organisation's name.
pub(super) fn person_name(context: &mut Context<'_>, node: NodeId) -> String {
    person::name_line(context, node)
}

fn address(context: &mut Context<'_>, node: NodeId) -> String {
    let tree = context.tree;
    let mut parts: Vec<String> = Vec::new();
    let lines: Vec<NodeId> = tree.children(node).filter(|child| is_element(tree, *child)).collect();
    for line in lines {
        if tree.name(line) != "useablePeriod" {
            let text = context.take(line).map(|text| squeezed(&text)).filter(|text| !text.is_empty());
            let is_code = tree.name(line) == "postalCode";
            parts.extend(text.map(|text| if is_code { person::postcode(&text) } else { text }));
        }
    }
    with_use(context, node, parts.join(", "))
}

fn telecom(context: &mut Context<'_>, node: NodeId) -> String {
    let Some(text) = take(context, node, "value") else { return String::new() };
    let shown = match text.split_once(':') {
        Some(("tel", number)) => person::telephone(number),
        Some(("fax", number)) => context.fill("fax {}", &[&person::telephone(number)]),
        Some(("mailto", address)) => address.to_owned(),
        _ => text,
    };
    with_use(context, node, shown)
}

fn with_use(context: &mut Context<'_>, node: NodeId, text: String) -> String {
    let Some(uses) = take(context, node, "use") else { return text };
    let said: Vec<String> = uses
        .split_whitespace()
        .map(|code| {
            USES.iter().find(|(known, _)| *known == code).map_or(code.to_owned(), |(_, words)| context.say(words))
        })
        .collect();
    if text.is_empty() { text } else { format!("{text} ({})", said.join(", ")) }
}

/// An identifier; what its root stands for in words, or whoever assigned it.
fn identifier(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let tree = context.tree;
    let Some(value) = take(context, node, "extension") else { return Vec::new() };
    let root = attribute_node(tree, node, "root");
    let known = root.and_then(|root| tree.text(root)).and_then(cda::identifier);
    let by = take(context, node, "assigningAuthorityName");
    let Some((kind, words)) = known else {
        let by = by.map(|by| format!(" ({by})")).unwrap_or_default();
        return vec![Piece::plain(format!("{value}{by}"))];
    };
    root.into_iter().for_each(|root| context.mark(root));
    let shown = match kind {
        cda::Identifier::NhsNumber | cda::Identifier::Unverified if crate::nhs::nhs_number(&value).is_ok() => {
            person::nhs_number(&value)
        }
        _ => value,
    };
    let mut pieces = vec![Piece::plain(format!("{} {shown}", context.say(words)))];
    if let Some(by) = by {
        pieces.push(Piece::secondary(format!(" ({by})")));
    }
    pieces
}

fn is_time(context: &Context<'_>, node: NodeId) -> bool {
    let tree = context.tree;
    let by_name = |node: NodeId| tree.name(node).ends_with("Time") || tree.name(node) == "time";
    let by_type = |node: NodeId| {
        attribute(tree, node, "xsi:type").is_some_and(|kind| matches!(kind.rsplit(':').next(), Some("TS" | "IVL_TS")))
    };
    let is = |node: NodeId| by_name(node) || by_type(node);
    let is_part = || matches!(tree.name(node), "low" | "high" | "center") && tree.parent(node).is_some_and(is);
    is(node) || is_part()
}

/// A point in time or the time from one to another.
fn time(context: &mut Context<'_>, node: NodeId) -> Option<Piece> {
    if let Some(text) = take(context, node, "value") {
        return Some(moment(context, &text));
    }
    let tree = context.tree;
    let mut end = |name: &str| {
        let found = first(tree, node, name)?;
        let text = take(context, found, "value")?;
        Some(moment(context, &text).text)
    };
    let (low, high) = (end("low"), end("high"));
    let text = match (low, high) {
        (Some(low), Some(high)) => context.fill("from {} to {}", &[&low, &high]),
        (Some(low), None) => context.fill("from {}", &[&low]),
        (None, Some(high)) => context.fill("until {}", &[&high]),
        (None, None) => return None,
    };
    Some(Piece::plain(text))
}

/// A point in time for the audience; what is none stays as received.
pub(super) fn moment(context: &Context<'_>, text: &str) -> Piece {
    match cda::time::read(text) {
        Ok(fhir) => Piece { text: date_text(context, &fhir), style: Style::Date, note: Some(fhir), lang: None },
        Err(_) => Piece::plain(visible(text)),
    }
}

/// A code: what it is called, and the code beside it.
fn coded(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let display = take(context, node, "displayName");
    let tree = context.tree;
    let said = first(tree, node, "originalText").and_then(|text| context.take(text)).map(|text| squeezed(&text));
    let code = take(context, node, "code");
    let mut pieces = Vec::new();
    let name = display.clone().or_else(|| said.clone().filter(|text| !text.is_empty()));
    match (name, code) {
        (Some(name), Some(code)) if code != name => {
            pieces.push(Piece::plain(name));
            if !context.for_patient() {
                pieces.push(Piece::secondary(format!(" ({code})")));
            }
        }
        (Some(name), _) => pieces.push(Piece::plain(name)),
        (None, Some(code)) => pieces.push(Piece::plain(known_code(context, node, &code))),
        (None, None) => {}
    }
    if let (Some(display), Some(said)) = (display, said.filter(|said| !said.is_empty()))
        && !words::same_words(&display, &said)
    {
        pieces.push(Piece::secondary(context.fill(" recorded as \u{201c}{}\u{201d}", &[&said])));
    }
    pieces
}

/// A code without its name, where it is one that this display knows.
fn known_code(context: &Context<'_>, node: NodeId, code: &str) -> String {
    let system = attribute(context.tree, node, "codeSystem").unwrap_or_default();
    match context.tree.name(node) {
        "administrativeGenderCode" => match cda::gender(system, code) {
            Ok(Some(words)) => context.say(words),
            _ => code.to_owned(),
        },
        "confidentialityCode" => words::code_words(context.options.language, "confidentiality", code),
        _ => code.to_owned(),
    }
}

fn quantity(context: &mut Context<'_>, node: NodeId) -> Option<Piece> {
    let value = take(context, node, "value")?;
    let unit = take(context, node, "unit").filter(|unit| unit != "1");
    Some(Piece::plain(unit.map_or(value.clone(), |unit| format!("{value} {unit}"))))
}

/// Rows for all that is inside of an element and not shown yet; what is for machines goes to `technical`.
pub(super) fn rows(context: &mut Context<'_>, node: NodeId, technical: &mut Vec<Row>, depth: usize) -> Vec<Row> {
    let tree = context.tree;
    machines(context, node, technical);
    let mut out = Vec::new();
    let children: Vec<NodeId> = tree.children(node).filter(|child| is_element(tree, *child)).collect();
    for child in children {
        if tree.name(child) == "#text" && context.mark_of(child) != Mark::None || context.is_claimed(child) {
            continue;
        }
        context.claim(child);
        if is_shown(context, child) {
            // The first lines have said it.
            out.extend(rows(context, child, technical, depth + 1));
            continue;
        }
        let pieces = value(context, child);
        let mut row = Row {
            label: label(context, tree.name(child)),
            value: pieces,
            pointer: context.pointer(child),
            ..Row::default()
        };
        if !context.take_room(&row) {
            context.leave_out(child);
            continue;
        }
        match depth < DEEPEST {
            true => row.rows = rows(context, child, technical, depth + 1),
            false => context.leave_out(child),
        }
        match (row.value.is_empty(), row.rows.len()) {
            (true, 0) => {}
            // An element around one other says nothing of its own.
            (true, 1) => out.append(&mut row.rows),
            _ => out.push(row),
        }
    }
    out
}

/// Whether the value of an element has been shown before.
fn is_shown(context: &Context<'_>, node: NodeId) -> bool {
    let tree = context.tree;
    let is = |node: NodeId| context.mark_of(node) == Mark::Shown;
    is(node) && tree.kind(node) != Kind::Xhtml || tree.children(node).any(|child| !is_element(tree, child) && is(child))
}

/// What of an element is for machines: attributes that nothing has shown, and that it is empty.
fn machines(context: &mut Context<'_>, node: NodeId, technical: &mut Vec<Row>) {
    let tree = context.tree;
    let is_open = |context: &Context<'_>, at: NodeId| context.mark_of(at) == Mark::None;
    let attributes: Vec<NodeId> = tree
        .children(node)
        .filter(|child| tree.flags(*child).has(Flags::ATTRIBUTE) && is_open(context, *child))
        .collect();
    let is_empty = context.is_leaf(node) && is_open(context, node);
    if attributes.is_empty() && !is_empty {
        return;
    }
    if context.for_patient() {
        attributes
            .into_iter()
            .chain(Some(node).filter(|_| is_empty))
            .for_each(|at| context.mark_as(at, Mark::Withheld(FOR_MACHINES)));
        return;
    }
    let said: Vec<String> = attributes
        .iter()
        .map(|at| format!("{} {}", visible(tree.name(*at)), visible(tree.text(*at).unwrap_or_default())))
        .collect();
    let text = if said.is_empty() { context.say("empty") } else { said.join(", ") };
    let name = match tree.name(node) {
        "" => tree.resource_type(node).unwrap_or_default(),
        name => name,
    };
    let row = Row {
        label: visible(name),
        value: vec![Piece::secondary(text)],
        pointer: context.pointer(node),
        ..Row::default()
    };
    if !context.take_room(&row) {
        let left: Vec<NodeId> = attributes.into_iter().chain(Some(node).filter(|_| is_empty)).collect();
        left.into_iter().for_each(|at| context.leave_out(at));
        return;
    }
    attributes.into_iter().for_each(|at| context.mark_as(at, Mark::Technical));
    if is_empty {
        context.mark_as(node, Mark::Technical);
    }
    technical.push(row);
}
