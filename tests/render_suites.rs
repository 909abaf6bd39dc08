//! The examples in the NHS's own documents, read where they stand: those of the Common User Interface guidance (dates,
//! times, ages, telephones, names; right forms and wrong ones) and the glosses of the dose syntax examples. Runs where
//! ../shared is. Whatever is not as its document has it stands in tests/cases/formats/exceptions.tsv with the reason; how
//! many were compared is in tests/cases/formats/suites.txt. CARECONNECT_BLESS=1 writes the counts.

mod support;

#[path = "support/formats.rs"]
mod formats;

use careconnect::Careconnect;
use careconnect::primitive::MONTHS;
use careconnect::render::Audience;
use careconnect::render::format::date::{Clock, Moment};
use careconnect::render::format::person::telephone;
use careconnect::render::language::Language;
use regex_lite::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/formats")
}

/// The comparisons of one suite, and what is known to differ.
struct Comparison {
    suite: &'static str,
    /// Example, reason.
    known: BTreeMap<String, String>,
    used: BTreeSet<String>,
    /// Kind; right, wrong, excepted.
    counts: BTreeMap<&'static str, [usize; 3]>,
    wrong: Vec<String>,
}

impl Comparison {
    fn new(suite: &'static str) -> Self {
        let table = std::fs::read_to_string(folder().join("exceptions.tsv")).expect("the exceptions");
        let mut known = BTreeMap::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [of, example, reason] = columns[..] else { panic!("{line}: three columns") };
            assert!(reason.len() > 20, "{line}: a reason");
            if of == suite {
                known.insert(example.to_owned(), reason.to_owned());
            }
        }
        Comparison { suite, known, used: BTreeSet::new(), counts: BTreeMap::new(), wrong: Vec::new() }
    }

    /// Notes an example; `holds` where it is shown as the document has it, or is never shown so where the form is wrong.
    fn note(&mut self, kind: &'static str, is_right: bool, example: &str, holds: bool, given: &str) {
        let counts = self.counts.entry(kind).or_default();
        counts[usize::from(!is_right)] += 1;
        if holds {
            return;
        }
        let key = format!("{kind}: {example}");
        if self.known.contains_key(&key) {
            counts[2] += 1;
            self.used.insert(key);
        } else {
            let form = if is_right { "right" } else { "wrong" };
            self.wrong.push(format!("{}\t{key}\t({form} form) given: {given}", self.suite));
        }
    }

    /// Nothing differs that is not known, nothing is known that does not differ, and as many were compared as last time.
    fn settle(self) {
        let mut text = String::new();
        for (kind, [right, wrong, excepted]) in &self.counts {
            writeln!(text, "{}\t{kind}\t{right} right\t{wrong} wrong\t{excepted} excepted", self.suite)
                .expect("a string");
        }
        print!("{text}");
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        let unused: Vec<&String> = self.known.keys().filter(|key| !self.used.contains(*key)).collect();
        assert!(unused.is_empty(), "no longer different: {unused:?}");
        let file = folder().join("suites.txt");
        let before = std::fs::read_to_string(&file).unwrap_or_default();
        let is_own = |line: &&str| line.split('\t').next() == Some(self.suite);
        if std::env::var_os("CARECONNECT_BLESS").is_some() {
            let mut lines: Vec<&str> = before.lines().filter(|line| !is_own(line)).chain(text.lines()).collect();
            lines.sort_unstable();
            return std::fs::write(&file, lines.join("\n") + "\n").expect("a writable file");
        }
        let before: Vec<&str> = before.lines().filter(is_own).collect();
        assert_eq!(before, text.lines().collect::<Vec<_>>(), "CARECONNECT_BLESS=1 writes the counts");
    }
}

/// A folder of the suites, or a line that says it is not here.
fn suite(name: &str) -> Option<PathBuf> {
    let found = support::shared().map(|shared| shared.join("suites").join(name)).filter(|folder| folder.is_dir());
    if found.is_none() {
        println!("the examples of {name} are not here: not compared");
    }
    found
}

