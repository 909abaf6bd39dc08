//! FHIR packages: a `.tgz`, or a directory of the same files.

use anyhow::{Context, Result};
use careconnect::version::Version;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

/// A FHIR package.
pub struct Package {
    /// `uk.nhs.stu3.careconnect`.
    pub name: String,
    /// `2024.10`; empty if the package has no manifest.
    pub version: String,
    /// The release of FHIR that the manifest states; STU3 where it states none.
    pub fhir_version: Version,
    /// The licence that the manifest states.
    pub licence: Option<String>,
    /// The files by name, `StructureDefinition-CareConnect-Patient-1.xml`, in order.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Where each file came from: publisher's repository and date. From the `index.tsv` beside the package.
    pub origins: BTreeMap<String, Origin>,
}

/// Where a file of a package came from.
#[derive(Clone, Default)]
pub struct Origin {
    /// The publisher's repository.
    pub repository: String,
    /// The definition's date.
    pub date: String,
}

impl Package {
    /// Reads a package.
    pub fn read(path: &Path) -> Result<Package> {
        let files = if path.is_dir() { directory(path) } else { archive(path) };
        let mut files = files.with_context(|| format!("reading the package {}", path.display()))?;
        let stem = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let manifest = files.remove("package.json").unwrap_or_default();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap_or_default();
        let text = |name: &str| manifest.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        let name = text("name").unwrap_or_else(|| stem.trim_end_matches(".tgz").to_owned());
        let origins = origins(path, &stem);
        let fhir = manifest.get("fhirVersions").or_else(|| manifest.get("fhir-version-list"));
        let fhir = fhir.and_then(|list| list.get(0)).and_then(|value| value.as_str()).and_then(Version::of);
        let fhir_version = fhir.unwrap_or_default();
        Ok(Package {
            name,
            fhir_version,
            version: text("version").unwrap_or_default(),
            licence: text("license"),
            files,
            origins,
        })
    }

    /// The family, which names the folder in `profiles`.
    pub fn family(&self) -> &str {
        match &*self.name {
            "uk.core" => "ukcore",
            "uk.nhsengland.r4" => "nhsengland-r4",
            _ if self.is_base() => self.fhir_version.base_pack(),
            name => name.rsplit('.').next().unwrap_or(name),
        }
    }

    /// Whether this is base FHIR.
    pub fn is_base(&self) -> bool {
        ["hl7.fhir.core", "hl7.fhir.r3.core", "hl7.fhir.r4.core"].iter().any(|name| self.name.starts_with(name))
    }

    /// Whether only those definitions may be published that state a licence which permits it: the package states none.
    pub fn wants_licence(&self) -> bool {
        self.name == "uk.nhsengland.r4"
    }
}

fn archive(path: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(fs::File::open(path)?));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        if let Some(name) = name.strip_prefix("package/").filter(|name| wanted(name)) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.insert(name.to_owned(), bytes);
        }
    }
    Ok(files)
}

fn directory(path: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let inner = path.join("package");
    let path = if inner.is_dir() { &inner } else { path };
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if wanted(&name) && entry.file_type()?.is_file() {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(files)
}

/// Definitions and the manifest; not a package's indexes or its folders of examples.
fn wanted(name: &str) -> bool {
    !name.contains('/') && !name.starts_with('.') && (name.ends_with(".json") || name.ends_with(".xml"))
}

fn origins(path: &Path, stem: &str) -> BTreeMap<String, Origin> {
    let index = path.parent().map(|parent| parent.join("index.tsv")).and_then(|path| fs::read_to_string(path).ok());
    let mut origins = BTreeMap::new();
    for line in index.unwrap_or_default().lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, _url, _version, _kind, _type, _family, date, repository, ..] = fields.as_slice() else { continue };
        if let Some(name) = file.strip_prefix(stem).and_then(|rest| rest.strip_prefix(":package/")) {
            let origin = Origin { repository: (*repository).to_owned(), date: (*date).to_owned() };
            origins.insert(name.to_owned(), origin);
        }
    }
    origins
}
