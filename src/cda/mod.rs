//! HL7's Clinical Document Architecture (CDA, release 2), as the NHS's documents of ITK2 and its 111 reports use it: how one
//! is recognised, where its header has what, and what its object identifiers stand for. Facts only; CDA is no FHIR, and its
//! body and coded entries are not validated here.

pub mod header;
pub mod narrative;
pub mod time;

/// The namespace of HL7 version 3.
pub const NAMESPACE: &str = "urn:hl7-org:v3";
/// The namespace of ITK2's envelope.
const ENVELOPE: &str = "urn:nhs-itk:ns:201005";
/// The namespaces of SOAP's envelope.
const SOAP: &[&str] = &["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"];
/// How much of a source is looked at for its outermost element, in bytes.
const EARLY: usize = 64 << 10;

/// What the outermost element of XML is, as far as CDA goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// A `ClinicalDocument`.
    Document,
    /// ITK2's `DistributionEnvelope`, or one in a SOAP envelope.
    Envelope,
}

/// Tells a CDA document, or an envelope that may hold one, by its first start tag. `None` for all else.
pub fn root(source: &str) -> Option<Root> {
    let early = source.get(..crate::source::floor_char_boundary(source, EARLY)).unwrap_or_default();
    let tag = first_tag(early)?;
    let name = tag.split(|c: char| c.is_whitespace() || c == '/' || c == '>').next()?;
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let namespace = || declared(tag, prefix);
    match local {
        "ClinicalDocument" => Some(Root::Document),
        "DistributionEnvelope" if namespace() == Some(ENVELOPE) => Some(Root::Envelope),
        "Envelope" if namespace().is_some_and(|found| SOAP.contains(&found)) => Some(Root::Envelope),
        _ => None,
    }
}

/// What XML is that is neither FHIR nor a CDA document, by its outermost element, to stand after a colon.
pub fn foreign(name: &str) -> &'static str {
    match name {
        _ if name.starts_with("RCMR_") => "it is a message of GP2GP, in HL7 version 3, which is not CDA",
        _ if name.starts_with("PRPA_")
            || name.starts_with("MCCI_")
            || name.starts_with("PORX_")
            || name.starts_with("REPC_") =>
        {
            "it is a message of HL7 version 3, which is not CDA"
        }
        "feed" => "it is an Atom feed, as FHIR's first drafts had it",
        "html" => "it is a web page",
        "Envelope" | "DistributionEnvelope" => "it is an envelope; look at what is in it",
        _ => "it is XML of another kind",
    }
}

/// The first start tag of a text, from after its `<`; comments and instructions before it are passed over.
fn first_tag(source: &str) -> Option<&str> {
    let mut rest = source.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        rest = match rest.strip_prefix('<')? {
            inside if inside.starts_with('?') => inside.split_once("?>")?.1.trim_start(),
            inside if inside.starts_with("!--") => inside.split_once("-->")?.1.trim_start(),
            inside if inside.starts_with('!') => inside.split_once('>')?.1.trim_start(),
            inside => return inside.get(..inside.find('>').unwrap_or(inside.len())),
        };
    }
}

/// The namespace that a tag declares for a prefix; the empty one is the default.
fn declared<'s>(tag: &'s str, prefix: &str) -> Option<&'s str> {
    let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
    let mut rest = tag;
    loop {
        let at = rest.find(&*name)?;
        let before = rest.get(..at)?.ends_with(char::is_whitespace);
        rest = rest.get(at + name.len()..)?;
        let Some(value) = rest.trim_start().strip_prefix('=').filter(|_| before) else { continue };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        return value.get(1..)?.split(quote).next();
    }
}

/// What an identifier's root stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// An NHS number that was verified.
    NhsNumber,
    /// An NHS number that was not verified.
    Unverified,
    /// A patient's number at an organisation.
    LocalPatient,
    /// An organisation by its ODS code.
    Organisation,
    /// A site by its ODS code.
    Site,
    /// A user of the Spine Directory Service.
    SdsUser,
    /// A user of the Spine Directory Service in a role.
    SdsRole,
}

