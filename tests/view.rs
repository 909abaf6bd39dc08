//! Flat tables: what ViewDefinitions make of resources of our own. `view_suites` runs the published tests.

mod support;

use careconnect::calls;
use careconnect::options::Code;
use serde_json::{Value, json};

/// What is made of three resources, and one that is nothing to the views.
fn resources() -> Vec<Vec<u8>> {
    let response = json!({
        "resourceType": "QuestionnaireResponse", "id": "q", "status": "completed",
        "item": [
            { "linkId": "1", "item": [{ "linkId": "1.1", "answer": [{ "valueString": "yes", "item": [{ "linkId": "1.1.1" }] }] }] },
            { "linkId": "2" },
        ],
    });
    let patient = json!({
        "resourceType": "Patient", "id": "p", "active": true, "birthDate": "1980-05",
        "name": [{ "use": "official", "family": "Okonkwo", "given": ["A", "B"] }, { "family": "Hughes" }],
        "link": [{ "other": { "reference": "https://server.example/fhir/Patient/p/_history/3" }, "type": "seealso" }],
    });
    // A number and a Boolean in XML are text to its reader.
    let xml = "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"x\"/><active value=\"false\"/><multipleBirthInteger \
               value=\"2\"/></Patient>";
    vec![
        response.to_string().into(),
        patient.to_string().into(),
        xml.into(),
        json!({ "resourceType": "Basic" }).to_string().into(),
    ]
}

fn made(view: &Value, inputs: &[Vec<u8>]) -> Value {
    let made = calls::view(&support::default_packs(), view.to_string().as_bytes(), inputs, &json!({}));
    serde_json::from_str(&made.unwrap_or_else(|mistake| panic!("{}", mistake.words))).expect("JSON")
}

fn column(name: &str, path: &str) -> Value {
    json!({ "name": name, "path": path })
}

#[test]
fn rows_of_views() {
    let (id, index) = (column("id", "id"), column("at", "%rowIndex"));
    let cases = [
        (
            "values",
            "Patient",
            json!([{ "column": [id, column("on", "active"), column("n", "multipleBirth.ofType(integer)")] }]),
            json!([["p", true, null], ["x", false, 2]]),
        ),
        (
            "for each",
            "Patient",
            json!([{ "column": [id] }, { "forEach": "name", "column": [column("f", "family"), index] }]),
            json!([["p", "Okonkwo", 0], ["p", "Hughes", 1]]),
        ),
        (
            "or nothing",
            "Patient",
            json!([{ "column": [id] }, { "forEachOrNull": "name.given", "column": [column("g", "$this"), column("l", "'x'"), index] }]),
            json!([["p", "A", "x", 0], ["p", "B", "x", 1], ["x", null, "x", 0]]),
        ),
        (
            "within",
            "Patient",
            json!([{ "forEach": "name", "column": [column("f", "family")], "select": [{ "forEach": "given", "column": [column("g", "$this")] }] }]),
            json!([["Okonkwo", "A"], ["Okonkwo", "B"]]),
        ),
        (
            "one after the other",
            "Patient",
            json!([{ "unionAll": [{ "forEach": "name", "column": [column("v", "family")] }, { "column": [column("v", "id")] }] }]),
            json!([["Okonkwo"], ["Hughes"], ["p"], ["x"]]),
        ),
        (
            "to any depth",
            "QuestionnaireResponse",
            json!([{ "repeat": ["item", "answer.item"], "column": [column("l", "linkId"), index] }]),
            json!([["1", 0], ["1.1", 1], ["1.1.1", 2], ["2", 3]]),
        ),
        (
            "an index of what stands around",
            "Patient",
            json!([{
                "forEach": "name",
                "select": [
                    { "forEachOrNull": "given", "column": [column("g", "$this")] },
                    { "forEach": "family.where(%rowIndex = 0)", "column": [column("f", "$this")] },
                ],
            }]),
            json!([["A", "Okonkwo"], ["B", "Okonkwo"]]),
        ),
        (
            "lists",
            "Patient",
            json!([{ "column": [id, { "name": "g", "path": "name.given", "collection": true }] }]),
            json!([["p", ["A", "B"]], ["x", []]]),
        ),
        (
            "keys",
            "Patient",
            json!([{ "column": [
            column("k", "getResourceKey()"), column("same", "link.other.getReferenceKey() = getResourceKey()"),
            column("other", "link.other.getReferenceKey(Observation)"),
        ] }]),
            json!([["Patient/p", true, null], ["Patient/x", null, null]]),
        ),
        (
            "types that are asked for",
            "Patient",
            json!([{ "column": [
            { "name": "on", "path": "active", "type": "string" }, { "name": "n", "path": "multipleBirth.ofType(integer)", "type": "decimal" },
            { "name": "two", "path": "'2'", "type": "http://hl7.org/fhirpath/System.Integer" },
        ] }]),
            json!([["true", null, 2], ["false", 2, 2]]),
        ),
    ];
    for (title, resource, select, wanted) in cases {
        let made = made(&json!({ "resource": resource, "select": select }), &resources());
        assert_eq!(made["faults"], json!([]), "{title}");
        assert_eq!(made["rows"], wanted, "{title}");
    }
}

