//! Transfers of care and pharmacy documents: kinds, their types, and the sections that a guide makes mandatory although the
//! profile does not.
//!
//! Sources: the profiles of `uk.nhs.stu3.itk`; `explore_headings.md` of nhsconnect/ITK3-FHIR-eDischarge 2.8.0,
//! ITK-FHIR-Mental-Health-eDischarge, ITK-FHIR-Emergency-Care-eDischarge and ITK-FHIR-Outpatient-Letter;
//! `explore_*_headings.md` and `explore_transport.md` of ITK-FHIR-Digital-Medicines.

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What it is called in a sentence.
    pub name: &'static str,
    /// The name of its Composition's profile, the end of the URL.
    pub profile: &'static str,
    /// The SNOMED CT code and the words of `Composition.type`; empty where none is published.
    pub document_type: (&'static str, &'static str),
    /// Whether that type is the only one: the guides of transfers of care say so, those of pharmacies show it in examples.
    pub is_only_type: bool,
    /// The event of its message.
    pub event: &'static str,
    /// Codes of the sections that the guide calls mandatory and the profile does not.
    pub mandatory: &'static [&'static str],
    /// Whether it is one of the four transfers of care, with their guides' rules of coded content.
    pub is_transfer: bool,
    /// Whether its closed profile has no section for headings that its own guide names.
    pub is_at_odds: bool,
}

/// SNOMED CT codes of sections.
pub mod section {
    /// Allergies and adverse reactions.
    pub const ALLERGIES: &str = "886921000000105";
    /// Attendance details.
    pub const ATTENDANCE: &str = "1077881000000105";
    /// Clinical narrative.
    pub const NARRATIVE: &str = "1077901000000108";
    /// Clinical summary.
    pub const SUMMARY: &str = "887181000000106";
    /// Contact for further information.
    pub const CONTACT: &str = "1077931000000102";
    /// Diagnoses.
    pub const DIAGNOSES: &str = "887161000000102";
    /// GP practice.
    pub const GP_PRACTICE: &str = "886711000000101";
    /// Information and advice given.
    pub const ADVICE: &str = "1052951000000105";
    /// Legal information.
    pub const LEGAL: &str = "886961000000102";
    /// Medications and medical devices.
    pub const MEDICATIONS: &str = "933361000000108";
    /// Person completing record.
    pub const AUTHOR: &str = "887231000000104";
    /// Plan and requested actions.
    pub const PLAN: &str = "887201000000105";
    /// Presenting complaints or issues.
    pub const COMPLAINTS: &str = "886891000000102";
    /// Contacts with professionals, as the guides of pharmacies write it, and as the profile of minor illness does.
    pub const CONTACTS: [&str; 2] = ["contacts-with-professionals", "contacts-with-professional"];
}

const DISCHARGE: (&str, &str) = ("373942005", "Discharge summary");

/// What most pharmacy documents have in common.
const PHARMACY: Kind = Kind {
    name: "",
    profile: "",
    document_type: ("", ""),
    is_only_type: false,
    event: "",
    mandatory: &[],
    is_transfer: false,
    is_at_odds: false,
};

/// Every kind.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "discharge summary",
        profile: "CareConnect-ITK-EDIS-Composition-1",
        document_type: DISCHARGE,
        is_only_type: true,
        event: "ITK003D",
        mandatory: &[section::SUMMARY, section::DIAGNOSES, section::GP_PRACTICE, section::AUTHOR],
        is_transfer: true,
        is_at_odds: false,
    },
    Kind {
        name: "mental health discharge summary",
        profile: "CareConnect-ITK-MH-Composition-1",
        document_type: DISCHARGE,
        is_only_type: true,
        event: "ITK004D",
        mandatory: &[section::SUMMARY, section::GP_PRACTICE, section::AUTHOR],
        is_transfer: true,
        is_at_odds: false,
    },
    Kind {
        name: "emergency care discharge summary",
        profile: "CareConnect-ITK-ECD-Composition-1",
        document_type: DISCHARGE,
        is_only_type: true,
        event: "ITK005D",
        mandatory: &[
            section::ATTENDANCE,
            section::NARRATIVE,
            section::CONTACT,
            section::DIAGNOSES,
            section::GP_PRACTICE,
            section::ADVICE,
            section::AUTHOR,
            section::PLAN,
            section::COMPLAINTS,
        ],
        is_transfer: true,
        is_at_odds: false,
    },
    Kind {
        name: "outpatient letter",
        profile: "CareConnect-ITK-OPL-Composition-1",
        document_type: ("823681000000100", "Outpatient letter"),
        is_only_type: true,
        event: "ITK006D",
        mandatory: &[section::ATTENDANCE, section::SUMMARY, section::GP_PRACTICE, section::AUTHOR],
        is_transfer: true,
        is_at_odds: false,
    },
    Kind {
        name: "pharmacy vaccination record",
        profile: "CareConnect-ITK-DM-Immunization-Composition-1",
        document_type: ("41000179103", "Immunization record"),
        event: "ITK009D",
        is_at_odds: true,
        ..PHARMACY
    },
    Kind {
        name: "record of an emergency supply",
        profile: "CareConnect-ITK-DM-EmergencySupply-Composition-1",
        document_type: ("1218611000000102", "Urgent supply of prescription items by community pharmacy"),
        event: "ITK010D",
        ..PHARMACY
    },
    Kind {
        name: "minor illness report",
        profile: "CareConnect-ITK-DM-DMIRS-Composition-1",
        document_type: ("1577041000000109", "Community Pharmacist Consultation Service for minor illness"),
        event: "ITK013D",
        mandatory: &[section::MEDICATIONS],
        ..PHARMACY
    },
    Kind { name: "appliance use review", profile: "CareConnect-ITK-DM-ApplianceUseReview-Composition-1", ..PHARMACY },
    Kind {
        name: "medicine use review",
        profile: "CareConnect-ITK-DM-MedicationReview-Composition-1",
        is_at_odds: true,
        ..PHARMACY
    },
    Kind {
        name: "new medicine service record",
        profile: "CareConnect-ITK-DM-NewMedicineService-Composition-1",
        is_at_odds: true,
        ..PHARMACY
    },
];

