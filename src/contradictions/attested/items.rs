//! Coded items looked for in their section's text: medicines, vaccines, diagnoses, procedures.

use super::names::{self, Kind, initials, keys, negates};
use super::text::Line;
use super::{Coded, Document, Section, fields};
use crate::contradictions::dose::{self, Measure};
use crate::contradictions::input::finding;
use crate::contradictions::words::{Token, shorten, singular, tokens};
use crate::contradictions::{Finding, Rule, Side};
use crate::tree::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A coded item with the ways in which it is named.
pub(in crate::contradictions) struct Item {
    pub(in crate::contradictions) resource: NodeId,
    pub(in crate::contradictions) list: Option<NodeId>,
    pub(in crate::contradictions) names: Vec<Name>,
}

/// One way to name an item.
pub(in crate::contradictions) struct Name {
    pub(in crate::contradictions) side: Side,
    pub(in crate::contradictions) keys: Vec<String>,
    /// The amounts in the name: strengths.
    pub(in crate::contradictions) strengths: Vec<Measure>,
}

/// How an item stands in its section's text.
pub(in crate::contradictions) enum Match {
    /// A line names it.
    Named { line: usize },
    /// A line under the label of such an item has part of its name, and other words.
    Partly { line: usize },
    /// No line does.
    Missing,
}

impl Document<'_, '_> {
    /// What a CodeableConcept is called: text and displays, each once. A code for why there is none is no name.
    pub(in crate::contradictions) fn concept_names(&self, concept: NodeId) -> Vec<Side> {
        let tree = self.input.tree;
        let system =
            |coding: NodeId| tree.child(coding, "system").and_then(|system| tree.text(system)).unwrap_or_default();
        let is_named = |coding: &NodeId| !crate::nhs::says_why_absent(system(*coding));
        let displays =
            tree.named(concept, "coding").filter(is_named).filter_map(|coding| tree.child(coding, "display"));
        let nodes = displays.chain(tree.child(concept, "text"));
        let mut out: Vec<Side> = Vec::new();
        for node in nodes.take(8) {
            let quote = shorten(tree.text(node).unwrap_or_default());
            if !quote.is_empty() && !out.iter().any(|known| known.quote == quote) {
                out.push(Side { node, quote });
            }
        }
        out
    }

    /// What the medicine of a resource is called.
    fn medicine_names(&self, resource: NodeId) -> Vec<Side> {
        let (input, tree) = (self.input, self.input.tree);
        if let Some(concept) = tree.child(resource, "medicationCodeableConcept") {
            return self.concept_names(concept);
        }
        let Some(reference) = tree.child(resource, "medicationReference") else { return Vec::new() };
        let named = input.referred(reference).and_then(|medication| tree.child(medication, "code"));
        let out = named.map(|code| self.concept_names(code)).unwrap_or_default();
        if !out.is_empty() {
            return out;
        }
        let display = tree.child(reference, "display");
        let side = |node: NodeId| Some(Side { node, quote: shorten(tree.text(node)?) });
        display.and_then(side).into_iter().collect()
    }

    fn item(&self, coded: Coded, names: Vec<Side>, kind: Kind) -> Item {
        let names = names.into_iter().map(|side| {
            let keys = keys(&side.quote, kind);
            let strengths = strengths(names::plain(&side.quote));
            Name { side, keys, strengths }
        });
        Item { resource: coded.resource, list: coded.list, names: names.filter(|name| !name.keys.is_empty()).collect() }
    }

