//! Messages and attachments whose size or packing no Markdown file can show.

mod support;

use base64::Engine;
use careconnect::check::Options;

/// An ITK3 message with a payload of so many bytes.
fn message(bytes: usize) -> String {
    let content = "A".repeat(bytes.next_multiple_of(4));
    format!(
        r#"{{"resourceType":"Bundle","type":"message","entry":[
        {{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":{{"resourceType":"MessageHeader","event":{{"system":"https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2","code":"ITK007C"}},"timestamp":"2021-03-04T10:11:12Z","source":{{"endpoint":"urn:x"}}}}}},
        {{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000002","resource":{{"resourceType":"Binary","contentType":"application/pdf","content":"{content}"}}}}]}}"#
    )
}

fn rules(input: &str) -> Vec<(&'static str, String)> {
    let careconnect = support::packs(&["stu3", "careconnect"]);
    let report = careconnect.validate(input.as_bytes(), &Options::default());
    report.issues.iter().map(|issue| (issue.problem.rule(), issue.expression.clone())).collect()
}

#[test]
fn a_message_of_more_than_five_megabytes_is_too_large() {
    let has = |bytes: usize| rules(&message(bytes)).iter().any(|(rule, _)| *rule == "message-too-large");
    assert!(has(5 << 20));
    assert!(!has((5 << 20) - 2_000));
}

#[test]
fn what_an_attachment_holds_is_checked_in_its_place() {
    let inner = r#"{"resourceType":"Patient","gender":"man"}"#;
    let data = base64::engine::general_purpose::STANDARD.encode(inner);
    let outer =
        |media: &str| format!(r#"{{"resourceType":"Patient","photo":[{{"contentType":"{media}","data":"{data}"}}]}}"#);
    let found = rules(&outer("application/fhir+json"));
    assert!(found.contains(&("code-required", "Patient.photo[0].data".to_owned())), "{found:?}");
    // What is called something else is a file.
    let found = rules(&outer("image/png"));
    assert!(!found.iter().any(|(rule, _)| *rule == "code-required"), "{found:?}");
}
