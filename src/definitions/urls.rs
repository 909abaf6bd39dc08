//! NHS URLs that are known, to find the one that a wrong one is meant to be.

use crate::nhs;
use rustc_hash::FxHashMap;

/// What a URL names, as far as one is never meant for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UrlKind {
    /// A profile.
    Profile,
    /// An extension.
    Extension,
    /// A code system.
    CodeSystem,
    /// A system of identifiers.
    Identifier,
}

/// The NHS URLs that are known, made once, when a URL is first found to be none of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Urls {
    list: Vec<(UrlKind, Box<str>)>,
    /// By [`nhs::key`], where they stand in `list`.
    by_key: FxHashMap<Box<str>, Vec<u32>>,
    /// By kind and last part in lower case.
    by_name: FxHashMap<(UrlKind, Box<str>), Vec<u32>>,
}

impl Urls {
    pub(super) fn new<'a>(profiles: impl Iterator<Item = &'a str>, systems: impl Iterator<Item = &'a str>) -> Self {
        let mut urls = Urls::default();
        for url in profiles {
            let is_extension = nhs::last_part(url).to_ascii_lowercase().contains("extension");
            urls.add(if is_extension { UrlKind::Extension } else { UrlKind::Profile }, url);
        }
        for url in systems {
            urls.add(UrlKind::CodeSystem, url);
        }
        for system in nhs::SYSTEMS {
            urls.add(UrlKind::Identifier, system.url);
        }
        urls
    }

    fn add(&mut self, kind: UrlKind, url: &str) {
        let Some(key) = nhs::key(url) else { return };
        let at = self.list.len() as u32;
        let name = nhs::last_part(&key).into();
        self.list.push((kind, url.into()));
        self.by_key.entry(key.into()).or_default().push(at);
        self.by_name.entry((kind, name)).or_default().push(at);
    }

    /// The URL of this kind that differs from an unknown one in anything but spelling.
    pub(super) fn nearest(&self, kind: UrlKind, url: &str) -> Option<&str> {
        let key = nhs::key(url)?;
        let name = nhs::last_part(&key);
        let of_kind = |at: &&u32| self.list.get(**at as usize).is_some_and(|(other, _)| *other == kind);
        let same: Vec<&u32> = self.by_key.get(&*key).into_iter().flatten().filter(of_kind).collect();
        let exact = self.best(same.into_iter(), url).filter(|found| is_usual(kind, found));
        let named = || self.best(self.by_name.get(&(kind, name.into())).into_iter().flatten(), url);
        let found = exact.or_else(named)?;
        // Before STU3 the NHS published under the same host, without the version and mostly in lower case: that is another
        // definition, not a slip.
        let is_older =
            !url.contains("STU3") && found.contains("STU3") && !url.trim_end().ends_with(nhs::last_part(found));
        (!is_older).then_some(found)
    }

    /// Of several URLs the usual one, and of several such the one on the same host.
    fn best<'a>(&'a self, places: impl Iterator<Item = &'a u32>, url: &str) -> Option<&'a str> {
        let texts = places.filter_map(|at| self.list.get(*at as usize));
        let rank = |(kind, text): &(UrlKind, Box<str>)| (is_usual(*kind, text), has_host_of(text, url));
        texts.max_by_key(|entry| rank(entry)).map(|(_, text)| &**text)
    }

    /// Every name of this kind, the last part of a URL in lower case, with a URL that has it.
    pub(super) fn names(&self, kind: UrlKind) -> impl Iterator<Item = (&str, &str)> {
        let url = |places: &Vec<u32>| self.list.get(*places.first()? as usize).map(|(_, url)| &**url);
        let of_kind = self.by_name.iter().filter(move |((other, _), _)| *other == kind);
        of_kind.filter_map(move |((_, name), places)| Some((&**name, url(places)?)))
    }
}

/// Whether two URLs have the same host; the host that was given up counts as the one that took its place.
fn has_host_of(one: &str, other: &str) -> bool {
    let is_hl7 = |url: &str| url.to_ascii_lowercase().contains("hl7.org.uk");
    is_hl7(one) == is_hl7(other)
}

/// Whether a URL has the path that is usual for its kind. Some code systems have been published without.
fn is_usual(kind: UrlKind, url: &str) -> bool {
    kind != UrlKind::CodeSystem || url.contains("/CodeSystem/")
}
