//! Bundles (STU3 2.36), documents (2.33) and messages (2.34) as wholes.

use super::Checker;
use super::extension::is_absolute;
use super::reference::type_in_url;
use super::shorten;
use crate::issue::Problem;
use crate::tree::NodeId;
use crate::typed::ElementRef;
use rustc_hash::FxHashMap;

/// What a Composition refers to directly, sections aside; `relatesTo` leads to other documents.
const DIRECT_OF_COMPOSITION: &[&[&str]] =
    &[&["subject"], &["encounter"], &["author"], &["attester", "party"], &["custodian"], &["event", "detail"]];

/// What a MessageHeader refers to directly; `destination.target` is a device that is elsewhere by its nature.
const DIRECT_OF_HEADER: &[&[&str]] =
    &[&["focus"], &["sender"], &["receiver"], &["enterer"], &["author"], &["responsible"], &["response", "details"]];

impl<'c> Checker<'c> {
    /// Checks a Bundle's entries against one another.
    pub(super) fn bundle(&mut self, node: NodeId, by: ElementRef<'c>) {
        let entries: Vec<NodeId> = self.tree.named(node, "entry").collect();
        for entry in &entries {
            self.full_url(*entry, by);
        }
        self.relative_urls(&entries, by);
        let kind = self.tree.child_text(node, "type").unwrap_or_default();
        // One warning for the Bundle, not one for each reference. Requests have no fullUrl as long as they create nothing,
        // and GP Connect's records have none by their guide.
        let missing = entries.iter().filter(|entry| {
            self.tree.child(**entry, "resource").is_some() && self.tree.child(**entry, "fullUrl").is_none()
        });
        let missing = missing.count();
        if missing > 0
            && !matches!(kind, "batch" | "transaction" | "batch-response" | "transaction-response")
            && !self.is_gp_record(node)
        {
            self.find_name(node, Some(by), Problem::FullUrlMissing { missing, entries: entries.len() });
        }
        self.links_once(node, by);
        let (expected, paths): (_, &[&[&str]]) = match kind {
            "document" => ("Composition", DIRECT_OF_COMPOSITION),
            "message" => ("MessageHeader", DIRECT_OF_HEADER),
            _ => return,
        };
        let head = entries.first().and_then(|first| self.tree.child(*first, "resource"));
        let found = head.and_then(|head| self.tree.resource_type(head));
        match (head, found) {
            (Some(head), Some(found)) if found == expected => {
                match kind {
                    "message" => self.message(node, head, by),
                    _ => self.orphans(node, by, &entries),
                }
                for path in paths {
                    self.all_in_bundle(head, path, by, expected);
                }
                let mut sections: Vec<NodeId> = self.tree.named(head, "section").collect();
                while let Some(section) = sections.pop() {
                    self.all_in_bundle(section, &["entry"], by, expected);
                    sections.extend(self.tree.named(section, "section"));
                }
            }
            _ => {
                let found = found.unwrap_or("none").to_owned();
                let problem = Problem::BundleFirstEntry { kind: kind.to_owned(), expected, found };
                let at = head.or(entries.first().copied()).unwrap_or(node);
                self.find_name(at, Some(by), problem);
            }
        }
    }

    /// The links of a Bundle that there is one each of: where it is, and where paging goes on (STU3 3.1.0.9.4).
    fn links_once(&mut self, node: NodeId, by: ElementRef<'c>) {
        const ONCE: &[&str] = &["self", "first", "prev", "previous", "next", "last"];
        let tree = self.tree;
        let mut seen: Vec<&str> = Vec::new();
        for link in tree.named(node, "link") {
            let Some(relation) = tree.child_text(link, "relation").filter(|relation| ONCE.contains(relation)) else {
                continue;
            };
            if seen.contains(&relation) {
                self.find(link, Some(by), Problem::BundleLinkTwice { relation: relation.to_owned() });
            } else {
                seen.push(relation);
            }
        }
    }

    /// What in a document nothing leads to from the Composition, which is its first entry. Resources that refer to what is
    /// reached, as a Provenance does, belong to it too.
    fn orphans(&mut self, node: NodeId, by: ElementRef<'c>, entries: &[NodeId]) {
        /// What a message lists before it breaks off.
        const MOST: usize = 5;
        let tree = self.tree;
        let resources: FxHashMap<NodeId, usize> =
            entries.iter().enumerate().filter_map(|(at, entry)| Some((tree.child(*entry, "resource")?, at))).collect();
        let all = self.links();
        let place = |target: NodeId| resources.get(&target).copied();
        let mut links: Vec<Vec<usize>> = entries
            .iter()
            .map(|entry| all.inside(*entry).iter().filter_map(|link| link.found.strict().and_then(place)).collect())
            .collect();
        // Attachments, pictures of the narrative and stylesheets are in a document by their URLs.
        for (at, entry) in entries.iter().enumerate() {
            let urls = self.addresses_inside(*entry);
            let targets = urls.iter().filter_map(|(from, url)| self.resolve(*from, url).and_then(place));
            if let Some(links) = links.get_mut(at) {
                links.extend(targets);
            }
        }
        let styles = tree.named(node, "link").filter(|link| tree.child_text(*link, "relation") == Some("stylesheet"));
        let styles = styles.filter_map(|link| tree.child_text(link, "url"));
        let from = entries.first().and_then(|first| tree.child(*first, "resource")).unwrap_or(node);
        let styles: Vec<usize> = styles.filter_map(|url| self.resolve(from, url).and_then(place)).collect();
        if let Some(first) = links.first_mut() {
            first.extend(styles);
        }
        let mut reached = vec![false; entries.len()];
        let mut open = vec![0];
        while let Some(at) = open.pop() {
            if let Some(slot) = reached.get_mut(at).filter(|slot| !**slot) {
                *slot = true;
                open.extend(links.get(at).into_iter().flatten());
            }
        }
        let refers_to_reached = |at: &usize| links.get(*at).is_some_and(|its| its.iter().any(|to| reached[*to]));
        let is_orphan = |at: &usize| !reached.get(*at).copied().unwrap_or(true) && !refers_to_reached(at);
        let orphans = crate::order::sorted(resources.values().copied().filter(is_orphan));
        if orphans.is_empty() {
            return;
        }
        let mut which: Vec<String> = orphans.iter().take(MOST).map(|at| format!("entry[{at}]")).collect();
        if orphans.len() > MOST {
            which.push("…".to_owned());
        }
        let problem = Problem::BundleOrphan { count: orphans.len(), entries: entries.len(), which: which.join(", ") };
        self.find_name(node, Some(by), problem);
    }

