//! `cargo xtask packs`: compiles `profiles/` into one pack for each family, in `pkg/dist/packs`, and makes the index
//! `pkg/dist/index.txt`: which pack has a profile, extension, code system, value set or message, and which packs that needs.

use anyhow::{Context, Result, bail, ensure};
use careconnect::definitions::{Definitions, Index, IndexKind, Selection, split_canonical};
use careconnect::model::message::MessageDefinition;
use careconnect::model::snapshot::Generator;
use careconnect::model::{CodeSystem, ElementDefinition, StructureDefinition, ValueSet, read};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::plan::compile::compile;
use careconnect::version::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// A pack: its name, which is that of its folder in `profiles`, the release of FHIR and what it holds.
#[derive(Clone, Copy)]
pub struct Listed {
    /// The name.
    pub name: &'static str,
    /// The release.
    pub version: Version,
    /// What it holds.
    pub title: &'static str,
}

/// Every pack, base FHIR of each release before the others of it. Where two define the same URL, the one that is loaded last
/// is preferred.
pub fn listed() -> Vec<Listed> {
    let lines = include_str!("../../profiles/packs.tsv").lines().filter(|line| !line.starts_with('#'));
    let parts = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    let listed = parts.filter_map(|parts| {
        let [name, version, title] = parts[..] else { return None };
        Some(Listed { name, version: Version::of(version)?, title })
    });
    listed.collect()
}

/// The names of the packs of a release.
pub fn names(version: Version) -> Vec<&'static str> {
    listed().into_iter().filter(|pack| pack.version == version).map(|pack| pack.name).collect()
}

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
    let target = root.join("pkg/dist/packs");
    fs::create_dir_all(&target).with_context(|| target.display().to_string())?;
    let mut packs = Vec::new();
    for version in Version::ALL {
        build_of(version, &root, &target, &mut packs)?;
    }
    Ok(packs)
}

/// Lines of the index: a URL, what it names, its pack and the packs that it needs.
type Lines = Vec<(String, IndexKind, usize, Vec<usize>)>;

/// Makes the packs of one release.
fn build_of(version: Version, root: &Path, target: &Path, packs: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let names = names(version);
    let families = families(&root.join("profiles"), &names)?;
    let definitions = definitions(&families, version)?;
    let owners = owners(&families);
    let first = packs.len();
    let listed: Vec<(&str, Version)> = listed().iter().map(|pack| (pack.name, pack.version)).collect();
    let index = Index::write(&listed, &index(&families, &owners, version));
    // The one that every page fetches has STU3's packs; R4's comes with R4.
    if version == Version::Stu3 {
        fs::write(root.join("pkg/dist/index.txt"), &index)?;
    }
    for family in &families {
        let dependencies = dependencies(family, &owners);
        let dependencies: Vec<&str> = names.iter().copied().filter(|name| dependencies.contains(name)).collect();
        let plans: Vec<String> = family.structures.iter().map(|structure| canonical(structure)).collect();
        let bytes = definitions.pack(&Selection {
            family: family.name,
            dependencies: &dependencies,
            plans: &plans.iter().map(String::as_str).collect::<Vec<_>>(),
            code_systems: &family.systems.iter().map(|system| system.url.as_str()).collect::<Vec<_>>(),
            value_sets: &family.value_sets.iter().map(|set| set.url.as_str()).collect::<Vec<_>>(),
            messages: &family.messages,
            index: if family.name == "r4" { &index } else { "" },
        });
        let file = target.join(format!("{}.pack", family.name));
        fs::write(&file, &bytes).with_context(|| file.display().to_string())?;
        packs.push((family.name.to_owned(), bytes));
    }
    // What does not load again is not shipped.
    let mut again = Definitions::new();
    for (name, bytes) in &packs[first..] {
        again.load(bytes.as_slice()).with_context(|| format!("the pack {name}"))?;
    }
    let again = again.of(version);
    for url in definitions.profile_urls() {
        ensure!(again.plan(url).is_some(), "{url} does not come back from its pack");
    }
    Ok(())
}

fn canonical(structure: &StructureDefinition) -> String {
    format!("{}|{}", structure.url, structure.version)
}

