//! CDA documents, HL7's older standard: recognised, their header checked, displayed as letters in every form, and whatever they
//! bring along left out. The documents of tests/resources/cda are made for this project from the published structure; nobody
//! in them is real, and their NHS numbers are of the range for tests.

mod support;

use careconnect::Careconnect;
use careconnect::check;
use careconnect::render::{As, Audience, Mode, Options};
use careconnect::report::Verdict;
use std::path::{Path, PathBuf};

const FORMS: [As; 5] = [As::Narrative, As::Fragment, As::Page, As::Text, As::Markdown];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/resources/cda")
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).expect("a document of tests/resources/cda")
}

/// The documents, and whether their header has errors.
const ALL: &[(&str, bool)] = &[
    ("discharge-summary.xml", false),
    ("nhs-111-report-in-soap.xml", false),
    ("two-letters-in-envelope.xml", false),
    ("pdf-as-body.xml", false),
    ("hostile-html-as-body.xml", false),
    ("hostile-narrative.xml", false),
    ("packed-in-envelope.xml", false),
    ("pictures-and-references.xml", false),
    ("replacement-restricted.xml", false),
    ("faulty-header.xml", true),
    ("in-a-binary.json", false),
];

fn render(core: &Careconnect, name: &str, as_: As, mode: Mode) -> String {
    core.render(&read(name), &Options { as_, mode, ..Options::default() }).output
}

/// White space as one space each.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_document_is_recognised_and_said_to_be_not_fully_checked() {
    let core = support::packs(&["stu3", "careconnect"]);
    let mut found: Vec<String> = std::fs::read_dir(folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    found.sort();
    let mut known: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    assert_eq!(found, known);
    for (name, is_faulty) in ALL {
        let report = core.validate(&read(name), &check::Options::default());
        let rules: Vec<&str> = report.issues.iter().map(|issue| issue.problem.rule()).collect();
        assert!(rules.contains(&"cda-not-validated"), "{name}: {rules:?}");
        let expected = if *is_faulty { Verdict::Invalid } else { Verdict::NotFullyChecked };
        assert_eq!(report.verdict(), expected, "{name}: {rules:?} {}", report.reason());
        assert!(report.reason().contains("the body and coded entries of a CDA document"), "{}", report.reason());
        assert!(!rules.iter().any(|rule| rule.starts_with("xml-") || *rule == "not-fhir"), "{name}: {rules:?}");
    }
}

#[test]
fn a_faulty_header_is_told_what_is_wrong_with_it_and_where() {
    let core = support::packs(&["stu3"]);
    let report = core.validate(&read("faulty-header.xml"), &check::Options::default());
    let found: Vec<(&str, &str)> =
        report.issues.iter().map(|issue| (issue.problem.rule(), &*issue.expression)).collect();
    for (rule, expression) in [
        ("cda-type-id", "ClinicalDocument.typeId"),
        ("cda-id", "ClinicalDocument.id.root"),
        ("cda-version", "ClinicalDocument.versionNumber"),
        ("cda-header-missing", "ClinicalDocument"),
        ("cda-confidentiality", "ClinicalDocument.confidentialityCode.code"),
        ("nhs-snomed-check-digit", "ClinicalDocument.code.code"),
        ("nhs-number-check-digit", "ClinicalDocument.recordTarget.patientRole.id[1].extension"),
        ("nhs-postcode-layout", "ClinicalDocument.recordTarget.patientRole.addr.postalCode"),
        ("nhs-telephone", "ClinicalDocument.recordTarget.patientRole.telecom.value"),
        ("cda-gender", "ClinicalDocument.recordTarget.patientRole.patient.administrativeGenderCode.code"),
        ("cda-time", "ClinicalDocument.recordTarget.patientRole.patient.birthTime.value"),
        ("cda-id-twice", "ClinicalDocument.component.structuredBody.component[0].section.text"),
        ("cda-reference-lost", "ClinicalDocument.component.structuredBody.component[0].section.text"),
        ("cda-section-title", "ClinicalDocument.component.structuredBody.component[0].section"),
        ("cda-section-text", "ClinicalDocument.component.structuredBody.component[1].section"),
        (
            "cda-times-reversed",
            "ClinicalDocument.component.structuredBody.component[1].section.entry.observation.effectiveTime.high.value",
        ),
    ] {
        assert!(found.contains(&(rule, expression)), "{rule} {expression}: {found:#?}");
    }
    // The number itself is in no message.
    assert!(report.issues.iter().all(|issue| !issue.problem.message().contains("9990001234")));
}

#[test]
fn each_is_displayed_in_every_form_and_nothing_is_left_out() {
    let core = support::packs(&["stu3", "careconnect"]);
    for (name, _) in ALL {
        for as_ in FORMS {
            for (mode, audience) in [
                (Mode::Full, Audience::Clinical),
                (Mode::Standard, Audience::Clinical),
                (Mode::Standard, Audience::Patient),
            ] {
                let rendered = core.render(&read(name), &Options { as_, mode, audience, ..Options::default() });
                assert_eq!(rendered.coverage.missing, Vec::<String>::new(), "{name} {as_:?} {mode:?}");
                let is_held =
                    audience == Audience::Patient && ["replacement-restricted.xml", "faulty-header.xml"].contains(name);
                let upper = rendered.output.to_uppercase();
                let family = if *name == "nhs-111-report-in-soap.xml" { "HALE" } else { "OKONKWO" };
                assert_eq!(
                    upper.contains(family),
                    !is_held,
                    "{name} {as_:?} {mode:?} {audience:?}: {}",
                    rendered.output
                );
                assert!(!upper.contains("(EMPTY)"), "{name}");
            }
        }
    }
}

