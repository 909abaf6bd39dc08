//! Whether two records are of one patient: the cross-check that GP Connect asks of whoever shows another's record.

use super::context::Context;
use super::format;
use super::language::Language;
use super::views::{people, select};
use super::words;
use super::{Options, Types};
use crate::tree::{NodeId, Tree};
use serde::Serialize;

/// What the comparison of one field found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Both records say the same.
    Same,
    /// They say different things: a warning.
    Different,
    /// One of them, or both, does not say, or not as exactly, so that nothing is decided.
    Missing,
}

/// One field of two records.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// `nhsNumber`, `family`, `given`, `gender`, `birthDate`, `practiceCode` or `deceased`.
    pub field: &'static str,
    /// What it is called.
    pub label: String,
    /// What the first record says, as recorded; several given names with a space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub a: Option<String>,
    /// What the second says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<String>,
    /// The verdict.
    pub result: Verdict,
    /// The verdict in a sentence.
    pub words: String,
}

/// Two records compared.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Whether every field is the same.
    pub same: bool,
    /// The fields, always all seven, in order.
    pub fields: Vec<Field>,
    /// What stands in the way, or is different, in one sentence.
    pub words: String,
}

/// What a record says of each field; `None` where there is no Patient.
#[derive(Default)]
struct Facts([Option<String>; 7]);

/// The fields and their labels.
const FIELDS: [(&str, &str); 7] = [
    ("nhsNumber", "NHS number"),
    ("family", "Family name"),
    ("given", "Given names"),
    ("gender", "Gender"),
    ("birthDate", "Date of birth"),
    ("practiceCode", "Practice code"),
    ("deceased", "Date of death"),
];

/// Compares the Patient of two inputs: each is one, or holds one (a Bundle). The name is the official one, or else the
/// usual; letters count without their case, and kinds of apostrophes and hyphens as one.
///
/// # Errors
/// An input has no Patient, or more than one: the sentence says which.
pub fn demographics(a: &Tree, b: &Tree, types: &dyn Types, language: Language) -> Result<Comparison, String> {
    let options = Options { language, ..Options::default() };
    let (a, b) = (facts(a, types, &options, "first")?, facts(b, types, &options, "second")?);
    let fields: Vec<Field> = FIELDS
        .iter()
        .enumerate()
        .map(|(at, (field, label))| {
            let of = |facts: &Facts| facts.0.get(at).cloned().flatten();
            compared(language, field, language.say(label), of(&a), of(&b))
        })
        .collect();
    let named = |verdict: Verdict| -> Vec<String> {
        let fields = fields.iter().filter(|field| field.result == verdict);
        fields.map(|field| words::uncapitalise(&field.label)).collect()
    };
    let (different, missing) = (named(Verdict::Different), named(Verdict::Missing));
    let list = |items: &[String]| words::list(language, items);
    let words = match (different.is_empty(), missing.is_empty()) {
        (true, true) => language.say("Both records say the same of all seven fields."),
        (false, true) => language.fill("CHECK THE PATIENT: the records differ in {}.", &[&list(&different)]),
        (true, false) => {
            language.fill("Nothing differs, but not everything could be compared: {}.", &[&list(&missing)])
        }
        (false, false) => language.fill(
            "CHECK THE PATIENT: the records differ in {}; what could not be compared: {}.",
            &[&list(&different), &list(&missing)],
        ),
    };
    Ok(Comparison { same: different.is_empty() && missing.is_empty(), fields, words })
}

/// The one Patient of an input.
fn patient(tree: &Tree, which: &str) -> Result<NodeId, String> {
    let mut patients = tree.all().filter(|node| tree.resource_type(*node) == Some("Patient"));
    match (patients.next(), patients.next()) {
        (Some(patient), None) => Ok(patient),
        (None, _) => Err(format!("The {which} input has no Patient.")),
        (Some(_), Some(_)) => {
            Err(format!("The {which} input has more than one Patient; give the Patient that is meant."))
        }
    }
}

fn facts(tree: &Tree, types: &dyn Types, options: &Options, which: &str) -> Result<Facts, String> {
    let node = patient(tree, which)?;
    let context = Context::new(tree, types, &(), options, None);
    let text = |node: NodeId| tree.text(node).map(str::trim).filter(|text| !text.is_empty()).map(words::visible);
    let name = people::best_name(&context, node);
    let given: Vec<String> =
        name.map(|name| context.children(name, "given").into_iter().filter_map(text).collect()).unwrap_or_default();
    let family = name.and_then(|name| context.child(name, "family")).and_then(text);
    let child = |name: &str| context.child(node, name).and_then(text);
    let deceased = context.choice(node, "deceased").and_then(text);
    Ok(Facts([
        nhs_number(&context, node),
        family,
        (!given.is_empty()).then(|| given.join(" ")),
        child("gender"),
        child("birthDate"),
        practice(&context, node),
        // Not dead and nothing said of it are the same here: nobody recorded a death.
        deceased.filter(|text| text != "false"),
    ]))
}

