//! Validates and displays CareConnect (UK FHIR STU3) resources, offline, in the browser, in Node.js and natively.
//!
//! A [`Careconnect`] is made of packs of definitions. The feature `packs` has them in the crate (2 MB), as
//! `packs::STU3` and so on; without it they are the `.pack` files of the npm package of the same version, or what
//! `cargo xtask packs` makes in a working copy, read by the program. The core itself touches no file and no network.
//!
#![cfg_attr(feature = "packs", doc = "```")]
#![cfg_attr(not(feature = "packs"), doc = "```ignore")]
//! use careconnect::{Careconnect, check, outcome, packs, render};
//!
//! let careconnect = Careconnect::load(&[packs::STU3, packs::CARECONNECT])?;
//! let patient = br#"{ "resourceType": "Patient", "gender": "sometimes" }"#;
//!
//! let report = careconnect.validate(patient, &check::Options::default());
//! assert!(!report.is_valid());
//! let issue = &report.issues[0];
//! assert_eq!((issue.problem.rule(), &*issue.expression), ("code-required", "Patient.gender"));
//! println!("{}:{} {}", issue.position.line, issue.position.column, issue.problem.message());
//!
//! // The same as an OperationOutcome, and as the plain data that the npm package gives.
//! let outcome = outcome::operation_outcome(&report);
//! assert_eq!(outcome["resourceType"], "OperationOutcome");
//! assert_eq!(outcome::plain(&report)["valid"], false);
//!
//! let options = render::Options { as_: render::As::Text, ..Default::default() };
//! assert!(careconnect.render(patient, &options).output.contains("Gender: Sometimes"));
//! # Ok::<(), careconnect::pack::PackError>(())
//! ```
//!
//! Any number of threads may use one handle at once: every method takes `&self`, and nothing is shared that changes.

pub mod author;
pub mod bytes;
pub mod calls;
pub mod cda;
pub mod check;
pub mod contradictions;
pub mod definitions;
pub mod exchange;
pub mod fhirpath;
pub mod inspect;
pub mod issue;
pub mod limits;
pub mod links;
pub mod model;
pub mod name;
pub mod needs;
pub mod nhs;
pub mod options;
mod order;
pub mod outcome;
pub mod pack;
#[cfg(feature = "packs")]
pub mod packs;
pub mod parse;
pub mod plan;
pub mod primitive;
pub mod redact;
pub mod release;
pub mod render;
pub mod report;
pub mod source;
pub mod terminology;
pub mod tree;
pub mod typed;
pub mod view;
#[cfg(target_arch = "wasm32")]
mod wasm;
pub mod xhtml;

/// The README's examples in Rust, as tests.
#[cfg(all(doctest, feature = "packs"))]
#[doc = include_str!("../README.md")]
mod readme {}

use author::DefinitionReport;
use definitions::{Definitions, Index};
use pack::PackError;
use parse::{Limits, Parsed};
use render::compare::{self, Comparison};
use render::language::Language;
use report::Report;
use typed::Typed;

/// A validator and viewer over a set of definitions. Immutable: every method takes `&self`.
#[derive(Clone, Debug, Default)]
pub struct Careconnect {
    definitions: Definitions,
}

impl Careconnect {
    /// Over definitions that are loaded already.
    pub fn new(definitions: Definitions) -> Self {
        Careconnect { definitions }
    }

    /// Over the definitions in packs. Where two define the same URL, the pack that comes last is preferred.
    ///
    /// # Errors
    /// A pack is in another format or damaged.
    pub fn load(packs: &[&[u8]]) -> Result<Self, PackError> {
        Careconnect::default().with_packs(packs)
    }

    /// The same with a user's own definitions added, and what is wrong with them, input by input. See [`author::add`].
    pub fn with_definitions(&self, inputs: &[&[u8]]) -> (Careconnect, Vec<DefinitionReport>) {
        let (definitions, reports) = author::add(&self.definitions, inputs);
        (Careconnect { definitions }, reports)
    }

