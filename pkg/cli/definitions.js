// The definitions behind a path of the command line: a file, a folder or a FHIR package.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { tarFiles } from "./archives.js";

/** The types that define something to check by. Folders and packages hold others as well, which are passed over. */
const TYPES = ["StructureDefinition", "ValueSet", "CodeSystem", "Questionnaire", "Bundle"];

/** The definitions at a path: the name and the bytes of each, in the order of their names. */
export function definitionFiles(path) {
  if (statSync(path).isDirectory()) {
    const names = readdirSync(path, { recursive: true }).filter((name) => /\.(json|xml)$/i.test(name)).sort();
    const files = names.map((name) => join(path, name)).filter((file) => statSync(file).isFile());
    return files.map((file) => ({ file, bytes: readFileSync(file) })).filter(isDefinition);
  }
  const bytes = readFileSync(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return [{ file: path, bytes }];
  const named = [...tarFiles(bytes)].map(({ name, read }) => ({ name, file: `${path}/${name}`, bytes: read() }));
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