#[test]
fn conditions_and_constants() {
    let constants = json!([
        { "name": "use", "valueCode": "official" }, { "name": "old", "valueDate": "1990-01-01" },
        { "name": "two", "valueInteger": 2 }, { "name": "yes", "valueBoolean": true },
    ]);
    for (condition, wanted) in [
        ("name.where(use = %use).exists()", json!([["p"]])),
        ("birthDate < %old", json!([["p"]])),
        ("multipleBirth.ofType(integer) = %two", json!([["x"]])),
        ("active = %yes", json!([["p"]])),
        ("name.empty()", json!([["x"]])),
    ] {
        let (conditions, select) = (json!([{ "path": condition }]), json!([{ "column": [column("id", "id")] }]));
        let view = json!({ "resource": "Patient", "constant": constants, "where": conditions, "select": select });
        assert_eq!(made(&view, &resources())["rows"], wanted, "{condition}");
    }
}

#[test]
fn a_faulty_resource_costs_its_own_rows() {
    let mut inputs = resources();
    inputs.insert(0, b"{ \"resourceType\": \"Patient\", \"id\": \"b\"".to_vec());
    inputs.insert(1, Vec::new());
    let select = json!([{ "column": [column("id", "id"), column("family", "name.family")] }]);
    let made = made(&json!({ "resource": "Patient", "select": select }), &inputs);
    assert_eq!(made["rows"], json!([["x", null]]));
    let faults: Vec<&Value> = made["faults"].as_array().expect("faults").iter().map(|fault| &fault["input"]).collect();
    assert_eq!(faults, [0, 1, 3]);
    let words = "The column 'family': 'name.family' gives 2 values, and the column is no collection.";
    assert_eq!(made["faults"][2]["message"], words);
}

#[test]
fn entries_of_a_bundle() {
    let entries: Vec<Value> = resources().iter().filter_map(|one| serde_json::from_slice(one).ok()).collect();
    let entries: Vec<Value> = entries.into_iter().map(|resource| json!({ "resource": resource })).collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
    let bundle = [bundle.to_string().into_bytes()];
    let select = json!([{ "column": [column("id", "id")] }]);
    assert_eq!(made(&json!({ "resource": "Patient", "select": select }), &bundle)["rows"], json!([["p"]]));
    let select = json!([{ "column": [column("count", "entry.count()")] }]);
    assert_eq!(made(&json!({ "resource": "Bundle", "select": select }), &bundle)["rows"], json!([[3]]));
}

#[test]
fn what_has_no_end_ends() {
    let name = json!({ "given": vec!["x"; 400] });
    let patient = [json!({ "resourceType": "Patient", "name": [name] }).to_string().into_bytes()];
    let each = |name: &str| json!({ "forEach": "name.given", "column": [column(name, "$this")] });
    for select in [json!([each("a"), each("b")]), json!([{ "repeat": ["$this"], "column": [column("a", "id")] }])] {
        let made = made(&json!({ "resource": "Patient", "select": select }), &patient);
        assert_eq!(made["faults"][0]["message"], "The resource makes more than 100000 rows.");
    }
}

#[test]
fn what_is_wrong_with_a_definition_is_said() {
    let one = |select: Value| json!({ "resource": "Patient", "select": [select] });
    let a = column("a", "id");
    for (view, words) in [
        (json!({}), "ViewDefinition.resource is missing: the type of resource that the view is of."),
        (json!({ "resource": "Patient" }), "ViewDefinition.select is missing: what the columns are."),
        (one(json!({})), "ViewDefinition.select[0] has no columns."),
        (one(json!({ "column": a })), "ViewDefinition.select[0].column is not an array."),
        (one(json!({ "column": [{ "name": "a" }] })), "ViewDefinition.select[0].column[0].path is missing."),
        (
            one(json!({ "column": [column("1a", "id")] })),
            "ViewDefinition.select[0].column[0].name '1a' is not a name for a column: a letter, then letters, digits and '_'.",
        ),
        (one(json!({ "column": [a, a] })), "Two columns have the name 'a'; each needs one of its own."),
        (
            one(json!({ "column": [a], "forEach": "name", "repeat": ["name"] })),
            "ViewDefinition.select[0] has more than one of forEach, forEachOrNull and repeat.",
        ),
        (
            one(json!({ "unionAll": [{ "column": [a] }, { "column": [column("b", "id")] }] })),
            "ViewDefinition.select[0].unionAll[1] has not the same columns, in the same order, as the first: a union needs that.",
        ),
        (
            one(json!({ "column": [column("a", "%b")] })),
            "ViewDefinition.select[0].column[0].path: nothing defines %b; it may be a constant of the ViewDefinition.",
        ),
    ] {
        let mistake = calls::view(&support::default_packs(), view.to_string().as_bytes(), &resources(), &json!({}));
        let mistake = mistake.expect_err(words);
        assert_eq!((mistake.code, mistake.words.as_str()), (Code::Argument, words));
    }
}
