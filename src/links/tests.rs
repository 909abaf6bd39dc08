use super::*;
use crate::name::Names;
use crate::parse::{self, Limits, Parsed};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

fn read(resource: &Value) -> Parsed {
    parse::parse(resource.to_string().as_bytes(), &Arc::new(Names::default()), Limits::default())
}

/// The node at a JSON pointer.
fn at(tree: &Tree, pointer: &str) -> NodeId {
    tree.all().find(|node| tree.pointer(*node) == pointer).unwrap_or_else(|| panic!("no {pointer}"))
}

/// Where each reference leads, by the pointers of both, with the rule; `?` after an ambiguous one.
fn links(resource: &Value) -> Vec<String> {
    let parsed = read(resource);
    let tree = &parsed.tree;
    let links = Links::new(tree);
    let words = |link: &Link| {
        let to = match link.found {
            Found::One(node, by) => format!("{} {by:?}", tree.pointer(node)),
            Found::Several(node, by) => format!("{} {by:?}?", tree.pointer(node)),
            other => format!("{other:?}"),
        };
        format!("{} -> {to}", tree.pointer(link.from))
    };
    links.all().iter().map(words).collect()
}

fn patient(id: &str) -> Value {
    json!({ "resourceType": "Patient", "id": id })
}

fn about(reference: &str) -> Value {
    json!({ "resourceType": "Flag", "id": "f", "subject": { "reference": reference } })
}

#[test]
fn a_contained_resource_is_found_by_its_id_in_the_outermost_container() {
    let resource = json!({
        "resourceType": "Flag",
        "contained": [
            { "resourceType": "Practitioner", "id": "a", "extension": [{ "valueReference": { "reference": "#b" } }] },
            { "resourceType": "Organization", "id": "b", "partOf": { "reference": "#" } },
            { "resourceType": "Organization", "id": "b" }
        ],
        "author": { "reference": "#a" },
        "subject": { "reference": "#c" }
    });
    assert_eq!(
        links(&resource),
        [
            "/contained/0/extension/0/valueReference -> /contained/1 Strict?",
            "/contained/1/partOf ->  Strict",
            "/author -> /contained/0 Strict",
            "/subject -> Nothing",
        ]
    );
}

#[test]
fn an_entry_is_found_by_its_full_url_or_by_what_a_relative_reference_makes_of_the_entrys_own() {
    let entry = |url: &str, resource: Value| json!({ "fullUrl": url, "resource": resource });
    let bundle = json!({ "resourceType": "Bundle", "entry": [
        entry("urn:uuid:1", about("Patient/2")),
        entry("https://server/Flag/f", about("Patient/2")),
        entry("https://server/Flag/f", about("https://server/Patient/2/_history/3")),
        entry("https://server/Patient/2", patient("2")),
        entry("https://elsewhere/Patient/3", patient("3")),
        entry("https://server/Flag/f", about("Patient/3")),
        entry("https://server/Flag/f", about("https://other/Patient/3?x=y")),
        entry("https://server/Flag/f", about("https://other/Patient/4")),
    ] });
    assert_eq!(
        links(&bundle),
        [
            "/entry/0/resource/subject -> /entry/3/resource Id",
            "/entry/1/resource/subject -> /entry/3/resource Strict",
            "/entry/2/resource/subject -> /entry/3/resource Strict",
            "/entry/5/resource/subject -> /entry/4/resource Id",
            "/entry/6/resource/subject -> /entry/4/resource Tail",
            "/entry/7/resource/subject -> Outside",
        ]
    );
}

#[test]
fn of_two_that_are_called_alike_the_same_bundle_has_it_and_then_nobody_knows() {
    let inner = json!({ "resourceType": "Bundle", "entry": [
        { "fullUrl": "urn:uuid:p", "resource": patient("1") },
        { "resource": about("urn:uuid:p") }, { "resource": about("Patient/1") }
    ] });
    let bundle = json!({ "resourceType": "Bundle", "entry": [
        { "fullUrl": "urn:uuid:p", "resource": patient("1") },
        { "resource": inner },
        { "resource": about("urn:uuid:p") },
        { "resource": patient("2") }, { "resource": patient("2") }, { "resource": about("Patient/2") }
    ] });
    assert_eq!(
        links(&bundle),
        [
            "/entry/1/resource/entry/1/resource/subject -> /entry/1/resource/entry/0/resource Strict",
            "/entry/1/resource/entry/2/resource/subject -> /entry/1/resource/entry/0/resource Id",
            "/entry/2/resource/subject -> /entry/0/resource Strict",
            "/entry/5/resource/subject -> /entry/3/resource Id?",
        ]
    );
}

