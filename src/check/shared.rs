//! What the checkers of one input share: its references, answers that cost much, and the steps that one call may take.

use crate::limits;
use crate::links::Links;
use crate::plan::Plan;
use crate::tree::{NodeId, Tree};
use rustc_hash::FxHashMap;
use std::cell::{Cell, OnceCell, RefCell};

/// A node, a profile, and how deep in invariants that ask for profiles it is asked for.
type Asked = (NodeId, *const Plan, u32);

#[derive(Debug)]
pub(super) struct Shared<'c> {
    /// The references of the input.
    pub(super) links: OnceCell<Links<'c>>,
    /// Whether a narrative keeps the rules, which an invariant may ask of one at every other element.
    pub(super) narratives: RefCell<FxHashMap<NodeId, bool>>,
    /// Whether a node conforms to a profile, which an invariant may ask of one at every other element.
    pub(super) conforming: RefCell<FxHashMap<Asked, bool>>,
    steps: Cell<u64>,
}

impl Shared<'_> {
    pub(super) fn new(tree: &Tree) -> Self {
        Shared {
            links: OnceCell::new(),
            narratives: RefCell::default(),
            conforming: RefCell::default(),
            steps: Cell::new(limits::steps(tree.len())),
        }
    }

    /// How many steps are left.
    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Takes steps off what is left; says whether there were so many.
    pub(super) fn spend(&self, steps: u64) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(steps));
        left > steps
    }
}
