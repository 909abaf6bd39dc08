//! `cargo xtask profiles SOURCE…`: definitions from FHIR packages into `profiles/`, facts only.

mod origin;
mod package;
mod patches;
mod reach;

use anyhow::{Context, Result, bail, ensure};
use careconnect::model::message::MessageDefinition;
use careconnect::model::shape::Shapes;
use careconnect::model::{CodeSystem, StructureDefinition, ValueSet, read, write};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::tree::Tree;
use careconnect::version::Version;
use package::Package;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file above this size makes a difference in git hard to read.
const LARGE: usize = 1_000_000;

/// A definition as facts, with what ORIGIN.md says of it.
pub struct Definition {
    file: String,
    facts: Facts,
    publisher: String,
    rights: String,
    repository: String,
    date: String,
}

enum Facts {
    Structure(Box<StructureDefinition>),
    CodeSystem(CodeSystem),
    ValueSet(ValueSet),
    Message(MessageDefinition),
}

impl Facts {
    fn url(&self) -> &str {
        match self {
            Facts::Structure(definition) => &definition.url,
            Facts::CodeSystem(system) => &system.url,
            Facts::ValueSet(set) => &set.url,
            Facts::Message(definition) => &definition.url,
        }
    }

    fn json(&self) -> String {
        match self {
            Facts::Structure(definition) => write::structure_definition(definition),
            Facts::CodeSystem(system) => write::code_system(system),
            Facts::ValueSet(set) => write::value_set(set),
            Facts::Message(definition) => write::message_definition(definition),
        }
    }
}

/// Imports packages, those of each release of FHIR by themselves. The release's base FHIR must be one of them, as XML cannot be read without the shapes of its types.
pub fn run(arguments: &[String]) -> Result<()> {
    ensure!(!arguments.is_empty(), "say which packages: cargo xtask profiles PACKAGE.tgz… (or a folder of them)");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../profiles");
    let mut packages = Vec::new();
    for path in sources(arguments)? {
        packages.push(Package::read(&path)?);
    }
    for version in Version::ALL {
        let (of_it, others) = packages.into_iter().partition(|package: &Package| package.fhir_version == version);
        packages = others;
        import(of_it, version, &target)?;
    }
    Ok(())
}

/// The files of a package, by name.
pub fn package(path: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    Ok(Package::read(path)?.files)
}

/// Imports the packages of one release.
fn import(mut packages: Vec<Package>, version: Version, target: &Path) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = |name: &str| match version {
        Version::Stu3 => target.join(format!("{name}.tsv")),
        Version::R4 => target.join(format!("{name}-r4.tsv")),
    };
    packages.sort_by_key(|package| (!package.is_base(), package.name.clone()));
    ensure!(
        packages.first().is_some_and(Package::is_base),
        "one of the packages must be base FHIR: hl7.fhir.core or hl7.fhir.r4.core"
    );
    let names = Arc::new(Names::default());
    let mut shapes = Shapes::default();
    let mut families: Vec<Vec<Definition>> = Vec::new();
    for package in &packages {
        let definitions = definitions(package, &names, &shapes)?;
        if package.is_base() {
            let structures = definitions.iter().filter_map(|definition| match &definition.facts {
                Facts::Structure(structure) => Some(&**structure),
                _ => None,
            });
            shapes = Shapes::of(structures);
        }
        families.push(definitions);
    }
    let patches = patches::Patches::read(&list("patches"))?;
    let mut patched = 0;
    for definition in families.iter_mut().flatten() {
        if let Facts::Structure(structure) = &mut definition.facts {
            // Only what the definition states itself is kept; the snapshot is that where there is nothing else.
            if structure.differential.is_empty() {
                structure.differential = std::mem::take(&mut structure.snapshot);
                for element in &mut structure.differential {
                    element.base = None;
                }
            }
            structure.snapshot = Vec::new();
            patched += patches.apply(structure)?;
        }
        if let Facts::ValueSet(value_set) = &mut definition.facts {
            patched += patches.apply_to_value_set(value_set)?;
        }
    }
    ensure!(patched == patches.len(), "{} of the patches fit no definition", patches.len() - patched);
    let reached = reach::reach(families.iter().flatten().map(|definition| &definition.facts), |facts| {
        // Everything that the NHS published is kept; of base FHIR's terminology, what something uses.
        let is_nhs = families.iter().skip(1).flatten().any(|definition| std::ptr::eq(&definition.facts, facts));
        // Units of doses are often written in this system, though no binding leads to it.
        is_nhs
            || [
                "http://hl7.org/fhir/v3/orderableDrugForm",
                "http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm",
            ]
            .contains(&facts.url())
    });
    let mut total = 0;
    for (package, definitions) in packages.iter().zip(&families) {
        let folder = target.join(package.family());
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let is_kept = |definition: &&Definition| {
            matches!(definition.facts, Facts::Structure(_) | Facts::Message(_))
                || reached.kept.contains(definition.facts.url())
        };
        let kept: Vec<&Definition> = definitions.iter().filter(is_kept).collect();
        let mut size = 0;
        for definition in &kept {
            let text = definition.facts.json();
            if text.len() > LARGE {
                println!("  large: {} {} bytes", definition.file, text.len());
            }
            size += text.len();
            fs::write(folder.join(&definition.file), text)?;
        }
        fs::write(folder.join("ORIGIN.md"), origin::origin(package, &kept))?;
        println!("{:12} {:5} definitions {:10} bytes", package.family(), kept.len(), size);
        total += size;
    }
    fs::write(list("missing"), missing(&reached.missing))?;
    println!("{:12} {total} bytes; {} targets are published nowhere", "all", reached.missing.len());
    Ok(())
}

