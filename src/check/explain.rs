//! What is wrong where an invariant is not kept, and how to put it right, in words.

/// The words for the rules with the given keys, in order of the key; the expression stands where rules share a key.
macro_rules! words {
    ($($key:literal $(($expression:literal))? => $words:literal;)*) => {
        &[$(($key, concat!($($expression)?), $words)),*]
    };
}

use crate::plan::Invariant;
use crate::version::Version;

mod clinical;
mod conformance;
mod general;
mod r4;

/// A rule's key, its expression or nothing, and its words.
type Row = (&'static str, &'static str, &'static str);

/// Sorted by key, each.
const TABLES: [&[Row]; 3] = [general::WORDS, clinical::WORDS, conformance::WORDS];

/// Where those whose rules are known here publish. Anybody else's rule may have a key of theirs and mean something else.
const PUBLISHERS: &[&str] = &["http://hl7.org/fhir/", "https://fhir.hl7.org.uk/", "https://fhir.nhs.uk/"];

/// One or two sentences on what is wrong where the rule of base STU3 or of an NHS profile is not kept, and on how to put
/// it right. None for a rule that is not known. The rules of R4 that are others than STU3's of the same key come first.
pub(super) fn explain(key: &str, expression: &str, version: Version) -> Option<&'static str> {
    let of_key = |table: &&'static [Row]| {
        let rows = table.iter().skip(table.partition_point(|row| row.0 < key));
        let mut same = rows.take_while(|row| row.0 == key);
        same.find(|row| row.1.is_empty() || row.1 == expression).map(|row| row.2)
    };
    let own = [r4::WORDS].iter().find_map(of_key).filter(|_| version == Version::R4);
    match own {
        Some("") => None,
        None => TABLES.iter().find_map(of_key),
        own => own,
    }
}

/// What is wrong where an invariant is not met: in words where its rule is known, by its author's words otherwise; `None`
/// where there is nothing but the expression.
pub fn words_for_invariant(invariant: &Invariant, version: Version) -> Option<&str> {
    let known = Some(()).filter(|()| is_known(&invariant.source));
    let words = known.and_then(|()| explain(&invariant.key, &invariant.expression, version));
    words.or_else(|| Some(&*invariant.human).filter(|human| !human.is_empty()))
}

/// Whether the definition that states a rule is from a publisher whose rules are known here.
pub(super) fn is_known(source: &str) -> bool {
    PUBLISHERS.iter().any(|publisher| source.starts_with(publisher))
}

#[cfg(test)]
mod tests;
