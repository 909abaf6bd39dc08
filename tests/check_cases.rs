//! Cases of checking: each Markdown file in tests/cases/check has prose, fenced resources, and after each the issues that
//! it gives. They are the rules' documentation too. A fence `diff` puts the example before it right: its lines that start with
//! `-` are replaced by those with `+`, and then no error or warning is left. Options may follow a fence's language, as JSON. A fence
//! `definition` is a definition that is loaded on top for what
//! follows in its file; if it has issues of its own, they come after it. The worked example for profile authors in docs
//! is one of these files too. Files whose names start with r4 are checked with the packs of R4 beside those of STU3. CARECONNECT_BLESS=1 writes the issues that are given now; look at the
//! difference before you commit it.

mod support;

use careconnect::check::Options;
use careconnect::issue::{Problem, Severity};
use careconnect::primitive::Date;
use careconnect::report::Report;
use careconnect::version::Version;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// A piece of a case file.
enum Piece<'t> {
    /// Prose, and fences of other kinds.
    Text(&'t str),
    /// A fenced resource, with its fence.
    Resource { whole: &'t str, input: &'t str, options: Box<Options> },
    /// A fenced definition, with its fence.
    Definition { whole: &'t str, input: &'t str },
    /// The issues that are expected of the resource before it.
    Issues,
    /// What puts the resource or definition before it right, with its fence.
    Diff { whole: &'t str, lines: &'t str },
}

/// The options that a fence gives after its language, as JavaScript takes them: `{ "today": "2026-02-28" }`.
fn options(given: &str) -> Options {
    let given: serde_json::Value = match given {
        "" => return Options::default(),
        _ => serde_json::from_str(given).expect("options in JSON"),
    };
    let mut options = Options::default();
    for (name, value) in given.as_object().expect("options are an object") {
        match name.as_str() {
            "today" => options.today = value.as_str().and_then(Date::parse),
            "workflow" => options.workflow = value.as_str().map(str::to_owned),
            "fhirVersion" => options.fhir_version = value.as_str().and_then(Version::of),
            "testNumbers" => options.test_numbers = value == true,
            "profiles" => {
                let names = value.as_array().into_iter().flatten().filter_map(|name| name.as_str());
                options.profiles = names.map(str::to_owned).collect();
            }
            _ => panic!("there is no option '{name}' here"),
        }
    }
    options
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("```") {
        let (before, fence) = rest.split_at(at);
        pieces.push(Piece::Text(before));
        let open = fence.find('\n').map_or(fence.len(), |end| end + 1);
        let close = fence[open..].find("```").map_or(fence.len(), |end| open + end);
        let end = (close + 3).min(fence.len());
        let (whole, after) = fence.split_at(end);
        let input = &fence[open..close];
        let info = fence[3..open].trim();
        let (language, given) = info.split_once(' ').unwrap_or((info, ""));
        pieces.push(match language {
            "json" | "xml" => Piece::Resource { whole, input, options: Box::new(options(given)) },
            "definition" => Piece::Definition { whole, input },
            "issues" => Piece::Issues,
            "diff" => Piece::Diff { whole, lines: input },
            _ => Piece::Text(whole),
        });
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// A text with the lines replaced that a diff says, from top to bottom.
fn put_right(text: &str, diff: &str) -> Result<String, String> {
    let mut lines = text.lines();
    let mut out: Vec<&str> = Vec::new();
    for line in diff.lines() {
        if let Some(added) = line.strip_prefix('+') {
            out.push(added);
            continue;
        }
        let (wanted, is_kept) = match line.strip_prefix('-') {
            Some(removed) => (removed, false),
            None => (line.strip_prefix(' ').unwrap_or(line), true),
        };
        loop {
            let next = lines.next().ok_or_else(|| format!("the diff's line is not there: {line}"))?;
            if next == wanted {
                out.extend(is_kept.then_some(next));
                break;
            }
            out.push(next);
        }
    }
    out.extend(lines);
    Ok(out.into_iter().flat_map(|line| [line, "\n"]).collect())
}

/// The rules of the issues that a text lists.
fn rules_in(issues: &str) -> impl Iterator<Item = &str> {
    issues.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').nth(2))
}

fn issues(report: &Report, seen: &mut BTreeSet<&'static str>) -> String {
    let mut out = String::new();
    for issue in &report.issues {
        seen.insert(issue.problem.rule());
        let (severity, rule) = (issue.severity.code(), issue.problem.rule());
        let message = issue.problem.message();
        writeln!(out, "{} {severity} {rule} {}: {message}", issue.position, issue.expression).expect("a string");
        let is_base = issue.profile.starts_with("http://hl7.org/fhir/StructureDefinition/");
        if !issue.profile.is_empty() && (!is_base || issue.definition.contains(':')) {
            writeln!(out, "    asked for by {} {}", issue.profile, issue.definition).expect("a string");
        }
    }
    if out.is_empty() { "none\n".to_owned() } else { out }
}

/// Whether a report has nothing to mend, neither error nor warning, and the rules that were put right: those said less often
/// than before. Whatever the example is not about, and is for information, may be said as before.
fn check_put_right<'t>(report: &Report, before: &'t str) -> Result<BTreeSet<&'t str>, String> {
    let after = |rule: &str| report.issues.iter().filter(|issue| issue.problem.rule() == rule).count();
    let left = report.issues.iter().filter(|issue| issue.severity != Severity::Information);
    let left: Vec<String> = left.map(|issue| format!("{} {}", issue.problem.rule(), issue.problem.message())).collect();
    if !left.is_empty() {
        return Err(format!("put right, there is still: {}", left.join("\n")));
    }
    let is_less = |rule: &&str| after(rule) < rules_in(before).filter(|other| other == rule).count();
    let right: BTreeSet<&str> = rules_in(before).filter(is_less).collect();
    if right.is_empty() { Err("put right, nothing is better".to_owned()) } else { Ok(right) }
}

