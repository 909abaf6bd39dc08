// The package's entry, the same for Node.js, browsers, workers and bundlers. careconnect.d.ts documents it.

import init, { ReleaseBuilder, initSync } from "./dist/careconnect.js";
import { failure, refused } from "./errors.js";
import { address, onDisk, read } from "./files.js";
import { inputOf, namedOptions } from "./given.js";
import { Careconnect } from "./handle.js";
import { instance, isThere, within } from "./instance.js";
import { choose, keptBytes, packIndex, packs } from "./packs.js";

export { packs };
export { terminologyServer } from "./terminology-server.js";

const OPTIONS = ["packs", "definitions", "wasm"];

// The address stands in full, since that is how bundlers find the files that they must copy.
const wasm = () => new URL("./dist/careconnect.wasm", import.meta.url);

export async function load(options) {
  const { packs: asked, definitions = [], wasm: given } = loadOptions(options);
  const wanted = choose(asked);
  const own = definitions.map((definition) => inputOf("definition", definition));
  const [bytes, index] = await Promise.all([Promise.all(wanted.map(keptBytes)), packIndex(), start(given)]);
  const source = { packs: bytes, definitions: own.map((one) => (typeof one === "string" ? one : one.slice())), index };
  return Careconnect.withBases(new Careconnect(source, wanted, asked === undefined));
}

/** The options of load(), each read once. */
function loadOptions(options) {
  let named;
  try {
    named = namedOptions(options) ?? {};
  } catch (cause) {
    throw refused('The options of load() are a plain object, for example { packs: ["stu3", "careconnect"] }.', cause);
  }
  for (const name of Object.keys(named)) {
    if (!OPTIONS.includes(name)) throw refused(`There is no option '${name}' here. The options are: ${OPTIONS.join(", ")}.`);
  }
  if (named.definitions !== undefined && !Array.isArray(named.definitions)) {
    throw refused("The option 'definitions' is an array of definitions, each a string, a Uint8Array or a plain object.");
  }
  return { ...named, ...(named.definitions && { definitions: Array.from(named.definitions) }) };
}

/** Makes a pack of a release of SNOMED CT or dm+d. */
export async function makeRelease(kind, files) {
  await start();
  const turns = [];
  for (const file of files) {
    if (typeof file?.name !== "string" || typeof file.chunks !== "function") {
      throw refused("A file of a release is an object with its name and chunks(), which gives its bytes piece by piece.");
    }
    const turn = ReleaseBuilder.turn(kind, file.name);
    if (turn !== undefined) turns.push([turn, file]);
  }
  if (turns.length === 0) {
    const wanted = kind === "dmd" ? "f_vtm2_….xml, f_vmp2_….xml and the others of dm+d" : "the Snapshot files of RF2 (sct2_Concept_Snapshot_….txt)";
    throw failure("invalid-release", `None of the files is one of a release: expected ${wanted}.`);
  }
  turns.sort(([a, { name: first }], [b, { name: second }]) => a - b || (first < second ? -1 : 1));
  const made = instance();
  const builder = within(() => new ReleaseBuilder(kind));
  /** While files are read others use the same instance, and one of them may make it fail. */
  const step = (act) => {
    if (!isThere(made)) throw failure("internal-error", "The core was started anew while the release was read. Make it again.");
    return within(act);
  };
  try {
    for (const [, file] of turns) {
      step(() => builder.begin(file.name));
      for await (const bytes of file.chunks()) step(() => builder.feed(bytes));
    }
    const [pack, summary] = step(() => builder.finish());
    return { pack, summary: JSON.parse(summary) };
  } finally {
    if (isThere(made)) builder.free();
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
    throw failure("not-started", `careconnect could not start its WebAssembly core: ${cause.message}`, cause);
  });
  return started;
}
