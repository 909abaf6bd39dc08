//! Narrative (STU3 2.9): well-formed XHTML, with the elements and attributes that txt-1 allows, and something in it (txt-2).

use super::{Checker, Finding, shorten};
use crate::issue::Problem;
use crate::parse::{Limits, parse};
use crate::source::Span;
use crate::tree::{Kind, NodeId};
use crate::typed::ElementRef;
use crate::xhtml::{ELEMENTS, NAMESPACE};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The attributes of txt-1, with `xml:lang` and namespace declarations, which its XPath does not see as attributes.
const ATTRIBUTES: &[&str] = &[
    "abbr",
    "accesskey",
    "align",
    "alt",
    "axis",
    "bgcolor",
    "border",
    "cellhalign",
    "cellpadding",
    "cellspacing",
    "cellvalign",
    "char",
    "charoff",
    "charset",
    "cite",
    "class",
    "colspan",
    "compact",
    "coords",
    "dir",
    "frame",
    "headers",
    "height",
    "href",
    "hreflang",
    "hspace",
    "id",
    "lang",
    "longdesc",
    "name",
    "nowrap",
    "rel",
    "rev",
    "rowspan",
    "rules",
    "scope",
    "shape",
    "span",
    "src",
    "start",
    "style",
    "summary",
    "tabindex",
    "title",
    "type",
    "valign",
    "value",
    "vspace",
    "width",
    "xml:lang",
    "xml:space",
];

/// A URL's scheme as a browser finds it: control characters and spaces at the start, and tabs and line ends anywhere, do
/// not count, nor does case.
pub(super) fn scheme(url: &str) -> Option<String> {
    let text: String = url
        .trim_start_matches(|letter: char| letter <= ' ')
        .chars()
        .filter(|letter| !matches!(letter, '\t' | '\n' | '\r'))
        .collect();
    let (scheme, _) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

/// The addresses of the pictures that a narrative shows.
pub(super) fn pictures(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !text.contains("<img") {
        return found;
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().into_inner() == "img" => {
                for attribute in tag.attributes().flatten().filter(|one| one.key.into_inner() == "src") {
                    let value = &attribute.value;
                    let plain = quick_xml::escape::unescape(value).unwrap_or(std::borrow::Cow::Borrowed(value));
                    found.push(plain.into_owned());
                }
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

/// Whether a narrative has nothing that XML could mind, which a look at each character tells: no reference, comment,
/// declaration or prefix, one namespace, no character that XML lacks, tags that close each other, plain attributes.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_odd = |byte: &u8| matches!(byte, b'&' | 0xEF) || *byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t');
    let Some(inner) = text.strip_prefix("<div xmlns=\"http://www.w3.org/1999/xhtml\"") else { return false };
    if inner.bytes().any(|byte| is_odd(&byte)) || inner.contains("]]>") {
        return false;
    }
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(start) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)).map(|found| at + found) {
        let Some(end) = bytes.get(start..).and_then(|rest| memchr::memchr(b'>', rest)).map(|found| start + found)
        else {
            return false;
        };
        at = end + 1;
        let tag = text.get(start + 1..end).unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
            continue;
        }
        let body = tag.strip_suffix('/').unwrap_or(tag);
        let name = body.split_ascii_whitespace().next().unwrap_or_default();
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        // The root's namespace, which has been looked at, is no attribute.
        let attributes = if start == 0 { text.get(text.len() - inner.len()..end) } else { body.strip_prefix(name) };
        let attributes = attributes.map(|rest| if start == 0 { rest.strip_suffix('/').unwrap_or(rest) } else { rest });
        if !is_name || !attributes.is_some_and(has_plain_attributes) {
            return false;
        }
        if body.len() == tag.len() {
            open.push(name);
        }
    }
    open.is_empty()
}

/// Whether what stands after a tag's name is attributes as most are written: a plain name, each once, and a value in quotes.
fn has_plain_attributes(text: &str) -> bool {
    /// Of more, the reader finds what stands twice.
    const MOST: usize = 16;
    let mut names: Vec<&str> = Vec::new();
    let mut rest = text;
    loop {
        let trimmed = rest.trim_ascii_start();
        if trimmed.is_empty() {
            return true;
        }
        let Some((name, value)) = trimmed.split_once('=') else { return false };
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if trimmed.len() == rest.len() || !is_name || name == "xmlns" || names.contains(&name) || names.len() >= MOST {
            return false;
        }
        names.push(name);
        let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { return false };
        let Some((value, after)) = value.get(1..).and_then(|value| value.split_once(quote)) else { return false };
        if value.contains('<') {
            return false;
        }
        rest = after;
    }
}

