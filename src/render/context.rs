//! What every part of the renderer shares: the tree, what has been displayed so far, and references resolved.

use super::attachment::Opened;
use super::format::date::Moment;
use super::model::{Coverage, Row};
use super::shape::{Shape, shape_of};
use super::{Audience, Labels, Options, Types, words};
use crate::contradictions::{self, Finding};
use crate::limits;
use crate::links::Links;
use crate::tree::{Flags, Kind, NodeId, Tree};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// Where a value ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nowhere yet.
    None,
    /// Displayed by a view.
    Shown,
    /// Displayed as other recorded information.
    Listed,
    /// Under technical details.
    Technical,
    /// Not displayed, for the reason given.
    Withheld(&'static str),
}

/// The state of one rendering.
pub struct Context<'a> {
    /// The input.
    pub tree: &'a Tree,
    /// The types of its nodes.
    pub types: &'a dyn Types,
    /// The displays of codes.
    pub labels: &'a dyn Labels,
    /// What to make.
    pub options: &'a Options,
    /// The day for ages.
    pub as_of: Option<Moment>,
    /// Whether an extension was displayed.
    pub has_extensions: bool,
    /// How many references deep a summary is being made.
    pub following: u8,
    /// What a formatter marks a value as at the moment; `None` while text is made that does not count as displayed.
    pub marking: Option<Mark>,
    /// The patient of the Bundle, whose details stand in its banner.
    pub banner: Option<NodeId>,
    /// The language of the resource at hand, where it is not that of the output.
    pub foreign: Option<&'a str>,
    /// Technical rows of the resource at hand.
    pub technical: Vec<Row>,
    /// Whether the input is GP Connect's, whose profiles fix values that say nothing.
    pub gp_connect: bool,
    /// In a record, where resources are shown: the id of the element, and the resource in one line.
    pub places: FxHashMap<NodeId, (String, String)>,
    /// What is shown of attachments, until it is in its row.
    pub opened: FxHashMap<NodeId, Opened>,
    /// Comments on results, by the result that each is about.
    pub comments: FxHashMap<NodeId, Vec<NodeId>>,
    /// How many bytes of attachments are shown so far.
    pub shown_bytes: usize,
    /// The nodes that a view has taken.
    claimed: Vec<bool>,
    marks: Vec<Mark>,
    /// The references of the input.
    pub links: Links<'a>,
    /// Whether a resource is labelled as not to be disclosed to the patient: asked at every reference to it.
    pub labelled: RefCell<FxHashMap<NodeId, bool>>,
    /// How long the display may still become, in bytes, and how many values had to be left out of it.
    pub room: usize,
    /// How many values were left out.
    pub left_out: usize,
    /// What is recorded twice and differs, as far as the reader may see both, by the resource that it is said in.
    pub contradictions: std::collections::BTreeMap<NodeId, Vec<Finding>>,
    /// Those between a document's text and its coded entries, by the section of the text.
    pub attested: FxHashMap<NodeId, Vec<Finding>>,
    /// In a record, the day on which it was held like this, else the day asked for.
    pub today: Option<String>,
    /// One-line summaries of resources that references point to, by how deep the reference stood.
    pub summaries: FxHashMap<(NodeId, u8), String>,
}

impl<'a> Context<'a> {
    /// A context in which nothing has been displayed yet.
    pub fn new(
        tree: &'a Tree,
        types: &'a dyn Types,
        labels: &'a dyn Labels,
        options: &'a Options,
        as_of: Option<Moment>,
    ) -> Self {
        let mut context = Context {
            tree,
            types,
            labels,
            options,
            as_of,
            has_extensions: false,
            following: 0,
            marking: Some(Mark::Shown),
            foreign: None,
            banner: None,
            technical: Vec::new(),
            gp_connect: false,
            places: FxHashMap::default(),
            opened: FxHashMap::default(),
            comments: FxHashMap::default(),
            shown_bytes: 0,
            claimed: vec![false; tree.len()],
            marks: vec![Mark::None; tree.len()],
            links: Links::new(tree),
            labelled: RefCell::default(),
            room: limits::output(tree.source().len()),
            left_out: 0,
            contradictions: std::collections::BTreeMap::new(),
            attested: FxHashMap::default(),
            today: None,
            summaries: FxHashMap::default(),
        };
        let is_kept = |resource| super::views::is_kept_from_patients(&context, resource);
        let found = contradictions::find(tree, &context.links, &is_kept);
        for finding in found {
            if let Some(section) = finding.section(tree) {
                context.attested.entry(section).or_default().push(finding.clone());
            }
            context.contradictions.entry(tree.resource_of(finding.at)).or_default().push(finding);
        }
        context
    }

    /// The resource that a reference standing at `from` means, where it is in the input. Display only: an absolute
    /// address is also matched by its last two steps, as senders mix the two forms in one Bundle.
    pub fn resolve(&self, from: NodeId, reference: &str) -> Option<NodeId> {
        // What a contained resource calls the one around it leads back to where the reader is.
        if reference.trim() == "#" { None } else { self.links.find(from, reference).node() }
    }

    /// A fixed phrase in the language asked for.
    pub fn say(&self, phrase: &str) -> String {
        self.options.language.say(phrase)
    }

    /// A fixed phrase in the language asked for, with a value in place of each `{}`.
    pub fn fill(&self, phrase: &str, values: &[&str]) -> String {
        self.options.language.fill(phrase, values)
    }

    /// Whether the audience is the patient.
    pub fn for_patient(&self) -> bool {
        self.options.audience == Audience::Patient
    }

