// Pages and fragments in a real Chromium: a page for each type that has a view, and the richest ones in every mode and for
// every audience. axe finds nothing, nothing is cut off at 320 pixels, a keyboard reaches what scrolls, print opens what is
// folded, and the page's own policy lets its style through and nothing else. Screenshots go to tests/js/output.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { load } from "../../pkg/index.js";
import { shared } from "./shared.js";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const output = fileURLToPath(new URL("./output/", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const careconnect = await load();
const snapshot = new URL("display.snapshot.json", import.meta.url);

/** The types that have a view of their own, and one that has none. */
const TYPES = `AllergyIntolerance Appointment AppointmentResponse Bundle CarePlan CareTeam Communication CommunicationRequest
Composition Condition Consent DiagnosticReport DocumentManifest DocumentReference Encounter EpisodeOfCare
FamilyMemberHistory Flag Goal HealthcareService Immunization List Location Medication MedicationAdministration
MedicationDispense MedicationRequest MedicationStatement MessageHeader Observation OperationOutcome Organization Patient
Practitioner PractitionerRole Procedure ProcedureRequest Questionnaire QuestionnaireResponse ReferralRequest RelatedPerson
Schedule Slot Specimen Task Zebra`.split(/\s+/);

/** A resource of a type, with a little of everything that a display has a form for. */
function made(resourceType) {
  const concept = { text: "Something", coding: [{ system: "http://snomed.info/sct", code: "22298006", display: "Another thing" }] };
  const quantity = { value: 1234.5, comparator: "<", unit: "mg/L", system: "http://unitsofmeasure.org", code: "mg/L" };
  return {
    resourceType,
    id: "one",
    meta: { versionId: "2", lastUpdated: "2020-01-02T03:04:05+00:00" },
    text: {
      status: "additional",
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><h1>Title</h1><h4>Part</h4><p hidden="hidden">Seen again</p><table border="1"
        width="900"><tr><th>Drug</th><th>Dose</th></tr><tr><td>${"Amoxicillin ".repeat(8)}</td><td>500 mg</td></tr></table>
        <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="/><a href="https://nhs.uk/"></a></div>`,
    },
    identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9434765919" }, { use: "old", value: "X".repeat(60) }],
    status: "unknown",
    code: concept,
    category: [concept],
    name: [{ use: "official", family: "Featherstonehaugh-Cholmondeley", given: ["Wilhelmina", "Maximiliana"], prefix: ["Mrs"] }],
    birthDate: "1945-07-14",
    date: "2018-03-24T14:30:00+00:00",
    telecom: [{ system: "phone", value: "07700 900123", use: "mobile" }, { system: "url", value: "https://www.nhs.uk/" }],
    address: [{ line: ["1 Long Lane"], city: "Leeds", postalCode: "LS1 4HY" }],
    valueQuantity: quantity,
    component: [1, 2, 3].map(() => ({ code: concept, valueQuantity: quantity, interpretation: concept })),
    note: [{ authorString: "A. Nurse", time: "2018-03-24", text: "A remark\nof two lines" }],
    subject: { display: "Somebody" },
    extension: [{ url: "https://example.org/unknown", valueString: "A value" }],
    modifierExtension: [{ url: "https://example.org/unlike", valueBoolean: true }],
    item: [{ linkId: "1", text: "Any pain?", answer: [{ valueBoolean: true }], item: [{ linkId: "1.1", text: "Where?" }] }],
    section: [{ title: "Allergies", code: concept, text: { status: "generated", div: "<div><p>None known</p></div>" }, mode: "changes" }],
    entry: [{ item: { display: "An item" }, deleted: true }],
    contained: [{ resourceType: "Condition", id: "c", verificationStatus: "entered-in-error", code: concept }],
    issue: [{ severity: "error", code: "invalid", diagnostics: "Something is wrong" }],
  };
}

const cases = readdirSync(new URL("../cases/render/", import.meta.url)).map((name) => {
  const [, , content] = /^```(json|xml)\n([^]*?)^```$/m.exec(read(`../cases/render/${name}`)) ?? [];
  return [name.replace(".md", ""), content];
});

let browser;

before(async () => {
  mkdirSync(output, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});

after(() => browser?.close());

/** Opens pages as a server would give them, one after the other, and hears what goes wrong in them. */
async function viewer(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const said = [];
  const asked = [];
  let html = "";
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url !== "http://display.test/") asked.push(url);
    return route.fulfill({ contentType: "text/html; charset=utf-8", body: url === "http://display.test/" ? html : "" });
  });
  const show = async (next) => {
    html = next;
    await page.goto("http://display.test/");
  };
  return { page, context, said, asked, show };
}

