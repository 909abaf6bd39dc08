//! Snapshots made from differentials, compared element by element with those that the publishers made.
//!
//! Runs where the publishers' packages are: in `../shared/definitions`, or below `CARECONNECT_SHARED`. What is compared:
//! paths and slices, min, max, types with profiles and targets, bindings, slicing. The counts are
//! `tests/snapshots.tsv`; every difference is a line of `tests/snapshots_differences.tsv` with the code of its reason,
//! and `tests/snapshots.md` says what the codes mean. `CARECONNECT_BLESS=1` writes both anew.

#[path = "snapshots/compare.rs"]
mod compare;
#[path = "snapshots/packages.rs"]
mod packages;

use careconnect::model::snapshot::Generator;
use compare::{Difference, compare};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

const COUNTS: &str = "tests/snapshots.tsv";
const DIFFERENCES: &str = "tests/snapshots_differences.tsv";

#[test]
fn generated_snapshots_agree_with_published_ones() {
    let Some(shared) = packages::shared() else {
        eprintln!("not run: the publishers' packages are not here (set CARECONNECT_SHARED)");
        return;
    };
    let library = packages::Library::read(&shared.join("definitions"));
    let resolve = |url: &str| library.find(url);
    let mut generator = Generator::new(&resolve);
    let (mut counts, mut lines) = (String::new(), String::new());
    counts.push_str("url\tfamily\telements\tdiffering\tdifferences\tproblems\n");
    lines.push_str("url\telement\tfact\tpublished\tours\treason\n");
    let mut reasons: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut total = [0; 3];
    for (family, definition) in library.published() {
        let ours = generator.snapshot(definition);
        let differences = compare(definition, &mut generator);
        let elements: BTreeSet<&str> = differences.iter().map(|difference| difference.element.as_str()).collect();
        let row = [definition.snapshot.len(), elements.len(), differences.len()];
        for (sum, add) in total.iter_mut().zip(row) {
            *sum += add;
        }
        let [all, differing, count] = row;
        let problems = ours.problems.len();
        writeln!(counts, "{}\t{family}\t{all}\t{differing}\t{count}\t{problems}", definition.url).unwrap();
        for Difference { element, fact, published, ours, reason } in &differences {
            *reasons.entry(reason).or_default() += 1;
            writeln!(lines, "{}\t{element}\t{fact}\t{published}\t{ours}\t{reason}", definition.url).unwrap();
        }
    }
    println!("elements {}, differing {}, differences {}", total[0], total[1], total[2]);
    for (reason, count) in &reasons {
        println!("{count:6} {reason}");
    }
    for (path, text) in [(COUNTS, counts), (DIFFERENCES, lines)] {
        let path = root().join(path);
        if std::env::var_os("CARECONNECT_BLESS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{} is not what it was: read the change, then bless it", path.display());
    }
    let explained = fs::read_to_string(root().join("tests/snapshots.md")).unwrap_or_default();
    for reason in reasons.keys() {
        assert!(explained.contains(&format!("`{reason}`")), "tests/snapshots.md does not explain `{reason}`");
    }
    assert_eq!(reasons.get("unexplained"), None, "differences without a reason");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
