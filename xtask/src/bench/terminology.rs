//! `cargo xtask bench terminology`: a release of SNOMED CT as large as the UK Edition, made up, from files to answers.

use crate::{package, run};
use anyhow::{Context, Result, anyhow, ensure};
use careconnect::definitions::Definitions;
use careconnect::release::{Builder, Kind};
use careconnect::terminology::Member;
use careconnect::terminology::release::SNOMED;
use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The conditions of CareConnect: three hierarchies of SNOMED CT, one of them clinical findings.
const VALUE_SET: &str = "https://fhir.hl7.org.uk/STU3/ValueSet/CareConnect-ConditionCode-1";
/// Clinical finding, and the concept that all are below.
const FINDING: u64 = 404_684_003;
const ROOT: u64 = 138_875_005;

pub fn run(arguments: &[String]) -> Result<()> {
    let mut count = 1_000_000;
    let mut is_built = false;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--no-build" => is_built = true,
            "--concepts" => count = arguments.next().and_then(|text| text.parse().ok()).context("--concepts N")?,
            other => return Err(anyhow!("'{other}' is none of --no-build and --concepts N")),
        }
    }
    if !is_built {
        package::build()?;
    }
    run::need_node()?;
    let pack = natively(count)?;
    run::npm_ci("tests/js")?;
    let chromium = run::need_chromium()?;
    let mut node = run::command("node", [PathBuf::from("xtask/bench/terminology.mjs"), pack]);
    node.env("CHROMIUM", chromium);
    run::show(node)
}

/// Makes the pack, asks it, and says where it is.
fn natively(count: u64) -> Result<PathBuf> {
    let started = Instant::now();
    let mut release = Made::new(count);
    let mut builder = Builder::new(Kind::Snomed);
    let mut read = 0;
    for file in FILES {
        builder.begin(file).map_err(|wrong| anyhow!(wrong))?;
        release.file(file, &mut |text| {
            read += text.len();
            builder.feed(text.as_bytes()).map_err(|wrong| anyhow!(wrong))
        })?;
    }
    let (pack, summary) = builder.finish().map_err(|wrong| anyhow!(wrong))?;
    println!(
        "a release of {} concepts, {} times said to be a kind of another, {} members of {} reference sets, {} MB of RF2",
        summary.concepts,
        summary.is_a,
        summary.members,
        summary.refsets,
        read / 1_000_000
    );
    println!(
        "  pack                 {:9.1} MB, made in {:.1} s",
        pack.len() as f64 / 1e6,
        started.elapsed().as_secs_f64()
    );
    let file = run::root().join("target/terminology/million.pack");
    fs::create_dir_all(file.parent().context("a folder")?)?;
    fs::write(&file, &pack)?;

    let mut definitions = Definitions::new();
    for name in ["stu3", "careconnect"] {
        definitions.load(fs::read(run::root().join(format!("pkg/dist/packs/{name}.pack")))?)?;
    }
    let started = Instant::now();
    definitions.load(pack)?;
    println!("  loaded natively      {:9.1} ms", started.elapsed().as_secs_f64() * 1e3);
    let terminology = definitions.terminology();
    let snomed = terminology.releases().next().context("the release")?;
    let mut random = Random(7);
    let ids: Vec<u64> = (0..10_000)
        .map(|_| {
            snomed.nth(random.below(summary.concepts as u64) as u32).map(|concept| concept.id).context("a concept")
        })
        .collect::<Result<_>>()?;
    let codes: Vec<String> = ids.iter().map(u64::to_string).collect();
    let finding = snomed.find(FINDING).context("clinical findings")?;
    let below = ids.iter().filter(|id| snomed.find(**id).is_some_and(|concept| concept.is_a(&finding))).count();
    ensure!(below > 0 && below < ids.len(), "the answers differ");
    per_second("a kind of clinical finding, by identifier", ids.len(), || {
        for id in &ids {
            black_box(snomed.find(*id).is_some_and(|concept| concept.is_a(&finding)));
        }
    });
    per_second("a kind of any other, by identifiers", ids.len(), || {
        for pair in ids.windows(2) {
            if let (Some(one), Some(two)) = (snomed.find(pair[0]), snomed.find(pair[1])) {
                black_box(one.is_a(&two));
            }
        }
    });
    let refset = snomed.refsets().next().context("a reference set")?;
    per_second("member of a reference set", ids.len(), || {
        for id in &ids {
            black_box(snomed.is_member(refset, *id));
        }
    });
    let mut within = 0;
    per_second("member of the value set of conditions", codes.len(), || {
        within = (codes.iter())
            .filter(|code| matches!(terminology.member(VALUE_SET, Some(SNOMED), code), Member::In { .. }))
            .count();
    });
    ensure!(within > 0 && within < codes.len(), "the answers differ");
    per_second("preferred term", ids.len(), || {
        for id in &ids {
            black_box(snomed.find(*id).and_then(|concept| concept.term()));
        }
    });
    Ok(file)
}

/// Prints how often in a second something is done, of which `count` are done each time.
fn per_second(what: &str, count: usize, mut act: impl FnMut()) {
    act();
    let started = Instant::now();
    let mut times = 0;
    while started.elapsed() < Duration::from_millis(400) {
        act();
        times += 1;
    }
    let each = started.elapsed().as_secs_f64() / f64::from(times) / count as f64;
    println!("  {what:42} {:11.0} a second, {:6.2} µs each", 1.0 / each, each * 1e6);
}

