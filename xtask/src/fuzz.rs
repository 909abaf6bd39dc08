//! `cargo xtask fuzz`: changes inputs at random, and no part of the core may panic, overflow its stack or hang on any.
//!
//! It runs on the stable toolchain and builds the core no second time. tests/fuzz has the same targets for libFuzzer.

use crate::run::{self, command};
use anyhow::{Context, Result, bail, ensure};
use careconnect_fuzz::Target;
use careconnect_fuzz::run::{Outcome, again, keep, last};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const USAGE: &str = "cargo xtask fuzz [SECONDS] [TARGET…] [--seed N], or cargo xtask fuzz --again FILE. The targets are \
                     json, xml, fhirpath, definitions, validate, render and release";
/// What a process may take beyond its time, to start and for its last input, before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [flag, target, seed, seconds] if flag == "--worker" => return worker(target, seed.parse()?, seconds.parse()?),
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
    fuzz(&targets, seconds, seed)
}

/// Runs the targets one after the other, and prints how many inputs each was given.
pub fn fuzz(targets: &[Target], seconds: u64, seed: u64) -> Result<()> {
    if !run::root().join("pkg/dist/packs/careconnect.pack").is_file() {
        crate::packs::build()?;
    }
    println!("fuzzing, {seconds} s for each target, seed {seed}");
    let mut failed = Vec::new();
    for &target in targets {
        let arguments = ["fuzz", "--worker", target.name(), &seed.to_string(), &seconds.to_string()];
        let worker = command(std::env::current_exe()?, arguments).stdout(Stdio::piped()).spawn()?;
        let ended = wait(worker, Duration::from_secs(seconds) + PATIENCE)?;
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
fn worker(target: &str, seed: u64, seconds: u64) -> Result<()> {
    let target = Target::named(target).context(USAGE)?;
    match careconnect_fuzz::run::run(target, seed, Duration::from_secs(seconds))? {
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
