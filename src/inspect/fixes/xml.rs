//! Places in XML text that are to be changed.

use crate::source::Span;

/// An element or attribute, with the white space before it.
pub(super) fn removed(source: &str, span: Span) -> Option<Span> {
    let start = source.get(..span.start as usize)?.trim_end().len();
    let text = source.get(span.start as usize..span.end as usize)?;
    // Between a tag's parts white space must stay; an attribute goes with that before it.
    text.starts_with(|letter: char| letter == '<' || letter.is_alphabetic())
        .then(|| Span::new(start, span.end as usize))
}

/// An element's name in its start tag and in its end tag.
pub(super) fn names(source: &str, span: Span, name: &str) -> Option<Vec<Span>> {
    let start = span.start as usize;
    let text = source.get(start..span.end as usize)?;
    text.strip_prefix('<')?.strip_prefix(name)?;
    let mut out = vec![Span::new(start + 1, start + 1 + name.len())];
    if !text.ends_with("/>") {
        let close = text.rfind("</")? + 2;
        text.get(close..)?.strip_prefix(name)?;
        out.push(Span::new(start + close, start + close + name.len()));
    }
    Some(out)
}

/// The value of an element, or of an attribute that is one, between its quotes.
pub(super) fn value(source: &str, span: Span, is_attribute: bool) -> Option<Span> {
    let start = span.start as usize;
    let text = source.get(start..span.end as usize)?;
    let tag = if is_attribute { text } else { text.get(..text.find('>')?)? };
    let mut at = 0;
    loop {
        let equals = at + tag.get(at..)?.find('=')?;
        let name = tag.get(at..equals)?.split_whitespace().last()?;
        let quote = equals + tag.get(equals..)?.find(['"', '\''])?;
        let mark = tag.get(quote..=quote)?;
        let end = quote + 1 + tag.get(quote + 1..)?.find(mark)?;
        if is_attribute || name == "value" {
            return Some(Span::new(start + quote + 1, start + end));
        }
        at = end + 1;
    }
}

/// The place behind the name in a start tag.
pub(super) fn after_name(source: &str, span: Span) -> Option<Span> {
    let start = span.start as usize;
    let rest = source.get(start..)?.strip_prefix('<')?;
    let name = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/'))?;
    Some(Span::at(start + 1 + name))
}
