//! Checks a tree against compiled definitions: one walk over the nodes, each with the elements that apply to it.
//!
//! A node's elements are those of its base type and of every profile in force. The form of the resource (names, arrays,
//! primitives) is checked once, against the base; the rules of each element are checked for each, and what two of them
//! find alike is said once.

mod answers;
mod attachment;
mod binding;
mod bundle;
mod cda;
mod contradiction;
mod datatype;
mod exchange;
mod explain;
mod extension;
mod findings;
mod invariant;
mod later;
mod message;
mod narrative;
mod nhs;
mod options;
mod quantity;
mod questionnaire;
mod reference;
mod reporting;
mod resource;
mod shape;
mod shared;
mod slicing;
mod target;
mod trial;
mod value;
mod walk;

pub use answers::{Answer, Answers};
pub use explain::words_for_invariant;
use findings::{Finding, Said, Tally};
pub use invariant::{evaluate, with_host};
pub use options::{Options, Rules};
pub(crate) use reporting::within_limits;
use shared::Shared;

use crate::definitions::{Definitions, IndexKind, UrlKind};
use crate::fhirpath::Binder;
use crate::issue::{IssueType, Problem};
use crate::limits;
use crate::model::questionnaire::Questionnaire;
use crate::needs;
use crate::parse::{Parsed, Unread};
use crate::report::{Report, Unchecked, UncheckedKind};
use crate::source::Span;
use crate::tree::{Flags, NodeId, Tree};
use crate::typed::{ElementRef, Typed};
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Checks what was read, with the types that [`Typed::new`] found.
pub fn check(parsed: &Parsed, typed: &Typed<'_>, options: &Options) -> Report {
    check_at(parsed, typed, options, 0)
}

/// Checks what is packed `depth` times in others.
fn check_at(parsed: &Parsed, typed: &Typed<'_>, options: &Options, depth: u32) -> Report {
    let mut checker = Checker::new(&parsed.tree, typed, options);
    checker.not_kept = parsed.more;
    checker.depth = depth;
    if parsed.cda.is_none() && checker.is_foreign(parsed) {
        return Report { incomplete: false, ..checker.report() };
    }
    for fault in &parsed.faults {
        checker.push(Finding {
            node: fault.node,
            member: fault.member.clone(),
            span: fault.span,
            problem: Arc::clone(&fault.problem),
            by: typed.get(fault.node).map(|known| known.content()),
        });
    }
    match parsed.cda {
        Some(root) => checker.cda(root),
        None => checker.root(),
    }
    let incomplete = matches!(parsed.unread, Some(Unread::Rest(_) | Unread::More(_)));
    Report { incomplete, ..checker.report() }
}

/// The elements that apply to a node: those of its base type and of every profile, slice, extension and type profile in
/// force there, found by the same walk that checks. Empty for a node that the walk does not come to.
pub fn elements_at<'c>(
    parsed: &'c Parsed,
    typed: &'c Typed<'c>,
    options: &'c Options,
    node: NodeId,
) -> Vec<ElementRef<'c>> {
    let mut checker = Checker::new(&parsed.tree, typed, options);
    checker.watched = Some((node, Vec::new()));
    checker.root();
    checker.watched.map(|(_, elements)| elements).unwrap_or_default()
}

struct Checker<'c> {
    tree: &'c Tree,
    typed: &'c Typed<'c>,
    definitions: &'c Definitions,
    options: &'c Options,
    /// What was found: what is to be reported, then what the trials at hand have found.
    findings: Vec<Finding<'c>>,
    tally: Tally,
    /// How many faults of its form the reader did not keep.
    not_kept: usize,
    unchecked: BTreeSet<Unchecked>,
    /// How often more was left undecided than can be listed.
    left_over: usize,
    profiles: Vec<String>,
    trials: trial::Trials<'c>,
    /// How many invariants deep this check is: one can ask whether something conforms to a profile.
    asked: u32,
    /// Whether a resource claims a profile: it is asked at each reference to it.
    claimed: RefCell<FxHashMap<(NodeId, *const crate::plan::Plan), bool>>,
    /// Questionnaires of the input that responses name.
    questionnaires: FxHashMap<NodeId, Arc<Questionnaire>>,
    misses: Vec<target::Miss<'c>>,
    /// Target profiles that are not loaded, and have been said to be.
    missing_targets: BTreeSet<String>,
    shared: Rc<Shared<'c>>,
    hints: BTreeMap<String, String>,
    /// The codes of value sets in sentences.
    code_lists: BTreeMap<String, String>,
    /// Extensions, and kinds of place where they are not meant to be, that have been reported.
    places: BTreeSet<(String, String)>,
    binder: OnceCell<Binder<'c>>,
    /// What each resource's narrative and attachments name by an id within it.
    pictured: FxHashMap<NodeId, BTreeMap<String, Vec<NodeId>>>,
    /// A node whose elements are asked for, and those found.
    watched: Option<(NodeId, Vec<ElementRef<'c>>)>,
    memory: nhs::Memory<'c>,
    exchanged: exchange::Memory,
    /// How deep what is checked is packed in others.
    depth: u32,
}

