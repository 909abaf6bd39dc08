//! Received XHTML rebuilt from an allow-list: what is not on the list cannot come out, however it was written. Text is
//! kept wherever its element is dropped, as a hidden sentence is a clinical hazard too.
//!
//! `read` makes the tree, `nesting` gives it the shape that an HTML parser would leave as it is, and only then do `html`
//! and `to_text` write it.

mod address;
mod attributes;
mod elements;
mod entity;
mod grid;
mod nesting;
mod read;
mod style;
mod text;

pub use elements::VOID;
pub use text::to_text;

use super::language::Language;
use super::model::{Element, Markup};
use super::words;

/// Elements nested deeper than this are flattened to their text.
const DEPTH: usize = 64;
/// More nodes than this are not rebuilt: the rest is dropped, and that is said.
const NODES: usize = 200_000;
/// The largest image that stands in the text itself, in characters of its address.
const IMAGE: usize = 2 << 20;
/// As many sentences about what was removed as anybody would read.
const SENTENCES: usize = 100;

/// Received text, cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// What is left.
    pub markup: Vec<Markup>,
    /// What was removed, shown again or mended, one sentence each, without repeats.
    pub removed: Vec<String>,
}

/// What was done to the text.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn say(&mut self, sentence: String) {
        if self.0.contains(&sentence) {
            return;
        }
        match self.0.len() {
            0..SENTENCES => self.0.push(sentence),
            SENTENCES => self.0.push("More was removed than is listed here.".to_owned()),
            _ => {}
        }
    }
}

/// Cleans XHTML. `prefix` goes before every id and name so that they cannot stand for one of the page's own.
/// A text whose tags do not match is mended; one that cannot be read at all is shown as it was written. Words that stand
/// for what does not come out, such as an image, are in this language; the sentences are English, for
/// [`Language::retell`].
pub fn clean(source: &str, prefix: &str, language: Language) -> Cleaned {
    let mut notes = Notes::default();
    match read::read(source, prefix, language, &mut notes) {
        Some(markup) => {
            let markup = nesting::nest(unwrap(markup), &mut notes);
            Cleaned { markup, removed: notes.0 }
        }
        None => Cleaned {
            markup: vec![Markup::Text(visible(source))],
            removed: vec!["The text is not well-formed XHTML and is shown as it was written.".to_owned()],
        },
    }
}

/// The content of the outer div, which every narrative has.
fn unwrap(markup: Vec<Markup>) -> Vec<Markup> {
    match <[Markup; 1]>::try_from(markup) {
        Ok([Markup::Element(Element { name: "div", attributes, children })]) if attributes.is_empty() => children,
        Ok([one]) => vec![one],
        Err(many) => many,
    }
}

/// Text with what could hide or reorder it made visible; tabs stay, as `pre` lays out with them.
fn visible(text: &str) -> String {
    if !text.contains('\t') {
        return words::visible(text);
    }
    text.split('\t').map(words::visible).collect::<Vec<_>>().join("\t")
}
