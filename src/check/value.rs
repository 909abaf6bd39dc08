//! Fixed values, patterns, bounds and lengths.

use super::{Checker, quantity, shorten};
use crate::issue::Problem;
use crate::plan::Sample;
use crate::primitive::{DateTime, Decimal, Time};
use crate::tree::{NodeId, Tree};
use crate::typed::ElementRef;
use std::cmp::Ordering;

/// Whether a value is exactly the sample: the same text, and the same children, no more and no fewer.
pub(super) fn equals(tree: &Tree, node: NodeId, sample: &Tree, wanted: NodeId) -> bool {
    tree.text(node) == sample.text(wanted)
        && tree.children(node).count() == sample.children(wanted).count()
        && sample.children(wanted).all(|part| {
            tree.children(node).any(|child| {
                tree.name(child) == sample.name(part)
                    && tree.index(child) == sample.index(part)
                    && equals(tree, child, sample, part)
            })
        })
}

/// Whether a value holds everything that the sample has; of a list, each item of the sample must fit some item.
pub(super) fn contains(tree: &Tree, node: NodeId, sample: &Tree, wanted: NodeId) -> bool {
    (sample.text(wanted).is_none() || tree.text(node) == sample.text(wanted))
        && sample.children(wanted).all(|part| {
            tree.children(node)
                .any(|child| tree.name(child) == sample.name(part) && contains(tree, child, sample, part))
        })
}

/// The sample's own value.
pub(super) fn sample_value(sample: &Sample) -> NodeId {
    let root = sample.tree.root();
    sample.tree.child(root, "value").unwrap_or(root)
}

/// A value as a message shows it: its text in quotes, or its parts.
pub(super) fn words(tree: &Tree, node: NodeId) -> String {
    if let Some(text) = tree.text(node) {
        return format!("'{}'", shorten(text));
    }
    let mut parts = Vec::new();
    for child in tree.children(node).take(8) {
        let value = match tree.text(child) {
            Some(text) => format!("'{}'", shorten(text)),
            None => {
                let inner = tree.children(child).filter_map(|inner| {
                    tree.text(inner).map(|text| format!("{} '{}'", tree.name(inner), shorten(text)))
                });
                format!("({})", inner.collect::<Vec<_>>().join(", "))
            }
        };
        parts.push(format!("{} {value}", tree.name(child)));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// How two values of a primitive type stand to one another, as far as their precision allows to say.
pub(super) fn compare(type_name: &str, a: &str, b: &str) -> Option<Ordering> {
    match type_name {
        "date" | "dateTime" | "instant" => DateTime::parse(a)?.compare(&DateTime::parse(b)?),
        "time" => Time::parse(a)?.compare(&Time::parse(b)?),
        _ => Decimal::parse(a)?.partial_cmp(&Decimal::parse(b)?),
    }
}

impl<'c> Checker<'c> {
    pub(super) fn fixed(&mut self, node: NodeId, by: ElementRef<'c>, sample: &Sample) {
        let wanted = sample_value(sample);
        if !equals(self.tree, node, &sample.tree, wanted) {
            let problem = Problem::FixedValue { expected: words(&sample.tree, wanted), found: words(self.tree, node) };
            self.find(node, Some(by), problem);
        }
    }

    pub(super) fn pattern(&mut self, node: NodeId, by: ElementRef<'c>, sample: &Sample) {
        let wanted = sample_value(sample);
        if !contains(self.tree, node, &sample.tree, wanted) {
            let problem =
                Problem::PatternValue { expected: words(&sample.tree, wanted), found: words(self.tree, node) };
            self.find(node, Some(by), problem);
        }
    }

    pub(super) fn max_length(&mut self, node: NodeId, by: ElementRef<'c>, max: u32) {
        let found = self.tree.text(node).map_or(0, |text| text.chars().count());
        if found > max as usize {
            self.find(node, Some(by), Problem::MaxLength { max, found });
        }
    }

    /// A least or greatest value. Values that cannot be compared (dates of different precision) pass.
    pub(super) fn bound(&mut self, node: NodeId, by: ElementRef<'c>, sample: &Sample, is_least: bool) {
        let (tree, wanted) = (&*sample.tree, sample_value(sample));
        let (found, limit, order) = match (self.tree.text(node), tree.text(wanted)) {
            (Some(found), Some(limit)) => {
                (found.to_owned(), limit.to_owned(), compare(&sample.type_name, found, limit))
            }
            (None, None) if tree.child(wanted, "value").is_some() => {
                let order = quantity::compare((self.tree, node), (tree, wanted));
                if order.is_none() && self.tree.child(node, "value").is_some() {
                    let reason = "The units of the value and of its limit do not convert into each other.".to_owned();
                    self.leave(node, &by.element.id, "", "", reason);
                }
                (quantity::words(self.tree, node), quantity::words(tree, wanted), order)
            }
            _ => return,
        };
        let found = shorten(&found);
        match order {
            Some(Ordering::Less) if is_least => self.find(node, Some(by), Problem::MinValue { min: limit, found }),
            Some(Ordering::Greater) if !is_least => self.find(node, Some(by), Problem::MaxValue { max: limit, found }),
            _ => {}
        }
    }
}
