// The page as a workbench: what somebody sees who comes for the first time, addresses, going back, reloading, settings, widths.
// In every view nothing is cut off without a sign, and no space is left blank below: measured.

import assert from "node:assert/strict";
import { test } from "node:test";
import { drop, editor, example, go, kept, open as openEmpty, output, pane, paste, site, verdict } from "./page.js";

const LAPTOP = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 640 };
const TABLET = { width: 768, height: 1024 };

const open = (options) => openEmpty({ empty: false, ...options });

const text = (page) => page.evaluate(() => document.getElementById("source").shadowRoot.querySelector(".cm-content").innerText);
const inWindow = (locator) =>
  locator.evaluate((element) => {
    const { top, left, bottom, right, width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
  });

/** What stands outside of the box that clips it, where that cannot be scrolled to; and how much of the window is left blank below. */
const misplaced = (page) =>
  page.evaluate(() => {
    const found = [];
    const scrolls = (style, axis) => /auto|scroll/.test(style[`overflow${axis}`]);
    for (const element of document.querySelectorAll("body *")) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (box.width === 0 || box.height === 0 || style.visibility === "hidden" || element.closest(".hidden, .skip, dialog, option")) continue;
      if (style.clipPath !== "none" || element.closest("[hidden]")) continue;
      // Text that its own box cuts off, without a sign that there is more.
      if (style.overflowX === "hidden" && style.textOverflow === "clip" && element.scrollWidth > element.clientWidth + 1 && !element.shadowRoot) found.push(`${element.tagName}#${element.id}.${element.className}: cut off`);
      let canX = false;
      let canY = false;
      for (let outer = element.parentElement; outer; outer = outer.parentElement) {
        const own = getComputedStyle(outer);
        const around = outer.getBoundingClientRect();
        const [x, y] = [scrolls(own, "X"), scrolls(own, "Y")];
        canX ||= x;
        canY ||= y;
        if (own.clipPath !== "none") break;
        if (!canX && (own.overflowX !== "visible" || outer === document.body) && (box.left < around.left - 1 || box.right > around.right + 1)) found.push(`${element.tagName}#${element.id}.${element.className}: beyond the sides of ${outer.tagName}#${outer.id}`);
        if (!canY && own.overflowY !== "visible" && (box.top < around.top - 1 || box.bottom > around.bottom + 1)) found.push(`${element.tagName}#${element.id}.${element.className}: above or below ${outer.tagName}#${outer.id}`);
      }
    }
    const view = [...document.querySelectorAll(".view")].find((one) => !one.hidden);
    const below = innerHeight - view.getBoundingClientRect().bottom;
    if (Math.abs(below) > 10) found.push(`${Math.round(below)} px below the view`);
    for (const part of view.querySelectorAll(":scope > section")) {
      const { height, bottom } = part.getBoundingClientRect();
      if (height > 0 && !/auto|scroll/.test(getComputedStyle(view).overflowY) && Math.abs(innerHeight - bottom) > 14) found.push(`${Math.round(innerHeight - bottom)} px below ${part.id || part.className || part.getAttribute("aria-labelledby")}`);
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the window");
    if (document.documentElement.scrollHeight > innerHeight) found.push("higher than the window");
    return [...new Set(found)];
  });

test("whoever comes first sees faults, their places and the display at once, or one tap away", async () => {
  const wide = await open({ viewport: LAPTOP });
  await verdict(wide.page, "Invalid: 7 errors");
  const parts = ["#status", "#issues .issue >> nth=0", "#fix-all", "#issues .issue >> nth=3"];
  await wide.page.locator("#issues .issue").first().waitFor();
  for (const part of parts) assert.ok(await inWindow(wide.page.locator(part)), part);
  assert.ok(await inWindow(wide.page.locator("#display").getByText("RHYS, Anwen (Ms)").first()));
  assert.ok(await inWindow(wide.page.locator("#source .cm-lintRange-error").first()));
  assert.equal(await wide.page.locator("#issues .issue").count(), 7);
  assert.deepEqual(wide.said, []);
  await wide.context.close();
  const phone = await open({ viewport: PHONE });
  await verdict(phone.page, "Invalid: 7 errors");
  assert.ok(await inWindow(phone.page.locator("#status")));
  for (const [tab, what] of [
    [/^Issues \(7\)$/, "#issues .issue >> nth=0"],
    ["Display", "#display h2 >> nth=0"],
    ["Output", "#output pre >> nth=0"],
    ["Resource", "#source"],
  ]) {
    await phone.page.locator("#panes").getByRole("tab", { name: tab }).click();
    await phone.page.locator(what).waitFor();
    assert.deepEqual(await misplaced(phone.page), []);
  }
  // An issue leads to its place.
  await pane(phone.page, "issues");
  await phone.page.locator("#issues .issue").nth(2).click();
  await phone.page.locator("#source").waitFor();
  // Its line may go on beyond the side of the editor, which scrolls.
  const { top, bottom } = await phone.page.locator("#source .cm-activeLine").evaluate((line) => line.getBoundingClientRect());
  assert.ok(top > 100 && bottom < PHONE.height, `${top} to ${bottom}`);
  await phone.context.close();
});

for (const [name, viewport] of Object.entries({ "1280": LAPTOP, "768": TABLET, "360": PHONE })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`nothing is cut off, and nothing is blank below: ${name} px, ${colorScheme}`, async () => {
      const { page, context, said } = await open({ viewport, colorScheme, reducedMotion: "reduce" });
      await verdict(page, "Invalid: 7 errors");
      const found = [];
      const look = async (view) => {
        await page.waitForTimeout(150);
        found.push(...(await misplaced(page)).map((line) => `${view}: ${line}`));
        await page.screenshot({ path: `${output}view-${name}-${colorScheme}-${view}.png` });
      };
      for (const part of ["source", "issues", "display", "output"]) {
        await pane(page, part);
        await look(part);
      }
      await page.locator("#example").selectOption("toc-ecd.json", { force: true });
      await verdict(page, "Not fully checked:");
      await pane(page, "display");
      await page.locator("#display-contents").waitFor();
      await look("document");
      for (const [view, hash, ready] of [
        ["profiles", "#profile/https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1", "#profile .differences li"],
        ["compare", "#compare/http://hl7.org/fhir/StructureDefinition/Patient?with=https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1", "#comparison li"],
        ["author", "#author", "#new-definition"],
        ["fhirpath", "#fhirpath", "#expression"],
        ["value-sets", "#value-set/http://hl7.org/fhir/ValueSet/administrative-gender", "#set h3"],
        ["rules", "#rule/nhs-number-check-digit", "#rule ins"],
        ["settings", "#settings", "#severity-rules option"],
      ]) {
        await page.evaluate((hash) => (location.hash = hash), hash);
        await page.locator(ready).first().waitFor({ state: "attached" });
        await look(view);
      }
      await go(page, "Author");
      await page.getByRole("button", { name: "New profile" }).click();
      await page.locator("#definition-status").filter({ hasText: "The definition:" }).waitFor();
      await look("author-open");
      await drop(page, ["patient.json", "faulty-slice.json"].map((name) => ({ name, text: example(name) })));
      await page.locator("#batch-status").filter({ hasText: "2 files: 1 valid, 1 invalid" }).waitFor();
      await look("batch");
      assert.deepEqual(found, []);
      assert.deepEqual(said, []);
      await context.close();
    });
  }
}

