//! The parts of a display as elements: headings, callouts, summary lists, tables and folds, by the names that the NHS design
//! system gives them. A narrative has only what txt-1 allows.

use super::received::received;
use super::{element, text};
use crate::render::format::date::Moment;
use crate::render::language::Language;
use crate::render::model::{Display, Group, Importance, Markup, Piece, Row, Style, Table};
use crate::render::{Mode, labels};

/// For whom elements are chosen: FHIR's narrative allows few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Narrative,
    Web,
}

/// The longest warning that is a tag; a longer one is a sentence.
const TAG: usize = 40;

pub(super) const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// A heading's name. What is nested deeper than HTML has headings for stays at the last.
pub(super) fn heading_name(level: usize) -> &'static str {
    HEADINGS.get(level.clamp(1, 6) - 1).copied().unwrap_or("h6")
}

fn heading(level: usize, title: &str) -> Markup {
    let class = match level {
        0 | 1 => "nhsuk-heading-l",
        2 => "nhsuk-heading-m",
        3 => "nhsuk-heading-s",
        _ => "nhsuk-heading-xs",
    };
    element(heading_name(level), &[("class", class)], lines(title))
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

/// What all parts of one output share.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub kind: Kind,
    pub mode: Mode,
    pub language: Language,
}

impl Parts {
    fn is_web(self) -> bool {
        self.kind == Kind::Web
    }

    /// A resource whose heading is of this level.
    pub(super) fn resource(self, display: &Display, level: usize) -> Vec<Markup> {
        let mut out = Vec::new();
        if let Some(said) = &display.incomplete {
            let said = format!("{}: {said}", self.language.say("INCOMPLETE"));
            let line = element("p", &[], vec![element("strong", &[], vec![text(said)])]);
            out.push(if self.is_web() {
                element("div", &[("class", "nhsuk-warning-callout")], vec![line])
            } else {
                line
            });
        }
        out.push(element("p", &[("class", "nhsuk-caption-m")], vec![text(display.title.clone())]));
        out.push(heading(level, &display.headline));
        self.warnings(display, level, &mut out);
        if self.mode == Mode::Summary {
            let inset = element("p", &[], lines(&display.summary));
            out.push(if self.is_web() { element("div", &[("class", "nhsuk-inset-text")], vec![inset]) } else { inset });
            self.notice(display, &mut out);
            return out;
        }
        let mut content = Vec::new();
        for group in &display.groups {
            content.extend(self.group(group, level + 1));
        }
        for nested in &display.nested {
            content.push(element("div", &[("class", "nhsuk-card")], self.resource(nested, level + 1)));
        }
        for group in &display.appendix {
            content.extend(self.group(group, level + 1));
        }
        self.technical(display, level, &mut content);
        if display.entered_in_error && self.is_web() {
            let title = self.language.say("Content withheld as entered in error: open to see it");
            out.push(self.fold(title, "nhsuk-details", content));
        } else {
            out.extend(content);
        }
        self.notice(display, &mut out);
        out
    }

    fn notice(self, display: &Display, out: &mut Vec<Markup>) {
        out.extend(display.notice.as_ref().map(|notice| element("p", &[], vec![text(notice.clone())])));
    }

    /// What must be known first. A narrative says it of each, as it may be read without our style.
    fn warnings(self, display: &Display, level: usize, out: &mut Vec<Markup>) {
        if display.warnings.is_empty() {
            return;
        }
        let important = self.language.say("Important");
        let items = display.warnings.iter().map(|warning| {
            let mut item = Vec::new();
            if !self.is_web() {
                item.push(element("strong", &[], vec![text(format!("{important}: "))]));
            }
            item.push(text(warning.text.clone()));
            element("li", &[], item)
        });
        let mut callout = vec![element("ul", &[("class", "nhsuk-list")], items.collect())];
        if self.is_web() {
            let label = [("class", "nhsuk-warning-callout__label nhsuk-heading-s")];
            callout.insert(0, element(heading_name(level + 1), &label, vec![text(important)]));
        }
        out.push(element("div", &[("class", "nhsuk-warning-callout")], callout));
    }

