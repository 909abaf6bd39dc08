//! A dosage's text against its structure, and how far it can be computed with.

use super::{SNOMED, UCUM, amount, number, unit};
use crate::check::{Checker, shorten};
use crate::issue::NhsProblem;
use crate::nhs::dosage::{self, Unit};
use crate::tree::NodeId;

impl<'c> Checker<'c> {
    /// Checks a dosage's text against its structure.
    pub(super) fn nhs_dosage(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(text) = tree.child_text(node, "text") else { return };
        let dose = tree.child(node, "doseQuantity");
        let timing = tree.child(node, "timing");
        if dose.is_none() && timing.is_none() {
            return;
        }
        let said = dosage::read(text);
        let structured = timing.and_then(|timing| self.per_day(timing));
        if let Some(quantity) = dose {
            let is_total = |one: f64, other: f64| {
                said.is_bare
                    && said.per_day.zip(structured).is_some_and(|(said, often)| is_same(one * said, other * often))
            };
            self.nhs_dose(quantity, &said.amounts, is_total);
        }
        if let (Some(often), Some(timing), Some(structured)) = (said.per_day, timing, structured)
            && (often / structured - 1.0).abs() > 0.02
            && (!said.is_bare || self.is_other_total(dose, &said.amounts, often, structured))
        {
            let (text, structured) = (frequency(often), frequency(structured));
            self.found(timing, NhsProblem::DosageFrequency { text, structured });
        }
    }

    /// The amount in the text beside the structured one, where the two can be compared.
    fn amounts(&self, quantity: NodeId, amounts: &[(f64, Option<Unit>)]) -> Option<Amounts> {
        let [(said, said_unit)] = amounts else { return None };
        let value = amount(self.tree, quantity)?;
        let structured = Unit::of(&unit(self.tree, quantity)?.to_lowercase())?;
        match (*said_unit, structured) {
            (None, Unit::Count(_)) => Some(Amounts::Same(*said, value)),
            (Some(Unit::Count(one)), Unit::Count(other)) if one == other => Some(Amounts::Same(*said, value)),
            (Some(Unit::Count(one)), Unit::Count(_)) => Some(Amounts::OtherUnit(one)),
            (Some(Unit::Mass(one)), Unit::Mass(other)) | (Some(Unit::Volume(one)), Unit::Volume(other)) => {
                Some(Amounts::Same(said * one, value * other))
            }
            _ => None,
        }
    }

    /// Whether what is taken in all on a day differs for certain.
    fn is_other_total(&self, dose: Option<NodeId>, said: &[(f64, Option<Unit>)], often: f64, structured: f64) -> bool {
        match dose.and_then(|quantity| self.amounts(quantity, said)) {
            Some(Amounts::Same(said, value)) => !is_same(said * often, value * structured),
            _ => false,
        }
    }

    /// The amount in the text against the structured dose. `is_total` allows for a text that gives the amount of a day.
    fn nhs_dose(&mut self, quantity: NodeId, said: &[(f64, Option<Unit>)], is_total: impl Fn(f64, f64) -> bool) {
        let tree = self.tree;
        let name = unit(tree, quantity).unwrap_or_default();
        match self.amounts(quantity, said) {
            Some(Amounts::OtherUnit(text)) => {
                self.found(quantity, NhsProblem::DosageUnit { text: text.to_owned(), structured: shorten(name) });
            }
            Some(Amounts::Same(one, other)) if !is_same(one, other) && !is_total(one, other) => {
                let text = match said.first().and_then(|(_, unit)| *unit) {
                    Some(Unit::Count(name)) => format!("{one} {name}"),
                    Some(Unit::Mass(_)) => format!("{} mg", round(one)),
                    Some(Unit::Volume(_)) => format!("{} ml", round(one)),
                    None => one.to_string(),
                };
                let written = tree.child(quantity, "value").and_then(|at| tree.text(at)).unwrap_or_default();
                let structured = shorten(&format!("{written} {name}"));
                self.found(quantity, NhsProblem::DosageNumber { text, structured });
            }
            _ => {}
        }
    }

