// The matchers' types, added to those of Jest's expect as matchers.d.ts says.

import { expect } from "expect";
import { assertions, matchers, type CareconnectMatchers } from "careconnect/matchers";

declare module "expect" {
  interface Matchers<R extends void | Promise<void>> extends CareconnectMatchers<R> {}
}

const patient = { resourceType: "Patient", active: true };
expect.extend(await matchers({ packs: ["stu3"], today: "2026-02-28" }));
expect(patient).toBeValid();
expect(patient).toBeFullyValid({ profiles: ["CareConnect-Patient-1"] });
expect(patient).not.toHaveIssue("code-required", "Patient.gender", { testNumbers: true });
const fhir = await assertions();
fhir.valid(patient);
fhir.hasIssue(JSON.stringify(patient), "empty-array");

// @ts-expect-error A rule is named.
expect(patient).toHaveIssue();
// @ts-expect-error There is no such option.
expect(patient).toBeValid({ profile: [] });
// @ts-expect-error What is not there cannot be asserted.
fhir.isValid(patient);
