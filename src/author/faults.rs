//! What reading and completing a definition finds, as problems at the place that a person should look at.

use super::{Finding, Hints, Own, paths};
use crate::check::did_you_mean;
use crate::definitions::{BASE, Definitions};
use crate::issue::{Issue, Problem};
use crate::model::StructureDefinition;
use crate::model::read::{Fault, FaultKind};
use crate::model::snapshot::{self, ProblemKind};
use crate::tree::{NodeId, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A fault in the form of a definition. A value that an element cannot have is for the check of the resource to say.
pub(super) fn of_reading(fault: Fault) -> Option<Finding> {
    match fault.kind {
        FaultKind::Missing { name } => {
            Some(Finding { node: fault.node, problem: Arc::new(Problem::DefinitionIncomplete { name }) })
        }
        FaultKind::Invalid { .. } | FaultKind::WrongType { .. } => None,
    }
}

/// The nodes of the elements that a definition is made from, as [`snapshot::Problem::element`] counts them.
pub(super) fn elements(tree: &Tree, root: NodeId) -> Vec<NodeId> {
    let part = |name: &str| -> Vec<NodeId> {
        let elements: Vec<NodeId> = tree.named(root, name).flat_map(|part| tree.named(part, "element")).collect();
        let has_path = |node: &NodeId| tree.child_text(*node, "path").is_some_and(|path| !path.trim().is_empty());
        elements.into_iter().filter(has_path).collect()
    };
    let differential = part("differential");
    if differential.is_empty() { part("snapshot") } else { differential }
}

/// Something that completing a definition found. `elements` are those of [`elements`].
pub(super) fn of_snapshot(
    loaded: &Definitions,
    tree: &Tree,
    own: &Own<Arc<StructureDefinition>>,
    elements: &[NodeId],
    problem: &snapshot::Problem,
    hints: &Hints,
) -> Finding {
    let node = match problem.element {
        Some(at) => elements.get(at as usize).copied().unwrap_or(own.node),
        None => own.node,
    };
    let child = |name: &str| tree.child(node, name).unwrap_or(node);
    // The type that holds a text in one of its children.
    let in_type = |name: &str, text: &str| {
        let types = tree.named(node, "type").flat_map(|kind| tree.named(kind, name));
        let mut found = types.filter(|child| tree.text(*child).is_some_and(|found| found.trim() == text));
        found.next().unwrap_or(node)
    };
    let urls = |url: &str| hints.did_you_mean(url, loaded.profile_urls());
    let (node, problem) = match &problem.kind {
        ProblemKind::BaseMissing { url } => {
            (child("baseDefinition"), Problem::DefinitionBaseUnknown { url: url.clone(), hint: urls(url) })
        }
        ProblemKind::BaseCycle { url } => (child("baseDefinition"), Problem::DefinitionBaseCycle { url: url.clone() }),
        ProblemKind::BaseOfOtherType { type_name, base } => {
            let (type_name, base) = (type_name.clone(), base.clone());
            (child("baseDefinition"), Problem::DefinitionBaseType { type_name, base })
        }
        ProblemKind::WrongRoot { type_name } => {
            let (path, type_name) = (problem.path.clone(), type_name.clone());
            (child("path"), Problem::DefinitionPathRoot { path, type_name })
        }
        ProblemKind::TooDeep => (child("path"), Problem::DefinitionTooLarge),
        ProblemKind::TooLarge => (node, Problem::DefinitionTooLarge),
        ProblemKind::NotInBase { name, parent } => {
            let names = || paths::names(loaded, &own.value, parent);
            let hint = match hints.take() {
                true => did_you_mean(name, names().iter().map(String::as_str)),
                false => String::new(),
            };
            (child("path"), Problem::DefinitionPath { name: name.clone(), parent: parent.clone(), hint })
        }
        ProblemKind::MinBelowBase { min, base } => {
            (child("min"), Problem::DefinitionMinBelowBase { min: *min, base: *base })
        }
        ProblemKind::MaxAboveBase { max, base } => {
            (child("max"), Problem::DefinitionMaxAboveBase { max: max.clone(), base: base.clone() })
        }
        ProblemKind::MinAboveMax { min, max } => {
            (child("min"), Problem::DefinitionMinAboveMax { min: *min, max: max.clone() })
        }
        ProblemKind::TypeNotInBase { codes, allowed } => {
            let first = codes.first().map_or("", String::as_str);
            let (code, allowed) = (codes.join(", "), allowed.join(", "));
            (in_type("code", first), Problem::DefinitionTypeNotInBase { code, allowed })
        }
        ProblemKind::UnknownType { code } => {
            let types = loaded.profile_urls().filter_map(|url| url.strip_prefix(BASE));
            let hint = hints.did_you_mean(code, types);
            (in_type("code", code), Problem::DefinitionTypeUnknown { code: code.clone(), hint })
        }
        ProblemKind::UnknownProfile { url } => {
            (in_type("profile", url), Problem::DefinitionProfileUnknown { url: url.clone(), hint: urls(url) })
        }
        ProblemKind::ProfileOfOtherType { url, type_name } => {
            let at = in_type("profile", url);
            let code = tree.parent(at).and_then(|kind| tree.child_text(kind, "code")).unwrap_or_default().to_owned();
            (at, Problem::DefinitionProfileType { url: url.clone(), found: type_name.clone(), code })
        }
        ProblemKind::UnknownTarget { url } => {
            (in_type("targetProfile", url), Problem::DefinitionTargetUnknown { url: url.clone(), hint: urls(url) })
        }
        ProblemKind::BindingWeaker { strength, base } => {
            let binding = child("binding");
            let at = tree.child(binding, "strength").unwrap_or(binding);
            (at, Problem::DefinitionBindingWeaker { strength: strength.clone(), base: base.clone() })
        }
        ProblemKind::NoSlicing => {
            let name = tree.child(node, "sliceName").or_else(|| tree.child(node, "name")).unwrap_or(node);
            let slice = tree.text(name).unwrap_or_default().to_owned();
            (name, Problem::DefinitionNoSlicing { slice })
        }
        ProblemKind::ContentMissing { reference } => {
            (child("contentReference"), Problem::DefinitionContentMissing { reference: reference.clone() })
        }
    };
    Finding { node, problem: Arc::new(problem.bounded()) }
}

/// What the check of a definition as a resource has said, by place.
pub(super) struct Said {
    /// The places.
    places: BTreeSet<String>,
    /// The elements that are missing, and where.
    missing: BTreeSet<(String, String)>,
}

impl Said {
    pub(super) fn new(issues: &[Issue]) -> Said {
        let missing = issues.iter().filter_map(|issue| match &*issue.problem {
            Problem::RequiredElement { name } => Some((issue.expression.clone(), name.clone())),
            _ => None,
        });
        Said { places: issues.iter().map(|issue| issue.expression.clone()).collect(), missing: missing.collect() }
    }

    /// Whether it has said this of a place.
    pub(super) fn has(&self, place: &str, problem: &Problem) -> bool {
        match problem {
            Problem::DefinitionIncomplete { name } => {
                self.places.contains(&format!("{place}.{name}"))
                    || self.missing.contains(&(place.to_owned(), (*name).to_owned()))
            }
            _ => false,
        }
    }
}

/// Rules of the base definition of StructureDefinition that what was found breaks as well.
pub(super) struct Breaks(BTreeMap<&'static str, BTreeSet<String>>);

impl Breaks {
    pub(super) fn new(own: &[Issue]) -> Breaks {
        let mut places: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        for issue in own {
            places.entry(issue.problem.rule()).or_default().insert(issue.expression.clone());
        }
        Breaks(places)
    }

    /// Whether an issue says what was found at its place or further in.
    pub(super) fn says_the_same(&self, issue: &Issue) -> bool {
        let Problem::Invariant { key, .. } = &*issue.problem else { return false };
        let broken = match key.as_str() {
            "sdf-8" | "sdf-8a" | "sdf-8b" => "definition-path-root",
            "eld-1" => "definition-no-discriminator",
            "eld-2" => "definition-min-above-max",
            _ => return false,
        };
        // What begins with a text comes right after it in order.
        let mut from = self.0.get(broken).into_iter().flat_map(|places| places.range(issue.expression.clone()..));
        from.next().is_some_and(|place| place.starts_with(issue.expression.as_str()))
    }
}
