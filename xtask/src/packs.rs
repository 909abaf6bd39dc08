//! `cargo xtask packs`: compiles `profiles/` into one pack for each family, in `pkg/dist/packs`, and makes the index
//! `pkg/dist/profiles.json`: of each pack the packs that it builds on, and the URLs of its types, profiles and extensions.

use anyhow::{Context, Result, bail, ensure};
use careconnect::definitions::{Definitions, Selection, split_canonical};
use careconnect::model::message::MessageDefinition;
use careconnect::model::snapshot::Generator;
use careconnect::model::{CodeSystem, ElementDefinition, StructureDefinition, ValueSet, read};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::plan::compile::compile;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Every family, base FHIR first. Where two define the same URL, the one that is loaded last is preferred.
pub const FAMILIES: [&str; 10] =
    ["stu3", "careconnect", "gpconnect", "itk", "nrl", "events", "childhealth", "news2", "ers", "other"];

/// The definitions of a family.
#[derive(Default)]
struct Family {
    name: &'static str,
    structures: Vec<Arc<StructureDefinition>>,
    systems: Vec<CodeSystem>,
    value_sets: Vec<ValueSet>,
    messages: Vec<MessageDefinition>,
}

/// Makes the packs and prints their sizes.
pub fn run(_: &[String]) -> Result<()> {
    let sizes = build()?;
    println!("{:16} {:>9} {:>9} {:>9}", "pack", "raw", "gzip", "brotli");
    let mut total = [0; 3];
    for (name, bytes) in &sizes {
        let sizes = [bytes.len(), gzip(bytes)?, brotli(bytes)?];
        total.iter_mut().zip(sizes).for_each(|(total, size)| *total += size);
        println!("{name:16} {:9} {:9} {:9}", sizes[0], sizes[1], sizes[2]);
    }
    println!("{:16} {:9} {:9} {:9}", "all", total[0], total[1], total[2]);
    Ok(())
}

/// Makes the packs: the name and bytes of each, as they were written.
pub fn build() -> Result<Vec<(String, Vec<u8>)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let families = families(&root.join("profiles"))?;
    let definitions = definitions(&families)?;
    let owners = owners(&families);
    let target = root.join("pkg/dist/packs");
    fs::create_dir_all(&target).with_context(|| target.display().to_string())?;
    let mut packs = Vec::new();
    let mut index = Map::new();
    for family in &families {
        let dependencies = dependencies(family, &owners);
        let dependencies: Vec<&str> = FAMILIES.into_iter().filter(|name| dependencies.contains(name)).collect();
        let plans: Vec<String> = family.structures.iter().map(|structure| canonical(structure)).collect();
        let owned = family.structures.iter().map(|structure| &*structure.url).filter(|url| owners[url] == family.name);
        let urls: BTreeSet<&str> = owned.collect();
        index.insert(family.name.to_owned(), json!({ "dependencies": dependencies, "profiles": urls }));
        let bytes = definitions.pack(&Selection {
            family: family.name,
            dependencies: &dependencies,
            plans: &plans.iter().map(String::as_str).collect::<Vec<_>>(),
            code_systems: &family.systems.iter().map(|system| system.url.as_str()).collect::<Vec<_>>(),
            value_sets: &family.value_sets.iter().map(|set| set.url.as_str()).collect::<Vec<_>>(),
            messages: &family.messages,
        });
        let file = target.join(format!("{}.pack", family.name));
        fs::write(&file, &bytes).with_context(|| file.display().to_string())?;
        packs.push((family.name.to_owned(), bytes));
    }
    fs::write(root.join("pkg/dist/profiles.json"), Value::Object(index).to_string())?;
    // What does not load again is not shipped.
    let mut again = Definitions::new();
    for (name, bytes) in &packs {
        again.load(bytes.as_slice()).with_context(|| format!("the pack {name}"))?;
    }
    for url in definitions.profile_urls() {
        ensure!(again.plan(url).is_some(), "{url} does not come back from its pack");
    }
    Ok(packs)
}

