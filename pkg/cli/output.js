// What commands share: failing with a sentence, and printing.

import { readFileSync } from "node:fs";

/** A mistake in how the command was called, or something without which it cannot run: exit status 2. */
export class Failure extends Error {
  /** `lines` are listed below the sentence. Where the call itself is not wrong, `hint: false` leaves out how it is made. */
  constructor(message, { lines = [], hint = true } = {}) {
    super(message);
    Object.assign(this, { lines, hint });
  }
}

const REASONS = new Map([
  ["ENOENT", "there is no such file"],
  ["EACCES", "permission is refused"],
  ["EISDIR", "it is a directory"],
  ["ENOSPC", "there is no space left"],
  ["ERR_FS_FILE_TOO_LARGE", "it is too large"],
]);

/** Why a file could not be read or written, for the middle of a sentence. */
export const reason = (error) => REASONS.get(error.code) ?? error.message;

/** What it is called that a reader has gone: seen enough (`| head`), which is no error. */
const GONE = new Set(["EPIPE", "ECONNRESET", "EOF", "ERR_STREAM_DESTROYED"]);

let isGone = false;
let unwritten;

function lost(error) {
  if (unwritten) return;
  if (GONE.has(error.code)) isGone = true;
  else unwritten = error;
}

/** Listens for what goes wrong with the output, which would otherwise end the process. To be called once, at the start. */
export function listenToOutput() {
  process.stdout.on("error", lost);
  // What cannot be said on standard error can be said nowhere.
  process.stderr.on("error", () => {});
}

/** Whether nobody reads what is printed any more. */
export const readerIsGone = () => isGone;

/** How much is handed over at once. */
const PART = 1 << 20;

/** Prints, and waits until it is taken. Nothing is printed for a reader that has gone. */
export async function write(text) {
  for (let from = 0; from < text.length && !isGone; ) {
    let to = from + PART;
    // Not in the middle of a character.
    if ((text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to += 1;
    const part = text.slice(from, to);
    await new Promise((resolve) => process.stdout.write(part, (error) => resolve(error && lost(error))));
    if (unwritten) throw new Failure(`What was found cannot be written: ${reason(unwritten)}.`, { hint: false });
    from = to;
  }
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
