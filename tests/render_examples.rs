//! Examples of the NHS's display rules, right and wrong: tests/cases/formats/examples.tsv. How many there are of each kind
//! is in tests/cases/formats/counts.txt; CARECONNECT_BLESS=1 writes it anew.

mod support;

use careconnect::Careconnect;
use careconnect::render::format::date::{AgeWords, Clock, Moment};
use careconnect::render::format::person::{postcode, telephone};
use careconnect::render::format::{plain, quantity::grouped};
use careconnect::render::language::Language;
use careconnect::render::model::{Display, Row};
use careconnect::render::{As, Audience, Mode, Options};
use std::collections::BTreeMap;
use std::path::Path;

/// The row whose pointer this is, anywhere in a display.
fn row<'d>(display: &'d Display, pointer: &str) -> Option<&'d Row> {
    fn within<'d>(rows: &'d [Row], pointer: &str) -> Option<&'d Row> {
        rows.iter().find_map(|row| if row.pointer == pointer { Some(row) } else { within(&row.rows, pointer) })
    }
    display.groups.iter().find_map(|group| within(&group.rows, pointer))
}

/// What is shown of one element of a resource of this type.
fn shown(core: &Careconnect, kind: &str, element: &str, json: &str, audience: Audience) -> String {
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

fn of_kind(core: &Careconnect, kind: &str, input: &str) -> String {
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

#[test]
fn examples() {
    let core = support::default_packs();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/formats");
    let table = std::fs::read_to_string(folder.join("examples.tsv")).expect("the examples");
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [kind, input, right, rest @ ..] = &columns[..] else { panic!("{line}: three columns") };
        let given = of_kind(&core, kind, input).replace('\n', "\\n");
        let count = counts.entry(kind).or_default();
        count.0 += 1;
        if given != *right {
            wrong.push(format!("{kind} {input}\n  must be  {right}\n  is       {given}"));
        }
        for never in rest.iter().flat_map(|rest| rest.split(" || ")) {
            count.1 += 1;
            if given == never {
                wrong.push(format!("{kind} {input} must never be {never}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut text = String::new();
    for (kind, (right, never)) in &counts {
        text.push_str(&format!("{kind}\t{right} right\t{never} wrong\n"));
    }
    let (right, never) = counts.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    text.push_str(&format!("all\t{right} right\t{never} wrong\t{} rows\n", right + never));
    print!("{text}");
    assert!(right + never >= 200, "at least 200 rows");
    let snapshot = folder.join("counts.txt");
    if std::env::var_os("CARECONNECT_BLESS").is_some() {
        std::fs::write(&snapshot, &text).expect("a writable snapshot");
    }
    assert_eq!(std::fs::read_to_string(&snapshot).unwrap_or_default(), text, "CARECONNECT_BLESS=1 writes the counts");
}

/// The NHS dose syntax examples, where they are: each structured dosage gives a line, and every number of it is said.
#[test]
fn dose_syntax_suite() {
    let Some(suite) = support::shared().map(|shared| shared.join("suites/dose")).filter(|suite| suite.is_dir()) else {
        println!("the dose syntax suite is not here");
        return;
    };
    let core = support::default_packs();
    let (mut files, mut dosages, mut wrong) = (0, 0, Vec::new());
    for file in support::files(&suite, ".xml") {
        let text = std::fs::read_to_string(&file).expect("a readable example");
        if !text.contains("<dosageInstruction") && !text.contains("<dosage>") {
            continue;
        }
        files += 1;
        let options = Options { as_: As::Text, mode: Mode::Full, ..Options::default() };
        let rendered = core.render(text.as_bytes(), &options);
        assert!(rendered.coverage.missing.is_empty(), "{}", file.display());
        let model: Vec<&Row> = rendered.display.groups.iter().flat_map(|group| &group.rows).collect();
        for row in model.into_iter().filter(|row| row.pointer.contains("/dosage")) {
            dosages += 1;
            let line = plain(&row.value);
            println!("{}: {line}", file.file_name().expect("a name").to_string_lossy());
            if line.is_empty() || line.contains("No dose given") {
                wrong.push(format!("{}: no line", file.display()));
            }
        }
    }
    println!("{files} files of the dose syntax suite, {dosages} dosages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(dosages > 50, "the suite has its dosages");
}
