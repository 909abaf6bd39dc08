//! What may be written at a place: element names, codes, extensions. The input need not be well formed there yet.

mod json;
mod xml;

use super::{Subject, insert_flag, insert_text};
use crate::check::{Options, elements_at};
use crate::definitions::Definitions;
use crate::plan::{Binding, Rule, bound};
use crate::source::{Format, Span, Utf16Index, sniff};
use crate::tree::NodeId;
use crate::typed::ElementRef;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The name or value that stands for what is being written, where the input is completed so that it can be read.
const MARK: &str = "careconnect-to-be-written";

/// How many codes are offered at once.
const MOST: usize = 500;

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// The name of an element.
    Name,
    /// The value of one.
    Value,
}

/// The input with a mark in the place of what is being written.
struct Marked {
    text: String,
    /// The bytes of the input that the choice takes the place of.
    replaced: Span,
    wanted: Wanted,
    /// Whether what is written needs its quotes.
    bare: bool,
}

/// What may be written at an offset (in UTF-16 code units): `{ offset, length, options }`, the part of the input that an option takes the
/// place of, and the options, the likeliest first.
///
/// An option has a `label`, the `insert` text that is to stand there (in JSON with quotes, and for an element with the
/// brackets that its value needs), a `kind` (`element`, `code`, `extension`, `profile`), and where there is something to
/// say a `detail`; `missing` marks a required element that is not there yet.
pub fn complete(definitions: &Definitions, input: &[u8], options: &Options, offset: u32) -> Value {
    let text = String::from_utf8_lossy(input);
    let units = Utf16Index::new(&text);
    let at = units.byte(offset) as usize;
    let format = sniff(input);
    let marked = match format {
        Format::Json => json::mark(&text, at),
        Format::Xml => xml::mark(&text, at),
    };
    let nothing = || json!({ "offset": offset, "length": 0, "options": [] });
    let Some(marked) = marked else { return nothing() };
    let subject = Subject::read(marked.text.as_bytes(), definitions);
    let Some(node) = marked_node(&subject, marked.wanted) else { return nothing() };
    let place = Place { definitions, subject: &subject, options, format, bare: marked.bare };
    let found = match marked.wanted {
        Wanted::Name => place.names(node),
        Wanted::Value => place.values(node),
    };
    let (start, end) = (units.offset(marked.replaced.start), units.offset(marked.replaced.end));
    json!({ "offset": start, "length": end - start, "options": found })
}

/// The node that the mark made: the element so named, or the one with that value.
fn marked_node(subject: &Subject<'_>, wanted: Wanted) -> Option<NodeId> {
    let tree = subject.tree();
    let is_it = |node: &NodeId| match wanted {
        Wanted::Name => tree.name(*node) == MARK || tree.resource_type(*node) == Some(MARK),
        Wanted::Value => tree.text(*node) == Some(MARK) || tree.resource_type(*node) == Some(MARK),
    };
    tree.all().find(is_it)
}

struct Place<'s, 'd> {
    definitions: &'d Definitions,
    subject: &'s Subject<'d>,
    options: &'s Options,
    format: Format,
    bare: bool,
}

