//! A snapshot from a differential (STU3 5.1.0.4): the base's snapshot, with what the differential says laid over it.
//!
//! Generation is tolerant: what cannot be laid anywhere is left out, and everything wrong is listed for the profile's
//! author. In the result
//! - an element comes with its content, then its slices with theirs; ids are `Patient.identifier:nhsNumber.system`;
//! - a choice of which the differential names a type, as `Observation.valueQuantity`, is the slice
//!   `Observation.value[x]:valueQuantity`, sliced by type; unless the differential has `value[x]` as well, other types
//!   are not allowed, as that is what publishers mean by it;
//! - slices of `extension` without a slicing are told apart by url;
//! - constraints are those of the element, not those of its type: checking applies a type's own definition too.

mod merge;
mod node;

use super::{ElementDefinition, Slicing, StructureDefinition};
use node::Node;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where base types have their canonical URLs.
const BASE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Definitions from the first to the last base, and steps in a path: beyond what any real definition has, and low enough
/// that nothing recursive here can exhaust the stack.
const DEPTH: usize = 64;

/// The elements that one snapshot may have.
const SIZE: usize = 100_000;

/// A generated snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every element, in order.
    pub elements: Vec<ElementDefinition>,
    /// What is wrong with the definition.
    pub problems: Vec<Problem>,
}

/// Something wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The element's index in the differential; none where it is the definition itself.
    pub element: Option<u32>,
    /// The element's path; empty where it is the definition itself.
    pub path: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// The kinds of mistake that generation finds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The base definition is not known; the base type was used.
    BaseMissing {
        /// Its canonical URL.
        url: String,
    },
    /// The definition is its own base, or the chain of bases is too long.
    BaseCycle {
        /// The canonical URL at which it starts again.
        url: String,
    },
    /// The base is of another type.
    BaseOfOtherType {
        /// The definition's type.
        type_name: String,
        /// The base's type.
        base: String,
    },
    /// The path starts with another type.
    WrongRoot {
        /// The definition's type.
        type_name: String,
    },
    /// The path has too many steps.
    TooDeep,
    /// The snapshot would be too large.
    TooLarge,
    /// The base has no such element.
    NotInBase {
        /// The step that is not there.
        name: String,
        /// The path of what it should be in.
        parent: String,
    },
    /// The differential says that the element may be there less often than the base demands.
    MinBelowBase {
        /// The differential's.
        min: u32,
        /// The base's.
        base: u32,
    },
    /// The differential says that the element may be there more often than the base allows.
    MaxAboveBase {
        /// The differential's.
        max: String,
        /// The base's.
        base: String,
    },
    /// The least number of repeats is greater than the greatest.
    MinAboveMax {
        /// The least.
        min: u32,
        /// The greatest.
        max: String,
    },
    /// The base does not allow these types.
    TypeNotInBase {
        /// The types.
        codes: Vec<String>,
        /// Those that it allows.
        allowed: Vec<String>,
    },
    /// There is no such type.
    UnknownType {
        /// The type.
        code: String,
    },
    /// A profile on a type is not known.
    UnknownProfile {
        /// Its canonical URL.
        url: String,
    },
    /// A profile on a type is one of another type: on a reference, where a profile of the target is meant.
    ProfileOfOtherType {
        /// Its canonical URL.
        url: String,
        /// The type that it is a profile of.
        type_name: String,
    },
    /// A profile on a reference's target is not known.
    UnknownTarget {
        /// Its canonical URL.
        url: String,
    },
    /// The binding is weaker than the base's.
    BindingWeaker {
        /// The differential's strength.
        strength: String,
        /// The base's.
        base: String,
    },
    /// There are slices, but nothing says how they are told apart.
    NoSlicing,
    /// The element whose content should be shared is not there.
    ContentMissing {
        /// What the reference says.
        reference: String,
    },
}

/// Finds a definition by its canonical URL.
pub type Resolve<'r> = dyn Fn(&str) -> Option<Arc<StructureDefinition>> + 'r;

/// The snapshot of a definition. For many definitions a [`Generator`] does not make the same bases again.
pub fn snapshot(definition: &StructureDefinition, resolve: &Resolve) -> Snapshot {
    Generator::new(resolve).snapshot(definition)
}

