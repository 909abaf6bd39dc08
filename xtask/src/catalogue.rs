//! What is in each pack, for programs: `dist/packs.json` of the npm package, which `careconnect packs` shows.

use crate::packs;
use crate::run;
use anyhow::{Context, Result};
use careconnect::version::Version;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// An array with an object for each pack, in their order: its `name`, the `version` of the FHIR package that it was made
/// of, the dates of its definitions (`published`), how many of each kind there are, its size in `bytes`, and what its
/// definitions refer to and nobody publishes (`missing`).
pub fn packs_json(folder: &Path) -> Result<String> {
    let profiles = run::root().join("profiles");
    // Definitions of the two releases share URLs, so that each has a list of its own.
    let stu3 = fs::read_to_string(profiles.join("missing.tsv"))?;
    let r4 = fs::read_to_string(profiles.join("missing-r4.tsv"))?;
    let catalogue = packs::listed().into_iter().map(|listed| {
        let name = listed.name;
        let bytes = fs::metadata(folder.join(format!("{name}.pack")))?.len();
        let missing = match listed.version {
            Version::Stu3 => &stu3,
            Version::R4 => &r4,
        };
        pack(&profiles.join(name), listed, bytes, missing)
    });
    Ok(serde_json::to_string(&catalogue.collect::<Result<Vec<Value>>>()?)? + "\n")
}

fn pack(folder: &Path, listed: packs::Listed, bytes: u64, missing: &str) -> Result<Value> {
    let origin = fs::read_to_string(folder.join("ORIGIN.md"))?;
    let said = |what: &str| origin.lines().find_map(|line| line.strip_prefix("- ")?.strip_prefix(what));
    let version = said("Package: ").and_then(|package| package.split_whitespace().nth(1));
    let version = version.with_context(|| format!("{}/ORIGIN.md names no package", folder.display()))?;
    let mut urls = BTreeSet::new();
    let [mut types, mut constraints, mut extensions, mut value_sets, mut code_systems, mut messages] = [0; 6];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let definition: Value =
            serde_json::from_slice(&fs::read(&path)?).with_context(|| path.display().to_string())?;
        let text = |key: &str| definition[key].as_str().unwrap_or_default();
        match (text("resourceType"), text("derivation"), text("type")) {
            ("StructureDefinition", "constraint", "Extension") => extensions += 1,
            ("StructureDefinition", "constraint", _) => constraints += 1,
            ("StructureDefinition", ..) => types += 1,
            ("ValueSet", ..) => value_sets += 1,
            ("CodeSystem", ..) => code_systems += 1,
            ("MessageDefinition", ..) => messages += 1,
            _ => {}
        }
        urls.insert(text("url").to_owned());
    }
    let missing = missing.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (target, by) = line.split_once('\t')?;
        let own: Vec<&str> = by.split_whitespace().filter(|url| urls.contains(*url)).collect();
        (!own.is_empty()).then(|| json!({ "target": target, "referencedBy": own }))
    });
    Ok(json!({
        "name": listed.name,
        "title": listed.title,
        "fhirVersion": listed.version.number(),
        "version": version,
        "published": said("Dates of the definitions: "),
        "types": types,
        "profiles": constraints,
        "extensions": extensions,
        "valueSets": value_sets,
        "codeSystems": code_systems,
        "messages": messages,
        "bytes": bytes,
        "missing": missing.collect::<Vec<_>>(),
    }))
}