impl<'c> Checker<'c> {
    /// Checks the XHTML of a narrative's `div`.
    pub(super) fn narrative(&mut self, node: NodeId, by: ElementRef<'c>) {
        let Some(text) = self.tree.text(node) else { return };
        if text.trim().is_empty() {
            self.find(node, Some(by), Problem::NarrativeEmpty);
            return;
        }
        // XML's reader has said where XML is not well formed.
        let is_json = self.tree.kind(node) != Kind::Xhtml;
        if is_json && self.narrative_syntax(node, by, text) {
            return;
        }
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut problems = Vec::new();
        let mut depth = 0_usize;
        let mut has_content = false;
        let mut has_root = false;
        let mut is_broken = false;
        loop {
            match reader.read_event() {
                Ok(Event::Eof) => break,
                Ok(event @ (Event::Start(_) | Event::Empty(_))) => {
                    let is_start = matches!(event, Event::Start(_));
                    let (Event::Start(tag) | Event::Empty(tag)) = event else { continue };
                    let mut is_said = false;
                    if depth == 0 {
                        let is_second = std::mem::replace(&mut has_root, true);
                        is_said = self.narrative_root(node, &tag, is_second, &mut problems);
                    }
                    if !is_said && !ELEMENTS.contains(&tag.local_name().into_inner()) {
                        let name = tag.local_name().into_inner().to_owned();
                        problems.push(Problem::NarrativeElement { name });
                    }
                    has_content |= self.narrative_attributes(node, &tag, &mut problems);
                    depth += usize::from(is_start);
                }
                Ok(Event::End(_)) => depth = depth.saturating_sub(1),
                Ok(Event::Text(text)) => {
                    let is_text = !text.trim().is_empty();
                    has_content |= is_text;
                    if depth == 0 && is_text {
                        problems.push(Problem::NarrativeRoot { found: "text outside of it".to_owned() });
                    }
                }
                Ok(Event::GeneralRef(_)) => has_content = true,
                Ok(Event::CData(text)) => has_content |= !text.trim().is_empty(),
                Ok(_) => {}
                Err(_) => {
                    is_broken = true;
                    break;
                }
            }
        }
        if !has_content && problems.is_empty() && !is_broken {
            problems.push(Problem::NarrativeEmpty);
        }
        problems.dedup();
        for problem in problems {
            self.find(node, Some(by), problem);
        }
    }

    /// Holds the XHTML of a narrative in JSON to what XML asks of it, by reading it as XML; what is wrong is reported at its
    /// own place. Says whether it cannot be read.
    fn narrative_syntax(&mut self, node: NodeId, by: ElementRef<'c>, text: &str) -> bool {
        const BEFORE: &str = "<Basic xmlns=\"http://hl7.org/fhir\"><text>";
        if is_plain(text) {
            return false;
        }
        let whole = format!("{BEFORE}{text}</text></Basic>");
        let parsed = parse(whole.as_bytes(), self.definitions.names(), Limits::default());
        let mut is_broken = false;
        let places = self.tree.places_in_text(node);
        for fault in parsed.faults {
            let syntax = |problem: String| Problem::NarrativeSyntax { problem };
            let is_after = fault.span.start as usize >= BEFORE.len() + text.len();
            let problem = match &*fault.problem {
                Problem::XmlSyntax { .. } if is_after => syntax("an element is not closed".to_owned()),
                Problem::XmlSyntax { problem } => syntax(problem.clone()),
                Problem::XmlEntity { name } => syntax(format!(
                    "the entity '&{name};' is not one of XML's five; write the character itself or its number"
                )),
                Problem::XmlDoctype => syntax("a document type declaration is not allowed".to_owned()),
                Problem::TooDeep { limit } => {
                    syntax(format!("elements stand more than {limit} levels deep in each other"))
                }
                Problem::NarrativeNamespace { name, found } => {
                    Problem::NarrativeNamespace { name: name.clone(), found: found.clone() }
                }
                _ => continue,
            };
            is_broken |= matches!(problem, Problem::NarrativeSyntax { .. });
            let place = |at: u32| {
                let at = (at as usize).saturating_sub(BEFORE.len()).min(text.len());
                places.of(at) as u32
            };
            let span = Span { start: place(fault.span.start), end: place(fault.span.end) };
            self.push(Finding { node, member: None, span, problem: Arc::new(problem.bounded()), by: Some(by) });
        }
        is_broken
    }

