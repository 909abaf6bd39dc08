//! What the text of a dose says: amounts with their units, how often a day, for how long. A text counts as understood only
//! if nothing is left over that is not known to be neutral.

pub use super::measure::{Measure, Unit, is_same};
use super::words::{Token, stem, tokens};

/// What a text says of a dose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dose {
    /// What is taken each time.
    pub amounts: Vec<Measure>,
    /// The strength of what is counted: 75 mg in "one 75mg tablet".
    pub strengths: Vec<Measure>,
    /// How often a day: the least and the most.
    pub per_day: Vec<(f64, f64)>,
    /// For how many days.
    pub days: Vec<f64>,
    /// Only as required, or as directed.
    pub is_open: bool,
    /// Whether it says "daily" or "a day" alone, which may be once, or be about all that is taken on a day.
    pub is_bare: bool,
    /// Whether it has a limit: a maximum is no dose.
    pub has_limit: bool,
    /// The words that were not understood.
    pub unknown: usize,
}

impl Dose {
    /// Whether all of the text was understood and leaves nothing open.
    pub fn is_certain(&self) -> bool {
        self.unknown == 0 && !self.is_open
    }
}

/// Reads the text of a dose, in English.
pub fn read(text: &str) -> Dose {
    read_tokens(&tokens(text))
}

/// The same of tokens.
pub fn read_tokens(tokens: &[Token]) -> Dose {
    let tokens = &with_abbreviations(tokens)[..];
    let mut reader = Reader { tokens, at: 0, dose: Dose::default(), often_until: None };
    while reader.at < tokens.len() {
        reader.step();
    }
    reader.dose
}

/// The tokens with each abbreviation that is written with full stops, such as "t.d.s.", as one word.
fn with_abbreviations(tokens: &[Token]) -> Vec<Token> {
    let letter = |at: usize| tokens.get(at)?.word().filter(|word| word.chars().count() == 1);
    let is_stop = |at: usize| tokens.get(at) == Some(&Token::Sign('.'));
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let Some(first) = letter(at).filter(|_| is_stop(at + 1) && letter(at + 2).is_some()) else {
            out.push(token.clone());
            at += 1;
            continue;
        };
        let mut word = first.to_owned();
        at += 1;
        while is_stop(at)
            && let Some(next) = letter(at + 1)
        {
            word.push_str(next);
            at += 2;
        }
        at += usize::from(is_stop(at));
        out.push(Token::Word(word));
    }
    out
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
    dose: Dose,
    /// Where the last frequency ended.
    often_until: Option<usize>,
}

