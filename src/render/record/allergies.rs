//! Allergies: current ones, what says that there are none, and those that have ended.

use super::Maker;
use super::codes;
use super::contradictions;
use super::lines;
use super::model::{Area, Entry, Word};
use super::row::newest_first;
use crate::render::model::{Piece, Style};
use crate::render::views::select;
use crate::tree::NodeId;
use rustc_hash::FxHashSet;

impl Maker<'_, '_> {
    pub(super) fn allergies(&mut self) -> Option<Area> {
        let nodes = self.all.of("allergies");
        let mut area = self.area("allergies", "Allergies");
        let ended_list: FxHashSet<NodeId> = self
            .all
            .lists
            .iter()
            .filter(|list| self.peek(list.node, "code.coding.code").as_deref() == Some(codes::ENDED_ALLERGIES))
            .flat_map(|list| list.items.iter().copied())
            .collect();
        let (mut current, mut none, mut ended) = (Vec::new(), Vec::new(), Vec::new());
        for node in nodes {
            let status = self.peek(node, "clinicalStatus");
            let over = ended_list.contains(&node) || matches!(status.as_deref(), Some("resolved" | "inactive"));
            let is_error = self.peek(node, "verificationStatus").as_deref() == Some("entered-in-error");
            let refuted = self.peek(node, "verificationStatus").as_deref() == Some("refuted");
            if over || is_error || refuted {
                let date = self.peek(node, "extension:AllergyIntoleranceEnd.extension:endDate");
                ended.push((date, node));
            } else if self.is_none_known(node) {
                none.push((self.peek(node, "assertedDate"), node));
            } else {
                let date = self.peek(node, "onset[x]").or_else(|| self.peek(node, "assertedDate"));
                current.push((date, node));
            }
        }
        newest_first(&mut current);
        newest_first(&mut none);
        newest_first(&mut ended);
        area.headline = self.allergy_headline(&current, &none, &ended);
        for (_, node) in &none {
            // Both sides stand before either of them is read.
            area.notes.extend(contradictions::of_line(self.context, *node));
        }
        if current.is_empty() && none.is_empty() {
            area.empty = Some(match self.has_list("allergies") {
                true => self.say("Allergies not recorded. This does not say that there are none."),
                false => self.say("Allergies unavailable: not in this file. This does not say that there are none."),
            });
        }
        if !current.is_empty() {
            let rows = current.into_iter().map(|(_, node)| self.allergy(node)).collect();
            let columns = [("Substance", ""), ("Reaction", ""), ("Risk", ""), ("Since", "since"), ("Note", "note")];
            let group = self.group("current", self.say("Current allergies"), &columns, rows);
            area.groups.push(group);
        }
        if !none.is_empty() {
            let rows: Vec<Entry> = none.into_iter().map(|(_, node)| self.none_known(node)).collect();
            let columns = [("Statement", ""), ("Recorded", "recorded"), ("By", "by")];
            area.groups.push(self.group("none-known", self.say("No known allergies, as recorded"), &columns, rows));
        }
        if !ended.is_empty() {
            let newest = ended.first().and_then(|(date, _)| date.clone());
            let rows: Vec<Entry> = ended.into_iter().map(|(_, node)| self.ended_allergy(node)).collect();
            let columns =
                [("Substance", ""), ("Ended", "ended"), ("Why", "why"), ("Reaction", "reaction"), ("Since", "since")];
            let many = rows.len() > 5;
            let mut group = self.group("ended", self.say("Ended allergies"), &columns, rows);
            if many {
                group = self.fold(group, newest.as_deref());
            }
            area.groups.push(group);
        }
        Some(area)
    }

    fn is_none_known(&self, node: NodeId) -> bool {
        select(self.context, node, "code.coding.code")
            .into_iter()
            .any(|code| self.context.tree.text(code).is_some_and(|code| codes::NONE_KNOWN.contains(&code)))
    }

