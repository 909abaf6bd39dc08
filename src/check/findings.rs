//! What a check finds, before it is put into words: each once, and no more than can be listed.

use super::Options;
use crate::issue::{Problem, Severity};
use crate::limits;
use crate::source::Span;
use crate::tree::NodeId;
use crate::typed::ElementRef;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Something found, before it is put into words.
#[derive(Clone, Debug)]
pub(super) struct Finding<'c> {
    pub(super) node: NodeId,
    /// The child concerned, where it has no node.
    pub(super) member: Option<Box<str>>,
    pub(super) span: Span,
    pub(super) problem: Arc<Problem>,
    /// The element of the profile that asks for it.
    pub(super) by: Option<ElementRef<'c>>,
}

/// An error that a trial found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) node: NodeId,
    pub(super) problem: Arc<Problem>,
}

/// Problems of one rule at one place, told apart by their words. Words are made only where a rule speaks twice of a place.
#[derive(Debug)]
struct Alike {
    first: Arc<Problem>,
    words: BTreeSet<String>,
}

impl Alike {
    /// Adds a problem; says whether it is new.
    fn add(&mut self, problem: &Problem) -> bool {
        if self.words.is_empty() {
            self.words.insert(self.first.message());
        }
        self.words.insert(problem.message())
    }

    fn has(&self, problem: &Problem) -> bool {
        match self.words.is_empty() {
            true => *self.first == *problem,
            false => self.words.contains(&problem.message()),
        }
    }
}

/// What has been said of which place, however much that is.
#[derive(Debug)]
pub(super) struct Said<K>(FxHashMap<(K, &'static str), Alike>);

impl<K> Default for Said<K> {
    fn default() -> Self {
        Said(FxHashMap::default())
    }
}

impl<K: std::hash::Hash + Eq> Said<K> {
    /// Notes a problem at a place; says whether it is new there.
    pub(super) fn add(&mut self, place: K, problem: &Arc<Problem>) -> bool {
        match self.0.entry((place, problem.rule())) {
            std::collections::hash_map::Entry::Occupied(mut known) => known.get_mut().add(problem),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(Alike { first: Arc::clone(problem), words: BTreeSet::new() });
                true
            }
        }
    }

    /// Whether a problem has been said of a place.
    pub(super) fn has(&self, place: K, problem: &Problem) -> bool {
        self.0.get(&(place, problem.rule())).is_some_and(|alike| alike.has(problem))
    }
}

/// Where something was found: the node, where its text or name starts, the child that has no node.
type Place = (NodeId, u32, Option<Box<str>>);

/// What is reported, counted as it is found: of each severity no more than can be listed is kept, so that what an input
/// costs does not grow with how often one fault can be found in it.
#[derive(Debug, Default)]
pub(super) struct Tally {
    said: Said<Place>,
    kept: [usize; 3],
    more: [usize; 3],
    /// What has been counted and not kept.
    counted: BTreeSet<(NodeId, &'static str, u64)>,
}

impl Tally {
    /// Whether a finding is to be kept; if not, it is a repeat or has been counted.
    pub(super) fn keep(&mut self, finding: &Finding<'_>, options: &Options) -> bool {
        let class = class(options.severity(&finding.problem).unwrap_or(Severity::Information));
        let place = (finding.node, finding.span.start, finding.member.clone());
        let (Some(kept), Some(more)) = (self.kept.get_mut(class), self.more.get_mut(class)) else { return false };
        if *kept >= limits::ISSUES {
            let words = finding.member.as_deref().map(hash).unwrap_or_default() ^ hash(&finding.problem.message());
            let is_new = !self.said.has(place, &finding.problem)
                && self.counted.insert((finding.node, finding.problem.rule(), words));
            *more += usize::from(is_new);
            return false;
        }
        let is_new = self.said.add(place, &finding.problem);
        *kept += usize::from(is_new);
        is_new
    }

    /// How many were counted and not kept: errors, warnings, notes.
    pub(super) fn more(&self) -> [usize; 3] {
        self.more
    }
}

/// The place of a severity in a tally.
pub(super) fn class(severity: Severity) -> usize {
    match severity {
        Severity::Fatal | Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Information => 2,
    }
}

fn hash(text: &str) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault};
    BuildHasherDefault::<rustc_hash::FxHasher>::default().hash_one(text)
}