/// The lines of a document under its headings "Examples of Correct Usage" and "Examples of Incorrect Usage", with whether
/// they are right, up to the next rule. The documents were made from PDF: an example's columns may stand in a heading.
fn specimens(folder: &Path, document: &str) -> Vec<(bool, String)> {
    let text = std::fs::read_to_string(folder.join(document)).expect("a document");
    let mut out = Vec::new();
    let mut state = None;
    let numbered = Regex::new(r"^#+ \d+\.\d").expect("a pattern");
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("- [")) {
        if line.contains("Examples of Correct Usage") {
            state = Some(true);
        } else if line.contains("Examples of Incorrect Usage") {
            state = Some(false);
        } else if numbered.is_match(line) && !line.contains("Rationale") {
            state = None;
        } else if let Some(is_right) = state {
            out.push((is_right, line.trim_start_matches(['#', ' ']).to_owned()));
        }
    }
    assert!(!out.is_empty(), "{document} has examples");
    out
}

fn month(name: &str) -> Option<usize> {
    let lower = name.to_ascii_lowercase();
    MONTHS.iter().position(|month| month.to_ascii_lowercase().starts_with(&lower)).map(|at| at + 1)
}

/// Every day that a form of a date can mean.
fn days(form: &str) -> Vec<String> {
    let parts: Vec<&str> = form.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [first, second, year] = parts[..] else { return Vec::new() };
    let number = |text: &str| text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<usize>().ok();
    let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
    let mut out = Vec::new();
    for (day, month) in [
        (number(first), month(second).filter(|_| second.len() > 2).or_else(|| number(second))),
        (number(second), number(first)),
    ] {
        let (Some(day), Some(month)) = (day, month) else { continue };
        out.push(format!("{year}-{month:02}-{day:02}"));
    }
    out.retain(|day| Moment::parse(day).is_some());
    out
}

fn dates(folder: &Path, comparison: &mut Comparison) {
    let short = Regex::new(r"^(?:.* )?(\d{2}-[A-Z][a-z]{2}-\d{4})$").expect("a pattern");
    let long = Regex::new(r"^(?:[A-Z ]+Month[A-Z ]+)?(\d{1,2} (?:\[(?:st|nd|rd|th)\] )?[A-Z][a-z]+ \d{4})$")
        .expect("a pattern");
    let any = Regex::new(r"^(?:[A-Z ]+ )?(\d{1,2}(?i:st|nd|rd|th)?[-/. ](?:\d{1,2}|[A-Z][a-z]+)[-/. ]\d{2,4})$")
        .expect("a pattern");
    let found = |pattern: &Regex, line: &str| pattern.captures(line).map(|found| found[1].to_owned());
    for (is_right, line) in specimens(folder, "datedisplay.md") {
        if let Some(form) = found(&short, &line).filter(|_| is_right) {
            // The day of the week before it is optional (D+Ta-0016), and not shown.
            let given = days(&form).first().and_then(|day| Moment::parse(day)).map(|moment| moment.clinical());
            comparison.note("date", true, &form, given.as_deref() == Some(&form), &given.unwrap_or_default());
        } else if let Some(form) = found(&long, &line).filter(|_| is_right) {
            let plain = Regex::new(r" \[..\]").expect("a pattern").replace(&form, "").into_owned();
            let given =
                days(&plain).first().and_then(|day| Moment::parse(day)).map(|moment| moment.patient(Language::English));
            comparison.note("long date", true, &form, given.as_deref() == Some(&form), &given.unwrap_or_default());
        } else if let Some(form) = found(&any, &line).filter(|_| !is_right) {
            for day in days(&form) {
                let moment = Moment::parse(&day).expect("a day");
                let given = [moment.clinical(), moment.patient(Language::English)];
                comparison.note("date", false, &form, !given.contains(&form), &given.join(", "));
            }
        }
    }
}

