//! Documents, lists, bundles, questionnaires, consents and outcomes.

use super::super::context::Context;
use super::super::labels::type_label;
use super::super::words;
use super::Subject::{Made, Paths};
use super::{Spec, View, bare_line, c, first, g, h, l, n, nc, r, select};
use crate::tree::NodeId;

/// What kind of bundle it is and how much of what is in it; of a document, its title.
fn bundle(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let language = context.options.language;
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    let entries = context.children(node, "entry");
    for entry in &entries {
        let kind = context.child(*entry, "resource").and_then(|inner| context.tree.resource_type(inner)).unwrap_or("");
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((kind, 1)),
        }
    }
    // Of a document its own headline is that of the whole, of a message its event: what else is in it is listed.
    let resources = select(context, node, "entry.resource");
    let document = resources.first().copied().filter(|first| context.tree.resource_type(*first) == Some("Composition"));
    let document = document.filter(|_| is_a(context, node, "document"));
    let title = document.map(|document| bare_line(context, document));
    let event = first(context, node, &["entry.resource.event"]).filter(|_| is_a(context, node, "message"));
    if title.is_some() || event.is_some() {
        return title.or(event);
    }
    let kind = match context.peek(node, "type") {
        Some(kind) => words::code_words(language, "bundleType", kind),
        None => context.say("Bundle"),
    };
    let mut counts: Vec<String> = kinds
        .iter()
        .filter(|(kind, _)| !kind.is_empty())
        .take(6)
        .map(|(kind, count)| {
            let kind = words::uncapitalise(&type_label(language, kind));
            if *count == 1 { kind } else { format!("{kind} ({count})") }
        })
        .collect();
    let bare: usize = kinds.iter().filter(|(kind, _)| kind.is_empty()).map(|(_, count)| count).sum();
    if bare > 0 {
        counts.push(context.fill("{} without a resource", &[&bare.to_string()]));
    }
    if kinds.len() > 6 {
        counts.push(context.say("others"));
    }
    let content = match entries.len() {
        0 => context.say("no entries"),
        1 => context.say("1 entry"),
        count => context.fill("{} entries", &[&count.to_string()]),
    };
    let content = if counts.is_empty() { content } else { format!("{content}: {}", counts.join(", ")) };
    Some(format!("{kind} ({content})"))
}

fn is_a(context: &Context<'_>, node: NodeId, kind: &str) -> bool {
    context.peek(node, "type") == Some(kind)
}

/// How many issues of each severity there are, and the first of the worst.
fn outcome(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let language = context.options.language;
    let issues = context.children(node, "issue");
    let mut counts = Vec::new();
    let mut worst = None;
    for severity in ["fatal", "error", "warning", "information"] {
        let of: Vec<NodeId> =
            issues.iter().copied().filter(|issue| context.peek(*issue, "severity") == Some(severity)).collect();
        if let Some(issue) = of.first() {
            let severity = words::uncapitalise(&words::code_words(language, "severity", severity));
            counts.push(format!("{} {severity}", of.len()));
            worst = worst.or(Some(*issue));
        }
    }
    let text =
        worst.or(issues.first().copied()).and_then(|issue| first(context, issue, &["details", "diagnostics", "code"]));
    match (counts.is_empty(), text) {
        (false, Some(text)) => Some(format!("{}: {text}", words::list(language, &counts))),
        (false, None) => Some(words::list(language, &counts)),
        (true, text) => text,
    }
}

fn listed(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let what = first(context, node, &["title", "code", "identifier"]).unwrap_or_else(|| context.say("List"));
    let count = match select(context, node, "entry").len() {
        0 => context.say("no entries"),
        1 => context.say("1 entry"),
        count => context.fill("{} entries", &[&count.to_string()]),
    };
    Some(format!("{what} ({count})"))
}

/// A parameter: its name is what it is about.
pub const PARAMETER: &[Spec] = &[l("name"), r("value[x]", "Value"), r("resource", "Resource"), r("part", "Part")];

const EXCEPT: &[Spec] = &[
    c("type", "Exception"),
    r("action", "Action"),
    r("actor", "Actor"),
    r("period", "Period"),
    r("purpose", "Purpose"),
    r("class", "Class of data"),
    r("code", "Data"),
    r("data", "Data"),
    r("dataPeriod", "Period of the data"),
    r("securityLabel", "Security label"),
];

