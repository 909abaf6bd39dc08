//! One generated snapshot against the published one.

use careconnect::model::snapshot::{Generator, Problem, ProblemKind};
use careconnect::model::{Binding, ElementDefinition, Slicing, StructureDefinition, TypeRef};
use std::collections::BTreeMap;

/// One fact that differs.
pub struct Difference {
    /// `Patient.identifier:nhsNumber.system`.
    pub element: String,
    /// What differs: `element`, `min`, `max`, `type`, `binding`, `slicing`.
    pub fact: &'static str,
    /// What the publisher has.
    pub published: String,
    /// What we have.
    pub ours: String,
    /// The code of the reason, explained in `tests/snapshots.md`.
    pub reason: &'static str,
}

/// The slice of each step of a path.
type Slices = Vec<Option<String>>;

/// The key of each published element, with its path and slices. A path leads into the slices of the one before.
fn keys(elements: &[ElementDefinition]) -> Vec<(String, (String, Slices))> {
    let mut previous: Vec<(&str, Option<String>)> = Vec::new();
    let mut keys = Vec::new();
    for element in elements {
        let names: Vec<&str> = element.path.split('.').collect();
        let mut steps: Vec<(&str, Option<String>)> = Vec::new();
        for (depth, name) in names.iter().enumerate() {
            let same = steps.len() == depth
                && previous.get(..depth).is_some_and(|before| before == steps.as_slice())
                && previous.get(depth).is_some_and(|before| before.0 == *name);
            let slice = if depth + 1 == names.len() && depth > 0 {
                element.slice_name.clone()
            } else if same {
                previous[depth].1.clone()
            } else {
                None
            };
            steps.push((name, slice));
        }
        keys.push((key(&steps), (element.path.clone(), steps.iter().map(|step| step.1.clone()).collect())));
        previous = steps;
    }
    keys
}

/// Publishers write the slice of a choice as `valueQuantity`, with a slice name or without.
fn key(steps: &[(&str, Option<String>)]) -> String {
    let steps = steps.iter().map(|(name, slice)| match slice {
        Some(slice) if name.strip_suffix("[x]").is_some_and(|stem| slice.starts_with(stem)) => slice.clone(),
        Some(slice) if slice != name || !name.contains(char::is_uppercase) => format!("{name}:{slice}"),
        _ => (*name).to_owned(),
    });
    steps.collect::<Vec<_>>().join(".")
}

/// Our id in the form that publishers use: `value[x]:valueQuantity` as `valueQuantity`.
fn published_form(id: &str) -> String {
    let steps = id.split('.').map(|step| match step.split_once("[x]:") {
        Some((stem, slice)) if slice.starts_with(stem) => slice,
        _ => step,
    });
    steps.collect::<Vec<_>>().join(".")
}

/// A choice that is there only as its types, which publishers leave out.
fn is_implied(element: &ElementDefinition) -> bool {
    let by_type = |slicing: &Slicing| {
        slicing.rules == "closed" && slicing.discriminators == [("type".to_owned(), "$this".to_owned())]
    };
    element.path.ends_with("[x]") && element.slice_name.is_none() && element.slicing.as_ref().is_some_and(by_type)
}

