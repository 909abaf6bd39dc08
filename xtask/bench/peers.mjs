// What docs/comparison.md says of careconnect, by the same cases as the alternatives were measured with: faults caught, examples
// flagged, speed and memory. FOLDER is where the cases are (peers/) and FHIR's own examples (corpus/hl7-examples/).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "../../pkg/index.js";

const ROUNDS = 3;
const COLD = 7;
const [folder] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, "peers", name), "utf8");
const bad = ({ issues }) => issues.filter(({ severity }) => severity === "error" || severity === "fatal").length;

const definitions = ["profile-snapshot.json", "profile-differential.json"].flatMap((name) => [JSON.parse(read(name))].flat());
const own = await load({ definitions });
const groups = new Map();
for (const line of read("probes.ndjson").split("\n").filter(Boolean)) {
  const { raw, profile, group, expect } = JSON.parse(line);
  const found = bad(own.validate(raw, profile ? { profiles: [profile] } : {})) > 0;
  const counts = groups.get(`${group} ${expect}`) ?? { caught: 0, all: 0 };
  groups.set(`${group} ${expect}`, counts);
  counts.all += 1;
  counts.caught += found ? 1 : 0;
}
for (const [group, { caught, all }] of groups) console.log(`${group.padEnd(30)} ${caught} of ${all} with errors`);
own.free();

const examples = readdirSync(join(folder, "corpus/hl7-examples")).filter((name) => name.endsWith(".json")).sort();
const texts = examples.map((name) => readFileSync(join(folder, "corpus/hl7-examples", name)));
const bytes = texts.reduce((sum, { length }) => sum + length, 0);
const careconnect = await load();
const flagged = texts.filter((text) => bad(careconnect.validate(text)) > 0).length;
// The processor's time: other work on the machine does not count.
const times = [];
for (let round = 0; round < ROUNDS; round++) {
  const before = process.cpuUsage();
  for (const text of texts) careconnect.validate(text);
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1e6);
}
const seconds = times.sort((a, b) => a - b)[ROUNDS >> 1];
console.log(`${examples.length} examples of FHIR STU3, ${(bytes / 1e6).toFixed(1)} MB: ${flagged} flagged; ${(examples.length / seconds).toFixed(0)} resources a second, ${(bytes / seconds / 1e6).toFixed(1)} MB a second of the processor's time; ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`);

const cold = [];
for (let run = 0; run < COLD; run++) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("cold.mjs", import.meta.url))], { stdio: ["ignore", "ignore", "inherit"] });
  const started = performance.now();
  await once(child, "exit");
  cold.push(performance.now() - started);
}
cold.sort((a, b) => a - b);
console.log(`from the start of the process to the first verdict, and its end: at best ${cold[0].toFixed(0)} ms, median ${cold[COLD >> 1].toFixed(0)} ms`);
