//! What is loaded: compiled profiles, value sets and code systems, with the names that they use.
//!
//! Nothing changes once it is built, so that one set serves any number of validations; a copy is cheap and shares what is
//! not changed in it.

mod index;
mod urls;

pub use crate::model::split_canonical;
pub use index::{Entry as IndexEntry, Index, IndexKind};
pub use urls::UrlKind;

use crate::model::message::MessageDefinition;
use crate::model::questionnaire::Questionnaire;
use crate::model::{CodeSystem, ValueSet};
use crate::name::{NameId, Names};
use crate::pack::{self, Pack, PackError, PackInfo};
use crate::plan::Plan;
use crate::terminology::{Lookup, Member, Terminology};
use crate::version::Version;
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

/// Where base types have their canonical URLs.
pub const BASE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Profiles, types, value sets and code systems, ready for checking.
///
/// Each release of FHIR has its own set. A [`Definitions`] looks at the set of one release, and [`of`](Self::of) gives the
/// same that looks at another; names are one table for all, so that a resource is read before its release is told.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    version: Version,
    names: Arc<Names>,
    stu3: Arc<Inner>,
    r4: Arc<Inner>,
    packs: Arc<Vec<PackInfo>>,
    /// What packs there are, loaded or not.
    index: Option<Index>,
}

/// The definitions of one release.
#[derive(Clone, Debug, Default)]
struct Inner {
    plans: Vec<Arc<Entry>>,
    /// URL without version, to indexes in `plans`; the one added last comes last and is preferred.
    by_url: FxHashMap<Arc<str>, Vec<u32>>,
    /// By the id of a type's name, the index in `plans` of the type's own definition.
    bases: FxHashMap<NameId, u32>,
    /// By the id of an element's name, what it is a choice of.
    choices: Vec<Option<(NameId, NameId)>>,
    terminology: Terminology,
    messages: Vec<Arc<MessageDefinition>>,
    questionnaires: Vec<Arc<Questionnaire>>,
    /// What packs of this release there are, where its own pack says so rather than the index of all.
    index: Option<Index>,
    /// The keys of `by_url` in order, made when they are first asked for.
    sorted: OnceLock<Vec<Arc<str>>>,
    /// Made when an NHS URL is first found to be unknown.
    urls: OnceLock<urls::Urls>,
}

/// A plan, or where to read it when it is first asked for.
#[derive(Debug)]
struct Entry {
    version: Box<str>,
    /// The family of the pack that it came in; empty for a user's own.
    family: Arc<str>,
    plan: OnceLock<Option<Plan>>,
    packed: Option<(Arc<Pack>, u32)>,
}

/// What goes into a pack.
#[derive(Clone, Copy, Debug, Default)]
pub struct Selection<'a> {
    /// The family of definitions.
    pub family: &'a str,
    /// The families that these definitions build on.
    pub dependencies: &'a [&'a str],
    /// The canonical URLs, with versions, of the types and profiles.
    pub plans: &'a [&'a str],
    /// The URLs of the code systems.
    pub code_systems: &'a [&'a str],
    /// The URLs of the value sets.
    pub value_sets: &'a [&'a str],
    /// The message definitions.
    pub messages: &'a [MessageDefinition],
    /// The index of the packs, in the pack of a release whose packs the index of all does not have; or empty.
    pub index: &'a str,
}

/// A type or profile that is loaded.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What it asks for.
    pub plan: &'a Plan,
    /// The family of the pack that it came in; empty for a user's own.
    pub family: &'a str,
}

/// What is known under a canonical URL.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// The version asked for, or any where none was asked for.
    Exact(&'a Plan),
    /// The same definition in another version.
    OtherVersion(&'a Plan),
    /// Nothing.
    Missing,
}

impl<'a> Found<'a> {
    /// The plan, whatever its version.
    pub fn plan(self) -> Option<&'a Plan> {
        match self {
            Found::Exact(plan) | Found::OtherVersion(plan) => Some(plan),
            Found::Missing => None,
        }
    }
}

