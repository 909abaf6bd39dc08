use super::*;
use crate::model::{Concept, ConceptSet};

/// `a(a1(a11) a2) b`, each with its display in capitals; `colour` is a property of some.
fn letters(url: &str, content: &str) -> CodeSystem {
    let concept = |code: &str, parents: &[u32], colour: &str| Concept {
        code: code.into(),
        display: code.to_uppercase(),
        parents: parents.to_vec(),
        properties: if colour.is_empty() { vec![] } else { vec![("colour".into(), colour.into())] },
        ..Concept::default()
    };
    CodeSystem {
        url: url.into(),
        content: content.into(),
        case_sensitive: true,
        value_set: Some(format!("{url}/all")),
        concepts: vec![
            concept("a", &[], "red"),
            concept("a1", &[0], "blue"),
            concept("a11", &[1], ""),
            concept("a2", &[0], "red"),
            concept("b", &[], ""),
        ],
        ..CodeSystem::default()
    }
}

/// One line a part: `system`, `system code code`, `system ? property op value`, each `& value-set` more; `-` first excludes.
fn value_set(url: &str, lines: &str) -> ValueSet {
    let mut set = ValueSet { url: url.into(), ..ValueSet::default() };
    for line in lines.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        let (line, list) = match line.strip_prefix("- ") {
            Some(line) => (line, &mut set.exclude),
            None => (line, &mut set.include),
        };
        let mut parts = line.split('&').map(str::trim);
        let (own, filter) =
            parts.next().unwrap().split_once('?').map_or((line, ""), |(own, filter)| (own, filter.trim()));
        let own = own.split('&').next().unwrap();
        let mut words = own.split_whitespace();
        let system = words.next().map(str::to_owned);
        let concepts = words.map(|word| match word.split_once('=') {
            Some((code, display)) => (code.to_owned(), display.to_owned()),
            None => (word.to_owned(), String::new()),
        });
        let mut part = ConceptSet { system, concepts: concepts.collect(), ..ConceptSet::default() };
        if !filter.is_empty() {
            let words: Vec<&str> = filter.splitn(3, ' ').collect();
            part.filters.push((words[0].into(), words[1].into(), words[2].into()));
        }
        part.value_sets = parts.map(str::to_owned).collect();
        list.push(part);
    }
    set
}

/// For each code of `s` and `t`: `+` in, `-` out, `?` unknown, in the order a a1 a11 a2 b z.
fn answers(terminology: &Terminology, url: &str, system: &str) -> String {
    let answer = |code: &&str| match terminology.member(url, Some(system), code) {
        Member::In { .. } => '+',
        Member::Out => '-',
        Member::Unknown(_) => '?',
    };
    ["a", "a1", "a11", "a2", "b", "z"].iter().map(answer).collect()
}

