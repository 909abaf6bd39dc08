//! What is kept of the elements that are open: the namespaces in scope, and how many children of each name there were.

use crate::name::NameId;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

const FHIR: &str = "http://hl7.org/fhir";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// How many children of each name there were. A few are searched in order, many by hash, so that a list costs no more
/// than its length.
#[derive(Default)]
pub(super) struct Counters {
    list: Vec<(NameId, u32)>,
    index: FxHashMap<NameId, usize>,
}

impl Counters {
    const SMALL: usize = 24;

    /// The place of the next child of this name, from 0.
    pub fn next(&mut self, name: NameId) -> u32 {
        let found = if self.list.len() <= Self::SMALL {
            self.list.iter().rposition(|(other, _)| *other == name)
        } else {
            if self.index.is_empty() {
                self.index = self.list.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
            }
            self.index.get(&name).copied()
        };
        match found.and_then(|at| self.list.get_mut(at)) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                if !self.index.is_empty() {
                    self.index.insert(name, self.list.len());
                }
                self.list.push((name, 0));
                0
            }
        }
    }
}

/// The namespaces in scope. They are numbered, so that elements keep a number and not a text.
#[derive(Default)]
pub(super) struct Scope<'a> {
    /// The numbers that each prefix means, the innermost last, with the depth of the element that declares it.
    prefixes: BTreeMap<&'a str, Vec<(usize, usize)>>,
    pub declared: Vec<&'a str>,
    others: Vec<String>,
}

/// No namespace.
pub(super) const NONE_NS: usize = 0;
pub(super) const FHIR_NS: usize = 1;
pub(super) const XHTML_NS: usize = 2;
pub(super) const XSI_NS: usize = 3;
pub(super) const OTHERS: usize = 4;

impl<'a> Scope<'a> {
    pub fn declare(&mut self, prefix: &'a str, uri: &str, depth: usize) {
        let number = match uri {
            "" => NONE_NS,
            FHIR => FHIR_NS,
            XHTML => XHTML_NS,
            XSI => XSI_NS,
            _ => {
                self.others.push(uri.to_owned());
                OTHERS + self.others.len() - 1
            }
        };
        self.prefixes.entry(prefix).or_default().push((number, depth));
        self.declared.push(prefix);
    }

    pub fn undo(&mut self, down_to: usize) {
        while self.declared.len() > down_to {
            if let Some(prefix) = self.declared.pop() {
                if let Some(stack) = self.prefixes.get_mut(prefix) {
                    stack.pop();
                }
            }
        }
    }

    /// The namespace of a prefix, empty for the default one, and the depth it was declared at.
    pub fn resolve(&self, prefix: &str) -> Option<(usize, usize)> {
        self.prefixes.get(prefix).and_then(|stack| stack.last()).copied()
    }

    pub fn text(&self, number: usize) -> &str {
        match number {
            NONE_NS => "",
            FHIR_NS => FHIR,
            XHTML_NS => XHTML,
            XSI_NS => XSI,
            _ => self.others.get(number - OTHERS).map_or("", |text| text),
        }
    }
}
