//! What JavaScript gives, as what the core takes; and what is wrong with it, as an error with a code that stays.

use crate::check::did_you_mean;
use crate::primitive::Date;
use js_sys::{Array, Error, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// What kind of mistake an error is about: `error.code` in JavaScript. A code is never given another meaning.
#[derive(Clone, Copy, Debug)]
pub(super) enum Code {
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
    fn text(self) -> &'static str {
        match self {
            Code::Argument => "invalid-argument",
            Code::Pack => "invalid-pack",
            Code::Release => "invalid-release",
            Code::NotOnePatient => "not-one-patient",
            Code::Internal => "internal-error",
        }
    }
}

/// An error for JavaScript, whose `code` says what kind of mistake it is.
pub(super) fn wrong(code: Code, words: &str) -> JsValue {
    let error = Error::new(words);
    // A plain object's property can always be set.
    let _ = Reflect::set(&error, &"code".into(), &code.text().into());
    error.into()
}

/// The bytes of an input, which is to be a `kind`. An object has been written out as JSON before it comes here.
pub(super) fn bytes(kind: &str, input: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = input.as_string() {
        return Ok(text.into_bytes());
    }
    if let Some(array) = input.dyn_ref::<Uint8Array>() {
        return Ok(array.to_vec());
    }
    let words =
        format!("A {kind} is a string, a Uint8Array or an object with its resourceType; this is {}.", what(input));
    Err(wrong(Code::Argument, &words))
}

/// Whether an object is one as `{…}` or `JSON.parse` makes them, rather than a Promise, a Response, a Blob and such.
pub(super) fn is_plain(input: &JsValue) -> bool {
    let above = |object: &JsValue| Reflect::get_prototype_of(object).map(JsValue::from);
    above(input).is_ok_and(|prototype| prototype.is_null() || above(&prototype).is_ok_and(|above| above.is_null()))
}

/// A property of an object. One that cannot be read (a getter that throws) is refused, and never passed over.
pub(super) fn property(object: &JsValue, name: &JsValue) -> Result<JsValue, JsValue> {
    let unread = |_| {
        let name = name.as_string().unwrap_or_default();
        wrong(Code::Argument, &format!("The option '{name}' cannot be read."))
    };
    Reflect::get(object, name).map_err(unread)
}

/// A day as text. A `Date` is refused: which day it is depends on a time zone that it does not say.
pub(super) fn date(name: &str, value: &JsValue) -> Result<String, JsValue> {
    let is_date = |text: &String| {
        let form = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
        text.len() == 10 && text.bytes().enumerate().all(form)
    };
    let is_day = |text: &String| is_date(text) && Date::parse(text).is_some();
    let not_one =
        || wrong(Code::Argument, &format!("The option '{name}' is a day as text, for example \"2026-02-28\"."));
    value.as_string().filter(is_day).ok_or_else(not_one)
}

/// The options that are given; one that is `undefined` counts as left out.
pub(super) fn entries(options: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    if options.is_undefined() || options.is_null() {
        return Ok(Vec::new());
    }
    let Some(object) = options.dyn_ref::<Object>().filter(|_| !Array::is_array(options)) else {
        return Err(wrong(Code::Argument, &format!("The options are a plain object; this is {}.", what(options))));
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

pub(super) fn strings(name: &str, value: &JsValue) -> Result<Vec<String>, JsValue> {
    let not_one = || wrong(Code::Argument, &format!("The option '{name}' is an array of strings."));
    let array = value.dyn_ref::<Array>().ok_or_else(not_one)?;
    array.iter().map(|item| item.as_string().ok_or_else(not_one)).collect()
}

pub(super) fn word(name: &str, value: &JsValue) -> Result<String, JsValue> {
    let words = || format!("The option '{name}' is text; this is {}.", what(value));
    value.as_string().ok_or_else(|| wrong(Code::Argument, &words()))
}

pub(super) fn boolean(name: &str, value: &JsValue) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| {
        wrong(Code::Argument, &format!("The option '{name}' is true or false; this is {}.", what(value)))
    })
}

pub(super) fn choose<T: Copy>(name: &str, value: &JsValue, choices: &[(&str, T)]) -> Result<T, JsValue> {
    let text = value.as_string();
    if let Some((_, choice)) = choices.iter().find(|(word, _)| Some(*word) == text.as_deref()) {
        return Ok(*choice);
    }
    let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
    let found = text.map_or_else(|| what(value), |text| format!("'{text}'"));
    Err(wrong(Code::Argument, &format!("The option '{name}' is one of {}; this is {found}.", words.join(", "))))
}

/// That there is no such option: `known` are those that there are, which whoever passes further ones on adds to.
pub(super) fn unknown_option(name: &str, known: &[&str]) -> JsValue {
    let hint = did_you_mean(name, known.iter().copied());
    let words = format!("There is no option '{name}' here.{hint} The options are: {}.", known.join(", "));
    wrong(Code::Argument, &words)
}

/// What a value is, for the end of a sentence.
pub(super) fn what(value: &JsValue) -> String {
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
