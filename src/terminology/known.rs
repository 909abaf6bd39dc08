//! What is known of a code: what it is called, and whether it may still be used.

use super::fold;
use super::release::{Association, Concept};
use super::table::Row;
use std::borrow::Cow;

/// A code that its system has. Words are read when they are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    pub(super) row: Option<Row<'a>>,
    pub(super) concept: Option<Concept<'a>>,
}

impl<'a> Known<'a> {
    /// What the code is called, if the definitions say so.
    pub fn display(&self) -> Option<Cow<'a, str>> {
        let listed = self.row.and_then(|row| row.display()).map(Cow::Borrowed);
        listed.or_else(|| self.concept.and_then(|concept| concept.term()).map(Cow::Owned))
    }

    /// What the code is called in a language (BCP 47), or in another where there is no word in that.
    pub fn display_in(&self, language: &str) -> Option<Cow<'a, str>> {
        let primary = |tag: &'_ str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let wanted = primary(language);
        let same = self.designations().into_iter().find(|(known, _)| !known.is_empty() && primary(known) == wanted);
        match same {
            Some((_, text)) if !wanted.is_empty() && wanted != "en" => Some(Cow::Borrowed(text)),
            _ => self.display(),
        }
    }

    /// Other words for it: language (may be empty) and text. Those of a release are not kept as text: see
    /// [`accepts`](Self::accepts).
    pub fn designations(&self) -> Vec<(&'a str, &'a str)> {
        self.row.map(|row| row.designations()).unwrap_or_default()
    }

    /// Whether a text is one of the code's words in any language, whatever its case and white space; `None` if nothing
    /// says what the code is called.
    pub fn accepts(&self, text: &str) -> Option<bool> {
        let listed = self.row.filter(|row| row.display().is_some()).map(|row| {
            let folded = fold(text);
            let mut words = row.display().into_iter().chain(row.designations().into_iter().map(|(_, word)| word));
            words.any(|word| fold(word) == folded)
        });
        match (listed, self.concept.and_then(|concept| concept.accepts(text))) {
            (None, None) => None,
            (listed, released) => Some(listed == Some(true) || released == Some(true)),
        }
    }

    /// Whether the code may no longer be used for new entries.
    pub fn is_inactive(&self) -> bool {
        self.concept.is_some_and(|concept| concept.is_inactive())
    }

    /// The codes that take the place of an inactive one, the surest first.
    pub fn replacements(&self) -> Vec<(Association, String)> {
        let all = self.concept.map(|concept| concept.replacements()).unwrap_or_default();
        all.into_iter().map(|(why, id)| (why, id.to_string())).collect()
    }
}
