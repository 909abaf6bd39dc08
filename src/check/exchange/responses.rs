//! ITK3 responses: what their code goes with, and what they leave out.

use crate::check::{Checker, shorten};
use crate::exchange::messages;
use crate::issue::ExchangeProblem;
use crate::tree::NodeId;

impl<'c> Checker<'c> {
    /// Checks a response. `header` is its first entry's resource.
    pub(super) fn exchange_response(&mut self, bundle: NodeId, header: NodeId) {
        let tree = self.tree;
        for name in ["BusAckRequested", "InfAckRequested"] {
            let flag = self.handling(header, name).and_then(|part| tree.child(part, "valueBoolean"));
            if let Some(at) = flag.filter(|at| tree.text(*at) == Some("true")) {
                self.tell(at, ExchangeProblem::ResponseAsksAck { name });
            }
        }
        if let Some(patient) = self.entries(bundle).find(|resource| tree.resource_type(*resource) == Some("Patient")) {
            self.tell_at_name(patient, ExchangeProblem::ResponsePatient);
        }
        let Some(response) = tree.child(header, "response") else { return };
        let Some(outcome) = self.linked(response, "details") else { return };
        if tree.resource_type(outcome) != Some("OperationOutcome") {
            return;
        }
        let mut codes = 0;
        for issue in tree.named(outcome, "issue") {
            let codings = tree.child(issue, "details").into_iter().flat_map(|details| tree.named(details, "coding"));
            for coding in codings {
                let Some(code) = tree.child_text(coding, "code") else { continue };
                if messages::is_old_response(code) {
                    self.tell(coding, ExchangeProblem::ResponseCodeOld { code: shorten(code) });
                }
                if tree.child_text(coding, "system") != Some(messages::RESPONSE_CODES) {
                    continue;
                }
                codes += 1;
                if codes == 1 {
                    self.response_mapping(response, issue, code);
                }
            }
        }
        if codes > 1 {
            self.tell_at_name(outcome, ExchangeProblem::ResponseCodesSeveral { codes });
        }
    }

    /// What stands beside a response's code, against the guide's table.
    fn response_mapping(&mut self, response: NodeId, issue: NodeId, code: &str) {
        let tree = self.tree;
        let Some(mapping) = messages::mapping(code) else { return };
        let expected = [
            (response, "code", "response.code", &[mapping.response] as &[&str]),
            (issue, "severity", "issue.severity", &[mapping.severity]),
            (issue, "code", "issue.code", mapping.issue),
        ];
        for (parent, child, name, allowed) in expected {
            let Some(at) = tree.child(parent, child) else { continue };
            let Some(found) = tree.text(at).filter(|text| !text.is_empty() && !allowed.contains(text)) else {
                continue;
            };
            let expected = allowed.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(" or ");
            let (code, found) = (shorten(code), shorten(found));
            let problem = match messages::is_mapping_disputed(&code) {
                true => ExchangeProblem::ResponseCodeDisputed { code, name, expected, found },
                false => ExchangeProblem::ResponseCodeMapping { code, name, expected, found },
            };
            self.tell(at, problem);
        }
    }
}
