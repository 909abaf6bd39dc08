//! What we say of codes under required bindings, beside what the reference validator says of the same places: on the NHS
//! corpus and its altered copies no verdict differs where both can decide, but for what tests/judged.tsv gives a reason for
//! or the table below.

mod support;

use careconnect::check::Options;
use careconnect::report::Report;
use regex_lite::Regex;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The reference's rules by which a code, or its absence, breaks a required binding or a widest value set.
const REFERENCE: [&str; 7] = [
    "Terminology_TX_NoValid_1_CC",
    "Terminology_TX_NoValid_12",
    "Terminology_TX_NoValid_16",
    "Terminology_TX_Code_ValueSet",
    "Terminology_TX_Code_ValueSet_MISSING",
    "Terminology_TX_Code_ValueSetMax",
    "Terminology_TX_NoValid_3_CC",
];

/// Our rules that say the same. A code that its own system lacks is said instead of the binding.
const OURS: [&str; 6] =
    ["code-required", "coding-required", "code-missing", "code-max-value-set", "code-unknown", "mime-type"];

/// Ours that say that a value is not as its type demands, or not there, so that no code is looked at.
const INSTEAD: [&str; 9] = [
    "primitive-format",
    "primitive-expected",
    "json-type",
    "empty-value",
    "empty-object",
    "empty-array",
    "type-not-allowed",
    "system-is-value-set",
    "system-relative",
];

/// A location without what the two write differently: the type that is meant, a choice's type in its name.
fn place(location: &str) -> String {
    let types = Regex::new(r"\.ofType\([^)]*\)|/\*.*?\*/|\[x\]").unwrap();
    let choice = Regex::new(r"\b(value|medication|product|item|effective|onset|reported|asNeeded|event|used|code)(CodeableConcept|Coding|Quantity|Code|String)\b").unwrap();
    choice.replace_all(&types.replace_all(location, ""), "$1").into_owned()
}

/// Whether two places are the same, or one holds the other at most two levels further in (`coding[0].code`).
fn near(a: &str, b: &str) -> bool {
    let is_inside = |outer: &str, inner: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || (rest.starts_with('.') && rest.matches('.').count() <= 2))
    };
    is_inside(a, b) || is_inside(b, a)
}

struct Judged {
    side: String,
    file: Regex,
    location: Regex,
    rule: Regex,
}

fn judged() -> Vec<Judged> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judged.tsv")).unwrap();
    let line = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let regex = |at: usize| Regex::new(fields[at]).unwrap();
        Judged { side: fields[0].to_owned(), file: regex(1), location: regex(2), rule: regex(3) }
    };
    text.lines().filter(|text| !text.starts_with('#') && text.contains('\t')).map(line).collect()
}

