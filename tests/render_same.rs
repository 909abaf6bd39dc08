//! The same bytes whatever the time zone, and in Node.js and a browser as here: tests/cases/same.txt has a hash of what is
//! displayed of every resource of the repository, which tests/js/same.test.js works out through the package.

mod support;

use careconnect::render::language::Language;
use careconnect::render::{As, Audience, Mode, Options};
use std::path::Path;
use std::process::Command;

/// FNV-1a, 32 bits, over bytes; two of them with different starts make collisions by accident unlikely.
fn fnv(mut hash: u32, bytes: &[u8]) -> u32 {
    for byte in bytes {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    hash
}

/// The hash of every form of display of these resources.
fn hash(resources: &[Vec<u8>]) -> String {
    let core = support::default_packs();
    let (mut one, mut two) = (0x811c_9dc5, 0x1234_5678);
    for input in resources {
        for as_ in [As::Narrative, As::Text, As::Markdown, As::Fragment, As::Model] {
            for audience in [Audience::Clinical, Audience::Patient] {
                for language in [Language::English, Language::Welsh] {
                    let as_of = Some("2026-02-28".to_owned());
                    let options = Options {
                        as_,
                        audience,
                        mode: Mode::Full,
                        as_of,
                        language,
                        against: None,
                        ..Options::default()
                    };
                    let output = core.render(input, &options).output;
                    (one, two) = (fnv(one, output.as_bytes()), fnv(two, output.as_bytes()));
                }
            }
        }
    }
    format!("{one:08x}{two:08x} {} resources, 20 forms of each", resources.len())
}

/// The resources of the render cases and of tests/resources.
fn resources() -> Vec<Vec<u8>> {
    let all = support::resources().into_iter();
    all.filter(|(name, _)| !name.starts_with("cases/check")).map(|(_, input)| input).collect()
}

#[test]
fn as_recorded() {
    let hash = hash(&resources());
    println!("{hash}");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/same.txt");
    if std::env::var_os("CARECONNECT_BLESS").is_some() {
        std::fs::write(&file, format!("{hash}\n")).expect("a writable snapshot");
    }
    let recorded = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(recorded.trim(), hash, "the display has changed: look at why, then CARECONNECT_BLESS=1 records it");
}

/// Run by the test below in other time zones, over some of the shared corpus too where it is here.
#[test]
fn in_this_time_zone() {
    let mut resources = resources();
    if let Some(shared) = support::shared() {
        let corpus = support::files(&shared.join("corpus/hl7-examples"), ".json");
        let every = corpus.iter().step_by(12);
        resources.extend(every.map(|file| std::fs::read(file).expect("a readable resource")));
    }
    println!("zone hash: {}", hash(&resources));
}

#[test]
fn in_three_time_zones() {
    let run = |zone: &str| {
        let program = std::env::current_exe().expect("this test's own program");
        let output = Command::new(program)
            .args(["--exact", "in_this_time_zone", "--nocapture"])
            .env("TZ", zone)
            .env("LANG", "de_DE.UTF-8")
            .output()
            .expect("the test runs again");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find_map(|line| line.split_once("zone hash: ").map(|(_, hash)| hash.to_owned()));
        line.unwrap_or_else(|| panic!("no hash in {zone}: {text}"))
    };
    let zones = ["Pacific/Auckland", "America/Los_Angeles", "Europe/London"];
    let hashes: Vec<String> = zones.iter().map(|zone| run(zone)).collect();
    println!("{}: the same in {}", hashes[0], zones.join(", "));
    assert!(hashes.iter().all(|hash| *hash == hashes[0]), "{hashes:?}");
}
