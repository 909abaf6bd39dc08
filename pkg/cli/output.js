// What commands share: failing with a sentence, and printing.

import { readFileSync } from "node:fs";

/** A mistake in how the command was called, or something without which it cannot run: exit status 2. */
export class Failure extends Error {}

/** Why a file could not be read, for the middle of a sentence. */
export function reason(error) {
  const words = {
    ENOENT: "there is no such file",
    EACCES: "permission is refused",
    EISDIR: "it is a directory",
    ERR_FS_FILE_TOO_LARGE: "it is too large",
  };
  return words[error.code] ?? error.message;
}

/** Prints, and waits where the reader is slower than we are. */
export async function write(text) {
  if (text === "" || process.stdout.write(text)) return;
  await new Promise((resolve) => process.stdout.once("drain", resolve));
}

/**
 * A value as JSON in which no character controls a terminal: those that JSON lets stand as they are and terminals do not
 * are escaped, which changes nothing for who parses it.
 */
export function json(value, indent) {
  const escape = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, indent).replace(/[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, escape);
}

/** `1 error`, `2 errors`. */
export const counted = (count, word) => `${count.toLocaleString("en-GB")} ${word}${count === 1 ? "" : "s"}`;

/** The package's own description: name, version and so on. */
export const about = () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url)));

/** ` Did you mean 'x'?` where a name is near one that there is, or nothing. */
export function nearest(name, known) {
  const longer = known.filter((each) => each.startsWith(name));
  if (longer.length === 1) return ` Did you mean '${longer[0]}'?`;
  const [best] = known.map((each) => [distance(name, each), each]).sort(([a], [b]) => a - b);
  return best && best[0] <= Math.max(1, Math.floor(name.length / 3)) ? ` Did you mean '${best[1]}'?` : "";
}

/** How many characters are to be inserted, removed or replaced to make one word of the other (Levenshtein). */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
  }
  return row[b.length];
}
