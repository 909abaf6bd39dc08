//! `cargo xtask size`: how large the files are that a user downloads, and how soon the first verdict is there.

use crate::{package, run};
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::time::Instant;

/// The committed snapshot.
const SNAPSHOT: &str = "sizes.tsv";
/// How much a size may grow before somebody has to decide that it may.
const GROWTH: f64 = 0.02;
/// How often each time is measured; the median counts.
const RUNS: usize = 15;
/// Prints a line for each file: name, bytes raw, by gzip and by brotli, each at its strongest.
const MEASURE: &str = r#"
const { readFileSync, readdirSync } = require("node:fs");
const { gzipSync, brotliCompressSync, constants } = require("node:zlib");
const packs = readdirSync("pkg/dist/packs").filter((name) => name.endsWith(".pack")).sort();
for (const name of ["careconnect.wasm", "careconnect.js", ...packs.map((pack) => `packs/${pack}`)]) {
  const bytes = readFileSync(`pkg/dist/${name}`);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  console.log([name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotli.length].join("\t"));
}
"#;

type Sizes = BTreeMap<String, [u64; 3]>;

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--bless"])?;
    package::build()?;
    let sizes = parse(&run::output(run::command("node", ["-e", MEASURE]))?);
    let path = run::root().join(SNAPSHOT);
    let before = parse(&fs::read_to_string(&path).unwrap_or_default());
    println!("{:<26}{:>12}{:>12}{:>12}", "file", "raw", "gzip", "brotli");
    let mut grown = Vec::new();
    for (name, now) in &sizes {
        println!("{name:<26}{:>12}{:>12}{:>12}", now[0], now[1], now[2]);
        match before.get(name) {
            None => grown.push(format!("{name} is not in {SNAPSHOT}")),
            Some(then) => {
                for (at, form) in ["raw", "gzip", "brotli"].iter().enumerate() {
                    if now[at] as f64 > then[at] as f64 * (1.0 + GROWTH) {
                        grown.push(format!("{name} ({form}) grew from {} to {}", then[at], now[at]));
                    }
                }
            }
        }
    }
    let (nothing, verdict) = times()?;
    println!("\na fresh Node.js process, the whole of it, median of {RUNS}:");
    println!("  nothing (node -e 0)                   {nothing:>7.1} ms");
    println!("  the first verdict (pkg/cli.js)        {verdict:>7.1} ms");
    if arguments.is_empty() {
        if !grown.is_empty() {
            bail!("{}.\nIf that is meant, record it with `cargo xtask size --bless`", grown.join("; "));
        }
        return Ok(());
    }
    let mut text = String::from(
        "# Made by `cargo xtask size --bless`. Sizes in bytes; growth over 2 % fails `cargo xtask size`.\n\
         # file\traw\tgzip\tbrotli\n",
    );
    for (name, [raw, gzip, brotli]) in &sizes {
        text.push_str(&format!("{name}\t{raw}\t{gzip}\t{brotli}\n"));
    }
    text.push_str(&format!(
        "# For information, on the machine that recorded it: a fresh Node.js process takes {nothing:.0} ms to do nothing \
         and {verdict:.0} ms to the first verdict.\n"
    ));
    fs::write(path, text)?;
    println!("recorded in {SNAPSHOT}");
    Ok(())
}

fn parse(text: &str) -> Sizes {
    let line = |line: &str| {
        let mut fields = line.split('\t');
        let name = fields.next()?.to_owned();
        let mut size = || fields.next()?.parse().ok();
        Some((name, [size()?, size()?, size()?]))
    };
    text.lines().filter(|line| !line.starts_with('#')).filter_map(line).collect()
}

/// Milliseconds of a Node.js process that does nothing, and of one that validates one resource. The two take turns, so
/// that whatever else the machine does falls on both.
fn times() -> Result<(f64, f64)> {
    let time = |arguments: &[&str]| -> Result<f64> {
        let start = Instant::now();
        let status = run::command("node", arguments).stdout(Stdio::null()).status()?;
        // The example has errors, so that validating it ends with 1.
        anyhow::ensure!(matches!(status.code(), Some(0 | 1)), "node {} ended with {status}", arguments.join(" "));
        Ok(start.elapsed().as_secs_f64() * 1000.0)
    };
    let (mut nothing, mut verdict) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        nothing.push(time(&["-e", "0"])?);
        verdict.push(time(&["pkg/cli.js", "validate", "tests/resources/CareConnect-Patient-1.json"])?);
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[RUNS / 2]
    };
    Ok((median(nothing), median(verdict)))
}
