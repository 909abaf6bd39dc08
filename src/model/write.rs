//! Definitions written as FHIR JSON: facts only, properties in a fixed order, a line for each thing that can change, so
//! that a difference between two versions reads well. [`read`](super::read) gives back the same.
//!
//! An invariant has no `human`: words are the project's own, and stand elsewhere.

use super::message::MessageDefinition;
use super::shape::quote;
use super::{
    Binding, CodeSystem, ConceptSet, Constraint, ElementDefinition, Slicing, StructureDefinition, StructureKind,
    TypeRef, ValueSet,
};

/// The columns that an object or array may take on a line of its own.
const WIDTH: usize = 120;

enum Json {
    Raw(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn text(text: &str) -> Json {
        let mut out = String::new();
        quote(text, &mut out);
        Json::Raw(out)
    }

    fn texts(texts: &[String]) -> Json {
        Json::Array(texts.iter().map(|text| Json::text(text)).collect())
    }

    fn is_leaf(&self) -> bool {
        match self {
            Json::Raw(_) => true,
            Json::Array(items) => items.iter().all(|item| matches!(item, Json::Raw(_))),
            Json::Object(_) => false,
        }
    }

    /// The value on one line, if it is flat enough to read so and not longer than `room`.
    fn line(&self, room: usize) -> Option<String> {
        let text = match self {
            Json::Raw(text) => return Some(text.clone()),
            Json::Array(items) => {
                let single = items.len() == 1;
                let items: Option<Vec<String>> =
                    items.iter().map(|item| if single || item.is_leaf() { item.line(room) } else { None }).collect();
                format!("[{}]", items?.join(", "))
            }
            Json::Object(members) => {
                let members: Option<Vec<String>> = members
                    .iter()
                    .map(|(name, value)| {
                        let value = value.is_leaf().then(|| value.line(room)).flatten()?;
                        Some(format!("\"{name}\": {value}"))
                    })
                    .collect();
                format!("{{{}}}", members?.join(", "))
            }
        };
        (text.chars().count() <= room).then_some(text)
    }

    /// The depth is that of the structures below, a code system's hierarchy the deepest; `concept` flattens that.
    fn print(&self, depth: usize, used: usize, out: &mut String) {
        let room = WIDTH.saturating_sub(depth + used);
        if depth > 0 {
            if let Some(line) = self.line(room) {
                out.push_str(&line);
                return;
            }
        }
        let new_line = |depth: usize, out: &mut String| {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', depth));
        };
        match self {
            Json::Raw(text) => out.push_str(text),
            Json::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    new_line(depth + 1, out);
                    item.print(depth + 1, 0, out);
                }
                new_line(depth, out);
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    new_line(depth + 1, out);
                    out.push('"');
                    out.push_str(name);
                    out.push_str("\": ");
                    value.print(depth + 1, name.len() + 4, out);
                }
                new_line(depth, out);
                out.push('}');
            }
        }
    }

    fn document(&self) -> String {
        let mut out = String::new();
        self.print(0, 0, &mut out);
        out.push('\n');
        out
    }
}

/// An object under construction; what is empty is left out.
#[derive(Default)]
struct Object(Vec<(String, Json)>);

impl Object {
    fn resource(resource_type: &str) -> Self {
        Object(vec![("resourceType".to_owned(), Json::text(resource_type))])
    }

    fn put(&mut self, name: impl Into<String>, value: Json) {
        self.0.push((name.into(), value));
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.put(name, Json::text(text));
        }
    }

    fn maybe(&mut self, name: &str, text: &Option<String>) {
        self.text(name, text.as_deref().unwrap_or_default());
    }

    fn texts(&mut self, name: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.put(name, Json::texts(texts));
        }
    }

    fn flag(&mut self, name: &str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.put(name, Json::Raw(flag.to_string()));
        }
    }

    fn number(&mut self, name: &str, number: Option<u32>) {
        if let Some(number) = number {
            self.put(name, Json::Raw(number.to_string()));
        }
    }

    fn list<T>(&mut self, name: &str, items: &[T], write: impl Fn(&T) -> Json) {
        if !items.is_empty() {
            self.put(name, Json::Array(items.iter().map(write).collect()));
        }
    }

    fn done(self) -> Json {
        Json::Object(self.0)
    }
}

const EXTENSIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

fn extension(name: &str, value_name: &str, value: Json) -> Json {
    let mut extension = Object::default();
    extension.text("url", &format!("{EXTENSIONS}{name}"));
    extension.put(value_name, value);
    extension.done()
}

