//! Which release of FHIR an input is of, and by what that is told.

mod types;

use crate::definitions::Definitions;
use crate::limits;
use crate::tree::{NodeId, Tree};
use crate::version::Version;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

use types::EARLIER_TYPES;
pub(crate) use types::LATER_TYPES;

/// What R4 (4.0.1) has and STU3 does not, by type: elements; after `!` elements that became a concept and were a code; after
/// `*` elements that may repeat and did not; after `@` elements that became a canonical URL and were a Reference.
pub(crate) const LATER: &str = include_str!("later.txt");

/// What STU3 has and R4 (4.0.1) does not, by type.
const EARLIER: &str = include_str!("earlier.txt");

/// The release that an input is checked as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The release.
    pub version: Version,
    /// By what it was told, as the end of a sentence that starts "This is checked as R4:".
    pub why: Cow<'static, str>,
    /// Whether something in the input, or the caller, says so.
    pub is_certain: bool,
    /// What speaks for another release.
    pub against: Option<String>,
}

impl Told {
    /// What an input is checked as where only some releases are loaded.
    pub fn settled(self, definitions: &Definitions) -> Told {
        let Told { version, .. } = self;
        let other = version.other();
        if definitions.has(version) || !definitions.has(other) {
            return self;
        }
        let why = format!("{}'s own definitions (the pack '{}') are not loaded", version.name(), version.base_pack());
        Told { version: other, why: why.into(), is_certain: false, against: None }
    }
}

/// What speaks for each release, with the first thing of its kind.
#[derive(Default)]
struct Votes([(usize, Option<String>); 2]);

impl Votes {
    fn add(&mut self, version: Version, words: impl FnOnce() -> String) {
        if let Some((count, first)) = self.0.get_mut(version as usize) {
            *count += 1;
            first.get_or_insert_with(words);
        }
    }

    /// What most speaks for, where it is not both alike.
    fn winner(&self) -> Option<(Version, &str)> {
        let [(earlier, of_earlier), (later, of_later)] = &self.0;
        match earlier.cmp(later) {
            std::cmp::Ordering::Greater => Some((Version::Stu3, of_earlier.as_deref()?)),
            std::cmp::Ordering::Less => Some((Version::R4, of_later.as_deref()?)),
            std::cmp::Ordering::Equal => None,
        }
    }

    fn first(&self, version: Version) -> Option<&str> {
        self.0.get(version as usize).and_then(|(_, first)| first.as_deref())
    }
}

/// Tells the release of an input: by the profiles that it claims, by `fhirVersion`, by types of resource that only one has;
/// else by what the caller says; else by elements, and then URLs, that only one has. What says nothing is of the only release
/// that is loaded, and of STU3 where both are.
pub fn tell(tree: &Tree, definitions: &Definitions, asked: Option<Version>) -> Told {
    let evidence = Evidence::of(tree, definitions);
    let Evidence { profiles, versions, types, elements, urls } = &evidence;
    let strong = || [profiles, versions, types].into_iter().find_map(Votes::winner);
    let weak = || [elements, urls].into_iter().find_map(Votes::winner);
    let (version, why) = if let Some((version, why)) = strong() {
        (version, Cow::Owned(why.to_owned()))
    } else if let Some(version) = asked {
        (version, "the option fhirVersion says so".into())
    } else if let Some((version, why)) = weak() {
        (version, Cow::Owned(why.to_owned()))
    } else {
        let version = match (definitions.has(Version::Stu3), definitions.has(Version::R4)) {
            (false, true) => Version::R4,
            _ => Version::Stu3,
        };
        (version, "nothing in it says which release it is of".into())
    };
    let is_certain = asked.is_some() || strong().is_some() || weak().is_some();
    let other = version.other();
    let against = [profiles, versions, types, elements].into_iter().find_map(|votes| votes.first(other));
    let against = against.map(str::to_owned);
    Told { version, why, is_certain, against }
}

/// What an input has that only one release does.
#[derive(Default)]
struct Evidence {
    profiles: Votes,
    versions: Votes,
    types: Votes,
    elements: Votes,
    urls: Votes,
}

/// The elements of a type that only one release has: those of R4, its concepts and canonical URLs, those of
/// STU3.
type Only = (&'static str, &'static str, &'static str, &'static str);

