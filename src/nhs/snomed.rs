//! SNOMED CT identifiers (SNOMED CT Technical Implementation Guide, SNOMED CT Identifiers): digits, of which the last
//! checks the others (Verhoeff) and the two before it say what is identified.

/// What an identifier is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// A concept: what a code in `http://snomed.info/sct` must be.
    Concept,
    /// A description: one of the terms of a concept.
    Description,
    /// A relationship between concepts.
    Relationship,
}

impl Component {
    /// In words, with the article.
    pub fn words(self) -> &'static str {
        match self {
            Component::Concept => "a concept",
            Component::Description => "a description",
            Component::Relationship => "a relationship",
        }
    }
}

/// Why a text is not a SNOMED CT identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not 6 to 18 digits, the first of them not 0.
    Form,
    /// The last digit is not the check digit (Verhoeff) of the others.
    CheckDigit,
    /// The partition identifier, the two digits before the last, is none that exists.
    Partition,
}

/// A SNOMED CT identifier with a right check digit and a partition that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sctid(u64);

impl Sctid {
    /// Reads an identifier: digits only, without spaces.
    ///
    /// # Errors
    /// The first fault, in the order of [`Fault`].
    pub fn parse(text: &str) -> Result<Sctid, Fault> {
        if !super::is_digits(text, 6..=18) || text.starts_with('0') {
            return Err(Fault::Form);
        }
        if !verhoeff(text.bytes()) {
            return Err(Fault::CheckDigit);
        }
        let id = Sctid(text.parse().map_err(|_| Fault::Form)?);
        // In the long form seven digits of namespace stand before the partition, and at least one digit of item before them.
        let is_partition = matches!(id.partition(), (0 | 1, 0..=2));
        if is_partition && (!id.is_long() || text.len() >= 11) { Ok(id) } else { Err(Fault::Partition) }
    }

    /// The number.
    pub fn value(self) -> u64 {
        self.0
    }

    fn partition(self) -> (u8, u8) {
        ((self.0 / 100 % 10) as u8, (self.0 / 10 % 10) as u8)
    }

    fn is_long(self) -> bool {
        self.partition().0 == 1
    }

    /// What it identifies.
    pub fn component(self) -> Component {
        match self.partition().1 {
            0 => Component::Concept,
            1 => Component::Description,
            _ => Component::Relationship,
        }
    }

    /// The namespace of the organisation that made it, where it has one; the International Edition's has none.
    pub fn namespace(self) -> Option<u32> {
        self.is_long().then_some((self.0 / 1000 % 10_000_000) as u32)
    }
}

/// Whether a text has the form of a code of SNOMED RT: the axis, a hyphen, and hexadecimal digits (`T-15460`, `D3-13040`).
pub fn is_rt_code(text: &str) -> bool {
    let is_hexadecimal =
        |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    text.split_once('-').is_some_and(|(axis, digits)| {
        let mut axis = axis.chars();
        let is_axis = axis.next().is_some_and(|letter| letter.is_ascii_uppercase()) && axis.as_str().len() < 2;
        is_axis && is_hexadecimal(axis.as_str()) && matches!(digits.len(), 4 | 5) && is_hexadecimal(digits)
    })
}

/// Whether a text is the identifier of a concept, in form.
pub fn is_concept_id(text: &str) -> bool {
    Sctid::parse(text).is_ok_and(|id| id.component() == Component::Concept)
}

/// The check digit that Verhoeff's scheme gives to a row of digits.
pub fn check_digit(digits: &str) -> Option<u8> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    (0..10).find(|check| verhoeff(digits.bytes().chain([b'0' + check])))
}

/// Whether a row of ASCII digits ends with its check digit: the product in the dihedral group D5 of the digits, each
/// permuted by its place, is the identity.
fn verhoeff(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    /// How a digit is permuted at each place from the right; it repeats every eight places.
    const PERMUTED: [[u8; 10]; 8] = {
        const ONCE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        let mut table = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]; 8];
        let mut place = 1;
        while place < 8 {
            let mut digit = 0;
            while digit < 10 {
                table[place][digit] = ONCE[table[place - 1][digit] as usize];
                digit += 1;
            }
            place += 1;
        }
        table
    };
    let product = digits.rev().enumerate().fold(0, |product, (place, byte)| {
        let digit = byte.wrapping_sub(b'0');
        dihedral(product, PERMUTED[place % 8][usize::from(digit % 10)])
    });
    product == 0
}

/// The product of two elements of D5: 0 to 4 are rotations, 5 to 9 reflections.
fn dihedral(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}
