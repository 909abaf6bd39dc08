//! What can be reported of a resource: the [`Problem`], how bad it is, and where it stands.

#[macro_use]
mod table;

mod cda;
mod contradiction;
mod exchange;
mod nhs;
mod problem;

pub use cda::CdaProblem;
pub use contradiction::{Contradiction, Rank, Rule};
pub use exchange::ExchangeProblem;
pub use nhs::NhsProblem;
pub use problem::Problem;

use crate::limits;
use crate::source::{Position, Span};
use std::sync::Arc;

/// An argument of a problem, which may repeat something of the input.
trait Bound {
    /// Shortens what may be of any length.
    fn bound(&mut self) {}
}

impl Bound for String {
    fn bound(&mut self) {
        limits::shorten_own(self, limits::QUOTE);
    }
}

/// How many issues there are of each kind: `2 errors, 1 note`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Those that are fatal among them.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Information.
    pub notes: usize,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counted = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let words = |(count, name): &(usize, &str)| format!("{count} {name}{}", if *count == 1 { "" } else { "s" });
        let kinds: Vec<String> = counted.iter().filter(|(count, _)| *count > 0).map(words).collect();
        f.write_str(&kinds.join(", "))
    }
}

impl Bound for Counts {}
impl Bound for &'static str {}
impl Bound for i64 {}
impl Bound for u8 {}
impl Bound for u16 {}
impl Bound for u32 {}
impl Bound for u64 {}
impl Bound for usize {}

/// How bad an issue is (STU3 value set `issue-severity`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The input could not be read to its end.
    Fatal,
    /// The resource breaks a rule that it must keep.
    Error,
    /// Probably a mistake, or against good practice.
    Warning,
    /// Worth knowing; among them everything that could not be checked.
    Information,
}

impl Severity {
    /// FHIR's code for it.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Fatal => "fatal",
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
        }
    }

    /// Whether it makes a resource invalid.
    pub fn is_error(self) -> bool {
        self <= Severity::Error
    }
}

/// The kind of an issue (STU3 value set `issue-type`), as far as a validator uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueType {
    /// `structure`
    Structure,
    /// `required`
    Required,
    /// `value`
    Value,
    /// `invariant`
    Invariant,
    /// `code-invalid`
    CodeInvalid,
    /// `extension`
    Extension,
    /// `not-found`
    NotFound,
    /// `too-long`
    TooLong,
    /// `too-costly`
    TooCostly,
    /// `not-supported`
    NotSupported,
    /// `business-rule`
    BusinessRule,
    /// `informational`
    Informational,
}

impl IssueType {
    /// FHIR's code for it.
    pub fn code(self) -> &'static str {
        match self {
            IssueType::Structure => "structure",
            IssueType::Required => "required",
            IssueType::Value => "value",
            IssueType::Invariant => "invariant",
            IssueType::CodeInvalid => "code-invalid",
            IssueType::Extension => "extension",
            IssueType::NotFound => "not-found",
            IssueType::TooLong => "too-long",
            IssueType::TooCostly => "too-costly",
            IssueType::NotSupported => "not-supported",
            IssueType::BusinessRule => "business-rule",
            IssueType::Informational => "informational",
        }
    }
}

/// One thing to say about a resource, with everything that a person needs to find and mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub problem: Arc<Problem>,
    /// The element, as a FHIRPath expression: `Patient.name[0].family`.
    pub expression: String,
    /// Line and column of `span`'s start.
    pub position: Position,
    /// The bytes concerned.
    pub span: Span,
    /// The same in UTF-16 code units, as JavaScript and editors count.
    pub utf16: Span,
    /// The canonical URL, with version, of the profile that asks for it; empty where no profile does (bad syntax).
    pub profile: String,
    /// The element of that profile: `Patient.identifier:nhsNumber.system`.
    pub definition: String,
}
