//! A code system in bytes.
//!
//! A byte, 0 if its codes are all there are; the table of codes; the version, the name and the value set of all its codes;
//! a byte, 1 if there is a hierarchy, then for each code in the table's order how many parents and the place of each; a
//! byte, 1 if there are properties, then for each code how many, and code and value of each.

use super::table::{self, Entry, Table};
use crate::bytes::{Damaged, Reader, Writer};
use crate::model::{CodeSystem, Concept};

const CONTENTS: [&str; 5] = ["complete", "fragment", "example", "not-present", "supplement"];

/// What a lookup needs of a code system.
#[derive(Clone, Copy, Debug)]
pub struct SystemView<'a> {
    content: u8,
    folds: bool,
    /// The codes.
    pub table: Table<'a>,
}

impl<'a> SystemView<'a> {
    /// Reads what a lookup needs; the reader goes on after the table.
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Damaged> {
        let content = reader.u8()?;
        let folds = reader.u8()? == 1;
        Ok(SystemView { content, folds, table: Table::read(reader)? })
    }

    /// Whether the codes are all there are.
    pub fn is_complete(&self) -> bool {
        self.content == 0
    }

    /// Whether case does not matter.
    pub fn folds(&self) -> bool {
        self.folds
    }
}

/// Writes a code system, but for its URL. A supplement defines no codes, so it has none here.
pub fn write(writer: &mut Writer, system: &CodeSystem) {
    let content = CONTENTS.iter().position(|content| *content == system.content).unwrap_or(1);
    writer.u8(content as u8);
    writer.u8(u8::from(!system.case_sensitive));
    let entry = |concept: &Concept| Entry {
        code: concept.code.clone(),
        display: concept.display.clone(),
        designations: concept.designations.clone(),
    };
    let concepts = if system.content == "supplement" { &[][..] } else { &system.concepts };
    let order = table::write(writer, &concepts.iter().map(entry).collect::<Vec<_>>(), !system.case_sensitive);
    writer.text(&system.version);
    writer.text(&system.name);
    writer.option(system.value_set.as_deref());
    let has_parents = concepts.iter().any(|concept| !concept.parents.is_empty());
    writer.u8(u8::from(has_parents));
    if has_parents {
        let mut rank = vec![None; concepts.len()];
        order.iter().enumerate().for_each(|(at, index)| rank[*index] = Some(at));
        for concept in order.iter().map(|at| &concepts[*at]) {
            let parents = concept.parents.iter().filter_map(|parent| rank.get(*parent as usize).copied().flatten());
            let parents: Vec<usize> = parents.collect();
            writer.size(parents.len());
            parents.iter().for_each(|parent| writer.size(*parent));
        }
    }
    let has_properties = concepts.iter().any(|concept| !concept.properties.is_empty());
    writer.u8(u8::from(has_properties));
    if has_properties {
        for concept in order.iter().map(|at| &concepts[*at]) {
            writer.size(concept.properties.len());
            for (code, value) in &concept.properties {
                writer.text(code);
                writer.text(value);
            }
        }
    }
}

/// Reads all of a code system, but for its URL; its concepts come in the order of their codes.
pub fn read(reader: &mut Reader<'_>) -> Result<CodeSystem, Damaged> {
    let view = SystemView::read(reader)?;
    let mut concepts: Vec<Concept> = Vec::new();
    for entry in view.table.entries()? {
        let Entry { code, display, designations } = entry;
        concepts.push(Concept { code, display, designations, ..Concept::default() });
    }
    let mut system = CodeSystem {
        content: CONTENTS.get(view.content as usize).copied().unwrap_or("fragment").to_owned(),
        case_sensitive: !view.folds,
        version: reader.text()?.to_owned(),
        name: reader.text()?.to_owned(),
        value_set: reader.option()?.map(str::to_owned),
        ..CodeSystem::default()
    };
    if reader.u8()? == 1 {
        for concept in &mut concepts {
            concept.parents = (0..reader.count()?).map(|_| reader.number()).collect::<Result<_, _>>()?;
        }
    }
    if reader.u8()? == 1 {
        for concept in &mut concepts {
            for _ in 0..reader.count()? {
                concept.properties.push((reader.text()?.to_owned(), reader.text()?.to_owned()));
            }
        }
    }
    system.concepts = concepts;
    Ok(system)
}
