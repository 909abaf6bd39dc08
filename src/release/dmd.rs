//! The dictionary of medicines and devices as the NHS Business Services Authority publishes it: XML with an element for each
//! product, and in it an element for each field (*dm+d implementation guide* and the release's schemas).

use super::collect::Collected;
use crate::terminology::release::{Association, Contents, DMD, DmdLevel, Replacement, SNOMED};
use quick_xml::Reader as Xml;
use quick_xml::events::Event;
use std::borrow::Cow;

/// What an element of a file says: the element, the field of its identifier, that of its name, and the reference set of
/// SNOMED CT's UK drug extension that has exactly these as members.
struct Row {
    element: &'static str,
    id: &'static str,
    name: &'static str,
    /// Another name that the field `name` may be displayed as.
    short: &'static str,
    refset: Option<u64>,
}

const fn row(element: &'static str, id: &'static str, name: &'static str, level: DmdLevel) -> Row {
    Row { element, id, name, short: "ABBREVNM", refset: Some(level.refset()) }
}

/// Virtual therapeutic moieties, virtual and actual products, and the packs of both; ingredients.
const ROWS: [Row; 6] = [
    row("VTM", "VTMID", "NM", DmdLevel::Vtm),
    row("VMP", "VPID", "NM", DmdLevel::Vmp),
    row("VMPP", "VPPID", "NM", DmdLevel::Vmpp),
    Row { short: "NM", ..row("AMP", "APID", "DESC", DmdLevel::Amp) },
    row("AMPP", "APPID", "NM", DmdLevel::Ampp),
    Row { element: "ING", id: "ISID", name: "NM", short: "ABBREVNM", refset: None },
];

/// Tables of the lookup file whose codes are SNOMED CT's, and the reference set that has exactly these. Routes are part of
/// a larger one, and suppliers are organisations that no coded element has.
const LOOKUPS: [(&str, Option<u64>); 3] =
    [("FORM", Some(999_000_781_000_001_107)), ("ROUTE", None), ("UNIT_OF_MEASURE", None)];

/// The files that are wanted, by how their names begin, before the version: `f_vmp2_3080426.xml`.
const FILES: [&str; 7] = ["f_lookup", "f_ingredient", "f_vtm", "f_vmp", "f_vmpp", "f_amp", "f_ampp"];

/// When a file has its turn.
pub fn turn(name: &str) -> Option<u8> {
    let name = name.to_ascii_lowercase();
    let stem = name.strip_suffix(".xml")?;
    let stem = stem.split(|c: char| c.is_ascii_digit()).next()?.trim_end_matches('_');
    FILES.iter().position(|file| *file == stem).map(|at| at as u8)
}

/// Reads the elements of dm+d files.
#[derive(Debug, Default)]
pub struct Dmd {
    /// What has come, up to the last mark-up that is whole.
    rest: Vec<u8>,
    open: Vec<String>,
    /// The text of the element that is open.
    text: String,
    /// The fields of the product that is open.
    fields: Vec<(String, String)>,
    newest: u32,
}

/// How deep elements may stand in each other.
const DEEPEST: usize = 32;

impl Dmd {
    pub fn begin(&mut self, name: &str) {
        self.rest.clear();
        self.open.clear();
        self.fields.clear();
        // The files' names end with the week's version and the day: `3080426` is version 3, 8 April 2026.
        let stem = name.rsplit('.').nth(1).unwrap_or_default();
        let digits: String = stem.chars().rev().take_while(char::is_ascii_digit).collect();
        let digits: String = digits.chars().rev().collect();
        if let Some((day, month, year)) = day(&digits) {
            self.newest = self.newest.max((2000 + year) * 10_000 + month * 100 + day);
        }
    }

    pub fn feed(&mut self, bytes: &[u8], into: &mut Collected) -> Result<(), String> {
        self.rest.extend_from_slice(bytes);
        // Up to the end of the last tag. A comment may hold any number of '>'.
        let mut end = memchr::memrchr(b'>', &self.rest).map_or(0, |at| at + 1);
        let ready = self.rest.get(..end).unwrap_or_default();
        if let Some(comment) = memchr::memmem::rfind(ready, b"<!--")
            && memchr::memmem::find(ready.get(comment..).unwrap_or_default(), b"-->").is_none()
        {
            end = comment;
        }
        let rest = self.rest.split_off(end);
        let ready = std::mem::replace(&mut self.rest, rest);
        self.events(&ready, into)
    }

