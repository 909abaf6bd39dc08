//! A ViewDefinition, read and compiled.

use crate::definitions::Definitions;
use crate::fhirpath::decimal::Decimal;
use crate::fhirpath::temporal::Temporal;
use crate::fhirpath::{Binder, Expression, Value as Item};
use serde_json::{Map, Value};

/// How deep selects may stand in each other.
const DEEPEST: usize = 32;

/// A column of the table.
#[derive(Clone, Debug)]
pub struct Column {
    /// What it is called, which is unique in the table.
    pub name: String,
    /// The FHIR type of its values, where the definition says it.
    pub kind: Option<String>,
    /// Whether a value of it is a list.
    pub is_list: bool,
    pub(super) path: Expression,
}

/// What rows are made for.
#[derive(Clone, Debug)]
pub(super) enum Each {
    /// What stands around it.
    Once,
    /// Whatever the expression gives; with `or_null` a row of nothing where it gives nothing.
    Of { path: Expression, or_null: bool },
    /// Whatever the expressions give, and they give on that again, to any depth.
    Repeat(Vec<Expression>),
}

/// A select: columns, selects within, and alternatives whose rows follow each other.
#[derive(Clone, Debug)]
pub(super) struct Select {
    pub each: Each,
    pub columns: Vec<Column>,
    pub selects: Vec<Select>,
    pub union: Vec<Select>,
    /// How many columns it makes in all.
    pub width: usize,
}

/// A compiled ViewDefinition.
#[derive(Clone, Debug)]
pub struct View {
    pub(super) resource: String,
    pub(super) constants: Vec<(String, Item<'static>)>,
    pub(super) conditions: Vec<Expression>,
    pub(super) root: Select,
}

impl View {
    /// Compiles a ViewDefinition, in JSON.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence that says where.
    pub fn compile(definition: &[u8], definitions: &Definitions) -> Result<View, String> {
        let value: Value = serde_json::from_slice(definition)
            .map_err(|error| format!("The ViewDefinition is not JSON that can be read: {error}."))?;
        let object = value.as_object().ok_or("The ViewDefinition is not a JSON object.")?;
        let resource = text(object, "resource", "ViewDefinition")?
            .filter(|name| !name.is_empty())
            .ok_or("ViewDefinition.resource is missing: the type of resource that the view is of.")?;
        let mut reader = Reader { binder: Binder::new(definitions.names()), constants: Vec::new() };
        for (at, constant) in list(object, "constant", "ViewDefinition")?.iter().enumerate() {
            let place = format!("ViewDefinition.constant[{at}]");
            let (name, value) = constant_of(constant, &place)?;
            reader.constants.push((name, value));
        }
        let mut conditions = Vec::new();
        for (at, condition) in list(object, "where", "ViewDefinition")?.iter().enumerate() {
            let place = format!("ViewDefinition.where[{at}]");
            conditions.push(reader.required(condition, "path", &place)?);
        }
        let selects = list(object, "select", "ViewDefinition")?;
        if selects.is_empty() {
            return Err("ViewDefinition.select is missing: what the columns are.".to_owned());
        }
        let selects = reader.selects(selects, "ViewDefinition.select", 0)?;
        let width = selects.iter().map(|select| select.width).sum();
        let root = Select { each: Each::Once, columns: Vec::new(), selects, union: Vec::new(), width };
        let view = View { resource: resource.to_owned(), constants: reader.constants, conditions, root };
        let mut names: Vec<&str> = view.columns().iter().map(|column| column.name.as_str()).collect();
        crate::order::sort(&mut names);
        if let Some([name, _]) = names.windows(2).find(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(format!("Two columns have the name '{name}'; each needs one of its own."));
        }
        Ok(view)
    }

    /// The type of resource that it is of.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The columns, in their order.
    pub fn columns(&self) -> Vec<&Column> {
        let mut out = Vec::new();
        self.root.columns(&mut out);
        out
    }
}

impl Select {
    fn columns<'s>(&'s self, out: &mut Vec<&'s Column>) {
        out.extend(&self.columns);
        self.selects.iter().for_each(|select| select.columns(out));
        // All have the same.
        if let Some(first) = self.union.first() {
            first.columns(out);
        }
    }
}

struct Reader<'n> {
    binder: Binder<'n>,
    constants: Vec<(String, Item<'static>)>,
}

