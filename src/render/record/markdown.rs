//! A record as CommonMark: headings for areas and groups, a list item for each row.

use super::model::{AreaGroup, Block, Entry, Record};
use super::text::line;
use crate::render::format::plain;
use crate::render::language::Language;
use crate::render::markdown::{escape, one_line};
use crate::render::model::Row;
use crate::render::{Mode, sanitise};

/// The Markdown of a record.
pub(in crate::render) fn markdown(record: &Record, mode: Mode, language: Language) -> String {
    let mut out = String::new();
    out.push_str(&format!("# {}\n\n", one_line(&record.title)));
    if let Some(banner) = &record.banner {
        let facts: Vec<String> = banner
            .facts
            .iter()
            .map(|row| format!("{} **{}**", one_line(&row.label), one_line(&plain(&row.value))))
            .collect();
        out.push_str(&format!("{}\n\n", facts.join(", ")));
        for words in &banner.words {
            out.push_str(&format!("**{}**\n\n", one_line(words)));
        }
    }
    match (&record.practice, &record.capture) {
        (Some(practice), Some(capture)) => {
            out.push_str(&format!("{}\n\n", one_line(&language.fill("From {}, as held on {}", &[practice, capture]))));
        }
        (Some(practice), None) => out.push_str(&format!("{}\n\n", one_line(&language.fill("From {}", &[practice])))),
        _ => {}
    }
    for line in &record.head {
        out.push_str(&format!("{}\n\n", one_line(line)));
    }
    if !record.cannot_tell.is_empty() {
        out.push_str(&format!("> **{}**\n", language.say(record.panel_title())));
        for fact in &record.cannot_tell {
            out.push_str(&format!(">\n> {}\n", one_line(&fact.text)));
        }
        out.push('\n');
    }
    let alerts = record.alerts(language);
    if !alerts.is_empty() {
        out.push_str(&format!("> **{}**\n", language.say("What contradicts itself")));
        for one in alerts {
            out.push_str(&format!(">\n> {}\n", one_line(&one)));
        }
        out.push('\n');
    }
    if let Some(extent) = &record.extent {
        out.push_str(&format!("{}\n\n", one_line(extent)));
    }
    for area in &record.areas {
        let mut line = format!("{}: {}", area.short_title(), area.headline);
        area.cautions.iter().for_each(|caution| line.push_str(&format!(". {caution}")));
        out.push_str(&format!("- {}\n", one_line(&line)));
        area.lines.iter().for_each(|line| out.push_str(&format!("  - {}\n", one_line(&line.text))));
    }
    out.push('\n');
    for area in &record.areas {
        out.push_str(&format!("## {}\n\n", one_line(&area.title)));
        if !area.warnings.is_empty() {
            out.push_str(&format!("> **{}:** {}\n\n", language.say("Important"), one_line(&area.warnings.join(" "))));
        }
        for note in &area.notes {
            out.push_str(&format!("{}\n\n", one_line(note)));
        }
        if let Some(empty) = area.empty.as_ref().filter(|_| area.is_empty()) {
            out.push_str(&format!("{}\n\n", one_line(empty)));
        }
        if matches!(area.key, "technical" | "appendix") && mode != Mode::Full {
            out.push_str(&format!("{}\n\n", one_line(&area.headline)));
            continue;
        }
        for group in &area.groups {
            out.push_str(&format!("### {}\n\n", one_line(&group.title)));
            for note in &group.notes {
                out.push_str(&format!("{}\n\n", one_line(note)));
            }
            rows(group, 0, mode, language, &mut out);
            out.push('\n');
        }
    }
    out.extend(record.notice.iter().map(|notice| format!("{}\n\n", one_line(notice))));
    out
}

fn rows(group: &AreaGroup, depth: usize, mode: Mode, language: Language, out: &mut String) {
    for row in &group.rows {
        let indent = "  ".repeat(depth.min(10));
        out.push_str(&format!("{indent}- {}\n", one_line(&line(row, group))));
        for block in &row.body {
            self::block(block, depth + 1, mode, language, out);
        }
        details(row, depth + 1, mode, out);
    }
}

fn details(row: &Entry, depth: usize, mode: Mode, out: &mut String) {
    if mode == Mode::Full || (mode == Mode::Standard && row.words.iter().any(|word| !word.expected)) {
        for detail in &row.details {
            facts(&detail.rows, depth, out);
        }
    }
}

fn facts(rows: &[Row], depth: usize, out: &mut String) {
    for row in rows {
        let indent = "  ".repeat(depth.min(10));
        out.push_str(&format!("{indent}- {}: {}\n", one_line(&row.label), one_line(&plain(&row.value))));
        facts(&row.rows, depth + 1, out);
    }
}

fn block(block: &Block, depth: usize, mode: Mode, language: Language, out: &mut String) {
    let indent = "  ".repeat(depth.min(10));
    if !block.title.is_empty() {
        out.push_str(&format!("{indent}- **{}**\n", one_line(&block.title)));
    }
    let inner = if block.title.is_empty() { depth } else { depth + 1 };
    for line in &block.lines {
        let lines: Vec<String> = plain(line).split('\n').map(escape).collect();
        let indent = "  ".repeat(inner.min(10));
        out.push_str(&format!("{indent}- {}\n", lines.join(&format!("  \n{indent}  "))));
    }
    if !block.markup.is_empty() {
        let indent = "  ".repeat(inner.min(10));
        for line in sanitise::to_text(&block.markup, language).lines() {
            out.push_str(&format!("{indent}  > {}  \n", escape(line)));
        }
    }
    if let Some(table) = &block.table {
        rows(table, inner, mode, language, out);
    }
    for inner_block in &block.blocks {
        self::block(inner_block, inner, mode, language, out);
    }
}
