//! Hostile text from outside suites: whatever goes in, only allow-listed markup comes out, and cleaning it again changes
//! nothing. Runs where the suites are.

mod support;

use careconnect::render::html::xhtml;
use careconnect::render::model::Markup;
use careconnect::render::sanitise::clean;

const SCHEMES: &[&str] = &["http:", "https:", "mailto:", "tel:", "#"];

/// What must never be in the output, whatever the form of the input.
fn faults(markup: &[Markup], out: &mut Vec<String>) {
    for node in markup {
        let Markup::Element(element) = node else { continue };
        if matches!(
            element.name,
            "script" | "style" | "iframe" | "object" | "embed" | "svg" | "math" | "form" | "input"
        ) {
            out.push(format!("element {}", element.name));
        }
        for (name, value) in &element.attributes {
            let lower = value.trim().to_ascii_lowercase();
            let bad = match *name {
                "href" => !SCHEMES.iter().any(|scheme| lower.starts_with(scheme)),
                "src" => !lower.starts_with("data:image/"),
                "style" => {
                    ["url(", "expression", "javascript", "position", "@"].iter().any(|word| lower.contains(word))
                }
                _ => name.starts_with("on"),
            };
            if bad {
                out.push(format!("{name}={value}"));
            }
        }
        faults(&element.children, out);
    }
}

#[test]
fn hostile_text() {
    let Some(shared) = support::shared() else { return eprintln!("no suites here: not run") };
    let folder = shared.join("suites/sanitiser");
    let fixtures = std::fs::read(folder.join("dompurify-fixtures.json")).expect("fixtures");
    let fixtures: serde_json::Value = serde_json::from_slice(&fixtures).expect("JSON");
    let list = std::fs::read(folder.join("xss-payload-list.txt")).expect("payloads");
    let list = String::from_utf8_lossy(&list);
    let mut payloads: Vec<String> = list.lines().map(str::to_owned).collect();
    let known = fixtures.as_array().into_iter().flatten();
    payloads.extend(known.filter_map(|fixture| fixture["payload"].as_str()).map(str::to_owned));
    let (mut wrong, mut as_written, mut unstable) = (Vec::new(), 0, Vec::new());
    for payload in &payloads {
        // As it is, and as a sender would have to write it to be well-formed.
        for input in [payload.clone(), format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{payload}</div>")] {
            let cleaned = clean(&input, "p-");
            let mut found = Vec::new();
            faults(&cleaned.markup, &mut found);
            if !found.is_empty() {
                wrong.push(format!("{input}: {found:?}"));
            }
            as_written += usize::from(cleaned.removed.iter().any(|words| words.contains("not well-formed")));
            let once = xhtml(&cleaned.markup);
            let twice = xhtml(&clean(&format!("<div>{once}</div>"), "").markup);
            if once != twice {
                unstable.push(format!("{input}\n  {once}\n  {twice}"));
            }
        }
    }
    println!(
        "{} payloads, two forms each: {} shown as written, {} wrong, {} not stable",
        payloads.len(),
        as_written,
        wrong.len(),
        unstable.len()
    );
    assert!(payloads.len() > 6000, "the suites are whole");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unstable.is_empty(), "{}", unstable.iter().take(12).cloned().collect::<Vec<_>>().join("\n"));
}
