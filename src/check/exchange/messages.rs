//! ITK3 messages as wholes: event, definition, payload and workflow belong together.

use crate::check::{Checker, shorten};
use crate::exchange::documents;
use crate::exchange::messages::{self, Event};
use crate::exchange::name_in;
use crate::issue::ExchangeProblem;
use crate::tree::NodeId;

/// The extension for the handling of a message, in both of its versions.
const HANDLING: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-";

impl<'c> Checker<'c> {
    /// Checks a message. `header` is its first entry's resource.
    pub(super) fn exchange_message(&mut self, bundle: NodeId, header: NodeId) {
        let tree = self.tree;
        let Some(event) = tree.child(header, "event") else { return };
        let code = tree.child_text(event, "code").unwrap_or_default();
        if self.is_social_care(header) || code == documents::SOCIAL_CARE_EVENT {
            self.tell_at_name(header, ExchangeProblem::SocialCareDstu2);
            return;
        }
        if tree.child_text(event, "system") != Some(messages::EVENTS) {
            return;
        }
        // What is packed counts with what is around it.
        if bundle == tree.root() && self.depth == 0 && tree.source().len() > messages::LARGEST {
            self.tell_at_name(bundle, ExchangeProblem::MessageTooLarge { bytes: tree.source().len() });
        }
        self.definition_of_message(header, code);
        self.documents_of_message(bundle);
        let Some(known) = messages::event(code) else { return };
        self.workflow_of_message(event, known);
        if code == messages::RESPONSE {
            self.exchange_response(bundle, header);
            return;
        }
        let Some(focus) = tree.child(header, "focus") else {
            self.tell_at_name(header, ExchangeProblem::MessageFocusMissing { event: known.name });
            return;
        };
        self.payload_of_message(focus, known);
        if code == messages::SEND_DOCUMENT {
            self.sent_document(bundle, header);
        }
    }

    /// A part of the extension for the handling of a message.
    pub(super) fn handling(&self, header: NodeId, name: &str) -> Option<NodeId> {
        let tree = self.tree;
        let is_handling =
            |extension: &NodeId| tree.child_text(*extension, "url").is_some_and(|url| url.starts_with(HANDLING));
        let parts =
            tree.named(header, "extension").filter(is_handling).flat_map(|outer| tree.named(outer, "extension"));
        let mut parts = parts.filter(|part| tree.child_text(*part, "url") == Some(name));
        parts.next()
    }

    /// The definition that a header names.
    fn definition_of_message(&mut self, header: NodeId, code: &str) {
        let tree = self.tree;
        let value = self.handling(header, "MessageDefinition").and_then(|part| tree.child(part, "valueReference"));
        let Some(at) = value.and_then(|value| tree.child(value, "reference")) else { return };
        let Some(url) = tree.text(at).filter(|url| url.starts_with(messages::DEFINITIONS)) else { return };
        let name = name_in(url);
        let current = messages::event(code).map(|event| event.definition).unwrap_or_default();
        if name == messages::GENERIC_DEFINITION {
            self.tell(at, ExchangeProblem::MessageDefinitionGeneric { current: current.to_owned() });
            return;
        }
        let Some(of) = messages::event_of_definition(name) else {
            // Of some events no definition is published: what their senders name cannot be judged.
            if !current.is_empty() {
                let problem = ExchangeProblem::MessageDefinitionUnknown {
                    definition: shorten(name),
                    current: current.to_owned(),
                };
                self.tell(at, problem);
            }
            return;
        };
        // That it is of another event, the rules of messages say.
        if of.retired.contains(&name) {
            let problem =
                ExchangeProblem::MessageDefinitionRetired { definition: name.to_owned(), current: of.definition };
            self.tell(at, problem);
        }
    }

    /// Documents in a message beside the one that it is about.
    fn documents_of_message(&mut self, bundle: NodeId) {
        let tree = self.tree;
        let is_document = |resource: &NodeId| {
            tree.resource_type(*resource) == Some("Bundle") && tree.child_text(*resource, "type") == Some("document")
        };
        let documents: Vec<NodeId> = self.entries(bundle).filter(is_document).collect();
        if let [_, second, ..] = documents[..] {
            self.tell_at_name(second, ExchangeProblem::MessageDocumentsSeveral { documents: documents.len() });
        }
    }

