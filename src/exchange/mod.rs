//! What the NHS's guides say of whole documents and messages, as tables with their sources: kinds of document and their
//! sections, message definitions and responses, GP Connect's lists and codes, pointers, events. `check/exchange` asks them.
//! Facts only are taken from the guides.

pub mod documents;
pub mod events;
pub mod gpconnect;
pub mod messages;
pub mod pointers;

/// The last part of a URL: of a profile's, its name.
pub fn name_in(url: &str) -> &str {
    let url = url.split(['|', '#']).next().unwrap_or(url);
    url.rsplit('/').next().unwrap_or(url)
}
