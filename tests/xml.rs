//! The XML reader: what becomes of each form, and what is reported. The JSON reader's tree is the measure.

use careconnect::issue::Severity;
use careconnect::name::Names;
use careconnect::parse::{Limits, Parsed, parse};
use careconnect::tree::{Flags, Kind, NodeId, Tree};
use std::path::Path;
use std::sync::Arc;

fn read(source: &str) -> Parsed {
    parse(source.as_bytes(), &Arc::new(Names::default()), Limits::default())
}

/// A tree as lines: the path, then ` = ` and the value. `@` marks what was an attribute, `!` what is foreign.
fn lines(tree: &Tree) -> String {
    let mut out = String::new();
    fn walk(tree: &Tree, node: NodeId, path: &str, out: &mut String) {
        let flags = tree.flags(node);
        let mut path = match tree.parent(node) {
            None => String::new(),
            Some(_) => format!("{path}.{}", tree.name(node)),
        };
        if tree.index(node) > 0 {
            path += &format!("[{}]", tree.index(node));
        }
        let mark = if flags.has(Flags::ATTRIBUTE) { "@" } else { "" };
        let foreign = if flags.has(Flags::FOREIGN) { "!" } else { "" };
        let resource = tree.resource_type(node).map(|name| format!(" <{name}>")).unwrap_or_default();
        let text = tree.text(node).map(|text| format!(" = {text}")).unwrap_or_default();
        out.push_str(&format!("{mark}{foreign}{path}{resource}{text}\n"));
        for child in tree.children(node) {
            walk(tree, child, &path, out);
        }
    }
    walk(tree, tree.root(), "", &mut out);
    out
}

/// The faults as `rule "the source concerned"`.
fn faults(parsed: &Parsed) -> Vec<String> {
    let source = parsed.tree.source();
    let text = |fault: &careconnect::parse::Fault| {
        source.get(fault.span.start as usize..fault.span.end as usize).expect("a span is in the source").to_owned()
    };
    parsed.faults.iter().map(|fault| format!("{} {}", fault.problem.rule(), text(fault))).collect()
}

#[test]
fn elements_become_nodes() {
    let patient = |inner: &str| format!("<Patient xmlns=\"http://hl7.org/fhir\">{inner}</Patient>");
    for (inner, expected) in [
        ("<active value=\"true\"/>", ".active = true\n"),
        ("<name><given value='A'/><given value=\"B\"/></name>", ".name\n.name.given = A\n.name.given[1] = B\n"),
        ("<birthDate id=\"b\" value=\"2019\"/>", ".birthDate = 2019\n@.birthDate.id = b\n"),
        (
            "<extension url=\"u\"><valueString value=\"x\"/></extension>",
            ".extension\n@.extension.url = u\n.extension.valueString = x\n",
        ),
        ("<id value=\"p1\"/>", ".id = p1\n"),
        ("<a value=\"&lt;&#65;&#x42;&amp;&quot;&apos;&gt;\"/>", ".a = <AB&\"'>\n"),
        ("<a value=\"one\r\ntwo\tthree\nfour&#10;five\"/>", ".a = one two three four\nfive\n"),
        ("<!-- a comment --><a value='1'/>\r\n\t<!----><b value='2'/>", ".a = 1\n.b = 2\n"),
        ("<a value='é𝒳'></a>", ".a = é𝒳\n"),
        (
            "<contained><Organization><id value=\"o\"/></Organization></contained><contained><Group/></contained>",
            ".contained <Organization>\n.contained.id = o\n.contained[1] <Group>\n",
        ),
        (
            "<text><div xmlns=\"http://www.w3.org/1999/xhtml\"><p class='x'>a &lt; b <![CDATA[<]]></p><br/></div></text>",
            ".text\n.text.div = <div xmlns=\"http://www.w3.org/1999/xhtml\"><p class='x'>a &lt; b <![CDATA[<]]></p><br/></div>\n",
        ),
    ] {
        let parsed = read(&patient(inner));
        assert_eq!(faults(&parsed), Vec::<String>::new(), "{inner}");
        assert_eq!(lines(&parsed.tree), format!(" <Patient>\n{expected}"), "{inner}");
    }
}

#[test]
fn any_prefix_will_do() {
    let source = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<f:Patient xmlns:f=\"http://hl7.org/fhir\" \
        xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
        xsi:schemaLocation=\"a b\"><f:text><h:div><h:p>x</h:p></h:div></f:text><f:active value=\"true\"/></f:Patient>";
    let parsed = read(source);
    assert_eq!(faults(&parsed), Vec::<String>::new());
    let expected = " <Patient>\n.text\n.text.div = <h:div xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p>x</h:p></h:div>\n\
        .active = true\n";
    assert_eq!(lines(&parsed.tree), expected);
}

