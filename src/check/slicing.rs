//! Slices (STU3 5.1.0.14): which of them an element belongs to, how many of each there are, and what else may come.
//!
//! A slice is a name, a condition and rules. The condition follows from the discriminators and from what the slice says
//! at their paths.

use super::extension::is_absolute;
use super::reference::type_in_url;
use super::value::{contains, equals, sample_value, words};
use super::walk::Assigned;
use super::{Checker, Finding, nearest};
use crate::issue::Problem;
use crate::plan::{Discriminator, DiscriminatorKind, Rule, Sample, Slicing, SlicingRules, Strength};
use crate::source::Span;
use crate::terminology::Member;
use crate::tree::NodeId;
use crate::typed::ElementRef;
use std::sync::Arc;

/// One step of a discriminator's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step<'p> {
    Child(&'p str),
    Extension(&'p str),
    Resolve,
}

/// The steps of a discriminator's path: element names, `extension('url')`, `resolve()`; `$this` is no step. Type casts
/// select nothing more than the element, so they are passed over.
fn steps(path: &str) -> Vec<Step<'_>> {
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

/// Whether a slice's condition holds. A condition that says nothing decides nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Yes,
    No,
    Undecided,
}

impl Match {
    fn of(yes: bool) -> Self {
        if yes { Match::Yes } else { Match::No }
    }

    fn and(self, other: Match) -> Self {
        match (self, other) {
            (Match::No, _) | (_, Match::No) => Match::No,
            (Match::Yes, _) | (_, Match::Yes) => Match::Yes,
            _ => Match::Undecided,
        }
    }
}

impl<'c> Checker<'c> {
    /// Gives each of `nodes` the slices that it belongs to, and checks how many there are of each.
    pub(super) fn slices(
        &mut self,
        parent: NodeId,
        by: ElementRef<'c>,
        nodes: &[(usize, NodeId)],
        assigned: &mut Assigned<'c>,
    ) {
        let Some(slicing) = &by.element.slicing else { return };
        let slices: Vec<ElementRef<'c>> = slicing.slices.iter().filter_map(|at| by.at(*at)).collect();
        let mut found: Vec<Vec<(usize, NodeId)>> = vec![Vec::new(); slices.len()];
        let mut others = Vec::new();
        // The first that is in no slice, and has none that is in one after it so far.
        let mut at_end: Option<NodeId> = None;
        let mut furthest = 0;
        let default = slices.iter().position(|slice| slice.element.slice_name.as_deref() == Some("@default"));
        for (at, node) in nodes {
            if !self.spend(slices.len()) {
                return;
            }
            let mut hit = None;
            let mut is_undecided = false;
            for (place, slice) in slices.iter().enumerate() {
                // That of what is in no other slice (STU3 5.1.0.14.2).
                if Some(place) == default {
                    continue;
                }
                match self.is_slice(*node, slicing, by, *slice) {
                    Match::Yes => {
                        hit = Some(place);
                        break;
                    }
                    Match::Undecided => is_undecided = true,
                    Match::No => {}
                }
            }
            if !is_undecided {
                hit = hit.or(default);
            }
            if hit.is_none() {
                others.push(*node);
                at_end = at_end.or(Some(*node).filter(|_| !is_undecided));
            }
            match hit {
                Some(place) => {
                    if let Some(early) = at_end.take().filter(|_| slicing.rules == SlicingRules::OpenAtEnd) {
                        let problem =
                            Problem::SliceAtEnd { name: self.display_name(by), slice: slice_name(slices[place]) };
                        self.find_name(early, Some(by), problem);
                    }
                    if slicing.ordered && place < furthest && !self.is_trial() {
                        let problem = Problem::SliceOrder {
                            slice: slice_name(slices[place]),
                            after: slice_name(slices[furthest]),
                        };
                        self.find_name(*node, Some(slices[place]), problem);
                    }
                    furthest = furthest.max(place);
                    assigned.push((*at, slices[place]));
                    found[place].push((*at, *node));
                }
                None if is_undecided => {}
                None => self.unmatched(*node, by, slicing, &slices),
            }
        }
        for (slice, its) in slices.iter().zip(found) {
            let count = its.len() as u32;
            let element = slice.element;
            if count < element.min {
                let nearest = self.nearest_slice(slicing, *slice, &others);
                let problem =
                    Problem::SliceMin { slice: self.slice_words(*slice), min: element.min, found: count, nearest };
                let span = Span { start: self.tree.key_start(parent), end: self.tree.span(parent).end };
                self.push(Finding {
                    node: parent,
                    member: None,
                    span,
                    problem: Arc::new(problem.bounded()),
                    by: Some(*slice),
                });
            }
            if count > element.max
                && let Some((_, excess)) = its.get(element.max as usize)
            {
                let problem = match element.max {
                    0 => Problem::ProhibitedElement { name: self.slice_words(*slice) },
                    max => Problem::SliceMax { slice: self.slice_words(*slice), max, found: count },
                };
                self.find_name(*excess, Some(*slice), problem);
            }
            if element.slicing.is_some() {
                self.slices(parent, *slice, &its, assigned);
            }
        }
    }

