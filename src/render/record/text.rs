//! A record as plain text: the title of an area underlined with `=`, of a group with `-`, a row in one line.

use super::flat;
use super::model::{Area, AreaGroup, Block, Entry, Layout, Record};
use crate::render::format::plain;
use crate::render::language::Language;
use crate::render::model::{Piece, Row};
use crate::render::text::{WIDTH, wrapped_with};
use crate::render::{Mode, sanitise};

/// The text of a record.
pub(in crate::render) fn text(record: &Record, mode: Mode, language: Language) -> String {
    let mut out = String::new();
    let printer = Printer { mode, language };
    printer.head(record, &mut out);
    for area in &record.areas {
        printer.area(area, &mut out);
    }
    out.extend(record.notice.iter().map(|notice| format!("\n{notice}\n")));
    out
}

#[derive(Clone, Copy)]
struct Printer {
    mode: Mode,
    language: Language,
}

impl Printer {
    fn head(self, record: &Record, out: &mut String) {
        underlined(&record.title, '=', out);
        let wrap = |prefix: &str, text: &str, out: &mut String| wrapped_with(prefix, "    ", text, out);
        if let Some(banner) = &record.banner {
            let facts: Vec<String> = banner
                .facts
                .iter()
                .enumerate()
                .map(|(at, row)| match at {
                    0 => flat(&row.value),
                    _ => format!("{} {}", row.label, flat(&row.value)),
                })
                .collect();
            wrap("  ", &facts.join("  "), out);
            for words in &banner.words {
                wrap("  ", words, out);
            }
        }
        match (&record.practice, &record.capture) {
            (Some(practice), Some(capture)) => {
                wrap("  ", &self.language.fill("From {}, as held on {}", &[practice, capture]), out);
            }
            (Some(practice), None) => wrap("  ", &self.language.fill("From {}", &[practice]), out),
            (None, Some(capture)) => wrap("  ", &self.language.fill("As held on {}", &[capture]), out),
            (None, None) => {}
        }
        for line in &record.head {
            wrap("  ", line, out);
        }
        if !record.cannot_tell.is_empty() {
            let title = self.language.say(record.panel_title());
            let important = self.language.say("IMPORTANT");
            wrap("! ", &format!("{important}: {title}"), out);
            for fact in &record.cannot_tell {
                wrap("!   ", &fact.text, out);
            }
        }
        let alerts = record.alerts(self.language);
        if !alerts.is_empty() {
            let title = self.language.say("What contradicts itself");
            wrap("! ", &format!("{}: {title}", self.language.say("IMPORTANT")), out);
            alerts.iter().for_each(|text| wrap("!   ", text, out));
        }
        record.extent.iter().for_each(|extent| wrap("  ", extent, out));
        out.push_str(&self.language.say(if record.view == "letter" { "In this letter" } else { "In this record" }));
        out.push('\n');
        for area in &record.areas {
            let mut line = area.short_title().to_owned();
            if !area.headline.is_empty() {
                line.push_str(&format!(": {}", area.headline));
            }
            area.cautions.iter().for_each(|caution| line.push_str(&format!(". {caution}")));
            wrap("  ", &line, out);
            area.lines.iter().for_each(|line| wrap("    ", &line.text, out));
        }
    }

    fn area(self, area: &Area, out: &mut String) {
        let technical = matches!(area.key, "technical" | "appendix");
        out.push('\n');
        underlined(&area.title, '=', out);
        if !area.warnings.is_empty() {
            let text = area.warnings.join(" ");
            wrapped_with("! ", "    ", &format!("{}: {text}", self.language.say("IMPORTANT")), out);
        }
        for note in &area.notes {
            wrapped_with("", "    ", note, out);
        }
        if let Some(empty) = area.empty.as_ref().filter(|_| area.is_empty()) {
            wrapped_with("", "    ", empty, out);
        }
        let mut kept = 0;
        if technical && self.mode != Mode::Full {
            let rows = area.groups.iter().map(|group| group.rows.len()).sum::<usize>();
            wrapped_with("", "    ", &self.language.fill("(details of {} rows: mode full)", &[&rows.to_string()]), out);
            return;
        }
        for group in &area.groups {
            self.group(group, 0, true, &mut kept, out);
        }
        if kept > 0 && self.mode != Mode::Brief {
            wrapped_with("", "    ", &self.language.fill("(details of {} rows: mode full)", &[&kept.to_string()]), out);
        }
    }

