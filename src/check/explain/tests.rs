//! Every rule that ships has words, and the words are fit to be read.

use super::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The longest that the words for one rule may be, in characters.
const LONGEST: usize = 240;

type Rules = BTreeMap<String, BTreeSet<String>>;

/// The expressions of every key in the definitions of STU3 in `profiles/`, and the URLs of the definitions that state any.
static STATED: LazyLock<(Rules, BTreeSet<String>)> = LazyLock::new(stated);

fn stated() -> (Rules, BTreeSet<String>) {
    let (mut rules, mut sources) = (Rules::new(), BTreeSet::new());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let listed = fs::read_to_string(folder.join("packs.tsv")).unwrap();
    let families = listed.lines().filter_map(|line| line.split_once("\t3.0\t")).map(|(family, _)| folder.join(family));
    for file in families.flat_map(|family| fs::read_dir(family).unwrap()).map(|entry| entry.unwrap().path()) {
        if !file.file_name().unwrap().to_string_lossy().starts_with("StructureDefinition-") {
            continue;
        }
        let definition: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let lists = ["snapshot", "differential"].map(|list| definition[list]["element"].as_array());
        for element in lists.into_iter().flatten().flatten() {
            for rule in element["constraint"].as_array().into_iter().flatten() {
                // Without FHIRPath a rule is never evaluated.
                let Some(expression) = rule["expression"].as_str() else { continue };
                rules.entry(rule["key"].as_str().unwrap().into()).or_default().insert(expression.to_owned());
                let source = rule["source"].as_str().or(definition["url"].as_str());
                sources.insert(source.unwrap().to_owned());
            }
        }
    }
    assert!(rules.len() > 150, "the definitions were not found");
    (rules, sources)
}

fn rows() -> impl Iterator<Item = &'static Row> {
    TABLES.into_iter().flatten()
}

#[test]
fn every_rule_that_ships_has_words() {
    let (rules, sources) = &*STATED;
    let mut wrong = Vec::new();
    for (key, expressions) in rules {
        for expression in expressions {
            if explain(key, expression, Version::Stu3).is_none() {
                wrong.push(format!("{key} has no words for: {expression}"));
            }
        }
        // Words that go by the key alone would be the wrong ones for one of two rules.
        if expressions.len() > 1 && rows().any(|row| row.0 == key && row.1.is_empty()) {
            wrong.push(format!("{key} has several expressions: give the words of each its own"));
        }
    }
    wrong.extend(sources.iter().filter(|url| !is_known(url)).map(|url| format!("{url} is not of a known publisher")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_are_for_rules_that_ship() {
    let (rules, _) = &*STATED;
    let ships = |row: &Row| rules.get(row.0).is_some_and(|expressions| row.1.is_empty() || expressions.contains(row.1));
    let wrong: Vec<&Row> = rows().filter(|row| !ships(row)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_tables_are_in_order_without_repeats() {
    for table in TABLES {
        for pair in table.windows(2) {
            assert!((pair[0].0, pair[0].1) < (pair[1].0, pair[1].1), "{:?} stands before {:?}", pair[0], pair[1]);
            assert!(pair[0].0 != pair[1].0 || !pair[0].1.is_empty(), "{:?} hides {:?}", pair[0], pair[1]);
        }
    }
    let by_key = rows().filter(|row| row.1.is_empty());
    for row in by_key {
        assert_eq!(rows().filter(|other| other.0 == row.0).count(), 1, "{} stands in two tables", row.0);
    }
}

#[test]
fn the_words_read_as_sentences() {
    let (rules, _) = &*STATED;
    let mut wrong = Vec::new();
    for (key, _, words) in rows() {
        let length = words.chars().count();
        let begins = words.chars().next().is_some_and(|first| first.is_uppercase() || first == '\'');
        let mut expressions = rules[*key].iter();
        let problems = [
            (length > LONGEST, "too long"),
            (!begins, "does not begin as a sentence"),
            (!words.ends_with('.'), "has no full stop at its end"),
            (words.contains("  ") || words.contains('\n'), "has two spaces or a line break"),
            (words.matches('\'').count() % 2 == 1, "has a quote that is not closed"),
            (expressions.any(|expression| words.contains(&**expression)), "repeats the expression"),
        ];
        wrong.extend(problems.iter().filter(|(is, _)| *is).map(|(_, problem)| format!("{key}: {problem}: {words}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_that_share_a_key_have_their_own_words() {
    let task = "lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn";
    assert!(explain("inv-1", task, Version::Stu3).unwrap().contains("'authoredOn'"));
    assert!(explain("inv-1", "operation.exists() xor assert.exists()", Version::Stu3).unwrap().contains("'assert'"));
    assert_eq!(explain("inv-1", "true", Version::Stu3), None);
    assert_eq!(explain("inv", "", Version::Stu3), None);
    assert_eq!(explain("zzz-1", "", Version::Stu3), None);
    assert!(!is_known("https://example.org/StructureDefinition/p"));
}
