//! A resource as its [`Display`]: the rows of its view first, then everything that the view does not claim.

use super::context::{Context, Mark};
use super::format::date::Moment;
use super::model::{Code, Display, Group, Importance, Piece, Row, Style};
use super::modifiers::{self, Level};
use super::shape::Shape;
use super::{As, format, labels, sanitise, systems, views, words};
use crate::tree::{Flags, NodeId};

/// Resources inside resources deeper than this are listed value by value.
const NESTED: usize = 12;
/// Parts inside parts deeper than this are listed value by value.
const DEEP: usize = 24;

/// The display of the whole input.
pub fn document(context: &mut Context<'_>) -> Display {
    let root = context.tree.root();
    let mut builder = Builder { context, inside: Vec::new(), changed: Vec::new() };
    builder.resource(root, 0)
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
        let found = modifiers::find(self.context, node);
        let subject = self.context.unmarked(|context| views::subject(context, node));
        let headline = modifiers::headline(&found, &subject);
        let summary = self.context.unmarked(|context| views::summary(context, node, &headline, &found));
        let outer_inside = std::mem::take(&mut self.inside);
        let outer_changed = std::mem::replace(&mut self.changed, found.iter().map(|found| found.node).collect());
        let outer_technical = std::mem::take(&mut self.context.technical);
        let mut display = Display {
            pointer: self.context.pointer(node),
            title: labels::type_label(&kind),
            resource_type: words::visible(&kind),
            headline,
            summary,
            warnings: modifiers::warnings(self.context, &found),
            entered_in_error: found
                .iter()
                .any(|found| found.level == Level::Worst && found.words == "Entered in error"),
            ..Display::default()
        };
        self.first(node, &mut display);
        self.view(node, &kind, &mut display);
        self.rest(node, &kind, &mut display);
        display.technical = std::mem::replace(&mut self.context.technical, outer_technical);
        let inside = std::mem::replace(&mut self.inside, outer_inside);
        self.changed = outer_changed;
        for inner in inside {
            if depth < NESTED {
                display.nested.push(self.resource(inner, depth + 1));
            } else {
                let mut rows = Vec::new();
                self.flat(inner, &mut rows);
                display.groups.push(Group {
                    title: "Resources nested too deep to be laid out".to_owned(),
                    rows,
                    ..Group::default()
                });
            }
        }
        display
    }

    /// What must be read before everything else.
    fn first(&mut self, node: NodeId, display: &mut Display) {
        let mut rows = Vec::new();
        for name in ["implicitRules", "modifierExtension"] {
            for child in self.context.tree.named(node, name).collect::<Vec<_>>() {
                rows.extend(self.claimed(child, None, true, 0));
            }
        }
        push_group(display, "Information that changes the meaning", rows);
    }

    /// The rows of the type's own view.
    fn view(&mut self, node: NodeId, kind: &str, display: &mut Display) {
        for group in views::groups(kind) {
            let mut rows = Vec::new();
            for spec in group.rows {
                for child in views::select(self.context, node, spec.path) {
                    rows.extend(self.claimed(child, Some(spec.label), spec.critical, 0));
                }
            }
            push_group(display, group.title, rows);
        }
        if let Some(table) = views::tables(self.context, node) {
            match display.groups.first_mut() {
                Some(group) => group.tables.push(table),
                None => {
                    display.groups.push(Group { title: "Results".to_owned(), tables: vec![table], rows: Vec::new() })
                }
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
                Shape::Narrative if tree.name(child) == "text" => text.extend(self.claimed(child, None, false, 0)),
                _ if tree.name(child) == "meta" => self.meta(child, &mut rows),
                _ => rows.extend(self.claimed(child, None, false, 0)),
            }
        }
        if self.context.is_leaf(node) && self.context.mark_of(node) == Mark::None && tree.text(node).is_some() {
            // The input is not an object at all: what it is, is shown.
            let value = format::inline(self.context, node);
            rows.push(Row { label: "Value".to_owned(), value, pointer: String::new(), ..Row::default() });
        }
        self.context.marking = before;
        push_group(display, if has_view { "Other recorded information" } else { "Details" }, rows);
        push_group(display, "Text recorded with this resource", text);
    }

    /// Security labels and tags are content; the rest of `meta` is technical.
    fn meta(&mut self, node: NodeId, rows: &mut Vec<Row>) {
        for child in self.context.tree.children(node).collect::<Vec<_>>() {
            match self.context.tree.name(child) {
                "security" => rows.extend(self.claimed(child, Some("Security label"), true, 1)),
                "tag" => rows.extend(self.claimed(child, Some("Tag"), false, 1)),
                "versionId" | "lastUpdated" | "profile" => self.technical(child),
                _ => rows.extend(self.claimed(child, None, false, 1)),
            }
        }
        if self.context.is_leaf(node) {
            self.technical(node);
        }
    }

    /// The row of a node, unless another row has it already.
    fn claimed(&mut self, node: NodeId, label: Option<&str>, critical: bool, depth: usize) -> Option<Row> {
        if !self.context.claim(node) || !self.context.has_unmarked(node) && self.context.shape(node) != Shape::Resource
        {
            return None;
        }
        if label.is_none() && self.is_technical(node) {
            self.technical(node);
            return None;
        }
        let mut row = self.row(node, label, depth);
        let tree = self.context.tree;
        row.importance = match () {
            () if self.changed.contains(&node) => Importance::Warning,
            () if critical && row.importance == Importance::Normal => Importance::Critical,
            () => row.importance,
        };
        if tree.flags(node).has(Flags::DUPLICATE) {
            row.label.push_str(" (written twice: this is a later one)");
            row.importance = Importance::Warning;
        }
        (!row.value.is_empty() || !row.rows.is_empty() || !row.markup.is_empty()).then_some(row)
    }

    fn row(&mut self, node: NodeId, label: Option<&str>, depth: usize) -> Row {
        let tree = self.context.tree;
        let mut row = Row {
            label: label.map_or_else(|| labels::element_label(&words::visible(tree.name(node))), str::to_owned),
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
            Shape::Extension => self.extension(node, &mut row, depth),
            Shape::Parts => {
                if tree.name(node) == "section"
                    && let Some(title) = self.context.take_child(node, "title")
                {
                    row.label = title;
                }
                if let Some(words) = modifiers::part_words(self.context, node) {
                    row.value.push(Piece::new(Style::Warning, words));
                    row.importance = Importance::Warning;
                }
                self.parts(node, &mut row.rows, depth);
            }
            _ => {
                if label.is_none_or(|label| label == "Identifier")
                    && shape == Shape::Identifier
                    && let Some(known) = self.context.peek(node, "system").and_then(systems::identifier_label)
                {
                    row.label = known.to_owned();
                }
                row.value = format::inline(self.context, node);
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

    /// Says of a node without content that it is empty.
    fn empty(&mut self, node: NodeId, value: &mut Vec<Piece>) {
        if self.context.is_leaf(node) && self.context.mark_of(node) == Mark::None {
            self.context.mark(node);
            if value.is_empty() {
                value.push(Piece::secondary("(empty)"));
            }
        }
    }

    /// The rows of what a node is made of.
    fn parts(&mut self, node: NodeId, rows: &mut Vec<Row>, depth: usize) {
        for child in self.context.tree.children(node).collect::<Vec<_>>() {
            rows.extend(self.claimed(child, None, false, depth + 1));
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
                rows.extend(self.claimed(child, None, false, depth + 1));
            } else {
                self.left_over(child, rows, depth + 1);
            }
        }
        self.context.marking = before;
    }

    /// An extension: its label, its value or its own extensions.
    fn extension(&mut self, node: NodeId, row: &mut Row, depth: usize) {
        self.context.has_extensions = true;
        let url = self.context.child(node, "url");
        let address = url.and_then(|url| self.context.tree.text(url)).unwrap_or("").to_owned();
        let is_modifier = self.context.tree.name(node) == "modifierExtension";
        if !address.is_empty() {
            let label = labels::extension_label(&address);
            row.label = if is_modifier { format!("{label} (changes the meaning)") } else { label };
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
            if (is_modifier || !labels::is_known_extension(&address)) && address.contains([':', '/']) {
                self.context.mark(url);
                row.value.push(Piece::secondary(format!(" (extension {})", words::visible(&address))));
            } else {
                self.technical(url);
            }
        }
        for child in self.context.tree.children(node).collect::<Vec<_>>() {
            let part = self.claimed(child, None, false, depth + 1);
            row.rows.extend(part);
        }
    }

    /// Received text: cleaned, with what was removed from it.
    fn narrative(&mut self, node: NodeId, row: &mut Row) {
        let context = &mut *self.context;
        let own = context.tree.parent(node).is_some_and(|parent| context.tree.resource_type(parent).is_some());
        let status = context.peek(node, "status").unwrap_or("").to_owned();
        let words = match status.as_str() {
            "generated" => "Text (generated from the data by the sender)",
            "extensions" => "Text (generated from the data and its extensions by the sender)",
            "additional" => "Author\u{2019}s text (additional: may say more than the data)",
            "empty" => "Text (marked empty by the sender)",
            _ if own => "Text",
            _ => "Author\u{2019}s text",
        };
        row.label = words.to_owned();
        if let Some(status) = context.child(node, "status")
            && row.label.to_lowercase().contains(&status_text(context, status))
        {
            context.mark(status);
        }
        let div = context.child(node, "div");
        if div.is_none_or(|div| context.tree.text(div).is_none()) {
            row.value.push(Piece::secondary("There is no text."));
        }
        if let Some(div) = div
            && let Some(source) = context.tree.text(div)
        {
            if own && context.options.as_ == As::Narrative {
                context.mark_as(div, Mark::Withheld("this text replaces the one that came with the resource"));
                if status == "additional" {
                    row.value.push(Piece::secondary("The text that came with the resource is not repeated here."));
                }
            } else {
                let prefix = format!("n{}-", div.0);
                let cleaned = sanitise::clean(source, &prefix);
                context.mark(div);
                if sanitise::to_text(&cleaned.markup).trim().is_empty() {
                    row.value.push(Piece::secondary("The text is empty."));
                }
                row.markup = cleaned.markup;
                for removed in cleaned.removed {
                    let value = vec![Piece::secondary(removed)];
                    let pointer = context.pointer(div);
                    row.rows.push(Row { label: "Made safe".to_owned(), value, pointer, ..Row::default() });
                }
            }
        }
        self.left_over(node, &mut row.rows, 1);
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
                let age = born.zip(self.context.as_of.as_ref()).and_then(|(born, at)| born.age_at(at));
                row.value.extend(age.map(|age| Piece::plain(format!(" ({age})"))));
            }
            "deceasedDateTime" => {
                let age = moment("birthDate").zip(moment("deceasedDateTime")).and_then(|(born, at)| born.age_at(&at));
                if let Some(age) = age {
                    let value = vec![Piece::plain(age)];
                    let label = "Age at Death".to_owned();
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
            "userSelected" => self.context.shape(parent) == Shape::Coding,
            "reference" => self.context.shape(parent) == Shape::Reference,
            "url" => self.context.shape(parent) == Shape::Extension,
            "status" => self.context.shape(parent) == Shape::Narrative,
            _ => false,
        }
    }

    /// Lists a value, and everything inside it, under technical details.
    fn technical(&mut self, node: NodeId) {
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            if self.context.is_leaf(at) && self.context.mark_of(at) == Mark::None {
                self.context.mark_as(at, Mark::Technical);
                let value = vec![Piece::plain(words::visible(self.context.tree.text(at).unwrap_or("(empty)")))];
                let row =
                    Row { label: self.path_label(at), value, pointer: self.context.pointer(at), ..Row::default() };
                self.context.technical.push(row);
            }
            open.extend(self.context.tree.children(at));
        }
    }

    /// Lists every value inside a node, one row each, without recursion.
    fn flat(&mut self, node: NodeId, rows: &mut Vec<Row>) {
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            if self.context.is_leaf(at) && self.context.mark_of(at) == Mark::None {
                self.context.mark(at);
                self.context.claim(at);
                let value = vec![Piece::plain(words::visible(self.context.tree.text(at).unwrap_or("(empty)")))];
                rows.push(Row {
                    label: self.path_label(at),
                    value,
                    pointer: self.context.pointer(at),
                    ..Row::default()
                });
            }
            let from = open.len();
            open.extend(self.context.tree.children(at));
            open.get_mut(from..).unwrap_or_default().reverse();
        }
    }

    /// Where a value stands within its resource, in words.
    fn path_label(&self, node: NodeId) -> String {
        let tree = self.context.tree;
        let mut steps = Vec::new();
        let mut at = node;
        while let Some(parent) = tree.parent(at) {
            if tree.resource_type(at).is_some() || steps.len() > 12 {
                break;
            }
            let name = match tree.name(at) {
                "extension" | "modifierExtension" => {
                    self.context.peek(at, "url").map_or_else(|| "Extension".to_owned(), labels::extension_label)
                }
                name => labels::element_label(&words::visible(name)),
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

fn status_text(context: &Context<'_>, status: NodeId) -> String {
    context.tree.text(status).unwrap_or("-").to_lowercase()
}

fn push_group(display: &mut Display, title: &str, rows: Vec<Row>) {
    if !rows.is_empty() {
        display.groups.push(Group { title: title.to_owned(), rows, ..Group::default() });
    }
}

/// When a person was born: by the extension for the time of birth where there is one, which ages in hours need.
fn birth_moment(context: &Context<'_>, person: NodeId) -> Option<Moment> {
    let date = context.child(person, "birthDate")?;
    let time = [date, person].into_iter().flat_map(|node| context.children(node, "extension")).find_map(|extension| {
        context.peek(extension, "url").filter(|url| url.ends_with("/patient-birthTime"))?;
        Moment::parse(context.peek(extension, "valueDateTime")?)
    });
    time.or_else(|| Moment::parse(context.tree.text(date)?))
}
