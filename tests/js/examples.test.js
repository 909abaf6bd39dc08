// Each example of the playground has just the issues that www/examples/index.json says; valid ones have none but
// information. CARECONNECT_BLESS=1 writes what is given now; look at the difference before you commit it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "../../pkg/index.js";

const folder = new URL("../../www/examples/", import.meta.url);
const read = (file) => readFileSync(new URL(file, folder), "utf8");
const index = JSON.parse(read("index.json"));
const FAULTY = "With faults";

const careconnect = await load({ packs: ["stu3", "careconnect", "itk"] });

function issuesOf({ file, group }) {
  const { issues } = careconnect.validate(read(file));
  const told = issues.filter(({ severity }) => group === FAULTY || severity !== "information");
  return told.map(({ severity, rule, expression }) => `${severity} ${rule} ${expression}`);
}

test("every example has the issues that are said of it", () => {
  if (process.env.CARECONNECT_BLESS) {
    const lines = index.map((one) => JSON.stringify({ ...one, issues: issuesOf(one) }));
    writeFileSync(new URL("index.json", folder), `[\n  ${lines.join(",\n  ")}\n]\n`);
    return;
  }
  for (const one of index) {
    assert.deepEqual(issuesOf(one), one.issues, one.file);
    assert.equal(one.issues.length > 0, one.group === FAULTY, one.file);
  }
});

test("every file is listed, and every CareConnect profile of a resource and every transfer of care is shown", () => {
  const files = readdirSync(folder).filter((file) => file !== "index.json").sort();
  assert.deepEqual(index.map(({ file }) => file).sort(), files);
  assert.ok(index.length >= 40, `${index.length} examples`);
  const texts = index.map(({ file }) => read(file)).join("\n");
  // Profiles that are another under an older or a special name.
  const others = /-(DocumentResource|ProblemList)-1$|-RARecord-/;
  const missing = careconnect
    .profiles()
    .filter(({ pack, kind, derivation, url }) => kind === "resource" && derivation === "constraint" && (pack === "careconnect" || (pack === "itk" && /ITK-(ECD|EDIS|MH|OPL|DM-\w+)-Composition-1$/.test(url))))
    .filter(({ url }) => !others.test(url) && !texts.includes(`"${url}"`));
  assert.deepEqual(missing.map(({ url }) => url), []);
});
