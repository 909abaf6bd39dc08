//! What a resource needs to be checked by that is not loaded: so that a caller can load it and nothing else.

use crate::definitions::{Definitions, Found};
use crate::model::split_canonical;
use crate::tree::Tree;

/// The URLs, without versions and sorted, of the profiles and extensions that a resource names and nobody has loaded: in
/// every `meta.profile` (of the resource, its contained ones and those of its entries, however deep) and in the `url` of
/// every extension, and those `asked` for besides. The parts of a complex extension have names, not URLs, and are left
/// out.
pub fn missing(tree: &Tree, asked: &[String], definitions: &Definitions) -> Vec<String> {
    let named = tree.all().filter_map(|node| {
        let parent = tree.name(tree.parent(node)?);
        let is_reference = match tree.name(node) {
            "profile" => parent == "meta",
            "url" => matches!(parent, "extension" | "modifierExtension"),
            _ => false,
        };
        tree.text(node).filter(|_| is_reference)
    });
    let asked = asked.iter().map(String::as_str);
    let urls = crate::order::sorted(named.chain(asked).map(|canonical| split_canonical(canonical).0));
    let is_missing = |url: &&str| url.contains(':') && matches!(definitions.find(url), Found::Missing);
    urls.into_iter().filter(is_missing).map(str::to_owned).collect()
}
