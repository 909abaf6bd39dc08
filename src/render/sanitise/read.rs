//! The text as a tree of allowed elements.

use super::super::language::Language;
use super::super::model::{Element, Markup};
use super::attributes::attribute;
use super::elements::{Fate, VOID, fate, is_closed};
use super::entity::{attribute_value, entity};
use super::{DEPTH, NODES, Notes, visible};
use quick_xml::Reader;
use quick_xml::events::attributes::{AttrError, Attribute};
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

type Attributes = Vec<(&'static str, String)>;

/// An element being read.
struct Open {
    /// Its name as written.
    raw: String,
    /// As what it comes out; `None` where only its content does.
    kept: Option<(&'static str, Attributes)>,
    children: Vec<Markup>,
}

struct Cleaner<'p, 'n> {
    prefix: &'p str,
    language: Language,
    notes: &'n mut Notes,
    nodes: usize,
    open: Vec<Open>,
    /// How many elements of each name are open, so that an end tag of none of them is known at once.
    names: BTreeMap<String, usize>,
    top: Vec<Markup>,
    /// The element whose content goes with it, and how many of its name are open.
    removing: Option<(String, usize)>,
    /// Start tags of elements that HTML closes by itself, less their end tags.
    unclosed: isize,
    mended: bool,
}

/// `None` where the text cannot be read to its end.
pub(super) fn read(source: &str, prefix: &str, language: Language, notes: &mut Notes) -> Option<Vec<Markup>> {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let (open, top, names) = (Vec::new(), Vec::new(), BTreeMap::new());
    let (removing, unclosed, mended) = (None, 0, false);
    let mut cleaner = Cleaner { prefix, language, notes, nodes: 0, open, names, top, removing, unclosed, mended };
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            // A `<` that was meant as one takes what follows it for a tag: only what surely is one is read as one.
            Event::Start(start) if is_tag(&start) => cleaner.start(&start, false),
            Event::Empty(start) if is_tag(&start) => cleaner.start(&start, true),
            Event::End(end) if is_name(end.name().into_inner()) => cleaner.end(end.name().into_inner()),
            Event::Start(_) | Event::Empty(_) | Event::End(_) => return None,
            Event::Text(text) => cleaner.text(&text.xml10_content()),
            Event::CData(text) => cleaner.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let text = entity(&name).unwrap_or_else(|| format!("&{name};"));
                cleaner.text(&text);
            }
            Event::DocType(_) => cleaner.notes.say("Removed: a document type declaration.".to_owned()),
            Event::PI(_) | Event::Decl(_) | Event::Comment(_) => {}
        }
    }
    // What follows an element that goes and never ends would go with it.
    if cleaner.removing.is_some() {
        return None;
    }
    cleaner.mended |= !cleaner.open.is_empty() || cleaner.unclosed != 0;
    while !cleaner.open.is_empty() {
        cleaner.close();
    }
    if cleaner.mended {
        cleaner.notes.say("The text is not well-formed XHTML: its tags do not match, and were mended.".to_owned());
    }
    Some(cleaner.top)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'))
}

/// Whether this is a tag as XML writes it: a name, and attributes that each have a name and a value.
fn is_tag(start: &BytesStart<'_>) -> bool {
    let attribute = |found: Result<Attribute<'_>, AttrError>| match found {
        Ok(found) => is_name(found.key.into_inner()) && !found.value.contains('<'),
        Err(_) => false,
    };
    is_name(start.name().into_inner()) && start.attributes().with_checks(false).all(attribute)
}

/// The name without its prefix, in small letters.
fn local(raw: &str) -> String {
    raw.rsplit(':').next().unwrap_or(raw).to_ascii_lowercase()
}

impl Cleaner<'_, '_> {
    fn start(&mut self, start: &BytesStart<'_>, is_empty: bool) {
        let raw = start.name().into_inner().to_owned();
        let name = local(&raw);
        if let Some((removing, count)) = &mut self.removing {
            *count += usize::from(!is_empty && *removing == name);
            return;
        }
        if fate(&name) == Fate::Removed {
            self.notes.say(format!("Removed: a \u{201c}{}\u{201d} element.", visible(&raw)));
            if is_closed(&name) {
                self.unclosed += isize::from(!is_empty);
            } else if !is_empty {
                self.removing = Some((name, 1));
            }
            return;
        }
        let kept = if self.open.len() < DEPTH { self.element(start, &raw, &name) } else { None };
        if is_empty || is_closed(&name) {
            self.unclosed += isize::from(!is_empty);
            self.finish(Open { raw, kept, children: Vec::new() });
        } else {
            *self.names.entry(raw.to_ascii_lowercase()).or_default() += 1;
            self.open.push(Open { raw, kept, children: Vec::new() });
        }
    }

