//! NHS URLs that are wrong: scheme, host, slashes, dots, spaces, case, spelling; the right one is offered.

use crate::check::{Checker, distance};
use crate::definitions::{Found, UrlKind};
use crate::issue::NhsProblem;
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
        if is_known {
            return None;
        }
        let right = match self.memory.meant.get(&(kind, url)) {
            Some(known) => *known,
            None => {
                let meant = self.right_nhs_url(kind, url);
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

    /// The only known URL of this kind whose name differs by one letter, or by two that have changed places. One that
    /// differs in digits is another version.
    fn misspelt(&self, kind: UrlKind, url: &str) -> Option<&'c str> {
        const SHORTEST: usize = 8;
        let key = nhs::key(url)?;
        let name = nhs::last_part(&key);
        if name.len() < SHORTEST {
            return None;
        }
        let own: Vec<char> = name.chars().collect();
        let is_letter = |c: &char| !c.is_ascii_digit();
        let mut best: Option<(usize, &'c str)> = None;
        let mut is_certain = true;
        for (other, right) in self.definitions.nhs_url_names(kind) {
            if other.len().abs_diff(name.len()) > 2
                || other.chars().filter(is_letter).eq(name.chars().filter(is_letter))
            {
                continue;
            }
            // Two letters are a slip where they have changed places, and may be another name otherwise.
            let others: Vec<char> = other.chars().collect();
            let Some(far) = distance(&own, &others, 2) else { continue };
            if far == 2 && sorted(&own) != sorted(&others) {
                continue;
            }
            match best {
                Some((least, _)) if far > least => {}
                Some((least, _)) if far == least => is_certain = false,
                _ => (best, is_certain) = (Some((far, right)), true),
            }
        }
        best.filter(|_| is_certain).map(|(_, right)| right)
    }
}

/// Letters in alphabetical order.
fn sorted(letters: &[char]) -> Vec<char> {
    let mut letters = letters.to_vec();
    letters.sort_unstable();
    letters
}
