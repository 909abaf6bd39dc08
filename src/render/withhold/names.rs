//! What the resources of a tree are called, and every way in which a reference may mean one of them.
//!
//! A reference belongs to the groups of its names, a resource to those of its own. Once a resource is withheld, its groups
//! are, and so is every reference in them: each is looked at once, whatever repeats.

use crate::render::words;
use crate::tree::{NodeId, Tree};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Types that a withheld resource never takes along: who and where, not what.
const ADMIN: &[&str] = &[
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Location",
    "HealthcareService",
    "RelatedPerson",
    "Endpoint",
    "Encounter",
    "EpisodeOfCare",
    "Appointment",
    "Slot",
    "Schedule",
    "Device",
];

/// Elements by which a resource belongs to another, so that it is withheld with it.
const BELONGS: &[&str] = &[
    "encounter",
    "context",
    "basedOn",
    "authorizingPrescription",
    "prescription",
    "partOf",
    "subject",
    "patient",
    "derivedFrom",
    "diagnosticReport",
];

/// Types of a resource and the element by which it has its content: withheld with it, and it with all of them.
const CONTENT: &[(&str, &str)] = &[
    ("List", "entry"),
    ("Composition", "section"),
    ("DiagnosticReport", "result"),
    ("DiagnosticReport", "specimen"),
    ("Observation", "related"),
    ("DocumentReference", "content"),
    ("DocumentManifest", "content"),
    ("MessageHeader", "focus"),
];

/// Types that say nothing but of what refers to them: withheld with the last of it.
const PARTS: &[&str] = &["Medication", "Substance", "Specimen", "Binary", "Media", "ImagingStudy", "Provenance"];

/// A reference of the tree.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// The element to take out, as far as the reference itself goes.
    pub element: NodeId,
    /// The resource that it is in.
    pub owner: NodeId,
    /// The child of the owner that it is in.
    pub top: NodeId,
}

/// The names of a tree.
pub(super) struct Names<'a> {
    tree: &'a Tree,
    resources: Vec<NodeId>,
    groups: BTreeMap<String, u32>,
    /// By group: whether it names what is withheld.
    betrayed: Vec<bool>,
    /// By group: the resources that bear the name, and of these those that are known by it alone.
    bearers: Vec<Vec<NodeId>>,
    own: FxHashMap<NodeId, Vec<(u32, bool)>>,
    mentions: Vec<Mention>,
    /// The groups of each reference.
    meant: Vec<Vec<u32>>,
    contained: FxHashMap<NodeId, Vec<NodeId>>,
    /// The name of each resource for those that it contains, the same in another version.
    places: FxHashMap<NodeId, String>,
    attachments: FxHashSet<NodeId>,
    walked: FxHashSet<u32>,
}

impl<'a> Names<'a> {
    pub fn new(tree: &'a Tree) -> Self {
        let is_attachment = |node: &NodeId| matches!(tree.name(*node), "contentType" | "hash" | "size" | "data");
        let mut names = Names {
            tree,
            resources: tree.all().filter(|node| tree.resource_type(*node).is_some()).collect(),
            groups: BTreeMap::new(),
            betrayed: Vec::new(),
            bearers: Vec::new(),
            own: FxHashMap::default(),
            mentions: Vec::new(),
            meant: Vec::new(),
            contained: FxHashMap::default(),
            places: FxHashMap::default(),
            attachments: tree.all().filter(is_attachment).filter_map(|node| tree.parent(node)).collect(),
            walked: FxHashSet::default(),
        };
        if tree.resource_type(tree.root()).is_none() {
            names.resources.insert(0, tree.root());
        }
        for resource in names.resources.clone() {
            let place = names.place(resource);
            names.places.insert(resource, place);
        }
        for resource in names.resources.clone() {
            names.own(resource);
            if let Some(parent) = tree.parent(resource) {
                names.contained.entry(tree.resource_of(parent)).or_default().push(resource);
            }
        }
        for node in tree.all() {
            names.mention(node);
        }
        names
    }

    /// What a resource is called where it contains others: by its type and id, or its place.
    fn place(&self, resource: NodeId) -> String {
        let tree = self.tree;
        match (tree.parent(resource), tree.child_text(resource, "id")) {
            (None, _) => "at:root".to_owned(),
            (Some(_), Some(id)) => format!("{}/{}", tree.resource_type(resource).unwrap_or(""), normal(id)),
            (Some(_), None) => format!("at:{}", tree.pointer(resource)),
        }
    }

