//! `cargo xtask attested`: how well contradictions between a document's text and its coded entries are found. Into each
//! published document that is at hand, changes of each kind are planted, one at a time; what is found besides in the
//! documents as they are is compared with what a person read in them (tests/attested_judged.tsv).

use crate::{corpus, run};
use anyhow::{Context, Result};
use careconnect::contradictions::{self, Finding, Rank};
use careconnect::links::Links;
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::primitive::MONTHS;
use careconnect::tree::{Kind, NodeId, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::sync::Arc;

const USAGE: &str = "cargo xtask attested [--bless] [--missed] [--findings] [--seen RULE]";
/// What is printed last, as it was when it was committed.
const SNAPSHOT: &str = "tests/attested.txt";
/// What a person read in the documents as they were published.
const JUDGED: &str = "tests/attested_judged.tsv";

/// A published document.
struct Document {
    name: String,
    source: Vec<u8>,
}

/// A change of the text or of the code: what is replaced by what, within one node.
struct Plant {
    kind: &'static str,
    node: NodeId,
    from: String,
    to: String,
}

pub fn run(arguments: &[String]) -> Result<()> {
    let (mut bless, mut missed, mut findings, mut seen) = (false, false, false, None);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bless" => bless = true,
            "--missed" => missed = true,
            "--findings" => findings = true,
            "--seen" => seen = Some(arguments.next().context(USAGE)?.as_str()),
            _ => anyhow::bail!("'{argument}' is not understood: {USAGE}"),
        }
    }
    if corpus::shared().is_err() {
        println!("the published documents are not on this machine (../shared), so there is nothing to plant in");
        return Ok(());
    }
    if let Some(rule) = seen {
        return sample(rule);
    }
    let documents = documents()?;
    let judged = judged()?;
    let mut out = String::new();
    let (mut all, mut right, mut wrong, mut unread) = (0, 0, 0, 0);
    let mut unknown = String::new();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for document in &documents {
        let tree = read(&document.source);
        let before: Vec<Finding> = attested(&tree);
        for finding in &before {
            all += 1;
            let key = (document.name.clone(), finding.rule().code().to_owned(), finding.words());
            match judged.get(&key) {
                Some(true) => right += 1,
                Some(false) => wrong += 1,
                None => {
                    unread += 1;
                    writeln!(unknown, "{}\t{}\t{}", key.0, key.1, key.2)?;
                }
            }
            if findings {
                println!("{}\t{}\t{}", document.name, finding.rule().code(), finding.words());
            }
        }
        let known: BTreeSet<(String, String)> = before.iter().map(key).collect();
        for plant in plants(&tree) {
            let Some(changed) = planted(&tree, &document.source, &plant) else { continue };
            let after = attested(&read(&changed));
            let found = after.iter().any(|finding| !known.contains(&key(finding)));
            let count = counts.entry(plant.kind).or_default();
            count.0 += 1;
            count.1 += usize::from(found);
            if !found && missed {
                println!("missed {} in {}: “{}” became “{}”", plant.kind, document.name, plant.from, plant.to);
            }
        }
    }
    writeln!(out, "kind\tplanted\tfound")?;
    let (mut planted, mut found) = (0, 0);
    for (kind, (of, had)) in &counts {
        writeln!(out, "{kind}\t{of}\t{had}")?;
        planted += of;
        found += had;
    }
    writeln!(out, "all\t{planted}\t{found}\t{} %", found * 100 / planted.max(1))?;
    writeln!(
        out,
        "\n{} documents as they were published: {all} findings; {right} read and true, {wrong} read and false, {unread} not read: {}.{:02} false for each",
        documents.len(),
        wrong * 100 / documents.len().max(1) / 100,
        wrong * 100 / documents.len().max(1) % 100,
    )?;
    if !unknown.is_empty() {
        println!("Not read:\n{unknown}");
    }
    println!("{out}");
    let path = run::root().join(SNAPSHOT);
    if bless {
        fs::write(path, out)?;
    } else {
        let recorded = fs::read_to_string(path).unwrap_or_default();
        anyhow::ensure!(recorded == out, "the figures differ from {SNAPSHOT}: look at what changed, then --bless");
    }
    Ok(())
}

