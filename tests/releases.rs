//! SNOMED CT and dm+d from a user's own release: what a pack made of one answers.

mod support;

use careconnect::definitions::Definitions;
use careconnect::release::Kind;
use careconnect::terminology::release::{DMD, SNOMED};
use careconnect::terminology::{Lookup, Member, WhyUnknown};
use support::release::{BRITISH, DECLARATION, NAME, NHS, SYNONYM, Snomed, load, lookup, pack, sctid};

/// Findings with two parents, an inactive concept, and a reference set.
fn small() -> (Snomed, impl Fn(u64) -> u64) {
    let id = |number: u64| sctid(9_000_000 + number);
    let mut release = Snomed::default();
    release.concept(id(1), true, &[]);
    release.concept(id(2), true, &[id(1)]);
    release.concept(id(3), true, &[id(1)]);
    release.concept(id(4), true, &[id(2)]);
    release.concept(id(5), true, &[id(2), id(3)]);
    release.concept(id(6), true, &[id(4), id(5)]);
    release.concept(id(7), false, &[id(2)]);
    release.concept(id(8), true, &[id(3)]);
    release.taken_back(id(8), id(2));
    release.term(id(4), NAME, "Common cold (disorder)", Some(NHS));
    release.term(id(4), SYNONYM, "Common cold", Some(NHS));
    release.term(id(4), SYNONYM, "Acute coryza", None);
    release.term(id(5), SYNONYM, "Oedema of leg", Some(BRITISH));
    release.term(id(5), SYNONYM, "Edema of leg", Some(900_000_000_000_509_007));
    release.member(id(100), id(6), true);
    release.member(id(100), id(4), false);
    release.association(900_000_000_000_526_001, id(7), id(4));
    (release, id)
}

#[test]
fn what_is_a_kind_of_what() {
    let (release, id) = small();
    let (bytes, summary) = release.pack();
    assert_eq!((summary.concepts, summary.inactive, summary.refsets, summary.members), (8, 1, 1, 1));
    assert_eq!(summary.version, "20260401");
    let core = load(&[&bytes]);
    let snomed = core.definitions().terminology().releases().next().unwrap();
    let below =
        [(1, vec![1, 2, 3, 4, 5, 6, 8]), (2, vec![2, 4, 5, 6]), (3, vec![3, 5, 6, 8]), (5, vec![5, 6]), (7, vec![])];
    for (top, expected) in below {
        let top = snomed.find(id(top)).unwrap();
        let found: Vec<u64> = (1..=8).filter(|number| snomed.find(id(*number)).unwrap().is_a(&top)).collect();
        assert_eq!(found, expected, "below {}", top.id);
    }
    assert!(snomed.find(id(9)).is_none());
    assert_eq!(snomed.is_member(id(100), id(6)), Some(true));
    assert_eq!(snomed.is_member(id(100), id(4)), Some(false), "the row is inactive");
    assert_eq!(snomed.is_member(id(101), id(4)), None);
}

#[test]
fn words() {
    let (release, id) = small();
    let core = load(&[&release.pack().0]);
    let known = |number: u64| match core.definitions().lookup(SNOMED, &id(number).to_string()) {
        Lookup::Known(known) => known,
        other => panic!("{number}: {other:?}"),
    };
    assert_eq!(known(4).display().as_deref(), Some("Common cold"));
    assert_eq!(known(5).display().as_deref(), Some("Oedema of leg"));
    for (number, text, expected) in [
        (4, "common  COLD", Some(true)),
        (4, "Acute coryza", Some(true)),
        (4, "Common cold (disorder)", Some(true)),
        (4, "Influenza", Some(false)),
        (5, "Edema of leg", Some(true)),
        (6, "Anything", None),
    ] {
        assert_eq!(known(number).accepts(text), expected, "{number} {text}");
    }
    assert!(known(7).is_inactive() && !known(4).is_inactive());
    assert_eq!(known(7).replacements()[0].1, id(4).to_string());
    assert!(matches!(core.definitions().lookup(SNOMED, &id(9).to_string()), Lookup::NotInSystem));
    assert!(matches!(core.definitions().lookup("urn:other", "1"), Lookup::UnknownSystem));
}

