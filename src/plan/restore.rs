//! A plan turned back into the definition that it was compiled from: the reverse of [`compile`](super::compile).
//!
//! Packs hold plans only, and a snapshot for a user's own profile is made from its base's. What a plan does not keep
//! (conditions, versioning, the base path of an element) is not needed for that.

use super::{Element, Plan, Rule, Sample, bound};
use crate::model::{
    Base, Binding, Constraint, ElementDefinition, Slicing, StructureDefinition, StructureKind, TypeRef, Value,
};
use crate::name::Names;

/// The definition with a full snapshot and no differential; compiled again, it gives the same plan.
pub fn restore(plan: &Plan, names: &Names) -> StructureDefinition {
    let texts = |list: &[Box<str>]| list.iter().map(|text| text.to_string()).collect();
    StructureDefinition {
        url: plan.url.to_string(),
        version: plan.version.to_string(),
        name: plan.name.to_string(),
        status: "active".to_owned(),
        date: String::new(),
        kind: plan.kind,
        is_abstract: plan.is_abstract,
        type_name: plan.type_name.to_string(),
        base_definition: plan.base.as_deref().map(str::to_owned),
        is_constraint: plan.is_constraint,
        context_type: plan.context_type.as_deref().map(str::to_owned),
        contexts: texts(&plan.contexts),
        context_invariants: texts(&plan.context_invariants),
        differential: Vec::new(),
        snapshot: elements(plan, names),
    }
}

/// Elements stand in the order of a snapshot in a plan already; what is missing is each one's path.
fn elements(plan: &Plan, names: &Names) -> Vec<ElementDefinition> {
    let mut paths: Vec<String> = vec![String::new(); plan.elements.len()];
    if let (Some(root), Some(path)) = (plan.elements.first(), paths.first_mut()) {
        *path = names.text(root.name).to_owned();
    }
    for (at, element) in plan.elements.iter().enumerate() {
        let path = paths.get(at).cloned().unwrap_or_default();
        for child in &element.children {
            let Some((child, target)) = plan.elements.get(*child as usize).zip(paths.get_mut(*child as usize)) else {
                continue;
            };
            *target = format!("{path}.{}{}", names.text(child.name), if child.is_choice { "[x]" } else { "" });
        }
        for slice in element.slicing.iter().flat_map(|slicing| &slicing.slices) {
            if let Some(target) = paths.get_mut(*slice as usize) {
                target.clone_from(&path);
            }
        }
    }
    let make = |(element, path): (&Element, String)| definition(plan, element, path);
    plan.elements.iter().zip(paths).map(make).collect()
}

fn definition(plan: &Plan, element: &Element, path: String) -> ElementDefinition {
    let mut out = ElementDefinition {
        id: element.id.to_string(),
        path: path.clone(),
        representation: if element.is_attribute { vec!["xmlAttr".to_owned()] } else { Vec::new() },
        slice_name: element.slice_name.as_deref().map(str::to_owned),
        slicing: element.slicing.as_ref().map(slicing),
        min: Some(element.min),
        max: Some(bound(element.max)),
        base: Some(Base { path, min: 0, max: if element.repeats { "*" } else { "1" }.to_owned() }),
        types: element.types.iter().map(|allowed| type_ref(plan, allowed)).collect(),
        must_support: Some(element.must_support),
        is_modifier: Some(element.is_modifier),
        is_summary: Some(element.is_summary),
        ..ElementDefinition::default()
    };
    let target = element.content.and_then(|at| plan.elements.get(at as usize));
    out.content_reference = target.map(|target| format!("#{}", target.id));
    for rule in &element.rules {
        match rule {
            Rule::Fixed(sample) => out.fixed = Some(value(sample)),
            Rule::Pattern(sample) => out.pattern = Some(value(sample)),
            Rule::MinValue(sample) => out.min_value = Some(value(sample)),
            Rule::MaxValue(sample) => out.max_value = Some(value(sample)),
            Rule::MaxLength(max) => out.max_length = Some(*max),
            Rule::Binding(binding) => {
                out.binding = Some(Binding {
                    strength: binding.strength.code().to_owned(),
                    value_set: binding.value_set.as_deref().map(str::to_owned),
                    max_value_set: binding.max_value_set.as_deref().map(str::to_owned),
                });
            }
            Rule::Invariant(invariant) => out.constraints.push(Constraint {
                key: invariant.key.to_string(),
                severity: if invariant.is_error { "error" } else { "warning" }.to_owned(),
                expression: Some(invariant.expression.to_string()),
                source: invariant.source.to_string(),
                human: Some(invariant.human.to_string()).filter(|words| !words.is_empty()),
            }),
        }
    }
    out
}

fn slicing(slicing: &super::Slicing) -> Slicing {
    let discriminators = slicing.discriminators.iter();
    let discriminators = discriminators.map(|one| (one.kind.code().to_owned(), one.path.to_string()));
    Slicing {
        discriminators: discriminators.collect(),
        ordered: Some(slicing.ordered),
        rules: slicing.rules.code().to_owned(),
    }
}

fn type_ref(plan: &Plan, allowed: &super::Type) -> TypeRef {
    let texts = |list: &[Box<str>]| list.iter().map(|text| text.to_string()).collect();
    let is_own_value = plan.kind == StructureKind::Primitive && allowed.code.is_empty();
    TypeRef {
        code: allowed.code.to_string(),
        profiles: texts(&allowed.profiles),
        target_profiles: texts(&allowed.targets),
        aggregation: texts(&allowed.aggregation),
        json_type: is_own_value.then(|| json_type(&plan.type_name).to_owned()),
        ..TypeRef::default()
    }
}

/// How JSON writes a primitive (STU3 2.6.2.1): that is the same for all versions, so that plans do not keep it.
fn json_type(primitive: &str) -> &'static str {
    match primitive {
        "boolean" => "boolean",
        "integer" | "decimal" | "positiveInt" | "unsignedInt" => "number",
        _ => "string",
    }
}

fn value(sample: &Sample) -> Value {
    Value { type_name: sample.type_name.to_string(), json: sample.json().to_owned() }
}