pub fn compare(definition: &StructureDefinition, generator: &mut Generator) -> Vec<Difference> {
    let keys = keys(&definition.snapshot);
    let ids = |elements: &[ElementDefinition]| -> BTreeMap<String, ElementDefinition> {
        let shown = elements
            .iter()
            .filter(|element| !is_implied(element) || keys.iter().any(|(key, _)| *key == published_form(&element.id)));
        shown.map(|element| (published_form(&element.id), element.clone())).collect()
    };
    let generated = generator.snapshot(definition);
    let own = ids(&generated.elements);
    // Publishers' tools write out the content of data types far beyond what the differential speaks of.
    let more: Vec<(String, Slices)> =
        keys.iter().filter(|(key, _)| !own.contains_key(key)).map(|(_, place)| place.clone()).collect();
    let ours = ids(&generator.snapshot_with(definition, &more).elements);
    let theirs: BTreeMap<&str, &ElementDefinition> =
        keys.iter().map(|(key, _)| key.as_str()).zip(&definition.snapshot).collect();
    let stated = Stated::new(definition, &generated.problems);
    let mut differences = Vec::new();
    for ((key, _), published) in keys.iter().zip(&definition.snapshot) {
        let Some(ours) = ours.get(key) else {
            differences.push(missing(&stated, &theirs, key, "there", "-"));
            continue;
        };
        let mut note = |fact: &'static str, published: String, ours: String| {
            if published != ours {
                let element = key.clone();
                let (published, ours) = (short(published), short(ours));
                differences.push(Difference { element, fact, published, ours, reason: "unexplained" });
            }
        };
        let number = |min: &Option<u32>| min.map_or_else(|| "-".to_owned(), |min| min.to_string());
        note("min", number(&published.min), number(&ours.min));
        let max = |max: &Option<String>| max.clone().unwrap_or_else(|| "-".to_owned());
        note("max", max(&published.max), max(&ours.max));
        note("type", types(&published.types), types(&ours.types));
        note("binding", binding(&published.binding), binding(&ours.binding));
        note("slicing", slicing(&published.slicing), slicing(&ours.slicing));
        for difference in &mut differences {
            if difference.reason == "unexplained" {
                difference.reason = reason(&stated, difference, ours);
            }
        }
    }
    for key in ours.keys() {
        // Content that the publisher does not show, of an element that is shown.
        let parent = key.rsplit_once('.').map_or("", |(parent, _)| parent);
        let shown = theirs
            .range(parent..)
            .any(|(other, _)| other.strip_prefix(parent).is_some_and(|rest| rest.starts_with('.')));
        if !theirs.contains_key(key.as_str()) && (shown || own.contains_key(key)) {
            differences.push(missing(&stated, &theirs, key, "-", "there"));
        }
    }
    differences
}

fn missing(
    stated: &Stated,
    theirs: &BTreeMap<&str, &ElementDefinition>,
    key: &str,
    published: &str,
    ours: &str,
) -> Difference {
    let mut difference = Difference {
        element: key.to_owned(),
        fact: "element",
        published: published.to_owned(),
        ours: ours.to_owned(),
        reason: "unexplained",
    };
    difference.reason = reason_missing(stated, &difference, theirs);
    difference
}

fn types(types: &[TypeRef]) -> String {
    let mut texts: Vec<String> = types
        .iter()
        .map(|kind| {
            let mut text = kind.code.clone();
            for profile in &kind.profiles {
                text.push_str(&format!(" {profile}"));
            }
            for target in &kind.target_profiles {
                text.push_str(&format!(" > {target}"));
            }
            for aggregation in &kind.aggregation {
                text.push_str(&format!(" {{{aggregation}}}"));
            }
            text
        })
        .collect();
    texts.sort();
    texts.dedup();
    if texts.is_empty() { "-".to_owned() } else { texts.join(", ") }
}

/// A choice of any type, in a few words.
fn short(types: String) -> String {
    let count = types.matches(", ").count() + 1;
    if count > 20 { format!("{count} types") } else { types }
}

fn binding(binding: &Option<Binding>) -> String {
    binding.as_ref().map_or_else(
        || "-".to_owned(),
        |binding| format!("{} {}", binding.strength, binding.value_set.as_deref().unwrap_or("-")),
    )
}

fn slicing(slicing: &Option<Slicing>) -> String {
    slicing.as_ref().map_or_else(
        || "-".to_owned(),
        |slicing| {
            let by: Vec<String> = slicing.discriminators.iter().map(|(kind, path)| format!("{kind} {path}")).collect();
            let ordered = if slicing.ordered == Some(true) { " ordered" } else { "" };
            format!("{} by {}{ordered}", slicing.rules, by.join(", "))
        },
    )
}

