//! Trials: whether a node conforms to an element, found by a walk that reports nothing.
//!
//! References can lead in circles, so a trial may rely on itself. Everything is therefore taken to conform until something
//! speaks against it, and whoever relied on what turned out otherwise is tried again, until nothing changes. So what is
//! found is the same in whichever order it is asked for, and no circle or chain is too long.

use super::Checker;
use super::findings::{Fault, Finding};
use crate::report::{Unchecked, UncheckedKind};
use crate::tree::NodeId;
use crate::typed::ElementRef;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::rc::Rc;

/// More errors of one trial would not be said.
const MOST_FAULTS: usize = 50;

/// A trial's result can change more than once only where it rests on something *not* conforming. One that has changed this
/// often never comes to rest.
const MOST_CHANGES: u32 = 8;

/// A node, and the element that it is tried against.
type Attempt = (NodeId, *const crate::plan::Element);

/// What a trial makes of another's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It can only fail by the other failing, as a reference does by its target.
    Demand,
    /// The other decides what else is asked, as one decides which slice an element is in.
    Choice,
}

/// Something that a trial could not decide.
#[derive(Debug)]
struct Left {
    node: NodeId,
    kind: UncheckedKind,
    subject: Box<str>,
    system: Box<str>,
    code: Box<str>,
    reason: String,
}

#[derive(Debug)]
struct Trial<'c> {
    node: NodeId,
    to: ElementRef<'c>,
    /// What is known so far: nothing speaks against it until it has been tried.
    faults: Rc<[Fault]>,
    left: Vec<Left>,
    /// The trials that have relied on this one.
    relied_on_by: Vec<(usize, Use)>,
    /// The trials that this one has relied on.
    relies_on: Vec<usize>,
    is_waiting: bool,
    changes: u32,
    /// What it and those that it relies on left undecided has been told.
    is_told: bool,
}

/// Every trial of a check, by what is tried.
#[derive(Debug, Default)]
pub(super) struct Trials<'c> {
    places: FxHashMap<Attempt, usize>,
    all: Vec<Trial<'c>>,
    waiting: VecDeque<usize>,
    /// The trial under way.
    current: Option<usize>,
    /// Whether something was left undecided because a limit was reached.
    is_limited: std::cell::Cell<bool>,
}

impl<'c> Trials<'c> {
    /// The trial of a node, which waits to be made if it is new.
    fn place(&mut self, node: NodeId, to: ElementRef<'c>) -> usize {
        let next = self.all.len();
        let place = *self.places.entry((node, std::ptr::from_ref(to.element))).or_insert(next);
        if place == next {
            self.all.push(Trial {
                node,
                to,
                faults: Rc::default(),
                left: Vec::new(),
                relied_on_by: Vec::new(),
                relies_on: Vec::new(),
                is_waiting: true,
                changes: 0,
                is_told: false,
            });
            self.waiting.push_back(place);
        }
        place
    }

    /// Records what a trial found; whoever relied on something else has to be made again.
    fn found(&mut self, place: usize, faults: Rc<[Fault]>) {
        let Some(trial) = self.all.get_mut(place) else { return };
        let is_changed = trial.faults.is_empty() != faults.is_empty();
        trial.faults = faults;
        if !is_changed {
            return;
        }
        trial.changes += 1;
        if trial.changes == MOST_CHANGES {
            let reason = "Whether it conforms depends on itself, in a circle.".to_owned();
            let url = trial.to.plan.canonical().into();
            let (node, kind) = (trial.node, UncheckedKind::Limit);
            trial.left.push(Left { node, kind, subject: url, system: "".into(), code: "".into(), reason });
            trial.faults = Rc::default();
            self.is_limited.set(true);
        }
        for (place, how) in std::mem::take(&mut trial.relied_on_by) {
            let Some(other) = self.all.get_mut(place) else { continue };
            let may_change = other.faults.is_empty() || how == Use::Choice;
            if may_change && !other.is_waiting && other.changes < MOST_CHANGES {
                other.is_waiting = true;
                self.waiting.push_back(place);
            }
        }
    }
}

impl<'c> Checker<'c> {
    /// Whether findings only count for a trial of conformance, and will not be reported.
    pub(super) fn is_trial(&self) -> bool {
        self.trials.current.is_some()
    }

    /// Whether a limit kept some trial from being decided.
    pub(super) fn is_limited(&self) -> bool {
        self.trials.is_limited.get()
    }

    /// Notes that a limit kept something from being decided.
    pub(super) fn limit_reached(&self) {
        self.trials.is_limited.set(true);
    }

    /// Whether a node conforms to an element, where something other than an error hangs on it.
    pub(super) fn conforms(&mut self, node: NodeId, to: ElementRef<'c>) -> bool {
        self.tried(node, to, Use::Choice).is_empty()
    }

    /// The errors of a node against an element; nothing is reported.
    pub(super) fn faults(&mut self, node: NodeId, to: ElementRef<'c>) -> Rc<[Fault]> {
        self.tried(node, to, Use::Demand)
    }

    fn tried(&mut self, node: NodeId, to: ElementRef<'c>, how: Use) -> Rc<[Fault]> {
        let place = self.trials.place(node, to);
        if let Some(current) = self.trials.current {
            if let Some(trial) = self.trials.all.get_mut(place)
                && trial.relied_on_by.last() != Some(&(current, how))
            {
                trial.relied_on_by.push((current, how));
            }
            if let Some(trial) = self.trials.all.get_mut(current) {
                trial.relies_on.push(place);
            }
        } else {
            self.settle();
            self.report_left(place);
        }
        self.trials.all.get(place).map(|trial| Rc::clone(&trial.faults)).unwrap_or_default()
    }

    /// Makes the trials that wait, and those that have to be made again, until nothing changes.
    fn settle(&mut self) {
        while let Some(place) = self.trials.waiting.pop_front() {
            let Some(trial) = self.trials.all.get_mut(place) else { continue };
            trial.is_waiting = false;
            trial.left.clear();
            trial.relies_on.clear();
            let (node, to) = (trial.node, trial.to);
            self.trials.current = Some(place);
            let before = self.findings.len();
            self.walk(node, vec![to]);
            self.trials.current = None;
            let errors = self.findings.drain(before..).filter(|finding| finding.problem.severity().is_error());
            let faults = errors.map(|Finding { node, problem, .. }| Fault { node, problem });
            let faults: Rc<[Fault]> = faults.take(MOST_FAULTS).collect();
            self.trials.found(place, faults);
        }
    }

    /// Keeps what the trial under way could not decide.
    pub(super) fn leave_in_trial(
        &mut self,
        node: NodeId,
        kind: UncheckedKind,
        subject: &str,
        (system, code): (&str, &str),
        reason: String,
    ) {
        let Some(trial) = self.trials.current.and_then(|current| self.trials.all.get_mut(current)) else { return };
        trial.left.push(Left { node, kind, subject: subject.into(), system: system.into(), code: code.into(), reason });
    }

    /// Reports what a node that conforms rests on and could not be decided: its own, and that of what it refers to.
    fn report_left(&mut self, place: usize) {
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            let Some(trial) = self.trials.all.get_mut(place) else { continue };
            if trial.is_told || !trial.faults.is_empty() {
                continue;
            }
            trial.is_told = true;
            open.extend(&trial.relies_on);
            for left in std::mem::take(&mut trial.left) {
                self.unchecked.insert(Unchecked {
                    expression: self.typed.location(self.tree, left.node),
                    kind: left.kind,
                    subject: left.subject.into(),
                    system: left.system.into(),
                    code: left.code.into(),
                    reason: left.reason,
                });
            }
        }
    }
}
