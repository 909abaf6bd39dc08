//! Bundles (STU3 2.36), documents (2.33) and messages (2.34) as wholes.

use super::Checker;
use super::extension::is_absolute;
use super::reference::type_in_url;
use super::shorten;
use crate::issue::Problem;
use crate::tree::NodeId;
use crate::typed::ElementRef;

impl<'c> Checker<'c> {
    /// Checks a Bundle's entries against one another.
    pub(super) fn bundle(&mut self, node: NodeId, by: ElementRef<'c>) {
        let entries: Vec<NodeId> = self.tree.named(node, "entry").collect();
        for entry in &entries {
            self.full_url(*entry, by);
        }
        let kind = self.tree.child_text(node, "type").unwrap_or_default();
        // One warning for the Bundle, not one for each reference. Requests have no fullUrl as long as they create nothing.
        let missing = entries.iter().filter(|entry| {
            self.tree.child(**entry, "resource").is_some() && self.tree.child(**entry, "fullUrl").is_none()
        });
        let missing = missing.count();
        if missing > 0 && !matches!(kind, "batch" | "transaction" | "batch-response" | "transaction-response") {
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
                if kind == "message" {
                    self.message(node, head, by);
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

    /// The URL of an entry is absolute, and if it names a resource on a server, the resource has its id.
    fn full_url(&mut self, entry: NodeId, by: ElementRef<'c>) {
        let Some(at) = self.tree.child(entry, "fullUrl") else { return };
        let Some(url) = self.tree.text(at).filter(|url| !url.is_empty()) else { return };
        if !is_absolute(url) {
            self.find(at, Some(by), Problem::FullUrlRelative { url: shorten(url) });
            return;
        }
        let Some(resource) = self.tree.child(entry, "resource") else { return };
        let named = type_in_url(url, |name| self.is_resource_type(name));
        let is_restful = url.starts_with("http") && named.is_some() && named == self.tree.resource_type(resource);
        if is_restful && self.tree.child(resource, "id").is_none() {
            self.find(at, Some(by), Problem::FullUrlNoId { url: shorten(url) });
        }
    }

    fn in_bundle(&mut self, node: NodeId, by: ElementRef<'c>) {
        let Some(reference) = self.tree.child_text(node, "reference").filter(|text| !text.is_empty()) else { return };
        if reference.starts_with("urn:") && self.resolve(node, reference).is_none() {
            self.find(node, Some(by), Problem::ReferenceNotInBundle { reference: shorten(reference) });
        }
    }
}
