//! The envelope around documents: ITK2's `DistributionEnvelope`, alone or in SOAP's. Its payloads are looked into, also where
//! one is packed as Base64.

use crate::cda::header::{all, attribute, attribute_node, documents, packed_payloads};
use crate::check::Checker;
use crate::issue::CdaProblem;
use crate::report::UncheckedKind;
use rustc_hash::FxHashSet;

impl<'c> Checker<'c> {
    pub(super) fn cda_envelope(&mut self) {
        let tree = self.tree;
        let mut is_empty = documents(tree).is_empty();
        for payload in packed_payloads(tree) {
            match self.packed_document(payload) {
                true => is_empty = false,
                false => self.found_cda_at_name(payload, CdaProblem::PayloadPacked),
            }
        }
        if is_empty {
            self.found_cda_at_name(tree.root(), CdaProblem::EnvelopeEmpty);
            let reason = "The envelope holds no CDA document that can be read.".to_owned();
            self.leave_out(tree.root(), UncheckedKind::Content, "the payload of the envelope", reason);
        }
        let envelopes = tree.all().filter(|node| {
            tree.name(*node) == "DistributionEnvelope" || tree.resource_type(*node) == Some("DistributionEnvelope")
        });
        for envelope in envelopes {
            let items = all(tree, envelope, "header.manifest.manifestitem");
            let payloads = all(tree, envelope, "payloads.payload");
            if items.is_empty() {
                continue;
            }
            if items.len() != payloads.len() {
                let (listed, payloads) = (items.len(), payloads.len());
                self.found_cda_at_name(envelope, CdaProblem::Manifest { listed, payloads });
            }
            let ids: FxHashSet<String> = payloads
                .iter()
                .filter_map(|payload| attribute(tree, *payload, "id"))
                .map(str::to_ascii_lowercase)
                .collect();
            for item in items {
                let Some(at) = attribute_node(tree, item, "id") else { continue };
                let id = tree.text(at).unwrap_or_default();
                if !ids.contains(&id.to_ascii_lowercase()) {
                    self.found_cda(at, CdaProblem::ManifestId { id: crate::check::shorten(id) });
                }
            }
        }
    }
}
