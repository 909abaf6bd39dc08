// docs/playground.png, which the README shows: made here of the page as it is. What is to be read in it is recorded beside it, so that
// a page that says something else asks for another picture: CARECONNECT_BLESS=1 makes both.

import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { editor, open, output, verdict } from "./page.js";

/** What the README may ask of somebody who has a slow line, in bytes. */
const MOST = 250_000;

const picture = fileURLToPath(new URL("../../docs/playground.png", import.meta.url));
const record = fileURLToPath(new URL("./page-picture.snapshot.json", import.meta.url));

test("the picture of the README is of the page as it is", async () => {
  const { page, context, said } = await open({ viewport: { width: 1360, height: 765 }, colorScheme: "light", reducedMotion: "reduce", empty: false });
  await verdict(page, "Invalid:");
  await page.locator("#issues .issue").first().waitFor();
  await page.waitForFunction(() => document.querySelector("#display")?.shadowRoot?.textContent.trim() || document.querySelector("#display")?.textContent.trim());
  await editor(page).press("Control+Home");
  await page.evaluate(() => document.activeElement?.blur());
  await page.waitForTimeout(500);
  const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const seen = {
    verdict: lines(await page.locator("#status").innerText()),
    issues: lines(await page.locator("#issues").innerText()),
    display: lines(await page.evaluate(() => (document.querySelector("#display").shadowRoot ?? document.querySelector("#display")).textContent)).slice(0, 20),
  };
  await page.screenshot({ path: `${output}playground.png` });
  if (process.env.CARECONNECT_BLESS === "1") {
    await page.screenshot({ path: picture });
    writeFileSync(record, `${JSON.stringify(seen, undefined, 2)}\n`);
  }
  assert.deepEqual(said, []);
  assert.deepEqual(seen, JSON.parse(readFileSync(record, "utf8")), "the page says something else than docs/playground.png: set CARECONNECT_BLESS=1");
  assert.ok(statSync(picture).size < MOST, `docs/playground.png has ${statSync(picture).size} bytes`);
  await context.close();
});
