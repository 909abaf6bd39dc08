//! Operators on collections that have been evaluated.

use super::decimal::Decimal;
use super::eval::{Evaluator, Items};
use super::expression::Operator;
use super::seen::Seen;
use super::temporal::Kind;
use super::value::{Quantity, Unit, Value};
use super::{EvalError, Stop};
use crate::tree::NodeId;
use std::borrow::Cow;
use std::cmp::Ordering;

impl Operator {
    /// How it is written.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Div => "div",
            Operator::Mod => "mod",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Concatenate => "&",
            Operator::Union => "|",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Equivalent => "~",
            Operator::NotEquivalent => "!~",
            Operator::In => "in",
            Operator::Contains => "contains",
            Operator::And => "and",
            Operator::Or => "or",
            Operator::Xor => "xor",
            Operator::Implies => "implies",
        }
    }
}

/// Two numbers as decimals, where both are numbers.
fn numbers(left: &Value<'_>, right: &Value<'_>) -> Option<(Decimal, Decimal)> {
    Some((number(left)?, number(right)?))
}

fn number(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Integer(number) => Some(Decimal::from(*number)),
        Value::Decimal(number) => Some(*number),
        _ => None,
    }
}

/// Two quantities, where at least one is a quantity and the other that or a number.
fn quantities<'v, 'a>(
    left: &'v Value<'a>,
    right: &'v Value<'a>,
) -> Option<(Cow<'v, Quantity<'a>>, Cow<'v, Quantity<'a>>)> {
    let plain = |value: &Value<'a>| number(value).map(|number| Cow::Owned(Quantity::of(number)));
    match (left, right) {
        (Value::Quantity(left), Value::Quantity(right)) => Some((Cow::Borrowed(left), Cow::Borrowed(right))),
        (Value::Quantity(left), right) => Some((Cow::Borrowed(left), plain(right)?)),
        (left, Value::Quantity(right)) => Some((plain(left)?, Cow::Borrowed(right))),
        _ => None,
    }
}

