//! Narrative (STU3 2.9): well-formed XHTML, with the elements and attributes that txt-1 allows, and something in it (txt-2).

use super::Checker;
use super::shorten;
use crate::issue::Problem;
use crate::tree::{Kind, NodeId};
use crate::typed::ElementRef;
use crate::xhtml::{ELEMENTS, NAMESPACE};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;

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

impl<'c> Checker<'c> {
    /// Checks the XHTML of a narrative's `div`.
    pub(super) fn narrative(&mut self, node: NodeId, by: ElementRef<'c>) {
        let Some(text) = self.tree.text(node) else { return };
        if text.trim().is_empty() {
            self.find(node, Some(by), Problem::NarrativeEmpty);
            return;
        }
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut problems = Vec::new();
        let mut depth = 0_usize;
        let mut has_content = false;
        let mut has_root = false;
        loop {
            match reader.read_event() {
                Ok(Event::Eof) => break,
                Ok(event @ (Event::Start(_) | Event::Empty(_))) => {
                    let is_start = matches!(event, Event::Start(_));
                    let (Event::Start(tag) | Event::Empty(tag)) = event else { continue };
                    if depth == 0 {
                        let is_second = std::mem::replace(&mut has_root, true);
                        self.narrative_root(node, &tag, is_second, &mut problems);
                    }
                    has_content |= self.narrative_element(node, &tag, &mut problems);
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
                Ok(Event::GeneralRef(entity)) => {
                    has_content = true;
                    let name = entity.to_string();
                    let is_known = name.starts_with('#') || matches!(&*name, "amp" | "lt" | "gt" | "quot" | "apos");
                    if !is_known {
                        problems
                            .push(Problem::NarrativeSyntax { problem: format!("the entity '&{name};' is not known") });
                    }
                }
                Ok(Event::CData(text)) => has_content |= !text.trim().is_empty(),
                Ok(Event::DocType(_)) => {
                    problems.push(Problem::NarrativeSyntax {
                        problem: "a document type declaration is not allowed".to_owned(),
                    });
                }
                Ok(_) => {}
                Err(error) => {
                    problems.push(Problem::NarrativeSyntax { problem: error.to_string() });
                    break;
                }
            }
        }
        if depth > 0 && !problems.iter().any(|problem| matches!(problem, Problem::NarrativeSyntax { .. })) {
            problems.push(Problem::NarrativeSyntax { problem: "an element is not closed".to_owned() });
        }
        if !has_content && problems.is_empty() {
            problems.push(Problem::NarrativeEmpty);
        }
        problems.dedup();
        for problem in problems {
            self.find(node, Some(by), problem);
        }
    }

    fn narrative_root(&self, node: NodeId, tag: &BytesStart<'_>, is_second: bool, problems: &mut Vec<Problem>) {
        let name = tag.local_name().into_inner().to_owned();
        if is_second || name != "div" {
            let found = if is_second { "more than one element".to_owned() } else { format!("<{name}>") };
            problems.push(Problem::NarrativeRoot { found });
            return;
        }
        // In XML the reader has looked at the namespace, which may be declared further out.
        if self.tree.kind(node) == Kind::Xhtml {
            return;
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
    }

    /// Checks an element and its attributes; says whether it is content by itself.
    fn narrative_element(&self, node: NodeId, tag: &BytesStart<'_>, problems: &mut Vec<Problem>) -> bool {
        let name = tag.local_name().into_inner().to_owned();
        if !ELEMENTS.contains(&&*name) {
            problems.push(Problem::NarrativeElement { name: name.clone() });
        }
        let mut is_image = false;
        // The reader's own search for repeats costs the square of their number.
        let mut names = BTreeSet::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => {
                    problems.push(Problem::NarrativeSyntax { problem: error.to_string() });
                    continue;
                }
            };
            let key = attribute.key.into_inner().to_owned();
            if !names.insert(key.clone()) {
                let problem = format!("the attribute '{}' stands twice in one tag", shorten(&key));
                problems.push(Problem::NarrativeSyntax { problem });
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
