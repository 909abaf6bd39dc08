//! The door to JavaScript: converts arguments, calls, converts back, and nothing else.
//!
//! `pkg/index.js` wraps it; the names there are the public ones. What comes back is JSON text made by [`outcome`], which
//! the wrapper parses: quicker than building objects across the border one property at a time, the same to the byte as
//! natively, and free of a second serialiser.

use crate::author::DefinitionReport;
use crate::definitions::Index;
use crate::options::{Code, LANGUAGE, Mistake, choose, read_options};
use crate::release::{Builder, Kind};
use crate::render::language::Language;
use crate::{Careconnect, calls, outcome};
use arguments::{Js, bytes, thrown, wrong};
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

mod arguments;
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

    fn add(&self, packs: &[Uint8Array], own: Vec<Vec<u8>>) -> Result<Core, JsValue> {
        let mut definitions = self.packs.definitions().clone();
        for pack in packs {
            // Straight to where it stays: a release of SNOMED CT has tens of megabytes, and WebAssembly gives no memory back.
            let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, pack.length() as usize).collect();
            if let Some(bytes) = Arc::get_mut(&mut bytes) {
                pack.copy_to(bytes);
            }
            definitions.load(bytes).map_err(|error| wrong(Code::Pack, &error.to_string()))?;
        }
        Ok(Core::over(Careconnect::new(definitions), own))
    }
}

#[wasm_bindgen]
impl Core {
    /// Loads packs, each a `Uint8Array`, and then a user's own definitions, each an input; `index` says what packs there are.
    #[wasm_bindgen(constructor)]
    pub fn new(packs: Vec<Uint8Array>, definitions: Vec<JsValue>, index: String) -> Result<Core, JsValue> {
        let own = definitions.iter().map(|input| bytes("definition", input)).collect::<Result<Vec<_>, _>>()?;
        let none = Careconnect::default().with_index(Index::new(index));
        Core::over(none, Vec::new()).add(&packs, own)
    }

    /// The same with more packs below the user's own definitions. What both have is shared.
    #[wasm_bindgen(js_name = withPacks)]
    pub fn with_packs(&self, packs: Vec<Uint8Array>) -> Result<Core, JsValue> {
        self.add(&packs, self.own.clone())
    }

    /// The names of the packs that a validation needs and that are not loaded.
    pub fn missing(&self, input: &JsValue, options: &JsValue) -> Result<Vec<String>, JsValue> {
        calls::missing(&self.all, &bytes("resource", input)?, &Js(options.clone())).map_err(thrown)
    }

    /// The names of the packs that inputs need, or profiles that are asked for, and that are not loaded. What is no input
    /// or no name needs none: the call that it is for says so.
    pub fn needed(&self, inputs: Vec<JsValue>, asked: Vec<JsValue>) -> Vec<String> {
        let asked: Vec<String> = asked.iter().filter_map(JsValue::as_string).collect();
        let inputs: Vec<Vec<u8>> = inputs.iter().filter_map(|input| bytes("resource", input).ok()).collect();
        calls::needed(&self.all, &inputs, &asked)
    }

    /// The names of the packs that the user's own definitions build on and that are not loaded.
    #[wasm_bindgen(js_name = neededByDefinitions)]
    pub fn needed_by_definitions(&self) -> Vec<String> {
        calls::needed(&self.all, &self.own, &[])
    }

    /// What is wrong with the user's own definitions, as JSON text: an array, one for each, in order.
    pub fn definitions(&self) -> String {
        calls::definitions(&self.reports)
    }

    /// A report, as JSON text. Where `ask` is set and the input needs packs that are not loaded, it is a plus sign and their
    /// names instead, with spaces between them.
    pub fn validate(&self, input: &JsValue, options: &JsValue, ask: bool) -> Result<String, JsValue> {
        calls::validate(&self.all, &bytes("resource", input)?, &Js(options.clone()), ask).map_err(thrown)
    }

    /// An OperationOutcome, as JSON text; `ask` as for [`validate`](Self::validate).
    pub fn outcome(&self, input: &JsValue, options: &JsValue, ask: bool) -> Result<String, JsValue> {
        calls::outcome(&self.all, &bytes("resource", input)?, &Js(options.clone()), ask).map_err(thrown)
    }

