//! A resource in one line, with what a reader must not miss: for links, for the content of consultations, and for letters.

use super::{contradictions, flat, forced, gather, values};
use crate::render::context::Context;
use crate::render::format::{self, coded};
use crate::render::modifiers::{self, Level};
use crate::render::shape::Shape;
use crate::render::views::{self, select};
use crate::render::words;
use crate::tree::NodeId;

/// The line of a resource.
pub(in crate::render) fn short(context: &mut Context<'_>, node: NodeId) -> String {
    let kind = context.tree.resource_type(node).unwrap_or("").to_owned();
    if views::is_kept_from_patients(context, node) {
        return context.say(views::KEPT_FROM_PATIENTS);
    }
    let line = match kind.as_str() {
        "AllergyIntolerance" => allergy(context, node),
        "MedicationStatement" | "MedicationRequest" => medicine(context, node),
        "Condition" => problem(context, node),
        "Immunization" => immunisation(context, node),
        "Observation" => observation(context, node),
        "Encounter" => return dated(context, node, "period", &["type", "class"]),
        "ReferralRequest" => referral(context, node),
        "ProcedureRequest" if context.gp_connect => plan(context, node),
        "DocumentReference" => document(context, node),
        "Procedure" => procedure(context, node),
        "FamilyMemberHistory" => family(context, node),
        "DiagnosticReport" => report(context, node),
        "List" => first(context, node, &["title", "code"]).unwrap_or_else(|| context.say("List")),
        "PractitionerRole" | "Practitioner" | "Organization" | "Location" | "HealthcareService" => {
            return views::bare_line(context, node);
        }
        _ => return views::bare_line(context, node),
    };
    let words = warnings(context, node);
    let mut line = if words.is_empty() { line } else { format!("{}: {line}", words.join("; ")) };
    for text in contradictions::of_line(context, node) {
        line.push_str(&format!(". {text}"));
    }
    line
}

/// The words without which the line would mislead.
fn warnings(context: &mut Context<'_>, node: NodeId) -> Vec<String> {
    let found = modifiers::find(context, node);
    let kind = context.tree.resource_type(node).unwrap_or("");
    let said = |name: &str| match kind {
        // The line itself says these.
        "Condition" | "AllergyIntolerance" => matches!(name, "clinicalStatus" | "criticality"),
        "MedicationStatement" | "MedicationRequest" => name == "status",
        "ReferralRequest" => name == "priority",
        _ => false,
    };
    let mut out = Vec::new();
    for found in found {
        let is_error = context.tree.text(found.node) == Some("entered-in-error");
        if found.level == Level::Summary
            || forced::is_forced(context, found.node)
            || said(context.tree.name(found.node)) && !is_error
        {
            continue;
        }
        out.push(found.words);
    }
    out
}

/// The words of the first path that says something.
pub(super) fn first(context: &mut Context<'_>, node: NodeId, paths: &[&str]) -> Option<String> {
    for path in paths {
        for found in select(context, node, path) {
            if let Some(words) = words_of(context, found) {
                return Some(words);
            }
        }
    }
    None
}

