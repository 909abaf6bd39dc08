//! `cargo xtask bench`: how fast the package is in Node.js, as its users have it. `bench stream`, `bench middleware`,
//! `bench serve`, `bench peers`, `bench hostile`, `bench record`, `bench terminology` and `bench growth` are long, and stand for themselves.

mod growth;
mod terminology;

use crate::{package, run};
use anyhow::{Context, Result, ensure};
use careconnect::issue::{ExchangeProblem, Rule};
use std::path::PathBuf;

/// How many processes a cold start is measured in; the median counts.
const RUNS: usize = 7;

pub fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [what, rest @ ..] if what == "terminology" => return terminology::run(rest),
        [what, rest @ ..] if what == "growth" => return growth::run(rest),
        [what, rest @ ..] if what == "stream" => return stream(rest),
        [what, rest @ ..] if what == "middleware" => return middleware(rest),
        [what, rest @ ..] if what == "serve" => return serve(rest),
        [what, rest @ ..] if what == "peers" => return peers(rest),
        [what, rest @ ..] if what == "hostile" => return hostile(rest),
        [what, rest @ ..] if what == "record" => return record(rest),
        _ => run::only(arguments, &["--no-build"])?,
    }
    if arguments.is_empty() {
        package::build()?;
    }
    run::need_node()?;
    run::show(run::command("node", [PathBuf::from("xtask/bench/warm.mjs"), corpus()]))?;
    let (mut nothing, mut verdict) = (Vec::new(), Vec::new());
    // The two take turns, so that whatever else the machine does falls on both.
    for _ in 0..RUNS {
        nothing.push(time("xtask/bench/nothing.mjs")?);
        verdict.push(time("xtask/bench/cold.mjs")?);
    }
    let (nothing, verdict) = (median(nothing), median(verdict));
    println!("\ncold start, packs stu3 and careconnect, median of {RUNS} processes, from the start of the process");
    println!("  empty script         {nothing:7.1} ms");
    println!("  first verdict        {verdict:7.1} ms");
    println!("  difference           {:7.1} ms  (goal: at most 120)", verdict - nothing);
    Ok(())
}

/// A long stream in constant memory, with one worker for each core, and a quarter of it with one.
fn stream(arguments: &[String]) -> Result<()> {
    let megabytes = number(arguments, "1000")?;
    package::build()?;
    let mut workers = vec!["1".to_owned()];
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    workers.extend((cores > 1).then(|| cores.to_string()));
    let mut node = run::command("node", [PathBuf::from("xtask/bench/stream.mjs"), corpus()]);
    node.arg(megabytes).args(workers);
    run::show(node)
}

/// Many requests at once to Express and Fastify.
fn middleware(arguments: &[String]) -> Result<()> {
    let requests = number(arguments, "10000")?;
    package::build()?;
    run::npm_ci("tests/packaging")?;
    let mut node = run::command("node", [PathBuf::from("xtask/bench/middleware.mjs"), corpus()]);
    node.arg(requests);
    run::show(node)
}

/// Many requests at once to `careconnect serve`, hostile ones among them, while its threads are ended one after the other.
fn serve(arguments: &[String]) -> Result<()> {
    let requests = number(arguments, "20000")?;
    package::build()?;
    let mut node = run::command("node", [PathBuf::from("xtask/bench/serve.mjs"), corpus()]);
    node.arg(requests);
    run::show(node)
}

/// What docs/comparison.md says of careconnect.
fn peers(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--no-build"])?;
    let shared = run::root().join("../shared");
    ensure!(
        shared.join("peers").is_dir(),
        "the cases that the alternatives were measured with are in ../shared/peers, which is not here"
    );
    if arguments.is_empty() {
        package::build()?;
    }
    run::show(run::command("node", [PathBuf::from("xtask/bench/peers.mjs"), shared]))
}

/// What is hostile, in numbers that take too long for the tests: requests, lines of a stream, calls.
fn hostile(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--no-build"])?;
    if arguments.is_empty() {
        package::build()?;
    }
    run::npm_ci("tests/packaging")?;
    run::show(run::command("node", ["--expose-gc", "xtask/bench/hostile.mjs", "10000", "1000000", "1000000"]))
}

/// A GP record of four megabytes with the rules of documents, messages and contradictions, and without them.
fn record(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--no-build"])?;
    if arguments.is_empty() {
        package::build()?;
    }
    run::need_node()?;
    run::npm_ci("tests/js")?;
    let chromium = run::need_chromium()?;
    let tables = [ExchangeProblem::RULES, Rule::RULES];
    let codes: Vec<&str> = tables.iter().flat_map(|table| table.iter()).map(|(code, ..)| *code).collect();
    let mut node = run::command("node", [PathBuf::from("xtask/bench/record.mjs"), corpus()]);
    node.arg(serde_json::to_string(&codes)?).env("CHROMIUM", chromium);
    run::show(node)
}

/// The one number that may be given.
fn number(arguments: &[String], otherwise: &str) -> Result<String> {
    let given = arguments.first().map_or(otherwise, String::as_str);
    ensure!(given.parse::<u32>().is_ok_and(|number| number > 0) && arguments.len() < 2, "'{given}' is not a number");
    Ok(given.to_owned())
}

/// The NHS corpus, where it is at hand, or else the repository's own resources.
fn corpus() -> PathBuf {
    let shared = run::root().join("../shared/corpus/nhs");
    if shared.is_dir() { shared } else { run::root().join("tests/resources") }
}

/// The milliseconds that a script prints.
fn time(script: &str) -> Result<f64> {
    let printed = run::output(run::command("node", [script]))?;
    printed.trim().parse().with_context(|| format!("{script} printed '{}', not a time", printed.trim()))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
