//! A letter: who wrote it about whom, what it asks for, medicines and allergies, its contents; then the author's own text in the
//! author's own order, untouched.

use super::gather::{Gathered, targets};
use super::model::{Area, Block, Entry, Layout, Word};
use super::row::Cell;
use super::{Maker, flat, lines, prsb};
use crate::render::build;
use crate::render::model::{Element, Markup, Piece, Style};
use crate::render::sanitise;
use crate::render::views::{self, select};
use crate::tree::NodeId;
use rustc_hash::FxHashSet;

/// A section, with its text.
struct Section {
    node: NodeId,
    code: String,
    title: String,
    id: String,
    markup: Vec<Markup>,
    entries: Vec<NodeId>,
    inner: Vec<Section>,
}

/// The Composition of an input.
pub(super) fn composition(all: &Gathered, tree: &crate::tree::Tree) -> Option<NodeId> {
    all.resources.iter().copied().find(|node| tree.resource_type(*node) == Some("Composition"))
}

impl Maker<'_, '_> {
    pub(super) fn letter(&mut self, composition: NodeId) {
        self.letter_head(composition);
        let sections: Vec<Section> =
            select(self.context, composition, "section").into_iter().map(|node| self.section(node, 0)).collect();
        let mut areas = Vec::new();
        areas.push(self.actions(&sections));
        let (medicines, used) = self.letter_medicines(&sections);
        areas.push(medicines);
        areas.push(self.letter_allergies(&sections));
        areas.push(self.contents(composition, &sections));
        areas.push(self.letter_body(sections));
        areas.push(self.appendix(composition, &used));
        self.record.areas = areas;
    }

    fn letter_head(&mut self, composition: NodeId) {
        let title = match self.first(composition, &["title", "type"]) {
            title if title.is_empty() => self.say("Letter"),
            title => flat(&title),
        };
        self.record.title = title.clone();
        // What must not be believed, or is not so, goes before the title itself; the rest stands in one line below it.
        let (first, words): (Vec<Word>, Vec<Word>) = self.words(composition).into_iter().partition(|word| word.first);
        let joined = |words: Vec<Word>| words.into_iter().map(|word| word.text).collect::<Vec<_>>();
        if !first.is_empty() {
            self.record.title = format!("{}: {}", joined(first).join("; "), self.record.title);
        }
        self.say_death();
        let mut head = vec![joined(words).join(" \u{b7} ")];
        let kind = flat(&self.cell(composition, "type"));
        let setting = flat(&self.cell(composition, "extension:CareSettingType"));
        let kind = [kind, setting]
            .into_iter()
            .filter(|part| !part.is_empty() && *part != title)
            .collect::<Vec<_>>()
            .join(", ");
        if !kind.is_empty() {
            head.push(kind);
        }
        let date = flat(&self.cell(composition, "date"));
        let author = self.unmarked_first(composition, &["author"]);
        let held = self.unmarked_first(composition, &["custodian"]);
        let written = [
            (!date.is_empty()).then(|| self.fill("Written {}", &[&date])),
            author.map(|author| self.fill("by {}", &[&author])),
            held.map(|held| self.fill("held by {}", &[&held])),
        ];
        head.push(written.into_iter().flatten().collect::<Vec<_>>().join(" "));
        for encounter in targets(self.context, composition, "encounter") {
            let mut parts: Vec<String> = Vec::new();
            for path in [
                "class",
                "type",
                "period",
                "serviceProvider",
                "location.location",
                "hospitalization.dischargeDisposition",
                "hospitalization.dischargeDestination",
            ] {
                let found = self.unmarked_first(encounter, &[path]);
                parts.extend(found.filter(|found| !parts.contains(found)));
            }
            if !parts.is_empty() {
                head.push(self.fill("Care: {}", &[&parts.join(", ")]));
            }
        }
        head.retain(|line| !line.trim().is_empty());
        let kept = std::mem::take(&mut self.record.head);
        head.extend(kept);
        self.record.head = head;
        self.record.practice = None;
        self.record.capture = None;
    }

