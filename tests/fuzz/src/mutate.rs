//! Changes inputs, at random but the same for the same seed: as bytes, and as what they mean.

use crate::Target;
use crate::seeds::seeds;
use serde_json::{Map, Value, json};

/// What is put in beside single bytes: what means something to one of the readers.
const PIECES: [&str; 34] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "-0e1",
    "1e99999",
    "\"_a\":",
    "\"resourceType\":",
    "\\u",
    "\\ud835",
    "\\",
    "<",
    ">",
    "/>",
    "</",
    "<div xmlns='http://www.w3.org/1999/xhtml'>",
    "&",
    "&#x0;",
    ";",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "<!D",
    "xmlns:a='",
    "é",
    "𝄞",
    "\u{feff}",
];

/// What is put into an expression.
const OPERATORS: [&str; 40] = [
    ".where(",
    ".select(",
    ".repeat(children())",
    ".descendants()",
    ".children()",
    ".all(",
    ".aggregate($total & $this, '')",
    ".ofType(Quantity)",
    ".as(string)",
    ".resolve()",
    ".extension('http://example.org/age')",
    ".memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')",
    ".matches('(a*)*b')",
    ".replaceMatches('.', '$0$0')",
    ".replace('', 'ab')",
    ".substring(-1, 9223372036854775807)",
    ".toQuantity('d')",
    ".toDateTime()",
    ".power(1000000000)",
    ".round(2147483647)",
    ".repeat($this)",
    ".combine(descendants())",
    ".join('é')",
    ".defineVariable('a', ",
    "iif(",
    "%resource",
    "%context",
    "%a",
    "$this",
    "$index",
    "@2019-02-29T24:00:00+15:00",
    "@T10:00",
    "99999999999999999999999999999.9",
    "-9223372036854775808",
    " 'mg'",
    " years",
    " and ",
    " implies ",
    "((((((((",
    "{}",
];

/// Values that a reader may not expect.
fn odd(random: &mut Random) -> Value {
    match random.below(16) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-0.0),
        3 => json!(u64::MAX),
        4 => json!(i64::MIN),
        5 => json!(1e300),
        6 => json!(""),
        7 => json!(" "),
        8 => json!("*"),
        9 => json!("#"),
        10 => json!("x".repeat(1 + random.below(70_000))),
        11 => json!("0000-00-00T99:99:99Z"),
        12 => json!("http://hl7.org/fhir/StructureDefinition/Patient"),
        13 => json!({}),
        14 => json!([]),
        _ => json!([null, {}, [[]]]),
    }
}

/// The size that an input may grow to, in bytes: large enough for what grows too fast to be seen.
const LARGEST: usize = 200_000;

/// Numbers at random (xorshift64*).
struct Random(u64);

impl Random {
    fn new(seed: u64, input: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(input) | 1);
        // The first numbers of neighbours are alike.
        for _ in 0..8 {
            random.below(2);
        }
        random
    }

    /// A number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap_or(0) % bound.max(1)
    }

    /// A number below `many` once in so many times, below `few` otherwise.
    fn seldom(&mut self, once_in: usize, many: usize, few: usize) -> usize {
        let bound = if self.below(once_in) == 0 { many } else { few };
        self.below(bound)
    }
}

/// Makes the inputs of a target.
pub struct Mutator {
    target: Target,
    seed: u64,
    seeds: Vec<Vec<u8>>,
    /// The seeds that are JSON.
    values: Vec<Option<Value>>,
}

impl Mutator {
    /// Reads what is to be changed.
    pub fn new(target: Target, seed: u64) -> Self {
        let seeds = seeds(target);
        let values = seeds.iter().map(|seed| serde_json::from_slice(seed).ok()).collect();
        Mutator { target, seed, seeds, values }
    }

