//! Tokens to terms, by precedence climbing.

use super::SyntaxError;
use super::decimal::Decimal;
use super::expression::{Expression, Name, Operator, Term, TypeName, TypeTest, Variable, starts_upper};
use super::functions::{self, Shape};
use super::lex::{Lexer, Token};
use super::temporal::{Temporal, Unit as Calendar};
use super::value::{Quantity, Unit, Value};
use regex_lite::Regex;

/// How deeply terms may be nested; a chain of steps or operators nests too.
const DEPTH: u32 = 200;
/// How many terms an expression may have.
const TERMS: usize = 20_000;

/// How tightly operators bind, the loosest first.
mod binding {
    pub const IMPLIES: u8 = 1;
    pub const OR: u8 = 2;
    pub const AND: u8 = 3;
    pub const MEMBER: u8 = 4;
    pub const EQUAL: u8 = 5;
    pub const ORDER: u8 = 6;
    pub const UNION: u8 = 7;
    pub const TYPE: u8 = 8;
    pub const ADD: u8 = 9;
    pub const MULTIPLY: u8 = 10;
}

enum Infix {
    Operator(Operator),
    Type(TypeTest),
}

pub(crate) struct Parser<'t> {
    lexer: Lexer<'t>,
    token: Token,
    start: usize,
    out: Expression,
    /// How deep each term is.
    depths: Vec<u32>,
    /// How many open calls of the parser there are.
    nesting: u32,
}

impl<'t> Parser<'t> {
    pub(crate) fn new(text: &'t str) -> Result<Self, SyntaxError> {
        let mut lexer = Lexer::new(text);
        let (token, start) = lexer.next()?;
        let out = Expression {
            text: text.into(),
            terms: Vec::new(),
            arguments: Vec::new(),
            names: Vec::new(),
            types: Vec::new(),
            literals: Vec::new(),
            patterns: Vec::new(),
            root: 0,
            kept: Vec::new(),
            bound: 0,
        };
        Ok(Parser { lexer, token, start, out, depths: Vec::new(), nesting: 0 })
    }

    pub(crate) fn expression(mut self) -> Result<Expression, SyntaxError> {
        self.out.root = self.operators(0)?;
        if self.token != Token::End {
            return self.fault("an operator or the end of the expression");
        }
        self.out.kept = kept(&self.out);
        Ok(self.out)
    }

    fn fault<T>(&self, expected: &str) -> Result<T, SyntaxError> {
        self.fault_found(expected, self.token.describe())
    }

    fn fault_found<T>(&self, expected: &str, found: String) -> Result<T, SyntaxError> {
        Err(SyntaxError { offset: self.start, expected: expected.to_owned(), found })
    }

    fn advance(&mut self) -> Result<Token, SyntaxError> {
        let (token, start) = self.lexer.next()?;
        self.start = start;
        Ok(std::mem::replace(&mut self.token, token))
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(&self.token, Token::Symbol(found) if *found == symbol)
    }

