//! What stands under a label in a section's text, against the element that the label is for.

use super::items::Item;
use super::names::{self, Kind, keys};
use super::text::Line;
use super::{Document, Section};
use crate::contradictions::dates;
use crate::contradictions::dose::{self, Dose, Measure};
use crate::contradictions::input::finding;
use crate::contradictions::words::{Token, shorten, stem, tokens};
use crate::contradictions::{Finding, Rule, Side};
use crate::tree::NodeId;

/// How a text is compared with what is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    /// Words of a concept: they differ if none is shared, or if one says left and the other right.
    Concept,
    /// A date, with its time where both have one.
    Date,
    /// An amount.
    Quantity,
    /// Letters and digits, as a batch number has them.
    Exact,
    /// Mild, moderate, severe.
    Severity,
    /// Certain, likely, unconfirmed.
    Certainty,
    /// Amounts within words.
    Amounts,
}

/// A label with the element that it is for.
pub(super) struct Field {
    /// Each is the words that the label has at least.
    labels: &'static [&'static [&'static str]],
    /// Words that the label does not have.
    without: &'static [&'static str],
    /// Where the value is coded: one that agrees is enough.
    paths: &'static [&'static str],
    compare: Compare,
    rule: Rule,
}

const fn field(
    labels: &'static [&'static [&'static str]],
    without: &'static [&'static str],
    paths: &'static [&'static str],
    compare: Compare,
    rule: Rule,
) -> Field {
    Field { labels, without, paths, compare, rule }
}

/// Labels under which a medicine's name stands.
pub(super) const MEDICINE_NAMES: &[&[&str]] =
    &[&["medication", "name"], &["medicine"], &["drug"], &["medication"], &["device", "name"], &["product"]];
pub(super) const VACCINE_NAMES: &[&[&str]] = &[&["vaccine", "product"], &["vaccine"], &["product"]];
pub(super) const CONDITION_NAMES: &[&[&str]] =
    &[&["diagnosis", "name"], &["diagnosis"], &["problem"], &["presenting", "complaint"], &["condition"]];
pub(super) const PROCEDURE_NAMES: &[&[&str]] = &[&["procedure", "name"], &["procedure"], &["operation"]];
pub(super) const ALLERGY_NAMES: &[&[&str]] =
    &[&["causative", "agent"], &["allergen"], &["agent"], &["substance"], &["allergy"]];

pub(super) const ENCOUNTER: &[Field] = &[
    field(
        &[&["admission", "date"], &["admission", "time"]],
        &["discharge"],
        &["period.start"],
        Compare::Date,
        Rule::Date,
    ),
    field(
        &[&["contact", "date"], &["attendance", "date"], &["arrival", "date"], &["contact", "time"]],
        &["next", "last"],
        &["period.start", "period.end"],
        Compare::Date,
        Rule::Date,
    ),
    field(
        &[&["discharge", "date"], &["discharge", "time"], &["departure", "date"]],
        &["expected"],
        &["period.end"],
        Compare::Date,
        Rule::Date,
    ),
    field(&[&["source", "admission"]], &[], &["hospitalization.admitSource"], Compare::Concept, Rule::Detail),
    field(&[&["reason", "admission"]], &[], &["reason", "diagnosis.condition"], Compare::Concept, Rule::Detail),
    field(&[&["admission", "method"]], &[], &["extension~AdmissionMethod"], Compare::Concept, Rule::Detail),
    field(
        &[&["discharge", "method"]],
        &[],
        &["extension~DischargeMethod", "hospitalization.extension~DischargeMethod"],
        Compare::Concept,
        Rule::Detail,
    ),
    field(
        &[&["discharge", "destination"], &["discharge", "type"]],
        &[],
        &["hospitalization.dischargeDisposition"],
        Compare::Concept,
        Rule::Detail,
    ),
    field(&[&["contact", "type"]], &[], &["type", "class"], Compare::Concept, Rule::Detail),
    field(&[&["outcome", "attendance"]], &[], &["extension~Outcome"], Compare::Concept, Rule::Detail),
    field(
        &[&["discharge", "status"]],
        &["legal"],
        &["extension~Status", "extension~Discharge"],
        Compare::Concept,
        Rule::Detail,
    ),
];

