//! Received XHTML rebuilt from an allow-list: what is not on the list cannot come out, however it was written. Text is
//! kept wherever its element is dropped, as a hidden sentence is a clinical hazard too.

use super::model::{Element, Markup};
use super::words;
use crate::xhtml::ELEMENTS;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements nested deeper than this are flattened to their text.
const DEPTH: usize = 64;
/// More nodes than this are not rebuilt: the rest is dropped, and that is said.
const NODES: usize = 200_000;
/// The largest image that stands in the text itself, in characters of its address.
const IMAGE: usize = 2 << 20;

/// Elements whose content is not text for a reader.
const DROPPED: &[&str] = &[
    "script",
    "style",
    "head",
    "title",
    "iframe",
    "frame",
    "frameset",
    "noscript",
    "noframes",
    "noembed",
    "object",
    "embed",
    "applet",
    "template",
    "xmp",
    "plaintext",
    "svg",
    "math",
    "base",
    "link",
    "meta",
    "audio",
    "video",
    "select",
];

/// Elements without content.
pub const VOID: &[&str] = &["br", "hr", "img", "col"];

/// Attributes that may come out on any element; the others have rules of their own.
const ATTRIBUTES: &[&str] = &[
    "abbr",
    "align",
    "alt",
    "axis",
    "border",
    "cellpadding",
    "cellspacing",
    "char",
    "charoff",
    "colspan",
    "compact",
    "dir",
    "frame",
    "height",
    "lang",
    "nowrap",
    "rowspan",
    "rules",
    "scope",
    "span",
    "start",
    "summary",
    "title",
    "type",
    "valign",
    "value",
    "width",
];

/// CSS properties that may come out, all with harmless values only.
const PROPERTIES: &[&str] = &[
    "border",
    "border-bottom",
    "border-collapse",
    "border-left",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "font-style",
    "font-weight",
    "height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
];

/// Received text, cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// What is left.
    pub markup: Vec<Markup>,
    /// What was removed, one sentence each, without repeats.
    pub removed: Vec<String>,
}

/// Cleans XHTML. `prefix` goes before every id and name so that they cannot stand for one of the page's own.
/// Text that is not well-formed is shown as it was written.
pub fn clean(source: &str, prefix: &str) -> Cleaned {
    let mut cleaner = Cleaner { prefix, removed: Vec::new(), nodes: 0 };
    match cleaner.read(source) {
        Some(markup) => Cleaned { markup: unwrap(markup), removed: cleaner.removed },
        None => Cleaned {
            markup: vec![Markup::Text(words::visible(source))],
            removed: vec!["The text is not well-formed XHTML and is shown as it was written.".to_owned()],
        },
    }
}

/// The content of the outer div, which every narrative has.
fn unwrap(markup: Vec<Markup>) -> Vec<Markup> {
    match <[Markup; 1]>::try_from(markup) {
        Ok([Markup::Element(Element { name: "div", attributes, children })]) if attributes.is_empty() => children,
        Ok([one]) => vec![one],
        Err(many) => many,
    }
}

struct Cleaner<'p> {
    prefix: &'p str,
    removed: Vec<String>,
    nodes: usize,
}

/// An element being read; `None` where only its content is kept.
type Open = (Option<(&'static str, Vec<(&'static str, String)>)>, Vec<u8>, Vec<Markup>);

