// The descriptions of elements: how many of the elements of CareConnect's profiles have one. It prints the share.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "../../pkg/index.js";
import { read } from "../../www/src/descriptions-table.js";

const LEAST = 0.93;

const table = readFileSync(new URL("../../www/src/descriptions.txt", import.meta.url), "utf8");

test("nearly every element of a CareConnect profile is described", async () => {
  const core = await load();
  const describe = read(table);
  let [all, described] = [0, 0];
  const without = new Map();
  const walk = (element, type) => {
    if (element.path.includes(".")) {
      all += 1;
      if (describe(element, type)) described += 1;
      else without.set(element.path.split(".").at(-1), (without.get(element.path.split(".").at(-1)) ?? 0) + 1);
    }
    const own = element.types?.length === 1 ? element.types[0].code : undefined;
    for (const slice of element.slices ?? []) walk(slice, type);
    for (const child of element.children ?? []) walk(child, own);
  };
  for (const { url, pack, derivation } of core.profiles()) if (pack === "careconnect" && derivation === "constraint") walk(core.profile(url).element);
  const most = [...without].sort((a, b) => b[1] - a[1]).slice(0, 10);
  console.log(`Elements of CareConnect's profiles with a description: ${described} of ${all} (${((100 * described) / all).toFixed(1)} %)`);
  assert.ok(described / all >= LEAST, `without: ${most.map(([name, number]) => `${name} ${number}`).join(", ")}`);
});

test("each description is of one line, and each name stands once", () => {
  const names = table.trim().split("\n").map((line) => {
    assert.match(line, /^[\w.[\]]+\|[A-Z][^|]{1,40}\|[A-Z][^|]{2,110}$/);
    return line.split("|")[0];
  });
  assert.equal(new Set(names).size, names.length);
});