    /// Finds each item's line. Each item takes the line that has most of its name, and its strength; a line that another
    /// item has taken is taken again only where no other names it.
    pub(in crate::contradictions) fn matches(
        &self,
        section: &Section,
        items: &[Item],
        labels: &[&[&str]],
    ) -> Vec<Match> {
        let is_labelled = |line: &Line| is_labelled(line, labels);
        let mut lines_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, words) in section.words.iter().enumerate() {
            for word in words {
                let lines = lines_of.entry(word).or_default();
                if lines.len() < super::MOST_PLACES {
                    lines.push(at);
                }
            }
        }
        let mut taken: FxHashSet<usize> = FxHashSet::default();
        let mut out = Vec::new();
        for item in items {
            let mut best: Option<(i64, usize, bool)> = None;
            for name in &item.names {
                let mut seen = FxHashSet::default();
                for at in name.keys.iter().filter_map(|key| lines_of.get(key.as_str())).flatten().copied() {
                    let (Some(line), Some(words)) = (section.lines.get(at), section.words.get(at)) else { continue };
                    if !seen.insert(at) {
                        continue;
                    }
                    let had = name.keys.iter().filter(|key| words.contains(*key)).count();
                    let is_whole = had == name.keys.len();
                    let labelled = is_labelled(line);
                    if !is_whole && !labelled {
                        continue;
                    }
                    let own = strengths(&line.text);
                    let same = !name.strengths.is_empty() && !differ(&own, &name.strengths) && !own.is_empty();
                    let score = i64::from(is_whole) * 1000 + i64::from(labelled) * 400
                        - i64::from(taken.contains(&at)) * 300
                        + (had * 100 / name.keys.len()) as i64
                        + i64::from(same) * 50;
                    if best.is_none_or(|(most, ..)| score > most) {
                        best = Some((score, at, is_whole));
                    }
                }
            }
            out.push(match best {
                Some((_, line, true)) => {
                    taken.insert(line);
                    Match::Named { line }
                }
                Some((_, line, false)) => Match::Partly { line },
                None => Match::Missing,
            });
        }
        // What is called by its initials, or less precisely, is named.
        for (found, item) in out.iter_mut().zip(items) {
            let line = match found {
                Match::Named { .. } => continue,
                Match::Partly { line } => Some(*line),
                Match::Missing => None,
            };
            let is_initials = |name: &Name| {
                let initials = initials(&name.side.quote);
                let at = lines_of.get(initials.as_str()).and_then(|lines| lines.first()).copied();
                at.filter(|_| !initials.is_empty())
            };
            if let Some(line) = item.names.iter().find_map(is_initials) {
                *found = Match::Named { line };
                continue;
            }
            let is_less = |line: usize| {
                let Some(words) = section.lines.get(line).map(|line| keys(&line.text, Kind::Other)) else {
                    return false;
                };
                item.names
                    .iter()
                    .any(|name| words.len() * 2 >= name.keys.len() && words.iter().all(|word| name.keys.contains(word)))
            };
            if let Some(line) = line.filter(|line| is_less(*line)) {
                taken.insert(line);
                *found = Match::Named { line };
            }
        }
        // A comment names it, and the name beside the comment is another's: the name counts.
        let names: FxHashMap<u32, usize> = section
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| is_labelled(line))
            .map(|(at, line)| (line.record, at))
            .collect();
        for found in &mut out {
            if let Match::Named { line } = found
                && let Some(named) = section.lines.get(*line).filter(|line| !is_labelled(line))
                && let Some(name) = names.get(&named.record).filter(|name| !taken.contains(name))
                && named.label_words.iter().any(|word| word == "comment")
            {
                *found = Match::Partly { line: *name };
            }
        }
        // What another item takes is not what this one is called partly.
        for found in &mut out {
            if let Match::Partly { line } = found
                && taken.contains(line)
            {
                *found = Match::Missing;
            }
        }
        out
    }

    /// Reports the items that the text does not name, and the lines under a label of such items that are no item. One that
    /// is missing and one that is left over are one finding. Gives the line of each item that is named.
    pub(in crate::contradictions) fn compare(
        &self,
        section: &Section,
        items: &[Item],
        labels: &[&[&str]],
        rule: Rule,
        found: &mut Vec<Finding>,
    ) -> Vec<Option<usize>> {
        let matches = self.matches(section, items, labels);
        let mut used: FxHashSet<usize> = FxHashSet::default();
        for found in &matches {
            if let Match::Named { line } | Match::Partly { line } = found {
                used.insert(*line);
            }
        }
        let records: FxHashSet<u32> = matches
            .iter()
            .filter_map(|found| match found {
                Match::Named { line } => section.lines.get(*line).map(|line| line.record),
                _ => None,
            })
            .collect();
        // Names in the text that no item has: the first line of an item under such a label.
        let mut left: Vec<usize> = Vec::new();
        let mut said: FxHashSet<u32> = FxHashSet::default();
        for (at, line) in section.lines.iter().enumerate() {
            let is_name = labels.iter().any(|label| line.is_called(label))
                && line.tokens.iter().any(|token| token.word().is_some());
            if is_name
                && said.insert(line.record)
                && !used.contains(&at)
                && !records.contains(&line.record)
                && !is_nothing(line)
            {
                left.push(at);
            }
        }
        let missing: Vec<usize> =
            matches.iter().enumerate().filter(|(_, found)| matches!(found, Match::Missing)).map(|(at, _)| at).collect();
        let mut paired: FxHashMap<usize, usize> = FxHashMap::default();
        if let ([item], [line]) = (&missing[..], &left[..]) {
            paired.insert(*item, *line);
            left.clear();
        }
        let mut out = Vec::new();
        for (at, (item, is)) in items.iter().zip(&matches).enumerate() {
            let Some(name) = item.names.first() else {
                out.push(None);
                continue;
            };
            let coded = name.side.clone();
            let line = match is {
                Match::Named { line } => {
                    let is_name = section.lines.get(*line).is_some_and(|line| is_labelled(line, labels));
                    self.negated(section, item, *line, is_name, found);
                    out.push(Some(*line));
                    continue;
                }
                Match::Partly { line } => Some(*line),
                Match::Missing => paired.get(&at).copied(),
            };
            out.push(None);
            // The lists of conditions and procedures serve several sections. A name in this one that is the item's in part,
            // and no other item's, is still another name, whatever else the document tells of.
            let is_shared = matches!(rule, Rule::Concept) && !matches!(is, Match::Partly { .. });
            if is_shared
                && let Some(other) =
                    item.names.iter().find_map(|name| self.elsewhere(section, item.resource, &name.keys))
            {
                let text = Side { node: section.div, quote: section.title.clone() };
                let values = vec![coded.quote.clone(), section.title.clone(), other.title.clone()];
                found.push(finding(Rule::Elsewhere, 0, coded.node, [text, coded], values));
                if let Some(line) = paired.get(&at) {
                    left.push(*line);
                }
                continue;
            }
            match line.and_then(|line| section.lines.get(line)) {
                Some(line) => {
                    let values = vec![section.title.clone(), shorten(&line.text), coded.quote.clone()];
                    found.push(finding(rule, 1, coded.node, [section.side(line), coded], values));
                }
                None => {
                    let text = Side { node: section.div, quote: section.title.clone() };
                    let values = vec![section.title.clone(), coded.quote.clone()];
                    found.push(finding(rule, 0, coded.node, [text, coded], values));
                }
            }
        }
        let has_uncoded = !items.is_empty() && !matches!(rule, Rule::Vaccine);
        for line in left.iter().filter(|_| has_uncoded).filter_map(|at| section.lines.get(*at)) {
            let text = section.side(line);
            let other = Side { node: section.node, quote: section.title.clone() };
            let values = vec![section.title.clone(), text.quote.clone()];
            found.push(finding(Rule::Uncoded, 0, section.div, [text, other], values));
        }
        out
    }

    /// Reports an item that the text names only in a negated phrase.
    fn negated(&self, section: &Section, item: &Item, line: usize, is_name: bool, found: &mut Vec<Finding>) {
        let Some(name) = item.names.first() else { return };
        let is_negation = |name: &Name| tokens(&name.side.quote).iter().filter_map(Token::word).take(2).any(negates);
        if item.names.iter().any(is_negation) {
            return;
        }
        let Some(line) = section.lines.get(line) else { return };
        if !item.names.iter().all(|name| is_negated(&line.tokens, &name.keys)) {
            return;
        }
        // Another line may name it without a negation; what stands under the label of a name is the name.
        let is_plain = |at: usize| {
            let (Some(other), Some(words)) = (section.lines.get(at), section.words.get(at)) else { return false };
            item.names
                .iter()
                .any(|name| name.keys.iter().all(|key| words.contains(key)) && !is_negated(&other.tokens, &name.keys))
        };
        let rarest = name.keys.iter().filter_map(|key| self.places.get(key)).min_by_key(|places| places.len());
        let here = |place: &&(usize, usize)| self.sections.get(place.0).is_some_and(|other| other.node == section.node);
        if !is_name && rarest.is_some_and(|places| places.iter().filter(here).any(|(_, at)| is_plain(*at))) {
            return;
        }
        let coded = name.side.clone();
        let values = vec![section.title.clone(), coded.quote.clone(), shorten(&line.text)];
        found.push(finding(Rule::Negated, 0, coded.node, [section.side(line), coded], values));
    }

    pub(in crate::contradictions) fn medicines(&self, section: &Section, coded: &[Coded], found: &mut Vec<Finding>) {
        if coded.is_empty() {
            return;
        }
        let items: Vec<Item> =
            coded.iter().map(|item| self.item(*item, self.medicine_names(item.resource), Kind::Medicine)).collect();
        let lines = self.compare(section, &items, fields::MEDICINE_NAMES, Rule::Medicine, found);
        for (item, line) in items.iter().zip(lines) {
            let Some(line) = line.and_then(|at| section.lines.get(at)) else { continue };
            self.strength(section, item, line, found);
            let name = item.names.first().map(|name| name.side.quote.clone()).unwrap_or_default();
            self.fields(section, item.resource, fields::MEDICINE, Some(line.record), &name, found);
            self.dose(section, item, line, found);
            self.status(section, item, line, found);
        }
    }

    /// The strength in the line that names a product, against the product's.
    fn strength(&self, section: &Section, item: &Item, line: &Line, found: &mut Vec<Finding>) {
        let said = strengths(names::plain(&line.text));
        if said.is_empty() || item.names.iter().any(|name| name.strengths.is_empty() || !differ(&said, &name.strengths))
        {
            return;
        }
        let Some(name) = item.names.first() else { return };
        let coded = name.side.clone();
        let values = vec![shorten(&line.text), coded.quote.clone()];
        found.push(finding(Rule::Strength, 0, coded.node, [section.side(line), coded], values));
    }

    pub(in crate::contradictions) fn vaccines(&self, section: &Section, coded: &[Coded], found: &mut Vec<Finding>) {
        let tree = self.input.tree;
        for item in coded {
            let product =
                tree.child(item.resource, "vaccineCode").map(|code| self.concept_names(code)).unwrap_or_default();
            // Where the product is unknown, the procedure is what there is.
            let is_unknown = |side: &Side| matches!(&*side.quote.to_lowercase(), "unknown" | "unk" | "not applicable");
            let product: Vec<Side> = product.into_iter().filter(|side| !is_unknown(side)).collect();
            let items = [self.item(*item, product, Kind::Vaccine)];
            let line = match items.iter().all(|item| item.names.is_empty()) {
                true => None,
                false => self.compare(section, &items, fields::VACCINE_NAMES, Rule::Vaccine, found).pop().flatten(),
            };
            // One vaccination is what the section is about; of several, the table that names it.
            let record = match coded.len() {
                1 => None,
                _ => match line.and_then(|at| section.lines.get(at)) {
                    Some(line) => Some(line.record),
                    None => continue,
                },
            };
            self.not_given(section, item.resource, record, found);
            self.fields(section, item.resource, fields::VACCINATION, record, "", found);
        }
    }

    pub(in crate::contradictions) fn concepts(
        &self,
        section: &Section,
        coded: &[Coded],
        kind: Kind,
        found: &mut Vec<Finding>,
    ) {
        if coded.is_empty() {
            return;
        }
        let tree = self.input.tree;
        let named =
            |item: &Coded| tree.child(item.resource, "code").map(|code| self.concept_names(code)).unwrap_or_default();
        let items: Vec<Item> = coded.iter().map(|item| self.item(*item, named(item), kind)).collect();
        let labels = if kind == Kind::Procedure { fields::PROCEDURE_NAMES } else { fields::CONDITION_NAMES };
        let table = if kind == Kind::Procedure { fields::PROCEDURE } else { fields::CONDITION };
        let lines = self.compare(section, &items, labels, Rule::Concept, found);
        for (item, line) in items.iter().zip(lines) {
            let Some(line) = line.and_then(|at| section.lines.get(at)) else { continue };
            let name = item.names.first().map(|name| name.side.quote.clone()).unwrap_or_default();
            self.sides(section, item, line, found);
            self.fields(section, item.resource, table, Some(line.record), &name, found);
        }
    }

    /// Left in the line that names an item, right in its name, or the reverse.
    fn sides(&self, section: &Section, item: &Item, line: &Line, found: &mut Vec<Finding>) {
        let Some(name) = item.names.first() else { return };
        let (said, coded) = (names::side(&line.tokens), names::side(&tokens(&name.side.quote)));
        if said.zip(coded).is_some_and(|(said, coded)| said != coded) {
            let coded = name.side.clone();
            let values = vec![shorten(&line.text), coded.quote.clone()];
            found.push(finding(Rule::TextSide, 0, coded.node, [section.side(line), coded], values));
        }
    }
}

