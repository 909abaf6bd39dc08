//! A record as elements: an index with links both ways, a table or blocks for each group, and everything else in folds that
//! need no script.

use super::parts::heading_name;
use super::received::received;
use super::{element, text};
use crate::render::language::Language;
use crate::render::model::{Markup, Piece, Row, Style};
use crate::render::record::model::{Area, AreaGroup, Block, Entry, Layout, Record, Trend};
use crate::render::{Mode, record};

/// The record under a heading of this level; ids have the prefix, so that a page can hold two.
pub(super) fn body(record: &Record, level: usize, prefix: &str, mode: Mode, language: Language) -> Vec<Markup> {
    let pointers = record.view == "letter";
    let mut out = Printer { level, prefix, mode, language, pointers }.record(record);
    out.extend(record.notice.as_ref().map(|notice| element("p", &[], vec![text(notice.clone())])));
    out
}

#[derive(Clone, Copy)]
struct Printer<'p> {
    level: usize,
    prefix: &'p str,
    mode: Mode,
    language: Language,
    /// Whether each value leads to its place in the source: in a letter. In a record of thousands, each row does.
    pointers: bool,
}

impl Printer<'_> {
    fn say(self, phrase: &str) -> String {
        self.language.say(phrase)
    }

    fn heading(self, down: usize, title: &str) -> Markup {
        element(heading_name(self.level + down), &[], vec![text(title)])
    }

    fn id(self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    fn record(self, record: &Record) -> Vec<Markup> {
        let mut out = vec![element(heading_name(self.level), &[], vec![text(record.title.clone())])];
        if let Some(banner) = &record.banner {
            let mut facts: Vec<Markup> = Vec::new();
            for row in &banner.facts {
                let label = element("dt", &[], vec![text(row.label.clone())]);
                let mut value = self.pieces(&row.value);
                for part in &row.rows {
                    value.push(text(format!(", {} ", part.label)));
                    value.extend(self.pieces(&part.value));
                }
                facts.push(element("div", &[], vec![label, element("dd", &[], value)]));
            }
            let mut inside = vec![element("dl", &[], facts)];
            for words in &banner.words {
                inside.push(element(
                    "p",
                    &[],
                    vec![element("strong", &[("class", "cc-word")], vec![text(words.clone())])],
                ));
            }
            let class = if banner.deceased { "cc-banner careconnect-deceased" } else { "cc-banner" };
            out.push(element("div", &[("class", class)], inside));
        }
        let source = match (&record.practice, &record.capture) {
            (Some(practice), Some(capture)) => Some(self.language.fill("From {}, as held on {}", &[practice, capture])),
            (Some(practice), None) => Some(self.language.fill("From {}", &[practice])),
            (None, Some(capture)) => Some(self.language.fill("As held on {}", &[capture])),
            (None, None) => None,
        };
        for line in source.iter().chain(&record.head) {
            out.push(element("p", &[], lines(line)));
        }
        if !record.cannot_tell.is_empty() {
            let facts = record.cannot_tell.iter().map(|fact| element("li", &[], lines(&fact.text)));
            let title = self.say(record.panel_title());
            out.push(self.boxed(1, "cannot-tell", &title, facts.collect()));
        }
        let alerts = record.alerts(self.language);
        let alerts: Vec<Markup> = alerts.iter().map(|alert| element("li", &[], lines(alert))).collect();
        if !alerts.is_empty() {
            out.push(self.boxed(1, "contradictions", &self.say("What contradicts itself"), alerts));
        }
        out.extend(record.extent.iter().map(|extent| element("p", &[], lines(extent))));
        out.push(self.index(record));
        for area in &record.areas {
            out.push(self.area(area));
        }
        out
    }

    fn boxed(self, down: usize, id: &str, title: &str, items: Vec<Markup>) -> Markup {
        let heading =
            element(heading_name(self.level + down), &[("class", "nhsuk-warning-callout__label")], vec![text(title)]);
        let list = element("ul", &[], items);
        let id = if id.is_empty() { String::new() } else { self.id(id) };
        let attributes = [("class", "nhsuk-warning-callout"), ("id", &*id)];
        element("div", if id.is_empty() { &attributes[..1] } else { &attributes }, vec![heading, list])
    }

    fn index(self, record: &Record) -> Markup {
        let items = record.areas.iter().map(|area| {
            let address = format!("#{}", self.id(area.key));
            let link = element("a", &[("href", &address)], vec![text(area.short_title())]);
            let mut item = vec![link];
            if !area.headline.is_empty() {
                item.push(text(format!(": {}", area.headline)));
            }
            for caution in &area.cautions {
                item.push(text(". "));
                item.push(element("strong", &[("class", "cc-word")], vec![text(caution.clone())]));
            }
            if area.cautions.is_empty() && !area.warnings.is_empty() {
                item.push(text(" "));
                item.push(element("strong", &[("class", "cc-word")], vec![text(self.say("see warning"))]));
            }
            let inner = area.lines.iter().map(|line| {
                let address = format!("#{}", self.id(&line.id));
                element("li", &[], vec![element("a", &[("href", &address)], vec![text(line.text.clone())])])
            });
            let inner: Vec<Markup> = inner.collect();
            if !inner.is_empty() {
                item.push(element("ul", &[], inner));
            }
            element("li", &[], item)
        });
        let title = self.say(if record.view == "letter" { "In this letter" } else { "In this record" });
        let list = element("ul", &[], items.collect());
        let heading = element(heading_name(self.level + 1), &[], vec![text(title.clone())]);
        element("nav", &[("id", &self.id("index")), ("class", "cc-index"), ("aria-label", &title)], vec![heading, list])
    }

    fn area(self, area: &Area) -> Markup {
        let mut out = vec![self.heading(1, &area.title)];
        let mut inside = Vec::new();
        if !area.warnings.is_empty() {
            let items = area.warnings.iter().map(|words| element("li", &[], lines(words)));
            inside.push(self.boxed(2, "", &self.say("Important"), items.collect()));
        }
        for note in &area.notes {
            inside.push(element("p", &[], lines(note)));
        }
        if let Some(empty) = area.empty.as_ref().filter(|_| area.is_empty()) {
            inside.push(element("p", &[], lines(empty)));
        }
        for group in &area.groups {
            inside.extend(self.group(area.key, group));
        }
        if area.folded {
            out.push(self.fold(&area.headline, inside, self.mode == Mode::Full));
        } else {
            out.extend(inside);
        }
        let back =
            element("a", &[("href", &format!("#{}", self.id("index")))], vec![text(self.say("Back to the index"))]);
        out.push(element("p", &[("class", "cc-back")], vec![back]));
        element("section", &[("id", &self.id(area.key))], out)
    }

    fn fold(self, summary: &str, inside: Vec<Markup>, open: bool) -> Markup {
        let summary = element("summary", &[], vec![text(summary)]);
        let attributes: &[(&'static str, &str)] = if open { &[("open", "")] } else { &[] };
        element("details", attributes, std::iter::once(summary).chain(inside).collect())
    }

    fn group(self, area: &str, group: &AreaGroup) -> Vec<Markup> {
        let id = self.id(&format!("{area}-{}", group.key));
        let mut inside = Vec::new();
        if !group.notes.is_empty() {
            inside.push(element("p", &[("class", "cs")], lines(&group.notes.join(" "))));
        }
        inside.extend(self.content(group));
        let mut out = vec![self.heading(2, &group.title)];
        if group.folded && !matches!(self.mode, Mode::Full | Mode::Brief) {
            out.push(self.fold(&group.summary, inside, false));
        } else {
            out.extend(inside);
        }
        vec![element("div", &[("id", &id)], out)]
    }

    fn content(self, group: &AreaGroup) -> Vec<Markup> {
        match group.layout {
            Layout::Table => {
                let (first, rest) = group.rows.split_at_checked(ROWS).unwrap_or((&group.rows, &[]));
                if rest.len() < ROWS / 5 || matches!(self.mode, Mode::Full | Mode::Brief) {
                    return vec![self.table(group, &group.rows)];
                }
                // A browser lays out no table that is closed: thousands of rows would hold up the page.
                let more = self.language.fill("and {} more", &[&rest.len().to_string()]);
                vec![self.table(group, first), self.fold(&more, vec![self.table(group, rest)], false)]
            }
            Layout::List => {
                let items = group.rows.iter().map(|row| {
                    let mut item = self.first_words(row);
                    item.extend(row.cells.iter().flat_map(|cell| self.pieces(cell)));
                    item.extend(self.other_words(row));
                    element("li", &[], item)
                });
                vec![element("ul", &[("class", "cc-list")], items.collect())]
            }
            Layout::Blocks => group.rows.iter().map(|row| self.block_row(group, row)).collect(),
        }
    }

    fn table(self, group: &AreaGroup, rows: &[Entry]) -> Markup {
        let details = rows.iter().any(|row| !row.details.is_empty());
        let mut head: Vec<Markup> = group
            .columns
            .iter()
            .map(|column| element("th", &[("scope", "col")], vec![text(column.title.clone())]))
            .collect();
        if details {
            head.push(element("th", &[("scope", "col")], vec![text(self.say("More"))]));
        }
        let rows = rows.iter().map(|row| self.table_row(group, row, details)).collect();
        let mut parts = Vec::new();
        if !group.title.is_empty() {
            let caption = [("class", "nhsuk-u-visually-hidden")];
            parts.push(element("caption", &[], vec![element("span", &caption, vec![text(group.title.clone())])]));
        }
        parts.push(element("thead", &[], vec![element("tr", &[], head)]));
        parts.push(element("tbody", &[], rows));
        element("table", &[("class", "cc-table")], parts)
    }

    fn table_row(self, group: &AreaGroup, row: &Entry, details: bool) -> Markup {
        let mut cells = Vec::new();
        for (at, column) in group.columns.iter().enumerate() {
            let cell = row.cells.get(at).map(Vec::as_slice).unwrap_or(&[]);
            if at == 0 {
                let mut name = self.first_words(row);
                name.extend(self.pieces(cell));
                name.extend(self.other_words(row));
                cells.push(element("th", &[("scope", "row")], name));
                // A row with one cell takes the whole width.
                if row.cells.len() == 1 && group.columns.len() > 1 {
                    let width = (group.columns.len() + usize::from(details)).to_string();
                    let name = cells.pop().into_iter().flat_map(|cell| match cell {
                        Markup::Element(cell) => cell.children,
                        Markup::Text(_) => Vec::new(),
                    });
                    cells.push(element("td", &[("colspan", &width)], name.chain(self.more(row)).collect()));
                    break;
                }
                continue;
            }
            let mut content = self.cell(cell);
            if at + 1 == group.columns.len()
                && let Some(trend) = &row.trend
            {
                content.push(self.trend(trend));
            }
            cells.push(element("td", &[("data-label", &column.title)], content));
        }
        if details && (row.cells.len() != 1 || group.columns.len() == 1) {
            cells.push(element("td", &[], self.more(row)));
        }
        let id = self.id(&row.id);
        let pointer = row.sources.first().map(String::as_str).unwrap_or("");
        let mut attributes: Vec<(&'static str, &str)> = Vec::new();
        if !row.id.is_empty() {
            attributes.push(("id", &id));
        }
        if !pointer.is_empty() {
            attributes.push(("data-pointer", pointer));
        }
        element("tr", &attributes, cells)
    }

    /// A cell; a long text shows how it begins, and the rest of it when that is asked for.
    fn cell(self, cell: &[Piece]) -> Vec<Markup> {
        let length: usize = cell.iter().map(|piece| piece.text.len() + 40 * piece.text.matches('\n').count()).sum();
        if length < LONG
            || matches!(self.mode, Mode::Full | Mode::Brief)
            || cell.iter().any(|piece| piece.style == Style::Link)
        {
            return self.pieces(cell);
        }
        let (mut begin, mut rest, mut left) = (Vec::new(), Vec::new(), SHORT);
        for piece in cell {
            if left == 0 {
                rest.push(piece.clone());
                continue;
            }
            let end = cut(&piece.text, left);
            let (head, tail) = piece.text.split_at_checked(end).unwrap_or((&piece.text, ""));
            begin.push(Piece { text: head.to_owned(), ..piece.clone() });
            left = if tail.is_empty() {
                left.saturating_sub(piece.text.len() + 40 * piece.text.matches('\n').count())
            } else {
                0
            };
            if !tail.is_empty() {
                rest.push(Piece { text: tail.trim_start_matches('\n').to_owned(), ..piece.clone() });
            }
        }
        if rest.is_empty() {
            return self.pieces(cell);
        }
        let mut summary = self.pieces(&begin);
        summary.push(text(" \u{2026} "));
        summary.push(element("span", &[("class", "cc-open")], vec![text(self.say("more"))]));
        let summary = element("summary", &[], summary);
        vec![element("details", &[("class", "cc-long")], std::iter::once(summary).chain(self.pieces(&rest)).collect())]
    }

    fn first_words(self, row: &Entry) -> Vec<Markup> {
        let words = row.words.iter().filter(|word| word.first);
        words
            .flat_map(|word| [element("strong", &[("class", "cc-word")], vec![text(word.text.clone())]), text(" ")])
            .collect()
    }

    fn other_words(self, row: &Entry) -> Vec<Markup> {
        let words = row.words.iter().filter(|word| !word.first);
        words
            .flat_map(|word| [text(" "), element("strong", &[("class", "cc-word")], vec![text(word.text.clone())])])
            .collect()
    }

    /// What the cells do not show.
    fn more(self, row: &Entry) -> Vec<Markup> {
        let mut inside = Vec::new();
        for detail in row.details.iter().filter(|detail| !detail.rows.is_empty()) {
            if row.details.len() > 1 {
                inside.push(element("p", &[("class", "cc-of")], vec![text(detail.title.clone())]));
            }
            inside.extend(self.facts(&detail.rows));
        }
        if inside.is_empty() {
            return Vec::new();
        }
        let open = self.mode == Mode::Full;
        vec![self.fold(&self.say("Details"), inside, open)]
    }

    /// A row whose content stands below it.
    fn block_row(self, group: &AreaGroup, row: &Entry) -> Markup {
        let mut summary = self.first_words(row);
        let mut some = false;
        for (at, cell) in row.cells.iter().enumerate() {
            if cell.iter().all(|piece| piece.text.trim().is_empty()) {
                continue;
            }
            if some {
                summary.push(text(" \u{b7} "));
            }
            let label = group.columns.get(at).map(|column| column.label.as_str()).unwrap_or("");
            if !label.is_empty() && at > 0 {
                summary.push(element("span", &[("class", "cs")], vec![text(format!("{label} "))]));
            }
            // A link inside of a summary cannot be followed by everybody.
            let plain: Vec<Piece> = cell
                .iter()
                .map(|piece| if piece.style == Style::Link { Piece::plain(piece.text.clone()) } else { piece.clone() })
                .collect();
            let content = self.pieces(&plain);
            if at == 0 {
                summary.push(element("strong", &[], content));
                summary.extend(self.other_words(row));
            } else {
                summary.extend(content);
            }
            some = true;
        }
        let mut inside: Vec<Markup> = row.body.iter().flat_map(|block| self.block(block)).collect();
        inside.extend(self.more(row));
        let id = self.id(&row.id);
        let pointer = row.sources.first().map(String::as_str).unwrap_or("");
        let attributes = [("id", &*id), ("data-pointer", pointer)];
        if inside.is_empty() {
            return element("p", &attributes, summary);
        }
        let open = row.open || matches!(self.mode, Mode::Full | Mode::Brief);
        let mut of: Vec<(&'static str, &str)> = vec![("class", "cc-block")];
        of.extend(attributes);
        if open {
            of.push(("open", ""));
        }
        let summary = element("summary", &[], summary);
        element("details", &of, std::iter::once(summary).chain(inside).collect())
    }

    fn block(self, block: &Block) -> Vec<Markup> {
        let mut out = Vec::new();
        let id = self.id(&block.id);
        if !block.title.is_empty() {
            let attributes: &[(&'static str, &str)] = &[("class", "cc-title"), ("id", &id)];
            let attributes = if block.id.is_empty() { &attributes[..1] } else { attributes };
            out.push(element("p", attributes, vec![text(block.title.clone())]));
        }
        if !block.markup.is_empty() {
            let markup = received(&block.markup, self.level + 3, self.language);
            let label = self.say("Text as received");
            let attributes =
                [("class", "careconnect-received"), ("role", "group"), ("aria-label", &*label), ("tabindex", "0")];
            out.push(element("div", &attributes, markup));
        }
        if !block.lines.is_empty() {
            let items = block.lines.iter().map(|line| element("li", &[], self.pieces(line)));
            out.push(element("ul", &[("class", "cc-lines")], items.collect()));
        }
        if let Some(table) = &block.table {
            out.extend(self.content(table));
        }
        let inner: Vec<Markup> = block.blocks.iter().flat_map(|block| self.block(block)).collect();
        if !inner.is_empty() {
            out.push(element("div", &[("class", "cc-inner")], inner));
        }
        out
    }

    /// Labels and values in as few bytes as can be.
    fn facts(self, rows: &[Row]) -> Vec<Markup> {
        let mut out = Vec::new();
        let mut blocks = Vec::new();
        let mut last = "";
        for row in rows {
            if row.label != last {
                out.push(element("dt", &[], vec![text(row.label.clone())]));
            }
            last = &row.label;
            let mut value = self.pieces(&row.value);
            if !row.markup.is_empty() {
                value.push(element(
                    "div",
                    &[("class", "careconnect-received")],
                    received(&row.markup, self.level + 3, self.language),
                ));
            }
            if !row.rows.is_empty() {
                value.extend(self.facts(&row.rows));
            }
            let pointer = [("data-pointer", &*row.pointer)];
            let attributes = if self.pointers && !row.pointer.is_empty() { &pointer[..] } else { &[] };
            out.push(element("dd", attributes, value));
        }
        if !out.is_empty() {
            blocks.push(element("dl", &[("class", "cc-facts")], out));
        }
        blocks
    }

    fn pieces(self, pieces: &[Piece]) -> Vec<Markup> {
        let mut out = Vec::new();
        for piece in pieces {
            let content = lines(&piece.text);
            let lang = piece.lang.as_deref().map(|tag| ("lang", tag));
            match piece.style {
                Style::Plain | Style::Date if lang.is_none() => out.extend(content),
                Style::Plain | Style::Date => out.push(element("span", &lang.into_iter().collect::<Vec<_>>(), content)),
                Style::Strong => out.push(element("strong", &lang.into_iter().collect::<Vec<_>>(), content)),
                Style::Secondary => out.push(element("span", &[("class", "cs")], content)),
                Style::Warning => out.push(element("strong", &[("class", "careconnect-warning")], content)),
                Style::Link => {
                    let note = piece.note.as_deref().unwrap_or("#");
                    match note.strip_prefix('#') {
                        Some(id) => {
                            let address = format!("#{}", self.id(id));
                            out.push(element("a", &[("href", &address)], content));
                        }
                        None => out.push(element("a", &[("href", note), ("rel", "noreferrer noopener")], content)),
                    }
                }
            }
        }
        out
    }

    /// A trend as a picture with words; the table beside it has the numbers.
    fn trend(self, trend: &Trend) -> Markup {
        let shape = record::shape_of_trend(trend);
        let mut children = vec![element("title", &[], vec![text(trend.title.clone())])];
        if let Some((y, height)) = shape.band {
            let (y, height) = (y.to_string(), height.to_string());
            children.push(element(
                "rect",
                &[("class", "cc-band"), ("x", "0"), ("y", &y), ("width", "120"), ("height", &height)],
                Vec::new(),
            ));
        }
        let path = shape
            .points
            .iter()
            .enumerate()
            .map(|(at, (x, y))| format!("{}{x} {y}", if at == 0 { 'M' } else { 'L' }))
            .collect::<Vec<_>>()
            .join("");
        children.push(element("path", &[("d", &path)], Vec::new()));
        for (x, y) in &shape.points {
            let (x, y) = (x.to_string(), y.to_string());
            children.push(element("circle", &[("cx", &x), ("cy", &y), ("r", "2")], Vec::new()));
        }
        let attributes =
            [("class", "cc-trend"), ("role", "img"), ("viewBox", "0 0 120 32"), ("width", "120"), ("height", "32")];
        element("svg", &attributes, children)
    }
}

/// How many rows of a table are open.
const ROWS: usize = 50;

/// From how long on a text in a cell is folded, and how much of it is seen then; a line end counts for a line.
const LONG: usize = 260;
const SHORT: usize = 150;

/// Where to cut a text: at a space or line end.
fn cut(content: &str, left: usize) -> usize {
    let mut spent = 0;
    let mut last = 0;
    for (at, c) in content.char_indices() {
        spent += if c == '\n' { 40 } else { 1 };
        if c.is_whitespace() {
            last = at;
        }
        if spent > left {
            return if last == 0 { at } else { last };
        }
    }
    content.len()
}

/// Text with its line ends as breaks.
fn lines(content: &str) -> Vec<Markup> {
    let mut out = Vec::new();
    for (at, line) in content.split('\n').enumerate() {
        if at > 0 {
            out.push(element("br", &[], Vec::new()));
        }
        if !line.is_empty() {
            out.push(text(line));
        }
    }
    out
}
