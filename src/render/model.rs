//! The display model: everything that is shown of a resource, in reading order, from which every output is made.

use super::context::Mark;
use serde::Serialize;

/// How a piece of a value is meant. Never the only carrier of meaning: the words say it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Ordinary text.
    #[default]
    Plain,
    /// The part to be read first: a drug, a result.
    Strong,
    /// What supports the value: its code, its source.
    Secondary,
    /// What changes the value's meaning.
    Warning,
    /// A date; `note` holds it as recorded.
    Date,
    /// A web, mail or telephone link; `note` holds its address.
    Link,
}

/// A run of text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The text; a line feed starts a new line.
    pub text: String,
    /// How it is meant.
    pub style: Style,
    /// The date as recorded, or the address of a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The BCP 47 tag of the text, where it is not in the language of the output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

impl Piece {
    /// A piece in a style.
    pub fn new(style: Style, text: impl Into<String>) -> Self {
        Piece { text: text.into(), style, ..Piece::default() }
    }

    /// Ordinary text.
    pub fn plain(text: impl Into<String>) -> Self {
        Piece::new(Style::Plain, text)
    }

    /// Supporting text.
    pub fn secondary(text: impl Into<String>) -> Self {
        Piece::new(Style::Secondary, text)
    }
}

/// How much a row or warning matters for safety.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Importance {
    /// An ordinary fact.
    #[default]
    Normal,
    /// A safety-critical field: in every view of the resource.
    Critical,
    /// A value that changes the meaning of the rest.
    Warning,
}

/// The code behind a row's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The code system's URI, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The code as recorded.
    pub code: String,
}

/// One labelled value, with what belongs to it.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// What the value is, in words.
    pub label: String,
    /// The value; empty where only `rows` has content.
    pub value: Vec<Piece>,
    /// The JSON pointer of the element.
    pub pointer: String,
    /// How much it matters.
    pub importance: Importance,
    /// The code behind the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The parts of the value, and what was recorded about it (extensions).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// Text received as XHTML, cleaned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub markup: Vec<Markup>,
    /// The file that the row is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attached: Option<Attached>,
}

/// A file that came with a resource, by its bytes: for a caller who has a way of his own to open it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attached {
    /// The JSON pointer of the Attachment or Binary.
    pub pointer: String,
    /// The type that was stated; may be empty.
    pub content_type: String,
    /// What it is by its bytes: `a PDF`, `text`.
    pub found: String,
    /// How many bytes it has.
    pub bytes: usize,
    /// Its check sum, in hexadecimal.
    pub sha256: String,
    /// Whether its content is displayed.
    pub shown: bool,
}

/// A table: facts that are read across.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// The heading of each column.
    pub columns: Vec<String>,
    /// The cells; each line has one per column. A missing value is said in words.
    pub lines: Vec<Vec<Vec<Piece>>>,
}

/// Rows that belong together.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Group {
    /// The heading.
    pub title: String,
    /// Whether it is the banner of a patient who has died, which must look different (PAB-0055). The words say so too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deceased: bool,
    /// Facts read across, derived from the rows below.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// The rows in reading order.
    pub rows: Vec<Row>,
}

/// Something the reader must know before the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What to know.
    pub text: String,
    /// The JSON pointer of the element that says so.
    pub pointer: String,
}

/// A resource as it is displayed.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Display {
    /// What must be said before everything else: that this is only part of a record, several, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<String>,
    /// The JSON pointer of the resource; empty for the whole input.
    pub pointer: String,
    /// The FHIR type; empty where the input names none.
    pub resource_type: String,
    /// The resource's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What another version of it is known by: the address of its entry, type and id, identifiers, what it says.
    #[serde(skip)]
    pub keys: Vec<String>,
    /// The type in words.
    pub title: String,
    /// What it says, with every negation and status that changes its meaning in words.
    pub headline: String,
    /// The headline and the safety-critical values in one line.
    pub summary: String,
    /// What every display for a patient says: that something may not be in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// What changes the meaning, worst first.
    pub warnings: Vec<Warning>,
    /// Whether the resource is marked as entered in error.
    pub entered_in_error: bool,
    /// The content in reading order.
    pub groups: Vec<Group>,
    /// Identifiers of the machine kind: ids, versions, code system addresses.
    pub technical: Vec<Row>,
    /// Contained resources and the entries of a Bundle, in order.
    pub nested: Vec<Display>,
    /// What is read after all of these: the contents of a document, which itself comes first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub appendix: Vec<Group>,
}

/// XHTML as a tree: the narrative and section text that came with a resource, cleaned, or our own output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Markup {
    /// Text; escaped when written.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element of [`Markup`]; names come from a closed list, never from input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Element {
    /// The element's name.
    pub name: &'static str,
    /// Attributes in order; values are escaped when written.
    pub attributes: Vec<(&'static str, String)>,
    /// What is inside.
    pub children: Vec<Markup>,
}

/// Why a value is not displayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// The JSON pointer of the value.
    pub pointer: String,
    /// The reason, as the output states it.
    pub reason: &'static str,
}

/// How many values ended where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All of them.
    pub leaves: usize,
    /// In [`Coverage::shown`].
    pub shown: usize,
    /// In [`Coverage::listed`].
    pub listed: usize,
    /// In [`Coverage::technical`].
    pub technical: usize,
    /// In [`Coverage::withheld`].
    pub withheld: usize,
    /// In [`Coverage::missing`].
    pub missing: usize,
}

/// A [`Coverage`] with its [`Counts`] before it.
#[derive(Debug, Serialize)]
pub struct Counted<'c> {
    /// What must be said before everything else: see [`Display::incomplete`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<&'c str>,
    /// How many values ended where.
    pub counts: Counts,
    /// Which.
    #[serde(flatten)]
    pub coverage: &'c Coverage,
}

impl Coverage {
    /// How many values ended where.
    pub fn counts(&self) -> Counts {
        Counts {
            leaves: self.leaves,
            shown: self.shown.len(),
            listed: self.listed.len(),
            technical: self.technical.len(),
            withheld: self.withheld.len(),
            missing: self.missing.len(),
        }
    }

    /// Counts a value where it ended.
    pub fn add(&mut self, pointer: String, mark: Mark) {
        self.leaves += 1;
        match mark {
            Mark::Shown => self.shown.push(pointer),
            Mark::Listed => self.listed.push(pointer),
            Mark::Technical => self.technical.push(pointer),
            Mark::Withheld(reason) => self.withheld.push(Withheld { pointer, reason }),
            Mark::None => self.missing.push(pointer),
        }
    }

    /// The same with its counts, for writing it out.
    pub fn counted(&self) -> Counted<'_> {
        Counted { incomplete: None, counts: self.counts(), coverage: self }
    }
}

/// Where each primitive value of the input ended: each is in exactly one list.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// How many primitive values the input has.
    #[serde(skip)]
    pub leaves: usize,
    /// Displayed by the type's own view.
    pub shown: Vec<String>,
    /// Displayed under "Other recorded information" or as a detail of another value.
    pub listed: Vec<String>,
    /// Under "Technical details".
    pub technical: Vec<String>,
    /// Not displayed, for the reason given.
    pub withheld: Vec<Withheld>,
    /// Not accounted for: always empty, and a test holds it so.
    pub missing: Vec<String>,
}
