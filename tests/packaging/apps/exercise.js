// What every environment does with the package; what comes of it must be the same in all.

export const PATIENT = JSON.stringify({
  resourceType: "Patient",
  meta: { profile: ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"] },
  name: [{ use: "official", family: "Okonkwo", given: ["Ada", ""] }],
  gender: "sometimes",
});
const MORE = PATIENT.replace("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1", "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1");

export async function exercise(load, options) {
  const careconnect = await load(options);
  const report = await careconnect.validate(PATIENT);
  const text = await careconnect.render(PATIENT, { as: "text" });
  const more = await careconnect.ensure(MORE);
  const { profiles } = await more.validate(MORE);
  careconnect.free();
  return { report, text, profiles };
}
