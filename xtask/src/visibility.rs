//! `cargo xtask visibility`: whether each value of a resource is seen. One value is changed at a time; a display that says
//! the same before and after has hidden it.

use crate::{corpus, reference, run};
use anyhow::Result;
use careconnect::Careconnect;
use careconnect::render::{As, Mode, Options};
use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;

#[path = "../../tests/support/mutate.rs"]
mod mutate;

/// The committed snapshot.
const SNAPSHOT: &str = "tests/visibility.txt";
/// How many resources are changed.
const SIZE: usize = 200;
/// As many values that are not seen as are written down.
const LISTED: usize = 60;

/// What a display made of the mutants: for each resource a letter for each mutant, c changed, s the same, r refused.
type Outcomes = Vec<String>;

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--peers", "--bless"])?;
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let core = corpus::core()?;
    let pool = corpus::resources()?;
    let codes = mutate::codes(&pool);
    let sample: Vec<&(String, Value)> = mutate::sample(&pool, SIZE).into_iter().map(|at| &pool[at]).collect();
    let questions: Vec<Value> = sample
        .iter()
        .map(|(name, resource)| {
            let types = mutate::types(resource, core.definitions());
            let mutants = mutate::leaves(resource).into_iter().filter_map(|pointer| {
                let others = codes.get(&mutate::path(resource, &pointer));
                let kind = types.get(&pointer).map(String::as_str);
                let value = mutate::mutant(kind, resource.pointer(&pointer)?, others);
                Some(json!({"pointer": pointer, "value": value}))
            });
            json!({"id": name, "resource": resource, "mutants": mutants.collect::<Vec<_>>()})
        })
        .collect();
    let elements: std::collections::BTreeSet<String> = sample
        .iter()
        .flat_map(|(_, resource)| mutate::leaves(resource).into_iter().map(|pointer| mutate::path(resource, &pointer)))
        .collect();
    let mut out = String::from(
        "How much of a resource is seen: one value is changed at a time, and the visible text must change with it.\n\
         Made by `cargo xtask visibility --peers`. `all` counts every value; `clinical` leaves out ids, versions and the\n\
         addresses of code systems, extensions and resources. The narrative that came with a resource is not counted.\n\n",
    );
    writeln!(out, "{} resources, chosen for as many elements as there can be: {}", sample.len(), elements.len())?;
    writeln!(out, "{:<34}{:>8}{:>9}{:>9}{:>10}{:>9}", "", "all", "seen", "clinical", "seen", "refused")?;
    let text = ours(&core, &questions, As::Text, Mode::Full);
    line(&mut out, "careconnect, text", &questions, &text)?;
    line(&mut out, "careconnect, page", &questions, &ours(&core, &questions, As::Page, Mode::Standard))?;
    let narrative = ours(&core, &questions, As::Narrative, Mode::Full);
    line(&mut out, "careconnect, narrative (full)", &questions, &narrative)?;
    if has("--peers") {
        run::npm_ci("xtask/peers")?;
        run::step("fhir-react");
        let answers = reference::lines(run::command("node", ["xtask/peers/fhir-react.mjs"]), &questions)?;
        line(&mut out, "fhir-react 2.1.1", &questions, &outcomes(&answers))?;
        let answers = reference::ask("narrative", &questions)?;
        line(&mut out, "HAPI FHIR 8.4 narrative generator", &questions, &outcomes(&answers))?;
    } else {
        // What the others showed the last time stays as it is.
        let before = fs::read_to_string(run::root().join(SNAPSHOT)).unwrap_or_default();
        let others = before.lines().filter(|line| line.starts_with("fhir-react") || line.starts_with("HAPI FHIR"));
        others.for_each(|line| out.push_str(&format!("{line}\n")));
    }
    for (name, outcomes) in [("text", &text), ("narrative", &narrative)] {
        unseen(&mut out, name, &questions, outcomes)?;
    }
    corpus::settle(SNAPSHOT, &out, has("--bless"))
}

/// What we make of the mutants.
fn ours(core: &Careconnect, questions: &[Value], as_: As, mode: Mode) -> Outcomes {
    let options = Options { as_, mode, ..Options::default() };
    let shown = |resource: &Value| {
        let output = core.render(resource.to_string().as_bytes(), &options).output;
        match as_ {
            As::Text => output.split_whitespace().collect::<Vec<_>>().join(" "),
            _ => corpus::text_of(&output),
        }
    };
    let one = |question: &Value| {
        let before = shown(&question["resource"]);
        let mutants = question["mutants"].as_array().into_iter().flatten();
        let outcome = |mutant: &Value| {
            let mut resource = question["resource"].clone();
            if let Some(slot) = mutant["pointer"].as_str().and_then(|pointer| resource.pointer_mut(pointer)) {
                *slot = mutant["value"].clone();
            }
            if shown(&resource) == before { 's' } else { 'c' }
        };
        mutants.map(outcome).collect()
    };
    questions.iter().map(one).collect()
}

/// The values that one of our forms does not show.
fn unseen(out: &mut String, name: &str, questions: &[Value], outcomes: &Outcomes) -> Result<()> {
    let mut lines = Vec::new();
    for (question, outcomes) in questions.iter().zip(outcomes) {
        for (mutant, outcome) in question["mutants"].as_array().into_iter().flatten().zip(outcomes.chars()) {
            if outcome == 's' {
                let pointer = mutant["pointer"].as_str().unwrap_or("");
                let value = question["resource"].pointer(pointer).unwrap_or(&Value::Null);
                let (value, other) = (start(value), start(&mutant["value"]));
                lines.push(format!("{} {pointer}: {value} as {other}", question["id"]));
            }
        }
    }
    writeln!(out, "\nNot seen in careconnect's {name}:")?;
    for line in lines.iter().take(LISTED) {
        writeln!(out, "  {line}")?;
    }
    Ok(writeln!(out, "  {} in all", lines.len())?)
}

/// A value, and no more of it than can be read in a line.
fn start(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}\u{2026}", &text[..end]),
        None => text,
    }
}

fn outcomes(answers: &[Value]) -> Outcomes {
    answers.iter().map(|answer| answer["outcomes"].as_str().unwrap_or("").to_owned()).collect()
}

/// A line of the table.
fn line(out: &mut String, name: &str, questions: &[Value], outcomes: &Outcomes) -> Result<()> {
    let (mut all, mut seen, mut clinical, mut clinical_seen, mut refused) = (0, 0, 0, 0, 0);
    for (question, outcomes) in questions.iter().zip(outcomes) {
        for (mutant, outcome) in question["mutants"].as_array().into_iter().flatten().zip(outcomes.chars()) {
            let is_clinical = !mutate::is_technical(mutant["pointer"].as_str().unwrap_or(""));
            all += 1;
            seen += usize::from(outcome == 'c');
            refused += usize::from(outcome == 'r');
            clinical += usize::from(is_clinical);
            clinical_seen += usize::from(is_clinical && outcome == 'c');
        }
    }
    let share = |part: usize, of: usize| format!("{:.2} %", 100.0 * part as f64 / of.max(1) as f64);
    let (all_share, clinical_share) = (share(seen, all), share(clinical_seen, clinical));
    writeln!(out, "{name:<34}{all:>8}{all_share:>9}{clinical:>9}{clinical_share:>10}{refused:>9}")?;
    Ok(())
}
