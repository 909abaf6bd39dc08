//! The door to JavaScript: converts arguments, calls, converts back, and nothing else.
//!
//! `pkg/index.js` wraps it; the names there are the public ones. What comes back is JSON text made by [`outcome`], which
//! the wrapper parses: quicker than building objects across the border one property at a time, the same to the byte as
//! natively, and free of a second serialiser.

use crate::author::DefinitionReport;
use crate::primitive::Date;
use crate::release::{Builder, Kind};
use crate::render::language::Language;
use crate::render::{As, Audience, Mode, Options, View};
use crate::{Careconnect, check, inspect, outcome};
use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use serde_json::Value;
use std::cell::RefCell;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

mod inspecting;

/// Makes a panic print its message and place to the console, once, when the module is instantiated.
#[cfg(feature = "panic-hook")]
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// The version of the core.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The core's handle. Every method takes `&self`, so that nothing which happens in one call can shut out the next.
#[wasm_bindgen]
pub struct Core {
    /// What the packs hold.
    packs: Careconnect,
    /// A user's own definitions, as they were given.
    own: Vec<Vec<u8>>,
    /// The two together.
    all: Careconnect,
    reports: Vec<DefinitionReport>,
}

impl Core {
    fn over(packs: Careconnect, own: Vec<Vec<u8>>) -> Self {
        let (all, reports) = match own.is_empty() {
            true => (packs.clone(), Vec::new()),
            false => packs.with_definitions(&own.iter().map(Vec::as_slice).collect::<Vec<_>>()),
        };
        Core { packs, own, all, reports }
    }

    fn add(&self, packs: &[Uint8Array], own: Vec<Vec<u8>>) -> Result<Core, JsError> {
        let mut definitions = self.packs.definitions().clone();
        for pack in packs {
            // Straight to where it stays: a release of SNOMED CT has tens of megabytes, and WebAssembly gives no memory back.
            let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, pack.length() as usize).collect();
            if let Some(bytes) = Arc::get_mut(&mut bytes) {
                pack.copy_to(bytes);
            }
            definitions.load(bytes).map_err(|error| JsError::new(&error.to_string()))?;
        }
        Ok(Core::over(Careconnect::new(definitions), own))
    }
}

#[wasm_bindgen]
impl Core {
    /// Loads packs, each a `Uint8Array`, and then a user's own definitions, each an input.
    #[wasm_bindgen(constructor)]
    pub fn new(packs: Vec<Uint8Array>, definitions: Vec<JsValue>) -> Result<Core, JsError> {
        let own = definitions.iter().map(|input| bytes("definition", input)).collect::<Result<Vec<_>, _>>()?;
        Core::over(Careconnect::default(), Vec::new()).add(&packs, own)
    }

    /// The same with more packs below the user's own definitions. What both have is shared.
    #[wasm_bindgen(js_name = withPacks)]
    pub fn with_packs(&self, packs: Vec<Uint8Array>) -> Result<Core, JsError> {
        self.add(&packs, self.own.clone())
    }

    /// What the input names and is not loaded, as JSON text: an array of URLs.
    pub fn missing(&self, input: &JsValue, options: &JsValue) -> Result<String, JsError> {
        let (input, options) = (bytes("resource", input)?, validate_options(options)?);
        Ok(Value::from(self.all.missing(&input, &options.profiles)).to_string())
    }

    /// What is wrong with the user's own definitions, as JSON text: an array, one for each, in order.
    pub fn definitions(&self) -> String {
        Value::Array(self.reports.iter().map(outcome::plain_definition).collect()).to_string()
    }

    /// A report, as JSON text.
    pub fn validate(&self, input: &JsValue, options: &JsValue) -> Result<String, JsError> {
        let (options, fixes) = with_fixes(options)?;
        let (input, options) = (bytes("resource", input)?, validate_options(&options)?);
        if !fixes {
            return Ok(outcome::plain(&self.all.validate(&input, &options)).to_string());
        }
        let (report, help) = self.all.validate_with_help(&input, &options);
        let mut plain = outcome::plain(&report);
        inspect::add_help(&mut plain, &help);
        Ok(plain.to_string())
    }

    /// An OperationOutcome, as JSON text.
    pub fn outcome(&self, input: &JsValue, options: &JsValue) -> Result<String, JsError> {
        let (input, options) = (bytes("resource", input)?, validate_options(options)?);
        Ok(outcome::operation_outcome(&self.all.validate(&input, &options)).to_string())
    }

