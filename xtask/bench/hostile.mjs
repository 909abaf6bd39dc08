// What takes too long for the test command: many requests changed at random, a long stream with hostile lines in it, and a
// million calls. `node hostile.mjs REQUESTS LINES CALLS`. Ends with status 1 if anything is lost, wrong or grows.

import { startService } from "../../tests/packaging/hammer.js";
import { mutated, random } from "../../tests/packaging/mutated.js";
import { load } from "../../pkg/index.js";
import { validateStream } from "../../pkg/node.js";

const [requests, lines, calls] = process.argv.slice(2).map(Number);
const good = '{"resourceType":"Patient","gender":"male"}';
const seconds = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;
const say = (text) => console.log(`  ${text}`);
let isGood = true;
const must = (holds, words) => {
  if (holds) return;
  isGood = false;
  say(`WRONG: ${words}`);
};

console.log("requests changed at random");
for (const framework of ["express", "fastify"]) {
  const started = performance.now();
  const service = await startService(framework, 2);
  const { faults, statuses, sent } = await mutated(service.port, { count: requests, seed: 7 });
  service.stop();
  say(`${framework}: ${sent} sent in ${seconds(started)}: ${Object.entries(statuses).map(([status, count]) => `${count} × ${status}`).join(", ")}`);
  must(sent === requests && faults.length === 0, faults[0]);
}

console.log(`a stream of ${lines.toLocaleString("en-GB")} lines, one in a hundred hostile`);
{
  const next = random(3);
  const hostile = [
    () => "[".repeat(20_000),
    () => '{"a":'.repeat(5000),
    () => `{"resourceType":"Basic","contained":[${'{"resourceType":"Basic"},'.repeat(500)}{}]}`,
    () => `{"resourceType":"Patient","${"k".repeat(5000)}":[${"[],".repeat(300)}[]]}`,
    () => String.fromCharCode(...Array.from({ length: 200 }, () => 11 + next(60_000))).replaceAll("\n", " "),
    () => `${"<a>".repeat(3000)}`,
    () => '{"resourceType":"constructor","__proto__":{"toString":1}}',
    () => `{"resourceType":"Patient","birthDate":"${"9".repeat(20_000)}"}`,
  ];
  const isHostile = (line) => line % 100 === 50;
  async function* source() {
    for (let line = 1; line <= lines; line += 1000) {
      const batch = Array.from({ length: Math.min(1000, lines - line + 1) }, (_, at) => (isHostile(line + at) ? hostile[next(hostile.length)]() : good));
      yield `${batch.join("\n")}\n`;
    }
  }
  const started = performance.now();
  const counts = {};
  let [expected, lost] = [1, 0];
  for await (const { line, status } of validateStream(source())) {
    if (line !== expected++) lost += 1;
    counts[status] = (counts[status] ?? 0) + 1;
    if ((status === "valid") === isHostile(line)) lost += 1;
  }
  say(`${seconds(started)}: ${JSON.stringify(counts)}`);
  must(lost === 0 && expected === lines + 1, `${lost} lines lost or judged wrongly, ${expected - 1} given`);
}

console.log(`${calls.toLocaleString("en-GB")} calls`);
{
  const started = performance.now();
  const careconnect = await load();
  const bad = '{"resourceType":"Patient","gender":"WRONG","name":[]}';
  const inputs = [good, bad, Buffer.from(good), JSON.parse(bad)];
  const memory = () => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 1e6;
  };
  let settled;
  for (let call = 0; call < calls; call++) {
    careconnect.validate(inputs[call % inputs.length]);
    if (call === Math.floor(calls / 10)) settled = memory();
  }
  const grown = memory() - settled;
  say(`${seconds(started)}: grown by ${grown.toFixed(1)} MB since the first tenth`);
  must(grown < 5, `${calls} calls grew by ${grown.toFixed(1)} MB`);
}
process.exit(isGood ? 0 : 1);