    fn group(self, group: &AreaGroup, depth: usize, titled: bool, kept: &mut usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        if titled && !group.title.is_empty() {
            out.push('\n');
            let title = if group.summary.is_empty() {
                group.title.clone()
            } else {
                format!("{}: {}", group.title, group.summary)
            };
            underlined(&title, '-', out);
        }
        for note in &group.notes {
            wrapped_with(&indent, "    ", note, out);
        }
        for row in &group.rows {
            self.row(row, group, depth, kept, out);
        }
    }

    fn row(self, row: &Entry, group: &AreaGroup, depth: usize, kept: &mut usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        wrapped_with(&indent, "    ", &line(row, group), out);
        for block in &row.body {
            self.block(block, depth + 1, kept, out);
        }
        let has = row.details.iter().any(|detail| !detail.rows.is_empty());
        if !has {
            return;
        }
        if self.mode == Mode::Full
            || (self.mode == Mode::Standard
                && group.layout == Layout::Table
                && row.words.iter().any(|word| !word.expected))
        {
            for detail in &row.details {
                self.rows(&detail.rows, depth + 1, out);
            }
        } else {
            *kept += 1;
        }
    }

    fn block(self, block: &Block, depth: usize, kept: &mut usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        if !block.title.is_empty() {
            wrapped_with(&indent, "    ", &block.title, out);
        }
        let inner = if block.title.is_empty() { depth } else { depth + 1 };
        for line in &block.lines {
            wrapped_with(&"  ".repeat(inner), "    ", &plain(line), out);
        }
        if !block.markup.is_empty() {
            for line in sanitise::to_text(&block.markup, self.language).lines() {
                wrapped_with(&"  ".repeat(inner + 1), "    ", line, out);
            }
        }
        if let Some(table) = &block.table {
            self.group(table, inner, false, kept, out);
        }
        for block in &block.blocks {
            self.block(block, inner, kept, out);
        }
    }

    fn rows(self, rows: &[Row], depth: usize, out: &mut String) {
        for row in rows {
            let indent = "  ".repeat(depth.min(12));
            let value = plain(&row.value);
            wrapped_with(&indent, "    ", format!("{}: {value}", row.label).trim_end(), out);
            if !row.markup.is_empty() {
                for line in sanitise::to_text(&row.markup, self.language).lines() {
                    wrapped_with(&format!("{indent}  | "), "", line, out);
                }
            }
            self.rows(&row.rows, depth + 1, out);
        }
    }
}

/// A row in one line: what must be read first, then its cells with their labels.
pub(super) fn line(row: &Entry, group: &AreaGroup) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (at, cell) in row.cells.iter().enumerate() {
        let mut text = plain(cell);
        if text.trim().is_empty() {
            continue;
        }
        let label = group.columns.get(at).map(|column| column.label.as_str()).unwrap_or("");
        if !label.is_empty() && at > 0 && !is_gap(cell) {
            text = format!("{label} {text}");
        }
        parts.push(text);
        if at == 0 {
            parts.extend(row.words.iter().filter(|word| !word.first).map(|word| word.text.clone()));
        }
    }
    let first: Vec<&str> = row.words.iter().filter(|word| word.first).map(|word| word.text.as_str()).collect();
    let line = parts.join(" \u{b7} ");
    if first.is_empty() { line } else { format!("{}: {line}", first.join("; ")) }
}

/// Whether a cell only says that nothing is recorded, so that a label before it would be in the way.
fn is_gap(cell: &[Piece]) -> bool {
    matches!(cell, [only] if only.style == crate::render::model::Style::Secondary)
}

fn underlined(title: &str, with: char, out: &mut String) {
    out.push_str(&title.replace('\n', " "));
    out.push('\n');
    let length = title.chars().count().clamp(3, WIDTH);
    out.extend(std::iter::repeat_n(with, length));
    out.push('\n');
}
