// validateStream over newline-delimited JSON made by repeating FOLDER's: MEGABYTES, with each of the numbers of WORKERS
// given, the last of which is given all of them and the others a quarter, which is enough for a rate.
// Every line is held against what it must be, and memory is looked at all the way.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { load } from "../../pkg/index.js";
import { pool } from "../../pkg/node.js";

const [folder, megabytes, ...sizes] = process.argv.slice(2);
const MAX_LINE = 1 << 20;

const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json")).sort();
const corpus = names.map((name) => Buffer.from(readFileSync(join(folder, name), "utf8").replace(/\s*[\r\n]+\s*/g, " ")));
const hostile = [
  Buffer.from(""),
  Buffer.from(" \t\r"),
  Buffer.from("{"),
  Buffer.from("null"),
  Buffer.from([0xff, 0xfe, 0x80, 0x00]),
  Buffer.from("[".repeat(100_000)),
  Buffer.from(`{"resourceType":"Patient",${'"x":1,'.repeat(5_000)}"y":1}`),
  Buffer.from(`{"resourceType":"Patient","id":"${"x".repeat(2 * MAX_LINE)}"}`),
  Buffer.from('{"resourceType":"Patient"}\r'),
];
// Hostile lines stand all over, and not in one place.
const lines = [...corpus];
hostile.forEach((line, at) => lines.splice(Math.floor(((at + 1) * lines.length) / (hostile.length + 1)), 0, line));
const round = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));

const careconnect = await load({ packs: "all" });
const isBlank = (line) => line.every((byte) => [9, 13, 32].includes(byte));
const expected = lines.map((line) => {
  if (line.length > MAX_LINE) return "too-long";
  if (isBlank(line)) return "blank";
  return careconnect.validate(line).valid ? "valid" : "invalid";
});
careconnect.free();

async function* source(bytes) {
  for (let given = 0; given < bytes; given += round.length) {
    for (let at = 0; at < round.length; at += 65_536) yield round.subarray(at, at + 65_536);
  }
}

const mb = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
console.log(`${corpus.length} resources of the corpus and ${hostile.length} hostile lines, ${mb(round.length)}, repeated; packs: all`);
for (const size of sizes.map(Number)) {
  const threads = await pool({ packs: "all", size });
  const bytes = (Number(megabytes) * 1e6) / (size === Number(sizes.at(-1)) ? 1 : 4);
  const rounds = Math.ceil(bytes / round.length);
  const memory = [];
  const timer = setInterval(() => memory.push(process.memoryUsage().rss), 500);
  let log;
  let seen = 0;
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  for await (const { line, status } of threads.validateStream(source(bytes), { maxLineBytes: MAX_LINE, log: (entry) => (log = entry) })) {
    seen += 1;
    const want = expected[(line - 1) % lines.length];
    if (line !== seen || status !== want) throw new Error(`line ${line}, the ${seen}th given, is ${status} and should be ${want}`);
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const busy = (user + system) / 1e6;
  clearInterval(timer);
  threads.free();
  if (seen !== rounds * lines.length) throw new Error(`${seen} of ${rounds * lines.length} lines were given`);
  const { lines: given, valid, invalid, blank, "too-long": tooLong, failed } = log;
  if (given !== valid + invalid + blank + tooLong + failed || given !== seen) throw new Error("the log does not add up");
  // The first tenth warms up; after it the memory must not grow.
  const warm = memory.slice(Math.ceil(memory.length / 10));
  const third = Math.ceil(warm.length / 3);
  const [early, late] = [warm.slice(0, third), warm.slice(-third)].map((part) => Math.max(...part));
  console.log(`\n${size} worker${size > 1 ? "s" : ""}: ${mb(rounds * round.length)} in ${seconds.toFixed(1)} s`);
  console.log(`  resources per second   ${((valid + invalid) / seconds).toFixed(0)}   (${((rounds * round.length) / seconds / 1e6).toFixed(1)} MB/s)`);
  // On a machine that has other work, this is what it can do.
  console.log(`  processor time         ${busy.toFixed(1)} s, ${(busy / seconds).toFixed(2)} cores; ${((valid + invalid) / busy).toFixed(0)} resources for each second of it`);
  console.log(`  lines                  ${given}: ${valid} valid, ${invalid} invalid, ${blank} blank, ${tooLong} too long, ${failed} failed; every one as expected`);
  console.log(`  memory of the process  at most ${mb(early)} in the first third after warm-up, ${mb(late)} in the last, ${mb(Math.max(...memory))} at any time`);
  if (late > early * 1.15 + 30e6) {
    console.error("memory grows with the length of the stream");
    process.exitCode = 1;
  }
}
