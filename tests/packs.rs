//! The definitions of STU3 in `profiles/` as they ship: compiled, packed, loaded again, and asked.

use careconnect::definitions::{Definitions, Selection};
use careconnect::model::message::MessageDefinition;
use careconnect::model::snapshot::Generator;
use careconnect::model::{CodeSystem, StructureDefinition, ValueSet, read, split_canonical};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::plan::compile::compile;
use careconnect::terminology::Member;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

#[derive(Default)]
struct Read {
    structures: Vec<Arc<StructureDefinition>>,
    systems: Vec<CodeSystem>,
    value_sets: Vec<ValueSet>,
    messages: Vec<MessageDefinition>,
}

/// All families in one pack, and the time that it took to make.
static PACK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let read = profiles();
    let by_url: BTreeMap<&str, &Arc<StructureDefinition>> =
        read.structures.iter().map(|structure| (&*structure.url, structure)).collect();
    let resolve = |url: &str| by_url.get(split_canonical(url).0).map(|structure| Arc::clone(structure));
    let mut generator = Generator::new(&resolve);
    let mut definitions = Definitions::new();
    for structure in &read.structures {
        let elements = generator.snapshot(structure).elements;
        let plan = compile(structure, &elements, definitions.names_mut());
        definitions.insert_plan(plan);
    }
    definitions.insert_terminology(&read.systems, &read.value_sets);
    definitions.pack(&Selection {
        messages: &read.messages,
        index: "",
        family: "all",
        dependencies: &[],
        plans: &definitions.profile_urls().collect::<Vec<_>>(),
        code_systems: &definitions.terminology().system_urls(),
        value_sets: &definitions.terminology().value_set_urls(),
    })
});

fn profiles() -> Read {
    let names = Arc::new(Names::default());
    let mut out = Read::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let listed = fs::read_to_string(folder.join("packs.tsv")).unwrap();
    let of_stu3 = listed.lines().filter_map(|line| line.split_once("\t3.0\t")).map(|(family, _)| folder.join(family));
    let mut files: Vec<PathBuf> = of_stu3
        .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    for file in files {
        let tree = parse(&fs::read(&file).unwrap(), &names, Limits::default()).tree;
        match tree.resource_type(tree.root()).unwrap() {
            "StructureDefinition" => out.structures.push(Arc::new(read::structure_definition(&tree).value)),
            "CodeSystem" => out.systems.push(read::code_system(&tree).value),
            "ValueSet" => out.value_sets.push(read::value_set(&tree).value),
            "MessageDefinition" => out.messages.push(MessageDefinition::read(&tree, tree.root())),
            other => panic!("{}: {other}", file.display()),
        }
    }
    assert!(out.structures.len() > 1000, "profiles/ is not there");
    out
}

fn loaded() -> Definitions {
    let mut definitions = Definitions::new();
    definitions.load(PACK.as_slice()).unwrap();
    definitions
}

#[test]
fn every_plan_comes_back() {
    println!("{} bytes", PACK.len());
    let started = Instant::now();
    let definitions = loaded();
    let loaded = started.elapsed();
    let started = Instant::now();
    definitions.base_named("Patient").unwrap();
    let first = started.elapsed();
    let started = Instant::now();
    let mut elements = 0;
    for url in definitions.profile_urls() {
        let plan = definitions.plan(url).unwrap_or_else(|| panic!("{url} does not come back"));
        elements += plan.elements.len();
        let known = definitions.names().len() as u32;
        assert!(plan.elements.iter().all(|element| element.name.0 < known), "{url}");
    }
    println!("load {loaded:?}, first plan {first:?}, all plans ({elements} elements) {:?}", started.elapsed());
}

#[test]
fn plans_of_known_profiles() {
    let definitions = loaded();
    let patient = definitions.plan("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1").unwrap();
    let find = |id: &str| patient.elements.iter().find(|element| &*element.id == id);
    let slices: Vec<&str> = find("Patient.identifier")
        .and_then(|identifier| identifier.slicing.as_ref())
        .map(|slicing| slicing.slices.iter().filter_map(|at| patient.elements[*at as usize].slice_name.as_deref()))
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(slices, ["nhsNumber"]);
    let names = definitions.names();
    let id = |name: &str| names.get(name).unwrap();
    assert_eq!(definitions.choice(id("valueQuantity")), Some((id("value"), id("Quantity"))));
    assert_eq!(definitions.choice(id("deceasedDateTime")), Some((id("deceased"), id("dateTime"))));
    let observation = definitions.base_named("Observation").unwrap();
    let value = observation.elements.iter().find(|element| &*element.id == "Observation.value[x]").unwrap();
    assert!(value.is_choice && !value.repeats && value.types.len() == 11);
    let questionnaire = definitions.base_named("Questionnaire").unwrap();
    let inner = questionnaire.elements.iter().find(|element| &*element.id == "Questionnaire.item.item").unwrap();
    assert!(questionnaire.children(inner).len() > 10);
}