    /// What tells a slice, and what the elements that are in no slice have there instead.
    fn nearest_slice(&self, slicing: &Slicing, slice: ElementRef<'c>, others: &[NodeId]) -> String {
        const MOST: usize = 3;
        if self.is_trial() {
            return String::new();
        }
        let is_extension =
            matches!(self.definitions.names().text(slice.element.name), "extension" | "modifierExtension");
        let profile = slice.element.types.iter().flat_map(|candidate| &candidate.profiles).next();
        if let Some(url) = profile.filter(|_| is_extension) {
            return format!(" It is the extension with the url '{url}'.");
        }
        for discriminator in &slicing.discriminators {
            let steps = steps(&discriminator.path);
            let Some((path, wanted)) = self.telling(discriminator, slice) else { continue };
            let mut found: Vec<String> = Vec::new();
            for other in others {
                let values = self.nodes_at(*other, &steps);
                let value = values.first().map_or("nothing".to_owned(), |value| words(self.tree, *value));
                if !found.contains(&value) {
                    found.push(value);
                }
                if found.len() >= MOST {
                    break;
                }
            }
            let found = match found.is_empty() {
                true => String::new(),
                false => format!(" Those in no slice have {}.", found.join(", ")),
            };
            return format!(" It is told by {path}, which must be {wanted}.{found}");
        }
        String::new()
    }

    /// What tells a slice by a discriminator: the path and the value there, in words.
    fn telling(&self, discriminator: &Discriminator, slice: ElementRef<'c>) -> Option<(String, String)> {
        let elements = self.elements_at(slice, &steps(&discriminator.path));
        let sample = elements.first().and_then(|element| samples(*element).next())?;
        let path = match &*discriminator.path {
            "$this" => "its value".to_owned(),
            path => format!("'{path}'"),
        };
        Some((path, words(&sample.tree, sample_value(sample))))
    }

