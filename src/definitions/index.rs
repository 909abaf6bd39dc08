//! What the packs of the package hold, by URL: so that a resource says which of them it needs, and a message which of them
//! has what is not loaded.
//!
//! A text, made when packs are built. Its first line has the names of the packs, in the order in which they are loaded, and
//! after `=` the release of FHIR that they are of, unless that is STU3; each
//! line after that a URL (of an event its system, `|` and code), a tab, a letter for what it is, the pack that has it and all
//! packs that it builds on, packs as digits to the base of 36. The lines are in the order of their bytes.

use crate::version::Version;
use std::sync::{Arc, OnceLock};

/// What a URL in the index names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// A type, profile or extension.
    Profile,
    /// A code system.
    CodeSystem,
    /// A value set.
    ValueSet,
    /// A MessageDefinition, or the event of one.
    Message,
}

impl IndexKind {
    /// The letter for it.
    pub fn letter(self) -> char {
        match self {
            IndexKind::Profile => 'p',
            IndexKind::CodeSystem => 's',
            IndexKind::ValueSet => 'v',
            IndexKind::Message => 'm',
        }
    }
}

/// The index of the packs. A copy is cheap.
#[derive(Clone, Debug, Default)]
pub struct Index {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    text: Box<str>,
    /// Of each pack, the release of FHIR that it is of.
    versions: Vec<Version>,
    /// Where each line after the first starts, found when the first URL is looked up.
    starts: OnceLock<Vec<u32>>,
}

/// A line of the index.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'i> {
    /// The URL.
    pub url: &'i str,
    /// What it names.
    pub kind: IndexKind,
    /// The number of the pack that has it.
    pub owner: u32,
    /// The packs that it needs, its own among them: a bit for each number.
    pub needs: u32,
    /// The release of FHIR that it is of.
    pub version: Version,
}

impl Index {
    /// An index as it was made. What is not a line of one is passed over.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        let text = text.into();
        let packs = text.lines().next().unwrap_or_default().split_ascii_whitespace();
        let versions =
            packs.map(|pack| pack.split_once('=').and_then(|(_, version)| Version::of(version))).collect::<Vec<_>>();
        let versions = versions.into_iter().map(Option::unwrap_or_default).collect();
        Index { inner: Arc::new(Inner { text, versions, starts: OnceLock::new() }) }
    }

    /// The text of an index: the names of the packs, and of each URL what it is, which pack has it and which it needs.
    pub fn write(packs: &[(&str, Version)], entries: &[(String, IndexKind, usize, Vec<usize>)]) -> String {
        let digit = |at: usize| char::from_digit(at as u32, 36).unwrap_or('0');
        let mut lines: Vec<String> = entries
            .iter()
            .map(|(url, kind, owner, needs)| {
                let needs: String = needs.iter().map(|at| digit(*at)).collect();
                format!("{url}\t{}{}{needs}\n", kind.letter(), digit(*owner))
            })
            .collect();
        crate::order::sort_by(&mut lines, |one, other| one.split('\t').next().cmp(&other.split('\t').next()));
        let packs: Vec<String> = packs
            .iter()
            .map(|(name, version)| match version {
                Version::Stu3 => (*name).to_owned(),
                other => format!("{name}={}", other.number()),
            })
            .collect();
        format!("{}\n{}", packs.join(" "), lines.concat())
    }

    /// The names of the packs, in the order in which they are loaded.
    pub fn packs(&self) -> impl Iterator<Item = &str> {
        let packs = self.inner.text.lines().next().unwrap_or_default().split_ascii_whitespace();
        packs.map(|pack| pack.split_once('=').map_or(pack, |(name, _)| name))
    }

    /// The packs of a release of FHIR: a bit for each number.
    pub fn of(&self, version: Version) -> u32 {
        let versions = self.inner.versions.iter().take(u32::BITS as usize).enumerate();
        versions.filter(|(_, of)| **of == version).fold(0, |packs, (at, _)| packs | 1 << at)
    }

    /// The release of FHIR of what a URL names.
    pub fn version_of(&self, url: &str) -> Option<Version> {
        self.find(url).map(|entry| entry.version)
    }

    /// The name of a pack by its number.
    pub fn pack(&self, number: u32) -> Option<&str> {
        self.packs().nth(number as usize)
    }

    /// Every line, in order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.inner.text.lines().skip(1).filter_map(|line| self.entry(line))
    }

    /// What a line says.
    fn entry<'i>(&self, line: &'i str) -> Option<Entry<'i>> {
        let (url, rest) = line.split_once('\t')?;
        let mut rest = rest.chars();
        let kind = match rest.next()? {
            'p' => IndexKind::Profile,
            's' => IndexKind::CodeSystem,
            'v' => IndexKind::ValueSet,
            'm' => IndexKind::Message,
            _ => return None,
        };
        let digit = |letter: char| letter.to_digit(36).filter(|digit| *digit < u32::BITS);
        let owner = digit(rest.next()?)?;
        let needs = rest.filter_map(digit).fold(1 << owner, |packs, digit| packs | 1 << digit);
        let version = self.inner.versions.get(owner as usize).copied().unwrap_or_default();
        Some(Entry { url, kind, owner, needs, version })
    }

    /// What is known of a URL, without its version; of an event, of `system|code`.
    pub fn find(&self, url: &str) -> Option<Entry<'_>> {
        let text = &*self.inner.text;
        let starts = self.inner.starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', text.as_bytes());
            ends.map(|end| end as u32 + 1).filter(|start| (*start as usize) < text.len()).collect()
        });
        let line = |start: u32| text.get(start as usize..)?.lines().next();
        let at = starts.partition_point(|start| line(*start).and_then(|line| line.split('\t').next()) < Some(url));
        starts.get(at).and_then(|start| self.entry(line(*start)?)).filter(|entry| entry.url == url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_found() {
        let row = |url: &str, kind, owner, needs: &[usize]| (url.to_owned(), kind, owner, needs.to_vec());
        let text = Index::write(
            &[("stu3", Version::Stu3), ("careconnect", Version::Stu3), ("gpconnect", Version::R4)],
            &[
                row("urn:p2", IndexKind::Profile, 2, &[0, 1, 2]),
                row("urn:p", IndexKind::Profile, 1, &[0, 1]),
                row("urn:events|discharge", IndexKind::Message, 2, &[2]),
                row("urn:p/x", IndexKind::CodeSystem, 0, &[]),
            ],
        );
        let index = Index::new(text);
        assert_eq!(index.packs().collect::<Vec<_>>(), ["stu3", "careconnect", "gpconnect"]);
        assert_eq!(index.entries().count(), 4);
        let found = |url: &str| index.find(url).map(|entry| (entry.kind, entry.owner, entry.needs));
        assert_eq!(found("urn:p2"), Some((IndexKind::Profile, 2, 0b111)));
        assert_eq!(found("urn:p"), Some((IndexKind::Profile, 1, 0b11)));
        assert_eq!(found("urn:p/x"), Some((IndexKind::CodeSystem, 0, 0b1)));
        assert_eq!(found("urn:events|discharge"), Some((IndexKind::Message, 2, 0b100)));
        for url in ["", "urn:", "urn:q", "urn:p\t", "stu3 careconnect gpconnect", "zzz"] {
            assert_eq!(found(url), None, "{url}");
        }
        assert!(Index::default().find("urn:p").is_none());
        assert!(Index::new("stu3\nno line\nurn:x\t\nurn:y\tp\n").entries().next().is_none());
    }
}
