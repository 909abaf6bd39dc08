//! Whose record it is, where it comes from, when it was held, and what its lists say of themselves.

use super::gather::{Listing, targets};
use super::model::{Area, Banner};
use super::{AREAS, Maker, lines};
use crate::render::build;
use crate::render::format::date_text;
use crate::render::views::{self, select};
use crate::render::words;
use crate::tree::NodeId;

/// The sentences that GP Connect has senders put into the notes of lists, by how they begin.
const SENTENCES: &[(&str, &str)] = &[
    ("Items excluded due to confidentiality", "confidential-items"),
    ("Patient record transfer from previous GP practice", "data-in-transit"),
    ("Patient record contains some items in the GP practice workflow", "data-awaiting-filing"),
    ("Patient data may be incomplete", "data-awaiting-filing"),
    ("Information not available", "no-content"),
];

/// The areas whose absence from a GP Connect record is said: each has a list of its own.
const WITH_LISTS: &[(&str, &str)] = &[
    ("allergies", "allergies"),
    ("medicines", "medicines"),
    ("problems", "problems"),
    ("immunisations", "immunisations"),
    ("consultations", "consultations"),
    ("results", "investigations"),
    ("other-entries", "other entries"),
    ("referrals", "referrals"),
    ("recalls", "recalls"),
];

impl Maker<'_, '_> {
    pub(super) fn head(&mut self) {
        self.record.title = self.say(if self.context.gp_connect { "GP record" } else { "Patient record" });
        self.say_death();
        self.record.banner = self.context.banner.map(|patient| self.banner(patient));
        self.practice = self.context.banner.and_then(|patient| {
            let named = targets(self.context, patient, "managingOrganization").first().copied();
            named.or_else(|| {
                self.all.lists.iter().find_map(|list| targets(self.context, list.node, "source").first().copied())
            })
        });
        self.record.practice = match self.practice {
            Some(practice) => Some(self.organisation(practice)),
            None if self.context.gp_connect => Some(self.say("practice not stated")),
            None => None,
        };
        let dates = self.dates_of_lists();
        let newest = dates.last().cloned();
        self.record.capture = match (&newest, dates.first()) {
            (Some(newest), Some(oldest)) => {
                let minute = |text: &str| words::visible(text.get(..16).unwrap_or(text));
                let said = date_text(self.context, &minute(newest));
                // Five minutes apart is one export.
                Some(if far_apart(oldest, newest) {
                    let first = date_text(self.context, &minute(oldest));
                    self.fill("{} (parts of it {})", &[&said, &first])
                } else {
                    said
                })
            }
            _ => None,
        };
        if self.context.gp_connect {
            if newest.is_none() {
                let line = self.say("Time of capture not stated");
                self.record.head.push(line);
            }
            let missing: Vec<String> =
                WITH_LISTS.iter().filter(|(key, _)| !self.has_list(key)).map(|(_, name)| self.say(name)).collect();
            if !missing.is_empty() && missing.len() < WITH_LISTS.len() {
                let line = self.fill("Extract, not the whole record. Not in this file: {}", &[&missing.join(", ")]);
                self.record.extent = Some(line);
            }
        }
        if self.context.for_patient() {
            let line = self.say("Some information may not be shown here. Ask your GP practice.");
            self.record.head.push(line);
        }
        for node in self.all.resources.clone() {
            self.claim_common(node);
        }
    }

    /// A death goes before everything else, and so into the title.
    pub(super) fn say_death(&mut self) {
        let Some(patient) = self.context.banner.filter(|patient| views::people::is_dead(self.context, *patient)) else {
            return;
        };
        let day = lines::day(self.context, patient, "deceasedDateTime");
        self.record.title = match day {
            Some(day) => self.fill("{}: the patient died {}", &[&self.record.title, &day]),
            None => self.fill("{}: the patient has died", &[&self.record.title]),
        };
    }

    /// The dates of the lists of areas, in order.
    fn dates_of_lists(&self) -> Vec<String> {
        let mut dates: Vec<String> = Vec::new();
        for (key, _) in WITH_LISTS {
            dates.extend(self.all.lists_of(key).filter_map(|list| self.peek(list.node, "date")));
        }
        crate::order::sort(&mut dates);
        dates
    }

    /// The day from which "over" and "within 12 months" are counted: when the record was held like this, else the day asked
    /// for.
    pub(super) fn captured(&mut self) {
        self.context.today = self.dates_of_lists().pop().or_else(|| self.context.options.as_of.clone());
    }

