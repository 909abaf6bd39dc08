//! The table of what the rules of documents and messages find: code, severity, source and words. Facts only are taken from
//! the sources.

use super::{Bound, IssueType, Severity};

problem_table! {
    /// What the rules of documents and messages find, with its arguments.
    ExchangeProblem;

    // Documents.

    /// Everything in a document is about one patient.
    DocPatientMismatch { name: String, subject: String } = "doc-patient-mismatch", Error, BusinessRule,
        "FHIR STU3 2.33, Documents: one subject; ITK3 CC-04; GP Connect 1.6.2, Bundle: one Patient",
        "'{name}' refers to another patient than the document is about, who is '{subject}'. Whoever reads this takes it for the same person's: correct the reference, or take out what belongs to somebody else.";
    /// The patient is one resource of a document, whoever refers to it.
    DocPatientsSeveral { patients: usize } = "doc-patients-several", Warning, BusinessRule,
        "FHIR STU3 2.33, Documents: one subject; GP Connect 1.6.2, Bundle: exactly one Patient",
        "There are {patients} Patient resources here, where the document is about one. Keep the one that it is about.";
    /// A section that the guide of a document calls mandatory, although its profile does not.
    DocSectionMandatory { kind: &'static str, code: &'static str, heading: &'static str }
        = "doc-section-mandatory", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, Emergency Care, Mental Health and Outpatient Letter, explore_headings; Digital Medicines, explore_*_headings",
        "The section '{heading}' ({code}) is missing. The guide of the {kind} makes it mandatory, though the profile does not. Add it; where there is nothing to say, its text says so.";
    /// A list belongs to the section that is about the same.
    DocSectionList { list: &'static str, heading: &'static str } = "doc-section-list", Error, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_*_list; profiles of uk.nhs.stu3.itk: CareConnect-ListCode-1 and the entries of each section",
        "This is a list of {list}, and it stands in the section '{heading}'. A receiver files it by the section: move it to its own, or correct the code of the list.";
    /// Headings that the guide of a pharmacy document names and its closed profile does not have.
    DocSectionGuideConflict { kind: &'static str, headings: String } = "doc-section-guide-conflict", Information, BusinessRule,
        "ITK-FHIR-Digital-Medicines, explore_*_headings, against the profiles of uk.nhs.stu3.itk",
        "The guide of the {kind} has the heading {headings}, and its profile, whose sections are closed, does not: the document cannot keep both. Ask the receiver which they want.";
    /// The organisation that answers for a document.
    DocCustodianMissing { kind: &'static str } = "doc-custodian-missing", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, explore_headings: must support",
        "This {kind} has no custodian, so that nobody is named who answers for it. Add 'custodian', a reference to the organisation that sends it.";
    /// The encounter that a document is about.
    DocEncounterMissing { kind: &'static str } = "doc-encounter-missing", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, explore_headings: must support",
        "This {kind} has no encounter, so that a reader is not told which stay or attendance it is about. Add 'encounter'.";
    /// A document that is not final.
    DocNotFinal { status: String } = "doc-not-final", Information, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_composition: every document is final",
        "The document's status is '{status}'. What is sent to another organisation is final; a receiver may refuse it.";
    /// A document replaces another, whose identifier it names.
    DocReplacesItself = "doc-replaces-itself", Error, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_replacment: a new UUID, the old one in targetIdentifier",
        "The document replaces itself: what it names as replaced is its own identifier. Give it a new one, and put that of the earlier document here.";
    /// The type of a document belongs to another kind than its profile.
    DocTypeProfile { kind: &'static str, expected: &'static str, words: &'static str, found: String }
        = "doc-type-profile", Error, BusinessRule,
        "ITK3 Messaging Distribution 2.10 and the guides of each document: one tuple of event, profile and type",
        "The profile is that of the {kind}, whose type is {expected} ({words}); found {found}. A receiver files it by its type: correct one or the other.";
    /// A title that says that the document is of another kind than it is.
    DocTitleType { kind: &'static str, title: String } = "doc-title-type", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, explore_headings: the title is the care setting and the document type",
        "The title '{title}' is that of another kind of document than the profile, which is that of the {kind}. Make the title the care setting and the document type.";
    /// The identifier of a document is a UUID.
    DocIdentifierUuid = "doc-identifier-uuid", Warning, Value,
        "ITK3 eDischarge 2.8.0, build_replacment; profiles of uk.nhs.stu3.itk: Composition.identifier is a UUID",
        "The document's identifier is not a UUID. A receiver matches a replacement with what it replaces by it: use a UUID.";
    /// Notices of social care are FHIR DSTU2, another version of FHIR, and deprecated.
    SocialCareDstu2 = "exchange-dstu2", Warning, NotSupported,
        "NHS API catalogue, Social Care Assessment, Discharge and Withdrawal (deprecated); data.developer.nhs.uk, sc-fhir",
        "This is a social care notice (assessment, discharge or withdrawal), which is FHIR DSTU2 and deprecated: it cannot be validated as STU3, so the other issues here mean little.";

    /// A UUID under the URL of the document that defines UUIDs, as ITK3's guides prescribe it. FHIR's own way is another.
    UuidSystem = "itk-uuid-system", Information, Informational,
        "ITK3 eDischarge 2.8.0 and Messaging Distribution 2.10: https://tools.ietf.org/html/rfc4122 in every example",
        "ITK3 writes UUIDs with the system 'https://tools.ietf.org/html/rfc4122', as here. FHIR's own way is 'urn:ietf:rfc:3986' with 'urn:uuid:…', which a receiver outside ITK3 expects.";

    // Coded content of transfers of care.

    /// A transfer of care sends no allergy that was refuted or recorded by mistake.
    TocAllergyStatus { status: String } = "toc-allergy-status", Error, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_allergy_list: refuted and entered-in-error MUST NOT be used",
        "An allergy with the verification status '{status}' must not be sent in a transfer of care: a reader may think that the patient has it. Leave it out.";
    /// The clinical status of an allergy in a transfer of care is active, if it is there.
    TocAllergyClinical { status: String } = "toc-allergy-clinical", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_allergy_list: clinicalStatus is active if it is present",
        "An allergy in a transfer of care is active; found '{status}'. Leave out allergies that have ended.";
    /// The notes of a reaction have no place in a transfer of care.
    TocReactionNote = "toc-reaction-note", Error, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_allergy_list: reaction.note MUST NOT be used",
        "A reaction's note must not be sent in a transfer of care, as receivers do not show it. Put it in the allergy's own note and the text of the section.";
    /// The substance of a reaction has no place in a transfer of care.
    TocReactionSubstance = "toc-reaction-substance", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_allergy_list: reaction.substance SHOULD NOT be used",
        "A reaction's substance should not be sent in a transfer of care. The causative agent is the allergy's 'code'.";
    /// The dosage of a medicine in a transfer of care is text.
    TocDosageCoded { name: String } = "toc-dosage-coded", Error, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_medication_list: dosage.timing and dosage.method MUST NOT be used",
        "'{name}' must not be sent in a transfer of care: the dosage goes in 'dosage.text', which receivers show. Remove it and say it in the text.";
    /// A medicine in a transfer of care says its dosage in words.
    TocDosageText = "toc-dosage-text", Warning, Required,
        "ITK3 eDischarge 2.8.0, build_medication_list: dosage.text is present",
        "This medicine has no dosage in words. Add 'dosage.text', and repeat it in the text of the section.";
    /// Why a medicine is taken has no place in a transfer of care's statement.
    TocStatementReason { name: String } = "toc-statement-reason", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_medication_list: reasonCode and reasonNotTaken MUST NOT be used (the same page lists reasonCode as usable)",
        "'{name}' must not be sent in a transfer of care. Say the reason in the text of the section.";
    /// The status of a statement is that of the list it stands in.
    TocStatementList { status: String, list: &'static str, expected: &'static str } = "toc-statement-list", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_medication_list: active in the active list, stopped in the discontinued one",
        "This medicine is in the list of {list} medications, and its status is '{status}'; expected '{expected}'. Correct the status, or move it to the other list.";
    /// Whether a medicine was taken is not known in a transfer of care.
    TocStatementTaken { taken: String } = "toc-statement-taken", Information, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_medication_list: taken is unk or na, against its own examples, which have y",
        "In a transfer of care 'taken' is 'unk' or 'na'; found '{taken}'.";
    /// The category of a statement is that of the document.
    TocStatementCategory { category: String, expected: &'static str, kind: &'static str } = "toc-statement-category", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_medication_list: inpatient in a discharge, outpatient in a letter",
        "The category of a medicine is '{expected}' in this kind of document ({kind}); found '{category}'.";
    /// What was dispensed is completed.
    TocDispenseStatus { status: String } = "toc-dispense-status", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_medication_list: the status of a MedicationDispense is completed",
        "A medicine that was dispensed has the status 'completed' in a transfer of care; found '{status}'.";
    /// A list of medications is sent only where it has any.
    TocMedicationListEmpty { name: &'static str } = "toc-medication-list-empty", Error, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_medication_list: flag and emptyReason MUST NOT be used; no List where it is empty",
        "A list of medications must not have '{name}'. Where there are no medications, leave out the List and say so in the text of the section.";
    /// The details of a diagnosis or procedure that have no place in a transfer of care.
    TocDetail { name: String } = "toc-detail", Warning, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_condition and build_procedures: severity and bodySite MUST NOT be used, though its examples have bodySite",
        "'{name}' must not be sent in a transfer of care. Say it in the code or in the text of the section.";
    /// The kinds of file that may be attached to a transfer of care.
    TocAttachmentType { found: String } = "toc-attachment-type", Error, BusinessRule,
        "ITK3 eDischarge 2.8.0, build_attachments: pdf, doc, docx, rtf, html, txt, xml, jpg, png, tiff; others are refused with 20005",
        "A transfer of care may attach PDF, Word, RTF, HTML, text, XML, JPEG, PNG and TIFF; found '{found}'. A receiver refuses it with 20005: send it as one of these.";
    /// The patient's practice is known by its ODS code.
    TocGpPracticeOds = "toc-gp-practice-ods", Error, Required,
        "ITK3 eDischarge 2.8.0, explore_gp_practice: the ODS code MUST be in Organization.identifier",
        "The GP practice has no ODS code, by which the document is delivered and filed. Add an identifier with the system 'https://fhir.nhs.uk/Id/ods-organization-code'; for an unknown practice, use 'V81999'.";
    /// The ODS code is for systems, not for readers.
    TocGpPracticeText = "toc-gp-practice-text", Information, BusinessRule,
        "ITK3 eDischarge 2.8.0, explore_gp_practice: the ODS code MUST NOT be in the text",
        "The text of the section 'GP practice' has the practice's ODS code, which belongs only in Organization.identifier.";
    /// Who a patient without an NHS number is.
    TocPatientUnidentified { missing: String } = "toc-patient-unidentified", Warning, Required,
        "ITK3 Messaging Distribution 2.10, PDS-02, PDS-10, DEM-01, DEM-02",
        "The patient has no NHS number, and {missing} missing: without a number, the given name, family name, birth date, gender and address with postcode are mandatory, so that a receiver can tell who this is.";
    /// Medicines and allergies are coded where the sender's system can.
    TocTextOnly { heading: &'static str } = "toc-text-only", Information, BusinessRule,
        "ITK3 Messaging Distribution 2.10, CE-01 and CE-02",
        "The section '{heading}' has only text. Where the sender's system has codes, send them too: refer to a List in 'entry'.";

    // ITK3 messages.

    /// What a message is about.
    MessageFocusMissing { event: &'static str } = "message-focus-missing", Error, Required,
        "ITK3 Messaging Distribution 2.10, explore_hand_spec; the MessageDefinitions' focus",
        "The header has no 'focus', so a receiver cannot tell which entry is the payload. Add a reference to it; a message of this event ({event}) always has one.";
    /// Nothing larger than this goes through.
    MessageTooLarge { bytes: usize } = "message-too-large", Warning, TooLong,
        "ITK3 eDischarge 2.8.0, build_attachments: the whole message is at most 5 MB; response code 20015",
        "This message has {bytes} bytes, and receivers need not accept more than 5 MB (5,242,880 bytes): they may answer 20015. Make its attachments smaller.";
    /// A message names a definition that is no longer in force.
    MessageDefinitionRetired { definition: String, current: &'static str } = "message-definition-retired", Warning, BusinessRule,
        "The MessageDefinitions of uk.nhs.stu3.itk: status retired",
        "The definition '{definition}' is retired. Use 'https://fhir.nhs.uk/STU3/MessageDefinition/{current}'.";
    /// A message names a definition that is published nowhere.
    MessageDefinitionUnknown { definition: String, current: String } = "message-definition-unknown", Error, BusinessRule,
        "The MessageDefinitions of uk.nhs.stu3.itk; ITK3 Messaging Distribution 2.10, explore_hand_spec",
        "There is no published definition '{definition}'. The definition of this event is 'https://fhir.nhs.uk/STU3/MessageDefinition/{current}'.";
    /// The definition for any payload is not for headers.
    MessageDefinitionGeneric { current: String } = "message-definition-generic", Error, BusinessRule,
        "ITK3 Messaging Distribution 2.10, explore_hand_spec: ITK-SendPayload is the base of the others",
        "ITK-SendPayload-MessageDefinition-1 is what the other definitions are based on, and is never used in a header. Use the definition of this event, '{current}'.";
    /// The header says one kind of document, and the payload is another.
    MessagePayloadKind { event: &'static str, expected: &'static str, found: &'static str } = "message-payload-kind", Error, BusinessRule,
        "ITK3 Messaging Distribution 2.10 and the guides of each document: one tuple of event, definition, profile and type",
        "The header's event {event} is that of the {expected}, and the payload's profile is that of the {found}. A receiver routes it by the event: correct one or the other.";
    /// One document in a transmission.
    MessageDocumentsSeveral { documents: usize } = "message-documents-several", Warning, BusinessRule,
        "ITK3 Messaging Distribution 2.10, PAY-01",
        "There are {documents} documents in this message, and a receiver reads the one in 'focus'. Send each in a message of its own.";
    /// The MESH workflow id goes with the event. Looked for only where the workflow id is given.
    MessageWorkflow { workflow: String, event: String, expected: String } = "message-workflow", Error, BusinessRule,
        "NHS API catalogue, MESH workflow groups and ids; Events-Management, MESH",
        "The message was sent with the MESH workflow id '{workflow}', and its event {event} goes with {expected}. MESH delivers by the workflow id: correct one or the other.";

    // Responses.

    /// A response's code, the issue's severity and the issue's code go with the code that the guide gives a response.
    ResponseCodeMapping { code: String, name: &'static str, expected: String, found: String } = "response-code-mapping", Error, BusinessRule,
        "ITK3 Messaging Distribution 2.10, explore_response_codes",
        "With the response {code}, '{name}' is {expected}; found '{found}'. A sender that reads only one of the two may take a failure for a success, or the other way round.";
    /// The responses of which the guide's table and its examples differ.
    ResponseCodeDisputed { code: String, name: &'static str, expected: String, found: String } = "response-code-disputed", Warning, BusinessRule,
        "ITK3 Messaging Distribution 2.10, explore_response_codes, against the published examples",
        "With the response {code}, '{name}' is {expected} by the guide's table, though the guide's own examples differ; found '{found}'.";
    /// Nobody answers a response.
    ResponseAsksAck { name: &'static str } = "response-asks-ack", Error, BusinessRule,
        "ITK3 Messaging Distribution 2.10, explore_response_structure: both flags are false in a response",
        "A response must not ask for a response: '{name}' must be false, or the two systems would answer each other for ever.";
    /// A response has one code.
    ResponseCodesSeveral { codes: usize } = "response-codes-several", Warning, BusinessRule,
        "ITK3 Messaging Distribution 2.10, explore_response_structure: one code in each response",
        "A response has one code; found {codes}. Send the first, which ended the processing.";
    /// A response says nothing of the patient.
    ResponsePatient = "response-patient", Warning, BusinessRule,
        "ITK3 Messaging Distribution 2.10, BA-02: no personal data in a response",
        "A response must not have personal data, and this one has a Patient. Leave it out: the sender knows the message by 'response.identifier'.";
    /// Codes of responses that were in use before 2018.
    ResponseCodeOld { code: String } = "response-code-old", Information, CodeInvalid,
        "ITK3 Messaging Distribution, ITK-Acknowledgement-1 (before 2018)",
        "'{code}' is an old acknowledgement code, which ITK-ResponseCodes-1 replaced. Use a code from there.";

    // GP Connect Send Document.

    /// What GP Connect sends goes where MESH delivers it.
    SendDocumentReceiver { name: &'static str } = "send-document-receiver", Error, BusinessRule,
        "GP Connect Messaging 1.5.0, GPCM-SD: destination and receiver MUST NOT be used",
        "'{name}' must not be in the header of a document that GP Connect sends: MESH delivers it by the patient's NHS number, birth date and surname. Remove it.";
    /// What the header of a document that GP Connect sends must say.
    SendDocumentHeader { name: &'static str, expected: &'static str, found: String } = "send-document-header", Warning, BusinessRule,
        "GP Connect Messaging 1.5.0, GPCM-SD: the handling extension",
        "In a document that GP Connect sends, '{name}' is {expected}; found '{found}'.";
    /// What the Composition of a document that GP Connect sends must say.
    SendDocumentComposition { name: &'static str, expected: &'static str, found: String } = "send-document-composition", Warning, BusinessRule,
        "GP Connect Messaging 1.5.0, GPCM-SD: the Composition",
        "In a document that GP Connect sends, '{name}' is {expected}; found '{found}'.";

    // GP Connect's records.

    /// The entries of a GP Connect record have no fullUrl: they refer to one another by type and id.
    GpcFullUrl = "gpc-full-url", Information, BusinessRule,
        "GP Connect 1.6.2, Bundle: entry.fullUrl SHALL NOT be populated",
        "A GP Connect record has no fullUrl in its entries, and refers to them as 'Type/id'. Remove it: a consumer may not expect it.";
    /// A warning of a list is a code for systems and its words for readers.
    GpcWarningNote { code: &'static str, words: &'static str } = "gpc-list-warning-note", Error, BusinessRule,
        "GP Connect 1.6.2, List: warning code and note",
        "The list has the warning '{code}' but not its words, so its readers are not warned. Add the published text to 'note'; it contains '{words}'.";
    /// The words of a list's warning come with its code.
    GpcNoteWarning { code: &'static str } = "gpc-list-note-code", Warning, BusinessRule,
        "GP Connect 1.6.2, List: warning code and note",
        "The note has the words of the warning '{code}', but the list does not have its code, which tells a system that something is missing. Add the extension ListWarningCode with that code.";
    /// An empty list says why.
    GpcListEmptyReason { title: &'static str } = "gpc-list-empty-reason", Error, Required,
        "GP Connect 1.6.2, List: an empty list has emptyReason no-content-recorded and the note 'Information not available'",
        "The list '{title}' is empty and does not say why: a reader may think that nothing is known about the patient. Add 'emptyReason' with 'no-content-recorded', and the note 'Information not available'.";
    /// An empty list says so in words.
    GpcListEmptyNote { title: &'static str } = "gpc-list-empty-note", Warning, Required,
        "GP Connect 1.6.2, List: an empty list has emptyReason no-content-recorded and the note 'Information not available'",
        "The list '{title}' is empty, and no note tells its reader so. Add the note 'Information not available'.";
    /// A list of what belongs to something else is sent where it has any.
    GpcSecondaryEmpty = "gpc-secondary-list-empty", Warning, BusinessRule,
        "GP Connect 1.6.2, lists for message structure: secondary lists are never empty unless they carry a warning",
        "A secondary list is sent only where it has entries, or a warning. Leave it out.";
    /// The title of a list is that of its code.
    GpcListTitle { title: String, expected: &'static str, code: String } = "gpc-list-title", Error, BusinessRule,
        "GP Connect 1.6.2, lists for message structure",
        "The title '{title}' is not that of the list {code}, which is '{expected}'. A reader goes by the title, a system by the code: correct one or the other.";
    /// An allergy that is over stands in its own list, contained, so that nobody takes it for one that the patient has.
    GpcEndedAllergy { problem: &'static str } = "gpc-ended-allergy", Error, BusinessRule,
        "GP Connect 1.6.2, Allergies guidance: ended allergies are contained in the list 1103671000000101, with clinicalStatus resolved",
        "{problem}. An ended allergy is contained in the list 'Ended allergies', 'resolved', and nowhere else, so that nobody takes it for one that the patient has, or the other way round.";
    /// When and why an allergy ended.
    GpcAllergyEnd { missing: &'static str } = "gpc-allergy-end", Warning, Required,
        "GP Connect 1.6.2, AllergyIntolerance: AllergyIntoleranceEnd with endDate and reasonEnded",
        "An ended allergy says when and why it ended, and {missing} missing. Add what is missing to the extension AllergyIntoleranceEnd; if the reason is not known, use 'No information available'.";
    /// What an AllergyIntolerance of GP Connect does not have.
    GpcAllergyUnused { name: String } = "gpc-allergy-unused", Warning, BusinessRule,
        "GP Connect 1.6.2, AllergyIntolerance: not used",
        "'{name}' is not used in GP Connect, and consumers do not look for it. Say it in 'note'.";
    /// A code that stands for one which could not be carried over says nothing without the words.
    GpcDegradedText { words: &'static str } = "gpc-degraded-no-text", Error, Required,
        "GP Connect 1.6.2, Allergies and Medication guidance: the original term in CodeableConcept.text",
        "The code says only '{words}': what was recorded is lost without its words. Add 'text' with the original term.";
    /// A consultation holds topics, a topic headings or entries of the record.
    GpcConsultation { problem: &'static str } = "gpc-consultation-structure", Error, BusinessRule,
        "GP Connect 1.6.2, Consultations: consultation, topic, heading",
        "{problem}. A consultation's list refers to its topics, a topic to headings or to what was recorded (never both), and a heading to what was recorded.";
    /// What a list of a consultation does not have.
    GpcConsultationUnused { name: &'static str } = "gpc-consultation-unused", Warning, BusinessRule,
        "GP Connect 1.6.2, Consultations: not used in consultation, topic and heading lists",
        "'{name}' is not used in the lists of a consultation, and consumers do not look for it. Remove it.";
    /// A medicine's statement leads to its authorisation.
    GpcStatementPlan { problem: &'static str } = "gpc-statement-plan", Error, BusinessRule,
        "GP Connect 1.6.2, Medication guidance: MedicationStatement.basedOn refers to a MedicationRequest with intent plan in the Bundle",
        "{problem}. Every MedicationStatement refers in 'basedOn' to its authorisation, the MedicationRequest with the intent 'plan', in the same record.";
    /// An issue leads to its authorisation.
    GpcOrderPlan { problem: &'static str } = "gpc-order-plan", Error, BusinessRule,
        "GP Connect 1.6.2, Medication guidance: an order refers in basedOn to its plan",
        "{problem}. Every issue (a MedicationRequest with the intent 'order') refers in 'basedOn' to its authorisation, with the intent 'plan', in the same record.";
    /// The statuses that GP Connect has of medicines.
    GpcMedicationStatus { status: String } = "gpc-medication-status", Warning, BusinessRule,
        "GP Connect 1.6.2, MedicationStatement and MedicationRequest: status is active, completed or stopped",
        "In GP Connect the status of a medicine is 'active', 'completed' or 'stopped'; found '{status}'. Consumers sort current from past medicines by it.";
    /// A statement's status is its authorisation's.
    GpcStatusDiffers { status: String, plan: String } = "gpc-medication-status-differs", Warning, BusinessRule,
        "GP Connect 1.6.2, Medication guidance: MedicationStatement.status is that of the plan",
        "The statement is '{status}', and its authorisation '{plan}'. Correct one or the other: a reader cannot tell whether the medicine is taken.";
    /// One medicine in a statement, its authorisation and its issues.
    GpcMedicineDiffers = "gpc-medicine-differs", Warning, BusinessRule,
        "GP Connect 1.6.2, Medication guidance: the same medication in statement, plan and orders",
        "The medicine differs from that of the authorisation it is based on. A different medicine needs a different authorisation: correct the medicine or the reference.";
    /// One dosage in a statement and its authorisation.
    GpcDosageDiffers = "gpc-dosage-differs", Warning, BusinessRule,
        "GP Connect 1.6.2, Medication guidance: the same dosage, another dosage is another plan",
        "The dosage differs from that of the authorisation it is based on. A change of dosage is a new authorisation: correct the dosage or the reference.";
    /// Why an authorisation was stopped.
    GpcStatusReason { problem: &'static str } = "gpc-status-reason", Warning, BusinessRule,
        "GP Connect 1.6.2, MedicationRequest: statusReason on a stopped plan, nowhere else",
        "{problem}. A stopped authorisation says why in the extension MedicationStatusReason, and nothing else does.";
    /// How often an authorisation may be issued.
    GpcRepeat { problem: &'static str } = "gpc-repeat-information", Warning, BusinessRule,
        "GP Connect 1.6.2, MedicationRequest: repeatInformation on repeat and repeat-dispensing plans, never on an order",
        "{problem}. The extension MedicationRepeatInformation stands on the authorisation of a repeat prescription, and nowhere else.";
    /// Whether a medicine was taken is not known in GP Connect.
    GpcTaken { taken: String } = "gpc-taken", Warning, BusinessRule,
        "GP Connect 1.6.2, MedicationStatement: taken is unk",
        "In GP Connect 'taken' is 'unk', as a GP's record says what was prescribed; found '{taken}'.";
    /// A medicine that is taken has no end.
    GpcActiveEnd = "gpc-active-end", Warning, BusinessRule,
        "GP Connect 1.6.2, MedicationStatement: effective.end is null while the status is active",
        "The medicine is 'active' but has an end. While it is authorised it has none: remove the end, or correct the status.";
    /// When an authorisation is in force.
    GpcValidity { name: &'static str } = "gpc-validity-differs", Warning, BusinessRule,
        "GP Connect 1.6.2, MedicationRequest: the plan's validityPeriod is the statement's effective",
        "The {name} of the statement differs from that of its authorisation's validity period. Correct one or the other.";
    /// How much is prescribed, as a number or in words.
    GpcQuantity = "gpc-quantity", Information, BusinessRule,
        "GP Connect 1.6.2, MedicationRequest: quantity or quantityText, not both",
        "The quantity is given both as a number and in words. Keep the one that the record has; the number's unit belongs in 'quantity.unit'.";
    /// What a prescription's issues have in common.
    GpcPrescriptionNumber { system: String } = "gpc-prescription-number", Information, Value,
        "GP Connect 1.6.2, MedicationRequest: groupIdentifier.system",
        "The system of a prescription's number is 'https://fhir.nhs.uk/Id/prescription-order-number'; found '{system}'.";
    /// What a problem of GP Connect does not have.
    GpcProblemUnused { name: &'static str } = "gpc-problem-unused", Information, BusinessRule,
        "GP Connect 1.6.2, Problems: severity, verificationStatus, stage and evidence are not used",
        "'{name}' is not used in GP Connect's problems, and consumers do not look for it.";
    /// A problem is active or not.
    GpcProblemStatus { status: String } = "gpc-problem-status", Warning, BusinessRule,
        "GP Connect 1.6.2, Problems: clinicalStatus is active or inactive",
        "The clinical status of a problem in GP Connect is 'active' or 'inactive'; found '{status}'.";
    /// A link that a supplier cannot make is words alone.
    GpcUnsupportedLink = "gpc-unsupported-link", Warning, BusinessRule,
        "GP Connect 1.6.2, Problems: items that are not supported have a display and no reference",
        "The display says that such items are not supported by the provider's system, but there is a reference all the same. Remove whichever is wrong.";
    /// What was not given has no site, route, dose or batch.
    GpcNotGiven { name: String } = "gpc-not-given", Warning, BusinessRule,
        "GP Connect 1.6.2, Immunization: notGiven true without site, route, dose and lot",
        "The vaccine was not given, but '{name}' says how it was. Remove it, or correct 'notGiven'.";
    /// Where the mark that something is not for disclosure to the patient stands.
    GpcConfidentialPlace { name: String } = "gpc-confidential-place", Warning, BusinessRule,
        "GP Connect 1.6.2, confidential items: NOPAT on resources, never on List, Bundle or Binary",
        "The mark that something is not for disclosure to the patient (NOPAT) is on a {name}, where no consumer looks for it. Put it on each resource that it is about.";

    // Errors.

    /// An error of the Spine goes with one kind of issue.
    OutcomeIssueType { code: String, expected: &'static str, found: String } = "outcome-issue-type", Warning, BusinessRule,
        "GP Connect 1.2.8 and 1.6.2, error handling guidance",
        "The error {code} goes with the issue code '{expected}'; found '{found}'. A consumer tells errors apart by it.";
    /// An error that says no more than the kind of mistake.
    OutcomeDiagnostics { code: String } = "outcome-diagnostics", Warning, Required,
        "GP Connect 1.2.8 and 1.6.2, error handling guidance: diagnostics are required with 422",
        "The error {code} does not say what was wrong. Add 'diagnostics', which the consumer's supplier reads.";

    // Appointments.

    /// What an appointment of GP Connect must not say.
    AppointmentProhibited { name: String } = "appointment-prohibited", Error, BusinessRule,
        "GP Connect 1.2.8, Book an appointment: reason and specialty MUST NOT be used",
        "'{name}' must not be in an appointment of GP Connect. Say what it is about in 'description'.";
    /// Who books an appointment.
    AppointmentBookingOrganisation { problem: &'static str } = "appointment-booking-organisation", Error, BusinessRule,
        "GP Connect 1.2.8, Book an appointment: bookingOrganisation refers to a contained Organization with its ODS code, name and telecom",
        "{problem}. An appointment says in the extension BookingOrganisation who booked it: a reference to a contained Organization with its ODS code, name and telephone number, so that the practice can reply.";
    /// The longest texts of an appointment.
    AppointmentLength { name: &'static str, most: usize, found: usize } = "appointment-length", Error, TooLong,
        "GP Connect 1.2.8, Book an appointment: description up to 100 characters, comment up to 500",
        "'{name}' may have at most {most} characters, but has {found}: a provider's system may cut it off or refuse it. Shorten it.";
    /// The slots that one appointment takes belong together.
    AppointmentSlots { problem: &'static str } = "appointment-slots", Error, BusinessRule,
        "GP Connect 1.2.8, Book an appointment: several slots are adjacent, of the same schedule and delivery channel",
        "{problem}. The slots of one appointment follow each other without a gap, and are of one schedule and delivery channel.";

    // Pointers of the National Record Locator.

    /// The type of a record belongs to one class.
    NrlPair { class: String, kind: String, expected: &'static str } = "nrl-pair", Error, BusinessRule,
        "FHIR-NRLS-API, pointer data model: class and type",
        "The type {kind} belongs to the class {expected}; found the class {class}. A consumer looks for records by class: correct one or the other.";
    /// Whose record it is.
    NrlSubject = "nrl-subject", Error, BusinessRule,
        "FHIR-NRLS-API, pointer data model: subject",
        "The subject of a pointer must be 'https://demographics.spineservices.nhs.uk/STU3/Patient/' followed by the NHS number, and nothing else.";
    /// The NHS number in a pointer's subject.
    NrlNumber = "nrl-number", Error, Value,
        "FHIR-NRLS-API, pointer data model: subject; create: INVALID_NHS_NUMBER",
        "The NHS number in this address is invalid: it must be ten digits, the last of which checks the others. NRL refuses it with INVALID_NHS_NUMBER.";
    /// Who wrote the record, and who holds it.
    NrlOrganisation { name: &'static str } = "nrl-organisation", Error, BusinessRule,
        "FHIR-NRLS-API, pointer data model: author and custodian",
        "The '{name}' of a pointer must be 'https://directory.spineservices.nhs.uk/STU3/Organization/' followed by the ODS code. NRL refuses anything else with ORGANISATION_NOT_FOUND.";
    /// From when the record is.
    NrlPeriod = "nrl-period", Error, Required,
        "FHIR-NRLS-API, pointer data model: context.period.start is mandatory where there is a period",
        "The period has no start. Add it, or leave the period out.";
    /// Where the record is.
    NrlUrl { problem: &'static str } = "nrl-url", Error, Value,
        "FHIR-NRLS-API, pointer data model: attachment.url; retrieval through the Spine Secure Proxy",
        "{problem}. Give the record's own address, absolute and as it is.";
    /// The pointer that another one replaces is named once.
    NrlRelates = "nrl-relates", Error, BusinessRule,
        "FHIR-NRLS-API, supersede: target by reference or by identifier, not by both",
        "The pointer that this one replaces is named both by a reference and by an identifier. Keep one of the two.";
    /// A pointer is current when it is created.
    NrlStatus { status: String } = "nrl-status", Error, BusinessRule,
        "FHIR-NRLS-API, create: status is current",
        "A pointer is created as 'current'; found '{status}'. Its status is changed later, by a PATCH.";
    /// What NRL sets itself.
    NrlServerField { name: String } = "nrl-server-field", Warning, BusinessRule,
        "FHIR-NRLS-API, create: id, versionId and lastUpdated are set by NRL",
        "NRL sets '{name}' itself. Leave it out of a pointer that is to be created.";
    /// The only change of a pointer.
    NrlPatch { name: &'static str, expected: &'static str, found: String } = "nrl-patch", Error, BusinessRule,
        "FHIR-NRLS-API, update: Parameters with type replace, path DocumentReference.status, value entered-in-error",
        "In the PATCH of a pointer '{name}' is '{expected}'; found '{found}'. Nothing else of a pointer can be changed: supersede it with another.";
    /// NRL takes the NEWS2 chart as PDF.
    NrlChartType { found: String } = "nrl-chart-type", Error, BusinessRule,
        "FHIR-NRLS-API, formats: Observations (NEWS2 chart) as PDF alone",
        "A NEWS2 chart is retrieved as 'application/pdf'; found '{found}'.";

    // Events.

    /// What the message of an event is about.
    EventFocus { event: &'static str, expected: &'static str, found: String } = "event-focus", Error, BusinessRule,
        "Events-Management, the page of each event: focus",
        "The message of the event {event} is about a {expected}; found {found}. Correct the event or 'focus': a subscriber of the event looks there.";
    /// What a message may say of an event.
    EventKind { event: &'static str, found: String, allowed: String } = "event-kind", Warning, BusinessRule,
        "Events-Management, the page of each event: messageEventType, though examples of two events have update",
        "A message of the event {event} is '{allowed}'; found '{found}'.";
    /// The NHS number that a message is routed by is the patient's.
    EventRoutingNumber = "event-routing", Error, BusinessRule,
        "Events-Management, Event Message Header: routingDemographics are those of the patient of the event",
        "The message is routed by a different NHS number from its patient's, so the wrong subscribers are told. Correct one or the other.";
    /// The family name that a message is routed by is the patient's.
    EventRoutingName = "event-routing-name", Warning, BusinessRule,
        "Events-Management, Event Message Header: routingDemographics are those of the patient of the event",
        "The message is routed by a different family name from its patient's. Correct one or the other.";
    /// The birth date that a message is routed by is the patient's.
    EventRoutingBirth = "event-routing-birth-date", Warning, BusinessRule,
        "Events-Management, Event Message Header: routingDemographics are those of the patient of the event",
        "The message is routed by a different birth date from its patient's. Correct one or the other.";
    /// Whether and when a patient died.
    EventDeath { problem: &'static str } = "event-death-status", Error, BusinessRule,
        "Events-Management, PDS Death Notification: status 2 with deceasedDateTime, U without",
        "{problem}. A subscriber may take a living patient for dead, or the other way round: correct the status or the date.";
    /// The addresses of a change of address.
    EventAddress { missing: &'static str } = "event-address", Warning, Required,
        "Events-Management, PDS Change of Address: home and old address",
        "A change of address has the address moved to ('home') and the one moved from ('old'); '{missing}' is missing.";
    /// A subscription is requested.
    SubscriptionStatus { status: String } = "subscription-status", Error, BusinessRule,
        "Events-Management, create subscription: status is requested",
        "A subscription is created as 'requested'; found '{status}'. The service makes it active.";
    /// Who subscribes.
    SubscriptionContact = "subscription-contact", Warning, Required,
        "Events-Management, create subscription: contact with the ODS code of the organisation that asks",
        "No contact says who subscribes. Add one with the system 'url' and the value 'https://directory.spineservices.nhs.uk/STU3/Organization/' and the ODS code.";
    /// What is subscribed to.
    SubscriptionCriteria { problem: String } = "subscription-criteria", Error, Value,
        "Events-Management, create subscription: criteria",
        "The criteria match no event: {problem}. Nobody would notice that nothing arrives: correct them.";
}
