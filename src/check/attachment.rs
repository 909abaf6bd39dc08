//! Attachments (STU3 2.24.0.5): what is said of the data against the data.

use super::Checker;
use crate::issue::Problem;
use crate::primitive::{base64_bytes, base64_length};
use crate::tree::NodeId;
use crate::typed::ElementRef;
use sha1_smol::Sha1;

impl<'c> Checker<'c> {
    pub(super) fn attachment(&mut self, node: NodeId, by: ElementRef<'c>) {
        // Data that is no base64 is reported as such.
        let data = self.tree.child_text(node, "data").filter(|data| base64_length(data).is_ok());
        if let Some(at) = self.tree.child(node, "size")
            && let Some(stated) = self.tree.text(at).and_then(|size| size.parse::<u64>().ok())
            && let Some(found) = data.and_then(|data| base64_length(data).ok())
            && stated != found as u64
        {
            self.find(at, Some(by), Problem::AttachmentSize { stated, found: found as u64 });
        }
        let Some(at) = self.tree.child(node, "hash") else { return };
        let Some(hash) = self.tree.text(at).and_then(base64_bytes) else { return };
        if hash.len() != Sha1::new().digest().bytes().len() {
            self.find(at, Some(by), Problem::AttachmentHashForm { bytes: hash.len() });
        } else if data.and_then(base64_bytes).is_some_and(|data| Sha1::from(data).digest().bytes() != hash[..]) {
            self.find(at, Some(by), Problem::AttachmentHash);
        }
    }
}
