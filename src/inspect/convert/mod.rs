//! A resource from JSON to XML and back (STU3 2.5, 2.6), and what the other form has no place for.
//!
//! Values stay as they are written: a decimal keeps its digits, a date its precision. What is wrong in a resource stays
//! wrong in the same way, as far as the other form can say it.

mod json;
mod xml;

use super::{Subject, insert_span};
use crate::definitions::Definitions;
use crate::issue::Problem;
use crate::limits;
use crate::model::StructureKind;
use crate::name::NameId;
use crate::source::{Format, Span};
use crate::tree::{Flags, Kind, NodeId, Tree};
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

/// A resource in another form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// The text; `None` where the input could not be read to its end.
    pub text: Option<String>,
    /// What the text lacks.
    pub lost: Vec<Lost>,
}

/// Something that could not be carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The element, as an expression.
    pub expression: String,
    /// Where it stands in the input, in UTF-16 code units.
    pub utf16: Span,
    /// What it is, and why it was not carried over.
    pub message: String,
}

impl Converted {
    /// As plain data: `{ text, lost }`.
    pub fn plain(&self) -> Value {
        let lost = self.lost.iter().map(|lost| {
            let mut out = Map::new();
            out.insert("message".into(), lost.message.as_str().into());
            out.insert("expression".into(), lost.expression.as_str().into());
            out.insert("offset".into(), lost.utf16.start.into());
            out.insert("length".into(), lost.utf16.len().into());
            Value::Object(out)
        });
        let mut out = Map::new();
        if let Some(text) = &self.text {
            out.insert("text".into(), text.as_str().into());
        }
        out.insert("lost".into(), lost.collect());
        Value::Object(out)
    }
}

/// Writes a resource in a form, whichever it came in: in its own, that puts its lines in order.
pub fn convert(definitions: &Definitions, input: &[u8], to: Format) -> Converted {
    let subject = Subject::read(input, definitions);
    let mut writer = Writer { subject: &subject, out: String::new(), lost: Vec::new(), more: 0 };
    writer.reading(to);
    let is_cut_short = subject.parsed.faults.iter().any(|fault| {
        let is_small = matches!(*fault.problem, Problem::ResourceTypeMissing | Problem::ResourceTypeNotString);
        fault.problem.severity() == crate::issue::Severity::Fatal && !is_small
    });
    let is_cda = subject.parsed.cda.is_some();
    if is_cda {
        let message = "This is CDA, not FHIR, and has no other form.".to_owned();
        writer.lost.push((subject.tree().root(), Span::default(), message));
    } else if !is_cut_short {
        match to {
            Format::Json => writer.json(),
            Format::Xml => writer.xml(),
        }
    }
    let is_too_long = writer.is_full();
    let (root, whole) = (subject.tree().root(), Span::default());
    if is_too_long {
        let message = "The other form would be many times as long as this one, and was not written.".to_owned();
        writer.lost.push((root, whole, message));
    }
    if writer.more > 0 {
        writer.lost.push((root, whole, format!("{} more such things are left out than are listed.", writer.more)));
    }
    let Writer { out, lost, .. } = writer;
    let units = subject.units();
    let mut lost: Vec<Lost> = lost
        .into_iter()
        .map(|(node, span, message)| {
            let mut place = Map::new();
            insert_span(&units, span, &mut place);
            let expression = subject.typed.location(subject.tree(), node);
            let utf16 = units.span(span);
            Lost { expression, utf16, message }
        })
        .collect();
    crate::order::sort_by_key(&mut lost, |lost| lost.utf16);
    Converted { text: (!is_cda && !is_cut_short && !is_too_long).then_some(out), lost }
}

struct Writer<'s, 'd> {
    subject: &'s Subject<'d>,
    out: String,
    lost: Vec<(NodeId, Span, String)>,
    /// How much more is lost than is listed.
    more: usize,
}

