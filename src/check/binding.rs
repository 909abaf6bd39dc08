//! Codes: whether they are in the value set that an element is bound to, and in their own code system.

use super::extension::is_absolute;
use super::{Checker, in_pack, quantity, shorten};
use crate::definitions::IndexKind;
use crate::issue::Problem;
use crate::needs;
use crate::nhs::snomed::is_concept_id;
use crate::plan::{Binding, Strength};
use crate::terminology::release::SNOMED;
use crate::terminology::{Lookup, Member, fold};
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
                let hint = self.code_list(value_set);
                self.find(node, Some(by), Problem::CodeMissing { value_set: value_set.to_owned(), hint });
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
            if binding.strength == Strength::Extensible && self.is_other_language(value_set, &codes) {
                return false;
            }
            let value_set = value_set.to_owned();
            let problem = match (binding.strength, &codes[..]) {
                (Strength::Required, [only]) if only.node == node => {
                    let hint = self.code_hint(&value_set, only);
                    Problem::CodeRequired { code: only.words(), value_set, hint }
                }
                (Strength::Required, _) => {
                    let hint = self.code_list(&value_set);
                    Problem::CodingRequired { codes: list(&codes), value_set, hint }
                }
                (Strength::Extensible, _) => Problem::CodeExtensible { codes: list(&codes), value_set },
                _ => Problem::CodePreferred { codes: list(&codes), value_set },
            };
            self.find(node, Some(by), problem);
            return binding.strength == Strength::Required;
        }
        false
    }

    fn code_hint(&mut self, value_set: &str, code: &Code<'_>) -> String {
        let lower = code.code.to_lowercase();
        let list = self.code_list(value_set);
        let is_in = |text: &str| matches!(self.definitions.member(value_set, code.system, text), Member::In { .. });
        let candidates = [code.code.trim().to_owned(), lower.clone(), lower.replace(' ', "-"), lower.replace('_', "-")];
        match candidates.iter().find(|candidate| *candidate != code.code && is_in(candidate)) {
            Some(right) => format!(" Did you mean '{right}'?{list}"),
            None => list,
        }
    }

    /// The codes of a value set in a sentence, where they are few and all known. Made once for each value set.
    fn code_list(&mut self, value_set: &str) -> String {
        if let Some(known) = self.code_lists.get(value_set) {
            return known.clone();
        }
        let list = self.make_code_list(value_set);
        self.code_lists.insert(value_set.to_owned(), list.clone());
        list
    }

    fn make_code_list(&self, value_set: &str) -> String {
        /// More would not be read.
        const MOST: usize = 12;
        let Some(listing) = self.definitions.terminology().list(value_set) else { return String::new() };
        let codes: Vec<&str> =
            listing.parts.iter().flat_map(|part| &part.codes).take(MOST + 1).map(|(code, _)| code.as_str()).collect();
        let is_all = listing.missing.is_empty() && listing.parts.iter().all(|part| part.is_complete);
        match codes.as_slice() {
            [] => String::new(),
            codes if !is_all || codes.len() > MOST => String::new(),
            [only] => format!(" Its only code is {only}."),
            codes => format!(" Its codes are: {}.", codes.join(", ")),
        }
    }

    fn verdict(&mut self, node: NodeId, codes: &[Code<'c>], value_set: &str, strength: Strength) -> Verdict {
        let mut unknown = Vec::new();
        for code in codes {
            match self.member(value_set, code.system, code.code) {
                Member::In { .. } => return Verdict::In,
                Member::Out => {}
                Member::Unknown(reason) => unknown.push((code, reason.words())),
            }
        }
        let Some(reason) = unknown.first().map(|(_, reason)| reason.clone()) else { return Verdict::Out };
        for (code, reason) in unknown {
            self.leave(node, value_set, code.system.unwrap_or_default(), code.code, reason);
        }
        if strength == Strength::Required {
            let problem = Problem::CodeUnchecked { codes: list(codes), value_set: value_set.to_owned(), reason };
            self.find(node, None, problem);
        }
        Verdict::Unknown
    }

    /// Whether a code is in a value set: by the definitions, and where these cannot say by what somebody else has said.
    pub(super) fn member(&self, value_set: &str, system: Option<&str>, code: &str) -> Member<'c> {
        let member = self.definitions.member(value_set, system, code);
        if !matches!(member, Member::Unknown(_)) {
            return member;
        }
        match self.options.answers.member(value_set, system.unwrap_or_default(), code) {
            Some(true) => Member::In { display: None },
            Some(false) => Member::Out,
            None => member,
        }
    }

    /// Whether a code is certainly none of its system, which is then reported by itself.
    fn is_not_in_system(&self, code: &Code<'_>) -> bool {
        let Some(system) = code.system else { return false };
        match self.definitions.lookup(system, code.code) {
            // What is wrong with an identifier of SNOMED CT is said by the rules of the NHS, which may be off.
            Lookup::NotInSystem => system != SNOMED || is_concept_id(code.code),
            Lookup::Known(_) => false,
            _ => self.options.answers.code(system, code.code).is_some_and(|answer| !answer.is_in),
        }
    }

    /// Checks a quantity's unit: whether its system has the code.
    pub(super) fn unit(&mut self, node: NodeId, by: ElementRef<'c>) {
        let (Some(system), Some(code)) = (self.tree.child_text(node, "system"), self.tree.child_text(node, "code"))
        else {
            return;
        };
        self.code_of_system(node, by, system, code);
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
        if self.definitions.has_value_set(system)
            && matches!(self.definitions.lookup(system, ""), Lookup::UnknownSystem)
        {
            self.find(node, Some(by), Problem::SystemIsValueSet { system: system.to_owned() });
            return;
        }
        if let Some(code) = self.tree.child_text(node, "code") {
            self.code_of_system(node, by, system, code);
        }
    }

    /// Checks a code within its system, and the display beside it.
    fn code_of_system(&mut self, node: NodeId, by: ElementRef<'c>, system: &'c str, code: &'c str) {
        let reason = match self.definitions.lookup(system, code) {
            Lookup::Known(known) => {
                let other = known.replacements().first().map(|(_, other)| format!(" Use {other}."));
                let hint = known.is_inactive().then(|| other.unwrap_or_default());
                let display = self.tree.child_text(node, "display").filter(|text| known.accepts(text) == Some(false));
                let expected = display.and_then(|_| known.display_in(self.language(node)));
                return self.known(node, by, (system, code), hint, expected.as_deref());
            }
            Lookup::NotInSystem if system == SNOMED && !is_concept_id(code) => return,
            Lookup::NotInSystem => return self.unknown_code(node, by, system, code),
            Lookup::NotEnumerated => format!("Not all codes of {system} are loaded."),
            Lookup::UnknownSystem => {
                let pack = needs::pack_with(system, &[IndexKind::CodeSystem], self.definitions);
                format!("The code system {system} is not loaded.{}", pack.map(in_pack).unwrap_or_default())
            }
        };
        if let Some(answer) = self.options.answers.code(system, code) {
            if !answer.is_in {
                return self.unknown_code(node, by, system, code);
            }
            let stated = self.tree.child_text(node, "display").map(fold);
            let expected = answer.display.as_deref().filter(|known| stated.is_some_and(|stated| stated != fold(known)));
            return self.known(node, by, (system, code), answer.is_inactive.then(String::new), expected);
        }
        if self.options.rules.has("code-system-unknown") {
            self.find(node, Some(by), Problem::CodeSystemUnknown { system: system.to_owned() });
        }
        // Somebody who said that a code is not in a value set has looked; the finding about the value set stands for both.
        if !self.options.answers.has(system, code) {
            self.leave(node, "", system, code, reason);
        }
    }

    /// Reports what a coding says of a code that its system has: that the code is inactive, with a hint; that the display
    /// differs from the one expected.
    fn known(
        &mut self,
        node: NodeId,
        by: ElementRef<'c>,
        (system, code): (&str, &str),
        inactive: Option<String>,
        expected: Option<&str>,
    ) {
        if let Some(hint) = inactive {
            self.find(node, Some(by), Problem::CodeInactive { code: shorten(code), system: system.to_owned(), hint });
        }
        if let (Some(expected), Some(at)) = (expected, self.tree.child(node, "display")) {
            let display = shorten(self.tree.text(at).unwrap_or_default());
            let problem = Problem::DisplayWrong { code: shorten(code), display, expected: expected.to_owned() };
            self.find(at, Some(by), problem);
        }
    }

    /// Reports a code that its system does not have, with the one that was meant or all there are, where that can be told.
    fn unknown_code(&mut self, node: NodeId, by: ElementRef<'c>, system: &str, code: &str) {
        let is_known = |text: &str| matches!(self.definitions.lookup(system, text), Lookup::Known(_));
        let unit = quantity::unit_written(code).filter(|_| system == quantity::UCUM).map(str::to_owned);
        let trimmed = code.trim();
        let (lower, upper) = (trimmed.to_lowercase(), trimmed.to_uppercase());
        let dashes = lower.replace([' ', '_'], "-");
        let mut near = unit.into_iter().chain([trimmed.to_owned(), lower, upper, dashes]);
        let meant = near.find(|other| other != code && is_known(other));
        let all = self.definitions.terminology().system_record(system).and_then(|(_, all)| all.map(str::to_owned));
        let list = all.map(|all| self.code_list(&all)).unwrap_or_default();
        let hint = match meant {
            Some(meant) => format!(" Did you mean '{meant}'?{list}"),
            None if list.is_empty() => " Check the spelling.".to_owned(),
            None => list,
        };
        self.find(node, Some(by), Problem::CodeUnknown { code: shorten(code), system: system.to_owned(), hint });
    }

    /// Whether a code is a language that a value set of some languages does not have in any form: another one of them would
    /// be another language, so none can fit.
    fn is_other_language(&self, value_set: &str, codes: &[Code<'_>]) -> bool {
        const LANGUAGES: &str = "http://hl7.org/fhir/ValueSet/languages";
        if value_set != LANGUAGES {
            return false;
        }
        let Some(listing) = self.definitions.terminology().list(value_set) else { return false };
        let known = || listing.parts.iter().flat_map(|part| &part.codes).map(|(code, _)| code.as_str());
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
        codes.iter().all(|code| {
            let own = primary(code.code);
            matches!(own.len(), 2 | 3)
                && own.bytes().all(|letter| letter.is_ascii_lowercase())
                && known().all(|other| primary(other) != own)
        })
    }

    /// The language of the resource that a node stands in; empty if it does not say.
    fn language(&self, node: NodeId) -> &'c str {
        let mut at = Some(node);
        while let Some(node) = at {
            if let Some(language) = self.tree.child_text(node, "language") {
                return language;
            }
            at = self.tree.parent(node);
        }
        ""
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
