// Express and Fastify under load, over the loopback interface: COUNT requests, 50 at once, every tenth bad. Resources are
// FOLDER's JSON.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { load } from "../../pkg/index.js";
import { hammer, startService } from "../../tests/packaging/hammer.js";

const [folder, count] = [process.argv[2], Number(process.argv[3])];
const AT_ONCE = 50;
const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json")).sort();
const careconnect = await load({ packs: "all" });
const resources = names
  .map((name) => readFileSync(join(folder, name)))
  .filter((body) => body.length < 100_000)
  .map((body) => {
    const { issue } = careconnect.outcome(body);
    const has = (severity) => issue.some((one) => one.severity === severity);
    return { body, status: has("fatal") ? 400 : has("error") ? 422 : 201 };
  });
careconnect.free();

const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
console.log(`${resources.length} resources of the corpus; ${count} requests, ${AT_ONCE} at once, every tenth bad`);
for (const framework of ["express", "fastify"]) {
  const service = await startService(framework);
  await hammer(service.port, { count: Math.ceil(count / 5), atOnce: AT_ONCE, resources });
  const before = await service.memory();
  const start = performance.now();
  const { times, statuses } = await hammer(service.port, { count, atOnce: AT_ONCE, resources });
  const seconds = (performance.now() - start) / 1000;
  const after = await service.memory();
  service.stop();
  const percentile = (part) => `${times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(1)} ms`;
  console.log(`\n${framework}: ${count} requests in ${seconds.toFixed(1)} s (${(count / seconds).toFixed(0)} a second), all answered as they must be`);
  console.log(`  answers   ${Object.entries(statuses).map(([status, number]) => `${status}: ${number}`).join(", ")}`);
  console.log(`  latency   50 %: ${percentile(0.5)}, 90 %: ${percentile(0.9)}, 99 %: ${percentile(0.99)}, 99.9 %: ${percentile(0.999)}, most: ${percentile(1)}`);
  console.log(`  memory    after warm-up ${mb(before.rss)} (heap ${mb(before.heap)}), at the end ${mb(after.rss)} (heap ${mb(after.heap)})`);
  if (after.heap > before.heap * 1.2 + 5e6 || after.rss > before.rss * 1.2 + 20e6) {
    console.error("memory grew");
    process.exitCode = 1;
  }
}
