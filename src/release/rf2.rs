//! SNOMED CT's Release Format 2 (SNOMED International, *Release File Specifications*): text with a row a line, columns
//! separated by tabs, and the columns' names in the first row.

use super::collect::{Collected, Rank};
use crate::terminology::release::{Association, Contents, Replacement, SNOMED};

/// A longer line is none of RF2's.
const LONGEST_LINE: usize = 1 << 20;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    Concepts,
    Languages,
    Descriptions,
    Relationships,
    Members,
    Associations,
}

impl File {
    /// What the names of the columns say.
    fn of(columns: &[&str]) -> Option<File> {
        let has = |name: &str| columns.contains(&name);
        let is_refset = has("refsetId") && has("referencedComponentId");
        match columns {
            _ if has("acceptabilityId") => Some(File::Languages),
            _ if is_refset && has("targetComponentId") => Some(File::Associations),
            _ if is_refset && columns.len() == 6 => Some(File::Members),
            _ if has("definitionStatusId") => Some(File::Concepts),
            _ if has("conceptId") && has("term") => Some(File::Descriptions),
            _ if has("sourceId") && has("destinationId") => Some(File::Relationships),
            _ => None,
        }
    }
}

/// When a file has its turn. `Full` and `Delta` hold older rows, `StatedRelationship` and `OWLExpression` what is said
/// again in `Relationship`, and `TextDefinition` whole sentences.
pub fn turn(name: &str) -> Option<u8> {
    if !name.ends_with(".txt") || !name.contains("Snapshot") {
        return None;
    }
    let has = |part: &str| name.contains(part);
    match () {
        () if has("StatedRelationship") || has("TextDefinition") || has("ConcreteValues") => None,
        () if has("_Concept_") => Some(0),
        () if has("_cRefset_Language") => Some(1),
        () if has("_Description_") => Some(2),
        () if has("_Relationship_") => Some(3),
        () if has("_Refset_") => Some(4),
        () if has("_cRefset_Association") || has("AssociationSnapshot") || has("AssociationReference") => Some(5),
        () => None,
    }
}

/// `Is a (attribute)`.
const IS_A: u64 = 116_680_003;
/// `Preferred (foundation metadata concept)`.
const PREFERRED: u64 = 900_000_000_000_548_007;
/// `Fully specified name`.
const FULLY_SPECIFIED: u64 = 900_000_000_000_003_001;
/// `Synonym`.
const SYNONYM: u64 = 900_000_000_000_013_009;

/// Language reference sets in the order in which the UK Edition looks for a preferred term: NHS realm for clinical terms
/// and for pharmacy, the two that they are made of, British English, American English. Any other comes after them.
const LANGUAGES: [u64; 6] = [
    999_001_261_000_000_100,
    999_000_691_000_001_104,
    999_001_251_000_000_103,
    999_000_681_000_001_101,
    900_000_000_000_508_004,
    900_000_000_000_509_007,
];

/// The association reference sets, and what each says of the two concepts.
const ASSOCIATIONS: [(u64, Association); 5] = [
    (900_000_000_000_527_005, Association::SameAs),
    (900_000_000_000_526_001, Association::ReplacedBy),
    (900_000_000_000_523_009, Association::PossiblyEquivalentTo),
    (900_000_000_000_524_003, Association::Alternative),
    (900_000_000_000_530_003, Association::Alternative),
];

/// Reads the rows of RF2 files.
#[derive(Debug, Default)]
pub struct Rf2 {
    file: Option<File>,
    has_header: bool,
    line: usize,
    /// The beginning of a row whose end has not come yet.
    rest: Vec<u8>,
    has_descriptions: bool,
}

impl Rf2 {
    pub fn begin(&mut self, _name: &str) {
        (self.file, self.has_header, self.line) = (None, false, 0);
        self.rest.clear();
    }

