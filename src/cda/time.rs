//! Points in time as HL7 version 3 writes them (data type TS): `20181120103000+0000`, cut off where nothing more is known.

use crate::primitive::days_in_month;

/// The same point in time as FHIR writes it: `2018-11-20T10:30:00+00:00`. An hour alone becomes one with its minutes, since
/// FHIR has no such precision.
///
/// # Errors
/// What is wrong with it, to stand after "expected".
pub fn read(text: &str) -> Result<String, &'static str> {
    const FORM: &str =
        "digits in the order yyyymmddhhmmss, cut off where nothing more is known, and +hhmm or -hhmm after a time";
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(after) => after.split_at(after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len())),
        None => ("", rest),
    };
    if !matches!(digits.len(), 4 | 6 | 8 | 10 | 12 | 14)
        || rest.starts_with('.') && (fraction.is_empty() || digits.len() < 14)
    {
        return Err(FORM);
    }
    let part = |from: usize, to: usize| digits.get(from..to).filter(|part| !part.is_empty());
    let number = |from: usize, to: usize| part(from, to).and_then(|part| part.parse::<u16>().ok());
    let year = number(0, 4).unwrap_or(0);
    let month = number(4, 6).map(|month| month as u8);
    if month.is_some_and(|month| !(1..=12).contains(&month)) {
        return Err("a month from 01 to 12");
    }
    let day = number(6, 8).map(|day| day as u8);
    if day.is_some_and(|day| day == 0 || day > days_in_month(year, month.unwrap_or(1))) {
        return Err("a day that the month has");
    }
    if number(8, 10).is_some_and(|hour| hour > 23) || number(10, 12).is_some_and(|minute| minute > 59) {
        return Err("a time from 0000 to 2359");
    }
    if number(12, 14).is_some_and(|second| second > 59) {
        return Err("seconds from 00 to 59");
    }
    let mut out = part(0, 4).unwrap_or_default().to_owned();
    for (from, to) in [(4, 6), (6, 8)] {
        out.extend(part(from, to).into_iter().flat_map(|part| ["-", part]));
    }
    if let Some(hour) = part(8, 10) {
        out.extend(["T", hour, ":", part(10, 12).unwrap_or("00")]);
        out.extend(part(12, 14).into_iter().flat_map(|second| [":", second]));
        if !fraction.is_empty() {
            out.extend([".", fraction]);
        }
    }
    match zone {
        "" => Ok(out),
        _ if digits.len() < 10 => Err("no time zone after a date alone"),
        "Z" => Ok(out + "Z"),
        _ => {
            let is_zone = zone.len() == 5
                && zone.starts_with(['+', '-'])
                && zone.get(1..).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            let (hours, minutes) = (zone.get(1..3).unwrap_or_default(), zone.get(3..5).unwrap_or_default());
            if !is_zone || hours > "14" || minutes > "59" {
                return Err(FORM);
            }
            out.extend([zone.get(..3).unwrap_or_default(), ":", minutes]);
            Ok(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_point_in_time_keeps_its_precision() {
        for (text, fhir) in [
            ("1960", "1960"),
            ("196002", "1960-02"),
            ("19600229", "1960-02-29"),
            ("2018112010", "2018-11-20T10:00"),
            ("201811201030", "2018-11-20T10:30"),
            ("20181120103059+0100", "2018-11-20T10:30:59+01:00"),
            ("20181120103059.25-0530", "2018-11-20T10:30:59.25-05:30"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(fhir), "{text}");
        }
    }

    #[test]
    fn what_is_no_point_in_time_is_none() {
        for text in [
            "",
            "196",
            "1960-02-29",
            "19610229",
            "20181320",
            "2018112024",
            "201811201060",
            "20181120103061",
            "20181120+0000",
            "201811201030+1",
            "201811201030+1500",
            "201811201030.5",
            "20181120103000.",
            "x",
            "２０１８",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