/// The type of the document that GP Connect sends (nhsconnect/gpconnect-messaging 1.5.0, GPCM-SD).
pub const CONSULTATION_REPORT: (&str, &str) = ("371531000", "Report of clinical encounter");

/// The kind that a Composition's profile names.
pub fn by_profile(url: &str) -> Option<&'static Kind> {
    let name = super::name_in(url);
    KINDS.iter().find(|kind| kind.profile == name)
}

/// The kind that goes with a message's event.
pub fn by_event(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.event == code && !code.is_empty())
}

/// The words of a document type that this table knows, by its SNOMED CT code.
pub fn type_words(code: &str) -> Option<&'static str> {
    let known = KINDS.iter().map(|kind| kind.document_type).chain([CONSULTATION_REPORT]);
    known.into_iter().find(|(known, _)| *known == code && !code.is_empty()).map(|(_, words)| words)
}

/// What a title says that the document is, by words that only the title of such a document has: its type's code.
pub fn type_in_title(title: &str) -> Option<&'static str> {
    const WORDS: &[(&str, &str)] = &[
        ("outpatient letter", "823681000000100"),
        ("outpatient clinic letter", "823681000000100"),
        ("discharge summary", "373942005"),
        ("discharge letter", "373942005"),
        ("immunization record", "41000179103"),
        ("immunisation record", "41000179103"),
        ("vaccination record", "41000179103"),
        ("urgent supply", "1218611000000102"),
        ("emergency supply", "1218611000000102"),
        ("consultation report", "371531000"),
    ];
    let title = title.to_lowercase();
    let mut said = WORDS.iter().filter(|(words, _)| title.contains(words)).map(|(_, code)| *code);
    let first = said.next()?;
    // A title that names two kinds says nothing.
    said.all(|other| other == first).then_some(first)
}

/// The heading of a section, by its code.
pub fn heading(code: &str) -> &'static str {
    HEADINGS.iter().find(|(known, _)| *known == code).map_or("", |(_, title)| title)
}

/// Headings of sections by their codes.
const HEADINGS: &[(&str, &str)] = &[
    ("886781000000108", "Admission details"),
    (section::ALLERGIES, "Allergies and adverse reactions"),
    ("334251007", "Appliances"),
    ("887141000000103", "Assessment scales"),
    (section::ATTENDANCE, "Attendance details"),
    (section::NARRATIVE, "Clinical narrative"),
    ("887121000000105", "Clinical review of systems"),
    (section::SUMMARY, "Clinical summary"),
    ("61861000000100", "Consent"),
    (section::CONTACT, "Contact for further information"),
    ("contacts-with-professionals", "Contacts with professionals"),
    ("contacts-with-professional", "Contacts with professionals"),
    (section::DIAGNOSES, "Diagnoses"),
    ("886811000000106", "Discharge details"),
    ("887261000000109", "Distribution list"),
    ("61871000000107", "Eligibility for treatment"),
    ("715851000000102", "Examination finding"),
    ("887111000000104", "Family history"),
    (section::GP_PRACTICE, "GP practice"),
    ("717121000000105", "History"),
    ("1102181000000102", "Immunisations"),
    ("1078911000000106", "Individual requirements"),
    (section::ADVICE, "Information and advice given"),
    ("1082101000000102", "Investigation results"),
    (section::LEGAL, "Legal information"),
    (section::MEDICATIONS, "Medications and medical devices"),
    ("1102421000000108", "Observations"),
    ("886751000000102", "Participation in research"),
    ("1052941000000107", "Patient and carer concerns, expectations and wishes"),
    ("886731000000109", "Patient demographics"),
    (section::AUTHOR, "Person completing record"),
    (section::PLAN, "Plan and requested actions"),
    (section::COMPLAINTS, "Presenting complaints or issues"),
    ("887151000000100", "Problems and issues"),
    ("887171000000109", "Procedures"),
    ("886721000000107", "Referral details"),
    ("1052891000000108", "Referrer details"),
    ("886821000000100", "Relevant clinical risk factors"),
    ("1077911000000105", "Safeguarding"),
    ("886931000000107", "Safety alerts"),
    ("1078901000000109", "Senior reviewing clinician"),
    ("975131000000104", "Signpost details"),
    ("887051000000101", "Social context"),
];