pub(super) const ALLERGY: &[Field] = &[
    field(
        &[&["reaction"], &["manifestation"]],
        &["type", "date", "severity", "probability", "certainty", "comment"],
        &["reaction.manifestation", "reaction.description"],
        Compare::Concept,
        Rule::Detail,
    ),
    field(&[&["severity"]], &[], &["reaction.severity"], Compare::Severity, Rule::Detail),
    field(&[&["certainty"]], &[], &["verificationStatus"], Compare::Certainty, Rule::Detail),
    field(&[&["date", "recorded"]], &[], &["assertedDate"], Compare::Date, Rule::Date),
    field(&[&["date", "first"], &["onset"]], &[], &["onsetDateTime", "reaction.onset"], Compare::Date, Rule::Date),
];

pub(super) const CONDITION: &[Field] = &[
    field(
        &[&["onset"], &["date", "diagnosis"]],
        &[],
        &["onsetDateTime", "onsetPeriod.start", "assertedDate"],
        Compare::Date,
        Rule::Date,
    ),
    field(&[&["site"], &["laterality"], &["location"]], &[], &["bodySite", "code"], Compare::Concept, Rule::Detail),
];

pub(super) const PROCEDURE: &[Field] = &[
    field(&[&["site"], &["laterality"], &["location"]], &[], &["bodySite"], Compare::Concept, Rule::Detail),
    field(
        &[&["comment"], &["date"], &["performed"]],
        &["birth"],
        &["performedDateTime", "performedPeriod.start", "performedPeriod.end"],
        Compare::Date,
        Rule::Date,
    ),
];

pub(super) const MEDICINE: &[Field] = &[
    field(&[&["route"]], &[], &["dosage.route", "dosageInstruction.route"], Compare::Concept, Rule::Detail),
    field(&[&["quantity"]], &[], &["quantity", "dispenseRequest.quantity"], Compare::Quantity, Rule::Quantity),
    field(
        &[&["start", "date"]],
        &["end"],
        &["effectivePeriod.start", "effectiveDateTime", "dispenseRequest.validityPeriod.start"],
        Compare::Date,
        Rule::Date,
    ),
    field(
        &[&["end", "date"], &["stop", "date"]],
        &[],
        &["effectivePeriod.end", "dispenseRequest.validityPeriod.end"],
        Compare::Date,
        Rule::Date,
    ),
    field(&[&["date", "change"]], &[], &["extension~MedicationChange.extension~date"], Compare::Date, Rule::Date),
    field(
        &[&["medication", "change"], &["change", "indication"]],
        &["date", "status"],
        &["extension~MedicationChange.extension~indication"],
        Compare::Amounts,
        Rule::Quantity,
    ),
];

pub(super) const VACCINATION: &[Field] = &[
    field(&[&["site"]], &[], &["site"], Compare::Concept, Rule::Detail),
    field(&[&["route"]], &[], &["route"], Compare::Concept, Rule::Detail),
    field(
        &[&["batch"], &["lot"], &["serialisation"], &["serial"]],
        &["expiry"],
        &["lotNumber"],
        Compare::Exact,
        Rule::Vaccine,
    ),
    field(&[&["expiry"], &["expiration"], &["use"]], &[], &["expirationDate"], Compare::Date, Rule::Vaccine),
    field(
        &[&["date", "time"], &["date", "vaccination"], &["date", "given"], &["date", "administered"], &["date"]],
        &["expiry", "birth", "recorded", "next"],
        &["date"],
        Compare::Date,
        Rule::Date,
    ),
    field(&[&["manufacturer"]], &[], &["manufacturer"], Compare::Concept, Rule::Detail),
    field(
        &[&["dose", "number"], &["dose", "sequence"]],
        &[],
        &["vaccinationProtocol.doseSequence"],
        Compare::Quantity,
        Rule::Vaccine,
    ),
    field(&[&["reason", "not"]], &[], &["explanation.reasonNotGiven"], Compare::Concept, Rule::Detail),
];

