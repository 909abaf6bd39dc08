// How soon the page says something on a slow line, for a browser that has nothing of it yet. The line is made here, where all of
// the page's requests share it, as Chromium slows down those of the page but not those of its workers. It prints the times; what
// does not depend on the machine is how many bytes go over the line before.

import assert from "node:assert/strict";
import { createServer, get } from "node:http";
import { after, test } from "node:test";
import { browser, example, paste, site, verdict } from "./page.js";

/** Bits a second, how long the first verdict may take in milliseconds, and how soon a request is answered. */
const LINES = [
  { name: "1.6 Mbit/s", rate: 1_600_000, latency: 150, most: 6_000 },
  { name: "10 Mbit/s", rate: 10_000_000, latency: 40, most: 1_500 },
];

/** What may go over the line until the first verdict, in bytes, what has begun by then being counted as far as it came. */
const MOST = 160_000;
/** What may go over it until the core has checked the resource itself. */
const MOST_OF_THE_CORE = 1_650_000;

const figures = [];
after(() => console.log(["The page on a slow line:", ...figures.map((line) => `  ${line}`)].join("\n")));

const PIECE = 4_096;

/** The site behind a line that everything shares. `sent()` is how many bytes of bodies have gone over it. */
async function slow({ rate, latency }) {
  let free = 0;
  let sent = 0;
  const turn = async (bytes) => {
    const now = performance.now();
    free = Math.max(free, now) + (bytes * 8_000) / rate;
    if (free - now > 1) await new Promise((resolve) => setTimeout(resolve, free - now));
  };
  const server = createServer((request, response) => {
    get(new URL(request.url, site.address), { headers: { "accept-encoding": request.headers["accept-encoding"] ?? "" } }, async (answer) => {
      const parts = [];
      for await (const part of answer) parts.push(part);
      const body = Buffer.concat(parts);
      await new Promise((resolve) => setTimeout(resolve, latency));
      response.writeHead(answer.statusCode, answer.headers);
      for (let at = 0; at < body.length && !response.destroyed; at += PIECE) {
        const piece = body.subarray(at, at + PIECE);
        await turn(piece.length);
        response.write(piece);
        sent += piece.length;
      }
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, address: `http://127.0.0.1:${server.address().port}/`, sent: () => sent };
}

/** In the page, before anything of it: notes when the line about the resource is first there, and when the core has checked. */
function watch() {
  const observer = new MutationObserver(() => {
    if (!/^(Valid|Invalid|Not fully checked):/.test(document.getElementById("status")?.textContent ?? "")) return;
    globalThis.firstVerdict = performance.now();
    observer.disconnect();
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
}

for (const { name, rate, latency, most } of LINES) {
  test(`the first verdict at ${name}`, async () => {
    const { server, address, sent } = await slow({ rate, latency });
    const context = await browser.newContext({ serviceWorkers: "block" });
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(address, { waitUntil: "commit" });
    await page.waitForFunction(() => globalThis.firstVerdict, undefined, { timeout: 60_000, polling: 20 });
    const bytes = sent();
    const first = await page.evaluate(() => globalThis.firstVerdict);
    await page.waitForFunction(() => performance.getEntriesByName("checked").length > 0, undefined, { timeout: 60_000, polling: 20 });
    const all = sent();
    const own = await page.evaluate(() => performance.getEntriesByName("checked")[0].startTime);
    const start = performance.now();
    await paste(page, example("patient.json"));
    await verdict(page, "Valid:");
    const ms = (value) => `${Math.round(value).toLocaleString("en-GB")} ms`;
    figures.push(`${name}: the first verdict after ${ms(first)} (${bytes.toLocaleString("en-GB")} bytes), the core's own after ${ms(own)} (${all.toLocaleString("en-GB")} bytes), of what is pasted then ${ms(performance.now() - start)} later`);
    assert.ok(bytes <= MOST, `${bytes} bytes until the first verdict`);
    assert.ok(all <= MOST_OF_THE_CORE, `${all} bytes until the core has checked`);
    assert.ok(first <= most, `${first} ms until the first verdict`);
    await context.close();
    server.close();
    server.closeAllConnections();
  });
}
