//! Documents, lists, bundles and outcomes.

use super::super::context::Context;
use super::super::words;
use super::{View, c, first, g, r, select};
use crate::tree::NodeId;

/// What kind of bundle it is and how much is in it; of a document, its title.
fn bundle(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let count = context.children(node, "entry").len();
    let kind = context.peek(node, "type");
    let title = first(context, node, &["entry.resource.title"]).filter(|_| kind == Some("document"));
    let kind = kind.map_or_else(|| "Bundle".to_owned(), |kind| words::code_words("type", kind));
    let resources = if count == 1 { "1 resource".to_owned() } else { format!("{count} resources") };
    Some(match title {
        Some(title) => format!("{title} ({resources})"),
        None => format!("{kind} of {resources}"),
    })
}

/// How many issues of each severity there are, and the first of the worst.
fn outcome(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let issues = context.children(node, "issue");
    let mut counts = Vec::new();
    let mut worst = None;
    for severity in ["fatal", "error", "warning", "information"] {
        let of: Vec<NodeId> =
            issues.iter().copied().filter(|issue| context.peek(*issue, "severity") == Some(severity)).collect();
        if let Some(issue) = of.first() {
            counts.push(format!("{} {severity}", of.len()));
            worst = worst.or(Some(*issue));
        }
    }
    let text =
        worst.or(issues.first().copied()).and_then(|issue| first(context, issue, &["details", "diagnostics", "code"]));
    match (counts.is_empty(), text) {
        (false, Some(text)) => Some(format!("{}: {text}", words::list(&counts))),
        (false, None) => Some(words::list(&counts)),
        (true, text) => text,
    }
}

fn listed(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let what = first(context, node, &["title", "code", "identifier"]).unwrap_or_else(|| "List".to_owned());
    let count = select(context, node, "entry").len();
    Some(match count {
        0 => format!("{what} (no entries)"),
        1 => format!("{what} (1 entry)"),
        _ => format!("{what} ({count} entries)"),
    })
}

pub(super) const VIEWS: &[View] = &[
    View {
        of: "Composition",
        subject: |context, node| first(context, node, &["title", "type"]),
        key: &[("date", "Dated"), ("author", "Author")],
        groups: &[
            g(
                "Document",
                &[
                    r("title", "Title"),
                    c("status", "Status"),
                    c("confidentiality", "Confidentiality"),
                    r("type", "Type"),
                    r("class", "Class"),
                    r("date", "Date"),
                    r("subject", "Subject"),
                    r("author", "Author"),
                    r("custodian", "Custodian"),
                    r("attester", "Attester"),
                    c("relatesTo", "Related document"),
                    r("encounter", "Encounter"),
                    r("extension:CareSettingType", "Care setting"),
                    r("event", "Event"),
                ],
            ),
            g("Sections", &[r("section", "Section")]),
        ],
    },
    View {
        of: "Bundle",
        subject: bundle,
        key: &[],
        groups: &[
            g(
                "Bundle",
                &[
                    r("type", "Type"),
                    r("total", "Total"),
                    c("link", "Link"),
                    r("identifier", "Identifier"),
                    r("signature", "Signature"),
                ],
            ),
            g("Contents", &[r("entry", "Entry")]),
        ],
    },
    View {
        of: "List",
        subject: listed,
        key: &[("date", "Dated")],
        groups: &[g(
            "List",
            &[
                c("extension:ListWarningCode", "Warning"),
                c("note", "Note"),
                c("emptyReason", "Empty because"),
                c("status", "Status"),
                c("mode", "Mode"),
                r("title", "Title"),
                r("code", "Kind of list"),
                r("date", "Date"),
                r("subject", "Patient"),
                r("source", "Source"),
                r("orderedBy", "Ordered by"),
                r("extension:ClinicalSetting", "Clinical setting"),
                c("entry", "Entry"),
            ],
        )],
    },
    View {
        of: "DocumentReference",
        subject: |context, node| first(context, node, &["description", "type", "class", "content.attachment.title"]),
        key: &[("docStatus", "Document status"), ("indexed", "Indexed")],
        groups: &[g(
            "Document",
            &[
                c("status", "Status"),
                c("docStatus", "Document status"),
                r("type", "Type"),
                r("class", "Class"),
                c("relatesTo", "Related document"),
                r("created", "Created"),
                r("indexed", "Indexed"),
                r("author", "Author"),
                r("custodian", "Custodian"),
                r("authenticator", "Authenticated by"),
                r("subject", "Patient"),
                r("description", "Description"),
                c("securityLabel", "Security label"),
                c("content", "Content"),
                r("context", "Context"),
            ],
        )],
    },
    View { of: "OperationOutcome", subject: outcome, key: &[], groups: &[g("Issues", &[c("issue", "Issue")])] },
    View {
        of: "MessageHeader",
        subject: |context, node| first(context, node, &["event", "reason"]),
        key: &[("timestamp", "Sent"), ("response.code", "Response")],
        groups: &[g(
            "Message",
            &[
                r("event", "Event"),
                r("sender", "Sender"),
                r("source", "Source"),
                r("receiver", "Receiver"),
                r("destination", "Destination"),
                r("timestamp", "Sent"),
                r("author", "Author"),
                r("responsible", "Responsible"),
                r("reason", "Reason"),
                c("response", "Response"),
                r("extension:MessageHandling", "Message handling"),
                r("focus", "About"),
            ],
        )],
    },
];
