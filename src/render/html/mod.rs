//! The only place that writes `<`: the display model as a tree of elements, and such a tree as XHTML.
//!
//! Element and attribute names are all our own constants; every text and attribute value is escaped here.

mod parts;
mod received;
mod record;

use super::Mode;
use super::language::Language;
use super::model::{Display, Element, Markup};
use super::record::model::Record;
use super::sanitise::VOID;
use parts::{Kind, Parts};

/// XHTML for `Resource.text.div`: only the elements and attributes of txt-1.
pub fn narrative(display: &Display, mode: Mode, language: Language) -> String {
    let body = Parts { kind: Kind::Narrative, mode, language }.resource(display, 3);
    let mut out = String::new();
    let xmlns = ("xmlns", "http://www.w3.org/1999/xhtml");
    let tag = [xmlns, ("lang", language.tag())];
    // English is what readers of the NHS expect, so that only another language is marked.
    let attributes = if language == Language::English { &tag[..1] } else { &tag[..] };
    write(&element("div", attributes, body), &mut out);
    out
}

/// HTML to be put into a page whose headings above it end at the second level.
pub fn fragment(display: &Display, mode: Mode, language: Language) -> String {
    let mut out = String::new();
    write(
        &element(
            "div",
            &[("class", "careconnect"), ("lang", language.tag())],
            Parts { kind: Kind::Web, mode, language }.resource(display, 2),
        ),
        &mut out,
    );
    out
}

/// The content of a page: its one heading of the first level is the headline.
pub(super) fn body(display: &Display, mode: Mode, language: Language) -> Vec<Markup> {
    Parts { kind: Kind::Web, mode, language }.resource(display, 1)
}

/// What goes before the ids of a record in a fragment, so that the page around it can have the same ids.
pub const PREFIX: &str = "careconnect-";

/// A record as HTML to be put into a page.
pub fn record_fragment(record: &Record, mode: Mode, language: Language) -> String {
    let mut out = String::new();
    let attributes = [("class", "careconnect"), ("lang", language.tag())];
    write(&element("div", &attributes, record::body(record, 2, PREFIX, mode, language)), &mut out);
    out
}

/// The content of a record's page.
pub(super) fn record_body(record: &Record, mode: Mode, language: Language) -> Vec<Markup> {
    record::body(record, 1, "", mode, language)
}

/// Markup as XHTML.
pub fn xhtml(markup: &[Markup]) -> String {
    let mut out = String::new();
    markup.iter().for_each(|node| write(node, &mut out));
    out
}

/// An element.
pub(super) fn element(name: &'static str, attributes: &[(&'static str, &str)], children: Vec<Markup>) -> Markup {
    let attributes = attributes.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Markup::Element(Element { name, attributes, children })
}

/// Text.
pub(super) fn text(text: impl Into<String>) -> Markup {
    Markup::Text(text.into())
}

/// Writes a tree; an element that cannot have content is closed at once, any other has an end tag.
pub(super) fn write(markup: &Markup, out: &mut String) {
    match markup {
        Markup::Text(text) => escape(text, false, out),
        Markup::Element(element) => {
            out.push('<');
            out.push_str(element.name);
            for (name, value) in &element.attributes {
                out.push(' ');
                out.push_str(name);
                out.push_str("=\"");
                escape(value, true, out);
                out.push('"');
            }
            if VOID.contains(&element.name) || element.name == "meta" {
                out.push_str("/>");
                return;
            }
            out.push('>');
            // In HTML a style sheet ends at its end tag and nothing in it is an entity. Ours is a constant.
            match element.children.as_slice() {
                [Markup::Text(sheet)] if element.name == "style" => out.push_str(sheet),
                children => children.iter().for_each(|child| write(child, out)),
            }
            out.push_str("</");
            out.push_str(element.name);
            out.push('>');
        }
    }
}

/// Text with XML's own entities only; characters that XML cannot hold become their visible mark.
fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' | '\t' if attribute => out.push(' '),
            // Those of ISO 8859 XML can hold, and a terminal obeys.
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\r' | '\u{e}'..='\u{1f}' => out.push('\u{fffd}'),
            '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
}
