//! Cleaned markup as plain text.

use super::super::language::Language;
use super::super::model::{Element, Markup};
use super::DEPTH;

/// The text of cleaned markup, with line ends where its blocks end and bars between cells; what only an element says is said
/// in words of this language.
pub fn to_text(markup: &[Markup], language: Language) -> String {
    let mut out = String::new();
    write_text(markup, &mut out, language, false, 0);
    let mut text = String::new();
    let mut blank = 0;
    for line in out.lines() {
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.trim_matches('\n').to_owned()
}

/// Whether an author has struck the text out; plain text can only say so.
fn is_struck(element: &Element) -> bool {
    let struck = |(name, value): &(&'static str, String)| match *name {
        "style" => value.contains("line-through"),
        "class" => value.split(' ').any(|class| class == "strikethrough"),
        _ => false,
    };
    element.attributes.iter().any(struck)
}

fn end_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn write_text(markup: &[Markup], out: &mut String, language: Language, pre: bool, depth: usize) {
    if depth > DEPTH + 8 {
        return;
    }
    for node in markup {
        match node {
            Markup::Text(text) if pre => out.push_str(text),
            Markup::Text(text) => {
                for (at, word) in text.split([' ', '\n', '\t', '\r']).enumerate() {
                    if at > 0 && !out.is_empty() && !out.ends_with([' ', '\n']) {
                        out.push(' ');
                    }
                    out.push_str(word);
                }
            }
            Markup::Element(element) => match element.name {
                "br" => {
                    while out.ends_with(' ') {
                        out.pop();
                    }
                    out.push('\n');
                }
                "hr" => end_line(out),
                "img" => {
                    let alt = element.attributes.iter().find(|(name, _)| *name == "alt").map_or("", |(_, alt)| alt);
                    out.push_str(&language.fill("[image: {}]", &[alt]));
                }
                "td" | "th" => {
                    if !out.is_empty() && !out.ends_with('\n') {
                        out.push_str(" | ");
                    }
                    write_content(element, out, language, pre, depth + 1);
                    while out.ends_with([' ', '\n']) && !out.ends_with("| ") {
                        out.pop();
                    }
                }
                "li" => {
                    end_line(out);
                    out.push_str("- ");
                    write_content(element, out, language, pre, depth + 1);
                    end_line(out);
                }
                "p" | "div" | "table" | "tr" | "ul" | "ol" | "dl" | "dt" | "dd" | "blockquote" | "caption" | "h1"
                | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" => {
                    end_line(out);
                    write_content(element, out, language, pre || element.name == "pre", depth + 1);
                    end_line(out);
                }
                _ => write_content(element, out, language, pre, depth + 1),
            },
        }
    }
}

/// What is inside an element, with words around what its author has struck out.
fn write_content(element: &Element, out: &mut String, language: Language, pre: bool, depth: usize) {
    if !is_struck(element) {
        return write_text(&element.children, out, language, pre, depth);
    }
    let mut inner = String::new();
    write_text(&element.children, &mut inner, language, pre, depth);
    if !inner.trim().is_empty() {
        out.push_str(&language.fill("[struck out: {}]", &[inner.trim_end()]));
    }
}
