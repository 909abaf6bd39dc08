// Reading files wherever this runs: from disk in Node.js and Deno, by fetch() elsewhere.

import { failure } from "./errors.js";

/** What a string means as a URL: relative to the page, or in Node.js to the working directory. */
export async function address(text) {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  if (base) return new URL(text, base);
  if (URL.canParse(text) && !/^[a-z]:[\\/]/i.test(text)) return new URL(text);
  return (await fromNode("node:url")).pathToFileURL(text);
}

/** Whether a URL is a file that is read from disk. */
export function onDisk(url) {
  return url.protocol === "file:" && Boolean(globalThis.process);
}

/** Node.js's files, from when the first was read. */
let files;

export async function read(url) {
  try {
    if (onDisk(url)) {
      files ??= await fromNode("node:fs");
      return await files.promises.readFile(url);
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the answer was ${response.status} ${response.statusText}`.trim());
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw failure("unreadable-file", `careconnect could not read ${url}: ${cause.message}.`, cause);
  }
}

/** A file on disk, without waiting; nothing where files cannot be read so. */
export function readNow(url) {
  if (!files || !onDisk(url)) return undefined;
  try {
    return files.readFileSync(url);
  } catch (cause) {
    throw failure("unreadable-file", `careconnect could not read ${url}: ${cause.message}.`, cause);
  }
}

const reading = new Map();

/** A file of the package, read once. One that could not be read is tried again when it is next asked for. */
export function readOnce(url) {
  const bytes = reading.get(url.href) ?? read(url);
  reading.set(url.href, bytes);
  bytes.catch(() => reading.delete(url.href));
  return bytes;
}

/** A module of Node.js. The name is not written in the import itself, so that bundlers for browsers leave it alone. */
function fromNode(name) {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ name);
}
