//! Values that a profile of GP Connect fixes, or that a system fills in without a meaning: they are ordinary details there,
//! never a headline, a word or a box. Each has its page of GP Connect's guide (feature/1.6.2,
//! `accessrecord_structured_development_…`).

use crate::render::context::Context;
use crate::render::views::{is_gp_connect, select};
use crate::tree::NodeId;

/// Type, element, value; and whether it is left out of the headline of a resource that is displayed by itself too. Where the
/// lines of a record say the same in words of their own ("planned", "issued"), the headline of the resource says it.
const FORCED: &[(&str, &str, &str, bool)] = &[
    // …_allergyintolerance: "MUST be populated with unconfirmed".
    ("AllergyIntolerance", "verificationStatus", "unconfirmed", true),
    ("AllergyIntolerance", "category", "environment", false),
    // …_medicationstatement: mandatory in FHIR, and not held by GP systems.
    ("MedicationStatement", "taken", "unk", true),
    // …_medicationrequest: a plan is an authorisation, an order an issue.
    ("MedicationRequest", "intent", "plan", false),
    ("MedicationRequest", "intent", "order", false),
    ("MedicationRequest", "status", "completed", false),
    ("MedicationRequest", "status", "active", false),
    // …_list
    ("List", "status", "current", false),
    ("List", "mode", "snapshot", true),
    // …_immunization
    ("Immunization", "status", "completed", false),
    ("Immunization", "primarySource", "true", false),
    // …_observation_testresult, …_filingComments, …_uncategorisedData
    ("Observation", "status", "unknown", true),
    ("Observation", "status", "final", false),
    // …_diagnosticreport
    ("DiagnosticReport", "status", "unknown", true),
    // …_referralrequest: the status must not be portrayed.
    ("ReferralRequest", "status", "unknown", true),
    ("ReferralRequest", "intent", "order", false),
    // …_diaryentry, …_procedurerequest
    ("ProcedureRequest", "status", "active", false),
    ("ProcedureRequest", "intent", "plan", false),
    ("ProcedureRequest", "intent", "order", false),
    ("ProcedureRequest", "status", "unknown", false),
    // Only such are sent.
    ("Encounter", "status", "finished", false),
    ("DocumentReference", "status", "current", false),
    ("QuestionnaireResponse", "status", "completed", false),
    ("Specimen", "status", "available", false),
];

/// Whether a node holds a value that says nothing of this patient. Outside of GP Connect every value counts.
pub(in crate::render) fn is_forced(context: &Context<'_>, node: NodeId) -> bool {
    if !context.gp_connect {
        return false;
    }
    let tree = context.tree;
    // A resource that claims profiles, none of them GP Connect's, is not bound by them.
    let resource = tree.resource_of(node);
    if !select(context, resource, "meta.profile").is_empty() && !is_gp_connect(context, resource) {
        return false;
    }
    let Some(kind) = tree.parent(node).and_then(|parent| tree.resource_type(parent)) else {
        return is_empty_vaccine(context, node);
    };
    let (name, text) = (tree.name(node), tree.text(node).unwrap_or(""));
    FORCED.iter().any(|(of, element, value, _)| *of == kind && *element == name && *value == text)
        || (kind == "List" && name == "emptyReason")
}

/// Whether a value says nothing of this patient in a resource that is displayed by itself and claims a profile of GP Connect.
pub(in crate::render) fn is_forced_alone(context: &Context<'_>, resource: NodeId, name: &str, code: &str) -> bool {
    let kind = context.tree.resource_type(resource).unwrap_or("");
    FORCED.iter().any(|(of, element, value, alone)| *alone && *of == kind && *element == name && *value == code)
        && is_gp_connect(context, resource)
}

/// A reason for no vaccine code: the vaccination procedure names the vaccine.
fn is_empty_vaccine(context: &Context<'_>, node: NodeId) -> bool {
    std::iter::successors(Some(node), |at| context.tree.parent(*at))
        .take(3)
        .any(|at| context.tree.name(at) == "vaccineCode")
}
