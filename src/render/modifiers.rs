//! What changes the meaning of a resource: one table for every type, so that no view can forget a negation.
//!
//! The elements are those that STU3 marks `isModifier`, and those of later or looser data that act like them.

use super::build::birth_time;
use super::context::Context;
use super::format::date::Moment;
use super::format::{self, coded};
use super::language::Language;
use super::model::Warning;
use super::record::forced;
use super::views::people::is_dead;
use super::views::{is_authorisation, is_kept_from_patients};
use super::words::{code_words, list, uncapitalise};
use super::{labels, news2, words};
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
        "Appointment" => matches!(code, "booked" | "arrived"),
        // "finished" and "completed" care is over, which is news for what is otherwise ongoing.
        "CarePlan" | "CareTeam" | "EpisodeOfCare" | "Flag" | "Device" | "Coverage" | "Consent" | "Location" => {
            code == "active"
        }
        "Specimen" | "Endpoint" => code == "available" || code == "active",
        _ => NEUTRAL.contains(&code),
    }
}

/// The words of a status, with what is meant where the code alone misleads.
fn status_words(language: Language, kind: &str, code: &str) -> String {
    language.say(match (kind, code) {
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
        _ => return code_words(language, "status", code),
    })
}

/// The words of an intent; `None` for an order, or a plan where a plan is what the type is.
fn intent_words(language: Language, kind: &str, code: &str) -> Option<String> {
    if kind == "CarePlan" && code == "plan" || kind != "CarePlan" && code == "order" {
        return None;
    }
    Some(match code {
        "proposal" => language.say("Proposal, NOT an order"),
        "plan" => language.say("Plan, NOT an order"),
        "option" => language.say("Option, NOT an order"),
        _ => language.fill("Intent: {}", &[&uncapitalise(&code_words(language, "intent", code))]),
    })
}