    /// What was asked for with `as`, as text; the model as JSON text.
    pub fn render(&self, input: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        calls::render(&self.all, &bytes("resource", input)?, &Js(options.clone())).map_err(thrown)
    }

    /// What a ViewDefinition makes of resources, as JSON text.
    pub fn view(&self, definition: &JsValue, inputs: Vec<JsValue>, options: &JsValue) -> Result<String, JsValue> {
        let definition = bytes("ViewDefinition", definition)?;
        let inputs = inputs.iter().map(|input| bytes("resource", input)).collect::<Result<Vec<_>, _>>()?;
        calls::view(&self.all, &definition, &inputs, &Js(options.clone())).map_err(thrown)
    }

    /// A copy without personal data. See [`Careconnect::redact`].
    pub fn redact(&self, input: &JsValue, key: &[u8]) -> Result<String, JsValue> {
        Ok(self.all.redact(&bytes("resource", input)?, key))
    }

    /// The same with what must be said of it before everything else, as JSON text.
    pub fn rendered(&self, input: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        calls::rendered(&self.all, &bytes("resource", input)?, &Js(options.clone())).map_err(thrown)
    }

    /// Two patients compared, as JSON text.
    #[wasm_bindgen(js_name = compareDemographics)]
    pub fn compare_demographics(&self, a: &JsValue, b: &JsValue, options: &JsValue) -> Result<String, JsValue> {
        let (a, b) = (bytes("first patient", a)?, bytes("second patient", b)?);
        let language = language_option(&Js(options.clone())).map_err(thrown)?;
        let compared = self.all.compare_demographics(&a, &b, language);
        let compared = compared.map_err(|words| wrong(Code::NotOnePatient, &words))?;
        serde_json::to_string(&compared).map_err(|error| wrong(Code::Internal, &error.to_string()))
    }
}

fn language_option(options: &Js) -> Result<Language, Mistake> {
    let mut language = Language::default();
    read_options!(options, value, { "language" => language = choose("language", &value, LANGUAGE)? });
    Ok(language)
}

/// Makes a pack of a release of SNOMED CT or dm+d: see [`Builder`].
#[wasm_bindgen]
pub struct ReleaseBuilder(RefCell<Option<Builder>>);

/// The kind of a release by its name.
fn kind(name: &str) -> Result<Kind, JsValue> {
    match name {
        "snomed" => Ok(Kind::Snomed),
        "dmd" => Ok(Kind::Dmd),
        _ => Err(wrong(Code::Release, &format!("A release is of 'snomed' or 'dmd'; this is '{name}'."))),
    }
}

#[wasm_bindgen]
impl ReleaseBuilder {
    /// For `snomed` or `dmd`.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str) -> Result<ReleaseBuilder, JsValue> {
        Ok(ReleaseBuilder(RefCell::new(Some(Builder::new(kind(name)?)))))
    }

    /// When a file has its turn, by its name; nothing for one that is not wanted.
    pub fn turn(name: &str, file: &str) -> Result<Option<u8>, JsValue> {
        Ok(Builder::turn(kind(name)?, file))
    }

    /// Starts the next file.
    pub fn begin(&self, file: &str) -> Result<(), JsValue> {
        self.with(|builder| builder.begin(file))
    }

    /// Takes the next bytes of the file.
    pub fn feed(&self, bytes: &[u8]) -> Result<(), JsValue> {
        self.with(|builder| builder.feed(bytes))
    }

    /// The pack and, as JSON text, what is in it. The builder is then used up.
    pub fn finish(&self) -> Result<Array, JsValue> {
        let builder = self.0.borrow_mut().take().ok_or_else(|| wrong(Code::Release, "This release is finished."))?;
        let (pack, summary) = builder.finish().map_err(|words| wrong(Code::Release, &words))?;
        Ok(Array::of(&[Uint8Array::from(&*pack).into(), outcome::plain_release(&summary).to_string().into()]))
    }

    fn with(&self, act: impl FnOnce(&mut Builder) -> Result<(), String>) -> Result<(), JsValue> {
        let mut builder = self.0.borrow_mut();
        let builder = builder.as_mut().ok_or_else(|| wrong(Code::Release, "This release is finished."))?;
        act(builder).map_err(|words| wrong(Code::Release, &words))
    }
}
