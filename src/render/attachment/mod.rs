//! What is inside of an Attachment or a Binary: told by its bytes, not by what it is called, checked against the size and
//! check sum that came with it, and shown where that is safe: text, RTF as its text, HTML cleaned, small images. Nothing is
//! run, fetched or opened; everything else is named.

mod detect;
mod rtf;
mod sha256;

pub use detect::{Kind, detect};

use super::context::{Context, Mark};
use super::format::quantity::grouped;
use super::model::{Attached, Element, Markup, Piece, Style};
use super::{As, Mode, sanitise, words};
use crate::primitive::base64_bytes;
use crate::tree::NodeId;
use sha1_smol::Sha1;

/// The most bytes of one attachment that are looked into, by GP Connect's limit for a document.
const LARGEST: usize = 5 << 20;
/// The most bytes that are shown in one display.
const SHOWN: usize = 2 << 20;
/// The most points of an image, by what its header says.
const POINTS: u64 = 20_000_000;
/// As many lines of a text as are shown where nothing can be folded.
const LINES: usize = 200;

/// What is shown of an attachment.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// The content.
    pub markup: Vec<Markup>,
    /// What was done to it, a sentence each.
    pub said: Vec<String>,
    /// The facts, for the model.
    pub facts: Option<Attached>,
}

/// Looks into the data of an attachment; `holder` has its size and hash. Gives back what is said of it, and notes what is
/// shown of it for the row that is being made.
pub fn open(context: &mut Context<'_>, holder: NodeId, data: NodeId, stated: &str, name: &str) -> Vec<Piece> {
    let text = context.tree.text(data).unwrap_or("");
    let fact = |text: String| Piece::secondary(format!(", {text}"));
    let warn = |text: String| Piece::new(Style::Warning, format!(", {text}"));
    if text.len() / 4 * 3 > LARGEST {
        let size = grouped(&(text.len() / 4 * 3).to_string());
        context.mark_as(data, Mark::Withheld("binary content: its type and size are stated instead"));
        return vec![fact(context.fill("content included, about {} bytes, too large to be looked into", &[&size]))];
    }
    let Some(bytes) = base64_bytes(text) else {
        let size = grouped(&text.chars().count().to_string());
        context.mark_as(data, Mark::Withheld("binary content: its type and size are stated instead"));
        return vec![warn(context.fill("content included that cannot be read: {} characters, not Base64", &[&size]))];
    };
    let mut pieces = vec![fact(context.fill("content included, {} bytes", &[&grouped(&bytes.len().to_string())]))];
    let said = context.peek(holder, "size").and_then(|size| size.trim().parse::<usize>().ok());
    if said.is_some_and(|said| said != bytes.len()) {
        pieces.push(warn(context.say("not of the size that is stated")));
    }
    let hash = context.peek(holder, "hash").and_then(base64_bytes);
    if hash.is_some_and(|hash| Sha1::from(&bytes).digest().bytes()[..] != hash[..]) {
        pieces.push(warn(context.say("its check sum does not fit, so that it may have been changed")));
    }
    let kind = detect(&bytes, stated);
    let fits = kind.fits(stated);
    if !fits {
        let found = context.say(kind.name());
        pieces.push(warn(context.fill("is not what it is called: found {}", &[&found])));
    }
    let digest = sha256::hex(&bytes);
    if !context.for_patient() {
        pieces.push(fact(format!("SHA-256 {}", digest.get(..12).unwrap_or(""))));
    }
    let mut opened = Opened::default();
    let is_open = fits && context.shown_bytes + bytes.len() <= SHOWN && context.marking.is_some();
    if is_open {
        content(context, kind, &bytes, stated, name, &mut opened);
    }
    let shown = !opened.markup.is_empty();
    if shown {
        context.shown_bytes += bytes.len();
        context.mark(data);
    } else {
        context.mark_as(data, Mark::Withheld("binary content: its type and size are stated instead"));
        pieces.push(fact(context.say("not shown here")));
    }
    if context.marking.is_some() {
        opened.facts = Some(Attached {
            pointer: context.pointer(holder),
            content_type: words::visible(stated),
            found: kind.name().to_owned(),
            bytes: bytes.len(),
            sha256: digest,
            shown,
        });
        context.opened.insert(holder, opened);
    }
    pieces
}

