//! Bytes to a [`Tree`] and the faults found on the way: never a failure, never a panic, whatever the bytes.

pub mod json;
pub mod xml;

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
}

/// Reads a resource in JSON or XML, told apart by [`sniff`].
pub fn parse(source: &[u8], names: &Arc<Names>, limits: Limits) -> Parsed {
    let format = sniff(source);
    let mut faults = Faults::default();
    let limit = limits.size.min(u32::MAX as usize - 1);
    let (text, too_large) = if source.len() > limit { (&[][..], true) } else { (source, false) };
    let (text, bad) = decode(text);
    let mut tree = Tree::new(text, names.clone());
    let root = tree.root();
    if let Some(at) = bad {
        faults.push(root, Span::at(at), Problem::NotUtf8);
    }
    if too_large {
        faults.push(root, Span::default(), Problem::TooLarge { size: source.len(), limit });
    } else if tree.source().trim_start_matches('\u{FEFF}').trim().is_empty() {
        faults.push(root, Span::default(), Problem::Empty);
    } else {
        match format {
            Format::Json => json::read(&mut tree, limits, &mut faults),
            Format::Xml => xml::read(&mut tree, limits, &mut faults),
        }
    }
    tree.index_children();
    Parsed { tree, faults: faults.list, more: faults.more, format }
}

/// The source as text, and the offset of the first byte that is not UTF-8. Such bytes become U+FFFD.
fn decode(source: &[u8]) -> (String, Option<usize>) {
    match std::str::from_utf8(source) {
        Ok(text) => (text.to_owned(), None),
        Err(error) => (String::from_utf8_lossy(source).into_owned(), Some(error.valid_up_to())),
    }
}
