//! The lexical rules of STU3's primitive types (2.24.0.1) as pure functions: what a value's text must look like, what is
//! wrong with it in plain English, and how to write it where that is certain.

mod datetime;
mod decimal;
mod suggest;

pub use datetime::{Date, DateTime, Time, date_from_days, days_from_date, days_in_month};
pub use decimal::Decimal;
pub use suggest::MONTHS;

use std::borrow::Cow;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// What was expected and how to put it right: a full sentence or two, to stand after "… is not a valid date:".
    pub problem: Cow<'static, str>,
    /// The same value written right, where there is no doubt about it.
    pub replacement: Option<String>,
    /// The value is allowed, but looks wrong or is against good practice.
    pub odd: bool,
}

impl Invalid {
    fn new(problem: impl Into<Cow<'static, str>>) -> Self {
        Invalid { problem: problem.into(), replacement: None, odd: false }
    }

    fn odd(problem: impl Into<Cow<'static, str>>) -> Self {
        Invalid { odd: true, ..Invalid::new(problem) }
    }

    /// Adds how to write it, which is certain.
    fn write(expected: &str, replacement: String) -> Self {
        let problem = format!("{expected} Write {replacement}.").into();
        Invalid { problem, replacement: Some(replacement), odd: false }
    }
}

/// How a primitive stands in JSON (STU3 2.6.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// `"text"`
    String,
    /// `12.50`
    Number,
    /// `true`
    Boolean,
}

impl JsonKind {
    /// In words, with the article.
    pub fn words(self) -> &'static str {
        match self {
            JsonKind::String => "a string",
            JsonKind::Number => "a number",
            JsonKind::Boolean => "a boolean",
        }
    }
}

type Rule = fn(&str) -> Result<(), Invalid>;

/// Every primitive type, how it stands in JSON and its rule. `url` and `canonical` are R4's, here for its sake.
const TYPES: &[(&str, JsonKind, Rule)] = &[
    ("base64Binary", JsonKind::String, base64),
    ("boolean", JsonKind::Boolean, boolean),
    ("canonical", JsonKind::String, uri),
    ("code", JsonKind::String, code),
    ("date", JsonKind::String, datetime::check_date),
    ("dateTime", JsonKind::String, datetime::check_date_time),
    ("decimal", JsonKind::Number, decimal),
    ("id", JsonKind::String, id),
    ("instant", JsonKind::String, datetime::check_instant),
    ("integer", JsonKind::Number, integer),
    ("markdown", JsonKind::String, markdown),
    ("oid", JsonKind::String, oid),
    ("positiveInt", JsonKind::Number, positive),
    ("string", JsonKind::String, string),
    ("time", JsonKind::String, datetime::check_time),
    ("unsignedInt", JsonKind::Number, unsigned),
    ("uri", JsonKind::String, uri),
    ("url", JsonKind::String, uri),
    ("uuid", JsonKind::String, uuid),
];

fn find(type_name: &str) -> Option<&'static (&'static str, JsonKind, Rule)> {
    let at = TYPES.binary_search_by(|(name, ..)| (*name).cmp(type_name)).ok()?;
    TYPES.get(at)
}

/// How values of a primitive type stand in JSON. `None` for a type that is not primitive; `xhtml` is not among them.
pub fn json_kind(type_name: &str) -> Option<JsonKind> {
    find(type_name).map(|(_, kind, _)| *kind)
}

/// Whether `text` is a value of the primitive type. A type that is not known has no rule and takes everything.
pub fn check(type_name: &str, text: &str) -> Result<(), Invalid> {
    match find(type_name) {
        Some((.., rule)) => rule(text),
        None => Ok(()),
    }
}

/// The same, where `is_wider` is set, by what R4 allows besides: a decimal with an exponent, and the 60th second.
pub fn check_as(type_name: &str, text: &str, is_wider: bool) -> Result<(), Invalid> {
    if !is_wider {
        return check(type_name, text);
    }
    match type_name {
        "decimal" => {
            let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if is_digits(digits) && digits.len() <= 9 { check(type_name, number) } else { check(type_name, text) }
        }
        "dateTime" | "instant" | "time" => match text.match_indices(':').nth(1) {
            Some((at, _)) if text.get(at..).is_some_and(|rest| rest.starts_with(":60")) => {
                let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 3..).unwrap_or_default());
                check(type_name, &format!("{before}:59{after}"))
            }
            _ => check(type_name, text),
        },
        _ => check(type_name, text),
    }
}

/// The largest string in bytes (STU3 2.24.0.1: 1 MB).
pub const STRING_LIMIT: usize = 1 << 20;

const EMPTY: &str = "it is empty. Give it a value or leave the element out.";

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn boolean(text: &str) -> Result<(), Invalid> {
    match text {
        "true" | "false" => Ok(()),
        _ => {
            let lower = text.trim().to_ascii_lowercase();
            Err(match lower.as_str() {
                "true" | "false" => Invalid::write("expected true or false, in lower case.", lower),
                _ => Invalid::new("expected true or false."),
            })
        }
    }
}