impl<'s> Writer<'s, '_> {
    fn tree(&self) -> &'s Tree {
        self.subject.tree()
    }

    fn lose(&mut self, node: NodeId, message: impl Into<String>) {
        let span = self.tree().span(node);
        self.lose_at(node, span, message.into());
    }

    /// Notes what is lost, as far as it can be listed; the rest is counted.
    fn lose_at(&mut self, node: NodeId, span: Span, mut message: String) {
        if self.lost.len() >= limits::ISSUES {
            self.more += 1;
            return;
        }
        limits::shorten_own(&mut message, limits::QUOTE);
        self.lost.push((node, span, message));
    }

    /// Whether the text has become many times as long as what was read: one long name can be asked for often.
    fn is_full(&self) -> bool {
        self.out.len() > limits::output(self.tree().source().len())
    }

    /// What the reader left out of the tree, or could not read.
    fn reading(&mut self, to: Format) {
        for fault in &self.subject.parsed.faults {
            let is_said = fault.problem.severity() == crate::issue::Severity::Fatal
                || matches!(
                    *fault.problem,
                    Problem::XmlText { .. }
                        | Problem::XmlAttribute { .. }
                        | Problem::XmlEntity { .. }
                        | Problem::XmlInstruction
                        | Problem::XmlSyntax { .. }
                        | Problem::EmptyArray { .. }
                        | Problem::NotUtf8
                );
            if is_said {
                self.lose_at(fault.node, fault.span, fault.problem.message());
            }
        }
        if self.subject.parsed.format == Format::Xml {
            self.comments(to);
        }
    }

    /// Comments of XML, which are no part of the resource. Those in a narrative are part of its text, and stay.
    fn comments(&mut self, to: Format) {
        let tree = self.tree();
        let narratives = tree.all().filter(|node| tree.kind(*node) == Kind::Xhtml).map(|node| tree.span(node));
        let narratives: Vec<Span> = crate::order::sorted(narratives);
        let source = tree.source();
        let mut at = 0;
        while let Some(start) = source.get(at..).and_then(|rest| rest.find("<!--")).map(|found| at + found) {
            let end = source.get(start..).and_then(|rest| rest.find("-->")).map_or(source.len(), |len| start + len + 3);
            // The last that starts before it: none lies in another.
            let before = narratives.partition_point(|span| span.start as usize <= start);
            let around = before.checked_sub(1).and_then(|at| narratives.get(at));
            if around.is_none_or(|span| start >= span.end as usize) {
                let form =
                    if to == Format::Json { "JSON has no comments" } else { "comments stand outside of the resource" };
                self.lose_at(tree.root(), Span::new(start, end), format!("A comment is left out, as {form}."));
            }
            at = end;
        }
    }

    fn is_primitive(&self, node: NodeId) -> bool {
        let tree = self.tree();
        match self.subject.typed.get(node) {
            Some(known) => known.content().plan.kind == StructureKind::Primitive,
            None => tree.text(node).is_some(),
        }
    }

    /// The children to be written, in the order of the source; what cannot be written is said.
    fn members(&mut self, node: NodeId) -> Vec<NodeId> {
        let tree = self.tree();
        let mut members = Vec::new();
        // In an array of primitives a null keeps a place, and the place is what the other items say.
        let extended = tree.children(node).filter(|child| tree.flags(*child).has(Flags::EXTENDED));
        let extended: FxHashSet<NameId> = extended.map(|child| tree.name_id(child)).collect();
        for child in tree.children(node) {
            if tree.flags(child).has(Flags::FOREIGN) && tree.kind(child) != Kind::Xhtml {
                self.lose(child, format!("'{}' is not in FHIR's namespace, so it is left out.", tree.name(child)));
            } else if tree.kind(child) == Kind::Array {
                self.lose(
                    child,
                    format!("An array inside the array '{}' is left out, as it is not FHIR.", tree.name(child)),
                );
            } else if tree.kind(child) == Kind::Null && tree.children(child).next().is_none() {
                let keeps_place = tree.flags(child).has(Flags::IN_ARRAY) && extended.contains(&tree.name_id(child));
                if !keeps_place {
                    self.lose(child, format!("'{}' is null, which says nothing, so it is left out.", tree.name(child)));
                }
            } else if tree.name(child) == "_" {
                self.lose(child, "What stands here instead of an id and extensions is left out.");
            } else {
                members.push(child);
            }
        }
        members
    }
}

fn indent(depth: usize, out: &mut String) {
    out.push('\n');
    /// What is nested more deeply is not moved in further: space is not to be the greater part of a text.
    const DEEPEST: usize = 24;
    out.extend(std::iter::repeat_n("  ", depth.min(DEEPEST)));
}
