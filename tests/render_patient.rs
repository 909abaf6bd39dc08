//! What the patient's own display keeps back, and what it says instead (GP Connect 1.6.2, security label NOPAT): in no form
//! does a value of such a resource come out, whatever refers to it; for clinicians everything does. And the patient's forms
//! of dates, times and doses, by the NHS service manual.

mod support;

use careconnect::render::{As, Audience, Mode, Options};
use serde_json::{Value, json};

const FORMS: [As; 7] = [As::Narrative, As::Fragment, As::Page, As::Text, As::Markdown, As::Model, As::Coverage];

/// The label that keeps a resource from its patient.
fn nopat() -> Value {
    json!({"security": [{"system": "http://hl7.org/fhir/v3/ActCode", "code": "NOPAT"}]})
}

/// An Observation each of whose values has a word of its own.
fn secret(id: &str) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "meta": nopat(), "status": "final",
        "extension": [{"url": "https://example.org/why", "valueString": "zqextension"}],
        "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">zqnarrative</div>"},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "73211009", "display": "zqdisplay"}], "text": "zqcode"},
        "valueQuantity": {"value": 4711.5, "unit": "zqunit"}, "comment": "zqcomment",
        "contained": [{"resourceType": "Specimen", "id": "s", "type": {"text": "zqspecimen"}}], "specimen": {"reference": "#s"}
    })
}