impl Definitions {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is loaded, to be changed; what was made from it is made again.
    fn inner_mut(&mut self) -> &mut Inner {
        let set = match self.version {
            Version::Stu3 => &mut self.stu3,
            Version::R4 => &mut self.r4,
        };
        let inner = Arc::make_mut(set);
        inner.urls = OnceLock::new();
        inner.sorted = OnceLock::new();
        inner
    }

    fn set(&self) -> &Inner {
        self.set_of(self.version)
    }

    fn set_of(&self, version: Version) -> &Inner {
        match version {
            Version::Stu3 => &self.stu3,
            Version::R4 => &self.r4,
        }
    }

    /// The release whose definitions these are.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The same, looking at the definitions of another release.
    pub fn of(&self, version: Version) -> Definitions {
        Definitions { version, ..self.clone() }
    }

    /// The same, looking at the definitions of another release where only that one's have a profile or value set of this URL or
    /// name.
    pub fn with(&self, name: &str) -> Definitions {
        let knows = |definitions: &Definitions| {
            definitions.plan_named(name).is_some() || definitions.has_value_set(split_canonical(name).0)
        };
        let other = self.of(self.version.other());
        let is_other = (!self.has(self.version) || !knows(self)) && knows(&other);
        if is_other { other } else { self.clone() }
    }

    /// Whether a release's own definitions are loaded.
    pub fn has(&self, version: Version) -> bool {
        !self.set_of(version).bases.is_empty()
    }

    /// Whether a release's loaded definitions have a type or profile.
    pub fn defines(&self, version: Version, url: &str) -> bool {
        self.set_of(version).by_url.contains_key(url)
    }

    /// The names of elements and types; a resource must be parsed with them.
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// The names, to be added to: by the compilation of a plan that is then inserted. Ids that were given stay.
    pub fn names_mut(&mut self) -> &mut Arc<Names> {
        &mut self.names
    }

    /// Adds a plan, compiled with [`names_mut`](Self::names_mut). It takes the place of one with the same URL and version.
    pub fn insert_plan(&mut self, plan: Plan) {
        let inner = self.inner_mut();
        if !plan.is_constraint {
            for element in plan.elements.iter().filter(|element| element.is_choice) {
                for choice in &element.types {
                    inner.add_choice(choice.element_name, element.name, choice.code_id);
                }
            }
        }
        let version = plan.version.clone();
        let entry = Entry { version, family: Arc::default(), plan: OnceLock::new(), packed: None };
        let (url, base) = (plan.url.clone(), (!plan.is_constraint).then_some(plan.type_id));
        // The cell is new, so that this cannot fail.
        let _ = entry.plan.set(Some(plan));
        inner.add(&url, entry, base);
    }

    /// Makes a pack's definitions known; they are read when they are asked for. A pack that is there already is left.
    ///
    /// # Errors
    /// The pack is in another format or damaged; what was loaded before stays as it was.
    pub fn load(&mut self, pack: impl Into<Arc<[u8]>>) -> Result<PackInfo, PackError> {
        let mut names = self.names.clone();
        let (info, pack, contained) = Pack::load(pack.into(), &mut names)?;
        if self.packs.contains(&info) {
            return Ok(info);
        }
        self.names = names;
        Arc::make_mut(&mut self.packs).push(info.clone());
        // Releases of SNOMED CT and dm+d are of no release of FHIR.
        for set in [&mut self.stu3, &mut self.r4] {
            for release in &contained.releases {
                Arc::make_mut(set).terminology.add_release(release.clone());
            }
        }
        let Some(version) = info.version else { return Ok(info) };
        let looked_at = std::mem::replace(&mut self.version, version);
        let inner = self.inner_mut();
        let pack = Arc::new(pack);
        let family: Arc<str> = info.family.as_str().into();
        for (at, (url, version, is_constraint, type_id)) in contained.plans.into_iter().enumerate() {
            let packed = Some((pack.clone(), at as u32));
            let entry = Entry { version, family: family.clone(), plan: OnceLock::new(), packed };
            inner.add(&url, entry, (!is_constraint).then_some(type_id));
        }
        for (name, of, kind) in contained.choices {
            inner.add_choice(name, of, kind);
        }
        for (url, value_set, at) in contained.systems {
            inner.terminology.add_system(&url, value_set.as_deref(), pack.bytes(), at);
        }
        if !contained.index.is_empty() {
            inner.index = Some(Index::new(contained.index));
        }
        for (url, at) in contained.value_sets {
            inner.terminology.add_value_set(&url, pack.bytes(), at);
        }
        contained.messages.into_iter().for_each(|definition| inner.add_message(definition));
        self.version = looked_at;
        Ok(info)
    }

