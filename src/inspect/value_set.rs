//! The value sets that are loaded, and the codes of one of them.

use super::{insert_flag, insert_text};
use crate::definitions::Definitions;
use crate::model::split_canonical;
use crate::terminology::Listing;
use serde_json::{Map, Value, json};

/// How many codes of a system are given at once, where no other limit is asked for.
const MOST: usize = 1_000;

/// Every value set that is loaded, by URL: its name and version, how many codes it lists, and whether those are all.
pub fn value_sets(definitions: &Definitions) -> Value {
    let terminology = definitions.terminology();
    let header = |url: &str| {
        let listing = terminology.list(url)?;
        let mut out = header(url, &listing);
        out.insert("codes".into(), listing.parts.iter().map(|part| part.codes.len()).sum::<usize>().into());
        Some(Value::Object(out))
    };
    Value::Array(terminology.value_set_urls().into_iter().filter_map(header).collect())
}

fn header(url: &str, listing: &Listing) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("url".into(), url.into());
    insert_text(&mut out, "version", &listing.version);
    insert_text(&mut out, "name", &listing.name);
    let complete = listing.missing.is_empty() && listing.parts.iter().all(|part| part.is_complete);
    out.insert("complete".into(), complete.into());
    out
}

/// The codes of a value set, by code system. `search` keeps those whose code or display has all of its words, whatever
/// their case; of each system at most `limit` codes are given, and `total` says how many there are. What cannot be listed
/// is said: `complete: false` with the `selections` (a filter of the code system, or all of it). `None` where the value
/// set is not loaded.
pub fn value_set(definitions: &Definitions, canonical: &str, search: &str, limit: Option<usize>) -> Option<Value> {
    let listing = definitions.terminology().list(canonical)?;
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let fits = |(code, display): &&(String, String)| {
        let (code, display) = (code.to_lowercase(), display.to_lowercase());
        words.iter().all(|word| code.contains(word) || display.contains(word))
    };
    let mut out = header(split_canonical(canonical).0, &listing);
    let parts = listing.parts.iter().map(|part| {
        let fitting: Vec<&(String, String)> = part.codes.iter().filter(fits).collect();
        let codes = fitting.iter().take(limit.unwrap_or(MOST)).map(|(code, display)| {
            let mut out = Map::new();
            out.insert("code".into(), code.as_str().into());
            insert_text(&mut out, "display", display);
            Value::Object(out)
        });
        let mut out = Map::new();
        out.insert("system".into(), part.system.as_str().into());
        out.insert("total".into(), fitting.len().into());
        out.insert("codes".into(), codes.collect());
        out.insert("complete".into(), part.is_complete.into());
        let selections = part.selections.iter().map(|filters| {
            let filter = |(property, operator, value): &(String, String, String)| {
                json!({ "property": property, "operator": operator, "value": value })
            };
            Value::Array(filters.iter().map(filter).collect())
        });
        let selections: Vec<Value> = selections.collect();
        if !selections.is_empty() {
            out.insert("selections".into(), selections.into());
        }
        Value::Object(out)
    });
    let parts: Vec<Value> = parts.collect();
    out.insert("systems".into(), parts.into());
    if !listing.missing.is_empty() {
        out.insert("missing".into(), listing.missing.clone().into());
    }
    insert_flag(&mut out, "filtered", !words.is_empty());
    Some(Value::Object(out))
}