impl Cleaner<'_> {
    fn removed(&mut self, what: String) {
        if self.removed.len() < 100 && !self.removed.contains(&what) {
            self.removed.push(what);
        }
    }

    /// `None` where the text is not well-formed.
    fn read(&mut self, source: &str) -> Option<Vec<Markup>> {
        let mut reader = Reader::from_str(source);
        let mut open: Vec<Open> = Vec::new();
        let mut top: Vec<Markup> = Vec::new();
        // Inside an element whose content is dropped: how many are open.
        let mut dropping: Vec<Vec<u8>> = Vec::new();
        loop {
            let event = reader.read_event().ok()?;
            match event {
                Event::Eof => break,
                Event::Start(start) => {
                    let raw = start.name().as_ref().as_bytes_vec();
                    if !dropping.is_empty() || is_dropped(&raw) {
                        if dropping.is_empty() {
                            self.removed(format!("Removed: a \u{201c}{}\u{201d} element.", shown(&raw)));
                        }
                        dropping.push(raw);
                        continue;
                    }
                    let kept = if open.len() < DEPTH { self.element(&start)? } else { None };
                    open.push((kept, raw, Vec::new()));
                }
                Event::Empty(start) => {
                    let raw = start.name().as_ref().as_bytes_vec();
                    if !dropping.is_empty() {
                        continue;
                    }
                    if is_dropped(&raw) {
                        self.removed(format!("Removed: a \u{201c}{}\u{201d} element.", shown(&raw)));
                        continue;
                    }
                    if let Some((name, attributes)) = self.element(&start)? {
                        let element = self.finish(name, attributes, Vec::new());
                        self.push(&mut open, &mut top, element);
                    }
                }
                Event::End(end) => {
                    let raw = end.name().as_ref().as_bytes_vec();
                    if let Some(name) = dropping.pop() {
                        if name != raw {
                            return None;
                        }
                        continue;
                    }
                    let (kept, name, children) = open.pop()?;
                    if name != raw {
                        return None;
                    }
                    match kept {
                        Some((name, attributes)) => {
                            let element = self.finish(name, attributes, children);
                            self.push(&mut open, &mut top, element);
                        }
                        None => children.into_iter().for_each(|child| self.push(&mut open, &mut top, child)),
                    }
                }
                Event::Text(text) => {
                    if dropping.is_empty() {
                        let text = text.xml10_content().into_owned();
                        self.push(&mut open, &mut top, Markup::Text(words::visible(&text)));
                    }
                }
                Event::CData(text) => {
                    if dropping.is_empty() {
                        let text = text.xml10_content().into_owned();
                        self.push(&mut open, &mut top, Markup::Text(words::visible(&text)));
                    }
                }
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content().into_owned();
                    if dropping.is_empty() {
                        let text = entity(&name).unwrap_or_else(|| format!("&{name};"));
                        self.push(&mut open, &mut top, Markup::Text(words::visible(&text)));
                    }
                }
                Event::DocType(_) => self.removed("Removed: a document type declaration.".to_owned()),
                Event::PI(_) | Event::Decl(_) | Event::Comment(_) => {}
            }
        }
        (open.is_empty() && dropping.is_empty()).then_some(top)
    }

    fn push(&mut self, open: &mut [Open], top: &mut Vec<Markup>, markup: Markup) {
        self.nodes += 1;
        if self.nodes > NODES {
            self.removed("The text is too large: its end is not shown.".to_owned());
            return;
        }
        let siblings = match open.last_mut() {
            Some((_, _, children)) => children,
            None => top,
        };
        match (siblings.last_mut(), markup) {
            (Some(Markup::Text(before)), Markup::Text(text)) => before.push_str(&text),
            (_, markup) => siblings.push(markup),
        }
    }

    /// The element as it may come out; an image that may not becomes its words.
    fn finish(&mut self, name: &'static str, attributes: Vec<(&'static str, String)>, children: Vec<Markup>) -> Markup {
        let children = if VOID.contains(&name) { Vec::new() } else { children };
        if name == "img" && !attributes.iter().any(|(name, _)| *name == "src") {
            let alt = attributes.into_iter().find(|(name, _)| *name == "alt").map(|(_, alt)| alt);
            let words = match alt.filter(|alt| !alt.trim().is_empty()) {
                Some(alt) => format!("[image not loaded: {alt}]"),
                None => "[image not loaded]".to_owned(),
            };
            return Markup::Text(words);
        }
        Markup::Element(Element { name, attributes, children })
    }

    /// The name and attributes that may come out. The outer `None` says that the attributes are not well-formed.
    #[allow(clippy::type_complexity)]
    fn element(&mut self, start: &BytesStart<'_>) -> Option<Option<(&'static str, Vec<(&'static str, String)>)>> {
        let raw = start.name().as_ref().as_bytes_vec();
        let lower = shown(&raw).to_ascii_lowercase();
        let Some(name) = ELEMENTS.iter().find(|known| **known == lower).copied() else {
            self.removed(format!("Shown without its element: text in \u{201c}{}\u{201d}.", shown(&raw)));
            for attribute in start.attributes() {
                attribute.ok()?;
            }
            return Some(None);
        };
        let mut kept: Vec<(&'static str, String)> = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let key = shown(&attribute.key.as_ref().as_bytes_vec()).to_ascii_lowercase();
            let value = attribute_value(&attribute.value.as_ref().as_bytes_vec());
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            if kept.iter().any(|(name, _)| *name == key) {
                continue;
            }
            match self.attribute(name, &key, &value) {
                Some(pair) => kept.push(pair),
                None if key == "style" && value.trim().is_empty() => {}
                None => self.removed(format!(
                    "Removed: the attribute \u{201c}{}\u{201d} of \u{201c}{name}\u{201d}.",
                    words::visible(&key)
                )),
            }
        }
        Some(Some((name, kept)))
    }

    fn attribute(&mut self, element: &str, key: &str, value: &str) -> Option<(&'static str, String)> {
        match key {
            "href" if element == "a" => return link(value, self.prefix).map(|url| ("href", url)),
            "src" if element == "img" => return image(value).map(|url| ("src", url)),
            "id" => return Some(("id", format!("{}{}", self.prefix, name_token(value)?))),
            "name" if element == "a" => return Some(("name", format!("{}{}", self.prefix, name_token(value)?))),
            "headers" => {
                let ids: Vec<String> = value
                    .split_ascii_whitespace()
                    .filter_map(|id| Some(format!("{}{}", self.prefix, name_token(id)?)))
                    .collect();
                return Some(("headers", ids.join(" ")));
            }
            // Classes of the receiver's own page could hide or restyle text, so only FHIR's and NHS names stay.
            "class" => {
                let known: Vec<&str> = value.split_ascii_whitespace().filter(|class| is_known_class(class)).collect();
                return (!known.is_empty()).then(|| ("class", known.join(" ")));
            }
            "style" => {
                let (kept, dropped) = style(value);
                if dropped {
                    self.removed("Removed: part of a style that could hide text or load something.".to_owned());
                }
                return (!kept.is_empty()).then_some(("style", kept));
            }
            "xml:lang" => return Some(("lang", plain_token(value)?)),
            _ => {}
        }
        let name = ATTRIBUTES.iter().find(|known| **known == key).copied()?;
        let harmless = match name {
            "width" | "height" => value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'%' | b'.' | b'p' | b'x')),
            "dir" => matches!(value, "ltr" | "auto"),
            _ => true,
        };
        // A width or height of nothing hides the text.
        let hides = matches!(name, "width" | "height") && value.trim_matches(['0', '.', 'p', 'x', '%']).is_empty();
        (harmless && !hides).then(|| (name, words::visible(value)))
    }
}

