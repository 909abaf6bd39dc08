//! The events of the National Events Management Service, and subscriptions to them.
//!
//! Sources: nhsconnect/Events-Management `pages/messages/**` and `pages/subscriptions/explore_create_subscription.md`;
//! `uk.nhs.stu3.events`, Event-MessageHeader-1; the NHS's API catalogue for MESH workflow ids.

/// The code system of events.
pub const EVENT_TYPES: &str = "https://fhir.nhs.uk/STU3/CodeSystem/EventType-1";

/// An event.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Its code.
    pub code: &'static str,
    /// The type of the resource that its message is about.
    pub focus: &'static str,
    /// What its message may say of it: new, update, delete.
    pub kinds: &'static [&'static str],
    /// Its MESH workflow id.
    pub workflow: &'static str,
    /// Whether it is routed by the demographics of the patient it is about: of a birth, by the mother's.
    pub is_about_routed: bool,
}

const NEW: &[&str] = &["new"];
const ALL_KINDS: &[&str] = &["new", "update", "delete"];
const NEW_OR_DELETE: &[&str] = &["new", "delete"];

/// Every event that the guide describes.
pub const EVENTS: &[Event] = &[
    Event {
        code: "pds-change-of-gp-1",
        focus: "Communication",
        kinds: NEW,
        workflow: "CHANGEOFGP_1",
        is_about_routed: true,
    },
    Event {
        code: "pds-change-of-address-1",
        focus: "Communication",
        kinds: NEW,
        workflow: "CHANGEOFADDRESS_1",
        is_about_routed: true,
    },
    Event {
        code: "pds-birth-notification-1",
        focus: "Communication",
        kinds: NEW,
        workflow: "BIRTHNOTIFICATION_1",
        is_about_routed: false,
    },
    Event {
        code: "pds-death-notification-1",
        focus: "Communication",
        kinds: NEW,
        workflow: "DEATHNOTIFICATION_1",
        is_about_routed: true,
    },
    Event {
        code: "pds-record-change-1",
        focus: "Patient",
        kinds: NEW,
        workflow: "PDSRECORDCHANGE_1",
        is_about_routed: true,
    },
    Event {
        code: "vaccinations-1",
        focus: "Immunization",
        kinds: ALL_KINDS,
        workflow: "VACCINATIONS_1",
        is_about_routed: true,
    },
    Event {
        code: "professional-contacts-1",
        focus: "EpisodeOfCare",
        kinds: ALL_KINDS,
        workflow: "PROFESSIONALCONTACTS_1",
        is_about_routed: true,
    },
    Event {
        code: "newborn-hearing-1",
        focus: "Encounter",
        kinds: NEW_OR_DELETE,
        workflow: "NEWBORNHEARING_1",
        is_about_routed: true,
    },
    Event {
        code: "nipe-outcome-1",
        focus: "Encounter",
        kinds: NEW_OR_DELETE,
        workflow: "NIPEOUTCOME_1",
        is_about_routed: true,
    },
    Event {
        code: "blood-spot-test-outcome-1",
        focus: "Encounter",
        kinds: NEW_OR_DELETE,
        workflow: "BLOODSPOTTESTOUTCOME_1",
        is_about_routed: true,
    },
];

/// The event of a code.
pub fn event(code: &str) -> Option<&'static Event> {
    EVENTS.iter().find(|event| event.code == code)
}

/// The service types that a subscription may be for.
pub const SERVICE_TYPES: &[&str] = &["GP", "CHO", "UHV", "EPCHR"];
/// The rules of a subscription.
pub const SUBSCRIPTION_RULES: &[&str] =
    &["CHO_POSTCODE_CCG", "CHO_GP_CCG", "GP_GP_GP", "UHV_POSTCODE_LACODE", "COUNTRYCODE"];
/// How a patient is registered with a practice.
pub const REGISTRATIONS: &[&str] = &["RegisteredOnly", "UnregisteredOnly"];
/// The NHS number's system in a subscription's criteria, which is not the one in resources; both are met with.
pub const NUMBER_SYSTEMS: &[&str] = &["http://fhir.nhs.net/Id/nhs-number", "https://fhir.nhs.uk/Id/nhs-number"];
/// The parameters that criteria may have.
pub const CRITERIA: &[&str] = &[
    "type",
    "serviceType",
    "Patient.identifier",
    "MessageHeader.event",
    "Patient.age",
    "subscriptionRuleType",
    "Organization.identifier",
    "GPRegistration",
];
