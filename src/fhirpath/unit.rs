//! Units of measure, as far as comparing and converting quantities in invariants needs them: UCUM's case-sensitive codes
//! for the metric units, the customary ones of clinical use and their products, quotients and powers.
//!
//! Units with an offset or a logarithm (Celsius, pH) and arbitrary ones (`[iU]`) compare only with themselves.

use super::decimal::Decimal;
use super::temporal::Unit as Calendar;

/// How many base dimensions there are: metre, gram, second, kelvin, candela, coulomb, radian, mole.
const BASES: usize = 8;

/// A unit as a multiple of base units.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    factor: Decimal,
    /// The power of ten to multiply `factor` with.
    power: i32,
    dimension: [i8; BASES],
}

/// Code, whether it takes a metric prefix, factor, power of ten, and the powers of metre, gram, second, kelvin, candela,
/// coulomb, radian, mole. Sorted by code.
type Row = (&'static str, bool, i64, i32, [i8; BASES]);

const ATOMS: &[Row] = &[
    ("%", false, 1, -2, [0; BASES]),
    ("A", true, 1, 0, [0, 0, -1, 0, 0, 1, 0, 0]),
    ("Bq", true, 1, 0, [0, 0, -1, 0, 0, 0, 0, 0]),
    ("C", true, 1, 0, [0, 0, 0, 0, 0, 1, 0, 0]),
    ("F", true, 1, -3, [-2, -1, 2, 0, 0, 2, 0, 0]),
    ("Gy", true, 1, 0, [2, 0, -2, 0, 0, 0, 0, 0]),
    ("Hz", true, 1, 0, [0, 0, -1, 0, 0, 0, 0, 0]),
    ("J", true, 1, 3, [2, 1, -2, 0, 0, 0, 0, 0]),
    ("K", true, 1, 0, [0, 0, 0, 1, 0, 0, 0, 0]),
    ("L", true, 1, -3, [3, 0, 0, 0, 0, 0, 0, 0]),
    ("N", true, 1, 3, [1, 1, -2, 0, 0, 0, 0, 0]),
    ("Ohm", true, 1, 3, [2, 1, -1, 0, 0, -2, 0, 0]),
    ("Pa", true, 1, 3, [-1, 1, -2, 0, 0, 0, 0, 0]),
    ("Sv", true, 1, 0, [2, 0, -2, 0, 0, 0, 0, 0]),
    ("V", true, 1, 3, [2, 1, -2, 0, 0, -1, 0, 0]),
    ("W", true, 1, 3, [2, 1, -3, 0, 0, 0, 0, 0]),
    ("[cin_i]", false, 16_387_064, -12, [3, 0, 0, 0, 0, 0, 0, 0]),
    ("[foz_us]", false, 295_735_295_625, -16, [3, 0, 0, 0, 0, 0, 0, 0]),
    ("[ft_i]", false, 3_048, -4, [1, 0, 0, 0, 0, 0, 0, 0]),
    ("[gal_br]", false, 454_609, -8, [3, 0, 0, 0, 0, 0, 0, 0]),
    ("[gal_us]", false, 3_785_411_784, -12, [3, 0, 0, 0, 0, 0, 0, 0]),
    ("[gr]", false, 6_479_891, -8, [0, 1, 0, 0, 0, 0, 0, 0]),
    ("[in_i]", false, 254, -4, [1, 0, 0, 0, 0, 0, 0, 0]),
    ("[lb_av]", false, 45_359_237, -5, [0, 1, 0, 0, 0, 0, 0, 0]),
    ("[mi_i]", false, 1_609_344, -3, [1, 0, 0, 0, 0, 0, 0, 0]),
    ("[oz_av]", false, 28_349_523_125, -9, [0, 1, 0, 0, 0, 0, 0, 0]),
    ("[ppb]", false, 1, -9, [0; BASES]),
    ("[ppm]", false, 1, -6, [0; BASES]),
    ("[ppth]", false, 1, -3, [0; BASES]),
    ("[pt_br]", false, 56_826_125, -11, [3, 0, 0, 0, 0, 0, 0, 0]),
    ("[pt_us]", false, 473_176_473, -12, [3, 0, 0, 0, 0, 0, 0, 0]),
    ("[stone_av]", false, 635_029_318, -5, [0, 1, 0, 0, 0, 0, 0, 0]),
    ("[yd_i]", false, 9_144, -4, [1, 0, 0, 0, 0, 0, 0, 0]),
    ("a", false, 31_557_600, 0, [0, 0, 1, 0, 0, 0, 0, 0]),
    ("bar", true, 1, 8, [-1, 1, -2, 0, 0, 0, 0, 0]),
    ("cal", true, 4_184, 0, [2, 1, -2, 0, 0, 0, 0, 0]),
    ("cd", true, 1, 0, [0, 0, 0, 0, 1, 0, 0, 0]),
    ("d", false, 86_400, 0, [0, 0, 1, 0, 0, 0, 0, 0]),
    ("g", true, 1, 0, [0, 1, 0, 0, 0, 0, 0, 0]),
    ("h", false, 3_600, 0, [0, 0, 1, 0, 0, 0, 0, 0]),
    ("kat", true, 1, 0, [0, 0, -1, 0, 0, 0, 0, 1]),
    ("l", true, 1, -3, [3, 0, 0, 0, 0, 0, 0, 0]),
    ("m", true, 1, 0, [1, 0, 0, 0, 0, 0, 0, 0]),
    ("m[H2O]", true, 980_665, 1, [-1, 1, -2, 0, 0, 0, 0, 0]),
    ("m[Hg]", true, 133_322, 3, [-1, 1, -2, 0, 0, 0, 0, 0]),
    ("min", false, 60, 0, [0, 0, 1, 0, 0, 0, 0, 0]),
    ("mo", false, 2_629_800, 0, [0, 0, 1, 0, 0, 0, 0, 0]),
    ("mol", true, 1, 0, [0, 0, 0, 0, 0, 0, 0, 1]),
    ("rad", true, 1, 0, [0, 0, 0, 0, 0, 0, 1, 0]),
    ("s", true, 1, 0, [0, 0, 1, 0, 0, 0, 0, 0]),
    ("t", true, 1, 6, [0, 1, 0, 0, 0, 0, 0, 0]),
    ("wk", false, 604_800, 0, [0, 0, 1, 0, 0, 0, 0, 0]),
];

/// Prefixes and their powers of ten. The one with two letters stands first, so that it is tried first.
const PREFIXES: &[(&str, i32)] = &[
    ("da", 1),
    ("Y", 24),
    ("Z", 21),
    ("E", 18),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
    ("a", -18),
    ("z", -21),
    ("y", -24),
];

/// Nested parentheses that are followed.
const DEPTH: u32 = 8;

impl Measure {
    fn one() -> Self {
        Measure { factor: Decimal::from(1), power: 0, dimension: [0; BASES] }
    }

    /// Reads a UCUM code. `None` where it has a unit that is not known here.
    pub fn parse(code: &str) -> Option<Self> {
        let mut reader = Reader { rest: code };
        let measure = reader.term(DEPTH)?;
        reader.rest.is_empty().then_some(measure)
    }

    /// A calendar unit as a multiple of a second. Years and months have no fixed length, so they have none.
    pub fn of_calendar(unit: Calendar) -> Option<Self> {
        let code = match unit {
            Calendar::Year | Calendar::Month => return None,
            Calendar::Week => "wk",
            Calendar::Day => "d",
            Calendar::Hour => "h",
            Calendar::Minute => "min",
            Calendar::Second => "s",
            Calendar::Millisecond => "ms",
        };
        Measure::parse(code)
    }

    /// Whether quantities in the two units can be compared.
    pub fn is_comparable(&self, other: &Self) -> bool {
        self.dimension == other.dimension
    }

    /// How many times as large as `other` it is. `None` where they are not comparable, or on overflow.
    pub fn ratio(&self, other: &Self) -> Option<Decimal> {
        if !self.is_comparable(other) {
            return None;
        }
        let factor = if self.factor == other.factor { Decimal::from(1) } else { self.factor.divide(other.factor)? };
        shifted(factor, self.power.checked_sub(other.power)?)
    }

    /// What to multiply a number of this unit and a number of `other` with, so that they compare without being rounded.
    pub fn weights(&self, other: &Self) -> Option<(Decimal, Decimal)> {
        if !self.is_comparable(other) {
            return None;
        }
        let power = self.power.checked_sub(other.power)?;
        Some((shifted(self.factor, power.max(0))?, shifted(other.factor, (-power).max(0))?))
    }

    fn combine(self, other: Self, sign: i8) -> Option<Self> {
        let factor = if sign > 0 { self.factor.multiply(other.factor)? } else { self.factor.divide(other.factor)? };
        let power = self.power.checked_add(i32::from(sign) * other.power)?;
        let mut dimension = self.dimension;
        for (mine, theirs) in dimension.iter_mut().zip(other.dimension) {
            *mine = mine.checked_add(theirs.checked_mul(sign)?)?;
        }
        Some(Measure { factor, power, dimension })
    }
}

fn shifted(number: Decimal, power: i32) -> Option<Decimal> {
    let ten = 10i128.checked_pow(power.unsigned_abs())?;
    if power >= 0 {
        number.multiply(Decimal::new(ten, 0)?)
    } else {
        number.multiply(Decimal::new(1, power.unsigned_abs())?)
    }
}

struct Reader<'c> {
    rest: &'c str,
}

