//! Cleaned markup as plain text: rows of tables stay rows with all their cells, lists keep their numbers and levels, raised
//! and lowered characters stay apart from the line.

use super::super::language::Language;
use super::super::model::{Element, Markup};
use super::DEPTH;
use super::grid::{Grid, cells, elements};

/// The text of cleaned markup, with line ends where its blocks end and bars around cells; what only an element says is said
/// in words of this language.
pub fn to_text(markup: &[Markup], language: Language) -> String {
    let mut out = String::new();
    Writer { language }.all(markup, &mut out, false, 0);
    let mut text = String::new();
    let mut blank = 0;
    for line in out.lines() {
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.trim_matches('\n').to_owned()
}

#[derive(Clone, Copy)]
struct Writer {
    language: Language,
}

/// Whether an author has struck the text out; plain text can only say so.
fn is_struck(element: &Element) -> bool {
    let struck = |(name, value): &(&'static str, String)| match *name {
        "style" => value.contains("line-through"),
        "class" => value.split(' ').any(|class| class == "strikethrough"),
        _ => false,
    };
    element.attributes.iter().any(struck)
}

fn attribute<'e>(element: &'e Element, wanted: &str) -> Option<&'e str> {
    element.attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str())
}

fn end_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

impl Writer {
    fn all(self, markup: &[Markup], out: &mut String, pre: bool, depth: usize) {
        if depth > DEPTH + 8 {
            return;
        }
        for node in markup {
            match node {
                Markup::Text(text) if pre => out.push_str(text),
                Markup::Text(text) => {
                    for (at, word) in text.split([' ', '\n', '\t', '\r']).enumerate() {
                        if at > 0 && !out.is_empty() && !out.ends_with([' ', '\n']) {
                            out.push(' ');
                        }
                        out.push_str(word);
                    }
                }
                Markup::Element(element) => self.element(element, out, pre, depth),
            }
        }
    }

    fn element(self, element: &Element, out: &mut String, pre: bool, depth: usize) {
        match element.name {
            "br" => {
                while out.ends_with(' ') {
                    out.pop();
                }
                out.push('\n');
            }
            "hr" => end_line(out),
            "img" => {
                let alt = attribute(element, "alt").unwrap_or("");
                out.push_str(&self.language.fill("[image: {}]", &[alt]));
            }
            "sup" | "sub" => out.push_str(&raised(&self.inside(element, pre, depth), element.name == "sup", out)),
            "ul" | "ol" => self.list(element, out, depth),
            "table" => self.table(element, out, depth),
            "dd" => {
                end_line(out);
                indent(&self.inside(element, pre, depth), "  ", "  ", out);
            }
            "p" | "div" | "dl" | "dt" | "blockquote" | "caption" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre"
            | "li" | "tr" | "thead" | "tbody" | "tfoot" | "td" | "th" => {
                end_line(out);
                self.content(element, out, pre || element.name == "pre", depth + 1);
                end_line(out);
            }
            _ => self.content(element, out, pre, depth + 1),
        }
    }

    /// What is inside an element, with words around what its author has struck out.
    fn content(self, element: &Element, out: &mut String, pre: bool, depth: usize) {
        if !is_struck(element) {
            return self.all(&element.children, out, pre, depth);
        }
        let mut inner = String::new();
        self.all(&element.children, &mut inner, pre, depth);
        if !inner.trim().is_empty() {
            out.push_str(&self.language.fill("[struck out: {}]", &[inner.trim_end()]));
        }
    }

    /// The text of an element by itself.
    fn inside(self, element: &Element, pre: bool, depth: usize) -> String {
        let mut out = String::new();
        self.content(element, &mut out, pre, depth + 1);
        out.trim_matches(['\n', ' ']).to_owned()
    }

