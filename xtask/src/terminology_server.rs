//! `cargo xtask terminology-server`: a real terminology server (HAPI FHIR's JPA server, in memory), for STU3 and for R4, is
//! given code systems and value sets that are made up, and asked by the package over HTTP: `tests/terminology-server.txt`.

use crate::{corpus, package, reference, run};
use anyhow::{Context, Result};
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

const PROJECT: &str = "xtask/terminology-server";
const PAGE: &str = "tests/terminology-server.txt";

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--bless"])?;
    run::need_node()?;
    if !package::dist().join("careconnect.wasm").is_file() {
        package::build()?;
    }
    let path = reference::compiled(PROJECT)?;
    let mut page = String::from(
        "What HAPI FHIR's JPA server (xtask/terminology-server/pom.xml has its version) answers about codes, and what the\n\
         package makes of it. Made by `cargo xtask terminology-server --bless`.\n",
    );
    for version in ["stu3", "r4"] {
        write!(page, "\n{version}\n\n{}", asked(&path, version)?)?;
    }
    corpus::settle(PAGE, &page, !arguments.is_empty())
}

/// Starts the server, has it asked, and ends it.
fn asked(path: &str, version: &str) -> Result<String> {
    run::step(&format!("HAPI FHIR's server, {version}"));
    let mut java = run::command("java", ["-Xmx2g", "-cp", path, "TerminologyServer", version]);
    let mut server = java.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().context("java")?;
    let mut port = String::new();
    BufReader::new(server.stdout.take().context("no output")?).read_line(&mut port)?;
    let script = format!("{PROJECT}/ask.mjs");
    let said = match port.trim() {
        "" => Err(anyhow::anyhow!("the server did not start")),
        port => run::output(run::command("node", [&script, port, version])),
    };
    // It ends when its input does.
    drop(server.stdin.take());
    server.wait()?;
    said
}
