//! Dates, times and ages, by the NHS Common User Interface rules for clinicians and the service manual's for patients.
//! Everything is worked out from the text: nothing is converted to another time zone.

use crate::primitive::MONTHS;
use std::fmt::Write;

/// A clock time as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// 0 to 24.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 60, where recorded.
    pub second: Option<u32>,
    /// The digits after the decimal point, as written.
    pub fraction: String,
    /// `Z` or `+01:00`, as written.
    pub offset: Option<String>,
}

/// A FHIR date, dateTime or instant, with just the precision that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The year.
    pub year: i64,
    /// 1 to 12.
    pub month: Option<u32>,
    /// 1 to 31.
    pub day: Option<u32>,
    /// The time of day.
    pub clock: Option<Clock>,
}

/// Exactly `length` digits at the start of the text.
fn digits(text: &str, length: usize) -> Option<(u32, &str)> {
    let (head, rest) = text.split_at_checked(length)?;
    if !head.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((head.parse().ok()?, rest))
}

/// How many days a month has.
fn month_length(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1 March of year 0, in the calendar of today.
fn day_number(year: i64, month: u32, day: u32) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let month = i64::from(month);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year
}

impl Clock {
    /// Reads `hh:mm`, `hh:mm:ss.fff` and an offset.
    pub fn parse(text: &str) -> Option<Clock> {
        let (hour, rest) = digits(text, 2)?;
        let (minute, mut rest) = digits(rest.strip_prefix(':')?, 2)?;
        let mut second = None;
        let mut fraction = String::new();
        if let Some(after) = rest.strip_prefix(':') {
            let (value, after) = digits(after, 2)?;
            second = Some(value);
            rest = after;
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
                let (head, tail) = after.split_at_checked(end)?;
                if head.is_empty() {
                    return None;
                }
                fraction = head.to_owned();
                rest = tail;
            }
        }
        let offset = match rest {
            "" => None,
            "Z" => Some("Z".to_owned()),
            _ => {
                let (hours, tail) = digits(rest.strip_prefix(['+', '-'])?, 2)?;
                let (minutes, tail) = digits(tail.strip_prefix(':')?, 2)?;
                if hours > 14 || minutes > 59 || !tail.is_empty() {
                    return None;
                }
                Some(rest.to_owned())
            }
        };
        let valid = hour < 24 && minute < 60 && second.is_none_or(|s| s <= 60);
        valid.then_some(Clock { hour, minute, second, fraction, offset })
    }

    /// `14:30`, with seconds only where they are not zero: D+Tb-0001 to 0012.
    pub fn clinical(&self) -> String {
        let mut out = format!("{:02}:{:02}", self.hour, self.minute);
        self.push_seconds(&mut out);
        out
    }

    fn push_seconds(&self, out: &mut String) {
        let fraction = self.fraction.trim_end_matches('0');
        let second = self.second.unwrap_or(0);
        if second > 0 || !fraction.is_empty() {
            let _ = write!(out, ":{second:02}");
        }
        if !fraction.is_empty() {
            let _ = write!(out, ".{}", self.fraction);
        }
    }

    /// `2:30pm`, `5pm`, `midday`, `midnight`.
    pub fn patient(&self) -> String {
        let exact = self.minute == 0 && self.second.unwrap_or(0) == 0 && self.fraction.trim_matches('0').is_empty();
        match (self.hour, exact) {
            (0, true) => return "midnight".to_owned(),
            (12, true) => return "midday".to_owned(),
            _ => {}
        }
        let hour = if self.hour % 12 == 0 { 12 } else { self.hour % 12 };
        let mut out = hour.to_string();
        if !exact {
            let _ = write!(out, ":{:02}", self.minute);
            self.push_seconds(&mut out);
        }
        out.push_str(if self.hour < 12 { "am" } else { "pm" });
        out
    }

    /// The offset from UTC in minutes.
    fn offset_minutes(&self) -> Option<i64> {
        let offset = self.offset.as_deref()?;
        if offset == "Z" {
            return Some(0);
        }
        let (hours, rest) = digits(offset.get(1..)?, 2)?;
        let (minutes, _) = digits(rest.strip_prefix(':')?, 2)?;
        let total = i64::from(hours * 60 + minutes);
        Some(if offset.starts_with('-') { -total } else { total })
    }
}

impl Moment {
    /// Reads a FHIR date, dateTime or instant; `None` for anything else, which is then shown as received.
    pub fn parse(text: &str) -> Option<Moment> {
        let (date, clock) = match text.split_once('T') {
            Some((date, clock)) => (date, Some(Clock::parse(clock)?)),
            None => (text, None),
        };
        let (year, rest) = digits(date, 4)?;
        let mut moment = Moment { year: i64::from(year), month: None, day: None, clock };
        if !rest.is_empty() {
            let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
            if !(1..=12).contains(&month) {
                return None;
            }
            moment.month = Some(month);
            if !rest.is_empty() {
                let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
                if !rest.is_empty() || day == 0 || day > month_length(moment.year, month) {
                    return None;
                }
                moment.day = Some(day);
            }
        }
        (moment.clock.is_none() || moment.day.is_some()).then_some(moment)
    }

