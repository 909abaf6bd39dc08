//! What callers hand over besides a resource, whatever language they write in: the options of calls, each call's in one table,
//! from which it is also said which there are; and what is wrong with them, as a mistake with a code that stays.

use crate::check::{self, did_you_mean};
use crate::primitive::Date;
use crate::render::language::Language;
use crate::render::{As, Audience, Mode, Options, View};
use crate::version::Version;
use crate::view;
use serde_json::Value;

/// What kind of mistake an error is about: `error.code` in JavaScript and Python. A code is never given another meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// An argument or option is not what the call takes.
    Argument,
    /// A pack is damaged or of another version.
    Pack,
    /// A file is not as a release of its kind has it.
    Release,
    /// There is not just one patient.
    NotOnePatient,
    /// A fault of careconnect's own.
    Internal,
}

impl Code {
    /// The code as callers see it.
    pub fn text(self) -> &'static str {
        match self {
            Code::Argument => "invalid-argument",
            Code::Pack => "invalid-pack",
            Code::Release => "invalid-release",
            Code::NotOnePatient => "not-one-patient",
            Code::Internal => "internal-error",
        }
    }
}

/// What is wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Of which kind it is.
    pub code: Code,
    /// What is wrong, in a sentence.
    pub words: String,
}

impl Mistake {
    /// An argument that is not what the call takes.
    pub fn argument(words: impl Into<String>) -> Self {
        Mistake { code: Code::Argument, words: words.into() }
    }
}

/// A value as a caller's language has it.
pub trait Given: Sized {
    /// Text.
    fn text(&self) -> Option<String>;
    /// `true` or `false`.
    fn boolean(&self) -> Option<bool>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// The items of a list.
    fn items(&self) -> Option<Vec<Self>>;
    /// The entries of an object as one writes it down, without those that count as left out; nothing for any other value.
    ///
    /// # Errors
    /// An entry cannot be read.
    fn entries(&self) -> Result<Option<Vec<(String, Self)>>, Mistake>;
    /// A part of any object; nothing where it has none of the name, or is no object.
    ///
    /// # Errors
    /// The part cannot be read.
    fn part(&self, name: &str) -> Result<Option<Self>, Mistake>;
    /// A resource: its bytes.
    fn bytes(&self) -> Option<Vec<u8>>;
    /// Whether it says that nothing is given.
    fn is_nothing(&self) -> bool;
    /// What it is, for the end of a sentence.
    fn what(&self) -> String;
}

impl Given for Value {
    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }

    fn entries(&self) -> Result<Option<Vec<(String, Self)>>, Mistake> {
        let owned = |(name, value): (&String, &Value)| (name.clone(), value.clone());
        Ok(self.as_object().map(|object| object.iter().map(owned).collect()))
    }

    fn part(&self, name: &str) -> Result<Option<Self>, Mistake> {
        Ok(self.get(name).cloned())
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        self.text().map(String::into_bytes)
    }

    fn is_nothing(&self) -> bool {
        self.is_null()
    }

    fn what(&self) -> String {
        let what = match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        what.to_owned()
    }
}

/// Reads the options that are given by a table of names and what each does with its value; `if` says of one whether this call
/// takes it.
macro_rules! read_options {
    ($given:expr, $value:ident, { $($name:literal $(if $taken:expr)? => $act:expr),+ $(,)? }) => {
        for (name, $value) in $crate::options::entries($given)? {
            match name.as_str() {
                $($name $(if $taken)? => $act,)+
                _ => {
                    let all = [$(($name, true $(&& $taken)?)),+];
                    let known: Vec<&str> = all.iter().filter(|(_, taken)| *taken).map(|(name, _)| *name).collect();
                    return Err($crate::options::unknown_option(&name, &known));
                }
            }
        }
    };
}
pub(crate) use read_options;

/// The options that are given.
pub(crate) fn entries<G: Given>(options: &G) -> Result<Vec<(String, G)>, Mistake> {
    if options.is_nothing() {
        return Ok(Vec::new());
    }
    let words = || format!("The options are a plain object; this is {}.", options.what());
    options.entries()?.ok_or_else(|| Mistake::argument(words()))
}

/// That there is no such option: `known` are those that there are, which whoever passes further ones on adds to.
pub(crate) fn unknown_option(name: &str, known: &[&str]) -> Mistake {
    let hint = did_you_mean(name, known.iter().copied());
    Mistake::argument(format!("There is no option '{name}' here.{hint} The options are: {}.", known.join(", ")))
}

