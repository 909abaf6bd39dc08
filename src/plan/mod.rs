//! A profile compiled for checking: its snapshot as a flat list of elements, linked by index, with names as integers.

pub mod compile;
pub mod restore;

use crate::fhirpath::{Expression, SyntaxError};
use crate::name::NameId;
use crate::tree::Tree;
use std::sync::{Arc, OnceLock};

/// No upper bound on repeats.
pub const UNBOUNDED: u32 = u32::MAX;

/// A compiled StructureDefinition.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The canonical URL.
    pub url: Box<str>,
    /// The business version; empty if none.
    pub version: Box<str>,
    /// The computer-friendly name.
    pub name: Box<str>,
    /// Resource, data type, primitive or logical model.
    pub kind: crate::model::StructureKind,
    /// Whether no instance can be just this type.
    pub is_abstract: bool,
    /// Whether this is a profile of a type, rather than a type.
    pub is_constraint: bool,
    /// The type: `Patient`, `Quantity`.
    pub type_name: Box<str>,
    /// The id of the type's name.
    pub type_id: NameId,
    /// The canonical URL of what it is derived from.
    pub base: Option<Box<str>>,
    /// `resource`, `datatype` or `extension`: what `contexts` name. Extensions only.
    pub context_type: Option<Box<str>>,
    /// Where an extension may stand.
    pub contexts: Vec<Box<str>>,
    /// FHIRPath that must be true where the extension stands.
    pub context_invariants: Vec<Box<str>>,
    /// Every element; the first is the root.
    pub elements: Vec<Element>,
}

/// An element of a plan.
#[derive(Clone, Debug)]
pub struct Element {
    /// `Patient.identifier:nhsNumber.system`: shown in issues, never matched on.
    pub id: Box<str>,
    /// The last step of the path, without `[x]`.
    pub name: NameId,
    /// The slice's name, where it is one.
    pub slice_name: Option<Box<str>>,
    /// The elements inside, in order, without slices: those hang on the element that they slice.
    pub children: Vec<u32>,
    /// How the repeats are told apart, and the slices in order.
    pub slicing: Option<Slicing>,
    /// The least number of repeats.
    pub min: u32,
    /// The greatest number of repeats; [`UNBOUNDED`] for `*`.
    pub max: u32,
    /// Whether it repeats in the base type: JSON then has an array, and locations an index.
    pub repeats: bool,
    /// Whether it is `name[x]`.
    pub is_choice: bool,
    /// The types allowed.
    pub types: Vec<Type>,
    /// The element of the same plan whose children apply here.
    pub content: Option<u32>,
    /// Whether it changes the meaning of the rest.
    pub is_modifier: bool,
    /// Whether a system must make some use of it.
    pub must_support: bool,
    /// Whether it is part of a summary.
    pub is_summary: bool,
    /// Whether XML writes it as an attribute.
    pub is_attribute: bool,
    /// What each occurrence must keep.
    pub rules: Vec<Rule>,
}

/// One type that an element may have.
#[derive(Clone, Debug)]
pub struct Type {
    /// The type's name: `Quantity`. A primitive's own `value` has none.
    pub code: Box<str>,
    /// The id of the type's name.
    pub code_id: NameId,
    /// The name that the element has with this type: `valueQuantity` for a choice, the element's own otherwise.
    pub element_name: NameId,
    /// Profiles on the type.
    pub profiles: Vec<Box<str>>,
    /// Profiles on a reference's target.
    pub targets: Vec<Box<str>>,
    /// `contained`, `referenced`, `bundled`.
    pub aggregation: Vec<Box<str>>,
}

/// What an occurrence of an element must keep. The set is closed: a rule is data, and `check` has one place for each.
#[derive(Clone, Debug)]
pub enum Rule {
    /// The value is exactly this.
    Fixed(Sample),
    /// The value holds at least this.
    Pattern(Sample),
    /// The code is in a value set.
    Binding(Binding),
    /// An invariant is true.
    Invariant(Arc<Invariant>),
    /// At most this many characters.
    MaxLength(u32),
    /// At least this value.
    MinValue(Sample),
    /// At most this value.
    MaxValue(Sample),
}

/// A value that a profile states.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its type.
    pub type_name: Box<str>,
    /// The JSON object `{"value": …}` read as a tree; the value is the root's child `value` (several, if a list).
    pub tree: Arc<Tree>,
}

