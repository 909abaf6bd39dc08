//! A user's own definitions, at run time: read, completed to snapshots, compiled beside what is loaded, and checked
//! themselves, since that is what the author of a profile comes for.
//!
//! Whatever is wrong with a definition is an issue of it, at its own place in its own source; what can be used is used.

mod faults;
mod paths;
mod rules;

use crate::check;
use crate::definitions::{BASE, Definitions, split_canonical};
use crate::issue::{Issue, Problem};
use crate::limits;
use crate::model::message::MessageDefinition;
use crate::model::questionnaire::Questionnaire;
use crate::model::shape::Shapes;
use crate::model::snapshot::Generator;
use crate::model::{CodeSystem, StructureDefinition, StructureKind, ValueSet, read};
use crate::parse::{Limits, Parsed, parse};
use crate::plan::compile::compile;
use crate::plan::restore::restore;
use crate::report::Report;
use crate::source::{Format, LineIndex, Span, Utf16Index};
use crate::tree::{NodeId, Tree};
use crate::typed::Typed;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is said of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionReport {
    /// The canonical URL of the definition; empty for a Bundle, and where there is none.
    pub url: String,
    /// What is wrong with it. Errors that the definition makes as a resource are among them.
    pub report: Report,
}

/// Something wrong with a definition.
struct Finding {
    node: NodeId,
    problem: Arc<Problem>,
}

/// How many more names will be looked for among all that are known: it takes long, and a person wants to know of few.
struct Hints(Cell<usize>);

impl Default for Hints {
    fn default() -> Self {
        Hints(Cell::new(500))
    }
}

impl Hints {
    /// " Did you mean 'x'?", or nothing.
    fn did_you_mean<'a>(&self, wrong: &str, candidates: impl Iterator<Item = &'a str>) -> String {
        if self.take() { check::did_you_mean(wrong, candidates) } else { String::new() }
    }

    /// Whether one more is looked for.
    fn take(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

/// One input, and what was found in it.
struct Input<'d> {
    parsed: Parsed,
    typed: Typed<'d>,
    findings: Vec<Finding>,
}

/// A definition that was read from an input.
struct Own<T> {
    /// Which input it stands in.
    input: usize,
    /// Where.
    node: NodeId,
    value: T,
}

/// Definitions with the user's own added, and a report for each input, in the same order.
///
/// Inputs are StructureDefinitions (a differential is enough), ValueSets, CodeSystems, Questionnaires,
/// MessageDefinitions and Bundles of these, in JSON or XML; they may refer to each other in whatever order they come. What a user defines takes the place
/// of what is loaded under the same URL.
pub fn add(loaded: &Definitions, inputs: &[&[u8]]) -> (Definitions, Vec<DefinitionReport>) {
    let inputs: Vec<Input<'_>> = inputs.iter().map(|source| Input::new(source, loaded)).collect();
    let (definitions, inputs) = examined(loaded, inputs);
    (definitions, inputs.into_iter().map(Input::report).collect())
}

/// Whether a resource is a definition with more to check than its form: one that [`add`] takes.
pub fn is_definition(tree: &Tree) -> bool {
    const TYPES: [&str; 3] = ["StructureDefinition", "ValueSet", "CodeSystem"];
    let is_one = |node: NodeId| tree.resource_type(node).is_some_and(|name| TYPES.contains(&name));
    let root = tree.root();
    let in_entries = || tree.named(root, "entry").filter_map(|entry| tree.child(entry, "resource")).any(is_one);
    is_one(root) || tree.resource_type(root) == Some("Bundle") && in_entries()
}

