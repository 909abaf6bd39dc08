//! Addresses, telephone numbers and email addresses, in the NHS's own data.

use crate::check::Checker;
use crate::issue::NhsProblem;
use crate::nhs::{self, Postcode};
use crate::tree::NodeId;

/// How the United Kingdom and its parts are named in `Address.country`.
const UNITED_KINGDOM: &[&str] = &[
    "gb",
    "gbr",
    "uk",
    "united kingdom",
    "great britain",
    "england",
    "scotland",
    "wales",
    "northern ireland",
    "eng",
    "sco",
    "wal",
];

impl<'c> Checker<'c> {
    pub(super) fn nhs_address(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(at) = tree.child(node, "postalCode") else { return };
        let Some(text) = tree.text(at) else { return };
        let found = nhs::postcode(text);
        if found == Postcode::Right {
            return;
        }
        let country = tree.child_text(node, "country").map(str::trim).filter(|country| !country.is_empty());
        let is_here = match country {
            Some(country) => UNITED_KINGDOM.iter().any(|name| country.eq_ignore_ascii_case(name)),
            None => self.is_nhs(node),
        };
        match found {
            _ if !is_here => {}
            Postcode::Untidy(right) => self.found(at, NhsProblem::PostcodeLayout { right }),
            _ => self.found(at, NhsProblem::Postcode),
        }
    }

    pub(super) fn nhs_contact_point(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(at) = tree.child(node, "value") else { return };
        let Some(value) = tree.text(at) else { return };
        let problem = match tree.child_text(node, "system") {
            Some("phone" | "fax" | "sms") if !nhs::is_telephone(value) => NhsProblem::Telephone,
            Some("email") if !nhs::is_email(value) => NhsProblem::Email,
            _ => return,
        };
        if self.is_nhs(node) {
            self.found(at, problem);
        }
    }
}
