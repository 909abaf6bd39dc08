//! Names of elements and types as small integers, so that matching an element against a definition compares integers.

use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A name in a [`Names`] table or, past its end, in one tree's own additions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

/// A table of names that only ever grows: an id, once given, stays.
#[derive(Clone, Debug, Default)]
pub struct Names {
    ids: FxHashMap<Arc<str>, u32>,
    list: Vec<Arc<str>>,
}

impl Names {
    /// How many names there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is no name yet.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The id of `name`, added if it is new.
    pub fn intern(&mut self, name: &str) -> NameId {
        if let Some(id) = self.ids.get(name) {
            return NameId(*id);
        }
        let id = self.list.len() as u32;
        let name: Arc<str> = name.into();
        self.list.push(name.clone());
        self.ids.insert(name, id);
        NameId(id)
    }

    /// The id of `name`, if it is known.
    pub fn get(&self, name: &str) -> Option<NameId> {
        self.ids.get(name).copied().map(NameId)
    }

    /// The name of an id; empty for an id that is not of this table.
    pub fn text(&self, id: NameId) -> &str {
        self.list.get(id.0 as usize).map_or("", |name| name)
    }
}

/// The names that one input has besides those of a table. They are kept in order: who chooses them could choose such as a
/// hash table keeps all in one place.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnNames {
    ids: BTreeMap<Arc<str>, u32>,
    list: Vec<Arc<str>>,
}

impl OwnNames {
    /// The id of `name`, added if it is new.
    pub fn intern(&mut self, name: &str) -> NameId {
        if let Some(id) = self.ids.get(name) {
            return NameId(*id);
        }
        let id = self.list.len() as u32;
        let name: Arc<str> = name.into();
        self.list.push(name.clone());
        self.ids.insert(name, id);
        NameId(id)
    }

    /// The id of `name`, if it is known.
    pub fn get(&self, name: &str) -> Option<NameId> {
        self.ids.get(name).copied().map(NameId)
    }

    /// The name of an id; empty for an id that is not of these.
    pub fn text(&self, id: NameId) -> &str {
        self.list.get(id.0 as usize).map_or("", |name| name)
    }
}
