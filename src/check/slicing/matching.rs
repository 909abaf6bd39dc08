//! Whether an element is in a slice: what the discriminators lead to, held against what the slice says there.
//!
//! Discriminators are followed together, step by step, so that whatever they say of an element that repeats is kept by one
//! and the same repeat. Nothing that cannot be known (codes that are not loaded, a resource elsewhere, a slice that says
//! nothing) is taken for a no.

use super::super::Checker;
use super::super::reference::type_in_url;
use super::super::value::{contains, equals, sample_value};
use super::samples;
use crate::plan::{Discriminator, DiscriminatorKind, Rule, Slicing, Strength};
use crate::terminology::Member;
use crate::tree::{NodeId, Tree};
use crate::typed::ElementRef;

/// One step of a discriminator's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'p> {
    Child(&'p str),
    Extension(&'p str),
    Resolve,
}

/// The steps of a discriminator's path: element names, `extension('url')`, `resolve()`; `$this` is no step. Type casts
/// select nothing more than the element, so they are passed over.
pub(super) fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = path.trim();
    while !rest.is_empty() {
        let end = rest.find(['.', '(']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (argument, after) = match after.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            Some((argument, after)) => (Some(argument.trim().trim_matches(['\'', '"'])), after),
            None => (None, after),
        };
        match (name, argument) {
            ("$this" | "", _) => {}
            ("extension", Some(url)) => steps.push(Step::Extension(url)),
            ("resolve", Some(_)) | ("reference", None) if after.starts_with(".resolve(") || argument.is_some() => {
                if argument.is_some() {
                    steps.push(Step::Resolve);
                }
            }
            (_, Some(_)) => {}
            // `as` written without brackets, and `[x]`, which is no name.
            (name, None) => steps.push(Step::Child(name.trim_end_matches("[x]"))),
        }
        rest = after.trim_start_matches(['.', '(']);
    }
    steps
}

/// Why it is not known whether an element is in a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// By codes that nobody here can decide about.
    Codes,
    /// By what a reference leads to.
    Elsewhere,
    /// By a profile that is not loaded.
    Profile,
    /// The slice does not say what tells it.
    Silent,
}

impl Why {
    pub(super) fn words(self) -> &'static str {
        match self {
            Why::Codes => "it is identified by the codes of a value set, and they are not loaded",
            Why::Elsewhere => "it is identified by what a reference leads to, which is not in the input",
            Why::Profile => "it is identified by a profile that is not loaded",
            Why::Silent => "the profile does not say what tells it from others",
        }
    }
}

/// Whether a slice's condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    Yes,
    No,
    Undecided(Why),
}

impl Match {
    pub(super) fn of(yes: bool) -> Self {
        if yes { Match::Yes } else { Match::No }
    }

    fn and(self, other: Match) -> Self {
        match (self, other) {
            (Match::No, _) | (_, Match::No) => Match::No,
            // That the slice says nothing explains least.
            (Match::Undecided(Why::Silent), Match::Undecided(why)) | (Match::Undecided(why), _) => {
                Match::Undecided(why)
            }
            (Match::Yes, other) => other,
        }
    }

    fn or(self, other: Match) -> Self {
        match (self, other) {
            (Match::Yes, _) | (_, Match::Yes) => Match::Yes,
            (Match::Undecided(why), _) | (_, Match::Undecided(why)) => Match::Undecided(why),
            _ => Match::No,
        }
    }
}

/// Both, where a side may say nothing at all.
fn both(a: Option<Match>, b: Option<Match>) -> Option<Match> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.and(b)),
        (a, b) => a.or(b),
    }
}

/// Either, where a side may say nothing at all.
fn either(a: Option<Match>, b: Option<Match>) -> Option<Match> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.or(b)),
        (a, b) => a.or(b),
    }
}

/// Where a path has led.
#[derive(Clone, Copy, Debug)]
enum Place<'c> {
    Node(NodeId),
    /// There is nothing.
    Absent,
    /// A resource that is not in the input, of this type, if that is known.
    Elsewhere(Option<&'c str>),
}

