//! The shapes that a release is kept in: identifiers in order, a record for each concept, and sets of concepts. Each is
//! read where it stands, a block at a time, and never as a whole.

use crate::bytes::{Damaged, Reader, Writer, utf8};
use std::cmp::Ordering;

/// How many items share one entry of an index.
const BLOCK: usize = 32;

/// Where a text ends at the latest, in bytes: one made to do harm could otherwise repeat a long word any number of times.
const LONGEST_TEXT: usize = 1 << 14;

/// A number in one to ten bytes, least significant first.
fn long(reader: &mut Reader<'_>) -> Result<u64, Damaged> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = reader.u8()?;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            return Err(Damaged);
        }
        value |= bits << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Damaged)
}

fn write_long(writer: &mut Writer, mut value: u64) {
    while value >= 0x80 {
        writer.u8(value as u8 | 0x80);
        value >>= 7;
    }
    writer.u8(value as u8);
}

/// Eight bytes, least significant first.
pub fn read_u64(reader: &mut Reader<'_>) -> Result<u64, Damaged> {
    reader.take(8)?.try_into().map(u64::from_le_bytes).map_err(|_| Damaged)
}

/// A piece of bytes after its length.
pub fn section<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Damaged> {
    let len = reader.number()? as usize;
    reader.take(len)
}

/// Identifiers in ascending order. For each block the first one (eight bytes) and where the others start (four); then, of
/// each of the others, the distance from the one before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ids<'a> {
    count: usize,
    bytes: &'a [u8],
}

const ID_HEAD: usize = 12;

impl<'a> Ids<'a> {
    /// The identifiers in a section.
    pub fn read(bytes: &'a [u8], count: usize) -> Result<Self, Damaged> {
        let heads = count.div_ceil(BLOCK).checked_mul(ID_HEAD).ok_or(Damaged)?;
        if heads > bytes.len() { Err(Damaged) } else { Ok(Ids { count, bytes }) }
    }

    /// Writes identifiers, which must be in order and differ.
    pub fn write(ids: &[u64]) -> Vec<u8> {
        let (mut heads, mut rest) = (Writer::default(), Writer::default());
        for block in ids.chunks(BLOCK) {
            let mut last = block[0];
            heads.bytes.extend_from_slice(&last.to_le_bytes());
            heads.fixed(rest.bytes.len() as u32);
            for id in &block[1..] {
                write_long(&mut rest, id - last);
                last = *id;
            }
        }
        heads.bytes.append(&mut rest.bytes);
        heads.bytes
    }

    fn head(&self, block: usize) -> Result<(u64, Reader<'a>), Damaged> {
        let mut head = Reader::at(self.bytes, block.checked_mul(ID_HEAD).ok_or(Damaged)?);
        let (first, start) = (read_u64(&mut head)?, head.fixed()? as usize);
        let heads = self.count.div_ceil(BLOCK) * ID_HEAD;
        Ok((first, Reader::at(self.bytes, heads.checked_add(start).ok_or(Damaged)?)))
    }

    /// The place of an identifier. Damaged bytes hold none.
    pub fn find(&self, id: u64) -> Option<u32> {
        let (mut low, mut high) = (0, self.count.div_ceil(BLOCK));
        while low < high {
            let middle = (low + high) / 2;
            match self.head(middle).ok()?.0 > id {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        let block = low.checked_sub(1)?;
        let (mut at, mut rest) = self.head(block).ok()?;
        for place in block * BLOCK..self.count.min((block + 1) * BLOCK) {
            match at.cmp(&id) {
                Ordering::Equal => return Some(place as u32),
                Ordering::Greater => return None,
                Ordering::Less if place + 1 == self.count => return None,
                Ordering::Less => at = at.checked_add(long(&mut rest).ok()?)?,
            }
        }
        None
    }

    /// The identifier at a place.
    pub fn get(&self, place: u32) -> Option<u64> {
        let place = place as usize;
        if place >= self.count {
            return None;
        }
        let (mut at, mut rest) = self.head(place / BLOCK).ok()?;
        for _ in 0..place % BLOCK {
            at = at.checked_add(long(&mut rest).ok()?)?;
        }
        Some(at)
    }
}

/// A record for each of a number of items. For each block four bytes, where it starts; then each record after its length.
#[derive(Clone, Copy, Debug, Default)]
pub struct Records<'a> {
    count: usize,
    bytes: &'a [u8],
}

impl<'a> Records<'a> {
    /// The records in a section; an empty section has none for any item.
    pub fn read(bytes: &'a [u8], count: usize) -> Result<Self, Damaged> {
        if bytes.is_empty() {
            return Ok(Records::default());
        }
        let heads = count.div_ceil(BLOCK).checked_mul(4).ok_or(Damaged)?;
        if heads > bytes.len() { Err(Damaged) } else { Ok(Records { count, bytes }) }
    }

