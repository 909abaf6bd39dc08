//! Half a record is never shown as a whole one: whatever could not be read, in whatever form, the first that is read says so.

mod support;

use careconnect::parse::{self, Limits};
use careconnect::render::language::Language;
use careconnect::render::{As, Mode, Options};
use careconnect::source::Format;
use careconnect::{check, inspect};

const FORMS: [As; 7] = [As::Narrative, As::Fragment, As::Page, As::Text, As::Markdown, As::Model, As::Coverage];

/// How many resources are cut, and at how many places each.
const RESOURCES: usize = 20;
const PLACES: usize = 5;

/// What comes first in a form, before the words.
fn opening(form: As, word: &str) -> Vec<String> {
    let inner = format!("<p><strong>{word}: ");
    match form {
        As::Narrative => vec!["<div xmlns=\"http://www.w3.org/1999/xhtml\"".into(), format!(">{inner}")],
        As::Fragment => {
            vec!["<div class=\"careconnect\"".into(), format!("><div class=\"nhsuk-warning-callout\">{inner}")]
        }
        As::Page => {
            vec![format!("<title>{word}: "), format!("tabindex=\"-1\"><div class=\"nhsuk-warning-callout\">{inner}")]
        }
        As::Text => vec![format!("{word}: ")],
        As::Markdown => vec![format!("**{word}:** ")],
        As::Model | As::Coverage => vec!["{\"incomplete\":\"".into()],
    }
}

fn assert_says(form: As, output: &str, word: &str, what: &str) {
    for part in opening(form, word) {
        let at = output.find(&part);
        assert!(
            at.is_some(),
            "{what}, {form:?}: it does not begin with '{part}':\n{}",
            output.chars().take(300).collect::<String>()
        );
        let is_first = matches!(form, As::Text | As::Markdown | As::Model | As::Coverage);
        assert!(!is_first || at == Some(0), "{what}, {form:?}: something stands before '{part}'");
    }
}

#[test]
fn a_record_that_breaks_off_is_said_to_in_every_form() {
    let careconnect = support::default_packs();
    let mut cut = 0;
    for (name, resource) in support::displayed().into_iter().take(RESOURCES) {
        let json = serde_json::to_string_pretty(&resource).expect("JSON");
        let xml = inspect::convert(careconnect.definitions(), json.as_bytes(), Format::Xml).text.unwrap_or_default();
        for text in [json, xml].into_iter().filter(|text| !text.is_empty()) {
            // An empty answer to the conversion is for another test.
            for place in 1..=PLACES {
                let end = text.floor_char_boundary_of(text.len() * place / (PLACES + 1));
                let half = &text[..end];
                let what = format!("{name} up to {end}");
                let report = careconnect.validate(half.as_bytes(), &check::Options::default());
                assert!(report.reason().starts_with("Invalid: "), "{what}");
                assert!(!report.is_valid(), "{what}");
                for form in FORMS {
                    for (mode, language, word) in [
                        (Mode::Standard, Language::English, "INCOMPLETE"),
                        (Mode::Summary, Language::English, "INCOMPLETE"),
                        (Mode::Full, Language::Welsh, "ANGHYFLAWN"),
                    ] {
                        let options = Options { as_: form, mode, language, ..Options::default() };
                        let rendered = careconnect.render(half.as_bytes(), &options);
                        assert_says(form, &rendered.output, word, &what);
                        assert!(rendered.display.incomplete.is_some(), "{what}");
                    }
                }
                cut += 1;
            }
        }
    }
    assert!(cut >= RESOURCES * PLACES, "too few resources: {cut}");
}

/// The nearest boundary of a character before a place.
trait Boundary {
    fn floor_char_boundary_of(&self, at: usize) -> usize;
}

