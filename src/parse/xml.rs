//! XML (STU3 2.6.1) to the same tree as JSON. The tokens are quick-xml's; what they mean in FHIR is decided here, with an
//! explicit stack, so that no depth of input can exhaust the real one.

mod attribute;
mod scope;
mod version3;

use super::{Faults, Limits, Unread};
use crate::issue::Problem;
use crate::source::{Span, floor_char_boundary};
use crate::tree::{Flags, Kind, NodeId, Tree};
use attribute::Attribute;
pub(crate) use attribute::is_character;
use quick_xml::Reader;
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::Event;
use scope::{Counters, FHIR_NS, NONE_NS, Scope, XHTML_NS, XSI_NS};
use std::collections::BTreeMap;
use version3::Content;

/// The elements that hold a whole resource (STU3 2.6.1: Resource.contained, Bundle.entry.resource, Parameters…).
const WRAPPERS: [&str; 3] = ["contained", "resource", "outcome"];

/// Whether an element or attribute can be called this; a prefix would have to be declared.
pub(crate) fn is_element_name(name: &str) -> bool {
    !name.contains(':') && attribute::is_name(name)
}

/// Reads the tree's source into it, and gives what could not be read. Of HL7 version 3 text between tags is kept, too, and no
/// rule of FHIR's own is asked.
pub fn read(tree: &mut Tree, is_version3: bool, limits: Limits, faults: &mut Faults) -> Option<Unread> {
    let source = tree.source().to_owned();
    let root = tree.root();
    tree.set_kind(root, Kind::Xml);
    let mut document = Document {
        source: &source,
        limits,
        is_version3,
        tree,
        faults,
        stack: Vec::new(),
        at: 0,
        last_start: 0,
        is_at_start: false,
        root_seen: false,
        scope: Scope::default(),
        attributes: Vec::new(),
        inherited: BTreeMap::new(),
    };
    let stopped = document.read().is_err();
    let is_more = document.stack.is_empty() && document.root_seen && document.is_at_start;
    let at = document.last_start as u32;
    let unread = stopped.then_some(match document.root_seen {
        false => Unread::All,
        true if is_more => Unread::More(at),
        true => Unread::Rest(at),
    });
    document.close_open(stopped);
    unread
}

/// Reading cannot go on; the fault is recorded.
struct Stop;

type Step<T = ()> = Result<T, Stop>;

struct Document<'a, 't> {
    source: &'a str,
    limits: Limits,
    is_version3: bool,
    tree: &'t mut Tree,
    faults: &'t mut Faults,
    stack: Vec<Frame<'a>>,
    /// How far the source has been read.
    at: usize,
    /// Where the token that is being read starts, and whether it is a start tag.
    last_start: usize,
    is_at_start: bool,
    root_seen: bool,
    scope: Scope<'a>,
    attributes: Vec<Attribute>,
    /// Prefixes that the narrative being read uses and that are declared outside of it.
    inherited: BTreeMap<&'a str, usize>,
}

/// An open element.
struct Frame<'a> {
    node: NodeId,
    /// The name as written, with its prefix.
    name: &'a str,
    start: usize,
    /// One past the start tag.
    tag_end: usize,
    namespace: usize,
    /// How many namespaces were declared before this element's own.
    declared: usize,
    counters: Counters,
    role: Role,
    text_reported: bool,
    has_children: bool,
    /// Of version 3, whether a name stands in it more than once, and the text so far.
    repeats: bool,
    text: Content,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// An ordinary element.
    Element,
    /// An element that holds a resource, and whose node is that resource.
    Wrapper,
    /// A resource's own element: the root, or inside a wrapper, whose node it shares.
    Resource,
    /// The outermost element of XHTML.
    Narrative,
    /// An element inside XHTML: it has no node.
    Inside,
}

/// A name's prefix, empty if it has none, and the rest.
fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

