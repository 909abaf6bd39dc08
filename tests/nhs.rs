//! Identifiers and codes of the NHS: published examples one row each, and what must hold of any text.

use careconnect::nhs::news2::{self, Parameter, Scale};
use careconnect::nhs::snomed::{self, Component, Fault, Sctid};
use careconnect::nhs::*;
use proptest::prelude::*;

#[test]
fn nhs_numbers() {
    use NhsNumberFault::*;
    for (text, expected) in [
        // The example of the NHS Data Dictionary, and the ones that the Personal Demographics Service is tested with.
        ("9434765919", Ok(())),
        ("9000000009", Ok(())),
        ("4010232137", Ok(())),
        ("9434765918", Err(CheckDigit)),
        ("943 476 5919", Err(Separators)),
        ("943-476-5919", Err(Separators)),
        ("943476591", Err(Form)),
        ("94347659190", Err(Form)),
        ("943476591X", Err(Form)),
        ("９４３４７６５９１９", Err(Form)),
        ("", Err(Form)),
        // The check digit is right, and yet it is no number.
        ("1111111111", Err(SameDigits)),
        ("0000000000", Err(SameDigits)),
    ] {
        assert_eq!(nhs_number(text), expected, "{text}");
    }
    assert!(is_in_test_range("9990000018") && !is_in_test_range("9434765919") && !is_in_test_range("999"));
    assert_eq!(nhs_number_nation("0101302315"), Some("Scotland"));
    assert_eq!(nhs_number_nation("3299999999"), Some("Northern Ireland"));
    assert_eq!(nhs_number_nation("3201990000"), Some("Northern Ireland"));
    assert_eq!(nhs_number_nation("4010232137"), None);
}

#[test]
fn snomed_identifiers() {
    use Component::*;
    for (text, expected) in [
        ("22298006", Ok((Concept, None))),
        ("322236009", Ok((Concept, None))),
        ("37436014", Ok((Description, None))),
        ("100022", Ok((Relationship, None))),
        ("999000031000000106", Ok((Concept, Some(1_000_000)))),
        ("39720311000001101", Ok((Concept, Some(1_000_001)))),
        ("22298007", Err(Fault::CheckDigit)),
        ("022298006", Err(Fault::Form)),
        ("22298006 ", Err(Fault::Form)),
        ("12345", Err(Fault::Form)),
        ("1234567890123456789", Err(Fault::Form)),
        ("", Err(Fault::Form)),
        ("J45..", Err(Fault::Form)),
    ] {
        let found = Sctid::parse(text).map(|id| (id.component(), id.namespace()));
        assert_eq!(found, expected, "{text}");
    }
    // A partition that does not exist, with a right check digit.
    for digits in ["1234530", "1234503", "1234510"] {
        let id = format!("{digits}{}", snomed::check_digit(digits).unwrap());
        assert_eq!(Sctid::parse(&id), Err(Fault::Partition), "{id}");
    }
    assert!(snomed::is_concept_id("22298006") && !snomed::is_concept_id("37436014"));
}

#[test]
fn registers() {
    use SystemKind::*;
    for (kind, right, wrong) in [
        (Gmc, &["6122477", "C6122477"][..], &["G1234567", "612247", "61224770", ""][..]),
        (Gmp, &["G3377170"], &["7882315", "C1234567", "G123456"]),
        (Din, &["954000"], &["95400", "A54000"]),
        (Nmc, &["98A1234E", "71A2998E"], &["98A1234", "98a1234e", "AA12345E"]),
        (Gphc, &["2145879"], &["214587", "21458791"]),
        (Hcpc, &["PH123456", "DT03001", "ODP12345", "CH029821"], &["123456", "P123456", "PH12", "PH1234567"]),
        (Gdc, &["123456", "CD123456"], &["12", "1234567", "D123456"]),
        (Goc, &["01-12345", "D-1234"], &["0112345", "01-", "-12345", "01-12A45"]),
        (Local, &[], &["anything"]),
    ] {
        for value in right {
            assert!(is_registration(kind, value), "{kind:?} {value}");
        }
        for value in wrong {
            assert!(!is_registration(kind, value), "{kind:?} {value}");
        }
    }
    assert!(is_ods_code("A83627") && is_ods_code("RR8") && is_ods_code("A83627001"));
    assert!(!is_ods_code("rr8") && !is_ods_code("RR") && !is_ods_code("Elsewhere") && !is_ods_code("RR8 "));
    assert!(is_sds_id("555079046103") && !is_sds_id("PT2468"));
    assert!(is_ubrn("000031011234") && !is_ubrn("0000-3101-1234"));
    assert!(is_uprn("100023336956") && !is_uprn(""));
}

