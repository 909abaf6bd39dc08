//! What is changed: the repository's own resources, cases, definitions and expressions.

use crate::{MESSAGE, OBSERVATION, PATIENT, RESPONSE, Target, root};
use std::fs;
use std::path::PathBuf;

/// The inputs to start from, the same in every run.
pub fn seeds(target: Target) -> Vec<Vec<u8>> {
    if target == Target::Packs {
        return packs();
    }
    let mut out: Vec<String> = match target {
        Target::Json => resources().into_iter().chain(fences("json")).collect(),
        Target::Xml => fences("xml"),
        Target::Fhirpath => expressions(),
        Target::Definitions => fences("definition").into_iter().chain(definitions()).collect(),
        Target::Release => releases(),
        Target::Sanitise => fences("xhtml").into_iter().chain(narratives()).collect(),
        Target::Packs => Vec::new(),
        Target::Validate | Target::Render | Target::Redact => {
            resources().into_iter().chain(fences("json")).chain(fences("xml")).collect()
        }
    };
    out.sort();
    out.dedup();
    assert!(!out.is_empty(), "there is nothing to start from");
    out.into_iter().map(String::into_bytes).collect()
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(root().join(folder)).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().ends_with(ending) {
            out.push(entry.path());
        }
    }
    out.sort();
    out
}

fn texts(folder: &str, ending: &str) -> impl Iterator<Item = String> {
    files(folder, ending).into_iter().filter_map(|file| fs::read_to_string(file).ok())
}

fn resources() -> Vec<String> {
    let own = [PATIENT, OBSERVATION, RESPONSE, MESSAGE].map(str::to_owned);
    texts("tests/resources", ".json").chain(own).collect()
}

/// The narratives of the repository's own resources.
fn narratives() -> Vec<String> {
    let values = resources().into_iter().chain(fences("json")).filter_map(|text| serde_json::from_str(&text).ok());
    let div = |value: &serde_json::Value| value.pointer("/text/div").and_then(|div| div.as_str()).map(str::to_owned);
    values.filter_map(|value| div(&value)).collect()
}

/// The smaller packs, and those of releases made up.
fn packs() -> Vec<Vec<u8>> {
    let small = ["nrl.pack", "news2.pack", "events.pack"].into_iter();
    let built = small.filter_map(|name| fs::read(root().join("pkg/dist/packs").join(name)).ok());
    let made = releases().into_iter().filter_map(|files| crate::release_pack(files.as_bytes()));
    let out: Vec<Vec<u8>> = built.chain(made).collect();
    assert!(!out.is_empty(), "there is nothing to start from");
    out
}

/// Releases made up, each the files of one with a form feed between them.
fn releases() -> Vec<String> {
    let start = "id\teffectiveTime\tactive\tmoduleId";
    let member = format!("{start}\trefsetId\treferencedComponentId");
    let files = [
        format!(
            "{start}\tdefinitionStatusId\r\n138875005\t20020131\t1\t1\t1\r\n404684003\t20020131\t1\t1\t1\r\n73211009\t20020131\t0\t1\t1\r\n"
        ),
        format!("{member}\tacceptabilityId\n1\t20020131\t1\t1\t900000000000508004\t7\t900000000000548007\n"),
        format!(
            "{start}\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n7\t20020131\t1\t1\t404684003\ten\t900000000000013009\tClinical finding\t1\n"
        ),
        format!(
            "{start}\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId\n9\t20020131\t1\t1\t404684003\t138875005\t0\t116680003\t1\t1\n"
        ),
        format!("{member}\n1\t20020131\t1\t1\t999000000000000108\t404684003\n"),
        format!("{member}\ttargetComponentId\n1\t20020131\t1\t1\t900000000000526001\t73211009\t404684003\n"),
    ];
    let dmd = "<?xml version=\"1.0\" encoding=\"utf-8\" ?><!-- a > b --><VIRTUAL_MED_PRODUCTS><VMPS><VMP><VPID>322236009</VPID>\
               <NM>Testamol &amp; salt <![CDATA[1]]></NM><INVALID>1</INVALID><VPIDPREV>322237000</VPIDPREV></VMP></VMPS></VIRTUAL_MED_PRODUCTS>";
    let lookup = "<LOOKUP><FORM><INFO><CD>385055001</CD><DESC>Tablet</DESC></INFO></FORM></LOOKUP>";
    let all: Vec<String> = vec![files.join("\u{c}"), format!("{dmd}\u{c}{lookup}")];
    all.into_iter().chain(files).chain([dmd.to_owned(), lookup.to_owned()]).collect()
}

/// The fences of a kind in the Markdown cases.
fn fences(kind: &str) -> Vec<String> {
    let mut out = Vec::new();
    let folders = ["tests/cases/check", "tests/cases/render", "tests/cases"];
    for text in folders.into_iter().flat_map(|folder| texts(folder, ".md")) {
        // Every other part is a fence.
        for fence in text.split("```").skip(1).step_by(2) {
            let (language, content) = fence.split_once('\n').unwrap_or((fence, ""));
            if language.trim() == kind {
                out.push(content.to_owned());
            }
        }
    }
    out
}

/// Some published profiles: those of a few resources, and with slices and extensions.
fn definitions() -> Vec<String> {
    const WANTED: [&str; 6] =
        ["Patient-1", "Observation-1", "List-1", "Practitioner-1", "HumanName", "Extension-CareConnect-A"];
    let wanted = |file: &PathBuf| WANTED.iter().any(|name| file.to_string_lossy().contains(name));
    let found = files("profiles/careconnect", ".json").into_iter().chain(files("profiles/other", ".json"));
    found
        .filter(|file| file.to_string_lossy().contains("StructureDefinition-"))
        .filter(wanted)
        .filter_map(|file| fs::read_to_string(file).ok())
        .filter(|text| text.len() < 20_000)
        .collect()
}

/// Expressions of the specification's invariants and of the language's tests.
fn expressions() -> Vec<String> {
    let mut out = Vec::new();
    for text in texts("profiles/stu3", ".json") {
        for rest in text.split("\"expression\": ").skip(1) {
            out.extend(serde_json::Deserializer::from_str(rest).into_iter::<String>().next().into_iter().flatten());
        }
    }
    for text in texts("tests", "fhirpath.rs") {
        let lines = text.lines().filter_map(|line| line.rsplit_once(" =>"));
        out.extend(lines.map(|(expression, _)| expression.trim().to_owned()));
    }
    out
}