#[test]
fn faults_are_reported_and_the_rest_is_read() {
    let div = "xmlns=\"http://www.w3.org/1999/xhtml\"";
    for (inner, fault, tree) in [
        // Values and attributes.
        ("<a>x</a>", "xml-text x", ".a\n"),
        ("<a value='1'> x &amp; y </a>", "xml-text x", ".a = 1\n"),
        ("<a value='1' b='2'/>", "xml-attribute b='2'", ".a = 1\n@.a.b = 2\n"),
        ("<a value='1' url='2'/>", "xml-attribute url='2'", ".a = 1\n@.a.url = 2\n"),
        ("<a value='1' value='2'/>", "xml-syntax value='2'", ".a = 1\n@.a.value = 2\n"),
        ("<a value='1' xml:lang='en'/>", "xml-attribute xml:lang='en'", ".a = 1\n@.a.xml:lang = en\n"),
        ("<a/>", "", ".a\n"),
        (
            "<contained><B id='x'><c value='1'/></B></contained>",
            "xml-attribute id='x'",
            ".contained <B>\n@.contained.id = x\n.contained.c = 1\n",
        ),
        ("<contained id='x'><B/></contained>", "xml-attribute id='x'", ".contained <B>\n@.contained.id = x\n"),
        (
            "<contained><B/><C><d value='1'/></C></contained>",
            "several-resources <C>",
            ".contained <B>\n.contained.C <C>\n.contained.C.d = 1\n",
        ),
        // References.
        ("<a value='&nbsp;'/>", "xml-entity &nbsp;", ".a = &nbsp;\n"),
        ("<a value='x & y'/>", "xml-syntax &", ".a = x & y\n"),
        ("<a value='&#0;&#55296;'/>", "xml-syntax &#0;|xml-syntax &#55296;", ".a = &#0;&#55296;\n"),
        (&format!("<div {div}>&nbsp;</div>"), "xml-entity &nbsp;", &format!(".div = <div {div}>&nbsp;</div>\n")),
        // Namespaces.
        ("<a xmlns='urn:x' value='1'/>", "xml-namespace <a xmlns='urn:x' value='1'/>", "!.a = 1\n"),
        ("<x:a xmlns:x='urn:x'><x:b/></x:a>", "xml-namespace <x:a xmlns:x='urn:x'>", "!.x:a\n.x:a.b\n"),
        ("<y:a value='1'/>", "xml-syntax y:a|xml-namespace-missing <y:a value='1'/>", "!.y:a = 1\n"),
        ("<div>x</div>", "xhtml-namespace <div>", ".div = <div>x</div>\n"),
        (&format!("<p {div}>x</p>"), &format!("xml-namespace <p {div}>"), &format!("!.p = <p {div}>x</p>\n")),
        // Instructions, comments, characters.
        ("<?php echo ?><a value='1'/>", "xml-instruction <?php echo ?>", ".a = 1\n"),
        ("<!-- a -- b --><a value='1'/>", "xml-syntax <!-- a -- b -->", ".a = 1\n"),
        ("<a value='\u{1}'/>", "xml-syntax \u{1}", ".a = \u{1}\n"),
        ("<a value='\u{FFFD}\u{FFFE}'/>", "xml-syntax \u{FFFE}", ".a = \u{FFFD}\u{FFFE}\n"),
        ("<a value='1'/>]]>", "xml-syntax ]]>|xml-text ]]>", ".a = 1\n"),
        // Here reading stops, and what stood before is kept.
        ("<a value='1'/><b><c value='2'/></a>", "xml-syntax </a>", ".a = 1\n.b\n.b.c = 2\n"),
        ("<a value='1'/><b value=2/>", "xml-syntax value", ".a = 1\n.b\n"),
        ("<a value='1'/><b value='2'c='3'/>", "xml-syntax ", ".a = 1\n.b = 2\n"),
        ("<a value='1'/><b c/>", "xml-syntax c", ".a = 1\n.b\n"),
        ("<a value='1'/>< b/>", "xml-syntax <", ".a = 1\n"),
        ("<a value='1'/><b value='<'/>", "xml-syntax <", ".a = 1\n.b\n"),
        ("<a value='1'/><!-- open", "xml-syntax <!-- open</Patient>", ".a = 1\n"),
        ("<a value='1'/><b value='", "xml-syntax <b value='</Patient>", ".a = 1\n"),
        ("</Patient><b/>", "xml-syntax <b/>", ""),
        ("</Patient>text<a>", "xml-syntax text", ""),
    ] {
        let parsed = read(&format!("<Patient xmlns=\"http://hl7.org/fhir\">{inner}</Patient>"));
        assert_eq!(faults(&parsed).join("|"), fault, "{inner}");
        assert_eq!(lines(&parsed.tree), format!(" <Patient>\n{tree}"), "{inner}");
    }
}

