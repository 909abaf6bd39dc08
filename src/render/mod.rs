//! Displays a resource.

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
    /// Everything but technical details, which are counted.
    #[default]
    Standard,
    /// Everything.
    Full,
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
    /// The day for which ages are given, `2026-02-28`; without it no age of a living person is shown.
    pub as_of: Option<String>,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The output in the form asked for.
    pub output: String,
}
