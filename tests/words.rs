//! tests/words.tsv: the one table of words that are avoided and of what is said instead, held to everything that people read.

mod support;

use careconnect::issue::Problem;
use std::path::Path;

/// Where people read what the project says. Code around the words is looked at too, which does no harm.
const READ: &[(&str, &str)] = &[
    ("src/issue", ".rs"),
    ("src/check", ".rs"),
    ("src/fhirpath", ".rs"),
    ("src/inspect", ".rs"),
    ("src/wasm", ".rs"),
    ("pkg", ".js"),
    ("pkg", ".ts"),
    ("pkg", ".md"),
    ("www/src", ".js"),
    ("www", ".html"),
    ("docs", ".md"),
];

/// What is made or fetched, and not written.
const OTHERS: &[&str] = &["node_modules", "/dist/", "/pkg/dist"];

fn table() -> Vec<(String, String)> {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/words.tsv")).expect("the table");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split_once('\t').expect("two columns"))
        .map(|(avoided, preferred)| (avoided.to_lowercase(), preferred.to_owned()))
        .collect()
}

/// Whether a phrase stands in a text as whole words.
fn has(text: &str, phrase: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let begins = phrase.starts_with(char::is_alphanumeric);
    let ends = phrase.ends_with(char::is_alphanumeric);
    text.match_indices(phrase).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        !(begins && is_letter(before) || ends && is_letter(after))
    })
}

#[test]
fn nothing_that_people_read_has_a_word_that_is_avoided() {
    let table = table();
    assert!(table.len() > 20);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut files = 0;
    for (folder, ending) in READ {
        for file in support::files(&root.join(folder), ending) {
            let name = file.display().to_string();
            if OTHERS.iter().any(|other| name.contains(other)) {
                continue;
            }
            files += 1;
            let text = std::fs::read_to_string(&file).expect("a readable file");
            for (number, line) in text.lines().enumerate() {
                let line = line.to_lowercase();
                for (avoided, preferred) in table.iter().filter(|(avoided, _)| has(&line, avoided)) {
                    wrong.push(format!("{name}:{}: '{avoided}': say '{preferred}'", number + 1));
                }
            }
        }
    }
    assert!(files > 100, "too few files: {files}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn explanations_of_rules_are_held_too() {
    let table = table();
    for (rule, _, explanation) in Problem::RULES {
        let text = explanation.to_lowercase();
        let found = table.iter().find(|(avoided, _)| has(&text, avoided));
        assert!(found.is_none(), "{rule}: what is avoided, and what to say instead: {found:?}");
    }
}

#[test]
fn phrases_are_found_as_whole_words() {
    assert!(has("this is a observation.", "a observation"));
    assert!(!has("data observation", "a observation"));
    assert!(!has("a observationdefinition", "a observation"));
    assert!(has("is of type , so", "of type , "));
}
