//! A resource as its [`Display`]: the rows of its view first, then everything that the view does not claim.

mod bundle;
mod details;
mod received;
mod section;
mod special;

use super::context::{Context, Mark};
use super::format::date::{AgeWords, Moment};
use super::model::{Code, Display, Group, Importance, Piece, Row, Style, Warning};
use super::modifiers::{self, Level};
use super::shape::Shape;
use super::views::{Spec, Weight};
use super::{attachment, format, labels, systems, views, words};
use crate::contradictions::{Finding, Rank};
use crate::limits;
use crate::tree::{Flags, NodeId};

pub(super) use details::{author_text, banner_rows, details, technical, withhold};

/// Resources inside resources deeper than this are listed value by value.
const NESTED: usize = 12;
/// Parts inside parts deeper than this are listed value by value.
const DEEP: usize = 24;

/// What is said first where a display had to be cut.
pub(super) const LEFT_OUT: &str = "NOT ALL IS SHOWN: {} values are left out, as this display would be many times as long as what was sent. Read the resource itself.";

/// Why a technical detail is not in a display for a patient.
const FOR_MACHINES: &str = "a technical detail, which a patient's display does not have";

/// The display of the whole input.
pub fn document(context: &mut Context<'_>) -> Display {
    let root = context.tree.root();
    context.comments = views::tables::comments(context);
    let mut builder = Builder { context, inside: Vec::new(), changed: Vec::new() };
    let mut display = builder.resource(root, 0);
    if context.left_out > 0 {
        let text = context.fill(LEFT_OUT, &[&context.left_out.to_string()]);
        display.warnings.insert(0, Warning { text, pointer: display.pointer.clone() });
    }
    display
}

struct Builder<'c, 'a> {
    context: &'c mut Context<'a>,
    /// Resources found inside the one at hand, to be displayed after it.
    inside: Vec<NodeId>,
    /// The elements of the resource at hand that change its meaning.
    changed: Vec<NodeId>,
}

impl Builder<'_, '_> {
    fn resource(&mut self, node: NodeId, depth: usize) -> Display {
        let tree = self.context.tree;
        let kind = tree.resource_type(node).unwrap_or("").to_owned();
        let mut display = Display {
            pointer: self.context.pointer(node),
            title: views::title(self.context, node),
            resource_type: words::visible(&kind),
            id: self.context.peek(node, "id").map(words::visible),
            ..Display::default()
        };
        if views::is_kept_from_patients(self.context, node) {
            self.keep_from_patients(node, &mut display);
            return display;
        }
        let own = self.context.peek(node, "language").filter(|tag| is_tag(tag));
        let foreign = own.filter(|tag| !self.context.options.language.reads(tag));
        let outer_foreign = std::mem::replace(&mut self.context.foreign, foreign);
        if self.context.banner.is_none() {
            self.context.banner = bundle::patient(self.context, node);
        }
        let found = modifiers::find(self.context, node);
        let subject = self.context.unmarked(|context| views::subject(context, node));
        let with_facts = self.context.unmarked(|context| views::headline_subject(context, node));
        display.headline = modifiers::headline(&found, &with_facts);
        display.keys = self.keys(node, &kind, &subject);
        display.summary = self.context.unmarked(|context| views::summary(context, node, &display.headline, &found));
        display.warnings = modifiers::warnings(self.context, &found);
        self.contradictions(node, &mut display);
        display.entered_in_error =
            found.iter().any(|found| found.level == Level::Worst && tree.text(found.node) == Some("entered-in-error"));
        let outer_inside = std::mem::take(&mut self.inside);
        let outer_changed = std::mem::replace(&mut self.changed, found.iter().map(|found| found.node).collect());
        let outer_technical = std::mem::take(&mut self.context.technical);
        self.first(node, &mut display);
        self.banner(node, &mut display);
        self.view(node, &kind, &mut display);
        self.rest(node, &kind, &mut display);
        self.unreferenced(node, &mut display);
        self.appendix(node, &mut display);
        display.technical = std::mem::replace(&mut self.context.technical, outer_technical);
        let mut inside = std::mem::replace(&mut self.inside, outer_inside);
        self.changed = outer_changed;
        if kind == "Bundle" {
            // What could not be given is read before what was; otherwise the sender's order stays.
            crate::order::sort_by_key(&mut inside, |inner| tree.resource_type(*inner) != Some("OperationOutcome"));
        }
        for inner in inside {
            if self.context.room == 0 {
                self.context.leave_out(inner);
            } else if depth < NESTED {
                display.nested.push(self.resource(inner, depth + 1));
            } else {
                let mut rows = Vec::new();
                self.flat(inner, &mut rows);
                self.push_group(&mut display, "Resources nested too deep to be laid out", rows);
            }
        }
        self.context.foreign = outer_foreign;
        display
    }

