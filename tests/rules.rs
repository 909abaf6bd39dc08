//! The severities of single rules, as a caller sets them.

mod support;

use careconnect::check::{Options, Rules};
use careconnect::issue::{Problem, Severity};

const PATIENT: &[u8] = br#"{ "resourceType": "Patient", "gender": "woman", "photo": [] }"#;

fn found(rules: Rules) -> Vec<(&'static str, Severity)> {
    let careconnect = support::packs(&["stu3"]);
    let report = careconnect.validate(PATIENT, &Options { rules, ..Options::default() });
    assert_eq!(report.is_valid(), !report.issues.iter().any(|issue| issue.severity.is_error()));
    report.issues.iter().map(|issue| (issue.problem.rule(), issue.severity)).collect()
}

#[test]
fn a_rule_is_as_bad_as_it_is_set() {
    let both = [("code-required", Severity::Error), ("empty-array", Severity::Error)];
    assert_eq!(found(Rules::default()), both);
    for (level, severity) in [("warning", Severity::Warning), ("information", Severity::Information)] {
        let mut rules = Rules::default();
        rules.set("code-required", level).unwrap();
        assert_eq!(found(rules), [("code-required", severity), ("empty-array", Severity::Error)]);
    }
    let mut rules = Rules::default();
    rules.set("code-required", "off").unwrap();
    assert_eq!(found(rules.clone()), [("empty-array", Severity::Error)]);
    rules.set("code-required", "error").unwrap();
    assert_eq!(found(rules), both);
}

#[test]
fn every_rule_can_be_set_but_for_what_was_not_read() {
    for (rule, usual, _) in Problem::RULES {
        for level in ["error", "warning", "information", "off"] {
            let set = Rules::default().set(rule, level);
            assert_eq!(set.is_err(), *usual == Severity::Fatal, "{rule}");
        }
    }
}

#[test]
fn what_cannot_be_set_is_said() {
    for (rule, level, words) in [
        ("code-requierd", "off", "There is no rule 'code-requierd'. Did you mean 'code-required'?"),
        ("xyz", "off", "There is no rule 'xyz'."),
        ("code-required", "none", "can be set to error, warning, information or off; this is 'none'"),
        ("code-required", "fatal", "can be set to error, warning, information or off; this is 'fatal'"),
        ("json-syntax", "off", "could not be read"),
    ] {
        let said = Rules::default().set(rule, level).unwrap_err();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn profiles_are_asked_of_the_resources_of_a_type_wherever_they_are() {
    const HUMAN: &str = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";
    let careconnect = support::packs(&["stu3", "careconnect"]);
    let patient = r#"{"resourceType":"Patient","id":"p","name":[{"text":"x"}]}"#;
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"urn:uuid:6b3a8e0c-5f0e-4c39-9d8e-0d3a6e7f1a11","resource":{patient}}}]}}"#
    );
    let asked = |name: &str, url: &str| Options {
        profiles_for: vec![(name.to_owned(), vec![url.to_owned()])],
        ..Options::default()
    };
    for input in [patient, &bundle] {
        for url in [HUMAN, "CareConnect-Patient-1"] {
            let report = careconnect.validate(input.as_bytes(), &asked("Patient", url));
            assert!(report.profiles.iter().any(|profile| profile.starts_with(HUMAN)), "{:?}", report.profiles);
            assert!(
                report.issues.iter().any(|issue| issue.severity == Severity::Error),
                "a name without use or family"
            );
        }
        let none = careconnect.validate(input.as_bytes(), &asked("Observation", HUMAN));
        assert!(none.profiles.iter().all(|profile| !profile.starts_with(HUMAN)));
        let unknown = careconnect.validate(input.as_bytes(), &asked("Patient", "urn:example:none"));
        assert!(unknown.issues.iter().any(|issue| issue.problem.rule() == "profile-asked-unknown"));
        let wrong = careconnect
            .validate(input.as_bytes(), &asked("Patient", "http://hl7.org/fhir/StructureDefinition/bodyweight"));
        assert!(wrong.issues.iter().any(|issue| issue.problem.rule() == "profile-wrong-type"));
    }
}
