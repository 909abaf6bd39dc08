//! `cargo xtask mutants`: small faults put into the core, to see whether the native tests find them.
//!
//! All of a sample stand in one copy of the source, each behind a switch that the environment turns, so that one build is
//! enough. The sample is fixed: a fault is chosen by a hash of where it stands and what it does, so that a change elsewhere
//! leaves it as it is.

mod places;

use crate::run;
use anyhow::{Context, Result, bail};
use places::Place;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The parts of the core that are tried, and the share of faults in each that the tests must find, in percent.
const PARTS: &[(&str, usize)] = &[("check", 90), ("fhirpath", 90), ("nhs", 85), ("render", 85)];

/// How many faults are tried in each part.
const EACH: usize = 40;

/// Tests that hold the source itself to rules, which the switches break.
const OF_THE_SOURCE: &[&str] = &["tidy"];

/// What turns a fault on: its number.
const SWITCH: &str = "CARECONNECT_MUTANT";

/// The committed list of those that no test finds, each with the reason why none has to.
const SURVIVORS: &str = "tests/mutants.tsv";

pub fn run(arguments: &[String]) -> Result<()> {
    let mut each = EACH;
    let mut wanted = Vec::new();
    for argument in arguments {
        match argument.parse() {
            Ok(number) => each = number,
            Err(_) if PARTS.iter().any(|(part, _)| part == argument) => wanted.push(argument.as_str()),
            Err(_) => bail!("'{argument}' is not understood: this command takes a number for each part, and parts"),
        }
    }
    let parts = || PARTS.iter().filter(|(part, _)| wanted.is_empty() || wanted.contains(part));
    let copy = run::target().join("mutants/source");
    copy_source(&copy)?;
    let mut sample = Vec::new();
    for (part, _) in parts() {
        sample.extend(choose(part, each)?);
    }
    let programs = build(&copy, &mut sample)?;
    let reasons = reasons()?;
    let tried = try_all(&copy, &programs, &sample)?;
    let mut failed = false;
    for (part, least) in parts() {
        let its: Vec<_> = sample.iter().zip(&tried).filter(|(mutant, _)| mutant.part == *part).collect();
        let found = its.iter().filter(|(_, found)| found.is_some()).count();
        let excused =
            its.iter().filter(|(mutant, found)| found.is_none() && reasons.contains_key(&mutant.key())).count();
        let asked = its.len() - excused;
        println!("{part}: {found} of {} found, {excused} more have a reason in {SURVIVORS}", its.len());
        failed |= found * 100 < asked * least;
    }
    let unexplained: Vec<_> = (sample.iter().zip(&tried))
        .filter(|(mutant, found)| found.is_none() && !reasons.contains_key(&mutant.key()))
        .map(|(mutant, _)| mutant)
        .collect();
    println!("{} not found and without a reason:", unexplained.len());
    for mutant in unexplained {
        println!("  {}:{}: {}\t{}", mutant.file, mutant.line, mutant.place.what, mutant.place.text);
    }
    if failed {
        bail!("too few were found");
    }
    Ok(())
}

/// A fault of the sample.
struct Mutant {
    part: &'static str,
    /// From the repository's root.
    file: String,
    line: usize,
    place: Place,
}

impl Mutant {
    /// What names it in the list of survivors, whatever stands around it.
    fn key(&self) -> String {
        format!("{}\t{}\t{}\t{}", self.file, self.place.function, self.place.what, self.place.text)
    }
}

/// The reasons of the committed list, by the mutants' keys.
fn reasons() -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(run::root().join(SURVIVORS)).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (key, reason) = line.rsplit_once('\t').with_context(|| format!("{SURVIVORS}: no reason: {line}"))?;
            Ok((key.to_owned(), reason.to_owned()))
        })
        .collect()
}

/// Copies what the core and its tests are made of; files that are there already and the same keep their time, so that
/// only what changed is built again.
fn copy_source(to: &Path) -> Result<()> {
    for name in ["src", "tests", "xtask", "profiles", "pkg", "docs", "examples", "www", "Cargo.toml", "Cargo.lock"] {
        copy(&run::root().join(name), &to.join(name))?;
    }
    for entry in fs::read_dir(run::root())?.flatten().filter(|entry| entry.path().is_file()) {
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        let bytes = fs::read(from)?;
        if fs::read(to).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        return fs::write(to, bytes).with_context(|| to.display().to_string());
    }
    fs::create_dir_all(to)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let name = entry?.file_name();
        if name != "node_modules" && name != "target" {
            copy(&from.join(&name), &to.join(&name))?;
            names.push(name);
        }
    }
    for entry in fs::read_dir(to)?.flatten().filter(|entry| !names.contains(&entry.file_name())) {
        let path = entry.path();
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}

