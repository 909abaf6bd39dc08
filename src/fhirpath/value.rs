//! What an expression can work on and give: nodes of the resource and FHIRPath's own values.

use super::decimal::Decimal;
use super::temporal::{Kind, Temporal, Unit as Calendar};
use super::unit::Measure;
use crate::tree::NodeId;
use std::borrow::Cow;
use std::cmp::Ordering;

/// One item of a collection.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// An element of the resource.
    Node(NodeId),
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// Text.
    String(Cow<'a, str>),
    /// A date, dateTime or time.
    Temporal(Temporal),
    /// A number with a unit.
    Quantity(Box<Quantity<'a>>),
    /// What `type()` gives.
    Type {
        /// `FHIR` or `System`.
        namespace: &'static str,
        /// The type's name in it.
        name: Cow<'a, str>,
    },
    /// A resource that is not at hand and of which no more than the type is known.
    Remote(Cow<'a, str>),
}

/// A number with a unit.
#[derive(Clone, Debug)]
pub struct Quantity<'a> {
    /// How many.
    pub value: Decimal,
    /// Of what.
    pub unit: Unit<'a>,
}

/// The unit of a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit<'a> {
    /// A word for a calendar duration (`day`, `months`), as it was written.
    Calendar(Calendar, Cow<'a, str>),
    /// A UCUM code, or any other text.
    Code(Cow<'a, str>),
}

impl Unit<'_> {
    /// The unit in terms of the base units, where it is known.
    pub fn measure(&self) -> Option<Measure> {
        match self {
            Unit::Calendar(unit, _) => Measure::of_calendar(*unit),
            Unit::Code(code) => Measure::parse(code),
        }
    }

    /// The calendar unit to move a date by. UCUM's years and months have a fixed length and are none; the words for the
    /// calendar's units are taken in quotes too.
    pub fn calendar(&self) -> Option<Calendar> {
        match self {
            Unit::Calendar(unit, _) => Some(*unit),
            Unit::Code(code) => match code.as_ref() {
                "wk" => Some(Calendar::Week),
                "d" => Some(Calendar::Day),
                "h" => Some(Calendar::Hour),
                "min" => Some(Calendar::Minute),
                "s" => Some(Calendar::Second),
                "ms" => Some(Calendar::Millisecond),
                word => Calendar::from_word(word),
            },
        }
    }

    fn is_same(&self, other: &Unit<'_>) -> bool {
        match (self, other) {
            (Unit::Calendar(left, _), Unit::Calendar(right, _)) => left == right,
            (Unit::Code(left), Unit::Code(right)) => left == right,
            _ => false,
        }
    }
}

/// Two numbers to compare, and their units' measures where they are of different units.
type Aligned = (Decimal, Decimal, Option<(Measure, Measure)>);

impl<'a> Quantity<'a> {
    /// Reads `4 days`, `4.5 'mg'` or a plain number.
    pub fn parse(text: &str) -> Option<Quantity<'static>> {
        let text = text.trim();
        let end = text.find(|letter: char| letter.is_whitespace() || letter == '\'').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let value = Decimal::parse(number).filter(|_| !number.contains(['e', 'E']))?;
        let unit = unit.trim();
        let unit = if unit.is_empty() {
            Unit::Code("1".into())
        } else if let Some(code) = unit.strip_prefix('\'') {
            let code = code.strip_suffix('\'').filter(|code| !code.is_empty() && !code.contains('\''))?;
            Unit::Code(code.to_owned().into())
        } else {
            Unit::Calendar(Calendar::from_word(unit)?, unit.to_owned().into())
        };
        Some(Quantity { value, unit })
    }

    /// The number without a unit.
    pub fn of(value: Decimal) -> Quantity<'a> {
        Quantity { value, unit: Unit::Code("1".into()) }
    }

    /// Both values and measures, or the values alone where they are of one unit. `None` where the units do not compare.
    fn aligned(&self, other: &Quantity<'_>, loose: bool) -> Option<Aligned> {
        if self.unit.is_same(&other.unit) {
            return Some((self.value, other.value, None));
        }
        let twelve = Decimal::from(12);
        match (&self.unit, &other.unit) {
            // Twelve months are a year, but neither has a fixed number of days.
            (Unit::Calendar(Calendar::Year, _), Unit::Calendar(Calendar::Month, _)) => {
                return Some((self.value.multiply(twelve)?, other.value, None));
            }
            (Unit::Calendar(Calendar::Month, _), Unit::Calendar(Calendar::Year, _)) => {
                return Some((self.value, other.value.multiply(twelve)?, None));
            }
            _ => {}
        }
        let measure = |unit: &Unit<'_>| match unit {
            // Equivalence, unlike equality, takes a calendar year for UCUM's.
            Unit::Calendar(Calendar::Year, _) if loose => Measure::parse("a"),
            Unit::Calendar(Calendar::Month, _) if loose => Measure::parse("mo"),
            unit => unit.measure(),
        };
        let measures = (measure(&self.unit)?, measure(&other.unit)?);
        measures.0.is_comparable(&measures.1).then_some((self.value, other.value, Some(measures)))
    }

    /// The order of two quantities; `None` where their units do not compare.
    pub fn compare(&self, other: &Quantity<'_>) -> Option<Ordering> {
        let (left, right, measures) = self.aligned(other, false)?;
        match measures {
            None => Some(left.cmp(&right)),
            Some((one, two)) => {
                let (one, two) = one.weights(&two)?;
                Some(left.multiply(one)?.cmp(&right.multiply(two)?))
            }
        }
    }

    /// Whether they are the same, both in the larger of the two units and rounded to the less exact number.
    pub fn is_equivalent(&self, other: &Quantity<'_>) -> bool {
        let equivalent = || {
            let (left, right, measures) = self.aligned(other, true)?;
            let Some((one, two)) = measures else { return Some(left.is_equivalent(right)) };
            let (one, two) = (one.ratio(&two)?, two.ratio(&one)?);
            let larger = one >= two;
            Some(if larger {
                left.is_equivalent(right.multiply(two)?)
            } else {
                left.multiply(one)?.is_equivalent(right)
            })
        };
        equivalent().unwrap_or(false)
    }

    /// Whether the units compare.
    pub fn is_comparable(&self, other: &Quantity<'_>) -> bool {
        self.aligned(other, false).is_some()
    }
}

