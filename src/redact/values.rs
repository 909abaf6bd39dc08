//! What becomes of each value, by its type and place.

use super::dates::{Place, Shift};
use super::pseudonyms::{Pseudonyms, mask};
use super::{narrative, references};
use crate::definitions::Definitions;
use crate::nhs::{self, SystemKind};
use crate::plan::{Rule, Strength};
use crate::primitive;
use crate::terminology::{Lookup, Member};
use crate::tree::{Flags, Kind, NodeId, Tree};
use crate::typed::Typed;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustc_hash::FxHashMap;
use sha1_smol::Sha1;
use std::collections::BTreeSet;

/// What is done with a value.
pub(super) enum Value {
    /// It stays as it is written.
    Kept,
    /// It is this, in the quotes that it has.
    New(String),
    /// Its letters and digits go.
    Masked,
}

pub(super) struct Values<'t> {
    tree: &'t Tree,
    typed: &'t Typed<'t>,
    definitions: &'t Definitions,
    pseudonyms: &'t mut Pseudonyms,
    shift: Shift,
    depth: usize,
    /// Values by where they start in the source.
    by_start: FxHashMap<u32, NodeId>,
    /// Texts that a profile in force or the terminology states: they are the definitions' words, and nobody's.
    stated: BTreeSet<String>,
    /// Words of names and addresses, folded: no code is kept that is one.
    personal: BTreeSet<String>,
}

/// The codes that FHIR has for names, telecommunications, addresses, identifiers and gender (STU3, required bindings).
const OF_PERSONS: &[&str] = &[
    "usual",
    "official",
    "temp",
    "nickname",
    "anonymous",
    "old",
    "maiden",
    "phone",
    "fax",
    "email",
    "pager",
    "url",
    "sms",
    "other",
    "home",
    "work",
    "mobile",
    "postal",
    "physical",
    "both",
    "secondary",
    "male",
    "female",
    "unknown",
];

/// Titles that stand before or after a name.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "miss",
    "ms",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "reverend",
    "master",
    "sister",
    "nurse",
    "mbe",
    "obe",
    "jr",
    "sr",
];

/// Words of addresses that codes are made of too, and that are nobody's.
const COMMON: &[&str] = &[
    "and", "the", "for", "with", "not", "new", "old", "high", "low", "upper", "lower", "north", "south", "east",
    "west", "male", "female", "street", "road", "house", "home", "hospital", "centre", "center", "health", "medical",
    "practice", "clinic", "service", "services", "ward", "unit", "trust", "nhs", "patient", "test", "other", "main",
    "unknown", "temp", "final", "active",
];

/// Countries of the home nations, as addresses write them.
const COUNTRIES: &[&str] =
    &["england", "wales", "scotland", "northern ireland", "united kingdom", "uk", "gb", "gbr", "great britain"];

impl<'t> Values<'t> {
    pub fn new(
        tree: &'t Tree,
        typed: &'t Typed<'t>,
        pseudonyms: &'t mut Pseudonyms,
        shift: Shift,
        depth: usize,
    ) -> Self {
        let definitions = typed.definitions();
        let by_start = tree.all().map(|node| (tree.span(node).start, node));
        // A node comes after the one that it is in; where both start at one place, the outer one has no value of its own.
        let by_start = by_start.filter(|(_, node)| !matches!(tree.kind(*node), Kind::Object | Kind::Array)).collect();
        let mut values = Values {
            tree,
            typed,
            definitions,
            pseudonyms,
            shift,
            depth,
            by_start,
            stated: BTreeSet::new(),
            personal: BTreeSet::new(),
        };
        values.gather_stated();
        values.gather_personal();
        values
    }

    /// The value that starts here, if it is an element's.
    pub fn at(&self, start: usize) -> Option<NodeId> {
        self.by_start.get(&u32::try_from(start).ok()?).copied()
    }

