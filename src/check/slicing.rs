//! Slices (STU3 5.1.0.14): which of them an element belongs to, how many of each there are, and what else may come.
//!
//! A slice is a name, a condition and rules. The condition follows from the discriminators and from what the slice says
//! at their paths.

mod matching;
mod told;

use super::extension::is_absolute;
use super::value::{sample_value, words};
use super::walk::Assigned;
use super::{Checker, nearest};
use crate::issue::Problem;
use crate::plan::{Discriminator, Rule, Sample, Slicing, SlicingRules};
use crate::tree::NodeId;
use crate::typed::ElementRef;
use matching::{Match, Why, steps};

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
        // How many more may be in each, for all that is known: in it and another, or undecided.
        let mut possible = vec![0_u32; slices.len()];
        let mut others = Vec::new();
        // The first that is in no slice, and has none that is in one after it so far.
        let mut at_end: Option<NodeId> = None;
        let mut furthest = 0;
        let default = slices.iter().position(|slice| slice.element.slice_name.as_deref() == Some("@default"));
        for (at, node) in nodes {
            if !self.spend(slices.len()) {
                return;
            }
            let mut hits: Vec<usize> = Vec::new();
            let mut undecided: Vec<(usize, Why)> = Vec::new();
            for (place, slice) in slices.iter().enumerate() {
                // That of what is in no other slice (STU3 5.1.0.14.2).
                if Some(place) == default {
                    continue;
                }
                match self.is_slice(*node, slicing, by, *slice) {
                    Match::Yes => hits.push(place),
                    Match::Undecided(why) => undecided.push((place, why)),
                    Match::No => {}
                }
            }
            if let Some(place) = default.filter(|_| hits.is_empty()) {
                match undecided.first() {
                    None => hits.push(place),
                    Some((_, why)) => undecided.push((place, *why)),
                }
            }
            let hit = hits.first().copied();
            if hits.len() > 1 && !self.is_trial() {
                let names: Vec<String> = hits.iter().map(|place| format!("'{}'", slice_name(slices[*place]))).collect();
                let problem = Problem::SliceAmbiguous { name: self.display_name(by), slices: names.join(", ") };
                self.find_name(*node, Some(by), problem);
            }
            for place in hits.iter().skip(1).chain(undecided.iter().map(|(place, _)| place)) {
                possible[*place] += 1;
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
                None => {
                    others.push(*node);
                    if undecided.is_empty() {
                        at_end = at_end.or(Some(*node));
                        self.unmatched(*node, by, slicing, &slices);
                    }
                    for (place, why) in undecided {
                        let slice = self.slice_words(slices[place]);
                        let reason = format!("Whether it is in the slice '{slice}' is not known: {}.", why.words());
                        self.leave(*node, &slice, "", "", reason);
                    }
                }
            }
        }
        for ((slice, its), possible) in slices.iter().zip(found).zip(possible) {
            let count = its.len() as u32;
            let element = slice.element;
            // What may be there is not missing.
            if count.saturating_add(possible) < element.min {
                let nearest = self.nearest_slice(slicing, *slice, &others);
                let problem =
                    Problem::SliceMin { slice: self.slice_words(*slice), min: element.min, found: count, nearest };
                self.find_name(parent, Some(*slice), problem);
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
    fn nearest_slice(&mut self, slicing: &Slicing, slice: ElementRef<'c>, others: &[NodeId]) -> String {
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
            // That value is no reason; another discriminator is.
            if found.contains(&wanted) {
                continue;
            }
            let found = match found.is_empty() {
                true => String::new(),
                false => format!(" Those in no slice have {}.", found.join(", ")),
            };
            return format!(" It is identified by {path}, which must be {wanted}.{found}");
        }
        self.told_otherwise(slicing, slice, others)
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
                return format!(
                    " The nearest is '{slice}', identified by {path}, which must be {wanted}; found {found}."
                );
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