/// The bytes of an input, which is to be a `kind`. An object has been written out as JSON before it comes here.
pub(crate) fn bytes<G: Given>(kind: &str, input: &G) -> Result<Vec<u8>, Mistake> {
    input.bytes().ok_or_else(|| {
        let what = input.what();
        let words = format!("A {kind} is a string, a Uint8Array or an object with its resourceType; this is {what}.");
        Mistake::argument(words)
    })
}

/// A day as text. A point in time is refused: which day it is depends on a time zone that it does not say.
pub(crate) fn date<G: Given>(name: &str, value: &G) -> Result<String, Mistake> {
    let is_date = |text: &String| {
        let form = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
        text.len() == 10 && text.bytes().enumerate().all(form)
    };
    let is_day = |text: &String| is_date(text) && Date::parse(text).is_some();
    let words = || format!("The option '{name}' is a day as text, for example \"2026-02-28\".");
    value.text().filter(is_day).ok_or_else(|| Mistake::argument(words()))
}

pub(crate) fn strings<G: Given>(name: &str, value: &G) -> Result<Vec<String>, Mistake> {
    let not_one = || Mistake::argument(format!("The option '{name}' is an array of strings."));
    let items = value.items().ok_or_else(not_one)?;
    items.iter().map(|item| item.text().ok_or_else(not_one)).collect()
}

pub(crate) fn word<G: Given>(name: &str, value: &G) -> Result<String, Mistake> {
    let words = || format!("The option '{name}' is text; this is {}.", value.what());
    value.text().ok_or_else(|| Mistake::argument(words()))
}

pub(crate) fn boolean<G: Given>(name: &str, value: &G) -> Result<bool, Mistake> {
    let words = || format!("The option '{name}' is true or false; this is {}.", value.what());
    value.boolean().ok_or_else(|| Mistake::argument(words()))
}

pub(crate) fn choose<G: Given, T: Copy>(name: &str, value: &G, choices: &[(&str, T)]) -> Result<T, Mistake> {
    let text = value.text();
    if let Some((_, choice)) = choices.iter().find(|(word, _)| Some(*word) == text.as_deref()) {
        return Ok(*choice);
    }
    let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
    let found = text.map_or_else(|| value.what(), |text| format!("'{text}'"));
    Err(Mistake::argument(format!("The option '{name}' is one of {}; this is {found}.", words.join(", "))))
}

/// The options of a validation.
pub(crate) fn validate_options<G: Given>(options: &G) -> Result<check::Options, Mistake> {
    Ok(validation(options, false)?.0)
}

/// The same where help may be asked for besides, and whether it is.
pub(crate) fn validate_options_with_fixes<G: Given>(options: &G) -> Result<(check::Options, bool), Mistake> {
    validation(options, true)
}

fn validation<G: Given>(options: &G, with_fixes: bool) -> Result<(check::Options, bool), Mistake> {
    let (mut out, mut fixes) = (check::Options::default(), false);
    read_options!(options, value, {
        "profiles" => out.profiles = strings("profiles", &value)?,
        "profilesFor" => out.profiles_for = profiles_for(&value)?,
        "fhirVersion" => out.fhir_version = Some(choose("fhirVersion", &value, VERSIONS)?),
        "rules" => out.rules = rules(&value)?,
        "today" => out.today = Date::parse(&date("today", &value)?),
        "testNumbers" => out.test_numbers = boolean("testNumbers", &value)?,
        "unknownExtensions" => out.unknown_extensions_are_errors = choose("unknownExtensions", &value, LEVELS)?,
        "workflow" => out.workflow = Some(word("workflow", &value)?),
        "answers" => out.answers = answers(&value)?,
        "fixes" if with_fixes => fixes = boolean("fixes", &value)?,
    });
    Ok((out, fixes))
}

const VERSIONS: &[(&str, Version)] = &[("3.0", Version::Stu3), ("4.0", Version::R4)];

const LEVELS: &[(&str, bool)] = &[("information", false), ("error", true)];