/// However the files are cut into pieces, the pack is the same to the byte.
#[test]
fn pieces_of_any_size() {
    let files = small().0.files();
    let whole = pack(Kind::Snomed, &files, usize::MAX).unwrap();
    for piece in [1, 2, 3, 7, 64] {
        assert!(pack(Kind::Snomed, &files, piece).unwrap() == whole, "{piece} bytes at a time");
    }
    let whole = pack(Kind::Dmd, &dmd(), usize::MAX).unwrap();
    for piece in [1, 2, 3, 7, 64] {
        assert!(pack(Kind::Dmd, &dmd(), piece).unwrap() == whole, "{piece} bytes at a time");
    }
}

#[test]
fn a_release_that_is_not_as_it_should_be() {
    let header = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n";
    let one =
        |name: &str, text: &str| pack(Kind::Snomed, &[(format!("{name}.txt"), text.to_owned())], 100).unwrap_err();
    let concepts = "sct2_Concept_Snapshot_INT";
    for (name, text, expected) in [
        (concepts, "<html>Not found</html>", "the first line has not the names of columns"),
        (concepts, &format!("{header}1\tx\t1\t1\t1\n"), "line 2 is not a row"),
        (concepts, &format!("{header}138875005\t20260401\t2\t1\t1\n"), "line 2 is not a row"),
        (concepts, &format!("{header}138875005\t20260401"), "line 2 is not a row"),
        (concepts, header, "No concept was read"),
        ("readme", "hello", "No concept was read"),
    ] {
        let error = one(name, text);
        assert!(error.contains(expected), "{text:?}: {error}");
    }
    let (mut release, id) = small();
    release.concept(id(20), true, &[id(21)]);
    release.concept(id(21), true, &[id(20)]);
    assert!(pack(Kind::Snomed, &release.files(), 1000).unwrap_err().contains("circle"));
    for (text, expected) in [
        ("<VIRTUAL_THERAPEUTIC_MOIETIES><VTM><NM>A</NM></VTM></VIRTUAL_THERAPEUTIC_MOIETIES>", "a VTM has no VTMID"),
        (
            "<VIRTUAL_THERAPEUTIC_MOIETIES><VTM><VTMID>12</VTMID></VTM></VIRTUAL_THERAPEUTIC_MOIETIES>",
            "not an identifier",
        ),
        ("<VIRTUAL_THERAPEUTIC_MOIETIES><VTM><VTMID>108537001</VTMID>", "the file ends inside"),
        ("<VTM></NM>", "ends where it is not open"),
        ("<!DOCTYPE x><VTM/>", "document type"),
        ("<A>&nbsp;</A>", "entity"),
    ] {
        let error = pack(Kind::Dmd, &[("f_vtm2_3080426.xml".into(), text.into())], 100).unwrap_err();
        assert!(error.contains(expected) && error.contains("f_vtm2_3080426.xml"), "{text}: {error}");
    }
}

const VTM: u64 = 90_332_006;
const VMP: u64 = 322_236_009;
const AMP: u64 = 24_510_911_000_001_105;
const VMPP: u64 = 1_123_711_000_001_109;
const AMPP: u64 = 24_510_811_000_001_100;
const TABLET: u64 = 385_055_001;
const ORAL: u64 = 26_643_006;

