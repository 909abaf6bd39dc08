//! Medicines: a row for each, joined from what is taken, what was authorised, what was issued, and the product.

use super::gather::targets;
use super::model::{Area, AreaGroup, Entry, Word};
use super::row::{Cell, newest_first};
use super::{Maker, flat, lines};
use crate::render::format::date_text;
use crate::render::model::Piece;
use crate::render::views::select;
use crate::tree::NodeId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// The resources of one row.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    /// The statement, or whatever stands alone.
    pub main: NodeId,
    /// The authorisation.
    pub plan: Option<NodeId>,
    /// What was issued on it, newest first.
    pub issues: Vec<NodeId>,
    /// The authorisation that went before, whose dose may differ.
    pub before: Option<NodeId>,
    /// The products.
    pub products: Vec<NodeId>,
}

/// The groups in their order: key, title, what defines it.
const GROUPS: &[(&str, &str, &str)] = &[
    ("repeat", "Repeat medicines", ""),
    (
        "repeat-dispensing",
        "Repeat dispensing medicines",
        "Issues carry the date of the authorisation; whether they were dispensed is not known.",
    ),
    ("acute", "Acute medicines", ""),
    ("acute-older", "Acute medicines, older, not marked as ended", "Started more than 12 months before."),
    (
        "ended-not-stopped",
        "Authorisation ended, not stopped by a clinician; may still be taken",
        "Worked out: the authorisation is used up or over, nobody recorded that the medicine was stopped, and no newer one replaces it.",
    ),
    (
        "elsewhere",
        "Prescribed elsewhere",
        "By another organisation or a previous practice, as sent. The issues are not held here.",
    ),
    (
        "elsewhere-older",
        "Prescribed elsewhere, and ended more than 12 months ago",
        "Status still active; the end is the one that was sent.",
    ),
    ("supplied", "Supplied or given", ""),
    ("stopped", "Stopped: in the last 12 months", ""),
    ("stopped-older", "Stopped: more than 12 months ago", ""),
    ("past", "Past medicines", "Courses that are over, and what was entered in error."),
];

/// The columns; those from the eighth are of what is over, `until` and `review` of what is current.
const COLUMNS: &[(&str, &str)] = &[
    ("Medicine", ""),
    ("Dose", "DOSE"),
    ("Quantity", ""),
    ("Last issued", "last issued"),
    ("Issued", "issued"),
    ("Supply until", "supply until"),
    ("Review", "review"),
    ("Started", "started"),
    ("Stopped", "stopped"),
    ("Why", "why"),
    ("Prescriber", "by"),
    ("Notes", "note"),
];

