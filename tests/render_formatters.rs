//! Formatters against the examples of the NHS display standards, right forms and wrong ones.

use careconnect::render::format::date::{AgeWords, Clock, Moment};
use careconnect::render::format::person::{nhs_number, postcode, telephone};
use careconnect::render::format::quantity::grouped;
use careconnect::render::language::Language;
use careconnect::render::words::{humanise, visible};

/// Input, clinical form, patient form: ISB 1503 and 1501, and the NHS content guide.
const DATES: &[(&str, &str, &str)] = &[
    ("2008-01-01", "01-Jan-2008", "1 January 2008"),
    ("2008-04-05", "05-Apr-2008", "5 April 2008"),
    ("2018-08-06", "06-Aug-2018", "6 August 2018"),
    ("2008-05-31", "31-May-2008", "31 May 2008"),
    ("1994", "1994", "1994"),
    ("1994-03", "Mar-1994", "March 1994"),
    ("2020-02-29", "29-Feb-2020", "29 February 2020"),
    ("2008-01-01T00:00:00Z", "01-Jan-2008 00:00", "1 January 2008 at midnight"),
    ("2008-01-01T12:00:00Z", "01-Jan-2008 12:00", "1 January 2008 at midday"),
    ("2008-01-01T17:00:00+00:00", "01-Jan-2008 17:00", "1 January 2008 at 5pm"),
    ("2008-01-01T17:30:00Z", "01-Jan-2008 17:30", "1 January 2008 at 5:30pm"),
    ("2008-01-01T09:05:07Z", "01-Jan-2008 09:05:07", "1 January 2008 at 9:05:07am"),
    ("2008-01-01T09:05:07.250Z", "01-Jan-2008 09:05:07.250", "1 January 2008 at 9:05:07.250am"),
    // Summer time: the clock as recorded, with the offset where it is not that of the United Kingdom.
    ("2008-07-01T17:30:00+01:00", "01-Jul-2008 17:30", "1 July 2008 at 5:30pm"),
    ("2008-07-01T17:30:00Z", "01-Jul-2008 17:30 (UTC)", "1 July 2008 at 6:30pm (UK time)"),
    ("2008-01-01T17:30:00+01:00", "01-Jan-2008 17:30 (UTC+01:00)", "1 January 2008 at 4:30pm (UK time)"),
    ("2008-01-01T17:30:00-05:00", "01-Jan-2008 17:30 (UTC-05:00)", "1 January 2008 at 10:30pm (UK time)"),
    // The two ends of summer time in 2019: 31 March and 27 October, at 01:00 UTC.
    ("2019-03-31T00:59:00Z", "31-Mar-2019 00:59", "31 March 2019 at 12:59am"),
    ("2019-03-31T02:00:00+01:00", "31-Mar-2019 02:00", "31 March 2019 at 2am"),
    ("2019-10-27T01:30:00+01:00", "27-Oct-2019 01:30", "27 October 2019 at 1:30am BST"),
    ("2019-10-27T01:30:00Z", "27-Oct-2019 01:30", "27 October 2019 at 1:30am GMT"),
    // The day changes with the clock.
    ("2026-06-30T23:30:00Z", "30-Jun-2026 23:30 (UTC)", "1 July 2026 at 12:30am (UK time)"),
    ("2024-03-01T00:10:00+02:00", "01-Mar-2024 00:10 (UTC+02:00)", "29 February 2024 at 10:10pm (UK time)"),
    ("2025-12-31T20:00:00-05:00", "31-Dec-2025 20:00 (UTC-05:00)", "1 January 2026 at 1am (UK time)"),
];

#[test]
fn dates() {
    for (input, clinical, patient) in DATES {
        let moment = Moment::parse(input).unwrap_or_else(|| panic!("{input} is a date"));
        assert_eq!(
            (moment.clinical().as_str(), moment.patient(Language::English).as_str()),
            (*clinical, *patient),
            "{input}"
        );
    }
    // What is no FHIR date is never dressed up as one.
    for wrong in [
        "",
        "08-01-2008",
        "2008-13-01",
        "2008-02-30",
        "2019-02-29",
        "2008-1-1",
        "2008-01-01T25:00:00Z",
        "20080101",
        "01-Jan-2008",
        "2008-01-01T10",
        "2008-01T10:00:00Z",
        "-2008",
        "2008-01-01 10:00",
        "2008-01-01T10:00:00+15:00",
        "2008-01-01T10:00:00.Z",
    ] {
        assert_eq!(Moment::parse(wrong), None, "{wrong}");
    }
    assert_eq!(Clock::parse("06:23").map(|clock| clock.clinical()).as_deref(), Some("06:23"));
    assert_eq!(Clock::parse("6:23"), None);
}

