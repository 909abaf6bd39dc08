//! Codes in order, front-coded in blocks: a lookup reads one block, and never the whole table.
//!
//! Bytes: a number, how many codes; one byte, 1 if case does not matter; the length of what follows; for each block of
//! [`BLOCK`] codes four bytes, where it starts after these; then the codes. A code is written as how many bytes it shares
//! with the one before it in its block, the rest, twice the length of its display (plus one if designations follow), the
//! display, and the designations as language and text.

use crate::bytes::{Damaged, Reader, Writer, utf8};
use std::cmp::Ordering;

const BLOCK: usize = 16;

/// A code to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: String,
    /// What it is called; empty if nothing says so.
    pub display: String,
    /// Other words for it: language and text.
    pub designations: Vec<(String, String)>,
}

/// A table of codes in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    count: usize,
    folds: bool,
    /// Where blocks start, then the codes.
    bytes: &'a [u8],
}

/// A code that was found.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    display: &'a str,
    designations: Option<Reader<'a>>,
}

impl<'a> Row<'a> {
    /// What the code is called.
    pub fn display(&self) -> Option<&'a str> {
        Some(self.display).filter(|display| !display.is_empty())
    }

    /// Other words for it: language and text.
    pub fn designations(&self) -> Vec<(&'a str, &'a str)> {
        fn read(mut reader: Reader<'_>) -> Result<Vec<(&str, &str)>, Damaged> {
            (0..reader.count()?).map(|_| Ok((reader.text()?, reader.text()?))).collect()
        }
        self.designations.and_then(|reader| read(reader).ok()).unwrap_or_default()
    }
}

fn compare(left: &[u8], right: &[u8], folds: bool) -> Ordering {
    match folds {
        true => left.iter().map(u8::to_ascii_lowercase).cmp(right.iter().map(u8::to_ascii_lowercase)),
        false => left.cmp(right),
    }
}

/// Writes a table. Of codes that count as the same, the first stays. Gives the codes' order, as indexes of `entries`.
pub fn write(writer: &mut Writer, entries: &[Entry], folds: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    crate::order::sort_by(&mut order, |a, b| compare(entries[*a].code.as_bytes(), entries[*b].code.as_bytes(), folds));
    order.dedup_by(|b, a| compare(entries[*a].code.as_bytes(), entries[*b].code.as_bytes(), folds).is_eq());
    let mut starts = Writer::default();
    let mut codes = Writer::default();
    let mut last = "";
    for (rank, entry) in order.iter().map(|at| &entries[*at]).enumerate() {
        if rank % BLOCK == 0 {
            starts.fixed(codes.bytes.len() as u32);
            last = "";
        }
        let shared = last.bytes().zip(entry.code.bytes()).take_while(|(a, b)| a == b).count();
        codes.size(shared);
        codes.block(&entry.code.as_bytes()[shared..]);
        codes.size(entry.display.len() * 2 + usize::from(!entry.designations.is_empty()));
        codes.bytes.extend_from_slice(entry.display.as_bytes());
        if !entry.designations.is_empty() {
            codes.size(entry.designations.len());
            for (language, text) in &entry.designations {
                codes.text(language);
                codes.text(text);
            }
        }
        last = &entry.code;
    }
    writer.size(order.len());
    writer.u8(u8::from(folds));
    writer.size(starts.bytes.len() + codes.bytes.len());
    writer.bytes.extend_from_slice(&starts.bytes);
    writer.bytes.extend_from_slice(&codes.bytes);
    order
}

impl<'a> Table<'a> {
    /// A table that starts where `reader` stands; the reader goes on after it.
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Damaged> {
        let count = reader.number()? as usize;
        let folds = reader.u8()? == 1;
        let len = reader.number()? as usize;
        let bytes = reader.take(len)?;
        if count > bytes.len() { Err(Damaged) } else { Ok(Table { count, folds, bytes }) }
    }

