//! What a differential says of one element, laid over what the base says.

use super::ProblemKind;
use crate::model::{Binding, Constraint, ElementDefinition, Slicing, TypeRef};

/// Lays `over` on `under`. `is_new_slice`: a slice may be there less often than the element that it slices.
pub(super) fn merge(
    under: &mut ElementDefinition,
    over: &ElementDefinition,
    is_new_slice: bool,
    problems: &mut Vec<ProblemKind>,
) {
    if let Some(min) = over.min {
        match under.min {
            Some(base) if min < base && !is_new_slice => problems.push(ProblemKind::MinBelowBase { min, base }),
            _ => {}
        }
        under.min = Some(min);
    }
    if let Some(max) = &over.max {
        match &under.max {
            Some(base) if count(max) > count(base) => {
                problems.push(ProblemKind::MaxAboveBase { max: max.clone(), base: base.clone() });
            }
            _ => {}
        }
        under.max = Some(max.clone());
    }
    if let (Some(min), Some(max)) = (under.min, &under.max) {
        if min > count(max) && (over.min.is_some() || over.max.is_some()) {
            problems.push(ProblemKind::MinAboveMax { min, max: max.clone() });
        }
    }
    if !over.types.is_empty() {
        let mut wrong: Vec<String> = Vec::new();
        for kind in over.types.iter().filter(|kind| !allowed(&under.types, &kind.code)) {
            if !wrong.contains(&kind.code) {
                wrong.push(kind.code.clone());
            }
        }
        if !wrong.is_empty() {
            let mut allowed: Vec<String> = under.types.iter().map(|kind| kind.code.clone()).collect();
            allowed.dedup();
            problems.push(ProblemKind::TypeNotInBase { codes: wrong, allowed });
        }
        under.types = over.types.clone();
    }
    if let Some(binding) = &over.binding {
        merge_binding(&mut under.binding, binding, problems);
    }
    if let Some(slicing) = &over.slicing {
        merge_slicing(&mut under.slicing, slicing);
    }
    for constraint in &over.constraints {
        merge_constraint(&mut under.constraints, constraint);
    }
    for condition in &over.conditions {
        if !under.conditions.contains(condition) {
            under.conditions.push(condition.clone());
        }
    }
    if !over.representation.is_empty() {
        under.representation.clone_from(&over.representation);
    }
    if under.base.is_none() {
        under.base.clone_from(&over.base);
    }
    replace(&mut under.content_reference, &over.content_reference);
    replace(&mut under.fixed, &over.fixed);
    replace(&mut under.pattern, &over.pattern);
    replace(&mut under.min_value, &over.min_value);
    replace(&mut under.max_value, &over.max_value);
    replace(&mut under.max_length, &over.max_length);
    replace(&mut under.must_support, &over.must_support);
    replace(&mut under.is_modifier, &over.is_modifier);
    replace(&mut under.is_summary, &over.is_summary);
}

fn replace<T: Clone>(under: &mut Option<T>, over: &Option<T>) {
    if over.is_some() {
        under.clone_from(over);
    }
}

/// What the differential leaves open of a slice's cardinality, its type's profile says: an extension that can be there
/// once.
pub(super) fn narrow(under: &mut ElementDefinition, over: &ElementDefinition, profile: &ElementDefinition) {
    if over.min.is_none() && profile.min > under.min {
        under.min = profile.min;
    }
    let tighter = |max: &String| under.max.as_ref().is_none_or(|under| count(max) < count(under));
    if over.max.is_none() && profile.max.as_ref().is_some_and(tighter) {
        under.max.clone_from(&profile.max);
    }
}

/// The greatest number of repeats as a number; `*` is more than any.
pub(super) fn count(max: &str) -> u32 {
    if max == "*" { u32::MAX } else { max.parse().unwrap_or(u32::MAX) }
}

/// Whether an element of these types may be said to have the type `code`. A resource stands for any, and a quantity for
/// its specialisations, which the caller's definitions decide later.
fn allowed(types: &[TypeRef], code: &str) -> bool {
    types.is_empty()
        || types.iter().any(|kind| {
            kind.code == code
                || matches!(kind.code.as_str(), "Resource" | "DomainResource" | "Element" | "*")
                || kind.code == "Quantity" && matches!(code, "Age" | "Count" | "Distance" | "Duration" | "Money")
                || kind.code == "uri" && matches!(code, "oid" | "uuid")
                || kind.code == "string" && matches!(code, "code" | "id" | "markdown")
                || kind.code == "integer" && matches!(code, "unsignedInt" | "positiveInt")
        })
}

fn merge_binding(under: &mut Option<Binding>, over: &Binding, problems: &mut Vec<ProblemKind>) {
    let Some(under) = under else {
        *under = Some(over.clone());
        return;
    };
    // The publishers' tools write only what changes, so that what is not said stays.
    if !over.strength.is_empty() {
        if rank(&over.strength) < rank(&under.strength) {
            let (strength, base) = (over.strength.clone(), under.strength.clone());
            problems.push(ProblemKind::BindingWeaker { strength, base });
        }
        under.strength.clone_from(&over.strength);
    }
    replace(&mut under.value_set, &over.value_set);
    replace(&mut under.max_value_set, &over.max_value_set);
}

/// Every invariant of the base applies, whatever a profile says (STU3 5.1.0.14): a key tells rules apart within one profile
/// only, so another rule of the same key stands beside the base's.
fn merge_constraint(under: &mut Vec<Constraint>, over: &Constraint) {
    let plain = |text: &Option<String>| -> String {
        text.iter().flat_map(|text| text.chars()).filter(|letter| !letter.is_whitespace()).collect()
    };
    let mut of_key = under.iter_mut().filter(|known| known.key == over.key).peekable();
    // A publisher's differential often repeats the base's invariant, as it is or without its expression.
    if of_key.peek().is_some() && over.expression.is_none() {
        return;
    }
    match of_key.find(|known| plain(&known.expression) == plain(&over.expression)) {
        // It can be made stricter, and never weaker.
        Some(known) if over.severity == "error" => known.severity.clone_from(&over.severity),
        Some(_) => {}
        None => under.push(over.clone()),
    }
}

fn rank(strength: &str) -> u8 {
    match strength {
        "required" => 3,
        "extensible" => 2,
        "preferred" => 1,
        _ => 0,
    }
}

fn merge_slicing(under: &mut Option<Slicing>, over: &Slicing) {
    let Some(under) = under else {
        *under = Some(over.clone());
        return;
    };
    for discriminator in &over.discriminators {
        if !under.discriminators.contains(discriminator) {
            under.discriminators.push(discriminator.clone());
        }
    }
    replace(&mut under.ordered, &over.ordered);
    under.rules.clone_from(&over.rules);
}
