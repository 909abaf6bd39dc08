//! Codes as a validation reports them: the table of what is said of which code and how bad it is, what a caller can change
//! in it, and answers that come from elsewhere.

mod support;

use careconnect::Careconnect;
use careconnect::check::{Answer, Answers, Options};
use careconnect::issue::Severity;
use std::sync::OnceLock;
use support::release::{NHS, SYNONYM, Snomed, sctid};

/// STU3 and CareConnect, a small release of SNOMED CT, and definitions of our own.
fn core() -> &'static Careconnect {
    static CORE: OnceLock<Careconnect> = OnceLock::new();
    CORE.get_or_init(|| {
        let mut release = Snomed::default();
        release.concept(sctid(1_000), true, &[]);
        release.term(sctid(1_000), SYNONYM, "Fever", Some(NHS));
        release.concept(sctid(1_001), false, &[]);
        release.term(sctid(1_001), SYNONYM, "Old fever", Some(NHS));
        let mut definitions = support::default_packs().definitions().clone();
        definitions.load(release.pack().0.as_slice()).unwrap();
        let (core, reports) = Careconnect::new(definitions).with_definitions(&[OWN.as_bytes()]);
        let errors: Vec<String> =
            reports.iter().flat_map(|own| &own.report.issues).map(|i| i.problem.message()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        core
    })
}

/// A code system, a supplement to it in Welsh, and a profile with a binding of each strength to one of its codes.
const OWN: &str = r#"{ "resourceType": "Bundle", "type": "collection", "entry": [
  { "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001", "resource": { "resourceType": "CodeSystem", "url": "urn:example:moods", "status": "active", "content": "complete", "caseSensitive": true,
      "concept": [{ "code": "m1", "display": "Good", "concept": [{ "code": "m11", "display": "Very good" }] }, { "code": "m2", "display": "Bad" }] } },
  { "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000002", "resource": { "resourceType": "CodeSystem", "url": "urn:example:moods-cy", "status": "active", "content": "not-present",
      "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/codesystem-supplements", "valueUri": "urn:example:moods" }],
      "concept": [{ "code": "m1", "designation": [{ "language": "cy", "value": "Da" }] }] } },
  { "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000003", "resource": { "resourceType": "ValueSet", "url": "urn:example:good", "status": "active",
      "compose": { "include": [{ "system": "urn:example:moods", "filter": [{ "property": "code", "op": "regex", "value": "m1+" }] }] } } },
  { "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000004", "resource": { "resourceType": "ValueSet", "url": "urn:example:elsewhere", "status": "active",
      "compose": { "include": [{ "system": "urn:example:not-here" }] } } }
] }"#;

/// The issues about codings of a Condition's code, as `rule severity`, with rules as a caller sets them.
fn said(coding: &str, rules: &[(&str, &str)], answers: Answers) -> (Vec<String>, Vec<String>) {
    let resource = format!(
        r#"{{ "resourceType": "Basic", "language": "cy", "code": {{ "coding": [{coding}] }}, "subject": {{ "reference": "Patient/1" }} }}"#
    );
    let mut options = Options { answers, ..Options::default() };
    rules.iter().for_each(|(rule, level)| options.rules.set(rule, level).unwrap());
    let report = core().validate(resource.as_bytes(), &options);
    let about = report.issues.iter().filter(|issue| issue.expression.contains("coding["));
    (
        about.map(|issue| format!("{} {}", issue.problem.rule(), issue.severity.code())).collect(),
        report
            .unchecked
            .iter()
            .map(|one| format!("{} {}|{}: {}", one.subject, one.system, one.code, one.reason))
            .collect(),
    )
}