    /// How often a day a Timing says, if it says so without choice.
    fn per_day(&self, timing: NodeId) -> Option<f64> {
        let tree = self.tree;
        if let Some(repeat) = tree.child(timing, "repeat") {
            let is_open = ["frequencyMax", "periodMax", "dayOfWeek", "count"]
                .iter()
                .any(|name| tree.child(repeat, name).is_some());
            if is_open {
                return None;
            }
            let times = tree.named(repeat, "timeOfDay").count().max(tree.named(repeat, "when").count());
            let frequency = tree.child(repeat, "frequency").and_then(|at| number(tree, at));
            let period = tree.child(repeat, "period").and_then(|at| number(tree, at));
            let days = match tree.child_text(repeat, "periodUnit") {
                Some("h") => Some(1.0 / 24.0),
                Some("d") => Some(1.0),
                Some("wk") => Some(7.0),
                Some("mo") => Some(30.0),
                Some("min") => Some(1.0 / 1440.0),
                _ => None,
            };
            return match (period, days) {
                (Some(period), Some(days)) if period > 0.0 => {
                    let often = frequency.unwrap_or(if times > 0 { times as f64 } else { 1.0 });
                    Some(often / (period * days)).filter(|often| *often > 0.0)
                }
                _ if times > 0 && period.is_none() => Some(times as f64),
                _ => None,
            };
        }
        let code = tree.child(timing, "code")?;
        let coded = tree.named(code, "coding").find_map(|coding| tree.child_text(coding, "display"));
        dosage::read(tree.child_text(code, "text").or(coded)?).per_day
    }

    /// How far a medicine's dosage can be computed with: medicine, dose, timing and route, each coded or not.
    pub(super) fn nhs_computable(&mut self, dosage: NodeId, medicine: Option<bool>) {
        let tree = self.tree;
        let mut reasons = Vec::new();
        let mut of = 3;
        if let Some(is_coded) = medicine {
            of += 1;
            if !is_coded {
                reasons.push("the medicine has no code of SNOMED CT or dm+d");
            }
        }
        let is_coded = |quantity: NodeId| {
            tree.child(quantity, "value").is_some()
                && tree.child(quantity, "code").is_some()
                && tree.child_text(quantity, "system").is_some_and(|system| system == SNOMED || system == UCUM)
        };
        let dose = tree.child(dosage, "doseQuantity");
        match (dose, tree.child(dosage, "doseRange").or_else(|| self.choice_of(dosage, "rate"))) {
            (Some(quantity), _) if is_coded(quantity) => {}
            (Some(_), _) => reasons.push("the dose's unit has no code"),
            (None, Some(_)) => {}
            (None, None) => reasons.push("the dose is text only"),
        }
        let timing = tree.child(dosage, "timing");
        let has_timing = timing.is_some_and(|timing| {
            tree.child(timing, "repeat").is_some()
                || tree.child(timing, "event").is_some()
                || tree.child(timing, "code").is_some_and(|code| tree.child(code, "coding").is_some())
        });
        if !has_timing {
            reasons.push("the timing is text only");
        }
        let route = tree.child(dosage, "route");
        if route.is_none_or(|route| tree.child(route, "coding").is_none()) {
            reasons.push("the route has no code");
        }
        if !reasons.is_empty() {
            let score = of - reasons.len() as u8;
            self.found_at_name(dosage, NhsProblem::DosageComputable { score, of, reasons: reasons.join(", ") });
        }
    }
}

/// How often, in words.
fn frequency(per_day: f64) -> String {
    if per_day >= 0.999 {
        return match round(per_day) {
            1.0 => "once a day".to_owned(),
            times => format!("{times} times a day"),
        };
    }
    match round(per_day * 7.0) {
        1.0 => "once a week".to_owned(),
        times if times > 1.0 && times.fract() == 0.0 => format!("{times} times a week"),
        _ => format!("once in {} days", round(1.0 / per_day)),
    }
}

/// To the third decimal place, for words.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Two amounts beside one another.
enum Amounts {
    /// In one measure: the text's, the structure's.
    Same(f64, f64),
    /// In units that are never the same; the text's.
    OtherUnit(&'static str),
}

fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-6 * one.abs().max(other.abs())
}
