//! What somebody else has said of codes, for those that the loaded definitions cannot decide: a terminology server, say.

use std::collections::{BTreeMap, BTreeSet};

/// What is said of one code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whether the code is in the value set, or in its code system where no value set was asked about.
    pub is_in: bool,
    /// What the code is called, if that was said.
    pub display: Option<String>,
    /// Whether the code may no longer be used for new entries.
    pub is_inactive: bool,
}

/// Answers by value set (empty: the code system itself), system (empty: none is stated) and code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    all: BTreeMap<(String, String, String), Answer>,
    /// By system and code, what is known of the code itself.
    codes: BTreeMap<(String, String), Answer>,
    /// System and code of every question.
    asked: BTreeSet<(String, String)>,
}

impl Answers {
    /// Adds an answer. The last one to the same question stands.
    pub fn insert(&mut self, value_set: &str, system: &str, code: &str, answer: Answer) {
        if (answer.is_in || value_set.is_empty()) && !system.is_empty() {
            let known = self.codes.entry((system.to_owned(), code.to_owned())).or_default();
            known.is_in |= answer.is_in;
            known.is_inactive |= answer.is_inactive;
            if answer.display.is_some() {
                known.display.clone_from(&answer.display);
            }
        }
        self.asked.insert((system.to_owned(), code.to_owned()));
        self.all.insert((value_set.to_owned(), system.to_owned(), code.to_owned()), answer);
    }

    /// Whether a code is in a value set, if that was asked.
    pub fn member(&self, value_set: &str, system: &str, code: &str) -> Option<bool> {
        if self.all.is_empty() {
            return None;
        }
        let key = (value_set.to_owned(), system.to_owned(), code.to_owned());
        self.all.get(&key).map(|answer| answer.is_in)
    }

    /// Whether anything was asked about a code: what is not known of it then is not asked again.
    pub fn has(&self, system: &str, code: &str) -> bool {
        !self.asked.is_empty() && self.asked.contains(&(system.to_owned(), code.to_owned()))
    }

    /// What is known of a code in its system.
    pub fn code(&self, system: &str, code: &str) -> Option<&Answer> {
        if self.codes.is_empty() {
            return None;
        }
        self.codes.get(&(system.to_owned(), code.to_owned()))
    }
}
