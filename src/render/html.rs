//! The only place that writes `<`: the display model as a tree of elements, and such a tree as XHTML.
//!
//! Element and attribute names are all our own constants; every text and attribute value is escaped here.

use super::language::Language;
use super::model::{Display, Element, Group, Importance, Markup, Piece, Row, Style, Table};
use super::sanitise::VOID;
use super::{Mode, labels};

/// For whom elements are chosen: FHIR's narrative allows few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Narrative,
    Web,
}

/// XHTML for `Resource.text.div`: only the elements and attributes of txt-1.
pub fn narrative(display: &Display, mode: Mode, language: Language) -> String {
    let body = resource(display, Kind::Narrative, mode, language, 3);
    let mut out = String::new();
    let xmlns = ("xmlns", "http://www.w3.org/1999/xhtml");
    let tag = [xmlns, ("lang", language.tag())];
    // English is what readers of the NHS expect, so that only another language is marked.
    let attributes = if language == Language::English { &tag[..1] } else { &tag[..] };
    write(&element("div", attributes, body), &mut out);
    out
}

/// HTML to be put into a page whose headings above it end at the second level.
pub fn fragment(display: &Display, mode: Mode, language: Language) -> String {
    let mut out = String::new();
    write(
        &element(
            "div",
            &[("class", "careconnect"), ("lang", language.tag())],
            resource(display, Kind::Web, mode, language, 2),
        ),
        &mut out,
    );
    out
}

/// The content of a page: its one heading of the first level is the headline.
pub(super) fn body(display: &Display, mode: Mode, language: Language) -> Vec<Markup> {
    resource(display, Kind::Web, mode, language, 1)
}

/// Markup as XHTML.
pub fn xhtml(markup: &[Markup]) -> String {
    let mut out = String::new();
    markup.iter().for_each(|node| write(node, &mut out));
    out
}

/// An element.
pub(super) fn element(name: &'static str, attributes: &[(&'static str, &str)], children: Vec<Markup>) -> Markup {
    let attributes = attributes.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Markup::Element(Element { name, attributes, children })
}

/// Text.
pub(super) fn text(text: impl Into<String>) -> Markup {
    Markup::Text(text.into())
}

const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

fn heading(level: usize, title: &str) -> Markup {
    let level = level.clamp(1, 6);
    let name = HEADINGS.get(level - 1).copied().unwrap_or("h6");
    let class = match level {
        1 => "nhsuk-heading-l",
        2 => "nhsuk-heading-m",
        3 => "nhsuk-heading-s",
        _ => "nhsuk-heading-xs",
    };
    element(name, &[("class", class)], lines(title))
}

/// Text with its line ends as breaks.
fn lines(content: &str) -> Vec<Markup> {
    let mut out = Vec::new();
    for (at, line) in content.split('\n').enumerate() {
        if at > 0 {
            out.push(element("br", &[], Vec::new()));
        }
        if !line.is_empty() {
            out.push(text(line));
        }
    }
    out
}

fn resource(display: &Display, kind: Kind, mode: Mode, language: Language, level: usize) -> Vec<Markup> {
    let mut out = vec![element("p", &[("class", "nhsuk-caption-m")], vec![text(display.title.clone())])];
    out.push(heading(level, &display.headline));
    if !display.warnings.is_empty() {
        let items = display.warnings.iter().map(|warning| {
            element(
                "li",
                &[],
                vec![
                    element("strong", &[], vec![text(format!("{}: ", language.say("Important")))]),
                    text(warning.text.clone()),
                ],
            )
        });
        let list = element("ul", &[("class", "nhsuk-list")], items.collect());
        out.push(element("div", &[("class", "nhsuk-warning-callout")], vec![list]));
    }
    if mode == Mode::Summary {
        out.push(element("p", &[], lines(&display.summary)));
        return out;
    }
    let mut content = Vec::new();
    for group in &display.groups {
        content.extend(group_markup(group, kind, level + 1));
    }
    for nested in &display.nested {
        let body = resource(nested, kind, mode, language, level + 1);
        content.push(element("div", &[("class", "nhsuk-card")], body));
    }
    technical(display, kind, mode, language, level, &mut content);
    if display.entered_in_error && kind == Kind::Web {
        let title = element(
            "summary",
            &[("class", "nhsuk-details__summary")],
            vec![text(language.say("Content withheld as entered in error: open to see it"))],
        );
        content.insert(0, title);
        out.push(element("details", &[("class", "nhsuk-details")], content));
    } else {
        out.extend(content);
    }
    out
}

fn technical(display: &Display, kind: Kind, mode: Mode, language: Language, level: usize, out: &mut Vec<Markup>) {
    let count = display.technical.len();
    if count == 0 {
        return;
    }
    let items = labels::technical_items(language, count);
    if kind == Kind::Web {
        let title = element("summary", &[("class", "nhsuk-details__summary")], vec![text(items)]);
        let list = rows(&display.technical, kind, level);
        out.push(element("details", &[("class", "nhsuk-details careconnect-technical")], vec![title, list]));
    } else if mode == Mode::Full {
        out.push(heading(level + 1, &language.say("Technical details")));
        out.push(rows(&display.technical, kind, level));
    } else {
        out.push(element("p", &[], vec![text(items)]));
    }
}