    fn block(&self, block: usize) -> Result<Reader<'a>, Damaged> {
        let start = Reader::at(self.bytes, block.checked_mul(4).ok_or(Damaged)?).fixed()? as usize;
        let codes = self.count.div_ceil(BLOCK) * 4;
        Ok(Reader::at(self.bytes, codes.checked_add(start).ok_or(Damaged)?))
    }

    /// Reads the next code into `code`, which holds the one before it.
    fn next(reader: &mut Reader<'a>, code: &mut Vec<u8>) -> Result<Row<'a>, Damaged> {
        let shared = reader.number()? as usize;
        if shared > code.len() {
            return Err(Damaged);
        }
        code.truncate(shared);
        let rest = reader.number()? as usize;
        code.extend_from_slice(reader.take(rest)?);
        let display = reader.number()?;
        let text = utf8(reader.take(display as usize / 2)?)?;
        let designations = (display % 2 == 1).then_some(*reader);
        if designations.is_some() {
            for _ in 0..reader.count()? {
                reader.text()?;
                reader.text()?;
            }
        }
        Ok(Row { display: text, designations })
    }

    /// Finds a code. Damaged bytes hold no code.
    pub fn find(&self, code: &str) -> Option<Row<'a>> {
        self.search(code.as_bytes()).ok().flatten()
    }

    fn search(&self, wanted: &[u8]) -> Result<Option<Row<'a>>, Damaged> {
        let mut code = Vec::new();
        // The last block whose first code is not after the one wanted.
        let (mut low, mut high) = (0, self.count.div_ceil(BLOCK));
        while low < high {
            let middle = (low + high) / 2;
            let mut reader = self.block(middle)?;
            code.clear();
            Self::next(&mut reader, &mut code)?;
            match compare(&code, wanted, self.folds) {
                Ordering::Greater => high = middle,
                _ => low = middle + 1,
            }
        }
        let Some(block) = low.checked_sub(1) else { return Ok(None) };
        let mut reader = self.block(block)?;
        code.clear();
        for _ in block * BLOCK..self.count.min((block + 1) * BLOCK) {
            let row = Self::next(&mut reader, &mut code)?;
            match compare(&code, wanted, self.folds) {
                Ordering::Less => {}
                Ordering::Equal => return Ok(Some(row)),
                Ordering::Greater => break,
            }
        }
        Ok(None)
    }

    /// Every code, in order.
    pub fn entries(&self) -> Result<Vec<Entry>, Damaged> {
        let mut entries = Vec::with_capacity(self.count);
        let mut code = Vec::new();
        for block in 0..self.count.div_ceil(BLOCK) {
            let mut reader = self.block(block)?;
            code.clear();
            for _ in block * BLOCK..self.count.min((block + 1) * BLOCK) {
                let row = Self::next(&mut reader, &mut code)?;
                let owned = |(language, text): (&str, &str)| (language.to_owned(), text.to_owned());
                entries.push(Entry {
                    code: utf8(&code)?.to_owned(),
                    display: row.display.to_owned(),
                    designations: row.designations().into_iter().map(owned).collect(),
                });
            }
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(code: &str) -> Entry {
        Entry { code: code.into(), display: format!("The {code}"), ..Entry::default() }
    }

    #[test]
    fn every_code_is_found_and_no_other() {
        for count in [0usize, 1, 2, 15, 16, 17, 33, 500] {
            let entries: Vec<Entry> = (0..count).map(|at| entry(&format!("{}", at * 2))).collect();
            let mut writer = Writer::default();
            write(&mut writer, &entries, false);
            let table = Table::read(&mut Reader::new(&writer.bytes)).unwrap();
            for at in 0..count * 2 + 2 {
                let found = table.find(&at.to_string()).and_then(|row| row.display());
                let expected = (at % 2 == 0 && at / 2 < count).then(|| format!("The {at}"));
                assert_eq!(found, expected.as_deref(), "{at} of {count}");
            }
            assert!(table.find("").is_none());
            assert_eq!(table.entries().unwrap().len(), count);
        }
    }

    #[test]
    fn case_and_designations() {
        let mut welsh = entry("Bore");
        welsh.designations = vec![("cy".into(), "Bore da".into()), (String::new(), "Morning".into())];
        let entries = [entry("b"), welsh, entry("BORE"), entry("a")];
        for (folds, code, expected) in [
            (true, "bORE", Some("The Bore")),
            (true, "B", Some("The b")),
            (false, "bORE", None),
            (false, "BORE", Some("The BORE")),
        ] {
            let mut writer = Writer::default();
            write(&mut writer, &entries, folds);
            let table = Table::read(&mut Reader::new(&writer.bytes)).unwrap();
            assert_eq!(table.find(code).and_then(|row| row.display()), expected, "{code}");
            let row = table.find("Bore").unwrap();
            assert_eq!(row.designations(), [("cy", "Bore da"), ("", "Morning")]);
        }
    }
}
