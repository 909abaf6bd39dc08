use super::*;
use crate::model::{Base, StructureKind, TypeRef};

fn definition() -> StructureDefinition {
    StructureDefinition {
        url: "urn:p".into(),
        version: "1".into(),
        name: "P".into(),
        status: String::new(),
        date: String::new(),
        kind: StructureKind::Resource,
        is_abstract: false,
        type_name: "Observation".into(),
        base_definition: None,
        is_constraint: true,
        context_type: None,
        contexts: Vec::new(),
        context_invariants: Vec::new(),
        differential: Vec::new(),
        snapshot: Vec::new(),
    }
}

/// One element a line: `path`, `path:slice`, then `base=path`, `max=`, `content=` and types.
fn snapshot(lines: &str) -> Vec<ElementDefinition> {
    let element = |line: &str| {
        let mut words = line.split_whitespace();
        let id = words.next().unwrap();
        let path: Vec<&str> = id.split('.').map(|step| step.split(':').next().unwrap()).collect();
        let slice = id.rsplit('.').next().and_then(|step| step.split_once(':')).map(|(_, slice)| slice.to_owned());
        let mut element =
            ElementDefinition { id: id.into(), path: path.join("."), slice_name: slice, ..Default::default() };
        for word in words {
            match word.split_once('=') {
                Some(("base", path)) => element.base = Some(Base { path: path.into(), min: 0, max: "1".into() }),
                Some(("max", max)) => element.max = Some(max.into()),
                Some(("content", id)) => element.content_reference = Some(id.into()),
                _ => element.types.push(TypeRef { code: word.into(), ..TypeRef::default() }),
            }
        }
        element
    };
    lines.split('\n').map(str::trim).filter(|line| !line.is_empty()).map(element).collect()
}

/// The plan as a tree: children after `.`, slices after `:` by their names, a choice with the names of its types.
fn show(plan: &Plan, names: &Names, at: u32, out: &mut String) {
    let element = &plan.elements[at as usize];
    out.push_str(element.slice_name.as_deref().unwrap_or(names.text(element.name)));
    if element.is_choice {
        let types: Vec<&str> = element.types.iter().map(|allowed| names.text(allowed.element_name)).collect();
        out.push_str(&format!("[{}]", types.join(" ")));
    }
    if let Some(content) = element.content {
        out.push_str(&format!("->{}", plan.elements[content as usize].id));
    }
    let slices = element.slicing.as_ref().map(|slicing| slicing.slices.clone()).unwrap_or_default();
    for (mark, list) in [('.', &element.children), (':', &slices)] {
        if !list.is_empty() {
            out.push_str(&format!("{mark}("));
            for (place, at) in list.iter().enumerate() {
                out.push_str(if place > 0 { " " } else { "" });
                show(plan, names, *at, out);
            }
            out.push(')');
        }
    }
}

