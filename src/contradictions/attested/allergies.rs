//! The section of allergies: what is coded, and what its text names or denies.

use super::items::{Item, Name};
use super::names::{Kind, keys};
use super::text::Line;
use super::{Coded, Document, Section, fields};
use crate::contradictions::allergies::{NoneOf, is_current, is_no_drug, none_in, none_of};
use crate::contradictions::input::finding;
use crate::contradictions::words::Token;
use crate::contradictions::{Finding, Rule, Side};

impl Document<'_, '_> {
    pub(super) fn allergies(&self, section: &Section, coded: &[Coded], found: &mut Vec<Finding>) {
        let (input, tree) = (self.input, self.input.tree);
        let mut items: Vec<Item> = Vec::new();
        let mut none: Vec<(Side, NoneOf)> = Vec::new();
        for one in coded {
            let Some(code) = tree.child(one.resource, "code") else { continue };
            if let Some(of) = none_of(input, code) {
                none.extend(input.said(code).map(|side| (side, of)));
                continue;
            }
            let names = self.concept_names(code).into_iter().map(|side| {
                let keys = keys(&side.quote, Kind::Allergy);
                Name { side, keys, strengths: Vec::new() }
            });
            let names: Vec<Name> = names.filter(|name| !name.keys.is_empty()).collect();
            if !names.is_empty() && is_current(input, one.resource) {
                items.push(Item { resource: one.resource, list: one.list, names });
            }
        }
        let denies = |line: &&Line| {
            let is_about = line.label.is_empty() || fields::ALLERGY_NAMES.iter().any(|label| line.is_called(label));
            is_about && (none_in(&line.text).is_some() || is_none(&line.tokens))
        };
        let denial = section.lines.iter().find(denies);
        let is_named = |line: &&Line| {
            fields::ALLERGY_NAMES.iter().any(|label| line.is_called(label))
                && !line.is_called(&["type"])
                && !denies(line)
                && !is_unknown(&line.tokens)
        };
        let named = section.lines.iter().find(is_named);
        if let Some(line) = denial
            && named.is_none()
        {
            let of = none_in(&line.text).unwrap_or(NoneOf::All);
            let is_denied = |item: &&Item| match of {
                NoneOf::All => true,
                NoneOf::Drugs => !is_no_drug(input, item.resource),
                NoneOf::Else => false,
            };
            // What is said to be absent and named besides is no contradiction: "no known allergies except penicillin".
            let is_said = |item: &Item| {
                item.names
                    .iter()
                    .any(|name| section.words.iter().any(|words| name.keys.iter().all(|key| words.contains(key))))
            };
            if let Some(item) = items.iter().take(super::MOST_WHOLE).find(|item| is_denied(item) && !is_said(item))
                && let Some(name) = item.names.first()
            {
                let (text, other) = (section.side(line), name.side.clone());
                let values = vec![section.title.clone(), text.quote.clone(), other.quote.clone()];
                found.push(finding(Rule::NoAllergy, 0, other.node, [text, other], values));
            }
            return;
        }
        if items.is_empty() {
            let Some((statement, of)) = none.first() else { return };
            if *of == NoneOf::Else || denial.is_some() && named.is_none() {
                return;
            }
            let Some(line) = named else { return };
            let text = section.side(line);
            let values = vec![section.title.clone(), text.quote.clone(), statement.quote.clone()];
            found.push(finding(Rule::NoAllergy, 0, statement.node, [text, statement.clone()], values));
            // The details of the only allergy belong to it, though its name does not tell.
            if let [only] = coded {
                self.fields(section, only.resource, fields::ALLERGY, None, "", found);
            }
            return;
        }
        let lines = self.compare(section, &items, fields::ALLERGY_NAMES, Rule::Allergy, found);
        let records: Vec<Option<u32>> =
            lines.iter().map(|line| line.and_then(|at| section.lines.get(at)).map(|line| line.record)).collect();
        for (item, record) in items.iter().zip(&records) {
            if let Some(record) = record {
                let name = item.names.first().map(|name| name.side.quote.clone()).unwrap_or_default();
                self.fields(section, item.resource, fields::ALLERGY, Some(*record), &name, found);
            }
        }
    }
}

/// "None", "Nil", "None known".
fn is_none(tokens: &[Token]) -> bool {
    let words: Vec<&str> = tokens.iter().filter_map(Token::word).collect();
    matches!(
        words[..],
        ["none" | "nil"] | ["none" | "nil", "known" | "recorded" | "reported"] | ["no"] | ["nkda"] | ["nka"]
    )
}

/// What is not known, or not said: "Not known", "Information not available".
fn is_unknown(words: &[Token]) -> bool {
    let words: Vec<&str> = words.iter().filter_map(Token::word).collect();
    words.is_empty() || matches!(words[..], ["not" | "unknown" | "information" | "see", ..])
}
