//! Dates, times of day and both together, each as exact as it was written.

use super::decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;

/// Which of FHIRPath's three types it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A date, or a part of one.
    Date,
    /// A date with, possibly, a time of day.
    DateTime,
    /// A time of day.
    Time,
}

/// The last part that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Precision {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Fraction,
}

/// A date, a time of day, or both.
#[derive(Clone, Copy, Debug)]
pub struct Temporal {
    /// Which type it is.
    pub kind: Kind,
    /// The last part that was written.
    pub precision: Precision,
    /// Year, 1 to 9999 (0 in a time).
    pub year: i32,
    /// Month, from 1.
    pub month: u32,
    /// Day, from 1.
    pub day: u32,
    /// Hour.
    pub hour: u32,
    /// Minute.
    pub minute: u32,
    /// Second; 60 is a leap second.
    pub second: u32,
    /// Nanoseconds.
    pub nanos: u32,
    /// Minutes east of Greenwich, where written.
    pub offset: Option<i32>,
}

/// A calendar unit that a date or time can be moved by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Unit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

impl Unit {
    /// The calendar unit of this name, one or many of it.
    pub fn from_word(word: &str) -> Option<Unit> {
        Some(match word {
            "year" | "years" => Unit::Year,
            "month" | "months" => Unit::Month,
            "week" | "weeks" => Unit::Week,
            "day" | "days" => Unit::Day,
            "hour" | "hours" => Unit::Hour,
            "minute" | "minutes" => Unit::Minute,
            "second" | "seconds" => Unit::Second,
            "millisecond" | "milliseconds" => Unit::Millisecond,
            _ => return None,
        })
    }
}

const DAY: i64 = 86_400_000_000_000;

/// Days since 1970-01-01 of a day in the Gregorian calendar.
fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month = i64::from(month);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month + 2) / 5 + 1) as u32;
    let month = if month < 10 { month + 3 } else { month - 9 } as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Reads exactly `length` digits.
fn number(text: &mut &str, length: usize) -> Option<u32> {
    let digits = text.get(..length)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    *text = text.get(length..)?;
    digits.parse().ok()
}

fn skip(text: &mut &str, wanted: char) -> bool {
    match text.strip_prefix(wanted) {
        Some(rest) => {
            *text = rest;
            true
        }
        None => false,
    }
}

impl Temporal {
    fn empty(kind: Kind, precision: Precision) -> Self {
        let (month, day) = (1, 1);
        Temporal { kind, precision, year: 0, month, day, hour: 0, minute: 0, second: 0, nanos: 0, offset: None }
    }