fn range(text: &str, low: i128, expected: &'static str) -> Result<(), Invalid> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let value = if is_digits(digits) && (digits.len() == 1 || !digits.starts_with('0')) {
        // What does not fit is far out of every range.
        text.parse().unwrap_or(if text.starts_with('-') { i128::MIN } else { i128::MAX })
    } else {
        let value = Decimal::parse(text.trim()).and_then(|value| value.to_whole()).map(i128::from);
        return Err(match value.filter(|value| (low..=i128::from(i32::MAX)).contains(value)) {
            Some(value) => {
                Invalid::write("expected a whole number in digits, without leading zeros.", value.to_string())
            }
            None => Invalid::new(expected),
        });
    };
    if value < low || value > i128::from(i32::MAX) { Err(Invalid::new(expected)) } else { Ok(()) }
}

fn integer(text: &str) -> Result<(), Invalid> {
    range(text, i128::from(i32::MIN), "expected a whole number from -2147483648 to 2147483647.")
}

fn unsigned(text: &str) -> Result<(), Invalid> {
    let expected = "expected a whole number from 0 to 2147483647.";
    // The expressions of the two types without a sign leave out even -0.
    if text == "-0" { Err(Invalid::new(expected)) } else { range(text, 0, expected) }
}

fn positive(text: &str) -> Result<(), Invalid> {
    range(text, 1, "expected a whole number from 1 to 2147483647.")
}

fn decimal(text: &str) -> Result<(), Invalid> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if is_digits(whole) && is_digits(fraction) && !leading_zero {
        return Ok(());
    }
    let expected = if unsigned.contains(['e', 'E']) {
        "STU3 has no exponents in a decimal."
    } else {
        "expected a number in digits, such as 10 or 2.5."
    };
    Err(match Decimal::parse(text.trim()).filter(Decimal::is_short) {
        Some(value) => Invalid::write(expected, value.to_plain()),
        None => Invalid::new("expected a decimal number, such as 12.50."),
    })
}

/// What holds for every kind of text.
fn characters(text: &str) -> Result<(), Invalid> {
    if text.is_empty() {
        return Err(Invalid::new(EMPTY));
    }
    if text.len() > STRING_LIMIT {
        let size = text.len();
        return Err(Invalid::new(format!("it has {size} bytes, and FHIR allows at most {STRING_LIMIT} (1 MB).")));
    }
    // XML 1.0 (2.2) cannot hold these, so no FHIR string can.
    let forbidden = |character: &char| matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    // Most texts are passed over by bytes; U+FFFE and U+FFFF start with EF in UTF-8.
    if text.bytes().any(|byte| byte < b' ' || byte == 0xEF) {
        if let Some(found) = text.chars().find(forbidden) {
            let code = found as u32;
            return Err(Invalid::new(format!("the character U+{code:04X} cannot stand in text. Remove it.")));
        }
    }
    Ok(())
}

fn string(text: &str) -> Result<(), Invalid> {
    markdown(text)?;
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        let mut odd = Invalid::odd("it starts or ends with white space. Remove that.");
        odd.replacement = Some(trimmed.to_owned());
        return Err(odd);
    }
    Ok(())
}

fn markdown(text: &str) -> Result<(), Invalid> {
    characters(text)?;
    if text.trim().is_empty() {
        return Err(Invalid::odd("it holds white space only. Give it some text or leave the element out."));
    }
    Ok(())
}

fn code(text: &str) -> Result<(), Invalid> {
    characters(text)?;
    // STU3's expression takes any one white space character between words; its text says single spaces, and is stricter.
    let mut space = true;
    let mut fine = true;
    for character in text.chars() {
        let now = character.is_whitespace();
        fine &= !(now && (space || character.is_ascii_control()));
        space = now;
    }
    if fine && !space {
        return Ok(());
    }
    let single = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Err(match single.as_str() {
        "" => Invalid::new("expected a code; this is white space only."),
        _ => Invalid::write("a code has no white space at its ends and only single spaces inside.", single),
    })
}

fn id(text: &str) -> Result<(), Invalid> {
    if text.is_empty() {
        return Err(Invalid::new(EMPTY));
    }
    let odd = text.chars().find(|character| !matches!(character, 'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.'));
    if let Some(odd) = odd {
        let found = shown(odd);
        return Err(Invalid::new(format!("an id has only letters A-Z and a-z, digits, '-' and '.'; found {found}.")));
    }
    if text.len() > 64 {
        return Err(Invalid::new(format!("an id has at most 64 characters; this has {}.", text.len())));
    }
    Ok(())
}

/// A character as a message shows it.
fn shown(character: char) -> String {
    match character {
        ' ' => "a space".to_owned(),
        _ if character.is_control() || character.is_whitespace() => format!("U+{:04X}", character as u32),
        _ => format!("'{character}'"),
    }
}

