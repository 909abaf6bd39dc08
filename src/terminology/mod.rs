//! Code systems and value sets: whether a code is in a value set, and what it is called.
//!
//! Unknown is an answer: a value set that draws on SNOMED CT cannot be decided without SNOMED CT, and says so. Everything
//! is kept in bytes, as packs have it, and read where it is asked for; what a user adds is first written the same way.

mod builtin;
mod decide;
mod ecl;
mod expand;
mod expansion;
mod iso;
mod known;
mod listing;
pub mod release;
mod system;
mod table;
mod ucum;

pub use builtin::{LANGUAGES, MIME_TYPES, UCUM, is_mime_types};
pub use known::Known;
pub use listing::{ListedPart, Listing};

use crate::bytes::{Reader, Writer};
use crate::model::{CodeSystem, Concept, ValueSet, split_canonical};
use builtin::Form;
use expand::Scope;
use expansion::{Expansion, PartView};
use release::{DmdLevel, Release};
use rustc_hash::FxHashMap;
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
    /// The value set is loaded in another version than the one asked for: this one.
    OtherVersion(&'a str),
    /// The value set is made of another that is not loaded: its canonical URL.
    PartMissing(&'a str),
    /// The codes of this system are not listed in what is loaded.
    SystemNotEnumerated(&'a str),
    /// The value set selects codes of this system by a filter that what is loaded cannot decide.
    Filter(&'a str),
    /// The value set selects codes of this system by a filter that breaks its own language, or asks what is not known here.
    FilterNotRead(&'a str),
    /// No release that is loaded has this reference set.
    RefsetMissing(u64),
    /// No release that is loaded has this concept, of which the value set has all kinds.
    ConceptMissing(u64),
    /// No release that is loaded says what is a kind of what.
    NoHierarchy,
    /// The code is an expression of SNOMED CT, composed of concepts.
    Expression,
}

impl WhyUnknown<'_> {
    /// The reason as a sentence.
    pub fn words(&self) -> String {
        match self {
            WhyUnknown::ValueSetMissing => "The value set is not loaded.".to_owned(),
            WhyUnknown::OtherVersion(loaded) => {
                format!("The value set is loaded in version {loaded}, and another version is asked for.")
            }
            WhyUnknown::PartMissing(url) => format!("The value set draws on {url}, which is not loaded."),
            WhyUnknown::SystemNotEnumerated(system) => format!("The codes of {system} are not loaded."),
            WhyUnknown::Filter(system) => {
                format!("The value set selects codes of {system} by a filter that needs the whole code system.")
            }
            WhyUnknown::FilterNotRead(system) => {
                format!("The value set selects codes of {system} by a filter that cannot be read.")
            }
            WhyUnknown::RefsetMissing(id) => {
                format!("The value set has the members of the reference set {id}, which no loaded release has.")
            }
            WhyUnknown::ConceptMissing(id) => {
                format!("The value set has what is a kind of the concept {id}, which no loaded release has.")
            }
            WhyUnknown::NoHierarchy => {
                "The value set asks what is a kind of what, which needs a release of SNOMED CT.".to_owned()
            }
            WhyUnknown::Expression => "The code is an expression composed of several concepts.".to_owned(),
        }
    }
}

/// What is known of a code in its system.
#[derive(Clone, Copy, Debug)]
pub enum Lookup<'a> {
    /// The code is in the system.
    Known(Known<'a>),
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
    /// Releases of SNOMED CT and dm+d.
    releases: Vec<Arc<Release>>,
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
        let whole = systems.iter().filter(|system| system.content != "supplement");
        for known in whole {
            let mut writer = Writer::default();
            system::write(&mut writer, known);
            self.add_system(
                &known.url,
                known.value_set.as_deref(),
                &writer.bytes.clone().into(),
                0..writer.bytes.len(),
            );
        }
        for supplement in systems.iter().filter(|system| system.content == "supplement") {
            self.supplement(supplement);
        }
        for (url, record) in self.encode(value_sets) {
            let len = record.len();
            self.add_value_set(&url, &record.into(), 0..len);
        }
    }

    /// Adds a supplement's words and properties to the codes of the system that it supplements.
    fn supplement(&mut self, supplement: &CodeSystem) {
        let Some(url) = supplement.supplements.as_deref().map(|canonical| split_canonical(canonical).0) else { return };
        let Some(mut system) = self.code_system(url) else { return };
        let more: FxHashMap<&str, &Concept> =
            supplement.concepts.iter().map(|concept| (&*concept.code, concept)).collect();
        for concept in &mut system.concepts {
            let Some(more) = more.get(&*concept.code) else { continue };
            let display = Some((String::new(), more.display.clone())).filter(|(_, text)| !text.is_empty());
            concept.designations.extend(display.into_iter().chain(more.designations.iter().cloned()));
            concept.properties.extend(more.properties.iter().cloned());
        }
        let mut writer = Writer::default();
        system::write(&mut writer, &system);
        let len = writer.bytes.len();
        self.add_system(url, system.value_set.as_deref(), &writer.bytes.into(), 0..len);
    }

    /// Makes a code system's record, at an offset, known.
    pub(crate) fn add_system(&mut self, url: &str, value_set: Option<&str>, bytes: &Arc<[u8]>, at: Range<usize>) {
        let url: Arc<str> = url.into();
        if let Some(value_set) = value_set {
            self.whole.insert(value_set.into(), url.clone());
        }
        let new = Stored { bytes: bytes.clone(), at };
        keep_version(&mut self.systems, &url, &new, |stored| {
            let mut reader = stored.reader();
            SystemView::read(&mut reader).ok()?;
            reader.text().ok()
        });
        self.systems.insert(url, new);
    }

    /// Makes a release known.
    pub(crate) fn add_release(&mut self, release: Arc<Release>) {
        self.releases.push(release);
    }

    /// The releases that are loaded, in order.
    pub fn releases(&self) -> impl Iterator<Item = &Release> {
        self.releases.iter().map(|release| &**release)
    }

    /// The level of a product of dm+d: `Some(None)` for a concept that is none, `None` where no release that is loaded can
    /// say.
    pub fn dmd_level(&self, code: &str) -> Option<Option<DmdLevel>> {
        let id = release::identifier(code)?;
        self.releases().find_map(|release| release.dmd_level(id))
    }

    /// Makes a value set's record, at an offset, known.
    pub(crate) fn add_value_set(&mut self, url: &str, bytes: &Arc<[u8]>, at: Range<usize>) {
        let new = Stored { bytes: bytes.clone(), at };
        keep_version(&mut self.value_sets, url, &new, |stored| stored.reader().text().ok());
        self.value_sets.insert(url.into(), new);
    }

    /// The records of value sets, worked out against what is loaded and against each other; by URL, in its order.
    pub(crate) fn encode(&self, value_sets: &[ValueSet]) -> Vec<(String, Vec<u8>)> {
        let new: FxHashMap<&str, &ValueSet> = value_sets.iter().map(|set| (&*set.url, set)).collect();
        let scope = Scope::new(self, &new);
        let mut records = Vec::new();
        for (url, value_set) in crate::order::map(&new) {
            let Some(expansion) = scope.expand(url, &mut Vec::new()) else { continue };
            let mut writer = Writer::default();
            writer.text(&value_set.version);
            writer.text(&value_set.name);
            let same = |system: &str, code: &str, display: &str| self.table_display(system, code) == Some(display);
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

    /// A code system in full, in the version asked for if that is loaded, to work out value sets with.
    fn code_system(&self, url: &str) -> Option<CodeSystem> {
        let mut system = system::read(&mut in_version(&self.systems, url)?.reader()).ok()?;
        system.url = split_canonical(url).0.to_owned();
        Some(system)
    }

    /// A value set that is loaded, to make others of it.
    fn expansion(&self, url: &str) -> Option<Expansion> {
        if let Some(stored) = in_version(&self.value_sets, url).filter(|stored| other_version(stored, url).is_none()) {
            let mut reader = stored.reader();
            reader.text().ok()?;
            reader.text().ok()?;
            return Expansion::read(&mut reader).ok();
        }
        let system = self.whole(split_canonical(url).0)?;
        let part = expansion::Part { whole: true, ..expansion::Part::default() };
        Some(Expansion { parts: crate::order::map([(system.to_owned(), part)]), ..Expansion::default() })
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
        let expansion = self.expansion(canonical)?;
        let is_open = |(system, part): (&String, &expansion::Part)| {
            let is_known =
                || self.is_released(system) || self.system(system).is_some_and(|system| system.is_complete());
            !part.doubtful.is_empty()
                || part.open.iter().any(|open| !self.can_decide(system, open))
                || (part.whole && !is_known() && !builtin::is_decided(system))
        };
        Some(expansion.is_unbounded || expansion.parts.iter().any(is_open))
    }

    /// Whether a code is in a value set. Without a `system`, as for an element of type `code`, any system's code counts.
    pub fn member(&self, value_set: &str, system: Option<&str>, code: &str) -> Member<'_> {
        let url = split_canonical(value_set).0;
        let Some(stored) = in_version(&self.value_sets, value_set) else {
            return match self.whole(url) {
                Some(own) if system.is_none_or(|system| system == own) => self.whole_member(own, code),
                Some(_) => Member::Out,
                None => Member::Unknown(WhyUnknown::ValueSetMissing),
            };
        };
        if let Some(loaded) = other_version(stored, value_set) {
            return Member::Unknown(WhyUnknown::OtherVersion(loaded));
        }
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
        // Language tags have no case (RFC 5646 2.1.1); lists have them in the usual one.
        let usual = (part.system == LANGUAGES).then(|| builtin::usual_case(code));
        let code = usual.as_deref().unwrap_or(code);
        if let Some(row) = part.codes.and_then(|codes| codes.find(code)) {
            return Member::In { display: row.display().or_else(|| self.table_display(part.system, code)) };
        }
        if part.out.is_some_and(|out| out.find(code).is_some()) {
            return Member::Out;
        }
        let whole = if part.whole { self.whole_member(part.system, code) } else { Member::Out };
        if whole != Member::Out {
            return whole;
        }
        if part.is_open {
            // The form of a code can say that no system could have it.
            if builtin::form(part.system, code) == Some(Form::Impossible) {
                return Member::Out;
            }
            return match self.open_member(part, code) {
                Ok(true) => Member::In { display: None },
                Ok(false) => Member::Out,
                Err(why) => Member::Unknown(why),
            };
        }
        match part.doubtful.is_some_and(|doubtful| doubtful.find(code).is_some()) {
            true => Member::Unknown(WhyUnknown::Filter(part.system)),
            false => Member::Out,
        }
    }

    fn whole_member<'a>(&'a self, system: &'a str, code: &str) -> Member<'a> {
        match self.lookup(system, code) {
            Lookup::Known(_) => Member::In { display: self.table_display(system, code) },
            Lookup::NotInSystem => Member::Out,
            Lookup::NotEnumerated | Lookup::UnknownSystem => Member::Unknown(WhyUnknown::SystemNotEnumerated(system)),
        }
    }

    /// The display of a code in a code system that is listed.
    fn table_display(&self, system: &str, code: &str) -> Option<&str> {
        self.system(system)?.table.find(code)?.display()
    }

    /// What is known of a code in its system.
    pub fn lookup(&self, system: &str, code: &str) -> Lookup<'_> {
        let known = self.system(system);
        let row = known.as_ref().and_then(|known| known.table.find(code));
        let concept = self.concept(system, code);
        if row.is_some() || concept.is_some() {
            return Lookup::Known(Known { row, concept });
        }
        if known.is_some_and(|known| known.is_complete()) || (self.is_released(system) && !release::is_expression(code))
        {
            return Lookup::NotInSystem;
        }
        match (known, builtin::form(system, code)) {
            (_, Some(Form::Impossible)) => Lookup::NotInSystem,
            (_, Some(Form::Code)) => Lookup::Known(Known::default()),
            (Some(_), _) | (None, Some(Form::Possible)) => Lookup::NotEnumerated,
            (None, None) if self.releases_of(system).next().is_some() => Lookup::NotEnumerated,
            (None, None) => Lookup::UnknownSystem,
        }
    }
}

/// The version of a value set's record, where another one is asked for.
fn other_version<'a>(stored: &'a Stored, canonical: &str) -> Option<&'a str> {
    let wanted = split_canonical(canonical).1.filter(|version| !version.is_empty())?;
    stored.reader().text().ok().filter(|loaded| !loaded.is_empty() && *loaded != wanted)
}