    /// Reads a date or a dateTime as FHIR writes it: `2015`, `2015-02`, `2015-02-04`, `2015-02-04T14:34:28.123+01:00`. As
    /// FHIRPath allows, the time may stop after the hour or be left out after its `T`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let mut out = Temporal::empty(Kind::Date, Precision::Year);
        out.year = number(&mut rest, 4)? as i32;
        if out.year == 0 {
            return None;
        }
        if skip(&mut rest, '-') {
            out.month = number(&mut rest, 2)?;
            out.precision = Precision::Month;
            if !(1..=12).contains(&out.month) {
                return None;
            }
            if skip(&mut rest, '-') {
                out.day = number(&mut rest, 2)?;
                out.precision = Precision::Day;
                if !(1..=days_in_month(out.year, out.month)).contains(&out.day) {
                    return None;
                }
            }
        }
        if skip(&mut rest, 'T') {
            out.kind = Kind::DateTime;
            if !rest.is_empty() {
                if out.precision != Precision::Day {
                    return None;
                }
                out.read_time(&mut rest)?;
                out.offset = read_offset(&mut rest)?;
            }
        }
        rest.is_empty().then_some(out)
    }

    /// Reads a date or a dateTime of the resource, whose year may have a sign.
    pub fn parse_signed(text: &str) -> Option<Self> {
        match text.strip_prefix('-') {
            Some(rest) => Temporal::parse(rest).map(|found| Temporal { year: -found.year, ..found }),
            None => Temporal::parse(text),
        }
    }

    /// Reads a time of day, without a `T` before it.
    pub fn parse_time(text: &str) -> Option<Self> {
        let mut rest = text;
        let mut out = Temporal::empty(Kind::Time, Precision::Hour);
        out.read_time(&mut rest)?;
        rest.is_empty().then_some(out)
    }

    fn read_time(&mut self, rest: &mut &str) -> Option<()> {
        self.hour = number(rest, 2)?;
        self.precision = Precision::Hour;
        if skip(rest, ':') {
            self.minute = number(rest, 2)?;
            self.precision = Precision::Minute;
            if skip(rest, ':') {
                self.second = number(rest, 2)?;
                self.precision = Precision::Second;
                if skip(rest, '.') {
                    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
                    let digits = rest.get(..length).filter(|digits| !digits.is_empty())?;
                    let nanos: String = digits.chars().chain("000000000".chars()).take(9).collect();
                    self.nanos = nanos.parse().ok()?;
                    self.precision = Precision::Fraction;
                    *rest = rest.get(length..)?;
                }
            }
        }
        (self.hour < 24 && self.minute < 60 && self.second <= 60).then_some(())
    }

    /// The date that a dateTime is on, or a date itself.
    pub fn date(self) -> Option<Self> {
        let precision = self.precision.min(Precision::Day);
        let date =
            Temporal { kind: Kind::Date, precision, hour: 0, minute: 0, second: 0, nanos: 0, offset: None, ..self };
        (self.kind != Kind::Time).then_some(date)
    }

    /// The time of day of a dateTime that has one.
    pub fn time(self) -> Option<Self> {
        let time = Temporal { kind: Kind::Time, year: 0, month: 1, day: 1, offset: None, ..self };
        (self.kind == Kind::DateTime && self.precision >= Precision::Hour).then_some(time)
    }

    /// The same as another type, where a date becomes a dateTime.
    pub fn to_date_time(self) -> Option<Self> {
        (self.kind != Kind::Time).then_some(Temporal { kind: Kind::DateTime, ..self })
    }

    /// FHIRPath's precision: how many digits it was written with.
    pub fn digits(self) -> i64 {
        let base = match self.precision {
            Precision::Year => 4,
            Precision::Month => 6,
            Precision::Day => 8,
            Precision::Hour => 10,
            Precision::Minute => 12,
            Precision::Second => 14,
            Precision::Fraction => 17,
        };
        if self.kind == Kind::Time { base - 8 } else { base }
    }

    fn days(self) -> i64 {
        if self.kind == Kind::Time { 0 } else { days_from_civil(self.year, self.month, self.day) }
    }

    fn nanos_of_day(self) -> i64 {
        let seconds = i64::from(self.hour) * 3_600 + i64::from(self.minute) * 60 + i64::from(self.second);
        seconds * 1_000_000_000 + i64::from(self.nanos)
    }

    fn with_instant(mut self, days: i64, nanos: i64) -> Option<Self> {
        // Far more days than the years 1 to 9999 have would overflow the calendar's arithmetic.
        let days = days.checked_add(nanos.div_euclid(DAY)).filter(|days| days.abs() < 10_000_000)?;
        let nanos = nanos.rem_euclid(DAY);
        if self.kind != Kind::Time {
            let (year, month, day) = civil_from_days(days);
            if !(1..=9999).contains(&year) {
                return None;
            }
            (self.year, self.month, self.day) = (year as i32, month, day);
        }
        let seconds = nanos / 1_000_000_000;
        self.hour = (seconds / 3_600) as u32;
        self.minute = (seconds / 60 % 60) as u32;
        self.second = (seconds % 60) as u32;
        self.nanos = (nanos % 1_000_000_000) as u32;
        Some(self)
    }

    fn utc(self) -> Option<Self> {
        match self.offset {
            Some(offset) if self.precision >= Precision::Hour => {
                self.with_instant(self.days(), self.nanos_of_day() - i64::from(offset) * 60_000_000_000)
            }
            _ => Some(self),
        }
    }

    fn part(self, precision: Precision) -> i64 {
        match precision {
            Precision::Year => i64::from(self.year),
            Precision::Month => i64::from(self.month),
            Precision::Day => i64::from(self.day),
            Precision::Hour => i64::from(self.hour),
            Precision::Minute => i64::from(self.minute),
            // Seconds and their fraction count as one precision.
            _ => i64::from(self.second) * 1_000_000_000 + i64::from(self.nanos),
        }
    }

    /// The order of two of them; `None` where it depends on a part that one of them does not have, or on its time zone.
    /// Asking to compare a time of day with a date gives `None` too.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        if (self.kind == Kind::Time) != (other.kind == Kind::Time) {
            return None;
        }
        let timed = |value: &Temporal| value.precision >= Precision::Hour;
        let (left, right) = if timed(&self) && timed(&other) && self.offset.is_some() != other.offset.is_some() {
            // One of them has no time zone: their order is sure when they are more than a day apart.
            let apart = (self.days() - other.days()).abs();
            if apart > 1 {
                return Some(self.days().cmp(&other.days()));
            }
            return None;
        } else if timed(&self) && timed(&other) {
            (self.utc()?, other.utc()?)
        } else {
            (self, other)
        };
        let all =
            [Precision::Year, Precision::Month, Precision::Day, Precision::Hour, Precision::Minute, Precision::Second];
        let last = |value: &Temporal| value.precision.min(Precision::Second);
        for part in all.into_iter().skip(if left.kind == Kind::Time { 3 } else { 0 }) {
            match (part <= last(&left), part <= last(&right)) {
                (true, true) => match left.part(part).cmp(&right.part(part)) {
                    Ordering::Equal => {}
                    order => return Some(order),
                },
                (false, false) => break,
                _ => return None,
            }
        }
        Some(Ordering::Equal)
    }

    /// Moves by a calendar quantity. `None` where the result is not within the years 1 to 9999, or where a time of day is
    /// moved by days or more. A unit finer than the value is turned into the value's own, cut off.
    pub fn plus(self, amount: Decimal, unit: Unit) -> Option<Self> {
        let whole = i64::try_from(amount.truncate(0)?.floor()?).ok()?;
        if self.kind == Kind::Time && unit < Unit::Hour {
            return None;
        }
        match unit {
            Unit::Year => self.plus_months(whole.checked_mul(12)?),
            Unit::Month if self.precision == Precision::Year => self.plus_months(whole / 12 * 12),
            Unit::Month => self.plus_months(whole),
            Unit::Week => self.plus_days(whole.checked_mul(7)?),
            Unit::Day => self.plus_days(whole),
            Unit::Hour => self.plus_nanos(whole.checked_mul(3_600_000_000_000)?),
            Unit::Minute => self.plus_nanos(whole.checked_mul(60_000_000_000)?),
            // Only seconds have a fraction that counts.
            Unit::Second => self.plus_nanos(nanos(amount, 1_000_000_000)?),
            Unit::Millisecond => self.plus_nanos(nanos(amount, 1_000_000)?),
        }
    }

    fn plus_months(mut self, months: i64) -> Option<Self> {
        let all = (i64::from(self.year) * 12 + i64::from(self.month) - 1).checked_add(months)?;
        let year = i32::try_from(all.div_euclid(12)).ok().filter(|year| (1..=9999).contains(year))?;
        self.year = year;
        self.month = all.rem_euclid(12) as u32 + 1;
        self.day = self.day.min(days_in_month(year, self.month));
        Some(self)
    }

    fn plus_days(self, days: i64) -> Option<Self> {
        match self.precision {
            Precision::Year => self.plus_months(days / 365 * 12),
            Precision::Month => self.plus_months(days / 30),
            _ => self.with_instant(self.days().checked_add(days)?, self.nanos_of_day()),
        }
    }

    fn plus_nanos(self, nanos: i64) -> Option<Self> {
        if self.kind != Kind::Time && self.precision <= Precision::Day {
            return self.plus_days(nanos / DAY);
        }
        let unit = match self.precision {
            Precision::Hour => 3_600_000_000_000,
            Precision::Minute => 60_000_000_000,
            Precision::Second if nanos % 1_000_000_000 != 0 => 1,
            _ => 1,
        };
        let nanos = nanos / unit * unit;
        let mut moved = self.with_instant(self.days().checked_add(nanos / DAY)?, self.nanos_of_day() + nanos % DAY)?;
        if moved.nanos != 0 {
            moved.precision = Precision::Fraction;
        }
        Some(moved)
    }

    /// The first or the last instant that would be written like this, with `digits` digits of it (see [`Self::digits`]).
    pub fn boundary(self, high: bool, digits: i64) -> Option<Self> {
        let mut out = self;
        let digits = if self.kind == Kind::Time { digits.checked_add(8)? } else { digits };
        let wanted = match digits {
            4 => Precision::Year,
            6 => Precision::Month,
            8 => Precision::Day,
            10 => Precision::Hour,
            12 => Precision::Minute,
            14 => Precision::Second,
            17 => Precision::Fraction,
            _ => return None,
        };
        let open = |part: Precision| part > self.precision;
        if high {
            if open(Precision::Month) {
                out.month = 12;
            }
            if open(Precision::Day) {
                out.day = days_in_month(out.year, out.month);
            }
            if open(Precision::Hour) {
                out.hour = 23;
            }
            if open(Precision::Minute) {
                out.minute = 59;
            }
            if open(Precision::Second) {
                out.second = 59;
            }
            if open(Precision::Fraction) {
                out.nanos = 999_000_000;
            }
        }
        if self.kind == Kind::Date && wanted > Precision::Day {
            out.kind = Kind::DateTime;
        }
        if out.kind == Kind::DateTime && wanted >= Precision::Hour && out.offset.is_none() {
            // The earliest zone has the first of instants, the latest the last.
            out.offset = Some(if high { -12 * 60 } else { 14 * 60 });
        }
        if wanted < Precision::Hour {
            out.offset = None;
        }
        out.precision = wanted;
        Some(out)
    }
}

