//! The body of a document, as far as it can be checked without its template: that there is one, that what is coded is said in
//! the text, that what is referred to is there, and that the text has nothing but text.

use crate::cda::header::{all, attribute, attribute_node, first, inside, sections, squeezed};
use crate::cda::narrative;
use crate::check::{Checker, shorten};
use crate::issue::{CdaProblem, Problem};
use crate::primitive::base64_bytes;
use crate::source::Span;
use crate::tree::{Kind, NodeId};
use rustc_hash::FxHashSet;

/// A section inside of another deeper than this is not looked at; NHS templates have six.
const DEEPEST: usize = 64;

impl<'c> Checker<'c> {
    pub(super) fn cda_body(&mut self, document: NodeId) {
        let tree = self.tree;
        let structured = all(tree, document, "component.structuredBody");
        let other = all(tree, document, "component.nonXMLBody");
        match (structured.len(), other.len()) {
            (1, 0) | (0, 1) => {}
            (0, 0) => self.found_cda_at_name(document, CdaProblem::Body { found: "no body" }),
            _ => self.found_cda_at_name(document, CdaProblem::Body { found: "several bodies" }),
        }
        for body in other {
            self.cda_file(body);
        }
        let mut open: Vec<(NodeId, usize)> = structured.into_iter().map(|body| (body, 0)).collect();
        while let Some((around, depth)) = open.pop() {
            for section in sections(tree, around) {
                self.cda_section(section);
                if depth < DEEPEST {
                    open.push((section, depth + 1));
                }
            }
        }
        self.cda_references(document);
    }

    /// A file as the body.
    fn cda_file(&mut self, body: NodeId) {
        let tree = self.tree;
        let Some(text) = first(tree, body, "text") else {
            let problem = "is not there: 'text' is missing".to_owned();
            self.found_cda_at_name(body, CdaProblem::NonXmlBody { problem });
            return;
        };
        let content = tree.text(text).or_else(|| tree.child_text(text, "#text"));
        let is_reference = first(tree, text, "reference").is_some();
        let problem = match (attribute(tree, text, "representation"), content) {
            (Some("B64"), Some(content)) if base64_bytes(content).is_none() => "is said to be Base64 and is not",
            (_, None) if is_reference => "is not in the document, but at an address, which is not fetched",
            (_, None) => "is empty",
            _ if attribute(tree, text, "mediaType").is_none() => "has no 'mediaType' that says what it is",
            _ => return,
        };
        self.found_cda_at_name(text, CdaProblem::NonXmlBody { problem: problem.to_owned() });
    }

    fn cda_section(&mut self, section: NodeId) {
        let tree = self.tree;
        let title = first(tree, section, "title").and_then(|title| tree.text(title)).map(squeezed).unwrap_or_default();
        if title.is_empty() {
            self.found_cda_at_name(section, CdaProblem::SectionTitle);
        }
        let has_text = first(tree, section, "text").is_some();
        if !has_text && first(tree, section, "entry").is_some() {
            self.found_cda_at_name(section, CdaProblem::SectionText { title: shorten(&title) });
        }
    }

    /// What the texts and entries of a document name and refer to, and what the texts may not have.
    fn cda_references(&mut self, document: NodeId) {
        let tree = self.tree;
        let mut ids: FxHashSet<String> = FxHashSet::default();
        let mut references: Vec<(NodeId, Span, String, String)> = Vec::new();
        let mut strange: FxHashSet<(String, String)> = FxHashSet::default();
        for node in inside(tree, document) {
            if tree.kind(node) == Kind::Xhtml {
                let start = tree.span(node).start;
                let place = |inner: Span| Span { start: start + inner.start, end: start + inner.end };
                let found = narrative::scan(tree.text(node).unwrap_or_default());
                for (span, id) in found.ids {
                    if !ids.insert(id.clone()) {
                        self.find_at(node, place(span), Problem::Cda(CdaProblem::IdTwice { id: shorten(&id) }));
                    }
                }
                let all = found.references.into_iter();
                references.extend(all.map(|(span, id, name)| (node, place(span), id, name.to_owned())));
                for (span, name) in found.elements {
                    if strange.insert((name.clone(), String::new())) {
                        let problem = CdaProblem::NarrativeElement { name: shorten(&name) };
                        self.find_at(node, place(span), Problem::Cda(problem));
                    }
                }
                for (span, name, element) in found.attributes {
                    if strange.insert((element.clone(), name.clone())) {
                        let (name, element) = (shorten(&name), shorten(&element));
                        let problem = CdaProblem::NarrativeAttribute { name, element };
                        self.find_at(node, place(span), Problem::Cda(problem));
                    }
                }
                continue;
            }
            if let Some(at) = attribute_node(tree, node, "ID")
                && let Some(id) = tree.text(at)
                && !ids.insert(id.trim().to_owned())
            {
                self.found_cda(at, CdaProblem::IdTwice { id: shorten(id) });
            }
            let holder = tree.parent(node).map(|holder| tree.name(holder)).unwrap_or_default();
            if tree.name(node) == "reference"
                && matches!(holder, "originalText" | "text")
                && let Some(at) = attribute_node(tree, node, "value")
                && let Some(id) = tree.text(at).and_then(|value| value.trim().strip_prefix('#'))
            {
                references.push((at, tree.span(at), id.to_owned(), holder.to_owned()));
            }
        }
        for (node, span, id, name) in references {
            if !ids.contains(&id) {
                let problem = CdaProblem::ReferenceLost { id: shorten(&id), name };
                self.find_at(node, span, Problem::Cda(problem));
            }
        }
    }
}
