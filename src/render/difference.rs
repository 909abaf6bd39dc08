//! Two versions of a resource as one display: what was added, removed and changed, in words.

use super::format::plain;
use super::language::Language;
use super::model::{Display, Group, Importance, Piece, Row, Style, Warning};
use super::sanitise;
use crate::limits;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// The three lists of a difference.
#[derive(Default)]
struct Lists {
    changed: Vec<Row>,
    added: Vec<Row>,
    removed: Vec<Row>,
    same: usize,
}

/// The display of what became of `old` in `new`; both are whole displays of full models. Pointers of what was removed
/// are those of the older version.
pub fn difference(old: &Display, new: &Display, language: Language) -> Display {
    let mut lists = Lists::default();
    displays(old, new, "", language, &mut lists);
    let Lists { changed, added, removed, same } = lists;
    let nothing = changed.is_empty() && added.is_empty() && removed.is_empty();
    let counts = [(changed.len(), "{} changed"), (added.len(), "{} added"), (removed.len(), "{} removed")];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, phrase)| language.fill(phrase, &[&count.to_string()]))
        .collect();
    let headline = match nothing {
        true => language.fill("No difference: {}", &[&new.headline]),
        false => format!("{}: {}", language.fill("Differences ({})", &[&counts.join(", ")]), new.headline),
    };
    let mut warnings = new.warnings.clone();
    if (&old.resource_type, &old.id) != (&new.resource_type, &new.id) {
        let name = |display: &Display| format!("{} {}", display.resource_type, display.id.as_deref().unwrap_or("?"));
        let text = language.fill("These are not two versions of one resource: {} and {}", &[&name(old), &name(new)]);
        warnings.insert(0, Warning { text, pointer: new.pointer.clone() });
    }
    let still: FxHashSet<&str> = new.warnings.iter().map(|warning| &*warning.text).collect();
    for gone in old.warnings.iter().filter(|warning| !still.contains(&*warning.text)) {
        let text = language.fill("No longer so: {}", &[&gone.text]);
        warnings.push(Warning { text, pointer: gone.pointer.clone() });
    }
    let mut groups = Vec::new();
    for (title, rows) in [("Changed", changed), ("Added", added), ("Removed", removed)] {
        if !rows.is_empty() {
            groups.push(Group { title: language.say(title), rows, ..Group::default() });
        }
    }
    let value = vec![Piece::plain(language.fill("{} values are the same in both", &[&same.to_string()]))];
    let rows = vec![Row { label: language.say("Unchanged"), value, pointer: new.pointer.clone(), ..Row::default() }];
    groups.push(Group { title: language.say("Unchanged"), rows, ..Group::default() });
    Display {
        summary: format!("{}: {headline}", new.title),
        headline,
        warnings,
        groups,
        pointer: new.pointer.clone(),
        resource_type: new.resource_type.clone(),
        id: new.id.clone(),
        title: new.title.clone(),
        entered_in_error: new.entered_in_error,
        technical: Vec::new(),
        nested: Vec::new(),
        appendix: Vec::new(),
    }
}

/// Compares two displays; `place` names the resource inside the whole, and is empty for the whole.
fn displays(old: &Display, new: &Display, place: &str, language: Language, lists: &mut Lists) {
    if old.headline != new.headline {
        let label = placed(place, &language.say("Headline"));
        let pointer = new.pointer.clone();
        lists.changed.push(Row {
            label,
            value: was_now(language, Piece::plain(&old.headline), Piece::plain(&new.headline)),
            pointer,
            importance: Importance::Critical,
            ..Row::default()
        });
    }
    let rows = |display: &Display| -> Vec<Row> {
        let groups = display.groups.iter().chain(&display.appendix).flat_map(|group| group.rows.iter());
        groups.chain(&display.technical).cloned().collect()
    };
    self::rows(&rows(old), &rows(new), place, language, lists);
    let name = |display: &Display| format!("{}: {}", display.title, display.headline);
    let mut left: Vec<Option<&Display>> = old.nested.iter().map(Some).collect();
    let mut known = Queues::default();
    for (at, inner) in old.nested.iter().enumerate() {
        known.add(identity(inner), at);
    }
    for inner in &new.nested {
        let found = known.next(&identity(inner)).and_then(|at| left.get_mut(at));
        match found.and_then(Option::take) {
            Some(before) => displays(before, inner, &placed(place, &inner.headline), language, lists),
            None => lists.added.push(whole(language, inner, &placed(place, &name(inner)))),
        }
    }
    for gone in left.into_iter().flatten() {
        lists.removed.push(whole(language, gone, &placed(place, &name(gone))));
    }
}