/// Makes snapshots, and keeps those that others are based on.
pub struct Generator<'r> {
    resolve: &'r Resolve<'r>,
    done: BTreeMap<String, Option<Arc<Node>>>,
    /// The definitions that are being made, each the base or a type of the one before.
    active: Vec<String>,
}

impl<'r> Generator<'r> {
    /// A generator that finds other definitions with `resolve`.
    pub fn new(resolve: &'r Resolve<'r>) -> Self {
        Generator { resolve, done: BTreeMap::new(), active: Vec::new() }
    }

    /// The snapshot of a definition, from its differential; from the published snapshot where there is nothing else.
    pub fn snapshot(&mut self, definition: &StructureDefinition) -> Snapshot {
        self.snapshot_with(definition, &[])
    }

    /// The snapshot of a definition in which the content of these elements is there too, given by path and the slice of
    /// each step of the path.
    pub fn snapshot_with(
        &mut self,
        definition: &StructureDefinition,
        also: &[(String, Vec<Option<String>>)],
    ) -> Snapshot {
        self.active.push(definition.url.clone());
        let mut problems = Vec::new();
        let mut root = self.build(definition, &mut problems);
        let is_said = problems.iter().any(|problem| matches!(problem.kind, ProblemKind::BaseCycle { .. }));
        if let Some(url) = self.circle(definition).filter(|_| !is_said) {
            problems.push(Problem { element: None, path: String::new(), kind: ProblemKind::BaseCycle { url } });
        }
        let base = root.clone();
        let mut builder = Builder {
            generator: self,
            base: &base,
            is_constraint: true,
            room: SIZE.saturating_sub(root.size()),
            previous: Vec::new(),
            choices_said: BTreeSet::new(),
            problems: Vec::new(),
        };
        for (path, slices) in also {
            let names: Vec<&str> = path.split('.').skip(1).collect();
            builder.previous =
                names.iter().map(|name| (*name).to_owned()).zip(slices.iter().skip(1).cloned()).collect();
            let last = slices.last().cloned().flatten();
            let element = ElementDefinition { path: path.clone(), slice_name: last, ..ElementDefinition::default() };
            // What is not there is not added, and is no fault of the definition.
            let _ = builder.locate(&mut root, &element, &names, None, false);
        }
        self.active.pop();
        root.fill(&root.name.clone(), &definition.url);
        let mut elements = Vec::with_capacity(root.size());
        let name = root.name.clone();
        root.flatten(&name, &name, &mut elements);
        Snapshot { elements, problems }
    }

    /// Where the bases of a definition come back to one that was there before, instead of leading to a type.
    fn circle(&self, definition: &StructureDefinition) -> Option<String> {
        let mut seen = BTreeSet::from([definition.url.clone()]);
        let mut base = definition.base_definition.clone();
        while let Some(url) = base {
            if !seen.insert(super::split_canonical(&url).0.to_owned()) {
                return Some(url);
            }
            base = (self.resolve)(&url).and_then(|known| known.base_definition.clone());
        }
        None
    }

    /// The tree of a definition, made once.
    fn tree(&mut self, url: &str) -> Result<Arc<Node>, ProblemKind> {
        let missing = || ProblemKind::BaseMissing { url: url.to_owned() };
        if let Some(known) = self.done.get(url) {
            return known.clone().ok_or_else(missing);
        }
        if self.active.len() > DEPTH || self.active.iter().any(|active| active == url) {
            return Err(ProblemKind::BaseCycle { url: url.to_owned() });
        }
        let Some(definition) = (self.resolve)(url) else {
            self.done.insert(url.to_owned(), None);
            return Err(missing());
        };
        self.active.push(url.to_owned());
        let tree = Arc::new(self.build(&definition, &mut Vec::new()));
        self.active.pop();
        self.done.insert(url.to_owned(), Some(tree.clone()));
        Ok(tree)
    }

