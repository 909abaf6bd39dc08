//! A document's section: what its author signed, then the coded data, and where the two differ.

use super::Builder;
use crate::contradictions::Rank;
use crate::render::context::Context;
use crate::render::model::{Importance, Piece, Row, Style};
use crate::render::{sanitise, views, words};
use crate::tree::NodeId;

impl Builder<'_, '_> {
    /// The title is the label; mode and reason for emptiness come first, the author's text before the coded data.
    pub(super) fn section(&mut self, node: NodeId, row: &mut Row, depth: usize) {
        if let Some(title) = self.context.take_child(node, "title") {
            self.known_code(node, &title);
            row.label = title;
        }
        self.parts(node, &mut row.rows, views::SECTION, depth);
        self.attested(node, row);
        let missing = self.context.unmarked(|context| not_in_text(context, node));
        if !missing.is_empty() {
            let label = self.context.say("In the coded data, but not in these words in the author\u{2019}s text");
            let at = row.rows.iter().position(|part| part.label == self.context.say(views::CODED_DATA));
            let row_of = Row {
                label,
                value: vec![Piece::new(Style::Warning, missing.join("; "))],
                pointer: row.pointer.clone(),
                importance: Importance::Warning,
                ..Row::default()
            };
            row.rows.insert(at.unwrap_or(row.rows.len()), row_of);
        }
    }

    /// Where the author's text and the coded entries contradict each other: before the text.
    fn attested(&self, section: NodeId, row: &mut Row) {
        let found = self.context.attested.get(&section).into_iter().flatten();
        let said: Vec<String> = found
            .filter(|finding| finding.rank != Rank::Info)
            .map(|finding| {
                let values: Vec<String> =
                    finding.says.values.iter().map(|value| crate::render::words::visible(value)).collect();
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                self.context.fill(finding.says.template(), &values)
            })
            .collect();
        if said.is_empty() {
            return;
        }
        let row_of = Row {
            label: self.context.say("Text and coded data differ"),
            value: vec![Piece::new(Style::Warning, said.join("\n"))],
            pointer: row.pointer.clone(),
            importance: Importance::Warning,
            ..Row::default()
        };
        row.rows.insert(0, row_of);
    }

    /// What kind of section it is by its code is a technical detail where the title says the same.
    fn known_code(&mut self, section: NodeId, title: &str) {
        let Some(code) = self.context.child(section, "code") else { return };
        let said = ["text", "coding.display"].map(|path| views::select(self.context, code, path)).concat();
        let same = |node: &NodeId| self.context.tree.text(*node).is_some_and(|text| words::visible(text) == title);
        if !said.is_empty()
            && said.iter().all(same)
            && self.context.children(code, "coding").len() < 2
            && self.context.claim(code)
        {
            self.technical(code);
        }
    }
}

/// Small letters and digits of a text, so that punctuation and spaces do not count.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect()
}

/// The terms and numbers of a section's coded data that its text does not have.
fn not_in_text(context: &mut Context<'_>, section: NodeId) -> Vec<String> {
    /// How many of a section's resources are looked for in its text.
    const MOST: usize = 200;
    let text = context.child(section, "text").and_then(|text| context.peek(text, "div"));
    let Some(text) = text else { return Vec::new() };
    let language = context.options.language;
    let text = bare(&sanitise::to_text(&sanitise::clean(text, "", language).markup, language));
    let mut targets: Vec<NodeId> = targets(context, section, "entry.reference");
    targets.truncate(MOST);
    for list in targets.clone() {
        if context.tree.resource_type(list) == Some("List") && targets.len() < 2 * MOST {
            targets.extend(self::targets(context, list, "entry.item.reference"));
        }
    }
    let mut missing = Vec::new();
    targets.retain(|target| !views::is_kept_from_patients(context, *target));
    // A list says what kind of list it is; what is in it is what the text must have.
    targets.retain(|target| context.tree.resource_type(*target) != Some("List"));
    for target in targets.into_iter().take(MOST) {
        for path in ["code", "medication[x]", "vaccineCode", "valueCodeableConcept"] {
            let Some(found) = views::select(context, target, path).into_iter().next() else { continue };
            let known = views::said(context, found);
            let first = known.first().cloned().unwrap_or_default();
            if !first.is_empty() && !known.iter().any(|words| text.contains(&bare(words))) && !missing.contains(&first)
            {
                missing.push(first);
            }
        }
        for path in ["valueQuantity.value", "component.valueQuantity.value"] {
            for number in views::select(context, target, path) {
                let number = context.tree.text(number).unwrap_or("").trim().to_owned();
                if !number.is_empty() && !text.contains(&number) && !missing.contains(&number) {
                    missing.push(number);
                }
            }
        }
    }
    missing
}

/// The resources in the input to which references at a path lead.
fn targets(context: &Context<'_>, node: NodeId, path: &str) -> Vec<NodeId> {
    let references = views::select(context, node, path);
    references.into_iter().filter_map(|text| context.resolve(text, context.tree.text(text)?)).collect()
}
