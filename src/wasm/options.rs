//! The options of calls, each call's in one table, from which it is also said which there are.

use super::arguments::{Code, boolean, bytes, choose, date, is_plain, property, strings, what, word, wrong};
use crate::check;
use crate::primitive::Date;
use crate::render::language::Language;
use crate::render::{As, Audience, Mode, Options, View};
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

/// Reads the options that are given by a table of names and what each does with its value.
macro_rules! read_options {
    ($given:expr, $value:ident, { $($name:literal => $act:expr),+ $(,)? }) => {
        for (name, $value) in $crate::wasm::arguments::entries($given)? {
            match name.as_str() {
                $($name => $act,)+
                _ => return Err($crate::wasm::arguments::unknown_option(&name, &[$($name),+])),
            }
        }
    };
}
pub(super) use read_options;

/// The options of a validation.
pub(super) fn validate_options(options: &JsValue) -> Result<check::Options, JsValue> {
    let mut out = check::Options::default();
    read_options!(options, value, {
        "profiles" => out.profiles = strings("profiles", &value)?,
        "profilesFor" => out.profiles_for = profiles_for(&value)?,
        "rules" => out.rules = rules(&value)?,
        "today" => out.today = Date::parse(&date("today", &value)?),
        "testNumbers" => out.test_numbers = boolean("testNumbers", &value)?,
        "unknownExtensions" => out.unknown_extensions_are_errors = choose("unknownExtensions", &value, LEVELS)?,
        "workflow" => out.workflow = Some(word("workflow", &value)?),
        "answers" => out.answers = answers(&value)?,
    });
    Ok(out)
}

/// The same where help may be asked for besides, and whether it is.
pub(super) fn validate_options_with_fixes(options: &JsValue) -> Result<(check::Options, bool), JsValue> {
    let (mut out, mut fixes) = (check::Options::default(), false);
    read_options!(options, value, {
        "profiles" => out.profiles = strings("profiles", &value)?,
        "profilesFor" => out.profiles_for = profiles_for(&value)?,
        "rules" => out.rules = rules(&value)?,
        "today" => out.today = Date::parse(&date("today", &value)?),
        "testNumbers" => out.test_numbers = boolean("testNumbers", &value)?,
        "unknownExtensions" => out.unknown_extensions_are_errors = choose("unknownExtensions", &value, LEVELS)?,
        "workflow" => out.workflow = Some(word("workflow", &value)?),
        "answers" => out.answers = answers(&value)?,
        "fixes" => fixes = boolean("fixes", &value)?,
    });
    Ok((out, fixes))
}

const LEVELS: &[(&str, bool)] = &[("information", false), ("error", true)];

/// What somebody else has said of codes: an array of objects.
fn answers(value: &JsValue) -> Result<check::Answers, JsValue> {
    let not_answers = || {
        wrong(
            Code::Argument,
            "The option 'answers' is an array of objects with valueSet, system, code and result, and it may be display and \
             inactive.",
        )
    };
    let mut answers = check::Answers::default();
    for item in value.dyn_ref::<Array>().ok_or_else(not_answers)?.iter() {
        let field = |name: &str| if item.is_object() { property(&item, &name.into()) } else { Err(not_answers()) };
        let text = |name: &str| field(name).map(|value| value.as_string());
        let (Some(code), Some(is_in)) = (text("code")?, field("result")?.as_bool()) else { return Err(not_answers()) };
        let is_inactive = field("inactive")?.as_bool().unwrap_or_default();
        let answer = check::Answer { is_in, display: text("display")?, is_inactive };
        let (value_set, system) = (text("valueSet")?.unwrap_or_default(), text("system")?.unwrap_or_default());
        answers.insert(&value_set, &system, &code, answer);
    }
    Ok(answers)
}

/// Profiles by the type of the resource: an object of types, each with an array of URLs.
fn profiles_for(value: &JsValue) -> Result<Vec<(String, Vec<String>)>, JsValue> {
    let Some(object) = value.dyn_ref::<Object>().filter(|_| !Array::is_array(value) && is_plain(value)) else {
        let example = "{ \"Patient\": [\"https://example.org/Patient\"] }";
        let words = format!("The option 'profilesFor' is an object, for example {example}; this is {}.", what(value));
        return Err(wrong(Code::Argument, &words));
    };
    let mut found = Vec::new();
    for key in Object::keys(object).iter() {
        let urls = property(object, &key)?;
        if !urls.is_undefined() {
            found.push((key.as_string().unwrap_or_default(), strings("profilesFor", &urls)?));
        }
    }
    Ok(found)
}

/// The severities of single rules: an object of rule codes and levels.
fn rules(value: &JsValue) -> Result<check::Rules, JsValue> {
    let mut rules = check::Rules::default();
    let Some(object) = value.dyn_ref::<Object>().filter(|_| !Array::is_array(value) && is_plain(value)) else {
        let example = "{ \"nhs-postcode\": \"off\" }";
        let words = format!("The option 'rules' is an object, for example {example}; this is {}.", what(value));
        return Err(wrong(Code::Argument, &words));
    };
    for key in Object::keys(object).iter() {
        let level = property(object, &key)?;
        if !level.is_undefined() {
            let level = level.as_string().unwrap_or_else(|| what(&level));
            rules.set(&key.as_string().unwrap_or_default(), &level).map_err(|words| wrong(Code::Argument, &words))?;
        }
    }
    Ok(rules)
}

pub(super) const LANGUAGE: &[(&str, Language)] = &[("en-GB", Language::English), ("cy", Language::Welsh)];

pub(super) fn render_options(options: &JsValue) -> Result<Options, JsValue> {
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
        (Mode::Diff, None) => {
            Err(wrong(Code::Argument, "The mode 'diff' needs the option 'against': the older version."))
        }
        (Mode::Diff, _) | (_, None) => Ok(out),
        (_, Some(_)) => Err(wrong(Code::Argument, "The option 'against' goes with the mode 'diff'.")),
    }
}
