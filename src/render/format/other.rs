//! Periods, annotations and attachments.

use super::{date_piece, quantity};
use crate::render::context::{Context, Mark};
use crate::render::model::{Piece, Style};
use crate::tree::NodeId;

/// A Period in words: `from 01-Jan-2020 to 31-Jan-2020`, `from 01-Jan-2020, no end recorded`.
pub fn period(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let of = |context: &mut Context<'_>, name: &str| {
        let child = context.child(node, name)?;
        date_piece(context, child)
    };
    let start = of(context, "start");
    let end = of(context, "end");
    match (start, end) {
        (Some(start), Some(end)) => vec![Piece::plain("from "), start, Piece::plain(" to "), end],
        (Some(start), None) => vec![Piece::plain("from "), start, Piece::secondary(" (no end recorded)")],
        (None, Some(end)) => vec![Piece::plain("until "), end, Piece::secondary(" (no start recorded)")],
        (None, None) => Vec::new(),
    }
}

/// An Annotation: the text, then who wrote it and when.
pub fn annotation(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut pieces = Vec::new();
    match context.take_child(node, "text") {
        Some(text) => pieces.push(Piece::plain(text)),
        None => pieces.push(Piece::secondary("Note without text")),
    }
    let author = context.choice(node, "author");
    let time = context.child(node, "time");
    if author.is_some() || time.is_some() {
        pieces.push(Piece::secondary(" \u{2014} "));
    }
    if let Some(author) = author {
        pieces.extend(super::inline(context, author));
    }
    if let Some(time) = time {
        if author.is_some() {
            pieces.push(Piece::plain(", "));
        }
        pieces.extend(date_piece(context, time));
    }
    pieces
}

/// An Attachment: what it is and how large. Its content is never put into the page.
pub fn attachment(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut pieces = Vec::new();
    match context.take_child(node, "title") {
        Some(title) => pieces.push(Piece::new(Style::Strong, title)),
        None => pieces.push(Piece::plain("Attachment")),
    }
    let mut facts = Vec::new();
    if let Some(kind) = context.take_child(node, "contentType") {
        facts.push(format!("type {kind}"));
    }
    if let Some(size) = context.take_child(node, "size") {
        facts.push(format!("{} bytes", quantity::grouped(&size)));
    }
    if let Some(language) = context.take_child(node, "language") {
        facts.push(format!("language {language}"));
    }
    if let Some(data) = context.child(node, "data")
        && let Some(text) = context.tree.text(data)
    {
        context.mark_as(data, Mark::Withheld("binary content: its type and size are stated instead"));
        let bytes = text.bytes().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count() * 3 / 4;
        facts.push(format!("content included, {} bytes, not shown here", quantity::grouped(&bytes.to_string())));
    }
    if !facts.is_empty() {
        pieces.push(Piece::secondary(format!(" ({})", facts.join(", "))));
    }
    if let Some(creation) = context.child(node, "creation") {
        pieces.push(Piece::plain(", created "));
        pieces.extend(date_piece(context, creation));
    }
    if let Some(url) = context.take_child(node, "url") {
        pieces.push(Piece::secondary(format!(" at {url}")));
    }
    pieces
}
