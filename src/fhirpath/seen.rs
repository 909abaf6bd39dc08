//! A collection that is asked again and again whether it has an item: text, which most are, is looked up and not searched for.

use super::Stop;
use super::eval::Evaluator;
use super::value::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The items of a collection, for look-ups by equality.
pub(crate) struct Seen<'a> {
    texts: BTreeSet<Cow<'a, str>>,
    /// Whatever is no text, and the nodes among it by themselves: an element equals itself.
    others: Vec<Value<'a>>,
    nodes: BTreeSet<crate::tree::NodeId>,
}

impl<'a> Seen<'a> {
    pub(crate) fn new() -> Self {
        Seen { texts: BTreeSet::new(), others: Vec::new(), nodes: BTreeSet::new() }
    }

    /// All items of a collection.
    pub(crate) fn of(run: &mut Evaluator<'a>, items: &[Value<'a>]) -> Result<Self, Stop> {
        let mut seen = Seen::new();
        for item in items {
            run.spend(1)?;
            seen.add(run, item);
        }
        Ok(seen)
    }

    fn add(&mut self, run: &Evaluator<'a>, item: &Value<'a>) {
        match run.atom(item) {
            Value::String(text) => {
                self.texts.insert(text);
            }
            _ if matches!(item, Value::Node(node) if !self.nodes.insert(*node)) => {}
            _ => self.others.push(item.clone()),
        }
    }

    /// Adds an item; whether none before equals it.
    pub(crate) fn insert(&mut self, run: &mut Evaluator<'a>, item: &Value<'a>) -> Result<bool, Stop> {
        let is_new = !self.has(run, item)?;
        if is_new {
            self.add(run, item);
        }
        Ok(is_new)
    }

    /// Whether an item equals one of these.
    pub(crate) fn has(&self, run: &mut Evaluator<'a>, item: &Value<'a>) -> Result<bool, Stop> {
        run.spend(1)?;
        // An element of any primitive type equals the text that is written in it.
        let is_text = match (run.atom(item), item) {
            (Value::String(text), _) => self.texts.contains(&text),
            (_, Value::Node(node)) => {
                self.nodes.contains(node) || run.tree.text(*node).is_some_and(|text| self.texts.contains(text))
            }
            _ => false,
        };
        Ok(is_text || run.contains(&self.others, item)?)
    }
}
