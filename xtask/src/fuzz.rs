//! `cargo xtask fuzz`: changes inputs at random, and no part of the core may panic, overflow its stack or hang on any.
//!
//! It runs on the stable toolchain and builds the core no second time. tests/fuzz has the same targets for libFuzzer.

use crate::run::{self, command};
use anyhow::{Context, Result, bail, ensure};
use careconnect_fuzz::Target;
use careconnect_fuzz::run::{Length, Outcome, again, keep, last};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const USAGE: &str = "cargo xtask fuzz [SECONDS] [TARGET…] [--seed N], or cargo xtask fuzz --again FILE. The targets are \
                     json, xml, fhirpath, definitions, validate, render, release, sanitise, packs and redact";
/// What a process may take beyond its time, to start and for its last input, before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(30);
/// What it may take for a number of inputs, which is far more than any machine needs.
const HANGS: Duration = Duration::from_secs(900);

/// How many inputs of each target the tests try: the same on any machine, and as many as take some seconds.
const TRIED: &[(Target, u64)] = &[
    (Target::Json, 40_000),
    (Target::Xml, 300_000),
    (Target::Fhirpath, 250_000),
    (Target::Definitions, 700),
    (Target::Validate, 12_000),
    (Target::Render, 16_000),
    (Target::Release, 500_000),
    (Target::Sanitise, 10_000),
    (Target::Packs, 10_000),
    (Target::Redact, 4_000),
];

pub fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [flag, target, seed, unit, number] if flag == "--worker" => {
            let length = match unit.as_str() {
                "seconds" => Length::Time(Duration::from_secs(number.parse()?)),
                _ => Length::Inputs(number.parse()?),
            };
            return worker(target, seed.parse()?, length);
        }
        [flag, file] if flag == "--again" => return repeat(Path::new(file)),
        _ => {}
    }
    let (mut seconds, mut targets) = (5, Vec::new());
    let mut seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_secs());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--seed" {
            seed = arguments.next().and_then(|seed| seed.parse().ok()).context(USAGE)?;
        } else if let Ok(number) = argument.parse() {
            seconds = number;
        } else {
            targets.push(Target::named(argument).context(USAGE)?);
        }
    }
    if targets.is_empty() {
        targets = Target::ALL.to_vec();
    }
    println!("fuzzing, {seconds} s for each target, seed {seed}");
    let length = Length::Time(Duration::from_secs(seconds));
    fuzz(targets.into_iter().map(|target| (target, length)), seed)
}

/// Tries the number of inputs that the tests have of each target, always from the same seed, so that nobody's change fails
/// by chance.
pub fn some() -> Result<()> {
    fuzz(TRIED.iter().map(|(target, inputs)| (*target, Length::Inputs(*inputs))), 1)
}

/// Runs the targets one after the other, and prints how many inputs each was given.
fn fuzz(targets: impl Iterator<Item = (Target, Length)>, seed: u64) -> Result<()> {
    if !run::root().join("pkg/dist/packs/careconnect.pack").is_file() {
        crate::packs::build()?;
    }
    let mut failed = Vec::new();
    for (target, length) in targets {
        let (unit, number, patience) = match length {
            Length::Time(time) => ("seconds", time.as_secs(), time + PATIENCE),
            Length::Inputs(inputs) => ("inputs", inputs, HANGS),
        };
        let arguments = ["fuzz", "--worker", target.name(), &seed.to_string(), unit, &number.to_string()];
        let worker = command(std::env::current_exe()?, arguments).stdout(Stdio::piped()).spawn()?;
        let ended = wait(worker, patience)?;
        let (count, what) = match ended.split('\t').collect::<Vec<_>>()[..] {
            ["sound", count, which, slowest] => {
                print!("  {:12}{count:>10} inputs, the slowest took {slowest} ms", target.name());
                // What takes so long in a build for tests is worth a look, though it fails nothing.
                match slowest.parse::<u64>()? > 500 {
                    true => println!(": {}", keep(target, seed, which.parse()?)?.display()),
                    false => println!(),
                }
                continue;
            }
            ["panicked", count] => (count.parse()?, "panicked".to_owned()),
            ["slow", count, took] => (count.parse()?, format!("took {took} ms")),
            // The process could say nothing more.
            _ => (last(target).context("the target could not be started")?, ended),
        };
        let file = keep(target, seed, count)?;
        println!("  {:12}{count:>10} inputs, and then one {what}: {}", target.name(), file.display());
        failed.push(target.name());
    }
    ensure!(
        failed.is_empty(),
        "inputs were found that must not fail ({}; seed {seed}). Run one alone with cargo xtask fuzz --again FILE",
        failed.join(", ")
    );
    Ok(())
}

/// Waits for a worker to end: what it said, or how it ended.
fn wait(mut worker: Child, patience: Duration) -> Result<String> {
    let start = Instant::now();
    while worker.try_wait()?.is_none() {
        if start.elapsed() > patience {
            worker.kill()?;
            worker.wait()?;
            return Ok("did not come to an end".to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let output = worker.wait_with_output()?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Ok(format!("ended the process ({})", output.status)),
    }
}

/// The process that runs one target.
fn worker(target: &str, seed: u64, length: Length) -> Result<()> {
    let target = Target::named(target).context(USAGE)?;
    match careconnect_fuzz::run::run(target, seed, length)? {
        Outcome::Sound(count, which, slowest) => println!("sound\t{count}\t{which}\t{}", slowest.as_millis()),
        Outcome::Panicked(number) => println!("panicked\t{number}"),
        Outcome::Slow(number, took) => println!("slow\t{number}\t{}", took.as_millis()),
    }
    Ok(())
}

/// Runs a kept input, whose name says which target it failed.
fn repeat(file: &Path) -> Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let Some(target) = name.split('-').next().and_then(Target::named) else {
        bail!("{name} does not start with the name of a target. {USAGE}");
    };
    println!("it took {} ms", again(target, file).with_context(|| file.display().to_string())?.as_millis());
    Ok(())
}
