//! Problems, allergies, results, procedures and encounters.

use super::super::context::Context;
use super::super::format::coded;
use super::{View, c, first, g, generic, r, select, words_of};
use crate::tree::NodeId;

fn code(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    first(context, node, &["code"])
}

/// The substance, or for data from before that had a code of its own, what the reactions were to.
fn allergy(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    first(context, node, &["code", "substance", "reaction.substance"])
}

/// What was measured and the result: `Potassium: less than (<) 5 mmol/L`.
fn observation(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let what = code(context, node).unwrap_or_else(|| "Observation without a name".to_owned());
    let value = first(context, node, &["value[x]"]).or_else(|| {
        let reason = first(context, node, &["dataAbsentReason"])?;
        Some(format!("no value, {}", coded::absent_words(&reason.to_lowercase())))
    });
    let value = value.or_else(|| {
        let mut values = Vec::new();
        for component in select(context, node, "component") {
            let name = first(context, component, &["code"]).unwrap_or_else(|| "unnamed".to_owned());
            let value = first(context, component, &["value[x]"]).unwrap_or_else(|| "no value".to_owned());
            values.push(format!("{name} {value}"));
        }
        (!values.is_empty() && values.len() <= 3).then(|| values.join(", "))
    });
    Some(match value {
        Some(value) => format!("{what}: {value}"),
        None => what,
    })
}

fn report(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    first(context, node, &["code", "category", "identifier"])
}

fn encounter(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let kind = first(context, node, &["type", "class"]);
    let when = select(context, node, "period").into_iter().next().and_then(|period| words_of(context, period));
    match (kind, when) {
        (Some(kind), Some(when)) => Some(format!("{kind} {when}")),
        (kind, when) => kind.or(when).or_else(|| generic(context, node)),
    }
}

fn family(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let who = first(context, node, &["relationship", "name"])?;
    let mut what = Vec::new();
    for condition in select(context, node, "condition.code") {
        what.extend(words_of(context, condition));
    }
    Some(if what.is_empty() { who } else { format!("{who}: {}", what.join(", ")) })
}