/// A document in which sections, a list, a report and a table refer to what the patient must not see.
fn document() -> Value {
    let to = |id: &str| json!({"reference": format!("Observation/{id}"), "display": "zqlabel"});
    let text = json!({"status": "additional", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Seen today.</div>"});
    let entries = [
        json!({"resourceType": "Composition", "id": "c", "status": "final", "type": {"text": "Letter"}, "title": "Letter",
            "date": "2026-02-28", "subject": {"reference": "Patient/p"}, "author": [{"display": "Dr Brown"}],
            "section": [{"title": "Results", "text": text, "entry": [to("o"), {"reference": "List/l"}]}]}),
        json!({"resourceType": "Patient", "id": "p", "name": [{"family": "Smith", "given": ["Ann"]}]}),
        json!({"resourceType": "DiagnosticReport", "id": "d", "status": "final", "code": {"text": "Bloods"}, "result": [to("o"), {"reference": "Observation/n"}]}),
        json!({"resourceType": "List", "id": "l", "status": "current", "mode": "snapshot", "entry": [{"item": to("o")}]}),
        json!({"resourceType": "Observation", "id": "n", "status": "final", "code": {"text": "Haemoglobin"},
            "valueQuantity": {"value": 120, "unit": "g/L"}, "related": [{"type": "has-member", "target": to("o")}]}),
        secret("o"),
    ];
    let entry = |resource: &Value| {
        let name = format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
        json!({"fullUrl": format!("https://example.org/{name}"), "resource": resource})
    };
    json!({"resourceType": "Bundle", "type": "document", "entry": entries.iter().map(entry).collect::<Vec<_>>()})
}

#[test]
fn what_the_patient_must_not_see_is_kept_back() {
    let core = support::default_packs();
    let (mut outputs, mut words) = (0, 0);
    for (name, input) in [("alone", secret("o")), ("in a document", document())] {
        let text = input.to_string();
        let secrets: Vec<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.starts_with("zq")).collect();
        assert!(secrets.len() > 5);
        for as_ in FORMS {
            for mode in [Mode::Summary, Mode::Standard, Mode::Full, Mode::Diff] {
                let options = Options { as_, mode, audience: Audience::Patient, ..Options::default() };
                let rendered = core.render(text.as_bytes(), &options);
                outputs += 1;
                for secret in secrets.iter().chain(&["4,711", "4711"]) {
                    words += 1;
                    assert!(
                        !rendered.output.contains(secret),
                        "{name}, {as_:?}, {mode:?} says {secret}:\n{}",
                        rendered.output
                    );
                }
                // Nothing tells that there is something, but what is said in every output whether there is or not.
                if as_ != As::Coverage {
                    let flat = rendered.output.replace("\\.", ".");
                    assert!(
                        flat.contains("Some information may not be shown here. Ask your GP practice."),
                        "{name}, {as_:?}"
                    );
                    for word in ["NOPAT", "Not shown", "disclose", "withheld"] {
                        assert!(!flat.contains(word), "{name}, {as_:?}, {mode:?} says {word}:\n{flat}");
                    }
                }
                assert!(rendered.coverage.missing.is_empty(), "{name}: {:?}", rendered.coverage.missing);
            }
        }
        let rendered = core.render(text.as_bytes(), &Options { audience: Audience::Patient, ..Options::default() });
        // What is kept back is accounted for, each value with the reason.
        let place = if name == "alone" { "/valueQuantity/value" } else { "/entry/5/resource/valueQuantity/value" };
        let withheld = rendered.coverage.withheld.iter().find(|withheld| withheld.pointer == place).expect("withheld");
        assert!(withheld.reason.contains("NOPAT"), "{}", withheld.reason);
        // The clinician sees all of it, and that the patient does not.
        let clinical = core.render(text.as_bytes(), &Options { as_: As::Text, mode: Mode::Full, ..Options::default() });
        for secret in &secrets {
            assert!(clinical.output.contains(secret), "{name}: {secret}\n{}", clinical.output);
        }
        assert!(clinical.output.contains("NOT TO BE DISCLOSED TO THE PATIENT (NOPAT)"));
    }
    support::figure(
        "patient",
        &format!("{outputs} outputs for the patient, {words} withheld words looked for, none found"),
    );
}

#[test]
fn a_patient_reads_plain_dates_times_and_doses() {
    let core = support::default_packs();
    let statement = json!({
        "resourceType": "MedicationStatement", "status": "active", "taken": "y", "medicationCodeableConcept": {"text": "Amoxicillin"},
        "subject": {"display": "Ann"}, "effectivePeriod": {"start": "2018-08-06T17:30:00+01:00", "end": "2018-08-13"},
        "dosage": [{"doseQuantity": {"value": 250, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"},
            "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}}}]
    });
    let of = |audience: Audience| {
        let options = Options { as_: As::Text, audience, ..Options::default() };
        core.render(statement.to_string().as_bytes(), &options).output
    };
    let (patient, clinical) = (of(Audience::Patient), of(Audience::Clinical));
    for (said, by, other) in [
        ("6 August 2018 at 5:30pm", &patient, &clinical),
        ("13 August 2018", &patient, &clinical),
        ("06-Aug-2018 17:30", &clinical, &patient),
        ("13-Aug-2018", &clinical, &patient),
    ] {
        assert!(by.contains(said) && !other.contains(said), "{said}\n{by}\n{other}");
    }
    println!("{patient}\n{clinical}");
}

/// A record in which one Condition is labelled, and a resource refers to it by a reference of this form.
fn referring(reference: Value, label: Value) -> Value {
    json!({"resourceType": "Bundle", "type": "searchset", "total": 3, "entry": [
        {"fullUrl": "https://example.org/fhir/Patient/p1", "resource": {"resourceType": "Patient", "id": "p1", "name": [{"family": "Visible"}]}},
        {"fullUrl": "https://example.org/fhir/Condition/Abc-1", "resource": {
            "resourceType": "Condition", "id": "Abc-1", "meta": {"security": label}, "clinicalStatus": "active",
            "identifier": [{"system": "https://example.org/id", "value": "zqid-77"}],
            "code": {"text": "zqcondition harm"}, "subject": {"reference": "Patient/p1"}}},
        {"fullUrl": "https://example.org/fhir/Procedure/r1", "resource": {
            "resourceType": "Procedure", "id": "r1", "status": "completed", "code": {"text": "Seen procedure"},
            "subject": {"reference": "Patient/p1"}, "reasonReference": [reference], "note": [{"text": "because of zqnote"}],
            "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Seen for zqnarrative</div>"}}}
    ]})
}

/// Every form of the output, with what a patient must not find in it and what must be there.
fn hold(input: &Value, what: &str) {
    let core = support::default_packs();
    let text = input.to_string();
    for as_ in FORMS {
        for mode in [Mode::Summary, Mode::Standard, Mode::Full] {
            let options = Options { as_, mode, audience: Audience::Patient, ..Options::default() };
            let output = core.render(text.as_bytes(), &options).output.to_lowercase();
            assert!(!output.contains("zq"), "{what}, {as_:?}, {mode:?}:\n{output}");
            if as_ == As::Text && mode == Mode::Standard {
                assert!(output.contains("seen procedure"), "{what}: the rest is shown\n{output}");
            }
        }
    }
}

#[test]
fn no_form_of_a_reference_tells_what_is_withheld() {
    let forms = [
        json!({"reference": "Condition/Abc-1"}),
        json!({"reference": "/Condition/Abc-1"}),
        json!({"reference": "./Condition/Abc-1/"}),
        json!({"reference": " Condition/Abc-1 "}),
        json!({"reference": "condition/ABC-1"}),
        json!({"reference": "Condition/Abc%2D1"}),
        json!({"reference": "Condition%2FAbc-1"}),
        json!({"reference": "Condition/Abc-1?_format=json"}),
        json!({"reference": "Condition/Abc-1#part"}),
        json!({"reference": "Condition/Abc-1|2"}),
        json!({"reference": "Condition/Abc-1/_history/4"}),
        json!({"reference": "https://example.org/fhir/Condition/Abc-1"}),
        json!({"reference": "HTTPS://EXAMPLE.ORG/fhir/Condition/Abc-1"}),
        json!({"reference": "https://other.example.org/Condition/Abc-1"}),
        json!({"reference": "Condition?identifier=https://example.org/id|zqid-77"}),
        json!({"reference": "Condition?_id=Abc-1"}),
        json!({"reference": "Abc-1"}),
        json!({"reference": "Condition/\u{200b}Abc-1"}),
        json!({"identifier": {"system": "https://example.org/id", "value": "zqid-77"}}),
        json!({"identifier": {"value": "zqid-77"}}),
        json!({"identifier": {"system": "https://example.org/id", "value": " ZQID-77 "}}),
    ];
    for mut form in forms {
        form["display"] = json!("zqdisplay");
        let what = form.to_string();
        hold(&referring(form, json!([{"system": "http://hl7.org/fhir/v3/ActCode", "code": "NOPAT"}])), &what);
    }
}

#[test]
fn a_label_that_cannot_be_read_withholds() {
    let labels = [
        json!([{"code": "NOPAT"}]),
        json!([{"code": "nopat"}]),
        json!([{"code": " NOPAT "}]),
        json!([{"code": "NO-PAT"}]),
        json!([{"code": "NOPA"}]),
        json!([{"code": "NOPTA"}]),
        json!([{"code": "NOPATT"}]),
        json!([{"code": "N0PAT"}]),
        json!([{"code": "NO\u{200b}PAT"}]),
        json!([{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "NOPAT"}]),
        json!([{"system": "http://hl7.org/fhir/v3/ActCode"}]),
        json!([{"display": "no disclosure to patient"}]),
        json!([{}]),
        json!([null]),
        json!({"code": "NOPAT"}),
        json!("NOPAT"),
        json!([{"coding": [{"code": "NOPAT"}]}]),
        json!([{"system": "http://hl7.org/fhir/v3/Confidentiality", "code": "N"}, {"code": "NOPAT"}]),
    ];
    for label in labels {
        let what = label.to_string();
        hold(&referring(json!({"reference": "Condition/Abc-1", "display": "zqdisplay"}), label), &what);
    }
    // Another label hides nothing.
    let core = support::default_packs();
    let open = referring(
        json!({"reference": "Condition/Abc-1"}),
        json!([{"system": "http://hl7.org/fhir/v3/Confidentiality", "code": "N"}]),
    );
    let options = Options { as_: As::Text, audience: Audience::Patient, ..Options::default() };
    assert!(core.render(open.to_string().as_bytes(), &options).output.contains("zqcondition"));
    // What was cut off may have had one.
    let text = open.to_string();
    for end in [text.len() - 1, text.len() / 2, text.len() - 40] {
        let output = core.render(text.get(..end).expect("ASCII").as_bytes(), &options).output;
        assert!(!output.contains("zq"), "{output}");
    }
}

#[test]
fn what_belongs_to_what_is_withheld_goes_with_it() {
    let label = json!({"security": [{"code": "NOPAT"}]});
    let seen = json!({"resourceType": "Procedure", "status": "completed", "code": {"text": "Seen procedure"}});
    let bundle = |entries: Vec<Value>| {
        let entries = entries.into_iter().chain([seen.clone()]).map(|resource| json!({"resource": resource}));
        json!({"resourceType": "Bundle", "type": "collection", "entry": entries.collect::<Vec<_>>()})
    };
    let div = |text: &str| json!({"status": "additional", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div>")});
    for (what, input) in [
        (
            "the contents of a consultation",
            bundle(vec![
                json!({"resourceType": "Encounter", "id": "e", "meta": label, "status": "finished", "type": [{"text": "zqtype"}]}),
                json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "zqcode"}, "context": {"reference": "Encounter/e"}}),
                json!({"resourceType": "List", "id": "l", "status": "current", "mode": "snapshot", "title": "zqlist", "encounter": {"reference": "Encounter/e"},
                "entry": [{"item": {"reference": "Condition/c"}}]}),
                json!({"resourceType": "Condition", "id": "c", "code": {"text": "zqcondition"}}),
            ]),
        ),
        (
            "the product, the issues and the statement of a medicine",
            bundle(vec![
                json!({"resourceType": "MedicationRequest", "id": "p", "meta": label, "intent": "plan", "medicationReference": {"reference": "Medication/m"}}),
                json!({"resourceType": "Medication", "id": "m", "code": {"text": "zqdrug"}}),
                json!({"resourceType": "MedicationRequest", "id": "i", "intent": "order", "medicationCodeableConcept": {"text": "zqissue"}, "basedOn": [{"reference": "MedicationRequest/p"}]}),
                json!({"resourceType": "MedicationStatement", "id": "s", "status": "active", "taken": "unk", "medicationCodeableConcept": {"text": "zqstatement"}, "basedOn": [{"reference": "MedicationRequest/p"}]}),
            ]),
        ),
        (
            "a report that had nothing else",
            bundle(vec![
                json!({"resourceType": "Observation", "id": "o", "meta": label, "status": "final", "code": {"text": "zqtest"}}),
                json!({"resourceType": "DiagnosticReport", "id": "r", "status": "final", "code": {"text": "zqreport"}, "conclusion": "zqpositive", "result": [{"reference": "Observation/o"}]}),
            ]),
        ),
        (
            "the text of a section beside it",
            json!({"resourceType": "Bundle", "type": "document", "entry": [
            {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Composition", "status": "final", "title": "Seen procedure", "section": [
                {"title": "zqsafeguarding", "text": div("zqtext"), "entry": [{"reference": "urn:uuid:2"}]},
                {"title": "Other", "text": div("Also zqconcern for the child"), "entry": []},
                {"title": "Plan", "text": div("Come again")}]}},
            {"fullUrl": "urn:uuid:2", "resource": {"resourceType": "Condition", "meta": label, "code": {"text": "zqconcern for the child"}}}]}),
        ),
        (
            "a mention in a note and in a reason",
            bundle(vec![
                json!({"resourceType": "Condition", "id": "c", "meta": label, "code": {"text": "zqdisease"}}),
                json!({"resourceType": "Encounter", "id": "e", "status": "finished", "reason": [{"text": "zqdisease", "coding": [{"display": "zqdisease"}]}]}),
                json!({"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "Weight"}, "comment": "Patient knows of ZQDisease."}),
            ]),
        ),
        (
            "warnings to staff",
            bundle(vec![json!({"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "zqviolent"}})]),
        ),
        (
            "how to reach other people",
            bundle(vec![
                json!({"resourceType": "Patient", "id": "p", "contact": [{"name": {"text": "Sister"}, "telecom": [{"value": "zqphone"}]}]}),
            ]),
        ),
    ] {
        hold(&input, what);
    }
}

#[test]
fn a_difference_tells_nothing_of_what_is_withheld_in_one_version() {
    let core = support::default_packs();
    let condition = |label: bool, id: Option<&str>| {
        let mut made = json!({"resourceType": "Condition", "clinicalStatus": "active", "code": {"text": "zqcondition"}, "note": [{"text": "zqnote"}]});
        if label {
            made["meta"] = nopat();
        }
        if let Some(id) = id {
            made["id"] = json!(id);
        }
        made
    };
    let bundle = |url: Option<&str>, resource: Value| {
        let mut entry = json!({"resource": resource});
        if let Some(url) = url {
            entry["fullUrl"] = json!(url);
        }
        json!({"resourceType": "Bundle", "type": "collection", "entry": [entry]})
    };
    let mut outputs = 0;
    for (old, new) in [
        (condition(false, Some("c")), condition(true, Some("c"))),
        (condition(true, None), condition(false, None)),
        (bundle(None, condition(false, Some("c"))), bundle(None, condition(true, Some("c")))),
        (bundle(Some("urn:uuid:1"), condition(false, None)), bundle(Some("urn:uuid:1"), condition(true, None))),
        (bundle(Some("urn:uuid:1"), condition(true, None)), bundle(Some("urn:uuid:2"), condition(false, None))),
        (bundle(None, condition(false, None)), bundle(None, condition(true, None))),
        (
            bundle(None, condition(true, Some("c"))),
            bundle(
                None,
                json!({"resourceType": "Encounter", "status": "finished",
            "diagnosis": [{"condition": {"reference": "Condition/c", "display": "zqdisplay"}}]}),
            ),
        ),
    ] {
        for as_ in FORMS {
            let options = Options {
                as_,
                mode: Mode::Diff,
                audience: Audience::Patient,
                against: Some(old.to_string().into()),
                ..Options::default()
            };
            let output = core.render(new.to_string().as_bytes(), &options).output;
            assert!(!output.contains("zq"), "{as_:?} of {old} and {new}:\n{output}");
            outputs += 1;
        }
    }
    assert!(outputs > 40);
}
