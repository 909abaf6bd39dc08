//! HL7's FHIRPath suites for R4 and R5. They live outside the repository, in `../shared` or where `CARECONNECT_SHARED` says,
//! and run where they are present. The counts are a snapshot, `fhirpath_suites.tsv`, made anew with `CARECONNECT_UPDATE=1`;
//! what is expected to fail stands in `fhirpath_expected_failures.tsv` with the reason, and fails the run once it passes.

#[path = "support/fhirpath_model.rs"]
mod model;

use careconnect::fhirpath::decimal::Decimal;
use careconnect::fhirpath::{Expression, Value};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::tree::Tree;
use model::Model;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Default, Debug)]
struct Case {
    name: String,
    input: String,
    mode: String,
    invalid: String,
    predicate: bool,
    unordered: bool,
    expression: String,
    outputs: Vec<(String, String)>,
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.attributes().filter_map(Result::ok).find(|attribute| attribute.key.as_ref() == name);
    found.map(|attribute| attribute.value.into_owned()).unwrap_or_default()
}

fn cases(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap();
    let mut reader = Reader::from_str(&text);
    let (mut cases, mut group, mut content) = (Vec::new(), String::new(), String::new());
    let mut case = Case::default();
    loop {
        let event = reader.read_event().unwrap();
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                content.clear();
                match tag.name().as_ref() {
                    "group" => group = attribute(&tag, "name"),
                    "test" => {
                        case = Case {
                            name: format!("{group}/{}", attribute(&tag, "name")),
                            input: attribute(&tag, "inputfile"),
                            mode: attribute(&tag, "mode"),
                            invalid: attribute(&tag, "invalid"),
                            predicate: attribute(&tag, "predicate") == "true",
                            unordered: attribute(&tag, "ordered") == "false",
                            ..Case::default()
                        };
                    }
                    "expression" if case.invalid.is_empty() => case.invalid = attribute(&tag, "invalid"),
                    "output" => case.outputs.push((attribute(&tag, "type"), String::new())),
                    _ => {}
                }
                assert!(!empty || tag.name().as_ref() != "test", "a test without an expression");
            }
            Event::Text(text) => content.push_str(&text),
            Event::CData(text) => content.push_str(&text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().unwrap() {
                Some(letter) => content.push(letter),
                None => content.push_str(match &*reference {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("&{other};"),
                }),
            },
            Event::End(tag) => match tag.name().as_ref() {
                "expression" => case.expression = content.clone(),
                "output" => case.outputs.last_mut().unwrap().1 = content.clone(),
                "test" => cases.push(std::mem::take(&mut case)),
                _ => {}
            },
            Event::Eof => return cases,
            _ => {}
        }
    }
}

/// A result's type and text as the suites write them.
fn shown(value: &Value<'_>, tree: &Tree, host: &Model) -> (String, String) {
    use careconnect::fhirpath::Host;
    if let Value::Node(node) = value {
        let of = host.type_of(tree, *node).unwrap_or("?");
        let text = tree.text(*node).map(str::to_owned).unwrap_or_else(|| tree.location(*node, |_| None));
        let at = if matches!(of, "date" | "dateTime" | "instant") { "@" } else { "" };
        return (of.to_owned(), format!("{at}{text}"));
    }
    let of = value.system_type().unwrap_or("?");
    let text = value.to_text().unwrap_or_default();
    match of {
        "Date" => ("date".to_owned(), format!("@{text}")),
        "DateTime" => ("dateTime".to_owned(), format!("@{text}")),
        "Time" => ("time".to_owned(), format!("@T{text}")),
        "Quantity" => (of.to_owned(), text.into_owned()),
        other => (other.to_lowercase(), text.into_owned()),
    }
}

fn is_output(actual: &(String, String), expected: &(String, String)) -> bool {
    let (kind, text) = actual;
    // Where the suite gives no type, or says dateTime of a date, the text decides.
    let same_type = expected.0.is_empty() || *kind == expected.0 || (kind == "date" && expected.0 == "dateTime");
    let same_text = match kind.as_str() {
        "decimal" => Decimal::parse(text) == Decimal::parse(&expected.1),
        _ => *text == expected.1,
    };
    // `2 / 2` is a decimal in the suite; a whole number is one as well.
    (same_type || (kind == "integer" && expected.0 == "decimal")) && same_text
}