/// Where a rule finds what in all of the corpus, to be read.
fn sample(rule: &str) -> Result<()> {
    let folder = corpus::shared()?.join("corpus/nhs");
    let mut files = corpus::files(&folder, ".json")?;
    files.extend(corpus::files(&folder, ".xml")?);
    let mut counts: BTreeMap<&str, (usize, BTreeSet<String>)> = BTreeMap::new();
    for file in files {
        let name = file.strip_prefix(&folder).unwrap_or(&file).display().to_string();
        let tree = read(&fs::read(&file)?);
        for finding in contradictions::find(&tree, &Links::new(&tree), &|_| false) {
            let count = counts.entry(finding.rule().code()).or_default();
            count.0 += 1;
            count.1.insert(name.clone());
            if rule == "all" || finding.rule().code() == rule {
                let rank = match finding.rank {
                    Rank::Alert => "alert",
                    Rank::Note => "note",
                    Rank::Info => "info",
                };
                println!("{name}\t{rank}\t{}\t{}", finding.rule().code(), finding.words());
            }
        }
    }
    for (rule, (findings, files)) in counts {
        println!("{rule}\t{findings} findings\t{} files", files.len());
    }
    Ok(())
}

fn read(source: &[u8]) -> Tree {
    parse(source, &Arc::new(Names::default()), Limits::default()).tree
}

fn attested(tree: &Tree) -> Vec<Finding> {
    let mut found = contradictions::find(tree, &Links::new(tree), &|_| false);
    found.retain(|finding| finding.rule().code().starts_with("attested-"));
    found
}

fn key(finding: &Finding) -> (String, String) {
    (finding.rule().code().to_owned(), finding.words())
}

/// What a person said of each finding: path, rule, words, `true` or `false`.
fn judged() -> Result<BTreeMap<(String, String, String), bool>> {
    let text = fs::read_to_string(run::root().join(JUDGED)).unwrap_or_default();
    let mut out = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        if let [verdict, path, rule, words, ..] = fields[..] {
            out.insert((path.to_owned(), rule.to_owned(), words.to_owned()), verdict == "true");
        }
    }
    Ok(out)
}

/// Every file of the corpus with a Composition that has both text and entries, each content once.
fn documents() -> Result<Vec<Document>> {
    let folder = corpus::shared()?.join("corpus/nhs");
    let mut files = corpus::files(&folder, ".json")?;
    files.extend(corpus::files(&folder, ".xml")?);
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for file in files {
        let source = fs::read(&file)?;
        let tree = read(&source);
        let sections = tree.all().filter(|node| tree.name(*node) == "section");
        let is_one = |section: NodeId| tree.child(section, "text").is_some() && tree.child(section, "entry").is_some();
        if sections.into_iter().any(is_one) && seen.insert(source.clone()) {
            out.push(Document { name: file.strip_prefix(&folder).unwrap_or(&file).display().to_string(), source });
        }
    }
    Ok(out)
}

/// The changes that a document takes.
fn plants(tree: &Tree) -> Vec<Plant> {
    let mut out = Vec::new();
    let coded = coded(tree);
    for section in tree.all().filter(|node| tree.name(*node) == "section") {
        let Some(div) = tree.child(section, "text").and_then(|text| tree.child(text, "div")) else { continue };
        if tree.child(section, "entry").is_none() {
            continue;
        }
        let Some(text) = tree.text(div) else { continue };
        let items = entries(tree, section, &coded);
        for item in items {
            item_plants(tree, item, div, text, &coded, &mut out);
        }
    }
    out
}

type Coded<'t> = BTreeMap<&'t str, NodeId>;

