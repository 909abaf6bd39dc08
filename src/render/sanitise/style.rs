//! The declarations of a `style` attribute: properties from an allow-list, with values that neither load nor hide.

use super::super::words;
use super::elements::is_inline;

/// What a property's value may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    /// One of these words.
    Words(&'static [&'static str]),
    /// One of CSS's words for it, such as `center`.
    Word,
    /// The width of a part of a table: there text keeps the place that it needs. A box of any other kind is left by a text
    /// that is too wide or too high for it, which then stands over its neighbour's.
    Width,
    /// How lines are broken. Only in a table does what is not broken keep others away.
    Breaks,
    /// Lengths, words and a colour, none of them large: borders. Those of a part of a line take no room above and below, and
    /// would lie on the text that stands there.
    Border,
    /// The space around things: lengths, none of them large. A cell has no room for a percentage of its table.
    Space,
    /// The weight of letters.
    Weight,
    /// The size of letters, absolute, as relative ones shrink with each level they are nested.
    Letters,
}

/// `text-transform` is not here: it writes `mg` as `MG`.
const PROPERTIES: &[(&str, Values)] = &[
    ("border", Values::Border),
    ("border-bottom", Values::Border),
    ("border-collapse", Values::Words(&["collapse", "separate"])),
    ("border-left", Values::Border),
    ("border-right", Values::Border),
    ("border-spacing", Values::Space),
    ("border-style", Values::Border),
    ("border-top", Values::Border),
    ("border-width", Values::Border),
    ("font-size", Values::Letters),
    ("font-style", Values::Words(&["normal", "italic", "oblique"])),
    ("font-weight", Values::Weight),
    ("list-style-type", Values::Word),
    ("margin", Values::Space),
    ("margin-bottom", Values::Space),
    ("margin-left", Values::Space),
    ("margin-right", Values::Space),
    ("margin-top", Values::Space),
    ("min-width", Values::Width),
    ("padding", Values::Space),
    ("padding-bottom", Values::Space),
    ("padding-left", Values::Space),
    ("padding-right", Values::Space),
    ("padding-top", Values::Space),
    ("text-align", Values::Words(&["left", "right", "center", "justify", "start", "end"])),
    ("text-decoration", Values::Words(&["none", "underline", "line-through", "overline"])),
    (
        "vertical-align",
        Values::Words(&["baseline", "sub", "super", "top", "middle", "bottom", "text-top", "text-bottom"]),
    ),
    ("white-space", Values::Breaks),
    ("width", Values::Width),
];

/// The parts of a table that have a width.
const TABLE: &[&str] = &["table", "td", "th", "col", "colgroup"];

/// Letters smaller than this are not read, in pixels.
pub(super) const SMALLEST: f64 = 9.0;

/// The declarations that may come out, and sentences about the others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// As the attribute is written.
    pub kept: String,
    /// `display: none`, for those that would have hidden text.
    pub hiding: Vec<String>,
    /// `color: red`, for those that are dropped for another reason.
    pub dropped: Vec<String>,
}

/// Reads the declarations of an element's attribute.
pub(super) fn style(element: &str, text: &str) -> Style {
    let mut out = Style::default();
    let mut kept: Vec<String> = Vec::new();
    let plain = plain(text);
    let colour = |wanted: &str| {
        let mut all = plain.split(';').filter_map(|one| one.split_once(':'));
        let found = all.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim().to_ascii_lowercase())
    };
    let paper = colour("background-color").or_else(|| colour("background"));
    let invisible = colour("color").is_some_and(|ink| match &paper {
        Some(paper) => ink == "transparent" || ink == *paper,
        None => ["transparent", "white", "#fff", "#ffffff"].contains(&ink.as_str()),
    });
    for declaration in plain.split(';').filter(|declaration| !declaration.trim().is_empty()) {
        let Some((name, value)) = declaration.split_once(':') else {
            out.dropped.push(shown(declaration, ""));
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        // There is no other style that ours would have to outdo.
        let value = value.trim().trim_end_matches("!important").trim_end();
        let known = PROPERTIES.iter().find(|(known, _)| *known == name);
        if name == "white-space" && value.eq_ignore_ascii_case("pre") {
            // The same, in lines that do not run out of the page.
            kept.push("white-space:pre-wrap".to_owned());
        } else if known.is_some_and(|(_, values)| is_harmless(element, value, *values)) {
            kept.push(format!("{name}:{value}"));
        } else if hides(&name, value) || name == "color" && invisible {
            out.hiding.push(shown(&name, value));
        } else {
            out.dropped.push(shown(&name, value));
        }
    }
    out.kept = kept.join(";");
    out
}

