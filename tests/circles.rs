//! Patients who refer to each other in circles, and profiles that do: whether a Bundle of them is valid is what a simple
//! checker says, whatever the order of its entries, and whatever valid entries stand beside them.

mod support;

use careconnect::Careconnect;
use careconnect::check::Options;
use std::collections::HashSet;
use std::fmt::Write;

/// Sets of profiles, and Bundles for each: 6,000 Bundles, each in three forms.
const SETS: usize = 60;
const BUNDLES: usize = 100;

/// A generator of numbers that needs no more quality than to be the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn some(&mut self, all: usize) -> Vec<usize> {
        (0..all).filter(|_| self.below(2) == 0).collect()
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

/// A profile of Patient: what it needs, and which profiles those who are linked to must have one of.
struct Profile {
    needs: Vec<usize>,
    targets: Vec<usize>,
}

const ELEMENTS: [(&str, &str); 2] = [("birthDate", "\"2000-01-01\""), ("gender", "\"female\"")];

#[derive(Clone)]
struct Patient {
    id: String,
    claims: Option<usize>,
    has: Vec<usize>,
    links: Vec<String>,
}

fn definition(at: usize, profile: &Profile) -> String {
    let mut elements = vec![r#"{"id": "Patient", "path": "Patient"}"#.to_owned()];
    for element in &profile.needs {
        let name = ELEMENTS[*element].0;
        elements.push(format!(r#"{{"id": "Patient.{name}", "path": "Patient.{name}", "min": 1}}"#));
    }
    let target =
        |target: &usize| format!(r#"{{"code": "Reference", "targetProfile": "http://example.org/p{target}"}}"#);
    if !profile.targets.is_empty() {
        let types: Vec<String> = profile.targets.iter().map(target).collect();
        elements.push(r#"{"id": "Patient.link", "path": "Patient.link"}"#.to_owned());
        elements.push(format!(
            r#"{{"id": "Patient.link.other", "path": "Patient.link.other", "type": [{}]}}"#,
            types.join(", ")
        ));
    }
    format!(
        r#"{{"resourceType": "StructureDefinition", "url": "http://example.org/p{at}", "name": "P{at}", "status": "draft",
        "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": {{"element": [{}]}}}}"#,
        elements.join(", ")
    )
}

fn bundle(patients: &[Patient]) -> String {
    let entry = |patient: &Patient| {
        let id = &patient.id;
        let mut text = format!(
            r#"{{"fullUrl": "http://example.org/fhir/Patient/{id}", "resource": {{"resourceType": "Patient", "id": "{id}""#
        );
        if let Some(claim) = patient.claims {
            write!(text, r#", "meta": {{"profile": ["http://example.org/p{claim}"]}}"#).expect("a string");
        }
        for element in &patient.has {
            let (name, value) = ELEMENTS[*element];
            write!(text, r#", "{name}": {value}"#).expect("a string");
        }
        let link = |to: &String| format!(r#"{{"other": {{"reference": "Patient/{to}"}}, "type": "seealso"}}"#);
        let links: Vec<String> = patient.links.iter().map(link).collect();
        if !links.is_empty() {
            write!(text, r#", "link": [{}]"#, links.join(", ")).expect("a string");
        }
        text + "}}"
    };
    let entries: Vec<String> = patients.iter().map(entry).collect();
    format!(r#"{{"resourceType": "Bundle", "type": "collection", "entry": [{}]}}"#, entries.join(", "))
}

/// Everything conforms to everything at first; then whoever lacks something, or is linked to one that does not conform, is
/// taken out, until nobody has to be.
fn is_valid(profiles: &[Profile], patients: &[Patient]) -> bool {
    let mut holds: HashSet<(&str, usize)> = HashSet::new();
    for patient in patients {
        holds.extend((0..profiles.len()).map(|profile| (patient.id.as_str(), profile)));
    }
    loop {
        let wrong: Vec<(&str, usize)> = patients
            .iter()
            .flat_map(|patient| (0..profiles.len()).map(move |profile| (patient, profile)))
            .filter(|(patient, at)| {
                let profile = &profiles[*at];
                let is_whole = profile.needs.iter().all(|element| patient.has.contains(element));
                let fits = |to: &String| profile.targets.iter().any(|target| holds.contains(&(to.as_str(), *target)));
                !(is_whole && (profile.targets.is_empty() || patient.links.iter().all(fits)))
            })
            .map(|(patient, profile)| (patient.id.as_str(), profile))
            .filter(|pair| holds.contains(pair))
            .collect();
        if wrong.is_empty() {
            break;
        }
        wrong.iter().for_each(|pair| {
            holds.remove(pair);
        });
    }
    patients.iter().all(|patient| patient.claims.is_none_or(|claim| holds.contains(&(patient.id.as_str(), claim))))
}

fn verdict(core: &Careconnect, patients: &[Patient]) -> bool {
    core.validate(bundle(patients).as_bytes(), &Options::default()).is_valid()
}

#[test]
fn circles_of_references_and_profiles() {
    let base = support::packs(&["stu3"]);
    let mut chance = Chance(0x2026_1128);
    let mut faulty = 0;
    for set in 0..SETS {
        let count = 2 + chance.below(3);
        let profiles: Vec<Profile> = (0..count)
            .map(|_| Profile {
                needs: chance.some(ELEMENTS.len()),
                targets: if chance.below(4) == 0 { Vec::new() } else { chance.some(count) },
            })
            .collect();
        let own: Vec<String> = profiles.iter().enumerate().map(|(at, profile)| definition(at, profile)).collect();
        let own: Vec<&[u8]> = own.iter().map(String::as_bytes).collect();
        let (core, _) = base.with_definitions(&own);
        for number in 0..BUNDLES {
            // Now and then a long chain, which no limit of depth may cut.
            let size = if number % 20 == 0 { 40 } else { 2 + chance.below(7) };
            let ids: Vec<String> = (0..size).map(|at| format!("a{at}")).collect();
            let patients: Vec<Patient> = ids
                .iter()
                .enumerate()
                .map(|(at, id)| {
                    let links = match size {
                        40 => ids.get(at + 1).into_iter().cloned().collect(),
                        _ => ids.iter().filter(|_| chance.below(2 * size) < 3).cloned().collect(),
                    };
                    let has = (0..ELEMENTS.len()).filter(|_| chance.below(2 + size) > 0).collect();
                    let claims = (chance.below(3) == 0).then(|| chance.below(count));
                    Patient { id: id.clone(), claims, has, links }
                })
                .collect();
            let expected = is_valid(&profiles, &patients);
            faulty += usize::from(!expected);
            let here = format!("set {set}, Bundle {number}: {}", bundle(&patients));
            assert_eq!(verdict(&core, &patients), expected, "{here}");
            let mut mixed = patients.clone();
            chance.shuffle(&mut mixed);
            assert_eq!(verdict(&core, &mixed), expected, "in another order: {here}");
            // What is added conforms to what it claims, and nothing refers to it.
            for at in 0..3 {
                let claims = Some(chance.below(count));
                let links = ids.iter().filter(|_| chance.below(size) == 0).take(2).cloned().collect();
                let more = Patient { id: format!("b{at}"), claims, has: vec![0, 1], links };
                let unclaimed = patients.iter().map(|patient| Patient { claims: None, ..patient.clone() });
                let beside: Vec<Patient> = unclaimed.chain([more.clone()]).collect();
                if is_valid(&profiles, &beside) {
                    mixed.push(more);
                }
            }
            chance.shuffle(&mut mixed);
            assert_eq!(verdict(&core, &mixed), expected, "with others beside: {here}");
        }
    }
    // Both verdicts are tried.
    assert!((SETS * BUNDLES / 10..SETS * BUNDLES * 9 / 10).contains(&faulty), "{faulty} are faulty");
}
