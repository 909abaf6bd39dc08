// The packs that come with the package, and where they are.

import { refused } from "./errors.js";
import { address, read, readNow, readOnce } from "./files.js";
import { bytesOf, isShared } from "./given.js";

// Each address stands in full, since that is how bundlers find the files that they must copy.
const builtIn = new Map([
  ["stu3", () => new URL("./dist/packs/stu3.pack", import.meta.url)],
  ["careconnect", () => new URL("./dist/packs/careconnect.pack", import.meta.url)],
  ["gpconnect", () => new URL("./dist/packs/gpconnect.pack", import.meta.url)],
  ["itk", () => new URL("./dist/packs/itk.pack", import.meta.url)],
  ["nrl", () => new URL("./dist/packs/nrl.pack", import.meta.url)],
  ["events", () => new URL("./dist/packs/events.pack", import.meta.url)],
  ["childhealth", () => new URL("./dist/packs/childhealth.pack", import.meta.url)],
  ["news2", () => new URL("./dist/packs/news2.pack", import.meta.url)],
  ["ers", () => new URL("./dist/packs/ers.pack", import.meta.url)],
  ["other", () => new URL("./dist/packs/other.pack", import.meta.url)],
  ["r4", () => new URL("./dist/packs/r4.pack", import.meta.url)],
  ["ukcore", () => new URL("./dist/packs/ukcore.pack", import.meta.url)],
  ["nhsengland-r4", () => new URL("./dist/packs/nhsengland-r4.pack", import.meta.url)],
]);

/** What packs there are, with what each has: the core reads it. */
export async function packIndex() {
  return new TextDecoder().decode(await readOnce(new URL("./dist/index.txt", import.meta.url)));
}

export const packs = Object.freeze([...builtIn.keys()]);

/** The packs of FHIR R4, which come by name, or when a resource is of R4. */
const OF_R4 = ["r4", "ukcore", "nhsengland-r4"];

/** The packs that "all" means: those of STU3. */
const all = Object.freeze(packs.filter((name) => !OF_R4.includes(name)));

/** What is loaded at once where no packs are asked for; what a resource needs besides comes when it is needed. */
const FIRST = ["stu3", "careconnect"];

/** The packs asked for, each once, in the order given. */
export function choose(asked = FIRST) {
  if (asked === "all") return all;
  if (!Array.isArray(asked)) {
    throw refused("The option 'packs' is an array of names, URLs and Uint8Arrays, or \"all\".");
  }
  if (asked.length === 0) {
    throw refused("The option 'packs' is empty; nothing can be checked without definitions. Leave it out for stu3 and careconnect.");
  }
  return [...new Set(asked.flatMap((pack) => (pack === "all" ? all : [pack])))];
}

/** Packs of the package that another thread has read, for this one. */
const given = new Map();

export function give(packs) {
  for (const [name, bytes] of packs) given.set(name, bytes);
}

/**
 * The bytes of a pack, to be kept: a caller may change or give away its own. Memory that threads share is one copy for all
 * of them and stays.
 */
export async function keptBytes(pack) {
  if (!ArrayBuffer.isView(pack)) return packBytes(pack);
  return isShared(pack) ? pack : (bytesOf("pack", pack) ?? (await packBytes(pack))).slice();
}

/** The bytes of a pack: one of the package's own is read once, however often it is asked for. */
export async function packBytes(pack) {
  const bytes = bytesOf("pack", pack);
  if (bytes) return bytes;
  if (pack instanceof URL) return read(pack);
  if (typeof pack !== "string") {
    throw refused("A pack is a name, a URL or a Uint8Array.");
  }
  if (builtIn.has(pack)) return given.get(pack) ?? readOnce(builtIn.get(pack)());
  if (/^[\w-]*$/.test(pack)) {
    throw refused(`There is no pack '${pack}'. The packs are: ${packs.join(", ")}; "all" is every one of STU3.`);
  }
  return read(await address(pack));
}

/** The bytes of a pack of the package where they can be had at once: in Node.js, or where another thread has read it. */
export function packNow(name) {
  return given.get(name) ?? readNow(builtIn.get(name)());
}