/// A StructureDefinition as FHIR JSON; the snapshot only if the definition has one.
pub fn structure_definition(definition: &StructureDefinition) -> String {
    let mut out = Object::resource("StructureDefinition");
    out.text("url", &definition.url);
    out.text("version", &definition.version);
    out.text("name", &definition.name);
    out.text("status", &definition.status);
    out.text("date", &definition.date);
    let kind = match definition.kind {
        StructureKind::Primitive => "primitive-type",
        StructureKind::Complex => "complex-type",
        StructureKind::Resource => "resource",
        StructureKind::Logical => "logical",
    };
    out.text("kind", kind);
    out.flag("abstract", Some(definition.is_abstract));
    out.maybe("contextType", &definition.context_type);
    out.texts("context", &definition.contexts);
    out.texts("contextInvariant", &definition.context_invariants);
    out.text("type", &definition.type_name);
    out.maybe("baseDefinition", &definition.base_definition);
    out.text("derivation", if definition.is_constraint { "constraint" } else { "specialization" });
    for (name, elements) in [("snapshot", &definition.snapshot), ("differential", &definition.differential)] {
        if !elements.is_empty() {
            let elements = Json::Array(elements.iter().map(element).collect());
            out.put(name, Json::Object(vec![("element".to_owned(), elements)]));
        }
    }
    out.done().document()
}

fn element(element: &ElementDefinition) -> Json {
    let mut out = Object::default();
    out.text("id", &element.id);
    out.text("path", &element.path);
    out.texts("representation", &element.representation);
    out.maybe("sliceName", &element.slice_name);
    if let Some(slicing) = &element.slicing {
        out.put("slicing", self::slicing(slicing));
    }
    out.number("min", element.min);
    out.maybe("max", &element.max);
    if let Some(base) = &element.base {
        let mut held = Object::default();
        held.text("path", &base.path);
        held.number("min", Some(base.min));
        held.text("max", &base.max);
        out.put("base", held.done());
    }
    out.maybe("contentReference", &element.content_reference);
    out.list("type", &element.types, type_ref);
    let values = [
        ("fixed", &element.fixed),
        ("pattern", &element.pattern),
        ("minValue", &element.min_value),
        ("maxValue", &element.max_value),
    ];
    for (prefix, value) in values {
        if let Some(value) = value {
            out.put(format!("{prefix}{}", super::shape::capital(&value.type_name)), Json::Raw(value.json.clone()));
        }
    }
    out.number("maxLength", element.max_length);
    out.texts("condition", &element.conditions);
    out.list("constraint", &element.constraints, constraint);
    out.flag("mustSupport", element.must_support);
    out.flag("isModifier", element.is_modifier);
    out.flag("isSummary", element.is_summary);
    if let Some(binding) = &element.binding {
        out.put("binding", self::binding(binding));
    }
    out.done()
}

fn slicing(slicing: &Slicing) -> Json {
    let mut out = Object::default();
    out.list("discriminator", &slicing.discriminators, |(kind, path)| {
        let mut discriminator = Object::default();
        discriminator.text("type", kind);
        discriminator.text("path", path);
        discriminator.done()
    });
    out.flag("ordered", slicing.ordered);
    out.text("rules", &slicing.rules);
    out.done()
}

fn type_ref(kind: &TypeRef) -> Json {
    let mut out = Object::default();
    if let Some(regex) = &kind.regex {
        out.put(
            "extension",
            Json::Array(vec![extension("structuredefinition-regex", "valueString", Json::text(regex))]),
        );
    }
    out.text("code", &kind.code);
    if let Some(json_type) = &kind.json_type {
        let held = extension("structuredefinition-json-type", "valueString", Json::text(json_type));
        out.put("_code", Json::Object(vec![("extension".to_owned(), Json::Array(vec![held]))]));
    }
    // Lists in the model, as later versions have them; STU3 has one of each, and repeats the type.
    let many = |out: &mut Object, name: &str, urls: &[String]| match urls {
        [url] => out.text(name, url),
        urls => out.texts(name, urls),
    };
    many(&mut out, "profile", &kind.profiles);
    many(&mut out, "targetProfile", &kind.target_profiles);
    out.texts("aggregation", &kind.aggregation);
    out.maybe("versioning", &kind.versioning);
    out.done()
}

fn constraint(constraint: &Constraint) -> Json {
    let mut out = Object::default();
    out.text("key", &constraint.key);
    out.text("severity", &constraint.severity);
    out.maybe("expression", &constraint.expression);
    out.text("source", &constraint.source);
    out.done()
}

fn binding(binding: &Binding) -> Json {
    let mut out = Object::default();
    let reference = |url: &str| Json::Object(vec![("reference".to_owned(), Json::text(url))]);
    if let Some(url) = &binding.max_value_set {
        let held = extension("elementdefinition-maxValueSet", "valueReference", reference(url));
        out.put("extension", Json::Array(vec![held]));
    }
    out.text("strength", &binding.strength);
    if let Some(url) = &binding.value_set {
        out.put("valueSetReference", reference(url));
    }
    out.done()
}

