//! Where in JSON something is being written, and the input with a mark there.

use super::{MARK, Marked, Wanted};
use crate::source::Span;

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A property's name, or the end of the object.
    Name,
    /// The colon after a name.
    Colon,
    /// A value.
    Value,
    /// A comma or the end.
    Comma,
}

/// Puts the mark where something is being written at `at`: into the string or word there, or between what is around it,
/// with the commas that it then needs. `None` where nothing can be written.
pub(super) fn mark(text: &str, at: usize) -> Option<Marked> {
    let bytes = text.as_bytes();
    let mut open: Vec<u8> = Vec::new();
    let mut state = State::Value;
    let mut needs_comma = false;
    let mut here = 0;
    // Up to the token that `at` is in or after which it stands.
    loop {
        while bytes.get(here).is_some_and(|byte| byte.is_ascii_whitespace()) {
            here += 1;
        }
        if here > at || here >= bytes.len() {
            return place(text, at, at, at, false, &open, state, needs_comma);
        }
        let start = here;
        match bytes[here] {
            b'"' => {
                let end = string_end(bytes, start);
                if at > start && (at < end || (at == end && bytes.get(end - 1) != Some(&b'"'))) {
                    return place(text, at, start, end, true, &open, state, needs_comma);
                }
                here = end;
                (state, needs_comma) = after_value(state);
            }
            b'{' | b'[' => {
                if at <= start {
                    return place(text, at, at, at, false, &open, state, needs_comma);
                }
                open.push(bytes[here]);
                state = if bytes[here] == b'{' { State::Name } else { State::Value };
                needs_comma = false;
                here += 1;
            }
            b'}' | b']' => {
                if at <= start {
                    return place(text, at, at, at, false, &open, state, needs_comma);
                }
                open.pop();
                (state, needs_comma) = (State::Comma, true);
                here += 1;
            }
            b':' => {
                if at <= start {
                    return None;
                }
                (state, needs_comma) = (State::Value, false);
                here += 1;
            }
            b',' => {
                if at <= start {
                    return place(text, at, at, at, false, &open, state, needs_comma);
                }
                state = if open.last() == Some(&b'{') { State::Name } else { State::Value };
                needs_comma = false;
                here += 1;
            }
            _ => {
                let is_word = |byte: &u8| {
                    !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b':' | b',')
                };
                while bytes.get(here).is_some_and(is_word) {
                    here += 1;
                }
                if at >= start && at <= here {
                    return place(text, at, start, here, false, &open, state, needs_comma);
                }
                (state, needs_comma) = after_value(state);
            }
        }
    }
}

fn after_value(state: State) -> (State, bool) {
    if state == State::Name { (State::Colon, false) } else { (State::Comma, true) }
}

/// One past a string's closing quote; the end of the line, where it has none.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[allow(clippy::too_many_arguments, reason = "the state of one scan, handed over once")]
fn place(
    text: &str,
    at: usize,
    start: usize,
    end: usize,
    is_string: bool,
    open: &[u8],
    state: State,
    needs_comma: bool,
) -> Option<Marked> {
    let is_in_object = open.last() == Some(&b'{');
    // After a whole value another one can only follow in an object or array.
    let wanted = match state {
        State::Name => Wanted::Name,
        State::Value => Wanted::Value,
        State::Comma if is_in_object => Wanted::Name,
        State::Comma if !open.is_empty() => Wanted::Value,
        _ => return None,
    };
    open.last()?;
    let _ = at;
    let before = text.get(..start)?;
    let after = text.get(end..)?;
    let next = after.trim_start().as_bytes().first().copied();
    let is_named = wanted == Wanted::Name && next == Some(b':');
    let mut marked = format!("{before}{}\"{MARK}\"", if needs_comma { "," } else { "" });
    if wanted == Wanted::Name && !is_named {
        marked.push_str(":null");
    }
    if !is_named && !matches!(next, Some(b',' | b'}' | b']') | None) {
        marked.push(',');
    }
    marked.push_str(after);
    // A name before its colon and a value in quotes are replaced alone, and the quotes stay.
    let is_inside = is_string && (wanted == Wanted::Value || is_named);
    let replaced = match is_inside {
        true => Span::new(start + 1, end - usize::from(end > start + 1 && text.as_bytes().get(end - 1) == Some(&b'"'))),
        false => Span::new(start, end),
    };
    Some(Marked { text: closed(marked), replaced, wanted, bare: is_inside || is_named })
}

/// The input with what is still open closed, so that all of it can be read.
fn closed(text: String) -> String {
    let bytes = text.as_bytes();
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' => open.push('}'),
            b'[' => open.push(']'),
            b'}' | b']' => drop(open.pop()),
            _ => {}
        }
        at += 1;
    }
    let mut text = text;
    text.extend(open.into_iter().rev());
    text
}
