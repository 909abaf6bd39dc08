//! Displays a resource so that nothing it says is hidden, and nothing negated can be read as its opposite.
//!
//! A [`Tree`] becomes one [`Display`](model::Display) model, from which XHTML, a page, plain text and Markdown are
//! made. A faulty resource is displayed like any other: what its type does not have is listed.

pub mod attachment;
pub mod build;
mod cda;
pub mod compare;
pub mod context;
pub mod difference;
pub mod format;
pub mod html;
mod incomplete;
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
pub mod withhold;
pub mod words;

use crate::definitions::Definitions;
use crate::model::StructureKind;
use crate::parse::{self, Parsed, Unread};
use crate::source::Format;
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

/// A resource to display.
pub use withhold::Input;

/// Displays the resource of a tree that was read to its end.
pub fn render(tree: &Tree, types: &dyn Types, labels: &dyn Labels, options: &Options) -> Rendered {
    render_input(Input { tree, types, is_cut_off: false }, labels, options)
}

/// Displays a resource.
pub fn render_input(input: Input<'_>, labels: &dyn Labels, options: &Options) -> Rendered {
    rendered(make(input, labels, options), options)
}

fn make(input: Input<'_>, labels: &dyn Labels, options: &Options) -> Made {
    if options.audience == Audience::Patient {
        let kept = withhold::kept(input);
        let made = laid_out(kept.tree(), &kept, labels, options);
        return for_patient(made, &kept, options);
    }
    laid_out(input.tree, input.types, labels, options)
}

/// Displays what was read of an input: as [`render_input`], and where only a part of it could be read, or it holds several
/// resources or none, that is said first, in every form.
pub fn render_parsed(parsed: &Parsed, typed: &Typed<'_>, definitions: &Definitions, options: &Options) -> Rendered {
    match (parsed.unread, parsed.format) {
        (Some(Unread::More(_)), Format::Json) => render_several(parsed.tree.source(), definitions, options),
        _ => rendered(make_parsed(parsed, typed, definitions, options), options),
    }
}

fn make_parsed(parsed: &Parsed, typed: &Typed<'_>, definitions: &Definitions, options: &Options) -> Made {
    if parsed.cda.is_some() {
        return make_cda(parsed, typed, definitions, options, 0);
    }
    let is_cut_off = matches!(parsed.unread, Some(Unread::Rest(_) | Unread::More(_)));
    let input = Input { tree: &parsed.tree, types: typed, is_cut_off };
    let is_type = |name: &str| definitions.base_named(name).is_some_and(|plan| plan.kind == StructureKind::Resource);
    let Some(said) = incomplete::words(parsed, is_type, options.language) else {
        return make(input, definitions, options);
    };
    if let Some(name) = incomplete::foreign(parsed, is_type) {
        let mut context = context::Context::new(&parsed.tree, typed, definitions, options, None);
        let display = incomplete::refused(&mut context, name, said);
        return made(display, None, &context);
    }
    // Half a record is never laid out as one: its entries are shown as they are.
    let options = Options { view: View::Entries, ..options.clone() };
    let mut made = make(input, definitions, &options);
    // The summary may be all that is shown of it.
    made.display.summary = format!("{}: {}", options.language.say("INCOMPLETE"), made.display.summary);
    made.display.incomplete = Some(said);
    made
}

/// The letter of a CDA document; of an envelope, that of the documents in it, also where one is packed as Base64.
fn make_cda(parsed: &Parsed, typed: &Typed<'_>, definitions: &Definitions, options: &Options, depth: usize) -> Made {
    let tree = &parsed.tree;
    if crate::cda::header::documents(tree).is_empty() {
        return make_unpacked(parsed, typed, definitions, options, depth);
    }
    let letter = |tree: &Tree, types: &dyn Types| {
        let as_of = options.as_of.as_deref().and_then(Moment::parse);
        let mut context = context::Context::new(tree, types, definitions, options, as_of);
        let record = cda::record(&mut context);
        let is_record = options.as_ != As::Narrative && options.mode != Mode::Diff;
        let display = if is_record { Display::default() } else { cda::display(&record, tree) };
        made(display, is_record.then_some(record), &context)
    };
    let mut made = match options.audience {
        Audience::Clinical => letter(tree, typed),
        Audience::Patient => {
            let mut cut = cda::withheld(tree);
            if parsed.unread.is_some() {
                cut.insert(tree.root());
            }
            let kept = withhold::without(Input { tree, types: typed, is_cut_off: false }, &cut);
            let whole = if kept.nothing { Made::default() } else { letter(kept.tree(), &kept) };
            for_patient(whole, &kept, options)
        }
    };
    if let Some(Unread::Rest(at) | Unread::More(at)) = parsed.unread {
        let said = incomplete::cut_off(tree.source(), at, options.language);
        match &mut made.record {
            Some(record) => record.head.insert(0, format!("{}: {said}", options.language.say("INCOMPLETE"))),
            None => made.display.summary.insert_str(0, &format!("{}: ", options.language.say("INCOMPLETE"))),
        }
        made.display.incomplete = Some(said);
    }
    made
}