    pub fn feed(&mut self, bytes: &[u8], into: &mut Collected) -> Result<(), String> {
        let mut bytes = bytes;
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let (line, after) = bytes.split_at(end);
            bytes = after.get(1..).unwrap_or_default();
            if self.rest.is_empty() {
                self.row(line, into)?;
            } else {
                self.rest.extend_from_slice(line);
                let line = std::mem::take(&mut self.rest);
                self.row(&line, into)?;
                self.rest = line;
                self.rest.clear();
            }
        }
        self.rest.extend_from_slice(bytes);
        if self.rest.len() > LONGEST_LINE {
            return Err(format!("line {} is longer than any of RF2's.", self.line + 1));
        }
        Ok(())
    }

    pub fn end(&mut self, into: &mut Collected) -> Result<(), String> {
        let line = std::mem::take(&mut self.rest);
        if line.is_empty() { Ok(()) } else { self.row(&line, into) }
    }

    fn row(&mut self, line: &[u8], into: &mut Collected) -> Result<(), String> {
        self.line += 1;
        let number = self.line;
        let line = std::str::from_utf8(line).map_err(|_| format!("line {number} is not UTF-8."))?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        if !self.has_header {
            self.has_header = true;
            let columns: Vec<&str> = line.trim_start_matches('\u{feff}').split('\t').collect();
            self.file = File::of(&columns);
            return match self.file {
                Some(File::Languages) if self.has_descriptions => {
                    Err("language reference sets must be read before descriptions.".to_owned())
                }
                Some(file) => {
                    self.has_descriptions |= file == File::Descriptions;
                    Ok(())
                }
                None => Err("the first line has not the names of columns that an RF2 file has.".to_owned()),
            };
        }
        if line.is_empty() {
            return Ok(());
        }
        self.fields(line, into).ok_or_else(|| format!("line {number} is not a row of this kind of RF2 file."))
    }

    fn fields(&self, line: &str, into: &mut Collected) -> Option<()> {
        let mut columns = line.split('\t');
        let id = columns.next()?;
        let date: u32 = columns.next()?.parse().ok()?;
        let is_active = match columns.next()? {
            "1" => true,
            "0" => false,
            _ => return None,
        };
        let _module = columns.next()?;
        let number = |text: &str| text.parse::<u64>().ok();
        match self.file? {
            File::Concepts => into.concept(number(id)?, date, is_active),
            File::Languages => {
                let (refset, description) = (number(columns.next()?)?, number(columns.next()?)?);
                if is_active && number(columns.next()?)? == PREFERRED {
                    let rank = LANGUAGES.iter().position(|known| *known == refset).unwrap_or(LANGUAGES.len()) as Rank;
                    let known = into.preferred.entry(description).or_insert(rank);
                    *known = rank.min(*known);
                }
            }
            File::Descriptions => {
                let (concept, _language) = (number(columns.next()?)?, columns.next()?);
                let (kind, term) = (number(columns.next()?)?, columns.next()?);
                if is_active {
                    // A synonym that is preferred, another synonym, the fully specified name, anything else.
                    let rank = match (kind, into.preferred.get(&number(id)?)) {
                        (SYNONYM, Some(rank)) => *rank,
                        (SYNONYM, None) => 20,
                        (FULLY_SPECIFIED, _) => 21,
                        _ => 22,
                    };
                    into.term(concept, term, rank);
                }
            }
            File::Relationships => {
                let (source, destination) = (number(columns.next()?)?, number(columns.next()?)?);
                let (_group, kind) = (columns.next()?, number(columns.next()?)?);
                if kind == IS_A {
                    let edge = is_active.then_some((source, destination));
                    let known = into.is_a.entry(number(id)?).or_insert((date, edge));
                    if date >= known.0 {
                        *known = (date, edge);
                    }
                }
            }
            File::Members => {
                let (refset, member) = (number(columns.next()?)?, number(columns.next()?)?);
                // An empty set is known too: nothing is a member.
                let members = into.refsets.entry(refset).or_default();
                if is_active {
                    members.insert(member);
                }
            }
            File::Associations => {
                let (refset, of) = (number(columns.next()?)?, number(columns.next()?)?);
                let by = number(columns.next()?)?;
                let known = ASSOCIATIONS.iter().find(|(id, _)| *id == refset);
                if let (true, Some((_, association))) = (is_active, known) {
                    into.replaced.push(Replacement { of, association: *association, by });
                }
            }
        }
        into.newest = into.newest.max(date);
        Some(())
    }

    pub fn contents(self, collected: Collected) -> Result<Contents, String> {
        collected.contents(SNOMED, true)
    }
}
