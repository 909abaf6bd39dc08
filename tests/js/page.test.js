// The playground in a real Chromium: what a person does there, that nothing leaves the page, and that everybody can use
// it. Screenshots go to tests/js/output.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "../../www/serve.js";

const output = fileURLToPath(new URL("./output/", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const example = readFileSync(new URL("../resources/CareConnect-Patient-1.json", import.meta.url), "utf8");
const faulty = '{\n  "resourceType": "Patient",\n  "active": true,\n  "name": [],\n  "active": false\n}\n';

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 320, height: 640 };

let site;
let browser;

before(async () => {
  mkdirSync(output, { recursive: true });
  site = await serve();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  site?.server.close();
});

/** The page, open and ready, and everything that went wrong or over the network in it. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const said = [];
  const requests = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  context.on("request", (request) => requests.push(request.url()));
  await page.goto(site.address);
  await page.getByRole("status").filter({ hasText: "Nothing to check yet." }).waitFor();
  return { page, context, said, requests };
}

const editor = (page) => page.getByRole("textbox", { name: "Resource", exact: true });
const verdict = (page, text) => page.getByRole("status").filter({ hasText: text }).waitFor();

/** As a person pastes: at once, into the place that has the focus. */
async function paste(page, text) {
  await editor(page).focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
}

test("paste a resource, see its issues and its display, go to the place; nothing leaves the page", async () => {
  const { page, said, requests, context } = await open();
  const before = requests.length;
  await paste(page, faulty);
  await verdict(page, "Not valid:");
  const empty = page.getByRole("button", { name: /error.*Line 4, column 11.*'name' is an empty array/ });
  const twice = page.getByRole("button", { name: /error.*Line 5, column 3.*'active'/ });
  await twice.waitFor();
  await empty.click();
  const chosen = await editor(page).evaluate(({ value, selectionStart, selectionEnd }) =>
    value.slice(selectionStart, selectionEnd),
  );
  assert.equal(chosen, "[]");
  assert.ok(await editor(page).evaluate((area) => area === document.activeElement));

  await paste(page, example);
  await page.locator("#display").getByText(/okonkwo-hughes/i).first().waitFor();
  await page.screenshot({ path: `${output}wide.png` });
  assert.deepEqual(requests.slice(before), []);
  assert.deepEqual(said, []);
  await context.close();
});

test("what is right is said to be right", async () => {
  const { page, context } = await open();
  await paste(page, '{"resourceType": "Basic", "code": {"text": "a note"}}');
  await verdict(page, "Valid: 0 errors");
  await context.close();
});

test("a file can be dropped, and opened", async () => {
  const { page, context } = await open();
  const transfer = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "patient.json", { type: "application/json" }));
    return transfer;
  }, faulty);
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await verdict(page, "Not valid:");
  assert.equal(await editor(page).inputValue(), faulty);
  await page.locator("#file").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from(example) });
  await page.locator("#display").getByText(/okonkwo-hughes/i).first().waitFor();
  await context.close();
});

test("the check follows what is typed, and an answer that is out of date is not shown", async () => {
  const { page, context } = await open();
  const large = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: Array(3_000).fill({ search: {} }) });
  await paste(page, large);
  await paste(page, faulty);
  await page.getByRole("button", { name: /'name' is an empty array/ }).waitFor();
  await page.waitForTimeout(1_000);
  assert.equal(await page.getByRole("button", { name: /'name' is an empty array/ }).count(), 1);
  await context.close();
});

test("definitions are chosen by check boxes", async () => {
  const { page, context, said } = await open();
  await page.getByText("Definitions and profiles").click();
  assert.ok(await page.getByLabel("FHIR STU3").isDisabled());
  await page.getByLabel("GP Connect").check();
  await verdict(page, "Nothing to check yet.");
  await page.getByLabel("All", { exact: true }).check();
  assert.ok(await page.getByLabel("NEWS2").isChecked());
  await paste(page, faulty);
  await verdict(page, "Not valid:");
  await page.screenshot({ path: `${output}definitions.png` });
  assert.deepEqual(said, []);
  await context.close();
});

test("nothing active in a resource comes to life in the display", async () => {
  const { page, context } = await open();
  const attack = "<img src=x onerror=\"document.title='attacked'\"><script>document.title='attacked'</script>";
  const resource = {
    resourceType: "Patient",
    text: { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml">${attack}</div>` },
    name: [{ text: attack }],
  };
  await paste(page, JSON.stringify(resource));
  await verdict(page, /alid:/);
  await page.waitForTimeout(300);
  assert.equal(await page.title(), "CareConnect playground");
  const active = await page.locator("#display").evaluate(
    (host) => host.shadowRoot.querySelectorAll("script, [onerror], iframe, object, embed, form, a[href^='javascript']").length,
  );
  assert.equal(active, 0);
  await context.close();
});

test("everything works by keyboard", async () => {
  const { page, context } = await open();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the resource");
  const reached = [];
  for (let i = 0; i < 5; i += 1) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.id || document.activeElement.tagName));
  }
  assert.deepEqual(reached, ["file", "example", "TEXTAREA", "SUMMARY", "display"]);
  await page.locator("#example").focus();
  await page.keyboard.press("Enter");
  await verdict(page, /alid:/);
  await paste(page, faulty);
  await verdict(page, "Not valid:");
  const issue = page.locator("#issues button").first();
  await issue.waitFor();
  await issue.focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "TEXTAREA");
  await context.close();
});

for (const colorScheme of ["light", "dark"]) {
  for (const [name, viewport] of [
    ["wide", WIDE],
    ["narrow", NARROW],
  ]) {
    test(`WCAG 2.2 AA by axe-core: ${colorScheme}, ${name}`, async () => {
      const { page, context } = await open({ colorScheme, viewport, reducedMotion: "reduce" });
      await page.getByText("Definitions and profiles").click();
      for (const [state, text] of [
        ["faulty", faulty],
        ["example", example],
      ]) {
        await paste(page, text);
        await verdict(page, /alid:/);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() =>
          window.axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          }),
        );
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        assert.deepEqual(found, []);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wider <= 0, `the page is ${wider} px wider than the window`);
        await page.screenshot({ path: `${output}${colorScheme}-${name}-${state}.png`, fullPage: name === "narrow" });
      }
      await context.close();
    });
  }
}
