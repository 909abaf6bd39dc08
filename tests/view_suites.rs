//! The published tests of SQL on FHIR v2 (`tests/*.json` of its reference implementation, MIT). They live outside of the
//! repository, where `CARECONNECT_SQL_ON_FHIR` says or where Cargo has unpacked the crate `helios-sof`, which has a copy of
//! them (`cargo info helios-sof@0.2.7`), and run where they are present. The score by tag is a snapshot, `view_suites.tsv`,
//! made anew with `CARECONNECT_UPDATE=1`; what is expected to fail stands in `EXPECTED`, each with its reason.

mod support;

use careconnect::calls;
use careconnect::options::Given;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

/// The crate that has a copy of the tests.
const CRATE: &str = "helios-sof-0.2.7/tests/sql-on-fhir/tests";

/// Tests that are not passed: the file, the title, and why.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("constant_types", "dateTime", "DetectedIssue.identified[x] is of R4; STU3 has date"),
    ("constant_types", "instant", "Observation.effectiveInstant is of R4"),
    ("constant_types", "url", "the type url is of R4"),
    ("constant_types", "uuid", "the type uuid is no choice of Task.output.value[x] in STU3"),
    ("fn_oftype", "select integer values", "Observation.valueInteger is of R4"),
    ("where", "where path with greater than inequality", "Observation.valueInteger is of R4"),
    ("where", "where path with less than inequality", "Observation.valueInteger is of R4"),
];

fn folder() -> Option<PathBuf> {
    if let Some(given) = env::var_os("CARECONNECT_SQL_ON_FHIR") {
        return Some(given.into());
    }
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))?;
    let registries = fs::read_dir(home.join("registry/src")).ok()?.flatten();
    registries.map(|registry| registry.path().join(CRATE)).find(|path| path.is_dir())
}

/// A number is the number that it is, however it is written.
fn same(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let null = Value::Null;
            let names = a.keys().chain(b.keys());
            names.into_iter().all(|name| same(a.get(name).unwrap_or(&null), b.get(name).unwrap_or(&null)))
        }
        _ => found == wanted,
    }
}

/// The same rows, in whatever order, as the suite has it.
fn same_rows(found: &[Value], wanted: &[Value]) -> bool {
    let mut left: Vec<&Value> = found.iter().collect();
    let mut take = |row: &Value| left.iter().position(|found| same(found, row)).map(|at| left.remove(at)).is_some();
    wanted.iter().all(&mut take) && left.is_empty()
}

/// Why a test is not passed.
fn fault(core: &careconnect::Careconnect, resources: &[Vec<u8>], test: &Value) -> Option<String> {
    let view = test["view"].to_string();
    let made = calls::view(core, view.as_bytes(), resources, &json!({ "as": "ndjson" }));
    let is_refused = test["expectError"] == true;
    let made = match made {
        Err(mistake) if is_refused => return mistake.words.is_empty().then(|| "no words".to_owned()),
        Err(mistake) => return Some(mistake.words),
        Ok(made) => serde_json::from_str::<Value>(&made).expect("JSON"),
    };
    let faults = made["faults"].as_array().expect("faults");
    if is_refused {
        return faults.is_empty().then(|| "it is taken".to_owned());
    }
    if let Some(fault) = faults.first() {
        return Some(fault["message"].text().unwrap_or_default());
    }
    let lines = made["text"].as_str().expect("text").lines();
    let rows: Vec<Value> = lines.map(|line| serde_json::from_str(line).expect("a row")).collect();
    if let Some(columns) = test["expectColumns"].as_array() {
        let names: Vec<&Value> = made["columns"].as_array().expect("columns").iter().map(|one| &one["name"]).collect();
        if names != columns.iter().collect::<Vec<_>>() {
            return Some(format!("columns {names:?}"));
        }
    }
    let wanted = test["expect"].as_array().cloned().unwrap_or_default();
    (!same_rows(&rows, &wanted)).then(|| format!("{} instead of {}", Value::Array(rows), Value::Array(wanted)))
}

#[test]
fn the_published_tests() {
    let Some(folder) = folder() else { return println!("ignored: the tests of SQL on FHIR are not here") };
    let core = support::all_packs();
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).expect("a folder").flatten().map(|file| file.path()).collect();
    files.sort();
    let (mut score, mut wrong) = (BTreeMap::<String, [usize; 2]>::new(), Vec::new());
    for path in files.iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
        let file = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let suite: Value = serde_json::from_slice(&fs::read(path).expect("a readable file")).expect("JSON");
        let resources = suite["resources"].as_array().expect("resources");
        let resources: Vec<Vec<u8>> = resources.iter().map(|one| one.to_string().into_bytes()).collect();
        for test in suite["tests"].as_array().expect("tests") {
            let title = test["title"].as_str().unwrap_or_default();
            let expected = EXPECTED.iter().any(|(of, name, _)| *of == file && *name == title);
            let fault = fault(&core, &resources, test);
            for tag in test["tags"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                let counts = score.entry(tag.to_owned()).or_default();
                counts[usize::from(fault.is_some())] += 1;
            }
            match fault {
                Some(fault) if !expected => wrong.push(format!("{file}: {title}: {fault}")),
                None if expected => wrong.push(format!("{file}: {title}: passes, and is expected to fail")),
                _ => {}
            }
        }
    }
    let line = |(tag, [passed, failed]): (&String, &[usize; 2])| format!("{tag}\t{passed}\t{failed}\n");
    let text = "tag\tpassed\tfailed\n".to_owned() + &score.iter().map(line).collect::<String>();
    assert!(wrong.is_empty(), "{text}\n{}", wrong.join("\n"));
    let snapshot = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/view_suites.tsv");
    if env::var_os("CARECONNECT_UPDATE").is_some() {
        fs::write(&snapshot, &text).expect("the snapshot is written");
    }
    assert_eq!(fs::read_to_string(&snapshot).expect("the snapshot"), text);
}
