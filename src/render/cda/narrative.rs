//! A section's text as XHTML for the sanitiser, which then judges it like any other received text. What CDA has words of its
//! own for is put into XHTML's; what is none of CDA's goes through as it is written, so that the sanitiser says what it takes
//! out.

use crate::cda::narrative::{ELEMENTS, local};
use crate::render::language::Language;
use quick_xml::Reader;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;

/// What CDA's styles are called by FHIR, whose narrative has taken them over.
const STYLES: &[(&str, &str)] = &[
    ("bold", "bold"),
    ("underline", "underline"),
    ("italics", "italics"),
    ("emphasis", "italics"),
    ("lrule", "border-left"),
    ("rrule", "border-right"),
    ("toprule", "border-top"),
    ("botrule", "border-bottom"),
    ("arabic", "arabic"),
    ("littleroman", "little-roman"),
    ("bigroman", "big-roman"),
    ("littlealpha", "little-alpha"),
    ("bigalpha", "big-alpha"),
    ("disc", "disc"),
    ("circle", "circle"),
    ("square", "square"),
];

/// Attributes that say nothing to a reader.
const SILENT: &[&str] =
    &["mediatype", "representation", "rel", "rev", "listtype", "revised", "idref", "referencedobject", "type"];

/// A picture of a document, by its ID.
#[derive(Clone, Debug)]
pub(super) enum Picture {
    /// It can be shown: its address.
    Shown(String),
    /// It cannot: what it is.
    Named(String),
}

/// Turns narratives into XHTML; pictures are shown once.
pub(super) struct Converter<'p> {
    pub language: Language,
    pub pictures: &'p mut FxHashMap<String, Picture>,
    /// How many footnotes the document has had so far.
    pub notes: usize,
}

/// The most pictures that one place may name.
const PICTURES: usize = 50;

/// An element that is open, and what is still to be written when it closes.
struct Open {
    name: String,
    close: String,
    /// Of a link, its address and where its text begins.
    link: Option<(String, usize)>,
    /// Of a footnote, where the text went on before it.
    note: Option<String>,
}

