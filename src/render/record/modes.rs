//! What a shorter form leaves out: a summary for the first minute, a brief form for print. What is left out is counted in words.

use super::Maker;
use super::model::{Area, AreaGroup, Entry, Layout, Record};
use crate::render::Mode;
use crate::render::language::Language;

/// How many lines a summary has for problems, and for consultations, before it says "and n more".
const PROBLEMS: usize = 12;
const CONSULTATIONS: usize = 3;

/// The groups of a summary, with the columns that they keep; none keeps all.
const SUMMARY: &[(&str, &[&str], &[&str])] = &[
    (
        "allergies",
        &["current", "none-known", "coded", "text"],
        &["Substance", "Reaction", "Risk", "Statement", "Recorded", "Allergy", "Section"],
    ),
    (
        "medicines",
        &[
            "repeat",
            "repeat-dispensing",
            "acute",
            "acute-older",
            "ended-not-stopped",
            "elsewhere",
            "elsewhere-older",
            "added",
            "changed",
            "stopped",
            "continued",
            "change-not-stated",
            "text",
        ],
        &["Medicine", "Dose", "Last issued", "Change", "Until", "Section"],
    ),
    ("problems", &["active"], &["Problem", "Significance", "Started"]),
    ("consultations", &["recent"], &[]),
    ("actions", &["text"], &[]),
    ("contents", &["list"], &[]),
    ("body", &["sections"], &[]),
];

/// The titles of the sections of a letter that a summary keeps.
const KEPT_SECTIONS: &[&str] = &["diagnoses"];

/// The record as the mode asks for.
pub(super) fn apply(maker: &Maker<'_, '_>, record: &mut Record) {
    let language = maker.context.options.language;
    match maker.context.options.mode {
        Mode::Summary => summary(record, language),
        Mode::Brief => brief(maker, record, language),
        _ => {}
    }
}

fn summary(record: &mut Record, language: Language) {
    for area in &mut record.areas {
        let kept = SUMMARY.iter().find(|(key, _, _)| *key == area.key);
        let Some((_, groups, columns)) = kept else {
            area.groups.clear();
            continue;
        };
        let columns: Vec<String> = columns.iter().map(|column| language.say(column)).collect();
        let stopped_in_record = area.key == "medicines" && record.view == "record";
        area.groups
            .retain(|group| groups.contains(&group.key.as_str()) && !(stopped_in_record && group.key == "stopped"));
        for group in &mut area.groups {
            narrow(group, &columns);
            group.notes.clear();
            for row in &mut group.rows {
                row.details.clear();
                if area.key == "consultations" {
                    row.body.clear();
                }
            }
        }
        if area.key == "body" {
            for group in &mut area.groups {
                group.rows.retain(|row| {
                    let title = row
                        .cells
                        .first()
                        .map(|cell| crate::render::format::plain(cell).to_lowercase())
                        .unwrap_or_default();
                    KEPT_SECTIONS.contains(&title.as_str())
                });
            }
            area.groups.retain(|group| !group.rows.is_empty());
        }
        let most = match area.key {
            "problems" => PROBLEMS,
            "consultations" => CONSULTATIONS,
            _ => usize::MAX,
        };
        for group in &mut area.groups {
            cut(group, most, language);
        }
    }
    record.areas.retain(|area| !area.is_empty() || matches!(area.key, "allergies" | "medicines" | "actions"));
}

/// Keeps the columns named; all of them where none is.
fn narrow(group: &mut AreaGroup, columns: &[String]) {
    if columns.is_empty() || group.layout == Layout::Blocks {
        return;
    }
    let keep: Vec<bool> =
        group.columns.iter().enumerate().map(|(at, column)| at == 0 || columns.contains(&column.title)).collect();
    let kept = |at: usize| keep.get(at).copied().unwrap_or(true);
    let mut at = 0;
    group.columns.retain(|_| {
        at += 1;
        kept(at - 1)
    });
    for row in &mut group.rows {
        let mut at = 0;
        row.cells.retain(|_| {
            at += 1;
            kept(at - 1)
        });
    }
}

fn cut(group: &mut AreaGroup, most: usize, language: Language) {
    let more = group.rows.len().saturating_sub(most);
    if more > 0 {
        group.rows.truncate(most);
        group.notes.push(language.fill("and {} more", &[&more.to_string()]));
    }
}

fn brief(maker: &Maker<'_, '_>, record: &mut Record, language: Language) {
    record.areas.retain(|area| !matches!(area.key, "technical" | "appendix"));
    for area in &mut record.areas {
        area.folded = false;
        if area.key == "consultations" {
            recent(maker, area, language);
        }
        for group in &mut area.groups {
            group.folded = false;
            group.rows.iter_mut().for_each(bare);
        }
    }
}

/// A row without its details: they hold ids and what profiles force.
fn bare(row: &mut Entry) {
    row.details.clear();
    for block in &mut row.body {
        if let Some(table) = &mut block.table {
            table.rows.iter_mut().for_each(bare);
        }
    }
}

/// Consultations of the last twelve months, and how many older ones there are.
fn recent(maker: &Maker<'_, '_>, area: &mut Area, language: Language) {
    let mut older = 0;
    for group in area.groups.iter_mut().filter(|group| matches!(group.key.as_str(), "recent" | "more" | "older")) {
        let before = group.rows.len();
        group.rows.retain(|row| {
            let date = row.cells.first().and_then(|cell| cell.iter().find_map(|piece| piece.note.as_deref()));
            !maker.is_older(date)
        });
        older += before - group.rows.len();
        group.summary.clear();
    }
    area.groups.retain(|group| !group.rows.is_empty());
    if older > 0 {
        area.notes.push(
            language.fill(
                "{} consultations are more than 12 months older and are not in this form.",
                &[&older.to_string()],
            ),
        );
    }
}
