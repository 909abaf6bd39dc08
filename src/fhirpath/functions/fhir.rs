//! The functions that FHIR adds, and `type()`.

use super::Call;
use crate::fhirpath::eval::{Evaluator, Items};
use crate::fhirpath::expression::Term;
use crate::fhirpath::host::Resolved;
use crate::fhirpath::value::Value;
use crate::fhirpath::{EvalError, Stop, Unknown, types};
use crate::tree::NodeId;
use std::borrow::Cow;

type Done = Result<(), Stop>;

fn argument<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>, at: usize) -> Result<Option<Cow<'a, str>>, Stop> {
    let Some(term) = call.argument(at) else { return Ok(None) };
    let items = run.separate(term, call.focus)?;
    run.text(call.name, &items)
}

fn nodes<'s, 'a>(call: &Call<'a, 's>) -> impl Iterator<Item = NodeId> + 's
where
    'a: 's,
{
    call.input.iter().filter_map(|value| match value {
        Value::Node(node) => Some(*node),
        _ => None,
    })
}

fn with_url<'a>(run: &Evaluator<'a>, node: NodeId, name: &str, url: &str) -> Vec<NodeId> {
    let tree = run.tree;
    tree.named(node, name).filter(|found| tree.child_text(*found, "url") == Some(url)).collect()
}

pub(super) fn extension<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(url) = argument(run, &call, 0)? else { return Ok(()) };
    for node in nodes(&call) {
        run.spend(1)?;
        out.extend(with_url(run, node, "extension", &url).into_iter().map(Value::Node));
    }
    Ok(())
}

pub(super) fn has_extension<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(url) = argument(run, &call, 0)? else { return Ok(()) };
    let found = nodes(&call).any(|node| !with_url(run, node, "extension", &url).is_empty());
    out.push(Value::Boolean(found));
    Ok(())
}

pub(super) fn has_value<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let found = match call.input {
        [Value::Node(node)] => run.tree.text(*node).is_some(),
        [Value::Remote(_)] => false,
        [_] => true,
        _ => false,
    };
    out.push(Value::Boolean(found));
    Ok(())
}

pub(super) fn get_value<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    if let [value] = call.input {
        out.extend(Some(run.atom(value)).filter(|value| value.system_type().is_some()));
    }
    Ok(())
}

/// SQL on FHIR: what tells a resource from others in its tables, `Patient/1`. Nothing without an id.
pub(super) fn resource_key<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    for node in nodes(&call) {
        run.spend(1)?;
        if let (Some(of), Some(id)) = (run.tree.resource_type(node), run.tree.child_text(node, "id")) {
            out.push(Value::String(format!("{of}/{id}").into()));
        }
    }
    Ok(())
}

/// SQL on FHIR: the key of the resource that a reference is to, whichever server and version it names; with a type, only
/// where it is of that type. A reference to what has no id of its own (`#…`, `urn:uuid:…`) has none.
pub(super) fn reference_key<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    // The argument is the name of a type, which is read as the name of an element.
    let wanted = match call.argument(0).map(|term| run.term(term)) {
        None => None,
        Some(Term::Step { name, .. }) => run.expression.names.get(*name as usize).map(|name| &*name.text),
        Some(_) => return Err(EvalError::NoType("of its argument".to_owned()).into()),
    };
    for node in nodes(&call) {
        run.spend(1)?;
        let Some(reference) = run.tree.child_text(node, "reference") else { continue };
        let reference = reference.split("/_history/").next().unwrap_or(reference);
        let mut parts = reference.rsplit('/');
        let (Some(id), Some(of)) = (parts.next(), parts.next()) else { continue };
        let is_type = of.starts_with(|first: char| first.is_ascii_uppercase()) && run.host.is_type(of);
        if is_type && !id.is_empty() && wanted.is_none_or(|wanted| wanted == of) {
            out.push(Value::String(format!("{of}/{id}").into()));
        }
    }
    Ok(())
}

/// Follows references. One that has no text to follow, or that leads nowhere, gives nothing.
pub(super) fn resolve<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let tree = run.tree;
    for value in call.input {
        run.spend(1)?;
        let Value::Node(node) = value else {
            if let Value::String(text) = value {
                return Err(Unknown::Reference(text.to_string()).into());
            }
            continue;
        };
        let Some(reference) = tree.text(*node).or_else(|| tree.child_text(*node, "reference")) else { continue };
        if let Some(id) = reference.strip_prefix('#') {
            out.extend(contained(run, *node, id)?.map(Value::Node));
            continue;
        }
        match run.host.resolve(tree, reference, *node) {
            Resolved::Node(found) => out.push(Value::Node(found)),
            Resolved::Type(of) => out.push(Value::Remote(Cow::Borrowed(of))),
            Resolved::Nothing => {}
            Resolved::Unknown => return Err(Unknown::Reference(reference.to_owned()).into()),
        }
    }
    Ok(())
}

