//! Conformance resources as facts: what a definition demands, without its prose.
//!
//! Read from a [`Tree`](crate::tree::Tree), whether the definition came as JSON or XML; written as FHIR JSON.

pub mod message;
pub mod questionnaire;
pub mod read;
pub mod shape;
pub mod snapshot;
pub mod write;

/// Splits `url|version`, without a `/_history/n` that stands after either.
pub fn split_canonical(canonical: &str) -> (&str, Option<&str>) {
    fn current(text: &str) -> &str {
        text.find("/_history/").map_or(text, |at| &text[..at])
    }
    match canonical.split_once('|') {
        Some((url, version)) => (current(url), Some(current(version)).filter(|version| !version.is_empty())),
        None => (current(canonical), None),
    }
}

/// A value that a definition fixes, kept as FHIR JSON text: `"phone"`, `{"coding":[…]}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The type, from the property's name: `CodeableConcept` of `patternCodeableConcept`.
    pub type_name: String,
    /// The value as JSON text, properties in the order given.
    pub json: String,
}

/// Whether a type is a resource, a data type or a primitive (`StructureDefinition.kind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StructureKind {
    /// `primitive-type`
    Primitive,
    /// `complex-type`
    Complex,
    /// `resource`
    Resource,
    /// `logical`
    Logical,
}

/// A StructureDefinition (STU3 5.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructureDefinition {
    /// The canonical URL.
    pub url: String,
    /// The business version; empty if none.
    pub version: String,
    /// The computer-friendly name.
    pub name: String,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: String,
    /// `date` as given; empty if none.
    pub date: String,
    /// Resource, data type, primitive or logical model.
    pub kind: StructureKind,
    /// Whether no instance can be just this type.
    pub is_abstract: bool,
    /// The type defined or constrained: `Patient`.
    pub type_name: String,
    /// The canonical URL of what this is derived from; none for `Element` and `Resource`.
    pub base_definition: Option<String>,
    /// Whether this constrains an existing type (a profile), rather than defining a new one.
    pub is_constraint: bool,
    /// `resource`, `datatype` or `extension`: what `contexts` name. Extensions only.
    pub context_type: Option<String>,
    /// Where an extension may stand.
    pub contexts: Vec<String>,
    /// FHIRPath that must be true where the extension stands.
    pub context_invariants: Vec<String>,
    /// What the definition states itself.
    pub differential: Vec<ElementDefinition>,
    /// Everything, as the publisher generated it; empty if not given.
    pub snapshot: Vec<ElementDefinition>,
}

/// An ElementDefinition (STU3 2.26).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElementDefinition {
    /// `Patient.identifier:nhsNumber.system`; empty if not given.
    pub id: String,
    /// `Patient.identifier.system`.
    pub path: String,
    /// `xmlAttr`, `xmlText`, `typeAttr`, `cdaText`, `xhtml`.
    pub representation: Vec<String>,
    /// The slice's name.
    pub slice_name: Option<String>,
    /// How the repeats are told apart.
    pub slicing: Option<Slicing>,
    /// The least number of repeats.
    pub min: Option<u32>,
    /// The greatest number of repeats: a number or `*`.
    pub max: Option<String>,
    /// What the element was where it was first defined.
    pub base: Option<Base>,
    /// `#Questionnaire.item`: the element whose content this one shares.
    pub content_reference: Option<String>,
    /// The types allowed.
    pub types: Vec<TypeRef>,
    /// The value must be exactly this.
    pub fixed: Option<Value>,
    /// The value must hold at least this.
    pub pattern: Option<Value>,
    /// The least value.
    pub min_value: Option<Value>,
    /// The greatest value.
    pub max_value: Option<Value>,
    /// The greatest length of a string, in characters.
    pub max_length: Option<u32>,
    /// Keys of constraints that apply, of those defined elsewhere.
    pub conditions: Vec<String>,
    /// The invariants.
    pub constraints: Vec<Constraint>,
    /// Whether a system must make some use of it.
    pub must_support: Option<bool>,
    /// Whether it changes the meaning of the rest.
    pub is_modifier: Option<bool>,
    /// Whether it is part of a summary.
    pub is_summary: Option<bool>,
    /// The codes allowed.
    pub binding: Option<Binding>,
}

