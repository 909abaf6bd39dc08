// What the rules of documents, messages and contradictions cost: a GP record of four megabytes,
// validated with all rules and without those, in Node.js and in Chromium. Arguments: a folder with records, and the codes of the rules.
import { spawnSync } from "node:child_process";
import { createReadStream, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROUNDS = 9;
const SIZE = 4e6;
const [folder, codes, how, which] = process.argv.slice(2);
const off = Object.fromEntries(JSON.parse(codes).map((code) => [code, "off"]));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** The record with most entries, its clinical entries repeated under other ids up to the size. */
function record() {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json")).sort();
  const read = (name) => {
    try {
      return JSON.parse(readFileSync(join(folder, name), "utf8"));
    } catch {
      return undefined;
    }
  };
  const isRecord = (bundle) => bundle?.resourceType === "Bundle" && bundle.type === "collection" && bundle.entry?.some(({ resource }) => resource?.resourceType === "List");
  const records = names.map(read).filter(isRecord);
  const base = records.toSorted((a, b) => b.entry.length - a.entry.length)[0];
  if (base === undefined) throw new Error(`there is no GP record in ${folder}`);
  const people = new Set(["Patient", "Practitioner", "PractitionerRole", "Organization", "Location"]);
  const fixed = base.entry.filter(({ resource }) => people.has(resource.resourceType));
  const clinical = JSON.stringify(base.entry.filter(({ resource }) => !people.has(resource.resourceType)));
  const ids = base.entry.filter(({ resource }) => !people.has(resource.resourceType)).map(({ resource }) => resource.id).filter(Boolean);
  const isId = new Set(ids);
  const entry = [...fixed];
  let size = JSON.stringify(fixed).length;
  for (let at = 0; size < SIZE; at++) {
    const again = clinical.replace(/"((?:[A-Za-z]+\/)?)([A-Za-z0-9.-]+)"/g, (whole, type, id) => (isId.has(id) ? `"${type}${id.slice(0, 50)}-${at}"` : whole));
    entry.push(...JSON.parse(again));
    size += again.length;
  }
  return JSON.stringify({ ...base, entry });
}

/** In the process or page: the median time of a validation, and how large the core has become. */
async function measure(careconnect, input, rules, rounds) {
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    careconnect.validate(input, { rules });
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[times.length >> 1];
}

if (how === "measure") {
  const { load } = await import("../../pkg/index.js");
  const careconnect = await load({ packs: "all" });
  const input = new TextEncoder().encode(record());
  careconnect.validate(input, { rules: which === "all" ? {} : off });
  const time = await measure(careconnect, input, which === "all" ? {} : off, ROUNDS);
  console.log(JSON.stringify({ time, rss: process.memoryUsage().rss, bytes: input.length }));
} else {
  const node = (which) => JSON.parse(spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder, codes, "measure", which], { encoding: "utf8", maxBuffer: 1 << 26 }).stdout);
  const [all, without] = [node("all"), node("without")];
  const line = (what, time, memory) => console.log(`  ${what.padEnd(24)} ${time.toFixed(0).padStart(6)} ms   ${memory}`);
  const share = (all, without) => console.log(`  all rules take           ${((all / without - 1) * 100).toFixed(0).padStart(5)} % more time  (goal: at most 25)`);
  console.log(`a GP record of ${(all.bytes / 1e6).toFixed(1)} MB, all packs, median of ${ROUNDS}; in Node.js`);
  line("all rules", all.time, `${(all.rss / 1e6).toFixed(0)} MB of the process`);
  line("without these rules", without.time, `${(without.rss / 1e6).toFixed(0)} MB of the process`);
  share(all.time, without.time);
  await inChromium();
}

async function inChromium() {
  const { chromium } = createRequire(new URL("../../tests/js/package.json", import.meta.url))("playwright-core");
  const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html", ".mjs": "text/javascript" };
  const root = new URL("../../pkg/", import.meta.url);
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>bench</title>");
    const file = fileURLToPath(new URL(`.${path}`, root));
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).on("error", () => response.end()).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const results = [];
    const input = record();
    for (const rules of [{}, off]) {
      const page = await (await browser.newContext()).newPage();
      await page.goto(address);
      results.push(
        await page.evaluate(
          async ({ input, rules, rounds }) => {
            // The core's memory is in no count of the page's heap, so it is taken note of as it is made.
            let memory;
            for (const name of ["instantiate", "instantiateStreaming"]) {
              const original = WebAssembly[name];
              WebAssembly[name] = async (...values) => {
                const made = await original.apply(WebAssembly, values);
                memory = (made.instance ?? made).exports.memory;
                return made;
              };
            }
            const { load } = await import("/index.js");
            const careconnect = await load({ packs: "all" });
            const bytes = new TextEncoder().encode(input);
            const times = [];
            for (let round = 0; round <= rounds; round++) {
              const started = performance.now();
              careconnect.validate(bytes, { rules });
              if (round > 0) times.push(performance.now() - started);
            }
            return { times, wasm: memory.buffer.byteLength };
          },
          { input, rules, rounds: ROUNDS },
        ),
      );
    }
    const [all, without] = results.map(({ times, wasm }) => ({ time: median(times), wasm }));
    console.log("in Chromium");
    const line = (what, { time, wasm }) => console.log(`  ${what.padEnd(24)} ${time.toFixed(0).padStart(6)} ms   ${(wasm / 1e6).toFixed(0)} MB of the core`);
    line("all rules", all);
    line("without these rules", without);
    console.log(`  all rules take           ${((all.time / without.time - 1) * 100).toFixed(0).padStart(5)} % more time  (goal: at most 25)`);
  } finally {
    await browser.close();
    server.close();
  }
}
