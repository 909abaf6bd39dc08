// What every environment does with the package; what comes of it must be the same in all.

export const PATIENT = JSON.stringify({
  resourceType: "Patient",
  meta: { profile: ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"] },
  name: [{ use: "official", family: "Okonkwo", given: ["Ada", ""] }],
  gender: "sometimes",
});
const MORE = PATIENT.replace("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1", "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1");

/** Every call, with what it is given; tests/js/node.test.js sees to it that none is missing. */
export const CALLS = {
  validate: [PATIENT, { fixes: true }],
  outcome: [PATIENT],
  render: [PATIENT, { as: "model" }],
  redact: [PATIENT, { key: "a" }],
  compareDemographics: [PATIENT, PATIENT.replace("Okonkwo", "Okonkwo-Hughes")],
  fhirpath: [PATIENT, "name.family"],
  view: [JSON.stringify({ resource: "Patient", select: [{ column: [{ name: "family", path: "name.family", type: "string" }] }] }), [PATIENT]],
  profiles: [],
  profile: ["http://hl7.org/fhir/StructureDefinition/Patient"],
  compareProfiles: ["http://hl7.org/fhir/StructureDefinition/Patient", "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"],
  valueSets: [],
  valueSet: ["http://hl7.org/fhir/ValueSet/administrative-gender", { limit: 2 }],
  outline: [PATIENT, { depth: 1 }],
  elementAt: [PATIENT, PATIENT.indexOf("Okonkwo")],
  locate: [PATIENT, ["Patient.gender", "Patient.photo[3]"]],
  complete: [PATIENT, PATIENT.indexOf("sometimes")],
  convert: [PATIENT, "xml"],
  skeleton: ["http://hl7.org/fhir/StructureDefinition/Patient"],
  rules: [],
};

export async function exercise(load, options) {
  const careconnect = await load(options);
  const report = await careconnect.validate(PATIENT);
  const text = await careconnect.render(PATIENT, { as: "text" });
  // Some answers are long, so only their length is kept.
  const answers = {};
  for (const [name, values] of Object.entries(CALLS)) answers[name] = JSON.stringify(await careconnect[name](...values)).length;
  const more = await careconnect.ensure(MORE);
  const { profiles } = await more.validate(MORE);
  const result = { version: await careconnect.version, report, text, answers, profiles };
  careconnect.free();
  more.free();
  return result;
}
