//! Names, addresses, telephone numbers and identifiers of people and organisations.

use super::{dated, join_use};
use crate::nhs;
use crate::render::context::Context;
use crate::render::model::{Piece, Style};
use crate::render::words;
use crate::render::{systems, withhold};
use crate::tree::NodeId;

/// The parts of a HumanName as `FAMILY, Given (Title)` (ISB 1506), without marks.
pub fn name_line(context: &mut Context<'_>, node: NodeId) -> String {
    let family = context.take_child(node, "family").unwrap_or_default().to_uppercase();
    let list = |context: &mut Context<'_>, name: &str| {
        let nodes = context.children(node, name);
        let parts: Vec<String> = nodes.into_iter().filter_map(|part| context.take(part)).collect();
        parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let given = name_case(&list(context, "given"));
    let prefix = list(context, "prefix");
    let suffix = list(context, "suffix");
    let mut line = match (family.trim(), given.as_str()) {
        ("", given) => given.to_owned(),
        (family, "") => family.to_owned(),
        (family, given) => format!("{family}, {given}"),
    };
    let prefix = prefix.trim_end_matches('.');
    if !prefix.is_empty() {
        let space = if line.is_empty() { "" } else { " " };
        line = format!("{line}{space}({})", title_case(prefix));
    }
    if !suffix.is_empty() {
        line = if line.is_empty() { suffix } else { format!("{line} {suffix}") };
    }
    line
}

/// `MR` and `mr` as `Mr`; a title in mixed case stays as it is.
fn title_case(title: &str) -> String {
    let words: Vec<String> = title
        .split(' ')
        .map(|word| {
            let one_case = word.chars().all(|c| !c.is_lowercase()) || word.chars().all(|c| !c.is_uppercase());
            if one_case { words::capitalise(&word.to_lowercase()) } else { word.to_owned() }
        })
        .collect();
    words.join(" ")
}

/// Given names in capitals as `Anne-Marie` (PAB-0053); names in mixed case, and initials, stay as they are.
fn name_case(names: &str) -> String {
    let of = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let is_capitals = letters > 2 && word.chars().all(|c| !c.is_lowercase());
        if !is_capitals {
            return word.to_owned();
        }
        let mut start = true;
        let mut out = String::new();
        for c in word.chars() {
            if start {
                out.push(c)
            } else {
                out.extend(c.to_lowercase())
            }
            start = !c.is_alphabetic();
        }
        out
    };
    names.split(' ').map(of).collect::<Vec<_>>().join(" ")
}

/// A HumanName with its text where that says something else, its use and its period.
pub fn human_name(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let line = name_line(context, node);
    // A text that says the same in another order is left to the technical details.
    let same = context.peek(node, "text").is_some_and(|text| words::same_words(text, &line));
    let text = if same { None } else { context.take_child(node, "text") };
    let mut pieces = Vec::new();
    match (line.is_empty(), text) {
        (true, Some(text)) => pieces.push(Piece::new(Style::Strong, text)),
        (false, text) => {
            pieces.push(Piece::new(Style::Strong, line.clone()));
            if let Some(text) = text {
                pieces.push(Piece::secondary(context.fill(" recorded as \u{201c}{}\u{201d}", &[&text])));
            }
        }
        (true, None) => pieces.push(Piece::secondary(context.say("Name not recorded"))),
    }
    join_use(context, node, "name", &mut pieces);
    dated(context, node, &mut pieces);
    pieces
}

/// A postcode in upper case with a space before its last three characters; what has not the shape of one stays as received.
pub fn postcode(text: &str) -> String {
    let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let uk = (5..=7).contains(&packed.len())
        && packed.bytes().all(|b| b.is_ascii_alphanumeric())
        && packed.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && packed.bytes().rev().take(3).map(|b| b.is_ascii_digit()).eq([false, false, true]);
    match packed.len().checked_sub(3).and_then(|at| packed.split_at_checked(at)) {
        Some((out, inward)) if uk => format!("{out} {inward}"),
        _ => text.trim().to_owned(),
    }
}