#[test]
fn a_version_tells_two_that_are_called_alike_apart() {
    let version = |version: &str| {
        let resource = json!({ "resourceType": "Patient", "id": "1", "meta": { "versionId": version } });
        json!({ "fullUrl": "https://server/Patient/1", "resource": resource })
    };
    let asks = |reference: &str| json!({ "resource": about(reference) });
    let bundle = json!({ "resourceType": "Bundle", "entry": [
        version("1"), version("2"), asks("https://server/Patient/1/_history/2"), asks("https://server/Patient/1")
    ] });
    assert_eq!(
        links(&bundle),
        [
            "/entry/2/resource/subject -> /entry/1/resource Strict",
            "/entry/3/resource/subject -> /entry/0/resource Strict?",
        ]
    );
}

#[test]
fn who_refers_to_a_resource_is_known() {
    let bundle = json!({ "resourceType": "Bundle", "entry": [
        { "resource": patient("1") }, { "resource": about("Patient/1") }, { "resource": about("/Patient/1") }
    ] });
    let parsed = read(&bundle);
    let links = Links::new(&parsed.tree);
    let from: Vec<_> = links.to(at(&parsed.tree, "/entry/0/resource")).map(|link| link.from).collect();
    let subject = |entry: u8| at(&parsed.tree, &format!("/entry/{entry}/resource/subject"));
    assert_eq!(from, [subject(1), subject(2)]);
    assert_eq!(links.of(subject(1)).and_then(|link| link.found.certain()), Some(at(&parsed.tree, "/entry/0/resource")));
    assert_eq!(links.inside(at(&parsed.tree, "/entry/2")).len(), 1);
    assert!(links.is_within(subject(2), at(&parsed.tree, "/entry/2")));
    assert!(!links.is_within(subject(2), at(&parsed.tree, "/entry/1")));
}

proptest! {
    /// The index agrees with looking through everything, over random Bundles.
    #[test]
    fn look_ups_find_what_a_search_finds(
        entries in prop::collection::vec((0u8..4, 0u8..4, 0u8..4, 0u8..3), 1..12),
    ) {
        let reference = |to: u8, form: u8| match form {
            0 => format!("Patient/{to}"),
            1 => format!("urn:uuid:{to}"),
            _ => format!("#{to}"),
        };
        let entry = |(url, id, to, form): &(u8, u8, u8, u8)| {
            let link = json!([{ "other": { "reference": reference(*to, *form) }, "type": "seealso" }]);
            let inner = [json!({ "resourceType": "Practitioner", "id": id.to_string() })];
            json!({ "fullUrl": format!("urn:uuid:{url}"), "resource": {
                "resourceType": "Patient", "id": id.to_string(), "contained": inner, "link": link
            } })
        };
        let bundle = json!({ "resourceType": "Bundle", "entry": entries.iter().map(entry).collect::<Vec<_>>() });
        let parsed = read(&bundle);
        let tree = &parsed.tree;
        let links = Links::new(tree);
        prop_assert_eq!(links.all().len(), entries.len());
        for (at_entry, (link, (.., to, form))) in links.all().iter().zip(&entries).enumerate() {
            let all: Vec<usize> = entries.iter().enumerate().filter(|(at, (url, id, ..))| match form {
                0 => id == to,
                1 => url == to,
                _ => *at == at_entry && id == to,
            }).map(|(at, _)| at).collect();
            let pointer = all.first().map(|first| match form {
                2 => format!("/entry/{first}/resource/contained/0"),
                _ => format!("/entry/{first}/resource"),
            });
            prop_assert_eq!(link.found.node(), pointer.map(|pointer| at(tree, &pointer)));
            prop_assert_eq!(matches!(link.found, Found::Several(..)), all.len() > 1);
        }
        for node in tree.all() {
            for other in tree.all() {
                prop_assert_eq!(links.is_within(node, other), tree.is_within(node, other));
            }
        }
    }
}
