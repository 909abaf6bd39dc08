//! Immunisations: given, not given, and the other entries of the list, which are no dose given.

use super::lines;
use super::model::{Area, Entry, Word};
use super::row::newest_first;
use super::{Maker, values};
use crate::render::format::coded;
use crate::render::model::Piece;
use crate::tree::NodeId;

impl Maker<'_, '_> {
    pub(super) fn immunisations(&mut self) -> Option<Area> {
        let nodes = self.all.of("immunisations");
        if nodes.is_empty() && !self.has_list("immunisations") {
            return None;
        }
        let mut area = self.area("immunisations", "Immunisations");
        let (mut given, mut not_given, mut other) = (Vec::new(), Vec::new(), Vec::new());
        for node in nodes {
            if self.context.tree.resource_type(node) != Some("Immunization") {
                let date = self.peek(node, "effective[x]").or_else(|| self.peek(node, "issued"));
                other.push((date, node));
                continue;
            }
            let date = self.peek(node, "date");
            let is_not = ["notGiven", "wasNotGiven"].iter().any(|name| self.context.peek(node, name) == Some("true"));
            let is_error = self.peek(node, "status").as_deref() == Some("entered-in-error");
            if is_not || is_error { not_given.push((date, node)) } else { given.push((date, node)) }
        }
        newest_first(&mut given);
        newest_first(&mut not_given);
        newest_first(&mut other);
        let newest = given.first().and_then(|(_, node)| lines::day(self.context, *node, "date"));
        area.headline = match newest {
            Some(day) => self.fill("{} given, newest {}", &[&given.len().to_string(), &day]),
            None => self.fill("{} given", &[&given.len().to_string()]),
        };
        if !not_given.is_empty() {
            area.headline += &format!("; {}", self.fill("{} not given", &[&not_given.len().to_string()]));
        }
        if !other.is_empty() {
            area.headline += &format!("; {}", self.fill("{} other entries", &[&other.len().to_string()]));
        }
        let columns = [
            ("Vaccination", ""),
            ("Date", ""),
            ("Product", "product"),
            ("Dose", ""),
            ("Batch", "batch"),
            ("Expires", "expires"),
            ("Site", "site"),
            ("Note", "note"),
        ];
        for (key, title, nodes, is_not) in [
            ("given", "Vaccinations given", given, false),
            ("not-given", "Not given, or entered in error", not_given, true),
        ] {
            if !nodes.is_empty() {
                let rows = nodes.into_iter().map(|(_, node)| self.vaccination(node, is_not)).collect();
                area.groups.push(self.group(key, self.say(title), &columns, rows));
            }
        }
        if !other.is_empty() {
            let mut rows = Vec::new();
            for (_, node) in other {
                let what = self.cell(node, "code");
                let date = self.first_day(node, &["effective[x]", "issued"]);
                let value = values::value(self.context, node);
                let text = self.cell(node, "comment");
                let words = self.words(node);
                rows.push(self.entry(&[node], vec![what, date, value, text], words));
            }
            let columns = [("Entry", ""), ("Date", ""), ("Value", ""), ("Text", "")];
            let title = self.say("Other vaccination entries (not a dose given)");
            area.groups.push(self.group("other", title, &columns, rows));
        }
        Some(area)
    }

    fn vaccination(&mut self, node: NodeId, is_not: bool) -> Entry {
        let known = self.context.child(node, "vaccineCode").is_some_and(|code| !coded::is_unknown(self.context, code));
        let mut what = self.cell(node, "extension:VaccinationProcedure");
        let mut product = if known { self.cell(node, "vaccineCode") } else { Vec::new() };
        if what.is_empty() {
            what = std::mem::take(&mut product);
        }
        let what = self.or(what, "vaccine not named");
        let date = self.day(node, "date");
        let date = self.or(date, "date not recorded");
        let dose = match lines::dose_number(self.context, node) {
            Some(dose) => vec![Piece::plain(dose)],
            None => Vec::new(),
        };
        let batch = self.cell(node, "lotNumber");
        let expires = self.cell(node, "expirationDate");
        let site = self.cell(node, "site");
        let mut note = self.cell(node, "note");
        let mut words = self.words(node);
        if is_not {
            let why = self.cell(node, "explanation.reasonNotGiven");
            if !why.is_empty() {
                note = if note.is_empty() {
                    why
                } else {
                    why.into_iter().chain(std::iter::once(Piece::plain(". "))).chain(note).collect()
                };
            }
            if let Some(day) = lines::day(self.context, node, "date") {
                let not_given = self.say("NOT GIVEN");
                for word in words.iter_mut().filter(|word| word.text == not_given) {
                    word.text = self.context.fill("NOT GIVEN on {}", &[&day]);
                }
            }
        }
        if self.peek(node, "primarySource").as_deref() == Some("false") {
            words.push(Word { text: self.say("reported"), first: false, ..Word::default() });
        }
        self.entry(&[node], vec![what, date, product, dose, batch, expires, site, note], words)
    }
}
