//! What changes the meaning of a resource: one table for every type, so that no view can forget a negation.
//!
//! The elements are those that STU3 marks `isModifier`, and those of later or looser data that act like them.

use super::context::Context;
use super::format::{self, coded};
use super::model::Warning;
use super::words::{code_words, list, uncapitalise};
use super::{labels, words};
use crate::tree::{NodeId, Tree};

/// Where the words go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Before everything else: the record is not to be believed, or may mean anything.
    Worst,
    /// In the headline, before its other words: the record says that something is not so.
    Negation,
    /// In the headline.
    Headline,
    /// In the one-line summary and at the value.
    Summary,
}

/// Something that changes the meaning.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where its words go.
    pub level: Level,
    /// The words.
    pub words: String,
    /// The element that says so.
    pub node: NodeId,
}

/// Boolean elements: name, the value that changes the meaning, words, level. Any type, any depth.
const BOOLEANS: &[(&str, &str, &str, Level)] = &[
    ("notGiven", "true", "NOT GIVEN", Level::Negation),
    ("wasNotGiven", "true", "NOT GIVEN", Level::Negation),
    ("notDone", "true", "NOT DONE", Level::Negation),
    ("notPerformed", "true", "NOT DONE", Level::Negation),
    ("doNotPerform", "true", "DO NOT PERFORM", Level::Negation),
    ("wasNotTaken", "true", "NOT TAKEN", Level::Negation),
    ("prohibited", "true", "Contains a PROHIBITED activity (do not do it)", Level::Headline),
    ("deleted", "true", "Contains an entry REMOVED FROM THE LIST", Level::Headline),
    ("exclude", "true", "Contains a characteristic that EXCLUDES (does not have it)", Level::Headline),
    ("estimatedAge", "true", "Age is estimated", Level::Headline),
    ("experimental", "true", "Experimental, not for real use", Level::Headline),
    ("overbooked", "true", "Overbooked", Level::Headline),
    ("deceasedBoolean", "true", "Died", Level::Headline),
    ("allowed", "true", "substitution allowed", Level::Summary),
    ("allowed", "false", "substitution NOT allowed", Level::Summary),
    ("primarySource", "false", "reported, not from the record of who gave it", Level::Summary),
    ("interpreterRequired", "true", "interpreter required", Level::Summary),
];

/// The words for a part of a list that is itself negated, at the part.
const PARTS: &[(&str, &str)] = &[
    ("prohibited", "PROHIBITED, do not do this"),
    ("deleted", "REMOVED FROM THE LIST"),
    ("exclude", "EXCLUDES: does not have this"),
    ("notDone", "NOT DONE"),
    ("notGiven", "NOT GIVEN"),
    ("doNotPerform", "DO NOT PERFORM"),
];

/// Codes of `status` that leave the headline as it is. Every status is listed, these too.
const NEUTRAL: &[&str] = &["active", "final", "completed", "finished", "current"];

/// Whether a status leaves the headline of this type as it is.
fn is_neutral(kind: &str, code: &str) -> bool {
    match kind {
        "Slot" => code == "free",
        // "finished" and "completed" care is over, which is news for what is otherwise ongoing.
        "CarePlan" | "CareTeam" | "EpisodeOfCare" | "Flag" | "Device" | "Coverage" | "Consent" | "Location" => {
            code == "active"
        }
        "Specimen" | "Endpoint" => code == "available" || code == "active",
        _ => NEUTRAL.contains(&code),
    }
}

