//! What an author asks besides whether a resource is valid: expressions, profiles, value sets, places, completion, other
//! forms, skeletons and fixes.

mod support;

use careconnect::Careconnect;
use careconnect::check::Options;
use careconnect::inspect;
use careconnect::issue::Severity;
use careconnect::source::{Format, sniff};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Every resource in the case files of checking: the name of the file and the text.
fn cases() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for file in support::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/check"), ".md") {
        let text = std::fs::read_to_string(&file).unwrap();
        for fence in text.split("\n```").filter_map(|part| part.strip_prefix("json\n").or(part.strip_prefix("xml\n"))) {
            out.push((file.file_name().unwrap().to_string_lossy().into_owned(), fence.to_owned()));
        }
    }
    assert!(out.len() > 50, "the cases were not found");
    out
}

/// Rules and places of what is wrong.
fn said(careconnect: &Careconnect, input: &str) -> Vec<(Severity, &'static str, String)> {
    let report = careconnect.validate(input.as_bytes(), &Options::default());
    report.issues.iter().map(|issue| (issue.severity, issue.problem.rule(), issue.expression.clone())).collect()
}

#[test]
fn every_fix_makes_its_issue_go_away() {
    let careconnect = support::all_packs();
    let (mut count, mut rules) = (0, BTreeSet::new());
    for (file, input) in cases() {
        let (report, help) = careconnect.validate_with_help(input.as_bytes(), &Options::default());
        assert_eq!(report.issues.len(), help.len());
        for (issue, fix) in
            report.issues.iter().zip(&help).flat_map(|(issue, help)| help.fixes.iter().map(move |fix| (issue, fix)))
        {
            let mut text = input.clone();
            for edit in fix.edits.iter().rev() {
                text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
            let after = careconnect.validate(text.as_bytes(), &Options::default());
            let same = |other: &&careconnect::issue::Issue| {
                other.problem == issue.problem && other.expression == issue.expression
            };
            let before = report.issues.iter().filter(same).count();
            let (rule, title) = (issue.problem.rule(), &fix.title);
            assert!(
                after.issues.iter().filter(same).count() < before,
                "{file}: '{title}' does not mend {rule}:\n{input}\n→\n{text}"
            );
            let fatal = |report: &careconnect::report::Report| report.count(Severity::Fatal);
            assert!(fatal(&after) <= fatal(&report), "{file}: '{title}' for {rule} breaks the text:\n{text}");
            count += 1;
            rules.insert(rule);
        }
    }
    println!("{count} fixes for {} rules: {rules:?}", rules.len());
    assert!(count >= 30 && rules.len() >= 18, "{count} fixes for {rules:?}");
}

#[test]
fn fixes_make_a_faulty_patient_valid() {
    let careconnect = support::default_packs();
    let mut text = r#"{
  "resourceType": "Patient",
  "meta": { "profile": ["http://hl7.org/fhir/StructureDefinition/Patiant"] },
  "colour": "blue",
  "actve": true,
  "name": { "family": "Example", "given": ["Ann",] },
  "birthDate": "13/02/1980",
  "deceasedBoolean": "false",
  "telecom": []
}
"#
    .to_owned();
    for _ in 0..20 {
        let (_, help) = careconnect.validate_with_help(text.as_bytes(), &Options::default());
        let Some(fix) = help.into_iter().flat_map(|help| help.fixes).next() else { break };
        for edit in fix.edits.iter().rev() {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
    }
    let left = said(&careconnect, &text);
    assert!(left.iter().all(|(severity, ..)| !severity.is_error()), "{left:?}\n{text}");
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["birthDate"], "1980-02-13");
    assert_eq!(value["name"][0]["given"], json!(["Ann"]));
    assert_eq!(value["deceasedBoolean"], false);
    assert!(value.get("colour").is_none() && value.get("telecom").is_none());
}

