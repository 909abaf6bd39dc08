//! The shape that an HTML parser leaves as it is: no block in a paragraph, no link in a link, nothing but rows in a
//! table. A tree of another shape would be torn apart by the browser that reads it, and read differently the next time;
//! that is how text that was safe when it was cleaned comes to life afterwards.

use super::super::model::{Element, Markup};
use super::elements::is_inline;
use super::style::{SMALLEST, size_of_letters, style};
use super::{Notes, grid};
use std::collections::BTreeSet;

/// What stands around.
#[derive(Clone, Copy)]
struct Around {
    link: bool,
    heading: bool,
    /// How many elements that change the size of letters.
    sizes: u8,
    /// The size of letters, in pixels.
    letters: f64,
}

impl Around {
    /// What stands around a narrative: text of the ordinary size.
    const PAGE: Around = Around { link: false, heading: false, sizes: 0, letters: 16.0 };

    /// What stands around the content of a cell or caption.
    fn in_table(self) -> Around {
        Around { link: false, heading: false, ..self }
    }
}

/// The same content in the right shape, each id once and each link within the text with its target.
pub(super) fn nest(markup: Vec<Markup>, notes: &mut Notes) -> Vec<Markup> {
    let mut markup = flow(markup, Around::PAGE, notes);
    let mut ids = BTreeSet::new();
    unique(&mut markup, &mut ids);
    targets(&mut markup, &ids, notes);
    markup
}

fn name(markup: &Markup) -> &'static str {
    match markup {
        Markup::Element(element) => element.name,
        Markup::Text(_) => "",
    }
}

