//! A snapshot compiled to a [`Plan`].
//!
//! Elements are linked by path, in the order of the snapshot: what is inside an element follows it. Slices hang on the
//! element that they slice, re-slices (`a/b`) on the slice `a`. The names of choices follow one rule: whatever a snapshot
//! writes, the plan has one element `value`, marked as a choice, with the types allowed.
//!
//! - `Observation.value[x]` followed by `value[x]:valueQuantity` is a slice by type.
//! - `Observation.valueQuantity` beside `Observation.value[x]`, as STU3 tools write it, is the same slice by type.
//! - `Extension.valueString` where the snapshot has no `Extension.value[x]` is the choice itself, with this type alone:
//!   a snapshot lists everything, so the other types are not allowed. Several such paths are slices of one choice that
//!   allows their types.

use super::{
    Binding, Discriminator, DiscriminatorKind, Element, Invariant, Plan, Rule, Sample, Slicing, SlicingRules, Strength,
    Type, UNBOUNDED,
};
use crate::model::{self, ElementDefinition, StructureDefinition, Value};
use crate::name::{NameId, Names};
use crate::parse::{Limits, parse};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Compiles a definition with its snapshot, whose first element is the root. Names that are new are added to `names`.
///
/// Whatever the snapshot, there is a plan: an element whose parent is missing is left out, and a plan has at least a root.
pub fn compile(definition: &StructureDefinition, snapshot: &[ElementDefinition], names: &mut Arc<Names>) -> Plan {
    let mut compiler = Compiler {
        definition,
        names,
        elements: Vec::new(),
        main: FxHashMap::default(),
        choices: FxHashMap::default(),
        invariants: FxHashMap::default(),
    };
    compiler.link(snapshot);
    let elements = in_order(compiler.elements);
    let boxed = |list: &[String]| list.iter().map(|text| text.as_str().into()).collect();
    Plan {
        url: definition.url.as_str().into(),
        version: definition.version.as_str().into(),
        name: definition.name.as_str().into(),
        kind: definition.kind,
        is_abstract: definition.is_abstract,
        is_constraint: definition.is_constraint,
        type_name: definition.type_name.as_str().into(),
        type_id: intern(names, &definition.type_name),
        base: definition.base_definition.as_deref().map(Into::into),
        context_type: definition.context_type.as_deref().map(Into::into),
        contexts: boxed(&definition.contexts),
        context_invariants: boxed(&definition.context_invariants),
        elements,
    }
}

/// The id of a name, added if it is new; a table that trees already use is copied only then.
pub(crate) fn intern(names: &mut Arc<Names>, name: &str) -> NameId {
    match names.get(name) {
        Some(id) => id,
        None => Arc::make_mut(names).intern(name),
    }
}

/// A value read as a tree, all of whose names are in `names`.
pub(crate) fn sample(type_name: &str, json: &str, names: &mut Arc<Names>) -> Sample {
    let source = format!("{{\"value\":{json}}}");
    let mut tree = parse(source.as_bytes(), names, Limits::default()).tree;
    let known = names.len() as u32;
    let new: Vec<String> =
        tree.all().filter(|id| tree.name_id(*id).0 >= known).map(|id| tree.name(id).to_owned()).collect();
    if !new.is_empty() {
        drop(tree);
        for name in new {
            intern(names, &name);
        }
        tree = parse(source.as_bytes(), names, Limits::default()).tree;
    }
    Sample { type_name: type_name.into(), tree: Arc::new(tree) }
}

/// The name that a choice has with a type: `value` and `dateTime` give `valueDateTime`.
pub(crate) fn choice_name(name: &str, type_code: &str) -> String {
    let mut out = name.to_owned();
    let mut letters = type_code.chars();
    out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    out.push_str(letters.as_str());
    out
}

struct Compiler<'a> {
    definition: &'a StructureDefinition,
    names: &'a mut Arc<Names>,
    elements: Vec<Element>,
    /// By parent and name, the element that is no slice.
    main: FxHashMap<(u32, NameId), Main>,
    /// By parent, the names of its choices.
    choices: FxHashMap<u32, Vec<NameId>>,
    /// By key: most elements repeat the same few.
    invariants: FxHashMap<Box<str>, Vec<Arc<Invariant>>>,
}

