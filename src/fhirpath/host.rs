//! What evaluation asks of its surroundings.

use super::types;
use super::value::Value;
use crate::tree::{NodeId, Tree};

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved<'h> {
    /// To this node of the same tree.
    Node(NodeId),
    /// To a resource that is not at hand but must be of this type.
    Type(&'h str),
    /// To nothing: a `#id` that no contained resource has.
    Nothing,
    /// Not known.
    Unknown,
}

/// What evaluation cannot see from the resource alone. `None` always means "not known".
pub trait Host {
    /// The type of an element: `Quantity`, `Patient.contact`, `string`, `Patient`.
    fn type_of<'h>(&'h self, tree: &'h Tree, node: NodeId) -> Option<&'h str>;

    /// The element name of a choice of types, `value` for a node `valueQuantity`. `None` for any other element.
    fn choice<'h>(&'h self, tree: &'h Tree, node: NodeId) -> Option<&'h str>;

    /// Told how many steps an evaluation took, once it is over.
    fn spent(&self, _steps: u64) {}

    /// Whether a type is the other one or derived from it. [`types::derives`] knows FHIR's own.
    fn derives(&self, name: &str, base: &str) -> bool {
        types::derives(name, base)
    }

    /// Whether there is a FHIR type of this name.
    fn is_type(&self, _name: &str) -> bool {
        true
    }

    /// Whether a type has a child of this name. Asked, and a `false` an error, only where the host wants misspelt names found.
    fn has_element(&self, _of_type: &str, _name: &str) -> bool {
        true
    }

    /// What a reference leads to. `from` is the element that has it.
    fn resolve<'h>(&'h self, _tree: &'h Tree, _reference: &str, _from: NodeId) -> Resolved<'h> {
        Resolved::Unknown
    }

    /// Whether the code, Coding or CodeableConcept at a node is in a value set.
    fn member_of(&self, _tree: &Tree, _node: NodeId, _value_set: &str) -> Option<bool> {
        None
    }

    /// Whether a node conforms to a profile.
    fn conforms_to(&self, _tree: &Tree, _node: NodeId, _profile: &str) -> Option<bool> {
        None
    }

    /// Whether a narrative keeps FHIR's rules for XHTML.
    fn html_checks(&self, _tree: &Tree, _node: NodeId) -> Option<bool> {
        None
    }

    /// The present time as a dateTime with a time zone, `2026-02-03T10:30:00.000Z`. Its date is `today()`.
    fn now(&self) -> Option<&str> {
        None
    }

    /// The day that `today()` is, `2026-02-03`, where the time of day is not known.
    fn today(&self) -> Option<String> {
        None
    }

    /// The value of a `%name` of the host's own, where it is text.
    fn constant(&self, _name: &str) -> Option<&str> {
        None
    }

    /// The value of a `%name` of the host's own, of whatever type.
    fn variable(&self, name: &str) -> Option<Value<'static>> {
        self.constant(name).map(|text| Value::String(text.to_owned().into()))
    }
}
