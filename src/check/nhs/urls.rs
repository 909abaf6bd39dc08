//! NHS URLs that are wrong: scheme, host, slashes, dots, spaces, case, spelling; the right one is offered.

use crate::check::Checker;
use crate::definitions::{Found, IndexKind, UrlKind};
use crate::issue::NhsProblem;
use crate::needs;
use crate::nhs::{self, Difference};
use crate::terminology::Lookup;
use crate::tree::NodeId;

/// How much of a URL a message repeats: no published one is longer.
const LONGEST: usize = 200;

impl<'c> Checker<'c> {
    /// The profiles that a resource claims.
    pub(super) fn nhs_profile_urls(&mut self, meta: NodeId) {
        let tree = self.tree;
        for claim in tree.named(meta, "profile") {
            if let Some(url) = tree.text(claim) {
                self.nhs_url(claim, url, UrlKind::Profile);
            }
        }
    }

    /// The URL of an extension on its own.
    pub(super) fn nhs_extension_url(&mut self, node: NodeId) {
        let Some(at) = self.tree.child(node, "url") else { return };
        if let Some(url) = self.tree.text(at) {
            self.nhs_url(at, url, UrlKind::Extension);
        }
    }

    /// Reports an NHS URL that names nothing and is near one that does; gives that one. Each URL is reported once.
    pub(super) fn nhs_url(&mut self, node: NodeId, url: &'c str, kind: UrlKind) -> Option<&'c str> {
        if !nhs::is_nhs_host(url) {
            return None;
        }
        let is_known = match kind {
            UrlKind::Identifier => nhs::system(url).is_some(),
            UrlKind::CodeSystem => {
                !matches!(self.definitions.lookup(url, ""), Lookup::UnknownSystem)
                    || self.definitions.has_value_set(url)
            }
            UrlKind::Profile | UrlKind::Extension => !matches!(self.definitions.find(url), Found::Missing),
        };
        let kinds = [IndexKind::Profile, IndexKind::CodeSystem, IndexKind::ValueSet];
        if is_known || needs::pack_with(url, &kinds, self.definitions).is_some() {
            return None;
        }
        let right = match self.memory.meant.get(&(kind, url)) {
            Some(known) => *known,
            None => {
                // Each is compared with every URL that is known; an input that has more unknown ones than this is made of them.
                const MOST: u32 = 200;
                self.memory.looked_for += 1;
                let meant = if self.memory.looked_for > MOST { None } else { self.right_nhs_url(kind, url) };
                self.memory.meant.insert((kind, url), meant);
                meant
            }
        }?;
        // White space is a fault of the form of a URI, which has been reported with the text without it.
        let difference = nhs::difference(url, right)?;
        if !self.memory.urls.insert(url) {
            return Some(right);
        }
        // The services of e-RS ask for the old URLs of identifiers, and what stands beside them does too.
        if difference == Difference::OldHost && kind == UrlKind::Identifier && self.tree.source().contains("/eRS-") {
            return Some(right);
        }
        let (found, name) = (url.chars().take(LONGEST).collect(), right.to_owned());
        let problem = match difference {
            Difference::OldHost => NhsProblem::UrlOld { found, right: name },
            Difference::Host => NhsProblem::UrlHost { found, right: name },
            Difference::Dot => NhsProblem::UrlDot { found, right: name },
            Difference::Slash => NhsProblem::UrlSlash { found, right: name },
            Difference::Path => NhsProblem::UrlPath { found, right: name },
            Difference::Case => NhsProblem::UrlCase { found, right: name },
            Difference::Scheme => NhsProblem::UrlScheme { found, right: name },
            Difference::Spelling => NhsProblem::UrlSpelling { found, right: name },
        };
        self.found(node, problem);
        Some(right)
    }

    /// The known NHS URL of this kind that an unknown one is meant to be, if there is no doubt about it.
    pub(in crate::check) fn right_nhs_url(&self, kind: UrlKind, url: &str) -> Option<&'c str> {
        self.definitions.nearest_nhs_url(kind, url).or_else(|| self.misspelt(kind, url))
    }

    /// The only known URL of this kind whose name differs by one letter, or by two neighbours that were swapped.
    fn misspelt(&self, kind: UrlKind, url: &str) -> Option<&'c str> {
        const SHORTEST: usize = 8;
        let key = nhs::key(url)?;
        let name = nhs::last_part(&key);
        if name.len() < SHORTEST {
            return None;
        }
        let mut near = self.definitions.nhs_url_names(kind).filter(|(other, _)| is_slip(name, other));
        let (_, right) = near.next()?;
        near.next().is_none().then_some(right)
    }
}

/// Whether one name is another with a slip of one letter or two neighbours. A digit for a digit is another version.
fn is_slip(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    while let (Some((a, rest_of_one)), Some((b, rest_of_other))) = (one.split_first(), other.split_first())
        && a == b
    {
        (one, other) = (rest_of_one, rest_of_other);
    }
    while let (Some((a, rest_of_one)), Some((b, rest_of_other))) = (one.split_last(), other.split_last())
        && a == b
    {
        (one, other) = (rest_of_one, rest_of_other);
    }
    match (one, other) {
        ([a], []) | ([], [a]) => !a.is_ascii_digit(),
        ([a], [b]) => !a.is_ascii_digit() || !b.is_ascii_digit(),
        ([a, b], [c, d]) => a == d && b == c && !a.is_ascii_digit(),
        _ => false,
    }
}