/// The letter of the first document that an envelope holds as Base64, with the envelope counted as read; a sentence where there
/// is none.
fn make_unpacked(
    parsed: &Parsed,
    typed: &Typed<'_>,
    definitions: &Definitions,
    options: &Options,
    depth: usize,
) -> Made {
    /// How often what is unpacked may be an envelope again.
    const DEEPEST: usize = 3;
    let tree = &parsed.tree;
    let unpack = |payload: &NodeId| {
        let bytes = crate::primitive::base64_bytes(tree.text(*payload)?)?;
        let inner = parse::parse(&bytes, definitions.names(), parse::Limits::default());
        inner.cda.map(|_| (*payload, inner))
    };
    let payloads = crate::cda::header::packed_payloads(tree);
    let found = payloads.iter().find_map(unpack).filter(|_| depth < DEEPEST);
    let mut context = context::Context::new(tree, typed, definitions, options, None);
    let Some((payload, mut inner)) = found else {
        let name = tree.resource_type(tree.root()).unwrap_or_default();
        let said = options.language.say("This is an envelope that holds no CDA document, so nothing of it is shown.");
        let display = incomplete::refused(&mut context, name, said);
        return made(display, None, &context);
    };
    let types = Typed::new(&mut inner.tree, definitions);
    let mut letter = make_cda(&inner, &types, definitions, options, depth + 1);
    let place = tree.pointer(payload);
    let coverage = &mut letter.coverage;
    for list in [&mut coverage.shown, &mut coverage.listed, &mut coverage.technical, &mut coverage.missing] {
        list.iter_mut().for_each(|pointer| pointer.insert_str(0, &place));
    }
    coverage.withheld.iter_mut().for_each(|one| one.pointer.insert_str(0, &place));
    for node in tree.all().filter(|node| context.is_leaf(*node)) {
        let reason = "the envelope around the document, which is for machines";
        coverage.add(tree.pointer(node), context::Mark::Withheld(reason));
    }
    letter
}

/// Displays the resources of a text with several, one after another.
fn render_several(source: &str, definitions: &Definitions, options: &Options) -> Rendered {
    let options = Options { view: View::Entries, ..options.clone() };
    let mut has_extensions = false;
    let mut all = Vec::new();
    for piece in incomplete::pieces(source) {
        let text = source.get(piece).unwrap_or_default();
        let mut parsed = parse::parse(text.as_bytes(), definitions.names(), parse::Limits::default());
        let typed = Typed::new(&mut parsed.tree, definitions);
        let made = make_parsed(&parsed, &typed, definitions, &options);
        has_extensions |= made.has_extensions;
        all.push((made.display, made.coverage));
    }
    let (display, coverage) = incomplete::together(all, options.language);
    rendered(Made { display, record: None, coverage, ended: Vec::new(), has_extensions }, &options)
}

