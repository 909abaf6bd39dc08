//! What each node of a tree is, by the base definitions: its element, its type, and whether it repeats.
//!
//! Checking, rendering and FHIRPath all start from this; profiles play no part in it.

use crate::definitions::{BASE, Definitions};
use crate::name::NameId;
use crate::plan::{Element, Plan, Rule};
use crate::tree::{Flags, NodeId, Tree};

/// An element of a plan.
#[derive(Clone, Copy, Debug)]
pub struct ElementRef<'d> {
    /// The plan.
    pub plan: &'d Plan,
    /// The element in it.
    pub element: &'d Element,
}

impl<'d> ElementRef<'d> {
    /// The plan's root.
    pub fn root(plan: &'d Plan) -> Option<Self> {
        plan.elements.first().map(|element| ElementRef { plan, element })
    }

    /// An element of the same plan by its index.
    pub fn at(self, index: u32) -> Option<Self> {
        self.plan.elements.get(index as usize).map(|element| ElementRef { plan: self.plan, element })
    }

    /// The elements inside, without slices.
    pub fn children(self) -> impl Iterator<Item = ElementRef<'d>> {
        let plan = self.plan;
        let element = self.element;
        plan.children(element).iter().filter_map(move |at| self.at(*at))
    }

    /// What it asks of the value by itself: its own rules, and the invariants of the element that it has its content from
    /// (`Questionnaire.item.item`, which is `#Questionnaire.item`).
    pub fn rules(self) -> impl Iterator<Item = &'d Rule> {
        let shared = self.element.content.and_then(|at| self.at(at));
        let shared = shared.into_iter().flat_map(|shared| &shared.element.rules);
        self.element.rules.iter().chain(shared.filter(|rule| matches!(rule, Rule::Invariant(_))))
    }

    /// Whether both are the same element of the same plan.
    pub fn is(self, other: ElementRef<'_>) -> bool {
        std::ptr::eq(self.element, other.element)
    }
}

/// What a node is by the base definitions.
#[derive(Clone, Copy, Debug)]
pub struct NodeType<'d> {
    /// Its element in the type that it stands in; the root of the type for a resource that stands alone.
    pub element: ElementRef<'d>,
    /// The type's own definition, where the element has its type from elsewhere (not for backbone elements).
    pub type_root: Option<ElementRef<'d>>,
    /// The type's name: `Quantity`, `Patient`, `BackboneElement`.
    pub code: NameId,
}

/// A tree's nodes with their types; faulty nodes have none.
#[derive(Clone, Debug)]
pub struct Typed<'d> {
    nodes: Vec<Option<NodeType<'d>>>,
    definitions: &'d Definitions,
}

impl<'d> Typed<'d> {
    /// Finds each node's type and marks in the tree which elements repeat.
    pub fn new(tree: &mut Tree, definitions: &'d Definitions) -> Self {
        let mut typed = Typed { nodes: vec![None; tree.len()], definitions };
        let mut open = vec![tree.root()];
        let root = tree.root();
        if let Some(plan) = tree.resource_type_id(root).and_then(|name| definitions.base(name))
            && let Some(element) = ElementRef::root(plan)
        {
            typed.set(root, NodeType { element, type_root: Some(element), code: plan.type_id });
        }
        while let Some(node) = open.pop() {
            let mut next = tree.children(node).next();
            while let Some(child) = next {
                next = tree.siblings_after(child).next();
                typed.assign(tree, node, child);
                open.push(child);
            }
        }
        typed
    }

    fn set(&mut self, node: NodeId, what: NodeType<'d>) {
        if let Some(slot) = self.nodes.get_mut(node.0 as usize) {
            *slot = Some(what);
        }
    }

    fn assign(&mut self, tree: &mut Tree, parent: NodeId, child: NodeId) {
        let Some(parent_type) = self.get(parent) else { return };
        let name = tree.name_id(child);
        let Some((element, code)) = parent_type.child(name) else { return };
        if element.element.repeats {
            tree.set_flag(child, Flags::LIST);
        }
        // A resource inside is what it says it is.
        let code = tree.resource_type_id(child).or(code);
        let type_root = code.and_then(|code| self.type_plan(code)).and_then(ElementRef::root);
        let has_own = !element.plan.children(element.element).is_empty();
        let type_root = if has_own && tree.resource_type_id(child).is_none() { None } else { type_root };
        let Some(code) = code else { return };
        self.set(child, NodeType { element, type_root, code });
    }

    /// The definition of a type by the id of its name. `Age` and its like are types by name and profiles by derivation.
    fn type_plan(&self, code: NameId) -> Option<&'d Plan> {
        self.definitions.base(code).or_else(|| {
            let name = self.definitions.names().text(code);
            if name.is_empty() { None } else { self.definitions.plan(&format!("{BASE}{name}")) }
        })
    }

    /// What a node is; `None` for an element that its type does not have, and everything inside it.
    pub fn get(&self, node: NodeId) -> Option<NodeType<'d>> {
        self.nodes.get(node.0 as usize).copied().flatten()
    }

    /// The name of a node's type: `CodeableConcept`, `Patient`, `BackboneElement`.
    pub fn type_name(&self, node: NodeId) -> Option<&'d str> {
        self.get(node).map(|known| self.definitions.names().text(known.code))
    }

    /// The definitions that the types are from.
    pub fn definitions(&self) -> &'d Definitions {
        self.definitions
    }

    /// The name of the choice that a node is a value of: `value` for `valueQuantity`. Some names are a choice in one type
    /// and an element of their own in another, so the node's element decides, where it is known.
    pub fn choice(&self, tree: &Tree, node: NodeId) -> Option<NameId> {
        match self.get(node) {
            Some(known) => Some(known.element.element.name).filter(|_| known.element.element.is_choice),
            None => self.definitions.choice(tree.name_id(node)).map(|(base, _)| base),
        }
    }

    /// The FHIRPath location of a node.
    pub fn location(&self, tree: &Tree, node: NodeId) -> String {
        tree.location(node, |node| self.choice(tree, node))
    }
}

impl<'d> NodeType<'d> {
    /// Where the children are defined: the element itself for a backbone element, the type otherwise.
    pub fn content(&self) -> ElementRef<'d> {
        self.type_root.unwrap_or(self.element)
    }

    /// The element of a child by its name as written, and the child's type.
    pub fn child(&self, name: NameId) -> Option<(ElementRef<'d>, Option<NameId>)> {
        self.content().children().find_map(|child| {
            let element = child.element;
            if element.is_choice {
                let found = element.types.iter().find(|candidate| candidate.element_name == name)?;
                return Some((child, Some(found.code_id)));
            }
            (element.name == name).then(|| {
                let shared = element.content.and_then(|at| child.at(at));
                let types = if element.types.is_empty() { shared.map(|shared| &shared.element.types) } else { None };
                let code = types.unwrap_or(&element.types).first().map(|first| first.code_id);
                (child, code)
            })
        })
    }
}