const FILES: [&str; 5] = [
    "sct2_Concept_Snapshot_INT.txt",
    "der2_cRefset_LanguageSnapshot-en_INT.txt",
    "sct2_Description_Snapshot-en_INT.txt",
    "sct2_Relationship_Snapshot_INT.txt",
    "der2_Refset_SimpleSnapshot_INT.txt",
];

/// Numbers that look random and are the same every time (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit.max(1)
    }
}

/// A release in the shape of the UK Edition: nineteen hierarchies of very different size, seven concepts of ten active,
/// three of ten with several parents, most of those near each other; two or three terms for each concept, of words of which
/// few are frequent; some hundred reference sets.
struct Made {
    ids: Vec<u64>,
    /// The hierarchy that each concept is in, and where its concepts start.
    starts: Vec<usize>,
}

impl Made {
    fn new(count: u64) -> Self {
        let mut ids = vec![ROOT, FINDING, 413_350_009, 272_379_006, 71_388_002, 123_037_004, 105_590_001, 373_873_005];
        let tops = ids.len();
        let mut random = Random(1);
        let mut number = 100_000;
        while (ids.len() as u64) < count {
            // Old identifiers are short and dense, those of extensions long and with gaps.
            number += 1 + random.below(40);
            ids.push(if number % 3 == 0 { number * 10_000_000_000 + 1_000_000_100 } else { number * 1_000 + 4 });
        }
        // The first hierarchy has nearly half of all, each next one a half of the rest.
        let mut starts = vec![tops];
        for _ in 2..tops {
            let last = starts.last().copied().unwrap_or(tops);
            starts.push(last + (ids.len() - last) * 45 / 100);
        }
        Made { ids, starts }
    }

    fn is_active(at: usize) -> bool {
        at < 8 || at % 10 < 7
    }

    /// The rows of a file, some thousands at a time.
    fn file(&mut self, name: &str, take: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
        let start = "id\teffectiveTime\tactive\tmoduleId";
        let mut out = match name {
            _ if name.contains("_Concept_") => format!("{start}\tdefinitionStatusId\n"),
            _ if name.contains("Language") => format!("{start}\trefsetId\treferencedComponentId\tacceptabilityId\n"),
            _ if name.contains("_Description_") => {
                format!("{start}\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n")
            }
            _ if name.contains("_Relationship_") => {
                format!(
                    "{start}\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId\n"
                )
            }
            _ => format!("{start}\trefsetId\treferencedComponentId\n"),
        };
        let mut random = Random(3);
        for at in 0..self.ids.len() {
            let id = self.ids[at];
            match name {
                _ if name.contains("_Concept_") => {
                    writeln!(out, "{id}\t20260401\t{}\t1\t900000000000074008", u8::from(Self::is_active(at)))?;
                }
                _ if name.contains("Language") => {
                    writeln!(out, "u\t20260401\t1\t1\t900000000000508004\t{}\t900000000000548007", at * 4 + 1)?;
                }
                _ if name.contains("_Description_") => self.terms(at, &mut random, &mut out)?,
                _ if name.contains("_Relationship_") => {
                    for (row, parent) in self.parents(at, &mut random).into_iter().enumerate() {
                        let row = at * 4 + row;
                        writeln!(out, "{row}\t20260401\t1\t1\t{id}\t{parent}\t0\t116680003\t900000000000011006\t1")?;
                    }
                }
                // A few large sets, many small ones.
                _ => {
                    for set in [random.below(4), 4 + random.below(400)] {
                        if random.below(3) > 0 {
                            writeln!(out, "u\t20260401\t1\t1\t{}\t{id}", 999_000_000_000_000_108 + set * 10_000)?;
                        }
                    }
                }
            }
            if out.len() > 1 << 18 {
                take(&out)?;
                out.clear();
            }
        }
        take(&out)
    }

    fn terms(&self, at: usize, random: &mut Random, out: &mut String) -> Result<()> {
        let id = self.ids[at];
        for row in 0..2 + random.below(2) {
            write!(
                out,
                "{}\t20260401\t1\t1\t{id}\ten\t90000000000001300{}\t",
                at as u64 * 4 + row,
                if row == 0 { 1 } else { 9 }
            )?;
            for word in 0..2 + random.below(6) {
                // The square makes small numbers frequent.
                let number = random.below(250);
                let number = number * random.below(250);
                write!(out, "{}w{number}", if word == 0 { "" } else { " " })?;
            }
            out.push_str("\t900000000000448009\n");
        }
        Ok(())
    }

    fn parents(&self, at: usize, random: &mut Random) -> Vec<u64> {
        if at == 0 || !Self::is_active(at) {
            return Vec::new();
        }
        if at < 8 {
            return vec![ROOT];
        }
        let hierarchy = self.starts.iter().rposition(|start| *start <= at).unwrap_or_default();
        let start = self.starts[hierarchy];
        let top = self.ids[1 + hierarchy];
        // A parent further up, at a distance that makes some ten levels; the others beside it, or anywhere.
        let near = |random: &mut Random| {
            let place = (at - start) as u64;
            let up = start + (place / (2 + random.below(6)) + random.below(5)) as usize;
            if up >= at { None } else { Some((up..at).find(|up| Self::is_active(*up))?) }
        };
        let mut parents = vec![near(random).map_or(top, |up| self.ids[up])];
        if random.below(10) < 3 {
            let other = match random.below(4) {
                0 => Some(start + random.below((at - start) as u64) as usize),
                _ => near(random),
            };
            parents.extend(other.filter(|other| *other < at && Self::is_active(*other)).map(|other| self.ids[other]));
        }
        parents.sort_unstable();
        parents.dedup();
        parents
    }
}
