//! What several tests share: the packs, and the corpus where it is on this machine.

#![allow(dead_code)]

pub mod release;

use careconnect::Careconnect;
use careconnect::definitions::Definitions;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folder of what is shared between sessions, if it is here.
pub fn shared() -> Option<PathBuf> {
    let asked = std::env::var_os("CARECONNECT_SHARED").map(PathBuf::from);
    let near = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join("shared"))
        .find(|folder| folder.join("corpus").is_dir());
    asked.or(near).filter(|folder| folder.is_dir())
}

/// Prints what a test counted, and holds it to tests/figures; CARECONNECT_BLESS=1 writes it anew.
pub fn figure(name: &str, text: &str) {
    println!("{name}: {text}");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/figures/{name}.txt"));
    let text = format!("{text}\n");
    if std::env::var_os("CARECONNECT_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        return std::fs::write(&file, text).expect("a writable figure");
    }
    assert_eq!(
        std::fs::read_to_string(&file).unwrap_or_default(),
        text,
        "{name}: CARECONNECT_BLESS=1 writes the figure"
    );
}

/// The resources of the display's own cases that are JSON, and the example of the repository, each with where it is from.
pub fn displayed() -> Vec<(String, serde_json::Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Vec::new();
    for file in files(&folder.join("tests/cases/render"), ".md") {
        let text = std::fs::read_to_string(&file).expect("a readable case");
        if let Some(start) = text.find("```json\n").map(|at| at + 8) {
            let end = start + text[start..].find("\n```").expect("a closed fence");
            // A property that is written twice is lost here, as it would be to any program that reads JSON.
            out.extend(serde_json::from_str(&text[start..end]).ok().map(|value| (file.display().to_string(), value)));
        }
    }
    let example = std::fs::read(folder.join("tests/resources/CareConnect-Patient-1.json")).expect("the example");
    out.push(("the example".to_owned(), serde_json::from_slice(&example).expect("JSON")));
    out
}

/// What a file in base64 says, for tests of what is shown of it: its bytes as text, however it is written.
pub fn file_text(base64: &str) -> Option<String> {
    let bytes = careconnect::primitive::base64_bytes(base64).filter(|bytes| bytes.len() > 8)?;
    Some(bytes.iter().map(|byte| char::from(*byte)).collect::<String>() + " " + &String::from_utf8_lossy(&bytes))
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

/// The names of STU3's packs, base FHIR first.
const PACKS: [&str; 10] =
    ["stu3", "careconnect", "gpconnect", "itk", "nrl", "events", "childhealth", "news2", "ers", "other"];

/// The core with these packs loaded. They are built by `cargo xtask packs`, which `cargo xtask test` runs first.
pub fn packs(names: &[&str]) -> Careconnect {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg/dist/packs");
    let read = |name: &&str| {
        let file = folder.join(format!("{name}.pack"));
        std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}; run cargo xtask packs", file.display()))
    };
    let packs: Vec<Vec<u8>> = names.iter().map(read).collect();
    let packs: Vec<&[u8]> = packs.iter().map(Vec::as_slice).collect();
    Careconnect::load(&packs).expect("packs of this version")
}

/// The core with every pack of STU3 and those of R4 loaded.
pub fn both_versions() -> Careconnect {
    packs(&[&PACKS[..], &["r4", "ukcore", "nhsengland-r4"]].concat())
}

/// The core with every pack of STU3 loaded.
pub fn all_packs() -> Careconnect {
    packs(&PACKS)
}

/// The core with the packs that are loaded by default.
pub fn default_packs() -> Careconnect {
    packs(&PACKS[..2])
}

/// The base types of STU3.
pub fn definitions() -> &'static Definitions {
    static CORE: OnceLock<Careconnect> = OnceLock::new();
    CORE.get_or_init(|| packs(&PACKS[..1])).definitions()
}

/// The resources of the repository: those of the cases, fenced in Markdown, and those in files; each with a name.
pub fn resources() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut out = Vec::new();
    for file in files(&root.join("cases"), ".md") {
        let text = std::fs::read_to_string(&file).expect("a readable case");
        let name = file.strip_prefix(&root).expect("in tests").display().to_string();
        for (at, part) in text.split("\n```").enumerate() {
            let Some((word, body)) = part.split_once('\n') else { continue };
            if word == "json" || word == "xml" {
                out.push((format!("{name}#{at}"), body.as_bytes().to_vec()));
            }
        }
    }
    for file in files(&root.join("resources"), ".json") {
        let name = file.strip_prefix(&root).expect("in tests").display().to_string();
        out.push((name, std::fs::read(&file).expect("a readable resource")));
    }
    out
}
