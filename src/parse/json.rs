//! JSON (RFC 8259; STU3 2.6.2) to the tree, by one hand-written pass over the bytes.
//!
//! General JSON readers lose what a validator must report: positions, duplicate keys, the text of a decimal, the order of
//! `_name` and `name`, and everything after the first fault.

mod lexical;
mod seen;

use super::{Faults, Limits, Unread};
use crate::issue::Problem;
use crate::limits;
use crate::name::NameId;
use crate::source::{Span, floor_char_boundary};
use crate::tree::{Flags, Kind, NodeId, Tree};
use seen::{Property, Seen};

/// Reads the tree's source into it, and gives what could not be read.
pub fn read(tree: &mut Tree, limits: Limits, faults: &mut Faults) -> Option<Unread> {
    let source = tree.source().to_owned();
    let mut reader = Reader {
        bytes: source.as_bytes(),
        text: &source,
        at: 0,
        depth: 0,
        limits,
        tree,
        faults,
        scratch: String::new(),
        nulls: Vec::new(),
        is_begun: false,
        is_ended: false,
    };
    if source.starts_with('\u{FEFF}') {
        reader.at = '\u{FEFF}'.len_utf8();
    }
    // The fault has been recorded where it was found, and nothing more can be read.
    let end = reader.document();
    if end.is_err() && !reader.is_ended {
        reader.mark_open();
    }
    match end {
        Ok(()) => None,
        Err(Stop) if !reader.is_begun => Some(Unread::All),
        Err(Stop) if reader.is_ended && reader.peek() == Some(b'{') => Some(Unread::More(reader.at as u32)),
        Err(Stop) => Some(Unread::Rest(reader.at as u32)),
    }
}

/// Reading cannot go on; the fault is recorded.
struct Stop;

type Step<T = ()> = Result<T, Stop>;

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    depth: usize,
    limits: Limits,
    tree: &'a mut Tree,
    faults: &'a mut Faults,
    scratch: String,
    /// The nulls in arrays of the objects that are being read. They mean something only beside an item of `_name`.
    nulls: Vec<NodeId>,
    /// Whether the resource's object has been begun, and whether it has been read to its end.
    is_begun: bool,
    is_ended: bool,
}

