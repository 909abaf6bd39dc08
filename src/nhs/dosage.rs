//! What the text of a dosage certainly says: how much and how often. Anything that could be read in two ways says nothing.

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DoseText {
    /// The amounts, each with its unit as [`Unit`] where one stands beside it.
    pub amounts: Vec<(f64, Option<Unit>)>,
    /// How often a day.
    pub per_day: Option<f64>,
    /// Whether it says "daily" or "a day" alone, which may be once, or be about all the amount of a day.
    pub is_bare: bool,
}

/// A unit in which medicines are counted or measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// Something counted: tablets, capsules, puffs.
    Count(&'static str),
    /// A mass, in milligrams.
    Mass(f64),
    /// A volume, in millilitres.
    Volume(f64),
}

impl Unit {
    /// The unit that a word names, in the singular or plural, or a code of UCUM.
    pub fn of(word: &str) -> Option<Unit> {
        const COUNTS: &[(&str, &[&str])] = &[
            ("tablet", &["tablet", "tablets", "tab", "tabs"]),
            ("capsule", &["capsule", "capsules", "cap", "caps"]),
            ("puff", &["puff", "puffs"]),
            ("drop", &["drop", "drops"]),
            ("sachet", &["sachet", "sachets"]),
            ("patch", &["patch", "patches"]),
            ("suppository", &["suppository", "suppositories"]),
            ("spray", &["spray", "sprays"]),
            ("lozenge", &["lozenge", "lozenges"]),
            ("pessary", &["pessary", "pessaries"]),
        ];
        let word = word.trim_end_matches('.');
        if let Some((name, _)) = COUNTS.iter().find(|(_, words)| words.contains(&word)) {
            return Some(Unit::Count(name));
        }
        Some(match word {
            "mg" | "milligram" | "milligrams" => Unit::Mass(1.0),
            "g" | "gram" | "grams" => Unit::Mass(1000.0),
            "microgram" | "micrograms" | "mcg" | "ug" | "µg" => Unit::Mass(0.001),
            "nanogram" | "nanograms" | "ng" => Unit::Mass(0.000_001),
            "ml" | "mls" | "millilitre" | "millilitres" => Unit::Volume(1.0),
            "l" | "litre" | "litres" => Unit::Volume(1000.0),
            _ => return None,
        })
    }
}

/// Reads the text of a dosage, in English.
pub fn read(text: &str) -> DoseText {
    let lower = text.to_lowercase();
    // What depends on something, changes, or leaves a choice is not read.
    const UNCERTAIN: &[&str] = &[
        "then",
        "reduce",
        "reducing",
        "increase",
        "increasing",
        "alternate",
        "or",
        "if",
        "followed",
        "first",
        "initially",
        "start",
        "starting",
        "up",
        "total",
        "divided",
        "and",
        "to",
        "per",
        "dose",
        "doses",
        "strength",
        "over",
    ];
    let words: Vec<&str> = words(&lower);
    let mut read = DoseText::default();
    let mut is_uncertain = false;
    // A limit is no dose.
    let end = limit(&words).unwrap_or(words.len());
    let words = &words[..end];
    for (at, word) in words.iter().enumerate() {
        // "to be taken", "per day" and "as a single dose" say nothing uncertain.
        let next = words.get(at + 1).copied().unwrap_or_default();
        let is_plain = matches!(
            (*word, next),
            ("to", "be") | ("per", "day" | "week" | "fortnight" | "month") | ("to", "the" | "both" | "each")
        );
        // "100ml/hour" is a rate.
        if word.contains('/') || UNCERTAIN.contains(word) && !is_plain {
            is_uncertain = true;
        }
    }
    if is_uncertain {
        return read;
    }
    (read.per_day, read.is_bare) = per_day(words).map_or((None, false), |(often, is_bare)| (Some(often), is_bare));
    read.amounts = amounts(words);
    read
}

/// The words of a text, numbers apart from the letters after them: "15ml" is two words.
fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for part in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']' | '-')) {
        let part = part.trim_matches(|c: char| matches!(c, '.' | '!' | '"' | '\'' | '*'));
        let digits = part.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(part.len());
        let (number, rest) = part.split_at(digits);
        out.extend([number, rest].into_iter().filter(|word| !word.is_empty()));
    }
    out
}

/// Where a limit starts: "maximum", "no more than".
fn limit(words: &[&str]) -> Option<usize> {
    words
        .iter()
        .position(|word| matches!(*word, "max" | "maximum" | "more" | "exceed" | "exceeding" | "least" | "minimum"))
}

fn number(word: &str) -> Option<f64> {
    const WORDS: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    if let Some(at) = WORDS.iter().position(|name| *name == word) {
        return Some(at as f64);
    }
    match word {
        "half" | "½" => Some(0.5),
        _ => word.starts_with(|c: char| c.is_ascii_digit()).then(|| word.parse().ok()).flatten(),
    }
}