impl Reader<'_> {
    fn skip(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn term(&mut self, depth: u32) -> Option<Measure> {
        let depth = depth.checked_sub(1)?;
        let mut total = Measure::one();
        let mut sign = if self.skip('/') { -1 } else { 1 };
        loop {
            let part = self.component(depth)?;
            total = total.combine(part, sign)?;
            sign = match self.rest.bytes().next() {
                Some(b'.') => 1,
                Some(b'/') => -1,
                _ => return Some(total),
            };
            self.rest = self.rest.get(1..)?;
        }
    }

    fn component(&mut self, depth: u32) -> Option<Measure> {
        if self.skip('(') {
            let inner = self.term(depth)?;
            return self.skip(')').then_some(inner);
        }
        if let Some(rest) = self.rest.strip_prefix('{') {
            self.rest = rest.split_once('}')?.1;
            return Some(Measure::one());
        }
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let number: i64 = self.rest.get(..digits)?.parse().ok().filter(|number| *number > 0)?;
            self.rest = self.rest.get(digits..)?;
            // `10*3` and `10^3` are powers of ten.
            if number == 10 && (self.rest.starts_with('*') || self.rest.starts_with('^')) {
                self.rest = self.rest.get(1..)?;
                return Some(Measure { power: self.exponent()?, ..Measure::one() });
            }
            return Some(Measure { factor: Decimal::from(number), ..Measure::one() });
        }
        let length = symbol_length(self.rest);
        let atom = atom(self.rest.get(..length)?)?;
        self.rest = self.rest.get(length..)?;
        let exponent = self.exponent().unwrap_or(1);
        if let Some(rest) = self.rest.strip_prefix('{') {
            self.rest = rest.split_once('}')?.1;
        }
        let mut total = Measure::one();
        for _ in 0..exponent.unsigned_abs().min(12) {
            total = total.combine(atom, if exponent < 0 { -1 } else { 1 })?;
        }
        Some(total)
    }

    fn exponent(&mut self) -> Option<i32> {
        let sign = usize::from(self.rest.starts_with(['-', '+']));
        let digits = self.rest.get(sign..)?.bytes().take_while(u8::is_ascii_digit).count();
        let exponent = self.rest.get(..sign + digits)?.parse().ok().filter(|exponent: &i32| exponent.abs() <= 24)?;
        self.rest = self.rest.get(sign + digits..)?;
        Some(exponent)
    }
}