impl Reader<'_> {
    fn document(&mut self) -> Step {
        let root = self.tree.root();
        self.white_space();
        if self.peek() != Some(b'{') {
            let found = match self.peek() {
                Some(b'[') => "an array",
                Some(b'"') => "a string",
                Some(b'0'..=b'9' | b'-') => "a number",
                Some(b't' | b'f') => "a boolean",
                Some(b'n') => "null",
                _ => return self.stop("a FHIR resource"),
            };
            self.fault(root, Span::new(self.at, self.bytes.len()), Problem::NotAnObject { found });
            return Err(Stop);
        }
        let start = self.at;
        self.is_begun = true;
        let seen = self.object(root)?;
        self.is_ended = true;
        self.tree.set_span(root, Span::new(start, self.at));
        if self.tree.resource_type_id(root).is_none()
            && !seen.list.iter().any(|property| property.has_value && self.is_resource_type(property.name))
        {
            self.fault(root, Span::new(start, start + 1), Problem::ResourceTypeMissing);
        }
        self.white_space();
        match self.peek() {
            None => Ok(()),
            Some(b'{') => {
                self.fault(root, Span::new(self.at, self.at + 1), Problem::AnotherResource);
                Err(Stop)
            }
            Some(_) => self.stop("the end of the input"),
        }
    }

    /// Marks the nodes that were being read when reading stopped: those that have no end yet.
    fn mark_open(&mut self) {
        let mut at = self.tree.all().last();
        while let Some(node) = at {
            if self.tree.span(node).is_empty() || node == self.tree.root() {
                self.tree.set_flag(node, Flags::OPEN);
            }
            at = self.tree.parent(node);
        }
    }

    /// A name as a message repeats it.
    fn quoted(&self, name: NameId) -> String {
        limits::shorten(self.tree.name_text(name), limits::QUOTE)
    }

    fn is_resource_type(&self, name: NameId) -> bool {
        self.tree.name_text(name) == "resourceType"
    }

    /// Whether an object has an element of this name: ExampleScenario.instance, of R4, which is no resource.
    fn has_resource_type(&self, node: NodeId) -> bool {
        let root = self.tree.root();
        node != root && self.tree.name(node) == "instance" && self.tree.resource_type(root) == Some("ExampleScenario")
    }

    /// Reads an object's properties as children of `node`; the brace is next.
    fn object(&mut self, node: NodeId) -> Step<Seen> {
        self.enter(node)?;
        self.at += 1;
        let mut seen = Seen::default();
        let nulls = self.nulls.len();
        self.white_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.depth -= 1;
            return Ok(seen);
        }
        loop {
            self.white_space();
            if self.peek() != Some(b'"') {
                return self.stop("a property name in double quotes");
            }
            let key = self.at;
            let text = self.string()?;
            let name = if text.escaped {
                let text = self.decode(&text, node);
                self.tree.intern(&text)
            } else {
                let bare = &self.text[text.span.start as usize..text.span.end as usize];
                self.tree.intern(bare)
            };
            self.white_space();
            if self.peek() != Some(b':') {
                return self.stop("':' after the property name");
            }
            self.at += 1;
            self.white_space();
            self.property(node, name, key, &mut seen)?;
            self.white_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    self.depth -= 1;
                    self.report_nulls(nulls);
                    return Ok(seen);
                }
                _ => return self.stop("',' or '}' after the property's value"),
            }
        }
    }

    /// Reports the nulls of this object's arrays that keep no place.
    fn report_nulls(&mut self, from: usize) {
        let mut nulls = self.nulls.split_off(from);
        crate::order::sort(&mut nulls);
        nulls.dedup();
        for node in nulls {
            if self.tree.kind(node) == Kind::Null {
                self.report_null(node);
            }
        }
    }

    fn report_null(&mut self, node: NodeId) {
        let name = self.quoted(self.tree.name_id(node));
        self.fault(node, self.tree.span(node), Problem::UnexpectedNull { name });
    }

    fn property(&mut self, parent: NodeId, name: NameId, key: usize, seen: &mut Seen) -> Step {
        if self.is_resource_type(name) && !self.has_resource_type(parent) {
            let duplicate = std::mem::replace(&mut seen.entry(name).has_value, true);
            return self.read_resource_type(parent, name, key, duplicate);
        }
        let base = match self.tree.name_text(name).strip_prefix('_') {
            Some(base) if !base.is_empty() => {
                let base = base.to_owned();
                Some(self.tree.intern(&base))
            }
            _ => None,
        };
        match base {
            Some(base) => {
                let before = *seen.entry(base);
                if before.extended.is_some() {
                    return self.duplicate(parent, name, key);
                }
                let (start, is_array) = (self.at, self.peek() == Some(b'['));
                let first = self.extended(parent, base, key, before)?;
                let span = Span::new(start, self.at);
                self.compare_shapes(
                    first.unwrap_or(parent),
                    base,
                    before.has_value.then_some(before.is_array),
                    is_array,
                    span,
                );
                let entry = seen.entry(base);
                entry.extended = Some((span, is_array));
                entry.first = entry.first.or(first);
            }
            None => {
                let before = *seen.entry(name);
                if before.has_value {
                    return self.duplicate(parent, name, key);
                }
                let is_array = self.peek() == Some(b'[');
                let first = self.values(parent, name, key, before.first)?;
                if let Some((span, extended)) = before.extended {
                    self.compare_shapes(first.unwrap_or(parent), name, Some(is_array), extended, span);
                }
                let entry = seen.entry(name);
                entry.has_value = true;
                entry.is_array = is_array;
                entry.first = entry.first.or(first);
            }
        }
        Ok(())
    }

    /// `_name` is an array exactly where its value is one.
    fn compare_shapes(&mut self, node: NodeId, name: NameId, value: Option<bool>, extended: bool, span: Span) {
        let expected = match value {
            Some(true) if !extended => "an array, as its value is",
            Some(false) if extended => "an object, as its value is no array",
            _ => return,
        };
        let name = self.quoted(name);
        self.fault(node, span, Problem::UnderscoreShape { name, expected });
    }

    fn read_resource_type(&mut self, parent: NodeId, name: NameId, key: usize, duplicate: bool) -> Step {
        if duplicate {
            return self.duplicate(parent, name, key);
        }
        if self.peek() == Some(b'[') {
            let start = self.at;
            self.values(parent, name, key, None)?;
            self.fault(parent, Span::new(start, self.at), Problem::ResourceTypeNotString);
            return Ok(());
        }
        if self.peek() != Some(b'"') {
            let node = self.tree.append(parent, name, 0, key, Span::at(self.at));
            self.value(node)?;
            // Two elements of STU3 have this name, Claim.payee.resourceType and the same of ExplanationOfBenefit; they
            // are Codings.
            if self.tree.kind(node) != Kind::Object || parent == self.tree.root() {
                let span = self.tree.span(node);
                self.fault(parent, span, Problem::ResourceTypeNotString);
            }
            return Ok(());
        }
        let text = self.string()?;
        let decoded = self.decode(&text, parent);
        let resource = self.tree.intern(&decoded);
        self.tree.set_resource_type(parent, resource);
        Ok(())
    }

    /// A property that is there already: kept, so that it can be shown, and marked.
    fn duplicate(&mut self, parent: NodeId, name: NameId, key: usize) -> Step {
        let text = self.quoted(name);
        let first = self.values(parent, name, key, None)?;
        let span = Span::new(key, self.at);
        let mut node = first;
        while let Some(at) = node {
            self.tree.set_flag(at, Flags::DUPLICATE);
            node = self.next_sibling(at);
        }
        self.faults.push_member(parent, Some(&text), span, Problem::DuplicateKey { name: text.clone() });
        Ok(())
    }

    fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        self.tree.siblings_after(node).next()
    }

    /// The next item of the same property; a second property of the same name is another.
    fn next_item(&self, node: NodeId) -> Option<NodeId> {
        let name = self.tree.name_id(node);
        let next = self.next_sibling(node)?;
        (self.tree.name_id(next) == name && !self.tree.flags(next).has(Flags::DUPLICATE)).then_some(next)
    }

    /// Reads a property's value, or an array's items, as children of `parent`. `existing` is the first node that `_name`
    /// made for the same property, if it came before.
    fn values(&mut self, parent: NodeId, name: NameId, key: usize, existing: Option<NodeId>) -> Step<Option<NodeId>> {
        if self.peek() != Some(b'[') {
            let node = match existing {
                Some(node) => node,
                None => self.tree.append(parent, name, 0, key, Span::at(self.at)),
            };
            self.tree.set_key_start(node, key);
            let is_null = self.peek() == Some(b'n');
            self.value(node)?;
            if is_null {
                self.report_null(node);
            }
            return Ok(Some(node));
        }
        let start = self.at;
        self.enter(parent)?;
        self.at += 1;
        let mut first = None;
        let mut index = 0;
        let mut next_existing = existing;
        self.white_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            self.depth -= 1;
            let text = self.quoted(name);
            let problem = Problem::EmptyArray { name: text.clone() };
            self.faults.push_member(parent, Some(&text), Span::new(start, self.at), problem);
            return Ok(None);
        }
        loop {
            self.white_space();
            let node_key = if index == 0 { key } else { self.at };
            let node = match next_existing {
                Some(node) => {
                    next_existing = self.next_item(node);
                    node
                }
                None => self.tree.append(parent, name, index, node_key, Span::at(self.at)),
            };
            self.tree.set_key_start(node, node_key);
            self.tree.set_flag(node, Flags::IN_ARRAY);
            first = first.or(Some(node));
            self.value(node)?;
            if self.tree.kind(node) == Kind::Null {
                self.nulls.push(node);
            }
            index += 1;
            self.white_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(first);
                }
                _ => return self.stop("',' or ']' after the item"),
            }
        }
    }

    /// Reads `_name`: the ids and extensions of the values of `name`, matched by place.
    fn extended(&mut self, parent: NodeId, name: NameId, key: usize, before: Property) -> Step<Option<NodeId>> {
        let text = self.quoted(name);
        let shape = |expected| Problem::UnderscoreShape { name: text.clone(), expected };
        if self.peek() != Some(b'[') {
            let start = self.at;
            let node = match before.first {
                Some(node) => node,
                None => self.tree.append(parent, name, 0, key, Span::at(self.at)),
            };
            self.extend(node, shape("an object"))?;
            if before.first.is_none() {
                self.tree.set_span(node, Span::new(start, self.at));
            }
            return Ok(Some(node));
        }
        let start = self.at;
        self.enter(parent)?;
        self.at += 1;
        let mut first = None;
        let mut index = 0;
        let mut existing = before.first;
        self.white_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            self.depth -= 1;
            let underscored = format!("_{text}");
            let problem = Problem::EmptyArray { name: underscored.clone() };
            self.faults.push_member(parent, Some(&underscored), Span::new(start, self.at), problem);
            return Ok(None);
        }
        loop {
            self.white_space();
            let item = self.at;
            let node = match existing {
                Some(node) => {
                    existing = self.next_item(node);
                    node
                }
                None => {
                    let node_key = if index == 0 { key } else { item };
                    let node = self.tree.append(parent, name, index, node_key, Span::at(item));
                    self.tree.set_flag(node, Flags::IN_ARRAY);
                    node
                }
            };
            first = first.or(Some(node));
            let new = self.tree.span(node).is_empty();
            if self.peek() == Some(b'n') {
                self.literal("null")?;
                if new {
                    self.tree.set_kind(node, Kind::Null);
                    self.nulls.push(node);
                }
            } else {
                self.extend(node, shape("an array of objects and nulls"))?;
            }
            if new {
                self.tree.set_span(node, Span::new(item, self.at));
            }
            index += 1;
            self.white_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return self.stop("',' or ']' after the item"),
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(first)
    }

    /// Reads one object of `_name` into the node of its value.
    fn extend(&mut self, node: NodeId, wrong: Problem) -> Step {
        self.tree.set_flag(node, Flags::EXTENDED);
        if self.peek() == Some(b'{') {
            let start = self.at;
            let seen = self.object(node)?;
            if seen.list.is_empty() {
                self.fault(node, Span::new(start, self.at), Problem::EmptyObject);
            }
            if self.tree.kind(node) == Kind::Null {
                // The null only kept the place of this object.
                self.tree.set_kind(node, Kind::Object);
            }
            return Ok(());
        }
        let start = self.at;
        let name = self.tree.intern("_");
        let odd = self.tree.append(node, name, 0, start, Span::at(start));
        self.value(odd)?;
        self.fault(node, Span::new(start, self.at), wrong);
        Ok(())
    }

    /// Reads any value into `node`.
    fn value(&mut self, node: NodeId) -> Step {
        let start = self.at;
        match self.peek() {
            Some(b'{') => {
                if self.tree.kind(node) == Kind::Null {
                    self.tree.set_kind(node, Kind::Object);
                }
                let seen = self.object(node)?;
                if seen.list.is_empty() {
                    self.fault(node, Span::new(start, self.at), Problem::EmptyObject);
                }
            }
            Some(b'[') => {
                self.tree.set_kind(node, Kind::Array);
                let name = self.tree.name_id(node);
                self.values(node, name, start, None)?;
                // Arrays inside one that is reported are the same fault.
                if !self.tree.parent(node).is_some_and(|parent| self.tree.kind(parent) == Kind::Array) {
                    self.fault(node, Span::new(start, self.at), Problem::NestedArray);
                }
            }
            Some(b'"') => {
                let text = self.string()?;
                self.tree.set_kind(node, Kind::String);
                if text.escaped {
                    let text = self.decode(&text, node);
                    self.tree.set_text_decoded(node, &text);
                } else {
                    self.tree.set_text_slice(node, text.span);
                }
            }
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                self.tree.set_kind(node, Kind::Number);
                self.tree.set_text_slice(node, Span::new(start, self.at));
            }
            Some(b't') => self.boolean(node, "true")?,
            Some(b'f') => self.boolean(node, "false")?,
            Some(b'n') => {
                self.literal("null")?;
                // A null that keeps the place of an item of `_name` leaves that item as it is.
                if !self.tree.flags(node).has(Flags::EXTENDED) {
                    self.tree.set_kind(node, Kind::Null);
                }
            }
            _ => return self.stop("a value"),
        }
        self.tree.set_span(node, Span::new(start, self.at));
        Ok(())
    }

    fn boolean(&mut self, node: NodeId, word: &'static str) -> Step {
        let start = self.at;
        self.literal(word)?;
        self.tree.set_kind(node, Kind::Boolean);
        self.tree.set_text_slice(node, Span::new(start, self.at));
        Ok(())
    }

    fn enter(&mut self, node: NodeId) -> Step {
        self.depth += 1;
        if self.depth > self.limits.depth {
            self.fault(node, Span::new(self.at, self.at + 1), Problem::TooDeep { limit: self.limits.depth });
            return Err(Stop);
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn fault(&mut self, node: NodeId, span: Span, problem: Problem) {
        self.faults.push(node, span, problem);
    }

    fn stop<T>(&mut self, expected: &'static str) -> Step<T> {
        let at = floor_char_boundary(self.text, self.at);
        let found = match self.text[at..].chars().next() {
            None => "the end of the input".to_owned(),
            Some('"') => "a double quote".to_owned(),
            Some('\'') => "a single quote".to_owned(),
            Some(other) if other.is_control() => format!("U+{:04X}", other as u32),
            Some(other) => format!("'{other}'"),
        };
        let end = at + self.text[at..].chars().next().map_or(0, char::len_utf8);
        let node = self.tree.root();
        self.fault(node, Span::new(at, end), Problem::JsonSyntax { expected, found });
        Err(Stop)
    }
}