    /// All resources, those around before those inside.
    pub fn resources(&self) -> &[NodeId] {
        &self.resources
    }

    /// The resources directly inside of one.
    pub fn inside(&self, resource: NodeId) -> Vec<NodeId> {
        self.contained.get(&resource).cloned().unwrap_or_default()
    }

    fn group(&mut self, name: String) -> u32 {
        let next = self.betrayed.len() as u32;
        let group = *self.groups.entry(name).or_insert(next);
        if group == next {
            self.betrayed.push(false);
            self.bearers.push(Vec::new());
        }
        group
    }

    /// Notes the names of a resource; with each whether it tells that two that bear it are the same.
    fn own(&mut self, resource: NodeId) {
        let names = self.own_names(resource);
        let mut groups = Vec::new();
        for (name, is_identity) in names {
            let group = self.group(name);
            if let Some(bearers) = self.bearers.get_mut(group as usize).filter(|_| is_identity) {
                bearers.push(resource);
            }
            groups.push((group, is_identity));
        }
        self.own.insert(resource, groups);
    }

    /// The names by which the other version of a resource is known.
    pub fn identities(&self, resource: NodeId) -> Vec<String> {
        let mut all: Vec<String> =
            self.own_names(resource).into_iter().filter(|(_, same)| *same).map(|(name, _)| name).collect();
        // Extracts give one record a name of its own each time: what it says has to do as well.
        all.extend(content_name(self.tree, resource));
        all
    }

    /// The resources that are the same by a name. Each name is asked for once.
    pub fn same(&mut self, resource: NodeId) -> Vec<NodeId> {
        let mut out = Vec::new();
        for (group, _) in self.own.get(&resource).into_iter().flatten().filter(|(_, same)| *same) {
            if self.walked.insert(*group) {
                out.extend(self.bearers.get(*group as usize).into_iter().flatten());
            }
        }
        out
    }

    /// Marks a name as that of something withheld.
    pub fn betray(&mut self, name: &str) {
        if let Some(slot) = self.groups.get(name).and_then(|group| self.betrayed.get_mut(*group as usize)) {
            *slot = true;
        }
    }

    /// Marks all names of a resource.
    pub fn betray_all(&mut self, resource: NodeId) {
        for (group, _) in self.own.get(&resource).into_iter().flatten() {
            if let Some(slot) = self.betrayed.get_mut(*group as usize) {
                *slot = true;
            }
        }
    }

    /// The references, each with whether it may mean something withheld.
    pub fn mentions(&self) -> impl Iterator<Item = (&Mention, bool)> {
        self.mentions.iter().zip(&self.meant).map(|(mention, groups)| (mention, self.is_betrayed(groups)))
    }

    fn is_betrayed(&self, groups: &[u32]) -> bool {
        groups.iter().any(|group| self.betrayed.get(*group as usize) == Some(&true))
    }

    /// What is withheld because of what is: what belongs to it, what is its content, and what there is only for it.
    pub fn taken_along(&self, tree: &Tree, held: &FxHashSet<NodeId>) -> Vec<NodeId> {
        let mut out = Vec::new();
        // By resource: its content that is left; by group: whether somebody refers to it who is shown.
        let mut content: FxHashMap<NodeId, (bool, bool)> = FxHashMap::default();
        let mut shown: FxHashSet<u32> = FxHashSet::default();
        let mut named: FxHashSet<u32> = FxHashSet::default();
        let mut passed: FxHashSet<u32> = FxHashSet::default();
        for (mention, groups) in self.mentions.iter().zip(&self.meant) {
            let betrayed = self.is_betrayed(groups);
            let owner = mention.owner;
            let (kind, top) = (tree.resource_type(owner).unwrap_or(""), tree.name(mention.top));
            let is_content = CONTENT.contains(&(kind, top)) && is_part(tree, mention);
            named.extend(groups);
            if held.contains(&owner) {
                if is_content {
                    passed.extend(groups);
                }
                continue;
            }
            if !betrayed {
                shown.extend(groups);
            }
            if is_content && matches!(kind, "List" | "DiagnosticReport" | "Observation") && top != "specimen" {
                let (lost, left) = content.entry(owner).or_default();
                *lost |= betrayed;
                *left |= !betrayed;
            }
            if betrayed
                && (BELONGS.contains(&top) || kind == "Provenance" && top == "target" || is_actual(tree, mention.top))
            {
                out.push(owner);
            }
        }
        out.extend(content.into_iter().filter(|(_, (lost, left))| *lost && !*left).map(|(owner, _)| owner));
        for resource in self.resources.iter().filter(|resource| !held.contains(resource)) {
            let kind = tree.resource_type(*resource).unwrap_or("");
            let mut groups = self.own.get(resource).into_iter().flatten().map(|(group, _)| group);
            let is_passed = !ADMIN.contains(&kind) && groups.clone().any(|group| passed.contains(group));
            let is_last = PARTS.contains(&kind)
                && groups.clone().any(|group| named.contains(group))
                && !groups.any(|group| shown.contains(group));
            if is_passed || is_last && self.is_in_others(*resource) {
                out.push(*resource);
            }
        }
        out.retain(|resource| !held.contains(resource));
        crate::order::sort(&mut out);
        out.dedup();
        out
    }