impl Document<'_, '_> {
    /// The elements at a path: names with dots between, `extension~Part` for the value of an extension with that in its URL.
    fn select(&self, node: NodeId, path: &str) -> Vec<NodeId> {
        let tree = self.input.tree;
        let mut at = vec![node];
        for step in path.split('.') {
            let (name, part) = step.split_once('~').unwrap_or((step, ""));
            let mut next = Vec::new();
            for node in at {
                for child in tree.named(node, name) {
                    if part.is_empty() {
                        next.push(child);
                    } else if tree.child_text(child, "url").is_some_and(|url| url.contains(part)) {
                        let value = tree.children(child).find(|inner| tree.name(*inner).starts_with("value"));
                        next.push(value.unwrap_or(child));
                    }
                }
            }
            at = next;
        }
        at
    }

    /// Compares what stands under labels in the lines of one item, or of the whole section, with what is coded.
    pub(super) fn fields(
        &self,
        section: &Section,
        resource: NodeId,
        table: &'static [Field],
        record: Option<u32>,
        name: &str,
        found: &mut Vec<Finding>,
    ) {
        /// More lines under one label say nothing more.
        const MOST: usize = 40;
        let here = section.of(record);
        for field in table {
            let coded: Vec<NodeId> = field.paths.iter().flat_map(|path| self.select(resource, path)).collect();
            if coded.is_empty() {
                continue;
            }
            let is_called = |line: &&Line| {
                field.labels.iter().any(|label| line.is_called(label))
                    && !line.label_words.iter().any(|word| field.without.contains(&word.as_str()))
            };
            let lines: Vec<&Line> = here.iter().filter(is_called).take(MOST).collect();
            for line in &lines {
                let Some(other) = self.differs(line, &coded, field.compare) else { continue };
                // A concept may take several lines, of which one names it.
                if field.compare == Compare::Concept
                    && lines
                        .iter()
                        .any(|other| self.differs(other, &coded, field.compare).is_none() && other.label == line.label)
                {
                    continue;
                }
                let is_side = field.compare == Compare::Concept
                    && names::side(&line.tokens)
                        .zip(names::side(&tokens(&other.quote)))
                        .is_some_and(|(one, two)| one != two);
                let text = section.side(line);
                let label = shorten(&line.label);
                let (rule, form, values) = match field.rule {
                    _ if is_side => (Rule::TextSide, 0, vec![text.quote.clone(), other.quote.clone()]),
                    Rule::Quantity => {
                        (Rule::Quantity, 0, vec![text.quote.clone(), name.to_owned(), other.quote.clone()])
                    }
                    Rule::Vaccine => (Rule::Vaccine, 2, vec![text.quote.clone(), label, other.quote.clone()]),
                    rule => (rule, 0, vec![text.quote.clone(), label, other.quote.clone()]),
                };
                found.push(finding(rule, form, other.node, [text, other], values));
                break;
            }
        }
    }

