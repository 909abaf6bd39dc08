//! Labels for elements and extensions whose own name does not read well.

use super::language::Language;
use super::words::humanise;

/// Element name, label.
const ELEMENTS: &[(&str, &str)] = &[
    ("birthDate", "Born"),
    ("valueQuantity", "Value"),
    ("telecom", "Contact"),
    ("maritalStatus", "Marital status"),
    ("multipleBirthBoolean", "Multiple birth"),
    ("multipleBirthInteger", "Birth order"),
    ("deceasedBoolean", "Died"),
    ("deceasedDateTime", "Died"),
    ("generalPractitioner", "GP"),
    ("managingOrganization", "Managing organisation"),
    ("organization", "Organisation"),
    ("serviceProvider", "Service provider"),
    ("notGiven", "Not given"),
    ("implicitRules", "Implicit rules"),
    ("partOf", "Part of"),
    ("serviceRequested", "Service requested"),
    ("authorizationStatus", "Authorisation status"),
    ("authorizingPrescription", "Authorising prescription"),
    ("hospitalization", "Hospital stay"),
    ("doNotPerform", "Do not perform"),
    ("dosageInstruction", "Dosage"),
    ("modifierExtension", "Extension that changes the meaning"),
    ("physicalType", "Physical type"),
    ("substance", "Substance"),
    ("entry", "Entry"),
    ("subject", "Subject"),
    ("doseQuantity", "Dose"),
    ("fullUrl", "Full URL"),
    ("url", "URL"),
    ("id", "ID"),
    ("versionId", "Version ID"),
    ("udi", "UDI"),
    ("uri", "URI"),
    ("nhsCommunication", "Communication"),
    ("postalCode", "Postcode"),
    ("color", "Colour"),
    ("linkId", "Link ID"),
];

/// The last step of an extension's URL without `Extension-` and what its publisher puts around the name, and its label.
const EXTENSIONS: &[(&str, &str)] = &[
    ("NHSNumberVerificationStatus", "NHS number verification status"),
    ("EthnicCategory", "Ethnic category"),
    ("ReligiousAffiliation", "Religious affiliation"),
    ("ResidentialStatus", "Residential status"),
    ("TreatmentCategory", "Treatment category"),
    ("NHSCommunication", "Communication"),
    ("DeathNotificationStatus", "Death notification status"),
    ("BirthPlace", "Birth place"),
    ("NominatedPharmacy", "Nominated pharmacy"),
    ("MainLocation", "Main location"),
    ("DateRecorded", "Date recorded"),
    ("RecordedDate", "Date recorded"),
    ("ParentPresent", "Parent present"),
    ("VaccinationProcedure", "Vaccination procedure"),
    ("ProblemSignificance", "Problem significance"),
    ("ActualProblem", "Actual problem"),
    ("RelatedClinicalContent", "Related clinical content"),
    ("RelatedProblemHeader", "Related problem"),
    ("Episodicity", "Episodicity"),
    ("AllergyIntoleranceEnd", "Allergy end"),
    ("AllergyEnd", "Allergy end"),
    ("Evidence", "Evidence"),
    ("PrescribingAgency", "Prescribing agency"),
    ("PrescriptionType", "Prescription type"),
    ("MedicationStatementLastIssueDate", "Last issue date"),
    ("LastIssueDate", "Last issue date"),
    ("MedicationChangeSummary", "Medication change summary"),
    ("ChangeSummary", "Change summary"),
    ("DosageLastChanged", "Dosage last changed"),
    ("MedicationQuantityText", "Quantity"),
    ("QuantityText", "Quantity"),
    ("MedicationRepeatInformation", "Repeat information"),
    ("MedicationStatusReason", "Status reason"),
    ("ListWarningCode", "List warning"),
    ("ClinicalSetting", "Clinical setting"),
    ("OutcomeOfAttendance", "Outcome of attendance"),
    ("EmergencyCareDischargeStatus", "Emergency care discharge status"),
    ("AdmissionMethod", "Admission method"),
    ("DischargeMethod", "Discharge method"),
    ("EncounterTransport", "Transport"),
    ("AnaestheticIssues", "Anaesthetic issues"),
    ("SourceOfReferral", "Source of referral"),
    ("BookingOrganisation", "Booking organisation"),
    ("DeliveryChannel", "Delivery channel"),
    ("RegistrationDetails", "Registration details"),
    ("numberOfRepeatPrescriptionsAllowed", "Number of repeat prescriptions allowed"),
    ("numberOfRepeatPrescriptionsIssued", "Number of repeat prescriptions issued"),
    ("authorisationExpiryDate", "Authorisation expiry date"),
    ("descriptionId", "SNOMED CT description ID"),
    ("descriptionDisplay", "SNOMED CT description"),
    ("coding-sctdescid", "SNOMED CT description"),
    ("SCTDescriptionId", "SNOMED CT description"),
    ("coding-sctdescid-1", "SNOMED CT description"),
    ("patient-birthTime", "Birth time"),
    ("patient-birthPlace", "Birth place"),
    ("patient-interpreterRequired", "Interpreter required"),
    ("patient-cadavericDonor", "Cadaveric donor"),
    ("data-absent-reason", "Reason for no value"),
    ("iso21090-nullFlavor", "Reason for no value"),
    ("BusAckRequested", "Business acknowledgement requested"),
    ("InfAckRequested", "Infrastructure acknowledgement requested"),
];

