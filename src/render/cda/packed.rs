//! A CDA document that is a file of a FHIR resource, as what is shown of that file.

use super::record;
use crate::parse::{self, Limits};
use crate::render::context::Context;
use crate::render::format::plain;
use crate::render::html::element;
use crate::render::model::Markup;
use crate::render::record::model::Block;
use crate::render::{As, Options};

/// The letter as text to be read: its first lines, then its sections. Nothing where the bytes are no CDA document.
pub(in crate::render) fn markup(context: &Context<'_>, bytes: &[u8]) -> Option<Vec<Markup>> {
    let parsed = parse::parse(bytes, context.tree.names(), Limits::default());
    parsed.cda?;
    if crate::cda::header::documents(&parsed.tree).is_empty()
        || context.for_patient() && !super::withheld(&parsed.tree).is_empty()
    {
        return None;
    }
    let options = Options { as_: As::Text, ..context.options.clone() };
    let mut inner = Context::new(&parsed.tree, &(), context.labels, &options, context.as_of.clone());
    let letter = record(&mut inner);
    let strong = |text: &str| element("p", &[], vec![element("strong", &[], vec![Markup::Text(text.to_owned())])]);
    let line = |text: String| element("p", &[], vec![Markup::Text(text)]);
    let mut out = vec![strong(&letter.title)];
    if let Some(banner) = &letter.banner {
        let facts = banner.facts.iter().map(|row| format!("{} {}", row.label, plain(&row.value)));
        out.push(line(facts.collect::<Vec<_>>().join(", ")));
        out.extend(banner.words.iter().map(|words| strong(words)));
    }
    out.extend(letter.head.iter().map(|text| line(text.clone())));
    for row in letter
        .areas
        .iter()
        .filter(|area| area.key == "body")
        .flat_map(|area| &area.groups)
        .flat_map(|group| &group.rows)
    {
        let title: Vec<String> = row.cells.iter().map(|cell| plain(cell)).collect();
        let words = row.words.iter().map(|word| format!(" ({})", word.text));
        out.push(strong(&format!("{}{}", title.join(" "), words.collect::<String>())));
        row.body.iter().for_each(|block| inside(block, &mut out));
    }
    Some(out)
}

fn inside(block: &Block, out: &mut Vec<Markup>) {
    if !block.title.is_empty() {
        out.push(element("p", &[], vec![element("strong", &[], vec![Markup::Text(block.title.clone())])]));
    }
    out.extend(block.markup.iter().cloned());
    out.extend(block.lines.iter().map(|line| element("p", &[], vec![Markup::Text(plain(line))])));
    block.blocks.iter().for_each(|block| inside(block, out));
}
