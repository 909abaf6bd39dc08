//! NEWS2: all parts there, each scoring what its measurement gives, and the total their sum.

use super::{SNOMED, amount};
use crate::check::{Checker, quantity};
use crate::issue::NhsProblem;
use crate::nhs::news2::{self, Parameter, Scale};
use crate::tree::NodeId;
use rustc_hash::FxHashSet;

/// The total score, in SNOMED CT (CareConnect-NEWS2-Observation-1).
const TOTAL: &str = "1104051000000101";

/// The parts' scores in SNOMED CT, and the scale where it is one of oxygen saturation.
const SCORES: &[(&str, Parameter, Option<Scale>)] = &[
    ("1104301000000104", Parameter::Respiration, None),
    ("1104311000000102", Parameter::Saturation, Some(Scale::One)),
    ("1104321000000108", Parameter::Saturation, Some(Scale::Two)),
    ("1104331000000105", Parameter::Oxygen, None),
    ("1104341000000101", Parameter::Systolic, None),
    ("1104351000000103", Parameter::Pulse, None),
    ("1104361000000100", Parameter::Consciousness, None),
    ("1104371000000107", Parameter::Temperature, None),
];

/// What is measured, in SNOMED CT and LOINC.
const MEASURES: &[(&str, Parameter)] = &[
    ("86290005", Parameter::Respiration),
    ("9279-1", Parameter::Respiration),
    ("431314004", Parameter::Saturation),
    ("103228002", Parameter::Saturation),
    ("866661000000106", Parameter::Saturation),
    ("866701000000100", Parameter::Saturation),
    ("2708-6", Parameter::Saturation),
    ("59408-5", Parameter::Saturation),
    ("722742002", Parameter::Oxygen),
    ("371825009", Parameter::Oxygen),
    ("72313002", Parameter::Systolic),
    ("271649006", Parameter::Systolic),
    ("75367002", Parameter::Systolic),
    ("85354-9", Parameter::Systolic),
    ("8480-6", Parameter::Systolic),
    ("364075005", Parameter::Pulse),
    ("78564009", Parameter::Pulse),
    ("8499008", Parameter::Pulse),
    ("8867-4", Parameter::Pulse),
    ("1104441000000107", Parameter::Consciousness),
    ("386725007", Parameter::Temperature),
    ("276885007", Parameter::Temperature),
    ("8310-5", Parameter::Temperature),
];

/// The concepts of the value set ACVPU: alert, and all the others.
const ALERT: &str = "248234008";
const NOT_ALERT: &[&str] = &["300202002", "450847001", "422768004", "130987000"];

/// The codes of systolic pressure where it is a component.
const SYSTOLIC: &[&str] = &["72313002", "271649006", "407554009", "407556006", "8480-6"];

/// What is known of one part.
#[derive(Clone, Copy, Default)]
struct Part {
    /// Its score as recorded, and where.
    score: Option<(NodeId, u8)>,
    /// The Observation that measures it.
    measure: Option<NodeId>,
}

impl<'c> Checker<'c> {
    pub(super) fn nhs_news2(&mut self, node: NodeId, code: NodeId) {
        let tree = self.tree;
        if let Some((_, parameter, _)) = self.news2_score_of(code) {
            self.nhs_news2_range(node, parameter.name(), 3);
            return;
        }
        if !self.has_code(code, &[SNOMED], &[TOTAL]) {
            return;
        }
        /// A score has seven parts, with their measurements; what has many more is something else, and not followed.
        const MOST: usize = 100;
        self.nhs_news2_range(node, "NEWS2", 20);
        let mut parts = [Part::default(); 7];
        let mut scales = [None; 2];
        let mut is_all_here = true;
        let mut open: Vec<NodeId> = tree.named(node, "related").collect();
        let mut seen = FxHashSet::from_iter([node]);
        while let Some(related) = open.pop() {
            let Some(target) = self.linked(related, "target") else {
                is_all_here = false;
                continue;
            };
            if !seen.insert(target) {
                continue;
            }
            if seen.len() > MOST {
                is_all_here = false;
                break;
            }
            let Some(code) = tree.child(target, "code") else { continue };
            if let Some((_, parameter, scale)) = self.news2_score_of(code) {
                if let Some(scale) = scale {
                    scales[usize::from(scale == Scale::Two)] = Some(target);
                }
                let quantity = tree.child(target, "valueQuantity");
                if let Some(score) = quantity.and_then(|quantity| whole(amount(tree, quantity)?)) {
                    parts[place(parameter)].score = Some((target, score));
                }
                open.extend(tree.named(target, "related"));
            } else if let Some(parameter) = self.news2_measure_of(code) {
                parts[place(parameter)].measure = Some(target);
            }
        }
        if let [Some(_), Some(second)] = scales {
            self.found(second, NhsProblem::News2Scale);
            return;
        }
        let scale = if scales[1].is_some() { Scale::Two } else { Scale::One };
        let has_scale = scales != [None; 2];
        self.nhs_news2_parts(&parts, scale);
        let missing = |parameter: &Parameter| {
            let part = parts[place(*parameter)];
            part.score.is_none() && part.measure.is_none()
        };
        let missing: Vec<&str> = Parameter::ALL.iter().filter(|p| missing(p)).map(|p| p.name()).collect();
        if !missing.is_empty() {
            if is_all_here {
                self.found_at_name(node, NhsProblem::News2Components { missing: missing.join(", ") });
            }
            return;
        }
        let Some(quantity) = tree.child(node, "valueQuantity") else { return };
        let Some(total) = amount(tree, quantity) else { return };
        let (Some(one), Some(two)) = (self.news2_sum(&parts, scale), self.news2_sum(&parts, Scale::Two)) else {
            return;
        };
        // Where no score says which scale was chosen, either total may be right.
        if total != f64::from(one) && (has_scale || total != f64::from(two)) {
            self.found(quantity, NhsProblem::News2Total { total: total.to_string(), sum: one });
        }
    }