    /// A pack of some of what is here; the same definitions give the same bytes, in whatever order they are named.
    pub fn pack(&self, selection: &Selection<'_>) -> Vec<u8> {
        let urls = crate::order::sorted(selection.plans.iter().copied());
        let plans: Vec<&Plan> = urls.iter().filter_map(|url| self.plan(url)).collect();
        let Selection { family, dependencies, code_systems, value_sets, messages, index, .. } = *selection;
        let version = Some(self.version);
        let contents = pack::Contents {
            version,
            family,
            dependencies,
            plans: &plans,
            code_systems,
            value_sets,
            messages,
            index,
            releases: &[],
        };
        pack::write(&self.names, &self.set().terminology, &contents)
    }

    /// Makes known what packs there are: see [`Index`].
    pub fn set_index(&mut self, index: Index) {
        self.index = Some(index);
    }

    /// What packs there are, loaded or not, as far as that is known.
    pub fn index(&self) -> Option<&Index> {
        self.set().index.as_ref().or(self.index.as_ref())
    }

    /// The packs that are loaded, in order.
    pub fn packs(&self) -> &[PackInfo] {
        &self.packs
    }

    /// Adds code systems and value sets that may be made of each other. The last one with a URL stands.
    pub fn insert_terminology(&mut self, systems: &[CodeSystem], value_sets: &[ValueSet]) {
        self.inner_mut().terminology.insert(systems, value_sets);
    }

    /// Code systems and value sets.
    pub fn terminology(&self) -> &Terminology {
        &self.set().terminology
    }

    /// Adds a value set, made of what is there already.
    pub fn insert_value_set(&mut self, value_set: ValueSet) {
        self.inner_mut().terminology.insert(&[], &[value_set]);
    }

    /// Adds a code system.
    pub fn insert_code_system(&mut self, system: CodeSystem) {
        self.inner_mut().terminology.insert(&[system], &[]);
    }

    /// Adds a definition of what messages hold. It takes the place of one with the same URL and version.
    pub fn insert_message(&mut self, definition: MessageDefinition) {
        self.inner_mut().add_message(definition);
    }

    /// Every definition of what messages hold.
    pub fn messages(&self) -> &[Arc<MessageDefinition>] {
        &self.set().messages
    }

    /// Adds a Questionnaire. The last one with a URL and version, or with an id where it has no URL, stands.
    pub fn insert_questionnaire(&mut self, questionnaire: Questionnaire) {
        let known = &mut self.inner_mut().questionnaires;
        known.retain(|known| {
            let same = (&known.url, &known.version) == (&questionnaire.url, &questionnaire.version);
            !same || questionnaire.url.is_empty() && known.id != questionnaire.id
        });
        known.push(Arc::new(questionnaire));
    }

