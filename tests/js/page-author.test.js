// Authoring in the page: a profile by its form and by its JSON, tried on the resource, compared in words, and given away as a package.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { load } from "../../pkg/index.js";
import { tarEntries } from "../../pkg/fhir-package.js";
import { example, go, open, output, paste, verdict } from "./page.js";

const definition = (page) => page.evaluate(() => document.getElementById("definition").shadowRoot.querySelector(".cm-content").innerText);
const inForce = (page) => page.locator("#definition-status").filter({ hasText: "The definition: Valid" }).waitFor();
const choose = async (page, id) => {
  await page.locator(`#elements [data-id="${id}"]`).click();
  await page.locator("#element-form h3").filter({ hasText: new RegExp(`^${id.replace(/[.[\]]/g, "\\$&")}$`) }).waitFor();
};

/** What the element of the JSON beside the form says, once it says something that fits. */
async function element(page, id, fits) {
  for (let turn = 0; turn < 200; turn += 1) {
    try {
      const found = JSON.parse(await definition(page)).differential.element.find((one) => one.id === id);
      if (fits(found)) return found;
    } catch {
      // It is being written.
    }
    await page.waitForTimeout(50);
  }
  assert.fail(`${id}: ${await definition(page)}`);
}

test("a profile is made by its form, has an effect at once, and is given away as a package", async () => {
  const { page, context, said } = await open({ viewport: { width: 1440, height: 1400 } });
  await paste(page, example("patient.json"));
  await verdict(page, "Valid:");
  await go(page, "Author");
  await page.getByRole("button", { name: "New profile" }).click();
  await inForce(page);
  // The resource is checked by it as soon as that is asked for.
  await page.getByRole("button", { name: "Check the resource by this profile" }).click();
  await page.locator("#resource-status").filter({ hasText: "The resource: Valid" }).waitFor();
  await choose(page, "Patient.photo");
  await page.getByLabel("At least").fill("1");
  await page.getByLabel("At least").press("Tab");
  assert.equal((await element(page, "Patient.photo", (one) => one?.min === 1)).path, "Patient.photo");
  await page.locator("#resource-issues").getByText(/'photo' is missing/).waitFor();
  await page.screenshot({ path: `${output}journey-form.png` });
  // A slice, and an invariant that is tried before it is added.
  await choose(page, "Patient.identifier");
  await page.getByLabel("Name", { exact: true }).fill("passport");
  await page.getByRole("button", { name: "Add the slice" }).click();
  assert.equal((await element(page, "Patient.identifier:passport", Boolean)).sliceName, "passport");
  await page.locator('#elements [data-id="Patient.identifier:passport"]').waitFor();
  await choose(page, "Patient.birthDate");
  await page.getByLabel("Key").fill("old-1");
  await page.getByLabel("In words").fill("Born before 1900");
  await page.getByLabel("Expression (FHIRPath)").fill("$this < @1900-01-01");
  await page.getByRole("button", { name: "Try it on the resource" }).click();
  await page.getByText("It does not hold for 1 of 1: Patient.birthDate").waitFor();
  await page.getByLabel("Expression (FHIRPath)").fill("$this > @1900-01-01");
  await page.getByRole("button", { name: "Try it on the resource" }).click();
  await page.getByText("It holds for the one of the resource.").waitFor();
  await page.getByRole("button", { name: "Add the invariant" }).click();
  assert.deepEqual((await element(page, "Patient.birthDate", (one) => one?.constraint)).constraint, [
    { key: "old-1", severity: "error", human: "Born before 1900", expression: "$this > @1900-01-01" },
  ]);
  await choose(page, "Patient.gender");
  await page.getByLabel("Binding").selectOption("required");
  await page.getByLabel("Value set").fill("http://hl7.org/fhir/ValueSet/administrative-gender");
  await page.getByLabel("Value set").press("Tab");
  await element(page, "Patient.gender", (one) => one?.binding?.valueSetReference?.reference === "http://hl7.org/fhir/ValueSet/administrative-gender");
  // Elements stand in the order of the snapshot.
  const ids = JSON.parse(await definition(page)).differential.element.map(({ id }) => id);
  // The identifiers have slices already, so that nothing new is said of what tells them apart.
  assert.deepEqual(ids, ["Patient.identifier:passport", "Patient.gender", "Patient.birthDate", "Patient.photo"]);
  await inForce(page);
  await choose(page, "Patient.gender");
  await page.getByRole("button", { name: "Say nothing of it here" }).click();
  await page.waitForFunction(() => !document.getElementById("definition").shadowRoot.querySelector(".cm-content").innerText.includes("Patient.gender"));
  await inForce(page);
  // The package has the snapshot, and other tools take it: this one does.
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as a package" }).click();
  const file = await (await downloading).path();
  const entries = [...tarEntries(gunzipSync(readFileSync(file)))].map(({ name, read }) => [name, JSON.parse(Buffer.from(read()).toString())]);
  assert.deepEqual(entries.map(([name]) => name), ["package/package.json", "package/StructureDefinition-My-Patient.json"]);
  const [, [, made]] = entries;
  const core = await load({ definitions: [JSON.stringify(made)] });
  assert.deepEqual(core.definitions[0].issues, []);
  assert.deepEqual(core.validate(JSON.stringify(made)).issues.filter(({ severity }) => severity === "error"), []);
  const passport = made.snapshot.element.find(({ id }) => id === "Patient.identifier:passport");
  assert.deepEqual([passport.path, passport.sliceName, passport.min], ["Patient.identifier", "passport", 0]);
  assert.ok(made.snapshot.element.length > 100);
  // A definition with this snapshot and no differential says the same of each element.
  const bare = await load({ definitions: [JSON.stringify({ ...made, differential: undefined })] });
  assert.deepEqual(bare.profile(made.url)?.element, core.profile(made.url)?.element);
  assert.deepEqual(said, []);
  await context.close();
});