    /// The slice that an element is nearest to, what that wanted and what was found.
    fn nearest_of(&self, slicing: &Slicing, slices: &[ElementRef<'c>], node: NodeId) -> String {
        for discriminator in &slicing.discriminators {
            let values = self.nodes_at(node, &steps(&discriminator.path));
            let found = values.first().map_or("nothing".to_owned(), |value| words(self.tree, *value));
            let told: Vec<(ElementRef<'c>, (String, String))> = slices
                .iter()
                .filter_map(|slice| Some((*slice, self.telling(discriminator, *slice)?)))
                .filter(|(_, (_, wanted))| *wanted != found)
                .collect();
            let near = nearest(&found, told.iter().map(|(_, (_, wanted))| wanted.as_str())).map(str::to_owned);
            let is_near = |(_, (_, wanted)): &&(ElementRef<'c>, (String, String))| {
                near.as_ref().is_none_or(|near| near == wanted)
            };
            if let Some((slice, (path, wanted))) = told.iter().find(is_near) {
                let slice = slice_name(*slice);
                return format!(" The nearest is '{slice}', told by {path}, which must be {wanted}; found {found}.");
            }
        }
        String::new()
    }

    fn slice_words(&self, slice: ElementRef<'c>) -> String {
        format!("{}:{}", self.display_name(slice), slice_name(slice))
    }

    fn unmatched(&mut self, node: NodeId, by: ElementRef<'c>, slicing: &Slicing, slices: &[ElementRef<'c>]) {
        let url = self.tree.child_text(node, "url").unwrap_or_default();
        let is_extension =
            !slices.is_empty() && &*by.plan.type_name == "Extension" && self.tree.name(node) == "extension";
        if is_extension && !is_absolute(url) && !url.is_empty() {
            let allowed: Vec<String> = slices.iter().map(|slice| format!("'{}'", slice_name(*slice))).collect();
            let problem = Problem::SubExtensionUnknown {
                url: url.to_owned(),
                extension: by.plan.url.to_string(),
                allowed: allowed.join(", "),
            };
            self.find_name(node, Some(by), problem);
            return;
        }
        if slicing.rules == SlicingRules::Closed {
            let names: Vec<String> = slices.iter().map(|slice| format!("'{}'", slice_name(*slice))).collect();
            let near = if self.is_trial() { String::new() } else { self.nearest_of(slicing, slices, node) };
            let nearest = format!(" The slices are: {}.{near}", names.join(", "));
            self.find_name(node, Some(by), Problem::SliceUnmatched { name: self.display_name(by), nearest });
        }
    }

    fn is_slice(&mut self, node: NodeId, slicing: &Slicing, by: ElementRef<'c>, slice: ElementRef<'c>) -> Match {
        if matches!(self.tree.name(node), "extension" | "modifierExtension")
            && let Some(matched) = self.is_extension_slice(node, slice)
        {
            return matched;
        }
        if slicing.discriminators.is_empty() {
            // Slices of a choice are told apart by type, whether the profile says so or not.
            return if by.element.is_choice { self.is_type(node, slice) } else { Match::Undecided };
        }
        let mut all = Match::Undecided;
        for discriminator in &slicing.discriminators {
            all = all.and(self.discriminates(node, discriminator, slice));
            if all == Match::No {
                break;
            }
        }
        all
    }

    /// An extension's slice is told by the URL, which the slice states by its profile or fixes.
    fn is_extension_slice(&self, node: NodeId, slice: ElementRef<'c>) -> Option<Match> {
        let url = self.tree.child_text(node, "url").unwrap_or_default();
        let mut profiles = slice.element.types.iter().flat_map(|candidate| &candidate.profiles).peekable();
        if profiles.peek().is_some() {
            let same = |profile: &str| crate::definitions::split_canonical(profile).0 == url;
            return Some(Match::of(profiles.any(|profile| same(profile))));
        }
        let fixed = slice.children().find(|child| self.definitions.names().text(child.element.name) == "url")?;
        let sample = samples(fixed).next()?;
        let wanted = sample.tree.text(sample_value(sample))?;
        Some(Match::of(wanted == url))
    }

    fn discriminates(&mut self, node: NodeId, discriminator: &Discriminator, slice: ElementRef<'c>) -> Match {
        let steps = steps(&discriminator.path);
        let nodes = self.nodes_at(node, &steps);
        let elements = self.elements_at(slice, &steps);
        match discriminator.kind {
            DiscriminatorKind::Exists => match elements.first() {
                Some(element) if element.element.max == 0 => Match::of(nodes.is_empty()),
                Some(element) if element.element.min > 0 => Match::of(!nodes.is_empty()),
                _ => Match::Undecided,
            },
            DiscriminatorKind::Type => self.by_type(node, &steps, &nodes, &elements),
            // What a reference leads to may be elsewhere, and then nothing can be said of it.
            _ if nodes.is_empty() && self.leads_elsewhere(node, &steps) => Match::Undecided,
            DiscriminatorKind::Profile => {
                let [element] = elements[..] else { return Match::Undecided };
                let mut roots = self.profile_roots(element);
                if roots.is_empty() && !steps.is_empty() {
                    roots.push(element);
                }
                if roots.is_empty() {
                    return Match::Undecided;
                }
                Match::of(nodes.iter().any(|found| roots.iter().any(|root| self.conforms(*found, *root))))
            }
            DiscriminatorKind::Value | DiscriminatorKind::Pattern => {
                let [element] = elements[..] else { return self.by_pattern(node, slice, &steps) };
                match self.condition(&nodes, element) {
                    Match::Undecided => self.by_pattern(node, slice, &steps),
                    decided => decided,
                }
            }
        }
    }

    /// Whether what is at a path has the type that a slice wants there. The target of a reference need not be in the input:
    /// most references name its type.
    fn by_type(&self, node: NodeId, steps: &[Step<'_>], nodes: &[NodeId], wanted: &[ElementRef<'c>]) -> Match {
        if wanted.is_empty() {
            return Match::Undecided;
        }
        let fits = |found: NodeId| wanted.iter().any(|element| self.is_type(found, *element) == Match::Yes);
        if !nodes.is_empty() || !self.leads_elsewhere(node, steps) {
            return Match::of(nodes.iter().any(|found| fits(*found)));
        }
        let before = steps.len().saturating_sub(1);
        let references = self.nodes_at(node, steps.get(..before).unwrap_or_default());
        let text = references.first().and_then(|at| self.tree.child_text(*at, "reference").or(self.tree.text(*at)));
        let named = text.and_then(|text| type_in_url(text, |name| self.is_resource_type(name)));
        match named {
            Some(named) if steps.last() == Some(&Step::Resolve) => {
                let is_it = |name: &str| name == named || matches!(name, "Resource" | "DomainResource");
                Match::of(wanted.iter().any(|element| is_it(&element.plan.type_name)))
            }
            _ => Match::Undecided,
        }
    }

    /// Whether a path goes through a reference to something that is not in the input.
    fn leads_elsewhere(&self, node: NodeId, steps: &[Step<'_>]) -> bool {
        steps.iter().enumerate().filter(|(_, step)| **step == Step::Resolve).any(|(at, _)| {
            let references = self.nodes_at(node, steps.get(..at).unwrap_or_default());
            !references.is_empty() && self.nodes_at(node, steps.get(..=at).unwrap_or_default()).is_empty()
        })
    }

    /// A fixed value or pattern on the slice itself, or on the way to the discriminator's path, decides as well.
    fn by_pattern(&self, node: NodeId, slice: ElementRef<'c>, steps: &[Step<'_>]) -> Match {
        let mut at = vec![slice];
        let mut nodes = vec![node];
        for step in steps {
            if let [element] = at[..]
                && let Some(rule) = samples(element).next()
            {
                let wanted = sample_value(rule);
                return Match::of(nodes.iter().any(|found| contains(self.tree, *found, &rule.tree, wanted)));
            }
            nodes = self.nodes_at(nodes.first().copied().unwrap_or(node), std::slice::from_ref(step));
            at = at.iter().flat_map(|element| self.elements_at(*element, std::slice::from_ref(step))).collect();
        }
        Match::Undecided
    }

    /// Whether some node satisfies what an element says of its value.
    fn condition(&self, nodes: &[NodeId], element: ElementRef<'c>) -> Match {
        for rule in &element.element.rules {
            let fits: &dyn Fn(NodeId) -> bool = match rule {
                Rule::Fixed(sample) => &|node| equals(self.tree, node, &sample.tree, sample_value(sample)),
                Rule::Pattern(sample) => &|node| contains(self.tree, node, &sample.tree, sample_value(sample)),
                _ => continue,
            };
            return Match::of(nodes.iter().any(|node| fits(*node)));
        }
        // What the element says of its parts decides in its place.
        let mut all = Match::Undecided;
        for child in element.children() {
            if child.element.min == 0 && child.element.slicing.is_none() {
                continue;
            }
            let name = self.definitions.names().text(child.element.name);
            let parts: Vec<NodeId> = nodes.iter().flat_map(|node| self.tree.named(*node, name)).collect();
            all = all.and(self.condition(&parts, child));
            for slice in child.element.slicing.iter().flat_map(|slicing| &slicing.slices).filter_map(|at| child.at(*at))
            {
                if slice.element.min > 0 {
                    all = all.and(self.condition(&parts, slice));
                }
            }
        }
        if all != Match::Undecided {
            return all;
        }
        for rule in &element.element.rules {
            if let Rule::Binding(binding) = rule
                && binding.strength == Strength::Required
                && let Some(value_set) = &binding.value_set
            {
                let verdicts = nodes.iter().flat_map(|node| self.verdicts(*node, value_set));
                let mut undecided = false;
                for verdict in verdicts {
                    match verdict {
                        Member::In { .. } => return Match::Yes,
                        Member::Unknown(_) => undecided = true,
                        Member::Out => {}
                    }
                }
                return if undecided { Match::Undecided } else { Match::No };
            }
        }
        Match::Undecided
    }

    /// Whether each code of a coded value is in a value set.
    pub(super) fn verdicts(&self, node: NodeId, value_set: &str) -> Vec<Member<'c>> {
        let tree = self.tree;
        let coding = |node: NodeId| {
            let code = tree.child_text(node, "code")?;
            Some(self.member(value_set, tree.child_text(node, "system"), code))
        };
        match tree.text(node) {
            Some(code) => vec![self.member(value_set, None, code)],
            None => tree.named(node, "coding").chain([node]).filter_map(coding).collect(),
        }
    }

