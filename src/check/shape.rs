//! The form of a node: JSON's arrays and objects, XML's order, the lexical form of primitives.

use super::{Checker, shorten};
use crate::issue::Problem;
use crate::model::StructureKind;
use crate::tree::{Flags, Kind, NodeId};
use crate::typed::ElementRef;

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "an object",
        Kind::String => "a string",
        Kind::Number => "a number",
        Kind::Boolean => "a boolean",
        Kind::Null => "null",
        Kind::Array => "an array",
        Kind::Xml => "an element",
        Kind::Xhtml => "XHTML",
    }
}

/// How JSON writes a primitive type (STU3 2.6.2.1).
fn json_kind(type_name: &str) -> Kind {
    match type_name {
        "boolean" => Kind::Boolean,
        "integer" | "unsignedInt" | "positiveInt" | "decimal" => Kind::Number,
        _ => Kind::String,
    }
}

impl<'c> Checker<'c> {
    /// Checks a node's form; says whether the rest of the checks make sense.
    pub(super) fn shape(&mut self, node: NodeId) -> bool {
        let Some(known) = self.typed.get(node) else { return false };
        let by = Some(known.element);
        let kind = self.tree.kind(node);
        let flags = self.tree.flags(node);
        let is_root = self.tree.parent(node).is_none();
        let is_xml = matches!(kind, Kind::Xml | Kind::Xhtml) || flags.has(Flags::ATTRIBUTE);
        if !is_root && !is_xml && self.tree.index(node) == 0 {
            match (known.element.element.repeats, flags.has(Flags::IN_ARRAY)) {
                (true, false) if kind != Kind::Null => {
                    self.find_name(node, by, Problem::ArrayExpected { name: self.tree.name(node).to_owned() });
                }
                (false, true) => {
                    self.find_name(node, by, Problem::ArrayUnexpected { name: self.tree.name(node).to_owned() });
                }
                _ => {}
            }
        }
        if kind == Kind::Array {
            return false;
        }
        if kind == Kind::Xml && known.element.element.is_attribute && !flags.has(Flags::ATTRIBUTE) {
            self.find_name(node, by, Problem::XmlAttributeExpected { name: self.tree.name(node).to_owned() });
        }
        let content = known.content();
        // A resource is what it says it is, though no definition has that name.
        let tree = self.tree;
        let type_name = tree.resource_type(node).unwrap_or_else(|| self.definitions.names().text(known.code));
        if flags.has(Flags::EXTENDED) && self.tree.index(node) == 0 && content.plan.kind != StructureKind::Primitive {
            self.find_name(node, by, Problem::UnderscoreComplex { name: self.tree.name(node).to_owned() });
        }
        if content.plan.kind == StructureKind::Primitive && known.type_root.is_some() {
            return self.primitive(node, content, type_name);
        }
        if type_name.is_empty() && tree.resource_type_id(node).is_none() {
            // What the element itself is was found wrong where it stands.
            return false;
        }
        let found = match kind {
            Kind::Null => return false,
            Kind::Object => None,
            Kind::Xml => self.tree.text(node).map(|_| "a 'value' attribute"),
            other => Some(kind_words(other)),
        };
        let name = self.tree.name(node).to_owned();
        if let Some(found) = found {
            self.find(node, by, Problem::ObjectExpected { name, type_name: type_name.to_owned(), found });
            return kind == Kind::Xml;
        }
        if kind == Kind::Xml {
            // A resource is not empty by ele-1, which is about elements: it has a type.
            let is_resource = tree.resource_type_id(node).is_some();
            if tree.children(node).next().is_none() && !is_root && !is_resource {
                self.find_name(node, by, Problem::NoContent { name });
                return false;
            }
            self.order(node, content);
        }
        if tree.resource_type_id(node).is_some() {
            return true;
        }
        if !is_root && matches!(type_name, "Resource" | "DomainResource") {
            // Of a type that is no string, that is the fault.
            if tree.child(node, "resourceType").is_none() {
                self.find_name(node, by, Problem::ResourceExpected { name });
            }
            return false;
        }
        if self.has_id_alone(node) && !is_root {
            self.find_name(node, by, Problem::NoContent { name });
            return false;
        }
        true
    }

