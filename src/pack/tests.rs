use crate::definitions::{Definitions, Found, Selection};
use crate::model::{
    Base, Binding, CodeSystem, Concept, ConceptSet, Constraint, ElementDefinition, Slicing, StructureDefinition,
    StructureKind, TypeRef, Value, ValueSet,
};
use crate::pack::{FORMAT, PackError};
use crate::plan::compile::compile;
use crate::plan::{Plan, Rule};
use crate::terminology::Member;
use crate::terminology::release;
use proptest::prelude::*;

fn element(path: &str, types: &[&str]) -> ElementDefinition {
    let allowed = |code: &&str| TypeRef { code: code.to_string(), ..TypeRef::default() };
    ElementDefinition {
        id: path.into(),
        path: path.into(),
        min: Some(0),
        max: Some("1".into()),
        types: types.iter().map(allowed).collect(),
        ..ElementDefinition::default()
    }
}

fn structure(url: &str, version: &str, is_constraint: bool) -> StructureDefinition {
    StructureDefinition {
        url: url.into(),
        version: version.into(),
        name: "Thing".into(),
        status: "active".into(),
        date: String::new(),
        kind: StructureKind::Resource,
        is_abstract: false,
        type_name: "Thing".into(),
        base_definition: Some("http://hl7.org/fhir/StructureDefinition/DomainResource".into()),
        is_constraint,
        context_type: is_constraint.then(|| "resource".to_owned()),
        contexts: vec!["Thing.part".into()],
        context_invariants: vec!["true".into()],
        differential: Vec::new(),
        snapshot: Vec::new(),
    }
}

/// A type, a profile of it that uses everything a plan can hold, a code system and a value set.
fn definitions() -> Definitions {
    let mut all = Definitions::new();
    let value = |type_name: &str, json: &str| Some(Value { type_name: type_name.into(), json: json.into() });
    let mut base = vec![element("Thing", &[]), element("Thing.part", &["BackboneElement"])];
    base.push(element("Thing.part.value[x]", &["string", "Quantity"]));
    base.push(ElementDefinition { content_reference: Some("#Thing.part".into()), ..element("Thing.part.part", &[]) });
    let plan =
        compile(&structure("http://hl7.org/fhir/StructureDefinition/Thing", "3.0.1", false), &base, all.names_mut());
    all.insert_plan(plan);
    let mut profile = base.clone();
    profile[1].max = Some("*".into());
    profile[1].base = Some(Base { path: "Thing.part".into(), min: 0, max: "*".into() });
    profile[1].slicing = Some(Slicing {
        discriminators: vec![("value".into(), "code".into()), ("exists".into(), "value".into())],
        ordered: Some(true),
        rules: "openAtEnd".into(),
    });
    profile[1].constraints = vec![Constraint {
        key: "thi-1".into(),
        severity: "warning".into(),
        expression: Some("value.exists()".into()),
        source: String::new(),
        human: None,
    }];
    let mut slice = profile[1].clone();
    slice.id = "Thing.part:one".into();
    slice.slice_name = Some("one".into());
    slice.slicing = None;
    profile.push(slice.clone());
    let mut inside = element("Thing.part.code", &["code"]);
    inside.id = "Thing.part:one.code".into();
    inside.fixed = value("code", "\"a\"");
    inside.max_length = Some(8);
    inside.binding = Some(Binding {
        strength: "required".into(),
        value_set: Some("urn:v".into()),
        max_value_set: Some("urn:w".into()),
    });
    inside.representation = vec!["xmlAttr".into()];
    (inside.is_modifier, inside.must_support, inside.is_summary) = (Some(true), Some(true), Some(true));
    profile.push(inside);
    slice.id = "unusual".into();
    slice.slice_name = Some("one/again".into());
    slice.types[0].profiles = vec!["urn:p".into()];
    slice.types[0].target_profiles = vec!["urn:t".into(), "urn:u".into()];
    slice.types[0].aggregation = vec!["contained".into()];
    profile.push(slice);
    let mut limits = element("Thing.part.size", &["decimal"]);
    limits.pattern = value("Coding", "{\"system\":\"urn:s\",\"neverSeenBefore\":[1.50,{\"deeper\":true}]}");
    limits.min_value = value("decimal", "0.10");
    limits.max_value = value("decimal", "1e3");
    profile.push(limits);
    let plan = compile(&structure("urn:p", "1", true), &profile, all.names_mut());
    all.insert_plan(plan);
    all.insert_terminology(
        &[CodeSystem {
            url: "urn:s".into(),
            content: "complete".into(),
            value_set: Some("urn:all".into()),
            concepts: (0..40u32)
                .map(|at| Concept {
                    code: format!("c{at}"),
                    display: format!("Code {at}"),
                    designations: vec![("cy".into(), format!("Cod {at}"))],
                    parents: at.checked_sub(1).into_iter().collect(),
                    properties: vec![("even".into(), (at % 2 == 0).to_string())],
                })
                .collect(),
            ..CodeSystem::default()
        }],
        &[ValueSet {
            url: "urn:v".into(),
            include: vec![
                ConceptSet { system: Some("urn:s".into()), ..ConceptSet::default() },
                ConceptSet {
                    system: Some("urn:other".into()),
                    filters: vec![("concept".into(), "is-a".into(), "x".into())],
                    ..ConceptSet::default()
                },
            ],
            exclude: vec![ConceptSet {
                system: Some("urn:s".into()),
                concepts: vec![("c7".into(), String::new())],
                ..ConceptSet::default()
            }],
            ..ValueSet::default()
        }],
    );
    all
}

