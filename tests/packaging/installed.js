// The package as somebody has it who installs it.

import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const run = promisify(execFile);
export const packageFolder = fileURLToPath(new URL("../../pkg/", import.meta.url));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** Packs the package and installs the tarball in a new folder. What npm says of the tarball. */
export async function install(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const { stdout } = await run(npm, ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: packageFolder });
  const packed = JSON.parse(stdout);
  const [tarball] = Array.isArray(packed) ? packed : Object.values(packed);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies: { careconnect: `file:${tarball.filename}` } }));
  await run(npm, ["install", "--offline", "--no-audit", "--no-fund"], { cwd: folder });
  return tarball;
}
