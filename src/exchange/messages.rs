//! ITK3 messages: events, their definitions and MESH workflow ids, and what a response's codes go with.
//!
//! Sources: CodeSystem ITK-MessageEvent-2 and ITK-ResponseCodes-1, the MessageDefinitions of `uk.nhs.stu3.itk`;
//! nhsconnect/ITK3-Messaging-Distribution 2.10, `explore_hand_spec.md`, `explore_response_codes.md`,
//! `explore_response_structure.md`; the NHS's API catalogue for MESH workflow ids.

/// The largest message that a receiver has to take, in bytes (ITK3 eDischarge 2.8.0, build_attachments).
pub const LARGEST: usize = 5 << 20;
/// The code system of ITK3's events.
pub const EVENTS: &str = "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2";
/// The code system of ITK3's responses.
pub const RESPONSE_CODES: &str = "https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1";
/// What the URLs of the NHS's message definitions begin with.
pub const DEFINITIONS: &str = "https://fhir.nhs.uk/STU3/MessageDefinition/";
/// The event of a response.
pub const RESPONSE: &str = "ITK008M";
/// The event of a document that GP Connect sends.
pub const SEND_DOCUMENT: &str = "ITK007C";
/// The event of an update that GP Connect sends.
pub const UPDATE_RECORD: &str = "ITK014M";

/// An event.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Its code.
    pub code: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// The name of its definition in force, the end of the URL; empty where none is published.
    pub definition: &'static str,
    /// Names of definitions that were in force.
    pub retired: &'static [&'static str],
    /// Its MESH workflow ids. An acknowledgement's has `_ACK` behind it.
    pub workflows: &'static [&'static str],
}

/// Every event of ITK3.
pub const ALL: &[Event] = &[
    Event {
        code: "ITK003D",
        name: "eDischarge",
        definition: "ITK-eDischarge-MessageDefinition-4",
        retired: &["ITK-eDischarge-MessageDefinition-Instance-1"],
        workflows: &["TOC_FHIR_IP_DISCH"],
    },
    Event {
        code: "ITK004D",
        name: "mental health eDischarge",
        definition: "ITK-MH-eDischarge-MessageDefinition-4",
        retired: &["ITK-MH-eDischarge-MessageDefinition-Instance-1"],
        workflows: &["TOC_FHIR_MH_DISCH"],
    },
    Event {
        code: "ITK005D",
        name: "emergency care eDischarge",
        definition: "ITK-EC-eDischarge-MessageDefinition-4",
        retired: &["ITK-EC-eDischarge-MessageDefinition-Instance-1"],
        workflows: &["TOC_FHIR_EC_DISCH"],
    },
    Event {
        code: "ITK006D",
        name: "outpatient letter",
        definition: "ITK-OPL-MessageDefinition-4",
        retired: &["ITK-OPL-MessageDefinition-Instance-1"],
        workflows: &["TOC_FHIR_OP_ATTEN"],
    },
    Event {
        code: SEND_DOCUMENT,
        name: "GP Connect Send Document",
        definition: "ITK-GPConnectSendDocument-MessageDefinition-1",
        retired: &[],
        workflows: &["GPFED_CONSULT_REPORT", "GPCONNECT_SEND_DOCUMENT"],
    },
    Event {
        code: RESPONSE,
        name: "response",
        definition: "ITK-Response-MessageDefinition-1",
        retired: &["ITK-Response-MessageDefinition-Instance-1"],
        workflows: &[],
    },
    Event {
        code: "ITK009D",
        name: "pharmacy vaccination",
        definition: "ITK-DM-Immunization-MessageDefinition-1",
        retired: &[],
        workflows: &["DIGMED_FLU_VAC"],
    },
    Event {
        code: "ITK010D",
        name: "pharmacy emergency supply",
        definition: "ITK-DM-EmergencySupply-MessageDefinition-1",
        retired: &[],
        workflows: &["DIGMED_EMG_MED"],
    },
    Event {
        code: "ITK011M",
        name: "events management",
        definition: "ITK-EMS-MessageDefinition-1",
        retired: &[],
        workflows: &[],
    },
    Event { code: "ITK012M", name: "pathology", definition: "", retired: &[], workflows: &[] },
    Event {
        code: "ITK013D",
        name: "pharmacy minor illness",
        definition: "",
        retired: &[],
        workflows: &["DIGMED_MINOR_ILLNESS_PEM"],
    },
    Event {
        code: UPDATE_RECORD,
        name: "GP Connect Update Record",
        definition: "",
        retired: &[],
        workflows: &["GPCONNECT_UPDATE_RECORD"],
    },
];