/** What axe finds on the page: every rule, those of good practice too. */
async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 2).join(" ")}`);
}

/** Each page of the test: its name and its HTML. */
function* pages(few = false) {
  if (few) {
    for (const type of ["Patient", "Observation", "Composition"]) yield [type, careconnect.render(made(type), { as: "page" })];
    return;
  }
  for (const type of TYPES) yield [type, careconnect.render(made(type), { as: "page" })];
  for (const [name, content] of cases) yield [name, careconnect.render(content, { as: "page" })];
  for (const type of ["Patient", "Observation", "MedicationRequest", "Composition", "Questionnaire"]) {
    for (const audience of ["clinical", "patient"]) {
      for (const mode of ["summary", "standard", "full", "diff"]) {
        const against = mode === "diff" ? JSON.stringify({ ...made(type), status: "final", note: [] }) : undefined;
        const language = audience === "patient" ? "cy" : "en-GB";
        const options = { as: "page", audience, mode, language, against, asOf: "2026-02-28" };
        yield [`${type} ${audience} ${mode} ${language}`, careconnect.render(made(type), options)];
      }
    }
  }
}

test("every page passes axe", async () => {
  const counts = { pages: 0, violations: 0 };
  for (const colorScheme of ["light", "dark"]) {
    const { page, context, said, asked, show } = await viewer({ colorScheme });
    const wrong = [];
    // Dark pages differ in their colours alone.
    for (const [name, html] of pages(colorScheme === "dark")) {
      await show(html);
      const found = await violations(page);
      counts.pages += 1;
      counts.violations += found.length;
      wrong.push(...found.map((what) => `${name} (${colorScheme}): ${what}`));
    }
    await context.close();
    assert.deepEqual(wrong.slice(0, 12), []);
    assert.deepEqual(said, [], "the page's policy lets its own style through");
    assert.deepEqual(asked, [], "nothing is loaded");
  }
  console.log("axe", JSON.stringify(counts));
  if (process.env.CARECONNECT_BLESS) writeFileSync(snapshot, `${JSON.stringify(counts, null, 2)}\n`);
  else assert.deepEqual(counts, existsSync(snapshot) ? JSON.parse(readFileSync(snapshot, "utf8")) : {});
});

test("axe sees what is wrong", async () => {
  const { page, context, show } = await viewer();
  await show(careconnect.render(made("Patient"), { as: "page" }));
  await page.evaluate(() => {
    const main = document.querySelector("main");
    main.insertAdjacentHTML("beforeend", '<img src="data:,"><p style="color:#bbb;background:#fff">pale</p><dl><p>x</p></dl>');
    document.documentElement.lang = "";
  });
  const found = (await violations(page)).map((what) => what.split(":")[0]);
  for (const rule of ["image-alt", "color-contrast", "definition-list", "html-has-lang"]) assert.ok(found.includes(rule), found.join());
  await context.close();
});

test("nothing is cut off at 320 pixels", async () => {
  const { page, context, show } = await viewer({ viewport: { width: 320, height: 640 } });
  for (const [name, html] of pages()) {
    await show(html);
    const wide = await page.evaluate(() => {
      const scrolls = (element) => element.closest(".careconnect-scroll, .careconnect-received");
      const hidden = (element) => element.closest(".nhsuk-u-visually-hidden, .skip");
      const out = [...document.querySelectorAll("main *")].filter(
        (element) => element.getBoundingClientRect().right > 321 && !scrolls(element) && !hidden(element),
      );
      return [document.documentElement.scrollWidth, ...out.slice(0, 3).map((element) => element.outerHTML.slice(0, 200))];
    });
    assert.deepEqual(wide, [320], name);
  }
  for (const type of ["Patient", "Observation", "Composition"]) {
    await show(careconnect.render(made(type), { as: "page" }));
    await page.screenshot({ path: `${output}page-320-${type}.png`, fullPage: true });
  }
  // The user's own text spacing (WCAG 1.4.12) cuts nothing off either.
  await show(careconnect.render(made("Patient"), { as: "page" }));
  await page.evaluate(() => {
    for (const element of document.querySelectorAll("*")) {
      element.style.cssText += "line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important";
    }
  });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await context.close();
});

test("the page's policy names its own style", () => {
  const html = careconnect.render(made("Patient"), { as: "page" });
  const [, style] = /<style>([^]*?)<\/style>/.exec(html);
  const hash = `sha256-${createHash("sha256").update(style).digest("base64")}`;
  assert.ok(html.includes(`style-src-elem '${hash}'`), `STYLE_HASH has to be ${hash}`);
  assert.ok(!/<script|unsafe-eval|script-src/.test(html));
  assert.ok(style.endsWith(read("../../src/render/display.css")), "the package's file is the page's style");
});

test("a page has what a keyboard, a screen reader and a printer need", async () => {
  const { page, context, show } = await viewer();
  await show(careconnect.render(made("Observation"), { as: "page" }));
  assert.equal(await page.locator("h1").count(), 1);
  assert.equal(await page.locator("main#maincontent").count(), 1);
  assert.equal(await page.locator("html").getAttribute("lang"), "en-GB");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  const reached = new Set();
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.className || document.activeElement.localName));
  }
  assert.ok(reached.has("careconnect-scroll"), [...reached].join());
  assert.ok(reached.has("careconnect-received"), [...reached].join());
  const time = page.locator("time").first();
  assert.match(await time.getAttribute("datetime"), /^\d{4}/);
  const long = await page.locator("time .nhsuk-u-visually-hidden").allTextContents();
  assert.ok(long.some((text) => text.startsWith("24 March 2018")), long.join());
  await page.screenshot({ path: `${output}page-Observation.png`, fullPage: true });
  await show(careconnect.render(made("Patient"), { as: "page", audience: "patient" }));
  await page.screenshot({ path: `${output}page-Patient.png`, fullPage: true });

  // A record in error is folded on the screen, and open on paper.
  const folded = { resourceType: "Condition", verificationStatus: "entered-in-error", code: { text: "Measles" } };
  await show(careconnect.render(folded, { as: "page" }));
  const value = page.locator("details dd", { hasText: "Measles" }).first();
  const height = () => value.evaluate((element) => (element.checkVisibility() ? element.getBoundingClientRect().height : 0));
  assert.equal(await height(), 0);
  await page.emulateMedia({ media: "print" });
  assert.ok((await height()) > 0, "print shows what is folded");
  await page.screenshot({ path: `${output}page-print.png`, fullPage: true });
  await page.emulateMedia({ media: "screen", forcedColors: "active" });
  const border = page.locator(".nhsuk-warning-callout").first();
  assert.equal(await border.evaluate((element) => getComputedStyle(element).borderTopWidth), "2px");
  await page.screenshot({ path: `${output}page-forced-colours.png`, fullPage: true });
  await context.close();
});

test("a fragment looks the same in a shadow root, and passes axe there", async () => {
  const { page, context, said, show } = await viewer();
  await show('<!DOCTYPE html><html lang="en"><title>EPR</title><main><h1>EPR</h1><div id="host"></div></main>');
  await page.evaluate(
    ([css, html]) => {
      const root = document.getElementById("host").attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
      root.innerHTML = html;
    },
    [read("../../pkg/dist/careconnect.css"), careconnect.render(made("Observation"), { as: "fragment" })],
  );
  assert.equal(await page.locator("#host .nhsuk-summary-list__row").first().evaluate((row) => getComputedStyle(row).display), "grid");
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(said, []);
  await context.close();
});

test("pages of real documents pass axe", { skip: !shared("corpus/nhs") && "../shared is not here" }, async () => {
  const corpus = shared("corpus/nhs");
  const names = readdirSync(corpus, { recursive: true }).filter((name) => /\.(json|xml)$/.test(name)).sort();
  const { page, context, asked, show } = await viewer();
  const wrong = [];
  // Each sixtieth, so that every family has some.
  for (const name of names.filter((_, at) => at % 60 === 0)) {
    const bytes = readFileSync(new URL(name.split("/").map(encodeURIComponent).join("/"), corpus));
    if (bytes.length > 300_000) continue;
    await show(careconnect.render(bytes, { as: "page" }));
    wrong.push(...(await violations(page)).map((what) => `${name}: ${what}`));
  }
  assert.deepEqual(wrong.slice(0, 12), []);
  assert.deepEqual(asked, []);
  await context.close();
});
