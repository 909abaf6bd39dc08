//! Every value is seen: one at a time is changed, and what is displayed must change with it. Over the repository's own
//! resources and, where they are, a sample of the corpora; `cargo xtask visibility` does it for 200 resources.

mod support;

#[path = "support/mutate.rs"]
mod mutate;

use careconnect::render::{As, Mode, Options, View};
use serde_json::Value;

/// How many resources of the corpora are changed here.
const SIZE: usize = 25;

fn corpus() -> Vec<(String, Value)> {
    let Some(shared) = support::shared() else { return Vec::new() };
    let read = |file: &std::path::PathBuf| {
        let value: Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        value["resourceType"].is_string().then(|| (file.display().to_string(), value))
    };
    let folders = ["corpus/nhs", "corpus/hl7-examples"];
    folders
        .iter()
        .flat_map(|folder| support::files(&shared.join(folder), ".json"))
        .filter_map(|file| read(&file))
        .collect()
}

#[test]
fn every_value_is_seen() {
    let core = support::default_packs();
    // Records and letters have their own figure (tests/record.rs). Where everything is asked for: the standard mode counts
    // technical details.
    let options = Options { as_: As::Text, mode: Mode::Full, view: View::Entries, ..Options::default() };
    let shown = |resource: &Value| {
        let output = core.render(resource.to_string().as_bytes(), &options).output;
        output.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut pool = support::displayed();
    assert!(pool.len() > 10, "the cases were not found");
    let corpus = corpus();
    let codes = mutate::codes(&corpus);
    pool.extend(mutate::sample(&corpus, SIZE).into_iter().map(|at| corpus[at].clone()));
    let (mut values, mut unseen) = (0, Vec::new());
    for (name, resource) in &pool {
        let types = mutate::types(resource, core.definitions());
        let before = shown(resource);
        for pointer in mutate::leaves(resource) {
            let others = codes.get(&mutate::path(resource, &pointer));
            let value = resource.pointer(&pointer).expect("a value");
            let other = mutate::mutant(types.get(&pointer).map(String::as_str), value, others);
            let mut changed = resource.clone();
            *changed.pointer_mut(&pointer).expect("a value") = other.clone();
            values += 1;
            if shown(&changed) == before {
                unseen.push(format!("{name} {pointer}: {value} as {other}"));
            }
        }
    }
    println!("{} resources, {values} values, {} not seen", pool.len(), unseen.len());
    for line in &unseen {
        println!("  {line}");
    }
    // The goal is 99.5 %; what is left is codes that differ in how they are written and not in what they say.
    assert!(unseen.len() * 1000 <= values * 5, "{}", unseen.join("\n"));
}
