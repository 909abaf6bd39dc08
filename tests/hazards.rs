//! docs/hazard-log.md: the hazards, each with tests that are there.

use std::path::Path;

#[test]
fn every_hazard_has_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let log = std::fs::read_to_string(root.join("docs/hazard-log.md")).expect("the log");
    let rows: Vec<&str> = log.lines().filter(|line| line.starts_with("| H")).collect();
    let mut wrong = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [hazard, cause, effect, severity, control, tests] = cells[..] else {
            panic!("six columns: {row}");
        };
        if !hazard.starts_with(&format!("H{}: ", at + 1)) {
            wrong.push(format!("H{} is not in its place: {hazard}", at + 1));
        }
        if [cause, effect, severity, control].iter().any(|cell| cell.is_empty()) {
            wrong.push(format!("{hazard}: an empty cell"));
        }
        for test in tests.split("; ") {
            let parts = test.trim_start_matches('`').split_once("` ");
            let Some((file, name)) = parts else {
                wrong.push(format!("{hazard}: '{test}' is not a file and a name"));
                continue;
            };
            let text = std::fs::read_to_string(root.join(file)).unwrap_or_default();
            let is_there = match file.ends_with(".rs") {
                true => text.contains(&format!("#[test]\nfn {name}()")),
                false => text.contains(&format!("\"{name}\"")),
            };
            if !is_there {
                wrong.push(format!("{hazard}: {file} has no test '{name}'"));
            }
        }
    }
    assert_eq!(rows.len(), 27, "the hazards");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
