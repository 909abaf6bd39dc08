//! What must hold of every input: for libFuzzer's targets, and for `cargo xtask fuzz`, which needs no nightly toolchain.

mod checks;
pub mod mutate;
pub mod run;
mod seeds;

use checks::{pack, redact, sanitise};

use careconnect::fhirpath::{Expression, Host, Scope};
use careconnect::issue::{Issue, Problem};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::release::{Builder, Kind};
use careconnect::render::language::Language;
use careconnect::render::{self, As, Audience, Mode, View};
use careconnect::report::Report;
use careconnect::tree::{NodeId, Tree};
use careconnect::typed::Typed;
use careconnect::{Careconnect, check, outcome};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A part of the core, and what its inputs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The reader of JSON.
    Json,
    /// The reader of XML.
    Xml,
    /// An expression, compiled and evaluated.
    Fhirpath,
    /// A user's definition, loaded and validated by.
    Definitions,
    /// A resource, validated.
    Validate,
    /// A resource, displayed.
    Render,
    /// A file of a release of SNOMED CT or dm+d, made into a pack.
    Release,
    /// Received XHTML, cleaned.
    Sanitise,
    /// A pack, loaded and asked for all that is in it.
    Packs,
    /// A resource, copied without personal data.
    Redact,
}

impl Target {
    /// Every target.
    pub const ALL: [Target; 10] = [
        Target::Json,
        Target::Xml,
        Target::Fhirpath,
        Target::Definitions,
        Target::Validate,
        Target::Render,
        Target::Release,
        Target::Sanitise,
        Target::Packs,
        Target::Redact,
    ];

    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Target::Json => "json",
            Target::Xml => "xml",
            Target::Fhirpath => "fhirpath",
            Target::Definitions => "definitions",
            Target::Validate => "validate",
            Target::Render => "render",
            Target::Release => "release",
            Target::Sanitise => "sanitise",
            Target::Packs => "packs",
            Target::Redact => "redact",
        }
    }

    /// The target of a name.
    pub fn named(name: &str) -> Option<Target> {
        Target::ALL.into_iter().find(|target| target.name() == name)
    }

    /// Gives the input to its part of the core, and looks at everything that comes back; panics where that is not sound.
    pub fn run(self, bytes: &[u8]) {
        match self {
            Target::Json | Target::Xml => read(bytes),
            Target::Fhirpath => evaluate(&String::from_utf8_lossy(bytes)),
            Target::Definitions => define(bytes),
            Target::Validate => sound(&core().validate(bytes, &check::Options::default())),
            Target::Render => display(bytes),
            Target::Release => release(bytes),
            Target::Sanitise => sanitise(&String::from_utf8_lossy(bytes)),
            Target::Packs => pack(bytes),
            Target::Redact => redact(bytes),
        }
    }
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The core with the packs that are loaded by default, and that of the NHS's messages. `cargo xtask packs` builds them.
fn core() -> &'static Careconnect {
    static CORE: OnceLock<Careconnect> = OnceLock::new();
    CORE.get_or_init(|| {
        let read = |name: &str| {
            let file = root().join("pkg/dist/packs").join(name);
            std::fs::read(&file).unwrap_or_else(|error| panic!("{name}: {error}; run cargo xtask packs"))
        };
        let packs = ["stu3.pack", "careconnect.pack", "itk.pack"].map(read);
        Careconnect::load(&packs.each_ref().map(Vec::as_slice)).expect("packs of this version")
    })
}

