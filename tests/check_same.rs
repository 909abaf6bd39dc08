//! The same resource told otherwise has the same issues: with its properties in another order, in XML, inside a Bundle, with
//! another element that has nothing to do with the rest. Run over the cases of the repository, and over the corpora where they
//! are on this machine; what may differ stands in `EXCEPTIONS`, each with its reason.

mod support;

use careconnect::Careconnect;
use careconnect::check::Options;
use careconnect::inspect;
use careconnect::issue::Severity;
use careconnect::report::Report;
use careconnect::source::Format;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The ways in which a resource is told otherwise.
const TWINS: [&str; 4] = ["order", "xml", "bundle", "element"];

/// How the issues of a rule may differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum May {
    /// As many, at another place or in other words.
    Move,
    /// Any.
    Differ,
}

/// Rules whose issues may differ: in which twin, how, and why.
const EXCEPTIONS: &[(&str, &str, May, &str)] = &[
    ("order", "itk-uuid-system", May::Move, "said once, where it is met first"),
    ("order", "reference-target-profile", May::Move, "a fault of one target is said at the first reference to it"),
    ("order", "element-id-duplicate", May::Move, "of two alike it is the later that is said to be another's"),
    ("order", "second-choice", May::Move, "of two types it is the later that is said to be the second"),
    ("order", "element-of-release", May::Move, "said at the first of the elements that STU3 does not have"),
    ("order", "contradiction-patient-name", May::Move, "the parts of a name are quoted in their order"),
    ("order", "underscore-shape", May::Move, "said at the value, of which the later of the two is told"),
    (
        "order",
        "array-unexpected",
        May::Differ,
        "an array beside the object of '_name' is one fault, whichever comes first",
    ),
    ("xml", "unknown-element", May::Move, "an element that nobody knows has a number only where JSON has an array"),
    ("xml", "element-of-release", May::Move, "the same, of the elements of R4"),
    ("bundle", "reference-aggregation", May::Move, "what is not in the Bundle is outside of what was given"),
    ("bundle", "gpc-order-plan", May::Differ, "a rule of records: a resource by itself is not one"),
    ("bundle", "gpc-ended-allergy", May::Differ, "a rule of records: a resource by itself is not one"),
    ("bundle", "nhs-statement-request-missing", May::Differ, "asked of what is in a Bundle alone"),
];

/// Faults of JSON's form, which XML has no form for: what has one has no twin in XML.
const OF_JSON: &[&str] = &[
    "array-expected",
    "array-unexpected",
    "empty-array",
    "empty-object",
    "json-underscore-complex",
    "nested-array",
    "object-expected",
    "underscore-shape",
];

/// The properties of every object in the reverse order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().rev().map(|(name, value)| (name.clone(), reversed(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(reversed).collect()),
        other => other.clone(),
    }
}

/// The twin of a resource, as the bytes of a file; nothing where it has none.
fn twin(core: &Careconnect, how: &str, resource: &Value) -> Option<String> {
    match how {
        "order" => Some(reversed(resource).to_string()),
        "xml" => {
            let converted = inspect::convert(core.definitions(), resource.to_string().as_bytes(), Format::Xml);
            converted.text.filter(|_| converted.lost.is_empty())
        }
        "bundle" => {
            let kind = resource["resourceType"].as_str().filter(|kind| *kind != "Bundle")?;
            // The URL of an entry ends with the id, so that one that is none is a fault of the URL, too.
            let is_id =
                |id: &&str| id.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.'));
            let url = match resource["id"].as_str().filter(is_id) {
                Some(id) => format!("https://server.example/fhir/{kind}/{id}"),
                None => "urn:uuid:0b7ed4a1-9c07-4a2c-8fb1-6f0d3c0d6a11".to_owned(),
            };
            let entry = json!({ "fullUrl": url, "resource": resource });
            Some(json!({ "resourceType": "Bundle", "type": "collection", "entry": [entry] }).to_string())
        }
        _ => {
            let mut more: Map<String, Value> = resource.as_object()?.clone();
            let is_new = more.insert("language".to_owned(), json!("en-GB")).is_none();
            is_new.then(|| Value::Object(more).to_string())
        }
    }
}

/// The issues of a report, each with how often it is there. Those of a resource in a Bundle are said as its own.
fn issues(report: &Report, kind: &str) -> BTreeMap<String, i64> {
    let mut out = BTreeMap::new();
    for issue in &report.issues {
        let line = format!(
            "{} {} {} {}",
            issue.severity.code(),
            issue.problem.rule(),
            issue.expression,
            issue.problem.message()
        );
        *out.entry(line.replace("Bundle.entry[0].resource", kind)).or_default() += 1;
    }
    out
}

fn rule(line: &str) -> &str {
    line.split(' ').nth(1).unwrap_or_default()
}

/// What one twin has and the other has not: a line each.
fn differences(core: &Careconnect, how: &str, resource: &Value) -> Option<Vec<String>> {
    let kind = resource["resourceType"].as_str()?;
    let options = Options::default();
    let before = issues(&core.validate(resource.to_string().as_bytes(), &options), kind);
    if how == "xml" && before.keys().any(|line| OF_JSON.contains(&rule(line))) {
        return None;
    }
    let twin = twin(core, how, resource)?;
    let after = issues(&core.validate(twin.as_bytes(), &options), kind);
    let count = |issues: &BTreeMap<String, i64>, of: &str| -> i64 {
        issues.iter().filter(|(line, _)| rule(line) == of).map(|(_, count)| count).sum()
    };
    let may_differ = |line: &str| {
        let known = EXCEPTIONS.iter().find(|(twin, known, ..)| *twin == how && *known == rule(line));
        known.is_some_and(|(_, of, may, _)| *may == May::Differ || count(&before, of) == count(&after, of))
    };
    let missing = before.iter().filter(|(line, count)| after.get(*line) != Some(count)).map(|(line, _)| ('-', line));
    let new = after.iter().filter(|(line, count)| before.get(*line) != Some(count)).map(|(line, _)| ('+', line));
    let differing = missing.chain(new).filter(|(_, line)| !may_differ(line));
    Some(differing.map(|(side, line)| format!("{side} {line}")).collect())
}

