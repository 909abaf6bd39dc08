// The matchers, in the expect of Jest and as assertions for node:test.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { expect } from "expect";
import { assertions, matchers } from "../../pkg/matchers.js";

const good = { resourceType: "Basic", code: { text: "x" } };
const bad = { resourceType: "Patient", gender: "sometimes", photo: [] };
const open = { resourceType: "Condition", subject: { reference: "Patient/1" }, code: { coding: [{ system: "http://snomed.info/sct", code: "195967001" }] }, verificationStatus: "confirmed", clinicalStatus: "active" };

expect.extend(await matchers({ rules: { "nhs-postcode": "off" } }));
const fhir = await assertions();

test("toBeValid and valid take what has no error, in each form that validate takes", () => {
  for (const resource of [good, JSON.stringify(good), Buffer.from(JSON.stringify(good)), open]) {
    expect(resource).toBeValid();
    fhir.valid(resource);
  }
  expect(bad).not.toBeValid();
  fhir.notValid(bad);
});

test("a failure lists the issues, with their places and rules", () => {
  const words = /^It is not valid\. Invalid: 2 errors\.\n {2}1:\d+ error Patient\.gender: The code 'sometimes' is not in .* \[code-required\]\n {2}1:\d+ error Patient\.photo: .* \[empty-array\]$/;
  assert.throws(() => expect(bad).toBeValid(), { message: words });
  assert.throws(() => fhir.valid(bad), (error) => error.code === "ERR_ASSERTION" && error.name === "AssertionError" && words.test(error.message) && /matchers\.test\.js/.test(error.stack.split("\n").find((line) => line.includes("    at "))));
  assert.throws(() => expect(good).not.toBeValid(), /It is valid where it was to be invalid/);
  assert.throws(() => fhir.notValid(good), { code: "ERR_ASSERTION" });
});

test("toBeFullyValid asks that everything was checked", () => {
  expect(good).toBeFullyValid();
  fhir.fullyValid(good);
  expect(open).not.toBeFullyValid();
  assert.throws(() => fhir.fullyValid(open), /Not fully checked: .*snomed/s);
});

test("toHaveIssue asks for a rule, and where", () => {
  expect(bad).toHaveIssue("code-required");
  expect(bad).toHaveIssue("code-required", "Patient.gender");
  expect(bad).not.toHaveIssue("code-required", "Patient.photo");
  fhir.hasIssue(bad, "empty-array", "Patient.photo");
  fhir.hasNoIssue(good, "empty-array");
  assert.throws(() => fhir.hasIssue(good, "empty-array"), { code: "ERR_ASSERTION", message: /The issue empty-array was not found\. Valid: no errors\./ });
  assert.throws(() => expect(bad).not.toHaveIssue("empty-array"), /The issue empty-array was found/);
  // With a rule that there is not, a test would test nothing.
  assert.throws(() => expect(bad).not.toHaveIssue("empty-aray"), { code: "invalid-argument", message: /There is no rule 'empty-aray'/ });
  assert.throws(() => fhir.hasNoIssue(bad, "constructor"), { code: "invalid-argument" });
});

test("options are of all resources, or of one", async () => {
  expect({ ...bad, photo: undefined }).toBeValid({ rules: { "code-required": "warning" } });
  const strict = await assertions({ packs: ["stu3"], rules: { "empty-array": "off", "code-required": "off" } });
  strict.valid(bad);
  strict.notValid({ resourceType: "Patient", active: "x" });
  assert.throws(() => fhir.valid(good, { profiles: ["https://example.org/none"] }), /profile-asked-unknown/);
});

test("a mistake is said when it is made", async () => {
  await assert.rejects(matchers({ rules: { none: "off" } }), { code: "invalid-argument" });
  await assert.rejects(assertions({ profile: [] }), { code: "invalid-argument", message: /There is no option 'profile'/ });
  await assert.rejects(matchers({ packs: ["nothing-here"] }), /nothing-here/);
  for (const wrong of [undefined, null, 5, Promise.resolve(good), [good]]) {
    assert.throws(() => expect(wrong).toBeValid(), { code: "invalid-argument" });
    assert.throws(() => fhir.valid(wrong), { code: "invalid-argument" });
  }
});

test("require() gives the same", async () => {
  const { assertions } = createRequire(import.meta.url)("../../pkg/matchers.cjs");
  (await assertions()).valid(good);
});