impl Maker<'_, '_> {
    /// The rows of the area, each with its resources.
    pub(super) fn join_medicines(&mut self) -> Vec<Joined> {
        let nodes = self.all.of("medicines");
        let context = &*self.context;
        let kind = |node: NodeId| context.tree.resource_type(node).unwrap_or("");
        let mut taken: FxHashSet<NodeId> = FxHashSet::default();
        // What was issued on an authorisation, and what was supplied on either.
        let mut issued: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        for node in &nodes {
            let paths: &[&str] = match kind(*node) {
                "MedicationRequest" => &["basedOn"],
                "MedicationDispense" => &["authorizingPrescription"],
                "MedicationAdministration" => &["prescription"],
                _ => continue,
            };
            let on = paths.iter().flat_map(|path| targets(context, *node, path)).next();
            if let Some(on) = on.filter(|on| on != node && kind(*on) == "MedicationRequest") {
                issued.entry(on).or_default().push(*node);
            }
        }
        let mut rows = Vec::new();
        let join = |main: NodeId, plan: Option<NodeId>, taken: &mut FxHashSet<NodeId>| {
            let mut issues: Vec<(Option<String>, NodeId)> = Vec::new();
            let mut open = vec![plan.unwrap_or(main)];
            while let Some(at) = open.pop() {
                for issue in issued.get(&at).into_iter().flatten() {
                    if taken.insert(*issue) {
                        issues.push((lines_date(self, *issue), *issue));
                        open.push(*issue);
                    }
                }
            }
            newest_first(&mut issues);
            let before = plan.and_then(|plan| targets(context, plan, "priorPrescription").into_iter().next());
            taken.insert(main);
            taken.extend(plan);
            Joined {
                main,
                plan,
                issues: issues.into_iter().map(|(_, node)| node).collect(),
                before,
                products: Vec::new(),
            }
        };
        for node in nodes.iter().filter(|node| kind(**node) == "MedicationStatement") {
            let plan = targets(context, *node, "basedOn").into_iter().find(|plan| kind(*plan) == "MedicationRequest");
            let plan = plan.filter(|plan| !taken.contains(plan));
            rows.push(join(*node, plan, &mut taken));
        }
        // An earlier authorisation is no row of its own.
        let befores: FxHashSet<NodeId> =
            nodes.iter().flat_map(|node| targets(context, *node, "priorPrescription")).collect();
        let alone = |node: &NodeId| !matches!(kind(*node), "MedicationStatement" | "Medication");
        let all: Vec<NodeId> = nodes.iter().copied().filter(alone).collect();
        for plans in [true, false] {
            for node in &all {
                let is_base = issued.contains_key(node) || context.peek(*node, "intent") == Some("plan");
                if is_base == plans && !taken.contains(node) && !befores.contains(node) {
                    rows.push(join(*node, None, &mut taken));
                }
            }
        }
        for row in &mut rows {
            row.before = row.before.filter(|before| taken.insert(*before));
            let parts: Vec<NodeId> =
                std::iter::once(row.main).chain(row.plan).chain(row.issues.iter().copied()).collect();
            for part in parts {
                for product in select(context, part, "medicationReference.reference") {
                    let target = context.tree.text(product).and_then(|text| context.resolve(product, text));
                    if let Some(target) = target.filter(|target| kind(*target) == "Medication" && taken.insert(*target))
                    {
                        row.products.push(target);
                    }
                }
            }
        }
        // Whatever is left, a product that nothing names or an earlier authorisation of an earlier one.
        for node in nodes {
            if taken.insert(node) {
                rows.push(Joined { main: node, plan: None, issues: Vec::new(), before: None, products: Vec::new() });
            }
        }
        rows
    }

