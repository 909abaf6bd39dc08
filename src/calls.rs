//! The calls that every language has, with options as it has them; what comes back is text, JSON where it is no display, so that
//! it is the same to the byte in all.

use crate::options::{
    Given, Mistake, date, read_options, render_options, validate_options, validate_options_with_fixes, view_options,
};
use crate::primitive::Date;
use crate::report::Report;
use crate::{Careconnect, check, inspect, outcome, view};
use serde_json::{Map, Value};

/// The names of the packs that a call asked for and that are not loaded, as text: a plus sign and the names, with spaces between.
fn asked_for(needed: &[String]) -> String {
    format!("+{}", needed.join(" "))
}

/// The report on an input; or, where `ask` is set and it needs packs that are not loaded, their names.
fn report(all: &Careconnect, input: &[u8], options: &check::Options, ask: bool) -> Result<Report, String> {
    if !ask {
        return Ok(all.validate(input, options));
    }
    all.validate_if_loaded(input, options).map_err(|needed| asked_for(&needed))
}

/// A report, as JSON text. Where `ask` is set and the input needs packs that are not loaded, it is a plus sign and their names
/// instead, with spaces between them.
///
/// # Errors
/// An option is not what the call takes.
pub fn validate<G: Given>(all: &Careconnect, input: &[u8], options: &G, ask: bool) -> Result<String, Mistake> {
    let (options, fixes) = validate_options_with_fixes(options)?;
    let report = match report(all, input, &options, ask) {
        Ok(report) => report,
        Err(needed) => return Ok(needed),
    };
    let mut plain = outcome::plain(&report);
    if fixes {
        inspect::add_help(&mut plain, &inspect::help(&all.definitions().of(report.told.version), input, &report));
    }
    Ok(plain.to_string())
}

/// An OperationOutcome, as JSON text; `ask` as for [`validate`].
///
/// # Errors
/// An option is not what the call takes.
pub fn outcome<G: Given>(all: &Careconnect, input: &[u8], options: &G, ask: bool) -> Result<String, Mistake> {
    let report = report(all, input, &validate_options(options)?, ask);
    Ok(report.map_or_else(|needed| needed, |report| outcome::operation_outcome(&report).to_string()))
}

/// The names of the packs that a validation needs and that are not loaded.
///
/// # Errors
/// An option is not what the call takes.
pub fn missing<G: Given>(all: &Careconnect, input: &[u8], options: &G) -> Result<Vec<String>, Mistake> {
    let (options, _) = validate_options_with_fixes(options)?;
    let asked: Vec<String> = options.asked().cloned().collect();
    Ok(all.needed_by(input, &asked, options.fhir_version))
}

/// The names of the packs that inputs need, or profiles that are asked for, and that are not loaded.
pub fn needed(all: &Careconnect, inputs: &[impl AsRef<[u8]>], asked: &[String]) -> Vec<String> {
    let mut names = all.needed(&[], asked);
    for name in inputs.iter().flat_map(|input| all.needed(input.as_ref(), &[])) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What was asked for with `as`, as text; the model as JSON text.
///
/// # Errors
/// An option is not what the call takes.
pub fn render<G: Given>(all: &Careconnect, input: &[u8], options: &G) -> Result<String, Mistake> {
    Ok(all.render(input, &render_options(options)?).output)
}

/// The same with what must be said of it before everything else, as JSON text.
///
/// # Errors
/// An option is not what the call takes.
pub fn rendered<G: Given>(all: &Careconnect, input: &[u8], options: &G) -> Result<String, Mistake> {
    let rendered = all.render(input, &render_options(options)?);
    let mut out = Map::new();
    out.insert("output".into(), rendered.output.into());
    if let Some(said) = rendered.display.incomplete {
        out.insert("incomplete".into(), said.into());
    }
    Ok(Value::Object(out).to_string())
}

/// What a FHIRPath expression gives, as JSON text.
///
/// # Errors
/// An option is not what the call takes.
pub fn fhirpath<G: Given>(all: &Careconnect, input: &[u8], expression: &str, options: &G) -> Result<String, Mistake> {
    let mut day = check::Options::default();
    read_options!(options, value, { "today" => day.today = Date::parse(&date("today", &value)?) });
    Ok(inspect::fhirpath(&all.definitions_for(input), input, expression, &day).to_string())
}

/// What a ViewDefinition of SQL on FHIR makes of resources, as JSON text; see [`view::written`].
///
/// # Errors
/// Something is wrong with the ViewDefinition, or an option is not what the call takes.
pub fn view<G: Given>(
    all: &Careconnect,
    definition: &[u8],
    inputs: &[impl AsRef<[u8]>],
    options: &G,
) -> Result<String, Mistake> {
    let (how, day) = view_options(options)?;
    let definitions = all.definitions();
    let view = view::View::compile(definition, definitions).map_err(Mistake::argument)?;
    let found: Vec<_> = inputs.iter().map(|input| view.rows(input.as_ref(), definitions, &day)).collect();
    Ok(view::written(&view, &found, how))
}

/// What is wrong with a user's own definitions, as JSON text: an array, one for each, in order.
pub fn definitions(reports: &[crate::author::DefinitionReport]) -> String {
    Value::Array(reports.iter().map(outcome::plain_definition).collect()).to_string()
}
