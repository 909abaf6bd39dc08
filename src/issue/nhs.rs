//! The table of what the NHS's own rules find: code, severity, source and words. Facts only are taken from the sources.

use super::{Bound, IssueType, Severity};

problem_table! {
    /// What the rules of the NHS find, with its arguments.
    NhsProblem;

    // The NHS number. No message repeats it.

    /// An NHS number is ten digits.
    NumberForm { found: usize } = "nhs-number-form", Error, Value,
        "NHS Data Dictionary, NHS NUMBER (n10); ISB 0149",
        "This is not an NHS number: expected ten digits and nothing else, found {found} characters. Correct it, or give it the system that it belongs to.";
    /// An NHS number is sent without the spaces that it is displayed with.
    NumberSpaces = "nhs-number-spaces", Error, Value,
        "NHS Data Dictionary, NHS NUMBER (n10); ISB 0149",
        "An NHS number is ten digits without spaces or hyphens in data; spaces are for display. Remove them.";
    /// The last digit of an NHS number checks the nine before it (modulus 11).
    NumberCheckDigit = "nhs-number-check-digit", Error, Value,
        "NHS Data Dictionary, NHS NUMBER (modulus 11 algorithm)",
        "This is not an NHS number: its check digit (modulus 11) does not fit, so a digit is wrong or two have been swapped. Check it against the source.";
    /// One digit ten times passes the check and is never issued.
    NumberSameDigits = "nhs-number-same-digits", Error, Value,
        "NHS Data Dictionary, NHS NUMBER",
        "The same digit ten times was never issued as an NHS number. Where the number is not known, leave the identifier out.";
    /// A number that starts with 999 is set aside for tests. Only looked for where that is asked for.
    NumberTest = "nhs-number-test", Warning, BusinessRule,
        "NHS Digital, test data for the Personal Demographics Service: 999 is reserved for tests",
        "This NHS number starts with 999, which is set aside for tests and belongs to nobody. In live data, use the patient's own.";
    /// A number in the range that Scotland or Northern Ireland issues, under the system of England and Wales.
    NumberNation { nation: &'static str } = "nhs-number-nation", Information, BusinessRule,
        "NHS Data Dictionary, NHS NUMBER and COMMUNITY HEALTH INDEX NUMBER; HSC Business Services Organisation, Health and Care Number",
        "This number is in the range of {nation}, which has a system of its own. Check that the system is right.";
    /// The NHS number belongs to people who are cared for.
    NumberOnOther { resource: String } = "nhs-number-on-other", Warning, BusinessRule,
        "NHS Data Dictionary, NHS NUMBER: identifies a PATIENT",
        "An NHS number identifies a patient, and this resource is of type {resource}. Use the system that the number belongs to.";
    /// A patient has one NHS number; another under the same system is old or someone else's.
    NumberSeveral = "nhs-number-several", Warning, BusinessRule,
        "ISB 0149 (one NHS number for each patient); CareConnect-Patient-1, identifier:nhsNumber 0..1",
        "This patient already has another NHS number. Keep the current one, and give any that was replaced a 'period' that has ended.";
    /// An NHS number comes with how far it was verified, so that a reader knows whether to rely on it.
    NumberStatusMissing = "nhs-number-status-missing", Information, BusinessRule,
        "ISB 0149, NHS NUMBER STATUS INDICATOR CODE; CareConnect-Patient-1, nhsNumberVerificationStatus",
        "This NHS number does not say how far it was verified. Add the extension NHSNumberVerificationStatus, for example with '01' (Number present and verified).";
    /// The verification status says that there is a number where there is none, or the other way round.
    NumberStatusConflict { status: &'static str, found: &'static str } = "nhs-number-status-conflict", Warning, BusinessRule,
        "NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE",
        "The verification status says '{status}', and there is {found} here. Correct one or the other.";

    // Other identifiers.

    /// The same identifier twice in one resource.
    IdentifierDuplicate { system: String } = "nhs-identifier-duplicate", Warning, BusinessRule,
        "FHIR STU3 2.24.0.12, Identifier: a value is unique within its system",
        "This resource already has this identifier, of the system '{system}'. Remove one of the two.";
    /// Two patients in one Bundle under the same NHS number.
    IdentifierShared { other: String } = "nhs-identifier-shared", Warning, BusinessRule,
        "ISB 0149: an NHS number identifies one patient",
        "'{other}' has the same NHS number as this patient. One person is one Patient here: refer to it from both places, or correct the number.";
    /// An ODS code is three to nine letters and digits.
    OdsCode { value: String, hint: &'static str } = "nhs-ods-code", Warning, Value,
        "NHS Data Dictionary, ORGANISATION IDENTIFIER (min an3 max an8), ORGANISATION SITE IDENTIFIER (min an5 max an9)",
        "'{value}' does not have the form of an ODS code: three to nine upper-case letters and digits, such as 'A83627'.{hint}";
    /// A user of the Spine Directory Service is known by twelve digits.
    SdsUserId { value: String } = "nhs-sds-user-id", Warning, Value,
        "GP Connect 1.x, Practitioner: identifier sds-user-id; Spine Directory Service, uniqueIdentifier (n12)",
        "'{value}' does not have the form of an SDS user id, which is twelve digits. Take it from the smartcard, or use another system.";
    /// A role profile of the Spine Directory Service is known by twelve digits.
    SdsRoleProfileId { value: String } = "nhs-sds-role-profile-id", Warning, Value,
        "GP Connect 1.x, Practitioner: identifier sds-role-profile-id; Spine Directory Service, user role profile (n12)",
        "'{value}' does not have the form of an SDS role profile id, which is twelve digits. Take it from the smartcard, or use another system.";
    /// General Medical Council.
    GmcNumber { value: String, hint: &'static str } = "nhs-gmc-number", Warning, Value,
        "NHS Data Dictionary, GENERAL MEDICAL COUNCIL REFERENCE NUMBER",
        "'{value}' does not have the form of a GMC number: seven digits, with or without 'C' before them.{hint}";
    /// The prescribing code of a general practitioner.
    GmpCode { value: String, hint: &'static str } = "nhs-gmp-code", Warning, Value,
        "NHS Data Dictionary, GENERAL MEDICAL PRACTITIONER PPD CODE (an8)",
        "'{value}' does not have the form of a GMP code: 'G' and seven digits.{hint}";
    /// Doctor index number.
    DinNumber { value: String } = "nhs-din-number", Warning, Value,
        "NHS Data Dictionary, DOCTOR INDEX NUMBER (n6)",
        "'{value}' does not have the form of a doctor index number, which is six digits.";
    /// Nursing and Midwifery Council.
    NmcPin { value: String } = "nhs-nmc-pin", Warning, Value,
        "NHS Data Dictionary, NURSING AND MIDWIFERY COUNCIL PERSONAL IDENTIFICATION NUMBER (an8)",
        "'{value}' does not have the form of an NMC PIN: two digits, a letter, four digits and a letter, such as '98A1234E'.";
    /// General Pharmaceutical Council.
    GphcNumber { value: String } = "nhs-gphc-number", Warning, Value,
        "NHS Data Dictionary, GENERAL PHARMACEUTICAL COUNCIL REGISTRATION NUMBER (n7)",
        "'{value}' does not have the form of a GPhC number, which is seven digits.";
    /// Health and Care Professions Council.
    HcpcNumber { value: String } = "nhs-hcpc-number", Warning, Value,
        "NHS Data Dictionary, HEALTH AND CARE PROFESSIONS COUNCIL REGISTRATION NUMBER",
        "'{value}' does not have the form of an HCPC number: the letters of the profession and four to six digits, such as 'PH123456'.";
    /// General Dental Council.
    GdcNumber { value: String } = "nhs-gdc-number", Warning, Value,
        "NHS Data Dictionary, GENERAL DENTAL COUNCIL REGISTRATION NUMBER",
        "'{value}' does not have the form of a GDC number: four to six digits, with or without 'CD' before them.";
    /// General Optical Council.
    GocNumber { value: String } = "nhs-goc-number", Warning, Value,
        "NHS Data Dictionary, GENERAL OPTICAL COUNCIL REGISTRATION NUMBER",
        "'{value}' does not have the form of a GOC number: a prefix, a hyphen and four to six digits, such as '01-12345'.";
    /// A referral's booking reference.
    Ubrn { value: String } = "nhs-ubrn", Warning, Value,
        "NHS Data Dictionary, UNIQUE BOOKING REFERENCE NUMBER (CONVERTED) (n12)",
        "'{value}' does not have the form of a UBRN, which is twelve digits without hyphens.";
    /// A property's reference.
    Uprn { value: String } = "nhs-uprn", Warning, Value,
        "NHS Data Dictionary, UNIQUE PROPERTY REFERENCE NUMBER (max n12)",
        "'{value}' does not have the form of a UPRN, which is up to twelve digits.";
    /// A UK postcode.
    Postcode = "nhs-postcode", Warning, Value,
        "NHS Data Dictionary, POSTCODE (max an8); BS 7666",
        "This is not a UK postcode, such as 'LS1 4JL'. Correct it, or say in 'country' which country the address is in.";
    /// A postcode in upper case with one space.
    PostcodeLayout { right: String } = "nhs-postcode-layout", Information, Value,
        "NHS Data Dictionary, POSTCODE (max an8)",
        "A postcode is in upper case with one space before its last three characters: '{right}'.";
    /// A telephone or fax number that cannot be dialled.
    Telephone = "nhs-telephone", Warning, Value,
        "Ofcom, National Telephone Numbering Plan; ITU-T E.164",
        "This is not a number that can be dialled. Write it with its area code (0 and nine or ten digits) or country code ('+44 …'), and put words somewhere else.";
    /// An email address.
    Email = "nhs-email", Warning, Value,
        "NHS Data Dictionary, CONTACT EMAIL ADDRESS; RFC 5322",
        "This is not an email address, such as 'name@nhs.net'. Correct it, or give it the system that it belongs to.";

    // Codes.

    /// A code of SNOMED CT is 6 to 18 digits, the first not 0.
    SnomedForm { code: String } = "nhs-snomed-form", Error, CodeInvalid,
        "SNOMED CT Release File Specifications, SCTID: 6 to 18 digits without leading zeros",
        "'{code}' is not a SNOMED CT identifier, which is 6 to 18 digits. Correct it, or give the system that it is a code of.";
    /// Before SNOMED CT there was SNOMED RT, whose codes are a letter of an axis and hexadecimal digits. They were mapped to
    /// concepts until 2017, and are not codes of SNOMED CT: nothing that works with concepts finds them.
    SnomedRt { code: String } = "nhs-snomed-rt", Warning, CodeInvalid,
        "SNOMED CT Release File Specifications, SCTID; SNOMED International, SNOMED RT identifiers (no longer distributed since 2017)",
        "'{code}' is a code of SNOMED RT, which came before SNOMED CT. Put the identifier of the SNOMED CT concept in its place, or give the system that it is a code of.";
    /// The last digit of a SNOMED CT identifier checks the others.
    SnomedCheckDigit { code: String } = "nhs-snomed-check-digit", Error, CodeInvalid,
        "SNOMED CT Release File Specifications, SCTID check-digit (Verhoeff)",
        "'{code}' is not a SNOMED CT identifier: its check digit does not fit, so a digit is wrong or missing. Identifiers that were held as numbers may have lost their last digits; hold them as text.";
    /// The two digits before the last say what is identified, and these say nothing.
    SnomedPartition { code: String } = "nhs-snomed-partition", Error, CodeInvalid,
        "SNOMED CT Release File Specifications, SCTID partition-identifier",
        "'{code}' is not a SNOMED CT identifier: the two digits before the last must be 00 or 10 for a concept.";
    /// A code is a concept; this is the identifier of one of a concept's terms.
    SnomedDescription { code: String } = "nhs-snomed-description-as-concept", Error, CodeInvalid,
        "SNOMED CT Release File Specifications, SCTID partition-identifier 01 and 11; FHIR STU3 4.3.2.0.1, using SNOMED CT",
        "'{code}' is the identifier of a description, and a code must be a concept. Put the concept's identifier here, and this one in the extension coding-sctdescid.";
    /// A code is a concept; this is the identifier of a relationship.
    SnomedRelationship { code: String } = "nhs-snomed-relationship-as-concept", Error, CodeInvalid,
        "SNOMED CT Release File Specifications, SCTID partition-identifier 02 and 12",
        "'{code}' is the identifier of a relationship, and a code must be a concept. Put the concept's identifier here.";
    /// The extension coding-sctdescid holds the identifier of a description.
    SnomedDescriptionId { code: String } = "nhs-snomed-description-id", Error, CodeInvalid,
        "SNOMED CT Release File Specifications, SCTID; Extension-coding-sctdescid",
        "'{code}' is not the identifier of a SNOMED CT description: 6 to 18 digits with a correct check digit and 01 or 11 before it.";
    /// A concept stands where a description is meant.
    SnomedConceptAsDescription { code: String } = "nhs-snomed-concept-as-description", Error, CodeInvalid,
        "SNOMED CT Release File Specifications, SCTID partition-identifier 00 and 10; Extension-coding-sctdescid",
        "'{code}' is the identifier of a concept, but a description's belongs here. Give that, or leave the extension out.";
    /// The description's display in the extension and the coding's own display are terms of one concept. Only those that have
    /// no word in common are reported.
    SnomedDescriptionDisplay { extension: String, display: String } = "nhs-snomed-description-display", Information, BusinessRule,
        "CareConnect, Extension-coding-sctdescid: descriptionDisplay is the term of the description that was chosen",
        "The description's display is '{extension}' and the coding's is '{display}', and they have no word in common. Check that both are terms of one concept.";
    /// The URI of SNOMED CT, to the letter. Another URI is another system, so that it is a mistake and no fault of form.
    SnomedSystem { system: String } = "nhs-snomed-system", Warning, CodeInvalid,
        "FHIR STU3 4.3.2.0.1, using SNOMED CT with FHIR",
        "The system of SNOMED CT is exactly 'http://snomed.info/sct', with edition and version in 'version'; found '{system}'.";
    /// The same code twice in one concept.
    CodingDuplicate { code: String } = "nhs-coding-duplicate", Information, BusinessRule,
        "FHIR STU3 2.24.0.5, CodeableConcept: each coding is another representation",
        "The code '{code}' of this system is already given. Remove one of the two.";
    /// SNOMED CT is the terminology of the NHS; older codes may stand beside it.
    ReadWithoutSnomed { system: &'static str } = "nhs-read-without-snomed", Warning, BusinessRule,
        "SCCI0034 (SNOMED CT is the fundamental standard); NHS Digital, retirement of Read v2 and CTV3",
        "This is coded with {system} and not with SNOMED CT, which the standard requires. Add the SNOMED CT coding that it maps to.";
    /// A Read code has five characters.
    ReadForm { code: String, system: &'static str } = "nhs-read-form", Warning, CodeInvalid,
        "NHS Data Dictionary, CODED CLINICAL ENTRY: Read v2 an5 (an7 with its term code), CTV3 an5",
        "'{code}' does not have the form of a {system} code: five letters and digits, padded with dots.";
    /// An ICD-10 code.
    Icd10Form { code: String } = "nhs-icd10-form", Warning, CodeInvalid,
        "NHS Data Dictionary, PRIMARY DIAGNOSIS (ICD) (min an4 max an6); WHO ICD-10",
        "'{code}' does not have the form of an ICD-10 code, such as 'J45.9'.";
    /// An OPCS-4 code.
    Opcs4Form { code: String } = "nhs-opcs4-form", Warning, CodeInvalid,
        "NHS Data Dictionary, PRIMARY PROCEDURE (OPCS) (an4)",
        "'{code}' does not have the form of an OPCS-4 code, such as 'W37.1'.";
    /// A code of dm+d is the identifier of a SNOMED CT concept.
    DmdCode { code: String } = "nhs-dmd-code", Error, CodeInvalid,
        "NHS Dictionary of Medicines and Devices, Technical Specification: identifiers are SNOMED CT identifiers",
        "'{code}' is not a dm+d code: those are identifiers of SNOMED CT concepts, 6 to 18 digits with a correct check digit.";
    /// The term names a pack, which is what is supplied, where a product to be taken is meant.
    DmdPack { display: String } = "nhs-dmd-pack", Information, BusinessRule,
        "NHS Dictionary of Medicines and Devices, Editorial Policy: VMPP and AMPP are packs; GP Connect 1.x, Medication.code is a VMP, AMP or VTM",
        "'{display}' names a pack (VMPP or AMPP). What a patient is to take is a product (VMP or AMP), and the pack's size is the quantity to supply.";
    /// With a release of dm+d or of SNOMED CT's UK drug extension: the code is known there, and is of no level of dm+d. It may
    /// be the code of a substance, or of a product that other countries use.
    DmdProduct { code: String } = "nhs-dmd-product", Information, BusinessRule,
        "SCCI0052, NHS Dictionary of Medicines and Devices: medicines are coded in dm+d",
        "'{code}' is not a product of dm+d (VTM, VMP, AMP, VMPP or AMPP) in the release that is loaded. Give the medicine's code in dm+d.";
    /// The form of a medicine, beside a term that names another.
    DmdForm { form: String, display: String } = "nhs-dmd-form", Warning, BusinessRule,
        "NHS Dictionary of Medicines and Devices, Editorial Policy: the name of a VMP or AMP has its form",
        "The form is '{form}', and the code's display says '{display}'. Correct one or the other.";

    // URLs.

    /// The host `fhir.nhs.net` was given up for `fhir.nhs.uk`.
    UrlOld { found: String, right: String } = "nhs-url-old", Warning, Value,
        "NHS Digital FHIR standards: fhir.nhs.uk replaced fhir.nhs.net; HL7 UK naming systems",
        "'{found}' is an old URL. Write '{right}'.";
    /// Definitions of CareConnect belong to HL7 UK, national services' to the NHS.
    UrlHost { found: String, right: String } = "nhs-url-host", Warning, Value,
        "CareConnect profiles (fhir.hl7.org.uk) and NHS Digital FHIR standards (fhir.nhs.uk)",
        "'{found}' has the wrong host, and is not a URL that is known here. Write '{right}'.";
    /// A dot for a slash, or the other way round.
    UrlDot { found: String, right: String } = "nhs-url-dot", Warning, Value,
        "CareConnect profiles and NHS Digital FHIR standards: canonical URLs as published",
        "'{found}' has a dot where a slash belongs, or the other way round. Write '{right}'.";
    /// A slash too many or too few.
    UrlSlash { found: String, right: String } = "nhs-url-slash", Warning, Value,
        "FHIR STU3 2.24.0.1, uri: compared to the letter",
        "'{found}' has a slash too many or too few, and URLs must match exactly. Write '{right}'.";
    /// The path lacks a part, or has one that does not belong.
    UrlPath { found: String, right: String } = "nhs-url-path", Warning, Value,
        "CareConnect profiles and NHS Digital FHIR standards: canonical URLs as published",
        "'{found}' has a different path from the one published under that name. Write '{right}'.";
    /// Upper and lower case.
    UrlCase { found: String, right: String } = "nhs-url-case", Warning, Value,
        "FHIR STU3 2.24.0.1, uri: compared to the letter, case included",
        "'{found}' differs in upper and lower case from what is published, and URLs must match exactly. Write '{right}'.";
    /// `http` for `https`.
    UrlScheme { found: String, right: String } = "nhs-url-scheme", Warning, Value,
        "FHIR STU3 2.24.0.1, uri: compared to the letter; URLs as published",
        "'{found}' has the wrong scheme, and URLs must match exactly. Write '{right}'.";
    /// Letters wrong, missing or too many.
    UrlSpelling { found: String, right: String } = "nhs-url-spelling", Warning, Value,
        "CareConnect profiles and NHS Digital FHIR standards: canonical URLs as published",
        "'{found}' is not a URL that is known here. Did you mean '{right}'?";

    // Dates.

    /// Nobody dies before birth.
    BirthAfterDeath { death: String } = "nhs-birth-after-death", Error, BusinessRule,
        "NHS Data Dictionary, PERSON BIRTH DATE and PERSON DEATH DATE",
        "The date of birth is after the date of death, {death}. Correct one or the other.";
    /// A date of birth after today. Only with the option `today`.
    BirthFuture { today: String } = "nhs-birth-future", Error, BusinessRule,
        "NHS Data Dictionary, PERSON BIRTH DATE",
        "The date of birth is after today, {today}. Correct it.";
    /// A date of death after today. Only with the option `today`.
    DeathFuture { today: String } = "nhs-death-future", Error, BusinessRule,
        "NHS Data Dictionary, PERSON DEATH DATE",
        "The date of death is after today, {today}. Correct it.";
    /// Nobody alive is over 130. Only with the option `today`.
    BirthTooEarly { years: u16 } = "nhs-birth-too-early", Warning, BusinessRule,
        "NHS Data Dictionary, PERSON BIRTH DATE; PDS data quality",
        "A person born on this date and not recorded as dead would be {years} years old. Check the year.";
    /// What was observed, done or recorded lies in the past. Only with the option `today`.
    DateFuture { today: String, what: &'static str } = "nhs-date-future", Warning, BusinessRule,
        "FHIR STU3, the elements' definitions: what has happened",
        "{what} is after today, {today}. Correct it; plans have their own elements and statuses.";
    /// What was observed of a person or done to them, before they were born.
    EventBeforeBirth { birth: String, what: &'static str } = "nhs-event-before-birth", Warning, BusinessRule,
        "NHS Data Dictionary, PERSON BIRTH DATE",
        "{what} is before the patient's date of birth, {birth}. Correct one or the other, or check that this is the right patient. Only one such date is reported for each patient.";
    /// What ends before it starts.
    DatesReversed { start: &'static str, end: &'static str } = "nhs-dates-reversed", Error, BusinessRule,
        "FHIR STU3 2.24.0.10, Period (per-1), held to pairs of elements that are no Period",
        "'{end}' is before '{start}'. Correct one or the other.";
    /// A result is issued after what it is of was taken or observed.
    IssuedBefore { what: &'static str } = "nhs-issued-before", Warning, BusinessRule,
        "FHIR STU3 10.1 and 10.3, Observation.issued and DiagnosticReport.issued: when made available",
        "This was issued on a day before {what}. Correct one or the other.";

    // Medicines.

    /// A quantity of medicine needs its unit: 5 what?
    QuantityNoUnit { value: String } = "nhs-quantity-no-unit", Warning, BusinessRule,
        "GP Connect 1.x, MedicationRequest.dispenseRequest.quantity; NHS Digital, FHIR Implementation Guide for Dose Syntax",
        "This is a quantity of {value} without a unit. Add 'unit', for example 'tablet' or 'ml', and its code.";
    /// In GP Connect a MedicationStatement is based on the MedicationRequest that authorises it.
    StatementNoRequest = "nhs-statement-no-request", Error, BusinessRule,
        "GP Connect 1.x, Access Record Structured, MedicationStatement.basedOn",
        "A MedicationStatement of GP Connect is based on the MedicationRequest that authorises it. Add 'basedOn'.";
    /// The MedicationRequest comes in the same Bundle.
    StatementRequestMissing { reference: String } = "nhs-statement-request-missing", Error, BusinessRule,
        "GP Connect 1.x, Access Record Structured: a MedicationStatement is returned with its MedicationRequests",
        "'{reference}', which this is based on, is not in the Bundle, and should be. Add the MedicationRequest, or correct the reference.";
    /// Linked medication resources are of one patient.
    MedicationSubject { other: &'static str } = "nhs-medication-subject", Error, BusinessRule,
        "FHIR STU3 11.1 to 11.4: linked medication resources have the same subject",
        "This is about a different patient from the {other} that it refers to. One of the references is wrong.";
    /// How far a dosage can be computed with: what it lacks, by a score.
    DosageComputable { score: u8, of: u8, reasons: String } = "nhs-dosage-computable", Information, Informational,
        "NHS Digital, FHIR Implementation Guide for Dose Syntax; Digital Medicines, ISN DCB4013",
        "Machine-readable to {score} of {of}: {reasons}. A person must read the text.";

    // Observations.

    /// A vital sign in a unit that it is not measured in.
    VitalUnit { name: &'static str, found: String, expected: &'static str } = "nhs-vital-unit", Warning, BusinessRule,
        "FHIR STU3 vital signs profiles; CareConnect vital signs profiles; UCUM",
        "{name} is measured in {expected}; found '{found}'. Correct the unit, or convert the value.";
    /// A vital sign outside of what a living person can have, in its unit.
    VitalRange { name: &'static str, value: String, unit: &'static str, low: &'static str, high: &'static str } = "nhs-vital-range", Warning, BusinessRule,
        "Plausible values, wider than any that has been survived; RCP NEWS2 observation chart",
        "{name} of {value} {unit} is not plausible: expected {low} to {high}. Check the value and the unit.";
    /// A blood pressure has a systolic and a diastolic part.
    BloodPressureComponent { missing: &'static str } = "nhs-blood-pressure-component", Warning, BusinessRule,
        "FHIR STU3 Blood Pressure profile; CareConnect-BloodPressure-Observation-1, component",
        "A blood pressure has a systolic and a diastolic component; the {missing} one is missing. Add it, with dataAbsentReason where it was not measured.";
    /// The systolic pressure is the higher.
    BloodPressureReversed { systolic: String, diastolic: String } = "nhs-blood-pressure-reversed", Warning, BusinessRule,
        "FHIR STU3 Blood Pressure profile",
        "The systolic pressure, {systolic}, is not above the diastolic, {diastolic}. They may be the wrong way round.";
    /// The NEWS2 score is the sum of its seven parts.
    News2Total { total: String, sum: u32 } = "nhs-news2-total", Error, BusinessRule,
        "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017: aggregate score",
        "The NEWS2 score is {total}, and its parts add up to {sum}. Correct the total or the part that is wrong.";
    /// A part's score is the one that its measurement gives.
    News2Score { name: &'static str, score: String, value: String, expected: String } = "nhs-news2-score", Error, BusinessRule,
        "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017: NEWS scoring system",
        "The score for {name} is {score}, and {value} scores {expected}. Correct one or the other.";
    /// A NEWS2 score without all of its parts cannot be judged.
    News2Components { missing: String } = "nhs-news2-components", Information, BusinessRule,
        "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017; CareConnect-NEWS2-Observation-1, related",
        "This NEWS2 score does not come with all of its parts; missing: {missing}. Add them as 'related', type 'derived-from'.";
    /// NEWS2 goes from 0 to 20, a part from 0 to 3.
    News2Range { name: &'static str, value: String, allowed: &'static str } = "nhs-news2-range", Error, BusinessRule,
        "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017: NEWS scoring system",
        "The score for {name} is {value}; it can be {allowed}. Correct it.";
    /// Oxygen saturation is scored by one of the two scales.
    News2Scale = "nhs-news2-scale", Error, BusinessRule,
        "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017: SpO2 scales 1 and 2",
        "Oxygen saturation is scored by both SpO2 scales here; one of them applies. Keep scale 2 only where a clinician chose it for hypercapnic respiratory failure.";

    // Pathology.

    /// A final report carries its results.
    ReportNoResult = "nhs-report-no-result", Information, BusinessRule,
        "GP Connect 1.x, Investigations: DiagnosticReport.result; CareConnect-DiagnosticReport-1",
        "This report has no 'result', 'conclusion' or document. Refer to its Observations.";
    /// A laboratory's report says what was examined.
    ReportNoSpecimen = "nhs-report-no-specimen", Information, BusinessRule,
        "GP Connect 1.x, Investigations: DiagnosticReport.specimen",
        "This laboratory report names no specimen. Add 'specimen', so that it is known what was taken, and when.";
    /// A report goes back to who asked for it.
    ReportNoRequest = "nhs-report-no-request", Information, BusinessRule,
        "GP Connect 1.x, Investigations: DiagnosticReport.basedOn ProcedureRequest; its requester",
        "This report does not say what asked for it. Add 'basedOn' with the ProcedureRequest, which names the requester.";
    /// The request of a report names who asked.
    RequestNoRequester = "nhs-request-no-requester", Information, BusinessRule,
        "GP Connect 1.x, Investigations: ProcedureRequest.requester",
        "The request that a report is based on names no requester, so it is not known who should act on the result. Add 'requester'.";
    /// Report, results and specimen are of one patient.
    ReportSubject { other: &'static str } = "nhs-report-subject", Error, BusinessRule,
        "FHIR STU3 10.3, DiagnosticReport: subject of report, results and specimen",
        "This is about a different patient from the {other} that it refers to. One of the references is wrong.";
    /// The specimen of a result is one of its report's.
    ReportSpecimen = "nhs-report-specimen", Warning, BusinessRule,
        "GP Connect 1.x, Investigations: DiagnosticReport.specimen and Observation.specimen",
        "A result of this report was made on a specimen that the report does not name. Add it to 'specimen', or correct the result.";
    /// A result's unit as a UCUM code, so that it can be compared.
    ResultUnitCode { unit: String, hint: String } = "nhs-result-unit-code", Information, BusinessRule,
        "FHIR STU3 10.1, Observation.value: units are UCUM; PMIP to FHIR, NHS Digital pathology",
        "The unit '{unit}' is text only, which cannot be compared or converted. Add the system 'http://unitsofmeasure.org' and the code{hint}.";
    /// A reference range has the unit of its result.
    ReferenceRangeUnit = "nhs-reference-range-unit", Warning, BusinessRule,
        "FHIR STU3 10.1, Observation.referenceRange: low and high are quantities in the value's unit",
        "This reference range has no unit, and the result has one. Add the same unit to 'low' and 'high'.";
    /// A range in another unit than the result.
    ReferenceRangeOtherUnit { range: String, value: String } = "nhs-reference-range-other-unit", Warning, BusinessRule,
        "FHIR STU3 10.1, Observation.referenceRange",
        "This limit of the reference range is in '{range}', and the result in '{value}'. Give both in the same unit.";
    /// The low limit is below the high one.
    ReferenceRangeReversed { low: String, high: String } = "nhs-reference-range-reversed", Error, BusinessRule,
        "FHIR STU3 2.24.0.8, Range (rng-2), held to Observation.referenceRange",
        "The low limit, {low}, is above the high one, {high}. They are the wrong way round, or one is wrong.";

    // Appointments.

    /// An appointment lies within its slots.
    AppointmentOutsideSlot { start: String, end: String } = "nhs-appointment-outside-slot", Warning, BusinessRule,
        "FHIR STU3 8.13, Appointment.slot; GP Connect 1.x, Appointment Management: start and end match the slots",
        "The appointment is not inside its slots, which go from {start} to {end}. Correct its times, or refer to the right slots.";
    /// A slot lies within its schedule.
    SlotOutsideSchedule { start: String, end: String } = "nhs-slot-outside-schedule", Warning, BusinessRule,
        "FHIR STU3 8.11, Schedule.planningHorizon",
        "The slot is not inside its schedule, which goes from {start} to {end}. Correct its times, or refer to the right schedule.";
    /// A booked appointment makes its slot busy, a cancelled one frees it.
    SlotStatus { appointment: String, slot: String } = "nhs-slot-status", Warning, BusinessRule,
        "FHIR STU3 8.12, Slot.status; GP Connect 1.x, Appointment Management: booking makes the slot busy",
        "The appointment is {appointment}, and its slot is {slot}. A booked appointment has a busy slot, so that nobody books it again.";
    /// The minutes are those between start and end.
    AppointmentDuration { minutes: String, found: i64 } = "nhs-appointment-duration", Warning, BusinessRule,
        "FHIR STU3 8.13, Appointment.minutesDuration",
        "'minutesDuration' is {minutes}, and from start to end it is {found} minutes. Correct one or the other.";
    /// A booked appointment is with a patient.
    AppointmentNoPatient = "nhs-appointment-no-patient", Warning, BusinessRule,
        "GP Connect 1.x, Appointment Management: participants; CareConnect-Appointment-1",
        "No participant of this appointment is a patient. Add the patient as a participant.";
    /// A booked appointment is at a place.
    AppointmentNoLocation = "nhs-appointment-no-location", Warning, BusinessRule,
        "GP Connect 1.x, Appointment Management: participants (patient and location are mandatory)",
        "No participant of this appointment is a location, which GP Connect asks for. Add the location as a participant.";
    /// A cancelled appointment says why.
    AppointmentNoReason = "nhs-appointment-no-reason", Warning, BusinessRule,
        "GP Connect 1.x, Appointment Management, cancel an appointment: cancellation reason extension is mandatory",
        "The appointment is cancelled and does not say why, which GP Connect asks for. Add the extension for the cancellation reason.";

    // Staff and organisations.

    /// A practitioner with a number that is known nationally.
    PractitionerNoIdentifier = "nhs-practitioner-no-identifier", Information, BusinessRule,
        "CareConnect-Practitioner-1, identifier; GP Connect 1.x, Practitioner: SDS user id or professional registration",
        "This practitioner has no national identifier. Add the SDS user id or the number in a professional register.";
    /// A role is held at an organisation.
    RoleNoOrganisation = "nhs-role-no-organisation", Information, BusinessRule,
        "CareConnect-PractitionerRole-1, organization; GP Connect 1.x, PractitionerRole",
        "This role does not say at which organisation it is held. Add 'organization'.";
    /// A role is held by a practitioner.
    RoleNoPractitioner = "nhs-role-no-practitioner", Information, BusinessRule,
        "CareConnect-PractitionerRole-1, practitioner; GP Connect 1.x, PractitionerRole",
        "This role does not say who holds it. Add 'practitioner'.";
    /// A role is one of the SDS job roles.
    RoleNoJobRole = "nhs-role-no-job-role", Information, BusinessRule,
        "CareConnect-PractitionerRole-1, code sdsJobRoleName; NHS national RBAC database, SDS Job Role Name",
        "This role has no SDS job role. Add a 'code' from CareConnect-SDSJobRoleName-1.";
    /// An organisation is known by its ODS code.
    OrganisationNoOds = "nhs-organisation-no-ods-code", Information, BusinessRule,
        "CareConnect-Organization-1, identifier odsOrganisationCode; DCB0090 (ODS)",
        "This organisation has no ODS code. Add it, so that it can be told apart from others of the same name.";
}
