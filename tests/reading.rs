//! What holds for both readers, whatever the input: they never panic, they lose nothing, the same resource gives the same
//! tree in JSON and XML, and no input costs more than its size.

use careconnect::name::Names;
use careconnect::parse::{Limits, Parsed, parse};
use careconnect::tree::{Flags, Kind, NodeId, Tree};
use proptest::prelude::*;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

fn read(source: &[u8]) -> Parsed {
    parse(source, &Arc::new(Names::default()), Limits::default())
}

/// The tree's names, places, resource types and values; not how they were written.
fn content(tree: &Tree) -> Vec<String> {
    let mut out = Vec::new();
    let mut stack = vec![(tree.root(), 0)];
    while let Some((node, depth)) = stack.pop() {
        let (name, index) = (tree.name(node), tree.index(node));
        let (resource, text) = (tree.resource_type(node), tree.text(node));
        out.push(format!("{depth} {name}[{index}] {resource:?} {text:?}"));
        let children: Vec<_> = tree.children(node).collect();
        stack.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
    }
    out
}

/// Everything that a reader must keep to, whatever it read.
fn sound(parsed: &Parsed) {
    let tree = &parsed.tree;
    let source = tree.source();
    let within = |start: u32, end: u32| {
        assert!(start <= end, "{start}..{end}");
        assert!(source.get(start as usize..end as usize).is_some(), "{start}..{end} cuts a character");
    };
    assert!(tree.parent(tree.root()).is_none());
    for node in tree.all() {
        let span = tree.span(node);
        within(span.start, span.end);
        within(tree.key_start(node), source.len() as u32);
        if let Some(parent) = tree.parent(node) {
            assert!(parent < node, "a parent comes before its children");
            assert!(tree.children(parent).any(|child| child == node));
        }
        let text = tree.text(node);
        if matches!(tree.kind(node), Kind::String | Kind::Number | Kind::Boolean | Kind::Xhtml) {
            assert!(text.is_some() || !parsed.faults.is_empty());
        }
        tree.location(node, |_| None);
        tree.pointer(node);
    }
    for fault in &parsed.faults {
        within(fault.span.start, fault.span.end);
        assert!((fault.node.0 as usize) < tree.len());
        assert!(!fault.problem.message().is_empty());
    }
}

/// A FHIR-like resource, that is written as JSON or as XML.
#[derive(Clone, Debug)]
enum Element {
    Text(String),
    /// A value with the id of its element.
    Named(String, String),
    Children(Vec<(String, Vec<Element>)>),
    Resource(String, Vec<(String, Vec<Element>)>),
}

fn text() -> impl Strategy<Value = String> {
    // Among them what has to be escaped in either form.
    let character = prop_oneof![
        8 => proptest::char::range(' ', '~'),
        2 => proptest::sample::select(vec!['"', '\\', '&', '<', '>', '\'', '\n', '\r', '\t', 'é', '€', '𝒳', '\u{85}']),
    ];
    proptest::collection::vec(character, 1..12).prop_map(|characters| characters.into_iter().collect())
}

fn members(
    element: impl Strategy<Value = Element> + Clone + 'static,
) -> impl Strategy<Value = Vec<(String, Vec<Element>)>> {
    let member = ("[a-z][a-zA-Z]{0,5}", proptest::collection::vec(element, 1..4));
    proptest::collection::vec(member, 1..4).prop_map(|mut members| {
        let reserved = ["id", "url", "value", "div", "resourceType", "xmlns"];
        members.retain(|(name, _)| !reserved.contains(&name.as_str()));
        members.sort_by(|left, right| left.0.cmp(&right.0));
        members.dedup_by(|left, right| left.0 == right.0);
        members.push(("last".into(), vec![Element::Text("x".into())]));
        members
    })
}

fn resource() -> impl Strategy<Value = Element> {
    let leaf = prop_oneof![3 => text().prop_map(Element::Text), 1 => (text(), text()).prop_map(|(id, text)| Element::Named(id, text))];
    let element = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            3 => members(inner.clone()).prop_map(Element::Children),
            1 => ("[A-Z][a-z]{1,4}", members(inner)).prop_map(|(name, members)| Element::Resource(name, members)),
        ]
    });
    ("[A-Z][a-z]{1,4}", members(element)).prop_map(|(name, members)| Element::Resource(name, members))
}

/// JSON, with every property an array; a resource cannot be told from its wrapper there.
fn json(element: &Element, out: &mut String) {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    match element {
        Element::Text(text) | Element::Named(_, text) => out.push_str(&quoted(text)),
        Element::Children(members) | Element::Resource(_, members) => {
            out.push('{');
            if let Element::Resource(name, _) = element {
                write!(out, "\"resourceType\":\"{name}\",").unwrap();
            }
            for (at, (name, items)) in members.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write!(out, "{}:[", quoted(name)).unwrap();
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    json(item, out);
                }
                out.push(']');
                if items.iter().any(|item| matches!(item, Element::Named(..))) {
                    let ids = items.iter().map(|item| match item {
                        Element::Named(id, _) => format!("{{\"id\":{}}}", quoted(id)),
                        _ => "null".into(),
                    });
                    write!(out, ",\"_{name}\":[{}]", ids.collect::<Vec<_>>().join(",")).unwrap();
                }
            }
            out.push('}');
        }
    }
}

