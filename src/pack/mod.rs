//! Definitions to and from bytes: what is shipped, so that no user's machine has to make snapshots or work out value sets.
//!
//! A pack is [`MAGIC`], the format's version, a checksum of the rest, then a byte for the release of FHIR, the family, the families it needs, and a row of
//! sections (see `write`). Loading reads the indexes only; a plan is read when it is first asked for. All reading checks
//! its bounds: bytes that are damaged, or made to do harm, give an error or a definition that is not found.

mod load;
mod plans;
mod write;

pub(crate) use load::Pack;
pub(crate) use write::{Contents, write};

use crate::name::Names;
use crate::terminology::Terminology;
use crate::version::Version;

use std::fmt;

/// How a pack starts. The bytes that are no text tell when a transfer has taken it for text.
pub const MAGIC: [u8; 8] = *b"\x89CCP\r\n\x1a\n";

/// The version of the format.
pub const FORMAT: u32 = 4;

/// What a pack says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackInfo {
    /// The family of definitions: `careconnect`.
    pub family: String,
    /// The release of FHIR that its definitions are of; none for releases of SNOMED CT and dm+d.
    pub version: Option<Version>,
    /// The families that its definitions build on.
    pub dependencies: Vec<String>,
    /// The checksum, in 16 hexadecimal digits: the same for the same definitions.
    pub checksum: String,
    /// How many types and profiles there are.
    pub plans: usize,
    /// How many code systems.
    pub code_systems: usize,
    /// How many value sets.
    pub value_sets: usize,
    /// How many message definitions.
    pub messages: usize,
    /// How many releases of SNOMED CT or dm+d.
    pub releases: usize,
}

/// Why a pack was not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackError {
    /// The bytes do not start as a pack does.
    NotAPack,
    /// The pack is in another version of the format.
    OtherFormat(u32),
    /// The pack is not what it was when it was made.
    Damaged,
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackError::NotAPack => f.write_str(
                "This is not a pack of definitions. Packs are the .pack files that come with the careconnect package; if \
                 it came from a server, it may have been the server's error page.",
            ),
            PackError::OtherFormat(found) => write!(
                f,
                "This pack is in format {found}, and this version of careconnect reads format {FORMAT}. Take the packs that \
                 came with this version.",
            ),
            PackError::Damaged => {
                f.write_str("This pack is damaged: it may have been cut short or changed on its way. Fetch it again.")
            }
        }
    }
}

impl std::error::Error for PackError {}

/// The byte for a release of FHIR: its major number, and 0 for none.
fn version_byte(version: Option<Version>) -> u8 {
    match version {
        None => 0,
        Some(Version::Stu3) => 3,
        Some(Version::R4) => 4,
    }
}

/// The release of FHIR that a byte stands for.
fn version_of(byte: u8) -> Option<Option<Version>> {
    [None, Some(Version::Stu3), Some(Version::R4)].into_iter().find(|version| version_byte(*version) == byte)
}

/// A pack of a release alone.
pub(crate) fn write_release(family: &str, record: &[u8]) -> Vec<u8> {
    let contents = Contents { family, releases: &[record], ..Contents::default() };
    write(&Names::default(), &Terminology::default(), &contents)
}

/// A checksum that any change of up to eight bytes in a row changes, and any other almost surely. A pack has that of what
/// follows it, in the eight bytes after the format's version.
pub fn checksum(bytes: &[u8]) -> u64 {
    let mix = |sum: u64, word: u64| (sum.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut words = bytes.chunks_exact(8);
    let mut sum = mix(0, bytes.len() as u64);
    for word in words.by_ref() {
        sum = mix(sum, word.try_into().map_or(0, u64::from_le_bytes));
    }
    let mut last = [0; 8];
    last.iter_mut().zip(words.remainder()).for_each(|(to, from)| *to = *from);
    mix(sum, u64::from_le_bytes(last))
}

#[cfg(test)]
mod tests;
