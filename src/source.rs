//! Input bytes as text: format sniffing, spans, and positions as people and editors count them.

use std::fmt;

/// A half-open range of byte offsets into the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to and without `end`, both in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        Span { start: start as u32, end: end as u32 }
    }

    /// The empty span at `at`.
    pub fn at(at: usize) -> Self {
        Span::new(at, at)
    }

    /// The number of bytes covered.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Whether no byte is covered.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

/// The two wire formats of FHIR that are read (STU3 2.6 XML, 2.7 JSON).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `application/fhir+json`
    Json,
    /// `application/fhir+xml`
    Xml,
}

/// Tells JSON from XML by the first byte that is neither white space nor part of a byte order mark.
/// Everything that does not start with `<` is taken for JSON, whose reader then says what is wrong.
pub fn sniff(source: &[u8]) -> Format {
    let text = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'<') => Format::Xml,
        _ => Format::Json,
    }
}

/// A place in the source as people count it: the first line is 1, the first column is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1. Lines end with LF, CRLF or a lone CR.
    pub line: u32,
    /// Column, from 1, counted in Unicode scalar values.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where each line starts, so that an offset becomes a position without reading the source again.
#[derive(Debug)]
pub struct LineIndex<'a> {
    source: &'a str,
    starts: Vec<u32>,
    characters: Marks,
}

impl<'a> LineIndex<'a> {
    /// Reads the source once and remembers the line starts.
    pub fn new(source: &'a str) -> Self {
        let bytes = source.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            starts.push(at as u32 + 1);
        }
        LineIndex { source, starts, characters: Marks::new(source, characters) }
    }

    /// The line and column of a byte offset. An offset past the end gives the end of the last line.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1] as usize;
        let end = floor_char_boundary(self.source, offset as usize).max(start);
        let before = |byte| self.characters.before(self.source, byte, characters);
        // A byte order mark at the very start takes no column.
        let mark = u32::from(start == 0 && end > 0 && self.source.starts_with('\u{FEFF}'));
        Position { line: line as u32, column: before(end) - before(start) - mark + 1 }
    }
}

/// The largest character boundary of `source` that is not past `at`.
pub fn floor_char_boundary(source: &str, at: usize) -> usize {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// How many characters begin in some bytes of UTF-8.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(byte & 0xC0 != 0x80)).sum()
}

/// How many UTF-16 code units the characters have that begin in some bytes of UTF-8.
fn units(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(byte & 0xC0 != 0x80) + u32::from(*byte >= 0xF0)).sum()
}

/// How much is counted before every [`STEP`]th byte, so that no count begins at the start; none where all is ASCII, of which
/// every byte counts one.
#[derive(Debug)]
struct Marks(Vec<u32>);

/// Bytes from one mark to the next.
const STEP: usize = 256;

impl Marks {
    fn new(source: &str, count: fn(&[u8]) -> u32) -> Self {
        if source.is_ascii() {
            return Marks(Vec::new());
        }
        let sums = source.as_bytes().chunks(STEP).scan(0, |sum, chunk| {
            *sum += count(chunk);
            Some(*sum)
        });
        Marks(std::iter::once(0).chain(sums).collect())
    }

    fn before(&self, source: &str, byte: usize, count: fn(&[u8]) -> u32) -> u32 {
        let Some(mark) = self.0.get(byte / STEP) else { return byte as u32 };
        mark + source.as_bytes().get(byte / STEP * STEP..byte).map_or(0, count)
    }
}

/// Byte offsets to UTF-16 offsets, as JavaScript and editors count, and back, in any order, after one pass over the source.
#[derive(Debug)]
pub struct Utf16Index<'a> {
    source: &'a str,
    units: Marks,
}

impl<'a> Utf16Index<'a> {
    /// Reads the source once.
    pub fn new(source: &'a str) -> Self {
        Utf16Index { source, units: Marks::new(source, units) }
    }

    /// The UTF-16 offset of a byte offset; of one inside a character, that of the character's start.
    pub fn offset(&self, byte: u32) -> u32 {
        self.units.before(self.source, floor_char_boundary(self.source, byte as usize), units)
    }

    /// The UTF-16 offsets of a span.
    pub fn span(&self, span: Span) -> Span {
        Span { start: self.offset(span.start), end: self.offset(span.end) }
    }

    /// The byte offset of a UTF-16 offset; of one inside a character, that of the character's start.
    pub fn byte(&self, unit: u32) -> u32 {
        let marks = &self.units.0;
        if marks.is_empty() {
            return unit.min(self.source.len() as u32);
        }
        let block = marks.partition_point(|mark| *mark <= unit).saturating_sub(1);
        let mut left = unit - marks.get(block).copied().unwrap_or_default();
        // A character that begins before the mark is counted there.
        let mut start = (block * STEP).min(self.source.len());
        while !self.source.is_char_boundary(start) {
            start += 1;
        }
        for (at, letter) in self.source.get(start..).unwrap_or_default().char_indices() {
            let width = letter.len_utf16() as u32;
            if left < width {
                return (start + at) as u32;
            }
            left -= width;
        }
        self.source.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let text = "\u{FEFF}a\r\né𝒳b\rlast\n";
        let lines = LineIndex::new(text);
        let at = |needle: &str| lines.position(text.find(needle).unwrap() as u32).to_string();
        assert_eq!(at("a"), "1:1");
        assert_eq!(at("é"), "2:1");
        assert_eq!(at("b"), "2:3");
        assert_eq!(at("last"), "3:1");
        assert_eq!(lines.position(9_999).to_string(), "4:1");
        assert_eq!(LineIndex::new("").position(0).to_string(), "1:1");
    }

    #[test]
    fn columns_count_characters_in_a_long_line() {
        let text = "é𝒳b ".repeat(300);
        let lines = LineIndex::new(&text);
        for (at, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(lines.position(byte as u32), Position { line: 1, column: at as u32 + 1 });
        }
    }

    #[test]
    fn utf16_offsets_follow_surrogate_pairs() {
        let utf16 = Utf16Index::new("é𝒳b");
        assert_eq!([2, 6, 0, 4].map(|byte| utf16.offset(byte)), [1, 3, 0, 1]);
        assert_eq!(utf16.span(Span::new(2, 6)), Span::new(1, 3));
    }

    #[test]
    fn utf16_offsets_go_both_ways_in_any_order() {
        for text in ["", "plain", &"é𝒳b ".repeat(200), &format!("{}é{}𝒳", "a".repeat(255), "b".repeat(300))] {
            let index = Utf16Index::new(text);
            let mut unit = 0;
            for (byte, letter) in text.char_indices() {
                assert_eq!((index.offset(byte as u32), index.byte(unit)), (unit, byte as u32));
                unit += letter.len_utf16() as u32;
            }
            assert_eq!((index.offset(text.len() as u32), index.byte(unit + 9)), (unit, text.len() as u32));
        }
    }

    #[test]
    fn the_format_is_told_by_the_first_character() {
        assert_eq!(sniff(b"\xEF\xBB\xBF \r\n<Patient/>"), Format::Xml);
        assert_eq!(sniff(b" {}"), Format::Json);
        assert_eq!(sniff(b""), Format::Json);
    }
}