/// One place in one file at which somebody says that a required binding is broken.
fn compare(
    file: &str,
    expected: &Value,
    report: &Report,
    count: &mut BTreeMap<&'static str, usize>,
    out: &mut Vec<String>,
) {
    let text = |issue: &Value, key: &str| issue[key].as_str().unwrap_or_default().to_owned();
    let all: Vec<(String, String, String)> = (expected["issues"].as_array().into_iter().flatten())
        .map(|issue| (place(&text(issue, "location")), text(issue, "rule"), text(issue, "message")))
        .collect();
    let theirs: BTreeSet<&str> =
        all.iter().filter(|(_, rule, _)| REFERENCE.contains(&&**rule)).map(|(at, ..)| &**at).collect();
    let ours: Vec<(String, &str)> =
        report.issues.iter().map(|issue| (place(&issue.expression), issue.problem.rule())).collect();
    let unchecked: Vec<String> = report.unchecked.iter().map(|one| place(&one.expression)).collect();
    for at in &theirs {
        let kind = if ours.iter().any(|(own, rule)| OURS.contains(rule) && near(at, own)) {
            "both say that it is broken"
        } else if unchecked.iter().any(|own| near(at, own)) {
            "we cannot decide"
        } else if ours.iter().any(|(own, rule)| INSTEAD.contains(rule) && near(at, own)) {
            "we say what is wrong with the value instead"
        } else if !report.profiles.is_empty() && ours.iter().any(|(_, rule)| rule.ends_with("-syntax")) {
            "we could not read it to its end"
        } else {
            out.push(format!(
                "missed\t{file}\t{at}\t{}",
                all.iter()
                    .find(|(own, rule, _)| own == at && REFERENCE.contains(&&**rule))
                    .map_or("", |(.., message)| message)
            ));
            "only the reference says that it is broken"
        };
        *count.entry(kind).or_default() += 1;
    }
    for issue in &report.issues {
        let (at, rule) = (place(&issue.expression), issue.problem.rule());
        if !OURS[..4].contains(&rule) || theirs.iter().any(|own| near(own, &at)) {
            continue;
        }
        let here = || all.iter().filter(|(own, ..)| near(own, &at));
        let instead = ["must be a simple value", "minimum required = 1", "references a value set, not a code system"];
        let undecided = ["CodeSystem is unknown", "Unable to expand", "cannot apply filters", "not found", "is null"];
        let kind = if here().any(|(.., message)| undecided.iter().any(|words| message.contains(words))) {
            "the reference cannot decide"
        } else if here().any(|(_, rule, message)| rule.contains("TX") && message.starts_with("Unknown code")) {
            "the reference says that its system has no such code"
        } else if here().any(|(.., message)| instead.iter().any(|words| message.contains(words))) {
            "the reference says what is wrong with the value instead"
        } else if here().any(|(.., message)| message.starts_with("Coding has no system")) {
            "the reference does not judge a coding without a system"
        } else {
            out.push(format!("extra\t{file}\t{at}\t{rule} {}", issue.problem.message()));
            "only we say that it is broken"
        };
        *count.entry(kind).or_default() += 1;
    }
}

#[test]
fn required_bindings_as_the_reference_decides_them() {
    let Some(shared) = support::shared() else {
        println!("left out: the shared corpus is not here");
        return;
    };
    let careconnect = support::all_packs();
    let judged = judged();
    let mut left = 0;
    for (name, folder) in [("nhs", "corpus/nhs"), ("mutants", "")] {
        let Ok(expected) = fs::read_to_string(shared.join(format!("expected/{name}.jsonl"))) else { continue };
        let (mut count, mut differences) = (BTreeMap::new(), Vec::new());
        let mut files = 0;
        for line in expected.lines() {
            let expected: Value = serde_json::from_str(line).unwrap();
            let file = expected["file"].as_str().unwrap();
            let Ok(input) = fs::read(shared.join(folder).join(file)) else { continue };
            files += 1;
            let report = careconnect.validate(&input, &Options::default());
            // A reason that is given for a resource holds for its altered copies.
            let original = expected["original"].as_str().map(|original| format!(" of {original}")).unwrap_or_default();
            compare(&format!("{file}{original}"), &expected, &report, &mut count, &mut differences);
        }
        let is_judged = |difference: &String| {
            let fields: Vec<&str> = difference.splitn(4, '\t').collect();
            let rule = match fields[0] {
                "extra" => fields[3].split(' ').next().unwrap_or_default(),
                _ => fields[3],
            };
            judged.iter().any(|one| {
                one.side == fields[0]
                    && one.file.is_match(fields[1])
                    && one.location.is_match(fields[2])
                    && one.rule.is_match(rule)
            })
        };
        let all = differences.len();
        differences.retain(|difference| !is_judged(difference));
        println!("{name}: {files} files");
        for (kind, count) in &count {
            println!("  {count:5} {kind}");
        }
        println!(
            "  {:5} of these differ without a reason in tests/judged.tsv, {} with one",
            differences.len(),
            all - differences.len()
        );
        differences.iter().for_each(|difference| println!("    {difference}"));
        left += differences.len();
        assert!(files > 1000, "{name}: the corpus is not where it should be");
    }
    assert_eq!(left, 0, "verdicts on required bindings differ from the reference's: each needs a reason or a change");
}