impl Reader<'_> {
    fn selects(&self, selects: &[Value], place: &str, depth: usize) -> Result<Vec<Select>, String> {
        let one = |(at, value): (usize, &Value)| self.select(value, &format!("{place}[{at}]"), depth);
        selects.iter().enumerate().map(one).collect()
    }

    fn select(&self, value: &Value, place: &str, depth: usize) -> Result<Select, String> {
        if depth == DEEPEST {
            return Err(format!("{place} stands too deep: selects may stand in each other {DEEPEST} times."));
        }
        let object = value.as_object().ok_or_else(|| format!("{place} is not an object."))?;
        let each = self.each(object, place)?;
        let mut columns = Vec::new();
        for (at, column) in list(object, "column", place)?.iter().enumerate() {
            columns.push(self.column(column, &format!("{place}.column[{at}]"))?);
        }
        let selects = self.selects(list(object, "select", place)?, &format!("{place}.select"), depth + 1)?;
        let union = self.selects(list(object, "unionAll", place)?, &format!("{place}.unionAll"), depth + 1)?;
        let names = |select: &Select| {
            let mut columns = Vec::new();
            select.columns(&mut columns);
            columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>()
        };
        let first = union.first().map(names).unwrap_or_default();
        if let Some(at) = union.iter().position(|other| names(other) != first) {
            let words = "has not the same columns, in the same order, as the first: a union needs that";
            return Err(format!("{place}.unionAll[{at}] {words}."));
        }
        let width = columns.len() + selects.iter().chain(union.first()).map(|select| select.width).sum::<usize>();
        if width == 0 {
            return Err(format!("{place} has no columns."));
        }
        Ok(Select { each, columns, selects, union, width })
    }

    fn each(&self, object: &Map<String, Value>, place: &str) -> Result<Each, String> {
        let given = ["forEach", "forEachOrNull", "repeat"].map(|name| object.contains_key(name));
        if given.iter().filter(|is| **is).count() > 1 {
            return Err(format!("{place} has more than one of forEach, forEachOrNull and repeat."));
        }
        for (name, or_null) in [("forEach", false), ("forEachOrNull", true)] {
            if let Some(path) = text(object, name, place)? {
                return Ok(Each::Of { path: self.expression(path, &format!("{place}.{name}"))?, or_null });
            }
        }
        let paths = list(object, "repeat", place)?;
        if paths.is_empty() {
            return Ok(Each::Once);
        }
        let mut out = Vec::new();
        for (at, path) in paths.iter().enumerate() {
            let place = format!("{place}.repeat[{at}]");
            let path = path.as_str().ok_or_else(|| format!("{place} is not text."))?;
            out.push(self.expression(path, &place)?);
        }
        Ok(Each::Repeat(out))
    }

    fn column(&self, value: &Value, place: &str) -> Result<Column, String> {
        let object = value.as_object().ok_or_else(|| format!("{place} is not an object."))?;
        let name = text(object, "name", place)?.ok_or_else(|| format!("{place}.name is missing."))?;
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) || !name.chars().all(is_word) {
            let words = "is not a name for a column: a letter, then letters, digits and '_'";
            return Err(format!("{place}.name '{}' {words}.", crate::limits::shorten(name, crate::limits::NAME)));
        }
        // A type may be given by its URL, as that of a StructureDefinition or `…/System.String`.
        let kind = text(object, "type", place)?.map(|kind| kind.rsplit(['/', '.']).next().unwrap_or(kind).to_owned());
        let is_list = match object.get("collection") {
            None | Some(Value::Null) => false,
            Some(value) => value.as_bool().ok_or_else(|| format!("{place}.collection is true or false."))?,
        };
        Ok(Column { name: name.to_owned(), kind, is_list, path: self.required(value, "path", place)? })
    }

    fn required(&self, value: &Value, name: &str, place: &str) -> Result<Expression, String> {
        let object = value.as_object().ok_or_else(|| format!("{place} is not an object."))?;
        let path = text(object, name, place)?.ok_or_else(|| format!("{place}.{name} is missing."))?;
        self.expression(path, &format!("{place}.{name}"))
    }

    fn expression(&self, text: &str, place: &str) -> Result<Expression, String> {
        let mut expression = Expression::parse(text).map_err(|error| format!("{place} is not FHIRPath. {error}"))?;
        let known = |name: &&str| *name == super::host::ROW || self.constants.iter().any(|(known, _)| known == name);
        if let Some(name) = expression.variables().find(|name| !known(name)) {
            return Err(format!("{place}: nothing defines %{name}; it may be a constant of the ViewDefinition."));
        }
        expression.bind(&self.binder);
        Ok(expression)
    }
}

/// The name and value of a constant: `{ "name": …, "valueString": … }`.
fn constant_of(value: &Value, place: &str) -> Result<(String, Item<'static>), String> {
    let object = value.as_object().ok_or_else(|| format!("{place} is not an object."))?;
    let name = text(object, "name", place)?.ok_or_else(|| format!("{place}.name is missing."))?;
    let found = object.iter().find_map(|(key, value)| Some((key.strip_prefix("value")?, value)));
    let (kind, value) = found.ok_or_else(|| format!("{place} '{name}' has no value."))?;
    let written = match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        _ => return Err(format!("{place} '{name}' is not a single value.")),
    };
    let item = match kind {
        "Boolean" => value.as_bool().map(Item::Boolean),
        "Integer" | "PositiveInt" | "UnsignedInt" | "Integer64" => written.parse().ok().map(Item::Integer),
        "Decimal" => Decimal::parse(&written).map(Item::Decimal),
        "Date" => Temporal::parse(&written).map(Item::Temporal),
        "DateTime" | "Instant" => Temporal::parse(&written).and_then(Temporal::to_date_time).map(Item::Temporal),
        "Time" => Temporal::parse_time(&written).map(Item::Temporal),
        _ => value.as_str().map(|text| Item::String(text.to_owned().into())),
    };
    let item = item.ok_or_else(|| format!("{place} '{name}' is not what value{kind} takes."))?;
    Ok((name.to_owned(), item))
}

fn text<'v>(object: &'v Map<String, Value>, name: &str, place: &str) -> Result<Option<&'v str>, String> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{place}.{name} is not text.")),
    }
}

fn list<'v>(object: &'v Map<String, Value>, name: &str, place: &str) -> Result<&'v [Value], String> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(format!("{place}.{name} is not an array.")),
    }
}
