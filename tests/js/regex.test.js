// No regular expression of the package or the playground takes more than in proportion to what it is given: each is proved
// linear, and tried on long texts made of its own characters.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";

// In this process, and not in the binary or the Java program that it would look for.
process.env.RECHECK_BACKEND = "pure";
const { checkSync } = await import("recheck");

const root = new URL("../../", import.meta.url);
const places = ["pkg/", "www/src/", "www/sw.js", "www/serve.js"];

function filesIn(place) {
  const path = fileURLToPath(new URL(place, root));
  if (!statSync(path).isDirectory()) return [place];
  const names = readdirSync(path, { recursive: true }).map((name) => name.replaceAll("\\", "/"));
  return names.filter((name) => /\.c?js$/.test(name) && !name.startsWith("dist/") && !name.includes("node_modules/")).map((name) => place + name);
}

/** Every regular expression in a file, and what is made of texts, which cannot be looked into. */
function expressionsIn(file) {
  const text = readFileSync(new URL(file, root), "utf8");
  const tree = parse(text, { ecmaVersion: "latest", sourceType: file.endsWith(".cjs") ? "script" : "module", allowHashBang: true });
  const found = [];
  const visit = (node) => {
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) return node.forEach(visit);
    if (node.type === "Literal" && node.regex) found.push({ file, ...node.regex });
    if (["NewExpression", "CallExpression"].includes(node.type) && node.callee.name === "RegExp") found.push({ file, made: text.slice(node.start, node.end) });
    for (const [key, value] of Object.entries(node)) if (key !== "regex") visit(value);
  };
  visit(tree);
  return found;
}

const all = places.flatMap(filesIn).flatMap(expressionsIn);

test("there are some, and none is made at run time", () => {
  assert.ok(all.length > 50);
  assert.deepEqual(all.filter(({ made }) => made), []);
});

test("each is proved linear", () => {
  const wrong = [];
  const seen = new Set();
  for (const { file, pattern, flags } of all) {
    if (seen.has(`${pattern} ${flags}`)) continue;
    seen.add(`${pattern} ${flags}`);
    const { status, complexity, error } = checkSync(pattern, flags.replace("v", "u"), { timeout: 60_000 });
    if (status !== "safe") wrong.push(`${file}: /${pattern}/${flags} is ${status}: ${complexity?.summary ?? error?.kind}`);
  }
  assert.deepEqual(wrong, []);
});

test("each is quick on long texts made of its own characters", () => {
  const LENGTH = 50_000;
  const wrong = [];
  for (const { file, pattern, flags } of all) {
    const own = [...new Set(pattern.replace(/\\[a-zA-Z]|[\\^$|()[\]{}?*+]/g, ""))].slice(0, 10);
    const parts = [...own, " ", "a", ...own.flatMap((one) => own.slice(0, 6).map((other) => one + other)), pattern.replace(/\\[a-zA-Z]|[\\^$|()[\]{}?*+]/g, "")].filter(Boolean);
    const expression = new RegExp(pattern, flags.includes("g") ? flags : `${flags}g`);
    for (const part of parts) {
      const text = `${part.repeat(Math.ceil(LENGTH / part.length))}\u0001`;
      const started = performance.now();
      text.replace(expression, "");
      if (performance.now() - started > 1000) wrong.push(`${file}: /${pattern}/${flags} takes ${Math.round(performance.now() - started)} ms on ${JSON.stringify(part)} repeated`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("the check itself finds what is not linear", () => {
  for (const [pattern, status] of [["^(a|a)*$", "vulnerable"], ["^(?:\\s|<\\?[^>]*\\?>|<!--[^]*?-->)*<x", "vulnerable"], ["a+$", "vulnerable"], ["^a+$", "safe"]]) {
    assert.equal(checkSync(pattern, "", { timeout: 60_000 }).status, status, pattern);
  }
});
