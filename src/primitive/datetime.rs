//! Dates and times with the precision that they were written with, on the Gregorian calendar (STU3 2.24.0.1).

use super::{Invalid, suggest};
use std::cmp::Ordering;
use std::fmt;

/// A date, or as much of it as is known. A day is there only with its month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Date {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: Option<u8>,
    /// 1 to the month's last day.
    pub day: Option<u8>,
}

/// A time of day, or as much of it as is known. Seconds are there only with minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: Option<u8>,
    /// 0 to 59.
    pub second: Option<u8>,
    /// What follows the second, in units of 10⁻¹⁸ s; further digits are left out.
    pub fraction: u64,
    /// How many digits of the fraction were written.
    pub places: u8,
}

/// A date, a partial date, or a date with a time. The time is there only with a whole date, the offset only with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The date.
    pub date: Date,
    /// The time of day, at the offset.
    pub time: Option<Time>,
    /// Minutes that local time is ahead of UTC.
    pub offset: Option<i16>,
}

/// How many days a month has. Zero for a month that is none.
pub fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

/// The days from 1 January 1970 to a date of the Gregorian calendar.
pub fn days_from_date(year: u16, month: u8, day: u8) -> i64 {
    // The year is taken to start in March, so that the leap day is its last; 400 years have 146,097 days.
    let (year, month) = (i64::from(year), i64::from(month));
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date that is so many days from 1 January 1970, if its year is from 1 to 9999.
pub fn date_from_days(days: i64) -> Option<Date> {
    let days = days.checked_add(719_468)?;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = u8::try_from(of_year - (153 * shifted + 2) / 5 + 1).ok()?;
    let month = u8::try_from(if shifted < 10 { shifted + 3 } else { shifted - 9 }).ok()?;
    let year = u16::try_from(year_of_era + era * 400 + i64::from(month <= 2)).ok()?;
    (1..=9999).contains(&year).then_some(Date { year, month: Some(month), day: Some(day) })
}

/// Takes exactly `count` digits from the front.
fn digits(text: &mut &str, count: usize) -> Option<u16> {
    let number = text.get(..count).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
    *text = text.get(count..)?;
    number.parse().ok()
}

fn two(text: &mut &str, most: u8) -> Option<u8> {
    digits(text, 2).and_then(|number| u8::try_from(number).ok()).filter(|number| *number <= most)
}

fn take(text: &mut &str, prefix: char) -> bool {
    match text.strip_prefix(prefix) {
        Some(rest) => {
            *text = rest;
            true
        }
        None => false,
    }
}

impl Date {
    /// Reads `2019`, `2019-02` or `2019-02-13`; the day must exist.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        Date::front(&mut rest).filter(|_| rest.is_empty())
    }

    fn front(text: &mut &str) -> Option<Self> {
        let year = digits(text, 4).filter(|year| *year > 0)?;
        let mut date = Date { year, month: None, day: None };
        if take(text, '-') {
            let month = two(text, 12).filter(|month| *month > 0)?;
            date.month = Some(month);
            if take(text, '-') {
                date.day = Some(two(text, days_in_month(year, month)).filter(|day| *day > 0)?);
            }
        }
        Some(date)
    }

    /// The days from 1 January 1970, for a whole date.
    pub fn days(&self) -> Option<i64> {
        Some(days_from_date(self.year, self.month?, self.day?))
    }
}

impl Time {
    /// Reads `10`, `10:30`, `10:30:00` or `10:30:00.000`. FHIR asks for the seconds, FHIRPath does not.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        Time::front(&mut rest).filter(|_| rest.is_empty())
    }

    fn front(text: &mut &str) -> Option<Self> {
        let mut time = Time { hour: two(text, 23)?, minute: None, second: None, fraction: 0, places: 0 };
        if !take(text, ':') {
            return Some(time);
        }
        time.minute = Some(two(text, 59)?);
        if !take(text, ':') {
            return Some(time);
        }
        time.second = Some(two(text, 59)?);
        if take(text, '.') {
            let length = text.bytes().take_while(u8::is_ascii_digit).count();
            let (fraction, rest) = text.split_at_checked(length).filter(|_| length > 0)?;
            *text = rest;
            let kept = fraction.get(..18).unwrap_or(fraction);
            time.fraction = format!("{kept:0<18}").parse().ok()?;
            time.places = u8::try_from(length).unwrap_or(u8::MAX);
        }
        Some(time)
    }

    fn attoseconds(&self) -> i64 {
        // A fraction is below 10¹⁸, which fits.
        i64::try_from(self.fraction).unwrap_or(i64::MAX)
    }

    /// The order of two times; `None` where their precision leaves it open, as it is for `10:30` and `10:30:15`.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        fields(&[
            (Some(i64::from(self.hour)), Some(i64::from(other.hour))),
            (self.minute.map(i64::from), other.minute.map(i64::from)),
            (self.second.map(i64::from), other.second.map(i64::from)),
            (Some(self.attoseconds()), Some(other.attoseconds())),
        ])
    }
}

/// Compares from the largest unit down, until one side is not known further.
fn fields(pairs: &[(Option<i64>, Option<i64>)]) -> Option<Ordering> {
    for pair in pairs {
        match pair {
            (Some(left), Some(right)) if left == right => {}
            (Some(left), Some(right)) => return Some(left.cmp(right)),
            (None, None) => break,
            _ => return None,
        }
    }
    Some(Ordering::Equal)
}