    /// The same with more packs, which go before a user's own definitions: those must be added again.
    ///
    /// # Errors
    /// A pack is in another format or damaged.
    pub fn with_packs(&self, packs: &[&[u8]]) -> Result<Self, PackError> {
        let mut definitions = self.definitions.clone();
        for pack in packs {
            definitions.load(*pack)?;
        }
        Ok(Careconnect { definitions })
    }

    /// What is loaded.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Checks a resource in JSON or XML. A bad resource is data: whatever the bytes, there is a report.
    pub fn validate(&self, input: &[u8], options: &check::Options) -> Report {
        self.checked(input, parse::parse(input, self.definitions.names(), Limits::default()), options)
    }

    /// The report on what was read of an input. A definition gets the checks that its author wants, too.
    fn checked(&self, input: &[u8], mut parsed: Parsed, options: &check::Options) -> Report {
        let typed = Typed::new(&mut parsed.tree, &self.definitions);
        let report = check::check(&parsed, &typed, options);
        match author::is_definition(&parsed.tree) {
            true => author::with_author_checks(&self.definitions, input, report, options),
            false => report,
        }
    }

    /// The same, knowing what packs there are: what is not loaded can then be said to be in one of them, and
    /// [`needed`](Self::needed) says which a resource needs. The packs of the crate have theirs in `packs::INDEX`.
    pub fn with_index(&self, index: Index) -> Self {
        let mut definitions = self.definitions.clone();
        definitions.set_index(index);
        Careconnect { definitions }
    }

    /// The names of the packs that a resource in JSON or XML needs, or `profiles` do, and that are not loaded. See
    /// [`needs::needed`].
    pub fn needed(&self, input: &[u8], profiles: &[String]) -> Vec<String> {
        let parsed = parse::parse(input, self.definitions.names(), Limits::default());
        needs::needed(&parsed.tree, profiles, &self.definitions)
    }

    /// Checks a resource, unless it needs packs that are not loaded: then their names are given instead.
    ///
    /// # Errors
    /// The names of the packs that [`needed`](Self::needed) gives.
    pub fn validate_if_loaded(&self, input: &[u8], options: &check::Options) -> Result<Report, Vec<String>> {
        let parsed = parse::parse(input, self.definitions.names(), Limits::default());
        let asked: Vec<String> = options.asked().cloned().collect();
        let needed = needs::needed(&parsed.tree, &asked, &self.definitions);
        if !needed.is_empty() {
            return Err(needed);
        }
        Ok(self.checked(input, parsed, options))
    }

    /// Displays a resource in JSON or XML.
    pub fn render(&self, input: &[u8], options: &render::Options) -> render::Rendered {
        let mut parsed = parse::parse(input, self.definitions.names(), Limits::default());
        let typed = Typed::new(&mut parsed.tree, &self.definitions);
        if options.mode != render::Mode::Diff {
            return render::render_parsed(&parsed, &typed, &self.definitions, options);
        }
        let older = options.against.as_deref().unwrap_or_default();
        let mut older = parse::parse(older, self.definitions.names(), Limits::default());
        let older_typed = Typed::new(&mut older.tree, &self.definitions);
        let (older, newer) = ((&older, &older_typed), (&parsed, &typed));
        render::render_difference(older, newer, &self.definitions, options)
    }

    /// A copy of a resource without personal data and with the same faults. See [`redact::redact`].
    pub fn redact(&self, input: &[u8], key: &[u8]) -> String {
        redact::redact(input, &self.definitions, key)
    }

    /// Compares the patients of two inputs by the fields that GP Connect asks consumers to cross-check. See
    /// [`render::compare::demographics`].
    ///
    /// # Errors
    /// An input has no Patient or several.
    pub fn compare_demographics(&self, a: &[u8], b: &[u8], language: Language) -> Result<Comparison, String> {
        let parse = |input| parse::parse(input, self.definitions.names(), Limits::default()).tree;
        compare::demographics(&parse(a), &parse(b), &(), language)
    }

    /// Checks a resource and finds the help for each issue, in the same order. See [`inspect::help`].
    pub fn validate_with_help(&self, input: &[u8], options: &check::Options) -> (Report, Vec<inspect::Help>) {
        let report = self.validate(input, options);
        let help = inspect::help(&self.definitions, input, &report);
        (report, help)
    }
}
