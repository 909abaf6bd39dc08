//! Bundles (STU3 2.36), documents (2.33) and messages (2.34) as wholes.

use super::Checker;
use super::extension::is_absolute;
use super::reference::type_in_url;
use super::shorten;
use crate::issue::Problem;
use crate::tree::NodeId;
use crate::typed::ElementRef;
use rustc_hash::FxHashMap;

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
        let (expected, links): (_, &[&str]) = match kind {
            "document" => ("Composition", &["subject"]),
            "message" => ("MessageHeader", &["focus"]),
            _ => return,
        };
        let Some(first) = entries.first() else { return };
        let head = self.tree.child(*first, "resource");
        let found = head.and_then(|head| self.tree.resource_type(head));
        match (head, found) {
            (Some(head), Some(found)) if found == expected => {
                match kind {
                    "message" => self.message(node, head, by),
                    _ => self.orphans(node, by, &entries),
                }
                for link in links {
                    let references: Vec<NodeId> = self.tree.named(head, link).collect();
                    for reference in references {
                        self.in_bundle(reference, by);
                    }
                }
                let mut sections: Vec<NodeId> = self.tree.named(head, "section").collect();
                while let Some(section) = sections.pop() {
                    let entries: Vec<NodeId> = self.tree.named(section, "entry").collect();
                    for entry in entries {
                        self.in_bundle(entry, by);
                    }
                    sections.extend(self.tree.named(section, "section"));
                }
            }
            _ => {
                let found = found.unwrap_or("none").to_owned();
                let problem = Problem::BundleFirstEntry { kind: kind.to_owned(), expected, found };
                self.find_name(head.unwrap_or(*first), Some(by), problem);
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
        let links = |entry: &NodeId| {
            let targets = all.inside(*entry).iter().filter_map(|link| link.found.strict());
            targets.filter_map(|target| resources.get(&target).copied()).collect()
        };
        let links: Vec<Vec<usize>> = entries.iter().map(links).collect();
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
        let is_restful = url.starts_with("http") && named.is_some() && named == self.tree.resource_type(resource);
        if is_restful && self.tree.child(resource, "id").is_none() {
            self.find(at, Some(by), Problem::FullUrlNoId { url: shorten(url) });
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

    fn in_bundle(&mut self, node: NodeId, by: ElementRef<'c>) {
        let Some(reference) = self.tree.child_text(node, "reference").filter(|text| !text.is_empty()) else { return };
        if reference.starts_with("urn:") && self.resolve(node, reference).is_none() {
            self.find(node, Some(by), Problem::ReferenceNotInBundle { reference: shorten(reference) });
        }
    }
}
