//! A value set worked out as far as the definitions allow: per code system, which codes are in, which are out, and what
//! cannot be decided. Combining value sets is logic with three values, as each of its parts may be unknown.

use super::table::{self, Entry, Table};
use crate::bytes::{Damaged, Reader, Writer};
use crate::order;
use std::collections::{BTreeMap, BTreeSet};

/// How many ways of being in both of two value sets, of those that cannot be listed, are kept apart. Beyond that it is
/// only known that nothing can be said, as the number could grow with every value set.
const COMBINED: usize = 64;

/// Property, operator and value (STU3 4.8.11).
pub type Filter = (String, String, String);

/// Codes of a system that cannot be listed: those that keep every one of the filters; all, if there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    /// What a code must keep.
    pub filters: Vec<Filter>,
    /// What it must not keep: each of these is a set of filters.
    pub except: Vec<Vec<Filter>>,
}

/// What a value set holds of one code system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Whether every code of the system is in.
    pub whole: bool,
    /// Codes that are in, with the value set's own display (empty if it has none).
    pub codes: BTreeMap<String, String>,
    /// Codes that are known to be out, where others cannot be decided.
    pub out: BTreeSet<String>,
    /// Codes that cannot be decided, where others can.
    pub doubtful: BTreeSet<String>,
    /// What cannot be listed.
    pub open: Vec<Open>,
}

/// A value set worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expansion {
    /// By the URL of the code system.
    pub parts: BTreeMap<String, Part>,
    /// Value sets that it is made of and that are not known.
    pub missing: BTreeSet<String>,
    /// Whether any code at all could be in because of what is missing. Otherwise that only makes codes in `parts` doubtful.
    pub is_unbounded: bool,
}

/// What is known of a code system while value sets are worked out.
pub trait Systems {
    /// Whether a code is in the system; `None` if that cannot be said.
    fn has(&self, system: &str, code: &str) -> Option<bool>;
    /// Every code known of the system, and whether those are all that there are.
    fn codes(&self, system: &str) -> (Vec<String>, bool);
}

impl Part {
    /// Whether a code is in; `None` if that cannot be said.
    pub fn has(&self, systems: &dyn Systems, system: &str, code: &str) -> Option<bool> {
        if self.codes.contains_key(code) {
            return Some(true);
        }
        if self.out.contains(code) {
            return Some(false);
        }
        let whole = if self.whole { systems.has(system, code) } else { Some(false) };
        match whole {
            Some(false) if !self.open.is_empty() || self.doubtful.contains(code) => None,
            answer => answer,
        }
    }

    /// Every code that is named, in or out, and those of the whole system as far as they are known.
    fn named(&self, systems: &dyn Systems, system: &str) -> BTreeSet<String> {
        let mut named = order::set(self.codes.keys().chain(&self.out).chain(&self.doubtful).cloned());
        if self.whole {
            named.extend(systems.codes(system).0);
        }
        named
    }

    /// What cannot be listed: of a whole system that is not known, all of it; and all, where a part is missing.
    fn all_open(&self, systems: &dyn Systems, system: &str, is_missing: bool) -> Vec<Open> {
        let mut open = self.open.clone();
        if is_missing || (self.whole && !systems.codes(system).1) {
            open.push(Open::default());
        }
        open
    }

    fn display(&self, code: &str) -> String {
        self.codes.get(code).cloned().unwrap_or_default()
    }

    /// Sorts a code in by its answer; where the rest is open, unknown needs no mention, otherwise out needs none.
    fn put(&mut self, code: String, answer: Option<bool>, display: String, is_open: bool) {
        match answer {
            Some(true) => drop(self.codes.insert(code, display)),
            Some(false) if is_open => drop(self.out.insert(code)),
            None if !is_open => drop(self.doubtful.insert(code)),
            _ => {}
        }
    }
}

impl Expansion {
    /// What is in either.
    pub fn add(&mut self, other: Expansion, systems: &dyn Systems) {
        self.missing.extend(other.missing);
        self.is_unbounded |= other.is_unbounded;
        for (system, mut part) in other.parts {
            let Some(own) = self.parts.get_mut(&system) else {
                self.parts.insert(system, part);
                continue;
            };
            let out = order::set(own.out.iter().chain(&part.out).cloned()).into_iter().filter(|code| {
                own.has(systems, &system, code) == Some(false) && part.has(systems, &system, code) == Some(false)
            });
            own.out = order::set(out);
            own.whole |= part.whole;
            own.doubtful.extend(part.doubtful);
            own.open.append(&mut part.open);
            order::sort(&mut own.open);
            own.open.dedup();
            for (code, display) in part.codes {
                let known = own.codes.entry(code).or_default();
                if known.is_empty() {
                    *known = display;
                }
            }
        }
    }

