// `careconnect serve` under load, over the loopback interface: COUNT requests, 50 at once, every hundredth hostile, while a thread
// is ended from outside every two seconds. Every answer is compared with what the package itself says of the same resource.
// Resources are FOLDER's JSON.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { Agent } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { load } from "../../pkg/index.js";
import { send } from "../../tests/packaging/hammer.js";

const [folder, count] = [process.argv[2], Number(process.argv[3])];
const AT_ONCE = 50;
const STARTS = 5;
const cli = fileURLToPath(new URL("../../pkg/cli.js", import.meta.url));
const killer = fileURLToPath(new URL("./serve-killer.mjs", import.meta.url));
const TYPE = { "content-type": "application/fhir+json" };

async function start(...before) {
  const started = performance.now();
  const child = spawn(process.execPath, [...before, cli, "serve", "--no-config", "--port", "0", "--quiet", "--body-timeout", "1000"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const part of child.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    said += part;
    if (said.includes("\n")) break;
  }
  child.stdout.resume();
  return { child, started, port: Number(new URL(JSON.parse(said.split("\n")[0]).address).port) };
}

const stop = async ({ child }) => {
  child.kill("SIGTERM");
  return (await once(child, "exit"))[0];
};

const patient = '{"resourceType":"Patient","gender":"sometimes"}';
const cold = [];
for (let run = 0; run < STARTS; run++) {
  const service = await start();
  const { status } = await send(service.port, { path: "/$validate", body: patient, headers: TYPE });
  cold.push(performance.now() - service.started);
  if (status !== 200) throw new Error(`the first request was answered with ${status}`);
  await stop(service);
}
cold.sort((a, b) => a - b);
const first = cold[Math.floor(STARTS / 2)];
console.log(`from the start of the process to the first verdict, median of ${STARTS}: ${first.toFixed(0)} ms (goal: under 1000)`);

const careconnect = await load();
const bodies = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => readFileSync(join(folder, name)))
  // Parameters are the input of the operation, and not what is checked.
  .filter((body) => body.length < 100_000 && !/"resourceType"\s*:\s*"Parameters"/.test(body.toString()));
const resources = bodies.map((body) => ({ body, expected: JSON.stringify(careconnect.outcome(body)) }));
careconnect.free();

const bomb = gzipSync(Buffer.alloc(30_000_000, " "));
const hostile = [
  { kind: "bomb", body: bomb, headers: { ...TYPE, "content-encoding": "gzip" }, statuses: [413] },
  { kind: "deep", body: "[".repeat(100_000), headers: TYPE, statuses: [200] },
  { kind: "no gzip", body: "no gzip", headers: { ...TYPE, "content-encoding": "gzip" }, statuses: [400] },
  { kind: "no FHIR", body: "hello", headers: { "content-type": "text/plain" }, statuses: [415] },
  { kind: "aborted", aborts: true },
  { kind: "slow body", trickles: true },
];

/** Somebody who goes away in the middle, or whose body never comes to its end. */
function raw(port, { aborts }) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let said = "";
    socket.write("POST /$validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/fhir+json\r\nContent-Length: 1000\r\n\r\n{");
    const timer = aborts ? setTimeout(() => socket.destroy(), 5) : setInterval(() => socket.write(" "), 100);
    socket.setEncoding("utf8").on("data", (text) => (said += text));
    socket.on("error", () => {}).on("close", () => {
      clearInterval(timer);
      resolve(aborts ? "gone" : Number(said.split(" ")[1]));
    });
  });
}

const service = await start("--import", killer);
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const metric = async (name) => {
  const { text } = await send(service.port, { method: "GET", path: "/metrics", headers: {} });
  return Number(text.split("\n").find((line) => line.startsWith(`careconnect_${name} `)).split(" ")[1]);
};
const tally = { right: 0, lost: 0, "mixed up": 0, "turned away": 0 };
const ends = new Map();
const times = [];
let next = 0;
let most = 0;
const watch = setInterval(async () => (most = Math.max(most, await metric("resident_memory_bytes").catch(() => 0))), 500);

async function one() {
  for (let at = next++; at < count; at = next++) {
    if (at % 100 === 99) {
      const attack = hostile[((at - 99) / 100) % hostile.length];
      const end = attack.body === undefined ? await raw(service.port, attack) : (await send(service.port, { path: "/$validate", ...attack }, agent)).status;
      const right = attack.aborts ? end === "gone" : attack.trickles ? end === 408 : attack.statuses.includes(end);
      tally[right ? "right" : "lost"] += 1;
      ends.set(`${attack.kind}: ${end}`, (ends.get(`${attack.kind}: ${end}`) ?? 0) + 1);
      continue;
    }
    const { body, expected } = resources[at % resources.length];
    try {
      const { status, text, milliseconds } = await send(service.port, { path: "/$validate", body, headers: TYPE }, agent);
      times.push(milliseconds);
      if (status !== 200) ends.set(`answer: ${status}`, (ends.get(`answer: ${status}`) ?? 0) + 1);
      tally[status === 200 ? (text === expected ? "right" : "mixed up") : status === 503 ? "turned away" : "lost"] += 1;
    } catch (error) {
      tally.lost += 1;
      ends.set(`lost: ${error.code}`, (ends.get(`lost: ${error.code}`) ?? 0) + 1);
    }
  }
}

const begun = performance.now();
await Promise.all(Array.from({ length: AT_ONCE }, one));
const seconds = (performance.now() - begun) / 1000;
clearInterval(watch);
agent.destroy();
times.sort((a, b) => a - b);
const percentile = (part) => `${times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(1)} ms`;
const mb = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
console.log(`${count} requests, ${AT_ONCE} at once, every hundredth hostile; ${resources.length} resources of the corpus, each answer compared with the package's own`);
console.log(`  ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} a second; ${Object.entries(tally).map(([what, number]) => `${what}: ${number}`).join(", ")}`);
console.log(`  hostile   ${[...ends].sort().map(([what, number]) => `${what} (${number})`).join(", ")}`);
console.log(`  threads   ${await metric("threads_replaced_total")} ended from outside and replaced, ${await metric("requests_retried_total")} requests done once more`);
console.log(`  latency   50 %: ${percentile(0.5)}, 95 %: ${percentile(0.95)}, 99 %: ${percentile(0.99)}, most: ${percentile(1)}`);
console.log(`  memory    at most ${mb(most)}, at the end ${mb(await metric("resident_memory_bytes"))}`);
const status = await stop(service);
if (tally.right !== count || status !== 0 || first >= 1000) {
  console.error(`not as it must be (exit status ${status})`);
  process.exitCode = 1;
}
