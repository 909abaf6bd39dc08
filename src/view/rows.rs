//! The rows that a view makes of a resource.

use super::definition::{Column, Each, Select, View};
use super::{ROWS, host::Constants};
use crate::check::{Options, with_host};
use crate::definitions::Definitions;
use crate::fhirpath::decimal::Decimal;
use crate::fhirpath::{Expression, Scope, Stop, Value as Item};
use crate::limits;
use crate::parse::{Limits, Parsed, parse};
use crate::primitive;
use crate::tree::{Kind, NodeId, Tree};
use crate::typed::Typed;
use std::cell::Cell as Counter;

/// Steps that one expression may take.
const STEPS: u64 = 5_000_000;

/// What stands in a column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Nothing,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A decimal number as it was written: JSON's form of one.
    Decimal(String),
    /// Text, and whatever else has a form as text: dates, codes.
    Text(String),
    /// The values of a column that has lists.
    List(Vec<Cell>),
}

/// The cells of a row, in the order of the columns.
pub type Row = Vec<Cell>;

impl View {
    /// The rows of a resource in JSON or XML; of a Bundle those of the resources of its entries, unless the view is of
    /// Bundles. None of a resource of another type.
    ///
    /// # Errors
    /// Why there are none, in a sentence: the resource cannot be read, or an expression gives what the column cannot take.
    pub fn rows(&self, input: &[u8], definitions: &Definitions, options: &Options) -> Result<Vec<Row>, String> {
        let mut parsed = parse(input, definitions.names(), Limits::default());
        if parsed.unread.is_some() || parsed.cda.is_some() || parsed.tree.resource_type(parsed.tree.root()).is_none() {
            return Err("The input is not a resource that can be read to its end.".to_owned());
        }
        let typed = Typed::new(&mut parsed.tree, definitions);
        with_host(&parsed, &typed, options, |inner| {
            let (constants, row) = (self.constants.as_slice(), Counter::new(0));
            let left = Counter::new(limits::steps(input.len() / 10));
            let host = Constants { inner, constants, row, left };
            Run { view: self, parsed: &parsed, typed: &typed, host: &host }.all()
        })
    }
}

struct Run<'a> {
    view: &'a View,
    parsed: &'a Parsed,
    typed: &'a Typed<'a>,
    host: &'a Constants<'a>,
}

/// What rows are made of: an element, or nothing.
#[derive(Clone, Copy)]
struct Focus {
    node: NodeId,
    is_nothing: bool,
}

