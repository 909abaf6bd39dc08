//! Dates that cannot be: birth after death, events before birth or after today, ends before starts.

use super::is_before;
use crate::check::Checker;
use crate::issue::NhsProblem;
use crate::primitive::{Date, DateTime};
use crate::tree::NodeId;

/// The elements of a resource that tell of what has happened: their names (a choice without its type) and words.
fn events(type_name: &str) -> &'static [(&'static str, &'static str)] {
    match type_name {
        "AllergyIntolerance" => &[
            ("assertedDate", "The date of recording"),
            ("onset", "The onset"),
            ("lastOccurrence", "The last occurrence"),
        ],
        "Composition" => &[("date", "The date of the document")],
        "Condition" => &[("assertedDate", "The date of recording"), ("onset", "The onset")],
        "DiagnosticReport" => &[("effective", "The time of the report's findings"), ("issued", "The time of issue")],
        "DocumentReference" => &[("created", "The time of creation"), ("indexed", "The time of indexing")],
        "FamilyMemberHistory" => &[("date", "The date of recording")],
        "Immunization" => &[("date", "The date of the immunisation")],
        "MedicationAdministration" => &[("effective", "The time of administration")],
        "MedicationDispense" => &[("whenHandedOver", "The time of handing over")],
        "MedicationRequest" => &[("authoredOn", "The date of the request")],
        "MedicationStatement" => &[("dateAsserted", "The date of recording")],
        "Observation" => &[("effective", "The time of observation"), ("issued", "The time of issue")],
        "Procedure" => &[("performed", "The time of the procedure")],
        "ProcedureRequest" | "ReferralRequest" => &[("authoredOn", "The date of the request")],
        "Provenance" => &[("recorded", "The time of recording")],
        "QuestionnaireResponse" => &[("authored", "The date of the answers")],
        "Specimen" => &[("receivedTime", "The time of receipt")],
        _ => &[],
    }
}

impl<'c> Checker<'c> {
    /// A patient's birth and death.
    pub(super) fn nhs_life(&mut self, node: NodeId) {
        let tree = self.tree;
        let birth = self.date(node, "birthDate");
        let death = self.date(node, "deceasedDateTime");
        if let (Some((at, birth)), Some((death_at, death))) = (&birth, &death)
            && is_before(death, birth)
        {
            let death = tree.text(*death_at).unwrap_or_default().to_owned();
            self.found(*at, NhsProblem::BirthAfterDeath { death });
        }
        let Some(today) = self.options.today else { return };
        if let Some((at, birth)) = birth {
            let years = today.year.saturating_sub(birth.date.year);
            let is_dead = death.is_some() || tree.child_text(node, "deceasedBoolean") == Some("true");
            if is_after(&birth.date, &today) {
                self.found(at, NhsProblem::BirthFuture { today: day(&today) });
            } else if years > 130 && !is_dead {
                self.found(at, NhsProblem::BirthTooEarly { years });
            }
        }
        if let Some((at, death)) = death
            && is_after(&death.date, &today)
        {
            self.found(at, NhsProblem::DeathFuture { today: day(&today) });
        }
    }

    /// What a resource says has happened, against the patient's birth and today; pairs that are the wrong way round.
    pub(super) fn nhs_events(&mut self, node: NodeId, type_name: &str) {
        let events = events(type_name);
        if !events.is_empty() {
            let birth = self.nhs_birth(node);
            for (name, what) in events {
                let Some(child) = self.tree.child(node, name).or_else(|| self.choice_of(node, name)) else { continue };
                let Some((at, moment)) = self.moment(child) else { continue };
                if let Some(today) = self.options.today
                    && is_after(&moment.date, &today)
                {
                    self.found(at, NhsProblem::DateFuture { today: day(&today), what });
                }
                if let Some((birth_at, birth)) = &birth
                    && is_before(&moment, birth)
                    && self.memory.early.insert(*birth_at)
                {
                    let birth = self.tree.text(*birth_at).unwrap_or_default().to_owned();
                    self.found(at, NhsProblem::EventBeforeBirth { birth, what });
                }
            }
        }
        match type_name {
            "Appointment" | "Slot" => self.nhs_reversed(node, "start", "end"),
            "Condition" => self.nhs_reversed(node, "onsetDateTime", "abatementDateTime"),
            "Observation" | "DiagnosticReport" => self.nhs_issued(node),
            _ => {}
        }
    }

    /// The date of birth of the patient that a resource is about, if that patient is in this input.
    fn nhs_birth(&self, node: NodeId) -> Option<(NodeId, DateTime)> {
        let patient = self.linked(node, "subject").or_else(|| self.linked(node, "patient"))?;
        if self.tree.resource_type(patient) != Some("Patient") {
            return None;
        }
        self.date(patient, "birthDate")
    }

    fn nhs_reversed(&mut self, node: NodeId, start: &'static str, end: &'static str) {
        let (Some((_, from)), Some((at, to))) = (self.date(node, start), self.date(node, end)) else { return };
        if is_before(&to, &from) {
            self.found(at, NhsProblem::DatesReversed { start, end });
        }
    }

    /// The time of issue against that of what is reported.
    fn nhs_issued(&mut self, node: NodeId) {
        let Some((at, issued)) = self.date(node, "issued") else { return };
        let effective = self.choice_of(node, "effective").and_then(|child| self.moment(child));
        // Days only: the two are often recorded by different clocks, or one of them at midnight.
        let is_before = |effective: &DateTime| before_by_days(&issued, effective);
        if effective.is_some_and(|(_, effective)| is_before(&effective)) {
            self.found(at, NhsProblem::IssuedBefore { what: "what it reports was observed" });
            return;
        }
        let collected = self.linked(node, "specimen").and_then(|specimen| {
            let collection = self.tree.child(specimen, "collection")?;
            self.choice_of(collection, "collected").and_then(|child| self.moment(child))
        });
        if collected.is_some_and(|(_, collected)| is_before(&collected)) {
            self.found(at, NhsProblem::IssuedBefore { what: "the specimen was collected" });
        }
    }
}

/// Whether a date, as far as it is known, is after a day.
fn is_after(date: &Date, today: &Date) -> bool {
    let first = |date: &Date| (date.year, date.month.unwrap_or(1), date.day.unwrap_or(1));
    first(date) > first(today)
}

/// A day as it is written.
fn day(date: &Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month.unwrap_or(1), date.day.unwrap_or(1))
}

/// Whether the day of one moment, as it is written, is before the other's; both must be whole dates.
fn before_by_days(one: &DateTime, other: &DateTime) -> bool {
    one.date.days().zip(other.date.days()).is_some_and(|(one, other)| one < other)
}
