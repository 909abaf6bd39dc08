//! Responses against their Questionnaire (STU3 8.10): which items there may be and in which order, what must be answered,
//! and how.
//!
//! The Questionnaire is contained in the response, stands in the same Bundle, or is among the definitions that are loaded.

mod answer;
mod enable;
mod lookups;

use super::{Checker, did_you_mean, shorten};
use crate::issue::Problem;
use crate::model::questionnaire::{Item, Questionnaire};
use crate::report::UncheckedKind;
use crate::tree::NodeId;
use crate::typed::ElementRef;
use lookups::Lookups;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A response that is being checked.
struct Response<'q, 'c> {
    questionnaire: &'q Questionnaire,
    by: ElementRef<'c>,
    /// Whether everything that is required must be there (STU3 8.10: `completed` and `amended`).
    is_complete: bool,
    /// Every item of the Questionnaire, by its link, with the item around it.
    items: BTreeMap<&'q str, (&'q Item, Option<&'q Item>)>,
    /// How many more unknown links are looked up for near misses.
    hints: Cell<u32>,
    lookups: Lookups<'q>,
    /// Every item of the response, by its link, in the order of the source.
    answered: BTreeMap<&'c str, Vec<NodeId>>,
}

impl<'c> Checker<'c> {
    pub(super) fn questionnaire_response(&mut self, node: NodeId, by: ElementRef<'c>) {
        let tree = self.tree;
        let Some(at) = tree.child(node, "questionnaire") else { return };
        let named = tree.text(at).or_else(|| tree.child_text(at, "reference"));
        let Some(reference) = named.filter(|text| !text.is_empty()) else { return };
        let found = match self.resolve(at, reference) {
            Some(found) if tree.resource_type(found) == Some("Questionnaire") => {
                let known = self.questionnaires.entry(found);
                Some(Arc::clone(known.or_insert_with(|| Arc::new(Questionnaire::read(tree, found)))))
            }
            // Something else is reported as a reference to the wrong type.
            Some(_) => return,
            None => self.definitions.questionnaire(reference).cloned(),
        };
        let Some(questionnaire) = found else {
            let reason = "The Questionnaire is not loaded, so the answers were not checked against it.".to_owned();
            self.leave_out(at, UncheckedKind::Definition, reference, reason);
            return;
        };
        self.subject(node, by, &questionnaire);
        let mut response = Response {
            questionnaire: &questionnaire,
            by,
            is_complete: matches!(tree.child_text(node, "status"), Some("completed" | "amended")),
            items: BTreeMap::new(),
            hints: Cell::new(20),
            lookups: Lookups::default(),
            answered: BTreeMap::new(),
        };
        for item in &questionnaire.items {
            response.items.entry(&item.link_id).or_insert((item, None));
        }
        for around in questionnaire.all() {
            for item in &around.items {
                response.items.entry(&item.link_id).or_insert((item, Some(around)));
            }
        }
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            if tree.name(next) == "item"
                && let Some(link) = tree.child_text(next, "linkId")
            {
                response.answered.entry(link).or_default().push(next);
            }
            open.extend(tree.named(next, "item").chain(tree.named(next, "answer")));
        }
        for nodes in response.answered.values_mut() {
            crate::order::sort_by_key(nodes, |node| tree.span(*node).start);
        }
        self.level(node, &questionnaire.items, "", &response);
    }

    /// Whether the response is about something that the Questionnaire is for.
    fn subject(&mut self, node: NodeId, by: ElementRef<'c>, questionnaire: &Questionnaire) {
        let Some(subject) = self.tree.child(node, "subject") else { return };
        let Some(reference) = self.tree.child_text(subject, "reference") else { return };
        let allowed = &questionnaire.subject_types;
        let found = match self.resolve(subject, reference) {
            Some(resource) => self.tree.resource_type(resource),
            None => super::reference::type_in_url(reference, |name| self.is_resource_type(name)),
        };
        if let Some(found) = found.filter(|found| !allowed.is_empty() && !allowed.iter().any(|name| **name == **found))
        {
            let problem = Problem::QuestionnaireSubject { found: found.to_owned(), allowed: allowed.join(", ") };
            self.find(subject, Some(by), problem);
        }
    }

    /// Checks the items of a response, a group or an answer. `parent` is the link of the item around them.
    fn level(&mut self, node: NodeId, items: &[Item], parent: &str, response: &Response<'_, 'c>) {
        let tree = self.tree;
        if !self.spend(1 + items.len()) {
            return;
        }
        let places: BTreeMap<&str, usize> = items.iter().enumerate().map(|(at, item)| (&*item.link_id, at)).collect();
        let mut found: Vec<Vec<NodeId>> = vec![Vec::new(); items.len()];
        let mut furthest = 0;
        for child in tree.named(node, "item") {
            // One without a link is reported as such.
            let Some(link) = tree.child_text(child, "linkId").filter(|link| !link.is_empty()) else { continue };
            let Some(at) = places.get(link).copied() else {
                self.stranger(child, link, parent, response);
                continue;
            };
            if at < furthest
                && let Some(after) = items.get(furthest)
            {
                let problem = Problem::QuestionnaireOrder { link: shorten(link), after: after.link_id.to_string() };
                self.find_name(child, Some(response.by), problem);
            }
            furthest = furthest.max(at);
            if let Some(its) = found.get_mut(at) {
                its.push(child);
            }
        }
        for (item, nodes) in items.iter().zip(found) {
            self.occurrences(node, item, &nodes, response);
        }
    }

    /// An item that the Questionnaire does not have at this place.
    fn stranger(&mut self, node: NodeId, link: &str, parent: &str, response: &Response<'_, 'c>) {
        let problem = if let Some((_, around)) = response.items.get(link) {
            let expected = match around {
                Some(group) if &*group.kind == "group" => format!("in the group '{}'", group.link_id),
                Some(question) => format!("in the answer to '{}'", question.link_id),
                None => "directly in the response".to_owned(),
            };
            Problem::QuestionnairePlace { link: shorten(link), expected }
        } else {
            let hint = match response.hints.get().checked_sub(1) {
                Some(left) => {
                    response.hints.set(left);
                    did_you_mean(link, response.questionnaire.all().map(|item| &*item.link_id))
                }
                None => String::new(),
            };
            let place = match parent.is_empty() {
                true => String::new(),
                false => format!(" in '{parent}'"),
            };
            Problem::QuestionnaireLinkUnknown { link: shorten(link), place, hint }
        };
        self.find_name(node, Some(response.by), problem);
    }

    /// Checks everything that a response has for one item at one place.
    fn occurrences(&mut self, parent: NodeId, item: &Item, nodes: &[NodeId], response: &Response<'_, 'c>) {
        let link = || item.link_id.to_string();
        if !self.is_enabled(item, parent, response, 0) {
            for node in nodes.iter().copied() {
                if !self.is_answered(node) {
                    continue;
                }
                self.find_name(node, Some(response.by), Problem::QuestionnaireNotEnabled { link: link() });
            }
            return;
        }
        let is_group = &*item.kind == "group";
        let answers: Vec<NodeId> = nodes.iter().flat_map(|node| self.answers(*node)).collect();
        let is_there = if is_group { !nodes.is_empty() } else { !answers.is_empty() };
        let is_demanded = item.required && &*item.kind != "display";
        if is_demanded && !is_there && response.is_complete {
            let text = if item.text.is_empty() { String::new() } else { format!(" ({})", shorten(&item.text)) };
            let at = nodes.first().copied().unwrap_or(parent);
            self.find_name(at, Some(response.by), Problem::QuestionnaireRequired { link: link(), text });
        }
        let repeated = if is_group { nodes } else { &answers };
        let most = item.limits.max_occurs.unwrap_or(u32::MAX).max(1) as usize;
        if repeated.len() > 1 && !item.repeats {
            if let Some(second) = repeated.get(1) {
                let problem = Problem::QuestionnaireRepeats { link: link(), found: repeated.len() };
                self.find_name(*second, Some(response.by), problem);
            }
        } else if let Some(excess) = repeated.get(most) {
            let limit = format!("be there at most {most} times");
            let problem = Problem::QuestionnaireLimit { link: link(), limit, found: repeated.len().to_string() };
            self.find_name(*excess, Some(response.by), problem);
        } else if let Some(least) = item.limits.min_occurs.filter(|least| (*least as usize) > repeated.len())
            && let (Some(first), true) = (repeated.first(), response.is_complete)
        {
            let limit = format!("be there at least {least} times");
            let problem = Problem::QuestionnaireLimit { link: link(), limit, found: repeated.len().to_string() };
            self.find_name(*first, Some(response.by), problem);
        }
        for node in nodes {
            self.item(*node, item, response);
        }
    }

    fn item(&mut self, node: NodeId, item: &Item, response: &Response<'_, 'c>) {
        let tree = self.tree;
        let by = Some(response.by);
        if let Some(at) = tree.child(node, "text")
            && let Some(text) = tree.text(at)
            && !item.text.is_empty()
            && !text.split_whitespace().eq(item.text.split_whitespace())
        {
            let problem = Problem::QuestionnaireText { link: item.link_id.to_string(), expected: shorten(&item.text) };
            self.find(at, by, problem);
        }
        let answers: Vec<NodeId> = tree.named(node, "answer").collect();
        match &*item.kind {
            "group" | "display" => {
                if let Some(answer) = answers.first() {
                    let kind = if &*item.kind == "group" { "a group" } else { "a text that is only displayed" };
                    let problem = Problem::QuestionnaireNoAnswer { link: item.link_id.to_string(), kind };
                    self.find_name(*answer, by, problem);
                }
                self.level(node, &item.items, &item.link_id, response);
            }
            _ => {
                for inner in tree.named(node, "item") {
                    let link = tree.child_text(inner, "linkId").unwrap_or_default();
                    self.stranger(inner, link, &item.link_id, response);
                }
                for answer in answers {
                    self.answer(answer, item, response);
                    self.level(answer, &item.items, &item.link_id, response);
                }
            }
        }
    }
}