    pub(super) fn medicines(&mut self) -> Option<Area> {
        let rows = std::mem::take(&mut self.joined);
        if rows.is_empty() && !self.has_list("medicines") {
            return None;
        }
        let mut area = self.area("medicines", "Medicines");
        let mut current: BTreeSet<String> = BTreeSet::new();
        let mut stopped: BTreeMap<String, String> = BTreeMap::new();
        let mut placed: Vec<(&'static str, Joined)> = Vec::new();
        for row in rows {
            let key = self.place_of(&row);
            let product = self.product(row.main);
            match key {
                "repeat" | "repeat-dispensing" | "acute" | "acute-older" | "elsewhere" | "elsewhere-older" => {
                    current.insert(product);
                }
                "stopped" | "stopped-older" => {
                    let date = self.stop_date(&row).unwrap_or_default();
                    let known = stopped.entry(product).or_default();
                    if date > *known {
                        *known = date;
                    }
                }
                _ => {}
            }
            placed.push((key, row));
        }
        let mut groups: Vec<AreaGroup> = Vec::new();
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for (key, row) in &mut placed {
            if *key == "ended-not-stopped" {
                let product = self.product(row.main);
                let last = self.peek(row.main, "extension:MedicationStatementLastIssueDate").unwrap_or_default();
                let later = stopped.get(&product).is_some_and(|date| date.is_empty() || *date >= last);
                if current.contains(&product) || later {
                    *key = "past";
                }
            }
        }
        for (key, title, note) in GROUPS {
            let mut of: Vec<(Option<String>, Joined)> = placed
                .iter()
                .filter(|(of, _)| of == key)
                .map(|(_, row)| (self.order_date(key, row), row.clone()))
                .collect();
            if of.is_empty() {
                continue;
            }
            counts.push((key, of.len()));
            if matches!(*key, "repeat" | "repeat-dispensing") {
                let names: Vec<String> = of.iter().map(|(_, row)| self.product(row.main)).collect();
                let mut named: Vec<(String, (Option<String>, Joined))> = names.into_iter().zip(of).collect();
                crate::order::sort_by_key(&mut named, |(name, _)| name.to_lowercase());
                of = named.into_iter().map(|(_, row)| row).collect();
            } else {
                newest_first(&mut of);
            }
            let newest = of.iter().filter_map(|(date, _)| date.clone()).max();
            let entries: Vec<Entry> = of.into_iter().map(|(_, row)| self.medicine(key, &row, &mut area)).collect();
            let over = matches!(*key, "stopped" | "stopped-older" | "past");
            let columns: Vec<(&str, &str)> =
                COLUMNS.iter().copied().filter(|(title, _)| !left_out(over).contains(title)).collect();
            let mut group = self.group(key, self.say(title), &columns, entries);
            if !note.is_empty() {
                group.notes.insert(0, self.say(note));
            }
            if matches!(*key, "past" | "stopped-older" | "elsewhere-older") {
                group = self.fold(group, newest.as_deref());
            }
            groups.push(group);
        }
        area.groups = groups;
        area.headline = self.medicines_headline(&counts);
        if area.groups.is_empty() && area.empty.is_none() {
            area.empty = Some(self.say("No medicine entries in this file."));
        }
        Some(area)
    }

    fn medicines_headline(&self, counts: &[(&str, usize)]) -> String {
        let count =
            |keys: &[&str]| counts.iter().filter(|(key, _)| keys.contains(key)).map(|(_, count)| count).sum::<usize>();
        let kinds = [
            (count(&["repeat"]), "{} repeat"),
            (count(&["repeat-dispensing"]), "{} repeat dispensing"),
            (count(&["acute", "acute-older"]), "{} acute"),
        ];
        let total: usize = kinds.iter().map(|(count, _)| count).sum();
        let kinds: Vec<String> = kinds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, phrase)| self.fill(phrase, &[&count.to_string()]))
            .collect();
        let mut line = self.fill("{} current", &[&total.to_string()]);
        if !kinds.is_empty() {
            line.push_str(&format!(": {}", kinds.join(", ")));
        }
        for (keys, phrase) in [
            (&["ended-not-stopped"][..], "{} ended but not stopped"),
            (&["elsewhere", "elsewhere-older"], "{} prescribed elsewhere"),
            (&["supplied"], "{} supplied or given"),
            (&["stopped", "stopped-older"], "{} stopped"),
            (&["past"], "{} past"),
        ] {
            let count = count(keys);
            if count > 0 {
                line.push_str(&format!("; {}", self.fill(phrase, &[&count.to_string()])));
            }
        }
        line
    }

    /// The product of a row, for telling whether two rows are of the same.
    fn product(&mut self, node: NodeId) -> String {
        let context = &mut *self.context;
        context.unmarked(|context| lines::first(context, node, &["medication[x]", "code"])).unwrap_or_default()
    }

    fn prescription_type(&self, row: &Joined) -> Option<String> {
        let nodes = row.plan.into_iter().chain(std::iter::once(row.main)).chain(row.issues.first().copied());
        for node in nodes {
            for path in [
                "extension:PrescriptionType.valueCodeableConcept.coding.code",
                "extension:PrescriptionType.valueCodeableConcept.text",
                "extension:PrescriptionType.valueCodeableConcept.coding.display",
            ] {
                if let Some(code) =
                    select(self.context, node, path).into_iter().find_map(|code| self.context.tree.text(code))
                {
                    return Some(code.to_lowercase());
                }
            }
        }
        None
    }

    fn status(&self, node: NodeId) -> String {
        self.context.peek(node, "status").unwrap_or("").to_owned()
    }

    /// The agency that is not the practice, as a code.
    fn is_elsewhere(&self, row: &Joined) -> bool {
        std::iter::once(row.main).chain(row.plan).any(|node| {
            ["extension:PrescribingAgency", "extension:MedicationPrescribingAgency"].iter().any(|path| {
                let path = format!("{path}.valueCodeableConcept.coding.code");
                select(self.context, node, &path).into_iter().any(|code| {
                    self.context
                        .tree
                        .text(code)
                        .is_some_and(|code| code.contains("another") || code.contains("previous"))
                })
            })
        })
    }

    /// The group of a row.
    fn place_of(&self, row: &Joined) -> &'static str {
        let kind = self.context.tree.resource_type(row.main).unwrap_or("");
        if matches!(kind, "MedicationDispense" | "MedicationAdministration" | "Medication") {
            return "supplied";
        }
        let status = self.status(row.main);
        let plan = row.plan.map(|plan| self.status(plan)).unwrap_or_default();
        let not_taken = self.context.peek(row.main, "taken") == Some("n");
        let unknown_modifier = std::iter::once(row.main)
            .chain(row.plan)
            .any(|node| self.context.child(node, "modifierExtension").is_some());
        if status == "entered-in-error" || plan == "entered-in-error" || unknown_modifier {
            return "past";
        }
        if matches!(status.as_str(), "stopped" | "cancelled") || plan == "stopped" || plan == "cancelled" {
            return if self.is_older(self.stop_date(row).as_deref()) { "stopped-older" } else { "stopped" };
        }
        if self.is_elsewhere(row) {
            let end = self.peek(row.main, "effectivePeriod.end");
            let is_over = lines::ended_unnoticed(self.context, row.main).is_some() && self.is_older(end.as_deref());
            return if is_over { "elsewhere-older" } else { "elsewhere" };
        }
        let kind = self.prescription_type(row).unwrap_or_default();
        let is_repeat = kind.contains("repeat");
        if status == "completed" && (is_repeat || !self.context.gp_connect && row.plan.is_some()) {
            let reason =
                row.plan.is_some_and(|plan| !select(self.context, plan, "extension:MedicationStatusReason").is_empty());
            return if reason || not_taken || !is_repeat { "past" } else { "ended-not-stopped" };
        }
        match status.as_str() {
            "completed" => "past",
            _ if kind.contains("dispens") => "repeat-dispensing",
            _ if is_repeat => "repeat",
            _ if self.is_older(self.peek(row.main, "effective[x]").as_deref()) => "acute-older",
            _ => "acute",
        }
    }

    /// Whether a date lies more than 12 months before the capture.
    pub(super) fn is_older(&self, date: Option<&str>) -> bool {
        let (Some(date), Some(today)) = (date, self.context.today.as_deref()) else { return false };
        let Some((year, rest)) = today.split_at_checked(4) else { return false };
        let Ok(year) = year.parse::<i64>() else { return false };
        let limit = format!("{:04}{}", year - 1, rest.get(..6).unwrap_or(rest));
        date.get(..10).unwrap_or(date) < limit.as_str()
    }

    fn stop_date(&self, row: &Joined) -> Option<String> {
        let of = |node: NodeId| {
            self.peek(node, "extension:MedicationStatusReason.extension:statusChangeDate")
                .or_else(|| self.peek(node, "effectivePeriod.end"))
        };
        row.plan.and_then(of).or_else(|| of(row.main))
    }

    fn order_date(&self, key: &str, row: &Joined) -> Option<String> {
        match key {
            "stopped" | "stopped-older" => self.stop_date(row).or_else(|| self.peek(row.main, "effective[x]")),
            _ => self
                .peek(row.main, "effective[x]")
                .or_else(|| self.peek(row.main, "authoredOn"))
                .or_else(|| self.peek(row.main, "whenHandedOver")),
        }
    }

    fn medicine(&mut self, key: &str, row: &Joined, area: &mut Area) -> Entry {
        let (main, plan) = (row.main, row.plan);
        let is_request = |this: &Self, node: NodeId| this.context.tree.resource_type(node) == Some("MedicationRequest");
        let request = plan.or_else(|| Some(main).filter(|main| is_request(self, *main)));
        let mut words = self.words(main);
        words.extend(plan.map(|plan| self.words(plan)).unwrap_or_default());
        let mut name = self.first(main, &["medication[x]", "code"]);
        if let Some(product) = row.products.first() {
            // The product's own words: a code that says only that it was lost on the way.
            words.extend(self.words(*product));
            let own = self.cell(*product, "code");
            name = if own.is_empty() { name } else { own };
        }
        let name = self.or(name, "medicine not named");
        let dose = self.dose(row, request, &mut words, area);
        let quantity = self.quantity_of(request, row);
        let is_held = !matches!(key, "elsewhere" | "elsewhere-older" | "repeat-dispensing");
        let issued_on = self.last_issued(row, is_held);
        let issued = self.issued(row, request, key);
        let over = matches!(key, "stopped" | "stopped-older" | "past");
        let until = if over { Cell::new() } else { self.supply_until(row) };
        let review = match request {
            Some(node) => self.cell(node, "extension:MedicationRepeatInformation.extension:authorisationExpiryDate"),
            None => Cell::new(),
        };
        let started = self.first_day(main, &["effective[x]", "authoredOn", "whenHandedOver", "whenPrepared"]);
        let (mut stopped, mut why) = (Cell::new(), Cell::new());
        for node in plan.into_iter().chain(std::iter::once(main)) {
            if stopped.is_empty() {
                stopped = self.day(node, "extension:MedicationStatusReason.extension:statusChangeDate");
            }
            if why.is_empty() {
                why = self.cell(node, "extension:MedicationStatusReason.extension:statusReason");
            }
        }
        if stopped.is_empty() && over {
            stopped = self.day(main, "effectivePeriod.end");
        }
        if why.is_empty() {
            why = self.first(
                main,
                &["reasonNotTaken", "extension:MedicationStatementReasonEnded", "notDoneReason[x]", "reasonNotGiven"],
            );
        }
        let by = match request {
            Some(node) => self.first(node, &["requester.agent", "recorder"]),
            None => self.first(main, &["informationSource", "performer.actor"]),
        };
        let notes = self.medicine_notes(row);
        if key.starts_with("stopped") {
            let text = self.say("STOPPED");
            words.retain(|word| !word.text.eq_ignore_ascii_case(&text));
            words.insert(0, Word { text, first: true, expected: true });
        }
        if matches!(key, "acute" | "acute-older") && self.prescription_type(row).is_none() && self.context.gp_connect {
            words.push(Word { text: self.say("type not available"), expected: true, ..Word::default() });
        }
        if let Some(agency) = self.agency(row) {
            words.push(Word { text: agency, first: false, ..Word::default() });
        }
        if self.context.gp_connect && self.context.tree.resource_type(main) == Some("MedicationRequest") {
            let phrase = match self.context.peek(main, "intent") {
                Some("order") => "issue without its authorisation",
                _ => "authorisation without a statement of use",
            };
            words.push(Word { text: self.say(phrase), first: false, ..Word::default() });
        }
        if let Some(end) = lines::ended_unnoticed(self.context, main) {
            words.insert(0, Word { text: self.fill("ENDED {}", &[&end]), first: true, ..Word::default() });
        }
        let mut seen: Vec<String> = Vec::new();
        words.retain(|word| {
            let new = !seen.contains(&word.text);
            seen.push(word.text.clone());
            new
        });
        let mut nodes = vec![main];
        nodes.extend(plan);
        nodes.extend(row.issues.iter().copied());
        nodes.extend(row.before);
        nodes.extend(row.products.iter().copied());
        let cells = vec![name, dose, quantity, issued_on, issued, until, review, started, stopped, why, by, notes];
        let cells = COLUMNS
            .iter()
            .zip(cells)
            .filter(|((title, _), _)| !left_out(over).contains(title))
            .map(|(_, cell)| cell)
            .collect();
        self.entry(&nodes, cells, words)
    }

    fn agency(&mut self, row: &Joined) -> Option<String> {
        if !self.is_elsewhere(row) {
            return None;
        }
        let context = &mut *self.context;
        let paths = ["extension:PrescribingAgency", "extension:MedicationPrescribingAgency"];
        let first = lines::first(context, row.main, &paths);
        first.or_else(|| row.plan.and_then(|plan| lines::first(context, plan, &paths)))
    }

    fn dose(&mut self, row: &Joined, request: Option<NodeId>, words: &mut Vec<Word>, area: &mut Area) -> Cell {
        let mut dose = Cell::new();
        for node in std::iter::once(row.main).chain(request) {
            for path in ["dosage", "dosageInstruction"] {
                if dose.is_empty() {
                    dose = self.dosages(node, path);
                }
            }
        }
        // GP Connect puts this sentence before the dose where it has changed: a word, and the dose as it is now.
        for piece in &mut dose {
            if let Some((before, after)) = changed_dose(&piece.text) {
                words.push(Word {
                    text: self.context.fill("DOSE CHANGED {}", &[&before]),
                    first: false,
                    ..Word::default()
                });
                let warning =
                    self.context.say("The dose of a medicine has changed during its course: see DOSE CHANGED.");
                if !area.warnings.contains(&warning) {
                    area.warnings.push(warning);
                }
                piece.text = after;
            }
        }
        let plain = flat(&dose);
        if let Some(before) = row.before {
            let old = self.context.unmarked(|context| lines::first(context, before, &["dosageInstruction"]));
            if let Some(old) = old.filter(|old| *old != plain) {
                let until = select(self.context, before, "dispenseRequest.validityPeriod.end").into_iter().next();
                let until = until.and_then(|node| self.context.tree.text(node));
                let text = match until {
                    Some(until) => {
                        let day = date_text(self.context, until.split('T').next().unwrap_or(until));
                        self.fill("dose before: {}, to {}", &[&old, &day])
                    }
                    None => self.fill("dose before: {}", &[&old]),
                };
                dose.push(Piece::secondary(format!(" ({text})")));
            }
        }
        self.or(dose, "dose not recorded")
    }

    /// Doses as written, with what the patient is told; one that is structured is said by its parts too.
    pub(super) fn dosages(&mut self, node: NodeId, path: &str) -> Cell {
        let mut cell = Cell::new();
        for found in select(self.context, node, path) {
            if !cell.is_empty() {
                cell.push(Piece::plain("; "));
            }
            let tree = self.context.tree;
            let is_text =
                tree.children(found).all(|part| matches!(tree.name(part), "text" | "patientInstruction" | "sequence"));
            match self.context.take_child(found, "text").filter(|_| is_text) {
                Some(text) => {
                    cell.push(Piece::plain(text.clone()));
                    if let Some(told) =
                        self.context.take_child(found, "patientInstruction").filter(|told| *told != text)
                    {
                        cell.push(Piece::plain(format!(" ({told})")));
                    }
                    if !self.context.has_unmarked(found) {
                        self.context.claim(found);
                    }
                }
                None => cell.extend(self.value(found)),
            }
        }
        cell
    }

    fn quantity_of(&mut self, request: Option<NodeId>, row: &Joined) -> Cell {
        let node = request.or_else(|| row.issues.first().copied()).unwrap_or(row.main);
        let mut cell = self.first(node, &["dispenseRequest.quantity", "quantity"]);
        let plain = flat(&cell);
        for path in [
            "dispenseRequest.extension:MedicationQuantityText",
            "dispenseRequest.quantity.extension:MedicationQuantityText",
        ] {
            let text = self.cell(node, path);
            let words = flat(&text);
            if words.is_empty() || plain.contains(&words) {
                continue;
            }
            if words.starts_with(|c: char| c.is_ascii_digit()) {
                cell = text;
            } else {
                cell.push(Piece::plain(" "));
                cell.extend(text);
            }
            break;
        }
        cell
    }

    fn last_issued(&mut self, row: &Joined, is_held: bool) -> Cell {
        let mut cell = self.day(row.main, "extension:MedicationStatementLastIssueDate");
        if let Some(newest) = row.issues.first().copied().filter(|_| cell.is_empty()) {
            cell = self
                .first_day(newest, &["dispenseRequest.validityPeriod", "whenHandedOver", "authoredOn", "effective[x]"]);
        }
        if !cell.is_empty() || !self.context.gp_connect {
            return cell;
        }
        vec![Piece::secondary(self.say(if is_held { "not issued yet" } else { "not held" }))]
    }

    fn issued(&mut self, row: &Joined, request: Option<NodeId>, key: &str) -> Cell {
        if let Some(node) = request {
            let part = |name: &str| format!("extension:MedicationRepeatInformation.extension:{name}");
            let issued =
                self.first(node, &[&part("numberOfRepeatPrescriptionsIssued"), &part("numberOfPrescriptionsIssued")]);
            let allowed = self.cell(node, &part("numberOfRepeatPrescriptionsAllowed"));
            match (issued.is_empty(), allowed.is_empty()) {
                (false, false) => {
                    let (issued, allowed) = (flat(&issued), flat(&allowed));
                    return vec![Piece::plain(self.fill("{} of {}", &[&issued, &allowed]))];
                }
                (false, true) => return issued,
                (true, false) => return vec![Piece::plain(self.fill("of {}", &[&flat(&allowed)]))],
                (true, true) => {}
            }
        }
        if key.starts_with("acute") && self.context.gp_connect {
            return vec![Piece::plain(row.issues.len().to_string())];
        }
        Cell::new()
    }

    /// How long the newest issue lasts: as recorded, or worked out from its start and how long it is expected to last.
    fn supply_until(&mut self, row: &Joined) -> Cell {
        let Some(issue) = row.issues.first().copied() else { return Cell::new() };
        let end = self.cell(issue, "dispenseRequest.validityPeriod.end");
        if !end.is_empty() {
            return end;
        }
        let text =
            |path: &str| select(self.context, issue, path).into_iter().find_map(|node| self.context.tree.text(node));
        let start = text("dispenseRequest.validityPeriod.start");
        let days = text("dispenseRequest.expectedSupplyDuration.value").and_then(|days| days.parse::<u32>().ok());
        let unit = text("dispenseRequest.expectedSupplyDuration.code")
            .or_else(|| text("dispenseRequest.expectedSupplyDuration.unit"));
        let is_days = unit.is_some_and(|unit| matches!(unit.to_lowercase().as_str(), "d" | "day" | "days"));
        let Some(until) =
            start.zip(days).filter(|_| is_days).and_then(|(start, days)| super::values::days_after(start, days))
        else {
            return Cell::new();
        };
        vec![Piece::plain(self.fill("{} (worked out)", &[&date_text(self.context, &until)]))]
    }

    fn medicine_notes(&mut self, row: &Joined) -> Cell {
        let mut texts: Vec<String> = Vec::new();
        let mut cell = Cell::new();
        let nodes = std::iter::once(row.main).chain(row.plan).chain(row.issues.iter().copied());
        // The statement's own, else the authorisation's, else those of the issues; the others are among the details.
        let with_note = nodes.clone().find(|node| self.context.child(*node, "note").is_some());
        let is_issue = with_note.is_some_and(|node| row.issues.contains(&node));
        let nodes: Vec<NodeId> = if is_issue { row.issues.clone() } else { with_note.into_iter().collect() };
        for node in nodes {
            for note in self.context.children(node, "note") {
                let text = self.context.unmarked(|context| flat(&crate::render::format::inline(context, note)));
                if texts.contains(&text) || texts.len() > 12 {
                    continue;
                }
                texts.push(text);
                if !cell.is_empty() {
                    cell.push(Piece::plain("; "));
                }
                cell.extend(self.value(note));
            }
        }
        cell
    }
}

