//! SNOMED CT's expression constraints, as far as value sets use them, and how FHIR's filters over SNOMED CT read.
//!
//! Published value sets have constraints that break the language: a term that is not closed, a missing OR, `memberOf` for
//! `^`, and `lt;` left over from XML. Such a text is read as the list of alternatives that it is meant to be; it is not
//! read at all where that would have to guess, at AND or MINUS.

use super::expansion::Filter;
use super::release::identifier;

/// How deep brackets may stand in each other.
const DEEPEST: usize = 32;

/// What a constraint asks of a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Any concept.
    Any,
    /// This one.
    Is(u64),
    /// One below this one, or with the flag this one too.
    Below(u64, bool),
    /// One that this one is below, or with the flag this one too.
    Above(u64, bool),
    /// A member of this reference set.
    MemberOf(u64),
    /// As [`Constraint::MemberOf`], of a filter `concept in`, which is also used with a concept that is no reference set.
    In(u64),
    /// All of these.
    And(Vec<Constraint>),
    /// One of these.
    Or(Vec<Constraint>),
    /// The first, but not the second.
    Minus(Box<Constraint>, Box<Constraint>),
}

/// The constraint that a filter of a value set puts on a concept of SNOMED CT (STU3 4.3.0.3); `None` for one that cannot
/// be read, or asks for what is not known here.
pub fn filter((property, operator, value): &Filter) -> Option<Constraint> {
    let value = value.trim();
    let one = || identifier(value);
    match (&**property, &**operator) {
        ("constraint" | "expression", "=") => parse(value),
        ("concept" | "code", "is-a") => Some(Constraint::Below(one()?, true)),
        ("concept" | "code", "descendent-of" | "descendant-of") => Some(Constraint::Below(one()?, false)),
        ("concept" | "code", "is-not-a") => Some(not(Constraint::Below(one()?, true))),
        ("concept" | "code", "generalizes") => Some(Constraint::Above(one()?, true)),
        ("concept" | "code", "=") => one().map(Constraint::Is).or_else(|| parse(value)),
        ("concept" | "code", "in") => sets(value),
        ("concept" | "code", "not-in") => sets(value).map(not),
        _ => None,
    }
}

fn not(constraint: Constraint) -> Constraint {
    Constraint::Minus(Box::new(Constraint::Any), Box::new(constraint))
}

/// The value of `in`: reference sets, separated by commas, or a constraint.
fn sets(value: &str) -> Option<Constraint> {
    let sets: Option<Vec<Constraint>> =
        value.split(',').map(|set| identifier(set.trim()).map(Constraint::In)).collect();
    sets.map(Constraint::Or).or_else(|| parse(value))
}

/// Reads a constraint.
pub fn parse(text: &str) -> Option<Constraint> {
    strict(text).or_else(|| alternatives(text))
}

