//! Exact decimal numbers: a 128-bit integer and a number of decimal places.
//!
//! FHIR asks for at least 18 significant digits; here are 38. What does not fit is an overflow, which FHIRPath answers with
//! an empty collection.

use std::cmp::Ordering;
use std::fmt;

/// Decimal places that a quotient is rounded to, half away from zero.
pub const DIVISION_PLACES: u32 = 18;
/// The most decimal places that a number may have.
const MOST_PLACES: u32 = 36;

/// An exact decimal number that knows how many decimal places it was written with.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    digits: i128,
    places: u32,
}

fn ten(power: u32) -> Option<i128> {
    10i128.checked_pow(power)
}

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal { digits: 0, places: 0 };

    /// `digits` divided by ten to the power of `places`. `None` for more than 36 places.
    pub fn new(digits: i128, places: u32) -> Option<Self> {
        (places <= MOST_PLACES).then_some(Decimal { digits, places })
    }

    /// Reads an optional sign, digits, an optional fraction and an optional exponent, as FHIR's JSON numbers have it.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (text.get(..at)?, text.get(at + 1..)?.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, unsigned) = match mantissa.as_bytes().first()? {
            b'-' => (true, mantissa.get(1..)?),
            b'+' => (false, mantissa.get(1..)?),
            _ => (false, mantissa),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        if whole.is_empty() || (fraction.is_empty() && unsigned.contains('.')) {
            return None;
        }
        let mut digits: i128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            digits = digits.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
        }
        let digits = if negative { -digits } else { digits };
        let places = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
        if places >= 0 {
            Decimal::new(digits, u32::try_from(places).ok()?)
        } else {
            Decimal::new(digits.checked_mul(ten(u32::try_from(-places).ok()?)?)?, 0)
        }
    }

    /// The nearest decimal to a binary fraction, to twelve places: for logarithms and roots.
    pub fn from_f64(number: f64) -> Option<Self> {
        if !number.is_finite() || number.abs() >= 1e24 {
            return None;
        }
        Decimal::parse(&format!("{number:.12}")).map(Decimal::trimmed)
    }

    /// The nearest binary fraction.
    pub fn to_f64(self) -> f64 {
        self.digits as f64 / 10f64.powi(self.places as i32)
    }

    /// The number without zeros at the end of its fraction.
    pub fn trimmed(mut self) -> Self {
        while self.places > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.places -= 1;
        }
        self
    }

    /// How many decimal places it has.
    pub fn places(self) -> u32 {
        self.places
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// The whole number, if there is no fraction other than zeros.
    pub fn to_integer(self) -> Option<i64> {
        let trimmed = self.trimmed();
        if trimmed.places == 0 { i64::try_from(trimmed.digits).ok() } else { None }
    }

    /// The same number with exactly this many decimal places, if nothing is lost by it.
    fn scaled(self, places: u32) -> Option<i128> {
        self.digits.checked_mul(ten(places.checked_sub(self.places)?)?)
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let places = self.places.max(other.places);
        Some((self.scaled(places)?, other.scaled(places)?, places))
    }

    /// The sum. `None` on overflow, as for every operation here.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (left, right, places) = self.aligned(other)?;
        Decimal::new(left.checked_add(right)?, places)
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negate())
    }

    /// The number with the other sign.
    pub fn negate(self) -> Self {
        Decimal { digits: self.digits.checked_neg().unwrap_or(i128::MAX), places: self.places }
    }

    /// The product.
    pub fn multiply(self, other: Self) -> Option<Self> {
        match self.digits.checked_mul(other.digits) {
            Some(digits) if self.places + other.places <= MOST_PLACES => {
                Decimal::new(digits, self.places + other.places)
            }
            _ => {
                let (left, right) = (self.trimmed(), other.trimmed());
                Decimal::new(left.digits.checked_mul(right.digits)?, left.places + right.places)
            }
        }
    }

    /// The quotient, to [`DIVISION_PLACES`] places or to what fits. `None` also for a division by zero.
    pub fn divide(self, other: Self) -> Option<Self> {
        if other.digits == 0 {
            return None;
        }
        let (left, right) = (self.trimmed(), other.trimmed());
        for places in (0..=DIVISION_PLACES).rev().step_by(3) {
            // left / right = (digits * 10^(places + right.places - left.places)) / digits, rounded.
            let shift = i64::from(places) + i64::from(right.places) - i64::from(left.places);
            let (numerator, denominator) = if shift >= 0 {
                (ten(shift as u32).and_then(|ten| left.digits.checked_mul(ten)), Some(right.digits))
            } else {
                (Some(left.digits), ten(-shift as u32).and_then(|ten| right.digits.checked_mul(ten)))
            };
            if let (Some(numerator), Some(denominator)) = (numerator, denominator) {
                return Some(Decimal { digits: rounded_quotient(numerator, denominator)?, places }.trimmed());
            }
        }
        None
    }

    /// The whole part of the quotient, towards zero. `None` also for a division by zero.
    pub fn whole_quotient(self, other: Self) -> Option<i128> {
        let (left, right, _) = self.aligned(other)?;
        left.checked_div(right)
    }

    /// What a whole division leaves, with the sign of `self`. `None` also for a division by zero.
    pub fn remainder(self, other: Self) -> Option<Self> {
        let (left, right, places) = self.aligned(other)?;
        Decimal::new(left.checked_rem(right)?, places)
    }

    /// Rounded to a number of places, half away from zero.
    pub fn round(self, places: u32) -> Option<Self> {
        if places >= self.places {
            return Some(self);
        }
        Decimal::new(rounded_quotient(self.digits, ten(self.places - places)?)?, places)
    }

    /// Cut off after a number of places, and padded with zeros to it.
    pub fn truncate(self, places: u32) -> Option<Self> {
        if places >= self.places {
            return Decimal::new(self.scaled(places)?, places);
        }
        Decimal::new(self.digits.checked_div(ten(self.places - places)?)?, places)
    }

    /// The next whole number below.
    pub fn floor(self) -> Option<i128> {
        Some(self.digits.div_euclid(ten(self.places)?))
    }

    /// The next whole number above.
    pub fn ceiling(self) -> Option<i128> {
        Some(-self.negate().floor()?)
    }

    /// The least or the greatest value that would be written like this, with `places` decimal places.
    pub fn boundary(self, high: bool, places: u32) -> Option<Self> {
        let away = high != self.is_negative();
        let half = Decimal::new(5, self.places.checked_add(1)?)?;
        let size = Decimal { digits: self.digits.checked_abs()?, places: self.places };
        let size = if away { size.plus(half)? } else { size.minus(half)? };
        let size = if away { size.round(places)?.truncate(places)? } else { size.truncate(places)? };
        Some(if self.is_negative() { size.negate() } else { size })
    }

    /// Whether two numbers are the same when both are rounded to the places of the less exact one.
    pub fn is_equivalent(self, other: Self) -> bool {
        let places = self.trimmed().places.min(other.trimmed().places);
        match (self.round(places), other.round(places)) {
            (Some(left), Some(right)) => left == right,
            _ => false,
        }
    }
}

fn rounded_quotient(numerator: i128, denominator: i128) -> Option<i128> {
    let whole = numerator.checked_div(denominator)?;
    let rest = numerator.checked_rem(denominator)?.unsigned_abs();
    let up = rest >= denominator.unsigned_abs() - rest;
    let step = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    if up && rest > 0 { whole.checked_add(step) } else { Some(whole) }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Decimal { digits: i128::from(number), places: 0 }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.aligned(*other) {
            Some((left, right, _)) => left.cmp(&right),
            // Too far apart to be written with the same number of places: whole parts decide.
            None => {
                let whole = |number: &Self| ten(number.places).map_or(0, |ten| number.digits.div_euclid(ten));
                whole(self).cmp(&whole(other))
            }
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits.unsigned_abs().to_string();
        let places = self.places as usize;
        let sign = if self.digits < 0 { "-" } else { "" };
        if places == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        write!(f, "{sign}{whole}.{fraction}")
    }
}