    fn build(&mut self, definition: &StructureDefinition, problems: &mut Vec<Problem>) -> Node {
        let mut fault = |kind| problems.push(Problem { element: None, path: String::new(), kind });
        let elements = if definition.differential.is_empty() { &definition.snapshot } else { &definition.differential };
        let first = elements.first().and_then(|element| element.path.split('.').next()).unwrap_or_default();
        // A logical model's type is a URL, and its paths start with a name.
        let name = if definition.type_name.contains('/') { first } else { definition.type_name.as_str() };
        let mut base = None;
        if let Some(url) = &definition.base_definition {
            base = self.tree(url).map_err(&mut fault).ok();
            if base.is_none() && definition.is_constraint {
                base = self.tree(&format!("{BASE}{name}")).ok();
            }
            if let Some(found) = &base {
                let specific = |found: &str| !matches!(found, "Element" | "Resource" | "DomainResource");
                if definition.is_constraint && found.name != name && specific(&found.name) {
                    fault(ProblemKind::BaseOfOtherType { type_name: name.to_owned(), base: found.name.clone() });
                    base = self.tree(&format!("{BASE}{name}")).ok().or(base);
                }
            }
        }
        let base = base.unwrap_or_else(|| Arc::new(Node::new(name, ElementDefinition::default())));
        let mut root = (*base).clone();
        root.name = name.to_owned();
        root.unfolded = true;
        if !definition.is_constraint {
            root.element.base = None;
        }
        let mut builder = Builder {
            generator: self,
            base: &base,
            is_constraint: definition.is_constraint && !base.children.is_empty(),
            room: SIZE.saturating_sub(root.size()),
            previous: Vec::new(),
            choices_said: BTreeSet::new(),
            problems: Vec::new(),
        };
        for (at, element) in elements.iter().enumerate() {
            builder.apply(&mut root, element);
            for kind in builder.problems.drain(..) {
                problems.push(Problem { element: Some(at as u32), path: element.path.clone(), kind });
            }
        }
        root.finish_choices();
        root.fill(name, &definition.url);
        root
    }
}

/// Lays one differential over one tree.
struct Builder<'g, 'r> {
    generator: &'g mut Generator<'r>,
    base: &'g Node,
    is_constraint: bool,
    /// How many elements may still be added.
    room: usize,
    /// The element before: each step's name and slice. A path leads into the slices that the one before was in.
    previous: Vec<(String, Option<String>)>,
    /// The choices that the differential speaks of as a whole, as `value[x]`.
    choices_said: BTreeSet<Vec<(String, Option<String>)>>,
    problems: Vec<ProblemKind>,
}

impl Builder<'_, '_> {
    fn apply(&mut self, root: &mut Node, element: &ElementDefinition) {
        let mut names = element.path.split('.');
        if names.next() != Some(root.name.as_str()) {
            self.problems.push(ProblemKind::WrongRoot { type_name: root.name.clone() });
            return;
        }
        let names: Vec<&str> = names.collect();
        if names.len() >= DEPTH {
            self.problems.push(ProblemKind::TooDeep);
            return;
        }
        let hints = slices_of_id(&element.id, &names);
        let Some((node, is_new_slice)) = self.locate(root, element, &names, hints.as_deref(), true) else { return };
        let profiles = |types: &[super::TypeRef]| -> Vec<String> {
            types.iter().flat_map(|kind| kind.profiles.iter().cloned()).collect()
        };
        if node.name.ends_with("[x]") {
            self.choices_said.insert(self.previous.clone());
        }
        let before = profiles(&node.element.types);
        merge::merge(&mut node.element, element, is_new_slice, &mut self.problems);
        if let ([kind], true) = (node.element.types.as_slice(), is_new_slice) {
            let profile =
                kind.profiles.first().filter(|_| kind.profiles.len() == 1).map(|url| self.generator.tree(url));
            if let Some(profile) = profile.and_then(Result::ok).filter(|profile| profile.name == kind.code) {
                merge::narrow(&mut node.element, element, &profile.element);
            }
        }
        // Content that was there without the profile makes room for the profile's own.
        if profiles(&node.element.types) != before && is_extension(&node.name) && is_new_slice {
            node.children.clear();
            node.unfolded = false;
        }
        let before = self.problems.len();
        self.check_types(element);
        // A type that there is none of is not one of the base's either: that is one fault.
        let unknown: Vec<String> = self
            .problems
            .split_off(before)
            .into_iter()
            .filter_map(|problem| {
                let code = match &problem {
                    ProblemKind::UnknownType { code } => Some(code.clone()),
                    _ => None,
                };
                self.problems.push(problem);
                code
            })
            .collect();
        for problem in &mut self.problems {
            if let ProblemKind::TypeNotInBase { codes, .. } = problem {
                codes.retain(|code| !unknown.contains(code));
            }
        }
        self.problems
            .retain(|problem| !matches!(problem, ProblemKind::TypeNotInBase { codes, .. } if codes.is_empty()));
    }

