// Writing a file as a whole or not at all.

import { accessSync, chmodSync, closeSync, constants, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";

/** Where a path leads: a link stays, and what it leads to is replaced. */
function targetOf(path) {
  try {
    return realpathSync(path);
  } catch (error) {
    if (error.code === "ENOENT") return path;
    throw error;
  }
}

/**
 * Something to write to that takes the place of a file once it is finished, and leaves it as it is where it is not. Whoever
 * may not write the file itself may not replace it either.
 */
export function replacement(path) {
  const target = targetOf(path);
  const kind = statSync(target, { throwIfNoEntry: false });
  // A device or a pipe is written to, and never replaced.
  if (kind && !kind.isFile()) {
    if (kind.isDirectory()) throw Object.assign(new Error("it is a directory"), { code: "EISDIR" });
    const handle = openSync(target, "w");
    return { write: (data) => writeAll(handle, data), finish: () => closeSync(handle), abandon: () => closeSync(handle) };
  }
  if (kind) accessSync(target, constants.W_OK);
  const beside = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  const handle = openSync(beside, "wx", 0o666);
  return {
    write: (data) => writeAll(handle, data),
    finish: () => {
      try {
        if (kind) chmodSync(beside, kind.mode);
        fsyncSync(handle);
        closeSync(handle);
        renameSync(beside, target);
      } catch (error) {
        rmSync(beside, { force: true });
        throw error;
      }
    },
    abandon: () => {
      closeSync(handle);
      rmSync(beside, { force: true });
    },
  };
}

function writeAll(handle, data) {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}

/** Replaces a file by these bytes or this text. */
export function replaceFile(path, data) {
  const file = replacement(path);
  try {
    file.write(data);
  } catch (error) {
    file.abandon();
    throw error;
  }
  file.finish();
}
