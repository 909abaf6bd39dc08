//! FHIRPath by examples: each line of a table is an expression, `=>` and what it gives. Items are separated by commas, text
//! stands in quotes, elements are shown by their location; `error` and `unknown` are what they say.

#[path = "support/fhirpath_model.rs"]
mod model;

use careconnect::fhirpath::{Binder, EvalError, Expression, Outcome, Scope, Stop, Unknown, Value};
use careconnect::name::Names;
use careconnect::parse::{Limits, parse};
use careconnect::tree::Tree;
use model::Model;
use std::sync::Arc;

const PATIENT: &str = r##"{
  "resourceType": "Patient",
  "id": "p1",
  "extension": [{"url": "http://example.org/age", "valueAge": {"value": 41, "system": "http://unitsofmeasure.org", "code": "a"}}],
  "contained": [
    {"resourceType": "Organization", "id": "org", "name": "Surgery"},
    {"resourceType": "Practitioner", "id": "gp"}
  ],
  "active": true,
  "name": [
    {"use": "official", "family": "O'Hara", "given": ["Jo", "Ann"]},
    {"use": "usual", "given": [null, "Jo"], "_given": [{"extension": [{"url": "http://example.org/why", "valueString": "?"}]}, null]}
  ],
  "gender": "female",
  "birthDate": "1970-05",
  "deceasedBoolean": false,
  "managingOrganization": {"reference": "#org"},
  "generalPractitioner": [{"reference": "#gp"}, {"reference": "Practitioner/far"}, {"display": "no reference"}],
  "modifierExtension": [{"url": "http://example.org/modifier", "valueBoolean": true}]
}"##;

const OBSERVATION: &str = r#"<Observation xmlns="http://hl7.org/fhir">
  <status value="final"/>
  <code><coding><system value="http://loinc.org"/><code value="29463-7"/></coding><text value="Body  weight"/></code>
  <issued value="2016-03-28T10:00:00.000+01:00"/>
  <valueQuantity>
    <value value="72.50"/><unit value="kilos"/><system value="http://unitsofmeasure.org"/><code value="kg"/>
  </valueQuantity>
  <referenceRange>
    <low><value value="50"/><unit value="kg"/></low>
    <high><value value="80"/><comparator value="&lt;"/><unit value="kg"/></high>
  </referenceRange>
  <component><valueString value="free"/></component>
  <component><valueQuantity><value value="3"/></valueQuantity></component>
</Observation>"#;

fn names() -> Names {
    let mut names = Names::default();
    // A part of the names, so that some are bound and others compared as text.
    for name in
        "id extension url value valueAge valueQuantity valueString name given family status code unit".split(' ')
    {
        names.intern(name);
    }
    names
}

fn shown(value: &Value<'_>, tree: &Tree) -> String {
    match value {
        Value::Node(node) => tree.location(*node, |_| None),
        Value::String(text) => format!("'{text}'"),
        Value::Type { namespace, name } => format!("{namespace}.{name}"),
        Value::Remote(of) => format!("remote {of}"),
        other => other.to_text().unwrap().into_owned(),
    }
}

fn outcome(result: Result<Vec<Value<'_>>, Stop>, tree: &Tree) -> String {
    match result {
        Ok(items) => items.iter().map(|item| shown(item, tree)).collect::<Vec<_>>().join(", "),
        Err(Stop::Unknown(_)) => "unknown".to_owned(),
        Err(Stop::Error(_)) => "error".to_owned(),
    }
}