/// An Address on one line, in the order of ISB 1500; the text is shown where the parts do not say the same.
pub fn address(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut parts: Vec<String> = Vec::new();
    for line in context.children(node, "line") {
        parts.extend(context.take(line));
    }
    for name in ["city", "district", "state"] {
        parts.extend(context.take_child(node, name));
    }
    parts.extend(context.take_child(node, "postalCode").map(|code| postcode(&code)));
    parts.extend(context.take_child(node, "country"));
    let parts: Vec<&str> =
        parts.iter().map(|part| part.trim().trim_end_matches(',')).filter(|p| !p.is_empty()).collect();
    let line = parts.join(", ");
    let text = context.take_child(node, "text");
    let mut pieces = Vec::new();
    match (line.is_empty(), text) {
        (true, Some(text)) => pieces.push(Piece::plain(text)),
        (true, None) => pieces.push(Piece::secondary(context.say("Address not recorded"))),
        (false, text) => {
            pieces.push(Piece::plain(line.clone()));
            if let Some(text) = text {
                pieces.push(Piece::secondary(context.fill(" recorded as \u{201c}{}\u{201d}", &[&text])));
            }
        }
    }
    let person = context.tree.parent(node).filter(|person| context.tree.resource_type(*person) == Some("Patient"));
    if person.is_some_and(|patient| withhold::is_restricted(context.tree, patient)) {
        pieces.push(Piece::new(Style::Warning, format!(" ({})", context.say("restricted: not to be disclosed"))));
    }
    join_use(context, node, "address", &mut pieces);
    if let Some(kind) = context.take_child(node, "type") {
        let kind = match kind.as_str() {
            "both" => context.say("both postal and physical"),
            _ => words::code_words(context.options.language, "type", &kind).to_lowercase(),
        };
        pieces.push(Piece::secondary(format!(" ({})", context.fill("{} address", &[&kind]))));
    }
    dated(context, node, &mut pieces);
    pieces
}

const SIX_DIGIT_AREAS: [&str; 11] =
    ["013873", "015242", "015394", "015395", "015396", "016973", "016974", "017683", "017684", "017687", "019467"];

/// A telephone number in groups by ISB 1508; one that the rules do not cover stays as received.
pub fn telephone(text: &str) -> String {
    let trimmed = text.trim();
    let lower = trimmed.to_ascii_lowercase();
    let (number, extension) = match lower.find("ext").or_else(|| lower.find('x')) {
        Some(at) => {
            let digits: String = lower.get(at..).unwrap_or("").chars().filter(|c| c.is_ascii_digit()).collect();
            let rest = lower.get(at..).unwrap_or("").trim_start_matches("extension").trim_start_matches("ext");
            let rest = rest.trim_start_matches(['x', '.', ' ', ':']);
            if digits.is_empty() || digits != rest.trim() {
                return trimmed.to_owned();
            }
            (trimmed.get(..at).unwrap_or(trimmed), format!(" x{digits}"))
        }
        None => (trimmed, String::new()),
    };
    if !number.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '+')) {
        return trimmed.to_owned();
    }
    let plus = number.trim_start().starts_with('+');
    if number.matches('+').count() > usize::from(plus) {
        return trimmed.to_owned();
    }
    // The zero in brackets of +44 (0)20 is for callers at home.
    let number = if plus { number.replacen("(0)", "", 1) } else { number.to_owned() };
    let digits: String = number.chars().filter(|c| c.is_ascii_digit()).collect();
    let international = if plus { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    let national = match international {
        Some(number) => match number.strip_prefix("44") {
            Some(rest) if !rest.starts_with('0') && !rest.is_empty() => format!("0{rest}"),
            Some(_) => return trimmed.to_owned(),
            // Where a country code ends is only known where the sender left a space there.
            None => return trimmed.to_owned(),
        },
        None => digits.clone(),
    };
    if !national.starts_with('0') || national.len() < 9 || national.len() > 11 {
        return trimmed.to_owned();
    }
    let at = |index: usize| national.as_bytes().get(index).copied();
    let area = if national.starts_with("02") {
        3
    } else if national.starts_with("01") {
        if at(2) == Some(b'1') || at(3) == Some(b'1') {
            4
        } else if SIX_DIGIT_AREAS.iter().any(|area| national.starts_with(area)) {
            6
        } else {
            5
        }
    } else if national.starts_with("08") || national.starts_with("09") {
        4
    } else {
        5
    };
    let Some((area, local)) = national.split_at_checked(area) else { return trimmed.to_owned() };
    let local = match local.len().checked_sub(4).and_then(|at| local.split_at_checked(at)) {
        Some((head, tail)) if local.len() > 6 => format!("{head} {tail}"),
        _ => local.to_owned(),
    };
    format!("{area} {local}{extension}")
}

/// A ContactPoint: number or address, its kind, use and period.
pub fn contact_point(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let system = context.take_child(node, "system");
    let value = context.take_child(node, "value");
    let mut pieces = Vec::new();
    let is_call = matches!(system.as_deref(), Some("phone" | "fax" | "pager" | "sms"));
    match value {
        Some(value) => {
            let shown = if is_call { telephone(&value) } else { value.clone() };
            let link = match system.as_deref() {
                Some("email") if is_mail(&value) => Some(format!("mailto:{value}")),
                _ => None,
            };
            let style = if link.is_some() { Style::Link } else { Style::Plain };
            pieces.push(Piece { text: shown, style, note: link, lang: None });
        }
        None => pieces.push(Piece::secondary(context.say("Not recorded"))),
    }
    let kind = system.map(|system| words::code_words(context.options.language, "system", &system).to_lowercase());
    join_use(context, node, kind.as_deref().unwrap_or(""), &mut pieces);
    if let Some(kind) = kind
        && context.peek(node, "use").is_none()
    {
        pieces.push(Piece::secondary(format!(" ({kind})")));
    }
    if let Some(rank) = context.take_child(node, "rank") {
        pieces.push(Piece::secondary(format!(" ({})", context.fill("preference {}", &[&rank]))));
    }
    dated(context, node, &mut pieces);
    pieces
}