#[test]
fn classifications() {
    for code in ["J45..", "H33..", "2469.", "1372.", "H33z1", "H3312", "J45..00", "9N1C."] {
        assert!(is_read_code(ReadVersion::V2, code), "{code}");
    }
    for code in ["", ".....", "J45", "J45.. ", "J4.5.", "J45..0", "EMISNQAS1"] {
        assert!(!is_read_code(ReadVersion::V2, code), "{code}");
    }
    assert!(is_read_code(ReadVersion::Ctv3, "XE2mw") && !is_read_code(ReadVersion::Ctv3, "XE2mw00"));
    for code in ["A00", "A00.0", "A000", "I10X", "M05.3D", "S72.00", "E10.1A", "C53.-"] {
        assert!(is_icd10(code), "{code}");
    }
    for code in ["", "A0", "A00.", "a00.0", "A00.000", "123", "A00 0"] {
        assert!(!is_icd10(code), "{code}");
    }
    for code in ["W37", "W37.1", "W371", "Y90.-"] {
        assert!(is_opcs4(code), "{code}");
    }
    for code in ["", "W3", "W37.", "W37.12", "w37.1"] {
        assert!(!is_opcs4(code), "{code}");
    }
}

#[test]
fn contact_details() {
    for text in ["LS1 4JL", "M1 1AA", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "ZZ99 3CZ"] {
        assert_eq!(postcode(text), Postcode::Right, "{text}");
    }
    assert_eq!(postcode("GIR 0AA"), Postcode::Right);
    assert_eq!(postcode("ls14jl"), Postcode::Untidy("LS1 4JL".into()));
    assert_eq!(postcode("LS1  4JL"), Postcode::Untidy("LS1 4JL".into()));
    for text in ["", "LS1", "12345", "LS1 4J", "1LS 4JL", "3999", "LS1 JL4", "LS1 4JL X", "LS1 4CL", "ÄÖÜ ßé"] {
        assert_eq!(postcode(text), Postcode::No, "{text}");
    }
    for text in [
        "01133800000",
        "0191 1231234",
        "tel:01414221031",
        "+441273749184",
        "+44 (0)1273 749184",
        "(+1) 734-677-7777",
        "111",
        "01234 567890 x123",
        "01234567890 ext. 12",
        "0044 1273 749184",
        "+31201234567",
        "0800 1111",
        "07777 000 000",
    ] {
        assert!(is_telephone(text), "{text}");
    }
    for text in ["", "12345678", "01234", "call the ward", "+44", "01234 567890 / 01234 567891", "name@nhs.net", "1+2"]
    {
        assert!(!is_telephone(text), "{text}");
    }
    assert!(is_email("a.b@nhs.net") && is_email("mailto:a@b.uk"));
    for text in ["", "@", "a@b", "a b@c.uk", "www.nhs.uk", "a@@b.uk", "a@.uk", "a@b."] {
        assert!(!is_email(text), "{text}");
    }
}

#[test]
fn systems_are_sorted_and_found() {
    for pair in SYSTEMS.windows(2) {
        assert!(pair[0].url < pair[1].url, "{} stands before {}", pair[0].url, pair[1].url);
    }
    for known in SYSTEMS {
        assert_eq!(system(known.url).map(|found| found.url), Some(known.url));
    }
    assert!(system("https://fhir.nhs.uk/Id/NHS-number").is_none());
}

#[test]
fn how_urls_differ() {
    let right = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";
    for (given, expected) in [
        ("http://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1", Difference::Scheme),
        ("https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-Patient-1", Difference::Host),
        ("https://fhir.nhs.net/STU3/StructureDefinition/CareConnect-Patient-1", Difference::OldHost),
        ("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1/", Difference::Slash),
        ("https://fhir.hl7.org.uk//STU3/StructureDefinition/CareConnect-Patient-1", Difference::Slash),
        ("https://fhir.hl7.org.uk/STU3.StructureDefinition.CareConnect-Patient-1", Difference::Dot),
        ("https://fhir.hl7.org.uk/STU3/StructureDefinition/Careconnect-Patient-1", Difference::Case),
        ("https://fhir.hl7.org.uk/StructureDefinition/CareConnect-Patient-1", Difference::Path),
    ] {
        assert_eq!(difference(given, right), Some(expected), "{given}");
        assert_eq!(key(given), key(right), "{given}");
    }
    let misspelt = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Pateint-1";
    assert_eq!(difference(misspelt, right), Some(Difference::Spelling));
    assert_eq!(difference(&format!(" {right}"), right), None);
    assert_ne!(key(misspelt), key(right));
    assert_eq!(key("http://hl7.org/fhir/StructureDefinition/Patient"), None);
    assert_eq!(key("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"), None);
}

