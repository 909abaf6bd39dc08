//! A release of SNOMED CT or dm+d that a user has made into a pack: concepts, what is a kind of what, reference sets, and
//! the terms. Everything is answered from the bytes as they stand.
//!
//! A record is: the code system's URL, the version, the flags (1: it holds every concept of the system; 2: it has the
//! hierarchy), other URLs of systems whose codes are exactly these concepts, the number of concepts; then, each after its
//! length: the identifiers; the set of inactive concepts; the places of concepts in the hierarchy; for each concept the
//! ranges of places below it; the words; the preferred term of each concept; the hashes of all its other terms; what takes
//! the place of inactive ones. Last the number of reference sets, and of each its identifier and the set of its members.
//!
//! Places in the hierarchy count so that what is below a concept is a range, as far as every concept has one parent. Where
//! one has several, those above it by the others have more ranges. Whether one concept is a kind of another is so answered
//! by looking for one number in a short list (a tree cover, as in Agrawal, Borgida and Jagadish 1989).

mod layout;
mod write;

pub use write::{Contents, Replacement, write};

use crate::bytes::{Damaged, Reader};
use layout::{Ids, Records, Set, Texts, read_u64, section};
use std::ops::Range;
use std::sync::Arc;

/// The code system of SNOMED CT.
pub const SNOMED: &str = "http://snomed.info/sct";
/// The code system of the dictionary of medicines and devices, whose codes are SNOMED CT's too.
pub const DMD: &str = "https://dmd.nhs.uk";

/// The level of a product of dm+d.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DmdLevel {
    /// A virtual therapeutic moiety: the substance, in whatever form.
    Vtm,
    /// A virtual medicinal product: substance, strength and form, whoever makes it.
    Vmp,
    /// A virtual medicinal product pack.
    Vmpp,
    /// An actual medicinal product: a maker's.
    Amp,
    /// An actual medicinal product pack.
    Ampp,
}

impl DmdLevel {
    /// Every level.
    pub const ALL: [DmdLevel; 5] = [DmdLevel::Vtm, DmdLevel::Vmp, DmdLevel::Vmpp, DmdLevel::Amp, DmdLevel::Ampp];

    /// The reference set of SNOMED CT's UK drug extension that has exactly the products of this level as members.
    pub const fn refset(self) -> u64 {
        match self {
            DmdLevel::Vtm => 999_000_581_000_001_102,
            DmdLevel::Vmp => 999_000_561_000_001_109,
            DmdLevel::Vmpp => 999_000_571_000_001_104,
            DmdLevel::Amp => 999_000_541_000_001_108,
            DmdLevel::Ampp => 999_000_551_000_001_106,
        }
    }

    /// Whether it is of packs, which are what is supplied.
    pub fn is_pack(self) -> bool {
        matches!(self, DmdLevel::Vmpp | DmdLevel::Ampp)
    }
}

/// No place in the hierarchy.
const NOWHERE: u32 = 0xff_ffff;

/// Why another concept takes the place of an inactive one (the association reference sets of SNOMED CT).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Association {
    /// It means the same.
    SameAs,
    /// It is to be used instead.
    ReplacedBy,
    /// It may mean the same.
    PossiblyEquivalentTo,
    /// It is another that may be meant.
    Alternative,
}

impl Association {
    const ALL: [Association; 4] =
        [Association::SameAs, Association::ReplacedBy, Association::PossiblyEquivalentTo, Association::Alternative];
}

/// A release that is loaded.
#[derive(Clone, Debug)]
pub struct Release {
    bytes: Arc<[u8]>,
    /// The code system's URL.
    pub system: Box<str>,
    /// Which release it is, for example `20260401`.
    pub version: Box<str>,
    /// Other systems whose codes are the concepts of this release, all of them.
    pub same_codes: Vec<Box<str>>,
    /// Whether it holds every concept of the system, so that what is not in it is in none.
    pub is_complete: bool,
    /// Whether it says what is a kind of what.
    pub has_hierarchy: bool,
    count: usize,
    ids: Range<usize>,
    inactive: Range<usize>,
    places: Range<usize>,
    below: Range<usize>,
    words: Range<usize>,
    terms: Range<usize>,
    others: Range<usize>,
    replaced: Range<usize>,
    /// Identifier and members, in the identifiers' order.
    refsets: Vec<(u64, Range<usize>)>,
}

