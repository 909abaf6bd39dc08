//! What puts a fault right, as edits of the text: only where that is certain.
//!
//! A fix makes the issue that it is for go away and says nothing that the author has not said: what does not belong is
//! taken away, what has a wrong form is written in the right one, and what a definition fixes is what it fixes. A number
//! with a wrong check digit has no fix, as nobody can know which digit is wrong, and a hint instead.

mod json;
mod xml;

use super::Subject;
use crate::definitions::Definitions;
use crate::issue::{Issue, NhsProblem, Problem, Severity};
use crate::nhs;
use crate::plan::Rule;
use crate::primitive;
use crate::report::Report;
use crate::source::{Format, Span, Utf16Index};
use crate::tree::{Flags, NodeId};
use crate::xhtml;
use serde_json::{Value, json};

/// A change of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub span: Span,
    /// The same in UTF-16 code units.
    pub utf16: Span,
    /// What comes in their place.
    pub text: String,
}

/// One way to put a fault right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a button says it: "Remove 'foo'".
    pub title: String,
    /// What to change, in the order of the text; the edits do not overlap.
    pub edits: Vec<Edit>,
}

/// What helps with one issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// What puts it right, the likeliest first; most have none.
    pub fixes: Vec<Fix>,
    /// What is worth knowing where nothing is certain.
    pub hint: Option<String>,
}

/// The help for each issue of a report on an input, in the same order.
pub fn help(definitions: &Definitions, input: &[u8], report: &Report) -> Vec<Help> {
    let subject = Subject::read(input, definitions);
    let units = subject.units();
    let fixer = Fixer { definitions, subject: &subject, units: &units };
    // Where reading stopped, elements have no end, so that nothing but what stopped it can be mended with certainty.
    let is_cut_short = report.issues.iter().any(|issue| issue.severity == Severity::Fatal);
    let is_sure = |issue: &&Issue| !is_cut_short || issue.severity == Severity::Fatal;
    report
        .issues
        .iter()
        .map(|issue| match is_sure(&issue) {
            true => Help { fixes: fixer.of(issue), hint: fixer.hint(issue) },
            false => Help::default(),
        })
        .collect()
}

/// Adds to the issues of a report that is plain data what helps with them: `fixes`, each `{ title, edits }`, an edit being
/// `{ offset, length, text }`, and `hint`.
pub fn add_help(report: &mut Value, help: &[Help]) {
    let Some(issues) = report.get_mut("issues").and_then(Value::as_array_mut) else { return };
    for (issue, help) in issues.iter_mut().filter_map(Value::as_object_mut).zip(help) {
        if !help.fixes.is_empty() {
            issue.insert("fixes".into(), plain(&help.fixes));
        }
        if let Some(hint) = &help.hint {
            issue.insert("hint".into(), hint.as_str().into());
        }
    }
}

fn plain(fixes: &[Fix]) -> Value {
    let edit = |edit: &Edit| json!({ "offset": edit.utf16.start, "length": edit.utf16.len(), "text": edit.text });
    let fix = |fix: &Fix| json!({ "title": fix.title, "edits": fix.edits.iter().map(edit).collect::<Vec<_>>() });
    Value::Array(fixes.iter().map(fix).collect())
}

struct Fixer<'s, 'd> {
    definitions: &'d Definitions,
    subject: &'s Subject<'d>,
    units: &'s Utf16Index<'s>,
}

/// The name that a hint suggests: " Did you mean 'x'?"
fn suggested(hint: &str) -> Option<&str> {
    hint.strip_prefix(" Did you mean '")?.strip_suffix("'?")
}

impl Fixer<'_, '_> {
    fn source(&self) -> &str {
        self.subject.tree().source()
    }