#[derive(Clone, Copy)]
struct Main {
    index: u32,
    /// It stands for the whole choice, but the snapshot names it for one type: `Extension.valueString`.
    is_renamed: bool,
}

/// How an element's last step is written.
struct Step<'a> {
    /// Without `[x]` and, for a choice, without the type.
    name: &'a str,
    is_choice: bool,
    /// It is a choice by the name that it has with one type: `valueQuantity`.
    is_renamed: bool,
}

impl<'a> Compiler<'a> {
    fn link(&mut self, snapshot: &'a [ElementDefinition]) {
        let Some(root) = snapshot.first().filter(|root| !root.path.contains('.')) else {
            let path = self.definition.type_name.clone();
            let root = ElementDefinition { path, max: Some("*".to_owned()), ..ElementDefinition::default() };
            let step = Step { name: &self.definition.type_name, is_choice: false, is_renamed: false };
            let root = self.element(&root, &step, None);
            self.elements.push(root);
            return;
        };
        let step = Step { name: &root.path, is_choice: false, is_renamed: false };
        let first = self.element(root, &step, None);
        self.elements.push(first);
        let mut content = Vec::new();
        let mut open: Vec<(&str, u32)> = vec![(&root.path, 0)];
        for element in snapshot.iter().skip(1) {
            let Some((parent_path, last)) = element.path.rsplit_once('.') else { continue };
            let Some(at) = open.iter().rposition(|(path, _)| *path == parent_path) else { continue };
            let parent = open[at].1;
            open.truncate(at + 1);
            let index = self.add(parent, element, last);
            if let Some(reference) = &element.content_reference {
                content.push((index, reference.as_str()));
            }
            open.push((&element.path, index));
        }
        self.refer(snapshot, &content);
    }

    /// Points content references, `#Questionnaire.item`, at the element with that id or, where ids are missing, path.
    fn refer(&mut self, snapshot: &[ElementDefinition], content: &[(u32, &str)]) {
        if content.is_empty() {
            return;
        }
        let mut places: FxHashMap<String, u32> = FxHashMap::default();
        for (index, element) in self.elements.iter().enumerate() {
            places.entry(element.id.to_string()).or_insert(index as u32);
        }
        for element in snapshot.iter().filter(|element| element.slice_name.is_none()) {
            if let Some(at) = places.get(&element.id).copied() {
                places.entry(element.path.clone()).or_insert(at);
            }
        }
        for (index, reference) in content {
            let target = reference.rsplit_once('#').map_or(*reference, |(_, id)| id);
            if let Some(element) = self.elements.get_mut(*index as usize) {
                element.content = places.get(target).copied().filter(|at| at != index);
            }
        }
    }

    /// Adds an element under its parent: as a child, or as a slice of the child with the same name.
    fn add(&mut self, parent: u32, definition: &'a ElementDefinition, last: &'a str) -> u32 {
        let step = self.step(parent, definition, last);
        let name = intern(self.names, step.name);
        let slice = definition.slice_name.as_deref().filter(|slice| !slice.is_empty());
        let main = self.main.get(&(parent, name)).copied();
        let index = self.elements.len() as u32;
        let Some(main) = main else {
            let stands_alone = slice.is_none() || step.is_renamed;
            if !stands_alone {
                // A slice whose sliced element the snapshot forgot.
                self.stand_in(parent, name, definition, &step, None);
                return self.add(parent, definition, last);
            }
            let element = self.element(definition, &step, None);
            self.push_child(parent, element, Main { index, is_renamed: step.is_renamed });
            return index;
        };
        if main.is_renamed && step.is_renamed {
            // A second `valueX` without `value[x]`: both become slices of a choice that allows the types of both.
            self.stand_in(parent, name, definition, &step, Some(main.index));
            return self.add(parent, definition, last);
        }
        let slice = match slice {
            Some(slice) => slice.to_owned(),
            None if step.is_renamed => last.to_owned(),
            // Named only by its id, or not at all.
            None => match definition.id.rsplit('.').next().and_then(|last| last.split_once(':')) {
                Some((_, slice)) if !slice.is_empty() => slice.to_owned(),
                _ => index.to_string(),
            },
        };
        let element = self.element(definition, &step, Some(&slice));
        if let Some(whole) = self.elements.get_mut(main.index as usize)
            && step.is_renamed
        {
            for allowed in &element.types {
                if !whole.types.iter().any(|known| known.code_id == allowed.code_id) && whole.types.is_empty() {
                    whole.types.push(allowed.clone());
                }
            }
        }
        self.elements.push(element);
        self.hang(main.index, index, &slice);
        index
    }

