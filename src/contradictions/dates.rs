//! Dates as people write them, beside dates as FHIR has them.

use super::words::Token;
use crate::primitive::{Date, DateTime, MONTHS, date_from_days, days_from_date};

/// A date in a text, as precise as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) year: u16,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
    /// Hours and minutes.
    pub(super) time: Option<(u8, u8)>,
}

fn month(word: &str) -> Option<u8> {
    let is_it = |name: &&str| word.len() >= 3 && name.to_ascii_lowercase().starts_with(word);
    MONTHS.iter().position(is_it).map(|at| at as u8 + 1)
}

/// The dates in a text: `12-Feb-2015 09:00`, `1st May 2017`, `05/04/17`, `2021-03-09T12:34`.
pub(super) fn dates(tokens: &[Token]) -> Vec<Written> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match date(tokens.get(at..).unwrap_or_default()) {
            Some((mut written, taken)) => {
                at += taken;
                if let Some((time, taken)) = time(tokens.get(at..).unwrap_or_default()) {
                    written.time = Some(time);
                    at += taken;
                }
                out.push(written);
            }
            None => at += 1,
        }
    }
    out
}

fn whole(token: Option<&Token>, most: u16) -> Option<u16> {
    match token {
        Some(Token::Number(value)) if value.fract() == 0.0 && *value >= 0.0 && *value <= f64::from(most) => {
            Some(*value as u16)
        }
        _ => None,
    }
}

fn date(tokens: &[Token]) -> Option<(Written, usize)> {
    let sign = |at: usize| match tokens.get(at) {
        Some(Token::Sign(sign @ ('-' | '/' | '.' | ','))) => Some(*sign),
        _ => None,
    };
    let word = |at: usize| tokens.get(at).and_then(Token::word).unwrap_or_default();
    let skip = |at: usize| at + usize::from(sign(at).is_some());
    let first = whole(tokens.first(), 9999);
    // 2021-03-09, 2021/03/09
    if let Some(year) = first.filter(|year| (1800..2200).contains(year))
        && sign(1).is_some()
        && let (Some(month), Some(day)) = (whole(tokens.get(2), 12), whole(tokens.get(4), 31))
        && sign(3) == sign(1)
        && month > 0
        && day > 0
    {
        return Some((Written { year, month: Some(month as u8), day: Some(day as u8), time: None }, 5));
    }
    // February 12, 2015 and Feb 2015
    if let Some(month) = month(word(0)) {
        let day = whole(tokens.get(1), 31).filter(|day| *day > 0);
        if let Some(day) = day
            && let Some(year) = year(tokens.get(skip(2)))
        {
            return Some((Written { year, month: Some(month), day: Some(day as u8), time: None }, skip(2) + 1));
        }
        let at = skip(1);
        let year = whole(tokens.get(at), 2200).filter(|year| *year >= 1800)?;
        return Some((Written { year, month: Some(month), day: None, time: None }, at + 1));
    }
    let day = first.filter(|day| (1..=31).contains(day))?;
    let mut at = 1 + usize::from(matches!(word(1), "st" | "nd" | "rd" | "th"));
    at += usize::from(word(at) == "of");
    at = skip(at);
    let (month, is_named) = match month(word(at)) {
        Some(month) => (month, true),
        None => (whole(tokens.get(at), 12).filter(|month| *month > 0)? as u8, false),
    };
    let separator = sign(at + 1);
    if !is_named && (sign(1) != separator || !matches!(separator, Some('/' | '-' | '.'))) {
        return None;
    }
    let at = skip(at + 1);
    let year = year(tokens.get(at))?;
    Some((Written { year, month: Some(month), day: Some(day as u8), time: None }, at + 1))
}

/// A year in four digits or, of this century, in two.
fn year(token: Option<&Token>) -> Option<u16> {
    match whole(token, 2200)? {
        year @ 0..100 => Some(if year > 40 { 1900 + year } else { 2000 + year }),
        year @ 1800.. => Some(year),
        _ => None,
    }
}