    fn slice(&self, span: Span) -> &str {
        self.source().get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn fix(&self, title: impl Into<String>, edits: impl IntoIterator<Item = (Span, String)>) -> Option<Fix> {
        let mut edits: Vec<Edit> = edits
            .into_iter()
            .map(|(span, text)| {
                let utf16 = self.units.span(span);
                Edit { span, utf16, text }
            })
            .collect();
        crate::order::sort_by_key(&mut edits, |edit| (edit.span.start, edit.span.end));
        let is_apart = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        (is_apart && !edits.is_empty()).then(|| Fix { title: title.into(), edits })
    }

    fn is_json(&self) -> bool {
        self.subject.parsed.format == Format::Json
    }

    /// The node of an issue; `None` where what it is about has none of its own.
    fn node(&self, issue: &Issue) -> Option<NodeId> {
        self.subject.find(&issue.expression)
    }

    /// The fixes of one issue, the likeliest first.
    fn of(&self, issue: &Issue) -> Vec<Fix> {
        let mut found = Vec::new();
        let span = issue.span;
        match &*issue.problem {
            Problem::UnknownElement { name, hint, .. } => {
                if let Some(better) = suggested(hint) {
                    found.extend(self.rename(span, name, better));
                }
                found.extend(self.remove(span, name));
            }
            Problem::ProhibitedElement { name } => found.extend(self.remove(span, name.trim_end_matches("[x]"))),
            Problem::EmptyArray { name } | Problem::NoContent { name } | Problem::DuplicateKey { name } => {
                found.extend(self.remove(span, name));
            }
            Problem::EmptyObject | Problem::EmptyValue => {
                let name = self.node(issue).map_or("", |node| self.subject.tree().name(node));
                found.extend(self.remove(span, name).filter(|_| !name.is_empty()));
            }
            Problem::UnexpectedNull { name } => {
                let is_item = self.node(issue).is_some_and(|node| self.subject.tree().flags(node).has(Flags::IN_ARRAY));
                found.extend(self.remove(span, name).filter(|_| !is_item));
            }
            Problem::ArrayExpected { name } if self.is_json() => found.extend(self.wrap(issue, name)),
            Problem::ArrayUnexpected { name } if self.is_json() => found.extend(self.unwrap(issue, name)),
            Problem::JsonType { .. } => found.extend(self.json_type(issue)),
            Problem::PrimitiveFormat { type_name, .. } => found.extend(self.primitive(issue, type_name)),
            Problem::FixedValue { .. } | Problem::PatternValue { .. } => found.extend(self.fixed(issue)),
            Problem::RequiredElement { name } => found.extend(self.required(issue, name)),
            Problem::DisplayWrong { expected, .. } => {
                let display = self.node(issue).and_then(|node| self.subject.tree().child(node, "display"));
                found.extend(display.and_then(|display| self.rewrite(display, expected)));
            }
            Problem::ProfileUnknown { hint, .. } | Problem::ResourceTypeUnknown { hint, .. } if hint.is_empty() => {}
            Problem::ProfileUnknown { hint, .. } => {
                let better = suggested(hint).zip(self.node(issue));
                found.extend(better.and_then(|(better, node)| self.rewrite(node, better)));
            }
            Problem::ExtensionUnknown { hint, .. } | Problem::ModifierExtensionUnknown { hint, .. } => {
                let tree = self.subject.tree();
                let url = self.node(issue).map(|node| match tree.name(node) {
                    "url" => Some(node),
                    _ => tree.child(node, "url"),
                });
                let better = suggested(hint).zip(url.flatten());
                found.extend(better.and_then(|(better, url)| self.rewrite(url, better)));
            }
            Problem::ResourceTypeUnknown { name, hint } => {
                found.extend(suggested(hint).and_then(|better| self.resource_type(issue, name, better)));
            }
            Problem::MimeType { .. } => found.extend(self.mime_type(issue)),
            Problem::IdentifierUuidSystem => found.extend(self.uuid_system(issue)),
            Problem::JsonSyntax { .. } => found.extend(self.json_syntax(span)),
            Problem::XmlInstruction | Problem::XmlDoctype => {
                found.extend(self.fix("Remove it", [(span, String::new())]));
            }
            Problem::XmlNoNamespace { .. } => found.extend(self.xml_namespace(issue)),
            Problem::XhtmlNamespace { .. } | Problem::NarrativeRoot { .. } => found.extend(self.xhtml_namespace(issue)),
            _ => {}
        }
        found
    }

    /// What is worth knowing of an issue that has no certain fix.
    fn hint(&self, issue: &Issue) -> Option<String> {
        let Problem::Nhs(NhsProblem::NumberCheckDigit) = &*issue.problem else { return None };
        let number = self.subject.tree().text(self.node(issue)?)?;
        Some(match nhs::nhs_check_digit(number) {
            Some(check) => format!(
                "The check digit of its first nine digits would be {check}. Any of the ten may be the wrong one, so that this need not give the right number: compare it with the source."
            ),
            None => "No NHS number begins with its first nine digits, as they have no check digit: at least one of the nine is wrong. Compare the number with the source.".to_owned(),
        })
    }

    fn remove(&self, span: Span, name: &str) -> Option<Fix> {
        let span = match self.is_json() {
            true => json::removed(self.source(), span)?,
            false => xml::removed(self.source(), span)?,
        };
        self.fix(format!("Remove '{}'", super::shorten(name)), [(span, String::new())])
    }

    fn rename(&self, span: Span, name: &str, better: &str) -> Option<Fix> {
        let places = match self.is_json() {
            true => vec![json::key(self.source(), span, name)?],
            false => xml::names(self.source(), span, name)?,
        };
        self.fix(
            format!("Rename '{}' to '{better}'", super::shorten(name)),
            places.into_iter().map(|place| (place, better.to_owned())),
        )
    }

    /// Writes another value for a primitive.
    fn rewrite(&self, node: NodeId, value: &str) -> Option<Fix> {
        let edit = self.value_edit(node, value)?;
        self.fix(format!("Change to '{}'", super::shorten(value)), [edit])
    }

    fn value_edit(&self, node: NodeId, value: &str) -> Option<(Span, String)> {
        let tree = self.subject.tree();
        tree.text(node)?;
        let span = tree.span(node);
        if self.is_json() {
            let mut text = String::new();
            crate::model::shape::quote(value, &mut text);
            return Some((span, text));
        }
        let escaped = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&#39;");
        Some((xml::value(self.source(), span, tree.flags(node).has(Flags::ATTRIBUTE))?, escaped))
    }

    fn wrap(&self, issue: &Issue, name: &str) -> Option<Fix> {
        let tree = self.subject.tree();
        let node = self.node(issue).filter(|node| !tree.flags(*node).has(Flags::EXTENDED))?;
        let span = tree.span(node);
        let ends = [(Span::at(span.start as usize), "[".to_owned()), (Span::at(span.end as usize), "]".to_owned())];
        self.fix(format!("Put '{name}' in an array"), ends)
    }

    /// Takes the brackets off a value that stands in them alone.
    fn unwrap(&self, issue: &Issue, name: &str) -> Option<Fix> {
        let tree = self.subject.tree();
        let node = self.node(issue)?;
        let items = tree.named(tree.parent(node)?, name).filter(|item| !tree.flags(*item).has(Flags::DUPLICATE));
        if items.count() != 1 || tree.flags(node).has(Flags::EXTENDED) {
            return None;
        }
        let (open, close) = json::brackets(self.source(), tree.span(node))?;
        self.fix(format!("Take '{name}' out of the array"), [(open, String::new()), (close, String::new())])
    }

    /// A number or boolean in quotes, or a string without.
    fn json_type(&self, issue: &Issue) -> Option<Fix> {
        let tree = self.subject.tree();
        let node = self.node(issue)?;
        let type_name = self.subject.typed.type_name(node)?;
        let text = tree.text(node)?;
        primitive::check(type_name, text).ok()?;
        let written = match primitive::json_kind(type_name)? {
            primitive::JsonKind::String => format!("\"{text}\""),
            _ => text.to_owned(),
        };
        self.fix(format!("Write it as {written}"), [(tree.span(node), written)])
    }

    /// A value that can be read without doubt, in the form that FHIR takes.
    fn primitive(&self, issue: &Issue, type_name: &str) -> Option<Fix> {
        let node = self.node(issue)?;
        let text = self.subject.tree().text(node)?;
        let invalid = primitive::check(type_name, text).err()?;
        let replacement =
            invalid.replacement.or_else(|| Some(text.trim().to_owned()).filter(|trimmed| trimmed != text))?;
        primitive::check(type_name, &replacement).ok()?;
        if primitive::json_kind(type_name)? == primitive::JsonKind::String || !self.is_json() {
            return self.rewrite(node, &replacement);
        }
        self.fix(format!("Change to {replacement}"), [(self.subject.tree().span(node), replacement)])
    }

    /// The text that the definition of an issue states for its element.
    fn stated(&self, issue: &Issue) -> Option<String> {
        let plan = self.definitions.plan(&issue.profile)?;
        let element = plan.elements.iter().find(|element| *element.id == *issue.definition)?;
        let stated = element.rules.iter().find_map(|rule| match rule {
            Rule::Fixed(sample) | Rule::Pattern(sample) => Some(sample.json()),
            _ => None,
        })?;
        match serde_json::from_str(stated).ok()? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn fixed(&self, issue: &Issue) -> Option<Fix> {
        let node = self.node(issue)?;
        self.subject.tree().text(node)?;
        self.rewrite(node, &self.stated(issue)?)
    }

    /// A missing element whose value the definition fixes.
    fn required(&self, issue: &Issue, name: &str) -> Option<Fix> {
        let name = name.trim_end_matches("[x]");
        let tree = self.subject.tree();
        let plan = self.definitions.plan(&issue.profile)?;
        // The issue stands at the element around the missing one, and its definition is the missing one's.
        let element = plan.elements.iter().find(|element| *element.id == *issue.definition)?;
        let value = self.stated(issue)?;
        if element.repeats || !self.is_json() {
            return None;
        }
        let node = self.node(issue)?;
        let span = tree.span(node);
        let first = self.source().get(span.start as usize..)?.strip_prefix('{')?;
        let at = span.start as usize + 1;
        let is_empty = first.trim_start().starts_with('}');
        let space = &first[..first.len() - first.trim_start().len()];
        let mut text = if space.is_empty() { " ".to_owned() } else { space.to_owned() };
        crate::model::shape::quote(name, &mut text);
        text.push_str(": ");
        crate::model::shape::quote(&value, &mut text);
        if !is_empty {
            text.push(',');
        }
        self.fix(format!("Add '{name}': '{value}'"), [(Span::at(at), text)])
    }

    fn resource_type(&self, issue: &Issue, name: &str, better: &str) -> Option<Fix> {
        let span = issue.span;
        if !self.is_json() {
            let places = xml::names(self.source(), span, name)?;
            return self
                .fix(format!("Change to '{better}'"), places.into_iter().map(|place| (place, better.to_owned())));
        }
        let at = self.slice(span).find(&format!("\"{name}\""))? + span.start as usize + 1;
        self.slice(span).get(..at - span.start as usize)?.trim_end_matches('"').trim_end().strip_suffix(':')?;
        self.fix(format!("Change to '{better}'"), [(Span::new(at, at + name.len()), better.to_owned())])
    }

    fn mime_type(&self, issue: &Issue) -> Option<Fix> {
        let node = self.node(issue)?;
        let better = match self.subject.tree().text(node)?.trim_start_matches('.').to_ascii_lowercase().as_str() {
            "pdf" => "application/pdf",
            "xml" => "application/xml",
            "json" => "application/json",
            "html" | "htm" => "text/html",
            "txt" | "text" => "text/plain",
            "rtf" => "application/rtf",
            "jpg" | "jpeg" => "image/jpeg",
            "png" => "image/png",
            "gif" => "image/gif",
            "tif" | "tiff" => "image/tiff",
            _ => return None,
        };
        self.rewrite(node, better)
    }

    fn uuid_system(&self, issue: &Issue) -> Option<Fix> {
        let tree = self.subject.tree();
        let node = self.node(issue)?;
        let identifier =
            if tree.name(node) == "system" || tree.name(node) == "value" { tree.parent(node)? } else { node };
        let (system, value) = (tree.child(identifier, "system")?, tree.child(identifier, "value")?);
        let text = tree.text(value)?;
        let uuid = text.strip_prefix("urn:uuid:").unwrap_or(text).to_lowercase();
        let edits =
            [self.value_edit(system, "urn:ietf:rfc:3986")?, self.value_edit(value, &format!("urn:uuid:{uuid}"))?];
        self.fix("Write it as 'urn:uuid:…' of the system 'urn:ietf:rfc:3986'", edits)
    }

    /// A comma before the end of an object or array.
    fn json_syntax(&self, span: Span) -> Option<Fix> {
        let comma = json::trailing_comma(self.source(), span)?;
        self.fix("Remove the comma before it", [(comma, String::new())])
    }

    fn xml_namespace(&self, issue: &Issue) -> Option<Fix> {
        let root = self.subject.tree().root();
        if issue.span.start != self.subject.tree().key_start(root) {
            return None;
        }
        let at = xml::after_name(self.source(), issue.span)?;
        self.fix("Add FHIR's namespace", [(at, " xmlns=\"http://hl7.org/fhir\"".to_owned())])
    }

    fn xhtml_namespace(&self, issue: &Issue) -> Option<Fix> {
        let source = self.source();
        let start = issue.span.start as usize;
        let (at, quote) = match self.is_json() {
            true => (start + source.get(start..)?.strip_prefix("\"<div").map(|_| 5)?, "\\\""),
            false => (start + source.get(start..)?.strip_prefix("<div").map(|_| 4)?, "\""),
        };
        let tag = source.get(at..)?.split('>').next()?;
        if tag.contains("xmlns") || !tag.starts_with([' ', '/', '>']) && !tag.is_empty() {
            return None;
        }
        let text = format!(" xmlns={quote}{}{quote}", xhtml::NAMESPACE);
        self.fix("Add XHTML's namespace", [(Span::at(at), text)])
    }
}