test("everything has an address, and going back and reloading lose nothing", async () => {
  const { page, context, said } = await open();
  await verdict(page, "Invalid: 7 errors");
  const changed = example("patient.json").replace('"Rhys"', '"Kept"');
  await paste(page, changed);
  await verdict(page, "Valid:");
  await page.locator("#issues details").filter({ hasText: "Checked by" });
  await page.getByText("Checked by", { exact: true }).click();
  await page.locator("#checked-by").getByRole("link", { name: /CareConnect-Patient-1/ }).click();
  await page.locator("#profile h3").filter({ hasText: "CareConnect-Patient-1" }).waitFor();
  assert.match(page.url(), /#profile\/https:\/\/fhir\.hl7\.org\.uk\/STU3\/StructureDefinition\/CareConnect-Patient-1/);
  assert.match(await page.title(), /^CareConnect-Patient-1 – Profiles – /);
  await page.evaluate(() => (location.hash = "#profile/https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1?element=Patient.identifier:nhsNumber"));
  await page.locator("#profile .chosen").filter({ hasText: "nhsNumber" }).waitFor();
  await page.evaluate(() => (location.hash = "#value-set/http://hl7.org/fhir/ValueSet/administrative-gender"));
  await page.locator("#set h3").waitFor();
  await page.goBack();
  await page.locator("#profile .chosen").filter({ hasText: "nhsNumber" }).waitFor();
  // Reloaded where it is, then back to the first view.
  await page.waitForTimeout(700);
  await page.reload();
  await page.locator("#profile .chosen").filter({ hasText: "nhsNumber" }).waitFor();
  await page.goBack();
  await page.goBack();
  await verdict(page, "Valid:");
  assert.match(await text(page), /"Kept"/);
  // What was just typed is kept by leaving, without a wait.
  await editor(page).press("Control+End");
  await page.keyboard.type(" ");
  await page.reload();
  await verdict(page, "Valid:");
  assert.match(await text(page), /"Kept"/);
  assert.ok(!decodeURIComponent(page.url()).includes("Kept"));
  assert.deepEqual(said, []);
  // Another tab has none of it, and the same tab nothing once keeping is off.
  const other = await context.newPage();
  await other.goto(site.address);
  await verdict(other, "Invalid: 7 errors");
  await go(page, "Settings");
  await page.getByLabel(/Keep what is open here/).uncheck();
  assert.deepEqual(await page.evaluate(() => [...Object.keys(sessionStorage), ...Object.keys(localStorage)]), ["careconnect-keep"]);
  await go(page, "Check");
  await page.reload();
  await verdict(page, "Invalid: 7 errors");
  assert.doesNotMatch(await text(page), /"Kept"/);
  await context.close();
});

test("a record of 4 MB is kept over a reload", async () => {
  const { page, context } = await open();
  const one = JSON.parse(example("medication-request.json"));
  const entries = Array.from({ length: Math.ceil(4_000_000 / JSON.stringify(one, undefined, 2).length) }, () => ({ resource: one }));
  const record = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: entries }, undefined, 2);
  await page.locator("#file").setInputFiles({ name: "record.json", mimeType: "application/json", buffer: Buffer.from(record) });
  await page.locator("#display").getByText("This record is long").waitFor();
  await page.waitForFunction(() => !sessionStorage.getItem("careconnect-open")?.startsWith("{"));
  await page.reload();
  await page.locator("#display").getByText("This record is long").waitFor();
  await context.close();
});