    /// What is coded, if a line certainly says something else than all of it.
    fn differs(&self, line: &Line, coded: &[NodeId], compare: Compare) -> Option<Side> {
        let tree = self.input.tree;
        let side = |node: NodeId| tree.text(node).map(|text| Side { node, quote: shorten(text) });
        match compare {
            Compare::Date => {
                let written = dates::dates(&line.tokens);
                if written.is_empty() {
                    return None;
                }
                let mut first = None;
                for value in coded.iter().filter_map(|node| side(*node)) {
                    for date in &written {
                        if dates::agrees(*date, &value.quote)? {
                            return None;
                        }
                    }
                    first = first.or(Some(value));
                }
                first
            }
            Compare::Concept => {
                let concepts = coded.iter().flat_map(|node| self.words_of(*node));
                let own = keys(&line.text, Kind::Other);
                let own_side = names::side(&line.tokens);
                let mut first = None;
                if own.is_empty() || line.tokens.iter().filter_map(Token::word).next().is_none_or(is_open) {
                    return None;
                }
                for concept in concepts {
                    let words = keys(&concept.quote, Kind::Other);
                    let other_side = names::side(&tokens(&concept.quote));
                    let is_other_side = own_side.zip(other_side).is_some_and(|(one, other)| one != other);
                    let shares = words.iter().any(|word| own.iter().any(|known| is_alike(known, word)))
                        || is_initials(&concept.quote, &own)
                        || is_initials(&line.text, &words);
                    if shares && !is_other_side {
                        return None;
                    }
                    if !words.is_empty() {
                        first = first.or(Some(concept));
                    }
                }
                first
            }
            Compare::Quantity => {
                let said = amounts(&line.tokens);
                if said.is_empty() {
                    return None;
                }
                let mut first = None;
                for quantity in coded {
                    for (value, quote) in self.quantities(*quantity) {
                        let agrees = said.iter().any(|one| match (one.unit, value.unit) {
                            (Some(a), Some(b)) if a.is_like(b) => one.agrees(value),
                            _ => dose::is_same(one.low, value.low),
                        });
                        if agrees {
                            return None;
                        }
                        first = first.or(Some(quote));
                    }
                }
                first
            }
            Compare::Exact => {
                let bare = |text: &str| -> String {
                    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
                };
                let said = bare(&line.text);
                let mut values = coded.iter().filter_map(|node| side(*node)).peekable();
                let first = values.peek().cloned();
                let is_said = |value: Side| said.contains(&bare(&value.quote));
                if said.is_empty() || values.any(is_said) { None } else { first }
            }
            Compare::Severity => {
                let said = line.tokens.iter().filter_map(Token::word).find_map(severity)?;
                let value = coded.iter().filter_map(|node| side(*node)).next()?;
                let coded = severity(&value.quote.to_lowercase())?;
                (said != coded).then_some(value)
            }
            Compare::Certainty => {
                let said = line.tokens.iter().filter_map(Token::word).find_map(certainty)?;
                let value = coded.iter().filter_map(|node| side(*node)).next()?;
                let is_confirmed = value.quote == "confirmed";
                (said != is_confirmed).then_some(value)
            }
            Compare::Amounts => {
                let said = dose::read_tokens(&line.tokens);
                let value = coded.iter().filter_map(|node| side(*node)).next()?;
                let known = dose::read(&value.quote);
                let (said, known) = (all_amounts(&said), all_amounts(&known));
                super::items::differ(&said, &known).then_some(value)
            }
        }
    }

    /// What an element of any type says in words: a concept's names, a reference's display and what it leads to, a text.
    fn words_of(&self, node: NodeId) -> Vec<Side> {
        let tree = self.input.tree;
        if let Some(text) = tree.text(node) {
            return vec![Side { node, quote: shorten(text) }];
        }
        let mut out = self.concept_names(node);
        if let Some(display) = tree.child(node, "display")
            && let Some(text) = tree.text(display)
        {
            out.push(Side { node: display, quote: shorten(text) });
        }
        if let Some(target) = self.input.referred(node) {
            let code = tree.child(target, "code");
            out.extend(code.map(|code| self.concept_names(code)).unwrap_or_default());
            let name = tree.child(target, "name").filter(|name| tree.text(*name).is_some());
            out.extend(name.and_then(|name| Some(Side { node: name, quote: shorten(tree.text(name)?) })));
        }
        out
    }

    /// What a Quantity, or a whole number, is: its value with its unit, and what extensions say of it.
    fn quantities(&self, node: NodeId) -> Vec<(Measure, Side)> {
        let tree = self.input.tree;
        let mut out = Vec::new();
        if let Some(value) = tree.text(node).and_then(|text| text.parse::<f64>().ok()) {
            out.push((
                Measure { low: value, high: value, unit: None },
                Side { node, quote: value_text(tree.text(node), None) },
            ));
        }
        if let Some(value) = tree.child(node, "value")
            && let Some(number) = tree.text(value).and_then(|text| text.parse::<f64>().ok())
        {
            let unit = tree.child_text(node, "unit").or_else(|| tree.child_text(node, "code"));
            let quote = value_text(tree.text(value), unit);
            let unit = unit.and_then(|unit| dose::Unit::of_phrase(&unit.to_lowercase()));
            out.push((Measure { low: number, high: number, unit }, Side { node: value, quote }));
        }
        for extension in tree.named(node, "extension") {
            let Some(value) = tree.child(extension, "valueString") else { continue };
            let text = tree.text(value).unwrap_or_default();
            for amount in amounts(&tokens(text)) {
                out.push((amount, Side { node: value, quote: shorten(text) }));
            }
        }
        out
    }

