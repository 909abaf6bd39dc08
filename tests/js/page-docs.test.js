// The documentation as a site: every link leads somewhere, each rule has its page, the search finds it, all of it works without a network,
// and axe finds nothing, light and dark, wide and narrow.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { browser, NARROW, output, site, violations, WIDE } from "./page.js";

const dist = fileURLToPath(new URL("../../www/dist/docs/", import.meta.url));
const rules = JSON.parse(readFileSync(new URL("../../pkg/dist/rules.json", import.meta.url))).map(({ rule }) => rule);
const pages = readdirSync(dist, { recursive: true }).map((name) => name.replaceAll("\\", "/")).filter((name) => name.endsWith(".html"));
const text = new Map(pages.map((name) => [name, readFileSync(join(dist, name), "utf8")]));

test("each rule has its page, and what each page says of it is what the package says", () => {
  for (const rule of rules) assert.ok(text.get(`rules/${rule}.html`)?.includes(`<h1 id="${rule}">`), rule);
  assert.equal(pages.filter((name) => name.startsWith("rules/")).length, rules.length + 1);
});

test("whatever is in docs/ has a page", () => {
  const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
  const titles = [...text.values()].map((html) => /<h1 id="[^"]*">([^]*?)<\/h1>/.exec(html)?.[1]);
  for (const name of readdirSync(docs, { recursive: true }).filter((name) => name.endsWith(".md") && name !== "rules.md")) {
    const title = /^# (.*)$/m.exec(readFileSync(join(docs, name), "utf8"))[1];
    assert.ok(titles.includes(title), name);
  }
});

test("every link and image leads to what is there", () => {
  const wrong = [];
  for (const [name, html] of text) {
    for (const [, address] of html.matchAll(/(?:href|src|data-index)="([^"]*)"/g)) {
      if (/^https?:/.test(address)) continue;
      const [path, fragment] = address.split("#");
      const file = path === "" ? join(dist, name) : join(dist, dirname(name), path);
      const found = existsSync(file) && statSync(file).isDirectory() ? join(file, "index.html") : file;
      if (!existsSync(found)) wrong.push(`${name}: ${address}`);
      else if (fragment && !readFileSync(found, "utf8").includes(`id="${fragment}"`)) wrong.push(`${name}: ${address} has no such place`);
    }
    assert.doesNotMatch(html, /(?:src|data-index)="https?:|<script(?![^>]*src=)|\sstyle="|\son\w+="/, name);
  }
  assert.deepEqual(wrong, []);
});

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  const said = [];
  const outside = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  context.on("request", (request) => request.url().startsWith(site.address) || outside.push(request.url()));
  await page.goto(`${site.address}docs/${path}`);
  return { page, context, said, outside };
}

for (const colorScheme of ["light", "dark"]) {
  for (const [name, viewport] of [["wide", WIDE], ["narrow", NARROW]]) {
    test(`axe finds nothing, and nothing is wider than the window: ${colorScheme}, ${name}`, async () => {
      const { page, context, said, outside } = await open("index.html", { colorScheme, viewport });
      const found = [];
      for (const path of pages.filter((name) => !name.startsWith("rules/")).concat("rules/index.html", "rules/nhs-number-check-digit.html", "rules/json-syntax.html")) {
        await page.goto(`${site.address}docs/${path}`);
        found.push(...(await violations(page)).map((line) => `${path}: ${line}`));
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wider > 0) found.push(`${path}: ${wider} px wider than the window`);
        if (["index.html", "serve.html", "rules/json-syntax.html"].includes(path)) await page.screenshot({ path: `${output}docs-${colorScheme}-${name}-${path.replace("/", "-")}.png` });
      }
      assert.deepEqual(found, []);
      assert.deepEqual(said, []);
      assert.deepEqual(outside, []);
      await context.close();
    });
  }
}

test("the search finds a rule by its code and its words, with the keyboard alone", async () => {
  const { page, context, said } = await open("serve.html");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  const field = page.getByLabel("Search the documentation");
  await field.focus();
  await page.keyboard.type("check digit");
  const first = page.locator("#found a").first();
  await first.waitFor();
  assert.match(await page.locator("#found").innerText(), /nhs-number-check-digit/);
  await field.fill("empty-array");
  await page.locator("#found a", { hasText: /^empty-array$/ }).waitFor();
  assert.equal(await first.innerText(), "empty-array");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(/docs\/rules\/empty-array\.html$/);
  await page.getByLabel("Search the documentation").fill("no-such-word-anywhere");
  await page.getByText("Nothing has 'no-such-word-anywhere'.").waitFor();
  assert.deepEqual(said, []);
  await context.close();
});

test("whoever has read one page has all of them without a network, the search too", async () => {
  const { page, context } = await open("index.html");
  const all = await page.evaluate(() => fetch(document.querySelector("script[data-index]").dataset.index).then((response) => response.json()));
  assert.equal(all.pages.length, pages.length);
  const kept = () =>
    page.evaluate(async () => {
      const urls = [];
      for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) urls.push(url);
      return urls.filter((url) => url.includes("/docs/") && /\.(html|json)$/.test(url)).length;
    });
  for (let tries = 0; tries < 300 && (await kept()) <= pages.length; tries++) await page.waitForTimeout(200);
  assert.equal(await kept(), pages.length + 1);
  await context.setOffline(true);
  await page.goto(`${site.address}docs/rules/empty-array.html`);
  assert.equal(await page.locator("h1").innerText(), "empty-array");
  await page.getByLabel("Search the documentation").fill("Retry-After");
  await page.locator("#found a", { hasText: "What it answers" }).first().waitFor();
  await context.close();
});
