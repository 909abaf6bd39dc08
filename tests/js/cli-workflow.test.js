// The MESH workflow id that a message came with, given to the command line.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const cli = new URL("../../pkg/cli.js", import.meta.url).pathname;
const cases = readFileSync(new URL("../cases/check/exchange-messages.md", import.meta.url), "utf8");

test("a message's event is held to the workflow id", () => {
  const [, options, message] = cases.match(/```json (\{[^\n]*"workflow"[^\n]*\})\n([^]*?)```/);
  const file = join(mkdtempSync(join(tmpdir(), "careconnect-")), "message.json");
  writeFileSync(file, message);
  const rules = (...more) => {
    const { stdout } = spawnSync(process.execPath, [cli, "validate", file, "--format", "ndjson", ...more], { encoding: "utf8" });
    return JSON.parse(stdout).issues.map(({ rule }) => rule);
  };
  assert.ok(!rules().includes("message-workflow"));
  assert.ok(rules("--workflow", JSON.parse(options).workflow).includes("message-workflow"));
});

test("a record is shown by area, or entry by entry", () => {
  const resource = (type, more) => ({ resource: { resourceType: type, id: type.toLowerCase(), ...more } });
  const bundle = { resourceType: "Bundle", type: "collection", entry: [resource("Patient", { name: [{ family: "Small" }] }), resource("AllergyIntolerance", { code: { text: "Nuts" } })] };
  const file = join(mkdtempSync(join(tmpdir(), "careconnect-")), "record.json");
  writeFileSync(file, JSON.stringify(bundle));
  const render = (...more) => spawnSync(process.execPath, [cli, "render", file, "--as", "text", ...more], { encoding: "utf8" }).stdout;
  assert.match(render(), /^Allergies.*\n=+$/m);
  assert.doesNotMatch(render("--view", "entries"), /^Allergies.*\n=+$/m);
});

test("pictures of results over time are made where they are asked for", () => {
  const result = (day, value) => ({ resource: { resourceType: "Observation", id: `k${day}`, status: "final", category: [{ coding: [{ system: "http://hl7.org/fhir/observation-category", code: "laboratory" }] }], code: { coding: [{ system: "http://snomed.info/sct", code: "1000651000000109", display: "Serum potassium" }] }, effectiveDateTime: `2024-01-0${day}`, valueQuantity: { value, unit: "mmol/L" } } });
  const bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: { resourceType: "Patient", id: "p", name: [{ family: "Small" }] } }, result(1, 4.1), result(2, 4.2), result(3, 4.3)] };
  const file = join(mkdtempSync(join(tmpdir(), "careconnect-")), "results.json");
  writeFileSync(file, JSON.stringify(bundle));
  const render = (...more) => spawnSync(process.execPath, [cli, "render", file, "--as", "page", ...more], { encoding: "utf8" });
  const [without, trends] = [render(), render("--trends")];
  assert.deepEqual([without.status, trends.status], [0, 0]);
  assert.ok(!without.stdout.includes("<svg"));
});
