// The types are exact: what they allow compiles, and what they forbid does not.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, rmSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("./", import.meta.url));

/** Compiles files as an installed package is found, so that the package's own "exports" and "types" are used. */
function compile(...args) {
  mkdirSync(`${here}node_modules`, { recursive: true });
  rmSync(`${here}node_modules/careconnect`, { force: true });
  symlinkSync("../../../pkg", `${here}node_modules/careconnect`, "dir");
  const options = ["--noEmit", "--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--types", ""];
  const target = ["--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext"];
  try {
    execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", ...options, ...target, ...args], { cwd: here, encoding: "utf8" });
  } catch (error) {
    assert.fail(error.stdout || error.message);
  }
}

test("the types say what is and what is not allowed", () => {
  compile("--lib", "es2022,esnext.disposable,dom", "types.ts", "types.cts");
});

test("the types need no library but the language's, and take resources of any type", () => {
  compile("--lib", "es2022", "typed.ts");
});

test("the matchers fit into the types of expect", () => {
  compile("--lib", "es2022,esnext.disposable,dom", "--skipLibCheck", "types-matchers.ts");
});

test("the element can be written in JSX", () => {
  compile("--lib", "es2022,dom", "--jsx", "preserve", "typed.tsx");
});
