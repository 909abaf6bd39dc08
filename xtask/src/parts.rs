//! What the WebAssembly module is made of besides the core: the crates, their licences, and a list of them for machines.

use crate::run;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The licences that may be in what is shipped: each allows it for a notice alone.
const ALLOWED: &[&str] =
    &["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "Unlicense", "Unicode-3.0", "0BSD"];

/// A crate that is compiled in.
struct Part {
    name: String,
    version: String,
    licence: String,
    /// The crate's SHA-256, by Cargo.lock.
    checksum: Option<String>,
    /// The texts of its licence files.
    texts: Vec<String>,
    /// The parts that it is made of, by `name@version`.
    depends_on: Vec<String>,
}

/// The crates that are compiled into the module, sorted by name.
fn parts() -> Result<Vec<Part>> {
    let arguments = ["metadata", "--format-version", "1", "--locked", "--filter-platform", "wasm32-unknown-unknown"];
    let metadata: Value = serde_json::from_str(&run::output(run::cargo(arguments))?)?;
    let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages: BTreeMap<String, Value> =
        array(&metadata["packages"]).into_iter().map(|package| (text(&package["id"]), package)).collect();
    let nodes: BTreeMap<String, Value> =
        array(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node)).collect();
    // A macro runs when the core is compiled, and so do its own crates: nothing of them is in the module.
    let is_macro = |id: &str| {
        array(&packages[id]["targets"]).iter().any(|target| array(&target["kind"]).contains(&json!("proc-macro")))
    };
    let needs = |id: &str| -> Vec<String> {
        let is_normal = |dependency: &Value| array(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
        let normal = array(&nodes[id]["deps"]).into_iter().filter(is_normal).map(|dependency| text(&dependency["pkg"]));
        normal.filter(|id| !is_macro(id)).collect()
    };
    let root = packages.keys().find(|id| packages[*id]["name"] == "careconnect").context("the core")?.clone();
    let (mut seen, mut waiting) = (BTreeSet::from([root.clone()]), needs(&root));
    while let Some(id) = waiting.pop() {
        if seen.insert(id.clone()) {
            waiting.extend(needs(&id));
        }
    }
    let checksums = checksums()?;
    let label = |id: &str| format!("{}@{}", text(&packages[id]["name"]), text(&packages[id]["version"]));
    let mut parts = Vec::new();
    for id in seen {
        let package = &packages[&id];
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        let folder =
            Path::new(package["manifest_path"].as_str().unwrap_or_default()).parent().context("a folder")?.to_owned();
        let checksum = checksums.get(&(name.clone(), version.clone())).cloned();
        let depends_on = needs(&id).iter().map(|id| label(id)).collect::<BTreeSet<_>>().into_iter().collect();
        parts.push(Part {
            licence: text(&package["license"]),
            texts: licence_texts(&folder)?,
            name,
            version,
            checksum,
            depends_on,
        });
    }
    parts.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    for part in &parts {
        if !is_allowed(&part.licence, &[]) {
            bail!(
                "{} {} has the licence '{}', which is not among those allowed",
                part.name,
                part.version,
                part.licence
            );
        }
    }
    Ok(parts)
}

/// The checksums of Cargo.lock, by name and version.
fn checksums() -> Result<BTreeMap<(String, String), String>> {
    let lock = fs::read_to_string(run::root().join("Cargo.lock"))?;
    let mut out = BTreeMap::new();
    for block in lock.split("[[package]]") {
        let field = |name: &str| {
            block
                .lines()
                .find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(" = ")?.trim_matches('"').to_owned()))
        };
        if let (Some(name), Some(version), Some(checksum)) = (field("name"), field("version"), field("checksum")) {
            out.insert((name, version), checksum);
        }
    }
    Ok(out)
}

/// The texts of the files in a crate's folder that are licences or notices.
fn licence_texts(folder: &Path) -> Result<Vec<String>> {
    let mut files: Vec<_> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        path.is_file()
            && ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"].iter().any(|start| name.starts_with(start))
    });
    files.sort();
    files.iter().map(|path| fs::read_to_string(path).with_context(|| path.display().to_string())).collect()
}

/// Whether an SPDX expression can be met by the licences allowed, and those in `also`.
pub fn is_allowed(expression: &str, also: &[&str]) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    let all =
        |part: &str| part.split(" AND ").all(|licence| ALLOWED.iter().chain(also).any(|one| *one == licence.trim()));
    !expression.trim().is_empty() && expression.split(" OR ").any(all)
}

/// The notices that go with the module: every crate in it with its licence. The same text is given once.
pub fn notices() -> Result<String> {
    let mut out = String::from(
        "careconnect.wasm is made of careconnect itself and of the following, each under the licence given with it.\n",
    );
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in parts()?.iter().filter(|part| part.name != "careconnect") {
        writeln!(out, "\n{} {}: {}", part.name, part.version, part.licence)?;
        for text in &part.texts {
            by_text.entry(text.replace("\r\n", "\n").trim().to_owned()).or_default().push(part.name.clone());
        }
    }
    for (text, names) in by_text {
        writeln!(out, "\n{}\n{}\n\n{text}", "-".repeat(80), names.join(", "))?;
    }
    Ok(out)
}

/// A bill of materials in CycloneDX 1.6. It has no time and no serial number, so that the same release has the same one.
pub fn bill_of_materials() -> Result<String> {
    let parts = parts()?;
    let component = |part: &Part| {
        let mut component = json!({
            "type": "library",
            "bom-ref": format!("{}@{}", part.name, part.version),
            "name": part.name,
            "version": part.version,
            "licenses": [{ "expression": part.licence.replace('/', " OR ") }],
            "purl": format!("pkg:cargo/{}@{}", part.name, part.version),
        });
        if let Some(checksum) = &part.checksum {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
        }
        component
    };
    let (own, others): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|part| part.name == "careconnect");
    let own = own.first().context("the core")?;
    let dependencies: Vec<Value> = parts
        .iter()
        .map(|part| json!({ "ref": format!("{}@{}", part.name, part.version), "dependsOn": part.depends_on }))
        .collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": component(own) },
        "components": others.into_iter().map(component).collect::<Vec<_>>(),
        "dependencies": dependencies,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&bill)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_read_as_expressions() {
        for (expression, allowed) in [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0 OR MIT", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("GPL-3.0", false),
            ("MIT AND GPL-3.0", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(expression, &[]), allowed, "{expression}");
        }
    }

    #[test]
    fn every_part_is_listed_with_its_licence_and_checksum() {
        let bill: Value = serde_json::from_str(&bill_of_materials().unwrap()).unwrap();
        let names: Vec<&str> =
            bill["components"].as_array().unwrap().iter().map(|part| part["name"].as_str().unwrap()).collect();
        assert!(names.contains(&"quick-xml") && names.contains(&"wasm-bindgen"), "{names:?}");
        assert!(!names.contains(&"syn") && !names.contains(&"careconnect"), "{names:?}");
        for part in bill["components"].as_array().unwrap() {
            assert_eq!(part["hashes"][0]["content"].as_str().map(str::len), Some(64), "{part}");
            assert!(!part["licenses"][0]["expression"].as_str().unwrap().is_empty());
        }
        let notices = notices().unwrap();
        assert!(names.iter().all(|name| notices.contains(&format!("\n{name} "))));
    }
}
