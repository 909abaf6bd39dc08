//! Every resource of the shared corpus, displayed: nothing missing by the renderer's own map, nor by a check of its
//! text that knows nothing of how it was made; and every narrative well-formed, with only what txt-1 allows.
//!
//! Runs where the corpus is. CARECONNECT_STU3 names an unpacked hl7.fhir.core package, for typed rendering.

mod support;

use careconnect::parse::{Limits, parse};
use careconnect::render::{As, Mode, Options, View, render};
use careconnect::tree::{Kind, NodeId, Tree};
use careconnect::typed::Typed;
use std::collections::BTreeMap;

const ELEMENTS: &str = " a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 \
h5 h6 hr i img li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var ";
const ATTRIBUTES: &str = " abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char \
charoff charset cite class colspan compact coords dir frame headers height href hreflang hspace id lang longdesc name \
nowrap rel rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace width xmlns ";

/// Whether XHTML is well-formed, has some text, and only elements and attributes of txt-1.
fn txt_1(narrative: &str) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_str(narrative);
    let (mut depth, mut text) = (0, false);
    loop {
        use quick_xml::events::Event;
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match &event {
            Event::Start(start) | Event::Empty(start) => {
                let name = String::from_utf8_lossy(start.name().as_ref().as_ref()).into_owned();
                if !ELEMENTS.contains(&format!(" {name} ")) {
                    return Err(format!("element {name}"));
                }
                for attribute in start.attributes() {
                    let attribute = attribute.map_err(|error| error.to_string())?;
                    let key = String::from_utf8_lossy(attribute.key.as_ref().as_ref()).into_owned();
                    if !ATTRIBUTES.contains(&format!(" {key} ")) {
                        return Err(format!("attribute {key} of {name}"));
                    }
                }
                if matches!(event, Event::Start(_)) {
                    depth += 1;
                }
            }
            Event::End(_) => depth -= 1,
            Event::Text(content) => text |= !content.xml10_content().trim().is_empty(),
            Event::GeneralRef(name) if !["amp", "lt", "gt", "quot", "apos"].contains(&&*name.xml10_content()) => {
                return Err("an entity that XML does not have".to_owned());
            }
            Event::DocType(_) | Event::PI(_) => return Err("a declaration".to_owned()),
            Event::Eof => break,
            _ => {}
        }
    }
    match (depth, text) {
        (0, true) => Ok(()),
        (0, false) => Err("no text (txt-2)".to_owned()),
        _ => Err("not closed".to_owned()),
    }
}

/// Letters and digits alone, in small letters: what formatting does not change.
fn bare(text: &str) -> String {
    let mut marked = String::new();
    for c in text.chars() {
        if c < ' ' && !c.is_whitespace() { marked.push_str(&format!("U{:04X}", c as u32)) } else { marked.push(c) }
    }
    let marked = marked.replace('\u{200b}', "[U+200B]").replace('\u{feff}', "[U+FEFF]");
    marked.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Other forms in which the rules let a value stand: a date by its parts, a few codes by their words.
fn forms(name: &str, value: &str) -> Vec<String> {
    let mut out = vec![bare(value)];
    match value {
        "true" => out.push("yes".to_owned()),
        "false" => out.push("no".to_owned()),
        _ => {}
    }
    let (date, time) = value.split_once('T').unwrap_or((value, ""));
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    if parts.first().is_some_and(|year| digits(year, 4)) && parts[1..].iter().all(|part| digits(part, 2)) {
        let month = parts.get(1).and_then(|month| MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?));
        let mut form = String::new();
        if let (Some(day), Some(month)) = (parts.get(2), month) {
            form = format!("{day}{month}{}", parts[0]);
        } else if let Some(month) = month {
            form = format!("{month}{}", parts[0]);
        }
        if !form.is_empty() {
            let clock: String = time.chars().take(5).filter(char::is_ascii_digit).collect();
            out.push(format!("{form}{clock}"));
        }
    }
    let time: Vec<&str> = value.split(':').collect();
    if time.len() >= 2 && time.iter().all(|part| part.len() >= 2) {
        out.push(bare(&format!("{}{}", time[0], time[1])));
    }
    if matches!(name, "value") && value.starts_with("+44") {
        out.push(format!("0{}", bare(&value[3..].replace("(0)", ""))));
    }
    let words: &[(&str, &str)] = &[
        ("s", "second"),
        ("min", "minute"),
        ("h", "hour"),
        ("d", "day"),
        ("wk", "week"),
        ("mo", "month"),
        ("a", "year"),
        ("MORN", "morning"),
        ("NOON", "noon"),
        ("AFT", "afternoon"),
        ("EVE", "evening"),
        ("NIGHT", "night"),
        ("HS", "sleep"),
        ("WAKE", "waking"),
        ("C", "meal"),
        ("CM", "breakfast"),
        ("CD", "lunch"),
        ("CV", "dinner"),
        ("AC", "before a meal"),
        ("PC", "after a meal"),
        ("PHS", "after sleep"),
        ("ACM", "before breakfast"),
        ("ACD", "before lunch"),
        ("ACV", "before dinner"),
        ("PCM", "after breakfast"),
        ("PCD", "after lunch"),
        ("PCV", "after dinner"),
    ];
    if matches!(name, "periodUnit" | "durationUnit" | "when") {
        out.extend(words.iter().filter(|(code, _)| *code == value).map(|(_, words)| bare(words)));
    }
    let numbers: &[(&str, &[&str])] = &[("1", &["once", "a", "every"]), ("2", &["twice"])];
    if matches!(name, "frequency" | "period" | "count" | "frequencyMax") {
        let known = numbers.iter().filter(|(number, _)| *number == value);
        out.extend(known.flat_map(|(_, words)| words.iter().map(|word| (*word).to_owned())));
    }
    if matches!(name, "asNeededBoolean") {
        out.push("asrequired".to_owned());
    }
    if name == "use" && value == "temp" || name == "taken" || name == "comparator" {
        out.extend(["temporary", "less", "greater", "taken", "taking"].map(str::to_owned));
    }
    out
}

