//! A [`Report`] as FHIR's OperationOutcome and as the plain data that JavaScript sees.

use crate::author::DefinitionReport;
use crate::issue::{Issue, Problem, Severity};
use crate::limits;
use crate::release::Summary;
use crate::report::{Report, Unchecked};
use serde_json::{Map, Value, json};

/// The extension for the line, from 1, of an issue (STU3 extension registry, `OperationOutcome.issue`).
const LINE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
/// The extension for the column, from 1.
const COLUMN: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";

/// The report as an STU3 OperationOutcome (STU3 2.38).
///
/// Each issue has its place as `expression` and in the line and column extensions, its message in `details.text` and its
/// rule in `details.coding.code`. `diagnostics` names the profile and its element, never a value of the resource. What
/// could not be decided follows as `information`, since an OperationOutcome has nowhere else to say so. The narrative is the
/// line that says the verdict and why. As `OperationOutcome.issue` is required, a report with nothing to say gives one issue
/// that says just that.
pub fn operation_outcome(report: &Report) -> Value {
    let (exchange, own): (Vec<&Issue>, Vec<&Issue>) =
        report.issues.iter().partition(|issue| issue.problem.is_of_exchange());
    let mut issues: Vec<Value> = own.into_iter().chain(exchange).map(outcome_issue).collect();
    issues.extend(report.unchecked.iter().map(outcome_unchecked));
    let reason = report.reason();
    if issues.len() > limits::ISSUES + 1 {
        let said = report.issues.last().filter(|issue| matches!(*issue.problem, Problem::MoreIssues { .. }));
        let said = said.map(|issue| format!("{} ", issue.problem.message())).unwrap_or_default();
        let more = issues.len() - limits::ISSUES - usize::from(!said.is_empty());
        issues.truncate(limits::ISSUES);
        issues.push(json!({
            "severity": if said.is_empty() { "information" } else { "warning" },
            "code": "too-costly",
            "details": { "text": format!("{said}{more} more entries, of what was not checked, are left out here.") },
        }));
    }
    if issues.is_empty() {
        issues.push(json!({ "severity": "information", "code": "informational", "details": { "text": reason } }));
    }
    let mut div = String::from("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>");
    for character in reason.chars() {
        match character {
            '&' => div.push_str("&amp;"),
            '<' => div.push_str("&lt;"),
            '>' => div.push_str("&gt;"),
            // A system or URL is quoted as it stands, and XML has no form for most control characters.
            control if control.is_control() => div.push('\u{FFFD}'),
            other => div.push(other),
        }
    }
    div.push_str("</p></div>");
    let mut out = Map::new();
    out.insert("resourceType".into(), "OperationOutcome".into());
    out.insert("text".into(), json!({ "status": "generated", "div": div }));
    out.insert("issue".into(), issues.into());
    Value::Object(out)
}

fn outcome_issue(issue: &Issue) -> Value {
    let heading = if issue.problem.is_of_exchange() { "Rules of documents and messages. " } else { "" };
    let mut diagnostics = format!("{heading}Line {}, column {}.", issue.position.line, issue.position.column);
    if !issue.profile.is_empty() {
        diagnostics.push_str(&format!(" Profile {}", issue.profile));
        if !issue.definition.is_empty() {
            diagnostics.push_str(&format!(", element {}", issue.definition));
        }
        diagnostics.push('.');
    }
    let mut out = Map::new();
    out.insert(
        "extension".into(),
        json!([
            { "url": LINE, "valueInteger": issue.position.line },
            { "url": COLUMN, "valueInteger": issue.position.column },
        ]),
    );
    out.insert("severity".into(), issue.severity.code().into());
    out.insert("code".into(), issue.problem.kind().code().into());
    out.insert(
        "details".into(),
        json!({ "coding": [{ "code": issue.problem.rule() }], "text": issue.problem.message() }),
    );
    out.insert("diagnostics".into(), diagnostics.into());
    if !issue.expression.is_empty() {
        out.insert("expression".into(), json!([issue.expression]));
    }
    Value::Object(out)
}

fn outcome_unchecked(unchecked: &Unchecked) -> Value {
    let mut out = Map::new();
    out.insert("severity".into(), Severity::Information.code().into());
    out.insert("code".into(), "not-supported".into());
    out.insert("details".into(), json!({ "coding": [{ "code": "unchecked" }], "text": unchecked.reason }));
    if !unchecked.subject.is_empty() {
        out.insert("diagnostics".into(), format!("Not checked: {}.", unchecked.subject).into());
    }
    if !unchecked.expression.is_empty() {
        out.insert("expression".into(), json!([unchecked.expression]));
    }
    Value::Object(out)
}

/// The report as plain data, as `careconnect.d.ts` describes it. `offset` and `length` count UTF-16 code units; `line`
/// and `column` count from 1. A text that there is none of (an issue without a profile) is left out.
pub fn plain(report: &Report) -> Value {
    // Put in as they are, since json! would copy every issue.
    let mut out = Map::new();
    out.insert("valid".into(), report.is_valid().into());
    out.insert("verdict".into(), report.verdict().code().into());
    out.insert("reason".into(), report.reason().into());
    out.insert("issues".into(), report.issues.iter().map(plain_issue).collect());
    out.insert("fhirVersion".into(), report.told.version.number().into());
    out.insert("fhirVersionBy".into(), (&*report.told.why).into());
    out.insert("profiles".into(), report.profiles.iter().map(String::as_str).collect());
    out.insert("unchecked".into(), report.unchecked.iter().map(plain_unchecked).collect());
    Value::Object(out)
}