    fn check_types(&mut self, element: &ElementDefinition) {
        for kind in &element.types {
            let resolve = self.generator.resolve;
            // The types of a primitive's `value` and of `xhtml` are not FHIR's.
            let known = |code: &str| code.is_empty() || code == "xhtml" || code.contains(':');
            if !known(&kind.code) && resolve(&format!("{BASE}{}", kind.code)).is_none() {
                self.problems.push(ProblemKind::UnknownType { code: kind.code.clone() });
            }
            let unknown = |url: &&String| !url.starts_with('#') && resolve(url).is_none();
            for url in kind.profiles.iter().filter(unknown) {
                self.problems.push(ProblemKind::UnknownProfile { url: url.clone() });
            }
            for url in &kind.profiles {
                if let Some(profile) = resolve(url).filter(|profile| profile.type_name != kind.code) {
                    if !matches!(kind.code.as_str(), "Resource" | "DomainResource" | "Element" | "BackboneElement") {
                        let (url, type_name) = (url.clone(), profile.type_name.clone());
                        self.problems.push(ProblemKind::ProfileOfOtherType { url, type_name });
                    }
                }
            }
            for url in kind.target_profiles.iter().filter(unknown) {
                self.problems.push(ProblemKind::UnknownTarget { url: url.clone() });
            }
        }
    }