/// The amounts that stand for a dose: before a unit, before "to be taken", or after "take".
fn amounts(words: &[&str]) -> Vec<(f64, Option<Unit>)> {
    let mut out = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(value) = number(word) else { continue };
        let after = words.get(at + 1).copied().unwrap_or_default();
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        if matches!(before, "every" | "for" | "at" | "of" | "x" | "after" | "within" | "day" | "over") {
            continue;
        }
        match Unit::of(after) {
            // "Two 5 ml spoonfuls" are 10 ml.
            Some(unit @ Unit::Volume(_)) if words.get(at + 2).is_some_and(|word| word.starts_with("spoonful")) => {
                out.push((value * number(before).unwrap_or(1.0), Some(unit)));
            }
            // "One 75mg tablet": the mass is the strength of what is counted.
            Some(Unit::Mass(_) | Unit::Volume(_))
                if words
                    .get(at + 2)
                    .is_some_and(|word| matches!(Unit::of(word), Some(Unit::Count(_))) || *word == "/") => {}
            Some(unit) => out.push((value, Some(unit))),
            None => {
                let is_counted =
                    words[at + 1..].iter().take(4).position(|word| matches!(Unit::of(word), Some(Unit::Count(_))));
                let is_strength = words.get(at + 2).and_then(|word| Unit::of(word)).is_some();
                if let Some(far) = is_counted
                    && is_strength
                    && number(after).is_some()
                {
                    let unit = words.get(at + 1 + far).and_then(|word| Unit::of(word));
                    out.push((value, unit));
                } else if after == "to"
                    || before == "take" && matches!(after, "" | "daily" | "each" | "every" | "once" | "twice" | "at")
                {
                    out.push((value, None));
                }
            }
        }
    }
    out
}

/// How often a day, if the text says so once, or the same each time.
fn per_day(words: &[&str]) -> Option<(f64, bool)> {
    let mut found: Vec<f64> = Vec::new();
    let mut is_bare = false;
    let mut at = 0;
    while at < words.len() {
        let rest = &words[at..];
        let (value, length) = match rest {
            ["once", "daily" | "weekly" | "fortnightly" | "monthly", ..] => (period(rest[1]), 2),
            ["twice", "daily", ..] => (Some(2.0), 2),
            ["twice", "weekly", ..] => (Some(2.0 / 7.0), 2),
            ["once", "every", count, ..] if number(count).is_some() => (None, 1),
            ["once", "a" | "per" | "each" | "every", unit, ..] if !matches!(*unit, "other" | "second" | "third") => {
                (period(unit), 3)
            }
            ["twice", "a" | "per" | "each" | "every", unit, ..] => (period(unit).map(|often| often * 2.0), 3),
            [count, "times", "a" | "per" | "each" | "every", unit, ..] => {
                (number(count).zip(period(unit)).map(|(count, often)| count * often), 4)
            }
            [count, "times", unit @ ("daily" | "weekly"), ..] => {
                (number(count).zip(period(unit)).map(|(count, often)| count * often), 3)
            }
            [count, "days" | "day", "a" | "per" | "each" | "every", unit @ ("week" | "fortnight" | "month"), ..] => {
                (number(count).zip(period(unit)).map(|(count, often)| count * often), 4)
            }
            ["once", "every", "other" | "second" | "third", unit @ ("day" | "week"), ..] => {
                (period(unit).map(|often| often / nth(rest[2])), 4)
            }
            ["every", "other" | "second" | "third", unit @ ("day" | "week"), ..] => {
                (period(unit).map(|often| often / nth(rest[1])), 3)
            }
            // "Two weekly" is two of them each week, or one every two weeks.
            [count, "weekly" | "fortnightly" | "monthly", ..] if number(count).is_some_and(|count| count > 1.0) => {
                (None, 2)
            }
            ["every", count, "hours" | "hourly", ..] => (number(count).map(|hours| 24.0 / hours), 3),
            ["every", count, "days", ..] => (number(count).map(|days| 1.0 / days), 3),
            ["every", count, "weeks", ..] => (number(count).map(|weeks| 1.0 / (7.0 * weeks)), 3),
            [count, "hourly", ..] => (number(count).map(|hours| 24.0 / hours), 2),
            ["each" | "every" | "a" | "per", unit @ ("day" | "week" | "month"), ..] => (period(unit), 2),
            ["each" | "every", "morning" | "evening" | "night", ..] => (Some(1.0), 2),
            ["at" | "in", "night" | "bedtime", ..] => (Some(1.0), 2),
            ["in", "the", "morning" | "evening", ..] => (Some(1.0), 3),
            ["daily", ..] => (Some(1.0), 1),
            ["weekly", ..] => (Some(1.0 / 7.0), 1),
            ["fortnightly", ..] => (Some(1.0 / 14.0), 1),
            ["od" | "om" | "on" | "mane" | "nocte", ..] if rest.len() == 1 => (Some(1.0), 1),
            ["bd" | "bid", ..] => (Some(2.0), 1),
            ["tds" | "tid", ..] => (Some(3.0), 1),
            ["qds" | "qid", ..] => (Some(4.0), 1),
            _ => (None, 1),
        };
        is_bare |=
            matches!(rest, ["daily" | "weekly", ..] | ["a" | "each" | "every" | "per", "day" | "week" | "month", ..]);
        found.extend(value.filter(|often| often.is_finite() && *often > 0.0));
        at += length;
    }
    // Said twice, in whatever way, it may be meant to be added up.
    match found[..] {
        [only] => Some((only, is_bare)),
        _ => None,
    }
}

/// Every how many days or weeks: "other" is every second.
fn nth(word: &str) -> f64 {
    if word == "third" { 3.0 } else { 2.0 }
}

fn period(unit: &str) -> Option<f64> {
    match unit {
        "day" | "daily" => Some(1.0),
        "week" | "weekly" => Some(1.0 / 7.0),
        "fortnight" | "fortnightly" => Some(1.0 / 14.0),
        "hour" => Some(24.0),
        "month" | "monthly" => Some(1.0 / 30.0),
        _ => None,
    }
}
