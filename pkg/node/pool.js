// Threads of Node.js that share one compiled core and one copy of the packs. node.d.ts documents it.

import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { refused } from "../errors.js";
import { inputOf, namedOptions } from "../given.js";
import { Jobs } from "../jobs.js";
import { choose, packBytes, packs as names } from "../packs.js";
import { Threads } from "../threads.js";
import { streamLines } from "./stream.js";

const FREED = "This pool was freed. Call pool() for a new one.";

export async function pool(options) {
  const { size = availableParallelism(), packs, wasm, definitions, ...rest } = namedOptions(options) ?? {};
  if (!Number.isInteger(size) || size < 1) throw refused("The option 'size' is a whole number of threads, at least 1.");
  if (definitions !== undefined && !Array.isArray(definitions)) {
    throw refused("The option 'definitions' is an array of definitions, each a string, a Uint8Array or a plain object.");
  }
  // Threads that take the place of others have the same, whatever becomes of what was given.
  const own = definitions && Array.from(definitions, (one) => kept(inputOf("definition", one)));
  const wanted = choose(packs);
  const read = reader();
  const [module, ...bytes] = await Promise.all([compile(wasm), ...wanted.map(read)]);
  // The package's own packs go by name, so that a thread knows which it has.
  const given = wanted.map((pack, at) => [pack, bytes[at]]).filter(([pack]) => names.includes(pack));
  const packsOf = wanted.map((pack, at) => (names.includes(pack) ? pack : bytes[at]));
  // Threads that are not told which packs to use take those that a resource needs, as load() does.
  const chosen = packs !== undefined && { packs: packsOf };
  const data = { given, options: { ...rest, wasm: module, ...chosen, ...(own && { definitions: own }) } };
  const jobs = new Jobs();
  try {
    await Promise.all(Array.from({ length: size }, () => start(jobs, data)));
  } catch (error) {
    jobs.end(FREED);
    throw error;
  }
  return new Pool({ jobs, size, freed: FREED, read });
}

const kept = (input) => (typeof input === "string" ? input : input.slice());

async function compile(given) {
  if (given instanceof WebAssembly.Module) return given;
  const from = given ?? new URL("../dist/careconnect.wasm", import.meta.url);
  return WebAssembly.compile(given instanceof Uint8Array || given instanceof ArrayBuffer ? given : await readFile(from));
}

/** A function that gives a pack in memory that threads share rather than copy, the same each time. */
function reader() {
  const reading = new Map();
  return (pack) => {
    if (!reading.has(pack)) {
      const bytes = packBytes(pack).then(shared);
      reading.set(pack, bytes);
      // One that could not be read is tried again when it is next asked for.
      bytes.catch(() => reading.delete(pack));
    }
    return reading.get(pack);
  };
}

function shared(bytes) {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** One more thread of a pool, which takes part when it has loaded. */
function start(jobs, data) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./thread.js", import.meta.url), {
      workerData: data,
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
      // When it has ended another is started, below.
      replace: () => worker.terminate(),
    };
    let loaded = false;
    worker.on("message", (message) => {
      // A pool from which nothing is awaited does not keep the process.
      worker.unref();
      if (loaded) return jobs.answered(thread, message);
      if (message.error !== undefined) return reject(new Error(message.error));
      loaded = true;
      jobs.add(thread);
      resolve();
    });
    worker.on("error", (error) => {
      reject(error);
      jobs.lost(thread, `A thread of the pool failed: ${error.message}`);
    });
    worker.on("exit", () => {
      reject(new Error("A thread of the pool ended before it had loaded."));
      jobs.lost(thread, "A thread of the pool ended.");
      // One that had worked is replaced, so that the next call finds as many as before.
      if (!loaded || jobs.ended) return;
      jobs.replaced += 1;
      start(jobs, data).catch((error) => jobs.end(error.message));
    });
  });
}

class Pool extends Threads {
  constructor(shared, added) {
    super(shared, added);
    this.size = shared.size;
  }

  validateStream(source, options = {}) {
    return streamLines(Threads.jobs(this), this.size, source, options);
  }
}