impl<'c> Checker<'c> {
    fn new(tree: &'c Tree, typed: &'c Typed<'c>, options: &'c Options) -> Self {
        Checker {
            tree,
            typed,
            definitions: typed.definitions(),
            options,
            findings: Vec::new(),
            tally: Tally::default(),
            not_kept: 0,
            unchecked: BTreeSet::new(),
            left_over: 0,
            profiles: Vec::new(),
            trials: trial::Trials::default(),
            asked: 0,
            claimed: RefCell::default(),
            questionnaires: FxHashMap::default(),
            misses: Vec::new(),
            missing_targets: BTreeSet::new(),
            shared: Rc::new(Shared::new(tree)),
            hints: BTreeMap::new(),
            code_lists: BTreeMap::new(),
            places: BTreeSet::new(),
            binder: OnceCell::new(),
            pictured: FxHashMap::default(),
            watched: None,
            memory: nhs::Memory::default(),
            exchanged: exchange::Memory::default(),
            depth: 0,
        }
    }

    /// Another check of the same input, which has found nothing yet.
    fn beside(&self) -> Self {
        Checker { shared: Rc::clone(&self.shared), ..Checker::new(self.tree, self.typed, self.options) }
    }

    /// Takes steps off what this call may take; says whether there were so many. What is cut short by that is said once, at
    /// the end.
    fn spend(&self, steps: usize) -> bool {
        self.shared.spend(steps as u64)
    }

    /// Keeps a finding. Of a trial only errors count.
    fn push(&mut self, finding: Finding<'c>) {
        let is_kept = match self.is_trial() {
            true => finding.problem.severity().is_error(),
            false => self.tally.keep(&finding, self.options),
        };
        if is_kept {
            self.findings.push(finding);
        }
    }

    /// Whether something may be found only because the input breaks off: what is missing may have come later.
    fn is_cut_off(&self, node: NodeId, problem: &Problem) -> bool {
        if !self.tree.flags(self.tree.root()).has(Flags::OPEN) {
            return false;
        }
        let rule = problem.rule();
        // What is asked of a whole record, document or message, or of one resource for the sake of another.
        let is_of_others = rule.ends_with("-orphan")
            || rule.ends_with("-missing")
            || ["reference-", "message-", "full-url-"].iter().any(|start| rule.starts_with(start))
            || problem.is_of_exchange();
        let is_lack = || {
            use IssueType::{BusinessRule, Invariant, Required};
            matches!(problem.kind(), Required | Invariant | BusinessRule)
                || matches!(
                    rule,
                    "no-content"
                        | "empty-object"
                        | "primitive-expected"
                        | "object-expected"
                        | "code-missing"
                        | "narrative-syntax"
                        | "json-type"
                        | "array-expected"
                        | "resource-expected"
                        | "bundle-first-entry"
                        | "slice-unmatched"
                )
        };
        is_of_others || self.tree.flags(node).has(Flags::OPEN) && is_lack()
    }

    /// Records something about a node's value.
    fn find(&mut self, node: NodeId, by: Option<ElementRef<'c>>, problem: Problem) {
        if self.is_cut_off(node, &problem) {
            return;
        }
        let span = self.tree.span(node);
        self.push(Finding { node, member: None, span, problem: Arc::new(problem.bounded()), by });
    }

    /// Records something about a piece of a node's value.
    fn find_at(&mut self, node: NodeId, span: Span, problem: Problem) {
        self.push(Finding { node, member: None, span, problem: Arc::new(problem.bounded()), by: None });
    }

    /// Records something about a node's presence: its name is what should be looked at.
    fn find_name(&mut self, node: NodeId, by: Option<ElementRef<'c>>, problem: Problem) {
        if self.is_cut_off(node, &problem) {
            return;
        }
        let span = Span { start: self.tree.key_start(node), end: self.tree.span(node).end };
        self.push(Finding { node, member: None, span, problem: Arc::new(problem.bounded()), by });
    }

    /// " Did you mean …?" for the URL of a profile or extension that is not known. Looked for once for each URL, since an
    /// input may repeat one many times.
    fn profile_hint(&mut self, url: &str) -> String {
        /// Each is compared with every URL that is known; an input that has more unknown ones than this is made of them.
        const MOST: usize = 100;
        if let Some(hint) = self.hints.get(url) {
            return hint.clone();
        }
        if self.hints.len() >= MOST {
            return String::new();
        }
        // Of an NHS URL that is written wrong, the rules of the NHS offer the right one.
        let is_offered = |kind| self.right_nhs_url(kind, url).is_some();
        let hint = match needs::pack_with(url, &[IndexKind::Profile], self.definitions) {
            Some(pack) => in_pack(pack),
            None if is_offered(UrlKind::Profile) || is_offered(UrlKind::Extension) => String::new(),
            None if url.contains("/UKCore-") => {
                " UK Core is FHIR R4, and resources are checked as STU3 here.".to_owned()
            }
            None if !url.contains('/') => {
                let urls = self.definitions.known_profile_urls();
                did_you_mean(url, urls.map(|url| url.rsplit('/').next().unwrap_or(url)))
            }
            None => did_you_mean(url, self.definitions.known_profile_urls()),
        };
        self.hints.insert(url.to_owned(), hint.clone());
        hint
    }