/// The JSON resources among some files.
fn parsed(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<(String, Value)> {
    let read = |(name, bytes): (String, Vec<u8>)| Some((name, serde_json::from_slice::<Value>(&bytes).ok()?));
    files.into_iter().filter_map(read).filter(|(_, value)| value["resourceType"].is_string()).collect()
}

fn compare(core: &Careconnect, resources: &[(String, Value)]) -> (BTreeMap<&'static str, usize>, Vec<String>) {
    let mut counts = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, resource) in resources {
        for how in TWINS {
            let Some(found) = differences(core, how, resource) else { continue };
            *counts.entry(how).or_default() += 1;
            wrong.extend(found.into_iter().map(|line| format!("{how}: {name}: {line}")));
        }
    }
    (counts, wrong)
}

#[test]
fn our_own_cases() {
    let core = support::all_packs();
    let (counts, wrong) = compare(&core, &parsed(support::resources()));
    println!("{counts:?}");
    assert!(counts.values().all(|count| *count > 100), "too few: {counts:?}");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_corpora() {
    let Some(shared) = support::shared() else { return println!("ignored: the corpora are not here") };
    let core = support::all_packs();
    let mut files = Vec::new();
    for corpus in ["nhs", "hl7-examples"] {
        for file in support::files(&shared.join("corpus").join(corpus), ".json") {
            let name = file.strip_prefix(&shared).expect("in the folder").display().to_string();
            files.push((name, std::fs::read(&file).expect("a readable file")));
        }
    }
    let (counts, wrong) = compare(&core, &parsed(files));
    println!("{counts:?}");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Gives the resource at a path into a value another type.
fn each_inner(value: &mut Value, is_root: bool, then: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            for (_, member) in members.iter_mut() {
                each_inner(member, false, then);
            }
            // Two elements of STU3 have this name, and hold a Coding.
            if !is_root && members.get("resourceType").is_some_and(Value::is_string) {
                then(members);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_inner(item, false, then)),
        _ => {}
    }
}

#[test]
fn no_resource_of_an_unknown_type_is_valid() {
    let core = support::all_packs();
    let mut tried = 0;
    for (name, resource) in parsed(support::resources()) {
        let mut inner = 0;
        each_inner(&mut resource.clone(), true, &mut |_| inner += 1);
        for wanted in 0..inner.min(5) {
            let (mut altered, mut at) = (resource.clone(), 0);
            each_inner(&mut altered, true, &mut |members| {
                if at == wanted {
                    members.insert("resourceType".to_owned(), json!("Fish"));
                }
                at += 1;
            });
            let report = core.validate(altered.to_string().as_bytes(), &Options::default());
            let is_said =
                report.issues.iter().any(|issue| issue.problem.message().contains("'Fish' is not a resource type"));
            assert!(is_said && !report.is_valid(), "{name}, resource {wanted}: {}", report.reason());
            tried += 1;
        }
    }
    assert!(tried > 100, "too few: {tried}");
}

/// What is reported of a resource that breaks off and not of the whole: where it breaks off is no fault of what stands before.
fn accused(core: &Careconnect, name: &str, text: &str, wrong: &mut Vec<String>) -> usize {
    const PLACES: usize = 5;
    let options = Options::default();
    let line = |issue: &careconnect::issue::Issue| match issue.problem.rule() {
        // Said at the first of what is read.
        rule @ "element-of-release" => rule.to_owned(),
        rule => format!("{rule} {}", issue.expression),
    };
    let is_wrong = |issue: &&careconnect::issue::Issue| issue.severity.is_error();
    let whole = core.validate(text.as_bytes(), &options);
    let known: Vec<String> = whole.issues.iter().filter(is_wrong).map(line).collect();
    for place in 1..=PLACES {
        let mut end = text.len() * place / (PLACES + 1);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let report = core.validate(&text.as_bytes()[..end], &options);
        // Of some nothing can be read: the whole of the first tag is missing.
        let is_said = report.incomplete || report.count(Severity::Fatal) > 0;
        assert!(!report.is_valid() && is_said, "{name} up to {end}: {}", report.reason());
        let new = report.issues.iter().filter(is_wrong).filter(|issue| issue.severity != Severity::Fatal).map(line);
        wrong.extend(new.filter(|line| !known.contains(line)).map(|line| format!("{name} up to {end}: {line}")));
    }
    PLACES
}

#[test]
fn what_breaks_off_is_no_fault_of_what_stands_before() {
    let core = support::all_packs();
    let (mut tried, mut wrong) = (0, Vec::new());
    for (name, resource) in parsed(support::resources()) {
        let json = resource.to_string();
        let xml = inspect::convert(core.definitions(), json.as_bytes(), Format::Xml).text.unwrap_or_default();
        for text in [json, xml].iter().filter(|text| !text.is_empty()) {
            tried += accused(&core, &name, text, &mut wrong);
        }
    }
    assert!(tried > 1_000, "too few: {tried}");
    assert!(wrong.is_empty(), "{} false faults:\n{}", wrong.len(), wrong.join("\n"));
}