/// The NHS number without spaces: of several the first that is not marked as old.
fn nhs_number(context: &Context<'_>, patient: NodeId) -> Option<String> {
    let mut all = select(context, patient, "identifier:nhs");
    crate::order::sort_by_key(&mut all, |identifier| context.peek(*identifier, "use") == Some("old"));
    all.into_iter().find_map(|identifier| {
        let value: String = context.peek(identifier, "value")?.chars().filter(|c| !c.is_whitespace()).collect();
        (!value.is_empty()).then(|| words::visible(&value))
    })
}

/// The ODS code of the practice where the patient is registered: of `generalPractitioner` or, as GP Connect has it,
/// `managingOrganization`; in the reference itself or in the Organization that it names.
fn practice(context: &Context<'_>, patient: NodeId) -> Option<String> {
    let tree = context.tree;
    let code_in = |node: NodeId| {
        context.children(node, "identifier").into_iter().find_map(|identifier| {
            let is_ods = |system: &str| system.trim_end_matches('/').ends_with("/ods-organization-code");
            context.peek(identifier, "system").filter(|system| is_ods(system))?;
            let value = context.peek(identifier, "value")?.trim();
            (!value.is_empty()).then(|| words::visible(value))
        })
    };
    let of = |reference: NodeId| {
        code_in(reference).or_else(|| {
            let target = context.peek(reference, "reference").and_then(|text| context.resolve(reference, text))?;
            match tree.resource_type(target) {
                Some("Organization") => code_in(target),
                // A role says at which practice the GP works.
                Some("PractitionerRole") => select(context, target, "organization").into_iter().find_map(|inner| {
                    code_in(inner).or_else(|| {
                        context.peek(inner, "reference").and_then(|text| context.resolve(inner, text)).and_then(code_in)
                    })
                }),
                _ => None,
            }
        })
    };
    ["managingOrganization", "generalPractitioner"]
        .into_iter()
        .find_map(|name| context.children(patient, name).into_iter().find_map(of))
}

/// A text in the form in which two are compared.
fn folded(text: &str) -> String {
    let plain = text.chars().map(|c| match c {
        '\u{2018}' | '\u{2019}' | '\u{2b9}' | '\u{2bc}' | '\u{b4}' | '`' => '\'',
        '\u{2010}'..='\u{2015}' => '-',
        _ => c,
    });
    let plain: String = plain.flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn compared(language: Language, field: &'static str, label: String, a: Option<String>, b: Option<String>) -> Field {
    let is_date = matches!(field, "birthDate" | "deceased");
    let shown = |text: &str| match format::date::Moment::parse(text) {
        Some(moment) if is_date => moment.clinical(),
        _ if text == "true" => language.say("yes, without a date"),
        _ if field == "nhsNumber" && crate::nhs::nhs_number(text).is_ok() => format::person::nhs_number(text),
        _ if field == "gender" => words::code_words(language, "gender", text),
        _ => text.to_owned(),
    };
    let (result, words) = match (&a, &b) {
        (None, None) if field == "deceased" => {
            (Verdict::Same, language.say("Neither record says that the patient has died."))
        }
        (None, None) => (Verdict::Missing, language.say("Neither record says it.")),
        (Some(a), None) if field == "deceased" => (
            Verdict::Different,
            language.fill("Only the first record says that the patient has died: {}.", &[&shown(a)]),
        ),
        (None, Some(b)) if field == "deceased" => (
            Verdict::Different,
            language.fill("Only the second record says that the patient has died: {}.", &[&shown(b)]),
        ),
        (Some(a), None) => (Verdict::Missing, language.fill("Only the first record says it: {}.", &[&shown(a)])),
        (None, Some(b)) => (Verdict::Missing, language.fill("Only the second record says it: {}.", &[&shown(b)])),
        (Some(one), Some(two)) => {
            let verdict = if is_date { dates(one, two) } else { texts(one, two) };
            let phrase = match verdict {
                Verdict::Same => "Both records say the same: {}.",
                Verdict::Different => "The records differ: {} in the first, {} in the second.",
                Verdict::Missing => "One record is less exact: {} in the first, {} in the second.",
            };
            (verdict, language.fill(phrase, &[&shown(one), &shown(two)]))
        }
    };
    Field { field, label, a, b, result, words }
}

fn texts(one: &str, two: &str) -> Verdict {
    if folded(one) == folded(two) { Verdict::Same } else { Verdict::Different }
}

/// Two dates by their days, as far as both go: the time of day is not compared.
fn dates(one: &str, two: &str) -> Verdict {
    let day = |text: &str| text.split('T').next().unwrap_or(text).to_owned();
    let (one, two) = (day(one), day(two));
    match () {
        () if one == two => Verdict::Same,
        () if one == "true" || two == "true" => Verdict::Missing,
        () if one.starts_with(&format!("{two}-")) || two.starts_with(&format!("{one}-")) => Verdict::Missing,
        () => Verdict::Different,
    }
}
