//! The calls of [`inspect`]: what authors ask besides validity.

use super::Core;
use super::arguments::{Code, bytes, choose, date, strings, what, wrong};
use super::options::{read_options, validate_options};
use crate::primitive::Date;
use crate::source::Format;
use crate::{check, inspect};
use serde_json::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Core {
    /// What a FHIRPath expression gives, as JSON text.
    pub fn fhirpath(&self, input: &JsValue, expression: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let expression = text("expression", expression)?;
        let mut day = check::Options::default();
        read_options!(options, value, { "today" => day.today = Date::parse(&date("today", &value)?) });
        Ok(inspect::fhirpath(self.all.definitions(), &bytes("resource", input)?, &expression, &day).to_string())
    }

    /// Every type and profile, as JSON text.
    pub fn profiles(&self) -> String {
        inspect::profiles(self.all.definitions()).to_string()
    }

    /// A profile's tree, as JSON text; `null` where it is not loaded.
    pub fn profile(&self, url: &JsValue) -> Result<String, JsValue> {
        Ok(json(inspect::profile(self.all.definitions(), &text("url", url)?)))
    }

    /// Where two profiles differ, as JSON text; `null` where one of them is not loaded.
    #[wasm_bindgen(js_name = compareProfiles)]
    pub fn compare_profiles(&self, a: &JsValue, b: &JsValue) -> Result<String, JsValue> {
        Ok(json(inspect::compare(self.all.definitions(), &text("url", a)?, &text("url", b)?)))
    }

    /// Every value set, as JSON text.
    #[wasm_bindgen(js_name = valueSets)]
    pub fn value_sets(&self) -> String {
        inspect::value_sets(self.all.definitions()).to_string()
    }

    /// A value set's codes, as JSON text; `null` where it is not loaded.
    #[wasm_bindgen(js_name = valueSet)]
    pub fn value_set(&self, url: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let (mut search, mut limit) = (String::new(), None);
        read_options!(options, value, {
            "search" => search = text("search", &value)?,
            "limit" => limit = Some(number("limit", &value)? as usize),
        });
        Ok(json(inspect::value_set(self.all.definitions(), &text("url", url)?, &search, limit)))
    }

    /// The elements of an input, as JSON text.
    pub fn outline(&self, input: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let mut depth = None;
        read_options!(options, value, { "depth" => depth = Some(number("depth", &value)? as usize) });
        Ok(inspect::outline(self.all.definitions(), &bytes("resource", input)?, depth).to_string())
    }

    /// The element at an offset, as JSON text.
    #[wasm_bindgen(js_name = elementAt)]
    pub fn element_at(&self, input: &JsValue, offset: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let (input, offset) = (bytes("resource", input)?, number("offset", offset)?);
        Ok(inspect::element_at(self.all.definitions(), &input, &validate_options(options)?, offset).to_string())
    }

    /// Where elements are, as JSON text.
    pub fn locate(&self, input: &JsValue, wanted: &JsValue) -> Result<String, JsValue> {
        let (input, wanted) = (bytes("resource", input)?, strings("elements", wanted)?);
        Ok(inspect::locate(self.all.definitions(), &input, &wanted).to_string())
    }

    /// What may be written at an offset, as JSON text.
    pub fn complete(&self, input: &JsValue, offset: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let (input, offset) = (bytes("resource", input)?, number("offset", offset)?);
        Ok(inspect::complete(self.all.definitions(), &input, &validate_options(options)?, offset).to_string())
    }

    /// A resource in JSON or XML, and what that lacks, as JSON text.
    pub fn convert(&self, input: &JsValue, to: &JsValue) -> Result<String, JsValue> {
        let to = choose("to", to, &[("json", Format::Json), ("xml", Format::Xml)])?;
        Ok(inspect::convert(self.all.definitions(), &bytes("resource", input)?, to).plain().to_string())
    }

    /// A minimal instance of a profile, as text; `undefined` where the profile is not loaded or is none of a resource.
    pub fn skeleton(&self, url: &JsValue) -> Result<Option<String>, JsValue> {
        Ok(inspect::skeleton(self.all.definitions(), &text("url", url)?))
    }

    /// Every rule that can be reported, as JSON text.
    pub fn rules(&self) -> String {
        inspect::rules().to_string()
    }
}

/// What there is as JSON text, or `null`.
fn json(value: Option<Value>) -> String {
    value.unwrap_or_default().to_string()
}

/// A text argument.
fn text(name: &str, value: &JsValue) -> Result<String, JsValue> {
    let not_one = || wrong(Code::Argument, &format!("The {name} is a string; this is {}.", what(value)));
    value.as_string().ok_or_else(not_one)
}

/// A whole number that is not negative.
fn number(name: &str, value: &JsValue) -> Result<u32, JsValue> {
    let number = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number));
    let not_one = || wrong(Code::Argument, &format!("The {name} is a whole number from 0; this is {}.", what(value)));
    number.map(|number| number as u32).ok_or_else(not_one)
}
