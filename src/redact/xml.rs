//! The copy of a source in XML: all but values stays where it is.

use super::narrative::{Piece, Tag, delimited, mask_text};
use super::pseudonyms::mask;
use super::values::{Value, Values};
use crate::tree::Kind;

/// Namespaces that say nothing of anybody.
const NAMESPACES: &[&str] =
    &["http://hl7.org/fhir", "http://www.w3.org/1999/xhtml", "http://www.w3.org/2001/XMLSchema-instance"];

/// Copies whatever stands there, well formed or not.
pub(super) fn copy(source: &str, values: &mut Values<'_>) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while !rest.is_empty() {
        let (text, markup) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        out.push_str(&mask_text(text));
        rest = match markup {
            "" => "",
            _ if markup.starts_with("<!--") => delimited(markup, "<!--", "-->", &mut out),
            _ if markup.starts_with("<![CDATA[") => delimited(markup, "<![CDATA[", "]]>", &mut out),
            _ if markup.starts_with("<?xml ") => declaration(markup, &mut out),
            _ if markup.starts_with("<?") => delimited(markup, "<?", "?>", &mut out),
            _ if markup.starts_with("<!DOCTYPE") => delimited(markup, "<!DOCTYPE", ">", &mut out),
            _ => element(markup, source.len() - markup.len(), &mut out, values),
        };
    }
    out
}

/// The declaration stays where it says what declarations do.
fn declaration<'s>(markup: &'s str, out: &mut String) -> &'s str {
    let Some(end) = markup.find("?>") else { return delimited(markup, "<?", "?>", out) };
    let (inside, after) = markup.split_at(end + 2);
    let words = inside.split(|character: char| !character.is_ascii_alphanumeric());
    const KNOWN: &[&str] =
        &["xml", "version", "encoding", "standalone", "UTF", "utf", "yes", "no", "ISO", "ascii", "us", "windows"];
    let is_known =
        words.filter(|word| !word.is_empty()).all(|word| KNOWN.contains(&word) || word.parse::<u16>().is_ok());
    out.push_str(&if is_known { inside.to_owned() } else { mask(inside) });
    after
}

fn element<'s>(markup: &'s str, start: usize, out: &mut String, values: &mut Values<'_>) -> &'s str {
    let node = values.at(start);
    if let Some(node) = node.filter(|node| values.tree().kind(*node) == Kind::Xhtml) {
        let length = values.tree().span(node).len().min(markup.len());
        if let (Some(div), Some(after)) = (markup.get(..length), markup.get(length..)) {
            if let Value::New(text) = values.narrative(div) {
                out.push_str(&text);
            }
            return after;
        }
    }
    let mut tag = Tag::new(markup);
    let Some(name) = tag.name() else {
        out.push('<');
        return markup.get(1..).unwrap_or("");
    };
    let (slash, name) = name.split_at(usize::from(name.starts_with('/')));
    out.push('<');
    out.push_str(slash);
    out.push_str(&known_name(name, values));
    loop {
        let at = start + tag.offset();
        let Some(piece) = tag.next() else { break };
        match piece {
            Piece::Other(text) => out.push_str(&mask(text)),
            Piece::Attribute { name, between, quote, value } => {
                out.push_str(&attribute_name(name, values));
                out.push_str(between);
                out.push(quote);
                let new = match name {
                    "xmlns" => namespace(value),
                    _ if name.starts_with("xmlns:") => namespace(value),
                    "value" => decided(node.map(|node| values.value(node)), value, quote),
                    _ => decided(values.at(at).map(|node| values.value(node)), value, quote),
                };
                out.push_str(&new);
                out.push(quote);
            }
        }
    }
    tag.rest()
}

/// The name of an element, which may have a prefix.
fn known_name(name: &str, values: &mut Values<'_>) -> String {
    let local = name.split_once(':').map_or(name, |(_, local)| local);
    if values.is_name(local) || values.is_type(local) { name.to_owned() } else { values.name(name) }
}

fn attribute_name(name: &str, values: &mut Values<'_>) -> String {
    let is_known = matches!(name, "value" | "id" | "url" | "xmlns" | "xml:lang" | "xml:id" | "xsi:schemaLocation");
    let is_prefix = name.starts_with("xmlns:") && name.len() <= 14;
    if is_known || is_prefix { name.to_owned() } else { values.name(name) }
}

fn namespace(value: &str) -> String {
    if NAMESPACES.contains(&value) { value.to_owned() } else { mask_text(value) }
}

fn decided(value: Option<Value>, raw: &str, quote: char) -> String {
    match value {
        Some(Value::Kept) => raw.to_owned(),
        Some(Value::New(text)) => escaped(&text, quote),
        Some(Value::Masked) | None => mask_text(raw),
    }
}

/// A text as an attribute's value has it (XML 1.0 2.3, 3.3.3).
fn escaped(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            '"' if quote == '"' => out.push_str("&quot;"),
            '\'' if quote == '\'' => out.push_str("&apos;"),
            _ => out.push(character),
        }
    }
    out
}