    fn end(&mut self, raw: &str) {
        let name = local(raw);
        if let Some((removing, count)) = &mut self.removing {
            *count -= usize::from(*removing == name);
            if *count == 0 {
                self.removing = None;
            }
            return;
        }
        if is_closed(&name) {
            self.unclosed -= 1;
            return;
        }
        let is_open = self.names.get(&raw.to_ascii_lowercase()).is_some_and(|count| *count > 0);
        let place = |open: &Open| open.raw.eq_ignore_ascii_case(raw);
        let Some(at) = is_open.then(|| self.open.iter().rposition(place)).flatten() else {
            self.mended = true;
            return;
        };
        self.mended |= at + 1 != self.open.len() || self.open.last().is_some_and(|open| open.raw != raw);
        while self.open.len() > at {
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            if let Some(count) = self.names.get_mut(&open.raw.to_ascii_lowercase()) {
                *count = count.saturating_sub(1);
            }
            self.finish(open);
        }
    }

    /// Puts a whole element where it belongs; an image that may not come out becomes its words.
    fn finish(&mut self, open: Open) {
        match open.kept {
            None => open.children.into_iter().for_each(|child| self.push(child)),
            Some(("img", attributes)) if !attributes.iter().any(|(name, _)| *name == "src") => {
                let alt = attributes.into_iter().find(|(name, _)| *name == "alt").map(|(_, alt)| alt);
                self.push(Markup::Text(match alt.filter(|alt| !alt.trim().is_empty()) {
                    Some(alt) => self.language.fill("[image not loaded: {}]", &[&alt]),
                    None => self.language.say("[image not loaded]"),
                }));
            }
            Some((name, mut attributes)) => {
                let children = if VOID.contains(&name) { Vec::new() } else { open.children };
                if attributes.contains(&("dir", "rtl".to_owned())) && !has_right_to_left(&children) {
                    attributes.retain(|(name, _)| *name != "dir");
                    self.notes.say(format!("Removed: the attribute \u{201c}dir\u{201d} of \u{201c}{name}\u{201d}."));
                }
                self.push(Markup::Element(Element { name, attributes, children }));
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.removing.is_none() && !text.is_empty() {
            self.push(Markup::Text(visible(text)));
        }
    }

    fn push(&mut self, markup: Markup) {
        self.nodes += 1;
        if self.nodes > NODES {
            self.notes.say("The text is too large: its end is not shown.".to_owned());
            return;
        }
        let siblings = match self.open.last_mut() {
            Some(open) => &mut open.children,
            None => &mut self.top,
        };
        match (siblings.last_mut(), markup) {
            (Some(Markup::Text(before)), Markup::Text(text)) => before.push_str(&text),
            (_, markup) => siblings.push(markup),
        }
    }

    /// The name and attributes that come out.
    fn element(&mut self, start: &BytesStart<'_>, raw: &str, name: &str) -> Option<(&'static str, Attributes)> {
        let (known, extra) = match fate(name) {
            Fate::Kept(known) => (known, None),
            Fate::Renamed(known, style) => (known, style),
            Fate::Content(block) => {
                self.content_only(start, raw);
                return block.map(|name| (name, Vec::new()));
            }
            Fate::Removed => return None,
        };
        let mut kept: Attributes = Vec::new();
        // The one fault that a tag may have is an attribute written twice: the first counts.
        for found in start.attributes().with_checks(false).flatten() {
            let key = found.key.into_inner().to_ascii_lowercase();
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            let value = attribute_value(&found.value);
            let verdict = self::attribute(known, &key, &value, self.prefix);
            verdict.said.into_iter().for_each(|sentence| self.notes.say(sentence));
            kept.extend(verdict.kept.filter(|(key, _)| !kept.iter().any(|(name, _)| name == key)));
        }
        if let Some(extra) = extra {
            match kept.iter_mut().find(|(name, _)| *name == "style") {
                Some((_, style)) => style.push_str(&format!(";{extra}")),
                None => kept.push(("style", extra.to_owned())),
            }
        }
        Some((known, kept))
    }

    /// An element of which only the content comes out: says so, with what a form's field held.
    fn content_only(&mut self, start: &BytesStart<'_>, raw: &str) {
        let holds = |found: &Attribute<'_>| matches!(found.key.into_inner(), "value" | "placeholder" | "label");
        let field = start.attributes().with_checks(false).flatten().find(holds);
        let field = field.map(|found| attribute_value(&found.value));
        self.notes.say(format!("Shown without its element: what was in \u{201c}{}\u{201d}.", visible(raw)));
        if let Some(field) = field.filter(|field| !field.trim().is_empty()) {
            self.push(Markup::Text(format!("[{}]", visible(&field))));
        }
    }
}

/// Whether a text has letters that are written from right to left. Where it has none, that order would only put numbers
/// into another: `5 - 10` would read `10 - 5`.
fn has_right_to_left(markup: &[Markup]) -> bool {
    let letter = |c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    markup.iter().any(|node| match node {
        Markup::Text(text) => text.contains(letter),
        Markup::Element(element) => has_right_to_left(&element.children),
    })
}
