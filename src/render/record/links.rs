//! Links within a record: one that would lead nowhere becomes plain text.

use super::model::{AreaGroup, Block, Entry, Record};
use crate::render::model::{Piece, Row, Style};
use std::collections::BTreeSet;

/// Takes the links away whose target has no element of its own.
pub(in crate::render) fn keep_those_that_lead_somewhere(record: &mut Record) {
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for area in &record.areas {
        ids.insert(area.key.to_owned());
        area.groups.iter().for_each(|group| note(group, &mut ids));
    }
    for area in &mut record.areas {
        area.groups.iter_mut().for_each(|group| self::group(group, &ids));
    }
}

fn note(group: &AreaGroup, ids: &mut BTreeSet<String>) {
    for row in &group.rows {
        if !row.id.is_empty() {
            ids.insert(row.id.clone());
        }
        row.body.iter().for_each(|block| note_block(block, ids));
    }
}

fn note_block(block: &Block, ids: &mut BTreeSet<String>) {
    if !block.id.is_empty() {
        ids.insert(block.id.clone());
    }
    block.table.iter().for_each(|table| note(table, ids));
    block.blocks.iter().for_each(|block| note_block(block, ids));
}

fn group(group: &mut AreaGroup, ids: &BTreeSet<String>) {
    group.rows.iter_mut().for_each(|row| entry(row, ids));
}

fn entry(row: &mut Entry, ids: &BTreeSet<String>) {
    row.cells.iter_mut().for_each(|cell| pieces(cell, ids));
    row.body.iter_mut().for_each(|block| self::block(block, ids));
    for detail in &mut row.details {
        detail.rows.iter_mut().for_each(|row| self::row(row, ids));
    }
}

fn block(block: &mut Block, ids: &BTreeSet<String>) {
    block.lines.iter_mut().for_each(|line| pieces(line, ids));
    block.table.iter_mut().for_each(|table| group(table, ids));
    block.blocks.iter_mut().for_each(|block| self::block(block, ids));
}

fn row(row: &mut Row, ids: &BTreeSet<String>) {
    pieces(&mut row.value, ids);
    row.rows.iter_mut().for_each(|row| self::row(row, ids));
}

fn pieces(pieces: &mut [Piece], ids: &BTreeSet<String>) {
    for piece in pieces.iter_mut().filter(|piece| piece.style == Style::Link) {
        let leads = piece.note.as_deref().is_none_or(|note| match note.strip_prefix('#') {
            Some(id) => ids.contains(id),
            None => true,
        });
        if !leads {
            piece.style = Style::Plain;
            piece.note = None;
        }
    }
}
