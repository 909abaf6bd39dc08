//! Holds what ARCHITECTURE.md promises of the source: the order of the modules, and what is absent from the core.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The core's modules in order of dependency: each uses only what stands above it.
const ORDER: &[&str] = &[
    "order",
    "limits",
    "version",
    "bytes",
    "source",
    "name",
    "primitive",
    "xhtml",
    "nhs",
    "exchange",
    "issue",
    "tree",
    "cda",
    "parse",
    "fhirpath",
    "model",
    "terminology",
    "plan",
    "pack",
    "packs",
    "release",
    "definitions",
    "told",
    "needs",
    "typed",
    "links",
    "redact",
    "contradictions",
    "report",
    "check",
    "author",
    "render",
    "outcome",
    "inspect",
    "view",
    "options",
    "lib",
    "calls",
    "wasm",
];

/// Pairs that must not meet, in either direction, even where the order would allow it.
const STRANGERS: &[(&str, &str)] = &[("check", "render")];

/// What the core does without: it cannot fail, print, or reach anything outside of its arguments.
const BANNED: &[&str] = &[
    ".unwrap()",
    ".expect(",
    "panic!(",
    "unreachable!(",
    "unimplemented!(",
    "todo!(",
    "println!(",
    "print!(",
    "dbg!(",
    "unsafe ",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "TODO",
    "FIXME",
];

/// The longest that a source file may be, in lines.
const LONGEST: usize = 800;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `src`, with its path from there and its text.
fn sources() -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                out.push((path.strip_prefix(root().join("src")).unwrap().to_owned(), text));
            }
        }
    }
    out.sort();
    assert!(out.len() > 10, "the source was not found");
    out
}

/// The lines that are part of the core, numbered from 1: no comments, nothing from the file's `#[cfg(test)]` on.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
    lines.enumerate().map(|(at, line)| (at + 1, without_comment(line)))
}

/// A line up to its comment. A `//` inside of a string (`http://…`) begins none.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices("//").map(|(at, _)| at);
    let mut outside = starts.filter(|at| line[..*at].matches('"').count() % 2 == 0);
    outside.next().map_or(line, |at| &line[..at])
}

/// The top module that a file belongs to.
fn module(path: &Path) -> String {
    let first = path.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Whether a file is a test of its own (`src/x/tests.rs`), which `#[cfg(test)] mod tests;` brings in.
fn is_test(path: &Path) -> bool {
    path.iter().any(|part| part == "tests" || part == "tests.rs")
}

/// The modules that a piece of code names after `crate::`, those of `crate::{a, b::c}` included.
fn used(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => out.push(std::mem::take(&mut name)),
                    _ if depth == 0 => name.push(c),
                    _ => {}
                }
            }
            out.push(name);
        } else {
            out.push(rest.to_owned());
        }
    }
    out.iter()
        .map(|path| path.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect())
        .map(|name: String| if name.starts_with(|c: char| c.is_ascii_lowercase()) { name } else { "lib".into() })
        .collect()
}

#[test]
fn a_module_uses_only_what_stands_above_it() {
    let place = |module: &str| {
        let at = ORDER.iter().position(|name| *name == module);
        at.unwrap_or_else(|| panic!("the module '{module}' has no place in ORDER: give it one"))
    };
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = module(&path);
        if own == "lib" || is_test(&path) {
            continue;
        }
        let core: Vec<&str> = code(&text).map(|(_, line)| line).collect();
        for other in used(&core.join("\n")) {
            if place(&other) > place(&own) {
                wrong.push(format!("{}: '{own}' uses '{other}', which stands below it", path.display()));
            }
            if STRANGERS.iter().any(|pair| *pair == (&*own, &*other) || *pair == (&*other, &*own)) {
                wrong.push(format!("{}: '{own}' and '{other}' must not know each other", path.display()));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_cannot_fail_print_or_reach_outside() {
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !is_test(path)) {
        for (at, line) in code(text) {
            for banned in BANNED.iter().filter(|banned| line.contains(**banned)) {
                wrong.push(format!("src/{}:{at}: {banned}", path.display()));
            }
            if line.contains("env!(") || !line.contains("std::env") {
                continue;
            }
            wrong.push(format!("src/{}:{at}: std::env", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_source_file_is_too_long() {
    let long = |(path, text): &(PathBuf, String)| {
        let lines = text.lines().count();
        (lines > LONGEST).then(|| format!("src/{} has {lines} lines; split it by content", path.display()))
    };
    let wrong: Vec<String> = sources().iter().filter_map(long).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_committed_file_names_a_machine() {
    let files = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let Ok(files) = files.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()) else { return };
    // Written in two parts, so that this file does not name them either.
    let machine =
        [["/ho", "me/"], ["/ro", "ot/"], ["/wo", "rk/"], ["/Use", "rs/"], ["C:\\Use", "rs"]].map(|part| part.concat());
    let registry = ["\"resol", "ved\": \"http"].concat();
    let mut wrong = Vec::new();
    // profiles/ is what publishers wrote; it is held by its own tests.
    for file in files.split('\0').filter(|file| !file.is_empty() && !file.starts_with("profiles/")) {
        let Ok(text) = fs::read_to_string(root().join(file)) else { continue };
        for (at, line) in text.lines().enumerate() {
            if machine.iter().any(|path| line.contains(path)) {
                wrong.push(format!("{file}:{}: names a path of one machine", at + 1));
            }
            if file.ends_with("package-lock.json") && line.contains(&registry) {
                wrong.push(format!("{file}:{}: names a registry", at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_version_everywhere() {
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let package = fs::read_to_string(root().join("pkg/package.json")).unwrap();
    assert!(package.contains(&version), "pkg/package.json must say {version}, as Cargo.toml does");
}
