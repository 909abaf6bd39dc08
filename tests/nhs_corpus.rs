//! How often each rule of the NHS, each of documents and messages and each of contradictions finds something in the corpus of
//! NHS resources and in HL7's examples, against the counts of tests/nhs_rules.tsv, tests/exchange_rules.tsv and
//! tests/contradictions.tsv. `cargo test --test nhs_corpus -- --nocapture` prints them; CARECONNECT_BLESS=1 records them;
//! CARECONNECT_SAMPLE=nhs-postcode (or all) prints where that rule finds what, to be looked at.

mod support;

use careconnect::check::Options;
use careconnect::issue::{ExchangeProblem, NhsProblem, Rule, Severity};
use careconnect::primitive::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// What one rule finds in one collection.
#[derive(Default)]
struct Count {
    findings: usize,
    files: BTreeSet<usize>,
    /// In each family of the corpus, by the name of its folder.
    families: BTreeMap<String, usize>,
}

#[test]
fn findings_in_the_corpus() {
    let Some(shared) = support::shared() else {
        println!("not run: the corpus of NHS resources is not on this machine");
        return;
    };
    let sample = std::env::var("CARECONNECT_SAMPLE").ok();
    let careconnect = support::all_packs();
    let options = Options { today: Date::parse("2026-02-28"), test_numbers: true, ..Options::default() };
    let mut counts: BTreeMap<&str, [Count; 2]> = BTreeMap::new();
    for (place, folder) in ["corpus/nhs", "corpus/hl7-examples"].iter().enumerate() {
        let folder = shared.join(folder);
        let is_exchange = |rule: &str| ExchangeProblem::RULES.iter().any(|(known, ..)| *known == rule);
        let files = support::files(&folder, ".json").into_iter().chain(support::files(&folder, ".xml"));
        for (at, file) in files.enumerate() {
            let input = std::fs::read(&file).expect("a readable file");
            for issue in careconnect.validate(&input, &options).issues {
                let rule = issue.problem.rule();
                let is_counted = |(code, ..): &(&str, Severity, &str)| *code == rule;
                let known = NhsProblem::RULES.iter().chain(Rule::RULES);
                if !known.into_iter().any(is_counted) && !is_exchange(rule) {
                    continue;
                }
                let count = &mut counts.entry(rule).or_default()[place];
                let family = file.strip_prefix(&folder).ok().and_then(|path| path.iter().next());
                let family = family.unwrap_or_default().to_string_lossy().into_owned();
                *count.families.entry(family).or_default() += 1;
                count.findings += 1;
                count.files.insert(at);
                if sample.as_deref().is_some_and(|wanted| wanted == "all" || wanted == rule) {
                    let text = input.get(issue.span.start as usize..issue.span.end as usize).unwrap_or_default();
                    let text: Vec<String> =
                        String::from_utf8_lossy(text).split_whitespace().map(str::to_owned).collect();
                    let text: String = text.join(" ").chars().take(300).collect();
                    let name = file.strip_prefix(&shared).unwrap_or(&file).display();
                    println!("{rule} {name}:{} {}", issue.position, issue.expression);
                    println!("    {text}\n    {}", issue.problem.message());
                }
            }
        }
    }
    let mut differ = Vec::new();
    for (name, rules) in [("nhs_rules", NhsProblem::RULES), ("contradictions", Rule::RULES)] {
        let mut table = String::from("rule\tseverity\tfindings\tfiles\tin HL7's examples\n");
        for (rule, severity, _) in rules {
            let none = [Count::default(), Count::default()];
            let [nhs, hl7] = counts.get(rule).unwrap_or(&none);
            let (findings, files, elsewhere) = (nhs.findings, nhs.files.len(), hl7.findings);
            writeln!(table, "{rule}\t{}\t{findings}\t{files}\t{elsewhere}", severity.code()).expect("a string");
        }
        println!("{table}");
        let snapshot = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/{name}.tsv"));
        if std::env::var_os("CARECONNECT_BLESS").is_some() {
            std::fs::write(&snapshot, &table).expect("a writable snapshot");
        } else if std::fs::read_to_string(&snapshot).unwrap_or_default() != table {
            differ.push(name);
        }
    }
    let mut exchange = String::from("rule\tseverity\tfindings\tfiles\tin each family\tin HL7's examples\n");
    for (rule, severity, _) in ExchangeProblem::RULES {
        let none = [Count::default(), Count::default()];
        let [nhs, hl7] = counts.get(rule).unwrap_or(&none);
        let families: Vec<String> = nhs.families.iter().map(|(family, count)| format!("{family} {count}")).collect();
        let (findings, files, families) = (nhs.findings, nhs.files.len(), families.join(", "));
        writeln!(exchange, "{rule}\t{}\t{findings}\t{files}\t{families}\t{}", severity.code(), hl7.findings)
            .expect("a string");
    }
    println!("{exchange}");
    let snapshot = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchange_rules.tsv");
    if std::env::var_os("CARECONNECT_BLESS").is_some() {
        std::fs::write(&snapshot, &exchange).expect("a writable snapshot");
    } else if std::fs::read_to_string(&snapshot).unwrap_or_default() != exchange {
        differ.push("exchange_rules");
    }
    assert!(
        differ.is_empty(),
        "the counts differ from tests/{differ:?}: look at what is new, then CARECONNECT_BLESS=1"
    );
}

