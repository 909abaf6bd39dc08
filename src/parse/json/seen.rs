//! The properties of one JSON object.

use crate::name::NameId;
use crate::source::Span;
use crate::tree::NodeId;
use rustc_hash::FxHashMap;

/// The properties of one object seen so far. Small objects are searched in order, large ones by hash, so that an object
/// with very many properties costs no more than its size.
#[derive(Default)]
pub(super) struct Seen {
    pub list: Vec<Property>,
    index: FxHashMap<NameId, usize>,
}

#[derive(Clone, Copy)]
pub(super) struct Property {
    pub name: NameId,
    /// The first node that was made for it.
    pub first: Option<NodeId>,
    pub has_value: bool,
    /// Whether the value is an array.
    pub is_array: bool,
    /// Where the value of `_name` stands, if it was there, and whether that is an array.
    pub extended: Option<(Span, bool)>,
}

impl Seen {
    const SMALL: usize = 24;

    /// What is known of a property, so far nothing if it is new.
    pub fn entry(&mut self, name: NameId) -> &mut Property {
        let found = if self.list.len() <= Self::SMALL {
            self.list.iter().position(|property| property.name == name)
        } else {
            if self.index.is_empty() {
                self.index = self.list.iter().enumerate().map(|(at, property)| (property.name, at)).collect();
            }
            self.index.get(&name).copied()
        };
        let at = found.unwrap_or_else(|| {
            let at = self.list.len();
            self.list.push(Property { name, first: None, has_value: false, is_array: false, extended: None });
            if !self.index.is_empty() {
                self.index.insert(name, at);
            }
            at
        });
        &mut self.list[at]
    }
}