    /// If the URL of an entry names a resource on a server, the resource has its id.
    fn full_url(&mut self, entry: NodeId, by: ElementRef<'c>) {
        let Some(at) = self.tree.child(entry, "fullUrl") else { return };
        let Some(url) = self.tree.text(at).filter(|url| !url.is_empty()) else { return };
        let Some(resource) = self.tree.child(entry, "resource") else { return };
        let named = type_in_url(url, |name| self.is_resource_type(name));
        let Some(named) = named.filter(|_| url.starts_with("http")) else { return };
        // One of a type that nobody has is at fault itself.
        let is_type = |name: &&str| self.definitions.base_named(name).is_some_and(|plan| !plan.is_abstract);
        let type_name = self.tree.resource_type(resource).filter(|name| self.is_resource_type(name));
        let Some(type_name) = type_name.filter(is_type) else { return };
        // A version of its own is another fault (bdl-8).
        let path = url.split_once("/_history/").map_or(url, |(path, _)| path);
        let id_named = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let Some(id) = self.tree.child(resource, "id") else {
            return self.find(at, Some(by), Problem::FullUrlNoId { url: shorten(url) });
        };
        let id = self.tree.text(id).unwrap_or_default();
        if crate::primitive::check("id", id).is_err() {
            // That is the fault.
        } else if id != id_named {
            let found = shorten(&format!("{type_name}/{id}"));
            self.find(at, Some(by), Problem::FullUrlOther { url: shorten(url), found });
        } else if named != type_name {
            let (named, found) = (named.to_owned(), type_name.to_owned());
            self.find(at, Some(by), Problem::FullUrlType { url: shorten(url), named, found });
        }
    }

    /// The URLs of entries that are not absolute: one issue for the Bundle, at the first of them, since whatever made them
    /// made them all so.
    fn relative_urls(&mut self, entries: &[NodeId], by: ElementRef<'c>) {
        let tree = self.tree;
        let relative = |at: &NodeId| tree.text(*at).is_some_and(|url| !url.is_empty() && !is_absolute(url));
        let urls = entries.iter().filter_map(|entry| tree.child(*entry, "fullUrl"));
        let relative: Vec<NodeId> = urls.filter(relative).collect();
        let Some((first, others)) = relative.split_first() else { return };
        let others = match others.len() {
            0 => String::new(),
            1 => " One more entry has one that is not.".to_owned(),
            others => format!(" {others} more entries have one that is not."),
        };
        let url = shorten(tree.text(*first).unwrap_or_default());
        self.find(*first, Some(by), Problem::FullUrlRelative { url, others });
    }

    /// The URLs in a resource that are no references: of attachments, and of pictures in narratives.
    fn addresses_inside(&self, node: NodeId) -> Vec<(NodeId, String)> {
        let tree = self.tree;
        let mut found = Vec::new();
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            match self.typed.type_name(next) {
                Some("Attachment") => {
                    let url = tree.child_text(next, "url").map(str::to_owned);
                    found.extend(url.map(|url| (next, url)));
                }
                Some("xhtml") => {
                    let text = tree.text(next).unwrap_or_default();
                    found.extend(super::narrative::pictures(text).into_iter().map(|url| (next, url)));
                }
                _ => {}
            }
            open.extend(tree.children(next));
        }
        found
    }

    /// What a Composition or MessageHeader refers to at a path is in the same Bundle, by whatever form of reference.
    fn all_in_bundle(&mut self, from: NodeId, path: &[&str], by: ElementRef<'c>, head: &'static str) {
        let tree = self.tree;
        let mut at = vec![from];
        for name in path {
            at = at.iter().flat_map(|node| tree.named(*node, name)).collect();
        }
        for node in at {
            let Some(reference) = tree.child_text(node, "reference").filter(|text| !text.is_empty()) else { continue };
            if reference.starts_with('#') || self.links().resolve(node, reference).is_some() {
                continue;
            }
            let reference_text = shorten(reference);
            if reference.starts_with("urn:") {
                self.find(node, Some(by), Problem::ReferenceNotInBundle { reference: reference_text });
                continue;
            }
            // Without a fullUrl, which is reported by itself, type and id are all that can be gone by.
            let by_id = self.links().find_by_id(node, reference).node();
            let is_named = by_id
                .and_then(|resource| tree.parent(resource))
                .is_some_and(|entry| tree.child(entry, "fullUrl").is_none());
            if !is_named {
                self.find(node, Some(by), Problem::ReferenceNotIncluded { reference: reference_text, head });
            }
        }
    }
}
