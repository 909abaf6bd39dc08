// WCAG 2.2 AA by axe-core, in every view, light and dark, wide and at 320 px, where nothing may be wider than the window.

import assert from "node:assert/strict";
import { test } from "node:test";
import { drop, example, go, NARROW, open, output, pane, paste, verdict, violations, WIDE } from "./page.js";

const VIEWS = ["Profiles", "Author", "FHIRPath", "Value sets", "Batch", "Rules", "Settings"];

for (const colorScheme of ["light", "dark"]) {
  for (const [name, viewport] of [
    ["wide", WIDE],
    ["narrow", NARROW],
  ]) {
    test(`every view: ${colorScheme}, ${name}`, async () => {
      const { page, context } = await open({ colorScheme, viewport, reducedMotion: "reduce", empty: false });
      const found = [];
      const look = async (view) => {
        found.push(...(await violations(page)).map((line) => `${view}: ${line}`));
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wider > 0) found.push(`${view}: ${wider} px wider than the window`);
        await page.screenshot({ path: `${output}${colorScheme}-${name}-${view.replace(" ", "-").toLowerCase()}.png`, fullPage: name === "narrow" });
      };
      await look("opening");
      await page.getByText("Outline", { exact: true }).click();
      await paste(page, example("faulty-quick-fixes.json"));
      await page.locator("#issues").getByText("colour").first().waitFor({ state: "attached" });
      await pane(page, "issues");
      await page.locator("#issues .issue").first().waitFor();
      await page.getByText("About unknown-element").first().click();
      await look("faulty");
      await pane(page, "source");
      await paste(page, example("toc-ecd.json"));
      await verdict(page, "Not fully checked:");
      await pane(page, "display");
      await page.locator("#display section").first().waitFor();
      await look("document");
      await pane(page, "output");
      await page.locator("#output pre").waitFor();
      await look("output");
      await page.locator("#output-as").selectOption("coverage");
      await page.locator("#output tr").first().waitFor();
      await look("coverage");
      for (const view of VIEWS) {
        await go(page, view);
        if (view === "Profiles") {
          await page.locator("#profile-search").fill("careconnect-patient-1");
          await page.getByRole("link", { name: "CareConnect-Patient-1", exact: true }).click();
          await page.locator("#profile .differences li").first().waitFor();
          await look("changes of a profile");
          await page.getByRole("tab", { name: "All elements" }).click();
          await page.locator("#profile .element").first().waitFor();
        } else if (view === "Value sets") {
          await page.locator("#set-search").fill("gender");
          await page.locator("#set-list a").first().click();
          await page.locator("#set h3").waitFor();
        } else if (view === "Author") {
          await page.getByRole("button", { name: "New profile" }).click();
          await page.locator("#definition-status").filter({ hasText: "The definition:" }).waitFor();
        } else if (view === "Rules") {
          await page.locator("#rule-search").fill("check-digit");
          await page.locator("#rule-list").getByRole("link", { name: "nhs-number-check-digit" }).click();
          await page.locator("#rule ins").first().waitFor();
        } else if (view === "Batch") {
          const files = ["patient.json", "faulty-slice.json"].map((name) => ({ name, text: example(name) }));
          await drop(page, files);
          await page.locator("#batch-status").filter({ hasText: "2 files: 1 valid, 1 invalid" }).waitFor();
        } else if (view === "FHIRPath") {
          await page.locator("#expression").fill("entry.resource.ofType(Patient).name");
          await page.locator("#fhirpath-results li").first().waitFor();
        }
        await look(view);
      }
      assert.deepEqual(found, []);
      await context.close();
    });
  }
}