fn pack() -> Vec<u8> {
    definitions().pack(&Selection {
        messages: &[],
        index: "",
        family: "test",
        dependencies: &["stu3"],
        plans: &["http://hl7.org/fhir/StructureDefinition/Thing", "urn:p|1"],
        code_systems: &["urn:s"],
        value_sets: &["urn:v"],
    })
}

/// A plan as text, with names for ids and the source for a sample's tree, so that plans of different tables compare.
fn text(definitions: &Definitions, plan: &Plan) -> String {
    let names = definitions.names();
    let mut out = format!("{} {:?} {:?} {:?}\n", plan.canonical(), plan.kind, plan.contexts, plan.context_invariants);
    for element in &plan.elements {
        let mut plain = element.clone();
        plain.rules.clear();
        plain.types.clear();
        plain.name = crate::name::NameId(0);
        out.push_str(&format!("{plain:?} {}\n", names.text(element.name)));
        for allowed in &element.types {
            let ids = (names.text(allowed.code_id), names.text(allowed.element_name));
            out.push_str(&format!(
                "  {ids:?} {:?} {:?} {:?}\n",
                allowed.profiles, allowed.targets, allowed.aggregation
            ));
        }
        for rule in &element.rules {
            out.push_str(&match rule {
                Rule::Fixed(sample) | Rule::Pattern(sample) | Rule::MinValue(sample) | Rule::MaxValue(sample) => {
                    format!("  {} {}\n", sample.type_name, sample.tree.source())
                }
                other => format!("  {other:?}\n"),
            });
        }
    }
    out
}

#[test]
fn what_is_written_comes_back() {
    let (before, bytes) = (definitions(), pack());
    let mut after = Definitions::new();
    // Names that are there already move the ids of those that come.
    std::sync::Arc::make_mut(after.names_mut()).intern("already");
    let info = after.load(bytes.as_slice()).unwrap();
    assert_eq!((info.family.as_str(), info.dependencies.as_slice()), ("test", &["stu3".to_owned()][..]));
    assert_eq!((info.plans, info.code_systems, info.value_sets), (2, 1, 1));
    for url in before.profile_urls() {
        let (old, new) = (before.plan(url).unwrap(), after.plan(url).unwrap());
        assert_eq!(text(&after, new), text(&before, old));
    }
    let Found::Exact(plan) = after.find("urn:p|1") else { panic!() };
    for rule in plan.elements.iter().flat_map(|element| &element.rules) {
        if let Rule::Fixed(sample) | Rule::Pattern(sample) = rule {
            let known = after.names().len() as u32;
            assert!(sample.tree.all().all(|node| sample.tree.name_id(node).0 < known), "a name of its own");
        }
    }
    assert!(matches!(after.find("urn:p|2"), Found::OtherVersion(_)));
    assert_eq!(&*after.base_named("Thing").unwrap().version, "3.0.1");
    let id = |name: &str| after.names().get(name).unwrap();
    assert_eq!(after.choice(id("valueQuantity")), Some((id("value"), id("Quantity"))));
    assert_eq!(after.choice(id("value")), None);
    for (code, expected) in [("c3", Member::In { display: Some("Code 3") }), ("c7", Member::Out), ("d", Member::Out)] {
        assert_eq!(after.member("urn:v", Some("urn:s"), code), expected, "{code}");
    }
    assert!(matches!(after.member("urn:v", Some("urn:other"), "x"), Member::Unknown(_)));
    assert!(matches!(after.member("urn:all", None, "c3"), Member::In { .. }));
    // The same again changes nothing, and what was packed makes the same pack.
    assert_eq!(after.load(bytes.as_slice()), Ok(info));
    assert_eq!(after.packs().len(), 1);
    assert_eq!(pack(), bytes);
    // A copy that grows leaves the first as it was.
    let mut more = after.clone();
    more.insert_value_set(ValueSet { url: "urn:new".into(), ..ValueSet::default() });
    assert!(more.has_value_set("urn:new") && !after.has_value_set("urn:new"));
}

#[test]
fn what_is_no_pack_is_refused() {
    let mut other = pack();
    other[8] = 9;
    let mut cut = pack();
    cut.truncate(cut.len() - 1);
    for (bytes, expected) in [
        (Vec::new(), PackError::NotAPack),
        (b"<!DOCTYPE html>".to_vec(), PackError::NotAPack),
        (other, PackError::OtherFormat(9)),
        (cut, PackError::Damaged),
        (pack()[..10].to_vec(), PackError::Damaged),
    ] {
        let mut definitions = Definitions::new();
        assert_eq!(definitions.load(bytes.as_slice()), Err(expected));
        assert_eq!(definitions.names().len(), 0);
    }
    assert!(PackError::OtherFormat(9).to_string().contains(&format!("reads format {FORMAT}")));
}

