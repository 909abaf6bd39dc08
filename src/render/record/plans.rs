//! What goes out and what is to come: referrals, documents, recalls, appointments.

use super::model::{Area, Entry, Word};
use super::row::{Cell, newest_first};
use super::{Maker, flat};
use crate::render::language::Language;
use crate::render::model::{Piece, Style};
use crate::render::views::select;
use crate::tree::NodeId;

impl Maker<'_, '_> {
    pub(super) fn referrals(&mut self) -> Option<Area> {
        let nodes = self.all.of("referrals");
        if nodes.is_empty() && !self.has_list("referrals") {
            return None;
        }
        let mut area = self.area("referrals", "Referrals");
        let mut dated: Vec<(Option<String>, NodeId)> =
            nodes.into_iter().map(|node| (self.peek(node, "authoredOn"), node)).collect();
        newest_first(&mut dated);
        area.headline = self.counted(&dated);
        if !dated.is_empty() && self.context.gp_connect {
            area.notes.push(self.say("Whether a referral is still open is not known."));
        }
        let mut rows = Vec::new();
        for (_, node) in dated {
            let what = self.first(node, &["reasonCode", "serviceRequested", "type"]);
            let what = self.or(what, "reason not recorded");
            let date = self.day(node, "authoredOn");
            let mut to = self.cell(node, "recipient");
            let specialty = self.cell(node, "specialty");
            if !specialty.is_empty() {
                if !to.is_empty() {
                    to.push(Piece::plain(", "));
                }
                to.extend(specialty);
            }
            let priority = self.priority(node);
            let from = self.first(node, &["requester.agent", "requester.onBehalfOf"]);
            let mut details = self.cell(node, "description");
            let note = self.cell(node, "note");
            if !note.is_empty() {
                if !details.is_empty() {
                    details.push(Piece::plain("\n"));
                }
                details.extend(note);
            }
            let mut words = self.words(node);
            words.retain(|word| !word.text.eq_ignore_ascii_case(&flat(&priority)));
            rows.push(self.entry(&[node], vec![what, date, priority, to, from, details], words));
        }
        let columns = [("For", ""), ("Date", ""), ("Priority", ""), ("To", "to"), ("From", "from"), ("Details", "")];
        if !rows.is_empty() {
            area.groups.push(self.group("all", self.say("Referrals, newest first"), &columns, rows));
        }
        Some(area)
    }

    fn priority(&mut self, node: NodeId) -> Cell {
        let urgent = matches!(self.context.peek(node, "priority"), Some("urgent" | "asap" | "stat"));
        let mut cell = self.cell(node, "priority");
        if urgent {
            for piece in &mut cell {
                piece.text = piece.text.to_uppercase();
                piece.style = Style::Warning;
            }
        }
        cell
    }

    /// How many, and the newest.
    fn counted(&self, dated: &[(Option<String>, NodeId)]) -> String {
        let count = dated.len().to_string();
        match dated.first().and_then(|(date, _)| date.as_deref()) {
            Some(date) => {
                let day = crate::render::format::date_text(self.context, date.split('T').next().unwrap_or(date));
                self.fill("{}, newest {}", &[&count, &day])
            }
            None => count,
        }
    }

    pub(super) fn documents(&mut self) -> Option<Area> {
        let nodes = self.all.of("documents");
        if nodes.is_empty() {
            return None;
        }
        let mut area = self.area("documents", "Documents");
        let mut dated: Vec<(Option<String>, NodeId)> = nodes
            .into_iter()
            .map(|node| (self.peek(node, "created").or_else(|| self.peek(node, "indexed")), node))
            .collect();
        newest_first(&mut dated);
        area.headline = self.counted(&dated);
        if self.context.gp_connect {
            area.notes.push(self.say("Documents may not have been reviewed by a clinician."));
        } else if dated.iter().any(|(_, node)| self.context.tree.resource_type(*node) == Some("DocumentReference")) {
            area.notes.push(self.say("Pointers: the content is elsewhere."));
        }
        let mut missing = 0;
        let mut rows = Vec::new();
        for (_, node) in dated {
            rows.push(self.document(node, &mut missing));
        }
        if missing > 0 {
            area.headline += &format!(", {}", self.fill("{} not included", &[&missing.to_string()]));
            self.missing_documents = missing;
        }
        let columns = [
            ("Document", ""),
            ("Created", "created"),
            ("Indexed", "indexed"),
            ("Description", ""),
            ("Author", "by"),
            ("Owner", "held by"),
            ("File", ""),
        ];
        area.groups.push(self.group("all", self.say("Documents, newest first"), &columns, rows));
        Some(area)
    }