fn xml(name: &str, element: &Element, out: &mut String) {
    let escaped = |text: &str| {
        text.chars().fold(String::new(), |mut out, character| {
            match character {
                '"' | '&' | '<' | '\n' | '\r' | '\t' => write!(out, "&#{};", character as u32).unwrap(),
                other => out.push(other),
            }
            out
        })
    };
    let inner = |members: &Vec<(String, Vec<Element>)>, out: &mut String| {
        for (name, items) in members {
            for item in items {
                xml(name, item, out);
            }
        }
    };
    match element {
        Element::Text(text) => write!(out, "<{name} value=\"{}\"/>", escaped(text)).unwrap(),
        Element::Named(id, text) => {
            write!(out, "<{name} id=\"{}\" value=\"{}\"/>", escaped(id), escaped(text)).unwrap()
        }
        Element::Children(members) => {
            write!(out, "<{name}>").unwrap();
            inner(members, out);
            write!(out, "</{name}>").unwrap();
        }
        Element::Resource(resource, members) => {
            let root = name.is_empty();
            let (open, close) =
                if root { (String::new(), String::new()) } else { (format!("<{name}>"), format!("</{name}>")) };
            let namespace = if root { " xmlns=\"http://hl7.org/fhir\"" } else { "" };
            write!(out, "{open}<{resource}{namespace}>").unwrap();
            inner(members, out);
            write!(out, "</{resource}>{close}").unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_tree(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        sound(&read(&bytes));
    }

    #[test]
    fn any_json_like_text_gives_a_tree(text in r#"\{("(_?[ab]|resourceType|\\u[0-9a-dD]{4})":|[\[\]{},:"]|null|true|-?[0-9.e]{1,3}|"[a\\u0-9é]{0,6}"| ){0,40}"#) {
        sound(&read(text.as_bytes()));
    }

    #[test]
    fn any_xml_like_text_gives_a_tree(text in r#"<(</?[abP]|<div|/?>| value="[a&;#0-9<\n]{0,5}"| (id|url|xmlns(:[ab])?)='[^']{0,3}'|<!--|-->|<!\[CDATA\[|\]\]>|&amp;|&x;|<\?|\?>|<!D|é| xmlns="http://hl7.org/fhir"| xmlns="http://www.w3.org/1999/xhtml"| ){0,40}"#) {
        sound(&read(text.as_bytes()));
    }

    #[test]
    fn json_and_xml_of_a_resource_give_the_same_tree(resource in resource()) {
        let (mut left, mut right) = (String::new(), String::new());
        json(&resource, &mut left);
        xml("", &resource, &mut right);
        let (left, right) = (read(left.as_bytes()), read(right.as_bytes()));
        prop_assert_eq!((&left.faults, &right.faults), (&vec![], &vec![]), "{} {}", left.tree.source(), right.tree.source());
        sound(&left);
        sound(&right);
        prop_assert_eq!(content(&left.tree), content(&right.tree));
    }
}

#[test]
fn handwritten_pairs_give_the_same_tree() {
    for (json, xml) in [
        (
            r#"{"resourceType":"Patient","id":"p","active":true,"name":[{"given":["A","B"],"_given":[null,{"id":"g"}]}]}"#,
            r#"<Patient xmlns="http://hl7.org/fhir"><id value="p"/><active value="true"/><name><given value="A"/><given id="g" value="B"/></name></Patient>"#,
        ),
        (
            r#"{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://x","valueCode":"unknown"}]}}"#,
            r#"<Patient xmlns="http://hl7.org/fhir"><birthDate><extension url="http://x"><valueCode value="unknown"/></extension></birthDate></Patient>"#,
        ),
        (
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Group","id":"g","quantity":1.50}},{"response":{"status":"200","outcome":{"resourceType":"OperationOutcome"}}}]}"#,
            r#"<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Group><id value="g"/><quantity value="1.50"/></Group></resource></entry><entry><response><status value="200"/><outcome><OperationOutcome/></outcome></response></entry></Bundle>"#,
        ),
        (
            r#"{"resourceType":"Basic","text":{"status":"empty","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a &amp; b<br/></div>"}}"#,
            r#"<Basic xmlns="http://hl7.org/fhir"><text><status value="empty"/><div xmlns="http://www.w3.org/1999/xhtml">a &amp; b<br/></div></text></Basic>"#,
        ),
    ] {
        let (json, xml) = (read(json.as_bytes()), read(xml.as_bytes()));
        assert_eq!((&json.faults, &xml.faults), (&vec![], &vec![]));
        assert_eq!(content(&json.tree), content(&xml.tree));
    }
}

const JSON: &str = r#"{"resourceType":"Patient","_a":[null,{"id":"é"}],"a":["x\ud835\udcb3",null],"b":[[-1.5e3]],"c":{"d":{}},"c":true}"#;
const XML: &str = "<?xml version='1.0'?><!-- é --><f:Patient xmlns:f='http://hl7.org/fhir' xmlns:h='http://www.w3.org/1999/xhtml'>\
    <f:contained><f:Group id='x'/><f:B/></f:contained><f:text><h:div>é&amp;<h:b a='1'/><![CDATA[x]]></h:div></f:text>\
    <f:a value='&#xe9;&quot;é'>é</f:a><y xmlns='urn:y'/></f:Patient>";

#[test]
fn a_resource_cut_anywhere_gives_a_tree() {
    for source in [JSON, XML] {
        for end in 0..=source.len() {
            sound(&read(&source.as_bytes()[..end]));
        }
    }
}

#[test]
fn a_resource_with_any_byte_changed_gives_a_tree() {
    for source in [JSON, XML] {
        for at in 0..source.len() {
            for byte in [0, b' ', b'"', b'\'', b'<', b'>', b'/', b'&', b'{', b'}', b'[', b',', b'\\', b'_', 0xC3, 0xFF]
            {
                let mut bytes = source.as_bytes().to_vec();
                bytes[at] = byte;
                sound(&read(&bytes));
            }
        }
    }
}

fn repeated(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect()
}

/// Inputs that are slow to read for a reader that searches among what it has seen.
fn hard(count: usize) -> Vec<(&'static str, String)> {
    let object = |inner: String| format!("{{\"resourceType\":\"P\"{inner}}}");
    let element = |inner: String| format!("<P xmlns=\"http://hl7.org/fhir\">{inner}</P>");
    vec![
        ("distinct properties", object(repeated(count, |at| format!(",\"a{at}\":1")))),
        ("one property again and again", object(repeated(count, |_| ",\"a\":1".into()))),
        ("a long array", object(format!(",\"a\":[1{}]", ",1".repeat(count)))),
        (
            "a long array with ids",
            object(format!(",\"a\":[1{}],\"_a\":[null{}]", ",1".repeat(count), ",{\"id\":\"x\"}".repeat(count))),
        ),
        (
            "ids before their values",
            object(format!(",\"_a\":[null{}],\"a\":[1{}]", ",{\"id\":\"x\"}".repeat(count), ",1".repeat(count))),
        ),
        ("nulls", object(format!(",\"a\":[null{}]", ",null".repeat(count)))),
        ("escapes", object(format!(",\"a\":\"{}\"", "\\u0041\\ud800".repeat(count)))),
        ("deep arrays", "[".repeat(count)),
        ("deep objects", "{\"a\":".repeat(count)),
        ("elements of one name", element(repeated(count, |_| "<a value='1'/>".into()))),
        ("elements of many names", element(repeated(count, |at| format!("<a{at} value='1'/>")))),
        ("many attributes", element(format!("<a{}/>", repeated(count, |at| format!(" b{at}='1'"))))),
        ("one attribute again and again", element(format!("<a{}/>", " b='1'".repeat(count)))),
        (
            "many namespaces",
            format!(
                "<p{}>{}</p>",
                repeated(count, |at| format!(" xmlns:n{at}='u{at}'")),
                repeated(count, |at| format!("<n{at}:a/>"))
            ),
        ),
        ("many narratives", element("<div xmlns='http://www.w3.org/1999/xhtml'>x</div>".repeat(count))),
        ("references", element(format!("<a value='{}'/>", "&#65;&x;&".repeat(count)))),
        ("deep elements", element("<a>".repeat(count))),
        ("text between elements", element("x<a value='1'/>&amp;".repeat(count))),
        ("comments and instructions", element("<!-- a -- b --><?x?>".repeat(count))),
        ("open quotes", element("<a value='".repeat(count))),
    ]
}

/// The processor time of this thread, so that other work on the machine does not count; where the system does not tell
/// it, the time that has passed.
fn spent() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

#[test]
fn nothing_costs_more_than_its_size() {
    let fastest = |input: &str| {
        let one = || {
            let start = spent();
            assert!(!read(input.as_bytes()).tree.is_empty());
            spent() - start
        };
        (0..3).map(|_| one()).min().unwrap_or_default()
    };
    for ((name, small), (_, large)) in hard(8_000).into_iter().zip(hard(64_000)) {
        let (few, many) = (fastest(&small), fastest(&large));
        // Eight times the input takes eight times as long, or 64 times where the reader is not linear. The rest is room
        // for caches and for a busy machine.
        assert!(many < few * 32 + Duration::from_millis(100), "{name}: {few:?}, and {many:?} for eight times as much");
    }
}

#[test]
fn a_node_knows_how_it_was_written() {
    let json = read(br#"{"resourceType":"P","a":["x"],"b":"\u0041"}"#);
    let child = |parsed: &Parsed, name: &str| -> NodeId { parsed.tree.child(parsed.tree.root(), name).unwrap() };
    let flags = json.tree.flags(child(&json, "a"));
    assert!(flags.has(Flags::IN_ARRAY) && !flags.has(Flags::DECODED));
    assert!(json.tree.flags(child(&json, "b")).has(Flags::DECODED));
}
