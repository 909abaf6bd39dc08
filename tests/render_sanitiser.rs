//! Hostile text: whatever goes in, only allow-listed markup comes out, and cleaning it again changes nothing. The cases of
//! tests/cases/sanitise.md say what comes out; the outside suites run where they are. tests/js/sanitiser.test.js puts all
//! of them into a real Chromium.

mod support;

use careconnect::render::html::xhtml;
use careconnect::render::language::Language;
use careconnect::render::model::Markup;
use careconnect::render::sanitise::{Cleaned, clean, to_text};
use careconnect::xhtml::ELEMENTS;
use std::path::Path;

const SCHEMES: &[&str] = &["http://", "https://", "mailto:", "tel:", "#"];

/// The attributes that may come out, written here again: a change of the allow-list is meant to be seen.
const ATTRIBUTES: &str = " abbr align alt axis border cellpadding cellspacing char charoff class colspan compact dir frame headers \
height href id lang name nowrap rowspan rules scope span src start style summary title type valign value width ";

/// What must never be in the output, whatever the form of the input.
fn faults(markup: &[Markup], out: &mut Vec<String>) {
    for node in markup {
        let Markup::Element(element) = node else { continue };
        if !ELEMENTS.contains(&element.name) {
            out.push(format!("element {}", element.name));
        }
        for (name, value) in &element.attributes {
            let lower = value.trim().to_ascii_lowercase();
            let bad = match *name {
                "href" => !SCHEMES.iter().any(|scheme| lower.starts_with(scheme)),
                "src" => !lower.starts_with("data:image/"),
                "id" | "name" => !value.starts_with("p-"),
                "style" => ["(", "expression", "javascript", "position", "@", "\\", "/", "display", "hidden", "color"]
                    .iter()
                    .any(|word| lower.contains(word)),
                _ => !ATTRIBUTES.contains(&format!(" {name} ")),
            };
            if bad {
                out.push(format!("{name}={value}"));
            }
        }
        faults(&element.children, out);
    }
}

/// Checks what must hold of any text, and gives back what is wrong.
fn judge(input: &str, cleaned: &Cleaned, wrong: &mut Vec<String>) {
    let mut found = Vec::new();
    faults(&cleaned.markup, &mut found);
    if !found.is_empty() {
        wrong.push(format!("{input}: {found:?}"));
    }
    let once = xhtml(&cleaned.markup);
    let twice = xhtml(&clean(&format!("<div>{once}</div>"), "p-", Language::English).markup);
    if once != twice {
        wrong.push(format!("not stable: {input}\n  {once}\n  {twice}"));
    }
}

/// What came out, as a case writes it.
fn written(cleaned: &Cleaned) -> String {
    let mut out = format!("{}\n", xhtml(&cleaned.markup));
    cleaned.removed.iter().for_each(|sentence| out.push_str(&format!("- {sentence}\n")));
    out
}

#[test]
fn cases() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/sanitise.md");
    let text = std::fs::read_to_string(&file).expect("the cases");
    let (mut out, mut rest, mut count) = (String::new(), text.as_str(), 0);
    let mut wrong = Vec::new();
    while let Some(at) = rest.find("```xhtml\n") {
        let start = at + "```xhtml\n".len();
        let end = start + rest[start..].find("\n```").expect("a closed fence");
        let input = &rest[start..end];
        let cleaned = clean(input, "p-", Language::English);
        judge(input, &cleaned, &mut wrong);
        let open = end + rest[end..].find("```cleaned\n").expect("what comes out") + "```cleaned\n".len();
        let close = open + rest[open..].find("```").expect("a closed fence");
        out.push_str(&rest[..open]);
        out.push_str(&written(&cleaned));
        rest = &rest[close..];
        count += 1;
    }
    out.push_str(rest);
    assert!(count > 40, "the cases were not found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if std::env::var_os("CARECONNECT_BLESS").is_some() {
        std::fs::write(&file, out).expect("a writable file");
    } else if out != text {
        let line = out.lines().zip(text.lines()).find(|(new, old)| new != old);
        panic!("tests/cases/sanitise.md is not what comes out now; first difference: {line:?}");
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
    let (mut wrong, mut as_written, mut mended) = (Vec::new(), 0, 0);
    for payload in &payloads {
        // As it is, and as a sender would have to write it to be well-formed.
        for input in [payload.clone(), format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{payload}</div>")] {
            let cleaned = clean(&input, "p-", Language::English);
            judge(&input, &cleaned, &mut wrong);
            as_written += usize::from(cleaned.removed.iter().any(|words| words.contains("shown as it was written")));
            mended += usize::from(cleaned.removed.iter().any(|words| words.contains("mended")));
        }
    }
    let counts = format!(
        "{} payloads, two forms each: {as_written} shown as written, {mended} mended, {} not safe or not the same when cleaned again",
        payloads.len(),
        wrong.len()
    );
    support::figure("sanitiser-hostile", &counts);
    assert!(payloads.len() > 6000, "the suites are whole");
    assert!(wrong.is_empty(), "{}", wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n"));
}

/// The text of XHTML as it is written, entities read, elements and comments away.
fn text_of(xhtml: &str) -> String {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xhtml);
    let mut out = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Text(text)) => out.push_str(&text.xml10_content()),
            Ok(Event::CData(text)) => out.push_str(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let known =
                    quick_xml::escape::unescape(&format!("&{};", &*reference.xml10_content())).map(|c| c.into_owned());
                out.push_str(&known.unwrap_or_else(|_| "\u{a0}".to_owned()));
            }
            Ok(Event::Eof) | Err(_) => return out,
            Ok(_) => {}
        }
    }
}