impl<'a> Run<'a> {
    fn tree(&self) -> &'a Tree {
        &self.parsed.tree
    }

    fn all(&self) -> Result<Vec<Row>, String> {
        let tree = self.tree();
        let mut out = Vec::new();
        for node in self.resources() {
            if tree.resource_type(node) != Some(&self.view.resource) {
                continue;
            }
            let focus = Focus { node, is_nothing: false };
            self.host.row.set(0);
            if self.is_wanted(focus)? {
                let rows = self.select(&self.view.root, focus, 0)?;
                out.extend(rows);
                within(out.len())?;
            }
        }
        Ok(out)
    }

    fn resources(&self) -> Vec<NodeId> {
        let (tree, root) = (self.tree(), self.tree().root());
        if tree.resource_type(root) != Some("Bundle") || self.view.resource == "Bundle" {
            return vec![root];
        }
        tree.named(root, "entry").filter_map(|entry| tree.child(entry, "resource")).collect()
    }

    fn is_wanted(&self, focus: Focus) -> Result<bool, String> {
        for condition in &self.view.conditions {
            let is_so = self.evaluate(condition, focus, |items| match items {
                [] => Ok(false),
                [one] => match self.cell(one)? {
                    Cell::Boolean(is_so) => Ok(is_so),
                    _ => Err("gives no true or false, as a condition must".to_owned()),
                },
                _ => Err(format!("gives {} values, where a condition is true or false", items.len())),
            })?;
            if !is_so {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Evaluates an expression and makes something of what it gives.
    fn evaluate<R>(
        &self,
        path: &Expression,
        focus: Focus,
        then: impl FnOnce(&[Item<'_>]) -> Result<R, String>,
    ) -> Result<R, String> {
        let scope = Scope { steps: STEPS.min(self.host.left.get()), ..Scope::from(focus.node) };
        let found = match focus.is_nothing {
            true => path.evaluate_on_nothing(self.tree(), scope, self.host),
            false => path.evaluate(self.tree(), scope, self.host),
        };
        let result = match found {
            Ok(items) => then(&items),
            Err(Stop::Unknown(unknown)) => Err(format!("has no result: {unknown}")),
            Err(Stop::Error(error)) => Err(error.to_string()),
        };
        result.map_err(|words| format!("'{}' {words}.", limits::shorten(path.text(), limits::QUOTE)))
    }

    /// What a select is applied to, with nothing standing for an empty `forEachOrNull`.
    fn foci(&self, each: &Each, focus: Focus) -> Result<Vec<Focus>, String> {
        match each {
            Each::Once => Ok(vec![focus]),
            Each::Of { path, or_null } => {
                let mut found = self.nodes(path, focus)?;
                if found.is_empty() && *or_null {
                    found.push(Focus { is_nothing: true, ..focus });
                }
                Ok(found)
            }
            Each::Repeat(paths) => {
                // In the order of the source: what is found on an element comes before the element after it.
                let mut out = Vec::new();
                let mut open: Vec<Focus> = Vec::new();
                let mut next = Some(focus);
                while let Some(at) = next {
                    let mut found = Vec::new();
                    for path in paths {
                        found.extend(self.nodes(path, at)?);
                    }
                    within(out.len() + open.len() + found.len())?;
                    open.extend(found.into_iter().rev());
                    next = open.pop();
                    out.extend(next);
                }
                Ok(out)
            }
        }
    }

    fn nodes(&self, path: &Expression, focus: Focus) -> Result<Vec<Focus>, String> {
        self.evaluate(path, focus, |items| {
            let node = |item: &Item<'_>| match item {
                Item::Node(node) => Ok(Focus { node: *node, is_nothing: false }),
                _ => Err("gives values that are no elements of the resource, for which no rows can be made".to_owned()),
            };
            items.iter().map(node).collect()
        })
    }

    fn select(&self, select: &Select, focus: Focus, row: usize) -> Result<Vec<Row>, String> {
        let mut out = Vec::new();
        let is_once = matches!(select.each, Each::Once);
        // What stands before this one has left its own.
        self.host.row.set(row);
        for (at, focus) in self.foci(&select.each, focus)?.into_iter().enumerate() {
            let row = if is_once { row } else { at };
            self.host.row.set(row);
            let first = select.columns.iter().map(|column| self.column(column, focus)).collect::<Result<Row, _>>()?;
            let mut rows = vec![first];
            for inner in &select.selects {
                rows = product(rows, &self.select(inner, focus, row)?)?;
                if rows.is_empty() {
                    break;
                }
            }
            if !select.union.is_empty() && !rows.is_empty() {
                let mut union = Vec::new();
                for branch in &select.union {
                    union.extend(self.select(branch, focus, row)?);
                    within(union.len())?;
                }
                rows = product(rows, &union)?;
            }
            out.extend(rows);
            within(out.len())?;
        }
        Ok(out)
    }

    fn column(&self, column: &Column, focus: Focus) -> Result<Cell, String> {
        let cell = self.evaluate(&column.path, focus, |items| {
            if column.is_list {
                let cells = items.iter().map(|item| shaped(self.cell(item)?, column));
                return Ok(Cell::List(cells.collect::<Result<_, _>>()?));
            }
            match items {
                [] => Ok(Cell::Nothing),
                [one] => shaped(self.cell(one)?, column),
                many => Err(format!("gives {} values, and the column is no collection", many.len())),
            }
        });
        cell.map_err(|words| format!("The column '{}': {words}", column.name))
    }

    /// An item as what stands in a cell.
    fn cell(&self, item: &Item<'_>) -> Result<Cell, String> {
        let node = match item {
            Item::Node(node) => *node,
            Item::Boolean(is) => return Ok(Cell::Boolean(*is)),
            Item::Integer(number) => return Ok(Cell::Integer(*number)),
            Item::Decimal(number) => return Ok(Cell::Decimal(number.to_string())),
            other => {
                let words = || "gives no value that a cell can hold".to_owned();
                return other.to_text().map(|text| Cell::Text(text.into_owned())).ok_or_else(words);
            }
        };
        let tree = self.tree();
        let of = self.typed.type_name(node);
        let Some(text) = tree.text(node) else {
            // A primitive that has only extensions has no value.
            if of.is_some_and(crate::fhirpath::types::is_primitive) {
                return Ok(Cell::Nothing);
            }
            let of = of.or_else(|| tree.resource_type(node)).unwrap_or("an element");
            return Err(format!("gives {of}, which is no single value; name the element within it that is wanted"));
        };
        let kind = match (of, tree.kind(node)) {
            (Some(of), _) => of,
            (None, Kind::Boolean) => "boolean",
            (None, Kind::Number) => "decimal",
            _ => "string",
        };
        Ok(read(kind, text).unwrap_or_else(|| Cell::Text(text.to_owned())))
    }
}

/// A text as a value of a type that has no form as text; nothing where it is not one.
fn read(kind: &str, text: &str) -> Option<Cell> {
    match kind {
        "boolean" => text.parse().ok().map(Cell::Boolean),
        "integer" | "positiveInt" | "unsignedInt" | "integer64" => text.parse().ok().map(Cell::Integer),
        "decimal" => {
            // Only what JSON has a form for, too: an XML attribute may have a plus sign.
            let is_one = primitive::check("decimal", text).is_ok() && Decimal::parse(text).is_some();
            is_one.then(|| Cell::Decimal(text.to_owned()))
        }
        _ => None,
    }
}

/// A value as the column's type has it, where it says one.
fn shaped(cell: Cell, column: &Column) -> Result<Cell, String> {
    let Some(kind) = column.kind.as_deref() else { return Ok(cell) };
    let kind = match kind {
        "Boolean" => "boolean",
        "Integer" => "integer",
        "Decimal" => "decimal",
        other => other,
    };
    let wanted = matches!(kind, "boolean" | "integer" | "positiveInt" | "unsignedInt" | "integer64" | "decimal");
    match cell {
        Cell::Nothing => Ok(Cell::Nothing),
        Cell::Boolean(is) if wanted && kind == "boolean" => Ok(Cell::Boolean(is)),
        Cell::Integer(number) if kind == "decimal" => Ok(Cell::Decimal(number.to_string())),
        Cell::Integer(number) if wanted && kind != "boolean" => Ok(Cell::Integer(number)),
        Cell::Decimal(number) if kind == "decimal" => Ok(Cell::Decimal(number)),
        other => {
            let text = match other {
                Cell::Boolean(is) => is.to_string(),
                Cell::Integer(number) => number.to_string(),
                Cell::Decimal(text) | Cell::Text(text) => text,
                Cell::Nothing | Cell::List(_) => String::new(),
            };
            if !wanted {
                return Ok(Cell::Text(text));
            }
            read(kind, &text).ok_or_else(|| format!("gives a value that is no {kind}"))
        }
    }
}

/// Each of some rows with each of others.
fn product(rows: Vec<Row>, others: &[Row]) -> Result<Vec<Row>, String> {
    within(rows.len().saturating_mul(others.len()))?;
    let joined = |row: &Row, other: &Row| row.iter().chain(other).cloned().collect();
    Ok(rows.iter().flat_map(|row| others.iter().map(move |other| joined(row, other))).collect())
}

fn within(count: usize) -> Result<(), String> {
    if count > ROWS {
        return Err(format!("The resource makes more than {ROWS} rows."));
    }
    Ok(())
}