/// The definition for any payload, which the guide keeps out of headers.
pub const GENERIC_DEFINITION: &str = "ITK-SendPayload-MessageDefinition-1";

/// The event of a code.
pub fn event(code: &str) -> Option<&'static Event> {
    ALL.iter().find(|event| event.code == code)
}

/// The event that a definition is of, in force or retired, by the definition's name.
pub fn event_of_definition(name: &str) -> Option<&'static Event> {
    ALL.iter().find(|event| event.definition == name && !name.is_empty() || event.retired.contains(&name))
}

/// What a code of a response goes with: `MessageHeader.response.code`, the issue's severity, and the issue's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// `ok` or `fatal-error`.
    pub response: &'static str,
    /// The severity of the OperationOutcome's issue.
    pub severity: &'static str,
    /// The codes that the issue may have.
    pub issue: &'static [&'static str],
}

const STRUCTURAL: &[&str] = &["invalid", "structure", "required", "value", "processing", "code-invalid", "extension"];
const OF_PAYLOADS: &[&str] = &[
    "invalid",
    "structure",
    "required",
    "value",
    "processing",
    "code-invalid",
    "extension",
    "invariant",
    "not-supported",
    "business-rule",
];

/// What a response's code goes with; `None` of a code that has no published mapping.
pub fn mapping(code: &str) -> Option<Mapping> {
    let good = Some(Mapping { response: "ok", severity: "information", issue: &["informational"] });
    let bad = |issue| Some(Mapping { response: "fatal-error", severity: "fatal", issue });
    match code {
        "10001" | "10002" | "10003" | "10004" | "10005" | "10007" | "10008" | "10009" | "10010" => bad(&["processing"]),
        "20001" | "20002" | "20003" | "20010" | "20011" | "30002" => bad(&["not-found"]),
        "20004" | "20005" | "20012" => bad(&["security"]),
        "20006" => bad(STRUCTURAL),
        "20007" | "20008" => bad(&["duplicate"]),
        "20009" => bad(OF_PAYLOADS),
        "20013" | "30001" | "30004" => good,
        "20014" | "20015" => bad(&["processing"]),
        "30003" => bad(&["business-rule"]),
        _ => None,
    }
}

/// Whether published examples and the guide differ on a code's response: a document that cannot replace another, and one
/// that is too large, are sent back as `ok` in all of the examples.
pub fn is_mapping_disputed(code: &str) -> bool {
    matches!(code, "20014" | "20015")
}

/// Whether a code is one of ITK2's or of the first drafts of ITK3's, which no receiver of today knows.
pub fn is_old_response(code: &str) -> bool {
    let is_old_number = |start: &str| code.len() == 5 && code.starts_with(start);
    is_old_number("410") || is_old_number("510") || code.len() == 5 && code.starts_with("RC0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_response_is_fatal_and_a_good_one_is_not() {
        assert_eq!(mapping("20013").map(|known| known.response), Some("ok"));
        assert_eq!(mapping("20009").map(|known| known.severity), Some("fatal"));
        assert_eq!(mapping("10006"), None, "the guide has no 10006");
        assert_eq!(mapping("30011"), None);
    }

    #[test]
    fn a_retired_definition_leads_to_its_event() {
        let event = event_of_definition("ITK-OPL-MessageDefinition-Instance-1");
        assert_eq!(event.map(|event| event.code), Some("ITK006D"));
        assert!(event_of_definition("").is_none());
    }
}
