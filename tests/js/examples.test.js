// Each example of the playground has just the issues that examples.snapshot.json says; valid ones have none but
// information. CARECONNECT_BLESS=1 writes what is given now; look at the difference before you commit it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "../../pkg/index.js";

const folder = new URL("../../www/examples/", import.meta.url);
const read = (file) => readFileSync(new URL(file, folder), "utf8");
const index = JSON.parse(read("index.json"));
const snapshot = new URL("./examples.snapshot.json", import.meta.url);
const FAULTY = "With faults";

const careconnect = await load({ packs: ["stu3", "careconnect", "itk"] });

function issuesOf({ file, group }) {
  const { issues } = careconnect.validate(read(file));
  const told = issues.filter(({ severity }) => group === FAULTY || severity !== "information");
  return told.map(({ severity, rule, expression }) => `${severity} ${rule} ${expression}`);
}

test("every example has the issues that are said of it", () => {
  const found = Object.fromEntries(index.map((one) => [one.file, issuesOf(one)]));
  if (process.env.CARECONNECT_BLESS) writeFileSync(snapshot, `${JSON.stringify(found, undefined, 2)}\n`);
  assert.deepEqual(found, JSON.parse(readFileSync(snapshot, "utf8")));
  for (const { file, group } of index) assert.equal(found[file].length > 0, group === FAULTY, file);
});

test("every file is listed, and every CareConnect profile of a resource and every transfer of care is shown", () => {
  const files = readdirSync(folder).filter((file) => file !== "index.json").sort();
  assert.deepEqual(index.map(({ file }) => file).sort(), files);
  assert.ok(index.length >= 40, `${index.length} examples`);
  const texts = index.map(({ file }) => read(file)).join("\n");
  // Profiles that are another under an older or a special name.
  const others = /-(DocumentResource|ProblemList)-1$|-RARecord-/;
  const all = careconnect
    .profiles()
    .filter(({ pack, kind, derivation, url }) => kind === "resource" && derivation === "constraint" && (pack === "careconnect" || (pack === "itk" && /ITK-(ECD|EDIS|MH|OPL|DM-\w+)-Composition-1$/.test(url))))
    .filter(({ url }) => !others.test(url));
  const of = (pack) => all.filter((one) => one.pack === pack).length;
  const faulty = index.filter(({ group }) => group === FAULTY).length;
  console.log(`${index.length} examples, ${faulty} of them with faults: ${of("careconnect")} profiles of CareConnect, ${of("itk")} transfers of care`);
  const missing = all.filter(({ url }) => !texts.includes(`"${url}"`));
  assert.deepEqual(missing.map(({ url }) => url), []);
});
