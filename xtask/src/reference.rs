//! HAPI FHIR beside us: its validator and its narrative generator, in a Java program that answers line by line.

use crate::run;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

const PROJECT: &str = "xtask/reference";

/// Has a Maven project compiled with all that it depends on, and gives back the class path.
pub fn compiled(project: &str) -> Result<String> {
    run::step("Java program, by Maven");
    let mut maven = run::command("mvn", ["-q", "-B", "compile", "dependency:copy-dependencies"]);
    maven.current_dir(run::root().join(project));
    run::output(maven)
        .context("Java 17 and Maven are needed (Debian: apt-get install openjdk-17-jdk-headless maven)")?;
    Ok(format!("{project}/target/classes:{project}/target/dependency/*"))
}

/// Asks the reference about each of these, `{"id", "resource", …}`, and gives back what it answers, in the same order.
pub fn ask(mode: &str, questions: &[Value]) -> Result<Vec<Value>> {
    let path = compiled(PROJECT)?;
    run::step(&format!("HAPI FHIR: {mode} of {} resources", questions.len()));
    lines(run::command("java", ["-Xmx2g", "-cp", &path, "Reference", mode]), questions)
}

/// Gives a program a line for each question, and reads a line of JSON for each.
pub fn lines(mut program: Command, questions: &[Value]) -> Result<Vec<Value>> {
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut input = child.stdin.take().context("no input")?;
    let text: String = questions.iter().map(|question| format!("{question}\n")).collect();
    // The program answers while it reads: who only writes would wait for it for ever.
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("the program's input could not be written"))??;
    let answers: Vec<Value> =
        String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if answers.len() != questions.len() {
        bail!("{} answers for {} questions ({})", answers.len(), questions.len(), output.status);
    }
    Ok(answers)
}
