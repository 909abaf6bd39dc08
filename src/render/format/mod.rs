//! One formatter per data type: a node as a run of pieces, every value that it shows marked.

pub mod coded;
pub mod date;
pub mod dosage;
pub mod other;
pub mod person;
pub mod quantity;

use super::context::{Context, Mark};
use super::model::{Piece, Style};
use super::sanitise;
use super::shape::Shape;
use super::words;
use crate::tree::NodeId;
use date::{Clock, Moment};

/// A node's value in line. Empty for what is displayed by its parts: a backbone element, an extension, a resource.
pub fn inline(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let shape = context.shape(node);
    let mut pieces = match shape {
        Shape::Concept => coded::concept(context, node),
        Shape::Coding => coded::coding(context, node),
        Shape::Quantity => quantity::quantity(context, node),
        Shape::Range => quantity::range(context, node),
        Shape::Ratio => quantity::ratio(context, node, "per"),
        Shape::Period => other::period(context, node),
        Shape::Name => person::human_name(context, node),
        Shape::Address => person::address(context, node),
        Shape::Contact => person::contact_point(context, node),
        Shape::Identifier => person::identifier(context, node),
        Shape::Reference => coded::reference(context, node),
        Shape::Annotation => other::annotation(context, node),
        Shape::Attachment => other::attachment(context, node),
        Shape::Sampled => other::sampled(context, node),
        Shape::Signature => other::signature(context, node),
        Shape::Timing => dosage::timing(context, node),
        Shape::Dosage => dosage::dosage(context, node),
        Shape::Narrative | Shape::Extension | Shape::Resource | Shape::Parts => Vec::new(),
        _ => primitive(context, node, shape),
    };
    if let Some(tag) = context.foreign
        && matches!(shape, Shape::Plain | Shape::Concept | Shape::Coding | Shape::Annotation | Shape::Dosage)
    {
        for piece in pieces.iter_mut().filter(|piece| matches!(piece.style, Style::Plain | Style::Strong)) {
            piece.lang = Some(tag.to_owned());
        }
    }
    absent(context, node, &mut pieces);
    pieces
}

/// Text of the pieces, without styles.
pub fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// A node's value as text.
pub fn inline_text(context: &mut Context<'_>, node: NodeId) -> String {
    plain(&inline(context, node))
}

/// A date as text for the audience; what is no date stays as received.
pub fn date_text(context: &Context<'_>, text: &str) -> String {
    match Moment::parse(text) {
        Some(moment) if context.for_patient() => moment.patient(context.options.language),
        Some(moment) => moment.clinical() + &moment.uk_words(context.options.language),
        None => words::visible(text),
    }
}

/// A date with its recorded form beside it for machines.
fn date_piece(context: &mut Context<'_>, node: NodeId) -> Option<Piece> {
    let text = context.tree.text(node)?;
    context.mark(node);
    let note = Moment::parse(text).map(|_| text.to_owned());
    let style = if note.is_some() { Style::Date } else { Style::Plain };
    Some(Piece { text: date_text(context, text), style, note, lang: None })
}

/// A primitive value.
pub fn primitive(context: &mut Context<'_>, node: NodeId, shape: Shape) -> Vec<Piece> {
    let Some(text) = context.tree.text(node) else { return Vec::new() };
    // A check sum is short, and is compared by eye.
    if shape == Shape::Base64 && context.tree.name(node) != "hash" {
        context.mark_as(node, Mark::Withheld("binary content: its size is stated instead"));
        let length = quantity::grouped(&text.len().to_string());
        return vec![Piece::secondary(context.fill("Binary content, {} characters of base64", &[&length]))];
    }
    context.mark(node);
    let piece = match shape {
        Shape::Date => return date_piece(context, node).into_iter().collect(),
        Shape::Time => match Clock::parse(text) {
            Some(clock) if context.for_patient() => Piece::plain(clock.patient(context.options.language)),
            Some(clock) => Piece::plain(clock.clinical()),
            None => Piece::plain(words::visible(text)),
        },
        Shape::Boolean => Piece::plain(match text {
            "true" => context.say("Yes"),
            "false" => context.say("No"),
            other => words::visible(other),
        }),
        Shape::Code => Piece::plain(words::code_words(context.options.language, context.tree.name(node), text)),
        Shape::Integer => Piece::plain(quantity::grouped(text)),
        Shape::Xhtml => {
            let language = context.options.language;
            Piece::plain(sanitise::to_text(&sanitise::clean(text, "", language).markup, language))
        }
        _ if text.trim().is_empty() => Piece::secondary(format!("({})", context.say("empty text"))),
        _ => Piece::plain(words::visible(text)),
    };
    vec![piece]
}

/// Adds why there is no value, where an extension says so: on any element, for data-absent-reason and nullFlavor.
fn absent(context: &mut Context<'_>, node: NodeId, pieces: &mut Vec<Piece>) {
    for extension in context.children(node, "extension") {
        let Some(url) = context.peek(extension, "url") else { continue };
        if !(url.ends_with("/data-absent-reason") || url.ends_with("/iso21090-nullFlavor")) {
            continue;
        }
        let Some(value) = context.choice(extension, "value") else { continue };
        let Some(code) = context.take(value) else { continue };
        context.has_extensions = true;
        let words = coded::absent_words(context.options.language, &code);
        let text = if pieces.is_empty() {
            context.fill("No value, because {}", &[&words])
        } else {
            format!(" ({})", context.fill("no value, because {}", &[&words]))
        };
        pieces.push(Piece::new(Style::Warning, text));
    }
}

/// Adds the use of a name, address or contact: a warning where it makes the value unfit for ordinary use, as `use` is
/// a modifier (STU3 HumanName.use, Address.use, ContactPoint.use).
fn join_use(context: &mut Context<'_>, node: NodeId, what: &str, pieces: &mut Vec<Piece>) {
    let Some(code) = context.take_child(node, "use") else { return };
    let words = words::code_words(context.options.language, "use", &code).to_lowercase();
    let changes = matches!(code.as_str(), "old" | "temp" | "maiden" | "anonymous" | "nickname" | "secondary");
    let style = if changes { Style::Warning } else { Style::Secondary };
    let text = match what {
        _ if code == "nickname" => words,
        "" => words,
        "name" => context.fill("{} name", &[&words]),
        "address" => context.fill("{} address", &[&words]),
        _ => format!("{words} {what}"),
    };
    pieces.push(Piece::new(style, format!(" ({text})")));
}

/// Adds the period of a name, address or identifier.
fn dated(context: &mut Context<'_>, node: NodeId, pieces: &mut Vec<Piece>) {
    if let Some(period) = context.child(node, "period") {
        let text = other::period(context, period);
        if !text.is_empty() {
            pieces.push(Piece::plain(", "));
            pieces.extend(text);
        }
    }
}
