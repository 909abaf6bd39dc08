//! Copies without personal data: nothing of the original is left, the faults are, and a copy of a copy is the same.

mod support;

use careconnect::Careconnect;
use careconnect::check::Options;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

const KEY: &[u8] = b"a key for tests";

/// A message in which every kind of value stands, with faults among them.
const RESOURCE: &str = r##"{
  "resourceType": "Bundle", "id": "smithson-1", "type": "collection",
  "fhir_comments": ["written by Dr Quentin Featherstone"],
  "entry": [
    { "fullUrl": "urn:uuid:3f1b7a52-7c2e-4a67-9b4e-0c5f2f7d9a11", "resource": {
      "resourceType": "Patient", "id": "featherstone-9434765919",
      "meta": { "lastUpdated": "2021-03-04T10:11:12Z", "versionId": "7" },
      "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p id=\"featherstone\" title=\"Quentin\">Quentin &#81;uentin Featherstone<!-- Featherstone --></p><a href=\"https://ward.example.nhs.uk/featherstone\">x</a></div>" },
      "identifier": [
        { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919" },
        { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765918" },
        { "system": "http://hospital.example/mrn", "value": "RXH4471902" }
      ],
      "name": [{ "use": "official", "family": "Featherstone-O'Quill", "given": ["Quentin"], "prefix": ["Mr"] }],
      "telecom": [{ "system": "phone", "value": "07912 345678" }, { "system": "email", "value": "quentin@quillmail.net" }, { "system": "phone", "value": "call Quentin" }],
      "gender": "male", "birthDate": "1947-08-19", "deceasedDateTime": "2021-13-44",
      "address": [{ "line": ["14 Larkspur Lane"], "city": "Netherwick", "postalCode": "LS1 4AP" }, { "postalCode": "LS14 AP9" }],
      "generalPractitioner": [{ "reference": "Practitioner/larkspur-77", "display": "Dr Ophelia Larkspur" }],
      "photo": [{ "contentType": "text/plain", "data": "UXVlbnRpbiBGZWF0aGVyc3RvbmU=", "size": 20, "hash": "3Y0/9jIv1cFcFf8Gm1Z8bQ4j5rM=" }],
      "nickname": "Quentin"
    } },
    { "resource": { "resourceType": "Condition", "clinicalStatus": "acitve",
      "subject": { "reference": "Patient/featherstone-9434765919" },
      "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "195967001", "display": "Asthma of Quentin" }], "text": "Featherstone's asthma" },
      "onsetDateTime": "2009-05", "note": [{ "text": "Seen with Ophelia on 12 May, tel 07912345678" }]
    } }
  ]
}"##;

/// Strings of it that say who it is about.
const PERSONAL: &[&str] = &[
    "feather",
    "quentin",
    "quill",
    "smithson",
    "9434765919",
    "9434765918",
    "4471902",
    "07912",
    "345678",
    "larkspur",
    "ophelia",
    "netherwick",
    "LS1",
    "1947",
    "2021-",
    "2009",
    "RXH",
    "ward.example",
    "UXVlbnRpb",
    "14 ",
];

fn codes(careconnect: &Careconnect, input: &[u8]) -> BTreeSet<(&'static str, String)> {
    let report = careconnect.validate(input, &Options::default());
    report.issues.into_iter().map(|issue| (issue.problem.rule(), issue.expression)).collect()
}

