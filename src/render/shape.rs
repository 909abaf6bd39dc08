//! What a node is to the reader: by its type, and where that is unknown by its structure.

use super::Types;
use crate::tree::{Kind, NodeId, Tree};

/// A way of displaying a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text as it is.
    Plain,
    /// A `code`.
    Code,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A decimal, shown as written.
    Decimal,
    /// A date, with or without time.
    Date,
    /// An instant or time of day.
    Time,
    /// A web address or other URI.
    Uri,
    /// Base64 data: its size is stated.
    Base64,
    /// XHTML.
    Xhtml,
    /// A CodeableConcept.
    Concept,
    /// A Coding.
    Coding,
    /// A Quantity or one of its kinds.
    Quantity,
    /// A Range.
    Range,
    /// A Ratio.
    Ratio,
    /// A Period.
    Period,
    /// A HumanName.
    Name,
    /// An Address.
    Address,
    /// A ContactPoint.
    Contact,
    /// An Identifier.
    Identifier,
    /// A Reference.
    Reference,
    /// An Annotation.
    Annotation,
    /// An Attachment.
    Attachment,
    /// A SampledData.
    Sampled,
    /// A Signature.
    Signature,
    /// A Timing.
    Timing,
    /// A Dosage.
    Dosage,
    /// A Narrative.
    Narrative,
    /// An Extension.
    Extension,
    /// A resource.
    Resource,
    /// Anything else with parts: its parts are displayed.
    Parts,
}

/// The shape of a FHIR type.
fn of_type(name: &str) -> Option<Shape> {
    Some(match name {
        "code" => Shape::Code,
        "boolean" => Shape::Boolean,
        "integer" | "positiveInt" | "unsignedInt" => Shape::Integer,
        "decimal" => Shape::Decimal,
        "date" | "dateTime" | "instant" => Shape::Date,
        "time" => Shape::Time,
        "uri" | "oid" | "uuid" => Shape::Uri,
        "base64Binary" => Shape::Base64,
        "xhtml" => Shape::Xhtml,
        "string" | "id" | "markdown" => Shape::Plain,
        "CodeableConcept" => Shape::Concept,
        "Coding" => Shape::Coding,
        "Quantity" | "Age" | "Distance" | "Duration" | "Count" | "Money" | "SimpleQuantity" => Shape::Quantity,
        "Range" => Shape::Range,
        "Ratio" => Shape::Ratio,
        "Period" => Shape::Period,
        "HumanName" => Shape::Name,
        "Address" => Shape::Address,
        "ContactPoint" => Shape::Contact,
        "Identifier" => Shape::Identifier,
        "Reference" => Shape::Reference,
        "Annotation" => Shape::Annotation,
        "Attachment" => Shape::Attachment,
        "SampledData" => Shape::Sampled,
        "Signature" => Shape::Signature,
        "Timing" => Shape::Timing,
        "Dosage" => Shape::Dosage,
        "Narrative" => Shape::Narrative,
        "Extension" => Shape::Extension,
        "BackboneElement"
        | "Element"
        | "ContactDetail"
        | "UsageContext"
        | "Meta"
        | "RelatedArtifact"
        | "Contributor"
        | "DataRequirement"
        | "ParameterDefinition"
        | "TriggerDefinition"
        | "ElementDefinition" => Shape::Parts,
        _ => return None,
    })
}

/// Whether a text is the end of a choice element's name: `Quantity`, `DateTime`.
pub fn is_type(rest: &str) -> bool {
    let mut chars = rest.chars();
    let lower = chars.next().map(|first| format!("{}{}", first.to_ascii_lowercase(), chars.as_str()));
    of_type(rest).is_some() || lower.as_deref().and_then(of_type).is_some()
}

/// No name of a type is longer, and a received name may be as long as its sender liked.
const LONGEST_TYPE: usize = 40;

/// The type that the name of a choice element ends with: `Quantity` for `valueQuantity`, `dateTime` for `onsetDateTime`.
fn of_choice(name: &str) -> Option<Shape> {
    let bytes = name.as_bytes();
    let first = name.len().saturating_sub(LONGEST_TYPE).max(1);
    (first..name.len()).filter(|at| bytes.get(*at).is_some_and(u8::is_ascii_uppercase)).find_map(|at| {
        let rest = name.get(at..)?;
        let lower = format!("{}{}", rest.get(..1)?.to_ascii_lowercase(), rest.get(1..)?);
        of_type(rest).filter(|_| rest != "Element").or_else(|| of_type(&lower))
    })
}