fn times(folder: &Path, comparison: &mut Comparison) {
    let time = Regex::new(r"^(?:HH:mm(?::ss)? )?(\d{2}):(\d{2})(?::(\d{2}))?$").expect("a pattern");
    let both = Regex::new(r"^(?:.* )?(\d{2}-[A-Z][a-z]{2}-\d{4}) (\d{2}:\d{2})$").expect("a pattern");
    let approximate = Regex::new(r"^Approx \d{2}:\d{2}$").expect("a pattern");
    let duration = Regex::new(r"^(?:[Nnu]+ [Nnu]+ )?(\d+(?:y|m|w|d|hr|min|sec)(?: \d+(?:y|m|w|d|hr|min|sec))*)$")
        .expect("a pattern");
    let wrong = Regex::new(r"^(\d{1,2})[:. ](\d{1,2})(?:[: ](\d{1,2}))?( [AP]M)?$").expect("a pattern");
    let joined = Regex::new(r"^(\d{2}-[A-Z][a-z]{2}-\d{4})[-:T]?(\d{2}:\d{2})$").expect("a pattern");
    let moments = |day: &str, clock: &str| -> Vec<String> {
        // In either half of the year, by the offset that the clocks of the United Kingdom then have.
        let of = |offset| {
            Moment::parse(&format!("{}T{clock}:00{offset}", days(day).first()?)).map(|moment| moment.clinical())
        };
        ["Z", "+01:00"].into_iter().filter_map(of).collect()
    };
    for (is_right, line) in specimens(folder, "timedisplay.md") {
        if is_right {
            if let Some(found) = time.captures(&line) {
                let seconds = found.get(3).map_or("00", |seconds| seconds.as_str());
                let form = line.rsplit(' ').next().unwrap_or("");
                let given =
                    Clock::parse(&format!("{}:{}:{seconds}", &found[1], &found[2])).map(|clock| clock.clinical());
                comparison.note("time", true, form, given.as_deref() == Some(form), &given.unwrap_or_default());
            } else if let Some(found) = both.captures(&line) {
                let form = format!("{} {}", &found[1], &found[2]);
                let given = moments(&found[1], &found[2]);
                comparison.note("date and time", true, &form, given.contains(&form), &given.join(", "));
            } else if approximate.is_match(&line) {
                comparison.note("approximate time", true, &line, false, "");
            } else if let Some(found) = duration.captures(&line) {
                comparison.note("duration", true, &found[1], false, "");
            }
        } else if let Some(found) = wrong.captures(&line) {
            let part = |at| found.get(at).map_or("00", |part| part.as_str());
            let given = Clock::parse(&format!("{:0>2}:{:0>2}:{:0>2}", part(1), part(2), part(3)));
            let given = given.map(|clock| [clock.clinical(), clock.patient(Language::English)]).unwrap_or_default();
            comparison.note("time", false, &line, !given.contains(&line), &given.join(", "));
        } else if let Some(found) = joined.captures(&line) {
            let given = moments(&found[1], &found[2]);
            comparison.note("date and time", false, &line, !given.contains(&line), &given.join(", "));
        }
    }
}

fn telephones(folder: &Path, comparison: &mut Comparison) {
    let number = Regex::new(
        r"^(?:Where optional digits are omitted |Area Code Local Number )?([+(]?[0-9][0-9() ]{6,}(?:x\d+)?)$",
    )
    .expect("a pattern");
    for (is_right, line) in specimens(folder, "tele.md") {
        let Some(form) = number.captures(&line).map(|found| found[1].to_owned()) else { continue };
        let compact: String = form.chars().filter(|c| *c != ' ').collect();
        let as_sent = if form.starts_with('+') { form.clone() } else { compact };
        let given = if is_right { telephone(&as_sent) } else { telephone(&form) };
        comparison.note("telephone", is_right, &form, (given == form) == is_right, &given);
    }
}