impl<'t> Reader<'t> {
    fn word(&self, ahead: usize) -> &'t str {
        self.tokens.get(self.at + ahead).and_then(Token::word).unwrap_or_default()
    }

    fn sign(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Sign(sign)) => Some(*sign),
            _ => None,
        }
    }

    fn number(&self, ahead: usize) -> Option<f64> {
        number(self.tokens.get(self.at + ahead)?)
    }

    /// A number or a range of two, and how many tokens it takes.
    fn range(&self, ahead: usize) -> Option<(f64, f64, usize)> {
        let low = self.number(ahead)?;
        // "One and a half", "1 and 1/2".
        if self.word(ahead + 1) == "and" && self.word(ahead + 2) == "a" && self.word(ahead + 3) == "half" {
            return Some((low + 0.5, low + 0.5, 4));
        }
        if self.sign(ahead + 1) == Some('/') {
            if let Some(whole) = self.number(ahead + 2).filter(|whole| *whole > low) {
                return Some((low / whole, low / whole, 3));
            }
        }
        let joined = matches!(self.word(ahead + 1), "to" | "or") || matches!(self.sign(ahead + 1), Some('-' | '–'));
        match self.number(ahead + 2).filter(|high| joined && *high >= low) {
            Some(high) => Some((low, high, 3)),
            None => Some((low, low, 1)),
        }
    }

    fn unit(&self, ahead: usize) -> Option<Unit> {
        match self.tokens.get(self.at + ahead)? {
            Token::Word(word) => Unit::of(word),
            Token::Sign('%') => Some(Unit::Percent),
            _ => None,
        }
    }

    fn step(&mut self) {
        let taken = self.limit().or_else(|| self.frequency()).or_else(|| self.duration()).or_else(|| self.amount());
        if let Some(taken) = taken {
            self.at += taken.max(1);
            return;
        }
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => {
                let open = match &**word {
                    "prn" => 1,
                    "as" | "when" | "if"
                        if matches!(
                            self.word(1),
                            "required" | "needed" | "directed" | "necessary" | "before" | "advised" | "instructed"
                        ) =>
                    {
                        2
                    }
                    "according" => 1,
                    "requirements" => 1,
                    _ => 0,
                };
                if open > 0 {
                    self.dose.is_open = true;
                    self.at += open;
                    return;
                }
                if !is_neutral(word) {
                    self.dose.unknown += 1;
                }
            }
            Some(Token::Number(_)) => self.dose.unknown += 1,
            _ => {}
        }
        self.at += 1;
    }

    /// "Maximum 8 tablets in 24 hours", "no more than 4 doses a day", "up to".
    fn limit(&mut self) -> Option<usize> {
        let first = self.word(0);
        let opens = match first {
            "max" | "maximum" => 1,
            "no" | "not" if self.word(1) == "more" => 3,
            "do" if self.word(1) == "not" => 2,
            "not" if self.word(1) == "exceed" || self.word(2) == "exceed" => 2,
            "up" if self.word(1) == "to" => 2,
            "at" if self.word(1) == "least" => 2,
            "minimum" => 1,
            _ => return None,
        };
        let mut ahead = opens;
        // To the end of the clause.
        while let Some(token) = self.tokens.get(self.at + ahead) {
            if matches!(token, Token::Sign('.' | ';' | ',' | '(' | ')')) {
                break;
            }
            ahead += 1;
        }
        self.dose.has_limit = true;
        Some(ahead)
    }

    /// "For 7 days", "for one week".
    fn duration(&mut self) -> Option<usize> {
        if self.word(0) != "for" {
            return None;
        }
        let (low, high, taken) = self.range(1)?;
        let days = match stem(self.word(1 + taken)) {
            "day" => 1.0,
            "week" => 7.0,
            "month" => 30.0,
            "year" => 365.0,
            "hour" | "minute" | "hr" | "min" => 0.0,
            _ => return None,
        };
        if days > 0.0 && is_same(low, high) {
            self.dose.days.push(low * days);
        } else {
            self.dose.unknown += 1;
        }
        Some(2 + taken)
    }

    /// How often.
    fn frequency(&mut self) -> Option<usize> {
        let (low, high, taken, is_bare) = self.how_often()?;
        let goes_on = self.often_until == Some(self.at) && self.is_when();
        self.often_until = Some(self.at + taken);
        // "Once a week on Mondays", "once a day at night": when it is taken, not how often once more.
        if goes_on
            && let Some((least, most)) = self.dose.per_day.last()
            && (is_same(*least, low) && is_same(*most, high) || *most <= 1.0 && low >= 1.0)
        {
            self.dose.is_bare = false;
            return Some(taken);
        }
        if low.is_finite() && high.is_finite() && low > 0.0 {
            self.dose.per_day.push((low, high));
            self.dose.is_bare |= is_bare;
        }
        Some(taken)
    }

    /// Whether what comes next says how often: "three times a day" after "one". "2 weekly" may be every two weeks.
    fn is_often(&self, ahead: usize) -> bool {
        if matches!(self.word(ahead), "weekly" | "monthly" | "hourly") {
            return false;
        }
        let ahead = ahead + usize::from(self.sign(ahead) == Some(','));
        let rest = Reader { tokens: self.tokens, at: self.at + ahead, dose: Dose::default(), often_until: None };
        rest.how_often().is_some()
    }

    /// Whether the next words say at what time or on which day.
    fn is_when(&self) -> bool {
        match self.word(0) {
            "on" => is_weekday(self.word(1)),
            "at" | "in" | "before" | "mane" | "nocte" | "om" => true,
            "every" | "each" => matches!(self.word(1), "morning" | "evening" | "night" | "bedtime"),
            _ => false,
        }
    }

    fn how_often(&self) -> Option<(f64, f64, usize, bool)> {
        let word = |ahead| self.word(ahead);
        let exact = |often: f64, taken: usize| Some((often, often, taken, false));
        match word(0) {
            "once" | "twice" | "thrice" => {
                let count = match word(0) {
                    "once" => 1.0,
                    "twice" => 2.0,
                    _ => 3.0,
                };
                if let Some(often) = adverb(word(1)) {
                    return exact(count * often, 2);
                }
                if let Some(often) = other_period(word(1), word(2), word(3)) {
                    return exact(count * often, 4);
                }
                if matches!(word(1), "a" | "per" | "each" | "every" | "in") {
                    if let Some(often) = period(word(2)) {
                        return exact(count * often, 3);
                    }
                    if let Some(count_of) = self.number(2)
                        && let Some(often) = period(word(3))
                    {
                        return exact(count * often / count_of, 4);
                    }
                }
                if self.sign(1) == Some('/') && period(word(2)).is_some() {
                    return exact(count * period(word(2))?, 3);
                }
                return None;
            }
            "od" => return exact(1.0, 1),
            "om" | "mane" | "nocte" => return exact(1.0, 1),
            "bd" | "bid" => return exact(2.0, 1),
            "tds" | "tid" => return exact(3.0, 1),
            "qds" | "qid" => return exact(4.0, 1),
            "daily" => return Some((1.0, 1.0, 1, true)),
            "weekly" => return Some((1.0 / 7.0, 1.0 / 7.0, 1, true)),
            "monthly" => return Some((1.0 / 30.0, 1.0 / 30.0, 1, true)),
            "fortnightly" => return exact(1.0 / 14.0, 1),
            "hourly" => return exact(24.0, 1),
            "alternate" if stem(word(1)) == "day" => return exact(0.5, 2),
            "on" if word(1) == "alternate" && stem(word(2)) == "day" => return exact(0.5, 3),
            "on" if is_weekday(word(1)) => {
                let (mut taken, mut days) = (2, 1.0);
                loop {
                    let joint = usize::from(self.sign(taken) == Some(',') || word(taken) == "and");
                    if !is_weekday(word(taken + joint)) {
                        break;
                    }
                    taken += joint + 1;
                    days += 1.0;
                }
                return exact(days / 7.0, taken);
            }
            "each" | "every" | "a" | "per" | "q" => {
                if let Some(often) = other_period("every", word(1), word(2)) {
                    return exact(often, 3);
                }
                if matches!(word(1), "morning" | "evening" | "night" | "bedtime") {
                    return exact(1.0, 2);
                }
                if is_weekday(word(1)) {
                    return exact(1.0 / 7.0, 2);
                }
                if let Some(often) = period(word(1)) {
                    return Some((often, often, 2, true));
                }
                let (low, high, taken) = self.range(1)?;
                let often = period(word(1 + taken)).or_else(|| adverb(word(1 + taken)))?;
                return Some((often / high, often / low, 2 + taken, false));
            }
            "at" | "in" if matches!(word(1), "night" | "bedtime" | "teatime" | "lunchtime" | "breakfast") => {
                return exact(1.0, 2);
            }
            "in" | "at" if word(1) == "the" && matches!(word(2), "morning" | "evening" | "afternoon" | "night") => {
                return exact(1.0, 3);
            }
            "before" if word(1) == "bed" || word(1) == "breakfast" => return exact(1.0, 2),
            _ => {}
        }
        let (low, high, taken) = self.range(0)?;
        if matches!(word(taken), "times" | "time" | "x") {
            let next = taken + 1;
            if let Some(often) = adverb(word(next)) {
                return Some((low * often, high * often, next + 1, false));
            }
            if matches!(word(next), "a" | "per" | "each" | "every") || self.sign(next) == Some('/') {
                if let Some(often) = period(word(next + 1)) {
                    return Some((low * often, high * often, next + 2, false));
                }
            }
            return None;
        }
        // "Three days a week".
        if matches!(word(taken), "day" | "days") && matches!(word(taken + 1), "a" | "per" | "each" | "every") {
            let often = period(word(taken + 2)).filter(|often| *often < 1.0)?;
            return Some((low * often, high * often, taken + 3, false));
        }
        if matches!(word(taken), "hourly" | "hrly") {
            return Some((24.0 / high, 24.0 / low, taken + 1, false));
        }
        if self.sign(taken) == Some('/') && matches!(word(taken + 1), "day" | "d") {
            return Some((low, high, taken + 2, false));
        }
        None
    }

    /// How much.
    fn amount(&mut self) -> Option<usize> {
        let (low, high, taken) = self.range(0)?;
        // A time of the day, a percentage of something, an age.
        if self.sign(taken) == Some(':') {
            self.dose.unknown += 1;
            return Some(taken + 2);
        }
        let measure = |unit| Measure { low, high, unit };
        let mut next = taken;
        let times = self.word(next) == "x" || self.sign(next) == Some('×') || self.sign(next) == Some('*');
        if times {
            next += 1;
        }
        if let Some(unit) = self.unit(next) {
            if times {
                return Some(next);
            }
            let is_strength = self.unit(next + 1).is_some_and(|after| matches!(after, Unit::Piece(_)))
                && !matches!(unit, Unit::Piece(_));
            if is_strength {
                self.dose.strengths.push(measure(Some(unit)));
                return Some(next + 1);
            }
            // "20mg/ml" is a strength; "100ml/hour" a rate.
            if self.sign(next + 1) == Some('/') {
                let per = self.word(next + 2);
                // "8mg/500mg": two strengths of one product.
                if self.number(next + 2).is_some() {
                    self.dose.strengths.push(measure(Some(unit)));
                    return Some(next + 2);
                }
                if period(per).is_some() || matches!(per, "hr" | "min" | "minute" | "hours") {
                    self.dose.unknown += 1;
                }
                self.dose.strengths.push(measure(Some(unit)));
                return Some(next + 3);
            }
            self.dose.amounts.push(measure(Some(unit)));
            return Some(next + 1);
        }
        // "Two 75mg tablets", "2 x 800mg", "two 5ml spoonfuls".
        if let Some((low_of, high_of, taken_of)) = self.range(next)
            && let Some(unit) = self.unit(next + taken_of)
        {
            let after = next + taken_of + 1;
            let of = Measure { low: low_of, high: high_of, unit: Some(unit) };
            match self.unit(after) {
                Some(Unit::Piece("spoonful")) => {
                    let (low, high) = (low * low_of, high * high_of);
                    self.dose.amounts.push(Measure { low, high, unit: Some(unit) });
                    return Some(after + 1);
                }
                Some(piece @ Unit::Piece(_)) => {
                    self.dose.amounts.push(measure(Some(piece)));
                    self.dose.strengths.push(of);
                    return Some(after + 1);
                }
                _ if times => {
                    self.dose.amounts.push(measure(None));
                    self.dose.strengths.push(of);
                    return Some(after);
                }
                _ => {}
            }
        }
        // "One to be taken", "take one daily".
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).and_then(Token::word);
        let is_taken = self.word(taken) == "to" && self.word(taken + 1) == "be";
        let is_last = self.tokens.get(self.at + taken).is_none();
        let is_dose = is_taken
            || matches!(before, Some("take" | "apply" | "use" | "insert" | "inhale" | "dose" | "instil"))
            || before.is_none() && (is_last || self.is_often(taken));
        if is_dose {
            self.dose.amounts.push(measure(None));
            return Some(taken);
        }
        None
    }
}

