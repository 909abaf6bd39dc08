//! Every element that STU3 marks as a modifier, with every value: one that changes the meaning must change the headline
//! or the one-line summary, and be said there in words. The table is tests/cases/modifiers.txt: an element, the values
//! that change nothing, and those that do.

use careconnect::Careconnect;
use careconnect::render::{As, Mode, Options};

/// A resource in which the element at this path has this value.
fn resource(path: &str, value: &str) -> String {
    let mut steps = path.split('.');
    let kind = steps.next().expect("a type");
    let steps: Vec<&str> = steps.collect();
    let mut json = value.to_owned();
    for step in steps.iter().rev() {
        json = format!("{{\"{step}\": {json}}}");
    }
    let inner = json.strip_prefix('{').expect("an object");
    let code = if steps == ["code"] { "" } else { "\"code\": {\"text\": \"Something\"}, " };
    format!("{{\"resourceType\": \"{kind}\", {code}{inner}")
}

/// What is said of a resource: headline and summary.
fn said(input: &str) -> (String, String) {
    let options = Options { as_: As::Text, mode: Mode::Summary, ..Options::default() };
    let rendered = Careconnect::default().render(input.as_bytes(), &options);
    assert!(rendered.coverage.missing.is_empty(), "{input}");
    (rendered.display.headline, rendered.display.summary)
}

/// The words of a code that must be found; codes that are signs have words of their own.
fn key(value: &str) -> String {
    value.trim_matches('"').to_lowercase()
}

fn bare(text: &str) -> String {
    text.to_lowercase().replace(['-', ' '], "")
}

#[test]
fn every_modifier_is_said() {
    let table = include_str!("cases/modifiers.txt");
    let (mut count, mut wrong) = (0, Vec::new());
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut columns = line.split('|').map(str::trim);
        let path = columns.next().expect("a path");
        let neutral = columns.next().expect("neutral values");
        let values = columns.next().expect("other values");
        let words = columns.next().unwrap_or("").to_lowercase();
        let base = neutral.split_whitespace().next();
        let (headline, summary) = match base {
            Some(value) => said(&resource(path, &quoted(value))),
            None => {
                let kind = path.split('.').next().unwrap_or("");
                said(&format!("{{\"resourceType\": \"{kind}\", \"code\": {{\"text\": \"Something\"}}}}"))
            }
        };
        for value in values.split_whitespace() {
            count += 1;
            let (new_headline, new_summary) = said(&resource(path, &quoted(value)));
            let changed = new_headline != headline || new_summary != summary;
            let text = bare(&format!("{new_headline} {new_summary}"));
            let wanted = if words.is_empty() { bare(&key(value)) } else { bare(&words) };
            if !changed || !text.contains(&wanted) {
                wrong.push(format!("{path} = {value}: \u{201c}{new_headline}\u{201d}, \u{201c}{new_summary}\u{201d}"));
            }
        }
    }
    println!("{count} values of modifiers, {} not said", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 400, "the table has the modifiers of STU3");
}

/// A value of the table as JSON: `true`, an object without spaces, or a code.
fn quoted(value: &str) -> String {
    match value {
        "true" | "false" => value.to_owned(),
        _ if value.starts_with(['{', '[']) => value.replace('~', " "),
        _ => format!("\"{value}\""),
    }
}