impl Release {
    /// Reads the index of a record that stands in a pack.
    ///
    /// # Errors
    /// The record ends too early, or says what cannot be.
    pub fn read(bytes: &Arc<[u8]>, at: Range<usize>) -> Result<Self, Damaged> {
        let record = bytes.get(at.clone()).ok_or(Damaged)?;
        let mut reader = Reader::new(record);
        let reader = &mut reader;
        let (system, version) = (reader.text()?.into(), reader.text()?.into());
        let flags = reader.u8()?;
        let same_codes = (0..reader.count()?).map(|_| reader.text().map(Box::from)).collect::<Result<_, _>>()?;
        let count = reader.number()? as usize;
        let part = |reader: &mut Reader<'_>| {
            let found = section(reader)?;
            let end = at.start + reader.position();
            Ok(end - found.len()..end)
        };
        let mut release = Release {
            bytes: bytes.clone(),
            system,
            version,
            same_codes,
            is_complete: flags & 1 != 0,
            has_hierarchy: flags & 2 != 0,
            count,
            ids: part(reader)?,
            inactive: part(reader)?,
            places: part(reader)?,
            below: part(reader)?,
            words: part(reader)?,
            terms: part(reader)?,
            others: part(reader)?,
            replaced: part(reader)?,
            refsets: Vec::new(),
        };
        for _ in 0..reader.count()? {
            release.refsets.push((read_u64(reader)?, part(reader)?));
        }
        let is_sound = reader.left() == 0
            && release.refsets.is_sorted_by(|a, b| a.0 < b.0)
            && Ids::read(release.part(&release.ids), count).is_ok()
            && Set::read(release.part(&release.inactive)).is_ok()
            && (!release.has_hierarchy || release.places.len() == count * 3)
            && [&release.below, &release.terms, &release.others, &release.replaced]
                .iter()
                .all(|range| Records::read(release.part(range), count).is_ok())
            && Texts::read(release.part(&release.words), &[], 0).is_ok()
            && release.refsets.iter().all(|(_, members)| Set::read(release.part(members)).is_ok());
        if is_sound { Ok(release) } else { Err(Damaged) }
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    /// How many concepts there are, inactive ones with them.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no concept at all.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// A concept.
    pub fn find(&self, id: u64) -> Option<Concept<'_>> {
        let at = Ids::read(self.part(&self.ids), self.count).ok()?.find(id)?;
        Some(Concept { release: self, id, at })
    }

    /// The concept at a place in the order of identifiers.
    pub fn nth(&self, at: u32) -> Option<Concept<'_>> {
        let id = Ids::read(self.part(&self.ids), self.count).ok()?.get(at)?;
        Some(Concept { release: self, id, at })
    }

    /// The identifiers of the reference sets, in order.
    pub fn refsets(&self) -> impl Iterator<Item = u64> + '_ {
        self.refsets.iter().map(|(id, _)| *id)
    }

    /// Whether the release has a reference set.
    pub fn has_refset(&self, refset: u64) -> bool {
        self.refsets.binary_search_by_key(&refset, |(id, _)| *id).is_ok()
    }

    /// Whether a concept is a member of a reference set; `None` if the release does not have that set.
    pub fn is_member(&self, refset: u64, id: u64) -> Option<bool> {
        let at = self.refsets.binary_search_by_key(&refset, |(id, _)| *id).ok()?;
        let (_, members) = self.refsets.get(at)?;
        let members = Set::read(self.part(members)).ok()?;
        Some(self.find(id).is_some_and(|concept| members.has(concept.at)))
    }

    /// The level of a product of dm+d: `Some(None)` for a concept that is none, `None` where the release cannot say.
    pub fn dmd_level(&self, id: u64) -> Option<Option<DmdLevel>> {
        let level = DmdLevel::ALL.into_iter().find(|level| self.is_member(level.refset(), id) == Some(true));
        let knows = || DmdLevel::ALL.iter().all(|level| self.has_refset(level.refset())) && self.find(id).is_some();
        if level.is_some() || knows() { Some(level) } else { None }
    }

    fn place(&self, at: u32) -> Option<u32> {
        let start = (at as usize).checked_mul(3)?;
        let bytes = self.part(&self.places).get(start..start + 3)?;
        let place = bytes.iter().rev().fold(0, |place, byte| place << 8 | u32::from(*byte));
        Some(place).filter(|place| *place != NOWHERE)
    }
}

