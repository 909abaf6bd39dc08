//! Every element that STU3 marks as a modifier, with every value: one that changes the meaning must change the headline
//! or the one-line summary, and be said there in words. The table is tests/cases/modifiers.txt: an element, the values
//! that change nothing, and those that do.

mod support;

use careconnect::Careconnect;
use careconnect::render::{As, Mode, Options};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A resource in which the element at this path has this value.
fn resource(path: &str, value: &str) -> String {
    let mut steps = path.split('.');
    let kind = steps.next().expect("a type");
    let steps: Vec<&str> = steps.collect();
    let mut json = value.to_owned();
    for step in steps.iter().rev() {
        json = format!("{{\"{step}\": {json}}}");
    }
    let inner = json.strip_prefix('{').expect("an object");
    let code = if steps == ["code"] { "" } else { "\"code\": {\"text\": \"Something\"}, " };
    format!("{{\"resourceType\": \"{kind}\", {code}{inner}")
}

/// What is said of a resource: headline and summary.
fn said(input: &str) -> (String, String) {
    let options = Options { as_: As::Text, mode: Mode::Summary, ..Options::default() };
    let rendered = Careconnect::default().render(input.as_bytes(), &options);
    assert!(rendered.coverage.missing.is_empty(), "{input}");
    (rendered.display.headline, rendered.display.summary)
}

/// The words of a code that must be found; codes that are signs have words of their own.
fn key(value: &str) -> String {
    value.trim_matches('"').to_lowercase()
}

fn bare(text: &str) -> String {
    text.to_lowercase().replace(['-', ' '], "")
}

#[test]
fn every_modifier_is_said() {
    let table = include_str!("cases/modifiers.txt");
    let (mut count, mut wrong) = (0, Vec::new());
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut columns = line.split('|').map(str::trim);
        let path = columns.next().expect("a path");
        let neutral = columns.next().expect("neutral values");
        let values = columns.next().expect("other values");
        let words = columns.next().unwrap_or("").to_lowercase();
        let base = neutral.split_whitespace().next();
        let (headline, summary) = match base {
            Some(value) => said(&resource(path, &quoted(value))),
            None => {
                let kind = path.split('.').next().unwrap_or("");
                said(&format!("{{\"resourceType\": \"{kind}\", \"code\": {{\"text\": \"Something\"}}}}"))
            }
        };
        for value in values.split_whitespace() {
            count += 1;
            let (new_headline, new_summary) = said(&resource(path, &quoted(value)));
            let changed = new_headline != headline || new_summary != summary;
            let text = bare(&format!("{new_headline} {new_summary}"));
            let wanted = if words.is_empty() { bare(&key(value)) } else { bare(&words) };
            if !changed || !text.contains(&wanted) {
                wrong.push(format!("{path} = {value}: \u{201c}{new_headline}\u{201d}, \u{201c}{new_summary}\u{201d}"));
            }
        }
    }
    support::figure(
        "modifiers",
        &format!("{count} values of modifiers, {} not said in the headline or summary", wrong.len()),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 400, "the table has the modifiers of STU3");
}

/// A value of the table as JSON: `true`, an object without spaces, or a code.
fn quoted(value: &str) -> String {
    match value {
        "true" | "false" => value.to_owned(),
        _ if value.starts_with(['{', '[']) => value.replace('~', " "),
        _ => format!("\"{value}\""),
    }
}

/// Where the table shows a datatype's own modifier: an element of that type.
const DATATYPES: &[(&str, &str)] = &[
    ("Address.use", "Patient.address.use"),
    ("ContactPoint.use", "Patient.telecom.use"),
    ("HumanName.use", "Patient.name.use"),
    ("Identifier.use", "Patient.identifier.use"),
    ("Quantity.comparator", "Observation.valueQuantity.comparator"),
];

/// Modifiers that are no values: `what_is_not_understood_comes_first` has them.
const UNKNOWN: &[&str] =
    &["BackboneElement.modifierExtension", "DomainResource.modifierExtension", "Resource.implicitRules"];

/// A file of base FHIR as the repository has it.
fn base(name: &str) -> Option<Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/stu3").join(name);
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

/// Every code under these concepts.
fn concepts(list: &Value, out: &mut BTreeSet<String>) {
    for concept in list.as_array().into_iter().flatten() {
        out.extend(concept["code"].as_str().map(str::to_owned));
        concepts(&concept["concept"], out);
    }
}

