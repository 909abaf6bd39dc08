// The same interface as index.js, in a Web Worker, so that the page never waits. worker.d.ts documents it.

import { check } from "./check.js";
import { Jobs, withoutSignal } from "./jobs.js";

export { packs } from "./packs.js";
export { terminologyServer } from "./terminology-server.js";

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
  return new CareconnectWorker({ jobs, users: new Map() }, 0);
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
  const absolute = (value) => {
    if (value instanceof URL) return value.href;
    return typeof value === "string" && /[./:]/.test(value) ? new URL(value, document.baseURI).href : value;
  };
  if (Array.isArray(options.packs)) plain.packs = options.packs.map(absolute);
  if (options.wasm !== undefined) plain.wasm = absolute(options.wasm);
  return plain;
}

class CareconnectWorker {
  /** What the handles of one worker share: the worker ends with the last of them. */
  #shared;
  #number;

  constructor(shared, number) {
    this.#shared = shared;
    this.#number = number;
    shared.users.set(number, this);
  }

  ensure(input, options) {
    return this.#call("ensure", [input, options]).then((number) => {
      if (!this.#shared) throw new Error(FREED);
      return this.#shared.users.get(number) ?? new CareconnectWorker(this.#shared, number);
    });
  }

  validate(input, options) {
    return this.#call("validate", [input, options]);
  }

  /** The provider is asked from here: a function cannot be sent to the worker. */
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

  fhirpath(input, expression) {
    return this.#call("fhirpath", [input, expression]);
  }

  profiles() {
    return this.#call("profiles", []);
  }

  profile(url) {
    return this.#call("profile", [url]);
  }

  compareProfiles(a, b) {
    return this.#call("compareProfiles", [a, b]);
  }

  valueSets() {
    return this.#call("valueSets", []);
  }

  valueSet(url, options) {
    return this.#call("valueSet", [url, options]);
  }

  outline(input, options) {
    return this.#call("outline", [input, options]);
  }

  elementAt(input, offset, options) {
    return this.#call("elementAt", [input, offset, options]);
  }

  locate(input, elements) {
    return this.#call("locate", [input, elements]);
  }

  complete(input, offset, options) {
    return this.#call("complete", [input, offset, options]);
  }

  convert(input, to) {
    return this.#call("convert", [input, to]);
  }

  skeleton(profile) {
    return this.#call("skeleton", [profile]);
  }

  rules() {
    return this.#call("rules", []);
  }

  get definitions() {
    return this.#call("definitions", []);
  }

  free() {
    const shared = this.#shared;
    this.#shared = undefined;
    if (!shared) return;
    shared.users.delete(this.#number);
    if (shared.users.size === 0) shared.jobs.end(FREED);
    else shared.jobs.run({ handle: this.#number, method: "free" }).catch(() => {});
  }

  async #call(method, values) {
    if (!this.#shared) throw new Error(FREED);
    const { sent, signal } = withoutSignal(values.at(-1));
    if (values.length > 0) values[values.length - 1] = sent;
    return this.#shared.jobs.run({ handle: this.#number, method, values }, { signal });
  }
}

const FREED = "This careconnect was freed. Call load() for a new one.";

if (Symbol.dispose) {
  Object.defineProperty(CareconnectWorker.prototype, Symbol.dispose, { value: CareconnectWorker.prototype.free });
}
