//! The panel "What this record cannot tell you": each fact once, with the areas that it is about.

use super::gather::Purpose;
use super::head::area_name;
use super::model::Fact;
use super::{AREAS, Maker, lines};
use crate::render::views::select;
use crate::render::words;
use crate::tree::NodeId;
use std::collections::BTreeMap;

impl Maker<'_, '_> {
    pub(super) fn panel(&mut self) {
        let mut facts: Vec<Fact> = Vec::new();
        let mut known = Known::default();
        for list in self.all.lists.clone() {
            let areas: Vec<&'static str> = match list.purpose {
                Purpose::Primary(area) => vec![area],
                Purpose::Secondary(area, parent) => vec![area, parent],
                Purpose::Consultation => vec!["consultations"],
                Purpose::Other => Vec::new(),
            };
            for (kind, text) in self.list_notes(list.node) {
                if matches!(kind, "note" | "no-content") {
                    continue;
                }
                let source = self.context.pointer(list.node);
                add(&mut facts, &mut known, kind, text, &areas, source);
            }
            for entry in select(self.context, list.node, "entry.item") {
                if self.context.child(entry, "reference").is_none()
                    && let Some(text) = self.context.peek(entry, "display")
                {
                    let source = self.context.pointer(list.node);
                    add(&mut facts, &mut known, "not-supported", words::visible(text), &areas, source);
                }
            }
        }
        self.outcomes(&mut facts, &mut known);
        self.missing(&mut facts);
        let whole = self.say("Applies to the whole record.");
        for fact in &mut facts {
            fact.areas = AREAS.iter().copied().filter(|key| fact.areas.contains(key)).collect();
            if fact.kind == "data-in-transit" {
                fact.areas.clear();
                fact.text = format!("{} {whole}", fact.text);
            } else if !fact.areas.is_empty() {
                let names: Vec<String> = fact.areas.iter().map(|key| self.context.say(area_name(key))).collect();
                let names = self.context.fill("Applies to: {}.", &[&names.join(", ")]);
                let end = if fact.text.ends_with(['.', '!', '?', ')']) { "" } else { "." };
                fact.text = format!("{}{end} {names}", fact.text);
            }
        }
        let order = ["data-in-transit", "confidential-items", "data-awaiting-filing"];
        crate::order::sort_by_key(&mut facts, |fact| {
            order.iter().position(|kind| *kind == fact.kind).unwrap_or(order.len())
        });
        self.record.cannot_tell = facts;
    }

    /// What was asked for and not given.
    fn outcomes(&mut self, facts: &mut Vec<Fact>, known: &mut Known) {
        let nodes: Vec<NodeId> = self.all.resources.clone();
        for node in nodes {
            if self.context.tree.resource_type(node) != Some("OperationOutcome") {
                continue;
            }
            for issue in self.context.children(node, "issue") {
                let text = self.context.unmarked(|context| {
                    let mut parts: Vec<String> = Vec::new();
                    for path in ["details", "diagnostics"] {
                        parts.extend(lines::first(context, issue, &[path]).filter(|text| !parts.contains(text)));
                    }
                    if parts.is_empty() {
                        parts.extend(lines::first(context, issue, &["code"]));
                    }
                    parts.join(". ")
                });
                let text = self.fill("Asked for but not given: {}", &[&text]);
                let source = self.context.pointer(issue);
                add(facts, known, "outcome", text, &[], source);
            }
        }
    }

    /// Whether a resource says itself what it belongs to: an issue its authorisation, a comment its result.
    fn belongs(&self, node: NodeId) -> bool {
        let paths = ["basedOn", "related.target", "authorizingPrescription", "prescription", "encounter"];
        paths.iter().any(|path| !super::gather::targets(self.context, node, path).is_empty())
    }

    /// What a letter cannot tell: what its sections do not hold, and what came with it and belongs to none of them.
    fn missing_from_letter(&mut self, facts: &mut Vec<Fact>) {
        let tree = self.context.tree;
        let mut sections: Vec<NodeId> = Vec::new();
        for node in self.all.resources.iter().filter(|node| tree.resource_type(**node) == Some("Composition")) {
            let mut open = select(self.context, *node, "section");
            while let Some(section) = open.pop() {
                sections.push(section);
                open.extend(self.context.children(section, "section"));
            }
        }
        crate::order::sort(&mut sections);
        for section in sections {
            let Some(reason) = self.context.child(section, "emptyReason") else { continue };
            // "Nil known" is what the author says, not a gap.
            let codes = select(self.context, reason, "coding.code");
            if codes.into_iter().any(|code| tree.text(code) == Some("nilknown")) {
                continue;
            }
            let because = crate::render::format::coded::empty_because(self.context, reason).unwrap_or_default();
            let title = self.context.unmarked(|context| lines::first(context, section, &["title", "code"]));
            let title = title.unwrap_or_else(|| self.say("Section without a title"));
            let text = self.fill("\u{201c}{}\u{201d} is empty, because {}.", &[&title, &because]);
            let sources = vec![self.context.pointer(reason)];
            facts.push(Fact { kind: "section-empty", text, areas: Vec::new(), sources });
        }
        let loose = self.all.resources.iter().copied().filter(|node| {
            !self.all.reached.contains(node)
                && !matches!(tree.resource_type(*node), Some("Composition" | "MessageHeader" | "OperationOutcome"))
        });
        let loose: Vec<NodeId> = loose.collect();
        if !loose.is_empty() {
            let count = loose.len().to_string();
            let text = self.fill(
                "{} entries came with the letter, and nothing in it refers to them: see the appendix.",
                &[&count],
            );
            let sources = loose.iter().map(|node| self.context.pointer(*node)).collect();
            facts.push(Fact { kind: "unreferenced", text, areas: Vec::new(), sources });
        }
    }

    /// What is named and not here, in no list, more than is shown, or not to be disclosed.
    fn missing(&mut self, facts: &mut Vec<Fact>) {
        let tree = self.context.tree;
        if !self.context.for_patient() {
            let count = self.all.unresolved.len();
            if count > 0 {
                let text = self.fill("{} items are named but not in this file", &[&count.to_string()]);
                let sources = self.all.unresolved.iter().take(50).map(|node| self.context.pointer(*node)).collect();
                facts.push(Fact { kind: "unresolved", text, areas: Vec::new(), sources });
            }
            let restricted: Vec<NodeId> = self
                .all
                .resources
                .iter()
                .copied()
                .filter(|node| {
                    ["meta.security.code", "securityLabel.coding.code"].iter().any(|path| {
                        select(self.context, *node, path).into_iter().any(|code| tree.text(code) == Some("NOPAT"))
                    })
                })
                .collect();
            if !restricted.is_empty() {
                let text =
                    self.fill("{} entries: not to be disclosed to the patient", &[&restricted.len().to_string()]);
                let sources = restricted.iter().map(|node| self.context.pointer(*node)).collect();
                facts.push(Fact { kind: "not-for-patient", text, areas: Vec::new(), sources });
            }
        }
        if self.context.gp_connect {
            let unlisted = self.all.resources.iter().copied().filter(|node| {
                !self.all.reached.contains(node)
                    && !self.belongs(*node)
                    && !matches!(
                        tree.resource_type(*node),
                        Some(
                            "List"
                                | "Patient"
                                | "OperationOutcome"
                                | "Bundle"
                                | "Practitioner"
                                | "PractitionerRole"
                                | "Organization"
                                | "Location"
                                | "HealthcareService"
                        )
                    )
            });
            let unlisted: Vec<NodeId> = unlisted.collect();
            if !unlisted.is_empty() {
                let text =
                    self.fill("{} entries are in none of the sender\u{2019}s lists", &[&unlisted.len().to_string()]);
                let mut areas: Vec<&'static str> = Vec::new();
                for node in &unlisted {
                    let area = self.all.area.get(node).copied().unwrap_or("other-entries");
                    if !areas.contains(&area) {
                        areas.push(area);
                    }
                }
                let sources = unlisted.iter().map(|node| self.context.pointer(*node)).collect();
                facts.push(Fact { kind: "unlisted", text, areas, sources });
            }
            let linked: Vec<&'static str> = AREAS
                .iter()
                .copied()
                .filter(|key| {
                    !self.has_list(key)
                        && self.all.lists.iter().any(|list| {
                            matches!(list.purpose, Purpose::Secondary(area, _) if area == *key)
                                && !list.items.is_empty()
                        })
                        && *key != "documents"
                })
                .collect();
            if !linked.is_empty() {
                let text = self.say("Some items came only because others refer to them; more of the kind may exist");
                facts.push(Fact { kind: "linked-only", text, areas: linked, sources: Vec::new() });
            }
            let drafts = self
                .all
                .resources
                .iter()
                .copied()
                .filter(|node| tree.resource_type(*node) == Some("Encounter") && self.is_draft(*node));
            let drafts: Vec<NodeId> = drafts.collect();
            if !drafts.is_empty() {
                let text = self.fill("{} consultations are drafts, not finished", &[&drafts.len().to_string()]);
                let sources = drafts.iter().map(|node| self.context.pointer(*node)).collect();
                facts.push(Fact { kind: "draft", text, areas: vec!["consultations"], sources });
            }
        } else if self.record.view == "letter" {
            self.missing_from_letter(facts);
        } else if !self.all.lists.iter().any(|list| matches!(list.purpose, Purpose::Primary(_))) {
            let text = self.say("No lists: nothing says what was asked for or left out.");
            facts.push(Fact { kind: "no-lists", text, areas: Vec::new(), sources: Vec::new() });
        }
        if self.missing_documents > 0 {
            let text = self.fill(
                "{} documents are not included; the reason stands with each",
                &[&self.missing_documents.to_string()],
            );
            facts.push(Fact { kind: "document-missing", text, areas: vec!["documents"], sources: Vec::new() });
        }
        let unknown: Vec<NodeId> = self
            .all
            .resources
            .iter()
            .copied()
            .filter(|node| {
                self.context.child(*node, "modifierExtension").is_some()
                    || self.context.child(*node, "implicitRules").is_some()
            })
            .collect();
        if !unknown.is_empty() {
            let text = self.fill(
                "{} entries hold information that this viewer does not understand and that changes their meaning",
                &[&unknown.len().to_string()],
            );
            let sources = unknown.iter().map(|node| self.context.pointer(*node)).collect();
            facts.push(Fact { kind: "unknown-modifier", text, areas: Vec::new(), sources });
        }
        for bundle in self.all.bundles.clone() {
            let more = self
                .context
                .children(bundle, "link")
                .into_iter()
                .any(|link| self.context.peek(link, "relation") == Some("next"));
            let total = self.context.peek(bundle, "total").and_then(|total| total.parse::<usize>().ok());
            let matches = self
                .context
                .children(bundle, "entry")
                .into_iter()
                .filter(|entry| {
                    !matches!(
                        select(self.context, *entry, "search.mode").first().and_then(|mode| tree.text(*mode)),
                        Some("include" | "outcome")
                    )
                })
                .count();
            if more || total.is_some_and(|total| total > matches) {
                let of = total.map_or_else(|| self.say("more"), |total| total.to_string());
                let text = self.fill("Only {} of {}: there are more pages", &[&matches.to_string(), &of]);
                facts.push(Fact {
                    kind: "more-pages",
                    text,
                    areas: Vec::new(),
                    sources: vec![self.context.pointer(bundle)],
                });
            }
        }
        if self.all.patients.len() > 1 {
            let text = self.fill("Items of {} patients are in this file", &[&self.all.patients.len().to_string()]);
            let sources = self.all.patients.iter().map(|node| self.context.pointer(*node)).collect();
            facts.push(Fact { kind: "patients", text, areas: Vec::new(), sources });
        }
    }
}

/// The places of facts by kind and text: a file may have very many of them.
type Known = BTreeMap<(&'static str, String), usize>;

fn add(
    facts: &mut Vec<Fact>,
    known: &mut Known,
    kind: &'static str,
    text: String,
    areas: &[&'static str],
    source: String,
) {
    let at = *known.entry((kind, text.clone())).or_insert(facts.len());
    match facts.get_mut(at) {
        Some(fact) => {
            for area in areas {
                if !fact.areas.contains(area) {
                    fact.areas.push(area);
                }
            }
            fact.sources.push(source);
        }
        None => facts.push(Fact { kind, text, areas: areas.to_vec(), sources: vec![source] }),
    }
}
