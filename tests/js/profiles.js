// Profiles that tests give as definitions of one's own.

/** A profile of Patient whose differential has these elements, and the root before them where they lack it. */
export const patientProfile = (name, ...elements) => ({
  resourceType: "StructureDefinition",
  url: `https://example.org/${name}`,
  version: "1.0.0",
  name,
  status: "draft",
  kind: "resource",
  abstract: false,
  type: "Patient",
  baseDefinition: "http://hl7.org/fhir/StructureDefinition/Patient",
  derivation: "constraint",
  differential: { element: elements[0]?.path === "Patient" ? elements : [{ id: "Patient", path: "Patient" }, ...elements] },
});

/** The profile of a Patient who has a date of birth, or with `min` 0 need not; as text. */
export const dated = (min = 1) => JSON.stringify(patientProfile("dated", { id: "Patient.birthDate", path: "Patient.birthDate", min }));
