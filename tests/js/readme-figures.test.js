// The figures of the README and of docs/comparison.md are those that are recorded in the repository.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const said = (text) => text.replace(/\s+/g, " ");
const [readme, comparison] = ["README.md", "docs/comparison.md"].map((name) => said(read(name)));

test("what is said of the agreement with the reference validator holds as it stands", () => {
  const [, kinds, files] = /^nhs, as it stands\n {2}(by kind: .*)\n {2}(files .*)$/m.exec(read("tests/agreement.txt"));
  const number = (text, what) => Number(new RegExp(`${what} ([\\d.]+)%`).exec(text)[1]);
  const count = Number(/files (\d+)/.exec(files)[1]).toLocaleString("en-GB");
  for (const page of [readme, comparison]) {
    assert.ok(page.includes(`${count} `), `there are ${count} files`);
    assert.ok(number(files, "verdict") > Number(/same verdict in more than (\d+) %/.exec(page)[1]));
  }
  assert.ok(number(kinds, "recall") > Number(/by kind, more than (\d+) % is reported/.exec(comparison)[1]));
  assert.ok(number(kinds, "precision") > Number(/more than (\d+) % of what careconnect reports/.exec(comparison)[1]));
});

test("what is fetched is no more than is said", () => {
  const sum = (...names) => names.reduce((total, name) => total + gzipSync(readFileSync(new URL(`../../pkg/dist/${name}`, import.meta.url)), { level: 9 }).length, 0);
  const [, core, packs] = /core at most ([\d,]+) kB, its definitions of FHIR STU3 and CareConnect at most (\d+) kB/.exec(comparison);
  assert.ok(sum("careconnect.wasm", "careconnect.js") <= Number(core.replace(",", "")) * 1000);
  assert.ok(sum("packs/stu3.pack", "packs/careconnect.pack") <= Number(packs) * 1000);
});

test("both pages say the same of each validator", () => {
  // The rows of the README's table by what they count, and the cells of the comparison that they are taken from.
  const rows = read("README.md").split("\n").filter((line) => line.startsWith("| ")).map((line) => line.split("|").map((cell) => cell.trim()).slice(1, -1));
  const cells = (table, name) => `| ${table}`.split("\n").filter((line) => line.startsWith("|")).find((line) => line.includes(name)).split("|").map((cell) => cell.trim());
  const [caught, speed] = ["## What is caught", "## Speed"].map((heading) => read("docs/comparison.md").split(heading)[1].split("\n## ")[0]);
  const names = ["careconnect", "reference validator", "| fhir 4", "fhir.resources"];
  const faults = rows.find(([what]) => what.startsWith("planted faults"));
  assert.deepEqual(faults.slice(1), names.map((name) => cells(caught, name)[4]));
  const perSecond = rows.find(([what]) => what.startsWith("resources a second"));
  assert.deepEqual(perSecond.slice(1), names.map((name) => cells(speed, name)[3]));
});
