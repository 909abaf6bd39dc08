//! The door to Python: bytes and options as JSON text in, text out. `careconnect/__init__.py` wraps it; the names there are the
//! public ones. What packs a call needs besides is seen to here, as `pkg/handle.js` does it for JavaScript.

use careconnect::author::DefinitionReport;
use careconnect::definitions::Index;
use careconnect::options::{Code, Mistake};
use careconnect::{Careconnect, calls, packs};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// How many sets of further packs one handle keeps; resources name few.
const KEPT: usize = 16;

/// A handle: what is loaded, and with further packs besides. Nothing of it changes but what is kept to be used again, so that
/// any number of threads may use it.
#[pyclass(frozen)]
struct Core {
    packs: Careconnect,
    own: Vec<Vec<u8>>,
    all: Careconnect,
    reports: Vec<DefinitionReport>,
    /// Whether further packs are used where something needs them.
    grows: bool,
    kept: Mutex<Vec<(Vec<String>, Arc<Careconnect>)>>,
}

/// A mistake as the exception of the package, which has its code.
fn raised(mistake: Mistake) -> PyErr {
    Python::attach(|py| exception(py, mistake).map_or_else(|error| error, PyErr::from_value))
}

fn exception<'py>(py: Python<'py>, mistake: Mistake) -> PyResult<Bound<'py, PyAny>> {
    let class = py.import("careconnect._errors")?.getattr("CareconnectError")?;
    class.call1((mistake.words, mistake.code.text()))
}

fn pack_error(error: &careconnect::pack::PackError) -> PyErr {
    raised(Mistake { code: Code::Pack, words: error.to_string() })
}

/// The options of a call, which the Python side has written as JSON.
fn options(text: Option<&str>) -> PyResult<Value> {
    let read = |text| serde_json::from_str(text);
    let wrong = |error| raised(Mistake::argument(format!("The options cannot be read: {error}.")));
    text.map_or(Ok(Value::Null), |text| read(text).map_err(wrong))
}

fn with_own(packs: &Careconnect, own: &[Vec<u8>]) -> (Careconnect, Vec<DefinitionReport>) {
    match own {
        [] => (packs.clone(), Vec::new()),
        own => packs.with_definitions(&own.iter().map(Vec::as_slice).collect::<Vec<_>>()),
    }
}

impl Core {
    /// The handle with these packs besides, which is kept for the next time.
    fn with(&self, names: Vec<String>) -> Result<Arc<Careconnect>, Mistake> {
        // A thread that failed while it held this has left nothing half done: what is kept is put in as a whole.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.iter().position(|(known, _)| *known == names) {
            let found = kept.remove(at);
            let more = Arc::clone(&found.1);
            kept.push(found);
            return Ok(more);
        }
        let more = self.packs.with_packs(&packs::named(&names));
        let more = more.map_err(|error| Mistake { code: Code::Pack, words: error.to_string() })?;
        let more = Arc::new(with_own(&more, &self.own).0);
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((names, Arc::clone(&more)));
        Ok(more)
    }

    /// A call that says itself which packs it needs.
    fn asking(&self, call: impl Fn(&Careconnect, bool) -> Result<String, Mistake>) -> Result<String, Mistake> {
        let text = call(&self.all, self.grows)?;
        match text.strip_prefix('+') {
            None => Ok(text),
            Some(needed) => {
                let mut names: Vec<String> = needed.split(' ').map(str::to_owned).collect();
                // What R4's pack needs besides is known once it is there.
                let text = call(&*self.with(names.clone())?, true)?;
                let Some(more) = text.strip_prefix('+') else { return Ok(text) };
                names.extend(more.split(' ').map(str::to_owned));
                call(&*self.with(names)?, false)
            }
        }
    }

    /// A call whose answer may depend on packs that inputs need.
    fn about(
        &self,
        inputs: &[&[u8]],
        call: impl Fn(&Careconnect) -> Result<String, Mistake>,
    ) -> Result<String, Mistake> {
        let needed = if self.grows { calls::needed(&self.all, inputs, &[]) } else { Vec::new() };
        if needed.is_empty() {
            return call(&self.all);
        }
        let handle = self.with(needed.clone())?;
        let more = calls::needed(&handle, inputs, &[]);
        match more.is_empty() {
            true => call(&handle),
            false => call(&*self.with([needed, more].concat())?),
        }
    }
}

