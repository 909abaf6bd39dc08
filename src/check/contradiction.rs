//! What is recorded twice and differs, as the engine that the display uses too finds it.

use super::Checker;
use crate::contradictions;
use crate::issue::{Problem, Rule};

impl Checker<'_> {
    /// Reports the contradictions of the whole input.
    pub(super) fn contradictions(&mut self) {
        for finding in contradictions::find(self.tree, self.links(), &|_| false) {
            // FHIR's own invariant con-4 and the NHS's rule on dates say these already.
            if !matches!(finding.rule(), Rule::ProblemEnded | Rule::BeforeBirth) {
                self.find(finding.at, None, Problem::Contradiction(finding.says));
            }
        }
    }
}
