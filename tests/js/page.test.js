// The playground in a real Chromium: the journeys of those who come to try, learn and show. Nothing leaves the page.
// Screenshots go to tests/js/output.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { serve } from "../../www/serve.js";
import { drop, editor, example, go, kept, network, open, output, pane, paste, site, verdict, VERDICT } from "./page.js";

const faulty = example("faulty-quick-fixes.json");

test("a faulty Patient becomes valid by quick fixes, and nothing leaves the page", async () => {
  const { page, said, requests, context } = await open();
  await kept(page);
  const sent = network(requests);
  await paste(page, faulty);
  await verdict(page, "Invalid: 7 errors");
  await page.screenshot({ path: `${output}journey-fixes-before.png` });
  await page.getByRole("button", { name: "Remove 'colour'" }).click();
  await verdict(page, "Invalid: 6 errors");
  await page.getByRole("button", { name: "Change to '1980-02-13'" }).click();
  await verdict(page, "Invalid: 5 errors");
  for (let i = 0; i < 5 && (await page.locator("#fix-all").isVisible()); i += 1) {
    await page.locator("#fix-all").click();
    await page.waitForTimeout(700);
  }
  await verdict(page, "Valid: no errors");
  const text = await page.evaluate(() => document.getElementById("source").shadowRoot.querySelector(".cm-content").innerText);
  const patient = JSON.parse(text);
  assert.deepEqual(patient.name, [{ use: "official", family: "Rhys", given: ["Anwen"] }]);
  assert.equal(patient.deceasedBoolean, false);
  await page.screenshot({ path: `${output}journey-fixes-after.png` });
  assert.deepEqual(sent(), []);
  assert.deepEqual(said, []);
  await context.close();
});

