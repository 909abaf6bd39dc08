//! What snapshot generation says of a faulty definition, and that none can break it.

use careconnect::model::snapshot::{Snapshot, snapshot};
use careconnect::model::{StructureDefinition, read};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use std::collections::BTreeMap;
use std::sync::Arc;

fn definition(kind: &str, name: &str, derivation: &str, elements: &str) -> StructureDefinition {
    let type_name = if derivation == "constraint" { "Thing" } else { name };
    let text = format!(
        r#"{{"resourceType": "StructureDefinition", "url": "http://hl7.org/fhir/StructureDefinition/{name}", "name": "{name}",
        "status": "draft", "kind": "{kind}", "abstract": false, "type": "{type_name}", "derivation": "{derivation}",
        "differential": {{"element": [{elements}]}}}}"#
    );
    let read = read::structure_definition(&parse(text.as_bytes(), &Arc::new(Names::default()), Limits::default()).tree);
    assert_eq!(read.faults, [], "{text}");
    read.value
}

fn based(kind: &str, name: &str, base: &str, derivation: &str, elements: &str) -> StructureDefinition {
    let mut made = definition(kind, name, derivation, elements);
    made.base_definition = Some(format!("http://hl7.org/fhir/StructureDefinition/{base}"));
    made
}

/// A small world: Element, Extension, string, Part (a data type) and Thing (a resource).
fn world() -> BTreeMap<String, Arc<StructureDefinition>> {
    let extension = r#"{"path": "Element.extension", "min": 0, "max": "*", "type": [{"code": "Extension"}]}"#;
    let element = definition("complex-type", "Element", "specialization", extension);
    let value =
        r#"{"path": "Extension.value[x]", "min": 0, "max": "1", "type": [{"code": "string"}, {"code": "Part"}]}"#;
    let part = r#"{"path": "Part.text", "min": 0, "max": "1", "type": [{"code": "string"}]}"#;
    let thing = r##"{"path": "Thing.part", "min": 1, "max": "*", "type": [{"code": "Part"}],
            "binding": {"strength": "extensible", "valueSetReference": {"reference": "v"}}},
        {"path": "Thing.value[x]", "min": 0, "max": "1", "type": [{"code": "string"}, {"code": "Part"}]},
        {"path": "Thing.extension", "min": 0, "max": "*", "type": [{"code": "Extension"}]}"##;
    let all = [
        element,
        based("complex-type", "Extension", "Element", "specialization", value),
        based("primitive-type", "string", "Element", "specialization", r#"{"path": "string"}"#),
        based("complex-type", "Part", "Element", "specialization", part),
        definition("resource", "Thing", "specialization", thing),
        based("resource", "A", "B", "constraint", r#"{"path": "Thing"}"#),
        based("resource", "B", "A", "constraint", r#"{"path": "Thing"}"#),
    ];
    all.into_iter().map(|definition| (definition.url.clone(), Arc::new(definition))).collect()
}

fn profile(base: &str, elements: &str) -> Snapshot {
    let world = world();
    snapshot(&based("resource", "Profile", base, "constraint", elements), &|url| world.get(url).cloned())
}

#[test]
fn each_mistake_is_named() {
    let cases = [
        (r#"{"path": "Thing.colour"}"#, r#"NotInBase { name: "colour", parent: "Thing" }"#),
        (r#"{"path": "Thing.part.colour"}"#, r#"NotInBase { name: "colour", parent: "Thing.part" }"#),
        (r#"{"path": "Other.part"}"#, r#"WrongRoot { type_name: "Thing" }"#),
        (r#"{"path": "Thing.part", "min": 0}"#, "MinBelowBase { min: 0, base: 1 }"),
        (r#"{"path": "Thing.part.text", "max": "2"}"#, r#"MaxAboveBase { max: "2", base: "1" }"#),
        (r#"{"path": "Thing.part", "min": 3, "max": "2"}"#, r#"MinAboveMax { min: 3, max: "2" }"#),
        (
            r#"{"path": "Thing.part", "type": [{"code": "string"}]}"#,
            r#"TypeNotInBase { codes: ["string"], allowed: ["Part"] }"#,
        ),
        (
            r#"{"path": "Thing.part", "binding": {"strength": "example"}}"#,
            r#"BindingWeaker { strength: "example", base: "extensible" }"#,
        ),
        (
            r#"{"path": "Thing.part", "type": [{"code": "Part", "profile": "http://p"}]}"#,
            r#"UnknownProfile { url: "http://p" }"#,
        ),
        (r#"{"path": "Thing.part", "sliceName": "first"}"#, "NoSlicing"),
    ];
    for (element, problem) in cases {
        let found: Vec<String> = profile("Thing", element).problems.iter().map(|p| format!("{:?}", p.kind)).collect();
        assert_eq!(found, [problem], "{element}");
    }
}

#[test]
fn a_type_of_a_choice_is_a_slice_and_types_unfold() {
    let made = profile("Thing", r#"{"path": "Thing.valuePart", "min": 1}, {"path": "Thing.valuePart.text", "min": 1}"#);
    assert_eq!(made.problems, []);
    let ids: Vec<&str> = made.elements.iter().map(|element| element.id.as_str()).collect();
    let inside = ["Thing.value[x]:valuePart", "Thing.value[x]:valuePart.extension", "Thing.value[x]:valuePart.text"];
    assert_eq!(ids, [&["Thing", "Thing.part", "Thing.value[x]"][..], &inside[..], &["Thing.extension"][..]].concat());
    // No other type is named, so that none is allowed, and the choice must be there.
    assert_eq!((made.elements[2].min, made.elements[2].types.len()), (Some(1), 1));
}

#[test]
fn nothing_runs_away() {
    let cycle = profile("A", r#"{"path": "Thing"}"#);
    assert!(!cycle.problems.is_empty() || !cycle.elements.is_empty());
    let deep = format!(r#"{{"path": "Thing{}"}}"#, ".extension".repeat(100_000));
    assert_eq!(format!("{:?}", profile("Thing", &deep).problems[0].kind), "TooDeep");
    // Slices from the inside out, each with all that is inside of it.
    let mut elements = Vec::new();
    for depth in (1..60).rev() {
        for slice in ["a", "b", "c"] {
            let path = ".extension".repeat(depth);
            elements.push(format!(r#"{{"path": "Thing{path}", "sliceName": "{slice}"}}"#));
        }
    }
    assert!(profile("Thing", &elements.join(",")).elements.len() <= 100_000);
}
