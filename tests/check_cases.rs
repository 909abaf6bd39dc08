//! Cases of checking: each Markdown file in tests/cases/check has prose, fenced resources, and after each the issues that
//! it gives. They are the rules' documentation too. A fence `definition` is a definition that is loaded on top for what
//! follows in its file; if it has issues of its own, they come after it. The worked example for profile authors in docs
//! is one of these files too. CARECONNECT_BLESS=1 writes the issues that are given now; look at the
//! difference before you commit it.

mod support;

use careconnect::check::Options;
use careconnect::issue::Problem;
use careconnect::report::Report;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// A piece of a case file.
enum Piece<'t> {
    /// Prose, and fences of other kinds.
    Text(&'t str),
    /// A fenced resource, with its fence.
    Resource { whole: &'t str, input: &'t str },
    /// A fenced definition, with its fence.
    Definition { whole: &'t str, input: &'t str },
    /// The issues that are expected of the resource before it.
    Issues,
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
        pieces.push(match fence[3..open].trim() {
            "json" | "xml" => Piece::Resource { whole, input },
            "definition" => Piece::Definition { whole, input },
            "issues" => Piece::Issues,
            _ => Piece::Text(whole),
        });
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
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

/// Rules that no text in a Markdown file can show, and where they are tested instead.
const ELSEWHERE: &[(&str, &str)] = &[
    ("not-utf-8", "tests/reading.rs: a Markdown file is UTF-8"),
    ("too-large", "tests/reading.rs: the limit is set lower there"),
    ("too-deep", "tests/reading.rs"),
    ("too-costly", "tests/reading.rs"),
];

#[test]
fn cases() {
    let bless = std::env::var_os("CARECONNECT_BLESS").is_some();
    let careconnect = support::all_packs();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/check");
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    let mut files = support::files(&folder, ".md");
    files.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/profile-author.md"));
    assert!(!files.is_empty(), "there are cases");
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a readable case");
        let mut out = String::new();
        let mut given: Option<String> = None;
        let mut own: Vec<&[u8]> = Vec::new();
        let mut with_own = None;
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
                Piece::Resource { whole, input } => {
                    if let Some(given) = given.take() {
                        write!(out, "```issues\n{given}```\n\n").expect("a string");
                    }
                    out.push_str(whole);
                    let report =
                        with_own.as_ref().unwrap_or(&careconnect).validate(input.as_bytes(), &Options::default());
                    given = Some(issues(&report, &mut seen));
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
                    given = Some(issues(report, &mut seen)).filter(|_| !report.issues.is_empty());
                }
                Piece::Issues => {
                    let given = given.take().expect("issues stand after a resource");
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
}