/// What went wrong, if anything did.
fn run(case: &Case, folder: &Path, trees: &mut BTreeMap<String, Tree>) -> Result<(), String> {
    let tree = trees.entry(case.input.clone()).or_insert_with(|| {
        let source = match case.input.as_str() {
            "" => b"{\"resourceType\": \"Patient\"}".to_vec(),
            name => {
                fs::read(folder.join(name)).or_else(|_| fs::read(folder.join(name.replace(".xml", ".json")))).unwrap()
            }
        };
        parse(&source, &Arc::new(Names::default()), Limits::default()).tree
    });
    let mut host = Model::new();
    host.lenient = case.mode.starts_with("lenient");
    host.strict = !host.lenient && !case.invalid.is_empty();
    let expression = match Expression::parse(&case.expression) {
        Ok(expression) => expression,
        Err(error) if case.invalid.is_empty() => return Err(error.to_string()),
        Err(_) => return Ok(()),
    };
    if case.invalid == "syntax" {
        return Err("parses".to_owned());
    }
    let result = expression.evaluate(tree, tree.root(), &host);
    let items = match result {
        Ok(items) => items,
        Err(careconnect::fhirpath::Stop::Error(_)) if !case.invalid.is_empty() => return Ok(()),
        Err(stop) => return Err(format!("{stop:?}")),
    };
    let mut actual: Vec<_> = items.iter().map(|item| shown(item, tree, &host)).collect();
    if !case.invalid.is_empty() {
        return Err(format!("gives {actual:?} instead of an error"));
    }
    if case.predicate && !matches!(items.as_slice(), [Value::Boolean(_)]) {
        actual = vec![("boolean".to_owned(), (!items.is_empty()).to_string())];
    }
    let mut expected: Vec<_> = case.outputs.iter().collect();
    if case.unordered {
        actual.sort_by(|left, right| left.1.cmp(&right.1));
        expected.sort_by(|left, right| left.1.cmp(&right.1));
    }
    let same =
        actual.len() == expected.len() && actual.iter().zip(&expected).all(|(left, right)| is_output(left, right));
    if same { Ok(()) } else { Err(format!("gives {actual:?} instead of {expected:?}")) }
}

#[test]
fn suites() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("CARECONNECT_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let folder = shared.join("suites/fhirpath");
    if !folder.is_dir() {
        println!("The suites are not at {}: nothing was run.", folder.display());
        return;
    }
    let listed = fs::read_to_string(root.join("tests/fhirpath_expected_failures.tsv")).unwrap_or_default();
    let listed: BTreeMap<(&str, &str), &str> = listed
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(suite, rest)| rest.split_once('\t').map(|(name, reason)| ((suite, name), reason)))
        .collect();
    let (mut counts, mut wrong, mut met) = ("suite\tpassed\tfailed\ttotal\n".to_owned(), Vec::new(), 0);
    for suite in ["r4", "r5"] {
        let cases = cases(&folder.join(suite).join(format!("tests-fhir-{suite}.xml")));
        let (mut failed, mut trees) = (0, BTreeMap::new());
        for case in &cases {
            let reason = listed.get(&(suite, case.name.as_str()));
            met += usize::from(reason.is_some());
            match (run(case, &folder.join(suite), &mut trees), reason) {
                (Ok(()), None) => {}
                (Ok(()), Some(_)) => wrong.push(format!("{suite}\t{}\tpasses and is listed as failing", case.name)),
                (Err(_), Some(_)) => failed += 1,
                (Err(what), None) => {
                    failed += 1;
                    wrong.push(format!("{suite}\t{}\t{} — {what}", case.name, case.expression.trim()));
                }
            }
        }
        counts += &format!("{suite}\t{}\t{failed}\t{}\n", cases.len() - failed, cases.len());
    }
    let snapshot = root.join("tests/fhirpath_suites.tsv");
    if std::env::var_os("CARECONNECT_UPDATE").is_some() {
        fs::write(&snapshot, &counts).unwrap();
    }
    println!("{counts}");
    assert!(wrong.is_empty(), "{} unexpected:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(met, listed.len(), "a listed test is not in the suites");
    assert_eq!(fs::read_to_string(&snapshot).unwrap_or_default(), counts, "the snapshot differs");
}