impl<'a> Evaluator<'a> {
    pub(crate) fn operate(
        &mut self,
        operator: Operator,
        left: &[Value<'a>],
        right: &[Value<'a>],
        out: &mut Items<'a>,
    ) -> Result<(), Stop> {
        let of = operator.symbol();
        match operator {
            Operator::Equal => out.extend(self.equal_collections(left, right)?.map(Value::Boolean)),
            Operator::NotEqual => out.extend(self.equal_collections(left, right)?.map(|equal| Value::Boolean(!equal))),
            Operator::Equivalent => out.push(Value::Boolean(self.equivalent_collections(left, right)?)),
            Operator::NotEquivalent => out.push(Value::Boolean(!self.equivalent_collections(left, right)?)),
            Operator::Union => self.union(left, right, out)?,
            Operator::In => out.extend(self.is_member(of, left, right)?.map(Value::Boolean)),
            Operator::Contains => out.extend(self.is_member(of, right, left)?.map(Value::Boolean)),
            Operator::Concatenate => {
                let mut text = String::new();
                for side in [left, right] {
                    if let Some(value) = self.single_atom(of, side)? {
                        match value.to_text() {
                            Some(part) => {
                                self.spend(part.len())?;
                                text.push_str(&part);
                            }
                            None => return Err(self.type_error(of, "text", &value)),
                        }
                    }
                }
                out.push(Value::String(text.into()));
            }
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                let is_unreadable = self.is_unreadable(left) || self.is_unreadable(right);
                let (Some(left), Some(right)) = (self.single_atom(of, left)?, self.single_atom(of, right)?) else {
                    return Ok(());
                };
                if is_unreadable {
                    return Ok(());
                }
                if let Some(order) = self.order(of, &left, &right)? {
                    out.push(Value::Boolean(match operator {
                        Operator::Less => order.is_lt(),
                        Operator::LessOrEqual => order.is_le(),
                        Operator::Greater => order.is_gt(),
                        _ => order.is_ge(),
                    }));
                }
            }
            _ => {
                let (Some(left), Some(right)) = (self.single_atom(of, left)?, self.single_atom(of, right)?) else {
                    return Ok(());
                };
                if let (Value::String(left), Value::String(right)) = (&left, &right) {
                    self.spend(left.len() + right.len())?;
                }
                out.extend(self.arithmetic(operator, &left, &right)?);
            }
        }
        Ok(())
    }

    /// The order of two values; `None` where it is not determined.
    pub(crate) fn order(
        &self,
        of: &'static str,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Result<Option<Ordering>, Stop> {
        if let (Value::Integer(left), Value::Integer(right)) = (left, right) {
            return Ok(Some(left.cmp(right)));
        }
        if let Some((left, right)) = numbers(left, right) {
            return Ok(Some(left.cmp(&right)));
        }
        match (left, right) {
            (Value::String(left), Value::String(right)) => return Ok(Some(left.cmp(right))),
            (Value::Temporal(left), Value::Temporal(right))
                if (left.kind == Kind::Time) == (right.kind == Kind::Time) =>
            {
                return Ok(left.compare(*right));
            }
            _ => {}
        }
        if let Some((left, right)) = quantities(left, right) {
            return Ok(left.compare(&right));
        }
        let expected = match left {
            Value::String(_) => "text on both sides",
            Value::Integer(_) | Value::Decimal(_) => "numbers on both sides",
            Value::Temporal(_) => "dates or times on both sides",
            Value::Quantity(_) => "quantities on both sides",
            other => return Err(self.type_error(of, "a number, text, a date, a time or a quantity", other)),
        };
        Err(self.type_error(of, expected, right))
    }

    fn arithmetic(&self, operator: Operator, left: &Value<'a>, right: &Value<'a>) -> Result<Option<Value<'a>>, Stop> {
        let of = operator.symbol();
        if let (Value::Integer(one), Value::Integer(two)) = (left, right) {
            let whole = match operator {
                Operator::Add => one.checked_add(*two),
                Operator::Subtract => one.checked_sub(*two),
                Operator::Multiply => one.checked_mul(*two),
                Operator::Div => one.checked_div(*two),
                Operator::Mod => one.checked_rem(*two),
                _ => return Ok(Decimal::from(*one).divide(Decimal::from(*two)).map(Value::Decimal)),
            };
            return Ok(whole.map(Value::Integer));
        }
        if let Some((one, two)) = numbers(left, right) {
            return Ok(match operator {
                Operator::Add => one.plus(two),
                Operator::Subtract => one.minus(two),
                Operator::Multiply => one.multiply(two),
                Operator::Divide => one.divide(two),
                Operator::Mod => one.remainder(two),
                _ => {
                    return Ok(one.whole_quotient(two).and_then(|whole| i64::try_from(whole).ok()).map(Value::Integer));
                }
            }
            .map(Value::Decimal));
        }
        match (operator, left, right) {
            (Operator::Add, Value::String(one), Value::String(two)) => {
                return Ok(Some(Value::String(format!("{one}{two}").into())));
            }
            (Operator::Add | Operator::Subtract, Value::Temporal(moment), Value::Quantity(quantity)) => {
                let Some(unit) = quantity.unit.calendar() else {
                    return Err(self.type_error(of, "a duration in units of the calendar to move a date by", right));
                };
                let amount = if operator == Operator::Add { quantity.value } else { quantity.value.negate() };
                return Ok(moment.plus(amount, unit).map(Value::Temporal));
            }
            _ => {}
        }
        if let Some((one, two)) = quantities(left, right)
            && !matches!(operator, Operator::Div | Operator::Mod)
        {
            return Ok(combine(operator, &one, &two).map(|quantity| Value::Quantity(Box::new(quantity))));
        }
        let odd = if matches!(left, Value::Integer(_) | Value::Decimal(_) | Value::Quantity(_) | Value::Temporal(_)) {
            right
        } else {
            left
        };
        let expected = match operator {
            Operator::Add => "two numbers, two texts, or a date and a duration",
            Operator::Subtract => "two numbers, or a date and a duration",
            _ => "two numbers",
        };
        Err(self.type_error(of, expected, odd))
    }

