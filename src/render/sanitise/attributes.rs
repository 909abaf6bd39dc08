//! Which attributes come out, and with what values.

use super::address::{image, link, prefixed};
use super::style::style;
use super::visible;

/// What becomes of an attribute.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// As it comes out.
    pub kept: Option<(&'static str, String)>,
    /// Sentences about what does not.
    pub said: Vec<String>,
}

/// What an attribute's value may be.
#[derive(Clone, Copy)]
enum Values {
    /// A whole number up to this one.
    Number(u32),
    /// One of HTML's words for it.
    Word,
    /// Pixels or a percentage.
    Size,
    /// Text for a reader.
    Text,
    /// A number in a list, which may be negative.
    Place,
}

/// Elements (all, where there are none), attribute, values.
const ALLOWED: &[(&[&str], &str, Values)] = &[
    (&[], "title", Values::Text),
    (&[], "align", Values::Word),
    (&[], "valign", Values::Word),
    (&["img"], "alt", Values::Text),
    (&["img", "table", "td", "th", "col", "colgroup", "hr", "pre"], "width", Values::Size),
    (&["img", "table", "td", "th", "tr"], "height", Values::Size),
    (&["table"], "summary", Values::Text),
    (&["table", "img"], "border", Values::Number(20)),
    (&["table"], "cellpadding", Values::Number(50)),
    (&["table"], "cellspacing", Values::Number(50)),
    (&["table"], "frame", Values::Word),
    (&["table"], "rules", Values::Word),
    (&["td", "th"], "abbr", Values::Text),
    (&["td", "th"], "axis", Values::Text),
    (&["td", "th"], "colspan", Values::Number(1000)),
    (&["td", "th"], "rowspan", Values::Number(1000)),
    (&["td", "th"], "scope", Values::Word),
    (&["td", "th"], "nowrap", Values::Word),
    (&["col", "colgroup"], "span", Values::Number(1000)),
    (&["td", "th", "tr", "col", "colgroup", "thead", "tbody", "tfoot"], "char", Values::Text),
    (&["td", "th", "tr", "col", "colgroup", "thead", "tbody", "tfoot"], "charoff", Values::Size),
    (&["ol"], "start", Values::Place),
    (&["ol", "ul", "dl"], "compact", Values::Word),
    (&["li"], "value", Values::Place),
];

/// The kinds of numbering, and of bullets.
const LIST_TYPES: &[&str] = &["1", "a", "A", "i", "I", "disc", "circle", "square"];

/// The classes that FHIR gives a narrative at run time and those of GP Connect's banners. Others could be those of the
/// receiver's own page, and hide or restyle text.
const CLASSES: &[&str] = &[
    "bold",
    "italics",
    "underline",
    "strikethrough",
    "left",
    "right",
    "center",
    "justify",
    "border-left",
    "border-right",
    "border-top",
    "border-bottom",
    "arabic",
    "little-roman",
    "big-roman",
    "little-alpha",
    "big-alpha",
    "disc",
    "circle",
    "square",
    "unlist",
    "date-column",
    "gptransfer-banner",
    "content-banner",
    "date-banner",
    "exclusion-banner",
];

/// What becomes of an attribute of an element; its name is in small letters, its value has its entities read.
pub(super) fn attribute(element: &str, key: &str, value: &str, prefix: &str) -> Verdict {
    let kept = match key {
        "href" if element == "a" => link(value, prefix).map(|url| ("href", url)),
        "src" if element == "img" => image(value).map(|url| ("src", url)),
        "id" => prefixed(value, prefix).map(|id| ("id", id)),
        "name" if element == "a" => prefixed(value, prefix).map(|id| ("name", id)),
        "headers" if matches!(element, "td" | "th") => {
            let ids: Vec<String> = value.split_ascii_whitespace().filter_map(|id| prefixed(id, prefix)).collect();
            (!ids.is_empty()).then(|| ("headers", ids.join(" ")))
        }
        "class" => return class(element, value),
        "style" => return styled(element, value),
        // Of a table or an image it would float it beside other text.
        "align" if matches!(element, "table" | "img") => None,
        "lang" | "xml:lang" => language(value).map(|language| ("lang", language)),
        "dir" => ["ltr", "rtl", "auto"]
            .iter()
            .find(|dir| value.eq_ignore_ascii_case(dir))
            .map(|dir| ("dir", (*dir).to_owned())),
        "type" if matches!(element, "ol" | "ul" | "li") => {
            LIST_TYPES.contains(&value).then(|| ("type", value.to_owned()))
        }
        _ => listed(element, key, value),
    };
    let said = match kept {
        Some(_) => Vec::new(),
        None if key == "hidden" || key == "aria-hidden" && value != "false" => {
            vec![format!("Shown again: text that was hidden ({}).", visible(key))]
        }
        None => vec![format!("Removed: the attribute \u{201c}{}\u{201d} of \u{201c}{element}\u{201d}.", visible(key))],
    };
    Verdict { kept, said }
}

fn class(element: &str, value: &str) -> Verdict {
    let known: Vec<&str> = value.split_ascii_whitespace().filter(|class| CLASSES.contains(class)).collect();
    let all = known.len() == value.split_ascii_whitespace().count();
    let said = if all {
        Vec::new()
    } else {
        vec![format!("Removed: a class of \u{201c}{element}\u{201d} that is not one of FHIR\u{2019}s.")]
    };
    Verdict { kept: (!known.is_empty()).then(|| ("class", known.join(" "))), said }
}

fn styled(element: &str, value: &str) -> Verdict {
    let style = style(element, value);
    let hiding = style.hiding.into_iter().map(|what| format!("Shown again: text that its style hid ({what})."));
    let dropped = style
        .dropped
        .into_iter()
        .map(|what| format!("Removed: the style \u{201c}{what}\u{201d} of \u{201c}{element}\u{201d}."));
    Verdict { kept: (!style.kept.is_empty()).then_some(("style", style.kept)), said: hiding.chain(dropped).collect() }
}

fn language(value: &str) -> Option<String> {
    let plain = !value.is_empty() && value.len() <= 35 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| value.to_owned())
}

fn listed(element: &str, key: &str, value: &str) -> Option<(&'static str, String)> {
    let fits = |on: &[&str]| on.is_empty() || on.contains(&element);
    let (_, name, values) = ALLOWED.iter().find(|(on, known, _)| *known == key && fits(on))?;
    let trimmed = value.trim();
    let harmless = match values {
        Values::Text => return Some((name, visible(value))),
        Values::Number(most) => trimmed.parse::<u32>().is_ok_and(|number| number <= *most),
        Values::Word => trimmed.len() <= 12 && trimmed.bytes().all(|b| b.is_ascii_alphabetic()),
        Values::Place => trimmed.len() <= 6 && trimmed.parse::<i32>().is_ok(),
        Values::Size if element == "img" => is_size(trimmed, 16.0),
        Values::Size => is_size(trimmed, 1.0),
    };
    harmless.then(|| (*name, value.to_owned()))
}

/// Whether a width or height leaves what it is of where it can be seen. What is in a table keeps the place that it needs,
/// however small its size is said to be; an image does not.
fn is_size(value: &str, least: f64) -> bool {
    let number = value.strip_suffix('%').or_else(|| value.strip_suffix("px")).unwrap_or(value);
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain && number.parse::<f64>().is_ok_and(|size| size >= least && size <= 2000.0)
}
