//! Which of the package's packs a resource needs to be checked and displayed by that are not loaded, so that a caller can load
//! them and nothing else.

use crate::definitions::{Definitions, IndexKind, split_canonical};
use crate::tree::Tree;
use crate::version::Version;
use std::collections::BTreeSet;

/// No URL in the index is longer, and texts are not looked up.
const LONGEST: usize = 300;

/// The names of the packs that a resource needs and nobody has loaded, in the order in which they are loaded: those with the
/// profiles, extensions, code systems and value sets that it names anywhere (of its contained resources and those of its
/// entries too), with the definitions of a message's event, and with what is `asked` for besides, and what these build on.
/// What the caller's own definitions define needs no pack. Nothing where there is no index of the packs. Only packs of
/// `version`, the release of FHIR that the resource is told to be of, are meant, and of them the release's own.
pub fn needed(tree: &Tree, asked: &[String], version: Option<Version>, definitions: &Definitions) -> Vec<String> {
    let of_version;
    let definitions = match version {
        Some(version) if version != definitions.version() => {
            of_version = definitions.of(version);
            &of_version
        }
        _ => definitions,
    };
    let Some(index) = definitions.index() else { return Vec::new() };
    let mut packs = 0;
    let mut seen = BTreeSet::new();
    let mut add = |name: &str| {
        if let Some(entry) = index.find(name).filter(|entry| !definitions.is_own(entry.url)) {
            packs |= entry.needs;
        }
    };
    for node in tree.all() {
        let Some(text) = tree.text(node) else { continue };
        // Not all that is published has a URL for its address: some has a placeholder in the place of the host.
        if text.len() <= LONGEST && text.contains('/') && seen.insert(text) {
            add(split_canonical(text).0);
        }
    }
    for event in tree.all().filter(|node| tree.name(*node) == "event") {
        if let (Some(system), Some(code)) = (tree.child_text(event, "system"), tree.child_text(event, "code")) {
            add(&format!("{system}|{code}"));
        }
    }
    for name in asked {
        let (url, _) = split_canonical(name);
        match definitions.profile_named(url) {
            Some(url) => add(&url),
            None => add(url),
        }
    }
    let loaded = definitions.packs();
    // What is asked for by a name alone has no resource to tell a release by.
    if let Some(version) = version {
        packs &= index.of(version);
        let base = index.packs().position(|name| name == version.base_pack());
        packs |= base.filter(|_| version != Version::Stu3).map_or(0, |at| 1 << at);
    }
    let is_needed = |at: usize, name: &str| packs & 1 << at != 0 && !loaded.iter().any(|pack| pack.family == name);
    let names = index.packs().enumerate().filter(|(at, name)| is_needed(*at, name));
    names.map(|(_, name)| name.to_owned()).collect()
}

/// The pack that has a profile, extension, code system or value set, where that pack is not loaded.
pub fn pack_with<'d>(url: &str, kinds: &[IndexKind], definitions: &'d Definitions) -> Option<&'d str> {
    let index = definitions.index()?;
    let entry = index.find(split_canonical(url).0).filter(|entry| kinds.contains(&entry.kind))?;
    let pack = index.pack(entry.owner)?;
    (!definitions.packs().iter().any(|loaded| loaded.family == pack)).then_some(pack)
}
