// `careconnect redact`: copies without personal data.

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { open } from "./core.js";
import { expand, inputs } from "./inputs.js";
import { Failure, reason, write } from "./output.js";
import { sources } from "./settings.js";

export async function run(names, values) {
  if (names.length === 0) throw new Failure("Give the names of files to copy.");
  const files = expand(names);
  const { careconnect } = await open(await sources(values));
  const key = values.key ?? randomBytes(32);
  const print = values.output === undefined ? write : writer(values.output, files);
  let failed = false;
  try {
    for await (const { file, line, read } of inputs(files)) {
      let bytes;
      try {
        bytes = await read();
      } catch (error) {
        failed = true;
        process.stderr.write(`careconnect: A file cannot be read: ${reason(error)}.\n`);
        continue;
      }
      const copy = careconnect.redact(bytes, { key });
      // A line of NDJSON stays a line.
      await print(line === undefined || copy.endsWith("\n") ? copy : `${copy}\n`, file);
    }
  } finally {
    careconnect.free();
  }
  return failed ? 2 : 0;
}

/** What writes copies to a file, or under their names to a folder; lines of one file go to one. */
function writer(output, files) {
  const several = files.length > 1;
  const begun = new Map();
  return (text, file) => {
    const path = several ? join(output, basename(file)) : output;
    const by = begun.get(path);
    if (by !== undefined && by !== file) throw new Failure(`Two files would be written to '${path}'. Copy them by themselves.`);
    try {
      if (by === undefined) mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: by === undefined ? "w" : "a" });
    } catch (error) {
      throw new Failure(`The file '${path}' cannot be written: ${reason(error)}.`);
    }
    begun.set(path, file);
  };
}
