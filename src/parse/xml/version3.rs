//! HL7 version 3 (CDA) to the tree: an element is a node, its attributes are its first children, and text between tags is the
//! node's own. A section's text is kept as it is written, like a narrative of FHIR.

use super::scope::NONE_NS;
use super::{Document, Frame, Role, attribute, split};
use crate::issue::{CdaProblem, Problem};
use crate::name::NameId;
use crate::source::Span;
use crate::tree::{Flags, Kind, NodeId};
use rustc_hash::FxHashSet;

/// The name of the node that has an element's text where there are elements beside it.
const TEXT: &str = "#text";

/// The text of an element as far as it was read.
#[derive(Default)]
pub(super) enum Content {
    #[default]
    None,
    /// It stands in the source as it is.
    Slice(Span),
    /// It had to be put together.
    Own(String),
}

impl<'a> Document<'a, '_> {
    /// Opens an element. A name keeps its prefix only where its namespace is another than that of the element around it.
    pub(super) fn open_version3(&mut self, name: &'a str, start: usize) -> Frame<'a> {
        let around = self.node();
        let namespace = self.namespace(around, name, start + 1);
        let (_, local) = split(name);
        let Some(parent) = self.stack.last_mut() else {
            self.root_seen = true;
            let root = self.tree.root();
            let kind = self.tree.intern(local);
            self.tree.set_resource_type(root, kind);
            self.tree.set_key_start(root, start);
            self.ask_namespace(root, local, namespace, start);
            return self.frame(root, name, start, namespace, Role::Resource);
        };
        parent.has_children = true;
        let is_narrative = local == "text" && split(parent.name).1 == "section";
        let id = self.tree.intern(local);
        let index = parent.counters.next(id);
        parent.repeats |= index > 0;
        let holder = parent.node;
        let node = self.tree.append(holder, id, index, start, Span::new(start, self.at));
        self.tree.set_kind(node, if is_narrative { Kind::Xhtml } else { Kind::Xml });
        self.ask_namespace(node, local, namespace, start);
        self.frame(node, name, start, namespace, if is_narrative { Role::Narrative } else { Role::Element })
    }

    /// A document is one by its namespace.
    fn ask_namespace(&mut self, node: NodeId, local: &str, namespace: usize, start: usize) {
        let found = self.scope.text(namespace);
        if local == "ClinicalDocument" && found != crate::cda::NAMESPACE {
            let found = if namespace == NONE_NS { "none".to_owned() } else { format!("'{found}'") };
            self.fault(node, Span::new(start, self.at), Problem::Cda(CdaProblem::Namespace { found }));
        }
    }

    /// Keeps text between tags, of a document of version 3.
    pub(super) fn keep(&mut self, start: usize, text: &'a str) {
        if !self.is_version3 {
            return;
        }
        let span = Span::new(start, self.at);
        let source = self.source;
        let Some(frame) = self.stack.last_mut().filter(|frame| frame.role.has_text()) else { return };
        let inside = text.strip_prefix("<![CDATA[").map(|inside| inside.strip_suffix("]]>").unwrap_or(inside));
        match (&mut frame.text, inside) {
            (content @ Content::None, None) => *content = Content::Slice(span),
            (content, _) => content.push(source, inside.unwrap_or(text)),
        }
    }

    /// Keeps what a reference between tags stands for; one that means nothing as it is written.
    pub(super) fn keep_reference(&mut self, written: &str, meant: Option<char>) {
        if !self.is_version3 {
            return;
        }
        let source = self.source;
        let Some(frame) = self.stack.last_mut().filter(|frame| frame.role.has_text()) else { return };
        let mut buffer = [0; 4];
        frame.text.push(source, meant.map_or(written, |meant| meant.encode_utf8(&mut buffer)));
    }

    /// Gives an element its text, when it is closed, and marks those inside of it that repeat.
    pub(super) fn close_version3(&mut self, frame: &Frame<'a>) {
        if frame.repeats {
            let children: Vec<NodeId> = self.tree.children(frame.node).collect();
            let again = children.iter().filter(|child| self.tree.index(**child) > 0);
            let names: FxHashSet<NameId> = again.map(|child| self.tree.name_id(*child)).collect();
            for child in children {
                if names.contains(&self.tree.name_id(child)) {
                    self.tree.set_flag(child, Flags::LIST);
                }
            }
        }
        let source = self.source;
        let text = frame.text.as_str(source);
        if text.bytes().all(attribute::is_space) {
            return;
        }
        let node = match frame.has_children {
            false => frame.node,
            true => {
                let id = self.tree.intern(TEXT);
                let span = Span::new(frame.tag_end, self.at);
                let node = self.tree.append(frame.node, id, 0, frame.tag_end, span);
                self.tree.set_kind(node, Kind::Xml);
                node
            }
        };
        match &frame.text {
            Content::Slice(span) => self.tree.set_text_slice(node, *span),
            _ => self.tree.set_text_decoded(node, text),
        }
    }

    /// An instruction between tags: FHIR has none, and of a document a style sheet is nobody's to fetch.
    pub(super) fn instruction(&mut self, start: usize) {
        let node = self.node();
        let span = Span::new(start, self.at);
        if !self.is_version3 {
            self.fault(node, span, Problem::XmlInstruction);
        } else if self.slice(span).starts_with("<?xml-stylesheet") {
            self.fault(node, span, Problem::Cda(CdaProblem::Stylesheet));
        }
    }
}

impl Role {
    /// Whether text in it is its own, and not part of a narrative.
    fn has_text(self) -> bool {
        !matches!(self, Role::Narrative | Role::Inside)
    }
}

impl Content {
    fn as_str<'s>(&'s self, source: &'s str) -> &'s str {
        match self {
            Content::None => "",
            Content::Slice(span) => source.get(span.start as usize..span.end as usize).unwrap_or(""),
            Content::Own(text) => text,
        }
    }

    fn push(&mut self, source: &str, more: &str) {
        match self {
            Content::Own(text) => text.push_str(more),
            _ => *self = Content::Own(format!("{}{more}", self.as_str(source))),
        }
    }
}