fn time(tokens: &[Token]) -> Option<((u8, u8), usize)> {
    let mut at = 0;
    while at < 2
        && matches!(tokens.get(at), Some(Token::Sign(',' | '-')) | Some(Token::Word(_)))
        && (tokens.get(at).and_then(Token::word).is_none_or(|word| matches!(word, "at" | "t" | "time")))
    {
        at += 1;
    }
    let hour = whole(tokens.get(at), 23)?;
    if tokens.get(at + 1) != Some(&Token::Sign(':')) {
        return None;
    }
    let minute = whole(tokens.get(at + 2), 59)?;
    let mut taken = at + 3;
    let mut hour = hour as u8;
    match tokens.get(taken).and_then(Token::word) {
        Some("pm") if hour < 12 => {
            hour += 12;
            taken += 1;
        }
        Some("am") if hour == 12 => hour = 0,
        _ => {}
    }
    Some(((hour, minute as u8), taken))
}

/// Whether a date in a text may be the same as a FHIR date or dateTime, as far as both are precise. A time agrees as it is
/// written, in UTC, or by the clock of the United Kingdom. `None` where the value is no date.
pub(super) fn agrees(written: Written, value: &str) -> Option<bool> {
    let moment = DateTime::parse(value)?;
    let fits = |date: Date, time: Option<(u8, u8)>| {
        let same = |one: Option<u8>, other: Option<u8>| one.zip(other).is_none_or(|(one, other)| one == other);
        written.year == date.year
            && same(written.month, date.month)
            && same(written.day, date.day)
            && written.time.zip(time).is_none_or(|(one, other)| one == other)
    };
    let time = moment.time.and_then(|time| Some((time.hour, time.minute?)));
    if fits(moment.date, time) {
        return Some(true);
    }
    let Some(seconds) = moment.seconds() else { return Some(false) };
    let fits_clock = |seconds: i64| {
        let minutes = seconds.rem_euclid(86_400) / 60;
        let time = ((minutes / 60) as u8, (minutes % 60) as u8);
        date_from_days(seconds.div_euclid(86_400)).is_some_and(|date| fits(date, Some(time)))
    };
    Some(fits_clock(seconds) || is_summer(seconds) && fits_clock(seconds + 3600))
}

/// Whether British Summer Time was in force: from the last Sunday of March to that of October, at 01:00 UTC.
fn is_summer(seconds: i64) -> bool {
    let Some(date) = date_from_days(seconds.div_euclid(86_400)) else { return false };
    let last_sunday = |month: u8| {
        let last = days_from_date(date.year, month, 31);
        // 1 January 1970 was a Thursday.
        last - (last + 4).rem_euclid(7)
    };
    (last_sunday(3) * 86_400 + 3600..last_sunday(10) * 86_400 + 3600).contains(&seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contradictions::words::tokens;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, expected) in [
            ("12-Feb-2015 09:00", "2015-02-12T09:00:00+00:00"),
            ("1 May 2017 09:45.", "2017-05-01T09:45:00+00:00"),
            ("on 1st May 2017", "2017-05-01"),
            ("placed 05/04/17", "2017-04-05"),
            ("2021-03-09T12:34", "2021-03-09T12:34:00Z"),
            ("February 12, 2015", "2015-02-12"),
            ("3:15pm is no date but 4 July 2020 3:15pm is", "2020-07-04T15:15:00+01:00"),
            ("06-Apr-2015 13:00", "2015-04-06T13:00:00+00:00"),
            ("06-Apr-2015 14:00", "2015-04-06T13:00:00+00:00"),
            ("May 2017", "2017-05-20"),
        ] {
            let read = dates(&tokens(text));
            assert_eq!(read.len(), 1, "{text}: {read:?}");
            assert_eq!(agrees(read[0], expected), Some(true), "{text}");
        }
        assert_eq!(agrees(dates(&tokens("06-Apr-2015 18:00"))[0], "2015-04-06T13:00:00+00:00"), Some(false));
        assert_eq!(agrees(dates(&tokens("15 April 2017"))[0], "2017-04-05T08:55:00+00:00"), Some(false));
        for text in ["Dr May 12 Mill Lane", "10-14 units", "1/2 tablet", "90/60", "5 mg/mL", "999 010 0101"] {
            assert_eq!(dates(&tokens(text)), [], "{text}");
        }
    }
}
