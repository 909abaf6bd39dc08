//! What is said of a slice that is missing where no value tells it: by what it is told, and what the nearest candidate lacks.

use super::matching::{Step, steps};
use crate::check::Checker;
use crate::plan::{Discriminator, DiscriminatorKind, Rule, Slicing, Strength};
use crate::tree::NodeId;
use crate::typed::ElementRef;

/// How many candidates are named.
const MOST: usize = 3;

/// How much of what a candidate lacks is repeated.
const LONGEST: usize = 300;

impl<'c> Checker<'c> {
    /// A sentence for a slice that is told by a type, a profile, a value set or by whether something is there. `others` are in
    /// no slice.
    pub(super) fn told_otherwise(&mut self, slicing: &Slicing, slice: ElementRef<'c>, others: &[NodeId]) -> String {
        for discriminator in &slicing.discriminators {
            let said = match discriminator.kind {
                DiscriminatorKind::Type => self.told_by_type(discriminator, slice, others),
                DiscriminatorKind::Profile => self.told_by_profile(discriminator, slice, others),
                DiscriminatorKind::Exists => self.told_by_presence(discriminator, slice),
                DiscriminatorKind::Value | DiscriminatorKind::Pattern => {
                    self.told_by_value_set(discriminator, slice, others)
                }
            };
            if let Some(said) = said {
                return said;
            }
        }
        String::new()
    }

    fn told_by_type(&self, discriminator: &Discriminator, slice: ElementRef<'c>, others: &[NodeId]) -> Option<String> {
        let steps = steps(&discriminator.path);
        let elements = self.elements_at(slice, &steps);
        let mut wanted: Vec<String> = Vec::new();
        for element in elements {
            let types = element.element.types.iter().map(|allowed| allowed.code.to_string());
            let names: Vec<String> = match element.element.types.is_empty() {
                true => vec![element.plan.type_name.to_string()],
                false => types.collect(),
            };
            wanted.extend(names.into_iter().filter(|name| !name.is_empty()));
        }
        wanted.dedup();
        if wanted.is_empty() {
            return None;
        }
        let found = others.iter().flat_map(|other| self.nodes_at(*other, &steps)).filter_map(|node| {
            let name = self.tree.resource_type(node).or_else(|| self.typed.type_name(node))?;
            Some(name.to_owned())
        });
        let found = listed(found);
        Some(format!(
            " It is identified by the type of {}, which must be {}.{found}",
            place(discriminator),
            wanted.join(" or ")
        ))
    }

    fn told_by_profile(
        &mut self,
        discriminator: &Discriminator,
        slice: ElementRef<'c>,
        others: &[NodeId],
    ) -> Option<String> {
        let steps = steps(&discriminator.path);
        let [element] = self.elements_at(slice, &steps)[..] else { return None };
        let mut roots = self.profile_roots(element);
        if roots.is_empty() && !steps.is_empty() {
            roots.push(element);
        }
        let urls: Vec<String> = roots.iter().map(|root| root.plan.url.to_string()).collect();
        if urls.is_empty() {
            return None;
        }
        let mut nearest: Option<(usize, String)> = None;
        let candidates: Vec<NodeId> =
            others.iter().flat_map(|other| self.nodes_at(*other, &steps)).take(MOST).collect();
        for node in candidates {
            for root in &roots {
                let faults = self.faults(node, *root);
                let Some(first) = faults.first() else { continue };
                if nearest.as_ref().is_none_or(|(least, _)| faults.len() < *least) {
                    let message: String = first.problem.message().chars().take(LONGEST).collect();
                    let at = self.typed.location(self.tree, node);
                    nearest = Some((faults.len(), format!(" The nearest is {at}, which does not conform: {message}")));
                }
            }
        }
        let nearest = nearest.map(|(_, said)| said).unwrap_or_default();
        Some(format!(
            " It is identified by the profile of {}, which must be {}.{nearest}",
            place(discriminator),
            urls.join(" or ")
        ))
    }

    fn told_by_presence(&self, discriminator: &Discriminator, slice: ElementRef<'c>) -> Option<String> {
        let elements = self.elements_at(slice, &steps(&discriminator.path));
        let element = elements.first()?.element;
        let must = match (element.min, element.max) {
            (_, 0) => "must not be there",
            (1.., _) => "must be there",
            _ => return None,
        };
        Some(format!(" It is identified by {}, which {must}.", place(discriminator)))
    }

    fn told_by_value_set(
        &self,
        discriminator: &Discriminator,
        slice: ElementRef<'c>,
        others: &[NodeId],
    ) -> Option<String> {
        let steps = steps(&discriminator.path);
        let elements = self.elements_at(slice, &steps);
        let value_set = elements.iter().flat_map(|element| &element.element.rules).find_map(|rule| match rule {
            Rule::Binding(binding) if binding.strength == Strength::Required => binding.value_set.as_deref(),
            _ => None,
        })?;
        let found = others.iter().flat_map(|other| self.nodes_at(*other, &steps)).map(|node| self.code_words(node));
        let found = listed(found);
        Some(format!(
            " It is identified by {}, which must be a code from the value set {value_set}.{found}",
            place(discriminator)
        ))
    }

    /// The codes of a coded value.
    fn code_words(&self, node: NodeId) -> String {
        let tree = self.tree;
        let coding = |node: NodeId| {
            let code = tree.child_text(node, "code")?;
            Some(
                tree.child_text(node, "system")
                    .map_or_else(|| format!("'{code}'"), |system| format!("'{code}' of {system}")),
            )
        };
        let codes: Vec<String> = match tree.text(node) {
            Some(code) => vec![format!("'{code}'")],
            None => tree.named(node, "coding").chain([node]).filter_map(coding).collect(),
        };
        if codes.is_empty() { "no code".to_owned() } else { codes.join(" and ") }
    }
}

/// Where a discriminator looks, in words.
fn place(discriminator: &Discriminator) -> String {
    let steps = steps(&discriminator.path);
    let names: Vec<&str> =
        steps.iter().filter_map(|step| if let Step::Child(name) = step { Some(*name) } else { None }).collect();
    match (names.is_empty(), steps.contains(&Step::Resolve)) {
        (true, false) => "its value".to_owned(),
        (true, true) => "what it refers to".to_owned(),
        (false, false) => format!("'{}'", names.join(".")),
        (false, true) => format!("what '{}' refers to", names.join(".")),
    }
}

/// What those in no slice have, the first few.
fn listed(found: impl Iterator<Item = String>) -> String {
    let mut different: Vec<String> = Vec::new();
    for one in found {
        if !different.contains(&one) {
            different.push(one);
        }
    }
    different.truncate(MOST);
    if different.is_empty() { String::new() } else { format!(" Those in no slice have {}.", different.join(", ")) }
}
