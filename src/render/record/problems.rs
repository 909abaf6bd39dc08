//! Problems, and the family's history.

use super::model::{Area, Entry, Word};
use super::row::newest_first;
use super::{Maker, lines};
use crate::render::model::{Piece, Style};
use crate::tree::NodeId;

const COLUMNS: &[(&str, &str)] =
    &[("Problem", ""), ("Significance", ""), ("Started", "started"), ("Ended", "ended"), ("Note", "note")];

impl Maker<'_, '_> {
    pub(super) fn problems(&mut self) -> Option<Area> {
        let nodes = self.all.of("problems");
        let listed = self.has_list("problems");
        if nodes.is_empty() && !listed {
            return None;
        }
        let mut area = self.area("problems", "Problems");
        let (mut active, mut major, mut other) = (Vec::new(), Vec::new(), Vec::new());
        for node in nodes {
            let status = self.peek(node, "clinicalStatus").unwrap_or_default();
            let is_wrong =
                matches!(self.peek(node, "verificationStatus").as_deref(), Some("entered-in-error" | "refuted"));
            let is_major = self.peek(node, "extension:ProblemSignificance").as_deref() == Some("major");
            let unknown_modifier = self.context.child(node, "modifierExtension").is_some();
            let over = matches!(status.as_str(), "inactive" | "resolved" | "remission") || is_wrong || unknown_modifier;
            if !over {
                active.push((self.peek(node, "onset[x]"), is_major, node));
            } else {
                let date = self.peek(node, "abatement[x]").or_else(|| self.peek(node, "onset[x]"));
                if is_major && !is_wrong { major.push((date, node)) } else { other.push((date, node)) }
            }
        }
        crate::order::sort_by_key(&mut active, |(date, major, _)| (!*major, std::cmp::Reverse(date.clone())));
        newest_first(&mut major);
        newest_first(&mut other);
        let counts = [active.len(), major.len(), other.len()].map(|count| count.to_string());
        let [a, m, o] = counts.each_ref().map(String::as_str);
        area.headline = self.fill("{} active, {} major inactive, {} other inactive", &[a, m, o]);
        if !active.is_empty() {
            let rows = active.into_iter().map(|(_, _, node)| self.problem(node, false)).collect();
            area.groups.push(self.group("active", self.say("Active problems"), COLUMNS, rows));
        }
        if !major.is_empty() {
            let rows = major.into_iter().map(|(_, node)| self.problem(node, true)).collect();
            area.groups.push(self.group("past-major", self.say("Inactive problems: major"), COLUMNS, rows));
        }
        if !other.is_empty() {
            let newest = other.first().and_then(|(date, _)| date.clone());
            let rows: Vec<Entry> = other.into_iter().map(|(_, node)| self.problem(node, true)).collect();
            let many = rows.len() > 10;
            let mut group =
                self.group("past-other", self.say("Inactive problems: minor or not classed"), COLUMNS, rows);
            if many {
                group = self.fold(group, newest.as_deref());
            }
            area.groups.push(group);
        }
        Some(area)
    }

    fn problem(&mut self, node: NodeId, over: bool) -> Entry {
        let mut what = self.cell(node, "code");
        for path in ["bodySite", "severity"] {
            let more = self.cell(node, path);
            if !more.is_empty() {
                what.push(Piece::plain(", "));
                what.extend(more);
            }
        }
        let what = self.or(what, "problem not named");
        let significance = self.cell(node, "extension:ProblemSignificance");
        let (started, ended) = (self.day(node, "onset[x]"), self.day(node, "abatement[x]"));
        let ended = match self.peek(node, "abatement[x]").as_deref() {
            Some("true") => vec![Piece::plain(self.say("ended, date not recorded"))],
            _ => ended,
        };
        let note = self.cell(node, "note");
        let status = self.peek(node, "clinicalStatus").unwrap_or_default();
        let mut words = self.words(node);
        // The status in the headline of a resource is the group here; in a row that could be quoted alone it stays a word.
        let status_words = crate::render::words::code_words(self.context.options.language, "clinicalStatus", &status);
        words.retain(|word| word.text != status_words);
        if over && !status.is_empty() && status != "active" {
            words.push(Word { text: status_words.to_uppercase(), expected: true, ..Word::default() });
        }
        self.entry(&[node], vec![what, significance, started, ended, note], words)
    }

    pub(super) fn family_history(&mut self) -> Option<Area> {
        let nodes = self.all.of("family-history");
        if nodes.is_empty() {
            return None;
        }
        let mut area = self.area("family-history", "Family history");
        area.headline = nodes.len().to_string();
        let mut rows = Vec::new();
        for node in nodes {
            let who = self.first(node, &["relationship", "name"]);
            let mut what = Vec::new();
            for condition in self.context.children(node, "condition") {
                if !what.is_empty() {
                    what.push(Piece::plain("; "));
                }
                what.extend(self.cell(condition, "code"));
                let onset = self.cell(condition, "onset[x]");
                if !onset.is_empty() {
                    what.push(Piece::plain(format!(" {} ", self.say("at"))));
                    what.extend(onset);
                }
                let note = self.cell(condition, "note");
                if !note.is_empty() {
                    what.push(Piece::plain(". "));
                    what.extend(note);
                }
            }
            let note = self.cell(node, "note");
            let died = match self.context.choice(node, "deceased").and_then(|dead| self.context.tree.text(dead)) {
                Some("false") | None => Vec::new(),
                Some("true") => vec![Piece::new(Style::Warning, self.say("died"))],
                Some(_) => {
                    let age = lines::first(self.context, node, &["deceased[x]"]).unwrap_or_default();
                    vec![Piece::new(Style::Warning, self.fill("died {}", &[&age]))]
                }
            };
            let died = match self.context.choice(node, "deceased") {
                Some(dead) if self.context.tree.text(dead).is_none() => {
                    let age = lines::first(self.context, node, &["deceased[x]"]).unwrap_or_default();
                    vec![Piece::new(Style::Warning, self.fill("died at {}", &[&age]))]
                }
                _ => died,
            };
            let mut words = self.words(node);
            words.retain(|word| !word.text.starts_with(&self.say("Died")));
            rows.push(self.entry(&[node], vec![who, what, note, died], words));
        }
        let columns = [("Relative", ""), ("Condition", ""), ("Note", "note"), ("Death", "")];
        area.groups.push(self.group("relatives", self.say("Relatives"), &columns, rows));
        Some(area)
    }
}