    fn document(&mut self, node: NodeId, missing: &mut usize) -> Entry {
        if self.context.tree.resource_type(node) != Some("DocumentReference") {
            let what = self.first(node, &["type", "description", "contentType"]);
            let what = if what.is_empty() {
                vec![Piece::plain(crate::render::views::title(self.context, node))]
            } else {
                what
            };
            let date = self.day(node, "created");
            let words = self.words(node);
            let text = self.first(node, &["description"]);
            return self.entry(&[node], vec![what, date, Cell::new(), text], words);
        }
        let mut what = self.cell(node, "type");
        let class = self.cell(node, "class");
        if !class.is_empty() && flat(&class) != flat(&what) {
            if !what.is_empty() {
                what.push(Piece::plain(", "));
            }
            what.extend(class);
        }
        let what = self.or(what, "type not recorded");
        let created = self.first_day(node, &["created", "content.attachment.creation"]);
        let indexed = self.day(node, "indexed");
        let description = self.cell(node, "description");
        let mut author = self.cell(node, "author");
        let custodian = super::gather::targets(self.context, node, "custodian").first().copied();
        let by: Vec<NodeId> = super::gather::targets(self.context, node, "author");
        let organisation =
            by.iter().copied().find(|node| self.context.tree.resource_type(*node) == Some("Organization"));
        if organisation.is_some() && custodian.is_some() && self.context.gp_connect {
            let words = if organisation == custodian { "internal" } else { "from outside" };
            author.push(Piece::secondary(format!(" ({})", self.say(words))));
        }
        let owner = if self.context.gp_connect { Cell::new() } else { self.cell(node, "custodian") };
        let mut words = self.words(node);
        let mut file = Cell::new();
        for attachment in select(self.context, node, "content.attachment") {
            let has =
                self.context.child(attachment, "url").is_some() || self.context.child(attachment, "data").is_some();
            if !file.is_empty() {
                file.push(Piece::plain("; "));
            }
            let kind = self.cell(attachment, "contentType");
            file.extend(kind);
            if let Some(size) = self.context.child(attachment, "size")
                && let Some(text) = self.context.take(size)
            {
                self.context.claim(size);
                let text = size_words(self.context.options.language, &text);
                file.push(Piece::plain(format!(" {text}")));
            }
            let title = self.cell(attachment, "title");
            if has {
                if !title.is_empty() {
                    file.push(Piece::plain(" "));
                    file.extend(title);
                }
            } else {
                // Without a link, the title is the reason why.
                *missing += 1;
                let reason = flat(&title);
                let text = if reason.is_empty() {
                    self.say("NOT INCLUDED")
                } else {
                    self.fill("NOT INCLUDED: {}", &[&reason])
                };
                words.push(Word { text, first: false, ..Word::default() });
            }
        }
        self.entry(&[node], vec![what, created, indexed, description, author, owner, file], words)
    }

    pub(super) fn recalls(&mut self) -> Option<Area> {
        let nodes = self.all.of("recalls");
        if nodes.is_empty() && (!self.has_list("recalls") || self.context.for_patient()) {
            return None;
        }
        let title = "Recalls and planned actions: not done unless another entry says so";
        let mut area = self.area("recalls", title);
        let today = self.context.today.clone().unwrap_or_default();
        let (mut coming, mut gone) = (Vec::new(), Vec::new());
        for node in nodes {
            let date = self.peek(node, "occurrence[x]");
            let is_coming = date.as_deref().is_none_or(|date| date >= today.as_str());
            if is_coming && !today.is_empty() { coming.push((date, node)) } else { gone.push((date, node)) }
        }
        newest_first(&mut coming);
        coming.reverse();
        newest_first(&mut gone);
        area.headline = self
            .fill("{} planned, {} with a date that had passed", &[&coming.len().to_string(), &gone.len().to_string()]);
        let columns = [
            ("Action", ""),
            ("Planned for", "diary entry, planned for"),
            ("Reason", "reason"),
            ("Note", "note"),
            ("Recorded", "recorded"),
            ("By", "by"),
        ];
        for (key, title, nodes) in
            [("coming", "To come", coming), ("passed", "Planned, date passed when this was held", gone)]
        {
            if nodes.is_empty() {
                continue;
            }
            let mut rows = Vec::new();
            for (_, node) in nodes {
                let what = self.first(node, &["code", "serviceRequested"]);
                let what = self.or(what, "action not named");
                let date = self.first_day(node, &["occurrence[x]"]);
                let date = self.or(date, "date not recorded");
                let reason = self.first(node, &["reasonCode", "reasonReference"]);
                let note = self.cell(node, "note");
                let recorded = self.day(node, "authoredOn");
                let by = self.first(node, &["requester.agent", "performer"]);
                let words = self.words(node);
                rows.push(self.entry(&[node], vec![what, date, reason, note, recorded, by], words));
            }
            area.groups.push(self.group(key, self.say(title), &columns, rows));
        }
        Some(area)
    }