test("an issue leads to its place, its rule and the element of its profile", async () => {
  const { page, context, said } = await open();
  await paste(page, example("faulty-slice.json"));
  await verdict(page, "Invalid:");
  await page.getByRole("button", { name: /At most|at most 1 of the slice/ }).first().click();
  const chosen = await page.evaluate(() => document.getElementById("source").shadowRoot.getSelection?.()?.toString() ?? getSelection().toString());
  assert.match(chosen, /9990000018|identifier|\{/);
  await page.getByText("About slice-max").first().click();
  await page.locator(".more[open]").getByRole("link", { name: "Patient.identifier:nhsNumber", exact: true }).first().click();
  await page.locator("#profile .chosen").waitFor();
  assert.match(await page.locator("#profile .chosen").first().innerText(), /nhsNumber/);
  await page.screenshot({ path: `${output}profile.png` });
  assert.deepEqual(said, []);
  await context.close();
});

test("a profile with a new slice is enforced as it is written, and its own faults are said", async () => {
  const { page, context, said } = await open();
  await paste(page, example("patient.json"));
  await verdict(page, "Valid:");
  await go(page, "Author");
  await page.getByRole("button", { name: "New profile" }).click();
  const profile = {
    resourceType: "StructureDefinition",
    url: "https://example.org/StructureDefinition/My-Patient",
    name: "My-Patient",
    status: "draft",
    kind: "resource",
    abstract: false,
    type: "Patient",
    baseDefinition: "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1",
    derivation: "constraint",
    differential: {
      element: [
        { id: "Patient.identifier:passport", path: "Patient.identifier", sliceName: "passport", min: 1, max: "1" },
        { id: "Patient.identifier:passport.system", path: "Patient.identifier.system", min: 1, fixedUri: "https://example.org/passport" },
      ],
    },
  };
  await paste(page, JSON.stringify(profile, undefined, 2), page.getByRole("textbox", { name: "Definition", exact: true }));
  await page.locator("#definition-status").filter({ hasText: "The definition: Valid" }).waitFor();
  await go(page, "Check");
  const own = JSON.parse(example("patient.json"));
  own.meta.profile = [profile.url];
  await paste(page, JSON.stringify(own, undefined, 2));
  await page.getByRole("button", { name: /at least 1 of the slice '[^']*passport'/ }).waitFor();
  await go(page, "Author");
  await page.locator("#resource-issues").getByText(/at least 1 of the slice '[^']*passport'/).waitFor();
  await page.screenshot({ path: `${output}journey-author.png` });
  profile.differential.element[1].path = "Patient.identifier.sistem";
  await paste(page, JSON.stringify(profile, undefined, 2), page.getByRole("textbox", { name: "Definition", exact: true }));
  await page.locator("#definition-issues").getByText(/no element 'sistem'/).waitFor();
  assert.deepEqual(said, []);
  await context.close();
});

test("from a value of a discharge document to its source", async () => {
  const { page, context, said } = await open();
  await page.locator("#example").selectOption("toc-ecd.json");
  // What could not be checked is part of the verdict.
  await verdict(page, /^Not fully checked: .*No errors in the rest\.$/);
  const value = page.locator("#display").getByText("Asthma", { exact: false }).first();
  await value.waitFor();
  // A letter keeps what is coded folded, below the author's text.
  const coded = page.locator("#display tr[data-pointer='/entry/5/resource']").last();
  await page.locator("#display details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  const pointed = coded.locator("dd[data-pointer*='/code']").filter({ hasText: "Asthma" }).last();
  await pointed.hover();
  await page.locator("#source .cm-shown").first().waitFor();
  await page.screenshot({ path: `${output}journey-document.png` });
  await pointed.click();
  // The place is asked of the worker first.
  const hasFocus = () => editor(page).evaluate(async (box) => {
    const isFocused = () => box.getRootNode().activeElement === box;
    for (let turn = 0; turn < 200 && !isFocused(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    return isFocused();
  });
  assert.ok(await hasFocus());
  // Where each value ended is the same way to its source, by keyboard too.
  await pane(page, "output");
  await page.locator("#output-as").selectOption("coverage");
  await page.locator("#output").getByText(/^All of the \d+ values are displayed/).waitFor();
  await page.locator("#output").getByRole("button", { name: "Bundle.entry[0].resource.title" }).press("Enter");
  await page.locator("#source .cm-content").getByText(/"title"/).first().waitFor();
  assert.ok(await hasFocus());
  await page.screenshot({ path: `${output}journey-coverage.png` });
  // What is kept from patients says why.
  const secret = { resourceType: "Flag", meta: { security: [{ system: "http://hl7.org/fhir/v3/ActCode", code: "NOPAT" }] }, status: "active" };
  await paste(page, JSON.stringify(secret));
  await pane(page, "display");
  await page.locator("#display-audience").selectOption("patient");
  await pane(page, "output");
  await page.locator("#output").getByText("Of 3 values, 0 are displayed.").waitFor();
  const row = page.locator("#output tr").filter({ hasText: "Flag.status" });
  assert.match(await row.innerText(), /active\s+not to be disclosed to the patient/);
  assert.deepEqual(said, []);
  await context.close();
});

/** A FHIR package with one profile, as a .tgz. */
function fhirPackage() {
  const profile = {
    resourceType: "StructureDefinition",
    url: "https://example.org/StructureDefinition/Package-Patient",
    name: "Package-Patient",
    status: "active",
    kind: "resource",
    abstract: false,
    type: "Patient",
    baseDefinition: "http://hl7.org/fhir/StructureDefinition/Patient",
    derivation: "constraint",
    differential: { element: [{ id: "Patient.photo", path: "Patient.photo", min: 1 }] },
  };
  const content = Buffer.from(JSON.stringify(profile));
  const header = Buffer.alloc(512);
  header.write("package/StructureDefinition-Package-Patient.json", 0);
  header.write("0000644\0", 100);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\0", 257);
  header.write("00", 263);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
  return gzipSync(Buffer.concat([header, content, Buffer.alloc(512 - (content.length % 512)), Buffer.alloc(1024)]));
}

test("a FHIR package is dropped, and a resource is checked by it", async () => {
  const { page, context, said } = await open();
  await paste(page, '{ "resourceType": "Patient", "active": true }');
  await verdict(page, "Valid:");
  await drop(page, [{ name: "my.package.tgz", bytes: [...fhirPackage()] }]);
  await page.locator("#definition-list").getByRole("button", { name: "Package-Patient", exact: true }).waitFor();
  await go(page, "Settings");
  await page.locator("#profiles").fill("https://example.org/StructureDefinition/Package-Patient");
  await go(page, "Check");
  await page.getByRole("button", { name: /'photo' is missing/ }).waitFor();
  await page.screenshot({ path: `${output}journey-package.png` });
  assert.deepEqual(said, []);
  await context.close();
});

test("a batch of 200 files gives a table, and each of them opens", async () => {
  const { page, context, said } = await open();
  const good = example("patient.json");
  const files = Array.from({ length: 200 }, (_, i) => ({
    name: `${String(i).padStart(3, "0")}.json`,
    text: i % 10 === 3 ? faulty : good,
  }));
  await drop(page, files);
  await page.locator("#batch-status").filter({ hasText: "200 files: 180 valid, 20 invalid" }).waitFor({ timeout: 60_000 });
  assert.equal(await page.locator("#batch-rows tr").count(), 200);
  await page.screenshot({ path: `${output}journey-batch.png` });
  await page.getByRole("button", { name: "003.json" }).click();
  await verdict(page, "Invalid: 7 errors");
  // A file is checked by the profiles that it names, also by those that were not chosen.
  const unknown = example("toc-ecd.json").replace('"type": "document"', '"type": "collection"');
  await drop(page, [{ name: "a.json", text: unknown }, { name: "b.json", text: good }]);
  await page.locator("#batch-status").filter({ hasText: "2 files: 1 valid, 1 invalid" }).waitFor();
  assert.deepEqual(said, []);
  await context.close();
});

test("everything works without a network", async () => {
  const { page, context } = await open();
  await kept(page);
  await context.setOffline(true);
  await page.waitForTimeout(600);
  await page.reload();
  await verdict(page, "Nothing to check yet");
  await page.locator("#example").selectOption("medication-request.json");
  await verdict(page, VERDICT);
  await page.locator("#display").getByText(/paracetamol/i).first().waitFor();
  await page.screenshot({ path: `${output}journey-offline.png` });
  await context.close();
});

test("an NHS number whose digits do not check has a hint, and its rule is documented", async () => {
  const { page, context, requests, said } = await open();
  await kept(page);
  const sent = network(requests);
  await page.locator("#example").selectOption("faulty-nhs-number.json");
  await verdict(page, "Invalid: 1 error");
  await page.getByText(/The check digit of its first nine digits would be 8\. Any of the ten may be the wrong one/).waitFor();
  assert.equal(await page.locator("#issues .fix").count(), 0);
  // The same under the pointer, with what the rule is about.
  await page.locator("#source .cm-lintRange-error").hover();
  const tip = page.locator("#source .cm-tooltip-lint");
  await tip.getByText(/would be 8/).waitFor();
  await tip.getByText(/The last digit of an NHS number checks the nine before it/).waitFor();
  await page.screenshot({ path: `${output}journey-hint.png` });
  await tip.getByRole("button", { name: "Rule nhs-number-check-digit" }).click();
  await page.locator("#rule").getByRole("heading", { name: "nhs-number-check-digit" }).waitFor();
  await page.locator("#rule ins").first().waitFor();
  await page.screenshot({ path: `${output}journey-rule.png` });
  assert.equal(new URL(page.url()).hash, "#rule/nhs-number-check-digit");
  await page.locator("#rule").getByRole("button", { name: "Open it in the first view" }).click();
  await page.locator("#issues").getByText("About nhs-number-check-digit").click();
  await page.locator("#issues").getByRole("link", { name: /^Documentation of nhs-number-check-digit/ }).click();
  await page.locator("#rule pre").first().waitFor();
  assert.deepEqual(sent(), []);
  assert.deepEqual(said, []);
  await context.close();
  // The address of a rule leads to it.
  const other = await open({ hash: "#rule/slice-min" });
  await other.page.locator("#rule").getByRole("heading", { name: "slice-min" }).waitFor();
  await other.context.close();
});

test("packs show how much of them has come, and say so once", async () => {
  // As a slow network would: packs come in pieces, and everything else at once.
  const slow = createServer(async (request, response) => {
    if (!request.url.endsWith(".pack")) return site.server.emit("request", request, response);
    const bytes = Buffer.from(await (await fetch(site.address + request.url.slice(1))).arrayBuffer());
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length });
    for (let at = 0; at < bytes.length; at += 100_000) {
      response.write(bytes.subarray(at, at + 100_000));
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    response.end();
  });
  await new Promise((resolve) => slow.listen(0, "127.0.0.1", resolve));
  const { page, context } = await open({ address: `http://127.0.0.1:${slow.address().port}/`, wait: false });
  const loading = page.locator("#loading");
  await loading.waitFor();
  // What is said of the example that the page opens with is there before.
  await verdict(page, "Invalid: 7 errors");
  const value = () => loading.locator("progress").evaluate((bar) => bar.value / bar.max);
  const first = await value();
  assert.ok(first < 1, `${first}`);
  await page.screenshot({ path: `${output}journey-progress.png` });
  await page.waitForFunction((first) => {
    const bar = document.querySelector("#loading progress");
    return bar.value / bar.max > first;
  }, first);
  // What is announced is not said again with each piece.
  assert.equal(await page.locator("[role=status], [aria-live]").filter({ hasText: /MB/ }).count(), 0);
  await verdict(page, "Invalid: 7 errors");
  await loading.waitFor({ state: "hidden" });
  await page.locator("#example").selectOption("toc-ecd.json");
  await verdict(page, /^Loading/);
  await loading.waitFor();
  await verdict(page, VERDICT);
  await loading.waitFor({ state: "hidden" });
  await context.close();
  slow.close();
});

test("a page that is open stays whole when a new version is published", async () => {
  const folder = mkdtempSync(join(tmpdir(), "careconnect-"));
  cpSync(fileURLToPath(new URL("../../www/dist/", import.meta.url)), folder, { recursive: true });
  const { server, address } = await serve(0, folder);
  const { page, context, said } = await open({ address });
  await kept(page);
  // The next version has other names: what this page has not loaded yet is gone from the server.
  const chunk = readdirSync(join(folder, "assets")).find((name) => /^profiles-.*\.js$/.test(name));
  rmSync(join(folder, "assets", chunk));
  const worker = readFileSync(join(folder, "sw.js"), "utf8");
  const next = worker.replace(/const VERSION = "[^"]*"/, 'const VERSION = "next"').replace(`"./assets/${chunk}",`, "");
  assert.notEqual(next, worker);
  writeFileSync(join(folder, "sw.js"), next);
  rmSync(join(folder, "sw.js.br"));
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const { active } = registration;
    await registration.update();
    const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
    while (!registration.waiting && registration.active === active) await pause();
    // Were it in force already, it would have let go of the old version by now.
    while (!registration.waiting && registration.active.state !== "activated") await pause();
  });
  await go(page, "Profiles");
  await page.locator("#profile-list a").first().waitFor();
  assert.deepEqual(said, []);
  await context.close();
  server.close();
  rmSync(folder, { recursive: true });
});

test("what is shared is in the fragment alone, and comes back", async () => {
  const { page, context } = await open();
  await paste(page, faulty);
  await verdict(page, "Invalid:");
  await page.locator("#share").click();
  // The state is packed before the address is there.
  while (!(await page.locator("#share-address").inputValue())) await page.waitForTimeout(20);
  const address = new URL(await page.locator("#share-address").inputValue());
  assert.equal(address.search, "");
  assert.ok(!decodeURIComponent(address.href).includes("Anwen"));
  await context.close();
  const other = await open({ hash: address.hash });
  await verdict(other.page, "Invalid: 7 errors");
  assert.deepEqual(other.requests.filter((url) => url.includes("#1.") && !url.startsWith(site.address)), []);
  await other.context.close();
});

test("completion, conversion, outline, FHIRPath, value sets and two versions compared, without a request", async () => {
  const { page, context, said, requests } = await open();
  await kept(page);
  const sent = network(requests);
  await paste(page, '{\n  "resourceType": "Patient",\n  \n}');
  await verdict(page, VERDICT);
  await page.keyboard.press("Control+End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("End");
  await page.keyboard.type('"gen');
  await page.locator("#source .cm-tooltip-autocomplete li").first().waitFor();
  assert.match(await page.locator("#source .cm-tooltip-autocomplete li").first().innerText(), /gender/);
  await page.screenshot({ path: `${output}completion.png` });
  await paste(page, example("observation.json"));
  await verdict(page, VERDICT);
  await page.getByRole("button", { name: "Compare with this version" }).click();
  await paste(page, example("observation.json").replace("142", "151"));
  await page.locator("#display").getByText(/151/).first().waitFor();
  await page.getByRole("button", { name: "Stop comparing" }).click();
  await page.locator("#to-xml").click();
  await page.locator("#source").getByText("<Observation").first().waitFor();
  await verdict(page, VERDICT);
  await page.locator("#to-json").click();
  await verdict(page, VERDICT);
  await page.getByText("Outline", { exact: true }).click();
  await page.locator("#outline").getByRole("button", { name: "status: final" }).click();
  await go(page, "FHIRPath");
  await page.locator("#expression").fill("Observation.value.as(Quantity).value");
  await page.locator("#fhirpath-results").getByText("151").waitFor();
  await page.locator("#expression").fill("Observation.value.");
  await page.locator("#fhirpath-results .wrong").waitFor();
  await page.screenshot({ path: `${output}fhirpath.png` });
  await go(page, "Value sets");
  await page.locator("#set-search").fill("administrative-gender");
  await page.locator("#set-list").getByRole("link", { name: /gender/i }).first().click();
  await page.locator("#code-search").fill("fem");
  await page.locator("#set").getByText("female", { exact: true }).waitFor();
  await go(page, "Profiles");
  await page.locator("#profile-search").fill("careconnect-encounter");
  await page.getByRole("link", { name: "CareConnect-Encounter-1", exact: true }).click();
  await page.getByRole("link", { name: "Compare it with what it is derived from" }).click();
  await page.locator("#comparison li").first().waitFor();
  await page.screenshot({ path: `${output}compare.png` });
  await page.getByRole("button", { name: "Start a resource from it" }).click();
  await verdict(page, "Valid:");
  assert.deepEqual(sent(), []);
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
  await verdict(page, VERDICT);
  await page.waitForTimeout(500);
  assert.equal(await page.title(), "CareConnect playground");
  const active = await page.locator("#display").evaluate(
    (host) => host.shadowRoot.querySelectorAll("script, [onerror], iframe, object, embed, form, a[href^='javascript']").length,
  );
  assert.equal(active, 0);
  await context.close();
});

test("a journey by keyboard alone", async () => {
  const { page, context } = await open({ empty: false });
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  const focus = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  const tabTo = async (wanted) => {
    for (let i = 0; i < 60; i += 1) {
      await page.keyboard.press("Tab");
      if ((await focus()) === wanted) return;
    }
    assert.fail(`Tab does not come to ${wanted}`);
  };
  await tabTo("example");
  await page.locator("#example").press("F");
  await page.locator("#example").selectOption("faulty-quick-fixes.json");
  await page.locator("#issues").getByText("colour").first().waitFor();
  await tabTo("source");
  await page.keyboard.press("F8");
  await page.keyboard.press("Alt+Enter");
  await verdict(page, "Invalid: 6 errors");
  await tabTo("fix-all");
  for (let i = 0; i < 5 && (await page.locator("#fix-all").isVisible()); i += 1) {
    await page.locator("#fix-all").press("Enter");
    await page.waitForTimeout(700);
  }
  await verdict(page, "Valid:");
  // The fixes have left the focus in the editor; from there to another view, a profile in it, and a resource made from it.
  await tabTo("display-as");
  await page.locator("#views").getByRole("link", { name: "Check" }).focus();
  await tabTo("Profiles");
  await page.keyboard.press("Enter");
  await tabTo("profile-search");
  await page.keyboard.type("careconnect-flag");
  await page.locator("#profile-count").filter({ hasText: /^1 definition$/ }).waitFor();
  await tabTo("CareConnect-Flag-1");
  await page.keyboard.press("Enter");
  await page.locator("#profile .differences li").first().waitFor();
  await tabTo("Start a resource from it");
  await page.keyboard.press("Enter");
  await verdict(page, "Valid:");
  assert.equal(await focus(), "source");
  await context.close();
});
