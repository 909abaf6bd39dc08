//! What is shown of one value, by its kind: for the examples of the NHS's display rules.

#![allow(dead_code)]

use careconnect::Careconnect;
use careconnect::render::format::date::{AgeWords, Clock, Moment};
use careconnect::render::format::person::{postcode, telephone};
use careconnect::render::format::{plain, quantity::grouped};
use careconnect::render::language::Language;
use careconnect::render::model::{Display, Row};
use careconnect::render::{As, Audience, Mode, Options};

/// The row whose pointer this is, anywhere in a display.
pub fn row<'d>(display: &'d Display, pointer: &str) -> Option<&'d Row> {
    fn within<'d>(rows: &'d [Row], pointer: &str) -> Option<&'d Row> {
        rows.iter().find_map(|row| if row.pointer == pointer { Some(row) } else { within(&row.rows, pointer) })
    }
    display.groups.iter().find_map(|group| within(&group.rows, pointer))
}

/// What is shown of one element of a resource of this type.
pub fn shown(core: &Careconnect, kind: &str, element: &str, json: &str, audience: Audience) -> String {
    let (property, pointer) = match element.strip_suffix("[]") {
        Some(name) => (format!("\"{name}\": [{json}]"), format!("/{name}/0")),
        None => (format!("\"{element}\": {json}"), format!("/{element}")),
    };
    let input = format!("{{\"resourceType\": \"{kind}\", {property}}}");
    let options = Options { as_: As::Model, audience, mode: Mode::Full, ..Options::default() };
    let rendered = core.render(input.as_bytes(), &options);
    assert!(rendered.coverage.missing.is_empty(), "{input}: {:?}", rendered.coverage.missing);
    let found = row(&rendered.display, &pointer).unwrap_or_else(|| panic!("{input}: no row for {pointer}"));
    plain(&found.value)
}

/// What a value is shown as, by the kind of example.
pub fn of_kind(core: &Careconnect, kind: &str, input: &str) -> String {
    use Audience::{Clinical, Patient};
    let text = |text: Option<String>| text.unwrap_or_else(|| input.to_owned());
    let element = |kind: &str, element: &str, audience: Audience| shown(core, kind, element, input, audience);
    let age = |in_full: bool| {
        let (born, at) = input.split_once(' ').expect("two dates");
        let (born, at) = (Moment::parse(born).expect("a date"), Moment::parse(at).expect("a date"));
        born.age_at(&at, AgeWords(Language::English, in_full)).unwrap_or_else(|| "none".to_owned())
    };
    match kind {
        "date-clinical" => text(Moment::parse(input).map(|moment| moment.clinical())),
        "date-patient" => text(Moment::parse(input).map(|moment| moment.patient(Language::English))),
        "time-clinical" => text(Clock::parse(input).map(|clock| clock.clinical())),
        "time-patient" => text(Clock::parse(input).map(|clock| clock.patient(Language::English))),
        "age" => age(false),
        "age-patient" => age(true),
        "telephone" => telephone(input),
        "postcode" => postcode(input),
        "number" => grouped(input),
        "nhs-number" => {
            let json = format!("{{\"system\": \"https://fhir.nhs.uk/Id/nhs-number\", \"value\": \"{input}\"}}");
            shown(core, "Patient", "identifier[]", &json, Clinical)
        }
        "name" => element("Patient", "name[]", Clinical),
        "address" => element("Patient", "address[]", Clinical),
        "quantity" => element("Observation", "valueQuantity", Clinical),
        "quantity-patient" => element("Observation", "valueQuantity", Patient),
        "range" => element("Observation", "valueRange", Clinical),
        "ratio" => element("Observation", "valueRatio", Clinical),
        "period" => element("Observation", "valuePeriod", Clinical),
        "dose" => element("MedicationStatement", "dosage[]", Clinical),
        _ => panic!("no such kind of example: {kind}"),
    }
}

/// The lines of every dosage of a resource, one after the other.
pub fn dosages(core: &Careconnect, input: &str) -> String {
    let options = Options { as_: As::Model, mode: Mode::Full, ..Options::default() };
    let rendered = core.render(input.as_bytes(), &options);
    assert!(rendered.coverage.missing.is_empty(), "{input}: {:?}", rendered.coverage.missing);
    let rows = rendered.display.groups.iter().flat_map(|group| &group.rows);
    let lines: Vec<String> = rows.filter(|row| row.pointer.contains("/dosage")).map(|row| plain(&row.value)).collect();
    lines.join("; ")
}