/// The words of a status, with what is meant where the code alone misleads.
fn status_words(kind: &str, code: &str) -> String {
    match (kind, code) {
        (_, "entered-in-error") => "Entered in error",
        ("Medication" | "Observation" | "DiagnosticReport", "partial") => "Partial, more is to come",
        (_, "preliminary") => "Preliminary, not final",
        (_, "registered") => "Registered, no result yet",
        (_, "amended") => "Amended after it was final",
        (_, "corrected") => "Corrected after it was final",
        (_, "appended") => "Appended to after it was final",
        (_, "draft") => "Draft, not in force",
        (_, "retired") => "Retired, no longer for use",
        (_, "superseded") => "Superseded, a newer one exists",
        (_, "intended") => "Intended, not yet taken",
        (_, "stopped") => "Stopped",
        (_, "noshow") => "Patient did not attend (noshow)",
        (_, "busy-unavailable") => "Busy, not available",
        (_, "unknown") => "Status unknown",
        _ => return code_words("status", code),
    }
    .to_owned()
}

/// The words of an intent; `None` for an order, or a plan where a plan is what the type is.
fn intent_words(kind: &str, code: &str) -> Option<String> {
    if kind == "CarePlan" && code == "plan" || kind != "CarePlan" && code == "order" {
        return None;
    }
    Some(match code {
        "proposal" => "Proposal, NOT an order".to_owned(),
        "plan" => "Plan, NOT an order".to_owned(),
        "option" => "Option, NOT an order".to_owned(),
        _ => format!("Intent: {}", uncapitalise(&code_words("intent", code))),
    })
}

/// The words of a code-valued element that is not neutral.
fn code_rule(kind: &str, name: &str, code: &str, parent: &str, top: bool) -> Option<(Level, String)> {
    let headline = |words: String| Some((Level::Headline, words));
    let summary = |words: String| Some((Level::Summary, words));
    let words = || code_words(name, code);
    match name {
        "status" | "verificationStatus" if code == "entered-in-error" => {
            let level = if top { Level::Worst } else { Level::Summary };
            Some((level, if top { "Entered in error".to_owned() } else { "a part was entered in error".to_owned() }))
        }
        "status" if top => (!is_neutral(kind, code)).then(|| (Level::Headline, status_words(kind, code))),
        "status" if matches!(parent, "detail" | "participant") && !NEUTRAL.contains(&code) && code != "accepted" => {
            let whose = if parent == "detail" { "an activity" } else { "a participant" };
            summary(format!("{whose} is {}", uncapitalise(&status_words(kind, code))))
        }
        "clinicalStatus" if top && code != "active" => headline(words()),
        "verificationStatus" if top && code == "refuted" => Some((Level::Negation, "REFUTED".to_owned())),
        "verificationStatus" if top && code != "confirmed" => headline(match code {
            "unconfirmed" => "Unconfirmed".to_owned(),
            "differential" => "Differential, one of several possible".to_owned(),
            "provisional" => "Provisional".to_owned(),
            "unknown" => "Verification status unknown".to_owned(),
            _ => words(),
        }),
        "participantStatus" if top => headline(words()),
        "intent" if top => intent_words(kind, code).map(|words| (Level::Headline, words)),
        "taken" if top => match code {
            "y" => None,
            "n" => Some((Level::Negation, "NOT TAKEN".to_owned())),
            "unk" => headline("Not known if taken".to_owned()),
            "na" => headline("Taking does not apply".to_owned()),
            _ => headline(format!("Taken: {}", words())),
        },
        "mode" if top && kind == "List" && code != "working" => headline(match code {
            "changes" => "CHANGES ONLY, not the whole list".to_owned(),
            "snapshot" => "Snapshot of one moment".to_owned(),
            _ => words(),
        }),
        "mode" if top && kind == "Location" && code != "instance" => headline(match code {
            "kind" => "A kind of location, not one place".to_owned(),
            _ => words(),
        }),
        "mode" if parent == "section" && code != "working" => summary(match code {
            "changes" => "a section has CHANGES ONLY".to_owned(),
            "snapshot" => "a section is a snapshot of one moment".to_owned(),
            _ => format!("section mode {}", words()),
        }),
        "confidentiality" if top && code != "N" => headline(words()),
        "type" if top && kind == "Bundle" => None,
        "type" if matches!(parent, "except" | "provision") => summary(format!("exception: {}", words())),
        "comparator" => summary(format!("a value is given as {}", uncapitalise(&words()))),
        "equivalence" if !matches!(code, "equal" | "equivalent") => {
            summary(format!("a mapping is {}", uncapitalise(&words())))
        }
        "docStatus" if top && code != "final" => headline(words()),
        "notificationStatus" => None,
        "use" if !top && matches!(code, "old" | "temp" | "secondary" | "maiden" | "nickname" | "anonymous") => {
            let what = uncapitalise(&labels::element_label(parent));
            summary(format!("{} {what} is marked {}", "a", uncapitalise(&words())))
        }
        _ => None,
    }
}

