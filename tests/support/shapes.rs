//! Shapes of input that ask for more than their length, as data: each is a function of n. A new rule or view is run against
//! all of them by `tests/hostile.rs`, and timed on them by `cargo xtask bench growth`.

use careconnect::render::{As, Mode, Options};
use careconnect::source::Format;
use careconnect::{Careconnect, inspect, outcome};

/// One shape: what it is called, and its text for a size.
pub struct Shape {
    pub name: String,
    pub make: Box<dyn Fn(usize) -> String + Send + Sync>,
}

/// Elements that repeat: the type and what it needs, the element, one item. `{i}` is the item's number, `{j}` the next one's.
const MANY: &[(&str, &str, &str, &str)] = &[
    ("Patient", "", "identifier", r#"{"system":"https://example.org/a","value":"1000{i}"}"#),
    ("Patient", "", "identifier", r#"{"system":"https://example.org/a","value":"中文字号码一二{i}"}"#),
    ("Patient", "", "link", r#"{"other":{"reference":"Patient/名字名字名字名字{i}"},"type":"seealso"}"#),
    ("Account", "", "coverage", r#"{"coverage":{"display":"c{i}"},"priority":{i}}"#),
    ("ActivityDefinition", r#""status":"draft","#, "dynamicValue", r#"{"path":"p{i}","expression":"e"}"#),
    (
        "AllergyIntolerance",
        r#""clinicalStatus":"active","#,
        "reaction",
        r#"{"manifestation":[{"text":"m{i}"}],"severity":"severe"}"#,
    ),
    ("AllergyIntolerance", r#""clinicalStatus":"active","#, "note", r#"{"text":"n{i}"}"#),
    (
        "Appointment",
        r#""status":"booked","#,
        "participant",
        r#"{"actor":{"reference":"Patient/{i}"},"status":"accepted"}"#,
    ),
    ("Appointment", r#""status":"booked","#, "slot", r#"{"reference":"Slot/{i}"}"#),
    ("Basic", "", "identifier", r#"{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"A{i}"}"#),
    ("Basic", "", "identifier", r#"{"system":"https://fhir.nhs.uk/Id/nhs-numbr{i}","value":"1"}"#),
    (
        "CarePlan",
        r#""status":"active","intent":"plan","#,
        "activity",
        r#"{"detail":{"status":"unknown","description":"d{i}"}}"#,
    ),
    ("CareTeam", "", "participant", r#"{"member":{"display":"m{i}"},"role":{"text":"r"}}"#),
    (
        "Claim",
        r#""status":"active","#,
        "item",
        r#"{"sequence":{i},"careTeamLinkId":[{j}],"net":{"value":1,"code":"GBP"}}"#,
    ),
    (
        "CodeSystem",
        r#""url":"https://example.org/c","status":"draft","content":"complete","#,
        "concept",
        r#"{"code":"c{i}","display":"same"}"#,
    ),
    (
        "CodeSystem",
        r#""url":"https://example.org/c","status":"draft","content":"complete","#,
        "concept",
        r#"{"code":"c","property":[{"code":"parent","valueCode":"c{j}"}]}"#,
    ),
    ("Communication", r#""status":"completed","#, "payload", r#"{"contentString":"p{i}"}"#),
    (
        "Composition",
        r#""status":"final","title":"t","#,
        "section",
        r#"{"title":"s{i}","entry":[{"reference":"Condition/{j}"}],"code":{"text":"c"}}"#,
    ),
    ("Composition", r#""status":"final","title":"t","#, "attester", r#"{"mode":["legal"],"party":{"display":"p{i}"}}"#),
    (
        "ConceptMap",
        r#""status":"draft","#,
        "group",
        r#"{"element":[{"code":"c{i}","target":[{"code":"t","equivalence":"wider"}]}]}"#,
    ),
    ("Condition", r#""clinicalStatus":"active","#, "stage", r#""wrong{i}""#),
    (
        "Condition",
        r#""clinicalStatus":"active","#,
        "bodySite",
        r#"{"coding":[{"system":"http://snomed.info/sct","code":"{i}","display":"d"}]}"#,
    ),
    ("Condition", r#""clinicalStatus":"active","#, "evidence", r#"{"detail":[{"reference":"Observation/{i}"}]}"#),
    ("Consent", r#""status":"active","#, "except", r#"{"type":"deny","action":[{"text":"a{i}"}]}"#),
    ("Device", "", "udi", "null"),
    ("DiagnosticReport", r#""status":"final","code":{"text":"x"},"#, "result", r#"{"reference":"Observation/{i}"}"#),
    ("DiagnosticReport", r#""status":"final","code":{"text":"x"},"#, "specimen", r#"{"display":"s{i}"}"#),
    (
        "DocumentReference",
        r#""status":"current","#,
        "content",
        r#"{"attachment":{"contentType":"text/plain","title":"t{i}","size":1,"data":"QUJD"}}"#,
    ),
    ("DocumentReference", r#""status":"current","#, "securityLabel", r#"{"coding":[{"code":"NOPAT{i}"}]}"#),
    (
        "Encounter",
        r#""status":"finished","#,
        "participant",
        r#"{"individual":{"display":"p{i}"},"type":[{"text":"t"}]}"#,
    ),
    (
        "Encounter",
        r#""status":"finished","#,
        "statusHistory",
        r#"{"status":"planned","period":{"start":"2020-01-01","end":"2019-01-01"}}"#,
    ),
    ("EpisodeOfCare", r##""status":"active","##, "diagnosis", r##"{"condition":{"reference":"#none{i}"}}"##),
    (
        "FamilyMemberHistory",
        r#""status":"completed","#,
        "condition",
        r#"{"code":{"text":"c{i}"},"outcome":{"text":"died"}}"#,
    ),
    ("Flag", r#""status":"active","#, "category", r#"{"coding":[{"display":"c{i}"}]}"#),
    ("Goal", r#""status":"accepted","#, "addresses", r#"{"reference":"Condition/{i}/_history/{j}"}"#),
    ("Group", r#""type":"person","actual":true,"#, "member", r#"{"entity":{"reference":"Patient/{i}"}}"#),
    ("HealthcareService", "", "availableTime", r#"{"daysOfWeek":["mon"],"availableStartTime":"09:00:00"}"#),
    ("Immunization", r#""status":"completed","notGiven":true,"#, "practitioner", r#"{"actor":{"display":"p{i}"}}"#),
    (
        "Immunization",
        r#""status":"completed","notGiven":false,"#,
        "vaccinationProtocol",
        r#"{"doseSequence":{i},"targetDisease":[{"text":"t"}]}"#,
    ),
    ("List", r#""status":"current","mode":"working","#, "entry", r#"{"item":{"display":"x{i}"},"deleted":true}"#),
    ("Location", "", "alias", r#""alias {i}""#),
    (
        "Medication",
        "",
        "ingredient",
        r#"{"itemCodeableConcept":{"text":"i{i}"},"amount":{"numerator":{"value":{i},"unit":"mg"}}}"#,
    ),
    (
        "MedicationRequest",
        r#""intent":"order","#,
        "dosageInstruction",
        r#"{"text":"take {i}","doseQuantity":{"value":{i},"unit":"mg"},"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}}"#,
    ),
    ("MedicationRequest", r#""intent":"order","#, "basedOn", r#"{"reference":"MedicationRequest/{i}"}"#),
    (
        "MedicationStatement",
        r#""status":"active","taken":"unk","#,
        "dosage",
        r#"{"text":"t{i}","asNeededBoolean":false}"#,
    ),
    ("MessageHeader", "", "destination", r#"{"endpoint":"http://example.org/{i}"}"#),
    ("NutritionOrder", r#""status":"active","#, "supplement", r#"{"instruction":"i{i}"}"#),
    (
        "Observation",
        r#""status":"final","code":{"text":"x"},"#,
        "component",
        r#"{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":{i},"unit":"mmHg"}}"#,
    ),
    (
        "Observation",
        r#""status":"final","code":{"text":"x"},"#,
        "referenceRange",
        r#"{"low":{"value":{i},"unit":"g"},"text":"r"}"#,
    ),
    (
        "Observation",
        r##""status":"final","code":{"text":"x"},"##,
        "related",
        r##"{"type":"has-member","target":{"reference":"#o{i}"}}"##,
    ),
    ("Organization", r#""name":"x","#, "contact", r#"{"name":{"family":"f{i}"},"address":{"postalCode":"XX{i}"}}"#),
    ("Organization", r#""name":"x","#, "telecom", r#"{"system":"phone","value":"0{i}"}"#),
    ("OperationOutcome", "", "issue", r#"{"severity":"error","code":"invalid","diagnostics":"d{i}"}"#),
    ("Parameters", "", "parameter", r#"{"name":"p{i}","part":[{"name":"q","valueString":"v"}]}"#),
    ("Patient", "", "address", r#"{"line":["l{i}"],"postalCode":"LS1 4A{i}","use":"home"}"#),
    ("Patient", "", "communication", r#"{"language":{"coding":[{"code":"en"}]},"preferred":true}"#),
    ("Patient", "", "contact", r#"{"relationship":[{"text":"r{i}"}],"gender":"wrong"}"#),
    ("Patient", "", "extension", r#"{"url":"http://example.org/fhir/{i}","extension":[{"url":"a","valueCode":"x"}]}"#),
    (
        "Patient",
        "",
        "extension",
        r#"{"url":"https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-EthnicCategory-{i}","valueString":"v"}"#,
    ),
    ("Patient", "", "generalPractitioner", r#"{"reference":"Practitioner/{i}","identifier":{"value":"v"}}"#),
    ("Patient", "", "identifier", r#"{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9{i}"}"#),
    ("Patient", "", "identifier", r#"{"system":"https://example.org/id","value":"same"}"#),
    ("Patient", "", "link", r#"{"type":"refer","other":{"reference":"Patient/{j}"}}"#),
    ("Patient", "", "modifierExtension", r#"{"url":"https://example.org/m","valueBoolean":true}"#),
    ("Patient", "", "name", r#"{"use":"old","family":"F{i}","given":["G","H"],"prefix":["Mr"]}"#),
    ("Patient", "", "name", r#"{"id":"same","text":"t{i}"}"#),
    ("Patient", "", "photo", r#"{"contentType":"image/png","data":"AAAA","hash":"AAAA"}"#),
    ("Patient", "", "telecom", r#"{"system":"email","value":"a{i}@example.org","rank":{j}}"#),
    (
        "PlanDefinition",
        r#""status":"draft","#,
        "action",
        r#"{"id":"a{i}","relatedAction":[{"actionId":"a{j}","relationship":"after"}]}"#,
    ),
    ("Practitioner", "", "qualification", r#"{"code":{"text":"q{i}"},"identifier":[{"value":"v"}]}"#),
    (
        "PractitionerRole",
        "",
        "code",
        r#"{"coding":[{"system":"https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1","code":"R{i}"}]}"#,
    ),
    ("Procedure", r#""status":"completed","#, "performer", r#"{"actor":{"display":"p{i}"}}"#),
    ("ProcedureRequest", r#""status":"active","intent":"plan","#, "reasonCode", r#"{"text":"r{i}"}"#),
    ("Provenance", "", "target", r#"{"reference":"urn:uuid:{i}"}"#),
    (
        "Questionnaire",
        r#""status":"draft","#,
        "item",
        r#"{"linkId":"{i}","type":"boolean","enableWhen":[{"question":"{j}","hasAnswer":true},{"question":"{i}","answerBoolean":true}]}"#,
    ),
    (
        "ReferralRequest",
        r#""status":"active","intent":"order","#,
        "supportingInfo",
        r#"{"reference":"https://example.org/Basic/{i}?x=y#z"}"#,
    ),
    ("RelatedPerson", "", "period", r#"{"start":"{i}"}"#),
    (
        "RequestGroup",
        r#""status":"active","intent":"plan","#,
        "action",
        r#"{"title":"t{i}","condition":[{"kind":"stop","expression":"true"}]}"#,
    ),
    ("Schedule", "", "actor", r#"{"reference":"Location/{i}"}"#),
    ("Specimen", "", "container", r#"{"description":"d{i}","additiveCodeableConcept":{"text":"a"}}"#),
    ("Task", r#""status":"draft","intent":"plan","#, "input", r#"{"type":{"text":"t{i}"},"valueString":"v"}"#),
    ("ValueSet", r#""url":"https://example.org/v","status":"draft","#, "contact", r#"{"name":"n{i}"}"#),
    ("Unknown", "", "thing", r#"{"a{i}":[1,2,{"b":null}]}"#),
];

/// Two lists of one resource that a careless reader holds each against all of the other: type, first, second.
const PAIRS: &[(&str, &str, &str)] = &[
    (
        "Patient",
        r#""meta":{"profile":["https://example.org/p{i}"]}"#,
        r#""identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{i}"}]"#,
    ),
    (
        "Patient",
        r##""meta":{"security":[{"code":"S{i}"}]}"##,
        r##""link":[{"type":"seealso","other":{"reference":"#a"}}]"##,
    ),
    (
        "Patient",
        r##""contained":[{"resourceType":"Basic","id":"a{i}"}]"##,
        r##""link":[{"type":"seealso","other":{"reference":"#a{j}"}}]"##,
    ),
    (
        "Patient",
        r##""contained":[{"resourceType":"Basic","id":"same"}]"##,
        r##""link":[{"type":"seealso","other":{"reference":"#same"}}]"##,
    ),
    (
        "Patient",
        r##""contained":[{"resourceType":"Basic","extension":[{"url":"https://example.org/e","valueReference":{"reference":"#"}}]}]"##,
        r##""name":[{"family":"f"}]"##,
    ),
    (
        "List",
        r##""contained":[{"resourceType":"Observation","id":"o{i}","status":"final","code":{"text":"c"},"related":[{"type":"has-member","target":{"reference":"#o{j}"}}]}]"##,
        r##""entry":[{"item":{"reference":"#o{i}"}}]"##,
    ),
    (
        "DiagnosticReport",
        r##""contained":[{"resourceType":"Observation","id":"o{i}","status":"final","code":{"text":"c"},"specimen":{"reference":"#o{j}"}}]"##,
        r##""result":[{"reference":"#o{i}"}]"##,
    ),
    ("DiagnosticReport", r##""specimen":[{"reference":"#s{i}"}]"##, r##""result":[{"reference":"#s{i}"}]"##),
    (
        "QuestionnaireResponse",
        r##""status":"completed","questionnaire":{"reference":"#q"},"contained":[{"resourceType":"Questionnaire","id":"q","item":[{"linkId":"a","type":"choice","repeats":true,"option":[{"valueCoding":{"code":"{i}"}}]}]}]"##,
        r##""item":[{"linkId":"a","answer":[{"valueCoding":{"code":"{i}"}}]}]"##,
    ),
    (
        "Medication",
        r#""code":{"coding":[{"system":"http://snomed.info/sct","code":"{i}"}]}"#,
        r#""package":{"content":[{"amount":{"value":{i}}}]}"#,
    ),
    (
        "Composition",
        r##""contained":[{"resourceType":"List","id":"l{i}","entry":[{"item":{"reference":"#l{j}"}}]}]"##,
        r##""section":[{"entry":[{"reference":"#l{i}"}],"text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>t{i}</div>"}}]"##,
    ),
    (
        "Observation",
        r##""contained":[{"resourceType":"Device","id":"d{i}"}]"##,
        r##""performer":[{"reference":"#d{j}"}]"##,
    ),
];

/// Entries of a Bundle: the Bundle's type and one entry's resource. The entry has a `fullUrl` made of `{i}`.
const ENTRIES: &[(&str, &str)] = &[
    ("collection", r#"{"resourceType":"Patient","id":"{i}"}"#),
    ("collection", r#"{"resourceType":"Patient","id":"same"}"#),
    (
        "collection",
        r#"{"resourceType":"Condition","id":"{i}","subject":{"reference":"Patient/{j}"},"code":{"text":"c"}}"#,
    ),
    (
        "collection",
        r#"{"resourceType":"Observation","id":"{i}","status":"final","code":{"coding":[{"system":"http://snomed.info/sct","code":"1104051000000101"}]},"related":[{"target":{"reference":"Observation/{j}"}}]}"#,
    ),
    (
        "searchset",
        r#"{"resourceType":"Slot","id":"{i}","schedule":{"reference":"Slot/{j}"},"start":"2020-01-01T00:00:00Z"}"#,
    ),
    ("searchset", r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"x"}]}"#),
    (
        "searchset",
        r#"{"resourceType":"MedicationStatement","id":"{i}","basedOn":[{"reference":"MedicationStatement/{j}"}],"medicationReference":{"reference":"MedicationStatement/0"}}"#,
    ),
    (
        "document",
        r#"{"resourceType":"Composition","id":"{i}","section":[{"entry":[{"reference":"Composition/{j}"}]}]}"#,
    ),
    ("document", r#"{"resourceType":"Provenance","id":"{i}","target":[{"reference":"Provenance/{j}"}]}"#),
    ("message", r#"{"resourceType":"MessageHeader","id":"{i}","focus":[{"reference":"MessageHeader/{j}"}]}"#),
    ("history", r#"{"resourceType":"Patient","id":"same","meta":{"versionId":"{i}"}}"#),
    (
        "transaction",
        r#"{"resourceType":"Appointment","id":"{i}","participant":[{"actor":{"reference":"Appointment/{j}"}}]}"#,
    ),
    ("batch", r#"{"resourceType":"List","id":"{i}","emptyReason":{"text":"e"}}"#),
    (
        "collection",
        r#"{"resourceType":"QuestionnaireResponse","questionnaire":{"reference":"Questionnaire/{j}"},"status":"completed"}"#,
    ),
    (
        "collection",
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"same"}}]}"#,
    ),
];

/// Narratives: what stands before, n times, in the middle, n times, after.
const NARRATIVES: &[(&str, &str, &str)] = &[
    ("<b>", "x", "</b>"),
    ("<div>", "x", "</div>"),
    ("<div>", "", "</p>"),
    ("<p>", "x", ""),
    ("<table><tr><td>", "x", "</td></tr></table>"),
    ("<ul><li>", "x", "</li></ul>"),
    ("<dl><dd>", "x", "</dd></dl>"),
    ("<p dir='rtl'>", "x", "</p>"),
    ("<s>", "x", "</s>"),
    ("<a href='#b'>", "x", "</a>"),
    ("<a id='i{i}' href='#i{j}'>x</a>", "", ""),
    ("<x{i}>y</x{i}>", "", ""),
    ("<script>", "", "</script>"),
    ("<select><option value='v{i}'>o</option></select>", "", ""),
    ("&e{i};", "", ""),
    ("a & b &amp; c ", "", ""),
    ("&#{i};", "", ""),
    ("& ", "", ""),
    ("< ", "", ""),
    ("<!-- - -->", "", ""),
    ("<?p{i} q?>", "", ""),
    ("<![CDATA[<b>]]>", "", ""),
    ("<br/>", "", ""),
    ("<hr/>a   ", "", ""),
    ("<td headers='i0 i1'>c</td>", "", ""),
    ("<img src='#x{i}' alt='a'/>", "", ""),
    ("<li>i</li>text", "", ""),
    ("<h1>a</h1><h3>b</h3>", "", ""),
    ("<sub>", "x", "</sub>"),
    ("<pre>\na\n</pre>", "", ""),
    ("<col/><caption>c</caption>", "", ""),
];

/// The attributes of one tag of a narrative, and declarations of one style.
const ATTRIBUTES: &[&str] =
    &["a{i}='x'", "title='x'", "xmlns:p{i}='u'", "class='bold c{i}'", "style='p{i}:1'", "onclick{i}='x'"];
const STYLES: &[&str] = &["p{i}:x;", "/*", "\\61 ", "width:1px;", "a:b:c;", "!important"];

/// Children of an element of XML.
const ELEMENTS: &[&str] = &[
    "<name><family value='x'/></name>",
    "<k{i} value='1'/>",
    "<p{i}:x/>",
    "<a{i}:name xmlns:a{i}='u{i}'/>",
    "<name xmlns:a='u{i}'><a:family value='x'/></name>",
    "x{i}<active value='true'/>",
    "&e{i};",
    "<!-- c -- -->",
    "<?i{i} p?>",
    "<active value='&e{i};'/>",
    "<name id='same'/>",
    "<text><div xmlns='http://www.w3.org/1999/xhtml'>x</div></text>",
    "<contained><Basic><id value='a{i}'/></Basic></contained>",
    "<contained><Basic/><Basic/></contained>",
    "<extension url='https://example.org/{i}'><valueString value='v'/></extension>",
    "<active value='true' b{i}='c'/>",
    "</x{i}>",
    "<name>",
];

/// Properties of an object of JSON, or items of an array.
const PROPERTIES: &[&str] = &[
    r#""k{i}":1"#,
    r#""active":true"#,
    r#""_active":{"id":"x"}"#,
    r#""name":[{"family":"x"}]"#,
    r#""name":[{}],"_name":[null]"#,
    r#""identifie{i}":1"#,
    r#""\u006b{i}":1"#,
    r#""a{i}":[]"#,
    r#""resourceType":"Patient""#,
    r#""contact{i}":{}"#,
];
const ITEMS: &[&str] =
    &["null", "[]", "{}", "1", "\"\"", "[[1]]", r#"{"given":[null],"_given":[{"id":"x"}]}"#, "tru", ""];

/// One long text: what stands before, what is repeated, what stands after.
const LONG: &[(&str, &str, &str)] = &[
    (r#"{"resourceType":"Patient","name":[{"text":""#, "x", r#""}]}"#),
    (r#"{"resourceType":"Patient","name":[{"text":""#, "\\n", r#""}]}"#),
    (r#"{"resourceType":"Patient","name":[{"text":""#, "\\ud800", r#""}]}"#),
    (r#"{"resourceType":"Patient","name":[{"text":""#, "a b ", r#""}]}"#),
    (r#"{"resourceType":"Patient","name":[{"text":""#, "\\u202e", r#""}]}"#),
    (r#"{"resourceType":"Patient",""#, "k", r#"":1}"#),
    (r#"{"resourceType":"Patient",""#, "K", r#"":1}"#),
    (r#"{"resourceType":"Patient",""#, "Kk", r#"":[[],[],[]]}"#),
    (r#"{"resourceType":"Patient","extension":[{"url":"u","value"#, "Kk", r#"":1}]}"#),
    (r#"{"resourceType":""#, "T", r#"","a":[[],[],[]]}"#),
    (r#"{"resourceType":"Patient","gender":""#, "x", r#""}"#),
    (r#"{"resourceType":"Patient","birthDate":""#, "1", r#""}"#),
    (r#"{"resourceType":"Patient","meta":{"profile":["https://example.org/"#, "p", r#""]}}"#),
    (r#"{"resourceType":"Patient","managingOrganization":{"reference":""#, "a/", r#""}}"#),
    (r#"{"resourceType":"Observation","valueQuantity":{"value":"#, "9", "}}"),
    (r#"{"resourceType":"Observation","valueQuantity":{"value":0."#, "1", "}}"),
    (r#"{"resourceType":"Observation","valueQuantity":{"value":1e"#, "1", "}}"),
    (r#"{"resourceType":"Binary","contentType":"text/plain","content":""#, "QUJD", r#""}"#),
    (r#"{"resourceType":"Questionnaire","description":""#, "*_`[", r#""}"#),
    ("{\"resourceType\":\"Patient\"", " ", "}"),
    ("{\"resourceType\":\"Patient\",", "\n", "\"gender\":\"x\"}"),
    ("", "[", ""),
    ("", "{\"a\":", ""),
    ("", "<a>", ""),
    ("", " ", ""),
    (r#"{"resourceType":"Basic","contained":["#, r#"{"resourceType":"Basic","contained":["#, ""),
];

/// Long names around many small things, of which each would repeat the name.
/// Elements of a profile on Patient.
const DIFFERENTIALS: &[&str] = &[
    r#"{"path":"Patient.identifier","sliceName":"s{i}"}"#,
    r#"{"id":"Patient.extension:s{i}","path":"Patient.extension","sliceName":"s{i}"},{"id":"Patient.extension:s{i}.url","path":"Patient.extension.url","fixedUri":"https://example.org/{i}"}"#,
    r#"{"path":"Patient.extension","sliceName":"s/{i}"}"#,
    r#"{"path":"Patient.unknown{i}"}"#,
    r#"{"path":"Practitioner.name{i}"}"#,
    r#"{"path":"Patient.name","min":{j},"max":"{i}"}"#,
    r#"{"path":"Patient.contact","type":[{"code":"Kind{i}","profile":"https://example.org/p{i}"}]}"#,
    r#"{"path":"Patient.generalPractitioner","type":[{"code":"Reference","targetProfile":"https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Practitionr-{i}"}]}"#,
    r#"{"path":"Patient.gender","binding":{"strength":"required","valueSetReference":{"reference":"https://fhir.hl7.org.uk/STU3/ValueSet/CareConnect-Gendr-{i}"}}}"#,
    r#"{"path":"Patient","constraint":[{"key":"k-{i}","severity":"error","human":"h","expression":"name.("}]}"#,
    r#"{"path":"Patient.name","slicing":{"discriminator":[{"type":"value","path":"nowhere{i}"}],"rules":"open"}}"#,
    r#"{"path":"Patient.contact.name.given"}"#,
    "{}",
];
/// Elements of a logical model.
const LOGICAL: &[&str] = &[
    r#"{"path":"Model.e{i}","type":[{"code":"string"}]}"#,
    r#"{"path":"Model.e{i}[x]","type":[{"code":"string"},{"code":"Quantity"}]},{"path":"Model.e{i}String"}"#,
    r##"{"path":"Model.e{i}","contentReference":"#Model.e{j}"}"##,
];
/// What has codes: its type, what holds many, one of them.
const CONCEPTS: &[(&str, &str, &str)] = &[
    ("CodeSystem", r#""content":"complete","concept""#, r#"{"code":"c{i}","display":"d"}"#),
    ("CodeSystem", r#""content":"complete","concept""#, r#"{"code":"c"}"#),
    (
        "CodeSystem",
        r#""content":"complete","concept""#,
        r#"{"code":"c{i}","property":[{"code":"parent","valueCode":"c{j}"}]}"#,
    ),
    (
        "ValueSet",
        r#""compose":{"include""#,
        r#"{"valueSet":["https://fhir.hl7.org.uk/STU3/ValueSet/CareConnect-Gendr-{i}"]}"#,
    ),
    ("ValueSet", r#""compose":{"include""#, r#"{"system":"https://example.org/s{i}","concept":[{"code":"c"}]}"#),
    (
        "ValueSet",
        r#""compose":{"include""#,
        r#"{"system":"https://example.org/s","filter":[{"property":"p","op":"=","value":"{i}"}]}"#,
    ),
];

const ECHOES: &[&str] = &["[]", "1", "null", r#"{"x":1}"#, r#""t""#, "[1]"];

/// What repeats in a CDA document, and where: in its header, its body, a section, a section's text, an entry; or around it.
const CDA: &[(&str, &str)] = &[
    ("header", "<id root='2.16.840.1.113883.2.1.4.1' extension='{i}'/>"),
    (
        "header",
        "<recordTarget><patientRole><id root='2.16.840.1.113883.2.1.4.1' extension='{i}'/></patientRole></recordTarget>",
    ),
    ("header", "<author><assignedAuthor/></author>"),
    ("header", "<author{i}/>"),
    ("header", "<a{i} b='c'/><a{i}/>"),
    ("header", "<relatedDocument><parentDocument><id root='{i}'/></parentDocument></relatedDocument>"),
    ("header", "<effectiveTime value='{i}'/>"),
    ("header", "<effectiveTime><low value='2{i}'/><high value='1{i}'/></effectiveTime>"),
    ("header", "<code code='{i}' codeSystem='2.16.840.1.113883.6.96'/>"),
    ("header", "<?xml-stylesheet href='{i}'?>"),
    ("header", "text {i} <b/>"),
    ("header", "&amp;"),
    ("body", "<component><section><title>{i}</title><text>{i}</text></section></component>"),
    ("body", "<component><section><entry/></section></component>"),
    ("section", "<entry><observation negationInd='true'><code code='{i}'/></observation></entry>"),
    (
        "section",
        "<entry><observationMedia ID='m{i}'><value mediaType='image/png' representation='B64'>AAAA</value></observationMedia></entry>",
    ),
    ("section", "<code><originalText><reference value='#x{i}'/></originalText></code>"),
    ("section", "<a ID='x'/>"),
    ("section", "<component><section><text>{i}</text></section></component>"),
    ("text", "<footnote ID='f{i}'>x</footnote><footnoteRef IDREF='f{j}'/>"),
    ("text", "<footnoteRef IDREF='f'/>"),
    ("text", "<renderMultiMedia referencedObject='m n o p'/>"),
    ("text", "<linkHtml href='https://a.b/{i}'>"),
    ("text", "<content ID='c'>x</content>"),
    ("text", "<x{i} onclick='y'/>"),
    ("text", "<paragraph>"),
    ("text", "<list><item>"),
    ("text", "<table><tr><td rowspan='1000'>x</td></tr></table>"),
    ("nested", "<component><section>"),
    ("nested", "<entry><act>"),
    ("envelope", "<payload id='{i}'><ClinicalDocument/></payload>"),
    ("envelope", "<payload>PENsaW5pY2FsRG9jdW1lbnQvPg==</payload>"),
    ("envelope", "<payload>x</payload>"),
    ("manifest", "<manifestitem id='{i}'/>"),
];

/// A CDA document or envelope with something in a place of it.
fn cda(place: &str, inner: &str) -> String {
    let envelope = |header: &str, inner: &str| {
        format!(
            "<DistributionEnvelope xmlns='urn:nhs-itk:ns:201005'><header><manifest>{header}</manifest></header><payloads>{inner}</payloads></DistributionEnvelope>"
        )
    };
    let (before, after) = match place {
        "header" => ("", ""),
        "body" => ("<component><structuredBody>", "</structuredBody></component>"),
        "section" | "nested" => {
            ("<component><structuredBody><component><section>", "</section></component></structuredBody></component>")
        }
        "text" => (
            "<component><structuredBody><component><section><text>",
            "</text></section></component></structuredBody></component>",
        ),
        "manifest" => return envelope(inner, "<payload/>"),
        _ => return envelope("", inner),
    };
    format!("<ClinicalDocument xmlns='urn:hl7-org:v3'>{before}{inner}{after}</ClinicalDocument>")
}

fn fill(template: &str, i: usize, n: usize) -> String {
    template.replace("{i}", &i.to_string()).replace("{j}", &((i + 1) % n.max(1)).to_string())
}

fn list(template: &str, n: usize, between: &str) -> String {
    (0..n).map(|i| fill(template, i, n)).collect::<Vec<_>>().join(between)
}

/// A list inside of a template: what stands in the innermost brackets that hold `{i}` is repeated.
fn grown(template: &str, n: usize) -> String {
    let at = template.find("{i}").or_else(|| template.find("{j}"));
    let open = at.and_then(|at| template[..at].rfind("[{").or_else(|| template[..at].rfind('[')));
    let Some(open) = open.or_else(|| template.rfind('[')) else { return fill(template, 0, n) };
    let mut depth = 0;
    let inside = template[open..].char_indices().find(|(_, c)| {
        depth += i32::from(*c == '[') - i32::from(*c == ']');
        depth == 0
    });
    let close = open + inside.map_or(0, |(at, _)| at);
    format!("{}{}{}", &template[..=open], list(&template[open + 1..close], n, ","), &template[close..])
}

fn shape(name: String, make: impl Fn(usize) -> String + Send + Sync + 'static) -> Shape {
    Shape { name, make: Box::new(make) }
}

fn narrative(inner: &str) -> String {
    let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
    serde_json::json!({ "resourceType": "Patient", "text": { "status": "generated", "div": div } }).to_string()
}

/// A StructureDefinition with these elements after its root.
fn definition(kind: &str, type_name: &str, base: &str, derivation: &str, elements: &str) -> String {
    format!(
        r#"{{"resourceType":"StructureDefinition","url":"https://example.org/d","name":"d","status":"draft","kind":"{kind}","abstract":false,"type":"{type_name}","baseDefinition":"{base}","derivation":"{derivation}","differential":{{"element":[{{"path":"{type_name}"}},{elements}]}}}}"#
    )
}

/// Every shape, each with a name of its own.
pub fn all() -> Vec<Shape> {
    let mut out = Vec::new();
    for (at, (kind, needs, element, item)) in MANY.iter().enumerate() {
        out.push(shape(format!("{at:02} many {kind}.{element}"), move |n| {
            format!(r#"{{"resourceType":"{kind}",{needs}"{element}":[{}]}}"#, list(item, n, ","))
        }));
    }
    for (at, (kind, first, second)) in PAIRS.iter().enumerate() {
        out.push(shape(format!("{at:02} pair {kind}"), move |n| {
            format!(r#"{{"resourceType":"{kind}",{},{}}}"#, grown(first, n), grown(second, n))
        }));
    }
    for (at, (kind, entry)) in ENTRIES.iter().enumerate() {
        let name = entry.split('"').nth(3).unwrap_or_default();
        out.push(shape(format!("{at:02} entries {kind} of {name}"), move |n| {
            let own = format!(r#"{{"fullUrl":"https://example.org/{name}/{{i}}","resource":{entry}}}"#);
            format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{}]}}"#, list(&own, n, ","))
        }));
        out.push(shape(format!("{at:02} entries without fullUrl, {kind} of {name}"), move |n| {
            let own = format!(r#"{{"resource":{entry}}}"#);
            format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{}]}}"#, list(&own, n, ","))
        }));
    }
    for (before, middle, after) in NARRATIVES {
        out.push(shape(format!("narrative {before}{middle}{after}"), move |n| {
            narrative(&format!("{}{middle}{}", list(before, n, ""), list(after, n, "")))
        }));
    }
    for attribute in ATTRIBUTES {
        out.push(shape(format!("attributes {attribute}"), move |n| {
            narrative(&format!("<p {}>x</p>", list(attribute, n, " ")))
        }));
        out.push(shape(format!("attributes of XML {attribute}"), move |n| {
            format!("<Patient xmlns='http://hl7.org/fhir' {}/>", list(attribute, n, " "))
        }));
    }
    for style in STYLES {
        out.push(shape(format!("style {style}"), move |n| {
            narrative(&format!("<p style=\"{}\">x</p>", list(style, n, "")))
        }));
    }
    for element in ELEMENTS {
        out.push(shape(format!("XML {element}"), move |n| {
            format!("<Patient xmlns='http://hl7.org/fhir'>{}</Patient>", list(element, n, ""))
        }));
    }
    for (place, item) in CDA {
        out.push(shape(format!("CDA {place} {item}"), move |n| cda(place, &list(item, n, ""))));
    }
    for property in PROPERTIES {
        out.push(shape(format!("properties {property}"), move |n| {
            format!(r#"{{"resourceType":"Patient",{}}}"#, list(property, n, ","))
        }));
    }
    for item in ITEMS {
        out.push(shape(format!("items {item}"), move |n| {
            format!(r#"{{"resourceType":"Patient","name":[{}]}}"#, list(item, n, ","))
        }));
    }
    for (before, text, after) in LONG {
        let start: String = before.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
        out.push(shape(format!("long {text:?} after {start}"), move |n| format!("{before}{}{after}", text.repeat(n))));
    }
    for element in DIFFERENTIALS {
        out.push(shape(format!("profile with {element}"), move |n| {
            let base = "http://hl7.org/fhir/StructureDefinition/Patient";
            definition("resource", "Patient", base, "constraint", &list(element, n, ","))
        }));
    }
    for element in LOGICAL {
        out.push(shape(format!("model with {element}"), move |n| {
            let base = "http://hl7.org/fhir/StructureDefinition/Element";
            definition("logical", "Model", base, "specialization", &list(element, n, ","))
        }));
    }
    for (kind, element, item) in CONCEPTS {
        out.push(shape(format!("{kind} with {item}"), move |n| {
            let end = if element.contains('{') { "}" } else { "" };
            let items = list(item, n, ",");
            format!(
                r#"{{"resourceType":"{kind}","url":"https://example.org/d","status":"draft",{element}:[{items}]{end}}}"#
            )
        }));
    }
    for item in ECHOES {
        out.push(shape(format!("a long name around {item}"), move |n| {
            format!(r#"{{"resourceType":"Patient","{}":[{}]}}"#, "k".repeat(4 * n), list(item, n, ","))
        }));
        out.push(shape(format!("a long name of capitals around {item}"), move |n| {
            format!(r#"{{"resourceType":"Patient","{}":[{}]}}"#, "Kk".repeat(2 * n), list(item, n, ","))
        }));
    }
    out
}

/// What is done with an input; the length of what comes out.
type Call = fn(&Careconnect, &[u8]) -> usize;

fn rendered(as_: As, mode: Mode, careconnect: &Careconnect, input: &[u8]) -> usize {
    let against = (mode == Mode::Diff).then(|| input.to_vec());
    careconnect.render(input, &Options { as_, mode, against, ..Options::default() }).output.len()
}

/// Every call that takes a resource, by name.
pub const CALLS: &[(&str, Call)] = &[
    ("validate", |careconnect, input| {
        outcome::plain(&careconnect.validate(input, &Default::default())).to_string().len()
    }),
    ("outcome", |careconnect, input| {
        outcome::operation_outcome(&careconnect.validate(input, &Default::default())).to_string().len()
    }),
    ("fixes", |careconnect, input| {
        let (report, help) = careconnect.validate_with_help(input, &Default::default());
        let mut plain = outcome::plain(&report);
        inspect::add_help(&mut plain, &help);
        plain.to_string().len()
    }),
    ("narrative", |careconnect, input| rendered(As::Narrative, Mode::Standard, careconnect, input)),
    ("fragment", |careconnect, input| rendered(As::Fragment, Mode::Full, careconnect, input)),
    ("page", |careconnect, input| rendered(As::Page, Mode::Standard, careconnect, input)),
    ("text", |careconnect, input| rendered(As::Text, Mode::Standard, careconnect, input)),
    ("markdown", |careconnect, input| rendered(As::Markdown, Mode::Full, careconnect, input)),
    ("model", |careconnect, input| rendered(As::Model, Mode::Full, careconnect, input)),
    ("coverage", |careconnect, input| rendered(As::Coverage, Mode::Standard, careconnect, input)),
    ("diff", |careconnect, input| rendered(As::Text, Mode::Diff, careconnect, input)),
    ("outline", |careconnect, input| inspect::outline(careconnect.definitions(), input, None).to_string().len()),
    ("element", |careconnect, input| {
        let middle = input.len() as u32 / 2;
        inspect::element_at(careconnect.definitions(), input, &Default::default(), middle).to_string().len()
    }),
    ("complete", |careconnect, input| {
        // Near the end stands the same in an input of any size.
        let end = input.len().saturating_sub(2) as u32;
        inspect::complete(careconnect.definitions(), input, &Default::default(), end).to_string().len()
    }),
    ("fhirpath", |careconnect, input| {
        inspect::fhirpath(careconnect.definitions(), input, "descendants().count()", &Default::default())
            .to_string()
            .len()
    }),
    ("redact", |careconnect, input| careconnect.redact(input, b"a key for tests").len()),
    ("XML", |careconnect, input| {
        inspect::convert(careconnect.definitions(), input, Format::Xml).text.map_or(0, |text| text.len())
    }),
    ("JSON", |careconnect, input| {
        inspect::convert(careconnect.definitions(), input, Format::Json).text.map_or(0, |text| text.len())
    }),
];