test("settings change what is said, are said of, and stay", async () => {
  const { page, context } = await open();
  await paste(page, example("faulty-nhs-number.json"));
  await verdict(page, "Invalid: 1 error");
  await go(page, "Settings");
  await page.getByLabel("Rule", { exact: true }).fill("nhs-number-check-digit");
  await page.locator("#add-severity").getByLabel("is").selectOption("warning");
  await page.getByRole("button", { name: "Add" }).click();
  await page.locator("#severities").getByText("is a warning").waitFor();
  await page.getByLabel("Language").selectOption("cy");
  await page.waitForTimeout(600);
  await go(page, "Check");
  await verdict(page, "Valid: no errors, 1 warning");
  await page.getByRole("link", { name: "2 settings changed" }).waitFor();
  await page.locator("#display").getByText("Rhif GIG", { exact: true }).waitFor();
  await page.reload();
  await verdict(page, "Valid: no errors, 1 warning");
  await page.getByRole("link", { name: "2 settings changed" }).click();
  await page.getByRole("button", { name: "Reset nhs-number-check-digit" }).click();
  await go(page, "Check");
  await verdict(page, "Invalid: 1 error");
  await context.close();
});

test("the parts are made wider and narrower by keyboard and pointer", async () => {
  const { page, context } = await open({ viewport: LAPTOP });
  const width = (part) => page.locator(part).evaluate((element) => element.getBoundingClientRect().width);
  const [first, middle] = [await width("#pane-source"), await width("#pane-issues")];
  const divider = page.getByRole("separator", { name: "Width of the resource" });
  const value = Number(await divider.getAttribute("aria-valuenow"));
  await divider.press("ArrowRight");
  await divider.press("ArrowRight");
  assert.equal(Number(await divider.getAttribute("aria-valuenow")), value + 4);
  assert.ok((await width("#pane-source")) > first + 30);
  await divider.press("Home");
  assert.equal(await divider.getAttribute("aria-valuenow"), await divider.getAttribute("aria-valuemin"));
  await divider.press("End");
  assert.equal(await divider.getAttribute("aria-valuenow"), await divider.getAttribute("aria-valuemax"));
  assert.ok((await width("#pane-issues")) > 200);
  const other = page.getByRole("separator", { name: "Width of the issues" });
  const box = await other.boundingBox();
  await page.mouse.move(box.x + 4, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x - 60, box.y + 200, { steps: 4 });
  await page.mouse.up();
  assert.ok((await width("#pane-issues")) < middle);
  await context.close();
});

