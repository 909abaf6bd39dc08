// What other programs find at the repository's root: the action for GitHub and the hooks for pre-commit, run as far as that is
// possible without them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { commands, common } from "../../pkg/cli/commands.js";
import { bad, cli, folderWith, good } from "./command-line.js";

const at = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const { version } = JSON.parse(at("pkg/package.json"));
const { options } = commands.find(({ name }) => name === "validate");

const run = (program, args, { cwd, env = {} }) =>
  new Promise((resolve) => execFile(program, args, { cwd, env: { ...process.env, GITHUB_ACTIONS: undefined, ...env } }, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr })));

/** A folder in which the package is installed, as far as npx looks. */
function installed(files) {
  const folder = folderWith({ ...files, "package.json": "{}" });
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  symlinkSync(fileURLToPath(new URL("../../pkg", import.meta.url)), join(folder, "node_modules/careconnect"));
  symlinkSync("../careconnect/cli.js", join(folder, "node_modules/.bin/careconnect"));
  return folder;
}

const action = parse(at("action.yml"));
const { steps: [step] } = action.runs;

/** Runs the action's step with these inputs, as GitHub gives them. */
function act(folder, given) {
  const inputs = Object.fromEntries(Object.entries(action.inputs).map(([name, { default: value = "" }]) => [name, given[name] ?? value]));
  const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, value.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input) => inputs[input])]));
  return run("bash", ["-c", step.run], { cwd: folder, env: { ...env, GITHUB_ACTIONS: "true" } });
}

test("the action is of this version, and uses only options that there are", () => {
  assert.equal(action.inputs.version.default, version);
  for (const [, name] of step.run.matchAll(/--(\w[\w-]*)=/g)) assert.ok(Object.hasOwn(options, name), name);
  // What is put into the script itself could be read as a command.
  assert.doesNotMatch(step.run, /\$\{\{/);
  assert.deepEqual(Object.values(step.env).sort(), ["paths", "arguments", "version", "report", "sarif"].map((name) => `\${{ inputs.${name} }}`).sort());
});

test("the action annotates, writes its reports and fails where there are errors", { skip: process.platform === "win32" }, async () => {
  const folder = installed({ "fhir/a b.json": bad, "good.json": good });
  const { code, stdout } = await act(folder, { paths: "fhir\ngood.json\n", version: "installed", report: "out.html", sarif: "out.sarif", arguments: "--severity=error" });
  assert.equal(code, 1);
  assert.match(stdout, /^::error file=fhir\/a b\.json,line=3/);
  assert.match(readFileSync(join(folder, "out.html"), "utf8"), /Conformance report/);
  assert.equal(JSON.parse(readFileSync(join(folder, "out.sarif"), "utf8")).runs[0].results.length, 1);
  assert.equal((await act(folder, { paths: "good.json", version: "installed" })).code, 0);
});

test("the action runs nothing that its inputs say", { skip: process.platform === "win32" }, async () => {
  const folder = installed({ "good.json": good });
  for (const value of ["$(touch ran)", "`touch ran`", "good.json; touch ran", '"; touch ran; "', "good.json\n&& touch ran"]) {
    for (const name of ["paths", "arguments", "report", "sarif", "version"]) {
      // Of a version that is none npx is not asked, which would look for it elsewhere.
      if (name === "version") continue;
      await act(folder, { paths: "good.json", version: "installed", [name]: value });
      assert.ok(!existsSync(join(folder, "ran")), `${name}: ${value}`);
    }
  }
});

test("the hooks are of this version, and do what the command line does with the files that they are given", async () => {
  const hooks = parse(at(".pre-commit-hooks.yaml"));
  assert.deepEqual(hooks.map(({ id }) => id), ["careconnect", "careconnect-fix"]);
  for (const { id, entry, language, types_or: types } of hooks) {
    const [npx, yes, flag, name, program, command, ...args] = entry.split(" ");
    assert.deepEqual([npx, yes, flag, name, program, command], ["npx", "--yes", "--package", `careconnect@${version}`, "careconnect", "validate"]);
    assert.deepEqual([language, types], ["system", ["json", "xml"]]);
    for (const arg of args) assert.ok(Object.hasOwn({ ...options, ...common }, arg.slice(2)), arg);
    const folder = folderWith({ "good.json": good, "bad.json": bad });
    const result = (...files) => run(process.execPath, [cli, command, ...args, ...files], { cwd: folder });
    assert.equal((await result("good.json")).code, 0);
    assert.equal((await result("good.json", "bad.json")).code, id === "careconnect" ? 1 : 0);
    assert.equal(readFileSync(join(folder, "bad.json"), "utf8") === bad, id === "careconnect");
    // A file that the configuration leaves out may be named all the same.
    writeFileSync(join(folder, "careconnect.config.json"), '{"exclude":["bad.json"]}');
    writeFileSync(join(folder, "bad.json"), bad);
    assert.equal((await result("bad.json")).code, 0);
  }
});
