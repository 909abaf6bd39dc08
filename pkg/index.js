// The package's entry, the same for Node.js, browsers, workers and bundlers. careconnect.d.ts documents it.

import init, { Core, initSync, version as coreVersion } from "./dist/careconnect.js";
import { builtIn, packs } from "./packs.js";

export { packs };

// The address stands in full, since that is how bundlers find the files that they must copy.
const wasm = () => new URL("./dist/careconnect.wasm", import.meta.url);

export async function load(options = {}) {
  if (options === null || typeof options !== "object" || Array.isArray(options)) {
    throw new Error('The options of load() are a plain object, for example { packs: ["stu3", "careconnect"] }.');
  }
  for (const name of Object.keys(options)) {
    if (name !== "packs" && name !== "definitions") {
      throw new Error(`There is no option '${name}' here. The options are: packs, definitions.`);
    }
  }
  const wanted = choose(options.packs ?? ["stu3", "careconnect"]);
  const definitions = options.definitions ?? [];
  if (!Array.isArray(definitions)) {
    throw new Error("The option 'definitions' is an array of definitions, each a string, a Uint8Array or a plain object.");
  }
  const [bytes] = await Promise.all([Promise.all(wanted.map(packBytes)), start()]);
  return new Careconnect(new Core(bytes, definitions));
}

/** The packs asked for, each once, in the order given. */
function choose(asked) {
  if (asked === "all") return [...builtIn.keys()];
  if (!Array.isArray(asked)) {
    throw new Error("The option 'packs' is an array of names, URLs and Uint8Arrays, or \"all\".");
  }
  if (asked.length === 0) {
    throw new Error("The option 'packs' is empty; nothing can be checked without definitions. Leave it out for stu3 and careconnect.");
  }
  return [...new Set(asked.flatMap((pack) => (pack === "all" ? [...builtIn.keys()] : [pack])))];
}

async function packBytes(pack) {
  if (pack instanceof Uint8Array) return pack;
  if (pack instanceof URL) return read(pack);
  if (typeof pack !== "string") {
    throw new Error("A pack is a name, a URL or a Uint8Array.");
  }
  if (builtIn.has(pack)) return read(builtIn.get(pack)());
  if (/^[\w-]*$/.test(pack)) {
    throw new Error(`There is no pack '${pack}'. The packs are: ${packs.join(", ")}; "all" is every one of them.`);
  }
  return read(await address(pack));
}

/** What a string means as a URL: relative to the page, or in Node.js to the working directory. */
async function address(text) {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  if (base) return new URL(text, base);
  if (URL.canParse(text) && !/^[a-z]:[\\/]/i.test(text)) return new URL(text);
  return (await fromNode("node:url")).pathToFileURL(text);
}

async function read(url) {
  try {
    if (url.protocol === "file:" && globalThis.process) {
      return await (await fromNode("node:fs/promises")).readFile(url);
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the answer was ${response.status} ${response.statusText}`.trim());
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new Error(`careconnect could not read ${url}: ${cause.message}.`, { cause });
  }
}

/** A module of Node.js. The name is not written in the import itself, so that bundlers for browsers leave it alone. */
function fromNode(name) {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ name);
}

let started;

/** Compiles and starts the core, once, however often it is asked for. A failure can be tried again. */
function start() {
  started ??= (async () => {
    const url = wasm();
    if (url.protocol === "file:" && globalThis.process) {
      // Not through init(): it looks at the global Response, which makes Node.js load its whole fetch first.
      initSync({ module: await WebAssembly.compile(await read(url)) });
    } else {
      await init({ module_or_path: fetch(url) });
    }
  })().catch((cause) => {
    started = undefined;
    throw new Error(`careconnect could not start its WebAssembly core: ${cause.message}`, { cause });
  });
  return started;
}

class Careconnect {
  #core;

  constructor(core) {
    this.#core = core;
  }

  #call(method, input, options) {
    if (!this.#core) throw new Error("This careconnect was freed. Call load() for a new one.");
    try {
      return this.#core[method](input, options);
    } catch (cause) {
      if (!(cause instanceof WebAssembly.RuntimeError) && !(cause instanceof RangeError)) throw cause;
      throw new Error("careconnect failed on this input, which is a fault of its own: please report it.", { cause });
    }
  }

  validate(input, options) {
    return JSON.parse(this.#call("validate", input, options));
  }

  outcome(input, options) {
    return JSON.parse(this.#call("outcome", input, options));
  }

  render(input, options) {
    const text = this.#call("render", input, options);
    return options?.as === "model" ? JSON.parse(text) : text;
  }

  get definitions() {
    return JSON.parse(this.#call("definitions"));
  }

  get version() {
    return coreVersion();
  }

  free() {
    const core = this.#core;
    this.#core = undefined;
    core?.free();
  }
}

if (Symbol.dispose) {
  Object.defineProperty(Careconnect.prototype, Symbol.dispose, { value: Careconnect.prototype.free });
}
