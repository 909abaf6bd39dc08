// What is to be checked: files, folders, patterns, archives, standard input, and the paths of a list.
//
// An input is { file, profiles, read } and, for a line of an NDJSON file, the `line` that it stands in, from 1. `read` gives
// its bytes or throws an error whose `reason` (output.js) says why there are none.

import { createReadStream, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Failure, reason } from "./output.js";
import { matcher } from "./pattern.js";

const RESOURCE = /\.(json|xml)$/i;
const LINES = /\.(ndjson|jsonl)$/i;
const ZIP = /\.zip$/i;
const TAR = /\.(tgz|tar\.gz|tar)$/i;
const GZIP = /\.gz$/i;

/** What stands in folders and archives among resources and is none. Named on its own, such a file is checked. */
const NO_RESOURCE = new Set(["package.json", "package-lock.json", "tsconfig.json", "careconnect.config.json", "careconnect.baseline.json"]);

function isNoResource(path) {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return name.startsWith(".") || NO_RESOURCE.has(name);
}

/** Folders that nobody means. */
const PASSED_OVER = /^(\..*|node_modules)$/;

/** The longest line of NDJSON that is kept; a longer one is said to be too long. */
const LONGEST_LINE = 1 << 29;

/** The files that the arguments mean, in order: folders and patterns stand for what is in them. */
export function expand(names) {
  return names.flatMap((name) => {
    if (name === "-") return [name];
    const folder = isFolder(name);
    if (!folder && (existsSync(name) || !/[*?[{]/.test(name))) return [name];
    const found = folder ? inFolder(name) : matching(name);
    // Nothing checked is not the same as nothing wrong.
    if (found.length === 0) throw new Failure(folder ? `There is no .json, .xml or NDJSON file below '${name}'.` : `No file matches '${name}'.`);
    return found;
  });
}

function isFolder(path) {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Whether there is a file at a path; a link that leads nowhere is one that cannot be read. */
function isFile(path) {
  try {
    return statSync(path).isFile();
  } catch {
    return true;
  }
}

/** The resources and NDJSON files below a folder, in the order of their names. */
function inFolder(folder) {
  return below(folder).filter((path) => (RESOURCE.test(path) || LINES.test(path)) && !isNoResource(slashed(path)));
}

/** Every file below a folder. Links to folders are not followed, so that none is gone through twice. */
function below(folder) {
  const entries = entriesOf(folder);
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    // A link may lead to a device or a pipe, which may have no end.
    if (!entry.isDirectory()) return entry.isFile() || (entry.isSymbolicLink() && isFile(path)) ? [path] : [];
    return PASSED_OVER.test(entry.name) ? [] : below(path);
  });
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new Failure(`The folder '${folder}' cannot be read: ${reason(error)}.`);
  }
}

const slashed = (path) => path.replaceAll("\\", "/");

/** The files that match a pattern, for shells that leave patterns alone. */
function matching(pattern) {
  const parts = slashed(pattern).split("/");
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  const root = parts.slice(0, first).join("/") || (pattern.startsWith("/") ? "/" : ".");
  if (!isFolder(root)) return [];
  const wanted = matcher(parts.slice(first).join("/"));
  const from = root === "." ? 0 : root.length + (root.endsWith("/") ? 0 : 1);
  const found = below(root).filter((path) => wanted(slashed(path).slice(from)));
  // As in shells, a name that begins with a dot is meant only by a pattern that says the dot.
  return parts.slice(first).some((part) => part.startsWith(".")) ? found : found.filter((path) => !basename(slashed(path)).startsWith("."));
}

/** Whether a file that is to be checked may hold several resources. */
export const severalIn = (file) => LINES.test(file) || ZIP.test(file) || TAR.test(file) || GZIP.test(file);

/** Whether what is found in a file is in the file as it is, and not packed in it or piped. */
export const isPlain = (file) => file !== "-" && !GZIP.test(file) && existsSync(file);

