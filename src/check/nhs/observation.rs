//! Vital signs: their units, values that a living person can have, and blood pressure as a pair.

use super::{SNOMED, amount, unit};
use crate::check::{Checker, quantity, shorten};
use crate::issue::NhsProblem;
use crate::tree::NodeId;
use std::cmp::Ordering;

const LOINC: &str = "http://loinc.org";
const READ_V2: &str = "http://read.info/readv2";

/// A vital sign.
struct Vital {
    name: &'static str,
    /// Its codes in SNOMED CT, LOINC and Read version 2 without term codes.
    codes: &'static [&'static str],
    /// The unit in words.
    expected: &'static str,
    /// The units that it may have, as [`plain`] writes them, with what one of them is in the first of them.
    units: &'static [(&'static str, f64)],
    low: (&'static str, f64),
    high: (&'static str, f64),
}

/// Values are wider than any that has been survived, so that only slips of the pen and of the unit are outside.
const VITALS: &[Vital] = &[
    Vital {
        name: "Heart rate",
        codes: &["8867-4", "364075005", "78564009", "8499008", "242.."],
        expected: "beats a minute (/min)",
        units: &[
            ("/min", 1.0),
            ("{beats}/min", 1.0),
            ("{beat}/min", 1.0),
            ("bpm", 1.0),
            ("beats/min", 1.0),
            ("beat/min", 1.0),
            ("beats/minute", 1.0),
            ("beatsperminute", 1.0),
            ("beatsperminute(bpm)", 1.0),
            ("/minute", 1.0),
            ("perminute", 1.0),
            ("min-1", 1.0),
            ("1/min", 1.0),
            ("b/min", 1.0),
            ("beats/m", 1.0),
            ("permin", 1.0),
        ],
        low: ("10", 10.0),
        high: ("350", 350.0),
    },
    Vital {
        name: "Respiration rate",
        codes: &["9279-1", "86290005", "235.."],
        expected: "breaths a minute (/min)",
        units: &[
            ("/min", 1.0),
            ("{breaths}/min", 1.0),
            ("breaths/min", 1.0),
            ("breaths/minute", 1.0),
            ("breathsperminute", 1.0),
            ("/minute", 1.0),
            ("perminute", 1.0),
            ("bpm", 1.0),
            ("min-1", 1.0),
            ("1/min", 1.0),
            ("breath/min", 1.0),
            ("{resp}/min", 1.0),
            ("resp/min", 1.0),
            ("permin", 1.0),
        ],
        low: ("1", 1.0),
        high: ("150", 150.0),
    },
    Vital {
        name: "Body temperature",
        codes: &["8310-5", "386725007", "276885007", "415882003", "2E3.."],
        expected: "degrees Celsius (Cel)",
        // Fahrenheit is no multiple: it is let pass as a unit and not judged.
        units: &[
            ("cel", 1.0),
            ("°c", 1.0),
            ("ºc", 1.0),
            ("c", 1.0),
            ("degc", 1.0),
            ("degreesc", 1.0),
            ("degreesc.", 1.0),
            ("degreescelsius", 1.0),
            ("celsius", 1.0),
            ("degreec", 1.0),
            ("degreecelsius", 1.0),
            ("deg.c", 1.0),
            ("[degf]", 0.0),
            ("°f", 0.0),
            ("f", 0.0),
            ("degf", 0.0),
            ("degreesf", 0.0),
            ("fahrenheit", 0.0),
        ],
        low: ("12", 12.0),
        high: ("47", 47.0),
    },
    Vital {
        name: "Oxygen saturation",
        codes: &["2708-6", "59408-5", "431314004", "103228002", "442476006", "866661000000106", "866701000000100"],
        expected: "per cent (%)",
        units: &[
            ("%", 1.0),
            ("percent", 1.0),
            ("percentage", 1.0),
            ("%{saturation}", 1.0),
            ("%oxygen", 1.0),
            ("%o2", 1.0),
        ],
        low: ("10", 10.0),
        high: ("100", 100.0),
    },
    Vital {
        name: "Systolic blood pressure",
        codes: &["8480-6", "72313002", "271649006", "407554009", "407556006", "400974009", "2469."],
        expected: "mmHg (mm[Hg])",
        units: &[("mm[hg]", 1.0), ("mmhg", 1.0), ("kpa", 7.500_62)],
        low: ("20", 20.0),
        high: ("350", 350.0),
    },
    Vital {
        name: "Diastolic blood pressure",
        codes: &["8462-4", "1091811000000102", "271650006", "407555005", "407557002", "400975005", "246A."],
        expected: "mmHg (mm[Hg])",
        units: &[("mm[hg]", 1.0), ("mmhg", 1.0), ("kpa", 7.500_62)],
        low: ("5", 5.0),
        high: ("250", 250.0),
    },
    Vital {
        name: "Body height",
        codes: &["8302-2", "8306-3", "50373000", "248333004", "248334005", "229.."],
        expected: "centimetres (cm)",
        units: &[
            ("cm", 1.0),
            ("cms", 1.0),
            ("centimetre", 1.0),
            ("centimetres", 1.0),
            ("m", 100.0),
            ("metre", 100.0),
            ("metres", 100.0),
            ("mm", 0.1),
            ("[in_i]", 2.54),
            ("in", 2.54),
            ("inch", 2.54),
            ("inches", 2.54),
            ("[ft_i]", 30.48),
            ("ft", 30.48),
        ],
        low: ("15", 15.0),
        high: ("280", 280.0),
    },
    Vital {
        name: "Body weight",
        codes: &["29463-7", "3141-9", "27113001", "22A.."],
        expected: "kilograms (kg)",
        units: &[
            ("kg", 1.0),
            ("kgs", 1.0),
            ("kilogram", 1.0),
            ("kilograms", 1.0),
            ("g", 0.001),
            ("gram", 0.001),
            ("grams", 0.001),
            ("[lb_av]", 0.453_592),
            ("lb", 0.453_592),
            ("lbs", 0.453_592),
            ("[stone_av]", 6.350_29),
            ("st", 6.350_29),
            ("stone", 6.350_29),
        ],
        low: ("0.2", 0.2),
        high: ("650", 650.0),
    },
    Vital {
        name: "Body mass index",
        codes: &["39156-5", "60621009", "22K.."],
        expected: "kilograms a square metre (kg/m2)",
        units: &[("kg/m2", 1.0), ("kg/m^2", 1.0), ("kg/m*2", 1.0), ("kg/sqm", 1.0), ("kg/sq.m", 1.0)],
        low: ("5", 5.0),
        high: ("200", 200.0),
    },
    Vital {
        name: "Head circumference",
        codes: &["9843-4", "363812007", "363811000"],
        expected: "centimetres (cm)",
        units: &[("cm", 1.0), ("cms", 1.0), ("m", 100.0), ("mm", 0.1), ("[in_i]", 2.54)],
        low: ("10", 10.0),
        high: ("100", 100.0),
    },
];

const SYSTOLIC: usize = 4;
const DIASTOLIC: usize = 5;

/// Blood pressure as a whole.
const BLOOD_PRESSURE: &[&str] = &["85354-9", "55284-4", "75367002", "163020007", "364090009", "246..", "2468."];

impl<'c> Checker<'c> {
    pub(super) fn nhs_observation(&mut self, node: NodeId) {
        let tree = self.tree;
        let code = tree.child(node, "code");
        let mut readings = [None, None];
        self.nhs_vital(node, code, &mut readings);
        let mut components = 0;
        for component in tree.named(node, "component") {
            components += 1;
            self.nhs_vital(component, tree.child(component, "code"), &mut readings);
            self.nhs_reference_ranges(component);
        }
        if components > 0 {
            self.nhs_blood_pressure(node, code, &readings);
        }
        self.nhs_reference_ranges(node);
        if let Some(code) = code {
            self.nhs_news2(node, code);
        }
    }

    /// The vital sign that a concept names.
    fn vital(&self, concept: NodeId) -> Option<usize> {
        let tree = self.tree;
        tree.named(concept, "coding").find_map(|coding| {
            let (system, code) = (tree.child_text(coding, "system")?, tree.child_text(coding, "code")?);
            let code = match system {
                SNOMED | LOINC => code,
                // The first five characters are the concept, the last two the term.
                READ_V2 => code.get(..5)?,
                _ => return None,
            };
            VITALS.iter().position(|vital| vital.codes.contains(&code))
        })
    }

    /// A vital sign's unit and value. `readings` gains the systolic and the diastolic pressure.
    fn nhs_vital(&mut self, holder: NodeId, code: Option<NodeId>, readings: &mut [Option<NodeId>; 2]) {
        let tree = self.tree;
        let Some(place) = code.and_then(|code| self.vital(code)) else { return };
        if place == SYSTOLIC || place == DIASTOLIC {
            readings[place - SYSTOLIC] = Some(holder);
        }
        let Some(quantity) = tree.child(holder, "valueQuantity") else { return };
        let Some(value) = amount(tree, quantity) else { return };
        let vital = &VITALS[place];
        let written = tree.child(quantity, "value").and_then(|at| tree.text(at)).unwrap_or_default();
        let found = unit(tree, quantity).map(plain);
        let code = tree.child_text(quantity, "code").map(plain);
        let known = |text: &Option<String>| {
            let text = text.as_deref()?;
            vital.units.iter().find(|(unit, _)| *unit == text)
        };
        let Some((_, factor)) = known(&found).or_else(|| known(&code)) else {
            let found = shorten(unit(tree, quantity).unwrap_or("no unit"));
            self.found(quantity, NhsProblem::VitalUnit { name: vital.name, found, expected: vital.expected });
            return;
        };
        let value = value * factor;
        if *factor > 0.0 && (value < vital.low.1 || value > vital.high.1) {
            let name = vital.name;
            // The limits are in the first unit, so the value is given in it too.
            let value = if *factor == 1.0 { written.to_owned() } else { format!("{written} ({value})") };
            let (unit, low, high) = (vital.units[0].0, vital.low.0, vital.high.0);
            let unit = if unit == "cel" {
                "°C"
            } else if unit == "mm[hg]" {
                "mmHg"
            } else {
                unit
            };
            self.found(quantity, NhsProblem::VitalRange { name, value, unit, low, high });
        }
    }

    fn nhs_blood_pressure(&mut self, node: NodeId, code: Option<NodeId>, readings: &[Option<NodeId>; 2]) {
        let tree = self.tree;
        match readings {
            [Some(systolic), Some(diastolic)] => {
                let value = |holder: &NodeId| tree.child(*holder, "valueQuantity");
                let (Some(high), Some(low)) = (value(systolic), value(diastolic)) else { return };
                let order = quantity::compare((tree, high), (tree, low));
                if matches!(order, Some(Ordering::Less | Ordering::Equal)) {
                    let words = |quantity| shorten(&quantity::words(tree, quantity));
                    let (systolic, diastolic) = (words(high), words(low));
                    self.found(high, NhsProblem::BloodPressureReversed { systolic, diastolic });
                }
            }
            [None, None] => {}
            [systolic, _] => {
                let is_pair = code.is_some_and(|code| self.is_blood_pressure(code));
                // A component whose code is in no table here may be the one that is missing.
                let all_known = tree
                    .named(node, "component")
                    .all(|component| tree.child(component, "code").is_some_and(|code| self.vital(code).is_some()));
                if is_pair && all_known {
                    let missing = if systolic.is_some() { "diastolic" } else { "systolic" };
                    self.found_at_name(node, NhsProblem::BloodPressureComponent { missing });
                }
            }
        }
    }

    fn is_blood_pressure(&self, concept: NodeId) -> bool {
        let tree = self.tree;
        tree.named(concept, "coding").any(|coding| {
            let code = tree.child_text(coding, "code").unwrap_or_default();
            let code = match tree.child_text(coding, "system") {
                Some(READ_V2) => code.get(..5).unwrap_or(code),
                Some(SNOMED | LOINC) => code,
                _ => return false,
            };
            BLOOD_PRESSURE.contains(&code)
        })
    }
}

/// A unit without white space, case and superscripts.
fn plain(unit: &str) -> String {
    let plain = |c: char| match c {
        '²' => '2',
        '⁻' => '-',
        '¹' => '1',
        other => other,
    };
    unit.chars().filter(|c| !c.is_whitespace()).map(plain).flat_map(char::to_lowercase).collect()
}
