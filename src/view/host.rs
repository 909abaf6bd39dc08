//! What expressions of a view ask: what those of a profile ask, and the view's own constants.

use crate::fhirpath::{Host, Resolved, Value};
use crate::tree::{NodeId, Tree};
use std::cell::Cell;

/// The name of the variable that has the index of what a row is made for.
pub(super) const ROW: &str = "rowIndex";

pub(super) struct Constants<'a> {
    pub inner: &'a dyn Host,
    pub constants: &'a [(String, Value<'static>)],
    pub row: Cell<usize>,
    /// How many steps are left of those that one resource may take.
    pub left: Cell<u64>,
}

impl Host for Constants<'_> {
    fn variable(&self, name: &str) -> Option<Value<'static>> {
        if name == ROW {
            return Some(Value::Integer(self.row.get() as i64));
        }
        let known = self.constants.iter().find(|(known, _)| known == name);
        known.map(|(_, value)| value.clone())
    }

    fn spent(&self, steps: u64) {
        self.left.set(self.left.get().saturating_sub(steps));
    }

    fn type_of<'h>(&'h self, tree: &'h Tree, node: NodeId) -> Option<&'h str> {
        self.inner.type_of(tree, node)
    }

    fn choice<'h>(&'h self, tree: &'h Tree, node: NodeId) -> Option<&'h str> {
        self.inner.choice(tree, node)
    }

    fn derives(&self, name: &str, base: &str) -> bool {
        self.inner.derives(name, base)
    }

    fn is_type(&self, name: &str) -> bool {
        self.inner.is_type(name)
    }

    fn has_element(&self, of_type: &str, name: &str) -> bool {
        self.inner.has_element(of_type, name)
    }

    fn resolve<'h>(&'h self, tree: &'h Tree, reference: &str, from: NodeId) -> Resolved<'h> {
        self.inner.resolve(tree, reference, from)
    }

    fn member_of(&self, tree: &Tree, node: NodeId, value_set: &str) -> Option<bool> {
        self.inner.member_of(tree, node, value_set)
    }

    fn conforms_to(&self, tree: &Tree, node: NodeId, profile: &str) -> Option<bool> {
        self.inner.conforms_to(tree, node, profile)
    }

    fn html_checks(&self, tree: &Tree, node: NodeId) -> Option<bool> {
        self.inner.html_checks(tree, node)
    }

    fn now(&self) -> Option<&str> {
        self.inner.now()
    }

    fn today(&self) -> Option<String> {
        self.inner.today()
    }
}
