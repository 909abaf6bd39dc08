// Bundles the extension with the library that speaks for VS Code, and copies the package beside it as npm would publish it.

import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL("./", import.meta.url));
const root = join(here, "../..");

rmSync(join(here, "dist"), { recursive: true, force: true });
await build({
  entryPoints: [join(here, "src/extension.cjs")],
  outfile: join(here, "dist/extension.cjs"),
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  legalComments: "linked",
  logLevel: "warning",
});

// What is in the package, and no more: the list is npm's own.
const [{ files }] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: join(root, "pkg"), encoding: "utf8" }));
for (const { path } of files) cpSync(join(root, "pkg", path), join(here, "dist/careconnect", path));
for (const name of ["LICENSE", "LICENSE-MIT", "LICENSE-APACHE"]) cpSync(join(root, name), join(here, "dist", name));
cpSync(join(root, "LICENSE"), join(here, "LICENSE"));
