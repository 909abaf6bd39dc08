// Copies without personal data, through the package and its command line.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "../../pkg/index.js";
import { pool } from "../../pkg/node.js";

const patient = (family) => JSON.stringify({ resourceType: "Patient", id: "smithers-1", name: [{ family }], gender: "male", birthDate: "1970-01-32" });
const cli = new URL("../../pkg/cli.js", import.meta.url).pathname;
const run = (...args) => spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });

test("the same key gives the same copy, in a thread too, and no key another each time", async () => {
  const careconnect = await load();
  const threads = await pool({ size: 1 });
  const copy = careconnect.redact(patient("Smithers"), { key: "secret" });
  assert.doesNotMatch(copy, /smithers|1970/i);
  assert.match(copy, /"gender":"male"/);
  assert.equal(await threads.redact(patient("Smithers"), { key: "secret" }), copy);
  assert.equal(careconnect.redact(copy, { key: new TextEncoder().encode("secret") }), copy);
  assert.notEqual(careconnect.redact(patient("Smithers")), careconnect.redact(patient("Smithers")));
  const issues = (text) => careconnect.validate(text).issues.map(({ rule, expression }) => [rule, expression]);
  assert.deepEqual(issues(copy), issues(patient("Smithers")));
  threads.free();
  careconnect.free();
});

test("what is no key is refused", async () => {
  const careconnect = await load();
  for (const options of [{ key: "" }, { key: 1 }, { key: null }, { kye: "a" }]) {
    assert.throws(() => careconnect.redact("{}", options), { code: "invalid-argument" });
  }
  careconnect.free();
});

test("the command line copies files, and each line of NDJSON as a line", () => {
  const folder = mkdtempSync(join(tmpdir(), "careconnect-"));
  const file = join(folder, "patients.ndjson");
  writeFileSync(file, `${patient("Smithers")}\n${patient("Quillfeather")}\n`);
  const out = join(folder, "copies", "patients.ndjson");
  const { status, stderr } = run("redact", file, "--key", "secret", "-o", out);
  assert.deepEqual([status, stderr], [0, ""]);
  const lines = readFileSync(out, "utf8").trimEnd().split("\n");
  assert.equal(lines.length, 2);
  assert.doesNotMatch(lines.join(), /smithers|quill/i);
  assert.notEqual(lines[0], lines[1]);
  assert.equal(run("redact", join(folder, "none.json")).status, 2);
});
