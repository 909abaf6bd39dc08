//! Plain text, 80 columns: for screens without HTML, logs and screen readers. Nothing is left out of it but what the mode leaves out.

use super::format::plain;
use super::language::Language;
use super::model::{Display, Group, Importance, Row};
use super::{Mode, labels, sanitise};

/// How many columns a line has.
pub(super) const WIDTH: usize = 80;

/// The text of a display.
pub fn text(display: &Display, mode: Mode, language: Language) -> String {
    let mut out = String::new();
    resource(display, mode, language, 0, &mut out);
    if let Some(notice) = &display.notice {
        out.push('\n');
        wrapped("", notice, &mut out);
    }
    out
}

fn resource(display: &Display, mode: Mode, language: Language, depth: usize, out: &mut String) {
    if depth > 0 {
        out.push('\n');
    }
    let rule = if depth == 0 { "=" } else { "-" };
    if let Some(said) = &display.incomplete {
        wrapped("", &format!("{}: {said}", language.say("INCOMPLETE")), out);
        out.push('\n');
    }
    wrapped("", &display.title.to_uppercase(), out);
    wrapped("", &display.headline, out);
    out.push_str(&rule.repeat(WIDTH));
    out.push('\n');
    for warning in &display.warnings {
        wrapped("! ", &format!("{}: {}", language.say("IMPORTANT"), warning.text), out);
    }
    if mode == Mode::Summary {
        wrapped("", &display.summary, out);
        return;
    }
    if display.entered_in_error {
        wrapped("", &language.say("The content below was entered in error."), out);
    }
    for group in &display.groups {
        group_text(group, language, out);
    }
    // Those of a document's Bundle go behind it, with the list of its parts.
    let technical = |out: &mut String| match (display.technical.len(), mode) {
        (0, _) => {}
        (_, Mode::Full) => {
            out.push_str(&format!("\n{}\n", language.say("Technical details")));
            rows(&display.technical, language, 1, out);
        }
        (count, _) => {
            out.push('\n');
            wrapped("", &labels::technical_items(language, count), out);
        }
    };
    if display.appendix.is_empty() {
        technical(out);
    }
    for nested in &display.nested {
        resource(nested, mode, language, depth + 1, out);
    }
    if !display.appendix.is_empty() {
        for group in &display.appendix {
            group_text(group, language, out);
        }
        technical(out);
    }
}

fn group_text(group: &Group, language: Language, out: &mut String) {
    out.push('\n');
    wrapped("", &group.title, out);
    for table in &group.tables {
        wrapped("  ", &format!("{}: {}", table.caption, table.columns.join(" | ")), out);
        for line in &table.lines {
            let cells: Vec<String> = line.iter().map(|cell| plain(cell)).collect();
            wrapped("    ", &cells.join(" | "), out);
        }
    }
    rows(&group.rows, language, 1, out);
}

fn rows(rows: &[Row], language: Language, depth: usize, out: &mut String) {
    for row in rows {
        let indent = "  ".repeat(depth.min(12));
        let mark = if row.importance == Importance::Warning { "! " } else { "" };
        let value = plain(&row.value);
        wrapped(&indent, format!("{mark}{}: {value}", row.label).trim_end(), out);
        if !row.markup.is_empty() {
            for line in sanitise::to_text(&row.markup, language).lines() {
                wrapped(&format!("{indent}  | "), line, out);
            }
        }
        self::rows(&row.rows, language, depth + 1, out);
    }
}

/// Writes a text in lines of at most 80 columns where its words allow; further lines are indented more, but for quoted ones.
fn wrapped(indent: &str, text: &str, out: &mut String) {
    wrapped_with(indent, if indent.ends_with("| ") { "" } else { "    " }, text, out);
}

/// Writes a text in lines of at most 80 columns where its words allow; further lines are indented by `further` too.
pub(super) fn wrapped_with(indent: &str, further: &str, text: &str, out: &mut String) {
    let mut first = true;
    for line in text.split('\n') {
        let mut column = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > WIDTH {
                out.push('\n');
                column = 0;
            }
            if column == 0 {
                out.push_str(indent);
                column = indent.chars().count();
                if !first {
                    out.push_str(further);
                    column += further.len();
                }
            } else {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
            first = false;
        }
        out.push('\n');
    }
}