/// Displays what became of the older version of a resource in the newer one. The coverage is that of the newer. Where only a part
/// of one of them could be read, that is said first.
pub fn render_difference(
    older: (&Parsed, &Typed<'_>),
    newer: (&Parsed, &Typed<'_>),
    definitions: &Definitions,
    options: &Options,
) -> Rendered {
    let is_type = |name: &str| definitions.base_named(name).is_some_and(|plan| plan.kind == StructureKind::Resource);
    let words = |parsed: &Parsed| incomplete::words(parsed, is_type, options.language);
    let is_cut = |parsed: &Parsed| matches!(parsed.unread, Some(Unread::Rest(_) | Unread::More(_)));
    // That there is no older version is no fault of it.
    let is_given = options.against.is_some();
    let said = words(newer.0).or_else(|| words(older.0).filter(|_| is_given));
    let old = Input { tree: &older.0.tree, types: older.1, is_cut_off: is_given && is_cut(older.0) };
    let new = Input { tree: &newer.0.tree, types: newer.1, is_cut_off: is_cut(newer.0) };
    if newer.0.cda.is_some() || older.0.cda.is_some() {
        return rendered(difference_of_cda(older, newer, definitions, options), options);
    }
    let mut made = make_difference(old, new, definitions, options);
    made.display.incomplete = said;
    rendered(made, options)
}

/// What became of a CDA document in its newer version. A patient is shown no difference of what is withheld in either.
fn difference_of_cda(
    older: (&Parsed, &Typed<'_>),
    newer: (&Parsed, &Typed<'_>),
    definitions: &Definitions,
    options: &Options,
) -> Made {
    let is_held = |parsed: &Parsed| parsed.cda.is_some() && !cda::withheld(&parsed.tree).is_empty();
    if options.audience == Audience::Patient && (is_held(older.0) || is_held(newer.0)) {
        let tree = &newer.0.tree;
        let input = Input { tree, types: newer.1, is_cut_off: false };
        return for_patient(Made::default(), &withhold::without(input, &[tree.root()].into_iter().collect()), options);
    }
    let (old, new) =
        (make_parsed(older.0, older.1, definitions, options), make_parsed(newer.0, newer.1, definitions, options));
    let said = new.display.incomplete.clone().or_else(|| old.display.incomplete.clone());
    let mut display = difference::difference(&old.display, &new.display, options.language);
    display.incomplete = said;
    Made { display, ..new }
}

fn make_difference(older: Input<'_>, newer: Input<'_>, labels: &dyn Labels, options: &Options) -> Made {
    let differ = |old: &Made, new: Made| {
        let display = difference::difference(&old.display, &new.display, options.language);
        Made { display, ..new }
    };
    if options.audience == Audience::Patient {
        let (old, new) = withhold::kept_of_both(older, newer);
        let before = displayed(old.tree(), &old, labels, options);
        let made = differ(&before, displayed(new.tree(), &new, labels, options));
        return for_patient(made, &new, options);
    }
    let before = displayed(older.tree, older.types, labels, options);
    differ(&before, displayed(newer.tree, newer.types, labels, options))
}

/// A display before it is written.
#[derive(Default)]
struct Made {
    display: Display,
    /// The record or letter that takes its place.
    record: Option<Record>,
    coverage: Coverage,
    /// Where each value of the tree ended.
    ended: Vec<(NodeId, context::Mark)>,
    has_extensions: bool,
}

/// The display of a tree in the view that suits it.
fn laid_out(tree: &Tree, types: &dyn Types, labels: &dyn Labels, options: &Options) -> Made {
    let as_of = options.as_of.as_deref().and_then(Moment::parse);
    let mut context = context::Context::new(tree, types, labels, options, as_of);
    match record::chosen(&context) {
        View::Auto | View::Entries => made(build::document(&mut context), None, &context),
        view => {
            let record = record::record(&mut context, view);
            made(Display::default(), Some(record), &context)
        }
    }
}

/// The display of a tree as its entries.
fn displayed(tree: &Tree, types: &dyn Types, labels: &dyn Labels, options: &Options) -> Made {
    let as_of = options.as_of.as_deref().and_then(Moment::parse);
    let mut context = context::Context::new(tree, types, labels, options, as_of);
    made(build::document(&mut context), None, &context)
}

fn made(display: Display, record: Option<Record>, context: &context::Context<'_>) -> Made {
    let (coverage, ended) = (context.coverage(), context.ended());
    Made { display, record, coverage, ended, has_extensions: context.has_extensions }
}

/// What is made for a patient: it says that something may be missing whether it is or not, and the coverage, which is for
/// the caller, has what is withheld.
fn for_patient(mut made: Made, kept: &withhold::Kept<'_>, options: &Options) -> Made {
    if kept.nothing {
        let say = |phrase: &str| options.language.say(phrase);
        let (title, headline) = (say("Health record"), say("There is nothing to show here."));
        let summary = format!("{title}: {headline}");
        made.display = Display { title, headline, summary, ..Display::default() };
        made.record = None;
    }
    let notice = options.language.say(withhold::NOTICE);
    match &mut made.record {
        Some(record) => record.notice = Some(notice),
        None => made.display.notice = Some(notice),
    }
    made.coverage = kept.coverage(&made.ended);
    made
}

fn rendered(made: Made, options: &Options) -> Rendered {
    let Made { display, record, coverage, has_extensions, .. } = made;
    let (mode, language) = (options.mode, options.language);
    let status = if has_extensions { "extensions" } else { "generated" };
    let output = match (&record, options.as_) {
        (_, As::Coverage) => {
            let counted = model::Counted { incomplete: display.incomplete.as_deref(), ..coverage.counted() };
            serde_json::to_string(&counted).unwrap_or_default()
        }
        // A narrative is never of a record; a fragment is what comes next to it.
        (Some(record), As::Narrative | As::Fragment) => html::record_fragment(record, mode, language),
        (Some(record), As::Page) => page::record(record, mode, language),
        (Some(record), As::Text) => record::text(record, mode, language),
        (Some(record), As::Markdown) => record::markdown(record, mode, language),
        (Some(record), As::Model) => serde_json::to_string(record).unwrap_or_default(),
        (None, As::Narrative) => html::narrative(&display, mode, language),
        (None, As::Fragment) => html::fragment(&display, mode, language),
        (None, As::Page) => page::page(&display, mode, language),
        (None, As::Text) => text::text(&display, mode, language),
        (None, As::Markdown) => markdown::markdown(&display, mode, language),
        (None, As::Model) => serde_json::to_string(&display).unwrap_or_default(),
    };
    Rendered { output, status, display, record, coverage }
}
