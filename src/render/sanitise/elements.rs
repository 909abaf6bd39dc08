//! Which elements come out, and as what.

use crate::xhtml::ELEMENTS;

/// Elements without content that may come out.
pub const VOID: &[&str] = &["br", "hr", "img", "col"];

/// Elements that HTML closes by itself, so that senders who write HTML leave their end tags out.
const CLOSED: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose content is for machines: it goes with them. That of any other element is text for a reader.
const MACHINE: &[&str] = &["script", "style", "base", "link", "meta"];

/// Elements that are no part of a narrative, and the one that says the same: a block stays a block, so that words do not
/// run together, and what is struck out stays struck out.
const RENAMED: &[(&str, &str, Option<&str>)] = &[
    ("address", "div", None),
    ("article", "div", None),
    ("aside", "div", None),
    ("body", "div", None),
    ("button", "span", None),
    ("center", "div", Some("text-align:center")),
    ("del", "span", Some(STRUCK)),
    ("details", "div", None),
    ("dialog", "div", None),
    ("dir", "ul", None),
    ("fieldset", "div", None),
    ("figcaption", "div", None),
    ("figure", "div", None),
    ("font", "span", None),
    ("footer", "div", None),
    ("form", "div", None),
    ("header", "div", None),
    ("hgroup", "div", None),
    ("html", "div", None),
    ("ins", "span", Some("text-decoration:underline")),
    ("kbd", "code", None),
    ("label", "span", None),
    ("legend", "div", None),
    ("listing", "pre", None),
    ("main", "div", None),
    ("mark", "span", None),
    ("menu", "ul", None),
    ("nav", "div", None),
    ("option", "div", None),
    ("s", "span", Some(STRUCK)),
    ("search", "div", None),
    ("section", "div", None),
    ("select", "div", None),
    ("strike", "span", Some(STRUCK)),
    ("summary", "div", None),
    ("textarea", "pre", None),
    ("time", "span", None),
    ("u", "span", Some("text-decoration:underline")),
    ("xmp", "pre", None),
];

/// Elements of which only the content comes out, as a block of its own.
const BLOCKS: &[&str] = &[
    "applet",
    "audio",
    "canvas",
    "desc",
    "foreignobject",
    "head",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "svg",
    "template",
    "text",
    "title",
    "video",
];

/// The style of text that its author has struck out.
pub(super) const STRUCK: &str = "text-decoration:line-through";

/// Elements that are parts of a line.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "big", "cite", "code", "dfn", "em", "i", "q", "samp", "small", "span", "strong",
    "sub", "sup", "tt", "var",
];

/// Whether an element is a part of a line.
pub(super) fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It comes out.
    Kept(&'static str),
    /// It comes out as another, with a style.
    Renamed(&'static str, Option<&'static str>),
    /// Its content comes out, in this element or in none.
    Content(Option<&'static str>),
    /// It goes, with its content.
    Removed,
}

/// What becomes of an element, by its name without prefix in small letters.
pub(super) fn fate(name: &str) -> Fate {
    if let Some(known) = ELEMENTS.iter().find(|known| **known == name) {
        return Fate::Kept(known);
    }
    if MACHINE.contains(&name) {
        return Fate::Removed;
    }
    let renamed = RENAMED.iter().find(|(from, ..)| *from == name);
    match renamed {
        Some((_, to, style)) => Fate::Renamed(to, *style),
        None => Fate::Content(BLOCKS.contains(&name).then_some("div")),
    }
}

/// Whether HTML has no end tag for the element.
pub(super) fn is_closed(name: &str) -> bool {
    CLOSED.contains(&name)
}
