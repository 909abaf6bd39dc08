//! XML (STU3 2.6) to the same tree as JSON.

use super::{Fault, Limits};
use crate::tree::Tree;

/// Reads the tree's source into it.
pub fn read(_tree: &mut Tree, _limits: Limits, _faults: &mut Vec<Fault>) {}
