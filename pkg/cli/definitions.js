// The definitions behind a path of the command line: a file, a folder or a FHIR package.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isDefinition, packageFiles } from "../fhir-package.js";
import { unpackedTar } from "./archives.js";

/** The definitions at a path: the name and the bytes of each, in the order of their names. */
export function definitionFiles(path) {
  if (statSync(path).isDirectory()) {
    const names = readdirSync(path, { recursive: true }).filter((name) => /\.(json|xml)$/i.test(name)).sort();
    const files = names.map((name) => join(path, name)).filter((file) => statSync(file).isFile());
    return files.map((file) => ({ file, bytes: readFileSync(file) })).filter(isDefinition);
  }
  const bytes = readFileSync(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return [{ file: path, bytes }];
  const own = packageFiles(unpackedTar(bytes));
  return own.map(({ name, bytes }) => ({ file: `${path}/${name}`, bytes }));
}
