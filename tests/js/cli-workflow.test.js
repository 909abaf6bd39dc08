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
