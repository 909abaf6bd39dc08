//! One arena for a resource, whether it came as JSON or XML.
//!
//! A node is one occurrence of a FHIR element: the items of a JSON array are siblings with the same name, `_birthDate`
//! is merged into `birthDate`, and the `value`, `id` and `url` attributes of XML are the node's value and children.
//! Nothing of the input is lost: faulty input keeps its node, marked with what is odd about it.

use crate::limits;
use crate::name::{NameId, Names, OwnNames};
use crate::source::Span;
use std::sync::Arc;

/// A node of one [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

const NONE: u32 = u32::MAX;

/// How a node's value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A JSON object, or a primitive of which only the `_name` part is present.
    Object,
    /// A JSON string.
    String,
    /// A JSON number; its text is kept as written.
    Number,
    /// JSON `true` or `false`.
    Boolean,
    /// JSON `null`.
    Null,
    /// A JSON array inside an array, which FHIR never has; its items are the node's children.
    Array,
    /// An XML element, with the text of its `value` attribute if it has one.
    Xml,
    /// An XML `div` in the XHTML namespace, kept as its source text.
    Xhtml,
}

/// What else is known of how a node was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// The node is an item of a JSON array.
    pub const IN_ARRAY: Flags = Flags(1);
    /// The element repeats by its definition; its location has an index. Set when the tree is typed.
    pub const LIST: Flags = Flags(2);
    /// The JSON property was already there in the same object: this one is ignored in checks, and shown.
    pub const DUPLICATE: Flags = Flags(4);
    /// The node was an XML attribute.
    pub const ATTRIBUTE: Flags = Flags(8);
    /// A `_name` property was merged into the node.
    pub const EXTENDED: Flags = Flags(16);
    /// The value's text was decoded (it had escapes) and is not a slice of the source.
    pub const DECODED: Flags = Flags(32);
    /// The XML element is not in the FHIR namespace.
    pub const FOREIGN: Flags = Flags(64);
    /// The node has many children, and the tree an index of them.
    const WIDE: Flags = Flags(128);
    /// The input broke off inside of the node: what it lacks may have come later.
    pub const OPEN: Flags = Flags(256);

    /// Whether all of `other` is set.
    pub fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    fn set(&mut self, other: Flags) {
        self.0 |= other.0;
    }
}

#[derive(Clone, Debug)]
struct Node {
    name: NameId,
    parent: u32,
    first: u32,
    last: u32,
    next: u32,
    index: u32,
    /// Where the name starts in the source.
    key: u32,
    span: Span,
    text: Span,
    resource: u32,
    kind: Kind,
    flags: Flags,
}

/// A parsed resource. The root is the resource itself.
#[derive(Clone, Debug)]
pub struct Tree {
    source: String,
    decoded: String,
    names: Arc<Names>,
    own: OwnNames,
    nodes: Vec<Node>,
    /// Of nodes with many children: parent, name, and the first and last child of that name; sorted.
    wide: Vec<(u32, NameId, NodeId, NodeId)>,
}

impl Tree {
    /// An empty tree over `source`; names known to `names` keep their ids. The root is an object without content.
    pub fn new(source: String, names: Arc<Names>) -> Self {
        let whole = Span::new(0, source.len());
        let mut tree = Tree {
            source,
            decoded: String::new(),
            names,
            own: OwnNames::default(),
            nodes: Vec::new(),
            wide: Vec::new(),
        };
        let name = tree.intern("");
        tree.push(NONE, name, 0, whole);
        tree
    }

    /// The resource.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never true: there is always a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every node, parents before their children.
    pub fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// The text that was read, with its byte order mark if it had one.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The shared table of names that this tree was read with.
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// The id of a name in this tree, if it is known to it.
    pub fn find_name(&self, name: &str) -> Option<NameId> {
        self.names.get(name).or_else(|| self.own.get(name).map(|id| NameId(id.0 + self.names.len() as u32)))
    }