    /// What a resource is known by in another version of what it is in.
    fn keys(&self, node: NodeId, kind: &str, subject: &str) -> Vec<String> {
        let tree = self.context.tree;
        let mut keys = Vec::new();
        if let Some(url) = tree.parent(node).and_then(|entry| tree.child_text(entry, "fullUrl")) {
            keys.push(format!("url:{url}"));
        }
        if let Some(id) = self.context.peek(node, "id") {
            keys.push(format!("id:{kind}/{id}"));
        }
        for identifier in self.context.children(node, "identifier") {
            if let Some(value) = self.context.peek(identifier, "value") {
                let system = self.context.peek(identifier, "system").unwrap_or("");
                keys.push(format!("identifier:{kind}/{system}|{value}"));
            }
        }
        keys.push(format!("says:{kind}/{subject}"));
        keys
    }

    /// What is recorded twice and differs: of the whole input what must be known before the rest is read, of a resource
    /// what is said in it.
    fn contradictions(&self, node: NodeId, display: &mut Display) {
        /// More are counted: a list of warnings that nobody reads to its end warns of nothing.
        const MOST: usize = 12;
        let tree = self.context.tree;
        let mut said: Vec<&Finding> = Vec::new();
        if node == tree.root() && display.resource_type == "Bundle" {
            let all = self.context.contradictions.values().flatten();
            said.extend(all.filter(|finding| finding.rank == Rank::Alert));
            crate::order::sort_by_key(&mut said, |finding| finding.at);
        } else {
            let here = self.context.contradictions.get(&node).into_iter().flatten();
            said.extend(here.filter(|finding| finding.rank != Rank::Info));
        }
        for finding in said.iter().take(MOST) {
            let values: Vec<String> =
                finding.says.values.iter().map(|value| crate::render::words::visible(value)).collect();
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let text = self.context.fill(finding.says.template(), &values);
            display.warnings.push(Warning { text, pointer: self.context.pointer(finding.at) });
        }
        if let Some(next) = said.get(MOST) {
            let more = (said.len() - MOST).to_string();
            let text = self.context.fill("{} more contradictions are said where they stand.", &[&more]);
            display.warnings.push(Warning { text, pointer: self.context.pointer(next.at) });
        }
    }

