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
pub mod told;
pub mod tree;
pub mod typed;
pub mod version;
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
use told::Told;
use typed::Typed;
use version::Version;

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
        let versions = self.versions_of(inputs);
        let mut definitions = self.definitions.clone();
        let mut reports: Vec<Option<DefinitionReport>> = inputs.iter().map(|_| None).collect();
        for version in Version::ALL {
            let places: Vec<usize> = (0..inputs.len()).filter(|at| versions.get(*at) == Some(&version)).collect();
            if places.is_empty() {
                continue;
            }
            let own: Vec<&[u8]> = places.iter().filter_map(|at| inputs.get(*at).copied()).collect();
            let (added, said) = author::add(&definitions.of(version), &own);
            definitions = added.of(definitions.version());
            for (at, report) in places.into_iter().zip(said) {
                if let Some(place) = reports.get_mut(at) {
                    *place = Some(report);
                }
            }
        }
        (Careconnect { definitions }, reports.into_iter().flatten().collect())
    }

    /// The release of FHIR of each of a user's definitions. Those that say nothing of it are of that of most others.
    fn versions_of(&self, inputs: &[&[u8]]) -> Vec<Version> {
        if !self.definitions.has(Version::R4) {
            return inputs.iter().map(|_| Version::Stu3).collect();
        }
        let tell = |input: &&[u8]| {
            let parsed = parse::parse(input, self.definitions.names(), Limits::default());
            self.tell(&parsed, None)
        };
        let told: Vec<Told> = inputs.iter().map(tell).collect();
        let count = |version| told.iter().filter(|told| told.is_certain && told.version == version).count();
        let most = if count(Version::R4) > count(Version::Stu3) { Version::R4 } else { Version::Stu3 };
        let version = |told: Told| {
            let told = if told.is_certain { told } else { Told { version: most, ..told } };
            told.settled(&self.definitions).version
        };
        told.into_iter().map(version).collect()
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
        let parsed = parse::parse(input, self.definitions.names(), Limits::default());
        let told = self.tell(&parsed, options.fhir_version);
        self.checked(input, parsed, told, options)
    }

    /// The report on what was read of an input. A definition gets the checks that its author wants, too.
    fn checked(&self, input: &[u8], mut parsed: Parsed, told: Told, options: &check::Options) -> Report {
        let told = told.settled(&self.definitions);
        let definitions = self.definitions.of(told.version);
        let typed = Typed::new(&mut parsed.tree, &definitions);
        let mut report = check::check(&parsed, &typed, options);
        if author::is_definition(&parsed.tree) {
            report = author::with_author_checks(&definitions, input, report, options);
        }
        Report { told, ..report }
    }

    /// The release of FHIR that an input is of. CDA is of none.
    fn tell(&self, parsed: &Parsed, asked: Option<Version>) -> Told {
        match parsed.cda {
            Some(_) => Told::default(),
            None => told::tell(&parsed.tree, &self.definitions, asked),
        }
    }

    /// The definitions of the release of FHIR that an input is of: those that everything but a validation, which finds them
    /// itself, is to be given.
    pub fn definitions_for(&self, input: &[u8]) -> Definitions {
        if !self.definitions.has(Version::R4) {
            return self.definitions.clone();
        }
        let parsed = parse::parse(input, self.definitions.names(), Limits::default());
        self.definitions.of(self.tell(&parsed, None).settled(&self.definitions).version)
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
        self.needed_by(input, profiles, None)
    }

    /// The same, where the caller says of which release of FHIR what says nothing is.
    pub fn needed_by(&self, input: &[u8], profiles: &[String], fhir_version: Option<Version>) -> Vec<String> {
        let parsed = parse::parse(input, self.definitions.names(), Limits::default());
        let is_resource = parsed.tree.resource_type(parsed.tree.root()).is_some();
        let version = is_resource.then(|| self.tell(&parsed, fhir_version).version);
        needs::needed(&parsed.tree, profiles, version, &self.definitions)
    }

    /// Checks a resource, unless it needs packs that are not loaded: then their names are given instead.
    ///
    /// # Errors
    /// The names of the packs that [`needed`](Self::needed) gives.
    pub fn validate_if_loaded(&self, input: &[u8], options: &check::Options) -> Result<Report, Vec<String>> {
        let parsed = parse::parse(input, self.definitions.names(), Limits::default());
        let asked: Vec<String> = options.asked().cloned().collect();
        let told = self.tell(&parsed, options.fhir_version);
        let needed = needs::needed(&parsed.tree, &asked, Some(told.version), &self.definitions);
        if !needed.is_empty() {
            return Err(needed);
        }
        Ok(self.checked(input, parsed, told, options))
    }

    /// Displays a resource in JSON or XML.
    pub fn render(&self, input: &[u8], options: &render::Options) -> render::Rendered {
        let mut parsed = parse::parse(input, self.definitions.names(), Limits::default());
        let definitions = self.definitions.of(self.tell(&parsed, None).settled(&self.definitions).version);
        let typed = Typed::new(&mut parsed.tree, &definitions);
        if options.mode != render::Mode::Diff {
            return render::render_parsed(&parsed, &typed, &definitions, options);
        }
        let older = options.against.as_deref().unwrap_or_default();
        let mut older = parse::parse(older, definitions.names(), Limits::default());
        let older_typed = Typed::new(&mut older.tree, &definitions);
        let (older, newer) = ((&older, &older_typed), (&parsed, &typed));
        render::render_difference(older, newer, &definitions, options)
    }

    /// A copy of a resource without personal data and with the same faults. See [`redact::redact`].
    pub fn redact(&self, input: &[u8], key: &[u8]) -> String {
        redact::redact(input, &self.definitions_for(input), key)
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
        let help = inspect::help(&self.definitions.of(report.told.version), input, &report);
        (report, help)
    }
}