fn names(core: &Careconnect, folder: &Path, comparison: &mut Comparison) {
    let right = Regex::new(r"^(?:.* )?([A-Z]{2,}), ([A-Z][a-z]+) \(([A-Z][a-z]+)\)$").expect("a pattern");
    let wrong = Regex::new(r"^[A-Z][a-z]+(?: [A-Z][a-z]+)+(?: \([A-Z][a-z]+\))?$").expect("a pattern");
    let shown = |family: &str, given: &str, title: &str| {
        let json = serde_json::json!({"family": family, "given": [given], "prefix": [title]}).to_string();
        formats::shown(core, "Patient", "name[]", &json, Audience::Clinical)
    };
    for (is_right, line) in specimens(folder, "patnamedisp.md") {
        if let Some(found) = right.captures(&line).filter(|_| is_right) {
            let family = found[1][..1].to_owned() + &found[1][1..].to_ascii_lowercase();
            let form = format!("{}, {} ({})", &found[1], &found[2], &found[3]);
            let given = shown(&family, &found[2], &found[3]);
            comparison.note("name", true, &form, given == form, &given);
        } else if !is_right && wrong.is_match(&line) && !line.contains("Name") && !line.contains("Use") {
            let words: Vec<&str> = line.split(' ').map(|word| word.trim_matches(['(', ')'])).collect();
            for (at, family) in words.iter().enumerate() {
                let given = shown(family, words[(at + 1) % words.len()], words[words.len() - 1]);
                comparison.note("name", false, &line, given != line, &given);
            }
        }
    }
}

/// The moment so long after the start of 2008: years by the calendar, the rest by the clock.
fn after(years: i64, days: i64, hours: i64, minutes: i64) -> String {
    let total = days * 1440 + hours * 60 + minutes;
    let (mut day, mut month, mut year) = (total / 1440, 1, 2008 + years);
    loop {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if day < length {
            break;
        }
        day -= length;
        (month, year) = if month == 12 { (1, year + 1) } else { (month + 1, year) };
    }
    format!("{year:04}-{month:02}-{:02}T{:02}:{:02}:00Z", day + 1, total % 1440 / 60, total % 60)
}

fn ages(core: &Careconnect, folder: &Path, comparison: &mut Comparison) {
    let text = std::fs::read_to_string(folder.join("patben.md")).expect("a document");
    let row = Regex::new(r"^(\d[0-9a-z ]+) [A-Z][a-z]+ [A-Z][a-z]+ ‘([^’]+)’$").expect("a pattern");
    for found in text.lines().filter_map(|line| row.captures(line.trim())) {
        let words: Vec<&str> = found[1].split(' ').collect();
        let of = |unit: &str| {
            let pair = words.chunks(2).find(|pair| pair.get(1).is_some_and(|word| word.trim_end_matches('s') == unit));
            pair.and_then(|pair| pair[0].parse::<i64>().ok()).unwrap_or(0)
        };
        let at = after(of("year"), of("day"), of("hour"), of("minute"));
        let given = formats::of_kind(core, "age", &format!("2008-01-01T00:00:00Z {at}"));
        comparison.note("age", true, &format!("{} {}", &found[1], &found[2]), given == found[2], &given);
    }
}

#[test]
fn common_user_interface() {
    let Some(folder) = suite("cui") else { return };
    let core = support::default_packs();
    let mut comparison = Comparison::new("cui");
    dates(&folder, &mut comparison);
    times(&folder, &mut comparison);
    telephones(&folder, &mut comparison);
    names(&core, &folder, &mut comparison);
    ages(&core, &folder, &mut comparison);
    let all: usize = comparison.counts.values().map(|[right, wrong, _]| right + wrong).sum();
    assert!(all > 100, "{all} examples");
    comparison.settle();
}

