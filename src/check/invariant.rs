//! Invariants: compiled at their first use, and evaluated where their element occurs.

use super::{Checker, Options, explain};
use crate::fhirpath::{Binder, Expression, Host, Outcome, Resolved, Scope, Stop, Value};
use crate::issue::Problem;
use crate::parse::Parsed;
use crate::plan::{Invariant, Rule};
use crate::report::UncheckedKind;
use crate::terminology::Member;
use crate::tree::{NodeId, Tree};
use crate::typed::{ElementRef, Typed};
use crate::version::Version;
use std::sync::Arc;

/// Steps that one evaluation may take. The longest of the specification, on a Bundle of 10,000 entries, stay far below.
const STEPS: u64 = 5_000_000;

/// Rules of the specification that have a check of their own, which says more than true or false.
const CHECKED_ELSEWHERE: &[&str] = &["ele-1", "dom-3", "ref-1", "txt-1", "txt-2"];

/// One of several rules with the key `inv-1`.
const NOT_DONE: &str = "notDone or notDoneReason.exists().not()";

/// Whether the specification itself states a rule.
fn is_of_specification(invariant: &Invariant) -> bool {
    invariant.source.starts_with(crate::definitions::BASE)
}

/// Whether a rule is kept where its expression gives nothing. That of a profile's author is not, as in the reference
/// validator.
fn is_kept_by_nothing(invariant: &Invariant, version: Version) -> bool {
    is_of_specification(invariant)
        && !version.differences().empty_is_broken.contains(&&*invariant.key)
        && *invariant.expression != *NOT_DONE
}

