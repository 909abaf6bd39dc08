//! Definitions from a tree. Reading is tolerant: what is wrong is left out and listed, and the rest is kept.

mod terminology;

pub use terminology::{code_system, code_system_at, value_set, value_set_at};

use super::shape::Shapes;
use super::{
    Base, Binding, Constraint, ElementDefinition, Slicing, StructureDefinition, StructureKind, TypeRef, Value,
};
use crate::tree::{NodeId, Tree};

/// What is wrong with the form of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub node: NodeId,
    /// What.
    pub kind: FaultKind,
}

/// The kinds of fault that reading a definition finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The resource is of another type.
    WrongType {
        /// The type asked for.
        expected: &'static str,
    },
    /// An element that must be there has no value.
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// A value is not one of those that the element can have.
    Invalid {
        /// The element's name.
        name: &'static str,
        /// The value.
        text: String,
    },
}

/// A definition, and what was wrong with its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<T> {
    /// Everything that could be read.
    pub value: T,
    /// What could not.
    pub faults: Vec<Fault>,
}

/// A StructureDefinition from its tree. For one that came as XML use [`structure_definition_with`], so that the values
/// it fixes get their proper JSON form.
pub fn structure_definition(tree: &Tree) -> Read<StructureDefinition> {
    structure_definition_with(tree, &Shapes::default())
}

/// A StructureDefinition from its tree, in JSON or XML; `shapes` are those of the data types.
pub fn structure_definition_with(tree: &Tree, shapes: &Shapes) -> Read<StructureDefinition> {
    structure_definition_at(tree, tree.root(), shapes)
}

/// A StructureDefinition that stands in another resource, such as an entry of a Bundle.
pub fn structure_definition_at(tree: &Tree, root: NodeId, shapes: &Shapes) -> Read<StructureDefinition> {
    let mut reader = Reader::new(tree, root, "StructureDefinition");
    let kind = match tree.child_text(root, "kind").unwrap_or_default() {
        "primitive-type" => StructureKind::Primitive,
        "complex-type" => StructureKind::Complex,
        "resource" => StructureKind::Resource,
        "logical" => StructureKind::Logical,
        other => {
            let text = other.to_owned();
            reader.fault(root, FaultKind::Invalid { name: "kind", text });
            StructureKind::Resource
        }
    };
    let base_definition = reader.optional(root, "baseDefinition");
    let mut part = |name: &str| -> Vec<ElementDefinition> {
        let parts: Vec<NodeId> = tree.named(root, name).flat_map(|part| tree.named(part, "element")).collect();
        parts.into_iter().filter_map(|node| reader.element(node, shapes)).collect()
    };
    let (mut differential, mut snapshot) = (part("differential"), part("snapshot"));
    // A contained value set has no canonical URL that anybody else could mean.
    let url = reader.text(root, "url");
    let bindings = differential.iter_mut().chain(&mut snapshot).filter_map(|element| element.binding.as_mut());
    for value_set in bindings.flat_map(|binding| [&mut binding.value_set, &mut binding.max_value_set]).flatten() {
        if value_set.starts_with('#') {
            value_set.insert_str(0, &url);
        }
    }
    let elements = if differential.is_empty() { &snapshot } else { &differential };
    let root_path = elements.first().map_or("", |first| first.path.split('.').next().unwrap_or_default()).to_owned();
    // A profile's type can be read from its paths where the publisher left it out.
    let type_name = reader.optional(root, "type").unwrap_or_else(|| {
        reader.fault(root, FaultKind::Missing { name: "type" });
        root_path
    });
    let is_constraint = match tree.child_text(root, "derivation") {
        Some(derivation) => derivation == "constraint",
        None => base_definition.as_deref().is_some_and(|base| base.rsplit('/').next() == Some(type_name.as_str())),
    };
    let (context_type, contexts) = reader.contexts(root);
    let value = StructureDefinition {
        url: reader.required(root, "url"),
        version: reader.text(root, "version"),
        name: reader.required(root, "name"),
        status: reader.required(root, "status"),
        date: reader.text(root, "date"),
        kind,
        is_abstract: reader.flag(root, "abstract").unwrap_or(false),
        type_name,
        base_definition,
        is_constraint,
        context_type,
        contexts,
        context_invariants: reader.list(root, "contextInvariant"),
        differential,
        snapshot,
    };
    Read { value, faults: reader.faults }
}

/// Whether a path is that of a primitive's own value: `string.value`.
fn is_value_of_primitive(path: &str) -> bool {
    path.starts_with(|letter: char| letter.is_ascii_lowercase()) && path.ends_with(".value")
}

/// The type of an element that R4 gives one of FHIRPath: none for what a primitive has for its value, and `id` for that of a
/// resource, which 4.0.1 calls a string by mistake.
fn system_type(path: &str, stated: Option<String>) -> String {
    match (is_value_of_primitive(path), path) {
        (true, _) => String::new(),
        (_, "Resource.id") => "id".to_owned(),
        _ => stated.unwrap_or_else(|| "string".to_owned()),
    }
}

