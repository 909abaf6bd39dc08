//! Words, numbers and identifiers in the place of others: the same for the same, of the same shape, and themselves when they
//! are replaced again.
//!
//! A copy of a copy must be the same, so a pseudonym has to be known for one. Words are made of letters that no word is made
//! of alone; identifiers of few letters and digits, the last of which checks the others; NHS numbers are of the range that is
//! never issued; UUIDs begin with nines.

use crate::nhs;
use sha1_smol::Sha1;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// No name of three letters or more is made of these alone.
const LETTERS: &[u8] = b"jkqvwxz";
const DIGITS: &[u8] = b"789";

/// What stands for a letter outside of ASCII.
const OTHER: char = 'ẍ';

/// An identifier with fewer letters and digits has no room for a check.
const SHORT: usize = 6;

/// A UUID that begins so is a pseudonym.
const UUID: &str = "99999999-";

pub(super) struct Pseudonyms {
    key: Vec<u8>,
    /// Identifiers by what they stand for.
    made: BTreeMap<String, String>,
    used: BTreeSet<String>,
    /// How many more characters may be made only to find that they are taken.
    tries: Cell<usize>,
}

/// How many a copy begins with.
const TRIES: usize = 1_000_000;

impl Pseudonyms {
    pub fn new(key: &[u8]) -> Self {
        Pseudonyms { key: key.to_vec(), made: BTreeMap::new(), used: BTreeSet::new(), tries: Cell::new(TRIES) }
    }

    /// Bytes that follow from the key, a purpose and a text; `round` gives others.
    pub fn bytes(&self, purpose: &str, text: &str, round: u32) -> [u8; 20] {
        let mut hash = Sha1::new();
        let length = |part: &[u8]| (part.len() as u64).to_be_bytes();
        for part in [&self.key[..], purpose.as_bytes(), text.as_bytes(), &round.to_be_bytes()] {
            hash.update(&length(part));
            hash.update(part);
        }
        hash.digest().bytes()
    }

    /// A stream of bytes for a text of any length, which is read once for all of them.
    fn stream(&self, purpose: &str, text: &str, round: u32) -> impl Iterator<Item = u8> + use<> {
        let first = self.bytes(purpose, text, round);
        let block = move |number: u32| match number {
            0 => first,
            _ => {
                let mut hash = Sha1::new();
                hash.update(&first);
                hash.update(&number.to_be_bytes());
                hash.digest().bytes()
            }
        };
        (0u32..).flat_map(block)
    }

