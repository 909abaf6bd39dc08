//! A CDA document as a letter: who it is about, who wrote it and who gets it; its sections as their author signed them; a file
//! that is its body like any attachment; then all else of it, listed as it stands. Nothing coded is interpreted.

mod narrative;
mod packed;
mod rows;

pub(super) use packed::markup;

use super::attachment;
use super::context::Context;
use super::format::person::nhs_number;
use super::format::plain;
use super::model::{Display, Element, Group, Markup, Piece, Row, Style};
use super::record::links;
use super::record::model::{Area, AreaGroup, Banner, Block, Column, Detail, Entry, Layout, Record, Word};
use super::words::{self, visible};
use super::{Mode, sanitise};
use crate::cda;
use crate::cda::header::{all, attribute, documents, first, is_element, patients, sections, squeezed};
use crate::tree::{Kind, NodeId, Tree};
use narrative::{Converter, Picture};
use rows::{rows, take, value};
use rustc_hash::{FxHashMap, FxHashSet};

/// Sections inside of sections deeper than this are listed value by value; NHS templates have six.
const DEEPEST: usize = 24;
/// The media types of pictures that may stand in a text.
const PICTURES: &[&str] = &["image/png", "image/jpeg", "image/gif"];
/// What is said of every document first.
const NOT_FHIR: &str = "This is a CDA document (HL7 version 3), not FHIR. Its text is as the author signed it; what is coded is listed as it stands.";

/// The elements of a header in the order in which they are read, and what they are called.
const HEADER: &[(&str, &str)] = &[
    ("recordTarget", "Patient"),
    ("author", "Author"),
    ("custodian", "Held by"),
    ("informationRecipient", "Recipient"),
    ("legalAuthenticator", "Signed by"),
    ("authenticator", "Signed by"),
    ("dataEnterer", "Entered by"),
    ("informant", "Told by"),
    ("participant", "Participant"),
    ("componentOf", "Encounter"),
    ("documentationOf", "About"),
    ("inFulfillmentOf", "In answer to"),
    ("relatedDocument", "Related document"),
    ("authorization", "Consent"),
];

/// What a patient is not to see of a tree: a document or section that is more than normally confidential. In doubt it goes.
pub(super) fn withheld(tree: &Tree) -> FxHashSet<NodeId> {
    let is_held = |node: &NodeId| {
        let code = first(tree, *node, "confidentialityCode");
        code.is_some_and(|code| attribute(tree, code, "code") != Some("N"))
    };
    let mut held: FxHashSet<NodeId> = documents(tree).into_iter().filter(is_held).collect();
    held.extend(tree.all().filter(|node| tree.name(*node) == "section" && is_held(node)));
    held
}

/// The letter that the documents of an input make.
pub(super) fn record(context: &mut Context<'_>) -> Record {
    let record = Record { view: "letter", ..Record::default() };
    let documents = documents(context.tree);
    let mut letter = Letter {
        context,
        record,
        pictures: FxHashMap::default(),
        notes: 0,
        contents: Vec::new(),
        header: Vec::new(),
        body: Vec::new(),
        rest: Vec::new(),
    };
    for document in &documents {
        letter.document(*document, documents.len());
    }
    letter.finish(&documents)
}

struct Letter<'c, 'a> {
    context: &'c mut Context<'a>,
    record: Record,
    /// The pictures of the document at hand.
    pictures: FxHashMap<String, Picture>,
    /// How many footnotes it has had.
    notes: usize,
    contents: Vec<Entry>,
    header: Vec<Entry>,
    body: Vec<Entry>,
    rest: Vec<Entry>,
}

impl Letter<'_, '_> {
    fn say(&self, phrase: &str) -> String {
        self.context.say(phrase)
    }

    fn document(&mut self, document: NodeId, of: usize) {
        self.context.claim(document);
        self.head(document, of);
        self.pictures = pictures(self.context, document);
        self.notes = 0;
        for (name, label) in HEADER {
            for node in all(self.context.tree, document, name) {
                self.header_row(node, label);
            }
        }
        for component in all(self.context.tree, document, "component") {
            self.context.claim(component);
            for body in all(self.context.tree, component, "structuredBody") {
                self.context.claim(body);
                for section in sections(self.context.tree, body) {
                    self.section_row(section);
                }
                self.rest_of(body);
            }
            for body in all(self.context.tree, component, "nonXMLBody") {
                self.context.claim(body);
                self.file(body);
                self.rest_of(body);
            }
            self.rest_of(component);
        }
        self.rest_of(document);
    }

