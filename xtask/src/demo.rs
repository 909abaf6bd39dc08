//! `cargo xtask demo`: the whole thing once, to look at.

use crate::{package, run, www};
use anyhow::Result;

/// A patient as a GP system might send one, with a fault or two for the report to name.
const EXAMPLE: &str = "tests/resources/CareConnect-Patient-1.json";

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--no-serve"])?;
    package::build()?;
    www::build()?;
    println!("\nThe issues of {EXAMPLE}, found in Node:\n");
    let status = run::command("node", ["pkg/cli.js", "validate", EXAMPLE]).status()?;
    // The example has errors on purpose, so 1 is the right answer.
    anyhow::ensure!(status.code() == Some(1), "the example should have errors to show ({status})");
    println!("\nIts narrative:\n");
    run::show(run::command("node", ["pkg/cli.js", "render", EXAMPLE, "--as", "narrative"]))?;
    println!("\nThe same as text:\n");
    run::show(run::command("node", ["pkg/cli.js", "render", EXAMPLE, "--as", "text"]))?;
    if arguments.is_empty() {
        println!("\nThe playground (Ctrl+C ends it):");
        run::show(run::command("node", ["www/serve.js"]))?;
    } else {
        println!("\nThe playground is in www/dist; `cargo xtask demo` serves it.");
    }
    Ok(())
}
