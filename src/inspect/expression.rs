//! A FHIRPath expression tried on a resource.

use super::{Subject, insert_span};
use crate::check::{Options, evaluate};
use crate::definitions::Definitions;
use crate::fhirpath::{Binder, EvalError, Expression, Stop, Value as Item};
use crate::source::Utf16Index;
use crate::tree::NodeId;
use serde_json::{Map, Value, json};

/// What an expression gives on a resource, with the root as its focus; of the options, the day that `today()` is.
///
/// `{ results }`, each with its `type`, its `value` as text where it has one, and for an element where it is; or
/// `{ results: [], error }` with the message and, where it is known, the place in the expression; or, where something
/// that is not at hand would be needed, `{ results: [], unknown }`.
pub fn fhirpath(definitions: &Definitions, input: &[u8], text: &str, options: &Options) -> Value {
    let subject = Subject::read(input, definitions);
    let mut expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => {
            let units = Utf16Index::new(text);
            let offset = units.offset(error.offset as u32);
            let length = u32::from(error.offset < text.len());
            return failed(&error.to_string(), Some((offset, length)));
        }
    };
    expression.bind(&Binder::new(definitions.names()));
    let units = subject.units();
    let root = subject.tree().root();
    evaluate(&subject.parsed, &subject.typed, &expression, root, options, |found| match found {
        Ok(items) => {
            let results: Vec<Value> = items.iter().map(|item| result(&subject, &units, item)).collect();
            json!({ "results": results })
        }
        Err(Stop::Unknown(unknown)) => {
            json!({ "results": [], "unknown": sentence(&unknown.to_string()) })
        }
        Err(Stop::Error(error)) => failed(&sentence(&error.to_string()), place(text, &error)),
    })
}

fn failed(message: &str, place: Option<(u32, u32)>) -> Value {
    let mut error = Map::new();
    error.insert("message".into(), message.into());
    if let Some((offset, length)) = place {
        error.insert("offset".into(), offset.into());
        error.insert("length".into(), length.into());
    }
    json!({ "results": [], "error": error })
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// Where in the expression what an error is about stands, if it stands there once.
fn place(text: &str, error: &EvalError) -> Option<(u32, u32)> {
    let about = match error {
        EvalError::Several { of, .. } | EvalError::Type { of, .. } => (*of).to_owned(),
        EvalError::NoVariable(name) | EvalError::Redefined(name) => format!("%{name}"),
        EvalError::NoType(name) => name.clone(),
        EvalError::NoElement(path) => path.rsplit('.').next().unwrap_or_default().to_owned(),
        EvalError::Pattern(pattern) => pattern.clone(),
        EvalError::Modifier(_) | EvalError::TooCostly => return None,
    };
    let about = about.trim_end_matches("()");
    let mut found = text.match_indices(about);
    let (at, _) = found.next().filter(|_| !about.is_empty())?;
    if found.next().is_some() {
        return None;
    }
    let units = Utf16Index::new(text);
    let start = units.offset(at as u32);
    Some((start, units.offset((at + about.len()) as u32) - start))
}

fn result(subject: &Subject<'_>, units: &Utf16Index<'_>, item: &Item<'_>) -> Value {
    let mut out = Map::new();
    match item {
        Item::Node(node) => element(subject, units, *node, &mut out),
        Item::Type { namespace, name } => {
            out.insert("type".into(), "System.TypeInfo".into());
            out.insert("value".into(), format!("{namespace}.{name}").into());
        }
        Item::Remote(of_type) => {
            out.insert("type".into(), (**of_type).into());
        }
        other => {
            out.insert("type".into(), format!("System.{}", other.system_type().unwrap_or("Any")).into());
            if let Some(text) = other.to_text() {
                out.insert("value".into(), text.into());
            }
        }
    }
    Value::Object(out)
}

fn element(subject: &Subject<'_>, units: &Utf16Index<'_>, node: NodeId, out: &mut Map<String, Value>) {
    let tree = subject.tree();
    out.insert("type".into(), subject.type_name(node).unwrap_or("Element").into());
    if let Some(text) = tree.text(node) {
        out.insert("value".into(), text.into());
    }
    out.insert("expression".into(), subject.typed.location(tree, node).into());
    out.insert("pointer".into(), tree.pointer(node).into());
    insert_span(units, tree.span(node), out);
}