/// Runs a table on a resource, with names bound and not.
fn check(source: &str, table: &str) {
    let host = Model::new();
    let shared = Arc::new(names());
    let mut wrong = Vec::new();
    for (line, expected) in table.lines().filter_map(|line| line.rsplit_once("=>")) {
        let (text, expected) = (line.trim(), expected.trim());
        for bound in [false, true] {
            let names = if bound { shared.clone() } else { Arc::new(Names::default()) };
            let tree = parse(source.as_bytes(), &names, Limits::default()).tree;
            let mut expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            if bound {
                expression.bind(&Binder::new(&shared));
            }
            let actual = outcome(expression.evaluate(&tree, tree.root(), &host), &tree);
            if actual != expected {
                wrong.push(format!("{text} => {actual}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn navigation() {
    check(
        PATIENT,
        "
        Patient.name.family => Patient.name[0].family
        name.family => Patient.name[0].family
        Resource.id => Patient.id
        DomainResource.id => Patient.id
        Observation.status =>
        name.given.count() => 4
        name[1].given[1].hasValue() => true
        name[1].given[0].hasValue() => false
        name[1].given.extension('http://example.org/why').value => Patient.name[1].given[0].extension[0].valueString
        name[5] =>
        deceased => Patient.deceasedBoolean
        deceasedBoolean =>
        deceased is boolean => true
        (deceased as boolean).not() => true
        extension.value is Age => true
        extension.value is Quantity => true
        extension.value.ofType(Quantity).value => Patient.extension[0].valueAge.value
        `name`.`given`.first() => Patient.name[0].given[0]
        \"name\".\"given\".first() => Patient.name[0].given[0]
        name.children().count() => 7
        contained.descendants().count() => 3
        name.first().$this.family => Patient.name[0].family
        contained.where(id = 'gp') is Practitioner => true
        contained.ofType(Organization).name => Patient.contained[0].name
        type() => FHIR.Patient
        gender.type().name => 'code'
        gender is string => true
        gender.ofType(string) =>
        gender is System.String => false
        gender.length() => 6
        name.use is code => error
        gender is Nonsense => error
        $this is DomainResource => true
        name.first() is Element => true
        ",
    );
    check(
        OBSERVATION,
        "
        value.unit => Observation.valueQuantity.unit
        Observation.value.value > 72 => true
        valueQuantity =>
        component.value => Observation.component.valueString, Observation.component[1].valueQuantity
        component.value.ofType(string) => Observation.component.valueString
        component[0].value.as(Quantity) =>
        code.coding.code = '29463-7' => true
        code.text ~ 'body weight' => true
        ",
    );
}

#[test]
fn logic() {
    check(
        PATIENT,
        "
        true and {} =>
        false and {} => false
        {} and false => false
        {} or true => true
        {} or false =>
        {} xor true =>
        true xor false => true
        {} implies true => true
        {} implies false =>
        false implies {} => true
        name.exists() and gender => true
        gender.not() => false
        (true | false) and true => error
        true or (1 | 2).not() => true
        gender.memberOf('http://example.org/ValueSet/known') => false
        gender.memberOf('http://example.org/ValueSet/other') => unknown
        gender.memberOf('http://example.org/ValueSet/other') or true => true
        true or gender.memberOf('http://example.org/ValueSet/other') => true
        gender.memberOf('http://example.org/ValueSet/other') and false => false
        gender.memberOf('http://example.org/ValueSet/other') and true => unknown
        gender.memberOf('http://example.org/ValueSet/other').not() => unknown
        gender.memberOf('http://example.org/ValueSet/other') implies true => true
        true implies gender.memberOf('http://example.org/ValueSet/other') => unknown
        gender.memberOf('http://example.org/ValueSet/other') xor true => unknown
        (gender | active).exists($this = true or memberOf('http://example.org/ValueSet/other')) => true
        (gender | active).all($this = true and memberOf('http://example.org/ValueSet/other')) => false
        photo.memberOf('http://example.org/ValueSet/other') =>
        conformsTo('http://hl7.org/fhir/StructureDefinition/Patient') => true
        conformsTo('http://example.org/profile') => unknown
        slice('http://example.org/profile', 'name') => unknown
        checkModifiers('http://example.org/modifier').exists() => true
        checkModifiers('http://example.org/other').exists() => error
        iif(gender = 'male', 'he', 'she') => 'she'
        iif({}, 1) =>
        name.all(given.exists()) => true
        name.all(family.exists()) => false
        photo.all(false) => true
        name.where(family) => Patient.name[0]
        name.family.exists().allTrue() => true
        (true | 1).anyTrue() => error
        ",
    );
}

#[test]
fn references() {
    check(
        PATIENT,
        "
        managingOrganization.resolve() => Patient.contained[0]
        managingOrganization.resolve() is Organization => true
        generalPractitioner[0].resolve() is Practitioner => true
        generalPractitioner[1].resolve() => unknown
        generalPractitioner[2].resolve() =>
        '#nobody'.resolve() => unknown
        contained.where(('#' + id in %resource.descendants().reference).not()).empty() => true
        contained[0].id in (%context.managingOrganization.reference.substring(1)) => true
        %rootResource.id => Patient.id
        ",
    );
}

#[test]
fn equality() {
    check(
        PATIENT,
        "
        1 = 1.0 => true
        1 = '1' => false
        active = 'true' => true
        active = true => true
        birthDate = '1970-05' => true
        birthDate = @1970-05 => true
        birthDate = @1970-05-01 =>
        birthDate != @1971-05-01 => true
        birthDate ~ @1970-05-01 => false
        name = name => true
        name[0] = name[1] => false
        (1 | 2) = (2 | 1) => false
        (1 | 2) ~ (2 | 1) => true
        'a' ~ 'A' => true
        'a  b' ~ 'A B' => true
        {} = {} =>
        {} ~ {} => true
        1.01 ~ 1.0 => true
        1 'm' = 100 'cm' => true
        1 'm' = 1 's' => false
        1 'm' = 1 'furlong' =>
        3 days = 72 hours => true
        1 year = 12 months => true
        1 year = 365 days =>
        1 year ~ 1 'a' => true
        1 in (1 | 2) => true
        name.given contains 'Jo' => true
        ('a' | 'b') in ('a' | 'b') => error
        name.use in ('official' | 'usual') => true
        name.use in ('official' | 'old') => false
        name.given.distinct().count() => 3
        name.given.isDistinct() => false
        (1 | 1.0 | 2).count() => 2
        name.given.intersect('Jo' | 'x').count() => 1
        name.given.exclude('Jo').count() => 2
        ('Jo' | 'Ann').subsetOf(name.given) => true
        ",
    );
    check(
        OBSERVATION,
        "
        value = 72.5 'kg' => true
        value = 72500 'g' => true
        value > 70 'kg' => true
        value > 70 's' =>
        referenceRange.low < referenceRange.low => false
        referenceRange.low < 51 'kg' => true
        referenceRange.high < 81 'kg' =>
        issued > @2016-03-28T08:59:00Z => true
        issued = @2016-03-28T09:00:00Z => true
        issued < @2016-03-28 =>
        issued < @2016-03-29 => true
        issued < 'tomorrow' => error
        ",
    );
}

#[test]
fn arithmetic() {
    check(
        PATIENT,
        "
        0.1 + 0.2 => 0.3
        1 / 3 => 0.333333333333333333
        2 / 3 => 0.666666666666666667
        7 div 2 => 3
        -7 div 2 => -3
        -7 mod 2 => -1
        7.5 div 2 => 3
        1 / 0 =>
        1 mod 0 =>
        9223372036854775807 + 1 =>
        99999999999999999999999999999999999999 * 10.0 =>
        12345678901234567890.5 * 2 => 24691357802469135781.0
        1 + 2 * 3 => 7
        -(1 + 2) => -3
        'a' + 1 => error
        'a' & 1 => 'a1'
        'a' + {} =>
        'a' & {} => 'a'
        2 'kg' + 500 'g' => 2.500 'kg'
        2 'kg' * 3 => 6 'kg'
        6 'm' / 2 's' = 3 'm/s' => true
        @2024-02-29 + 1 year => 2025-02-28
        @2024-01-31 + 1 month => 2024-02-29
        @2024-03-31 - 1 month => 2024-02-29
        @2024 + 18 months => 2025
        @2024-05 + 45 days => 2024-06
        @2024-01-01 + 36 hours => 2024-01-02
        @2024-12-31T23:30:00Z + 1 hour => 2025-01-01T00:30:00Z
        @T23:30 + 45 minutes => 00:15
        @9999-12-31 + 1 day =>
        @2024-01-01 + 1 'mo' => error
        @2024-01-01 + 1 'd' => 2024-01-02
        @2024-01-01 + 3 => error
        @2024-01-01 + 9223372036854775807 days =>
        @2024-01-01T00:00:00Z + 9223372036 seconds => 2316-04-11T23:47:16Z
        @T10.highBoundary(9223372036854775807) =>
        1.highBoundary(9223372036854775807) =>
        today() => 2026-02-03
        now() > today() - 1 day => true
        ",
    );
    check(
        PATIENT,
        "
        2.power(10) => 1024
        2.power(-1) => 0.5
        2.power(0.5).round(3) => 1.414
        9.sqrt() => 3
        (-9).sqrt() =>
        0.ln() =>
        1.exp().round(4) => 2.7183
        2.5.round() => 3
        (-2.5).round() => -3
        (-2.5).floor() => -3
        (-2.5).ceiling() => -2
        (-2.5).truncate() => -2
        (1 | 2 | 4).sum() => 7
        (1 | 2 | 4).max() => 4
        (1 | 2 | 6).avg() => 3
        (3 | 1 | 2).sort(-$this) => 3, 2, 1
        (3 | 1.combine(descendants()) | 2).sort(-$this) => error
        (1 | 2 | 3).aggregate($this + $total, 0) => 6
        (5 | 6).select($index) => 0, 1
        1.5.lowBoundary(3) => 1.450
        @2024.highBoundary() => 2024-12-31
        @2024-02.highBoundary(8) => 2024-02-29
        @T10.highBoundary() => 10:59:59.999
        1.50.precision() => 2
        @2024-02-03T10:20:30.yearOf() => 2024
        @2024-02-03.hourOf() =>
        @2024-02-03T10:20:30+05:30.timezoneOffsetOf() => 5.5
        ",
    );
}

#[test]
fn text() {
    check(
        PATIENT,
        r"
        'abc'.substring(1) => 'bc'
        'abc'.substring(1, 1) => 'b'
        'abc'.substring(3) =>
        'naïve'.indexOf('v') => 3
        'a-b-a'.lastIndexOf('a') => 4
        'abc'.matches('B') => false
        'abc'.matches('^[a-z]+$') => true
        'a1'.matches('^[a-z]\\d$') => true
        'a1'.matches('^[a-z]\d$') => true
        'a-b'.matches('^[a-zA-Z0-9\\/\\-\\_]+$') => true
        'abc'.matches('(') => error
        'abcabc'.matchesFull('abc') => false
        '2024-05'.replaceMatches('(\\d+)-(\\d+)', '$2/$1') => '05/2024'
        'a,b,,c'.split(',').count() => 4
        name.given.join(' ') => 'Jo Ann Jo'
        'ÀB'.lower() => 'àb'
        'abc'.toChars() => 'a', 'b', 'c'
        'é'.encode('base64').decode('base64') => 'é'
        'zz'.decode('hex') =>
        'a<b'.escape('html') => 'a&lt;b'
        'a&lt;b'.unescape('html') => 'a<b'
        'P\u0065ter' => 'Peter'
        name.given.length() => error
        name.length() => error
        '1.50'.toDecimal() => 1.50
        'x'.toInteger() =>
        '*'.toInteger() =>
        '5 days'.toQuantity() => 5 days
        '1 wk'.toQuantity() =>
        70 'kg'.toQuantity('g') => 70000 'g'
        '2024-13'.toDate() =>
        @2024-05-06T10:00:00Z.toDate() => 2024-05-06
        active.toString() => 'true'
        birthDate.toString() => '1970-05'
        'yes'.toBoolean() => true
        %sct => 'http://snomed.info/sct'
        %`vs-gender` => 'http://hl7.org/fhir/ValueSet/gender'
        %'ext-age' => 'http://hl7.org/fhir/StructureDefinition/age'
        %vs-gender => 'http://hl7.org/fhir/ValueSet/gender'
        %nothing => error
        defineVariable('v', name.first()).select(%v.family) => Patient.name[0].family
        (defineVariable('v', 1) | 2).select(%v) => error
        name.repeat(given).count() => 4
        // a comment
        1 /* and another */ + 1 => 2
        ",
    );
}

#[test]
fn invariants_hold_or_not() {
    let names = Arc::new(Names::default());
    let tree = parse(PATIENT.as_bytes(), &names, Limits::default()).tree;
    let host = Model::new();
    let table = [
        ("name.exists()", Outcome::True),
        ("name.empty()", Outcome::False),
        // No result counts as not held; an invariant that has items and no Boolean holds.
        ("photo", Outcome::Empty),
        ("name", Outcome::True),
        ("active", Outcome::True),
        ("deceased", Outcome::False),
        ("photo.exists() implies photo.url", Outcome::True),
        (
            "gender < 1",
            Outcome::Error(EvalError::Type { of: "<", expected: "text on both sides", found: "Integer".into() }),
        ),
        ("single().name.single()", Outcome::Error(EvalError::Several { of: "single", count: 2 })),
        ("conformsTo('urn:x')", Outcome::Unknown(Unknown::Profile("urn:x".into()))),
    ];
    for (text, expected) in table {
        assert_eq!(Expression::parse(text).unwrap().holds(&tree, tree.root(), &host), expected, "{text}");
    }
}

#[test]
fn a_strict_host_finds_misspelt_names() {
    let tree = parse(PATIENT.as_bytes(), &Arc::new(Names::default()), Limits::default()).tree;
    let mut host = Model::new();
    host.strict = true;
    let outcome = Expression::parse("nmae.exists()").unwrap().holds(&tree, tree.root(), &host);
    assert_eq!(outcome, Outcome::Error(EvalError::NoElement("Patient.nmae".into())));
}

#[test]
fn faults_are_told_in_words() {
    let table = [
        (
            "",
            "At character 1 of the expression: expected a value, a name, a function or (, found the end of the expression.",
        ),
        (
            "name.",
            "At character 6 of the expression: expected the name of an element or a function, found the end of the expression.",
        ),
        (
            "name.exist()",
            "At character 6 of the expression: expected a function, found \"exist\", which is not a known function.",
        ),
        (
            "name.Exists()",
            "At character 6 of the expression: expected a function (did you mean exists?), found \"Exists\", which is not a known function.",
        ),
        ("name.where()", "At character 6 of the expression: expected 1 argument(s) for where(), found 0."),
        ("count(1)", "At character 1 of the expression: expected nothing between the brackets of count(), found 1."),
        (
            "name exists",
            "At character 6 of the expression: expected an operator or the end of the expression, found \"exists\".",
        ),
        ("(1 + 2", "At character 7 of the expression: expected ) or an operator, found the end of the expression."),
        ("name[0", "At character 7 of the expression: expected ] after the index, found the end of the expression."),
        (
            "'abc",
            "At character 1 of the expression: expected ' after the text that starts here, found the end of the expression.",
        ),
        (
            "@2024-02-30",
            "At character 1 of the expression: expected a date or time, @2015-02-04T14:34:28Z or @T14:34, found the date or time @2024-02-30.",
        ),
        (
            "count(@name) > 1",
            "At character 7 of the expression: expected a date or time, @2015-02-04T14:34:28Z or @T14:34, found the date or time @.",
        ),
        ("a # b", "At character 3 of the expression: expected a name, a value or an operator, found \"#\"."),
        ("$that", "At character 1 of the expression: expected $this, $index or $total, found $that."),
        (
            "1 /* open",
            "At character 3 of the expression: expected */ after the comment that starts here, found the end of the expression.",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(Expression::parse(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn nothing_runs_away() {
    let tree = parse(PATIENT.as_bytes(), &Arc::new(Names::default()), Limits::default()).tree;
    let host = Model::new();
    for deep in ["(".repeat(100_000), "-".repeat(100_000) + "1", "a.".repeat(100_000) + "a", "1+".repeat(100_000) + "1"]
    {
        assert!(Expression::parse(&deep).is_err());
    }
    let nested = format!("{}1{}", "iif(true, ".repeat(60), ")".repeat(60));
    assert_eq!(outcome(Expression::parse(&nested).unwrap().evaluate(&tree, tree.root(), &host), &tree), "1");
    // Each step doubles what there is.
    let doubled = [
        "descendants().aggregate($total & $total, 'a')",
        "descendants().aggregate($total.combine($total), 1)",
        "descendants().aggregate($total.encode('hex'), 'a')",
        "descendants().aggregate($total.replace('a', 'aa'), 'a')",
        "descendants().aggregate($total + $total, 'a')",
    ];
    for doubled in doubled {
        let mut scope = Scope::from(tree.root());
        scope.steps = 100_000;
        let result = Expression::parse(doubled).unwrap().holds(&tree, scope, &host);
        assert_eq!(result, Outcome::Error(EvalError::TooCostly), "{doubled}");
    }
    for endless in ["repeat($this)", "1.repeat($this + 1)", "1.repeatAll($this)", "name.repeatAll($this)"] {
        let mut scope = Scope::from(tree.root());
        scope.steps = 100_000;
        let result = Expression::parse(endless).unwrap().holds(&tree, scope, &host);
        assert!(matches!(result, Outcome::Error(EvalError::TooCostly) | Outcome::True), "{endless}: {result:?}");
    }
}

proptest::proptest! {
    /// Whatever the text, it is compiled or refused; what compiles is evaluated or refused.
    #[test]
    fn no_text_breaks_it(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "name", "given", ".", "(", ")", "[", "]", "1", "0.5", "'a'", "'", "@2024-01-31", "@T10", " + ", " - ", " / ",
                " = ", " ~ ", " | ", " and ", " in ", " is ", "{}", "$this", "%resource", "first()", "where(", "select(", ",",
                "repeat(", "children()", "9223372036854775807", "99999999999999999999999999999999999999", " div ", " mod ",
                "lowBoundary(", "highBoundary(", "power(", "substring(", "round(", " 'kg'", " years", "matches('[')", "é", "\\",
                "toQuantity()", "type()", "aggregate(", "sort(", "-", "precision()", "descendants()", "birthDate", "extension",
            ]),
            0..14,
        )
    ) {
        let tree = parse(PATIENT.as_bytes(), &Arc::new(Names::default()), Limits::default()).tree;
        if let Ok(expression) = Expression::parse(&parts.concat()) {
            let mut scope = Scope::from(tree.root());
            scope.steps = 10_000;
            let _ = expression.evaluate(&tree, scope, &Model::new());
        }
    }
}