/// The content in a form that is safe to show.
fn content(context: &Context<'_>, kind: Kind, bytes: &[u8], stated: &str, name: &str, out: &mut Opened) {
    let language = context.options.language;
    let pre = |text: &str, out: &mut Opened| {
        let text = shortened(context, text);
        let inner = vec![Markup::Text(text)];
        out.markup = vec![Markup::Element(Element { name: "pre", attributes: Vec::new(), children: inner })];
    };
    match kind {
        Kind::Text => {
            let (text, guessed) = decode(bytes, stated);
            if guessed {
                out.said.push(language.say("The text is not in UTF-8, and is read as Windows-1252."));
            }
            pre(&text, out);
        }
        Kind::Rtf => {
            let (text, left_out) = rtf::text(bytes);
            if left_out {
                out.said.push(language.say("Pictures and objects of the RTF are left out."));
            }
            pre(&text, out);
        }
        Kind::Html => {
            let (text, _) = decode(bytes, stated);
            let prefix = format!("a{}-", context.opened.len());
            let cleaned = sanitise::clean(&text, &prefix, language);
            out.said.extend(cleaned.removed.iter().map(|removed| language.retell(removed)));
            out.markup = cleaned.markup;
        }
        Kind::Cda => out.markup = super::cda::markup(context, bytes).unwrap_or_default(),
        // A page that is kept shows it; a narrative is text, and of the model the bytes are the caller's.
        Kind::Png | Kind::Jpeg | Kind::Gif if matches!(context.options.as_, As::Page | As::Fragment) => {
            if detect::points(kind, bytes).is_none_or(|points| points > POINTS) {
                return;
            }
            let size = grouped(&bytes.len().to_string());
            let alt = language.fill("{}: image, {} bytes", &[name, &size]);
            let source = format!("data:{};base64,{}", kind.media_type(), base64(bytes));
            let attributes = vec![("src", source), ("alt", alt)];
            out.markup = vec![Markup::Element(Element { name: "img", attributes, children: Vec::new() })];
        }
        _ => {}
    }
}

/// All of a text on a page and where everything is asked for, otherwise its first lines, and how many more there are.
fn shortened(context: &Context<'_>, text: &str) -> String {
    let visible: String = text.split('\t').map(words::visible).collect::<Vec<_>>().join("\t");
    let is_text = matches!(context.options.as_, As::Text | As::Markdown) && context.options.mode != Mode::Full;
    let count = visible.lines().count();
    if !is_text || count <= LINES {
        return visible.trim_end().to_owned();
    }
    let first: Vec<&str> = visible.lines().take(LINES).collect();
    let more = context.fill("({} more lines: ask for everything to see them)", &[&(count - LINES).to_string()]);
    format!("{}\n{more}", first.join("\n"))
}

/// Bytes as text, and whether the character set had to be guessed.
fn decode(bytes: &[u8], stated: &str) -> (String, bool) {
    let charset =
        stated.to_ascii_lowercase().split("charset=").nth(1).map(|set| set.trim_matches(['"', ' ', ';']).to_owned());
    let is_latin = matches!(charset.as_deref(), Some("iso-8859-1" | "latin1" | "windows-1252" | "cp1252" | "us-ascii"));
    match std::str::from_utf8(bytes) {
        Ok(text) if !is_latin => (text.trim_start_matches('\u{feff}').to_owned(), false),
        _ => (bytes.iter().map(|byte| windows_1252(*byte)).collect(), !is_latin),
    }
}

/// The character of a byte in Windows-1252, of which ISO 8859-1 is a part.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}',
        '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}',
        '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}',
        '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
    ];
    match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        _ => char::from(byte),
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}