/// Whether a text is safe and sensible behind `mailto:`.
fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'@' | b'.' | b'-' | b'_' | b'+'))
}

/// Ten digits as `943 476 5919`, with no-break spaces (NUM-0001).
pub fn nhs_number(text: &str) -> String {
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or("");
    format!("{}\u{a0}{}\u{a0}{}", part(0..3), part(3..6), part(6..10))
}

/// The words of an NHS number's verification status.
const VERIFICATION: &[(&str, &str)] = &[
    ("01", "verified"),
    ("02", "present but not traced"),
    ("03", "trace required"),
    ("04", "trace attempted: no match or more than one"),
    ("05", "trace needs to be resolved"),
    ("06", "trace in progress"),
    ("07", "number not present and no trace required"),
    ("08", "trace postponed (baby under six weeks old)"),
];

/// An Identifier; an NHS number with its check and its verification status (NUM-0001, ISB 0149).
pub fn identifier(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let system = context.peek(node, "system").unwrap_or("").to_owned();
    let is_nhs = systems::is_nhs_number(&system);
    let mut pieces = Vec::new();
    match context.take_child(node, "value") {
        Some(value) => {
            let packed: String = value.chars().filter(|c| *c != ' ').collect();
            let valid = is_nhs && nhs::nhs_number(&packed).is_ok();
            let style = if is_nhs { Style::Strong } else { Style::Plain };
            pieces.push(Piece::new(style, if valid { nhs_number(&packed) } else { value }));
            if is_nhs && !valid {
                pieces.push(Piece::new(Style::Warning, format!(" {}", context.say("not a valid NHS number"))));
            }
        }
        None => pieces.push(Piece::secondary(context.say("Number not recorded"))),
    }
    if is_nhs {
        verification(context, node, &mut pieces);
    }
    if let Some(kind) = context.child(node, "type") {
        pieces.push(Piece::secondary(" ("));
        pieces.extend(super::inline(context, kind));
        pieces.push(Piece::secondary(")"));
    }
    let usage = context.child(node, "use");
    if let Some(usage) = usage
        && let Some(code) = context.take(usage)
    {
        let style =
            if matches!(code.as_str(), "old" | "temp" | "secondary") { Style::Warning } else { Style::Secondary };
        let words = words::code_words(context.options.language, "use", &code).to_lowercase();
        pieces.push(Piece::new(style, format!(" ({words})")));
    }
    if systems::identifier_label(&system).is_none()
        && let Some(system) = context.take_child(node, "system")
    {
        pieces.push(Piece::secondary(format!(" ({})", context.fill("system {}", &[&system]))));
    }
    if let Some(assigner) = context.child(node, "assigner") {
        pieces.push(Piece::secondary(format!(" {} ", context.say("assigned by"))));
        pieces.extend(super::inline(context, assigner));
    }
    dated(context, node, &mut pieces);
    pieces
}

/// The verification status beside an NHS number: a warning unless it is "verified".
fn verification(context: &mut Context<'_>, node: NodeId, pieces: &mut Vec<Piece>) {
    let found = context.children(node, "extension").into_iter().find(|extension| {
        context.peek(*extension, "url").is_some_and(|url| url.contains("NHSNumberVerificationStatus"))
    });
    let coding = found.and_then(|extension| {
        let value = context.choice(extension, "value")?;
        Some(context.child(value, "coding").unwrap_or(value))
    });
    let Some(coding) = coding else {
        pieces.push(Piece::secondary(format!(" ({})", context.say("verification status not given"))));
        return;
    };
    let code = context.peek(coding, "code").unwrap_or("");
    let known = VERIFICATION.iter().find(|(known, _)| *known == code).map(|(_, words)| context.say(words));
    match known {
        Some(words) if code == "01" => pieces.push(Piece::plain(format!(" ({words})"))),
        Some(words) => {
            let text = context.fill("not verified: {}", &[&words]);
            pieces.push(Piece::new(Style::Warning, format!(" ({text})")));
        }
        None => {
            let text = context.say("not verified: see the status below");
            pieces.push(Piece::new(Style::Warning, format!(" ({text})")));
        }
    }
}