#[test]
fn value_sets_are_worked_out() {
    let systems = [letters("s", "complete"), letters("f", "fragment"), letters("p", "not-present")];
    for (lines, system, expected) in [
        ("s", "s", "+++++-"),
        ("s", "t", "------"),
        ("s a b z", "s", "+---++"),
        ("s ? concept is-a a", "s", "++++--"),
        ("s ? concept descendent-of a", "s", "-+++--"),
        ("s ? concept is-not-a a1", "s", "+--++-"),
        ("s ? concept generalizes a11", "s", "+++---"),
        ("s ? concept = a2", "s", "---+--"),
        ("s ? code in a,b", "s", "+---+-"),
        ("s ? code not-in a,b", "s", "-+++--"),
        ("s ? colour = red", "s", "+--+--"),
        ("s ? colour in red,blue", "s", "++-+--"),
        ("s ? colour not-in red", "s", "-++-+-"),
        ("s ? colour exists true", "s", "++-+--"),
        ("s ? colour exists false", "s", "--+-+-"),
        ("s ? parent = a", "s", "-+-+--"),
        ("s ? code regex a1*", "s", "+++---"),
        ("s ? colour regex r.d", "s", "+--+--"),
        // What is loaded cannot say: a property that nobody has, a concept that is not there, an expression that is wrong.
        ("s ? size = big", "s", "??????"),
        ("s ? concept is-a q", "s", "??????"),
        ("s ? code regex (", "s", "??????"),
        ("s ? code is-nothing a", "s", "??????"),
        // Systems that are not listed, or in part.
        ("u", "u", "??????"),
        ("u", "s", "------"),
        ("u a b", "u", "+---+-"),
        ("u a b\n u ? concept is-a c", "u", "+???+?"),
        ("f", "f", "+++++?"),
        ("f ? concept is-a a1", "f", "?++???"),
        ("p", "p", "+++++?"),
        // Several parts add up; excludes take away.
        ("s a\n s b", "s", "+---+-"),
        ("s\n - s a a2", "s", "-++-+-"),
        ("s\n - s ? concept is-a a1", "s", "+--++-"),
        ("s\n - s", "s", "------"),
        ("u\n - u a", "u", "-?????"),
        ("u\n - u", "u", "------"),
        ("u a b\n - u ? concept is-a a", "u", "?---?-"),
        ("u ? concept is-a a\n - u b", "u", "????-?"),
        ("u ? concept is-a a\n - u a\n u b", "u", "-???+?"),
        ("s\n - u a", "s", "+++++-"),
        // A part that names value sets: a code must be in each of them.
        ("s & one", "s", "++----"),
        ("s & one & two", "s", "-+----"),
        ("s ? concept is-a a1 & one", "s", "-+----"),
        ("u & unlisted", "u", "??????"),
        ("u a b & unlisted", "u", "?---?-"),
        ("u & listed", "u", "?-----"),
        ("s & listed", "s", "------"),
        ("s & nowhere", "s", "?????-"),
        ("s & nowhere", "u", "------"),
        ("& nowhere", "u", "??????"),
        ("s a\n - s & nowhere", "s", "?-----"),
        ("s & s/all", "s", "+++++-"),
        ("s & circle", "s", "?????-"),
    ] {
        let mut terminology = Terminology::default();
        let sets = [
            value_set("v", lines),
            value_set("one", "s a a1"),
            value_set("two", "s a1 b"),
            value_set("listed", "u a"),
            value_set("unlisted", "u ? concept is-a a"),
            value_set("circle", "s & circle2"),
            value_set("circle2", "s & circle"),
        ];
        terminology.insert(&systems, &sets);
        assert_eq!(answers(&terminology, "v", system), expected, "{lines:?} in {system}");
        // Read back from its bytes and written again, it says the same.
        let stored = &terminology.value_sets["v"];
        let again = Expansion::read(&mut {
            let mut reader = stored.reader();
            reader.text().unwrap();
            reader.text().unwrap();
            reader
        });
        let mut writer = Writer::default();
        writer.text("");
        writer.text("");
        again.unwrap().write(&mut writer, |_, _, _| false, |_| false);
        assert_eq!(writer.bytes, *stored.bytes, "{lines:?}");
    }
}

/// Value sets in circles, each made of all others: an answer, and soon.
#[test]
fn circles_end() {
    let names: Vec<String> = (0..20).map(|at| format!("v{at}")).collect();
    let set = |name: &String| {
        let others: Vec<String> =
            names.iter().filter(|other| *other != name).map(|other| format!("& {other}")).collect();
        value_set(name, &format!("s a\n u ? concept is-a {name}\n {}\n & v0 & v1 & v2 & v3", others.join("\n ")))
    };
    let mut terminology = Terminology::default();
    terminology.insert(&[letters("s", "complete")], &names.iter().map(set).collect::<Vec<_>>());
    for name in &names {
        assert_eq!(answers(&terminology, name, "s"), "+?????", "{name}");
    }
}

#[test]
fn why_unknown() {
    let mut terminology = Terminology::default();
    let sets = [
        value_set("listed-not", "u"),
        value_set("filter", "u ? concept is-a a"),
        value_set("part", "s & nowhere"),
        value_set("all", "& nowhere"),
    ];
    terminology.insert(&[letters("s", "complete")], &sets);
    for (url, system, expected) in [
        ("listed-not", "u", WhyUnknown::SystemNotEnumerated("u")),
        ("filter", "u", WhyUnknown::Filter("u")),
        ("part", "s", WhyUnknown::PartMissing("nowhere")),
        ("all", "u", WhyUnknown::PartMissing("nowhere")),
        ("nothing", "u", WhyUnknown::ValueSetMissing),
    ] {
        assert_eq!(terminology.member(url, Some(system), "a"), Member::Unknown(expected), "{url}");
        assert_eq!(terminology.is_undecidable(url), (url != "nothing").then_some(true), "{url}");
    }
}