/// The packages: each argument, or the packages in a folder of them.
fn sources(arguments: &[String]) -> Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for argument in arguments {
        let path = PathBuf::from(argument);
        let mut packages = Vec::new();
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                let entry = entry?.path();
                let is_package = entry.join("package").is_dir() || entry.extension().is_some_and(|name| name == "tgz");
                packages.extend(is_package.then_some(entry));
            }
        } else if !path.exists() {
            bail!("there is no file or folder {argument}");
        }
        if packages.is_empty() { sources.push(path) } else { sources.extend(packages) }
    }
    Ok(sources)
}

fn definitions(package: &Package, names: &Arc<Names>, shapes: &Shapes) -> Result<Vec<Definition>> {
    let mut definitions: Vec<Definition> = Vec::new();
    let mut seen: BTreeSet<(&'static str, String)> = BTreeSet::new();
    for (file, bytes) in &package.files {
        let tree = parse(bytes, names, Limits::default()).tree;
        let root = tree.root();
        let kind = match tree.resource_type(root) {
            Some("StructureDefinition") => "StructureDefinition",
            Some("CodeSystem") => "CodeSystem",
            Some("ValueSet") => "ValueSet",
            // Those of base FHIR are examples.
            Some("MessageDefinition") if !package.is_base() => "MessageDefinition",
            Some(_) => continue,
            None => bail!("{}: {file} is not a FHIR resource", package.name),
        };
        // Base FHIR's package has examples of value sets among the definitions.
        if tree.child_text(root, "url").is_none_or(|url| url.trim().is_empty()) {
            continue;
        }
        let facts = facts(&tree, kind, shapes);
        if !seen.insert((kind, facts.url().to_owned())) {
            continue;
        }
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let name = stem.split_once('-').map_or(stem, |(_, name)| name);
        let origin = package.origins.get(file).cloned().unwrap_or_default();
        let text = |name: &str| tree.child_text(root, name).unwrap_or_default().trim().to_owned();
        let date = text("date");
        let rights = origin::rights(&text("copyright"));
        if package.wants_licence() && !rights.contains("Apache") {
            continue;
        }
        definitions.push(Definition {
            file: format!("{kind}-{name}.json"),
            facts,
            publisher: Some(text("publisher")).filter(|name| !name.is_empty()).unwrap_or("not stated".to_owned()),
            rights,
            repository: origin.repository,
            date: if date.is_empty() { origin.date } else { date },
        });
    }
    // A name can be there as JSON and as XML, for two canonical URLs.
    let mut names = BTreeSet::new();
    for definition in &mut definitions {
        let stem = definition.file.trim_end_matches(".json").to_owned();
        let mut number = 1;
        while !names.insert(definition.file.clone()) {
            number += 1;
            definition.file = format!("{stem}~{number}.json");
        }
    }
    Ok(definitions)
}

fn facts(tree: &Tree, kind: &str, shapes: &Shapes) -> Facts {
    match kind {
        "StructureDefinition" => Facts::Structure(Box::new(read::structure_definition_with(tree, shapes).value)),
        "CodeSystem" => Facts::CodeSystem(read::code_system(tree).value),
        "MessageDefinition" => Facts::Message(MessageDefinition::read(tree, tree.root())),
        _ => Facts::ValueSet(read::value_set(tree).value),
    }
}

fn missing(targets: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut out = "# What definitions refer to and nobody publishes. Made by `cargo xtask profiles`.\n".to_owned();
    out.push_str("target\treferenced by\n");
    for (target, by) in targets {
        let by: Vec<&str> = by.iter().map(String::as_str).collect();
        out.push_str(&format!("{target}\t{}\n", by.join(" ")));
    }
    out
}

/// Reads a text file that need not be there.
fn read_if_there(path: &Path) -> Result<String> {
    if !path.exists() {
        return Ok(String::new());
    }
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