/// The chart of the Royal College of Physicians, each band by its lowest and highest value.
#[test]
fn news2_scores() {
    use Parameter::*;
    for (parameter, bands) in [
        (Respiration, &[(1.0, 8.0, 3), (9.0, 11.0, 1), (12.0, 20.0, 0), (21.0, 24.0, 2), (25.0, 60.0, 3)][..]),
        (Systolic, &[(40.0, 90.0, 3), (91.0, 100.0, 2), (101.0, 110.0, 1), (111.0, 219.0, 0), (220.0, 300.0, 3)]),
        (
            Pulse,
            &[
                (20.0, 40.0, 3),
                (41.0, 50.0, 1),
                (51.0, 90.0, 0),
                (91.0, 110.0, 1),
                (111.0, 130.0, 2),
                (131.0, 200.0, 3),
            ],
        ),
        (Temperature, &[(30.0, 35.0, 3), (35.1, 36.0, 1), (36.1, 38.0, 0), (38.1, 39.0, 1), (39.1, 42.0, 2)]),
    ] {
        for (low, high, score) in bands {
            assert_eq!(news2::measured(parameter, *low), Some(*score), "{parameter:?} {low}");
            assert_eq!(news2::measured(parameter, *high), Some(*score), "{parameter:?} {high}");
        }
    }
    for (scale, on_oxygen, bands) in [
        (Scale::One, true, &[(80.0, 91.0, 3), (92.0, 93.0, 2), (94.0, 95.0, 1), (96.0, 100.0, 0)][..]),
        (Scale::Two, false, &[(70.0, 83.0, 3), (84.0, 85.0, 2), (86.0, 87.0, 1), (88.0, 92.0, 0), (93.0, 100.0, 0)]),
        (
            Scale::Two,
            true,
            &[(83.0, 83.0, 3), (84.0, 85.0, 2), (88.0, 92.0, 0), (93.0, 94.0, 1), (95.0, 96.0, 2), (97.0, 100.0, 3)],
        ),
    ] {
        for (low, high, score) in bands {
            assert_eq!(news2::saturation(scale, on_oxygen, *low), *score, "{scale:?} {low}");
            assert_eq!(news2::saturation(scale, on_oxygen, *high), *score, "{scale:?} {high}");
        }
    }
    assert_eq!((news2::oxygen(true), news2::oxygen(false)), (2, 0));
    assert_eq!((news2::consciousness(true), news2::consciousness(false)), (0, 3));
    assert_eq!(news2::measured(Saturation, 96.0), None);
}

proptest! {
    /// Every synthetic number is an NHS number of the test range, and one wrong digit or two neighbours changed over are found.
    #[test]
    fn a_slip_in_an_nhs_number_is_found(six in 0u32..1_000_000, at in 0usize..10, other in 0u8..10) {
        let Some(number) = synthetic_nhs_number(six) else { return Ok(()) };
        prop_assert!(is_in_test_range(&number));
        prop_assume!(number.bytes().any(|byte| byte != b'9'));
        prop_assert_eq!(nhs_number(&number), Ok(()));
        let mut slip = number.clone().into_bytes();
        slip[at] = b'0' + other;
        if slip != number.as_bytes() {
            prop_assert!(nhs_number(std::str::from_utf8(&slip).unwrap()).is_err());
        }
        let mut swapped = number.clone().into_bytes();
        if at < 9 && swapped[at] != swapped[at + 1] {
            swapped.swap(at, at + 1);
            prop_assert!(nhs_number(std::str::from_utf8(&swapped).unwrap()).is_err());
        }
    }

    /// Verhoeff's digit finds every wrong digit and every pair of neighbours changed over.
    #[test]
    fn a_slip_in_a_snomed_identifier_is_found(item in 100u64..100_000_000, at in 0usize..8, other in 0u8..10) {
        let digits = format!("{item}00");
        let id = format!("{digits}{}", snomed::check_digit(&digits).unwrap());
        prop_assert_eq!(Sctid::parse(&id).map(Sctid::component), Ok(Component::Concept));
        prop_assert_eq!(Sctid::parse(&id).map(Sctid::value).ok(), id.parse().ok());
        let at = at.min(id.len() - 2);
        let mut slip = id.clone().into_bytes();
        slip[at] = b'0' + other;
        if slip != id.as_bytes() {
            prop_assert!(Sctid::parse(std::str::from_utf8(&slip).unwrap()).is_err());
        }
        let mut swapped = id.clone().into_bytes();
        if swapped[at] != swapped[at + 1] {
            swapped.swap(at, at + 1);
            prop_assert!(Sctid::parse(std::str::from_utf8(&swapped).unwrap()).is_err());
        }
    }

    /// Whatever the text, there is an answer; and a postcode that was tidied is right.
    #[test]
    fn any_text_has_an_answer(text in "\\PC{0,24}|[A-Z0-9 .+-]{0,20}|https?://fhir\\.(nhs\\.uk|hl7\\.org\\.uk)[/. a-zA-Z]{0,30}") {
        let _ = (nhs_number(&text), Sctid::parse(&text), is_telephone(&text), is_email(&text), is_ods_code(&text));
        let _ = (is_icd10(&text), is_opcs4(&text), is_read_code(ReadVersion::V2, &text), nhs_number_nation(&text));
        for known in SYSTEMS {
            let _ = is_registration(known.kind, &text);
            let _ = difference(&text, known.url);
        }
        let _ = careconnect::contradictions::dose::read(&text);
        if let Some(key) = key(&text) {
            prop_assert!(!key.contains(char::is_whitespace) && !last_part(&text).contains('/'));
        }
        if let Postcode::Untidy(tidy) = postcode(&text) {
            prop_assert_eq!(postcode(&tidy), Postcode::Right);
        }
    }
}