impl Converter<'_> {
    /// The XHTML of a narrative's source; `None` where it cannot be read, so that it is to be cleaned as it is.
    pub fn convert(&mut self, source: &str) -> Option<String> {
        let numbers = footnotes(source, self.notes);
        let mut out = String::with_capacity(source.len() + 64);
        let mut notes = String::new();
        let mut open: Vec<Open> = Vec::new();
        let mut reader = Reader::from_str(source);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        loop {
            match reader.read_event().ok()? {
                Event::Eof => break,
                Event::Start(tag) => {
                    let mut one = self.start(&tag, &open, &numbers, &mut out);
                    if one.name == "footnote" {
                        self.notes += 1;
                        let number = self.notes;
                        let place = self.note(number);
                        out.push_str(&format!(" <a href=\"#footnote-{number}\">{place}</a> "));
                        one.note = Some(std::mem::take(&mut out));
                        out.push_str(&format!("<p id=\"footnote-{number}\">{place} <span{}>", id_of(&tag)));
                        one.close = "</span></p>".to_owned();
                    }
                    open.push(one);
                }
                Event::Empty(tag) => {
                    let one = self.start(&tag, &open, &numbers, &mut out);
                    end(one, &mut out, &mut notes);
                }
                Event::End(tag) => {
                    let name = local(tag.name().into_inner());
                    if let Some(at) = open.iter().rposition(|one| one.name == name) {
                        while open.len() > at {
                            open.pop().into_iter().for_each(|one| end(one, &mut out, &mut notes));
                        }
                    }
                }
                Event::Text(text) => out.push_str(&text.xml10_content()),
                Event::CData(text) => out.push_str(&escaped(&text.xml10_content())),
                Event::GeneralRef(reference) => out.push_str(&format!("&{};", reference.xml10_content())),
                Event::DocType(_) | Event::PI(_) | Event::Decl(_) | Event::Comment(_) => {}
            }
        }
        while let Some(one) = open.pop() {
            end(one, &mut out, &mut notes);
        }
        if notes.is_empty() {
            return Some(out);
        }
        Some(format!("<div>{out}<hr/>{notes}</div>"))
    }

    /// How a footnote is called in the text.
    fn note(&self, number: usize) -> String {
        escaped(&self.language.fill("[note {}]", &[&number.to_string()]))
    }

    fn start(
        &mut self,
        tag: &BytesStart<'_>,
        open: &[Open],
        numbers: &FxHashMap<String, usize>,
        out: &mut String,
    ) -> Open {
        let written = tag.name().into_inner().to_owned();
        let name = local(&written);
        let inside = open.last().map(|outer| &*outer.name).unwrap_or_default();
        let value = |wanted: &str| {
            let is_it = |found: &Attribute<'_>| local(found.key.into_inner()) == wanted;
            tag.attributes().with_checks(false).flatten().find(is_it).map(|found| found.value.trim().to_owned())
        };
        let of = |element: &str, extra: &str| -> (String, String) {
            (format!("<{element}{}{extra}>", attributes(tag, &name)), format!("</{element}>"))
        };
        let mut link = None;
        let (begin, close) = match &*name {
            "text" if open.is_empty() => of("div", ""),
            "content" => match value("revised").as_deref() {
                Some("delete") => of("span", " style=\"text-decoration:line-through\""),
                Some("insert") => of("span", " style=\"text-decoration:underline\""),
                _ => of("span", ""),
            },
            "paragraph" => of("p", ""),
            "list" if value("listtype").is_some_and(|kind| kind.eq_ignore_ascii_case("ordered")) => {
                of("ol", numbering(&value("stylecode").unwrap_or_default()))
            }
            "list" => of("ul", ""),
            "item" => of("li", ""),
            "caption" if inside == "list" => ("<li class=\"unlist\"><strong>".to_owned(), "</strong></li>".to_owned()),
            "caption" if inside == "rendermultimedia" => (" (".to_owned(), ")".to_owned()),
            "caption" if inside != "table" => ("<strong>".to_owned(), ": </strong>".to_owned()),
            "linkhtml" => {
                let (begin, close) = of("a", "");
                link = value("href").map(|address| (address, out.len() + begin.len()));
                (begin, close)
            }
            "footnote" => (String::new(), String::new()),
            "footnoteref" => {
                let at = value("idref").and_then(|id| numbers.get(&id).copied());
                let words =
                    at.map_or_else(String::new, |at| format!(" <a href=\"#footnote-{at}\">{}</a> ", self.note(at)));
                (words, String::new())
            }
            "rendermultimedia" => {
                let objects = value("referencedobject").unwrap_or_default();
                (objects.split_ascii_whitespace().take(PICTURES).map(|id| self.picture(id)).collect(), String::new())
            }
            "br" | "col" => (format!("<{name}{}/>", attributes(tag, &name)), String::new()),
            _ if ELEMENTS.contains(&&*name) => of(&name, ""),
            // Whatever else there is: the sanitiser knows what becomes of it.
            _ => of(&written, ""),
        };
        out.push_str(&begin);
        Open { name, close, link, note: None }
    }

    /// A picture in the text: once as itself, then in words.
    fn picture(&mut self, id: &str) -> String {
        let words = |text: String| escaped(&text);
        match self.pictures.get(id).cloned() {
            Some(Picture::Shown(address)) => {
                let again = self.language.fill("[picture \u{201c}{}\u{201d}, shown above]", &[id]);
                self.pictures.insert(id.to_owned(), Picture::Named(again));
                format!("<img src=\"{}\" alt=\"{}\"/>", escaped(&address), escaped(id))
            }
            Some(Picture::Named(text)) => words(text),
            None => words(self.language.fill("[picture \u{201c}{}\u{201d}, which is not in the document]", &[id])),
        }
    }
}

/// Closes an element.
fn end(one: Open, out: &mut String, notes: &mut String) {
    if let Some((address, from)) = one.link {
        let lower = address.to_ascii_lowercase();
        let leads_out = ["http:", "https:", "mailto:", "tel:", "ftp:"].iter().any(|scheme| lower.starts_with(scheme));
        let is_said = out.get(from..).is_some_and(|text| text.contains(&address));
        if leads_out && !is_said {
            let space = if out.len() > from { " " } else { "" };
            out.push_str(&format!("{space}({address})"));
        }
    }
    out.push_str(&one.close);
    if let Some(before) = one.note {
        notes.push_str(&std::mem::replace(out, before));
    }
}