#[test]
fn a_hint_gives_the_check_digit_and_claims_no_more() {
    let careconnect = support::default_packs();
    let hint = |number: &str| {
        let text = format!(
            r#"{{ "resourceType": "Patient", "identifier": [{{ "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "{number}" }}] }}"#
        );
        let (report, help) = careconnect.validate_with_help(text.as_bytes(), &Options::default());
        let all = report.issues.into_iter().zip(help);
        let found = all.into_iter().find(|(issue, _)| issue.problem.rule() == "nhs-number-check-digit");
        found.map(|(_, help)| {
            assert!(help.fixes.is_empty());
            help.hint.unwrap()
        })
    };
    assert!(hint("9990123488").unwrap().contains("would be 9. Any of the ten may be the wrong one"));
    assert!(hint("9990123420").unwrap().contains("No NHS number begins with its first nine digits"));
    assert_eq!(hint("9990123489"), None);
}

/// Converts there and back; both must say the same, and the second JSON be the first.
fn round(careconnect: &Careconnect, name: &str, input: &str, wrong: &mut Vec<String>) -> bool {
    let there = if sniff(input.as_bytes()) == Format::Json { Format::Xml } else { Format::Json };
    let back = if there == Format::Xml { Format::Json } else { Format::Xml };
    let definitions = &careconnect.definitions_for(input.as_bytes());
    let own = inspect::convert(definitions, input.as_bytes(), back);
    let other = inspect::convert(definitions, input.as_bytes(), there);
    let Some(text) = other.text.filter(|_| other.lost.is_empty()) else { return false };
    let again = inspect::convert(definitions, text.as_bytes(), back);
    let (own, again) = (own.text.unwrap(), again.text.unwrap());
    // XML has an order of its own, which JSON then keeps.
    let json =
        |text: &str| -> Value { serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}")) };
    let sorted = |value: &Value| {
        let mut value = value.clone();
        value.sort_all_objects();
        value.to_string()
    };
    let same = if back == Format::Json { sorted(&json(&own)) == sorted(&json(&again)) } else { own == again };
    if !same {
        wrong.push(format!("{name}: {own}\n→ {text}\n→ {again}"));
    }
    true
}

#[test]
fn json_and_xml_become_one_another_and_nothing_is_lost() {
    let (careconnect, both) = (support::all_packs(), support::both_versions());
    let (mut count, mut wrong) = (0, Vec::new());
    for (file, input) in cases() {
        // What is of another release of FHIR has no elements in STU3 by which it could be written.
        if file == "releases.md" {
            continue;
        }
        let careconnect = if file.starts_with("r4") { &both } else { &careconnect };
        count += usize::from(round(careconnect, &file, &input, &mut wrong));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 30, "{count} cases go there and back");
    let Some(shared) = support::shared() else { return };
    let mut files = support::files(&shared.join("corpus/hl7-examples"), ".json");
    files.extend(support::files(&shared.join("corpus/nhs"), ".xml"));
    let (mut whole, mut all, mut alike) = (0, 0, 0);
    for file in files.iter().step_by(23) {
        let Ok(input) = std::fs::read_to_string(file) else { continue };
        if input.len() > 300_000 {
            continue;
        }
        all += 1;
        let name = file.display().to_string();
        if !round(&careconnect, &name, &input, &mut wrong) {
            continue;
        }
        whole += 1;
        let there = if sniff(input.as_bytes()) == Format::Json { Format::Xml } else { Format::Json };
        let other = inspect::convert(careconnect.definitions(), input.as_bytes(), there).text.unwrap();
        // What is wrong of the content stays wrong; the order of elements and the form of values are each form's own.
        let of_form = [
            "element-order",
            "json-type",
            "array-expected",
            "xml-namespace-missing",
            "narrative-root",
            "xhtml-namespace",
        ];
        let content = |text: &str| {
            let mut list = said(&careconnect, text);
            list.retain(|(_, rule, _)| !of_form.contains(rule));
            list.sort();
            list
        };
        let (one, two) = (content(&input), content(&other));
        if one == two {
            alike += 1;
        } else {
            println!(
                "{name}: {:?}",
                one.iter()
                    .filter(|x| !two.contains(x))
                    .chain(two.iter().filter(|x| !one.contains(x)))
                    .take(3)
                    .collect::<Vec<_>>()
            );
        }
    }
    let shown: Vec<String> = wrong.iter().map(|text| text.chars().take(1_500).collect()).collect();
    assert!(wrong.is_empty(), "{} files: {}", wrong.len(), shown.join("\n\n"));
    println!("{all} files of the corpora: {whole} converted without loss, {alike} of them with the same findings");
    assert!(whole * 10 >= all * 7 && alike * 50 >= whole * 49, "{all} {whole} {alike}");
}