    /// The node that an element of the differential speaks of, made where it is a new slice (or, in the definition of a
    /// type, a new element); and whether it is a new slice.
    fn locate<'n>(
        &mut self,
        root: &'n mut Node,
        element: &ElementDefinition,
        names: &[&str],
        hints: Option<&[Option<String>]>,
        may_add: bool,
    ) -> Option<(&'n mut Node, bool)> {
        let previous = std::mem::take(&mut self.previous);
        let mut same = true;
        let mut node = root;
        let mut is_new_slice = false;
        for (depth, name) in names.iter().enumerate() {
            let is_last = depth + 1 == names.len();
            let parent = || std::iter::once(self.base.name.as_str()).chain(names[..depth].iter().copied());
            let parent: Vec<&str> = parent().collect();
            let (child, choice) = self.child(node, name, &parent, may_add)?;
            node = node.children.get_mut(child)?;
            let before = previous.get(depth).filter(|(before, _)| same && before == name);
            same = before.is_some();
            let mut slice = None;
            // `value[x]` with the slice name `valueQuantity` is what later versions write for `valueQuantity`.
            let named = element.slice_name.as_deref().filter(|_| is_last && choice.is_none());
            let named = named.and_then(|name| Some((name, node.type_of_choice(name)?)));
            if let Some((name, code)) = named {
                is_new_slice = self.choose(node, name, &code, may_add)?;
                slice = Some(name.to_owned());
                let at = node.slice(name)?;
                node = node.slice_mut(&at)?;
            } else if let Some(code) = choice {
                is_new_slice = self.choose(node, name, &code, may_add)?;
                slice = Some((*name).to_owned());
                let at = node.slice(name)?;
                node = node.slice_mut(&at)?;
            } else if is_last {
                is_new_slice = false;
                if let Some(name) = element.slice_name.as_ref().filter(|name| self.is_slice(node, name, element)) {
                    slice = Some(name.clone());
                    is_new_slice = node.slice(name).is_none();
                    if is_new_slice {
                        self.add_slice(node, name, may_add)?;
                    }
                    let at = node.slice(name)?;
                    node = node.slice_mut(&at)?;
                }
            } else {
                let hint = hints.and_then(|hints| hints.get(depth));
                let positional = before.and_then(|(_, slice)| slice.as_ref());
                let wanted = match hint {
                    // STU3 goes by position; ids help where a slice is not named again, and are often incomplete.
                    Some(Some(hint)) if node.slice(hint).is_some() => Some(hint),
                    _ => positional,
                };
                if let Some((name, at)) = wanted.and_then(|name| Some((name, node.slice(name)?))) {
                    same = same && positional == Some(name);
                    slice = Some(name.clone());
                    node = node.slice_mut(&at)?;
                }
            }
            self.previous.push(((*name).to_owned(), slice));
        }
        Some((node, is_new_slice))
    }

    /// Whether a slice name makes a slice. Without anything that tells slices apart it is only a name, which early tools
    /// gave to any element: what is said then holds for the element itself.
    fn is_slice(&mut self, node: &Node, name: &str, element: &ElementDefinition) -> bool {
        let sliced = node.element.slicing.is_some() || !node.slices.is_empty() || element.slicing.is_some();
        let is_slice = sliced || is_extension(&node.name) || node.slice(name).is_some();
        if !is_slice {
            self.problems.push(ProblemKind::NoSlicing);
        }
        is_slice
    }

    /// The index of the child `name`, its type where `name` is one type of a choice.
    fn child(
        &mut self,
        node: &mut Node,
        name: &str,
        parent: &[&str],
        may_add: bool,
    ) -> Option<(usize, Option<String>)> {
        let find = |node: &Node| -> Option<(usize, Option<String>)> {
            let own = node.child(name).map(|at| (at, None));
            own.or_else(|| node.choice(name).map(|(at, code)| (at, Some(code))))
        };
        if let Some(found) = find(node) {
            return Some(found);
        }
        self.unfold(node)?;
        if let Some(found) = find(node) {
            return Some(found);
        }
        if self.is_constraint || !may_add {
            let (name, parent) = (name.to_owned(), parent.join("."));
            self.problems.push(ProblemKind::NotInBase { name, parent });
            return None;
        }
        self.take_room(1)?;
        node.children.push_element(Node::new(name, ElementDefinition::default()));
        Some((node.children.len() - 1, None))
    }

    /// Puts the content of its type (or of the element that it refers to) into a node.
    fn unfold(&mut self, node: &mut Node) -> Option<()> {
        if std::mem::replace(&mut node.unfolded, true) {
            return Some(());
        }
        if let Some(reference) = &node.element.content_reference {
            let path = reference.rsplit('#').next().unwrap_or_default();
            let target = self.base.descendant(path.split('.').skip(1));
            let Some(target) = target.filter(|_| path.split('.').next() == Some(self.base.name.as_str())) else {
                self.problems.push(ProblemKind::ContentMissing { reference: reference.clone() });
                return Some(());
            };
            self.take_room(target.size())?;
            node.children.clone_from(&target.children);
            return Some(());
        }
        let types = &node.element.types;
        let Some(first) = types.first() else { return Some(()) };
        let one_type = types.iter().all(|kind| kind.code == first.code);
        // R4 lists several profiles on one type: it is one of them, and nobody knows which.
        let profile = first
            .profiles
            .first()
            .filter(|_| first.profiles.len() == 1 && types.iter().all(|kind| kind.profiles == first.profiles));
        let code = if one_type { first.code.as_str() } else { "Element" };
        let code = format!("{BASE}{code}");
        let tree = match profile.filter(|_| one_type).map(|url| self.generator.tree(url)) {
            // A profile on Reference that is one of the target says nothing of the reference's own content.
            Some(Ok(tree)) if tree.name == first.code || first.code == "Resource" => tree,
            // That the profile is not known is said of the type.
            _ => self.generator.tree(&code).ok()?,
        };
        self.take_room(tree.size())?;
        tree.children.iter().for_each(|child| node.children.push_element(child.clone()));
        Some(())
    }

    /// Makes the slice of a choice for one type, if it is not there; whether it was not.
    fn choose(&mut self, node: &mut Node, name: &str, code: &str, may_add: bool) -> Option<bool> {
        if node.slice(name).is_some() {
            return Some(false);
        }
        if !may_add {
            return None;
        }
        let mut whole = self.previous.clone();
        whole.push((node.name.clone(), None));
        let untouched = (node.slices.is_empty() || node.only_slices) && !self.choices_said.contains(&whole);
        let by_type = vec![("type".to_owned(), "$this".to_owned())];
        // What the differential states of the choice's slicing itself stays.
        let stated = node.element.slicing.as_ref().filter(|_| !untouched);
        let is_stated = stated.is_some();
        let is_closed = stated.is_some_and(|stated| stated.rules == "closed" && stated.discriminators == by_type);
        self.add_slice(node, name, true)?;
        node.only_slices = untouched || is_closed;
        if !is_stated {
            let rules = if untouched { "closed" } else { "open" }.to_owned();
            node.element.slicing = Some(Slicing { discriminators: by_type, ordered: Some(false), rules });
        }
        let at = node.slice(name)?;
        node.slice_mut(&at)?.element.types.retain(|kind| kind.code == code);
        Some(true)
    }

    fn add_slice(&mut self, node: &mut Node, name: &str, may_add: bool) -> Option<()> {
        if !may_add {
            return None;
        }
        let at = node.parent_of_slice(name);
        let fresh = if at.is_empty() { self.in_base(&node.name) } else { None };
        let parent = node.slice_mut(&at)?;
        self.take_room(fresh.as_ref().map_or_else(|| parent.size(), Node::size))?;
        if parent.element.slicing.is_none() && !parent.name.ends_with("[x]") {
            let by_url = vec![("value".to_owned(), "url".to_owned())];
            let discriminators = if is_extension(&parent.name) { by_url } else { Vec::new() };
            parent.element.slicing = Some(Slicing { discriminators, ordered: None, rules: "open".to_owned() });
        }
        // A slice starts as the element was in the base: what the differential says of the element itself holds for
        // each slice besides.
        let mut slice = fresh.unwrap_or_else(|| parent.clone());
        slice.slices.clear();
        slice.only_slices = false;
        slice.element.slicing = None;
        slice.element.slice_name = Some(name.to_owned());
        if !slice.name.ends_with("[x]") {
            // That the element must be there does not mean that each slice must.
            slice.element.min = Some(0);
        }
        parent.slices.push_slice(slice);
        Some(())
    }

    /// The node at the place of the one that is being located, as it is in the base.
    fn in_base(&mut self, last: &str) -> Option<Node> {
        let steps: Vec<(String, Option<String>)> = self.previous.clone();
        // Only what has to be unfolded, or comes out, is copied.
        let mut node = Cow::Borrowed(self.base);
        for (name, slice) in steps.iter().map(|(name, slice)| (name.as_str(), slice.as_deref())).chain([(last, None)]) {
            if !node.unfolded {
                self.unfold_quietly(node.to_mut())?;
            }
            let (at, code) = match (node.child(name), node.choice(name)) {
                (Some(at), _) => (at, None),
                (None, Some((at, code))) => (at, Some(code)),
                (None, None) => return None,
            };
            let found = node.children.get(at)?;
            let slice = slice.and_then(|slice| found.slice(slice)).unwrap_or_default();
            node = match node {
                Cow::Borrowed(node) => Cow::Borrowed(node.children.get(at)?.slice_at(&slice)?),
                Cow::Owned(node) => {
                    let mut child = node.children.into_vec().swap_remove(at);
                    match slice.is_empty() {
                        true => Cow::Owned(child),
                        false => Cow::Owned(std::mem::take(child.slice_mut(&slice)?)),
                    }
                }
            };
            if let Some(code) = code {
                node.to_mut().element.types.retain(|kind| kind.code == code);
            }
        }
        Some(node.into_owned())
    }

    /// Unfolds a copy that is not part of the snapshot: what is wrong was said of the snapshot's own node.
    fn unfold_quietly(&mut self, node: &mut Node) -> Option<()> {
        let (room, said) = (self.room, self.problems.len());
        let done = self.unfold(node);
        self.room = room;
        self.problems.truncate(said);
        done
    }

    fn take_room(&mut self, size: usize) -> Option<()> {
        match self.room.checked_sub(size) {
            Some(room) => {
                self.room = room;
                Some(())
            }
            None => {
                self.problems.push(ProblemKind::TooLarge);
                None
            }
        }
    }
}

fn is_extension(name: &str) -> bool {
    name == "extension" || name == "modifierExtension"
}

/// The slice of each step of an id, `Patient.identifier:nhsNumber.system`, if the id has the steps of the path.
fn slices_of_id(id: &str, names: &[&str]) -> Option<Vec<Option<String>>> {
    let steps: Vec<&str> = id.split('.').skip(1).collect();
    if steps.len() != names.len() {
        return None;
    }
    steps
        .iter()
        .zip(names)
        .map(|(step, name)| {
            let (own, slice) = step.split_once(':').map_or((*step, None), |(own, slice)| (own, Some(slice)));
            let same = own == *name || own.strip_suffix("[x]").is_some_and(|stem| name.starts_with(stem));
            same.then(|| slice.map(str::to_owned))
        })
        .collect()
}
