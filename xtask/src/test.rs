//! `cargo xtask test`: everything that must hold.

use crate::{fuzz, package, packs, python, run, supply, www};
use anyhow::Result;
use std::fs;
use std::time::Instant;

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &[])?;
    let start = Instant::now();
    run::need_node()?;
    let chromium = run::need_chromium()?;
    run::step("format");
    run::show(run::cargo(["fmt", "--all", "--check"]))?;
    run::step("lints");
    run::show(run::cargo(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    run::need_wasm_target()?;
    run::show(run::cargo([
        "clippy",
        "--quiet",
        "--package",
        "careconnect",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--",
        "-D",
        "warnings",
    ]))?;
    supply::run(&[])?;
    run::step("packs");
    packs::build()?;
    run::step("native tests");
    // The tests that SQL on FHIR publishes come with a crate. Where crates cannot be had, they are ignored, which is said.
    let _ = run::output(run::cargo(["info", "--quiet", "helios-sof@0.2.7"]));
    run::show(run::cargo(["test", "--quiet", "--workspace"]))?;
    // The examples of the documentation, with the packs in the crate, and the crate as another program has it.
    run::show(run::cargo(["test", "--quiet", "--package", "careconnect", "--features", "packs", "--doc"]))?;
    run::step("inputs changed at random");
    // `cargo xtask fuzz` alone takes another seed each time, and as long as is said.
    fuzz::some()?;
    package::build()?;
    run::step("the same once more, from nothing");
    package::again()?;
    www::build()?;
    run::npm_ci("tests/js")?;
    run::npm_ci("tests/packaging")?;
    run::npm_ci("editors/vscode")?;
    run::step("Node and browser tests");
    // Node 20 takes a folder and later ones a pattern, but all of them take files.
    let mut files = Vec::new();
    for folder in ["tests/js", "tests/packaging"] {
        files.extend(fs::read_dir(run::root().join(folder))?.flatten().map(|entry| entry.path()));
    }
    files.retain(|path| path.to_string_lossy().ends_with(".test.js"));
    files.sort();
    let mut node = run::command("node", ["--test", "--test-reporter=dot"]);
    // What waits for something that never comes is to fail and not to hang.
    node.arg("--test-timeout=900000").args(files).env("CHROMIUM", chromium);
    run::show(node)?;
    python::test(true, true)?;
    let shared = run::root().join("../shared");
    if !shared.is_dir() {
        println!("skipped, as ../shared is not there: the outside suites and corpora");
    }
    println!("every test passed ({})", run::since(start));
    Ok(())
}
