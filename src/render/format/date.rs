//! Dates, times and ages, by the NHS Common User Interface rules for clinicians and the service manual's for patients.
//! Everything is worked out from the text. An instant whose clock is not that of the United Kingdom keeps it, with UK time
//! beside it for clinicians; patients, who keep appointments by it, read UK time (named in the model's documentation).

use crate::primitive::MONTHS;
use crate::render::language::Language;
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

/// The year, month and day of a number of days since 1 March of year 0.
fn from_day_number(days: i64) -> (i64, u32, u32) {
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let shifted = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(shifted <= 2);
    (year, u32::try_from(shifted).unwrap_or(1), u32::try_from(day).unwrap_or(1))
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
    pub fn patient(&self, language: Language) -> String {
        let exact = self.minute == 0 && self.second.unwrap_or(0) == 0 && self.fraction.trim_matches('0').is_empty();
        match (self.hour, exact) {
            (0, true) => return language.say("midnight"),
            (12, true) => return language.say("midday"),
            _ => {}
        }
        let hour = if self.hour % 12 == 0 { 12 } else { self.hour % 12 };
        let mut out = hour.to_string();
        if !exact {
            let _ = write!(out, ":{:02}", self.minute);
            self.push_seconds(&mut out);
        }
        out.push_str(&language.say(if self.hour < 12 { "am" } else { "pm" }));
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
            let _ = write!(out, " {}{}", clock.clinical(), self.offset_words());
        }
        out
    }

    /// What clocks in the United Kingdom showed at this instant, where the recorded one is another: ` (10:00 UK time)`.
    pub fn uk_words(&self, language: Language) -> String {
        let Some(uk) = self.uk() else { return String::new() };
        let clock = uk.clock.as_ref().map(Clock::clinical).unwrap_or_default();
        let same_day = (uk.year, uk.month, uk.day) == (self.year, self.month, self.day);
        let when = if same_day { clock } else { format!("{} {clock}", uk.clinical_date()) };
        format!(" ({})", language.fill("{} UK time", &[&when]))
    }

    /// This instant by the clocks of the United Kingdom, where it was recorded by another. Before 1972 that is not known.
    pub fn uk(&self) -> Option<Moment> {
        let clock = self.clock.as_ref()?;
        let offset = clock.offset_minutes()?;
        let uk = self.london_minutes(offset).filter(|uk| *uk != offset)?;
        let (month, day) = (self.month?, self.day?);
        let minutes = i64::from(clock.hour * 60 + clock.minute) - offset + uk;
        let (year, month, day) = from_day_number(day_number(self.year, month, day) + minutes.div_euclid(1440));
        let minutes = minutes.rem_euclid(1440);
        let clock = Clock {
            hour: u32::try_from(minutes / 60).ok()?,
            minute: u32::try_from(minutes % 60).ok()?,
            offset: Some(if uk == 60 { "+01:00" } else { "Z" }.to_owned()),
            ..clock.clone()
        };
        Some(Moment { year, month: Some(month), day: Some(day), clock: Some(clock) })
    }

    /// `BST` or `GMT` in the hour that clocks show twice, when summer time ends.
    fn repeated_hour(&self) -> Option<&'static str> {
        let offset = self.clock.as_ref()?.offset_minutes()?;
        let uk = self.london_minutes(offset).filter(|uk| *uk == offset)?;
        let other = |minutes: i64| self.london_minutes(minutes);
        match uk {
            60 => (other(0) == Some(0)).then_some("BST"),
            _ => (other(60) == Some(60)).then_some("GMT"),
        }
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
    pub fn patient(&self, language: Language) -> String {
        if let Some(uk) = self.uk() {
            let words = language.fill("{} (UK time)", &[&uk.patient(language)]);
            return words;
        }
        let date = self.patient_date(language);
        match &self.clock {
            Some(clock) => {
                let zone = self.repeated_hour().map(|zone| format!(" {zone}")).unwrap_or_default();
                language.fill("{} at {}", &[&date, &clock.patient(language)]) + &zone + &self.offset_words()
            }
            None => date,
        }
    }

    /// The date alone, `5 April 2008`.
    pub fn patient_date(&self, language: Language) -> String {
        let month = language.say(self.month_name());
        match (self.month, self.day) {
            (Some(_), Some(day)) => format!("{day} {month} {:04}", self.year),
            (Some(_), None) => format!("{month} {:04}", self.year),
            _ => format!("{:04}", self.year),
        }
    }

    /// Whether both are on one day, as far as both are recorded.
    pub fn is_on(&self, day: &Moment) -> bool {
        let agree = |one: Option<u32>, two: Option<u32>| one.zip(two).is_none_or(|(one, two)| one == two);
        self.year == day.year && agree(self.month, day.month) && agree(self.day, day.day)
    }

    /// Whether this is certainly before the other, as far as both are recorded.
    pub fn is_before(&self, other: &Moment) -> bool {
        let day = |moment: &Moment| (moment.year, moment.month, moment.day);
        let known = |moment: &Moment| (moment.month.is_some(), moment.day.is_some());
        if known(self) != known(other) {
            return self.year < other.year;
        }
        if day(self) != day(other) {
            return day(self) < day(other);
        }
        let minutes = |clock: &Clock| {
            let zone = clock.offset_minutes().unwrap_or(0);
            (i64::from(clock.hour * 60 + clock.minute) - zone, clock.second.unwrap_or(0))
        };
        match (&self.clock, &other.clock) {
            (Some(one), Some(two)) if one.offset.is_some() == two.offset.is_some() => minutes(one) < minutes(two),
            _ => false,
        }
    }

    /// Days from another day to this one; `None` where either is not a whole date.
    pub fn days_since(&self, other: &Moment) -> Option<i64> {
        let day = |moment: &Moment| Some(day_number(moment.year, moment.month?, moment.day?));
        Some(day(self)? - day(other)?)
    }

    /// ` (UTC+02:00)`, or nothing: the offset is shown where it is not what clocks in the United Kingdom showed at that
    /// instant.
    pub fn offset_words(&self) -> String {
        let offset = self.clock.as_ref().and_then(|clock| clock.offset.as_deref().zip(clock.offset_minutes()));
        match offset {
            Some((offset, minutes)) if self.london_minutes(minutes) != Some(minutes) => {
                format!(" (UTC{})", if minutes == 0 { "" } else { offset })
            }
            _ => String::new(),
        }
    }

    /// The offset of Europe/London at this instant, by the time zone database's rules since 1972. Before that it is not
    /// known here, so that the offset is always shown.
    fn london_minutes(&self, offset: i64) -> Option<i64> {
        let (month, day, clock) = (self.month?, self.day?, self.clock.as_ref()?);
        let instant = day_number(self.year, month, day) * 1440 + i64::from(clock.hour * 60 + clock.minute) - offset;
        // The first Sunday on or after a day; day 0 of the count, 1 March of year 0, was a Wednesday.
        let sunday = |month: u32, from: u32, hour: i64| {
            let from = day_number(self.year, month, from);
            (from + (4 - from).rem_euclid(7)) * 1440 + hour * 60
        };
        let (start, end) = match self.year {
            ..1972 => return None,
            1972..=1980 => (sunday(3, 16, 2), sunday(10, 23, 2)),
            1981..=1989 => (sunday(3, 25, 1), sunday(10, 23, 1)),
            1990..=1995 => (sunday(3, 25, 1), sunday(10, 22, 1)),
            _ => (sunday(3, 25, 1), sunday(10, 25, 1)),
        };
        Some(if instant >= start && instant < end { 60 } else { 0 })
    }

    /// The age at `at` by the patient banner's table 7: `27d`, `4w 1d`, `12m 8d`, `4y 1m`, `61y`. Where either date is
    /// partial, an age in years with "or". `None` where `at` is before the birth.
    pub fn age_at(&self, at: &Moment, words: AgeWords) -> Option<String> {
        let (Some(month), Some(day), Some(at_month), Some(at_day)) = (self.month, self.day, at.month, at.day) else {
            let years = at.year.checked_sub(self.year)?;
            let known = self.month.is_some() && at.month.is_some() && at.month != self.month;
            let years = if known && at.month < self.month { years - 1 } else { years };
            return match years {
                ..0 => None,
                0 => Some(words.0.fill("under {}", &[&words.of(1, Unit::Year)])),
                _ if known => Some(words.of(years, Unit::Year)),
                _ => Some(words.0.fill("{} or {}", &[&(years - 1).to_string(), &words.of(years, Unit::Year)])),
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
                0..120 => return Some(words.of(age, Unit::Minute)),
                120..2880 => return Some(words.of(age / 60, Unit::Hour)),
                _ => {}
            }
        }
        let months = (at.year - self.year) * 12 + i64::from(at_month) - i64::from(month);
        let months = if at_day < day { months - 1 } else { months };
        let pair = |one: i64, first: Unit, two: i64, second: Unit| match (one, two) {
            (0, _) => words.of(two, second),
            (_, 0) => words.of(one, first),
            _ => format!("{} {}", words.of(one, first), words.of(two, second)),
        };
        Some(match (days, months) {
            (0..28, _) => words.of(days, Unit::Day),
            (_, ..12) => pair(days / 7, Unit::Week, days % 7, Unit::Day),
            (_, 12..24) => {
                // The days since the last whole month.
                let (mut year, mut last) = (at.year, at_month);
                if at_day < day {
                    (year, last) = if last == 1 { (year - 1, 12) } else { (year, last - 1) };
                }
                let from = day_number(year, last, day.min(month_length(year, last)));
                pair(months, Unit::Month, day_number(at.year, at_month, at_day) - from, Unit::Day)
            }
            (_, 24..216) => pair(months / 12, Unit::Year, months % 12, Unit::Month),
            _ => words.of(months / 12, Unit::Year),
        })
    }
}

/// How an age is written: in which language, and whether in full words, as patients are to read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgeWords(pub Language, pub bool);

#[derive(Clone, Copy)]
enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl AgeWords {
    /// A number of a unit: `4w`, or `4 weeks` in full.
    fn of(self, count: i64, unit: Unit) -> String {
        let (short, one, many) = match unit {
            Unit::Minute => ("min", "minute", "minutes"),
            Unit::Hour => ("hrs", "hour", "hours"),
            Unit::Day => ("d", "day", "days"),
            Unit::Week => ("w", "week", "weeks"),
            Unit::Month => ("m", "month", "months"),
            Unit::Year => ("y", "year", "years"),
        };
        match (self.1, count) {
            (false, _) => format!("{count}{short}"),
            (true, 1) => format!("{count} {}", self.0.say(one)),
            (true, _) => format!("{count} {}", self.0.say(many)),
        }
    }
}
