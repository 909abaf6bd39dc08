// What the service says of itself: its CapabilityStatement, and the definition of the operation that is its own.

/** What FHIR STU3 calls the version that is checked. */
const FHIR_VERSION = "3.0.1";

/** The CapabilityStatement, as of a day: when the service was started. */
export const capabilityStatement = ({ version, date }) => ({
  resourceType: "CapabilityStatement",
  id: "careconnect",
  name: "CareConnect validation and display",
  status: "active",
  date,
  publisher: "careconnect",
  description: "Validates and displays FHIR STU3 resources by the profiles of CareConnect. It keeps no resource, so it has operations only.",
  kind: "instance",
  software: { name: "careconnect", version },
  implementation: { description: "careconnect serve" },
  fhirVersion: FHIR_VERSION,
  acceptUnknown: "extensions",
  format: ["application/fhir+json", "application/fhir+xml"],
  rest: [
    {
      mode: "server",
      documentation: "POST [base]/$validate, POST [base]/[type]/$validate and POST [base]/$render, with a resource or Parameters.",
      operation: [
        { name: "validate", definition: { reference: "http://hl7.org/fhir/OperationDefinition/Resource-validate" } },
        { name: "render", definition: { reference: "OperationDefinition/render" } },
      ],
    },
  ],
});

const input = (name, type, documentation, more) => ({ name, use: "in", min: 0, max: "1", documentation, type, ...more });

/** The definition of $render. */
export const renderDefinition = ({ date }) => ({
  resourceType: "OperationDefinition",
  id: "render",
  name: "Render a resource",
  status: "active",
  kind: "operation",
  date,
  publisher: "careconnect",
  description: "A resource as a person reads it, valid or not.",
  code: "render",
  system: true,
  type: false,
  instance: false,
  parameter: [
    input("resource", "Any", "What is displayed.", { min: 1 }),
    input("against", "Any", "The older version, for the mode diff."),
    input("as", "code", "narrative, fragment, page, text, markdown, model or coverage; without it by the Accept header."),
    input("view", "code", "How a Bundle is laid out: auto, record, letter or entries."),
    input("audience", "code", "clinical or patient."),
    input("mode", "code", "summary, brief, standard, full or diff."),
    input("language", "code", "The language of labels: en-GB or cy."),
    input("asOf", "date", "The day for which ages are given."),
    input("trends", "boolean", "Pictures of results over time in the page of a record."),
    { name: "return", use: "out", min: 1, max: "1", documentation: "The display itself, or a Binary where a FHIR format is asked for.", type: "Binary" },
  ],
});