    /// The dose in the text of one item against its coded dosage.
    pub(super) fn dose(&self, section: &Section, item: &Item, line: &Line, found: &mut Vec<Finding>) {
        let tree = self.input.tree;
        let is_dose = |line: &&Line| {
            let has = |word: &str| line.label_words.iter().any(|of| of == word);
            (has("dose") || has("dosage") || has("direction") || has("frequency") || has("timing"))
                && !["additional", "comment", "duration", "form", "route", "number", "recommendation"]
                    .iter()
                    .any(|word| has(word))
        };
        let lines: Vec<&Line> = section.of(Some(line.record)).iter().filter(is_dose).collect();
        if lines.is_empty() {
            return;
        }
        let texts = ["dosage", "dosageInstruction"].iter().flat_map(|name| tree.named(item.resource, name));
        let texts: Vec<NodeId> = texts.filter_map(|dosage| tree.child(dosage, "text")).collect();
        let [coded] = texts[..] else { return };
        let quote = shorten(tree.text(coded).unwrap_or_default());
        let mut said: Vec<Token> = Vec::new();
        let mut shown = String::new();
        for line in &lines {
            if !said.is_empty() {
                shown.push_str("; ");
                said.push(Token::Sign(' '));
            }
            said.extend(line.tokens.iter().cloned());
            shown.push_str(&line.text);
        }
        let known = tokens(tree.text(coded).unwrap_or_default());
        if plain(&said) == plain(&known) || !doses_differ(&dose::read_tokens(&said), &dose::read_tokens(&known)) {
            return;
        }
        let shown = shorten(&shown);
        let name = item.names.first().map(|name| name.side.quote.clone()).unwrap_or_default();
        let values = vec![shown.clone(), name, quote.clone()];
        let sides = [Side { node: section.div, quote: shown }, Side { node: coded, quote }];
        found.push(finding(Rule::Dose, 0, coded, sides, values));
    }

    /// Whether a medicine goes on, by the text and by the entry.
    pub(super) fn status(&self, section: &Section, item: &Item, line: &Line, found: &mut Vec<Finding>) {
        let tree = self.input.tree;
        let is_status = |line: &&Line| line.is_called(&["status"]) && !line.is_called(&["action"]);
        let Some(line) = section.of(Some(line.record)).iter().find(is_status) else {
            return;
        };
        let Some(said) = line.tokens.iter().filter_map(Token::word).find_map(change) else { return };
        let changes = self.select(item.resource, "extension~MedicationChange.extension~status");
        let mut stated: Vec<Side> = Vec::new();
        for node in changes {
            stated.extend(self.words_of(node));
            stated.extend(
                self.select(node, "coding.code")
                    .into_iter()
                    .filter_map(|code| Some(Side { node: code, quote: shorten(tree.text(code)?) })),
            );
        }
        let of = |side: &Side| tokens(&side.quote).iter().filter_map(Token::word).find_map(change);
        let known: Vec<Change> = stated.iter().filter_map(of).collect();
        let status = tree.child(item.resource, "status");
        let by_status = status.and_then(|status| match (tree.resource_type(item.resource), tree.text(status)) {
            (Some("MedicationStatement" | "MedicationRequest"), Some("active")) => Some(false),
            (Some("MedicationStatement" | "MedicationRequest"), Some("stopped")) => Some(true),
            _ => None,
        });
        let is_discontinued = item.list.map(|code| self.input.has_code(code, &["1102191000000100"]));
        let stops = said == Change::Stopped;
        let other = if !known.is_empty() && !known.contains(&said) {
            stated.into_iter().next()
        } else if by_status.is_some_and(|stopped| stopped != stops) {
            status.and_then(|node| Some(Side { node, quote: shorten(tree.text(node)?) }))
        } else if is_discontinued.is_some_and(|discontinued| discontinued && !stops) {
            item.list.and_then(|code| self.input.said(code))
        } else {
            None
        };
        let Some(other) = other else { return };
        let text = section.side(line);
        let name = item.names.first().map(|name| name.side.quote.clone()).unwrap_or_default();
        let values = vec![text.quote.clone(), name, other.quote.clone()];
        found.push(finding(Rule::Status, 0, other.node, [text, other], values));
    }

