// What the playground's address brings: nothing in it takes the place of official definitions unasked, and nothing that is
// damaged leaves the page dead.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { dated } from "./profiles.js";
import { open } from "./page.js";

const patient = '{"resourceType":"Patient","gender":"sometimes"}';
const fragment = (data) => `#1.${deflateRawSync(JSON.stringify(data)).toString("base64url")}`;
const says = (page, text) => page.locator("#status").filter({ hasText: text }).waitFor();

/** A value set of HL7's own address, in which every gender is right. */
const genders = JSON.stringify({
  resourceType: "ValueSet",
  url: "http://hl7.org/fhir/ValueSet/administrative-gender",
  name: "AdministrativeGender",
  status: "active",
  compose: { include: [{ system: "http://hl7.org/fhir/administrative-gender", concept: [{ code: "sometimes" }] }] },
});

test("a link asks before it replaces official definitions", async () => {
  const bundled = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: [{ resource: JSON.parse(genders) }] });
  for (const definition of [genders, bundled, `\uFEFF${genders}`]) {
    const { page, context, said } = await open({ hash: fragment({ text: patient, definitions: [{ name: "genders", text: definition }] }) });
    const dialog = page.getByRole("dialog", { name: "Definitions in place of official ones" });
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /genders: in place of http:\/\/hl7\.org\/fhir\/ValueSet\/administrative-gender/);
    await says(page, /^Invalid: 1 error/);
    await dialog.getByRole("button", { name: "Leave them out" }).click();
    assert.match(await page.locator("#status").innerText(), /^Invalid: 1 error/);
    assert.doesNotMatch(await page.locator("#status").innerText(), /in place of/);
    assert.deepEqual(said, []);
    await context.close();
  }
});

test("the verdict says which official definitions had no part in it", async () => {
  const { page, context } = await open({ hash: fragment({ text: patient, definitions: [{ name: "genders", text: genders }] }) });
  await page.getByRole("button", { name: "Use them" }).click();
  await says(page, /(Valid|checked): .* Checked by definitions of your own in place of the official administrative-gender\./);
  await context.close();
});

test("definitions whose names nobody else has come without a question", async () => {
  const { page, context } = await open({ hash: fragment({ text: patient, definitions: [{ name: "dated", text: dated() }] }) });
  await says(page, /^Invalid:/);
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.locator('#views [data-view="settings"]').click();
  await page.locator("#own-definitions").filter({ hasText: "1 of your own" }).waitFor();
  await page.locator('#views [data-view="check"]').click();
  assert.doesNotMatch(await page.locator("#status").innerText(), /in place of/);
  await context.close();
});

const bomb = `#1.${deflateRawSync(Buffer.alloc(100 << 20, 0x20)).toString("base64url")}`;

for (const [what, hash] of [
  ["no base64", "#1.@@@@"],
  ["nothing", "#1."],
  ["no deflated data", "#1.AAAA"],
  ["half of it", fragment({ text: patient }).slice(0, 20)],
  ["no object", fragment([1, 2])],
  ["null", fragment(null)],
  ["a text", fragment("x")],
  ["a name that is no text", fragment({ definitions: [{ name: { toString: 1 }, text: "{" }] })],
  ["values of other kinds", fragment({ text: 5, packs: { length: 5 }, profiles: "x", definitions: { 0: 1 } })],
  ["names of every object's properties", fragment({ packs: ["constructor", "__proto__"], profiles: ["constructor"], definitions: [null, 5, { text: 5 }] })],
  ["a hundred megabytes", bomb],
  ["a rule that there is none of", "#rule/constructor"],
  ["a rule that is no text", "#rule/%E0%A4%A"],
  ["another version", "#9.AAAA"],
]) {
  test(`a page with ${what} in its address is alive`, async () => {
    const { page, context } = await open({ hash, wait: false });
    await page.locator("#status").filter({ hasText: /Nothing to check yet|(Valid|Invalid|Not fully checked):/ }).waitFor({ state: "attached" });
    if (await page.getByRole("dialog").count()) await page.keyboard.press("Escape");
    await page.evaluate(() => document.querySelector('nav a[data-view="check"]').click());
    const box = page.getByRole("textbox", { name: "Resource", exact: true });
    await box.click();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(patient);
    // A profile that is asked for and is not there is an error, too.
    await says(page, /^Invalid: [12] errors?/);
    await context.close();
  });
}
