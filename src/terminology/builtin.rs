//! Code systems that are a grammar, or a list short enough to be at hand: languages, MIME types, units, countries,
//! currencies; and the form that the codes of LOINC and SNOMED CT have.
//!
//! What breaks the grammar is no code of theirs. What keeps it is one of theirs if there is nothing more to know, and
//! otherwise undecided.

use super::{iso, release, ucum};
use crate::nhs::snomed;

/// What the form of a code says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The code is in the system.
    Code,
    /// The code may be in the system.
    Possible,
    /// The code cannot be in the system.
    Impossible,
}

/// BCP 47 language tags.
pub const LANGUAGES: &str = "urn:ietf:bcp:47";
/// MIME types (BCP 13).
pub const MIME_TYPES: &str = "urn:ietf:bcp:13";
/// Units of measure.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// Countries and their parts.
pub const COUNTRIES: &str = "urn:iso:std:iso:3166";
/// Currencies.
pub const CURRENCIES: &str = "urn:iso:std:iso:4217";
/// Logical Observation Identifiers Names and Codes.
pub const LOINC: &str = "http://loinc.org";

/// The system that a value set's URL stands for, where the URL is a document and not a definition.
pub fn value_set(url: &str) -> Option<&'static str> {
    match url {
        "http://www.rfc-editor.org/bcp/bcp13.txt" => Some(MIME_TYPES),
        "http://tools.ietf.org/html/bcp47" | "https://tools.ietf.org/html/bcp47" => Some(LANGUAGES),
        _ => None,
    }
}

/// Whether a value set is that of all MIME types.
pub fn is_mime_types(canonical: &str) -> bool {
    value_set(canonical) == Some(MIME_TYPES)
}

/// Whether the form decides every code of a system.
pub fn is_decided(system: &str) -> bool {
    matches!(system, MIME_TYPES | UCUM | CURRENCIES)
}

/// What the form of a code says, for a system that is a grammar.
pub fn form(system: &str, code: &str) -> Option<Form> {
    match system {
        LANGUAGES => Some(language(code)),
        MIME_TYPES => Some(mime_type(code)),
        UCUM => Some(if ucum::is_unit(code) { Form::Code } else { Form::Impossible }),
        COUNTRIES => Some(iso::country(code)),
        CURRENCIES => Some(iso::currency(code)),
        LOINC => Some(loinc(code)),
        release::SNOMED => Some(match snomed::is_concept_id(code) || release::is_expression(code) {
            true => Form::Possible,
            false => Form::Impossible,
        }),
        _ => None,
    }
}

/// The two-letter languages of ISO 639-1.
const ISO_639_1: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da \
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io \
    is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my \
    na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// A language tag in the case that tags are written in: `en-GB`, `zh-Hant` (RFC 5646 2.1.1).
pub fn usual_case(tag: &str) -> String {
    let part = |(at, part): (usize, &str)| {
        let lower = part.to_ascii_lowercase();
        match part.len() {
            2 if at > 0 => part.to_ascii_uppercase(),
            4 if at > 0 => {
                lower.get(..1).map(str::to_ascii_uppercase).unwrap_or_default() + lower.get(1..).unwrap_or_default()
            }
            _ => lower,
        }
    };
    tag.split('-').enumerate().map(part).collect::<Vec<_>>().join("-")
}

/// `language ["-" script] ["-" region] *("-" variant) …` (RFC 5646 2.1). Two-letter languages are checked against ISO 639-1;
/// longer ones, of which there are thousands, by form.
fn language(code: &str) -> Form {
    let mut parts = code.split('-');
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let first = parts.next().unwrap_or_default();
    let known = match first.len() {
        1 if matches!(first, "x" | "X" | "i" | "I") && code.len() > 2 => Form::Possible,
        2 if letters(first) => {
            match ISO_639_1.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(first)) {
                true => Form::Code,
                false => return Form::Impossible,
            }
        }
        3..=8 if letters(first) => Form::Possible,
        _ => return Form::Impossible,
    };
    for (at, part) in parts.enumerate() {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Form::Impossible;
        }
        // After the language and before variants come languages again (3 letters), a script (4), a region (2 or 3 digits).
        if at == 0 && part.len() == 2 && !iso::is_region(part) {
            return Form::Impossible;
        }
    }
    known
}