    /// Given or not, by the text and by the entry.
    pub(super) fn not_given(&self, section: &Section, resource: NodeId, record: Option<u32>, found: &mut Vec<Finding>) {
        let tree = self.input.tree;
        let Some(flag) = tree.child(resource, "notGiven") else { return };
        let Some(is_not_given) = tree.text(flag).map(|text| text == "true") else { return };
        let is_about = |line: &&Line| {
            (line.is_called(&["procedure"])
                || line.is_called(&["vaccine"])
                || line.is_called(&["vaccination"])
                || line.is_called(&["status"]))
                && !line.is_called(&["reason"])
        };
        let says = |line: &Line| -> Option<bool> {
            let words: Vec<&str> = line.tokens.iter().filter_map(Token::word).collect();
            let pair = |one: &str, other: &str| words.windows(2).any(|pair| pair == [one, other]);
            if pair("not", "given")
                || pair("not", "administered")
                || words.iter().any(|word| matches!(*word, "declined" | "refused"))
            {
                return Some(true);
            }
            let given =
                words.iter().any(|word| matches!(*word, "given" | "administered" | "administration" | "vaccinated"));
            given.then_some(false)
        };
        let lines: Vec<(&Line, bool)> =
            section.of(record).iter().filter(is_about).filter_map(|line| Some((line, says(line)?))).collect();
        if lines.iter().any(|(_, said)| *said == is_not_given) {
            return;
        }
        let Some((line, _)) = lines.first() else { return };
        let text = section.side(line);
        let other = Side { node: flag, quote: format!("notGiven {is_not_given}") };
        let values = vec![text.quote.clone()];
        found.push(finding(Rule::NotDone, usize::from(is_not_given), flag, [text, other], values));
    }

    /// A measured value whose name stands in the text with another number.
    pub(super) fn value(&self, section: &Section, resource: NodeId, found: &mut Vec<Finding>) {
        let tree = self.input.tree;
        let Some(quantity) = tree.child(resource, "valueQuantity") else { return };
        let Some(value) = tree.child(quantity, "value") else { return };
        let Some(number) = tree.text(value).and_then(|text| text.parse::<f64>().ok()) else { return };
        let Some(code) = tree.child(resource, "code") else { return };
        let all: Vec<Vec<String>> =
            self.concept_names(code).iter().map(|name| keys(&name.quote, Kind::Other)).collect();
        let is_near = |one: f64| dose::is_same(one, number) || (one - number).abs() < 0.51 && one.fract() == 0.0;
        // The value may stand in another column of the row.
        let mut records: Vec<u32> = Vec::new();
        for keys in all.iter().filter(|keys| !keys.is_empty()) {
            let places = keys.iter().map(|key| self.places(section, key)).min_by_key(Vec::len).unwrap_or_default();
            for at in places {
                let (Some(line), Some(words)) = (section.lines.get(at), section.words.get(at)) else { continue };
                if keys.iter().all(|key| words.contains(key)) && !records.contains(&line.record) {
                    records.push(line.record);
                }
            }
        }
        let numbers = |line: &&Line| line.tokens.iter().any(|token| matches!(token, Token::Number(_)));
        let lines = records.iter().flat_map(|record| section.of(Some(*record)));
        let around: Vec<&Line> =
            lines.filter(numbers).filter(|line| dates::dates(&line.tokens).is_empty()).take(8).collect();
        let is_said =
            |line: &&Line| line.tokens.iter().any(|token| matches!(token, Token::Number(one) if is_near(*one)));
        let Some(first) = around.first() else { return };
        if around.iter().any(is_said) || around.len() > 3 {
            return;
        }
        let text = section.side(first);
        let unit = tree.child_text(quantity, "unit").or_else(|| tree.child_text(quantity, "code"));
        let other = Side { node: value, quote: value_text(tree.text(value), unit) };
        let name = self.concept_names(code).first().map(|name| name.quote.clone()).unwrap_or_default();
        let values = vec![text.quote.clone(), name, other.quote.clone()];
        found.push(finding(Rule::Value, 0, value, [text, other], values));
    }
}

/// A number and its unit as recorded.
fn value_text(value: Option<&str>, unit: Option<&str>) -> String {
    shorten(&format!("{} {}", value.unwrap_or_default(), unit.unwrap_or_default()))
}

