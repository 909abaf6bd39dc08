// The same interface as index.js, in a Web Worker, so that the page never waits. worker.d.ts documents it.

import { refused } from "./errors.js";
import { bytesOf, inputOf } from "./given.js";
import { Jobs } from "./jobs.js";
import { Threads } from "./threads.js";

export { packs } from "./packs.js";
export { terminologyServer } from "./terminology-server.js";

const FREED = "This careconnect was freed. Call load() for a new one.";

export async function load({ worker = newWorker, ...options } = {}) {
  if (worker === newWorker && typeof Worker === "undefined") {
    throw new Error("There are no Web Workers here. Use load() of 'careconnect' itself, or pool() of 'careconnect/node'.");
  }
  const jobs = new Jobs();
  // A worker that was made already cannot be made anew.
  const [make, isReplaced] = typeof worker === "function" ? [worker, true] : [() => worker, false];
  try {
    await start(jobs, make, isReplaced, sendable(options));
  } catch (error) {
    jobs.end(error.message);
    throw error;
  }
  return new Threads({ jobs, freed: FREED });
}

function newWorker() {
  return new Worker(new URL("./worker-thread.js", import.meta.url), { type: "module", name: "careconnect" });
}

/** Starts a worker, which takes part when it has loaded. One that is lost later is replaced, where it can be. */
function start(jobs, make, isReplaced, options) {
  return new Promise((resolve, reject) => {
    const worker = make();
    let isLoaded = false;
    const again = (reason) => {
      worker.terminate();
      if (!isLoaded || jobs.ended) return;
      if (isReplaced) start(jobs, make, isReplaced, options).catch((error) => jobs.end(error.message));
      else jobs.end(reason);
    };
    const lost = (reason) => {
      reject(new Error(reason));
      jobs.lost(thread, reason);
      again(reason);
    };
    const thread = {
      post: (message) => worker.postMessage(message),
      close: () => worker.terminate(),
      ...(isReplaced && { replace: again }),
    };
    worker.onmessage = ({ data }) => {
      if (isLoaded) return jobs.answered(thread, data);
      if (data.error !== undefined) {
        worker.terminate();
        return reject(Object.assign(new Error(data.error), data.code && { code: data.code }));
      }
      isLoaded = true;
      jobs.add(thread);
      resolve();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      lost(`The careconnect worker failed: ${event.message ?? "its script could not be loaded"}`);
    };
    worker.onmessageerror = () => lost("A message of the careconnect worker could not be read.");
    worker.postMessage({ method: "load", values: [options] });
  });
}

/** A URL cannot be sent to a worker as it is, and a relative one would mean another place there. */
function sendable(options) {
  const plain = { ...options };
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  const absolute = (value) => {
    if (value instanceof URL) return value.href;
    // It is sent again to a worker that takes the place of another, and may have been changed by then.
    if (ArrayBuffer.isView(value)) return bytesOf("pack", value)?.slice() ?? value;
    return typeof value === "string" && /[./:]/.test(value) ? new URL(value, base).href : value;
  };
  if (Array.isArray(plain.packs)) plain.packs = plain.packs.map(absolute);
  if (plain.wasm !== undefined) plain.wasm = absolute(plain.wasm);
  if (plain.definitions !== undefined) {
    if (!Array.isArray(plain.definitions)) throw refused("The option 'definitions' is an array of definitions, each a string, a Uint8Array or a plain object.");
    plain.definitions = plain.definitions.map((definition) => inputOf("definition", definition));
  }
  return plain;
}