    fn month_name(&self) -> &'static str {
        self.month.and_then(|month| MONTHS.get(month.checked_sub(1)? as usize)).copied().unwrap_or("")
    }

    /// `05-Apr-2008 14:30`: D+Ta-0002 to 0018. A partial date is shown as far as it goes: `Apr-2008`, `2008`.
    pub fn clinical(&self) -> String {
        let mut out = self.clinical_date();
        if let Some(clock) = &self.clock {
            let _ = write!(out, " {}", clock.clinical());
            self.push_offset(&mut out);
        }
        out
    }

    /// The date alone, `05-Apr-2008`.
    pub fn clinical_date(&self) -> String {
        let month = self.month_name().get(..3).unwrap_or("");
        match (self.month, self.day) {
            (Some(_), Some(day)) => format!("{day:02}-{month}-{:04}", self.year),
            (Some(_), None) => format!("{month}-{:04}", self.year),
            _ => format!("{:04}", self.year),
        }
    }

    /// `5 April 2008 at 2:30pm`: the service manual's content guide.
    pub fn patient(&self) -> String {
        let month = self.month_name();
        let mut out = match (self.month, self.day) {
            (Some(_), Some(day)) => format!("{day} {month} {:04}", self.year),
            (Some(_), None) => format!("{month} {:04}", self.year),
            _ => format!("{:04}", self.year),
        };
        if let Some(clock) = &self.clock {
            let _ = write!(out, " at {}", clock.patient());
            self.push_offset(&mut out);
        }
        out
    }

    /// The offset is shown where it is not what clocks in the United Kingdom showed at that instant.
    fn push_offset(&self, out: &mut String) {
        let Some(clock) = &self.clock else { return };
        let (Some(offset), Some(minutes)) = (&clock.offset, clock.offset_minutes()) else { return };
        if self.london_minutes(minutes) != Some(minutes) {
            let _ = write!(out, " (UTC{})", if offset == "Z" { "" } else { offset });
        }
    }

    /// The offset of Europe/London at this instant. The rule of today (last Sunday of March to last Sunday of October,
    /// 01:00 UTC) holds since 1996; before that it is not known here, so that the offset is always shown.
    fn london_minutes(&self, offset: i64) -> Option<i64> {
        let (month, day, clock) = (self.month?, self.day?, self.clock.as_ref()?);
        if self.year < 1996 {
            return None;
        }
        let minutes = |month: u32, day: u32| day_number(self.year, month, day) * 1440;
        let instant = minutes(month, day) + i64::from(clock.hour * 60 + clock.minute) - offset;
        // Day 0 of the count, 1 March of year 0, was a Wednesday.
        let last_sunday = |month: u32| {
            let last = day_number(self.year, month, 31);
            (last - (last + 3).rem_euclid(7)) * 1440 + 60
        };
        Some(if instant >= last_sunday(3) && instant < last_sunday(10) { 60 } else { 0 })
    }

    /// The age at `at` by the patient banner's table 7: `27d`, `4w 1d`, `12m 8d`, `4y 1m`, `61y`. Where either date is
    /// partial, an age in years with "about". `None` where `at` is before the birth.
    pub fn age_at(&self, at: &Moment) -> Option<String> {
        let (Some(month), Some(day), Some(at_month), Some(at_day)) = (self.month, self.day, at.month, at.day) else {
            let years = at.year.checked_sub(self.year)?;
            return match years {
                0 => Some("under 1y".to_owned()),
                1.. if self.month.is_some() && at.month.is_some() && at.month != self.month => {
                    let years = if at.month < self.month { years - 1 } else { years };
                    Some(if years == 0 { "under 1y".to_owned() } else { format!("{years}y") })
                }
                1.. => Some(format!("{} or {years}y", years - 1)),
                _ => None,
            };
        };
        let days = day_number(at.year, at_month, at_day) - day_number(self.year, month, day);
        if days < 0 {
            return None;
        }
        if let (Some(born), Some(then)) = (&self.clock, &at.clock) {
            let minutes =
                |clock: &Clock| i64::from(clock.hour * 60 + clock.minute) - clock.offset_minutes().unwrap_or(0);
            let age = days * 1440 + minutes(then) - minutes(born);
            match age {
                ..0 => return None,
                0..120 => return Some(format!("{age}min")),
                120..2880 => return Some(format!("{}hrs", age / 60)),
                _ => {}
            }
        }
        let months = (at.year - self.year) * 12 + i64::from(at_month) - i64::from(month);
        let months = if at_day < day { months - 1 } else { months };
        let pair = |one: i64, first: &str, two: i64, second: &str| match (one, two) {
            (0, _) => format!("{two}{second}"),
            (_, 0) => format!("{one}{first}"),
            _ => format!("{one}{first} {two}{second}"),
        };
        Some(match (days, months) {
            (0..28, _) => format!("{days}d"),
            (_, ..12) => pair(days / 7, "w", days % 7, "d"),
            (_, 12..24) => {
                // The days since the last whole month.
                let (mut year, mut last) = (at.year, at_month);
                if at_day < day {
                    (year, last) = if last == 1 { (year - 1, 12) } else { (year, last - 1) };
                }
                let from = day_number(year, last, day.min(month_length(year, last)));
                pair(months, "m", day_number(at.year, at_month, at_day) - from, "d")
            }
            (_, 24..216) => pair(months / 12, "y", months % 12, "m"),
            _ => format!("{}y", months / 12),
        })
    }
}