fn uri(text: &str) -> Result<(), Invalid> {
    characters(text)?;
    if text.contains(char::is_whitespace) {
        let trimmed = text.trim();
        return Err(if trimmed.is_empty() || trimmed.contains(char::is_whitespace) {
            Invalid::new("a URI has no white space. Remove it, or write %20 for a space that belongs there.")
        } else {
            Invalid::write("a URI has no white space.", trimmed.to_owned())
        });
    }
    // The two kinds of URN that FHIR relies on have rules of their own (RFC 3061, RFC 4122).
    if text.starts_with("urn:oid:") {
        oid(text)
    } else if text.starts_with("urn:uuid:") {
        uuid(text)
    } else if text.starts_with("oid:") || text.starts_with("uuid:") {
        Err(Invalid::write("an OID or UUID as a URI starts with 'urn:'.", format!("urn:{text}")))
    } else {
        Ok(())
    }
}

fn oid(text: &str) -> Result<(), Invalid> {
    let is_arc = |arc: &str| is_digits(arc) && (arc.len() == 1 || !arc.starts_with('0'));
    let arcs = |text: &str| {
        let mut all = text.split('.');
        matches!(all.next(), Some("0" | "1" | "2")) && all.all(is_arc)
    };
    let expected =
        "expected 'urn:oid:' and numbers joined by points, the first 0, 1 or 2, such as urn:oid:2.16.840.1.113883.";
    match text.strip_prefix("urn:oid:") {
        Some(rest) if arcs(rest) => Ok(()),
        Some(_) => Err(Invalid::new(expected)),
        None => Err(match text.strip_prefix("oid:").unwrap_or(text) {
            rest if arcs(rest) => Invalid::write("an OID is written as a URI.", format!("urn:oid:{rest}")),
            _ => Invalid::new(expected),
        }),
    }
}

fn uuid(text: &str) -> Result<(), Invalid> {
    let bare = text.strip_prefix("urn:uuid:").or_else(|| text.strip_prefix("uuid:")).unwrap_or(text);
    let form = bare.len() == 36
        && bare.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    let lower = !bare.bytes().any(|byte| byte.is_ascii_uppercase());
    let right = format!("urn:uuid:{}", bare.to_ascii_lowercase());
    match (form, lower, text.starts_with("urn:uuid:")) {
        (true, true, true) => Ok(()),
        (true, false, true) => Err(Invalid::write("FHIR writes a UUID in lower case.", right)),
        (true, _, false) => Err(Invalid::write("a UUID is written as a URI.", right)),
        (false, ..) => Err(Invalid::new(
            "expected 'urn:uuid:' and hexadecimal digits in groups of 8-4-4-4-12, such as \
             urn:uuid:c757873d-ec9a-4326-a141-556f43239520.",
        )),
    }
}

fn base64(text: &str) -> Result<(), Invalid> {
    base64_length(text)?;
    if text.contains(char::is_whitespace) {
        return Err(Invalid::odd("there is white space in the base64, which some readers refuse. Remove it."));
    }
    Ok(())
}

/// The bytes that a base64 text stands for; none if it is no base64.
pub fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(base64_length(text).ok()?);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    Some(out)
}

/// How many bytes a base64 text stands for; white space counts for nothing (RFC 4648; XML Schema 3.2.16).
pub fn base64_length(text: &str) -> Result<usize, Invalid> {
    let mut digits = 0_usize;
    let mut padding = 0_usize;
    let mut last = 0;
    for character in text.chars() {
        let value = match character {
            'A'..='Z' => character as u32 - 'A' as u32,
            'a'..='z' => character as u32 - 'a' as u32 + 26,
            '0'..='9' => character as u32 - '0' as u32 + 52,
            '+' => 62,
            '/' => 63,
            '=' => {
                padding += 1;
                continue;
            }
            ' ' | '\t' | '\n' | '\r' => continue,
            '-' | '_' => {
                let problem = "'-' and '_' are of the form of base64 for URLs. FHIR has '+' for '-' and '/' for '_'.";
                return Err(Invalid::new(problem));
            }
            _ => {
                let found = shown(character);
                let expected = "base64 has only A-Z, a-z, 0-9, '+' and '/', and '=' at its end";
                return Err(Invalid::new(format!("{expected}; found {found}.")));
            }
        };
        if padding > 0 {
            return Err(Invalid::new("'=' stands only at the end of base64."));
        }
        digits += 1;
        last = value;
    }
    let (expected, unused, rest) = match digits % 4 {
        _ if digits == 0 => return Err(Invalid::new(EMPTY)),
        0 => (0, 0, 0),
        2 => (2, 0b1111, 1),
        3 => (1, 0b11, 2),
        _ => return Err(Invalid::new("the base64 is cut off: one character stands alone at its end.")),
    };
    if padding != expected {
        let problem = match expected {
            0 => "expected no '=' at its end, as it is complete without.".to_owned(),
            _ => format!("expected {expected} '=' at its end, found {padding}; it may be cut off."),
        };
        return Err(Invalid::new(problem));
    }
    if last & unused != 0 {
        return Err(Invalid::new("its last character has bits that stand for nothing; it may be cut off or altered."));
    }
    Ok(digits / 4 * 3 + rest)
}

/// Whether a URL names something on its own: it has a scheme.
pub fn is_absolute(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let mut letters = scheme.chars();
    !rest.is_empty()
        && letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_the_search() {
        assert!(TYPES.is_sorted_by_key(|(name, ..)| name));
    }
}
