//! Addresses of links and images, read as a browser reads them before they are judged.

use super::super::words;
use super::IMAGE;

/// The longest address of a link. No page has a longer one, and what is longer is hard to judge for a reader too.
const LONGEST: usize = 4096;

/// An address as a browser reads it (WHATWG URL, 4.4): without tabs and line ends anywhere, and without control
/// characters and spaces around it.
fn normalised(url: &str) -> String {
    let url: String = url.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    url.trim_matches(|c: char| c <= ' ' || c.is_whitespace()).to_owned()
}

/// A link that may come out: within the text, or to the web, mail or telephone. The scheme is compared after a browser's
/// own trimming and without regard to case, so that nothing before or inside of it makes it another one. A web address
/// must name its host: `https:path` is one on the page's own host.
pub(super) fn link(url: &str, prefix: &str) -> Option<String> {
    let url = normalised(url);
    if let Some(id) = url.strip_prefix('#') {
        return Some(format!("#{}", prefixed(id, prefix)?));
    }
    let (scheme, rest) = url.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let odd = |c: char| c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '\\' | ' ');
    if rest.is_empty() || url.len() > LONGEST || url.chars().any(odd) || words::visible(&url) != url {
        return None;
    }
    let harmless = match scheme.as_str() {
        "http" | "https" => rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !host.starts_with('/')),
        "mailto" | "tel" => true,
        _ => false,
    };
    harmless.then(|| format!("{scheme}:{rest}"))
}

/// An image that stands in the text itself. Remote ones would tell their server who reads what.
pub(super) fn image(url: &str) -> Option<String> {
    let url = normalised(url);
    let (head, data) = url.split_once(',')?;
    let head = head.to_ascii_lowercase();
    let kind = matches!(head.as_str(), "data:image/png;base64" | "data:image/jpeg;base64" | "data:image/gif;base64");
    let base64 = data.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    (kind && base64 && !data.is_empty() && url.len() <= IMAGE).then(|| format!("{head},{data}"))
}

/// An id with the prefix before it, unless it has it already.
pub(super) fn prefixed(id: &str, prefix: &str) -> Option<String> {
    let clean: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
    if clean.is_empty() {
        return None;
    }
    Some(if clean.starts_with(prefix) { clean } else { format!("{prefix}{clean}") })
}