fn markup_text(markup: &[Markup], out: &mut String, widths: &mut Vec<String>) {
    for node in markup {
        match node {
            Markup::Text(text) => out.push_str(text),
            Markup::Element(element) => {
                let width = |(name, value): &(&'static str, String)| (*name == "width").then(|| value.clone());
                widths.extend(element.attributes.iter().filter_map(width));
                markup_text(&element.children, out, widths);
            }
        }
    }
}

/// The sections of the NHS's own documents: text byte for byte, every width, and nothing said.
#[test]
fn benign_text() {
    let Some(shared) = support::shared() else { return eprintln!("no corpus here: not run") };
    let definitions = support::definitions();
    let (mut sections, mut different, mut widths_in, mut widths_out) = (0, Vec::new(), 0, 0);
    let (mut said, mut wrong) = (std::collections::BTreeMap::new(), Vec::new());
    for ending in [".json", ".xml"] {
        for file in support::files(&shared.join("corpus/nhs"), ending) {
            let input = std::fs::read(&file).expect("a readable resource");
            let mut parsed =
                careconnect::parse::parse(&input, definitions.names(), careconnect::parse::Limits::default());
            let _ = careconnect::typed::Typed::new(&mut parsed.tree, definitions);
            let tree = &parsed.tree;
            for node in tree.all() {
                let is_section = tree.name(node) == "div"
                    && tree
                        .parent(node)
                        .and_then(|text| tree.parent(text))
                        .is_some_and(|up| tree.name(up) == "section");
                let Some(source) = tree.text(node).filter(|_| is_section) else { continue };
                sections += 1;
                let cleaned = clean(source, "p-", Language::English);
                let (mut text, mut widths) = (String::new(), Vec::new());
                markup_text(&cleaned.markup, &mut text, &mut widths);
                widths_in += source.matches(" width=").count();
                widths_out += widths.len();
                if text != text_of(source) {
                    different.push(format!("{}\n  {:?}\n  {:?}", file.display(), text_of(source), text));
                }
                judge(source, &cleaned, &mut wrong);
                assert!(!to_text(&cleaned.markup, Language::English).is_empty(), "{}", file.display());
                for sentence in cleaned.removed {
                    *said.entry(sentence).or_insert(0) += 1;
                }
            }
        }
    }
    println!("said: {said:#?}");
    let counts = format!(
        "{sections} sections, {} with other text, {widths_out} of {widths_in} widths, {} not the same when cleaned again",
        different.len(),
        wrong.len()
    );
    support::figure("sanitiser-benign", &counts);
    assert!(wrong.is_empty(), "{}", wrong.iter().take(3).cloned().collect::<Vec<_>>().join("\n"));
    assert!(sections >= 189, "the NHS sections were not found");
    assert_eq!(widths_in, widths_out);
    assert!(different.is_empty(), "{}", different.iter().take(3).cloned().collect::<Vec<_>>().join("\n"));
}
