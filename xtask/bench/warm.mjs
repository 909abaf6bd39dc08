// Validation in one process, one thread, every pack loaded: FOLDER's JSON against JSON.parse, and bundles of growing size.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { load } from "../../pkg/index.js";

const ROUNDS = 3;
const folder = process.argv[2];
const careconnect = await load({ packs: "all" });

function isJson(bytes) {
  try {
    JSON.parse(bytes);
    return true;
  } catch {
    return false;
  }
}

function time(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const total = (list) => list.reduce((sum, bytes) => sum + bytes.length, 0);

const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json")).sort();
let inputs = names.map((name) => readFileSync(join(folder, name))).filter(isJson);
const files = inputs.length;
// A few small files say nothing: they are repeated up to five megabytes.
if (total(inputs) < 1e6) inputs = Array(Math.ceil(5e6 / total(inputs))).fill(inputs).flat();
const bytes = total(inputs);

console.log(`warm, all packs, ${files} files, ${(bytes / 1e6).toFixed(1)} MB`);
console.log("  round   JSON.parse            validate              ratio");
const row = (name, parse, validate) => {
  const rate = (ms) => `${ms.toFixed(0).padStart(6)} ms ${(bytes / ms / 1e3).toFixed(1).padStart(6)} MB/s`;
  console.log(`  ${name.padEnd(7)}${rate(parse)}   ${rate(validate)}   ${(validate / parse).toFixed(1).padStart(5)}`);
};
const rounds = [];
for (let round = 1; round <= ROUNDS; round++) {
  const parse = time(() => inputs.forEach((input) => JSON.parse(input)));
  const validate = time(() => inputs.forEach((input) => careconnect.validate(input)));
  rounds.push({ parse, validate });
  row(String(round), parse, validate);
}
const ratio = median(rounds.map(({ parse, validate }) => validate / parse));
console.log(`  median ratio ${ratio.toFixed(1)}  (goal: at most 15)`);

/** A collection of as many entries, half of them Patients and half Observations of the Patient before. */
function bundle(count) {
  const urn = (at) => `urn:uuid:00000000-0000-4000-8000-${at.toString(16).padStart(12, "0")}`;
  const patient = (at) => ({
    resourceType: "Patient",
    active: true,
    name: [{ use: "official", family: `Family ${at}`, given: ["Given"] }],
    gender: "female",
    birthDate: "1980-04-05",
  });
  const observation = (at) => ({
    resourceType: "Observation",
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] },
    subject: { reference: urn(at - 1) },
    effectiveDateTime: "2019-01-01T10:00:00Z",
    valueQuantity: { value: 60 + (at % 60), unit: "/min", system: "http://unitsofmeasure.org", code: "/min" },
  });
  const entry = Array.from({ length: count }, (_, at) => ({
    fullUrl: urn(at),
    resource: at % 2 ? observation(at) : patient(at),
  }));
  return Buffer.from(JSON.stringify({ resourceType: "Bundle", type: "collection", entry }));
}

console.log("\nbundles of Patients and Observations that refer to each other, median of 5");
console.log("  entries        ms   ms/entry   issues");
const perEntry = [];
for (const count of [100, 1000, 10000]) {
  const input = bundle(count);
  let issues = 0;
  const once = () => (issues = careconnect.validate(input).issues.length);
  const ms = median(Array.from({ length: 5 }, () => time(once)));
  perEntry.push(ms / count);
  console.log(`  ${String(count).padStart(7)}${ms.toFixed(1).padStart(10)}${(ms / count).toFixed(4).padStart(11)}${String(issues).padStart(9)}`);
}
const growth = perEntry.at(-1) / Math.min(...perEntry);
console.log(`  an entry of the largest costs ${growth.toFixed(2)} times one of the cheapest  (goal: about 1)`);
if (growth > 3) {
  console.error("the time does not grow in proportion to the number of entries");
  process.exitCode = 1;
}
