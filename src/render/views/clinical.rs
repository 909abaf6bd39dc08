//! Problems, allergies, results, procedures and encounters.

use super::super::context::Context;
use super::super::format::coded;
use super::Subject::{Made, Paths};
use super::{Spec, View, c, first, g, generic, h, l, n, nc, r, select, words_of};
use crate::tree::NodeId;

/// What was measured and the result: `Potassium: less than (<) 5 mmol/L`.
fn observation(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let what = first(context, node, &["code"]).unwrap_or_else(|| context.say("Observation without a name"));
    let value = pressure(context, node).or_else(|| first(context, node, &["value[x]"])).or_else(|| {
        let reason = context.child(node, "dataAbsentReason")?;
        let because = coded::absent_because(context, reason)?;
        Some(context.fill("no value, because {}", &[&because]))
    });
    let value = value.or_else(|| {
        let mut values = Vec::new();
        for component in select(context, node, "component") {
            let name = first(context, component, &["code"]).unwrap_or_else(|| context.say("unnamed"));
            let value = first(context, component, &["value[x]"]).unwrap_or_else(|| context.say("no value"));
            values.push(format!("{name} {value}"));
        }
        (!values.is_empty() && values.len() <= 3).then(|| values.join(", "))
    });
    Some(match value {
        Some(value) => format!("{what}: {value}"),
        None => what,
    })
}

/// Codes of systolic and diastolic pressure in SNOMED CT and LOINC.
const SYSTOLIC: &[&str] = &["72313002", "271649006", "400974009", "8480-6"];
const DIASTOLIC: &[&str] = &["1091811000000102", "271650006", "400975005", "8462-4"];

/// A blood pressure as `120/80 mmHg`, where both parts are there as plain values in one unit.
fn pressure(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    if context.choice(node, "value").is_some() {
        return None;
    }
    let part = |context: &Context<'_>, codes: &[&str]| {
        select(context, node, "component").into_iter().find(|component| {
            select(context, *component, "code.coding.code")
                .into_iter()
                .any(|code| context.tree.text(code).is_some_and(|code| codes.contains(&code)))
        })
    };
    let (high, low) = (part(context, SYSTOLIC)?, part(context, DIASTOLIC)?);
    let read = |context: &Context<'_>, component: NodeId| {
        let quantity = context.child(component, "valueQuantity")?;
        if context.child(quantity, "comparator").is_some() {
            return None;
        }
        let unit = context.peek(quantity, "unit").or_else(|| context.peek(quantity, "code"))?;
        Some((context.peek(quantity, "value")?.to_owned(), unit.to_owned()))
    };
    let ((high, unit), (low, other)) = (read(context, high)?, read(context, low)?);
    let unit_words = if unit == "mm[Hg]" { "mmHg".to_owned() } else { super::super::words::visible(&unit) };
    (unit == other).then(|| format!("{high}/{low} {unit_words}"))
}

