//! What is wrong with a date or time that FHIR does not take, and how to write it: most come from other systems, which
//! write `13/02/2019`, `13-Feb-2019`, `20190213100000` or `2019-02-13 10:00`, and can be read without doubt.

use super::Invalid;
use super::datetime::{Date, DateTime, Time, days_in_month};

/// The type that the value should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Date,
    DateTime,
    Instant,
    Time,
}

/// The months' English names.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const OFFSET: &str = "Z for UTC, or such as +01:00 for British Summer Time";

/// What to say of `text`, which is not a valid `target`.
pub(super) fn explain(text: &str, target: Target) -> Invalid {
    if text.is_empty() {
        return Invalid::new(super::EMPTY);
    }
    let loose = if text.len() <= 60 { read(text.trim()) } else { None };
    if let Some(reason) = loose.as_ref().and_then(Loose::impossible) {
        return Invalid::new(reason);
    }
    let Some(loose) = loose else { return Invalid::new(expected(target)) };
    let time = loose.time.as_ref().map(|(hour, minute, second, fraction)| {
        let text = match fraction {
            Some(fraction) => format!("{hour:02}:{minute:02}:{:02}.{fraction}", second.unwrap_or(0)),
            None => format!("{hour:02}:{minute:02}:{:02}", second.unwrap_or(0)),
        };
        // What was left out is what STU3 lets be filled with zeros.
        Time::parse(&text)
    });
    if target == Target::Time {
        return match time.flatten() {
            Some(time) => Invalid::write("a time is hh:mm:ss, without a date or an offset.", time.to_string()),
            None => Invalid::new(expected(target)),
        };
    }
    let Some(date) = loose.date() else { return Invalid::new(expected(target)) };
    if let Some(other) = loose.other_date() {
        let month =
            |date: &Date| date.month.and_then(|month| MONTHS.get(usize::from(month) - 1)).copied().unwrap_or("");
        let (first, second) = (date.day.unwrap_or(0), other.day.unwrap_or(0));
        return Invalid::new(format!(
            "the year comes first. Write {date} if this is {first} {}, or {other} if it is {second} {}.",
            month(&date),
            month(&other)
        ));
    }
    match (target, time.flatten()) {
        (Target::Date, Some(_)) => Invalid::write("a date has no time.", date.to_string()),
        (Target::Date, None) | (Target::DateTime, None) => {
            Invalid::write("expected YYYY-MM-DD, YYYY-MM or YYYY.", date.to_string())
        }
        (_, Some(time)) if date.day.is_some() => match loose.offset {
            Some(offset) => {
                let whole = DateTime { date, time: Some(time), offset: Some(offset) };
                Invalid::write("expected YYYY-MM-DDThh:mm:ss and the offset.", whole.to_string())
            }
            None => Invalid::new(format!(
                "a time with a date needs its offset from UTC. Write {date}T{time} and the offset: {OFFSET}."
            )),
        },
        _ => Invalid::new(expected(target)),
    }
}

fn expected(target: Target) -> &'static str {
    match target {
        Target::Date => "expected a date: YYYY-MM-DD, YYYY-MM or YYYY, such as 2019-02-13.",
        Target::DateTime => {
            "expected a date, such as 2019-02-13 or 2019-02, or a date with time and offset, such as 2019-02-13T10:30:00Z."
        }
        Target::Instant => "expected a date with time and offset, such as 2019-02-13T10:30:00Z.",
        Target::Time => "expected a time: hh:mm:ss, such as 10:30:00.",
    }
}

/// What a date and time seem to say, before it is known whether they can be so.
struct Loose {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
    /// Day and month could be the other way round.
    ambiguous: bool,
    has_date: bool,
    time: Option<(u8, u8, Option<u8>, Option<String>)>,
    offset: Option<i16>,
}

impl Loose {
    fn date(&self) -> Option<Date> {
        let (month, day) = (self.month, self.day);
        let text = Date { year: self.year, month, day }.to_string();
        Date::parse(&text).filter(|_| self.has_date)
    }

    fn other_date(&self) -> Option<Date> {
        Some(Date { year: self.year, month: self.day, day: self.month }).filter(|_| self.ambiguous)
    }

    /// Why there is no such date or time.
    fn impossible(&self) -> Option<String> {
        if self.has_date {
            if self.year == 0 {
                return Some("there is no year 0000.".into());
            }
            if let Some(month) = self.month.filter(|month| !(1..=12).contains(month)) {
                return Some(format!("there is no month {month:02}."));
            }
            if let (Some(month), Some(day)) = (self.month, self.day) {
                let days = days_in_month(self.year, month);
                if day == 0 || day > days {
                    let name = MONTHS.get(usize::from(month).saturating_sub(1)).copied().unwrap_or("");
                    return Some(format!("there is no day {day:02}: {name} {} has {days} days.", self.year));
                }
            }
        }
        match &self.time {
            Some((24, 0, ..)) => Some("24:00 is not allowed. Midnight is 00:00:00 of the next day.".into()),
            Some((hour @ 24.., ..)) => Some(format!("there is no hour {hour:02}.")),
            Some((_, minute @ 60.., ..)) => Some(format!("there is no minute {minute:02}.")),
            Some((.., Some(second @ 60..), _)) => {
                Some(format!("there is no second {second:02}; FHIR STU3 has no leap seconds."))
            }
            _ if self.offset.is_some_and(|offset| offset.abs() > 14 * 60) => {
                Some("no offset from UTC is more than 14:00.".into())
            }
            _ => None,
        }
    }
}