/// The table of docs/terminology.md: each entry as it is, and with every severity that a caller can give it.
#[test]
fn the_table_of_severities() {
    let snomed = |number: u64, display: &str| {
        format!(r#"{{ "system": "http://snomed.info/sct", "code": "{}", "display": "{display}" }}"#, sctid(number))
    };
    let mood = |code: &str, display: &str| {
        format!(r#"{{ "system": "urn:example:moods", "code": "{code}", "display": "{display}" }}"#)
    };
    for (coding, rule, usual) in [
        (r#"{ "code": "m1" }"#.to_owned(), "coding-no-system", Some(Severity::Warning)),
        (r#"{ "system": "moods", "code": "m1" }"#.to_owned(), "system-relative", Some(Severity::Error)),
        (r#"{ "system": "urn:example:good", "code": "m1" }"#.to_owned(), "system-is-value-set", Some(Severity::Error)),
        (r#"{ "system": "urn:example:unheard", "code": "m1" }"#.to_owned(), "code-system-unknown", None),
        (mood("m3", "Odd"), "code-unknown", Some(Severity::Error)),
        (snomed(1_002, "Fever"), "code-unknown", Some(Severity::Error)),
        (r#"{ "system": "http://loinc.org", "code": "8480-7" }"#.to_owned(), "code-unknown", Some(Severity::Error)),
        (snomed(1_001, "old FEVER"), "code-inactive", Some(Severity::Warning)),
        (snomed(1_000, "Cough"), "display-wrong", Some(Severity::Warning)),
        (mood("m2", "Good"), "display-wrong", Some(Severity::Warning)),
    ] {
        let (found, _) = said(&coding, &[], Answers::default());
        let expected: Vec<String> = usual.iter().map(|severity| format!("{rule} {}", severity.code())).collect();
        assert_eq!(found, expected, "{coding}");
        for level in ["error", "warning", "information"] {
            let (found, _) = said(&coding, &[(rule, level)], Answers::default());
            assert_eq!(found, [format!("{rule} {level}")], "{coding}");
        }
        assert!(said(&coding, &[(rule, "off")], Answers::default()).0.is_empty(), "{coding}");
    }
    for right in [snomed(1_000, "FEVER"), mood("m1", "good"), mood("m1", "DA"), mood("m11", "Very  good")] {
        assert_eq!(said(&right, &[], Answers::default()), (Vec::new(), Vec::new()), "{right}");
    }
}

/// The strength of a binding decides what is said of a code outside of the value set.
#[test]
fn bindings_of_every_strength() {
    let profile = |strength: &str, value_set: &str, max: &str| {
        let max = match max {
            "" => String::new(),
            url => format!(
                r#""extension": [{{ "url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet", "valueReference": {{ "reference": "{url}" }} }}],"#
            ),
        };
        format!(
            r#"{{ "resourceType": "StructureDefinition", "url": "urn:example:p", "name": "P", "status": "draft", "kind": "resource", "abstract": false,
                 "type": "Basic", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Basic", "derivation": "constraint", "fhirVersion": "3.0.1",
                 "differential": {{ "element": [{{ "id": "Basic", "path": "Basic" }}, {{ "id": "Basic.code", "path": "Basic.code",
                   "binding": {{ {max} "strength": "{strength}", "valueSetReference": {{ "reference": "{value_set}" }} }} }}] }} }}"#
        )
    };
    for (strength, code, max, expected) in [
        ("required", "m2", "", "coding-required error"),
        ("extensible", "m2", "", "code-extensible warning"),
        ("preferred", "m2", "", "code-preferred information"),
        ("example", "m2", "", ""),
        ("extensible", "m2", "urn:example:good", "code-max-value-set error"),
        ("preferred", "m2", "urn:example:good", "code-max-value-set error"),
        ("required", "m11", "", ""),
        ("required", "m3", "", "code-unknown error"),
    ] {
        let (with, _) = core().with_definitions(&[profile(strength, "urn:example:good", max).as_bytes()]);
        let resource = format!(
            r#"{{ "resourceType": "Basic", "code": {{ "coding": [{{ "system": "urn:example:moods", "code": "{code}" }}] }} }}"#
        );
        let options = Options { profiles: vec!["urn:example:p".into()], ..Options::default() };
        let report = with.validate(resource.as_bytes(), &options);
        let found: Vec<String> = (report.issues.iter())
            .filter(|issue| issue.problem.rule().starts_with("cod"))
            .map(|issue| format!("{} {}", issue.problem.rule(), issue.severity.code()))
            .collect();
        assert_eq!(found.join(", "), expected, "{strength} {code}");
    }
    // What cannot be decided is never an error, and for a required binding it is said.
    for (strength, expected) in [("required", 1), ("extensible", 0), ("preferred", 0)] {
        let (with, _) = core().with_definitions(&[profile(strength, "urn:example:elsewhere", "").as_bytes()]);
        let resource =
            r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "urn:example:not-here", "code": "x" }] } }"#;
        let options = Options { profiles: vec!["urn:example:p".into()], ..Options::default() };
        let report = with.validate(resource.as_bytes(), &options);
        assert!(report.is_valid());
        assert_eq!(report.issues.iter().filter(|issue| issue.problem.rule() == "code-unchecked").count(), expected);
        let [one] = &report.unchecked[..] else { panic!("{:?}", report.unchecked) };
        assert_eq!((&*one.subject, &*one.system, &*one.code), ("urn:example:elsewhere", "urn:example:not-here", "x"));
        assert_eq!(one.reason, "The codes of urn:example:not-here are not loaded.");
        // Somebody else's answer takes its place.
        for (is_in, rule) in [
            (true, None),
            (
                false,
                Some(match strength {
                    "required" => "coding-required",
                    "extensible" => "code-extensible",
                    _ => "code-preferred",
                }),
            ),
        ] {
            let mut options = options.clone();
            options.answers.insert(&one.subject, &one.system, &one.code, Answer { is_in, ..Answer::default() });
            let report = with.validate(resource.as_bytes(), &options);
            let found: Vec<&str> = (report.issues.iter())
                .map(|issue| issue.problem.rule())
                .filter(|rule| rule.starts_with("cod"))
                .collect();
            assert_eq!(found, rule.into_iter().collect::<Vec<_>>(), "{strength} {is_in}");
            let left: Vec<&str> = report.unchecked.iter().map(|one| &*one.subject).collect();
            assert!(left.iter().all(|subject| subject.is_empty()), "{left:?}");
        }
    }
}

/// A code whose system is not loaded is asked about, and what is answered is used for all that is said of codes.
#[test]
fn answers_about_a_code_system() {
    let coding = r#"{ "system": "urn:example:unheard", "code": "u1", "display": "Heard" }"#;
    let (issues, unchecked) = said(coding, &[], Answers::default());
    assert!(issues.is_empty());
    assert_eq!(unchecked, [" urn:example:unheard|u1: The code system urn:example:unheard is not loaded."]);
    for (is_in, display, is_inactive, expected) in [
        (true, None, false, ""),
        (true, Some(" heard"), false, ""),
        (true, Some("Other"), false, "display-wrong warning"),
        (true, None, true, "code-inactive warning"),
        (false, None, false, "code-unknown error"),
    ] {
        let mut answers = Answers::default();
        let display = display.map(str::to_owned);
        answers.insert("", "urn:example:unheard", "u1", Answer { is_in, display, is_inactive });
        let (issues, unchecked) = said(coding, &[], answers);
        assert_eq!(issues.join(", "), expected);
        assert!(unchecked.is_empty());
    }
}

/// Units by UCUM's grammar and symbols: those of clinical use, and near misses.
#[test]
fn units() {
    let quantity = |code: &str| {
        let resource = format!(
            r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "x" }}, "valueQuantity": {{ "value": 1, "system": "http://unitsofmeasure.org", "code": {} }} }}"#,
            serde_json::to_string(code).unwrap()
        );
        let report = core().validate(resource.as_bytes(), &Options::default());
        report.issues.iter().any(|issue| issue.problem.rule() == "code-unknown")
    };
    for right in "% /min mm[Hg] kg g mg ug cm m Cel [degF] L mL dL fL mmol/L umol/L nmol/L pmol/L mmol/mol ug/L ng/mL mg/dL g/L \
        10*9/L 10*12/L 10*-3 10^3 /uL [IU]/L [iU]/L k[IU]/L m[IU]/L U/L kat/L mL/min mL/min/{1.73_m2} mL/min/1.73.m2 kg/m2 \
        mosm/kg mmol/kg h min s d wk mo a {score} {beats}/min /min{beats} /[HPF] [pH] kPa 1 10 [in_i] [lb_av] [stone_av] \
        m/s2 kg.m/s2 kg/(m.s2) m2 cm2 dB B[SPL] g/(24.h) g/24.h [drp] [arb'U] mm/h pg fmol ug{FEU}/mL meq/L Ki By MiBy \
        [m/s2/Hz^(1/2)] cal_[15] g%"
        .split_ascii_whitespace()
    {
        // `Ki` alone is a prefix, and no unit.
        assert_eq!(quantity(right), right == "Ki", "{right}");
    }
    for wrong in [
        "mmHg",
        "beats",
        "bpm",
        "°C",
        "C°",
        "degC",
        "KG",
        "mgs",
        "mm Hg",
        "g//L",
        "g/",
        "/",
        "{a",
        "a}",
        "{}",
        "(g",
        "g)",
        "kkg",
        "k[degF]",
        "10*+",
        "0",
        "µg",
        "mg.",
        "[",
        "[xyz]",
        "milligram",
        "IU/L",
        "x10*9/L",
        "g^2",
    ] {
        assert!(quantity(wrong), "{wrong}");
    }
}
