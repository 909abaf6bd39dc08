// The packs come by themselves: the same verdict without asking for packs as with all of them, in Node.js and in a page, over
// the NHS's resources where they are on this machine, and over the examples of the playground.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { load } from "../../pkg/index.js";
import { shared } from "./shared.js";

const root = new URL("../../", import.meta.url);

/** Every JSON and XML file below a folder. */
function below(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => /\.(json|xml)$/.test(name));
  return names.sort().map((name) => ({ name, text: readFileSync(new URL(name.replaceAll("%", "%25").replaceAll("#", "%23"), folder), "utf8") }));
}

const nhs = shared("corpus/nhs");
const resources = [...below(new URL("www/examples/", root)), ...(nhs ? below(nhs) : [])];
const all = await load({ packs: "all" });
const expected = resources.map(({ text }) => all.validate(text).verdict);

function assertSame(verdicts, where) {
  assert.equal(verdicts.length, resources.length);
  const other = resources.filter((_, at) => verdicts[at] !== expected[at]).map(({ name }) => name);
  assert.deepEqual(other, [], `${where}: ${other.length} of ${resources.length}`);
}

test("in Node.js", async (t) => {
  t.diagnostic(`${resources.length} resources`);
  assert.ok(resources.length > 10 && new Set(expected).size > 1);
  const careconnect = await load();
  assertSame(resources.map(({ text }) => careconnect.validate(text).verdict), "Node.js");
});

test("in a page, whose worker fetches packs as they are needed", async () => {
  const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html", txt: "text/plain" };
  const fetched = new Set();
  const server = createServer(async ({ url }, response) => {
    const path = url === "/" ? undefined : new URL(`.${url}`, root);
    if (url.endsWith(".pack")) fetched.add(url.split("/").at(-1));
    const body = path ? await readFile(path).catch(() => undefined) : "<!doctype html><title>verdicts</title>";
    const type = types[path?.pathname.split(".").at(-1) ?? "html"] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.evaluate(async () => {
      const { load } = await import("/pkg/worker.js");
      globalThis.careconnect = await load();
    });
    const before = [...fetched];
    const verdicts = [];
    for (let at = 0; at < resources.length; at += 100) {
      const texts = resources.slice(at, at + 100).map(({ text }) => text);
      verdicts.push(
        ...(await page.evaluate(async (texts) => {
          const out = [];
          for (const text of texts) out.push((await globalThis.careconnect.validate(text)).verdict);
          return out;
        }, texts)),
      );
    }
    assertSame(verdicts, "the page");
    assert.ok(fetched.size > before.length, "no pack was fetched when it was needed");
  } finally {
    await browser.close();
    server.close();
  }
});