/// How a node is displayed. A type never makes a text of a node with parts, nor the other way round: faulty input is
/// displayed by what it is.
pub fn shape_of(tree: &Tree, types: &dyn Types, node: NodeId) -> Shape {
    if tree.resource_type(node).is_some() {
        return Shape::Resource;
    }
    let name = tree.name(node);
    if matches!(name, "extension" | "modifierExtension") && tree.kind(node) != Kind::String {
        return Shape::Extension;
    }
    if tree.kind(node) == Kind::Xhtml {
        return Shape::Xhtml;
    }
    let known = types.type_name(tree, node).and_then(of_type).or_else(|| {
        let in_extension =
            tree.parent(node).is_some_and(|parent| matches!(tree.name(parent), "extension" | "modifierExtension"));
        if in_extension && name.starts_with("value") { of_choice(name) } else { None }
    });
    let is_primitive = tree.text(node).is_some() || !tree.children(node).any(|child| !is_element_part(tree, child));
    match known {
        Some(shape) if is_primitive == shape.is_primitive() => shape,
        _ if is_primitive => guess_primitive(tree, node),
        _ => guess_parts(tree, node),
    }
}

/// `id` and `extension`, which every element may have.
fn is_element_part(tree: &Tree, node: NodeId) -> bool {
    matches!(tree.name(node), "id" | "extension")
}

impl Shape {
    /// Whether it is a single value.
    pub fn is_primitive(self) -> bool {
        matches!(
            self,
            Shape::Plain
                | Shape::Code
                | Shape::Boolean
                | Shape::Integer
                | Shape::Decimal
                | Shape::Date
                | Shape::Time
                | Shape::Uri
                | Shape::Base64
                | Shape::Xhtml
        )
    }
}

fn guess_primitive(tree: &Tree, node: NodeId) -> Shape {
    let text = tree.text(node).unwrap_or("");
    let name = tree.name(node);
    match tree.kind(node) {
        Kind::Boolean => return Shape::Boolean,
        Kind::Number if text.bytes().all(|b| b.is_ascii_digit()) => return Shape::Integer,
        Kind::Number => return Shape::Decimal,
        _ => {}
    }
    if name == "div" && text.trim_start().starts_with('<') {
        return Shape::Xhtml;
    }
    if let Some(shape) = of_choice(name).filter(|shape| shape.is_primitive()) {
        return shape;
    }
    if text == "true" || text == "false" {
        return Shape::Boolean;
    }
    let dated = text.len() >= 7 && super::format::date::Moment::parse(text).is_some();
    if dated {
        return Shape::Date;
    }
    match name {
        "status" | "use" | "gender" | "intent" | "taken" | "comparator" | "criticality" | "severity" | "mode"
        | "clinicalStatus" | "verificationStatus" | "rank" | "confidentiality" => Shape::Code,
        "system" | "fullUrl" | "profile" | "implicitRules" => Shape::Uri,
        "data" if text.len() > 64 => Shape::Base64,
        _ => Shape::Plain,
    }
}

fn guess_parts(tree: &Tree, node: NodeId) -> Shape {
    let name = tree.name(node);
    let has = |part: &str| tree.child(node, part).is_some();
    let only = |parts: &[&str]| {
        tree.children(node).all(|child| parts.contains(&tree.name(child)) || is_element_part(tree, child))
    };
    if let Some(shape) = of_choice(name).filter(|shape| !shape.is_primitive() && *shape != Shape::Parts) {
        return shape;
    }
    if has("status") && has("div") && only(&["status", "div"]) {
        return Shape::Narrative;
    }
    if matches!(name, "dosage" | "dosageInstruction")
        && (has("text") || has("timing") || has("doseQuantity") || has("route") || has("patientInstruction"))
    {
        return Shape::Dosage;
    }
    if has("coding") && only(&["coding", "text"]) {
        return Shape::Concept;
    }
    if only(&["reference", "identifier", "display"]) {
        return Shape::Reference;
    }
    if (has("code") || has("display")) && only(&["system", "version", "code", "display", "userSelected"]) {
        return Shape::Coding;
    }
    if only(&["start", "end"]) {
        return Shape::Period;
    }
    if only(&["low", "high"]) {
        return Shape::Range;
    }
    if only(&["numerator", "denominator"]) {
        return Shape::Ratio;
    }
    if (has("family") || has("given")) && only(&["use", "text", "family", "given", "prefix", "suffix", "period"]) {
        return Shape::Name;
    }
    if has("value") && only(&["value", "comparator", "unit", "system", "code"]) && (has("unit") || has("code")) {
        return Shape::Quantity;
    }
    let contact = ["phone", "fax", "email", "pager", "url", "sms", "other"];
    if has("value")
        && tree.child_text(node, "system").is_some_and(|system| contact.contains(&system))
        && only(&["system", "value", "use", "rank", "period"])
    {
        return Shape::Contact;
    }
    if has("value") && has("system") && only(&["use", "type", "system", "value", "period", "assigner"]) {
        return Shape::Identifier;
    }
    if (has("line") || has("postalCode") || has("city"))
        && only(&["use", "type", "text", "line", "city", "district", "state", "postalCode", "country", "period"])
    {
        return Shape::Address;
    }
    if has("contentType") && only(&["contentType", "language", "data", "url", "size", "hash", "title", "creation"]) {
        return Shape::Attachment;
    }
    if only(&["event", "repeat", "code"]) && (has("repeat") || has("event")) {
        return Shape::Timing;
    }
    if only(&["text"]) && tree.child(node, "text").is_some_and(|text| tree.text(text).is_some()) {
        return Shape::Concept;
    }
    Shape::Parts
}
