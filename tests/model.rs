//! Definitions read from JSON and written again.

use careconnect::model::{read, write};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::tree::Tree;
use std::sync::Arc;

fn tree(text: &str) -> Tree {
    parse(text.as_bytes(), &Arc::new(Names::default()), Limits::default()).tree
}

const PROFILE: &str = r##"{
 "resourceType": "StructureDefinition",
 "url": "https://example.org/Observation-1",
 "version": "1.0.0",
 "name": "Observation-1",
 "status": "draft",
 "kind": "resource",
 "abstract": false,
 "type": "Observation",
 "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
 "derivation": "constraint",
 "differential": {
  "element": [
   {
    "id": "Observation.code",
    "path": "Observation.code",
    "slicing": {
     "discriminator": [{"type": "value", "path": "coding.system"}],
     "ordered": false,
     "rules": "open"
    },
    "min": 1,
    "max": "*",
    "patternCodeableConcept": {"coding":[{"system":"http://loinc.org","code":"a \"b\""}]},
    "constraint": [{"key": "obs-x", "severity": "error", "expression": "coding.exists()"}],
    "mustSupport": true,
    "binding": {
     "extension": [
      {
       "url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet",
       "valueReference": {"reference": "https://example.org/all"}
      }
     ],
     "strength": "extensible",
     "valueSetReference": {"reference": "https://example.org/some"}
    }
   },
   {
    "id": "Observation.value[x]",
    "path": "Observation.value[x]",
    "type": [
     {"code": "Quantity"},
     {"code": "Reference", "targetProfile": "https://example.org/p", "aggregation": ["contained"]}
    ],
    "fixedDecimal": 1.50
   }
  ]
 }
}
"##;

#[test]
fn a_structure_definition_is_written_as_it_was_read() {
    let read = read::structure_definition(&tree(PROFILE));
    assert_eq!(read.faults, []);
    let [code, value] = read.value.differential.as_slice() else { panic!("two elements") };
    assert_eq!(code.pattern.as_ref().unwrap().type_name, "CodeableConcept");
    assert_eq!(code.binding.as_ref().unwrap().max_value_set.as_deref(), Some("https://example.org/all"));
    // A decimal keeps its digits.
    assert_eq!(value.fixed.as_ref().unwrap().json, "1.50");
    assert_eq!(write::structure_definition(&read.value), PROFILE);
}

#[test]
fn what_is_wrong_is_left_out_and_listed() {
    let text = r#"{"resourceType": "StructureDefinition", "url": "u", "name": "n", "status": "draft", "kind": "thing",
        "type": "Patient", "differential": {"element": [{"min": 1}, {"path": "Patient.name", "min": "one", "max": "many",
        "binding": {"strength": "strong"}, "slicing": {"rules": "ajar"}}]}}"#;
    let read = read::structure_definition(&tree(text));
    let kinds: Vec<String> = read.faults.iter().map(|fault| format!("{:?}", fault.kind)).collect();
    assert_eq!(
        kinds,
        [
            r#"Invalid { name: "kind", text: "thing" }"#,
            r#"Missing { name: "path" }"#,
            r#"Invalid { name: "rules", text: "ajar" }"#,
            r#"Invalid { name: "min", text: "one" }"#,
            r#"Invalid { name: "max", text: "many" }"#,
            r#"Invalid { name: "strength", text: "strong" }"#,
        ]
    );
    assert_eq!(read.value.differential.len(), 1);
    assert_eq!(read.value.differential[0].binding.as_ref().unwrap().strength, "");
}

#[test]
fn a_code_system_keeps_its_hierarchy() {
    let text = r#"{"resourceType": "CodeSystem", "url": "s", "status": "active", "content": "complete", "concept": [
        {"code": "a", "display": "A", "concept": [{"code": "b", "property": [{"code": "notSelectable", "valueBoolean": true}]}]},
        {"code": "c", "modifierExtension": [{"url": "http://hl7.org/fhir/StructureDefinition/codesystem-subsumes", "valueCode": "b"}]}]}"#;
    let first = read::code_system(&tree(text)).value;
    assert_eq!(first.concepts.iter().map(|c| c.code.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(first.concepts[1].parents, [0, 2]);
    assert_eq!(first.concepts[1].properties, [("notSelectable".to_owned(), "true".to_owned())]);
    let written = write::code_system(&first);
    let again = read::code_system(&tree(&written));
    assert_eq!((again.value, again.faults), (first, vec![]));
}

#[test]
fn a_value_set_is_what_it_composes_or_what_it_was_expanded_to() {
    let text = r#"{"resourceType": "ValueSet", "url": "v", "status": "active", "compose": {
        "include": [{"system": "s", "concept": [{"code": "a", "display": "A"}]}, {"valueSet": ["w"]},
            {"system": "t", "filter": [{"property": "concept", "op": "is-a", "value": "1"}]}, {"concept": [{"code": "lost"}]}],
        "exclude": [{"system": "s", "concept": [{"code": "b"}]}]}}"#;
    let first = read::value_set(&tree(text));
    assert_eq!((first.value.include.len(), first.value.exclude.len(), first.faults.len()), (3, 1, 1));
    assert_eq!(read::value_set(&tree(&write::value_set(&first.value))).value, first.value);
    let expanded = r#"{"resourceType": "ValueSet", "url": "v", "status": "active",
        "expansion": {"contains": [{"system": "s", "code": "a", "abstract": true, "contains": [{"system": "s", "code": "b"}]}]}}"#;
    let set = read::value_set(&tree(expanded)).value;
    assert_eq!(set.include[0].concepts, [("b".to_owned(), String::new())]);
}