fn nanos(amount: Decimal, factor: i64) -> Option<i64> {
    i64::try_from(amount.multiply(Decimal::from(factor))?.truncate(0)?.floor()?).ok()
}

/// Reads `Z`, `+hh:mm`, `-hh:mm` or nothing; `None` for anything else.
fn read_offset(rest: &mut &str) -> Option<Option<i32>> {
    if rest.is_empty() {
        return Some(None);
    }
    if skip(rest, 'Z') {
        return Some(Some(0));
    }
    let sign = if skip(rest, '+') {
        1
    } else if skip(rest, '-') {
        -1
    } else {
        return None;
    };
    let hours = number(rest, 2)?;
    if !skip(rest, ':') {
        return None;
    }
    let minutes = number(rest, 2)?;
    (hours <= 14 && minutes < 60).then_some(Some(sign * (hours * 60 + minutes) as i32))
}

impl fmt::Display for Temporal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind != Kind::Time {
            write!(f, "{:04}", self.year)?;
            if self.precision >= Precision::Month {
                write!(f, "-{:02}", self.month)?;
            }
            if self.precision >= Precision::Day {
                write!(f, "-{:02}", self.day)?;
            }
            if self.precision >= Precision::Hour {
                f.write_str("T")?;
            }
        }
        if self.precision >= Precision::Hour {
            write!(f, "{:02}", self.hour)?;
        }
        if self.precision >= Precision::Minute {
            write!(f, ":{:02}", self.minute)?;
        }
        if self.precision >= Precision::Second {
            write!(f, ":{:02}", self.second)?;
        }
        if self.precision >= Precision::Fraction {
            if self.nanos % 1_000_000 == 0 {
                write!(f, ".{:03}", self.nanos / 1_000_000)?;
            } else {
                write!(f, ".{}", format!("{:09}", self.nanos).trim_end_matches('0'))?;
            }
        }
        match self.offset {
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
            }
            None => Ok(()),
        }
    }
}
