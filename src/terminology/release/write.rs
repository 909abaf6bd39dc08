//! Makes a release's record: orders the concepts, numbers the hierarchy, and writes each section.

use super::layout::{Ids, Records, Set, Texts};
use super::{Association, NOWHERE};
use crate::bytes::Writer;
use std::collections::BTreeMap;

/// What takes the place of a concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replacement {
    /// The inactive concept.
    pub of: u64,
    /// Why.
    pub association: Association,
    /// The other concept.
    pub by: u64,
}

/// What a release's record is made of.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// The code system's URL.
    pub system: String,
    /// Which release it is.
    pub version: String,
    /// Other systems whose codes are exactly these concepts.
    pub same_codes: Vec<String>,
    /// Whether every concept of the system is here.
    pub is_complete: bool,
    /// Every concept, and whether it is active; in the order of identifiers, none twice.
    pub concepts: Vec<(u64, bool)>,
    /// What is a kind of what: a concept and one that it is a kind of. `None` if that is not known.
    pub is_a: Option<Vec<(u64, u64)>>,
    /// Where each concept's preferred term ends in `terms`, in the order of the concepts; empty if there are none.
    pub term_ends: Vec<usize>,
    /// The preferred terms, one after the other.
    pub terms: String,
    /// Hashes of other terms, by the place of the concept.
    pub others: Vec<(u32, u32)>,
    /// What takes the place of inactive concepts.
    pub replaced: Vec<Replacement>,
    /// The members of each reference set.
    pub refsets: BTreeMap<u64, Vec<u64>>,
}

impl Contents {
    /// How many concepts have a preferred term.
    pub fn terms_count(&self) -> usize {
        let starts = [0].into_iter().chain(self.term_ends.iter().copied());
        starts.zip(&self.term_ends).filter(|(start, end)| start < end).count()
    }
}

/// Writes a record.
///
/// # Errors
/// There are too many concepts, or the hierarchy goes in a circle: a sentence.
pub fn write(contents: &mut Contents) -> Result<Vec<u8>, String> {
    let count = contents.concepts.len();
    if count >= NOWHERE as usize {
        return Err(format!("A release may have up to {NOWHERE} concepts; this one has {count}."));
    }
    let ids: Vec<u64> = contents.concepts.iter().map(|(id, _)| *id).collect();
    let at = |id: u64| ids.binary_search(&id).ok();
    let mut out = Writer::default();
    out.text(&contents.system);
    out.text(&contents.version);
    out.u8(u8::from(contents.is_complete) | u8::from(contents.is_a.is_some()) << 1);
    out.size(contents.same_codes.len());
    contents.same_codes.iter().for_each(|url| out.text(url));
    out.size(count);
    out.block(&Ids::write(&ids));
    let inactive = contents.concepts.iter().enumerate().filter(|(_, (_, is_active))| !is_active);
    out.block(&Set::write(&inactive.map(|(at, _)| at as u32).collect::<Vec<_>>(), count));
    match contents.is_a.take() {
        Some(is_a) => {
            let is_active = |at: &usize| contents.concepts.get(*at).is_some_and(|(_, is_active)| *is_active);
            let edge = |(child, parent): (u64, u64)| {
                Some((at(child).filter(is_active)? as u32, at(parent).filter(is_active)? as u32))
            };
            let edges: Vec<(u32, u32)> = is_a.into_iter().filter_map(edge).collect();
            let hierarchy = Hierarchy::new(count, edges).map_err(|at| {
                let id = ids.get(at as usize).copied().unwrap_or_default();
                format!("The hierarchy goes in a circle: the concept {id}, or one that it is a kind of, is a kind of itself.")
            })?;
            let mut places = Vec::with_capacity(count * 3);
            for (at, place) in hierarchy.places.iter().enumerate() {
                let place = if is_active(&at) { *place } else { NOWHERE };
                places.extend_from_slice(&place.to_le_bytes()[..3]);
            }
            out.block(&places);
            out.block(&Records::write((0..count).map(|at| hierarchy.record(at))));
        }
        None => (0..2).for_each(|_| out.block(&[])),
    }
    let mut start = 0;
    let text = |end: &usize| {
        let text = contents.terms.get(start..*end).unwrap_or_default();
        start = *end;
        text
    };
    let terms: Vec<&str> = contents.term_ends.iter().map(text).collect();
    let (words, texts) = Texts::write(&terms);
    out.block(&words);
    out.block(&texts);
    crate::order::sort(&mut contents.others);
    contents.others.dedup();
    out.block(&by_place(count, &contents.others, |(at, _)| *at as usize, |out, (_, hash)| out.fixed(*hash)));
    crate::order::sort(&mut contents.replaced);
    contents.replaced.dedup();
    let replaced: Vec<(usize, Replacement)> =
        contents.replaced.iter().filter_map(|replaced| Some((at(replaced.of)?, *replaced))).collect();
    out.block(&by_place(
        count,
        &replaced,
        |(at, _)| *at,
        |out, (_, replaced)| {
            let kind = Association::ALL.iter().position(|kind| *kind == replaced.association);
            out.u8(kind.unwrap_or_default() as u8);
            out.bytes.extend_from_slice(&replaced.by.to_le_bytes());
        },
    ));
    out.size(contents.refsets.len());
    for (id, members) in &contents.refsets {
        let mut places: Vec<u32> = members.iter().filter_map(|member| at(*member)).map(|at| at as u32).collect();
        crate::order::sort(&mut places);
        places.dedup();
        out.bytes.extend_from_slice(&id.to_le_bytes());
        out.block(&Set::write(&places, count));
    }
    Ok(out.bytes)
}