/// The NHS's examples of dose syntax, each with its English in a comment: made the text of its dosage, it contradicts no
/// structure; and where it certainly says a dose, another dose is found.
#[test]
fn dose_syntax_examples() {
    let Some(shared) = support::shared() else {
        println!("not run: the examples of dose syntax are not on this machine");
        return;
    };
    let careconnect = support::packs(&["stu3"]);
    let contradictions = |text: &str| -> Vec<String> {
        let report = careconnect.validate(text.as_bytes(), &Options::default());
        let is_one = |rule: &str| matches!(rule, "nhs-dosage-number" | "nhs-dosage-unit" | "nhs-dosage-frequency");
        let issues = report.issues.iter().filter(|issue| is_one(issue.problem.rule()));
        issues.map(|issue| issue.problem.message()).collect()
    };
    let (mut examples, mut found) = (0, 0);
    let mut wrong = Vec::new();
    for file in support::files(&shared.join("suites/dose"), ".xml") {
        let text = std::fs::read_to_string(&file).expect("a readable example");
        // The second comment is the gloss: the medicine, a comma, the dosage. One dosage only is what it is about.
        let gloss = text.split("<!--").nth(2).and_then(|rest| rest.split("-->").next()).unwrap_or_default();
        let Some((_, gloss)) = gloss.split_once(", ") else { continue };
        let start = text.find("<MedicationRequest").unwrap_or_default();
        let resource =
            text[start..].replacen("<MedicationRequest>", "<MedicationRequest xmlns=\"http://hl7.org/fhir\">", 1);
        if resource.matches("<dosageInstruction>").count() != 1 || gloss.contains(['<', '"', '&']) {
            continue;
        }
        examples += 1;
        let dosage = format!("<dosageInstruction><text value=\"{}\"/>", gloss.trim());
        let with_text = resource.replacen("<dosageInstruction>", &dosage, 1);
        for message in contradictions(&with_text) {
            wrong.push(format!("{}: {gloss}: {message}", file.display()));
        }
        let Some(dose) = with_text.find("<doseQuantity>") else { continue };
        let (before, after) = with_text.split_at(dose);
        let other = format!("{before}{}", after.replacen("<value value=\"", "<value value=\"7", 1));
        found += usize::from(!contradictions(&other).is_empty());
    }
    println!("{examples} examples contradict nothing; with another dose, {found} are found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((examples, found), (22, 7));
}