/// What somebody else has said of codes: an array of objects.
fn answers<G: Given>(value: &G) -> Result<check::Answers, Mistake> {
    let not_answers = || {
        Mistake::argument(
            "The option 'answers' is an array of objects with valueSet, system, code and result, and it may be display and \
             inactive.",
        )
    };
    let mut answers = check::Answers::default();
    for item in value.items().ok_or_else(not_answers)? {
        let text = |name: &str| Ok::<_, Mistake>(item.part(name)?.and_then(|part| part.text()));
        let truth = |name: &str| Ok::<_, Mistake>(item.part(name)?.and_then(|part| part.boolean()));
        let (Some(code), Some(is_in)) = (text("code")?, truth("result")?) else { return Err(not_answers()) };
        let is_inactive = truth("inactive")?.unwrap_or_default();
        let answer = check::Answer { is_in, display: text("display")?, is_inactive };
        let (value_set, system) = (text("valueSet")?.unwrap_or_default(), text("system")?.unwrap_or_default());
        answers.insert(&value_set, &system, &code, answer);
    }
    Ok(answers)
}

/// The entries of an option that is an object, of which there is an example.
fn object<G: Given>(name: &str, value: &G, example: &str) -> Result<Vec<(String, G)>, Mistake> {
    let words = || format!("The option '{name}' is an object, for example {example}; this is {}.", value.what());
    value.entries()?.ok_or_else(|| Mistake::argument(words()))
}

/// Profiles by the type of the resource: an object of types, each with an array of URLs.
fn profiles_for<G: Given>(value: &G) -> Result<Vec<(String, Vec<String>)>, Mistake> {
    let entries = object("profilesFor", value, "{ \"Patient\": [\"https://example.org/Patient\"] }")?;
    entries.into_iter().map(|(of, urls)| Ok((of, strings("profilesFor", &urls)?))).collect()
}

/// The severities of single rules: an object of rule codes and levels.
fn rules<G: Given>(value: &G) -> Result<check::Rules, Mistake> {
    let mut rules = check::Rules::default();
    for (rule, level) in object("rules", value, "{ \"nhs-postcode\": \"off\" }")? {
        let level = level.text().unwrap_or_else(|| level.what());
        rules.set(&rule, &level).map_err(Mistake::argument)?;
    }
    Ok(rules)
}

pub(crate) const LANGUAGE: &[(&str, Language)] = &[("en-GB", Language::English), ("cy", Language::Welsh)];

/// The options of a display.
pub(crate) fn render_options<G: Given>(options: &G) -> Result<Options, Mistake> {
    const AS: &[(&str, As)] = &[
        ("narrative", As::Narrative),
        ("fragment", As::Fragment),
        ("page", As::Page),
        ("text", As::Text),
        ("markdown", As::Markdown),
        ("model", As::Model),
        ("coverage", As::Coverage),
    ];
    const AUDIENCE: &[(&str, Audience)] = &[("clinical", Audience::Clinical), ("patient", Audience::Patient)];
    const MODE: &[(&str, Mode)] = &[
        ("summary", Mode::Summary),
        ("brief", Mode::Brief),
        ("standard", Mode::Standard),
        ("full", Mode::Full),
        ("diff", Mode::Diff),
    ];
    const VIEW: &[(&str, View)] =
        &[("auto", View::Auto), ("record", View::Record), ("letter", View::Letter), ("entries", View::Entries)];
    let mut out = Options::default();
    read_options!(options, value, {
        "as" => out.as_ = choose("as", &value, AS)?,
        "audience" => out.audience = choose("audience", &value, AUDIENCE)?,
        "mode" => out.mode = choose("mode", &value, MODE)?,
        "trends" => out.trends = boolean("trends", &value)?,
        "view" => out.view = choose("view", &value, VIEW)?,
        "asOf" => out.as_of = Some(date("asOf", &value)?),
        "language" => out.language = choose("language", &value, LANGUAGE)?,
        "against" => out.against = Some(bytes("previous version", &value)?),
    });
    match (out.mode, &out.against) {
        (Mode::Diff, None) => Err(Mistake::argument("The mode 'diff' needs the option 'against': the older version.")),
        (Mode::Diff, _) | (_, None) => Ok(out),
        (_, Some(_)) => Err(Mistake::argument("The option 'against' goes with the mode 'diff'.")),
    }
}

/// The options of a view: how its rows are written, and the day that `today()` is.
pub(crate) fn view_options<G: Given>(options: &G) -> Result<(view::As, check::Options), Mistake> {
    const AS: &[(&str, view::As)] = &[("rows", view::As::Rows), ("ndjson", view::As::Ndjson), ("csv", view::As::Csv)];
    let (mut how, mut day) = (view::As::default(), check::Options::default());
    read_options!(options, value, {
        "as" => how = choose("as", &value, AS)?,
        "today" => day.today = Date::parse(&date("today", &value)?),
    });
    Ok((how, day))
}
