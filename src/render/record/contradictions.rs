//! What is recorded twice and differs, as the engine of contradictions finds it: the alerts in one box at the top, and all of
//! them at their places, in the rows of both sides or among the details.

use super::Maker;
use super::model::{Contradiction, Detail, Record, Word};
use crate::contradictions::{Finding, Rank, Rule};
use crate::render::context::Context;
use crate::render::language::Language;
use crate::render::model::{Piece, Row};
use crate::render::words;
use crate::tree::NodeId;

/// More are counted: a list of warnings that nobody reads to its end warns of nothing.
const MOST: usize = 12;

/// What a finding says, in the language of the display.
pub(super) fn words_of(context: &Context<'_>, finding: &Finding) -> String {
    let values: Vec<String> = finding.says.values.iter().map(|value| words::visible(value)).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    context.fill(finding.says.template(), &values)
}

/// What is said in a row or line about a resource: those of the rank of a note and above, but for what the value's own cell
/// says of its flag.
pub(super) fn of_line(context: &Context<'_>, node: NodeId) -> Vec<String> {
    let found = context.contradictions.get(&node).into_iter().flatten();
    let found = found.filter(|finding| finding.rank != Rank::Info && finding.rule() != Rule::Flag);
    let mut out: Vec<String> = Vec::new();
    for finding in found {
        let text = words_of(context, finding);
        if !out.contains(&text) {
            out.push(text);
        }
    }
    out
}

/// What is said of a result's flag, beside it.
pub(super) fn of_flag(context: &Context<'_>, node: NodeId) -> Option<String> {
    let found = context.contradictions.get(&node)?;
    found.iter().find(|finding| finding.rule() == Rule::Flag).map(|finding| words_of(context, finding))
}

/// Whether the number of a result stands beside words that there is none.
pub(super) fn is_unsuitable(context: &Context<'_>, node: NodeId) -> bool {
    let found = context.contradictions.get(&node).into_iter().flatten();
    found.into_iter().any(|finding| finding.rule() == Rule::Unsuitable && finding.rank != Rank::Info)
}

impl Maker<'_, '_> {
    /// Everything found, for the box and the model; and which resource is the other side of an alert.
    pub(super) fn contradictions(&mut self) {
        let mut all: Vec<Finding> = self.context.contradictions.values().flatten().cloned().collect();
        crate::order::sort_by_key(&mut all, |finding| finding.at);
        let tree = self.context.tree;
        for finding in all {
            let text = words_of(self.context, &finding);
            let home = tree.resource_of(finding.at);
            let rank = match finding.rank {
                Rank::Alert => "alert",
                Rank::Note => "note",
                Rank::Info => "info",
            };
            // "No known allergies" alone is marked: a mark at each allergy would play them down.
            if finding.rank == Rank::Alert && finding.rule() != Rule::NoneKnown {
                for side in &finding.sides {
                    let other = tree.resource_of(side.node);
                    if other != home && tree.resource_type(other) != Some("Composition") {
                        self.others.entry(other).or_default().push(text.clone());
                    }
                }
            }
            let area = match self.record.view {
                "letter" => "body",
                _ => self.all.area.get(&home).copied().unwrap_or("technical"),
            };
            let sources = std::iter::once(finding.at).chain(finding.sides.iter().map(|side| side.node));
            let mut pointers: Vec<String> = Vec::new();
            for pointer in sources.map(|node| self.context.pointer(node)) {
                if !pointers.contains(&pointer) {
                    pointers.push(pointer);
                }
            }
            let said = Contradiction { rule: finding.rule().id(), rank, text, sources: pointers, area };
            self.record.contradictions.push(said);
        }
    }

    /// The words of a row made of these resources.
    pub(super) fn contradicting(&self, nodes: &[NodeId]) -> Vec<Word> {
        let mut out: Vec<Word> = Vec::new();
        for node in nodes {
            let own = of_line(self.context, *node).into_iter();
            for text in own.chain(self.others.get(node).into_iter().flatten().cloned()) {
                if !out.iter().any(|word| word.text == text) {
                    out.push(Word { text, ..Word::default() });
                }
            }
        }
        out
    }

    /// What is a detail stands among the details.
    pub(super) fn contradicting_details(&self, nodes: &[NodeId], details: &mut Vec<Detail>) {
        if self.context.for_patient() {
            return;
        }
        for node in nodes {
            let found = self.context.contradictions.get(node).into_iter().flatten();
            for finding in found.filter(|finding| finding.rank == Rank::Info) {
                let value = vec![Piece::plain(words_of(self.context, finding))];
                let pointer = self.context.pointer(finding.at);
                let row = Row { label: self.say("Recorded twice"), value, pointer: pointer.clone(), ..Row::default() };
                match details.last_mut() {
                    Some(detail) => detail.rows.push(row),
                    None => details.push(Detail { title: self.say("Recorded twice"), pointer, rows: vec![row] }),
                }
            }
        }
    }

    /// What the text of a section says otherwise than its coded entries.
    pub(super) fn attested(&self, section: NodeId) -> Vec<Word> {
        let found = self.context.attested.get(&section).into_iter().flatten();
        let found = found.filter(|finding| finding.rank != Rank::Info);
        found.map(|finding| Word { text: words_of(self.context, finding), ..Word::default() }).collect()
    }
}

impl Record {
    /// What stands in the box of contradictions: the alerts, and how many more there are.
    pub(in crate::render) fn alerts(&self, language: Language) -> Vec<String> {
        let mut texts: Vec<&str> = Vec::new();
        for one in self.contradictions.iter().filter(|one| one.rank == "alert") {
            if !texts.contains(&one.text.as_str()) {
                texts.push(&one.text);
            }
        }
        let more = texts.len().saturating_sub(MOST);
        let mut out: Vec<String> = texts.into_iter().take(MOST).map(str::to_owned).collect();
        if more > 0 {
            out.push(language.fill("{} more contradictions are said where they stand.", &[&more.to_string()]));
        }
        out
    }
}
