//! What must hold of what is cleaned, loaded as a pack, or copied without personal data.

use crate::{OBSERVATION, PATIENT, core, read, sound};
use careconnect::check::Options;
use careconnect::definitions::Definitions;
use careconnect::pack;
use careconnect::render::html::xhtml;
use careconnect::render::language::Language;
use careconnect::render::model::Markup;
use careconnect::render::sanitise::{clean, to_text};
use careconnect::xhtml::{ELEMENTS, NAMESPACE};

/// Cleans a text: only what is allowed comes out, in a form that XML's reader takes, and cleaning it again changes nothing.
pub(crate) fn sanitise(text: &str) {
    for language in [Language::English, Language::Welsh] {
        let cleaned = clean(text, "p-", language);
        allowed(&cleaned.markup);
        to_text(&cleaned.markup, language);
        let once = xhtml(&cleaned.markup);
        let div = format!("<div xmlns=\"{NAMESPACE}\">{once}</div>");
        read(div.as_bytes());
        // The div around it may take what is deepest past the limit.
        if depth(&cleaned.markup) < 60 {
            assert_eq!(xhtml(&clean(&div, "p-", language).markup), once, "cleaned again it is another");
        }
    }
}

fn depth(markup: &[Markup]) -> usize {
    let inside = |node: &Markup| match node {
        Markup::Element(element) => 1 + depth(&element.children),
        Markup::Text(_) => 0,
    };
    markup.iter().map(inside).max().unwrap_or_default()
}

fn allowed(markup: &[Markup]) {
    for node in markup {
        let Markup::Element(element) = node else { continue };
        assert!(ELEMENTS.contains(&element.name), "element {}", element.name);
        for (name, value) in &element.attributes {
            let lower = value.trim().to_ascii_lowercase();
            let is_good = match *name {
                "href" => ["http://", "https://", "mailto:", "tel:", "#"].iter().any(|start| lower.starts_with(start)),
                "src" => lower.starts_with("data:image/"),
                "id" | "name" => value.starts_with("p-"),
                "style" => !lower.contains(['(', '\\', '@', '/']) && !lower.contains("position"),
                other => !other.starts_with("on"),
            };
            assert!(is_good, "{name}={value}");
        }
        allowed(&element.children);
    }
}

/// How a pack starts: what it is, its format's version, and the checksum of the rest.
const HEAD: usize = 20;

/// Loads a pack whose checksum is right whatever is in it, and asks it for everything.
pub(crate) fn pack(bytes: &[u8]) {
    let Some(body) = bytes.get(HEAD..) else { return };
    let mut sealed = pack::MAGIC.to_vec();
    sealed.extend(pack::FORMAT.to_le_bytes());
    sealed.extend(pack::checksum(body).to_le_bytes());
    sealed.extend(body);
    let mut definitions = Definitions::new();
    if definitions.load(sealed.as_slice()).is_err() {
        return;
    }
    let known = definitions.names().len();
    let mut first = None;
    for url in definitions.profile_urls() {
        let Some(plan) = definitions.plan(url) else { continue };
        assert!(plan.elements.iter().all(|element| (element.name.0 as usize) < known), "a name that there is none of");
        first = first.or(Some(url.to_owned()));
    }
    let terminology = definitions.terminology();
    for set in terminology.value_set_urls() {
        for code in ["", "a", "final", "73211009"] {
            let _ = definitions.member(set, None, code);
            let _ = definitions.member(set, Some("http://snomed.info/sct"), code);
        }
        let _ = terminology.is_undecidable(set);
    }
    for system in terminology.system_urls() {
        let _ = definitions.lookup(system, "final");
    }
    for release in terminology.releases() {
        for concept in (0..50).chain([u32::MAX]).filter_map(|at| release.nth(at)) {
            concept.term();
            concept.replacements();
            release.refsets().for_each(|refset| {
                let _ = release.is_member(refset, concept.id);
            });
        }
    }
    // And beside those that belong together.
    if let Ok(with) = core().with_packs(&[&sealed]) {
        let options = Options { profiles: first.into_iter().collect(), ..Options::default() };
        for resource in [PATIENT, OBSERVATION] {
            sound(&with.validate(resource.as_bytes(), &options));
        }
    }
}

/// Copies a resource without personal data: what could be read can be read, and no copy grows without end.
pub(crate) fn redact(bytes: &[u8]) {
    let key = b"a key for tests";
    let copy = core().redact(bytes, key);
    assert!(copy.len() <= 50 * bytes.len().max(1_000), "{} bytes of {}", copy.len(), bytes.len());
    let again = core().redact(copy.as_bytes(), key);
    assert!(again.len() <= 2 * copy.len().max(1_000), "{} bytes of {}", again.len(), copy.len());
    if serde_json::from_slice::<serde_json::Value>(bytes).is_ok() {
        assert!(serde_json::from_str::<serde_json::Value>(&copy).is_ok(), "the copy is no JSON");
    }
}
