//! Medication and immunisation.

use super::super::context::Context;
use super::super::format::coded;
use super::Subject::{Made, Paths};
use super::{Spec, View, c, first, g, h, l, n, nc, r};
use crate::tree::NodeId;

/// Who supplied, gave or asked.
const DONE_BY: &[Spec] = &[l("actor"), l("agent"), r("role", "Role"), r("onBehalfOf", "On behalf of")];
const DRUG: &[&str] = &["medication[x]"];

/// The vaccine; where only the procedure is coded, as GP systems do, the procedure says what was given.
fn vaccine(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let procedure = first(context, node, &["extension:VaccinationProcedure"]);
    let is_known = context.child(node, "vaccineCode").is_some_and(|code| !coded::is_unknown(context, code));
    let vaccine = first(context, node, &["vaccineCode"]);
    if is_known { vaccine.or(procedure) } else { procedure.or(vaccine) }
}

pub(super) const VIEWS: &[View] = &[
    View {
        of: "Medication",
        subject: Paths(&["code", "package.content.item[x]", "ingredient.item[x]"]),
        groups: &[g(
            "Medication",
            &[
                h("code", "Medication"),
                c("status", "Status"),
                r("form", "Form"),
                n(
                    "ingredient",
                    "Ingredient",
                    &[l("item[x]"), r("amount", "Strength"), r("isActive", "Active ingredient")],
                ),
                r("isBrand", "Is a brand"),
                r("isOverTheCounter", "Sold over the counter"),
                r("manufacturer", "Manufacturer"),
                nc(
                    "package",
                    "Package",
                    &[
                        r("container", "Container"),
                        nc("batch", "Batch", &[c("lotNumber", "Batch number"), c("expirationDate", "Expires")]),
                        n("content", "Content", &[l("item[x]"), r("amount", "Amount")]),
                    ],
                ),
                r("image", "Image"),
            ],
        )],
    },
    View {
        of: "MedicationRequest",
        subject: Paths(DRUG),
        groups: &[g(
            "Medication request",
            &[
                c("intent", "Intent"),
                c("status", "Status"),
                nc(
                    "extension:MedicationStatusReason",
                    "Status reason",
                    &[c("extension:statusReason", "Reason"), c("extension:statusChangeDate", "Status changed")],
                ),
                h("medication[x]", "Medication"),
                c("dosageInstruction", "Dose"),
                n(
                    "dispenseRequest",
                    "Supply",
                    &[
                        r("validityPeriod", "Valid"),
                        r("quantity", "Quantity"),
                        r("extension:MedicationQuantityText", "Quantity"),
                        r("expectedSupplyDuration", "Supply lasts"),
                        r("numberOfRepeatsAllowed", "Repeats allowed"),
                        r("performer", "Supplied by"),
                    ],
                ),
                n(
                    "extension:MedicationRepeatInformation",
                    "Repeats",
                    &[
                        r("extension:numberOfRepeatPrescriptionsAllowed", "Repeats authorised"),
                        r("extension:numberOfRepeatPrescriptionsIssued", "Repeats issued"),
                        r("extension:numberOfPrescriptionsIssued", "Prescriptions issued"),
                        r("extension:authorisationExpiryDate", "Authorisation expires"),
                    ],
                ),
                r("extension:PrescriptionType", "Prescription type"),
                r("extension:MedicationSupplyType", "Supply type"),
                r("category", "Category"),
                c("priority", "Priority"),
                nc("substitution", "Substitution", &[c("allowed", "Substitution allowed"), c("reason", "Reason")]),
                r("reasonCode", "Reason"),
                r("reasonReference", "Reason"),
                c("note", "Note"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                n("requester", "Requester", DONE_BY),
                r("recorder", "Recorder"),
                r("authoredOn", "Authored"),
                c("detectedIssue", "Detected issue"),
                r("priorPrescription", "Prior prescription"),
                r("basedOn", "Based on"),
                r("groupIdentifier", "Prescription identifier"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "MedicationStatement",
        subject: Paths(DRUG),
        groups: &[g(
            "Medication statement",
            &[
                c("taken", "Taken"),
                c("reasonNotTaken", "Reason not taken"),
                c("status", "Status"),
                h("medication[x]", "Medication"),
                c("dosage", "Dose"),
                c("effective[x]", "Effective"),
                r("extension:MedicationStatementLastIssueDate", "Last issued"),
                r("extension:MedicationStatementQuantity", "Quantity"),
                r("extension:MedicationDosageLastChanged", "Dosage last changed"),
                nc(
                    "extension:MedicationChangeSummary",
                    "Change summary",
                    &[
                        c("extension:status", "Change"),
                        c("extension:indication", "Indication for the change"),
                        c("extension:dateChanged", "Changed on"),
                        c("extension:changeDescription", "Description"),
                    ],
                ),
                r("extension:MedicationStatementReasonEnded", "Reason ended"),
                r("extension:PrescribingAgency", "Prescribing agency"),
                r("extension:MedicationPrescribingAgency", "Prescribing agency"),
                r("category", "Category"),
                r("reasonCode", "Reason"),
                r("reasonReference", "Reason"),
                c("note", "Note"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("informationSource", "Source of the information"),
                r("dateAsserted", "Asserted"),
                r("basedOn", "Based on"),
                r("derivedFrom", "Derived from"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "MedicationAdministration",
        subject: Paths(DRUG),
        groups: &[g(
            "Medication administration",
            &[
                c("notGiven", "Not given"),
                c("reasonNotGiven", "Reason not given"),
                c("status", "Status"),
                h("medication[x]", "Medication"),
                nc(
                    "dosage",
                    "Dose",
                    &[
                        c("text", "Dose as written"),
                        c("dose", "Dose"),
                        c("rate[x]", "Rate"),
                        c("route", "Route"),
                        c("site", "Site"),
                        r("method", "Method"),
                    ],
                ),
                c("effective[x]", "Given"),
                r("category", "Category"),
                n("performer", "Performer", DONE_BY),
                r("device", "Device"),
                r("reasonCode", "Reason"),
                r("reasonReference", "Reason"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("prescription", "Prescription"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "MedicationDispense",
        subject: Paths(DRUG),
        groups: &[g(
            "Medication dispense",
            &[
                c("notDone", "Not done"),
                c("notDoneReason[x]", "Reason not done"),
                c("status", "Status"),
                h("medication[x]", "Medication"),
                r("quantity", "Quantity"),
                r("daysSupply", "Days of supply"),
                c("dosageInstruction", "Dose"),
                r("whenPrepared", "Prepared"),
                r("whenHandedOver", "Handed over"),
                nc(
                    "substitution",
                    "Substitution",
                    &[
                        c("wasSubstituted", "Substituted"),
                        c("type", "Type"),
                        r("reason", "Reason"),
                        r("responsibleParty", "Responsible"),
                    ],
                ),
                n("performer", "Performer", DONE_BY),
                r("receiver", "Receiver"),
                r("type", "Type"),
                r("category", "Category"),
                r("subject", "Patient"),
                r("context", "Encounter"),
                r("authorizingPrescription", "Authorising prescription"),
                r("note", "Note"),
            ],
        )],
    },
    View {
        of: "Immunization",
        subject: Made(vaccine),
        groups: &[g(
            "Immunisation",
            &[
                c("notGiven", "Not given"),
                c("explanation.reasonNotGiven", "Reason not given"),
                c("status", "Status"),
                h("vaccineCode", "Vaccine"),
                r("extension:VaccinationProcedure", "Vaccination procedure"),
                c("date", "Date"),
                n(
                    "vaccinationProtocol",
                    "Protocol",
                    &[
                        r("doseSequence", "Dose number"),
                        r("series", "Series"),
                        r("seriesDoses", "Doses in the series"),
                        r("targetDisease", "Target disease"),
                        r("doseStatus", "Dose status"),
                        r("doseStatusReason", "Reason for the dose status"),
                        r("description", "Description"),
                        r("authority", "Authority"),
                    ],
                ),
                r("lotNumber", "Batch number"),
                r("expirationDate", "Batch expires"),
                r("site", "Site"),
                r("route", "Route"),
                r("doseQuantity", "Dose"),
                r("explanation.reason", "Reason"),
                r("manufacturer", "Manufacturer"),
                n("practitioner", "Practitioner", DONE_BY),
                r("location", "Location"),
                c("primarySource", "Recorded by who gave it"),
                r("reportOrigin", "Source of the report"),
                nc(
                    "reaction",
                    "Reaction",
                    &[c("detail", "Reaction"), c("date", "Date"), c("reported", "Reported by the patient")],
                ),
                r("patient", "Patient"),
                r("encounter", "Encounter"),
                r("extension:ParentPresent", "Parent present"),
                r("extension:DateRecorded", "Date recorded"),
                r("note", "Note"),
                r("identifier", "Identifier"),
            ],
        )],
    },
];