    /// What was asked for with `as`, as text; the model as JSON text.
    pub fn render(&self, input: &JsValue, options: &JsValue) -> Result<String, JsError> {
        let (input, options) = (bytes("resource", input)?, render_options(options)?);
        Ok(self.all.render(&input, &options).output)
    }

    /// A copy without personal data. See [`Careconnect::redact`].
    pub fn redact(&self, input: &JsValue, key: &[u8]) -> Result<String, JsError> {
        Ok(self.all.redact(&bytes("resource", input)?, key))
    }

    /// Two patients compared, as JSON text.
    #[wasm_bindgen(js_name = compareDemographics)]
    pub fn compare_demographics(&self, a: &JsValue, b: &JsValue, options: &JsValue) -> Result<String, JsError> {
        let (a, b) = (bytes("first patient", a)?, bytes("second patient", b)?);
        let mut language = Language::default();
        for (name, value) in entries(options)? {
            match name.as_str() {
                "language" => language = choose(&name, &value, LANGUAGE)?,
                _ => return Err(unknown_option(&name, "language")),
            }
        }
        let compared = self.all.compare_demographics(&a, &b, language).map_err(|words| JsError::new(&words))?;
        serde_json::to_string(&compared).map_err(|error| JsError::new(&error.to_string()))
    }
}

/// Makes a pack of a release of SNOMED CT or dm+d: see [`Builder`].
#[wasm_bindgen]
pub struct ReleaseBuilder(RefCell<Option<Builder>>);

/// The kind of a release by its name.
fn kind(name: &str) -> Result<Kind, JsError> {
    match name {
        "snomed" => Ok(Kind::Snomed),
        "dmd" => Ok(Kind::Dmd),
        _ => Err(JsError::new(&format!("A release is of 'snomed' or 'dmd'; this is '{name}'."))),
    }
}

#[wasm_bindgen]
impl ReleaseBuilder {
    /// For `snomed` or `dmd`.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str) -> Result<ReleaseBuilder, JsError> {
        Ok(ReleaseBuilder(RefCell::new(Some(Builder::new(kind(name)?)))))
    }

    /// When a file has its turn, by its name; nothing for one that is not wanted.
    pub fn turn(name: &str, file: &str) -> Result<Option<u8>, JsError> {
        Ok(Builder::turn(kind(name)?, file))
    }

    /// Starts the next file.
    pub fn begin(&self, file: &str) -> Result<(), JsError> {
        self.with(|builder| builder.begin(file))
    }

    /// Takes the next bytes of the file.
    pub fn feed(&self, bytes: &[u8]) -> Result<(), JsError> {
        self.with(|builder| builder.feed(bytes))
    }

    /// The pack and, as JSON text, what is in it. The builder is then used up.
    pub fn finish(&self) -> Result<Array, JsError> {
        let builder = self.0.borrow_mut().take().ok_or_else(|| JsError::new("This release is finished."))?;
        let (pack, summary) = builder.finish().map_err(|wrong| JsError::new(&wrong))?;
        Ok(Array::of(&[Uint8Array::from(&*pack).into(), outcome::plain_release(&summary).to_string().into()]))
    }

    fn with(&self, act: impl FnOnce(&mut Builder) -> Result<(), String>) -> Result<(), JsError> {
        let mut builder = self.0.borrow_mut();
        let builder = builder.as_mut().ok_or_else(|| JsError::new("This release is finished."))?;
        act(builder).map_err(|wrong| JsError::new(&wrong))
    }
}

/// The bytes of an input, which is to be a `kind`. An object is written out as JSON first.
fn bytes(kind: &str, input: &JsValue) -> Result<Vec<u8>, JsError> {
    if let Some(text) = input.as_string() {
        return Ok(text.into_bytes());
    }
    if let Some(array) = input.dyn_ref::<Uint8Array>() {
        return Ok(array.to_vec());
    }
    if input.is_object() && !Array::is_array(input) && is_plain(input) {
        let text = JSON::stringify(input).ok().and_then(|text| text.as_string());
        return text.map(String::into_bytes).ok_or_else(|| {
            JsError::new(&format!(
                "The {kind} cannot be written as JSON: it contains itself, or a value that JSON does not have."
            ))
        });
    }
    Err(JsError::new(&format!("A {kind} is a string, a Uint8Array or a plain object; this is {}.", what(input))))
}