    pub(crate) fn negate(&self, value: &Value<'a>) -> Result<Option<Value<'a>>, Stop> {
        Ok(match self.atom(value) {
            Value::Integer(number) => number.checked_neg().map(Value::Integer),
            Value::Decimal(number) => Some(Value::Decimal(number.negate())),
            Value::Quantity(mut quantity) => {
                quantity.value = quantity.value.negate();
                Some(Value::Quantity(quantity))
            }
            other => return Err(self.type_error("a sign", "a number", &other)),
        })
    }

    fn is_member(&mut self, of: &'static str, item: &[Value<'a>], all: &[Value<'a>]) -> Result<Option<bool>, Stop> {
        // More than one item is an error, but for elements, of which STU3's invariants have several (tim-9, on
        // `Timing.repeat.when`): as in the reference validator, each of them must be a member.
        if item.len() < 2 || !item.iter().all(|item| matches!(item, Value::Node(_))) {
            return match self.single(of, item)? {
                None => Ok(None),
                Some(item) => Ok(Some(self.contains(all, item)?)),
            };
        }
        let all = Seen::of(self, all)?;
        for item in item {
            if !all.has(self, item)? {
                return Ok(Some(false));
            }
        }
        Ok(Some(true))
    }

    /// Whether an item of a collection equals this one.
    pub(crate) fn contains(&mut self, all: &[Value<'a>], item: &Value<'a>) -> Result<bool, Stop> {
        for other in all {
            if self.equal(other, item)? == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(crate) fn union(&mut self, left: &[Value<'a>], right: &[Value<'a>], out: &mut Items<'a>) -> Result<(), Stop> {
        // Most unions are of a few elements, which are compared sooner than they are indexed.
        const FEW: usize = 16;
        let (start, is_short) = (out.len(), left.len() + right.len() < FEW);
        let mut seen = Seen::new();
        for item in left.iter().chain(right) {
            let is_new = match is_short {
                true => !self.contains(out.get(start..).unwrap_or(&[]), item)?,
                false => seen.insert(self, item)?,
            };
            if is_new {
                out.push(item.clone());
            }
        }
        Ok(())
    }

    fn equal_collections(&mut self, left: &[Value<'a>], right: &[Value<'a>]) -> Result<Option<bool>, Stop> {
        if left.is_empty() || right.is_empty() {
            return Ok(None);
        }
        if left.len() != right.len() {
            return Ok(Some(false));
        }
        let mut all = Some(true);
        for (left, right) in left.iter().zip(right) {
            match self.equal(left, right)? {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => all = None,
            }
        }
        Ok(all)
    }

    /// Whether two items are equal; `None` where it is not determined.
    pub(crate) fn equal(&mut self, left: &Value<'a>, right: &Value<'a>) -> Result<Option<bool>, Stop> {
        self.spend(1)?;
        if let (Value::Node(one), Value::Node(two)) = (left, right)
            && one == two
        {
            return Ok(Some(true));
        }
        let (one, two) = (self.atom(left), self.atom(right));
        // What most invariants compare stands first.
        match (&one, &two) {
            (Value::String(one), Value::String(two)) => return Ok(Some(one == two)),
            (Value::Integer(one), Value::Integer(two)) => return Ok(Some(one == two)),
            _ => {}
        }
        if let Some((one, two)) = numbers(&one, &two) {
            return Ok(Some(one == two));
        }
        Ok(match (&one, &two) {
            (Value::Node(one), Value::Node(two)) => Some(self.deeply_equal(*one, *two)?),
            (Value::Boolean(one), Value::Boolean(two)) => Some(one == two),
            (Value::Temporal(one), Value::Temporal(two)) => {
                if (one.kind == Kind::Time) != (two.kind == Kind::Time) {
                    Some(false)
                } else {
                    one.compare(*two).map(Ordering::is_eq)
                }
            }
            (Value::Type { namespace, name }, Value::Type { namespace: other_namespace, name: other_name }) => {
                Some(namespace == other_namespace && name == other_name)
            }
            // STU3's invariants compare elements of any primitive type with text (mad-3: `notGiven = 'false'`), and the
            // reference validator compares what is written.
            (Value::String(text), _) if matches!(right, Value::Node(_)) => Some(self.is_written(right, text)),
            (_, Value::String(text)) if matches!(left, Value::Node(_)) => Some(self.is_written(left, text)),
            _ => match quantities(&one, &two) {
                Some((one, two)) => one.compare(&two).map(Ordering::is_eq).or_else(|| different_dimension(&one, &two)),
                None => Some(false),
            },
        })
    }

    fn is_written(&self, node: &Value<'a>, text: &str) -> bool {
        matches!(node, Value::Node(node) if self.tree.text(*node) == Some(text))
    }

    /// Whether two elements have the same value and the same children, in the same order within each name.
    fn deeply_equal(&mut self, left: NodeId, right: NodeId) -> Result<bool, Stop> {
        let tree = self.tree;
        let mut stack = vec![(left, right)];
        while let Some((left, right)) = stack.pop() {
            self.spend(1)?;
            if left == right {
                continue;
            }
            if tree.text(left) != tree.text(right) || tree.resource_type_id(left) != tree.resource_type_id(right) {
                return Ok(false);
            }
            let count = tree.children(left).count();
            if count != tree.children(right).count() {
                return Ok(false);
            }
            self.spend(count)?;
            for child in tree.children(left) {
                let twin = |other: &NodeId| {
                    tree.name_id(*other) == tree.name_id(child) && tree.index(*other) == tree.index(child)
                };
                match tree.children(right).find(twin) {
                    Some(other) => stack.push((child, other)),
                    None => return Ok(false),
                }
            }
        }
        Ok(true)
    }

    fn equivalent_collections(&mut self, left: &[Value<'a>], right: &[Value<'a>]) -> Result<bool, Stop> {
        if left.len() != right.len() {
            return Ok(false);
        }
        // Order does not matter: each item takes one of those not taken yet.
        let mut taken = vec![false; right.len()];
        for item in left {
            let mut found = false;
            for (other, taken) in right.iter().zip(&mut taken) {
                if !*taken && self.equivalent(item, other, 0)? {
                    *taken = true;
                    found = true;
                    break;
                }
            }
            if !found {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equivalent(&mut self, left: &Value<'a>, right: &Value<'a>, depth: u32) -> Result<bool, Stop> {
        self.spend(1)?;
        let (one, two) = (self.atom(left), self.atom(right));
        if let Some((one, two)) = numbers(&one, &two) {
            return Ok(one.is_equivalent(two));
        }
        Ok(match (&one, &two) {
            (Value::Node(one), Value::Node(two)) => one == two || self.deeply_equivalent(*one, *two, depth)?,
            (Value::String(one), Value::String(two)) => normal(one) == normal(two),
            (Value::Temporal(one), Value::Temporal(two)) => one.compare(*two) == Some(Ordering::Equal),
            _ => match quantities(&one, &two) {
                Some((one, two)) => one.is_equivalent(&two),
                None => self.equal(left, right)? == Some(true),
            },
        })
    }

    fn deeply_equivalent(&mut self, left: NodeId, right: NodeId, depth: u32) -> Result<bool, Stop> {
        // The reader bounds how deep elements are nested; this bound only guards the stack.
        if depth > 64 {
            return Err(EvalError::TooCostly.into());
        }
        let tree = self.tree;
        if tree.text(left) != tree.text(right) {
            return Ok(false);
        }
        let others: Vec<NodeId> = tree.children(right).filter(|child| tree.name(*child) != "id").collect();
        let mut taken = vec![false; others.len()];
        let mut count = 0;
        for child in tree.children(left).filter(|child| tree.name(*child) != "id") {
            count += 1;
            let mut found = false;
            for (other, taken) in others.iter().zip(&mut taken) {
                if !*taken
                    && tree.name_id(*other) == tree.name_id(child)
                    && self.equivalent(&Value::Node(child), &Value::Node(*other), depth + 1)?
                {
                    *taken = true;
                    found = true;
                    break;
                }
            }
            if !found {
                return Ok(false);
            }
        }
        Ok(count == others.len())
    }
}

/// Text as equivalence sees it: lower case, any white space as one space.
fn normal(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Quantities of different kinds (a length and a time) differ; of units that are not known nothing can be said, and neither
/// of a calendar month and a number of days.
fn different_dimension(left: &Quantity<'_>, right: &Quantity<'_>) -> Option<bool> {
    let (left, right) = (left.unit.measure()?, right.unit.measure()?);
    if left.is_comparable(&right) { None } else { Some(false) }
}

fn combine(operator: Operator, left: &Quantity<'_>, right: &Quantity<'_>) -> Option<Quantity<'static>> {
    let owned = |unit: &Unit<'_>| match unit {
        Unit::Calendar(unit, word) => Unit::Calendar(*unit, word.to_string().into()),
        Unit::Code(code) => Unit::Code(code.to_string().into()),
    };
    match operator {
        Operator::Add | Operator::Subtract => {
            let amount = if left.unit == right.unit {
                right.value
            } else {
                right.value.multiply(right.unit.measure()?.ratio(&left.unit.measure()?)?)?
            };
            let value = if operator == Operator::Add { left.value.plus(amount)? } else { left.value.minus(amount)? };
            Some(Quantity { value, unit: owned(&left.unit) })
        }
        Operator::Multiply | Operator::Divide => {
            let multiply = operator == Operator::Multiply;
            let value = if multiply { left.value.multiply(right.value)? } else { left.value.divide(right.value)? };
            let code = |unit: &Unit<'_>| match unit {
                Unit::Calendar(_, word) => word.to_string(),
                Unit::Code(code) => code.to_string(),
            };
            let (one, two) = (code(&left.unit), code(&right.unit));
            let unit = match (one.as_str(), two.as_str()) {
                (_, "1") => return Some(Quantity { value, unit: owned(&left.unit) }),
                ("1", _) if multiply => return Some(Quantity { value, unit: owned(&right.unit) }),
                (one, two) if one == two && !multiply => "1".to_owned(),
                (one, two) if multiply => format!("({one}).({two})"),
                (one, two) => format!("({one})/({two})"),
            };
            Some(Quantity { value, unit: Unit::Code(unit.into()) })
        }
        _ => None,
    }
}