    fn unmarked_first(&mut self, node: NodeId, paths: &[&str]) -> Option<String> {
        self.context.unmarked(|context| lines::first(context, node, paths))
    }

    fn section(&mut self, node: NodeId, depth: usize) -> Section {
        let title = match self.first(node, &["title", "code"]) {
            title if title.is_empty() => self.say("Section without a title"),
            title => flat(&title),
        };
        let code =
            select(self.context, node, "code.coding.code").into_iter().find_map(|code| self.context.tree.text(code));
        let code = code.unwrap_or("").to_owned();
        let mut markup = Vec::new();
        if let Some(text) = self.context.child(node, "text") {
            markup = build::author_text(self.context, text);
        }
        let mut entries = Vec::new();
        for entry in select(self.context, node, "entry") {
            let target = self.context.child(entry, "reference").and_then(|text| {
                let target = self.context.resolve(text, self.context.tree.text(text)?)?;
                build::technical(self.context, text);
                Some(target)
            });
            if target.is_some() && !self.context.has_unmarked(entry) {
                self.context.claim(entry);
            }
            entries.extend(target);
        }
        let inner = if depth < 8 {
            select(self.context, node, "section").into_iter().map(|node| self.section(node, depth + 1)).collect()
        } else {
            Vec::new()
        };
        let id = format!("s{}", node.0);
        Section { node, code, title, id, markup, entries, inner }
    }

    /// What a section's entries are, those of its lists instead of the lists themselves.
    fn coded(&self, section: &Section) -> Vec<(NodeId, Option<NodeId>)> {
        let mut out = Vec::new();
        let mut seen = FxHashSet::default();
        for entry in &section.entries {
            if self.context.tree.resource_type(*entry) == Some("List") {
                for item in targets(self.context, *entry, "entry.item") {
                    if seen.insert(item) {
                        out.push((item, Some(*entry)));
                    }
                }
            } else if seen.insert(*entry) {
                out.push((*entry, None));
            }
        }
        out
    }

    fn actions(&mut self, sections: &[Section]) -> Area {
        let mut area = Area {
            key: "actions",
            title: self.say("Actions: what the author asks for, word for word"),
            ..Area::default()
        };
        let found = flattened(sections).into_iter().filter(|section| {
            section.code == prsb::ACTIONS || section.title.eq_ignore_ascii_case("Plan and requested actions")
        });
        let found: Vec<&Section> = found.collect();
        let mut rows = Vec::new();
        for section in &found {
            let markup = first_for_professionals(&section.markup);
            let text = sanitise::to_text(&markup, self.context.options.language);
            let mut words = Vec::new();
            if names_the_practice(&text) {
                words.push(Word { text: self.say("names the GP"), first: false, ..Word::default() });
            }
            let link = self.anchor(&section.id, self.say("In its place in the letter"));
            let body = vec![Block { markup, lines: vec![vec![link]], ..Block::default() }];
            let title = vec![Piece::plain(section.title.clone())];
            rows.push(Entry { cells: vec![title], words, body, open: true, ..Entry::default() });
        }
        area.headline = match rows.len() {
            0 => self.say("no section for the plan and requested actions"),
            _ => self.say("as written in the plan and requested actions"),
        };
        if rows.is_empty() {
            area.empty = Some(self.say("This letter has no section for the plan and requested actions. That does not mean that it asks for nothing."));
        } else {
            let mut group = self.group("text", self.say("Plan and requested actions"), &[("Section", "")], rows);
            group.layout = Layout::Blocks;
            area.groups.push(group);
        }
        area
    }

    fn anchor(&self, id: &str, text: String) -> Piece {
        Piece { text, style: Style::Link, note: Some(format!("#{id}")), lang: None }
    }

