// What each entry of the package gives is what docs/api.txt says, no more and no less.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const pkg = new URL("../../pkg/", import.meta.url);
const page = readFileSync(new URL("../../docs/api.txt", import.meta.url), "utf8");
const { exports } = JSON.parse(readFileSync(new URL("package.json", pkg)));
const require = createRequire(import.meta.url);

/** The names of the values that a file of types declares. */
function declared(types) {
  const part = page.split(`\n${types.replace("./", "")}\n`)[1].split(/\n[\w.-]+\.d\.ts\n/)[0];
  const named = [...part.matchAll(/^export (?:declare )?(?:async )?(?:function\*?|const|class) (\w+)/gm)].map(([, name]) => name);
  const again = [...part.matchAll(/^export \{ ([^}]*) \} from/gm)].flatMap(([, names]) => names.split(", "));
  return [...new Set([...named, ...again])].sort();
}

for (const [name, entry] of Object.entries(exports).filter(([, entry]) => typeof entry === "object")) {
  const { types, default: file } = entry.default?.default ? entry.default : entry;
  test(`careconnect${name.slice(1)}, by import`, async () => {
    assert.deepEqual(Object.keys(await import(new URL(file, pkg))).sort(), declared(types));
  });
  if (!entry.require) continue;
  test(`careconnect${name.slice(1)}, by require()`, () => {
    assert.deepEqual(Object.keys(require(new URL(entry.require.default, pkg).pathname)).sort(), declared(types));
  });
}