#[pymethods]
impl Core {
    /// Loads packs of the package by their names, packs as bytes, and a user's own definitions on top.
    #[new]
    fn new(py: Python<'_>, names: Vec<String>, more: Vec<Vec<u8>>, own: Vec<Vec<u8>>, grows: bool) -> PyResult<Core> {
        py.detach(|| {
            let mut core = Careconnect::default().with_index(Index::new(packs::INDEX));
            for name in names {
                core = core.with_packs(&packs::named(&[name])).map_err(|error| pack_error(&error))?;
            }
            for pack in more {
                core = core.with_packs(&[&pack]).map_err(|error| pack_error(&error))?;
            }
            let (mut all, mut reports) = with_own(&core, &own);
            let needed = if grows { calls::needed(&all, &own, &[]) } else { Vec::new() };
            if !needed.is_empty() {
                core = core.with_packs(&packs::named(&needed)).map_err(|error| pack_error(&error))?;
                (all, reports) = with_own(&core, &own);
            }
            Ok(Core { packs: core, own, all, reports, grows, kept: Mutex::default() })
        })
    }

    fn validate(&self, py: Python<'_>, input: &[u8], given: Option<&str>) -> PyResult<String> {
        let options = options(given)?;
        py.detach(|| self.asking(|core, ask| calls::validate(core, input, &options, ask))).map_err(raised)
    }

    fn outcome(&self, py: Python<'_>, input: &[u8], given: Option<&str>) -> PyResult<String> {
        let options = options(given)?;
        py.detach(|| self.asking(|core, ask| calls::outcome(core, input, &options, ask))).map_err(raised)
    }

    fn render(&self, py: Python<'_>, input: &[u8], given: Option<&str>) -> PyResult<String> {
        let options = options(given)?;
        let against = options.get("against").and_then(Value::as_str).map(str::as_bytes);
        let inputs: Vec<&[u8]> = std::iter::once(input).chain(against).collect();
        py.detach(|| self.about(&inputs, |core| calls::render(core, input, &options))).map_err(raised)
    }

    fn fhirpath(&self, py: Python<'_>, input: &[u8], expression: &str, given: Option<&str>) -> PyResult<String> {
        let options = options(given)?;
        let call = |core: &Careconnect| calls::fhirpath(core, input, expression, &options);
        py.detach(|| self.about(&[input], call)).map_err(raised)
    }

    fn view(
        &self,
        py: Python<'_>,
        definition: &[u8],
        inputs: Vec<PyBackedBytes>,
        given: Option<&str>,
    ) -> PyResult<String> {
        let options = options(given)?;
        let all: Vec<&[u8]> = inputs.iter().map(|input| &**input).collect();
        py.detach(|| self.about(&all, |core| calls::view(core, definition, &all, &options))).map_err(raised)
    }

    fn redact(&self, py: Python<'_>, input: &[u8], key: &[u8]) -> String {
        py.detach(|| self.all.redact(input, key))
    }

    /// What is wrong with the user's own definitions, as JSON text.
    fn definitions(&self) -> String {
        calls::definitions(&self.reports)
    }
}

/// The names of the packs, in the order in which they are loaded.
#[pyfunction]
fn pack_names() -> Vec<&'static str> {
    packs::ALL.iter().map(|(name, _)| *name).collect()
}

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("VERSION", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Core>()?;
    module.add_function(wrap_pyfunction!(pack_names, module)?)
}
