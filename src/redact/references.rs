//! References and URLs: who is referred to gets another name, the same everywhere, so that what is broken stays broken.

use super::pseudonyms::{Pseudonyms, mask};
use crate::definitions::Definitions;
use crate::nhs;

/// Where there is nobody (RFC 2606).
const NOWHERE: &str = "example.org";

/// Hosts of standards and of documentation, which say nothing of anybody.
const PUBLIC: &[&str] = &[
    "hl7.org",
    "snomed.info",
    "loinc.org",
    "unitsofmeasure.org",
    "dicom.nema.org",
    "who.int",
    "ietf.org",
    "w3.org",
    "example.org",
    "example.com",
    "example.net",
    "nhs.uk",
    "nhs.net",
    "hl7.org.uk",
    "read.info",
    "openehr.org",
];

/// A value of a reference: relative or absolute, with a version or a fragment, as well or badly formed as it was.
pub(super) fn reference(text: &str, definitions: &Definitions, pseudonyms: &mut Pseudonyms) -> String {
    let inner = text.trim();
    if is_of_a_definition(inner) {
        return text.to_owned();
    }
    let new = match inner.split_once(':') {
        Some(("urn", rest)) => urn(rest, pseudonyms),
        Some((scheme, rest)) if rest.starts_with("//") && is_scheme(scheme) => {
            let rest = rest.trim_start_matches('/');
            let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
            format!("{scheme}://{}{}", self::host(host), segments(path, definitions, pseudonyms))
        }
        Some((scheme @ ("mailto" | "tel" | "cid" | "data"), rest)) => format!("{scheme}:{}", mask(rest)),
        _ => segments(inner, definitions, pseudonyms),
    };
    match inner.is_empty() {
        true => text.to_owned(),
        false => text.replacen(inner, &new, 1),
    }
}

/// A URL that names a definition, a system or a profile stays if it is known, or is one of the NHS's or HL7's without a number
/// that could be somebody's.
pub(super) fn canonical(text: &str, definitions: &Definitions, pseudonyms: &mut Pseudonyms) -> String {
    if is_public(text, definitions) { text.to_owned() } else { reference(text, definitions, pseudonyms) }
}

fn is_public(text: &str, definitions: &Definitions) -> bool {
    let (url, _) = text.split_once('|').unwrap_or((text, ""));
    let is_known = nhs::system(url).is_some()
        || definitions.has_value_set(url)
        || !matches!(definitions.find(url), crate::definitions::Found::Missing);
    is_known || is_of_a_public_host(url) && longest_number(text) < 6
}

fn is_of_a_public_host(url: &str) -> bool {
    if url.starts_with("urn:ietf:") || url.starts_with("urn:oid:2.16.840.1.113883.") {
        return true;
    }
    let Some((_, rest)) = url.split_once("://") else { return false };
    is_public_host(rest.split(['/', '?', '#']).next().unwrap_or(""))
}

fn is_public_host(host: &str) -> bool {
    PUBLIC.iter().any(|public| host == *public || host.strip_suffix(public).is_some_and(|front| front.ends_with('.')))
        && !host.contains(['@', ':'])
}

fn host(host: &str) -> &str {
    if is_public_host(host) || host.is_empty() { host } else { NOWHERE }
}

fn is_scheme(scheme: &str) -> bool {
    !scheme.is_empty()
        && scheme.len() < 12
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
}

fn urn(rest: &str, pseudonyms: &mut Pseudonyms) -> String {
    match rest.split_once(':') {
        Some(("oid", oid)) if longest_number(oid) < 7 => format!("urn:oid:{oid}"),
        Some((kind @ ("uuid" | "oid"), name)) => format!("urn:{kind}:{}", pseudonyms.identifier(name)),
        _ => format!("urn:{}", pseudonyms.identifier(rest)),
    }
}

/// What stands between the slashes and other marks of a path: names of types and operations stay, and what leads to a
/// definition; all else is an identifier.
fn segments(path: &str, definitions: &Definitions, pseudonyms: &mut Pseudonyms) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    let mut before = Before::Start;
    while !rest.is_empty() {
        let length = rest.find(|character: char| "/?#&=|,;".contains(character)).unwrap_or(rest.len());
        let (segment, after) = rest.split_at(length);
        let is_type =
            segment.starts_with(|first: char| first.is_ascii_uppercase()) && definitions.base_named(segment).is_some();
        let is_kept = match before {
            Before::Fragment => false,
            Before::Type(type_name) => {
                is_operation(segment) || type_name == "Organization" && nhs::is_ods_code(segment)
            }
            Before::Start | Before::Other => is_type || is_operation(segment) || WORDS.contains(&segment),
        };
        match is_kept {
            true => out.push_str(segment),
            false => out.push_str(&pseudonyms.identifier(segment)),
        }
        let mark = after.chars().next();
        before = match mark {
            Some('#') => Before::Fragment,
            _ if segment.is_empty() => before,
            Some('/') if is_type => Before::Type(segment),
            _ => Before::Other,
        };
        let mark = mark.map_or(0, char::len_utf8);
        out.push_str(&after[..mark]);
        rest = &after[mark..];
    }
    out
}

/// What stands before a part of a path.
#[derive(Clone, Copy)]
enum Before<'p> {
    Start,
    Type(&'p str),
    Fragment,
    Other,
}

/// Parts of paths and parameters of searches that say nothing of anybody.
const WORDS: &[&str] = &[
    "_history",
    "metadata",
    "fhir",
    "STU3",
    "stu3",
    "STU3.0.1",
    "v1",
    "v2",
    "v3",
    "R4",
    "identifier",
    "patient",
    "_id",
    "Id",
    "id",
    "subject",
    "_format",
    "type",
    "status",
    "date",
];

fn is_operation(segment: &str) -> bool {
    let name = segment.strip_prefix('$').unwrap_or("");
    segment == "_history"
        || !name.is_empty()
            && name.len() < 40
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'.')
}

/// Whether a URL leads to a definition that is published.
fn is_of_a_definition(url: &str) -> bool {
    const KINDS: &[&str] = &[
        "StructureDefinition",
        "ValueSet",
        "CodeSystem",
        "ConceptMap",
        "NamingSystem",
        "MessageDefinition",
        "OperationDefinition",
        "SearchParameter",
        "CapabilityStatement",
        "GraphDefinition",
        "Id",
        "CodeSystems",
    ];
    is_of_a_public_host(url) && longest_number(url) < 6 && url.split('/').any(|part| KINDS.contains(&part))
}

/// The length of the longest run of digits.
pub(super) fn longest_number(text: &str) -> usize {
    text.split(|character: char| !character.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}
