//! The JSON reader: what becomes of each form, and what is reported.

use careconnect::name::Names;
use careconnect::parse::{Limits, Parsed, parse};
use careconnect::tree::{Flags, Kind, NodeId, Tree};
use std::sync::Arc;

fn read(source: &str) -> Parsed {
    parse(source.as_bytes(), &Arc::new(Names::default()), Limits::default())
}

/// A tree in one line: names with their index, `=` before a value, braces around children. `+` marks what `_name` was
/// merged into, `~` a null, `!` a duplicate, `[` what stood in an array, `#` a nested array.
fn line(tree: &Tree, node: NodeId, out: &mut String) {
    if tree.parent(node).is_some() {
        let flags = tree.flags(node);
        for (mark, flag) in [('!', Flags::DUPLICATE), ('+', Flags::EXTENDED)] {
            if flags.has(flag) {
                out.push(mark);
            }
        }
        match tree.kind(node) {
            Kind::Null => out.push('~'),
            Kind::Array => out.push('#'),
            _ => {}
        }
        out.push_str(tree.name(node));
        if flags.has(Flags::IN_ARRAY) {
            out.push_str(&format!("[{}]", tree.index(node)));
        }
    }
    if let Some(resource) = tree.resource_type(node) {
        out.push_str(&format!("<{resource}>"));
    }
    if let Some(text) = tree.text(node) {
        out.push_str(&format!("={text}"));
    }
    let mut children = tree.children(node).peekable();
    if children.peek().is_some() {
        out.push('{');
        while let Some(child) = children.next() {
            line(tree, child, out);
            if children.peek().is_some() {
                out.push(' ');
            }
        }
        out.push('}');
    }
}

fn shape(parsed: &Parsed) -> String {
    let mut out = String::new();
    line(&parsed.tree, parsed.tree.root(), &mut out);
    out
}

/// The faults as `rule source-concerned`.
fn faults(parsed: &Parsed) -> String {
    let source = parsed.tree.source();
    let text = |fault: &careconnect::parse::Fault| {
        source.get(fault.span.start as usize..fault.span.end as usize).expect("a span is in the source")
    };
    let all: Vec<_> = parsed.faults.iter().map(|fault| format!("{} {}", fault.problem.rule(), text(fault))).collect();
    all.join("|")
}