/// A number in digits or words.
pub fn number(token: &Token) -> Option<f64> {
    const WORDS: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    match token {
        Token::Number(value) => Some(*value),
        Token::Word(word) if word == "half" => Some(0.5),
        Token::Word(word) => WORDS.iter().position(|name| name == word).map(|at| at as f64),
        Token::Sign(_) => None,
    }
}

/// How often a day, of once in a period.
fn period(word: &str) -> Option<f64> {
    Some(match stem(word) {
        "day" | "daily" | "d" => 1.0,
        "week" | "weekly" | "wk" => 1.0 / 7.0,
        "fortnight" => 1.0 / 14.0,
        "month" | "monthly" => 1.0 / 30.0,
        "year" => 1.0 / 365.0,
        "hour" | "hourly" | "hr" | "hrly" | "h" => 24.0,
        _ => return None,
    })
}

/// "Every other day", "every third week".
fn other_period(every: &str, which: &str, unit: &str) -> Option<f64> {
    let nth = match which {
        "other" | "second" | "alternate" => 2.0,
        "third" => 3.0,
        _ => return None,
    };
    (every == "every" && matches!(unit, "day" | "week")).then(|| period(unit)).flatten().map(|often| often / nth)
}

fn adverb(word: &str) -> Option<f64> {
    match word {
        "daily" | "weekly" | "monthly" | "hourly" => period(word),
        "fortnightly" => Some(1.0 / 14.0),
        "nightly" => Some(1.0),
        _ => None,
    }
}