impl<'a> Value<'a> {
    /// The name of the value's type in FHIRPath's own namespace, `System`. `None` for nodes.
    pub fn system_type(&self) -> Option<&'static str> {
        Some(match self {
            Value::Node(_) | Value::Remote(_) => return None,
            Value::Boolean(_) => "Boolean",
            Value::Integer(_) => "Integer",
            Value::Decimal(_) => "Decimal",
            Value::String(_) => "String",
            Value::Temporal(temporal) => match temporal.kind {
                Kind::Date => "Date",
                Kind::DateTime => "DateTime",
                Kind::Time => "Time",
            },
            Value::Quantity(_) => "Quantity",
            Value::Type { .. } => "TypeInfo",
        })
    }

    /// The value as text, as `toString()` gives it. `None` for nodes and types.
    pub fn to_text(&self) -> Option<Cow<'a, str>> {
        Some(match self {
            Value::Node(_) | Value::Remote(_) | Value::Type { .. } => return None,
            Value::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            Value::Integer(value) => Cow::Owned(value.to_string()),
            Value::Decimal(value) => Cow::Owned(value.to_string()),
            Value::String(value) => value.clone(),
            Value::Temporal(value) => Cow::Owned(value.to_string()),
            Value::Quantity(quantity) => Cow::Owned(match &quantity.unit {
                Unit::Calendar(_, word) => format!("{} {word}", quantity.value),
                Unit::Code(code) => format!("{} '{code}'", quantity.value),
            }),
        })
    }
}
