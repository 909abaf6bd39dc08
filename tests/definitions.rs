//! What holds for every file in `profiles/`.

use careconnect::model::message::MessageDefinition;
use careconnect::model::{read, write};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn files() -> Vec<PathBuf> {
    let profiles = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let families = fs::read_dir(profiles).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut files: Vec<PathBuf> =
        families.flat_map(|family| fs::read_dir(family).unwrap().map(|entry| entry.unwrap().path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(files.len() > 2_500);
    files
}

/// Words are the project's own: what a publisher wrote to be read stays out, and so does whom to ask.
const PROSE: [&str; 16] = [
    "text",
    "description",
    "definition",
    "comment",
    "requirements",
    "mapping",
    "short",
    "publisher",
    "contact",
    "copyright",
    "purpose",
    "human",
    "label",
    "alias",
    "meaningWhenMissing",
    "example",
];

#[test]
fn definitions_are_facts_and_are_written_as_they_are_read() {
    let names = Arc::new(Names::default());
    for path in files() {
        let text = fs::read_to_string(&path).unwrap();
        let file = path.display();
        assert!(text.len() < 1_000_000, "{file} is too large to review");
        let parsed = parse(text.as_bytes(), &names, Limits::default());
        assert!(parsed.faults.is_empty(), "{file}: {:?}", parsed.faults);
        let tree = &parsed.tree;
        for node in tree.all() {
            // A fixed value is FHIR data, with names of its own: CodeableConcept.text.
            let mut around = std::iter::successors(tree.parent(node), |node| tree.parent(*node));
            let in_value =
                around.any(|node| tree.name(node).starts_with("fixed") || tree.name(node).starts_with("pattern"));
            assert!(in_value || !PROSE.contains(&tree.name(node)), "{file} has prose: {}", tree.name(node));
        }
        let written = match tree.resource_type(tree.root()) {
            Some("StructureDefinition") => write::structure_definition(&read::structure_definition(tree).value),
            Some("CodeSystem") => write::code_system(&read::code_system(tree).value),
            Some("ValueSet") => write::value_set(&read::value_set(tree).value),
            Some("MessageDefinition") => write::message_definition(&MessageDefinition::read(tree, tree.root())),
            other => panic!("{file} is a {other:?}"),
        };
        assert!(written == text, "{file} is not as `cargo xtask profiles` writes it");
    }
}
