//! Two profiles side by side: where they differ, element by element.

use super::profile::facts;
use crate::definitions::Definitions;
use crate::plan::{Element, Plan};
use crate::version::Version;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What is compared of an element; its path follows from its id.
const FIELDS: &[&str] = &[
    "min",
    "max",
    "types",
    "contentReference",
    "binding",
    "fixed",
    "pattern",
    "minValue",
    "maxValue",
    "maxLength",
    "slicing",
    "mustSupport",
    "isModifier",
    "isSummary",
    "invariants",
];

/// Where two profiles differ: `{ a, b, elements }`, each element with its `id`, whether it is `added` in the second,
/// `removed` from it or `changed`, and for a changed one each field with what it is in either (absent where there is
/// nothing). Elements are in the order of the second, what it does not have in the order of the first. `None` where one
/// of them is not loaded.
///
/// Elements of different types are matched without the type's name, so that a profile can be compared with another's. Where
/// one profile goes into a type and the other does not, the type itself stands for the other.
pub fn compare(definitions: &Definitions, a: &str, b: &str) -> Option<Value> {
    let (a, b) = (definitions.plan_named(a)?, definitions.plan_named(b)?);
    let version = definitions.version();
    let (first, second) = (elements(a, version), elements(b, version));
    let known: BTreeMap<&str, &Map<String, Value>> = first.iter().map(|(id, facts)| (id.as_str(), facts)).collect();
    let changed = |plan: &Plan, id: &str, differences: Vec<Value>| {
        let is_changed = !differences.is_empty();
        is_changed.then(|| json!({ "id": full(plan, id), "change": "changed", "differences": differences }))
    };
    let mut found = Vec::new();
    for (id, facts) in &second {
        found.extend(match (known.get(id.as_str()), of_type(definitions, b, id)) {
            (Some(earlier), _) => changed(b, id, differences(earlier, facts)),
            (None, Some(plain)) => changed(b, id, differences(&plain, facts)),
            (None, None) => Some(json!({ "id": full(b, id), "change": "added", "b": facts })),
        });
    }
    let kept: BTreeSet<&str> = second.iter().map(|(id, _)| id.as_str()).collect();
    for (id, facts) in first.iter().filter(|(id, _)| !kept.contains(id.as_str())) {
        found.extend(match of_type(definitions, a, id) {
            Some(plain) => changed(a, id, differences(facts, &plain)),
            None => Some(json!({ "id": full(a, id), "change": "removed", "a": facts })),
        });
    }
    Some(json!({ "a": a.canonical(), "b": b.canonical(), "elements": found }))
}

/// What the type of the element around says of an element that is no slice: `Identifier.system` for `.identifier.system`.
/// `None` where the type has no such element, as for a slice or what a backbone element holds.
fn of_type(definitions: &Definitions, plan: &Plan, id: &str) -> Option<Map<String, Value>> {
    let id = full(plan, id);
    let (around, name) = id.rsplit_once('.')?;
    let around = plan.elements.iter().skip(1).find(|element| *element.id == *around)?;
    let [kind] = &around.types[..] else { return None };
    let kind = definitions.base(kind.code_id)?;
    let inner =
        kind.elements.iter().find(|element| element.id.strip_prefix(&*kind.type_name) == Some(&format!(".{name}")))?;
    Some(facts(kind, inner, "", definitions.version()))
}

/// Every element's id without the type's name, and what is said of it.
fn elements(plan: &Plan, version: Version) -> Vec<(String, Map<String, Value>)> {
    let root = plan.elements.first().map_or("", |root| &*root.id);
    let name = |id: &str| id.strip_prefix(root).unwrap_or(id).to_owned();
    let facts = |element: &Element| (name(&element.id), facts(plan, element, "", version));
    plan.elements.iter().map(facts).collect()
}

fn full(plan: &Plan, id: &str) -> String {
    format!("{}{id}", plan.elements.first().map_or("", |root| &*root.id))
}

fn differences(a: &Map<String, Value>, b: &Map<String, Value>) -> Vec<Value> {
    let mut found = Vec::new();
    for field in FIELDS.iter().filter(|field| a.get(**field) != b.get(**field)) {
        let mut difference = Map::new();
        difference.insert("field".into(), (*field).into());
        for (key, side) in [("a", a), ("b", b)] {
            if let Some(value) = side.get(*field) {
                difference.insert(key.into(), value.clone());
            }
        }
        found.push(Value::Object(difference));
    }
    found
}
