//! Works out value sets (STU3 4.8.11): an include's parts must all hold, includes add up, excludes take away.

use super::expansion::{Expansion, Filter, Open, Part, Systems};
use super::{Lookup, Terminology};
use crate::model::{CodeSystem, ConceptSet, ValueSet};
use crate::order;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How deep value sets may be made of value sets.
const DEPTH: usize = 32;

/// How many value sets are worked out for one that is made of them: in circles there could be any number.
const PARTS: u32 = 256;

/// What value sets are worked out from: what is loaded, and the value sets that come together with them.
pub(super) struct Scope<'a> {
    terminology: &'a Terminology,
    new: &'a FxHashMap<&'a str, &'a ValueSet>,
    parts: Cell<u32>,
    done: RefCell<FxHashMap<String, Rc<Expansion>>>,
    systems: RefCell<FxHashMap<String, Option<Rc<CodeSystem>>>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(terminology: &'a Terminology, new: &'a FxHashMap<&'a str, &'a ValueSet>) -> Self {
        Scope { terminology, new, parts: Cell::new(PARTS), done: RefCell::default(), systems: RefCell::default() }
    }

    /// The value set of a URL. One that is made of itself, or too deep, counts as missing.
    pub(super) fn expand(&self, url: &str, open: &mut Vec<String>) -> Option<Rc<Expansion>> {
        if let Some(done) = self.done.borrow().get(url) {
            return Some(done.clone());
        }
        let expansion = match self.new.get(url) {
            Some(_) if open.len() >= DEPTH || open.iter().any(|above| above == url) => return None,
            Some(value_set) => {
                if open.is_empty() {
                    self.parts.set(PARTS);
                }
                self.parts.set(self.parts.get().checked_sub(1)?);
                open.push(url.to_owned());
                let expansion = self.compose(value_set, open);
                open.pop();
                expansion
            }
            None => self.terminology.expansion(url)?,
        };
        let expansion = Rc::new(expansion);
        // What was worked out inside of a circle lacks a part that it has elsewhere.
        if open.is_empty() || expansion.missing.is_empty() {
            self.done.borrow_mut().insert(url.to_owned(), expansion.clone());
        }
        Some(expansion)
    }

    fn compose(&self, value_set: &ValueSet, open: &mut Vec<String>) -> Expansion {
        let mut result = Expansion::default();
        for include in &value_set.include {
            let part = self.concept_set(include, open);
            result.add(part, self);
        }
        if value_set.is_active_only {
            let systems: Vec<String> = result.parts.keys().cloned().collect();
            let inactive = systems.into_iter().filter_map(|system| {
                let codes = order::map(self.inactive(&system).into_iter().map(|code| (code, String::new())));
                (!codes.is_empty()).then(|| (system, Part { codes, ..Part::default() }))
            });
            let inactive = Expansion { parts: order::map(inactive), ..Expansion::default() };
            result = result.without(&inactive, self);
        }
        for exclude in &value_set.exclude {
            let part = self.concept_set(exclude, open);
            result = result.without(&part, self);
        }
        result
    }

    /// The codes of a system that it says are no longer in use.
    fn inactive(&self, system: &str) -> Vec<String> {
        let Some(known) = self.system(system) else { return Vec::new() };
        let is_inactive = |(property, value): &(String, String)| match property.as_str() {
            "inactive" => value == "true",
            "status" => matches!(value.as_str(), "inactive" | "retired"),
            _ => false,
        };
        let inactive = known.concepts.iter().filter(|concept| concept.properties.iter().any(is_inactive));
        inactive.map(|concept| concept.code.clone()).collect()
    }

    fn concept_set(&self, set: &ConceptSet, open: &mut Vec<String>) -> Expansion {
        let mut result = set.system.as_deref().map(|system| {
            let part = self.part(system, set);
            Expansion { parts: order::map([(system.to_owned(), part)]), ..Expansion::default() }
        });
        for url in &set.value_sets {
            // What comes together has one version of each; of what is loaded there may be several.
            let (bare, version) = crate::model::split_canonical(url);
            let is_it =
                |new: &&ValueSet| version.is_none_or(|version| new.version.is_empty() || new.version == version);
            let url = if self.new.get(bare).is_some_and(is_it) { bare } else { url };
            let nested = match self.expand(url, open) {
                Some(nested) => (*nested).clone(),
                None => Expansion { missing: order::set([url.to_owned()]), is_unbounded: true, ..Expansion::default() },
            };
            result = Some(match result {
                Some(result) => result.both(nested, self),
                None => nested,
            });
        }
        result.unwrap_or_default()
    }

    fn part(&self, system: &str, set: &ConceptSet) -> Part {
        if !set.concepts.is_empty() {
            return Part { codes: order::map(set.concepts.iter().cloned()), ..Part::default() };
        }
        if set.filters.is_empty() && !self.is_older(system, set.version.as_deref()) {
            return Part { whole: true, ..Part::default() };
        }
        let open = || vec![Open { filters: set.filters.clone(), except: Vec::new() }];
        let canonical = match &set.version {
            Some(version) => format!("{system}|{version}"),
            None => system.to_owned(),
        };
        let Some(known) = self.system(&canonical) else { return Part { open: open(), ..Part::default() } };
        let mut kept: Option<Vec<usize>> = None;
        for filter in &set.filters {
            let Some(found) = filtered(&known, filter) else { return Part { open: open(), ..Part::default() } };
            kept = Some(match kept {
                Some(kept) => kept.into_iter().filter(|at| found.binary_search(at).is_ok()).collect(),
                None => found,
            });
        }
        let codes = kept.unwrap_or_else(|| (0..known.concepts.len()).collect()).into_iter();
        let codes = codes.filter_map(|at| known.concepts.get(at)).map(|known| (known.code.clone(), String::new()));
        let is_complete = known.content == "complete";
        Part { codes: order::map(codes), open: if is_complete { Vec::new() } else { open() }, ..Part::default() }
    }

    /// Whether a version of a system is asked for that is loaded beside the one that stands for the system otherwise.
    fn is_older(&self, system: &str, version: Option<&str>) -> bool {
        let Some(version) = version else { return false };
        let of = |url: &str| self.system(url).map(|system| system.version.clone());
        of(&format!("{system}|{version}")).is_some_and(|found| found == version && of(system).as_ref() != Some(&found))
    }

    fn system(&self, url: &str) -> Option<Rc<CodeSystem>> {
        if let Some(known) = self.systems.borrow().get(url) {
            return known.clone();
        }
        let system = self.terminology.code_system(url).map(Rc::new);
        self.systems.borrow_mut().insert(url.to_owned(), system.clone());
        system
    }
}