test("definitions are fetched ahead, and then everything is checked without a network", async () => {
  const { page, context } = await open();
  await kept(page);
  await page.reload();
  await go(page, "Settings");
  await page.getByRole("button", { name: "Fetch all for use without a network" }).click();
  await page.getByText("All definitions are here").waitFor();
  await context.setOffline(true);
  await go(page, "Check");
  await page.locator("#example").selectOption("toc-ecd.json");
  await verdict(page, "Not fully checked:");
  await page.locator("#display").getByText("Emergency care discharge summary").first().waitFor();
  await context.close();
});

test("a document's contents stand at its side and lead to their places", async () => {
  const { page, context } = await open();
  await page.locator("#example").selectOption("toc-ecd.json");
  await verdict(page, "Not fully checked:");
  await page.locator("#display").getByText("Emergency care discharge summary").first().waitFor();
  await page.waitForTimeout(500);
  if (!(await page.locator("#display-contents nav").isVisible())) await page.locator("#display-contents summary").click();
  await page.locator("#display-contents").getByRole("button", { name: /^Medicines/ }).first().click();
  assert.ok(await inWindow(page.locator("#display h3").filter({ hasText: /^Medicines/ }).first()));
  // Links of the display itself lead there too, and the page's address stays.
  const before = page.url();
  await page.locator("#display .cc-index a").filter({ hasText: "Appendix" }).click();
  await page.waitForTimeout(200);
  assert.ok(await inWindow(page.locator("#display h3").filter({ hasText: /^Appendix/ }).first()));
  assert.equal(page.url(), before);
  await context.close();
});

test("a redacted copy has none of the patient's particulars, and a link says how long it is", async () => {
  const { page, context } = await open();
  await pane(page, "output");
  await page.locator("#output-as").selectOption("redacted");
  await page.locator("#output pre").filter({ hasText: "resourceType" }).waitFor();
  const copy = await page.locator("#output pre").innerText();
  for (const particular of ["Rhys", "Anwen", "Harbour Terrace", "Whitby", "YO99 3ZZ", "12/03/1974"]) assert.ok(!copy.includes(particular), particular);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByText(/^The address is [\d,]+ characters long\./).waitFor();
  const said = Number(/([\d,]+) characters/.exec(await page.locator("#share-size").innerText())[1].replace(",", ""));
  assert.equal(said, (await page.locator("#share-address").inputValue()).length);
  await context.close();
});

test("by keyboard alone: paste, fix, display", async () => {
  const { page, context } = await open({ viewport: LAPTOP });
  const tabTo = async (wanted) => {
    for (let i = 0; i < 60; i += 1) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim())) === wanted) return;
    }
    assert.fail(`Tab does not come to ${wanted}`);
  };
  await tabTo("source");
  await paste(page, example("faulty-quick-fixes.json"));
  await page.locator("#issues").getByText("colour").first().waitFor();
  await tabTo("fix-all");
  for (let i = 0; i < 5 && (await page.locator("#fix-all").isVisible()); i += 1) {
    await page.locator("#fix-all").press("Enter");
    await page.waitForTimeout(700);
  }
  await verdict(page, "Valid:");
  await tabTo("Display");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Output");
  await page.keyboard.press("ArrowLeft");
  await tabTo("display");
  await page.locator("#display").getByText("RHYS, Anwen").first().waitFor();
  await context.close();
});

test("fixes made together leave out what is a choice, as on the command line", async () => {
  const { page, context } = await open();
  await paste(page, '{ "resourceType": "Patient", "gender": "male", "gender": "female", "active": "true" }');
  await verdict(page, "Invalid: 2 errors");
  await page.getByRole("button", { name: "Apply safe fixes" }).click();
  await page.locator("#issues").getByText(/boolean in JSON/).waitFor({ state: "detached" });
  assert.match(await text(page), /"male", "gender": "female", "active": true/);
  assert.equal(await page.locator("#fix-all").isVisible(), false);
  assert.ok((await page.locator("#issues .fix").count()) > 0);
  await context.close();
});
