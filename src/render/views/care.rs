//! Requests, plans, appointments and messages.

use super::super::context::Context;
use super::{View, c, first, g, generic, r};
use crate::tree::NodeId;

fn code(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    first(context, node, &["code", "type", "serviceRequested", "description", "identifier"])
}

fn titled(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    first(context, node, &["title", "category", "description.text", "description", "name", "code", "identifier"])
}

pub(super) const VIEWS: &[View] = &[
    View {
        of: "ProcedureRequest",
        subject: code,
        key: &[("intent", "Intent"), ("priority", "Priority"), ("bodySite", "Body site"), ("occurrence[x]", "When")],
        groups: &[g(
            "Request",
            &[
                c("doNotPerform", "Do not perform"),
                c("status", "Status"),
                c("intent", "Intent"),
                c("priority", "Priority"),
                c("code", "Procedure"),
                c("bodySite", "Body site"),
                r("occurrence[x]", "When"),
                r("asNeeded[x]", "As required"),
                r("category", "Category"),
                r("subject", "Patient"),
                r("requester", "Requester"),
                r("performer", "Performer"),
                r("reasonCode", "Reason"),
                r("reasonReference", "Reason"),
                r("specimen", "Specimen"),
                r("authoredOn", "Authored"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "ReferralRequest",
        subject: |context, node| first(context, node, &["serviceRequested", "type", "specialty", "description"]),
        key: &[("intent", "Intent"), ("priority", "Priority"), ("reasonCode", "Reason")],
        groups: &[g(
            "Referral",
            &[
                c("status", "Status"),
                c("intent", "Intent"),
                c("priority", "Priority"),
                r("type", "Type"),
                r("serviceRequested", "Service requested"),
                r("specialty", "Specialty"),
                r("reasonCode", "Reason"),
                r("reasonReference", "Reason"),
                r("description", "Description"),
                r("subject", "Patient"),
                r("requester", "From"),
                r("recipient", "To"),
                r("extension:SourceOfReferral", "Source of referral"),
                r("authoredOn", "Authored"),
                r("supportingInfo", "Supporting information"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "Appointment",
        subject: |context, node| {
            let what = first(context, node, &["serviceType", "appointmentType", "reason", "description", "specialty"]);
            let when = first(context, node, &["start"]);
            match (what, when) {
                (Some(what), Some(when)) => Some(format!("{what}, {when}")),
                (what, when) => what.or(when),
            }
        },
        key: &[("extension:AppointmentCancellationReason", "Cancellation reason"), ("end", "Until")],
        groups: &[g(
            "Appointment",
            &[
                c("status", "Status"),
                c("extension:AppointmentCancellationReason", "Cancellation reason"),
                r("start", "Start"),
                r("end", "End"),
                r("minutesDuration", "Minutes"),
                r("serviceCategory", "Service category"),
                r("serviceType", "Service type"),
                r("specialty", "Specialty"),
                r("appointmentType", "Appointment type"),
                r("priority", "Priority"),
                r("participant", "Participant"),
                r("reason", "Reason"),
                r("description", "Description"),
                r("comment", "Comment"),
                r("extension:DeliveryChannel", "Delivery channel"),
                r("extension:BookingOrganisation", "Booking organisation"),
            ],
        )],
    },
    View {
        of: "CarePlan",
        subject: titled,
        key: &[("intent", "Intent"), ("period", "")],
        groups: &[g(
            "Care plan",
            &[
                c("status", "Status"),
                c("intent", "Intent"),
                r("title", "Title"),
                r("description", "Description"),
                r("category", "Category"),
                r("period", "Period"),
                r("addresses", "Addresses"),
                r("goal", "Goal"),
                c("activity", "Activity"),
                r("careTeam", "Care team"),
                r("subject", "Patient"),
                r("author", "Author"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "Goal",
        subject: |context, node| first(context, node, &["description"]),
        key: &[("target.due[x]", "Due")],
        groups: &[g(
            "Goal",
            &[
                c("status", "Status"),
                r("statusReason", "Status reason"),
                r("description", "Goal"),
                r("priority", "Priority"),
                r("start[x]", "Start"),
                r("target", "Target"),
                r("outcomeCode", "Outcome"),
                r("outcomeReference", "Outcome"),
                r("expressedBy", "Expressed by"),
                r("addresses", "Addresses"),
                r("subject", "Patient"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "Communication",
        subject: |context, node| first(context, node, &["topic", "category", "reasonCode", "payload.content[x]"]),
        key: &[("notDoneReason", "Reason not done"), ("sent", "Sent"), ("received", "Received")],
        groups: &[g(
            "Communication",
            &[
                c("notDone", "Not done"),
                c("notDoneReason", "Reason not done"),
                c("status", "Status"),
                r("sender", "Sender"),
                r("recipient", "Recipient"),
                r("sent", "Sent"),
                r("received", "Received"),
                r("topic", "Topic"),
                r("category", "Category"),
                c("payload", "Content"),
                r("medium", "Medium"),
                r("subject", "Patient"),
                r("reasonCode", "Reason"),
                r("reasonReference", "Reason"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "Task",
        subject: |context, node| first(context, node, &["code", "description", "focus"]),
        key: &[("priority", "Priority"), ("statusReason", "Status reason")],
        groups: &[g(
            "Task",
            &[
                c("status", "Status"),
                c("statusReason", "Status reason"),
                c("businessStatus", "Business status"),
                c("intent", "Intent"),
                c("priority", "Priority"),
                r("code", "Task"),
                r("description", "Description"),
                r("focus", "Focus"),
                r("for", "For"),
                r("owner", "Owner"),
                r("requester", "Requester"),
                r("executionPeriod", "Period"),
                r("restriction", "Restriction"),
                r("input", "Input"),
                r("output", "Output"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "Slot",
        subject: |context, node| {
            let start = first(context, node, &["start"])?;
            let end = first(context, node, &["end"]);
            Some(end.map_or_else(|| start.clone(), |end| format!("From {start} to {end}")))
        },
        key: &[],
        groups: &[g(
            "Slot",
            &[
                c("status", "Status"),
                c("overbooked", "Overbooked"),
                r("start", "Start"),
                r("end", "End"),
                r("serviceCategory", "Service category"),
                r("serviceType", "Service type"),
                r("specialty", "Specialty"),
                r("schedule", "Schedule"),
                r("comment", "Comment"),
            ],
        )],
    },
    View {
        of: "EpisodeOfCare",
        subject: |context, node| first(context, node, &["type"]).or_else(|| generic(context, node)),
        key: &[("period", "")],
        groups: &[g(
            "Episode of care",
            &[
                c("status", "Status"),
                r("type", "Type"),
                r("period", "Period"),
                r("diagnosis", "Diagnosis"),
                r("patient", "Patient"),
                r("careManager", "Care manager"),
                r("team", "Team"),
                r("managingOrganization", "Managing organisation"),
                r("referralRequest", "Referral"),
                r("statusHistory", "Status history"),
            ],
        )],
    },
];