/// Roots of identifiers (NHS OID register; ITK2, CDA templates).
const IDENTIFIERS: &[(&str, Identifier, &str)] = &[
    ("2.16.840.1.113883.2.1.4.1", Identifier::NhsNumber, "NHS number"),
    ("2.16.840.1.113883.2.1.3.2.4.18.23", Identifier::Unverified, "NHS number (not verified)"),
    ("2.16.840.1.113883.2.1.3.2.4.18.24", Identifier::LocalPatient, "Local number"),
    ("2.16.840.1.113883.2.1.3.2.4.19.1", Identifier::Organisation, "ODS code"),
    ("2.16.840.1.113883.2.1.4.3", Identifier::Organisation, "ODS code"),
    ("1.2.826.0.1285.0.1.10", Identifier::Organisation, "ODS code"),
    ("2.16.840.1.113883.2.1.3.2.4.19.2", Identifier::Site, "ODS site code"),
    ("1.2.826.0.1285.0.2.0.65", Identifier::SdsUser, "SDS user id"),
    ("1.2.826.0.1285.0.2.0.67", Identifier::SdsRole, "SDS role profile id"),
];

/// What an identifier is by its root, and what that is called.
pub fn identifier(root: &str) -> Option<(Identifier, &'static str)> {
    let found = IDENTIFIERS.iter().find(|(known, ..)| *known == root.trim())?;
    Some((found.1, found.2))
}

/// The code system of SNOMED CT: its own root, and that of its UK edition in NHS documents.
pub fn is_snomed(code_system: &str) -> bool {
    matches!(code_system.trim(), "2.16.840.1.113883.6.96" | "2.16.840.1.113883.2.1.3.2.4.15")
}

/// The NHS's code system for gender in CDA, and HL7's own.
const GENDERS: &[(&str, &[(&str, &str)])] = &[
    (
        "2.16.840.1.113883.2.1.3.2.4.16.25",
        &[("0", "Not known"), ("1", "Male"), ("2", "Female"), ("9", "Not specified")],
    ),
    ("2.16.840.1.113883.5.1", &[("M", "Male"), ("F", "Female"), ("UN", "Undifferentiated")]),
];

/// What a code for gender means: `Err` where its system is known and has no such code, `Ok(None)` where nothing is known.
#[allow(clippy::result_unit_err, reason = "there is nothing to say but that the code is none")]
pub fn gender(code_system: &str, code: &str) -> Result<Option<&'static str>, ()> {
    let Some((_, codes)) = GENDERS.iter().find(|(known, _)| *known == code_system.trim()) else { return Ok(None) };
    match codes.iter().find(|(known, _)| *known == code) {
        Some((_, words)) => Ok(Some(words)),
        None => Err(()),
    }
}

/// What a message type says that a document is (`messageType` of the namespace NPFIT:HL7:Localisation).
pub fn message_type(code: &str) -> Option<&'static str> {
    match code {
        "POCD_MT200001GB02" => Some("NHS 111 report"),
        "POCD_MT010011GB02" => Some("CDA document without coded entries"),
        "POCD_MT150001UK06" => Some("general practice summary or correspondence"),
        _ => None,
    }
}

/// What CDA's word for why something is not there means (HL7 NullFlavor).
pub fn null_flavour(code: &str) -> Option<&'static str> {
    Some(match code {
        "NI" => "no information",
        "NA" => "not applicable",
        "UNK" => "unknown",
        "ASKU" => "asked but unknown",
        "NAV" => "temporarily unavailable",
        "NASK" => "not asked",
        "MSK" => "masked",
        "OTH" => "other",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_told_by_its_first_tag() {
        let soap = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body/></s:Envelope>";
        let itk = "<itk:DistributionEnvelope xmlns:itk=\"urn:nhs-itk:ns:201005\">";
        for (source, expected) in [
            (
                "<?xml version=\"1.0\"?>\n<!-- <Patient> --><ClinicalDocument xmlns=\"urn:hl7-org:v3\">",
                Some(Root::Document),
            ),
            ("\u{FEFF}<v3:ClinicalDocument/>", Some(Root::Document)),
            (itk, Some(Root::Envelope)),
            (soap, Some(Root::Envelope)),
            ("<Envelope xmlns=\"urn:x\"/>", None),
            ("<Patient xmlns=\"http://hl7.org/fhir\"><x><ClinicalDocument/></x></Patient>", None),
            ("{}", None),
            ("<", None),
            ("<!--", None),
        ] {
            assert_eq!(root(source), expected, "{source}");
        }
    }

    #[test]
    fn a_namespace_is_that_of_the_tags_own_prefix() {
        assert_eq!(declared("a xmlns:b = 'two' xmlns='one'", ""), Some("one"));
        assert_eq!(declared("a xmlns:b = 'two' xmlns='one'", "b"), Some("two"));
        assert_eq!(declared("a xmlns:bc='two'", "b"), None);
        assert_eq!(declared("a data-xmlns='x'", ""), None);
    }
}
