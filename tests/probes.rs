//! The probe cases that the alternatives were measured with (see peers/README.md in the shared folder): 39 faults planted
//! in valid resources, an unknown extension, an NHS number that cannot be, and 7 violations of a profile, which is given
//! once with a snapshot and once as a differential alone.

mod support;

use careconnect::check::Options;
use careconnect::outcome;
use careconnect::report::Report;
use serde_json::Value;
use std::collections::BTreeMap;

/// Probes that give no error, and why.
const NO_ERROR: &[(&str, &str)] =
    &[("m24", "an unknown extension is no fault of the resource (STU3 2.27.1): it is said, as information")];

fn errors(report: &Report) -> Vec<String> {
    let errors = report.issues.iter().filter(|issue| issue.severity.is_error());
    errors.map(|issue| format!("{} {}", issue.problem.rule(), issue.expression)).collect()
}

#[test]
fn every_fault_is_caught_and_no_valid_twin() {
    let Some(folder) = support::shared().map(|shared| shared.join("peers")).filter(|peers| peers.is_dir()) else {
        println!("skipped: the probes are in ../shared/peers, which is not here (or set CARECONNECT_SHARED)");
        return;
    };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let core = support::all_packs();
    // The probes' profiles are lists of one definition each.
    let definitions: Vec<String> = ["profile-snapshot.json", "profile-differential.json"]
        .iter()
        .flat_map(|name| match serde_json::from_str(&read(name)).unwrap() {
            Value::Array(all) => all,
            one => vec![one],
        })
        .map(|definition| definition.to_string())
        .collect();
    let inputs: Vec<&[u8]> = definitions.iter().map(|text| text.as_bytes()).collect();
    let (core, reports) = core.with_definitions(&inputs);
    for report in &reports {
        println!("{} {}", report.url, outcome::plain_definition(report)["issues"]);
    }
    let mut wrong = Vec::new();
    let mut groups: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for line in read("probes.ndjson").lines() {
        let probe: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| probe[name].as_str().unwrap_or_default();
        let profiles = probe["profile"].as_str().map(str::to_owned).into_iter().collect();
        let report = core.validate(text("raw").as_bytes(), &Options { profiles, ..Options::default() });
        let errors = errors(&report);
        let expected = text("expect") == "error";
        println!("{:18} {:60} {}", text("id"), text("what"), errors.join("; "));
        if expected {
            let [caught, all] = groups.entry(text("group").to_owned()).or_default();
            *all += 1;
            *caught += usize::from(!errors.is_empty());
        }
        let expected = expected && !NO_ERROR.iter().any(|(id, _)| *id == text("id"));
        if expected == errors.is_empty() {
            wrong.push(format!("{} ({}): {errors:?}", text("id"), text("what")));
        }
    }
    println!("caught of all: {groups:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