/// Whether an object is one as `{…}` or `JSON.parse` makes them, rather than a Promise, a Response, a Blob and such.
fn is_plain(input: &JsValue) -> bool {
    let above = |object: &JsValue| Reflect::get_prototype_of(object).map(JsValue::from);
    above(input).is_ok_and(|prototype| prototype.is_null() || above(&prototype).is_ok_and(|above| above.is_null()))
}

/// A property of an object. One that cannot be read (a getter that throws) is refused, and never passed over.
fn property(object: &JsValue, name: &JsValue) -> Result<JsValue, JsError> {
    let wrong = |_| JsError::new(&format!("The option '{}' cannot be read.", name.as_string().unwrap_or_default()));
    Reflect::get(object, name).map_err(wrong)
}

fn validate_options(options: &JsValue) -> Result<check::Options, JsError> {
    let mut out = check::Options::default();
    for (name, value) in entries(options)? {
        match name.as_str() {
            "profiles" => out.profiles = strings("profiles", &value)?,
            "rules" => out.rules = rules(&value)?,
            "today" => out.today = Date::parse(&date(&name, &value)?),
            "workflow" => out.workflow = Some(word(&name, &value)?),
            "testNumbers" => out.test_numbers = boolean(&name, &value)?,
            "unknownExtensions" => {
                out.unknown_extensions_are_errors = choose(&name, &value, &[("information", false), ("error", true)])?;
            }
            "answers" => out.answers = answers(&value)?,
            _ => {
                return Err(unknown_option(
                    &name,
                    "profiles, rules, today, testNumbers, unknownExtensions, workflow, answers",
                ));
            }
        }
    }
    Ok(out)
}

/// What somebody else has said of codes: an array of objects.
fn answers(value: &JsValue) -> Result<check::Answers, JsError> {
    let wrong = || {
        JsError::new(
            "The option 'answers' is an array of objects with valueSet, system, code and result, and it may be display and \
             inactive.",
        )
    };
    let mut answers = check::Answers::default();
    for item in value.dyn_ref::<Array>().ok_or_else(wrong)?.iter() {
        let field = |name: &str| if item.is_object() { property(&item, &name.into()) } else { Err(wrong()) };
        let text = |name: &str| field(name).map(|value| value.as_string());
        let (Some(code), Some(is_in)) = (text("code")?, field("result")?.as_bool()) else { return Err(wrong()) };
        let is_inactive = field("inactive")?.as_bool().unwrap_or_default();
        let answer = check::Answer { is_in, display: text("display")?, is_inactive };
        let (value_set, system) = (text("valueSet")?.unwrap_or_default(), text("system")?.unwrap_or_default());
        answers.insert(&value_set, &system, &code, answer);
    }
    Ok(answers)
}

/// The severities of single rules: an object of rule codes and levels.
fn rules(value: &JsValue) -> Result<check::Rules, JsError> {
    let mut rules = check::Rules::default();
    let Some(object) = value.dyn_ref::<Object>().filter(|_| !Array::is_array(value) && is_plain(value)) else {
        let example = "{ \"nhs-postcode\": \"off\" }";
        return Err(JsError::new(&format!(
            "The option 'rules' is an object, for example {example}; this is {}.",
            what(value)
        )));
    };
    for key in Object::keys(object).iter() {
        let level = property(object, &key)?;
        if !level.is_undefined() {
            let level = level.as_string().unwrap_or_else(|| what(&level));
            rules.set(&key.as_string().unwrap_or_default(), &level).map_err(|wrong| JsError::new(&wrong))?;
        }
    }
    Ok(rules)
}

const LANGUAGE: &[(&str, Language)] = &[("en-GB", Language::English), ("cy", Language::Welsh)];

fn render_options(options: &JsValue) -> Result<Options, JsError> {
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
    for (name, value) in entries(options)? {
        match name.as_str() {
            "as" => out.as_ = choose(&name, &value, AS)?,
            "audience" => out.audience = choose(&name, &value, AUDIENCE)?,
            "mode" => out.mode = choose(&name, &value, MODE)?,
            "trends" => out.trends = boolean(&name, &value)?,
            "view" => out.view = choose(&name, &value, VIEW)?,
            "asOf" => out.as_of = Some(date(&name, &value)?),
            "language" => out.language = choose(&name, &value, LANGUAGE)?,
            "against" => out.against = Some(bytes("previous version", &value)?),
            _ => return Err(unknown_option(&name, "as, view, trends, mode, audience, asOf, language, against")),
        }
    }
    match (out.mode, &out.against) {
        (Mode::Diff, None) => Err(JsError::new("The mode 'diff' needs the option 'against': the older version.")),
        (Mode::Diff, _) | (_, None) => Ok(out),
        (_, Some(_)) => Err(JsError::new("The option 'against' goes with the mode 'diff'.")),
    }
}

