//! The systems of identifiers, with their URLs, and how an NHS URL can be wrong.

/// The system of the NHS number.
pub const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// What a system identifies, as far as its values have a form that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemKind {
    /// A patient's NHS number.
    NhsNumber,
    /// An organisation by its ODS code.
    OdsOrganisation,
    /// A site by its ODS code.
    OdsSite,
    /// A user of the Spine Directory Service.
    SdsUser,
    /// A user in a role at an organisation.
    SdsRoleProfile,
    /// General Medical Council.
    Gmc,
    /// A general practitioner's prescribing code.
    Gmp,
    /// Doctor index number.
    Din,
    /// Nursing and Midwifery Council.
    Nmc,
    /// General Pharmaceutical Council.
    Gphc,
    /// Health and Care Professions Council.
    Hcpc,
    /// General Dental Council.
    Gdc,
    /// General Optical Council.
    Goc,
    /// A referral's unique booking reference number.
    Ubrn,
    /// A property.
    Uprn,
    /// Something whose form is its owner's affair.
    Local,
}

/// A system of identifiers.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// Its URL.
    pub url: &'static str,
    /// What it identifies.
    pub kind: SystemKind,
    /// What it is called, with the article.
    pub name: &'static str,
    /// The form of its values, to stand after "expected"; empty where any will do.
    pub form: &'static str,
}

macro_rules! systems {
    ($($kind:ident $url:literal $name:literal $form:literal;)+) => {
        /// The national systems of identifiers that STU3 resources of the NHS use, sorted by URL.
        pub const SYSTEMS: &[System] =
            &[$(System { url: $url, kind: SystemKind::$kind, name: $name, form: $form },)+];
    };
}

systems! {
    Local "http://fhir.nhs.net/Id/ers-service" "an e-RS service" "";
    Din "https://fhir.hl7.org.uk/Id/din-number" "a doctor index number" "six digits";
    Local "https://fhir.hl7.org.uk/Id/egton-codes" "an EMIS code" "";
    Local "https://fhir.hl7.org.uk/Id/emis-drug-codes" "an EMIS drug code" "";
    Gdc "https://fhir.hl7.org.uk/Id/gdc-number" "a GDC number" "four to six digits, with or without CD before them";
    Gmc "https://fhir.hl7.org.uk/Id/gmc-number" "a GMC number" "seven digits, with or without C before them";
    Gmp "https://fhir.hl7.org.uk/Id/gmp-number" "a GMP code" "G and seven digits";
    Local "https://fhir.hl7.org.uk/Id/gnc-codes" "a general national code" "";
    Goc "https://fhir.hl7.org.uk/Id/goc-number" "a GOC number" "01, D or another prefix, a hyphen and four to six digits, such as '01-12345'";
    Gphc "https://fhir.hl7.org.uk/Id/gphc-number" "a GPhC number" "seven digits";
    Hcpc "https://fhir.hl7.org.uk/Id/hcpc-number" "an HCPC number" "two or three letters and four to six digits, such as 'PH123456'";
    Local "https://fhir.hl7.org.uk/Id/multilex-drug-codes" "a Multilex drug code" "";
    Nmc "https://fhir.hl7.org.uk/Id/nmc-number" "an NMC PIN" "two digits, a letter, four digits and a letter, such as '98A1234E'";
    Local "https://fhir.hl7.org.uk/Id/opcs-4" "an OPCS-4 code" "";
    Local "https://fhir.hl7.org.uk/Id/professional-code" "a professional's code" "";
    Local "https://fhir.hl7.org.uk/Id/resipuk-gemscript-drug-codes" "a Gemscript drug code" "";
    Uprn "https://fhir.hl7.org.uk/Id/uprn" "a UPRN" "up to twelve digits";
    Local "https://fhir.hl7.org.uk/Id/urn-school-number" "a school's number" "";
    Ubrn "https://fhir.nhs.uk/Id/UBRN" "a UBRN" "twelve digits";
    Local "https://fhir.nhs.uk/Id/alternative-slot" "an e-RS slot" "";
    Local "https://fhir.nhs.uk/Id/cross-care-setting-identifier" "a cross care setting identifier" "";
    Local "https://fhir.nhs.uk/Id/ers-request-id" "an e-RS request" "";
    Local "https://fhir.nhs.uk/Id/ers-schedule" "an e-RS schedule" "";
    Local "https://fhir.nhs.uk/Id/ers-slot-identifier" "an e-RS slot" "";
    Local "https://fhir.nhs.uk/Id/local-location-identifier" "a local location" "";
    Local "https://fhir.nhs.uk/Id/local-organization-code" "a local organisation" "";
    Local "https://fhir.nhs.uk/Id/local-patient-identifier" "a local patient identifier" "";
    Local "https://fhir.nhs.uk/Id/local-practitioner-identifier" "a local practitioner" "";
    NhsNumber "https://fhir.nhs.uk/Id/nhs-number" "an NHS number" "ten digits";
    OdsOrganisation "https://fhir.nhs.uk/Id/ods-organization-code" "an ODS code" "three to nine upper-case letters and digits, such as 'A83627'";
    OdsSite "https://fhir.nhs.uk/Id/ods-site-code" "an ODS site code" "three to nine upper-case letters and digits, such as 'RX3EP'";
    SdsRoleProfile "https://fhir.nhs.uk/Id/sds-role-profile-id" "an SDS role profile id" "twelve digits";
    SdsUser "https://fhir.nhs.uk/Id/sds-user-id" "an SDS user id" "twelve digits";
    Local "https://fhir.nhs.uk/Id/uec-dos-service-id" "a service in the Directory of Services" "";
}