/// The resources that expressions are evaluated on and definitions are tried with.
const PATIENT: &str = r##"{
  "resourceType": "Patient", "id": "a",
  "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">A &lt; b</div>" },
  "contained": [{ "resourceType": "Practitioner", "id": "gp", "name": [{ "family": "Okafor" }] }],
  "extension": [{ "url": "http://example.org/age", "valueAge": { "value": 3.5, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d" } }],
  "active": true, "name": [{ "use": "official", "family": "Évans", "given": ["Ann", null], "_given": [null, { "id": "b" }] }],
  "telecom": [{ "system": "phone", "value": "0113 496 0000", "rank": 1 }], "gender": "female",
  "birthDate": "1980-02", "deceasedDateTime": "2019-01-01T10:00:00.5+01:00", "multipleBirthInteger": 2,
  "generalPractitioner": [{ "reference": "#gp" }]
}"##;
const OBSERVATION: &str = r##"{
  "resourceType": "Observation", "id": "o", "identifier": [{ "system": "urn:a", "value": "1" }], "status": "final",
  "category": [{ "coding": [{ "system": "http://hl7.org/fhir/observation-category", "code": "vital-signs" }] }],
  "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }, { "code": "x" }], "text": "Pulse" },
  "subject": { "reference": "Patient/a" }, "effectivePeriod": { "start": "2019-01-01", "end": "2019-01-02" },
  "valueQuantity": { "value": 72.0, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min" },
  "component": [{ "code": { "text": "c" }, "valueString": "d" }, { "code": { "text": "e" }, "valueTime": "10:00:00" }]
}"##;

/// A response to the Questionnaire of tests/cases/check/questionnaires.md, and a message of the event of messages.md.
const RESPONSE: &str = r##"{
  "resourceType": "QuestionnaireResponse", "status": "completed",
  "questionnaire": { "reference": "http://example.org/Questionnaire/smoking" }, "subject": { "reference": "Patient/a" },
  "item": [{ "linkId": "habits", "item": [
    { "linkId": "smokes", "answer": [{ "valueBoolean": true }] },
    { "linkId": "perday", "answer": [{ "valueInteger": 500 }, { "valueInteger": 5 }] },
    { "linkId": "kind", "answer": [{ "valueCoding": { "system": "http://example.org/kinds", "code": "pipe" } }] },
    { "linkId": "since", "answer": [{ "valueDate": "2001-02-03", "item": [{ "linkId": "why", "answer": [{ "valueString": "x" }] }] }] }
  ] }]
}"##;
const MESSAGE: &str = r##"{
  "resourceType": "Bundle", "type": "message",
  "entry": [
    { "fullUrl": "urn:uuid:11111111-1111-4111-8111-111111111111", "resource": { "resourceType": "MessageHeader",
      "event": { "system": "http://example.org/events", "code": "admitted" }, "timestamp": "2019-01-01T10:00:00Z",
      "source": { "endpoint": "http://example.org/a" }, "focus": [{ "reference": "urn:uuid:22222222-2222-4222-8222-222222222222" }] } },
    { "fullUrl": "urn:uuid:22222222-2222-4222-8222-222222222222", "resource": { "resourceType": "Encounter", "status": "arrived" } }
  ]
}"##;

/// Reads the bytes and looks at everything that was read.
fn read(bytes: &[u8]) {
    let parsed = parse(bytes, &Arc::new(Names::default()), Limits::default());
    let tree = &parsed.tree;
    let source = tree.source();
    let mut children = 0;
    for node in tree.all() {
        let span = tree.span(node);
        assert!(source.get(span.start as usize..span.end as usize).is_some(), "span {span:?}");
        assert!(source.get(tree.key_start(node) as usize..).is_some());
        children += tree.children(node).count();
        tree.text(node);
    }
    assert_eq!(children + 1, tree.len(), "every node but the root is the child of one");
    for fault in &parsed.faults {
        assert!(source.get(fault.span.start as usize..fault.span.end as usize).is_some(), "{fault:?}");
        assert!((fault.node.0 as usize) < tree.len());
        assert!(!fault.problem.message().is_empty());
    }
}

/// Knows types, and nothing beyond the resource.
struct Surroundings<'t>(&'t Typed<'t>);

impl Host for Surroundings<'_> {
    fn type_of<'h>(&'h self, _: &'h Tree, node: NodeId) -> Option<&'h str> {
        self.0.type_name(node)
    }

    fn choice<'h>(&'h self, tree: &'h Tree, node: NodeId) -> Option<&'h str> {
        self.0.choice(tree, node).map(|name| tree.name_text(name))
    }

    fn now(&self) -> Option<&str> {
        Some("2026-02-03T10:30:00.000Z")
    }
}

