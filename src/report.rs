//! What a validation gives back.

use crate::issue::{Issue, Problem, Severity};
use crate::order;
use crate::told::Told;

/// Everything said about one input. Plain data, sorted by position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What was found, in the order of the source; the same place by severity.
    pub issues: Vec<Issue>,
    /// The canonical URLs of the profiles that the resource was checked against, its base type's first.
    pub profiles: Vec<String>,
    /// What could not be decided, and why.
    pub unchecked: Vec<Unchecked>,
    /// Whether only a part of the input could be read.
    pub incomplete: bool,
    /// The release of FHIR that the input was checked as, and by what that was told.
    pub told: Told,
}

/// What a report comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was checked, and there is no error.
    Valid,
    /// There is an error.
    Invalid,
    /// There is no error in what was checked, and something was not.
    NotFullyChecked,
}

impl Verdict {
    /// The word for it in data: `valid`, `invalid` or `not-fully-checked`.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Invalid => "invalid",
            Verdict::NotFullyChecked => "not-fully-checked",
        }
    }
}

impl Report {
    /// Whether there is no error. What was not checked does not count against it: see [`verdict`](Self::verdict).
    pub fn is_valid(&self) -> bool {
        !self.issues.iter().any(|issue| issue.severity.is_error())
    }

    /// Which of the three it is: valid, invalid, or not fully checked.
    pub fn verdict(&self) -> Verdict {
        match (self.is_valid(), self.unchecked.is_empty()) {
            (false, _) => Verdict::Invalid,
            (true, false) => Verdict::NotFullyChecked,
            (true, true) => Verdict::Valid,
        }
    }

    /// Why the verdict is what it is, in a line of plain English.
    pub fn reason(&self) -> String {
        let unchecked = self.not_checked();
        let is_costly = |issue: &&Issue| matches!(*issue.problem, Problem::TooCostly { .. });
        if self.issues.iter().any(|issue| is_costly(&issue)) {
            return "Invalid: checking this takes more steps than the limit, and not all of it was checked.".to_owned();
        }
        if self.incomplete {
            return "Invalid: the input could not be read to its end, and only what stands before was checked."
                .to_owned();
        }
        if self.count(Severity::Fatal) > 0 {
            return "Invalid: this could not be read as a FHIR resource.".to_owned();
        }
        // What is not listed counts as well; that it is not is a warning of its own.
        let (mut errors, mut warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        for issue in &self.issues {
            if let Problem::MoreIssues { kinds, .. } = &*issue.problem {
                errors += kinds.errors;
                warnings += kinds.warnings;
            }
        }
        let also = match warnings {
            0 => String::new(),
            warnings => format!(", {}", counted(warnings, "warning")),
        };
        match (errors, unchecked) {
            (0, None) => format!("Valid: no errors{also}."),
            (0, Some(what)) => format!("Not fully checked: {what}. No errors in the rest{also}."),
            (errors, None) => format!("Invalid: {}{also}.", counted(errors, "error")),
            (errors, Some(what)) => format!("Invalid: {}{also}. Not checked: {what}.", counted(errors, "error")),
        }
    }

    /// What was not checked, in words: each kind with its number, and what the first few are.
    fn not_checked(&self) -> Option<String> {
        /// How many of a kind are named.
        const NAMED: usize = 3;
        let kinds = order::sorted(self.unchecked.iter().map(|one| one.kind));
        let words: Vec<String> = kinds
            .into_iter()
            .map(|kind| {
                let of_kind = || self.unchecked.iter().filter(|one| one.kind == kind);
                let names = order::sorted(of_kind().map(Unchecked::about).filter(|name| !name.is_empty()));
                let mut named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
                if names.len() > NAMED {
                    named.push_str(", …");
                }
                // Of codes it counts how many there are; anything else is named once, wherever it stands.
                let count =
                    if kind == UncheckedKind::Code || names.is_empty() { of_kind().count() } else { names.len() };
                let (one, several) = kind.words();
                let of = match (named.is_empty(), kind) {
                    (true, _) => String::new(),
                    (_, UncheckedKind::Code) => format!(" ({named})"),
                    _ => format!(" {named}"),
                };
                match count {
                    1 => format!("{one}{of}"),
                    count => format!("{count} {several}{of}"),
                }
            })
            .collect();
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// How many issues of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.issues.iter().filter(|issue| issue.severity == severity).count()
    }
}

/// `1 error`, `2 errors`.
fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// Something that could not be decided: neither valid nor invalid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unchecked {
    /// Where it stands, as a FHIRPath expression.
    pub expression: String,
    /// What sort of thing it is.
    pub kind: UncheckedKind,
    /// What was to be decided: a value set's, profile's or extension's canonical URL, an invariant's key, a limit's name.
    /// Empty where it is whether the code system has the code.
    pub subject: String,
    /// The code system and code concerned, where it is about a code.
    pub system: String,
    /// The code.
    pub code: String,
    /// Why it could not be decided, in plain English.
    pub reason: String,
}

