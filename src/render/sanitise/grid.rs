//! Where the cells of a table stand: which columns each takes, and which reach down from the rows above.

use super::super::model::{Element, Markup};

/// More columns than any table has that is meant to be read.
const COLUMNS: usize = 100;
/// More rows than a cell could reach down and still be understood.
const ROWS: usize = 1000;

/// A cell in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The first of its columns.
    pub column: usize,
    /// How many columns it has to itself.
    pub columns: usize,
    /// How many rows it reaches down, its own included.
    pub rows: usize,
}

/// The cells of one group of rows (`thead`, `tbody`, `tfoot`), row by row.
#[derive(Default)]
pub(super) struct Grid {
    /// How many more rows each column is taken by a cell from above.
    taken: Vec<usize>,
}

fn span(cell: &Element, name: &str) -> Option<usize> {
    cell.attributes.iter().find(|(key, _)| *key == name).and_then(|(_, value)| value.trim().parse().ok())
}

impl Grid {
    /// The columns that cells from above take in the row that comes next.
    pub fn reached_into(&self) -> impl Iterator<Item = usize> + '_ {
        self.taken.iter().enumerate().filter(|(_, rows)| **rows > 0).map(|(column, _)| column)
    }

    /// Places the cells of the next row, of which `left` are left in the group with this one. No two share a column.
    pub fn row<'m>(&mut self, cells: impl Iterator<Item = &'m Element>, left: usize) -> Vec<Place> {
        let mut places = Vec::new();
        let mut new: Vec<Place> = Vec::new();
        let mut column = 0;
        let is_taken = |taken: &[usize], column: usize| taken.get(column).is_some_and(|rows| *rows > 0);
        for cell in cells {
            while is_taken(&self.taken, column) {
                column += 1;
            }
            let wanted = span(cell, "colspan").unwrap_or(1).clamp(1, COLUMNS);
            let free = (0..wanted).take_while(|more| !is_taken(&self.taken, column + more)).count();
            let rows = match span(cell, "rowspan") {
                Some(0) => left,
                rows => rows.unwrap_or(1).clamp(1, left.max(1)),
            };
            let place = Place { column, columns: free.max(1), rows: rows.min(ROWS) };
            places.push(place);
            if place.rows > 1 {
                new.push(place);
            }
            column += place.columns;
        }
        self.taken.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        for place in new {
            let end = place.column + place.columns;
            if self.taken.len() < end {
                self.taken.resize(end, 0);
            }
            for rows in self.taken.iter_mut().take(end).skip(place.column) {
                *rows = place.rows - 1;
            }
        }
        places
    }
}

/// The cells of a row.
pub(super) fn cells(row: &Element) -> impl Iterator<Item = &Element> {
    elements(&row.children).filter(|cell| matches!(cell.name, "td" | "th"))
}

/// The elements among these.
pub(super) fn elements(markup: &[Markup]) -> impl Iterator<Item = &Element> {
    markup.iter().filter_map(|node| match node {
        Markup::Element(element) => Some(element),
        Markup::Text(_) => None,
    })
}

/// Takes cells off the columns of those that reach down from above: a browser would print one over the other. Says
/// whether it had to.
pub(super) fn part(rows: &mut [&mut Element]) -> bool {
    let mut grid = Grid::default();
    let count = rows.len();
    let mut parted = false;
    for (at, row) in rows.iter_mut().enumerate() {
        let places = grid.row(cells(row), count - at);
        let mut places = places.into_iter();
        for node in &mut row.children {
            let Markup::Element(cell) = node else { continue };
            let Some(place) = places.next() else { continue };
            for (name, value) in &mut cell.attributes {
                if *name == "colspan" && value.trim().parse::<usize>().is_ok_and(|wanted| wanted > place.columns) {
                    *value = place.columns.to_string();
                    parted = true;
                }
            }
        }
    }
    parted
}
