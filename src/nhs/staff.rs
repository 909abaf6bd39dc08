//! Numbers of the people and organisations that give care, and of what they deal with: the forms that their registers
//! publish.

use super::systems::SystemKind;
use super::{follows, is_digits};

/// Whether a text has the form of an ODS code: 3 to 9 letters and digits (NHS Data Dictionary, ORGANISATION IDENTIFIER:
/// min an3 max an8; ORGANISATION SITE IDENTIFIER: min an5 max an9), in upper case.
pub fn is_ods_code(text: &str) -> bool {
    (3..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether a text has the form of a user id or role profile id of the Spine Directory Service: twelve digits.
pub fn is_sds_id(text: &str) -> bool {
    is_digits(text, 12..=12)
}

/// Whether a text has the form of a unique booking reference number of the e-Referral Service: twelve digits.
pub fn is_ubrn(text: &str) -> bool {
    is_digits(text, 12..=12)
}

/// Whether a text has the form of a unique property reference number: up to twelve digits.
pub fn is_uprn(text: &str) -> bool {
    is_digits(text, 1..=12)
}

/// Whether a text has the form of a number in a professional register. Kinds that are no register have none.
pub fn is_registration(kind: SystemKind, text: &str) -> bool {
    match kind {
        // Seven digits; the NHS Data Dictionary puts a C before them.
        SystemKind::Gmc => follows(text, "9999999") || follows(text, "C9999999"),
        SystemKind::Gmp => follows(text, "G9999999"),
        SystemKind::Din => is_digits(text, 6..=6),
        // The year and part of the register, a letter for the month, four digits, a letter for the country.
        SystemKind::Nmc => follows(text, "99A9999A"),
        SystemKind::Gphc => is_digits(text, 7..=7),
        // The prefix of the profession: two letters, or three (HAD, ODP, PYL), and up to six digits.
        SystemKind::Hcpc => {
            let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
            (2..=3).contains(&letters) && is_digits(&text[letters..], 4..=6)
        }
        // Up to six digits; the NHS Data Dictionary puts CD before them.
        SystemKind::Gdc => is_digits(text.strip_prefix("CD").unwrap_or(text), 4..=6),
        // 01 for an optometrist, D for a dispensing optician, SV… for a student.
        SystemKind::Goc => {
            let (before, after) = text.split_once('-').unwrap_or(("", ""));
            (1..=3).contains(&before.len())
                && before.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                && is_digits(after, 4..=6)
        }
        _ => false,
    }
}
