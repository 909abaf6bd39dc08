//! Code systems and value sets: whether a code is in a value set, and what it is called.
//!
//! Unknown is an answer: a value set that draws on SNOMED CT cannot be decided without SNOMED CT, and says so. Everything
//! is kept in bytes, as packs have it, and read where it is asked for; what a user adds is first written the same way.

mod builtin;
mod expand;
mod expansion;
mod listing;
mod system;
mod table;

pub use builtin::{LANGUAGES, MIME_TYPES, UCUM, is_mime_types};
pub use listing::{ListedPart, Listing};

use crate::bytes::{Reader, Writer};
use crate::model::{CodeSystem, ValueSet, split_canonical};
use builtin::Form;
use expand::Scope;
use expansion::{Expansion, PartView};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use system::SystemView;

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
    systems: FxHashMap<Arc<str>, Stored>,
    value_sets: FxHashMap<Arc<str>, Stored>,
    /// By the URL of the value set that a code system names as that of all its codes, the code system.
    whole: FxHashMap<Arc<str>, Arc<str>>,
}

/// Where a record starts and ends.
#[derive(Clone, Debug)]
struct Stored {
    bytes: Arc<[u8]>,
    at: Range<usize>,
}

impl Stored {
    fn bytes(&self) -> &[u8] {
        self.bytes.get(self.at.clone()).unwrap_or_default()
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(self.bytes())
    }
}

impl Terminology {
    /// Adds code systems and value sets, which may be made of each other and of what is there already. The last one with
    /// a URL stands.
    pub fn insert(&mut self, systems: &[CodeSystem], value_sets: &[ValueSet]) {
        for known in systems {
            let mut writer = Writer::default();
            system::write(&mut writer, known);
            self.add_system(
                &known.url,
                known.value_set.as_deref(),
                &writer.bytes.clone().into(),
                0..writer.bytes.len(),
            );
        }
        for (url, record) in self.encode(value_sets) {
            let len = record.len();
            self.add_value_set(&url, &record.into(), 0..len);
        }
    }

    /// Makes a code system's record, at an offset, known.
    pub(crate) fn add_system(&mut self, url: &str, value_set: Option<&str>, bytes: &Arc<[u8]>, at: Range<usize>) {
        let url: Arc<str> = url.into();
        if let Some(value_set) = value_set {
            self.whole.insert(value_set.into(), url.clone());
        }
        self.systems.insert(url, Stored { bytes: bytes.clone(), at });
    }

    /// Makes a value set's record, at an offset, known.
    pub(crate) fn add_value_set(&mut self, url: &str, bytes: &Arc<[u8]>, at: Range<usize>) {
        self.value_sets.insert(url.into(), Stored { bytes: bytes.clone(), at });
    }

    /// The records of value sets, worked out against what is loaded and against each other; by URL, in its order.
    pub(crate) fn encode(&self, value_sets: &[ValueSet]) -> Vec<(String, Vec<u8>)> {
        let new: BTreeMap<&str, &ValueSet> = value_sets.iter().map(|set| (&*set.url, set)).collect();
        let scope = Scope::new(self, &new);
        let mut records = Vec::new();
        for (url, value_set) in &new {
            let Some(expansion) = scope.expand(url, &mut Vec::new()) else { continue };
            let mut writer = Writer::default();
            writer.text(&value_set.version);
            writer.text(&value_set.name);
            let same = |system: &str, code: &str, display: &str| matches!(self.lookup(system, code), Lookup::Known { display: Some(known), .. } if known == display);
            expansion.write(&mut writer, same, |system| self.system(system).is_some_and(|known| known.folds()));
            records.push((url.to_string(), writer.bytes));
        }
        records
    }

    /// A code system's record, and the URL of the value set of all its codes.
    pub(crate) fn system_record(&self, url: &str) -> Option<(&[u8], Option<&str>)> {
        let stored = self.systems.get(url)?;
        let mut reader = stored.reader();
        SystemView::read(&mut reader).ok()?;
        reader.text().and_then(|_| reader.text()).ok()?;
        Some((stored.bytes(), reader.option().ok()?))
    }

    /// A value set's record.
    pub(crate) fn value_set_record(&self, url: &str) -> Option<&[u8]> {
        self.value_sets.get(url).map(Stored::bytes)
    }