/// The report on a definition, or on a Bundle with some, with what its author wants to know besides: see [`add`]. What the
/// form of the resource breaks already is not said again.
pub fn with_author_checks(loaded: &Definitions, source: &[u8], report: Report, options: &check::Options) -> Report {
    let (_, inputs) = examined(loaded, vec![Input::new(source, loaded)]);
    let Some(mut input) = inputs.into_iter().next() else { return report };
    let is_used = |finding: &Finding| !matches!(*finding.problem, Problem::DefinitionNotUsed { .. });
    input.findings.retain(|finding| is_used(finding) && options.severity(&finding.problem).is_some());
    let Report { mut issues, .. } = report;
    // Of a definition for another release of FHIR nothing is said but that, and of half a definition nothing at all: what it
    // lacks may have come later.
    if report.incomplete || issues.iter().any(|issue| matches!(*issue.problem, Problem::FhirVersion { .. })) {
        input.findings.clear();
    }
    input.merge_into(&mut issues);
    for issue in &mut issues {
        issue.severity = options.severity(&issue.problem).unwrap_or(issue.severity);
    }
    input.within_limits(&mut issues);
    Report { issues, ..report }
}

/// Definitions with those of the inputs added, and what was found of each.
fn examined<'d>(loaded: &'d Definitions, mut inputs: Vec<Input<'d>>) -> (Definitions, Vec<Input<'d>>) {
    let shapes = match inputs.iter().any(|input| input.parsed.format == Format::Xml) {
        true => shapes(loaded),
        false => Shapes::default(),
    };
    let mut structures: Vec<Own<Arc<StructureDefinition>>> = Vec::new();
    let mut systems: Vec<Own<CodeSystem>> = Vec::new();
    let mut value_sets: Vec<Own<ValueSet>> = Vec::new();
    let mut questionnaires: Vec<Questionnaire> = Vec::new();
    let mut messages: Vec<MessageDefinition> = Vec::new();
    for (at, input) in inputs.iter_mut().enumerate() {
        for node in input.resources() {
            let tree = &input.parsed.tree;
            let faults = match tree.resource_type(node) {
                Some("StructureDefinition") => {
                    let read = read::structure_definition_at(tree, node, &shapes);
                    for contained in tree.named(node, "contained") {
                        if tree.resource_type(contained) == Some("ValueSet") {
                            let mut value = read::value_set_at(tree, contained).value;
                            // Bindings name it by its id in the definition.
                            let id = tree.child_text(contained, "id").unwrap_or_default();
                            value.url = format!("{}#{id}", read.value.url);
                            value_sets.push(Own { input: at, node: contained, value });
                        } else if tree.resource_type(contained) == Some("CodeSystem") {
                            let value = read::code_system_at(tree, contained).value;
                            systems.push(Own { input: at, node: contained, value });
                        }
                    }
                    structures.push(Own { input: at, node, value: Arc::new(read.value) });
                    read.faults
                }
                Some("CodeSystem") => {
                    let read = read::code_system_at(tree, node);
                    systems.push(Own { input: at, node, value: read.value });
                    read.faults
                }
                Some("ValueSet") => {
                    let read = read::value_set_at(tree, node);
                    value_sets.push(Own { input: at, node, value: read.value });
                    read.faults
                }
                // Taken as they are: what a questionnaire asks and a message holds is their own affair.
                Some("Questionnaire") => {
                    questionnaires.push(Questionnaire::read(tree, node));
                    Vec::new()
                }
                Some("MessageDefinition") => {
                    messages.push(MessageDefinition::read(tree, node));
                    Vec::new()
                }
                Some(other) => {
                    let found = other.to_owned();
                    input
                        .findings
                        .push(Finding { node, problem: Arc::new(Problem::DefinitionNotUsed { found }.bounded()) });
                    continue;
                }
                None => continue,
            };
            let faults: Vec<Finding> = faults.into_iter().filter_map(faults::of_reading).collect();
            input.findings.extend(faults);
        }
    }
    say_twice(&mut inputs, &structures);
    let mut definitions = define(loaded, &mut inputs, &structures, &systems, &value_sets);
    questionnaires.into_iter().for_each(|questionnaire| definitions.insert_questionnaire(questionnaire));
    messages.into_iter().for_each(|definition| definitions.insert_message(definition));
    let hints = Hints::default();
    for own in &structures {
        let Some(input) = inputs.get_mut(own.input) else { continue };
        rules::check(&definitions, &input.parsed.tree, own, &hints, &mut input.findings);
    }
    for own in &value_sets {
        let Some(input) = inputs.get_mut(own.input) else { continue };
        rules::check_value_set(&definitions, &input.parsed.tree, own.node, &hints, &mut input.findings);
    }
    (definitions, inputs)
}