    /// Writes records; all of them empty are no bytes.
    pub fn write<R: AsRef<[u8]>>(records: impl Iterator<Item = R>) -> Vec<u8> {
        let (mut heads, mut rest) = (Writer::default(), Writer::default());
        let mut is_empty = true;
        for (at, record) in records.enumerate() {
            if at % BLOCK == 0 {
                heads.fixed(rest.bytes.len() as u32);
            }
            is_empty &= record.as_ref().is_empty();
            rest.block(record.as_ref());
        }
        if is_empty {
            return Vec::new();
        }
        heads.bytes.append(&mut rest.bytes);
        heads.bytes
    }

    /// The record at a place; where there is none, or bytes are damaged, it is empty.
    pub fn get(&self, place: u32) -> &'a [u8] {
        self.record(place as usize).unwrap_or_default()
    }

    fn record(&self, place: usize) -> Result<&'a [u8], Damaged> {
        if place >= self.count {
            return Err(Damaged);
        }
        let start = Reader::at(self.bytes, place / BLOCK * 4).fixed()? as usize;
        let heads = self.count.div_ceil(BLOCK) * 4;
        let mut rest = Reader::at(self.bytes, heads.checked_add(start).ok_or(Damaged)?);
        for _ in 0..place % BLOCK {
            section(&mut rest)?;
        }
        section(&mut rest)
    }
}