/// The system with this URL, to the letter.
pub fn system(url: &str) -> Option<&'static System> {
    SYSTEMS.binary_search_by(|system| system.url.cmp(url)).ok().map(|at| &SYSTEMS[at])
}

/// The hosts under which the NHS and HL7 UK have published definitions and identifier systems.
const HOSTS: &[&str] = &["fhir.hl7.org.uk", "fhir.nhs.uk", "fhir.nhs.net"];

/// How a URL differs from the right one, the most telling way first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// `fhir.nhs.net`, which was given up.
    OldHost,
    /// `fhir.nhs.uk` for `fhir.hl7.org.uk` or the reverse.
    Host,
    /// A dot for a slash.
    Dot,
    /// A slash too many, at the end or doubled.
    Slash,
    /// A part of the path is missing, too many, or another.
    Path,
    /// Upper case for lower case or the reverse.
    Case,
    /// `http` for `https` or the reverse.
    Scheme,
    /// Letters are wrong, missing or too many.
    Spelling,
}

/// Whether a code system's codes are reasons for no value: HL7's NullFlavor (v3) and FHIR's data-absent-reason.
pub fn says_why_absent(system: &str) -> bool {
    let system = system.trim_end_matches('/');
    ["/data-absent-reason", "/v3/NullFlavor", "/v3-NullFlavor"].iter().any(|end| system.ends_with(end))
}

/// Whether a URL is, or was meant to be, one of the NHS's or HL7 UK's: it has such a host, whatever the case and dots.
pub fn is_nhs_host(url: &str) -> bool {
    let rest = url.trim_start();
    let rest = rest.split_once(':').map_or(rest, |(_, after)| after).trim_start_matches(['/', ' ']);
    HOSTS.iter().any(|host| rest.get(..host.len()).is_some_and(|start| start.eq_ignore_ascii_case(host)))
}

/// A URL without all that [`Difference`] knows of but spelling: two URLs with the same key are meant to be the same. Parts
/// are separated by dots; scheme, host and the version `STU3` are left out. `None` for a URL that is not an NHS one.
pub fn key(url: &str) -> Option<String> {
    if !is_nhs_host(url) {
        return None;
    }
    let lower: String = url.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let rest = lower.split_once(':').map_or(&*lower, |(_, after)| after).trim_start_matches('/');
    let host = HOSTS.iter().find(|host| rest.starts_with(**host))?;
    let path = rest[host.len()..].replace(['/', '|'], ".");
    let parts = path.split('.').filter(|part| !part.is_empty() && *part != "stu3");
    Some(parts.collect::<Vec<_>>().join("."))
}

/// The last part of a key or URL: the name.
pub fn last_part(url: &str) -> &str {
    url.trim_end_matches(['/', '.']).rsplit(['/', '.']).next().unwrap_or_default()
}

/// How `given` differs from `right`; `None` where it does not, or in white space only.
pub fn difference(given: &str, right: &str) -> Option<Difference> {
    let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    (given != right).then(|| difference_of(&given, right))
}

fn difference_of(given: &str, right: &str) -> Difference {
    let is_old = |url: &str| url.to_ascii_lowercase().contains("fhir.nhs.net");
    if is_old(given) && !is_old(right) {
        return Difference::OldHost;
    }
    let (given_scheme, given_rest) = split(given);
    let (right_scheme, right_rest) = split(right);
    if given_rest == right_rest && given_scheme != right_scheme {
        return Difference::Scheme;
    }
    if given_rest.eq_ignore_ascii_case(right_rest) {
        return Difference::Case;
    }
    let bare = |text: &str| {
        let parts = text.to_ascii_lowercase();
        parts.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
    };
    let (given_bare, right_bare) = (bare(given_rest), bare(right_rest));
    if given_bare == right_bare {
        return Difference::Slash;
    }
    if given_bare.replace('/', ".") == right_bare.replace('/', ".") {
        return Difference::Dot;
    }
    let after_host = |text: &str| text.split_once('/').map(|(_, path)| path.to_owned());
    if after_host(&given_bare) == after_host(&right_bare) {
        return Difference::Host;
    }
    if last_part(&given_bare) == last_part(&right_bare) { Difference::Path } else { Difference::Spelling }
}

/// A URL's scheme, and what comes after the colon and slashes.
fn split(url: &str) -> (&str, &str) {
    let (scheme, rest) = url.split_once(':').unwrap_or(("", url));
    (scheme, rest.strip_prefix("//").unwrap_or(rest))
}
