//! Two profiles side by side: where they differ, element by element.

use super::profile::facts;
use crate::definitions::Definitions;
use crate::plan::{Element, Plan};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};

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
/// Elements of different types are matched without the type's name, so that a profile can be compared with another's.
pub fn compare(definitions: &Definitions, a: &str, b: &str) -> Option<Value> {
    let (a, b) = (definitions.plan(a)?, definitions.plan(b)?);
    let (first, second) = (elements(a), elements(b));
    let known: FxHashMap<&str, &Map<String, Value>> = first.iter().map(|(id, facts)| (id.as_str(), facts)).collect();
    let mut found = Vec::new();
    for (id, facts) in &second {
        match known.get(id.as_str()) {
            None => found.push(json!({ "id": full(b, id), "change": "added", "b": facts })),
            Some(earlier) => {
                let differences = differences(earlier, facts);
                if !differences.is_empty() {
                    found.push(json!({ "id": full(b, id), "change": "changed", "differences": differences }));
                }
            }
        }
    }
    let kept: FxHashSet<&str> = second.iter().map(|(id, _)| id.as_str()).collect();
    let removed = first.iter().filter(|(id, _)| !kept.contains(id.as_str()));
    found.extend(removed.map(|(id, facts)| json!({ "id": full(a, id), "change": "removed", "a": facts })));
    Some(json!({ "a": a.canonical(), "b": b.canonical(), "elements": found }))
}

/// Every element's id without the type's name, and what is said of it.
fn elements(plan: &Plan) -> Vec<(String, Map<String, Value>)> {
    let root = plan.elements.first().map_or("", |root| &*root.id);
    let name = |id: &str| id.strip_prefix(root).unwrap_or(id).to_owned();
    let facts = |element: &Element| (name(&element.id), facts(plan, element, ""));
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
