//! Values that a profile of GP Connect fixes, or that a system fills in without a meaning: they are ordinary details there,
//! never a headline, a word or a box. Each has its page of GP Connect's guide (feature/1.6.2,
//! `accessrecord_structured_development_…`).

use crate::render::context::Context;
use crate::tree::NodeId;

/// Type, element, value.
const FORCED: &[(&str, &str, &str)] = &[
    // …_allergyintolerance: "MUST be populated with unconfirmed".
    ("AllergyIntolerance", "verificationStatus", "unconfirmed"),
    ("AllergyIntolerance", "category", "environment"),
    // …_medicationstatement: mandatory in FHIR, and not held by GP systems.
    ("MedicationStatement", "taken", "unk"),
    // …_medicationrequest: a plan is an authorisation, an order an issue.
    ("MedicationRequest", "intent", "plan"),
    ("MedicationRequest", "intent", "order"),
    ("MedicationRequest", "status", "completed"),
    ("MedicationRequest", "status", "active"),
    // …_list
    ("List", "status", "current"),
    ("List", "mode", "snapshot"),
    // …_immunization
    ("Immunization", "status", "completed"),
    ("Immunization", "primarySource", "true"),
    // …_observation_testresult, …_filingComments, …_uncategorisedData
    ("Observation", "status", "unknown"),
    ("Observation", "status", "final"),
    // …_diagnosticreport
    ("DiagnosticReport", "status", "unknown"),
    // …_referralrequest: the status must not be portrayed.
    ("ReferralRequest", "status", "unknown"),
    ("ReferralRequest", "intent", "order"),
    // …_diaryentry, …_procedurerequest
    ("ProcedureRequest", "status", "active"),
    ("ProcedureRequest", "intent", "plan"),
    ("ProcedureRequest", "intent", "order"),
    ("ProcedureRequest", "status", "unknown"),
    // Only such are sent.
    ("Encounter", "status", "finished"),
    ("DocumentReference", "status", "current"),
    ("QuestionnaireResponse", "status", "completed"),
    ("Specimen", "status", "available"),
];

/// Whether a node holds a value that says nothing of this patient. Outside of GP Connect every value counts.
pub(in crate::render) fn is_forced(context: &Context<'_>, node: NodeId) -> bool {
    if !context.gp_connect {
        return false;
    }
    let tree = context.tree;
    let Some(kind) = tree.parent(node).and_then(|parent| tree.resource_type(parent)) else {
        return is_empty_vaccine(context, node);
    };
    let (name, text) = (tree.name(node), tree.text(node).unwrap_or(""));
    FORCED.iter().any(|(of, element, value)| *of == kind && *element == name && *value == text)
        || (kind == "List" && name == "emptyReason")
}

/// A reason for no vaccine code: the vaccination procedure names the vaccine.
fn is_empty_vaccine(context: &Context<'_>, node: NodeId) -> bool {
    std::iter::successors(Some(node), |at| context.tree.parent(*at))
        .take(3)
        .any(|at| context.tree.name(at) == "vaccineCode")
}
