//! What a check is asked to do.

use super::{Answers, did_you_mean};
use crate::issue::{Problem, Severity};
use crate::primitive::Date;
use crate::version::Version;
use rustc_hash::FxHashMap;

/// What a check is asked to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Canonical URLs of profiles that the resource must conform to, besides those that it claims in `meta.profile`.
    pub profiles: Vec<String>,
    /// Canonical URLs of profiles by the type of the resources, wherever in the input these are, that must conform to them.
    pub profiles_for: Vec<(String, Vec<String>)>,
    /// The release of FHIR that the resource is of, where nothing in it says so for certain.
    pub fhir_version: Option<Version>,
    /// How bad single rules are, where that is to differ from what is usual.
    pub rules: Rules,
    /// The day on which the resource is judged. Without it nothing is said to be in the future.
    pub today: Option<Date>,
    /// What somebody else has said of codes that the definitions cannot decide.
    pub answers: Answers,
    /// Whether NHS numbers of the range that is set aside for tests are reported.
    pub test_numbers: bool,
    /// Whether an extension that is not known is an error, unless `rules` says something of `extension-unknown`.
    pub unknown_extensions_are_errors: bool,
    /// The MESH workflow id that a message was sent with, or is to be; its event must go with it.
    pub workflow: Option<String>,
}

impl Options {
    /// Every profile that is asked for, whatever it is asked of.
    pub fn asked(&self) -> impl Iterator<Item = &String> {
        self.profiles.iter().chain(self.profiles_for.iter().flat_map(|(_, urls)| urls))
    }

    /// The profiles that are asked of resources of a type.
    pub fn asked_of(&self, resource_type: &str) -> impl Iterator<Item = &String> {
        let is_of = move |entry: &&(String, Vec<String>)| entry.0 == resource_type;
        self.profiles_for.iter().filter(is_of).flat_map(|(_, urls)| urls)
    }

    /// How bad a problem is; `None` where it is not to be reported.
    pub fn severity(&self, problem: &Problem) -> Option<Severity> {
        let is_set = || self.rules.set.contains_key(problem.rule());
        match problem {
            Problem::ExtensionUnknown { .. } if self.unknown_extensions_are_errors && !is_set() => {
                Some(Severity::Error)
            }
            _ => self.rules.severity(problem),
        }
    }
}

/// How bad single rules are, by their codes. It changes what is reported, never which slice or profile something fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// `None` for a rule that is off.
    set: FxHashMap<&'static str, Option<Severity>>,
}

impl Rules {
    /// Sets a rule to `error`, `warning`, `information` or `off`.
    ///
    /// # Errors
    /// A sentence, where there is no such rule or level, or where the rule says that the input could not be read: what was
    /// not read must not pass for valid.
    pub fn set(&mut self, rule: &str, level: &str) -> Result<(), String> {
        let Some((code, usual, _)) = Problem::RULES.iter().find(|(code, ..)| *code == rule) else {
            let hint = did_you_mean(rule, Problem::RULES.iter().map(|(code, ..)| *code));
            return Err(format!("There is no rule '{rule}'.{hint} docs/rules.md has all of them."));
        };
        if *usual == Severity::Fatal {
            return Err(format!("The rule '{rule}' says that the input could not be read, so it stays as it is."));
        }
        let severity = match level {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "information" => Some(Severity::Information),
            "off" => None,
            _ => {
                return Err(format!(
                    "The rule '{rule}' can be set to error, warning, information or off; this is '{level}'."
                ));
            }
        };
        self.set.insert(code, severity);
        Ok(())
    }

    /// Whether a caller has set a rule: some are looked at only then.
    pub fn has(&self, rule: &str) -> bool {
        self.set.contains_key(rule)
    }

    /// Whether all rules of a family are off, so that it need not be asked at all.
    pub fn are_off(&self, family: &[(&'static str, Severity, &'static str)]) -> bool {
        self.set.len() >= family.len() && family.iter().all(|(code, ..)| self.set.get(code) == Some(&None))
    }

    /// How bad a problem is; `None` where it is not to be reported.
    pub fn severity(&self, problem: &Problem) -> Option<Severity> {
        if self.set.is_empty() {
            return Some(problem.severity());
        }
        self.set.get(problem.rule()).copied().unwrap_or_else(|| Some(problem.severity()))
    }
}
