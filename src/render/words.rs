//! Element names, codes and received strings as words a reader can trust.

use super::language::Language;

/// `birthDate` as `Birth date`; `_` and `-` are word breaks, runs of capitals stay (`NHSNumber` gives `NHS number`).
pub fn humanise(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if c == '_' || c == '-' || c == ' ' {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let starts = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit())
                || (before.is_some_and(|b| b.is_uppercase()) && after.is_some_and(|a| a.is_lowercase())));
        if starts && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    let mut out = String::new();
    for (at, word) in words.iter().enumerate() {
        let acronym = word.len() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
        if at > 0 {
            out.push(' ');
        }
        let word = match word.to_lowercase() {
            _ if acronym => word.clone(),
            lower if lower == "nhs" => "NHS".to_owned(),
            lower => lower,
        };
        if at == 0 { out.push_str(&capitalise(&word)) } else { out.push_str(&word) }
    }
    out
}

/// The text with its first letter as a capital.
pub fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The text with its first letter small, unless its first word is an acronym.
pub fn uncapitalise(text: &str) -> String {
    let mut chars = text.chars();
    let second = text.chars().nth(1);
    match chars.next() {
        Some(first) if !second.is_some_and(|c| c.is_uppercase()) => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// Whether a code is in the lower case with hyphens that FHIR's own code systems use, so that it reads as words.
fn is_wordy(code: &str) -> bool {
    code.len() > 2
        && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        && code.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
}

/// A FHIR `code` as words; `element` is the element's name, for codes that mean different things in different places.
pub fn code_words(language: Language, element: &str, code: &str) -> String {
    let known = CODES.iter().find(|(name, value, _)| *value == code && (*name == element || name.is_empty()));
    match known {
        Some((_, _, words)) => language.say(words),
        None if is_wordy(code) => language.say(&capitalise(&code.replace('-', " "))),
        None => visible(code),
    }
}

/// Element, code, words: the codes whose own text does not read as what they mean.
const CODES: &[(&str, &str, &str)] = &[
    ("taken", "y", "Taken (y)"),
    ("taken", "n", "Not taken (n)"),
    ("taken", "unk", "Not known if taken (unk)"),
    ("taken", "na", "Taking does not apply (na)"),
    ("comparator", "<", "less than (<)"),
    ("comparator", "<=", "less than or equal to (<=)"),
    ("comparator", ">=", "greater than or equal to (>=)"),
    ("comparator", ">", "greater than (>)"),
    ("confidentiality", "U", "Unrestricted (U)"),
    ("confidentiality", "L", "Low confidentiality (L)"),
    ("confidentiality", "M", "Moderate confidentiality (M)"),
    ("confidentiality", "N", "Normal confidentiality (N)"),
    ("confidentiality", "R", "Restricted (R)"),
    ("confidentiality", "V", "Very restricted (V)"),
    ("docStatus", "final", "Final"),
    ("", "entered-in-error", "Entered in error"),
    ("use", "temp", "Temporary (temp)"),
    ("use", "old", "Old"),
    ("dayOfWeek", "mon", "Monday"),
    ("dayOfWeek", "tue", "Tuesday"),
    ("dayOfWeek", "wed", "Wednesday"),
    ("dayOfWeek", "thu", "Thursday"),
    ("dayOfWeek", "fri", "Friday"),
    ("dayOfWeek", "sat", "Saturday"),
    ("dayOfWeek", "sun", "Sunday"),
    ("daysOfWeek", "mon", "Monday"),
    ("daysOfWeek", "tue", "Tuesday"),
    ("daysOfWeek", "wed", "Wednesday"),
    ("daysOfWeek", "thu", "Thursday"),
    ("daysOfWeek", "fri", "Friday"),
    ("daysOfWeek", "sat", "Saturday"),
    ("daysOfWeek", "sun", "Sunday"),
];

/// A received string with everything that could hide, reorder or overprint text made visible: control characters,
/// zero-width characters, bidirectional controls, characters laid over others and piles of marks are written as
/// `[U+202E]`. Line ends stay; a tab is a space.
pub fn visible(text: &str) -> String {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    // How many marks the letter at hand has above and below it.
    let mut marks = 0;
    while let Some(c) = chars.next() {
        marks = if is_stacking(c) { marks + 1 } else { 0 };
        match c {
            _ if marks > MARKS => out.push_str(&format!("[U+{:04X}]", c as u32)),
            '\n' => out.push('\n'),
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\t' => out.push(' '),
            _ if is_hidden(c) || is_overlaid(c) => out.push_str(&format!("[U+{:04X}]", c as u32)),
            _ => out.push(c),
        }
    }
    out
}

/// As many marks as letters of any language have one above the other; more of them would stand in the lines around.
const MARKS: usize = 2;

/// Whether a character stands above or below the one before it, and more of them pile up.
fn is_stacking(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether a character is laid over the one before it, which strikes it out or makes another of it. The frame of a key
/// stays: its digit can be read.
fn is_overlaid(c: char) -> bool {
    matches!(c, '\u{334}'..='\u{338}' | '\u{488}' | '\u{489}' | '\u{1abe}' | '\u{20d2}' | '\u{20d3}' | '\u{20d8}'..='\u{20da}'
        | '\u{20dd}'..='\u{20e0}' | '\u{20e2}' | '\u{20e4}'..='\u{20e6}' | '\u{20ea}' | '\u{20eb}')
}

/// Whether a character has no mark of its own, or changes how others are ordered: controls, and what Unicode calls
/// default ignorable. The two selectors between a sign's text and its picture stay: they hide nothing.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// `a, b and c`.
pub fn list(language: Language, items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => language.fill("{} and {}", &[&start.join(", "), last]),
    }
}

/// Whether two texts are made of the same words, in whatever order, case and punctuation.
pub fn same_words(one: &str, two: &str) -> bool {
    let words = |text: &str| {
        let lower = text.to_lowercase();
        let mut words: Vec<String> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        crate::order::sort(&mut words);
        words
    };
    words(one) == words(two)
}
