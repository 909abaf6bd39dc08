//! The narrative of a section: what its elements and attributes are (HL7 CDA R2, NarrativeBlock.xsd; NHS, NarrativeBlock tags
//! guidance), and what one names and refers to.

use crate::source::Span;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Its elements, in small letters, as senders write `linkHTML` too.
pub const ELEMENTS: &[&str] = &[
    "text",
    "content",
    "linkhtml",
    "sub",
    "sup",
    "br",
    "footnote",
    "footnoteref",
    "rendermultimedia",
    "paragraph",
    "list",
    "item",
    "caption",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "col",
    "colgroup",
];

/// The attributes of its elements, in small letters.
const ATTRIBUTES: &[&str] = &[
    "id",
    "language",
    "stylecode",
    "revised",
    "listtype",
    "name",
    "href",
    "rel",
    "rev",
    "title",
    "idref",
    "referencedobject",
    "summary",
    "width",
    "border",
    "frame",
    "rules",
    "cellspacing",
    "cellpadding",
    "align",
    "char",
    "charoff",
    "valign",
    "span",
    "abbr",
    "axis",
    "headers",
    "scope",
    "rowspan",
    "colspan",
    "mediatype",
    "representation",
    "type",
];

/// Whether a name is one of CDA's elements or attributes, however it is written.
pub fn is_of_cda(name: &str) -> bool {
    let name = local(name);
    ELEMENTS.contains(&&*name) || ATTRIBUTES.contains(&&*name)
}

/// What stands in a narrative, each with its place from the narrative's start.
#[derive(Debug, Default)]
pub struct Scan {
    /// The ids that it gives.
    pub ids: Vec<(Span, String)>,
    /// The ids that it refers to, and the element that does.
    pub references: Vec<(Span, String, &'static str)>,
    /// Elements that are none of its own.
    pub elements: Vec<(Span, String)>,
    /// Attributes that are none of its own, with their elements.
    pub attributes: Vec<(Span, String, String)>,
}

/// Reads the source of a narrative, as far as it can be read.
pub fn scan(source: &str) -> Scan {
    let mut found = Scan::default();
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event();
        let span = Span::new(start, reader.buffer_position() as usize);
        match event {
            Ok(Event::Start(tag) | Event::Empty(tag)) => found.tag(&tag, span),
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

/// A name without its prefix, in small letters.
pub fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}

impl Scan {
    fn tag(&mut self, tag: &BytesStart<'_>, span: Span) {
        let written = tag.name().into_inner().to_owned();
        let name = local(&written);
        if !ELEMENTS.contains(&&*name) {
            self.elements.push((span, written.clone()));
        }
        for attribute in tag.attributes().with_checks(false).flatten() {
            let key = attribute.key.into_inner();
            let value = || attribute.value.trim().to_owned();
            match (&*name, &*local(key)) {
                _ if key == "xmlns"
                    || key.starts_with("xmlns:")
                    || key.starts_with("xml:")
                    || key.starts_with("xsi:") => {}
                (_, "id") => self.ids.push((span, value())),
                ("footnoteref", "idref") => self.references.push((span, value(), "footnoteRef")),
                ("rendermultimedia", "referencedobject") => {
                    let each = attribute.value.split_ascii_whitespace();
                    self.references.extend(each.map(|id| (span, id.to_owned(), "renderMultiMedia")));
                }
                ("linkhtml", "href") => {
                    let inside = attribute.value.trim().strip_prefix('#').map(str::to_owned);
                    self.references.extend(inside.map(|id| (span, id, "linkHtml")));
                }
                (_, known) if ATTRIBUTES.contains(&known) => {}
                _ => self.attributes.push((span, key.to_owned(), written.clone())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_narrative_names_refers_to_and_may_not_have_is_found() {
        let source = "<text><v:paragraph ID='a' onclick='x()'>b<br/></v:paragraph><footnoteRef IDREF=\"f\"/>\
                      <linkHTML href='#a'>x</linkHTML><linkHtml href='https://a'/><iframe src='x'/>\
                      <renderMultiMedia referencedObject='p q'/></text>";
        let found = scan(source);
        assert_eq!(found.ids.len(), 1);
        let refers: Vec<&str> = found.references.iter().map(|(_, id, _)| &**id).collect();
        assert_eq!(refers, ["f", "a", "p", "q"]);
        assert_eq!(found.elements.iter().map(|(_, name)| &**name).collect::<Vec<_>>(), ["iframe"]);
        let attributes: Vec<&str> = found.attributes.iter().map(|(_, name, _)| &**name).collect();
        assert_eq!(attributes, ["onclick", "src"]);
        assert!(source[found.elements[0].0.start as usize..].starts_with("<iframe"));
    }
}
