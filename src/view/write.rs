//! Rows as text.

use super::{Cell, Row, View};
use serde_json::{Value, json};

/// What is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum As {
    /// An array of rows, each an array of cells.
    #[default]
    Rows,
    /// An object a line.
    Ndjson,
    /// Comma-separated values (RFC 4180), without a line of names.
    Csv,
}

/// What a view has made of inputs, as JSON text: `columns`; `count`, of the rows; `faults`, each with the index of its `input`
/// and a `message`; and `rows`, or `text` with the rows as lines. A number keeps the digits that it was written with.
pub fn written(view: &View, found: &[Result<Vec<Row>, String>], how: As) -> String {
    let rows = || found.iter().filter_map(|found| found.as_ref().ok()).flatten();
    let columns: Vec<Value> = view.columns().iter().map(|column| plain(column)).collect();
    let fault = |(input, found): (usize, &Result<Vec<Row>, String>)| {
        found.as_ref().err().map(|message| json!({ "input": input, "message": message }))
    };
    let faults: Vec<Value> = found.iter().enumerate().filter_map(fault).collect();
    let (columns, faults) = (Value::Array(columns), Value::Array(faults));
    let mut out = format!("{{\"columns\":{columns},\"count\":{},\"faults\":{faults},", rows().count());
    if how == As::Rows {
        out.push_str("\"rows\":[");
        for (at, row) in rows().enumerate() {
            out.push_str(if at > 0 { ",[" } else { "[" });
            for (at, cell) in row.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                json_cell(cell, &mut out);
            }
            out.push(']');
        }
        out.push_str("]}");
        return out;
    }
    let names: Vec<String> =
        view.columns().iter().map(|column| Value::from(column.name.as_str()).to_string()).collect();
    let mut text = String::new();
    for row in rows() {
        match how {
            As::Csv => csv_row(row, &mut text),
            _ => json_row(&names, row, &mut text),
        }
        text.push('\n');
    }
    out.push_str(&format!("\"text\":{}}}", Value::from(text)));
    out
}

fn plain(column: &super::Column) -> Value {
    let mut out = serde_json::Map::new();
    out.insert("name".into(), column.name.as_str().into());
    if let Some(kind) = &column.kind {
        out.insert("type".into(), kind.as_str().into());
    }
    out.insert("collection".into(), column.is_list.into());
    Value::Object(out)
}

fn json_cell(cell: &Cell, out: &mut String) {
    match cell {
        Cell::Nothing => out.push_str("null"),
        Cell::Boolean(is) => out.push_str(if *is { "true" } else { "false" }),
        Cell::Integer(number) => out.push_str(&number.to_string()),
        Cell::Decimal(number) => out.push_str(number),
        Cell::Text(text) => out.push_str(&Value::from(text.as_str()).to_string()),
        Cell::List(cells) => {
            out.push('[');
            for (at, cell) in cells.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                json_cell(cell, out);
            }
            out.push(']');
        }
    }
}

fn json_row(names: &[String], row: &Row, out: &mut String) {
    out.push('{');
    for (at, (name, cell)) in names.iter().zip(row).enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        out.push_str(name);
        out.push(':');
        json_cell(cell, out);
    }
    out.push('}');
}

fn csv_row(row: &Row, out: &mut String) {
    for (at, cell) in row.iter().enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        let mut text = String::new();
        match cell {
            Cell::Nothing => {}
            Cell::Text(value) => text.push_str(value),
            other => json_cell(other, &mut text),
        }
        // An empty text is not nothing.
        if text.contains([',', '"', '\n', '\r']) || *cell == Cell::Text(String::new()) {
            out.push('"');
            out.push_str(&text.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&text);
        }
    }
}
