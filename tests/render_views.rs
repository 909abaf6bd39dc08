//! The view of each type against tests/cases/views.tsv: every field is displayed, in reading order, and what is
//! safety-critical is in the headline or the one-line summary.

mod support;

use careconnect::render::model::{Display, Row};
use careconnect::render::{As, Mode, Options};
use serde_json::{Map, Value, json};

/// A value of a kind that can be told from every other by its number, and how it is displayed.
fn sample(kind: &str, number: usize) -> (Value, String) {
    let word = format!("sentinel{number}x");
    let day = format!("{}-{:02}-{:02}", 1950 + number % 70, number % 12 + 1, number % 28 + 1);
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][number % 12];
    let shown = format!("{:02}-{month}-{}", number % 28 + 1, 1950 + number % 70);
    let with = |value: Value| (value, word.clone());
    match kind {
        "C" => with(json!({"text": word})),
        "V" => with(json!({"display": word})),
        "s" => with(json!(word)),
        "R" => with(json!({"display": word})),
        "I" => with(json!({"value": word})),
        "N" => with(json!({"text": word})),
        "D" => with(json!({"text": word})),
        "A" => with(json!({"title": word})),
        "H" => (json!({"family": word}), word.to_uppercase()),
        "L" => with(json!({"line": [word]})),
        "O" => with(json!({"system": "other", "value": word})),
        "Q" => with(json!({"value": number, "unit": word})),
        "i" => (json!(1000 + number), format!("1,{number:03}")),
        "d" => (json!(day), shown),
        "P" => (json!({"start": day}), shown),
        _ => match kind.split_once('=') {
            Some(("b", value)) => (json!(value == "true"), String::new()),
            Some(("c", value)) => (json!(value), String::new()),
            _ => panic!("no such kind: {kind}"),
        },
    }
}

/// Puts a value where a path says, into what is there already; gives the JSON pointer of it.
fn put(at: &mut Value, path: &str, value: Value) -> String {
    let (step, rest) = match path.split_once('.') {
        Some((step, rest)) => (step, Some(rest)),
        None => (path, None),
    };
    let object = at.as_object_mut().expect("an object");
    if let Some(name) = step.strip_prefix("x(").and_then(|step| step.strip_suffix(')')) {
        let url = if name.starts_with(char::is_lowercase) {
            name.to_owned()
        } else {
            format!("https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-{name}-1")
        };
        let list = object.entry("extension").or_insert_with(|| json!([])).as_array_mut().expect("a list");
        let found = list.iter().position(|one| one["url"] == url.as_str()).unwrap_or_else(|| {
            list.push(json!({"url": url}));
            list.len() - 1
        });
        let pointer = format!("/extension/{found}");
        if let Some(rest) = rest {
            return format!("{pointer}{}", put(&mut list[found], rest, value));
        }
        let kind = match &value {
            Value::Bool(_) => "valueBoolean",
            Value::Number(_) => "valuePositiveInt",
            Value::String(text) if text.len() == 10 && text.starts_with('1') || text.starts_with('2') => {
                "valueDateTime"
            }
            Value::String(text) if text.starts_with("sentinel") => "valueString",
            Value::String(_) => "valueCode",
            other if other.get("display").is_some() => "valueReference",
            _ => "valueCodeableConcept",
        };
        list[found][kind] = value;
        return pointer;
    }
    let (name, repeats) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
    let pointer = if repeats { format!("/{name}/0") } else { format!("/{name}") };
    let empty = || if repeats { json!([{}]) } else { json!({}) };
    match rest {
        None => {
            object.insert(name.to_owned(), if repeats { json!([value]) } else { value });
            pointer
        }
        Some(rest) => {
            let inner = object.entry(name).or_insert_with(empty);
            let inner = if repeats { &mut inner[0] } else { inner };
            format!("{pointer}{}", put(inner, rest, value))
        }
    }
}

/// The pointers of the rows in reading order.
fn pointers(display: &Display) -> Vec<String> {
    fn within(rows: &[Row], out: &mut Vec<String>) {
        for row in rows {
            out.push(row.pointer.clone());
            within(&row.rows, out);
        }
    }
    let mut out = Vec::new();
    display.groups.iter().for_each(|group| within(&group.rows, &mut out));
    out
}

#[test]
fn every_field_in_its_place() {
    let core = support::default_packs();
    let options = Options { as_: As::Text, mode: Mode::Full, ..Options::default() };
    let (mut types, mut fields, mut critical, mut wrong) = (0, 0, 0, Vec::new());
    for line in include_str!("cases/views.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (kind, specs) = line.split_once('\t').expect("a type and its fields");
        types += 1;
        let mut resource = Value::Object(Map::new());
        resource["resourceType"] = json!(kind);
        // A bar joins fields whose order among themselves does not matter.
        let specs: Vec<&str> = specs.split([' ', '|']).collect();
        let mut expected = Vec::new();
        for (number, spec) in specs.iter().enumerate() {
            fields += 1;
            let (path, rest) = spec.split_once(':').expect("a path and a kind");
            let (value, words) = sample(rest.trim_end_matches('!'), number + 1);
            let pointer = put(&mut resource, path, value);
            expected.push((*spec, pointer, words, rest.ends_with('!')));
        }
        let rendered = core.render(resource.to_string().as_bytes(), &options);
        if !rendered.coverage.missing.is_empty() {
            wrong.push(format!("{kind}: not displayed: {:?}", rendered.coverage.missing));
        }
        let order = pointers(&rendered.display);
        let said = format!("{} {}", rendered.display.headline, rendered.display.summary);
        let mut last = 0;
        for (spec, pointer, words, is_critical) in &expected {
            // A lead stands in its part's own row; a pointer is found by the nearest row around it.
            let mut at = None;
            let mut around = pointer.as_str();
            while at.is_none() && !around.is_empty() {
                at = order.iter().position(|one| one == around);
                around = around.rsplit_once('/').map_or("", |(head, _)| head);
            }
            match at {
                Some(at) if at + 1 >= last => last = at + 1,
                Some(_) => wrong.push(format!("{kind}: {spec} is not in its place")),
                None => wrong.push(format!("{kind}: {spec} has no row")),
            }
            if *is_critical {
                critical += 1;
                let alone =
                    rendered.display.groups.iter().any(|group| group.rows.iter().any(|row| row.pointer == *pointer));
                let found = if words.is_empty() {
                    alone || order.contains(pointer)
                } else {
                    said.to_lowercase().contains(&words.to_lowercase())
                };
                if !found {
                    wrong.push(format!(
                        "{kind}: {spec} ({words}) is neither in the headline nor in the summary: {said}"
                    ));
                }
            }
        }
    }
    support::figure(
        "views",
        &format!(
            "{types} types, {fields} fields in reading order, {critical} of them safety-critical and said in one line, {} not so",
            wrong.len()
        ),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(types >= 45 && fields > 450, "the table has the types of NHS data");
}
