//! Validates and displays CareConnect (UK FHIR STU3) resources, offline, in the browser, in Node.js and natively.

pub mod check;
pub mod definitions;
pub mod issue;
pub mod model;
pub mod name;
pub mod parse;
pub mod plan;
pub mod primitive;
pub mod report;
pub mod source;
pub mod terminology;
pub mod tree;
pub mod typed;