/// The contained resource of an id, or the container for an empty id.
fn contained<'a>(run: &mut Evaluator<'a>, from: NodeId, id: &str) -> Result<Option<NodeId>, Stop> {
    let tree = run.tree;
    let mut container = tree.resource_of(from);
    if tree.name(container) == "contained"
        && let Some(parent) = tree.parent(container)
    {
        container = tree.resource_of(parent);
    }
    if id.is_empty() {
        return Ok(Some(container));
    }
    run.spend(tree.named(container, "contained").count())?;
    Ok(tree.named(container, "contained").find(|found| tree.child_text(*found, "id") == Some(id)))
}

pub(super) fn member_of<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(url) = argument(run, &call, 0)? else { return Ok(()) };
    let known = match run.single(call.name, call.input)? {
        None => return Ok(()),
        Some(Value::Node(node)) => run.host.member_of(run.tree, *node, &url),
        Some(_) => None,
    };
    out.push(Value::Boolean(known.ok_or_else(|| Unknown::ValueSet(url.into_owned()))?));
    Ok(())
}

/// Needs the hierarchy of a code system, which no host has at hand.
pub(super) fn subsumes<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, _: &mut Items<'a>) -> Done {
    match run.single(call.name, call.input)? {
        None => Ok(()),
        Some(_) => Err(Unknown::ValueSet("of the codes that one code subsumes".to_owned()).into()),
    }
}

pub(super) fn conforms_to<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(url) = argument(run, &call, 0)? else { return Ok(()) };
    let known = match run.single(call.name, call.input)? {
        None => return Ok(()),
        Some(Value::Node(node)) => run.host.conforms_to(run.tree, *node, &url),
        Some(_) => None,
    };
    out.push(Value::Boolean(known.ok_or_else(|| Unknown::Profile(url.into_owned()))?));
    Ok(())
}

/// The definition of an element is not part of the resource; the host does not give it.
pub(super) fn element_definition<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, _: &mut Items<'a>) -> Done {
    match run.single(call.name, call.input)? {
        None => Ok(()),
        Some(value) => Err(Unknown::Profile(run.describe(value)).into()),
    }
}

/// The items that belong to a slice of a profile, which only the profile's own check can tell.
pub(super) fn slice<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, _: &mut Items<'a>) -> Done {
    match argument(run, &call, 0)? {
        Some(url) if !call.input.is_empty() => Err(Unknown::Profile(url.into_owned()).into()),
        _ => Ok(()),
    }
}

pub(super) fn html_checks<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(Value::Node(node)) = run.single(call.name, call.input)? else { return Ok(()) };
    let of = run.type_of(*node);
    if of.is_some_and(|of| !types::derives(of, "string") && of != "xhtml") {
        return Ok(());
    }
    out.push(Value::Boolean(run.host.html_checks(run.tree, *node).ok_or(Unknown::Narrative)?));
    Ok(())
}

/// Passes its input, unless it has a modifier extension that is not one of the arguments.
pub(super) fn check_modifiers<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let mut known = Vec::new();
    for at in 0..call.arguments.len() {
        known.extend(argument(run, &call, at)?);
    }
    let tree = run.tree;
    for node in nodes(&call) {
        run.spend(1)?;
        for extension in tree.named(node, "modifierExtension") {
            let url = tree.child_text(extension, "url").unwrap_or("");
            if !known.iter().any(|known| known == url) {
                return Err(EvalError::Modifier(url.to_owned()).into());
            }
        }
    }
    out.extend_from_slice(call.input);
    Ok(())
}

pub(super) fn type_info<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    for value in call.input {
        let (namespace, name) = match value {
            Value::Node(node) => match run.type_of(*node) {
                Some(of) if of.contains('.') => ("FHIR", "BackboneElement".into()),
                Some(of) => ("FHIR", Cow::Borrowed(of)),
                None => continue,
            },
            Value::Remote(of) => ("FHIR", of.clone()),
            other => ("System", other.system_type().unwrap_or("Any").into()),
        };
        out.push(Value::Type { namespace, name });
    }
    Ok(())
}
