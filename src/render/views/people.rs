//! People, organisations and places.

use super::super::context::Context;
use super::super::format::person;
use super::super::words;
use super::Subject::{Made, Paths};
use super::{View, c, first, g, h, l, n, nc, r};
use crate::tree::NodeId;

/// The name by which a person is known: official, then usual, then the first that is not old.
pub(crate) fn best_name(context: &Context<'_>, node: NodeId) -> Option<NodeId> {
    let rank = |name: NodeId| match context.peek(name, "use") {
        Some("official") => 0,
        Some("usual") => 1,
        Some("old" | "maiden" | "anonymous" | "temp" | "nickname") => 3,
        _ => 2,
    };
    context.children(node, "name").into_iter().min_by_key(|name| rank(*name))
}

fn person_name(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let best = best_name(context, node)?;
    let line = person::name_line(context, best);
    let line = if line.is_empty() { context.take_child(best, "text")? } else { line };
    match context.peek(best, "use") {
        Some(usage @ ("old" | "maiden" | "anonymous" | "temp" | "nickname")) => {
            let usage = words::code_words(context.options.language, "use", usage).to_lowercase();
            Some(format!("{line} ({})", context.fill("{} name", &[&usage])))
        }
        _ => Some(line),
    }
}

fn or_identifier(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    person_name(context, node).or_else(|| first(context, node, &["identifier:nhs", "identifier"]))
}

fn role(context: &mut Context<'_>, node: NodeId) -> Option<String> {
    let who = first(context, node, &["practitioner"]);
    let what = first(context, node, &["code", "specialty"]);
    match (who, what) {
        (Some(who), Some(what)) => Some(format!("{what}, {who}")),
        (who, what) => who.or(what).or_else(|| first(context, node, &["organization", "identifier"])),
    }
}

/// Whether a patient is recorded as dead.
pub(in crate::render) fn is_dead(context: &Context<'_>, patient: NodeId) -> bool {
    context.choice(patient, "deceased").is_some_and(|dead| context.tree.text(dead) != Some("false"))
}

const NAMED: &[&str] = &["name", "identifier", "description"];

