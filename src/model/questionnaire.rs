//! Questionnaires as facts (STU3 8.9): what may be answered, and how.

use crate::tree::{NodeId, Tree};

/// What a Questionnaire asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questionnaire {
    /// The canonical URL; empty if none.
    pub url: Box<str>,
    /// The business version; empty if none.
    pub version: Box<str>,
    /// The logical id; empty if none.
    pub id: Box<str>,
    /// The types of resource that may be asked about; empty for any.
    pub subject_types: Vec<Box<str>>,
    /// The outermost items.
    pub items: Vec<Item>,
    /// Value sets that the Questionnaire contains, or that are contained beside it, by id.
    pub contained: Vec<(Box<str>, Codes)>,
}

/// An item of a Questionnaire: a group, a question or a text that is displayed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What answers name it by.
    pub link_id: Box<str>,
    /// Its words; empty if none.
    pub text: Box<str>,
    /// `group`, `display`, `boolean`, `choice` and so on.
    pub kind: Box<str>,
    /// Whether a completed response must have it.
    pub required: bool,
    /// Whether it may be answered more than once.
    pub repeats: bool,
    /// When it may be answered.
    pub enable_when: Vec<Condition>,
    /// Whether all of several conditions must hold; in STU3 one is enough.
    pub needs_all: bool,
    /// The answers to choose from.
    pub options: Vec<Value>,
    /// The value set that holds the answers to choose from: a canonical URL, or `#id` of a contained one.
    pub value_set: Option<Box<str>>,
    /// What the answers must keep.
    pub limits: Limits,
    /// The items inside.
    pub items: Vec<Item>,
}

/// What an answer must keep, by `maxLength` and by the standard extensions of STU3.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// At least this many characters.
    pub min_length: Option<u32>,
    /// At most this many characters.
    pub max_length: Option<u32>,
    /// At most this many digits after the point.
    pub decimal_places: Option<u32>,
    /// At least this value.
    pub min_value: Option<Value>,
    /// At most this value.
    pub max_value: Option<Value>,
    /// At least this many answers.
    pub min_occurs: Option<u32>,
    /// At most this many answers.
    pub max_occurs: Option<u32>,
    /// The whole answer has this form.
    pub regex: Option<Box<str>>,
    /// The types of resource that may be referred to.
    pub resources: Vec<Box<str>>,
    /// The kinds of attachment allowed.
    pub mime_types: Vec<Box<str>>,
}

/// A condition on the answer to another question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The other question's `linkId`.
    pub question: Box<str>,
    /// Whether there must be an answer, or must be none.
    pub has_answer: Option<bool>,
    /// How an answer must compare with the one given.
    pub operator: Operator,
    /// The answer that there must be, or that it is compared with.
    pub answer: Option<Value>,
}

/// How an answer is compared with that of a condition. STU3 knows that it is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Operator {
    /// The same.
    #[default]
    Equal,
    /// Another one.
    Unequal,
    /// Greater.
    Greater,
    /// Less.
    Less,
    /// Greater, or the same.
    GreaterOrEqual,
    /// Less, or the same.
    LessOrEqual,
}

/// A value with its type, as far as answers are compared by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// Its type: `Coding`, `date`.
    pub type_name: Box<str>,
    /// A primitive's text; the code of a Coding or Quantity; what a Reference refers to.
    pub text: Box<str>,
    /// The system of a Coding or Quantity; empty if none.
    pub system: Box<str>,
    /// The number of a Quantity; empty if none.
    pub number: Box<str>,
}

/// The codes of a contained value set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// System and code of each that is listed.
    pub listed: Vec<(Box<str>, Box<str>)>,
    /// Systems that are included as a whole.
    pub systems: Vec<Box<str>>,
    /// Whether it is made of more than can be told here: filters, other value sets, exclusions.
    pub is_more: bool,
}

const EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/";

impl Questionnaire {
    /// Reads a Questionnaire that stands at a node, in JSON or XML.
    pub fn read(tree: &Tree, root: NodeId) -> Self {
        let text = |name: &str| tree.child_text(root, name).unwrap_or_default().trim().into();
        // What a contained resource refers to stands beside it (dom-2).
        let holder = tree.parent(root).filter(|_| tree.name(root) == "contained").unwrap_or(root);
        let contained = tree.named(holder, "contained").filter(|node| tree.resource_type(*node) == Some("ValueSet"));
        Questionnaire {
            url: text("url"),
            version: text("version"),
            id: text("id"),
            subject_types: texts(tree, root, "subjectType"),
            items: items(tree, root),
            contained: contained
                .filter_map(|node| Some((tree.child_text(node, "id")?.into(), codes(tree, node))))
                .collect(),
        }
    }

    /// Every item, each before those inside it.
    pub fn all(&self) -> impl Iterator<Item = &Item> {
        let mut open: Vec<&Item> = self.items.iter().rev().collect();
        std::iter::from_fn(move || {
            let item = open.pop()?;
            open.extend(item.items.iter().rev());
            Some(item)
        })
    }
}

