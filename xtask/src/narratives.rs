//! `cargo xtask narratives`: a narrative for every resource of the corpora, put into it, and checked by our own validator
//! and by HAPI FHIR's: neither may find fault with it. Displayed again, the resource gives the same narrative; received from
//! elsewhere and cleaned, it is the same when it is cleaned again.

use crate::{corpus, reference, run};
use anyhow::{Result, bail};
use careconnect::render::html::xhtml;
use careconnect::render::language::Language;
use careconnect::render::sanitise::clean;
use careconnect::render::{As, Options};
use careconnect::{Careconnect, check};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

/// The committed snapshot.
const SNAPSHOT: &str = "tests/narratives.txt";
/// As many faults as are printed.
const LISTED: usize = 20;

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--reference", "--bless"])?;
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let core = corpus::core()?;
    let mut own = Vec::new();
    let (mut unstable, mut replaced) = (Vec::new(), 0);
    let mut questions = Vec::new();
    let (mut statuses, mut bytes) = (BTreeMap::new(), 0);
    for Narrated { name, resource, div, is_stable, replaces_value } in narrated(&core)? {
        bytes += div.len();
        *statuses.entry(resource["text"]["status"].as_str().unwrap_or("").to_owned()).or_insert(0) += 1;
        let report = core.validate(resource.to_string().as_bytes(), &check::Options::default());
        for issue in report.issues.iter().filter(|issue| is_own(&issue.expression)) {
            own.push(format!("{name}: {} {}", issue.expression, issue.problem.message()));
        }
        replaced += usize::from(replaces_value);
        if !is_stable || !is_stable_when_cleaned(&div) {
            unstable.push(name.clone());
        }
        questions.push(json!({"id": name, "resource": resource}));
    }
    let mut out = String::from(
        "A narrative for each resource of corpus/nhs and corpus/hl7-examples (in JSON, and of what is in XML the narrative\n\
         alone), put into it and validated. Made by `cargo xtask narratives --reference`.\n\n",
    );
    writeln!(out, "narratives                     {}", questions.len())?;
    writeln!(out, "  bytes                        {bytes}")?;
    for (status, count) in &statuses {
        writeln!(out, "  status {status:<21} {count}")?;
    }
    writeln!(out, "  in place of another value    {replaced}")?;
    writeln!(out, "not the same a second time     {}", unstable.len())?;
    writeln!(out, "issues, careconnect            {}", own.len())?;
    let mut theirs = Vec::new();
    if has("--reference") {
        for (question, answer) in questions.iter().zip(reference::ask("validate", &questions)?) {
            for issue in answer["issues"].as_array().into_iter().flatten() {
                if is_own(issue["location"].as_str().unwrap_or("")) {
                    theirs.push(format!("{}: {} {}", question["id"], issue["location"], issue["message"]));
                }
            }
        }
        writeln!(out, "issues, HAPI FHIR 8.4          {}", theirs.len())?;
    } else {
        let before = fs::read_to_string(run::root().join(SNAPSHOT)).unwrap_or_default();
        let line = before.lines().find(|line| line.starts_with("issues, HAPI FHIR"));
        line.into_iter().for_each(|line| out.push_str(&format!("{line}\n")));
    }
    for fault in unstable.iter().chain(&own).chain(&theirs).take(LISTED) {
        eprintln!("  {fault}");
    }
    corpus::settle(SNAPSHOT, &out, has("--bless"))?;
    if !(unstable.is_empty() && own.is_empty() && theirs.is_empty()) {
        bail!("narratives that are not right");
    }
    Ok(())
}

/// A resource with the narrative that we make of it.
struct Narrated {
    name: String,
    resource: Value,
    div: String,
    /// Whether it has the same narrative when it is displayed again.
    is_stable: bool,
    /// Whether what stood at the narrative's place was no narrative: a value, which is shown in ours, and so is not in what
    /// is displayed again.
    replaces_value: bool,
}

/// Whether a narrative that is received and cleaned is the same when it is received again.
fn is_stable_when_cleaned(div: &str) -> bool {
    let cleaned = |text: &str| xhtml(&clean(text, "n-", Language::English).markup);
    let once = cleaned(div);
    cleaned(&format!("<div>{once}</div>")) == once
}

/// Every resource of the corpora that can have a narrative; of an XML file, the narrative in an otherwise empty one.
fn narrated(core: &Careconnect) -> Result<Vec<Narrated>> {
    let mut out = Vec::new();
    for (name, resource) in corpus::resources()? {
        // These three are no DomainResource, and have no text.
        if matches!(resource["resourceType"].as_str(), Some("Bundle" | "Binary" | "Parameters")) {
            continue;
        }
        let replaces_value = resource.get("text").is_some_and(|text| !text.is_object());
        let (resource, div) = with_narrative(core, resource);
        let is_stable = replaces_value || with_narrative(core, resource.clone()) == (resource.clone(), div.clone());
        out.push(Narrated { name, resource, div, is_stable, replaces_value });
    }
    let corpus = corpus::shared()?.join("corpus");
    for file in corpus::files(&corpus.join("nhs"), ".xml")? {
        let input = fs::read(&file)?;
        let rendered = core.render(&input, &Options::default());
        let name = file.strip_prefix(&corpus).unwrap_or(&file).display().to_string();
        let text = json!({"status": rendered.status, "div": rendered.output});
        let resource = json!({"resourceType": "Basic", "text": text, "code": {"text": rendered.display.title}});
        let is_stable = core.render(&input, &Options::default()).output == rendered.output;
        out.push(Narrated { name, resource, div: rendered.output, is_stable, replaces_value: false });
    }
    Ok(out)
}

/// The resource with the narrative that we make of it, and the narrative.
fn with_narrative(core: &Careconnect, mut resource: Value) -> (Value, String) {
    let rendered = core.render(resource.to_string().as_bytes(), &Options { as_: As::Narrative, ..Options::default() });
    if let Some(fields) = resource.as_object_mut() {
        let text = json!({"status": rendered.status, "div": rendered.output});
        // At its place in a resource, so that XML made of it is right too.
        fields.shift_remove("text");
        let at = fields
            .keys()
            .take_while(|key| ["resourceType", "id", "meta", "implicitRules", "language"].contains(&key.as_str()))
            .count();
        fields.shift_insert(at, "text".to_owned(), text);
    }
    (resource, rendered.output)
}

/// Whether a location is in the resource's own narrative: `Patient.text.div`.
fn is_own(location: &str) -> bool {
    location.split_once('.').is_some_and(|(_, rest)| rest == "text" || rest.starts_with("text."))
}
