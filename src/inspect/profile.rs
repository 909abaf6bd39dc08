//! The types and profiles that are loaded, and what one of them says, as a tree of elements.

use super::{insert_flag, insert_text};
use crate::check::words_for_invariant;
use crate::definitions::Definitions;
use crate::model::StructureKind;
use crate::plan::{Discriminator, Element, Plan, Rule, Sample, Slicing, bound};
use crate::version::Version;
use serde_json::{Map, Value, json};

/// Every type and profile that is loaded, by URL, without its elements.
pub fn profiles(definitions: &Definitions) -> Value {
    let known = definitions.known();
    Value::Array(known.map(|known| Value::Object(header(known.plan, known.family))).collect())
}

fn header(plan: &Plan, family: &str) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("url".into(), (*plan.url).into());
    insert_text(&mut out, "version", &plan.version);
    out.insert("name".into(), (*plan.name).into());
    out.insert("type".into(), (*plan.type_name).into());
    let kind = match plan.kind {
        StructureKind::Primitive => "primitive-type",
        StructureKind::Complex => "complex-type",
        StructureKind::Resource => "resource",
        StructureKind::Logical => "logical",
    };
    out.insert("kind".into(), kind.into());
    insert_flag(&mut out, "abstract", plan.is_abstract);
    let derivation = if plan.is_constraint { "constraint" } else { "specialization" };
    out.insert("derivation".into(), derivation.into());
    insert_text(&mut out, "base", plan.base.as_deref().unwrap_or_default());
    insert_text(&mut out, "pack", family);
    out
}

/// What a type or profile says: the same as in [`profiles`], where an extension may stand, and its elements as a tree, the
/// slices of an element apart from its children. `None` where it is not loaded.
pub fn profile(definitions: &Definitions, canonical: &str) -> Option<Value> {
    let plan = definitions.plan_named(canonical)?;
    let family = definitions.known().find(|known| std::ptr::eq(known.plan, plan)).map_or("", |known| known.family);
    let mut out = header(plan, family);
    insert_text(&mut out, "contextType", plan.context_type.as_deref().unwrap_or_default());
    let texts = |list: &[Box<str>]| list.iter().map(|text| Value::from(&**text)).collect::<Vec<_>>();
    if !plan.contexts.is_empty() {
        out.insert("contexts".into(), texts(&plan.contexts).into());
    }
    if !plan.context_invariants.is_empty() {
        out.insert("contextInvariants".into(), texts(&plan.context_invariants).into());
    }
    if let Some(root) = plan.elements.first() {
        let path = definitions.names().text(root.name).to_owned();
        out.insert("element".into(), element(plan, definitions, root, &path));
    }
    Some(Value::Object(out))
}

/// An element with everything in it. A plan is as deep as its definition, which its makers bound.
fn element(plan: &Plan, definitions: &Definitions, element: &Element, path: &str) -> Value {
    let (names, version) = (definitions.names(), definitions.version());
    let mut out = facts(plan, element, path, version);
    let at = |index: &u32| plan.elements.get(*index as usize);
    if let Some(slicing) = &element.slicing {
        let slices = slicing.slices.iter().filter_map(at);
        let slices: Vec<Value> = slices.map(|slice| self::element(plan, definitions, slice, path)).collect();
        if !slices.is_empty() {
            out.insert("slices".into(), slices.into());
        }
    }
    let children = element.children.iter().filter_map(at).map(|child| {
        let path = format!("{path}.{}{}", names.text(child.name), if child.is_choice { "[x]" } else { "" });
        self::element(plan, definitions, child, &path)
    });
    let children: Vec<Value> = children.collect();
    if !children.is_empty() {
        out.insert("children".into(), children.into());
    }
    Value::Object(out)
}

/// What is said of one element, in the order in which people read it; what there is not is left out.
pub(super) fn facts(plan: &Plan, element: &Element, path: &str, version: Version) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("id".into(), (*element.id).into());
    out.insert("path".into(), path.into());
    insert_text(&mut out, "slice", element.slice_name.as_deref().unwrap_or_default());
    out.insert("min".into(), element.min.into());
    out.insert("max".into(), bound(element.max).into());
    let types: Vec<Value> = element.types.iter().map(type_facts).collect();
    if !types.is_empty() {
        out.insert("types".into(), types.into());
    }
    if let Some(target) = element.content.and_then(|at| plan.elements.get(at as usize)) {
        out.insert("contentReference".into(), format!("#{}", target.id).into());
    }
    if let [only] = &element.types[..]
        && let [url] = &only.profiles[..]
        && &*only.code == "Extension"
    {
        out.insert("extension".into(), (**url).into());
    }
    insert_flag(&mut out, "mustSupport", element.must_support);
    insert_flag(&mut out, "isModifier", element.is_modifier);
    insert_flag(&mut out, "isSummary", element.is_summary);
    if let Some(slicing) = &element.slicing {
        out.insert("slicing".into(), slicing_facts(slicing));
    }
    let mut invariants: Vec<Value> = Vec::new();
    for rule in &element.rules {
        match rule {
            Rule::Fixed(sample) => drop(out.insert("fixed".into(), sample_facts(sample))),
            Rule::Pattern(sample) => drop(out.insert("pattern".into(), sample_facts(sample))),
            Rule::MinValue(sample) => drop(out.insert("minValue".into(), sample_facts(sample))),
            Rule::MaxValue(sample) => drop(out.insert("maxValue".into(), sample_facts(sample))),
            Rule::MaxLength(max) => drop(out.insert("maxLength".into(), (*max).into())),
            Rule::Binding(binding) => {
                let mut facts = Map::new();
                facts.insert("strength".into(), binding.strength.code().into());
                insert_text(&mut facts, "valueSet", binding.value_set.as_deref().unwrap_or_default());
                insert_text(&mut facts, "maxValueSet", binding.max_value_set.as_deref().unwrap_or_default());
                out.insert("binding".into(), facts.into());
            }
            Rule::Invariant(invariant) => {
                let mut facts = Map::new();
                facts.insert("key".into(), (*invariant.key).into());
                facts.insert("severity".into(), if invariant.is_error { "error" } else { "warning" }.into());
                insert_text(&mut facts, "expression", &invariant.expression);
                insert_text(&mut facts, "source", &invariant.source);
                insert_text(&mut facts, "words", words_for_invariant(invariant, version).unwrap_or_default());
                invariants.push(facts.into());
            }
        }
    }
    if !invariants.is_empty() {
        out.insert("invariants".into(), invariants.into());
    }
    out
}

fn type_facts(allowed: &crate::plan::Type) -> Value {
    let mut out = Map::new();
    out.insert("code".into(), (*allowed.code).into());
    for (key, list) in
        [("profiles", &allowed.profiles), ("targets", &allowed.targets), ("aggregation", &allowed.aggregation)]
    {
        if !list.is_empty() {
            out.insert(key.into(), list.iter().map(|text| Value::from(&**text)).collect());
        }
    }
    Value::Object(out)
}

fn slicing_facts(slicing: &Slicing) -> Value {
    let discriminator = |one: &Discriminator| json!({ "type": one.kind.code(), "path": one.path });
    json!({
        "discriminators": slicing.discriminators.iter().map(discriminator).collect::<Vec<_>>(),
        "ordered": slicing.ordered,
        "rules": slicing.rules.code(),
    })
}

/// A value's type and its JSON text, as which its decimals stay exact.
fn sample_facts(sample: &Sample) -> Value {
    json!({ "type": sample.type_name, "json": sample.json() })
}
