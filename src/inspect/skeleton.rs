//! A resource with no more than a profile asks for, to start from.
//!
//! Required elements and slices are there, with what the profile fixes; a code comes from the value set; everything else
//! is a placeholder that is right by its type. Rules that are written in FHIRPath are beyond what is looked at here, so
//! that a few skeletons need a hand: validating one says where.

use crate::definitions::Definitions;
use crate::model::StructureKind;
use crate::nhs;
use crate::plan::{Plan, Rule, Type};
use crate::typed::ElementRef;
use serde_json::{Map, Value, json};
use std::cell::Cell;

/// How deeply a skeleton may be nested: definitions that ask for themselves have no end.
const DEEPEST: usize = 24;
/// How many elements it may have: a definition can ask for any number.
const MOST: u32 = 5_000;

/// A minimal instance of a type or profile of resources, as JSON text. `None` where the profile is not loaded or is none of a
/// resource.
pub fn skeleton(definitions: &Definitions, canonical: &str) -> Option<String> {
    let plan = definitions.plan_named(canonical)?;
    if plan.kind != StructureKind::Resource || plan.is_abstract {
        return None;
    }
    let root = ElementRef::root(plan)?;
    let maker = Maker { definitions, left: Cell::new(MOST) };
    let mut out = Map::new();
    out.insert("resourceType".into(), (*plan.type_name).into());
    if plan.is_constraint {
        out.insert("meta".into(), json!({ "profile": [plan.url] }));
    }
    maker.content(root, 0, &mut out);
    maker.first_entry(&mut out);
    serde_json::to_string_pretty(&Value::Object(out)).ok().map(|text| text + "\n")
}

struct Maker<'d> {
    definitions: &'d Definitions,
    /// How many more elements may be made.
    left: Cell<u32>,
}

impl<'d> Maker<'d> {
    /// Adds the children that an element must have.
    fn content(&self, parent: ElementRef<'d>, depth: usize, out: &mut Map<String, Value>) {
        if depth > DEEPEST {
            return;
        }
        for child in parent.children() {
            self.child(parent, child, depth, out);
        }
    }

    /// Adds an element as often as it must be there, in its slices first.
    fn child(&self, parent: ElementRef<'d>, child: ElementRef<'d>, depth: usize, out: &mut Map<String, Value>) {
        let element = child.element;
        let mut made: Vec<(&Type, Value)> = Vec::new();
        let slices = element.slicing.iter().flat_map(|slicing| &slicing.slices);
        for slice in slices.filter_map(|at| child.at(*at)) {
            for _ in 0..slice.element.min.min(slice.element.max) {
                let Some(value) = self.value(slice, depth) else { break };
                made.push(value);
            }
        }
        let is_wanted =
            element.min > 0 || self.tells_slices_apart(parent, child) || self.is_asked_for(parent, child, out);
        // Of a choice, the type that the profile says something of.
        let said = || element.slicing.iter().flat_map(|slicing| &slicing.slices).find_map(|at| child.at(*at));
        let child = if element.id.ends_with("[x]") { said().unwrap_or(child) } else { child };
        while (made.len() as u32) < element.min.max(u32::from(is_wanted)) && element.max > 0 {
            match self.value(child, depth) {
                Some(value) => made.push(value),
                None => break,
            }
        }
        let Some((kind, _)) = made.first() else { return };
        let name = self.definitions.names().text(kind.element_name).to_owned();
        let mut values: Vec<Value> = made.into_iter().map(|(_, value)| value).collect();
        if out.contains_key(&name) {
            return;
        }
        let value = if element.repeats { Value::Array(values) } else { values.swap_remove(0) };
        out.insert(name, value);
    }

