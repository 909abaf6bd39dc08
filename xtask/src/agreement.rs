//! `cargo xtask agreement`: how far we agree with the reference validator, where its findings are at hand. The figures are
//! committed in tests/agreement.txt, so that a change in them is seen.

use crate::run::{self, command};
use anyhow::{Context, Result, ensure};
use careconnect::issue::{ExchangeProblem, Rule};
use careconnect::version::Version;
use careconnect::{Careconnect, check, outcome};
use serde_json::json;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

const USAGE: &str = "cargo xtask agreement [--bless] [--only CORPUS] [--list N]";
/// What is printed last, as it was when it was committed.
const SNAPSHOT: &str = "tests/agreement.txt";
/// The corpora of STU3, each with the folder of its resources and its file of expected findings.
const CORPORA: [&str; 3] = ["nhs", "hl7-examples", "mutants"];
/// Those of R4, in the folder of R4.
const CORPORA_R4: [&str; 4] = ["hl7-examples-r4", "nhs-r4", "nhs-r4-profiled", "mutants-r4"];

/// A release of FHIR, and where what is compared stands.
struct Side {
    version: Version,
    shared: PathBuf,
    /// The script that compares, beside its list of what is not asked.
    script: PathBuf,
    corpora: &'static [&'static str],
    /// The corpora that altered resources were made of.
    originals: [&'static str; 2],
}

/// Both releases, as far as they are here.
fn sides(shared: &Path, folder: &Path) -> Result<Vec<Side>> {
    let script = shared.join("tools/agreement.py");
    let mut sides = vec![Side {
        version: Version::Stu3,
        shared: shared.to_owned(),
        script: script.clone(),
        corpora: &CORPORA,
        originals: ["nhs", "hl7-examples"],
    }];
    let r4 = shared.join("r4");
    if r4.join("expected").is_dir() {
        // The script reads the list that stands beside it.
        let own = folder.join("r4");
        fs::create_dir_all(&own)?;
        fs::copy(&script, own.join("agreement.py"))?;
        fs::copy(r4.join("tools/left-out-rules-r4.json"), own.join("left-out-rules.json"))?;
        sides.push(Side {
            version: Version::R4,
            shared: r4,
            script: own.join("agreement.py"),
            corpora: &CORPORA_R4,
            originals: ["hl7-examples-r4", "nhs-r4-profiled"],
        });
    }
    Ok(sides)
}

/// What the figures mean, before them.
const PREFACE: &str = "\
How far careconnect agrees with the reference validator, made by `cargo xtask agreement --bless`.

`as it stands` counts every difference. `judged` leaves out those that were looked at and found to be the reference's, or
undecidable: tests/judged.tsv has a line and a reason for each, and how many each line settles stands below. The NHS's own
rules, those of documents and messages, and contradictions go beyond the reference and do not count (tests/nhs_rules.tsv,
tests/exchange_rules.tsv and tests/contradictions.tsv count what they find).

97 % recall on the NHS corpus as it stands is out of reach. Of the reference's errors there, 972 (in 41 files of GP Connect)
say that a MedicationStatement may not be based on a MedicationRequest: it did not have CareConnect-GPC-MedicationRequest-1,
as 2,351 of its own warnings say, and so dropped that target from the published profile, which allows it. 46 more are at a
location that is not from the root, and 16 are not asked by STU3, are at another entry, or follow from another fault. To
report them would be wrong. All others are reported, and that is the recall as it stands.

On altered resources, the precision as it stands is held down by what the reference lets pass: modifier extensions that it
does not know, U+0000 in strings, empty arrays in meta, and words that are not references.

Some figures as it stands were higher before rules were made stricter or duplicates were dropped. Each was looked at, finding
by finding; the judged figures stayed at 100 %:

  figure                          was     by which rule, and why it is right
  nhs precision                   97.33   ait-2 on 33 allergies without a verificationStatus (and bdl-9 on a Bundle without a
                                          type): the expression gives nothing, and nothing is not false; what is missing is
                                          reported, by the reference too, which is why the duplicates had counted as agreed
  nhs precision by kind           95.57   the same, and full-url-other and reference-not-in-bundle, of which 2 each are ours
                                          alone: other ids in fullUrl, and a MessageHeader.responsible that is not inside
  hl7-examples precision          100.00  full-url-other on 3 entries in 3 files: STU3 says that fullUrl 'SHALL not disagree
    by kind                       100.00  with the id in the resource', and pat12 is not pat2, us-medicare is not us-ssn
    verdict                       99.32   the same 3 files
  mutants precision               92.93   12 choices of a type that their element cannot have, which had been reported as an
    by kind                       92.08   unknown element or a second value too, where the reference agreed with both
  mutants recall                  99.11   12 errors at 6 references to a contained resource whose type was altered to one that
    by kind                       99.05   does not exist: the type is the one fault, and is reported where it stands

The corpora of R4 (names with r4) are checked with the packs of R4 and with all that NHS England publishes, and by the option
fhirVersion, as most of these resources do not say what they are. The differences there have been judged only in part.

";