#[test]
fn properties_become_nodes() {
    for (inner, tree) in [
        (r#""active": true"#, "active=true"),
        (r#""a": "x", "b": 1.50, "c": -0.0e+10, "d": false"#, "a=x b=1.50 c=-0.0e+10 d=false"),
        (r#""name": [{"given": ["A", "B"]}]"#, "name[0]{given[0]=A given[1]=B}"),
        (r#""a": "\"\\\/\b\f\n\r\t\u0041\u00e9\ud835\udcb3""#, "a=\"\\/\u{8}\u{c}\n\r\tAé𝒳"),
        (r#""\u0061": "x""#, "a=x"),
        (r#""_": "x""#, "_=x"),
        (r#""contained": [{"resourceType": "Group", "id": "g"}]"#, "contained[0]<Group>{id=g}"),
        // Claim.payee.resourceType is a Coding.
        (r#""payee": {"resourceType": {"code": "x"}}"#, "payee{resourceType{code=x}}"),
        // `_name`, after its value, before it, and alone.
        (r#""a": "x", "_a": {"id": "1"}"#, "+a=x{id=1}"),
        (r#""_a": {"id": "1"}, "a": "x""#, "+a=x{id=1}"),
        (r#""_a": {"id": "1"}"#, "+a{id=1}"),
        (r#""a": ["x", "y"], "_a": [null, {"id": "1"}]"#, "a[0]=x +a[1]=y{id=1}"),
        (r#""_a": [null, {"id": "1"}], "a": ["x", "y"]"#, "a[0]=x +a[1]=y{id=1}"),
        (r#""a": ["x", null], "_a": [null, {"id": "1"}]"#, "a[0]=x +a[1]{id=1}"),
        (r#""_a": [null, {"id": "1"}], "a": ["x", null]"#, "a[0]=x +a[1]{id=1}"),
        (r#""a": ["x"], "b": 1, "_a": [null, {"id": "1"}]"#, "a[0]=x b=1 +a[1]{id=1}"),
        (r#""_a": [{"id": "1"}], "b": 1, "a": ["x", "y"]"#, "+a[0]=x{id=1} b=1 a[1]=y"),
        (r#""_a": [{"id": "1"}, null], "a": [null, "y"]"#, "+a[0]{id=1} a[1]=y"),
    ] {
        let parsed = read(&format!(r#"{{"resourceType": "Patient", {inner}}}"#));
        assert_eq!(faults(&parsed), "", "{inner}");
        assert_eq!(shape(&parsed), format!("<Patient>{{{tree}}}"), "{inner}");
    }
}

#[test]
fn faults_are_reported_and_the_rest_is_read() {
    for (inner, fault, tree) in [
        (r#""a": 1, "a": 2, "b": 3"#, r#"duplicate-key "a": 2"#, "{a=1 !a=2 b=3}"),
        (r#""a": 1, "\u0061": [2, 3]"#, r#"duplicate-key "\u0061": [2, 3]"#, "{a=1 !a[0]=2 !a[1]=3}"),
        (r#""resourceType": "Group""#, r#"duplicate-key "resourceType": "Group""#, "{!resourceType=Group}"),
        (
            r#""a": 1, "_a": {"id": "1"}, "_a": {"id": "2"}"#,
            r#"duplicate-key "_a": {"id": "2"}"#,
            "{+a=1{id=1} !_a{id=2}}",
        ),
        (
            r#""a": ["x"], "a": ["y"], "_a": [null, {"id": "1"}]"#,
            r#"duplicate-key "a": ["y"]"#,
            "{a[0]=x !a[0]=y +a[1]{id=1}}",
        ),
        (r#""a": []"#, "empty-array []", ""),
        (r#""_a": []"#, "empty-array []", ""),
        (r#""a": {}"#, "empty-object {}", "{a}"),
        (r#""a": [{}]"#, "empty-object {}", "{a[0]}"),
        (r#""_a": {}"#, "empty-object {}", "{+a}"),
        (r#""a": [[1, 2], 3]"#, "nested-array [1, 2]", "{#a[0]{a[0]=1 a[1]=2} a[1]=3}"),
        (r#""a": null"#, "unexpected-null null", "{~a}"),
        (r#""a": null, "_a": {"id": "1"}"#, "unexpected-null null", "{+a{id=1}}"),
        (r#""_a": {"id": "1"}, "a": null"#, "unexpected-null null", "{+a{id=1}}"),
        (r#""a": [null, 1, {"b": [null]}]"#, "unexpected-null null|unexpected-null null", "{~a[0] a[1]=1 a[2]{~b[0]}}"),
        (r#""a": [null], "_a": [null]"#, "unexpected-null null", "{~a[0]}"),
        (r#""_a": [null], "a": [null]"#, "unexpected-null null", "{~a[0]}"),
        (r#""_a": 5"#, "underscore-shape 5", "{+a{_=5}}"),
        (r#""_a": null"#, "underscore-shape null", "{+a{~_}}"),
        (r#""a": "x", "_a": [{"id": "1"}]"#, r#"underscore-shape [{"id": "1"}]"#, "{+a=x{id=1}}"),
        (r#""_a": [{"id": "1"}], "a": "x""#, r#"underscore-shape [{"id": "1"}]"#, "{+a[0]=x{id=1}}"),
        (r#""a": ["x"], "_a": {"id": "1"}"#, r#"underscore-shape {"id": "1"}"#, "{+a[0]=x{id=1}}"),
        (r#""_a": {"id": "1"}, "a": ["x"]"#, r#"underscore-shape {"id": "1"}"#, "{+a[0]=x{id=1}}"),
        (r#""a": "x\ud835y""#, r#"json-surrogate \ud835"#, "{a=x\u{FFFD}y}"),
        (r#""a": "\udcb3\ud835\u0041""#, r#"json-surrogate \udcb3|json-surrogate \ud835"#, "{a=\u{FFFD}\u{FFFD}A}"),
        (r#""contained": {"resourceType": 5}"#, "resource-type-not-string 5", "{contained{resourceType=5}}"),
        // Here reading stops, and what stood before is kept.
        (r#""a": 1, "b": 01"#, "json-syntax 1", "{a=1 b}"),
        (r#""a": 1, "b": +1"#, "json-syntax +", "{a=1 b}"),
        (r#""a": 1, "b": .5"#, "json-syntax .", "{a=1 b}"),
        (r#""a": 1, "b": 5."#, "json-syntax }", "{a=1 b}"),
        (r#""a": 1, "b": NaN"#, "json-syntax N", "{a=1 b}"),
        (r#""a": 1, "b": tru"#, "json-syntax t", "{a=1 b}"),
        (r#""a": 1, "b": "\x""#, "json-syntax x", "{a=1 b}"),
        (r#""a": 1, "b": "\u12G4""#, "json-syntax G", "{a=1 b}"),
        ("\"a\": 1, \"b\": \"x\ny\"", "json-syntax \n", "{a=1 b}"),
        (r#""a": 1, "#, "json-syntax }", "{a=1}"),
        (r#""a": [1,]"#, "json-syntax ]", "{a[0]=1 a[1]}"),
        (r#""a" 1"#, "json-syntax 1", ""),
        (r#""a": 1 é"#, "json-syntax é", "{a=1}"),
        (r#"a: 1"#, "json-syntax a", ""),
        (r#""a": 1 // why"#, "json-syntax /", "{a=1}"),
    ] {
        let parsed = read(&format!(r#"{{"resourceType": "Patient", {inner}}}"#));
        assert_eq!(faults(&parsed), fault, "{inner}");
        assert_eq!(shape(&parsed), format!("<Patient>{tree}"), "{inner}");
    }
}

#[test]
fn faults_of_the_whole_document() {
    for (source, fault) in [
        ("", "empty-input "),
        (" \r\n\u{FEFF}", "json-syntax \u{FEFF}"),
        ("\u{FEFF} ", "empty-input "),
        ("{}", "resource-type-missing {"),
        (r#"{"id": "1"}"#, "resource-type-missing {"),
        (r#"{"_resourceType": {"id": "1"}}"#, "resource-type-missing {"),
        (r#"{"resourceType": ["Patient"]}"#, "resource-type-not-string [\"Patient\"]"),
        ("[1]", "not-an-object [1]"),
        ("\"x\"", "not-an-object \"x\""),
        ("12", "not-an-object 12"),
        ("null", "not-an-object null"),
        ("true", "not-an-object true"),
        ("hello", "json-syntax h"),
        (r#"{"resourceType": "P"} x"#, "json-syntax x"),
        (r#"{"resourceType": "P"}{}"#, "another-resource {"),
        (r#"{"resourceType": "P""#, "json-syntax "),
        (r#"{"resourceType": "P", "a": "x"#, "json-syntax "),
    ] {
        assert_eq!(faults(&read(source)), fault, "{source}");
    }
    let parsed = parse(b"{\"resourceType\": \"P\", \"a\": \"\xFFx\"}", &Arc::default(), Limits::default());
    assert_eq!(parsed.faults.iter().map(|fault| fault.problem.rule()).collect::<Vec<_>>(), ["not-utf-8"]);
    assert_eq!(parsed.tree.child_text(parsed.tree.root(), "a"), Some("\u{FFFD}x"));
    let small = Limits { size: 10, ..Limits::default() };
    let parsed = parse(br#"{"resourceType": "P"}"#, &Arc::default(), small);
    assert_eq!(parsed.faults.iter().map(|fault| fault.problem.rule()).collect::<Vec<_>>(), ["too-large"]);
}

#[test]
fn spans_are_those_of_the_value() {
    for inner in [r#""a": "x", "_a": {"id": "1"}"#, r#""_a": {"id": "1"}, "a": "x""#] {
        let source = format!(r#"{{"resourceType": "Patient", {inner}}}"#);
        let parsed = read(&source);
        let a = parsed.tree.child(parsed.tree.root(), "a").unwrap();
        let span = parsed.tree.span(a);
        assert_eq!(&source[span.start as usize..span.end as usize], "\"x\"", "{inner}");
        assert!(source[parsed.tree.key_start(a) as usize..].starts_with("\"a\""), "{inner}");
    }
    let source = r#"{"resourceType": "P", "a": ["x", "yy"], "b": {"c": 1}}"#;
    let parsed = read(source);
    let tree = &parsed.tree;
    let found: Vec<_> = tree
        .all()
        .map(|node| (&source[tree.span(node).start as usize..tree.span(node).end as usize], tree.key_start(node)))
        .collect();
    assert_eq!(found, [(source, 0), ("\"x\"", 22), ("\"yy\"", 33), ("{\"c\": 1}", 40), ("1", 46)]);
}
