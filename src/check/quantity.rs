//! How quantities compare: by number and unit, units converted into each other by UCUM.

use crate::fhirpath::decimal::Decimal;
use crate::fhirpath::{Quantity, Unit};
use crate::tree::{NodeId, Tree};
use std::cmp::Ordering;

pub(super) const UCUM: &str = "http://unitsofmeasure.org";

/// What people write for a unit, in lower case without white space, and its code in UCUM.
const WRITTEN: &[(&str, &str)] = &[
    ("mmhg", "mm[Hg]"),
    ("kpa", "kPa"),
    ("cmh2o", "cm[H2O]"),
    ("kgs", "kg"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("gram", "g"),
    ("grams", "g"),
    ("gm", "g"),
    ("mcg", "ug"),
    ("microgram", "ug"),
    ("micrograms", "ug"),
    ("µg", "ug"),
    ("μg", "ug"),
    ("milligram", "mg"),
    ("milligrams", "mg"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("st", "[stone_av]"),
    ("stone", "[stone_av]"),
    ("cms", "cm"),
    ("centimetre", "cm"),
    ("centimetres", "cm"),
    ("metre", "m"),
    ("metres", "m"),
    ("in", "[in_i]"),
    ("inch", "[in_i]"),
    ("inches", "[in_i]"),
    ("ft", "[ft_i]"),
    ("µmol/l", "umol/L"),
    ("μmol/l", "umol/L"),
    ("micromol/l", "umol/L"),
    ("mls", "mL"),
    ("millilitre", "mL"),
    ("millilitres", "mL"),
    ("litre", "L"),
    ("litres", "L"),
    ("percent", "%"),
    ("°c", "Cel"),
    ("degc", "Cel"),
    ("celsius", "Cel"),
    ("bpm", "/min"),
    ("beats/min", "/min"),
    ("breaths/min", "/min"),
    ("x10^9/l", "10*9/L"),
    ("x10*9/l", "10*9/L"),
    ("10^9/l", "10*9/L"),
    ("10e9/l", "10*9/L"),
    ("x10^12/l", "10*12/L"),
    ("x10*12/l", "10*12/L"),
    ("10^12/l", "10*12/L"),
    ("10e12/l", "10*12/L"),
    ("second", "s"),
    ("seconds", "s"),
    ("sec", "s"),
    ("minute", "min"),
    ("minutes", "min"),
    ("mins", "min"),
    ("hour", "h"),
    ("hours", "h"),
    ("hr", "h"),
    ("hrs", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "wk"),
    ("weeks", "wk"),
    ("month", "mo"),
    ("months", "mo"),
    ("year", "a"),
    ("years", "a"),
    ("yrs", "a"),
];

/// Units that people write with letters of either case, by their code.
const ANY_CASE: &[&str] = &[
    "kg", "g", "mg", "ug", "ng", "pg", "L", "dL", "mL", "cm", "mm", "m", "mmol/L", "umol/L", "nmol/L", "pmol/L", "g/L",
    "g/dL", "mg/L", "mg/dL", "ug/L", "ng/L", "ng/mL", "fL", "10*9/L", "10*12/L", "mL/min", "mmol/mol", "mg/mmol",
    "kPa", "/min", "min", "h", "d", "s",
];

/// A text without white space, and in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// The unit of a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Measured<'t> {
    /// A code of UCUM.
    Ucum(&'t str),
    /// A code of another system.
    Other(&'t str, &'t str),
    /// What is written for it, in no system.
    Written(String),
    /// A bare number.
    None,
}

fn measured<'t>(tree: &'t Tree, quantity: NodeId) -> Measured<'t> {
    let given = |name| tree.child_text(quantity, name).filter(|text: &&str| !text.trim().is_empty());
    match (given("system"), given("code")) {
        (Some(UCUM), Some(code)) => return Measured::Ucum(code),
        (Some(system), Some(code)) => return Measured::Other(system, code),
        _ => {}
    }
    let Some(text) = given("unit").or_else(|| given("code")) else { return Measured::None };
    match unit_written(text) {
        Some(code) => Measured::Ucum(code),
        None => Measured::Written(plain(text)),
    }
}

/// The code in UCUM of what people write for a unit.
pub(super) fn unit_written(text: &str) -> Option<&'static str> {
    let written = plain(text);
    let known = WRITTEN.iter().find(|(name, _)| *name == written).map(|(_, code)| *code);
    known.or_else(|| ANY_CASE.iter().copied().find(|code| code.to_lowercase() == written))
}

