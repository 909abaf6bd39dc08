//! Places in JSON text that are to be changed. All of it has been read once, so that it is well formed up to there.

use crate::source::Span;

fn skip(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
        at += 1;
    }
    at
}

/// The byte before `at` that is no white space, and where it stands.
fn before(bytes: &[u8], mut at: usize) -> Option<(usize, u8)> {
    loop {
        at = at.checked_sub(1)?;
        let byte = *bytes.get(at)?;
        if !byte.is_ascii_whitespace() {
            return Some((at, byte));
        }
    }
}

/// One past the end of a string whose opening quote is at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += 1;
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
}

/// One past the end of the value that starts at `at`.
fn value_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0usize;
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            b',' | b':' if depth > 0 => {
                at = skip(bytes, at + 1);
                continue;
            }
            byte if byte.is_ascii_whitespace() => {
                at = skip(bytes, at);
                continue;
            }
            _ => {
                let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
                let start = at;
                while bytes.get(at).is_some_and(is_word) {
                    at += 1;
                }
                if at == start {
                    return None;
                }
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The opening quote of the string that ends before `end`.
fn string_start(bytes: &[u8], end: usize) -> Option<usize> {
    let mut at = end.checked_sub(1).filter(|close| bytes.get(*close) == Some(&b'"'))?;
    loop {
        at = at.checked_sub(1)?;
        let slashes = || bytes.iter().take(at).rev().take_while(|byte| **byte == b'\\').count();
        if bytes.get(at) == Some(&b'"') && slashes() % 2 == 0 {
            return Some(at);
        }
    }
}

/// The property or item that a span starts, with the one comma that goes with it. An array that would be left empty goes
/// as a whole.
pub(super) fn removed(source: &str, span: Span) -> Option<Span> {
    let bytes = source.as_bytes();
    let mut start = span.start as usize;
    let mut end = property_end(bytes, start).or_else(|| value_end(bytes, start))?;
    loop {
        let (at, byte) = before(bytes, start)?;
        match byte {
            b':' if property_end(bytes, start).is_none() => {
                let (close, _) = before(bytes, at)?;
                start = string_start(bytes, close + 1)?;
            }
            b'[' if bytes.get(skip(bytes, end)) == Some(&b']') => {
                start = at;
                end = skip(bytes, end) + 1;
            }
            b',' | b'{' | b'[' => break,
            _ => return None,
        }
    }
    let after = skip(bytes, end);
    if bytes.get(after) == Some(&b',') {
        return Some(Span::new(start, skip(bytes, after + 1)));
    }
    match before(bytes, start)? {
        (comma, b',') => Some(Span::new(comma, end)),
        _ => Some(Span::new(start, end)),
    }
}

/// One past the end of a property whose name starts at `at`.
fn property_end(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at).filter(|byte| **byte == b'"')?;
    let colon = skip(bytes, string_end(bytes, at)?);
    bytes.get(colon).filter(|byte| **byte == b':')?;
    value_end(bytes, skip(bytes, colon + 1))
}

/// The name of the property that a span starts, without its quotes.
pub(super) fn key(source: &str, span: Span, name: &str) -> Option<Span> {
    let start = span.start as usize + 1;
    source.get(start - 1..)?.strip_prefix('"')?.strip_prefix(name)?.strip_prefix('"')?;
    Some(Span::new(start, start + name.len()))
}

/// The brackets around a value that stands in them alone, with the white space inside.
pub(super) fn brackets(source: &str, span: Span) -> Option<(Span, Span)> {
    let bytes = source.as_bytes();
    let (open, byte) = before(bytes, span.start as usize)?;
    let close = skip(bytes, span.end as usize);
    (byte == b'[' && bytes.get(close) == Some(&b']'))
        .then(|| (Span::new(open, span.start as usize), Span::new(span.end as usize, close + 1)))
}

/// The comma before a bracket that closes.
pub(super) fn trailing_comma(source: &str, span: Span) -> Option<Span> {
    let bytes = source.as_bytes();
    bytes.get(span.start as usize).filter(|byte| matches!(byte, b'}' | b']'))?;
    let (comma, byte) = before(bytes, span.start as usize)?;
    (byte == b',').then(|| Span::new(comma, comma + 1))
}
