//! What the releases that are loaded say of a filter: whether a concept keeps it, does not, or why that cannot be said.

use super::ecl::{self, Constraint};
use super::expansion::{Open, PartView};
use super::release::{self, Concept, Release, SNOMED, identifier};
use super::{Terminology, WhyUnknown};

/// Yes, no, or why neither.
type Answer<'a> = Result<bool, WhyUnknown<'a>>;

impl Terminology {
    /// The releases whose concepts are codes of a system.
    pub(super) fn releases_of<'a>(&'a self, system: &str) -> impl Iterator<Item = &'a Release> + Clone {
        let is_of = move |release: &&Release| {
            *release.system == *system || release.same_codes.iter().any(|other| **other == *system)
        };
        self.releases.iter().map(|release| &**release).filter(is_of)
    }

    /// A code of a system in the releases that are loaded. An active one before one that is inactive.
    pub(super) fn concept<'a>(&'a self, system: &str, code: &str) -> Option<Concept<'a>> {
        let mut releases = self.releases_of(system).peekable();
        releases.peek()?;
        let id = identifier(code)?;
        let mut found = releases.filter_map(|release| release.find(id));
        let first = found.next()?;
        if !first.is_inactive() {
            return Some(first);
        }
        Some(found.find(|concept| !concept.is_inactive()).unwrap_or(first))
    }

    /// Whether the releases list every code of a system.
    pub(super) fn is_released(&self, system: &str) -> bool {
        self.releases_of(system).any(|release| release.is_complete || *release.system != *system)
    }

    /// Whether a code is among those of a value set's part that cannot be listed: that keep filters.
    pub(super) fn open_member<'a>(&'a self, part: &PartView<'a>, code: &str) -> Answer<'a> {
        let unknown = || match part.has_filter {
            true => WhyUnknown::Filter(part.system),
            false => WhyUnknown::SystemNotEnumerated(part.system),
        };
        if self.releases_of(part.system).next().is_none() {
            return Err(unknown());
        }
        let id = identifier(code);
        let mut answer = Ok(false);
        for open in part.open().map_err(|_| unknown())? {
            match self.keeps(part.system, code, id, &open) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(why) => answer = Err(why),
            }
        }
        answer
    }

    /// Whether the releases can decide every code that is selected so.
    pub(super) fn can_decide(&self, system: &str, open: &Open) -> bool {
        let can = |filter: &super::expansion::Filter| {
            system == SNOMED && ecl::filter(filter).is_some_and(|constraint| self.knows(&constraint))
        };
        self.is_released(system) && open.filters.iter().chain(open.except.iter().flatten()).all(can)
    }

    /// Whether the releases have everything that a constraint names.
    fn knows(&self, constraint: &Constraint) -> bool {
        let has = |id: u64| self.snomed().any(|release| release.has_hierarchy && release.find(id).is_some());
        let has_refset = |id: u64| self.snomed().any(|release| release.has_refset(id));
        match constraint {
            Constraint::Any | Constraint::Is(_) => true,
            Constraint::Below(id, _) | Constraint::Above(id, _) => has(*id),
            Constraint::MemberOf(id) => has_refset(*id),
            Constraint::In(id) => has_refset(*id) || self.is_no_refset(*id),
            Constraint::And(all) | Constraint::Or(all) => all.iter().all(|one| self.knows(one)),
            Constraint::Minus(of, without) => self.knows(of) && self.knows(without),
        }
    }

    fn keeps<'a>(&'a self, system: &'a str, code: &str, id: Option<u64>, open: &Open) -> Answer<'a> {
        // What is no identifier may be an expression, which is composed of identifiers.
        let Some(id) = id else {
            return if release::is_expression(code) { Err(WhyUnknown::Expression) } else { Ok(false) };
        };
        let is_known = self.concept(system, code).is_some();
        if !is_known && self.is_released(system) {
            return Ok(false);
        }
        let all = |filters: &[super::expansion::Filter]| {
            let mut answer = match (is_known, filters.is_empty()) {
                (false, true) => Err(WhyUnknown::SystemNotEnumerated(system)),
                _ => Ok(true),
            };
            for filter in filters {
                let Some(constraint) = (system == SNOMED).then(|| ecl::filter(filter)).flatten() else {
                    answer = Err(WhyUnknown::FilterNotRead(system));
                    continue;
                };
                match self.holds(&constraint, id) {
                    Ok(true) => {}
                    Ok(false) => return Ok(false),
                    Err(why) => answer = answer.and(Err(why)),
                }
            }
            answer
        };
        let mut answer = all(&open.filters);
        for except in &open.except {
            match all(except) {
                _ if answer == Ok(false) => {}
                Ok(true) => answer = Ok(false),
                Ok(false) => {}
                Err(why) => answer = answer.and(Err(why)),
            }
        }
        answer
    }

    fn holds(&self, constraint: &Constraint, id: u64) -> Answer<'_> {
        match constraint {
            Constraint::Any => self.exists(id),
            Constraint::Is(wanted) if *wanted != id => Ok(false),
            Constraint::Is(_) => self.exists(id),
            Constraint::Below(top, with_itself) => self.is_below(id, *top, *with_itself),
            Constraint::Above(bottom, with_itself) => self.is_below(*bottom, id, *with_itself),
            Constraint::MemberOf(refset) => self.is_member(*refset, id),
            Constraint::In(set) => match self.is_member(*set, id) {
                Err(why) if self.is_no_refset(*set) => self.is_below(id, *set, true).map_err(|_| why),
                answer => answer,
            },
            Constraint::And(all) => {
                let mut answer = Ok(true);
                for one in all {
                    match self.holds(one, id) {
                        Ok(true) => {}
                        Ok(false) => return Ok(false),
                        Err(why) => answer = Err(why),
                    }
                }
                answer
            }
            Constraint::Or(all) => {
                let mut answer = Ok(false);
                for one in all {
                    match self.holds(one, id) {
                        Ok(true) => return Ok(true),
                        Ok(false) => {}
                        Err(why) => answer = Err(why),
                    }
                }
                answer
            }
            Constraint::Minus(of, without) => match (self.holds(of, id), self.holds(without, id)) {
                (Ok(false), _) | (_, Ok(true)) => Ok(false),
                (Ok(true), Ok(false)) => Ok(true),
                (Err(why), _) | (_, Err(why)) => Err(why),
            },
        }
    }

    fn snomed(&self) -> impl Iterator<Item = &Release> + Clone {
        self.releases_of(SNOMED)
    }

    /// Whether there is an active concept.
    fn exists(&self, id: u64) -> Answer<'_> {
        let mut found = self.snomed().filter_map(|release| release.find(id)).peekable();
        match found.peek() {
            Some(_) => Ok(found.any(|concept| !concept.is_inactive())),
            None if self.snomed().any(|release| release.is_complete) => Ok(false),
            None => Err(WhyUnknown::SystemNotEnumerated(SNOMED)),
        }
    }

    fn is_below(&self, id: u64, top: u64, with_itself: bool) -> Answer<'_> {
        if id == top {
            return if with_itself { self.exists(id) } else { Ok(false) };
        }
        let with_hierarchy = || self.snomed().filter(|release| release.has_hierarchy);
        if with_hierarchy().next().is_none() {
            return Err(WhyUnknown::NoHierarchy);
        }
        let mut is_known = (false, false);
        for release in with_hierarchy() {
            let (concept, top) = (release.find(id), release.find(top));
            is_known = (is_known.0 || concept.is_some(), is_known.1 || top.is_some());
            if let (Some(concept), Some(top)) = (concept, top)
                && concept.is_a(&top)
            {
                return Ok(true);
            }
        }
        match is_known {
            (true, true) => Ok(false),
            (true, false) => Err(WhyUnknown::ConceptMissing(top)),
            // A concept of a release without a hierarchy, such as a new product of dm+d.
            (false, _) if self.snomed().any(|release| release.find(id).is_some()) => Err(WhyUnknown::NoHierarchy),
            (false, _) => Ok(false),
        }
    }

    fn is_member(&self, refset: u64, id: u64) -> Answer<'_> {
        let mut answer = Err(WhyUnknown::RefsetMissing(refset));
        for release in self.snomed() {
            match release.is_member(refset, id) {
                Some(true) => return Ok(true),
                Some(false) => answer = Ok(false),
                None => {}
            }
        }
        answer
    }

    /// Whether a concept is certainly no reference set: it is known, and not a kind of one. Some value sets have
    /// `concept in` with such a concept, and mean everything that is a kind of it.
    fn is_no_refset(&self, id: u64) -> bool {
        /// `Reference set (foundation metadata concept)`.
        const REFSET: u64 = 900_000_000_000_455_006;
        let known = self.snomed().filter(|release| release.has_hierarchy).filter_map(|release| release.find(id));
        known.clone().next().is_some() && self.is_below(id, REFSET, true) == Ok(false)
    }
}
