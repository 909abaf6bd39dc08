//! The attributes of one tag, with their places, and the references in their values (XML 1.0 3.1, 3.3.3, 4.1).

use crate::issue::Problem;
use crate::source::Span;
use std::collections::BTreeSet;

/// One attribute of a tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    /// The name with its prefix.
    pub name: Span,
    /// The value between the quotes.
    pub value: Span,
    /// The same name stands earlier in the tag.
    pub duplicate: bool,
}

/// Reads the attributes in `source[start..end]`, the part of a tag after its name. The error is the place and the words
/// of what is not well formed; the attributes before it are in `found`.
pub(super) fn scan(source: &str, start: usize, end: usize, found: &mut Vec<Attribute>) -> Result<(), (Span, String)> {
    found.clear();
    let bytes = &source.as_bytes()[..end.min(source.len())];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let skip = |mut at: usize| {
        while bytes.get(at).is_some_and(|byte| is_space(*byte)) {
            at += 1;
        }
        at
    };
    let mut at = start;
    loop {
        let next = skip(at);
        let Some(first) = bytes.get(next) else { return Ok(()) };
        if next == at && at > start {
            return Err((Span::at(at), "white space is missing before the next attribute".into()));
        }
        at = next;
        let name_start = at;
        if matches!(first, b'"' | b'\'') {
            return Err((Span::at(at), "a value in quotes stands in the tag without a name".into()));
        }
        while bytes.get(at).is_some_and(|byte| !is_space(*byte) && !matches!(byte, b'=' | b'"' | b'\'' | b'<' | b'/')) {
            at += 1;
        }
        let name = Span::new(name_start, at);
        let text = source.get(name_start..at).unwrap_or("");
        if !is_name(text) {
            let shown =
                if text.is_empty() { source.get(at..).and_then(|rest| rest.get(..1)).unwrap_or("") } else { text };
            return Err((Span::new(name_start, at.max(name_start + 1)), format!("'{shown}' cannot stand in a tag")));
        }
        at = skip(at);
        if bytes.get(at) != Some(&b'=') {
            return Err((name, format!("the attribute '{text}' has no value; write {text}=\"…\"")));
        }
        at = skip(at + 1);
        let quote = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => return Err((name, format!("the value of the attribute '{text}' is not in quotes"))),
        };
        at += 1;
        let Some(length) = memchr::memchr(quote, bytes.get(at..).unwrap_or(&[])) else {
            return Err((
                Span::new(at, bytes.len()),
                format!("the value of the attribute '{text}' has no closing quote"),
            ));
        };
        let value = Span::new(at, at + length);
        if let Some(angle) = memchr::memchr(b'<', &bytes[at..at + length]) {
            let place = Span::new(at + angle, at + angle + 1);
            return Err((place, format!("'<' stands in the value of the attribute '{text}'; write &lt;")));
        }
        at += length + 1;
        // A tag seldom has more than a few attributes, but nothing may cost more than its size.
        let duplicate = if found.len() < 16 {
            found.iter().any(|other| source.get(other.name.start as usize..other.name.end as usize) == Some(text))
        } else {
            if seen.is_empty() {
                seen.extend(
                    found.iter().filter_map(|other| source.get(other.name.start as usize..other.name.end as usize)),
                );
            }
            !seen.insert(text)
        };
        found.push(Attribute { name, value, duplicate });
    }
}

/// An attribute's value as a reader sees it: references replaced, white space made spaces (XML 1.0 3.3.3). `None` where
/// that changes nothing. A reference that means nothing stays as it is written and is reported to `fault`.
pub(super) fn decode(raw: &str, at: usize, mut fault: impl FnMut(Span, Problem)) -> Option<String> {
    let bytes = raw.as_bytes();
    if memchr::memchr3(b'&', b'\n', b'\r', bytes).is_none() && memchr::memchr(b'\t', bytes).is_none() {
        return None;
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(next) = rest.find(['&', '\n', '\r', '\t']) {
        out.push_str(&rest[..next]);
        let here = at + raw.len() - rest.len() + next;
        rest = &rest[next..];
        if let Some(after) = rest.strip_prefix("\r\n") {
            out.push(' ');
            rest = after;
        } else if !rest.starts_with('&') {
            out.push(' ');
            rest = &rest[1..];
        } else {
            let length = reference(rest, here, &mut fault, |character| out.push(character));
            match length {
                Some(length) => rest = &rest[length..],
                None => {
                    out.push('&');
                    rest = &rest[1..];
                }
            }
        }
    }
    out.push_str(rest);
    Some(out)
}

/// Reads the reference at the start of `text`, gives its character to `push` and returns its length. `None`, after a
/// report to `fault`, where it means nothing.
pub(super) fn reference(
    text: &str,
    at: usize,
    fault: &mut impl FnMut(Span, Problem),
    push: impl FnOnce(char),
) -> Option<usize> {
    let body = text.get(1..).unwrap_or("");
    let length = body.find(|character: char| !is_name_character(character) && character != '#').unwrap_or(body.len());
    if length == 0 || body.as_bytes().get(length) != Some(&b';') {
        let problem = "'&' stands alone; write &amp;".to_owned();
        fault(Span::new(at, at + 1), Problem::XmlSyntax { problem });
        return None;
    }
    let name = &body[..length];
    let span = Span::new(at, at + length + 2);
    let character = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix('#') {
            None => {
                fault(span, Problem::XmlEntity { name: name.to_owned() });
                return None;
            }
            Some(number) => {
                let (digits, radix) = match number.strip_prefix('x') {
                    Some(digits) => (digits, 16),
                    None => (number, 10),
                };
                let digits = Some(digits).filter(|digits| digits.chars().all(|digit| digit.is_digit(radix)));
                let code = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok());
                code.and_then(char::from_u32).filter(|character| is_character(*character))
            }
        },
    };
    match character {
        Some(character) => {
            push(character);
            Some(length + 2)
        }
        None => {
            let problem = format!("'&{name};' is not the number of a character that XML allows");
            fault(span, Problem::XmlSyntax { problem });
            None
        }
    }
}

/// White space as XML has it.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether XML 1.0 (2.2) allows the character at all.
pub(crate) fn is_character(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The first character of a text that XML 1.0 (2.2) does not allow.
pub(super) fn find_forbidden(text: &str) -> Option<(usize, char)> {
    let control = text.bytes().position(|byte| byte < b' ' && !is_space(byte));
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF in UTF-8; few texts have an EF at all.
    let bytes = text.as_bytes();
    let mut candidates = memchr::memchr_iter(0xEF, bytes);
    let other = candidates.find(|at| matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])));
    let at = control.into_iter().chain(other).min()?;
    text.get(at..)?.chars().next().map(|character| (at, character))
}

/// Whether this is a name, with at most one prefix (Namespaces in XML 1.0, QName).
pub(super) fn is_name(text: &str) -> bool {
    let mut parts = text.splitn(2, ':');
    parts.all(|part| {
        let start = part.chars().next().is_some_and(|first| is_name_character(first) && !is_continuing(first));
        start && part.chars().all(is_name_character)
    })
}

/// The characters of a name, without the colon (XML 1.0 2.3).
fn is_name_character(character: char) -> bool {
    matches!(character, 'a'..='z' | 'A'..='Z' | '_'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
        || is_continuing(character)
}

/// The characters that a name may hold but not start with.
fn is_continuing(character: char) -> bool {
    matches!(character, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}