/// `type/subtype` with parameters (RFC 2045 5.1); the types at the top are those of IANA and `x-…`.
fn mime_type(code: &str) -> Form {
    let kind = code.split(';').next().unwrap_or_default().trim_end();
    let Some((top, sub)) = kind.split_once('/') else { return Form::Impossible };
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let top = top.to_ascii_lowercase();
    let is_known = matches!(
        &*top,
        "application"
            | "audio"
            | "chemical"
            | "example"
            | "font"
            | "haptics"
            | "image"
            | "message"
            | "model"
            | "multipart"
            | "text"
            | "video"
    );
    match (is_known || top.starts_with("x-")) && token(&top) && token(sub) {
        true => Form::Code,
        false => Form::Impossible,
    }
}

/// Up to eight digits, a hyphen, and a digit that checks them (LOINC Users' Guide, modulus 10: every second digit from the
/// right counts double, and the digits of all are added). Parts, answers, groups and lists of LOINC have two letters before.
fn loinc(code: &str) -> Form {
    let Some((number, check)) = code.split_once('-') else { return Form::Impossible };
    let (letters, digits) = number.split_at(number.bytes().take_while(u8::is_ascii_uppercase).count());
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !matches!(letters, "" | "LA" | "LG" | "LL" | "LP") || !is_number(digits) || !is_number(check) || check.len() != 1
    {
        return Form::Impossible;
    }
    if !letters.is_empty() {
        return Form::Possible;
    }
    let value = |(at, byte): (usize, u8)| match u32::from(byte - b'0') {
        digit if at % 2 == 1 => digit,
        digit if digit < 5 => digit * 2,
        digit => digit * 2 - 9,
    };
    let sum: u32 = digits.bytes().rev().enumerate().map(value).sum();
    let is_right = digits.len() <= 8 && check == ((10 - sum % 10) % 10).to_string();
    if is_right { Form::Possible } else { Form::Impossible }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        use Form::*;
        for (system, code, expected) in [
            (LANGUAGES, "en", Code),
            (LANGUAGES, "en-GB", Code),
            (LANGUAGES, "zh-Hant-HK", Code),
            (LANGUAGES, "de-419", Code),
            (LANGUAGES, "EN-gb", Code),
            (LANGUAGES, "xx", Impossible),
            (LANGUAGES, "en_GB", Impossible),
            (LANGUAGES, "en-", Impossible),
            (LANGUAGES, "en-G1", Impossible),
            (LANGUAGES, "english", Possible),
            (LANGUAGES, "bfi", Possible),
            (LANGUAGES, "x-nhs", Possible),
            (LANGUAGES, "x", Impossible),
            (LANGUAGES, "", Impossible),
            (LANGUAGES, "British English", Impossible),
            (MIME_TYPES, "text/plain", Code),
            (MIME_TYPES, "application/fhir+json; fhirVersion=3.0", Code),
            (MIME_TYPES, "image/svg+xml", Code),
            (MIME_TYPES, "x-world/x-3dmf", Code),
            (MIME_TYPES, "pdf", Impossible),
            (MIME_TYPES, "text/", Impossible),
            (MIME_TYPES, "txt/plain", Impossible),
            (MIME_TYPES, "text/pl ain", Impossible),
            (UCUM, "mm[Hg]", Code),
            (UCUM, "10*9/L", Code),
            (UCUM, "mm[Hg", Impossible),
            (UCUM, "{a{b}}", Impossible),
            (UCUM, "mm Hg", Impossible),
            (UCUM, "°C", Impossible),
            (UCUM, "", Impossible),
            (LANGUAGES, "en-UK", Impossible),
            (COUNTRIES, "GB", Code),
            (COUNTRIES, "GBR", Code),
            (COUNTRIES, "826", Code),
            (COUNTRIES, "GB-ENG", Possible),
            (COUNTRIES, "UK", Impossible),
            (COUNTRIES, "gb", Impossible),
            (CURRENCIES, "GBP", Code),
            (CURRENCIES, "DEM", Code),
            (CURRENCIES, "GPB", Impossible),
            (LOINC, "8480-6", Possible),
            (LOINC, "8480-7", Impossible),
            (LOINC, "85354-9", Possible),
            (LOINC, "LP7839-6", Possible),
            (LOINC, "8480", Impossible),
            (LOINC, "fake-1", Impossible),
            (release::SNOMED, "404684003", Possible),
            (release::SNOMED, "404684004", Impossible),
            (release::SNOMED, "404684003 : 363698007 = 39057004", Possible),
            (release::SNOMED, "Fever", Impossible),
        ] {
            assert_eq!(form(system, code), Some(expected), "{system} {code:?}");
        }
        assert_eq!(form("http://read.info/readv2", "1"), None);
    }
}