/// Bytes or text, whichever form this release of quick-xml gives a name in.
trait AsBytesVec {
    fn as_bytes_vec(&self) -> Vec<u8>;
}

impl<T: AsRef<[u8]> + ?Sized> AsBytesVec for T {
    fn as_bytes_vec(&self) -> Vec<u8> {
        self.as_ref().to_vec()
    }
}

fn shown(raw: &[u8]) -> String {
    words::visible(&String::from_utf8_lossy(raw))
}

/// Whether an element's whole content goes. A prefix does not save it.
fn is_dropped(raw: &[u8]) -> bool {
    let name = shown(raw).to_ascii_lowercase();
    let local = name.rsplit(':').next().unwrap_or(&name);
    DROPPED.contains(&local)
}

/// The character that an entity means: XML's five, numbers, and the few of HTML that senders use against the rules.
fn entity(name: &str) -> Option<String> {
    let number = match name.strip_prefix('#') {
        Some(hex) if hex.starts_with(['x', 'X']) => u32::from_str_radix(hex.get(1..)?, 16).ok(),
        Some(decimal) => decimal.parse().ok(),
        None => None,
    };
    if let Some(number) = number {
        return char::from_u32(number).map(String::from);
    }
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "deg" => '\u{b0}',
        "pound" => '\u{a3}',
        "ndash" => '\u{2013}',
        "mdash" => '\u{2014}',
        "lsquo" => '\u{2018}',
        "rsquo" => '\u{2019}',
        "ldquo" => '\u{201c}',
        "rdquo" => '\u{201d}',
        "bull" => '\u{2022}',
        "micro" => '\u{b5}',
        "plusmn" => '\u{b1}',
        "frac12" => '\u{bd}',
        "copy" => '\u{a9}',
        "reg" => '\u{ae}',
        "hellip" => '\u{2026}',
        _ => return None,
    };
    Some(c.to_string())
}

