//! The one table of everything that can be reported: what it is called, how bad it is, and its words.

use super::{IssueType, Severity};

/// Writes the enum and its properties from one table, so that a problem's name, code, severity and words stand together.
macro_rules! problems {
    ($($(#[doc = $doc:literal])+ $name:ident $({ $($(#[doc = $field_doc:literal])* $field:ident: $type:ty),+ $(,)? })?
        = $rule:literal, $severity:ident, $kind:ident, $message:literal;)+) => {
        /// Everything that can be reported of a resource, with its arguments.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the fields are the words of the message")]
        pub enum Problem {
            $($(#[doc = $doc])+ $name $({ $($(#[doc = $field_doc])* $field: $type),+ })?,)+
        }

        impl Problem {
            /// Every rule's permanent code, its usual severity and its explanation, in the order of the table.
            pub const RULES: &'static [(&'static str, Severity, &'static str)] =
                &[$(($rule, Severity::$severity, concat!($($doc, "\n"),+)),)+];

            /// The permanent code, in kebab case.
            pub fn rule(&self) -> &'static str {
                match self { $(Problem::$name { .. } => $rule,)+ }
            }

            /// How bad it usually is.
            pub fn severity(&self) -> Severity {
                match self { $(Problem::$name { .. } => Severity::$severity,)+ }
            }

            /// FHIR's kind of issue.
            pub fn kind(&self) -> IssueType {
                match self { $(Problem::$name { .. } => IssueType::$kind,)+ }
            }

            /// What is wrong, what was expected and how to put it right, in plain English.
            pub fn message(&self) -> String {
                match self { $(Problem::$name $({ $($field),+ })? => format!($message),)+ }
            }
        }
    };
}

problems! {
    // Reading the input.

    /// The input is not well-formed JSON (RFC 8259). What stands before the fault was still checked.
    JsonSyntax { expected: &'static str, found: String } = "json-syntax", Fatal, Structure,
        "The JSON is not well formed: expected {expected}, found {found}.";
    /// The input is empty or holds white space only.
    Empty = "empty-input", Fatal, Structure, "There is nothing here: expected a FHIR resource in JSON or XML.";
    /// The input is JSON, but not an object, so it cannot be a resource.
    NotAnObject { found: &'static str } = "not-an-object", Fatal, Structure,
        "A FHIR resource in JSON is an object, written in braces; this is {found}.";
    /// The bytes are not UTF-8, the only encoding that FHIR allows (STU3 2.1.0).
    NotUtf8 = "not-utf-8", Error, Structure,
        "The bytes here are not UTF-8, the only encoding FHIR allows. Save the file as UTF-8.";
    /// The input is larger than the limit that was set.
    TooLarge { size: usize, limit: usize } = "too-large", Fatal, TooCostly,
        "The input has {size} bytes, more than the limit of {limit}. Raise the limit to check it.";
    /// The input is nested more deeply than the limit.
    TooDeep { limit: usize } = "too-deep", Fatal, TooCostly,
        "The input is nested more than {limit} levels deep here; what is inside was not read.";
    /// The same property stands twice in one JSON object; JSON leaves open which one counts.
    DuplicateKey { name: String } = "duplicate-key", Error, Structure,
        "The property '{name}' is there already in this object. Only the first was checked; merge the two or remove one.";
    /// A JSON array is empty; FHIR leaves the property out instead (STU3 2.6.2).
    EmptyArray { name: String } = "empty-array", Error, Structure,
        "'{name}' is an empty array, which FHIR does not allow. Give it an item or leave the property out.";
    /// A JSON object is empty; every FHIR element has a value or children (STU3 2.6.2, ele-1).
    EmptyObject = "empty-object", Error, Structure,
        "This is empty. An element has a value or children; give it some or leave it out.";
    /// A JSON array stands inside an array.
    NestedArray = "nested-array", Error, Structure,
        "An array inside an array is not FHIR. Move the items to the outer array.";
    /// JSON `null` stands where it means nothing (STU3 2.6.2.3: only to keep places in an array of primitives).
    UnexpectedNull { name: String } = "unexpected-null", Error, Structure,
        "'{name}' is null. FHIR has null only inside an array of primitives, beside an item of '_{name}'. Leave the property out.";
    /// `_name` must be an object, or an array of objects and nulls, as its value is.
    UnderscoreShape { name: String, expected: &'static str } = "underscore-shape", Error, Structure,
        "'_{name}' holds the id and extensions of '{name}', so it must be {expected}.";
    /// `resourceType` is missing, so it cannot be told what this is.
    ResourceTypeMissing = "resource-type-missing", Fatal, Required,
        "'resourceType' is missing, so this cannot be read as a resource. Add it, for example \"resourceType\": \"Patient\".";
    /// `resourceType` is there but is not a string.
    ResourceTypeNotString = "resource-type-not-string", Fatal, Structure, "'resourceType' must be a string, for example \"Patient\".";

    /// The input is not well-formed XML (XML 1.0). What stands before the fault was still checked.
    XmlSyntax { problem: String } = "xml-syntax", Fatal, Structure, "The XML is not well formed: {problem}.";
    /// A document type declaration is refused: FHIR has none, and they are a way to attack a reader.
    XmlDoctype = "xml-doctype", Fatal, Structure,
        "A document type declaration (<!DOCTYPE …>) is not allowed in FHIR, and was not read. Remove it.";
    /// An entity other than XML's own five.
    XmlEntity { name: String } = "xml-entity", Error, Structure,
        "The entity '&{name};' is not one of XML's five (&amp; &lt; &gt; &quot; &apos;). Write the character itself or its number.";
    /// A processing instruction, which a FHIR resource should not have (STU3 2.5.0).
    XmlInstruction = "xml-instruction", Warning, Structure, "A processing instruction does nothing in a FHIR resource. Remove it.";
    /// Text between the elements.
    XmlText { text: String } = "xml-text", Error, Structure,
        "There is text here, '{text}', but FHIR keeps values in the attribute 'value'. Write value=\"…\" in the element.";
    /// An attribute that FHIR does not have here.
    XmlAttribute { name: String } = "xml-attribute", Error, Structure,
        "The attribute '{name}' is not allowed here. FHIR's elements have 'value', 'id' and, on extensions, 'url'.";
    /// An element outside of FHIR's namespace.
    XmlNamespace { name: String, found: String } = "xml-namespace", Error, Structure,
        "The element '{name}' is in the namespace '{found}', not in FHIR's, 'http://hl7.org/fhir'.";
    /// An element that is in no namespace at all.
    XmlNoNamespace { name: String } = "xml-namespace-missing", Error, Structure,
        "The element '{name}' is in no namespace. Write xmlns=\"http://hl7.org/fhir\" in the outermost element.";
    /// The narrative's `div` is not in the XHTML namespace.
    XhtmlNamespace { found: String } = "xhtml-namespace", Error, Structure,
        "The narrative's 'div' is in the namespace '{found}'. Write <div xmlns=\"http://www.w3.org/1999/xhtml\">.";
    /// The XML declaration names an encoding other than UTF-8 (STU3 2.1.0).
    XmlEncoding { found: String } = "xml-encoding", Error, Structure,
        "The XML declaration says that the encoding is '{found}'; FHIR allows UTF-8 only. Save as UTF-8 and say encoding=\"UTF-8\".";
    /// An element such as `contained` holds one resource; here is another.
    XmlSeveralResources { name: String } = "several-resources", Error, Structure,
        "There is a resource in this element already, so '{name}' cannot stand here. Repeat the element around it for each resource.";
}