/// The columns that a group of medicines does without.
fn left_out(over: bool) -> &'static [&'static str] {
    if over { &["Supply until", "Review"] } else { &["Stopped", "Why"] }
}

/// When an issue was made, as recorded.
fn lines_date(maker: &Maker<'_, '_>, node: NodeId) -> Option<String> {
    let paths = ["dispenseRequest.validityPeriod", "whenHandedOver", "whenPrepared", "authoredOn", "effective[x]"];
    paths.iter().find_map(|path| maker.peek(node, path))
}

/// The date and the rest of "WARNING – Dosage has changed during the effective period. The latest change was made on DATE".
fn changed_dose(text: &str) -> Option<(String, String)> {
    let at = text.find("Dosage has changed during the effective period")?;
    let (_, rest) = text.split_at_checked(at)?;
    let made = "change was made on ";
    let after = rest.find(made).and_then(|at| rest.get(at + made.len()..))?;
    let end = after.find(|c: char| c.is_whitespace() || c == ',' || c == ';').unwrap_or(after.len());
    let (date, tail) = after.split_at_checked(end)?;
    let before = text.get(..at)?.trim_end_matches([' ', '-', ':', '\u{2013}', '\u{2014}']);
    let before = before.strip_suffix("WARNING").unwrap_or(before).trim_end();
    let tail = tail.trim_start_matches(['.', ' ', '\n', ',', ';']);
    let rest = [before, tail].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
    Some((date.trim_end_matches('.').to_owned(), rest))
}