    /// Content that is folded away until it is asked for; in print it is open, and where everything is asked for.
    fn fold(self, title: String, class: &str, content: Vec<Markup>) -> Markup {
        let words = element("span", &[("class", "nhsuk-details__summary-text")], vec![text(title)]);
        let title = element("summary", &[("class", "nhsuk-details__summary")], vec![words]);
        let content = element("div", &[("class", "nhsuk-details__text")], content);
        let open = [("class", class), ("open", "open")];
        element("details", if self.mode == Mode::Full { &open } else { &open[..1] }, vec![title, content])
    }

    fn technical(self, display: &Display, level: usize, out: &mut Vec<Markup>) {
        let count = display.technical.len();
        if count == 0 {
            return;
        }
        let items = labels::technical_items(self.language, count);
        if self.is_web() {
            let list = self.rows(&display.technical, level + 1);
            out.push(self.fold(items, "nhsuk-details careconnect-technical", list));
        } else if self.mode == Mode::Full {
            out.push(heading(level + 1, &self.language.say("Technical details")));
            out.extend(self.rows(&display.technical, level + 1));
        } else {
            out.push(element("p", &[], vec![text(items)]));
        }
    }

    fn group(self, group: &Group, level: usize) -> Vec<Markup> {
        let mut out = vec![heading(level, &group.title)];
        for table in &group.tables {
            out.push(self.table(table));
        }
        if !group.rows.is_empty() {
            out.extend(self.rows(&group.rows, level));
        }
        if group.deceased && self.is_web() {
            return vec![element("div", &[("class", "careconnect-deceased")], out)];
        }
        out
    }

    fn table(self, table: &Table) -> Markup {
        let caption = element("caption", &[("class", "nhsuk-table__caption")], vec![text(table.caption.clone())]);
        let column = [("scope", "col"), ("class", "nhsuk-table__header")];
        let line = [("scope", "row"), ("class", "nhsuk-table__header")];
        let head = table.columns.iter().map(|title| element("th", &column, vec![text(title.clone())]));
        let head = element("thead", &[("class", "nhsuk-table__head")], vec![element("tr", &[], head.collect())]);
        let body = table.lines.iter().map(|cells| {
            let cells = cells.iter().enumerate().map(|(at, cell)| match at {
                0 => element("th", &line, self.pieces(cell)),
                _ => element("td", &[("class", "nhsuk-table__cell")], self.pieces(cell)),
            });
            element("tr", &[], cells.collect())
        });
        let body = element("tbody", &[("class", "nhsuk-table__body")], body.collect());
        let table_element = element("table", &[("class", "nhsuk-table")], vec![caption, head, body]);
        if !self.is_web() {
            return table_element;
        }
        // A wide table scrolls by itself, where a keyboard can reach it. It is a group and no landmark: a page may have
        // many with the same caption.
        let scroll =
            [("class", "careconnect-scroll"), ("role", "group"), ("aria-label", &*table.caption), ("tabindex", "0")];
        element("div", &scroll, vec![table_element])
    }

    /// Rows under a heading of this level; values of one label that follow each other share it. In a narrative, what
    /// holds received text stands between the lists: the reference validator takes no block inside of a `dd`.
    fn rows(self, rows: &[Row], level: usize) -> Vec<Markup> {
        let list = |content: Vec<Markup>| element("dl", &[("class", "nhsuk-summary-list")], content);
        let mut lists: Vec<Markup> = Vec::new();
        let mut out: Vec<Markup> = Vec::new();
        let mut rest = rows;
        while let Some(first) = rest.first() {
            let same = rest.iter().take_while(|row| row.label == first.label).count();
            let (together, others) = rest.split_at(same);
            rest = others;
            if !self.is_web() && together.iter().any(has_markup) {
                if !out.is_empty() {
                    lists.push(list(std::mem::take(&mut out)));
                }
                for row in together {
                    lists.push(element("p", &[], vec![element("strong", &[], lines(&row.label))]));
                    lists.push(element("div", &[], self.content(row, level)));
                }
                continue;
            }
            let mut row = vec![element("dt", &[("class", "nhsuk-summary-list__key")], lines(&first.label))];
            row.extend(together.iter().map(|row| self.value(row, level)));
            match self.kind {
                Kind::Web => out.push(element("div", &[("class", "nhsuk-summary-list__row")], row)),
                Kind::Narrative => out.extend(row),
            }
        }
        if !out.is_empty() {
            lists.push(list(out));
        }
        lists
    }