    /// The title, the banner and the first lines. All of it is shown again in the header, where it is marked.
    fn head(&mut self, document: NodeId, of: usize) {
        let tree = self.context.tree;
        let title =
            first(tree, document, "title").and_then(|title| self.context.take(title)).map(|title| squeezed(&title));
        let kind = first(tree, document, "code").map(|code| plain(&value(self.context, code))).unwrap_or_default();
        let kind = squeezed(&kind);
        let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| match &*kind {
            "" => self.say("Letter"),
            _ => kind.clone(),
        });
        let mut head = Vec::new();
        if self.record.title.is_empty() {
            self.record.title = title.clone();
        } else {
            head.push(title.clone());
        }
        let message = first(tree, document, "messageType").and_then(|found| attribute(tree, found, "extension"));
        let message = message.and_then(cda::message_type).map(|words| self.say(words));
        let is_said = |text: &str| text.is_empty() || text == title;
        let message =
            message.filter(|words| !is_said(words) && !kind.to_lowercase().starts_with(&words.to_lowercase()));
        head.extend(Some(kind.clone()).filter(|kind| !is_said(kind)));
        head.extend(message);
        let written = self.written(document);
        head.extend(Some(written).filter(|line| !line.is_empty()));
        if let Some(number) = first(tree, document, "versionNumber").and_then(|node| take(self.context, node, "value"))
        {
            head.push(self.context.fill("Version {}", &[&number]));
        }
        for related in all(tree, document, "relatedDocument") {
            let words = match attribute(tree, related, "typeCode") {
                Some("RPLC") => "It replaces an earlier document.",
                Some("APND") => "It adds to an earlier document.",
                _ => "It was made from another document.",
            };
            head.push(self.say(words));
        }
        if of <= 1 {
            head.push(self.say(NOT_FHIR));
        }
        let confidential =
            first(tree, document, "confidentialityCode").map(|code| (code, attribute(tree, code, "code")));
        let mut words = Vec::new();
        if let Some((node, code)) = confidential {
            let shown = plain(&value(self.context, node));
            if code != Some("N") {
                words.push(self.context.fill("Confidentiality: {}", &[&shown]));
            }
        }
        let banner = patients(tree, document).first().copied().map(|role| self.banner(role, words.clone()));
        match banner {
            Some(banner) if of == 1 => self.record.banner = Some(banner),
            // Several documents may be of several patients: each says whose it is.
            Some(banner) => {
                head.insert(
                    1.min(head.len()),
                    banner.facts.iter().map(|row| plain(&row.value)).collect::<Vec<_>>().join("  "),
                );
                head.extend(banner.words);
            }
            None => {
                head.push(self.say("NO PATIENT: the document does not say whose it is."));
                head.extend(words);
            }
        }
        self.record.head.extend(head);
    }

    /// When and by whom it was written, and who keeps it.
    fn written(&mut self, document: NodeId) -> String {
        let tree = self.context.tree;
        let mut parts = Vec::new();
        if let Some(time) = first(tree, document, "effectiveTime") {
            let shown = plain(&value(self.context, time));
            if !shown.is_empty() {
                parts.push(self.context.fill("Written {}", &[&shown]));
            }
        }
        let name = |letter: &mut Self, from: NodeId, path: &str| {
            let node = first(tree, from, path)?;
            let text = letter.context.unmarked(|context| plain(&value(context, node)));
            Some(squeezed(&text)).filter(|text| !text.is_empty())
        };
        if let Some(author) = first(tree, document, "author.assignedAuthor") {
            let by: Vec<String> =
                ["assignedPerson.name", "assignedAuthoringDevice.softwareName", "representedOrganization.name"]
                    .iter()
                    .filter_map(|path| name(self, author, path))
                    .collect();
            if !by.is_empty() {
                parts.push(self.context.fill("by {}", &[&by.join(", ")]));
            }
        }
        if let Some(keeper) = name(self, document, "custodian.assignedCustodian.representedCustodianOrganization.name")
        {
            parts.push(self.context.fill("held by {}", &[&keeper]));
        }
        parts.join(" ")
    }

    fn banner(&mut self, role: NodeId, mut words: Vec<String>) -> Banner {
        let tree = self.context.tree;
        let mut facts = Vec::new();
        for (label, path) in
            [("Name", "patient.name"), ("Born", "patient.birthTime"), ("Gender", "patient.administrativeGenderCode")]
        {
            let Some(node) = first(tree, role, path) else { continue };
            let shown = self.context.unmarked(|context| value(context, node));
            facts.push(self.fact(label, node, shown));
        }
        let mut is_verified = None;
        for id in all(tree, role, "id") {
            let kind = attribute(tree, id, "root").and_then(cda::identifier).map(|(kind, _)| kind);
            let Some(cda::Identifier::NhsNumber | cda::Identifier::Unverified) = kind else { continue };
            let Some(number) = attribute(tree, id, "extension") else { continue };
            is_verified = Some(is_verified.unwrap_or(false) || kind == Some(cda::Identifier::NhsNumber));
            let is_right = crate::nhs::nhs_number(number).is_ok();
            let shown = if is_right { nhs_number(number) } else { visible(number) };
            facts.push(self.fact("NHS No.", id, vec![Piece::plain(shown)]));
            if !is_right {
                words.push(self.say("This is not a valid NHS number."));
            }
        }
        match is_verified {
            None => words.push(self.say("NHS number not recorded")),
            Some(false) => words.push(self.say("NHS number not verified")),
            Some(true) => {}
        }
        Banner { facts, words, deceased: false }
    }

    fn fact(&self, label: &str, node: NodeId, value: Vec<Piece>) -> Row {
        Row { label: self.say(label), value, pointer: self.context.pointer(node), ..Row::default() }
    }

    /// One element of the header: all that it says in one cell, what is for machines below.
    fn header_row(&mut self, node: NodeId, label: &'static str) {
        let tree = self.context.tree;
        if !self.context.claim(node) {
            return;
        }
        let label = match (tree.name(node), attribute(tree, node, "typeCode")) {
            ("informationRecipient", Some("TRC")) => "Copy to",
            _ => label,
        };
        let mut technical = Vec::new();
        let facts = rows(self.context, node, &mut technical, 0);
        let mut cell = Vec::new();
        said(&facts, &mut cell);
        if cell.is_empty() {
            cell.push(Piece::secondary(self.say("nothing recorded")));
        }
        let cells = vec![vec![Piece::plain(self.say(label))], cell];
        let row = self.entry(node, cells, Vec::new(), technical);
        self.header.push(row);
    }

    fn entry(&self, node: NodeId, cells: Vec<Vec<Piece>>, rows: Vec<Row>, technical: Vec<Row>) -> Entry {
        let pointer = self.context.pointer(node);
        let parts = [(self.say("As recorded"), rows), (self.say("Technical details"), technical)];
        let details = parts
            .into_iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(title, rows)| Detail { title, pointer: pointer.clone(), rows })
            .collect();
        Entry { id: format!("r{}", node.0), cells, details, sources: vec![pointer], ..Entry::default() }
    }

    /// A section of the body as a row of its own.
    fn section_row(&mut self, section: NodeId) {
        let (mut coded, mut technical) = (Vec::new(), Vec::new());
        let (title, mut block, words) = self.section(section, &mut coded, &mut technical, 0);
        block.title = String::new();
        let id = std::mem::take(&mut block.id);
        let link = Piece { text: title.clone(), style: Style::Link, note: Some(format!("#{id}")), lang: None };
        self.contents.push(Entry { cells: vec![vec![link]], ..Entry::default() });
        let row = self.entry(section, vec![vec![Piece::plain(title)]], coded, technical);
        self.body.push(Entry { id, words, body: vec![block], open: true, ..row });
    }

    /// A section's title, its content, and what changes how it is read.
    fn section(
        &mut self,
        section: NodeId,
        coded: &mut Vec<Row>,
        technical: &mut Vec<Row>,
        depth: usize,
    ) -> (String, Block, Vec<Word>) {
        let tree = self.context.tree;
        self.context.claim(section);
        let title = first(tree, section, "title").and_then(|title| {
            self.context.claim(title);
            self.context.take(title).map(|title| squeezed(&title)).filter(|title| !title.is_empty())
        });
        let kind = first(tree, section, "code").and_then(|code| attribute(tree, code, "displayName")).map(visible);
        let title = title.or(kind).unwrap_or_else(|| self.say("Section without a title"));
        let mut words = Vec::new();
        if let Some(code) =
            first(tree, section, "confidentialityCode").filter(|code| attribute(tree, *code, "code") != Some("N"))
        {
            let shown = self.context.unmarked(|context| plain(&value(context, code)));
            let text = self.context.fill("Confidentiality: {}", &[&shown]);
            words.push(Word { text, ..Word::default() });
        }
        if let Some(code) = take(self.context, section, "nullFlavor") {
            let text = cda::null_flavour(&code).map_or_else(|| visible(&code), |words| self.say(words));
            words.push(Word { text, ..Word::default() });
        }
        let mut block = Block { title: title.clone(), id: format!("s{}", section.0), ..Block::default() };
        for text in all(tree, section, "text") {
            self.context.claim(text);
            self.text(text, &mut block);
        }
        if block.markup.is_empty() && first(tree, section, "component").is_none() {
            block.lines.push(vec![Piece::secondary(self.say("There is no text."))]);
        }
        for component in all(tree, section, "component") {
            self.context.claim(component);
            for inner in all(tree, component, "section") {
                if depth >= DEEPEST {
                    continue;
                }
                let (_, mut inner, words) = self.section(inner, coded, technical, depth + 1);
                let said = words.into_iter().map(|word| vec![Piece::new(Style::Warning, word.text)]);
                inner.lines.splice(0..0, said);
                block.blocks.push(inner);
            }
            coded.extend(rows(self.context, component, technical, 0));
        }
        for author in ["author", "informant", "subject"] {
            for node in
                all(tree, section, author).into_iter().filter(|node| self.context.claim(*node)).collect::<Vec<_>>()
            {
                let facts = rows(self.context, node, technical, 0);
                let mut line = vec![Piece::secondary(format!("{}: ", self.say(&words::capitalise(author))))];
                said(&facts, &mut line);
                block.lines.push(line);
            }
        }
        coded.extend(rows(self.context, section, technical, 0));
        (title, block, words)
    }

    /// A section's text, through the sanitiser; what that took out is said below it.
    fn text(&mut self, text: NodeId, block: &mut Block) {
        let Some(source) = self.context.tree.text(text).filter(|_| self.context.tree.kind(text) == Kind::Xhtml) else {
            return;
        };
        let language = self.context.options.language;
        let mut converter = Converter { language, pictures: &mut self.pictures, notes: self.notes };
        let markup = converter.convert(source);
        self.notes = converter.notes;
        let cleaned = sanitise::clean(markup.as_deref().unwrap_or(source), "t-", language);
        self.context.mark(text);
        block.markup.extend(cleaned.markup);
        for removed in cleaned.removed {
            let said = format!("{}: {}", self.say("Made safe"), language.retell(&removed));
            block.lines.push(vec![Piece::secondary(said)]);
        }
    }

    /// A body that is a file: by its bytes, like any attachment, and never in a frame.
    fn file(&mut self, body: NodeId) {
        let tree = self.context.tree;
        let Some(text) = first(tree, body, "text") else { return };
        let stated = take(self.context, text, "mediaType").unwrap_or_default();
        let holder = tree.named(text, "#text").next().unwrap_or(text);
        let name = self.say("The document\u{2019}s body");
        let shown_type = if stated.is_empty() { self.say("type not stated") } else { stated.clone() };
        let mut line = vec![Piece::plain(name.clone()), Piece::secondary(format!(", {shown_type}"))];
        let mut block = Block::default();
        let is_packed = take(self.context, text, "representation").as_deref() == Some("B64");
        match tree.text(holder) {
            None => line.push(Piece::secondary(format!(", {}", self.say("not in the document")))),
            Some(_) if is_packed => {
                line.extend(attachment::open(self.context, text, holder, &stated, &name));
                let opened = self.context.opened.remove(&text).unwrap_or_default();
                block.markup = opened.markup;
                block.lines.extend(opened.said.into_iter().map(|said| vec![Piece::secondary(said)]));
            }
            Some(plain) => {
                let shown = plain.split('\t').map(visible).collect::<Vec<_>>().join("\t");
                let children = vec![Markup::Text(shown.trim().to_owned())];
                block.markup = vec![Markup::Element(Element { name: "pre", attributes: Vec::new(), children })];
                self.context.mark(holder);
            }
        }
        block.lines.insert(0, line);
        let id = format!("s{}", body.0);
        let link = Piece { text: name.clone(), style: Style::Link, note: Some(format!("#{id}")), lang: None };
        self.contents.push(Entry { cells: vec![vec![link]], ..Entry::default() });
        let mut technical = Vec::new();
        let coded = rows(self.context, body, &mut technical, 0);
        let row = self.entry(body, vec![vec![Piece::plain(name)]], coded, technical);
        self.body.push(Entry { id, body: vec![block], open: true, ..row });
    }

    /// All of an element that has no place of its own.
    fn rest_of(&mut self, node: NodeId) {
        let mut technical = Vec::new();
        let found = rows(self.context, node, &mut technical, 0);
        if found.is_empty() && technical.is_empty() {
            return;
        }
        let tree = self.context.tree;
        let name = match tree.name(node) {
            "" => tree.resource_type(node).unwrap_or_default(),
            name => name,
        };
        let mut cell = Vec::new();
        said(&found, &mut cell);
        let cells = vec![vec![Piece::plain(self.say(&words::humanise(&visible(name))))], cell];
        let row = self.entry(node, cells, found, technical);
        self.rest.push(row);
    }

    fn finish(mut self, documents: &[NodeId]) -> Record {
        let root = self.context.tree.root();
        if !documents.contains(&root) {
            self.context.claim(root);
            self.rest_of(root);
        }
        if documents.len() > 1 {
            let count = documents.len().to_string();
            let line = self.context.fill("There are {} documents in this envelope. All of them follow.", &[&count]);
            let not_fhir = self.say(NOT_FHIR);
            self.record.head.splice(0..0, [line, not_fhir]);
        }
        if self.context.left_out > 0 {
            let text = self.context.fill(super::build::LEFT_OUT, &[&self.context.left_out.to_string()]);
            self.record.head.insert(0, text);
        }
        let sections = match self.body.len() {
            1 => self.say("1 section"),
            count => self.context.fill("{} sections", &[&count.to_string()]),
        };
        let mut areas = vec![
            self.area("header", "Header: patient, author, recipients", vec![("", ""), ("", "")], Layout::Table),
            self.area("contents", "Contents", vec![("Section", "")], Layout::Table),
            self.area(
                "body",
                "Body: the author\u{2019}s text in the author\u{2019}s order",
                vec![("Section", "")],
                Layout::Blocks,
            ),
            self.area("appendix", "Appendix: what else was recorded", vec![("", ""), ("", "")], Layout::Table),
        ];
        let mode = self.context.options.mode;
        for area in &mut areas {
            let rows = match area.key {
                "header" => std::mem::take(&mut self.header),
                "contents" => std::mem::take(&mut self.contents),
                "body" => std::mem::take(&mut self.body),
                _ => std::mem::take(&mut self.rest),
            };
            area.headline = match area.key {
                "contents" | "body" => sections.clone(),
                "appendix" => self.context.fill("{} rows", &[&rows.len().to_string()]),
                _ => String::new(),
            };
            if area.key == "body" && rows.is_empty() {
                area.empty = Some(self.say("This document has no text."));
            }
            if let Some(group) = area.groups.first_mut() {
                group.rows = rows;
                if matches!(mode, Mode::Summary | Mode::Brief) {
                    group.rows.iter_mut().for_each(|row| row.details.clear());
                }
            }
        }
        areas.retain(|area| match mode {
            Mode::Summary => matches!(area.key, "header" | "contents"),
            Mode::Brief => area.key != "appendix",
            _ => !area.is_empty() || area.empty.is_some(),
        });
        self.record.areas = areas;
        self.record.derived = vec!["count"];
        links::keep_those_that_lead_somewhere(&mut self.record);
        self.record
    }

    fn area(&self, key: &'static str, title: &str, columns: Vec<(&str, &str)>, layout: Layout) -> Area {
        let columns = columns
            .into_iter()
            .map(|(title, label)| Column {
                title: if title.is_empty() { String::new() } else { self.say(title) },
                label: label.to_owned(),
            })
            .collect();
        let group = AreaGroup { key: "all".to_owned(), columns, layout, ..AreaGroup::default() };
        Area { key, title: self.say(title), folded: key == "appendix", groups: vec![group], ..Area::default() }
    }
}