#[test]
fn a_letter_has_its_banner_its_sections_tables_lists_and_footnotes() {
    let core = support::packs(&["stu3", "careconnect"]);
    let text = flat(&render(&core, "discharge-summary.xml", As::Text, Mode::Standard));
    for said in [
        "OKONKWO, Ada (Mrs)",
        "17-Mar-1954",
        "Female",
        "Written 20-Nov-2018 10:30",
        "by MARLOW, Ines (Dr)",
        "held by Torbay and South Devon NHS Foundation Trust",
        "not FHIR",
        "1. Community acquired pneumonia",
        "on home oxygen since 2016",
        "Medicines at discharge",
        "500 mg three times a day [note 1]",
        "[note 1] Until 24 November 2018.",
        "GP: please repeat U&E in 2 weeks; chest X-ray in 6 weeks (< 7 January 2019).",
        "Harbour Medical Practice",
        "Ward 7",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // What is coded is listed where everything is asked for.
    let full = flat(&render(&core, "discharge-summary.xml", As::Text, Mode::Full));
    assert!(full.contains("Amoxicillin 500mg capsules (323509004)"), "{full}");
    let page = render(&core, "discharge-summary.xml", As::Page, Mode::Standard);
    for id in ["#t-footnote-1", "id=\"t-footnote-1\""] {
        assert!(page.contains(id), "{id}");
    }
}

#[test]
fn what_changes_the_meaning_is_said_in_words() {
    let core = support::packs(&["stu3", "careconnect"]);
    for (name, said) in [
        (
            "nhs-111-report-in-soap.xml",
            &["NHS number not verified", "Copy to", "NHS 111 report", "Breathless: yes"][..],
        ),
        (
            "replacement-restricted.xml",
            &[
                "Confidentiality: Restricted (R)",
                "It replaces an earlier document.",
                "Version 2",
                "Very restricted (V)",
            ],
        ),
        ("faulty-header.xml", &["This is not a valid NHS number.", "19540231"]),
        ("two-letters-in-envelope.xml", &["There are 2 documents in this envelope", "low salt", "Well controlled"]),
        (
            "pictures-and-references.xml",
            &["[struck out: Pus]", "No pus", "https://www.nhs.uk/conditions/cuts-and-grazes/", "Then weekly"],
        ),
        ("pdf-as-body.xml", &["application/pdf", "not shown here"]),
        ("packed-in-envelope.xml", &["Community acquired pneumonia"]),
        ("in-a-binary.json", &["a CDA document", "Community acquired pneumonia", "OKONKWO, Ada (Mrs)"]),
    ] {
        let text = flat(&render(&core, name, As::Text, Mode::Standard));
        for words in said.iter().filter(|words| **words != "a CDA document") {
            assert!(text.contains(words), "{name}: {words}: {text}");
        }
    }
    let full = flat(&render(&core, "pictures-and-references.xml", As::Text, Mode::Full));
    assert!(full.contains("NOT: Local infection of wound"), "{full}");
}

/// The faults of published style sheets (HL7's advisory of April 2014, and that of 2020 in the file that is a body).
#[test]
fn nothing_that_runs_or_loads_comes_out_of_a_text_or_a_file() {
    let core = support::packs(&["stu3", "careconnect"]);
    for name in ["hostile-narrative.xml", "hostile-html-as-body.xml"] {
        for as_ in FORMS {
            let output = render(&core, name, as_, Mode::Full).to_lowercase();
            let output =
                if as_ == As::Page { output.split("</style>").nth(1).expect("a page").to_owned() } else { output };
            if matches!(as_, As::Text | As::Markdown) {
                continue;
            }
            for bad in [
                "<script",
                "<iframe",
                "<svg",
                "<img",
                "onmouseover=\"",
                "onclick=\"",
                "onload=\"",
                "onerror=\"",
                "position:fixed",
                "href=\"javascript",
                "href=\"data:",
                "src=\"http",
            ] {
                assert!(!output.contains(bad), "{name} {as_:?}: {bad} in {output}");
            }
        }
    }
    let text = flat(&render(&core, "hostile-narrative.xml", As::Text, Mode::Standard));
    for kept in [
        "Word: javascript is a language, vbscript too",
        "results",
        "Before after.",
        "frame text",
        "Web <script>alert(7)</script>",
        "NHS website (https://www.nhs.uk/)",
        "image/svg+xml, not shown",
        "Made safe: Removed: the attribute",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    let text = flat(&render(&core, "hostile-html-as-body.xml", As::Text, Mode::Standard));
    for kept in ["Take the tablets with food.", "inside", "[image not loaded: logo]"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    let report = core.validate(&read("hostile-narrative.xml"), &check::Options::default());
    let rules: Vec<&str> = report.issues.iter().map(|issue| issue.problem.rule()).collect();
    for rule in ["cda-stylesheet", "cda-narrative-element", "cda-narrative-attribute"] {
        assert!(rules.contains(&rule), "{rule}: {rules:?}");
    }
}

#[test]
fn a_picture_of_the_document_is_shown_and_shown_once() {
    let core = support::packs(&["stu3"]);
    let page = render(&core, "pictures-and-references.xml", As::Page, Mode::Standard);
    assert_eq!(page.matches("<img src=\"data:image/png;base64,").count(), 1);
    let input = String::from_utf8(read("pictures-and-references.xml")).expect("UTF-8");
    let again = input.replace("referencedObject=\"photo\"", "referencedObject=\"photo photo photo\"");
    let options = Options { as_: As::Page, ..Options::default() };
    let page = core.render(again.as_bytes(), &options).output;
    assert_eq!(page.matches("<img ").count(), 1);
    assert_eq!(page.matches("shown above").count(), 2);
}

#[test]
fn a_patient_is_not_shown_what_is_more_than_normally_confidential() {
    let core = support::packs(&["stu3"]);
    let options = |as_| Options { as_, audience: Audience::Patient, mode: Mode::Full, ..Options::default() };
    let input = String::from_utf8(read("replacement-restricted.xml")).expect("UTF-8");
    for as_ in FORMS {
        let output = core.render(input.as_bytes(), &options(as_)).output;
        assert!(!output.contains("neighbour") && !output.contains("community team"), "{output}");
        let normal = input.replace("<confidentialityCode code=\"R\"", "<confidentialityCode code=\"N\"");
        let output = core.render(normal.as_bytes(), &options(as_)).output;
        assert!(!output.contains("neighbour") && !output.contains("Third party"), "{output}");
        assert!(output.contains("community team"), "{output}");
        let cut = normal.get(..normal.len() - 40).expect("a document");
        let output = core.render(cut.as_bytes(), &options(as_)).output;
        assert!(!output.contains("community team"), "{output}");
    }
}

#[test]
fn two_versions_are_compared() {
    let core = support::packs(&["stu3"]);
    let older = String::from_utf8(read("discharge-summary.xml")).expect("UTF-8");
    let newer = older.replace("30 mg once a day", "20 mg once a day");
    let options =
        Options { as_: As::Text, mode: Mode::Diff, against: Some(older.clone().into_bytes()), ..Options::default() };
    let text = flat(&core.render(newer.as_bytes(), &options).output);
    assert!(text.contains("20 mg once a day") && text.contains("30 mg once a day"), "{text}");
    assert!(!text.contains("Harbour Row"), "{text}");
}

#[test]
fn what_is_neither_is_refused_in_one_sentence() {
    let core = support::packs(&["stu3"]);
    for (input, words) in [
        ("<RCMR_IN010000UK05 xmlns=\"urn:hl7-org:v3\"><id root=\"1\"/>Okonkwo</RCMR_IN010000UK05>", "GP2GP"),
        ("<html><body><p>Okonkwo</p></body></html>", "a web page"),
        ("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Okonkwo</title></feed>", "Atom"),
        ("<Envelope xmlns=\"urn:x\"><a>Okonkwo</a><b/></Envelope>", "envelope"),
    ] {
        let report = core.validate(input.as_bytes(), &check::Options::default());
        let found: Vec<(&str, String)> =
            report.issues.iter().map(|issue| (issue.problem.rule(), issue.problem.message())).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "not-fhir");
        assert!(found[0].1.contains(words) && !found[0].1.contains("Okonkwo"), "{found:?}");
        for as_ in FORMS {
            let rendered = core.render(input.as_bytes(), &Options { as_, ..Options::default() });
            assert!(
                !rendered.output.contains("Okonkwo") && rendered.display.incomplete.is_some(),
                "{}",
                rendered.output
            );
        }
    }
    let soap =
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>Okonkwo</s:Body></s:Envelope>";
    let report = core.validate(soap.as_bytes(), &check::Options::default());
    assert_eq!(report.issues.len(), 1);
    assert_eq!(report.issues[0].problem.rule(), "cda-envelope-empty");
    let rendered = core.render(soap.as_bytes(), &Options::default());
    assert!(!rendered.output.contains("Okonkwo") && rendered.display.incomplete.is_some());
}

#[test]
fn half_a_document_is_said_to_be_one() {
    let core = support::packs(&["stu3"]);
    let whole = read("discharge-summary.xml");
    for length in (600..whole.len()).step_by(97) {
        let half = &whole[..length];
        for as_ in FORMS {
            let rendered = core.render(half, &Options { as_, ..Options::default() });
            assert!(rendered.output.contains("INCOMPLETE"), "{length} {as_:?}: {}", rendered.output);
            assert_eq!(rendered.coverage.missing, Vec::<String>::new());
        }
        assert!(core.validate(half, &check::Options::default()).incomplete, "{length}");
    }
}
