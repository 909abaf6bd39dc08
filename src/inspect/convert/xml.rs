//! The writing of XML.

use super::{Writer, indent};
use crate::issue::Problem;
use crate::parse::xml::{is_character, is_element_name};
use crate::parse::{Limits, parse};
use crate::primitive::{JsonKind, json_kind};
use crate::tree::{Flags, Kind, NodeId};
use crate::xhtml;

/// FHIR's namespace.
const NAMESPACE: &str = "http://hl7.org/fhir";

impl Writer<'_, '_> {
    pub(super) fn xml(&mut self) {
        let root = self.tree().root();
        let name = self.resource_name(root);
        self.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.xml_resource(root, &name, true, 0);
        self.out.push('\n');
    }

    /// The type of a resource, if an element can be called that.
    fn resource_name(&mut self, node: NodeId) -> String {
        let name = self.tree().resource_type(node).unwrap_or("Resource").to_owned();
        if is_element_name(&name) {
            return name;
        }
        self.lose(node, "The resource's type is no name that XML allows, so that it is left out.");
        "Resource".to_owned()
    }

    fn xml_resource(&mut self, node: NodeId, name: &str, is_root: bool, depth: usize) {
        self.out.push('<');
        self.out.push_str(name);
        if is_root {
            self.out.push_str(&format!(" xmlns=\"{NAMESPACE}\""));
        }
        self.xml_content(node, name, depth);
    }

    /// Says where a value's form in JSON is not that of its type: XML has one form for all.
    fn form(&mut self, node: NodeId) {
        let kind = match self.tree().kind(node) {
            Kind::String => JsonKind::String,
            Kind::Number => JsonKind::Number,
            Kind::Boolean => JsonKind::Boolean,
            _ => return,
        };
        let wanted = self.subject.typed.type_name(node).and_then(json_kind).unwrap_or(JsonKind::String);
        if kind != wanted {
            self.lose(node, format!("The value is {} and not {}, which XML cannot say.", kind.words(), wanted.words()));
        }
    }

    /// Whether a child is written as an attribute: `id` of an element, `url` of an extension.
    fn is_attribute(&self, child: NodeId) -> bool {
        let tree = self.tree();
        if tree.flags(child).has(Flags::ATTRIBUTE) {
            return true;
        }
        // Both are of every element, of those too that stand where the definitions have none.
        match self.subject.typed.get(child) {
            Some(known) => known.element.element.is_attribute,
            None => false,
        }
    }

    /// The rest of a start tag, what stands in the element, and its end.
    fn xml_content(&mut self, node: NodeId, name: &str, depth: usize) {
        let tree = self.tree();
        let mut members = self.members(node);
        members.retain(|child| {
            let is_name = is_element_name(tree.name(*child));
            if !is_name {
                self.lose(*child, "This is left out, as no element of XML can have such a name.");
            }
            is_name
        });
        let (attributes, mut members): (Vec<NodeId>, Vec<NodeId>) =
            members.into_iter().partition(|child| self.is_attribute(*child));
        let mut written: Vec<&str> = Vec::new();
        for attribute in attributes {
            if written.contains(&tree.name(attribute)) {
                self.lose(attribute, "This is left out, as an attribute stands in an element once.");
                continue;
            }
            written.push(tree.name(attribute));
            self.form(attribute);
            let text = tree.text(attribute).unwrap_or_default().to_owned();
            self.xml_attribute(attribute, tree.name(attribute), &text);
            if tree.children(attribute).next().is_some() {
                self.lose(attribute, "What is said of this value is left out, as XML writes it as an attribute.");
            }
        }
        if tree.resource_type(node).is_none() || tree.text(node).is_some() {
            if let Some(text) = tree.text(node).filter(|_| !written.contains(&"value")) {
                let text = text.to_owned();
                self.form(node);
                self.xml_attribute(node, "value", &text);
            }
        }
        if members.is_empty() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        self.in_order(node, &mut members);
        for child in members {
            indent(depth + 1, &mut self.out);
            self.xml_element(child, depth + 1);
        }
        indent(depth, &mut self.out);
        self.out.push_str(&format!("</{name}>"));
    }