#[test]
fn what_cannot_be_carried_over_is_said() {
    let careconnect = support::default_packs();
    let xml = "<!-- a note --><Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>";
    let json = inspect::convert(careconnect.definitions(), xml.as_bytes(), Format::Json);
    assert_eq!(json.text.as_deref(), Some("{\n  \"resourceType\": \"Patient\",\n  \"active\": true\n}\n"));
    assert_eq!((json.lost.len(), json.lost[0].utf16.start, json.lost[0].utf16.end), (1, 0, 15));
    let broken = inspect::convert(careconnect.definitions(), b"{\"resourceType\": \"Patient\", ", Format::Xml);
    assert!(broken.text.is_none() && !broken.lost.is_empty());
}

#[test]
fn an_expression_gives_values_with_their_places() {
    let careconnect = support::default_packs();
    let input = "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"Ää\",\"B\"]}],\"active\":true}";
    let ask = |expression: &str| {
        inspect::fhirpath(careconnect.definitions(), input.as_bytes(), expression, &Options::default())
    };
    assert_eq!(
        ask("Patient.name.given")["results"],
        json!([
            { "type": "string", "value": "Ää", "expression": "Patient.name[0].given[0]", "pointer": "/name/0/given/0", "offset": 44, "length": 4 },
            { "type": "string", "value": "B", "expression": "Patient.name[0].given[1]", "pointer": "/name/0/given/1", "offset": 49, "length": 3 },
        ])
    );
    assert_eq!(ask("name.count() + 1")["results"], json!([{ "type": "System.Integer", "value": "2" }]));
    assert_eq!(ask("name[0]")["results"][0]["type"], "HumanName");
    assert_eq!(ask("name.given.")["error"]["offset"], 11);
    let error = &ask("name.given.substring('x')")["error"];
    assert!(error["message"].as_str().unwrap().ends_with('.'), "{error}");
    assert_eq!(ask("%nope")["error"]["offset"], 0);
    assert!(ask("today()")["unknown"].is_string());
}