    /// The input of a number: the same whenever it is asked for.
    pub fn input(&self, number: u64) -> Vec<u8> {
        let mut random = Random::new(self.seed, number);
        let at = random.below(self.seeds.len());
        let mut bytes = match &self.values[at] {
            // One in four is changed as bytes only, one in four in both ways.
            Some(value) if random.below(4) > 0 => {
                let mut value = value.clone();
                for _ in 0..=random.below(4) {
                    self.restructure(&mut value, &mut random);
                }
                serde_json::to_vec(&value).unwrap_or_default()
            }
            _ => self.seeds[at].clone(),
        };
        if self.values[at].is_none() || random.below(2) == 0 {
            for _ in 0..=random.below(4) {
                match self.target {
                    Target::Fhirpath => self.reword(&mut bytes, &mut random),
                    _ if bytes.starts_with(b"<") && random.below(2) == 0 => self.retag(&mut bytes, &mut random),
                    _ => change(&mut bytes, &mut random),
                }
            }
        }
        bytes.truncate(LARGEST);
        bytes
    }

    /// An array or object from anywhere in the seeds.
    fn donor(&self, random: &mut Random) -> Option<&Value> {
        let value = self.values[random.below(self.values.len())].as_ref()?;
        let mut containers = Vec::new();
        collect(value, &mut containers);
        Some(containers[random.below(containers.len())])
    }

    /// Changes one array or object of a resource.
    fn restructure(&self, root: &mut Value, random: &mut Random) {
        let mut count = random.below(containers(root));
        let Some(value) = nth(root, &mut count) else { return };
        let given = match random.below(3) {
            0 => odd(random),
            _ => match self.donor(random) {
                Some(Value::Object(object)) => member(object, random).map_or(Value::Null, |(_, value)| value),
                Some(other) => other.clone(),
                None => Value::Null,
            },
        };
        match value {
            Value::Object(object) => {
                let Some((key, old)) = member(object, random) else { return };
                match random.below(8) {
                    0 => drop(object.shift_remove(&key)),
                    1 | 2 => drop(object.insert(key, given)),
                    3 => drop(object.insert(key, nested(old, random))),
                    4 => {
                        let from = self.donor(random).and_then(Value::as_object);
                        if let Some((name, value)) = from.and_then(|from| member(from, random)) {
                            object.insert(name, value);
                        }
                    }
                    5 => drop(object.insert(format!("_{key}"), given)),
                    6 => {
                        const TYPES: [&str; 6] = ["Quantity", "String", "CodeableConcept", "Reference", "[x]", "X"];
                        object.shift_remove(&key);
                        let name = key.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
                        object.insert(format!("{name}{}", TYPES[random.below(TYPES.len())]), old);
                    }
                    _ => {
                        if let (Some((other, value)), Value::String(_)) = (member(object, random), &old) {
                            object.insert(key, value);
                            object.insert(other, old);
                        }
                    }
                }
            }
            Value::Array(array) => {
                let at = random.below(array.len() + 1);
                match random.below(5) {
                    0 if at < array.len() => drop(array.remove(at)),
                    1 => array.insert(at, given),
                    2 if at < array.len() => {
                        let item = array[at].clone();
                        let room = LARGEST / (item.to_string().len() + 1);
                        let times = random.seldom(20, 1_000, 4).min(room);
                        array.extend(std::iter::repeat_n(item, times));
                    }
                    3 if at < array.len() => array[at] = nested(array[at].take(), random),
                    _ => array.reverse(),
                }
            }
            _ => {}
        }
    }

    /// Takes out, repeats or brings in something between two angle brackets.
    fn retag(&self, bytes: &mut Vec<u8>, random: &mut Random) {
        let (start, end) = tags(bytes, random);
        match random.below(3) {
            0 => drop(bytes.drain(start..end)),
            1 => {
                let copy = bytes[start..end].repeat(1 + random.below(5));
                bytes.splice(start..start, copy);
            }
            _ => {
                let other = &self.seeds[random.below(self.seeds.len())];
                let (from, to) = tags(other, random);
                bytes.splice(start..end, other[from..to].iter().copied());
            }
        }
    }