    /// What is in both.
    pub fn both(self, other: Expansion, systems: &dyn Systems) -> Expansion {
        let mut result = Expansion::default();
        result.missing.extend(self.missing.iter().chain(&other.missing).cloned());
        let (a_missing, b_missing) = (self.is_unbounded, other.is_unbounded);
        result.is_unbounded = a_missing && b_missing;
        let empty = Part::default();
        let names = order::sorted(self.parts.keys().chain(other.parts.keys()));
        for system in names {
            let (a, b) = (self.parts.get(system).unwrap_or(&empty), other.parts.get(system).unwrap_or(&empty));
            let mut part = Part::default();
            let (a_open, b_open) = (a.all_open(systems, system, a_missing), b.all_open(systems, system, b_missing));
            let is_too_much = a_open.len().saturating_mul(b_open.len()) > COMBINED;
            if is_too_much {
                let filters = vec![("concept".to_owned(), "undecidable".to_owned(), String::new())];
                part.open.push(Open { filters, except: Vec::new() });
            }
            for one in a_open.iter().filter(|_| !is_too_much) {
                for two in &b_open {
                    let mut open = one.clone();
                    open.filters.extend(two.filters.iter().cloned());
                    open.except.extend(two.except.iter().cloned());
                    part.open.push(open);
                }
            }
            let is_open = !part.open.is_empty();
            let mut named = a.named(systems, system);
            named.extend(b.named(systems, system));
            for code in named {
                let a_has = a.has(systems, system, &code).filter(|has| *has || !a_missing);
                let b_has = b.has(systems, system, &code).filter(|has| *has || !b_missing);
                let answer = match (a_has, b_has) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                };
                let display = Some(a.display(&code)).filter(|display| !display.is_empty());
                let display = display.unwrap_or_else(|| b.display(&code));
                part.put(code, answer, display, is_open);
            }
            if part != Part::default() {
                result.parts.insert(system.clone(), part);
            }
        }
        result
    }

    /// What is in this and not in `other`.
    pub fn without(mut self, other: &Expansion, systems: &dyn Systems) -> Expansion {
        self.missing.extend(other.missing.iter().cloned());
        for (system, own) in &mut self.parts {
            let empty = Part::default();
            let taken = other.parts.get(system).unwrap_or(&empty);
            if *taken == empty && !other.is_unbounded {
                continue;
            }
            let mut part = Part { open: own.all_open(systems, system, self.is_unbounded), ..Part::default() };
            for open in &mut part.open {
                open.except.extend(taken.open.iter().map(|taken| taken.filters.clone()));
            }
            if taken.whole && !systems.codes(system).1 {
                part.open.clear();
            }
            let is_open = !part.open.is_empty();
            let mut named = own.named(systems, system);
            named.extend(taken.named(systems, system));
            for code in named {
                let has = taken.has(systems, system, &code).filter(|has| *has || !other.is_unbounded);
                let answer = match (own.has(systems, system, &code), has) {
                    (Some(false), _) | (_, Some(true)) => Some(false),
                    (Some(true), Some(false)) => Some(true),
                    _ => None,
                };
                let display = own.display(&code);
                part.put(code, answer, display, is_open);
            }
            *own = part;
        }
        self
    }

    /// Writes the expansion: the code systems with what is in of each, then the value sets that are missing. A display is
    /// left out where `same` says that the code system has it; `folds` says where case does not matter.
    pub fn write(&self, writer: &mut Writer, same: impl Fn(&str, &str, &str) -> bool, folds: impl Fn(&str) -> bool) {
        writer.size(self.parts.len());
        for (system, part) in &self.parts {
            writer.text(system);
            let lists = [!part.codes.is_empty(), !part.out.is_empty(), !part.doubtful.is_empty()];
            let flags =
                u8::from(part.whole) | u8::from(lists[0]) << 1 | u8::from(lists[1]) << 2 | u8::from(lists[2]) << 3;
            writer.u8(flags);
            let folds = folds(system);
            if lists[0] {
                let entry = |(code, display): (&String, &String)| Entry {
                    code: code.clone(),
                    display: if same(system, code, display) { String::new() } else { display.clone() },
                    designations: Vec::new(),
                };
                table::write(writer, &part.codes.iter().map(entry).collect::<Vec<_>>(), folds);
            }
            for (list, is_there) in [(&part.out, lists[1]), (&part.doubtful, lists[2])] {
                if is_there {
                    let entry = |code: &String| Entry { code: code.clone(), ..Entry::default() };
                    table::write(writer, &list.iter().map(entry).collect::<Vec<_>>(), folds);
                }
            }
            writer.size(part.open.len());
            for open in &part.open {
                write_filters(writer, &open.filters);
                writer.size(open.except.len());
                open.except.iter().for_each(|filters| write_filters(writer, filters));
            }
        }
        writer.u8(u8::from(self.is_unbounded));
        writer.size(self.missing.len());
        self.missing.iter().for_each(|url| writer.text(url));
    }

    /// Reads all of an expansion, to make others of it.
    pub fn read(reader: &mut Reader<'_>) -> Result<Expansion, Damaged> {
        let mut expansion = Expansion::default();
        for _ in 0..reader.count()? {
            let part = PartView::read(reader)?;
            let codes = |table: Option<Table<'_>>| table.map_or(Ok(Vec::new()), |table| table.entries());
            let mut own = Part { whole: part.whole, ..Part::default() };
            own.codes = order::map(codes(part.codes)?.into_iter().map(|entry| (entry.code, entry.display)));
            own.out = order::set(codes(part.out)?.into_iter().map(|entry| entry.code));
            own.doubtful = order::set(codes(part.doubtful)?.into_iter().map(|entry| entry.code));
            own.open = part.open()?;
            expansion.parts.insert(part.system.to_owned(), own);
        }
        expansion.is_unbounded = reader.u8()? == 1;
        for _ in 0..reader.count()? {
            expansion.missing.insert(reader.text()?.to_owned());
        }
        Ok(expansion)
    }
}