fn canonical(structure: &StructureDefinition) -> String {
    format!("{}|{}", structure.url, structure.version)
}

/// Reads `profiles/`, each family's files in order.
fn families(profiles: &Path) -> Result<Vec<Family>> {
    let names = Arc::new(Names::default());
    let mut families = Vec::new();
    for name in FAMILIES {
        let folder = profiles.join(name);
        let mut family = Family { name, ..Family::default() };
        let entries =
            fs::read_dir(&folder).with_context(|| format!("{}: run cargo xtask profiles", folder.display()))?;
        let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        for file in files {
            let tree = parse(&fs::read(&file)?, &names, Limits::default()).tree;
            match tree.resource_type(tree.root()) {
                Some("StructureDefinition") => {
                    family.structures.push(Arc::new(read::structure_definition(&tree).value));
                }
                Some("CodeSystem") => family.systems.push(read::code_system(&tree).value),
                Some("ValueSet") => family.value_sets.push(read::value_set(&tree).value),
                Some("MessageDefinition") => family.messages.push(MessageDefinition::read(&tree, tree.root())),
                other => bail!("{}: not a definition: {other:?}", file.display()),
            }
        }
        families.push(family);
    }
    Ok(families)
}

/// Everything compiled: snapshots made, value sets worked out against the systems of all families.
fn definitions(families: &[Family]) -> Result<Definitions> {
    let structures = || families.iter().flat_map(|family| &family.structures);
    let mut by_url: BTreeMap<&str, &Arc<StructureDefinition>> = BTreeMap::new();
    for structure in structures() {
        by_url.insert(&structure.url, structure);
    }
    let resolve = |url: &str| by_url.get(split_canonical(url).0).map(|structure| Arc::clone(structure));
    let mut generator = Generator::new(&resolve);
    let mut definitions = Definitions::new();
    for structure in structures() {
        let elements: Vec<ElementDefinition> = generator.snapshot(structure).elements;
        let plan = compile(structure, &elements, definitions.names_mut());
        definitions.insert_plan(plan);
    }
    let systems: Vec<CodeSystem> = families.iter().flat_map(|family| &family.systems).cloned().collect();
    let value_sets: Vec<ValueSet> = families.iter().flat_map(|family| &family.value_sets).cloned().collect();
    definitions.insert_terminology(&systems, &value_sets);
    Ok(definitions)
}

/// The family of each URL.
fn owners(families: &[Family]) -> BTreeMap<&str, &'static str> {
    let mut owners = BTreeMap::new();
    for family in families {
        let structures = family.structures.iter().map(|structure| &structure.url);
        let systems = family.systems.iter().map(|system| &system.url);
        let value_sets = family.value_sets.iter().map(|set| &set.url);
        for url in structures.chain(systems).chain(value_sets) {
            owners.insert(url.as_str(), family.name);
        }
    }
    owners
}

/// The other families that a family's definitions refer to.
fn dependencies(family: &Family, owners: &BTreeMap<&str, &'static str>) -> BTreeSet<&'static str> {
    let mut urls: Vec<&str> = Vec::new();
    for structure in &family.structures {
        urls.extend(structure.base_definition.as_deref());
        for element in &structure.differential {
            for allowed in &element.types {
                urls.extend(allowed.profiles.iter().chain(&allowed.target_profiles).map(String::as_str));
            }
            urls.extend(element.binding.iter().filter_map(|binding| binding.value_set.as_deref()));
        }
    }
    for part in family.value_sets.iter().flat_map(|set| set.include.iter().chain(&set.exclude)) {
        urls.extend(part.system.as_deref());
        urls.extend(part.value_sets.iter().map(String::as_str));
    }
    let owner = |url: &&str| owners.get(split_canonical(url).0).copied().filter(|owner| *owner != family.name);
    urls.iter().filter_map(owner).collect()
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters)?;
    Ok(out.len())
}