fn group_markup(group: &Group, kind: Kind, level: usize) -> Vec<Markup> {
    let mut out = vec![heading(level, &group.title)];
    for table in &group.tables {
        out.push(table_markup(table, kind));
    }
    if !group.rows.is_empty() {
        out.push(rows(&group.rows, kind, level));
    }
    out
}

fn table_markup(table: &Table, kind: Kind) -> Markup {
    let caption = element("caption", &[("class", "nhsuk-table__caption")], vec![text(table.caption.clone())]);
    let head = table.columns.iter().map(|column| element("th", &[("scope", "col")], vec![text(column.clone())]));
    let head = element("thead", &[], vec![element("tr", &[], head.collect())]);
    let body = table.lines.iter().map(|line| {
        let cells = line.iter().enumerate().map(|(at, cell)| match at {
            0 => element("th", &[("scope", "row")], pieces(cell)),
            _ => element("td", &[], pieces(cell)),
        });
        element("tr", &[], cells.collect())
    });
    let body = element("tbody", &[], body.collect());
    let table_element = element("table", &[("class", "nhsuk-table")], vec![caption, head, body]);
    match kind {
        Kind::Narrative => table_element,
        // A wide table scrolls in a region of its own that a keyboard can reach.
        Kind::Web => element(
            "div",
            &[("class", "careconnect-scroll"), ("role", "region"), ("aria-label", &table.caption), ("tabindex", "0")],
            vec![table_element],
        ),
    }
}

/// Rows as a description list; values of one label that follow each other share it. On the web each value says where it
/// comes from (`data-pointer`, a JSON pointer), so that a page can lead from a value to its source.
fn rows(rows: &[Row], kind: Kind, level: usize) -> Markup {
    let mut out = Vec::new();
    let mut label: Option<&str> = None;
    for row in rows {
        if label != Some(row.label.as_str()) {
            out.push(element("dt", &[("class", "nhsuk-summary-list__key")], lines(&row.label)));
            label = Some(&row.label);
        }
        let mut children = pieces(&row.value);
        if row.importance == Importance::Warning && !children.is_empty() {
            children = vec![element("span", &[("class", "careconnect-warning")], children)];
        }
        if !row.markup.is_empty() {
            children.push(element("div", &[("class", "careconnect-received")], shifted(&row.markup, level, 0)));
        }
        if !row.rows.is_empty() {
            children.push(self::rows(&row.rows, kind, level));
        }
        let mut attributes = vec![("class", "nhsuk-summary-list__value")];
        if kind == Kind::Web {
            attributes.push(("data-pointer", &row.pointer));
        }
        out.push(element("dd", &attributes, children));
    }
    element("dl", &[("class", "nhsuk-summary-list")], out)
}

/// Received markup with its headings below ours.
fn shifted(markup: &[Markup], level: usize, depth: usize) -> Vec<Markup> {
    markup
        .iter()
        .map(|node| match node {
            Markup::Element(inner) => {
                let name = match HEADINGS.iter().position(|heading| *heading == inner.name) {
                    Some(at) => HEADINGS.get((level + at).min(5)).copied().unwrap_or("h6"),
                    None => inner.name,
                };
                let children = if depth < 80 { shifted(&inner.children, level, depth + 1) } else { Vec::new() };
                Markup::Element(Element { name, attributes: inner.attributes.clone(), children })
            }
            Markup::Text(_) => node.clone(),
        })
        .collect()
}

fn pieces(pieces: &[Piece]) -> Vec<Markup> {
    let mut out = Vec::new();
    for piece in pieces {
        let content = lines(&piece.text);
        let note = piece.note.as_deref();
        let (name, attribute) = match piece.style {
            Style::Plain => ("span", None),
            Style::Strong => ("strong", None),
            Style::Secondary => ("span", Some(("class", "nhsuk-u-secondary-text-colour"))),
            Style::Warning => ("strong", Some(("class", "careconnect-warning"))),
            Style::Date => ("span", Some(("title", note.unwrap_or("")))),
            Style::Link => ("a", Some(("href", note.unwrap_or("#")))),
        };
        let lang = piece.lang.as_deref().map(|tag| ("lang", tag));
        let attributes: Vec<(&'static str, &str)> = attribute.into_iter().chain(lang).collect();
        if attributes.is_empty() && name == "span" {
            out.extend(content);
        } else {
            out.push(element(name, &attributes, content));
        }
    }
    out
}

/// Writes a tree; an element that cannot have content is closed at once, any other has an end tag.
pub(super) fn write(markup: &Markup, out: &mut String) {
    match markup {
        Markup::Text(text) => escape(text, false, out),
        Markup::Element(element) => {
            out.push('<');
            out.push_str(element.name);
            for (name, value) in &element.attributes {
                out.push(' ');
                out.push_str(name);
                out.push_str("=\"");
                escape(value, true, out);
                out.push('"');
            }
            if VOID.contains(&element.name) || element.name == "meta" {
                out.push_str("/>");
                return;
            }
            out.push('>');
            for child in &element.children {
                write(child, out);
            }
            out.push_str("</");
            out.push_str(element.name);
            out.push('>');
        }
    }
}

/// Text with XML's own entities only; characters that XML cannot hold become their visible mark.
fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' | '\t' if attribute => out.push(' '),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\r' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}');
            }
            _ => out.push(c),
        }
    }
}
