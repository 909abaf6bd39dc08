//! The headings of the PRSB's standards, in their order (the issue of 2018), by the codes of ITK3's section profiles.

/// A heading: its code, its title in the profiles.
type Heading = (&'static str, &'static str);

const DEMOGRAPHICS: Heading = ("886731000000109", "Patient demographics");
const PRACTICE: Heading = ("886711000000101", "GP practice");
const REFERRER: Heading = ("1052891000000108", "Referrer details");
const SOCIAL: Heading = ("887051000000101", "Social context");
const REQUIREMENTS: Heading = ("1078911000000106", "Individual requirements");
const RESEARCH: Heading = ("886751000000102", "Participation in research");
const ADMISSION: Heading = ("886781000000108", "Admission details");
const DISCHARGE: Heading = ("886811000000106", "Discharge details");
const DIAGNOSES: Heading = ("887161000000102", "Diagnoses");
const PROCEDURES: Heading = ("887171000000109", "Procedures");
const SUMMARY: Heading = ("887181000000106", "Clinical summary");
const FAMILY: Heading = ("887111000000104", "Family history");
const RESULTS: Heading = ("1082101000000102", "Investigation results");
const SCALES: Heading = ("887141000000103", "Assessment scales");
const LEGAL: Heading = ("886961000000102", "Legal information");
const ALERTS: Heading = ("886931000000107", "Safety alerts");
const MEDICATIONS: Heading = ("933361000000108", "Medications and medical devices");
const ALLERGIES: Heading = ("886921000000105", "Allergies and adverse reactions");
const CONCERNS: Heading = ("1052941000000107", "Patient and carer concerns, expectations and wishes");
const INFORMATION: Heading = ("1052951000000105", "Information and advice given");
const PLAN: Heading = ("887201000000105", "Plan and requested actions");
const COMPLETING: Heading = ("887231000000104", "Person completing record");
const DISTRIBUTION: Heading = ("887261000000109", "Distribution list");
const ATTENDANCE: Heading = ("1077881000000105", "Attendance details");
const COMPLAINT: Heading = ("886891000000102", "Presenting complaints or issues");
const NARRATIVE: Heading = ("1077901000000108", "Clinical narrative");
const SAFEGUARDING: Heading = ("1077911000000105", "Safeguarding");
const SENIOR: Heading = ("1078901000000109", "Senior reviewing clinician");
const CONTACT: Heading = ("1077931000000102", "Contact for further information");
const HISTORY: Heading = ("717121000000105", "History");
const SYSTEMS: Heading = ("887121000000105", "Clinical review of systems");
const EXAMINATION: Heading = ("715851000000102", "Examination finding");
const PROBLEMS: Heading = ("887151000000100", "Problems and issues");
const RISKS: Heading = ("886821000000100", "Relevant clinical risk factors");

/// The sections that the letter's actions, medicines and allergies are taken from.
pub(super) const ACTIONS: &str = PLAN.0;
pub(super) const MEDICINES: &str = MEDICATIONS.0;
pub(super) const ALLERGY: &str = ALLERGIES.0;
/// What says who and where, which the head of the letter and its appendix say too: closed until it is asked for.
pub(super) const ADMINISTRATIVE: &[&str] =
    &[DEMOGRAPHICS.0, PRACTICE.0, REFERRER.0, COMPLETING.0, DISTRIBUTION.0, SENIOR.0, CONTACT.0];
pub(super) const ALERT: &[&str] = &[ALERTS.0, SAFEGUARDING.0];

const DISCHARGE_SUMMARY: &[Heading] = &[
    DEMOGRAPHICS,
    PRACTICE,
    REFERRER,
    SOCIAL,
    REQUIREMENTS,
    RESEARCH,
    ADMISSION,
    DISCHARGE,
    DIAGNOSES,
    PROCEDURES,
    SUMMARY,
    FAMILY,
    RESULTS,
    SCALES,
    LEGAL,
    ALERTS,
    MEDICATIONS,
    ALLERGIES,
    CONCERNS,
    INFORMATION,
    PLAN,
    COMPLETING,
    DISTRIBUTION,
];
const EMERGENCY: &[Heading] = &[
    PRACTICE,
    DEMOGRAPHICS,
    ATTENDANCE,
    REFERRER,
    COMPLAINT,
    NARRATIVE,
    DIAGNOSES,
    PROCEDURES,
    MEDICATIONS,
    ALLERGIES,
    ALERTS,
    SAFEGUARDING,
    DISCHARGE,
    INFORMATION,
    PLAN,
    COMPLETING,
    SENIOR,
    CONTACT,
];
const OUTPATIENT: &[Heading] = &[
    DEMOGRAPHICS,
    PRACTICE,
    REQUIREMENTS,
    RESEARCH,
    ATTENDANCE,
    REFERRER,
    HISTORY,
    MEDICATIONS,
    ALLERGIES,
    LEGAL,
    ALERTS,
    SOCIAL,
    FAMILY,
    SYSTEMS,
    CONCERNS,
    EXAMINATION,
    SCALES,
    DIAGNOSES,
    PROBLEMS,
    RISKS,
    SUMMARY,
    RESULTS,
    PROCEDURES,
    PLAN,
    INFORMATION,
    DISTRIBUTION,
    COMPLETING,
];

/// The headings of a kind of letter, in order, by its profile or what its sections say; and which have to be there.
pub(super) fn order(profile: &str, has: impl Fn(&str) -> bool) -> (&'static [Heading], &'static [Heading]) {
    if profile.contains("-ECD-") || has(NARRATIVE.0) {
        (
            EMERGENCY,
            &[
                PRACTICE,
                ATTENDANCE,
                NARRATIVE,
                DIAGNOSES,
                INFORMATION,
                PLAN,
                COMPLETING,
                COMPLAINT,
                CONTACT,
                ALLERGIES,
                DEMOGRAPHICS,
            ],
        )
    } else if profile.contains("-OPL-") {
        (OUTPATIENT, &[PRACTICE, ATTENDANCE, SUMMARY, COMPLETING, ALLERGIES, DEMOGRAPHICS])
    } else if profile.contains("-EDIS-") {
        (DISCHARGE_SUMMARY, &[PRACTICE, SUMMARY, DIAGNOSES, COMPLETING, ALLERGIES, DEMOGRAPHICS])
    } else if profile.contains("-MH-") {
        (DISCHARGE_SUMMARY, &[PRACTICE, SUMMARY, COMPLETING, ALLERGIES, DEMOGRAPHICS])
    } else {
        (DISCHARGE_SUMMARY, &[])
    }
}
