//! The one table of everything that can be reported: what it is called, how bad it is, and its words.

use super::{Bound, CdaProblem, Contradiction, Counts, ExchangeProblem, IssueType, NhsProblem, Severity};
use crate::limits;
use std::sync::Arc;

/// A rule's permanent code, its usual severity and its explanation.
type Row = (&'static str, Severity, &'static str);

impl Problem {
    /// Every rule's permanent code, its usual severity and its explanation: this table's in order, then the NHS's, then those
    /// of documents and messages, of CDA, and the contradictions.
    pub const RULES: &'static [Row] = &{
        const TABLES: [&[Row]; 5] =
            [Problem::OWN, NhsProblem::RULES, ExchangeProblem::RULES, CdaProblem::RULES, super::Rule::RULES];
        let mut all =
            [Problem::OWN[0]; TABLES[0].len() + TABLES[1].len() + TABLES[2].len() + TABLES[3].len() + TABLES[4].len()];
        let (mut table, mut from, mut at) = (0, 0, 0);
        while at < all.len() {
            if at - from == TABLES[table].len() {
                from = at;
                table += 1;
            }
            all[at] = TABLES[table][at - from];
            at += 1;
        }
        all
    };
}

/// Writes the enum and its properties from one table, so that a problem's name, code, severity and words stand together.
macro_rules! problems {
    ($($(#[doc = $doc:literal])+ $name:ident $({ $($(#[doc = $field_doc:literal])* $field:ident: $type:ty),+ $(,)? })?
        = $rule:literal, $severity:ident, $kind:ident, $message:literal;)+) => {
        /// Everything that can be reported of a resource, with its arguments.
        #[derive(Debug)]
        #[allow(missing_docs, reason = "the fields are the words of the message")]
        pub enum Problem {
            $($(#[doc = $doc])+ $name $({ $($(#[doc = $field_doc])* $field: $type),+ })?,)+
            /// What the rules of the NHS find.
            Nhs(NhsProblem),
            /// What the rules of documents and messages find.
            Exchange(ExchangeProblem),
            /// What is found in a CDA document.
            Cda(CdaProblem),
            /// Something found in a resource that is packed in another as Base64, where in it, how bad it is there, and the
            /// profile and element that ask for it.
            Packed { place: String, severity: Severity, profile: String, definition: String, found: Arc<Problem> },
            /// What is recorded twice and differs.
            Contradiction(Contradiction),
        }

        impl PartialEq for Problem {
            /// Problems are the same if they say the same.
            fn eq(&self, other: &Problem) -> bool {
                self.rule() == other.rule() && self.message() == other.message()
            }
        }

        impl Eq for Problem {}

        impl Problem {
            /// The rules of this table alone.
            const OWN: &'static [Row] = &[$(($rule, Severity::$severity, concat!($($doc, "\n"),+)),)+];

            /// The permanent code, in kebab case.
            pub fn rule(&self) -> &'static str {
                match self {
                    $(Problem::$name { .. } => $rule,)+
                    Problem::Nhs(problem) => problem.rule(),
                    Problem::Exchange(problem) => problem.rule(),
                    Problem::Cda(problem) => problem.rule(),
                    Problem::Contradiction(found) => found.rule.code(),
                    Problem::Packed { found, .. } => found.rule(),
                }
            }

            /// How bad it usually is.
            pub fn severity(&self) -> Severity {
                match self {
                    $(Problem::$name { .. } => Severity::$severity,)+
                    Problem::Nhs(problem) => problem.severity(),
                    Problem::Exchange(problem) => problem.severity(),
                    Problem::Cda(problem) => problem.severity(),
                    Problem::Contradiction(found) => found.rule.severity(),
                    Problem::Packed { severity, .. } => *severity,
                }
            }

            /// FHIR's kind of issue.
            pub fn kind(&self) -> IssueType {
                match self {
                    $(Problem::$name { .. } => IssueType::$kind,)+
                    Problem::Nhs(problem) => problem.kind(),
                    Problem::Exchange(problem) => problem.kind(),
                    Problem::Cda(problem) => problem.kind(),
                    Problem::Contradiction(found) => found.kind(),
                    Problem::Packed { found, .. } => found.kind(),
                }
            }

            /// Whether it is about a document or message as a whole, by a guide, rather than about a resource.
            pub fn is_of_exchange(&self) -> bool {
                match self {
                    Problem::Exchange(_) | Problem::Cda(_) => true,
                    Problem::Packed { found, .. } => found.is_of_exchange(),
                    _ => false,
                }
            }

            /// What is wrong, what was expected and how to put it right, in plain English.
            pub fn message(&self) -> String {
                let mut message = match self {
                    $(Problem::$name $({ $($field),+ })? => format!($message),)+
                    Problem::Nhs(problem) => problem.message(),
                    Problem::Exchange(problem) => problem.message(),
                    Problem::Cda(problem) => problem.message(),
                    Problem::Packed { place, found, .. } => format!("In what is packed here, at {place}: {}", found.message()),
                    Problem::Contradiction(found) => found.message(),
                };
                limits::shorten_own(&mut message, limits::TEXT);
                message
            }

            /// The same with what it repeats of the input shortened to [`limits::QUOTE`].
            pub fn bounded(mut self) -> Problem {
                match &mut self {
                    $(Problem::$name $({ $($field),+ })? => { $($($field.bound();)+)? })+
                    Problem::Nhs(problem) => problem.bound(),
                    Problem::Exchange(problem) => problem.bound(),
                    Problem::Cda(problem) => problem.bound(),
                    Problem::Packed { place, .. } => place.bound(),
                    Problem::Contradiction(found) => found.values.iter_mut().for_each(Bound::bound),
                }
                self
            }
        }
    };
}

problems! {
    // Reading the input.

    /// The input is not well-formed JSON (RFC 8259). What stands before the fault was still checked.
    JsonSyntax { expected: &'static str, found: String } = "json-syntax", Fatal, Structure,
        "The JSON is not well formed: expected {expected}, found {found}. Only what comes before this was checked.";
    /// The input is empty or holds white space only.
    Empty = "empty-input", Fatal, Structure, "There is nothing here: expected a FHIR resource in JSON or XML.";
    /// The input is JSON, but not an object, so it cannot be a resource.
    NotAnObject { found: &'static str } = "not-an-object", Fatal, Structure,
        "A FHIR resource in JSON is an object, written in braces; this is {found}.";
    /// The bytes are not UTF-8, the only encoding that FHIR allows (STU3 2.1.0).
    NotUtf8 = "not-utf-8", Error, Structure,
        "The bytes here are not UTF-8, the only encoding FHIR allows. Save the file as UTF-8.";
    /// The input is UTF-16, and FHIR allows UTF-8 only (STU3 2.1.0). It was read all the same.
    Utf16 = "utf-16", Error, Structure, "This is saved as UTF-16, and FHIR allows UTF-8 only. Save the file as UTF-8.";
    /// The input is larger than the limit that was set.
    TooLarge { size: usize, limit: usize } = "too-large", Fatal, TooCostly,
        "The input has {size} bytes, more than the limit of {limit}. Raise the limit to check it.";
    /// The input is nested more deeply than the limit.
    TooDeep { limit: usize } = "too-deep", Fatal, TooCostly,
        "The input is nested more than {limit} levels deep here; what is inside was not read.";
    /// Checking takes more steps than the limit, which grows with the input: so many rules meet so many elements.
    TooCostly { limit: u64 } = "too-costly", Fatal, TooCostly,
        "Checking this takes more than {limit} steps, which is the limit for its size; the rest was not checked. Check it in parts, or against simpler profiles.";
    /// There is more to say than one report says: the limits are 10,000 issues, and 25 times the length of the input. Errors are listed first.
    MoreIssues { listed: usize, more: usize, kinds: Counts } = "more-issues", Warning, TooCostly,
        "{listed} issues are listed, which is the limit for this input, and there are {more} more: {kinds}. Correct what is listed and check again.";
    /// Several resources stand one after another, as in newline-delimited JSON. A resource is checked by itself.
    AnotherResource = "another-resource", Fatal, Structure,
        "Another resource starts here, and only the first was checked. Put resources into a Bundle, or one on each line of a file \
         whose name ends in .ndjson.";
    /// The same property stands twice in one JSON object; JSON leaves open which one counts.
    DuplicateKey { name: String } = "duplicate-key", Error, Structure,
        "This object already has the property '{name}'. Only the first was checked: merge the two, or remove one.";
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
    /// Properties with an underscore are for the id and the extensions of primitives (STU3 2.6.2.2).
    UnderscoreComplex { name: String } = "json-underscore-complex", Error, Structure,
        "There is no '_{name}': only primitives have a second property with an underscore. Move what it has into '{name}'.";
    /// `_name` must be an object, or an array of objects and nulls, as its value is.
    UnderscoreShape { name: String, expected: &'static str } = "underscore-shape", Error, Structure,
        "'_{name}' holds the id and extensions of '{name}', so it must be {expected}.";
    /// `\u` escapes give half of a surrogate pair only, which is no character (RFC 8259 8.2).
    JsonSurrogate = "json-surrogate", Error, Structure,
        "Half of a surrogate pair stands alone here, which is no character. Write both halves, or the character itself.";
    /// `resourceType` is missing, so it cannot be told what this is.
    ResourceTypeMissing = "resource-type-missing", Fatal, Required,
        "'resourceType' is missing, so this cannot be read as a resource. Add it, for example \"resourceType\": \"Patient\".";
    /// `resourceType` is there but is not a string.
    ResourceTypeNotString = "resource-type-not-string", Fatal, Structure, "'resourceType' must be a string, for example \"Patient\".";

    /// The input is not well-formed XML (XML 1.0). What stands before the fault was still checked.
    XmlSyntax { problem: String } = "xml-syntax", Fatal, Structure,
        "The XML is not well formed: {problem}. Only what comes before this was checked.";
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
    /// What XML writes as an attribute: the id of an element, the url of an extension.
    XmlAttributeExpected { name: String } = "xml-attribute-expected", Error, Structure,
        "In XML '{name}' is an attribute here, not an element. Write {name}=\"…\" in the tag around it.";
    /// An attribute that FHIR does not have here.
    XmlAttribute { name: String } = "xml-attribute", Error, Structure,
        "The attribute '{name}' is not allowed here. FHIR's elements have 'value', 'id' and, on extensions, 'url'.";
    /// XML that is not FHIR at all: its outermost element is outside of FHIR's namespace and no type of resource.
    NotFhir { name: String, what: &'static str } = "not-fhir", Fatal, NotSupported,
        "This is not FHIR, as its outermost element is '{name}': {what}. Nothing of it was checked.";
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
        "This element already holds a resource, so '{name}' cannot go here. Repeat the element around it for each resource.";

    // The form of a resource.

    /// `resourceType` (or the XML element) does not name a resource of this version of FHIR.
    ResourceTypeUnknown { name: String, hint: String } = "resource-type-unknown", Error, Structure,
        "'{name}' is not a resource type of FHIR STU3.{hint}";
    /// `resourceType` (or the XML element) names a resource of another release of FHIR.
    ResourceTypeOfRelease { name: String, release: &'static str, instead: String } = "resource-type-of-release", Error, Structure,
        "This is FHIR {release}: '{name}' is a resource type of that release, and resources are checked as STU3 here.{instead}";
    /// The resource has elements that came with FHIR R4. What follows from that is not told as faults of their own.
    ElementOfRelease { names: String } = "element-of-release", Error, Structure,
        "This is FHIR R4, and resources are checked as STU3 here, which does not have {names}. Send the resource as STU3.";
    /// A definition says in `fhirVersion` that it is for another release of FHIR. Its form is not judged by STU3's rules.
    FhirVersion { found: String, release: &'static str } = "fhir-version", Error, NotSupported,
        "This is FHIR {release} (fhirVersion {found}), and definitions are checked and used as STU3 here. Give the one for STU3 (3.0.2).";
    /// A canonical URL that is not absolute, and does not name what is contained either (R4 2.24.0.1; STU3 has no such type).
    CanonicalRelative { value: String } = "canonical-relative", Error, Value,
        "'{value}' is not a canonical URL, which is absolute, or '#' and the id of what is contained. Write the URL that the \
         definition has in its 'url'.";
    /// An abstract type such as DomainResource cannot be a resource by itself.
    ResourceTypeAbstract { name: String } = "resource-type-abstract", Error, Structure,
        "'{name}' is abstract: no resource is just that. Use one of the types that are made from it.";
    /// The type has no such element.
    UnknownElement { name: String, parent: String, hint: String } = "unknown-element", Error, Structure,
        "'{parent}' has no element '{name}'.{hint}";
    /// An element that may repeat is written as an array in JSON, even if it is there once (STU3 2.6.2).
    ArrayExpected { name: String } = "array-expected", Error, Structure,
        "'{name}' may repeat, so JSON writes it as an array. Put its value in square brackets.";
    /// An element that cannot repeat is never an array in JSON.
    ArrayUnexpected { name: String } = "array-unexpected", Error, Structure,
        "'{name}' does not repeat, so JSON does not write it as an array. Remove the square brackets.";
    /// A complex type is a JSON object.
    ObjectExpected { name: String, type_name: String, found: &'static str } = "object-expected", Error, Structure,
        "'{name}' is of type {type_name}, so it is an object with elements of its own; found {found}.";
    /// A primitive type is a JSON string, number or boolean.
    PrimitiveExpected { name: String, type_name: String, found: &'static str } = "primitive-expected", Error, Structure,
        "'{name}' is of type {type_name}, so it is a single value; found {found}.";
    /// A JSON string, number or boolean where the type asks for another of the three (STU3 2.6.2.1).
    JsonType { type_name: String, expected: &'static str, found: &'static str } = "json-type", Error, Structure,
        "A value of type {type_name} is {expected} in JSON; found {found}.";
    /// A choice (`value[x]`) has one value of one type.
    SecondChoice { name: String, first: String } = "second-choice", Error, Structure,
        "'{first}' is already given, and an element can have a value of only one type. Remove '{name}' or '{first}'.";
    /// The elements of XML come in the order of the definition (STU3 2.5.0).
    ElementOrder { name: String, after: String } = "element-order", Error, Structure,
        "'{name}' is in the wrong place: in XML the order matters, and it belongs before '{after}'.";
    /// A resource belongs here.
    ResourceExpected { name: String } = "resource-expected", Error, Structure,
        "'{name}' must hold a resource, with its resource type.";
    /// An element without a value, children or extensions, or with an id alone (ele-1).
    NoContent { name: String } = "no-content", Error, Invariant,
        "'{name}' has no content. An element has a value or children; give it some or leave it out.";
    /// An empty string.
    EmptyValue = "empty-value", Error, Value, "The value is empty. Give it some text or leave the element out.";
    /// A value does not have the form of its type (STU3 2.24.0.1).
    PrimitiveFormat { type_name: String, value: String, problem: String } = "primitive-format", Error, Value,
        "'{value}' is not a valid {type_name}: {problem}";
    /// A value has the form of its type but looks wrong.
    PrimitiveOdd { type_name: String, problem: String } = "primitive-odd", Warning, Value, "This {type_name} looks wrong: {problem}";

    // Cardinality, types and values that a definition asks for.

    /// An element that must be there is missing.
    RequiredElement { name: String } = "required-element", Error, Required,
        "'{name}' is missing, and is required here. Add it.";
    /// An element is there fewer times than it must be.
    MinCardinality { name: String, min: u32, found: u32 } = "min-cardinality", Error, Required,
        "There must be at least {min} '{name}'; found {found}.";
    /// An element is there more often than it may be.
    MaxCardinality { name: String, max: u32, found: u32 } = "max-cardinality", Error, Structure,
        "There may be at most {max} '{name}'; found {found}. Remove the extra ones.";
    /// The profile takes the element away (max = 0).
    ProhibitedElement { name: String } = "prohibited-element", Error, Structure,
        "'{name}' must not be used here: the profile rules it out. Remove it.";
    /// A choice has a value of a type that is not allowed.
    TypeNotAllowed { name: String, found: String, allowed: String } = "type-not-allowed", Error, Structure,
        "'{name}' cannot be of type {found} here. The types allowed are: {allowed}.";
    /// The value differs from the one that the profile fixes.
    FixedValue { expected: String, found: String } = "fixed-value", Error, Value,
        "The value must be exactly {expected}; found {found}.";
    /// The value lacks what the profile's pattern asks for.
    PatternValue { expected: String, found: String } = "pattern-value", Error, Value,
        "The value must contain {expected}; found {found}.";
    /// A string is longer than the definition allows.
    MaxLength { max: u32, found: usize } = "max-length", Error, TooLong, "At most {max} characters are allowed; found {found}.";
    /// A value is less than the definition allows.
    MinValue { min: String, found: String } = "min-value", Error, Value, "The value must be at least {min}; found {found}.";
    /// A value is more than the definition allows.
    MaxValue { max: String, found: String } = "max-value", Error, Value, "The value may be at most {max}; found {found}.";
    /// An invariant of the definition is false.
    Invariant { key: String, explanation: String } = "invariant", Error, Invariant, "Rule {key} is not met: {explanation}";
    /// An invariant of the definition is false, and the definition calls that a warning.
    InvariantWarning { key: String, explanation: String } = "invariant-warning", Warning, Invariant,
        "Good practice {key} is not followed: {explanation}";
    /// An invariant could not be evaluated.
    InvariantUnchecked { key: String, reason: String } = "invariant-unchecked", Information, NotSupported,
        "Rule {key} was not checked: {reason}.";

    // Codes.

    /// The code is not in the value set that the definition requires.
    CodeRequired { code: String, value_set: String, hint: String } = "code-required", Error, CodeInvalid,
        "The code {code} is not in the value set {value_set}, and only its codes are allowed here.{hint}";
    /// None of the codings is in the value set that the definition requires.
    CodingRequired { codes: String, value_set: String, hint: String } = "coding-required", Error, CodeInvalid,
        "There must be a coding from the value set {value_set}; found {codes}.{hint}";
    /// There is text or nothing, where a code from the value set is required.
    CodeMissing { value_set: String, hint: String } = "code-missing", Error, CodeInvalid,
        "There must be a code from the value set {value_set}; found none.{hint}";
    /// The code is outside of an extensible value set, which is right only where the value set has no code for the meaning.
    CodeExtensible { codes: String, value_set: String } = "code-extensible", Warning, CodeInvalid,
        "{codes} is not in the value set {value_set}. Use one of its codes if any of them fits.";
    /// The code is outside of a preferred value set.
    CodePreferred { codes: String, value_set: String } = "code-preferred", Information, CodeInvalid,
        "{codes} is not in the value set {value_set}, whose codes are preferred here.";
    /// The code is outside of the widest value set that is allowed.
    CodeMaxValueSet { codes: String, value_set: String } = "code-max-value-set", Error, CodeInvalid,
        "{codes} is not in the value set {value_set}, and no code from elsewhere is allowed here.";
    /// The code system is known in full, and does not have the code.
    CodeUnknown { code: String, system: String, hint: String } = "code-unknown", Error, CodeInvalid,
        "The code system {system} has no code '{code}'.{hint}";
    /// Nothing is known of the code system, so that its codes could not be checked. Reported only where a caller gives the
    /// rule a severity: what could not be checked is in `unchecked` in any case.
    CodeSystemUnknown { system: String } = "code-system-unknown", Information, NotSupported,
        "The codes of {system} were not checked, as it is not loaded. Load a pack or a definition that has them.";
    /// The code was taken out of use: it stays in old records, and is not for new entries.
    CodeInactive { code: String, system: String, hint: String } = "code-inactive", Warning, CodeInvalid,
        "The code {code} of {system} is inactive: it should not be used in new entries.{hint}";
    /// The display differs from every display of the code.
    DisplayWrong { code: String, display: String, expected: String } = "display-wrong", Warning, CodeInvalid,
        "The display '{display}' does not belong to the code {code}, which means '{expected}'.";
    /// Whether the code is allowed could not be decided offline: neither valid nor invalid.
    CodeUnchecked { codes: String, value_set: String, reason: String } = "code-unchecked", Information, NotSupported,
        "Not checked: whether {codes} is in the value set {value_set}. {reason}";
    /// The value does not have the form of a MIME type. Published examples write `PDF` and the like, so it is a warning.
    MimeType { code: String } = "mime-type", Warning, Value,
        "{code} does not have the form of a MIME type. Write type and subtype, such as 'application/pdf'.";
    /// A coding without a system could mean anything.
    CodingNoSystem = "coding-no-system", Warning, CodeInvalid, "Without its system, a code could mean anything. Add 'system'.";
    /// The system of a code or identifier is not an absolute URI.
    SystemRelative { system: String } = "system-relative", Error, CodeInvalid,
        "A system is an absolute URI, such as 'http://snomed.info/sct' or 'urn:oid:…'; found '{system}'.";
    /// The system is a value set's URL.
    SystemIsValueSet { system: String } = "system-is-value-set", Error, CodeInvalid,
        "'{system}' is a value set, and a code comes from a code system. Give the URL of the code system.";

    // Profiles and extensions.

    /// A profile that the resource claims is not loaded, so it was not checked.
    ProfileUnknown { profile: String, hint: String } = "profile-unknown", Warning, NotFound,
        "Not checked: the profile '{profile}' is not known here.{hint}";
    /// A profile that the caller asked for is not known, so the resource was not checked against it.
    ProfileAskedUnknown { profile: String, hint: String } = "profile-asked-unknown", Error, NotFound,
        "The profile '{profile}', which was asked for, is not known here, so the resource was not checked against it.{hint}";
    /// The profile is loaded in another version than the one asked for, which was used instead.
    ProfileVersion { profile: String, used: String } = "profile-version", Warning, NotFound,
        "Only version {used} of the profile '{profile}' is loaded, so that version was used.";
    /// The profile is for another type of resource.
    ProfileWrongType { profile: String, expected: String, found: String } = "profile-wrong-type", Error, Structure,
        "The profile '{profile}' is for {expected}, and this resource is of type {found}.";
    /// The element must conform to one of several profiles, and does not conform to any of them.
    ProfileNoMatch { profiles: String } = "profile-no-match", Error, Structure,
        "This must conform to one of these profiles, but does not conform to any of them: {profiles}.";
    /// The definition asks for a profile that is for another type, which nothing can satisfy. Usually `type.profile` stands
    /// where `type.targetProfile` was meant.
    ProfileOfOtherType { profiles: String, found: String } = "profile-of-other-type", Error, Structure,
        "The type here is {found}, and its definition asks for profiles of other types, which no {found} can satisfy: \
         {profiles}. The definition is at fault: on a Reference it should name them as target profiles.";
    /// The extension is not known, so its content was not checked.
    ExtensionUnknown { url: String, hint: String } = "extension-unknown", Information, Extension,
        "The extension '{url}' is not known here, so its content was not checked.{hint}";
    /// A modifier extension of HL7's examples, whose URLs start with `http://example.org/do-not-use/`.
    ModifierExtensionExample { url: String } = "modifier-extension-example", Warning, Extension,
        "The modifier extension '{url}' is one of HL7's examples; it may change the meaning of what is around it.";
    /// A modifier extension is not known: it may change the meaning of everything around it, so what is around it must not
    /// be used without knowing it (STU3 2.27.1.2).
    ModifierExtensionUnknown { url: String, hint: String } = "modifier-extension-unknown", Error, Extension,
        "The modifier extension '{url}' is not known here; it may change the meaning of what is around it.{hint}";
    /// An extension says which one it is by its `url`.
    ExtensionNoUrl = "extension-no-url", Error, Required, "An extension must have a 'url' that says which one it is.";
    /// The URL of an extension on its own is absolute.
    ExtensionUrlRelative { url: String } = "extension-url-relative", Error, Extension,
        "'{url}' is not an absolute URL, which an extension's 'url' must be.";
    /// The extension has no part of this name.
    SubExtensionUnknown { url: String, extension: String, allowed: String } = "sub-extension-unknown", Error, Extension,
        "The extension '{extension}' has no part '{url}'; its parts are: {allowed}.";
    /// The extension is used where its definition does not provide for it.
    ExtensionContext { url: String, allowed: String } = "extension-context", Warning, Extension,
        "The extension '{url}' is not meant to be used here; it is defined for: {allowed}.";
    /// The extension's definition says when it may stand in its context (`contextInvariant`), and that is not so.
    ExtensionContextInvariant { url: String, expression: String } = "extension-context-invariant", Warning, Extension,
        "The extension '{url}' may only stand where this is true: {expression}. Remove the extension, or correct the element around it.";
    /// An extension that changes meaning belongs in `modifierExtension`, any other in `extension`.
    ExtensionModifier { url: String, expected: &'static str } = "extension-modifier", Error, Extension,
        "The extension '{url}' belongs in '{expected}'.";

    // Slices.

    /// A slice is there fewer times than it must be.
    SliceMin { slice: String, min: u32, found: u32, nearest: String } = "slice-min", Error, Required,
        "There must be at least {min} of the slice '{slice}'; found {found}.{nearest}";
    /// A slice is there more often than it may be.
    SliceMax { slice: String, max: u32, found: u32 } = "slice-max", Error, Structure,
        "There may be at most {max} of the slice '{slice}'; found {found}.";
    /// An element that fits the conditions of two slices: it counts for the first. The slices of a profile exclude one another.
    SliceAmbiguous { name: String, slices: String } = "slice-ambiguous", Warning, Structure,
        "This '{name}' fits more than one slice: {slices}. It is checked as the first of them. The profile should tell its slices apart.";
    /// The slicing is closed, and the element does not match any of the slices.
    SliceUnmatched { name: String, nearest: String } = "slice-unmatched", Error, Structure,
        "'{name}' does not match any of the slices that the profile allows.{nearest}";
    /// The slices come in the order of the profile.
    SliceOrder { slice: String, after: String } = "slice-order", Error, Structure,
        "The slice '{slice}' must come before the slice '{after}'.";

    /// What is in no slice comes after the slices, where the slicing is open at its end only.
    SliceAtEnd { name: String, slice: String } = "slice-at-end", Error, Structure,
        "This '{name}' is in no slice, so it must come after the slices; here the slice '{slice}' comes after it.";
    /// The id of an element may be any text without spaces (Element.id).
    ElementIdSpace { id: String } = "element-id-space", Error, Value,
        "The element id '{id}' has a space in it, which no id may have. Write it without, as in 'n-1'.";

    // References, contained resources and bundles.

    /// An element's id is unique within its resource (STU3 2.24.0.2, Element.id), as what refers to it cannot tell two apart.
    ElementIdDuplicate { id: String } = "element-id-duplicate", Error, Value,
        "Another element in this resource already has the id '{id}'. Give each element its own id, or leave it out.";
    /// The reference points to a type that is not allowed.
    ReferenceType { found: String, allowed: String } = "reference-type", Error, Structure,
        "This may refer to {allowed}; it refers to {found}.";
    /// A reference's URL has no form that FHIR knows (STU3 2.29.1).
    ReferenceForm { reference: String } = "reference-form", Error, Value,
        "'{reference}' is not a reference: write 'Type/id', an absolute URL, 'urn:uuid:…' or '#id'.";
    /// What stands after the type has characters that no id has, or too many (STU3 2.29.1): no FHIR server can have it, but it
    /// may be what the sender calls the resource.
    ReferenceId { reference: String } = "reference-id", Warning, Value,
        "'{reference}' does not end in a FHIR id, which has 1 to 64 letters, digits, '-' and '.', so it may lead nowhere. Correct the id.";
    /// A search in place of a reference (`Patient?identifier=…`) is for transactions, whose server finds what is meant.
    ReferenceConditional { reference: String } = "reference-conditional", Warning, Value,
        "'{reference}' is a search, which may stand for a reference in a transaction only. Write 'Type/id', or 'identifier' in place of 'reference'.";
    /// The same in an extension, where one may hope that its definition says what the URL is relative to: HL7's own example
    /// of `DiagnosticReport-geneticsAssessedCondition` has a bare id.
    ReferenceFormExtension { reference: String } = "reference-form-extension", Warning, Value,
        "'{reference}' does not say what type it refers to, so it cannot be followed: write 'Type/id', an absolute URL, 'urn:uuid:…' or '#id'.";
    /// `#id` names no contained resource.
    ReferenceContained { reference: String } = "reference-contained", Error, NotFound,
        "'{reference}' refers to a contained resource, and there is none with that id.";
    /// A contained resource has no id, so nothing can refer to it.
    ContainedNoId = "contained-no-id", Error, Required, "A contained resource needs an 'id', so that it can be referred to.";
    /// Two contained resources have the same id.
    ContainedDuplicateId { id: String } = "contained-duplicate-id", Error, Value,
        "Another contained resource already has the id '{id}'. Give each its own.";
    /// A contained resource belongs to what refers to it, so something must (dom-3).
    ContainedOrphan { id: String } = "contained-orphan", Error, Invariant,
        "Nothing in the resource refers to the contained resource '#{id}'. Refer to it, or remove it.";
    /// The reference has the form of a relative URL, and the name in it is no resource type of STU3.
    ReferenceTypeUnknown { reference: String, hint: String } = "reference-type-unknown", Warning, Structure,
        "'{reference}' does not name a resource type of FHIR STU3.{hint}";
    /// The profile says how the target must be supplied (`type.aggregation`), and it is supplied otherwise.
    ReferenceAggregation { found: &'static str, allowed: String } = "reference-aggregation", Error, Structure,
        "The target of this reference is {found}; the profile allows: {allowed}.";
    /// A message or document must hold what its first resource is about (STU3 2.33, 2.34).
    ReferenceNotInBundle { reference: String } = "reference-not-in-bundle", Error, NotFound,
        "'{reference}' is not in this Bundle, and what it refers to must be. Add the entry, or correct its fullUrl.";
    /// What a Composition or a MessageHeader refers to directly is in the Bundle, too (STU3 2.33.1, 2.34.1).
    ReferenceNotIncluded { reference: String, head: &'static str } = "reference-not-included", Warning, NotFound,
        "'{reference}' is not in this Bundle, and what the {head} refers to should be. Add the entry, or correct its fullUrl or the reference.";
    /// Links of a Bundle that say where one is or goes on, of which there is one each.
    BundleLinkTwice { relation: String } = "bundle-link-twice", Error, Structure,
        "There is more than one link '{relation}'; a Bundle has one at most.";
    /// A document starts with its Composition, a message with its MessageHeader (STU3 2.33, 2.34).
    BundleFirstEntry { kind: String, expected: &'static str, found: String } = "bundle-first-entry", Error, Structure,
        "The first entry of a Bundle of type {kind} must be a {expected}; found {found}.";
    /// A `fullUrl` of the form `…/Type/id` needs a resource with that id (STU3 2.36.4).
    FullUrlNoId { url: String } = "full-url-no-id", Error, Structure,
        "The fullUrl '{url}' names a resource on a server, but the resource has no id. Give it the id, or use 'urn:uuid:…'.";
    /// A `fullUrl` does not disagree with the id of its resource (STU3 2.36.3, Bundle.entry.fullUrl).
    FullUrlOther { url: String, found: String } = "full-url-other", Error, Structure,
        "The fullUrl '{url}' is not that of the resource, which is {found}. Correct the one that is wrong.";
    /// A `fullUrl` of the form `…/Type/id` that has the id of its resource, and another type. The specification forbids another
    /// id only, and HL7's own examples have such URLs, so it is a warning.
    FullUrlType { url: String, named: String, found: String } = "full-url-type", Warning, Structure,
        "The fullUrl '{url}' names a resource of type {named}, and the resource is of type {found}. Correct the one that is wrong.";
    /// An identifier whose system says what its value is, and the value is not that.
    IdentifierForm { system: String, expected: &'static str } = "identifier-form", Error, Value,
        "With the system '{system}', the value must be {expected}.";
    /// A UUID under the URL of the document that defines UUIDs.
    IdentifierUuidSystem = "identifier-uuid-system", Warning, Value,
        "A UUID is written with the system 'urn:ietf:rfc:3986' and the value 'urn:uuid:…'.";
    /// Entries without a `fullUrl`: references between them cannot be resolved by FHIR's rules (STU3 2.36.4).
    FullUrlMissing { missing: usize, entries: usize } = "full-url-missing", Warning, Structure,
        "{missing} of {entries} entries have no fullUrl, so references to them cannot be resolved. Give each entry its own.";
    /// `fullUrl` is an absolute URL or a URN (STU3 2.36.4).
    /// However many entries have one that is not, it is one issue, at the first of them.
    FullUrlRelative { url: String, others: String } = "full-url-relative", Error, Value,
        "'fullUrl' must be an absolute URL or 'urn:uuid:…'; found '{url}'.{others}";

    /// What a reference leads to must conform to one of the target profiles that its type has there. The target is in the
    /// same input: in the Bundle, or contained. What is wrong with the target and is reported there is not said again here.
    ReferenceTargetProfile { target: String, profiles: String, fault: String, others: String }
        = "reference-target-profile", Error, Structure,
        "What this refers to, {target}, must conform to {profiles}, but does not.{fault}{others}";

    // Messages, by the MessageDefinition of their event (STU3 2.34).

    /// A message is about fewer resources of a type than the definition of its event asks for.
    MessageFocusMin { code: String, min: u32, found: u32, definition: String } = "message-focus-min", Error, Required,
        "A message of this event must be about at least {min} {code}; found {found}. {definition} asks for that: refer to them in 'focus'.";
    /// A message is about more resources of a type than the definition of its event allows.
    MessageFocusMax { code: String, max: u32, found: u32, definition: String } = "message-focus-max", Error, Structure,
        "A message of this event may be about at most {max} {code}, according to {definition}; found {found}.";
    /// A message is about a resource of a type that the definition of its event does not name.
    MessageFocusType { found: String, allowed: String, definition: String } = "message-focus-type", Error, Structure,
        "A message of this event is about {allowed}, according to {definition}; this resource is of type {found}.";
    /// What a message is about must conform to the profile that the definition of its event gives.
    MessageFocusProfile { target: String, profiles: String, definition: String, fault: String }
        = "message-focus-profile", Error, Structure,
        "In a message of this event, {target} must conform to {profiles}, according to {definition}, but does not.{fault}";
    /// The NHS's message definitions list the profiles that a message of the event is made of. A resource of a listed type
    /// that conforms to none of them is probably meant for another event.
    MessageAsset { profiles: String, definition: String, fault: String } = "message-asset", Warning, BusinessRule,
        "For this type {definition} lists {profiles}, and the resource does not conform to that.{fault}";
    /// The message names a definition, and the definition is that of another event.
    MessageDefinitionEvent { definition: String, expected: String, found: String }
        = "message-definition-event", Warning, BusinessRule,
        "The message names the definition {definition}, which is for the event '{expected}'; its own event is '{found}'. Correct one of the two.";

    // Responses to Questionnaires (STU3 8.10).

    /// The Questionnaire has no item of this link.
    QuestionnaireLinkUnknown { link: String, place: String, hint: String } = "questionnaire-link-unknown", Error, Structure,
        "The Questionnaire has no item '{link}'{place}.{hint}";
    /// The Questionnaire has the item elsewhere: items of a group stand in the group, items of a question in its answer.
    QuestionnairePlace { link: String, expected: String } = "questionnaire-item-place", Error, Structure,
        "The item '{link}' does not belong here: the Questionnaire has it {expected}.";
    /// Items come in the order of the Questionnaire (STU3 8.10.4).
    QuestionnaireOrder { link: String, after: String } = "questionnaire-item-order", Error, Structure,
        "The item '{link}' is in the wrong place: in the Questionnaire it comes before '{after}'.";
    /// A completed response answers everything that is required and enabled.
    QuestionnaireRequired { link: String, text: String } = "questionnaire-answer-required", Error, Required,
        "The item '{link}'{text} must be answered in a completed response, but is not. Answer it, or set the status to 'in-progress'.";
    /// A question or group that does not repeat is there once.
    QuestionnaireRepeats { link: String, found: usize } = "questionnaire-no-repeats", Error, Structure,
        "The item '{link}' does not repeat, but is given {found} times. Keep one.";
    /// Groups and texts that are displayed have no answers.
    QuestionnaireNoAnswer { link: String, kind: &'static str } = "questionnaire-no-answer", Error, Structure,
        "The item '{link}' is {kind}, so it has no answer.";
    /// An item whose condition does not hold (`enableWhen`) is not answered.
    QuestionnaireNotEnabled { link: String } = "questionnaire-not-enabled", Error, BusinessRule,
        "The item '{link}' is answered, though the Questionnaire asks it only when other answers call for it, and they do not. \
         Leave it out, or correct the other answers.";
    /// A condition (`enableWhen`) asks for a question that the Questionnaire does not have, so the item is never asked.
    QuestionnaireQuestionUnknown { link: String, hint: String } = "questionnaire-question-unknown", Error, NotFound,
        "'enableWhen' asks for the answer to '{link}', but no item of this Questionnaire has that 'linkId', so the item would never be asked.{hint}";
    /// The answer has the type that the question asks for.
    QuestionnaireAnswerType { link: String, expected: String, found: String } = "questionnaire-answer-type", Error, Value,
        "The answer to '{link}' must be of type {expected}; found {found}.";
    /// The answer is one of the choices.
    QuestionnaireOption { link: String, found: String, allowed: String } = "questionnaire-option", Error, CodeInvalid,
        "{found} is not among the answers to choose from for '{link}': {allowed}.";
    /// The answer is one of the choices, or text.
    QuestionnaireOptionOpen { link: String, found: String, allowed: String } = "questionnaire-option-open", Warning, CodeInvalid,
        "{found} is not among the answers to choose from for '{link}': {allowed}. Another answer is given as text, in 'valueString'.";
    /// The answer keeps the limits that the question sets: length, digits, least and greatest value, form, number of answers.
    QuestionnaireLimit { link: String, limit: String, found: String } = "questionnaire-limit", Error, Value,
        "The answer to '{link}' must {limit}; found {found}.";
    /// The words of the item are others than the Questionnaire's, so the answer may be to another question than was asked.
    QuestionnaireText { link: String, expected: String } = "questionnaire-text", Warning, BusinessRule,
        "The Questionnaire words '{link}' differently: '{expected}'. Make sure that this is what was asked.";
    /// The Questionnaire says what it may be about.
    QuestionnaireSubject { found: String, allowed: String } = "questionnaire-subject", Error, BusinessRule,
        "The Questionnaire is about {allowed}; the subject here is of type {found}.";

    // Attachments.

    /// `size` is the number of bytes before they were written as base64 (STU3 2.24.0.5).
    AttachmentSize { stated: u64, found: u64 } = "attachment-size", Error, Value,
        "The attachment's size is given as {stated} bytes, and its data has {found}. Give the number of bytes before base64, or leave 'size' out.";
    /// `hash` is the SHA-1 hash of the data, in base64 (STU3 2.24.0.5).
    AttachmentHash = "attachment-hash", Error, Value,
        "The hash is not the SHA-1 hash of the data: one of the two was changed. Do not rely on the attachment until it is known which.";
    /// A SHA-1 hash has 20 bytes. HL7's own examples have shorter ones for data that is elsewhere, so it is a warning.
    AttachmentHashForm { bytes: usize } = "attachment-hash-form", Warning, Value,
        "A SHA-1 hash has 20 bytes, written as base64; this has {bytes}. Hexadecimal digits, or a hash by another method, are not a SHA-1 hash in base64.";

    /// A document holds its Composition and what that refers to, directly or indirectly (STU3 2.33).
    BundleOrphan { count: usize, entries: usize, which: String } = "bundle-orphan", Warning, Structure,
        "{count} of {entries} entries are not referred to from the Composition, directly or indirectly: {which}. Refer to them, or leave them out.";

    // Narrative.

    /// The narrative is not well-formed XHTML.
    NarrativeSyntax { problem: String } = "narrative-syntax", Error, Structure, "The narrative is not well-formed XHTML: {problem}.";
    /// What stands inside of the narrative's `div` is XHTML too.
    NarrativeNamespace { name: String, found: String } = "narrative-namespace", Error, Structure,
        "'{name}' stands in the narrative but is in the namespace '{found}', not in XHTML's. Remove the declaration of the namespace, or the element.";
    /// An element that FHIR does not allow in a narrative (txt-1).
    NarrativeElement { name: String } = "narrative-element", Error, Structure,
        "The element '{name}' is not allowed in a narrative. Only basic formatting, lists, tables, links and images are.";
    /// An attribute that FHIR does not allow in a narrative (txt-1).
    NarrativeAttribute { name: String, element: String } = "narrative-attribute", Error, Structure,
        "The attribute '{name}' on '{element}' is not allowed in a narrative.";
    /// The narrative has neither text nor an image (txt-2).
    NarrativeEmpty = "narrative-empty", Error, Invariant, "The narrative must have some text or an image.";
    /// The narrative is a `div` in XHTML's namespace.
    NarrativeRoot { found: String } = "narrative-root", Error, Structure,
        "The narrative must be one <div xmlns=\"http://www.w3.org/1999/xhtml\">; found {found}.";
    /// An image in the narrative that is neither contained nor on the web.
    NarrativeImage { source: String } = "narrative-image", Error, Structure,
        "The image '{source}' in the narrative refers to a contained resource, and there is none with that id.";
    /// A link in the narrative leads nowhere a reader can go.
    NarrativeLinkUrn { scheme: String } = "narrative-link-urn", Error, Structure,
        "A link in the narrative has the scheme '{scheme}', which a browser cannot follow. Use 'https' or '#id'.";
    /// A link in the narrative would run script.
    NarrativeLink { scheme: String } = "narrative-link", Error, Structure,
        "A link in the narrative has the scheme '{scheme}', which can run script. Remove it.";

    // Definitions: what is wrong with a profile, value set or code system that a user brings.

    /// Definitions are StructureDefinitions, ValueSets, CodeSystems, Questionnaires and MessageDefinitions, alone or in a Bundle.
    DefinitionNotUsed { found: String } = "definition-not-used", Warning, NotSupported,
        "{found} is not something to check against, so it is not used. Give a StructureDefinition, ValueSet, CodeSystem, Questionnaire, MessageDefinition or a Bundle of them.";
    /// An element without which a definition cannot be used is not there.
    DefinitionIncomplete { name: &'static str } = "definition-incomplete", Error, Required,
        "'{name}' is missing here, and the definition cannot be used without it. Add it.";
    /// Two of the definitions given have the same URL and version.
    DefinitionTwice { url: String } = "definition-twice", Warning, BusinessRule,
        "'{url}' is defined twice in what was given, and the last definition counts. Remove one or change its 'url' or 'version'.";
    /// The base definition is not loaded; the profile was made on the type itself, so that what the base asks for is not checked.
    DefinitionBaseUnknown { url: String, hint: String } = "definition-base-unknown", Error, NotFound,
        "The base '{url}' is not known here, so its rules are not part of this definition. Correct it, or give its definition too.{hint}";
    /// The definition is its own base, directly or indirectly.
    DefinitionBaseCycle { url: String } = "definition-base-cycle", Error, Structure,
        "This definition is based on itself, through '{url}'. Base it on another definition.";
    /// The base is a definition of another type.
    DefinitionBaseType { type_name: String, base: String } = "definition-base-type", Error, Structure,
        "The base is a definition of {base}, and this one has the type {type_name}. A profile has the type of its base.";
    /// The path of every element starts with the definition's type.
    DefinitionPathRoot { path: String, type_name: String } = "definition-path-root", Error, Structure,
        "The path '{path}' must start with the type that is defined, '{type_name}'.";
    /// The path leads to an element that the base does not have.
    DefinitionPath { name: String, parent: String, hint: String } = "definition-path", Error, Structure,
        "'{parent}' has no element '{name}', so nothing can be said of it.{hint}";
    /// The definition would have more elements, or be nested more deeply, than can be dealt with.
    DefinitionTooLarge = "definition-too-large", Error, TooCostly,
        "The definition is too large or too deep from here on; the rest of it is ignored.";
    /// A profile may not make optional what the base requires (STU3 5.1.0.4).
    DefinitionMinBelowBase { min: u32, base: u32 } = "definition-min-below-base", Error, BusinessRule,
        "'min' is {min}, but the base requires at least {base}. A profile can ask for more, never for less.";
    /// A profile may not allow more repeats than the base does (STU3 5.1.0.4).
    DefinitionMaxAboveBase { max: String, base: String } = "definition-max-above-base", Error, BusinessRule,
        "'max' is {max}, but the base allows at most {base}. A profile can allow fewer, never more.";
    /// Nothing can be there at least three times and at most twice.
    DefinitionMinAboveMax { min: u32, max: String } = "definition-min-above-max", Error, BusinessRule,
        "'min' is {min} and 'max' is {max}: nothing can satisfy both.";
    /// A profile may not add a type to those of the base (STU3 5.1.0.4).
    DefinitionTypeNotInBase { code: String, allowed: String } = "definition-type-not-in-base", Error, BusinessRule,
        "The base does not allow the type {code} here; it allows: {allowed}.";
    /// There is no such type.
    DefinitionTypeUnknown { code: String, hint: String } = "definition-type-unknown", Error, NotFound,
        "There is no type '{code}'.{hint}";
    /// A profile that a type must conform to is not loaded.
    DefinitionProfileUnknown { url: String, hint: String } = "definition-profile-unknown", Warning, NotFound,
        "The profile '{url}' is not loaded, so conformance to it will not be checked. Give its definition too.{hint}";
    /// A profile on a type is one of another type.
    DefinitionProfileType { url: String, found: String, code: String } = "definition-profile-type", Error, Structure,
        "The profile '{url}' is for {found}, but is given for the type {code}. On a Reference, the target's profile goes in 'targetProfile'.";
    /// A profile of a reference's target is not loaded.
    DefinitionTargetUnknown { url: String, hint: String } = "definition-target-unknown", Warning, NotFound,
        "The target profile '{url}' is not loaded, so references to it will not be checked. Give its definition too.{hint}";
    /// A value set that is bound to is not loaded.
    DefinitionValueSetUnknown { url: String, hint: String } = "definition-value-set-unknown", Warning, NotFound,
        "The value set '{url}' is not loaded, so codes cannot be checked against it. Give its definition too.{hint}";
    /// A profile may not loosen a binding (STU3 4.1.3.1).
    DefinitionBindingWeaker { strength: String, base: String } = "definition-binding-weaker", Error, BusinessRule,
        "The binding is {strength}, but the base's is {base}. A profile can make a binding stronger, never weaker.";
    /// A slice name makes a slice only of an element that is sliced.
    DefinitionNoSlicing { slice: String } = "definition-no-slicing", Error, Structure,
        "'{slice}' is named as a slice, but nothing slices the element, so what is said here holds for all of its repeats. Put an element with the same path and 'slicing' before it.";
    /// Slices that nothing tells apart cannot be checked.
    DefinitionNoDiscriminator = "definition-no-discriminator", Warning, BusinessRule,
        "The slicing has no discriminator, so nothing says which slice an element belongs to. Add one.";
    /// A discriminator looks at an element that is not there.
    DefinitionDiscriminator { path: String, name: String, parent: String } = "definition-discriminator", Error, Structure,
        "The discriminator '{path}' leads nowhere: '{parent}' has no element '{name}'.";
    /// The element whose content should be shared is not there.
    DefinitionContentMissing { reference: String } = "definition-content-missing", Error, NotFound,
        "'{reference}' refers to no element of this definition, so its content is not known.";
    /// An invariant's expression is not FHIRPath.
    DefinitionInvariant { key: String, at: usize, expected: String, found: String } = "definition-invariant", Error, Value,
        "The expression of rule {key} is not FHIRPath: at character {at}, expected {expected}, found {found}.";
}