/// How the repeats of an element are told apart (STU3 5.1.0.14).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slicing {
    /// What is looked at: type (`value`, `exists`, `pattern`, `type`, `profile`) and path.
    pub discriminators: Vec<(String, String)>,
    /// Whether the slices must come in the order of the profile.
    pub ordered: Option<bool>,
    /// `open`, `closed` or `openAtEnd`.
    pub rules: String,
}

/// What an element was where it was first defined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// The path there.
    pub path: String,
    /// The least number of repeats there.
    pub min: u32,
    /// The greatest number of repeats there.
    pub max: String,
}

/// One type that an element may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeRef {
    /// The type's name: `Quantity`. A primitive's own `value` has none.
    pub code: String,
    /// Profiles on the type, canonical URLs.
    pub profiles: Vec<String>,
    /// Profiles on the target of a reference, canonical URLs.
    pub target_profiles: Vec<String>,
    /// `contained`, `referenced`, `bundled`.
    pub aggregation: Vec<String>,
    /// `either`, `independent` or `specific`.
    pub versioning: Option<String>,
    /// The extension `structuredefinition-regex` on a primitive's own `value`: the whole text must match it.
    pub regex: Option<String>,
    /// The extension `structuredefinition-json-type` on a primitive's own `value`: `string`, `number` or `boolean`.
    pub json_type: Option<String>,
}

/// An invariant, as facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraint {
    /// `dom-1`.
    pub key: String,
    /// `error` or `warning`.
    pub severity: String,
    /// FHIRPath; none where the publisher gave XPath alone.
    pub expression: Option<String>,
    /// The canonical URL of the definition that states it; empty where it is the one that it stands in.
    pub source: String,
    /// The author's words. Of a user's own definitions only: nothing published that ships keeps them.
    pub human: Option<String>,
}

/// A binding to a value set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// `required`, `extensible`, `preferred` or `example`; empty where a differential leaves it as it is.
    pub strength: String,
    /// The canonical URL of the value set; none where there is only a description.
    pub value_set: Option<String>,
    /// The extension `elementdefinition-maxValueSet`: no code may be outside of this one.
    pub max_value_set: Option<String>,
}

/// A CodeSystem (STU3 4.6), as facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeSystem {
    /// The canonical URL: the `system` of its codes.
    pub url: String,
    /// The business version; empty if none.
    pub version: String,
    /// The computer-friendly name.
    pub name: String,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: String,
    /// Other URLs and OIDs of the same system (`identifier`).
    pub identifiers: Vec<String>,
    /// The value set of all its codes.
    pub value_set: Option<String>,
    /// Whether codes differ by case.
    pub case_sensitive: bool,
    /// `complete`, `fragment`, `example`, `not-present`: whether `concepts` are all there are; or `supplement`, where they
    /// only add to those of another system.
    pub content: String,
    /// The canonical URL of the system that this one adds to.
    pub supplements: Option<String>,
    /// Every concept, parents before children.
    pub concepts: Vec<Concept>,
}

/// A concept of a [`CodeSystem`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concept {
    /// The code.
    pub code: String,
    /// The display; empty if none.
    pub display: String,
    /// Other words for it: language (may be empty) and text.
    pub designations: Vec<(String, String)>,
    /// The index, in [`CodeSystem::concepts`], of each concept that this one is a kind of.
    pub parents: Vec<u32>,
    /// Properties: code and value as text.
    pub properties: Vec<(String, String)>,
}

/// A ValueSet (STU3 4.8), as facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueSet {
    /// The canonical URL.
    pub url: String,
    /// The business version; empty if none.
    pub version: String,
    /// The computer-friendly name.
    pub name: String,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: String,
    /// What is in it.
    pub include: Vec<ConceptSet>,
    /// What is taken out again.
    pub exclude: Vec<ConceptSet>,
    /// Whether codes that their system says are inactive are not in it (`compose.inactive` is false).
    pub is_active_only: bool,
}

/// One part of a value set's definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConceptSet {
    /// The code system's URL.
    pub system: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Codes listed, with their displays (may be empty); with no codes and no filters, all of the system.
    pub concepts: Vec<(String, String)>,
    /// Property, operator (`is-a`, `=`, …) and value.
    pub filters: Vec<(String, String, String)>,
    /// Canonical URLs of value sets; a code must be in each of them.
    pub value_sets: Vec<String>,
}