/// Compiles the user's own beside what is loaded.
fn define(
    loaded: &Definitions,
    inputs: &mut [Input<'_>],
    structures: &[Own<Arc<StructureDefinition>>],
    systems: &[Own<CodeSystem>],
    value_sets: &[Own<ValueSet>],
) -> Definitions {
    let mut definitions = loaded.clone();
    let systems: Vec<CodeSystem> = named(systems, |system| &system.url);
    let value_sets: Vec<ValueSet> = named(value_sets, |value_set| &value_set.url);
    if !systems.is_empty() || !value_sets.is_empty() {
        definitions.insert_terminology(&systems, &value_sets);
    }
    let own: BTreeMap<&str, &Arc<StructureDefinition>> =
        structures.iter().map(|own| (own.value.url.as_str(), &own.value)).collect();
    let restored: RefCell<BTreeMap<String, Option<Arc<StructureDefinition>>>> = RefCell::default();
    let resolve = |canonical: &str| {
        let url = split_canonical(canonical).0;
        if let Some(own) = own.get(url) {
            return Some(Arc::clone(own));
        }
        if let Some(known) = restored.borrow().get(canonical) {
            return known.clone();
        }
        let known = loaded.plan(canonical).map(|plan| {
            let mut known = restore(plan, loaded.names());
            // Its snapshot says everything, so that it needs no base.
            known.base_definition = None;
            Arc::new(known)
        });
        restored.borrow_mut().insert(canonical.to_owned(), known.clone());
        known
    };
    let mut generator = Generator::new(&resolve);
    let mut plans = Vec::new();
    for own in structures {
        let snapshot = generator.snapshot(&own.value);
        if let Some(input) = inputs.get_mut(own.input) {
            let tree = &input.parsed.tree;
            let elements = faults::elements(tree, own.node);
            let hints = Hints::default();
            let finding = |problem| faults::of_snapshot(loaded, tree, own, &elements, problem, &hints);
            let found: Vec<Finding> = snapshot.problems.iter().map(finding).collect();
            input.findings.extend(found);
        }
        // Nothing could ask for one without a URL.
        if !own.value.url.is_empty() {
            let plan = compile(&own.value, &snapshot.elements, definitions.names_mut());
            plans.push(plan);
        }
    }
    plans.into_iter().for_each(|plan| definitions.insert_plan(plan));
    definitions
}

/// Those that have a URL, by which they are asked for.
fn named<T: Clone>(all: &[Own<T>], url: impl Fn(&T) -> &str) -> Vec<T> {
    all.iter().filter(|own| !url(&own.value).is_empty()).map(|own| own.value.clone()).collect()
}

/// The shapes of the data types, for the values that definitions in XML fix.
fn shapes(loaded: &Definitions) -> Shapes {
    let types = loaded.profile_urls().filter(|url| url.starts_with(BASE)).filter_map(|url| loaded.plan(url));
    let types = types.filter(|plan| matches!(plan.kind, StructureKind::Complex | StructureKind::Primitive));
    let types: Vec<StructureDefinition> = types.map(|plan| restore(plan, loaded.names())).collect();
    Shapes::of(&types)
}

/// Says of every definition whose URL and version an earlier one has that it takes that one's place.
fn say_twice(inputs: &mut [Input<'_>], structures: &[Own<Arc<StructureDefinition>>]) {
    let mut known = BTreeSet::new();
    for own in structures.iter().filter(|own| !own.value.url.is_empty()) {
        if known.insert((&own.value.url, &own.value.version)) {
            continue;
        }
        let Some(input) = inputs.get_mut(own.input) else { continue };
        let node = input.parsed.tree.child(own.node, "url").unwrap_or(own.node);
        input.findings.push(Finding {
            node,
            problem: Arc::new(Problem::DefinitionTwice { url: own.value.url.clone() }.bounded()),
        });
    }
}

impl<'d> Input<'d> {
    fn new(source: &[u8], loaded: &'d Definitions) -> Self {
        let mut parsed = parse(source, loaded.names(), Limits::default());
        let typed = Typed::new(&mut parsed.tree, loaded);
        Input { parsed, typed, findings: Vec::new() }
    }

    /// The resources that may be definitions: the input itself, or those in it if it is a Bundle.
    fn resources(&self) -> Vec<NodeId> {
        let tree = &self.parsed.tree;
        let root = tree.root();
        if tree.resource_type(root) != Some("Bundle") {
            return vec![root];
        }
        tree.named(root, "entry").filter_map(|entry| tree.child(entry, "resource")).collect()
    }

    fn url(&self) -> String {
        let tree = &self.parsed.tree;
        let is_bundle = tree.resource_type(tree.root()) == Some("Bundle");
        let url = tree.child_text(tree.root(), "url").filter(|_| !is_bundle);
        url.unwrap_or_default().trim().to_owned()
    }

    /// The findings with the errors that the definition makes as a resource, one fault said once.
    fn report(self) -> DefinitionReport {
        let resource = check::check(&self.parsed, &self.typed, &check::Options::default());
        let mut issues: Vec<Issue> = resource.issues;
        issues.retain(|issue| match &*issue.problem {
            Problem::MoreIssues { kinds, .. } => kinds.errors > 0,
            problem => issue.severity.is_error() && !problem.rule().starts_with("narrative-"),
        });
        let is_other_version = issues.iter().any(|issue| matches!(*issue.problem, Problem::FhirVersion { .. }));
        if !is_other_version {
            self.merge_into(&mut issues);
        }
        self.within_limits(&mut issues);
        let profiles = resource.profiles;
        DefinitionReport { url: self.url(), report: Report { issues, profiles, ..Report::default() } }
    }

    /// Keeps of the issues what a report may list.
    fn within_limits(&self, issues: &mut Vec<Issue>) {
        let tree = &self.parsed.tree;
        let room = limits::output(tree.source().len()) / 2;
        check::within_limits(issues, room, || self.typed.location(tree, tree.root()));
    }

    /// Adds what was found to the issues that the definition has as a resource, one fault said once.
    fn merge_into(&self, issues: &mut Vec<Issue>) {
        let Input { parsed, typed, findings } = self;
        let tree = &parsed.tree;
        let said = faults::Said::new(issues);
        let lines = LineIndex::new(tree.source());
        let utf16 = Utf16Index::new(tree.source());
        let mut own: Vec<Issue> = Vec::new();
        let mut words = BTreeSet::new();
        for finding in findings {
            let expression = typed.location(tree, finding.node);
            if said.has(&expression, &finding.problem) {
                continue;
            }
            let issue = issue(tree, &lines, &utf16, expression, finding);
            if words.insert((issue.span.start, issue.span.end, issue.problem.message())) {
                own.push(issue);
            }
        }
        let breaks = faults::Breaks::new(&own);
        issues.retain(|issue| !breaks.says_the_same(issue));
        issues.extend(own);
        crate::order::sort_by_key(issues, |issue| (issue.span.start, issue.severity));
    }
}

fn issue(tree: &Tree, lines: &LineIndex<'_>, utf16: &Utf16Index<'_>, expression: String, finding: &Finding) -> Issue {
    let span = Span { start: tree.key_start(finding.node), end: tree.span(finding.node).end };
    Issue {
        severity: finding.problem.severity(),
        problem: Arc::clone(&finding.problem),
        expression,
        position: lines.position(span.start),
        span,
        utf16: utf16.span(span),
        profile: String::new(),
        definition: String::new(),
    }
}