    fn skip_symbol(&mut self, symbol: &str) -> Result<bool, SyntaxError> {
        let found = self.is_symbol(symbol);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect_symbol(&mut self, symbol: &'static str, expected: &str) -> Result<(), SyntaxError> {
        if self.skip_symbol(symbol)? { Ok(()) } else { self.fault(expected) }
    }

    fn push(&mut self, term: Term) -> Result<u32, SyntaxError> {
        let depth = |id: &u32| self.depths.get(*id as usize).copied().unwrap_or(0);
        let below = match &term {
            Term::Step { base, .. } | Term::Type { base, .. } | Term::Negate(base) | Term::Plus(base) => depth(base),
            Term::At { base, index } => depth(base).max(depth(index)),
            Term::Binary { left, right, .. } => depth(left).max(depth(right)),
            Term::Call { base, first, count, .. } => {
                let arguments = self.out.arguments.iter().skip(*first as usize).take(*count as usize);
                arguments.map(depth).max().unwrap_or(0).max(depth(base))
            }
            _ => 0,
        };
        if below >= DEPTH || self.out.terms.len() >= TERMS {
            return self.fault_found("a shorter expression", "one that is nested too deeply or too long".to_owned());
        }
        self.depths.push(below + 1);
        self.out.terms.push(term);
        Ok(self.out.terms.len() as u32 - 1)
    }

    fn literal(&mut self, value: Value<'static>) -> Result<u32, SyntaxError> {
        self.out.literals.push(value);
        self.push(Term::Literal(self.out.literals.len() as u32 - 1))
    }

    fn name(&mut self, text: &str) -> u32 {
        if let Some(at) = self.out.names.iter().position(|name| &*name.text == text) {
            return at as u32;
        }
        let may_be_typed = text.chars().skip(1).any(|letter| letter.is_ascii_uppercase());
        let may_be_type = starts_upper(text);
        let choices = Box::default();
        self.out.names.push(Name { text: text.into(), id: None, choices, may_be_typed, may_be_type });
        self.out.names.len() as u32 - 1
    }

    fn infix(&self) -> Option<(u8, Infix)> {
        use Operator as O;
        let (binding, operator) = match &self.token {
            Token::Symbol(symbol) => match *symbol {
                "*" => (binding::MULTIPLY, O::Multiply),
                "/" => (binding::MULTIPLY, O::Divide),
                "+" => (binding::ADD, O::Add),
                "-" => (binding::ADD, O::Subtract),
                "&" => (binding::ADD, O::Concatenate),
                "|" => (binding::UNION, O::Union),
                "<" => (binding::ORDER, O::Less),
                "<=" => (binding::ORDER, O::LessOrEqual),
                ">" => (binding::ORDER, O::Greater),
                ">=" => (binding::ORDER, O::GreaterOrEqual),
                "=" => (binding::EQUAL, O::Equal),
                "!=" => (binding::EQUAL, O::NotEqual),
                "~" => (binding::EQUAL, O::Equivalent),
                "!~" => (binding::EQUAL, O::NotEquivalent),
                _ => return None,
            },
            Token::Word(word) => match word.as_str() {
                "div" => (binding::MULTIPLY, O::Div),
                "mod" => (binding::MULTIPLY, O::Mod),
                "is" => return Some((binding::TYPE, Infix::Type(TypeTest::Is))),
                "as" => return Some((binding::TYPE, Infix::Type(TypeTest::As))),
                "in" => (binding::MEMBER, O::In),
                "contains" => (binding::MEMBER, O::Contains),
                "and" => (binding::AND, O::And),
                "or" => (binding::OR, O::Or),
                "xor" => (binding::OR, O::Xor),
                "implies" => (binding::IMPLIES, O::Implies),
                _ => return None,
            },
            _ => return None,
        };
        Some((binding, Infix::Operator(operator)))
    }

    fn operators(&mut self, loosest: u8) -> Result<u32, SyntaxError> {
        self.nesting += 1;
        if self.nesting > DEPTH {
            return self.fault_found("a shorter expression", "one that is nested too deeply".to_owned());
        }
        let mut left = self.polarity()?;
        while let Some((binding, infix)) = self.infix() {
            if binding <= loosest {
                break;
            }
            self.advance()?;
            left = match infix {
                Infix::Operator(operator) => {
                    let right = self.operators(binding)?;
                    self.push(Term::Binary { operator, left, right })?
                }
                Infix::Type(test) => {
                    let of = self.type_name()?;
                    self.push(Term::Type { base: left, test, of })?
                }
            };
        }
        self.nesting -= 1;
        Ok(left)
    }

    fn polarity(&mut self) -> Result<u32, SyntaxError> {
        let mut signs = Vec::new();
        while self.is_symbol("-") || self.is_symbol("+") {
            signs.push(self.is_symbol("-"));
            self.advance()?;
        }
        let mut term = self.chain()?;
        for negative in signs.into_iter().rev() {
            term = self.push(if negative { Term::Negate(term) } else { Term::Plus(term) })?;
        }
        Ok(term)
    }

    fn chain(&mut self) -> Result<u32, SyntaxError> {
        let mut term = self.primary()?;
        loop {
            if self.skip_symbol(".")? {
                term = self.invocation(term, false)?;
            } else if self.skip_symbol("[")? {
                let index = self.operators(0)?;
                self.expect_symbol("]", "] after the index")?;
                term = self.push(Term::At { base: term, index })?;
            } else {
                return Ok(term);
            }
        }
    }

    fn primary(&mut self) -> Result<u32, SyntaxError> {
        match &self.token {
            Token::Symbol("(") => {
                self.advance()?;
                let inner = self.operators(0)?;
                self.expect_symbol(")", ") or an operator")?;
                Ok(inner)
            }
            Token::Symbol("{") => {
                self.advance()?;
                self.expect_symbol("}", "} of an empty collection")?;
                self.push(Term::Empty)
            }
            Token::String(_) => {
                if let Token::String(text) = self.advance()? {
                    self.literal(Value::String(text.into()))
                } else {
                    Ok(0)
                }
            }
            Token::Number(text) => {
                let text = text.clone();
                self.number(&text)
            }
            Token::Long(text) => {
                let Ok(number) = text.parse() else { return self.fault("a number of up to 64 bits") };
                self.advance()?;
                self.literal(Value::Integer(number))
            }
            Token::Moment(text) => {
                let temporal = match text.strip_prefix('T') {
                    Some(time) => Temporal::parse_time(time),
                    None => Temporal::parse(text),
                };
                let Some(temporal) = temporal else {
                    return self.fault("a date or time, @2015-02-04T14:34:28Z or @T14:34");
                };
                self.advance()?;
                self.literal(Value::Temporal(temporal))
            }
            Token::External(name) => {
                let variable = match name.as_str() {
                    "resource" => Variable::Resource,
                    "rootResource" => Variable::RootResource,
                    "context" => Variable::Context,
                    "ucum" => Variable::Text("http://unitsofmeasure.org".into()),
                    "sct" => Variable::Text("http://snomed.info/sct".into()),
                    "loinc" => Variable::Text("http://loinc.org".into()),
                    other => match (other.strip_prefix("vs-"), other.strip_prefix("ext-")) {
                        (Some(id), _) => Variable::Text(format!("http://hl7.org/fhir/ValueSet/{id}").into()),
                        (_, Some(id)) => Variable::Text(format!("http://hl7.org/fhir/StructureDefinition/{id}").into()),
                        _ => Variable::Named(other.into()),
                    },
                };
                self.advance()?;
                self.push(Term::Variable(variable))
            }
            Token::Special(name) => {
                let term = match name.as_str() {
                    "this" => Term::This,
                    "index" => Term::Index,
                    "total" => Term::Total,
                    // The names that these had before STU3.
                    "resource" => Term::Variable(Variable::Resource),
                    "context" => Term::Variable(Variable::Context),
                    _ => return self.fault("$this, $index or $total"),
                };
                self.advance()?;
                self.push(term)
            }
            Token::Word(word) if word == "true" || word == "false" => {
                let value = Value::Boolean(word == "true");
                self.advance()?;
                self.literal(value)
            }
            Token::Word(_) | Token::Quoted(_) => {
                let this = self.push(Term::This)?;
                self.invocation(this, true)
            }
            _ => self.fault("a value, a name, a function or ("),
        }
    }

    fn number(&mut self, text: &str) -> Result<u32, SyntaxError> {
        let integer = if text.contains('.') { None } else { text.parse::<i64>().ok() };
        let decimal = Decimal::parse(text);
        let Some(decimal) = decimal else { return self.fault("a number of up to 38 digits") };
        self.advance()?;
        let unit = match &self.token {
            Token::String(code) => Some(Unit::Code(code.clone().into())),
            Token::Word(word) => Calendar::from_word(word).map(|unit| Unit::Calendar(unit, word.clone().into())),
            _ => None,
        };
        match (unit, integer) {
            (Some(unit), _) => {
                self.advance()?;
                self.literal(Value::Quantity(Box::new(Quantity { value: decimal, unit })))
            }
            (None, Some(integer)) => self.literal(Value::Integer(integer)),
            (None, None) => self.literal(Value::Decimal(decimal)),
        }
    }

    fn invocation(&mut self, base: u32, leading: bool) -> Result<u32, SyntaxError> {
        let offset = self.start;
        let (text, quoted) = match &self.token {
            Token::Word(text) => (text.clone(), false),
            Token::Quoted(text) => (text.clone(), true),
            Token::Special(name) if !leading && name == "this" => {
                self.advance()?;
                return Ok(base);
            }
            _ => return self.fault("the name of an element or a function"),
        };
        self.advance()?;
        if quoted || !self.is_symbol("(") {
            let name = self.name(&text);
            return self.push(Term::Step { base, name, leading });
        }
        self.advance()?;
        let test = match text.as_str() {
            "is" => Some(TypeTest::Is),
            "as" => Some(TypeTest::As),
            "ofType" => Some(TypeTest::OfType),
            _ => None,
        };
        if let Some(test) = test {
            let of = self.type_name()?;
            self.expect_symbol(")", ") after the type")?;
            return self.push(Term::Type { base, test, of });
        }
        let Some(function) = functions::find(&text) else {
            let expected = match functions::similar(&text) {
                Some(similar) => format!("a function (did you mean {similar}?)"),
                None => "a function".to_owned(),
            };
            return Err(SyntaxError { offset, expected, found: format!("\"{text}\", which is not a known function") });
        };
        let mut arguments = Vec::new();
        if !self.skip_symbol(")")? {
            loop {
                arguments.push(self.operators(0)?);
                if !self.skip_symbol(",")? {
                    break;
                }
            }
            self.expect_symbol(")", ") or a comma")?;
        }
        if arguments.len() < function.least || arguments.len() > function.most {
            let expected = match (function.least, function.most) {
                (0, 0) => format!("nothing between the brackets of {text}()"),
                (least, most) if least == most => format!("{least} argument(s) for {text}()"),
                (least, most) => format!("{least} to {most} arguments for {text}()"),
            };
            return Err(SyntaxError { offset, expected, found: format!("{}", arguments.len()) });
        }
        if function.pattern {
            self.compile_pattern(arguments.first().copied());
        }
        let first = self.out.arguments.len() as u32;
        let count = arguments.len() as u32;
        self.out.arguments.extend(arguments);
        self.push(Term::Call { base, function, first, count })
    }

    /// A regular expression that stands in the expression is compiled with it. One that is faulty fails when it is used.
    fn compile_pattern(&mut self, argument: Option<u32>) {
        let Some(Term::Literal(literal)) = argument.and_then(|id| self.out.terms.get(id as usize)) else { return };
        let Some(Value::String(text)) = self.out.literals.get(*literal as usize) else { return };
        if let Some(regex) = pattern(text)
            && !self.out.patterns.iter().any(|(known, _)| **known == **text)
        {
            self.out.patterns.push(((&**text).into(), regex));
        }
    }

    fn type_name(&mut self) -> Result<u32, SyntaxError> {
        let mut parts = Vec::new();
        loop {
            match &self.token {
                Token::Word(text) | Token::Quoted(text) => parts.push(text.clone()),
                _ => return self.fault("the name of a type"),
            }
            self.advance()?;
            // After the type a function may follow; a namespace has a dot and a name without brackets after it.
            let namespace = parts.len() == 1 && matches!(parts.first().map(String::as_str), Some("FHIR" | "System"));
            if !(namespace && self.skip_symbol(".")?) {
                break;
            }
        }
        let name = parts.pop().unwrap_or_default().into();
        let namespace = parts.pop().map(Into::into);
        self.out.types.push(TypeName { namespace, name });
        Ok(self.out.types.len() as u32 - 1)
    }
}

/// The largest terms that depend on nothing but the resource and that ask for everything inside something.
fn kept(expression: &Expression) -> Vec<u32> {
    // Whether each term depends on the resource alone, and whether it asks for descendants. Operands stand before.
    let mut facts: Vec<(bool, bool)> = Vec::with_capacity(expression.terms.len());
    let mut outermost = Vec::new();
    for (id, term) in expression.terms.iter().enumerate() {
        let fact = |id: &u32| facts.get(*id as usize).copied().unwrap_or((false, false));
        let (fixed, costly) = match term {
            Term::Variable(Variable::Resource | Variable::RootResource) => (true, false),
            Term::Step { base, .. } => fact(base),
            Term::Type { base, test: TypeTest::OfType, .. } => fact(base),
            Term::Call { base, function, count: 0, .. } => match function.shape {
                Shape::Descendants => (fact(base).0, true),
                Shape::Children => fact(base),
                _ => (false, false),
            },
            _ => (false, false),
        };
        if fixed && costly {
            // A larger term takes the place of the one that it is made from.
            if let Term::Step { base, .. } | Term::Type { base, .. } | Term::Call { base, .. } = term {
                outermost.retain(|known| known != base);
            }
            outermost.push(id as u32);
        }
        facts.push((fixed, costly));
    }
    outermost
}

/// A regular expression as FHIRPath means it: a dot stands for line ends too.
pub(crate) fn pattern(text: &str) -> Option<Regex> {
    regex_lite::RegexBuilder::new(text).dot_matches_new_line(true).size_limit(1 << 18).build().ok()
}