    /// Puts children in the order of the definition, in which XML has them (STU3 2.5.0); unknown ones come last.
    fn in_order(&self, node: NodeId, members: &mut [NodeId]) {
        let Some(known) = self.subject.typed.get(node) else { return };
        let order: Vec<*const crate::plan::Element> =
            known.content().children().map(|child| std::ptr::from_ref(child.element)).collect();
        let place = |child: &NodeId| {
            let own = self.subject.typed.get(*child).map(|own| std::ptr::from_ref(own.element.element));
            own.and_then(|own| order.iter().position(|other| *other == own)).unwrap_or(order.len())
        };
        let mut placed: Vec<(usize, NodeId)> = members.iter().map(|child| (place(child), *child)).collect();
        crate::order::sort_by_key(&mut placed, |(place, _)| *place);
        members.iter_mut().zip(placed).for_each(|(member, (_, child))| *member = child);
    }

    fn xml_element(&mut self, node: NodeId, depth: usize) {
        if self.is_full() {
            return;
        }
        let tree = self.tree();
        let name = tree.name(node).to_owned();
        if tree.flags(node).has(Flags::DUPLICATE) {
            self.lose(node, format!("'{name}' stands in one object twice; here it is written as a repeat."));
        }
        let is_single = self.subject.typed.get(node).is_some_and(|known| !known.element.element.repeats);
        if is_single && tree.flags(node).has(Flags::IN_ARRAY) && tree.index(node) == 0 {
            self.lose(node, format!("'{name}' does not repeat but is written as an array, which XML cannot say."));
        }
        if tree.kind(node) == Kind::Xhtml || self.subject.typed.type_name(node) == Some("xhtml") {
            self.xml_narrative(node);
            return;
        }
        self.out.push('<');
        self.out.push_str(&name);
        match tree.resource_type(node) {
            Some(_) => {
                let resource = self.resource_name(node);
                self.out.push('>');
                indent(depth + 1, &mut self.out);
                self.xml_resource(node, &resource, false, depth + 1);
                indent(depth, &mut self.out);
                self.out.push_str(&format!("</{name}>"));
            }
            None => self.xml_content(node, &name, depth),
        }
    }

    fn xml_attribute(&mut self, node: NodeId, name: &str, text: &str) {
        self.out.push_str(&format!(" {name}=\""));
        let mut is_lost = false;
        for letter in text.chars() {
            match letter {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\n' => self.out.push_str("&#10;"),
                '\r' => self.out.push_str("&#13;"),
                '\t' => self.out.push_str("&#9;"),
                other if is_character(other) => self.out.push(other),
                _ => is_lost = true,
            }
        }
        self.out.push('"');
        if is_lost {
            self.lose(node, "A control character is left out, as XML cannot hold it.");
        }
    }

    /// A narrative as it stands, if it is well-formed XHTML of its own.
    fn xml_narrative(&mut self, node: NodeId) {
        let tree = self.tree();
        let text = tree.text(node).unwrap_or_default().trim().to_owned();
        let parsed = parse(text.as_bytes(), tree.names(), Limits::default());
        let is_broken = |problem: &Problem| {
            matches!(
                problem,
                Problem::XmlSyntax { .. } | Problem::XmlDoctype | Problem::XmlEntity { .. } | Problem::TooDeep { .. }
            )
        };
        let starts = text.strip_prefix("<div").is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n', '/', '>']));
        let is_div = starts || tree.kind(node) == Kind::Xhtml;
        if is_div && !parsed.faults.iter().any(|fault| is_broken(&fault.problem)) {
            let tag = text.split('>').next().unwrap_or_default();
            match text.strip_prefix("<div") {
                Some(rest) if !tag.contains("xmlns") => {
                    self.lose(
                        node,
                        "The narrative has no namespace; XHTML's was added, as XML would take it for FHIR's own.",
                    );
                    self.out.push_str(&format!("<div xmlns=\"{}\"{rest}", xhtml::NAMESPACE));
                }
                _ => self.out.push_str(&text),
            }
            return;
        }
        self.lose(node, "The narrative is not well-formed XHTML, so that it is written as plain text.");
        let escaped = text.chars().filter(|letter| is_character(*letter)).collect::<String>();
        let escaped = escaped.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        self.out.push_str(&format!("<div xmlns=\"{}\">{escaped}</div>", xhtml::NAMESPACE));
    }
}
