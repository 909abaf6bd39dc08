//! What a value set holds, written out for people and for completion: every code that can be listed, and what cannot.

use super::Terminology;
use super::expansion::{Expansion, Filter};
use crate::model::split_canonical;
use std::collections::BTreeMap;

/// A value set's codes, as far as they can be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The business version; empty if none.
    pub version: String,
    /// The computer-friendly name; empty if none.
    pub name: String,
    /// What it holds of each code system, by the system's URL.
    pub parts: Vec<ListedPart>,
    /// Value sets that it is made of and that are not loaded.
    pub missing: Vec<String>,
}

/// What a value set holds of one code system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedPart {
    /// The system's URL.
    pub system: String,
    /// Codes with their displays (empty where nothing gives one), in the order of the codes.
    pub codes: Vec<(String, String)>,
    /// Whether that is all it holds of this system.
    pub is_complete: bool,
    /// How the codes that cannot be listed are selected, each a list of property, operator and value; an empty list is the
    /// whole system.
    pub selections: Vec<Vec<Filter>>,
}

impl Terminology {
    /// A value set written out. `None` where it is not loaded.
    pub fn list(&self, canonical: &str) -> Option<Listing> {
        let url = split_canonical(canonical).0;
        let Expansion { parts, missing, .. } = self.expansion(url)?;
        let mut listing = Listing { missing: missing.into_iter().collect(), ..Listing::default() };
        if let Some(stored) = self.value_sets.get(url) {
            let mut reader = stored.reader();
            listing.version = reader.text().ok()?.to_owned();
            listing.name = reader.text().ok()?.to_owned();
        }
        for (system, part) in parts {
            let mut codes: BTreeMap<String, String> = part.codes;
            let mut is_complete = part.open.is_empty() && part.doubtful.is_empty();
            let mut selections: Vec<Vec<Filter>> = part.open.into_iter().map(|open| open.filters).collect();
            for (code, display) in &mut codes {
                if display.is_empty()
                    && let super::Lookup::Known(known) = self.lookup(&system, code)
                {
                    *display = known.display().unwrap_or_default().into_owned();
                }
            }
            if part.whole {
                let known = self.system(&system);
                let entries = known.and_then(|known| known.table.entries().ok()).unwrap_or_default();
                codes.extend(entries.into_iter().map(|entry| (entry.code, entry.display)));
                if !known.is_some_and(|known| known.is_complete()) {
                    is_complete = false;
                    selections.push(Vec::new());
                }
            }
            crate::order::sort(&mut selections);
            selections.dedup();
            listing.parts.push(ListedPart { system, codes: codes.into_iter().collect(), is_complete, selections });
        }
        Some(listing)
    }
}
