// What authors ask besides validity, through the package. The core's own tests (tests/inspect.rs) go into detail.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { load } from "../../pkg/index.js";

const careconnect = await load();
const example = await readFile(new URL("../resources/CareConnect-Patient-1.json", import.meta.url), "utf8");
const patient = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";

test("an expression gives values and where they stand", () => {
  const { results } = careconnect.fhirpath(example, "Patient.name.where(use = 'official').family");
  assert.equal(results.length, 1);
  const { value, offset, length } = results[0];
  assert.equal(example.slice(offset, offset + length), JSON.stringify(value));
  assert.equal(careconnect.fhirpath(example, "name.").error.offset, 5);
  assert.throws(() => careconnect.fhirpath(example), /The expression is a string; this is undefined/);
});

test("profiles and value sets are data", () => {
  const listed = careconnect.profiles().find(({ url }) => url === patient);
  assert.deepEqual([listed.type, listed.pack, listed.derivation], ["Patient", "careconnect", "constraint"]);
  const { element } = careconnect.profile(patient);
  assert.ok(element.children.some(({ path, slices }) => path === "Patient.identifier" && slices.length > 0));
  assert.equal(careconnect.profile("urn:none"), undefined);
  assert.equal(careconnect.compareProfiles(patient, patient).elements.length, 0);
  const gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
  assert.ok(careconnect.valueSets().some(({ url, codes }) => url === gender && codes === 4));
  assert.equal(careconnect.valueSet(gender, { search: "fem" }).systems[0].codes[0].code, "female");
  assert.equal(careconnect.valueSet("urn:none"), undefined);
});

test("elements are found by offset, expression and pointer", () => {
  const offset = example.indexOf("Okonkwo");
  const at = careconnect.elementAt(example, offset);
  assert.equal(at.expression, "Patient.name[0].family");
  assert.ok(at.definitions.some(({ profile, id }) => profile.startsWith(patient) && id.startsWith("Patient.name")));
  const [one, two, none] = careconnect.locate(example, [at.expression, at.pointer, "Patient.photo[3]"]);
  assert.deepEqual(one, two);
  assert.equal(none, undefined);
  assert.equal(careconnect.outline(example, { depth: 0 }).children, undefined);
});

test("fixes mend what they are for", () => {
  const faulty = '{ "resourceType": "Patient", "name": { "family": "É" }, "colour": "x" }';
  let text = faulty;
  for (;;) {
    const fix = careconnect.validate(text, { fixes: true }).issues.find(({ fixes }) => fixes)?.fixes[0];
    if (!fix) break;
    for (const { offset, length, text: put } of [...fix.edits].reverse()) text = text.slice(0, offset) + put + text.slice(offset + length);
  }
  assert.deepEqual(JSON.parse(text), { resourceType: "Patient", name: [{ family: "É" }] });
  assert.ok(careconnect.validate(text).valid);
  assert.ok(careconnect.validate(faulty).issues.every((issue) => issue.fixes === undefined));
  assert.throws(() => careconnect.validate(faulty, { fixes: 1 }), /'fixes'/);
});

test("completion, conversion, skeletons and rules", () => {
  const text = '{ "resourceType": "Patient", "gen';
  const { options, offset } = careconnect.complete(text, text.length);
  assert.ok(options.some(({ insert }) => insert.startsWith('"gender"')));
  assert.equal(text.slice(offset), '"gen');
  const xml = careconnect.convert(example, "xml");
  assert.deepEqual(xml.lost, []);
  const back = careconnect.convert(xml.text, "json");
  assert.equal(careconnect.convert(careconnect.convert(back.text, "xml").text, "json").text, back.text);
  assert.ok(careconnect.validate(careconnect.skeleton(patient)).valid);
  assert.equal(careconnect.skeleton("urn:none"), undefined);
  assert.ok(careconnect.rules().some(({ rule, explanation }) => rule === "unknown-element" && explanation));
});