fn is_weekday(word: &str) -> bool {
    matches!(stem(word), "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")
}

/// Words that change neither how much nor how often.
fn is_neutral(word: &str) -> bool {
    const NEUTRAL: &[&str] = &[
        "abdominal",
        "anterior",
        "applied",
        "around",
        "device",
        "dialysis",
        "diluted",
        "empty",
        "given",
        "infusion",
        "injections",
        "intravenously",
        "lips",
        "metered",
        "nebulised",
        "nebuliser",
        "shoulder",
        "stomach",
        "via",
        "wall",
        "well",
        "a",
        "an",
        "and",
        "affected",
        "after",
        "amount",
        "apply",
        "area",
        "areas",
        "be",
        "bed",
        "before",
        "both",
        "breakfast",
        "by",
        "chew",
        "chewed",
        "direction",
        "directions",
        "dissolve",
        "dissolved",
        "dose",
        "ear",
        "ears",
        "eye",
        "eyes",
        "fluid",
        "food",
        "full",
        "glass",
        "im",
        "in",
        "inhale",
        "inhaled",
        "inject",
        "injected",
        "injection",
        "insert",
        "inserted",
        "instil",
        "instilled",
        "intramuscular",
        "intramuscularly",
        "intravenous",
        "into",
        "is",
        "it",
        "iv",
        "left",
        "meal",
        "meals",
        "milk",
        "mouth",
        "nasal",
        "nostril",
        "nostrils",
        "of",
        "off",
        "oral",
        "orally",
        "os",
        "per",
        "place",
        "plenty",
        "po",
        "pr",
        "pv",
        "put",
        "rectally",
        "right",
        "sc",
        "skin",
        "soluble",
        "sparingly",
        "strength",
        "subcut",
        "subcutaneous",
        "subcutaneously",
        "sublingual",
        "suck",
        "swallow",
        "swallowed",
        "take",
        "taken",
        "the",
        "them",
        "therapy",
        "thin",
        "thinly",
        "this",
        "to",
        "together",
        "tongue",
        "topical",
        "topically",
        "under",
        "use",
        "used",
        "using",
        "via",
        "water",
        "whole",
        "with",
        "your",
        "th",
        "st",
        "nd",
        "rd",
        "at",
        "on",
        "same",
        "time",
        "regularly",
        "medicine",
        "route",
    ];
    NEUTRAL.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn often(text: &str) -> Option<f64> {
        match read(text).per_day[..] {
            [(low, high)] if is_same(low, high) => Some(low),
            _ => None,
        }
    }

    #[test]
    fn frequencies_are_fractions_of_a_day() {
        for (text, expected) in [
            ("Take one 75mg tablet once a day.", 1.0),
            ("Take two 100 mg tablets daily", 1.0),
            ("1 bd", 2.0),
            ("one tds", 3.0),
            ("2 drops, 4 times a day", 4.0),
            ("every 6 hours", 4.0),
            ("6 hourly", 4.0),
            ("four tablets once a WEEK", 1.0 / 7.0),
            ("on Mondays", 1.0 / 7.0),
            ("on alternate days", 0.5),
            ("every other day", 0.5),
            ("once every third day", 1.0 / 3.0),
            ("three days a week", 3.0 / 7.0),
            ("one at night", 1.0),
            ("three times daily", 3.0),
            ("one three times a day", 3.0),
            ("1 4 times daily", 4.0),
            ("two, three times each day", 3.0),
            ("2 8 hourly", 3.0),
            ("1 q8h", 3.0),
            ("1 t.d.s.", 3.0),
            ("one capsule b.d", 2.0),
            ("1 thrice weekly", 3.0 / 7.0),
        ] {
            assert!(often(text).is_some_and(|often| is_same(often, expected)), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn amounts_have_their_unit_and_strength() {
        let tablet = Some(Unit::Piece("tablet"));
        let measure = |value, unit| Measure { low: value, high: value, unit };
        for (text, amount) in [
            ("Take one 75mg tablet once a day.", measure(1.0, tablet)),
            ("Take two 100 mg tablets daily", measure(2.0, tablet)),
            ("3 x 800mg once a day", measure(3.0, None)),
            ("two 5ml spoonfuls", measure(10.0, Some(Unit::Volume(1.0)))),
            ("1/2 tablet", measure(0.5, tablet)),
            ("½ tablet", measure(0.5, tablet)),
            ("One to be taken each day", measure(1.0, None)),
            ("one three times a day", measure(1.0, None)),
            ("Take two, four times a day", measure(2.0, None)),
            ("2 q.d.s.", measure(2.0, None)),
            ("500 micrograms", measure(500.0, Some(Unit::Mass(0.001)))),
        ] {
            assert_eq!(read(text).amounts, [amount], "{text}");
        }
        let range = read("1-2 tablets up to four times a day");
        assert_eq!((range.amounts[0].low, range.amounts[0].high, range.has_limit), (1.0, 2.0, true));
    }

    #[test]
    fn what_is_not_understood_is_counted() {
        assert!(read("Take one tablet twice a day with food").is_certain());
        assert!(!read("Reduce by one tablet a week").is_certain());
        assert!(!read("one as required").is_certain());
        assert!(!read("one at 08:00").is_certain());
    }

    #[test]
    fn what_could_be_read_in_two_ways_says_nothing() {
        let is_plain = |text: &str| {
            let read = read(text);
            read.is_certain() && read.amounts.len() == 1 && read.per_day.len() == 1
        };
        for text in [
            "One Or Two To Be Taken Four Times A Day When Required",
            "4 tablets once daily for 5 days then reduce as directed",
            "One To Be Taken Every Four To Six Hours When Required",
            "One in the morning and two at night",
            "100mls per hour for 10 hours daily",
            "Use As Directed",
            "2 weekly",
            "",
        ] {
            assert!(!is_plain(text), "{text}: {:?}", read(text));
        }
        for text in [
            "One To Be Taken Each Day",
            "Two tablets to be taken twice a day",
            "One capsule to be taken three times a day for 7 days",
            "15ml twice daily",
            "500 micrograms every 8 hours",
            "2 puffs qds",
            "one tablet weekly",
            "1-2 tablets daily",
            "one three times a day",
            "1 t.d.s.",
            "one and a half tablets daily",
            "1 tablet four times a day, maximum 8 tablets in 24 hours",
        ] {
            assert!(is_plain(text), "{text}: {:?}", read(text));
        }
        assert!(read("Two tablets daily").is_bare && !read("Two tablets twice a day").is_bare);
    }
}