    /// A document starts with a Composition and has an identifier, a message starts with a MessageHeader (STU3 2.33, 2.34).
    fn first_entry(&self, bundle: &mut Map<String, Value>) {
        let first = match bundle.get("type").and_then(Value::as_str) {
            Some("document") => "Composition",
            Some("message") => "MessageHeader",
            _ => return,
        };
        let entry = |resource: Value| json!({ "fullUrl": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "resource": resource });
        let made = skeleton(self.definitions, &format!("{}{first}", crate::definitions::BASE));
        let Some(made) = made.and_then(|text| serde_json::from_str(&text).ok()) else { return };
        if first == "Composition"
            && let Some(identifier) = bundle.entry("identifier").or_insert_with(|| json!({})).as_object_mut()
            && !identifier.contains_key("system")
        {
            identifier.insert("system".into(), "urn:ietf:rfc:3986".into());
            identifier.insert("value".into(), "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0".into());
        }
        let entries = bundle.entry("entry").or_insert_with(|| json!([])).as_array_mut();
        let Some(entries) = entries else { return };
        let is_first =
            entries.first().and_then(|entry| entry.pointer("/resource/resourceType")).is_some_and(|name| name == first);
        if !is_first {
            entries.retain(|entry| entry.pointer("/resource/resourceType").is_some_and(|name| name != "Basic"));
            entries.insert(0, entry(made));
        }
    }

    /// Whether an optional element has the value by which its slice is known, or without which a code says nothing.
    fn tells_slices_apart(&self, parent: ElementRef<'d>, child: ElementRef<'d>) -> bool {
        let is_stated = child.element.rules.iter().any(|rule| matches!(rule, Rule::Fixed(_) | Rule::Pattern(_)));
        let is_code = || parent.element.types.iter().any(|kind| &*kind.code == "Coding");
        is_stated && (parent.element.slice_name.is_some() || is_code())
    }

    /// Whether an invariant asks for an optional element.
    fn is_asked_for(&self, parent: ElementRef<'d>, child: ElementRef<'d>, out: &Map<String, Value>) -> bool {
        let name = self.definitions.names().text(child.element.name);
        let around: Vec<&str> =
            parent.element.id.split('.').map(|part| part.split(':').next().unwrap_or(part)).collect();
        let around = around.join(".");
        // An extension has a value or extensions of its own (ext-1).
        let is_value =
            around == "Extension" || around.ends_with(".extension") || around.ends_with(".modifierExtension");
        let asks_for_value = || {
            name == "value"
                && around == "Observation"
                && parent.element.rules.iter().any(|rule| matches!(rule, Rule::Invariant(it) if &*it.key == "vs-2"))
        };
        ASKED_FOR.contains(&(around.as_str(), name))
            || asks_for_value()
            || is_value && name == "value" && !out.contains_key("extension")
    }

    /// A value for an element, of the first type that it allows.
    fn value(&self, by: ElementRef<'d>, depth: usize) -> Option<(&'d Type, Value)> {
        self.left.set(self.left.get().checked_sub(1)?);
        let types = match by.element.content.and_then(|at| by.at(at)) {
            Some(shared) if by.element.types.is_empty() => &shared.element.types,
            _ => &by.element.types,
        };
        let kind = types.iter().find(|kind| preferred(&kind.code)).or_else(|| types.first())?;
        for rule in &by.element.rules {
            if let Rule::Fixed(sample) = rule {
                return Some((kind, serde_json::from_str(sample.json()).ok()?));
            }
        }
        let pattern = by.element.rules.iter().find_map(|rule| match rule {
            Rule::Pattern(sample) => serde_json::from_str(sample.json()).ok(),
            _ => None,
        });
        let plan = self.type_plan(kind);
        if plan.is_some_and(|plan| plan.kind == StructureKind::Primitive) {
            let value = pattern.or_else(|| self.code(by).map(|(_, code, _)| code.into()));
            return Some((kind, value.unwrap_or_else(|| self.primitive(by, &kind.code))));
        }
        if plan.is_some_and(|plan| plan.kind == StructureKind::Resource) {
            return Some((kind, self.resource(kind)?));
        }
        let filled = || {
            let keys = by.element.rules.iter().filter_map(|rule| match rule {
                Rule::Invariant(invariant) => Some(&*invariant.key),
                _ => None,
            });
            let json = keys.filter_map(|key| FILLED_BY.iter().find(|(other, _)| *other == key)).next()?.1;
            serde_json::from_str(json).ok()
        };
        let mut out = json_map(pattern.or_else(filled).unwrap_or_default());
        if &*kind.code == "Reference" && out.is_empty() {
            out = self.reference(by, kind);
        }
        let content = match by.children().next() {
            Some(_) => Some(by),
            None => plan.and_then(ElementRef::root),
        };
        // A type's own profile may ask for more than the element does.
        let profile = kind.profiles.first().and_then(|url| self.definitions.plan(url)).and_then(ElementRef::root);
        let profile = profile.filter(|profile| content.is_none_or(|content| !content.is(*profile)));
        for content in content.into_iter().chain(profile) {
            self.content(content, depth + 1, &mut out);
        }
        self.coded(by, &kind.code, &mut out);
        known_form(&kind.code, &mut out);
        if out.is_empty() {
            self.placeholder(by, kind, content, depth, &mut out);
        }
        Some((kind, Value::Object(out)))
    }

