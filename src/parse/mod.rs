//! Bytes to a [`Tree`] and the faults found on the way: never a failure, never a panic, whatever the bytes.

pub mod json;
pub mod xml;

use crate::cda;
use crate::issue::{Problem, Severity};
use crate::limits;
use crate::name::Names;
use crate::source::{Format, Span, sniff};
use crate::tree::{NodeId, Tree};
use std::sync::Arc;

/// Bounds on what is read, so that no input costs more than its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of input. At most `u32::MAX - 1`, as spans have 32 bits.
    pub size: usize,
    /// Levels of nested objects, arrays or elements.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { size: 512 << 20, depth: 256 }
    }
}

/// Something wrong with the form of the input, at a node or at a part of it that has no node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The node concerned, or the one around it.
    pub node: NodeId,
    /// The name of the child concerned, where it has no node of its own (an empty array).
    pub member: Option<Box<str>>,
    /// The bytes concerned.
    pub span: Span,
    /// What is wrong.
    pub problem: Arc<Problem>,
}

/// The faults of one input as they are found: the first [`limits::ISSUES`] of those that are fatal and of the others; the
/// rest is counted.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    list: Vec<Fault>,
    fatal: usize,
    more: usize,
}

impl Faults {
    /// Adds what is wrong at a node.
    pub fn push(&mut self, node: NodeId, span: Span, problem: Problem) {
        self.push_member(node, None, span, problem);
    }

    /// Adds what is wrong with a child that may have no node of its own.
    pub fn push_member(&mut self, node: NodeId, member: Option<&str>, span: Span, problem: Problem) {
        let is_fatal = problem.severity() == Severity::Fatal;
        let before = if is_fatal { self.fatal } else { self.list.len() - self.fatal };
        if before >= limits::ISSUES {
            self.more += 1;
            return;
        }
        self.fatal += usize::from(is_fatal);
        let member = member.map(|member| limits::shorten(member, limits::NAME).into());
        self.list.push(Fault { node, member, span, problem: Arc::new(problem.bounded()) });
    }
}

/// What of the input is not in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// What stands from this byte on: it is not well formed, or too deep.
    Rest(u32),
    /// Further resources after the first, from this byte on.
    More(u32),
    /// All of it: there is nothing, or too much, or it is no resource.
    All,
}

/// What a reader gives back: the tree of everything that could be read, and the faults in the order found.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// Everything that could be read.
    pub tree: Tree,
    /// What is wrong with the form.
    pub faults: Vec<Fault>,
    /// How many more faults there are, of which there were too many to keep.
    pub more: usize,
    /// JSON or XML.
    pub format: Format,
    /// What could not be read.
    pub unread: Option<Unread>,
    /// What the outermost element is, where that is of HL7 version 3 (CDA) and the tree so not one of FHIR.
    pub cda: Option<cda::Root>,
}

/// Reads a resource in JSON or XML, told apart by [`sniff`]; or a CDA document, whose elements and attributes are nodes alike.
pub fn parse(source: &[u8], names: &Arc<Names>, limits: Limits) -> Parsed {
    let mut faults = Faults::default();
    let limit = limits.size.min(u32::MAX as usize - 1);
    let (text, too_large) = if source.len() > limit { (&[][..], true) } else { (source, false) };
    let (text, bad) = decode(text);
    let format = sniff(text.as_bytes());
    let cda = cda::root(&text).filter(|_| format == Format::Xml);
    let mut tree = Tree::new(text, names.clone());
    let root = tree.root();
    if let Some((at, problem)) = bad {
        faults.push(root, Span::at(at), problem);
    }
    let unread = if too_large {
        faults.push(root, Span::default(), Problem::TooLarge { size: source.len(), limit });
        Some(Unread::All)
    } else if tree.source().trim_start_matches('\u{FEFF}').trim().is_empty() {
        faults.push(root, Span::default(), Problem::Empty);
        Some(Unread::All)
    } else {
        match format {
            Format::Json => json::read(&mut tree, limits, &mut faults),
            Format::Xml => xml::read(&mut tree, cda.is_some(), limits, &mut faults),
        }
    };
    tree.index_children();
    let Faults { list: mut faults, more, .. } = faults;
    // What the declaration says of the encoding has been said of the file.
    let is_utf16 = faults.iter().any(|fault| *fault.problem == Problem::Utf16);
    faults.retain(|fault| !is_utf16 || !matches!(*fault.problem, Problem::XmlEncoding { .. }));
    Parsed { tree, faults, more, format, unread, cda }
}

/// The source as text, and what is wrong with its encoding, with the offset where that shows. Bytes that are not UTF-8 become
/// U+FFFD; UTF-16 is read as what it is.
fn decode(source: &[u8]) -> (String, Option<(usize, Problem)>) {
    if let Some(text) = utf16(source) {
        return (text, Some((0, Problem::Utf16)));
    }
    match std::str::from_utf8(source) {
        Ok(text) => (text.to_owned(), None),
        Err(error) => (String::from_utf8_lossy(source).into_owned(), Some((error.valid_up_to(), Problem::NotUtf8))),
    }
}

/// The text of UTF-16: with its byte order mark, or told by the zero beside its first character, which is ASCII.
fn utf16(source: &[u8]) -> Option<String> {
    let (is_big, rest) = match source {
        [0xFE, 0xFF, rest @ ..] => (true, rest),
        [0xFF, 0xFE, rest @ ..] => (false, rest),
        [0, b'{' | b'<', 0, _, ..] => (true, source),
        [b'{' | b'<', 0, _, 0, ..] => (false, source),
        _ => return None,
    };
    let unit = |pair: &[u8]| match pair {
        [one, other] if is_big => u16::from_be_bytes([*one, *other]),
        [one, other] => u16::from_le_bytes([*one, *other]),
        _ => 0,
    };
    let units = rest.chunks_exact(2).map(unit);
    Some(char::decode_utf16(units).map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}