    fn system(&self, url: &str) -> Option<SystemView<'_>> {
        SystemView::read(&mut self.systems.get(url)?.reader()).ok()
    }

    /// A code system in full, to work out value sets with.
    fn code_system(&self, url: &str) -> Option<CodeSystem> {
        let mut system = system::read(&mut self.systems.get(url)?.reader()).ok()?;
        system.url = url.to_owned();
        Some(system)
    }

    /// A value set that is loaded, to make others of it.
    fn expansion(&self, url: &str) -> Option<Expansion> {
        if let Some(stored) = self.value_sets.get(url) {
            let mut reader = stored.reader();
            reader.text().ok()?;
            reader.text().ok()?;
            return Expansion::read(&mut reader).ok();
        }
        let system = self.whole(url)?;
        let part = expansion::Part { whole: true, ..expansion::Part::default() };
        Some(Expansion { parts: BTreeMap::from([(system.to_owned(), part)]), ..Expansion::default() })
    }

    /// The system of which a URL, though no value set has it, stands for all codes.
    fn whole(&self, url: &str) -> Option<&str> {
        match self.whole.get(url) {
            Some(system) => Some(system),
            None => builtin::value_set(url),
        }
    }

    /// Whether a value set is known, in whatever version.
    pub fn has_value_set(&self, canonical: &str) -> bool {
        let url = split_canonical(canonical).0;
        self.value_sets.contains_key(url) || self.whole(url).is_some()
    }

    /// The URLs of all code systems, sorted.
    pub fn system_urls(&self) -> Vec<&str> {
        sorted(&self.systems)
    }

    /// The URLs of all value sets, sorted.
    pub fn value_set_urls(&self) -> Vec<&str> {
        sorted(&self.value_sets)
    }

    /// Whether some codes of a value set cannot be decided: of systems that are not listed, or by filters that need more
    /// than what is loaded. `None` for a value set that is not loaded.
    pub fn is_undecidable(&self, canonical: &str) -> Option<bool> {
        let expansion = self.expansion(split_canonical(canonical).0)?;
        let is_open = |(system, part): (&String, &expansion::Part)| {
            let is_known = || self.system(system).is_some_and(|system| system.is_complete()) || system == MIME_TYPES;
            !part.open.is_empty() || !part.doubtful.is_empty() || (part.whole && !is_known())
        };
        Some(expansion.is_unbounded || expansion.parts.iter().any(is_open))
    }

    /// Whether a code is in a value set. Without a `system`, as for an element of type `code`, any system's code counts.
    pub fn member(&self, value_set: &str, system: Option<&str>, code: &str) -> Member<'_> {
        let url = split_canonical(value_set).0;
        let Some(stored) = self.value_sets.get(url) else {
            return match self.whole(url) {
                Some(own) if system.is_none_or(|system| system == own) => self.whole_member(own, code),
                Some(_) => Member::Out,
                None => Member::Unknown(WhyUnknown::ValueSetMissing),
            };
        };
        // A record that is damaged says nothing.
        self.search(stored.reader(), system, code).unwrap_or(Member::Unknown(WhyUnknown::ValueSetMissing))
    }

    fn search<'a>(&'a self, mut reader: Reader<'a>, system: Option<&str>, code: &str) -> Option<Member<'a>> {
        reader.text().ok()?;
        reader.text().ok()?;
        let mut answer = Member::Out;
        for _ in 0..reader.count().ok()? {
            let part = PartView::read(&mut reader).ok()?;
            if system.is_some_and(|system| system != part.system) {
                continue;
            }
            match self.part_member(&part, code) {
                Member::Out => {}
                Member::In { display } => return Some(Member::In { display }),
                unknown => answer = unknown,
            }
        }
        let is_unbounded = reader.u8().ok()? == 1;
        if reader.count().ok()? > 0 {
            let missing = reader.text().ok()?;
            answer = match answer {
                Member::Out if is_unbounded => Member::Unknown(WhyUnknown::PartMissing(missing)),
                Member::Unknown(_) => Member::Unknown(WhyUnknown::PartMissing(missing)),
                answer => answer,
            };
        }
        Some(answer)
    }

    fn part_member<'a>(&'a self, part: &PartView<'a>, code: &str) -> Member<'a> {
        if let Some(row) = part.codes.and_then(|codes| codes.find(code)) {
            let display = row.display().or_else(|| match self.lookup(part.system, code) {
                Lookup::Known { display, .. } => display,
                _ => None,
            });
            return Member::In { display };
        }
        if part.out.is_some_and(|out| out.find(code).is_some()) {
            return Member::Out;
        }
        let whole = if part.whole { self.whole_member(part.system, code) } else { Member::Out };
        let is_doubtful = || part.doubtful.is_some_and(|doubtful| doubtful.find(code).is_some());
        match whole {
            // The form of a code can say that no system could have it.
            Member::Out if part.is_open && builtin::form(part.system, code) == Some(Form::Impossible) => Member::Out,
            Member::Out if part.has_filter || (!part.is_open && is_doubtful()) => {
                Member::Unknown(WhyUnknown::Filter(part.system))
            }
            Member::Out if part.is_open => Member::Unknown(WhyUnknown::SystemNotEnumerated(part.system)),
            answer => answer,
        }
    }

    fn whole_member<'a>(&'a self, system: &'a str, code: &str) -> Member<'a> {
        match self.lookup(system, code) {
            Lookup::Known { display, .. } => Member::In { display },
            Lookup::NotInSystem => Member::Out,
            Lookup::NotEnumerated | Lookup::UnknownSystem => Member::Unknown(WhyUnknown::SystemNotEnumerated(system)),
        }
    }

    /// What is known of a code in its system.
    pub fn lookup(&self, system: &str, code: &str) -> Lookup<'_> {
        let known = self.system(system);
        if let Some(row) = known.as_ref().and_then(|known| known.table.find(code)) {
            return Lookup::Known { display: row.display(), designations: row.designations() };
        }
        match (known, builtin::form(system, code)) {
            (Some(known), _) if known.is_complete() => Lookup::NotInSystem,
            (_, Some(Form::Impossible)) => Lookup::NotInSystem,
            (_, Some(Form::Code)) => Lookup::Known { display: None, designations: Vec::new() },
            (Some(_), _) | (None, Some(Form::Possible)) => Lookup::NotEnumerated,
            (None, None) => Lookup::UnknownSystem,
        }
    }
}

fn sorted(map: &FxHashMap<Arc<str>, Stored>) -> Vec<&str> {
    let mut urls: Vec<&str> = map.keys().map(|url| &**url).collect();
    urls.sort_unstable();
    urls
}

#[cfg(test)]
mod tests;