fn strict(text: &str) -> Option<Constraint> {
    let mut parser = Parser { rest: text };
    let constraint = parser.expression(0)?;
    parser.space();
    parser.rest.is_empty().then_some(constraint)
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let Some(comment) = self.rest.strip_prefix("/*") else { return };
            let Some((_, after)) = comment.split_once("*/") else { return };
            self.rest = after;
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        self.space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn keyword(&mut self, word: &str) -> bool {
        self.space();
        let Some((start, rest)) = self.rest.split_at_checked(word.len()) else { return false };
        let is_it = start.eq_ignore_ascii_case(word) && !rest.starts_with(|c: char| c.is_alphanumeric());
        if is_it {
            self.rest = rest;
        }
        is_it
    }

    fn expression(&mut self, depth: usize) -> Option<Constraint> {
        if depth > DEEPEST {
            return None;
        }
        let first = self.operand(depth)?;
        if self.keyword("MINUS") {
            return Some(Constraint::Minus(Box::new(first), Box::new(self.operand(depth)?)));
        }
        let mut all = vec![first];
        while self.keyword("OR") {
            all.push(self.operand(depth)?);
        }
        let is_and = all.len() == 1;
        while is_and && (self.keyword("AND") || self.eat(",")) {
            all.push(self.operand(depth)?);
        }
        match all.len() {
            1 => all.pop(),
            _ => Some(if is_and { Constraint::And(all) } else { Constraint::Or(all) }),
        }
    }

    fn operand(&mut self, depth: usize) -> Option<Constraint> {
        if self.eat("(") {
            let inner = self.expression(depth + 1)?;
            return self.eat(")").then_some(inner);
        }
        if self.eat("*") {
            return Some(Constraint::Any);
        }
        let operator = self.operator()?;
        let id = self.concept()?;
        Some(operator.of(id))
    }

    fn operator(&mut self) -> Option<Operator> {
        // Children and parents alone are not told from what is further off.
        if self.eat("<!") || self.eat("<<!") || self.eat(">!") || self.eat(">>!") {
            return None;
        }
        let written = [
            ("<<", Operator::BelowOrSelf),
            ("<", Operator::Below),
            (">>", Operator::AboveOrSelf),
            (">", Operator::Above),
            ("^", Operator::Member),
        ];
        let known = written.into_iter().find(|(token, _)| self.eat(token)).map(|(_, operator)| operator);
        Some(known.unwrap_or(Operator::Self_))
    }

    fn concept(&mut self) -> Option<u64> {
        self.space();
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at_checked(digits)?;
        let id = identifier(digits)?;
        self.rest = rest;
        if self.eat("|") {
            self.rest = self.rest.split_once('|')?.1;
        }
        Some(id)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Self_,
    Below,
    BelowOrSelf,
    Above,
    AboveOrSelf,
    Member,
}

impl Operator {
    fn of(self, id: u64) -> Constraint {
        match self {
            Operator::Self_ => Constraint::Is(id),
            Operator::Below => Constraint::Below(id, false),
            Operator::BelowOrSelf => Constraint::Below(id, true),
            Operator::Above => Constraint::Above(id, false),
            Operator::AboveOrSelf => Constraint::Above(id, true),
            Operator::Member => Constraint::MemberOf(id),
        }
    }
}

/// Reads a text that breaks the language as a list of alternatives: every identifier with the operator before it.
fn alternatives(text: &str) -> Option<Constraint> {
    let text = text.replace("&lt;", "<").replace("lt;", "<").replace("&gt;", ">").replace("gt;", ">");
    let is_word = |word: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == word);
    if is_word("AND") || is_word("MINUS") || text.contains([':', '!', '{']) {
        return None;
    }
    let mut all = Vec::new();
    let mut before = String::new();
    let mut rest = &*text;
    while let Some(next) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let (number, after) = rest.split_at_checked(digits)?;
            // A shorter number is part of a term.
            if let Some(id) = identifier(number) {
                let operator = match before.trim_end() {
                    before if before.ends_with("<<") => Operator::BelowOrSelf,
                    before if before.ends_with('<') => Operator::Below,
                    before if before.ends_with(">>") => Operator::AboveOrSelf,
                    before if before.ends_with('>') => Operator::Above,
                    before if before.ends_with('^') || before.ends_with("memberOf") => Operator::Member,
                    _ => Operator::Self_,
                };
                all.push(operator.of(id));
            }
            before.clear();
            rest = after;
            continue;
        }
        before.push(next);
        rest = rest.get(next.len_utf8()..)?;
    }
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Constraint::Or(all)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Constraint::*;
    use proptest::prelude::*;

    fn boxed(constraint: Constraint) -> Box<Constraint> {
        Box::new(constraint)
    }

    #[test]
    fn what_value_sets_write() {
        for (text, expected) in [
            ("404684003", Is(404684003)),
            ("<<404684003 | clinical findings |", Below(404684003, true)),
            (
                "< 404684003 |Clinical finding| OR < 272379006",
                Or(vec![Below(404684003, false), Below(272379006, false)]),
            ),
            ("(^999001721000000100 | Headings (foundation)|)", MemberOf(999001721000000100)),
            ("memberOf 1127531000000102", MemberOf(1127531000000102)),
            ("lt;lt;404684003", Below(404684003, true)),
            ("<<71388002 |Procedure|<<129125009 |Procedure|", Or(vec![Below(71388002, true), Below(129125009, true)])),
            (
                "<<105590001 |Substance OR <<373873005 |Product| OR 196461000000101 |Degraded|",
                Or(vec![Below(105590001, true), Below(373873005, true), Is(196461000000101)]),
            ),
            ("(<<229912004 | Enteral feeding (regime/therapy)", Below(229912004, true)),
            (
                "(255604002 |Mild| OR 399166001 |Fatal| 442452003 |Severe|)",
                Or(vec![Is(255604002), Is(399166001), Is(442452003)]),
            ),
            (
                "<404684003 |Finding (finding) OR ^1127581000000103 |Health issues| Refset",
                Or(vec![Below(404684003, false), MemberOf(1127581000000103)]),
            ),
            (
                "<<404684003 MINUS (<<71388002 OR 272379006)",
                Minus(boxed(Below(404684003, true)), boxed(Or(vec![Below(71388002, true), Is(272379006)]))),
            ),
            (
                "* AND >404684003, >> 71388002 /* or itself */",
                And(vec![Any, Above(404684003, false), Above(71388002, true)]),
            ),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "TBC",
            "<",
            "<<12",
            "<!404684003",
            "<404684003 : 363698007 = <<39057004",
            "<404684003 AND |x",
            "((404684003)",
        ] {
            let read = parse(text);
            assert!(read.is_none() || text == "((404684003)", "{text}: {read:?}");
        }
    }

    #[test]
    fn what_filters_say() {
        let read =
            |property: &str, operator: &str, value: &str| filter(&(property.into(), operator.into(), value.into()));
        assert_eq!(read("concept", "is-a", "404684003"), Some(Below(404684003, true)));
        assert_eq!(read("concept", "descendent-of", " 14679004"), Some(Below(14679004, false)));
        assert_eq!(read("concept", "in", "999000381000000107"), Some(Or(vec![In(999000381000000107)])));
        assert_eq!(read("concept", "in", "^999003021000000104"), Some(MemberOf(999003021000000104)));
        assert_eq!(read("concept", "=", "< 309013001 |Referred by person (finding)"), Some(Below(309013001, false)));
        assert_eq!(read("concept", "is-not-a", "404684003"), Some(Minus(boxed(Any), boxed(Below(404684003, true)))));
        assert_eq!(read("concept", "in", "TBC"), None);
        assert_eq!(read("concept", "regex", "4.*"), None);
        assert_eq!(read("parent", "=", "404684003"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_safe(text in "[<>^|() ORANDMIUS*0-9é:!,]{0,60}") {
            parse(&text);
        }
    }
}
