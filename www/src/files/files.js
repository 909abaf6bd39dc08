// Files and folders that are opened or dropped: resources, definitions and FHIR packages. Nothing leaves the page.

import { packageFiles, rootName, unusedType } from "../../../pkg/fhir-package.js";

/** What a package may unpack to, so that a small file cannot fill the memory. */
const LARGEST = 256 << 20;

/** Whether a file is a FHIR package, by its first bytes. */
export async function isPackage(file) {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** The definitions in a FHIR package: `{ name, text }`. */
export async function readPackage(file) {
  const reader = file.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) throw new Error(`${file.name} unpacks to more than ${LARGEST >> 20} MB, so it was not read.`);
    parts.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const decoder = new TextDecoder();
  return packageFiles(bytes).filter((file) => unusedType(file) === undefined).map(({ name, bytes }) => ({ name, text: decoder.decode(bytes) }));
}

/** Every file of the entries that were dropped, those in folders too. */
export async function inFolders(entries) {
  const files = [];
  const walk = async (entry) => {
    if (entry.isFile) {
      files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      // A folder is read in parts.
      const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (part.length === 0) return;
      for (const inner of part) await walk(inner);
    }
  };
  for (const entry of entries) await walk(entry);
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a text is a definition rather than a resource to check. */
export function isDefinition(text) {
  if (!/^\uFEFF?\s*\{/.test(text)) return rootName(text) === "StructureDefinition";
  return /"resourceType"\s*:\s*"(\w+)"/.exec(text.slice(0, 4096))?.[1] === "StructureDefinition";
}