/// What rows say, in one line: labels only where a value does not speak for itself.
fn said(rows: &[Row], out: &mut Vec<Piece>) {
    for row in rows {
        if !row.value.is_empty() {
            if !out.is_empty() && out.last().is_some_and(|last| !last.text.ends_with(": ")) {
                out.push(Piece::plain("; "));
            }
            let speaks = ["/name", "/addr", "/telecom", "/id", "/#text"].iter().any(|end| {
                row.pointer.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('/').ends_with(end)
            });
            if !speaks {
                out.push(Piece::secondary(format!("{}: ", row.label)));
            }
            out.extend(row.value.iter().cloned());
        }
        said(&row.rows, out);
    }
}

/// The pictures of a document by their IDs: those of the entries that hold one.
fn pictures(context: &mut Context<'_>, document: NodeId) -> FxHashMap<String, Picture> {
    let tree = context.tree;
    let mut found = FxHashMap::default();
    for node in cda::header::inside(tree, document).filter(|node| tree.name(*node) == "observationMedia") {
        let (Some(id), Some(data)) = (attribute(tree, node, "ID"), first(tree, node, "value")) else { continue };
        let stated = attribute(tree, data, "mediaType").unwrap_or_default().to_ascii_lowercase();
        let content: String = tree.text(data).unwrap_or_default().split_whitespace().collect();
        let is_shown = PICTURES.contains(&&*stated) && !content.is_empty();
        let picture = match is_shown {
            true => {
                context.mark(data);
                Picture::Shown(format!("data:{stated};base64,{content}"))
            }
            false => {
                let kind = if stated.is_empty() { context.say("type not stated") } else { visible(&stated) };
                Picture::Named(context.fill("[picture \u{201c}{}\u{201d}: {}, not shown]", &[&visible(id), &kind]))
            }
        };
        found.insert(id.to_owned(), picture);
    }
    // Base64 is nothing to read: what is not a picture of a text is named by its size.
    let is_data = |node: &NodeId| attribute(tree, *node, "representation") == Some("B64") && is_element(tree, *node);
    for node in cda::header::inside(tree, document).filter(is_data).collect::<Vec<_>>() {
        let is_body = tree.parent(node).is_some_and(|parent| tree.name(parent) == "nonXMLBody");
        if !is_body && tree.text(node).is_some() {
            context
                .mark_as(node, super::context::Mark::Withheld("binary content: its type and size are stated instead"));
        }
    }
    found
}

