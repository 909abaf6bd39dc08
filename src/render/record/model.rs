//! The record model: a whole record or letter by clinical areas, from which every output is printed.

use crate::render::model::{Piece, Row};
use serde::Serialize;

/// A record or letter as it is displayed.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// `record` or `letter`.
    pub view: &'static str,
    /// What it is, in words.
    pub title: String,
    /// Whose it is; absent unless there is exactly one patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub banner: Option<Banner>,
    /// Where it comes from: the practice, with its ODS code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub practice: Option<String>,
    /// When the sender held it like this, worked out from the dates of its lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capture: Option<String>,
    /// Further lines of the head: who wrote a letter, and when.
    pub head: Vec<String>,
    /// How much of the record this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<String>,
    /// What the record cannot tell, each fact once.
    pub cannot_tell: Vec<Fact>,
    /// What contradicts itself.
    pub contradictions: Vec<Contradiction>,
    /// The areas in their fixed order.
    pub areas: Vec<Area>,
    /// What every record for a patient says: that something may not be in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// The values that are worked out and stand nowhere in the input.
    pub derived: Vec<&'static str>,
}

/// Who the patient is.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Banner {
    /// Label and value: name, birth, gender, NHS number, death.
    pub facts: Vec<Row>,
    /// What changes how the record is to be read: inactive, replaced, restricted, interpreter needed.
    pub words: Vec<String>,
    /// Whether the patient has died, which must look different (PAB-0055). The words say so too.
    pub deceased: bool,
}

/// Something that the record cannot tell.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// The kind: `data-in-transit`, `confidential-items`, `unresolved`, …
    pub kind: &'static str,
    /// In words, as the sender's guide asks for or as sent.
    pub text: String,
    /// The keys of the areas that it is about; empty for the whole record.
    pub areas: Vec<&'static str>,
    /// The JSON pointers of what says so.
    pub sources: Vec<String>,
}

/// Two things recorded that cannot both be so.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contradiction {
    /// The rule that found it.
    pub rule: &'static str,
    /// `alert`, `note` or `info`.
    pub rank: &'static str,
    /// Both sides, quoted.
    pub text: String,
    /// The JSON pointers of both sides.
    pub sources: Vec<String>,
    /// The key of the area in which it stands.
    pub area: &'static str,
}

/// A clinical area.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Area {
    /// `allergies`; also its element's id in a page.
    pub key: &'static str,
    /// Its title, which begins with the word of its key.
    pub title: String,
    /// What is in it, in a few words.
    pub headline: String,
    /// What must be known before its rows; these make its one box.
    pub warnings: Vec<String>,
    /// The same in a few words, and what is said of the whole record, for its line in the index.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<String>,
    /// What is in it, for the index, where that is little.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<IndexLine>,
    /// What helps to read it.
    pub notes: Vec<String>,
    /// What is said where it has no rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty: Option<String>,
    /// Whether it is closed until it is asked for.
    pub folded: bool,
    /// Its rows.
    pub groups: Vec<AreaGroup>,
}

/// What an area has in it, in the index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IndexLine {
    /// The id of the row's element in a page.
    pub id: String,
    /// The row in one line.
    pub text: String,
}

/// How a group is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A table.
    #[default]
    Table,
    /// Each row by itself, with what is inside it below it.
    Blocks,
    /// A list of one line each.
    List,
}

/// Rows of one kind.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AreaGroup {
    /// `current`; with the area's key before it the id in a page: `allergies-current`.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What defines the group, or what holds for all of its rows.
    pub notes: Vec<String>,
    /// Whether it is closed until it is asked for.
    pub folded: bool,
    /// What a closed group says of itself: how many rows, and the newest date.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// How it is laid out.
    pub layout: Layout,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, in reading order.
    pub rows: Vec<Entry>,
}

/// A column.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Column {
    /// The heading.
    pub title: String,
    /// What goes before a value where there are no headings; empty where the value speaks for itself.
    pub label: String,
}

/// A word that changes how a row is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Word {
    /// In words.
    pub text: String,
    /// Whether it goes before everything else: the row is not what it seems without it.
    pub first: bool,
    /// Whether its group says the same: it stands in the row for whoever quotes that alone.
    #[serde(skip)]
    pub expected: bool,
}

/// A row.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The id of its element in a page.
    pub id: String,
    /// A cell for each column; empty where nothing is recorded.
    pub cells: Vec<Vec<Piece>>,
    /// What changes how it is read.
    pub words: Vec<Word>,
    /// What a consultation or report contains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Block>,
    /// Whether what it contains is open to start with.
    pub open: bool,
    /// Everything else that was recorded.
    pub details: Vec<Detail>,
    /// The JSON pointers of the resources that the row is made of.
    pub sources: Vec<String>,
    /// The trend of a result, as points over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<Trend>,
}

/// The numbers of one test over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Trend {
    /// What it shows, in words.
    pub title: String,
    /// Days since the first of the points, and the number as written.
    pub points: Vec<(i64, String)>,
    /// The one range of all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<(Option<String>, Option<String>)>,
}

/// Part of what a row contains.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Its heading as sent; empty for none.
    pub title: String,
    /// Lines in order. A line feed in one starts a new line.
    pub lines: Vec<Vec<Piece>>,
    /// Rows under columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<AreaGroup>,
    /// The author's text of a section, cleaned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub markup: Vec<crate::render::model::Markup>,
    /// Blocks inside of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
    /// The id of its element in a page; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
}

/// What a row does not show of one resource.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Detail {
    /// The resource's type in words.
    pub title: String,
    /// Its JSON pointer.
    pub pointer: String,
    /// Its values.
    pub rows: Vec<Row>,
}

impl Record {
    /// The title of the panel of what cannot be told.
    pub fn panel_title(&self) -> &'static str {
        if self.view == "letter" { "What this letter cannot tell you" } else { "What this record cannot tell you" }
    }
}

impl Area {
    /// Its title up to a colon: what stands in the index.
    pub fn short_title(&self) -> &str {
        self.title.split(':').next().unwrap_or(&self.title)
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.rows.is_empty())
    }
}