/// How two quantities stand to one another; `None` where that cannot be known: a value is missing, a comparator leaves it
/// open, or their units do not convert into each other.
pub(super) fn compare(one: (&Tree, NodeId), other: (&Tree, NodeId)) -> Option<Ordering> {
    let value = |(tree, node): (&Tree, NodeId)| Decimal::parse(tree.child_text(node, "value")?);
    let (left, right) = (value(one)?, value(other)?);
    let order = match (measured(one.0, one.1), measured(other.0, other.1)) {
        (a, b) if a == b => left.cmp(&right),
        (Measured::Ucum(a), Measured::Ucum(b)) => {
            let of = |value, code: &str| Quantity { value, unit: Unit::Code(code.to_owned().into()) };
            of(left, a).compare(&of(right, b))?
        }
        _ => return None,
    };
    let mark = |(tree, node): (&Tree, NodeId)| tree.child_text(node, "comparator").unwrap_or_default().chars().next();
    match (mark(one), mark(other), order) {
        (None, None, order) => Some(order),
        // Less than what is less is less still.
        (Some('<') | None, Some('>') | None, Ordering::Less) => Some(Ordering::Less),
        (Some('>') | None, Some('<') | None, Ordering::Greater) => Some(Ordering::Greater),
        _ => None,
    }
}

/// A quantity's number in a unit of UCUM, for tables that have that unit. What is written without a unit, or with words that
/// are not known here, is taken to be in it; `None` where it is certainly in another that does not convert into it.
pub(super) fn number_in(tree: &Tree, quantity: NodeId, unit: &str) -> Option<f64> {
    let value = Decimal::parse(tree.child_text(quantity, "value")?)?;
    let code = match measured(tree, quantity) {
        Measured::Ucum(code) if code != unit => code,
        // Degrees of another scale.
        Measured::Written(words) if unit == "Cel" && (words.ends_with('f') || words.contains("fahrenheit")) => {
            return None;
        }
        _ => return Some(value.to_f64()),
    };
    let of = |code: &str| Unit::Code(code.to_owned().into()).measure();
    let ratio = of(code).zip(of(unit)).and_then(|(from, to)| from.ratio(&to));
    match ratio {
        Some(ratio) => value.multiply(ratio).map(Decimal::to_f64),
        // `/min` and `{beats}/min` are one.
        None if code.contains('{') => Some(value.to_f64()),
        None => None,
    }
}

/// A quantity in words: `10 kg`.
pub(super) fn words(tree: &Tree, quantity: NodeId) -> String {
    let given = |name| tree.child_text(quantity, name);
    let parts = [given("comparator"), given("value"), given("unit").or_else(|| given("code"))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Names;
    use crate::parse::{Limits, parse};
    use std::sync::Arc;

    fn order(one: &str, other: &str) -> Option<Ordering> {
        let tree = |text: &str| parse(text.as_bytes(), &Arc::new(Names::default()), Limits::default()).tree;
        let (one, other) = (tree(one), tree(other));
        compare((&one, one.root()), (&other, other.root()))
    }

    #[test]
    fn quantities_compare_by_their_units() {
        let kilopascal = r#"{"value": 16, "unit": "kPa", "system": "http://unitsofmeasure.org", "code": "kPa"}"#;
        let millimetres = r#"{"value": 80, "unit": "mmHg"}"#;
        assert_eq!(order(kilopascal, millimetres), Some(Ordering::Greater));
        assert_eq!(order(r#"{"value": 500, "unit": "mg"}"#, r#"{"value": 1, "unit": "g"}"#), Some(Ordering::Less));
        assert_eq!(order(r#"{"value": 1.0, "unit": "g"}"#, r#"{"value": 1000, "unit": "MG"}"#), Some(Ordering::Equal));
        assert_eq!(order(r#"{"value": 5, "unit": "kg"}"#, r#"{"value": 5, "unit": "cm"}"#), None);
        assert_eq!(order(r#"{"value": 5}"#, r#"{"value": 4, "unit": "cm"}"#), None);
        assert_eq!(
            order(r#"{"value": 5, "unit": "puffs"}"#, r#"{"value": 4, "unit": "Puffs"}"#),
            Some(Ordering::Greater)
        );
    }

    #[test]
    fn a_comparator_may_leave_it_open() {
        let limit = r#"{"value": 10, "unit": "kg"}"#;
        assert_eq!(order(r#"{"comparator": "<", "value": 5, "unit": "kg"}"#, limit), Some(Ordering::Less));
        assert_eq!(order(r#"{"comparator": ">", "value": 5, "unit": "kg"}"#, limit), None);
        assert_eq!(order(r#"{"comparator": ">=", "value": 11, "unit": "kg"}"#, limit), Some(Ordering::Greater));
    }
}