/// Whether a line stands under the label of an item's name.
fn is_labelled(line: &Line, labels: &[&[&str]]) -> bool {
    const WITHOUT: &[&str] = &[
        "advice",
        "change",
        "comment",
        "cost",
        "date",
        "direction",
        "dose",
        "form",
        "history",
        "indication",
        "note",
        "previous",
        "quantity",
        "reason",
        "route",
        "status",
        "type",
    ];
    labels.iter().any(|label| line.is_called(label))
        && !line.label_words.iter().any(|word| WITHOUT.contains(&word.as_str()))
}

/// The amounts in a product's name, each with a unit.
pub(in crate::contradictions) fn strengths(name: &str) -> Vec<Measure> {
    let read = dose::read(name);
    let all = read.strengths.into_iter().chain(read.amounts);
    all.filter(|measure| measure.unit.is_some_and(|unit| !matches!(unit, dose::Unit::Piece(_)))).collect()
}

/// Whether amounts certainly differ: one has none like it among the others that agrees, though there is one that could.
pub(in crate::contradictions) fn differ(one: &[Measure], other: &[Measure]) -> bool {
    let is_contradicted = |measure: &Measure, others: &[Measure]| {
        let mut like = others.iter().filter(|other| measure.is_like(**other)).peekable();
        match like.peek() {
            Some(_) => like.all(|other| !measure.agrees(*other)),
            // The same number in a unit that measures something else: 5 mg and 5 ml.
            None => match others {
                [only] => {
                    one.len() == 1
                        && other.len() == 1
                        && dose::is_same(measure.low, only.low)
                        && measure.unit.is_some()
                        && only.unit.is_some()
                }
                _ => false,
            },
        }
    };
    other.iter().any(|measure| is_contradicted(measure, one))
        || one.iter().any(|measure| {
            let like = other.iter().any(|known| measure.is_like(*known));
            like && is_contradicted(measure, other)
        })
}

