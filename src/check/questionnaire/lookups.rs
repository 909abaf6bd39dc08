//! What is looked up of a Questionnaire and a response again and again: choices, compiled expressions, answers given.

use crate::model::questionnaire::{Codes, Item, Operator, Questionnaire, Value};
use crate::primitive::Decimal;
use crate::tree::NodeId;
use regex_lite::Regex;
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A value as it is compared with others: numbers by what they are worth.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    type_name: Box<str>,
    system: Box<str>,
    text: Number,
    number: Number,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Number {
    Worth(Decimal),
    Text(Box<str>),
}

impl Key {
    /// The key of a value; `None` for a number that cannot be read, which is the same as no other.
    pub(super) fn of(value: &Value) -> Option<Key> {
        let worth = |text: &str| Decimal::parse(text).map(Number::Worth);
        let text = match &*value.type_name {
            "decimal" | "integer" => worth(&value.text)?,
            _ => Number::Text(value.text.clone()),
        };
        let number = worth(&value.number).unwrap_or_else(|| Number::Text(value.number.clone()));
        Some(Key { type_name: value.type_name.clone(), system: value.system.clone(), text, number })
    }

    /// Whether this one compares with another as the operator says. What is of another type or unit does not.
    pub(super) fn compares(&self, other: &Key, operator: Operator) -> bool {
        if self.type_name != other.type_name || self.system != other.system {
            return false;
        }
        let order = match (&self.number, &other.number) {
            (Number::Worth(one), Number::Worth(two)) if self.text == other.text => one.cmp(two),
            (Number::Text(_), Number::Text(_)) => self.text.cmp(&other.text),
            _ => return false,
        };
        match operator {
            Operator::Equal => order.is_eq(),
            Operator::Unequal => order.is_ne(),
            Operator::Greater => order.is_gt(),
            Operator::Less => order.is_lt(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::LessOrEqual => order.is_le(),
        }
    }
}

/// The choices of an item.
pub(super) struct Choices {
    keys: BTreeSet<Key>,
    /// The types of the choices, each once.
    pub(super) types: BTreeSet<Box<str>>,
}

impl Choices {
    fn of(item: &Item) -> Self {
        let keys = crate::order::set(item.options.iter().filter_map(Key::of));
        let types = crate::order::set(item.options.iter().map(|option| option.type_name.clone()));
        Choices { keys, types }
    }

    pub(super) fn has(&self, value: &Value) -> bool {
        Key::of(value).is_some_and(|key| self.keys.contains(&key))
    }
}

/// The answers to a question in a part of a response, as far as the question was to be answered.
#[derive(Default)]
pub(super) struct Given {
    pub(super) is_any: bool,
    pub(super) keys: BTreeSet<Key>,
}

/// A question's items at a place in the response, at a depth of questions that hang on others.
type Asked = (NodeId, usize, usize);

/// The codes of contained value sets, by the set's id.
type Contained<'q> = BTreeMap<&'q str, (BTreeSet<(&'q str, &'q str)>, &'q Codes)>;

#[derive(Default)]
pub(super) struct Lookups<'q> {
    choices: RefCell<FxHashMap<*const Item, Rc<Choices>>>,
    expressions: RefCell<FxHashMap<*const Item, Option<Rc<Regex>>>>,
    given: RefCell<FxHashMap<Asked, Rc<Given>>>,
    contained: OnceCell<Contained<'q>>,
}

impl<'q> Lookups<'q> {
    pub(super) fn choices(&self, item: &Item) -> Rc<Choices> {
        let mut known = self.choices.borrow_mut();
        Rc::clone(known.entry(std::ptr::from_ref(item)).or_insert_with(|| Rc::new(Choices::of(item))))
    }

    /// An item's regular expression for the whole answer; `None` where it is none that is understood.
    pub(super) fn expression(&self, item: &Item, text: &str) -> Option<Rc<Regex>> {
        let mut known = self.expressions.borrow_mut();
        let compile = || Regex::new(&format!("^(?:{text})$")).ok().map(Rc::new);
        known.entry(std::ptr::from_ref(item)).or_insert_with(compile).clone()
    }

    pub(super) fn given(&self, asked: Asked, find: impl FnOnce() -> Given) -> Rc<Given> {
        if let Some(known) = self.given.borrow().get(&asked) {
            return Rc::clone(known);
        }
        let given = Rc::new(find());
        self.given.borrow_mut().insert(asked, Rc::clone(&given));
        given
    }

    /// A contained value set: the set, and whether a code is listed in it.
    pub(super) fn contained(
        &self,
        questionnaire: &'q Questionnaire,
        id: &str,
        (system, code): (&str, &str),
    ) -> Option<(&'q Codes, bool)> {
        let all = self.contained.get_or_init(|| {
            let mut all: Contained<'q> = BTreeMap::new();
            for (id, codes) in &questionnaire.contained {
                let listed = || crate::order::set(codes.listed.iter().map(|(system, code)| (&**system, &**code)));
                all.entry(id).or_insert_with(|| (listed(), codes));
            }
            all
        });
        let (listed, codes) = all.get(id)?;
        Some((codes, listed.contains(&(system, code))))
    }
}