/// Reads a date, a time, or both, in the forms of other systems.
fn read(text: &str) -> Option<Loose> {
    let mut loose =
        Loose { year: 0, month: None, day: None, ambiguous: false, has_date: false, time: None, offset: None };
    let run = text.bytes().take_while(u8::is_ascii_digit).count();
    if matches!(run, 8 | 12 | 14) {
        // 20190213, 201902131000 and 20190213100000+0000, as HL7 v2 and v3 write them.
        let (number, rest) = text.split_at_checked(run)?;
        let part = |from: usize, to: usize| number.get(from..to).and_then(|part| part.parse::<u16>().ok());
        let small = |from: usize| part(from, from + 2).and_then(|value| u8::try_from(value).ok());
        (loose.year, loose.month, loose.day, loose.has_date) = (part(0, 4)?, small(4), small(6), true);
        if run > 8 {
            let fraction = rest.strip_prefix('.').map(|rest| rest.bytes().take_while(u8::is_ascii_digit).count());
            let (fraction, rest) = match fraction {
                Some(length) => (rest.get(1..1 + length), rest.get(1 + length..)?),
                None => (None, rest),
            };
            loose.time = Some((small(8)?, small(10)?, small(12), fraction.map(str::to_owned)));
            loose.offset = offset(rest.trim()).ok()?;
            return Some(loose);
        }
        if rest.is_empty() {
            return Some(loose);
        }
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        read_time(rest.trim(), &mut loose)?;
        return Some(loose);
    }
    // A time is told by its colon; what stands before the hour is the date.
    let date = match text.find(':') {
        None => text,
        Some(colon) => {
            let before = text.get(..colon)?;
            let hour = before.len() - before.bytes().rev().take_while(u8::is_ascii_digit).count();
            read_time(text.get(hour..)?, &mut loose)?;
            before.get(..hour)?.trim_end_matches(['T', 't', ' ', ',', '_'])
        }
    };
    if !date.is_empty() {
        read_date(date, &mut loose)?;
    } else if loose.time.is_none() {
        return None;
    }
    Some(loose)
}

/// Reads `10:00`, `10:00:00.000`, and an offset.
fn read_time(text: &str, loose: &mut Loose) -> Option<()> {
    let end = text.find(|character: char| !matches!(character, '0'..='9' | ':' | '.')).unwrap_or(text.len());
    let (clock, rest) = text.split_at_checked(end)?;
    let mut parts = clock.split(':');
    let number = |part: &str| part.parse::<u8>().ok().filter(|_| (1..=2).contains(&part.len()));
    let hour = number(parts.next()?)?;
    let minute = parts.next().filter(|part| part.len() == 2).and_then(number)?;
    let (second, fraction) = match parts.next() {
        None => (None, None),
        Some(part) => match part.split_once('.') {
            None => (Some(number(part)?), None),
            Some((second, fraction)) => {
                (Some(number(second)?), Some(fraction.to_owned()).filter(|fraction| !fraction.is_empty()))
            }
        },
    };
    if parts.next().is_some() || fraction.as_ref().is_some_and(|fraction| !super::is_digits(fraction)) {
        return None;
    }
    loose.time = Some((hour, minute, second, fraction));
    loose.offset = offset(rest.trim()).ok()?;
    Some(())
}

/// Reads `Z`, `+01:00`, `+0100`, `+01`, or nothing.
fn offset(text: &str) -> Result<Option<i16>, ()> {
    match text {
        "" => return Ok(None),
        "Z" | "z" | "UTC" | "GMT" => return Ok(Some(0)),
        _ => {}
    }
    let sign = match text.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Err(()),
    };
    let digits = text.get(1..).ok_or(())?.replacen(':', "", 1);
    if !super::is_digits(&digits) {
        return Err(());
    }
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return Err(()),
    };
    let number = |part: &str| part.parse::<i16>().map_err(|_| ());
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if minutes > 59 { Err(()) } else { Ok(Some(sign * (hours * 60 + minutes))) }
}

enum Field {
    Year(u16),
    Small(u8),
    Month(u8),
}

/// Reads a date of two or three fields, in any order that leaves the year, and a month that is a word, in no doubt.
fn read_date(text: &str, loose: &mut Loose) -> Option<()> {
    // A minus in front would be a year before Christ.
    if text.starts_with('-') {
        return None;
    }
    let mut fields = Vec::new();
    for part in text.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()) {
        let number = super::is_digits(part);
        fields.push(match part.len() {
            4 if number => Field::Year(part.parse().ok()?),
            1 | 2 if number => Field::Small(part.parse().ok()?),
            3.. if !number => {
                let lower = part.to_ascii_lowercase();
                let month = MONTHS.iter().position(|month| {
                    let month = month.to_ascii_lowercase();
                    month == lower || month.get(..3) == Some(lower.as_str())
                })?;
                Field::Month(u8::try_from(month + 1).ok()?)
            }
            _ => return None,
        });
    }
    use Field::{Month, Small, Year};
    let (year, month, day) = match fields.as_slice() {
        [Year(year)] => (*year, None, None),
        [Year(year), Small(month) | Month(month)] | [Small(month) | Month(month), Year(year)] => {
            (*year, Some(*month), None)
        }
        [Year(year), Small(month) | Month(month), Small(day)] => (*year, Some(*month), Some(*day)),
        [Small(day), Month(month), Year(year)] | [Month(month), Small(day), Year(year)] => {
            (*year, Some(*month), Some(*day))
        }
        [Small(first), Small(second), Year(year)] => {
            // Both orders are in use; only a number above 12, or two equal ones, tell which it is.
            if *second > 12 && *first <= 12 {
                (*year, Some(*first), Some(*second))
            } else {
                loose.ambiguous = *first <= 12 && *second <= 12 && first != second && *first > 0 && *second > 0;
                (*year, Some(*second), Some(*first))
            }
        }
        _ => return None,
    };
    (loose.year, loose.month, loose.day, loose.has_date) = (year, month, day, true);
    Some(())
}