/// The sample of a part: those with the least hashes.
fn choose(part: &'static str, each: usize) -> Result<Vec<Mutant>> {
    let mut all = Vec::new();
    for path in rust_files(&run::root().join("src"))? {
        let file = path.strip_prefix(run::root())?.to_string_lossy().replace('\\', "/");
        let is_nhs = file.contains("/nhs");
        let is_its = match part {
            "nhs" => is_nhs,
            _ => !is_nhs && (file.starts_with(&format!("src/{part}/")) || file == format!("src/{part}.rs")),
        };
        if !is_its || file.ends_with("tests.rs") {
            continue;
        }
        let source = fs::read_to_string(&path)?;
        for place in places::places(&source).with_context(|| file.clone())? {
            let line = source[..place.range.start].matches('\n').count() + 1;
            all.push(Mutant { part, file: file.clone(), line, place });
        }
    }
    all.sort_by_cached_key(|mutant| Sha256::digest(mutant.key()));
    let mut chosen: Vec<Mutant> = Vec::new();
    for mutant in all {
        let meets = |other: &Mutant| {
            let (a, b) = (&other.place.range, &mutant.place.range);
            other.file == mutant.file && a.start <= b.end && b.start <= a.end
        };
        if chosen.len() < each && !chosen.iter().any(meets) {
            chosen.push(mutant);
        }
    }
    Ok(chosen)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            out.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// A program of tests: its name and where it is.
type Program = (String, PathBuf);

/// Writes the faults into the copy and builds its tests. A fault that does not compile is none: it is left out.
fn build(copy: &Path, sample: &mut Vec<Mutant>) -> Result<Vec<Program>> {
    loop {
        write_faults(copy, sample)?;
        run::step(&format!("tests with {} faults", sample.len()));
        let mut cargo = run::cargo(["test", "--no-run", "--package", "careconnect", "--message-format=json"]);
        cargo
            .current_dir(copy)
            .env("CARGO_TARGET_DIR", run::target().join("mutants/build"))
            .env("RUSTFLAGS", "-Awarnings");
        let output = cargo.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
        let messages: Vec<serde_json::Value> =
            output.stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        if output.status.success() {
            let programs = messages.iter().filter_map(|message| {
                let program = message["executable"].as_str()?;
                let name = message["target"]["name"].as_str()?;
                let is_test = message["profile"]["test"] == true && !OF_THE_SOURCE.contains(&name);
                is_test.then(|| (name.to_owned(), program.into()))
            });
            return Ok(programs.collect());
        }
        let errors = messages.iter().filter(|message| message["message"]["level"] == "error");
        let mut wrong = Vec::new();
        for span in errors.flat_map(|error| error["message"]["spans"].as_array().into_iter().flatten()) {
            let text = span["text"].as_array().into_iter().flatten().filter_map(|line| line["text"].as_str());
            for line in text {
                let numbers =
                    line.split("crate::mutant(").skip(1).filter_map(|rest| rest.split(')').next()?.parse().ok());
                wrong.extend(numbers.filter(|number: &usize| *number <= sample.len()));
            }
        }
        if wrong.is_empty() {
            run::show({
                let mut cargo = run::cargo(["test", "--no-run", "--quiet", "--package", "careconnect"]);
                cargo.current_dir(copy).env("CARGO_TARGET_DIR", run::target().join("mutants/build"));
                cargo
            })?;
            bail!("the tests could not be built");
        }
        let mut number = 0;
        sample.retain(|_| {
            number += 1;
            !wrong.contains(&number)
        });
    }
}

/// Writes each file of the sample, its faults behind their switches, numbered from 1.
fn write_faults(copy: &Path, sample: &[Mutant]) -> Result<()> {
    let mut by_file: BTreeMap<&str, Vec<(usize, &Place)>> = BTreeMap::new();
    for (at, mutant) in sample.iter().enumerate() {
        by_file.entry(&mutant.file).or_default().push((at + 1, &mutant.place));
    }
    for (file, mut faults) in by_file {
        let mut source = fs::read_to_string(run::root().join(file))?;
        faults.sort_by_key(|(_, place)| std::cmp::Reverse(place.range.start));
        for (number, place) in faults {
            source.replace_range(place.range.clone(), &place.replacement(number));
        }
        fs::write(copy.join(file), source)?;
    }
    let mut lib = fs::read_to_string(run::root().join("src/lib.rs"))?;
    lib.push_str(&format!(
        "\n/// Whether a fault is turned on.\npub(crate) fn mutant(number: usize) -> bool {{\n    \
         static ON: std::sync::OnceLock<usize> = std::sync::OnceLock::new();\n    \
         *ON.get_or_init(|| std::env::var(\"{SWITCH}\").ok().and_then(|on| on.parse().ok()).unwrap_or(0)) == number\n}}\n"
    ));
    fs::write(copy.join("src/lib.rs"), lib)?;
    Ok(())
}

/// Runs the tests with each fault; gives the program that found it.
fn try_all(copy: &Path, programs: &[Program], sample: &[Mutant]) -> Result<Vec<Option<String>>> {
    run::step("tests without a fault");
    let mut timed = Vec::new();
    for (name, path) in programs {
        let start = Instant::now();
        match ends(copy, path, 0, Duration::from_secs(600))? {
            Some(true) => timed.push((start.elapsed(), name, path)),
            _ => println!("left out, since it fails here without a fault: {name}"),
        }
    }
    // What is quick comes first: it finds most.
    timed.sort();
    let mut out = Vec::new();
    for (at, mutant) in sample.iter().enumerate() {
        let mut found = None;
        for (usual, name, path) in &timed {
            let patience = *usual * 10 + Duration::from_secs(20);
            match ends(copy, path, at + 1, patience)? {
                Some(true) => {}
                Some(false) => found = Some((*name).clone()),
                None => found = Some(format!("{name}, which did not end")),
            }
            if found.is_some() {
                break;
            }
        }
        let by = found.as_deref().unwrap_or("NOT FOUND");
        println!("{}:{}: {}\t{}\t{by}", mutant.file, mutant.line, mutant.place.what, mutant.place.text);
        out.push(found);
    }
    Ok(out)
}

/// Whether a program of tests passes with a fault; nothing if it had to be ended.
fn ends(copy: &Path, program: &Path, fault: usize, patience: Duration) -> Result<Option<bool>> {
    let mut command = Command::new(program);
    command.current_dir(copy).env(SWITCH, fault.to_string()).env("CARGO_MANIFEST_DIR", copy);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if start.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