/// The resources by what references call them.
fn coded(tree: &Tree) -> Coded<'_> {
    let mut out = BTreeMap::new();
    for node in tree.all().filter(|node| tree.resource_type(*node).is_some()) {
        if let Some(url) = tree.parent(node).and_then(|entry| tree.child_text(entry, "fullUrl")) {
            out.entry(url).or_insert(node);
        }
    }
    out
}

fn linked(tree: &Tree, node: NodeId, coded: &Coded<'_>) -> Option<NodeId> {
    coded.get(tree.child_text(node, "reference")?).copied()
}

fn entries(tree: &Tree, section: NodeId, coded: &Coded<'_>) -> Vec<NodeId> {
    let mut out = Vec::new();
    for entry in tree.named(section, "entry") {
        let Some(resource) = linked(tree, entry, coded) else { continue };
        if tree.resource_type(resource) == Some("List") {
            let items =
                tree.named(resource, "entry").filter_map(|entry| linked(tree, tree.child(entry, "item")?, coded));
            out.extend(items);
        } else {
            out.push(resource);
        }
    }
    out
}

/// The display or text of a concept.
fn said(tree: &Tree, concept: NodeId) -> Option<NodeId> {
    let display = tree.named(concept, "coding").find_map(|coding| tree.child(coding, "display"));
    display.or_else(|| tree.child(concept, "text"))
}

