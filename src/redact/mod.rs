//! A copy of a resource without personal data and with the same faults, to be shown to somebody who is to find them.
//!
//! The source is rewritten token by token: white space, names, arrays and tags stay as they are, so that line breaks and
//! faults of form stay too. What becomes of a value follows from its type and place ([`values`]); a value of which nothing
//! is known is masked, so that whatever cannot be judged goes. The same key gives the same copy, and a copy of a copy is
//! the same.

mod dates;
mod json;
mod narrative;
mod pseudonyms;
mod references;
mod values;
mod xml;

use crate::definitions::Definitions;
use crate::parse::{self, Limits};
use crate::source::Format;
use crate::typed::Typed;
use dates::Shift;
use pseudonyms::Pseudonyms;
use values::Values;

/// Payloads inside payloads are followed so deep: a document in a Binary in a message.
const DEEPEST: usize = 4;

/// The copy of a resource in JSON or XML.
///
/// Names, addresses, numbers, dates and identifiers get others of the same shape, the same ones wherever they stand; NHS
/// numbers become numbers of the range that is never issued (999…), right ones right and wrong ones wrong. All dates are
/// shifted together by whole weeks. Free text, comments and whatever is not known are masked: a letter is an x, a digit a 9.
/// Codes, units, quantities and the displays that are the codes' own stay. The copy is UTF-8.
///
/// `key` should be a secret: whoever has it can find out whether a guessed name or number was in the resource.
pub fn redact(input: &[u8], definitions: &Definitions, key: &[u8]) -> String {
    let mut pseudonyms = Pseudonyms::new(key);
    copy(input, definitions, &mut pseudonyms, None, DEEPEST)
}

/// A copy with what is already decided: the pseudonyms and the shift of the input around it.
fn copy(
    input: &[u8],
    definitions: &Definitions,
    pseudonyms: &mut Pseudonyms,
    shift: Option<Shift>,
    depth: usize,
) -> String {
    let mut parsed = parse::parse(input, definitions.names(), Limits::default());
    let typed = Typed::new(&mut parsed.tree, definitions);
    let shift = shift.unwrap_or_else(|| Shift::of(&parsed.tree, &typed, pseudonyms));
    let mut values = Values::new(&parsed.tree, &typed, pseudonyms, shift, depth);
    // More than the limit was not read, and the tree's source is then empty.
    match parsed.format {
        Format::Json => json::copy(parsed.tree.source(), &mut values),
        Format::Xml => xml::copy(parsed.tree.source(), &mut values),
    }
}