/// The number of each footnote that has an id, in their order.
fn footnotes(source: &str, before: usize) -> FxHashMap<String, usize> {
    let mut found = FxHashMap::default();
    let mut number = before;
    let mut reader = Reader::from_str(source);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if local(tag.name().into_inner()) == "footnote" => {
                number += 1;
                for attribute in tag.attributes().with_checks(false).flatten() {
                    if local(attribute.key.into_inner()) == "id" {
                        found.entry(attribute.value.trim().to_owned()).or_insert(number);
                    }
                }
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

fn id_of(tag: &BytesStart<'_>) -> String {
    let is_id = |attribute: &Attribute<'_>| local(attribute.key.into_inner()) == "id";
    let id = tag.attributes().with_checks(false).flatten().find(is_id).map(|id| quoted(&id.value));
    id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default()
}

/// The attributes of an element under XHTML's names. Their values stay as they are written.
fn attributes(tag: &BytesStart<'_>, name: &str) -> String {
    let mut out = String::new();
    for attribute in tag.attributes().with_checks(false).flatten() {
        let key = attribute.key.into_inner();
        let known = local(key);
        let value = quoted(&attribute.value);
        let is_of_cda = ELEMENTS.contains(&name);
        match &*known {
            _ if key.starts_with("xmlns") || key.starts_with("xsi:") => {}
            "id" => out.push_str(&format!(" id=\"{value}\"")),
            "language" if is_of_cda => out.push_str(&format!(" lang=\"{value}\"")),
            "stylecode" if is_of_cda => out.push_str(&class(&value)),
            _ if is_of_cda && SILENT.contains(&&*known) => {}
            _ => out.push_str(&format!(" {key}=\"{value}\"")),
        }
    }
    out
}

/// The classes that stand for styles; styles of a vendor's own say nothing here.
fn class(styles: &str) -> String {
    let mut classes: Vec<&str> = Vec::new();
    for style in styles.split_ascii_whitespace() {
        let known = STYLES.iter().find(|(known, _)| style.eq_ignore_ascii_case(known));
        classes.extend(known.map(|(_, class)| *class).filter(|class| !classes.contains(class)));
    }
    if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) }
}

/// How a list with a style is numbered, as XHTML says it.
fn numbering(styles: &str) -> &'static str {
    let of = |style: &str| match &*style.to_ascii_lowercase() {
        "littleroman" => Some(" type=\"i\""),
        "bigroman" => Some(" type=\"I\""),
        "littlealpha" => Some(" type=\"a\""),
        "bigalpha" => Some(" type=\"A\""),
        _ => None,
    };
    styles.split_ascii_whitespace().find_map(of).unwrap_or_default()
}

/// A value as it is written, to stand between double quotes.
fn quoted(value: &str) -> String {
    value.replace('"', "&quot;").replace('<', "&lt;")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(source: &str) -> String {
        let mut pictures = FxHashMap::default();
        pictures.insert("p".to_owned(), Picture::Shown("data:image/png;base64,AAAA".to_owned()));
        Converter { language: Language::English, pictures: &mut pictures, notes: 0 }.convert(source).expect("readable")
    }

    #[test]
    fn the_elements_of_cda_become_those_of_xhtml() {
        for (source, expected) in [
            ("<text><paragraph ID='a'>x<br/>y</paragraph></text>", "<div><p id=\"a\">x<br/>y</p></div>"),
            ("<text><content styleCode='Bold xPink'>x</content></text>", "<div><span class=\"bold\">x</span></div>"),
            (
                "<text><list listType='ordered' styleCode='LittleRoman'><caption>c</caption><item>x</item></list></text>",
                "<div><ol class=\"little-roman\" type=\"i\"><li class=\"unlist\"><strong>c</strong></li><li>x</li></ol></div>",
            ),
            (
                "<text><linkHTML href='https://a.b/'>x</linkHTML></text>",
                "<div><a href=\"https://a.b/\">x (https://a.b/)</a></div>",
            ),
            ("<text>40 mg<sup>1</sup> <![CDATA[<b>]]></text>", "<div>40 mg<sup>1</sup> &lt;b&gt;</div>"),
            ("<v3:text xmlns:v3='x'><v3:table><v3:tr/></v3:table></v3:text>", "<div><table><tr></tr></table></div>"),
            (
                "<text><content revised='delete'>x</content></text>",
                "<div><span style=\"text-decoration:line-through\">x</span></div>",
            ),
        ] {
            assert_eq!(convert(source), expected);
        }
    }

    #[test]
    fn a_footnote_stands_at_the_end_and_is_named_at_its_place() {
        let made = convert("<text>5 mg<footnoteRef IDREF='f'/><footnote ID='f'>daily</footnote> more</text>");
        assert_eq!(
            made,
            "<div><div>5 mg <a href=\"#footnote-1\">[note 1]</a>  <a href=\"#footnote-1\">[note 1]</a>  more</div>\
             <hr/><p id=\"footnote-1\">[note 1] <span id=\"f\">daily</span></p></div>"
        );
    }

    #[test]
    fn a_picture_is_shown_once_and_one_that_is_not_there_is_named() {
        let made =
            convert("<text><renderMultiMedia referencedObject='p p q'><caption>c</caption></renderMultiMedia></text>");
        assert_eq!(made.matches("<img").count(), 1, "{made}");
        assert!(
            made.contains("shown above") && made.contains("not in the document") && made.contains(" (c)"),
            "{made}"
        );
    }

    #[test]
    fn what_is_none_of_cda_goes_to_the_sanitiser_as_it_is() {
        let made = convert("<text><table onmouseover='x(\"y\")'><tr><td><iframe src='z'/></td></tr></table></text>");
        assert!(made.contains("onmouseover=\"x(&quot;y&quot;)\"") && made.contains("<iframe src=\"z\">"), "{made}");
    }
}
