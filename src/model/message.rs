//! MessageDefinitions as facts (STU3 2.34): what a message of an event must hold.

use crate::bytes::{Damaged, Reader, Writer};
use crate::tree::{NodeId, Tree};

/// What a message of one event holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageDefinition {
    /// The canonical URL; empty if none.
    pub url: String,
    /// The business version; empty if none.
    pub version: String,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: String,
    /// The system of the event's code; empty if none.
    pub event_system: String,
    /// The event's code.
    pub event_code: String,
    /// What the message is about.
    pub focuses: Vec<Focus>,
    /// The canonical URLs of the profiles that messages of this event are made of, by the extension
    /// `Extension-ITK-BundledAssets-1` of the NHS's ITK3.
    pub assets: Vec<String>,
}

/// A kind of resource that a message is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// The type of resource.
    pub code: String,
    /// The canonical URL of its profile; empty if none.
    pub profile: String,
    /// The least number of them.
    pub min: u32,
    /// The greatest number of them; none for `*` and where nothing is said.
    pub max: Option<u32>,
}

/// Where the NHS lists the profiles that a message is made of.
pub(crate) const ASSETS: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-BundledAssets-1";

/// A canonical URL: R4 has it as it is, STU3 in a Reference.
fn canonical(tree: &Tree, node: NodeId) -> String {
    tree.text(node).or_else(|| tree.child_text(node, "reference")).unwrap_or_default().trim().to_owned()
}

impl MessageDefinition {
    /// Reads a MessageDefinition that stands at a node, in JSON or XML.
    pub fn read(tree: &Tree, root: NodeId) -> Self {
        let text = |node: NodeId, name: &str| tree.child_text(node, name).unwrap_or_default().trim().to_owned();
        // STU3 has a Coding, R4 a Coding or a URI.
        let event = tree.child(root, "event").or_else(|| tree.child(root, "eventCoding"));
        let part = |name: &str| event.map(|event| text(event, name)).unwrap_or_default();
        let mut definition = MessageDefinition {
            url: text(root, "url"),
            version: text(root, "version"),
            status: text(root, "status"),
            event_system: part("system"),
            event_code: part("code"),
            ..MessageDefinition::default()
        };
        if let Some(uri) = tree.child_text(root, "eventUri") {
            uri.trim().clone_into(&mut definition.event_code);
        }
        for focus in tree.named(root, "focus") {
            let profile = tree.child(focus, "profile");
            definition.focuses.push(Focus {
                code: text(focus, "code"),
                profile: profile.map(|profile| canonical(tree, profile)).unwrap_or_default(),
                min: text(focus, "min").parse().unwrap_or(0),
                max: text(focus, "max").parse().ok(),
            });
            let lists = profile.into_iter().flat_map(|profile| tree.named(profile, "extension"));
            for list in lists.filter(|list| tree.child_text(*list, "url") == Some(ASSETS)) {
                for asset in tree.named(list, "extension") {
                    let mut values =
                        tree.named(asset, "extension").filter_map(|part| tree.child(part, "valueReference"));
                    let url = values.find_map(|value| tree.child_text(value, "reference")).unwrap_or_default().trim();
                    if url.contains("/StructureDefinition/") && !definition.assets.iter().any(|known| known == url) {
                        definition.assets.push(url.to_owned());
                    }
                }
            }
        }
        definition
    }

    /// Its record in a pack.
    pub fn write(&self, writer: &mut Writer) {
        for text in [&self.url, &self.version, &self.status, &self.event_system, &self.event_code] {
            writer.text(text);
        }
        writer.size(self.focuses.len());
        for focus in &self.focuses {
            writer.text(&focus.code);
            writer.text(&focus.profile);
            writer.number(focus.min);
            // Nothing is 0, and a number is one more than it is.
            writer.number(focus.max.map_or(0, |max| max.saturating_add(1)));
        }
        writer.size(self.assets.len());
        self.assets.iter().for_each(|url| writer.text(url));
    }

    /// From a record in a pack.
    ///
    /// # Errors
    /// The record is damaged.
    pub fn from_record(reader: &mut Reader<'_>) -> Result<Self, Damaged> {
        let mut text = || Ok(reader.text()?.to_owned());
        let (url, version, status, event_system, event_code) = (text()?, text()?, text()?, text()?, text()?);
        let mut focuses = Vec::new();
        for _ in 0..reader.count()? {
            let (code, profile) = (reader.text()?.to_owned(), reader.text()?.to_owned());
            let (min, max) = (reader.number()?, reader.number()?.checked_sub(1));
            focuses.push(Focus { code, profile, min, max });
        }
        let mut assets = Vec::new();
        for _ in 0..reader.count()? {
            assets.push(reader.text()?.to_owned());
        }
        Ok(MessageDefinition { url, version, status, event_system, event_code, focuses, assets })
    }
}
