//! Two versions of a resource as their difference, and the patients of two records compared.

mod support;

use careconnect::render::compare::Verdict;
use careconnect::render::language::Language;
use careconnect::render::{As, Mode, Options};

fn difference(old: &str, new: &str, as_: As) -> String {
    let options = Options { as_, mode: Mode::Diff, against: Some(old.into()), ..Options::default() };
    support::default_packs().render(new.as_bytes(), &options).output
}

const OLD: &str = r#"{"resourceType": "Patient", "id": "1", "active": true, "birthDate": "1980-01-02", "gender": "male",
  "name": [{"use": "official", "family": "Smith", "given": ["John"]}],
  "telecom": [{"system": "phone", "value": "07700900123", "use": "mobile"}, {"system": "email", "value": "a@example.org"}]}"#;

const NEW: &str = r#"{"resourceType": "Patient", "id": "1", "active": false, "birthDate": "1980-01-03", "gender": "male",
  "name": [{"use": "official", "family": "Smith", "given": ["John"]}], "deceasedDateTime": "2020-05-06",
  "telecom": [{"system": "phone", "value": "07700900123", "use": "mobile"}]}"#;

#[test]
fn a_difference_is_said_in_every_form() {
    let text = difference(OLD, NEW, As::Text);
    for words in [
        "Differences (3 changed, 1 added, 1 removed)",
        "Born: was 02-Jan-1980",
        "now 03-Jan-1980",
        "Record active: was Yes",
        "Headline: was SMITH, John",
        "Died: 06-May-2020",
        "a@example.org",
        "! IMPORTANT: NOT ACTIVE",
    ] {
        assert!(text.contains(words), "\u{201c}{words}\u{201d} is not in:\n{text}");
    }
    assert!(!text.contains("07700 900123"), "what stayed is not repeated:\n{text}");
    for as_ in [As::Narrative, As::Fragment, As::Page, As::Markdown, As::Model] {
        let output = difference(OLD, NEW, as_);
        assert!(output.contains("02-Jan-1980") || output.contains("02\\-Jan"), "{as_:?}: {output}");
        assert!(output.contains("example.org"), "{as_:?}: what was removed is said");
    }
}

#[test]
fn nothing_different_is_said_too() {
    let text = difference(OLD, OLD, As::Text);
    assert!(text.contains("No difference: SMITH, John"), "{text}");
    assert!(!text.contains("Removed"), "{text}");
}

#[test]
fn two_resources_are_not_two_versions() {
    let text = difference(OLD, &NEW.replace("\"id\": \"1\"", "\"id\": \"2\""), As::Text);
    assert!(text.contains("These are not two versions of one resource: Patient 1 and Patient 2"), "{text}");
}

