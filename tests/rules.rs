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
