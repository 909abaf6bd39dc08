//! Pointers of the National Record Locator: which class goes with which type, and the forms of references.
//!
//! Sources: nhsconnect/FHIR-NRLS-API `pages/development_guidance/pointer_data_model/*.md` and `interactions/*.md`;
//! `uk.nhs.stu3.nrl`, NRL-DocumentReference-1 1.1.0.

/// What a pointer's subject begins with; the NHS number follows.
pub const PATIENT: &str = "https://demographics.spineservices.nhs.uk/STU3/Patient/";
/// What a pointer's author and custodian begin with; the ODS code follows.
pub const ORGANISATION: &str = "https://directory.spineservices.nhs.uk/STU3/Organization/";

/// A class of record and the types that belong to it, by SNOMED CT code.
pub const PAIRS: &[(&str, &[&str])] = &[
    (
        "734163000",
        &[
            "736253002",
            "887701000000100",
            "861421000000109",
            "736373009",
            "1382601000000107",
            "325691000000100",
            "735324008",
            "736366004",
        ],
    ),
    ("1102421000000108", &["1363501000000100"]),
];

/// The class that a type belongs to.
pub fn class_of(record_type: &str) -> Option<&'static str> {
    PAIRS.iter().find(|(_, types)| types.contains(&record_type)).map(|(class, _)| *class)
}

/// Whether a code is a class of record.
pub fn is_class(code: &str) -> bool {
    PAIRS.iter().any(|(class, _)| *class == code)
}

/// The type of record that NRL takes as PDF alone: the NEWS2 chart.
pub const NEWS2_CHART: &str = "1363501000000100";
