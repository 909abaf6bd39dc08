//! Makes a pack of a user's own release of SNOMED CT (RF2) or dm+d (XML), fed to it a piece at a time.
//!
//! The licences of both forbid that their content is shipped with a library, so everybody makes their own pack, once for
//! each release. Files may have hundreds of megabytes: nothing is kept of a row but what the pack needs.

mod collect;
mod dmd;
mod rf2;

use collect::Collected;
use dmd::Dmd;
use rf2::Rf2;

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SNOMED CT: the snapshot files of Release Format 2.
    Snomed,
    /// The dictionary of medicines and devices: the XML files of its release.
    Dmd,
}

/// How many of what was read, for the user to compare with what the publisher says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The newest date in the release, `20260401`; empty if there is none.
    pub version: String,
    /// Concepts, inactive ones with them.
    pub concepts: usize,
    /// Inactive concepts among them.
    pub inactive: usize,
    /// How often a concept is said to be a kind of another.
    pub is_a: usize,
    /// Concepts with a preferred term.
    pub terms: usize,
    /// Reference sets.
    pub refsets: usize,
    /// Members of them, all together.
    pub members: usize,
}

/// Reads a release, file by file: [`begin`](Self::begin), [`feed`](Self::feed) as often as wanted, and at last
/// [`finish`](Self::finish).
#[derive(Debug)]
pub struct Builder {
    reader: Reader,
    collected: Collected,
    file: String,
}

#[derive(Debug)]
enum Reader {
    Snomed(Rf2),
    Dmd(Dmd),
}

impl Builder {
    /// For a kind of release.
    pub fn new(kind: Kind) -> Self {
        let reader = match kind {
            Kind::Snomed => Reader::Snomed(Rf2::default()),
            Kind::Dmd => Reader::Dmd(Dmd::default()),
        };
        Builder { reader, collected: Collected::default(), file: String::new() }
    }

    /// When a file has its turn, by its name: those with a smaller number first; `None` for a file that is not wanted. The
    /// words of concepts are kept as the language reference sets say, so these must be known before.
    pub fn turn(kind: Kind, name: &str) -> Option<u8> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        match kind {
            Kind::Snomed => rf2::turn(name),
            Kind::Dmd => dmd::turn(name),
        }
    }

    /// Starts the next file. Its name says what it holds.
    ///
    /// # Errors
    /// The file before ended in the middle of a row or an element: a sentence.
    pub fn begin(&mut self, name: &str) -> Result<(), String> {
        self.end()?;
        self.file = name.to_owned();
        match &mut self.reader {
            Reader::Snomed(reader) => reader.begin(name),
            Reader::Dmd(reader) => reader.begin(name),
        }
        Ok(())
    }

    /// Takes the next bytes of the file. They may end anywhere.
    ///
    /// # Errors
    /// A row or an element is not as the format says: a sentence with the file and the line.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), String> {
        let done = match &mut self.reader {
            Reader::Snomed(reader) => reader.feed(bytes, &mut self.collected),
            Reader::Dmd(reader) => reader.feed(bytes, &mut self.collected),
        };
        done.map_err(|what| format!("{}: {what}", self.file))
    }

    fn end(&mut self) -> Result<(), String> {
        let done = match &mut self.reader {
            Reader::Snomed(reader) => reader.end(&mut self.collected),
            Reader::Dmd(reader) => reader.end(&mut self.collected),
        };
        done.map_err(|what| format!("{}: {what}", self.file))
    }

    /// The pack, and what is in it.
    ///
    /// # Errors
    /// Nothing was read, or what was read does not fit together: a sentence.
    pub fn finish(mut self) -> Result<(Vec<u8>, Summary), String> {
        self.end()?;
        let (family, mut contents) = match self.reader {
            Reader::Snomed(reader) => ("snomed", reader.contents(self.collected)?),
            Reader::Dmd(reader) => ("dmd", reader.contents(self.collected)?),
        };
        let summary = Summary {
            version: contents.version.clone(),
            concepts: contents.concepts.len(),
            inactive: contents.concepts.iter().filter(|(_, is_active)| !is_active).count(),
            is_a: contents.is_a.as_ref().map_or(0, Vec::len),
            terms: contents.terms_count(),
            refsets: contents.refsets.len(),
            members: contents.refsets.values().map(Vec::len).sum(),
        };
        let record = crate::terminology::release::write(&mut contents)?;
        drop(contents);
        Ok((crate::pack::write_release(family, &record), summary))
    }
}
