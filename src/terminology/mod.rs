//! Code systems and value sets: whether a code is in a value set, and what it is called.
//!
//! Unknown is an answer: a value set that draws on SNOMED CT cannot be decided without SNOMED CT, and says so.

use crate::model::{CodeSystem, ConceptSet, ValueSet, split_canonical};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Whether a code is in a value set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member<'a> {
    /// It is. The display is the value set's own or the code system's.
    In {
        /// What the code is called, if the definitions say so.
        display: Option<&'a str>,
    },
    /// It is not.
    Out,
    /// What is loaded cannot say.
    Unknown(WhyUnknown<'a>),
}

/// Why a code cannot be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyUnknown<'a> {
    /// The value set asked for is not loaded.
    ValueSetMissing,
    /// The value set is made of another that is not loaded: its canonical URL.
    PartMissing(&'a str),
    /// The codes of this system are not listed in what is loaded.
    SystemNotEnumerated(&'a str),
    /// The value set selects codes of this system by a filter that what is loaded cannot decide.
    Filter(&'a str),
}

/// What is known of a code in its system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// The code is in the system.
    Known {
        /// What it is called.
        display: Option<&'a str>,
        /// Other words for it: language (may be empty) and text.
        designations: Vec<(&'a str, &'a str)>,
    },
    /// The system's codes are all known and this is none of them.
    NotInSystem,
    /// The system is known, but not all of its codes, and this one is not among those that are.
    NotEnumerated,
    /// Nothing is known of the system.
    UnknownSystem,
}

/// Every code system and value set that is loaded.
#[derive(Clone, Debug, Default)]
pub struct Terminology {
    systems: FxHashMap<String, Arc<CodeSystem>>,
    value_sets: FxHashMap<String, Arc<ValueSet>>,
}

impl Terminology {
    /// Adds a code system.
    pub fn insert_code_system(&mut self, system: CodeSystem) {
        self.systems.insert(system.url.clone(), Arc::new(system));
    }

    /// Adds a value set.
    pub fn insert_value_set(&mut self, value_set: ValueSet) {
        self.value_sets.insert(value_set.url.clone(), Arc::new(value_set));
    }

    /// Whether a value set is known, in whatever version.
    pub fn has_value_set(&self, canonical: &str) -> bool {
        self.value_sets.contains_key(split_canonical(canonical).0)
    }

    /// Whether a code is in a value set.
    pub fn member(&self, value_set: &str, system: Option<&str>, code: &str) -> Member<'_> {
        let Some(set) = self.value_sets.get(split_canonical(value_set).0) else {
            return Member::Unknown(WhyUnknown::ValueSetMissing);
        };
        let mut answer = Member::Out;
        for part in &set.include {
            match self.part(part, system, code) {
                Member::Out => {}
                Member::In { display } => return Member::In { display },
                unknown => answer = unknown,
            }
        }
        answer
    }

    fn part<'a>(&'a self, part: &'a ConceptSet, system: Option<&str>, code: &str) -> Member<'a> {
        let Some(own) = &part.system else { return Member::Out };
        if system.is_some_and(|system| system != own) {
            return Member::Out;
        }
        if let Some((_, display)) = part.concepts.iter().find(|(known, _)| known == code) {
            return Member::In { display: Some(&**display).filter(|display| !display.is_empty()) };
        }
        if !part.concepts.is_empty() {
            return Member::Out;
        }
        match self.lookup(own, code) {
            Lookup::Known { display, .. } if part.filters.is_empty() => Member::In { display },
            Lookup::Known { .. } => Member::Unknown(WhyUnknown::Filter(own)),
            Lookup::NotInSystem => Member::Out,
            Lookup::NotEnumerated | Lookup::UnknownSystem => Member::Unknown(WhyUnknown::SystemNotEnumerated(own)),
        }
    }

    /// What is known of a code in its system.
    pub fn lookup(&self, system: &str, code: &str) -> Lookup<'_> {
        let Some(system) = self.systems.get(system) else { return Lookup::UnknownSystem };
        match system.concepts.iter().find(|concept| concept.code == code) {
            Some(concept) => Lookup::Known {
                display: Some(&*concept.display).filter(|display| !display.is_empty()),
                designations: concept.designations.iter().map(|(language, text)| (&**language, &**text)).collect(),
            },
            None if system.content == "complete" => Lookup::NotInSystem,
            None => Lookup::NotEnumerated,
        }
    }
}