/// Changes of what one entry says, where the section's text says it too.
fn item_plants(tree: &Tree, item: NodeId, div: NodeId, text: &str, coded: &Coded<'_>, out: &mut Vec<Plant>) {
    let kind = tree.resource_type(item).unwrap_or_default();
    let mut plant = |kind: &'static str, from: &str, to: &str| {
        let at = text.to_lowercase().find(&from.to_lowercase());
        let Some(from) = at.and_then(|at| text.get(at..at + from.len())) else { return };
        if from != to && !from.is_empty() {
            out.push(Plant { kind, node: div, from: from.to_owned(), to: to.to_owned() });
        }
    };
    let value = |node: NodeId, name: &str| tree.child_text(node, name).unwrap_or_default().to_owned();
    let words = |node: NodeId, name: &str| {
        tree.child(node, name)
            .and_then(|concept| said(tree, concept))
            .and_then(|node| tree.text(node))
            .unwrap_or_default()
            .to_owned()
    };
    let escape = |text: &str| text.replace('&', "&amp;");
    match kind {
        "MedicationStatement" | "MedicationRequest" | "MedicationDispense" => {
            let medication =
                tree.child(item, "medicationReference").and_then(|reference| linked(tree, reference, coded));
            let name = match medication {
                Some(medication) => words(medication, "code"),
                None => words(item, "medicationCodeableConcept"),
            };
            let plain = escape(name.split(" (").next().unwrap_or_default());
            if let Some(first) = plain.split(' ').next().filter(|first| first.len() > 4) {
                plant("medicine renamed", &plain, &plain.replacen(first, "Warfarin", 1));
            }
            if let Some(tenfold) = tenfold(&plain) {
                plant("strength tenfold", &plain, &tenfold);
            }
            if plain.contains("mg ") {
                plant("strength unit", &plain, &plain.replacen("mg ", "microgram ", 1));
            }
            for dosage in tree.named(item, "dosage").chain(tree.named(item, "dosageInstruction")) {
                let dose = escape(&value(dosage, "text"));
                let dose = dose.trim_end_matches('.');
                for (kind, from, to) in [
                    ("frequency", "once a day", "twice a day"),
                    ("frequency", "tablet daily", "tablet twice daily"),
                    ("frequency", "tablets daily", "tablets twice daily"),
                    ("frequency", "4 times a day", "2 times a day"),
                    ("frequency", "4 times a day", "4 times a week"),
                    ("dose number", "one ", "two "),
                    ("dose number", "two ", "three "),
                    ("dose number", "2 ", "20 "),
                    ("dose number", "3 x", "5 x"),
                    ("dose number", "100mls", "10mls"),
                    ("numbers swapped", "2 drops, 4 times", "4 drops, 2 times"),
                    ("dose as required", "once a day", "once a day as required"),
                ] {
                    let lower = dose.to_lowercase();
                    if let Some(at) = lower.find(from)
                        && let Some(changed) = dose.get(..at).zip(dose.get(at + from.len()..))
                    {
                        plant(kind, dose, &format!("{}{to}{}", changed.0, changed.1));
                    }
                }
            }
            for (from, to) in
                [("Continued", "Stopped"), ("Added", "Stopped"), ("Amended", "Continued"), ("Stopped", "Continued")]
            {
                plant("status", &format!("<td>{from}</td>"), &format!("<td>{to}</td>"));
            }
            if let Some(quantity) = tree.child(item, "quantity") {
                let number = value(quantity, "value");
                plant("quantity", &format!(">{number} "), &format!(">{number}4 "));
            }
        }
        "AllergyIntolerance" => {
            let name = escape(&words(item, "code"));
            if name.to_lowercase().contains("no known") {
                plant("allergy named, none coded", &name, "Penicillin");
            } else {
                plant("allergen renamed", name.trim_end_matches('-'), "Shellfish");
                plant("no allergy, one coded", name.trim_end_matches('-'), "No known allergies");
            }
            for reaction in tree.named(item, "reaction") {
                plant("reaction", &escape(&words(reaction, "manifestation")), "Bronchospasm");
                for (from, to) in [("mild", "Severe"), ("moderate", "Mild"), ("severe", "Mild")] {
                    if value(reaction, "severity") == from {
                        plant("severity", &format!("{from}</td>"), &format!("{to}</td>"));
                    }
                }
            }
            plant("certainty", "<td>Certain</td>", "<td>Unlikely</td>");
            dated(&value(item, "assertedDate"), &mut plant);
        }
        "Condition" | "Procedure" => {
            let name = escape(&words(item, "code"));
            let first = name.split(' ').next().unwrap_or_default().to_owned();
            let planted = if kind == "Condition" { "diagnosis renamed" } else { "procedure renamed" };
            plant(planted, &name, &name.replacen(&first, if name == first { "Migraine" } else { "Partial" }, 1));
            plant(
                if kind == "Condition" { "diagnosis negated" } else { "procedure negated" },
                &name,
                &format!("No evidence of {name}"),
            );
            let site = escape(&words(item, "bodySite"));
            for (from, to) in [("Left", "Right"), ("Right", "Left"), ("left", "right"), ("right", "left")] {
                if site.contains(from) {
                    plant("side", &site, &site.replacen(from, to, 1));
                }
            }
            dated(&value(item, "performedDateTime"), &mut plant);
        }
        "Immunization" => {
            let name = escape(&words(item, "vaccineCode"));
            if let Some(first) = name.split(' ').next().filter(|first| first.len() > 3) {
                plant("vaccine renamed", first, "Vaxigrip");
            }
            let lot = value(item, "lotNumber");
            plant("lot", &lot, "ZZ9999");
            let site = words(item, "site").to_lowercase();
            for (from, to) in [("left", "right"), ("right", "left")] {
                if site.contains(from) {
                    for phrase in [format!("upper {from} arm"), format!("{from} upper arm"), format!("{from} deltoid")]
                    {
                        plant("side", &phrase, &phrase.replacen(from, to, 1));
                    }
                }
            }
            plant("not given", "not given", "given");
            plant("given", "Administration of first dose", "First dose not given:");
            dated(&value(item, "date"), &mut plant);
        }
        "Patient" => {
            for identifier in tree.named(item, "identifier") {
                let number = value(identifier, "value").replace(' ', "");
                if number.len() == 10 {
                    let swapped: String =
                        [0, 1, 2, 4, 3, 5, 6, 7, 8, 9].iter().filter_map(|at| number.chars().nth(*at)).collect();
                    plant("NHS number", &number, &swapped);
                }
            }
            dated(&value(item, "birthDate"), &mut plant);
            for (from, to) in [("Male", "Female"), ("Female", "Male")] {
                plant("gender", &format!(">{from}<"), &format!(">{to}<"));
            }
            for name in tree.named(item, "name").take(1) {
                let family = value(name, "family");
                plant("family name", &format!("Family Name: {family}"), "Family Name: Otherwise");
                plant("given name", &format!("Given Name: {}", value(name, "given")), "Given Name: Otherwise");
            }
            for address in tree.named(item, "address").take(1) {
                plant("postcode", &value(address, "postalCode"), "ZZ99 3WZ");
            }
        }
        "Encounter" => {
            if let Some(period) = tree.child(item, "period") {
                dated(&value(period, "start"), &mut plant);
                dated(&value(period, "end"), &mut plant);
            }
            if let Some(stay) = tree.child(item, "hospitalization") {
                plant("source of admission", &escape(&words(stay, "admitSource")), "Prison");
                plant("discharge destination", &escape(&words(stay, "dischargeDisposition")), "Hospice");
            }
            plant("reason for admission", &escape(&words(item, "reason")), "Hernia");
        }
        _ => {}
    }
}

