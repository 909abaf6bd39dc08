//! Codes: whether they are in the value set that an element is bound to, and in their own code system.

use super::extension::is_absolute;
use super::{Checker, shorten};
use crate::issue::Problem;
use crate::plan::{Binding, Strength};
use crate::terminology::{Lookup, Member, WhyUnknown};
use crate::tree::NodeId;
use crate::typed::ElementRef;

/// One code of a coded value.
struct Code<'c> {
    node: NodeId,
    system: Option<&'c str>,
    code: &'c str,
}

impl Code<'_> {
    fn words(&self) -> String {
        match self.system {
            Some("") => format!("'{}' without a system", shorten(self.code)),
            Some(system) => format!("'{}' of {system}", shorten(self.code)),
            None => format!("'{}'", shorten(self.code)),
        }
    }
}

pub(super) fn why(unknown: WhyUnknown<'_>) -> String {
    match unknown {
        WhyUnknown::ValueSetMissing => "The value set is not loaded.".to_owned(),
        WhyUnknown::PartMissing(url) => format!("The value set draws on {url}, which is not loaded."),
        WhyUnknown::SystemNotEnumerated(system) => format!("The codes of {system} are not loaded."),
        WhyUnknown::Filter(system) => {
            format!("The value set selects codes of {system} by a filter that needs the whole code system.")
        }
    }
}

