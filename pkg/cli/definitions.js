// The definitions behind a path of the command line: a file, a folder or a FHIR package.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { packageFiles, unusedType } from "../fhir-package.js";
import { unpackedTar } from "./archives.js";

/**
 * The definitions at a path: the name and the bytes of each, in the order of their names. What stands among them in a folder or
 * package and defines nothing is passed over; `unused` has the number of each type.
 */
export function definitionFiles(path) {
  if (statSync(path).isDirectory()) {
    const names = readdirSync(path, { recursive: true }).filter((name) => /\.(json|xml)$/i.test(name)).sort();
    const files = names.map((name) => join(path, name)).filter((file) => statSync(file).isFile());
    return used(files.map((file) => ({ file, bytes: readFileSync(file) })));
  }
  const bytes = readFileSync(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { files: [{ file: path, bytes }], unused: new Map() };
  return used(packageFiles(unpackedTar(bytes)).map(({ name, bytes }) => ({ file: `${path}/${name}`, bytes })));
}

function used(all) {
  const unused = new Map();
  const files = all.filter((file) => {
    const type = unusedType(file);
    if (type !== undefined) unused.set(type, (unused.get(type) ?? 0) + 1);
    return type === undefined;
  });
  return { files, unused };
}