    /// The Questionnaire that a reference names: by its canonical URL, in the version asked for or else in any, or by its
    /// id in `Questionnaire/id`.
    pub fn questionnaire(&self, reference: &str) -> Option<&Arc<Questionnaire>> {
        let known = || self.set().questionnaires.iter().rev();
        let (url, version) = split_canonical(reference);
        let of_url = || known().filter(|known| !url.is_empty() && *known.url == *url);
        let of_version = |known: &&Arc<Questionnaire>| version.is_some_and(|version| *known.version == *version);
        let id = url.strip_prefix("Questionnaire/").filter(|id| !id.is_empty() && !id.contains('/'));
        of_url().find(of_version).or_else(|| of_url().next()).or_else(|| known().find(|known| Some(&*known.id) == id))
    }

    fn at(&self, index: u32) -> Option<&Plan> {
        let entry = self.set().plans.get(index as usize)?;
        let read = || entry.packed.as_ref().and_then(|(pack, at)| pack.plan(*at, &self.names));
        entry.plan.get_or_init(read).as_ref()
    }

    /// The plan of a canonical URL, in the version asked for if there is one, else in another.
    pub fn plan(&self, canonical: &str) -> Option<&Plan> {
        self.find(canonical).plan()
    }

    /// What is known under a canonical URL: `url` or `url|version`; a `/_history/n` after it says nothing and is ignored.
    pub fn find(&self, canonical: &str) -> Found<'_> {
        let (url, version) = split_canonical(canonical);
        let Some(indexes) = self.set().by_url.get(url) else { return Found::Missing };
        let newest = || indexes.last().and_then(|index| self.at(*index));
        let Some(version) = version else { return newest().map_or(Found::Missing, Found::Exact) };
        let is_wanted =
            |index: &&u32| self.set().plans.get(**index as usize).is_some_and(|entry| &*entry.version == version);
        match indexes.iter().rev().find(is_wanted).and_then(|index| self.at(*index)) {
            Some(plan) => Found::Exact(plan),
            None => newest().map_or(Found::Missing, Found::OtherVersion),
        }
    }

    /// The definition of a type or resource itself, by the id of its name.
    pub fn base(&self, type_id: NameId) -> Option<&Plan> {
        self.set().bases.get(&type_id).and_then(|index| self.at(*index))
    }

    /// The definition of a type or resource itself, by its name: `Patient`, `Quantity`, `string`.
    pub fn base_named(&self, type_name: &str) -> Option<&Plan> {
        self.base(self.names.get(type_name)?)
    }

    /// What an element's name is a choice of: `valueQuantity` gives `value` and `Quantity`.
    ///
    /// A few names are a choice in one type and an element of its own in another (`effectivePeriod`, in `Observation` and
    /// in `Questionnaire`): where the plan is at hand, it decides.
    pub fn choice(&self, name: NameId) -> Option<(NameId, NameId)> {
        self.set().choices.get(name.0 as usize).copied().flatten()
    }

    /// Whether a code is in a value set. Without a `system`, as for an element of type `code`, any system's code counts.
    pub fn member(&self, value_set: &str, system: Option<&str>, code: &str) -> Member<'_> {
        self.set().terminology.member(value_set, system, code)
    }

    /// What is known of a code in its system.
    pub fn lookup(&self, system: &str, code: &str) -> Lookup<'_> {
        self.set().terminology.lookup(system, code)
    }

    /// Whether a value set is known, in whatever version.
    pub fn has_value_set(&self, canonical: &str) -> bool {
        self.set().terminology.has_value_set(canonical)
    }

    /// Every type and profile in every version, by URL; of a URL and version the one that counts. All of them are decoded.
    pub fn known(&self) -> impl Iterator<Item = Known<'_>> {
        self.profile_urls().flat_map(|url| {
            let indexes = self.set().by_url.get(url).map_or(&[][..], Vec::as_slice);
            let is_last = |at: usize, index: &u32| {
                let version = |index: &u32| self.set().plans.get(*index as usize).map(|entry| &entry.version);
                !indexes.iter().skip(at + 1).any(|later| version(later) == version(index))
            };
            let last = indexes.iter().enumerate().filter(move |(at, index)| is_last(*at, index));
            last.filter_map(|(_, index)| {
                let family = &*self.set().plans.get(*index as usize)?.family;
                Some(Known { plan: self.at(*index)?, family })
            })
        })
    }

    /// The NHS URL of this kind that an unknown one differs from in scheme, host, slashes, dots, spaces, case or path only.
    pub fn nearest_nhs_url(&self, kind: UrlKind, url: &str) -> Option<&str> {
        self.urls().nearest(kind, url)
    }

    /// The names of NHS URLs of this kind, their last parts in lower case, each with a URL that has it.
    pub fn nhs_url_names(&self, kind: UrlKind) -> impl Iterator<Item = (&str, &str)> {
        self.urls().names(kind)
    }

    fn urls(&self) -> &urls::Urls {
        self.set().urls.get_or_init(|| {
            let systems = self.set().terminology.system_urls().into_iter().chain(self.indexed(IndexKind::CodeSystem));
            // What is loaded is in the index as well.
            let [profiles, systems] = [crate::order::sorted(self.known_profile_urls()), crate::order::sorted(systems)];
            urls::Urls::new(profiles.into_iter(), systems.into_iter())
        })
    }

    /// Whether a type, profile, value set or code system is the user's own, rather than a pack's.
    pub fn is_own(&self, url: &str) -> bool {
        let indexes = self.set().by_url.get(url).into_iter().flatten();
        let mut entries = indexes.filter_map(|at| self.set().plans.get(*at as usize));
        entries.any(|entry| entry.family.is_empty())
    }

    /// The URL of the type or profile that a short name means: the only one that ends with `/` and the name. With a version
    /// the version follows. A name that is a URL, or none, or the end of several, means nothing.
    pub fn profile_named(&self, name: &str) -> Option<String> {
        let (name, version) = split_canonical(name);
        if name.is_empty() || name.contains(['/', ':']) {
            return None;
        }
        let base = format!("{BASE}{name}");
        let is_named = |url: &&str| url.strip_suffix(name).is_some_and(|before| before.ends_with('/'));
        let found = if self.set().by_url.contains_key(&*base) {
            vec![base.as_str()]
        } else {
            crate::order::sorted(self.known_profile_urls().filter(is_named))
        };
        match (&found[..], version) {
            ([url], None) => Some((*url).to_owned()),
            ([url], Some(version)) => Some(format!("{url}|{version}")),
            _ => None,
        }
    }

    /// The plan that a short name or a canonical URL means.
    pub fn plan_named(&self, name: &str) -> Option<&Plan> {
        self.plan(self.profile_named(name).as_deref().unwrap_or(name))
    }

    /// The canonical URLs of all types and profiles, those of packs that are not loaded among them; some may come twice.
    pub fn known_profile_urls(&self) -> impl Iterator<Item = &str> {
        self.profile_urls().chain(self.indexed(IndexKind::Profile))
    }

    /// The URLs of one kind in the index of the packs.
    fn indexed(&self, kind: IndexKind) -> impl Iterator<Item = &str> {
        let entries = self.index().into_iter().flat_map(Index::entries);
        let version = self.version;
        let is_of = move |entry: &IndexEntry<'_>| entry.kind == kind && entry.version == version;
        entries.filter(is_of).map(|entry| entry.url)
    }

    /// The canonical URLs of all types and profiles, sorted.
    pub fn profile_urls(&self) -> impl Iterator<Item = &str> {
        let sorted = self.set().sorted.get_or_init(|| crate::order::sorted(self.set().by_url.keys().cloned()));
        sorted.iter().map(|url| &**url)
    }
}

