// The same bytes in Node.js in three time zones, in Chromium in three time zones, and natively: all give the hash in
// tests/cases/same.txt, which the native test records.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { hashOf } from "./same.js";

const root = new URL("../../", import.meta.url);
const recorded = readFileSync(new URL("tests/cases/same.txt", root), "utf8").trim();
const ZONES = ["Pacific/Auckland", "America/Los_Angeles", "Europe/London"];

/** The resources of the render cases and of tests/resources, as the native test reads them. */
function resources() {
  const out = [];
  const sorted = (folder, ending) =>
    readdirSync(new URL(folder, root), { recursive: true })
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => readFileSync(new URL(folder + name, root), "utf8"));
  for (const text of sorted("tests/cases/render/", ".md")) {
    for (const part of text.split("\n```")) {
      const end = part.indexOf("\n");
      if (["json", "xml"].includes(part.slice(0, end))) out.push(part.slice(end + 1));
    }
  }
  return [...out, ...sorted("tests/resources/", ".json")];
}

test("in Node.js, in three time zones", async () => {
  const program = fileURLToPath(new URL("same.js", import.meta.url));
  for (const TZ of ZONES) {
    const env = { ...process.env, TZ, LANG: "de_DE.UTF-8" };
    const child = promisify(execFile)(process.execPath, [program], { env });
    child.child.stdin.end(JSON.stringify(resources()));
    assert.equal((await child).stdout.trim(), recorded, TZ);
  }
});

test("in Chromium, in three time zones", async () => {
  const types = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };
  const server = createServer(async ({ url }, response) => {
    const path = url === "/" ? undefined : new URL(`.${url}`, root);
    const body = path ? await readFile(path).catch(() => undefined) : "<!doctype html><title>same</title>";
    const type = types[path?.pathname.split(".").at(-1) ?? "html"] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    for (const timezoneId of ZONES) {
      const page = await (await browser.newContext({ timezoneId, locale: "de-DE" })).newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      const hash = await page.evaluate(async (inputs) => {
        const { hashOf } = await import("/tests/js/same.js");
        return hashOf(inputs);
      }, resources());
      assert.equal(hash, recorded, timezoneId);
    }
  } finally {
    await browser.close();
    server.close();
  }
});

test("here", async () => {
  assert.equal(await hashOf(resources()), recorded);
});