/// Elements whose presence changes the meaning: type, name, words, level.
const PRESENT: &[(&str, &str, &str, Level)] = &[
    ("Patient", "animal", "Animal, not a human patient", Level::Headline),
    ("Questionnaire", "enableWhen", "some questions are asked only under a condition", Level::Summary),
    ("ValueSet", "filter", "codes are chosen by a filter", Level::Summary),
];

/// The words for a part that is negated, where one of its own elements says so.
pub fn part_words(context: &Context<'_>, node: NodeId) -> Option<&'static str> {
    PARTS.iter().find(|(name, _)| context.peek(node, name) == Some("true")).map(|(_, words)| *words)
}

/// Everything in a resource that changes its meaning, the worst first, each said once. Resources inside have their own.
pub fn find(context: &mut Context<'_>, resource: NodeId) -> Vec<Found> {
    context.unmarked(|context| {
        let mut found = Vec::new();
        let mut open = vec![resource];
        while let Some(node) = open.pop() {
            if node != resource {
                at(context, resource, node, &mut found);
            }
            let tree: &Tree = context.tree;
            if tree.name(node) == "text" && tree.child(node, "div").is_some() {
                continue;
            }
            let from = open.len();
            open.extend(tree.children(node).filter(|child| tree.resource_type(*child).is_none()));
            // The first child is looked at first.
            open.get_mut(from..).unwrap_or_default().reverse();
        }
        found.sort_by_key(|found: &Found| found.level);
        let mut said: Vec<(Level, String)> = Vec::new();
        found.retain(|found| {
            let key = (found.level, found.words.clone());
            let new = said.len() < 40 && !said.contains(&key);
            if new {
                said.push(key);
            }
            new
        });
        found
    })
}

fn at(context: &mut Context<'_>, resource: NodeId, node: NodeId, found: &mut Vec<Found>) {
    let tree = context.tree;
    let kind = tree.resource_type(resource).unwrap_or("");
    let name = tree.name(node);
    let parent = tree.parent(node).unwrap_or(resource);
    let top = parent == resource;
    let parent_name = tree.name(parent);
    let mut push = |level: Level, words: String| found.push(Found { level, words, node });
    match name {
        "modifierExtension" => {
            let words = "Contains information this viewer does not understand that changes its meaning";
            return push(Level::Worst, words.to_owned());
        }
        "implicitRules" if top => {
            return push(
                Level::Worst,
                "Follows rules this viewer does not know, which may change its meaning".to_owned(),
            );
        }
        "extension" => return,
        _ => {}
    }
    if let Some((_, _, words, level)) = PRESENT.iter().find(|(of, known, ..)| *of == kind && *known == name) {
        return push(*level, (*words).to_owned());
    }
    match (kind, name) {
        ("Patient" | "Person", "link") if top => {
            let code = context.peek(node, "type").unwrap_or("");
            let words = match code {
                "replaced-by" | "replace" => "REPLACED BY ANOTHER RECORD (replaced by)".to_owned(),
                "replaces" => "Replaces another record".to_owned(),
                "refer" => "Refers to another record".to_owned(),
                "seealso" => "See also another record (seealso)".to_owned(),
                _ => "Linked to another record".to_owned(),
            };
            return push(Level::Headline, words);
        }
        ("DocumentReference" | "Composition", "relatesTo") if top => {
            let words = match context.peek(node, "code").unwrap_or("") {
                "replaces" => "Replaces another document".to_owned(),
                "transforms" => "Transforms another document".to_owned(),
                "signs" => "Signs another document".to_owned(),
                "appends" => "Appends to another document".to_owned(),
                _ => "Related to another document".to_owned(),
            };
            return push(Level::Headline, words);
        }
        ("Patient" | "Person" | "FamilyMemberHistory", _)
            if top && name.starts_with("deceased") && name != "deceasedBoolean" =>
        {
            let text = format::inline_text(context, node);
            return push(Level::Headline, format!("Died {text}").trim_end().to_owned());
        }
        (_, "emptyReason") => {
            let text = coded::concept_words(context, node).unwrap_or_default();
            let (level, whose) = if top { (Level::Headline, "Empty") } else { (Level::Summary, "a section is empty") };
            return push(level, format!("{whose}: {}", uncapitalise(&text)));
        }
        (_, "dataAbsentReason") => {
            let code = coded::concept_words(context, node).unwrap_or_default();
            let whose = if top { "no value" } else { "a part has no value" };
            return push(Level::Summary, format!("{whose}: {}", uncapitalise(&coded::absent_words(&code))));
        }
        (_, "security") if parent_name == "meta" => {
            // GP Connect 1.6.2: the patient must not see it, so that this goes before everything else.
            if context.peek(node, "code") == Some("NOPAT") {
                return push(Level::Worst, "NOT TO BE DISCLOSED TO THE PATIENT (NOPAT)".to_owned());
            }
            let text = format::inline_text(context, node);
            return push(Level::Headline, format!("Security label: {text}"));
        }
        ("DeviceRequest", "intent") if tree.text(node).is_none() => {
            let text = coded::concept_words(context, node).unwrap_or_default();
            if text != "order" {
                push(Level::Headline, format!("Intent: {}", uncapitalise(&text)));
            }
            return;
        }
        _ => {}
    }
    let Some(text) = tree.text(node) else { return };
    let code = text.trim();
    if name == "active" && top && code == "false" {
        return push(Level::Headline, "NOT ACTIVE".to_owned());
    }
    // A sender that writes a boolean as text means it none the less.
    let boolean = code.to_ascii_lowercase();
    if let Some((_, _, words, level)) = BOOLEANS.iter().find(|(known, value, ..)| *known == name && *value == boolean) {
        return push(*level, (*words).to_owned());
    }
    if let Some((level, words)) = code_rule(kind, name, code, parent_name, top) {
        push(level, words);
    }
}

/// The headline: what changes the meaning, then what it is about.
pub fn headline(found: &[Found], subject: &str) -> String {
    let words: Vec<&str> =
        found.iter().filter(|found| found.level != Level::Summary).map(|found| found.words.as_str()).collect();
    if words.is_empty() { subject.to_owned() } else { format!("{}: {subject}", words.join("; ")) }
}

/// What goes into the one-line summary after the headline.
pub fn notes(found: &[Found]) -> Option<String> {
    let words: Vec<String> =
        found.iter().filter(|found| found.level == Level::Summary).map(|found| found.words.clone()).collect();
    (!words.is_empty()).then(|| words::capitalise(&list(&words)))
}

/// The warnings: each with what an unknown modifier extension says.
pub fn warnings(context: &mut Context<'_>, found: &[Found]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for found in found.iter().filter(|found| found.level != Level::Summary) {
        let text = match context.tree.name(found.node) {
            "modifierExtension" => {
                let url = context.peek(found.node, "url").unwrap_or("no address given");
                format!(
                    "{}: {}. See \u{201c}{}\u{201d}.",
                    found.words,
                    words::visible(url),
                    labels::extension_label(url)
                )
            }
            "implicitRules" => {
                format!("{}: {}", found.words, words::visible(context.tree.text(found.node).unwrap_or("")))
            }
            _ => found.words.clone(),
        };
        warnings.push(Warning { text, pointer: context.pointer(found.node) });
    }
    warnings
}