impl<'c> Checker<'c> {
    /// The codes of a coded value of any type; `None` if the type has no codes.
    fn codes(&self, node: NodeId) -> Option<Vec<Code<'c>>> {
        let tree = self.tree;
        let coding = |node: NodeId| {
            let code = tree.child_text(node, "code")?;
            // A Coding without a system is not of any system, unlike a `code`, whose system the value set implies.
            let system = tree.child_text(node, "system").unwrap_or_default();
            Some(Code { node, system: Some(system), code })
        };
        match self.typed.type_name(node)? {
            "CodeableConcept" => Some(tree.named(node, "coding").filter_map(coding).collect()),
            "Coding" | "Quantity" | "Age" | "Duration" | "Money" | "Count" | "Distance" | "SimpleQuantity" => {
                Some(coding(node).into_iter().collect())
            }
            "code" | "string" | "uri" | "id" | "oid" | "markdown" => {
                Some(tree.text(node).map(|code| Code { node, system: None, code }).into_iter().collect())
            }
            _ => None,
        }
    }

    /// Checks a value against a binding (STU3 4.1.3). Says whether the value is wrong by it, so that a narrower binding of
    /// a profile need not say so again.
    pub(super) fn binding(&mut self, node: NodeId, by: ElementRef<'c>, binding: &'c Binding) -> bool {
        let Some(codes) = self.codes(node) else { return false };
        if let Some(value_set) = &binding.max_value_set
            && !codes.is_empty()
            && let Verdict::Out = self.verdict(node, &codes, value_set, binding.strength)
        {
            let problem = Problem::CodeMaxValueSet { codes: list(&codes), value_set: value_set.to_string() };
            self.find(node, Some(by), problem);
            return true;
        }
        let Some(value_set) = binding.value_set.as_deref() else { return false };
        if binding.strength == Strength::Example {
            return false;
        }
        if codes.is_empty() {
            let is_required = binding.strength == Strength::Required;
            let is_concept =
                self.typed.type_name(node) == Some("CodeableConcept") || self.typed.type_name(node) == Some("Coding");
            let is_missing = is_required && is_concept && self.tree.children(node).next().is_some();
            if is_missing && self.definitions.has_value_set(value_set) {
                self.find(node, Some(by), Problem::CodeMissing { value_set: value_set.to_owned() });
                return true;
            }
            return false;
        }
        if let Verdict::Out = self.verdict(node, &codes, value_set, binding.strength) {
            // A code that its own system does not have is reported as such.
            if codes.iter().any(|code| self.is_not_in_system(code)) {
                return true;
            }
            if crate::terminology::is_mime_types(value_set) {
                self.find(node, Some(by), Problem::MimeType { code: list(&codes) });
                return true;
            }
            let value_set = value_set.to_owned();
            let problem = match (binding.strength, &codes[..]) {
                (Strength::Required, [only]) if only.node == node => {
                    let hint = self.code_hint(&value_set, only);
                    Problem::CodeRequired { code: only.words(), value_set, hint }
                }
                (Strength::Required, _) => Problem::CodingRequired { codes: list(&codes), value_set },
                (Strength::Extensible, _) => Problem::CodeExtensible { codes: list(&codes), value_set },
                _ => Problem::CodePreferred { codes: list(&codes), value_set },
            };
            self.find(node, Some(by), problem);
            return binding.strength == Strength::Required;
        }
        false
    }

    fn code_hint(&self, value_set: &str, code: &Code<'_>) -> String {
        let lower = code.code.to_lowercase();
        let is_in = |text: &str| matches!(self.definitions.member(value_set, code.system, text), Member::In { .. });
        let candidates = [code.code.trim().to_owned(), lower.clone(), lower.replace(' ', "-"), lower.replace('_', "-")];
        match candidates.iter().find(|candidate| *candidate != code.code && is_in(candidate)) {
            Some(right) => format!(" Did you mean '{right}'?"),
            None => String::new(),
        }
    }

    fn verdict(&mut self, node: NodeId, codes: &[Code<'c>], value_set: &str, strength: Strength) -> Verdict {
        let mut unknown = None;
        for code in codes {
            match self.definitions.member(value_set, code.system, code.code) {
                Member::In { .. } => return Verdict::In,
                Member::Out => {}
                Member::Unknown(reason) => unknown = unknown.or(Some((code, why(reason)))),
            }
        }
        let Some((code, reason)) = unknown else { return Verdict::Out };
        self.leave(node, value_set, code.system.unwrap_or_default(), code.code, reason.clone());
        if strength == Strength::Required {
            let problem = Problem::CodeUnchecked { codes: list(codes), value_set: value_set.to_owned(), reason };
            self.find(node, None, problem);
        }
        Verdict::Unknown
    }

    fn is_not_in_system(&self, code: &Code<'_>) -> bool {
        code.system.is_some_and(|system| matches!(self.definitions.lookup(system, code.code), Lookup::NotInSystem))
    }

    /// Checks a quantity's unit: a code that its system, known in full, does not have.
    pub(super) fn unit(&mut self, node: NodeId, by: ElementRef<'c>) {
        let (Some(system), Some(code)) = (self.tree.child_text(node, "system"), self.tree.child_text(node, "code"))
        else {
            return;
        };
        if self.definitions.lookup(system, code) == Lookup::NotInSystem {
            let problem = Problem::CodeUnknown { code: shorten(code), system: system.to_owned() };
            self.find(node, Some(by), problem);
        }
    }

    /// Checks a coding by itself: its system's form, its code and display within the system.
    pub(super) fn coding(&mut self, node: NodeId, by: ElementRef<'c>) {
        let system = self.tree.child_text(node, "system");
        let Some(system) = system.filter(|system| !system.is_empty()) else {
            if self.tree.child(node, "system").is_none() && self.tree.child(node, "code").is_some() {
                self.find(node, Some(by), Problem::CodingNoSystem);
            }
            return;
        };
        if !is_absolute(system.trim()) {
            self.find(node, Some(by), Problem::SystemRelative { system: shorten(system) });
            return;
        }
        if self.definitions.has_value_set(system) && self.definitions.lookup(system, "") == Lookup::UnknownSystem {
            self.find(node, Some(by), Problem::SystemIsValueSet { system: system.to_owned() });
            return;
        }
        let Some(code) = self.tree.child_text(node, "code") else { return };
        match self.definitions.lookup(system, code) {
            Lookup::NotInSystem => {
                let problem = Problem::CodeUnknown { code: shorten(code), system: system.to_owned() };
                self.find(node, Some(by), problem);
            }
            Lookup::Known { display: Some(expected), designations } => {
                let Some(display) = self.tree.child_text(node, "display") else { return };
                let same = |text: &str| fold(text) == fold(display);
                if !same(expected) && !designations.iter().any(|(_, text)| same(text)) {
                    let problem = Problem::DisplayWrong {
                        code: code.to_owned(),
                        display: shorten(display),
                        expected: expected.to_owned(),
                    };
                    let at = self.tree.child(node, "display").unwrap_or(node);
                    self.find(at, Some(by), problem);
                }
            }
            _ => {}
        }
    }
}

enum Verdict {
    In,
    Out,
    Unknown,
}

fn list(codes: &[Code<'_>]) -> String {
    codes.iter().map(Code::words).collect::<Vec<_>>().join(", ")
}

/// A display without what does not matter: case and runs of white space.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