    fn nhs_news2_range(&mut self, node: NodeId, name: &'static str, most: u32) {
        let Some(quantity) = self.tree.child(node, "valueQuantity") else { return };
        let Some(value) = amount(self.tree, quantity) else { return };
        if !(0..=most).any(|score| value == f64::from(score)) {
            let allowed = if most == 3 { "0 to 3" } else { "0 to 20" };
            self.found(quantity, NhsProblem::News2Range { name, value: value.to_string(), allowed });
        }
    }

    /// Each part's score against its measurement.
    fn nhs_news2_parts(&mut self, parts: &[Part; 7], scale: Scale) {
        for parameter in Parameter::ALL {
            let part = parts[place(parameter)];
            let (Some((at, score)), Some(measure)) = (part.score, part.measure) else { continue };
            let Some((expected, value)) = self.news2_measured(parameter, measure, parts, scale) else { continue };
            if score != expected {
                let (score, expected) = (score.to_string(), expected.to_string());
                let at = self.tree.child(at, "valueQuantity").unwrap_or(at);
                self.found(at, NhsProblem::News2Score { name: parameter.name(), score, value, expected });
            }
        }
    }

    /// What a measurement scores, and the measurement in words.
    fn news2_measured(
        &self,
        parameter: Parameter,
        at: NodeId,
        parts: &[Part; 7],
        scale: Scale,
    ) -> Option<(u8, String)> {
        let tree = self.tree;
        match parameter {
            Parameter::Oxygen => {
                let is_given = self.is_on_oxygen(at)?;
                let words = if is_given { "oxygen" } else { "air" };
                Some((news2::oxygen(is_given), words.to_owned()))
            }
            Parameter::Consciousness => {
                let value = tree.child(at, "valueCodeableConcept")?;
                let is_alert = self.has_code(value, &[SNOMED], &[ALERT]);
                if !is_alert && !self.has_code(value, &[SNOMED], NOT_ALERT) {
                    return None;
                }
                let words = if is_alert { "'alert'" } else { "any but 'alert'" };
                Some((news2::consciousness(is_alert), words.to_owned()))
            }
            Parameter::Systolic => {
                let component = tree.named(at, "component").find(|component| {
                    let code = tree.child(*component, "code");
                    code.is_some_and(|code| self.has_code(code, &[SNOMED, "http://loinc.org"], SYSTOLIC))
                });
                let value = quantity::number_in(tree, tree.child(component.unwrap_or(at), "valueQuantity")?, "mm[Hg]")?;
                Some((news2::measured(parameter, value)?, value.to_string()))
            }
            Parameter::Saturation => {
                let value = quantity::number_in(tree, tree.child(at, "valueQuantity")?, "%")?;
                let oxygen = parts[place(Parameter::Oxygen)];
                let on_oxygen = match (oxygen.measure.and_then(|at| self.is_on_oxygen(at)), oxygen.score) {
                    (Some(given), _) => given,
                    (None, Some((_, score))) => score > 0,
                    (None, None) if scale == Scale::Two => return None,
                    (None, None) => false,
                };
                Some((news2::saturation(scale, on_oxygen, value), format!("{value} %")))
            }
            _ => {
                let unit = if parameter == Parameter::Temperature { "Cel" } else { "/min" };
                let value = quantity::number_in(tree, tree.child(at, "valueQuantity")?, unit)?;
                Some((news2::measured(parameter, value)?, value.to_string()))
            }
        }
    }

    /// Whether an Observation says that the patient breathes oxygen, or air.
    fn is_on_oxygen(&self, at: NodeId) -> Option<bool> {
        let says = |concept: Option<NodeId>, code| concept.is_some_and(|at| self.has_code(at, &[SNOMED], &[code]));
        let (code, value) = (self.tree.child(at, "code"), self.tree.child(at, "valueCodeableConcept"));
        if says(code, "371825009") || says(value, "371825009") {
            return Some(true);
        }
        (says(code, "722742002") || says(value, "722742002")).then_some(false)
    }

    /// The sum of the parts, each by its score or else by its measurement; `None` where one cannot be told.
    fn news2_sum(&self, parts: &[Part; 7], scale: Scale) -> Option<u32> {
        let score = |parameter: Parameter| {
            let part = parts[place(parameter)];
            let recorded = part.score.map(|(_, score)| score);
            let measured = || Some(self.news2_measured(parameter, part.measure?, parts, scale)?.0);
            recorded.or_else(measured)
        };
        Parameter::ALL.iter().try_fold(0, |sum, parameter| Some(sum + u32::from(score(*parameter)?)))
    }

    fn news2_score_of(&self, concept: NodeId) -> Option<(&'static str, Parameter, Option<Scale>)> {
        let tree = self.tree;
        tree.named(concept, "coding").find_map(|coding| {
            let code = tree.child_text(coding, "code")?;
            SCORES.iter().find(|(score, ..)| *score == code).copied()
        })
    }

    fn news2_measure_of(&self, concept: NodeId) -> Option<Parameter> {
        let tree = self.tree;
        tree.named(concept, "coding").find_map(|coding| {
            let code = tree.child_text(coding, "code")?;
            MEASURES.iter().find(|(measure, _)| *measure == code).map(|(_, parameter)| *parameter)
        })
    }
}

fn place(parameter: Parameter) -> usize {
    Parameter::ALL.iter().position(|other| *other == parameter).unwrap_or(0)
}

/// A score as a whole number.
fn whole(value: f64) -> Option<u8> {
    (0..=20).find(|score| f64::from(*score) == value)
}
