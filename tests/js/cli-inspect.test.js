// `careconnect fhirpath`, `profile` and `packs`.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { packs } from "../../pkg/packs.js";
import { folderWith, good, lines, runner } from "./command-line.js";
import { patientProfile } from "./profiles.js";

const patient = JSON.stringify({
  resourceType: "Patient",
  name: [{ use: "official", family: "Okonkwo-Hughes", given: ["Adaeze", "\u001b[31mRed"] }, { use: "usual", family: "Hughes" }],
  birthDate: "1987-02-28",
});
const named = (name, max) =>
  JSON.stringify(
    patientProfile(
      name,
      { id: "Patient", path: "Patient", constraint: [{ key: "own-1", severity: "error", human: "Somebody has a name", expression: "name.exists()" }] },
      { id: "Patient.identifier", path: "Patient.identifier", slicing: { discriminator: [{ type: "value", path: "system" }], rules: "open" }, min: 1 },
      { id: "Patient.identifier:nhs", path: "Patient.identifier", sliceName: "nhs", min: 1, max, mustSupport: true },
      { id: "Patient.identifier:nhs.system", path: "Patient.identifier.system", min: 1, fixedUri: "https://fhir.nhs.uk/Id/nhs-number" },
      { id: "Patient.gender", path: "Patient.gender", min: 1 },
    ),
  );
const folder = folderWith({
  "patient.json": patient,
  "good.json": good,
  "lines.ndjson": `${patient}\n${good}\n`,
  "own/one.json": named("one", "1"),
  "own/two.json": named("two", "*"),
});
const run = runner(folder);

for (const [args, code, stdout] of [
  [["name.family", "patient.json"], 0, "patient.json\n  Patient.name[0].family: string Okonkwo-Hughes\n  Patient.name[1].family: string Hughes\n"],
  [["name.count()", "patient.json"], 0, "patient.json\n  System.Integer 2\n"],
  [["name.count()", "patient.json", "good.json", "--format", "values"], 0, "2\n0\n"],
  [["name.given", "patient.json", "--format", "values"], 0, "Adaeze\n␛[31mRed\n"],
  [["name.where(use = 'old')", "patient.json"], 0, "patient.json\n  nothing\n"],
  [["name", "lines.ndjson"], 0, "lines.ndjson:1\n  Patient.name[0]: HumanName\n  Patient.name[1]: HumanName\nlines.ndjson:2\n  nothing\n"],
]) {
  test(`fhirpath ${args.join(" ")}`, async () => assert.deepEqual(await run(["fhirpath", ...args]), { code, stdout, stderr: "" }));
}

test("fhirpath: an expression that is wrong is underlined", async () => {
  const { stdout, code } = await run(["fhirpath", "name.where(use = 'x'", "patient.json"]);
  assert.equal(code, 1);
  assert.match(stdout, /^patient\.json\n {2}error {2}.*\n {4}name\.where\(use = 'x'\n {4} *\^+\n$/s);
});

test("fhirpath: what cannot be known is not a result", async () => {
  const { stdout, code } = await run(["fhirpath", "today() > birthDate", "patient.json"]);
  assert.equal(code, 1);
  assert.match(stdout, /Not known: /);
});

test("fhirpath: data", async () => {
  const { stdout } = await run(["fhirpath", "birthDate", "patient.json", "nowhere.json", "--format", "ndjson"]);
  const [first, second] = lines(stdout);
  assert.deepEqual(first.results.map(({ type, value, expression }) => [type, value, expression]), [["date", "1987-02-28", "Patient.birthDate"]]);
  assert.match(second.error.message, /there is no such file/);
  assert.deepEqual(JSON.parse((await run(["fhirpath", "birthDate", "patient.json", "--format", "json"])).stdout), [first]);
});

test("profile: a tree with cardinality, types, slices, values, flags and rules", async () => {
  const { stdout, code } = await run(["profile", "one", "--definitions", "own", "--packs", "stu3"], { env: { COLUMNS: "160" } });
  assert.equal(code, 0);
  assert.match(stdout, /^one\nhttps:\/\/example\.org\/one\|1\.0\.0\nprofile of Patient\n\nPatient +0\.\.\*/);
  for (const line of [
    /^├─ identifier +1\.\.\* +Σ +Identifier, sliced by value of system, open$/m,
    /^│ {2}└─ :nhs +1\.\.1 +S Σ +Identifier$/m,
    /─ system +1\.\.1 +Σ +uri, exactly "https:\/\/fhir\.nhs\.uk\/Id\/nhs-number"$/m,
    /^├─ gender +1\.\.1 +Σ +code, required http:\/\/hl7\.org\/fhir\/ValueSet\/administrative-gender$/m,
    /^├─ modifierExtension +0\.\.\* +\?! +Extension$/m,
    /^├─ generalPractitioner +0\.\.\* +Reference\(Organization \| Practitioner\)$/m,
    /^ {2}own-1 \(error\) on Patient$/m,
    /^ {4}name\.exists\(\)$/m,
  ]) {
    assert.match(stdout, line);
  }
});

test("profile --diff: what is added, removed and changed", async () => {
  const { stdout, code } = await run(["profile", "--diff", "one", "https://example.org/two|1.0.0", "--definitions", "own", "--packs", "stu3"]);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `- https://example.org/one|1.0.0
+ https://example.org/two|1.0.0

~ Patient.identifier:nhs
    - max: 1
    + max: *

0 elements added, 0 removed, 1 changed.
`,
  );
  assert.match((await run(["profile", "--diff", "one", "one", "--definitions", "own", "--packs", "stu3"])).stdout, /They say the same\.\n$/);
});