/// Whether a first word says that what follows is open.
fn is_open(word: &str) -> bool {
    matches!(word, "not" | "unknown" | "none" | "nil" | "other" | "see" | "n" | "ongoing")
}

/// Whether two words are the same, or one is the other with an ending.
fn is_alike(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short == long
        || short.len() >= 5 && long.starts_with(short)
        || matches!((one, other), ("home", "residence") | ("residence", "home"))
}

/// Whether one of some words is made of the initials that a name begins with: "PEG tube" of percutaneous endoscopic
/// gastrostomy feeding.
fn is_initials(name: &str, words: &[String]) -> bool {
    let initials = names::initials(name);
    words.iter().any(|word| word.len() >= 3 && initials.starts_with(word.as_str()) || *word == initials)
}

/// The numbers of a text with their units.
fn amounts(tokens: &[Token]) -> Vec<Measure> {
    let number = |at: usize| tokens.get(at).and_then(dose::number);
    let unit = |at: usize| tokens.get(at).and_then(Token::word).and_then(dose::Unit::of);
    (0..tokens.len())
        .filter_map(|at| number(at).map(|value| Measure { low: value, high: value, unit: unit(at + 1) }))
        .collect()
}

fn all_amounts(dose: &Dose) -> Vec<Measure> {
    dose.amounts.iter().chain(&dose.strengths).copied().filter(|measure| measure.unit.is_some()).collect()
}

/// Tokens without signs, by what they mean.
fn plain(tokens: &[Token]) -> Vec<String> {
    tokens
        .iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(stem(word).to_owned()),
            Token::Number(value) => Some(value.to_bits().to_string()),
            Token::Sign(_) => None,
        })
        .collect()
}

/// Whether two texts of a dose certainly say something different.
fn doses_differ(one: &Dose, other: &Dose) -> bool {
    let counted = |dose: &Dose| -> Vec<Measure> {
        let is_counted = |measure: &&Measure| measure.unit.is_none_or(|unit| matches!(unit, dose::Unit::Piece(_)));
        dose.amounts.iter().filter(is_counted).copied().collect()
    };
    // What is counted is compared whichever word is used: "one" and "two tablets".
    let pieces = match (&counted(one)[..], &counted(other)[..]) {
        ([a], [b]) => {
            let is_like = a.unit.is_none() || b.unit.is_none() || a.is_like(*b);
            is_like && !Measure { unit: None, ..*a }.agrees(Measure { unit: None, ..*b })
        }
        _ => false,
    };
    let often = |dose: &Dose| match dose.per_day[..] {
        [] => None,
        [only] => Some(only),
        _ => None,
    };
    let frequency =
        often(one).zip(often(other)).is_some_and(|((low, high), (from, to))| low > to * 1.02 || from > high * 1.02);
    let days = match (&one.days[..], &other.days[..]) {
        ([a], [b]) => !dose::is_same(*a, *b),
        _ => false,
    };
    pieces
        || frequency
        || days
        || one.is_open != other.is_open
        || super::items::differ(&all_amounts(one), &all_amounts(other))
}

/// How bad a reaction is said to be.
fn severity(word: &str) -> Option<u8> {
    match word {
        "mild" | "minor" => Some(1),
        "moderate" => Some(2),
        "severe" | "fatal" | "life" | "serious" => Some(3),
        _ => None,
    }
}

/// Whether a word of certainty stands for "confirmed".
fn certainty(word: &str) -> Option<bool> {
    match word {
        "certain" | "confirmed" | "definite" => Some(true),
        "likely" | "unlikely" | "possible" | "probable" | "suspected" | "unconfirmed" | "uncertain" => Some(false),
        _ => None,
    }
}

/// What becomes of a medicine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Added,
    Changed,
    Continued,
    Stopped,
}

fn change(word: &str) -> Option<Change> {
    match word {
        "added" | "new" | "started" | "commenced" | "initiated" => Some(Change::Added),
        "amended" | "changed" | "altered" | "modified" | "increased" | "decreased" | "reduced" => Some(Change::Changed),
        "continued" | "unchanged" | "continue" | "ongoing" | "active" => Some(Change::Continued),
        "stopped" | "discontinued" | "ceased" | "withdrawn" | "withheld" => Some(Change::Stopped),
        _ => None,
    }
}