    fn letter_medicines(&mut self, sections: &[Section]) -> (Area, Vec<NodeId>) {
        let mut area = Area { key: "medicines", title: self.say("Medicines as coded"), ..Area::default() };
        let mut used = Vec::new();
        let mut kinds: Vec<(&'static str, Vec<Entry>)> =
            ["Added", "Changed", "Stopped", "Continued", "Change not stated"].map(|kind| (kind, Vec::new())).into();
        let all: Vec<&Section> = flattened(sections);
        let mut seen = FxHashSet::default();
        for section in &all {
            for (node, list) in self.coded(section) {
                let kind = self.context.tree.resource_type(node).unwrap_or("");
                if !matches!(kind, "MedicationStatement" | "MedicationRequest" | "MedicationDispense")
                    || !seen.insert(node)
                {
                    continue;
                }
                let change = self.change_of(node, list);
                let mut row = self.letter_medicine(node, change);
                row.words.extend(self.contradicting(&[node]));
                used.push(node);
                if let Some((_, rows)) = kinds.iter_mut().find(|(known, _)| *known == change) {
                    rows.push(row);
                }
            }
        }
        let text = all.iter().find(|section| section.code == prsb::MEDICINES);
        let counts: Vec<String> = kinds
            .iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(kind, rows)| format!("{} {}", rows.len(), crate::render::words::uncapitalise(&self.say(kind))))
            .collect();
        area.headline = if counts.is_empty() { self.say("none coded") } else { counts.join(", ") };
        if let Some(section) = text {
            let words = sanitise::to_text(&section.markup, self.context.options.language);
            let lower = words.to_lowercase();
            if let Some(at) = lower.find("only changes") {
                let line = words.get(at..).unwrap_or("").lines().next().unwrap_or("").to_owned();
                area.notes.push(self.fill("The sender writes: \u{201c}{}\u{201d}", &[&line]));
            }
        }
        let columns =
            [("Medicine", ""), ("Change", ""), ("Dose", "DOSE"), ("Why", "why"), ("Until", "until"), ("Note", "note")];
        for (kind, rows) in kinds {
            if rows.is_empty() {
                continue;
            }
            let key = kind.to_lowercase().replace(' ', "-");
            let mut group = self.group(&key, self.say(kind), &columns, rows);
            group.notes.clear();
            area.groups.push(group);
        }
        if area.groups.is_empty() {
            area.empty = Some(self.say("No medicines are coded: see the author\u{2019}s text."));
            area.groups.extend(self.see_text(text.copied(), "text"));
        }
        (area, used)
    }

    /// A link to the section that has the text, as a group of its own.
    fn see_text(&mut self, section: Option<&Section>, key: &str) -> Option<super::model::AreaGroup> {
        let section = section?;
        let link = self.anchor(&section.id, section.title.clone());
        let row = Entry { cells: vec![vec![link]], ..Entry::default() };
        Some(self.group(key, self.say("The author\u{2019}s text"), &[("Section", "")], vec![row]))
    }