/// A binding to a value set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// How binding it is.
    pub strength: Strength,
    /// The canonical URL of the value set; none where there is only a description.
    pub value_set: Option<Box<str>>,
    /// No code may be outside of this value set, whatever the strength.
    pub max_value_set: Option<Box<str>>,
}

/// How binding a value set is (STU3 4.1.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// The code must be in it.
    Required,
    /// It must be, if the value set has a code for the meaning.
    Extensible,
    /// It should be.
    Preferred,
    /// Anything goes.
    Example,
}

/// An invariant.
#[derive(Debug, Default)]
pub struct Invariant {
    /// `dom-1`.
    pub key: Box<str>,
    /// Whether breaking it is an error, rather than a warning.
    pub is_error: bool,
    /// The FHIRPath as published, or as patched.
    pub expression: Box<str>,
    /// The canonical URL of the definition that states it.
    pub source: Box<str>,
    /// The author's words, of a user's own definition; empty if none. Packs do not keep them.
    pub human: Box<str>,
    /// The expression compiled, at its first use.
    pub compiled: OnceLock<Result<Expression, SyntaxError>>,
}

/// How an element's repeats are told apart (STU3 5.1.0.14).
#[derive(Clone, Debug)]
pub struct Slicing {
    /// What is looked at.
    pub discriminators: Vec<Discriminator>,
    /// Whether the slices must come in the order given.
    pub ordered: bool,
    /// What may come besides the slices.
    pub rules: SlicingRules,
    /// The slices, indexes of elements in the same plan, in order.
    pub slices: Vec<u32>,
}

/// What may come besides the slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlicingRules {
    /// Anything, anywhere.
    Open,
    /// Nothing.
    Closed,
    /// Anything, after the slices.
    OpenAtEnd,
}

/// One thing that tells slices apart.
#[derive(Clone, Debug)]
pub struct Discriminator {
    /// What of the value is looked at.
    pub kind: DiscriminatorKind,
    /// Where it stands, a restricted FHIRPath; `$this` for the element itself.
    pub path: Box<str>,
}

/// What a discriminator looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscriminatorKind {
    /// The value that the slice fixes there.
    Value,
    /// Whether there is a value.
    Exists,
    /// The pattern that the slice has there.
    Pattern,
    /// The type.
    Type,
    /// The profile.
    Profile,
}

impl Strength {
    /// FHIR's code for it.
    pub fn code(self) -> &'static str {
        match self {
            Strength::Required => "required",
            Strength::Extensible => "extensible",
            Strength::Preferred => "preferred",
            Strength::Example => "example",
        }
    }
}

impl SlicingRules {
    /// FHIR's code for it.
    pub fn code(self) -> &'static str {
        match self {
            SlicingRules::Open => "open",
            SlicingRules::Closed => "closed",
            SlicingRules::OpenAtEnd => "openAtEnd",
        }
    }
}

impl DiscriminatorKind {
    /// FHIR's code for it.
    pub fn code(self) -> &'static str {
        match self {
            DiscriminatorKind::Value => "value",
            DiscriminatorKind::Exists => "exists",
            DiscriminatorKind::Pattern => "pattern",
            DiscriminatorKind::Type => "type",
            DiscriminatorKind::Profile => "profile",
        }
    }
}

impl Sample {
    /// The value as JSON text, decimals as they were written.
    pub fn json(&self) -> &str {
        let json = self.tree.source().strip_prefix("{\"value\":").and_then(|rest| rest.strip_suffix('}'));
        json.unwrap_or("null")
    }
}

/// The greatest number of repeats as definitions write it: a number or `*`.
pub fn bound(max: u32) -> String {
    if max == UNBOUNDED { "*".to_owned() } else { max.to_string() }
}

impl Plan {
    /// The URL with the version: `http://…/CareConnect-Patient-1|1.0.0`.
    pub fn canonical(&self) -> String {
        if self.version.is_empty() { self.url.to_string() } else { format!("{}|{}", self.url, self.version) }
    }

    /// The children of an element, through a content reference.
    pub fn children<'a>(&'a self, element: &'a Element) -> &'a [u32] {
        match element.content.and_then(|at| self.elements.get(at as usize)) {
            Some(shared) if element.children.is_empty() => &shared.children,
            _ => &element.children,
        }
    }
}