impl DateTime {
    /// Reads a date, a partial date, or a date with a time and perhaps an offset, as FHIRPath has them. What FHIR asks for
    /// beyond that (seconds, an offset) is for [`super::check`].
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let date = Date::front(&mut rest)?;
        let mut out = DateTime { date, time: None, offset: None };
        if date.day.is_some() && take(&mut rest, 'T') {
            out.time = Some(Time::front(&mut rest)?);
            if take(&mut rest, 'Z') {
                out.offset = Some(0);
            } else if let Some(sign @ (b'+' | b'-')) = rest.bytes().next() {
                rest = rest.get(1..)?;
                let hours = i16::from(two(&mut rest, 14)?);
                let minutes = if take(&mut rest, ':') { i16::from(two(&mut rest, 59)?) } else { return None };
                let offset = hours * 60 + minutes;
                if offset > 14 * 60 {
                    return None;
                }
                out.offset = Some(if sign == b'-' { -offset } else { offset });
            }
        }
        rest.is_empty().then_some(out)
    }

    /// Minutes of local time from 1 January 1970, if the minute is known.
    fn minutes(&self) -> Option<i64> {
        let time = self.time?;
        Some(self.date.days()? * 1_440 + i64::from(time.hour) * 60 + i64::from(time.minute?))
    }

    /// The seconds from 1 January 1970, 00:00 UTC, if the time and its offset are known; without the fraction.
    pub fn seconds(&self) -> Option<i64> {
        let offset = i64::from(self.offset?);
        Some((self.minutes()? - offset) * 60 + i64::from(self.time?.second?))
    }

    /// The order of two moments; `None` where it is open: one is known less precisely than the other and they agree as
    /// far as it goes, or only one has an offset and they are too near to each other to tell. A date without a time is
    /// compared with the date that was written, wherever that was.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        let second = |value: &Self| value.time.and_then(|time| time.second).map(i64::from);
        let fraction = |value: &Self| value.time.map(|time| time.attoseconds());
        if let (Some(left), Some(right)) = (self.minutes(), other.minutes()) {
            let rest = [(second(self), second(other)), (fraction(self), fraction(other))];
            let shift = match (self.offset, other.offset) {
                (Some(left), Some(right)) => Some(i64::from(right) - i64::from(left)),
                (None, None) => Some(0),
                _ => None,
            };
            return match shift {
                Some(shift) => fields(&[(Some(left + shift), Some(right)), rest[0], rest[1]]),
                // No place is further from UTC than 14 hours, and the known offset is used up to that far too.
                None if (left - right).abs() > 28 * 60 => Some(left.cmp(&right)),
                None => None,
            };
        }
        let date =
            |value: &Self| [Some(value.date.year), value.date.month.map(u16::from), value.date.day.map(u16::from)];
        let (left, right) = (date(self), date(other));
        let mut pairs: Vec<_> =
            left.into_iter().zip(right).map(|(left, right)| (left.map(i64::from), right.map(i64::from))).collect();
        let hour = |value: &Self| value.time.map(|time| i64::from(time.hour));
        let minute = |value: &Self| value.time.and_then(|time| time.minute).map(i64::from);
        pairs.push((hour(self), hour(other)));
        pairs.push((minute(self), minute(other)));
        fields(&pairs)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.hour)?;
        if let Some(minute) = self.minute {
            write!(f, ":{minute:02}")?;
        }
        if let Some(second) = self.second {
            write!(f, ":{second:02}")?;
        }
        if self.places > 0 {
            let digits = format!("{:018}", self.fraction);
            write!(f, ".{}", digits.get(..usize::from(self.places)).unwrap_or(&digits))?;
        }
        Ok(())
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        if let Some(time) = self.time {
            write!(f, "T{time}")?;
        }
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
            }
        }
    }
}

/// A date without the sign that years before the common era have: STU3's expressions allow one. Times of birth and death of
/// patients have none, so that nothing else here reckons with it.
fn unsigned(text: &str) -> &str {
    text.strip_prefix('-').unwrap_or(text)
}

pub(super) fn check_date(text: &str) -> Result<(), Invalid> {
    Date::parse(unsigned(text)).map(|_| ()).ok_or_else(|| suggest::explain(text, suggest::Target::Date))
}

pub(super) fn check_date_time(text: &str) -> Result<(), Invalid> {
    match DateTime::parse(unsigned(text)) {
        Some(DateTime { time: None, .. }) => Ok(()),
        Some(DateTime { time: Some(Time { second: Some(_), .. }), offset: Some(_), .. }) => Ok(()),
        _ => Err(suggest::explain(text, suggest::Target::DateTime)),
    }
}

pub(super) fn check_instant(text: &str) -> Result<(), Invalid> {
    match DateTime::parse(text) {
        Some(DateTime { time: Some(Time { second: Some(_), .. }), offset: Some(_), .. }) => Ok(()),
        _ => Err(suggest::explain(text, suggest::Target::Instant)),
    }
}

pub(super) fn check_time(text: &str) -> Result<(), Invalid> {
    match Time::parse(text) {
        Some(Time { second: Some(_), .. }) => Ok(()),
        _ => Err(suggest::explain(text, suggest::Target::Time)),
    }
}
