// Every value of the corpora is in the text: by the renderer's own account of where each ended, and by said.js, which knows
// only what went in and what came out. Each eighth file is quick enough for every day; CARECONNECT_ALL=1 takes all of them.
// The counts are in coverage.snapshot.json; CARECONNECT_BLESS=1 writes them.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { load } from "../../pkg/index.js";
import { inBrowser, index, jsonLeaves, says } from "./said.js";
import { shared } from "./shared.js";

const careconnect = await load();
const every = process.env.CARECONNECT_ALL ? 1 : 8;
const snapshot = new URL("coverage.snapshot.json", import.meta.url);

let browser;
let page;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  page = await browser.newPage();
});

after(() => browser?.close());

/** The values of a resource; `null` where it cannot be read by what everybody reads JSON and XML with. */
async function leaves(bytes) {
  const text = bytes.toString("utf8");
  if (/^\uFEFF?\s*</.test(text)) return page.evaluate(inBrowser, { xml: text.replace(/^\uFEFF/, "") });
  let out;
  try {
    out = jsonLeaves(text);
  } catch {
    return null;
  }
  const xhtml = out.filter(({ kind }) => kind === "xhtml");
  if (xhtml.length > 0) {
    const parts = await page.evaluate(inBrowser, { divs: xhtml.map(({ value: [div] }) => div) });
    xhtml.forEach((leaf, at) => (leaf.value = parts[at]));
  }
  return out;
}

/** Both accounts of these files. */
async function account(files) {
  const counts = { files: 0, unreadable: 0, leaves: 0, shown: 0, listed: 0, technical: 0, withheld: 0, missing: 0, checked: 0, unsaid: 0 };
  const unsaid = [];
  for (const file of files) {
    const bytes = readFileSync(file);
    const coverage = careconnect.render(bytes, { as: "coverage", view: "entries" });
    counts.files += 1;
    for (const [name, count] of Object.entries(coverage.counts)) counts[name] += count;
    const found = await leaves(bytes);
    if (found === null) {
      counts.unreadable += 1;
      continue;
    }
    const text = index(careconnect.render(bytes, { as: "text", mode: "full", view: "entries" }));
    for (const leaf of found) {
      counts.checked += 1;
      if (!says(text, leaf)) {
        counts.unsaid += 1;
        unsaid.push(`${file.pathname.split("/corpus/").at(-1)} ${leaf.pointer}: ${JSON.stringify(leaf.value).slice(0, 160)}`);
      }
    }
  }
  return { counts, unsaid };
}

for (const [folder, title] of [
  ["nhs", "every value of the NHS corpus is in the text"],
  ["hl7-examples", "every value of the official examples is in the text"],
]) {
  const corpus = shared(`corpus/${folder}`);
  test(title, { skip: !corpus && "../shared is not here" }, async () => {
    const names = readdirSync(corpus, { recursive: true }).filter((name) => /\.(json|xml)$/.test(name)).sort();
    const files = names.filter((_, at) => at % every === 0).map((name) => new URL(name.split("/").map(encodeURIComponent).join("/"), corpus));
    const { counts, unsaid } = await account(files);
    const key = every === 1 ? `${folder}, all` : `${folder}, each eighth file`;
    console.log(key, JSON.stringify(counts));
    for (const line of unsaid.slice(0, 40)) console.log(`  not said: ${line}`);
    assert.equal(counts.missing, 0);
    assert.equal(counts.unsaid, 0);
    const known = existsSync(snapshot) ? JSON.parse(readFileSync(snapshot, "utf8")) : {};
    if (process.env.CARECONNECT_BLESS) {
      writeFileSync(snapshot, `${JSON.stringify({ ...known, [key]: counts }, null, 2)}\n`);
    } else {
      // Which view shows a value and which lists it may change; that it is said may not.
      for (const name of ["files", "unreadable", "leaves", "missing", "checked", "unsaid"]) {
        assert.equal(counts[name], known[key]?.[name], name);
      }
    }
  });
}

test("the check sees what is not said", () => {
  const text = index("Born 14-Jul-1945, dose 1,000 mg less than (<) 5.0, NHS number 943 476 5919, status entered in error");
  const said = (value, name = "value") => says(text, { name, value, kind: "text" });
  for (const value of ["1945-07-14", "1000", "mg", "5.0", "9434765919", "entered-in-error", "<"]) assert.ok(said(value), value);
  for (const value of ["1945-07-15", "100", "m", "5", "9434765918", "error-entered", "true"]) assert.ok(!said(value), value);
});