    /// Changes an expression.
    fn reword(&self, bytes: &mut Vec<u8>, random: &mut Random) {
        let (at, end) = words(bytes, random);
        match random.below(6) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let other = &self.seeds[random.below(self.seeds.len())];
                let (from, to) = words(other, random);
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            2 => bytes.extend(self.seeds[random.below(self.seeds.len())].iter()),
            3 => {
                let times = 1 + random.seldom(10, 2_000, 3);
                let copy = bytes[at..end].repeat(times.min(LARGEST / (end - at + 1)));
                bytes.splice(at..at, copy);
            }
            4 => change(bytes, random),
            _ => drop(bytes.splice(at..at, OPERATORS[random.below(OPERATORS.len())].bytes())),
        }
    }
}

/// Changes bytes.
fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let end = (at + random.below(40)).min(bytes.len());
    match random.below(6) {
        0 if random.below(4) == 0 => bytes.truncate(at),
        0 | 1 => drop(bytes.drain(at..end)),
        2 => {
            let copy = bytes[at..end].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, copy);
        }
        3 if at < bytes.len() => bytes[at] = random.below(256) as u8,
        4 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        _ => drop(bytes.splice(at..at, PIECES[random.below(PIECES.len())].bytes())),
    }
}

/// From one `<` to a later one.
fn tags(bytes: &[u8], random: &mut Random) -> (usize, usize) {
    let starts: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'<').chain([bytes.len()]).collect();
    let first = random.below(starts.len());
    let last = (first + 1 + random.below(6)).min(starts.len() - 1);
    (starts[first], starts[last].max(starts[first]))
}

/// From the start of one word or sign to that of a later one.
fn words(bytes: &[u8], random: &mut Random) -> (usize, usize) {
    let start =
        |at: &usize| *at == 0 || !(bytes[*at].is_ascii_alphanumeric() && bytes[*at - 1].is_ascii_alphanumeric());
    let starts: Vec<usize> = (0..bytes.len()).filter(start).chain([bytes.len()]).collect();
    let first = random.below(starts.len());
    let last = (first + 1 + random.below(6)).min(starts.len() - 1);
    (starts[first], starts[last].max(starts[first]))
}

fn member(object: &Map<String, Value>, random: &mut Random) -> Option<(String, Value)> {
    let (name, value) = object.iter().nth(random.below(object.len()))?;
    Some((name.clone(), value.clone()))
}

/// A value inside arrays or objects: seldom very many.
fn nested(mut value: Value, random: &mut Random) -> Value {
    let times = 1 + random.seldom(10, 200, 2);
    let names = ["item", "extension", "contained", "entry"];
    let name = names[random.below(names.len())];
    let array = random.below(2) == 0;
    for _ in 0..times {
        value = if array { Value::Array(vec![value]) } else { json!({ name: [value] }) };
    }
    value
}

/// How many arrays and objects there are.
fn containers(value: &Value) -> usize {
    match value {
        Value::Object(object) => 1 + object.values().map(containers).sum::<usize>(),
        Value::Array(array) => 1 + array.iter().map(containers).sum::<usize>(),
        _ => 0,
    }
}

fn collect<'v>(value: &'v Value, out: &mut Vec<&'v Value>) {
    out.push(value);
    match value {
        Value::Object(object) => object.values().for_each(|value| collect(value, out)),
        Value::Array(array) => array.iter().for_each(|value| collect(value, out)),
        _ => {}
    }
}

/// The array or object of a number; `count` is what is left of it.
fn nth<'v>(value: &'v mut Value, count: &mut usize) -> Option<&'v mut Value> {
    if !matches!(value, Value::Object(_) | Value::Array(_)) {
        return None;
    }
    if *count == 0 {
        return Some(value);
    }
    *count -= 1;
    match value {
        Value::Object(object) => object.values_mut().find_map(|value| nth(value, count)),
        Value::Array(array) => array.iter_mut().find_map(|value| nth(value, count)),
        _ => None,
    }
}