    /// The kind of document that a message carries, against its event.
    fn payload_of_message(&mut self, focus: NodeId, event: &'static Event) {
        let tree = self.tree;
        let Some(expected) = documents::by_event(event.code) else { return };
        let Some(payload) = self.referred(focus) else { return };
        let found = match tree.resource_type(payload) {
            Some("Bundle") => self.entries(payload).next().and_then(|composition| self.document_kind(composition)),
            Some("Binary") => self.packed_kind(payload),
            _ => self.document_kind(payload),
        };
        let Some(found) = found else { return };
        if found.event != event.code {
            let problem =
                ExchangeProblem::MessagePayloadKind { event: event.code, expected: expected.name, found: found.name };
            self.tell(focus, problem);
        }
    }

    /// The workflow id that the message was sent with, where that is given.
    fn workflow_of_message(&mut self, at: NodeId, event: &'static Event) {
        let Some(workflow) = self.options.workflow.clone() else { return };
        let is_known = |id: &str| messages::ALL.iter().any(|event| event.workflows.contains(&id));
        let is_right = match event.code {
            messages::RESPONSE => workflow.strip_suffix("_ACK").is_some_and(is_known),
            _ => event.workflows.is_empty() || event.workflows.contains(&&*workflow),
        };
        if is_right {
            return;
        }
        let expected = match event.workflows {
            [] => "the workflow id of the message that it answers, with '_ACK' behind it".to_owned(),
            ids => ids.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(" or "),
        };
        let event = format!("{} ({})", event.code, event.name);
        self.tell(at, ExchangeProblem::MessageWorkflow { workflow: shorten(&workflow), event, expected });
    }

    /// What GP Connect asks of the documents that it sends.
    fn sent_document(&mut self, bundle: NodeId, header: NodeId) {
        let tree = self.tree;
        for name in ["destination", "receiver"] {
            if let Some(at) = tree.child(header, name) {
                self.tell_at_name(at, ExchangeProblem::SendDocumentReceiver { name });
            }
        }
        let local = self.handling(header, "LocalExtension").and_then(|part| tree.child(part, "valueString"));
        if let Some(at) = local
            && let Some(text) = tree.text(at)
            && !matches!(text, "SendDocument-ConsultationReport" | "SendDocument-Generic")
        {
            let expected = "'SendDocument-ConsultationReport' or 'SendDocument-Generic'";
            let problem =
                ExchangeProblem::SendDocumentHeader { name: "LocalExtension", expected, found: shorten(text) };
            self.tell(at, problem);
        }
        for name in ["BusAckRequested", "InfAckRequested"] {
            let flag = self.handling(header, name).and_then(|part| tree.child(part, "valueBoolean"));
            if let Some(at) = flag.filter(|at| tree.text(*at) == Some("false")) {
                let problem = ExchangeProblem::SendDocumentHeader { name, expected: "true", found: "false".to_owned() };
                self.tell(at, problem);
            }
        }
        for payload in self.entries(bundle) {
            let first = match tree.resource_type(payload) {
                Some("Bundle") => self.entries(payload).next(),
                _ => Some(payload),
            };
            if let Some(composition) = first.filter(|first| tree.resource_type(*first) == Some("Composition")) {
                self.consultation_report(composition);
            }
        }
    }

    fn consultation_report(&mut self, composition: NodeId) {
        let tree = self.tree;
        let mut wrong: Vec<(NodeId, &'static str, &'static str, String)> = Vec::new();
        let is_wrong = |name: &str, allowed: &[&str]| {
            !tree.child_text(composition, name).is_some_and(|text| allowed.contains(&text))
        };
        let at = |name: &str| tree.child(composition, name).unwrap_or(composition);
        for (name, expected, allowed) in [
            ("status", "'final'", &["final"] as &[&str]),
            ("confidentiality", "'N' or 'R'", &["N", "R"]),
            ("title", "'Consultation report'", &["Consultation report", "Consultation Report"]),
        ] {
            if is_wrong(name, allowed) {
                wrong.push((at(name), name, expected, self.said(composition, name)));
            }
        }
        let (code, _) = documents::CONSULTATION_REPORT;
        let found = self.snomed_code(composition, "type");
        if found != Some(code) {
            let found = found.map_or_else(|| "nothing".to_owned(), shorten);
            wrong.push((at("type"), "type", "371531000 (Report of clinical encounter)", found));
        }
        if tree.child(composition, "custodian").is_none() {
            wrong.push((composition, "custodian", "the organisation that sends it", "nothing".to_owned()));
        }
        for (at, name, expected, found) in wrong {
            self.tell_at_name(at, ExchangeProblem::SendDocumentComposition { name, expected, found });
        }
    }
}