fn words_of(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let text = match context.shape(node) {
        Shape::Concept | Shape::Coding => coded::concept_words(context, node)?,
        Shape::Extension => {
            let value = context.choice(node, "value")?;
            words_of(context, value)?
        }
        Shape::Reference => {
            let target = context.peek(node, "reference").and_then(|text| context.resolve(node, text));
            match target {
                Some(target) => views::bare_line(context, target),
                None => context.take_child(node, "display")?,
            }
        }
        _ => format::inline_text(context, node),
    };
    let text = text.replace('\n', " ").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// A date at a path without its time.
pub(super) fn day(context: &Context<'_>, node: NodeId, path: &str) -> Option<String> {
    let found = select(context, node, path).into_iter().next()?;
    let found = match context.shape(found) {
        Shape::Period => context.child(found, "start")?,
        Shape::Extension => context.choice(found, "value")?,
        _ => found,
    };
    let text = context.tree.text(found)?;
    Some(format::date_text(context, text.split('T').next().unwrap_or(text)))
}

fn dated(context: &mut Context<'_>, node: NodeId, date: &str, paths: &[&str]) -> String {
    let what = first(context, node, paths).unwrap_or_else(|| views::title(context, node));
    match day(context, node, date) {
        Some(day) => format!("{day} {what}"),
        None => what,
    }
}

fn name(context: &mut Context<'_>, node: NodeId, paths: &[&str]) -> String {
    first(context, node, paths).unwrap_or_else(|| context.say("not named"))
}

fn allergy(context: &mut Context<'_>, node: NodeId) -> String {
    let mut line = name(context, node, &["code", "reaction.substance"]);
    let reactions: Vec<String> = reactions(context, node);
    if !reactions.is_empty() {
        line.push_str(&format!(": {}", reactions.join("; ")));
    }
    if context.peek(node, "criticality") == Some("high") {
        line.push_str(&format!("; {}", context.say("HIGH RISK")));
    }
    if let Some(since) = day(context, node, "onset[x]") {
        line.push_str(&format!("; {}", context.fill("since {}", &[&since])));
    }
    match context.peek(node, "clinicalStatus") {
        Some("resolved") => format!("{} {line}", context.say("ENDED")),
        Some("inactive") => format!("{} {line}", context.say("INACTIVE")),
        _ => line,
    }
}

/// `rash, moderate`
pub(super) fn reactions(context: &mut Context<'_>, node: NodeId) -> Vec<String> {
    let mut out = Vec::new();
    for reaction in context.children(node, "reaction") {
        let mut parts = Vec::new();
        for found in context.children(reaction, "manifestation") {
            parts.extend(words_of(context, found).filter(|_| !coded::is_unknown(context, found)));
        }
        parts.extend(first(context, reaction, &["severity"]).map(|text| text.to_lowercase()));
        parts.extend(first(context, reaction, &["description"]));
        if !parts.is_empty() {
            out.push(parts.join(", "));
        }
    }
    out
}

fn medicine(context: &mut Context<'_>, node: NodeId) -> String {
    let mut line = name(context, node, &["medication[x]"]);
    let dosed = first(context, node, &["dosage", "dosageInstruction"]);
    // Some senders give the dose with the authorisation alone.
    let plans = if dosed.is_none() { gather::targets(context, node, "basedOn") } else { Vec::new() };
    let dosed = dosed.or_else(|| plans.into_iter().find_map(|plan| first(context, plan, &["dosageInstruction"])));
    if let Some(dose) = dosed {
        line.push_str(&format!(", {} {dose}", context.say("DOSE")));
    }
    let is_order = context.peek(node, "intent") == Some("order");
    let status = context.peek(node, "status");
    if let Some(status) = status.filter(|status| *status != "active" && !is_order) {
        let words = words::code_words(context.options.language, "status", status);
        line = if status == "stopped" {
            format!("{} {line}", context.say("STOPPED"))
        } else {
            format!("{line}, {}", words.to_lowercase())
        };
    }
    if let Some(end) = ended_unnoticed(context, node) {
        line = format!("{} {line}", context.fill("ENDED {}", &[&end]));
    }
    if is_order && context.gp_connect {
        if let Some(day) =
            day(context, node, "dispenseRequest.validityPeriod").or_else(|| day(context, node, "authoredOn"))
        {
            line.push_str(&format!(", {}", context.fill("issued {}", &[&day])));
        }
    } else if let Some(day) = day(context, node, "extension:MedicationStatementLastIssueDate") {
        line.push_str(&format!(", {}", context.fill("last issued {}", &[&day])));
    }
    line
}

/// The day on which a medicine ended that is still recorded as active, where that was before the record was taken.
pub(super) fn ended_unnoticed(context: &Context<'_>, node: NodeId) -> Option<String> {
    if !matches!(context.peek(node, "status"), Some("active" | "on-hold" | "intended")) {
        return None;
    }
    let end = select(context, node, "effectivePeriod.end").into_iter().next()?;
    let end = context.tree.text(end)?.get(..10)?;
    let today = context.today.as_deref()?.get(..10)?;
    (end < today).then(|| format::date_text(context, end))
}

fn problem(context: &mut Context<'_>, node: NodeId) -> String {
    let mut line = name(context, node, &["code"]);
    for path in ["bodySite", "severity", "extension:ProblemSignificance"] {
        if let Some(words) = first(context, node, &[path]) {
            line.push_str(&format!(", {}", words.to_lowercase()));
        }
    }
    let status = context.peek(node, "clinicalStatus").unwrap_or("");
    let since = day(context, node, "onset[x]");
    let ended = day(context, node, "abatement[x]");
    let status = words::code_words(context.options.language, "clinicalStatus", status).to_lowercase();
    match (status.is_empty(), since) {
        (false, Some(since)) => line.push_str(&format!(", {}", context.fill("{} since {}", &[&status, &since]))),
        (false, None) => line.push_str(&format!(", {status}")),
        (true, Some(since)) => line.push_str(&format!(", {}", context.fill("since {}", &[&since]))),
        (true, None) => {}
    }
    if let Some(ended) = ended {
        line.push_str(&format!(", {}", context.fill("ended {}", &[&ended])));
    }
    line
}

fn immunisation(context: &mut Context<'_>, node: NodeId) -> String {
    let known = context.child(node, "vaccineCode").is_some_and(|code| !coded::is_unknown(context, code));
    let paths = if known {
        ["extension:VaccinationProcedure", "vaccineCode"]
    } else {
        ["extension:VaccinationProcedure", "vaccineCode.text"]
    };
    let mut line = name(context, node, &paths);
    if let Some(dose) = dose_number(context, node) {
        line.push_str(&format!(", {dose}"));
    }
    match day(context, node, "date") {
        Some(day) => format!("{day} {line}"),
        None => line,
    }
}

/// `dose 1 of 2`
pub(super) fn dose_number(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let sequence = first(context, node, &["vaccinationProtocol.doseSequence"])?;
    Some(match first(context, node, &["vaccinationProtocol.seriesDoses"]) {
        Some(of) => context.fill("dose {} of {}", &[&sequence, &of]),
        None => context.fill("dose {}", &[&sequence]),
    })
}

fn observation(context: &mut Context<'_>, node: NodeId) -> String {
    if gather::is_comment(context, node)
        && let Some(comment) = context.peek(node, "comment")
    {
        // The code says only that this is text.
        return words::visible(comment);
    }
    let mut line = name(context, node, &["code"]);
    let value = values::value(context, node);
    if !value.is_empty() {
        // A value in parts has names of its own.
        let end = if context.child(node, "component").is_some() { ":" } else { "" };
        line.push_str(&format!("{end} {}", flat(&value)));
    }
    let range = flat(&values::range(context, node));
    if !range.is_empty() {
        line.push_str(&format!(" ({range})"));
    }
    if let Some(day) = day(context, node, "effective[x]").or_else(|| day(context, node, "issued")) {
        line.push_str(&format!(" {day}"));
    }
    if let Some(comment) = context.peek(node, "comment") {
        line.push_str(&format!(". {}", words::visible(comment)));
    }
    line
}

/// What a report is of: GP Connect gives all of them one code, so that the tests name it.
fn report(context: &mut Context<'_>, node: NodeId) -> String {
    const ANY: &str = "721981007";
    const MOST: usize = 3;
    let is_any = select(context, node, "code.coding.code").iter().any(|code| context.tree.text(*code) == Some(ANY));
    if context.gp_connect && is_any {
        let results = gather::targets(context, node, "result");
        let mut names: Vec<String> = Vec::new();
        for result in &results {
            names.extend(first(context, *result, &["code"]).filter(|name| !names.contains(name)));
        }
        if !names.is_empty() {
            let more = names.len().saturating_sub(MOST);
            names.truncate(MOST);
            if more > 0 {
                names.push(context.fill("and {} more", &[&more.to_string()]));
            }
            let names = names.join(", ");
            return match day(context, node, "issued") {
                Some(day) => format!("{day} {names}"),
                None => names,
            };
        }
    }
    dated(context, node, "issued", &["code", "category"])
}

fn referral(context: &mut Context<'_>, node: NodeId) -> String {
    let mut line = dated(context, node, "authoredOn", &["reasonCode", "serviceRequested", "type"]);
    if let Some(priority) = first(context, node, &["priority"]) {
        line.push_str(&format!(", {}", priority.to_lowercase()));
    }
    if let Some(to) = first(context, node, &["recipient"]) {
        line.push_str(&format!(", {}", context.fill("to {}", &[&to])));
    }
    line
}

fn plan(context: &mut Context<'_>, node: NodeId) -> String {
    let what = name(context, node, &["code"]);
    match day(context, node, "occurrence[x]") {
        Some(day) => context.fill("Planned for {}: {}", &[&day, &what]),
        None => context.fill("Planned: {}", &[&what]),
    }
}

fn document(context: &mut Context<'_>, node: NodeId) -> String {
    let mut line = dated(context, node, "created", &["type", "class"]);
    if let Some(text) = first(context, node, &["description"]) {
        line.push_str(&format!(", \u{201c}{text}\u{201d}"));
    }
    line
}

fn procedure(context: &mut Context<'_>, node: NodeId) -> String {
    let mut line = name(context, node, &["code"]);
    if let Some(site) = first(context, node, &["bodySite"]) {
        line.push_str(&format!(", {site}"));
    }
    for side in
        select(context, node, "bodySite.extension").into_iter().chain(select(context, node, "extension:Laterality"))
    {
        line.push_str(&words_of(context, side).map(|side| format!(", {side}")).unwrap_or_default());
    }
    if let Some(day) = day(context, node, "performed[x]") {
        line.push_str(&format!(", {day}"));
    }
    line
}

fn family(context: &mut Context<'_>, node: NodeId) -> String {
    let who = name(context, node, &["relationship", "name"]);
    let mut what = Vec::new();
    for condition in context.children(node, "condition") {
        let mut one = name(context, condition, &["code"]);
        if let Some(age) = first(context, condition, &["onset[x]"]) {
            one = context.fill("{} at {}", &[&one, &age]);
        }
        what.push(one);
    }
    if what.is_empty() { who } else { format!("{who}: {}", what.join("; ")) }
}