/// Records made of rows that are in the order of their places.
fn by_place<T>(count: usize, rows: &[T], place: impl Fn(&T) -> usize, write: impl Fn(&mut Writer, &T)) -> Vec<u8> {
    let mut rest = rows;
    Records::write((0..count).map(|at| {
        let own = rest.iter().take_while(|row| place(row) == at).count();
        let (own, after) = rest.split_at(own);
        rest = after;
        let mut out = Writer::default();
        own.iter().for_each(|row| write(&mut out, row));
        out.bytes
    }))
}

/// Edges from each item to others, without a list of its own for each.
struct Edges {
    starts: Vec<u32>,
    to: Vec<u32>,
}

impl Edges {
    fn new(count: usize, mut edges: Vec<(u32, u32)>) -> Self {
        crate::order::sort(&mut edges);
        edges.dedup();
        let mut starts = vec![0u32; count + 1];
        edges.iter().for_each(|(from, _)| starts[*from as usize + 1] += 1);
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        Edges { starts, to: edges.into_iter().map(|(_, to)| to).collect() }
    }

    fn of(&self, at: u32) -> &[u32] {
        &self.to[self.starts[at as usize] as usize..self.starts[at as usize + 1] as usize]
    }
}

/// The hierarchy numbered: see the module above.
struct Hierarchy {
    /// The place of each concept.
    places: Vec<u32>,
    /// The first place below each concept, by the tree.
    first: Vec<u32>,
    /// Ranges of places below each concept besides those of the tree.
    more: Vec<Vec<(u32, u32)>>,
}

impl Hierarchy {
    /// Numbers the concepts; the error is one that is below itself.
    fn new(count: usize, edges: Vec<(u32, u32)>) -> Result<Self, u32> {
        let edges: Vec<(u32, u32)> = edges.into_iter().filter(|(child, parent)| child != parent).collect();
        let children = Edges::new(count, edges.iter().map(|(child, parent)| (*parent, *child)).collect());
        let parents = Edges::new(count, edges);
        // Parents before children; how far each is from the top by the longest way decides which parent is the tree's,
        // since the ranges of the deeper one are inside of those of fewer others.
        let mut left: Vec<u32> = (0..count as u32).map(|at| parents.of(at).len() as u32).collect();
        let mut order: Vec<u32> = (0..count as u32).filter(|at| left[*at as usize] == 0).collect();
        let mut depth = vec![0u32; count];
        let mut next = 0;
        while let Some(at) = order.get(next).copied() {
            next += 1;
            for child in children.of(at) {
                let slot = *child as usize;
                depth[slot] = depth[slot].max(depth[at as usize] + 1);
                left[slot] -= 1;
                if left[slot] == 0 {
                    order.push(*child);
                }
            }
        }
        if let Some(circular) = left.iter().position(|left| *left > 0) {
            return Err(circular as u32);
        }
        let tree_parent =
            |at: u32| parents.of(at).iter().copied().max_by_key(|parent| (depth[*parent as usize], *parent));
        let tree: Vec<Option<u32>> = (0..count as u32).map(tree_parent).collect();
        // What is below each by the tree: a count first, then places handed out from the top.
        let mut size = vec![1u32; count];
        for at in order.iter().rev() {
            if let Some(parent) = tree[*at as usize] {
                size[parent as usize] += size[*at as usize];
            }
        }
        let mut first = vec![0u32; count];
        let mut free = vec![0u32; count];
        let mut top = 0;
        for at in &order {
            let slot = *at as usize;
            let start = match tree[slot] {
                Some(parent) => &mut free[parent as usize],
                None => &mut top,
            };
            first[slot] = *start;
            *start += size[slot];
            free[slot] = first[slot];
        }
        let places: Vec<u32> = (0..count).map(|at| first[at] + size[at] - 1).collect();
        let mut more: Vec<Vec<(u32, u32)>> = vec![Vec::new(); count];
        for at in order.iter().rev() {
            let own = (first[*at as usize], places[*at as usize]);
            let mut ranges = Vec::new();
            for child in children.of(*at) {
                let slot = *child as usize;
                if tree[slot] != Some(*at) {
                    ranges.push((first[slot], places[slot]));
                }
                ranges.extend_from_slice(&more[slot]);
            }
            ranges.retain(|(start, end)| *start < own.0 || *end > own.1);
            more[*at as usize] = merged(ranges);
        }
        Ok(Hierarchy { places, first, more })
    }

    /// The ranges below a concept as bytes; nothing for one that has none below.
    fn record(&self, at: usize) -> Vec<u8> {
        let own = (self.first[at], self.places[at]);
        if own.0 == own.1 && self.more[at].is_empty() {
            return Vec::new();
        }
        let mut ranges = self.more[at].clone();
        ranges.push(own);
        let mut out = Writer::default();
        let mut last = 0;
        for (start, end) in merged(ranges) {
            out.number(start - last);
            out.number(end - start);
            last = end;
        }
        out.bytes
    }
}

/// Ranges in order, those that touch as one.
fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    crate::order::sort(&mut ranges);
    let mut out: Vec<(u32, u32)> = Vec::new();
    for (start, end) in ranges {
        match out.last_mut() {
            Some(last) if start <= last.1.saturating_add(1) => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out.shrink_to_fit();
    out
}
