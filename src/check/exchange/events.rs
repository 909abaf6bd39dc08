//! Events of the National Events Management Service: what a message is about and whom it is routed by, death, and
//! subscriptions.

use crate::check::{Checker, did_you_mean, shorten};
use crate::exchange::events::{self, Event};
use crate::issue::ExchangeProblem;
use crate::nhs;
use crate::tree::NodeId;

impl<'c> Checker<'c> {
    /// Checks an event's message. `header` is its first entry's resource.
    pub(super) fn event_message(&mut self, bundle: NodeId, header: NodeId) {
        let tree = self.tree;
        let Some(event) = tree.child(header, "event") else { return };
        let Some(known) = tree.child_text(event, "code").and_then(events::event) else { return };
        if tree.child_text(event, "system") != Some(events::EVENT_TYPES) {
            return;
        }
        if let Some(workflow) = self.options.workflow.clone().filter(|workflow| workflow != known.workflow) {
            let (event_name, expected) = (known.code.to_owned(), format!("'{}'", known.workflow));
            self.tell(
                event,
                ExchangeProblem::MessageWorkflow { workflow: shorten(&workflow), event: event_name, expected },
            );
        }
        let kind = self.event_kind(header, known);
        let focus = match tree.child(header, "focus") {
            Some(reference) => self.referred(reference).map(|focus| (reference, focus)),
            None => {
                let (event, expected) = (known.code, known.focus);
                self.tell_at_name(header, ExchangeProblem::EventFocus { event, expected, found: "nothing".to_owned() });
                None
            }
        };
        if let Some((reference, focus)) = focus
            && let Some(found) = tree.resource_type(focus).filter(|found| *found != known.focus)
        {
            let (event, expected, found) = (known.code, known.focus, found.to_owned());
            self.tell(reference, ExchangeProblem::EventFocus { event, expected, found });
        }
        // What is deleted comes without its patient.
        if kind != Some("delete")
            && known.is_about_routed
            && let Some(patient) = focus.and_then(|(_, focus)| self.patient_of(focus))
        {
            self.event_routing(header, patient);
        }
        for resource in self.entries(bundle).collect::<Vec<_>>() {
            if tree.resource_type(resource) == Some("Patient") {
                match known.code {
                    "pds-death-notification-1" => self.event_death(resource),
                    "pds-change-of-address-1" => self.event_addresses(resource),
                    _ => {}
                }
            }
        }
    }