    /// A resource that the patient must not see is named by its type alone.
    fn keep_from_patients(&mut self, node: NodeId, display: &mut Display) {
        display.headline = self.context.say(views::KEPT_FROM_PATIENTS);
        display.summary = format!("{}: {}", display.title, display.headline);
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            self.context.claim(at);
            if self.context.is_leaf(at) {
                self.context.mark_as(at, Mark::Withheld(views::NOPAT));
            }
            open.extend(self.context.tree.children(at));
        }
    }

    /// What must be read before everything else.
    fn first(&mut self, node: NodeId, display: &mut Display) {
        let mut rows = Vec::new();
        for name in ["implicitRules", "modifierExtension"] {
            for child in self.context.tree.named(node, name).collect::<Vec<_>>() {
                rows.extend(self.claimed(child, None, 0));
            }
        }
        self.push_group(display, "Information that changes the meaning", rows);
    }

    /// The rows of the type's own view.
    fn view(&mut self, node: NodeId, kind: &str, display: &mut Display) {
        for group in views::groups(kind) {
            let mut rows = Vec::new();
            for spec in group.rows {
                let mut children = views::select(self.context, node, spec.path);
                if kind == "OperationOutcome" {
                    crate::order::sort_by_key(&mut children, |issue| special::severity(self.context, *issue));
                }
                for child in children {
                    rows.extend(self.claimed(child, Some(spec), 0));
                }
            }
            if kind == "Patient" && group.title == "Patient" {
                self.not_recorded(node, &mut rows);
            }
            let is_banner = kind == "Patient" && group.title == "Patient" && !rows.is_empty();
            self.push_group(display, group.title, rows);
            if let Some(banner) = display.groups.last_mut().filter(|_| is_banner) {
                banner.deceased = views::people::is_dead(self.context, node);
            }
        }
        let tables = views::tables::tables(self.context, node);
        if tables.is_empty() {
            return;
        }
        if display.groups.is_empty() {
            display.groups.push(Group { title: self.context.say("Results"), ..Group::default() });
        }
        if let Some(group) = display.groups.first_mut() {
            group.tables.extend(tables);
        }
    }

    /// Says of what tells one patient from another that it is not there, so that nobody takes it for left out by the viewer.
    fn not_recorded(&self, patient: NodeId, rows: &mut Vec<Row>) {
        for (path, label) in [("birthDate", "Born"), ("gender", "Gender"), ("identifier:nhs", "NHS No.")] {
            if views::select(self.context, patient, path).is_empty() {
                let value = vec![Piece::secondary(self.context.say("not recorded"))];
                let pointer = self.context.pointer(patient);
                rows.push(Row { label: self.context.say(label), value, pointer, ..Row::default() });
            }
        }
    }

    /// Everything else: in a generic view it is the content, after a view of its own it is "other".
    fn rest(&mut self, node: NodeId, kind: &str, display: &mut Display) {
        let tree = self.context.tree;
        let has_view = !views::groups(kind).is_empty();
        let mark = if has_view { Mark::Listed } else { Mark::Shown };
        let before = self.context.marking.replace(mark);
        let mut rows = Vec::new();
        let mut text = Vec::new();
        for child in tree.children(node).collect::<Vec<_>>() {
            match self.context.shape(child) {
                Shape::Resource => {
                    self.context.claim(child);
                    self.inside.push(child);
                }
                Shape::Narrative if tree.name(child) == "text" => text.extend(self.claimed(child, None, 0)),
                _ if tree.name(child) == "meta" => self.meta(child, &mut rows),
                _ => rows.extend(self.claimed(child, None, 0)),
            }
        }
        if self.context.is_leaf(node) && self.context.mark_of(node) == Mark::None && tree.text(node).is_some() {
            // The input is not an object at all: what it is, is shown.
            let value = format::inline(self.context, node);
            rows.push(Row { label: self.context.say("Value"), value, ..Row::default() });
        }
        self.context.marking = before;
        self.push_group(display, if has_view { "Other recorded information" } else { "Details" }, rows);
        self.push_group(display, "Text recorded with this resource", text);
    }

    /// Security labels and tags are content; the rest of `meta` is technical.
    fn meta(&mut self, node: NodeId, rows: &mut Vec<Row>) {
        for child in self.context.tree.children(node).collect::<Vec<_>>() {
            match self.context.tree.name(child) {
                "security" => rows.extend(self.claimed(child, Some(&views::SECURITY), 1)),
                "tag" => rows.extend(self.claimed(child, Some(&views::TAG), 1)),
                "versionId" | "lastUpdated" | "profile" => self.technical(child),
                _ => rows.extend(self.claimed(child, None, 1)),
            }
        }
        if self.context.is_leaf(node) {
            self.technical(node);
        }
    }

    /// The row of a node, unless another row has it already.
    fn claimed(&mut self, node: NodeId, spec: Option<&Spec>, depth: usize) -> Option<Row> {
        if !self.context.claim(node) || !self.context.has_unmarked(node) && self.context.shape(node) != Shape::Resource
        {
            return None;
        }
        if self.context.room == 0 {
            self.context.leave_out(node);
            return None;
        }
        if spec.is_none() && self.is_technical(node) {
            self.technical(node);
            return None;
        }
        let mut row = self.row(node, spec, depth);
        self.context.take_room(&row);
        let tree = self.context.tree;
        let critical = spec.is_some_and(|spec| spec.weight != Weight::Normal);
        row.importance = match () {
            () if self.changed.contains(&node) => Importance::Warning,
            () if critical && row.importance == Importance::Normal => Importance::Critical,
            () => row.importance,
        };
        if tree.flags(node).has(Flags::DUPLICATE) {
            row.label.push_str(&format!(" ({})", self.context.say("written twice: this is a later one")));
            row.importance = Importance::Warning;
        }
        let is_empty = row.value.is_empty() && row.rows.is_empty() && row.markup.is_empty();
        if is_empty && spec.is_none_or(|spec| spec.weight != Weight::Lead) && self.is_titled(node) {
            // Its title is all that there is of it.
            row.value.push(Piece::secondary(self.context.say("nothing further recorded")));
            return Some(row);
        }
        (!is_empty).then_some(row)
    }

    /// Whether the row of a node has a recorded text for its label: a section, a question.
    fn is_titled(&self, node: NodeId) -> bool {
        self.context.tree.name(node) == "section" || special::is_question(self.context, node)
    }

    fn row(&mut self, node: NodeId, spec: Option<&Spec>, depth: usize) -> Row {
        let tree = self.context.tree;
        let label = spec.map(|spec| spec.label).filter(|label| !label.is_empty());
        let parts = match spec {
            Some(spec) => spec.parts,
            None if tree.name(node) == "part" && special::within(self.context, node) == "Parameters" => {
                views::PARAMETER
            }
            None => &[],
        };
        let mut row = Row {
            label: match label {
                Some(label) => self.context.say(label),
                None => self.name_label(node),
            },
            pointer: self.context.pointer(node),
            ..Row::default()
        };
        let shape = self.context.shape(node);
        match shape {
            Shape::Resource => {
                row.value.push(Piece::plain(views::one_line(self.context, node)));
                self.inside.push(node);
            }
            _ if depth > DEEP => self.flat(node, &mut row.rows),
            Shape::Narrative => self.narrative(node, &mut row),
            Shape::Extension => self.extension(node, &mut row, label.is_some(), parts, depth),
            Shape::Parts if tree.name(node) == "section" => self.section(node, &mut row, depth),
            Shape::Parts if tree.name(node) == "referenceRange" => {
                row.value = format::quantity::reference_range(self.context, node);
                self.left_over(node, &mut row.rows, depth);
            }
            Shape::Parts if special::is_question(self.context, node) => self.question(node, &mut row, depth),
            Shape::Parts => {
                if let Some(words) = modifiers::part_words(self.context, node) {
                    row.value.push(Piece::new(Style::Warning, words));
                    row.importance = Importance::Warning;
                }
                row.value.extend(special::lead(self.context, node));
                self.lead(node, &mut row, parts, depth);
                self.parts(node, &mut row.rows, parts, depth);
            }
            _ => {
                if label.is_none_or(|label| label == "Identifier")
                    && shape == Shape::Identifier
                    && let Some(known) = self.context.peek(node, "system").and_then(systems::identifier_label)
                {
                    row.label = self.context.say(known);
                }
                if shape == Shape::Name && label == Some("Name") && self.is_preferred(node) {
                    row.label = self.context.say("Preferred name");
                }
                row.value = match shape {
                    Shape::Base64 if special::within(self.context, node) == "Binary" => self.binary(node),
                    _ => format::inline(self.context, node),
                };
                self.opened(node, &mut row);
                self.age(node, &mut row);
                row.code = self.code(node, shape);
                if row.value.iter().any(|piece| piece.style == Style::Warning) {
                    row.importance = Importance::Warning;
                }
                self.left_over(node, &mut row.rows, depth);
            }
        }
        self.empty(node, &mut row.value);
        row
    }

    /// What is said of the content of a Binary.
    fn binary(&mut self, content: NodeId) -> Vec<Piece> {
        let context = &mut *self.context;
        let holder = context.tree.parent(content).unwrap_or(content);
        let stated = context.peek(holder, "contentType").unwrap_or("").to_owned();
        let name = context.say("Content");
        let facts = attachment::open(context, holder, content, &stated, &name);
        std::iter::once(Piece::plain(name)).chain(facts).collect()
    }

    /// Puts what is shown of an attachment into its row.
    fn opened(&mut self, node: NodeId, row: &mut Row) {
        let holder =
            if self.context.shape(node) == Shape::Base64 { self.context.tree.parent(node) } else { Some(node) };
        let Some(opened) = holder.and_then(|holder| self.context.opened.remove(&holder)) else { return };
        row.markup.extend(opened.markup);
        row.attached = opened.facts;
        for said in opened.said {
            let value = vec![Piece::secondary(said)];
            let pointer = row.pointer.clone();
            row.rows.push(Row { label: self.context.say("Made safe"), value, pointer, ..Row::default() });
        }
    }

    /// Says of a node without content that it is empty.
    fn empty(&mut self, node: NodeId, value: &mut Vec<Piece>) {
        if self.context.is_leaf(node) && self.context.mark_of(node) == Mark::None {
            self.context.mark(node);
            if value.is_empty() {
                value.push(Piece::secondary(format!("({})", self.context.say("empty"))));
            }
        }
    }

    /// Whether a name is the one that the person goes by beside an official one (PAB-0037).
    fn is_preferred(&self, name: NodeId) -> bool {
        let of = |name: NodeId| self.context.peek(name, "use");
        let tree = self.context.tree;
        of(name) == Some("usual")
            && tree
                .parent(name)
                .is_some_and(|person| tree.named(person, "name").any(|other| of(other) == Some("official")))
    }

    /// What a part is mainly about, as its own value, with what belongs to that.
    fn lead(&mut self, node: NodeId, row: &mut Row, parts: &[Spec], depth: usize) {
        for spec in parts.iter().filter(|spec| spec.weight == Weight::Lead) {
            for child in views::select(self.context, node, spec.path) {
                let Some(inner) = self.claimed(child, Some(spec), depth + 1) else { continue };
                if !row.value.is_empty() && !inner.value.is_empty() {
                    row.value.push(Piece::plain(", "));
                }
                row.value.extend(inner.value);
                row.rows.extend(inner.rows);
                row.markup.extend(inner.markup);
                row.attached = row.attached.take().or(inner.attached);
                row.code = row.code.take().or(inner.code);
                row.importance = row.importance.max(inner.importance);
            }
        }
    }

    /// The rows of what a node is made of: those of its view first, then the others.
    fn parts(&mut self, node: NodeId, rows: &mut Vec<Row>, parts: &[Spec], depth: usize) {
        for spec in parts {
            for child in views::select(self.context, node, spec.path) {
                rows.extend(self.claimed(child, Some(spec), depth + 1));
            }
        }
        for child in self.context.tree.children(node).collect::<Vec<_>>() {
            rows.extend(self.claimed(child, None, depth + 1));
        }
    }

    /// What a formatter did not show of its node: an extension, an unknown element, a property written twice.
    fn left_over(&mut self, node: NodeId, rows: &mut Vec<Row>, depth: usize) {
        if depth > DEEP {
            return self.flat(node, rows);
        }
        let before = self.context.marking.replace(Mark::Listed);
        for child in self.context.tree.children(node).collect::<Vec<_>>() {
            if !self.context.has_unmarked(child) && self.context.shape(child) != Shape::Resource {
                continue;
            }
            let whole = !self.context.has_marked(child);
            if self.is_technical(child) {
                self.technical(child);
            } else if whole || self.context.mark_of(child) == Mark::None && self.context.is_leaf(child) {
                rows.extend(self.claimed(child, None, depth + 1));
            } else {
                self.left_over(child, rows, depth + 1);
            }
        }
        self.context.marking = before;
    }

    /// An extension: its label, its value or its own extensions.
    fn extension(&mut self, node: NodeId, row: &mut Row, labelled: bool, parts: &[Spec], depth: usize) {
        self.context.has_extensions = true;
        let url = self.context.child(node, "url");
        let address = url.and_then(|url| self.context.tree.text(url)).unwrap_or("").to_owned();
        let is_modifier = self.context.tree.name(node) == "modifierExtension";
        if !address.is_empty() && !labelled {
            let label = labels::extension_label(self.context.options.language, &address);
            row.label =
                if is_modifier { format!("{label} ({})", self.context.say("changes the meaning")) } else { label };
        }
        let values: Vec<NodeId> = self
            .context
            .tree
            .children(node)
            .filter(|child| self.context.tree.name(*child).starts_with("value"))
            .collect();
        for value in values {
            if row.value.is_empty() && self.context.shape(value) != Shape::Parts && self.context.claim(value) {
                row.value = format::inline(self.context, value);
                self.empty(value, &mut row.value);
                let shape = self.context.shape(value);
                row.code = self.code(value, shape);
                self.left_over(value, &mut row.rows, depth + 1);
            }
        }
        if is_modifier {
            row.importance = Importance::Warning;
        }
        if let Some(url) = url {
            // Only an address that the label does not stand for is worth reading.
            let known = labelled || labels::is_known_extension(&address) || address.starts_with("http://hl7.org/fhir/");
            if (is_modifier || !known) && address.contains([':', '/']) {
                self.context.mark(url);
                let text = self.context.fill("extension {}", &[&words::visible(&address)]);
                row.value.push(Piece::secondary(format!(" ({text})")));
            } else {
                self.technical(url);
            }
        }
        if address.ends_with("/Extension-coding-sctdescid") {
            self.description(node, row);
        }
        self.parts(node, &mut row.rows, parts, depth);
        self.translation(node, &address, row);
    }

    /// The SNOMED CT description that was chosen: its id is a technical detail, and its words are shown where they are not
    /// the display of the code itself.
    fn description(&mut self, node: NodeId, row: &mut Row) {
        let tree = self.context.tree;
        let display =
            tree.parent(node).and_then(|coding| self.context.peek(coding, "display")).unwrap_or("").to_owned();
        for part in self.context.children(node, "extension") {
            let Some(value) = self.context.choice(part, "value") else { continue };
            let text = tree.text(value).unwrap_or("");
            let is_same = words::same_words(text, &display);
            match self.context.peek(part, "url") {
                Some("descriptionId") => self.technical(value),
                Some("descriptionDisplay") if is_same => self.technical(value),
                Some("descriptionDisplay") => row.value.extend(format::inline(self.context, value)),
                _ => continue,
            }
            if let Some(url) = self.context.child(part, "url") {
                self.technical(url);
            }
        }
    }

    /// Marks a translation with its language.
    fn translation(&mut self, node: NodeId, address: &str, row: &mut Row) {
        if !address.ends_with("/translation") {
            return;
        }
        let inner = |name: &str| {
            let tree = self.context.tree;
            tree.named(node, "extension").find(|part| tree.child_text(*part, "url") == Some(name))
        };
        let value = |part: NodeId| self.context.choice(part, "value").and_then(|value| self.context.tree.text(value));
        let Some(tag) = inner("lang").and_then(value).filter(|tag| is_tag(tag)) else { return };
        let Some(content) = inner("content").map(|part| self.context.pointer(part)) else { return };
        for part in row.rows.iter_mut().filter(|part| part.pointer == content) {
            for piece in &mut part.value {
                piece.lang = Some(tag.to_owned());
            }
        }
    }

    /// The age beside a birth date (PAB-0034), and at a date of death (PAB-0039).
    fn age(&self, node: NodeId, row: &mut Row) {
        let tree = self.context.tree;
        let Some(person) = tree.parent(node).filter(|parent| tree.resource_type(*parent).is_some()) else { return };
        let moment = |name: &str| Moment::parse(self.context.peek(person, name)?);
        match tree.name(node) {
            "birthDate"
                if self.context.choice(person, "deceased").is_none_or(|dead| tree.text(dead) == Some("false")) =>
            {
                let born = birth_moment(self.context, person);
                let words = AgeWords(self.context.options.language, self.context.for_patient());
                let age = born.zip(self.context.as_of.as_ref()).and_then(|(born, at)| born.age_at(at, words));
                row.value.extend(age.map(|age| Piece::plain(format!(" ({age})"))));
            }
            "deceasedDateTime" => {
                let words = AgeWords(self.context.options.language, self.context.for_patient());
                let age =
                    moment("birthDate").zip(moment("deceasedDateTime")).and_then(|(born, at)| born.age_at(&at, words));
                if let Some(age) = age {
                    let value = vec![Piece::plain(age)];
                    let label = self.context.say("Age at Death");
                    row.rows.push(Row { label, value, pointer: row.pointer.clone(), ..Row::default() });
                }
            }
            _ => {}
        }
    }

    /// The code behind a value, for the model.
    fn code(&self, node: NodeId, shape: Shape) -> Option<Code> {
        let coding = match shape {
            Shape::Concept => self.context.child(node, "coding")?,
            Shape::Coding | Shape::Quantity => node,
            Shape::Code => {
                return Some(Code { system: None, code: words::visible(self.context.tree.text(node)?) });
            }
            _ => return None,
        };
        let code = words::visible(self.context.peek(coding, "code")?);
        Some(Code { system: self.context.peek(coding, "system").map(words::visible), code })
    }

    /// Whether a value is for machines: it says nothing to a reader that the rest does not.
    fn is_technical(&self, node: NodeId) -> bool {
        let tree = self.context.tree;
        let Some(parent) = tree.parent(node) else { return false };
        let top = tree.resource_type(parent).is_some();
        if tree.text(node).is_none() {
            return false;
        }
        match tree.name(node) {
            "id" | "fullUrl" | "linkId" => true,
            "language" => top,
            "system" | "version" | "code" => {
                matches!(self.context.shape(parent), Shape::Coding | Shape::Quantity | Shape::Identifier)
            }
            "text" => self.context.shape(parent) == Shape::Name,
            "userSelected" => self.context.shape(parent) == Shape::Coding,
            "reference" => self.context.shape(parent) == Shape::Reference,
            "url" => self.context.shape(parent) == Shape::Extension,
            "status" => self.context.shape(parent) == Shape::Narrative,
            _ => false,
        }
    }

    /// A value as recorded, for lists of values.
    fn value_text(&self, node: NodeId) -> String {
        match self.context.tree.text(node) {
            Some(text) => words::visible(text),
            None => format!("({})", self.context.say("empty")),
        }
    }

    fn push_group(&self, display: &mut Display, title: &str, rows: Vec<Row>) {
        if !rows.is_empty() {
            display.groups.push(Group { title: self.context.say(title), rows, ..Group::default() });
        }
    }

    /// Lists a value, and everything inside it, under technical details.
    fn technical(&mut self, node: NodeId) {
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            if self.context.room == 0 {
                self.context.leave_out(at);
                continue;
            }
            if self.context.is_leaf(at) && self.context.mark_of(at) == Mark::None {
                if self.context.for_patient() {
                    self.context.mark_as(at, Mark::Withheld(FOR_MACHINES));
                    continue;
                }
                self.context.mark_as(at, Mark::Technical);
                let value = vec![Piece::plain(self.value_text(at))];
                let row =
                    Row { label: self.path_label(at), value, pointer: self.context.pointer(at), ..Row::default() };
                self.context.take_room(&row);
                self.context.technical.push(row);
            }
            open.extend(self.context.tree.children(at));
        }
    }

    /// Lists every value inside a node, one row each, without recursion.
    fn flat(&mut self, node: NodeId, rows: &mut Vec<Row>) {
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            if self.context.room == 0 {
                self.context.leave_out(at);
                continue;
            }
            if self.context.is_leaf(at) && self.context.mark_of(at) == Mark::None {
                self.context.mark(at);
                self.context.claim(at);
                let value = vec![Piece::plain(self.value_text(at))];
                let row =
                    Row { label: self.path_label(at), value, pointer: self.context.pointer(at), ..Row::default() };
                self.context.take_room(&row);
                rows.push(row);
            }
            let from = open.len();
            open.extend(self.context.tree.children(at));
            open.get_mut(from..).unwrap_or_default().reverse();
        }
    }

    /// Where a value stands within its resource, in words.
    /// What an element is called by its name, which may be none of FHIR's and of any length.
    fn name_label(&self, node: NodeId) -> String {
        let name = limits::shorten(self.context.tree.name(node), limits::NAME);
        labels::element_label(self.context.options.language, &words::visible(&name))
    }

    fn path_label(&self, node: NodeId) -> String {
        let tree = self.context.tree;
        let language = self.context.options.language;
        let mut steps = Vec::new();
        let mut at = node;
        while let Some(parent) = tree.parent(at) {
            if tree.resource_type(at).is_some() || steps.len() > 12 {
                break;
            }
            let name = match tree.name(at) {
                "extension" | "modifierExtension" => {
                    let url = self.context.peek(at, "url");
                    url.map_or_else(|| self.context.say("Extension"), |url| labels::extension_label(language, url))
                }
                _ => self.name_label(at),
            };
            steps.push(name);
            at = parent;
        }
        steps.reverse();
        let mut out = String::new();
        for (at, step) in steps.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
                out.push_str(&words::uncapitalise(step));
            } else {
                out.push_str(step);
            }
        }
        out
    }
}

/// Whether a text can be the tag of a language.
fn is_tag(text: &str) -> bool {
    (2..=35).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The time of birth by its extension, if there is one.
pub(super) fn birth_time(context: &Context<'_>, person: NodeId) -> Option<(NodeId, Moment)> {
    let date = context.child(person, "birthDate");
    date.into_iter().chain([person]).flat_map(|node| context.children(node, "extension")).find_map(|extension| {
        context.peek(extension, "url").filter(|url| url.ends_with("/patient-birthTime"))?;
        let value = context.child(extension, "valueDateTime")?;
        Some((value, Moment::parse(context.tree.text(value)?)?))
    })
}

/// When a person was born: by the time of birth where it is on the birth date, as ages in hours need it. One on another
/// day is a mistake in one of the two, and the date is what everybody else goes by.
fn birth_moment(context: &Context<'_>, person: NodeId) -> Option<Moment> {
    let date = Moment::parse(context.peek(person, "birthDate")?)?;
    match birth_time(context, person) {
        Some((_, time)) if time.is_on(&date) => Some(time),
        _ => Some(date),
    }
}
