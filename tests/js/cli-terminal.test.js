// The command line at a terminal, as far as `script` (util-linux) can make one, and as it is installed.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { bad, cli, folderWith, good } from "./command-line.js";

const hostile = '{"resourceType":"Patient","name":[{"family":"\\u001b[2Jred\\u202e"}]}';
const folder = folderWith({
  "bad.json": bad,
  "hostile.json": hostile,
  ...Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`many/${at}.json`, good])),
});
const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux");

/** What a terminal is sent. */
function atTerminal(args, env = {}) {
  const command = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(" ");
  const own = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, CI: undefined, TERM: "xterm-256color", ...env };
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], { cwd: folder, env: own, encoding: "utf8" });
  return stdout;
}

const options = { skip: !hasScript && "there is no `script` of util-linux here" };

test("at a terminal there is colour, unless it is refused", options, () => {
  assert.match(atTerminal(["validate", "bad.json"]), /\u001b\[31m✗/);
  assert.doesNotMatch(atTerminal(["validate", "bad.json"], { NO_COLOR: "1" }), /\u001b/);
  assert.doesNotMatch(atTerminal(["validate", "bad.json"], { TERM: "dumb" }), /\u001b/);
});

test("at a terminal a long run shows how far it is, and cleans up after itself", options, () => {
  const sent = atTerminal(["validate", "many", "--quiet"]);
  assert.match(sent, /\r\u001b\[K[█░]+ [\d,]+ of 20,000 files, \d+ s left/);
  assert.match(sent, /\r\u001b\[K0 errors|\r\u001b\[K\u001b\[32m0 errors/);
  assert.doesNotMatch(atTerminal(["validate", "many", "--quiet"], { CI: "true" }), /█/);
});

test("what is displayed does not control the terminal either", options, () => {
  for (const as of ["text", "markdown"]) {
    const sent = atTerminal(["render", "hostile.json", "--as", as]);
    assert.match(sent, /red/i);
    assert.doesNotMatch(sent, /\u001b|\u202e/);
  }
});

test("npx runs it from the packed package in a fresh folder, in one command", () => {
  const pkg = fileURLToPath(new URL("../../pkg", import.meta.url));
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["pack", "--silent", "--pack-destination", folder], { cwd: pkg });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const fresh = join(folder, "fresh");
  mkdirSync(fresh);
  const npx = process.platform === "win32" ? "npx.cmd" : "npx";
  const args = ["--yes", "--offline", `../${tarball}`, "validate", join(folder, "bad.json"), "--format", "ndjson"];
  const { stdout, status, stderr } = spawnSync(npx, args, { cwd: fresh, encoding: "utf8", shell: process.platform === "win32" });
  assert.equal(status, 1, stderr);
  assert.deepEqual(JSON.parse(stdout).issues.map(({ rule }) => rule), ["empty-array"]);
  assert.deepEqual(readdirSync(fresh), []);
});