/// A display without what does not matter: case and runs of white space.
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Keeps what is there under a URL also under that with its version, if what comes is of another one.
fn keep_version(
    map: &mut FxHashMap<Arc<str>, Stored>,
    url: &str,
    new: &Stored,
    version: impl Fn(&Stored) -> Option<&str>,
) {
    let Some(old) = map.get(url) else { return };
    let key = match (version(old), version(new)) {
        (Some(old), new) if !old.is_empty() && new != Some(old) => format!("{url}|{old}"),
        _ => return,
    };
    let old = old.clone();
    map.insert(key.into(), old);
}

/// What is kept under a canonical URL: in the version that it asks for, where there are several, else the last.
fn in_version<'m>(map: &'m FxHashMap<Arc<str>, Stored>, canonical: &str) -> Option<&'m Stored> {
    let (url, version) = split_canonical(canonical);
    let exact = version.and_then(|version| map.get(&*format!("{url}|{version}")));
    exact.or_else(|| map.get(url))
}

fn sorted(map: &FxHashMap<Arc<str>, Stored>) -> Vec<&str> {
    // Older versions of what is there under its URL alone are not counted again.
    let mut urls: Vec<&str> = map.keys().map(|url| &**url).filter(|url| !url.contains('|')).collect();
    crate::order::sort(&mut urls);
    urls
}

#[cfg(test)]
mod tests;
