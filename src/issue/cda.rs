//! The table of what is found in the header and around the body of CDA documents: code, severity, source and words. Facts only
//! are taken from the sources.

use super::{Bound, IssueType, Severity};

problem_table! {
    /// What is found in a CDA document, with its arguments.
    CdaProblem;

    /// A CDA document is not FHIR: the report says what is checked of it, and what is not.
    NotValidated = "cda-not-validated", Information, NotSupported,
        "HL7 CDA R2; NHS ITK2 (legacy beside FHIR)",
        "This is a CDA document (HL7 version 3), not FHIR. Its header and what its text refers to are checked; its body, coded entries and templates are not validated. Use the schemas and Schematron of its template for those.";
    /// An envelope of ITK2 or SOAP that holds no CDA document.
    EnvelopeEmpty = "cda-envelope-empty", Error, NotSupported,
        "NHS ITK 2.2 Core, DistributionEnvelope; SOAP 1.1",
        "This envelope holds no CDA document that can be read, so nothing in it was checked. Check its payload by itself.";
    /// A payload that is compressed or packed in a way that is not read here.
    PayloadPacked = "cda-payload-packed", Warning, NotSupported,
        "NHS ITK 2.2 Core, DistributionEnvelope: manifestitem base64, compressed",
        "This payload is not a CDA document in Base64, perhaps because it is compressed or encrypted, so it was not checked. Unpack it, and check what comes out.";
    /// The manifest of an ITK2 envelope lists its payloads.
    Manifest { listed: usize, payloads: usize } = "itk-manifest", Warning, BusinessRule,
        "NHS ITK 2.2 Core, DistributionEnvelope: one manifestitem for each payload",
        "The envelope's manifest lists {listed}, and there are {payloads} payloads. A receiver goes by the manifest: list each payload once.";
    /// A manifest item and its payload are matched by their ids.
    ManifestId { id: String } = "itk-manifest-id", Error, BusinessRule,
        "NHS ITK 2.2 Core, DistributionEnvelope: manifestitem/@id is payload/@id",
        "The manifest lists a payload with the id '{id}', and no payload has it. Make the two the same.";

    /// A document is one by its namespace.
    Namespace { found: String } = "cda-namespace", Error, Structure,
        "HL7 CDA R2, CDA.xsd: targetNamespace urn:hl7-org:v3",
        "A ClinicalDocument is in the namespace 'urn:hl7-org:v3'; found {found}. Write xmlns=\"urn:hl7-org:v3\".";
    /// A style sheet that a document names for itself.
    Stylesheet = "cda-stylesheet", Information, Informational,
        "HL7 and vendors' advisory on CDA style sheets, April 2014",
        "The document names a style sheet. It is neither fetched nor run: what is displayed is made from the document alone.";
    /// What every document of CDA release 2 has.
    HeaderMissing { name: &'static str, why: &'static str } = "cda-header-missing", Error, Required,
        "HL7 CDA R2, CDA.xsd: ClinicalDocument",
        "The header has no '{name}', {why}. Add it.";
    /// The constant that says that this is CDA release 2.
    TypeId = "cda-type-id", Error, Value,
        "HL7 CDA R2 4.2.1.1: typeId 2.16.840.1.113883.1.3, POCD_HD000040",
        "'typeId' must have the root 2.16.840.1.113883.1.3 and the extension POCD_HD000040: it says which release of CDA this is.";
    /// The id of a document is unique in the world.
    Id { root: String } = "cda-id", Error, Value,
        "HL7 CDA R2 4.2.1.3: id is a universally unique instance identifier (II)",
        "The root of an identifier is a UUID or an object identifier; found '{root}'. A receiver tells documents apart by it.";
    /// A document replaces an earlier one, not itself.
    ReplacesItself = "cda-replaces-itself", Error, BusinessRule,
        "HL7 CDA R2 4.2.3.1: relatedDocument, a replacement has an id of its own",
        "The document says that it replaces or amends itself: the parent document has the same id. Give this one a new id, and keep that of the earlier one here.";
    /// Versions of a document are counted within a set.
    Version { name: &'static str, other: &'static str } = "cda-version", Warning, BusinessRule,
        "HL7 CDA R2 4.2.1.8 and 4.2.1.9: setId and versionNumber go together",
        "'{name}' is given without '{other}', so a receiver cannot tell which version is the newest. Send both or neither.";
    /// How confidential a document is.
    Confidentiality { code: String } = "cda-confidentiality", Warning, CodeInvalid,
        "HL7 CDA R2 4.2.1.6: x_BasicConfidentialityKind",
        "The confidentiality of a document is N (normal), R (restricted) or V (very restricted); found '{code}'.";
    /// What kind of message a document is by its NHS localisation.
    MessageType { code: String } = "cda-message-type", Information, NotSupported,
        "NHS Domain Message Specification: messageType, 2.16.840.1.113883.2.1.3.2.4.18.17",
        "The message type '{code}' is not one that is known here (NHS 111 report, document without coded entries), so none of its template's rules were checked.";

    /// A document of the NHS is about one patient.
    PatientSeveral { patients: usize } = "cda-patient-several", Warning, BusinessRule,
        "NHS CDA profiles: recordTarget 1..1",
        "The document names {patients} patients. A document of the NHS is about one: send one for each.";
    /// Without an NHS number a receiver has to find the patient by hand.
    NumberMissing = "cda-nhs-number-missing", Information, BusinessRule,
        "ISB 0149; NHS CDA profiles, recordTarget: NHS number verified or not verified",
        "The patient has no NHS number. Add it under the root 2.16.840.1.113883.2.1.4.1 once it is verified.";
    /// An NHS number that was not verified may be somebody else's.
    NumberUnverified = "cda-nhs-number-unverified", Information, BusinessRule,
        "NHS OID register: 2.16.840.1.113883.2.1.3.2.4.18.23, NHS number, unverified",
        "The NHS number is sent as not verified. A receiver must match the patient by name, birth and address before filing this.";
    /// Who the patient is, by name, birth and gender.
    PatientIncomplete { name: &'static str } = "cda-patient-incomplete", Warning, BusinessRule,
        "NHS CDA profiles, recordTarget: name, gender and birth time are mandatory or required",
        "The patient has no {name}, which a receiver needs to match the record. Add it.";
    /// A code for gender.
    Gender { code: String } = "cda-gender", Warning, CodeInvalid,
        "NHS vocabulary Sex, 2.16.840.1.113883.2.1.3.2.4.16.25; HL7 AdministrativeGender",
        "The code for gender '{code}' is not one of its code system: 0, 1, 2 and 9 in the NHS's, M, F and UN in HL7's.";
    /// A point in time.
    Time { found: String, expected: &'static str } = "cda-time", Error, Value,
        "HL7 version 3 Data Types R1: TS",
        "'{found}' is not a point in time: expected {expected}.";
    /// Nobody is born after a document about them was written.
    BirthAfter = "cda-birth-after-document", Error, BusinessRule,
        "NHS Data Dictionary, PERSON BIRTH DATE",
        "The date of birth is after the time at which the document was written. Correct one or the other.";
    /// A time that ends before it starts.
    TimesReversed = "cda-times-reversed", Error, BusinessRule,
        "HL7 version 3 Data Types R1: IVL<TS>, low is before high",
        "This ends before it starts. Correct 'low' or 'high'.";
    /// An organisation's code where one of a site belongs.
    SiteCode { value: String } = "cda-organisation-under-site", Information, BusinessRule,
        "NHS OID register: …19.1 organisations, …19.2 sites; NHS Data Dictionary, ORGANISATION SITE IDENTIFIER (min an5)",
        "'{value}' has the form of an organisation's code, but is under the root for sites (…4.19.2). Organisations have the root …4.19.1.";
    /// Who wrote a document.
    AuthorEmpty = "cda-author-empty", Warning, BusinessRule,
        "HL7 CDA R2 4.2.2.2: assignedAuthor, a person or a device",
        "The author is neither a named person nor a device, so nobody can be asked. Add the name, or the device's.";
    /// The organisation that keeps the document.
    CustodianEmpty = "cda-custodian-empty", Warning, BusinessRule,
        "HL7 CDA R2 4.2.2.3: representedCustodianOrganization",
        "The custodian has neither an identifier nor a name, so nothing says who keeps the original.";

    /// A body is structured or something else, and one of the two.
    Body { found: &'static str } = "cda-body", Error, Structure,
        "HL7 CDA R2 4.2.4: component, structuredBody or nonXMLBody",
        "The document has {found}. It has one: 'structuredBody' with sections, or 'nonXMLBody' with a file.";
    /// A file as the body of a document.
    NonXmlBody { problem: String } = "cda-non-xml-body", Warning, Value,
        "HL7 CDA R2 4.3.1: nonXMLBody, text with mediaType and, for Base64, representation",
        "The file that is the document's body {problem}.";
    /// A section is what a person signs; entries without text are not signed by anybody.
    SectionText { title: String } = "cda-section-text", Warning, BusinessRule,
        "HL7 CDA R2 1.2.3 and 4.3.5: the narrative is the attested content",
        "The section '{title}' has coded entries and no text. What is not in the text was not signed, and receivers do not display it: say it in the text.";
    /// A section is found by its title.
    SectionTitle = "cda-section-title", Information, BusinessRule,
        "HL7 CDA R2 4.3.5.2: title",
        "This section has no title, so a reader cannot find it in the contents.";
    /// A reference within a document leads to an id of it.
    ReferenceLost { id: String, name: String } = "cda-reference-lost", Warning, NotFound,
        "HL7 CDA R2 4.3.5.1: references between text and entries, by ID",
        "'{name}' refers to '{id}', and nothing in the document has that ID. Correct one or the other.";
    /// An ID is unique in a document.
    IdTwice { id: String } = "cda-id-twice", Error, Value,
        "XML 1.0 3.3.1, validity constraint: ID; HL7 CDA R2, NarrativeBlock.xsd",
        "The ID '{id}' is in the document more than once, so what refers to it could mean either.";
    /// The elements that a section's text may have.
    NarrativeElement { name: String } = "cda-narrative-element", Warning, Structure,
        "HL7 CDA R2, NarrativeBlock.xsd; advisory on CDA style sheets, April 2014",
        "'{name}' is not an element of CDA's narrative. Its text is displayed, but without its formatting; use the elements that CDA has.";
    /// The attributes that a section's text may have.
    NarrativeAttribute { name: String, element: String } = "cda-narrative-attribute", Warning, Structure,
        "HL7 CDA R2, NarrativeBlock.xsd; advisory on CDA style sheets, April 2014",
        "CDA's narrative has no attribute '{name}' on '{element}'. It is left out of the display.";
}
