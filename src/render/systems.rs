//! Short names of the code systems and identifier systems that NHS data uses.

/// URI, short name.
const SYSTEMS: &[(&str, &str)] = &[
    ("http://snomed.info/sct", "SNOMED CT"),
    ("https://snomed.info/sct", "SNOMED CT"),
    ("http://read.info/readv2", "Read v2"),
    ("http://read.info/ctv3", "CTV3"),
    ("https://dmd.nhs.uk", "dm+d"),
    ("http://dmd.nhs.uk", "dm+d"),
    ("http://loinc.org", "LOINC"),
    ("http://unitsofmeasure.org", "UCUM"),
    ("http://hl7.org/fhir/sid/icd-10", "ICD-10"),
    ("http://hl7.org/fhir/sid/icd-10-uk", "ICD-10"),
    ("https://fhir.hl7.org.uk/Id/opcs-4", "OPCS-4"),
    ("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
    ("http://hl7.org/fhir/sid/cvx", "CVX"),
    ("http://hl7.org/fhir/sid/ndc", "NDC"),
    ("http://www.whocc.no/atc", "ATC"),
    ("https://fhir.hl7.org.uk/Id/emis-drug-codes", "EMIS drug code"),
    ("https://fhir.hl7.org.uk/Id/egton-codes", "Egton code"),
    ("https://fhir.hl7.org.uk/Id/multilex-drug-codes", "Multilex drug code"),
    ("https://fhir.hl7.org.uk/Id/resipuk-gemscript-drug-codes", "Gemscript drug code"),
    ("urn:ietf:bcp:13", "media type"),
    ("urn:ietf:bcp:47", "language"),
    ("urn:iso:std:iso:3166", "ISO 3166"),
    ("http://hl7.org/fhir/v3/NullFlavor", "null flavour"),
];

/// Identifier system's URI, label.
const IDENTIFIERS: &[(&str, &str)] = &[
    ("https://fhir.nhs.uk/Id/nhs-number", "NHS No."),
    ("http://fhir.nhs.net/Id/nhs-number", "NHS No."),
    ("https://fhir.hl7.org.uk/Id/nhs-number", "NHS No."),
    ("https://fhir.nhs.uk/Id/ods-organization-code", "ODS code"),
    ("http://fhir.nhs.net/Id/ods-organization-code", "ODS code"),
    ("https://fhir.nhs.uk/Id/ods-site-code", "ODS site code"),
    ("http://fhir.nhs.net/Id/ods-site-code", "ODS site code"),
    ("https://fhir.nhs.uk/Id/sds-user-id", "SDS user ID"),
    ("http://fhir.nhs.net/Id/sds-user-id", "SDS user ID"),
    ("https://fhir.nhs.uk/Id/sds-role-profile-id", "SDS role profile ID"),
    ("http://fhir.nhs.net/Id/sds-role-profile-id", "SDS role profile ID"),
    ("https://fhir.hl7.org.uk/Id/gmc-number", "GMC number"),
    ("https://fhir.hl7.org.uk/Id/gmp-number", "GMP number"),
    ("https://fhir.hl7.org.uk/Id/nmc-number", "NMC number"),
    ("https://fhir.hl7.org.uk/Id/gphc-number", "GPhC number"),
    ("https://fhir.hl7.org.uk/Id/hcpc-number", "HCPC number"),
    ("https://fhir.hl7.org.uk/Id/gdc-number", "GDC number"),
    ("https://fhir.hl7.org.uk/Id/chi-number", "CHI number"),
    ("https://fhir.hl7.org.uk/Id/hc-number", "Health and care number"),
    ("https://fhir.hl7.org.uk/Id/local-patient-identifier", "Local patient identifier"),
    ("https://fhir.nhs.uk/Id/local-patient-identifier", "Local patient identifier"),
    ("https://fhir.nhs.uk/Id/cross-care-setting-identifier", "Cross care setting identifier"),
    ("https://tools.ietf.org/html/rfc4122", "UUID"),
    ("urn:ietf:rfc:4122", "UUID"),
];

/// The short name of a code system; `None` where it has none.
pub fn short_name(uri: &str) -> Option<&'static str> {
    SYSTEMS.iter().find(|(known, _)| *known == uri).map(|(_, name)| *name)
}

/// What identifiers of a system are called.
pub fn identifier_label(uri: &str) -> Option<&'static str> {
    IDENTIFIERS.iter().find(|(known, _)| *known == uri).map(|(_, name)| *name)
}

/// Whether identifiers of a system are NHS numbers.
pub fn is_nhs_number(uri: &str) -> bool {
    uri.trim().trim_end_matches('/').ends_with("/nhs-number")
}

/// The FHIR systems whose codes need no system named: they read as words.
pub fn is_unspoken(uri: &str) -> bool {
    uri.starts_with("http://hl7.org/fhir/")
        || uri.starts_with("http://terminology.hl7.org/")
        || uri.starts_with("https://fhir.hl7.org.uk/")
        || uri.starts_with("https://fhir.nhs.uk/")
        || uri.starts_with("http://fhir.nhs.net/")
}