    /// What goes without saying in the record of one patient: whose each entry is, and that lists name what is shown.
    fn claim_common(&mut self, node: NodeId) {
        let context = &mut *self.context;
        let banner = context.banner;
        let mut found = Vec::new();
        for path in ["subject", "patient", "beneficiary", "for"] {
            found.extend(select(context, node, path));
        }
        for reference in found {
            let Some(text) = context.child(reference, "reference") else { continue };
            let target = context.tree.text(text).and_then(|words| context.resolve(text, words));
            if target.is_some() && target == banner {
                build::technical(context, text);
                if !context.has_unmarked(reference) {
                    context.claim(reference);
                }
            }
        }
        if context.tree.resource_type(node) == Some("List") {
            for entry in context.children(node, "entry") {
                for text in select(context, entry, "item.reference") {
                    if context.tree.text(text).is_some_and(|words| context.resolve(text, words).is_some()) {
                        build::technical(context, text);
                    }
                }
                if !context.has_unmarked(entry) {
                    context.claim(entry);
                }
            }
        }
        if context.tree.resource_type(node) == Some("DiagnosticReport") {
            for text in select(context, node, "result.reference") {
                if context.tree.text(text).is_some_and(|words| context.resolve(text, words).is_some()) {
                    build::technical(context, text);
                }
            }
            for result in context.children(node, "result") {
                if !context.has_unmarked(result) {
                    context.claim(result);
                }
            }
        }
    }

    fn banner(&mut self, patient: NodeId) -> Banner {
        let facts = self.context.unmarked(|context| crate::render::build::banner_rows(context, patient));
        let deceased = views::people::is_dead(self.context, patient);
        let mut words: Vec<String> = Vec::new();
        let found = crate::render::modifiers::find(self.context, patient);
        for found in found {
            let name = self.context.tree.name(found.node);
            if found.level != crate::render::modifiers::Level::Summary && !name.starts_with("deceased") {
                words.push(found.words);
            }
        }
        if select(self.context, patient, "extension:NhsCommunication.extension:interpreterRequired")
            .into_iter()
            .any(|found| self.context.peek(found, "valueBoolean") == Some("true"))
        {
            words.push(self.say("Interpreter required"));
        }
        Banner { facts, words, deceased }
    }

    /// `TEMPLE SOWERBY MEDICAL PRACTICE (A82038)`; a patient is not told codes.
    fn organisation(&mut self, node: NodeId) -> String {
        let name = self.context.unmarked(|context| lines::first(context, node, &["name"]));
        let code = select(self.context, node, "identifier").into_iter().find_map(|identifier| {
            let system = self.context.peek(identifier, "system")?;
            self.context
                .peek(identifier, "value")
                .filter(|_| system.contains("ods-organization-code") || system.contains("ods-site-code"))
        });
        let code = code.map(words::visible).filter(|_| !self.context.for_patient());
        match (name, code) {
            (Some(name), Some(code)) => format!("{name} ({code})"),
            (Some(name), None) => name,
            (None, Some(code)) => code,
            (None, None) => self.say("practice not named"),
        }
    }

    /// What a list says of itself, into the area and the panel.
    pub(super) fn list_words(&mut self, list: &Listing, area: &mut Area) {
        let notes = self.list_notes(list.node);
        let title = self.context.unmarked(|context| lines::first(context, list.node, &["title", "code"]));
        // The list goes by the name that the sender gave it; two lists of an area say the same once.
        let named = |text: &str| match &title {
            Some(title) => format!("{title}: {text}"),
            None => text.to_owned(),
        };
        for (kind, text) in &notes {
            let short = match *kind {
                "confidential-items" => "items excluded (confidential)",
                "data-awaiting-filing" => "items awaiting filing, not yet reviewed",
                "data-in-transit" => "record transfer not complete",
                "other" => text.as_str(),
                "note" => {
                    if !area.notes.contains(text) {
                        area.notes.push(text.clone());
                    }
                    continue;
                }
                _ => continue,
            };
            let short = self.context.say(short);
            // The panel has the whole sentence of what holds for all of the record; the area a word of it.
            let (said, text) = match *kind {
                "data-in-transit" => (&mut area.notes, &short),
                _ => (&mut area.warnings, text),
            };
            if !said.iter().any(|known| known.ends_with(text.as_str())) {
                said.push(named(text));
            }
            if !area.cautions.iter().any(|known| known.ends_with(&short)) {
                area.cautions.push(named(&short));
            }
        }
        for entry in select(self.context, list.node, "entry.item") {
            if self.context.child(entry, "reference").is_none()
                && let Some(text) = self.context.take_child(entry, "display")
            {
                area.notes.push(text);
            }
        }
        let is_empty = self.context.child(list.node, "emptyReason").is_some() || list.items.is_empty();
        if is_empty && area.empty.is_none() {
            area.empty = Some(self.fill(
                "No entries of this kind in the record ({}). This is not a statement that there are none.",
                &[&area.title.to_lowercase()],
            ));
        }
    }