pub fn run(arguments: &[String]) -> Result<()> {
    let (mut bless, mut list, mut only) = (false, None, None);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bless" => bless = true,
            "--only" => only = Some(arguments.next().context(USAGE)?.as_str()),
            "--list" => list = Some(arguments.next().context(USAGE)?.as_str()),
            _ => anyhow::bail!("'{argument}' is not understood: {USAGE}"),
        }
    }
    let shared = run::root().join("../shared");
    if !shared.join("expected").is_dir() {
        println!(
            "the reference validator's findings are not on this machine (../shared/expected), so there is nothing to compare"
        );
        return Ok(());
    }
    if !run::root().join("pkg/dist/packs/stu3.pack").is_file() {
        crate::packs::build()?;
    }
    let folder = run::target().join("agreement");
    fs::create_dir_all(&folder)?;
    let mut out = PREFACE.to_owned();
    for side in sides(&shared, &folder)? {
        let corpora: Vec<&str> =
            side.corpora.iter().copied().filter(|name| only.is_none_or(|only| only == *name)).collect();
        if corpora.is_empty() {
            continue;
        }
        let core = match side.version {
            Version::Stu3 => core(Version::Stu3)?,
            Version::R4 => core_r4(&side.shared)?,
        };
        for corpus in &corpora {
            run::step(&format!("validating {corpus}"));
            validate(&core, side.version, &side.shared.join("corpus").join(corpus), &found(&folder, corpus))?;
        }
        for corpus in &corpora {
            for judged in [false, true] {
                let printed = compare(&side, &folder, corpus, judged, list)?;
                let heading = if judged { "judged, with tests/judged.tsv" } else { "as it stands" };
                out.push_str(&format!("{corpus}, {heading}\n"));
                for line in printed.lines() {
                    let line = line
                        .strip_prefix("judged differences:")
                        .map_or(line, |_| "  how many each line of tests/judged.tsv settles:");
                    // The other corpora's lines settle nothing here.
                    if !line.ends_with("STALE") {
                        out.push_str(&format!("  {line}\n"));
                    }
                }
                out.push('\n');
            }
        }
    }
    print!("{out}");
    if list.is_some() || only.is_some() {
        return Ok(());
    }
    let file = run::root().join(SNAPSHOT);
    if bless {
        fs::write(&file, &out)?;
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    ensure!(committed == out, "{SNAPSHOT} has other figures. Look at what changed; --bless records it");
    Ok(())
}

/// The core with every pack of a release.
fn core(version: Version) -> Result<Careconnect> {
    let folder = run::root().join("pkg/dist/packs");
    let read = |name: &&str| fs::read(folder.join(format!("{name}.pack")));
    let packs = crate::packs::names(version).iter().map(read).collect::<std::io::Result<Vec<_>>>()?;
    Ok(Careconnect::load(&packs.iter().map(Vec::as_slice).collect::<Vec<_>>())?)
}

/// The core of R4 with all that NHS England publishes, as the reference had it; the pack has what states a licence.
fn core_r4(shared: &Path) -> Result<Careconnect> {
    let package = crate::profiles::package(&shared.join("definitions/uk.nhsengland.r4.tgz"))?;
    let inputs: Vec<&[u8]> = package.values().map(Vec::as_slice).collect();
    Ok(core(Version::R4)?.with_definitions(&inputs).0)
}

/// Where our findings in a corpus go.
fn found(folder: &Path, corpus: &str) -> PathBuf {
    folder.join(format!("{corpus}.ndjson"))
}

/// Validates every file in a folder; a line of findings for each.
fn validate(core: &Careconnect, version: Version, folder: &Path, to: &Path) -> Result<()> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())?.flatten() {
            match entry.path() {
                path if path.is_dir() => open.push(path),
                path => files.push(path),
            }
        }
    }
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json" || ending == "xml"));
    files.sort();
    let mut out = BufWriter::new(fs::File::create(to)?);
    // Most resources say nothing of the release that they are of.
    let options = check::Options { fhir_version: Some(version), ..check::Options::default() };
    for file in files {
        let mut report = core.validate(&fs::read(&file)?, &options);
        // The reference has no rules of documents and messages, nor of what is recorded twice and differs.
        let is_beyond =
            |rule: &str| ExchangeProblem::RULES.iter().chain(Rule::RULES).any(|(beyond, ..)| *beyond == rule);
        report.issues.retain(|issue| !is_beyond(issue.problem.rule()));
        let report = outcome::plain(&report);
        writeln!(out, "{}", json!({ "file": file.to_string_lossy(), "issues": report["issues"] }))?;
    }
    Ok(out.flush()?)
}

/// Runs the comparison, and gives back what it prints.
fn compare(side: &Side, folder: &Path, corpus: &str, judged: bool, list: Option<&str>) -> Result<String> {
    let expected = |corpus: &str| side.shared.join(format!("expected/{corpus}.jsonl")).to_string_lossy().into_owned();
    let ours = |corpus: &str| found(folder, corpus).to_string_lossy().into_owned();
    let mut arguments = vec![side.script.to_string_lossy().into_owned(), expected(corpus), ours(corpus)];
    if corpus.starts_with("mutants") {
        // Only what the alteration brings counts.
        let both = |of: &dyn Fn(&str) -> String| side.originals.map(of).join(",");
        arguments.extend(["--base".to_owned(), both(&expected), both(&ours)]);
    }
    if judged {
        arguments.extend(["--judged".to_owned(), "tests/judged.tsv".to_owned()]);
    }
    if let Some(count) = list {
        arguments.extend(["--list".to_owned(), count.to_owned()]);
    }
    run::output(command("python3", arguments))
}
