// The extension for VS Code, built as it is packed: it loads, and the server inside of it serves without anything else.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const extension = fileURLToPath(new URL("../../editors/vscode/", import.meta.url));
const manifest = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));

before(() => run(process.execPath, ["build.js"], { cwd: extension }));

test("the extension is of the package's version, and names files that are there", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url)));
  assert.equal(manifest.version, version);
  for (const path of [manifest.main, manifest.contributes.jsonValidation[0].url, "dist/careconnect/cli.js", "README.md", "LICENSE"]) assert.ok(existsSync(join(extension, path)), path);
  const { dependencies } = manifest;
  assert.equal(dependencies, undefined);
});

/** Something that is whatever a program asks of it: a class to extend, a function, an object with any property. */
function anything() {
  const known = new Map();
  return new Proxy(class {}, {
    get(target, name) {
      if (name === "prototype") return target.prototype;
      if (typeof name === "symbol") return undefined;
      if (!known.has(name)) known.set(name, anything());
      return known.get(name);
    },
    apply: () => anything(),
  });
}

test("the extension loads, with all that it needs but VS Code itself", () => {
  const load = Module._load;
  Module._load = function (name, ...rest) {
    return name === "vscode" ? anything() : load.call(this, name, ...rest);
  };
  try {
    const { activate, deactivate } = createRequire(import.meta.url)(join(extension, manifest.main));
    assert.deepEqual([typeof activate, typeof deactivate], ["function", "function"]);
  } finally {
    Module._load = load;
  }
});

test("the server inside answers as VS Code starts it, wherever the extension lies", async () => {
  const folder = mkdtempSync(join(tmpdir(), "careconnect-"));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(join(extension, "dist"), join(folder, "dist"), { recursive: true });
  const child = spawn(process.execPath, [join(folder, "dist/careconnect/cli.js"), "lsp", "--stdio", `--clientProcessId=${process.pid}`], { cwd: folder });
  let said = "";
  const diagnosed = new Promise((resolve, reject) => {
    child.stderr.on("data", (data) => reject(new Error(String(data))));
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      if (said.includes("empty-array")) resolve();
    });
  });
  const send = (message) => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  send({ id: 1, method: "initialize", params: { processId: process.pid, rootUri: null, capabilities: {} } });
  send({ method: "textDocument/didOpen", params: { textDocument: { uri: "untitled:1", languageId: "json", version: 1, text: '{"resourceType":"Patient","photo":[]}' } } });
  await diagnosed;
  send({ id: 2, method: "shutdown" });
  send({ method: "exit" });
  assert.equal(await new Promise((resolve) => child.on("exit", resolve)), 0);
});