#[test]
fn resources_inside_are_matched_by_their_ids() {
    let of =
        |entries: &str| format!("{{\"resourceType\": \"Bundle\", \"type\": \"collection\", \"entry\": [{entries}]}}");
    let entry = |id: &str, text: &str| {
        format!(r#"{{"resource": {{"resourceType": "Condition", "id": "{id}", "code": {{"text": "{text}"}}}}}}"#)
    };
    let old = of(&[entry("a", "Asthma"), entry("b", "Gout")].join(","));
    let new = of(&[entry("c", "Stroke"), entry("a", "Severe asthma")].join(","));
    let text = difference(&old, &new, As::Text);
    assert!(text.contains("was Asthma") && text.contains("now Severe asthma"), "{text}");
    let (added, removed) = (text.find("Added").expect("added"), text.find("Removed").expect("removed"));
    assert!(text[added..removed].contains("Stroke") && text[removed..].contains("Gout"), "{text}");
}

/// One field of the two patients, the verdict, and words that must be said.
const FIELDS: &[(&str, &str, &str, Verdict, &str)] = &[
    ("family", r#""name": [{"family": "O'Brien"}]"#, r#""name": [{"family": "O\u2019BRIEN"}]"#, Verdict::Same, "same"),
    ("family", r#""name": [{"family": "Smith"}]"#, r#""name": [{"family": "Smyth"}]"#, Verdict::Different, "Smith"),
    ("family", r#""name": [{"family": "Smith"}]"#, r#""active": true"#, Verdict::Missing, "Only the first"),
    (
        "family",
        r#""name": [{"use": "old", "family": "Jones"}, {"use": "official", "family": "Smith"}]"#,
        r#""name": [{"family": "Smith"}]"#,
        Verdict::Same,
        "Smith",
    ),
    (
        "nhsNumber",
        r#""identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "999 000 0018"}]"#,
        r#""identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]"#,
        Verdict::Same,
        "Both records say the same",
    ),
    (
        "nhsNumber",
        r#""identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]"#,
        r#""identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000026"}]"#,
        Verdict::Different,
        "differ",
    ),
    (
        "nhsNumber",
        r#""identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]"#,
        r#""identifier": [{"system": "https://example.org/hospital", "value": "9990000018"}]"#,
        Verdict::Missing,
        "Only the first",
    ),
    ("given", r#""name": [{"given": ["Ann", "Mary"]}]"#, r#""name": [{"given": ["ann  mary"]}]"#, Verdict::Same, "Ann"),
    (
        "given",
        r#""name": [{"given": ["Ann", "Mary"]}]"#,
        r#""name": [{"given": ["Ann"]}]"#,
        Verdict::Different,
        "differ",
    ),
    ("gender", r#""gender": "male""#, r#""gender": "female""#, Verdict::Different, "Female"),
    ("gender", r#""active": true"#, r#""active": true"#, Verdict::Missing, "Neither"),
    ("birthDate", r#""birthDate": "1980-01-02""#, r#""birthDate": "1980-01-02""#, Verdict::Same, "02-Jan-1980"),
    ("birthDate", r#""birthDate": "1980-01-02""#, r#""birthDate": "1980-01""#, Verdict::Missing, "less exact"),
    ("birthDate", r#""birthDate": "1980-01-02""#, r#""birthDate": "1980-02-01""#, Verdict::Different, "01-Feb-1980"),
    ("deceased", r#""active": true"#, r#""deceasedBoolean": false"#, Verdict::Same, "Neither"),
    (
        "deceased",
        r#""deceasedDateTime": "2020-05-06T10:00:00Z""#,
        r#""deceasedDateTime": "2020-05-06""#,
        Verdict::Same,
        "06-May-2020",
    ),
    ("deceased", r#""deceasedDateTime": "2020-05-06""#, r#""active": true"#, Verdict::Different, "Only the first"),
    ("deceased", r#""deceasedBoolean": true"#, r#""deceasedDateTime": "2020-05-06""#, Verdict::Missing, "less exact"),
    (
        "practiceCode",
        r##""managingOrganization": {"reference": "#o"}, "contained": [{"resourceType": "Organization", "id": "o", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "A83627"}]}]"##,
        r#""generalPractitioner": [{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "A83627"}}]"#,
        Verdict::Same,
        "A83627",
    ),
    (
        "practiceCode",
        r#""managingOrganization": {"reference": "Organization/1"}"#,
        r#""active": true"#,
        Verdict::Missing,
        "Neither",
    ),
];

#[test]
fn patients_are_compared_field_by_field() {
    let core = support::default_packs();
    for (field, a, b, verdict, words) in FIELDS {
        let of = |inner: &str| format!("{{\"resourceType\": \"Patient\", {inner}}}");
        let compared =
            core.compare_demographics(of(a).as_bytes(), of(b).as_bytes(), Language::English).expect("two patients");
        assert_eq!(compared.fields.len(), 7);
        let found = compared.fields.iter().find(|one| one.field == *field).expect("all fields");
        assert_eq!(found.result, *verdict, "{field}: {a} and {b}: {}", found.words);
        assert!(found.words.contains(words), "{field}: {}", found.words);
        if *verdict == Verdict::Different {
            assert!(!compared.same && compared.words.starts_with("CHECK THE PATIENT"), "{}", compared.words);
        }
    }
    support::figure(
        "compare",
        &format!("{} comparisons of demographics, each with its verdict and words", FIELDS.len()),
    );
    let wrong = core.compare_demographics(b"{}", b"{}", Language::English).expect_err("no patient");
    assert_eq!(wrong, "The first input has no Patient.");
}