    /// A list's notes, cut into the sentences that are known, and the rest.
    pub(super) fn list_notes(&mut self, node: NodeId) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        for found in select(self.context, node, "note.text") {
            let Some(text) = self.context.take(found) else { continue };
            out.extend(sentences(&text));
        }
        // A code without its sentence still says so.
        for found in select(self.context, node, "extension:ListWarningCode") {
            let Some(code) = self.context.choice(found, "value").and_then(|value| self.context.tree.text(value)) else {
                continue;
            };
            if out.iter().any(|(kind, _)| *kind == code) {
                continue;
            }
            let not_sent = self.say("(text not sent)");
            let known = match code {
                "confidential-items" => {
                    ("confidential-items", "Items excluded due to confidentiality and/or patient preferences.")
                }
                "data-in-transit" => (
                    "data-in-transit",
                    "Patient record transfer from previous GP practice not yet complete; some information may be missing.",
                ),
                "data-awaiting-filing" => (
                    "data-awaiting-filing",
                    "Patient data may be incomplete as there is data supplied by a third party awaiting review before becoming available.",
                ),
                other => {
                    let text = self.fill("Warning of the sender: {}", &[&words::visible(other)]);
                    out.push(("other", text));
                    continue;
                }
            };
            out.push((known.0, format!("{} {not_sent}", self.say(known.1))));
        }
        out
    }
}

/// Cuts a text at the known sentences.
fn sentences(text: &str) -> Vec<(&'static str, String)> {
    let mut starts: Vec<(usize, &'static str)> = Vec::new();
    for (start, kind) in SENTENCES {
        for (at, _) in text.match_indices(start) {
            starts.push((at, kind));
        }
    }
    crate::order::sort(&mut starts);
    let mut out = Vec::new();
    let mut rest = String::new();
    let mut at = 0;
    for (start, kind) in starts {
        rest.push_str(text.get(at..start).unwrap_or(""));
        let tail = text.get(start..).unwrap_or("");
        let end = tail.find('.').map_or(tail.len(), |dot| dot + 1);
        out.push((kind, tail.get(..end).unwrap_or(tail).trim().to_owned()));
        at = start + end;
    }
    rest.push_str(text.get(at..).unwrap_or(""));
    let rest = rest.trim();
    if !rest.is_empty() {
        out.push(("note", rest.to_owned()));
    }
    out
}

/// Whether two times are more than five minutes apart, as far as the texts of one hour say.
fn far_apart(one: &str, two: &str) -> bool {
    let minutes = |text: &str| -> Option<i64> {
        let hour: i64 = text.get(11..13)?.parse().ok()?;
        let minute: i64 = text.get(14..16)?.parse().ok()?;
        Some(hour * 60 + minute)
    };
    if one.get(..10) != two.get(..10) {
        return true;
    }
    minutes(one).zip(minutes(two)).is_some_and(|(one, two)| (one - two).abs() > 5)
}

/// The name of an area in a sentence.
pub(super) fn area_name(key: &str) -> &'static str {
    match AREAS.iter().find(|known| **known == key).copied().unwrap_or("") {
        "allergies" => "Allergies",
        "medicines" => "Medicines",
        "problems" => "Problems",
        "immunisations" => "Immunisations",
        "consultations" => "Consultations",
        "results" => "Results",
        "other-entries" => "Other entries",
        "referrals" => "Referrals",
        "documents" => "Documents",
        "recalls" => "Recalls",
        "appointments" => "Appointments",
        "family-history" => "Family history",
        "vital-signs" => "Vital signs",
        "people" => "People",
        _ => "Technical details",
    }
}
