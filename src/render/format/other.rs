//! Periods, annotations, attachments, waveforms and signatures.

use super::date::Moment;
use super::{coded, date_piece, quantity};
use crate::render::attachment;
use crate::render::context::{Context, Mark};
use crate::render::model::{Piece, Style};
use crate::tree::NodeId;

/// A Period in words: `from 01-Jan-2020 to 31-Jan-2020`, `from 01-Jan-2020 (no end recorded)`.
pub fn period(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let raw = |name: &str| context.peek(node, name).and_then(Moment::parse);
    let is_backwards = raw("start").zip(raw("end")).is_some_and(|(start, end)| end.is_before(&start));
    let of = |context: &mut Context<'_>, name: &str| {
        let child = context.child(node, name)?;
        date_piece(context, child)
    };
    let start = of(context, "start");
    let end = of(context, "end");
    let before = |phrase: &str| Piece::plain(format!("{} ", context.say(phrase)));
    let after = |phrase: &str| Piece::secondary(format!(" ({})", context.say(phrase)));
    let mut pieces = match (start, end) {
        (Some(start), Some(end)) => vec![before("from"), start, Piece::plain(format!(" {} ", context.say("to"))), end],
        (Some(start), None) => vec![before("from"), start, after("no end recorded")],
        (None, Some(end)) => vec![before("until"), end, after("no start recorded")],
        (None, None) => Vec::new(),
    };
    if is_backwards {
        pieces.push(Piece::new(Style::Warning, format!(" ({})", context.say("the end is before the start"))));
    }
    pieces
}

/// An Annotation: the text, then who wrote it and when.
pub fn annotation(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut pieces = Vec::new();
    match context.take_child(node, "text") {
        Some(text) => pieces.push(Piece::plain(text)),
        None => pieces.push(Piece::secondary(context.say("Note without text"))),
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

/// An Attachment: what it is and how large; what may be shown of its content is noted for its row.
pub fn attachment(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut pieces = Vec::new();
    match context.take_child(node, "title") {
        Some(title) => pieces.push(Piece::new(Style::Strong, title)),
        None => pieces.push(Piece::plain(context.say("Attachment"))),
    }
    let mut facts = Vec::new();
    if let Some(kind) = context.take_child(node, "contentType") {
        facts.push(context.fill("type {}", &[&kind]));
    }
    if let Some(size) = context.take_child(node, "size") {
        facts.push(context.fill("{} bytes", &[&quantity::grouped(&size)]));
    }
    if let Some(language) = context.take_child(node, "language") {
        facts.push(context.fill("language {}", &[&language]));
    }
    if !facts.is_empty() {
        pieces.push(Piece::secondary(format!(" ({})", facts.join(", "))));
    }
    // A photograph is held, and not shown.
    let data = context.child(node, "data").filter(|data| context.tree.text(*data).is_some());
    match data {
        Some(data) if context.tree.name(node) == "photo" => {
            context.mark_as(data, Mark::Withheld("binary content: its type and size are stated instead"));
            let size = bytes(context.tree.text(data).unwrap_or(""));
            pieces.push(Piece::secondary(context.fill(", content included, {} bytes, not shown here", &[&size])));
        }
        Some(data) => {
            let stated = context.peek(node, "contentType").unwrap_or("").to_owned();
            let name = pieces.first().map(|piece| piece.text.clone()).unwrap_or_default();
            pieces.extend(attachment::open(context, node, data, &stated, &name));
        }
        None => {}
    }
    if let Some(creation) = context.child(node, "creation") {
        pieces.push(Piece::plain(format!(", {} ", context.say("created"))));
        pieces.extend(date_piece(context, creation));
    }
    if let Some(url) = context.take_child(node, "url") {
        pieces.push(Piece::secondary(context.fill(" at {}", &[&url])));
    }
    pieces
}

/// How many bytes there are in base64.
fn bytes(base64: &str) -> String {
    let digits = base64.bytes().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count();
    quantity::grouped(&(digits * 3 / 4).to_string())
}

/// The most points of a waveform that are shown as numbers.
const POINTS: usize = 12;

/// SampledData: how many points, how far apart and on which scale; few of them are shown, many are counted.
pub fn sampled(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut facts = Vec::new();
    let mut count = 0;
    if let Some(data) = context.child(node, "data")
        && let Some(text) = context.tree.text(data)
    {
        count = text.split_whitespace().count();
        if count > POINTS {
            context.mark_as(data, Mark::Withheld("waveform data: the number of its points is stated instead"));
        } else if let Some(points) = context.take(data) {
            facts.push(context.fill("points {}", &[&points]));
        }
    }
    if let Some(period) = context.take_child(node, "period") {
        facts.push(context.fill("{} milliseconds apart", &[&period]));
    }
    if let Some(origin) = context.child(node, "origin") {
        let origin = super::inline_text(context, origin);
        facts.push(context.fill("zero is {}", &[&origin]));
    }
    for (name, phrase) in [
        ("factor", "scaled by {}"),
        ("lowerLimit", "lower limit {}"),
        ("upperLimit", "upper limit {}"),
        ("dimensions", "{} values a point"),
    ] {
        if let Some(value) = context.take_child(node, name) {
            facts.push(context.fill(phrase, &[&value]));
        }
    }
    let count = quantity::grouped(&count.to_string());
    let mut pieces = vec![Piece::new(Style::Strong, context.fill("Waveform, {} points", &[&count]))];
    if !facts.is_empty() {
        pieces.push(Piece::secondary(format!(" ({})", facts.join(", "))));
    }
    pieces
}

/// A Signature: why, when and by whom. The signature itself is for machines.
pub fn signature(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let mut why = Vec::new();
    for reason in context.children(node, "type") {
        why.extend(coded::concept_words(context, reason));
    }
    let mut pieces = vec![Piece::plain(context.say("Signed"))];
    if let Some(when) = context.child(node, "when") {
        pieces.push(Piece::plain(" "));
        pieces.extend(date_piece(context, when));
    }
    for (name, phrase) in [("who", "by"), ("onBehalfOf", "on behalf of")] {
        if let Some(who) = context.choice(node, name) {
            pieces.push(Piece::plain(format!(" {} ", context.say(phrase))));
            pieces.extend(super::inline(context, who));
        }
    }
    if !why.is_empty() {
        pieces.push(Piece::secondary(format!(" ({})", why.join(", "))));
    }
    if let Some(kind) = context.take_child(node, "contentType") {
        pieces.push(Piece::secondary(format!(" ({})", context.fill("type {}", &[&kind]))));
    }
    if let Some(blob) = context.child(node, "blob") {
        context.mark_as(blob, Mark::Withheld("binary content: its size is stated instead"));
        let size = bytes(context.tree.text(blob).unwrap_or(""));
        let said = context.fill("signature included, {} bytes, not checked", &[&size]);
        pieces.push(Piece::secondary(format!(" ({said})")));
    }
    pieces
}
