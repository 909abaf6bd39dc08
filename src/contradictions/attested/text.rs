//! The text of a section as labelled lines: what stands beside a row's heading, under a column's heading, or after a colon.

use crate::contradictions::words::{Token, content, tokens};
use quick_xml::Reader;
use quick_xml::events::Event;

/// A line of a section's text, with what it is called.
#[derive(Clone, Debug)]
pub(in crate::contradictions) struct Line {
    /// What it is called, as written; empty where nothing says so.
    pub label: String,
    /// What the cell or row around the line is called, where the line has a label of its own.
    pub under: String,
    /// The words of the label that carry its meaning.
    pub label_words: Vec<String>,
    /// What it says.
    pub text: String,
    /// Its words, numbers and signs.
    pub tokens: Vec<Token>,
    /// Which item it is about: lines of one item have the same number.
    pub record: u32,
}

impl Line {
    /// Whether the label has all these words.
    pub fn is_called(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.label_words.iter().any(|of| of == word))
    }
}

/// More lines are not compared: no letter has as many.
const MOST_LINES: usize = 20_000;
/// Deeper tables are read as the text around them.
const MOST_TABLES: usize = 8;

/// Reads the XHTML of a narrative. What cannot be read ends it.
pub(in crate::contradictions) fn lines(xhtml: &str) -> Vec<Line> {
    let mut reader = Reader::from_str(xhtml);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut page = Page::default();
    while page.lines.len() < MOST_LINES {
        match reader.read_event() {
            Ok(Event::Start(tag)) => page.open(tag.local_name().into_inner()),
            Ok(Event::End(tag)) => page.close(tag.local_name().into_inner()),
            Ok(Event::Empty(tag)) => page.open_and_close(tag.local_name().into_inner()),
            Ok(Event::Text(text)) => page.text(&text.xml10_content()),
            Ok(Event::CData(text)) => page.text(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => page.entity(&reference.xml10_content()),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    page.end_line();
    page.flush();
    page.lines
}

/// A table being read.
#[derive(Default)]
struct Table {
    /// The headings of its columns.
    columns: Vec<String>,
    /// A heading that stands over the rows below.
    over: String,
    /// The cells of the row: whether each is a heading, and its lines.
    cells: Vec<(bool, Vec<String>)>,
}

#[derive(Default)]
struct Page {
    lines: Vec<Line>,
    tables: Vec<Table>,
    /// The lines of the cell at hand, or of the text outside of tables.
    cell: Vec<String>,
    line: String,
    is_preformatted: bool,
    /// The number of the item at hand, and what its lines are called.
    record: u32,
    seen: Vec<String>,
}

impl Page {
    fn open(&mut self, name: &str) {
        match name {
            "table" => {
                self.flush();
                if self.tables.len() < MOST_TABLES {
                    self.tables.push(Table::default());
                }
                self.next_record();
            }
            "tr" => {
                self.flush();
                if let Some(table) = self.tables.last_mut() {
                    table.cells.clear();
                }
            }
            "td" | "th" => self.flush(),
            "pre" => {
                self.end_line();
                self.is_preformatted = true;
            }
            _ if is_block(name) => self.end_line(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "table" => {
                self.row();
                self.tables.pop();
                self.next_record();
            }
            "tr" => self.row(),
            "td" | "th" => {
                self.end_line();
                let lines = std::mem::take(&mut self.cell);
                match self.tables.last_mut() {
                    Some(table) => table.cells.push((name == "th", lines)),
                    None => self.cell = lines,
                }
            }
            "pre" => {
                self.end_line();
                self.is_preformatted = false;
            }
            _ if is_block(name) => self.end_line(),
            _ => {}
        }
    }

    fn open_and_close(&mut self, name: &str) {
        match name {
            "td" | "th" | "tr" => {
                self.open(name);
                self.close(name);
            }
            _ if is_block(name) => self.end_line(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '\n' if self.is_preformatted => self.end_line(),
                _ if letter.is_whitespace() => {
                    if !self.line.is_empty() && !self.line.ends_with(' ') {
                        self.line.push(' ');
                    }
                }
                _ => self.line.push(letter),
            }
        }
    }

    fn entity(&mut self, name: &str) {
        let number = name.strip_prefix("#x").map_or_else(
            || name.strip_prefix('#').and_then(|digits| digits.parse().ok()),
            |digits| u32::from_str_radix(digits, 16).ok(),
        );
        let text = match name {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "quot" => "\"",
            "apos" => "'",
            "micro" => "µ",
            "frac12" => "½",
            _ => match number.and_then(char::from_u32) {
                Some(letter) => return self.text(letter.encode_utf8(&mut [0; 4])),
                None => " ",
            },
        };
        self.text(text);
    }

    /// Ends a line of a cell, or of the text outside of tables.
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if !line.is_empty() {
            self.cell.push(line.to_owned());
        }
    }

    /// Writes what stands outside of cells.
    fn flush(&mut self) {
        self.end_line();
        for line in std::mem::take(&mut self.cell) {
            let (label, text) = labelled(&line).unwrap_or(("", &line));
            if label.is_empty() {
                self.next_record();
            }
            self.push(label, "", text);
        }
    }

    fn next_record(&mut self) {
        self.record += 1;
        self.seen.clear();
    }

    /// A line of the item at hand; one that is called as an earlier line of it begins the next item.
    fn push(&mut self, label: &str, under: &str, text: &str) {
        self.begin(label);
        self.push_inner(label, under, text);
    }

    fn push_inner(&mut self, label: &str, under: &str, text: &str) {
        let line = Line {
            label: label.to_owned(),
            under: under.to_owned(),
            label_words: content(label),
            text: text.to_owned(),
            tokens: tokens(text),
            record: self.record,
        };
        self.lines.push(line);
    }

    /// The lines of a cell: those with a label of their own under it.
    fn cell_lines(&mut self, label: &str, lines: &[String], is_first: bool) {
        let mut waiting = "";
        for (at, line) in lines.iter().enumerate() {
            let at = if is_first { at } else { at + 1 };
            match labelled(line) {
                Some((own, "")) => {
                    if at == 0 {
                        self.begin(label);
                    }
                    waiting = own;
                }
                Some((own, text)) if at == 0 && label.is_empty() => self.push(own, "", text),
                Some((own, text)) => {
                    if at == 0 {
                        self.begin(label);
                    }
                    self.push_inner(own, label, text);
                    waiting = "";
                }
                None if !waiting.is_empty() => self.push_inner(waiting, label, line),
                None if at == 0 => self.push(label, "", line),
                None => self.push_inner(label, "", line),
            }
        }
    }

    /// Notes the label of a line; one that the item at hand has already begins the next item.
    fn begin(&mut self, label: &str) {
        if label.is_empty() {
            return;
        }
        if self.seen.iter().any(|seen| seen == label) {
            self.next_record();
        }
        if self.seen.len() < 64 {
            self.seen.push(label.to_owned());
        }
    }

    fn row(&mut self) {
        let Some(mut table) = self.tables.pop() else { return };
        let cells = std::mem::take(&mut table.cells);
        let heads = cells.iter().filter(|(is_head, _)| *is_head).count();
        let joined = |lines: &[String]| lines.join(" ");
        match &cells[..] {
            [] => {}
            [(true, only)] => table.over = joined(only),
            _ if heads == cells.len() => table.columns = cells.iter().map(|(_, lines)| joined(lines)).collect(),
            [(true, label), rest @ ..]
                if table.columns.is_empty() || heads == 1 && table.columns.len() != cells.len() =>
            {
                let label = joined(label);
                for (at, (_, lines)) in rest.iter().enumerate() {
                    self.cell_lines(&label, lines, at == 0);
                }
            }
            _ if table.columns.len() == cells.len() => {
                self.next_record();
                for (label, (_, lines)) in table.columns.iter().zip(&cells) {
                    self.cell_lines(label, lines, true);
                }
            }
            // Two cells of which the first names the second.
            [(_, first), (_, second)]
                if first.len() == 1 && is_name(&first[0]) && labelled(&first[0]).is_none() && !second.is_empty() =>
            {
                self.cell_lines(&first[0], second, true);
            }
            cells => {
                let over = table.over.clone();
                for (_, lines) in cells {
                    self.cell_lines(&over, lines, true);
                }
            }
        }
        self.tables.push(table);
    }
}

/// Whether an element ends the line before it.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "br"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "blockquote"
            | "caption"
            | "thead"
            | "tbody"
            | "tfoot"
            | "table"
            | "tr"
    )
}

/// Whether a text is short enough, and has few enough signs, to name what follows it.
fn is_name(text: &str) -> bool {
    text.len() <= 60
        && text.split_whitespace().count() <= 6
        && text.chars().any(char::is_alphabetic)
        && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | ';'))
}

