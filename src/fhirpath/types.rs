//! Which of FHIR's types derive from which, as far as every version agrees.

/// The type that a data type specialises. `None` for those that stand at the top and for resources.
pub fn base_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "code" | "id" | "markdown" => "string",
        "url" | "canonical" | "uuid" | "oid" => "uri",
        "positiveInt" | "unsignedInt" => "integer",
        "Age" | "Count" | "Distance" | "Duration" | "Money" | "SimpleQuantity" | "MoneyQuantity" => "Quantity",
        "Timing" | "Dosage" | "ElementDefinition" => "BackboneElement",
        "Bundle" | "Binary" | "Parameters" | "DomainResource" => "Resource",
        "Resource" | "Element" | "Base" => return None,
        _ if is_primitive(name) => "Element",
        _ => return None,
    })
}

/// Whether the name is that of a primitive type.
pub fn is_primitive(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// Whether a type is the other one or derived from it.
pub fn derives(name: &str, base: &str) -> bool {
    let mut at = name;
    loop {
        if at == base {
            return true;
        }
        match base_of(at) {
            Some(next) => at = next,
            None => break,
        }
    }
    // `Patient.contact` is the only way to name the type of a part of a resource.
    base == "BackboneElement" && name.contains('.') || base == "Element" && !at.starts_with("Resource")
}