test("what a profile changes is said in words, and what it leaves is folded", async () => {
  const { page, context } = await open({ hash: "#profile/https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1" });
  const says = async (id, words) => page.locator("#profile .differences > li").filter({ has: page.getByRole("link", { name: id, exact: true }) }).getByText(words).first().waitFor();
  await says("Patient.identifier:nhsNumber.system", "must be there (before: may be left out)");
  await says("Patient.identifier:nhsNumber.system", 'always "https://fhir.nhs.uk/Id/nhs-number"');
  await says("Patient.animal", "must not be there (before: at most one)");
  await says("Patient.gender", "only codes of CareConnect-AdministrativeGender-1 (before: only codes of administrative-gender)");
  await says("Patient.contact.organization", "Reference to CareConnect-Organization-1 (before: Reference to Organization)");
  assert.doesNotMatch(await page.locator("#profile .differences").innerText(), /[{}]/);
  await page.getByRole("tab", { name: "All elements" }).click();
  await page.locator("#profile .element").first().waitFor();
  assert.equal(await page.locator("#profile .element[open] .element[open]").count(), 0);
  await context.close();
});

test("by keyboard alone: author, check", async () => {
  const { page, context } = await open();
  await paste(page, example("patient.json"));
  await verdict(page, "Valid:");
  const tabTo = async (wanted) => {
    for (let i = 0; i < 80; i += 1) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim())) === wanted) return;
    }
    assert.fail(`Tab does not come to ${wanted}`);
  };
  await page.locator("#views").getByRole("link", { name: "Check" }).focus();
  await tabTo("Author");
  await page.keyboard.press("Enter");
  await page.locator("#new-definition").waitFor();
  await tabTo("new-definition");
  await page.keyboard.press("Enter");
  await inForce(page);
  await page.locator("#elements [data-id]").first().waitFor();
  await tabTo("elements");
  for (let i = 0; i < 400; i += 1) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement.dataset?.id)) === "Patient.photo") break;
  }
  await page.keyboard.press("Enter");
  await page.locator("#element-form h3").filter({ hasText: "Patient.photo" }).waitFor();
  await tabTo("form-min");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("1");
  await page.keyboard.press("Tab");
  await element(page, "Patient.photo", (one) => one?.min === 1);
  await inForce(page);
  await tabTo("check-by-it");
  await page.keyboard.press("Enter");
  await page.locator("#resource-issues").getByText(/'photo' is missing/).waitFor();
  await context.close();
});

test("completion has first what begins with what is typed, and what is asked for before what is allowed", async () => {
  const { page, context } = await open();
  const offered = async (typed) => {
    await paste(page, '{\n  "resourceType": "Observation",\n  \n}');
    await verdict(page, /(Valid|Invalid):/);
    await page.keyboard.press("Control+End");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("End");
    if (typed) await page.keyboard.type(typed);
    else await page.keyboard.press("Control+Space");
    await page.locator("#source .cm-tooltip-autocomplete li").first().waitFor();
    await page.waitForTimeout(300);
    return page.locator("#source .cm-tooltip-autocomplete li .cm-completionLabel").allInnerTexts();
  };
  assert.deepEqual((await offered("")).slice(0, 2).toSorted(), ["code", "status"]);
  const some = await offered('"co');
  const begin = some.filter((label) => label.startsWith("co"));
  assert.deepEqual(some.slice(0, begin.length), begin);
  assert.equal(some[0], "code");
  const values = await offered('"su');
  assert.equal(values[0], "subject");
  await context.close();
});