    /// Added, changed, stopped, continued, by the change summary or by the list that it stands in.
    fn change_of(&self, node: NodeId, list: Option<NodeId>) -> &'static str {
        let said = [
            "extension:MedicationChangeSummary.extension:status.valueCode",
            "extension:MedicationChangeSummary.extension:status.valueCodeableConcept.coding.code",
            "extension:MedicationChangeSummary.extension:status.valueCoding.code",
            "extension:MedicationChangeSummary.extension:status.valueString",
        ];
        let said = said
            .iter()
            .flat_map(|path| select(self.context, node, path))
            .find_map(|found| self.context.tree.text(found));
        let lower = said.unwrap_or("").to_lowercase();
        for (words, kind) in [
            (&["added", "new", "started"][..], "Added"),
            (&["changed", "amended"], "Changed"),
            (&["stopped", "discontinued"], "Stopped"),
            (&["continued", "unchanged"], "Continued"),
        ] {
            if words.iter().any(|word| lower.contains(word)) {
                return kind;
            }
        }
        let discontinued = list.is_some_and(|list| {
            select(self.context, list, "code.coding.code")
                .into_iter()
                .any(|code| self.context.tree.text(code) == Some("1102191000000100"))
        });
        if discontinued || self.context.peek(node, "status") == Some("stopped") {
            "Stopped"
        } else {
            "Change not stated"
        }
    }

    fn letter_medicine(&mut self, node: NodeId, change: &'static str) -> Entry {
        let name = self.cell(node, "medication[x]");
        let name = self.or(name, "medicine not named");
        let mut words = self.words(node);
        if change == "Stopped" {
            let text = self.say("STOPPED");
            words.retain(|word| !word.text.eq_ignore_ascii_case(&text));
            words.insert(0, Word { text, first: true, ..Word::default() });
        }
        let changed = vec![Piece::new(Style::Warning, self.say(change))];
        let dose = self.first(node, &["dosage", "dosageInstruction"]);
        let dose = self.or(dose, "dose not recorded");
        let part = |name: &str| format!("extension:MedicationChangeSummary.extension:{name}");
        let why = self.first(
            node,
            &[&part("indicationForChange"), &part("indication"), "reasonCode", &part("changeDescription")],
        );
        let mut until = self.cell(node, "effectivePeriod.end");
        let when = self.cell(node, &part("dateChanged"));
        if !when.is_empty() {
            let text = self.fill("changed {}", &[&flat(&when)]);
            until = if until.is_empty() {
                vec![Piece::plain(text)]
            } else {
                until.into_iter().chain(std::iter::once(Piece::plain(format!(", {text}")))).collect()
            };
        }
        let mut note = self.cell(node, "note");
        let description = self.cell(node, &part("changeDescription"));
        if !description.is_empty() {
            note = if note.is_empty() {
                description
            } else {
                note.into_iter().chain(std::iter::once(Piece::plain("; "))).chain(description).collect()
            };
        }
        let mut row = Entry { cells: vec![name, changed, dose, why, until, note], words, ..Entry::default() };
        row.sources = vec![self.context.pointer(node)];
        row
    }

    fn letter_allergies(&mut self, sections: &[Section]) -> Area {
        let mut area = Area { key: "allergies", title: self.say("Allergies and adverse reactions"), ..Area::default() };
        let all: Vec<&Section> = flattened(sections);
        let mut rows = Vec::new();
        let mut seen = FxHashSet::default();
        for section in &all {
            for (node, _) in self.coded(section) {
                if self.context.tree.resource_type(node) == Some("AllergyIntolerance") && seen.insert(node) {
                    let line = self.line_of(node);
                    let sources = vec![self.context.pointer(node)];
                    rows.push(Entry { cells: vec![line], sources, ..Entry::default() });
                }
            }
        }
        let text = all.iter().find(|section| section.code == prsb::ALLERGY).copied();
        area.headline = match rows.len() {
            0 => self.say("none coded"),
            count => self.fill("{} coded", &[&count.to_string()]),
        };
        if rows.is_empty() {
            area.empty =
                Some(self.say(
                    "No allergies are coded: see the author\u{2019}s text. This does not say that there are none.",
                ));
            area.groups.extend(self.see_text(text, "text"));
        } else {
            area.groups.push(self.group("coded", self.say("Allergies as coded"), &[("Allergy", "")], rows));
        }
        area
    }

    fn contents(&mut self, composition: NodeId, sections: &[Section]) -> Area {
        let mut area = Area { key: "contents", title: self.say("Contents"), ..Area::default() };
        area.headline = self.fill("{} sections", &[&sections.len().to_string()]);
        let profile = select(self.context, composition, "meta.profile")
            .into_iter()
            .find_map(|found| self.context.tree.text(found))
            .unwrap_or("");
        let (order, mandatory) = prsb::order(profile, |code| sections.iter().any(|section| section.code == code));
        let place = |section: &Section| order.iter().position(|(code, _)| *code == section.code).unwrap_or(order.len());
        let mut sorted: Vec<&Section> = sections.iter().collect();
        crate::order::sort_by_key(&mut sorted, |section| place(section));
        let mut rows = Vec::new();
        for section in sorted {
            let mut cell = vec![self.anchor(&section.id, section.title.clone())];
            if prsb::ALERT.contains(&section.code.as_str()) {
                let text = sanitise::to_text(&section.markup, self.context.options.language);
                let first: String = text.split_whitespace().take(14).collect::<Vec<_>>().join(" ");
                cell.push(Piece::secondary(format!(": {first}")));
            }
            // How a section is meant, and what contradicts it, for who reads the contents alone.
            let words = self.section_words(section.node);
            rows.push(Entry { cells: vec![cell], words, ..Entry::default() });
        }
        let missing: Vec<String> = mandatory
            .iter()
            .filter(|(code, _)| !sections.iter().any(|section| section.code == *code))
            .map(|(_, title)| self.say(title))
            .collect();
        if !missing.is_empty() {
            area.notes
                .push(self.fill("Not in this letter, though its standard asks for it: {}.", &[&missing.join(", ")]));
        }
        let mut group = self.group("list", self.say("Sections in the order of the PRSB"), &[("Section", "")], rows);
        group.layout = Layout::List;
        area.groups.push(group);
        area
    }

    fn letter_body(&mut self, sections: Vec<Section>) -> Area {
        let mut area = Area {
            key: "body",
            title: self.say("Body: the author\u{2019}s text in the author\u{2019}s order"),
            ..Area::default()
        };
        let rows: Vec<Entry> = sections
            .into_iter()
            .map(|section| {
                let node = section.node;
                let words = self.section_words(node);
                let title = vec![Piece::plain(section.title.clone())];
                let id = section.id.clone();
                let open = !words.is_empty() || !prsb::ADMINISTRATIVE.contains(&section.code.as_str());
                let block = self.section_block(section, true);
                let sources = vec![self.context.pointer(node)];
                Entry { id, cells: vec![title], words, body: vec![block], open, sources, ..Entry::default() }
            })
            .collect();
        area.headline = self.fill("{} sections", &[&rows.len().to_string()]);
        let mut group = self.group("sections", self.say("Sections"), &[("Section", "")], rows);
        group.layout = Layout::Blocks;
        area.groups.push(group);
        area
    }

    /// Why a section is empty, and how it is meant: never left out.
    fn section_words(&mut self, node: NodeId) -> Vec<Word> {
        let mut words = Vec::new();
        if let Some(reason) = self.context.child(node, "emptyReason")
            && let Some(because) = crate::render::format::coded::empty_because(self.context, reason)
        {
            words.push(Word {
                text: self.context.fill("empty, because {}", &[&because]),
                first: false,
                ..Word::default()
            });
        }
        if let Some(mode) = self.context.take_child(node, "mode").filter(|mode| mode != "snapshot") {
            let text = match mode.as_str() {
                "changes" => self.say("changes only"),
                _ => self.fill("Mode: {}", &[&mode]),
            };
            words.push(Word { text, first: false, ..Word::default() });
        }
        words.extend(self.attested(node));
        words
    }

    fn section_block(&mut self, section: Section, top: bool) -> Block {
        let coded = self.coded(&section);
        let mut block = Block { markup: section.markup, ..Block::default() };
        if !top {
            block.title = section.title;
            block.id = section.id;
            for word in self.section_words(section.node) {
                block.lines.push(vec![Piece::new(Style::Warning, word.text)]);
            }
        }
        if block.markup.is_empty() {
            block.lines.push(vec![Piece::secondary(self.say("There is no text."))]);
        }
        let mut lines = Vec::new();
        for (node, _) in coded {
            lines.push(self.line_of(node));
        }
        if !lines.is_empty() {
            block.blocks.push(Block { title: self.say("Coded in this section"), lines, ..Block::default() });
        }
        for inner in section.inner {
            let inner = self.section_block(inner, false);
            block.blocks.push(inner);
        }
        block
    }

    /// Everything coded whole, the people, what nothing refers to, and the technical values.
    fn appendix(&mut self, composition: NodeId, _used: &[NodeId]) -> Area {
        let mut area = Area {
            key: "appendix",
            title: self.say("Appendix: coded data, people, technical details"),
            folded: true,
            ..Area::default()
        };
        let tree = self.context.tree;
        let mut groups: Vec<(&'static str, &'static str, Vec<NodeId>)> = vec![
            ("coded", "Coded data", Vec::new()),
            ("people", "People and organisations", Vec::new()),
            ("unreferenced", "Not referred to from this document", Vec::new()),
            ("document", "The document itself", vec![composition]),
        ];
        for node in self.all.resources.clone() {
            if node == composition {
                continue;
            }
            let kind = tree.resource_type(node).unwrap_or("");
            let key = match self.all.area.get(&node).copied() {
                _ if !self.all.reached.contains(&node) && kind != "MessageHeader" => "unreferenced",
                Some("people") => "people",
                _ => "coded",
            };
            if let Some((_, _, nodes)) = groups.iter_mut().find(|(known, _, _)| *known == key) {
                nodes.push(node);
            }
        }
        let mut count = 0;
        for (key, title, nodes) in groups {
            let mut rows = Vec::new();
            for node in nodes {
                let line = match self.context.places.get(&node) {
                    Some((_, line)) => line.clone(),
                    None => self.context.unmarked(|context| lines::short(context, node)),
                };
                let kind = views::title(self.context, node);
                let cells: Vec<Cell> = vec![vec![Piece::plain(line)], vec![Piece::secondary(kind)]];
                rows.push(self.entry(&[node], cells, Vec::new()));
            }
            count += rows.len();
            if !rows.is_empty() {
                area.groups.push(self.group(key, self.say(title), &[("What", ""), ("Kind", "")], rows));
            }
        }
        area.headline = self.fill("{} resources", &[&count.to_string()]);
        area.groups.extend(self.technical_groups());
        area
    }
}

