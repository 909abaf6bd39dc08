//! The lexical rules of the primitive types, one row a value.

use careconnect::primitive::{
    Date, DateTime, Decimal, JsonKind, Time, base64_length, check, date_from_days, days_from_date, json_kind,
};
use std::cmp::Ordering::{self, Equal, Greater, Less};

#[test]
fn valid_values() {
    let long_id = "a".repeat(64);
    let long_text = "x".repeat(1 << 20);
    for (type_name, values) in [
        ("boolean", &["true", "false"][..]),
        ("integer", &["0", "-0", "1", "-1", "12", "2147483647", "-2147483648"]),
        ("unsignedInt", &["0", "1", "2147483647"]),
        ("positiveInt", &["1", "10", "2147483647"]),
        (
            "decimal",
            &["0", "-0", "0.0", "1", "-1", "1.50", "0.000001", "123456789012345678901234567890.123456789", "-0.5"],
        ),
        ("string", &["x", "é𝒳", "two\nlines", "tab\tinside", "a  b", "\u{FFFD}", &long_text]),
        ("markdown", &["x", " # padded \n", "two\n\nparagraphs"]),
        ("code", &["a", "a b", "a\u{a0}b", "/min", "a-b_c", "final"]),
        ("id", &["a", "A-1.b", "123", "0", "-", &long_id]),
        (
            "uri",
            &[
                "http://hl7.org/fhir",
                "urn:oid:2.16.840.1",
                "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
                "Patient/1",
                "#p1",
                "mailto:a@b.uk",
                "http://x/y|1.0",
                "é",
                "a%20b",
            ],
        ),
        ("url", &["https://x/"]),
        ("oid", &["urn:oid:2.16.840.1.113883", "urn:oid:0", "urn:oid:1.0.3"]),
        ("uuid", &["urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:00000000-0000-0000-0000-000000000000"]),
        ("base64Binary", &["QQ==", "QUI=", "QUJD", "QUJDRA==", "+/8=", "AAAA"]),
        (
            "date",
            &[
                "2019",
                "2019-02",
                "2019-02-13",
                "2020-02-29",
                "2000-02-29",
                "0001-01-01",
                "9999-12-31",
                "2019-04-30",
                "-0044-03-15",
            ],
        ),
        (
            "dateTime",
            &[
                "2019",
                "2019-02",
                "2019-02-13",
                "2019-02-13T10:00:00Z",
                "2019-02-13T10:00:00.123+01:00",
                "2019-02-13T00:00:00-14:00",
                "2019-02-13T23:59:59+14:00",
                "2019-02-13T10:00:00+00:00",
                "2019-02-13T10:00:00-00:00",
                "2019-02-13T10:00:00.1234567890123456789Z",
                "2019-02-13T10:00:00+13:59",
            ],
        ),
        ("instant", &["2019-02-13T10:00:00Z", "2019-02-13T10:00:00.5-05:30", "2020-02-29T23:59:59Z"]),
        ("time", &["10:00:00", "00:00:00", "23:59:59.999", "10:00:00.0"]),
        ("Quantity", &["a type that is not primitive has no rule", ""]),
    ] {
        for value in values {
            assert_eq!(check(type_name, value), Ok(()), "{type_name} {value:.80}");
        }
    }
}