/// One product through all levels, made up but for the identifiers' form.
fn dmd() -> Vec<(String, String)> {
    let file = |name: &str, root: &str, inner: String| {
        (format!("week/{name}.xml"), format!("{DECLARATION}<{root} xmlns:xsi=\"urn:x\">{inner}</{root}>"))
    };
    vec![
        lookup(&[(TABLET, "Tablet")], &[(ORAL, "Oral")]),
        file(
            "f_ingredient2_3080426",
            "INGREDIENT_SUBSTANCES",
            "<ING><ISID>387517004</ISID><NM>Substance &amp; salt</NM></ING>".into(),
        ),
        file(
            "f_vtm2_3080426",
            "VIRTUAL_THERAPEUTIC_MOIETIES",
            format!("<VTM><VTMID>{VTM}</VTMID><NM>Testamol</NM><VTMIDPREV>108537001</VTMIDPREV></VTM>"),
        ),
        file(
            "f_vmp2_3080426",
            "VIRTUAL_MED_PRODUCTS",
            format!(
                "<VMPS><VMP><VPID>{VMP}</VPID><VTMID>{VTM}</VTMID><NM>Testamol 500mg tablets</NM><ABBREVNM>Testamol 500mg</ABBREVNM></VMP>\
                 <VMP><VPID>322237000</VPID><INVALID>1</INVALID><NM>Testamol 1g tablets</NM></VMP></VMPS>\
                 <DRUG_FORM><DFORM><VPID>{VMP}</VPID><FORMCD>{TABLET}</FORMCD></DFORM></DRUG_FORM>"
            ),
        ),
        file(
            "f_vmpp2_3080426",
            "VIRTUAL_MED_PRODUCT_PACK",
            format!(
                "<VMPPS><VMPP><VPPID>{VMPP}</VPPID><NM>Testamol 500mg tablets 32 tablet</NM><VPID>{VMP}</VPID></VMPP></VMPPS>"
            ),
        ),
        file(
            "f_amp2_3080426",
            "ACTUAL_MEDICINAL_PRODUCTS",
            format!(
                "<AMPS><AMP><APID>{AMP}</APID><VPID>{VMP}</VPID><NM>Testamol 500mg tablets</NM><DESC>Testamol 500mg tablets (A Company Ltd)</DESC></AMP></AMPS>"
            ),
        ),
        file(
            "f_ampp2_3080426",
            "ACTUAL_MEDICINAL_PROD_PACKS",
            format!(
                "<AMPPS><AMPP><APPID>{AMPP}</APPID><NM>Testamol 500mg tablets (A Company Ltd) 32 tablet</NM></AMPP></AMPPS>"
            ),
        ),
        ("week/f_gtin2_0080426.xml".into(), "not read".into()),
    ]
}

#[test]
fn medicines() {
    let (bytes, summary) = pack(Kind::Dmd, &dmd(), 50).unwrap();
    assert_eq!((summary.version.as_str(), summary.refsets), ("20260408", 6));
    let core = load(&[&bytes]);
    let definitions = core.definitions();
    for (system, code, expected) in [
        (DMD, AMP, Some("Testamol 500mg tablets (A Company Ltd)")),
        (SNOMED, AMP, Some("Testamol 500mg tablets (A Company Ltd)")),
        (SNOMED, 387_517_004, Some("Substance & salt")),
        (SNOMED, ORAL, Some("Oral")),
        (SNOMED, 73_211_009, None),
        (DMD, 73_211_009, None),
    ] {
        match definitions.lookup(system, &code.to_string()) {
            Lookup::Known(known) => assert_eq!(known.display().as_deref(), expected, "{system} {code}"),
            Lookup::NotInSystem => assert!(system == DMD && expected.is_none(), "{code}"),
            other => assert!(system == SNOMED && expected.is_none(), "{code}: {other:?}"),
        }
    }
    let Lookup::Known(old) = definitions.lookup(DMD, "108537001") else { panic!("the identifier before is known") };
    assert!(old.is_inactive() && old.replacements()[0].1 == VTM.to_string());
    assert!(matches!(definitions.lookup(DMD, "322237000"), Lookup::Known(known) if known.is_inactive()));
}

/// With dm+d alone, medicines are decided, and what asks for more of SNOMED CT says what it lacks.
#[test]
fn value_sets_of_medicines() {
    let bytes = pack(Kind::Dmd, &dmd(), 50).unwrap().0;
    let definitions = with_all_packs(&[&bytes]);
    let medication = "https://fhir.hl7.org.uk/STU3/ValueSet/CareConnect-MedicationCode-1";
    for code in [VTM, VMP, AMP, VMPP, AMPP] {
        let found = definitions.member(medication, Some(SNOMED), &code.to_string());
        assert!(matches!(found, Member::In { .. }), "{code}: {found:?}");
    }
    for code in [TABLET, 322_237_000, 73_211_009] {
        assert_eq!(definitions.member(medication, Some(SNOMED), &code.to_string()), Member::Out, "{code}");
    }
    let form = "https://fhir.hl7.org.uk/STU3/ValueSet/CareConnect-MedicationForm-1";
    assert!(matches!(definitions.member(form, Some(SNOMED), &TABLET.to_string()), Member::In { .. }));
    let route = "https://fhir.hl7.org.uk/STU3/ValueSet/CareConnect-MedicationDosageRoute-1";
    let found = definitions.member(route, Some(SNOMED), &ORAL.to_string());
    assert_eq!(found, Member::Unknown(WhyUnknown::RefsetMissing(999_000_051_000_001_100)));
    let condition = "https://fhir.hl7.org.uk/STU3/ValueSet/CareConnect-ConditionCode-1";
    let found = definitions.member(condition, Some(SNOMED), &AMP.to_string());
    assert_eq!(found, Member::Unknown(WhyUnknown::NoHierarchy));
}

