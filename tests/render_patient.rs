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
                assert!(rendered.coverage.missing.is_empty(), "{name}: {:?}", rendered.coverage.missing);
            }
        }
        let options = Options { as_: As::Text, audience: Audience::Patient, ..Options::default() };
        let rendered = core.render(text.as_bytes(), &options);
        let flat = rendered.output.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains("Not shown: marked as not to be disclosed to the patient"),
            "{name} says what it does:\n{flat}"
        );
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