/// The label of a line and what it says: "Site: Upper right arm".
fn labelled(line: &str) -> Option<(&str, &str)> {
    let (label, text) = line.split_once(':')?;
    let is_label = is_name(label) && !text.starts_with("//") && !label.contains('(');
    is_label.then(|| (label.trim(), text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xhtml: &str) -> Vec<(u32, String, String)> {
        lines(xhtml).into_iter().map(|line| (line.record, line.label, line.text)).collect()
    }

    #[test]
    fn rows_with_headings_are_items() {
        let text = "<div><table><tr><th>Medication</th><td>A 5mg</td></tr><tr><th>Dose</th><td><p>one</p><p>daily</p></td></tr>\
            <tr><th>Medication</th><td>B&amp;C</td></tr></table></div>";
        let read = read(text);
        assert_eq!(read[0].0, read[1].0);
        assert_ne!(read[2].0, read[3].0);
        let plain: Vec<_> = read.iter().map(|(_, label, text)| (&**label, &**text)).collect();
        assert_eq!(plain, [("Medication", "A 5mg"), ("Dose", "one"), ("Dose", "daily"), ("Medication", "B&C")]);
    }

    #[test]
    fn columns_with_headings_name_their_cells() {
        let text = "<div><table><tr><th>Drug</th><th>Dose</th></tr><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table></div>";
        let read = read(text);
        assert_eq!((read[0].0 == read[1].0, read[1].0 == read[2].0), (true, false));
        assert_eq!((&*read[3].1, &*read[3].2), ("Dose", "2"));
    }

    #[test]
    fn labels_inside_of_cells_count() {
        let text = "<div><table><tr><td>Site: Upper right arm</td><td>Date Time: 9-May-2018 10:00</td></tr></table><p>NHS number: 1</p><p>prose</p></div>";
        let read = read(text);
        assert_eq!((&*read[1].1, &*read[1].2), ("Date Time", "9-May-2018 10:00"));
        assert_eq!((&*read[2].1, &*read[2].2), ("NHS number", "1"));
        assert_eq!((&*read[3].1, &*read[3].2), ("", "prose"));
    }
}
