//! `profiles/patches.tsv`: the one reviewed list of what is changed in published definitions, with the reason.

use super::read_if_there;
use anyhow::{Context, Result, bail, ensure};
use careconnect::model::{ConceptSet, ElementDefinition, StructureDefinition, ValueSet};
use std::path::Path;

/// One change. A line has five columns: the definition's url (`*`: every definition that repeats the constraint), the
/// element's id or path, what is changed
/// (`constraint KEY` or `binding`), what it becomes (nothing: it is taken out), and why.
struct Patch {
    url: String,
    element: String,
    what: String,
    becomes: String,
}

/// The changes, in the order of the list.
pub struct Patches(Vec<Patch>);

impl Patches {
    /// Reads the list.
    pub fn read(path: &Path) -> Result<Patches> {
        let mut patches = Vec::new();
        for (at, line) in read_if_there(path)?.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') || line.starts_with("definition\t") {
                continue;
            }
            let fields: Vec<&str> = line.split('\t').collect();
            let [url, element, what, becomes, reason] = fields.as_slice() else {
                bail!("profiles/patches.tsv, line {}: five columns are needed", at + 1);
            };
            ensure!(!reason.is_empty(), "profiles/patches.tsv, line {}: there is no reason", at + 1);
            let [url, element, what, becomes] = [url, element, what, becomes].map(|field| (*field).to_owned());
            patches.push(Patch { url, element, what, becomes });
        }
        Ok(Patches(patches))
    }

    /// How many there are for single definitions.
    pub fn len(&self) -> usize {
        self.0.iter().filter(|patch| patch.url != "*").count()
    }

    /// Makes the changes to one definition; how many of those for single definitions there were.
    pub fn apply(&self, definition: &mut StructureDefinition) -> Result<usize> {
        let mut done = 0;
        for patch in self.0.iter().filter(|patch| patch.url == "*") {
            for element in &mut definition.differential {
                // Most elements do not have the constraint.
                let _ = change(element, patch);
            }
        }
        for patch in self.0.iter().filter(|patch| patch.url == definition.url) {
            let found = |element: &&mut ElementDefinition| {
                element.id == patch.element || (element.path == patch.element && element.slice_name.is_none())
            };
            let element = definition.differential.iter_mut().find(found);
            let element = element.with_context(|| format!("{} has no element {}", patch.url, patch.element))?;
            change(element, patch).with_context(|| format!("{} {}", patch.url, patch.element))?;
            done += 1;
        }
        Ok(done)
    }
}

impl Patches {
    /// Makes the changes to one value set; how many there were. The element is `compose.include[N]`, and `filters any`
    /// makes of its filters, all of which a code would have to keep, an include each.
    pub fn apply_to_value_set(&self, value_set: &mut ValueSet) -> Result<usize> {
        // The last one first, so that the places of the others stay.
        let mut places = Vec::new();
        for patch in self.0.iter().filter(|patch| patch.url == value_set.url) {
            let at = patch.element.strip_prefix("compose.include[").and_then(|rest| rest.strip_suffix(']'));
            let at: usize = at.and_then(|at| at.parse().ok()).with_context(|| format!("what is {}?", patch.element))?;
            ensure!(patch.what == "filters any" && patch.becomes.is_empty(), "'{}' is not 'filters any'", patch.what);
            ensure!(at < value_set.include.len(), "{} has no {}", patch.url, patch.element);
            places.push(at);
        }
        places.sort_unstable();
        for at in places.iter().rev() {
            let all = value_set.include.remove(*at);
            let one = |filter: &(String, String, String)| ConceptSet { filters: vec![filter.clone()], ..all.clone() };
            let each: Vec<ConceptSet> = all.filters.iter().map(one).collect();
            value_set.include.splice(*at..*at, each);
        }
        Ok(places.len())
    }
}

fn change(element: &mut ElementDefinition, patch: &Patch) -> Result<()> {
    match patch.what.split_once(' ') {
        Some(("constraint", key)) => {
            let at = element.constraints.iter().position(|constraint| constraint.key == key);
            let at = at.with_context(|| format!("there is no constraint {key}"))?;
            if patch.becomes.is_empty() {
                element.constraints.remove(at);
            } else {
                element.constraints[at].expression = Some(patch.becomes.clone());
            }
        }
        Some(("severity", key)) => {
            let constraint = element.constraints.iter_mut().find(|constraint| constraint.key == key);
            let constraint = constraint.with_context(|| format!("there is no constraint {key}"))?;
            constraint.severity = patch.becomes.clone();
        }
        None if patch.what == "binding" => {
            let binding = element.binding.as_mut().context("there is no binding")?;
            binding.value_set = Some(patch.becomes.clone()).filter(|url| !url.is_empty());
        }
        None if patch.what == "fixed" => {
            let fixed = element.fixed.as_mut().context("there is no fixed value")?;
            fixed.json = serde_json::to_string(&patch.becomes)?;
        }
        _ => bail!("'{}' is none of 'binding', 'fixed', 'constraint KEY', 'severity KEY'", patch.what),
    }
    Ok(())
}
