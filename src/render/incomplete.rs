//! Input of which only a part is displayed, or that holds more than one resource, or none: that is said before everything
//! else, in every output, since half a record must never be read as a whole one.

use super::context::{Context, Mark};
use super::language::Language;
use super::model::{Coverage, Display, Row};
use super::words as spoken;
use crate::issue::Problem;
use crate::parse::{Parsed, Unread};
use crate::source::LineIndex;

/// Why no value of an input that is not FHIR is displayed.
const NOT_FHIR: &str = "This is not FHIR.";

/// What must be said of an input before the rest; nothing where it is one resource, read to its end. `is_type` says whether a
/// name is a type of resource.
pub(super) fn words(parsed: &Parsed, is_type: impl Fn(&str) -> bool, language: Language) -> Option<String> {
    let tree = &parsed.tree;
    if let Some(name) = foreign(parsed, &is_type) {
        let name = [&*spoken::visible(name)];
        return Some(language.fill(
            "This is not FHIR, as its outermost element is \u{201c}{}\u{201d}, so nothing of it is shown.",
            &name,
        ));
    }
    match parsed.unread {
        Some(Unread::Rest(at)) if tree.resource_type(tree.root()).is_some() => {
            Some(cut_off(tree.source(), at, language))
        }
        Some(Unread::More(_)) => {
            Some(language.say("There is more than one resource here, and only the first is shown."))
        }
        Some(Unread::Rest(_) | Unread::All) => {
            Some(language.say("This is not a FHIR resource, or none of it could be read."))
        }
        None if tree.resource_type(tree.root()).is_none() => {
            Some(language.say("This is not a FHIR resource: it does not say of which type it is."))
        }
        None => None,
    }
}

/// That an input could not be read from a place on.
pub(super) fn cut_off(source: &str, at: u32, language: Language) -> String {
    let position = LineIndex::new(source).position(at);
    let (line, column) = (position.line.to_string(), position.column.to_string());
    language.fill(
        "This could not be read beyond line {}, column {}. What follows is only part of the record.",
        &[&line, &column],
    )
}

/// The name of the outermost element of XML that is not FHIR at all: outside of its namespace, and no type of resource.
pub(super) fn foreign(parsed: &Parsed, is_type: impl Fn(&str) -> bool) -> Option<&str> {
    let root = parsed.tree.root();
    let is_outside =
        |problem: &Problem| matches!(problem, Problem::XmlNamespace { .. } | Problem::XmlNoNamespace { .. });
    let name = parsed.tree.resource_type(root).filter(|name| !is_type(name))?;
    parsed.faults.iter().any(|fault| fault.node == root && is_outside(&fault.problem)).then_some(name)
}

/// The display of an input that is not FHIR: what it is, and nothing of what is in it.
pub(super) fn refused(context: &mut Context<'_>, name: &str, said: String) -> Display {
    let mut open = vec![context.tree.root()];
    while let Some(node) = open.pop() {
        if context.is_leaf(node) {
            context.mark_as(node, Mark::Withheld(NOT_FHIR));
        }
        open.extend(context.tree.children(node));
    }
    let title = spoken::visible(name);
    Display {
        headline: context.say("Not shown"),
        summary: said.clone(),
        title,
        incomplete: Some(said),
        ..Display::default()
    }
}

/// Where each resource of a text with several begins and ends: the lines of newline-delimited JSON, or objects one after
/// another. A line that breaks off takes no other with it.
pub(super) fn pieces(source: &str) -> Vec<std::ops::Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        if !line.trim_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).is_empty() {
            lines.push(start..start + line.len());
        }
        start += line.len();
    }
    let text = |range: &std::ops::Range<usize>| {
        source.get(range.clone()).unwrap_or_default().trim_start_matches('\u{FEFF}').trim()
    };
    let is_whole = |line: &str| end_of_object(line) == Some(line.len());
    let is_lines = lines.len() > 1
        && lines.first().is_some_and(|first| is_whole(text(first)))
        && lines.iter().all(|line| text(line).starts_with('{'));
    if is_lines {
        return lines;
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(next) = source.get(at..).filter(|rest| !rest.trim().is_empty()) {
        let end = end_of_object(next).map_or(source.len(), |end| at + end);
        out.push(at..end);
        at = end;
    }
    out
}

/// One past the brace that closes the first object of a text.
fn end_of_object(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The displays of several resources as one, and where their values ended; the pointers of each start with its number.
pub(super) fn together(all: Vec<(Display, Coverage)>, language: Language) -> (Display, Coverage) {
    let count = all.len().to_string();
    let said = language.fill("There are {} resources here, one after another. All of them follow.", &[&count]);
    let mut whole = Display {
        title: language.say("Several resources"),
        headline: language.fill("{} resources", &[&count]),
        incomplete: Some(said),
        ..Display::default()
    };
    let mut coverage = Coverage::default();
    for (at, (mut display, mut its)) in all.into_iter().enumerate() {
        let prefix = format!("/{at}");
        move_below(&mut display, &prefix);
        its.withheld.iter_mut().for_each(|one| one.pointer.insert_str(0, &prefix));
        for list in [&mut its.shown, &mut its.listed, &mut its.technical, &mut its.missing] {
            list.iter_mut().for_each(|pointer| pointer.insert_str(0, &prefix));
        }
        coverage.leaves += its.leaves;
        coverage.shown.append(&mut its.shown);
        coverage.listed.append(&mut its.listed);
        coverage.technical.append(&mut its.technical);
        coverage.withheld.append(&mut its.withheld);
        coverage.missing.append(&mut its.missing);
        whole.nested.push(display);
    }
    let summaries: Vec<&str> = whole.nested.iter().map(|display| &*display.summary).collect();
    whole.summary = summaries.join("\n");
    (whole, coverage)
}

fn move_below(display: &mut Display, prefix: &str) {
    display.pointer.insert_str(0, prefix);
    display.warnings.iter_mut().for_each(|warning| warning.pointer.insert_str(0, prefix));
    for group in display.groups.iter_mut().chain(&mut display.appendix) {
        move_rows_below(&mut group.rows, prefix);
    }
    move_rows_below(&mut display.technical, prefix);
    display.nested.iter_mut().for_each(|nested| move_below(nested, prefix));
}

fn move_rows_below(rows: &mut [Row], prefix: &str) {
    for row in rows {
        row.pointer.insert_str(0, prefix);
        move_rows_below(&mut row.rows, prefix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_resources_are_told_apart() {
        let found = |source: &str| -> Vec<String> {
            pieces(source).into_iter().map(|range| source[range].trim().to_owned()).collect()
        };
        assert_eq!(found("{\"a\":1}\n{\"b\":\"}\\\"{\"}\n"), ["{\"a\":1}", "{\"b\":\"}\\\"{\"}"]);
        // A line that breaks off ends with its line.
        assert_eq!(found("{\"a\":1}\r\n{\"b\":[\r\n\r\n{\"c\":3}"), ["{\"a\":1}", "{\"b\":[", "{\"c\":3}"]);
        assert_eq!(found("{\"a\":1}{\"b\":2} {"), ["{\"a\":1}", "{\"b\":2}", "{"]);
        assert_eq!(found("{\n\"a\": 1\n}\n{\n\"b\": 2\n}\n"), ["{\n\"a\": 1\n}", "{\n\"b\": 2\n}"]);
        assert_eq!(found(" \n"), [""; 0]);
    }
}
