// `careconnect validate --watch`: checks again what has changed, until it is interrupted.

import { statSync, watch as watchFolder } from "node:fs";
import { expand, folders, inputs } from "./inputs.js";
import { Failure, readerIsGone, write } from "./output.js";
import { safe } from "./terminal.js";
import { start } from "./session.js";

/** How long nothing must have changed before it is looked at: editors write a file in several steps. */
const SETTLED = 100;

export async function watch(names, settings) {
  if (settings.format !== "text" && settings.format !== "ndjson") {
    throw new Failure("--watch prints text or ndjson.");
  }
  if (settings.outputs.length > 0) throw new Failure("--output does not go with --watch.");
  let session = await start(settings);
  /** What each file was when it was last checked, and whether there was something wrong with it. */
  const files = new Map();
  let definitions = stampsOf(settings.definitions);
  await report(session, session.definitions.filter(({ issues }) => issues.length > 0));
  const watchers = new Map();
  let change;
  const changed = () => change?.();
  // Watching ends with the exit status of what was last found.
  process.once("SIGINT", () => process.exit());
  try {
    for (let first = true; ; first = false) {
      const next = new Promise((resolve) => {
        let timer;
        change = () => {
          clearTimeout(timer);
          timer = setTimeout(resolve, SETTLED);
        };
      });
      // Watching comes before reading, so that no change falls between the two.
      observe(watchers, [...folders(names), ...folders(settings.definitions)], changed);
      const stamps = stampsOf(settings.definitions);
      const again = stamps !== definitions;
      if (again) {
        definitions = stamps;
        session.free();
        session = await start(settings);
        await report(session, session.definitions.filter(({ issues }) => issues.length > 0));
      }
      const { todo, gone } = pending(names, files, again, settings.exclude.isOut);
      for (const file of gone) process.stderr.write(`${safe(file)}: there is no such file any more.\n`);
      if (todo.length > 0 || gone.length > 0 || first) await recheck(session, todo, files);
      if (readerIsGone()) return process.exitCode;
      await next;
    }
  } finally {
    for (const watcher of watchers.values()) watcher.close();
  }
}

/** The files that there are now. Where there is none for a moment there may be some again. */
function present(names) {
  try {
    return expand(names);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [];
  }
}

/** The files that are not as they were (or all of them), and those that are gone, which are forgotten. */
function pending(names, files, all, isOut) {
  const now = present(names).filter((file) => !isOut(file));
  const there = new Set(now);
  const gone = [...files.keys()].filter((file) => !there.has(file));
  for (const file of gone) files.delete(file);
  const todo = now.filter((file) => {
    const stamp = stampOf(file);
    const same = !all && files.get(file)?.stamp === stamp;
    if (!same) files.set(file, { stamp, bad: false });
    return !same;
  });
  return { todo, gone };
}

async function recheck(session, todo, files) {
  const results = [];
  session.again(todo);
  for (const file of todo) {
    for await (const result of session.results(inputs([file]))) {
      results.push(result);
      if (session.isBad(result)) files.get(file).bad = true;
    }
  }
  await report(session, results);
  for (const sentence of session.leftOut()) process.stderr.write(`careconnect: ${safe(sentence)}\n`);
  const bad = [...files.values()].filter((file) => file.bad).length;
  const all = files.size === 1 ? "1 file" : `${files.size} files`;
  const words = bad === 0 ? "nothing fails" : bad === 1 ? "1 fails" : `${bad} fail`;
  process.stderr.write(`Watching ${all}: ${words}. Ctrl+C ends it.\n`);
  process.exitCode = bad > 0 ? 1 : 0;
}

async function report(session, results) {
  if (results.length === 0) return;
  const printer = await session.printer(true);
  await write(printer.begin());
  for (const result of results) await write(printer.file(session.shown(result)));
  await write(printer.end());
}

/** Watches these folders and no others. */
function observe(watchers, wanted, changed) {
  const folders = new Set(wanted);
  for (const [folder, watcher] of watchers) {
    if (folders.has(folder)) continue;
    watcher.close();
    watchers.delete(folder);
  }
  for (const folder of folders) {
    if (watchers.has(folder)) continue;
    try {
      const watcher = watchFolder(folder, changed);
      // A folder that is removed is no failure; it is looked for again with the next change.
      watcher.on("error", () => {
        watcher.close();
        watchers.delete(folder);
        changed();
      });
      watchers.set(folder, watcher);
    } catch (error) {
      if (error.code !== "ENOENT") throw new Failure(`The folder '${folder}' cannot be watched: ${error.message}.`);
    }
  }
}

const stampsOf = (paths) => paths.flatMap((path) => present([path])).map((file) => `${file} ${stampOf(file)}`).join("\n");

function stampOf(file) {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return "absent";
  }
}
