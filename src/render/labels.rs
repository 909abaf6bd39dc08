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
    ("coding-sctdescid", "SNOMED CT description"),
    ("MedicationSupplyType", "Supply type"),
    ("eReferralPathwayStart", "e-Referral pathway start"),
    ("ClinicalInfoFirstSubmitted", "Clinical information first submitted"),
    ("ClinicalInfoLastUpdated", "Clinical information last updated"),
    ("Commissioning-Rule-Org", "Organisation of the commissioning rule"),
    ("Appointment-Reference", "Appointment"),
    ("PractitionerRole", "Role of the practitioner"),
    ("PractitionerRole-Reference", "Role of the practitioner"),
    ("HealthcareService-Reference", "Service"),
    ("Communication-Requester", "Requester"),
    ("AssociatedEncounter", "Encounter"),
    ("encounter-associatedEncounter", "Encounter"),
    ("MessageEventType", "Type of event"),
    ("CareSettingType", "Care setting"),
    ("UPRN", "Unique property reference number"),
    ("ADRT", "Advance decision to refuse treatment"),
    ("ReSPECTScale", "ReSPECT scale"),
    ("NICReference", "NIC reference"),
    ("OptOutSource", "Source of the opt-out"),
    ("optoutsource", "Source of the opt-out"),
    ("SourceOfOptOut", "Source of the opt-out"),
    ("actorperson", "Person"),
    ("IncrementNumber", "Increment number"),
    ("ConditionEpisode", "Episode"),
    ("MessageHandling", "Message handling"),
    ("messagehandling", "Message handling"),
    ("birthPlace", "Birth place"),
    ("interpreterRequired", "Interpreter required"),
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

/// The stems of choices such as `value[x]`, whose type is no part of what they are called.
const CHOICES: &[&str] = &[
    "value",
    "onset",
    "abatement",
    "effective",
    "performed",
    "occurrence",
    "timing",
    "medication",
    "item",
    "due",
    "detail",
    "target",
    "content",
    "serviced",
    "age",
    "born",
    "product",
    "source",
    "defaultValue",
    "fixed",
    "pattern",
    "minValue",
    "maxValue",
    "scheduled",
    "reason",
    "who",
    "what",
    "answer",
    "initial",
    "options",
];

/// What an element is called.
pub fn element_label(language: Language, name: &str) -> String {
    if let Some((_, label)) = ELEMENTS.iter().find(|(known, _)| *known == name) {
        return language.say(label);
    }
    let is_choice = |stem: &&&str| {
        let rest = name.strip_prefix(**stem).unwrap_or("");
        rest.starts_with(|c: char| c.is_ascii_uppercase()) && super::shape::is_type(rest)
    };
    let name = CHOICES.iter().find(is_choice).copied().unwrap_or(name);
    language.say(&humanise(name))
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
    for prefix in PUBLISHERS {
        name = name.strip_prefix(prefix).filter(|rest| !rest.is_empty()).unwrap_or(name);
    }
    name
}

/// What publishers put before the name of an extension, in the order in which it stands.
const PUBLISHERS: &[&str] = &[
    "Extension-",
    "extension-",
    "CareConnect-",
    "GPC-",
    "GPConnect-",
    "eRS-",
    "ITK-",
    "DCH-",
    "UKCore-",
    "EMS-",
    "EOL-",
    "NDOP-",
    "NHSDigital-",
    "NRL-",
    "ODSAPI-",
    "PDS-",
    "RARecord-",
    "Spine-",
    "UEC-",
    "DTR-",
    "itk-",
];

/// What an extension is called, from its URL.
pub fn extension_label(language: Language, url: &str) -> String {
    let name = extension_name(url);
    let known = EXTENSIONS.iter().find(|(known, _)| *known == name);
    match known {
        Some((_, label)) => language.say(label),
        None => language.say(&humanise(&super::words::visible(name))),
    }
}

/// Whether an extension is one of the NHS's or FHIR's own, so that its label stands for its address.
pub fn is_known_extension(url: &str) -> bool {
    let name = extension_name(url);
    crate::nhs::is_nhs_host(url)
        || url.starts_with("http://hl7.org/fhir/StructureDefinition/")
        || !url.contains("://")
        || EXTENSIONS.iter().any(|(known, _)| *known == name)
}

/// Resource type, in words.
const TYPES: &[(&str, &str)] = &[
    ("AppointmentResponse", "Reply to an appointment"),
    ("CommunicationRequest", "Request for communication"),
    ("DocumentManifest", "Set of documents"),
    ("HealthcareService", "Service"),
    ("QuestionnaireResponse", "Completed questionnaire"),
    ("RequestGroup", "Group of requests"),
    ("Composition", "Document"),
    ("AllergyIntolerance", "Allergy or intolerance"),
    ("Immunization", "Immunisation"),
    ("Organization", "Organisation"),
    ("EpisodeOfCare", "Episode of care"),
    ("Condition", "Condition"),
    ("MedicationRequest", "Medication request"),
    ("MedicationStatement", "Medication statement"),
    ("FamilyMemberHistory", "Family history"),
    ("DiagnosticReport", "Diagnostic report"),
    ("DocumentReference", "Document reference"),
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