/// With a release the level of a medicine is known by its code, whatever its display says.
#[test]
fn levels_of_medicines() {
    let bytes = pack(Kind::Dmd, &dmd(), 50).unwrap().0;
    let with = careconnect::Careconnect::new(with_all_packs(&[&bytes]));
    let without = support::all_packs();
    let substance = 387_517_004;
    for (code, display, known, unknown) in [
        (VTM, "", "", ""),
        (VMP, "Testamol 500mg tablets", "", ""),
        (AMP, "", "", ""),
        (VMPP, "", "nhs-dmd-pack Medication.code.coding[0]", ""),
        (AMPP, "Testamol 500mg tablets (A Company Ltd) 32 tablet", PACK, PACK),
        (VMP, "Testamol 500mg tablets 32 tablet", "", PACK),
        (substance, "", "nhs-dmd-product Medication.code.coding[0]", ""),
        (73_211_009, "", "", ""),
    ] {
        let display = if display.is_empty() { String::new() } else { format!(r#", "display": "{display}""#) };
        let resource = format!(
            r#"{{ "resourceType": "Medication", "code": {{ "coding": [{{ "system": "{SNOMED}", "code": "{code}"{display} }}] }} }}"#
        );
        for (core, expected) in [(&with, known), (&without, unknown)] {
            let report = core.validate(resource.as_bytes(), &Default::default());
            let found: Vec<String> = report
                .issues
                .iter()
                .filter(|issue| issue.problem.rule().starts_with("nhs-dmd"))
                .map(|issue| format!("{} {}", issue.problem.rule(), issue.expression))
                .collect();
            assert_eq!(found.join(", "), expected, "{resource}");
        }
    }
}

const PACK: &str = "nhs-dmd-pack Medication.code.coding[0].display";

fn with_all_packs(more: &[&[u8]]) -> Definitions {
    let mut definitions = support::all_packs().definitions().clone();
    for pack in more {
        definitions.load(*pack).expect("a pack of this version");
    }
    definitions
}

/// Every value set that draws on SNOMED CT, with what is in it and what is not.
const VALUE_SETS: &str = include_str!("cases/snomed-value-sets.tsv");

/// The concept that all others are below, and the one that all reference sets are below.
const ROOT: u64 = 138_875_005;
const REFSET: u64 = 900_000_000_000_455_006;

/// What a word of the table stands for: a concept, one below it, a member of a reference set.
fn stands_for(word: &str) -> u64 {
    let number = |text: &str| text.parse::<u64>().unwrap();
    match word.split_once(' ') {
        Some(("below", top)) => sctid(number(top) % 99_999_999_999_973 + 1_000),
        Some(("member", refset)) => sctid(number(refset) / 1_000 + 7),
        _ => number(word),
    }
}

/// A release with everything that the value sets name, and the concept that is under none of it.
fn for_value_sets() -> (Vec<u8>, u64) {
    let mut words: Vec<&str> = VALUE_SETS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split('\t').skip(1))
        .flat_map(|list| list.split(", "))
        .filter(|word| !word.is_empty() && *word != "any")
        .collect();
    words.sort_unstable();
    words.dedup();
    let mut release = Snomed::default();
    release.concept(ROOT, true, &[]);
    release.concept(REFSET, true, &[ROOT]);
    let mut parents: std::collections::BTreeMap<u64, u64> = [(ROOT, 0)].into();
    for word in &words {
        match word.split_once(' ') {
            Some(("below", top)) => {
                parents.entry(stands_for(top)).or_insert(ROOT);
                parents.insert(stands_for(word), stands_for(top));
            }
            Some((_, refset)) => {
                parents.insert(stands_for(refset), REFSET);
                parents.insert(stands_for(word), ROOT);
                release.member(stands_for(refset), stands_for(word), true);
            }
            None => drop(parents.entry(stands_for(word)).or_insert(ROOT)),
        }
    }
    for (concept, parent) in parents.iter().filter(|(concept, _)| **concept != ROOT) {
        release.concept(*concept, true, &[*parent]);
    }
    let (outsider, inactive) = (sctid(555_555), sctid(666_666));
    release.concept(outsider, true, &[]);
    release.concept(inactive, false, &[]);
    (release.pack().0, outsider)
}

#[test]
fn every_value_set_that_draws_on_snomed_is_decided() {
    let (bytes, outsider) = for_value_sets();
    let definitions = with_all_packs(&[&bytes]);
    let terminology = definitions.terminology();
    let release = terminology.releases().next().unwrap();
    let (mut decided, mut wrong) = (0, Vec::new());
    for line in VALUE_SETS.lines().filter(|line| !line.starts_with('#')) {
        let [url, within, out] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        if within.is_empty() {
            println!("{url}: its filter, `concept in TBC`, says nothing");
            assert_eq!(terminology.is_undecidable(url), Some(true));
            continue;
        }
        decided += 1;
        let mut expect = |code: u64, is_in: bool| {
            let found = terminology.member(url, Some(SNOMED), &code.to_string());
            if !matches!((&found, is_in), (Member::In { .. }, true) | (Member::Out, false)) {
                wrong.push(format!("{url}: {code} is {found:?}"));
            }
        };
        let list = |text: &'static str| text.split(", ").filter(|word| !word.is_empty() && *word != "any");
        list(within).for_each(|word| expect(stands_for(word), true));
        list(out).for_each(|word| expect(stands_for(word), false));
        expect(outsider, within == "any");
        expect(sctid(424_242), false);
        for at in 0..release.len() as u32 {
            let id = release.nth(at).unwrap().id;
            if let Member::Unknown(why) = terminology.member(url, Some(SNOMED), &id.to_string()) {
                wrong.push(format!("{url}: {id} is unknown, {why:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{decided} value sets that draw on SNOMED CT are decided with a release");
    let left: Vec<&str> = (terminology.value_set_urls().into_iter())
        .filter(|url| terminology.is_undecidable(url) == Some(true))
        .collect();
    println!("{} value sets draw on what is not loaded still:\n  {}", left.len(), left.join("\n  "));
    assert_eq!(decided, 141);
}

/// What a validation says of codes, with a release.
#[test]
fn what_is_said_of_codes() {
    let (release, id) = small();
    let bytes = release.pack().0;
    let core = careconnect::Careconnect::new(with_all_packs(&[&bytes]));
    let coding =
        |code: u64, display: &str| format!(r#"{{ "system": "{SNOMED}", "code": "{code}", "display": "{display}" }}"#);
    let codings = [
        coding(id(4), "Acute  CORYZA"),
        coding(id(4), "Influenza"),
        coding(id(7), "Old"),
        coding(sctid(770_077), "Nothing"),
    ];
    let resource = format!(
        r#"{{ "resourceType": "Condition", "code": {{ "coding": [{}] }}, "subject": {{ "reference": "Patient/1" }} }}"#,
        codings.join(", ")
    );
    let report = core.validate(resource.as_bytes(), &Default::default());
    let said: Vec<String> = (report.issues.iter())
        .filter(|issue| issue.expression.contains("coding["))
        // The same code stands there twice on purpose, which is another rule's to say.
        .filter(|issue| issue.problem.rule() != "nhs-coding-duplicate")
        .map(|issue| format!("{} {}: {}", issue.expression, issue.problem.rule(), issue.problem.message()))
        .collect();
    let expected = [
        format!(
            "Condition.code.coding[1].display display-wrong: The display 'Influenza' does not belong to the code {}, which means 'Common cold'.",
            id(4)
        ),
        format!(
            "Condition.code.coding[2] code-inactive: The code {} of {SNOMED} is inactive: it should not be used in new entries. Use {}.",
            id(7),
            id(4)
        ),
        format!(
            "Condition.code.coding[3] code-unknown: The code system {SNOMED} has no code '{}'. Check the spelling.",
            sctid(770_077)
        ),
    ];
    assert_eq!(said, expected);
    assert!(report.unchecked.is_empty(), "{:?}", report.unchecked);
}
