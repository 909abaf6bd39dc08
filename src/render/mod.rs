//! Displays a resource so that nothing it says is hidden, and nothing negated can be read as its opposite.
//!
//! A [`Tree`] becomes one [`Display`](model::Display) model, from which XHTML, a page, plain text and Markdown are
//! made. A faulty resource is displayed like any other: what its type does not have is listed.

pub mod build;
pub mod compare;
pub mod context;
pub mod difference;
pub mod format;
pub mod html;
pub mod labels;
pub mod language;
pub mod markdown;
pub mod model;
pub mod modifiers;
pub mod news2;
pub mod page;
pub mod record;
pub mod sanitise;
pub mod shape;
pub mod systems;
pub mod text;
pub mod views;
pub mod words;

use crate::definitions::Definitions;
use crate::terminology::Lookup;
use crate::tree::{NodeId, Tree};
use crate::typed::Typed;
use format::date::Moment;
use language::Language;
use model::{Coverage, Display};
use record::model::Record;

/// What the type of a node is. Where it is unknown, the node's structure decides how it is displayed.
pub trait Types {
    /// `CodeableConcept`, `dateTime`, `BackboneElement`.
    fn type_name<'a>(&'a self, tree: &'a Tree, node: NodeId) -> Option<&'a str>;
}

impl Types for () {
    fn type_name<'a>(&'a self, _: &'a Tree, _: NodeId) -> Option<&'a str> {
        None
    }
}

impl Types for Typed<'_> {
    fn type_name<'a>(&'a self, _: &'a Tree, node: NodeId) -> Option<&'a str> {
        Typed::type_name(self, node)
    }
}

/// The displays of codes, from the code systems that are loaded.
pub trait Labels {
    /// The display of a code.
    fn display(&self, system: &str, code: &str) -> Option<String>;
}

impl Labels for () {
    fn display(&self, _: &str, _: &str) -> Option<String> {
        None
    }
}

impl Labels for Definitions {
    fn display(&self, system: &str, code: &str) -> Option<String> {
        match self.lookup(system, code) {
            Lookup::Known(known) => known.display().map(Into::into),
            _ => None,
        }
    }
}

/// The form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum As {
    /// XHTML for `Resource.text.div`, valid by txt-1 and txt-2.
    #[default]
    Narrative,
    /// HTML to be put into a page.
    Fragment,
    /// A whole HTML page without script.
    Page,
    /// Plain text, 80 columns.
    Text,
    /// CommonMark.
    Markdown,
    /// The display model as JSON.
    Model,
    /// Where each value of the input ended, as JSON: the [`Coverage`] with its counts.
    Coverage,
}

/// For whom the output is; the two have different rules for dates and doses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// NHS Common User Interface rules: `05-Apr-2008 14:30`.
    #[default]
    Clinical,
    /// NHS service manual rules: `5 April 2008 at 2:30pm`.
    Patient,
}

/// How much is displayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The warnings and one line.
    Summary,
    /// For print and for reading aloud: everything that is read, open, without technical details.
    Brief,
    /// Everything but technical details, which are counted.
    #[default]
    Standard,
    /// Everything.
    Full,
    /// What is different from the older version, [`Options::against`].
    Diff,
}

/// How a Bundle is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// By what it is: a document as a letter, the record of a patient by clinical area, anything else as its entries.
    #[default]
    Auto,
    /// By clinical area.
    Record,
    /// Header, actions, medicines, allergies, contents, then the author's text.
    Letter,
    /// Its entries, in the order of the file.
    Entries,
}

/// What to make.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The form of the output.
    pub as_: As,
    /// For whom it is.
    pub audience: Audience,
    /// How much is displayed.
    pub mode: Mode,
    /// How a Bundle is laid out.
    pub view: View,
    /// Whether the page of a record has pictures of results over time.
    pub trends: bool,
    /// The language of labels and fixed phrases.
    pub language: Language,
    /// The day for which ages are given, `2026-02-28`; without it no age of a living person is shown.
    pub as_of: Option<String>,
    /// For [`Mode::Diff`], the older version, in JSON or XML; without it everything counts as added.
    pub against: Option<Vec<u8>>,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The output in the form asked for.
    pub output: String,
    /// The `Narrative.status` that goes with it: `generated` or `extensions`.
    pub status: &'static str,
    /// The model behind the output; without content where there is a record.
    pub display: Display,
    /// The model behind the output where it is a record or a letter.
    pub record: Option<Record>,
    /// Where each value of the input ended.
    pub coverage: Coverage,
}

/// Displays the resource of a tree; with `older`, what is different in it.
pub fn render(tree: &Tree, types: &dyn Types, labels: &dyn Labels, options: &Options) -> Rendered {
    let as_of = options.as_of.as_deref().and_then(Moment::parse);
    let mut context = context::Context::new(tree, types, labels, options, as_of);
    match record::chosen(&context) {
        View::Auto | View::Entries => {
            let display = build::document(&mut context);
            rendered(display, context.coverage(), context.has_extensions, options)
        }
        view => {
            let record = record::record(&mut context, view);
            recorded(record, context.coverage(), context.has_extensions, options)
        }
    }
}

fn recorded(record: Record, coverage: Coverage, has_extensions: bool, options: &Options) -> Rendered {
    let (mode, language) = (options.mode, options.language);
    let status = if has_extensions { "extensions" } else { "generated" };
    let output = match options.as_ {
        // A narrative is never of a record; a fragment is what comes next to it.
        As::Narrative | As::Fragment => html::record_fragment(&record, mode, language),
        As::Page => page::record(&record, mode, language),
        As::Text => record::text(&record, mode, language),
        As::Markdown => record::markdown(&record, mode, language),
        As::Model => serde_json::to_string(&record).unwrap_or_default(),
        As::Coverage => serde_json::to_string(&coverage.counted()).unwrap_or_default(),
    };
    Rendered { output, status, display: Display::default(), record: Some(record), coverage }
}

/// Displays what became of the older version of a resource in the newer one. The coverage is that of the newer.
pub fn render_difference(
    older: (&Tree, &dyn Types),
    newer: (&Tree, &dyn Types),
    labels: &dyn Labels,
    options: &Options,
) -> Rendered {
    let (old, ..) = displayed(older.0, older.1, labels, options);
    let (new, coverage, has_extensions) = displayed(newer.0, newer.1, labels, options);
    let display = difference::difference(&old, &new, options.language);
    rendered(display, coverage, has_extensions, options)
}

fn displayed(tree: &Tree, types: &dyn Types, labels: &dyn Labels, options: &Options) -> (Display, Coverage, bool) {
    let as_of = options.as_of.as_deref().and_then(Moment::parse);
    let mut context = context::Context::new(tree, types, labels, options, as_of);
    let display = build::document(&mut context);
    (display, context.coverage(), context.has_extensions)
}

fn rendered(display: Display, coverage: Coverage, has_extensions: bool, options: &Options) -> Rendered {
    let status = if has_extensions { "extensions" } else { "generated" };
    let output = match options.as_ {
        As::Narrative => html::narrative(&display, options.mode, options.language),
        As::Fragment => html::fragment(&display, options.mode, options.language),
        As::Page => page::page(&display, options.mode, options.language),
        As::Text => text::text(&display, options.mode, options.language),
        As::Markdown => markdown::markdown(&display, options.mode, options.language),
        As::Model => serde_json::to_string(&display).unwrap_or_default(),
        As::Coverage => serde_json::to_string(&coverage.counted()).unwrap_or_default(),
    };
    Rendered { output, status, display, record: None, coverage }
}