    /// Whether a resource stands beside others, not alone.
    fn is_in_others(&self, resource: NodeId) -> bool {
        resource != self.tree.root()
    }

    /// Notes a node, if it is a reference in any form.
    fn mention(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(parent) = tree.parent(node) else { return };
        let mut names = Vec::new();
        let mut element = node;
        match tree.text(node) {
            None if is_reference(tree, node) => {
                for identifier in tree.named(node, "identifier") {
                    identifier_names(tree, identifier, &mut names);
                }
                for literal in tree.named(node, "reference") {
                    self.literal_names(literal, tree.text(literal).unwrap_or(""), &mut names);
                }
            }
            Some(text) if may_refer(tree, parent, tree.name(node), text) => {
                self.literal_names(node, text, &mut names);
                if self.attachments.contains(&parent) {
                    element = parent;
                }
            }
            // One that has more than a Reference may have.
            Some(text) if tree.name(node) == "reference" && !is_reference(tree, parent) => {
                self.literal_names(node, text, &mut names);
            }
            _ => return,
        }
        if names.is_empty() {
            return;
        }
        let owner = tree.resource_of(node);
        let mut top = node;
        while let Some(up) = tree.parent(top).filter(|up| *up != owner) {
            top = up;
        }
        // A name that nothing bears may yet be one in the other version.
        let groups = names.into_iter().map(|name| self.group(name)).collect();
        self.mentions.push(Mention { element, owner, top });
        self.meant.push(groups);
    }

    /// Every name that a reference as text may be.
    fn literal_names(&self, node: NodeId, text: &str, out: &mut Vec<String>) {
        let tree = self.tree;
        let text = normal(text);
        if let Some(id) = text.strip_prefix('#') {
            let mut at = tree.resource_of(node);
            loop {
                out.push(format!("in:{}#{id}", at.0));
                out.extend(self.places.get(&at).map(|place| format!("in:{place}#{id}")));
                match tree.parent(at) {
                    Some(up) if tree.resource_of(up) != at => at = tree.resource_of(up),
                    _ => return,
                }
            }
        }
        let (path, query) = text.split_once('?').unwrap_or((&text, ""));
        for value in query.split('&').filter_map(|pair| pair.split_once('=')).flat_map(|(_, value)| value.split(',')) {
            out.push(format!("id:{}", last(value)));
            out.push(format!("value:{}", value.rsplit('|').next().unwrap_or(value)));
            address_names(value, out);
        }
        address_names(path, out);
    }

    /// What a resource is called, and whether two that are called so are the same.
    fn own_names(&self, resource: NodeId) -> Vec<(String, bool)> {
        let tree = self.tree;
        let mut out = Vec::new();
        let kind = tree.resource_type(resource).unwrap_or("").to_lowercase();
        let id = tree.child_text(resource, "id").map(normal).filter(|id| !id.is_empty());
        let parent = tree.parent(resource);
        if tree.name(resource) == "contained"
            && let (Some(parent), Some(id)) = (parent, &id)
        {
            let container = tree.resource_of(parent);
            let id = id.trim_start_matches('#');
            out.push((format!("in:{}#{id}", container.0), true));
            out.extend(self.places.get(&container).map(|place| (format!("in:{place}#{id}"), true)));
            return out;
        }
        if let Some(id) = &id {
            out.push((format!("typed:{kind}/{id}"), true));
            out.push((format!("id:{id}"), false));
        }
        if let Some(url) = parent.and_then(|parent| tree.child_text(parent, "fullUrl")).map(normal) {
            let url = url.trim_end_matches('/');
            out.push((format!("url:{url}"), true));
            out.push((format!("typed:{kind}/{}", last(url)), true));
            out.push((format!("id:{}", last(url)), false));
        }
        for identifier in tree.named(resource, "identifier") {
            let mut names = Vec::new();
            identifier_names(tree, identifier, &mut names);
            // Patients and people share theirs; what is recorded has its own.
            let is_own = kind != "patient";
            out.extend(names.into_iter().map(|name| {
                let same = is_own && name.starts_with("identifier:");
                (name, same)
            }));
        }
        if parent.is_none() {
            out.push(("at:root".to_owned(), true));
        } else if out.is_empty() {
            out.push((format!("at:{}", tree.pointer(resource)), true));
        }
        out
    }
}