/// Numbers that a gloss writes in letters.
const NUMBERS: &[(&str, &str)] = &[
    ("once", "1"),
    ("one", "1"),
    ("twice", "2"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
];

/// The numbers of a text, months among them. `1` is left out: "daily", "a tablet" and "every hour" have one that is not
/// written. So are the numbers of our steps.
fn numbers(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let step = Regex::new(r"(?i)step \d+: ").expect("a pattern");
    let number = Regex::new(r"[A-Za-z]+[0-9]*|\d[\d,]*(?:\.\d+)?").expect("a pattern");
    for found in number.find_iter(&step.replace_all(text, "")) {
        let word = found.as_str().replace(',', "").to_ascii_lowercase();
        let known = NUMBERS.iter().find(|(name, _)| *name == word);
        out.extend(known.map(|(_, digits)| (*digits).to_owned()));
        let is_month = MONTHS.iter().any(|month| *month == found.as_str() || month[..3] == *found.as_str());
        out.extend(month(&word).filter(|_| is_month).map(|at| at.to_string()));
        out.extend(word.parse::<f64>().ok().map(|number| number.to_string()));
    }
    out.remove("1");
    out.remove("0");
    out
}

/// What a gloss says, and what our line must say then.
const MEANINGS: &[(&str, &str)] = &[
    (r"(?i)\b(as|when) required\b|\bPRN\b", r"as required"),
    (r"(?i)\bmax(imum)?\b|not exceed", r"(?i)\bmaximum\b"),
    (r"(?i)\boral(ly)?\b", r"(?i)\boral\b"),
    (r"(?i)\brectally\b", r"(?i)\brectal\b"),
    (r"(?i)\bs\.c\.|subcutaneous", r"(?i)\bsubcutaneous\b"),
    (r"\bIM\b", r"(?i)\bintramuscular\b"),
    (r"(?i)\bintravenous", r"(?i)\bintravenous\b"),
    (r"(?i)\binhal|nebuliser", r"(?i)\binhal|nebuliser"),
    (r"(?i)\bleft eye\b", r"(?i)\bleft eye\b"),
    (r"(?i)\bMondays?\b", r"\bMonday\b"),
    (r"(?i)\bWednesdays?\b", r"\bWednesday\b"),
    (r"(?i)\bThursdays?\b", r"\bThursday\b"),
    (r"(?i)\bFridays?\b", r"\bFriday\b"),
    (r"(?i)\bbreakfast\b", r"\bbreakfast\b"),
    (r"(?i)\blunch\b", r"\blunch\b"),
    (r"(?i)\bevening meal\b", r"\bdinner\b"),
    (r"(?i)\bbedtime\b", r"\bbefore sleep\b"),
    (r"(?i)\bin the morning\b", r"\bin the morning\b"),
    (r"(?i)\bonce a day\b|\bonce daily\b|\bdaily for\b|^daily$", r"\bonce a day\b|\bevery day\b"),
    (r"(?i)\btwice (a day|daily)\b", r"\btwice a day\b"),
    (r"(?i)\b(three|3) times (a day|daily)\b", r"\b3 times a day\b"),
    (r"(?i)\bfour times (a day|daily)\b", r"\b4 times a day\b"),
    (r"(?i)\bonce a week\b", r"\bonce a week\b"),
    (r"(?i)\bevery 4 hours\b", r"\bevery 4 hours\b"),
    (r"(?i)\bevery 6 hours\b", r"\bevery 6 hours\b"),
    (r"(?i)\bevery 8 hours\b", r"\bevery 8 hours\b"),
    (r"(?i)\bevery 12 hours\b", r"\bevery 12 hours\b"),
    (r"(?i)\bevery 3 months\b", r"\bevery 3 months\b"),
    (
        r"(?i)\d ?(mg|milligrams?)\b",
        r"\bmilligram\b|\bmg\b|\btablet\b|\bcapsule\b|\bpatch\b|\bampoule\b|^inject|^Apply",
    ),
    (r"(?i)\d ?(mcg|micrograms?)\b", r"\bmicrogram\b|\btablet\b"),
    (r"(?i)\bthen stop\b", r"\bThen stop\b"),
];

/// The comment before the dosages of an example, or before each part of one, and the dosages of it as XML.
fn glosses(text: &str) -> Vec<(String, String)> {
    let comment = Regex::new(r"(?s)<!--(.*?)-->").expect("a pattern");
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").trim_matches('"').to_owned();
    let comments: Vec<(String, usize, usize)> = comment
        .captures_iter(text)
        .map(|found| (tidy(&found[1]), found.get(0).expect("it").start(), found.get(0).expect("it").end()))
        .collect();
    if text.contains("<MedicationRequest")
        || text.contains("<MedicationStatement")
        || text.contains("<MedicationDispense")
    {
        let gloss: Vec<&str> =
            comments.iter().map(|(gloss, ..)| gloss.as_str()).filter(|gloss| !gloss.contains("file\"")).collect();
        let dosage = Regex::new(r"(?s)<dosageInstruction>.*?</dosageInstruction>").expect("a pattern");
        let all: String = dosage.find_iter(text).map(|found| found.as_str()).collect();
        return if gloss.is_empty() || all.is_empty() { Vec::new() } else { vec![(gloss.join(" "), all)] };
    }
    // A file of parts: each comment is about what follows it.
    let mut out = Vec::new();
    for (at, (gloss, _, end)) in comments.iter().enumerate() {
        let next = comments.get(at + 1).map_or(text.len(), |(_, start, _)| *start);
        let part = text[*end..next].trim();
        if part.starts_with('<') {
            out.push((gloss.clone(), format!("<dosageInstruction>{part}</dosageInstruction>")));
        }
    }
    out
}

#[test]
fn dose_syntax() {
    let Some(folder) = suite("dose") else { return };
    let core = support::default_packs();
    let mut comparison = Comparison::new("dose");
    let mut lines = String::new();
    for file in support::files(&folder, ".xml") {
        let text = std::fs::read_to_string(&file).expect("a readable example");
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        for (at, (gloss, dosages)) in glosses(&text).into_iter().enumerate() {
            let xml = format!("<MedicationRequest xmlns=\"http://hl7.org/fhir\">{dosages}</MedicationRequest>");
            let given = formats::dosages(&core, &xml);
            if given == "(empty)" {
                // A frame around a medicine, with a comment where its dosage would be.
                continue;
            }
            let key = format!("{name}#{at}");
            writeln!(lines, "{key}\n  {gloss}\n  {given}").expect("a string");
            // The strength of a product is no part of its dose: what stands before the first comma or full stop is its name.
            let product = Regex::new(r"^[A-Z][A-Za-z-]+( [^,.]*(\.\d[^,.]*)?)?(\([^)]*\))?[,.] ").expect("a pattern");
            let said = product.replace(&gloss, "").into_owned();
            let (theirs, ours) = (numbers(&said), numbers(&given));
            let missing: Vec<&String> = theirs.difference(&ours).collect();
            let more: Vec<&String> = ours.difference(&theirs).collect();
            let silent: Vec<&str> = MEANINGS
                .iter()
                .filter(|(gloss, line)| {
                    Regex::new(gloss).expect("a pattern").is_match(&said)
                        && !Regex::new(line).expect("a pattern").is_match(&given)
                })
                .map(|(gloss, _)| *gloss)
                .collect();
            let holds = missing.is_empty() && more.is_empty() && silent.is_empty();
            let why =
                format!("{given}; {gloss}; only the gloss has {missing:?}, only the line {more:?}, unsaid {silent:?}");
            comparison.note("gloss", true, &key, holds, &why);
        }
    }
    println!("{lines}");
    assert!(comparison.counts["gloss"][0] > 50, "the suite has its glosses");
    comparison.settle();
}
