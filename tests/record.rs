//! Records and letters: every value of a whole record has its place in the record view, every link leads somewhere, and the
//! same holds of the records of the corpus, which are counted.

mod support;

use careconnect::parse::{Limits, parse};
use careconnect::render::{As, Audience, Mode, Options, Rendered, View};
use careconnect::typed::Typed;
use std::collections::BTreeSet;
use std::path::Path;

/// A record, or what is made of it, in one go.
fn rendered(input: &[u8], options: &Options) -> Rendered {
    let definitions = support::definitions();
    let mut parsed = parse(input, definitions.names(), Limits::default());
    let typed = Typed::new(&mut parsed.tree, definitions);
    careconnect::render::render(&parsed.tree, &typed, definitions, options)
}

/// The own records: the fenced inputs of the cases whose names begin so.
fn own() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/render");
    let mut out = Vec::new();
    for file in support::files(&folder, ".md") {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("a readable case");
        if let Some(start) = text.find("```json\n").filter(|_| name.starts_with("record") || name.starts_with("letter"))
        {
            let rest = &text[start + 8..];
            let end = rest.find("\n```").expect("the fence ends");
            out.push((name, rest.as_bytes()[..end].to_vec()));
        }
    }
    assert!(out.len() >= 2, "the cases were not found");
    out
}

/// The values of an attribute in a page.
fn values<'p>(page: &'p str, opening: &str) -> Vec<&'p str> {
    page.match_indices(opening).filter_map(|(at, _)| page[at + opening.len()..].split('"').next()).collect()
}

fn check(name: &str, input: &[u8]) -> [usize; 6] {
    let options = Options { as_: As::Page, as_of: Some("2026-02-28".to_owned()), ..Options::default() };
    let page = rendered(input, &options);
    let map = &page.coverage;
    assert!(map.missing.is_empty(), "{name}: not accounted for: {:?}", map.missing.first());
    let sum = map.shown.len() + map.listed.len() + map.technical.len() + map.withheld.len();
    assert_eq!(sum, map.leaves, "{name}: each value is counted once");
    if page.record.is_none() {
        return [0; 6];
    }
    let ids = values(&page.output, " id=\"");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{name}: an id stands twice");
    for address in values(&page.output, " href=\"#") {
        assert!(unique.contains(address), "{name}: the link to {address} leads nowhere");
    }
    for form in [As::Text, As::Markdown, As::Fragment, As::Model] {
        for mode in [Mode::Summary, Mode::Brief, Mode::Full] {
            let options = Options { as_: form, mode, ..Options::default() };
            assert!(!rendered(input, &options).output.is_empty(), "{name}");
        }
    }
    let patient = Options { as_: As::Text, audience: Audience::Patient, ..Options::default() };
    assert!(rendered(input, &patient).coverage.missing.is_empty(), "{name}: for the patient");
    let boxes = page.output.matches("class=\"nhsuk-warning-callout\"").count();
    [1, map.leaves, map.shown.len(), map.listed.len(), map.technical.len(), boxes]
}

#[test]
fn every_value_has_its_place() {
    for (name, input) in own() {
        assert_eq!(check(&name, &input)[0], 1, "{name}: is laid out as a record or letter");
    }
}

#[test]
fn the_entries_are_kept_as_a_view() {
    for (name, input) in own() {
        let options = Options { as_: As::Text, view: View::Entries, ..Options::default() };
        assert!(rendered(&input, &options).record.is_none(), "{name}");
        // A narrative is of resources, whatever is asked for.
        let options = Options { as_: As::Narrative, view: View::Record, ..Options::default() };
        assert!(rendered(&input, &options).record.is_none(), "{name}");
    }
}

#[test]
fn the_records_of_the_corpus() {
    let Some(shared) = support::shared() else { return eprintln!("no corpus here: not run") };
    let mut sums = [0; 6];
    for folder in ["corpus/nhs/gpconnect", "corpus/nhs/itk"] {
        for ending in [".json", ".xml"] {
            for file in support::files(&shared.join(folder), ending) {
                let input = std::fs::read(&file).expect("a readable record");
                if input.len() > 1_000_000 || !input.windows(8).any(|text| text == b"\"Bundle\"" || text == b"<Bundle ")
                {
                    continue;
                }
                let one = check(&file.display().to_string(), &input);
                sums.iter_mut().zip(one).for_each(|(sum, one)| *sum += one);
            }
        }
    }
    let [records, leaves, shown, listed, technical, boxes] = sums;
    support::figure(
        "records",
        &format!(
            "{records} records and letters, {leaves} values: {shown} in cells, {listed} in details, {technical} technical; {boxes} boxes"
        ),
    );
    assert!(records > 100, "the records were not found");
}

/// What is dated before birth, after death or issued too often is said where it is read, and the unborn and the dead are
/// examined without a word.
#[test]
fn dates_outside_of_a_life_are_said() {
    let record = |birth: &str, date: &str, observed: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"searchset","entry":[
            {{"fullUrl":"https://a.example/Patient/9","resource":{{"resourceType":"Patient","id":"9","birthDate":"{birth}","deceasedDateTime":"2020-05-06"}}}},
            {{"fullUrl":"https://a.example/Immunization/1","resource":{{"resourceType":"Immunization","id":"1","status":"completed","notGiven":false,"vaccineCode":{{"text":"Influenza vaccine"}},"patient":{{"reference":"Patient/9"}},"date":"{date}","primarySource":true}}}},
            {{"fullUrl":"https://a.example/Observation/1","resource":{{"resourceType":"Observation","id":"1","status":"final","code":{{"text":"Weight"}},"subject":{{"reference":"Patient/9"}},"effectiveDateTime":"{observed}"}}}}]}}"#
        )
    };
    for (birth, date, observed, said) in [
        ("2016-02-03", "2006-02-04", "2017-01-01", Some("Dated 2006-02-04, and the patient was born on 2016-02-03.")),
        ("2016-02-03", "2020-05-07", "2017-01-01", Some("Dated 2020-05-07, and the patient died on 2020-05-06.")),
        ("2016-02-03", "2018-02-04", "2013-01-01", Some("Dated 2013-01-01, and the patient was born on 2016-02-03.")),
        ("2016-02-03", "2018-02-04", "2015-12-01", None),
        ("2016-02-03", "2018-02-04", "2020-05-20", None),
        ("2016-02-03", "2016-02-03", "2016-02", None),
        ("2016", "2016-01-01", "2016", None),
    ] {
        let options = Options { as_: As::Text, ..Options::default() };
        let text = rendered(record(birth, date, observed).as_bytes(), &options).output;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match said {
            Some(said) => assert!(text.contains(said), "{birth} {date} {observed}: {text}"),
            None => assert!(!text.contains("Dated"), "{birth} {date} {observed}: {text}"),
        }
    }
}
