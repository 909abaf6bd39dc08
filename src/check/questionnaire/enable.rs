//! Which items of a Questionnaire may be answered, given the other answers (STU3 8.9, `enableWhen`).

use super::lookups::{Given, Key};
use super::{Checker, Response};
use crate::check::{did_you_mean, shorten};
use crate::issue::Problem;
use crate::model::questionnaire::{Condition, Item, Operator, Value};
use crate::tree::NodeId;
use crate::typed::ElementRef;
use std::collections::BTreeSet;

/// Questions whose enabling hangs on one another, in a chain longer than this or in a circle, count as enabled.
const DEEPEST: usize = 20;

impl<'c> Checker<'c> {
    /// Checks that every condition of a Questionnaire asks for an item of it.
    pub(in crate::check) fn questionnaire(&mut self, node: NodeId, by: ElementRef<'c>) {
        /// More unknown links are not looked up for near misses.
        const HINTS: usize = 20;
        let tree = self.tree;
        let (mut links, mut asked) = (BTreeSet::new(), Vec::new());
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            for item in tree.named(next, "item") {
                links.extend(tree.child_text(item, "linkId"));
                asked.extend(tree.named(item, "enableWhen").filter_map(|when| tree.child(when, "question")));
                open.push(item);
            }
        }
        if !self.spend(links.len() + asked.len()) {
            return;
        }
        let unknown = asked.into_iter().filter_map(|at| Some((at, tree.text(at)?)));
        let unknown = unknown.filter(|(_, link)| !link.is_empty() && !links.contains(link));
        for (count, (at, link)) in unknown.enumerate() {
            let hint = if count < HINTS { did_you_mean(link, links.iter().copied()) } else { String::new() };
            self.find(at, Some(by), Problem::QuestionnaireQuestionUnknown { link: shorten(link), hint });
        }
    }

    /// The answers with a value that an item of a response holds.
    pub(super) fn answers(&self, node: NodeId) -> Vec<NodeId> {
        let tree = self.tree;
        tree.named(node, "answer").filter(|answer| Value::read(tree, *answer, "value").is_some()).collect()
    }

    /// Whether an item of a response, or one inside it, has an answer.
    pub(super) fn is_answered(&self, node: NodeId) -> bool {
        let tree = self.tree;
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            if !self.answers(next).is_empty() {
                return true;
            }
            open.extend(tree.named(next, "item").chain(tree.named(next, "answer")));
        }
        false
    }

    /// Whether an item may be answered where `parent` is the response, group or answer around it.
    pub(super) fn is_enabled(&self, item: &Item, parent: NodeId, response: &Response<'_, 'c>, depth: usize) -> bool {
        let holds = |condition: &Condition| self.holds(condition, parent, response, depth);
        item.enable_when.is_empty()
            || depth >= DEEPEST
            || match item.needs_all {
                true => item.enable_when.iter().all(holds),
                false => item.enable_when.iter().any(holds),
            }
    }

    fn holds(&self, condition: &Condition, parent: NodeId, response: &Response<'_, 'c>, depth: usize) -> bool {
        let tree = self.tree;
        let question = response.items.get(&*condition.question).map(|(item, _)| *item);
        let given = |node: &NodeId| {
            // An item that is not enabled itself counts as not answered.
            let around = tree.parent(*node).unwrap_or(parent);
            question.is_none_or(|question| self.is_enabled(question, around, response, depth + 1))
        };
        let Some((part, nodes)) = self.nearest(&condition.question, parent, response) else {
            return condition.has_answer == Some(false) || condition.has_answer.is_none() && condition.answer.is_none();
        };
        let first = nodes.first().map_or(0, |node| node.0 as usize);
        let answers = response.lookups.given((part, first, depth), || {
            let mut all = Given::default();
            for answer in nodes.iter().filter(|node| given(node)).flat_map(|node| self.answers(*node)) {
                all.is_any = true;
                all.keys.extend(Value::read(tree, answer, "value").and_then(|value| Key::of(&value)));
            }
            all
        });
        match (condition.has_answer, &condition.answer) {
            (Some(wanted), _) => answers.is_any == wanted,
            (None, Some(wanted)) => Key::of(wanted).is_some_and(|wanted| match condition.operator {
                Operator::Equal => answers.keys.contains(&wanted),
                Operator::Unequal => answers.is_any && !answers.keys.contains(&wanted),
                operator => answers.keys.iter().any(|given| given.compares(&wanted, operator)),
            }),
            // A condition that says nothing holds nobody back; it is a fault of the Questionnaire.
            (None, None) => true,
        }
    }

    /// The items of a link in the smallest part of the response around a place that has any.
    fn nearest<'r>(&self, link: &str, from: NodeId, response: &'r Response<'_, 'c>) -> Option<(NodeId, &'r [NodeId])> {
        let all = response.answered.get(link)?;
        let tree = self.tree;
        let mut part = from;
        loop {
            let span = tree.span(part);
            let first = all.partition_point(|node| tree.span(*node).start < span.start);
            let last = all.partition_point(|node| tree.span(*node).start < span.end);
            if let Some(found) = all.get(first..last).filter(|found| !found.is_empty()) {
                return Some((part, found));
            }
            match tree.parent(part) {
                Some(parent) if tree.resource_type_id(part).is_none() => part = parent,
                _ => return None,
            }
        }
    }
}