pub(super) const VIEWS: &[View] = &[
    View {
        of: "Composition",
        subject: Paths(&["title", "type"]),
        groups: &[
            g(
                "Document",
                &[
                    h("title", "Title"),
                    c("status", "Status"),
                    c("confidentiality", "Confidentiality"),
                    r("type", "Type"),
                    r("class", "Class"),
                    c("date", "Date"),
                    r("subject", "Patient"),
                    c("author", "Author"),
                    r("custodian", "Custodian"),
                    n("attester", "Attester", &[l("party"), r("mode", "As"), r("time", "When")]),
                    nc("relatesTo", "Related document", &[c("code", "How"), c("target[x]", "Document")]),
                    r("encounter", "Encounter"),
                    r("extension:CareSettingType", "Care setting"),
                    n("event", "Event", &[r("code", "Event"), r("period", "Period"), r("detail", "Detail")]),
                    r("identifier", "Identifier"),
                ],
            ),
            g("Sections", &[r("section", "Section")]),
        ],
    },
    View {
        of: "Bundle",
        subject: Made(bundle),
        groups: &[
            g(
                "Bundle",
                &[
                    r("type", "Type"),
                    r("total", "Total found"),
                    nc("link", "Link", &[r("relation", "Page"), r("url", "Address")]),
                    r("identifier", "Identifier"),
                    r("signature", "Signature"),
                ],
            ),
            g(
                "Contents",
                &[n(
                    "entry",
                    "Entry",
                    &[
                        l("resource"),
                        n("search", "Found as", &[r("mode", "Mode"), r("score", "Score")]),
                        n(
                            "request",
                            "Request",
                            &[
                                r("method", "Method"),
                                r("url", "Address"),
                                r("ifNoneExist", "If none exists"),
                                r("ifMatch", "If it matches"),
                            ],
                        ),
                        n(
                            "response",
                            "Response",
                            &[
                                r("status", "Status"),
                                r("location", "Location"),
                                r("etag", "Version"),
                                r("lastModified", "Last changed"),
                                r("outcome", "Outcome"),
                            ],
                        ),
                    ],
                )],
            ),
        ],
    },
    View {
        of: "List",
        subject: Made(listed),
        groups: &[g(
            "List",
            &[
                c("extension:ListWarningCode", "Warning"),
                c("note", "Note"),
                c("emptyReason", "Empty"),
                c("status", "Status"),
                c("mode", "Mode"),
                h("title", "Title"),
                r("code", "Kind of list"),
                r("date", "Date"),
                r("subject", "Patient"),
                r("source", "Source"),
                r("orderedBy", "Ordered by"),
                r("extension:ClinicalSetting", "Clinical setting"),
                r("encounter", "Encounter"),
                n(
                    "entry",
                    "Entry",
                    &[c("deleted", "Removed from the list"), l("item"), c("flag", "Flag"), r("date", "Date")],
                ),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "DocumentReference",
        subject: Paths(&["description", "type", "class", "content.attachment.title"]),
        groups: &[g(
            "Document",
            &[
                c("status", "Status"),
                c("docStatus", "Document status"),
                c("type", "Type"),
                r("class", "Class"),
                nc("relatesTo", "Related document", &[c("code", "How"), c("target", "Document")]),
                r("created", "Created"),
                c("indexed", "Indexed"),
                r("author", "Author"),
                r("custodian", "Custodian"),
                r("authenticator", "Authenticated by"),
                r("subject", "Patient"),
                r("description", "Description"),
                c("securityLabel", "Security label"),
                n("content", "Content", &[l("attachment"), r("format", "Format")]),
                n(
                    "context",
                    "Context",
                    &[
                        r("encounter", "Encounter"),
                        r("event", "Event"),
                        r("period", "Period"),
                        r("facilityType", "Facility"),
                        r("practiceSetting", "Practice setting"),
                        r("sourcePatientInfo", "Patient at the source"),
                        r("related", "Related"),
                    ],
                ),
                r("masterIdentifier", "Document identifier"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "DocumentManifest",
        subject: Paths(&["description", "type", "masterIdentifier", "identifier"]),
        groups: &[g(
            "Set of documents",
            &[
                c("status", "Status"),
                h("description", "Description"),
                r("type", "Type"),
                r("subject", "Patient"),
                r("created", "Created"),
                r("author", "Author"),
                r("recipient", "Recipient"),
                r("source", "Source"),
                n("content", "Content", &[l("p[x]")]),
                r("related", "Related"),
            ],
        )],
    },
    View {
        of: "OperationOutcome",
        subject: Made(outcome),
        groups: &[g(
            "Issues",
            &[n(
                "issue",
                "Issue",
                &[
                    r("severity", "Severity"),
                    r("code", "Kind"),
                    r("details", "Details"),
                    r("diagnostics", "Diagnostics"),
                    r("location", "Location"),
                    r("expression", "Where"),
                ],
            )],
        )],
    },
    View {
        of: "MessageHeader",
        subject: Paths(&["event", "reason"]),
        groups: &[g(
            "Message",
            &[
                h("event", "Event"),
                nc(
                    "response",
                    "Response",
                    &[c("code", "Response"), r("details", "Details"), r("identifier", "To message")],
                ),
                r("sender", "Sender"),
                n(
                    "source",
                    "Source",
                    &[
                        r("name", "Name"),
                        r("software", "Software"),
                        r("version", "Version"),
                        r("contact", "Contact"),
                        r("endpoint", "Address"),
                    ],
                ),
                r("receiver", "Receiver"),
                n("destination", "Destination", &[r("name", "Name"), r("target", "Target"), r("endpoint", "Address")]),
                c("timestamp", "Sent"),
                r("author", "Author"),
                r("responsible", "Responsible"),
                r("enterer", "Entered by"),
                r("reason", "Reason"),
                n(
                    "extension:MessageHandling",
                    "Message handling",
                    &[
                        r("extension:BusAckRequested", "Business acknowledgement requested"),
                        r("extension:InfAckRequested", "Infrastructure acknowledgement requested"),
                        r("extension:RecipientType", "Recipient type"),
                        r("extension:MessageDefinition", "Message definition"),
                        r("extension:SenderReference", "Sender's reference"),
                        r("extension:LocalExtension", "Local extension"),
                    ],
                ),
                r("extension:MessageEventType", "Type of event"),
                r("extension:RoutingDemographics", "Demographics for routing"),
                r("focus", "About"),
            ],
        )],
    },
    View {
        of: "Questionnaire",
        subject: Paths(&["title", "name", "code", "identifier"]),
        groups: &[
            g(
                "Questionnaire",
                &[
                    h("title", "Title"),
                    c("status", "Status"),
                    c("experimental", "Experimental"),
                    r("version", "Version"),
                    r("date", "Date"),
                    r("publisher", "Publisher"),
                    r("description", "Description"),
                    r("purpose", "Purpose"),
                    r("subjectType", "About"),
                ],
            ),
            g("Questions", &[r("item", "Question")]),
        ],
    },
    View {
        of: "QuestionnaireResponse",
        subject: Paths(&["questionnaire", "identifier"]),
        groups: &[
            g(
                "Completed questionnaire",
                &[
                    c("status", "Status"),
                    r("questionnaire", "Questionnaire"),
                    r("subject", "Subject"),
                    r("context", "Encounter"),
                    c("authored", "Completed"),
                    r("author", "Recorded by"),
                    r("source", "Answered by"),
                    r("basedOn", "Based on"),
                    r("parent", "Part of"),
                    r("identifier", "Identifier"),
                ],
            ),
            g("Answers", &[r("item", "Question")]),
        ],
    },
    View {
        of: "Consent",
        subject: Paths(&["category", "policyRule", "identifier"]),
        groups: &[g(
            "Consent",
            &[
                c("status", "Status"),
                h("category", "Category"),
                r("patient", "Patient"),
                c("period", "Period"),
                r("dateTime", "Recorded"),
                r("consentingParty", "Consent given by"),
                r("organization", "Organisation"),
                c("action", "Action"),
                n("actor", "Actor", &[l("reference"), r("role", "Role")]),
                nc("except", "Exception", EXCEPT),
                r("purpose", "Purpose"),
                c("securityLabel", "Security label"),
                r("dataPeriod", "Period of the data"),
                n("data", "Data", &[l("reference"), r("meaning", "How")]),
                n("policy", "Policy", &[r("authority", "Authority"), r("uri", "Address")]),
                r("policyRule", "Policy rule"),
                r("source[x]", "Source"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Provenance",
        subject: Paths(&["activity", "target", "reason"]),
        groups: &[g(
            "Provenance",
            &[
                c("target", "Of"),
                r("activity", "Activity"),
                c("recorded", "Recorded"),
                r("period", "Period"),
                r("reason", "Reason"),
                n("agent", "Agent", &[l("who[x]"), r("role", "Role"), r("onBehalfOf[x]", "On behalf of")]),
                n("entity", "Source", &[l("what[x]"), r("role", "Role"), r("agent", "Agent")]),
                r("location", "Location"),
                r("policy", "Policy"),
                r("signature", "Signature"),
            ],
        )],
    },
    View {
        of: "Parameters",
        subject: Made(|context, node| {
            let names: Vec<String> = select(context, node, "parameter.name")
                .into_iter()
                .take(6)
                .filter_map(|name| context.take(name))
                .collect();
            (!names.is_empty()).then(|| names.join(", "))
        }),
        groups: &[g("Parameters", &[n("parameter", "Parameter", PARAMETER)])],
    },
    View {
        of: "AuditEvent",
        subject: Paths(&["type", "subtype", "outcomeDesc"]),
        groups: &[g(
            "Audit event",
            &[
                c("outcome", "Outcome"),
                c("outcomeDesc", "Outcome"),
                h("type", "Type"),
                r("subtype", "Kind"),
                r("action", "Action"),
                c("recorded", "Recorded"),
                r("purposeOfEvent", "Purpose"),
                r("agent", "Agent"),
                r("source", "Source"),
                r("entity", "What"),
            ],
        )],
    },
];
