//! Every shape of `tests/support/shapes.rs` through every call: nothing panics, nothing says more than its ceiling, and
//! what is looked at grows with the input. A new call or rule is held to it by being in the tables.
//!
//! Nothing here is timed; `cargo xtask bench growth` does that.

#[path = "support/shapes.rs"]
mod shapes;
mod support;

use careconnect::issue::Severity;
use careconnect::{limits, outcome, tree};
use shapes::{CALLS, Shape};
use std::collections::BTreeSet;

/// Sizes that show what is quadratic, and are small enough for every call on every shape.
const SMALL: usize = 300;
const LARGE: usize = 600;

/// Runs something on each shape, in as many threads as the machine has, and gives what was wrong.
fn on_each(work: impl Fn(&Shape) -> Vec<String> + Sync) {
    let shapes = shapes::all();
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let part = shapes.len().div_ceil(threads).max(1);
        let parts: Vec<_> =
            shapes.chunks(part).map(|part| scope.spawn(|| part.iter().flat_map(&work).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no shape panics")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_enough_shapes_and_each_has_a_name_of_its_own() {
    let shapes = shapes::all();
    let names: BTreeSet<&str> = shapes.iter().map(|shape| &*shape.name).collect();
    assert_eq!(names.len(), shapes.len());
    assert!(shapes.len() >= 150, "{}", shapes.len());
    for shape in &shapes {
        assert!((shape.make)(LARGE).len() > (shape.make)(SMALL).len(), "{} does not grow", shape.name);
    }
}

#[test]
fn no_output_is_many_times_as_long_as_its_input() {
    let careconnect = support::packs(&["stu3", "careconnect"]);
    on_each(|shape| {
        let input = (shape.make)(LARGE);
        let most = 50 * input.len().max(limits::SHORT);
        let run = |(name, call): &(&str, fn(&_, &[u8]) -> usize)| {
            let length = call(&careconnect, input.as_bytes());
            (length > most).then(|| format!("{}, {name}: {length} bytes of {}", shape.name, input.len()))
        };
        CALLS.iter().filter_map(run).collect()
    });
}

#[test]
fn what_is_said_has_a_ceiling() {
    let careconnect = support::packs(&["stu3", "careconnect"]);
    on_each(|shape| {
        let mut wrong = Vec::new();
        // More than can be listed, where the shape is one of faults.
        let input = (shape.make)(limits::ISSUES + 500);
        let report = careconnect.validate(input.as_bytes(), &Default::default());
        let listed = report.issues.len();
        let says_more = report.issues.iter().any(|issue| issue.problem.rule() == "more-issues");
        if listed > limits::ISSUES + 1 || listed == limits::ISSUES + 1 && !says_more {
            wrong.push(format!("{}: {listed} issues", shape.name));
        }
        if report.unchecked.len() > limits::ISSUES + 1 {
            wrong.push(format!("{}: {} unchecked", shape.name, report.unchecked.len()));
        }
        let mut texts: Vec<String> = Vec::new();
        for issue in &report.issues {
            texts.extend([issue.problem.message(), issue.expression.clone()]);
        }
        for one in &report.unchecked {
            texts.extend([&one.expression, &one.subject, &one.system, &one.code, &one.reason].map(String::clone));
        }
        if let Some(long) = texts.iter().map(|text| text.chars().count()).max().filter(|long| *long > limits::TEXT) {
            wrong.push(format!("{}: a text of {long} characters", shape.name));
        }
        let length = outcome::plain(&report).to_string().len();
        if length > 50 * input.len().max(limits::SHORT) {
            wrong.push(format!("{}: a report of {length} bytes of {}", shape.name, input.len()));
        }
        wrong
    });
}

/// Twice the input asks for no more than some twice as many looks at its elements, in every call. A search among siblings
/// for each of them would be four times as many.
#[test]
fn what_is_looked_at_grows_with_the_input() {
    let careconnect = support::packs(&["stu3", "careconnect"]);
    on_each(|shape| {
        let (small, large) = ((shape.make)(SMALL), (shape.make)(LARGE));
        let looks = |call: fn(&_, &[u8]) -> usize, input: &str| {
            let before = tree::looks();
            call(&careconnect, input.as_bytes());
            (tree::looks() - before) as f64
        };
        let run = |(name, call): &(&str, fn(&_, &[u8]) -> usize)| {
            let (few, many) = (looks(*call, &small), looks(*call, &large));
            (many > few * 2.6 + 2_000.0).then(|| format!("{}, {name}: {few} looks, then {many}", shape.name))
        };
        CALLS.iter().filter_map(run).collect()
    });
}

#[test]
fn errors_are_listed_before_what_weighs_less() {
    let careconnect = support::packs(&["stu3"]);
    let many = |item: &str, count: usize| vec![item; count].join(",");
    let unknown = many(r#"{"url":"https://example.org/e","valueString":"v"}"#, limits::ISSUES + 7);
    let wrong = many(r#"{"gender":"x"}"#, 20);
    let input = format!(r#"{{"resourceType":"Patient","extension":[{unknown}],"contact":[{wrong}]}}"#);
    let report = careconnect.validate(input.as_bytes(), &Default::default());
    assert_eq!(report.issues.len(), limits::ISSUES + 1);
    assert_eq!(report.issues.iter().filter(|issue| issue.problem.rule() == "code-required").count(), 20);
    // The contacts lack a name too.
    assert_eq!(report.count(Severity::Error), 40);
    let more = report.issues.last().expect("an issue");
    assert_eq!(more.problem.rule(), "more-issues");
    assert!(more.problem.message().contains("there are 47 more: 47 notes"), "{}", more.problem.message());
}

#[test]
fn a_display_that_is_cut_says_so_first_and_how_much_is_left_out() {
    let careconnect = support::packs(&["stu3"]);
    let input = format!(r#"{{"resourceType":"Patient","{}":[{}1]}}"#, "k".repeat(5_000), "1,".repeat(50_000));
    let options = careconnect::render::Options { as_: careconnect::render::As::Text, ..Default::default() };
    let rendered = careconnect.render(input.as_bytes(), &options);
    assert!(rendered.output.len() <= 50 * input.len());
    let first = &rendered.display.warnings[0].text;
    let left_out = rendered.coverage.withheld.len();
    assert!(first.starts_with(&format!("NOT ALL IS SHOWN: {left_out} values are left out")), "{first}");
    assert_eq!(rendered.coverage.missing, Vec::<String>::new());
}

#[test]
fn a_check_that_takes_too_many_steps_ends_and_says_so() {
    let careconnect = support::packs(&["stu3"]);
    let dear =
        "descendants().select($this | %resource.descendants().select($this | %resource.descendants())).count() >= 0";
    let constraint =
        |at: usize| format!(r#"{{"key":"dear-{at}","severity":"error","human":"h","expression":"{dear}"}}"#);
    let constraints: Vec<String> = (0..40).map(constraint).collect();
    let definition = format!(
        r#"{{"resourceType":"StructureDefinition","url":"https://example.org/dear","name":"dear","status":"draft","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{{"element":[{{"id":"Patient","path":"Patient","constraint":[{}]}}]}}}}"#,
        constraints.join(",")
    );
    let (careconnect, reports) = careconnect.with_definitions(&[definition.as_bytes()]);
    assert!(reports.iter().all(|report| report.report.is_valid()), "{reports:?}");
    let names = vec![r#"{"family":"f"}"#; 2_000].join(",");
    let input =
        format!(r#"{{"resourceType":"Patient","meta":{{"profile":["https://example.org/dear"]}},"name":[{names}]}}"#);
    let report = careconnect.validate(input.as_bytes(), &Default::default());
    assert!(!report.is_valid());
    assert!(report.issues.iter().any(|issue| issue.problem.rule() == "too-costly"), "{:?}", report.issues);
    assert!(report.unchecked.iter().any(|one| one.subject == "steps"), "{:?}", report.unchecked);
    assert!(report.reason().contains("more steps than the limit"), "{}", report.reason());
}