    fn allergy_headline(
        &mut self,
        current: &[(Option<String>, NodeId)],
        none: &[(Option<String>, NodeId)],
        ended: &[(Option<String>, NodeId)],
    ) -> String {
        let ended = match ended.len() {
            0 => String::new(),
            count => format!(", {}", self.fill("ended {}", &[&count.to_string()])),
        };
        if !current.is_empty() {
            return self.fill("known allergies: {}", &[&current.len().to_string()]) + &ended;
        }
        if let Some((date, node)) = none.first() {
            let words = lines::first(self.context, *node, &["code"]).unwrap_or_default();
            return match date {
                Some(_) => {
                    let day = lines::day(self.context, *node, "assertedDate").unwrap_or_default();
                    self.fill("{} (recorded {})", &[&words, &day]) + &ended
                }
                None => words + &ended,
            };
        }
        let phrase = if self.has_list("allergies") { "not recorded" } else { "unavailable, not in this file" };
        self.say(phrase) + &ended
    }

    /// Words that the cells do not say themselves.
    fn allergy_words(&mut self, node: NodeId) -> Vec<Word> {
        let mut words = self.words(node);
        let said = |word: &Word, text: &str| word.text.to_lowercase().contains(text);
        words
            .retain(|word| !(said(word, "resolved") || said(word, "criticality") || word.text == self.say("Inactive")));
        if self.peek(node, "verificationStatus").as_deref() == Some("refuted") {
            words.iter_mut().for_each(|word| word.first = true);
        }
        words
    }

    fn reaction_cell(&mut self, node: NodeId) -> Vec<Piece> {
        let reactions = lines::reactions(self.context, node);
        if reactions.is_empty() {
            return vec![Piece::secondary(self.say("reaction not recorded"))];
        }
        let is_severe = self
            .context
            .children(node, "reaction")
            .iter()
            .any(|reaction| self.context.peek(*reaction, "severity") == Some("severe"));
        let text = reactions.join("; ");
        vec![Piece::new(if is_severe { Style::Warning } else { Style::Plain }, text)]
    }

    fn allergy(&mut self, node: NodeId) -> Entry {
        let substance = self.first(node, &["code", "reaction.substance"]);
        let substance = self.or(substance, "substance not recorded");
        let reaction = self.reaction_cell(node);
        let risk = match self.peek(node, "criticality").as_deref() {
            Some("high") => vec![Piece::new(Style::Warning, self.say("HIGH RISK"))],
            Some("low") => vec![Piece::plain(self.say("low risk"))],
            Some("unable-to-assess") => vec![Piece::plain(self.say("risk cannot be assessed"))],
            _ => Vec::new(),
        };
        let mut since = self.day(node, "onset[x]");
        if since.is_empty() {
            let recorded = self.day(node, "assertedDate");
            if !recorded.is_empty() {
                since = std::iter::once(Piece::secondary(format!("{} ", self.say("not recorded; recorded on"))))
                    .chain(recorded)
                    .collect();
            }
        }
        let since = self.or(since, "date not recorded");
        let note = self.cell(node, "note");
        let mut words = self.allergy_words(node);
        words.retain(|word| !word.text.contains(&self.say("High risk")));
        self.entry(&[node], vec![substance, reaction, risk, since, note], words)
    }

    fn none_known(&mut self, node: NodeId) -> Entry {
        let statement = self.cell(node, "code");
        let recorded = self.day(node, "assertedDate");
        let by = self.first(node, &["asserter", "recorder"]);
        let words = self.allergy_words(node);
        self.entry(&[node], vec![statement, recorded, by], words)
    }

    fn ended_allergy(&mut self, node: NodeId) -> Entry {
        let substance = self.first(node, &["code", "reaction.substance"]);
        let ended = self.day(node, "extension:AllergyIntoleranceEnd.extension:endDate");
        let why = self.cell(node, "extension:AllergyIntoleranceEnd.extension:reasonEnded");
        let reaction = self.reaction_cell(node);
        let since = self.first_day(node, &["onset[x]", "assertedDate"]);
        let mut words = self.allergy_words(node);
        let is_error = self.peek(node, "verificationStatus").as_deref() == Some("entered-in-error");
        if !is_error {
            let inactive = self.peek(node, "clinicalStatus").as_deref() == Some("inactive");
            words.push(Word {
                text: self.say(if inactive { "INACTIVE" } else { "ENDED" }),
                first: true,
                expected: true,
            });
        }
        self.entry(&[node], vec![substance, ended, why, reaction, since], words)
    }

    /// The first of several dates.
    pub(super) fn first_day(&mut self, node: NodeId, paths: &[&str]) -> Vec<Piece> {
        for path in paths {
            let cell = self.day(node, path);
            if !cell.is_empty() {
                return cell;
            }
        }
        Vec::new()
    }
}
