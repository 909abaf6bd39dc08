//! What is recorded twice and differs: within a record, and between the text of a document's sections and their coded
//! entries. One engine for the display and the checks; [`Rule`] is the table of its rules.
//!
//! High precision is what it is for: a finding quotes both sides and says of neither that it is right, nothing is
//! corrected, hidden or moved, and whatever could be read in two ways is no finding. Each rule costs a look-up for each
//! resource, never a comparison of everything with everything.

mod allergies;
mod attested;
mod concepts;
mod dates;
mod dosage;
pub mod dose;
mod entries;
mod input;
mod lifetime;
mod measure;
mod medicines;
mod results;
pub mod words;

pub use crate::issue::{Contradiction, Rank, Rule};

use crate::links::Links;
use crate::tree::{NodeId, Tree};
use input::Input;

/// One of the two things that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The element that says it.
    pub node: NodeId,
    /// What it says, as recorded; long text is cut.
    pub quote: String,
}

/// A contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule with its words and both quotes.
    pub says: Contradiction,
    /// How much a reader must know of it.
    pub rank: Rank,
    /// Where it is to be shown and reported: the element whose reading would mislead.
    pub at: NodeId,
    /// What differs from what.
    pub sides: [Side; 2],
}

impl Finding {
    /// The rule.
    pub fn rule(&self) -> Rule {
        self.says.rule
    }

    /// The section whose text is one of the two sides, where a document's text is compared with its coded entries.
    pub fn section(&self, tree: &Tree) -> Option<NodeId> {
        let [text, _] = &self.sides;
        let section = tree.parent(tree.parent(text.node)?)?;
        (tree.name(text.node) == "div" && tree.name(section) == "section").then_some(section)
    }

    /// What contradicts what, in English. In another language, fill the template of `says` with its values.
    pub fn words(&self) -> String {
        self.says.words()
    }
}

/// Finds the contradictions of an input, a resource or a Bundle of many, in the order in which they stand in it. Resources
/// for which `is_left_out` says so count as not being there, with all that is in them.
pub fn find(tree: &Tree, links: &Links<'_>, is_left_out: &dyn Fn(NodeId) -> bool) -> Vec<Finding> {
    let input = Input::new(tree, links, is_left_out);
    let mut found = Vec::new();
    allergies::find(&input, &mut found);
    dosage::find(&input, &mut found);
    concepts::find(&input, &mut found);
    medicines::find(&input, &mut found);
    entries::find(&input, &mut found);
    lifetime::find(&input, &mut found);
    results::find(&input, &mut found);
    attested::find(&input, &mut found);
    crate::order::sort_by_key(&mut found, |finding: &Finding| finding.at);
    found
}
