// Threads of Node.js that share one compiled core and one copy of the packs. node.d.ts documents it.

import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { check } from "../check.js";
import { Jobs, withoutSignal } from "../jobs.js";
import { choose, packBytes } from "../packs.js";
import { streamLines } from "./stream.js";

const FREED = "This pool was freed. Call pool() for a new one.";

export async function pool(options = {}) {
  const { size = availableParallelism(), packs, wasm, ...rest } = options;
  if (!Number.isInteger(size) || size < 1) throw new Error("The option 'size' is a whole number of threads, at least 1.");
  const [module, ...bytes] = await Promise.all([compile(wasm), ...choose(packs).map(packBytes)]);
  const data = { ...rest, wasm: module, packs: bytes.map(shared) };
  const made = new Pool(data, size);
  try {
    await made.ready();
  } catch (error) {
    made.free();
    throw error;
  }
  return made;
}

async function compile(given) {
  if (given instanceof WebAssembly.Module) return given;
  const from = given ?? new URL("../dist/careconnect.wasm", import.meta.url);
  return WebAssembly.compile(given instanceof Uint8Array || given instanceof ArrayBuffer ? given : await readFile(from));
}

/** The same bytes in memory that threads share rather than copy. */
function shared(bytes) {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

class Pool {
  #jobs = new Jobs();
  #options;
  #loading;

  constructor(options, size) {
    this.#options = options;
    this.size = size;
    this.#loading = Promise.all(Array.from({ length: size }, () => this.#start()));
  }

  /** When every thread has loaded. */
  ready() {
    return this.#loading;
  }

  /** One more thread. It takes part when it has loaded. */
  #start() {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./thread.js", import.meta.url), {
        workerData: this.#options,
        name: "careconnect",
        // What Node.js was started with (--input-type, --inspect) is the program's, and not this file's.
        execArgv: [],
      });
      const thread = {
        post(message) {
          worker.ref();
          worker.postMessage(message);
        },
        close: () => worker.terminate(),
      };
      let loaded = false;
      worker.on("message", (message) => {
        // A pool from which nothing is awaited does not keep the process.
        worker.unref();
        if (loaded) return this.#jobs.answered(thread, message);
        if (message.error !== undefined) return reject(new Error(message.error));
        loaded = true;
        this.#jobs.add(thread);
        resolve();
      });
      worker.on("error", (error) => {
        reject(error);
        this.#jobs.lost(thread, `A thread of the pool failed: ${error.message}`);
      });
      worker.on("exit", () => {
        reject(new Error("A thread of the pool ended before it had loaded."));
        this.#jobs.lost(thread, "A thread of the pool ended.");
        // One that had worked is replaced, so that the next call finds as many as before.
        if (loaded && !this.#jobs.ended) this.#start().catch((error) => this.#jobs.end(error.message));
      });
    });
  }

  validate(input, options) {
    return this.#call("validate", [input, options]);
  }

  async check(input, options) {
    return check((input, options) => this.validate(input, options), input, options);
  }

  outcome(input, options) {
    return this.#call("outcome", [input, options]);
  }

  render(input, options) {
    return this.#call("render", [input, options]);
  }

  compareDemographics(a, b, options) {
    return this.#call("compareDemographics", [a, b, options]);
  }

  get definitions() {
    return this.#call("definitions", []);
  }

  validateStream(source, options = {}) {
    return streamLines(this.#jobs, this.size, source, options);
  }

  free() {
    this.#jobs.end(FREED);
  }

  async #call(method, values) {
    const { sent, signal } = withoutSignal(values.at(-1));
    if (values.length > 0) values[values.length - 1] = sent;
    return this.#jobs.run({ method, values }, { signal });
  }
}

if (Symbol.dispose) {
  Object.defineProperty(Pool.prototype, Symbol.dispose, { value: Pool.prototype.free });
}
