//! Where in XML something is being written, and the input with a mark there.

use super::{MARK, Marked, Wanted};
use crate::source::Span;

/// Puts the mark where something is being written at `at`: an element's name after its `<` or between elements, or the
/// value in an attribute `value`, `url` or `id`. `None` where nothing can be written.
pub(super) fn mark(text: &str, at: usize) -> Option<Marked> {
    let before = text.get(..at)?;
    let open = before.rfind('<');
    let is_in_tag = open.is_some_and(|open| before.get(open..).is_some_and(|tag| !tag.contains('>')));
    if !is_in_tag {
        // Between elements: nothing but white space may stand around.
        let gap = before.get(before.rfind('>').map_or(0, |end| end + 1)..)?;
        if !gap.trim().is_empty() || open.is_none() {
            return None;
        }
        let marked = format!("{before}<{MARK}/>{}", text.get(at..)?);
        return Some(Marked { text: marked, replaced: Span::at(at), wanted: Wanted::Name, bare: false });
    }
    let open = open?;
    let tag = text.get(open..at)?;
    if tag.starts_with("</") || tag.starts_with("<!") || tag.starts_with("<?") {
        return None;
    }
    match tag.find(|letter: char| letter.is_whitespace()) {
        None => {
            // The name itself, up to where it ends; a tag that is not finished is made one.
            let rest = text.get(at..)?;
            let name = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
            let after = rest.get(name..)?;
            let is_finished = after.trim_start().starts_with(['/', '>']) || after.trim_start().contains("=\"");
            let is_new = !is_finished || after.trim_start().starts_with('<');
            let text = match is_new {
                true => format!("{}<{MARK}/>{after}", text.get(..open)?),
                false => format!("{}<{MARK}{after}", text.get(..open)?),
            };
            let start = if is_new { open } else { open + 1 };
            Some(Marked { text, replaced: Span::new(start, at + name), wanted: Wanted::Name, bare: !is_new })
        }
        Some(_) => {
            let quote = tag.rfind(['"', '\''])?;
            let mark = tag.get(quote..=quote)?;
            // The quote opens a value if an equals sign stands before it.
            if !tag.get(..quote)?.trim_end().ends_with('=') {
                return None;
            }
            let rest = text.get(at..)?;
            let end = rest.find(['"', '\'', '\n', '<']).unwrap_or(rest.len());
            let is_closed = rest.get(end..)?.starts_with(mark);
            let close = if is_closed { "" } else { mark };
            let text = format!("{}{MARK}{close}{}", text.get(..open + quote + 1)?, rest.get(end..)?);
            Some(Marked { text, replaced: Span::new(open + quote + 1, at + end), wanted: Wanted::Value, bare: true })
        }
    }
}