    fn type_plan(&self, kind: &Type) -> Option<&'d Plan> {
        let profile = kind.profiles.first().and_then(|url| self.definitions.plan(url));
        profile.or_else(|| self.definitions.base(kind.code_id))
    }

    /// A resource inside of another: of the profile asked for, or else a note that says so.
    fn resource(&self, kind: &Type) -> Option<Value> {
        let wanted = kind.profiles.first().and_then(|url| skeleton(self.definitions, url));
        let wanted = wanted.or_else(|| skeleton(self.definitions, &kind.code));
        match wanted {
            Some(text) => serde_json::from_str(&text).ok(),
            None => Some(json!({ "resourceType": "Basic", "code": { "text": TEXT } })),
        }
    }

    /// A code from the value set that an element is bound to: system, code and display. One that reads like an everyday
    /// state is preferred to the first.
    fn code(&self, by: ElementRef<'d>) -> Option<(String, String, String)> {
        let url = by.element.rules.iter().find_map(|rule| match rule {
            Rule::Binding(binding) => binding.value_set.as_deref(),
            _ => None,
        })?;
        let listing = self.definitions.terminology().list(url)?;
        let all = || {
            let parts = listing.parts.iter();
            parts.flat_map(|part| part.codes.iter().map(|(code, display)| (&part.system, code, display)))
        };
        let everyday = EVERYDAY.iter().find_map(|word| all().find(|(_, code, _)| code == word));
        if let Some((system, code, display)) = everyday.or_else(|| all().next()) {
            return Some((system.clone(), code.clone(), display.clone()));
        }
        // Of a system that is not listed, what stands for any of its codes.
        let part = listing.parts.first()?;
        let (code, display) = match part.system.as_str() {
            "http://snomed.info/sct" => ANY_CONCEPT,
            // Its codes are known by their form, which no placeholder has.
            "http://loinc.org" => return None,
            _ => (CODE, ""),
        };
        Some((part.system.clone(), code.to_owned(), display.to_owned()))
    }

    /// Gives a coded value a code from its value set, where nothing fixes another.
    fn coded(&self, by: ElementRef<'d>, type_name: &str, out: &mut Map<String, Value>) {
        let coding = match type_name {
            "Coding" => out,
            "CodeableConcept" if self.code(by).is_none() => return,
            "CodeableConcept" => {
                let is_coding = |child: &ElementRef<'_>| self.definitions.names().text(child.element.name) == "coding";
                let stated = by.children().find(is_coding).and_then(|child| self.value(child, DEEPEST - 2));
                let stated = stated.map_or_else(|| json!({}), |(_, coding)| coding);
                let list = out.entry("coding").or_insert_with(|| json!([stated]));
                match list.get_mut(0).and_then(Value::as_object_mut) {
                    Some(coding) => coding,
                    None => return,
                }
            }
            _ => return,
        };
        let Some((system, code, display)) = self.code(by) else { return };
        let is_open = |value: Option<&Value>| value.is_none_or(|value| PLACEHOLDERS.iter().any(|own| value == own));
        let is_own_system = is_open(coding.get("system")) || coding.get("system").is_some_and(|own| *own == system);
        if !is_own_system || !is_open(coding.get("code")) {
            return;
        }
        let is_shown = !display.is_empty() && is_open(coding.get("display"));
        coding.insert("system".into(), system.into());
        coding.insert("code".into(), code.into());
        if is_shown {
            coding.insert("display".into(), display.into());
        }
    }

    fn primitive(&self, by: ElementRef<'d>, type_name: &str) -> Value {
        let least = by.element.rules.iter().find_map(|rule| match rule {
            Rule::MinValue(sample) => serde_json::from_str(sample.json()).ok(),
            _ => None,
        });
        if let Some(least) = least {
            return least;
        }
        match type_name {
            "boolean" => true.into(),
            "integer" | "positiveInt" | "unsignedInt" => 1.into(),
            "decimal" => 1.into(),
            "date" => "2026-01-31".into(),
            "dateTime" => "2026-01-31T09:30:00+00:00".into(),
            "instant" => "2026-01-31T09:30:00.000+00:00".into(),
            "time" => "09:30:00".into(),
            "uri" => URL.into(),
            "oid" => "urn:oid:2.999".into(),
            "uuid" => "urn:uuid:c757873d-ec9a-4326-a141-556f43239520".into(),
            "id" => "example".into(),
            "code" => CODE.into(),
            "base64Binary" => "VG8gYmUgcmVwbGFjZWQ=".into(),
            "xhtml" => format!("<div xmlns=\"{}\">{TEXT}</div>", crate::xhtml::NAMESPACE).into(),
            _ => TEXT.into(),
        }
    }

    /// Something for an element whose definition asks for nothing, as no element may be empty.
    fn placeholder(
        &self,
        by: ElementRef<'d>,
        kind: &Type,
        content: Option<ElementRef<'d>>,
        depth: usize,
        out: &mut Map<String, Value>,
    ) {
        let has_text = |child: ElementRef<'_>| {
            self.definitions.names().text(child.element.name) == "text" && child.element.max == 0
        };
        let made = match &*kind.code {
            "CodeableConcept" if by.children().any(has_text) => {
                let coding = by.children().find(|child| self.definitions.names().text(child.element.name) == "coding");
                let coding = coding.filter(|_| depth < DEEPEST).and_then(|coding| self.value(coding, depth + 1));
                let coding = coding.map_or_else(|| json!({ "system": URL, "code": CODE }), |(_, coding)| coding);
                json!({ "coding": [coding] })
            }
            "Identifier" => json!({ "system": URL, "value": "1" }),
            "HumanName" => json!({ "family": "Example", "given": ["Person"] }),
            "CodeableConcept" | "Annotation" | "Dosage" | "Address" => json!({ "text": TEXT }),
            "Coding" => json!({ "system": URL, "code": "example" }),
            "ContactPoint" => json!({ "system": "phone", "value": "01632 960000" }),
            "Period" => json!({ "start": "2026-01-31" }),
            "Attachment" => json!({ "contentType": "text/plain", "data": "VG8gYmUgcmVwbGFjZWQ=" }),
            "Quantity" | "SimpleQuantity" | "Age" | "Duration" | "Distance" | "Count" | "Money" => {
                json!({ "value": 1 })
            }
            "Range" => json!({ "low": { "value": 1 } }),
            "Ratio" => json!({ "numerator": { "value": 1 }, "denominator": { "value": 1 } }),
            "Timing" => json!({ "code": { "text": TEXT } }),
            "Meta" => json!({ "versionId": "1" }),
            "Extension" => json!({ "url": URL, "valueString": TEXT }),
            _ => Value::Null,
        };
        if let Value::Object(made) = made {
            *out = made;
            return;
        }
        // A backbone element: the first of its own elements that can be filled.
        let own = content.unwrap_or(by).children().filter(|child| {
            let name = self.definitions.names().text(child.element.name);
            child.element.max > 0 && !matches!(name, "id" | "extension" | "modifierExtension")
        });
        for child in own {
            if depth > DEEPEST {
                return;
            }
            if let Some((kind, value)) = self.value(child, depth + 1) {
                let name = self.definitions.names().text(kind.element_name).to_owned();
                out.insert(name, if child.element.repeats { json!([value]) } else { value });
                return;
            }
        }
    }

    fn reference(&self, by: ElementRef<'d>, kind: &Type) -> Map<String, Value> {
        let targets = || kind.targets.iter().filter_map(|url| self.definitions.plan(url)).map(|plan| &*plan.type_name);
        // Who or what a resource is about is mostly a patient, even where a group or a device is named first.
        let is_patient = |name: &str| matches!(name, "Patient" | "Resource");
        let name = targets().find(|name| is_patient(name)).or_else(|| targets().next());
        let name = match name {
            // Of what may stand here nothing is known.
            None if !kind.targets.is_empty() => None,
            None => Some("Patient"),
            Some(name) if is_patient(name) => Some("Patient"),
            name => name,
        };
        let target = name.map_or_else(
            || "urn:uuid:0a2c7b3e-5d1f-4b8a-9c46-7e1d2f3a4b5c".to_owned(),
            |name| format!("{name}/example"),
        );
        let is_reference = |child: &ElementRef<'_>| self.definitions.names().text(child.element.name) == "reference";
        match by.children().find(is_reference).is_none_or(|child| child.element.max > 0) {
            true => json_map(json!({ "reference": target })),
            false => Map::new(),
        }
    }
}

