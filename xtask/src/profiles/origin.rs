//! ORIGIN.md of a family: what is known of where its definitions come from, and nothing more.

use super::Definition;
use super::package::Package;
use careconnect::version::Version;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The text of ORIGIN.md for the definitions of one package that are kept.
pub fn origin(package: &Package, kept: &[&Definition]) -> String {
    let mut out = format!("# Origin of `{}`\n\n", package.family());
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line("Made by `cargo xtask profiles`; facts only, as the definitions state them.\n".to_owned());
    line(format!("- Package: {} {}", package.name, package.version));
    if package.is_base() {
        line(format!(
            "- Publisher: Health Level Seven International ({})",
            match package.fhir_version {
                Version::Stu3 => "HL7 FHIR STU3, 3.0.1",
                Version::R4 => "HL7 FHIR R4, 4.0.1",
            }
        ));
    }
    match &package.licence {
        Some(licence) => line(format!("- Licence stated by the package: {licence}")),
        None => line("- Licence stated by the package: none".to_owned()),
    }
    let dates: Vec<&str> = kept.iter().map(|definition| definition.date.as_str()).filter(|d| !d.is_empty()).collect();
    if let (Some(first), Some(last)) = (dates.iter().min(), dates.iter().max()) {
        line(format!("- Dates of the definitions: {} to {}", day(first), day(last)));
    }
    line(String::new());
    let table = |out: &mut String, title: &str, rows: BTreeMap<String, usize>| {
        if rows.is_empty() {
            return;
        }
        let _ = write!(out, "| {title} | definitions |\n|---|---|\n");
        let mut rows: Vec<(String, usize)> = rows.into_iter().collect();
        rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        for (name, count) in rows {
            let _ = writeln!(out, "| {name} | {count} |");
        }
        out.push('\n');
    };
    let count = |of: &dyn Fn(&Definition) -> Option<String>| {
        let mut rows: BTreeMap<String, usize> = BTreeMap::new();
        for definition in kept {
            if let Some(name) = of(definition) {
                *rows.entry(name).or_default() += 1;
            }
        }
        rows
    };
    table(&mut out, "Publisher's repository", count(&|d| Some(d.repository.clone()).filter(|name| !name.is_empty())));
    if !package.is_base() {
        table(&mut out, "Publisher as stated", count(&|d| Some(d.publisher.clone())));
        table(&mut out, "Licence as the definition's copyright statement has it", count(&|d| Some(d.rights.clone())));
        out.push_str("The licences of the repositories themselves are not stated in the packages.\n");
    }
    out
}

fn day(date: &str) -> &str {
    date.get(..10).unwrap_or(date)
}

/// What a copyright statement says of a licence, and of content that is another's.
pub fn rights(copyright: &str) -> String {
    let mut said = Vec::new();
    if copyright.contains("Apache License, Version 2.0") {
        said.push("Apache License 2.0");
    }
    if copyright.contains("Open Government Licence") {
        said.push("Open Government Licence");
    }
    if copyright.contains("SNOMED") {
        said.push("contains SNOMED CT (licensed by SNOMED International)");
    }
    if copyright.contains("LOINC") {
        said.push("contains LOINC (licensed by Regenstrief Institute)");
    }
    match (copyright.trim().is_empty(), said.is_empty()) {
        (true, _) => "no copyright statement".to_owned(),
        (false, true) => "copyright stated, no licence".to_owned(),
        (false, false) => said.join("; "),
    }
}