    fn list(self, list: &Element, out: &mut String, depth: usize) {
        end_line(out);
        let kind = attribute(list, "type").or_else(|| numbering(list)).unwrap_or("1");
        let mut number: i64 = attribute(list, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        for item in elements(&list.children) {
            if let Some(own) = attribute(item, "value").and_then(|value| value.trim().parse().ok()) {
                number = own;
            }
            let mark = if list.name == "ol" {
                format!("{}. ", numeral(number, attribute(item, "type").unwrap_or(kind)))
            } else {
                "- ".to_owned()
            };
            number = number.saturating_add(1);
            let text = self.inside(item, false, depth);
            let struck = is_struck(list) && !text.is_empty();
            let text = if struck { self.language.fill("[struck out: {}]", &[&text]) } else { text };
            indent(&text, &mark, &" ".repeat(mark.len()), out);
        }
    }

    fn table(self, table: &Element, out: &mut String, depth: usize) {
        end_line(out);
        let mut loose: Vec<&Element> = Vec::new();
        for part in elements(&table.children) {
            if part.name == "tr" {
                // Rows that stand in the table itself are one group, as a browser reads them.
                loose.push(part);
                continue;
            }
            self.rows(&std::mem::take(&mut loose), is_struck(table), out, depth);
            match part.name {
                "caption" => {
                    self.content(part, out, false, depth + 1);
                    end_line(out);
                }
                "thead" | "tbody" | "tfoot" => {
                    let rows: Vec<&Element> = elements(&part.children).filter(|row| row.name == "tr").collect();
                    self.rows(&rows, is_struck(table) || is_struck(part), out, depth);
                }
                _ => {}
            }
        }
        self.rows(&loose, is_struck(table), out, depth);
    }

    /// One line a row, with a bar before, between and after its cells, so that an empty cell keeps its place. What reaches
    /// down from a row above is said again in each row; one cell over several columns is followed by empty ones.
    fn rows(self, rows: &[&Element], struck: bool, out: &mut String, depth: usize) {
        let alone = rows.iter().all(|row| cells(row).count() < 2);
        let nested = rows.iter().any(|row| cells(row).any(has_table));
        if alone || nested {
            // A table that only lays out, or a list written as one.
            for cell in rows.iter().flat_map(|row| cells(row)) {
                end_line(out);
                self.content(cell, out, false, depth + 1);
                end_line(out);
            }
            return;
        }
        let mut grid = Grid::default();
        let mut above: Vec<String> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let mut line: Vec<String> = Vec::new();
            let mut set = |column: usize, text: String| {
                if line.len() <= column {
                    line.resize(column + 1, String::new());
                }
                if let Some(slot) = line.get_mut(column) {
                    *slot = text;
                }
            };
            for column in grid.reached_into() {
                set(column, above.get(column).cloned().unwrap_or_default());
            }
            let places = grid.row(cells(row), rows.len() - at);
            let mut down: Vec<(usize, String)> = Vec::new();
            for (cell, place) in cells(row).zip(places) {
                let text = self.inside(cell, false, depth).replace('\n', "; ");
                let is_out = (struck || is_struck(row)) && !text.is_empty();
                let text = if is_out { self.language.fill("[struck out: {}]", &[&text]) } else { text };
                set(place.column + place.columns - 1, String::new());
                set(place.column, text.clone());
                if place.rows > 1 {
                    down.push((place.column, text));
                }
            }
            for (column, text) in down {
                if above.len() <= column {
                    above.resize(column + 1, String::new());
                }
                if let Some(slot) = above.get_mut(column) {
                    *slot = text;
                }
            }
            if line.iter().all(String::is_empty) {
                continue;
            }
            out.push_str("| ");
            out.push_str(&line.join(" | "));
            out.push_str(" |\n");
        }
    }
}

fn has_table(cell: &Element) -> bool {
    elements(&cell.children).any(|inner| inner.name == "table" || has_table(inner))
}

/// A text with one mark before its first line and another before each that follows.
fn indent(text: &str, first: &str, others: &str, out: &mut String) {
    for (at, line) in text.split('\n').enumerate() {
        out.push_str(if at == 0 { first } else { others });
        out.push_str(line);
        out.push('\n');
    }
}

/// The kind of numbering by FHIR's classes and by a style.
fn numbering(list: &Element) -> Option<&'static str> {
    const KINDS: &[(&str, &str, &str)] = &[
        ("little-roman", "lower-roman", "i"),
        ("big-roman", "upper-roman", "I"),
        ("little-alpha", "lower-alpha", "a"),
        ("big-alpha", "upper-alpha", "A"),
    ];
    let style = attribute(list, "style").unwrap_or("");
    let class = attribute(list, "class").unwrap_or("");
    KINDS.iter().find(|(known, word, _)| class.split(' ').any(|one| one == *known) || style.contains(word)).map(|k| k.2)
}

/// A number of a list as its kind of numbering writes it.
fn numeral(number: i64, kind: &str) -> String {
    const ROMAN: &[(i64, &str)] = &[
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let small = match kind {
        "a" | "A" if number > 0 => {
            let (mut rest, mut letters) = (number, Vec::new());
            while rest > 0 {
                rest -= 1;
                letters.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
                rest /= 26;
            }
            letters.into_iter().rev().collect::<String>()
        }
        "i" | "I" if (1..4000).contains(&number) => {
            let mut rest = number;
            let mut letters = String::new();
            for (value, sign) in ROMAN {
                while rest >= *value {
                    letters.push_str(sign);
                    rest -= value;
                }
            }
            letters
        }
        _ => return number.to_string(),
    };
    if kind.starts_with(|c: char| c.is_ascii_uppercase()) { small.to_uppercase() } else { small }
}

/// What stands above or below the line, so that `5x10⁹` is not read as `5x109`: by characters of their own where there are
/// such for all of it, in brackets otherwise. The ends of ordinal numbers are part of their line.
fn raised(text: &str, above: bool, before: &str) -> String {
    const DIGITS: [[char; 10]; 2] = [
        [
            '\u{2070}', '\u{b9}', '\u{b2}', '\u{b3}', '\u{2074}', '\u{2075}', '\u{2076}', '\u{2077}', '\u{2078}',
            '\u{2079}',
        ],
        [
            '\u{2080}', '\u{2081}', '\u{2082}', '\u{2083}', '\u{2084}', '\u{2085}', '\u{2086}', '\u{2087}', '\u{2088}',
            '\u{2089}',
        ],
    ];
    let text = text.trim().replace('\n', " ");
    let ordinal =
        above && matches!(text.as_str(), "st" | "nd" | "rd" | "th") && before.ends_with(|c: char| c.is_ascii_digit());
    // A sign of its own, such as that of a trade mark, is not mistaken for a part of the line.
    if text.is_empty() || ordinal || text.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '+' | '-' | '\u{2212}'))
    {
        return text;
    }
    let [up, down] = DIGITS;
    let of = |c: char| match c {
        '0'..='9' => (if above { up } else { down }).get(c as usize - '0' as usize).copied(),
        '+' => Some(if above { '\u{207a}' } else { '\u{208a}' }),
        '-' | '\u{2212}' | '\u{2013}' => Some(if above { '\u{207b}' } else { '\u{208b}' }),
        _ => None,
    };
    match text.chars().map(of).collect::<Option<String>>() {
        Some(signs) => signs,
        None => format!("{}({text})", if above { '^' } else { '_' }),
    }
}