/// The SNOMED CT codes of the lists of a document (CareConnect-ListCode-1).
pub mod list {
    /// Diagnoses.
    pub const DIAGNOSES: &str = "887161000000102";
    /// Procedures.
    pub const PROCEDURES: &str = "887171000000109";
    /// Allergies and adverse reactions.
    pub const ALLERGIES: &str = "886921000000105";
    /// Active medications.
    pub const ACTIVE_MEDICATIONS: &str = "1102411000000102";
    /// Medications that were stopped.
    pub const STOPPED_MEDICATIONS: &str = "1102191000000100";
}

/// Lists by their code, what they are of, and the sections that are about the same: the lists of conditions and procedures
/// serve several.
pub const LISTS: &[(&str, &str, &[&str])] = &[
    (list::DIAGNOSES, "diagnoses", &["887161000000102", "886891000000102", "717121000000105", "887151000000100"]),
    (list::PROCEDURES, "procedures", &["887171000000109", "717121000000105", "1082101000000102"]),
    (list::ALLERGIES, "allergies", &["886921000000105"]),
    (list::ACTIVE_MEDICATIONS, "medications", &["933361000000108"]),
    (list::STOPPED_MEDICATIONS, "discontinued medications", &["933361000000108"]),
];

/// What a list is of, where it stands in a section that is about something else: one of another list alone.
pub fn list_of_another_section(list: &str, section: &str) -> Option<&'static str> {
    let (_, words, own) = LISTS.iter().find(|(code, ..)| *code == list)?;
    let is_of_another = LISTS.iter().any(|(_, _, sections)| sections.contains(&section));
    (is_of_another && !own.contains(&section)).then_some(*words)
}

/// The media types that a transfer of care may attach, as its guide's list of file types (pdf, doc, docx, rtf, html, txt,
/// xml, jpg, png, tiff) is registered with IANA or written in practice.
pub const ATTACHMENT_TYPES: &[&str] = &[
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/rtf",
    "text/rtf",
    "text/html",
    "text/plain",
    "text/xml",
    "application/xml",
    "image/jpeg",
    "image/jpg",
    "image/png",
    "image/tiff",
];

/// The SNOMED CT codes of the social care notices, which are messages of FHIR DSTU2 (data.developer.nhs.uk, sc-fhir-5.x;
/// deprecated), and what the names of their profiles begin with.
pub const SOCIAL_CARE_EVENT: &str = "975841000000102";
/// What the URLs of the profiles of social care begin with.
pub const SOCIAL_CARE_PROFILES: &str = "https://fhir.nhs.uk/StructureDefinition/ADW-";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mandatory_section_has_a_heading() {
        for kind in KINDS {
            for code in kind.mandatory {
                assert!(!heading(code).is_empty(), "{code}");
            }
        }
    }

    #[test]
    fn a_list_belongs_to_sections_that_are_about_the_same() {
        assert_eq!(list_of_another_section(list::ALLERGIES, "933361000000108"), Some("allergies"));
        assert_eq!(list_of_another_section(list::DIAGNOSES, "886891000000102"), None);
        // A section that no list is for may have any.
        assert_eq!(list_of_another_section(list::ALLERGIES, "887181000000106"), None);
    }

    #[test]
    fn a_title_names_a_kind_only_where_it_is_clear() {
        assert_eq!(type_in_title("Cardiology Service Discharge Summary"), Some("373942005"));
        assert_eq!(type_in_title("Plastic Surgery Service Outpatient letter"), Some("823681000000100"));
        assert_eq!(type_in_title("Discharge summary and outpatient letter"), None);
        assert_eq!(type_in_title("Cardiology"), None);
    }

    #[test]
    fn a_kind_is_known_by_its_profile_with_a_version_too() {
        let url = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-OPL-Composition-1|1.3.1";
        assert_eq!(by_profile(url).map(|kind| kind.event), Some("ITK006D"));
        assert_eq!(by_event("").map(|kind| kind.name), None);
    }
}