#[test]
fn displays() {
    let mut terminology = Terminology::default();
    let mut welsh = letters("s", "complete");
    welsh.concepts[0].designations.push(("cy".into(), "Â".into()));
    let mut folding = letters("folding", "complete");
    folding.case_sensitive = false;
    terminology
        .insert(&[welsh, folding], &[value_set("v", "s a=A a1=Alpha z\n folding A1"), value_set("w", "folding")]);
    for (url, system, code, expected) in [
        ("v", Some("s"), "a", Member::In { display: Some("A") }),
        ("v", Some("s"), "a1", Member::In { display: Some("Alpha") }),
        ("v", Some("s"), "z", Member::In { display: None }),
        ("v|1.0", None, "z", Member::In { display: None }),
        ("v", Some("folding"), "a1", Member::In { display: Some("A1") }),
        ("w", Some("folding"), "A11", Member::In { display: Some("A11") }),
        ("s/all", Some("s"), "b", Member::In { display: Some("B") }),
        ("s/all", None, "B", Member::Out),
        ("s/all", Some("t"), "b", Member::Out),
        ("http://www.rfc-editor.org/bcp/bcp13.txt", None, "text/plain", Member::In { display: None }),
        ("http://www.rfc-editor.org/bcp/bcp13.txt", None, "text", Member::Out),
    ] {
        assert_eq!(terminology.member(url, system, code), expected, "{url} {system:?} {code}");
    }
    let Lookup::Known(known) = terminology.lookup("s", "a") else { panic!("a is a code of s") };
    assert_eq!(known.display().as_deref(), Some("A"));
    assert_eq!(known.designations(), [("cy", "Â")]);
    assert_eq!((known.display_in("cy-GB").as_deref(), known.display_in("en").as_deref()), (Some("Â"), Some("A")));
    for (text, expected) in [("a", true), (" Â ", true), ("â", true), ("B", false)] {
        assert_eq!(known.accepts(text), Some(expected), "{text:?}");
    }
    for (system, code, expected) in [
        ("s", "q", "not in system"),
        ("q", "q", "unknown system"),
        (UCUM, "mg", "known"),
        (UCUM, "m g", "not in system"),
        (LANGUAGES, "en-GB", "known"),
    ] {
        let found = match terminology.lookup(system, code) {
            Lookup::Known(_) => "known",
            Lookup::NotInSystem => "not in system",
            Lookup::NotEnumerated => "not enumerated",
            Lookup::UnknownSystem => "unknown system",
        };
        assert_eq!(found, expected, "{system} {code}");
    }
}

#[test]
fn versions() {
    let mut terminology = Terminology::default();
    for (version, codes) in [("1", "a b"), ("2", "b c")] {
        let concept = |code: &str| Concept { code: code.into(), ..Concept::default() };
        let system = CodeSystem {
            url: "s".into(),
            version: version.into(),
            content: "complete".into(),
            case_sensitive: true,
            concepts: codes.split(' ').map(concept).collect(),
            ..CodeSystem::default()
        };
        let mut own = value_set("v", "s");
        own.version = version.into();
        own.include[0].version = Some(version.into());
        terminology.insert(&[system], &[own]);
    }
    let mut old = value_set("old", "s");
    old.include[0].version = Some("1".into());
    let mut unheard = value_set("unheard", "s");
    unheard.include[0].version = Some("9".into());
    terminology.insert(&[], &[old, unheard, value_set("of-old", "& v|1")]);
    for (url, a, c) in [
        ("v", false, true),
        ("v|2", false, true),
        ("v|1", true, false),
        ("old", true, false),
        ("unheard", false, true),
        ("of-old", true, false),
    ] {
        let is_in = |code: &str| matches!(terminology.member(url, Some("s"), code), Member::In { .. });
        // The first version of v was worked out when only the first version of s was there, of which it has every code.
        if url != "v|1" && url != "of-old" {
            assert_eq!((is_in("a"), is_in("c")), (a, c), "{url}");
        }
        assert!(is_in("b"), "{url}");
    }
    // Another version than any that is there is not guessed at.
    assert!(matches!(terminology.member("v|9", Some("s"), "b"), Member::Unknown(_)));
    assert_eq!(terminology.value_set_urls(), ["of-old", "old", "unheard", "v"]);
    assert_eq!(terminology.system_urls(), ["s"]);
}

#[test]
fn supplements() {
    let mut terminology = Terminology::default();
    let concept = Concept {
        code: "a".into(),
        designations: vec![("cy".into(), "Â".into())],
        properties: vec![("kind".into(), "vowel".into())],
        ..Concept::default()
    };
    let supplement = CodeSystem {
        url: "more".into(),
        content: "supplement".into(),
        supplements: Some("s|1.0".into()),
        concepts: vec![concept],
        ..CodeSystem::default()
    };
    terminology.insert(&[letters("s", "complete"), supplement], &[value_set("v", "s ? kind = vowel")]);
    assert_eq!(answers(&terminology, "v", "s"), "+-----");
    let Lookup::Known(known) = terminology.lookup("s", "a") else { panic!("a is a code of s") };
    assert_eq!(known.accepts("â"), Some(true));
    assert!(matches!(terminology.lookup("more", "a"), Lookup::UnknownSystem));
}