/// A name with ten times the number that stands before its unit.
fn tenfold(name: &str) -> Option<String> {
    let at = ["mg", "microgram", " mg"].iter().filter_map(|unit| name.find(unit)).min()?;
    let (before, rest) = name.split_at_checked(at)?;
    let start = before.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |at| at + 1);
    let (name, number) = before.split_at_checked(start)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let moved = match part.split_at_checked(1) {
        None => format!("{whole}0"),
        Some((first, "")) => format!("{whole}{first}"),
        Some((first, more)) => format!("{whole}{first}.{more}"),
    };
    (!number.is_empty()).then(|| format!("{name}{moved}{rest}"))
}

/// Another day, another year and another time in the ways in which a date is written.
fn dated(value: &str, plant: &mut impl FnMut(&'static str, &str, &str)) {
    let part = |range: std::ops::Range<usize>| value.get(range).and_then(|digits| digits.parse::<usize>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0..4), part(5..7), part(8..10)) else { return };
    let Some(name) = MONTHS.get(month.wrapping_sub(1)) else { return };
    let short = name.get(..3).unwrap_or(name);
    let other = if day > 15 { day - 10 } else { day + 10 };
    let forms = |day: usize, year: usize| {
        [
            format!("{day:02}-{short}-{year}"),
            format!("{day}-{short}-{year}"),
            format!("{day:02} {name} {year}"),
            format!("{day} {name} {year}"),
            format!("{day:02} {short} {year}"),
        ]
    };
    for (from, to) in forms(day, year).iter().zip(forms(other, year)) {
        plant("day", from, &to);
    }
    for (from, to) in forms(day, year).iter().zip(forms(day, year - 9)) {
        plant("year", from, &to);
    }
    if let Some(time) = value.get(11..16) {
        for from in forms(day, year) {
            let with = format!("{from} {time}");
            let later = if time.starts_with("18") { "05:45" } else { "18:45" };
            plant("time", &with, &format!("{from} {later}"));
        }
    }
}

/// The document with a change in it.
fn planted(tree: &Tree, source: &[u8], plant: &Plant) -> Option<Vec<u8>> {
    let text = tree.text(plant.node)?;
    let changed = text.replacen(&plant.from, &plant.to, 1);
    if changed == text {
        return None;
    }
    let span = tree.span(plant.node);
    let written = match tree.kind(plant.node) {
        Kind::Xhtml | Kind::Xml => changed,
        _ => serde_json::to_string(&changed).ok()?,
    };
    // In XML the text is a slice of the source by itself.
    let (start, end) = match tree.kind(plant.node) {
        Kind::Xhtml => {
            let whole = std::str::from_utf8(source).ok()?;
            let start = span.start as usize + whole.get(span.start as usize..)?.find(text)?;
            (start, start + text.len())
        }
        _ => (span.start as usize, span.end as usize),
    };
    let mut out = source.get(..start)?.to_vec();
    out.extend(written.as_bytes());
    out.extend(source.get(end..)?);
    Some(out)
}
