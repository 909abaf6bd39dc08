//! Postcodes, telephone numbers and email addresses.

use super::follows;

/// What a text is as a UK postcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Postcode {
    /// A postcode as it is written: upper case, one space before the last three characters.
    Right,
    /// A postcode but for space and case; how to write it.
    Untidy(String),
    /// No postcode.
    No,
}

/// Whether a text has the form of a UK postcode (NHS Data Dictionary, POSTCODE; British Standard BS 7666). The codes of the
/// NHS for no fixed abode and abroad (ZZ99 …) have the same form.
pub fn postcode(text: &str) -> Postcode {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    if !bare.is_ascii() || bare.len() < 5 {
        return Postcode::No;
    }
    let (outward, inward) = bare.split_at(bare.len() - 3);
    // The last two letters are never those that are easily taken for digits or each other, but for the NHS's own codes.
    let is_inward =
        follows(inward, "9AA") && (outward == "ZZ99" || !inward[1..].contains(['C', 'I', 'K', 'M', 'O', 'V']));
    let is_outward = ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"].iter().any(|form| follows(outward, form));
    if !is_inward || !is_outward && &*bare != "GIR0AA" {
        return Postcode::No;
    }
    let right = format!("{outward} {inward}");
    if right == text { Postcode::Right } else { Postcode::Untidy(right) }
}

/// Whether a text can be dialled in the United Kingdom: a national number with its area code (0 and 9 or 10 digits), an
/// international one (+ or 00 and 7 to 15 digits), or a short code such as 111. Spaces, hyphens, dots and brackets do not
/// count, and an extension may follow (Ofcom's National Telephone Numbering Plan; ITU-T E.164).
pub fn is_telephone(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_lowercase();
    let lower = lower.strip_prefix("tel:").unwrap_or(&lower);
    let (number, extension) = match lower.find(['x', 'e', ';', '#']) {
        Some(at) => lower.split_at(at),
        None => (lower, ""),
    };
    let extension =
        extension.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '.' | ' ' | ':' | ';' | '=' | '#'));
    if !extension.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ') {
        return false;
    }
    let mut digits = String::new();
    let mut is_international = false;
    for c in number.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => is_international = true,
            ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}' | '\u{2010}'..='\u{2015}' => {}
            _ => return false,
        }
    }
    if let Some(abroad) = digits.strip_prefix("00") {
        digits = abroad.to_owned();
        is_international = true;
    }
    if is_international {
        // +44 (0)1… is written often, and is understood.
        let national = digits.strip_prefix("44").map(|rest| rest.strip_prefix('0').unwrap_or(rest));
        return national.map_or((7..=15).contains(&digits.len()), |national| matches!(national.len(), 7 | 9 | 10));
    }
    let is_short = matches!(&*digits, "999" | "112" | "111" | "119" | "101" | "105") || follows(&digits, "116999");
    is_short || digits.starts_with('0') && matches!(digits.len(), 10 | 11) || follows(&digits, "08001111")
}

/// Whether a text has the form of an email address: something, one `@`, and a domain with a dot.
pub fn is_email(text: &str) -> bool {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    let is_part = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    is_part(name) && is_part(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
}
