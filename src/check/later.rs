//! Resources and definitions of a later release of FHIR than STU3: they are recognised by their types, by elements that STU3
//! does not have and by what they say themselves, and that is said once. What follows from it is not told as faults.

use super::{Checker, Finding};
use crate::issue::{IssueType, Problem};
use crate::told::{LATER, LATER_TYPES};
use crate::tree::NodeId;
use crate::version::Version;
use rustc_hash::{FxHashMap, FxHashSet};

/// What STU3 has in the place of elements that are often met.
const INSTEAD: &[(&str, &str, &str)] = &[
    ("", "encounter", "context"),
    ("", "recordedDate", "assertedDate"),
    ("Dosage", "doseAndRate", "dose[x] and rate[x]"),
    ("Encounter", "reasonCode", "reason"),
    ("Immunization", "occurrenceDateTime", "date"),
    ("Observation", "derivedFrom", "related"),
    ("Observation", "hasMember", "related"),
    ("Observation", "note", "comment"),
    ("Questionnaire", "derivedFrom", ""),
    ("QuestionnaireResponse", "partOf", "parent"),
];

/// How the problem of a type of another release is told from that of one that nobody has.
pub(super) fn type_problem(name: &str) -> Option<Problem> {
    let (_, release, instead) = LATER_TYPES.iter().find(|(known, ..)| *known == name)?;
    let instead = match *instead {
        "" => String::new(),
        instead => format!(" STU3 has {instead} for that."),
    };
    Some(Problem::ResourceTypeOfRelease { name: name.to_owned(), release, instead })
}

/// What a reader is told of a type that a reference names, where it is one of another release.
pub(super) fn type_hint(name: &str) -> Option<String> {
    let (_, release, _) = LATER_TYPES.iter().find(|(known, ..)| *known == name)?;
    Some(format!(" It is a type of FHIR {release}, and resources are checked as STU3 here."))
}

/// What R4 says of an element and STU3 does not.
fn has(mark: &str, type_name: &str, element: &str) -> bool {
    let lines = LATER.lines().filter_map(|line| line.split_once(' '));
    let mut of_type = lines.filter(|(name, _)| name.strip_prefix(type_name) == Some(mark));
    of_type.any(|(_, elements)| elements.split(' ').any(|known| known == element))
}

/// The release that a `fhirVersion` names, where it is not STU3.
fn release(version: &str) -> Option<&'static str> {
    let releases = [("4.0", "R4"), ("4.1", "R4B"), ("4.3", "R4B"), ("5.", "R5"), ("6.", "R6"), ("1.0", "DSTU2")];
    releases.into_iter().find(|(start, _)| version.trim().starts_with(start)).map(|(_, release)| release)
}

impl<'c> Checker<'c> {
    /// Says of a definition or statement that is for another release of FHIR that it is.
    pub(super) fn fhir_version(&mut self, resource: NodeId) {
        let Some(node) = self.tree.child(resource, "fhirVersion") else { return };
        let Some(found) = self.tree.text(node) else { return };
        if let Some(release) = release(found).filter(|_| Version::of(found) != Some(self.definitions.version())) {
            let found = found.trim().to_owned();
            self.find(node, None, Problem::FhirVersion { found, release });
        }
    }