    fn push_child(&mut self, parent: u32, element: Element, main: Main) {
        self.main.insert((parent, element.name), main);
        if element.is_choice {
            self.choices.entry(parent).or_default().push(element.name);
        }
        self.elements.push(element);
        if let Some(parent) = self.elements.get_mut(parent as usize) {
            parent.children.push(main.index);
        }
    }

    /// Adds the element that is sliced, where the snapshot has only its slices. `first` takes its place as a slice of it.
    fn stand_in(
        &mut self,
        parent: u32,
        name: NameId,
        definition: &ElementDefinition,
        step: &Step<'_>,
        first: Option<u32>,
    ) {
        let index = self.elements.len() as u32;
        let mut whole = definition.clone();
        whole.slice_name = None;
        whole.slicing = None;
        whole.min = Some(0);
        whole.max = definition.base.as_ref().map(|base| base.max.clone()).or(whole.max);
        let marker = if step.is_choice { "[x]" } else { "" };
        let parent_id = self.elements.get(parent as usize).map_or("", |parent| &*parent.id);
        whole.id = format!("{parent_id}.{}{marker}", step.name);
        let mut whole = self.element(&whole, step, None);
        whole.rules.clear();
        let Some(first) = first else {
            self.push_child(parent, whole, Main { index, is_renamed: false });
            return;
        };
        if let Some(slice) = self.elements.get(first as usize) {
            for allowed in slice.types.iter().rev() {
                if !whole.types.iter().any(|known| known.code_id == allowed.code_id) {
                    whole.types.insert(0, allowed.clone());
                }
            }
        }
        self.main.insert((parent, name), Main { index, is_renamed: false });
        self.elements.push(whole);
        if let Some(parent) = self.elements.get_mut(parent as usize) {
            parent.children.iter_mut().filter(|child| **child == first).for_each(|child| *child = index);
        }
        let slice = self.elements.get(first as usize).map(|element| {
            let only = element.types.first().map_or(element.name, |only| only.element_name);
            self.names.text(only).to_owned()
        });
        if let (Some(slice), Some(element)) = (slice, self.elements.get_mut(first as usize)) {
            element.slice_name = Some(slice.as_str().into());
            self.hang(index, first, &slice);
        }
    }

    /// Hangs a slice on the element that it slices, or, for `a/b`, on the slice `a`.
    fn hang(&mut self, main: u32, slice: u32, name: &str) {
        let mut holder = main;
        let mut end = 0;
        while let Some(at) = name[end..].find('/') {
            end += at;
            let outer = self.elements.get(holder as usize).and_then(|element| element.slicing.as_ref());
            let found = outer.and_then(|slicing| {
                slicing.slices.iter().copied().find(|at| {
                    self.elements
                        .get(*at as usize)
                        .is_some_and(|known| known.slice_name.as_deref() == Some(&name[..end]))
                })
            });
            holder = found.unwrap_or(holder);
            end += 1;
        }
        let text = self.elements.get(holder as usize).map_or("", |element| self.names.text(element.name));
        let is_extension = matches!(text, "extension" | "modifierExtension");
        if let Some(holder) = self.elements.get_mut(holder as usize) {
            let is_choice = holder.is_choice;
            let slicing = holder.slicing.get_or_insert_with(|| Slicing {
                discriminators: Vec::new(),
                ordered: false,
                rules: SlicingRules::Open,
                slices: Vec::new(),
            });
            // What tells these two apart is fixed by the specification (5.1.0.14), so it goes without saying.
            if slicing.discriminators.is_empty() && (is_choice || is_extension) {
                slicing.discriminators.push(match is_choice {
                    true => Discriminator { kind: DiscriminatorKind::Type, path: "$this".into() },
                    false => Discriminator { kind: DiscriminatorKind::Value, path: "url".into() },
                });
            }
            slicing.slices.push(slice);
        }
    }

