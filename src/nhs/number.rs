//! The NHS number (NHS Data Dictionary, NHS NUMBER; ISB 0149) and the numbers of the other nations that share its form.

use crate::primitive::days_in_month;

/// Why a text is not an NHS number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NhsNumberFault {
    /// It is not ten digits, but is once spaces and hyphens are taken out.
    Separators,
    /// It is not ten digits.
    Form,
    /// It is one digit ten times.
    SameDigits,
    /// The last digit is not the check digit of the nine before it (modulus 11).
    CheckDigit,
}

/// Whether a text is an NHS number: ten digits, of which the last checks the others.
///
/// # Errors
/// Says which part of the form is broken, the first in the order of [`NhsNumberFault`].
pub fn nhs_number(text: &str) -> Result<(), NhsNumberFault> {
    let Some(digits) = digits(text) else {
        let is_separator = |c: char| c.is_whitespace() || c == '-';
        let bare: String = text.chars().filter(|c| !is_separator(*c)).collect();
        return Err(if digits(&bare).is_some() { NhsNumberFault::Separators } else { NhsNumberFault::Form });
    };
    if digits.iter().all(|digit| *digit == digits[0]) {
        return Err(NhsNumberFault::SameDigits);
    }
    match check_digit(&digits) {
        Some(check) if check == digits[9] => Ok(()),
        _ => Err(NhsNumberFault::CheckDigit),
    }
}

fn digits(text: &str) -> Option<[u8; 10]> {
    let bytes: [u8; 10] = text.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.map(|byte| byte - b'0'))
}

/// The check digit of the first nine digits: eleven less the remainder, by eleven, of their sum weighted ten to two.
/// `None` where that is ten, for which no number is issued.
fn check_digit(digits: &[u8; 10]) -> Option<u8> {
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        check => Some(check as u8),
    }
}

/// What the tenth digit is for the first nine digits of a number. `None` where the text is not ten digits, or where no number
/// begins with these nine.
pub fn nhs_check_digit(number: &str) -> Option<u8> {
    check_digit(&digits(number)?)
}

/// Whether a number is in the range that is set aside for tests and never issued: those that start with 999.
pub fn is_in_test_range(number: &str) -> bool {
    number.starts_with("999") && digits(number).is_some()
}

/// The test number with these six digits after 999, if its check digit exists: for making test data that can be no
/// living person's.
pub fn synthetic_nhs_number(six: u32) -> Option<String> {
    let nine = format!("999{six:06}");
    let all = digits(&format!("{nine}0"))?;
    check_digit(&all).map(|check| format!("{nine}{check}"))
}

/// The day of birth in a Scottish CHI number: its first six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChiDate {
    /// From 1 to 31.
    pub day: u8,
    /// From 1 to 12.
    pub month: u8,
    /// The last two digits of the year.
    pub year: u8,
}

/// The nation other than England and Wales whose range a valid number is in: "Scotland" for the Community Health Index
/// (010101 0000 to 311299 9999, a date of birth first) and "Northern Ireland" for the Health and Care number (320 000 0010
/// to 399 999 9999).
pub fn nhs_number_nation(number: &str) -> Option<&'static str> {
    let digits = digits(number)?;
    if chi_date(&digits).is_some() {
        return Some("Scotland");
    }
    (digits[0] == 3 && digits[1] >= 2).then_some("Northern Ireland")
}

fn chi_date(digits: &[u8; 10]) -> Option<ChiDate> {
    let two = |at: usize| digits[at] * 10 + digits[at + 1];
    let date = ChiDate { day: two(0), month: two(2), year: two(4) };
    // The century is not written, and every year of two digits is a leap year in one of 1900 and 2000 but for 00.
    let is_date = (1..=12).contains(&date.month)
        && (1..=days_in_month(2000 + u16::from(date.year), date.month)).contains(&date.day);
    is_date.then_some(date)
}