    fn is_type(&self, node: NodeId, element: ElementRef<'c>) -> Match {
        let types = &element.element.types;
        if types.is_empty() {
            return match self.tree.resource_type(node) {
                Some(found) => Match::of(found == &*element.plan.type_name),
                None => Match::Undecided,
            };
        }
        let code = self.tree.resource_type_id(node).or_else(|| self.typed.get(node).map(|known| known.code));
        Match::of(types.iter().any(|candidate| Some(candidate.code_id) == code))
    }

    /// The nodes that a path leads to.
    fn nodes_at(&self, node: NodeId, steps: &[Step<'_>]) -> Vec<NodeId> {
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
        let is_choice = |child: NodeId| {
            wanted.is_some() && self.definitions.choice(self.tree.name_id(child)).map(|(base, _)| base) == wanted
        };
        self.tree.children(node).filter(|child| self.tree.name(*child) == name || is_choice(*child)).collect()
    }

    /// What a slice's definition says at a path; it may lead into the profiles of the types on the way.
    fn elements_at(&self, from: ElementRef<'c>, steps: &[Step<'_>]) -> Vec<ElementRef<'c>> {
        let mut at = vec![from];
        for step in steps {
            let mut next: Vec<ElementRef<'c>> = Vec::new();
            for element in &at {
                let inside = |element: ElementRef<'c>| -> Vec<ElementRef<'c>> {
                    element
                        .children()
                        .filter(|child| match step {
                            Step::Child(name) => self.definitions.names().text(child.element.name) == *name,
                            Step::Extension(_) => self.definitions.names().text(child.element.name) == "extension",
                            Step::Resolve => false,
                        })
                        .collect()
                };
                let mut found = match step {
                    Step::Resolve => self.target_roots(*element),
                    _ => inside(*element),
                };
                if found.is_empty() {
                    found = self.profile_roots(*element).into_iter().flat_map(inside).collect();
                }
                if found.is_empty() && self.profile_roots(*element).is_empty() {
                    found = self.base_roots(*element).into_iter().flat_map(inside).collect();
                }
                if let Step::Extension(url) = step {
                    found = found
                        .iter()
                        .flat_map(|extension| {
                            let slices = extension.element.slicing.iter().flat_map(|slicing| &slicing.slices);
                            slices.filter_map(|at| extension.at(*at))
                        })
                        .filter(|slice| slice.element.types.iter().any(|t| t.profiles.iter().any(|p| &**p == *url)))
                        .collect();
                }
                next.extend(found);
            }
            at = next;
        }
        at
    }

    /// The roots of the profiles on an element's types.
    fn profile_roots(&self, element: ElementRef<'c>) -> Vec<ElementRef<'c>> {
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

fn samples<'c>(element: ElementRef<'c>) -> impl Iterator<Item = &'c Sample> {
    element.element.rules.iter().filter_map(|rule| match rule {
        Rule::Fixed(sample) | Rule::Pattern(sample) => Some(sample),
        _ => None,
    })
}

fn slice_name(slice: ElementRef<'_>) -> String {
    slice.element.slice_name.as_deref().unwrap_or_default().to_owned()
}