#[test]
fn known_codes() {
    let definitions = loaded();
    let gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
    let gender_system = "http://hl7.org/fhir/administrative-gender";
    for (value_set, system, code, expected) in [
        (gender, None, "male", "in Male"),
        (gender, Some(gender_system), "female", "in Female"),
        (gender, Some(gender_system), "Male", "out"),
        (gender, Some("urn:other"), "male", "out"),
        ("http://hl7.org/fhir/ValueSet/condition-code", Some("http://snomed.info/sct"), "73211009", "unknown"),
        ("http://hl7.org/fhir/ValueSet/nowhere", None, "x", "unknown"),
        (
            "http://hl7.org/fhir/ValueSet/v3-ActEncounterCode",
            Some("http://hl7.org/fhir/v3/ActCode"),
            "AMB",
            "in ambulatory",
        ),
        ("http://hl7.org/fhir/ValueSet/v3-ActEncounterCode", Some("http://hl7.org/fhir/v3/ActCode"), "NOK", "out"),
    ] {
        let found = match definitions.member(value_set, system, code) {
            Member::In { display } => format!("in {}", display.unwrap_or("-")),
            Member::Out => "out".to_owned(),
            Member::Unknown(_) => "unknown".to_owned(),
        };
        assert_eq!(found, expected, "{value_set} {system:?} {code}");
    }
}

/// The lists of packs in the crate, the package and its types are those of `profiles/packs.tsv`, which a page and a compiler
/// cannot read.
#[test]
fn the_list_of_packs_is_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let (script, types, crate_) = (text("pkg/packs.js"), text("pkg/careconnect.d.ts"), text("src/packs.rs"));
    let listed = text("profiles/packs.tsv");
    let mut at = [0; 3];
    for line in listed.lines().filter(|line| !line.starts_with('#')) {
        let [name, version, title] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("three columns: {line}") };
        let places = [
            script.find(&format!("[\"{name}\", () => new URL(\"./dist/packs/{name}.pack\"")),
            types.find(&format!("  | \"{name}\"")),
            crate_.find(&format!(" \"{name}\" \"{title}\"")),
        ];
        let places = places.map(|place| place.unwrap_or_else(|| panic!("{name} is not in all lists")));
        assert!(at.iter().zip(&places).all(|(before, place)| before < place), "{name} is in another place");
        at = places;
        let is_of_r4 =
            script.lines().any(|line| line.starts_with("const OF_R4") && line.contains(&format!("\"{name}\"")));
        assert_eq!(is_of_r4, version == "4.0", "{name}");
    }
}

/// Names that are a choice in one type and an element of its own in another: there the plan decides, not the table.
#[test]
fn names_that_are_not_always_a_choice() {
    let definitions = loaded();
    let mut both = BTreeSet::new();
    for plan in definitions.profile_urls().filter_map(|url| definitions.plan(url)).filter(|plan| !plan.is_constraint) {
        let own =
            plan.elements.iter().filter(|element| !element.is_choice && definitions.choice(element.name).is_some());
        both.extend(own.map(|element| definitions.names().text(element.name)));
    }
    println!("{both:?}");
    assert!(both.contains("effectivePeriod") && both.len() < 10);
}

/// The value sets that cannot be decided are those that draw on systems which nobody lists.
#[test]
fn undecidable_value_sets() {
    let shared = std::env::var_os("CARECONNECT_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let Ok(expected) = fs::read_to_string(shared.join("expected/undecidable-value-sets.txt")) else {
        println!("left out: the shared expectations are not here");
        return;
    };
    let definitions = loaded();
    let terminology = definitions.terminology();
    let expected: BTreeSet<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let found: BTreeSet<&str> =
        terminology.value_set_urls().into_iter().filter(|url| terminology.is_undecidable(url) == Some(true)).collect();
    let absent: Vec<&&str> = expected.iter().filter(|url| terminology.is_undecidable(url).is_none()).collect();
    let decided: Vec<&&str> = expected.iter().filter(|url| terminology.is_undecidable(url) == Some(false)).collect();
    let more: Vec<&&str> = found.difference(&expected).collect();
    println!("{} found, {} expected", found.len(), expected.len());
    println!("not loaded: {absent:#?}\nwe decide: {decided:#?}\nwe cannot: {more:#?}");
    // Published as an expansion alone, which lists every code; and units, by their grammar and symbols.
    let mut listed = ["142321000036106", "543912000512987", "645839213000345"]
        .map(|id| format!("http://its.patientsfirst.org.nz/ValueSet/sct/fhir_sct_vs_{id}"))
        .to_vec();
    listed.insert(0, "http://hl7.org/fhir/ValueSet/ucum-units".to_owned());
    assert_eq!(decided.into_iter().copied().collect::<Vec<&str>>(), listed);
    assert!(more.is_empty());
}
