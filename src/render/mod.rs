//! What a resource looks like to a person.

/// What to make of a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The XHTML `div` of `Resource.text`.
    #[default]
    Narrative,
    /// HTML for a shadow root.
    Fragment,
    /// A whole HTML page.
    Page,
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// The display model, in JSON.
    Model,
}

/// How to display a resource.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What to make.
    pub form: Form,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The text of it.
    pub text: String,
}