impl Boundary for str {
    fn floor_char_boundary_of(&self, mut at: usize) -> usize {
        while !self.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

#[test]
fn what_is_whole_is_not_said_to_be_incomplete() {
    let careconnect = support::default_packs();
    for (name, resource) in support::displayed() {
        if resource["resourceType"].is_string() {
            let rendered = careconnect.render(resource.to_string().as_bytes(), &Options::default());
            assert_eq!(rendered.display.incomplete, None, "{name}");
        }
    }
}

#[test]
fn several_resources_are_said_to_be_several_and_all_are_shown() {
    let careconnect = support::default_packs();
    let line = |family: &str| format!("{{\"resourceType\":\"Patient\",\"name\":[{{\"family\":\"{family}\"}}]}}");
    let broken = "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Patel\"";
    for (input, names) in [
        (format!("{}\n{}\n", line("Okonkwo"), line("Hughes")), vec!["Okonkwo", "Hughes"]),
        // A line that breaks off is said to, and takes no other with it.
        (format!("{}\n{broken}\n{}\n", line("Okonkwo"), line("Hughes")), vec!["Okonkwo", "Patel", "Hughes"]),
        (format!("{}{}", line("Okonkwo"), line("Hughes")), vec!["Okonkwo", "Hughes"]),
    ] {
        for form in FORMS {
            let rendered = careconnect.render(input.as_bytes(), &Options { as_: form, ..Options::default() });
            assert_says(form, &rendered.output, "INCOMPLETE", &input);
            assert!(rendered.coverage.missing.is_empty(), "{input}");
            if form != As::Coverage {
                let places: Vec<Option<usize>> =
                    names.iter().map(|name| rendered.output.to_lowercase().find(&name.to_lowercase())).collect();
                assert!(
                    places.iter().all(Option::is_some) && places.is_sorted(),
                    "{form:?} {places:?} {}",
                    rendered.output
                );
            }
        }
        let report = careconnect.validate(input.as_bytes(), &check::Options::default());
        assert_eq!(report.issues.last().map(|issue| issue.problem.rule()), Some("another-resource"));
    }
}

#[test]
fn what_is_no_resource_is_said_to_be_none_and_what_is_not_fhir_is_not_shown() {
    let careconnect = support::default_packs();
    for input in ["", " ", "hello", "[]", "null", "{}", "{\"name\":\"Smith\"}", "<"] {
        for form in FORMS {
            let rendered = careconnect.render(input.as_bytes(), &Options { as_: form, ..Options::default() });
            assert_says(form, &rendered.output, "INCOMPLETE", input);
        }
    }
    for input in [
        "<RCMR_IN010000UK05 xmlns=\"urn:hl7-org:v3\"><title>Discharge of Okonkwo</title></RCMR_IN010000UK05>",
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>Okonkwo</soap:Body></soap:Envelope>",
        "<html><body>Okonkwo</body></html>",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title value=\"Okonkwo\"/></feed>",
    ] {
        for form in FORMS {
            let rendered = careconnect.render(input.as_bytes(), &Options { as_: form, ..Options::default() });
            assert_says(form, &rendered.output, "INCOMPLETE", input);
            assert!(!rendered.output.contains("Okonkwo"), "{form:?}: {}", rendered.output);
            assert!(rendered.coverage.missing.is_empty() && rendered.coverage.shown.is_empty(), "{input}");
        }
    }
}

#[test]
fn utf_16_is_read_and_said_to_be_what_it_is() {
    let careconnect = support::default_packs();
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>";
    for big in [true, false] {
        for mark in [true, false] {
            let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
            let bytes: Vec<u8> =
                units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
            let rules: Vec<&str> = careconnect
                .validate(&bytes, &check::Options::default())
                .issues
                .iter()
                .map(|issue| issue.problem.rule())
                .collect();
            assert_eq!(rules, ["utf-16"], "big {big}, mark {mark}");
            let parsed = parse::parse(&bytes, careconnect.definitions().names(), Limits::default());
            assert_eq!(parsed.tree.child_text(parsed.tree.root(), "active"), Some("true"));
        }
    }
}
