//! What JavaScript gives, as the readers of options take it; and mistakes as errors with their code.

use crate::options::{self, Code, Given, Mistake};
use js_sys::{Array, Error, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// A value of JavaScript's.
pub(super) struct Js(pub JsValue);

/// An error for JavaScript, whose `code` says what kind of mistake it is.
pub(super) fn wrong(code: Code, words: &str) -> JsValue {
    let error = Error::new(words);
    // A plain object's property can always be set.
    let _ = Reflect::set(&error, &"code".into(), &code.text().into());
    error.into()
}

/// A mistake as an error.
pub(super) fn thrown(mistake: Mistake) -> JsValue {
    wrong(mistake.code, &mistake.words)
}

/// The bytes of an input, which is to be a `kind`. An object has been written out as JSON before it comes here.
pub(super) fn bytes(kind: &str, input: &JsValue) -> Result<Vec<u8>, JsValue> {
    options::bytes(kind, &Js(input.clone())).map_err(thrown)
}

pub(super) fn strings(name: &str, value: &JsValue) -> Result<Vec<String>, JsValue> {
    options::strings(name, &Js(value.clone())).map_err(thrown)
}

pub(super) fn choose<T: Copy>(name: &str, value: &JsValue, choices: &[(&str, T)]) -> Result<T, JsValue> {
    options::choose(name, &Js(value.clone()), choices).map_err(thrown)
}

/// Whether an object is one as `{…}` or `JSON.parse` makes them, rather than a Promise, a Response, a Blob and such.
fn is_plain(input: &JsValue) -> bool {
    let above = |object: &JsValue| Reflect::get_prototype_of(object).map(JsValue::from);
    above(input).is_ok_and(|prototype| prototype.is_null() || above(&prototype).is_ok_and(|above| above.is_null()))
}

/// A property of an object. One that cannot be read (a getter that throws) is refused, and never passed over.
fn property(object: &JsValue, name: &JsValue) -> Result<JsValue, Mistake> {
    let unread = |_| {
        let name = name.as_string().unwrap_or_default();
        Mistake::argument(format!("The option '{name}' cannot be read."))
    };
    Reflect::get(object, name).map_err(unread)
}

impl Given for Js {
    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn boolean(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.dyn_ref::<Array>()?.iter().map(Js).collect())
    }

    /// One that is `undefined` counts as left out.
    fn entries(&self) -> Result<Option<Vec<(String, Self)>>, Mistake> {
        let plain = |_: &&Object| !Array::is_array(&self.0) && is_plain(&self.0);
        let Some(object) = self.0.dyn_ref::<Object>().filter(plain) else { return Ok(None) };
        let mut out = Vec::new();
        for key in Object::keys(object).iter() {
            let value = property(object, &key)?;
            if !value.is_undefined() {
                out.push((key.as_string().unwrap_or_default(), Js(value)));
            }
        }
        Ok(Some(out))
    }

    fn part(&self, name: &str) -> Result<Option<Self>, Mistake> {
        if !self.0.is_object() {
            return Ok(None);
        }
        Ok(Some(property(&self.0, &name.into())?).filter(|value| !value.is_undefined()).map(Js))
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        self.text().map(String::into_bytes).or_else(|| Some(self.0.dyn_ref::<Uint8Array>()?.to_vec()))
    }

    fn is_nothing(&self) -> bool {
        self.0.is_undefined() || self.0.is_null()
    }

    fn what(&self) -> String {
        what(&self.0)
    }
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
