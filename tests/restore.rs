//! A plan turned back into a definition says the same: compiled again it gives the same plan, and profiles made on it at
//! run time are those that were made from the published definitions when the packs were built.

mod support;

use careconnect::definitions::{BASE, Definitions};
use careconnect::model::snapshot::Generator;
use careconnect::model::{StructureDefinition, read, split_canonical};
use careconnect::parse::{Limits, parse};
use careconnect::plan::compile::compile;
use careconnect::plan::restore::restore;
use careconnect::plan::{Element, Plan, Rule, Sample};
use std::path::Path;
use std::sync::Arc;

/// An element as text. Names are ids, and indexes are places, so that both must be the same; samples are shown by their
/// text, and what is compiled of an invariant is left out.
fn shown(element: &Element) -> String {
    let sample = |sample: &Sample| format!("{} {}", sample.type_name, sample.tree.source());
    let rule = |rule: &Rule| match rule {
        Rule::Fixed(value) => format!("fixed {}", sample(value)),
        Rule::Pattern(value) => format!("pattern {}", sample(value)),
        Rule::MinValue(value) => format!("min {}", sample(value)),
        Rule::MaxValue(value) => format!("max {}", sample(value)),
        Rule::Invariant(of) => format!("{} {} {} {}", of.key, of.is_error, of.expression, of.source),
        other => format!("{other:?}"),
    };
    let rules: Vec<String> = element.rules.iter().map(rule).collect();
    let bare = Element { rules: Vec::new(), ..element.clone() };
    format!("{bare:?} {rules:?}")
}

fn head(plan: &Plan) -> String {
    format!("{:?}", Plan { elements: Vec::new(), ..plan.clone() })
}

/// The first differences between two plans.
fn differences(before: &Plan, after: &Plan) -> Vec<String> {
    let mut out = Vec::new();
    if head(before) != head(after) {
        out.push(format!("{}\n  {}\n  {}", before.url, head(before), head(after)));
    }
    if before.elements.len() != after.elements.len() {
        out.push(format!("{}: {} elements, then {}", before.url, before.elements.len(), after.elements.len()));
    }
    for (old, new) in before.elements.iter().zip(&after.elements) {
        if shown(old) != shown(new) {
            out.push(format!("{} {}\n  {}\n  {}", before.url, old.id, shown(old), shown(new)));
            break;
        }
    }
    out
}

fn canonicals(definitions: &Definitions) -> Vec<String> {
    definitions.profile_urls().map(str::to_owned).collect()
}

#[test]
fn every_plan_compiles_again_from_what_is_restored() {
    let core = support::all_packs();
    let definitions = core.definitions();
    let mut names = definitions.names().clone();
    let mut wrong = Vec::new();
    let urls = canonicals(definitions);
    assert!(urls.len() > 1000);
    for url in &urls {
        let plan = definitions.plan(url).unwrap();
        let restored = restore(plan, definitions.names());
        wrong.extend(differences(plan, &compile(&restored, &restored.snapshot, &mut names)));
    }
    assert_eq!(names.len(), definitions.names().len(), "no name is new");
    assert!(
        wrong.is_empty(),
        "{} of {} differ; the first:\n{}",
        wrong.len(),
        urls.len(),
        wrong[..wrong.len().min(5)].join("\n")
    );
}

/// The profiles in `profiles/`, each made on what is restored from the packs, as a user's own would be.
#[test]
fn a_profile_on_restored_bases_is_the_one_of_its_pack() {
    let core = support::all_packs();
    let definitions = core.definitions();
    let cache = std::cell::RefCell::new(std::collections::BTreeMap::<String, Option<Arc<StructureDefinition>>>::new());
    let resolve = |url: &str| {
        let mut cache = cache.borrow_mut();
        cache
            .entry(split_canonical(url).0.to_owned())
            .or_insert_with(|| {
                let mut restored = restore(definitions.plan(url)?, definitions.names());
                restored.base_definition = None;
                Some(Arc::new(restored))
            })
            .clone()
    };
    let mut generator = Generator::new(&resolve);
    let mut names = definitions.names().clone();
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in support::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles"), ".json") {
        let text = std::fs::read(&file).unwrap();
        let tree = parse(&text, definitions.names(), Limits::default()).tree;
        if tree.resource_type(tree.root()) != Some("StructureDefinition") {
            continue;
        }
        let own = read::structure_definition(&tree).value;
        let canonical = format!("{}|{}", own.url, own.version);
        let Some(plan) = definitions.plan(&canonical).filter(|_| own.is_constraint && !own.url.starts_with(BASE))
        else {
            continue;
        };
        count += 1;
        let made = generator.snapshot(&own);
        wrong.extend(differences(plan, &compile(&own, &made.elements, &mut names)));
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} differ; the first:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(8)].join("\n")
    );
}