/// A whole resource that came or went, with everything in it.
fn whole(language: Language, display: &Display, label: &str) -> Row {
    let mut rows: Vec<Row> =
        display.groups.iter().chain(&display.appendix).flat_map(|group| group.rows.iter()).cloned().collect();
    rows.extend(display.technical.iter().cloned());
    rows.extend(display.nested.iter().map(|inner| whole(language, inner, &inner.headline)));
    let value = vec![Piece::plain(language.say("the whole resource"))];
    Row { label: label.to_owned(), value, pointer: display.pointer.clone(), rows, ..Row::default() }
}

/// What a resource inside is known by in both versions: type and id, or type and headline.
fn identity(display: &Display) -> (&str, bool, &str) {
    match &display.id {
        Some(id) => (&display.resource_type, true, id),
        None => (&display.resource_type, false, &display.headline),
    }
}

/// Places of what is called alike, in their order.
struct Queues<K>(FxHashMap<K, VecDeque<usize>>);

impl<K> Default for Queues<K> {
    fn default() -> Self {
        Queues(FxHashMap::default())
    }
}

impl<K: std::hash::Hash + Eq> Queues<K> {
    fn add(&mut self, key: K, at: usize) {
        self.0.entry(key).or_default().push_back(at);
    }

    fn next(&mut self, key: &K) -> Option<usize> {
        self.0.get_mut(key)?.pop_front()
    }
}

/// A label with the place before it, which is said at each row and so must not be long.
fn placed(place: &str, label: &str) -> String {
    const MOST: usize = 300;
    let mut place = place.to_owned();
    limits::shorten_middle(&mut place, MOST);
    if place.is_empty() { label.to_owned() } else { format!("{place} \u{203a} {label}") }
}

/// `Was 5 mg. Now 10 mg.`, each with its own words before it.
fn was_now(language: Language, old: Piece, new: Piece) -> Vec<Piece> {
    vec![
        Piece::secondary(format!("{} ", language.say("was"))),
        old,
        Piece::secondary(format!("\n{} ", language.say("now"))),
        Piece { style: Style::Strong, ..new },
    ]
}

/// What a row says by itself.
fn text(row: &Row, language: Language) -> String {
    let mut text = plain(&row.value);
    if !row.markup.is_empty() {
        text.push_str(&sanitise::to_text(&row.markup, language));
    }
    text
}

/// What a row says with everything below it.
fn deep(row: &Row, language: Language) -> String {
    let mut out = format!("{}\u{1}{}", row.label, text(row, language));
    for part in &row.rows {
        out.push('\u{2}');
        out.push_str(&deep(part, language));
        out.push('\u{3}');
    }
    out
}

/// How many values a row has.
fn count(row: &Row, language: Language) -> usize {
    usize::from(!text(row, language).is_empty()) + row.rows.iter().map(|part| count(part, language)).sum::<usize>()
}

/// Rows of one label belong together: those that say the same first, the others in order.
fn rows(old: &[Row], new: &[Row], place: &str, language: Language, lists: &mut Lists) {
    let mut left: Vec<Option<&Row>> = old.iter().map(Some).collect();
    let mut open: Vec<&Row> = Vec::new();
    let mut by_content: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, row) in old.iter().enumerate().rev() {
        by_content.entry(deep(row, language)).or_default().push(at);
    }
    for row in new {
        match by_content.get_mut(&deep(row, language)).and_then(Vec::pop).and_then(|at| left.get_mut(at)) {
            Some(found) => {
                *found = None;
                lists.same += count(row, language);
            }
            None => open.push(row),
        }
    }
    let mut labelled = Queues::default();
    for (at, row) in left.iter().enumerate().filter_map(|(at, row)| Some((at, (*row)?))) {
        labelled.add(&*row.label, at);
    }
    for row in open {
        let before = labelled.next(&&*row.label).and_then(|at| left.get_mut(at)).and_then(Option::take);
        let label = placed(place, &row.label);
        let Some(before) = before else {
            lists.added.push(Row { label, ..row.clone() });
            continue;
        };
        let (was, now) = (text(before, language), text(row, language));
        if was != now {
            let or_none = |text: String| if text.is_empty() { language.say("nothing") } else { text };
            lists.changed.push(Row {
                label: label.clone(),
                value: was_now(language, Piece::plain(or_none(was)), Piece::plain(or_none(now))),
                pointer: row.pointer.clone(),
                importance: row.importance,
                code: row.code.clone(),
                ..Row::default()
            });
        } else {
            lists.same += usize::from(!was.is_empty());
        }
        rows(&before.rows, &row.rows, &label, language, lists);
    }
    for gone in left.into_iter().flatten() {
        lists.removed.push(Row { label: placed(place, &gone.label), ..gone.clone() });
    }
}
