//! Dates, all shifted together by whole weeks.
//!
//! The shift brings the latest full date of an input near to a day that follows from the key alone. So it says nothing of
//! when that was, and a copy, whose latest date is there already, is shifted by nothing.

use super::pseudonyms::{Pseudonyms, mask};
use crate::primitive::{Date, date_from_days, days_from_date};
use crate::tree::{NodeId, Tree};
use crate::typed::Typed;

/// Nobody is older than this in a copy, in years.
const OLDEST: u16 = 89;

/// Years that records are about; others, such as 9999, stand for something else.
const YEARS: std::ops::RangeInclusive<u16> = 1850..=2100;

/// By how much the dates of an input are shifted.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    days: i64,
    /// For an input that has no full date.
    years: i32,
    /// The latest full date after the shift.
    latest: Option<i64>,
}

/// What is known of a date's place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A date of birth.
    Birth,
    /// The end of a period: of a month its last day counts.
    End,
    /// Any other.
    Other,
}

impl Shift {
    pub fn of(tree: &Tree, typed: &Typed<'_>, pseudonyms: &Pseudonyms) -> Self {
        let is_date = |node: &NodeId| matches!(typed.type_name(*node), Some("date" | "dateTime" | "instant"));
        let dates: Vec<Date> = (tree.all().filter(is_date))
            .filter_map(|node| Date::parse(day_of(tree.text(node)?)))
            .filter(|date| YEARS.contains(&date.year))
            .collect();
        let [a, b, ..] = pseudonyms.bytes("day", "", 0);
        let target = days_from_date(2019, 1, 1) - i64::from(u16::from_be_bytes([a, b]) % 3650);
        let latest = dates.iter().filter_map(Date::days).max();
        if let Some(latest) = latest {
            let days = (target - latest + 3).div_euclid(7) * 7;
            return Shift { days, years: 0, latest: Some(latest + days) };
        }
        let year = date_from_days(target).map_or(2015, |date| i32::from(date.year));
        let years = dates.iter().map(|date| i32::from(date.year)).max().map_or(0, |latest| year - latest);
        Shift { days: 0, years, latest: None }
    }

    /// A date, dateTime or instant, to the precision that it has. What is none is masked.
    pub fn apply(self, text: &str, place: Place) -> String {
        let inner = text.trim();
        let (day, time) = inner.split_at(day_of(inner).len());
        let has_odd_time = time.chars().any(|character| !character.is_ascii_digit() && !"T:.+-Zz".contains(character));
        let Some(date) = Date::parse(day).filter(|_| !has_odd_time) else { return mask(text) };
        if date.year > *YEARS.end() && date.month == Some(12) && date.day == Some(31) {
            return text.to_owned();
        }
        match self.date(date, place) {
            Some(new) => text.replacen(inner, &format!("{new}{time}"), 1),
            None => mask(text),
        }
    }

    fn date(self, date: Date, place: Place) -> Option<String> {
        let Date { year, month, day } = date;
        if self.latest.is_none() {
            let year = i32::from(year) + self.years;
            return Some(match (month, day) {
                (Some(month), _) => format!("{year:04}-{month:02}"),
                _ => format!("{year:04}"),
            });
        }
        let month_for_days = month.unwrap_or(if place == Place::End { 12 } else { 1 });
        let day_for_days = match (day, place) {
            (Some(day), _) => day,
            (None, Place::End) => crate::primitive::days_in_month(year, month_for_days),
            _ => 1,
        };
        let days = days_from_date(year, month_for_days, day_for_days) + self.days;
        let mut new = date_from_days(days)?;
        if place == Place::Birth
            && let Some(latest) = self.latest.and_then(date_from_days)
            && let Some(least) = latest.year.checked_sub(OLDEST)
            && new.year < least
        {
            new.year = least;
            new.day = new.day.map(|day| day.min(28));
        }
        let (year, new_month, new_day) = (new.year, new.month?, new.day?);
        Some(match (month, day) {
            (Some(_), Some(_)) => format!("{year:04}-{new_month:02}-{new_day:02}"),
            (Some(_), None) => format!("{year:04}-{new_month:02}"),
            _ => format!("{year:04}"),
        })
    }
}

/// The part before the time.
fn day_of(text: &str) -> &str {
    text.trim().split(['T', ' ']).next().unwrap_or("")
}