/// Type, value, the start of what is said, and how to write it where that is certain.
#[test]
fn invalid_values() {
    let long = "a".repeat(65);
    let too_long = "x".repeat((1 << 20) + 1);
    let rows: &[(&str, &str, &str, Option<&str>)] = &[
        ("boolean", "True", "expected true or false", Some("true")),
        ("boolean", " false ", "expected true or false", Some("false")),
        ("boolean", "1", "expected true or false", None),
        ("boolean", "yes", "expected true or false", None),
        ("boolean", "", "expected true or false", None),
        ("integer", "", "expected a whole number", None),
        ("integer", "+1", "expected a whole number", Some("1")),
        ("integer", "01", "expected a whole number", Some("1")),
        ("integer", "1.0", "expected a whole number", Some("1")),
        ("integer", "1.5", "expected a whole number from -2147483648 to 2147483647", None),
        ("integer", "1e3", "expected a whole number", Some("1000")),
        ("integer", "1e999999999", "expected a whole number", None),
        ("integer", " 7", "expected a whole number", Some("7")),
        ("integer", "2147483648", "expected a whole number from", None),
        ("integer", "-2147483649", "expected a whole number from", None),
        ("integer", &"9".repeat(400), "expected a whole number from", None),
        ("integer", "seven", "expected a whole number", None),
        ("integer", "--1", "expected a whole number", None),
        ("integer", "-", "expected a whole number", None),
        ("integer", "١", "expected a whole number", None),
        ("unsignedInt", "-1", "expected a whole number from 0", None),
        ("unsignedInt", "-0", "expected a whole number from 0", None),
        ("unsignedInt", "2147483648", "expected a whole number from 0", None),
        ("positiveInt", "0", "expected a whole number from 1", None),
        ("positiveInt", "-5", "expected a whole number from 1", None),
        ("positiveInt", "1.00", "expected a whole number", Some("1")),
        ("decimal", "", "expected a decimal number", None),
        ("decimal", "+1.5", "expected a number in digits", Some("1.5")),
        ("decimal", ".5", "expected a number in digits", Some("0.5")),
        ("decimal", "5.", "expected a number in digits", Some("5")),
        ("decimal", "007.10", "expected a number in digits", Some("7.10")),
        ("decimal", "-.50", "expected a number in digits", Some("-0.50")),
        ("decimal", "1e3", "STU3 has no exponents", Some("1000")),
        ("decimal", "1.5E-3", "STU3 has no exponents", Some("0.0015")),
        ("decimal", "1e1000000000", "expected a decimal number", None),
        ("decimal", "1,5", "expected a decimal number", None),
        ("decimal", "1.2.3", "expected a decimal number", None),
        ("decimal", "NaN", "expected a decimal number", None),
        ("decimal", "-", "expected a decimal number", None),
        ("decimal", "< 5", "expected a decimal number", None),
        ("string", "", "it is empty", None),
        ("string", "a\u{1}", "the character U+0001", None),
        ("string", "\u{FFFF}", "the character U+FFFF", None),
        ("string", &too_long, "it has 1048577 bytes", None),
        ("markdown", "", "it is empty", None),
        ("code", "", "it is empty", None),
        ("code", " ", "expected a code", None),
        ("code", " active", "a code has no white space at its ends", Some("active")),
        ("code", "active ", "a code has no white space at its ends", Some("active")),
        ("code", "a\tb", "a code has no white space at its ends", Some("a b")),
        ("code", "a  b", "a code has no white space at its ends", Some("a b")),
        ("code", "a \n b", "a code has no white space at its ends", Some("a b")),
        ("id", "", "it is empty", None),
        ("id", "a_b", "an id has only letters A-Z and a-z, digits, '-' and '.'; found '_'", None),
        ("id", "a b", "an id has only letters A-Z and a-z, digits, '-' and '.'; found a space", None),
        ("id", "é", "an id has only letters A-Z and a-z, digits, '-' and '.'; found 'é'", None),
        ("id", "a\n", "an id has only letters A-Z and a-z, digits, '-' and '.'; found U+000A", None),
        ("id", &long, "an id has at most 64 characters; this has 65", None),
        ("uri", "", "it is empty", None),
        ("uri", "a b", "a URI has no white space", None),
        ("uri", " http://x ", "a URI has no white space", Some("http://x")),
        ("uri", "oid:1.2", "an OID or UUID as a URI", Some("urn:oid:1.2")),
        (
            "uri",
            "uuid:c757873d-ec9a-4326-a141-556f43239520",
            "an OID or UUID as a URI",
            Some("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
        ),
        ("uri", "urn:oid:1.02", "expected 'urn:oid:'", None),
        ("uri", "urn:uuid:problems", "expected 'urn:uuid:'", None),
        (
            "uri",
            "urn:uuid:C757873D-EC9A-4326-A141-556F43239520",
            "FHIR writes a UUID in lower case",
            Some("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
        ),
        ("oid", "2.16.840", "an OID is written as a URI", Some("urn:oid:2.16.840")),
        ("oid", "oid:2.16", "an OID is written as a URI", Some("urn:oid:2.16")),
        ("oid", "urn:oid:", "expected 'urn:oid:'", None),
        ("oid", "urn:oid:1..2", "expected 'urn:oid:'", None),
        ("oid", "urn:oid:1.2.", "expected 'urn:oid:'", None),
        ("oid", "x", "expected 'urn:oid:'", None),
        ("oid", "urn:oid:3.1", "expected 'urn:oid:'", None),
        (
            "uuid",
            "c757873d-ec9a-4326-a141-556f43239520",
            "a UUID is written as a URI",
            Some("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
        ),
        ("uuid", "urn:uuid:c757873dec9a4326a141556f43239520", "expected 'urn:uuid:'", None),
        ("uuid", "urn:uuid:g757873d-ec9a-4326-a141-556f43239520", "expected 'urn:uuid:'", None),
        ("base64Binary", "", "it is empty", None),
        ("base64Binary", "=", "it is empty", None),
        ("base64Binary", "Q", "the base64 is cut off", None),
        ("base64Binary", "QQ", "expected 2 '=' at its end, found 0", None),
        ("base64Binary", "QQ=", "expected 2 '=' at its end, found 1", None),
        ("base64Binary", "QUJD=", "expected no '='", None),
        ("base64Binary", "QQ==QQ==", "'=' stands only at the end", None),
        ("base64Binary", "QR==", "its last character has bits", None),
        ("base64Binary", "QUJ=", "its last character has bits", None),
        ("base64Binary", "Q-_=", "'-' and '_' are of the form of base64 for URLs", None),
        ("base64Binary", "QUI*", "base64 has only A-Z, a-z, 0-9, '+' and '/', and '=' at its end; found '*'", None),
        ("date", "", "it is empty", None),
        ("date", "13/02/2019", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", "13-02-2019", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", "13.2.2019", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", "02/13/2019", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", "02/02/2019", "expected YYYY-MM-DD", Some("2019-02-02")),
        (
            "date",
            "03/02/2019",
            "the year comes first. Write 2019-02-03 if this is 3 February, or 2019-03-02 if it is 2 March.",
            None,
        ),
        ("date", "13-Feb-2019", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", "13 February 2019", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", "February 13, 2019", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", "Feb 2019", "expected YYYY-MM-DD", Some("2019-02")),
        ("date", "02/2019", "expected YYYY-MM-DD", Some("2019-02")),
        ("date", "2019-2-3", "expected YYYY-MM-DD", Some("2019-02-03")),
        ("date", "2019-2", "expected YYYY-MM-DD", Some("2019-02")),
        ("date", "2019/02/13", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", "20190213", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", " 2019-02-13", "expected YYYY-MM-DD", Some("2019-02-13")),
        ("date", "2019-02-13T00:00:00Z", "a date has no time", Some("2019-02-13")),
        ("date", "2019-02-13T10:00:00", "a date has no time", Some("2019-02-13")),
        ("date", "20190213100000", "a date has no time", Some("2019-02-13")),
        ("date", "2019-02-29", "there is no day 29: February 2019 has 28 days", None),
        ("date", "1900-02-29", "there is no day 29: February 1900 has 28 days", None),
        ("date", "2019-04-31", "there is no day 31: April 2019 has 30 days", None),
        ("date", "31/04/2019", "there is no day 31: April 2019 has 30 days", None),
        ("date", "2019-02-00", "there is no day 00", None),
        ("date", "2019-13-01", "there is no month 13", None),
        ("date", "2019-00", "there is no month 00", None),
        ("date", "0000-01-01", "there is no year 0000", None),
        ("date", "-19-01-01", "expected a date", None),
        ("date", "19", "expected a date", None),
        ("date", "13/02/19", "expected a date", None),
        ("date", "12019-01-01", "expected a date", None),
        ("date", "2019-02-13-01", "expected a date", None),
        ("date", "yesterday", "expected a date", None),
        ("date", "２０１９", "expected a date", None),
        (
            "dateTime",
            "2019-02-13T10:00:00",
            "a time with a date needs its offset from UTC. Write 2019-02-13T10:00:00 and",
            None,
        ),
        (
            "dateTime",
            "2019-02-13 10:00",
            "a time with a date needs its offset from UTC. Write 2019-02-13T10:00:00 and",
            None,
        ),
        (
            "dateTime",
            "13/02/2019 10:00",
            "a time with a date needs its offset from UTC. Write 2019-02-13T10:00:00 and",
            None,
        ),
        ("dateTime", "2019-02-13T10:00Z", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T10:00:00Z")),
        ("dateTime", "2019-02-13T10:00+01:00", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T10:00:00+01:00")),
        ("dateTime", "2019-02-13T10:00:00+0100", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T10:00:00+01:00")),
        ("dateTime", "2019-02-13T10:00:00+01", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T10:00:00+01:00")),
        ("dateTime", "2019-02-13t10:00:00z", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T10:00:00Z")),
        (
            "dateTime",
            "2019-02-13 10:00:00.25 -0530",
            "expected YYYY-MM-DDThh:mm:ss",
            Some("2019-02-13T10:00:00.25-05:30"),
        ),
        ("dateTime", "2019-02-13T9:05:00Z", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T09:05:00Z")),
        ("dateTime", "20190213100000+0000", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T10:00:00Z")),
        ("dateTime", "20190213T100000Z", "expected a date", None),
        ("dateTime", "201902131000", "a time with a date needs its offset", None),
        ("dateTime", "2019-1-1", "expected YYYY-MM-DD", Some("2019-01-01")),
        ("dateTime", "13-Feb-2019 10:00 GMT", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T10:00:00Z")),
        ("dateTime", "2019-02-13T24:00:00Z", "24:00 is not allowed", None),
        ("dateTime", "2019-02-13T25:00:00Z", "there is no hour 25", None),
        ("dateTime", "2019-02-13T10:60:00Z", "there is no minute 60", None),
        ("dateTime", "2019-02-13T10:00:60Z", "there is no second 60", None),
        ("dateTime", "2019-02-13T10:00:00+14:01", "no offset from UTC is more than 14:00", None),
        ("dateTime", "2019-02-30T10:00:00Z", "there is no day 30", None),
        ("dateTime", "2019-02T10:00:00Z", "expected a date", None),
        ("dateTime", "2019-02-13T", "expected a date", None),
        ("dateTime", "2019-02-13T10:00:00.Z", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T10:00:00Z")),
        ("dateTime", "2019-02-13T10:00:00ZZ", "expected a date", None),
        ("dateTime", "10:00:00", "expected a date", None),
        ("dateTime", "__TIMESTAMP__", "expected a date", None),
        ("dateTime", &"1:".repeat(100_000), "expected a date", None),
        ("instant", "2019", "expected a date with time and offset", None),
        ("instant", "2019-02-13", "expected a date with time and offset", None),
        ("instant", "2017-08-14T02:47:12", "a time with a date needs its offset", None),
        ("instant", "2019-02-13T10:00Z", "expected YYYY-MM-DDThh:mm:ss", Some("2019-02-13T10:00:00Z")),
        ("time", "", "it is empty", None),
        ("time", "10:00", "a time is hh:mm:ss", Some("10:00:00")),
        ("time", "9:30", "a time is hh:mm:ss", Some("09:30:00")),
        ("time", "10:00:00Z", "a time is hh:mm:ss", Some("10:00:00")),
        ("time", "2019-02-13T10:00:00Z", "a time is hh:mm:ss", Some("10:00:00")),
        ("time", "24:00:00", "24:00 is not allowed", None),
        ("time", "10:00 pm", "expected a time", None),
        ("time", "10", "expected a time", None),
        ("time", "2019", "expected a time", None),
    ];
    assert!(rows.len() >= 150);
    for (type_name, value, problem, replacement) in rows {
        let invalid = check(type_name, value).expect_err(&format!("{type_name} {value:.80}"));
        assert!(invalid.problem.starts_with(problem), "{type_name} {value:.80}: {}", invalid.problem);
        assert!(invalid.problem.ends_with('.'), "{type_name} {value:.80}: {}", invalid.problem);
        assert!(!invalid.odd, "{type_name} {value:.80}");
        assert_eq!(invalid.replacement.as_deref(), *replacement, "{type_name} {value:.80}: {}", invalid.problem);
        if let Some(replacement) = &invalid.replacement {
            assert_eq!(check(type_name, replacement), Ok(()), "what is proposed for {type_name} {value:.80} is valid");
        }
    }
}

#[test]
fn odd_values() {
    for (type_name, value, problem, replacement) in [
        ("string", "  padded  ", "it starts or ends with white space", Some("padded")),
        ("string", "line\n", "it starts or ends with white space", Some("line")),
        ("string", " ", "it holds white space only", None),
        ("markdown", "\n", "it holds white space only", None),
        ("base64Binary", "QUJD\nQUJD", "there is white space in the base64", None),
    ] {
        let invalid = check(type_name, value).unwrap_err();
        assert!(invalid.odd && invalid.problem.starts_with(problem), "{type_name} {value:?}: {}", invalid.problem);
        assert_eq!(invalid.replacement.as_deref(), replacement);
    }
}

#[test]
fn json_kinds() {
    for (type_name, kind) in [
        ("boolean", Some(JsonKind::Boolean)),
        ("decimal", Some(JsonKind::Number)),
        ("positiveInt", Some(JsonKind::Number)),
        ("date", Some(JsonKind::String)),
        ("xhtml", None),
        ("Quantity", None),
    ] {
        assert_eq!(json_kind(type_name), kind, "{type_name}");
    }
}

#[test]
fn base64_lengths() {
    for (text, length) in [("QQ==", 1), ("QUI=", 2), ("QUJD", 3), (" Q U J D\nRA = = ", 4)] {
        assert_eq!(base64_length(text), Ok(length), "{text}");
    }
}

#[test]
fn decimals_compare_exactly() {
    for (left, right, order) in [
        ("1", "1.00", Equal),
        ("0", "-0.0", Equal),
        ("0.1", "0.10000000000000000000000000001", Less),
        ("10", "9.99", Greater),
        ("-10", "-9.99", Less),
        ("-1", "1", Less),
        ("-1", "0", Less),
        ("1e3", "1000.0", Equal),
        ("0.05", "0.5", Less),
        ("123456789012345678901234567890", "123456789012345678901234567891", Less),
        ("1e999999999", "9e999999998", Greater),
        ("1e-999999999", "0", Greater),
    ] {
        let (a, b) = (Decimal::parse(left).unwrap(), Decimal::parse(right).unwrap());
        assert_eq!((a.cmp(&b), b.cmp(&a)), (order, order.reverse()), "{left} {right}");
    }
    for (text, places, plain, whole) in [
        ("1.50", 2, "1.50", None),
        ("2.00", 2, "2.00", Some(2)),
        ("-0012", 0, "-12", Some(-12)),
        ("1e3", 0, "1000", Some(1000)),
        ("0.00", 2, "0.00", Some(0)),
        ("1.5e-3", 4, "0.0015", None),
        ("1e70", 0, "1e70", None),
    ] {
        let value = Decimal::parse(text).unwrap();
        assert_eq!((value.places(), value.to_plain().as_str(), value.to_whole()), (places, plain, whole), "{text}");
    }
    for text in ["", "-", "+", ".", "e5", "1e", "1e99999999999", "1.2.3", "0x10", "1 ", "--1", "١"] {
        assert!(Decimal::parse(text).is_none(), "{text}");
    }
}

#[test]
fn moments_compare_as_far_as_they_are_known() {
    for (left, right, order) in [
        ("2019", "2020", Some(Less)),
        ("2019", "2019", Some(Equal)),
        ("2019", "2019-02", None),
        ("2019-03", "2019-02-13", Some(Greater)),
        ("2019-02-13", "2019-02-13", Some(Equal)),
        ("2019-02-13", "2019-02-13T10:00:00Z", None),
        ("2019-02-12", "2019-02-13T10:00:00Z", Some(Less)),
        ("2019-02-13T10:00:00Z", "2019-02-13T11:00:00+01:00", Some(Equal)),
        ("2019-02-13T10:00:00Z", "2019-02-13T10:00:00+01:00", Some(Greater)),
        ("2019-02-13T23:30:00-01:00", "2019-02-14T00:30:00Z", Some(Equal)),
        ("2019-12-31T23:59:59Z", "2020-01-01T00:00:00Z", Some(Less)),
        ("2019-02-13T10:00:00.5Z", "2019-02-13T10:00:00.50Z", Some(Equal)),
        ("2019-02-13T10:00:00Z", "2019-02-13T10:00:00.001Z", Some(Less)),
        ("2019-02-13T10:00", "2019-02-13T10:00:30", None),
        ("2019-02-13T10", "2019-02-13T10:30", None),
        ("2019-02-13T10", "2019-02-13T11:30", Some(Less)),
        ("2019-02-13T10:00:00", "2019-02-13T10:00:00Z", None),
        ("2019-02-13T10:00:00", "2019-02-15T10:00:00Z", Some(Less)),
    ] {
        let read = |text| DateTime::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(read(left).compare(&read(right)), order, "{left} {right}");
        assert_eq!(read(right).compare(&read(left)), order.map(Ordering::reverse), "{right} {left}");
        assert_eq!(read(left).to_string().trim_end_matches('0'), left.trim_end_matches('0'));
    }
    for (left, right, order) in [
        ("10:30:00", "10:30:00.0", Some(Equal)),
        ("10:30", "10:30:00", None),
        ("10", "11:00", Some(Less)),
        ("10:30:00.1", "10:30:00.09", Some(Greater)),
    ] {
        let read = |text| Time::parse(text).unwrap();
        assert_eq!(read(left).compare(&read(right)), order, "{left} {right}");
    }
}

#[test]
fn days_count_on_the_gregorian_calendar() {
    for (date, days) in [
        ("1970-01-01", 0),
        ("1969-12-31", -1),
        ("1970-03-01", 59),
        ("2000-02-29", 11_016),
        ("2019-02-13", 17_940),
        ("0001-01-01", -719_162),
        ("9999-12-31", 2_932_896),
    ] {
        let read = Date::parse(date).unwrap();
        assert_eq!(read.days(), Some(days), "{date}");
        assert_eq!(date_from_days(days), Some(read), "{date}");
    }
    // Every day of four centuries follows the one before.
    let first = days_from_date(1800, 1, 1);
    let mut last = String::new();
    for days in first..first + 146_097 {
        let date = date_from_days(days).unwrap();
        assert_eq!(date.days(), Some(days));
        assert!(date.to_string() > last);
        last = date.to_string();
    }
    assert_eq!(last, "2199-12-31");
    assert_eq!([date_from_days(i64::MAX), date_from_days(i64::MIN), date_from_days(2_932_897)], [None; 3]);
}

#[test]
fn seconds_are_in_utc() {
    for (text, seconds) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("1970-01-01T01:00:00+01:00", Some(0)),
        ("2019-02-13T10:00:00.9Z", Some(1_550_052_000)),
        ("2019-02-13T10:00:00", None),
        ("2019-02-13", None),
    ] {
        assert_eq!(DateTime::parse(text).unwrap().seconds(), seconds, "{text}");
    }
}
