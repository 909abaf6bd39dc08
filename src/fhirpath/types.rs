//! Which of FHIR's types derive from which, as far as every version agrees.

/// The complex data types of STU3 to R5, sorted. What has a capital letter and is not here is a resource.
const DATA_TYPES: &[&str] = &[
    "Address",
    "Age",
    "Annotation",
    "Attachment",
    "Availability",
    "BackboneElement",
    "CodeableConcept",
    "CodeableReference",
    "Coding",
    "ContactDetail",
    "ContactPoint",
    "Contributor",
    "Count",
    "DataRequirement",
    "Distance",
    "Dosage",
    "Duration",
    "ElementDefinition",
    "Expression",
    "ExtendedContactDetail",
    "Extension",
    "HumanName",
    "Identifier",
    "MarketingStatus",
    "Meta",
    "MonetaryComponent",
    "Money",
    "MoneyQuantity",
    "Narrative",
    "ParameterDefinition",
    "Period",
    "Population",
    "ProdCharacteristic",
    "ProductShelfLife",
    "Quantity",
    "Range",
    "Ratio",
    "RatioRange",
    "Reference",
    "RelatedArtifact",
    "SampledData",
    "Signature",
    "SimpleQuantity",
    "SubstanceAmount",
    "Timing",
    "TriggerDefinition",
    "UsageContext",
    "VirtualServiceDetail",
];

/// The type that a type specialises. `None` for those that stand at the top.
pub fn base_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "Resource" | "Element" | "Base" => return None,
        "code" | "id" | "markdown" => "string",
        "url" | "canonical" | "uuid" | "oid" => "uri",
        "positiveInt" | "unsignedInt" => "integer",
        "Age" | "Count" | "Distance" | "Duration" | "Money" | "SimpleQuantity" | "MoneyQuantity" => "Quantity",
        "Timing" | "Dosage" | "ElementDefinition" => "BackboneElement",
        "Bundle" | "Binary" | "Parameters" | "DomainResource" => "Resource",
        _ if is_primitive(name) => "Element",
        // `Patient.contact` is the only way to name the type of a part of a resource.
        _ if name.contains('.') => "BackboneElement",
        _ if DATA_TYPES.binary_search(&name).is_ok() => "Element",
        _ => "DomainResource",
    })
}

/// Whether the name is that of a primitive type.
pub fn is_primitive(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// Whether a primitive's value is read as something else than its text: a date, a number.
pub fn is_read(name: &str) -> bool {
    const READ: &[&str] = &[
        "boolean",
        "date",
        "dateTime",
        "decimal",
        "instant",
        "integer",
        "integer64",
        "positiveInt",
        "time",
        "unsignedInt",
    ];
    READ.contains(&name)
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
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_derive() {
        assert!(DATA_TYPES.is_sorted());
        let table = [
            ("code", "string", true),
            ("code", "Element", true),
            ("string", "code", false),
            ("Age", "Quantity", true),
            ("Patient", "Resource", true),
            ("Patient", "DomainResource", true),
            ("Patient", "Element", false),
            ("Bundle", "DomainResource", false),
            ("Patient.contact", "BackboneElement", true),
            ("HumanName", "Element", true),
            ("HumanName", "Resource", false),
        ];
        for (name, base, expected) in table {
            assert_eq!(derives(name, base), expected, "{name} {base}");
        }
    }
}
