//! A resource that is packed in a Binary as Base64: it is read and checked like the one around it, and what is found there
//! has its place in the outer text too.

use crate::check::{Checker, Options, check_at};
use crate::exchange::documents::{self, Kind};
use crate::exchange::name_in;
use crate::issue::{Problem, Severity};
use crate::parse::{self, Limits, Parsed};
use crate::report::UncheckedKind;
use crate::source::Span;
use crate::tree::NodeId;
use crate::typed::Typed;

/// How many times something may be packed in what is packed. Each time is a check within a check.
const DEEPEST: u32 = 3;

/// Decoded Base64, and where each group of four letters began.
struct Decoded {
    bytes: Vec<u8>,
    groups: Vec<u32>,
}

/// What a Binary holds.
enum Holds {
    Fhir(Decoded),
    /// A CDA document, HL7's older standard, or an envelope around one.
    Cda(Decoded),
    Other,
}

impl<'c> Checker<'c> {
    /// Checks what a Binary holds, if that is FHIR.
    pub(super) fn packed(&mut self, binary: NodeId) {
        let tree = self.tree;
        let Some(content) = tree.child(binary, "content") else { return };
        match self.held(binary, content) {
            Holds::Fhir(decoded) | Holds::Cda(decoded) => self.check_packed(content, &decoded),
            Holds::Other => {}
        }
    }

    /// Checks what an Attachment holds, if that is a resource or a CDA document.
    pub(in crate::check) fn packed_attachment(&mut self, attachment: NodeId) {
        let Some(content) = self.tree.child(attachment, "data") else { return };
        match self.held(attachment, content) {
            Holds::Fhir(decoded) | Holds::Cda(decoded) => self.check_packed(content, &decoded),
            Holds::Other => {}
        }
    }

    /// Checks a CDA document that is packed in the text of a node; says whether it holds one.
    pub(in crate::check) fn packed_document(&mut self, content: NodeId) -> bool {
        let decoded = self.tree.text(content).and_then(decode);
        match decoded.filter(|decoded| crate::cda::root(&String::from_utf8_lossy(&decoded.bytes)).is_some()) {
            Some(decoded) => {
                self.check_packed(content, &decoded);
                true
            }
            None => false,
        }
    }

    /// Checks what was packed in the text of a node.
    fn check_packed(&mut self, content: NodeId, decoded: &Decoded) {
        let tree = self.tree;
        if self.depth >= DEEPEST {
            let reason = "What is packed here is nested too deeply to be checked.".to_owned();
            self.leave_out(content, UncheckedKind::Limit, "packed", reason);
            return;
        }
        let mut parsed = parse::parse(&decoded.bytes, self.definitions.names(), Limits::default());
        let typed = Typed::new(&mut parsed.tree, self.definitions);
        let options = Options { profiles: Vec::new(), ..self.options.clone() };
        let report = check_at(&parsed, &typed, &options, self.depth + 1);
        let span = tree.span(content);
        let place_of = |inner: Span| match tree.text_start(content) {
            Some(start) => decoded.place(inner, start, span),
            None => span,
        };
        for issue in report.issues {
            let place =
                format!("{} (line {}, column {})", issue.expression, issue.position.line, issue.position.column);
            let problem = Problem::Packed {
                place,
                // The outer text was read to its end.
                severity: issue.severity.max(Severity::Error),
                profile: issue.profile,
                definition: issue.definition,
                found: issue.problem,
            };
            self.find_at(content, place_of(issue.span), problem);
        }
        for one in report.unchecked {
            let reason = format!("In what is packed here, at {}: {}", one.expression, one.reason);
            self.leave_unchecked(content, one.kind, &one.subject, (&one.system, &one.code), reason);
        }
        self.profiles.extend(report.profiles);
    }

    /// The kind of document that a Binary holds, by its Composition's profile.
    pub(super) fn packed_kind(&self, binary: NodeId) -> Option<&'static Kind> {
        let content = self.tree.child(binary, "content")?;
        let Holds::Fhir(decoded) = self.held(binary, content) else { return None };
        let Parsed { tree, .. } = parse::parse(&decoded.bytes, self.definitions.names(), Limits::default());
        let first = tree.child(tree.root(), "entry").and_then(|entry| tree.child(entry, "resource"))?;
        let meta = tree.child(first, "meta")?;
        let mut claims = tree.named(meta, "profile").filter_map(|claim| tree.text(claim)).map(name_in);
        claims.find_map(documents::by_profile)
    }

    fn held(&self, binary: NodeId, content: NodeId) -> Holds {
        let tree = self.tree;
        let media = tree.child_text(binary, "contentType").unwrap_or_default().to_ascii_lowercase();
        let is_fhir = media.contains("fhir");
        if !is_fhir && !media.contains("xml") && !media.contains("json") {
            return Holds::Other;
        }
        let Some(decoded) = tree.text(content).and_then(decode) else { return Holds::Other };
        // What a resource begins with: its namespace or its type stand early.
        const EARLY: usize = 4000;
        let start = String::from_utf8_lossy(decoded.bytes.get(..EARLY).unwrap_or(&decoded.bytes)).into_owned();
        if crate::cda::root(&start).is_some() {
            return Holds::Cda(decoded);
        }
        match is_fhir || start.contains("http://hl7.org/fhir\"") || start.contains("\"resourceType\"") {
            true => Holds::Fhir(decoded),
            false => Holds::Other,
        }
    }
}

impl Decoded {
    /// Where a piece of what was decoded stands in the outer text, where the value's letters start there.
    fn place(&self, inner: Span, start: u32, outer: Span) -> Span {
        let at = |offset: u32| self.groups.get(offset as usize / 3).copied();
        let (Some(from), to) = (at(inner.start), at(inner.end.saturating_sub(1))) else { return outer };
        Span { start: start + from, end: (start + to.unwrap_or(from) + 4).min(outer.end) }
    }
}

/// Decodes Base64, white space anywhere allowed; `None` of what is none.
fn decode(text: &str) -> Option<Decoded> {
    let mut out = Decoded { bytes: Vec::with_capacity(text.len() / 4 * 3), groups: Vec::with_capacity(text.len() / 4) };
    let (mut bits, mut count, mut padding) = (0u32, 0u32, 0u32);
    for (at, letter) in text.bytes().enumerate() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                0
            }
            _ if letter.is_ascii_whitespace() => continue,
            _ => return None,
        };
        if padding > 0 && letter != b'=' {
            return None;
        }
        if count == 0 {
            out.groups.push(at as u32);
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            let bytes = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
            out.bytes.extend(bytes.into_iter().take(3usize.checked_sub(padding as usize)?));
            (bits, count) = (0, 0);
        }
    }
    (count == 0 && padding <= 2).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_keeps_its_places() {
        let decoded = decode("SGVs\n bG8=").expect("Base64");
        assert_eq!(decoded.bytes, b"Hello");
        assert_eq!(decoded.groups, [0, 6]);
        let place = decoded.place(Span { start: 3, end: 5 }, 101, Span { start: 100, end: 111 });
        assert_eq!((place.start, place.end), (107, 111));
        for wrong in ["SGVsbG8", "SGV$", "=AAA", "AA==AA==", "A==="] {
            assert!(decode(wrong).is_none(), "{wrong}");
        }
    }
}