/// The codes of a value set of base FHIR.
fn codes(url: &str) -> BTreeSet<String> {
    let last = |url: &str| url.rsplit('/').next().unwrap_or("").to_owned();
    let mut out = BTreeSet::new();
    let set = base(&format!("ValueSet-{}.json", last(url))).unwrap_or_else(|| panic!("{url} is not in profiles/stu3"));
    for include in set["compose"]["include"].as_array().into_iter().flatten() {
        concepts(&include["concept"], &mut out);
        let system = include["system"].as_str().unwrap_or("");
        if include["concept"].is_null()
            && let Some(system) = base(&format!("CodeSystem-{}.json", last(system)))
        {
            concepts(&system["concept"], &mut out);
        }
    }
    out
}

/// The table against the definitions: every element that STU3 marks, and every value that it can have.
#[test]
fn the_table_is_complete() {
    let mut table: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in include_str!("cases/modifiers.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        table.entry(columns[0]).or_default().extend(columns[1..3].iter().flat_map(|column| column.split_whitespace()));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/stu3");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("base FHIR")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("StructureDefinition-"))
        .collect();
    names.sort();
    let (mut elements, mut values, mut wrong) = (0, 0, Vec::new());
    for name in names {
        let definition = base(&name).expect("JSON");
        // Constraints repeat what their base says, and the logical models are patterns that no resource has.
        if definition["derivation"] == "constraint" || definition["kind"] == "logical" {
            continue;
        }
        for element in definition["differential"]["element"].as_array().into_iter().flatten() {
            if element["isModifier"] != true {
                continue;
            }
            elements += 1;
            let path = element["path"].as_str().expect("a path");
            if UNKNOWN.contains(&path) {
                continue;
            }
            let shown = DATATYPES.iter().find(|(of, _)| *of == path).map_or(path, |(_, shown)| shown);
            let named = if path == "Patient.deceased[x]" { "Patient.deceasedBoolean" } else { shown };
            let Some(known) = table.get(named) else {
                wrong.push(format!("{path} is not in the table"));
                continue;
            };
            let value_set = element["binding"]["valueSetReference"]["reference"]
                .as_str()
                .or(element["binding"]["valueSetUri"].as_str());
            let wanted = match (element["type"][0]["code"].as_str(), value_set) {
                (Some("code"), Some(url)) => codes(url),
                (Some("boolean"), _) => ["true", "false"].map(str::to_owned).into(),
                _ => BTreeSet::new(),
            };
            if element["type"][0]["code"] == "code" && wanted.is_empty() {
                wrong.push(format!("{path}: no codes were found"));
            }
            values += wanted.len();
            for code in wanted.iter().filter(|code| !known.contains(code.as_str())) {
                // What is false of a mark that only says something when it is true changes nothing.
                if !(code == "false" && known.contains("true")) {
                    wrong.push(format!("{path}: {code} is not in the table"));
                }
            }
        }
    }
    let counts =
        format!("{elements} elements that are modifiers, {values} values of them, {} not in the table", wrong.len());
    support::figure("modifiers-table", &counts);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(elements > 140, "the definitions were not found");
}

/// A modifier extension, at any depth, and rules that are not known: said before everything else, with address and value.
#[test]
fn what_is_not_understood_comes_first() {
    let extension = "[{\"url\": \"https://example.org/unlike\", \"valueBoolean\": true}]";
    let code = "\"code\": {\"text\": \"Something\"}";
    for input in [
        format!("{{\"resourceType\": \"Observation\", \"modifierExtension\": {extension}, {code}}}"),
        format!(
            "{{\"resourceType\": \"Observation\", {code}, \"component\": [{{\"modifierExtension\": {extension}}}]}}"
        ),
        format!("{{\"resourceType\": \"Observation\", {code}, \"implicitRules\": \"https://example.org/unlike\"}}"),
        format!("{{\"resourceType\": \"Zebra\", {code}, \"modifierExtension\": {extension}}}"),
    ] {
        let rendered =
            Careconnect::default().render(input.as_bytes(), &Options { as_: As::Text, ..Options::default() });
        let display = &rendered.display;
        let words = [
            "Contains information this viewer does not understand that changes its meaning",
            "Follows rules this viewer does not know",
        ];
        assert!(words.iter().any(|words| display.headline.starts_with(words)), "{}", display.headline);
        assert!(
            display.warnings.first().is_some_and(|warning| warning.text.contains("https://example.org/unlike")),
            "{input}"
        );
        assert!(rendered.output.contains("example.org/unlike"), "{}", rendered.output);
    }
}