/// Whether the first of an item's words in a line stands within six words after a negation, or is ruled out after it.
pub(in crate::contradictions) fn is_negated(tokens: &[Token], keys: &[String]) -> bool {
    let is_key = |token: &Token| token.word().is_some_and(|word| keys.contains(&singular(word)));
    let Some(first) = tokens.iter().position(is_key) else { return false };
    let before = tokens.get(first.saturating_sub(8)..first).unwrap_or_default();
    // A full stop ends what a negation is about.
    let clause = before.rsplit(|token| matches!(token, Token::Sign('.' | ';'))).next().unwrap_or_default();
    let words: Vec<&str> = clause.iter().filter_map(Token::word).collect();
    let near = words.get(words.len().saturating_sub(6)..).unwrap_or_default();
    let last = tokens.iter().rposition(is_key).unwrap_or(first);
    let after: Vec<&str> = tokens.iter().skip(last + 1).take(5).filter_map(Token::word).collect();
    near.iter().any(|word| negates(word))
        || near.ends_with(&["ruled", "out"])
        || after.windows(2).any(|pair| pair == ["ruled", "out"])
        || after.first() == Some(&"excluded")
}

/// Whether a line under a label says that there is nothing: "None", "Nil", "Not applicable", "water".
fn is_nothing(line: &Line) -> bool {
    let words: Vec<&str> = line.tokens.iter().filter_map(Token::word).collect();
    match words[..] {
        ["water" | "flushes" | "unknown" | "other"] => true,
        [first, ..] => matches!(first, "no" | "none" | "nil" | "not" | "information" | "see" | "please" | "n" | "as"),
        [] => true,
    }
}
