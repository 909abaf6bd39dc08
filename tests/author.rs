//! Definitions at run time: whatever is given there is a report, and the handle that they are added to stays as it was.

mod support;

use careconnect::Careconnect;
use careconnect::check::Options;

const PROFILE: &str = r##"{
  "resourceType": "StructureDefinition", "url": "https://example.org/p", "version": "1", "name": "P", "status": "draft",
  "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
  "differential": { "element": [
    { "id": "Patient", "path": "Patient",
      "constraint": [{ "key": "p-1", "severity": "error", "human": "é", "expression": "name.exists()" }] },
    { "id": "Patient.identifier", "path": "Patient.identifier",
      "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": "open" } },
    { "id": "Patient.identifier:a", "path": "Patient.identifier", "sliceName": "a", "min": 1 },
    { "id": "Patient.identifier:a.system", "path": "Patient.identifier.system", "fixedUri": "urn:a" },
    { "id": "Patient.contact.name", "path": "Patient.contact.name", "patternHumanName": { "given": ["x"] } }
  ] }
}"##;

fn rules(core: &Careconnect, input: &str, profile: &str) -> Vec<&'static str> {
    let report = core.validate(input.as_bytes(), &Options { profiles: vec![profile.to_owned()], ..Options::default() });
    report.issues.iter().filter(|issue| issue.severity.is_error()).map(|issue| issue.problem.rule()).collect()
}

#[test]
fn the_handle_stays_and_the_new_one_has_both() {
    let core = support::default_packs();
    let (own, reports) = core.with_definitions(&[PROFILE.as_bytes()]);
    assert_eq!((reports.len(), reports[0].report.is_valid(), &*reports[0].url), (1, true, "https://example.org/p"));
    let patient = r#"{"resourceType": "Patient", "identifier": [{"system": "urn:b"}]}"#;
    assert_eq!(rules(&own, patient, "https://example.org/p|1"), ["invariant", "slice-min"]);
    assert!(core.definitions().plan("https://example.org/p").is_none());
    // A profile on one that was added before, and one in its place.
    let derived = PROFILE
        .replace("https://example.org/p\"", "https://example.org/q\"")
        .replace("http://hl7.org/fhir/StructureDefinition/Patient\"", "https://example.org/p\"");
    let (both, reports) = own.with_definitions(&[derived.as_bytes()]);
    assert!(reports[0].report.is_valid(), "{:?}", reports[0].report.issues);
    assert_eq!(rules(&both, patient, "https://example.org/q"), ["invariant", "slice-min"]);
    let looser = PROFILE.replace(r#""sliceName": "a", "min": 1"#, r#""sliceName": "a", "min": 0"#);
    let (replaced, _) = own.with_definitions(&[looser.as_bytes()]);
    assert_eq!(rules(&replaced, patient, "https://example.org/p|1"), ["invariant"]);
}

#[test]
fn definitions_may_refer_to_each_other_in_any_order() {
    let core = support::default_packs();
    let derived = PROFILE
        .replace("https://example.org/p\"", "https://example.org/q\"")
        .replace("http://hl7.org/fhir/StructureDefinition/Patient\"", "https://example.org/p\"");
    for inputs in [[PROFILE, &derived], [&derived, PROFILE]] {
        let (own, reports) = core.with_definitions(&inputs.map(str::as_bytes));
        assert!(reports.iter().all(|report| report.report.is_valid()));
        assert_eq!(rules(&own, r#"{"resourceType": "Patient"}"#, "https://example.org/q"), ["invariant", "slice-min"]);
    }
}

#[test]
fn the_same_in_xml() {
    let core = support::default_packs();
    let xml = r#"<StructureDefinition xmlns="http://hl7.org/fhir"><url value="https://example.org/x"/><name value="X"/>
        <status value="draft"/><kind value="resource"/><abstract value="false"/><type value="Patient"/>
        <baseDefinition value="http://hl7.org/fhir/StructureDefinition/Patient"/><derivation value="constraint"/>
        <differential><element id="Patient"><path value="Patient"/></element>
        <element id="Patient.name"><path value="Patient.name"/><patternHumanName><given value="A"/></patternHumanName></element>
        <element id="Patient.multipleBirth[x]"><path value="Patient.multipleBirth[x]"/><fixedInteger value="2"/></element>
        </differential></StructureDefinition>"#;
    let (own, reports) = core.with_definitions(&[xml.as_bytes()]);
    assert_eq!(reports[0].report.issues, []);
    let good = r#"{"resourceType": "Patient", "name": [{"given": ["A", "B"]}], "multipleBirthInteger": 2}"#;
    let bad = r#"{"resourceType": "Patient", "name": [{"given": ["B"]}], "multipleBirthInteger": 3}"#;
    assert_eq!(rules(&own, good, "https://example.org/x"), [""; 0]);
    assert_eq!(rules(&own, bad, "https://example.org/x"), ["pattern-value", "fixed-value"]);
}

#[test]
fn whatever_is_given_there_is_a_report() {
    let core = support::default_packs();
    let mut inputs: Vec<Vec<u8>> =
        (0..PROFILE.len()).step_by(7).map(|end| PROFILE.as_bytes()[..end].to_vec()).collect();
    // Each piece of the definition turned into something that it should not be.
    for (from, to) in [
        ("\"path\": \"Patient\"", "\"path\": \"\""),
        ("\"path\": \"Patient\"", "\"path\": 7"),
        ("Patient.identifier", "Patient..identifier"),
        ("\"sliceName\": \"a\"", "\"sliceName\": \"a/b/c//\""),
        ("\"path\": \"system\"", "\"path\": \"resolve().x.resolve().ofType(\""),
        ("\"path\": \"system\"", "\"path\": \"extension('\u{e9}\").value\""),
        ("name.exists()", "\u{e9}\u{1f600} and ("),
        ("\"min\": 1", "\"min\": -1"),
        ("\"min\": 1", "\"max\": \"99999999999999999999\""),
        ("\"constraint\",", "\"specialization\","),
        ("https://example.org/p", "http://hl7.org/fhir/StructureDefinition/Patient"),
        ("StructureDefinition/Patient\"", "StructureDefinition/Element\""),
        ("\"type\": \"Patient\"", "\"type\": \"Nothing\""),
        ("\"type\": \"Patient\",", ""),
        ("\"kind\": \"resource\"", "\"kind\": \"logical\""),
        ("\"differential\"", "\"snapshot\""),
        ("StructureDefinition\"", "ValueSet\""),
        ("StructureDefinition\"", "CodeSystem\""),
        ("StructureDefinition\"", "Questionnaire\""),
        ("StructureDefinition\"", "Bundle\""),
    ] {
        assert!(PROFILE.contains(from), "{from}");
        inputs.push(PROFILE.replace(from, to).into_bytes());
    }
    inputs.extend([&b""[..], b"[]", b"<", b"\xff\xfe", b"{}", b"<a xmlns='http://hl7.org/fhir'/>"].map(<[u8]>::to_vec));
    let patient =
        r#"{"resourceType": "Patient", "identifier": [{"system": "urn:b"}], "contact": [{"name": {"text": "x"}}]}"#;
    for input in &inputs {
        for core in [&core, &Careconnect::default()] {
            let (own, reports) = core.with_definitions(&[input]);
            assert_eq!(reports.len(), 1);
            rules(&own, patient, "https://example.org/p");
        }
    }
    let all: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    assert_eq!(core.with_definitions(&all).1.len(), inputs.len());
    assert_eq!(core.with_definitions(&[]).1, []);
}