struct Reader<'t> {
    tree: &'t Tree,
    faults: Vec<Fault>,
}

impl<'t> Reader<'t> {
    fn new(tree: &'t Tree, root: NodeId, expected: &'static str) -> Self {
        let mut reader = Reader { tree, faults: Vec::new() };
        if tree.resource_type(root) != Some(expected) {
            reader.fault(root, FaultKind::WrongType { expected });
        }
        reader
    }

    fn fault(&mut self, node: NodeId, kind: FaultKind) {
        self.faults.push(Fault { node, kind });
    }

    /// The child's text without white space around it, which publishers' tools leave in URLs and codes; empty if none.
    fn text(&self, node: NodeId, name: &str) -> String {
        self.optional(node, name).unwrap_or_default()
    }

    fn optional(&self, node: NodeId, name: &str) -> Option<String> {
        self.tree.child_text(node, name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn required(&mut self, node: NodeId, name: &'static str) -> String {
        self.optional(node, name).unwrap_or_else(|| {
            self.fault(node, FaultKind::Missing { name });
            String::new()
        })
    }

    fn list(&self, node: NodeId, name: &str) -> Vec<String> {
        let texts = self.tree.named(node, name).filter_map(|child| self.tree.text(child));
        texts.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }

    /// What the contexts of an extension name, and the contexts. R4 has the kind with each context (`context.type`); of one that
    /// only an expression can tell nothing is kept, as if there were none.
    fn contexts(&self, root: NodeId) -> (Option<String>, Vec<String>) {
        let tree = self.tree;
        let parts: Vec<(String, String)> = tree
            .named(root, "context")
            .filter(|context| tree.child(*context, "expression").is_some())
            .map(|context| (self.text(context, "type"), self.text(context, "expression")))
            .collect();
        if parts.is_empty() {
            return (self.optional(root, "contextType"), self.list(root, "context"));
        }
        if parts.iter().any(|(kind, _)| kind == "fhirpath") {
            return (None, Vec::new());
        }
        let is_of_extensions = parts.iter().all(|(kind, _)| kind == "extension");
        let kind = if is_of_extensions { "extension" } else { "element" };
        (Some(kind.to_owned()), parts.into_iter().map(|(_, expression)| expression).collect())
    }

    fn flag(&mut self, node: NodeId, name: &'static str) -> Option<bool> {
        match self.optional(node, name)?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                let text = other.to_owned();
                self.fault(node, FaultKind::Invalid { name, text });
                None
            }
        }
    }

