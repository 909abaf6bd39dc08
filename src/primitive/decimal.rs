//! Decimals as FHIR has them: exact, with the precision that they were written with.

use std::cmp::Ordering;

/// A decimal number of any size, exactly as written. Comparing is by value: 1.0 equals 1.00.
#[derive(Clone, Debug)]
pub struct Decimal {
    negative: bool,
    /// The digits without zeros in front; empty for zero.
    digits: String,
    /// How many of the digits stand behind the point; negative for zeros that follow the digits (1e3).
    scale: i64,
}

impl Decimal {
    /// Reads `-12.50`, and also what STU3 does not allow but other systems write: `+1`, `.5`, `5.`, `007`, `1e3`.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (number, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (rest.get(..at)?, rest.get(at + 1..)?.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !plain(whole) || !plain(fraction) {
            return None;
        }
        let digits = format!("{whole}{fraction}").trim_start_matches('0').to_owned();
        let scale = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
        Some(Decimal { negative, digits, scale })
    }

    /// How many digits stand behind the point as it was written: 2 for `1.50`, 0 for `15` and `1e3`.
    pub fn places(&self) -> usize {
        usize::try_from(self.scale).unwrap_or(0)
    }

    /// Whether it is zero, of either sign.
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Whether it is less than zero.
    pub fn is_negative(&self) -> bool {
        self.negative && !self.is_zero()
    }

    /// Whether it is a whole number by value, as 2.00 is.
    pub fn is_whole(&self) -> bool {
        let zeros = self.digits.len() - self.digits.trim_end_matches('0').len();
        self.is_zero() || i64::try_from(zeros).unwrap_or(i64::MAX) >= self.scale
    }

    /// Whether it can be written out in one line: an exponent must not ask for gigabytes of zeros.
    pub fn is_short(&self) -> bool {
        self.scale.abs() < 60 && self.digits.len() < 60
    }

    /// The number as FHIR writes it, with the digits behind the point that it has. What [`Decimal::is_short`] is not true
    /// of is written with an exponent.
    pub fn to_plain(&self) -> String {
        let sign = if self.is_negative() { "-" } else { "" };
        if !self.is_short() {
            let digits = if self.is_zero() { "0" } else { &self.digits };
            return format!("{sign}{digits}e{}", -self.scale);
        }
        let places = self.places();
        let mut digits = self.digits.clone();
        if !digits.is_empty() {
            digits.extend(std::iter::repeat_n('0', usize::try_from(-self.scale).unwrap_or(0)));
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// The whole number that it is by value, if it is one and fits.
    pub fn to_whole(&self) -> Option<i64> {
        if self.is_zero() {
            return Some(0);
        }
        if !self.is_whole() || !self.is_short() {
            return None;
        }
        self.to_plain().split('.').next()?.parse().ok()
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
        let sign = |value: &Self| match (value.is_zero(), value.negative) {
            (true, _) => 0,
            (_, true) => -1,
            _ => 1,
        };
        let (left, right) = (sign(self), sign(other));
        if left != right || left == 0 {
            return left.cmp(&right);
        }
        // The power of ten of the first digit decides, then the digits from the left.
        let power = |value: &Self| i64::try_from(value.digits.len()).unwrap_or(i64::MAX / 2) - value.scale;
        let size = power(self).cmp(&power(other)).then_with(|| {
            let (left, right) = (self.digits.trim_end_matches('0'), other.digits.trim_end_matches('0'));
            left.cmp(right)
        });
        if left < 0 { size.reverse() } else { size }
    }
}
