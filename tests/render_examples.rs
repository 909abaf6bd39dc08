//! Examples of the NHS's display rules, right and wrong: tests/cases/formats/examples.tsv. How many there are of each kind
//! is in tests/cases/formats/counts.txt; CARECONNECT_BLESS=1 writes it anew.

mod support;

#[path = "support/formats.rs"]
mod formats;

use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn examples() {
    let core = support::default_packs();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/formats");
    let table = std::fs::read_to_string(folder.join("examples.tsv")).expect("the examples");
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [kind, input, right, rest @ ..] = &columns[..] else { panic!("{line}: three columns") };
        let given = formats::of_kind(&core, kind, input).replace('\n', "\\n");
        let count = counts.entry(kind).or_default();
        count.0 += 1;
        if given != *right {
            wrong.push(format!("{kind} {input}\n  must be  {right}\n  is       {given}"));
        }
        for never in rest.iter().flat_map(|rest| rest.split(" || ")) {
            count.1 += 1;
            if given == never {
                wrong.push(format!("{kind} {input} must never be {never}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut text = String::new();
    for (kind, (right, never)) in &counts {
        text.push_str(&format!("{kind}\t{right} right\t{never} wrong\n"));
    }
    let (right, never) = counts.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    text.push_str(&format!("all\t{right} right\t{never} wrong\t{} rows\n", right + never));
    print!("{text}");
    assert!(right + never >= 200, "at least 200 rows");
    let snapshot = folder.join("counts.txt");
    if std::env::var_os("CARECONNECT_BLESS").is_some() {
        std::fs::write(&snapshot, &text).expect("a writable snapshot");
    }
    assert_eq!(std::fs::read_to_string(&snapshot).unwrap_or_default(), text, "CARECONNECT_BLESS=1 writes the counts");
}
