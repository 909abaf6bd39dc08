//! What is dated before the patient was born, or after the patient died.

use super::input::{Input, finding};
use super::words::day;
use super::{Finding, Rule, Side};
use crate::primitive::DateTime;
use crate::tree::{NodeId, Tree};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;

/// Where a resource says when something happened to its patient. What is written about a patient has dates of its own,
/// which are not among them.
const EVENTS: &[(&str, &[&str])] = &[
    ("AllergyIntolerance", &["onsetDateTime", "onsetPeriod.start", "lastOccurrence"]),
    ("Condition", &["onsetDateTime", "onsetPeriod.start", "abatementDateTime"]),
    ("Encounter", &["period.start"]),
    ("Immunization", &["date"]),
    ("MedicationAdministration", &["effectiveDateTime", "effectivePeriod.start"]),
    ("MedicationStatement", &["effectiveDateTime", "effectivePeriod.start"]),
    ("Observation", &["effectiveDateTime", "effectivePeriod.start"]),
    ("Procedure", &["performedDateTime", "performedPeriod.start"]),
];

/// A child is seen, treated and diagnosed before it is born; so many days of a pregnancy, and some for a date that is late.
const PREGNANCY: i64 = 310;
/// The dead are examined, and a death is written down when a practice hears of it.
const AFTERWARDS: i64 = 60;

/// What may be of an unborn child, or follow a death.
fn is_of_an_examination(kind: &str) -> bool {
    matches!(kind, "Condition" | "Encounter" | "Observation" | "Procedure")
}

/// When a patient was born and died, as far as that is recorded.
#[derive(Clone, Copy)]
struct Life {
    birth: Option<(NodeId, DateTime)>,
    death: Option<(NodeId, DateTime)>,
}

impl Life {
    fn of(tree: &Tree, patient: NodeId) -> Self {
        let dated = |name: &str| {
            let node = tree.child(patient, name)?;
            Some((node, DateTime::parse(tree.text(node)?)?))
        };
        Life { birth: dated("birthDate"), death: dated("deceasedDateTime") }
    }
}

pub(super) fn find(input: &Input<'_>, found: &mut Vec<Finding>) {
    let tree = input.tree;
    let mut lives: FxHashMap<NodeId, Life> = FxHashMap::default();
    // One is enough to look at the dates of a patient: if the birth is wrong, all of them are.
    let mut said: FxHashSet<NodeId> = FxHashSet::default();
    for resource in &input.resources {
        let Some((kind, places)) = EVENTS.iter().find(|(kind, _)| tree.resource_type(*resource) == Some(kind)) else {
            continue;
        };
        if input.is_void(*resource) {
            continue;
        }
        let patient = input.patient(*resource).filter(|patient| tree.resource_type(*patient) == Some("Patient"));
        let Some(patient) = patient else { continue };
        let life = *lives.entry(patient).or_insert_with(|| Life::of(tree, patient));
        for place in *places {
            let Some(at) = place.split('.').try_fold(*resource, |node, name| tree.child(node, name)) else { continue };
            let Some(moment) = tree.text(at).and_then(DateTime::parse) else { continue };
            let (before, after) = match is_of_an_examination(kind) {
                true => (PREGNANCY, AFTERWARDS),
                false => (0, 0),
            };
            let (rule, node) = match life {
                Life { birth: Some((birth, day)), .. } if is_earlier(moment, day, before) => (Rule::BeforeBirth, birth),
                Life { death: Some((death, day)), .. } if is_earlier(day, moment, after) => (Rule::AfterDeath, death),
                _ => continue,
            };
            if !said.insert(node) {
                continue;
            }
            let said_at = |node: NodeId| day(tree.text(node).unwrap_or_default());
            let (event, other) = (said_at(at), said_at(node));
            let sides = [Side { node: at, quote: event.clone() }, Side { node, quote: other.clone() }];
            found.push(finding(rule, 0, at, sides, vec![event, other]));
        }
    }
}

/// Whether one moment is certainly before another, by more than so many days.
fn is_earlier(one: DateTime, other: DateTime, days: i64) -> bool {
    let apart = || Some(other.date.days()? - one.date.days()?);
    one.compare(&other) == Some(Ordering::Less) && (days == 0 || apart().is_some_and(|apart| apart > days))
}