/// The words of a code-valued element that is not neutral.
fn code_rule(
    language: Language,
    kind: &str,
    name: &str,
    code: &str,
    parent: &str,
    top: bool,
) -> Option<(Level, String)> {
    let headline = |words: String| Some((Level::Headline, words));
    let summary = |words: String| Some((Level::Summary, words));
    let words = || code_words(language, name, code);
    let small = || uncapitalise(&words());
    match name {
        "status" | "verificationStatus" if code == "entered-in-error" => {
            let level = if top { Level::Worst } else { Level::Summary };
            Some((level, language.say(if top { "Entered in error" } else { "a part was entered in error" })))
        }
        "status" if top => (!is_neutral(kind, code)).then(|| (Level::Headline, status_words(language, kind, code))),
        "status" if matches!(parent, "detail" | "participant") && !NEUTRAL.contains(&code) && code != "accepted" => {
            let phrase = if parent == "detail" { "an activity is {}" } else { "a participant is {}" };
            summary(language.fill(phrase, &[&uncapitalise(&status_words(language, kind, code))]))
        }
        "clinicalStatus" if top && code != "active" => headline(words()),
        "verificationStatus" if top && code == "refuted" => Some((Level::Negation, language.say("REFUTED"))),
        "verificationStatus" if top && code != "confirmed" => headline(match code {
            "differential" => language.say("Differential, one of several possible"),
            "unknown" => language.say("Verification status unknown"),
            _ => words(),
        }),
        "participantStatus" if top => headline(words()),
        "intent" if top => intent_words(language, kind, code).map(|words| (Level::Headline, words)),
        "taken" if top => match code {
            "y" => None,
            "n" => Some((Level::Negation, language.say("NOT TAKEN"))),
            "unk" => headline(language.say("Not known if taken")),
            "na" => headline(language.say("Taking does not apply")),
            _ => headline(language.fill("Taken: {}", &[&words()])),
        },
        "mode" if top && kind == "List" && code != "working" => headline(match code {
            "changes" => language.say("CHANGES ONLY, not the whole list"),
            "snapshot" => language.say("Snapshot of one moment"),
            _ => words(),
        }),
        "mode" if top && kind == "Location" && code != "instance" => headline(match code {
            "kind" => language.say("A kind of location, not one place"),
            _ => words(),
        }),
        "mode" if parent == "section" && code != "working" => summary(match code {
            "changes" => language.say("a section has CHANGES ONLY"),
            "snapshot" => language.say("a section is a snapshot of one moment"),
            _ => language.fill("section mode {}", &[&words()]),
        }),
        "confidentiality" if top && code != "N" => headline(words()),
        "type" if top && kind == "Bundle" => None,
        "type" if matches!(parent, "except" | "provision") => {
            let phrase = match code {
                "deny" => "with an exception that DENIES",
                "permit" => "with an exception that PERMITS",
                _ => return headline(language.fill("with an exception: {}", &[&small()])),
            };
            headline(language.say(phrase))
        }
        "comparator" => summary(language.fill("a value is given as {}", &[&small()])),
        "equivalence" if !matches!(code, "equal" | "equivalent") => {
            summary(language.fill("a mapping is {}", &[&small()]))
        }
        "docStatus" if top && code != "final" => headline(words()),
        "notificationStatus" => None,
        "use" if !top && matches!(code, "old" | "temp" | "secondary" | "maiden" | "nickname" | "anonymous") => {
            let what = uncapitalise(&labels::element_label(language, parent));
            summary(language.fill("{} is marked {}", &[&what, &small()]))
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
pub fn part_words(context: &Context<'_>, node: NodeId) -> Option<String> {
    PARTS.iter().find(|(name, _)| context.peek(node, name) == Some("true")).map(|(_, words)| context.say(words))
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
        if news2::is_total(context, resource) {
            let node = context.child(resource, "code").unwrap_or(resource);
            let of =
                |level: Level, words: Vec<String>| words.into_iter().map(move |words| Found { level, words, node });
            found.extend(of(Level::Headline, news2::headline(context, resource)));
            found.extend(of(Level::Summary, news2::notes(context, resource)));
        }
        crate::order::sort_by_key(&mut found, |found: &Found| found.level);
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
            return push(Level::Worst, context.say(words));
        }
        "implicitRules" if top => {
            let words = "Follows rules this viewer does not know, which may change its meaning";
            return push(Level::Worst, context.say(words));
        }
        "extension" => {
            if let Some((level, words)) = extension(context, resource, node) {
                found.push(Found { level, words, node });
            }
            return;
        }
        _ => {}
    }
    if let Some((_, _, words, level)) = PRESENT.iter().find(|(of, known, ..)| *of == kind && *known == name) {
        return push(*level, context.say(words));
    }
    match (kind, name) {
        ("Patient" | "Person", "link") if top => {
            let words = match context.peek(node, "type").unwrap_or("") {
                "replaced-by" | "replace" => "REPLACED BY ANOTHER RECORD (replaced by)",
                "replaces" => "Replaces another record",
                "refer" => "Refers to another record",
                "seealso" => "See also another record (seealso)",
                _ => "Linked to another record",
            };
            return push(Level::Headline, context.say(words));
        }
        ("DocumentReference" | "Composition", "relatesTo") if top => {
            let words = match context.peek(node, "code").unwrap_or("") {
                "replaces" => "Replaces another document",
                "transforms" => "Transforms another document",
                "signs" => "Signs another document",
                "appends" => "Appends to another document",
                _ => "Related to another document",
            };
            return push(Level::Headline, context.say(words));
        }
        ("Patient" | "Person" | "FamilyMemberHistory", _)
            if top && name.starts_with("deceased") && name != "deceasedBoolean" =>
        {
            let text = format::inline_text(context, node);
            return push(Level::Headline, context.fill("Died {}", &[&text]).trim_end().to_owned());
        }
        (_, "emptyReason") => {
            let because = coded::empty_because(context, node).unwrap_or_default();
            let (level, phrase) = match top {
                true => (Level::Headline, "Empty, because {}"),
                false => (Level::Summary, "a section is empty, because {}"),
            };
            return push(level, context.fill(phrase, &[&because]));
        }
        (_, "dataAbsentReason") => {
            let because = coded::absent_because(context, node).unwrap_or_default();
            let phrase = if top { "no value, because {}" } else { "a part has no value, because {}" };
            return push(Level::Summary, context.fill(phrase, &[&because]));
        }
        (_, "security") if parent_name == "meta" => {
            // GP Connect 1.6.2: the patient must not see it, so that this goes before everything else.
            if context.peek(node, "code") == Some("NOPAT") {
                return push(Level::Worst, context.say("NOT TO BE DISCLOSED TO THE PATIENT (NOPAT)"));
            }
            let text = format::inline_text(context, node);
            return push(Level::Headline, context.fill("Security label: {}", &[&text]));
        }
        (_, "code") if top && coded::is_degraded(context, node) => {
            return push(Level::Headline, context.say("Transfer-degraded, not coded"));
        }
        ("Bundle", "link") if top && context.peek(node, "relation") == Some("next") => {
            return push(Level::Headline, context.say("NOT ALL RESULTS, there are more pages"));
        }
        ("Bundle", "entry") if top && is_the_dead(context, node) => {
            let date = context.child(node, "resource").and_then(|patient| context.choice(patient, "deceased"));
            let text = date.filter(|date| tree.name(*date) != "deceasedBoolean");
            let text = text.map(|date| format::inline_text(context, date)).unwrap_or_default();
            return push(Level::Headline, context.fill("The patient died {}", &[&text]).trim_end().to_owned());
        }
        ("Bundle", "entry") if top && is_outcome(context, node) => {
            return push(Level::Headline, context.say("Contains messages about what could not be given"));
        }
        ("MedicationRequest", "intent") if top && is_authorisation(context, resource) => return,
        _ if top && forced::is_forced_alone(context, resource, name, tree.text(node).unwrap_or("")) => return,
        ("DeviceRequest", "intent") if tree.text(node).is_none() => {
            let text = coded::concept_words(context, node).unwrap_or_default();
            if text != "order" {
                push(Level::Headline, context.fill("Intent: {}", &[&uncapitalise(&text)]));
            }
            return;
        }
        _ => {}
    }
    let Some(text) = tree.text(node) else { return };
    let code = text.trim();
    if name == "active" && top && code == "false" {
        return push(Level::Headline, context.say("NOT ACTIVE"));
    }
    // A sender that writes a boolean as text means it none the less.
    let boolean = code.to_ascii_lowercase();
    if let Some((_, _, words, level)) = BOOLEANS.iter().find(|(known, value, ..)| *known == name && *value == boolean) {
        return push(*level, context.say(words));
    }
    if let Some((level, words)) = code_rule(context.options.language, kind, name, code, parent_name, top) {
        push(level, words);
    }
}

/// What an extension that is known says of the whole resource.
fn extension(context: &mut Context<'_>, resource: NodeId, node: NodeId) -> Option<(Level, String)> {
    let url = context.peek(node, "url")?;
    let name = labels::extension_name(url);
    match name {
        "NHSCommunication" => {
            let of = |name: &str| {
                let part =
                    context.children(node, "extension").into_iter().find(|p| context.peek(*p, "url") == Some(name))?;
                context.choice(part, "value")
            };
            let is_needed = of("interpreterRequired").and_then(|value| context.tree.text(value)) == Some("true");
            let language = of("language").filter(|_| is_needed)?;
            let language = coded::concept_words(context, language)?;
            Some((Level::Headline, context.fill("Interpreter required: {}", &[&language])))
        }
        "patient-interpreterRequired" if context.peek(node, "valueBoolean") == Some("true") => {
            Some((Level::Headline, context.say("Interpreter required")))
        }
        "patient-birthTime" => {
            let date = context.peek(resource, "birthDate").and_then(Moment::parse)?;
            let (value, time) = birth_time(context, resource).filter(|(_, time)| !time.is_on(&date))?;
            let value = format::date_text(context, context.tree.text(value).unwrap_or(""));
            let date = format::date_text(context, context.peek(resource, "birthDate").unwrap_or(""));
            let _ = time;
            Some((
                Level::Headline,
                context.fill("The birth date and the time of birth differ: {} and {}", &[&date, &value]),
            ))
        }
        _ => None,
    }
}

/// Whether a Bundle's entry is an OperationOutcome: by GP Connect it says that the data are incomplete.
fn is_outcome(context: &Context<'_>, entry: NodeId) -> bool {
    let inner = context.child(entry, "resource");
    inner.is_some_and(|inner| context.tree.resource_type(inner) == Some("OperationOutcome"))
}

/// Whether a Bundle's entry is the one patient that it is about, who has died.
fn is_the_dead(context: &Context<'_>, entry: NodeId) -> bool {
    let inner = context.child(entry, "resource").filter(|inner| context.banner == Some(*inner));
    inner.is_some_and(|patient| is_dead(context, patient) && !is_kept_from_patients(context, patient))
}

/// The headline: what changes the meaning, then what it is about.
pub fn headline(found: &[Found], subject: &str) -> String {
    let words: Vec<&str> =
        found.iter().filter(|found| found.level != Level::Summary).map(|found| found.words.as_str()).collect();
    if words.is_empty() { subject.to_owned() } else { format!("{}: {subject}", words.join("; ")) }
}

/// What goes into the one-line summary after the headline.
pub fn notes(language: Language, found: &[Found]) -> Option<String> {
    let words: Vec<String> =
        found.iter().filter(|found| found.level == Level::Summary).map(|found| found.words.clone()).collect();
    (!words.is_empty()).then(|| words::capitalise(&list(language, &words)))
}

/// The warnings: each with what an unknown modifier extension says.
pub fn warnings(context: &mut Context<'_>, found: &[Found]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for found in found.iter().filter(|found| found.level != Level::Summary) {
        let text = match context.tree.name(found.node) {
            "modifierExtension" => {
                let url = context.peek(found.node, "url").unwrap_or("");
                let address = if url.is_empty() { context.say("no address given") } else { words::visible(url) };
                let label = labels::extension_label(context.options.language, url);
                format!("{}: {address}. {}", found.words, context.fill("See \u{201c}{}\u{201d}.", &[&label]))
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