test("profile: every profile of the packs is found by its URL, and drawn", async () => {
  const { stdout } = await run(["packs", "careconnect", "--format", "json"]);
  const [{ contents }] = JSON.parse(stdout);
  assert.ok(contents.length > 50);
  const { url } = contents.find(({ url }) => url.endsWith("/CareConnect-Patient-1"));
  assert.equal((await run(["profile", "CareConnect-Patient-1"])).stdout, (await run(["profile", url])).stdout);
  const tree = JSON.parse((await run(["profile", url, "--format", "json"])).stdout);
  assert.equal(tree.url, url);
  assert.ok(tree.element.children.length > 10);
});

for (const [args, sentence] of [
  [["profile"], /Name one profile/],
  [["profile", "--diff", "Patient"], /--diff compares two profiles/],
  [["profile", "CareConnect-Patent-1"], /There is no profile 'CareConnect-Patent-1' .* Did you mean 'CareConnect-Patient-1'\?/],
  [["packs", "gpconect"], /There is no pack 'gpconect'. Did you mean 'gpconnect'\?/],
  [["fhirpath", "name"], /Give an expression/],
]) {
  test(`a mistake: ${args.join(" ")}`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, sentence);
  });
}

test("packs: what is in each, by the files that it is made of", async () => {
  const catalogue = JSON.parse((await run(["packs", "--format", "json"])).stdout);
  assert.deepEqual(catalogue.map(({ name }) => name), packs);
  const { stdout } = await run(["packs"]);
  for (const { name, version, types, profiles, extensions, valueSets, codeSystems, messages, missing } of catalogue) {
    const files = readdirSync(new URL(`../../profiles/${name}/`, import.meta.url)).filter((file) => file.endsWith(".json"));
    assert.equal(types + profiles + extensions + valueSets + codeSystems + messages, files.length, name);
    assert.match(stdout, new RegExp(`^${name} +${version.replaceAll(".", "\\.")} .* ${missing.length} `, "m"));
  }
  const gaps = ["missing.tsv", "missing-r4.tsv"].flatMap((name) =>
    readFileSync(new URL(`../../profiles/${name}`, import.meta.url), "utf8").trimEnd().split("\n").slice(2),
  );
  const listed = new Set(catalogue.flatMap(({ missing }) => missing.map(({ target }) => target)));
  assert.deepEqual([...listed].sort(), [...new Set(gaps.map((line) => line.split("\t")[0]))].sort());
});

test("packs NAME: its types, profiles and extensions, and what is missing", async () => {
  const { stdout } = await run(["packs", "careconnect"]);
  assert.match(stdout, /^careconnect \S+\ndefinitions of 2016/);
  assert.match(stdout, /\nProfiles \(\d+\)\n/);
  assert.match(stdout, /https:\/\/fhir\.hl7\.org\.uk\/STU3\/StructureDefinition\/CareConnect-Patient-1\|1\.3\.0 {2}Patient\n/);
  assert.match(stdout, /\nMissing \(\d+\)\n/);
});