impl Inner {
    fn add(&mut self, url: &str, entry: Entry, base_of: Option<NameId>) {
        let index = self.plans.len() as u32;
        if let Some(type_id) = base_of {
            self.bases.insert(type_id, index);
        }
        self.plans.push(Arc::new(entry));
        self.by_url.entry(url.into()).or_default().push(index);
    }

    fn add_message(&mut self, definition: MessageDefinition) {
        let same =
            |known: &Arc<MessageDefinition>| (&known.url, &known.version) == (&definition.url, &definition.version);
        self.messages.retain(|known| known.url.is_empty() || !same(known));
        self.messages.push(Arc::new(definition));
    }

    fn add_choice(&mut self, name: NameId, of: NameId, kind: NameId) {
        let at = name.0 as usize;
        if self.choices.len() <= at {
            self.choices.resize(at + 1, None);
        }
        if let Some(choice) = self.choices.get_mut(at) {
            *choice = Some((of, kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Concept, ConceptSet, StructureKind};

    fn plan(names: &mut Names, url: &str, version: &str) -> Plan {
        Plan {
            url: url.into(),
            version: version.into(),
            name: "Test".into(),
            kind: StructureKind::Resource,
            is_abstract: false,
            is_constraint: !url.starts_with(BASE),
            type_name: "Patient".into(),
            type_id: names.intern("Patient"),
            base: None,
            context_type: None,
            contexts: Vec::new(),
            context_invariants: Vec::new(),
            elements: Vec::new(),
        }
    }

    #[test]
    fn canonical_urls() {
        let mut definitions = Definitions::new();
        for (url, version) in
            [("http://hl7.org/fhir/StructureDefinition/Patient", "3.0.1"), ("urn:p", "1"), ("urn:p", "2")]
        {
            let plan = plan(Arc::make_mut(definitions.names_mut()), url, version);
            definitions.insert_plan(plan);
        }
        for (canonical, expected) in [
            ("urn:p", "exact 2"),
            ("urn:p|1", "exact 1"),
            ("urn:p|2", "exact 2"),
            ("urn:p|3", "other 2"),
            ("urn:p|", "exact 2"),
            ("urn:p/_history/7", "exact 2"),
            ("urn:p/_history/7|1", "exact 1"),
            ("urn:p|1/_history/2", "exact 1"),
            ("urn:q", "missing"),
            ("", "missing"),
        ] {
            let found = match definitions.find(canonical) {
                Found::Exact(plan) => format!("exact {}", plan.version),
                Found::OtherVersion(plan) => format!("other {}", plan.version),
                Found::Missing => "missing".to_owned(),
            };
            assert_eq!(found, expected, "{canonical}");
        }
        assert_eq!(&*definitions.base_named("Patient").unwrap().version, "3.0.1");
    }

    #[test]
    fn codes() {
        let mut definitions = Definitions::new();
        let concept = |code: &str| Concept { code: code.into(), display: code.to_uppercase(), ..Concept::default() };
        definitions.insert_code_system(CodeSystem {
            url: "urn:s".into(),
            case_sensitive: true,
            content: "complete".into(),
            concepts: vec![concept("a"), concept("b")],
            ..CodeSystem::default()
        });
        let include = |system: &str, codes: &[&str]| ConceptSet {
            system: Some(system.into()),
            concepts: codes.iter().map(|code| (code.to_string(), String::new())).collect(),
            ..ConceptSet::default()
        };
        definitions.insert_value_set(ValueSet {
            url: "urn:v".into(),
            include: vec![include("urn:s", &[]), include("urn:t", &["x"]), include("urn:u", &[])],
            ..ValueSet::default()
        });
        assert!(matches!(definitions.member("urn:v", Some("urn:s"), "a"), Member::In { display: Some("A") }));
        assert!(matches!(definitions.member("urn:v|1", Some("urn:t"), "x"), Member::In { display: None }));
        assert!(matches!(definitions.member("urn:v", Some("urn:t"), "y"), Member::Out));
        assert!(matches!(definitions.member("urn:v", Some("urn:z"), "y"), Member::Out));
        assert!(matches!(definitions.member("urn:v", Some("urn:u"), "y"), Member::Unknown(_)));
        assert!(matches!(definitions.member("urn:none", Some("urn:u"), "y"), Member::Unknown(_)));
    }
}
