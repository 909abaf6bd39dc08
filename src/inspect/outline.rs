//! Where everything in an input is: as a tree, at an offset, and by expression or JSON pointer.

use super::profile::facts;
use super::{Subject, insert_text};
use crate::check;
use crate::definitions::Definitions;
use crate::limits;
use crate::links::Links;
use crate::source::Utf16Index;
use crate::tree::{NodeId, Tree};
use serde_json::{Map, Value};
use std::cell::Cell;

/// The elements of an input as a tree, to a depth (the root is at 0; all of it where there is none).
///
/// Each has its `name`, its `type` where it is known, `expression`, JSON `pointer`, `offset` and `length` of its value,
/// `nameOffset` where its name stands, its value as `text` if it is a primitive, and its `children`. Where the tree would be
/// many times as long as the input, `more` says how many children are left out.
pub fn outline(definitions: &Definitions, input: &[u8], depth: Option<usize>) -> Value {
    let subject = Subject::read(input, definitions);
    let units = subject.units();
    let room = Cell::new(limits::output(input.len()) / 2 * 3);
    subject.branch(&units, subject.tree().root(), depth.unwrap_or(usize::MAX), &room)
}

impl Subject<'_> {
    /// The depth is that of the tree, which the reader bounds.
    fn branch(&self, units: &Utf16Index<'_>, node: NodeId, depth: usize, room: &Cell<usize>) -> Value {
        /// What an element takes besides its texts.
        const FRAME: usize = 130;
        let mut out = self.leaf(units, node);
        let texts: usize = out.values().filter_map(Value::as_str).map(str::len).sum();
        room.set(room.get().saturating_sub(FRAME + texts));
        if depth > 0 {
            let mut children = Vec::new();
            let mut more = 0;
            for child in self.tree().children(node) {
                if room.get() == 0 {
                    more += 1;
                } else {
                    children.push(self.branch(units, child, depth - 1, room));
                }
            }
            if !children.is_empty() {
                out.insert("children".into(), children.into());
            }
            if more > 0 {
                out.insert("more".into(), more.into());
            }
        }
        Value::Object(out)
    }

    fn leaf(&self, units: &Utf16Index<'_>, node: NodeId) -> Map<String, Value> {
        let mut out = Map::new();
        let tree = self.tree();
        let name = tree.name(node);
        let name = if name.is_empty() { tree.resource_type(node).unwrap_or_default() } else { name };
        out.insert("name".into(), name.into());
        insert_text(&mut out, "type", self.type_name(node).unwrap_or_default());
        self.place(units, node, &mut out);
        out.insert("nameOffset".into(), units.offset(tree.key_start(node)).into());
        if let Some(text) = tree.text(node) {
            out.insert("text".into(), text.into());
        }
        out
    }
}

/// The innermost element whose name or value covers a byte.
pub(super) fn innermost(tree: &Tree, byte: u32) -> NodeId {
    let mut at = tree.root();
    loop {
        let covers = |child: &NodeId| tree.key_start(*child) <= byte && byte < tree.span(*child).end.max(1);
        // `_name` stands elsewhere than `name`, so that spans may not contain their children's; a later child is nearer.
        match tree.children(at).filter(covers).last() {
            Some(child) => at = child,
            None => return at,
        }
    }
}

/// The element at an offset (in UTF-16 code units): as in [`outline`], with `ancestors` from the root on, and with `definitions`,
/// what the base type and each profile in force say of it: the same facts as in a profile's tree, with the `profile`. A
/// coded element's reference has its `target`, where the input holds what it refers to.
pub fn element_at(definitions: &Definitions, input: &[u8], options: &check::Options, offset: u32) -> Value {
    let subject = Subject::read(input, definitions);
    let units = subject.units();
    let tree = subject.tree();
    let node = innermost(tree, units.byte(offset));
    let mut out = subject.leaf(&units, node);
    let mut ancestors = Vec::new();
    let mut at = tree.parent(node);
    while let Some(parent) = at {
        ancestors.push(Value::Object(subject.leaf(&units, parent)));
        at = tree.parent(parent);
    }
    ancestors.reverse();
    out.insert("ancestors".into(), ancestors.into());
    let said = check::elements_at(&subject.parsed, &subject.typed, options, node);
    let said = said.iter().map(|by| {
        let mut facts = facts(by.plan, by.element, "", definitions.version());
        facts.shift_remove("path");
        facts.insert("profile".into(), by.plan.canonical().into());
        Value::Object(facts)
    });
    let said: Vec<Value> = said.collect();
    out.insert("definitions".into(), said.into());
    if let Some(target) = reference(tree, node).and_then(|(from, url)| Links::new(tree).resolve(from, url)) {
        out.insert("target".into(), Value::Object(subject.leaf(&units, target)));
    }
    Value::Object(out)
}

/// The reference that an element is or stands in, and what it says.
fn reference(tree: &Tree, node: NodeId) -> Option<(NodeId, &str)> {
    let own = tree.child_text(node, "reference").map(|url| (node, url));
    own.or_else(|| {
        let parent = tree.parent(node)?;
        (tree.name(node) == "reference").then_some(())?;
        Some((parent, tree.text(node)?))
    })
}

/// Where elements are, each named by its expression as issues give it or by its JSON pointer: in the same order, as in
/// [`outline`], and `null` for one that is not there.
pub fn locate(definitions: &Definitions, input: &[u8], wanted: &[String]) -> Value {
    let subject = Subject::read(input, definitions);
    let units = subject.units();
    let find = |wanted: &String| match subject.find(wanted) {
        Some(node) => Value::Object(subject.leaf(&units, node)),
        None => Value::Null,
    };
    Value::Array(wanted.iter().map(find).collect())
}

impl Subject<'_> {
    /// The element of an expression (`Patient.name[0].given[1]`) or JSON pointer (`/name/0/given/1`).
    pub(super) fn find(&self, wanted: &str) -> Option<NodeId> {
        let tree = self.tree();
        let mut at = tree.root();
        if wanted.is_empty() || wanted.starts_with('/') {
            let mut parts = wanted.split('/').skip(1).peekable();
            while let Some(part) = parts.next() {
                let name = part.replace("~1", "/").replace("~0", "~");
                let index = parts.next_if(|next| next.bytes().all(|byte| byte.is_ascii_digit()));
                let index: u32 = index.map_or(Some(0), |index| index.parse().ok())?;
                at = tree.named(at, &name).find(|child| tree.index(*child) == index)?;
            }
            return Some(at);
        }
        let mut parts = wanted.split('.');
        let root = parts.next()?;
        if root != tree.resource_type(at).unwrap_or("Resource") {
            return None;
        }
        for part in parts {
            let (name, index) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
                Some((name, index)) => (name, index.parse().ok()?),
                None => (part, 0),
            };
            at = self.child_at(at, tree.find_name(name)?, index)?;
        }
        Some(at)
    }
}
