//! The copy of a source in JSON: all but values stays where it is.

use super::pseudonyms::{mask, masked};
use super::values::{Value, Values};

/// Copies whatever stands there, well formed or not.
pub(super) fn copy(source: &str, values: &mut Values<'_>) -> String {
    let mut out = String::with_capacity(source.len());
    let mut key = "";
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        if first == '"' {
            let inside = &source[at + 1..];
            let Some(length) = closing(inside) else {
                // Without an end it cannot be told what is text.
                out.push('"');
                out.push_str(&mask_raw(inside));
                break;
            };
            let raw = &inside[..length];
            let after = inside.get(length + 1..).unwrap_or("");
            out.push('"');
            if after.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(':') {
                key = raw;
                out.push_str(&name(raw, values));
            } else {
                out.push_str(&string(raw, key, at, values));
            }
            out.push('"');
            at += length + 2;
        } else if first.is_ascii_alphanumeric() || "-+.".contains(first) {
            let length = source[at..].find(|c: char| !c.is_ascii_alphanumeric() && !"-+.".contains(c));
            let token = length.map_or(&source[at..], |length| &source[at..at + length]);
            out.push_str(&bare(token, at, values));
            at += token.len();
        } else {
            out.push(masked(first));
            at += first.len_utf8();
        }
    }
    out
}

/// The length of a string up to its closing quote.
fn closing(inside: &str) -> Option<usize> {
    let mut bytes = inside.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some(at),
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    None
}

fn name(raw: &str, values: &mut Values<'_>) -> String {
    match (values.is_name(raw), raw.contains('\\')) {
        (true, _) => raw.to_owned(),
        (false, true) => mask_raw(raw),
        (false, false) => values.name(raw),
    }
}

fn string(raw: &str, key: &str, at: usize, values: &mut Values<'_>) -> String {
    if key == "resourceType" && values.is_type(raw) {
        return raw.to_owned();
    }
    match values.at(at).map(|node| values.value(node)) {
        Some(Value::Kept) => raw.to_owned(),
        Some(Value::New(text)) => escaped(&text),
        Some(Value::Masked) | None => mask_raw(raw),
    }
}

/// A number or a word without quotes.
fn bare(token: &str, at: usize, values: &mut Values<'_>) -> String {
    if matches!(token, "true" | "false" | "null") {
        return token.to_owned();
    }
    let is_number = token.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    // The digits of an exponent are ones, as nines would make a number that no reader has room for.
    let digits = || {
        let (number, exponent) = token.split_at(token.find(['e', 'E']).unwrap_or(token.len()));
        let masked = |text: &str, with: &str| text.replace(|character: char| character.is_ascii_digit(), with);
        format!("{}{}", masked(number, "9"), masked(exponent, "1"))
    };
    match values.at(at).map(|node| values.value(node)) {
        _ if !is_number => mask(token),
        Some(Value::Kept) => token.to_owned(),
        Some(Value::New(text)) if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) => text,
        _ => digits(),
    }
}

/// A text as JSON writes it, without the quotes (RFC 8259 7).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out
}

/// The inside of a string masked as it is written, its escapes kept: half of a surrogate pair is still half of one.
fn mask_raw(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(&mask(before));
        let hexadecimal = escape
            .get(2..6)
            .filter(|digits| escape.starts_with("\\u") && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = hexadecimal.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let length = if code.is_some() { 6 } else { 1 + escape[1..].chars().next().map_or(0, char::len_utf8) };
        let (escape, after) = escape.split_at(length);
        match code.and_then(char::from_u32) {
            Some(character) if masked(character) != character => out.push(masked(character)),
            _ => out.push_str(escape),
        }
        rest = after;
    }
    out.push_str(&mask(rest));
    out
}
