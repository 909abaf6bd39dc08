//! The value that a definition fixes, as JSON text. XML does not say what repeats or what is a number, so that the JSON
//! form of an XML value needs the shapes of the data types.

use super::{StructureDefinition, StructureKind, Value};
use crate::tree::{Flags, Kind, NodeId, Tree};
use rustc_hash::FxHashMap;

/// How one element of a data type is written in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The type's name; for an element with content of its own, its path (`Timing.repeat`).
    pub type_name: String,
    /// Whether it is an array.
    pub repeats: bool,
}

/// The shapes of every element of the data types.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    elements: FxHashMap<String, Shape>,
    bare: FxHashMap<String, bool>,
}

impl Shapes {
    /// The shapes that base definitions of types and primitives state.
    pub fn of<'a>(definitions: impl IntoIterator<Item = &'a StructureDefinition>) -> Self {
        let mut shapes = Shapes::default();
        for definition in definitions {
            shapes.add(definition);
        }
        shapes
    }

    /// Adds the shapes of one definition, unless it is a profile.
    pub fn add(&mut self, definition: &StructureDefinition) {
        if definition.is_constraint {
            return;
        }
        let elements = if definition.snapshot.is_empty() { &definition.differential } else { &definition.snapshot };
        if definition.kind == StructureKind::Primitive {
            let json_type =
                elements.iter().flat_map(|element| &element.types).find_map(|kind| kind.json_type.as_deref());
            let bare = json_type.is_some_and(|json| json == "number" || json == "boolean");
            self.bare.insert(definition.type_name.clone(), bare);
        }
        for element in elements {
            let repeats = element.max.as_deref().is_some_and(|max| max != "0" && max != "1");
            let own = |code: &str| matches!(code, "Element" | "BackboneElement");
            match (element.path.strip_suffix("[x]"), element.types.as_slice()) {
                (Some(stem), types) => {
                    for kind in types {
                        let path = format!("{stem}{}", capital(&kind.code));
                        self.elements.insert(path, Shape { type_name: kind.code.clone(), repeats });
                    }
                }
                (None, [kind, ..]) if !own(&kind.code) => {
                    self.elements.insert(element.path.clone(), Shape { type_name: kind.code.clone(), repeats });
                }
                _ => {
                    let type_name = match &element.content_reference {
                        Some(path) => path.trim_start_matches('#').to_owned(),
                        None => element.path.clone(),
                    };
                    self.elements.insert(element.path.clone(), Shape { type_name, repeats });
                }
            }
        }
    }

    /// The shape of the child `name` of a type (or of the element at a path). Every type has `id` and `extension`.
    pub fn child(&self, type_name: &str, name: &str) -> Option<&Shape> {
        ["Element", type_name].into_iter().rev().find_map(|owner| self.elements.get(&format!("{owner}.{name}")))
    }

    /// Whether JSON writes a primitive type without quotes.
    pub fn is_bare(&self, primitive: &str) -> bool {
        self.bare.get(primitive).copied().unwrap_or(false)
    }

    /// The value at a node whose name is `prefix` and a type: `fixedUri`, `patternCodeableConcept`. From JSON the text is
    /// as written, less white space between the tokens.
    pub fn value(&self, tree: &Tree, node: NodeId, prefix: &str) -> Option<Value> {
        let suffix = tree.name(node).strip_prefix(prefix)?;
        let type_name = self.type_of(suffix);
        let mut json = String::new();
        if tree.kind(node) == Kind::Xml {
            self.write(tree, node, &type_name, &mut json);
        } else {
            let span = tree.span(node);
            let source = tree.source().get(span.start as usize..span.end as usize)?;
            if matches!(tree.kind(node), Kind::Null | Kind::Array) || source.is_empty() {
                return None;
            }
            compact(source, &mut json);
        }
        Some(Value { type_name, json })
    }

    /// The type whose name with a capital is `suffix`. Without shapes, the primitives that STU3 has.
    fn type_of(&self, suffix: &str) -> String {
        let lower = lower_first(suffix);
        if self.bare.contains_key(&lower) || PRIMITIVES.contains(&lower.as_str()) { lower } else { suffix.to_owned() }
    }

    /// The depth is bounded by the depth of the tree, which the reader limits.
    fn write(&self, tree: &Tree, node: NodeId, type_name: &str, out: &mut String) {
        if tree.children(node).next().is_none() {
            if let Some(text) = tree.text(node) {
                if self.is_bare(type_name) {
                    out.push_str(text.trim())
                } else {
                    quote(text, out)
                }
                return;
            }
        }
        out.push('{');
        let mut first = true;
        let mut done: Vec<&str> = Vec::new();
        for child in tree.children(node) {
            let name = tree.name(child);
            if done.contains(&name) || tree.flags(child).has(Flags::FOREIGN) {
                continue;
            }
            done.push(name);
            if !std::mem::take(&mut first) {
                out.push(',');
            }
            quote(name, out);
            out.push(':');
            let shape = self.child(type_name, name);
            let child_type = shape.map_or("", |shape| shape.type_name.as_str());
            let siblings: Vec<NodeId> = tree.named(node, name).collect();
            let list = shape.map_or(siblings.len() > 1, |shape| shape.repeats);
            if !list {
                self.write(tree, child, child_type, out);
                continue;
            }
            out.push('[');
            for (at, item) in siblings.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                self.write(tree, item, child_type, out);
            }
            out.push(']');
        }
        out.push('}');
    }
}

/// The primitive types of STU3 (2.24.0.1), for values read without shapes.
const PRIMITIVES: [&str; 18] = [
    "base64Binary",
    "boolean",
    "code",
    "date",
    "dateTime",
    "decimal",
    "id",
    "instant",
    "integer",
    "markdown",
    "oid",
    "positiveInt",
    "string",
    "time",
    "unsignedInt",
    "uri",
    "uuid",
    "xhtml",
];

/// The name with a capital first letter, as in the name of a choice: `DateTime`.
pub fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Adds JSON text without the white space between its tokens.
fn compact(json: &str, out: &mut String) {
    let mut quoted = false;
    let mut escaped = false;
    for letter in json.chars() {
        if quoted {
            quoted = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
        } else if letter.is_ascii_whitespace() {
            continue;
        } else {
            quoted = letter == '"';
        }
        out.push(letter);
    }
}

/// Adds a JSON string.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if (control as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}
