//! Hostile strings in every field: nothing that is received becomes markup, and nothing of it can hide or reorder text, in
//! any output, for any audience.

mod support;

use careconnect::Careconnect;
use careconnect::render::{As, Audience, Mode, Options};
use proptest::prelude::*;
use quick_xml::events::Event;
use serde_json::Value;

const OUTPUTS: [As; 6] = [As::Narrative, As::Fragment, As::Page, As::Text, As::Markdown, As::Model];

/// Strings that do harm where somebody forgets to escape.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></style></dd></dl><svg onload=alert(1)>",
    "javascript:alert(1)",
    " \u{1}javascript:alert(1)",
    "JaVa\tScRiPt:alert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "]]><!--",
    "&lt;b&gt; &#x3c;i&#x3e; &amp;amp;",
    "[a](javascript:alert(1)) ![b](https://tracker.example/x.png)",
    "<https://tracker.example/> https://tracker.example/",
    "# heading\n- item\n1. item\n> quote\n---\n```\ncode\n```\n    indented",
    "| a | b |\n|---|---|\n| c | d |",
    "*a* **b** _c_ __d__ ~~e~~ `f` \\",
    "amilin\u{202e}enicillin\u{202c}",
    "5\u{200b}0 mg, 0\u{2060}.5 mg, a\u{feff}b\u{ad}c",
    "\u{0}\u{7}\u{1b}[31mred\u{1b}[0m\u{85}\u{9f}",
    "\u{e0041}\u{e0042} \u{3164} \u{2800} \u{34f}",
    "line\r\nline\rline\u{2028}line\u{2029}line",
    "\u{fffe}\u{ffff}\u{fdd0}",
    "",
    " ",
    "\n\n",
];

/// Every string of a resource but the type's name, replaced.
fn replaced(value: &Value, with: &str, only: Option<usize>, at: &mut usize) -> Value {
    match value {
        Value::String(text) => {
            *at += 1;
            let this = only.is_none_or(|only| only + 1 == *at);
            Value::String(if this { with.to_owned() } else { text.clone() })
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| replaced(item, with, only, at)).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, inner)| match name.as_str() {
                    "resourceType" => (name.clone(), inner.clone()),
                    _ => (name.clone(), replaced(inner, with, only, at)),
                })
                .collect(),
        ),
        other => other.clone(),
    }
}

/// What may never stand in HTML that we write.
fn html_faults(html: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut reader = quick_xml::Reader::from_str(html);
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                wrong.push(format!("not well-formed: {error}"));
                return wrong;
            }
        };
        match event {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name().into_inner().to_owned();
                if ["script", "iframe", "object", "embed", "svg", "math", "form", "input", "base", "link"]
                    .contains(&&*name)
                {
                    wrong.push(format!("element {name}"));
                }
                for attribute in start.attributes() {
                    let Ok(attribute) = attribute else {
                        wrong.push("an attribute that is not well-formed".to_owned());
                        continue;
                    };
                    let key = attribute.key.into_inner();
                    let value = attribute.value.to_ascii_lowercase();
                    let schemes = ["http://", "https://", "mailto:", "tel:", "#"];
                    let is_link = matches!(key, "href" | "src" | "action" | "formaction" | "data" | "xlink:href");
                    if key.starts_with("on") || is_link && !schemes.iter().any(|scheme| value.starts_with(scheme)) {
                        wrong.push(format!("{key}={value}"));
                    }
                }
            }
            Event::Comment(_) | Event::PI(_) | Event::CData(_) => wrong.push("a comment or instruction".to_owned()),
            Event::Eof => return wrong,
            _ => {}
        }
    }
}

/// What may never come of Markdown that we write.
fn markdown_faults(markdown: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let odd = |event: &Event<'_>| match event {
        Event::Html(_) | Event::InlineHtml(_) | Event::Code(_) | Event::Rule => true,
        Event::Start(tag) => matches!(
            tag,
            Tag::CodeBlock(_)
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::Emphasis
                | Tag::Strikethrough
                | Tag::HtmlBlock
        ),
        _ => false,
    };
    Parser::new_ext(markdown, options).filter(odd).map(|event| format!("{event:?}")).collect()
}

/// Characters that can hide or reorder what is around them.
fn is_hidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

fn judge(core: &Careconnect, input: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for as_ in OUTPUTS {
        for (audience, mode) in [(Audience::Clinical, Mode::Full), (Audience::Patient, Mode::Standard)] {
            let rendered = core.render(input.as_bytes(), &Options { as_, audience, mode, ..Options::default() });
            let output = &rendered.output;
            let mut found = match as_ {
                As::Narrative | As::Fragment | As::Page => html_faults(output.trim_start_matches("<!DOCTYPE html>\n")),
                As::Markdown => markdown_faults(output),
                _ => Vec::new(),
            };
            // JSON writes them as escapes; where it does not, they are as bad as anywhere.
            if let Some(c) = output.chars().find(|c| is_hidden(*c)) {
                found.push(format!("U+{:04X} in the output", c as u32));
            }
            if !rendered.coverage.missing.is_empty() {
                found.push(format!("not displayed: {:?}", rendered.coverage.missing));
            }
            wrong.extend(found.into_iter().map(|fault| format!("{as_:?} {audience:?}: {fault}")));
        }
    }
    wrong
}

fn resources() -> Vec<Value> {
    support::displayed().into_iter().map(|(_, resource)| resource).collect()
}

#[test]
fn hostile_strings_in_every_field_at_once() {
    let core = support::default_packs();
    let resources = resources();
    assert!(resources.len() > 10, "the cases were not found");
    let mut wrong = Vec::new();
    for resource in &resources {
        for hostile in HOSTILE {
            let input = replaced(resource, hostile, None, &mut 0).to_string();
            wrong.extend(judge(&core, &input).into_iter().map(|fault| format!("{fault}\n  {hostile:?} in {input}")));
        }
    }
    println!("{} resources by {} strings, {} faults", resources.len(), HOSTILE.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n"));
}

#[test]
fn hostile_strings_in_one_field() {
    let core = support::default_packs();
    let mut wrong = Vec::new();
    let (mut strings, mut fields) = (0, 0);
    for resource in &resources() {
        let mut count = 0;
        replaced(resource, "", Some(usize::MAX - 1), &mut count);
        for field in 0..count {
            fields += 1;
            // Each field has its own few, so that all together have all.
            for hostile in HOSTILE.iter().skip(field % 6).step_by(6) {
                strings += 1;
                let input = replaced(resource, hostile, Some(field), &mut 0).to_string();
                wrong
                    .extend(judge(&core, &input).into_iter().map(|fault| format!("{fault}\n  {hostile:?} in {input}")));
            }
        }
    }
    println!("{fields} fields, {strings} strings, {} faults", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Strings made of what markup is made of.
    #[test]
    fn any_string_in_every_field(text in "[<>&\"'`*_\\[\\]()!#|~\\\\a-c0-2 \n\t\r=:/\u{202e}\u{200b}\u{0}-]{0,40}", at in any::<prop::sample::Index>()) {
        thread_local! {
            static CORE: (Careconnect, Vec<Value>) = (support::default_packs(), resources());
        }
        let wrong = CORE.with(|(core, resources)| judge(core, &replaced(at.get(resources), &text, None, &mut 0).to_string()));
        prop_assert!(wrong.is_empty(), "{:?}: {}", text, wrong.join("\n"));
    }
}