fn write_filters(writer: &mut Writer, filters: &[Filter]) {
    writer.size(filters.len());
    for (property, operator, value) in filters {
        writer.text(property);
        writer.text(operator);
        writer.text(value);
    }
}

fn read_filters(reader: &mut Reader<'_>) -> Result<Vec<Filter>, Damaged> {
    let text = |reader: &mut Reader<'_>| reader.text().map(str::to_owned);
    (0..reader.count()?).map(|_| Ok((text(reader)?, text(reader)?, text(reader)?))).collect()
}

/// What a value set holds of one code system, in bytes.
pub struct PartView<'a> {
    /// The code system's URL.
    pub system: &'a str,
    /// Whether every code of the system is in.
    pub whole: bool,
    /// Codes that are in.
    pub codes: Option<Table<'a>>,
    /// Codes that are out, where others cannot be decided.
    pub out: Option<Table<'a>>,
    /// Codes that cannot be decided.
    pub doubtful: Option<Table<'a>>,
    /// Whether other codes cannot be decided.
    pub is_open: bool,
    /// Whether that is because of a filter, rather than because the system is not listed.
    pub has_filter: bool,
    open: Reader<'a>,
}

impl<'a> PartView<'a> {
    /// What cannot be listed.
    pub fn open(&self) -> Result<Vec<Open>, Damaged> {
        let mut reader = self.open;
        let one = |reader: &mut Reader<'_>| {
            let filters = read_filters(reader)?;
            let except = (0..reader.count()?).map(|_| read_filters(reader)).collect::<Result<_, _>>()?;
            Ok(Open { filters, except })
        };
        (0..reader.count()?).map(|_| one(&mut reader)).collect()
    }

    /// Reads a part; the reader goes on after it.
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Damaged> {
        let system = reader.text()?;
        let flags = reader.u8()?;
        let mut table = |flag: u8| if flags & flag == 0 { Ok(None) } else { Table::read(reader).map(Some) };
        let (codes, out, doubtful) = (table(2)?, table(4)?, table(8)?);
        let open = *reader;
        let mut has_filter = false;
        let count = reader.count()?;
        for _ in 0..count {
            let filters = skip_filters(reader)?;
            has_filter |= filters > 0;
            for _ in 0..reader.count()? {
                skip_filters(reader)?;
            }
        }
        Ok(PartView { system, whole: flags & 1 != 0, codes, out, doubtful, is_open: count > 0, has_filter, open })
    }
}

fn skip_filters(reader: &mut Reader<'_>) -> Result<usize, Damaged> {
    let count = reader.count()?;
    for _ in 0..count * 3 {
        reader.text()?;
    }
    Ok(count)
}
