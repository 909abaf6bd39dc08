//! Who the text says that the patient is, and when the document was completed.

use super::text::Line;
use super::{Document, Section};
use crate::contradictions::dates;
use crate::contradictions::input::finding;
use crate::contradictions::words::{Token, shorten};
use crate::contradictions::{Finding, Rule, Side};
use crate::nhs::{self, nhs_number};
use crate::primitive::{Date, DateTime};
use crate::tree::NodeId;

/// The codes of the section about the patient.
const DEMOGRAPHICS: &[&str] = &["886731000000109"];

impl Document<'_, '_> {
    pub(super) fn patient(&self, section: &Section, patient: NodeId, found: &mut Vec<Finding>) {
        let tree = self.input.tree;
        let is_about = tree.child(section.node, "code").is_some_and(|code| self.input.has_code(code, DEMOGRAPHICS));
        if !is_about && !section.title.to_lowercase().contains("demographic") {
            return;
        }
        self.number(section, patient, found);
        let side = |node: NodeId| Some(Side { node, quote: shorten(tree.text(node)?) });
        let mut say = |rule: Rule, line: &Line, label: &str, other: Side| {
            let text = section.side(line);
            let values = vec![section.title.clone(), text.quote.clone(), shorten(label), other.quote.clone()];
            found.push(finding(rule, usize::from(rule == Rule::Identifier), other.node, [text, other], values));
        };
        for line in &section.lines {
            let is_others = |label: &str| {
                ["contact", "gp", "practice", "next", "kin", "carer", "mother", "father", "preferred"]
                    .iter()
                    .any(|word| label.split_whitespace().any(|of| of == *word))
            };
            if is_others(&line.under.to_lowercase()) || is_others(&line.label.to_lowercase()) {
                continue;
            }
            let has = |word: &str| line.label_words.iter().any(|of| of == word);
            if has("birth") || has("dob") || has("born") {
                if let Some(birth) = tree.child(patient, "birthDate").and_then(side) {
                    let written = dates::dates(&line.tokens);
                    let differs = |date: &dates::Written| dates::agrees(*date, &birth.quote) == Some(false);
                    if !written.is_empty() && written.iter().all(differs) {
                        say(Rule::Identifier, line, &line.label, birth);
                    }
                }
            } else if has("gender") || has("sex") {
                let said = line.tokens.iter().filter_map(Token::word).find_map(gender);
                if let Some(coded) = tree.child(patient, "gender").and_then(side)
                    && let Some(known) = gender(&coded.quote)
                    && said.is_some_and(|said| said != known)
                {
                    say(Rule::Demographics, line, &line.label, coded);
                }
            }
        }
        self.labelled_age(section, patient, found);
        self.names(section, patient, found);
    }

    /// A label "Age" with a number.
    fn labelled_age(&self, section: &Section, patient: NodeId, found: &mut Vec<Finding>) {
        let Some(known) = self.age(patient) else { return };
        let is_age = |line: &&Line| line.label_words == ["age"];
        let Some(line) = section.lines.iter().find(is_age) else { return };
        let [Token::Number(age), ..] = line.tokens[..] else { return };
        if age.fract() == 0.0 && (age - f64::from(known.2)).abs() > 0.5 {
            let node = self.input.tree.child(patient, "birthDate").unwrap_or(patient);
            let said = age.to_string();
            self.say_age(section, line, &said, known, node, found);
        }
    }

    /// The family name, given names and postcode in the text.
    fn names(&self, section: &Section, patient: NodeId, found: &mut Vec<Finding>) {
        let tree = self.input.tree;
        let bare = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let parts = |element: &'static str, part: &'static str| -> Vec<Side> {
            let all = tree.named(patient, element).flat_map(move |of| tree.named(of, part));
            all.filter_map(|node| Some(Side { node, quote: shorten(tree.text(node)?) })).collect()
        };
        for line in &section.lines {
            let outer = line.under.to_lowercase();
            let is_patients = outer.is_empty() || outer.contains("patient");
            if !is_patients || outer.contains("preferred") || outer.contains("contact") {
                continue;
            }
            let known = if line.is_called(&["family", "name"]) || line.is_called(&["surname"]) {
                parts("name", "family")
            } else if line.is_called(&["given", "name"])
                || line.is_called(&["forename"])
                || line.is_called(&["first", "name"])
            {
                parts("name", "given")
            } else if line.is_called(&["post", "code"])
                || line.is_called(&["postcode"])
                || line.is_called(&["patient", "address"])
            {
                parts("address", "postalCode")
            } else {
                continue;
            };
            let said = match line.label_words.iter().any(|word| word == "address") {
                true => postcode_in(&line.text),
                false => bare(&line.text),
            };
            let is_said = |side: &Side| {
                let value = bare(&side.quote);
                said.contains(&value) || value.contains(&said)
            };
            let Some(first) = known.first().filter(|_| !said.is_empty() && !known.iter().any(is_said)) else {
                continue;
            };
            let text = section.side(line);
            let values = vec![section.title.clone(), text.quote.clone(), shorten(&line.label), first.quote.clone()];
            found.push(finding(Rule::Demographics, 0, first.node, [text, first.clone()], values));
        }
    }

