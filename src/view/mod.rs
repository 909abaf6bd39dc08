//! Flat tables of resources: the ViewDefinitions of SQL on FHIR v2, with our own FHIRPath.
//!
//! A [`View`] is compiled once and makes the rows of any number of resources. A resource that a row cannot be made of gives a
//! fault in words and no rows; what is wrong with the definition itself is said before any resource is looked at.

mod definition;
mod host;
mod rows;
mod write;

pub use definition::{Column, View};
pub use rows::{Cell, Row};
pub use write::{As, written};

/// The most rows that one resource may make.
pub const ROWS: usize = 100_000;
