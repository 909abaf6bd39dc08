// The package's entry, the same for Node.js, browsers, workers and bundlers. careconnect.d.ts documents it.

import init, { Core, ReleaseBuilder, initSync } from "./dist/careconnect.js";
import { address, onDisk, read } from "./files.js";
import { Careconnect } from "./handle.js";
import { choose, packBytes, packs } from "./packs.js";

export { packs };
export { terminologyServer } from "./terminology-server.js";

const OPTIONS = ["packs", "definitions", "wasm"];

// The address stands in full, since that is how bundlers find the files that they must copy.
const wasm = () => new URL("./dist/careconnect.wasm", import.meta.url);

export async function load(options = {}) {
  if (options === null || typeof options !== "object" || Array.isArray(options)) {
    throw new Error('The options of load() are a plain object, for example { packs: ["stu3", "careconnect"] }.');
  }
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) {
      throw new Error(`There is no option '${name}' here. The options are: ${OPTIONS.join(", ")}.`);
    }
  }
  const wanted = choose(options.packs);
  const definitions = options.definitions ?? [];
  if (!Array.isArray(definitions)) {
    throw new Error("The option 'definitions' is an array of definitions, each a string, a Uint8Array or a plain object.");
  }
  const [bytes] = await Promise.all([Promise.all(wanted.map(packBytes)), start(options.wasm)]);
  return new Careconnect(new Core(bytes, definitions), wanted);
}

/** Makes a pack of a release of SNOMED CT or dm+d. */
export async function makeRelease(kind, files) {
  await start();
  const turns = [];
  for (const file of files) {
    if (typeof file?.name !== "string" || typeof file.chunks !== "function") {
      throw new Error("A file of a release is an object with its name and chunks(), which gives its bytes piece by piece.");
    }
    const turn = ReleaseBuilder.turn(kind, file.name);
    if (turn !== undefined) turns.push([turn, file]);
  }
  if (turns.length === 0) {
    const wanted = kind === "dmd" ? "f_vtm2_….xml, f_vmp2_….xml and the others of dm+d" : "the Snapshot files of RF2 (sct2_Concept_Snapshot_….txt)";
    throw new Error(`None of the files is one of a release: expected ${wanted}.`);
  }
  turns.sort(([a, { name: first }], [b, { name: second }]) => a - b || (first < second ? -1 : 1));
  const builder = new ReleaseBuilder(kind);
  try {
    for (const [, file] of turns) {
      builder.begin(file.name);
      for await (const bytes of file.chunks()) builder.feed(bytes);
    }
    const [pack, summary] = builder.finish();
    return { pack, summary: JSON.parse(summary) };
  } finally {
    builder.free();
  }
}

let started;

/** Compiles and starts the core, once, however often it is asked for. A failure can be tried again. */
function start(given) {
  started ??= (async () => {
    const source = typeof given === "string" ? await address(given) : (given ?? wasm());
    if (source instanceof URL && !onDisk(source)) return init({ module_or_path: fetch(source) });
    // Not through init(): it looks at the global Response, which makes Node.js load its whole fetch first.
    const module = source instanceof URL ? await read(source) : source;
    initSync({ module: module instanceof WebAssembly.Module ? module : await WebAssembly.compile(module) });
  })().catch((cause) => {
    started = undefined;
    throw new Error(`careconnect could not start its WebAssembly core: ${cause.message}`, { cause });
  });
  return started;
}