impl Place<'_> {
    /// What comes of something asked here, if `decide` decides about a node.
    fn ask(self, decide: impl FnOnce(NodeId) -> bool) -> Match {
        match self {
            Place::Node(node) => Match::of(decide(node)),
            Place::Absent => Match::No,
            Place::Elsewhere(_) => Match::Undecided(Why::Elsewhere),
        }
    }
}

/// A value, or part of one, that must be there: as it is, or at least.
#[derive(Clone, Copy, Debug)]
struct Value<'c> {
    tree: &'c Tree,
    node: NodeId,
    is_fixed: bool,
}

/// What a slice says of one node.
#[derive(Clone, Debug, Default)]
struct Wanted<'c> {
    elements: Vec<ElementRef<'c>>,
    /// Parts of fixed values and patterns further out.
    values: Vec<Value<'c>>,
    /// What is asked of every element, in a slice or not: that tells nothing.
    general: Vec<ElementRef<'c>>,
    /// How many steps from the slice.
    depth: u8,
}

/// A slice is told further in by none. Definitions can go in circles.
const DEEPEST: u8 = 24;

/// A discriminator, and the steps still to go.
type Path<'a> = (DiscriminatorKind, &'a [Step<'a>]);

impl<'c> Checker<'c> {
    /// Whether an element is in a slice of `by`.
    pub(super) fn is_slice(
        &mut self,
        node: NodeId,
        slicing: &'c Slicing,
        by: ElementRef<'c>,
        slice: ElementRef<'c>,
    ) -> Match {
        let is_extension = matches!(self.tree.name(node), "extension" | "modifierExtension");
        let by_url = if is_extension { self.is_extension_slice(node, slice) } else { None };
        let is_url = |discriminator: &Discriminator| by_url.is_some() && &*discriminator.path == "url";
        if by_url == Some(Match::No) {
            return Match::No;
        }
        let discriminators = slicing.discriminators.iter().filter(|discriminator| !is_url(discriminator));
        let paths: Vec<(&Discriminator, Vec<Step<'c>>)> = discriminators.map(|one| (one, steps(&one.path))).collect();
        if paths.is_empty() {
            // Slices of a choice are told apart by type, whether the profile says so or not.
            return by_url.unwrap_or_else(|| match by.element.is_choice {
                true => self.is_type(node, slice),
                false => Match::Undecided(Why::Silent),
            });
        }
        let mut all = by_url;
        let mut followed: Vec<Path<'_>> = Vec::new();
        for (discriminator, steps) in &paths {
            match discriminator.kind {
                DiscriminatorKind::Exists => {
                    let exists = self.exists(node, steps, slice).unwrap_or(Match::Undecided(Why::Silent));
                    all = both(all, Some(exists));
                }
                kind => followed.push((kind, steps)),
            }
        }
        if followed.is_empty() {
            return all.unwrap_or(Match::Undecided(Why::Silent));
        }
        let wanted = Wanted { elements: vec![slice], values: Vec::new(), general: vec![by], depth: 0 };
        let together = self.follow(Place::Node(node), &wanted, &followed);
        all = both(all, Some(together.unwrap_or(Match::Undecided(Why::Silent))));
        // Each has to say something, too.
        if all == Some(Match::Yes) && followed.len() > 1 {
            for path in &followed {
                if self.follow(Place::Node(node), &wanted, &[*path]).is_none() {
                    return Match::Undecided(Why::Silent);
                }
            }
        }
        all.unwrap_or(Match::Undecided(Why::Silent))
    }

    /// An extension's slice is told by the URL, which the slice states by its profile or fixes.
    fn is_extension_slice(&self, node: NodeId, slice: ElementRef<'c>) -> Option<Match> {
        let url = self.tree.child_text(node, "url").unwrap_or_default();
        let wanted = self.extension_urls(slice);
        if !wanted.is_empty() {
            return Some(Match::of(wanted.contains(&url)));
        }
        let fixed = self.fixed_url(slice)?;
        Some(Match::of(fixed == url))
    }

    /// The URLs of the extensions that an element allows by the profiles of its type. A profile of an extension has the URL
    /// of the extension that it is derived from in its instances.
    fn extension_urls(&self, element: ElementRef<'c>) -> Vec<&'c str> {
        let profiles = element.element.types.iter().flat_map(|candidate| &candidate.profiles);
        let url = |profile: &'c str| {
            let root = self.definitions.plan(profile).and_then(ElementRef::root);
            root.and_then(|root| self.fixed_url(root)).unwrap_or(crate::definitions::split_canonical(profile).0)
        };
        profiles.map(|profile| url(profile)).collect()
    }

    /// What an extension's definition fixes its `url` to.
    fn fixed_url(&self, extension: ElementRef<'c>) -> Option<&'c str> {
        let url = extension.children().find(|child| self.definitions.names().text(child.element.name) == "url")?;
        let sample = samples(url).next()?;
        sample.tree.text(sample_value(sample))
    }

    /// Whether there is something at a path, or nothing, as the slice wants it; `None` if it does not mind.
    fn exists(&self, node: NodeId, steps: &[Step<'_>], slice: ElementRef<'c>) -> Option<Match> {
        let mut wants = None;
        for at in 1..=steps.len() {
            let elements = self.elements_at(slice, steps.get(..at)?);
            if elements.iter().any(|element| element.element.max == 0) {
                wants = Some(false);
                break;
            }
            if at == steps.len() && elements.iter().any(|element| element.element.min > 0) {
                wants = Some(true);
            }
        }
        let wants = wants?;
        if self.leads_elsewhere(node, steps) {
            return Some(Match::Undecided(Why::Elsewhere));
        }
        Some(Match::of(self.nodes_at(node, steps).is_empty() != wants))
    }

    /// Follows discriminators from a place: all of them have to fit there, and further on in one and the same repeat. `None`
    /// if the slice says nothing.
    fn follow(&mut self, place: Place<'c>, wanted: &Wanted<'c>, paths: &[Path<'_>]) -> Option<Match> {
        let mut all = None;
        let mut firsts: Vec<Step<'_>> = Vec::new();
        for (kind, steps) in paths {
            match steps.first() {
                None => all = both(all, self.tells(place, wanted, *kind)),
                Some(first) if !firsts.contains(first) => firsts.push(*first),
                Some(_) => {}
            }
            if all == Some(Match::No) {
                return all;
            }
        }
        for first in firsts {
            let on: Vec<Path<'_>> = paths
                .iter()
                .filter(|(_, steps)| steps.first() == Some(&first))
                .map(|(kind, steps)| (*kind, steps.get(1..).unwrap_or_default()))
                .collect();
            all = both(all, self.step(place, wanted, first, &on));
            if all == Some(Match::No) {
                return all;
            }
        }
        all
    }

    /// One step further: each thing that the slice asks for there must be found in some node.
    fn step(&mut self, place: Place<'c>, wanted: &Wanted<'c>, step: Step<'_>, on: &[Path<'_>]) -> Option<Match> {
        if wanted.depth >= DEEPEST {
            return None;
        }
        let places = self.places_after(place, step);
        let mut all = None;
        for alternatives in self.wanted_after(wanted, step) {
            let mut any = None;
            let mut is_anything = false;
            for one in &alternatives {
                let mut its = None;
                for place in &places {
                    its = either(its, self.follow(*place, one, on));
                }
                is_anything |= its.is_none();
                any = either(any, its);
            }
            all = both(all, any.filter(|any| !is_anything || *any == Match::Yes));
        }
        all
    }

    /// Where a step leads to; at least one place.
    fn places_after(&self, place: Place<'c>, step: Step<'_>) -> Vec<Place<'c>> {
        let Place::Node(node) = place else { return vec![place] };
        if step == Step::Resolve {
            let tree = self.tree;
            let Some(reference) = tree.child_text(node, "reference").or_else(|| tree.text(node)) else {
                return vec![Place::Elsewhere(None)];
            };
            return vec![match self.resolve(node, reference) {
                Some(target) => Place::Node(target),
                None if reference.starts_with('#') => Place::Absent,
                None => Place::Elsewhere(type_in_url(reference, |name| self.is_resource_type(name))),
            }];
        }
        let nodes = self.nodes_at(node, &[step]);
        if nodes.is_empty() { vec![Place::Absent] } else { nodes.into_iter().map(Place::Node).collect() }
    }

    /// What is asked one step further: each of the list, in one of its forms, of some node.
    fn wanted_after(&self, wanted: &Wanted<'c>, step: Step<'_>) -> Vec<Vec<Wanted<'c>>> {
        let elements = self.elements_after(&wanted.elements, step);
        let general = self.elements_after(&wanted.general, step);
        let depth = wanted.depth + 1;
        let mut values = Vec::new();
        if let Step::Child(name) = step {
            for value in &wanted.values {
                let parts = value.tree.children(value.node).filter(|part| value.tree.name(*part) == name);
                values.extend(parts.map(|node| Value { node, ..*value }));
            }
            for element in &wanted.elements {
                for rule in &element.element.rules {
                    let (Rule::Fixed(sample) | Rule::Pattern(sample)) = rule else { continue };
                    let is_fixed = matches!(rule, Rule::Fixed(_));
                    let tree = &*sample.tree;
                    let parts = tree.children(sample_value(sample)).filter(|part| tree.name(*part) == name);
                    values.extend(parts.map(|node| Value { tree, node, is_fixed }));
                }
            }
        }
        let slices_of = |element: &ElementRef<'c>| -> Vec<ElementRef<'c>> {
            if matches!(step, Step::Extension(_)) {
                return Vec::new();
            }
            let slices = element.element.slicing.iter().flat_map(|slicing| &slicing.slices);
            slices.filter_map(|at| element.at(*at)).collect()
        };
        let mut all = Vec::new();
        for element in &elements {
            let slices = slices_of(element);
            let form = |slice: &ElementRef<'c>| Wanted {
                elements: vec![*slice],
                values: Vec::new(),
                general: general.clone(),
                depth,
            };
            let (mandatory, optional): (Vec<_>, Vec<_>) = slices.iter().partition(|slice| slice.element.min > 0);
            match mandatory.is_empty() {
                false => all.extend(mandatory.into_iter().map(|slice| vec![form(slice)])),
                true if !optional.is_empty() => all.push(optional.into_iter().map(form).collect()),
                true => {}
            }
        }
        // A list asks for each of its items, which may stand in different repeats.
        if values.len() > 1 {
            for value in values.drain(..) {
                all.push(vec![Wanted { elements: Vec::new(), values: vec![value], general: general.clone(), depth }]);
            }
        }
        all.push(vec![Wanted { elements, values, general, depth }]);
        all
    }

    /// What a slice says of a place at the end of a discriminator's path.
    fn tells(&mut self, place: Place<'c>, wanted: &Wanted<'c>, kind: DiscriminatorKind) -> Option<Match> {
        match kind {
            DiscriminatorKind::Value | DiscriminatorKind::Pattern => self.is_value(place, wanted),
            DiscriminatorKind::Type => {
                let mut any = None;
                for element in &wanted.elements {
                    let fits = match place {
                        Place::Node(node) => self.is_type(node, *element),
                        Place::Absent => Match::No,
                        Place::Elsewhere(None) => Match::Undecided(Why::Elsewhere),
                        Place::Elsewhere(Some(named)) => {
                            let is_it = |name: &str| name == named || matches!(name, "Resource" | "DomainResource");
                            Match::of(is_it(&element.plan.type_name))
                        }
                    };
                    any = either(any, Some(fits));
                }
                any
            }
            DiscriminatorKind::Profile => {
                let mut any = None;
                for element in &wanted.elements {
                    any = either(any, self.conforms_to_profile_of(place, *element));
                }
                any
            }
            DiscriminatorKind::Exists => None,
        }
    }

    /// Whether what is at a place has a profile of an element's type, or is of a type that needs none.
    fn conforms_to_profile_of(&mut self, place: Place<'c>, element: ElementRef<'c>) -> Option<Match> {
        let is_bare = element.element.types.iter().all(|candidate| candidate.profiles.is_empty());
        if is_bare {
            // Nothing but the element's own definition can be meant, as for the target of a reference.
            let says = element.element.types.is_empty() || !element.element.children.is_empty();
            return says.then(|| match place {
                Place::Node(node) => Match::of(self.conforms(node, element)),
                other => other.ask(|_| false),
            });
        }
        let mut any = None;
        for candidate in &element.element.types {
            if candidate.profiles.is_empty() {
                let is_it = |node| self.tree.resource_type_id(node) == Some(candidate.code_id);
                any = either(any, Some(place.ask(is_it)));
            }
            for profile in &candidate.profiles {
                let fits = match (place, self.definitions.plan(profile).and_then(ElementRef::root)) {
                    (Place::Node(_), None) => Match::Undecided(Why::Profile),
                    (Place::Node(node), Some(root)) => match self.tree.resource_type(node) {
                        Some(found) if found != &*root.plan.type_name => Match::No,
                        _ => Match::of(self.conforms(node, root)),
                    },
                    (other, _) => other.ask(|_| false),
                };
                any = either(any, Some(fits));
            }
        }
        any
    }

    /// Whether what is at a place satisfies what is said of its value: by a fixed value or pattern, else by what is said of
    /// its parts, else by the codes that it may have.
    fn is_value(&mut self, place: Place<'c>, wanted: &Wanted<'c>) -> Option<Match> {
        let tree = self.tree;
        let mut all = None;
        for value in &wanted.values {
            let fits = |node| match value.is_fixed {
                true => equals(tree, node, value.tree, value.node),
                false => contains(tree, node, value.tree, value.node),
            };
            all = both(all, Some(place.ask(fits)));
        }
        for rule in wanted.elements.iter().flat_map(|element| &element.element.rules) {
            let fits: &dyn Fn(NodeId) -> bool = match rule {
                Rule::Fixed(sample) => &|node| equals(tree, node, &sample.tree, sample_value(sample)),
                Rule::Pattern(sample) => &|node| contains(tree, node, &sample.tree, sample_value(sample)),
                _ => continue,
            };
            all = both(all, Some(place.ask(fits)));
        }
        if all.is_some() {
            return all;
        }
        // What has to be there tells first; what may be missing tells only where nothing else does.
        let parts = self.parts(wanted);
        for is_mandatory in [true, false] {
            for (name, is_needed) in &parts {
                let step = Step::Child(name);
                let is_there = match place {
                    Place::Node(node) => *is_needed || !self.nodes_at(node, &[step]).is_empty(),
                    _ => *is_needed,
                };
                if *is_needed == is_mandatory && is_there {
                    all = both(all, self.step(place, wanted, step, &[(DiscriminatorKind::Value, &[])]));
                }
            }
            if all.is_some() {
                return all;
            }
        }
        self.is_among(place, wanted)
    }

    /// The names of the parts that an element is said to have, each with whether it must be there.
    fn parts(&self, wanted: &Wanted<'c>) -> Vec<(&'c str, bool)> {
        let mut parts: Vec<(&'c str, bool)> = Vec::new();
        for element in &wanted.elements {
            let own = [*element];
            let profiles = self.profile_roots(*element);
            let holders = if element.children().next().is_some() { &own[..] } else { &profiles[..] };
            for child in holders.iter().flat_map(|holder| holder.children()) {
                let name = self.definitions.names().text(child.element.name);
                let slices = child.element.slicing.iter().flat_map(|slicing| &slicing.slices);
                let mut slices = slices.filter_map(|at| child.at(*at));
                let is_needed = child.element.min > 0 || slices.any(|slice| slice.element.min > 0);
                if child.element.max > 0 {
                    parts.push((name, is_needed));
                }
            }
        }
        parts
    }

    /// Whether a coded value is in the value sets that the slice binds it to, and not every element.
    fn is_among(&mut self, place: Place<'c>, wanted: &Wanted<'c>) -> Option<Match> {
        let is_general = |rule: &Rule| {
            let same = |other: &Rule| matches!((rule, other), (Rule::Binding(a), Rule::Binding(b)) if a == b);
            wanted.general.iter().any(|general| general.element.rules.iter().any(same))
        };
        let mut all = None;
        for rule in wanted.elements.iter().flat_map(|element| &element.element.rules) {
            let Rule::Binding(binding) = rule else { continue };
            if is_general(rule) {
                continue;
            }
            let required = binding.value_set.as_deref().filter(|_| binding.strength == Strength::Required);
            for value_set in required.into_iter().chain(binding.max_value_set.as_deref()) {
                let fits = match place {
                    Place::Node(node) => self.is_in(node, value_set),
                    other => other.ask(|_| false),
                };
                all = both(all, Some(fits));
            }
        }
        all
    }

    fn is_in(&mut self, node: NodeId, value_set: &str) -> Match {
        let mut any = Match::No;
        for verdict in self.verdicts(node, value_set) {
            any = any.or(match verdict {
                Member::In { .. } => Match::Yes,
                Member::Out => Match::No,
                Member::Unknown(_) => Match::Undecided(Why::Codes),
            });
        }
        // Somebody else may be asked.
        if any == Match::Undecided(Why::Codes) {
            for (system, code) in self.codings(node) {
                if let Member::Unknown(reason) = self.member(value_set, system, code) {
                    self.leave(node, value_set, system.unwrap_or_default(), code, reason.words());
                }
            }
        }
        any
    }

    /// The codes of a coded value, each with its system; a coding without one is of no system.
    fn codings(&self, node: NodeId) -> Vec<(Option<&'c str>, &'c str)> {
        let tree = self.tree;
        let coding = |node: NodeId| {
            let system = tree.child_text(node, "system").unwrap_or_default();
            Some((Some(system), tree.child_text(node, "code")?))
        };
        match tree.text(node) {
            Some(code) => vec![(None, code)],
            None => tree.named(node, "coding").chain([node]).filter_map(coding).collect(),
        }
    }

    /// Whether each code of a coded value is in a value set.
    pub(in super::super) fn verdicts(&self, node: NodeId, value_set: &str) -> Vec<Member<'c>> {
        self.codings(node).into_iter().map(|(system, code)| self.member(value_set, system, code)).collect()
    }

    fn is_type(&self, node: NodeId, element: ElementRef<'c>) -> Match {
        let types = &element.element.types;
        if types.is_empty() {
            return match self.tree.resource_type(node) {
                Some(found) => Match::of(found == &*element.plan.type_name),
                None => Match::Undecided(Why::Silent),
            };
        }
        let code = self.tree.resource_type_id(node).or_else(|| self.typed.get(node).map(|known| known.code));
        Match::of(types.iter().any(|candidate| Some(candidate.code_id) == code))
    }

    /// Whether a path goes through a reference to something that is not in the input.
    fn leads_elsewhere(&self, node: NodeId, steps: &[Step<'_>]) -> bool {
        steps.iter().enumerate().filter(|(_, step)| **step == Step::Resolve).any(|(at, _)| {
            let references = self.nodes_at(node, steps.get(..at).unwrap_or_default());
            !references.is_empty() && self.nodes_at(node, steps.get(..=at).unwrap_or_default()).is_empty()
        })
    }

    /// The nodes that a path leads to.
    pub(super) fn nodes_at(&self, node: NodeId, steps: &[Step<'_>]) -> Vec<NodeId> {
        let tree = self.tree;
        let mut nodes = vec![node];
        for step in steps {
            nodes = match step {
                Step::Child(name) => nodes.iter().flat_map(|node| self.children_named(*node, name)).collect(),
                Step::Extension(url) => nodes
                    .iter()
                    .flat_map(|node| tree.named(*node, "extension"))
                    .filter(|extension| tree.child_text(*extension, "url") == Some(url))
                    .collect(),
                Step::Resolve => nodes
                    .iter()
                    .filter_map(|node| {
                        let reference = tree.child_text(*node, "reference").or_else(|| tree.text(*node))?;
                        self.resolve(*node, reference)
                    })
                    .collect(),
            };
        }
        nodes
    }

    /// Children by element name; a choice by its base name.
    fn children_named(&self, node: NodeId, name: &str) -> Vec<NodeId> {
        let wanted = self.definitions.names().get(name);
        let is_choice = |child: NodeId| wanted.is_some() && self.typed.choice(self.tree, child) == wanted;
        self.tree.children(node).filter(|child| self.tree.name(*child) == name || is_choice(*child)).collect()
    }

    /// What a slice's definition says at a path; it may lead into the profiles of the types on the way.
    pub(super) fn elements_at(&self, from: ElementRef<'c>, steps: &[Step<'_>]) -> Vec<ElementRef<'c>> {
        steps.iter().fold(vec![from], |at, step| self.elements_after(&at, *step))
    }

    fn elements_after(&self, at: &[ElementRef<'c>], step: Step<'_>) -> Vec<ElementRef<'c>> {
        let name = match step {
            Step::Child(name) => name,
            _ => "extension",
        };
        let inside = |element: ElementRef<'c>| -> Vec<ElementRef<'c>> {
            element.children().filter(|child| self.definitions.names().text(child.element.name) == name).collect()
        };
        let mut next: Vec<ElementRef<'c>> = Vec::new();
        for element in at {
            if step == Step::Resolve {
                next.extend(self.target_roots(*element));
                continue;
            }
            let mut found = inside(*element);
            let profiles = self.profile_roots(*element);
            if found.is_empty() {
                found = profiles.iter().flat_map(|root| inside(*root)).collect();
            }
            if found.is_empty() && profiles.is_empty() {
                found = self.base_roots(*element).into_iter().flat_map(inside).collect();
            }
            if let Step::Extension(url) = step {
                let slices = found.iter().flat_map(|extension| {
                    let slices = extension.element.slicing.iter().flat_map(|slicing| &slicing.slices);
                    slices.filter_map(|at| extension.at(*at))
                });
                let is_it = |slice: &ElementRef<'c>| {
                    self.extension_urls(*slice).contains(&url) || self.fixed_url(*slice) == Some(url)
                };
                found = slices.filter(is_it).collect();
            }
            next.extend(found);
        }
        next
    }

    /// The roots of the profiles on an element's types.
    pub(super) fn profile_roots(&self, element: ElementRef<'c>) -> Vec<ElementRef<'c>> {
        let profiles = element.element.types.iter().flat_map(|candidate| &candidate.profiles);
        profiles.filter_map(|url| self.definitions.plan(url)).filter_map(ElementRef::root).collect()
    }

    fn base_roots(&self, element: ElementRef<'c>) -> Vec<ElementRef<'c>> {
        let types = element.element.types.iter();
        types.filter_map(|candidate| self.definitions.base(candidate.code_id)).filter_map(ElementRef::root).collect()
    }

    /// The roots of the profiles that a reference's target must have.
    fn target_roots(&self, element: ElementRef<'c>) -> Vec<ElementRef<'c>> {
        let targets = element.element.types.iter().flat_map(|candidate| &candidate.targets);
        targets.filter_map(|url| self.definitions.plan(url)).filter_map(ElementRef::root).collect()
    }
}
