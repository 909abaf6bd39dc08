//! What an item is: its type, its value as FHIRPath's own, and the one item of a collection.

use super::decimal::Decimal;
use super::eval::{Evaluator, Items};
use super::expression::TypeTest;
use super::temporal::Temporal;
use super::value::{Quantity, Unit, Value};
use super::{EvalError, Stop, types};
use crate::tree::{Kind, NodeId};
use std::borrow::Cow;

impl<'a> Evaluator<'a> {
    pub(crate) fn type_of(&self, node: NodeId) -> Option<&'a str> {
        self.host.type_of(self.tree, node).or_else(|| self.tree.resource_type(node))
    }

    /// A node's value as FHIRPath's own; any other value as it is.
    pub(crate) fn atom(&self, value: &Value<'a>) -> Value<'a> {
        let Value::Node(node) = value else { return value.clone() };
        let node = *node;
        let Some(text) = self.tree.text(node) else {
            let quantity =
                self.type_of(node).filter(|of| types::derives(of, "Quantity")).and_then(|_| self.quantity(node));
            return quantity.map_or(Value::Node(node), |quantity| Value::Quantity(Box::new(quantity)));
        };
        let as_text = || Value::String(Cow::Borrowed(text));
        match self.host.type_of(self.tree, node) {
            Some("boolean") => match text {
                "true" => Value::Boolean(true),
                "false" => Value::Boolean(false),
                _ => as_text(),
            },
            Some("integer" | "positiveInt" | "unsignedInt" | "integer64") => {
                text.parse().map_or_else(|_| as_text(), Value::Integer)
            }
            Some("decimal") => Decimal::parse(text).map_or_else(as_text, Value::Decimal),
            Some("date") => Temporal::parse_signed(text).map_or_else(as_text, Value::Temporal),
            Some("dateTime" | "instant") => {
                let temporal = Temporal::parse_signed(text).and_then(Temporal::to_date_time);
                temporal.map_or_else(as_text, Value::Temporal)
            }
            Some("time") => Temporal::parse_time(text).map_or_else(as_text, Value::Temporal),
            Some(_) => as_text(),
            // The type is not known: what the form of the input says is all there is.
            None => match (self.tree.kind(node), text) {
                (Kind::Boolean | Kind::Xml, "true") => Value::Boolean(true),
                (Kind::Boolean | Kind::Xml, "false") => Value::Boolean(false),
                (Kind::Number, _) if !text.contains(['.', 'e', 'E']) => {
                    text.parse().map_or_else(|_| as_text(), Value::Integer)
                }
                (Kind::Number, _) => Decimal::parse(text).map_or_else(as_text, Value::Decimal),
                _ => as_text(),
            },
        }
    }

    /// Whether an item has no place in an order: a primitive of the resource that is not what its type allows (a date that
    /// cannot be, a number of letters) or has extensions in place of a value, and a quantity without a value or with a
    /// comparator.
    pub(crate) fn is_unreadable(&self, items: &[Value<'a>]) -> bool {
        let [item @ Value::Node(node)] = items else { return false };
        match self.atom(item) {
            Value::String(_) => self.host.type_of(self.tree, *node).is_some_and(types::is_read),
            Value::Node(_) => {
                self.type_of(*node).is_some_and(|of| types::is_primitive(of) || types::derives(of, "Quantity"))
            }
            _ => false,
        }
    }

    /// A FHIR Quantity as FHIRPath's. `None` without a value, or with a comparator, which makes it a range.
    fn quantity(&self, node: NodeId) -> Option<Quantity<'a>> {
        let text = |name| self.tree.child_text(node, name);
        if text("comparator").is_some() {
            return None;
        }
        let value = Decimal::parse(text("value")?)?;
        let ucum = text("system") == Some("http://unitsofmeasure.org");
        let unit = text("code").filter(|_| ucum).or_else(|| text("unit")).or_else(|| text("code")).unwrap_or("1");
        Some(Quantity { value, unit: Unit::Code(Cow::Borrowed(unit)) })
    }

    /// What an item is, for messages.
    pub(crate) fn describe(&self, value: &Value<'a>) -> String {
        match value {
            Value::Node(node) => self.type_of(*node).unwrap_or_else(|| self.tree.name(*node)).to_owned(),
            Value::Remote(of_type) => of_type.to_string(),
            other => other.system_type().unwrap_or("nothing").to_owned(),
        }
    }

    /// The one item of a collection; `None` if it is empty.
    pub(crate) fn single<'s>(&self, of: &'static str, items: &'s [Value<'a>]) -> Result<Option<&'s Value<'a>>, Stop> {
        match items {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            many => Err(EvalError::Several { of, count: many.len() }.into()),
        }
    }

    /// The one item of a collection as FHIRPath's own value.
    pub(crate) fn single_atom(&self, of: &'static str, items: &[Value<'a>]) -> Result<Option<Value<'a>>, Stop> {
        Ok(self.single(of, items)?.map(|value| self.atom(value)))
    }

    /// The whole number that is a collection's one item.
    pub(crate) fn integer(&self, of: &'static str, items: &[Value<'a>]) -> Result<Option<i64>, Stop> {
        match self.single_atom(of, items)? {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(number)),
            Some(other) => Err(self.type_error(of, "a whole number", &other)),
        }
    }

    /// The text that is a collection's one item. Dates, numbers and Booleans of the resource count as their text too.
    pub(crate) fn text(&self, of: &'static str, items: &[Value<'a>]) -> Result<Option<Cow<'a, str>>, Stop> {
        match self.single(of, items)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Node(node)) => match self.tree.text(*node) {
                Some(text) => Ok(Some(Cow::Borrowed(text))),
                // A primitive that has only extensions has no text; a complex element never has.
                None if self.type_of(*node).is_some_and(types::is_primitive) => Ok(None),
                None => Err(self.type_error(of, "text", &Value::Node(*node))),
            },
            Some(other) => Err(self.type_error(of, "text", other)),
        }
    }

    pub(crate) fn type_error(&self, of: &'static str, expected: &'static str, found: &Value<'a>) -> Stop {
        EvalError::Type { of, expected, found: self.describe(found) }.into()
    }

    pub(crate) fn type_test(
        &mut self,
        test: TypeTest,
        of: u32,
        input: &[Value<'a>],
        out: &mut Items<'a>,
    ) -> Result<(), Stop> {
        let Some(wanted) = self.expression.types.get(of as usize) else { return Ok(()) };
        let namespace = wanted.namespace.as_deref();
        let name = &*wanted.name;
        let system = is_system_type(name);
        let fhir = || self.host.is_type(name);
        let exists = match namespace {
            Some("System") => true,
            Some(_) => fhir(),
            None => system || fhir(),
        };
        if !exists {
            return Err(EvalError::NoType(name.to_owned()).into());
        }
        let matches = |value: &Value<'a>| match value {
            Value::Node(_) | Value::Remote(_) if namespace == Some("System") => false,
            Value::Node(node) => self.type_of(*node).is_some_and(|found| {
                // `as` and `ofType` keep primitives of exactly this type, as a `code` is stored as no `string`.
                found == name
                    || (self.host.derives(found, name) && (test == TypeTest::Is || !types::is_primitive(name)))
            }),
            Value::Remote(found) => self.host.derives(found, name),
            other => namespace != Some("FHIR") && other.system_type() == Some(name),
        };
        match test {
            TypeTest::Is => {
                if let Some(value) = self.single("is", input)? {
                    out.push(Value::Boolean(matches(value)));
                }
            }
            TypeTest::As => {
                if let Some(value) = self.single("as", input)? {
                    out.extend(Some(value.clone()).filter(matches));
                }
            }
            TypeTest::OfType => out.extend(input.iter().filter(|value| matches(value)).cloned()),
        }
        Ok(())
    }
}

fn is_system_type(name: &str) -> bool {
    matches!(
        name,
        "Boolean" | "Integer" | "Long" | "Decimal" | "String" | "Date" | "DateTime" | "Time" | "Quantity" | "Any"
    )
}