    /// The NHS number in the text. No message repeats it.
    fn number(&self, section: &Section, patient: NodeId, found: &mut Vec<Finding>) {
        let tree = self.input.tree;
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let is_number =
            |node: &NodeId| tree.child_text(*node, "system").is_some_and(|system| system.ends_with("nhs-number"));
        let numbers = tree.named(patient, "identifier").filter(is_number);
        let numbers: Vec<NodeId> = numbers.filter_map(|identifier| tree.child(identifier, "value")).collect();
        let Some(first) = numbers.first() else { return };
        for line in &section.lines {
            let said = digits(&line.text);
            let is_labelled = line.is_called(&["nhs"]) && !line.is_called(&["status"]);
            let is_bare = said.len() == 10 && nhs_number(&said).is_ok() && line.label.is_empty();
            if !(is_labelled && said.len() >= 8 || is_bare) {
                continue;
            }
            if numbers.iter().any(|number| tree.text(*number).is_some_and(|text| digits(text) == said)) {
                continue;
            }
            let sides =
                [section.side(line), Side { node: *first, quote: shorten(tree.text(*first).unwrap_or_default()) }];
            found.push(finding(Rule::Identifier, 0, *first, sides, vec![section.title.clone()]));
        }
    }

    /// The date of birth, the date of the document, and the years between them.
    fn age(&self, patient: NodeId) -> Option<(String, String, u16)> {
        let tree = self.input.tree;
        let born = Date::parse(tree.child_text(patient, "birthDate")?)?;
        let on = DateTime::parse(tree.child_text(self.composition, "date")?)?.date;
        let is_before = (on.month?, on.day?) < (born.month?, born.day?);
        let years = on.year.checked_sub(born.year)?.checked_sub(u16::from(is_before))?;
        Some((born.to_string(), on.to_string(), years))
    }

    /// "60 year old man" anywhere in the text, against the patient's date of birth.
    pub(super) fn ages(&self, section: &Section, found: &mut Vec<Finding>) {
        let input = self.input;
        let Some(patient) = input.patient(self.composition) else { return };
        let Some(known) = self.age(patient) else { return };
        for line in &section.lines {
            for (at, token) in line.tokens.iter().enumerate() {
                let Token::Number(age) = token else { continue };
                let word = |ahead: usize| {
                    let rest = line.tokens.get(at + 1..).unwrap_or_default();
                    rest.iter().filter_map(Token::word).nth(ahead).unwrap_or_default()
                };
                let is_age = matches!(word(0), "year" | "years" | "yr" | "yrs") && word(1) == "old" || word(0) == "yo";
                if !is_age || age.fract() != 0.0 || *age > 130.0 {
                    continue;
                }
                // Whose age it is: the patient's, unless a relative stands near.
                let near = line.tokens.get(at.saturating_sub(6)..(at + 8).min(line.tokens.len())).unwrap_or_default();
                let is_relative = near.iter().filter_map(Token::word).any(|word| {
                    matches!(
                        word,
                        "mother"
                            | "father"
                            | "son"
                            | "daughter"
                            | "brother"
                            | "sister"
                            | "wife"
                            | "husband"
                            | "partner"
                            | "child"
                            | "children"
                            | "grandson"
                            | "granddaughter"
                            | "his"
                            | "her"
                            | "their"
                            | "when"
                            | "aged"
                    )
                });
                if is_relative || (age - f64::from(known.2)).abs() <= 1.0 {
                    continue;
                }
                let node = input.tree.child(patient, "birthDate").unwrap_or(patient);
                let phrase = age.to_string();
                self.say_age(section, line, &phrase, known, node, found);
                return;
            }
        }
    }

    fn say_age(
        &self,
        section: &Section,
        line: &Line,
        said: &str,
        (born, on, years): (String, String, u16),
        node: NodeId,
        found: &mut Vec<Finding>,
    ) {
        let other = Side { node, quote: born.clone() };
        let values = vec![shorten(said), born, years.to_string(), on];
        found.push(finding(Rule::Age, 0, section.div, [section.side(line), other], values));
    }

    /// When the record was completed, against the date of the document.
    pub(super) fn completed(&self, section: &Section, found: &mut Vec<Finding>) {
        let tree = self.input.tree;
        let Some(date) = tree.child(self.composition, "date") else { return };
        let Some(value) = tree.text(date) else { return };
        for line in section.lines.iter().filter(|line| line.is_called(&["date", "completed"])) {
            // A document that replaces another is dated later on the same day.
            let written = dates::dates(&line.tokens).into_iter().map(|one| dates::Written { time: None, ..one });
            let written: Vec<dates::Written> = written.collect();
            if !written.is_empty() && written.iter().all(|one| dates::agrees(*one, value) == Some(false)) {
                let text = section.side(line);
                let other = Side { node: date, quote: shorten(value) };
                let values = vec![text.quote.clone(), shorten(&line.label), other.quote.clone()];
                found.push(finding(Rule::Date, 0, date, [text, other], values));
            }
        }
    }
}

/// The postcode in a line of an address, in small letters without its space; empty where there is none.
fn postcode_in(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    let is_one = |text: &str| text.len() >= 5 && nhs::postcode(text) != nhs::Postcode::No;
    let pair = words.windows(2).map(|pair| pair.concat()).find(|text| is_one(text));
    let found = pair.or_else(|| words.iter().find(|word| is_one(word)).map(|word| (*word).to_owned()));
    found.unwrap_or_default().to_lowercase()
}

/// The gender that a word names, where it is one of the two that a text names in one way.
fn gender(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "male" | "man" | "m" => Some("male"),
        "female" | "woman" | "f" => Some("female"),
        _ => None,
    }
}
