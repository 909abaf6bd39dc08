//! What a reader of a line must not miss, beside what the line is about: in contents, lists, references and summaries a
//! medicine has its dose and whether it has ended, an allergy its reaction and risk, a result its flag and date, a procedure
//! its side, a vaccination its dose number (RECORD view, one-line forms).

use super::super::context::Context;
use super::super::format::{self, coded, date::Moment};
use super::super::shape::Shape;
use super::super::words;
use super::{first, select, words_of};
use crate::tree::NodeId;
use std::collections::BTreeSet;

/// The facts of a line, joined.
pub(super) fn facts(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let mut out = always(context, node);
    match context.tree.resource_type(node).unwrap_or("") {
        "MedicationStatement" => {
            medicine(context, node, "dosage", &mut out);
            out.extend(since(context, node, "effective[x]", "from {}"));
            out.extend(since(context, node, "extension:MedicationStatementLastIssueDate", "last issued {}"));
        }
        "MedicationRequest" | "MedicationDispense" => medicine(context, node, "dosageInstruction", &mut out),
        "MedicationAdministration" => {
            out.extend(first(context, node, &["dosage.text", "dosage.dose"]));
            out.extend(since(context, node, "effective[x]", "{}"));
        }
        "AllergyIntolerance" => out.extend(since(context, node, "onset[x]", "since {}")),
        "Condition" => {
            out.extend(first(context, node, &["bodySite"]));
            out.extend(since(context, node, "onset[x]", "since {}"));
        }
        "Observation" => {
            out.extend(first(context, node, &["interpretation"]).map(|flag| words::uncapitalise(&flag)));
            out.extend(first(context, node, &["bodySite"]));
            out.extend(since(context, node, "effective[x]", "{}").or_else(|| since(context, node, "issued", "{}")));
        }
        "Procedure" => {
            out.extend(first(context, node, &["bodySite"]));
            out.extend(
                select(context, node, "bodySite.extension").into_iter().find_map(|side| words_of(context, side)),
            );
            out.extend(since(context, node, "performed[x]", "{}"));
        }
        "Immunization" => {
            if let Some(number) = first(context, node, &["vaccinationProtocol.doseSequence"]) {
                out.push(match first(context, node, &["vaccinationProtocol.seriesDoses"]) {
                    Some(of) => context.fill("dose {} of {}", &[&number, &of]),
                    None => context.fill("dose {}", &[&number]),
                });
            }
            out.extend(since(context, node, "date", "{}"));
        }
        "ProcedureRequest" => {
            out.extend(first(context, node, &["bodySite"]));
            out.extend(since(context, node, "occurrence[x]", "due {}"));
        }
        "ReferralRequest" => out.extend(since(context, node, "authoredOn", "{}")),
        "DiagnosticReport" => out.extend(since(context, node, "issued", "{}")),
        "DocumentReference" => {
            out.extend(since(context, node, "created", "{}").or_else(|| since(context, node, "indexed", "{}")));
        }
        _ => {}
    }
    (!out.is_empty()).then(|| out.join(", "))
}

/// Those that stand in the headline too: without them it could be taken for the opposite, or for less than it is.
pub(super) fn always(context: &mut Context<'_>, node: NodeId) -> Vec<String> {
    let mut out = Vec::new();
    match context.tree.resource_type(node).unwrap_or("") {
        "MedicationStatement" => out.extend(ended(context, node, "effectivePeriod.end")),
        "MedicationRequest" => out.extend(ended(context, node, "dispenseRequest.validityPeriod.end")),
        "Condition" => out.extend(ended(context, node, "abatementDateTime")),
        "AllergyIntolerance" => {
            for reaction in context.children(node, "reaction") {
                for found in context.children(reaction, "manifestation") {
                    out.extend(words_of(context, found).filter(|_| !coded::is_unknown(context, found)));
                }
                out.extend(first(context, reaction, &["severity"]).map(|severity| words::uncapitalise(&severity)));
                out.extend(first(context, reaction, &["description"]));
            }
            if context.peek(node, "criticality") == Some("high") {
                out.push(context.say("HIGH RISK"));
            }
        }
        _ => {}
    }
    let mut said: BTreeSet<String> = BTreeSet::new();
    out.retain(|fact| said.insert(fact.clone()));
    out
}

fn medicine(context: &mut Context<'_>, node: NodeId, dosage: &str, out: &mut Vec<String>) {
    for dose in context.children(node, dosage).into_iter().take(4) {
        let text = context.peek(dose, "text").map(str::trim).filter(|text| !text.is_empty()).map(words::visible);
        let text = text.or_else(|| Some(format::inline_text(context, dose)).filter(|text| !text.trim().is_empty()));
        out.extend(text.map(|text| text.replace('\n', " ")));
    }
}

/// The day of a date or of the start of a period, in a phrase.
fn since(context: &Context<'_>, node: NodeId, path: &str, phrase: &str) -> Option<String> {
    let mut found = select(context, node, path).into_iter().next()?;
    if context.shape(found) == Shape::Extension {
        found = context.choice(found, "value")?;
    }
    if context.shape(found) == Shape::Period {
        found = context.child(found, "start").or_else(|| context.child(found, "end"))?;
    }
    let text = context.tree.text(found)?;
    // What is no date says what it says without "since".
    let day = text.split('T').next().unwrap_or(text);
    Moment::parse(day)?;
    Some(context.fill(phrase, &[&format::date_text(context, day)]))
}

/// When something ended: where the day for which ages are given is known, only what is over by then; otherwise the end as
/// recorded.
fn ended(context: &Context<'_>, node: NodeId, path: &str) -> Option<String> {
    let found = select(context, node, path).into_iter().next()?;
    let text = context.tree.text(found)?;
    let day = text.split('T').next().unwrap_or(text);
    let end = Moment::parse(day)?;
    let shown = format::date_text(context, day);
    Some(match &context.as_of {
        Some(as_of) if end.is_before(as_of) => context.fill("ended {}", &[&shown]),
        _ => context.fill("until {}", &[&shown]),
    })
}
