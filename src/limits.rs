//! What one call may cost: the ceilings of what is said, quoted and made, so that no input gets more out of the core than
//! it put in. How large and how deep an input may be is said where it is read ([`crate::parse::Limits`]).
//!
//! Each ceiling that is met is said: by an issue of its own, by `…` at the end of what was shortened, or in what is shown.

/// The most issues that are listed, and the most entries of what was not checked. The rest is counted.
pub const ISSUES: usize = 10_000;
/// The longest message or expression, in characters.
pub const TEXT: usize = 2_048;
/// The longest value of an input that a message repeats, in characters.
pub const QUOTE: usize = 1_000;
/// The longest name of an element in an expression or a JSON Pointer, in characters; FHIR's longest has fewer than 50.
pub const NAME: usize = 100;
/// The longest JSON Pointer, in characters.
pub const POINTER: usize = 600;
/// How many times as long as its input what is said or shown may be. A short input counts as [`SHORT`].
pub const TIMES: usize = 25;
/// The least that an input counts as where something is in proportion to it, in bytes.
pub const SHORT: usize = 20_000;
/// The longest that a display says in one line of a resource that another refers to, in characters.
pub const LINE: usize = 500;
/// The longest output of any kind, in bytes.
pub const OUTPUT: usize = 60 << 20;

/// How many steps a check may take of a short input. A step is an element held against a definition, or one of FHIRPath.
pub const STEPS: u64 = 20_000_000;
/// How many more for each element of the input; a CareConnect resource takes some fifty.
pub const STEPS_EACH: u64 = 2_000;

/// How many steps a check of so many elements may take.
pub fn steps(elements: usize) -> u64 {
    STEPS.saturating_add(STEPS_EACH.saturating_mul(elements as u64))
}

/// The most that may be said or shown of an input of so many bytes, in bytes.
pub fn output(input: usize) -> usize {
    input.max(SHORT).saturating_mul(TIMES).min(OUTPUT)
}

/// A text of at most so many characters, the last of them `…` where something is left out.
pub fn shorten(text: &str, most: usize) -> String {
    match cut(text, most) {
        Some(end) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Shortens a text that is somebody's own.
pub fn shorten_own(text: &mut String, most: usize) {
    if let Some(end) = cut(text, most) {
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
}

/// Takes out of the middle of a text what is more than so many characters, for those of which both ends tell most.
pub fn shorten_middle(text: &mut String, most: usize) {
    let count = if text.len() <= most { 0 } else { text.chars().count() };
    if count <= most {
        return;
    }
    let half = most.saturating_sub(1) / 2;
    let place = |nth: usize| text.char_indices().nth(nth).map_or(text.len(), |(at, _)| at);
    text.replace_range(place(half)..place(count - half), "…");
    text.shrink_to_fit();
}

/// Where a text of more than so many characters is cut; `None` where it is short enough.
fn cut(text: &str, most: usize) -> Option<usize> {
    if text.len() <= most {
        return None;
    }
    let mut ends = text.char_indices().map(|(at, _)| at);
    let end = ends.nth(most.saturating_sub(1))?;
    ends.next().map(|_| end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shortened_to_so_many_characters() {
        for (text, most, short) in
            [("", 0, ""), ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("äöü", 3, "äöü"), ("äöüä", 3, "äö…")]
        {
            assert_eq!(shorten(text, most), short);
            let mut own = text.to_owned();
            shorten_own(&mut own, most);
            assert_eq!(own, short);
        }
    }

    #[test]
    fn what_is_too_long_goes_from_the_middle() {
        for (text, most, short) in
            [("abcdef", 6, "abcdef"), ("abcdef", 5, "ab…ef"), ("äbcdéf", 4, "ä…f"), ("abc", 0, "…")]
        {
            let mut own = text.to_owned();
            shorten_middle(&mut own, most);
            assert_eq!(own, short);
        }
    }

    #[test]
    fn a_short_input_may_say_as_much_as_a_longer_one_and_none_too_much() {
        assert_eq!(output(1), output(SHORT));
        assert_eq!(output(SHORT * 2), output(SHORT) * 2);
        assert_eq!(output(usize::MAX), OUTPUT);
    }
}