    /// Tells `value[x]`, `valueQuantity` for `value[x]`, and ordinary names apart.
    fn step(&self, parent: u32, definition: &'a ElementDefinition, last: &'a str) -> Step<'a> {
        if let Some(name) = last.strip_suffix("[x]") {
            return Step { name, is_choice: true, is_renamed: false };
        }
        let names_type = |name: &str| {
            last.len() > name.len()
                && last.starts_with(name)
                && (definition.types.is_empty()
                    || definition.types.iter().any(|allowed| choice_name(name, &allowed.code) == last))
        };
        let base = definition.base.as_ref().and_then(|base| base.path.rsplit('.').next());
        let id = definition.id.rsplit('.').next().and_then(|last| last.split(':').next());
        for whole in [base, id].into_iter().flatten().filter_map(|whole| whole.strip_suffix("[x]")) {
            if names_type(whole) {
                return Step { name: &last[..whole.len()], is_choice: true, is_renamed: true };
            }
        }
        for choice in self.choices.get(&parent).into_iter().flatten() {
            let name = self.names.text(*choice);
            if !definition.types.is_empty() && names_type(name) {
                return Step { name: &last[..name.len()], is_choice: true, is_renamed: true };
            }
        }
        Step { name: last, is_choice: false, is_renamed: false }
    }

    fn element(&mut self, definition: &ElementDefinition, step: &Step<'_>, slice: Option<&str>) -> Element {
        let name = intern(self.names, step.name);
        let max = definition.max.as_deref().map_or(1, bound);
        let base_max = definition.base.as_ref().map_or(max, |base| bound(&base.max));
        let slicing = definition.slicing.as_ref();
        let id = match definition.id.as_str() {
            "" => match slice {
                Some(slice) => format!("{}:{slice}", definition.path),
                None => definition.path.clone(),
            },
            id => id.to_owned(),
        };
        Element {
            id: id.into(),
            name,
            slice_name: slice.map(Into::into),
            children: Vec::new(),
            slicing: slicing.map(slicing_of),
            min: definition.min.unwrap_or(0),
            max,
            repeats: base_max > 1,
            is_choice: step.is_choice,
            types: self.types(definition, step),
            content: None,
            is_modifier: definition.is_modifier == Some(true),
            must_support: definition.must_support == Some(true),
            is_summary: definition.is_summary == Some(true),
            is_attribute: definition.representation.iter().any(|how| how == "xmlAttr"),
            rules: self.rules(definition),
        }
    }

    /// STU3 repeats a type for each of its profiles; here each type comes once.
    fn types(&mut self, definition: &ElementDefinition, step: &Step<'_>) -> Vec<Type> {
        let last = definition.path.rsplit('.').next().unwrap_or_default();
        let mut types: Vec<Type> = Vec::new();
        for allowed in &definition.types {
            let element_name = match step.is_choice {
                true => choice_name(step.name, &allowed.code),
                false => step.name.to_owned(),
            };
            if step.is_renamed && element_name != last {
                continue;
            }
            let code_id = intern(self.names, &allowed.code);
            let known = match types.iter().position(|known| known.code_id == code_id) {
                Some(at) => at,
                None => {
                    types.push(Type {
                        code: allowed.code.as_str().into(),
                        code_id,
                        element_name: intern(self.names, &element_name),
                        profiles: Vec::new(),
                        targets: Vec::new(),
                        aggregation: Vec::new(),
                    });
                    types.len() - 1
                }
            };
            let Some(known) = types.get_mut(known) else { continue };
            for (all, new) in [
                (&mut known.profiles, &allowed.profiles),
                (&mut known.targets, &allowed.target_profiles),
                (&mut known.aggregation, &allowed.aggregation),
            ] {
                for text in new {
                    if !all.iter().any(|known| **known == **text) {
                        all.push(text.as_str().into());
                    }
                }
            }
        }
        types
    }

    fn rules(&mut self, definition: &ElementDefinition) -> Vec<Rule> {
        let mut rules = Vec::new();
        let mut state = |value: &Option<Value>, rule: fn(Sample) -> Rule| {
            if let Some(value) = value {
                rules.push(rule(sample(&value.type_name, &value.json, self.names)));
            }
        };
        state(&definition.fixed, Rule::Fixed);
        state(&definition.pattern, Rule::Pattern);
        state(&definition.min_value, Rule::MinValue);
        state(&definition.max_value, Rule::MaxValue);
        rules.extend(definition.max_length.map(Rule::MaxLength));
        rules.extend(definition.binding.as_ref().map(|binding| Rule::Binding(binding_of(binding))));
        for constraint in &definition.constraints {
            let Some(expression) = constraint.expression.as_deref().filter(|text| !text.trim().is_empty()) else {
                continue;
            };
            let source = if constraint.source.is_empty() { &self.definition.url } else { &constraint.source };
            rules.push(Rule::Invariant(self.invariant(constraint, expression, source)));
        }
        rules
    }

    fn invariant(&mut self, constraint: &model::Constraint, expression: &str, source: &str) -> Arc<Invariant> {
        let is_error = constraint.severity != "warning";
        let known = self.invariants.entry(constraint.key.as_str().into()).or_default();
        let same = known
            .iter()
            .find(|known| known.is_error == is_error && *known.expression == *expression && *known.source == *source);
        if let Some(same) = same {
            return same.clone();
        }
        let new = Arc::new(Invariant {
            key: constraint.key.as_str().into(),
            is_error,
            expression: expression.into(),
            source: source.into(),
            human: constraint.human.as_deref().unwrap_or_default().into(),
            ..Invariant::default()
        });
        known.push(new.clone());
        new
    }
}

