//! Nothing is invented: every number and every date in what is displayed stands in the input, or is derived from it in a
//! way that is declared here. Runs over the repository's own resources and, where they are, the corpora.

mod support;

use careconnect::Careconnect;
use careconnect::parse::{Limits, parse};
use careconnect::primitive::MONTHS;
use careconnect::render::{As, Audience, Mode, Options, View};
use careconnect::tree::Tree;
use regex_lite::Regex;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a display derives, as it is written: a count, a size, an age, what a code or a character is called. The number in
/// it is not looked for in the input.
const DERIVED: &[&str] = &[
    // Counts.
    r"\b[0-9,]+ items? in technical details",
    r"\([0-9,]+ entr(y|ies)(: [^)]*)?\)",
    r"\b(of|\() ?[0-9,]+ resources?\b",
    r"\b[0-9]+ (fatal|error|warning|information)\b",
    r"waveform, [0-9,]+ points?",
    // Sizes and check sums of data that are not shown.
    r"\b[0-9.,]+ (bytes?|kB|MB|GB|characters?)\b",
    r"\bbase64\b",
    r"\bSHA-256 [0-9a-f]{12}",
    r"\bSHA-?(1|256)\b",
    // Encodings of text.
    r"\b(UTF-8|Windows-1252)\b",
    // A character that cannot be seen, by its number.
    r"\[U\+[0-9A-F]{4,6}\]",
    // What clocks in the United Kingdom showed at an instant that was recorded by another (tests/render_formatters.rs).
    r"\(([0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} )?[0-9:.]+ UK time\)",
    r"[0-9]{1,2} [A-Z][a-z]+ [0-9]{4} at ([0-9:.]+(am|pm)|midday|midnight) \(UK time\)",
    // Ages.
    r"Age at Death: (about )?[0-9a-z ]+",
    // Names of kinds of rows and codes.
    r"ISO 8601",
];

struct Input {
    /// The digits of each value, without what stands between them.
    digits: BTreeSet<String>,
    /// Every value, one after the other.
    text: String,
    /// The values' own digits, one after the other, for what is spaced in another way: telephones, NHS numbers.
    runs: String,
}

impl Input {
    fn of(tree: &Tree) -> Self {
        let mut input = Input { digits: BTreeSet::new(), text: String::new(), runs: String::new() };
        for node in tree.all() {
            // A file that is shown came with the resource too.
            let is_file = matches!(tree.name(node), "data" | "content");
            let file = tree.text(node).filter(|_| is_file).and_then(support::file_text);
            for text in [tree.text(node), Some(tree.name(node)), file.as_deref()].into_iter().flatten() {
                input.text.push_str(text);
                input.text.push('\n');
                let run: String = text.chars().filter(char::is_ascii_digit).collect();
                input.runs.push_str(&run);
                input.runs.push(' ');
                for part in text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()) {
                    input.digits.insert(part.to_owned());
                    // A time or size is written without the zero before it.
                    input.digits.insert(part.trim_start_matches('0').to_owned());
                    // HL7 version 3 writes a point in time as digits alone, to the minute or second.
                    if matches!(part.len(), 12 | 14) {
                        input.digits.extend((8..part.len()).step_by(2).map(|at| part[at..at + 2].to_owned()));
                    }
                }
            }
        }
        input
    }

    /// Whether a date of the output, `05-Apr-2008` or `5 April 2008`, is one of the input's.
    fn has_date(&self, day: Option<&str>, month: &str, year: &str) -> bool {
        let month = MONTHS.iter().position(|name| name.starts_with(&month[..3])).map_or(0, |at| at + 1);
        let iso = match day {
            Some(day) => format!("{year}-{month:02}-{:0>2}", day),
            None => format!("{year}-{month:02}"),
        };
        self.text.contains(&iso) || day.is_some() && self.text.contains(&iso.replace('-', ""))
    }

    fn has_number(&self, number: &str) -> bool {
        let plain = number.replace(',', "");
        let parts: Vec<&str> = plain.split('.').collect();
        parts.iter().all(|part| self.digits.contains(*part) || self.digits.contains(part.trim_start_matches('0')))
            // Spaced in another way: at least three digits, so that not any digit will do.
            || plain.len() >= 3 && self.runs.contains(&plain)
            // A telephone number of this country, whose 0 stands for +44 (TID-0003).
            || plain.strip_prefix('0').is_some_and(|rest| rest.len() >= 3 && self.runs.contains(&format!("44{rest}")))
    }
}