fn json_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The types that are simplest to fill in, where there is a choice.
fn preferred(code: &str) -> bool {
    matches!(code, "CodeableConcept" | "dateTime" | "Reference" | "string")
}

/// Puts in place of a placeholder what its system takes: a number for tests, a concept of SNOMED CT.
fn known_form(type_name: &str, out: &mut Map<String, Value>) {
    let system = out.get("system").and_then(Value::as_str).unwrap_or_default();
    match type_name {
        "Identifier" if system == nhs::NHS_NUMBER && out.get("value").is_some_and(|value| value == TEXT) => {
            let number = (0..).find_map(nhs::synthetic_nhs_number);
            out.insert("value".into(), number.into());
        }
        "Quantity" if system == "http://unitsofmeasure.org" && out.get("code").is_some_and(|code| code == CODE) => {
            out.insert("code".into(), "1".into());
        }
        "Coding" if system == "http://snomed.info/sct" && out.get("code").is_some_and(|code| code == CODE) => {
            out.insert("code".into(), ANY_CONCEPT.0.into());
            if out.get("display").is_none_or(|display| display == TEXT) {
                out.insert("display".into(), ANY_CONCEPT.1.into());
            }
        }
        _ => {}
    }
}

/// The root of SNOMED CT, which stands for any of its concepts.
const ANY_CONCEPT: (&str, &str) = ("138875005", "SNOMED CT Concept");
const TEXT: &str = "To be replaced";
const URL: &str = "https://example.org/to-be-replaced";
const CODE: &str = "to-be-replaced";
const PLACEHOLDERS: [&str; 5] = [TEXT, URL, CODE, ANY_CONCEPT.0, ANY_CONCEPT.1];

/// Elements that the definitions leave optional and an invariant asks for: the type or the path of the element around it,
/// and the name.
const ASKED_FOR: &[(&str, &str)] = &[
    ("AllergyIntolerance", "clinicalStatus"),
    ("AppointmentResponse", "participantType"),
    ("CapabilityStatement", "description"),
    ("CapabilityStatement", "rest"),
    ("Appointment", "end"),
    ("Appointment", "start"),
    ("Appointment.participant", "actor"),
    ("Composition.section", "text"),
    ("Condition", "clinicalStatus"),
    ("Consent", "policyRule"),
    ("ImmunizationRecommendation.recommendation", "targetDisease"),
    ("Organization", "name"),
    ("Parameters.parameter", "value"),
    ("ValueSet", "compose"),
    ("ValueSet.compose.include", "system"),
];

/// What an invariant states of the element that it is on, by its key.
const FILLED_BY: &[(&str, &str)] =
    &[("vs-4", r#"{ "coding": [{ "system": "http://hl7.org/fhir/observation-category", "code": "vital-signs" }] }"#)];

/// Codes for an ordinary state of things, the most telling first.
const EVERYDAY: &[&str] =
    &["final", "active", "completed", "current", "finished", "official", "generated", "phone", "confirmed", "order"];
