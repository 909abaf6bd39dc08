// The package in a page of Chromium: with so little memory for WebAssembly that one input fails, its worker and its element go
// on; an aborted call gives its thread back.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "../../www/serve.js";

const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");
const site = await serve(0, root);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const [small, browser] = await Promise.all([["--js-flags=--wasm-max-mem-pages=512"], []].map((args) => chromium.launch({ executablePath, args: ["--no-sandbox", ...args] })));
after(async () => {
  await small.close();
  await browser.close();
  site.server.close();
});

/** Runs a function in a page beside which the package is served. */
async function inPage(act, { memory } = {}) {
  const page = await (memory === "small" ? small : browser).newPage();
  await page.route("**/blank.html", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>x</title>" }));
  await page.goto(`${site.address}blank.html`);
  const found = await page.evaluate(act);
  await page.close();
  return found;
}

test("a worker: of five calls only the two fail that did it", async () => {
  const found = await inPage(async () => {
    const { load } = await import("/pkg/worker.js");
    const good = '{"resourceType":"Basic","code":{"text":"x"}}';
    const poison = `{"resourceType":"Basic","code":{"text":"${"x".repeat(34_000_000)}"}}`;
    const careconnect = await load();
    const answers = await Promise.all([good, poison, good, poison, good].map((input) => careconnect.validate(input).then(({ valid }) => valid, ({ code }) => code)));
    careconnect.free();
    return answers;
  }, { memory: "small" });
  assert.deepEqual(found, [true, "internal-error", true, "internal-error", true]);
});

test("a worker: an aborted call gives its thread back, with the same packs and definitions", async () => {
  const found = await inPage(async () => {
    const { load } = await import("/pkg/worker.js");
    const good = '{"resourceType":"Basic","code":{"text":"x"}}';
    const definition = { resourceType: "ValueSet", url: "https://example.org/x", status: "draft", name: "x", compose: { include: [{ system: "urn:x" }] } };
    const own = () => new Worker("/pkg/worker-thread.js", { type: "module" });
    const out = [];
    for (const worker of [undefined, own]) {
      const careconnect = await load({ definitions: [definition], ...(worker && { worker }) });
      const entry = (count) => JSON.stringify({ resourceType: "Bundle", type: "collection", entry: Array(count).fill({ resource: { resourceType: "Basic", code: { text: "x" } } }) });
      // As large as takes a second here.
      let [count, took] = [5000, 0];
      while (took < 1000 && count < 100_000) {
        const started = performance.now();
        await careconnect.validate(entry((count *= 2)));
        took = performance.now() - started;
      }
      const stop = new AbortController();
      const job = careconnect.validate(entry(count), { signal: stop.signal }).catch(({ name }) => name);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const started = performance.now();
      stop.abort();
      const next = await careconnect.validate(good);
      out.push([await job, next.valid, performance.now() - started < took, (await careconnect.definitions).length]);
      careconnect.free();
    }
    return out;
  });
  assert.deepEqual(found, [["AbortError", true, true, 1], ["AbortError", true, true, 1]]);
});

test("a worker that the page made itself cannot be replaced, and goes on", async () => {
  const found = await inPage(async () => {
    const { load } = await import("/pkg/worker.js");
    const careconnect = await load({ worker: new Worker("/pkg/worker-thread.js", { type: "module" }) });
    const good = '{"resourceType":"Basic","code":{"text":"x"}}';
    const stop = new AbortController();
    const job = careconnect.validate(good, { signal: stop.signal }).catch(({ name }) => name);
    stop.abort();
    return [await job, (await careconnect.validate(good)).valid];
  });
  assert.deepEqual(found, ["AbortError", true]);
});

test("a worker whose script cannot be loaded is said", async () => {
  const found = await inPage(async () => {
    const { load } = await import("/pkg/worker.js");
    return load({ worker: () => new Worker("/nowhere.js", { type: "module" }) }).then(() => "loaded", ({ message }) => message);
  });
  assert.match(found, /worker failed/);
});

test("an element shows what failed in words, and the next as it is", async () => {
  const found = await inPage(async () => {
    await import("/pkg/element.js");
    const element = document.createElement("careconnect-resource");
    document.body.append(element);
    const shown = async (resource) => {
      const done = new Promise((resolve) => ["careconnect-display", "careconnect-error"].forEach((event) => element.addEventListener(event, resolve, { once: true })));
      element.resource = resource;
      return [(await done).type, element.shadowRoot.textContent.includes("could not be displayed")];
    };
    const good = '{"resourceType":"Basic","code":{"text":"x"}}';
    const poison = `{"resourceType":"Basic","code":{"text":"${"x".repeat(34_000_000)}"}}`;
    return [await shown(good), await shown(poison), await shown(good.replace("x", "y"))];
  }, { memory: "small" });
  assert.deepEqual(found, [["careconnect-display", false], ["careconnect-error", true], ["careconnect-display", false]]);
});
