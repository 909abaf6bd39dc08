//! CommonMark. Everything received is escaped, so that no text can become markup.

use super::language::Language;
use super::model::{Display, Group, Piece, Row, Style};
use super::{Mode, labels, sanitise};

/// The Markdown of a display.
pub fn markdown(display: &Display, mode: Mode, language: Language) -> String {
    let mut out = String::new();
    resource(display, mode, language, 1, &mut out);
    if let Some(notice) = &display.notice {
        out.push_str(&format!("{}\n\n", one_line(notice)));
    }
    out
}

fn resource(display: &Display, mode: Mode, language: Language, level: usize, out: &mut String) {
    if let Some(said) = &display.incomplete {
        out.push_str(&format!("**{}:** {}\n\n", language.say("INCOMPLETE"), one_line(said)));
    }
    out.push_str(&format!(
        "{} {}: {}\n\n",
        "#".repeat(level.min(6)),
        one_line(&display.title),
        one_line(&display.headline)
    ));
    for warning in &display.warnings {
        out.push_str(&format!("> **{}:** {}\n\n", language.say("Important"), one_line(&warning.text)));
    }
    if mode == Mode::Summary {
        out.push_str(&format!("{}\n\n", one_line(&display.summary)));
        return;
    }
    for group in &display.groups {
        group_markdown(group, language, level + 1, out);
    }
    if display.appendix.is_empty() {
        technical(display, mode, language, level, out);
    }
    for nested in &display.nested {
        resource(nested, mode, language, level + 1, out);
    }
    if !display.appendix.is_empty() {
        for group in &display.appendix {
            group_markdown(group, language, level + 1, out);
        }
        technical(display, mode, language, level, out);
    }
}

/// The technical details, or how many there are; those of a document's Bundle go behind it.
fn technical(display: &Display, mode: Mode, language: Language, level: usize, out: &mut String) {
    match (display.technical.len(), mode) {
        (0, _) => {}
        (_, Mode::Full) => {
            let title = language.say("Technical details");
            out.push_str(&format!("{} {title}\n\n", "#".repeat((level + 1).min(6))));
            rows(&display.technical, language, 0, out);
            out.push('\n');
        }
        (count, _) => out.push_str(&format!("{}\n\n", labels::technical_items(language, count))),
    }
}

fn group_markdown(group: &Group, language: Language, level: usize, out: &mut String) {
    out.push_str(&format!("{} {}\n\n", "#".repeat(level.min(6)), one_line(&group.title)));
    for table in &group.tables {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        out.push_str(&line(table.columns.iter().map(|column| one_line(column)).collect()));
        out.push_str(&line(table.columns.iter().map(|_| "---".to_owned()).collect()));
        for cells in &table.lines {
            out.push_str(&line(cells.iter().map(|cell| one_line(&super::format::plain(cell))).collect()));
        }
        out.push('\n');
    }
    rows(&group.rows, language, 0, out);
    out.push('\n');
}

fn rows(rows: &[Row], language: Language, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth.min(10));
    for row in rows {
        let value: String = row.value.iter().map(|piece| piece_markdown(piece, &indent)).collect();
        out.push_str(&format!("{indent}- **{}:** {}\n", one_line(&row.label), value.trim_end()));
        if !row.markup.is_empty() {
            for line in sanitise::to_text(&row.markup, language).lines() {
                // Spaces at the start, which tell what a line of a list belongs to, would be lost.
                let text = line.trim_start_matches(' ');
                let before = "\u{a0}".repeat(line.len() - text.len());
                out.push_str(&format!("{indent}  > {before}{}  \n", escape(text)));
            }
        }
        self::rows(&row.rows, language, depth + 1, out);
    }
}

fn piece_markdown(piece: &Piece, indent: &str) -> String {
    let lines: Vec<String> = piece.text.split('\n').map(escape).collect();
    let text = lines.join(&format!("  \n{indent}  "));
    let strong = matches!(piece.style, Style::Strong | Style::Warning);
    let inner = text.trim();
    if !strong || inner.is_empty() || inner.contains('\n') {
        return text;
    }
    let before: String = text.chars().take_while(|c| *c == ' ').collect();
    let after: String = text.chars().rev().take_while(|c| *c == ' ').collect();
    format!("{before}**{inner}**{after}")
}

pub(super) fn one_line(text: &str) -> String {
    escape(&text.replace('\n', " "))
}

/// Text in which no character starts markup. Those that only mean something at the start of a line, after its number
/// or not, are escaped there alone, so that sentences stay readable.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at_start = true;
    for c in text.chars() {
        let always = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '!' | '|' | '~' | '&');
        if always || at_start && matches!(c, '-' | '+' | '=' | '.' | ')') {
            out.push('\\');
        }
        at_start = at_start && (c == ' ' || c.is_ascii_digit());
        out.push(c);
    }
    out
}