    /// Puts in the place of what is found of a resource of R4 that it is one.
    pub(super) fn say_release(&mut self) {
        let is_version = |finding: &Finding<'c>| matches!(*finding.problem, Problem::FhirVersion { .. });
        let others: FxHashSet<NodeId> = self
            .findings
            .iter()
            .filter(|finding| is_version(finding))
            .map(|finding| self.tree.resource_of(finding.node))
            .collect();
        let mut later: FxHashMap<NodeId, Vec<usize>> = FxHashMap::default();
        for (at, finding) in self.findings.iter().enumerate() {
            if self.is_of_r4(finding) {
                later.entry(self.tree.resource_of(finding.node)).or_default().push(at);
            }
        }
        if others.is_empty() && later.is_empty() {
            return;
        }
        let mut said: Vec<Finding<'c>> = Vec::new();
        for evidence in later.iter().filter(|(resource, _)| !others.contains(resource)).map(|(_, evidence)| evidence) {
            let Some(first) = evidence.first().and_then(|at| self.findings.get(*at)) else { continue };
            let mut names: Vec<String> = Vec::new();
            for at in evidence {
                let Some(finding) = self.findings.get(*at) else { continue };
                let words = self.r4_words(finding);
                if !names.contains(&words) {
                    names.push(words);
                }
            }
            let problem = Problem::ElementOfRelease { names: names.join(", ") };
            said.push(Finding { member: None, problem: problem.into(), ..first.clone() });
        }
        let tree = self.tree;
        let kept = |finding: &Finding<'c>| {
            let resource = tree.resource_of(finding.node);
            if others.contains(&resource) {
                return is_version(finding) || !follows_from_version(&finding.problem);
            }
            match later.contains_key(&resource) {
                true => !self.is_of_r4(finding) && !self.is_repeat_of_r4(finding),
                false => true,
            }
        };
        let kept: Vec<Finding<'c>> = self.findings.iter().filter(|finding| kept(finding)).cloned().collect();
        self.findings = kept;
        self.findings.append(&mut said);
    }

    /// Whether a finding is that STU3 does not have what R4 has.
    fn is_of_r4(&self, finding: &Finding<'c>) -> bool {
        match &*finding.problem {
            Problem::UnknownElement { name, parent, .. } => has("", parent, name) || self.concept_in(finding).is_some(),
            Problem::PrimitiveExpected { name, .. } => has("!", self.parent_type(finding.node), name),
            _ => false,
        }
    }

    /// The element that R4 has as a CodeableConcept and STU3 as a code, where a finding is about what is inside of it: in XML a
    /// code has no children.
    fn concept_in(&self, finding: &Finding<'c>) -> Option<&str> {
        let element = self.tree.parent(finding.node)?;
        let name = self.tree.name(element);
        has("!", self.parent_type(element), name).then_some(name)
    }

    /// Whether a finding is that an element is an array which R4 lets repeat, or is that in one and not in the other.
    fn is_repeat_of_r4(&self, finding: &Finding<'c>) -> bool {
        match &*finding.problem {
            Problem::ArrayUnexpected { name } => has("*", self.parent_type(finding.node), name),
            _ => false,
        }
    }

    fn parent_type(&self, node: NodeId) -> &str {
        let parent = self.tree.parent(node);
        parent
            .and_then(|parent| self.tree.resource_type(parent).or_else(|| self.typed.type_name(parent)))
            .unwrap_or_default()
    }

    fn r4_words(&self, finding: &Finding<'c>) -> String {
        let as_concept = |name: &str| format!("'{name}' as a CodeableConcept (STU3 has a code)");
        match &*finding.problem {
            Problem::UnknownElement { name, parent, .. } => {
                if let Some(name) = self.concept_in(finding) {
                    return as_concept(name);
                }
                let fits = |(of, known, _): &&(&str, &str, &str)| (of.is_empty() || of == parent) && known == name;
                match INSTEAD.iter().rev().find(fits).map(|(.., instead)| *instead).unwrap_or_default() {
                    "" => format!("'{name}'"),
                    instead => format!("'{name}' (STU3 has '{instead}')"),
                }
            }
            Problem::PrimitiveExpected { name, .. } => as_concept(name),
            _ => String::new(),
        }
    }
}

/// Whether what is found of a definition may come of its being one for another release: all that is about its form.
fn follows_from_version(problem: &Problem) -> bool {
    use IssueType::{CodeInvalid, Extension, Invariant, NotFound, Required, Structure, Value};
    let is_reading =
        matches!(problem, Problem::JsonSyntax { .. } | Problem::XmlSyntax { .. } | Problem::AnotherResource);
    !is_reading
        && matches!(problem.kind(), Structure | Required | Value | Invariant | CodeInvalid | NotFound | Extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_say_what_they_are_asked() {
        assert!(has("", "Observation", "hasMember") && !has("", "Observation", "related"));
        assert!(has("!", "Condition", "clinicalStatus") && !has("", "Condition", "clinicalStatus"));
        assert!(has("*", "Schedule", "serviceCategory"));
        assert_eq!(release("4.0.1"), Some("R4"));
        assert_eq!(release("3.0.2"), None);
        assert!(matches!(type_problem("ServiceRequest"), Some(Problem::ResourceTypeOfRelease { release: "R4", .. })));
        assert!(type_problem("Patient").is_none());
    }
}