impl<'c> Checker<'c> {
    /// Evaluates an invariant of the element `at`, unless an earlier element of the same node has it too, or any has it as an
    /// error: a profile may repeat a rule of its base, and not weaken it.
    pub(super) fn invariant(
        &mut self,
        node: NodeId,
        by: ElementRef<'c>,
        invariant: &'c Arc<Invariant>,
        elements: &[ElementRef<'c>],
        at: usize,
    ) {
        let silent = self.definitions.version().differences().silent;
        if silent.contains(&&*invariant.key) && is_of_specification(invariant) {
            return;
        }
        if invariant.expression.is_empty() || self.is_checked_elsewhere(by, invariant) {
            return;
        }
        let covers = |rule: &Rule| match rule {
            Rule::Invariant(other) => {
                let is_same = || other.key == invariant.key && other.expression == invariant.expression;
                (other.is_error || !invariant.is_error) && (Arc::ptr_eq(other, invariant) || is_same())
            }
            _ => false,
        };
        let is_stricter = |rule: &Rule| covers(rule) && matches!(rule, Rule::Invariant(other) if other.is_error);
        let (earlier, later) = elements.split_at(at.min(elements.len()));
        if earlier.iter().any(|element| element.rules().any(covers))
            || !invariant.is_error && later.iter().any(|element| element.rules().any(is_stricter))
        {
            return;
        }
        let key = || invariant.key.to_string();
        let definitions = self.definitions;
        let binder = &self.binder;
        let compiled = invariant.compiled.get_or_init(|| {
            let mut expression = Expression::parse(&invariant.expression)?;
            expression.bind(binder.get_or_init(|| Binder::new(definitions.names())));
            Ok(expression)
        });
        let expression = match compiled {
            Ok(expression) => expression,
            Err(error) => {
                let reason = format!("its expression, as published, is not FHIRPath ({error})");
                self.undecided(node, by, invariant, reason);
                return;
            }
        };
        if !self.spend(1) {
            return;
        }
        let scope = Scope { steps: STEPS.min(self.shared.steps()), ..Scope::from(node) };
        match expression.holds(self.tree, scope, &Surroundings { checker: self }) {
            Outcome::True => {}
            // Nothing can be told by a value that cannot be read, and what is wrong with it is said where it stands.
            Outcome::Empty if is_kept_by_nothing(invariant, definitions.version()) || self.has_unreadable(node) => {}
            Outcome::False | Outcome::Empty => {
                let explanation = explanation(invariant, definitions.version());
                let problem = match invariant.is_error {
                    true => Problem::Invariant { key: key(), explanation },
                    false => Problem::InvariantWarning { key: key(), explanation },
                };
                self.find(node, Some(by), problem);
            }
            Outcome::Unknown(unknown) => {
                let reason = unknown.to_string();
                self.leave_out(node, UncheckedKind::Invariant, &invariant.key, reason);
            }
            Outcome::Error(error) => self.undecided(node, by, invariant, error.to_string()),
        }
    }

    /// Whether a rule is one of the specification's that has a check of its own. A profile's own rule may have the same key,
    /// and often repeats the specification's as it is.
    fn is_checked_elsewhere(&self, by: ElementRef<'c>, invariant: &Invariant) -> bool {
        if !CHECKED_ELSEWHERE.contains(&&*invariant.key) {
            return false;
        }
        let states = |rule: &Rule| matches!(rule, Rule::Invariant(other) if other.key == invariant.key && other.expression == invariant.expression);
        let mut types = by.element.types.iter().map(|candidate| candidate.code_id).chain([by.plan.type_id]);
        let general = |name| self.definitions.base_named(name).and_then(ElementRef::root);
        is_of_specification(invariant)
            || types.any(|code| {
                let root = self.definitions.base(code).and_then(ElementRef::root);
                root.is_some_and(|root| root.element.rules.iter().any(states))
            })
            || general("Element").is_some_and(|root| root.element.rules.iter().any(states))
    }

    /// Whether what an extension's definition asks of its context is true (STU3 5.1.0.18); `%extension` is the extension.
    pub(super) fn context_invariants(&mut self, extension: NodeId, root: ElementRef<'c>) {
        let Some(parent) = self.tree.parent(extension) else { return };
        for text in &root.plan.context_invariants {
            let problem = match Expression::parse(&text.replace("%extension", "%context")) {
                Ok(expression) => {
                    let scope = Scope { steps: STEPS, context: Some(extension), ..Scope::from(parent) };
                    match expression.holds(self.tree, scope, &Surroundings { checker: self }) {
                        Outcome::True => continue,
                        Outcome::False | Outcome::Empty => {
                            let (url, expression) = (root.plan.url.to_string(), text.to_string());
                            Problem::ExtensionContextInvariant { url, expression }
                        }
                        Outcome::Unknown(unknown) => {
                            self.leave_out(extension, UncheckedKind::Invariant, &root.plan.url, unknown.to_string());
                            continue;
                        }
                        Outcome::Error(error) => {
                            self.leave_out(extension, UncheckedKind::Invariant, &root.plan.url, error.to_string());
                            continue;
                        }
                    }
                }
                // Publishers have written XPath here, too.
                Err(error) => {
                    let reason = format!("The definition's condition for its context is not FHIRPath ({error}).");
                    self.leave_out(extension, UncheckedKind::Invariant, &root.plan.url, reason);
                    continue;
                }
            };
            self.find_name(extension, Some(root), problem);
        }
    }

    /// Whether a primitive in an element is not what its type allows, or the number of a quantity is not given, with extensions
    /// that say why.
    fn has_unreadable(&self, node: NodeId) -> bool {
        let wider = self.definitions.version().differences().wider_numbers;
        self.tree.children(node).any(|child| {
            if self.tree.name(child) == "value" && self.tree.text(child).is_none() {
                return self.typed.type_name(child) == Some("decimal");
            }
            let is_read = |text| {
                let kind = self.typed.type_name(child).unwrap_or_default();
                !crate::primitive::check_as(kind, text, wider).is_err_and(|invalid| !invalid.odd)
            };
            !self.tree.text(child).is_none_or(is_read)
        })
    }

    fn undecided(&mut self, node: NodeId, by: ElementRef<'c>, invariant: &Invariant, reason: String) {
        self.leave_out(node, UncheckedKind::Invariant, &invariant.key, reason.clone());
        self.find(node, Some(by), Problem::InvariantUnchecked { key: invariant.key.to_string(), reason });
    }
}

/// What is wrong where the invariant is not met: in words where its rule is known, or else its expression.
fn explanation(invariant: &Invariant, version: Version) -> String {
    let words = explain::words_for_invariant(invariant, version).map(str::to_owned);
    words.unwrap_or_else(|| format!("'{}' is not true here.", invariant.expression))
}

/// Evaluates an expression on a node, with everything that is known around it: types, references, value sets. `then` is
/// given what comes out of it, which cannot outlive what it was asked of.
pub fn evaluate<R>(
    parsed: &Parsed,
    typed: &Typed<'_>,
    expression: &Expression,
    node: NodeId,
    options: &Options,
    then: impl FnOnce(Result<Vec<Value<'_>>, Stop>) -> R,
) -> R {
    let checker = Checker::new(&parsed.tree, typed, options);
    let scope = Scope { steps: STEPS, ..Scope::from(node) };
    let surroundings = Surroundings { checker: &checker };
    then(expression.evaluate(&parsed.tree, scope, &surroundings))
}

/// Does something with the host that expressions are evaluated by, as [`evaluate`] does, for many of them at once.
pub fn with_host<R>(parsed: &Parsed, typed: &Typed<'_>, options: &Options, then: impl FnOnce(&dyn Host) -> R) -> R {
    let checker = Checker::new(&parsed.tree, typed, options);
    then(&Surroundings { checker: &checker })
}

/// What an expression asks about the resource at hand.
struct Surroundings<'a, 'c> {
    checker: &'a Checker<'c>,
}

impl Host for Surroundings<'_, '_> {
    fn spent(&self, steps: u64) {
        self.checker.shared.spend(steps);
    }

    fn type_of<'h>(&'h self, _tree: &'h Tree, node: NodeId) -> Option<&'h str> {
        self.checker.typed.type_name(node)
    }

    fn choice<'h>(&'h self, tree: &'h Tree, node: NodeId) -> Option<&'h str> {
        self.checker.typed.choice(tree, node).map(|name| tree.name_text(name))
    }

    fn resolve<'h>(&'h self, _tree: &'h Tree, reference: &str, from: NodeId) -> Resolved<'h> {
        match self.checker.resolve(from, reference) {
            Some(node) => Resolved::Node(node),
            None if reference.starts_with('#') => Resolved::Nothing,
            None => {
                let name = super::reference::type_in_url(reference, |name| self.checker.is_resource_type(name));
                match name.and_then(|name| self.checker.definitions.base_named(name)) {
                    Some(plan) => Resolved::Type(&plan.type_name),
                    None => Resolved::Unknown,
                }
            }
        }
    }

    fn today(&self) -> Option<String> {
        self.checker.options.today.map(|day| day.to_string())
    }

    fn conforms_to(&self, _tree: &Tree, node: NodeId, profile: &str) -> Option<bool> {
        /// Profiles whose invariants ask for profiles whose invariants ask: there an answer would cost too much.
        const DEEPEST: u32 = 2;
        let root = self.checker.definitions.plan(profile).and_then(ElementRef::root)?;
        let depth = self.checker.asked + 1;
        if depth > DEEPEST {
            self.checker.limit_reached();
            return None;
        }
        let asked = (node, std::ptr::from_ref(root.plan), depth);
        if let Some(known) = self.checker.shared.conforming.borrow().get(&asked) {
            return Some(*known);
        }
        let mut checker = self.checker.beside();
        checker.asked = depth;
        let is_type = match self.checker.tree.resource_type(node) {
            Some(found) => found == &*root.plan.type_name,
            None => self.checker.typed.type_name(node) == Some(&root.plan.type_name),
        };
        let conforms = is_type && checker.conforms(node, root);
        if conforms && checker.is_limited() {
            self.checker.limit_reached();
            return None;
        }
        self.checker.shared.conforming.borrow_mut().insert(asked, conforms);
        Some(conforms)
    }

    fn html_checks(&self, _tree: &Tree, node: NodeId) -> Option<bool> {
        let by = self.checker.typed.get(node)?.content();
        if let Some(known) = self.checker.shared.narratives.borrow().get(&node) {
            return Some(*known);
        }
        let mut checker = self.checker.beside();
        checker.narrative(node, by);
        let keeps = !checker.findings.iter().any(|finding| finding.problem.severity().is_error());
        self.checker.shared.narratives.borrow_mut().insert(node, keeps);
        Some(keeps)
    }

    fn member_of(&self, _tree: &Tree, node: NodeId, value_set: &str) -> Option<bool> {
        let verdicts = self.checker.verdicts(node, value_set);
        if verdicts.iter().any(|verdict| matches!(verdict, Member::In { .. })) {
            return Some(true);
        }
        (!verdicts.iter().any(|verdict| matches!(verdict, Member::Unknown(_)))).then_some(false)
    }
}
