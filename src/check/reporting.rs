//! The report: findings in their order and in words, within the ceilings of what one call says.

use super::findings::class;
use super::{Checker, Finding, Said};
use crate::issue::{Counts, Issue, Problem, Severity};
use crate::limits;
use crate::report::{Report, Unchecked, UncheckedKind};
use crate::source::{LineIndex, Span, Utf16Index};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an issue or an entry takes besides its texts, as JSON or an OperationOutcome, in bytes.
const FRAME: usize = 500;

impl<'c> Checker<'c> {
    pub(super) fn report(mut self) -> Report {
        self.say_misses();
        self.say_release();
        if self.shared.steps() == 0 {
            let root = self.tree.root();
            self.find(root, None, Problem::TooCostly { limit: limits::steps(self.tree.len()) });
            let reason = "Checking this takes more steps than one call may take.".to_owned();
            self.leave_out(root, UncheckedKind::Limit, "steps", reason);
        }
        let source = self.tree.source();
        let lines = LineIndex::new(source);
        let options = self.options;
        let with_severity = |finding: Finding<'c>| Some((options.severity(&finding.problem)?, finding));
        let mut findings: Vec<_> = std::mem::take(&mut self.findings).into_iter().filter_map(with_severity).collect();
        // A stable sort: what a base type asks for stands before what a profile asks for at the same place.
        crate::order::sort_by_key(&mut findings, |(severity, finding)| (finding.span.start, *severity, finding.node));
        let mut said = Said::default();
        findings.retain(|(_, finding)| said.add((finding.node, finding.member.clone()), &finding.problem));
        self.leave_out_consequences(&mut findings);
        let mut more = self.tally.more();
        more[0] += self.not_kept;
        keep_the_worst(&mut findings, |(severity, _)| *severity, &mut more);
        let utf16 = Utf16Index::new(source);
        let issue = |(severity, finding): (Severity, Finding<'c>)| {
            let mut expression = self.typed.location(self.tree, finding.node);
            if let Some(member) = &finding.member {
                expression.push('.');
                expression.push_str(member);
                limits::shorten_middle(&mut expression, limits::TEXT);
            }
            let (profile, definition) = match (&*finding.problem, finding.by) {
                (Problem::Packed { profile, definition, .. }, _) => (bounded(profile), bounded(definition)),
                (_, Some(by)) => (bounded(&by.plan.canonical()), bounded(&by.element.id)),
                (_, None) => (String::new(), String::new()),
            };
            Issue {
                severity,
                problem: finding.problem,
                expression,
                position: lines.position(finding.span.start),
                span: finding.span,
                utf16: utf16.span(finding.span),
                profile,
                definition,
            }
        };
        let mut issues: Vec<Issue> = findings.into_iter().map(issue).collect();
        let room = limits::output(source.len()) / 2;
        leave_out_the_rest(&mut issues, more, room, || self.typed.location(self.tree, self.tree.root()));
        let mut profiles = Vec::new();
        let mut named = BTreeSet::new();
        for profile in self.profiles {
            if named.insert(profile.clone()) {
                profiles.push(profile);
            }
        }
        let unchecked = unchecked(self.unchecked, self.left_over, room);
        Report { issues, profiles, unchecked, ..Report::default() }
    }