    /// Names and addresses: each word another of the same length and case; digits become nines.
    pub fn words(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = |of: fn(char) -> bool| rest.find(|character| !of(character)).unwrap_or(rest.len());
            if first.is_alphabetic() {
                let (word, after) = rest.split_at(end(char::is_alphabetic));
                out.push_str(&self.word(word));
                rest = after;
            } else {
                out.push(masked(first));
                rest = &rest[first.len_utf8()..];
            }
        }
        out
    }

    fn word(&self, word: &str) -> String {
        let is_own = |character: char| character == OTHER || is_in(LETTERS, character.to_ascii_lowercase());
        if word.chars().all(is_own) && word.chars().count() > 1 {
            return word.to_owned();
        }
        if word.chars().count() == 1 {
            return word.chars().map(masked).collect();
        }
        let folded = word.to_lowercase();
        let stream = self.stream("word", &folded, 0);
        word.chars().zip(stream).map(|(character, byte)| letter(character, byte)).collect()
    }

    /// An identifier: letters for letters and digits for digits, another for another, white space around it kept.
    pub fn identifier(&mut self, text: &str) -> String {
        let inner = text.trim();
        if inner.is_empty() {
            return text.to_owned();
        }
        let new = match self.made.get(inner) {
            Some(made) => made.clone(),
            None => {
                let new = self.new_identifier(inner);
                self.used.insert(new.clone());
                self.made.insert(inner.to_owned(), new.clone());
                new
            }
        };
        text.replacen(inner, &new, 1)
    }

    fn new_identifier(&self, text: &str) -> String {
        if is_uuid(text) {
            return if text.starts_with(UUID) {
                text.to_owned()
            } else {
                self.unused(text, |round| self.uuid(text, round))
            };
        }
        if let Some(number) = self.nhs_number(text) {
            return number;
        }
        let count = text.chars().filter(|character| character.is_alphanumeric()).count();
        if count < SHORT {
            // A number that short says nothing of anybody, and must stay apart from others.
            let has_word = text.chars().filter(|character| character.is_alphabetic()).count() > 2;
            return if has_word { self.unused(text, |round| self.short(text, round)) } else { text.to_owned() };
        }
        if self.is_checked(text) { text.to_owned() } else { self.unused(text, |round| self.checked(text, round)) }
    }

    /// The first that does not stand for another already. Where there are few to choose from, all are taken soon: what a copy
    /// spends on looking for another has an end, and then two may have the same.
    fn unused(&self, text: &str, make: impl Fn(u32) -> String) -> String {
        const MOST: u32 = 1000;
        let mut made = make(0);
        for round in 1..MOST {
            let left = self.tries.get();
            if made != text && !self.used.contains(&made) || left < text.len() {
                break;
            }
            self.tries.set(left - text.len());
            made = make(round);
        }
        made
    }

    fn uuid(&self, text: &str, round: u32) -> String {
        let is_upper = text.contains(|character: char| character.is_ascii_uppercase());
        let lower = text.to_lowercase();
        let mut nibbles = self.stream("uuid", &lower, round);
        let mut out = UUID.to_owned();
        for (at, kept) in text.chars().enumerate().skip(UUID.len()) {
            // The version and the variant stay (RFC 4122 4.1).
            let is_kept = kept == '-' || at == 14 || at == 19;
            let new = char::from_digit(u32::from(nibbles.next().unwrap_or(0) & 15), 16).unwrap_or('0');
            out.push(if is_kept { kept } else { new });
        }
        if is_upper { out.to_uppercase() } else { out }
    }

    fn short(&self, text: &str, round: u32) -> String {
        let is_own = |character: char| {
            !character.is_alphabetic() || character == OTHER || is_in(LETTERS, character.to_ascii_lowercase())
        };
        if text.chars().all(is_own) {
            return text.to_owned();
        }
        let stream = self.stream("short", text, round);
        text.chars().zip(stream).map(|(character, byte)| letter(character, byte)).collect()
    }

    /// Letters and digits of the few, the last of which follows from the others.
    fn checked(&self, text: &str, round: u32) -> String {
        let stream = self.stream("identifier", text, round);
        let mut out: String =
            text.chars().zip(stream).map(|(character, byte)| letter_or_digit(character, byte)).collect();
        if let Some((at, last)) = last_of(&out) {
            let check = letter_or_digit(last, self.check(&out, at));
            out.replace_range(at..at + last.len_utf8(), check.encode_utf8(&mut [0; 4]));
        }
        out
    }

    fn is_checked(&self, text: &str) -> bool {
        let is_own = |character: char| {
            !character.is_alphanumeric()
                || character == OTHER
                || is_in(LETTERS, character.to_ascii_lowercase())
                || is_in(DIGITS, character)
        };
        let Some((at, last)) = last_of(text) else { return false };
        text.chars().all(is_own) && letter_or_digit(last, self.check(text, at)) == last
    }

    fn check(&self, text: &str, at: usize) -> u8 {
        self.bytes("check", text.get(..at).unwrap_or(""), 0)[0]
    }

    /// A number of the range that is never issued, where the text is a number of ten digits, however it is spaced: right for
    /// right and wrong for wrong.
    pub fn nhs_number(&self, text: &str) -> Option<String> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_number =
            digits.len() == 10 && text.chars().all(|character| character.is_ascii_digit() || " -".contains(character));
        if !is_number {
            return None;
        }
        let is_right = nhs::nhs_number(&digits).is_ok();
        // Ten same digits pass the check and are a fault of their own.
        let is_same = digits.bytes().all(|digit| digits.as_bytes().first() == Some(&digit));
        if digits.starts_with("999") || is_same {
            return Some(text.to_owned());
        }
        let right = (0..100).find_map(|round| {
            let [a, b, c, d, ..] = self.bytes("nhs", &digits, round);
            nhs::synthetic_nhs_number(u32::from_be_bytes([a, b, c, d]) % 1_000_000)
        })?;
        let mut new: Vec<char> = right.chars().collect();
        if !is_right && let Some(last) = new.last_mut() {
            *last = char::from_digit((last.to_digit(10).unwrap_or(0) + 1) % 10, 10).unwrap_or('0');
        }
        let mut new = new.into_iter();
        Some(text.chars().map(|kept| if kept.is_ascii_digit() { new.next().unwrap_or(kept) } else { kept }).collect())
    }
}

/// A letter is an x and a digit a 9; all else stays.
pub(super) fn masked(character: char) -> char {
    match character {
        _ if character.is_ascii_digit() => '9',
        _ if character.is_ascii_uppercase() => 'X',
        _ if character.is_ascii_alphabetic() => 'x',
        _ if character.is_alphanumeric() => OTHER,
        // Letters may be made of a base and marks.
        '\u{300}'..='\u{36F}' => '\u{308}',
        _ => character,
    }
}

/// A text masked.
pub(super) fn mask(text: &str) -> String {
    text.chars().map(masked).collect()
}

/// `8-4-4-4-12` hexadecimal digits.
pub(super) fn is_uuid(text: &str) -> bool {
    let mut groups = text.split('-');
    let is_group = |group: Option<&str>, length| {
        group.is_some_and(|group| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    [8, 4, 4, 4, 12].into_iter().all(|length| is_group(groups.next(), length)) && groups.next().is_none()
}

fn is_in(set: &[u8], character: char) -> bool {
    u8::try_from(character).is_ok_and(|byte| set.contains(&byte))
}

fn pick(set: &[u8], byte: u8) -> char {
    set.get(usize::from(byte) % set.len().max(1)).map_or('x', |byte| char::from(*byte))
}

fn letter(character: char, byte: u8) -> char {
    match character {
        _ if character.is_ascii_uppercase() => pick(LETTERS, byte).to_ascii_uppercase(),
        _ if character.is_ascii_alphabetic() => pick(LETTERS, byte),
        _ if character.is_alphanumeric() && !character.is_ascii_digit() => OTHER,
        _ => character,
    }
}

fn letter_or_digit(character: char, byte: u8) -> char {
    if character.is_ascii_digit() { pick(DIGITS, byte) } else { letter(character, byte) }
}

/// The last letter or digit of ASCII, with its place.
fn last_of(text: &str) -> Option<(usize, char)> {
    text.char_indices().rev().find(|(_, character)| character.is_ascii_alphanumeric())
}