    /// Records that something about a code, or else a rule, could not be decided.
    fn leave(&mut self, node: NodeId, subject: &str, system: &str, code: &str, reason: String) {
        let kind = if code.is_empty() { UncheckedKind::Rule } else { UncheckedKind::Code };
        self.leave_unchecked(node, kind, subject, (system, code), reason);
    }

    /// Records that something without a code could not be decided.
    fn leave_out(&mut self, node: NodeId, kind: UncheckedKind, subject: &str, reason: String) {
        self.leave_unchecked(node, kind, subject, ("", ""), reason);
    }

    fn leave_unchecked(
        &mut self,
        node: NodeId,
        kind: UncheckedKind,
        subject: &str,
        (system, code): (&str, &str),
        reason: String,
    ) {
        if self.is_trial() {
            self.leave_in_trial(node, kind, subject, (system, code), reason);
            return;
        }
        if self.unchecked.len() >= limits::ISSUES {
            self.left_over += 1;
            return;
        }
        let quote = |text| limits::shorten(text, limits::QUOTE);
        self.unchecked.insert(Unchecked {
            expression: self.typed.location(self.tree, node),
            kind,
            subject: quote(subject),
            system: quote(system),
            code: quote(code),
            reason: limits::shorten(&reason, limits::TEXT),
        });
    }
}

/// Says which pack has what is not loaded.
fn in_pack(pack: &str) -> String {
    format!(" It is in the pack '{pack}', which is not loaded.")
}

/// " Did you mean 'x'?" for the candidate nearest to `wrong`, if one is near enough; empty otherwise.
pub(crate) fn did_you_mean<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    match nearest(wrong, candidates) {
        Some(near) => format!(" Did you mean '{near}'?"),
        None => String::new(),
    }
}

/// The candidate that differs from `wrong` by the fewest letters, if by no more than a third of them.
fn nearest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    /// No name or URL that is known is as long.
    const LONGEST: usize = 500;
    if wrong.len() > LONGEST {
        return None;
    }
    let limit = (wrong.len() / 3).clamp(1, 6);
    let folded: Vec<char> = wrong.to_lowercase().chars().collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let limit = best.map_or(limit, |(least, _)| least);
        if candidate == wrong || candidate.len().abs_diff(wrong.len()) > limit {
            continue;
        }
        let found = distance(&folded, &candidate.to_lowercase().chars().collect::<Vec<_>>(), limit);
        let found = found.map(|distance| (distance, candidate));
        best = best.into_iter().chain(found).min();
    }
    best.map(|(_, candidate)| candidate)
}

/// The number of letters to add, remove or change (Levenshtein), if at most `limit`.
fn distance(mut a: &[char], mut b: &[char], limit: usize) -> Option<usize> {
    // URLs begin and end alike, and what is alike at the ends never counts.
    while let (Some((x, rest_of_a)), Some((y, rest_of_b))) = (a.split_first(), b.split_first()) {
        if x != y {
            break;
        }
        (a, b) = (rest_of_a, rest_of_b);
    }
    while let (Some((x, rest_of_a)), Some((y, rest_of_b))) = (a.split_last(), b.split_last()) {
        if x != y {
            break;
        }
        (a, b) = (rest_of_a, rest_of_b);
    }
    let beyond = limit + 1;
    let mut row: Vec<usize> = (0..=b.len()).map(|at| at.min(beyond)).collect();
    for (i, x) in a.iter().enumerate() {
        // What is further than the limit from the diagonal costs more than the limit.
        let (from, to) = (i.saturating_sub(limit), b.len().min(i + beyond));
        let mut least = if from == 0 { i + 1 } else { beyond };
        let mut diagonal = std::mem::replace(row.get_mut(from)?, least);
        for j in from..to {
            let change = diagonal + usize::from(b[j] != *x);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1).min(beyond);
            least = least.min(row[j + 1]);
        }
        if least > limit {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= limit)
}

/// A value as a message repeats it: at most 80 characters, and `…` where that is not all.
fn shorten(text: &str) -> String {
    const MOST: usize = 80;
    limits::shorten(text, MOST + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, without a band or a limit.
    fn plain(a: &[char], b: &[char]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], i + 1);
            for (j, y) in b.iter().enumerate() {
                let change = diagonal + usize::from(x != y);
                diagonal = row[j + 1];
                row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
            }
        }
        row[b.len()]
    }

    proptest::proptest! {
        #[test]
        fn distance_is_levenshteins_up_to_the_limit(a in "[abc]{0,12}", b in "[abc]{0,12}", limit in 1..7usize) {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!(distance(&a, &b, limit), Some(plain(&a, &b)).filter(|distance| *distance <= limit));
        }
    }
}
