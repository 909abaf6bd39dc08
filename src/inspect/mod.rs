//! What an author or developer asks of a resource and of the definitions, besides whether it is valid: where things are,
//! what an expression gives, what may stand here, what a profile or value set says, how a fault is put right.
//!
//! Everything comes back as plain data (JSON), which `careconnect.d.ts` describes. Offsets count UTF-16 code units.

mod compare;
mod complete;
mod convert;
mod expression;
mod fixes;
mod outline;
mod profile;
mod skeleton;
mod value_set;

pub use compare::compare;
pub use complete::complete;
pub use convert::{Converted, convert};
pub use expression::fhirpath;
pub use fixes::{Edit, Fix, Help, add_help, help};
pub use outline::{element_at, locate, outline};
pub use profile::{profile, profiles};
pub use skeleton::skeleton;
pub use value_set::{value_set, value_sets};

use crate::definitions::Definitions;
use crate::issue::Problem;
use crate::name::NameId;
use crate::parse::{Limits, Parsed, parse};
use crate::source::{Span, Utf16Index};
use crate::tree::{NodeId, Tree};
use crate::typed::Typed;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::rc::Rc;

/// The children of a node by a name.
type Named = FxHashMap<(NodeId, NameId), Rc<[NodeId]>>;

/// An input, read and typed.
struct Subject<'d> {
    parsed: Parsed,
    typed: Typed<'d>,
    /// The children of a node by the name that expressions have for them, as far as they were asked for.
    children: RefCell<Named>,
}

impl<'d> Subject<'d> {
    fn read(input: &[u8], definitions: &'d Definitions) -> Self {
        let mut parsed = parse(input, definitions.names(), Limits::default());
        let typed = Typed::new(&mut parsed.tree, definitions);
        Subject { parsed, typed, children: RefCell::default() }
    }

    fn tree(&self) -> &Tree {
        &self.parsed.tree
    }

    /// The child of a name, as expressions have it, and of a place among its like. Many issues ask for one each.
    fn child_at(&self, parent: NodeId, name: NameId, index: u32) -> Option<NodeId> {
        let tree = self.tree();
        let mut known = self.children.borrow_mut();
        let its = known.entry((parent, name)).or_insert_with(|| {
            let own = |child: NodeId| self.typed.choice(tree, child).unwrap_or(tree.name_id(child));
            tree.children(parent).filter(|child| own(*child) == name).collect()
        });
        let is_it = |child: &&NodeId| tree.index(**child) == index;
        its.get(index as usize).filter(is_it).or_else(|| its.iter().find(is_it)).copied()
    }

    fn units(&self) -> Utf16Index<'_> {
        Utf16Index::new(self.tree().source())
    }

    /// The element's type, as FHIRPath would give it.
    fn type_name(&self, node: NodeId) -> Option<&str> {
        self.typed.type_name(node).or_else(|| self.tree().resource_type(node))
    }

    /// Where a node is: its expression, its JSON pointer, and the place of its value.
    fn place(&self, units: &Utf16Index<'_>, node: NodeId, out: &mut Map<String, Value>) {
        out.insert("expression".into(), self.typed.location(self.tree(), node).into());
        out.insert("pointer".into(), self.tree().pointer(node).into());
        insert_span(units, self.tree().span(node), out);
    }
}

fn insert_span(units: &Utf16Index<'_>, span: Span, out: &mut Map<String, Value>) {
    let Span { start, end } = units.span(span);
    out.insert("offset".into(), start.into());
    out.insert("length".into(), end.saturating_sub(start).into());
}

/// Adds a text, unless it is empty.
fn insert_text(out: &mut Map<String, Value>, key: &str, text: &str) {
    if !text.is_empty() {
        out.insert(key.into(), text.into());
    }
}

/// Adds a flag, where it is set.
fn insert_flag(out: &mut Map<String, Value>, key: &str, flag: bool) {
    if flag {
        out.insert(key.into(), true.into());
    }
}

/// Every rule that can be reported: its code, its usual severity and what it is about.
pub fn rules() -> Value {
    let rule = |(code, severity, words): &(&str, crate::issue::Severity, &str)| {
        let words: Vec<&str> = words.split_whitespace().collect();
        json!({ "rule": code, "severity": severity.code(), "explanation": words.join(" ") })
    };
    Value::Array(Problem::RULES.iter().map(rule).collect())
}

/// A text as a button shows it: at most 60 characters.
fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}
