//! What is gathered from the files of a release, until all are read.

use crate::terminology::fold;
use crate::terminology::release::{Contents, Replacement, hash};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// How good a term is as the one to display: the smallest is the best.
pub type Rank = u8;

/// Facts of a release.
#[derive(Debug, Default)]
pub struct Collected {
    /// By identifier: the date of the row that counts, and whether the concept is active.
    pub concepts: FxHashMap<u64, (u32, bool)>,
    /// By the row's identifier: its date, and the concept with one that it is a kind of, or none if the row is inactive.
    pub is_a: FxHashMap<u64, (u32, Option<(u64, u64)>)>,
    /// Terms one after the other.
    text: String,
    /// By concept: how good its term is, and where that stands in `text`.
    best: FxHashMap<u64, (Rank, usize, usize)>,
    /// Concept and hash of every term.
    hashes: Vec<(u64, u32)>,
    /// Descriptions that a language reference set prefers, with how good that is.
    pub preferred: FxHashMap<u64, Rank>,
    /// Members of reference sets.
    pub refsets: BTreeMap<u64, FxHashSet<u64>>,
    /// What takes the place of inactive concepts.
    pub replaced: Vec<Replacement>,
    /// The newest date.
    pub newest: u32,
}

impl Collected {
    /// Keeps a concept; of several rows about it, the newest counts.
    pub fn concept(&mut self, id: u64, date: u32, is_active: bool) {
        let known = self.concepts.entry(id).or_insert((date, is_active));
        if date >= known.0 {
            *known = (date, is_active);
        }
        self.newest = self.newest.max(date);
    }

    /// Keeps a term of a concept.
    pub fn term(&mut self, concept: u64, term: &str, rank: Rank) {
        self.hashes.push((concept, hash(&fold(term))));
        if self.best.get(&concept).is_some_and(|(known, ..)| *known <= rank) {
            return;
        }
        let start = self.text.len();
        self.text.push_str(term);
        self.best.insert(concept, (rank, start, self.text.len()));
    }

    /// Puts everything in the order that a record needs.
    pub fn contents(mut self, system: &str, has_hierarchy: bool) -> Result<Contents, String> {
        if self.concepts.is_empty() {
            return Err("No concept was read. Are these the files of a release?".to_owned());
        }
        let mut concepts: Vec<(u64, bool)> =
            self.concepts.drain().map(|(id, (_, is_active))| (id, is_active)).collect();
        crate::order::sort(&mut concepts);
        let at = |id: u64| concepts.binary_search_by_key(&id, |(id, _)| *id).ok();
        let (mut terms, mut term_ends) = (String::new(), Vec::with_capacity(concepts.len()));
        for (id, _) in &concepts {
            let text = self.best.get(id).and_then(|(_, start, end)| self.text.get(*start..*end));
            terms.push_str(text.unwrap_or_default());
            term_ends.push(terms.len());
        }
        let own = |(id, hashed): &(u64, u32)| {
            // The preferred term is compared as text.
            let (_, start, end) = self.best.get(id)?;
            let is_best = self.text.get(*start..*end).is_some_and(|text| hash(&fold(text)) == *hashed);
            if is_best { None } else { Some((at(*id)? as u32, *hashed)) }
        };
        let others = self.hashes.iter().filter_map(own).collect();
        let mut is_a: Vec<(u64, u64)> = self.is_a.into_values().filter_map(|(_, edge)| edge).collect();
        crate::order::sort(&mut is_a);
        let refsets = std::mem::take(&mut self.refsets);
        let sorted = |members: FxHashSet<u64>| {
            let mut members: Vec<u64> = members.into_iter().filter(|id| at(*id).is_some()).collect();
            crate::order::sort(&mut members);
            members
        };
        Ok(Contents {
            system: system.to_owned(),
            version: if self.newest > 0 { self.newest.to_string() } else { String::new() },
            is_complete: has_hierarchy,
            is_a: has_hierarchy.then_some(is_a),
            term_ends,
            terms,
            others,
            replaced: self.replaced,
            refsets: refsets.into_iter().map(|(id, members)| (id, sorted(members))).collect(),
            concepts,
            ..Contents::default()
        })
    }
}
