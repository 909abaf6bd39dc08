//! One value of a resource changed, and everything else as it was: what a display must show of it. Used by the tests and by
//! `cargo xtask visibility`.

#![allow(dead_code)]

use careconnect::definitions::Definitions;
use careconnect::parse::{Limits, parse};
use careconnect::typed::Typed;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Types whose resources are definitions, for implementers and not for clinicians.
const DEFINITIONS: &[&str] = &[
    "ActivityDefinition",
    "CapabilityStatement",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "DataElement",
    "ExpansionProfile",
    "GraphDefinition",
    "ImplementationGuide",
    "Library",
    "Measure",
    "MessageDefinition",
    "NamingSystem",
    "OperationDefinition",
    "PlanDefinition",
    "SearchParameter",
    "ServiceDefinition",
    "StructureDefinition",
    "StructureMap",
    "TestReport",
    "TestScript",
    "ValueSet",
];

/// Resources with more values than this would be most of any sample.
const LARGEST: usize = 250;

/// The JSON pointers of every primitive value, but for the types' names and what is in the resource's own narrative.
pub fn leaves(resource: &Value) -> Vec<String> {
    let mut out = Vec::new();
    collect(resource, &mut String::new(), &mut out);
    out.retain(|pointer| !pointer.ends_with("/resourceType") && !pointer.starts_with("/text/"));
    out
}

fn collect(value: &Value, pointer: &mut String, out: &mut Vec<String>) {
    let length = pointer.len();
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                pointer.push('/');
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
                collect(inner, pointer, out);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                pointer.push_str(&format!("/{at}"));
                collect(inner, pointer, out);
                pointer.truncate(length);
            }
        }
        Value::Null => {}
        _ => out.push(pointer.clone()),
    }
}

/// A pointer as a path of elements: `Observation/code/coding/code`.
pub fn path(resource: &Value, pointer: &str) -> String {
    let steps = pointer.split('/').filter(|step| !step.is_empty() && !step.bytes().all(|b| b.is_ascii_digit()));
    let kind = resource["resourceType"].as_str().unwrap_or("?");
    std::iter::once(kind).chain(steps).collect::<Vec<_>>().join("/")
}

/// Whether a value is for machines, by its name alone: ids, versions, and the addresses of code systems, extensions and
/// resources.
pub fn is_technical(pointer: &str) -> bool {
    let name = pointer.rsplit('/').find(|step| !step.bytes().all(|b| b.is_ascii_digit())).unwrap_or("");
    pointer.contains("/meta/")
        || matches!(name, "id" | "system" | "version" | "reference" | "url" | "fullUrl" | "linkId")
}

/// Which codes are used at each path, so that a code can be changed to another that means something there.
pub type Codes = BTreeMap<String, BTreeSet<String>>;

/// The codes of a pool of resources.
pub fn codes(pool: &[(String, Value)]) -> Codes {
    let mut out = Codes::new();
    for (_, resource) in pool {
        for pointer in leaves(resource) {
            if let Some(text) = resource.pointer(&pointer).and_then(Value::as_str)
                && text.len() < 40
            {
                out.entry(path(resource, &pointer)).or_default().insert(text.to_owned());
            }
        }
    }
    out
}

/// Resources of the kinds that clinicians read, chosen so that the sample has as many different elements as it can: each is
/// the one that adds most to those before it, the first by name where several do.
pub fn sample(pool: &[(String, Value)], size: usize) -> Vec<usize> {
    let paths: Vec<BTreeSet<String>> = pool
        .iter()
        .map(|(_, resource)| {
            let kind = resource["resourceType"].as_str().unwrap_or("");
            let leaves = leaves(resource);
            if DEFINITIONS.contains(&kind) || leaves.len() > LARGEST {
                return BTreeSet::new();
            }
            leaves.iter().map(|pointer| path(resource, pointer)).collect()
        })
        .collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut chosen = Vec::new();
    while chosen.len() < size {
        let news = |at: &usize| paths[*at].iter().filter(|path| !seen.contains(path.as_str())).count();
        let best = (0..pool.len()).filter(|at| !chosen.contains(at) && !paths[*at].is_empty());
        let Some(best) = best.max_by_key(|at| (news(at), std::cmp::Reverse(*at))) else { break };
        seen.extend(paths[best].iter().map(String::as_str));
        chosen.push(best);
    }
    chosen.sort_unstable();
    chosen
}

/// The FHIR type of each value, by its pointer.
pub fn types(resource: &Value, definitions: &Definitions) -> BTreeMap<String, String> {
    let text = resource.to_string();
    let mut parsed = parse(text.as_bytes(), definitions.names(), Limits::default());
    let typed = Typed::new(&mut parsed.tree, definitions);
    let tree = &parsed.tree;
    tree.all().filter_map(|node| Some((tree.pointer(node), typed.type_name(node)?.to_owned()))).collect()
}

/// Another value of the same type: a word more, the other truth, another code that is used there, a day later, one more.
pub fn mutant(kind: Option<&str>, value: &Value, others: Option<&BTreeSet<String>>) -> Value {
    match value {
        Value::Bool(truth) => Value::Bool(!truth),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => (whole + 1).into(),
            (None, Some(decimal)) => (decimal + 1.0).into(),
            _ => 7.into(),
        },
        Value::String(text) => Value::String(match kind {
            Some("code") => {
                let other = others.and_then(|others| others.iter().find(|other| *other != text));
                other.cloned().unwrap_or_else(|| format!("{text}-zq"))
            }
            Some("date" | "dateTime" | "instant") => later(text),
            Some("time") => {
                text.replacen(':', if text.contains(":59") { ":0" } else { ":5" }, 1).chars().take(8).collect()
            }
            Some("base64Binary") => format!("{text}AAAA"),
            Some("xhtml") => match text.rfind("</") {
                Some(end) => format!("{} Zqx{}", &text[..end], &text[end..]),
                None => format!("{text} Zqx"),
            },
            Some("string" | "markdown") => format!("{text} Zqx"),
            _ if is_day(text) => later(text),
            _ => format!("{text}zqx"),
        }),
        other => other.clone(),
    }
}

fn is_day(text: &str) -> bool {
    let form = |(at, b): (usize, u8)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() };
    text.len() >= 10 && text.bytes().take(10).enumerate().all(form)
}

/// A day later, or a month or year where the date has no more; a day earlier at the end of a month.
fn later(text: &str) -> String {
    let part = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u32>().ok());
    let step = |number: u32, last: u32| if number < last { number + 1 } else { number - 1 };
    match (part(0, 4), part(5, 7), part(8, 10)) {
        (Some(_), Some(_), Some(day)) => format!("{}{:02}{}", &text[..8], step(day, 28), &text[10..]),
        (Some(_), Some(month), None) => format!("{}{:02}", &text[..5], step(month, 12)),
        (Some(year), None, None) => format!("{:04}{}", year + 1, &text[4..]),
        _ => format!("{text} Zqx"),
    }
}