/// A day as text. A `Date` is refused: which day it is depends on a time zone that it does not say.
fn date(name: &str, value: &JsValue) -> Result<String, JsError> {
    let is_date = |text: &String| {
        let form = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
        text.len() == 10 && text.bytes().enumerate().all(form)
    };
    let is_day = |text: &String| is_date(text) && Date::parse(text).is_some();
    let wrong = || JsError::new(&format!("The option '{name}' is a day as text, for example \"2026-02-28\"."));
    value.as_string().filter(is_day).ok_or_else(wrong)
}

/// The options that are given; one that is `undefined` counts as left out.
fn entries(options: &JsValue) -> Result<Vec<(String, JsValue)>, JsError> {
    if options.is_undefined() || options.is_null() {
        return Ok(Vec::new());
    }
    let Some(object) = options.dyn_ref::<Object>().filter(|_| !Array::is_array(options)) else {
        return Err(JsError::new(&format!("The options are a plain object; this is {}.", what(options))));
    };
    let mut out = Vec::new();
    for key in Object::keys(object).iter() {
        let value = property(object, &key)?;
        if !value.is_undefined() {
            out.push((key.as_string().unwrap_or_default(), value));
        }
    }
    Ok(out)
}

fn strings(name: &str, value: &JsValue) -> Result<Vec<String>, JsError> {
    let wrong = || JsError::new(&format!("The option '{name}' is an array of strings."));
    let array = value.dyn_ref::<Array>().ok_or_else(wrong)?;
    array.iter().map(|item| item.as_string().ok_or_else(wrong)).collect()
}

fn word(name: &str, value: &JsValue) -> Result<String, JsError> {
    value.as_string().ok_or_else(|| JsError::new(&format!("'{name}' is text; this is {}.", what(value))))
}

fn boolean(name: &str, value: &JsValue) -> Result<bool, JsError> {
    value
        .as_bool()
        .ok_or_else(|| JsError::new(&format!("The option '{name}' is true or false; this is {}.", what(value))))
}

fn choose<T: Copy>(name: &str, value: &JsValue, choices: &[(&str, T)]) -> Result<T, JsError> {
    let text = value.as_string();
    if let Some((_, choice)) = choices.iter().find(|(word, _)| Some(*word) == text.as_deref()) {
        return Ok(*choice);
    }
    let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
    let found = text.map_or_else(|| what(value), |text| format!("'{text}'"));
    Err(JsError::new(&format!("The option '{name}' is one of {}; this is {found}.", words.join(", "))))
}

fn unknown_option(name: &str, known: &str) -> JsError {
    JsError::new(&format!("There is no option '{name}' here. The options are: {known}."))
}

/// What a value is, for the end of a sentence.
fn what(value: &JsValue) -> String {
    if value.is_null() {
        "null".into()
    } else if value.is_undefined() {
        "undefined".into()
    } else if Array::is_array(value) {
        "an array".into()
    } else if value.is_object() {
        let part = |object: JsValue, name: &str| Reflect::get(&object, &name.into()).ok();
        let class = part(value.clone(), "constructor").and_then(|class| part(class, "name")?.as_string());
        class.map_or_else(|| "an object".into(), |class| format!("an object of the class {class}"))
    } else {
        format!("a {}", value.js_typeof().as_string().unwrap_or_default())
    }
}

/// The options without `fixes`, and whether that is set.
fn with_fixes(options: &JsValue) -> Result<(JsValue, bool), JsError> {
    let fixes = match options.dyn_ref::<Object>() {
        Some(object) => property(object, &"fixes".into())?,
        None => return Ok((options.clone(), false)),
    };
    if fixes.is_undefined() {
        return Ok((options.clone(), false));
    }
    let wanted = fixes.as_bool().ok_or_else(|| JsError::new("The option 'fixes' is true or false."))?;
    let rest = Object::assign(&Object::new(), options.unchecked_ref());
    Reflect::delete_property(&rest, &"fixes".into()).unwrap_or_default();
    Ok((rest.into(), wanted))
}
