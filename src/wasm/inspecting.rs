//! The calls of [`inspect`]: what authors ask besides validity.

use super::Core;
use super::arguments::{Js, bytes, choose, strings, thrown};
use crate::options::{Given, Mistake, read_options};
use crate::source::Format;
use crate::{calls, check, inspect};
use serde_json::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Core {
    /// What a FHIRPath expression gives, as JSON text.
    pub fn fhirpath(&self, input: &JsValue, expression: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let (input, expression) = (bytes("resource", input)?, text("expression", expression)?);
        calls::fhirpath(&self.all, &input, &expression, &Js(options.clone())).map_err(thrown)
    }

    /// Every type and profile, as JSON text.
    pub fn profiles(&self) -> String {
        inspect::profiles(self.all.definitions()).to_string()
    }

    /// A profile's tree, as JSON text; `null` where it is not loaded.
    pub fn profile(&self, url: &JsValue) -> Result<String, JsValue> {
        let url = text("url", url)?;
        Ok(json(inspect::profile(&self.all.definitions().with(&url), &url)))
    }

    /// Where two profiles differ, as JSON text; `null` where one of them is not loaded.
    #[wasm_bindgen(js_name = compareProfiles)]
    pub fn compare_profiles(&self, a: &JsValue, b: &JsValue) -> Result<String, JsValue> {
        let (a, b) = (text("url", a)?, text("url", b)?);
        Ok(json(inspect::compare(&self.all.definitions().with(&a), &a, &b)))
    }

    /// Every value set, as JSON text.
    #[wasm_bindgen(js_name = valueSets)]
    pub fn value_sets(&self) -> String {
        inspect::value_sets(self.all.definitions()).to_string()
    }

    /// A value set's codes, as JSON text; `null` where it is not loaded.
    #[wasm_bindgen(js_name = valueSet)]
    pub fn value_set(&self, url: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let (search, limit) = search_options(&Js(options.clone())).map_err(thrown)?;
        let url = text("url", url)?;
        Ok(json(inspect::value_set(&self.all.definitions().with(&url), &url, &search, limit)))
    }

    /// The elements of an input, as JSON text.
    pub fn outline(&self, input: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let input = bytes("resource", input)?;
        let depth = depth_option(&Js(options.clone())).map_err(thrown)?;
        Ok(inspect::outline(&self.all.definitions_for(&input), &input, depth).to_string())
    }

    /// The element at an offset, as JSON text.
    #[wasm_bindgen(js_name = elementAt)]
    pub fn element_at(&self, input: &JsValue, offset: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let (input, offset) = (bytes("resource", input)?, number("offset", offset)?);
        Ok(inspect::element_at(&self.all.definitions_for(&input), &input, &validate_options(options)?, offset)
            .to_string())
    }

    /// Where elements are, as JSON text.
    pub fn locate(&self, input: &JsValue, wanted: &JsValue) -> Result<String, JsValue> {
        let (input, wanted) = (bytes("resource", input)?, strings("elements", wanted)?);
        Ok(inspect::locate(&self.all.definitions_for(&input), &input, &wanted).to_string())
    }

    /// What may be written at an offset, as JSON text.
    pub fn complete(&self, input: &JsValue, offset: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let (input, offset) = (bytes("resource", input)?, number("offset", offset)?);
        Ok(inspect::complete(&self.all.definitions_for(&input), &input, &validate_options(options)?, offset)
            .to_string())
    }

    /// A resource in JSON or XML, and what that lacks, as JSON text.
    pub fn convert(&self, input: &JsValue, to: &JsValue) -> Result<String, JsValue> {
        let to = choose("to", to, &[("json", Format::Json), ("xml", Format::Xml)])?;
        let input = bytes("resource", input)?;
        Ok(inspect::convert(&self.all.definitions_for(&input), &input, to).plain().to_string())
    }

    /// A minimal instance of a profile, as text; `undefined` where the profile is not loaded or is none of a resource.
    pub fn skeleton(&self, url: &JsValue) -> Result<Option<String>, JsValue> {
        let url = text("url", url)?;
        Ok(inspect::skeleton(&self.all.definitions().with(&url), &url))
    }

    /// Every rule that can be reported, as JSON text.
    pub fn rules(&self) -> String {
        inspect::rules().to_string()
    }
}

fn search_options(options: &Js) -> Result<(String, Option<usize>), Mistake> {
    let (mut search, mut limit) = (String::new(), None);
    read_options!(options, value, {
        "search" => search = read_text("search", &value)?,
        "limit" => limit = Some(read_number("limit", &value)? as usize),
    });
    Ok((search, limit))
}

fn depth_option(options: &Js) -> Result<Option<usize>, Mistake> {
    let mut depth = None;
    read_options!(options, value, { "depth" => depth = Some(read_number("depth", &value)? as usize) });
    Ok(depth)
}

fn validate_options(options: &JsValue) -> Result<check::Options, JsValue> {
    crate::options::validate_options(&Js(options.clone())).map_err(thrown)
}

/// What there is as JSON text, or `null`.
fn json(value: Option<Value>) -> String {
    value.unwrap_or_default().to_string()
}

/// A text argument.
fn text(name: &str, value: &JsValue) -> Result<String, JsValue> {
    read_text(name, &Js(value.clone())).map_err(thrown)
}

fn read_text(name: &str, value: &Js) -> Result<String, Mistake> {
    let words = || format!("The {name} is a string; this is {}.", value.what());
    value.text().ok_or_else(|| Mistake::argument(words()))
}

/// A whole number that is not negative.
fn number(name: &str, value: &JsValue) -> Result<u32, JsValue> {
    read_number(name, &Js(value.clone())).map_err(thrown)
}

fn read_number(name: &str, value: &Js) -> Result<u32, Mistake> {
    let number = value.number().filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number));
    let words = || format!("The {name} is a whole number from 0; this is {}.", value.what());
    number.map(|number| number as u32).ok_or_else(|| Mistake::argument(words()))
}