impl Place<'_, '_> {
    fn in_force(&self, node: NodeId) -> Vec<ElementRef<'_>> {
        elements_at(&self.subject.parsed, &self.subject.typed, self.options, node)
    }

    /// The elements that the marked one's parent may still have, those that it must have first.
    fn names(&self, marked: NodeId) -> Vec<Value> {
        let tree = self.subject.tree();
        if tree.resource_type(marked) == Some(MARK) {
            return self.resource_types();
        }
        let Some(parent) = tree.parent(marked) else { return Vec::new() };
        let Some(known) = self.subject.typed.get(parent) else { return Vec::new() };
        let in_force = self.in_force(parent);
        let count = |name| tree.children(parent).filter(|child| tree.name_id(*child) == name).count() as u32;
        let mut found = Vec::new();
        for child in known.content().children() {
            let named = |other: &ElementRef<'_>| other.element.name == child.element.name;
            let said: Vec<ElementRef<'_>> =
                in_force.iter().filter_map(|by| by.children().find(named)).chain([child]).collect();
            let max = said.iter().map(|by| by.element.max).min().unwrap_or(child.element.max);
            let min = said.iter().map(|by| by.element.min).max().unwrap_or_default();
            let is_there =
                |by: &ElementRef<'_>| by.element.types.iter().map(|kind| count(kind.element_name)).sum::<u32>();
            let present = is_there(&child)
                + if child.element.is_choice { 0 } else { count(child.element.name).saturating_sub(is_there(&child)) };
            // In JSON a repeating element is one property, and more of them go into its array.
            let is_full = present >= max || (present > 0 && self.format == Format::Json);
            if is_full || max == 0 || child.element.is_attribute && self.format == Format::Xml {
                continue;
            }
            for kind in &child.element.types {
                let is_allowed = |by: &ElementRef<'_>| {
                    by.element.types.is_empty()
                        || by.element.types.iter().any(|other| other.element_name == kind.element_name)
                };
                if !child.element.is_choice || said.iter().all(is_allowed) {
                    found.push(self.name(kind.element_name, &kind.code, child, (min, max), present < min));
                }
                if !child.element.is_choice {
                    break;
                }
            }
            if child.element.types.is_empty() {
                found.push(self.name(child.element.name, "BackboneElement", child, (min, max), present < min));
            }
        }
        // The order of the definition stays, but for what is missing.
        crate::order::sort_by_key(&mut found, |option| !option.get("missing").is_some_and(|missing| missing == true));
        found
    }

    fn name(
        &self,
        name: crate::name::NameId,
        code: &str,
        by: ElementRef<'_>,
        (min, max): (u32, u32),
        missing: bool,
    ) -> Value {
        let name = self.definitions.names().text(name);
        let primitive =
            self.definitions.base_named(code).is_some_and(|plan| plan.kind == crate::model::StructureKind::Primitive);
        let mut out = Map::new();
        out.insert("label".into(), name.into());
        out.insert("kind".into(), "element".into());
        let insert = match (self.format, self.bare) {
            (_, true) => name.to_owned(),
            (Format::Json, _) => {
                let value = match code {
                    "boolean" | "integer" | "decimal" | "positiveInt" | "unsignedInt" => "",
                    _ if primitive => "\"\"",
                    _ => "{}",
                };
                if by.element.repeats { format!("\"{name}\": [{value}]") } else { format!("\"{name}\": {value}") }
            }
            (Format::Xml, _) if code == "xhtml" => format!("<{name} xmlns=\"{}\"></{name}>", crate::xhtml::NAMESPACE),
            (Format::Xml, _) if primitive => format!("<{name} value=\"\"/>"),
            (Format::Xml, _) => format!("<{name}></{name}>"),
        };
        out.insert("insert".into(), insert.into());
        out.insert("detail".into(), format!("{code} {min}..{}", bound(max)).into());
        insert_flag(&mut out, "missing", missing);
        Value::Object(out)
    }

    fn resource_types(&self) -> Vec<Value> {
        let types = self.definitions.profile_urls().filter_map(|url| url.strip_prefix(crate::definitions::BASE));
        let is_resource = |name: &&str| {
            self.definitions.base_named(name).is_some_and(|plan| {
                plan.kind == crate::model::StructureKind::Resource && !plan.is_abstract && !plan.is_constraint
            })
        };
        types.filter(is_resource).map(|name| self.option(name, "element", "")).collect()
    }

    fn option(&self, label: &str, kind: &str, detail: &str) -> Value {
        let mut insert = String::new();
        match (self.format, self.bare) {
            (Format::Json, false) => crate::model::shape::quote(label, &mut insert),
            (Format::Xml, _) => {
                insert.push_str(&label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"))
            }
            _ => insert.push_str(label),
        }
        let mut out = Map::new();
        out.insert("label".into(), label.into());
        out.insert("kind".into(), kind.into());
        out.insert("insert".into(), insert.into());
        insert_text(&mut out, "detail", detail);
        Value::Object(out)
    }

    /// What the value of the marked element may be.
    fn values(&self, marked: NodeId) -> Vec<Value> {
        let tree = self.subject.tree();
        if tree.resource_type(marked) == Some(MARK) {
            return self.resource_types();
        }
        let Some(parent) = tree.parent(marked) else { return Vec::new() };
        let own = self.in_force(marked);
        let mut found: Vec<Value> = Vec::new();
        for by in &own {
            for rule in &by.element.rules {
                if let Rule::Fixed(sample) = rule
                    && let Ok(Value::String(text)) = serde_json::from_str(sample.json())
                {
                    found.push(self.option(&text, "code", "fixed by the profile"));
                }
            }
        }
        let name = tree.name(marked);
        let holder = self.subject.type_name(parent).unwrap_or_default();
        match (holder, name) {
            ("Extension", "url") => self.extensions(parent, &mut found),
            ("Meta", "profile") => self.profiles(parent, &mut found),
            ("Coding" | "Quantity", "code" | "system" | "display") => self.coding(parent, name, &mut found),
            _ => {
                let codes = self.bound(&own);
                found.extend(codes.iter().map(|(_, code, display)| self.option(code, "code", display)));
                if codes.is_empty() && self.subject.typed.type_name(marked) == Some("boolean") {
                    found
                        .extend(["true", "false"].map(|word| json!({ "label": word, "kind": "code", "insert": word })));
                }
            }
        }
        let mut said = BTreeSet::new();
        found.retain(|option| said.insert(option.get("insert").map(ToString::to_string)));
        found
    }

    /// The codes that the bindings of elements allow: those of the narrowest value set that can be listed.
    fn bound(&self, elements: &[ElementRef<'_>]) -> Vec<(String, String, String)> {
        let bindings = elements.iter().flat_map(|by| &by.element.rules).filter_map(|rule| match rule {
            Rule::Binding(Binding { value_set: Some(url), .. }) => Some(&**url),
            _ => None,
        });
        let listed = bindings.filter_map(|url| self.definitions.terminology().list(url)).map(|listing| {
            let parts = listing.parts.into_iter();
            let codes = parts.flat_map(|part| {
                part.codes.into_iter().map(move |(code, display)| (part.system.clone(), code, display))
            });
            codes.take(MOST).collect::<Vec<_>>()
        });
        listed.filter(|codes| !codes.is_empty()).min_by_key(Vec::len).unwrap_or_default()
    }

    /// The bindings that a Coding answers to are its own and those of the CodeableConcept around it.
    fn coding(&self, coding: NodeId, name: &str, found: &mut Vec<Value>) {
        let tree = self.subject.tree();
        let mut elements = self.in_force(coding);
        if let Some(around) = tree.parent(coding).filter(|_| tree.name(coding) == "coding") {
            elements.extend(self.in_force(around));
        }
        let codes = self.bound(&elements);
        if name == "system" {
            let mut systems: BTreeMap<&str, usize> = BTreeMap::new();
            codes.iter().for_each(|(system, ..)| *systems.entry(system).or_default() += 1);
            found.extend(systems.iter().map(|(system, count)| self.option(system, "code", &format!("{count} codes"))));
            return;
        }
        let system = tree.child_text(coding, "system").filter(|system| *system != MARK);
        let fitting = codes.iter().filter(|(own, ..)| system.is_none_or(|system| system == own));
        if name == "display" {
            let code = tree.child_text(coding, "code");
            let named = fitting.filter(|(_, own, display)| code.is_none_or(|code| code == own) && !display.is_empty());
            found.extend(named.map(|(_, code, display)| self.option(display, "code", code)));
            return;
        }
        found.extend(fitting.map(|(_, code, display)| self.option(code, "code", display)));
    }

    /// The extensions that the profiles in force name here, then those that may stand here by their own definition.
    fn extensions(&self, extension: NodeId, found: &mut Vec<Value>) {
        let tree = self.subject.tree();
        let Some(holder) = tree.parent(extension) else { return };
        let name = tree.name_id(extension);
        for by in self.in_force(holder) {
            for child in by.children().filter(|child| child.element.name == name) {
                let slices = child.element.slicing.iter().flat_map(|slicing| &slicing.slices);
                for slice in slices.filter_map(|at| child.at(*at)) {
                    let detail = slice.element.slice_name.as_deref().unwrap_or_default();
                    let urls = slice.element.types.iter().flat_map(|kind| &kind.profiles);
                    found.extend(urls.map(|url| self.option(url, "extension", detail)));
                    let fixed =
                        slice.children().filter(|part| self.definitions.names().text(part.element.name) == "url");
                    for rule in fixed.flat_map(|part| &part.element.rules) {
                        if let Rule::Fixed(sample) = rule
                            && let Ok(Value::String(url)) = serde_json::from_str(sample.json())
                        {
                            found.push(self.option(&url, "extension", detail));
                        }
                    }
                }
            }
        }
        let context = self.context(holder);
        for known in self.definitions.known() {
            let plan = known.plan;
            let fits = |allowed: &str| context.iter().any(|path| path == allowed);
            if plan.is_constraint && &*plan.type_name == "Extension" && plan.contexts.iter().any(|path| fits(path)) {
                found.push(self.option(&plan.url, "extension", &plan.name));
            }
        }
    }

    /// What an extension's definition may call the place of an element: its type, and its path in the resource's definition.
    fn context(&self, node: NodeId) -> Vec<String> {
        let mut out: Vec<String> = self.subject.type_name(node).map(str::to_owned).into_iter().collect();
        if let Some(known) = self.subject.typed.get(node) {
            out.push(known.element.element.id.to_string());
        }
        out
    }

    /// The profiles of the resource's type.
    fn profiles(&self, meta: NodeId, found: &mut Vec<Value>) {
        let tree = self.subject.tree();
        let resource = tree.resource_type(tree.resource_of(meta)).unwrap_or_default();
        for known in
            self.definitions.known().filter(|known| known.plan.is_constraint && *known.plan.type_name == *resource)
        {
            found.push(self.option(&known.plan.url, "profile", known.family));
        }
    }
}