/// What is said of a user's own definition, as plain data. A Bundle has no `url`.
pub fn plain_definition(definition: &DefinitionReport) -> Value {
    let mut out = Map::new();
    insert_text(&mut out, "url", &definition.url);
    out.insert("valid".into(), definition.report.is_valid().into());
    out.insert("verdict".into(), definition.report.verdict().code().into());
    out.insert("reason".into(), definition.report.reason().into());
    out.insert("issues".into(), definition.report.issues.iter().map(plain_issue).collect());
    Value::Object(out)
}

/// What is in a release that was made into a pack, as plain data.
pub fn plain_release(summary: &Summary) -> Value {
    json!({
        "version": summary.version,
        "concepts": summary.concepts,
        "inactive": summary.inactive,
        "isA": summary.is_a,
        "terms": summary.terms,
        "referenceSets": summary.refsets,
        "members": summary.members,
    })
}

/// One issue as plain data.
pub fn plain_issue(issue: &Issue) -> Value {
    let mut out = Map::new();
    out.insert("severity".into(), issue.severity.code().into());
    out.insert("code".into(), issue.problem.kind().code().into());
    out.insert("rule".into(), issue.problem.rule().into());
    out.insert("message".into(), issue.problem.message().into());
    out.insert("expression".into(), issue.expression.as_str().into());
    out.insert("line".into(), issue.position.line.into());
    out.insert("column".into(), issue.position.column.into());
    out.insert("offset".into(), issue.utf16.start.into());
    out.insert("length".into(), issue.utf16.len().into());
    if issue.problem.is_of_exchange() {
        out.insert("scope".into(), "exchange".into());
    }
    insert_text(&mut out, "profile", &issue.profile);
    insert_text(&mut out, "definition", &issue.definition);
    Value::Object(out)
}

fn plain_unchecked(unchecked: &Unchecked) -> Value {
    let mut out = Map::new();
    out.insert("expression".into(), unchecked.expression.as_str().into());
    out.insert("kind".into(), unchecked.kind.code().into());
    insert_text(&mut out, "subject", &unchecked.subject);
    insert_text(&mut out, "system", &unchecked.system);
    insert_text(&mut out, "code", &unchecked.code);
    out.insert("reason".into(), unchecked.reason.as_str().into());
    Value::Object(out)
}

fn insert_text(out: &mut Map<String, Value>, key: &str, text: &str) {
    if !text.is_empty() {
        out.insert(key.into(), text.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::UncheckedKind;
    use crate::source::{Position, Span};

    fn report() -> Report {
        Report {
            told: Default::default(),
            issues: vec![Issue {
                severity: Severity::Error,
                problem: Problem::EmptyArray { name: "given".into() }.into(),
                expression: "Patient.name[0].given".into(),
                position: Position { line: 3, column: 5 },
                span: Span::new(20, 27),
                utf16: Span::new(19, 26),
                profile: "https://example.org/P".into(),
                definition: "Patient.name.given".into(),
            }],
            profiles: vec!["http://hl7.org/fhir/StructureDefinition/Patient".into()],
            unchecked: vec![Unchecked {
                expression: "Patient.maritalStatus".into(),
                kind: UncheckedKind::Code,
                subject: "https://example.org/VS".into(),
                system: "http://snomed.info/sct".into(),
                code: "1".into(),
                reason: "SNOMED CT is not here.".into(),
            }],
            incomplete: false,
        }
    }

    #[test]
    fn an_outcome_says_where_what_and_by_which_profile() {
        let outcome = operation_outcome(&report());
        assert_eq!(
            outcome,
            json!({ "resourceType": "OperationOutcome", "text": {
                "status": "generated",
                "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Invalid: 1 error. Not checked: 1 code \
                        (http://snomed.info/sct).</p></div>",
            }, "issue": [
                {
                    "extension": [{ "url": LINE, "valueInteger": 3 }, { "url": COLUMN, "valueInteger": 5 }],
                    "severity": "error",
                    "code": "structure",
                    "details": {
                        "coding": [{ "code": "empty-array" }],
                        "text": Problem::EmptyArray { name: "given".into() }.message(),
                    },
                    "diagnostics": "Line 3, column 5. Profile https://example.org/P, element Patient.name.given.",
                    "expression": ["Patient.name[0].given"],
                },
                {
                    "severity": "information",
                    "code": "not-supported",
                    "details": { "coding": [{ "code": "unchecked" }], "text": "SNOMED CT is not here." },
                    "diagnostics": "Not checked: https://example.org/VS.",
                    "expression": ["Patient.maritalStatus"],
                },
            ] })
        );
    }

    #[test]
    fn nothing_to_say_is_said_too() {
        let outcome = operation_outcome(&Report::default());
        assert_eq!(outcome["issue"][0]["severity"], "information");
        assert_eq!(outcome["issue"][0]["details"]["text"], "Valid: no errors.");
    }

    #[test]
    fn plain_data_counts_in_utf16_and_leaves_out_what_there_is_not() {
        let mut report = report();
        let plain_report = plain(&report);
        assert_eq!(plain_report["valid"], false);
        assert_eq!(plain_report["verdict"], "invalid");
        assert_eq!(plain_report["reason"], "Invalid: 1 error. Not checked: 1 code (http://snomed.info/sct).");
        assert_eq!(plain_report["unchecked"][0]["kind"], "code");
        assert_eq!(plain_report["issues"][0]["offset"], 19);
        assert_eq!(plain_report["issues"][0]["length"], 7);
        assert_eq!(plain_report["unchecked"][0]["system"], "http://snomed.info/sct");
        report.issues[0].profile.clear();
        assert!(plain(&report)["issues"][0].get("profile").is_none());
    }
}