/// Rules that no text in a Markdown file can show, and where they are tested instead.
const ELSEWHERE: &[(&str, &str)] = &[
    ("not-utf-8", "tests/reading.rs: a Markdown file is UTF-8"),
    ("utf-16", "tests/reading.rs: a Markdown file is UTF-8"),
    ("too-large", "tests/reading.rs: the limit is set lower there"),
    ("too-deep", "tests/reading.rs"),
    ("too-costly", "tests/hostile.rs: it takes a definition that asks for more than anybody's"),
    ("message-too-large", "tests/bundles.rs: it takes a message of more than 5 MB"),
    ("more-issues", "tests/hostile.rs: it takes more than 10,000 of them"),
    ("code-system-unknown", "tests/terminology.rs: said only where it is asked for"),
    ("code-inactive", "tests/releases.rs: known of a release of SNOMED CT alone"),
    ("contradiction-problem-ended", "the display's: checks report con-4 of FHIR for it"),
    ("contradiction-before-birth", "the display's: checks report nhs-event-before-birth for it"),
    ("nhs-dmd-product", "tests/releases.rs: known of a release of dm+d alone"),
];

/// Rules whose examples are not put right, and why.
const LEFT: &[(&str, &str)] = &[
    ("profile-asked-unknown", "the option is put right, and not the resource"),
    ("code-unchecked", "the code system's content is missing, not something in the resource"),
    ("doc-section-guide-conflict", "the guide and the profile contradict each other, so that no document keeps both"),
    ("itk-uuid-system", "ITK3's guides prescribe it, so that there is nothing to put right"),
    ("exchange-dstu2", "the message is put right by sending another, in another version of FHIR"),
    ("cda-not-validated", "every CDA document has it: what else is to be checked is for its own schemas"),
    ("definition-too-large", "there is nothing to put right but to leave it out"),
    ("profile-of-other-type", "the definition is put right, and then it has no resource to show"),
];

