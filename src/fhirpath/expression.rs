//! A compiled expression and how it is run.

use super::eval::Evaluator;
use super::functions::Function;
use super::host::Host;
use super::parse::Parser;
use super::value::Value;
use super::{EvalError, Stop, SyntaxError, Unknown};
use crate::name::{NameId, Names};
use crate::tree::{NodeId, Tree};
use regex_lite::Regex;

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Multiply,
    Divide,
    Div,
    Mod,
    Add,
    Subtract,
    Concatenate,
    Union,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}

/// A `%name`.
#[derive(Clone, Debug)]
pub(crate) enum Variable {
    Resource,
    RootResource,
    Context,
    /// One whose value is known from its name.
    Text(Box<str>),
    /// One that `defineVariable` or the host defines.
    Named(Box<str>),
}

/// What a type test asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeTest {
    Is,
    As,
    OfType,
}

/// The name of a type in an expression.
#[derive(Clone, Debug)]
pub(crate) struct TypeName {
    /// `FHIR` or `System` where it was given.
    pub namespace: Option<Box<str>>,
    pub name: Box<str>,
}

/// Terms refer to each other by their place in the table; operands stand before what uses them.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    Literal(u32),
    /// `{}`.
    Empty,
    This,
    Index,
    Total,
    Variable(Variable),
    /// A child. `leading`: nothing stands before it, so that it may name the type of the focus.
    Step {
        base: u32,
        name: u32,
        leading: bool,
    },
    Call {
        base: u32,
        function: &'static Function,
        first: u32,
        count: u32,
    },
    At {
        base: u32,
        index: u32,
    },
    Negate(u32),
    /// A plus sign, which only asks for a number.
    Plus(u32),
    Binary {
        operator: Operator,
        left: u32,
        right: u32,
    },
    Type {
        base: u32,
        test: TypeTest,
        of: u32,
    },
}

/// An element name of the expression.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub text: Box<str>,
    /// Its id, once bound.
    pub id: Option<NameId>,
    /// The names that it may have as a choice of types, `valueQuantity`…, sorted.
    pub choices: Box<[NameId]>,
    /// It has a capital letter inside, so that it might be a typed spelling of a choice.
    pub may_be_typed: bool,
    /// It starts with a capital letter, so that it might be a type.
    pub may_be_type: bool,
}

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Expression {
    pub(crate) text: Box<str>,
    pub(crate) terms: Vec<Term>,
    pub(crate) arguments: Vec<u32>,
    pub(crate) names: Vec<Name>,
    pub(crate) types: Vec<TypeName>,
    pub(crate) literals: Vec<Value<'static>>,
    pub(crate) patterns: Vec<(Box<str>, Regex)>,
    pub(crate) root: u32,
    /// The terms that give the same wherever they stand and look through much of the resource, sorted.
    pub(crate) kept: Vec<u32>,
    /// How many names the table had that the expression was bound to: an id from there on is compared by its text.
    pub(crate) bound: u32,
}

/// A table of names, sorted so that the choices of types are found by their start.
#[derive(Debug)]
pub struct Binder<'n> {
    names: &'n Names,
    sorted: Vec<NameId>,
}

impl<'n> Binder<'n> {
    /// Sorts the names.
    pub fn new(names: &'n Names) -> Self {
        let mut sorted: Vec<NameId> = (0..names.len() as u32).map(NameId).collect();
        crate::order::sort_by_key(&mut sorted, |id| names.text(*id));
        Binder { names, sorted }
    }

    fn choices(&self, base: &str) -> Box<[NameId]> {
        let start = self.sorted.partition_point(|id| self.names.text(*id) <= base);
        let rest = self.sorted.get(start..).unwrap_or(&[]).iter().copied();
        let typed = |id: &NameId| self.names.text(*id).get(base.len()..).is_some_and(starts_upper);
        let mut found: Vec<NameId> =
            rest.take_while(|id| self.names.text(*id).starts_with(base)).filter(typed).collect();
        crate::order::sort(&mut found);
        found.into()
    }
}

pub(crate) fn starts_upper(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_uppercase())
}

/// What an invariant says of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// There is no result. For an invariant this counts as not held, as in the reference validator.
    Empty,
    /// It depends on something that is not known.
    Unknown(Unknown),
    /// The expression does not fit its input.
    Error(EvalError),
}

/// What an expression is evaluated on.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The focus.
    pub node: NodeId,
    /// `%resource`; by default the nearest resource around the node.
    pub resource: Option<NodeId>,
    /// `%context`; by default the node.
    pub context: Option<NodeId>,
    /// How many steps may be taken. A step is a term evaluated or an element looked at.
    pub steps: u64,
}

impl From<NodeId> for Scope {
    fn from(node: NodeId) -> Self {
        Scope { node, resource: None, context: None, steps: 20_000_000 }
    }
}

impl Expression {
    /// Compiles an expression.
    pub fn parse(text: &str) -> Result<Expression, SyntaxError> {
        Parser::new(text)?.expression()
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Looks the element names up, so that evaluation compares integers. It is then to be evaluated on trees that were
    /// read with the same table or one grown from it. Without this, names are compared as text: slower, the same result.
    pub fn bind(&mut self, binder: &Binder<'_>) {
        self.bound = binder.names.len() as u32;
        for name in &mut self.names {
            name.id = binder.names.get(&name.text);
            name.choices = binder.choices(&name.text);
        }
    }

    /// The element names in it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &*name.text)
    }

    /// The collection that the expression gives.
    pub fn evaluate<'a>(
        &'a self,
        tree: &'a Tree,
        scope: impl Into<Scope>,
        host: &'a dyn Host,
    ) -> Result<Vec<Value<'a>>, Stop> {
        Evaluator::new(self, tree, host, scope.into()).run(false)
    }

    /// The same with nothing as the focus; the scope says which resource it is about.
    pub fn evaluate_on_nothing<'a>(
        &'a self,
        tree: &'a Tree,
        scope: impl Into<Scope>,
        host: &'a dyn Host,
    ) -> Result<Vec<Value<'a>>, Stop> {
        Evaluator::new(self, tree, host, scope.into()).run(true)
    }

    /// The variables in it that the host must know; none where it defines some itself.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let defines = |term: &Term| matches!(term, Term::Call { function, .. } if function.name == "defineVariable");
        let terms = if self.terms.iter().any(defines) { &[] } else { self.terms.as_slice() };
        terms.iter().filter_map(|term| match term {
            Term::Variable(Variable::Named(name)) => Some(&**name),
            _ => None,
        })
    }

    /// Whether the expression holds, as an invariant: a single Boolean decides, and anything else that is not empty holds.
    pub fn holds(&self, tree: &Tree, scope: impl Into<Scope>, host: &dyn Host) -> Outcome {
        let scope = scope.into();
        let mut evaluator = Evaluator::new(self, tree, host, scope);
        let holds = evaluator.holds();
        host.spent(scope.steps - evaluator.left());
        match holds {
            Ok(Some(true)) => Outcome::True,
            Ok(Some(false)) => Outcome::False,
            Ok(None) => Outcome::Empty,
            Err(Stop::Unknown(unknown)) => Outcome::Unknown(*unknown),
            Err(Stop::Error(error)) => Outcome::Error(*error),
        }
    }
}
