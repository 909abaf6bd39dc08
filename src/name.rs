//! Names of elements and types as small integers, so that matching an element against a definition compares integers.

use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A name in a [`Names`] table or, past its end, in one tree's own additions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

/// What finds a name's number.
pub trait Index: Default {
    /// The number of `name`, if it has one.
    fn find(&self, name: &str) -> Option<u32>;
    /// Notes the number of a new name.
    fn add(&mut self, name: Arc<str>, id: u32);
}

impl Index for FxHashMap<Arc<str>, u32> {
    fn find(&self, name: &str) -> Option<u32> {
        self.get(name).copied()
    }

    fn add(&mut self, name: Arc<str>, id: u32) {
        self.insert(name, id);
    }
}

impl Index for BTreeMap<Arc<str>, u32> {
    fn find(&self, name: &str) -> Option<u32> {
        self.get(name).copied()
    }

    fn add(&mut self, name: Arc<str>, id: u32) {
        self.insert(name, id);
    }
}

/// A table of names that only ever grows: an id, once given, stays.
#[derive(Clone, Debug, Default)]
pub struct Table<I> {
    ids: I,
    list: Vec<Arc<str>>,
}

/// The names of definitions.
pub type Names = Table<FxHashMap<Arc<str>, u32>>;

/// The names that one input has besides those of a table. They are kept in order: who chooses them could choose such as a
/// hash table keeps all in one place.
pub(crate) type OwnNames = Table<BTreeMap<Arc<str>, u32>>;

impl<I: Index> Table<I> {
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
        if let Some(id) = self.ids.find(name) {
            return NameId(id);
        }
        let id = self.list.len() as u32;
        let name: Arc<str> = name.into();
        self.list.push(name.clone());
        self.ids.add(name, id);
        NameId(id)
    }

    /// The id of `name`, if it is known.
    pub fn get(&self, name: &str) -> Option<NameId> {
        self.ids.find(name).map(NameId)
    }

    /// The name of an id; empty for an id that is not of this table.
    pub fn text(&self, id: NameId) -> &str {
        self.list.get(id.0 as usize).map_or("", |name| name)
    }
}
