//! Every fixed phrase goes through the catalogue: in the pseudo-locale, whose phrases have no ASCII letter, a word in ASCII
//! letters can only be what came with the resource.

mod support;

use careconnect::parse::{Limits, parse};
use careconnect::render::language::Language;
use careconnect::render::words::humanise;
use careconnect::render::{As, Audience, Mode, Options, render};
use careconnect::typed::Typed;
use std::collections::BTreeMap;
use std::path::Path;

/// What stands in ASCII letters by rule: short months (D+Ta-0007), units of ages (PAB table 8), marks of invisible
/// characters, the millimetre of mercury, and the numbers of a list that counts in Roman ones.
const BY_RULE: &[&str] = &[
    "ii", "iii", "iv", "mmhg", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    "utc", "min", "hrs",
];

/// Words of at least two ASCII letters.
fn ascii_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic());
    words.filter(|word| word.len() > 1).map(str::to_ascii_lowercase).collect()
}

/// The text of a narrative without its tags.
fn inner(xhtml: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in xhtml.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// A text without check sums.
fn without_sums(text: &str) -> String {
    let mut parts = text.split("SHA-256 ");
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |out, part| out + part.trim_start_matches(|c: char| c.is_ascii_hexdigit()))
}

#[test]
fn no_fixed_phrase_bypasses_the_catalogue() {
    let definitions = support::definitions();
    let mut inputs: Vec<(String, Vec<u8>)> = support::resources();
    let own = inputs.len();
    if let Some(shared) = support::shared() {
        let corpus = support::files(&shared.join("corpus"), ".json");
        let every = corpus.len() / 400 + 1;
        for file in corpus.iter().step_by(every) {
            inputs.push((file.display().to_string(), std::fs::read(file).expect("a readable resource")));
        }
    }
    let (mut words, mut outputs) = (0, 0);
    let mut bypassed: BTreeMap<String, String> = BTreeMap::new();
    for (name, input) in &inputs {
        let mut known = String::from_utf8_lossy(input).to_ascii_lowercase();
        let mut parsed = parse(input, definitions.names(), Limits::default());
        // A file that is shown came with the resource too.
        for node in parsed.tree.all().filter(|node| matches!(parsed.tree.name(*node), "data" | "content")) {
            let text = parsed.tree.text(node).and_then(support::file_text);
            known.push_str(&text.unwrap_or_default().to_ascii_lowercase());
        }
        let typed = Typed::new(&mut parsed.tree, definitions);
        for (as_, mode, audience) in [
            (As::Text, Mode::Full, Audience::Clinical),
            (As::Markdown, Mode::Standard, Audience::Patient),
            (As::Narrative, Mode::Summary, Audience::Clinical),
        ] {
            let language = Language::Pseudo;
            let as_of = Some("2026-02-28".to_owned());
            let options = Options { as_, mode, audience, language, as_of, against: None, ..Options::default() };
            let output = render(&parsed.tree, &typed, &(), &options).output;
            let text = if as_ == As::Narrative { inner(&output) } else { output };
            // The letters of a check sum are digits.
            let text = without_sums(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            outputs += 1;
            for word in ascii_words(
                &text.replace("&quot;", " ").replace("&amp;", " ").replace("&lt;", " ").replace("&gt;", " "),
            ) {
                words += 1;
                if !known.contains(&word) && !BY_RULE.contains(&word.as_str()) {
                    bypassed.entry(word).or_insert_with(|| name.clone());
                }
            }
        }
    }
    println!(
        "{} resources, {outputs} outputs, {words} words in ASCII letters, {} bypass the catalogue",
        inputs.len(),
        bypassed.len()
    );
    if inputs.len() > own {
        let counts = format!(
            "{} resources of the corpora, three forms each: {} words bypass the catalogue",
            inputs.len() - own,
            bypassed.len()
        );
        support::figure("pseudo-locale", &counts);
    }
    assert!(bypassed.is_empty(), "{bypassed:#?}");
    assert!(words > 1000, "there is something to look at");
}

/// How much of what is said in English has a translation, by the phrases in the source.
#[test]
fn welsh() {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let welsh: Vec<&str> =
        include_str!("../src/render/language/cy.tsv").lines().filter_map(|line| line.split('\t').next()).collect();
    let months = careconnect::primitive::MONTHS;
    let mut phrases = std::collections::BTreeSet::new();
    let mut source = String::new();
    // What CDA's codes and identifiers are called stands with the other facts of CDA.
    for folder in ["src/render", "src/cda"] {
        for file in support::files(&crate_root.join(folder), ".rs") {
            source.push_str(&std::fs::read_to_string(file).expect("readable source"));
        }
    }
    let literals: std::collections::BTreeSet<&str> = source.split('"').collect();
    for opening in ["say(\"", "fill(\"", "after(\"", "before(\""] {
        for (at, _) in source.match_indices(opening) {
            let rest = &source[at + opening.len()..];
            phrases.insert(rest.split('"').next().unwrap_or(""));
        }
    }
    for opening in [" r(\"", " c(\"", " h(\"", " n(\"", " nc(\"", "[r(\"", "[c(\"", "[h(\""] {
        for (at, _) in source.match_indices(opening) {
            if let Some(label) = source[at + opening.len()..].split('"').nth(2) {
                phrases.insert(label);
            }
        }
    }
    phrases.remove("");
    let unescaped = |phrase: &str| {
        phrase.replace("\\u{201c}", "\u{201c}").replace("\\u{201d}", "\u{201d}").replace("\\u{2019}", "\u{2019}")
    };
    let known = phrases.iter().filter(|phrase| welsh.contains(&unescaped(phrase).as_str())).count();
    support::figure(
        "welsh",
        &format!("{} phrases of the source, {known} of them in Welsh; {} lines of Welsh", phrases.len(), welsh.len()),
    );
    let untranslated: Vec<&&str> =
        phrases.iter().filter(|phrase| !welsh.contains(&unescaped(phrase).as_str())).collect();
    assert!(untranslated.is_empty(), "not in Welsh: {untranslated:?}");
    // What no literal says must be made from the name of an element or a code of the definitions.
    let mut made = std::collections::BTreeSet::new();
    for file in support::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles"), ".json") {
        let text = std::fs::read_to_string(file).expect("a readable definition");
        for name in text.split('"').filter(|text| !text.is_empty() && !text.contains(' ') && text.len() < 80) {
            made.insert(humanise(name.rsplit('.').next().unwrap_or(name)));
        }
    }
    let escaped = |phrase: &str| {
        phrase.replace('\u{201c}', "\\u{201c}").replace('\u{201d}', "\\u{201d}").replace('\u{2019}', "\\u{2019}")
    };
    let is_said = |phrase: &&&str| {
        literals.contains(escaped(phrase).as_str()) || made.contains(**phrase) || months.contains(*phrase)
    };
    let stale: Vec<&&str> = welsh.iter().filter(|phrase| !is_said(phrase)).collect();
    assert!(stale.is_empty(), "Welsh for what nothing says: {stale:?}");
    assert!(known >= 200, "the phrases that matter for safety are in Welsh");
}
