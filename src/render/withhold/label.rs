//! What is marked as not for the patient: by a label however it is written, or by what it is.

use crate::tree::{Kind, NodeId, Tree};
use rustc_hash::FxHashSet;

/// Whether a resource is not for the patient, by itself.
pub(super) fn is_withheld(tree: &Tree, resource: NodeId) -> bool {
    has_label(tree, resource) || is_for_staff(tree, resource)
}

/// The letters and digits of a code, as capitals.
fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a code is NOPAT, or may have been meant as it: cut off, with a letter wrong, missing, too many or in the wrong
/// place, or with signs that are none of a code's.
fn is_nopat(code: &str) -> bool {
    let bare = bare(code);
    bare.contains("NOPAT")
        || bare.len() >= 3 && "NOPAT".starts_with(&bare)
        || !code.is_ascii()
        || is_close(&bare, "NOPAT")
}

/// Whether two words differ in one letter, or in the order of two.
fn is_close(one: &str, two: &str) -> bool {
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    let same = one.iter().zip(&two).take_while(|(a, b)| a == b).count();
    let (rest_one, rest_two) = (one.get(same..).unwrap_or_default(), two.get(same..).unwrap_or_default());
    match (rest_one, rest_two) {
        ([], []) => true,
        ([a, b, one @ ..], [c, d, two @ ..]) if a == d && b == c => one == two,
        ([_, one @ ..], [_, two @ ..]) if one == two => true,
        ([_, one @ ..], two) if one == two => true,
        (one, [_, two @ ..]) => one == two,
        _ => false,
    }
}

/// Whether the words of a label say it.
fn says_so(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("disclos") && text.contains("patient")
}

/// Whether a resource has a label that keeps it from the patient, or one of which nobody can say what it is.
fn has_label(tree: &Tree, resource: NodeId) -> bool {
    let mut open: Vec<(NodeId, bool)> = Vec::new();
    for child in tree.children(resource) {
        let name = tree.name(child);
        if name.eq_ignore_ascii_case("meta") {
            open.extend(tree.children(child).map(|inner| (inner, true)));
            // A meta that is no object: what it says is looked at.
            open.push((child, true));
        } else if tree.name(child) != "text" && tree.resource_type(child).is_none() {
            open.push((child, false));
        }
    }
    while let Some((node, in_meta)) = open.pop() {
        let name = tree.name(node).to_ascii_lowercase();
        let is_security = in_meta && name.starts_with("secur");
        if is_security && !is_readable(tree, node) {
            return true;
        }
        // What a Consent or a document reference is about is not what it is.
        if !in_meta && name == "securitylabel" {
            continue;
        }
        if let Some(text) = tree.text(node).filter(|text| text.len() <= 200) {
            let told = match in_meta {
                true if matches!(name.as_str(), "code" | "security" | "tag" | "text" | "label") => is_nopat(text),
                true if name == "display" => says_so(text) || bare(text) == "NOPAT",
                _ => text.len() <= 20 && bare(text) == "NOPAT",
            };
            if told {
                return true;
            }
        }
        if is_security && labels(tree, node) {
            return true;
        }
        open.extend(
            tree.children(node).filter(|child| tree.resource_type(*child).is_none()).map(|child| (child, in_meta)),
        );
    }
    false
}

/// Whether anything below a security label is the code, or the words for it.
fn labels(tree: &Tree, node: NodeId) -> bool {
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        if let Some(text) = tree.text(at) {
            let is_address = matches!(tree.name(at), "system" | "url" | "version" | "id");
            if !is_address && (is_nopat(text) && !text.contains(' ') || says_so(text)) {
                return true;
            }
        }
        open.extend(tree.children(at));
    }
    false
}

/// Whether a security label has a code or words by which to tell what it is.
fn is_readable(tree: &Tree, label: NodeId) -> bool {
    if tree.kind(label) == Kind::Null {
        return false;
    }
    let mut open = vec![label];
    while let Some(at) = open.pop() {
        let is_code = matches!(tree.name(at), "code" | "display" | "text") || at == label;
        if is_code && tree.text(at).is_some_and(|text| !text.trim().is_empty()) {
            return true;
        }
        open.extend(tree.children(at));
    }
    false
}

/// What is never for the patient by what it is: warnings to staff, and what nobody has finished or reviewed.
fn is_for_staff(tree: &Tree, resource: NodeId) -> bool {
    let is = |name: &str, value: &str| tree.child_text(resource, name) == Some(value);
    let has_profile = |name: &str| {
        tree.named(resource, "meta")
            .flat_map(|meta| tree.named(meta, "profile"))
            .any(|profile| tree.text(profile).is_some_and(|url| url.contains(name)))
    };
    match tree.resource_type(resource) {
        Some("Flag") => true,
        // GP Connect: a consultation whose status is not known is a draft; an entry of the diary is a plan of the practice.
        Some("Encounter") => is("status", "unknown") && has_profile("GPC-Encounter"),
        Some("ProcedureRequest") => is("intent", "plan") && has_profile("GPC-ProcedureRequest"),
        Some("DocumentReference") => is("docStatus", "preliminary"),
        _ => false,
    }
}

/// Parts that are not for the patient where the rest is: a document whose content is labelled, how to reach other people,
/// an address that is restricted.
pub(super) fn parts(tree: &Tree, cut: &mut FxHashSet<NodeId>) {
    for resource in tree.all().filter(|node| tree.resource_type(*node).is_some()) {
        let kind = tree.resource_type(resource).unwrap_or("");
        if tree.named(resource, "securityLabel").any(|label| !is_readable(tree, label) || labels(tree, label)) {
            for name in ["content", "description", "text", "securityLabel"] {
                cut.extend(tree.named(resource, name));
            }
        }
        if kind == "Patient" {
            for contact in tree.named(resource, "contact") {
                cut.extend(["telecom", "address"].into_iter().flat_map(|name| tree.named(contact, name)));
            }
            if is_restricted(tree, resource) {
                cut.extend(["address", "telecom"].into_iter().flat_map(|name| tree.named(resource, name)));
            }
        }
        if kind == "RelatedPerson" {
            cut.extend(["telecom", "address"].into_iter().flat_map(|name| tree.named(resource, name)));
        }
    }
}

/// Whether a patient's record is restricted: Confidentiality R or V.
pub(in crate::render) fn is_restricted(tree: &Tree, patient: NodeId) -> bool {
    tree.named(patient, "meta").flat_map(|meta| tree.named(meta, "security")).any(|label| {
        let is_confidentiality = tree
            .child_text(label, "system")
            .is_none_or(|system| system.to_ascii_lowercase().contains("confidentiality"));
        is_confidentiality && matches!(tree.child_text(label, "code"), Some("R" | "V"))
    })
}