impl Unchecked {
    /// What stands in the way: the code system, or else the subject.
    fn about(&self) -> &str {
        if self.system.is_empty() { &self.subject } else { &self.system }
    }
}

/// What sort of thing was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UncheckedKind {
    /// A limit was reached, and what lies beyond it was not looked at.
    Limit,
    /// A profile that the resource claims or the caller asked for, or that a reference's target must conform to.
    Profile,
    /// A MessageDefinition or Questionnaire.
    Definition,
    /// An extension that is not known.
    Extension,
    /// An invariant that could not be evaluated.
    Invariant,
    /// A code: whether it is in its code system or in a value set.
    Code,
    /// What else a definition asks for and cannot be decided from what is here.
    Rule,
    /// What is not FHIR and so is not validated, such as the body of a CDA document.
    Content,
}

impl UncheckedKind {
    /// The word for it in data.
    pub fn code(self) -> &'static str {
        match self {
            UncheckedKind::Limit => "limit",
            UncheckedKind::Profile => "profile",
            UncheckedKind::Definition => "definition",
            UncheckedKind::Extension => "extension",
            UncheckedKind::Invariant => "invariant",
            UncheckedKind::Code => "code",
            UncheckedKind::Rule => "rule",
            UncheckedKind::Content => "content",
        }
    }

    /// One of them, and the word for several.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            UncheckedKind::Limit => ("what lies beyond the limit", "limits"),
            UncheckedKind::Profile => ("the profile", "profiles"),
            UncheckedKind::Definition => ("the definition", "definitions"),
            UncheckedKind::Extension => ("the extension", "extensions"),
            UncheckedKind::Invariant => ("the rule", "rules"),
            UncheckedKind::Code => ("1 code", "codes"),
            UncheckedKind::Rule => ("1 other rule", "other rules"),
            UncheckedKind::Content => ("what is not FHIR:", "things that are not FHIR:"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unchecked(kind: UncheckedKind, subject: &str, system: &str) -> Unchecked {
        let (subject, system) = (subject.to_owned(), system.to_owned());
        Unchecked { expression: "Patient".into(), kind, subject, system, code: String::new(), reason: String::new() }
    }

    #[test]
    fn what_was_not_checked_is_counted_and_named() {
        let mut report = Report::default();
        assert_eq!((report.verdict(), &*report.reason()), (Verdict::Valid, "Valid: no errors."));
        report.unchecked = vec![
            unchecked(UncheckedKind::Code, "urn:v", "http://snomed.info/sct"),
            unchecked(UncheckedKind::Code, "urn:w", "http://snomed.info/sct"),
            unchecked(UncheckedKind::Profile, "urn:p", ""),
            unchecked(UncheckedKind::Profile, "urn:p", ""),
            unchecked(UncheckedKind::Rule, "", ""),
        ];
        assert_eq!(report.verdict(), Verdict::NotFullyChecked);
        let said = "Not fully checked: the profile urn:p; 2 codes (http://snomed.info/sct); 1 other rule. No errors in the rest.";
        assert_eq!(report.reason(), said);
        assert!(report.is_valid());
    }

    #[test]
    fn what_is_not_listed_counts() {
        let issue = |problem: Problem| Issue {
            severity: problem.severity(),
            problem: problem.into(),
            expression: "Patient".into(),
            position: crate::source::LineIndex::new("").position(0),
            span: Default::default(),
            utf16: Default::default(),
            profile: String::new(),
            definition: String::new(),
        };
        let kinds = crate::issue::Counts { errors: 5, warnings: 2, notes: 1 };
        let more = Problem::MoreIssues { listed: 1, more: 8, kinds };
        let report = Report { issues: vec![issue(Problem::ContainedNoId), issue(more)], ..Report::default() };
        assert_eq!(report.reason(), "Invalid: 6 errors, 3 warnings.");
    }
}
