//! Pointers of the National Record Locator: what they refer to, which class goes with which type, where the record is, and
//! how one is withdrawn.

use crate::check::{Checker, shorten};
use crate::exchange::pointers;
use crate::issue::ExchangeProblem;
use crate::nhs;
use crate::tree::NodeId;

/// The proxy that a consumer puts before a record's address itself.
const PROXY: &str = "ssp.spine2.ncrs.nhs.uk";

impl<'c> Checker<'c> {
    /// Checks a pointer.
    pub(super) fn nrl_pointer(&mut self, node: NodeId) {
        let tree = self.tree;
        self.nrl_pair(node);
        for subject in tree.named(node, "subject") {
            self.nrl_subject(subject);
        }
        for name in ["author", "custodian"] {
            for reference in tree.named(node, name) {
                self.nrl_organisation(reference, name);
            }
        }
        for content in tree.named(node, "content") {
            self.nrl_content(content, node);
        }
        if let Some(period) = tree.child(node, "context").and_then(|context| tree.child(context, "period"))
            && tree.child(period, "start").is_none()
        {
            self.tell_at_name(period, ExchangeProblem::NrlPeriod);
        }
        for relation in tree.named(node, "relatesTo") {
            let Some(target) = tree.child(relation, "target") else { continue };
            if tree.child(target, "reference").is_some() && tree.child(target, "identifier").is_some() {
                self.tell(target, ExchangeProblem::NrlRelates);
            }
        }
        if tree.child(node, "id").is_some() {
            return;
        }
        // Without an id it is to be created.
        if let Some(at) = tree.child(node, "status")
            && let Some(status) = tree.text(at).filter(|status| *status != "current")
        {
            self.tell(at, ExchangeProblem::NrlStatus { status: shorten(status) });
        }
        let meta = tree.child(node, "meta");
        for name in ["versionId", "lastUpdated"] {
            if let Some(at) = meta.and_then(|meta| tree.child(meta, name)) {
                self.tell_at_name(at, ExchangeProblem::NrlServerField { name: format!("meta.{name}") });
            }
        }
    }

    /// The class and the type, by their codes.
    fn nrl_pair(&mut self, node: NodeId) {
        let (Some(class), Some(kind)) = (self.snomed_code(node, "class"), self.snomed_code(node, "type")) else {
            return;
        };
        let Some(expected) = pointers::class_of(kind) else { return };
        if class == expected || !pointers::is_class(class) {
            return;
        }
        if let Some(at) = self.tree.child(node, "type") {
            self.tell(at, ExchangeProblem::NrlPair { class: class.to_owned(), kind: kind.to_owned(), expected });
        }
    }

    /// A patient by the address of the demographics service, with the NHS number.
    fn nrl_subject(&mut self, subject: NodeId) {
        let tree = self.tree;
        let Some(at) = tree.child(subject, "reference") else {
            self.tell_at_name(subject, ExchangeProblem::NrlSubject);
            return;
        };
        let Some(text) = tree.text(at) else { return };
        match text.strip_prefix(pointers::PATIENT) {
            None => self.tell(at, ExchangeProblem::NrlSubject),
            Some(number) if nhs::nhs_number(number).is_err() => self.tell(at, ExchangeProblem::NrlNumber),
            Some(_) => {}
        }
    }

    /// An organisation by the address of the directory, with its ODS code.
    fn nrl_organisation(&mut self, reference: NodeId, name: &'static str) {
        let tree = self.tree;
        let Some(at) = tree.child(reference, "reference") else {
            self.tell_at_name(reference, ExchangeProblem::NrlOrganisation { name });
            return;
        };
        let code = tree.text(at).and_then(|text| text.strip_prefix(pointers::ORGANISATION));
        if !code.is_some_and(nhs::is_ods_code) {
            self.tell(at, ExchangeProblem::NrlOrganisation { name });
        }
    }

    fn nrl_content(&mut self, content: NodeId, pointer: NodeId) {
        let tree = self.tree;
        let Some(attachment) = tree.child(content, "attachment") else { return };
        if let Some(at) = tree.child(attachment, "url")
            && let Some(url) = tree.text(at).filter(|url| !url.is_empty())
        {
            let lower = url.to_ascii_lowercase();
            let problem = if lower.contains(PROXY) {
                Some("The address has the Spine's proxy before it, which a consumer adds itself")
            } else if lower.contains("%3a%2f%2f") {
                Some("The address is percent-encoded, which a consumer does itself")
            } else if !(lower.starts_with("https://") || lower.starts_with("http://") || lower.starts_with("tel:")) {
                Some("The address is not absolute")
            } else {
                None
            };
            if let Some(problem) = problem {
                self.tell(at, ExchangeProblem::NrlUrl { problem });
            }
        }
        if self.snomed_code(pointer, "type") == Some(pointers::NEWS2_CHART)
            && let Some(at) = tree.child(attachment, "contentType")
            && let Some(found) = tree.text(at).filter(|found| *found != "application/pdf")
        {
            self.tell(at, ExchangeProblem::NrlChartType { found: shorten(found) });
        }
    }

    /// A PATCH of a pointer, as Parameters: its status to entered-in-error, and nothing else.
    pub(super) fn nrl_patch(&mut self, node: NodeId) {
        let tree = self.tree;
        let mut operations =
            tree.named(node, "parameter").filter(|one| tree.child_text(*one, "name") == Some("operation"));
        let Some(operation) = operations.next() else { return };
        let part = |name: &str| {
            let mut parts = tree.named(operation, "part").filter(|part| tree.child_text(*part, "name") == Some(name));
            parts.next()
        };
        let value = |part: NodeId| {
            let name = tree.find_name("value");
            tree.children(part).find(|child| self.typed.choice(tree, *child) == name)
        };
        // A path into something else is a patch of something else.
        let path = part("path").and_then(value).and_then(|path| tree.text(path)).unwrap_or_default();
        if !path.starts_with("DocumentReference.") {
            return;
        }
        for (name, expected) in
            [("type", "replace"), ("path", "DocumentReference.status"), ("value", "entered-in-error")]
        {
            let at = part(name).and_then(value);
            let found = at.and_then(|at| tree.text(at)).unwrap_or_default();
            if found != expected {
                let found = if found.is_empty() { "nothing".to_owned() } else { shorten(found) };
                self.tell(at.unwrap_or(operation), ExchangeProblem::NrlPatch { name, expected, found });
            }
        }
    }
}