    /// The JSON pointer of a node.
    pub fn pointer(&self, node: NodeId) -> String {
        self.tree.pointer(node)
    }

    /// Whether the node counts as a value that must be accounted for: it has text, or nothing inside.
    pub fn is_leaf(&self, node: NodeId) -> bool {
        self.tree.text(node).is_some() || self.tree.children(node).next().is_none()
    }

    /// Marks a value with what is done at the moment. The first mark stays.
    pub fn mark(&mut self, node: NodeId) {
        if let Some(mark) = self.marking {
            self.mark_as(node, mark);
        }
    }

    /// Marks a value as it ended, unless nothing is being displayed. The first mark stays.
    pub fn mark_as(&mut self, node: NodeId, mark: Mark) {
        if self.marking.is_none() {
            return;
        }
        if let Some(slot) = self.marks.get_mut(node.0 as usize)
            && *slot == Mark::None
        {
            *slot = mark;
        }
    }

    /// Where a value ended so far.
    pub fn mark_of(&self, node: NodeId) -> Mark {
        self.marks.get(node.0 as usize).copied().unwrap_or(Mark::None)
    }

    /// Takes a node for a row; false if it has been taken before.
    pub fn claim(&mut self, node: NodeId) -> bool {
        match self.claimed.get_mut(node.0 as usize) {
            Some(taken) if !*taken => {
                *taken = true;
                true
            }
            _ => false,
        }
    }

    /// Whether a row has taken the node.
    pub fn is_claimed(&self, node: NodeId) -> bool {
        self.claimed.get(node.0 as usize).copied().unwrap_or(true)
    }

    /// Takes what a row needs off the room that is left; says whether there was any.
    pub fn take_room(&mut self, row: &Row) -> bool {
        /// What a row takes besides its texts, at most, in any form.
        const FRAME: usize = 400;
        let pieces: usize = row.value.iter().map(|piece| piece.text.len() + 40).sum();
        let had = self.room > 0;
        self.room = self.room.saturating_sub(FRAME + row.label.len() + row.pointer.len() + pieces);
        had
    }

    /// Leaves a node out of the display with all that is in it, since there is no room for it.
    pub fn leave_out(&mut self, node: NodeId) {
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            self.claim(at);
            if self.is_leaf(at) && self.mark_of(at) == Mark::None && self.marking.is_some() {
                self.mark_as(at, Mark::Withheld("the display would be many times as long as what was sent"));
                self.left_out += 1;
            }
            open.extend(self.tree.children(at));
        }
    }

    /// Runs `work` without marking what it reads as displayed.
    pub fn unmarked<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.marking.take();
        let result = work(self);
        self.marking = before;
        result
    }

    /// The first child of that name that can be used: a repeated JSON property is left to be listed.
    pub fn child(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.tree.named(node, name).find(|child| !self.tree.flags(*child).has(Flags::DUPLICATE))
    }

    /// All children of that name that can be used.
    pub fn children(&self, node: NodeId, name: &str) -> Vec<NodeId> {
        self.tree.named(node, name).filter(|child| !self.tree.flags(*child).has(Flags::DUPLICATE)).collect()
    }

    /// The child that is a choice `name[x]`: `value` finds `valueQuantity`. An exact name counts too.
    pub fn choice(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.tree.children(node).find(|child| {
            !self.tree.flags(*child).has(Flags::DUPLICATE)
                && self
                    .tree
                    .name(*child)
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_uppercase()))
        })
    }

    /// The text of a node made safe to show, marked as displayed.
    pub fn take(&mut self, node: NodeId) -> Option<String> {
        let text = self.tree.text(node)?;
        self.mark(node);
        Some(words::visible(text))
    }

    /// The text of a child made safe to show, marked as displayed. Empty text counts as absent and is left to be listed.
    pub fn take_child(&mut self, node: NodeId, name: &str) -> Option<String> {
        let child = self.child(node, name)?;
        self.tree.text(child).filter(|text| !text.trim().is_empty())?;
        self.take(child)
    }

    /// The raw text of a child, not marked.
    pub fn peek(&self, node: NodeId, name: &str) -> Option<&'a str> {
        let child = self.child(node, name)?;
        self.tree.text(child)
    }

    /// How a node is displayed.
    pub fn shape(&self, node: NodeId) -> Shape {
        shape_of(self.tree, self.types, node)
    }

    /// Whether there is a value inside that is not accounted for, or a resource that has not been taken to be displayed.
    pub fn has_unmarked(&self, node: NodeId) -> bool {
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            if self.is_leaf(at) && self.mark_of(at) == Mark::None {
                return true;
            }
            for child in self.tree.children(at) {
                match self.tree.resource_type(child) {
                    None => open.push(child),
                    Some(_) if !self.is_claimed(child) => return true,
                    Some(_) => {}
                }
            }
        }
        false
    }

    /// Whether any value inside is accounted for.
    pub fn has_marked(&self, node: NodeId) -> bool {
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            if self.mark_of(at) != Mark::None {
                return true;
            }
            open.extend(self.tree.children(at));
        }
        false
    }

    /// Where each value ended, by its node.
    pub fn ended(&self) -> Vec<(NodeId, Mark)> {
        let is_value =
            |node: &NodeId| self.is_leaf(*node) && (*node != self.tree.root() || self.tree.kind(*node) != Kind::Object);
        self.tree.all().filter(is_value).map(|node| (node, self.mark_of(node))).collect()
    }

    /// Where each value ended.
    pub fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::default();
        for (node, mark) in self.ended() {
            coverage.add(self.pointer(node), mark);
        }
        coverage
    }
}
