//! The resources of the outside corpora, for the comparisons that are too slow for the tests.

use crate::run;
use anyhow::{Context, Result, bail};
use careconnect::Careconnect;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of outside data: beside the repository or a folder above it.
pub fn shared() -> Result<PathBuf> {
    let root = run::root();
    let found = root.ancestors().map(|above| above.join("shared")).find(|folder| folder.join("corpus").is_dir());
    found.context("the corpora are not here: this command needs ../shared")
}

/// Every file with this ending under a folder, in order.
pub fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                out.push(path);
            }
        }
    }
    out.sort();
    Ok(out)
}

/// Every JSON resource of the two corpora, and those that stand in Bundles, each with a name.
pub fn resources() -> Result<Vec<(String, Value)>> {
    let corpus = shared()?.join("corpus");
    let mut out = Vec::new();
    for folder in ["nhs", "hl7-examples"] {
        for file in files(&corpus.join(folder), ".json")? {
            let name = file.strip_prefix(&corpus).unwrap_or(&file).display().to_string();
            // Some files are faulty on purpose: they are for the tests of the reader.
            let bytes = fs::read(&file)?;
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
            let Ok(resource) = serde_json::from_slice::<Value>(text) else { continue };
            for (at, entry) in resource["entry"].as_array().into_iter().flatten().enumerate() {
                if entry["resource"]["resourceType"].is_string() {
                    out.push((format!("{name}#{at}"), entry["resource"].clone()));
                }
            }
            if resource["resourceType"].is_string() {
                out.push((name, resource));
            }
        }
    }
    if out.is_empty() {
        bail!("the corpora have no resources");
    }
    Ok(out)
}

/// The core with base FHIR and CareConnect, as the package loads it.
pub fn core() -> Result<Careconnect> {
    let folder = run::root().join("pkg/dist/packs");
    let read = |name: &str| fs::read(folder.join(name)).context("packs are needed: run `cargo xtask packs` first");
    let packs = [read("stu3.pack")?, read("careconnect.pack")?];
    Ok(Careconnect::load(&packs.each_ref().map(Vec::as_slice))?)
}

/// The text between the tags of our own HTML.
pub fn text_of(html: &str) -> String {
    let mut out = String::new();
    let body = html.find("<body").map_or(html, |at| &html[at..]);
    let mut in_tag = false;
    for c in body.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                out.push(' ');
            }
            _ if !in_tag => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Compares what was measured with what is committed, or writes it there.
pub fn settle(snapshot: &str, now: &str, bless: bool) -> Result<()> {
    print!("{now}");
    let path = run::root().join(snapshot);
    if bless {
        return Ok(fs::write(path, now)?);
    }
    if fs::read_to_string(&path).unwrap_or_default() != now {
        bail!("{snapshot} says otherwise. If this is meant, record it with --bless");
    }
    Ok(())
}
