//! What the specification asks of single data types beyond what their definitions can say.

use super::Checker;
use super::extension::is_absolute;
use super::shorten;
use crate::issue::Problem;
use crate::tree::NodeId;
use crate::typed::ElementRef;

impl<'c> Checker<'c> {
    /// Checks a node by its data type. `elements` are those that apply to it.
    pub(super) fn datatype(&mut self, node: NodeId, elements: &[ElementRef<'c>]) {
        let Some(known) = self.typed.get(node) else { return };
        let by = known.content();
        let type_name = self.definitions.names().text(known.code);
        // Types of primitives start with a small letter, and most nodes are of one.
        if type_name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
            self.nhs(node, type_name, elements);
            if self.tree.resource_type_id(node).is_some() {
                self.exchange(node, type_name);
            } else if type_name == "Attachment" {
                self.packed_attachment(node);
            }
        }
        match type_name {
            "Coding" => self.coding(node, by),
            "Identifier" => self.identifier(node, by),
            "Bundle" => self.bundle(node, by),
            "CodeableConcept" => self.degraded_concept(node),
            "xhtml" => self.narrative(node, by),
            "Attachment" => self.attachment(node, by),
            "Questionnaire" => self.questionnaire(node, by),
            "QuestionnaireResponse" => self.questionnaire_response(node, by),
            "Quantity" | "Age" | "Count" | "Distance" | "Duration" | "Money" | "SimpleQuantity" => self.unit(node, by),
            _ => {}
        }
    }

    fn identifier(&mut self, node: NodeId, by: ElementRef<'c>) {
        let Some(system) = self.tree.child_text(node, "system").filter(|system| !system.is_empty()) else { return };
        if !is_absolute(system.trim()) {
            self.find(node, Some(by), Problem::SystemRelative { system: shorten(system) });
            return;
        }
        let Some(value) = self.tree.child_text(node, "value").filter(|value| !value.is_empty()) else { return };
        let expected = match system {
            // The document that defines UUIDs, and the one that defines URIs (STU3 4.3.16: rfc3986).
            "https://tools.ietf.org/html/rfc4122" | "http://tools.ietf.org/html/rfc4122" => {
                if is_uuid(value) {
                    if self.is_uuid_of_itk(node) {
                        return;
                    }
                    self.find(node, Some(by), Problem::IdentifierUuidSystem);
                    return;
                }
                "a UUID, such as 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'"
            }
            "urn:ietf:rfc:3986" if !is_absolute(value) => "a full URI, such as 'urn:uuid:…' or 'https://…'",
            // The case of a UUID does not matter within an identifier.
            "urn:ietf:rfc:3986" if value.strip_prefix("urn:uuid:").is_some_and(|uuid| !is_uuid(uuid)) => {
                "'urn:uuid:' and a UUID, such as 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6'"
            }
            "urn:ietf:rfc:3986" if value.strip_prefix("urn:oid:").is_some_and(|oid| !is_dotted(oid)) => {
                "'urn:oid:' and an object identifier, such as 'urn:oid:2.16.840.1.113883'"
            }
            _ => return,
        };
        self.find(node, Some(by), Problem::IdentifierForm { system: system.to_owned(), expected });
    }
}

/// Whether a text is numbers joined by points. HL7's own examples have one that starts with 129, where an OID starts with 0 to 2.
fn is_dotted(text: &str) -> bool {
    text.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Whether a text is a UUID, in whatever case.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
