//! What a validation gives back.

use crate::issue::{Issue, Severity};

/// Everything said about one input. Plain data, sorted by position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What was found, in the order of the source; the same place by severity.
    pub issues: Vec<Issue>,
    /// The canonical URLs of the profiles that the resource was checked against, its base type's first.
    pub profiles: Vec<String>,
    /// What could not be decided offline, and why.
    pub unchecked: Vec<Unchecked>,
}

impl Report {
    /// Whether there is no error. What was not checked does not count against it.
    pub fn is_valid(&self) -> bool {
        !self.issues.iter().any(|issue| issue.severity.is_error())
    }

    /// How many issues of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.issues.iter().filter(|issue| issue.severity == severity).count()
    }
}

/// Something that could not be decided offline: neither valid nor invalid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unchecked {
    /// Where it stands, as a FHIRPath expression.
    pub expression: String,
    /// What was to be decided: a value set's, profile's or invariant's canonical URL or key. Empty where it is whether the
    /// code system has the code.
    pub subject: String,
    /// The code system and code concerned, where it is about a code.
    pub system: String,
    /// The code.
    pub code: String,
    /// Why it could not be decided, in plain English.
    pub reason: String,
}
