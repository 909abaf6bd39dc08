//! `docs/api.txt`: the package's public interface on one page, made by `cargo xtask docs`: its entries and its types without
//! their comments. Whoever changes the interface sees it in the diff; a test holds the code against it.

use crate::run;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write;
use std::fs;

/// What is made.
pub const PAGE: &str = "docs/api.txt";

/// The page as it should be now.
pub fn page() -> Result<String> {
    let package = run::root().join("pkg");
    let manifest: Value = serde_json::from_str(&fs::read_to_string(package.join("package.json"))?)?;
    let mut out = String::from("The public interface of the npm package. Made by `cargo xtask docs`.\n\nEntries\n\n");
    for (name, target) in manifest["exports"].as_object().context("package.json has exports")? {
        writeln!(out, "{}", name.replacen('.', "careconnect", 1))?;
        targets(&mut out, target, "")?;
    }
    let mut files: Vec<_> = fs::read_dir(&package)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".d.ts"));
    files.sort();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        writeln!(out, "\n{name}\n")?;
        let text = without_comments(&fs::read_to_string(&file)?);
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    Ok(out)
}

/// A line for each file that an entry leads to, with the conditions under which it does.
fn targets(out: &mut String, target: &Value, conditions: &str) -> Result<()> {
    if let Some(file) = target.as_str() {
        writeln!(out, "  {conditions}{file}")?;
    }
    for (condition, target) in target.as_object().into_iter().flatten() {
        targets(out, target, &format!("{conditions}{condition}: "))?;
    }
    Ok(())
}

/// TypeScript without its comments. None of the declarations has a text with `//` or `/*` in it.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_interface_is_the_one_on_record() {
        let committed = fs::read_to_string(run::root().join(PAGE)).unwrap_or_default();
        assert!(
            committed == page().unwrap(),
            "{PAGE} is not what pkg/ says now: run cargo xtask docs, and look at the difference"
        );
    }

    #[test]
    fn comments_are_left_out_and_nothing_else() {
        let text = "/** a */\nexport interface A {\n  /* b\n c */\n  x: 1; // d\n}\n";
        let lines: Vec<String> = without_comments(text).lines().map(|line| line.trim_end().to_owned()).collect();
        assert_eq!(lines.join("\n").trim(), "export interface A {\n\n  x: 1;\n}");
    }
}