/** The folders in which the files that the arguments mean come, go and change. */
export function folders(names) {
  const all = names.flatMap((name) => {
    if (isFolder(name)) return [name, ...foldersBelow(name)];
    const first = slashed(name).search(/[*?[{]/);
    if (first < 0 || existsSync(name)) return [dirname(name)];
    const root = dirname(`${name.slice(0, first)}x`);
    return isFolder(root) ? [root, ...foldersBelow(root)] : [];
  });
  return [...new Set(all)];
}

function foldersBelow(folder) {
  const entries = entriesOf(folder);
  const inside = entries.filter((entry) => entry.isDirectory() && !PASSED_OVER.test(entry.name));
  return inside.map(({ name }) => join(folder, name)).flatMap((path) => [path, ...foldersBelow(path)]);
}

/** The inputs of files as {@link expand} gives them, and then those of the list. */
export async function* inputs(files, list, isOut = () => false) {
  for (const file of files) {
    for await (const input of inputsOf(file)) {
      // What an archive holds has names of its own.
      if (input.file === file || !isOut(input.file)) yield input;
    }
  }
  if (list === undefined) return;
  for await (const input of listed(list)) if (!isOut(input.file)) yield input;
}

/** A line of a list is one input, whatever its name: it is neither a pattern nor gone into. */
async function* listed(list) {
  const { createInterface } = await import("node:readline");
  const stream = list === "-" ? process.stdin : createReadStream(list);
  try {
    // A stream that cannot be opened says so only in an event, which must be listened for before the first line.
    if (list !== "-") await new Promise((resolve, reject) => stream.once("open", resolve).on("error", reject));
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      const [file, profiles = ""] = line.split("\t");
      if (file.trim() === "") continue;
      yield { file, profiles: profiles.split(",").map((url) => url.trim()).filter(Boolean), read: () => bytesOf(file) };
    }
  } catch (error) {
    throw new Failure(`The list '${list}' cannot be read: ${reason(error)}.`);
  }
}

const bytesOf = (file) => readFileSync(file === "-" ? 0 : file);

async function* inputsOf(file) {
  const failed = (error) => ({ file, profiles: [], read: () => Promise.reject(error) });
  try {
    if (file === "-") yield* standardInput();
    else if (LINES.test(file)) yield* lines(file, createReadStream(file));
    else if (ZIP.test(file) || TAR.test(file)) yield* archived(file);
    else if (GZIP.test(file)) yield* packed(file);
    else yield { file, profiles: [], read: () => bytesOf(file) };
  } catch (error) {
    yield failed(error);
  }
}

/** The resources of an archive, and the lines of its NDJSON files. */
async function* archived(file) {
  const { tarFiles, zipFiles } = await import("./archives.js");
  for (const { name, read } of ZIP.test(file) ? zipFiles(file) : tarFiles(readFileSync(file))) {
    if (isNoResource(name)) continue;
    const inside = `${file}/${name}`;
    if (RESOURCE.test(name)) yield { file: inside, profiles: [], read };
    else if (LINES.test(name)) {
      try {
        yield* lines(inside, [read()]);
      } catch (error) {
        yield { file: inside, profiles: [], read: () => Promise.reject(error) };
      }
    }
  }
}

async function* packed(file) {
  const name = file.replace(GZIP, "");
  if (LINES.test(name)) {
    const { createGunzip } = await import("node:zlib");
    const source = createReadStream(file);
    const unpacked = createGunzip();
    source.on("error", (error) => unpacked.destroy(error));
    // When the lines are left early nobody else listens.
    unpacked.on("error", () => {});
    yield* lines(file, source.pipe(unpacked));
  } else {
    const { gunzipped } = await import("./archives.js");
    yield { file, profiles: [], read: () => gunzipped(file) };
  }
}

/** Standard input: NDJSON where its first line is a whole object and more follow, and otherwise one resource. */
async function* standardInput() {
  const parts = [];
  const kept = [];
  let isLines;
  for await (const line of lines("-", process.stdin, (chunk) => isLines === undefined && parts.push(chunk))) {
    if (isLines) yield line;
    else {
      kept.push(line);
      if (kept.length === 1 && !isObject(await line.read())) break;
      if (kept.length < 2) continue;
      isLines = true;
      parts.length = 0;
      yield* kept;
    }
  }
  if (isLines) return;
  for await (const chunk of process.stdin) parts.push(chunk);
  const bytes = Buffer.concat(parts);
  yield { file: "-", profiles: [], read: () => bytes };
}

function isObject(bytes) {
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "").trim();
  if (!text.startsWith("{") || !text.endsWith("}")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The lines of an NDJSON file that are not blank, as they come. */
async function* lines(file, source, seen) {
  let parts = [];
  let length = 0;
  let line = 0;
  const input = () => {
    line += 1;
    const [bytes, at, tooLong] = [Buffer.concat(parts), line, length > LONGEST_LINE];
    parts = [];
    length = 0;
    if (tooLong) return { file, line: at, profiles: [], read: () => Promise.reject(new Error("the line is too long")) };
    return bytes.every(isBlank) ? undefined : { file, line: at, profiles: [], read: () => bytes };
  };
  const stream = source.iterator?.({ destroyOnReturn: false }) ?? source;
  for await (const chunk of stream) {
    seen?.(chunk);
    for (let from = 0; from <= chunk.length; ) {
      const found = chunk.indexOf(10, from);
      const to = found < 0 ? chunk.length : found;
      length += to - from;
      if (length > LONGEST_LINE) parts = [];
      else parts.push(chunk.subarray(from, to));
      if (found < 0) break;
      const one = input();
      if (one) yield one;
      from = found + 1;
    }
  }
  const last = length > 0 ? input() : undefined;
  if (last) yield last;
}

const isBlank = (byte) => byte === 32 || byte === 9 || byte === 13;