#[test]
fn faults_of_the_whole_document() {
    for (source, fault, tree) in [
        (
            "<!DOCTYPE Patient [<!ENTITY a \"b\">]><Patient/>",
            "xml-doctype <!DOCTYPE Patient [<!ENTITY a \"b\">]>",
            "\n",
        ),
        ("<!DOCTYPE Patient [", "xml-doctype <!DOCTYPE Patient [", "\n"),
        ("<Patient/>", "xml-namespace-missing <Patient/>", "! <Patient>\n"),
        ("<Patient><a value='1'/></Patient>", "xml-namespace-missing <Patient>", "! <Patient>\n.a = 1\n"),
        ("<Patient xmlns='urn:x'/>", "xml-namespace <Patient xmlns='urn:x'/>", "! <Patient>\n"),
        ("<Patient xmlns='http://hl7.org/fhir' id='1'/>", "xml-attribute id='1'", " <Patient>\n@.id = 1\n"),
        ("<Patient xmlns='http://hl7.org/fhir'>", "xml-syntax <Patient xmlns='http://hl7.org/fhir'>", " <Patient>\n"),
        ("<?xml version='1.0' encoding='UTF-16'?><P xmlns='http://hl7.org/fhir'/>", "xml-encoding UTF-16", " <P>\n"),
        (" <?xml version='1.0'?><P xmlns='http://hl7.org/fhir'/>", "xml-syntax <?xml version='1.0'?>", " <P>\n"),
        ("<!-- only -->", "xml-syntax ", "\n"),
        ("<", "xml-syntax <", "\n"),
        ("<?>", "xml-syntax <?>", "\n"),
        ("</a>", "xml-syntax </a>", "\n"),
        ("<a></a", "xml-namespace-missing <a>|xml-syntax </a", "! <a>\n"),
    ] {
        let parsed = read(source);
        assert_eq!(faults(&parsed).join("|"), fault, "{source}");
        assert_eq!(lines(&parsed.tree), tree, "{source}");
    }
}

#[test]
fn spans_cover_the_element_and_the_value() {
    let source = "<Patient xmlns=\"http://hl7.org/fhir\">\n  <contained><Group><id value=\"g\"/></Group></contained>\n  \
        <name id=\"n\"><family value=\"Smith\"/></name>\n</Patient>\n";
    let parsed = read(source);
    let tree = &parsed.tree;
    let text = |node| {
        let span = tree.span(node);
        assert_eq!(span.start, tree.key_start(node));
        &source[span.start as usize..span.end as usize]
    };
    let root = tree.root();
    assert_eq!(text(root), source.trim_end());
    assert_eq!(text(tree.child(root, "contained").unwrap()), "<contained><Group><id value=\"g\"/></Group></contained>");
    let name = tree.child(root, "name").unwrap();
    assert_eq!(text(name), "<name id=\"n\"><family value=\"Smith\"/></name>");
    assert_eq!(text(tree.child(name, "id").unwrap()), "id=\"n\"");
    let family = tree.child(name, "family").unwrap();
    assert_eq!(text(family), "<family value=\"Smith\"/>");
    assert_eq!((tree.kind(family), tree.flags(family).has(Flags::IN_ARRAY)), (Kind::Xml, false));
}

#[test]
fn depth_is_bounded_and_costs_no_stack() {
    let source = format!("<Patient xmlns=\"http://hl7.org/fhir\">{}", "<a>".repeat(1_000_000));
    let parsed = read(&source);
    assert_eq!(parsed.faults.iter().map(|fault| fault.problem.rule()).collect::<Vec<_>>(), ["too-deep"]);
    assert_eq!(parsed.tree.len(), Limits::default().depth);
}

/// Every XML resource of the corpus that a strict XML reader takes is read without a syntax fault.
#[test]
fn the_corpus_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/nhs");
    if !corpus.is_dir() {
        eprintln!("skipped: the corpus is not here ({})", corpus.display());
        return;
    }
    let mut files = Vec::new();
    let mut folders = vec![corpus.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 400, "the corpus has {} XML files", files.len());
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let parsed = parse(&std::fs::read(&file).unwrap(), &Arc::new(Names::default()), Limits::default());
        for fault in parsed.faults.iter().filter(|fault| fault.problem.severity() == Severity::Fatal) {
            let file = file.strip_prefix(&corpus).unwrap().display();
            found.push(format!("{file}: {}", fault.problem.message()));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
