// `careconnect validate --watch`, as somebody edits.

import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bad, folderWith, good, runner, start } from "./command-line.js";
import { dated } from "./profiles.js";

/** Something that is being watched: its output until `ready`, from where the last one was, or a failure after ten seconds. */
function watching(folder, args) {
  const child = start(folder, ["validate", ...args, "--watch"]);
  let [text, from] = ["", 0];
  const listeners = new Set();
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (more) => {
      text += more;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  return {
    child,
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`nothing like ${pattern} in:\n${text.slice(from)}`)), 10_000);
        const look = () => {
          const found = pattern.exec(text.slice(from));
          if (!found) return;
          clearTimeout(timer);
          listeners.delete(look);
          const part = text.slice(from, from + found.index + found[0].length);
          from += found.index + found[0].length;
          resolve(part);
        };
        listeners.add(look);
        look();
      }),
  };
}

test("what changes is checked again, alone; what comes is added, what goes is forgotten", async (t) => {
  const folder = folderWith({ "data/a.json": good, "data/b.json": good });
  const { child, ended, until } = watching(folder, ["data"]);
  t.after(() => child.kill());
  assert.match(await until(/Watching 2 files: nothing fails\. Ctrl\+C ends it\.\n/), /a\.json: valid: no errors\n.*b\.json: valid: no errors/);
  writeFileSync(join(folder, "data/b.json"), bad);
  const changed = await until(/Watching 2 files: 1 fails\./);
  assert.match(changed, /b\.json: invalid: 1 error/);
  assert.doesNotMatch(changed, /a\.json/);
  // As an editor does that writes beside and then renames.
  writeFileSync(join(folder, "data/.b.json.tmp"), good);
  renameSync(join(folder, "data/.b.json.tmp"), join(folder, "data/b.json"));
  assert.match(await until(/Watching 2 files: nothing fails/), /b\.json: valid: no errors/);
  writeFileSync(join(folder, "data/c.json"), bad);
  assert.match(await until(/Watching 3 files: 1 fails/), /c\.json: invalid: 1 error/);
  rmSync(join(folder, "data/c.json"));
  writeFileSync(join(folder, "data/a.json"), `${good}\n`);
  await until(/Watching 2 files: nothing fails/);
  child.kill("SIGINT");
  assert.deepEqual(await ended, { code: 0, signal: null });
});

test("a change of definitions checks everything again", async (t) => {
  const patient = '{"resourceType":"Patient","meta":{"profile":["https://example.org/dated"]},"name":[{"family":"Smith"}]}';
  const folder = folderWith({ "patient.json": patient, "own/dated.json": dated() });
  const { child, ended, until } = watching(folder, ["patient.json", "--definitions", "own"]);
  t.after(() => child.kill());
  assert.match(await until(/Watching 1 file: 1 fails/), /required-element/);
  writeFileSync(join(folder, "own/dated.json"), dated(0));
  assert.match(await until(/Watching 1 file: nothing fails/), /patient\.json: valid: no errors/);
  writeFileSync(join(folder, "own/dated.json"), dated());
  await until(/Watching 1 file: 1 fails/);
  child.kill("SIGINT");
  assert.deepEqual(await ended, { code: 1, signal: null });
});

test("--watch needs something to watch, and a format that can go on", async () => {
  const folder = folderWith({ "a.json": good });
  for (const [args, sentence] of [
    [["-"], /--watch needs the names of files or folders/],
    [["a.json", "--format", "sarif"], /--watch prints text or ndjson/],
  ]) {
    const { until, ended } = watching(folder, args);
    await until(sentence);
    assert.equal((await ended).code, 2);
  }
});

test("with a baseline what is known stays known however often it is checked, and --max-issues counts each time anew", async (t) => {
  const faulty = (gender, birthDate) => JSON.stringify({ resourceType: "Patient", gender, ...(birthDate && { birthDate }) });
  const folder = folderWith({ "data/a.json": faulty("x"), "data/b.json": good });
  await runner(folder)(["validate", "data", "--write-baseline", "b"]);
  const { child, until } = watching(folder, ["data", "--baseline", "b", "--max-issues", "1"]);
  t.after(() => child.kill());
  await until(/Watching 2 files: nothing fails/);
  for (let at = 0; at < 2; at++) {
    writeFileSync(join(folder, "data/a.json"), faulty(`x${at}`));
    await until(/Watching 2 files: nothing fails/);
    writeFileSync(join(folder, "data/a.json"), faulty(`y${at}`, "z"));
    const changed = await until(/Watching 2 files: 1 fails/);
    assert.match(changed, /primitive-format/);
    assert.doesNotMatch(changed, /code-required|not shown/);
  }
});
