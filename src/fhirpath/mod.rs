//! FHIRPath: the language that FHIR's invariants, slices and search parameters are written in.
//!
//! An [`Expression`] is compiled once and evaluated on any number of nodes. It is FHIRPath N1 (2.0.0) with the later functions
//! of 3.0 and FHIR's own; what STU3's definitions do differently is taken as they mean it. It knows no profile and no type:
//! what an element is, what a reference leads to and whether a code is in a value set is asked of a [`Host`].
//!
//! What the host does not know is [`Outcome::Unknown`], never a guess: `unknown or true` is true, `unknown and true` unknown.

pub mod decimal;
mod eval;
mod expression;
mod functions;
mod host;
mod item;
mod lex;
mod operators;
mod parse;
mod seen;
pub mod temporal;
pub mod types;
mod unit;
mod value;

pub use expression::{Binder, Expression, Outcome, Scope};
pub use host::{Host, Resolved};
pub use value::{Quantity, Unit, Value};

use std::fmt;

/// Why a text is no FHIRPath expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The byte of the text where it goes wrong.
    pub offset: usize,
    /// What could stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "At character {} of the expression: expected {}, found {}.",
            self.offset + 1,
            self.expected,
            self.found
        )
    }
}

impl std::error::Error for SyntaxError {}

/// What the host does not know, so that there is no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Whether a code is in the value set of this URL.
    ValueSet(String),
    /// Whether an element conforms to the profile of this URL.
    Profile(String),
    /// What this reference leads to.
    Reference(String),
    /// Whether a narrative is allowed.
    Narrative,
    /// What day it is.
    Now,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unknown::ValueSet(url) => write!(f, "it is not known which codes the value set {url} has"),
            Unknown::Profile(url) => write!(f, "it is not known what the profile {url} asks for"),
            Unknown::Reference(reference) => write!(f, "the resource that {reference} refers to is not at hand"),
            Unknown::Narrative => f.write_str("the narrative was not checked"),
            Unknown::Now => f.write_str("today's date was not given"),
        }
    }
}

/// Why an expression has no result on some input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvalError {
    /// More than one item where one was needed.
    Several {
        /// The operator or function.
        of: &'static str,
        /// How many items there were.
        count: usize,
    },
    /// An item of a type that an operator or function does not take.
    Type {
        /// The operator or function.
        of: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What it was given.
        found: String,
    },
    /// A `%name` that nothing defines.
    NoVariable(String),
    /// A `%name` that is defined already.
    Redefined(String),
    /// A type that does not exist.
    NoType(String),
    /// An element that its parent does not have by its definition. Only where the host is strict.
    NoElement(String),
    /// A regular expression that cannot be used.
    Pattern(String),
    /// An extension that changes the meaning of an element and is not known.
    Modifier(String),
    /// More steps than are allowed for one evaluation.
    TooCostly,
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvalError::Several { of, count } => write!(f, "{of} needs one item and was given {count}"),
            EvalError::Type { of, expected, found } => write!(f, "{of} needs {expected} and was given {found}"),
            EvalError::NoVariable(name) => write!(f, "nothing defines %{name}"),
            EvalError::Redefined(name) => write!(f, "%{name} is defined already"),
            EvalError::NoType(name) => write!(f, "there is no type {name}"),
            EvalError::NoElement(path) => write!(f, "there is no element {path}"),
            EvalError::Pattern(pattern) => write!(f, "the regular expression {pattern} cannot be used"),
            EvalError::Modifier(url) => write!(f, "the modifier extension {url} is not known"),
            EvalError::TooCostly => f.write_str("it takes too many steps on this resource"),
        }
    }
}

impl std::error::Error for EvalError {}

/// Why an evaluation stopped without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Something is not known.
    Unknown(Box<Unknown>),
    /// The expression does not fit its input.
    Error(Box<EvalError>),
}

impl From<EvalError> for Stop {
    fn from(error: EvalError) -> Self {
        Stop::Error(Box::new(error))
    }
}

impl From<Unknown> for Stop {
    fn from(unknown: Unknown) -> Self {
        Stop::Unknown(Box::new(unknown))
    }
}
