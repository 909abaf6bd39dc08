//! Narratives: elements, structure and white space stay; text goes.

use super::pseudonyms::{Pseudonyms, mask, masked};

/// A `div` as it is written in the source, or the content of another XML element that is text.
pub(super) fn copy(source: &str, pseudonyms: &mut Pseudonyms) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while !rest.is_empty() {
        let (text, markup) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        out.push_str(&mask_text(text));
        rest = match markup {
            "" => "",
            _ if markup.starts_with("<!--") => delimited(markup, "<!--", "-->", &mut out),
            _ if markup.starts_with("<![CDATA[") => delimited(markup, "<![CDATA[", "]]>", &mut out),
            _ if markup.starts_with("<?") => delimited(markup, "<?", "?>", &mut out),
            _ if markup.starts_with("<!") => delimited(markup, "<!", ">", &mut out),
            _ => tag(markup, &mut out, pseudonyms),
        };
    }
    out
}

/// What stands between two marks, masked. Without the second, all is.
pub(super) fn delimited<'s>(source: &'s str, open: &str, close: &str, out: &mut String) -> &'s str {
    let inner = source.get(open.len()..).unwrap_or("");
    out.push_str(open);
    let (inside, after) = inner.split_at(inner.find(close).unwrap_or(inner.len()));
    out.push_str(&mask(inside));
    match after.strip_prefix(close) {
        Some(after) => {
            out.push_str(close);
            after
        }
        None => "",
    }
}

fn tag<'s>(source: &'s str, out: &mut String, pseudonyms: &mut Pseudonyms) -> &'s str {
    let mut tag = Tag::new(source);
    let Some(name) = tag.name() else {
        // A '<' that begins no tag is text.
        out.push('<');
        return source.get(1..).unwrap_or("");
    };
    let (_, word) = split_slash(name);
    out.push('<');
    out.push_str(&name[..name.len() - word.len()]);
    out.push_str(&if is_word(word) { word.to_owned() } else { mask(word) });
    while let Some(piece) = tag.next() {
        match piece {
            Piece::Other(text) => out.push_str(&mask(text)),
            Piece::Attribute { name, between, quote, value } => {
                out.push_str(&if is_word(name) { name.to_owned() } else { mask(name) });
                out.push_str(between);
                out.push(quote);
                out.push_str(&attribute(&name.to_ascii_lowercase(), value, pseudonyms));
                out.push(quote);
            }
        }
    }
    tag.rest
}

fn split_slash(name: &str) -> (&str, &str) {
    name.split_at(usize::from(name.starts_with('/')))
}

fn attribute(name: &str, value: &str, pseudonyms: &mut Pseudonyms) -> String {
    let is_plain = |most: usize| {
        value.len() <= most
            && value
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b" :;#%.,!()-_/".contains(&byte))
    };
    let is_kept = match name {
        "xmlns" => value == crate::xhtml::NAMESPACE,
        "style" => is_plain(400) && !value.contains("url"),
        "class" => is_plain(200) && !value.contains(|character: char| character.is_ascii_digit()),
        "lang" | "xml:lang" => value.len() <= 12,
        "colspan" | "rowspan" | "span" | "border" | "width" | "height" | "cellpadding" | "cellspacing" | "start" => {
            is_plain(8)
        }
        "align" | "valign" | "dir" | "scope" | "type" | "rules" | "frame" | "shape" => is_plain(12),
        _ => false,
    };
    match name {
        _ if is_kept => value.to_owned(),
        "id" | "name" | "headers" | "for" | "axis" => {
            let names = value.split(' ').map(|name| pseudonyms.identifier(name));
            names.collect::<Vec<_>>().join(" ")
        }
        "href" | "src" | "cite" | "longdesc" | "usemap" | "background" => match value.split_once('#') {
            Some(("", name)) => format!("#{}", pseudonyms.identifier(name)),
            _ => match value.split_once(':') {
                Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                    format!("{scheme}:{}", mask_text(rest))
                }
                _ => mask_text(value),
            },
        },
        _ => mask_text(value),
    }
}