    fn number(&mut self, node: NodeId, name: &'static str) -> Option<u32> {
        let text = self.optional(node, name)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.fault(node, FaultKind::Invalid { name, text });
        }
        number
    }

    fn max(&mut self, node: NodeId) -> Option<String> {
        let text = self.optional(node, "max")?;
        if text == "*" || text.parse::<u32>().is_ok() {
            return Some(text);
        }
        self.fault(node, FaultKind::Invalid { name: "max", text });
        None
    }

    /// The extensions of a node whose URL ends in `name`.
    fn extension(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.tree.named(node, "extension").find(|extension| {
            self.tree.child_text(*extension, "url").is_some_and(|url| url.rsplit('/').next() == Some(name))
        })
    }

    /// The `value…` of such an extension: the text of a primitive, or of a reference.
    fn extension_text(&self, node: NodeId, name: &str) -> Option<String> {
        let extension = self.extension(node, name)?;
        let value = self.tree.children(extension).find(|child| self.tree.name(*child).starts_with("value"))?;
        self.tree.text(value).map(str::to_owned).or_else(|| self.optional(value, "reference"))
    }

    fn element(&mut self, node: NodeId, shapes: &Shapes) -> Option<ElementDefinition> {
        let path = self.required(node, "path");
        if path.is_empty() {
            return None;
        }
        let mut element = ElementDefinition {
            id: self.text(node, "id"),
            path,
            representation: self.list(node, "representation"),
            // `name` is what DSTU2 and early STU3 tools write for the slice's name.
            slice_name: self.optional(node, "sliceName").or_else(|| self.optional(node, "name")),
            slicing: self.tree.child(node, "slicing").map(|slicing| self.slicing(slicing)),
            min: self.number(node, "min"),
            max: self.max(node),
            base: self.tree.child(node, "base").and_then(|base| self.base(base)),
            content_reference: self.optional(node, "contentReference"),
            types: Vec::new(),
            max_length: self.number(node, "maxLength"),
            conditions: self.list(node, "condition"),
            must_support: self.flag(node, "mustSupport"),
            is_modifier: self.flag(node, "isModifier"),
            is_summary: self.flag(node, "isSummary"),
            ..ElementDefinition::default()
        };
        element.types = self.tree.named(node, "type").map(|kind| self.type_ref(kind, &element.path)).collect();
        let constraints: Vec<NodeId> = self.tree.named(node, "constraint").collect();
        element.constraints = constraints.into_iter().filter_map(|constraint| self.constraint(constraint)).collect();
        if let Some(binding) = self.tree.child(node, "binding") {
            element.binding = Some(self.binding(binding));
        }
        for child in self.tree.children(node) {
            let name = self.tree.name(child);
            let value = |prefix: &str| -> Option<Value> { shapes.value(self.tree, child, prefix) };
            match name {
                _ if name.starts_with("fixed") => element.fixed = value("fixed"),
                _ if name.starts_with("pattern") => element.pattern = value("pattern"),
                _ if name.starts_with("minValue") => element.min_value = value("minValue"),
                _ if name.starts_with("maxValue") => element.max_value = value("maxValue"),
                _ => {}
            }
        }
        Some(element)
    }

    fn slicing(&mut self, node: NodeId) -> Slicing {
        let mut slicing = Slicing { ordered: self.flag(node, "ordered"), ..Slicing::default() };
        for discriminator in self.tree.named(node, "discriminator") {
            match self.optional(discriminator, "path") {
                Some(path) => slicing.discriminators.push((self.text(discriminator, "type"), path)),
                // Before 3.0 a discriminator was a bare path, and looked at values.
                None => match self.tree.text(discriminator) {
                    Some(path) => slicing.discriminators.push(("value".to_owned(), path.trim().to_owned())),
                    None => self.faults.push(Fault { node: discriminator, kind: FaultKind::Missing { name: "path" } }),
                },
            }
        }
        let rules = self.required(node, "rules");
        slicing.rules = match rules.as_str() {
            "open" | "closed" | "openAtEnd" => rules,
            "" => "open".to_owned(),
            _ => {
                self.fault(node, FaultKind::Invalid { name: "rules", text: rules });
                "open".to_owned()
            }
        };
        slicing
    }

    fn base(&mut self, node: NodeId) -> Option<Base> {
        let path = self.required(node, "path");
        let (min, max) = (self.number(node, "min"), self.max(node));
        if path.is_empty() {
            return None;
        }
        Some(Base { path, min: min.unwrap_or(0), max: max.unwrap_or_else(|| "*".to_owned()) })
    }

    fn type_ref(&self, node: NodeId, path: &str) -> TypeRef {
        let own = self.tree.child(node, "code");
        let mut json_type = own.and_then(|code| self.extension_text(code, "structuredefinition-json-type"));
        let mut code = self.text(node, "code");
        // R4 names the type that FHIRPath has for it, and says beside it which one of FHIR it is.
        if let Some(system) = code.strip_prefix("http://hl7.org/fhirpath/System.") {
            json_type = match (system, path) {
                ("Boolean", _) => Some("boolean".to_owned()),
                // 4.0.1 has a string for these two by mistake.
                ("Integer" | "Decimal", _) | (_, "positiveInt.value" | "unsignedInt.value") => {
                    Some("number".to_owned())
                }
                (_, path) if is_value_of_primitive(path) => Some("string".to_owned()),
                _ => None,
            };
            code = system_type(path, self.extension_text(node, "structuredefinition-fhir-type"));
        }
        TypeRef {
            code,
            profiles: self.list(node, "profile"),
            target_profiles: self.list(node, "targetProfile"),
            aggregation: self.list(node, "aggregation"),
            versioning: self.optional(node, "versioning"),
            regex: self.extension_text(node, "structuredefinition-regex"),
            json_type,
        }
    }

    fn constraint(&mut self, node: NodeId) -> Option<Constraint> {
        let key = self.required(node, "key");
        if key.is_empty() {
            return None;
        }
        let severity = self.required(node, "severity");
        let severity = if severity.is_empty() { "error".to_owned() } else { severity };
        let expression =
            self.optional(node, "expression").or_else(|| self.extension_text(node, "structuredefinition-expression"));
        let human = self.optional(node, "human");
        Some(Constraint { key, severity, expression, source: self.text(node, "source"), human })
    }

    /// The publishers' tools leave the strength out where a differential changes only the value set.
    fn binding(&mut self, node: NodeId) -> Binding {
        let mut strength = self.text(node, "strength");
        if !matches!(strength.as_str(), "required" | "extensible" | "preferred" | "example" | "") {
            let text = std::mem::take(&mut strength);
            self.fault(node, FaultKind::Invalid { name: "strength", text });
        }
        let reference = self.tree.child(node, "valueSetReference");
        let value_set = reference
            .and_then(|reference| self.optional(reference, "reference"))
            .or_else(|| self.optional(node, "valueSetUri"))
            .or_else(|| self.optional(node, "valueSet"));
        let max_value_set = self.extension_text(node, "elementdefinition-maxValueSet");
        Binding { strength, value_set, max_value_set }
    }
}
