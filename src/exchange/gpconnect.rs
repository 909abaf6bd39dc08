//! GP Connect: lists, their warnings, degraded codes, errors.
//!
//! Sources: nhsconnect/gpconnect feature/1.6.2, `pages/accessrecord_structured/accessrecord_structured_development_*`
//! (`…_list.md`, `…_lists_for_message_structure.md`, `…_allergies_guidance.md`, `…_medication_guidance.md`), release/1.2.8
//! `development_fhir_error_handling_guidance.md`; `uk.nhs.stu3.gpconnect`.

/// The end of the URL of the profile of a structured record's Bundle.
pub const RECORD: &str = "GPConnect-StructuredRecord-Bundle-1";
/// The system of the codes of secondary lists.
pub const SECONDARY_LISTS: &str = "https://fhir.hl7.org.uk/STU3/CodeSystem/GPConnect-SecondaryListValues-1";
/// The code of an ended allergies' list.
pub const ENDED_ALLERGIES: &str = "1103671000000101";
/// The code of an active allergies' list.
pub const ALLERGIES: &str = "886921000000105";
/// The code of the list of medicines.
pub const MEDICATIONS: &str = "933361000000108";
/// A consultation.
pub const CONSULTATION: &str = "325851000000107";
/// A topic of a consultation.
pub const TOPIC: &str = "25851000000105";
/// A heading of a topic.
pub const HEADING: &str = "24781000000107";

/// Primary lists: SNOMED CT code and title.
pub const LISTS: &[(&str, &str)] = &[
    (ALLERGIES, "Allergies and adverse reactions"),
    (ENDED_ALLERGIES, "Ended allergies"),
    ("1149501000000101", "List of consultations"),
    ("714311000000108", "Patient recall administration"),
    ("1102181000000102", "Immunisations"),
    ("887191000000108", "Investigations and results"),
    (MEDICATIONS, "Medications and medical devices"),
    ("792931000000107", "Outbound referral"),
    ("717711000000103", "Problems"),
    ("826501000000100", "Uncategorised data"),
];

/// The title of a primary list.
pub fn list_title(code: &str) -> Option<&'static str> {
    LISTS.iter().find(|(known, _)| *known == code).map(|(_, title)| *title)
}

/// Warnings of lists: the code, and words that its text has in every published wording, in lower case. The text of data in
/// transit has a date in the middle, and was another once.
pub const WARNINGS: &[(&str, &[&str])] = &[
    ("confidential-items", &["items excluded due to confidentiality"]),
    ("data-in-transit", &["patient record transfer from previous gp practice not yet complete"]),
    ("data-awaiting-filing", &["data supplied by a third party awaiting review"]),
];

/// The words that an empty list has in its note, in lower case.
pub const NOT_AVAILABLE: &str = "information not available";

/// The codes that stand for one which a transfer could not carry, whose words are in `code.text`. Of an entry of the record
/// and of a plan, suppliers have the words in other places.
pub const DEGRADED: &[(&str, &str)] = &[
    (DEGRADED_MEDICATION, "Transfer-degraded medication entry"),
    ("196461000000101", "Transfer-degraded drug allergy"),
    ("196471000000108", "Transfer-degraded non-drug allergy"),
];
/// A medicine whose code a transfer could not carry.
pub const DEGRADED_MEDICATION: &str = "196421000000109";

/// The code system of the Spine's errors.
pub const SPINE_ERRORS: &str = "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1";

/// The Spine's errors that the guide has a table of: the code, and the issue's code that goes with it.
pub const ERRORS: &[(&str, &str)] = &[
    ("INVALID_IDENTIFIER_SYSTEM", "value"),
    ("INVALID_IDENTIFIER_VALUE", "value"),
    ("INVALID_NHS_NUMBER", "value"),
    ("INVALID_PATIENT_DEMOGRAPHICS", "business-rule"),
    ("BAD_REQUEST", "invalid"),
    ("CONFLICTING_VALUES", "invalid"),
    ("NO_PATIENT_CONSENT", "forbidden"),
    ("NO_ORGANISATION_CONSENT", "forbidden"),
    ("NO_ORGANISATIONAL_CONSENT", "forbidden"),
    ("ACCESS DENIED", "forbidden"),
    ("ACCESS_DENIED", "forbidden"),
    ("NO_RELATIONSHIP", "forbidden"),
    ("ORGANISATION_NOT_FOUND", "not-found"),
    ("PATIENT_NOT_FOUND", "not-found"),
    ("PRACTITIONER_NOT_FOUND", "not-found"),
    ("NO_RECORD_FOUND", "not-found"),
    ("DUPLICATE_REJECTED", "duplicate"),
    ("INVALID_RESOURCE", "invalid"),
    ("INVALID_PARAMETER", "invalid"),
    ("REFERENCE_NOT_FOUND", "invalid"),
    ("INTERNAL_SERVER_ERROR", "processing"),
    ("NOT_IMPLEMENTED", "not-supported"),
];

/// The issue's code that goes with an error of the Spine.
pub fn issue_type(code: &str) -> Option<&'static str> {
    ERRORS.iter().find(|(known, _)| *known == code).map(|(_, kind)| *kind)
}

/// The errors that say no more than the kind of mistake, so that `diagnostics` must say which.
pub fn needs_diagnostics(code: &str) -> bool {
    matches!(code, "INVALID_RESOURCE" | "INVALID_PARAMETER" | "REFERENCE_NOT_FOUND")
}