/// What an element is called.
pub fn element_label(language: Language, name: &str) -> String {
    match ELEMENTS.iter().find(|(known, _)| *known == name) {
        Some((_, label)) => language.say(label),
        None => language.say(&humanise(name)),
    }
}

/// The name in an extension's URL, without what its publisher puts around it: `EthnicCategory` for
/// `https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-EthnicCategory-1`.
pub fn extension_name(url: &str) -> &str {
    let mut name = url.trim_end_matches('/').rsplit(['/', ':', '#']).next().unwrap_or(url);
    if let Some((head, version)) = name.rsplit_once('-')
        && !head.is_empty()
        && version.bytes().all(|b| b.is_ascii_digit())
    {
        name = head;
    }
    for prefix in ["Extension-", "extension-", "CareConnect-", "GPC-", "GPConnect-", "eRS-", "ITK-", "DCH-", "UKCore-"]
    {
        name = name.strip_prefix(prefix).filter(|rest| !rest.is_empty()).unwrap_or(name);
    }
    name
}

/// What an extension is called, from its URL.
pub fn extension_label(language: Language, url: &str) -> String {
    let name = extension_name(url);
    let known = EXTENSIONS.iter().find(|(known, _)| *known == name);
    match known {
        Some((_, label)) => language.say(label),
        None => language.say(&humanise(&super::words::visible(name))),
    }
}

/// Whether an extension's label is from the table rather than made from its URL.
pub fn is_known_extension(url: &str) -> bool {
    let name = extension_name(url);
    EXTENSIONS.iter().any(|(known, _)| *known == name)
}

/// Resource type, in words.
const TYPES: &[(&str, &str)] = &[
    ("AllergyIntolerance", "Allergy or intolerance"),
    ("Immunization", "Immunisation"),
    ("Organization", "Organisation"),
    ("EpisodeOfCare", "Episode of care"),
    ("Condition", "Condition"),
    ("MedicationRequest", "Medication request"),
    ("MedicationStatement", "Medication statement"),
    ("FamilyMemberHistory", "Family history"),
    ("DiagnosticReport", "Diagnostic report"),
    ("DocumentReference", "Document"),
    ("OperationOutcome", "Outcome of an operation"),
];

/// What a resource type is called.
pub fn type_label(language: Language, name: &str) -> String {
    match TYPES.iter().find(|(known, _)| *known == name) {
        Some((_, label)) => language.say(label),
        None if name.is_empty() => language.say("Resource of unknown type"),
        None => language.say(&humanise(&super::words::visible(name))),
    }
}

/// How many items are in technical details.
pub fn technical_items(language: Language, count: usize) -> String {
    match count {
        1 => language.say("1 item in technical details"),
        _ => language.fill("{} items in technical details", &[&count.to_string()]),
    }
}
