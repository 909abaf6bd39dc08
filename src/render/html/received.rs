//! Received markup, which has been cleaned, at its place in ours.

use super::parts::{HEADINGS, heading_name};
use super::text;
use crate::render::language::Language;
use crate::render::model::{Element, Markup};

/// Deeper than cleaned markup can be.
const DEEP: usize = 80;

/// The markup with its headings below ours, none left out between them, links that tell nobody where they were followed
/// from, and words for images that have none.
pub(super) fn received(markup: &[Markup], level: usize, language: Language) -> Vec<Markup> {
    Received { level, open: Vec::new(), language }.all(markup, 0)
}

struct Received {
    /// The level of the highest heading.
    level: usize,
    /// The author's levels of the headings that the text at hand stands under.
    open: Vec<usize>,
    language: Language,
}

impl Received {
    fn all(&mut self, markup: &[Markup], depth: usize) -> Vec<Markup> {
        markup.iter().map(|node| self.one(node, depth)).collect()
    }

    fn one(&mut self, node: &Markup, depth: usize) -> Markup {
        let Markup::Element(found) = node else { return node.clone() };
        if depth > DEEP {
            return text("");
        }
        let mut attributes = found.attributes.clone();
        let mut name = found.name;
        if let Some(at) = HEADINGS.iter().position(|heading| *heading == found.name) {
            if has_text(&found.children) {
                while self.open.last().is_some_and(|open| *open >= at) {
                    self.open.pop();
                }
                name = heading_name(self.level + self.open.len());
                self.open.push(at);
            } else {
                // A heading of nothing is none.
                name = "div";
            }
        }
        let mut children = self.all(&found.children, depth + 1);
        match name {
            "img" if !attributes.iter().any(|(name, _)| *name == "alt") => {
                attributes.push(("alt", self.language.say("Image without description")));
            }
            "a" => {
                if let Some((_, address)) = attributes.iter().find(|(name, _)| *name == "href") {
                    if !has_text(&children) {
                        children.push(text(address.clone()));
                    }
                    if !address.starts_with('#') {
                        attributes.push(("rel", "noreferrer noopener".to_owned()));
                    }
                }
            }
            _ => {}
        }
        Markup::Element(Element { name, attributes, children })
    }
}

fn has_text(markup: &[Markup]) -> bool {
    markup.iter().any(|node| match node {
        Markup::Text(text) => !text.trim().is_empty(),
        Markup::Element(element) => element.name == "img" || has_text(&element.children),
    })
}