    /// What a message says of the event: new, update or delete.
    fn event_kind(&mut self, header: NodeId, event: &'static Event) -> Option<&'c str> {
        let tree = self.tree;
        let concept = tree.child(self.extension_at(header, "MessageEventType-1")?, "valueCodeableConcept")?;
        let coding = tree.child(concept, "coding")?;
        let code = tree.child_text(coding, "code")?;
        if matches!(code, "new" | "update" | "delete") && !event.kinds.contains(&code) {
            let allowed = event.kinds.join(" or ");
            self.tell(coding, ExchangeProblem::EventKind { event: event.code, found: code.to_owned(), allowed });
        }
        Some(code)
    }

    /// The patient that a resource is, or is about.
    fn patient_of(&self, resource: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        let is_patient = |node: &NodeId| tree.resource_type(*node) == Some("Patient");
        if is_patient(&resource) {
            return Some(resource);
        }
        self.linked(resource, "subject").or_else(|| self.linked(resource, "patient")).filter(is_patient)
    }

    /// Whom a message is routed by is whom it is about.
    fn event_routing(&mut self, header: NodeId, patient: NodeId) {
        let tree = self.tree;
        let Some(routing) = self.extension_at(header, "RoutingDemographics-1") else { return };
        let part = |name: &str, value: &str| {
            let mut parts = tree.named(routing, "extension").filter(|part| tree.child_text(*part, "url") == Some(name));
            parts.next().and_then(|part| tree.child(part, value))
        };
        if let Some(value) = part("nhsNumber", "valueIdentifier").and_then(|number| tree.child(number, "value"))
            && let (Some(routed), Some(own)) = (tree.text(value), self.number_of(patient))
            && digits(routed) != digits(own)
        {
            self.tell(value, ExchangeProblem::EventRoutingNumber);
        }
        if let Some(family) = part("name", "valueHumanName").and_then(|name| tree.child(name, "family"))
            && let Some(routed) = tree.text(family)
        {
            let mut families =
                tree.named(patient, "name").filter_map(|name| tree.child_text(name, "family")).peekable();
            let is_known = |own: &str| own.trim().to_lowercase() == routed.trim().to_lowercase();
            if families.peek().is_some() && !families.any(is_known) {
                self.tell(family, ExchangeProblem::EventRoutingName);
            }
        }
        if let Some(birth) = part("birthDateTime", "valueDateTime")
            && let (Some(routed), Some(own)) = (tree.text(birth), tree.child_text(patient, "birthDate"))
        {
            let shorter = routed.len().min(own.len()).min(10);
            if routed.get(..shorter) != own.get(..shorter) {
                self.tell(birth, ExchangeProblem::EventRoutingBirth);
            }
        }
    }

    /// The status of a death's notification and when the patient died.
    fn event_death(&mut self, patient: NodeId) {
        let tree = self.tree;
        let Some(extension) = self.extension_at(patient, "DeathNotificationStatus-1") else { return };
        // The status stands in a part of the extension, or is its value.
        let parts = tree.named(extension, "extension").chain([extension]);
        let mut codings = parts
            .filter_map(|part| tree.child(part, "valueCodeableConcept"))
            .flat_map(|concept| tree.named(concept, "coding"));
        let Some(code) = codings.find_map(|coding| tree.child_text(coding, "code")) else { return };
        let date = tree.child(patient, "deceasedDateTime");
        match (code, date) {
            ("U", Some(at)) => {
                let problem = "The notification of the death was removed, but there is still a date of death";
                self.tell_at_name(at, ExchangeProblem::EventDeath { problem });
            }
            ("2", None) => {
                let problem = "The death was formally notified, but there is no date of death";
                self.tell_at_name(patient, ExchangeProblem::EventDeath { problem });
            }
            _ => {}
        }
    }

    /// The addresses of a change of address: the one moved to and the one moved from.
    fn event_addresses(&mut self, patient: NodeId) {
        let tree = self.tree;
        let uses: Vec<&str> =
            tree.named(patient, "address").filter_map(|address| tree.child_text(address, "use")).collect();
        for missing in ["home", "old"] {
            if !uses.contains(&missing) {
                self.tell_at_name(patient, ExchangeProblem::EventAddress { missing });
            }
        }
    }

    /// Checks a subscription.
    pub(super) fn subscription(&mut self, node: NodeId) {
        let tree = self.tree;
        if tree.child(node, "id").is_none()
            && let Some(at) = tree.child(node, "status")
            && let Some(status) = tree.text(at).filter(|status| *status != "requested")
        {
            self.tell(at, ExchangeProblem::SubscriptionStatus { status: shorten(status) });
        }
        let directory = crate::exchange::pointers::ORGANISATION;
        let is_directory =
            |contact: NodeId| tree.child_text(contact, "value").is_some_and(|value| value.starts_with(directory));
        if !tree.named(node, "contact").any(is_directory) {
            self.tell_at_name(tree.child(node, "contact").unwrap_or(node), ExchangeProblem::SubscriptionContact);
        }
        if let Some(at) = tree.child(node, "criteria")
            && let Some(text) = tree.text(at)
            && let Some(problem) = criteria_fault(text)
        {
            self.tell(at, ExchangeProblem::SubscriptionCriteria { problem });
        }
    }
}

/// The digits of a text.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// What is wrong with a subscription's criteria, if anything.
fn criteria_fault(text: &str) -> Option<String> {
    let Some(rest) = text.trim().strip_prefix("/Bundle?") else {
        return Some("they do not begin with '/Bundle?'".to_owned());
    };
    let (mut is_message, mut has_event) = (false, false);
    for pair in rest.split('&') {
        let Some((name, value)) = pair.split_once('=') else {
            return Some(format!("'{}' is not a parameter with a value", shorten(pair)));
        };
        let fault = match name {
            "type" => {
                is_message = value == "message";
                (!is_message).then(|| format!("'type' is 'message'; found '{}'", shorten(value)))
            }
            "MessageHeader.event" => {
                has_event = true;
                (events::event(value).is_none()).then(|| {
                    let hint = did_you_mean(value, events::EVENTS.iter().map(|event| event.code));
                    format!("there is no event '{}'.{hint}", shorten(value))
                })
            }
            "serviceType" => one_of(name, value, events::SERVICE_TYPES),
            "subscriptionRuleType" => one_of(name, value, events::SUBSCRIPTION_RULES),
            "GPRegistration" => one_of(name, value, events::REGISTRATIONS),
            "Patient.identifier" => match value.split_once('|') {
                Some((system, number)) if events::NUMBER_SYSTEMS.contains(&system) => {
                    nhs::nhs_number(number).is_err().then(|| "the NHS number is not one".to_owned())
                }
                _ => Some("'Patient.identifier' is the NHS number's system, '|' and the number".to_owned()),
            },
            "Patient.age" => {
                let number = value.strip_prefix("lt").or_else(|| value.strip_prefix("gt"));
                let is_age =
                    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
                (!is_age).then(|| format!("'Patient.age' is 'lt' or 'gt' and a number; found '{}'", shorten(value)))
            }
            "Organization.identifier" => {
                let code = value.rsplit('|').next().unwrap_or(value);
                (!nhs::is_ods_code(code)).then(|| format!("'{}' has not the form of an ODS code", shorten(value)))
            }
            _ => {
                let hint = did_you_mean(name, events::CRITERIA.iter().copied());
                Some(format!("there is no parameter '{}'.{hint}", shorten(name)))
            }
        };
        if fault.is_some() {
            return fault;
        }
    }
    if !is_message {
        return Some("'type=message' is missing".to_owned());
    }
    (!has_event).then(|| "'MessageHeader.event' is missing".to_owned())
}

fn one_of(name: &str, value: &str, known: &[&'static str]) -> Option<String> {
    if known.contains(&value) {
        return None;
    }
    Some(format!("'{name}' is {}; found '{}'", known.join(", "), shorten(value)))
}

#[cfg(test)]
mod tests {
    use super::criteria_fault;

    #[test]
    fn criteria_are_read_parameter_by_parameter() {
        let good = "/Bundle?type=message&serviceType=GP&Patient.identifier=http://fhir.nhs.net/Id/nhs-number|9434765919&\
                    MessageHeader.event=pds-change-of-gp-1&Patient.age=lt19";
        assert_eq!(criteria_fault(good), None);
        for (bad, words) in [
            ("Bundle?type=message", "begin with"),
            ("/Bundle?type=document&MessageHeader.event=vaccinations-1", "'type' is 'message'"),
            ("/Bundle?type=message&MessageHeader.event=vaccination-1", "Did you mean 'vaccinations-1'?"),
            ("/Bundle?type=message&serviceType=DENTIST&MessageHeader.event=vaccinations-1", "'serviceType'"),
            ("/Bundle?type=message&Patient.identifier=http://fhir.nhs.net/Id/nhs-number|9434765918", "not one"),
            ("/Bundle?type=message&Patient.age=19", "'Patient.age'"),
            ("/Bundle?type=message&eventcode=PDS001", "no parameter 'eventcode'"),
            ("/Bundle?type=message", "'MessageHeader.event' is missing"),
        ] {
            let said = criteria_fault(bad).unwrap_or_default();
            assert!(said.contains(words), "{bad}: {said}");
        }
    }
}
