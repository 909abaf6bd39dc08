//! Fuzzing without libFuzzer: changes the files that are named, at random but the same for the same seed.
//!
//! `cargo run --manifest-path tests/fuzz/Cargo.toml --bin stable -- SECONDS SEED FILE…`

use std::time::{Duration, Instant};

/// What is put in, beside single bytes: what means something to one of the readers.
const PIECES: [&str; 30] = [
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
    "\"_a\":",
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
];

struct Random(u64);

impl Random {
    /// A number below `bound` (xorshift64*).
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap_or(0) % bound.max(1)
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |what: &str| -> u64 {
        let given = arguments.next().and_then(|text| text.parse().ok());
        given.unwrap_or_else(|| panic!("say SECONDS SEED FILE…: {what} is missing"))
    };
    let (seconds, seed) = (number("SECONDS"), number("SEED"));
    let seeds: Vec<Vec<u8>> = arguments.map(|file| std::fs::read(&file).expect(&file)).collect();
    assert!(!seeds.is_empty(), "say SECONDS SEED FILE…: no file is named");
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut count = 0_u64;
    while Instant::now() < until {
        let mut bytes = seeds[random.below(seeds.len())].clone();
        for _ in 0..=random.below(6) {
            change(&mut bytes, &mut random);
        }
        let result = std::panic::catch_unwind(|| careconnect_fuzz::read(&bytes));
        if result.is_err() {
            let file = format!("crash-{seed}-{count}");
            std::fs::write(&file, &bytes).expect("the input that fails can be written");
            println!("failed after {count} inputs; the input is in {file}");
            std::process::exit(1);
        }
        count += 1;
    }
    println!("{count} inputs, all sound");
}

fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let end = (at + random.below(40)).min(bytes.len());
    match random.below(6) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
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