    /// The id of a name in this tree, added to the tree's own names if it is not in the shared table.
    pub fn intern(&mut self, name: &str) -> NameId {
        match self.names.get(name) {
            Some(id) => id,
            None => NameId(self.own.intern(name).0 + self.names.len() as u32),
        }
    }

    /// The text of a name.
    pub fn name_text(&self, name: NameId) -> &str {
        let shared = self.names.len() as u32;
        if name.0 < shared { self.names.text(name) } else { self.own.text(NameId(name.0 - shared)) }
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// The node's element name as written: `valueQuantity`, never `value[x]`. Empty for the root.
    pub fn name(&self, id: NodeId) -> &str {
        self.name_text(self.node(id).name)
    }

    /// The id of the node's name.
    pub fn name_id(&self, id: NodeId) -> NameId {
        self.node(id).name
    }

    /// The node that this one is in.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        some(self.node(id).parent)
    }

    /// The children in the order of the source; `_name` parts stand with their value.
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { tree: self, next: self.node(id).first }
    }

    /// The siblings that come after `child`.
    pub fn siblings_after(&self, child: NodeId) -> Children<'_> {
        Children { tree: self, next: self.node(child).next }
    }

    /// The children with this name.
    pub fn named<'t>(&'t self, id: NodeId, name: &'t str) -> impl Iterator<Item = NodeId> + 't {
        let wanted = self.find_name(name);
        let (first, last) = match wanted {
            Some(name) if self.node(id).flags.has(Flags::WIDE) => self.run_of(id, name),
            Some(_) => (self.node(id).first, NONE),
            None => (NONE, NONE),
        };
        let mut is_over = false;
        let up_to_last = move |child: &NodeId| !std::mem::replace(&mut is_over, child.0 == last);
        let children = Children { tree: self, next: first }.take_while(up_to_last);
        children.filter(move |child| Some(self.name_id(*child)) == wanted)
    }

    /// The first and last child of this name, of a node whose children are indexed.
    fn run_of(&self, id: NodeId, name: NameId) -> (u32, u32) {
        let at = self.wide.partition_point(|(parent, own, ..)| (*parent, *own) < (id.0, name));
        match self.wide.get(at) {
            Some((parent, own, first, last)) if (*parent, *own) == (id.0, name) => (first.0, last.0),
            _ => (NONE, NONE),
        }
    }

    /// Indexes the children of nodes that have many, so that asking for one by its name costs the same whatever an input
    /// puts before it. For the readers, at their end.
    pub(crate) fn index_children(&mut self) {
        const MANY: u32 = 16;
        let mut counts = vec![0_u32; self.nodes.len()];
        for node in &self.nodes {
            if let Some(count) = counts.get_mut(node.parent as usize) {
                *count += 1;
            }
        }
        let mut wide: Vec<(u32, NameId, NodeId, NodeId)> = Vec::new();
        for (parent, _) in counts.iter().enumerate().filter(|(_, count)| **count > MANY) {
            let id = NodeId(parent as u32);
            let mut its: Vec<(NameId, NodeId)> = self.children(id).map(|child| (self.name_id(child), child)).collect();
            // Stable, so that children of one name keep their order.
            crate::order::sort_by_key(&mut its, |(name, _)| *name);
            for (name, child) in its {
                match wide.last_mut() {
                    Some((of, own, _, last)) if (*of, *own) == (id.0, name) => *last = child,
                    _ => wide.push((id.0, name, child, child)),
                }
            }
            self.node_mut(id).flags.set(Flags::WIDE);
        }
        self.wide = wide;
    }

    /// The first child with this name.
    pub fn child(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.named(id, name).next()
    }

    /// The value of the first child with this name.
    pub fn child_text(&self, id: NodeId, name: &str) -> Option<&str> {
        self.child(id, name).and_then(|child| self.text(child))
    }

    /// The primitive's value as text: a string decoded, a number or boolean as written. `None` where there is no value.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        let node = self.node(id);
        let text = || if node.flags.has(Flags::DECODED) { &self.decoded } else { &self.source };
        match node.kind {
            Kind::Object | Kind::Null | Kind::Array => None,
            _ if node.text.start == NONE => None,
            _ => text().get(node.text.start as usize..node.text.end as usize),
        }
    }

    /// Where the primitive's text starts in the source; `None` where there is none, or it had to be decoded.
    pub fn text_start(&self, id: NodeId) -> Option<u32> {
        let node = self.node(id);
        (node.text.start != NONE && !node.flags.has(Flags::DECODED)).then_some(node.text.start)
    }

    /// How the node was written.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// What else is known of how the node was written.
    pub fn flags(&self, id: NodeId) -> Flags {
        self.node(id).flags
    }

    /// The node's place among the siblings of its name, from 0.
    pub fn index(&self, id: NodeId) -> u32 {
        self.node(id).index
    }

    /// The span of the node's value: the JSON value, or the whole XML element or attribute.
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// Where the node's name starts: the quote of a JSON key, the `<` of an XML tag. For a second item of a JSON array,
    /// where the item starts.
    pub fn key_start(&self, id: NodeId) -> u32 {
        self.node(id).key
    }

    /// Where in the source the bytes of a JSON string's text stand, which escapes move away from the start.
    pub fn places_in_text(&self, id: NodeId) -> Places {
        let span = self.span(id);
        let (start, end) = (span.start as usize + 1, span.end as usize);
        let raw = self.source.get(start..end.saturating_sub(1)).unwrap_or_default();
        #[cfg(debug_assertions)]
        LOOKS.set(LOOKS.get() + raw.len() as u64);
        let (mut after, mut decoded, mut place) = (Vec::new(), 0, 0);
        while let Some(plain) = raw.get(place..).and_then(|rest| memchr::memchr(b'\\', rest.as_bytes())) {
            (decoded, place) = (decoded + plain, place + plain);
            let (length, stands_for) = if raw.as_bytes().get(place + 1) == Some(&b'u') {
                let digits = raw.get(place + 2..place + 6);
                match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default() {
                    // Two escapes stand for one character of four bytes.
                    0xD800..=0xDBFF => (12, 4),
                    0..=0x7F => (6, 1),
                    0x80..=0x7FF => (6, 2),
                    _ => (6, 3),
                }
            } else {
                (2, 1)
            };
            after.push((decoded, place));
            (decoded, place) = (decoded + stands_for, place + length);
            after.push((decoded, place));
        }
        Places { start: start.min(end), end, after }
    }

    /// The resource type, where the node is a resource.
    pub fn resource_type(&self, id: NodeId) -> Option<&str> {
        self.resource_type_id(id).map(|name| self.name_text(name))
    }

    /// The id of the resource type's name, where the node is a resource.
    pub fn resource_type_id(&self, id: NodeId) -> Option<NameId> {
        some(self.node(id).resource).map(|id| NameId(id.0))
    }

    /// The nearest resource around the node, itself included. The root where there is none.
    pub fn resource_of(&self, id: NodeId) -> NodeId {
        let mut at = id;
        while self.node(at).resource == NONE {
            match self.parent(at) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at
    }

    /// Whether `id` is `ancestor` or inside it.
    pub fn is_within(&self, id: NodeId, ancestor: NodeId) -> bool {
        let mut at = Some(id);
        while let Some(node) = at {
            if node == ancestor {
                return true;
            }
            at = self.parent(node);
        }
        false
    }

    /// The FHIRPath location of a node, `Patient.name[0].given[1]`: an index where the element repeats, a choice by the
    /// name that `choice` gives for it (`value` for `valueQuantity`). Names that are longer than any of FHIR's, and what is
    /// nested more deeply, are shortened ([`limits`]).
    pub fn location(&self, id: NodeId, choice: impl Fn(NodeId) -> Option<NameId>) -> String {
        let step = |node: NodeId| {
            if self.parent(node).is_none() {
                return limits::shorten(self.resource_type(node).unwrap_or("Resource"), limits::NAME);
            }
            let name = choice(node).unwrap_or(self.name_id(node));
            let name = limits::shorten(self.name_text(name), limits::NAME);
            let flags = self.flags(node);
            match flags.has(Flags::LIST) || flags.has(Flags::IN_ARRAY) || self.index(node) > 0 {
                true => format!(".{name}[{}]", self.index(node)),
                false => format!(".{name}"),
            }
        };
        self.path(id, limits::TEXT, step)
    }

    /// The steps from the root to a node, of which those in the middle are not made where there would be too many.
    fn path(&self, id: NodeId, most: usize, step: impl Fn(NodeId) -> String) -> String {
        let chain: Vec<NodeId> = std::iter::successors(Some(id), |node| self.parent(*node)).collect();
        // From either end as many as are long enough by themselves.
        let mut length = 0;
        let mut end: Vec<String> = Vec::new();
        for node in &chain {
            if length >= most {
                break;
            }
            let step = step(*node);
            length += step.chars().count();
            end.push(step);
        }
        length = 0;
        let mut out = String::new();
        for node in chain.iter().skip(end.len()).rev() {
            if length >= most {
                break;
            }
            let step = step(*node);
            length += step.chars().count();
            out.push_str(&step);
        }
        end.iter().rev().for_each(|step| out.push_str(step));
        limits::shorten_middle(&mut out, most);
        out
    }

    /// The JSON Pointer (RFC 6901) of a node in the resource's JSON form, whichever form was read. Names that are longer
    /// than any of FHIR's, and pointers of more than [`limits::POINTER`] characters, are shortened.
    pub fn pointer(&self, id: NodeId) -> String {
        let step = |node: NodeId| {
            if self.parent(node).is_none() {
                return String::new();
            }
            let flags = self.flags(node);
            let name = limits::shorten(self.name(node), limits::NAME).replace('~', "~0").replace('/', "~1");
            match flags.has(Flags::LIST) || flags.has(Flags::IN_ARRAY) {
                true => format!("/{name}/{}", self.index(node)),
                false => format!("/{name}"),
            }
        };
        self.path(id, limits::POINTER, step)
    }

    /// A copy without some of its nodes and what is in them, and for each node of the copy the one that it was. Places are
    /// counted anew, so that there is no gap. The root always stays.
    pub fn without(&self, cut: &rustc_hash::FxHashSet<NodeId>) -> (Tree, Vec<NodeId>) {
        let (source, decoded, names, own) =
            (self.source.clone(), self.decoded.clone(), self.names.clone(), self.own.clone());
        let mut tree = Tree { source, decoded, names, own, nodes: Vec::new(), wide: Vec::new() };
        let mut origin = Vec::new();
        let mut copies: Vec<u32> = vec![NONE; self.nodes.len()];
        let mut places: rustc_hash::FxHashMap<(u32, NameId), u32> = rustc_hash::FxHashMap::default();
        for (at, node) in self.nodes.iter().enumerate() {
            let id = NodeId(at as u32);
            let parent = some(node.parent).and_then(|parent| copies.get(parent.0 as usize)).copied().unwrap_or(NONE);
            if at > 0 && (parent == NONE || cut.contains(&id)) {
                continue;
            }
            let copy = tree.nodes.len() as u32;
            if let Some(slot) = copies.get_mut(at) {
                *slot = copy;
            }
            origin.push(id);
            let place = places.entry((parent, node.name)).or_default();
            let index = *place;
            *place += 1;
            let flags = Flags(node.flags.0 & !Flags::WIDE.0);
            tree.nodes.push(Node { parent, first: NONE, last: NONE, next: NONE, index, flags, ..node.clone() });
            if let Some(parent) = some(parent) {
                match some(tree.node(parent).last) {
                    Some(last) => tree.node_mut(last).next = copy,
                    None => tree.node_mut(parent).first = copy,
                }
                tree.node_mut(parent).last = copy;
            }
        }
        tree.index_children();
        (tree, origin)
    }

    // What follows builds a tree and is for the readers in `parse`.

    fn push(&mut self, parent: u32, name: NameId, key: usize, span: Span) -> NodeId {
        let id = self.nodes.len() as u32;
        self.nodes.push(Node {
            name,
            parent,
            first: NONE,
            last: NONE,
            next: NONE,
            index: 0,
            key: key as u32,
            span,
            text: Span { start: NONE, end: NONE },
            resource: NONE,
            kind: Kind::Object,
            flags: Flags::default(),
        });
        NodeId(id)
    }

    /// Adds a last child. `index` is its place among the siblings of its name.
    pub fn append(&mut self, parent: NodeId, name: NameId, index: u32, key: usize, span: Span) -> NodeId {
        let id = self.push(parent.0, name, key, span);
        self.node_mut(id).index = index;
        let last = self.node(parent).last;
        match some(last) {
            Some(last) => self.node_mut(last).next = id.0,
            None => self.node_mut(parent).first = id.0,
        }
        self.node_mut(parent).last = id.0;
        id
    }

    /// Sets how the node was written.
    pub fn set_kind(&mut self, id: NodeId, kind: Kind) {
        self.node_mut(id).kind = kind;
    }

    /// Sets a flag.
    pub fn set_flag(&mut self, id: NodeId, flag: Flags) {
        self.node_mut(id).flags.set(flag);
    }

    /// Sets the span of the value.
    pub fn set_span(&mut self, id: NodeId, span: Span) {
        self.node_mut(id).span = span;
    }

    /// Sets where the name starts.
    pub fn set_key_start(&mut self, id: NodeId, key: usize) {
        self.node_mut(id).key = key as u32;
    }

    /// Gives the node a value that stands in the source as it is.
    pub fn set_text_slice(&mut self, id: NodeId, text: Span) {
        self.node_mut(id).text = text;
    }

    /// Gives the node a value that had to be decoded.
    pub fn set_text_decoded(&mut self, id: NodeId, text: &str) {
        let start = self.decoded.len();
        self.decoded.push_str(text);
        let text = Span::new(start, self.decoded.len());
        let node = self.node_mut(id);
        node.text = text;
        node.flags.set(Flags::DECODED);
    }

    /// Marks the node as a resource of this type.
    pub fn set_resource_type(&mut self, id: NodeId, name: NameId) {
        self.node_mut(id).resource = name.0;
    }
}

