//! Amounts and their units, which are compared only within a kind: masses, volumes, units of activity, things that are counted.

use super::words::{Token, stem, tokens};

/// What an amount is counted or measured in. Amounts are compared only within one of these.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// A mass, in milligrams.
    Mass(f64),
    /// A volume, in millilitres.
    Volume(f64),
    /// Units of activity, in one of them.
    Activity(f64),
    /// A part in a hundred.
    Percent,
    /// What is counted: tablets, puffs, drops.
    Piece(&'static str),
}

impl Unit {
    /// The unit that a word names, in the singular or plural, or a code of UCUM.
    pub fn of(word: &str) -> Option<Unit> {
        const PIECES: &[(&str, &[&str])] = &[
            ("tablet", &["tablet", "tab"]),
            ("capsule", &["capsule", "cap"]),
            ("caplet", &["caplet"]),
            ("puff", &["puff", "inhalation", "blister"]),
            ("drop", &["drop", "gtt"]),
            ("sachet", &["sachet"]),
            ("patch", &["patch", "patche"]),
            ("suppository", &["suppository", "suppositorie"]),
            ("spray", &["spray"]),
            ("lozenge", &["lozenge", "pastille"]),
            ("pessary", &["pessary", "pessarie"]),
            ("ampoule", &["ampoule"]),
            ("vial", &["vial"]),
            ("application", &["application"]),
            ("spoonful", &["spoonful"]),
            ("bag", &["bag"]),
            ("bottle", &["bottle"]),
            ("pack", &["pack"]),
        ];
        Some(match word {
            "mg" | "mgs" | "milligram" | "milligrams" => Unit::Mass(1.0),
            "g" | "gm" | "gram" | "grams" | "gramme" | "grammes" => Unit::Mass(1000.0),
            "kg" | "kilogram" | "kilograms" => Unit::Mass(1_000_000.0),
            "microgram" | "micrograms" | "mcg" | "mcgs" | "ug" | "µg" => Unit::Mass(0.001),
            "nanogram" | "nanograms" | "ng" => Unit::Mass(0.000_001),
            "ml" | "mls" | "millilitre" | "millilitres" | "milliliter" | "milliliters" => Unit::Volume(1.0),
            "l" | "litre" | "litres" | "liter" | "liters" => Unit::Volume(1000.0),
            "unit" | "units" | "iu" | "u" => Unit::Activity(1.0),
            "megaunit" | "megaunits" | "mu" => Unit::Activity(1_000_000.0),
            "%" => Unit::Percent,
            _ => {
                let stem = stem(word);
                return PIECES.iter().find(|(_, words)| words.contains(&stem)).map(|(name, _)| Unit::Piece(name));
            }
        })
    }

    /// The unit that a phrase names, as the unit of a Quantity does: `tablet`, `5 ml spoonful` is left out.
    pub fn of_phrase(text: &str) -> Option<Unit> {
        match &tokens(text)[..] {
            [Token::Word(word)] => Unit::of(word),
            [Token::Sign('%')] => Some(Unit::Percent),
            [Token::Sign('{' | '['), Token::Word(word), Token::Sign('}' | ']')] => Unit::of(word),
            _ => None,
        }
    }

    /// Whether two units measure the same thing, so that amounts in them can be compared.
    pub fn is_like(self, other: Unit) -> bool {
        match (self, other) {
            (Unit::Mass(_), Unit::Mass(_))
            | (Unit::Volume(_), Unit::Volume(_))
            | (Unit::Activity(_), Unit::Activity(_))
            | (Unit::Percent, Unit::Percent) => true,
            (Unit::Piece(one), Unit::Piece(other)) => one == other,
            _ => false,
        }
    }

    /// How much one of it is in the unit of its kind.
    fn factor(self) -> f64 {
        match self {
            Unit::Mass(factor) | Unit::Volume(factor) | Unit::Activity(factor) => factor,
            Unit::Percent | Unit::Piece(_) => 1.0,
        }
    }
}

/// An amount: from one value to another, in a unit where one is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// The least.
    pub low: f64,
    /// The most; the same as the least where there is no choice.
    pub high: f64,
    /// The unit.
    pub unit: Option<Unit>,
}

impl Measure {
    /// Whether both amounts may be the same, as far as they can be compared.
    pub fn agrees(self, other: Measure) -> bool {
        let (one, two) = (self.unit.map_or(1.0, Unit::factor), other.unit.map_or(1.0, Unit::factor));
        is_at_most(self.low * one, other.high * two) && is_at_most(other.low * two, self.high * one)
    }

    /// Whether the two are in units that can be compared.
    pub fn is_like(self, other: Measure) -> bool {
        self.unit.zip(other.unit).is_some_and(|(one, two)| one.is_like(two))
    }
}

/// Whether two numbers are the same, but for what arithmetic loses.
pub fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-6 * one.abs().max(other.abs())
}

fn is_at_most(one: f64, other: f64) -> bool {
    one <= other || is_same(one, other)
}
