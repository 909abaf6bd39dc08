//! The StructureDefinitions of the publishers' packages.

use careconnect::model::StructureDefinition;
use careconnect::model::read::structure_definition_with;
use careconnect::model::shape::Shapes;
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of material from outside, if it is there.
pub fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("CARECONNECT_SHARED").map(PathBuf::from);
    let path = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    path.join("definitions").is_dir().then_some(path)
}

/// Every StructureDefinition, by family and URL.
pub struct Library {
    definitions: BTreeMap<String, (String, Arc<StructureDefinition>)>,
}

impl Library {
    /// Reads every package of a folder; base FHIR comes first by its name.
    pub fn read(folder: &Path) -> Library {
        let names = Arc::new(Names::default());
        let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "tgz"));
        paths.sort();
        let mut shapes = Shapes::default();
        let mut definitions = BTreeMap::new();
        for path in paths {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let is_base = name.starts_with("hl7.");
            let family = if is_base { "stu3" } else { name.rsplit('.').next().unwrap() }.to_owned();
            let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(fs::File::open(path).unwrap()));
            for entry in archive.entries().unwrap() {
                let mut entry = entry.unwrap();
                if !entry.path().unwrap().to_string_lossy().starts_with("package/StructureDefinition-") {
                    continue;
                }
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                let tree = parse(&bytes, &names, Limits::default()).tree;
                let definition = structure_definition_with(&tree, &shapes).value;
                definitions.insert(definition.url.clone(), (family.clone(), Arc::new(definition)));
            }
            if is_base {
                shapes = Shapes::of(definitions.values().map(|(_, definition)| &**definition));
            }
        }
        Library { definitions }
    }

    /// The definition with this canonical URL.
    pub fn find(&self, url: &str) -> Option<Arc<StructureDefinition>> {
        self.definitions.get(url.split('|').next()?).map(|(_, definition)| definition.clone())
    }

    /// The definitions that have both a snapshot and a differential, with their family.
    pub fn published(&self) -> impl Iterator<Item = (&str, &StructureDefinition)> {
        let all = self.definitions.values().map(|(family, definition)| (family.as_str(), &**definition));
        all.filter(|(_, definition)| !definition.snapshot.is_empty() && !definition.differential.is_empty())
    }
}
