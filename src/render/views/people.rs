//! People, organisations and places.

use super::super::context::Context;
use super::super::format::person;
use super::{View, c, first, g, r};
use crate::tree::NodeId;

/// The name by which a person is known: official, then usual, then the first that is not old.
fn person_name(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let names = context.children(node, "name");
    let rank = |context: &Context<'_>, name: NodeId| match context.peek(name, "use") {
        Some("official") => 0,
        Some("usual") => 1,
        Some("old" | "maiden" | "anonymous" | "temp" | "nickname") => 3,
        _ => 2,
    };
    let best = names.into_iter().min_by_key(|name| rank(context, *name))?;
    let line = person::name_line(context, best);
    let line = if line.is_empty() { context.take_child(best, "text")? } else { line };
    match context.peek(best, "use") {
        Some(usage @ ("old" | "maiden" | "anonymous" | "temp" | "nickname")) => Some(format!("{line} ({usage} name)")),
        _ => Some(line),
    }
}

fn or_identifier(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    person_name(context, node).or_else(|| first(context, node, &["identifier"]))
}

fn named(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    first(context, node, &["name", "identifier", "description"])
}

fn role(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let who = first(context, node, &["practitioner"]);
    let what = first(context, node, &["code", "specialty"]);
    match (who, what) {
        (Some(who), Some(what)) => Some(format!("{what}, {who}")),
        (who, what) => who.or(what).or_else(|| first(context, node, &["organization", "identifier"])),
    }
}

pub(super) const VIEWS: &[View] = &[
    View {
        of: "Patient",
        subject: or_identifier,
        key: &[("birthDate", "Born"), ("gender", "Gender")],
        groups: &[
            g(
                "Patient",
                &[
                    c("name", "Name"),
                    c("birthDate", "Born"),
                    c("gender", "Gender"),
                    c("identifier", "Identifier"),
                    c("deceased[x]", "Died"),
                    c("active", "Record active"),
                    c("link", "Linked record"),
                    c("animal", "Animal"),
                ],
            ),
            g(
                "Contact details",
                &[
                    r("address", "Address"),
                    r("telecom", "Contact"),
                    r("generalPractitioner", "GP"),
                    r("managingOrganization", "Managing organisation"),
                    r("extension:RegistrationDetails", "Registration details"),
                    r("extension:NominatedPharmacy", "Nominated pharmacy"),
                ],
            ),
            g(
                "Communication and contacts",
                &[
                    c("extension:NHSCommunication", "Communication"),
                    c("communication", "Communication"),
                    c("extension:patient-interpreterRequired", "Interpreter required"),
                    r("contact", "Contact person"),
                ],
            ),
            g(
                "About the patient",
                &[
                    r("maritalStatus", "Marital status"),
                    r("extension:EthnicCategory", "Ethnic category"),
                    r("extension:ReligiousAffiliation", "Religious affiliation"),
                    r("extension:ResidentialStatus", "Residential status"),
                    r("extension:TreatmentCategory", "Treatment category"),
                    r("extension:patient-birthPlace", "Birth place"),
                    r("extension:BirthPlace", "Birth place"),
                    r("multipleBirth[x]", "Multiple birth"),
                    r("extension:patient-cadavericDonor", "Cadaveric donor"),
                    c("extension:DeathNotificationStatus", "Death notification status"),
                    r("photo", "Photograph held (not shown)"),
                ],
            ),
        ],
    },
    View {
        of: "Practitioner",
        subject: or_identifier,
        key: &[],
        groups: &[g(
            "Practitioner",
            &[
                r("name", "Name"),
                c("active", "Record active"),
                r("identifier", "Identifier"),
                r("telecom", "Contact"),
                r("address", "Address"),
                r("gender", "Gender"),
                r("birthDate", "Born"),
                r("qualification", "Qualification"),
                r("extension:NHSCommunication", "Communication"),
                r("communication", "Language"),
            ],
        )],
    },
    View {
        of: "PractitionerRole",
        subject: role,
        key: &[],
        groups: &[g(
            "Role",
            &[
                c("active", "Active"),
                r("practitioner", "Practitioner"),
                r("code", "Role"),
                r("organization", "Organisation"),
                r("specialty", "Specialty"),
                r("location", "Location"),
                r("period", "Period"),
                r("telecom", "Contact"),
                r("availableTime", "Available"),
                r("notAvailable", "Not available"),
                r("availabilityExceptions", "Exceptions to availability"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Organization",
        subject: named,
        key: &[],
        groups: &[g(
            "Organisation",
            &[
                r("name", "Name"),
                r("alias", "Also known as"),
                r("identifier", "Identifier"),
                c("active", "Active"),
                r("type", "Type"),
                r("address", "Address"),
                r("telecom", "Contact"),
                r("partOf", "Part of"),
                r("extension:MainLocation", "Main location"),
                r("extension:Period", "Period"),
                r("contact", "Contact person"),
            ],
        )],
    },
    View {
        of: "Location",
        subject: named,
        key: &[],
        groups: &[g(
            "Location",
            &[
                r("name", "Name"),
                r("alias", "Also known as"),
                c("status", "Status"),
                c("mode", "Mode"),
                c("operationalStatus", "Operational status"),
                r("description", "Description"),
                r("type", "Type"),
                r("physicalType", "Physical type"),
                r("identifier", "Identifier"),
                r("address", "Address"),
                r("telecom", "Contact"),
                r("managingOrganization", "Managing organisation"),
                r("partOf", "Part of"),
                r("position", "Position"),
            ],
        )],
    },
    View {
        of: "HealthcareService",
        subject: named,
        key: &[],
        groups: &[g(
            "Service",
            &[
                r("name", "Name"),
                c("active", "Active"),
                r("providedBy", "Provided by"),
                r("category", "Category"),
                r("type", "Type"),
                r("specialty", "Specialty"),
                r("location", "Location"),
                r("referralMethod", "Referral method"),
                r("appointmentRequired", "Appointment required"),
                c("eligibility", "Eligibility"),
                c("eligibilityNote", "Note on eligibility"),
                r("availableTime", "Available"),
                r("notAvailable", "Not available"),
                r("availabilityExceptions", "Exceptions to availability"),
                r("comment", "Comment"),
            ],
        )],
    },
    View {
        of: "RelatedPerson",
        subject: or_identifier,
        key: &[("relationship", "Relationship")],
        groups: &[g(
            "Related person",
            &[
                c("relationship", "Relationship"),
                r("name", "Name"),
                c("active", "Record active"),
                c("patient", "Patient"),
                r("telecom", "Contact"),
                r("address", "Address"),
                r("gender", "Gender"),
                r("birthDate", "Born"),
                r("period", "Period"),
                r("identifier", "Identifier"),
            ],
        )],
    },
];
