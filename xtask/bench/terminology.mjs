// What a large pack costs in Node.js and in Chromium: time to load it, memory, and codes checked in a second. The pack is
// the argument; each measurement has a process or a page of its own.
import { spawnSync } from "node:child_process";
import { createReadStream, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [pack, isMeasuring] = process.argv.slice(2);
const SNOMED = "http://snomed.info/sct";

/** Conditions with codes that the release has and that it has not. */
function bundle(count) {
  const resource = (at) => ({
    resourceType: "Condition",
    code: { coding: [{ system: SNOMED, code: String((100_000 + at * 20) * 1000 + 4), display: "No term of it" }] },
    subject: { reference: "Patient/1" },
  });
  const entry = Array.from({ length: count }, (_, at) => ({ fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(at).padStart(12, "0")}`, resource: resource(at) }));
  return JSON.stringify({ resourceType: "Bundle", type: "collection", entry });
}

const line = (what, text) => console.log(`  ${what.padEnd(28)} ${text}`);

if (isMeasuring) {
  const { load } = await import("../../pkg/index.js");
  const packs = ["stu3", "careconnect", ...(isMeasuring === "with" ? [pathToFileURL(pack)] : [])];
  const started = performance.now();
  const careconnect = await load({ packs });
  const loaded = performance.now() - started;
  globalThis.gc?.();
  const { rss, external, arrayBuffers } = process.memoryUsage();
  const input = bundle(2000);
  careconnect.validate(input);
  const before = performance.now();
  careconnect.validate(input);
  console.log(JSON.stringify({ loaded, validated: performance.now() - before, rss, external: external + arrayBuffers }));
} else {
  const run = (how) => JSON.parse(spawnSync(process.execPath, ["--expose-gc", fileURLToPath(import.meta.url), pack, how], { encoding: "utf8" }).stdout);
  const [without, withPack] = [run("without"), run("with")];
  console.log("in Node.js, with stu3 and careconnect");
  line("loaded without the release", `${without.loaded.toFixed(0)} ms, ${(without.rss / 1e6).toFixed(0)} MB of the process`);
  line("loaded with it", `${withPack.loaded.toFixed(0)} ms, ${(withPack.rss / 1e6).toFixed(0)} MB of the process`);
  line("codes checked", `${((2000 / withPack.validated) * 1000).toFixed(0)} a second, as 2000 Conditions in a Bundle`);
  await inChromium();
}

async function inChromium() {
  const { chromium } = createRequire(new URL("../../tests/js/package.json", import.meta.url))("playwright-core");
  const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html", ".mjs": "text/javascript" };
  const root = new URL("../../pkg/", import.meta.url);
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>bench</title>");
    const file = path === "/release.pack" ? pack : fileURLToPath(new URL(`.${path}`, root));
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).on("error", () => response.end()).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--enable-precise-memory-info"] });
  try {
    const results = [];
    for (const packs of [["stu3", "careconnect"], ["stu3", "careconnect", `${address}release.pack`]]) {
      const page = await (await browser.newContext()).newPage();
      await page.goto(address);
      const session = await page.context().newCDPSession(page);
      const result = await page.evaluate(
        async ({ packs, input }) => {
          // The core's memory is not in any count of the page's heap, so it is taken note of as it is made.
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
          const started = performance.now();
          const careconnect = await load({ packs });
          const loaded = performance.now() - started;
          careconnect.validate(input);
          const before = performance.now();
          careconnect.validate(input);
          return { loaded, validated: performance.now() - before, wasm: memory.buffer.byteLength };
        },
        { packs, input: bundle(2000) },
      );
      await session.send("HeapProfiler.collectGarbage");
      results.push({ ...result, heap: (await session.send("Runtime.getHeapUsage")).usedSize });
    }
    const [without, withPack] = results;
    console.log("in Chromium, with stu3 and careconnect");
    const memory = ({ wasm, heap }) => `${(wasm / 1e6).toFixed(0)} MB of the core, ${(heap / 1e6).toFixed(0)} MB of the page's heap`;
    line("loaded without the release", `${without.loaded.toFixed(0)} ms, ${memory(without)}`);
    line("loaded with it", `${withPack.loaded.toFixed(0)} ms, ${memory(withPack)}`);
    line("codes checked", `${((2000 / withPack.validated) * 1000).toFixed(0)} a second, as 2000 Conditions in a Bundle`);
  } finally {
    await browser.close();
    server.close();
  }
}