/// A letter as the display of one resource, for what is never a record: a narrative, and what differs between two versions.
pub(super) fn display(record: &Record, tree: &Tree) -> Display {
    let name = record.banner.as_ref().and_then(|banner| banner.facts.first());
    let headline = name.map(|row| plain(&row.value)).unwrap_or_default();
    let mut groups = Vec::new();
    if let Some(banner) = &record.banner {
        groups.push(Group { title: String::new(), rows: banner.facts.clone(), ..Group::default() });
    }
    for area in &record.areas {
        if area.key == "contents" {
            continue;
        }
        let rows = area.groups.iter().flat_map(|group| &group.rows).map(row).collect();
        groups.push(Group { title: area.short_title().to_owned(), rows, ..Group::default() });
    }
    let words = record.banner.iter().flat_map(|banner| banner.words.iter());
    let warnings =
        words.chain(&record.head).map(|text| super::model::Warning { text: text.clone(), pointer: String::new() });
    Display {
        resource_type: visible(tree.resource_type(tree.root()).unwrap_or_default()),
        title: record.title.clone(),
        summary: format!("{}: {headline}", record.title),
        headline,
        warnings: warnings.collect(),
        groups,
        ..Display::default()
    }
}

fn row(entry: &Entry) -> Row {
    let mut cells = entry.cells.iter();
    let label = cells.next().map(|cell| plain(cell)).unwrap_or_default();
    let words = entry.words.iter().map(|word| Piece::new(Style::Warning, format!("{} ", word.text)));
    let value = words.chain(cells.flatten().cloned()).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut markup = Vec::new();
    for block in &entry.body {
        flatten(block, &mut markup, &mut rows);
    }
    rows.extend(entry.details.iter().flat_map(|detail| detail.rows.iter().cloned()));
    let pointer = entry.sources.first().cloned().unwrap_or_default();
    Row { label, value, pointer, rows, markup, ..Row::default() }
}

/// A block's text, and the blocks inside of it as rows.
fn flatten(block: &Block, markup: &mut Vec<Markup>, rows: &mut Vec<Row>) {
    markup.extend(block.markup.iter().cloned());
    for line in &block.lines {
        rows.push(Row { label: String::new(), value: line.clone(), ..Row::default() });
    }
    for inner in &block.blocks {
        let mut row = Row { label: inner.title.clone(), ..Row::default() };
        flatten(inner, &mut row.markup, &mut row.rows);
        rows.push(row);
    }
}
