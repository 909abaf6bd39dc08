//! The smallest parts of JSON: words, numbers and strings (RFC 8259 3, 6, 7).

use super::{Reader, Step};
use crate::issue::Problem;
use crate::source::Span;
use crate::tree::NodeId;

/// A string's content: where it stands, and whether it has to be decoded.
pub(super) struct Text {
    pub span: Span,
    pub escaped: bool,
}

impl Reader<'_> {
    pub(super) fn literal(&mut self, word: &'static str) -> Step {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return self.stop("a value");
        }
        self.at += word.len();
        Ok(())
    }

    fn digits(&mut self) -> Step {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return self.stop("a digit");
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    pub(super) fn number(&mut self) -> Step {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return self.stop("a number without leading zeros");
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Passes over a string, checking its escapes; the quote is next.
    pub(super) fn string(&mut self) -> Step<Text> {
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                                    return self.stop("four hexadecimal digits after \\u");
                                }
                                self.at += 1;
                            }
                        }
                        _ => return self.stop("an escape that JSON knows"),
                    }
                }
                Some(0..0x20) => {
                    return self.stop("no control character in a string (write it as an escape, such as \\n)");
                }
                Some(_) => self.at += 1,
                None => return self.stop("the closing quote of the string"),
            }
        }
        let span = Span::new(start, self.at);
        self.at += 1;
        Ok(Text { span, escaped })
    }

    /// A string's value. A surrogate without its other half becomes U+FFFD and is reported to `node`.
    pub(super) fn decode(&mut self, text: &Text, node: NodeId) -> String {
        let raw = &self.text[text.span.start as usize..text.span.end as usize];
        if !text.escaped {
            return raw.to_owned();
        }
        self.scratch.clear();
        let mut rest = raw;
        while let Some(at) = rest.find('\\') {
            self.scratch.push_str(&rest[..at]);
            let escape = rest.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
            rest = rest.get(at + 2..).unwrap_or("");
            match escape {
                b'b' => self.scratch.push('\u{8}'),
                b'f' => self.scratch.push('\u{C}'),
                b'n' => self.scratch.push('\n'),
                b'r' => self.scratch.push('\r'),
                b't' => self.scratch.push('\t'),
                b'u' => {
                    let unit = hex(rest);
                    rest = rest.get(4..).unwrap_or("");
                    let low = if (0xD800..0xDC00).contains(&unit) { rest.strip_prefix("\\u").map(hex) } else { None };
                    match low {
                        Some(low) if (0xDC00..0xE000).contains(&low) => {
                            let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                            self.scratch.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
                            rest = rest.get(6..).unwrap_or("");
                        }
                        _ => match char::from_u32(unit) {
                            Some(character) => self.scratch.push(character),
                            None => {
                                self.scratch.push('\u{FFFD}');
                                let end = text.span.end as usize - rest.len();
                                let span = Span::new(end.saturating_sub(6), end);
                                self.faults.push(node, span, Problem::JsonSurrogate);
                            }
                        },
                    }
                }
                other => self.scratch.push(other as char),
            }
        }
        self.scratch.push_str(rest);
        self.scratch.clone()
    }
}

fn hex(text: &str) -> u32 {
    text.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0xFFFD)
}
