//! The forms of the classifications and older terminologies that NHS records carry besides SNOMED CT.

/// Which of the Read codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadVersion {
    /// Read codes version 2: five characters, the meaning narrowing from left to right.
    V2,
    /// Clinical Terms Version 3: five characters.
    Ctv3,
}

/// Whether a text has the form of a Read code: five letters, digits or, at the end, dots. A term code of two digits may
/// follow (NHS Data Dictionary, CODED CLINICAL ENTRY; Read version 2 is an5, with its term code an7).
pub fn is_read_code(version: ReadVersion, text: &str) -> bool {
    let (code, term) = match text.len() {
        5 => (text, ""),
        7 if version == ReadVersion::V2 && text.is_char_boundary(5) => text.split_at(5),
        _ => return false,
    };
    let letters = code.trim_end_matches('.');
    !letters.is_empty()
        && letters.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && term.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a text has the form of an ICD-10 code: a letter and two digits, then with or without a dot up to two
/// characters, and at the end D or A for dagger and asterisk. NHS practice fills a category without subdivisions with X
/// (NHS Data Dictionary, PRIMARY DIAGNOSIS (ICD): an6).
pub fn is_icd10(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 3 || !bytes[0].is_ascii_uppercase() || !bytes[1].is_ascii_digit() || !bytes[2].is_ascii_digit() {
        return false;
    }
    let rest = &bytes[3..];
    let (rest, dotted) = match rest.strip_prefix(b".") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let rest = rest.strip_suffix(b"D").or_else(|| rest.strip_suffix(b"A")).unwrap_or(rest);
    match rest {
        [] => !dotted,
        [first] => first.is_ascii_digit() || matches!(first, b'X' | b'-'),
        [first, second] => (first.is_ascii_digit() || *first == b'X') && second.is_ascii_digit(),
        _ => false,
    }
}

/// Whether a text has the form of an OPCS-4 code: a letter and two digits, and with or without a dot one digit more (NHS
/// Data Dictionary, PRIMARY PROCEDURE (OPCS): an4).
pub fn is_opcs4(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes {
        [letter, a, b, rest @ ..] => {
            letter.is_ascii_uppercase()
                && a.is_ascii_digit()
                && b.is_ascii_digit()
                && match rest {
                    [] => true,
                    [digit] | [b'.', digit] => digit.is_ascii_digit() || *digit == b'-',
                    _ => false,
                }
        }
        _ => false,
    }
}
