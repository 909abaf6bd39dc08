//! Runs an expression's terms. Recursion is bounded by the depth that the parser allows, time by a number of steps.

use super::expression::{Expression, Name, Operator, Scope, Term, Variable};
use super::functions::{Call, Function, Shape};
use super::host::Host;
use super::temporal::{Kind as TemporalKind, Temporal};
use super::value::{Unit, Value};
use super::{EvalError, Stop};
use crate::tree::{Flags, Kind, NodeId, Tree};
use std::borrow::Cow;

/// A collection.
pub(crate) type Items<'a> = Vec<Value<'a>>;

/// What `$this`, `$index` and `$total` stand for.
#[derive(Clone, Copy)]
pub(crate) struct Focus<'a, 's> {
    pub this: &'s [Value<'a>],
    pub index: Option<usize>,
    pub total: Option<&'s [Value<'a>]>,
}

pub(crate) struct Evaluator<'a> {
    pub expression: &'a Expression,
    pub tree: &'a Tree,
    pub host: &'a dyn Host,
    scope: Scope,
    steps: u64,
    /// Collections to be used again.
    pool: Vec<Items<'a>>,
    /// What `defineVariable` has defined in the chain at hand.
    pub variables: Vec<(Cow<'a, str>, Items<'a>)>,
    /// The collections of terms that are evaluated once.
    kept: Vec<(u32, Items<'a>)>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(expression: &'a Expression, tree: &'a Tree, host: &'a dyn Host, scope: Scope) -> Self {
        let (pool, variables, kept) = (Vec::new(), Vec::new(), Vec::new());
        Evaluator { expression, tree, host, scope, steps: scope.steps, pool, variables, kept }
    }

    /// What the expression gives on the node of the scope, or on nothing.
    pub(crate) fn run(mut self, on_nothing: bool) -> Result<Items<'a>, Stop> {
        let this = [Value::Node(self.scope.node)];
        let this = if on_nothing { &[] } else { this.as_slice() };
        let mut out = Vec::new();
        let done = self.eval(self.expression.root, Focus { this, index: None, total: None }, &mut out);
        self.host.spent(self.scope.steps - self.steps);
        done.map(|()| out)
    }

    pub(crate) fn holds(&mut self) -> Result<Option<bool>, Stop> {
        let this = [Value::Node(self.scope.node)];
        let focus = Focus { this: &this, index: None, total: None };
        match self.term(self.expression.root) {
            // These give one Boolean or nothing, so no collection is needed.
            Term::Binary { .. } | Term::Call { .. } => self.truth_or_many(self.expression.root, focus, true),
            _ => {
                let mut out = Vec::new();
                self.eval(self.expression.root, focus, &mut out)?;
                Ok(self.invariant(&out))
            }
        }
    }

    fn invariant(&self, items: &[Value<'a>]) -> Option<bool> {
        match items {
            [] => None,
            [one] => self.boolean(one),
            _ => Some(true),
        }
    }

    /// Takes steps off what is left.
    pub(crate) fn spend(&mut self, steps: usize) -> Result<(), Stop> {
        match self.steps.checked_sub(steps as u64) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err(EvalError::TooCostly.into()),
        }
    }

    /// How many steps are left.
    pub(crate) fn left(&self) -> u64 {
        self.steps
    }

    pub(crate) fn take(&mut self) -> Items<'a> {
        self.pool.pop().unwrap_or_default()
    }

    pub(crate) fn give(&mut self, mut items: Items<'a>) {
        items.clear();
        self.pool.push(items);
    }

    pub(crate) fn term(&self, id: u32) -> &'a Term {
        const NOTHING: &Term = &Term::Empty;
        self.expression.terms.get(id as usize).unwrap_or(NOTHING)
    }

    /// A term's collection, in a vector of the pool.
    pub(crate) fn collect(&mut self, id: u32, focus: Focus<'a, '_>) -> Result<Items<'a>, Stop> {
        let mut out = self.take();
        self.eval(id, focus, &mut out)?;
        Ok(out)
    }

    /// A term's collection; what it defines is forgotten after it.
    pub(crate) fn separate(&mut self, id: u32, focus: Focus<'a, '_>) -> Result<Items<'a>, Stop> {
        let defined = self.variables.len();
        let out = self.collect(id, focus);
        self.variables.truncate(defined);
        out
    }

    /// A term's Boolean: `None` for an empty collection, true for any single item that is no Boolean (singleton evaluation).
    pub(crate) fn truth(&mut self, id: u32, focus: Focus<'a, '_>) -> Result<Option<bool>, Stop> {
        let defined = self.variables.len();
        let truth = self.truth_or_many(id, focus, false);
        self.variables.truncate(defined);
        truth
    }

    fn truth_or_many(&mut self, id: u32, focus: Focus<'a, '_>, invariant: bool) -> Result<Option<bool>, Stop> {
        match self.term(id) {
            Term::Binary {
                operator: operator @ (Operator::And | Operator::Or | Operator::Xor | Operator::Implies),
                left,
                right,
            } => {
                self.spend(1)?;
                return self.logic(*operator, *left, *right, focus);
            }
            Term::Call { base, function, count: 0, .. } => {
                if let Shape::Exists(wanted) = function.shape {
                    self.spend(1)?;
                    return Ok(Some((self.count(*base, focus, 1)? > 0) == wanted));
                }
            }
            _ => {}
        }
        let items = self.collect(id, focus)?;
        let truth = if invariant { Ok(self.invariant(&items)) } else { self.single_truth(&items) };
        self.give(items);
        truth
    }

    pub(crate) fn single_truth(&self, items: &[Value<'a>]) -> Result<Option<bool>, Stop> {
        match items {
            [] => Ok(None),
            [one] => Ok(self.boolean(one)),
            many => Err(EvalError::Several { of: "a condition", count: many.len() }.into()),
        }
    }

    fn boolean(&self, value: &Value<'a>) -> Option<bool> {
        match value {
            Value::Boolean(value) => Some(*value),
            Value::Node(_) => match self.atom(value) {
                Value::Boolean(value) => Some(value),
                _ => Some(true),
            },
            _ => Some(true),
        }
    }

    /// `and`, `or`, `xor` and `implies` in the logic of true, false, empty and unknown.
    fn logic(&mut self, operator: Operator, left: u32, right: u32, focus: Focus<'a, '_>) -> Result<Option<bool>, Stop> {
        let mut unknown = None;
        let mut operand = |this: &mut Self, id| match this.truth(id, focus) {
            Ok(truth) => Ok(truth),
            Err(Stop::Unknown(reason)) => {
                unknown.get_or_insert(reason);
                Ok(None)
            }
            Err(error) => Err(error),
        };
        // What settles the matter alone, on the left and on the right, and to what.
        let (on_left, on_right, settled) = match operator {
            Operator::And => (Some(false), Some(false), false),
            Operator::Or => (Some(true), Some(true), true),
            Operator::Implies => (Some(false), Some(true), true),
            _ => (None, None, false),
        };
        let one = operand(self, left)?;
        if on_left.is_some() && one == on_left {
            return Ok(Some(settled));
        }
        let two = operand(self, right)?;
        if on_right.is_some() && two == on_right {
            return Ok(Some(settled));
        }
        if let Some(reason) = unknown {
            return Err(Stop::Unknown(reason));
        }
        Ok(match (one, two, operator) {
            (Some(one), Some(two), Operator::Xor) => Some(one != two),
            (Some(_), Some(_), _) => Some(!settled),
            _ => None,
        })
    }

    /// What a function or a step is applied to: the focus itself, or what the base gives in a vector of the pool.
    fn input<'s>(&mut self, base: u32, focus: Focus<'a, 's>) -> Result<(Items<'a>, Option<&'s [Value<'a>]>), Stop> {
        if let Term::This = self.term(base) {
            return Ok((self.take(), Some(focus.this)));
        }
        Ok((self.collect(base, focus)?, None))
    }

    pub(crate) fn eval(&mut self, id: u32, focus: Focus<'a, '_>, out: &mut Items<'a>) -> Result<(), Stop> {
        if self.expression.kept.binary_search(&id).is_err() {
            return self.run_term(id, focus, out);
        }
        // The same wherever it is asked for, and dear: `%resource.descendants()` for each contained resource.
        let known = match self.kept.iter().position(|(known, _)| *known == id) {
            Some(known) => known,
            None => {
                let mut items = Vec::new();
                self.run_term(id, focus, &mut items)?;
                self.kept.push((id, items));
                self.kept.len() - 1
            }
        };
        let count = self.kept.get(known).map_or(0, |(_, items)| items.len());
        self.spend(count / 8)?;
        out.extend_from_slice(self.kept.get(known).map_or(&[], |(_, items)| items));
        Ok(())
    }

    fn run_term(&mut self, id: u32, focus: Focus<'a, '_>, out: &mut Items<'a>) -> Result<(), Stop> {
        self.spend(1)?;
        match self.term(id) {
            Term::Literal(literal) => out.extend(self.expression.literals.get(*literal as usize).map(borrow_static)),
            Term::Empty => {}
            Term::This => {
                self.spend(focus.this.len())?;
                out.extend_from_slice(focus.this);
            }
            Term::Index => out.extend(focus.index.map(|index| Value::Integer(index as i64))),
            Term::Total => {
                let total = focus.total.unwrap_or(&[]);
                self.spend(total.len())?;
                out.extend_from_slice(total);
            }
            Term::Variable(variable) => self.variable(variable, out)?,
            Term::Step { base, name, leading } => {
                let Some(name) = self.expression.names.get(*name as usize) else { return Ok(()) };
                let (items, borrowed) = self.input(*base, focus)?;
                for item in borrowed.unwrap_or(&items) {
                    self.step(item, name, *leading, out)?;
                }
                self.give(items);
            }
            Term::Call { base, function, count: 0, .. }
                if matches!(function.shape, Shape::Exists(_) | Shape::Count) =>
            {
                if let Shape::Exists(wanted) = function.shape {
                    let found = self.count(*base, focus, 1)? > 0;
                    out.push(Value::Boolean(found == wanted));
                } else {
                    let count = self.count(*base, focus, usize::MAX)?;
                    out.push(Value::Integer(count as i64));
                }
            }
            Term::Call { base, function, first, count } => {
                let (items, borrowed) = self.input(*base, focus)?;
                let input = borrowed.unwrap_or(&items);
                self.call(function, input, (*first, *count), focus, out)?;
                self.give(items);
            }
            Term::At { base, index } => {
                let items = self.collect(*base, focus)?;
                let at = self.separate(*index, focus)?;
                if let Some(at) = self.integer("an index", &at)? {
                    out.extend(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned());
                }
                self.give(at);
                self.give(items);
            }
            Term::Negate(base) => {
                let items = self.collect(*base, focus)?;
                if let Some(value) = self.single("-", &items)? {
                    out.extend(self.negate(value)?);
                }
                self.give(items);
            }
            Term::Plus(base) => {
                let items = self.collect(*base, focus)?;
                if let Some(value) = self.single("+", &items)? {
                    self.negate(value)?;
                    out.extend(items.iter().cloned());
                }
                self.give(items);
            }
            Term::Binary { operator, left, right } => self.binary(*operator, *left, *right, focus, out)?,
            Term::Type { base, test, of } => {
                let (items, borrowed) = self.input(*base, focus)?;
                self.type_test(*test, *of, borrowed.unwrap_or(&items), out)?;
                self.give(items);
            }
        }
        Ok(())
    }

    /// How many items a term gives, counted up to a limit and, where it can be, without making the collection.
    fn count(&mut self, id: u32, focus: Focus<'a, '_>, limit: usize) -> Result<usize, Stop> {
        let (base, name) = match self.term(id) {
            Term::This => return Ok(focus.this.len()),
            Term::Step { base, name, leading: false } => (*base, self.expression.names.get(*name as usize)),
            Term::Step { base, name, leading: true } => {
                let name = self.expression.names.get(*name as usize);
                (*base, name.filter(|name| !name.may_be_type))
            }
            Term::Call { base, function, .. } if function.shape == Shape::Children => (*base, None),
            _ => (id, None),
        };
        let countable = name.is_some() || base != id;
        let defined = self.variables.len();
        let (items, borrowed) = self.input(base, focus)?;
        let input = borrowed.unwrap_or(&items);
        let nodes_only = input.iter().all(|item| matches!(item, Value::Node(_)));
        let count = if !countable {
            input.len()
        } else if nodes_only && (name.is_some() || matches!(self.term(id), Term::Call { .. })) {
            let mut count = 0;
            for item in input {
                let Value::Node(node) = item else { continue };
                count += self.count_children(*node, name, limit - count)?;
                if count >= limit {
                    break;
                }
            }
            count
        } else {
            // Something else than elements, or a name that may be a type: make the collection.
            self.variables.truncate(defined);
            let all = self.collect(id, focus)?;
            let count = all.len();
            self.give(all);
            count
        };
        self.give(items);
        Ok(count)
    }

    fn count_children(&mut self, node: NodeId, name: Option<&'a Name>, limit: usize) -> Result<usize, Stop> {
        let (mut seen, mut count) = (0, 0);
        for child in self.tree.children(node) {
            seen += 1;
            if name.is_none_or(|name| self.matches(child, name)) && self.is_present(child) {
                count += 1;
                if count >= limit {
                    break;
                }
            }
        }
        self.spend(seen)?;
        if let (0, Some(name)) = (count, name) {
            self.check_element(node, &name.text)?;
        }
        Ok(count)
    }

    fn call(
        &mut self,
        function: &'static Function,
        input: &[Value<'a>],
        (first, count): (u32, u32),
        focus: Focus<'a, '_>,
        out: &mut Items<'a>,
    ) -> Result<(), Stop> {
        let arguments = self.expression.arguments.get(first as usize..(first + count) as usize).unwrap_or(&[]);
        (function.run)(self, Call { name: function.name, input, arguments, focus }, out)
    }

    fn variable(&mut self, variable: &'a Variable, out: &mut Items<'a>) -> Result<(), Stop> {
        let resource = |this: &Self| this.scope.resource.unwrap_or_else(|| this.tree.resource_of(this.scope.node));
        match variable {
            Variable::Resource => out.push(Value::Node(resource(self))),
            Variable::RootResource => {
                let node = resource(self);
                let contained = self.tree.name(node) == "contained";
                let container = self.tree.parent(node).filter(|_| contained);
                out.push(Value::Node(container.map_or(node, |parent| self.tree.resource_of(parent))));
            }
            Variable::Context => out.push(Value::Node(self.scope.context.unwrap_or(self.scope.node))),
            Variable::Text(text) => out.push(Value::String(Cow::Borrowed(text))),
            Variable::Named(name) => match self.variables.iter().rev().find(|(known, _)| *known == **name) {
                Some((_, items)) => {
                    out.extend_from_slice(items);
                    let count = items.len();
                    self.spend(count)?;
                }
                None => match self.host.variable(name) {
                    Some(value) => out.push(value),
                    None => return Err(EvalError::NoVariable(name.to_string()).into()),
                },
            },
        }
        Ok(())
    }

    /// The children of an item by the name of a step.
    fn step(&mut self, item: &Value<'a>, name: &'a Name, leading: bool, out: &mut Items<'a>) -> Result<(), Stop> {
        let node = match item {
            Value::Node(node) => *node,
            Value::Remote(of_type) if leading && name.may_be_type && *of_type == *name.text => {
                out.push(item.clone());
                return Ok(());
            }
            Value::Remote(of_type) => return Err(super::Unknown::Reference(of_type.to_string()).into()),
            Value::Type { namespace, name: type_name } => {
                match &*name.text {
                    "namespace" => out.push(Value::String(Cow::Borrowed(namespace))),
                    "name" => out.push(Value::String(type_name.clone())),
                    _ => {}
                }
                return Ok(());
            }
            Value::Quantity(quantity) => {
                match (&*name.text, &quantity.unit) {
                    ("value", _) => out.push(Value::Decimal(quantity.value)),
                    ("unit", Unit::Calendar(_, unit)) | ("unit" | "code", Unit::Code(unit)) => {
                        out.push(Value::String(unit.clone()));
                    }
                    _ => {}
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        if leading && name.may_be_type && self.type_of(node).is_some_and(|of| self.host.derives(of, &name.text)) {
            out.push(Value::Node(node));
            return Ok(());
        }
        let before = out.len();
        let mut seen = 0;
        for child in self.tree.children(node) {
            seen += 1;
            if self.matches(child, name) && self.is_present(child) {
                out.push(Value::Node(child));
            }
        }
        self.spend(seen)?;
        if out.len() == before {
            self.check_element(node, &name.text)?;
        }
        Ok(())
    }

    /// Whether a child has the name of a step, a choice of types by the name without the type.
    fn matches(&self, child: NodeId, name: &Name) -> bool {
        let id = self.tree.name_id(child);
        if Some(id) == name.id {
            return !(name.may_be_typed && self.host.choice(self.tree, child).is_some());
        }
        if id.0 >= self.expression.bound {
            return self.spelled(child, name);
        }
        !name.choices.is_empty()
            && name.choices.binary_search(&id).is_ok()
            && self.host.choice(self.tree, child) == Some(&*name.text)
    }

    /// Compares a name that was not bound.
    fn spelled(&self, child: NodeId, name: &Name) -> bool {
        let text = self.tree.name(child);
        if text == &*name.text {
            return !(name.may_be_typed && self.host.choice(self.tree, child).is_some());
        }
        text.strip_prefix(&*name.text).is_some_and(super::expression::starts_upper)
            && self.host.choice(self.tree, child) == Some(&*name.text)
    }

    fn check_element(&self, node: NodeId, name: &str) -> Result<(), Stop> {
        match self.type_of(node) {
            Some(of) if !self.host.has_element(of, name) => Err(EvalError::NoElement(format!("{of}.{name}")).into()),
            _ => Ok(()),
        }
    }

    /// Whether a node counts: not a `null` that only keeps a place, nor a second property of the same name.
    pub(crate) fn is_present(&self, node: NodeId) -> bool {
        !self.tree.flags(node).has(Flags::DUPLICATE)
            && (self.tree.kind(node) != Kind::Null || self.tree.children(node).next().is_some())
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: u32,
        right: u32,
        focus: Focus<'a, '_>,
        out: &mut Items<'a>,
    ) -> Result<(), Stop> {
        if let Operator::And | Operator::Or | Operator::Xor | Operator::Implies = operator {
            out.extend(self.logic(operator, left, right, focus)?.map(Value::Boolean));
            return Ok(());
        }
        let left = self.separate(left, focus)?;
        if let Term::Literal(literal) = self.term(right) {
            let right = self.expression.literals.get(*literal as usize).map(borrow_static);
            self.operate(operator, &left, right.as_slice(), out)?;
            self.give(left);
            return Ok(());
        }
        let right = self.separate(right, focus)?;
        self.operate(operator, &left, &right, out)?;
        self.give(right);
        self.give(left);
        Ok(())
    }

    /// The present day, from the host.
    pub(crate) fn today(&self) -> Result<Temporal, Stop> {
        match self.host.today().as_deref().and_then(Temporal::parse) {
            Some(today) => Ok(today),
            None => self.now(),
        }
    }

    /// The present time, from the host.
    pub(crate) fn now(&self) -> Result<Temporal, Stop> {
        let now = self.host.now().and_then(Temporal::parse);
        now.filter(|now| now.kind != TemporalKind::Time).ok_or_else(|| super::Unknown::Now.into())
    }
}

/// A literal without copying its text.
fn borrow_static<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::String(text) => Value::String(Cow::Borrowed(text)),
        other => other.clone(),
    }
}