/// Why a fact differs, as far as the differential and the base can tell. The codes are explained in
/// `tests/snapshots.md`.
fn reason(stated: &Stated, difference: &Difference, ours: &ElementDefinition) -> &'static str {
    let key = difference.element.as_str();
    let name = ours.path.rsplit('.').next().unwrap_or_default();
    let is_extension = name == "extension" || name == "modifierExtension";
    let said = stated.get(key);
    let states = said.is_some_and(|said| match difference.fact {
        "min" => said.min.is_some(),
        "max" => said.max.is_some(),
        "type" => !said.types.is_empty(),
        "binding" => said.binding.is_some(),
        _ => said.slicing.is_some(),
    });
    if !states && stated.in_extension(key) {
        return "extension-content";
    }
    match difference.fact {
        "slicing" if is_extension && difference.published == "-" && difference.ours == "open by value url" => {
            "extension-slicing"
        }
        "max" if is_extension && states && difference.published == "*" && difference.ours == "0" => {
            "extension-forbidden"
        }
        "binding" if difference.published.ends_with(" -") && said.is_some_and(|said| said.binding.is_some()) => {
            "binding-without-value-set"
        }
        "min" | "max" if said.is_some_and(|said| said.types.iter().any(|kind| !kind.profiles.is_empty())) => {
            if states {
                "against-differential"
            } else {
                "profile-cardinality"
            }
        }
        _ if name.ends_with("[x]") && ours.slice_name.is_none() && ours.slicing.is_some() => "choice-by-type",
        _ if states => "against-differential",
        _ => "not-in-differential",
    }
}

fn reason_missing(
    stated: &Stated,
    difference: &Difference,
    theirs: &BTreeMap<&str, &ElementDefinition>,
) -> &'static str {
    let key = difference.element.as_str();
    if stated.in_extension(key) {
        return "extension-content";
    }
    let bare: Vec<&str> = key.split('.').map(|step| step.split(':').next().unwrap_or(step)).collect();
    let path = bare.join(".");
    if stated.named.iter().any(|named| path == *named || within(&path, named)) {
        return "name-without-slicing";
    }
    let root = key.split('.').next().unwrap_or_default();
    let touched =
        |key: &str| stated.elements.keys().any(|stated| stated != root && (stated == key || within(stated, key)));
    let parent = key.rsplit_once('.').map_or("", |(parent, _)| parent);
    let sliced =
        |around: &str| theirs.keys().any(|other| other.strip_prefix(around).is_some_and(|r| r.starts_with(':')));
    let around = key.match_indices('.').map(|(at, _)| &key[..at]).find(|around| sliced(around));
    match difference.ours.as_str() {
        "-" if !touched(key) => "not-in-differential",
        "-" => "stated-not-in-base",
        _ if around.is_some() => "unsliced-content",
        _ if touched(key) || (parent != root && touched(parent)) => "against-differential",
        _ => "base-changed",
    }
}

fn within(key: &str, around: &str) -> bool {
    key.strip_prefix(around).is_some_and(|rest| rest.starts_with(['.', ':']))
}

/// What a differential says, by the key of the element.
struct Stated<'a> {
    elements: BTreeMap<String, &'a ElementDefinition>,
    /// The slices of extensions that have a profile.
    extensions: Vec<String>,
    /// The paths of elements with a slice name and nothing that would make it a slice.
    named: Vec<String>,
}

impl<'a> Stated<'a> {
    fn new(definition: &'a StructureDefinition, problems: &[Problem]) -> Self {
        let named = problems.iter().filter(|problem| problem.kind == ProblemKind::NoSlicing);
        let named = named.map(|problem| problem.path.clone()).collect();
        let keys = keys(&definition.differential);
        let elements = keys.into_iter().map(|(key, _)| key).zip(&definition.differential).collect();
        let all = [&definition.differential, &definition.snapshot];
        let extensions = all.into_iter().flat_map(|elements| {
            let slices = self::keys(elements).into_iter().map(|(key, _)| key).zip(elements);
            slices.filter(|(_, element)| {
                element.types.iter().any(|kind| kind.code == "Extension" && !kind.profiles.is_empty())
            })
        });
        let extensions = extensions.map(|(key, _)| key).collect();
        Stated { elements, extensions, named }
    }

    fn get(&self, key: &str) -> Option<&'a ElementDefinition> {
        self.elements.get(key).copied()
    }

    fn in_extension(&self, key: &str) -> bool {
        self.extensions
            .iter()
            .any(|extension| key.strip_prefix(extension.as_str()).is_some_and(|rest| rest.starts_with('.')))
    }
}