/// Sections and those inside of them.
fn flattened(sections: &[Section]) -> Vec<&Section> {
    let mut out = Vec::new();
    for section in sections {
        out.push(section);
        out.extend(flattened(&section.inner));
    }
    out
}

/// Whether a text asks the practice for something.
fn names_the_practice(text: &str) -> bool {
    let lower = text.to_lowercase();
    let word = |wanted: &str| lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == wanted);
    ["gp", "practice", "surgery"].iter().any(|name| word(name))
        || word("please") && ["prescribe", "monitor", "repeat", "refer", "review"].iter().any(|verb| word(verb))
}

/// The text with the row "Actions for healthcare professionals" first, where it is a table of such rows; the words and the rest
/// of the order stay as sent.
fn first_for_professionals(markup: &[Markup]) -> Vec<Markup> {
    let mut out = markup.to_vec();
    out.iter_mut().for_each(put_first);
    out
}

fn put_first(markup: &mut Markup) {
    let Markup::Element(Element { name, children, .. }) = markup else { return };
    if matches!(*name, "tbody" | "table") {
        let is_first = |child: &Markup| {
            words_of(child).trim_start().to_lowercase().starts_with("actions for healthcare professionals")
        };
        if let Some(at) = children
            .iter()
            .position(|child| matches!(child, Markup::Element(row) if row.name == "tr") && is_first(child))
        {
            let before =
                children.iter().take(at).position(|child| matches!(child, Markup::Element(row) if row.name == "tr"));
            if let Some(before) = before {
                let row = children.remove(at);
                children.insert(before, row);
            }
            return;
        }
    }
    children.iter_mut().for_each(put_first);
}

fn words_of(markup: &Markup) -> String {
    match markup {
        Markup::Text(text) => text.clone(),
        Markup::Element(element) => element.children.iter().map(words_of).collect(),
    }
}