    /// One cause, one issue.
    fn leave_out_consequences(&self, findings: &mut Vec<(Severity, Finding<'c>)>) {
        let tree = self.tree;
        let mut causes = BTreeSet::new();
        // An element of the narrative that is in another namespace is none of XHTML's in any case.
        let mut foreign = BTreeSet::new();
        for (_, finding) in findings.iter() {
            let rule = finding.problem.rule();
            if let Problem::NarrativeNamespace { name, .. } = &*finding.problem {
                foreign.insert((finding.node, name.clone()));
            } else if rule == "prohibited-element" && tree.name(finding.node) == "comparator" {
                causes.extend(tree.parent(finding.node).map(|quantity| (quantity, COMPARATOR)));
            } else if CONSEQUENCES.iter().any(|(cause, _)| *cause == rule) {
                causes.insert((finding.node, rule));
            }
        }
        if causes.is_empty() && foreign.is_empty() {
            return;
        }
        findings.retain(|(_, finding)| {
            let rule = finding.problem.rule();
            if let Problem::NarrativeElement { name } = &*finding.problem {
                return !foreign.contains(&(finding.node, name.clone()));
            }
            let follows = |cause: &str| match &*finding.problem {
                Problem::Invariant { key, .. } => cause != COMPARATOR || key == "sqty-1",
                _ => true,
            };
            let mut known = CONSEQUENCES.iter().filter(|(cause, of)| *of == rule && follows(cause));
            !known.any(|(cause, _)| causes.contains(&(finding.node, *cause)))
        });
    }
}

/// What follows from another fault at the same place, which is told alone: the rule of the fault, and that of what follows.
const CONSEQUENCES: [(&str, &str); 5] = [
    // The value is written as text in place of an attribute, so the element has none.
    ("xml-text", "no-content"),
    ("json-underscore-complex", "underscore-shape"),
    // A choice of a type that it cannot have is no element of its own.
    ("type-not-allowed", "unknown-element"),
    ("empty-object", "invariant"),
    (COMPARATOR, "invariant"),
];

/// Stands in for `prohibited-element` at the comparator of a quantity: that a simple quantity has none is a rule (sqty-1), too.
const COMPARATOR: &str = "comparator";

/// Leaves out of a report's issues what is more than may be listed, the notes first, and says so at the end, with what has been
/// left out before. `root` is where it is said.
pub(crate) fn within_limits(issues: &mut Vec<Issue>, room: usize, root: impl FnOnce() -> String) {
    let mut more = [0; 3];
    issues.retain(|issue| match &*issue.problem {
        Problem::MoreIssues { kinds: Counts { errors, warnings, notes }, .. } => {
            more = [*errors, *warnings, *notes];
            false
        }
        _ => true,
    });
    leave_out_the_rest(issues, more, room, root);
}

/// The same where `more` errors, warnings and notes have been left out before.
fn leave_out_the_rest(issues: &mut Vec<Issue>, mut more: [usize; 3], room: usize, root: impl FnOnce() -> String) {
    keep_the_worst(issues, |issue| issue.severity, &mut more);
    fit_issues(issues, room, &mut more);
    if more.iter().any(|count| *count > 0) {
        issues.push(and_more(more, issues.len(), root()));
    }
}

/// That there is more than is listed.
fn and_more([errors, warnings, notes]: [usize; 3], listed: usize, root: String) -> Issue {
    let kinds = Counts { errors, warnings, notes };
    let problem = Problem::MoreIssues { listed, more: errors + warnings + notes, kinds };
    Issue {
        severity: problem.severity(),
        problem: Arc::new(problem),
        expression: root,
        position: LineIndex::new("").position(0),
        span: Span::default(),
        utf16: Span::default(),
        profile: String::new(),
        definition: String::new(),
    }
}

/// What a user's own definition is called, which may be of any length.
fn bounded(text: &str) -> String {
    limits::shorten(text, limits::TEXT)
}

/// Of more than can be listed, keeps the errors first and then the warnings, in their order.
fn keep_the_worst<T>(all: &mut Vec<T>, severity: impl Fn(&T) -> Severity, more: &mut [usize; 3]) {
    if all.len() <= limits::ISSUES {
        return;
    }
    let mut counts = [0; 3];
    for one in all.iter() {
        counts[class(severity(one))] += 1;
    }
    let mut room = limits::ISSUES;
    let allowed = counts.map(|count: usize| {
        let its = count.min(room);
        room -= its;
        its
    });
    let mut kept = [0; 3];
    all.retain(|one| {
        let class = class(severity(one));
        let is_kept = kept[class] < allowed[class];
        kept[class] += usize::from(is_kept);
        more[class] += usize::from(!is_kept);
        is_kept
    });
}

/// Leaves out issues at the end, the notes first, until the rest is in proportion to the input.
fn fit_issues(issues: &mut Vec<Issue>, room: usize, more: &mut [usize; 3]) {
    // None is longer than this, so that words are made only of many.
    if issues.len() * (FRAME + 2 * limits::TEXT) <= room {
        return;
    }
    let length = |issue: &Issue| {
        let texts = [&issue.expression, &issue.profile, &issue.definition];
        FRAME + issue.problem.message().len() + texts.iter().map(|text| text.len()).sum::<usize>()
    };
    let mut left = room;
    let mut kept = vec![false; issues.len()];
    for wanted in 0..3 {
        for (issue, kept) in issues.iter().zip(&mut kept).filter(|(issue, _)| class(issue.severity) == wanted) {
            let length = length(issue);
            *kept = length <= left;
            left = if *kept { left - length } else { 0 };
        }
    }
    let mut at = 0;
    issues.retain(|issue| {
        let is_kept = kept.get(at).copied().unwrap_or_default();
        at += 1;
        more[class(issue.severity)] += usize::from(!is_kept);
        is_kept
    });
}

/// What could not be decided. Whether a code is in its system at all is left out where a value set is asked about it too:
/// who can answer that answers both. Of more than can be listed the last entry says how much.
fn unchecked(all: BTreeSet<Unchecked>, mut left_over: usize, room: usize) -> Vec<Unchecked> {
    let of_sets = all.iter().filter(|one| !one.subject.is_empty());
    let asked: BTreeSet<(String, String)> = of_sets.map(|one| (one.system.clone(), one.code.clone())).collect();
    let is_kept = |one: &Unchecked| !one.subject.is_empty() || !asked.contains(&(one.system.clone(), one.code.clone()));
    let mut entries = crate::order::sorted(all.iter().filter(|one| is_kept(one)).cloned());
    let mut left = room;
    let fits = |one: &Unchecked| {
        let texts = [&one.expression, &one.subject, &one.system, &one.code, &one.reason];
        let length = FRAME + texts.iter().map(|text| text.len()).sum::<usize>();
        left = left.saturating_sub(length);
        left > 0
    };
    let count = entries.iter().map(fits).take_while(|fits| *fits).count();
    left_over += entries.len() - count;
    entries.truncate(count);
    if left_over > 0 {
        let reason = format!(
            "More was not checked than is listed: the limit of what one report says was met, with {left_over} more."
        );
        entries.push(Unchecked {
            expression: String::new(),
            kind: UncheckedKind::Limit,
            subject: "issues".to_owned(),
            system: String::new(),
            code: String::new(),
            reason,
        });
    }
    entries
}