/// What the output says that the input does not.
fn invented(tree: &Tree, output: &str, rules: &Rules) -> Vec<String> {
    let input = Input::of(tree);
    let mut text = output.split_whitespace().collect::<Vec<_>>().join(" ");
    for derived in &rules.derived {
        text = derived.replace_all(&text, " ").into_owned();
    }
    let mut wrong = Vec::new();
    let dates = rules.date.replace_all(&text, |found: &regex_lite::Captures<'_>| {
        let part = |at: usize| found.get(at).map(|part| part.as_str());
        if !input.has_date(part(1), part(2).unwrap_or("Jan"), part(3).unwrap_or("")) && !input.text.contains(&found[0])
        {
            wrong.push(found[0].to_owned());
        }
        " "
    });
    for number in rules.number.find_iter(&dates) {
        let number = number.as_str().trim_end_matches(['.', ',']);
        // A clock of twelve hours: 2pm is 14 in the input.
        let afternoon =
            number.parse::<u32>().is_ok_and(|hour| hour <= 12 && input.has_number(&(hour + 12).to_string()));
        // Its twelve at night is 00.
        let night = number == "12" && input.digits.contains("00");
        if !input.has_number(number) && !afternoon && !night {
            wrong.push(number.to_owned());
        }
    }
    wrong
}

struct Rules {
    derived: Vec<Regex>,
    date: Regex,
    number: Regex,
}

fn rules() -> Rules {
    let date = r"\b(?:([0-9]{1,2})[- ])?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|January|February|March|April|June|July|August|September|October|November|December)[- ]([0-9]{4})\b";
    Rules {
        derived: DERIVED.iter().map(|derived| Regex::new(derived).expect("a pattern")).collect(),
        date: Regex::new(date).expect("a pattern"),
        number: Regex::new(r"[0-9][0-9.,]*").expect("a pattern"),
    }
}

fn run(core: &Careconnect, name: &str, input: &[u8], rules: &Rules, wrong: &mut Vec<String>) -> usize {
    let definitions = core.definitions();
    let tree = parse(input, definitions.names(), Limits::default()).tree;
    let mut tokens = 0;
    for audience in [Audience::Clinical, Audience::Patient] {
        let options = Options { as_: As::Text, mode: Mode::Full, view: View::Entries, audience, ..Options::default() };
        let output = core.render(input, &options).output;
        tokens += rules.number.find_iter(&output).count();
        let found = invented(&tree, &output, rules);
        if !found.is_empty() {
            wrong.push(format!("{name} ({audience:?}): {found:?}"));
        }
    }
    tokens
}

/// The resources of the display's own cases, and the example of the repository.
fn own() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Vec::new();
    for file in support::files(&folder.join("tests/cases/render"), ".md") {
        let text = std::fs::read_to_string(&file).expect("a readable case");
        for open in ["```json\n", "```xml\n"] {
            if let Some(start) = text.find(open).map(|at| at + open.len()) {
                let end = start + text[start..].find("\n```").expect("a closed fence");
                out.push((file.display().to_string(), text.as_bytes()[start..end].to_vec()));
            }
        }
    }
    for file in support::files(&folder.join("tests/resources"), ".json") {
        out.push((file.display().to_string(), std::fs::read(&file).expect("a readable resource")));
    }
    out
}

#[test]
fn nothing_is_invented() {
    let (core, rules) = (support::default_packs(), rules());
    let (mut wrong, mut resources, mut tokens) = (Vec::new(), 0, 0);
    for (name, input) in own() {
        resources += 1;
        tokens += run(&core, &name, &input, &rules, &mut wrong);
    }
    assert!(resources > 15, "the cases were not found");
    let own = resources;
    if let Some(shared) = support::shared() {
        let folders = ["corpus/nhs", "corpus/hl7-examples"].map(|folder| shared.join(folder));
        let files = |folder: &PathBuf| [".json", ".xml"].map(|ending| support::files(folder, ending)).concat();
        // Each eighth is quick enough for every day; CARECONNECT_ALL=1 takes all of them.
        let every = if std::env::var_os("CARECONNECT_ALL").is_some() { 1 } else { 8 };
        for file in folders.iter().flat_map(files).step_by(every) {
            let input = std::fs::read(&file).expect("a readable resource");
            // The few largest are conformance resources in bulk.
            if input.len() > 1_000_000 {
                continue;
            }
            resources += 1;
            tokens += run(&core, &file.display().to_string(), &input, &rules, &mut wrong);
        }
    }
    println!("{resources} resources, {tokens} numbers, {} resources with one that is not in the input", wrong.len());
    if resources > own && std::env::var_os("CARECONNECT_ALL").is_none() {
        let counts = format!(
            "{} resources of the corpora, {} with a number or date that is not in the input",
            resources - own,
            wrong.len()
        );
        support::figure("faithful", &counts);
    }
    assert!(wrong.is_empty(), "{}", wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
}

/// The check finds a number and a date that are not in the input.
#[test]
fn the_check_sees_what_is_invented() {
    let core = support::default_packs();
    let input = br#"{"resourceType": "Patient", "birthDate": "1945-07-14", "multipleBirthInteger": 2}"#;
    let tree = parse(input, core.definitions().names(), Limits::default()).tree;
    let rules = rules();
    assert!(invented(&tree, "Born 14-Jul-1945, 2", &rules).is_empty());
    assert_eq!(invented(&tree, "Born 15-Jul-1945", &rules), ["15-Jul-1945"]);
    assert_eq!(invented(&tree, "Jul-1946 3 2.0", &rules), ["Jul-1946", "3", "2.0"]);
}