    /// Checks the outermost element; says whether it is none that belongs there.
    fn narrative_root(&self, node: NodeId, tag: &BytesStart<'_>, is_second: bool, problems: &mut Vec<Problem>) -> bool {
        let name = tag.local_name().into_inner().to_owned();
        if is_second || name != "div" {
            let found = if is_second { "more than one element".to_owned() } else { format!("<{name}>") };
            problems.push(Problem::NarrativeRoot { found });
            return true;
        }
        // In XML the reader has looked at the namespace, which may be declared further out.
        if self.tree.kind(node) == Kind::Xhtml {
            return false;
        }
        let prefix = tag.name().prefix().map(|prefix| prefix.into_inner().to_owned());
        let wanted = prefix.map_or("xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
        let declared =
            tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.into_inner() == wanted);
        match declared {
            Some(attribute) if &*attribute.value == NAMESPACE => {}
            Some(attribute) => {
                let found = attribute.value.to_string();
                problems.push(Problem::XhtmlNamespace { found });
            }
            None => problems.push(Problem::NarrativeRoot { found: "a <div> without that namespace".to_owned() }),
        }
        false
    }

    /// Checks an element's attributes; says whether it is content by itself.
    fn narrative_attributes(&self, node: NodeId, tag: &BytesStart<'_>, problems: &mut Vec<Problem>) -> bool {
        let name = tag.local_name().into_inner().to_owned();
        let mut is_image = false;
        // The reader's own search for repeats costs the square of their number.
        let mut names = BTreeSet::new();
        for attribute in tag.attributes().with_checks(false) {
            // What is no attribute has been reported.
            let Ok(attribute) = attribute else { continue };
            let key = attribute.key.into_inner().to_owned();
            // One that stands twice has been reported, too.
            if !names.insert(key.clone()) {
                continue;
            }
            let is_declaration = key == "xmlns" || key.starts_with("xmlns:");
            if !is_declaration && !ATTRIBUTES.contains(&&*key) {
                problems.push(Problem::NarrativeAttribute { name: key.clone(), element: name.clone() });
            }
            is_image |= name == "img" && key == "src";
            if matches!(&*key, "href" | "src" | "longdesc" | "cite") {
                let value = &attribute.value;
                let plain = quick_xml::escape::unescape(value).unwrap_or(std::borrow::Cow::Borrowed(value));
                match scheme(&plain).as_deref() {
                    Some(scheme @ ("javascript" | "vbscript" | "livescript" | "mocha")) => {
                        problems.push(Problem::NarrativeLink { scheme: scheme.to_owned() });
                    }
                    Some(scheme @ ("urn" | "cid")) if key == "href" => {
                        problems.push(Problem::NarrativeLinkUrn { scheme: scheme.to_owned() });
                    }
                    _ => {}
                }
                if let Some(id) = plain.strip_prefix('#')
                    && key == "src"
                    && !self.has_contained(node, id)
                {
                    problems.push(Problem::NarrativeImage { source: shorten(&plain) });
                }
            }
        }
        is_image
    }

    fn has_contained(&self, node: NodeId, id: &str) -> bool {
        self.links().contained(self.tree.resource_of(node), id).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn what_is_plain_is_not_read_as_xml() {
        let div = |inner: &str| format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"{inner}</div>");
        for inner in [
            ">Allergies: none",
            " lang=\"en-GB\"><p class='a' style=\"width: 5px\">x<br/></p><img src=\"#1\" alt=\"\" />",
        ] {
            assert!(is_plain(&div(inner)), "{inner}");
        }
        for inner in [
            ">a & b",
            "><p class=\"a\"class=\"b\">x</p>",
            "><p class=\"a\" class=\"b\">x</p>",
            "><p class=\"a<b\">x</p>",
            "><p class=a>x</p>",
            "><p class>x</p>",
            "><p title=\"a>b\">x</p>",
            "><p xml:lang=\"en\">x</p>",
            "><p xmlns=\"urn:x\">x</p>",
            "><p:p>x</p:p>",
            "><p>x</b>",
            "><p>x",
            ">]]>",
            "><!-- x -->",
            ">\u{1}",
        ] {
            assert!(!is_plain(&div(inner)), "{inner}");
        }
        assert!(!is_plain("<div>x</div>"));
    }
}
