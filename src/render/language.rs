//! The message catalogue: every fixed phrase of a display goes through [`Language::say`] or [`Language::fill`].
//!
//! A phrase's key is its en-GB text, so that the source reads as what is said; `language/cy.tsv` has the Welsh, a phrase a
//! line, sorted. A phrase without a translation stays English. What came with the resource is never translated. The Welsh
//! has not been reviewed by a clinician whose language it is, which is to be done before patients depend on it.

/// The language of fixed phrases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// British English.
    #[default]
    English,
    /// Welsh, for labels and fixed phrases.
    Welsh,
    /// English with every letter changed (`Ñôţ ŕéçôŕðéð`): shows in tests which text bypasses the catalogue.
    Pseudo,
}

const WELSH: &str = include_str!("language/cy.tsv");

impl Language {
    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en-GB",
            Language::Welsh => "cy",
            Language::Pseudo => "en-x-pseudo",
        }
    }

    /// The language of a tag that [`tag`](Self::tag) gives; `None` for any other.
    pub fn of(tag: &str) -> Option<Language> {
        [Language::English, Language::Welsh].into_iter().find(|language| language.tag() == tag)
    }

    /// Whether text marked with a tag reads as this language: `en` and `en-US` are English.
    pub fn reads(self, tag: &str) -> bool {
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        primary(tag) == primary(self.tag())
    }

    /// A phrase in this language.
    pub fn say(self, phrase: &str) -> String {
        match self {
            Language::English => phrase.to_owned(),
            Language::Welsh => welsh(phrase).unwrap_or(phrase).to_owned(),
            Language::Pseudo => phrase.chars().map(disguised).collect(),
        }
    }

    /// A sentence whose values stand in typographic quotation marks, in this language: `Removed: a “script” element.`
    pub fn retell(self, sentence: &str) -> String {
        if self == Language::English {
            return sentence.to_owned();
        }
        let (mut template, mut values, mut rest) = (String::new(), Vec::new(), sentence);
        while let Some((before, after)) = rest.split_once('\u{201c}') {
            let Some((value, after)) = after.split_once('\u{201d}') else { break };
            template.push_str(before);
            template.push_str("\u{201c}{}\u{201d}");
            values.push(value);
            rest = after;
        }
        template.push_str(rest);
        self.fill(&template, &values)
    }

    /// A phrase in this language with a value in place of each `{}`, in order.
    pub fn fill(self, phrase: &str, values: &[&str]) -> String {
        let template = self.say(phrase);
        let mut out = String::with_capacity(template.len() + values.iter().map(|value| value.len()).sum::<usize>());
        let mut values = values.iter();
        for (at, part) in template.split("{}").enumerate() {
            if at > 0 {
                out.push_str(values.next().copied().unwrap_or_default());
            }
            out.push_str(part);
        }
        out
    }
}

/// The Welsh of a phrase, found by halving: the lines are sorted by their English.
fn welsh(phrase: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, WELSH.len());
    while low < high {
        let middle = WELSH.as_bytes().get(low..low + (high - low) / 2)?.iter().rposition(|b| *b == b'\n');
        let start = middle.map_or(low, |at| low + at + 1);
        let line = WELSH.get(start..)?.split('\n').next()?;
        let (english, other) = line.split_once('\t').unwrap_or((line, ""));
        match phrase.cmp(english) {
            std::cmp::Ordering::Equal => return Some(other),
            std::cmp::Ordering::Less => high = start,
            std::cmp::Ordering::Greater => low = start + line.len() + 1,
        }
    }
    None
}

/// A letter that looks like this one and is not in ASCII.
fn disguised(c: char) -> char {
    const FROM: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const TO: &str = "åƀçðéƒĝĥîĵķļɱñôþǫŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÔÞǪŔŠŢÛṼŴẊÝŽ";
    FROM.find(c).and_then(|at| TO.chars().nth(at)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sorted_and_its_phrases_take_the_same_values() {
        let lines: Vec<(&str, &str)> = WELSH.lines().map(|line| line.split_once('\t').expect("two columns")).collect();
        for pair in lines.windows(2) {
            assert!(pair[0].0 < pair[1].0, "out of order: {:?}", pair[1].0);
        }
        for (english, other) in lines {
            assert_eq!(welsh(english), Some(other), "{english}");
            assert!(!other.trim().is_empty(), "{english} has no Welsh");
            assert_eq!(english.matches("{}").count(), other.matches("{}").count(), "{english}");
            let edge = |text: &str| (text.starts_with(' '), text.ends_with(' '));
            assert_eq!(edge(english), edge(other), "the spaces at the ends of {english:?}");
        }
        assert_eq!(welsh("no such phrase"), None);
        assert_eq!(welsh(""), None);
    }

    #[test]
    fn values_take_their_places() {
        assert_eq!(Language::English.fill("{} of {}", &["1", "{}"]), "1 of {}");
        assert_eq!(Language::Pseudo.fill("No {}", &["x"]), "Ñô x");
    }
}