/// Where the bytes of a JSON string's text stand in the source: [`Tree::places_in_text`].
#[derive(Debug)]
pub struct Places {
    start: usize,
    end: usize,
    /// A byte of the text and where it stands, of what each escape stands for and of what follows it, in turn.
    after: Vec<(usize, usize)>,
}

impl Places {
    /// Where a byte stands.
    pub fn of(&self, at: usize) -> usize {
        let before = self.after.partition_point(|(decoded, _)| *decoded <= at);
        let place = match before.checked_sub(1).and_then(|last| self.after.get(last)) {
            None => at,
            // What an escape stands for is nowhere but at its start.
            Some((_, place)) if before % 2 == 1 => *place,
            Some((decoded, place)) => place + (at - decoded),
        };
        (self.start + place).min(self.end)
    }
}

fn some(id: u32) -> Option<NodeId> {
    (id != NONE).then_some(NodeId(id))
}

#[cfg(debug_assertions)]
thread_local! {
    static LOOKS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// How often this thread has looked at a child of a node, or at a byte of a text for its place. Counted where assertions are, for the tests that hold what is
/// looked at to the size of the input.
#[cfg(debug_assertions)]
pub fn looks() -> u64 {
    LOOKS.get()
}

/// The children of a node, in the order of the source.
#[derive(Clone, Debug)]
pub struct Children<'t> {
    tree: &'t Tree,
    next: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = some(self.next)?;
        #[cfg(debug_assertions)]
        LOOKS.set(LOOKS.get() + 1);
        self.next = self.tree.node(id).next;
        Some(id)
    }
}