    /// Whether an id is all that an element has: by ele-1 that is no content.
    fn has_id_alone(&self, node: NodeId) -> bool {
        let mut children = self.tree.children(node).peekable();
        children.peek().is_some() && children.all(|child| self.tree.name(child) == "id")
    }

    /// Whether a value is an example that a definition gives of an element. HL7's own of `Identifier.system` is two addresses
    /// in a sentence, which every published snapshot repeats.
    fn is_example(&self, node: NodeId) -> bool {
        let tree = self.tree;
        let above = tree.parent(node).filter(|parent| tree.name(*parent) == "example").and_then(|at| tree.parent(at));
        above.is_some_and(|element| self.typed.type_name(element) == Some("ElementDefinition"))
    }

    fn primitive(&mut self, node: NodeId, content: ElementRef<'c>, type_name: &str) -> bool {
        let by = Some(content);
        let kind = self.tree.kind(node);
        let is_xhtml = type_name == "xhtml";
        match kind {
            Kind::Null => return false,
            // Only `_name` is there: extensions in place of a value.
            Kind::Object if self.tree.flags(node).has(Flags::EXTENDED) => {
                if self.has_id_alone(node) {
                    self.find_name(node, by, Problem::NoContent { name: self.tree.name(node).to_owned() });
                }
                return true;
            }
            Kind::Object | Kind::Array => {
                let problem = Problem::PrimitiveExpected {
                    name: self.tree.name(node).to_owned(),
                    type_name: type_name.to_owned(),
                    found: kind_words(kind),
                };
                self.find(node, by, problem);
                return false;
            }
            Kind::Xml if is_xhtml && self.tree.name(node) == "div" => {
                // The reader has said what it found in place of XHTML.
                return false;
            }
            Kind::Xml | Kind::Xhtml => {}
            Kind::String | Kind::Number | Kind::Boolean => {
                let expected = json_kind(type_name);
                if kind != expected {
                    let problem = Problem::JsonType {
                        type_name: type_name.to_owned(),
                        expected: kind_words(expected),
                        found: kind_words(kind),
                    };
                    self.find(node, by, problem);
                    return false;
                }
            }
        }
        let Some(text) = self.tree.text(node) else {
            let is_bare = self.tree.children(node).next().is_none();
            if is_bare || self.has_id_alone(node) {
                self.find_name(node, by, Problem::NoContent { name: self.tree.name(node).to_owned() });
            }
            return !is_bare;
        };
        if is_xhtml {
            return true;
        }
        if text.is_empty() {
            self.find(node, by, Problem::EmptyValue);
            return false;
        }
        let wider = self.definitions.version().differences().wider_numbers;
        if let Err(invalid) = crate::primitive::check_as(type_name, text, wider) {
            let type_name = type_name.to_owned();
            let problem = invalid.problem.into_owned();
            if invalid.odd || self.is_example(node) {
                self.find(node, by, Problem::PrimitiveOdd { type_name, problem });
                return true;
            }
            self.find(node, by, Problem::PrimitiveFormat { type_name, value: shorten(text), problem });
            return false;
        }
        if type_name == "canonical" && !text.starts_with('#') && !crate::primitive::is_absolute(text) {
            self.find(node, by, Problem::CanonicalRelative { value: shorten(text) });
        }
        true
    }

    /// The order of an XML element's children (STU3 2.5.0).
    fn order(&mut self, node: NodeId, content: ElementRef<'c>) {
        let mut last: Option<(usize, NodeId)> = None;
        let mut late = Vec::new();
        for child in self.tree.children(node) {
            let Some(known) = self.typed.get(child) else { continue };
            if self.tree.flags(child).has(Flags::ATTRIBUTE) {
                continue;
            }
            let Some(at) = content.children().position(|candidate| candidate.is(known.element)) else { continue };
            match last {
                Some((before, after)) if at < before => late.push((child, after)),
                _ => last = Some((at, child)),
            }
        }
        for (child, after) in late {
            let name = self.tree.name(child).to_owned();
            let after = self.tree.name(after).to_owned();
            self.find_name(child, Some(content), Problem::ElementOrder { name, after });
        }
    }
}