    fn events(&mut self, bytes: &[u8], into: &mut Collected) -> Result<(), String> {
        // Older files are in Windows' Latin encoding where they are not UTF-8.
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect::<String>()),
        };
        let mut xml = Xml::from_str(&text);
        // A piece begins inside of elements that another has opened.
        xml.config_mut().check_end_names = false;
        xml.config_mut().allow_unmatched_ends = true;
        loop {
            let event = xml.read_event().map_err(|error| format!("the XML is not well formed: {error}."))?;
            match event {
                Event::Start(start) => {
                    if self.open.len() >= DEEPEST {
                        return Err("elements are nested more deeply than in any file of dm+d.".to_owned());
                    }
                    self.text.clear();
                    self.open.push(start.local_name().as_ref().to_owned());
                    if self.row_at().is_some() {
                        self.fields.clear();
                    }
                }
                Event::Text(text) => self.text.push_str(&text),
                Event::CData(text) => self.text.push_str(&text),
                Event::GeneralRef(entity) => match &*entity {
                    "amp" => self.text.push('&'),
                    "lt" => self.text.push('<'),
                    "gt" => self.text.push('>'),
                    "quot" => self.text.push('"'),
                    "apos" => self.text.push('\''),
                    _ => match entity.resolve_char_ref() {
                        Ok(Some(character)) => self.text.push(character),
                        _ => return Err(format!("the entity '&{};' is not known.", &*entity)),
                    },
                },
                Event::End(end) => self.close(end.local_name().as_ref(), into)?,
                Event::DocType(_) => return Err("a document type declaration is not part of dm+d.".to_owned()),
                Event::Eof => return Ok(()),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    /// What the open element is one product of: its row; or a table of the lookup file.
    fn row_at(&self) -> Option<Result<&'static Row, (&'static str, Option<u64>)>> {
        let last = self.open.last()?;
        if last == "INFO" {
            let table = self.open.iter().rev().nth(1)?;
            return LOOKUPS.iter().find(|(name, _)| name == table).map(|lookup| Err(*lookup));
        }
        ROWS.iter().find(|row| row.element == last).map(Ok)
    }

    fn close(&mut self, element: &str, into: &mut Collected) -> Result<(), String> {
        if self.open.last().is_none_or(|open| open != element) {
            return Err(format!("the element '{element}' ends where it is not open."));
        }
        match self.row_at() {
            Some(row) => self.product(row, into)?,
            None => {
                let text = std::mem::take(&mut self.text);
                // A product has some dozens of fields; another element that goes on and on has none of them.
                if self.fields.len() < 200 {
                    self.fields.push((element.to_owned(), text.trim().to_owned()));
                }
            }
        }
        self.text.clear();
        self.open.pop();
        Ok(())
    }

    fn product(
        &mut self,
        row: Result<&'static Row, (&'static str, Option<u64>)>,
        into: &mut Collected,
    ) -> Result<(), String> {
        let field = |wanted: &str| {
            let found = self.fields.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str());
            found.filter(|text| !text.is_empty())
        };
        let (element, id, name, short, refset) = match row {
            Ok(row) => (row.element, row.id, row.name, row.short, row.refset),
            Err((table, refset)) => (table, "CD", "DESC", "", refset),
        };
        let Some(code) = field(id) else { return Err(format!("a {element} has no {id}.")) };
        let Some(code) = crate::terminology::release::identifier(code) else {
            return Err(format!("the {id} of a {element}, '{code}', is not an identifier."));
        };
        // `INVALID` is there, and 1, where a product must no longer be used.
        let is_active = field("INVALID") != Some("1");
        into.concept(code, 0, is_active);
        for (rank, name) in [name, short].into_iter().enumerate() {
            if let Some(term) = field(name) {
                into.term(code, term, rank as u8);
            }
        }
        // A product whose identifier was changed keeps the one before it.
        let previous = field(&format!("{id}PREV")).and_then(crate::terminology::release::identifier);
        if let Some(of) = previous {
            into.concepts.entry(of).or_insert((0, false));
            into.replaced.push(Replacement { of, association: Association::ReplacedBy, by: code });
        }
        if let Some(refset) = refset {
            let members = into.refsets.entry(refset).or_default();
            if is_active {
                members.insert(code);
            }
        }
        self.fields.clear();
        Ok(())
    }

    pub fn end(&mut self, into: &mut Collected) -> Result<(), String> {
        let rest = std::mem::take(&mut self.rest);
        self.events(&rest, into)?;
        match self.open.pop() {
            Some(open) => Err(format!("the file ends inside of the element '{open}'.")),
            None => Ok(()),
        }
    }

    pub fn contents(self, collected: Collected) -> Result<Contents, String> {
        let mut contents = collected.contents(SNOMED, false)?;
        contents.same_codes = vec![DMD.to_owned()];
        if self.newest > 0 {
            contents.version = self.newest.to_string();
        }
        Ok(contents)
    }
}

/// Day, month and year of a file's version: `3080426`, a version and then two digits each.
fn day(digits: &str) -> Option<(u32, u32, u32)> {
    let digits = digits.get(digits.len().checked_sub(6)?..)?;
    let two = |at: usize| digits.get(at..at + 2).and_then(|text| text.parse::<u32>().ok());
    let (day, month, year) = (two(0)?, two(2)?, two(4)?);
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some((day, month, year))
}