/// The length of a unit's symbol, without its exponent: digits count only in brackets.
fn symbol_length(text: &str) -> usize {
    let mut bracket = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => bracket = true,
            b']' => bracket = false,
            _ if bracket => {}
            b'.' | b'/' | b'(' | b')' | b'{' | b'}' | b'+' | b'-' | b'0'..=b'9' => return at,
            _ => {}
        }
    }
    text.len()
}

fn find(code: &str) -> Option<(bool, Measure)> {
    let at = ATOMS.binary_search_by(|row| row.0.cmp(code)).ok()?;
    let (_, metric, factor, power, dimension) = *ATOMS.get(at)?;
    Some((metric, Measure { factor: Decimal::from(factor), power, dimension }))
}

fn atom(code: &str) -> Option<Measure> {
    if let Some((_, measure)) = find(code) {
        return Some(measure);
    }
    PREFIXES.iter().find_map(|(prefix, power)| {
        let (metric, measure) = find(code.strip_prefix(prefix)?)?;
        metric.then_some(Measure { power: measure.power + power, ..measure })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(ATOMS.is_sorted_by(|left, right| left.0 < right.0));
    }

    #[test]
    fn units_convert() {
        let table = [
            ("g", "mg", Some("1000")),
            ("[lb_av]", "kg", Some("0.45359237")),
            ("cm.m", "m2", Some("0.01")),
            ("mm[Hg]", "Pa", Some("133.322")),
            ("10*9/L", "/nL", Some("1")),
            ("mmol/L", "mol/m3", Some("1")),
            ("g", "m", None),
            ("{score}", "1", Some("1")),
        ];
        for (left, right, expected) in table {
            let (Some(a), Some(b)) = (Measure::parse(left), Measure::parse(right)) else { panic!("{left} {right}") };
            let ratio = a.ratio(&b).map(|ratio| ratio.trimmed().to_string());
            assert_eq!(ratio.as_deref(), expected, "{left} {right}");
        }
        for unknown in ["Cel", "[iU]", "", "m.", "((((((((((m))))))))))", "m/", "{", "µg"] {
            assert!(Measure::parse(unknown).is_none(), "{unknown}");
        }
    }
}