/// Reads `profiles/`, each family's files in order.
fn families(profiles: &Path, wanted: &[&'static str]) -> Result<Vec<Family>> {
    let names = Arc::new(Names::default());
    let mut families = Vec::new();
    for name in wanted.iter().copied() {
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
fn definitions(families: &[Family], version: Version) -> Result<Definitions> {
    let structures = || families.iter().flat_map(|family| &family.structures);
    let mut by_url: BTreeMap<&str, &Arc<StructureDefinition>> = BTreeMap::new();
    for structure in structures() {
        by_url.insert(&structure.url, structure);
    }
    let resolve = |url: &str| by_url.get(split_canonical(url).0).map(|structure| Arc::clone(structure));
    let mut generator = Generator::new(&resolve);
    let mut definitions = Definitions::new().of(version);
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
    let structures = family.structures.iter().flat_map(|structure| {
        let extensions =
            structure.differential.iter().flat_map(|element| &element.types).flat_map(|kind| &kind.profiles);
        structure_needs(structure).into_iter().chain(extensions.map(String::as_str))
    });
    let urls = structures.chain(family.value_sets.iter().flat_map(value_set_needs));
    let owner = |url: &str| owners.get(split_canonical(url).0).copied().filter(|owner| *owner != family.name);
    urls.filter_map(owner).collect()
}

/// What a type or profile cannot be checked without. An extension that it allows is not among that: where a resource has it,
/// the resource names it.
fn structure_needs(structure: &StructureDefinition) -> Vec<&str> {
    let mut urls: Vec<&str> = structure.base_definition.as_deref().into_iter().collect();
    for element in &structure.differential {
        for allowed in &element.types {
            let profiles = allowed.profiles.iter().filter(|_| &*allowed.code != "Extension");
            urls.extend(profiles.chain(&allowed.target_profiles).map(String::as_str));
        }
        if let Some(binding) = &element.binding {
            urls.extend(binding.value_set.as_deref().into_iter().chain(binding.max_value_set.as_deref()));
        }
    }
    urls
}

/// What a value set is made of.
fn value_set_needs(set: &ValueSet) -> Vec<&str> {
    let parts = set.include.iter().chain(&set.exclude);
    parts.flat_map(|part| part.system.iter().chain(&part.value_sets)).map(String::as_str).collect()
}

/// The lines of the index: what there is, its pack, and the packs with what it needs, directly or by way of others.
fn index(families: &[Family], owners: &BTreeMap<&str, &'static str>, version: Version) -> Lines {
    let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for family in families {
        needs.extend(family.structures.iter().map(|structure| (&*structure.url, structure_needs(structure))));
        needs.extend(family.value_sets.iter().map(|set| (&*set.url, value_set_needs(set))));
    }
    let listed = listed();
    let number = |name: &str| listed.iter().position(|pack| pack.name == name).unwrap_or_default();
    let base = number(version.base_pack());
    let closure = |urls: &[&str]| {
        let mut waiting: Vec<&str> = urls.to_vec();
        let (mut seen, mut packs) = (BTreeSet::new(), BTreeSet::new());
        while let Some(url) = waiting.pop().map(|url| split_canonical(url).0) {
            if seen.insert(url) {
                packs.extend(owners.get(url).map(|owner| number(owner)));
                waiting.extend(needs.get(url).into_iter().flatten().copied());
            }
        }
        packs
    };
    // A code system may have the URL of a value set, and an event definitions in several packs.
    let mut lines: BTreeMap<String, (IndexKind, usize, BTreeSet<usize>)> = BTreeMap::new();
    let mut add = |name: &str, kind: IndexKind, owner: &str, packs: BTreeSet<usize>| {
        let line = lines.entry(name.to_owned()).or_insert((kind, number(owner), BTreeSet::new()));
        line.2.extend(packs);
        line.2.insert(number(owner));
    };
    for family in families {
        for structure in family.structures.iter().filter(|structure| owners[&*structure.url] == family.name) {
            add(&structure.url, IndexKind::Profile, family.name, closure(&[&*structure.url]));
        }
        for system in family.systems.iter().filter(|system| owners[&*system.url] == family.name) {
            add(&system.url, IndexKind::CodeSystem, family.name, BTreeSet::new());
        }
        for set in family.value_sets.iter().filter(|set| owners[&*set.url] == family.name) {
            add(&set.url, IndexKind::ValueSet, family.name, closure(&[&*set.url]));
        }
        for message in &family.messages {
            let profiles = message.focuses.iter().map(|focus| &focus.profile).chain(&message.assets);
            let packs = closure(&profiles.map(String::as_str).collect::<Vec<_>>());
            let event = format!("{}|{}", message.event_system, message.event_code);
            for name in [&message.url, &event].into_iter().filter(|name| !name.is_empty() && *name != "|") {
                add(name, IndexKind::Message, family.name, packs.clone());
            }
        }
    }
    // The base of all packs is there wherever there is one.
    let kept = lines.into_iter().filter(|(_, (.., packs))| !packs.iter().eq([&base]));
    kept.map(|(url, (kind, owner, packs))| (url, kind, owner, packs.into_iter().collect())).collect()
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
