//! Every StructureDefinition that HL7 and the NHS publish, validated as a resource and as its author would: what is found of
//! them by rule, in tests/figures/published-definitions.txt, where ../shared is there. Each kind of error was looked at.

mod support;

use careconnect::check::Options;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Read;

#[test]
fn what_is_found_of_published_definitions() {
    let Some(folder) = support::shared().map(|shared| shared.join("definitions")).filter(|folder| folder.is_dir())
    else {
        return println!("ignored: the published definitions are not here");
    };
    let core = support::all_packs();
    let mut found: BTreeMap<(String, &str, &str), (usize, usize, String)> = BTreeMap::new();
    let mut all: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for path in support::files(&folder, ".tgz") {
        let family =
            path.file_stem().expect("a name").to_string_lossy().rsplit('.').next().unwrap_or_default().to_owned();
        let family = if path.to_string_lossy().contains("hl7.fhir.core") { "hl7".to_owned() } else { family };
        let file = std::fs::File::open(&path).expect("a readable package");
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
        for entry in archive.entries().expect("an archive") {
            let mut entry = entry.expect("a file");
            let name = entry.path().expect("a name").to_string_lossy().into_owned();
            let Some(name) = name.strip_prefix("package/StructureDefinition-") else { continue };
            let name = name.trim_end_matches(".json").to_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("a readable file");
            let report = core.validate(&bytes, &Options::default());
            let count = all.entry(family.clone()).or_default();
            count.0 += 1;
            count.1 += usize::from(report.is_valid());
            let mut rules: BTreeMap<(&str, &str), usize> = BTreeMap::new();
            for issue in report.issues.iter().filter(|issue| issue.severity.code() != "information") {
                *rules.entry((issue.severity.code(), issue.problem.rule())).or_default() += 1;
                if std::env::var_os("CARECONNECT_SHOW").is_some() {
                    let words = issue.problem.message();
                    println!(
                        "{family} {name} {} {} {}: {words}",
                        issue.severity.code(),
                        issue.problem.rule(),
                        issue.expression
                    );
                }
            }
            for ((severity, rule), number) in rules {
                let entry = found.entry((family.clone(), severity, rule)).or_insert((0, 0, name.clone()));
                entry.0 += number;
                entry.1 += 1;
            }
        }
    }
    let mut out = String::new();
    for (family, (number, valid)) in &all {
        writeln!(out, "{family}: {number} definitions, {valid} valid").expect("a string");
        let its = found.iter().filter(|((of, ..), _)| of == family);
        for ((_, severity, rule), (issues, definitions, first)) in its {
            writeln!(out, "  {severity} {rule}: {issues} in {definitions}, such as {first}").expect("a string");
        }
    }
    support::figure("published-definitions", out.trim_end());
}
