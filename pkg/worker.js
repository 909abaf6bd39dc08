// The same interface as index.js, in a Web Worker, so that the page never waits. worker.d.ts documents it.

import { Jobs } from "./jobs.js";
import { Threads } from "./threads.js";

export { packs } from "./packs.js";
export { terminologyServer } from "./terminology-server.js";

const FREED = "This careconnect was freed. Call load() for a new one.";

export async function load({ worker, ...options } = {}) {
  if (worker === undefined && typeof Worker === "undefined") {
    throw new Error("There are no Web Workers here. Use load() of 'careconnect' itself, or pool() of 'careconnect/node'.");
  }
  const jobs = start(worker ?? newWorker());
  try {
    await jobs.run({ method: "load", values: [sendable(options)] });
  } catch (error) {
    jobs.end(error.message);
    throw error;
  }
  return new Threads({ jobs, freed: FREED });
}

function newWorker() {
  return new Worker(new URL("./worker-thread.js", import.meta.url), { type: "module", name: "careconnect" });
}

/** A worker, and what it is asked. */
function start(worker) {
  const jobs = new Jobs();
  const thread = { post: (message) => worker.postMessage(message), close: () => worker.terminate() };
  worker.onmessage = ({ data }) => jobs.answered(thread, data);
  worker.onerror = (event) => {
    event.preventDefault();
    jobs.end(`The careconnect worker failed: ${event.message ?? "its script could not be loaded"}`);
  };
  worker.onmessageerror = () => jobs.end("A message of the careconnect worker could not be read.");
  jobs.add(thread);
  return jobs;
}

/** A URL cannot be sent to a worker as it is, and a relative one would mean another place there. */
function sendable(options) {
  const plain = { ...options };
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  const absolute = (value) => {
    if (value instanceof URL) return value.href;
    return typeof value === "string" && /[./:]/.test(value) ? new URL(value, base).href : value;
  };
  if (Array.isArray(options.packs)) plain.packs = options.packs.map(absolute);
  if (options.wasm !== undefined) plain.wasm = absolute(options.wasm);
  return plain;
}
