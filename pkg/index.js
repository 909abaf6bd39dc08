// The package's entry, the same for Node.js, browsers, workers and bundlers. careconnect.d.ts documents it.

import init, { Core, initSync } from "./dist/careconnect.js";
import { address, onDisk, read } from "./files.js";
import { Careconnect } from "./handle.js";
import { choose, packBytes, packs } from "./packs.js";

export { packs };

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