fn is_blank(markup: &Markup) -> bool {
    matches!(markup, Markup::Text(text) if text.bytes().all(|b| matches!(b, b' ' | b'\n' | b'\t' | b'\r')))
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_block(name: &str) -> bool {
    is_heading(name)
        || matches!(name, "blockquote" | "div" | "dl" | "hr" | "ol" | "p" | "pre" | "table" | "ul" | "li" | "dt" | "dd")
}

fn has_block(markup: &[Markup]) -> bool {
    markup.iter().any(|node| match node {
        Markup::Element(element) => is_block(element.name) || has_block(&element.children),
        Markup::Text(_) => false,
    })
}

fn element(name: &'static str, children: Vec<Markup>) -> Markup {
    Markup::Element(Element { name, attributes: Vec::new(), children })
}

/// Children that fit, and the others wrapped, those that follow each other together. Blank text stays where it is.
fn fitted(markup: Vec<Markup>, fits: fn(&str) -> bool, wrap: &mut dyn FnMut(Vec<Markup>) -> Markup) -> Vec<Markup> {
    let mut out = Vec::new();
    let mut others: Vec<Markup> = Vec::new();
    for node in markup {
        if fits(name(&node)) {
            if !others.is_empty() {
                out.push(wrap(std::mem::take(&mut others)));
            }
            out.push(node);
        } else if is_blank(&node) && others.is_empty() {
            out.push(node);
        } else {
            others.push(node);
        }
    }
    if !others.is_empty() {
        out.push(wrap(others));
    }
    out
}

/// Anything that may stand in a block or in text.
fn flow(markup: Vec<Markup>, around: Around, notes: &mut Notes) -> Vec<Markup> {
    // Items without their list.
    let markup = fitted(markup, |name| name != "li", &mut |items| element("ul", items));
    markup.into_iter().filter_map(|node| one(node, around, notes)).collect()
}

fn one(node: Markup, mut around: Around, notes: &mut Notes) -> Option<Markup> {
    let Markup::Element(mut found) = node else { return Some(node) };
    if matches!(found.name, "table" | "ul" | "ol" | "dl") {
        around.letters = legible(&mut found, around.letters, notes);
    }
    match found.name {
        "table" => {
            found.children = table(found.children, around.in_table(), notes);
            // A caption is as wide as its table.
            let wide = |part: &Element| part.name == "caption" && is_wide(&part.children);
            if grid::elements(&found.children).any(wide) {
                leave_order(&mut found, notes);
            }
            return Some(Markup::Element(found));
        }
        "ul" | "ol" => {
            let items = fitted(found.children, |name| name == "li", &mut |others| element("li", others));
            found.children = each(items, &mut |item| inside(item, around, notes));
            if is_wide(&found.children) {
                leave_order(&mut found, notes);
            }
            return Some(Markup::Element(found));
        }
        "dl" => {
            let fits = |name: &str| matches!(name, "dt" | "dd");
            let items = fitted(found.children, fits, &mut |others| element("dd", others));
            found.children = each(items, &mut |item| inside(item, around, notes));
            if is_wide(&found.children) {
                leave_order(&mut found, notes);
            }
            return Some(Markup::Element(found));
        }
        "col" => return None,
        "a" if around.link => plain(&mut found, "span"),
        "a" => around.link = true,
        "small" | "big" | "sub" | "sup" | "tt" | "code" | "samp" => {
            if around.sizes >= 2 {
                notes.say(
                    "Shown at ordinary size: text within elements that each make it smaller or larger.".to_owned(),
                );
                plain(&mut found, "span");
            }
            around.sizes = around.sizes.saturating_add(1);
        }
        // Parts without the table or list that they belong to.
        "caption" | "colgroup" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "dt" | "dd" => {
            plain(&mut found, "div")
        }
        heading if is_heading(heading) => {
            if around.heading {
                plain(&mut found, "div");
            }
            around.heading = true;
        }
        _ => {}
    }
    inside(&mut found, around, notes);
    match found.name {
        "p" if has_block(&found.children) => plain(&mut found, "div"),
        "pre" => {
            keep_first_line(&mut found.children);
            leave_order(&mut found, notes);
        }
        _ => {}
    }
    Some(Markup::Element(found))
}

/// What is in a block, or in a part of a list or table.
fn inside(part: &mut Element, around: Around, notes: &mut Notes) {
    let letters = legible(part, around.letters, notes);
    part.children = flow(take(part), Around { letters, ..around }, notes);
    if !is_cell(part.name) && is_wide(&part.children) {
        leave_order(part, notes);
    }
}

/// Whether something may be wider than a page.
fn is_wide(markup: &[Markup]) -> bool {
    grid::elements(markup).any(|element| matches!(element.name, "table" | "pre" | "img") || is_wide(&element.children))
}

/// Takes the order from right to left off a block with something that may be wider than a page: it would stand out at the
/// left, where nobody can go. A cell is as wide as what is in it.
fn leave_order(block: &mut Element, notes: &mut Notes) {
    if !is_inline(block.name) && block.attributes.contains(&("dir", "rtl".to_owned())) {
        block.attributes.retain(|(name, _)| *name != "dir");
        notes.say(format!("Removed: the attribute \u{201c}dir\u{201d} of \u{201c}{}\u{201d}.", block.name));
    }
}

/// The size of an element's letters, which is one that can be read: what styles and elements make smaller together has
/// the smallest of these sizes instead.
fn legible(element: &mut Element, around: f64, notes: &mut Notes) -> f64 {
    let own = element.attributes.iter().find(|(name, _)| *name == "style");
    let stated = own.and_then(|(_, style)| size_of_letters(style));
    let letters = stated.unwrap_or_else(|| around * factor(element.name));
    if letters >= SMALLEST {
        return letters;
    }
    let larger = format!("font-size:{SMALLEST}px");
    match element.attributes.iter_mut().find(|(name, _)| *name == "style") {
        Some((_, style)) => style.push_str(&format!(";{larger}")),
        None => element.attributes.push(("style", larger)),
    }
    notes.say("Shown larger: text that its styles and elements together made too small to read.".to_owned());
    SMALLEST
}

/// How many times as large as around it browsers show the letters of an element.
fn factor(name: &str) -> f64 {
    match name {
        "small" | "sub" | "sup" => 1.0 / 1.2,
        "big" => 1.2,
        "h1" => 2.0,
        "h2" => 1.5,
        "h3" => 1.17,
        "h5" => 0.83,
        "h6" => 0.67,
        "tt" | "code" | "samp" | "pre" => 0.8125,
        _ => 1.0,
    }
}

fn take(element: &mut Element) -> Vec<Markup> {
    std::mem::take(&mut element.children)
}

/// Changes the elements of a list, and leaves the text between them.
fn each(markup: Vec<Markup>, work: &mut dyn FnMut(&mut Element)) -> Vec<Markup> {
    let mut markup = markup;
    for node in &mut markup {
        if let Markup::Element(element) = node {
            work(element);
        }
    }
    markup
}

/// Turns an element into one without a meaning of its own, with those attributes that suit any.
fn plain(element: &mut Element, name: &'static str) {
    element.name = name;
    element.attributes.retain_mut(|(key, value)| {
        // What is harmless in a table moves text over text elsewhere.
        if *key == "style" {
            *value = style(name, value).kept;
            return !value.is_empty();
        }
        matches!(*key, "id" | "class" | "lang" | "dir" | "title")
    });
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th")
}

/// A line of a table with cells around what is none.
fn line(markup: Vec<Markup>) -> Markup {
    element("tr", fitted(markup, is_cell, &mut |others| element("td", others)))
}

fn table(markup: Vec<Markup>, around: Around, notes: &mut Notes) -> Vec<Markup> {
    let fits = |name: &str| matches!(name, "caption" | "colgroup" | "col" | "thead" | "tbody" | "tfoot" | "tr");
    let mut parts = Vec::new();
    let mut open: Vec<Markup> = markup.into_iter().rev().collect();
    while let Some(mut part) = open.pop() {
        let mut others = Vec::new();
        if let Markup::Element(group) = &mut part
            && group.name == "colgroup"
        {
            (group.children, others) = take(group).into_iter().partition(|node| name(node) == "col" || is_blank(node));
        }
        parts.push(part);
        // Among these may be another group.
        open.extend(others.into_iter().rev());
    }
    let mut parts = each(fitted(parts, fits, &mut line), &mut |part| match part.name {
        "caption" => inside(part, around, notes),
        "tr" => cells(part, around, notes),
        "col" | "colgroup" => {}
        _ => {
            let letters = legible(part, around.letters, notes);
            let rows = fitted(take(part), |name| name == "tr", &mut line);
            part.children = each(rows, &mut |row| cells(row, Around { letters, ..around }, notes));
        }
    });
    spans(&mut parts, notes);
    parts
}

/// No cell may reach into the columns of another: a browser would print one text over the other.
fn spans(parts: &mut [Markup], notes: &mut Notes) {
    let mut parted = false;
    // Rows that follow each other without a group of their own are one.
    for together in parts.chunk_by_mut(|one, two| is_row(one) && is_row(two)) {
        let mut rows: Vec<&mut Element> = Vec::new();
        for part in together {
            let Markup::Element(part) = part else { continue };
            match part.name {
                "tr" => rows.push(part),
                "thead" | "tbody" | "tfoot" => rows.extend(part.children.iter_mut().filter_map(|row| match row {
                    Markup::Element(row) => Some(row),
                    Markup::Text(_) => None,
                })),
                _ => {}
            }
        }
        parted |= grid::part(&mut rows);
    }
    if parted {
        notes.say("Moved apart: cells of a table that would have been printed one over the other.".to_owned());
    }
}

/// Whether this is a row, or the space between two.
fn is_row(part: &Markup) -> bool {
    is_blank(part) || name(part) == "tr"
}

fn cells(row: &mut Element, around: Around, notes: &mut Notes) {
    let letters = legible(row, around.letters, notes);
    let around = Around { letters, ..around };
    let cells = fitted(take(row), is_cell, &mut |others| element("td", others));
    row.children = each(cells, &mut |cell| inside(cell, around, notes));
}

/// HTML drops a line end right after `<pre>`, each time that it is read; one in a `span` stays.
fn keep_first_line(children: &mut [Markup]) {
    if let Some(first) = children.first_mut()
        && matches!(first, Markup::Text(text) if text.starts_with('\n'))
    {
        let text = std::mem::replace(first, Markup::Text(String::new()));
        *first = element("span", vec![text]);
    }
}

/// Keeps each id where it first stands.
fn unique(markup: &mut [Markup], ids: &mut BTreeSet<String>) {
    for node in markup {
        if let Markup::Element(element) = node {
            // A link's `name` may repeat its own id, if that stays.
            let own = element.attributes.iter().find(|(name, _)| *name == "id").map(|(_, id)| id.clone());
            let own = own.filter(|id| !ids.contains(id));
            element.attributes.retain(|(name, value)| match *name {
                "id" => ids.insert(value.clone()),
                "name" => own.as_ref() == Some(value) || ids.insert(value.clone()),
                _ => true,
            });
            unique(&mut element.children, ids);
        }
    }
}

/// Takes links to places in the text that are not there off their words.
fn targets(markup: &mut [Markup], ids: &BTreeSet<String>, notes: &mut Notes) {
    for node in markup {
        if let Markup::Element(element) = node {
            element.attributes.retain(|(name, value)| {
                let lost = *name == "href" && value.strip_prefix('#').is_some_and(|id| !ids.contains(id));
                if lost {
                    notes.say("Removed: a link to a place that is not in this text.".to_owned());
                }
                !lost
            });
            for (_, value) in element.attributes.iter_mut().filter(|(name, _)| *name == "headers") {
                let known = value.split(' ').filter(|id| ids.contains(*id)).collect::<Vec<_>>().join(" ");
                *value = known;
            }
            element.attributes.retain(|(name, value)| *name != "headers" || !value.is_empty());
            targets(&mut element.children, ids, notes);
        }
    }
}