#[test]
fn snapshots_become_trees() {
    for (lines, expected) in [
        ("", "Observation"),
        ("Observation.status", "Observation"),
        (
            "Observation\n Observation.status code\n Observation.code\n Observation.code.text",
            "Observation.(status code.(text))",
        ),
        // What has no parent is left out.
        ("Observation\n Observation.code.text\n Patient.name", "Observation"),
        // Slices, what is inside of them, and slices of slices.
        (
            "O\n O.a\n O.a.x\n O.a:one\n O.a:one.x\n O.a:one/in\n O.a:one/in.x\n O.a:two\n O.b",
            "O.(a.(x):(one.(x):(one/in.(x)) two) b)",
        ),
        // The sliced element is missing.
        ("O\n O.a:one\n O.a:one.x\n O.a:two", "O.(a:(one.(x) two))"),
        // A second element with the same path and no slice name is a slice by its place.
        ("O\n O.a\n O.a", "O.(a:(2))"),
        // Choices, however they are written.
        ("O\n O.value[x] string Quantity", "O.(value[valueString valueQuantity])"),
        (
            "O\n O.value[x] string Quantity\n O.value[x]:valueQuantity Quantity\n O.value[x]:valueQuantity.unit",
            "O.(value[valueString valueQuantity]:(valueQuantity[valueQuantity].(unit)))",
        ),
        (
            "O\n O.value[x] string Quantity\n O.valueQuantity Quantity\n O.valueQuantity.unit",
            "O.(value[valueString valueQuantity]:(valueQuantity[valueQuantity].(unit)))",
        ),
        ("O\n O.valueQuantity base=O.value[x] Quantity\n O.valueQuantity.unit", "O.(value[valueQuantity].(unit))"),
        (
            "O\n O.valueQuantity base=O.value[x] Quantity\n O.valueQuantity.unit\n O.valueString base=O.value[x] string",
            "O.(value[valueQuantity valueString]:(valueQuantity[valueQuantity].(unit) valueString[valueString]))",
        ),
        // A name that only looks like one of a choice.
        ("O\n O.value[x] string\n O.valueSet uri", "O.(value[valueString] valueSet)"),
        // Content that is defined elsewhere.
        ("O\n O.item\n O.item.item content=#O.item\n O.other content=#O.none", "O.(item.(item->O.item) other)"),
    ] {
        let mut names = Arc::new(Names::default());
        let plan = compile(&definition(), &snapshot(lines), &mut names);
        let mut out = String::new();
        show(&plan, &names, 0, &mut out);
        assert_eq!(out, expected, "{lines}");
    }
}

#[test]
fn repeats_come_from_where_an_element_was_first_defined() {
    let mut names = Arc::new(Names::default());
    let mut elements = snapshot("O\n O.a max=1\n O.b max=*\n O.c max=0\n O.d max=2");
    elements[1].base = Some(Base { path: "O.a".into(), min: 0, max: "*".into() });
    elements[4].base = Some(Base { path: "O.d".into(), min: 0, max: "1".into() });
    let plan = compile(&definition(), &elements, &mut names);
    let found: Vec<_> = plan.elements.iter().skip(1).map(|element| (element.max, element.repeats)).collect();
    assert_eq!(found, [(1, true), (UNBOUNDED, true), (0, false), (2, false)]);
}

#[test]
fn slicing_without_discriminators_gets_those_that_go_without_saying() {
    for (lines, expected) in [
        ("O\n O.extension\n O.extension:one", Some((DiscriminatorKind::Value, "url"))),
        ("O\n O.modifierExtension\n O.modifierExtension:one", Some((DiscriminatorKind::Value, "url"))),
        ("O\n O.value[x] string\n O.value[x]:valueString string", Some((DiscriminatorKind::Type, "$this"))),
        ("O\n O.part\n O.part:one", None),
    ] {
        let mut names = Arc::new(Names::default());
        let plan = compile(&definition(), &snapshot(lines), &mut names);
        let slicing = plan.elements[1].slicing.as_ref().unwrap();
        let found = slicing.discriminators.first().map(|discriminator| (discriminator.kind, &*discriminator.path));
        assert_eq!(found, expected, "{lines}");
    }
    for (kind, path, expected) in [
        ("value", "code", (DiscriminatorKind::Value, "code")),
        ("value", "", (DiscriminatorKind::Value, "$this")),
        ("value", "value@type", (DiscriminatorKind::Type, "value")),
        ("value", "target.@profile", (DiscriminatorKind::Profile, "target")),
        ("exists", "value", (DiscriminatorKind::Exists, "value")),
    ] {
        let found = discriminator(kind, path);
        assert_eq!((found.kind, &*found.path), expected, "{kind} {path}");
    }
}

#[test]
fn types_with_several_profiles_come_once() {
    let mut elements = snapshot("O\n O.subject Reference Reference uri");
    elements[1].types[0].target_profiles = vec!["urn:a".into()];
    elements[1].types[1].target_profiles = vec!["urn:a".into(), "urn:b".into()];
    let plan = compile(&definition(), &elements, &mut Arc::new(Names::default()));
    let types: Vec<_> = plan.elements[1].types.iter().map(|allowed| (&*allowed.code, allowed.targets.len())).collect();
    assert_eq!(types, [("Reference", 2), ("uri", 0)]);
}
