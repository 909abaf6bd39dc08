//! Which terminology the definitions use, and what they refer to that is not there.

use super::Facts;
use careconnect::model::{ConceptSet, ElementDefinition};
use std::collections::{BTreeMap, BTreeSet};

/// What [`reach`] finds.
pub struct Reached {
    /// The URLs of the code systems and value sets to keep.
    pub kept: BTreeSet<String>,
    /// Profiles and value sets that are referred to and not there, with the definitions that refer to them.
    pub missing: BTreeMap<String, BTreeSet<String>>,
}

/// Follows every binding to its value set, and every value set to its systems and other value sets. `is_root` says which
/// terminology is kept even if nothing uses it.
pub fn reach<'a>(all: impl Iterator<Item = &'a Facts>, is_root: impl Fn(&Facts) -> bool) -> Reached {
    let all: Vec<&Facts> = all.collect();
    let mut structures = BTreeSet::new();
    let mut terminology: BTreeMap<&str, Vec<&Facts>> = BTreeMap::new();
    for facts in &all {
        match facts {
            Facts::Structure(definition) => {
                structures.insert(definition.url.as_str());
            }
            Facts::CodeSystem(system) => terminology.entry(&system.url).or_default().push(facts),
            Facts::ValueSet(set) => terminology.entry(&set.url).or_default().push(facts),
            Facts::Message(_) => {}
        }
    }
    let mut reached = Reached { kept: BTreeSet::new(), missing: BTreeMap::new() };
    let mut waiting: Vec<(String, String)> = Vec::new();
    let mut miss = |target: &str, by: &str| {
        reached.missing.entry(target.to_owned()).or_default().insert(by.to_owned());
    };
    for facts in &all {
        match facts {
            Facts::Structure(definition) => {
                let by = definition.url.as_str();
                let mut wanted: Vec<&str> = definition.base_definition.iter().map(String::as_str).collect();
                for element in &definition.differential {
                    for kind in &element.types {
                        wanted.extend(kind.profiles.iter().chain(&kind.target_profiles).map(String::as_str));
                    }
                    waiting.extend(value_sets(element).map(|url| (bare(url).to_owned(), by.to_owned())));
                }
                for url in wanted {
                    if !structures.contains(bare(url)) && !url.starts_with('#') {
                        miss(bare(url), by);
                    }
                }
            }
            Facts::Message(definition) => {
                let focuses = definition.focuses.iter().map(|focus| &focus.profile).filter(|url| !url.is_empty());
                for url in focuses.chain(&definition.assets).filter(|url| !structures.contains(bare(url))) {
                    miss(bare(url), &definition.url);
                }
            }
            facts if is_root(facts) => waiting.push((facts.url().to_owned(), String::new())),
            _ => {}
        }
    }
    while let Some((url, by)) = waiting.pop() {
        let Some(found) = terminology.get(url.as_str()) else {
            if !by.is_empty() {
                miss(&url, &by);
            }
            continue;
        };
        if !reached.kept.insert(url.clone()) {
            continue;
        }
        for facts in found {
            let Facts::ValueSet(set) = facts else { continue };
            for part in set.include.iter().chain(&set.exclude) {
                let ConceptSet { system, value_sets, .. } = part;
                // Most systems are not FHIR's own, and are not expected here.
                let known = system.iter().filter(|system| terminology.contains_key(system.as_str()));
                waiting.extend(known.map(|system| (system.clone(), String::new())));
                waiting.extend(value_sets.iter().map(|set| (bare(set).to_owned(), url.clone())));
            }
        }
    }
    reached
}

fn value_sets(element: &ElementDefinition) -> impl Iterator<Item = &str> {
    let binding = element.binding.iter();
    binding.flat_map(|binding| binding.value_set.iter().chain(&binding.max_value_set)).map(String::as_str)
}

fn bare(url: &str) -> &str {
    url.split('|').next().unwrap_or(url)
}