impl Evidence {
    fn of(tree: &Tree, definitions: &Definitions) -> Self {
        let mut evidence = Evidence::default();
        let mut known: FxHashMap<&str, Only> = FxHashMap::default();
        let names = tree.names();
        let (url, system) = (names.get("url"), names.get("system"));
        for node in tree.all() {
            if let Some(name) = tree.resource_type(node) {
                let only = *known.entry(name).or_insert_with(|| only(name));
                evidence.resource(tree, definitions, node, name, only);
            } else if Some(tree.name_id(node)) == url || Some(tree.name_id(node)) == system {
                evidence.url(tree, node);
            }
        }
        evidence
    }

    fn resource(&mut self, tree: &Tree, definitions: &Definitions, node: NodeId, name: &str, only: Only) {
        let root = tree.root();
        if LATER_TYPES.iter().any(|(known, release, _)| *known == name && *release == "R4") {
            self.types.add(Version::R4, || format!("only R4 has the resource type {name}"));
        } else if EARLIER_TYPES.contains(&name) {
            self.types.add(Version::Stu3, || format!("only STU3 has the resource type {name}"));
        }
        let claims = tree.child(node, "meta").into_iter().flat_map(|meta| tree.named(meta, "profile"));
        for claim in claims.filter_map(|claim| tree.text(claim)) {
            if let Some(version) = of_profile(claim, definitions) {
                let words =
                    || format!("it claims {}, a profile of {}", limits::shorten(claim, limits::QUOTE), version.name());
                self.profiles.add(version, words);
            }
        }
        if node == root
            && let Some(text) = tree.child_text(node, "fhirVersion")
            && let Some(version) = Version::of(text)
        {
            self.versions.add(version, || format!("its fhirVersion is {}", version.number()));
        }
        let has = |list: &str, element: &str| list.split(' ').any(|known| known == element);
        let (later, concepts, canonicals, earlier) = only;
        for child in tree.children(node) {
            let element = tree.name(child);
            let version = if has(later, element) {
                Version::R4
            } else if has(earlier, element) {
                Version::Stu3
            } else if has(concepts, element) {
                match (tree.text(child), tree.children(child).next()) {
                    (Some(_), _) => Version::Stu3,
                    (None, Some(_)) => Version::R4,
                    (None, None) => continue,
                }
            } else if has(canonicals, element) {
                match (tree.text(child), tree.child(child, "reference")) {
                    (Some(_), _) => Version::R4,
                    (None, Some(_)) => Version::Stu3,
                    (None, None) => continue,
                }
            } else {
                continue;
            };
            self.elements.add(version, || format!("{name}.{element} has a form that only {} has", version.name()));
        }
    }

    fn url(&mut self, tree: &Tree, node: NodeId) {
        let Some(text) = tree.text(node) else { return };
        let version = if text.contains("/STU3/")
            || text.starts_with("http://hl7.org/fhir/v3/")
            || text.starts_with("http://hl7.org/fhir/v2/")
        {
            Version::Stu3
        } else if text.contains("/UKCore-")
            || text.contains("/Extension-UKCore-")
            || text.starts_with("http://terminology.hl7.org/")
        {
            Version::R4
        } else {
            return;
        };
        let words = || format!("{} is of {}", limits::shorten(text, limits::QUOTE), version.name());
        self.urls.add(version, words);
    }
}

/// The release that a profile is of, where its URL or what is known of it says so.
fn of_profile(url: &str, definitions: &Definitions) -> Option<Version> {
    let url = crate::model::split_canonical(url).0;
    if url.contains("/STU3/") {
        return Some(Version::Stu3);
    }
    if url.contains("/UKCore-") || url.contains("/NHSDigital-") || url.contains("/R4/") {
        return Some(Version::R4);
    }
    let known = |version: Version| definitions.defines(version, url);
    match (known(Version::Stu3), known(Version::R4)) {
        (true, false) => Some(Version::Stu3),
        (false, true) => Some(Version::R4),
        // HL7's own have one URL in all releases.
        (true, true) => None,
        (false, false) => definitions.index().and_then(|index| index.version_of(url)),
    }
}

/// What only one release has of a type.
fn only(name: &str) -> Only {
    let of = |table: &'static str, mark: &str| {
        let mut lines = table.lines().filter_map(|line| line.split_once(' '));
        let line = lines.find(|(of, _)| of.strip_prefix(name) == Some(mark));
        line.map_or("", |(_, elements)| elements)
    };
    (of(LATER, ""), of(LATER, "!"), of(LATER, "@"), of(EARLIER, ""))
}