/// A CodeSystem as FHIR JSON. The hierarchy is written as the property `parent`, one for each, and not by nesting.
pub fn code_system(system: &CodeSystem) -> String {
    let mut out = Object::resource("CodeSystem");
    out.text("url", &system.url);
    if let [identifier, ..] = system.identifiers.as_slice() {
        out.put("identifier", Json::Object(vec![("value".to_owned(), Json::text(identifier))]));
    }
    out.text("version", &system.version);
    out.text("name", &system.name);
    out.text("status", &system.status);
    out.flag("caseSensitive", Some(system.case_sensitive));
    out.maybe("valueSet", &system.value_set);
    out.text("content", &system.content);
    out.list("concept", &system.concepts, |concept| {
        let mut held = Object::default();
        held.text("code", &concept.code);
        held.text("display", &concept.display);
        held.list("designation", &concept.designations, |(language, value)| {
            let mut designation = Object::default();
            designation.text("language", language);
            designation.text("value", value);
            designation.done()
        });
        let parents = concept.parents.iter().filter_map(|parent| system.concepts.get(*parent as usize));
        let parents = parents.map(|parent| ("parent", "valueCode", &parent.code));
        let own = concept.properties.iter().map(|(code, value)| (code.as_str(), "valueString", value));
        let properties: Vec<(&str, &str, &String)> = parents.chain(own).collect();
        held.list("property", &properties, |(code, name, value)| {
            let mut property = Object::default();
            property.text("code", code);
            property.text(name, value);
            property.done()
        });
        held.done()
    });
    out.done().document()
}

/// A ValueSet as FHIR JSON.
pub fn value_set(set: &ValueSet) -> String {
    let mut out = Object::resource("ValueSet");
    out.text("url", &set.url);
    out.text("version", &set.version);
    out.text("name", &set.name);
    out.text("status", &set.status);
    let mut compose = Object::default();
    compose.flag("inactive", set.is_active_only.then_some(false));
    compose.list("include", &set.include, concept_set);
    compose.list("exclude", &set.exclude, concept_set);
    if !compose.0.is_empty() {
        out.put("compose", compose.done());
    }
    out.done().document()
}

/// A MessageDefinition. The profiles that messages are made of stand in the extension that the NHS lists them by.
pub fn message_definition(definition: &MessageDefinition) -> String {
    let mut out = Object::resource("MessageDefinition");
    out.text("url", &definition.url);
    out.text("version", &definition.version);
    out.text("status", &definition.status);
    let mut event = Object::default();
    event.text("system", &definition.event_system);
    event.text("code", &definition.event_code);
    out.put("event", event.done());
    let is_first = std::cell::Cell::new(true);
    out.list("focus", &definition.focuses, |focus| {
        let mut json = Object::default();
        json.text("code", &focus.code);
        let mut profile = Object::default();
        if is_first.take() && !definition.assets.is_empty() {
            let mut list = Object::default();
            list.text("url", super::message::ASSETS);
            list.list("extension", &definition.assets, |url| {
                let reference = Object(vec![("reference".to_owned(), Json::text(url))]).done();
                let value = vec![("url".to_owned(), Json::text("reference")), ("valueReference".to_owned(), reference)];
                let parts = vec![Object(value).done()];
                let asset =
                    vec![("url".to_owned(), Json::text("utilisedAsset")), ("extension".to_owned(), Json::Array(parts))];
                Object(asset).done()
            });
            profile.put("extension", Json::Array(vec![list.done()]));
        }
        profile.text("reference", &focus.profile);
        if !profile.0.is_empty() {
            json.put("profile", profile.done());
        }
        if focus.min > 0 {
            json.put("min", Json::Raw(focus.min.to_string()));
        }
        if let Some(max) = focus.max {
            json.text("max", &max.to_string());
        }
        json.done()
    });
    out.done().document()
}

fn concept_set(set: &ConceptSet) -> Json {
    let mut out = Object::default();
    out.maybe("system", &set.system);
    out.maybe("version", &set.version);
    out.list("concept", &set.concepts, |(code, display)| {
        let mut concept = Object::default();
        concept.text("code", code);
        concept.text("display", display);
        concept.done()
    });
    out.list("filter", &set.filters, |(property, op, value)| {
        let mut filter = Object::default();
        filter.text("property", property);
        filter.text("op", op);
        filter.text("value", value);
        filter.done()
    });
    out.texts("valueSet", &set.value_sets);
    out.done()
}
