//! Identifiers and codes of the NHS as pure functions over text: whether a value has the form that its owner publishes,
//! and why not. One table ([`SYSTEMS`]) has the identifier systems with their URLs.
//!
//! Nothing here knows whether a number was ever issued: that only its register can say.

mod codes;
mod contact;
pub mod news2;
mod number;
pub mod snomed;
mod staff;
mod systems;

pub use codes::{ReadVersion, is_icd10, is_opcs4, is_read_code};
pub use contact::{Postcode, is_email, is_telephone, postcode};
pub use number::{
    ChiDate, NhsNumberFault, is_in_test_range, nhs_check_digit, nhs_number, nhs_number_nation, synthetic_nhs_number,
};
pub use staff::{is_ods_code, is_registration, is_sds_id, is_ubrn, is_uprn};
pub use systems::{
    Difference, NHS_NUMBER, SYSTEMS, System, SystemKind, difference, is_nhs_host, key, last_part, says_why_absent,
    system,
};

/// Whether a text is ASCII digits only, of one of these lengths.
fn is_digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text follows a pattern, letter by letter: `9` is a digit, `A` an upper-case letter, `*` either; anything else
/// is itself.
fn follows(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'*' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            _ => byte == wanted,
        })
}
