// The page's budget by numbers: bytes before the first interaction, time to the first verdict, and the longest task of the
// main thread while somebody types in a record of 4 MB. It prints them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { example, open, paste, site, verdict } from "./page.js";

const dist = fileURLToPath(new URL("../../www/dist/", import.meta.url));
const gzip = (url) => gzipSync(readFileSync(dist + (new URL(url).pathname.slice(1) || "index.html")), { level: 9 }).length;

// The goal is 1,000,000 bytes, which the core has outgrown as gzip. Until it is smaller, it may not grow further.
const MOST = 1_160_000;

test("the first load stays within its budget before packs", async () => {
  const { page, requests, context } = await open();
  const own = [...new Set(requests)].filter((url) => url.startsWith(site.address) && !url.endsWith("sw.js"));
  const sum = (urls) => urls.reduce((total, url) => total + gzip(url), 0);
  const packs = own.filter((url) => url.endsWith(".pack"));
  const rest = own.filter((url) => !url.endsWith(".pack"));
  console.log(`before the first interaction: ${(sum(rest) / 1024).toFixed(0)} KB compressed (${rest.length} files), packs ${(sum(packs) / 1024).toFixed(0)} KB`);
  assert.ok(sum(rest) < MOST, `${sum(rest)} bytes`);
  const start = Date.now();
  await paste(page, example("patient.json"));
  await verdict(page, "Valid:");
  console.log(`from pasting to the verdict: ${Date.now() - start} ms, of which 200 are the wait for the next key`);
  await context.close();
});

test("typing in a record of 4 MB never waits", async () => {
  const { page, context } = await open();
  const one = JSON.stringify(JSON.parse(example("medication-request.json")), undefined, 2);
  const entries = Array.from({ length: Math.ceil(4_000_000 / one.length) }, () => ({ resource: JSON.parse(one) }));
  const record = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: entries }, undefined, 2);
  await page.locator("#file").setInputFiles({ name: "record.json", mimeType: "application/json", buffer: Buffer.from(record) });
  await verdict(page, /alid:/);
  await page.waitForTimeout(2_000);
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: "longtask" });
  });
  await page.getByRole("textbox", { name: "Resource", exact: true }).focus();
  await page.keyboard.press("Control+Home");
  for (let i = 0; i < 12; i += 1) await page.keyboard.type(" ", { delay: 120 });
  await page.waitForTimeout(4_000);
  const longest = await page.evaluate(() => window.longest);
  console.log(`${(record.length / 1e6).toFixed(1)} MB: the longest task while typing: ${longest.toFixed(0)} ms (0: none over 50)`);
  assert.ok(longest < 150, `${longest} ms`);
  await context.close();
});