/// A name as elements and attributes have it, and not a sentence.
fn is_word(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 20
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b":-".contains(&byte))
        || name.len() <= 12 && name.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Text with its references: a name stays, a number that is a letter's is another's.
pub(super) fn mask_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(&mask(before));
        let body = from.get(1..).unwrap_or("");
        let end = body.bytes().take(12).position(|byte| byte == b';');
        rest = match end.and_then(|end| Some((body.get(..end)?, body.get(end + 1..)?))) {
            Some((name, after)) if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#') => {
                out.push_str(&reference(name));
                after
            }
            _ => {
                out.push('&');
                body
            }
        };
    }
    out.push_str(&mask(rest));
    out
}

fn reference(name: &str) -> String {
    let Some(number) = name.strip_prefix('#') else { return format!("&{name};") };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    };
    let character = code.and_then(char::from_u32);
    match character.map(|character| (character, masked(character))) {
        Some((old, new)) if old != new => format!("&#{};", u32::from(new)),
        _ => format!("&{name};"),
    }
}

/// A start or end tag, read piece by piece.
pub(super) struct Tag<'s> {
    rest: &'s str,
    is_open: bool,
    /// Where `rest` begins, from the tag's `<`.
    at: usize,
}

/// What stands in a tag after its name.
pub(super) enum Piece<'s> {
    /// An attribute; `between` is the `=` with the white space around it.
    Attribute { name: &'s str, between: &'s str, quote: char, value: &'s str },
    /// White space, the end of the tag, and whatever is no attribute.
    Other(&'s str),
}

impl<'s> Tag<'s> {
    /// Of a source that starts with `<`.
    pub fn new(source: &'s str) -> Self {
        Tag { rest: source.get(1..).unwrap_or(""), is_open: true, at: 1 }
    }

    /// What is left after the tag, when all its pieces have been read.
    pub fn rest(&self) -> &'s str {
        self.rest
    }

    /// Where the next piece begins, from the tag's `<`.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// The name, with the slash of an end tag.
    pub fn name(&mut self) -> Option<&'s str> {
        let slash = usize::from(self.rest.starts_with('/'));
        let body = self.rest.get(slash..)?;
        let ends = |character: char| character.is_whitespace() || "/><=\"'".contains(character);
        let length = body.find(ends).unwrap_or(body.len());
        if length == 0 {
            return None;
        }
        Some(self.take(slash + length))
    }

    fn take(&mut self, length: usize) -> &'s str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.at += length;
        taken
    }

    /// The next piece; nothing after the tag's end.
    pub fn next(&mut self) -> Option<Piece<'s>> {
        if !self.is_open || self.rest.is_empty() {
            return None;
        }
        let first = self.rest.chars().next()?;
        if first == '>' {
            self.is_open = false;
            return Some(Piece::Other(self.take(1)));
        }
        if first == '<' {
            // The tag was not closed: another begins.
            self.is_open = false;
            return None;
        }
        let is_mark = |character: char| character.is_whitespace() || "/><=\"'".contains(character);
        let length = self.rest.find(is_mark).unwrap_or(self.rest.len());
        if length == 0 {
            return Some(Piece::Other(self.take(first.len_utf8())));
        }
        let after = &self.rest[length..];
        let spaces = after.len() - after.trim_start().len();
        let equals = after[spaces..].starts_with('=');
        let value = after.get(spaces + 1..).unwrap_or("");
        let more = value.len() - value.trim_start().len();
        let quote = value.trim_start().chars().next().filter(|quote| equals && matches!(quote, '"' | '\''));
        let end = quote.and_then(|quote| Some((quote, value.get(more + 1..)?.find(quote)?)));
        let Some((quote, end)) = end else { return Some(Piece::Other(self.take(length))) };
        let name = self.take(length);
        let between = self.take(spaces + 1 + more);
        self.take(1);
        let value = self.take(end);
        self.take(1);
        Some(Piece::Attribute { name, between, quote, value })
    }
}
