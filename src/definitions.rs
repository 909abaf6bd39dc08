//! What is loaded: compiled profiles, value sets and code systems, with the names that they use.
//!
//! Nothing changes once it is built, so that one set serves any number of validations; a copy is cheap and shares what is
//! not changed in it.

pub use crate::model::split_canonical;
use crate::model::{CodeSystem, ValueSet};
use crate::name::{NameId, Names};
use crate::plan::Plan;
use crate::terminology::{Lookup, Member, Terminology};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Where base types have their canonical URLs.
pub const BASE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Profiles, types, value sets and code systems, ready for checking.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    names: Arc<Names>,
    plans: Vec<Arc<Plan>>,
    /// URL without version, to indexes in `plans`; the one added last comes last and is preferred.
    by_url: FxHashMap<Arc<str>, Vec<u32>>,
    /// By the id of a type's name, the index in `plans` of the type's own definition.
    bases: FxHashMap<NameId, u32>,
    /// By the id of an element's name, what it is a choice of.
    choices: Vec<Option<(NameId, NameId)>>,
    terminology: Terminology,
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
        let index = self.plans.len() as u32;
        if !plan.is_constraint {
            self.bases.insert(plan.type_id, index);
            for element in plan.elements.iter().filter(|element| element.is_choice) {
                for choice in &element.types {
                    let at = choice.element_name.0 as usize;
                    if self.choices.len() <= at {
                        self.choices.resize(at + 1, None);
                    }
                    self.choices[at] = Some((element.name, choice.code_id));
                }
            }
        }
        self.by_url.entry(Arc::from(&*plan.url)).or_default().push(index);
        self.plans.push(Arc::new(plan));
    }

    /// Adds a value set.
    pub fn insert_value_set(&mut self, value_set: ValueSet) {
        self.terminology.insert_value_set(value_set);
    }

    /// Adds a code system.
    pub fn insert_code_system(&mut self, system: CodeSystem) {
        self.terminology.insert_code_system(system);
    }

    fn at(&self, index: u32) -> Option<&Plan> {
        self.plans.get(index as usize).map(|plan| &**plan)
    }

    /// The plan of a canonical URL, in the version asked for if there is one, else in another.
    pub fn plan(&self, canonical: &str) -> Option<&Plan> {
        self.find(canonical).plan()
    }

    /// What is known under a canonical URL: `url` or `url|version`; a `/_history/n` after it says nothing and is ignored.
    pub fn find(&self, canonical: &str) -> Found<'_> {
        let (url, version) = split_canonical(canonical);
        let Some(indexes) = self.by_url.get(url) else { return Found::Missing };
        let newest = || indexes.last().and_then(|index| self.at(*index));
        let Some(version) = version else { return newest().map_or(Found::Missing, Found::Exact) };
        let mut plans = indexes.iter().rev().filter_map(|index| self.at(*index));
        match plans.find(|plan| &*plan.version == version) {
            Some(plan) => Found::Exact(plan),
            None => newest().map_or(Found::Missing, Found::OtherVersion),
        }
    }

    /// The definition of a type or resource itself, by the id of its name.
    pub fn base(&self, type_id: NameId) -> Option<&Plan> {
        self.bases.get(&type_id).and_then(|index| self.at(*index))
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
        self.choices.get(name.0 as usize).copied().flatten()
    }

    /// Whether a code is in a value set. Without a `system`, as for an element of type `code`, any system's code counts.
    pub fn member(&self, value_set: &str, system: Option<&str>, code: &str) -> Member<'_> {
        self.terminology.member(value_set, system, code)
    }

    /// What is known of a code in its system.
    pub fn lookup(&self, system: &str, code: &str) -> Lookup<'_> {
        self.terminology.lookup(system, code)
    }

    /// Whether a value set is known, in whatever version.
    pub fn has_value_set(&self, canonical: &str) -> bool {
        self.terminology.has_value_set(canonical)
    }

    /// The canonical URLs of all types and profiles, sorted.
    pub fn profile_urls(&self) -> impl Iterator<Item = &str> {
        let mut urls: Vec<&str> = self.by_url.keys().map(|url| &**url).collect();
        urls.sort_unstable();
        urls.into_iter()
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
