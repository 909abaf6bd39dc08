//! What of a name must be in a text for the text to name it.

use crate::contradictions::words::{Token, is_filler, singular, tokens};
use std::collections::BTreeSet;

/// What a name is the name of: each kind has words that say nothing of which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::contradictions) enum Kind {
    Medicine,
    Vaccine,
    Allergy,
    Condition,
    Procedure,
    Other,
}

/// Forms, packs and units, which a text may leave out of a product's name.
const FORMS: &[&str] = &[
    "tablet",
    "tab",
    "capsule",
    "cap",
    "caplet",
    "oral",
    "solution",
    "suspension",
    "liquid",
    "syrup",
    "elixir",
    "injection",
    "infusion",
    "vial",
    "ampoule",
    "pre",
    "filled",
    "prefilled",
    "syringe",
    "pen",
    "cartridge",
    "cream",
    "ointment",
    "gel",
    "lotion",
    "drop",
    "eye",
    "ear",
    "nasal",
    "spray",
    "inhaler",
    "inhalation",
    "dose",
    "patch",
    "suppository",
    "pessary",
    "powder",
    "sachet",
    "granule",
    "modified",
    "release",
    "mr",
    "sr",
    "xl",
    "ec",
    "gastro",
    "resistant",
    "effervescent",
    "dispersible",
    "soluble",
    "chewable",
    "orodispersible",
    "coated",
    "film",
    "free",
    "sugar",
    "multidose",
    "unit",
    "mg",
    "g",
    "gram",
    "microgram",
    "mcg",
    "ml",
    "litre",
    "iu",
    "nanogram",
    "disposable",
    "breath",
    "actuated",
    "dry",
    "metered",
    "transdermal",
    "vaccine",
    "unflavoured",
    "single",
    "use",
    "refill",
    "device",
    "each",
    "per",
    "hour",
    "x",
    "mouthwash",
    "paste",
    "foam",
    "enema",
    "lozenge",
    "pastille",
];

/// What names of allergies have besides the substance.
const ALLERGY: &[&str] = &[
    "allergy",
    "allergic",
    "intolerance",
    "hypersensitivity",
    "sensitivity",
    "adverse",
    "reaction",
    "drug",
    "class",
    "antibiotic",
    "dietary",
    "disposition",
    "propensity",
    "substance",
    "product",
    "medicine",
    "medication",
    "containing",
    "agent",
    "food",
    "known",
    "history",
    "caused",
];

/// What names of conditions, procedures and sites have that a text may leave out.
const PLAIN: &[&str] = &["x", "nos", "structure", "entire", "disorder", "finding", "procedure", "situation", "disease"];

/// A name without what stands in brackets at its end: the supplier of a product, the semantic tag of a term.
pub(in crate::contradictions) fn plain(name: &str) -> &str {
    let name = name.trim().trim_end_matches('.').trim_end();
    if !name.ends_with(')') {
        return name;
    }
    let mut depth = 0_usize;
    for (at, letter) in name.char_indices().rev() {
        match letter {
            ')' => depth += 1,
            '(' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    let before = name.get(..at).unwrap_or_default().trim_end();
                    return if before.is_empty() { name } else { before };
                }
            }
            _ => {}
        }
    }
    name
}

/// The words that must be in a text for it to name this.
pub(in crate::contradictions) fn keys(name: &str, kind: Kind) -> Vec<String> {
    let dropped: &[&str] = match kind {
        Kind::Medicine | Kind::Vaccine => FORMS,
        Kind::Allergy => ALLERGY,
        Kind::Condition | Kind::Procedure | Kind::Other => PLAIN,
    };
    let all: Vec<String> =
        tokens(plain(name)).iter().filter_map(Token::word).filter(|word| !is_filler(word)).map(singular).collect();
    let mut keys: Vec<String> = all.iter().filter(|word| !dropped.contains(&word.as_str())).cloned().collect();
    if keys.is_empty() {
        keys = all;
    }
    crate::order::sort(&mut keys);
    keys.dedup();
    keys
}

/// The words of a text, each without the ending of its plural.
pub(in crate::contradictions) fn stems(tokens: &[Token]) -> BTreeSet<String> {
    tokens.iter().filter_map(Token::word).map(singular).collect()
}

/// The initials of a name, as "PEG" has those of percutaneous endoscopic gastrostomy. Empty for fewer than two words.
pub(in crate::contradictions) fn initials(name: &str) -> String {
    let tokens = tokens(plain(name));
    let words: Vec<&str> = tokens.iter().filter_map(Token::word).filter(|word| !is_filler(word)).collect();
    if words.len() < 2 { String::new() } else { words.iter().filter_map(|word| word.chars().next()).collect() }
}

/// The side that a text names, if it names one alone.
pub(in crate::contradictions) fn side(tokens: &[Token]) -> Option<&'static str> {
    let (mut left, mut right) = (false, false);
    for (at, token) in tokens.iter().enumerate() {
        let after = tokens.get(at + 1).and_then(Token::word).unwrap_or_default();
        match token.word() {
            // "Left hospital", "right away" are no sides.
            Some("left") => {
                left |= !matches!(after, "hospital" | "the" | "home" | "school" | "work" | "in" | "his" | "her")
            }
            Some("right") => right |= !matches!(after, "away" | "now" | "after"),
            Some("bilateral" | "both" | "bilaterally") => return None,
            _ => {}
        }
    }
    match (left, right) {
        (true, false) => Some("left"),
        (false, true) => Some("right"),
        _ => None,
    }
}

/// Whether a word turns what follows it into its opposite.
pub(in crate::contradictions) fn negates(word: &str) -> bool {
    matches!(
        word,
        "no" | "not"
            | "denies"
            | "denied"
            | "without"
            | "nil"
            | "never"
            | "negative"
            | "excluded"
            | "cannot"
            | "absent"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_reduced_to_what_tells_them_apart() {
        for (name, kind, expected) in [
            ("Ramipril 2.5mg tablets (A A H Pharmaceuticals Ltd)", Kind::Medicine, "ramipril"),
            ("Asacol 800mg MR gastro-resistant tablets (Allergan Ltd)", Kind::Medicine, "asacol"),
            ("Penicillin -class of antibiotic-", Kind::Allergy, "penicillin"),
            ("Allergy to penicillin", Kind::Allergy, "penicillin"),
            ("Drug allergy", Kind::Allergy, "allergy drug"),
            ("Left upper arm structure (body structure)", Kind::Other, "arm left upper"),
            ("[X]Severe depressive episode", Kind::Condition, "depressive episode severe"),
        ] {
            assert_eq!(keys(name, kind).join(" "), expected, "{name}");
        }
        assert_eq!(initials("Percutaneous endoscopic gastrostomy"), "peg");
        assert_eq!(side(&tokens("Upper left arm")), Some("left"));
        assert_eq!(side(&tokens("he left hospital")), None);
    }
}