/// An attribute's value with its entities read, each once.
fn attribute_value(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(at) = rest.find('&') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let end = after.find(';');
        let found = end.and_then(|end| Some((entity(after.get(1..end)?)?, after.get(end + 1..)?)));
        match found {
            Some((text, tail)) => {
                out.push_str(&text);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

/// An address as a browser reads it: without tabs and line ends, and without control characters and spaces around it.
fn normalised(url: &str) -> String {
    let url: String = url.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    url.trim_matches(|c: char| c <= ' ' || c.is_whitespace()).to_owned()
}

/// A link that may come out: within the text, or to the web, mail or telephone.
fn link(url: &str, prefix: &str) -> Option<String> {
    let url = normalised(url);
    if let Some(id) = url.strip_prefix('#') {
        return Some(format!("#{prefix}{}", name_token(id)?));
    }
    let (scheme, rest) = url.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let harmless =
        !rest.is_empty() && !url.chars().any(|c| c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '\\'));
    (harmless && matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel")).then_some(url)
}

/// An image that stands in the text itself. Remote ones would tell their server who reads what.
fn image(url: &str) -> Option<String> {
    let url = normalised(url);
    let (head, data) = url.split_once(',')?;
    let head = head.to_ascii_lowercase();
    let kind = matches!(head.as_str(), "data:image/png;base64" | "data:image/jpeg;base64" | "data:image/gif;base64");
    let base64 = data.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    (kind && base64 && url.len() <= IMAGE).then(|| format!("{head},{data}"))
}

fn name_token(text: &str) -> Option<String> {
    let clean: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
    (!clean.is_empty()).then_some(clean)
}

fn plain_token(text: &str) -> Option<String> {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-').then(|| text.to_owned())
}

fn is_known_class(class: &str) -> bool {
    let plain = class.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain
        && (class.ends_with("-banner")
            || class == "date-column"
            || matches!(
                class,
                "bold"
                    | "italics"
                    | "underline"
                    | "strikethrough"
                    | "left"
                    | "right"
                    | "center"
                    | "justify"
                    | "border-left"
                    | "border-right"
                    | "border-top"
                    | "border-bottom"
                    | "arabic"
                    | "little-roman"
                    | "big-roman"
                    | "little-alpha"
                    | "big-alpha"
                    | "disc"
                    | "circle"
                    | "square"
                    | "unlist"
            ))
}

/// The declarations that may come out, and whether any was dropped.
fn style(text: &str) -> (String, bool) {
    let mut kept: Vec<String> = Vec::new();
    let mut dropped = false;
    for declaration in text.split(';') {
        if declaration.trim().is_empty() {
            continue;
        }
        let pair = declaration.split_once(':').map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim()));
        match pair {
            Some((name, value)) if PROPERTIES.contains(&name.as_str()) && is_harmless(&name, value) => {
                kept.push(format!("{name}:{value}"));
            }
            _ => dropped = true,
        }
    }
    (kept.join(";"), dropped)
}

/// A value of plain words, numbers and lengths that neither loads nor hides anything.
fn is_harmless(name: &str, value: &str) -> bool {
    let plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'%' | b'#' | b'-'));
    let lower = value.to_ascii_lowercase();
    // Nothing that takes the text out of the page: negative lengths, and boxes of no size or beyond the screen.
    let negative = lower.split(' ').any(|word| word.starts_with('-'));
    let long = lower.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 4);
    let no_size = matches!(name, "width" | "height" | "max-width")
        && lower.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').trim_matches(['0', '.']).is_empty()
        && lower.bytes().next().is_some_and(|b| b.is_ascii_digit() || b == b'.');
    let shouting = name == "text-transform" && lower != "none" && lower != "uppercase" && lower != "capitalize";
    plain && !negative && !long && !no_size && !shouting && value.len() <= 100
}

/// The text of cleaned markup, with line ends where its blocks end and tabs between cells.
pub fn to_text(markup: &[Markup]) -> String {
    let mut out = String::new();
    write_text(markup, &mut out, false, 0);
    let mut text = String::new();
    let mut blank = 0;
    for line in out.lines() {
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.trim_matches('\n').to_owned()
}

fn end_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn write_text(markup: &[Markup], out: &mut String, pre: bool, depth: usize) {
    if depth > DEPTH + 8 {
        return;
    }
    for node in markup {
        match node {
            Markup::Text(text) if pre => out.push_str(text),
            Markup::Text(text) => {
                for (at, word) in text.split([' ', '\n', '\t', '\r']).enumerate() {
                    if at > 0 && !out.is_empty() && !out.ends_with([' ', '\n']) {
                        out.push(' ');
                    }
                    out.push_str(word);
                }
            }
            Markup::Element(element) => match element.name {
                "br" => {
                    while out.ends_with(' ') {
                        out.pop();
                    }
                    out.push('\n');
                }
                "hr" => end_line(out),
                "img" => {
                    let alt = element.attributes.iter().find(|(name, _)| *name == "alt").map_or("", |(_, alt)| alt);
                    out.push_str(&format!("[image: {alt}]"));
                }
                "td" | "th" => {
                    if !out.is_empty() && !out.ends_with('\n') {
                        out.push_str(" | ");
                    }
                    write_text(&element.children, out, pre, depth + 1);
                    while out.ends_with([' ', '\n']) && !out.ends_with("| ") {
                        out.pop();
                    }
                }
                "li" => {
                    end_line(out);
                    out.push_str("- ");
                    write_text(&element.children, out, pre, depth + 1);
                    end_line(out);
                }
                "p" | "div" | "table" | "tr" | "ul" | "ol" | "dl" | "dt" | "dd" | "blockquote" | "caption" | "h1"
                | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" => {
                    end_line(out);
                    write_text(&element.children, out, pre || element.name == "pre", depth + 1);
                    end_line(out);
                }
                _ => write_text(&element.children, out, pre, depth + 1),
            },
        }
    }
}
