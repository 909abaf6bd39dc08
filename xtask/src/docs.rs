//! `cargo xtask docs`: a section for each rule in docs/rules.md, made from the table of problems and the test cases; and
//! docs/api.txt, by api.rs.

use crate::{api, run};
use anyhow::{Context, Result};
use careconnect::issue::Problem;
use serde_json::json;
use std::fmt::Write;
use std::fs;

/// What is made.
const PAGE: &str = "docs/rules.md";
/// Where the examples come from.
const CASES: &str = "tests/cases/check";

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &[])?;
    let page = page()?;
    let path = run::root().join(PAGE);
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    fs::write(&path, &page)?;
    fs::write(run::root().join(api::PAGE), api::page()?)?;
    println!("{PAGE}: {} rules, {} bytes", Problem::RULES.len(), page.len());
    Ok(())
}

/// What is known of every rule, for programs: `dist/rules.json` of the npm package, by which the command line explains a
/// rule and describes it in SARIF.
pub fn rules_json() -> Result<String> {
    let examples = examples()?;
    let rules: Vec<_> = Problem::RULES
        .iter()
        .map(|(rule, severity, explanation)| {
            let words: Vec<&str> = explanation.split_whitespace().collect();
            let mut out = json!({ "rule": rule, "severity": severity.code(), "explanation": words.join(" ") });
            if let Some((example, issue)) = example_of(rule, &examples) {
                out["example"] = json!({ "input": shown(example, &issue), "issue": issue });
                if let Some(diff) = &example.diff {
                    out["example"]["diff"] = diff.as_str().into();
                }
            }
            out
        })
        .collect();
    Ok(serde_json::to_string(&rules)? + "\n")
}

/// A resource or definition with the issues that it gives.
struct Example {
    /// The case file's name.
    file: String,
    /// `json` or `xml`.
    language: &'static str,
    /// Whether definitions that stand before it in its file are in force.
    with_definitions: bool,
    /// The options that it is checked with, as JSON; empty for none.
    options: String,
    input: String,
    issues: String,
    /// What puts it right.
    diff: Option<String>,
}

/// The page as it should be now.
fn page() -> Result<String> {
    let examples = examples()?;
    let mut out = String::from(
        "# What careconnect reports\n\n\
         Every rule with its permanent code, how bad it usually is, and an example that breaks it, put right. Made by `cargo xtask docs`\n\
         from the table of problems and the [test cases](../tests/cases/check), where there are more examples of most.\n\n",
    );
    let links: Vec<String> = Problem::RULES.iter().map(|(rule, ..)| format!("[{rule}](#{rule})")).collect();
    writeln!(out, "{}", links.join(",\n"))?;
    for (rule, severity, explanation) in Problem::RULES {
        let explanation: Vec<&str> = explanation.lines().map(str::trim).collect();
        writeln!(out, "\n## {rule}\n\n**{}**: {}", severity.code(), explanation.join("\n").trim())?;
        let Some((example, issue)) = example_of(rule, &examples) else {
            writeln!(out, "\nNo text that is short enough for this page, and is UTF-8, breaks it.")?;
            continue;
        };
        let Example { file, language, options, .. } = example;
        let input = shown(example, &issue);
        if !options.is_empty() {
            writeln!(out, "\nWith the options `{options}`:")?;
        }
        writeln!(out, "\n```{language}\n{input}```\n\n```text\n{issue}```")?;
        if let Some(diff) = &example.diff {
            writeln!(out, "\nPut right:\n\n```diff\n{diff}```")?;
        }
        let with = if example.with_definitions { " and the definitions before it" } else { "" };
        let with = if input == example.input { with } else { ", which has the whole example" };
        writeln!(out, "\nFrom [{file}](../{CASES}/{file}){with}.")?;
    }
    Ok(out)
}

/// An example as it is shown: of a whole document or record, the lines around what is said.
fn shown(example: &Example, issue: &str) -> String {
    /// The longest that is shown as it is, in lines.
    const LONGEST: usize = 110;
    /// How many lines are shown before and after the place.
    const AROUND: usize = 12;
    let lines: Vec<&str> = example.input.lines().collect();
    let place = issue.split(':').next().and_then(|line| line.parse::<usize>().ok()).unwrap_or(1);
    if lines.len() <= LONGEST {
        return example.input.clone();
    }
    let (from, to) = (place.saturating_sub(AROUND + 1), (place + AROUND).min(lines.len()));
    let mut out = String::new();
    for line in lines.get(from..to).unwrap_or_default() {
        out.push_str(line);
        out.push('\n');
    }
    let before = if from > 0 { "…\n" } else { "" };
    let after = if to < lines.len() { "…\n" } else { "" };
    format!("{before}{out}{after}")
}

/// The first example that breaks a rule and is put right, or else the first that breaks it, and what is said of it.
fn example_of<'a>(rule: &str, examples: &'a [Example]) -> Option<(&'a Example, String)> {
    let breaking = || examples.iter().filter_map(|example| Some((example, of_rule(rule, &example.issues)?)));
    breaking().find(|(example, _)| example.diff.is_some()).or_else(|| breaking().next())
}

/// The first issue of a rule, with the line that says which profile asks for it.
fn of_rule(rule: &str, issues: &str) -> Option<String> {
    let mut lines = issues.lines().skip_while(|line| line.split(' ').nth(2) != Some(rule));
    let mut out = format!("{}\n", lines.next()?);
    for line in lines.take_while(|line| line.starts_with(' ')) {
        out.push_str(line);
        out.push('\n');
    }
    Some(out)
}

/// Every example of the case files, in order.
fn examples() -> Result<Vec<Example>> {
    let folder = run::root().join(CASES);
    let mut files: Vec<_> = fs::read_dir(&folder).with_context(|| folder.display().to_string())?.flatten().collect();
    files.sort_by_key(fs::DirEntry::file_name);
    let mut examples = Vec::new();
    for entry in files {
        let file = entry.file_name().to_string_lossy().into_owned();
        let text = fs::read_to_string(entry.path())?;
        let (mut given, mut with_definitions) = (None, false);
        // Every other part is a fence.
        for fence in text.split("```").skip(1).step_by(2) {
            let (language, content) = fence.split_once('\n').unwrap_or((fence, ""));
            let (language, options) = language.trim().split_once(' ').unwrap_or((language.trim(), ""));
            match language {
                "json" => given = Some(("json", content, with_definitions, options)),
                "xml" => given = Some(("xml", content, with_definitions, options)),
                "definition" => {
                    let language = if content.trim_start().starts_with('<') { "xml" } else { "json" };
                    given = Some((language, content, with_definitions, ""));
                    with_definitions = true;
                }
                "issues" => {
                    if let Some((language, input, with_definitions, options)) = given.take() {
                        let (input, issues, options) = (input.to_owned(), content.to_owned(), options.to_owned());
                        let file = file.clone();
                        let diff = None;
                        examples.push(Example { file, language, with_definitions, options, input, issues, diff });
                    }
                }
                // The issues stand before it.
                "diff" => {
                    if let Some(last) = examples.last_mut() {
                        last.diff = Some(content.to_owned());
                    }
                }
                _ => {}
            }
        }
    }
    Ok(examples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_rules_is_up_to_date() {
        let page = page().unwrap();
        let committed = fs::read_to_string(run::root().join(PAGE)).unwrap_or_default();
        assert!(committed == page, "{PAGE} is not what the rules and cases say now: run cargo xtask docs");
        assert!(page.len() < 1_000_000, "{PAGE} is too large to read");
    }
}