/// A concept of a release.
#[derive(Clone, Copy, Debug)]
pub struct Concept<'a> {
    release: &'a Release,
    /// The identifier, which is the code.
    pub id: u64,
    at: u32,
}

impl<'a> Concept<'a> {
    /// Whether the concept may no longer be used for new entries.
    pub fn is_inactive(&self) -> bool {
        Set::read(self.release.part(&self.release.inactive)).is_ok_and(|set| set.has(self.at))
    }

    /// Whether this concept is a kind of another, or that one itself. Only of concepts of the same release, and never of
    /// inactive ones, which are outside of the hierarchy.
    pub fn is_a(&self, other: &Concept<'_>) -> bool {
        if self.at == other.at {
            return !self.is_inactive();
        }
        let Some(place) = self.release.place(self.at) else { return false };
        let below = Records::read(self.release.part(&self.release.below), self.release.count);
        let mut ranges = Reader::new(below.map(|below| below.get(other.at)).unwrap_or_default());
        let mut at = 0u32;
        // Of each range, how far it is from the end of the one before, and how many more places it has than one.
        while ranges.left() > 0 {
            let (Ok(gap), Ok(more)) = (ranges.number(), ranges.number()) else { return false };
            let Some(start) = at.checked_add(gap) else { return false };
            let Some(end) = start.checked_add(more) else { return false };
            if place <= end {
                return place >= start;
            }
            at = end;
        }
        false
    }

    /// The preferred term, in British English where the release has it.
    pub fn term(&self) -> Option<String> {
        let release = self.release;
        Texts::read(release.part(&release.words), release.part(&release.terms), release.count).ok()?.get(self.at)
    }

    /// Whether a text is one of the concept's terms, whatever its case and white space; `None` if the release was made
    /// without terms.
    pub fn accepts(&self, text: &str) -> Option<bool> {
        let term = self.term()?;
        let folded = super::fold(text);
        if super::fold(&term) == folded {
            return Some(true);
        }
        let wanted = hash(&folded);
        let others = Records::read(self.release.part(&self.release.others), self.release.count).ok()?.get(self.at);
        Some(
            others.chunks_exact(4).any(|bytes| bytes.try_into().is_ok_and(|bytes| u32::from_le_bytes(bytes) == wanted)),
        )
    }

    /// What takes the place of an inactive concept, the surest first.
    pub fn replacements(&self) -> Vec<(Association, u64)> {
        let records = Records::read(self.release.part(&self.release.replaced), self.release.count);
        let mut reader = Reader::new(records.map(|records| records.get(self.at)).unwrap_or_default());
        let mut out = Vec::new();
        while let (Ok(kind), Ok(id)) = (reader.u8(), read_u64(&mut reader)) {
            if let Some(kind) = Association::ALL.get(kind as usize) {
                out.push((*kind, id));
            }
        }
        out
    }
}

/// A hash of a folded term (FNV-1a), the same on every machine.
pub(crate) fn hash(folded: &str) -> u32 {
    folded.bytes().fold(0x811c_9dc5u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// A code as a SNOMED CT identifier: 6 to 18 digits that do not start with 0.
pub fn identifier(code: &str) -> Option<u64> {
    let is_form = (6..=18).contains(&code.len()) && !code.starts_with('0');
    if is_form && code.bytes().all(|byte| byte.is_ascii_digit()) { code.parse().ok() } else { None }
}

/// Whether a code has the signs of an expression (`|`, `:`, `+`, `=`) rather than of a concept alone.
pub fn is_expression(code: &str) -> bool {
    code.contains(['|', ':', '+', '=']) && code.bytes().any(|byte| byte.is_ascii_digit())
}