impl Value {
    /// The value `prefix[x]` of a node: `valueCoding` for the prefix `value`. A node's type is told by the name it has.
    pub fn read(tree: &Tree, node: NodeId, prefix: &str) -> Option<Self> {
        let held = tree.children(node).find(|child| {
            let rest = tree.name(*child).strip_prefix(prefix);
            rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
        })?;
        let type_name = tree.name(held).strip_prefix(prefix)?;
        let part = |name: &str| tree.child_text(held, name).unwrap_or_default();
        let (text, system, number) = match type_name {
            "Coding" => (part("code"), part("system"), ""),
            "Quantity" => (part("code"), part("system"), part("value")),
            "Reference" => (part("reference"), "", ""),
            "Attachment" => (part("url"), "", ""),
            _ => (tree.text(held)?, "", ""),
        };
        // A primitive's type starts with a small letter.
        let type_name: Box<str> = match tree.text(held) {
            Some(_) => lower_first(type_name).into(),
            None => type_name.into(),
        };
        Some(Value { type_name, text: text.into(), system: system.into(), number: number.into() })
    }

    /// The value as a message shows it.
    pub fn words(&self) -> String {
        match &*self.type_name {
            "Quantity" => format!("'{} {}'", self.number, self.text),
            _ if self.system.is_empty() => format!("'{}'", self.text),
            _ => format!("'{}' of {}", self.text, self.system),
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

fn texts(tree: &Tree, node: NodeId, name: &str) -> Vec<Box<str>> {
    tree.named(node, name).filter_map(|part| tree.text(part)).map(Into::into).collect()
}

/// The items inside a node. The reader bounds how deep a resource can be, so that this ends.
fn items(tree: &Tree, node: NodeId) -> Vec<Item> {
    tree.named(node, "item").map(|node| item(tree, node)).collect()
}

fn item(tree: &Tree, node: NodeId) -> Item {
    let text = |name: &str| tree.child_text(node, name).unwrap_or_default().into();
    let flag = |name: &str| tree.child_text(node, name) == Some("true");
    let condition = |node: NodeId| {
        let answer = Value::read(tree, node, "answer");
        // R4 has an operator, and STU3 `hasAnswer` for the first of these.
        let operator = tree.child_text(node, "operator").unwrap_or_default();
        let exists = answer.as_ref().filter(|_| operator == "exists").map(|answer| &*answer.text == "true");
        Condition {
            question: tree.child_text(node, "question").unwrap_or_default().into(),
            has_answer: tree.child_text(node, "hasAnswer").map(|text| text == "true").or(exists),
            operator: match operator {
                "!=" => Operator::Unequal,
                ">" => Operator::Greater,
                "<" => Operator::Less,
                ">=" => Operator::GreaterOrEqual,
                "<=" => Operator::LessOrEqual,
                _ => Operator::Equal,
            },
            answer,
        }
    };
    // STU3 has a Reference in `options`, R4 a canonical URL in `answerValueSet`.
    let value_set = tree.child(node, "options").and_then(|options| tree.child_text(options, "reference"));
    let value_set = value_set.or_else(|| tree.child_text(node, "answerValueSet"));
    let options = tree.named(node, "option").chain(tree.named(node, "answerOption"));
    Item {
        link_id: text("linkId"),
        text: text("text"),
        kind: text("type"),
        required: flag("required"),
        repeats: flag("repeats"),
        enable_when: tree.named(node, "enableWhen").map(condition).collect(),
        needs_all: tree.child_text(node, "enableBehavior") == Some("all"),
        options: options.filter_map(|option| Value::read(tree, option, "value")).collect(),
        value_set: value_set.map(Into::into),
        limits: limits(tree, node),
        items: items(tree, node),
    }
}

fn limits(tree: &Tree, node: NodeId) -> Limits {
    let number = |text: &str| text.parse().ok();
    let mut limits = Limits { max_length: tree.child_text(node, "maxLength").and_then(number), ..Limits::default() };
    for extension in tree.named(node, "extension") {
        let url = tree.child_text(extension, "url").unwrap_or_default();
        let Some(name) = url.strip_prefix(EXTENSION) else { continue };
        let Some(value) = Value::read(tree, extension, "value") else { continue };
        match name {
            "minLength" => limits.min_length = number(&value.text),
            "maxDecimalPlaces" => limits.decimal_places = number(&value.text),
            "minValue" => limits.min_value = Some(value),
            "maxValue" => limits.max_value = Some(value),
            "questionnaire-minOccurs" => limits.min_occurs = number(&value.text),
            "questionnaire-maxOccurs" => limits.max_occurs = number(&value.text),
            "regex" => limits.regex = Some(value.text),
            "questionnaire-allowedResource" => limits.resources.push(value.text),
            "mimeType" => limits.mime_types.push(value.text),
            _ => {}
        }
    }
    limits
}

fn codes(tree: &Tree, node: NodeId) -> Codes {
    let mut codes = Codes::default();
    let system = |part: NodeId| tree.child_text(part, "system").unwrap_or_default();
    for compose in tree.named(node, "compose") {
        codes.is_more |= tree.child(compose, "exclude").is_some();
        for include in tree.named(compose, "include") {
            codes.is_more |= tree.child(include, "filter").is_some() || tree.child(include, "valueSet").is_some();
            if tree.child(include, "concept").is_none() && tree.child(include, "filter").is_none() {
                codes.systems.push(system(include).into());
            }
            for concept in tree.named(include, "concept") {
                if let Some(code) = tree.child_text(concept, "code") {
                    codes.listed.push((system(include).into(), code.into()));
                }
            }
        }
    }
    for expansion in tree.named(node, "expansion") {
        let mut open: Vec<NodeId> = tree.named(expansion, "contains").collect();
        while let Some(contains) = open.pop() {
            if let Some(code) = tree.child_text(contains, "code") {
                codes.listed.push((system(contains).into(), code.into()));
            }
            open.extend(tree.named(contains, "contains"));
        }
    }
    codes
}