/// A GP's problem with its significance: `Major problem: Asthma`.
fn condition(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let what = first(context, node, &["code"]).or_else(|| first(context, node, &["category", "note.text"]))?;
    match first(context, node, &["extension:ProblemSignificance"]) {
        Some(significance) => {
            let significance = super::super::words::capitalise(&significance);
            Some(format!("{}: {what}", context.fill("{} problem", &[&significance])))
        }
        None => Some(what),
    }
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

const PERFORMER: &[Spec] = &[l("actor"), r("role", "Role"), r("onBehalfOf", "On behalf of")];

pub(super) const VIEWS: &[View] = &[
    View {
        of: "AllergyIntolerance",
        // For data from before the substance had a code of its own, what the reactions were to.
        subject: Paths(&["code", "substance", "reaction.substance"]),
        groups: &[g(
            "Allergy or intolerance",
            &[
                h("code", "Substance or allergy"),
                c("verificationStatus", "Verification status"),
                c("clinicalStatus", "Clinical status"),
                c("criticality", "Criticality"),
                r("type", "Type"),
                r("category", "Category"),
                nc(
                    "reaction",
                    "Reaction",
                    &[
                        c("manifestation", "Reaction"),
                        c("severity", "Severity"),
                        r("substance", "Substance"),
                        r("onset", "Onset"),
                        r("exposureRoute", "Route of exposure"),
                        r("description", "Description"),
                        r("note", "Note"),
                    ],
                ),
                r("onset[x]", "Onset"),
                r("lastOccurrence", "Last occurrence"),
                r("patient", "Patient"),
                r("asserter", "Asserted by"),
                r("recorder", "Recorded by"),
                r("assertedDate", "Asserted"),
                nc(
                    "extension:AllergyIntoleranceEnd",
                    "Ended",
                    &[c("extension:endDate", "Ended on"), c("extension:reasonEnded", "Reason ended")],
                ),
                c("extension:AllergyIntoleranceEndDate", "Ended on"),
                r("extension:encounter", "Encounter"),
                r("extension:Evidence", "Evidence"),
                r("extension:AllergySeverity", "Severity"),
                r("extension:AllergyCertainty", "Certainty"),
                r("note", "Note"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Condition",
        subject: Made(condition),
        groups: &[g(
            "Condition",
            &[
                h("code", "Condition"),
                c("clinicalStatus", "Clinical status"),
                c("verificationStatus", "Verification status"),
                c("severity", "Severity"),
                c("extension:ProblemSignificance", "Significance"),
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
                r("extension:ConditionEpisode", "Episode"),
                r("extension:ActualProblem", "Actual problem"),
                r("extension:RelatedProblemHeader", "Related problem"),
                r("extension:ConditionRelationship", "Related condition"),
                r("extension:RelatedClinicalContent", "Related clinical content"),
                r("note", "Note"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Observation",
        subject: Made(observation),
        groups: &[g(
            "Observation",
            &[
                h("code", "Observation"),
                h("value[x]", "Value"),
                c("dataAbsentReason", "Reason for no value"),
                c("status", "Status"),
                c("interpretation", "Interpretation"),
                n(
                    "component",
                    "Component",
                    &[
                        r("code", "Measured"),
                        r("value[x]", "Value"),
                        c("dataAbsentReason", "Reason for no value"),
                        c("interpretation", "Interpretation"),
                        r("referenceRange", "Reference range"),
                    ],
                ),
                r("referenceRange", "Reference range"),
                c("effective[x]", "Taken"),
                r("bodySite", "Body site"),
                r("method", "Method"),
                c("comment", "Comment"),
                r("category", "Category"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("performer", "Performer"),
                r("specimen", "Specimen"),
                r("device", "Device"),
                n("related", "Related", &[l("target"), r("type", "How")]),
                r("basedOn", "Based on"),
                r("issued", "Issued"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "DiagnosticReport",
        subject: Paths(&["code", "category", "identifier"]),
        groups: &[g(
            "Report",
            &[
                c("status", "Status"),
                h("code", "Report"),
                r("category", "Category"),
                c("conclusion", "Conclusion"),
                c("codedDiagnosis", "Diagnosis"),
                r("issued", "Issued"),
                r("effective[x]", "Effective"),
                r("specimen", "Specimen"),
                n("performer", "Performer", PERFORMER),
                r("basedOn", "Requested by"),
                r("result", "Result"),
                c("presentedForm", "Attachment"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("imagingStudy", "Imaging study"),
                n("image", "Image", &[l("link"), r("comment", "Comment")]),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Specimen",
        subject: Paths(&["type", "accessionIdentifier", "identifier"]),
        groups: &[g(
            "Specimen",
            &[
                h("type", "Type"),
                c("status", "Status"),
                r("accessionIdentifier", "Accession number"),
                nc(
                    "collection",
                    "Collection",
                    &[
                        c("collected[x]", "Collected"),
                        r("extension:FastingStatus", "Fasting status"),
                        r("bodySite", "Body site"),
                        r("method", "Method"),
                        r("quantity", "Quantity"),
                        r("collector", "Collected by"),
                    ],
                ),
                r("receivedTime", "Received"),
                r("processing", "Processing"),
                r("container", "Container"),
                r("note", "Note"),
                r("subject", "Patient"),
                r("parent", "Taken from"),
                r("request", "Request"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Procedure",
        subject: Paths(&["code"]),
        groups: &[g(
            "Procedure",
            &[
                c("notDone", "Not done"),
                c("notDoneReason", "Reason not done"),
                c("status", "Status"),
                h("code", "Procedure"),
                c("bodySite", "Body site"),
                r("category", "Category"),
                c("performed[x]", "Performed"),
                n("performer", "Performer", PERFORMER),
                c("outcome", "Outcome"),
                c("complication", "Complication"),
                c("complicationDetail", "Complication"),
                c("extension:AnaestheticIssues", "Anaesthetic issues"),
                nc("focalDevice", "Device", &[c("manipulated", "Device"), c("action", "Action")]),
                c("usedReference", "Used"),
                c("usedCode", "Used"),
                r("followUp", "Follow-up"),
                r("reasonCode", "Reason"),
                r("reasonReference", "Reason"),
                r("location", "Location"),
                r("report", "Report"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("basedOn", "Based on"),
                r("partOf", "Part of"),
                r("note", "Note"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Encounter",
        subject: Made(encounter),
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
                n("diagnosis", "Diagnosis", &[l("condition"), r("role", "Role"), r("rank", "Rank")]),
                r("subject", "Patient"),
                n("participant", "Participant", &[l("individual"), r("type", "Role"), r("period", "Period")]),
                n("location", "Location", &[l("location"), r("status", "Status"), r("period", "Period")]),
                r("serviceProvider", "Service provider"),
                r("extension:AdmissionMethod", "Admission method"),
                nc(
                    "hospitalization",
                    "Hospital stay",
                    &[
                        r("extension:AdmissionMethod", "Admission method"),
                        r("admitSource", "Admitted from"),
                        r("origin", "Origin"),
                        r("extension:DischargeMethod", "Discharge method"),
                        r("destination", "Destination"),
                        c("dischargeDisposition", "Discharged to"),
                        r("reAdmission", "Readmission"),
                        r("dietPreference", "Diet"),
                        r("specialCourtesy", "Special courtesy"),
                        r("specialArrangement", "Special arrangement"),
                    ],
                ),
                r("extension:DischargeMethod", "Discharge method"),
                r("extension:OutcomeOfAttendance", "Outcome of attendance"),
                c("extension:EmergencyCareDischargeStatus", "Emergency care discharge status"),
                r("extension:EncounterTransport", "Transport"),
                r("episodeOfCare", "Episode of care"),
                r("incomingReferral", "Referral"),
                r("appointment", "Appointment"),
                n("statusHistory", "Status history", &[l("status"), r("period", "Period")]),
                n("classHistory", "Class history", &[l("class"), r("period", "Period")]),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "FamilyMemberHistory",
        subject: Made(family),
        groups: &[g(
            "Family history",
            &[
                c("notDone", "Not done"),
                c("notDoneReason", "Reason not done"),
                c("status", "Status"),
                h("relationship", "Relationship"),
                r("name", "Name"),
                n(
                    "condition",
                    "Condition",
                    &[l("code"), r("onset[x]", "Onset"), r("outcome", "Outcome"), r("note", "Note")],
                ),
                c("deceased[x]", "Died"),
                c("age[x]", "Age"),
                c("estimatedAge", "Age is estimated"),
                r("gender", "Gender"),
                r("born[x]", "Born"),
                r("patient", "Patient"),
                r("date", "Recorded"),
                r("reasonCode", "Reason"),
                r("reasonReference", "Reason"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "Flag",
        subject: Paths(&["code"]),
        groups: &[g(
            "Flag",
            &[
                c("status", "Status"),
                h("code", "Flag"),
                r("category", "Category"),
                r("period", "Period"),
                r("subject", "Subject"),
                r("author", "Author"),
                r("encounter", "Encounter"),
                r("extension:MedicationFlagAssociation", "Medication"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "ClinicalImpression",
        subject: Paths(&["summary", "description", "code", "finding.item[x]"]),
        groups: &[g(
            "Clinical impression",
            &[
                c("status", "Status"),
                r("code", "Kind"),
                r("description", "Description"),
                c("summary", "Summary"),
                nc("finding", "Finding", &[c("item[x]", "Finding"), r("basis", "Basis")]),
                r("prognosisCodeableConcept", "Prognosis"),
                r("prognosisReference", "Prognosis"),
                r("problem", "Problem"),
                n("investigation", "Investigation", &[r("code", "Kind"), r("item", "Investigation")]),
                r("protocol", "Protocol"),
                r("action", "Action"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("effective[x]", "Effective"),
                r("assessor", "Assessor"),
                r("date", "Date"),
                r("previous", "Previous"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "RiskAssessment",
        subject: Paths(&["code", "prediction.outcome", "method", "condition"]),
        groups: &[g(
            "Risk assessment",
            &[
                c("status", "Status"),
                h("code", "Kind"),
                nc(
                    "prediction",
                    "Prediction",
                    &[
                        c("outcome", "Outcome"),
                        c("probability[x]", "Probability"),
                        c("qualitativeRisk", "Risk"),
                        c("relativeRisk", "Relative risk"),
                        r("when[x]", "When"),
                        r("rationale", "Why"),
                    ],
                ),
                c("mitigation", "Mitigation"),
                r("condition", "Condition"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("occurrence[x]", "Assessed"),
                r("performer", "Performer"),
                r("method", "Method"),
                r("reason[x]", "Reason"),
                r("basis", "Basis"),
                r("comment", "Comment"),
            ],
        )],
    },
    View {
        of: "ImagingStudy",
        subject: Paths(&["description", "procedureCode", "procedureReference", "uid"]),
        groups: &[g(
            "Imaging study",
            &[
                c("availability", "Availability"),
                h("description", "Description"),
                r("procedureCode", "Procedure"),
                r("procedureReference", "Procedure"),
                r("reason", "Reason"),
                r("patient", "Patient"),
                r("context", "Encounter"),
                r("started", "Started"),
                r("modalityList", "Modality"),
                r("numberOfSeries", "Series"),
                r("numberOfInstances", "Images"),
                r("interpreter", "Interpreted by"),
                r("referrer", "Referrer"),
            ],
        )],
    },
];