pub(super) const VIEWS: &[View] = &[
    View {
        of: "AllergyIntolerance",
        subject: allergy,
        key: &[
            ("clinicalStatus", "Clinical status"),
            ("verificationStatus", "Verification"),
            ("criticality", "Criticality"),
            ("reaction.manifestation", "Reaction"),
            ("reaction.severity", "Severity"),
        ],
        groups: &[g(
            "Allergy or intolerance",
            &[
                c("code", "Substance or allergy"),
                c("verificationStatus", "Verification status"),
                c("clinicalStatus", "Clinical status"),
                c("criticality", "Criticality"),
                r("type", "Type"),
                r("category", "Category"),
                c("reaction", "Reaction"),
                r("onset[x]", "Onset"),
                r("lastOccurrence", "Last occurrence"),
                c("extension:AllergyIntoleranceEnd", "Ended"),
                c("extension:AllergyEnd", "Ended"),
                r("patient", "Patient"),
                r("asserter", "Asserted by"),
                r("recorder", "Recorded by"),
                r("assertedDate", "Asserted"),
                r("extension:Evidence", "Evidence"),
                r("note", "Note"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Condition",
        subject: code,
        key: &[
            ("clinicalStatus", "Clinical status"),
            ("verificationStatus", "Verification"),
            ("severity", "Severity"),
            ("abatement[x]", "Ended"),
            ("extension:ProblemSignificance", "Significance"),
        ],
        groups: &[g(
            "Condition",
            &[
                c("code", "Condition"),
                c("clinicalStatus", "Clinical status"),
                c("verificationStatus", "Verification status"),
                c("severity", "Severity"),
                c("extension:ProblemSignificance", "Problem significance"),
                r("category", "Category"),
                c("bodySite", "Body site"),
                r("onset[x]", "Onset"),
                c("abatement[x]", "Ended"),
                r("stage", "Stage"),
                r("evidence", "Evidence"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("asserter", "Asserted by"),
                r("assertedDate", "Asserted"),
                r("extension:Episodicity", "Episodicity"),
                r("extension:ActualProblem", "Actual problem"),
                r("extension:RelatedProblemHeader", "Related problem"),
                r("extension:RelatedClinicalContent", "Related clinical content"),
                r("note", "Note"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Observation",
        subject: observation,
        key: &[("interpretation", "Interpretation"), ("effective[x]", "Taken"), ("dataAbsentReason", "No value")],
        groups: &[g(
            "Observation",
            &[
                c("code", "Observation"),
                c("value[x]", "Value"),
                c("dataAbsentReason", "Reason for no value"),
                c("status", "Status"),
                c("interpretation", "Interpretation"),
                c("component", "Component"),
                r("referenceRange", "Reference range"),
                r("effective[x]", "Taken"),
                r("bodySite", "Body site"),
                r("method", "Method"),
                c("comment", "Comment"),
                r("category", "Category"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("performer", "Performer"),
                r("specimen", "Specimen"),
                r("device", "Device"),
                r("related", "Related"),
                r("basedOn", "Based on"),
                r("issued", "Issued"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "DiagnosticReport",
        subject: report,
        key: &[("conclusion", "Conclusion"), ("issued", "Issued")],
        groups: &[g(
            "Report",
            &[
                c("status", "Status"),
                c("code", "Report"),
                r("category", "Category"),
                r("issued", "Issued"),
                r("effective[x]", "Effective"),
                r("specimen", "Specimen"),
                r("performer", "Performer"),
                r("result", "Result"),
                c("conclusion", "Conclusion"),
                c("codedDiagnosis", "Diagnosis"),
                c("presentedForm", "Attachment"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("basedOn", "Requested by"),
                r("imagingStudy", "Imaging study"),
                r("image", "Image"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Specimen",
        subject: |context, node| first(context, node, &["type", "accessionIdentifier", "identifier"]),
        key: &[("collection.collected[x]", "Collected")],
        groups: &[g(
            "Specimen",
            &[
                r("type", "Type"),
                c("status", "Status"),
                r("accessionIdentifier", "Accession number"),
                c("collection", "Collection"),
                r("receivedTime", "Received"),
                r("processing", "Processing"),
                r("container", "Container"),
                r("note", "Note"),
                r("subject", "Patient"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Procedure",
        subject: code,
        key: &[("notDoneReason", "Reason not done"), ("performed[x]", "Performed"), ("outcome", "Outcome")],
        groups: &[g(
            "Procedure",
            &[
                c("notDone", "Not done"),
                c("notDoneReason", "Reason not done"),
                c("status", "Status"),
                c("code", "Procedure"),
                c("bodySite", "Body site"),
                r("category", "Category"),
                r("performed[x]", "Performed"),
                r("performer", "Performer"),
                c("outcome", "Outcome"),
                c("complication", "Complication"),
                c("complicationDetail", "Complication"),
                c("extension:AnaestheticIssues", "Anaesthetic issues"),
                c("focalDevice", "Device"),
                r("followUp", "Follow-up"),
                r("reasonCode", "Reason"),
                r("reasonReference", "Reason"),
                r("location", "Location"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("note", "Note"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Encounter",
        subject: encounter,
        key: &[("hospitalization.dischargeDisposition", "Discharge")],
        groups: &[g(
            "Encounter",
            &[
                c("status", "Status"),
                r("class", "Class"),
                r("type", "Type"),
                r("priority", "Priority"),
                r("period", "Period"),
                r("length", "Length"),
                r("reason", "Reason"),
                r("diagnosis", "Diagnosis"),
                r("subject", "Patient"),
                r("participant", "Participant"),
                r("location", "Location"),
                r("serviceProvider", "Service provider"),
                c("hospitalization", "Hospital stay"),
                r("extension:AdmissionMethod", "Admission method"),
                r("extension:DischargeMethod", "Discharge method"),
                r("extension:OutcomeOfAttendance", "Outcome of attendance"),
                c("extension:EmergencyCareDischargeStatus", "Emergency care discharge status"),
                r("extension:EncounterTransport", "Transport"),
                r("episodeOfCare", "Episode of care"),
                r("incomingReferral", "Referral"),
                r("appointment", "Appointment"),
                r("statusHistory", "Status history"),
                r("classHistory", "Class history"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "FamilyMemberHistory",
        subject: family,
        key: &[],
        groups: &[g(
            "Family history",
            &[
                c("notDone", "Not done"),
                c("notDoneReason", "Reason not done"),
                c("status", "Status"),
                r("relationship", "Relationship"),
                r("name", "Name"),
                r("condition", "Condition"),
                c("deceased[x]", "Died"),
                r("age[x]", "Age"),
                c("estimatedAge", "Age is estimated"),
                r("gender", "Gender"),
                r("born[x]", "Born"),
                r("patient", "Patient"),
                r("date", "Recorded"),
                r("reasonCode", "Reason"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "Flag",
        subject: code,
        key: &[("period", "")],
        groups: &[g(
            "Flag",
            &[
                c("status", "Status"),
                c("code", "Flag"),
                r("category", "Category"),
                r("period", "Period"),
                r("subject", "Subject"),
                r("author", "Author"),
                r("encounter", "Encounter"),
            ],
        )],
    },
];