/// Born, on, age: the patient banner's table 7.
const AGES: &[(&str, &str, &str)] = &[
    ("2008-01-01T10:00:00Z", "2008-01-01T11:30:00Z", "90min"),
    ("2008-01-01T10:00:00Z", "2008-01-02T12:00:00Z", "26hrs"),
    ("2008-01-01", "2008-01-01", "0d"),
    ("2008-01-01", "2008-01-28", "27d"),
    ("2008-01-01", "2008-01-30", "4w 1d"),
    ("2008-01-01", "2008-01-29", "4w"),
    ("2008-01-01", "2009-01-09", "12m 8d"),
    ("2008-01-31", "2009-03-01", "13m 1d"),
    ("2008-01-01", "2012-02-03", "4y 1m"),
    ("2008-01-01", "2012-01-03", "4y"),
    ("1945-07-14", "2006-08-01", "61y"),
    ("1945-07-14", "2006-07-13", "60y"),
    ("1988-02-29", "2006-02-28", "17y 11m"),
    ("1988-02-29", "2006-03-01", "18y"),
    ("1945", "2006-08-01", "60 or 61y"),
    ("1945-07", "2006-08-01", "61y"),
    ("2006", "2006-08-01", "under 1y"),
];

#[test]
fn ages() {
    for (born, at, age) in AGES {
        let (born_at, at_at) = (Moment::parse(born).expect("a date"), Moment::parse(at).expect("a date"));
        assert_eq!(born_at.age_at(&at_at, AgeWords::default()).as_deref(), Some(*age), "born {born}, at {at}");
    }
    let later = Moment::parse("2010-01-01").expect("a date");
    assert_eq!(later.age_at(&Moment::parse("2009-12-31").expect("a date"), AgeWords::default()), None, "not yet born");
}

/// As received, as shown: ISB 1508 and its table of area codes.
const TELEPHONES: &[(&str, &str)] = &[
    ("02079460123", "020 7946 0123"),
    ("020 7946 0123", "020 7946 0123"),
    ("+442079460123", "020 7946 0123"),
    ("+44 (0)20 7946 0123", "020 7946 0123"),
    ("00442079460123", "020 7946 0123"),
    ("(0113) 396 3000", "0113 396 3000"),
    ("01133963000", "0113 396 3000"),
    ("01214960123", "0121 496 0123"),
    ("01332 496012", "01332 496012"),
    ("01539 456123", "015394 56123"),
    ("07700900123", "07700 900123"),
    ("+447700900123", "07700 900123"),
    ("03001234567", "03001 234567"),
    ("08001111", "08001111"),
    ("0800 1111222", "0800 111 1222"),
    ("02079460123 ext 1234", "020 7946 0123 x1234"),
    ("02079460123x1234", "020 7946 0123 x1234"),
    // Not covered by the rules: as received.
    ("999", "999"),
    ("7946 0123", "7946 0123"),
    ("+44 02079460123", "+44 02079460123"),
    ("call the ward", "call the ward"),
    ("020 7946 0123 / 4", "020 7946 0123 / 4"),
    ("+353 1 234 5678", "+353 1 234 5678"),
    ("", ""),
];

#[test]
fn telephones() {
    for (received, shown) in TELEPHONES {
        assert_eq!(telephone(received), *shown, "{received}");
    }
}

#[test]
fn nhs_numbers() {
    assert_eq!(nhs_number("9434765919"), "943\u{a0}476\u{a0}5919");
}

#[test]
fn postcodes() {
    for (received, shown) in [
        ("ls12ab", "LS1 2AB"),
        ("SW1A1AA", "SW1A 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("90210", "90210"),
        ("D02 AF30", "D02 AF30"),
        ("", ""),
    ] {
        assert_eq!(postcode(received), shown, "{received}");
    }
}

#[test]
fn numbers() {
    for (written, shown) in [
        ("1000", "1,000"),
        ("999", "999"),
        ("1234567", "1,234,567"),
        ("-1000", "-1,000"),
        ("1.0", "1.0"),
        ("0.50", "0.50"),
        ("1e3", "1e3"),
        ("0001", "0001"),
        ("1000.50", "1000.50"),
    ] {
        assert_eq!(grouped(written), shown, "{written}");
    }
}

#[test]
fn words() {
    for (name, words) in [
        ("birthDate", "Birth date"),
        ("NHSNumberStatus", "NHS number status"),
        ("nhsNumber", "NHS number"),
        ("entered-in-error", "Entered in error"),
        ("lotNumber", "Lot number"),
        ("x", "X"),
        ("", ""),
    ] {
        assert_eq!(humanise(name), words, "{name}");
    }
    for (received, shown) in [
        ("a\u{202e}b", "a[U+202E]b"),
        ("a\u{200b}b", "a[U+200B]b"),
        ("a\r\nb\tc", "a\nb c"),
        ("caf\u{e9}", "caf\u{e9}"),
        ("\u{7}", "[U+0007]"),
    ] {
        assert_eq!(visible(received), shown, "{received:?}");
    }
}