impl Systems for Scope<'_> {
    fn has(&self, system: &str, code: &str) -> Option<bool> {
        match self.terminology.lookup(system, code) {
            Lookup::Known(_) => Some(true),
            Lookup::NotInSystem => Some(false),
            Lookup::NotEnumerated | Lookup::UnknownSystem => None,
        }
    }

    fn codes(&self, system: &str) -> (Vec<String>, bool) {
        match self.system(system) {
            Some(known) => {
                (known.concepts.iter().map(|concept| concept.code.clone()).collect(), known.content == "complete")
            }
            None => (Vec::new(), false),
        }
    }
}

/// The concepts, by index, that keep a filter; `None` where what is known of the system cannot say.
fn filtered(system: &CodeSystem, (property, operator, value): &Filter) -> Option<Vec<usize>> {
    let concepts = &system.concepts;
    let all = || 0..concepts.len();
    let wanted: Vec<&str> = value.split(',').map(str::trim).collect();
    let is_code = matches!(&**property, "concept" | "code");
    let place = || concepts.iter().position(|concept| concept.code == *value);
    match (is_code, &**operator) {
        (true, "is-a") => Some(below(system, place()?, true)),
        (true, "descendent-of" | "descendant-of") => Some(below(system, place()?, false)),
        (true, "is-not-a") => {
            let below = below(system, place()?, true);
            Some(all().filter(|at| below.binary_search(at).is_err()).collect())
        }
        (true, "generalizes") => Some(above(system, place()?)),
        (true, "exists") => Some(all().filter(|_| value == "true").collect()),
        (true, "=") => Some(place().into_iter().collect()),
        (true, "in") => {
            Some(all().filter(|at| concepts.get(*at).is_some_and(|known| wanted.contains(&&*known.code))).collect())
        }
        (true, "not-in") => {
            Some(all().filter(|at| !concepts.get(*at).is_some_and(|known| wanted.contains(&&*known.code))).collect())
        }
        (true, "regex") => {
            let pattern = whole_pattern(value)?;
            Some(all().filter(|at| concepts.get(*at).is_some_and(|known| pattern.is_match(&known.code))).collect())
        }
        (true, _) => None,
        (false, _) => {
            let values = |at: usize| -> Vec<&str> {
                let Some(concept) = concepts.get(at) else { return Vec::new() };
                match &**property {
                    "display" => vec![&*concept.display],
                    "parent" => {
                        let parents = concept.parents.iter().filter_map(|parent| concepts.get(*parent as usize));
                        parents.map(|parent| &*parent.code).collect()
                    }
                    _ => {
                        concept.properties.iter().filter(|(key, _)| key == property).map(|(_, text)| &**text).collect()
                    }
                }
            };
            // A property that no concept has may have been left out of what is loaded.
            if all().all(|at| values(at).is_empty()) {
                return None;
            }
            let any = |test: &dyn Fn(&str) -> bool| all().filter(|at| values(*at).into_iter().any(test)).collect();
            match &**operator {
                "=" => Some(any(&|known| known == &**value)),
                "in" => Some(any(&|known| wanted.contains(&known))),
                "not-in" => Some(all().filter(|at| !values(*at).iter().any(|known| wanted.contains(known))).collect()),
                "exists" => Some(all().filter(|at| values(*at).is_empty() == (value == "false")).collect()),
                "regex" => {
                    let pattern = whole_pattern(value)?;
                    Some(any(&|known| pattern.is_match(known)))
                }
                _ => None,
            }
        }
    }
}

/// A regular expression that all of a text must match. One that is wrong, or would be large, decides nothing.
fn whole_pattern(value: &str) -> Option<regex_lite::Regex> {
    regex_lite::RegexBuilder::new(&format!("^(?:{value})$")).size_limit(1 << 16).build().ok()
}

/// The concepts that are a kind of another.
fn below(system: &CodeSystem, top: usize, with_itself: bool) -> Vec<usize> {
    let mut children: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (at, concept) in system.concepts.iter().enumerate() {
        for parent in &concept.parents {
            children.entry(*parent as usize).or_default().push(at);
        }
    }
    reach(top, with_itself, |at| children.get(&at).cloned().unwrap_or_default())
}

/// The concepts that another is a kind of, with itself.
fn above(system: &CodeSystem, from: usize) -> Vec<usize> {
    reach(from, true, |at| {
        let parents = system.concepts.get(at).map_or(&[][..], |concept| &concept.parents);
        parents.iter().map(|parent| *parent as usize).collect()
    })
}

fn reach(from: usize, with_itself: bool, next: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut found = FxHashSet::from_iter([from]);
    let mut waiting = vec![from];
    while let Some(at) = waiting.pop() {
        for next in next(at) {
            if found.insert(next) {
                waiting.push(next);
            }
        }
    }
    if !with_itself {
        found.remove(&from);
    }
    order::sorted(found)
}