impl<'a> Document<'a, '_> {
    fn read(&mut self) -> Step {
        let mark = if self.source.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        self.at = mark;
        if let Some((at, character)) = attribute::find_forbidden(self.source) {
            let problem = format!("the character U+{:04X} is not allowed in XML", character as u32);
            self.syntax(Span::new(at, at + character.len_utf8()), problem);
        }
        let source = self.source;
        let mut reader = Reader::from_str(&source[mark..]);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        loop {
            let start = self.at;
            let event = reader.read_event();
            self.at = mark + (reader.buffer_position() as usize).min(source.len() - mark);
            self.last_start = start;
            self.is_at_start = matches!(event, Ok(Event::Start(_) | Event::Empty(_)));
            match event {
                Ok(Event::Start(tag)) => self.start(start, tag.name().as_ref().len(), false)?,
                Ok(Event::Empty(tag)) => self.start(start, tag.name().as_ref().len(), true)?,
                Ok(Event::End(_)) => self.end(start)?,
                Ok(Event::Text(_) | Event::CData(_)) => self.text(start)?,
                Ok(Event::GeneralRef(_)) => self.reference(start)?,
                Ok(Event::Comment(_)) => self.comment(start),
                Ok(Event::Decl(_)) => self.declaration(start, mark),
                Ok(Event::PI(_)) => self.instruction(start),
                Ok(Event::DocType(_)) | Err(Error::Syntax(SyntaxError::UnclosedDoctype)) => {
                    let node = self.node();
                    self.fault(node, Span::new(start, self.at), Problem::XmlDoctype);
                    return Err(Stop);
                }
                Ok(Event::Eof) => return self.finish(),
                Err(error) => {
                    // Every error of the tokens is of something that the input ends in.
                    self.at = source.len();
                    self.syntax(Span::new(start, self.at), words(&error).to_owned());
                    return Err(Stop);
                }
            }
        }
    }

    fn finish(&mut self) -> Step {
        if let Some(open) = self.stack.last() {
            let problem = format!("the element '{}' is never closed; write </{}>", open.name, open.name);
            self.syntax(Span::new(open.start, open.tag_end), problem);
            return Err(Stop);
        }
        if !self.root_seen {
            self.syntax(Span::at(self.at), "there is no element".into());
            return Err(Stop);
        }
        Ok(())
    }

    /// Gives the elements that are still open the span of what was read of them.
    fn close_open(&mut self, stopped: bool) {
        while let Some(frame) = self.stack.pop() {
            if matches!(frame.role, Role::Element | Role::Wrapper | Role::Narrative) || self.stack.is_empty() {
                self.tree.set_span(frame.node, Span::new(frame.start, self.at));
            }
            if stopped {
                self.tree.set_flag(frame.node, Flags::OPEN);
            }
            if frame.role == Role::Narrative && stopped {
                self.tree.set_text_slice(frame.node, Span::new(frame.start, floor_char_boundary(self.source, self.at)));
            }
        }
    }

    /// The node that what is read now belongs to.
    fn node(&self) -> NodeId {
        self.stack.last().map_or(self.tree.root(), |frame| frame.node)
    }

    fn slice(&self, span: Span) -> &'a str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// A start tag, or the whole of an empty element; `length` is its name's.
    fn start(&mut self, start: usize, length: usize, empty: bool) -> Step {
        let name = self.slice(Span::new(start + 1, start + 1 + length));
        if !attribute::is_name(name) {
            let problem = if name.is_empty() {
                "'<' is not followed by a name; where it is meant as a character, write &lt;".to_owned()
            } else {
                format!("'{name}' is not the name of an element")
            };
            self.syntax(Span::new(start, start + 1 + length), problem);
            return Err(Stop);
        }
        if self.stack.is_empty() && self.root_seen {
            let problem =
                format!("the element '{name}' stands after the end of the resource; XML has one outermost element");
            self.syntax(Span::new(start, self.at), problem);
            return Err(Stop);
        }
        if self.stack.len() >= self.limits.depth {
            let node = self.node();
            self.fault(node, Span::new(start, self.at), Problem::TooDeep { limit: self.limits.depth });
            return Err(Stop);
        }
        let mut attributes = std::mem::take(&mut self.attributes);
        let tag_end = self.at - if empty { 2 } else { 1 };
        let scanned = attribute::scan(self.source, start + 1 + length, tag_end, &mut attributes);
        let declared = self.scope.declared.len();
        self.declare(&attributes);
        let inside = self.stack.last().is_some_and(|frame| matches!(frame.role, Role::Narrative | Role::Inside));
        let mut frame = match (inside, self.is_version3) {
            (true, true) => self.frame(self.node(), name, start, NONE_NS, Role::Inside),
            (true, false) => self.open_inside(name, start),
            (false, true) => self.open_version3(name, start),
            (false, false) => self.open(name, start, &attributes),
        };
        frame.declared = declared;
        self.attributes(&mut frame, &attributes);
        self.attributes = attributes;
        self.stack.push(frame);
        if let Err((span, problem)) = scanned {
            self.syntax(span, problem);
            return Err(Stop);
        }
        if empty {
            self.close();
        }
        Ok(())
    }

    fn declare(&mut self, attributes: &[Attribute]) {
        let depth = self.stack.len();
        for attribute in attributes.iter().filter(|attribute| !attribute.duplicate) {
            let name = self.slice(attribute.name);
            let prefix = match split(name) {
                ("", "xmlns") => "",
                ("xmlns", prefix) => prefix,
                _ => continue,
            };
            let raw = self.slice(attribute.value);
            // References that mean nothing are reported when the attribute itself is read.
            let decoded = attribute::decode(raw, 0, |_, _| {});
            self.scope.declare(prefix, decoded.as_deref().unwrap_or(raw), depth);
        }
    }

    /// The namespace of an element's or, with a prefix, an attribute's name.
    fn namespace(&mut self, node: NodeId, name: &'a str, start: usize) -> usize {
        let prefix = split(name).0;
        match self.scope.resolve(prefix) {
            Some((number, _)) => number,
            None if prefix.is_empty() || prefix == "xml" => NONE_NS,
            None => {
                let problem = format!("the prefix of '{name}' is not declared; add xmlns:{prefix}=\"…\"");
                let problem = Problem::XmlSyntax { problem };
                self.fault(node, Span::new(start, start + name.len()), problem);
                NONE_NS
            }
        }
    }

    fn frame(&self, node: NodeId, name: &'a str, start: usize, namespace: usize, role: Role) -> Frame<'a> {
        Frame {
            node,
            name,
            start,
            tag_end: self.at,
            namespace,
            declared: 0,
            counters: Counters::default(),
            role,
            text_reported: false,
            has_children: false,
            repeats: false,
            text: Content::default(),
        }
    }

    /// Opens an element inside XHTML.
    fn open_inside(&mut self, name: &'a str, start: usize) -> Frame<'a> {
        let node = self.node();
        let (prefix, local) = split(name);
        let is_declared = prefix.is_empty() || self.scope.resolve(prefix).is_some();
        let outer = self.stack.last().map_or(XHTML_NS, |frame| frame.namespace);
        let mut namespace = self.namespace(node, name, start + 1);
        if namespace != XHTML_NS && is_declared {
            // Once for all that is inside of it.
            if outer == XHTML_NS {
                let found = self.scope.text(namespace).to_owned();
                let problem = Problem::NarrativeNamespace { name: local.to_owned(), found };
                self.fault(node, Span::new(start, self.at), problem);
            }
        } else {
            namespace = XHTML_NS;
        }
        self.inherit(name);
        self.frame(node, name, start, namespace, Role::Inside)
    }

    /// Notes a prefix that is used in the narrative and declared outside of it.
    fn inherit(&mut self, name: &'a str) {
        let prefix = split(name).0;
        let depth = self.stack.iter().rposition(|frame| frame.role == Role::Narrative).unwrap_or(self.stack.len());
        if let Some((number, declared_at)) = self.scope.resolve(prefix).filter(|_| !prefix.is_empty()) {
            if declared_at < depth {
                self.inherited.insert(prefix, number);
            }
        }
    }

    /// Opens an element of FHIR: finds or makes its node.
    fn open(&mut self, name: &'a str, start: usize, attributes: &[Attribute]) -> Frame<'a> {
        let around = self.node();
        let namespace = self.namespace(around, name, start + 1);
        let outer = self.stack.last().map_or(FHIR_NS, |frame| frame.namespace);
        let (prefix, local) = split(name);
        let foreign = namespace != FHIR_NS && self.scope.text(namespace) != self.scope.text(outer);
        let upper = local.starts_with(|first: char| first.is_ascii_uppercase());
        let narrative = local == "div" || namespace == XHTML_NS;
        let has_value = attributes.iter().any(|attribute| self.slice(attribute.name) == "value");
        let Some(parent) = self.stack.last_mut() else {
            self.root_seen = true;
            let root = self.tree.root();
            let resource = self.tree.intern(local);
            self.tree.set_resource_type(root, resource);
            self.tree.set_key_start(root, start);
            if foreign {
                self.report_foreign(root, name, namespace, start);
            }
            return self.frame(root, name, start, namespace, Role::Resource);
        };
        let first = !parent.has_children;
        parent.has_children = true;
        let wraps = !narrative
            && upper
            && matches!(parent.role, Role::Element)
            && self.tree.text(parent.node).is_none()
            && (WRAPPERS.contains(&split(parent.name).1) || (first && !has_value));
        if wraps {
            parent.role = Role::Wrapper;
            let counters = std::mem::take(&mut parent.counters);
            let node = parent.node;
            let resource = self.tree.intern(local);
            self.tree.set_resource_type(node, resource);
            self.report_wrapper_attributes(node);
            if foreign {
                self.report_foreign(node, name, namespace, start);
            }
            let mut frame = self.frame(node, name, start, namespace, Role::Resource);
            frame.counters = counters;
            return frame;
        }
        // A foreign name keeps its prefix, so that it cannot be taken for FHIR's own.
        let id = self.tree.intern(if foreign && !prefix.is_empty() && !narrative { name } else { local });
        let index = parent.counters.next(id);
        let second = upper && parent.role == Role::Wrapper;
        let node = self.tree.append(parent.node, id, index, start, Span::new(start, self.at));
        self.tree.set_kind(node, if narrative { Kind::Xhtml } else { Kind::Xml });
        if second {
            self.tree.set_resource_type(node, id);
            let problem = Problem::XmlSeveralResources { name: local.to_owned() };
            self.fault(node, Span::new(start, self.at), problem);
        }
        if local == "div" && namespace != XHTML_NS {
            let found = self.scope.text(namespace).to_owned();
            self.fault(node, Span::new(start, self.at), Problem::XhtmlNamespace { found });
        } else if foreign && local != "div" {
            self.report_foreign(node, name, namespace, start);
        }
        let role = match (narrative, second) {
            (true, _) => Role::Narrative,
            (_, true) => Role::Resource,
            _ => Role::Element,
        };
        if narrative {
            self.inherited.clear();
            self.inherit(name);
            let own = attributes.iter().any(|attribute| self.slice(attribute.name) == "xmlns");
            if prefix.is_empty() && !own && namespace == XHTML_NS {
                self.inherited.insert("", namespace);
            }
        }
        self.frame(node, name, start, namespace, role)
    }

    fn report_foreign(&mut self, node: NodeId, name: &str, namespace: usize, start: usize) {
        self.tree.set_flag(node, Flags::FOREIGN);
        let found = self.scope.text(namespace).to_owned();
        let name = name.to_owned();
        let problem =
            if found.is_empty() { Problem::XmlNoNamespace { name } } else { Problem::XmlNamespace { name, found } };
        self.fault(node, Span::new(start, self.at), problem);
    }

    /// A resource has no attributes, and neither has what wraps it.
    fn report_wrapper_attributes(&mut self, node: NodeId) {
        let attributes: Vec<NodeId> =
            self.tree.children(node).filter(|child| self.tree.flags(*child).has(Flags::ATTRIBUTE)).collect();
        for attribute in attributes {
            let name = self.tree.name(attribute).to_owned();
            // Others than these two were reported with their tag.
            if name == "id" || name == "url" {
                self.fault(attribute, self.tree.span(attribute), Problem::XmlAttribute { name });
            }
        }
    }

    /// The attributes of the element that is being opened.
    fn attributes(&mut self, frame: &mut Frame<'a>, attributes: &[Attribute]) {
        let node = frame.node;
        let xhtml = matches!(frame.role, Role::Narrative | Role::Inside);
        for attribute in attributes {
            let name = self.slice(attribute.name);
            let whole = Span::new(attribute.name.start as usize, attribute.value.end as usize + 1);
            if attribute.duplicate {
                let problem = format!("the attribute '{name}' stands twice in one tag");
                self.fault(node, whole, Problem::XmlSyntax { problem });
            }
            let raw = self.slice(attribute.value);
            let faults = &mut *self.faults;
            let decoded = attribute::decode(raw, attribute.value.start as usize, |span, problem| {
                faults.push(node, span, problem);
            });
            let (prefix, local) = split(name);
            if prefix == "xmlns" || name == "xmlns" {
                continue;
            }
            let namespace = match prefix {
                "" => NONE_NS,
                _ => self.namespace(node, name, attribute.name.start as usize),
            };
            if xhtml {
                if !self.is_version3 {
                    self.inherit(name);
                }
                continue;
            }
            if namespace == XSI_NS && matches!(local, "schemaLocation" | "noNamespaceSchemaLocation") {
                continue;
            }
            if name == "value" && frame.role == Role::Element && !attribute.duplicate && !self.is_version3 {
                match &decoded {
                    Some(text) => self.tree.set_text_decoded(node, text),
                    None => self.tree.set_text_slice(node, attribute.value),
                }
                continue;
            }
            let id = self.tree.intern(name);
            let index = frame.counters.next(id);
            let child = self.tree.append(node, id, index, attribute.name.start as usize, whole);
            self.tree.set_kind(child, Kind::Xml);
            self.tree.set_flag(child, Flags::ATTRIBUTE);
            if attribute.duplicate {
                self.tree.set_flag(child, Flags::DUPLICATE);
            }
            match &decoded {
                Some(text) => self.tree.set_text_decoded(child, text),
                None => self.tree.set_text_slice(child, attribute.value),
            }
            let allowed = match name {
                "id" => frame.role == Role::Element,
                "url" => {
                    frame.role == Role::Element && matches!(split(frame.name).1, "extension" | "modifierExtension")
                }
                _ => false,
            };
            if !allowed && !attribute.duplicate && !self.is_version3 {
                self.fault(child, whole, Problem::XmlAttribute { name: name.to_owned() });
            }
        }
    }

    fn end(&mut self, start: usize) -> Step {
        let name = self.slice(Span::new(start + 2, self.at - 1)).trim_end_matches([' ', '\t', '\r', '\n']);
        let problem = match self.stack.last() {
            Some(frame) if frame.name == name => {
                self.close();
                return Ok(());
            }
            Some(frame) => format!("'</{name}>' stands where '</{}>' is expected", frame.name),
            None => format!("'</{name}>' closes nothing"),
        };
        self.syntax(Span::new(start, self.at), problem);
        Err(Stop)
    }

    /// Closes the innermost element; what it holds ends where reading is.
    fn close(&mut self) {
        let Some(frame) = self.stack.pop() else { return };
        self.scope.undo(frame.declared);
        let whole = Span::new(frame.start, self.at);
        match frame.role {
            Role::Inside => return,
            Role::Narrative => self.narrative(&frame, whole),
            _ if self.is_version3 => self.close_version3(&frame),
            Role::Resource if !self.stack.is_empty() && self.tree.span(frame.node).start as usize != frame.start => {
                return;
            }
            _ => {}
        }
        self.tree.set_span(frame.node, whole);
    }

    /// Gives the node of a `div` its source as text. Where it relies on a namespace that is declared outside of it, the
    /// declaration is added, so that the text stands on its own.
    fn narrative(&mut self, frame: &Frame<'a>, whole: Span) {
        /// The longest namespace that is copied.
        const LONGEST: usize = 200;
        if self.inherited.is_empty() {
            self.tree.set_text_slice(frame.node, whole);
            return;
        }
        let source = self.slice(whole);
        let (tag, rest) = source.split_at_checked(1 + frame.name.len()).unwrap_or((source, ""));
        let mut text = tag.to_owned();
        for (prefix, number) in std::mem::take(&mut self.inherited) {
            // One long declaration must not be copied into many narratives; a browser needs none but XHTML's.
            if self.scope.text(number).len() > LONGEST {
                continue;
            }
            let uri = self.scope.text(number).replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            let colon = if prefix.is_empty() { "" } else { ":" };
            text.push_str(&format!(" xmlns{colon}{prefix}=\"{uri}\""));
        }
        text.push_str(rest);
        self.tree.set_text_decoded(frame.node, &text);
    }

    /// Text between tags: nothing to FHIR but white space.
    fn text(&mut self, start: usize) -> Step {
        let text = self.slice(Span::new(start, self.at));
        if text.bytes().all(attribute::is_space) {
            self.keep(start, text);
            return Ok(());
        }
        let cdata = text.starts_with("<![CDATA[");
        if let Some(at) = text.find("]]>").filter(|_| !cdata) {
            self.syntax(Span::new(start + at, start + at + 3), "']]>' stands in text; write ]]&gt;".into());
        }
        if let Some(at) = text.find('&').filter(|_| !cdata) {
            self.syntax(Span::new(start + at, start + at + 1), "'&' stands alone; write &amp;".into());
        }
        self.keep(start, text);
        self.stray(start, text)
    }

    /// A reference between tags.
    fn reference(&mut self, start: usize) -> Step {
        let text = self.slice(Span::new(start, self.at));
        let node = self.node();
        let faults = &mut *self.faults;
        let mut fault = |span, problem: Problem| faults.push(node, span, problem);
        let mut meant = None;
        attribute::reference(text, start, &mut fault, |character| meant = Some(character));
        self.keep_reference(text, meant);
        self.stray(start, text)
    }

    /// Reports text where FHIR has none, once in an element.
    fn stray(&mut self, start: usize, text: &'a str) -> Step {
        let span = Span::new(start, self.at);
        let Some(frame) = self.stack.last_mut() else {
            self.syntax(span, "there is text outside of the resource's element".into());
            return Err(Stop);
        };
        let is_content = matches!(frame.role, Role::Narrative | Role::Inside) || self.is_version3;
        if is_content || std::mem::replace(&mut frame.text_reported, true) {
            return Ok(());
        }
        let node = frame.node;
        let trimmed = text.trim();
        let start = start + text.find(trimmed).unwrap_or(0);
        let mut shown: String = trimmed.chars().take(40).collect();
        if shown.len() < trimmed.len() {
            shown.push('…');
        }
        self.fault(node, Span::new(start, start + trimmed.len()), Problem::XmlText { text: shown });
        Ok(())
    }

    fn comment(&mut self, start: usize) {
        let text = self.slice(Span::new(start + 4, self.at.saturating_sub(3)));
        if text.contains("--") || text.ends_with('-') {
            self.syntax(Span::new(start, self.at), "'--' stands inside a comment, where XML does not allow it".into());
        }
    }

    /// `<?xml … ?>`, which must be the very first thing and may name no encoding but UTF-8 (STU3 2.6.1).
    fn declaration(&mut self, start: usize, first: usize) {
        let span = Span::new(start, self.at);
        if start != first {
            let problem = "the XML declaration '<?xml …?>' must be the very first thing in the input".to_owned();
            self.syntax(span, problem);
        }
        let mut attributes = Vec::new();
        if let Err((span, problem)) = attribute::scan(self.source, start + 5, self.at - 2, &mut attributes) {
            self.syntax(span, problem);
        }
        for attribute in attributes {
            let value = self.slice(attribute.value);
            if self.slice(attribute.name) == "encoding" && !value.eq_ignore_ascii_case("utf-8") {
                let node = self.node();
                self.fault(node, attribute.value, Problem::XmlEncoding { found: value.to_owned() });
            }
        }
    }

    fn fault(&mut self, node: NodeId, span: Span, problem: Problem) {
        self.faults.push(node, span, problem);
    }

    fn syntax(&mut self, span: Span, problem: String) {
        let node = self.node();
        self.fault(node, span, Problem::XmlSyntax { problem });
    }
}

fn words(error: &Error) -> &'static str {
    match error {
        Error::Syntax(SyntaxError::UnclosedComment) => "a comment is never closed; write -->",
        Error::Syntax(SyntaxError::UnclosedCData) => "a CDATA section is never closed; write ]]>",
        Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => {
            "an instruction '<?' is never closed; write ?>"
        }
        Error::Syntax(SyntaxError::UnclosedTag) => "a tag is never closed; write >",
        Error::Syntax(
            SyntaxError::UnclosedSingleQuotedAttributeValue | SyntaxError::UnclosedDoubleQuotedAttributeValue,
        ) => "an attribute's value has no closing quote",
        Error::Syntax(SyntaxError::InvalidBangMarkup) => "'<!' starts neither a comment nor a CDATA section",
        _ => "it cannot be read further",
    }
}
