//! Where a path leads in a compiled definition, and what there is on the way. Slices play no part: a path names elements.

use crate::definitions::{BASE, Definitions};
use crate::model::StructureDefinition;
use crate::typed::ElementRef;

/// Where a discriminator's path ends.
pub(super) enum End {
    /// At an element, or where what is loaded cannot say.
    Somewhere,
    /// A step's name is not an element of what stands before it.
    Nowhere {
        /// The step.
        name: String,
    },
}

/// The elements inside of one: its own, or those of its types.
fn inside<'d>(definitions: &'d Definitions, element: ElementRef<'d>) -> Vec<ElementRef<'d>> {
    let own: Vec<ElementRef<'d>> = element.children().collect();
    if !own.is_empty() {
        return own;
    }
    let types = element.element.types.iter().filter_map(|allowed| {
        definitions.base(allowed.code_id).or_else(|| definitions.plan(&format!("{BASE}{}", allowed.code)))
    });
    types.filter_map(ElementRef::root).flat_map(ElementRef::children).collect()
}

/// Whether a step names this element: as it is, or a choice with or without `[x]` or with a type.
fn is_named(definitions: &Definitions, element: ElementRef<'_>, step: &str) -> bool {
    let names = definitions.names();
    let stem = step.strip_suffix("[x]").unwrap_or(step);
    let is_typed = || element.element.types.iter().any(|allowed| names.text(allowed.element_name) == step);
    names.text(element.element.name) == stem || element.element.is_choice && is_typed()
}

fn step<'d>(definitions: &'d Definitions, from: &[ElementRef<'d>], name: &str) -> Vec<ElementRef<'d>> {
    let inside = from.iter().flat_map(|element| inside(definitions, *element));
    inside.filter(|child| is_named(definitions, *child, name)).collect()
}

/// The elements at a path that starts with a type: `Patient.identifier.system`.
pub(super) fn at<'d>(definitions: &'d Definitions, root: ElementRef<'d>, path: &str) -> Vec<ElementRef<'d>> {
    path.split('.').skip(1).fold(vec![root], |from, name| step(definitions, &from, name))
}

/// The root of what a definition is based on, or of its type.
fn base<'d>(definitions: &'d Definitions, own: &StructureDefinition) -> Option<ElementRef<'d>> {
    let base = own.base_definition.as_deref().and_then(|url| definitions.plan(url));
    let base = base.filter(|base| !own.is_constraint || base.type_name.as_ref() == own.type_name);
    base.or_else(|| definitions.base_named(&own.type_name)).and_then(ElementRef::root)
}

/// The names of the elements at a path, as a person writes them.
pub(super) fn names(definitions: &Definitions, own: &StructureDefinition, path: &str) -> Vec<String> {
    let Some(root) = base(definitions, own) else { return Vec::new() };
    let mut out = Vec::new();
    for child in at(definitions, root, path).into_iter().flat_map(|element| inside(definitions, element)) {
        let name = definitions.names().text(child.element.name);
        match child.element.is_choice {
            false => out.push(name.to_owned()),
            true => {
                out.push(format!("{name}[x]"));
                let types = child.element.types.iter();
                out.extend(types.map(|allowed| definitions.names().text(allowed.element_name).to_owned()));
            }
        }
    }
    out
}

/// Follows a discriminator's path (STU3 5.1.0.14): element names, `extension('url')`, `resolve()`, `$this`. Casts to a
/// type lead nowhere else.
pub(super) fn follow<'d>(definitions: &'d Definitions, start: Vec<ElementRef<'d>>, path: &str) -> End {
    let mut from = start;
    let mut rest = path.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_at(rest.find(['.', '(']).unwrap_or(rest.len()));
        let (argument, after) = match after.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            Some((argument, after)) => (Some(argument.trim().trim_matches(['\'', '"'])), after),
            None => (None, after),
        };
        match (name, argument) {
            ("$this" | "", _) => {}
            ("extension", Some(url)) => from = definitions.plan(url).and_then(ElementRef::root).into_iter().collect(),
            ("resolve", Some(_)) => {
                let targets =
                    from.iter().flat_map(|element| &element.element.types).flat_map(|allowed| &allowed.targets);
                from = targets.filter_map(|url| definitions.plan(url)).filter_map(ElementRef::root).collect();
            }
            (_, Some(_)) => {}
            (name, None) => {
                let next = step(definitions, &from, name);
                // Any resource has elements that its abstract type does not.
                let is_any =
                    from.iter().any(|element| matches!(&*element.plan.type_name, "Resource" | "DomainResource"));
                if next.is_empty() && !is_any {
                    return End::Nowhere { name: name.to_owned() };
                }
                from = next;
            }
        }
        if from.is_empty() {
            return End::Somewhere;
        }
        rest = after.trim_start_matches(['.', '(']);
    }
    End::Somewhere
}