/// A text with what Base64 in it says and the references of XML replaced.
fn decoded(text: &str) -> String {
    use base64::Engine;
    let mut out = text.replace("&#", "\\u");
    for word in text.split(|character: char| !(character.is_ascii_alphanumeric() || "+/=".contains(character))) {
        if let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(word) {
            out.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    out.to_lowercase()
}

#[test]
fn nothing_personal_is_left() {
    let careconnect = support::all_packs();
    let as_xml =
        careconnect::inspect::convert(careconnect.definitions(), RESOURCE.as_bytes(), careconnect::source::Format::Xml);
    for input in [RESOURCE, as_xml.text.as_deref().expect("XML")] {
        let copy = careconnect.redact(input.as_bytes(), KEY);
        let all = decoded(&copy);
        for personal in PERSONAL {
            assert!(!all.contains(&personal.to_lowercase()), "'{personal}' is left in\n{copy}");
        }
    }
}

#[test]
fn faults_stay() {
    let careconnect = support::all_packs();
    let copy = careconnect.redact(RESOURCE.as_bytes(), KEY);
    assert_eq!(codes(&careconnect, copy.as_bytes()), codes(&careconnect, RESOURCE.as_bytes()), "{copy}");
}

#[test]
fn a_number_stays_one_that_a_reader_has_room_for() {
    let careconnect = support::default_packs();
    // Found at random: an exponent of nines is no number to most readers.
    let input = r#"{"resourceType":"Patient","birthDate":"1980-02-03","_birthDate":1e+300,"x":[-2.50E12,0]}"#;
    let copy = careconnect.redact(input.as_bytes(), KEY);
    assert!(copy.contains(r#""_birthDate":9e+111,"x":[-9.99E11,9]"#), "{copy}");
    assert!(serde_json::from_str::<serde_json::Value>(&copy).is_ok(), "{copy}");
}

#[test]
fn the_same_key_gives_the_same_copy_and_another_another() {
    let careconnect = support::all_packs();
    let copy = careconnect.redact(RESOURCE.as_bytes(), KEY);
    assert_eq!(copy, careconnect.redact(RESOURCE.as_bytes(), KEY));
    assert_ne!(copy, careconnect.redact(RESOURCE.as_bytes(), b"another key"));
    assert_eq!(copy, careconnect.redact(copy.as_bytes(), KEY), "a copy of a copy");
}

#[test]
fn what_is_equal_stays_equal() {
    let careconnect = support::all_packs();
    let copy: serde_json::Value = serde_json::from_str(&careconnect.redact(RESOURCE.as_bytes(), KEY)).expect("JSON");
    let at = |pointer: &str| copy.pointer(pointer).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    assert_eq!(format!("Patient/{}", at("/entry/0/resource/id")), at("/entry/1/resource/subject/reference"));
    let number = at("/entry/0/resource/identifier/0/value");
    assert!(number.starts_with("999") && careconnect::nhs::nhs_number(&number).is_ok(), "{number}");
    assert!(careconnect::nhs::nhs_number(&at("/entry/0/resource/identifier/1/value")).is_err());
    assert_eq!(at("/entry/0/resource/gender"), "male");
    assert_eq!(at("/entry/1/resource/code/coding/0/code"), "195967001");
}

proptest! {
    // The same inputs each time: what is found at random is for the fuzzer, which says so.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x5EED),
        ..ProptestConfig::default()
    })]

    /// Whatever the bytes: no failure, a copy of a copy is the same, and no long word or number is left.
    #[test]
    fn any_text(input in "[ -~\n\u{e9}\u{4e2d}]{0,200}") {
        let careconnect = support::default_packs();
        let copy = careconnect.redact(input.as_bytes(), KEY);
        prop_assert_eq!(careconnect.redact(copy.as_bytes(), KEY), copy);
    }

    /// Faulty resources: a piece of one replaced by something else.
    #[test]
    fn damaged_resources(at in 0..RESOURCE.len(), length in 0..40usize, piece in "[\\[\\]{}\",:a-z0-9\\\\<&]{0,6}") {
        let careconnect = support::default_packs();
        let end = (at + length).min(RESOURCE.len());
        let input = format!("{}{piece}{}", &RESOURCE[..at], &RESOURCE[end..]);
        let copy = careconnect.redact(input.as_bytes(), KEY);
        for personal in ["Featherstone", "Larkspur", "9434765919", "Netherwick"] {
            prop_assert!(!copy.contains(personal), "'{}' is left in\n{}", personal, copy);
        }
    }
}

/// Over the corpus: how many files have the same issues at the same places, and what changes.
#[test]
fn the_corpus_keeps_its_faults() {
    let Some(shared) = support::shared() else { return println!("ignored: the corpus is not here") };
    let careconnect = support::all_packs();
    let folder = shared.join("corpus/nhs");
    let files: Vec<_> = [".json", ".xml"].iter().flat_map(|ending| support::files(&folder, ending)).collect();
    let (mut same, mut twice) = (0, 0);
    for path in &files {
        let input = std::fs::read(path).expect("a readable file");
        let copy = careconnect.redact(&input, KEY);
        let is_same = codes(&careconnect, &input) == codes(&careconnect, copy.as_bytes());
        same += usize::from(is_same);
        if let Some(copies) = std::env::var_os("CARECONNECT_COPIES") {
            let name = path.strip_prefix(&folder).expect("below").to_string_lossy().replace('/', "~");
            std::fs::write(Path::new(&copies).join(name), &copy).expect("a writable folder");
        }
        let again = careconnect.redact(copy.as_bytes(), KEY);
        if again != copy {
            twice += 1;
            println!("copied again, it is not the same: {}", path.display());
        }
    }
    support::figure(
        "redacted-corpus",
        &format!(
            "of {} files {same} have the same issues, {twice} are not the same when they are copied again",
            files.len()
        ),
    );
}