/// A number or `*`. What is neither is no bound.
fn bound(max: &str) -> u32 {
    max.trim().parse().unwrap_or(UNBOUNDED)
}

fn slicing_of(slicing: &model::Slicing) -> Slicing {
    Slicing {
        discriminators: slicing.discriminators.iter().map(|(kind, path)| discriminator(kind, path)).collect(),
        ordered: slicing.ordered == Some(true),
        rules: match slicing.rules.as_str() {
            "closed" => SlicingRules::Closed,
            "openAtEnd" => SlicingRules::OpenAtEnd,
            _ => SlicingRules::Open,
        },
        slices: Vec::new(),
    }
}

/// `@type` and `@profile` at the end of a path are how DSTU2 wrote the kind, and some STU3 profiles still do.
fn discriminator(kind: &str, path: &str) -> Discriminator {
    let (path, old) = match path.rsplit_once('@') {
        Some((path, old @ ("type" | "profile"))) => (path.trim_end_matches('.'), Some(old)),
        _ => (path, None),
    };
    Discriminator {
        kind: match old.unwrap_or(kind) {
            "exists" => DiscriminatorKind::Exists,
            "pattern" => DiscriminatorKind::Pattern,
            "type" => DiscriminatorKind::Type,
            "profile" => DiscriminatorKind::Profile,
            _ => DiscriminatorKind::Value,
        },
        path: if path.is_empty() { "$this".into() } else { path.into() },
    }
}

fn binding_of(binding: &model::Binding) -> Binding {
    Binding {
        strength: match binding.strength.as_str() {
            "required" => Strength::Required,
            "extensible" => Strength::Extensible,
            "preferred" => Strength::Preferred,
            _ => Strength::Example,
        },
        value_set: binding.value_set.as_deref().map(Into::into),
        max_value_set: binding.max_value_set.as_deref().map(Into::into),
    }
}

/// Puts every element before its children, and those before its slices, so that packs can leave the links out.
fn in_order(elements: Vec<Element>) -> Vec<Element> {
    let mut order = Vec::with_capacity(elements.len());
    let mut waiting = vec![0u32];
    let mut place = vec![u32::MAX; elements.len()];
    while let Some(index) = waiting.pop() {
        let Some(element) = elements.get(index as usize) else { continue };
        place[index as usize] = order.len() as u32;
        order.push(index);
        waiting.extend(element.slicing.iter().flat_map(|slicing| slicing.slices.iter().rev()));
        waiting.extend(element.children.iter().rev());
    }
    let mut elements: Vec<Option<Element>> = elements.into_iter().map(Some).collect();
    let moved = |index: u32| place.get(index as usize).copied().filter(|at| *at != u32::MAX);
    order
        .iter()
        .filter_map(|index| {
            let mut element = elements.get_mut(*index as usize)?.take()?;
            element.children = element.children.iter().filter_map(|index| moved(*index)).collect();
            if let Some(slicing) = &mut element.slicing {
                slicing.slices = slicing.slices.iter().filter_map(|index| moved(*index)).collect();
            }
            element.content = element.content.and_then(moved);
            Some(element)
        })
        .collect()
}

#[cfg(test)]
mod tests;