#[test]
fn cases() {
    let bless = std::env::var_os("CARECONNECT_BLESS").is_some();
    let (stu3, both) = (support::all_packs(), support::both_versions());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/check");
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    let mut right: BTreeSet<String> = BTreeSet::new();
    let mut files = support::files(&folder, ".md");
    files.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/profile-author.md"));
    assert!(!files.is_empty(), "there are cases");
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a readable case");
        let is_r4 = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("r4"));
        let careconnect = if is_r4 { &both } else { &stu3 };
        let mut out = String::new();
        let mut given: Option<String> = None;
        let mut own: Vec<&[u8]> = Vec::new();
        let mut with_own = None;
        // What a diff is for: the text, its issues, and the options that a resource is checked with.
        let mut last: Option<(&str, String, Option<Options>)> = None;
        for piece in pieces(&text) {
            match piece {
                Piece::Text(text) => {
                    // A resource without issues behind it gets them when blessed.
                    if !text.trim().is_empty()
                        && let Some(given) = given.take()
                    {
                        write!(out, "\n\n```issues\n{given}```").expect("a string");
                    }
                    out.push_str(text);
                }
                Piece::Resource { whole, input, options } => {
                    if let Some(given) = given.take() {
                        write!(out, "```issues\n{given}```\n\n").expect("a string");
                    }
                    out.push_str(whole);
                    let report = with_own.as_ref().unwrap_or(careconnect).validate(input.as_bytes(), &options);
                    let found = issues(&report, &mut seen);
                    last = Some((input, found.clone(), Some(*options)));
                    given = Some(found);
                }
                Piece::Diff { whole, lines } => {
                    if let Some(given) = given.take() {
                        write!(out, "```issues\n{given}```\n\n").expect("a string");
                    }
                    out.push_str(whole);
                    let (input, before, options) = last.as_ref().expect("a diff stands after an example");
                    let outcome = put_right(input, lines).and_then(|text| {
                        let report = match options {
                            None => {
                                let mut own = own.clone();
                                own.pop();
                                own.push(text.as_bytes());
                                careconnect.with_definitions(&own).1.pop().expect("a report for each").report
                            }
                            Some(options) => {
                                with_own.as_ref().unwrap_or(careconnect).validate(text.as_bytes(), options)
                            }
                        };
                        check_put_right(&report, before)
                    });
                    match outcome {
                        Ok(rules) => right.extend(rules.into_iter().map(str::to_owned)),
                        Err(problem) => wrong.push(format!("{}: {problem}\n{lines}", file.display())),
                    }
                }
                Piece::Definition { whole, input } => {
                    if let Some(given) = given.take() {
                        write!(out, "```issues\n{given}```\n\n").expect("a string");
                    }
                    out.push_str(whole);
                    own.push(input.as_bytes());
                    let (with, reports) = careconnect.with_definitions(&own);
                    with_own = Some(with);
                    let report = &reports.last().expect("a report for each").report;
                    let found = issues(report, &mut seen);
                    last = Some((input, found.clone(), None));
                    given = Some(found).filter(|_| !report.issues.is_empty());
                }
                Piece::Issues => {
                    // A definition without issues has no fence for them.
                    let Some(given) = given.take() else { continue };
                    write!(out, "```issues\n{given}```").expect("a string");
                }
            }
        }
        if let Some(given) = given {
            write!(out, "\n```issues\n{given}```\n").expect("a string");
        }
        if out != text {
            if bless {
                std::fs::write(file, out).expect("a writable case");
            } else {
                wrong.push(format!("{}: now\n{out}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let rules = Problem::RULES.iter().map(|(rule, ..)| *rule);
    let missing: Vec<&str> =
        rules.filter(|rule| !seen.contains(rule) && !ELSEWHERE.iter().any(|(other, _)| other == rule)).collect();
    assert!(missing.is_empty(), "rules without a case in tests/cases/check: {missing:?}");
    let rules = Problem::RULES.iter().map(|(rule, ..)| *rule);
    let never_right: Vec<&str> = rules
        .filter(|rule| {
            !right.contains(*rule) && ![ELSEWHERE, LEFT].iter().any(|list| list.iter().any(|(other, _)| other == rule))
        })
        .collect();
    assert!(never_right.is_empty(), "rules without an example that is put right (a fence `diff`): {never_right:?}");
}