/// Compiles an expression, and evaluates it on two resources.
fn evaluate(text: &str) {
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => {
            assert!(error.offset <= text.chars().count().max(text.len()), "{error:?}");
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let definitions = core().definitions();
    for resource in [PATIENT, OBSERVATION] {
        let mut tree = parse(resource.as_bytes(), definitions.names(), Limits::default()).tree;
        let typed = Typed::new(&mut tree, definitions);
        let host = Surroundings(&typed);
        // As many steps as one invariant may take.
        let scope = Scope { steps: 5_000_000, ..Scope::from(tree.root()) };
        expression.holds(&tree, scope, &host);
        for value in expression.evaluate(&tree, scope, &host).iter().flatten() {
            value.to_text();
        }
    }
}

/// Loads a definition on top of the rest, and validates by it.
fn define(bytes: &[u8]) {
    let (with, reports) = core().with_definitions(&[bytes]);
    assert_eq!(reports.len(), 1, "a report for each input");
    for definition in &reports {
        sound(&definition.report);
        assert!(!outcome::plain_definition(definition).is_null());
        let options = check::Options { profiles: vec![definition.url.clone()], ..check::Options::default() };
        for resource in [PATIENT, OBSERVATION, RESPONSE, MESSAGE] {
            sound(&with.validate(resource.as_bytes(), &options));
        }
    }
}

/// A pack of the bytes, as a file of either kind of release, and how much is in it; or why there is none.
fn made(bytes: &[u8]) -> Result<(Vec<u8>, careconnect::release::Summary), String> {
    let (kind, name) = match bytes.first() {
        Some(b'<') => (Kind::Dmd, "f_vmp2_3080426.xml"),
        _ => (Kind::Snomed, "sct2_Concept_Snapshot_INT.txt"),
    };
    let mut builder = Builder::new(kind);
    // The seeds hold several files, one after the other.
    let files = bytes.split(|byte| *byte == 0x0c);
    files.enumerate().try_for_each(|(at, file)| {
        builder.begin(name)?;
        // In two pieces, and where they meet is anywhere.
        let (first, second) = file.split_at(file.len() * (at + 1) / 7 % (file.len() + 1));
        builder.feed(first)?;
        builder.feed(second)
    })?;
    builder.finish()
}

/// A pack of a release made up.
fn release_pack(bytes: &[u8]) -> Option<Vec<u8>> {
    made(bytes).ok().map(|(pack, _)| pack)
}

/// Makes a pack of the bytes, and asks it for what is in it.
fn release(bytes: &[u8]) {
    let (pack, summary) = match made(bytes) {
        Ok(made) => made,
        Err(words) => return assert!(!words.is_empty()),
    };
    let core = Careconnect::load(&[&pack]).expect("a pack that was just made");
    let release = core.definitions().terminology().releases().next().expect("the release");
    assert_eq!(release.len(), summary.concepts);
    let first = release.nth(0);
    for concept in (0..summary.concepts.min(50) as u32).filter_map(|at| release.nth(at)) {
        assert!(release.find(concept.id).is_some());
        concept.term();
        concept.replacements();
        let _ = first.is_some_and(|first| concept.is_a(&first));
        release.refsets().for_each(|refset| assert!(release.is_member(refset, concept.id).is_some()));
    }
}

/// Looks at a report in all its forms.
fn sound(report: &Report) {
    for issue in &report.issues {
        assert!(!issue.problem.message().is_empty());
        assert!(issue.span.start <= issue.span.end && issue.utf16.start <= issue.utf16.end, "{issue:?}");
        assert!(issue.position.line > 0 && issue.position.column > 0, "{issue:?}");
    }
    // How many more there are is said last, of the whole resource.
    let counts = |issue: &&Issue| matches!(&*issue.problem, Problem::MoreIssues { .. });
    let listed = report.issues.len() - usize::from(report.issues.last().as_ref().is_some_and(counts));
    let listed = &report.issues[..listed];
    assert!(listed.is_sorted_by_key(|issue| issue.span.start), "issues come in the order of the source");
    assert!(!listed.iter().any(|issue| counts(&issue)), "the count of what is not listed is said once, at the end");
    assert!(outcome::plain(report).is_object());
    assert!(outcome::operation_outcome(report).is_object());
}

/// Displays a resource. Its length chooses how.
fn display(bytes: &[u8]) {
    const FORMS: [As; 6] = [As::Narrative, As::Fragment, As::Page, As::Text, As::Markdown, As::Model];
    const MODES: [Mode; 4] = [Mode::Summary, Mode::Standard, Mode::Full, Mode::Brief];
    const VIEWS: [View; 4] = [View::Auto, View::Record, View::Letter, View::Entries];
    let choice = bytes.len();
    let options = render::Options {
        as_: FORMS[choice % 6],
        mode: MODES[choice / 6 % 4],
        audience: if choice / 24 % 2 == 0 { Audience::Clinical } else { Audience::Patient },
        as_of: (choice / 48 % 2 == 0).then(|| "2026-02-28".to_owned()),
        against: None,
        language: if choice / 96 % 2 == 0 { Language::English } else { Language::Welsh },
        view: VIEWS[choice / 192 % 4],
        trends: choice % 5 == 0,
    };
    assert!(!core().render(bytes, &options).output.is_empty());
}