    fn value(self, row: &Row, level: usize) -> Markup {
        // On the web each value says where it comes from, so that a page can lead from a value to its source.
        let from = [("class", "nhsuk-summary-list__value"), ("data-pointer", &*row.pointer)];
        element("dd", if self.is_web() { &from } else { &from[..1] }, self.content(row, level))
    }

    /// A row's value, the text received with it, and its parts.
    fn content(self, row: &Row, level: usize) -> Vec<Markup> {
        let mut children = self.pieces(&row.value);
        if row.importance == Importance::Warning && !children.is_empty() {
            children = vec![element("span", &[("class", "careconnect-warning")], children)];
        }
        if !row.markup.is_empty() {
            let markup = received(&row.markup, level + 1, self.language);
            // A wide table of the author's scrolls, so a keyboard must reach it.
            let label = self.language.say("Text as received");
            let scroll = [("role", "group"), ("aria-label", &*label), ("tabindex", "0")];
            let class = [("class", "careconnect-received")];
            let attributes = if self.is_web() { [&class[..], &scroll].concat() } else { class.to_vec() };
            children.push(element("div", &attributes, markup));
        }
        if !row.rows.is_empty() {
            children.extend(self.rows(&row.rows, level));
        }
        children
    }

    fn pieces(self, pieces: &[Piece]) -> Vec<Markup> {
        let mut out = Vec::new();
        for piece in pieces {
            let content = lines(&piece.text);
            let note = piece.note.as_deref();
            let (name, attribute) = match piece.style {
                Style::Plain => ("span", None),
                Style::Strong => ("strong", None),
                Style::Secondary => ("span", Some(("class", "nhsuk-u-secondary-text-colour"))),
                Style::Warning if self.is_web() && piece.text.len() <= TAG && piece.text.trim() == piece.text => {
                    ("strong", Some(("class", "nhsuk-tag nhsuk-tag--red")))
                }
                Style::Warning => ("strong", Some(("class", "careconnect-warning"))),
                Style::Date if self.is_web() => {
                    out.push(self.time(&piece.text, note.unwrap_or("")));
                    continue;
                }
                Style::Date => ("span", Some(("title", note.unwrap_or("")))),
                Style::Link => ("a", Some(("href", note.unwrap_or("#")))),
            };
            let lang = piece.lang.as_deref().map(|tag| ("lang", tag));
            let no_referrer = (self.is_web() && piece.style == Style::Link).then_some(("rel", "noreferrer noopener"));
            let attributes: Vec<(&'static str, &str)> = attribute.into_iter().chain(lang).chain(no_referrer).collect();
            if attributes.is_empty() && name == "span" {
                out.extend(content);
            } else {
                out.push(element(name, &attributes, content));
            }
        }
        out
    }

    /// A date: what is seen is as the audience writes it, and a screen reader that would misread a short month hears the
    /// long form (D+Ta-0015).
    fn time(self, shown: &str, recorded: &str) -> Markup {
        let Some(moment) = Moment::parse(recorded) else {
            return element("span", &[("title", recorded)], lines(shown));
        };
        let long = moment.patient(self.language);
        let content = if shown == long || shown.contains('\n') {
            lines(shown)
        } else {
            vec![
                element("span", &[("aria-hidden", "true")], lines(shown)),
                element("span", &[("class", "nhsuk-u-visually-hidden")], vec![text(long)]),
            ]
        };
        element("time", &[("datetime", recorded)], content)
    }
}

/// Whether a row or one of its parts holds received text.
fn has_markup(row: &Row) -> bool {
    !row.markup.is_empty() || row.rows.iter().any(has_markup)
}