/// Loads bytes with a checksum that fits, and asks for everything that is in them.
fn use_all(bytes: Vec<u8>) {
    drop(use_definitions(bytes));
}

fn use_definitions(mut bytes: Vec<u8>) -> Option<Definitions> {
    if let Some(body) = bytes.get(20..) {
        let sum = super::checksum(body).to_le_bytes();
        bytes[12..20].copy_from_slice(&sum);
    }
    let mut definitions = Definitions::new();
    definitions.load(bytes.as_slice()).ok()?;
    let urls: Vec<String> = definitions.profile_urls().map(str::to_owned).collect();
    for url in urls {
        if let Some(plan) = definitions.plan(&url) {
            assert!(plan.elements.len() <= bytes.len());
        }
    }
    let terminology = definitions.terminology();
    let sets = terminology.value_set_urls().into_iter().chain(["urn:v", "urn:all"]);
    for set in sets {
        for code in ["c3", "c39", "", "zzz"] {
            definitions.member(set, None, code);
            definitions.member(set, Some("urn:s"), code);
        }
        terminology.is_undecidable(set);
    }
    for system in terminology.system_urls() {
        definitions.lookup(system, "c20");
    }
    let nested = ConceptSet {
        system: Some("urn:s".into()),
        filters: vec![("concept".into(), "is-a".into(), "c3".into())],
        value_sets: vec!["urn:v".into()],
        ..ConceptSet::default()
    };
    definitions.insert_value_set(ValueSet { url: "urn:n".into(), include: vec![nested], ..ValueSet::default() });
    Some(definitions)
}

/// A pack of a release: concepts with several parents, terms, a reference set, an inactive concept and its replacement.
fn release() -> Vec<u8> {
    let mut contents = release::Contents {
        system: release::SNOMED.into(),
        version: "20260401".into(),
        same_codes: vec![release::DMD.into()],
        is_complete: true,
        concepts: (0..70).map(|at| (404_684_003 + at * 1000, at != 40)).collect(),
        is_a: Some(
            (1..70)
                .flat_map(|at| [(at, at / 2), (at, at / 3)])
                .map(|(a, b)| (404_684_003 + a * 1000, 404_684_003 + b * 1000))
                .collect(),
        ),
        term_ends: (1..=70).map(|at| at * 6).collect(),
        terms: "fever ".repeat(70),
        others: (0..70).map(|at| (at, at * 7)).collect(),
        replaced: vec![release::Replacement {
            of: 404_724_003,
            association: release::Association::SameAs,
            by: 404_685_003,
        }],
        refsets: [(999_000_000_000_000_108, vec![404_684_003, 404_700_003])].into(),
    };
    super::write_release("snomed", &release::write(&mut contents).unwrap())
}

/// Asks for everything that a release has.
fn use_release(bytes: Vec<u8>) {
    let Some(definitions) = use_definitions(bytes) else { return };
    let terminology = definitions.terminology();
    for release in terminology.releases() {
        for at in (0..70).chain([u32::MAX]) {
            let Some(concept) = release.nth(at) else { continue };
            concept.is_inactive();
            concept.accepts("Fever");
            concept.replacements();
            release.is_member(999_000_000_000_000_108, concept.id);
            for other in [404_684_003, 404_690_003, 404_724_003] {
                let _ = release.find(other).is_some_and(|other| concept.is_a(&other));
            }
        }
    }
    definitions.lookup(release::SNOMED, "404684003");
    definitions.lookup(release::DMD, "404724003");
}

#[test]
fn a_damaged_release_never_panics() {
    let whole = release();
    let mut definitions = Definitions::new();
    assert_eq!(definitions.load(whole.as_slice()).map(|info| (info.releases, info.plans)), Ok((1, 0)));
    for at in 0..whole.len() {
        for change in [1u8, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            assert!(Definitions::new().load(bytes.as_slice()).is_err(), "byte {at} with {change}");
            use_release(bytes);
        }
        use_release(whole[..at].to_vec());
    }
}

/// Every byte, changed in several ways, and every cut: an error or less to find, never a panic.
#[test]
fn damage_never_panics() {
    let whole = pack();
    for at in 0..whole.len() {
        for change in [1u8, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            let mut definitions = Definitions::new();
            // As it arrives, any change is noticed.
            assert!(definitions.load(bytes.as_slice()).is_err(), "byte {at} with {change}");
            use_all(bytes);
        }
        use_all(whole[..at].to_vec());
    }
}

proptest! {
    #[test]
    fn random_damage_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut bytes = pack();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        use_all(bytes);
    }

    #[test]
    fn random_damage_of_a_release_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut bytes = release();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        use_release(bytes);
    }

    #[test]
    fn random_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = pack()[..20].to_vec();
        bytes.extend(body);
        use_all(bytes);
    }
}