/// The address in one form: without white space and signs that cannot be seen, percent signs read, in small letters.
fn normal(text: &str) -> String {
    let mut read = text.to_owned();
    // Encoded twice is encoded too.
    for _ in 0..3 {
        let next = percent(&read);
        if next == read {
            break;
        }
        read = next;
    }
    let lower = read.to_lowercase();
    lower.chars().filter(|c| !c.is_whitespace() && !words::is_hidden(*c)).collect()
}

/// Percent signs read.
fn percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let hex = text.get(at + 1..at + 3).filter(|hex| *byte == b'%' && hex.bytes().all(|b| b.is_ascii_hexdigit()));
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(code) => {
                bytes.push(code);
                at += 3;
            }
            None => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The last step of an address.
fn last(address: &str) -> &str {
    address.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or(address)
}

/// The names of an address without its query.
fn address_names(address: &str, out: &mut Vec<String>) {
    let address = address.split(['#', '|']).next().unwrap_or(address);
    let address = address.split("/_history").next().unwrap_or(address);
    let address = address.trim_end_matches('/').trim_start_matches(['.', '/']);
    if address.is_empty() {
        return;
    }
    out.push(format!("url:{address}"));
    let mut steps = address.rsplit('/');
    match (steps.next(), steps.next()) {
        (Some(id), Some(kind)) => out.push(format!("typed:{kind}/{id}")),
        (Some(id), None) => out.push(format!("id:{}", last(id))),
        _ => {}
    }
}

/// A resource by what it says.
fn content_name(tree: &Tree, resource: NodeId) -> Option<String> {
    let mut words = Vec::new();
    super::mention::words(tree, resource, &mut words);
    (!words.is_empty()).then(|| format!("says:{}|{}", tree.resource_type(resource).unwrap_or(""), words.join("|")))
}

fn identifier_names(tree: &Tree, identifier: NodeId, out: &mut Vec<String>) {
    let Some(value) = tree.child_text(identifier, "value").map(normal).filter(|value| !value.is_empty()) else {
        return;
    };
    match tree.child_text(identifier, "system").map(normal).filter(|system| !system.is_empty()) {
        Some(system) => out.push(format!("identifier:{system}|{value}")),
        None => out.push(format!("bare:{value}")),
    }
    out.push(format!("value:{value}"));
}

/// Whether a node has what a Reference has, and nothing else.
fn is_reference(tree: &Tree, node: NodeId) -> bool {
    tree.resource_type(node).is_none()
        && tree.children(node).next().is_some()
        && tree.children(node).all(|child| {
            matches!(tree.name(child), "reference" | "identifier" | "display" | "type" | "id" | "extension")
        })
}

/// Whether a value that is not a reference may yet be one: an address of any kind, but for those that name definitions.
fn may_refer(tree: &Tree, parent: NodeId, name: &str, text: &str) -> bool {
    let is_named = matches!(name, "url" | "uri" | "location" | "endpoint" | "target" | "source" | "ifNoneExist")
        || name.starts_with("value")
        || name.ends_with("Uri")
        || name.ends_with("Url");
    let is_extension = matches!(tree.name(parent), "extension" | "modifierExtension") && name == "url";
    is_named && !is_extension && text.len() < 2000 && text.contains(['/', '#', ':', '?'])
}

/// Whether a reference is one by which its owner has its content: of an Observation, to a member.
fn is_part(tree: &Tree, mention: &Mention) -> bool {
    tree.name(mention.top) != "related" || tree.child_text(mention.top, "type") == Some("has-member")
}

/// Whether an element is the extension that says what a problem is about.
fn is_actual(tree: &Tree, top: NodeId) -> bool {
    tree.child_text(top, "url").is_some_and(|url| {
        let url = url.to_ascii_lowercase();
        url.contains("actualproblem") || url.ends_with("encounter") || url.contains("-encounter-")
    })
}