    pub(super) fn appointments(&mut self) -> Option<Area> {
        let nodes = self.all.of("appointments");
        if nodes.is_empty() {
            return None;
        }
        let mut area = self.area("appointments", "Appointments");
        let tree = self.context.tree;
        let today = self.context.today.clone().unwrap_or_default();
        let (mut coming, mut gone, mut slots) = (Vec::new(), Vec::new(), Vec::new());
        for node in nodes {
            if tree.resource_type(node) != Some("Appointment") {
                slots.push(node);
                continue;
            }
            let date = self.peek(node, "start");
            if date.as_deref().is_some_and(|date| date.get(..10).unwrap_or(date) >= today.as_str()) {
                coming.push((date, node));
            } else {
                gone.push((date, node));
            }
        }
        newest_first(&mut coming);
        coming.reverse();
        newest_first(&mut gone);
        area.headline = self.fill("{} to come, {} past", &[&coming.len().to_string(), &gone.len().to_string()]);
        area.notes.push(self.say("A practice sends only appointments that are to come."));
        let columns = [
            ("Start", ""),
            ("End", "to"),
            ("Status", ""),
            ("Service", ""),
            ("Slot", ""),
            ("How", "by"),
            ("Where", "at"),
            ("With", "with"),
            ("Reason", "reason"),
        ];
        for (key, title, nodes) in [("coming", "Appointments to come", coming), ("past", "Past appointments", gone)] {
            if nodes.is_empty() {
                continue;
            }
            let rows = nodes.into_iter().map(|(_, node)| self.appointment(node)).collect();
            area.groups.push(self.group(key, self.say(title), &columns, rows));
        }
        if !slots.is_empty() {
            let mut rows = Vec::new();
            for node in slots {
                let kind = crate::render::views::title(self.context, node);
                let line = self.context.unmarked(|context| crate::render::views::bare_line(context, node));
                let words = Vec::new();
                rows.push(self.entry(&[node], vec![vec![Piece::plain(format!("{kind}: {line}"))]], words));
            }
            let group = self.group("slots", self.say("Slots and schedules"), &[("Slot", "")], rows);
            area.groups.push(self.fold(group, None));
        }
        Some(area)
    }

    fn appointment(&mut self, node: NodeId) -> Entry {
        let start = self.cell(node, "start");
        let start = self.or(start, "time not recorded");
        let mut end = self.cell(node, "end");
        let minutes = self.cell(node, "minutesDuration");
        if !minutes.is_empty() {
            let text = self.fill(" ({} minutes)", &[&flat(&minutes)]);
            end.push(Piece::plain(text));
        }
        let mut status = self.cell(node, "status");
        let mut words = self.words(node);
        if self.context.peek(node, "status") == Some("cancelled") {
            let reason = self.cell(node, "extension:AppointmentCancellationReason");
            let text = match reason.is_empty() {
                true => self.say("CANCELLED"),
                false => self.fill("CANCELLED: {}", &[&flat(&reason)]),
            };
            status = Cell::new();
            words.retain(|word| !word.text.eq_ignore_ascii_case("cancelled"));
            words.insert(0, Word { text, first: true, ..Word::default() });
        }
        let service = self.first(node, &["serviceType", "serviceCategory", "appointmentType", "description"]);
        let slots = super::gather::targets(self.context, node, "slot");
        let mut slot = Cell::new();
        for one in slots {
            slot.extend(self.cell(one, "serviceType"));
        }
        let how = self
            .first(node, &["extension:DeliveryChannel-2", "extension:DeliveryChannel", "extension:DeliveryChannel-1"]);
        let (mut place, mut with) = (Cell::new(), Cell::new());
        for participant in self.context.children(node, "participant") {
            let kind = super::gather::targets(self.context, participant, "actor")
                .first()
                .and_then(|actor| self.context.tree.resource_type(*actor))
                .unwrap_or("")
                .to_owned();
            let name = self.cell(participant, "actor");
            let cell = match kind.as_str() {
                "Patient" => continue,
                "Location" => &mut place,
                _ => &mut with,
            };
            if !cell.is_empty() && !name.is_empty() {
                cell.push(Piece::plain("; "));
            }
            cell.extend(name);
        }
        let reason = self.first(node, &["reason", "indication", "comment"]);
        self.entry(&[node], vec![start, end, status, service, slot, how, place, with, reason], words)
    }
}

/// `39 kB`, `1.2 MB`: whole numbers only, no floating point.
fn size_words(language: Language, text: &str) -> String {
    match text.trim().parse::<u64>() {
        Ok(bytes) if bytes >= 1_000_000 => {
            let size = format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000);
            language.fill("{} MB", &[&size])
        }
        Ok(bytes) if bytes >= 1000 => language.fill("{} kB", &[&(bytes / 1000).to_string()]),
        _ => language.fill("{} bytes", &[text]),
    }
}
