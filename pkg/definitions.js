// The definitions behind a path of the command line: a file, a folder or a FHIR package.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** The types that define something to check by. Folders and packages hold others as well, which are passed over. */
const TYPES = ["StructureDefinition", "ValueSet", "CodeSystem", "Questionnaire", "Bundle"];

/** What a package may unpack to, so that a small file cannot fill the memory. */
const LARGEST = 1 << 30;

/** The definitions at a path: the name and the bytes of each, in the order of their names. */
export function definitionFiles(path) {
  if (statSync(path).isDirectory()) {
    const names = readdirSync(path, { recursive: true }).filter((name) => /\.(json|xml)$/i.test(name)).sort();
    const files = names.map((name) => join(path, name)).filter((file) => statSync(file).isFile());
    return files.map((file) => ({ file, bytes: readFileSync(file) })).filter(isDefinition);
  }
  const bytes = readFileSync(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return [{ file: path, bytes }];
  const inside = [...tarFiles(gunzipSync(bytes, { maxOutputLength: LARGEST }))];
  const named = inside.map(({ name, bytes }) => ({ name, file: `${path}/${name}`, bytes }));
  // package/ holds the definitions; examples, tests and index files stand beside or below it.
  const own = named.filter(({ name }) => /^package\/[^./][^/]*\.(json|xml)$/i.test(name) && name !== "package/package.json");
  own.sort((a, b) => (a.name < b.name ? -1 : 1));
  return own.filter(isDefinition).map(({ file, bytes }) => ({ file, bytes }));
}

/** Whether a file's resource has one of the types, as far as its beginning says: reading it is for the core. */
function isDefinition({ bytes }) {
  const text = bytes.toString("utf8");
  const json = /^\uFEFF?\s*\{/.test(text);
  const type = json ? topType(text) : /^\uFEFF?(?:\s|<\?[^>]*\?>|<!--[^]*?-->)*<(?:\w+:)?(\w+)/.exec(text)?.[1];
  // What cannot be read is for the core to report, where it is meant as a definition at all.
  return type === undefined ? json : TYPES.includes(type);
}

function topType(text) {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""))?.resourceType ?? "";
  } catch {
    return /"resourceType"\s*:\s*"(\w+)"/.exec(text)?.[1];
  }
}

/** The ordinary files in a tar archive (POSIX ustar, with the long names of GNU and pax). */
function* tarFiles(tar) {
  let long;
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512);
    if (header[0] === 0) break;
    const field = (from, length) => header.toString("utf8", from, from + length).split("\0")[0];
    const size = Number.parseInt(field(124, 12).trim() || "0", 8);
    const bytes = tar.subarray(at + 512, at + 512 + size);
    if (!(size >= 0) || bytes.length < size) throw new Error("it is no FHIR package, or it is damaged");
    const kind = field(156, 1);
    const prefix = field(257, 5) === "ustar" ? field(345, 155) : "";
    const name = long ?? (prefix ? `${prefix}/${field(0, 100)}` : field(0, 100));
    long = undefined;
    if (kind === "L") long = bytes.toString("utf8").split("\0")[0];
    else if (kind === "x") long = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(bytes.toString("utf8"))?.[1];
    else if (kind === "" || kind === "0") yield { name: name.replace(/^\.\//, ""), bytes };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