pub(super) const VIEWS: &[View] = &[
    View {
        of: "Patient",
        subject: Made(or_identifier),
        groups: &[
            g(
                "Patient",
                &[
                    h("name", "Name"),
                    c("birthDate", "Born"),
                    c("gender", "Gender"),
                    c("identifier:nhs", "NHS No."),
                    c("deceased[x]", "Died"),
                    c("active", "Record active"),
                    nc("link", "Linked record", &[c("type", "Type of link"), c("other", "Other record")]),
                    h("animal", "Animal"),
                ],
            ),
            g(
                "Contact details",
                &[
                    r("address", "Address"),
                    r("telecom", "Contact"),
                    r("generalPractitioner", "GP"),
                    r("managingOrganization", "Practice"),
                    r("extension:RegistrationDetails", "Registration details"),
                    r("extension:NominatedPharmacy", "Nominated pharmacy"),
                ],
            ),
            g(
                "Communication and contacts",
                &[
                    n(
                        "extension:NHSCommunication",
                        "Communication",
                        &[
                            r("extension:language", "Language"),
                            c("extension:interpreterRequired", "Interpreter required"),
                            r("extension:preferred", "Preferred"),
                            r("extension:modeOfCommunication", "Mode of communication"),
                            r("extension:communicationProficiency", "Proficiency"),
                        ],
                    ),
                    n("communication", "Communication", &[r("language", "Language"), r("preferred", "Preferred")]),
                    c("extension:patient-interpreterRequired", "Interpreter required"),
                    n(
                        "contact",
                        "Contact person",
                        &[
                            r("name", "Name"),
                            r("relationship", "Relationship"),
                            r("telecom", "Contact"),
                            r("address", "Address"),
                            r("gender", "Gender"),
                            r("organization", "Organisation"),
                            r("period", "Period"),
                        ],
                    ),
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
                    r("extension:birthPlace", "Birth place"),
                    r("extension:BirthPlace", "Birth place"),
                    r("multipleBirth[x]", "Multiple birth"),
                    r("extension:patient-cadavericDonor", "Cadaveric donor"),
                    c("extension:DeathNotificationStatus", "Death notification status"),
                    r("identifier", "Identifier"),
                    r("photo", "Photograph held (not shown)"),
                ],
            ),
        ],
    },
    View {
        of: "Practitioner",
        subject: Made(or_identifier),
        groups: &[g(
            "Practitioner",
            &[
                h("name", "Name"),
                c("active", "Record active"),
                r("identifier", "Identifier"),
                r("telecom", "Contact"),
                r("address", "Address"),
                r("gender", "Gender"),
                r("birthDate", "Born"),
                n("qualification", "Qualification", &[l("code"), r("issuer", "Issued by"), r("period", "Period")]),
                r("extension:NHSCommunication", "Communication"),
                r("communication", "Language"),
            ],
        )],
    },
    View {
        of: "PractitionerRole",
        subject: Made(role),
        groups: &[g(
            "Role",
            &[
                c("active", "Active"),
                r("practitioner", "Practitioner"),
                r("code", "Role"),
                r("organization", "Organisation"),
                r("specialty", "Specialty"),
                r("location", "Location"),
                r("healthcareService", "Service"),
                r("period", "Period"),
                r("telecom", "Contact"),
                n("availableTime", "Available", TIMES),
                n("notAvailable", "Not available", &[r("description", "Reason"), r("during", "When")]),
                r("availabilityExceptions", "Exceptions to availability"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Organization",
        subject: Paths(NAMED),
        groups: &[g(
            "Organisation",
            &[
                h("name", "Name"),
                r("alias", "Also known as"),
                r("identifier", "Identifier"),
                c("active", "Active"),
                r("type", "Type"),
                r("address", "Address"),
                r("telecom", "Contact"),
                r("partOf", "Part of"),
                r("extension:MainLocation", "Main location"),
                r("extension:Period", "Period"),
                n(
                    "contact",
                    "Contact person",
                    &[r("purpose", "Purpose"), r("name", "Name"), r("telecom", "Contact"), r("address", "Address")],
                ),
            ],
        )],
    },
    View {
        of: "Location",
        subject: Paths(NAMED),
        groups: &[g(
            "Location",
            &[
                h("name", "Name"),
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
        subject: Paths(NAMED),
        groups: &[g(
            "Service",
            &[
                h("name", "Name"),
                c("active", "Active"),
                r("providedBy", "Provided by"),
                r("category", "Category"),
                r("type", "Type"),
                r("specialty", "Specialty"),
                r("location", "Location"),
                r("telecom", "Contact"),
                r("referralMethod", "Referral method"),
                r("appointmentRequired", "Appointment required"),
                c("eligibility", "Eligibility"),
                c("eligibilityNote", "Note on eligibility"),
                n("availableTime", "Available", TIMES),
                n("notAvailable", "Not available", &[r("description", "Reason"), r("during", "When")]),
                r("availabilityExceptions", "Exceptions to availability"),
                r("comment", "Comment"),
                r("extraDetails", "More details"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "RelatedPerson",
        subject: Made(or_identifier),
        groups: &[g(
            "Related person",
            &[
                c("relationship", "Relationship"),
                h("name", "Name"),
                c("active", "Record active"),
                r("patient", "Patient"),
                r("telecom", "Contact"),
                r("address", "Address"),
                r("gender", "Gender"),
                r("birthDate", "Born"),
                r("period", "Period"),
                r("identifier", "Identifier"),
            ],
        )],
    },
    View {
        of: "Group",
        subject: Paths(&["name", "code", "identifier", "type"]),
        groups: &[g(
            "Group",
            &[
                h("name", "Name"),
                c("active", "Active"),
                r("type", "Type"),
                r("actual", "Actual members (not a description)"),
                r("code", "Kind of member"),
                r("quantity", "Number of members"),
                n(
                    "characteristic",
                    "Characteristic",
                    &[
                        c("exclude", "Excludes"),
                        r("code", "Characteristic"),
                        r("value[x]", "Value"),
                        r("period", "Period"),
                    ],
                ),
                r("member", "Member"),
            ],
        )],
    },
    View {
        of: "Device",
        subject: Paths(&["type", "udi.name", "model", "identifier"]),
        groups: &[g(
            "Device",
            &[
                c("status", "Status"),
                h("type", "Device"),
                c("safety", "Safety"),
                r("manufacturer", "Manufacturer"),
                r("model", "Model"),
                r("version", "Version"),
                r("lotNumber", "Batch number"),
                r("manufactureDate", "Made"),
                c("expirationDate", "Expires"),
                r("udi", "UDI"),
                r("patient", "Patient"),
                r("owner", "Owner"),
                r("location", "Location"),
                r("note", "Note"),
                r("identifier", "Identifier"),
            ],
        )],
    },
];

const TIMES: &[super::Spec] =
    &[r("daysOfWeek", "Days"), r("allDay", "All day"), r("availableStartTime", "From"), r("availableEndTime", "To")];