    /// Whether a name is one of FHIR's.
    pub fn is_name(&self, name: &str) -> bool {
        let is_key = name.starts_with(|first: char| first.is_ascii_lowercase()) && self.is_plain_word(name);
        is_key || name == "resourceType" || self.tree.names().get(name.strip_prefix('_').unwrap_or(name)).is_some()
    }

    /// Another name in the place of one that is not FHIR's.
    pub fn name(&mut self, name: &str) -> String {
        self.pseudonyms.identifier(name)
    }

    /// The resource types that there are.
    pub fn is_type(&self, name: &str) -> bool {
        self.definitions.base_named(name).is_some()
    }

    pub fn tree(&self) -> &'t Tree {
        self.tree
    }

    /// The texts that the profiles named in the input state, and those that these lead to.
    fn gather_stated(&mut self) {
        let mut open: Vec<&str> = Vec::new();
        let is_profile = |node: &NodeId| {
            self.tree.name(*node) == "profile"
                && self.tree.parent(*node).is_some_and(|meta| self.tree.name(meta) == "meta")
        };
        open.extend(self.tree.all().filter(is_profile).filter_map(|node| self.tree.text(node)));
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(url) = open.pop() {
            let url = url.split_once('|').map_or(url, |(url, _)| url);
            if !seen.insert(url) {
                continue;
            }
            let Some(plan) = self.definitions.plan(url) else { continue };
            for element in &plan.elements {
                for rule in &element.rules {
                    if let Rule::Fixed(sample) | Rule::Pattern(sample) = rule {
                        let texts = sample.tree.all().filter_map(|node| sample.tree.text(node));
                        self.stated.extend(texts.map(fold));
                    }
                }
                for candidate in &element.types {
                    open.extend(candidate.profiles.iter().chain(&candidate.targets).map(|url| &**url));
                }
            }
        }
    }

    fn gather_personal(&mut self) {
        let is_personal = |node: NodeId| {
            let parent = self.tree.parent(node).and_then(|parent| self.typed.type_name(parent));
            matches!(parent, Some("HumanName" | "Address")) && self.typed.type_name(node) == Some("string")
        };
        let texts = self.tree.all().filter(|node| is_personal(*node)).filter_map(|node| self.tree.text(node));
        let words = texts.flat_map(|text| text.split(|character: char| !character.is_alphabetic()));
        let personal = words.filter(|word| word.chars().count() > 2).map(str::to_lowercase);
        self.personal = personal.filter(|word| !TITLES.contains(&&**word) && !COMMON.contains(&&**word)).collect();
    }

    /// Whether a word of the text is one of a name or an address of the input. A name that runs into another word, as in
    /// damaged JSON, begins with its capital letter.
    fn is_personal(&self, text: &str) -> bool {
        let is_known = |word: &str| self.personal.contains(&word.to_lowercase());
        text.split(|character: char| !character.is_alphabetic()).any(|word| {
            let mut start = 0;
            let mut was_small = false;
            for (at, character) in word.char_indices() {
                let is_capital = character.is_uppercase();
                if is_capital && was_small {
                    if word.get(start..at).is_some_and(is_known) {
                        return true;
                    }
                    start = at;
                }
                was_small = !is_capital;
            }
            is_known(word) || word.get(start..).is_some_and(is_known)
        })
    }

    /// What becomes of an element's value.
    pub fn value(&mut self, node: NodeId) -> Value {
        let Some(text) = self.tree.text(node) else { return Value::Masked };
        if self.tree.kind(node) == Kind::Boolean {
            return Value::Kept;
        }
        let parent = self.tree.parent(node);
        let inside = parent.and_then(|parent| self.typed.type_name(parent)).unwrap_or("");
        let name = self.tree.name(node);
        let Some(type_name) = self.typed.type_name(node) else {
            // An attribute of XML that is its element's id is no node of a known type in every reader's eyes.
            return match name {
                "id" if self.tree.flags(node).has(Flags::ATTRIBUTE) => Value::New(self.pseudonyms.identifier(text)),
                "reference" => Value::New(references::reference(text, self.definitions, self.pseudonyms)),
                _ => Value::Masked,
            };
        };
        match type_name {
            "boolean" => kept_if(matches!(text, "true" | "false")),
            "integer" | "unsignedInt" | "positiveInt" => self.number(text, name),
            "decimal" if matches!(name, "latitude" | "longitude") => Value::New(without_fraction(text)),
            "decimal" => self.number(text, name),
            "date" | "dateTime" | "instant" => {
                let place = match name {
                    "birthDate" => Place::Birth,
                    "end" => Place::End,
                    _ => Place::Other,
                };
                Value::New(self.shift.apply(text, place))
            }
            "time" => kept_if(primitive::check("time", text).is_ok()),
            "code" if self.is_required_code(node, text) => Value::Kept,
            "code" => self.code(text, inside, name, parent),
            "id" if self.is_description(node, text) => Value::Kept,
            "id" => Value::New(self.pseudonyms.identifier(text)),
            "uri" if inside == "Extension" && name == "url" && self.is_plain_word(text) => Value::Kept,
            // Systems say what a code or number is of, and rules go by them.
            "uri"
                if name == "system"
                    && references::longest_number(text) < 6
                    && !text.contains('@')
                    && !self.is_personal(text) =>
            {
                Value::Kept
            }
            "uri" | "oid" | "uuid" => {
                let is_canonical = inside != "Attachment" && !matches!(name, "fullUrl" | "address" | "endpoint");
                Value::New(match is_canonical {
                    true => references::canonical(text, self.definitions, self.pseudonyms),
                    false => references::reference(text, self.definitions, self.pseudonyms),
                })
            }
            "base64Binary" => self.bytes(text, name, parent),
            "xhtml" => Value::New(narrative::copy(text, self.pseudonyms)),
            "string" | "markdown" => self.string(node, text, inside, name, parent),
            _ => Value::Masked,
        }
    }

    /// A `div` of XML as it is written.
    pub fn narrative(&mut self, source: &str) -> Value {
        Value::New(narrative::copy(source, self.pseudonyms))
    }

    fn number(&self, text: &str, name: &str) -> Value {
        // A number of that many digits could be somebody's; a size is one of a file.
        if references::longest_number(text) < 7 || name == "size" { Value::Kept } else { Value::Masked }
    }

    /// Whether the base type's own value set has the code: such a code is nobody's.
    fn is_required_code(&self, node: NodeId, text: &str) -> bool {
        let rules = self.typed.get(node).into_iter().flat_map(|known| &known.element.element.rules);
        let mut sets = rules.filter_map(|rule| match rule {
            Rule::Binding(binding) if binding.strength == Strength::Required => binding.value_set.as_deref(),
            _ => None,
        });
        sets.any(|set| matches!(self.definitions.member(set, None, text), Member::In { .. }))
    }

    /// Whether a value is the identifier of a description, in the extension that HL7 UK has for it.
    fn is_description(&self, node: NodeId, text: &str) -> bool {
        let parent = self.tree.parent(node);
        let url = parent.and_then(|parent| self.tree.child_text(parent, "url"));
        url == Some("descriptionId") && nhs::snomed::Sctid::parse(text).is_ok()
    }

    /// A word as programs use it, and no name of anybody in the input.
    fn is_plain_word(&self, text: &str) -> bool {
        (1..=40).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && references::longest_number(text) < 4
            && !self.is_personal(text)
    }

    /// A code stays, unless it is somebody's number or name.
    fn code(&mut self, text: &str, inside: &str, name: &str, parent: Option<NodeId>) -> Value {
        let system = parent.filter(|_| name == "code").and_then(|parent| self.tree.child_text(parent, "system"));
        if system == Some("http://snomed.info/sct") && nhs::snomed::Sctid::parse(text.trim()).is_ok() {
            return Value::Kept;
        }
        if let Some(number) = self.pseudonyms.nhs_number(text) {
            return Value::New(number);
        }
        let is_known = matches!((inside, system), ("Coding", Some(system)) if matches!(self.definitions.lookup(system, text), Lookup::Known(_)));
        if is_known || self.stated.contains(&fold(text)) {
            return Value::Kept;
        }
        // What stands among a person's particulars may be one of them that has run into a code.
        let is_of_person = matches!(
            (inside, name),
            ("HumanName" | "ContactPoint" | "Address" | "Identifier", "use" | "system" | "type") | (_, "gender")
        );
        if is_of_person {
            return if OF_PERSONS.contains(&text.trim()) { Value::Kept } else { Value::Masked };
        }
        let most = if name == "contentType" { 120 } else { 40 };
        let is_code = text.len() <= most && !text.trim().contains(char::is_whitespace);
        match is_code && !self.is_personal(text) && references::longest_number(text) < 19 {
            true => Value::Kept,
            false => Value::Masked,
        }
    }

    fn string(&mut self, node: NodeId, text: &str, inside: &str, name: &str, parent: Option<NodeId>) -> Value {
        let folded = fold(text);
        match (inside, name) {
            ("HumanName", "prefix" | "suffix") if TITLES.contains(&folded.trim_end_matches('.')) => return Value::Kept,
            ("HumanName", _) => return Value::New(self.pseudonyms.words(text)),
            ("Address", "postalCode") => {
                let inner = text.trim();
                return Value::New(if inner.is_empty() {
                    text.to_owned()
                } else {
                    text.replacen(inner, &self.postcode(inner), 1)
                });
            }
            ("Address", "country") if COUNTRIES.contains(&&*folded) => return Value::Kept,
            ("Address", _) => return Value::New(self.pseudonyms.words(text)),
            ("ContactPoint", "value") => return Value::New(self.contact(text)),
            ("Identifier", "value") => return self.identifier(text, parent),
            ("Reference", "reference") => {
                return Value::New(references::reference(text, self.definitions, self.pseudonyms));
            }
            ("Coding", "display") => return self.display(text, parent),
            ("Coding" | "Meta", "version" | "versionId") => return kept_if(text.len() < 20 && !self.is_personal(text)),
            ("Quantity" | "SimpleQuantity" | "Age" | "Duration" | "Count" | "Distance" | "Money", "unit") => {
                return kept_if(
                    text.chars().count() <= 24 && references::longest_number(text) < 4 && !self.is_personal(text),
                );
            }
            ("Attachment", "contentType") => return kept_if(!self.is_personal(text)),
            _ => {}
        }
        let is_id = name == "id" || name == "linkId" || self.tree.flags(node).has(Flags::ATTRIBUTE);
        if name == "linkId" && self.is_plain_word(text) {
            return Value::Kept;
        }
        if is_id {
            return Value::New(self.pseudonyms.identifier(text));
        }
        if self.stated.contains(&folded) {
            return Value::Kept;
        }
        let is_of_a_code = (inside, name) == ("CodeableConcept", "text")
            || parent.and_then(|parent| self.tree.child_text(parent, "url")) == Some("descriptionDisplay");
        Value::New(if is_of_a_code { self.pseudonyms.words(text) } else { mask(text) })
    }

    /// The words of a code stay if they are the code's own or a profile's.
    fn display(&self, text: &str, parent: Option<NodeId>) -> Value {
        let part = |name| parent.and_then(|parent| self.tree.child_text(parent, name));
        let is_own = match (part("system"), part("code")) {
            (Some(system), Some(code)) => match self.definitions.lookup(system, code) {
                Lookup::Known(known) => known.display().is_some_and(|display| fold(&display) == fold(text)),
                _ => false,
            },
            _ => false,
        };
        // Whether two have a word in common is seen by rules, so that words and not letters are replaced.
        match is_own || self.stated.contains(&fold(text)) {
            true => Value::Kept,
            false => Value::New(self.pseudonyms.words(text)),
        }
    }

    fn identifier(&mut self, text: &str, parent: Option<NodeId>) -> Value {
        let system = parent.and_then(|parent| self.tree.child_text(parent, "system")).unwrap_or("");
        let kind = nhs::system(system).map(|system| system.kind);
        let is_public = matches!(kind, Some(SystemKind::OdsOrganisation | SystemKind::OdsSite));
        if is_public && nhs::is_ods_code(text) {
            return Value::Kept;
        }
        if text.contains(':') {
            return Value::New(references::reference(text, self.definitions, self.pseudonyms));
        }
        match kind {
            // The letters of a registration say whose register it is.
            Some(kind) if !matches!(kind, SystemKind::Local | SystemKind::NhsNumber) => {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                let new = self.pseudonyms.identifier(&digits);
                let mut new = new.chars();
                let digit =
                    |character: char| if character.is_ascii_digit() { new.next().unwrap_or('9') } else { character };
                let count = text.chars().filter(|character| character.is_alphabetic()).count();
                match count <= 3 {
                    true => Value::New(text.chars().map(digit).collect()),
                    false => Value::New(self.pseudonyms.identifier(text)),
                }
            }
            _ => Value::New(self.pseudonyms.identifier(text)),
        }
    }

    /// A postcode of the area that is used where there is no address.
    fn postcode(&self, text: &str) -> String {
        const INWARD: &[u8] = b"WXZ";
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
        let is_tidy = match nhs::postcode(text) {
            nhs::Postcode::No => return self.no_postcode(text),
            nhs::Postcode::Right => true,
            nhs::Postcode::Untidy(_) => false,
        };
        if bare.starts_with("ZZ993") {
            return text.to_owned();
        }
        let [a, b, ..] = self.pseudonyms.bytes("postcode", &bare, 0);
        let letter = |byte: u8| INWARD.get(usize::from(byte) % INWARD.len()).map_or('W', |letter| char::from(*letter));
        let (space, inward) = (if is_tidy { " " } else { "" }, [letter(a), letter(b)]);
        format!("ZZ99{space}3{}{}", inward[0], inward[1])
    }

    /// What is no postcode stays none: no postcode ends in a V.
    fn no_postcode(&self, text: &str) -> String {
        let new = self.pseudonyms.words(text);
        if nhs::postcode(&new) == nhs::Postcode::No {
            return new;
        }
        let v = |character: char| match character {
            _ if character.is_ascii_uppercase() => 'V',
            _ if character.is_alphabetic() => 'v',
            _ => character,
        };
        new.chars().map(v).collect()
    }

    /// Numbers that Ofcom sets aside for drama, and addresses where there is nobody.
    fn contact(&mut self, text: &str) -> String {
        if let Some((name, host)) = text.split_once('@') {
            let new = format!("{}@example.org", self.pseudonyms.words(name));
            return match (nhs::is_email(text), nhs::is_email(&new)) {
                (true, true) | (false, false) => new,
                (true, false) => "xxxx@example.org".to_owned(),
                (false, true) => format!("{}@{}", self.pseudonyms.words(name), mask(host).replace('.', ",")),
            };
        }
        match text.split_once(':') {
            Some((scheme @ ("tel" | "sms" | "fax" | "mailto"), rest)) => {
                return format!("{scheme}:{}", self.contact(rest));
            }
            Some(_) => return references::reference(text, self.definitions, self.pseudonyms),
            None => {}
        }
        let new = self.telephone(text);
        match (nhs::is_telephone(text), nhs::is_telephone(&new)) {
            (true, false) => "01632960999".to_owned(),
            (false, true) => mask(text).replace(|character: char| character.is_ascii_digit(), "x"),
            _ => new,
        }
    }

    fn telephone(&self, text: &str) -> String {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let start = match digits.as_str() {
            number if number.starts_with("447") => "447700900",
            number if number.starts_with("440") => "4401632960",
            number if number.starts_with("44") => "441632960",
            number if number.starts_with("07") => "07700900",
            number if number.starts_with('0') => "01632960",
            // 111 and the like are nobody's.
            number if number.len() <= 4 => {
                return text
                    .chars()
                    .map(|c| if c.is_alphabetic() { super::pseudonyms::masked(c) } else { c })
                    .collect();
            }
            _ => return mask(text),
        };
        if digits.starts_with(start) && !text.contains(char::is_alphabetic) {
            return text.to_owned();
        }
        let bytes = self.pseudonyms.bytes("telephone", &digits, 0);
        let mut new = start.chars().chain(bytes.iter().map(|byte| char::from(b'0' + byte % 10)));
        let is_own = digits.starts_with(start);
        let digit = |character: char| match character.is_ascii_digit() {
            true if is_own => character,
            true => new.next().unwrap_or('0'),
            false => super::pseudonyms::masked(character),
        };
        text.chars().map(digit).collect()
    }

    /// Data: a resource is copied as one, text is masked, and of all else nothing stays but the length and the first bytes,
    /// by which its kind is known.
    fn bytes(&mut self, text: &str, name: &str, parent: Option<NodeId>) -> Value {
        if name == "hash" {
            return self.hash(text, parent);
        }
        let bare: String = text.split_ascii_whitespace().collect();
        let Some(bytes) = primitive::base64_bytes(&bare).filter(|_| primitive::check("base64Binary", &bare).is_ok())
        else {
            // What cannot be read stays so.
            let new = mask(text);
            let is_readable = primitive::check("base64Binary", &new).is_ok();
            return Value::New(if is_readable { new + "*" } else { new });
        };
        let new = STANDARD.encode(self.data(&bytes));
        if new.len() != bare.len() {
            return Value::New(new);
        }
        let mut new = new.chars();
        let woven = text
            .chars()
            .map(|character| if character.is_ascii_whitespace() { character } else { new.next().unwrap_or('A') });
        Value::New(woven.collect())
    }

    fn data(&mut self, bytes: &[u8]) -> Vec<u8> {
        let start = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        let is_text =
            std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(|c: char| c.is_control() && !c.is_whitespace()));
        if is_text && matches!(start, Some(b'{' | b'<')) {
            let text = std::str::from_utf8(bytes).unwrap_or("");
            if self.depth == 0 {
                return mask(text).into_bytes();
            }
            return super::copy(bytes, self.definitions, self.pseudonyms, Some(self.shift), self.depth - 1)
                .into_bytes();
        }
        if is_text {
            let text = std::str::from_utf8(bytes).unwrap_or("");
            // A letter of two bytes is two of one, so that the size stays.
            let letters = text.chars().flat_map(|character| {
                let count = if character.is_ascii() { 1 } else { character.len_utf8() };
                let new = if character.is_ascii() { super::pseudonyms::masked(character) } else { 'x' };
                std::iter::repeat_n(new, count)
            });
            return letters.collect::<String>().into_bytes();
        }
        let kept = MAGIC.iter().find(|magic| bytes.starts_with(magic)).map_or(0, |magic| magic.len());
        bytes.iter().enumerate().map(|(at, byte)| if at < kept { *byte } else { 0 }).collect()
    }

    /// Right for the new data where it was right for the old, and wrong where it was wrong.
    fn hash(&mut self, text: &str, parent: Option<NodeId>) -> Value {
        let Some(hash) = primitive::base64_bytes(text) else { return Value::Masked };
        let Some(data) =
            parent.and_then(|parent| self.tree.child_text(parent, "data")).and_then(primitive::base64_bytes)
        else {
            return Value::New(STANDARD.encode(vec![0; hash.len()]));
        };
        if hash[..] != Sha1::from(&data).digest().bytes() {
            return Value::New(STANDARD.encode(vec![0; hash.len()]));
        }
        Value::New(STANDARD.encode(Sha1::from(self.data(&data)).digest().bytes()))
    }
}

/// How files begin whose kind is told by that.
const MAGIC: &[&[u8]] = &[
    b"%PDF-1.",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"BM",
    b"RIFF",
];

fn kept_if(is_kept: bool) -> Value {
    if is_kept { Value::Kept } else { Value::Masked }
}

/// For comparing words.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A coordinate to the whole degree.
fn without_fraction(text: &str) -> String {
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let fraction = fraction.chars().map(|character| if character.is_ascii_digit() { '0' } else { character });
    whole.chars().chain(fraction).collect()
}