#[test]
fn profiles_are_listed_shown_and_compared() {
    let careconnect = support::default_packs();
    let definitions = careconnect.definitions();
    let all = inspect::profiles(definitions);
    let url = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";
    let patient = all.as_array().unwrap().iter().find(|known| known["url"] == url).unwrap();
    assert_eq!(
        (&patient["type"], &patient["pack"], &patient["derivation"]),
        (&json!("Patient"), &json!("careconnect"), &json!("constraint"))
    );
    let tree = inspect::profile(definitions, url).unwrap();
    let children = tree["element"]["children"].as_array().unwrap();
    let identifier = children.iter().find(|child| child["path"] == "Patient.identifier").unwrap();
    assert_eq!(identifier["slicing"]["discriminators"][0]["path"], "system");
    let slice = identifier["slices"].as_array().unwrap().iter().find(|slice| slice["slice"] == "nhsNumber").unwrap();
    let system = slice["children"]
        .as_array()
        .unwrap()
        .iter()
        .find(|child| child["path"] == "Patient.identifier.system")
        .unwrap();
    assert_eq!(system["fixed"]["json"], "\"https://fhir.nhs.uk/Id/nhs-number\"");
    let base = "http://hl7.org/fhir/StructureDefinition/Patient";
    let differences = inspect::compare(definitions, base, url).unwrap();
    let elements = differences["elements"].as_array().unwrap();
    assert!(
        elements.iter().any(|element| element["change"] == "added" && element["id"] == "Patient.identifier:nhsNumber")
    );
    assert!(inspect::compare(definitions, url, url).unwrap()["elements"].as_array().unwrap().is_empty());
    // A profile that goes into a type says no more by that than what it changes there.
    let encounter = inspect::compare(
        definitions,
        "http://hl7.org/fhir/StructureDefinition/Encounter",
        "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Encounter-1",
    );
    let ids: Vec<String> = encounter.unwrap()["elements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|element| element["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(ids.contains(&"Encounter.identifier.system".to_owned()), "{ids:?}");
    assert!(!ids.contains(&"Encounter.identifier.period".to_owned()), "{ids:?}");
    assert!(inspect::profile(definitions, "urn:none").is_none());
}

#[test]
fn value_sets_are_listed_and_searched() {
    let careconnect = support::default_packs();
    let definitions = careconnect.definitions();
    assert!(inspect::value_sets(definitions).as_array().unwrap().len() > 100);
    let gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
    let all = inspect::value_set(definitions, gender, "", None).unwrap();
    assert_eq!((&all["complete"], &all["systems"][0]["total"]), (&json!(true), &json!(4)));
    let found = inspect::value_set(definitions, gender, "FEM", None).unwrap();
    assert_eq!(found["systems"][0]["codes"], json!([{ "code": "female", "display": "Female" }]));
    assert_eq!(
        inspect::value_set(definitions, gender, "", Some(1)).unwrap()["systems"][0]["codes"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn places_are_found_by_offset_expression_and_pointer() {
    let careconnect = support::default_packs();
    let definitions = careconnect.definitions();
    for input in [
        "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"É\"}],\"deceasedBoolean\":true}",
        "<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"É\"/></name><deceasedBoolean value=\"true\"/></Patient>",
    ] {
        let offset = |needle: &str| input[..input.find(needle).unwrap()].encode_utf16().count() as u32;
        let at = inspect::element_at(definitions, input.as_bytes(), &Options::default(), offset("family") + 1);
        assert_eq!((&at["expression"], &at["text"]), (&json!("Patient.name[0].family"), &json!("É")));
        assert_eq!(at["ancestors"].as_array().unwrap().len(), 2);
        assert_eq!(at["definitions"][0]["id"], "HumanName.family");
        let wanted = ["Patient.deceased".to_owned(), "/deceasedBoolean".to_owned(), "Patient.none".to_owned()];
        let found = inspect::locate(definitions, input.as_bytes(), &wanted);
        assert_eq!(found[0], found[1]);
        assert!(found[0].is_object() && found[2].is_null());
        let outline = inspect::outline(definitions, input.as_bytes(), Some(1));
        let names: Vec<&str> =
            outline["children"].as_array().unwrap().iter().map(|child| child["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["name", "deceasedBoolean"]);
    }
}

/// The labels offered where `|` stands.
fn offered(careconnect: &Careconnect, marked: &str) -> Vec<Value> {
    let offset = marked[..marked.find('|').unwrap()].encode_utf16().count() as u32;
    let input = marked.replacen('|', "", 1);
    let found = inspect::complete(careconnect.definitions(), input.as_bytes(), &Options::default(), offset);
    found["options"].as_array().unwrap().clone()
}

#[test]
fn what_may_be_written_is_offered_also_while_the_text_is_broken() {
    let careconnect = support::default_packs();
    let profile = "\"meta\":{\"profile\":[\"https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1\"]}";
    let nhs = "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-EthnicCategory-1";
    for (marked, wanted, unwanted) in [
        ("{\"resourceType\":\"Patient\",|}", "birthDate", "resourceType"),
        ("{\"resourceType\":\"Patient\",\"birthDate\":\"2020\", \"gen|\"}", "gender", "birthDate"),
        ("{\"resourceType\":\"Patient\",\"bir|\"\n \"active\":true}", "birthDate", "active"),
        ("{\"resourceType\":\"Patient\",\"name\":[{\"fam|", "family", "birthDate"),
        ("{\"resourceType\":\"Patient\",\"gender\":\"|\"}", "female", "birthDate"),
        ("{\"resourceType\":\"Patient\",\"gender\": |}", "female", "birthDate"),
        ("{\"resourceType\":\"Pat|\"}", "Patient", "DomainResource"),
        ("{\"resourceType\":\"Patient\",\"active\": |}", "true", "male"),
        ("<Patient xmlns=\"http://hl7.org/fhir\"><name><fam|</name></Patient>", "family", "birthDate"),
        ("<Patient xmlns=\"http://hl7.org/fhir\">|</Patient>", "birthDate", "value"),
        ("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"|\"/></Patient>", "female", "birthDate"),
    ] {
        let options = offered(&careconnect, marked);
        let has = |label: &str| options.iter().any(|option| option["label"] == label);
        assert!(has(wanted) && !has(unwanted), "{marked}: {options:?}");
    }
    let extension =
        offered(&careconnect, &format!("{{\"resourceType\":\"Patient\",{profile},\"extension\":[{{\"url\":\"|\"}}]}}"));
    assert_eq!(extension.iter().filter(|option| option["label"] == nhs).count(), 1, "{extension:?}");
    for (marked, insert) in [
        ("{\"resourceType\":\"Patient\",\"gen|", "\"gender\": \"\""),
        ("{\"resourceType\":\"Patient\",\"nam|\"}", "\"name\": [{}]"),
        ("{\"resourceType\":\"Patient\",\"gen|\": \"male\"}", "gender"),
        ("{\"resourceType\":\"Patient\",\"gender\": \"f|\"}", "female"),
        ("{\"resourceType\":\"Patient\",\"gender\": |}", "\"female\""),
        ("<Patient xmlns=\"http://hl7.org/fhir\">|</Patient>", "<birthDate value=\"\"/>"),
    ] {
        let options = offered(&careconnect, marked);
        assert!(options.iter().any(|option| option["insert"] == insert), "{marked}: {options:?}");
    }
    let missing = offered(&careconnect, "{\"resourceType\":\"Observation\",|}");
    assert_eq!((&missing[0]["missing"], &missing[0]["label"]), (&json!(true), &json!("status")));
    let coding = offered(
        &careconnect,
        "{\"resourceType\":\"Patient\",\"maritalStatus\":{\"coding\":[{\"system\":\"http://hl7.org/fhir/v3/MaritalStatus\",\"code\":\"|\"}]}}",
    );
    assert!(coding.iter().any(|option| option["label"] == "M"), "{coding:?}");
}

#[test]
fn completion_takes_any_input() {
    let careconnect = support::default_packs();
    for (_, input) in cases().iter().filter(|(_, input)| input.len() < 1_500).step_by(5) {
        for offset in (0..input.len() + 3).step_by(17) {
            inspect::complete(careconnect.definitions(), input.as_bytes(), &Options::default(), offset as u32);
            inspect::element_at(careconnect.definitions(), input.as_bytes(), &Options::default(), offset as u32);
        }
    }
}

/// The skeletons of all profiles are judged; tests/skeletons.tsv has those with errors, as what they lack follows from
/// FHIRPath, from what no definition states, or from a guide. CARECONNECT_BLESS=1 writes it anew.
#[test]
fn a_skeleton_is_valid() {
    let careconnect = support::all_packs();
    let mut found = String::new();
    let (mut count, mut faulty) = (0, 0);
    for known in careconnect.definitions().known() {
        let url = &*known.plan.url;
        let Some(text) = inspect::skeleton(careconnect.definitions(), url) else { continue };
        count += 1;
        assert!(!text.contains("\"Group/example\""), "{url} is about a group, where a patient may stand:\n{text}");
        let issues = said(&careconnect, &text).into_iter().filter(|(severity, ..)| severity.is_error());
        let errors: Vec<String> = issues.map(|(_, rule, place)| format!("{rule} {place}")).collect();
        if !errors.is_empty() {
            faulty += 1;
            found.push_str(&format!("{}\t{url}\t{}\n", known.family, errors.join(", ")));
        }
    }
    println!("{count} skeletons, {faulty} with errors");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/skeletons.tsv");
    if std::env::var_os("CARECONNECT_BLESS").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), found);
    assert!(faulty * 5 < count, "{faulty} of {count}");
}