/// The text that a narrative has between its tags, but for scripts.
fn inner_text(xhtml: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut in_script = false;
    let mut reader = quick_xml::Reader::from_str(xhtml);
    loop {
        use quick_xml::events::Event;
        match reader.read_event() {
            Ok(Event::Start(start)) => in_script |= start.name() == quick_xml::name::QName("script"),
            Ok(Event::End(end)) => in_script &= end.name() != quick_xml::name::QName("script"),
            Ok(Event::Text(text)) if !in_script => out.push(text.xml10_content().into_owned()),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    out
}

fn is_said(tree: &Tree, node: NodeId, output: &str) -> bool {
    let Some(value) = tree.text(node) else { return true };
    let is_xhtml = tree.kind(node) == Kind::Xhtml || tree.name(node) == "div" && value.trim_start().starts_with('<');
    if is_xhtml {
        return inner_text(value).iter().all(|text| output.contains(&bare(text)));
    }
    // A file that is shown is there as its text. How it is laid out is not: half of its words are proof enough.
    if matches!(tree.name(node), "data" | "content")
        && let Some(text) = support::file_text(value)
    {
        let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2).collect();
        let said = words.iter().filter(|word| output.contains(&bare(word))).count();
        return !words.is_empty() && said * 2 > words.len();
    }
    forms(tree.name(node), value).iter().any(|form| output.contains(form.as_str()))
}

fn run(folder: &str) {
    let Some(shared) = support::shared() else { return eprintln!("no corpus here: not run") };
    let definitions = support::definitions();
    let filter = std::env::var("CARECONNECT_ONLY").unwrap_or_default();
    let (mut files, mut bytes) = (0, 0);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faults: Vec<String> = Vec::new();
    let mut unsaid: BTreeMap<String, usize> = BTreeMap::new();
    let mut slowest = (0, String::new());
    for ending in [".json", ".xml"] {
        for file in support::files(&shared.join("corpus").join(folder), ending) {
            let name = file.strip_prefix(&shared).unwrap_or(&file).display().to_string();
            if !name.contains(&filter) {
                continue;
            }
            let input = std::fs::read(&file).expect("a readable resource");
            let start = std::time::Instant::now();
            let mut parsed = parse(&input, definitions.names(), Limits::default());
            let typed = Typed::new(&mut parsed.tree, definitions);
            let tree = &parsed.tree;
            let options = Options { as_: As::Text, mode: Mode::Full, view: View::Entries, ..Options::default() };
            let text = render(tree, &typed, definitions, &options);
            let narrative = render(tree, &typed, definitions, &Options::default());
            let spent = start.elapsed().as_millis();
            slowest = slowest.max((spent, name.clone()));
            files += 1;
            bytes += input.len();
            if let Err(fault) = txt_1(&narrative.output) {
                faults.push(format!("{name}: narrative has {fault}"));
            }
            let page = render(
                tree,
                &typed,
                definitions,
                &Options { as_: As::Page, view: View::Entries, ..Options::default() },
            )
            .output;
            if page.contains("<script") || page.contains("javascript:") && page.contains("href=\"javascript") {
                faults.push(format!("{name}: a page with script"));
            }
            let map = &text.coverage;
            *counts.entry("leaves").or_default() += map.leaves;
            *counts.entry("shown").or_default() += map.shown.len();
            *counts.entry("listed").or_default() += map.listed.len();
            *counts.entry("technical").or_default() += map.technical.len();
            *counts.entry("withheld").or_default() += map.withheld.len();
            let sum = map.shown.len() + map.listed.len() + map.technical.len() + map.withheld.len();
            if !map.missing.is_empty() || sum != map.leaves || !narrative.coverage.missing.is_empty() {
                faults.push(format!(
                    "{name}: {} of {} not accounted for, {:?}",
                    map.leaves - sum,
                    map.leaves,
                    map.missing.first()
                ));
            }
            let withheld: std::collections::BTreeSet<&str> =
                map.withheld.iter().map(|held| held.pointer.as_str()).collect();
            let output = bare(&text.output);
            for node in tree.all() {
                if !is_said(tree, node, &output) && !withheld.contains(tree.pointer(node).as_str()) {
                    *counts.entry("unsaid").or_default() += 1;
                    let key = format!(
                        "{} = {}",
                        tree.name(node),
                        tree.text(node).unwrap_or("").chars().take(60).collect::<String>()
                    );
                    if unsaid.len() < 400 {
                        *unsaid.entry(format!("{key}   {name}{}", tree.pointer(node))).or_default() += 1;
                    }
                }
            }
        }
    }
    println!("{bytes} bytes, slowest {} ms ({})", slowest.0, slowest.1);
    if filter.is_empty() {
        let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
        let text = format!("{files} files, {}, {} faults, {} unsaid", counts.join(", "), faults.len(), unsaid.len());
        support::figure(&format!("coverage-{}", folder.replace("corpus/", "")), &text);
    }
    for fault in faults.iter().take(40) {
        println!("  {fault}");
    }
    for line in unsaid.keys().take(60) {
        println!("  not said: {line}");
    }
    assert!(files > 0, "the corpus has files");
    assert!(faults.is_empty(), "{} faults", faults.len());
    assert!(unsaid.is_empty(), "{} values are not said", unsaid.len());
}

#[test]
fn nhs() {
    run("nhs");
}

#[test]
fn hl7_examples() {
    run("hl7-examples");
}

#[test]
fn mutants() {
    run("mutants");
}