/// A set of places: a bit for each, or where that is shorter the places in blocks, each block with its first (four bytes),
/// where the others start (four bytes), and then the distances.
#[derive(Clone, Copy, Debug)]
pub enum Set<'a> {
    /// A bit for each place.
    Bits(&'a [u8]),
    /// How many there are, and their blocks.
    Places(usize, &'a [u8]),
}

const SET_HEAD: usize = 8;

impl<'a> Set<'a> {
    /// The set in a section.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Damaged> {
        let mut reader = Reader::new(bytes);
        match reader.u8()? {
            0 => Ok(Set::Bits(reader.take(reader.left())?)),
            1 => {
                let count = reader.number()? as usize;
                let rest = reader.take(reader.left())?;
                let heads = count.div_ceil(BLOCK).checked_mul(SET_HEAD).ok_or(Damaged)?;
                if heads > rest.len() { Err(Damaged) } else { Ok(Set::Places(count, rest)) }
            }
            _ => Err(Damaged),
        }
    }

    /// Writes places, which must be in order and differ, all below `total`.
    pub fn write(places: &[u32], total: usize) -> Vec<u8> {
        let (mut heads, mut rest) = (Writer::default(), Writer::default());
        for block in places.chunks(BLOCK) {
            heads.fixed(block[0]);
            heads.fixed(rest.bytes.len() as u32);
            block.windows(2).for_each(|pair| rest.number(pair[1] - pair[0]));
        }
        let mut out = Writer::default();
        if heads.bytes.len() + rest.bytes.len() < total / 8 || total == 0 {
            out.u8(1);
            out.size(places.len());
            out.bytes.append(&mut heads.bytes);
            out.bytes.append(&mut rest.bytes);
            return out.bytes;
        }
        out.u8(0);
        let mut bits = vec![0u8; total.div_ceil(8)];
        places.iter().for_each(|place| bits[*place as usize / 8] |= 1 << (place % 8));
        out.bytes.append(&mut bits);
        out.bytes
    }

    /// Whether a place is in the set. Damaged bytes hold none.
    pub fn has(&self, place: u32) -> bool {
        match self {
            Set::Bits(bits) => bits.get(place as usize / 8).is_some_and(|byte| byte >> (place % 8) & 1 == 1),
            Set::Places(count, bytes) => Self::search(*count, bytes, place).unwrap_or(false),
        }
    }

    fn search(count: usize, bytes: &[u8], place: u32) -> Result<bool, Damaged> {
        let blocks = count.div_ceil(BLOCK);
        let first = |block: usize| Reader::at(bytes, block.checked_mul(SET_HEAD).ok_or(Damaged)?).fixed();
        let (mut low, mut high) = (0, blocks);
        while low < high {
            let middle = (low + high) / 2;
            match first(middle)? > place {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        let Some(block) = low.checked_sub(1) else { return Ok(false) };
        let mut at = first(block)?;
        let start = Reader::at(bytes, block * SET_HEAD + 4).fixed()? as usize;
        let mut rest = Reader::at(bytes, (blocks * SET_HEAD).checked_add(start).ok_or(Damaged)?);
        for _ in block * BLOCK + 1..count.min((block + 1) * BLOCK) {
            if at >= place {
                break;
            }
            at = at.checked_add(rest.number()?).ok_or(Damaged)?;
        }
        Ok(at == place)
    }
}

/// Texts made of words: the words once, the most used first, and each text as the places of its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'a> {
    words: Records<'a>,
    texts: Records<'a>,
}

impl<'a> Texts<'a> {
    /// From the section of the words, with their number, and that of the texts.
    pub fn read(words: &'a [u8], texts: &'a [u8], count: usize) -> Result<Self, Damaged> {
        let mut reader = Reader::new(words);
        let known = if words.is_empty() { 0 } else { reader.number()? as usize };
        Ok(Texts { words: Records::read(reader.take(reader.left())?, known)?, texts: Records::read(texts, count)? })
    }

    /// Writes texts, one for each item (empty where it has none): the words' section, then that of the texts.
    pub fn write(texts: &[&str]) -> (Vec<u8>, Vec<u8>) {
        let mut uses: rustc_hash::FxHashMap<&str, u32> = rustc_hash::FxHashMap::default();
        for word in texts.iter().filter(|text| !text.is_empty()).flat_map(|text| text.split(' ')) {
            *uses.entry(word).or_default() += 1;
        }
        let mut order: Vec<(&str, u32)> = uses.into_iter().collect();
        crate::order::sort_by(&mut order, |a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let mut words = Writer::default();
        words.size(order.len());
        words.bytes.append(&mut Records::write(order.iter().map(|(word, _)| word)));
        let place: rustc_hash::FxHashMap<&str, u32> =
            order.iter().enumerate().map(|(at, (word, _))| (*word, at as u32)).collect();
        let record = |text: &&str| {
            let mut out = Writer::default();
            if !text.is_empty() {
                text.split(' ').for_each(|word| out.number(place.get(word).copied().unwrap_or_default()));
            }
            out.bytes
        };
        (words.bytes, Records::write(texts.iter().map(record)))
    }

    /// The text at a place, if there is one.
    pub fn get(&self, place: u32) -> Option<String> {
        let mut record = Reader::new(self.texts.get(place));
        let mut out = String::new();
        let mut is_first = true;
        while record.left() > 0 && out.len() < LONGEST_TEXT {
            if !is_first {
                out.push(' ');
            }
            is_first = false;
            out.push_str(utf8(self.words.get(record.number().ok()?)).ok()?);
        }
        (!is_first).then_some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn identifiers_come_back(ids in proptest::collection::btree_set(any::<u64>(), 0..200)) {
            let sorted: Vec<u64> = ids.iter().copied().collect();
            let bytes = Ids::write(&sorted);
            let read = Ids::read(&bytes, sorted.len()).unwrap();
            for (at, id) in sorted.iter().enumerate() {
                prop_assert_eq!(read.find(*id), Some(at as u32));
                prop_assert_eq!(read.get(at as u32), Some(*id));
                let next = id.wrapping_add(1);
                prop_assert_eq!(read.find(next).is_some(), ids.contains(&next));
            }
            prop_assert_eq!(read.get(sorted.len() as u32), None);
        }

        #[test]
        fn sets_come_back(places in proptest::collection::btree_set(0u32..3000, 0..400), total in 3000usize..9000) {
            let sorted: Vec<u32> = places.iter().copied().collect();
            let bytes = Set::write(&sorted, total);
            let read = Set::read(&bytes).unwrap();
            for place in 0..3100 {
                prop_assert_eq!(read.has(place), places.contains(&place));
            }
        }

        #[test]
        fn texts_come_back(texts in proptest::collection::vec("[a-cé ]{0,12}", 0..100)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let (words, records) = Texts::write(&texts);
            let read = Texts::read(&words, &records, texts.len()).unwrap();
            for (at, text) in texts.iter().enumerate() {
                prop_assert_eq!(read.get(at as u32).unwrap_or_default(), *text);
            }
        }

        #[test]
        fn any_bytes_are_safe(bytes in proptest::collection::vec(any::<u8>(), 0..300), count in 0usize..500) {
            let places: BTreeSet<u32> = (0..40).chain([499, u32::MAX]).collect();
            for place in places {
                if let Ok(ids) = Ids::read(&bytes, count) {
                    ids.find(u64::from(place));
                    ids.get(place);
                }
                if let Ok(records) = Records::read(&bytes, count) {
                    records.get(place);
                }
                if let Ok(set) = Set::read(&bytes) {
                    set.has(place);
                }
                if let Ok(texts) = Texts::read(&bytes, &bytes, count) {
                    texts.get(place);
                }
            }
        }
    }
}
