//! The codes by which a record is put in order: GP Connect's lists, and the categories of observations.

use super::gather::Purpose;
use crate::render::context::Context;
use crate::render::views::select;
use crate::tree::NodeId;

/// The lists of GP Connect 1.5 and 1.6 (`…_lists_for_message_structure`): code, area.
const LISTS: &[(&str, &str)] = &[
    ("886921000000105", "allergies"),
    ("1103671000000101", "allergies"),
    ("933361000000108", "medicines"),
    ("717711000000103", "problems"),
    ("1102181000000102", "immunisations"),
    ("1149501000000101", "consultations"),
    ("887191000000108", "results"),
    ("826501000000100", "other-entries"),
    ("792931000000107", "referrals"),
    ("714311000000108", "recalls"),
];

/// The list of ended allergies.
pub(super) const ENDED_ALLERGIES: &str = "1103671000000101";

/// What a secondary list is of, by a word in its code.
const SECONDARY: &[(&str, &str)] = &[
    ("allergies", "allergies"),
    ("medications", "medicines"),
    ("immunisations", "immunisations"),
    ("immunizations", "immunisations"),
    ("uncategorised", "other-entries"),
    ("investigations", "results"),
    ("referrals", "referrals"),
    ("diary", "recalls"),
    ("documents", "documents"),
    ("consultations", "consultations"),
    ("problems", "problems"),
];

/// What the code of a list says that it is for.
pub(super) fn purpose(code: &str) -> Option<Purpose> {
    if matches!(code, "325851000000107" | "25851000000105" | "24781000000107") {
        return Some(Purpose::Consultation);
    }
    if let Some((_, area)) = LISTS.iter().find(|(known, _)| *known == code) {
        return Some(Purpose::Primary(area));
    }
    let (parent, rest) = match code.split_once('-')? {
        ("consultations", rest) => ("consultations", rest),
        ("problems", rest) => ("problems", rest),
        ("investigations", rest) => ("results", rest),
        _ => return None,
    };
    // `outbound-referrals-in-consultations`: what it is of goes before where it is from.
    let of = ["-related", "-contained", "-in-"].iter().filter_map(|end| rest.find(end)).min();
    let of = of.and_then(|end| rest.get(..end)).unwrap_or(rest);
    let (_, area) = SECONDARY.iter().find(|(word, _)| of.contains(word))?;
    Some(Purpose::Secondary(area, parent))
}

/// Whether an observation is marked as a laboratory's.
pub(super) fn is_laboratory(context: &Context<'_>, node: NodeId) -> bool {
    category(context, node, "laboratory")
}

/// Whether an observation is marked as a vital sign.
pub(super) fn is_vital_sign(context: &Context<'_>, node: NodeId) -> bool {
    category(context, node, "vital-signs") || crate::render::news2::is_total(context, node)
}

fn category(context: &Context<'_>, node: NodeId, wanted: &str) -> bool {
    select(context, node, "category.coding.code").into_iter().any(|code| context.tree.text(code) == Some(wanted))
}

/// Codes that say that no allergies are known, each with what it is about.
pub(super) const NONE_KNOWN: &[&str] = &[
    "716186003",
    "409137002",
    "428607008",
    "429625007",
    "716184000",
    "716185004",
    "716220001",
    "428197003",
    "160244002",
];