/// The text as CSS reads it: without comments, and with escapes read.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '/']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        if let Some(comment) = after.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, tail)| tail);
        } else if let Some(escape) = after.strip_prefix('\\') {
            let digits = escape.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
            let (code, tail) = escape.split_at(digits);
            out.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
            rest = if digits > 0 { tail.strip_prefix([' ', '\t', '\n']).unwrap_or(tail) } else { tail };
        } else {
            out.push('/');
            rest = after.get(1..).unwrap_or("");
        }
    }
    out.push_str(rest);
    out
}

fn shown(name: &str, value: &str) -> String {
    let text = if value.is_empty() { name.trim().to_owned() } else { format!("{name}: {value}") };
    let text = words::visible(&text).replace('\n', " ");
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or("")),
        None => text,
    }
}

/// A number and its unit.
fn length(word: &str) -> Option<(f64, &str)> {
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
    let (number, unit) = word.split_at(end);
    Some((number.parse().ok()?, unit))
}

/// About how many pixels a length is; a hundredth of the place there is counts as ten.
fn pixels(word: &str) -> Option<f64> {
    let (number, unit) = length(word)?;
    let one = match unit {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "em" | "rem" | "pc" => 16.0,
        "ex" | "ch" => 8.0,
        "cm" => 37.8,
        "mm" => 3.78,
        "in" => 96.0,
        "%" => 10.0,
        _ => return None,
    };
    Some(number * one)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && !text.starts_with('-')
}

/// Whether a value neither loads nor hides anything, nor takes text out of the page or over other text.
fn is_harmless(element: &str, value: &str, values: Values) -> bool {
    let lower = value.to_ascii_lowercase();
    if value.len() > 100 || lower == "hidden" {
        return false;
    }
    let in_table = TABLE.contains(&element);
    match values {
        Values::Words(known) => lower.split(' ').all(|word| known.contains(&word)),
        Values::Word => lower.split(' ').all(is_word),
        Values::Width => {
            in_table && (lower == "auto" || pixels(&lower).is_some_and(|size| (24.0..=1000.0).contains(&size)))
        }
        Values::Breaks => {
            matches!(lower.as_str(), "normal" | "pre-wrap" | "pre-line" | "break-spaces")
                || lower == "nowrap" && matches!(element, "td" | "th")
        }
        Values::Border => {
            !is_inline(element)
                && lower.split(' ').all(|word| {
                    let colour = word.strip_prefix('#').is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
                    is_word(word) || colour || pixels(word).is_some_and(|size| size <= 8.0)
                })
        }
        Values::Space => {
            !lower.contains('%')
                && lower.split(' ').all(|word| word == "auto" || pixels(word).is_some_and(|size| size <= 64.0))
        }
        Values::Weight => {
            is_word(&lower) || length(&lower).is_some_and(|(number, unit)| unit.is_empty() && number <= 1000.0)
        }
        Values::Letters => letters(&lower).is_some_and(|size| (SMALLEST..=48.0).contains(&size)),
    }
}

/// The size of letters that a value gives, in pixels: an absolute one, or one of CSS's words.
fn letters(value: &str) -> Option<f64> {
    const NAMED: &[(&str, f64)] =
        &[("x-small", 10.0), ("small", 13.0), ("medium", 16.0), ("large", 18.0), ("x-large", 24.0), ("xx-large", 32.0)];
    let named = NAMED.iter().find(|(name, _)| *name == value).map(|(_, size)| *size);
    let absolute = !value.ends_with('%') && !value.ends_with('m') && !value.ends_with('x') || value.ends_with("px");
    named.or_else(|| pixels(value).filter(|_| absolute))
}

/// The size of letters that a style which has been cleaned gives, in pixels; the last counts.
pub(super) fn size_of_letters(kept: &str) -> Option<f64> {
    let mut sizes = kept.split(';').filter_map(|one| one.strip_prefix("font-size:"));
    sizes.next_back().and_then(|value| letters(&value.to_ascii_lowercase()))
}

/// Whether a declaration that is dropped would have hidden text, or moved it away.
fn hides(name: &str, value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let number = length(lower.trim_start_matches('-')).map(|(number, _)| number);
    match name {
        "display" | "content-visibility" => matches!(lower.as_str(), "none" | "hidden"),
        "visibility" => lower != "visible",
        "opacity" => number.is_some_and(|number| number < 0.7),
        "width" | "height" | "max-width" | "max-height" | "block-size" | "inline-size" | "font-size"
        | "line-height" | "font" => pixels(&lower).is_some_and(|size| size < 9.0),
        "text-indent" | "margin" | "margin-left" | "margin-top" | "left" | "top" | "right" | "bottom" | "translate"
        | "letter-spacing" => lower.contains('-') || pixels(&lower).is_some_and(|size| size > 200.0),
        "position" => matches!(lower.as_str(), "absolute" | "fixed"),
        "overflow" | "overflow-x" | "overflow-y" => matches!(lower.as_str(), "hidden" | "clip"),
        "clip" | "clip-path" | "mask" | "transform" | "scale" | "zoom" | "filter" | "z-index" => true,
        _ => false,
    }
}
