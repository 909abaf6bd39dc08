//! What several tests share: the base definitions and the corpus, where they are on this machine.

#![allow(dead_code)]

use careconnect::definitions::Definitions;
use careconnect::model::{StructureDefinition, read, snapshot::snapshot};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::plan::compile::compile;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The folder of what is shared between sessions, if it is here.
pub fn shared() -> Option<PathBuf> {
    let asked = std::env::var_os("CARECONNECT_SHARED").map(PathBuf::from);
    let near = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join("shared"))
        .find(|folder| folder.join("corpus").is_dir());
    asked.or(near).filter(|folder| folder.is_dir())
}

/// Every file with this ending under a folder, in order.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// The base types of STU3, from the unpacked hl7.fhir.core package that CARECONNECT_STU3 names. Without it no node has
/// a known type, and structure decides.
pub fn definitions() -> &'static Definitions {
    static DEFINITIONS: OnceLock<Definitions> = OnceLock::new();
    DEFINITIONS.get_or_init(|| {
        let mut definitions = Definitions::new();
        let Some(folder) = std::env::var_os("CARECONNECT_STU3").map(PathBuf::from) else { return definitions };
        let mut known: HashMap<String, Arc<StructureDefinition>> = HashMap::new();
        for file in files(&folder, ".json") {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !name.starts_with("StructureDefinition-") {
                continue;
            }
            let bytes = std::fs::read(&file).expect("a readable definition");
            let tree = parse(&bytes, &Arc::new(Names::default()), Limits::default()).tree;
            let definition = read::structure_definition(&tree).value;
            known.insert(definition.url.to_string(), Arc::new(definition));
        }
        let mut urls: Vec<&String> = known.keys().collect();
        urls.sort();
        for url in urls {
            let definition = &known[url];
            let is_type = url.rsplit('/').next() == Some(&*definition.type_name);
            if is_type {
                let elements = snapshot(definition, &|url| known.get(url).cloned()).elements;
                let plan = compile(definition, &elements, definitions.names_mut());
                definitions.insert_plan(plan);
            }
        }
        definitions
    })
}
